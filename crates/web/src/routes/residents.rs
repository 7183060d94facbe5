//! What residents do about those who help them.

use crate::answer::{Json, Made};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Route};
use anmin_app::people::GivenV1;
use anmin_app::residents::{HelpV1, NameHelperV1};
use axum::http::Method;
use schemars::JsonSchema;
use serde::Serialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/my/help", help)
            .named("my_help", "谁帮我办事、我帮谁办事", "Who helps one, and whom one helps")
            .part("mine")
            .may(&[], &["progress_read"]),
        Route::new(Method::POST, "/my/helpers", name_helper)
            .named("name_helper", "请人帮忙办理", "Name somebody who helps, for up to a year")
            .part("mine")
            .may(&[], &["consent_give"])
            .key(Key::Of("name_helper")),
    ]
}

/// Who acts for whom.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct AllHelpV1 {
    /// Those who help the caller, then those the caller helps.
    help: Vec<HelpV1>,
}

async fn help(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<AllHelpV1>, Problem> {
    Ok(Json(AllHelpV1 { help: asked.office().my_help(&asked.order()?).await? }))
}

async fn name_helper(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<NameHelperV1>,
) -> Result<Made<GivenV1>, Problem> {
    Ok(asked.office().name_helper(&asked.order()?, input).await?.into())
}
