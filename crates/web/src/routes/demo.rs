//! What only a demonstration has: its day goes on by a button, and one signs in as anybody in it.

use crate::answer::{Json, WithCookies};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::guard::cookie;
use crate::problem::Problem;
use crate::route::{Right, Route};
use crate::routes::day;
use anmin_app::deployment::Id;
use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/demo/next-day", next_day)
            .named("next_day", "演示：到下一天", "Demonstration: go on to the next day")
            .part("demo")
            .right(Right::Public),
        Route::new(Method::POST, "/demo/session", become_somebody)
            .named("demo_sign_in", "演示：以某人身份登录", "Demonstration: sign in as somebody")
            .part("demo")
            .right(Right::Public),
    ]
}

/// The day a demonstration has come to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct DayV1 {
    /// The day.
    day: String,
}

/// From which day to go on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AfterV1 {
    /// The day it is taken to be. Where it is past already, only what is left of today's jobs is done: so a request that
    /// is sent twice goes on one day. Left out, whichever day it is.
    after: Option<String>,
}

async fn next_day(asked: Asked, ask: AfterV1, _: Nothing) -> Result<Json<DayV1>, Problem> {
    if day("after", ask.after.as_deref())?.is_some_and(|after| after < asked.now.on) {
        asked.site.work().await?;
        return Ok(Json(DayV1 { day: asked.now.on.to_string() }));
    }
    let (now, _) = asked.office().next_day(asked.now, &asked.site.inner.messenger).await?;
    Ok(Json(DayV1 { day: now.on.to_string() }))
}

/// Whom to sign in as.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PersonaV1 {
    /// The person.
    #[schemars(regex(pattern = r"^[0-9a-f]{32}$"))]
    person: String,
}

/// Somebody in a demonstration.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct BecomeV1 {
    /// Who.
    person: String,
    /// Their name.
    name: String,
    /// The session's token, for programs; browsers have it in the cookie.
    token: String,
}

async fn become_somebody(
    asked: Asked,
    _: NoQuery,
    Form(persona): Form<PersonaV1>,
) -> Result<WithCookies<Json<BecomeV1>>, Problem> {
    let person = Id::parse(&persona.person).ok_or_else(Problem::not_found)?;
    let signed_in = asked.office().demo_persona(person, asked.now).await?;
    let cookie = cookie(&signed_in.token, 12 * 3_600, asked.site.inner.settings.secure);
    let told = BecomeV1 { person: signed_in.person, name: signed_in.name, token: signed_in.token };
    Ok(WithCookies(Json(told), vec![cookie]))
}
