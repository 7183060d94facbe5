//! The search at the top of every page: a case by its number, cases and people by name, by the first letters of how a name
//! sounds, or by an identity number. What is searched for stands in no address.

use crate::asked::Asked;
use crate::page::{Html, Turn, Went, button};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::case::ListV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    vec![button("/search", search).called("do_search").may(&["case_list", "person_find"], &[])]
}

#[derive(Debug, Template)]
#[template(path = "work/search.html")]
struct SearchPage {
    t: Words,
    shell: Shell,
    cases: Vec<Found>,
    empty: Empty,
}

#[derive(Debug)]
struct Found {
    id: String,
    number: String,
    name: String,
    area: String,
    state: Tag,
}

async fn search(asked: Asked, posted: Arc<Posted>) -> Result<Went, Problem> {
    let t = asked.words();
    let Some(text) = posted.get("search") else { return Ok(Turn::to("/work").into()) };
    let order = asked.order()?;
    let by_number = ListV1 { number: Some(text.to_owned()), ..ListV1::default() };
    let numbered = asked.office().list_cases(&order, &by_number).await?.cases;
    if let [one] = numbered.as_slice() {
        return Ok(Turn::to(format!("/cases/{}", one.id)).into());
    }
    let by_name = ListV1 { name: Some(text.to_owned()), limit: Some(50), ..ListV1::default() };
    let named = asked.office().list_cases(&order, &by_name).await?.cases;
    let found = |line: &anmin_app::case::LineV1| Found {
        id: line.id.clone(),
        number: line.number.clone(),
        name: line.name.clone().unwrap_or_default(),
        area: line.area.clone(),
        state: t.tag(Tone::Name, &line.state_name),
    };
    let cases = named.iter().map(found).collect();
    let shell = Shell { address: "/work".into(), ..asked.shell("work-search-title").await? };
    let empty = Empty::new(t, "work-search-none", "work-search-none-more");
    Ok(Html::of(&SearchPage { t, shell, cases, empty })?.into())
}
