//! The search at the top of every page: a case by its number, or by whoever is in it: name, the first letters of how it sounds,
//! identity number or its last six characters, telephone. What is searched for stands in no address.

use super::columns::{Line, Shown};
use crate::asked::Asked;
use crate::page::{Html, Turn, Went, button};
use crate::pages::layout::Shell;
use crate::pages::parts::Empty;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::{Say, Words};
use anmin_app::case::ListV1;
use anmin_app::services::ServiceV1;
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    vec![button("/search", search).called("do_search").may(&["case_list", "person_find"], &[])]
}

/// As many are shown; more than that nobody looks through.
const MOST: u32 = 50;
/// The columns of what was found.
const COLUMNS: [&str; 6] = ["number", "name", "village", "service", "state", "holder"];

#[derive(Debug, Template)]
#[template(path = "work/search.html")]
struct SearchPage {
    t: Words,
    shell: Shell,
    heads: Vec<String>,
    lines: Vec<Line>,
    more: bool,
    empty: Empty,
}

async fn search(asked: Asked, posted: Arc<Posted>) -> Result<Went, Problem> {
    let t = asked.words();
    let Some(text) = posted.get("search") else { return Ok(Turn::to("/work").into()) };
    let order = asked.order()?;
    let ask = ListV1 { who: Some(text.to_owned()), limit: Some(MOST), ..ListV1::default() };
    // What cannot be looked for is told where what was found would stand.
    let (page, empty) = match asked.office().list_cases(&order, &ask).await.map_err(Problem::from) {
        Ok(page) => (Some(page), Empty::new(t, "work-search-none", "work-search-none-more")),
        Err(problem) if problem.fields.iter().any(|field| field.at == "who") => {
            let told = problem.fields.iter().map(|f| t.lang.of(&f.zh, &f.en).clone()).collect::<String>();
            (None, Empty::new(t, "work-search-none", Say::Text(told)))
        }
        Err(problem) => return Err(problem),
    };
    let cases = page.as_ref().map(|page| page.cases.as_slice()).unwrap_or_default();
    // A number leads straight to its case.
    if let [one] = cases
        && text.chars().any(|c| c.is_numeric())
    {
        return Ok(Turn::to(format!("/cases/{}", one.id)).into());
    }
    let services = asked.office().services()?;
    let titles: BTreeMap<&str, &ServiceV1> = services.iter().map(|s| (s.name.as_str(), s)).collect();
    let shown = Shown::of(&COLUMNS.map(str::to_owned));
    let lines = cases.iter().map(|line| shown.line(&asked, &titles, line, "all")).collect();
    let heads = shown.heads(t, &ask, None).into_iter().map(|head| head.text).collect();
    let shell = Shell { address: "/work".into(), ..asked.shell("work-search-title").await? };
    let more = page.is_some_and(|page| page.next.is_some());
    Ok(Html::of(&SearchPage { t, shell, heads, lines, more, empty })?.into())
}
