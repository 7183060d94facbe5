//! What the site says of itself: whether it is well, and what can be asked of it.

use crate::answer::{Json, Ready, Style};
use crate::asked::Asked;
use crate::form::{NoQuery, Nothing};
use crate::letter::{STYLE, STYLE_AT};
use crate::problem::Problem;
use crate::route::{Right, Route};
use axum::http::Method;
use schemars::JsonSchema;
use serde::Serialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/health", health)
            .named("health", "系统是否正常", "Whether the system is well")
            .part("site")
            .right(Right::Public),
        Route::new(Method::GET, "/openapi.json", description)
            .named("description", "接口说明", "This description")
            .part("site")
            .right(Right::Public),
        Route::new(Method::GET, STYLE_AT, style)
            .named("letter_style", "文书样式", "The style sheet of letters")
            .part("site")
            .right(Right::Public),
    ]
}

/// That the system is well.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct HealthV1 {
    /// `ok`: the database answers.
    status: String,
}

async fn health(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<HealthV1>, Problem> {
    asked.office().is_well(asked.at()).await?;
    Ok(Json(HealthV1 { status: "ok".into() }))
}

async fn description(asked: Asked, _: NoQuery, _: Nothing) -> Result<Ready, Problem> {
    Ok(Ready(asked.site.inner.description.clone()))
}

async fn style(_: Asked, _: NoQuery, _: Nothing) -> Result<Style, Problem> {
    Ok(Style(STYLE))
}
