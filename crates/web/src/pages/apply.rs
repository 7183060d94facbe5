//! Applying: a task list, a question a page, photographs of papers, signatures, and everything once more before it is handed
//! in. What was written is kept on the way.

mod begin;
mod hand_in;
mod page;
mod papers;
mod sign;
mod tasks;

use crate::asked::Asked;
use crate::problem::Problem;
use crate::route::Route;
use anmin_app::applications::ApplicationV1;
use anmin_app::asking::{PagePlaceV1, StateV1};
use anmin_app::deployment::Id;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn routes() -> Vec<Route> {
    let all = [
        begin::routes(),
        tasks::routes(),
        page::routes(),
        papers::routes(),
        sign::routes(),
        hand_in::routes(),
    ];
    all.into_iter().flatten().collect()
}

const MAY: &[&str] = &["apply"];

/// Whom a page is about, and where it leads back to.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AboutV1 {
    /// The key of somebody in a list.
    of: Option<String>,
    /// Back to the page where everything is looked over.
    #[serde(default)]
    look: bool,
}

/// The page of an application.
fn at(application: &str) -> String {
    format!("/my/applications/{application}")
}

fn id(asked: &Asked) -> Result<Id, Problem> {
    asked.id("application")
}

async fn seen(asked: &Asked) -> Result<ApplicationV1, Problem> {
    Ok(asked.office().show_application(&asked.order()?, id(asked)?).await?)
}

/// The address of a page of questions.
fn page_at(application: &str, place: &PagePlaceV1, look: bool) -> String {
    let mut ask = form_urlencoded::Serializer::new(String::new());
    if let Some(key) = &place.element {
        ask.append_pair("of", key);
    }
    if look {
        ask.append_pair("look", "true");
    }
    let ask = ask.finish();
    let mark = if ask.is_empty() { "" } else { "?" };
    format!("{}/pages/{}{mark}{ask}", at(application), place.page)
}

/// What is said of a state.
fn state_key(state: StateV1) -> &'static str {
    match state {
        StateV1::Hidden | StateV1::CannotStartYet => "apply-cannot-start",
        StateV1::NotStarted => "apply-not-started",
        StateV1::InProgress => "apply-in-progress",
        StateV1::Done => "apply-done",
    }
}

/// The version a form was made from.
fn version(asked: &Asked) -> i64 {
    asked.posted().get("version").and_then(|version| version.parse().ok()).unwrap_or_default()
}
