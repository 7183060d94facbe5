//! The services there are, and what can be done in their cases.

use crate::answer::Json;
use crate::asked::Asked;
use crate::form::{NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Right, Route};
use anmin_app::services::{CounterV1, ServiceCourseV1, ServiceV1};
use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/services", list)
            .named("list_services", "各项业务", "The services there are")
            .part("services")
            .right(Right::SignedIn),
        Route::new(Method::GET, "/services/{service}", show)
            .named("show_service", "一项业务的办理流程", "A service, with the course of its cases")
            .part("services")
            .right(Right::SignedIn),
        Route::new(Method::GET, "/counters", counters)
            .named("list_counters", "到哪里申请", "Where one can apply: offices with address and telephone")
            .part("services")
            .right(Right::Public),
    ]
}

/// Where one can apply.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CountersV1 {
    /// By the codes of their areas.
    counters: Vec<CounterV1>,
}

async fn counters(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<CountersV1>, Problem> {
    Ok(Json(CountersV1 { counters: asked.office().counters(asked.now.on) }))
}

/// The services.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ServicesV1 {
    /// By name.
    services: Vec<ServiceV1>,
}

/// Where the course is to hold.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhereV1 {
    /// The area whose rules hold; left out, the country's.
    #[schemars(regex(pattern = r"^[0-9a-f]{32}$"))]
    area: Option<String>,
}

async fn list(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ServicesV1>, Problem> {
    Ok(Json(ServicesV1 { services: asked.office().services()? }))
}

async fn show(asked: Asked, ask: WhereV1, _: Nothing) -> Result<Json<ServiceCourseV1>, Problem> {
    Ok(Json(asked.office().service(asked.text("service"), ask.area.as_deref(), asked.now.on)?))
}
