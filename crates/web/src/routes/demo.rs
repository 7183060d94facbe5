//! What only a demonstration has: its day goes on by a button, and one signs in as anybody in it.

use crate::answer::{Json, WithCookies};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::guard::cookie;
use crate::problem::Problem;
use crate::route::{Right, Route};
use crate::routes::day;
use anmin_app::card_reader::CardReadV1;
use anmin_app::deployment::Id;
use anmin_app::residents::PhoneMessageV1;
use anmin_app::synth::PersonaV1;
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
        Route::new(Method::GET, "/demo/personas", personas)
            .named("list_personas", "演示：可以扮演的人", "Demonstration: whom one can sign in as")
            .part("demo")
            .right(Right::Public),
        Route::new(Method::GET, "/demo/phones/{person}", phone)
            .named(
                "demo_phone",
                "演示：某人手机上的消息",
                "Demonstration: the messages on somebody's telephone",
            )
            .part("demo")
            .right(Right::Public),
        Route::new(Method::GET, "/demo/card-reader", card)
            .named("demo_card", "演示：读卡器上的一张证件", "Demonstration: a card on the reader")
            .part("demo")
            .right(Right::Public),
    ]
}

/// Messages on a telephone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PhoneV1 {
    /// The latest first.
    messages: Vec<PhoneMessageV1>,
}

async fn phone(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<PhoneV1>, Problem> {
    // What waits is sent at once: nobody in a demonstration waits for a round of jobs.
    asked.site.work().await?;
    let messages = asked.office().demo_phone(asked.id("person")?, asked.now).await?;
    Ok(Json(PhoneV1 { messages }))
}

/// Which card.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CardV1 {
    /// Its number among the invented ones.
    #[schemars(range(min = 0, max = 899))]
    n: Option<u16>,
}

async fn card(asked: Asked, ask: CardV1, _: Nothing) -> Result<Json<CardReadV1>, Problem> {
    Ok(Json(CardReadV1::simulated(ask.n.unwrap_or(0), asked.now.on)))
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
struct AsWhomV1 {
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
    Form(persona): Form<AsWhomV1>,
) -> Result<WithCookies<Json<BecomeV1>>, Problem> {
    let person = Id::parse(&persona.person).ok_or_else(Problem::not_found)?;
    let signed_in = asked.office().demo_persona(person, asked.now).await?;
    let cookie = cookie(&signed_in.token, 12 * 3_600, asked.site.inner.settings.secure);
    let told = BecomeV1 { person: signed_in.person, name: signed_in.name, token: signed_in.token };
    Ok(WithCookies(Json(told), vec![cookie]))
}

/// Of which role.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OfRoleV1 {
    /// The role, by name; left out, all.
    role: Option<String>,
}

/// Whom one can sign in as.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PersonasV1 {
    /// Those to be told of first; nobody where the demonstration was made by hand.
    personas: Vec<PersonaV1>,
}

async fn personas(asked: Asked, of: OfRoleV1, _: Nothing) -> Result<Json<PersonasV1>, Problem> {
    Ok(Json(PersonasV1 { personas: asked.office().personas(of.role.as_deref()).await? }))
}
