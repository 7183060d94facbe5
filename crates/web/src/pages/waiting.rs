//! What waits for those who check or appraise: they have no list of cases, and no page of one.

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, clock};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![page("/waiting", show).called("page_waiting").may(&["check_report_issue", "appraisal_record"], &[])]
}

/// A line.
#[derive(Clone, Debug)]
struct Line {
    case: String,
    number: String,
    name: String,
    area: String,
    service: String,
    sources: String,
    due: Tag,
    steps: Vec<(String, String)>,
}

#[derive(Debug, Template)]
#[template(path = "waiting/waiting.html")]
struct WaitingPage {
    t: Words,
    shell: Shell,
    lines: Vec<Line>,
    empty: Empty,
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let waiting = asked.office().waiting(&asked.order()?).await?;
    let line = |one: &anmin_app::case::WaitingV1| Line {
        case: one.case.clone(),
        number: one.number.clone(),
        name: one.name.clone().unwrap_or_else(|| t.text("work-no-name").to_string()),
        area: one.area.clone(),
        service: t.of(&one.service_name).to_owned(),
        sources: one
            .sources
            .iter()
            .map(|s| t.of(s))
            .collect::<Vec<_>>()
            .join(&t.text("case-and").to_string()),
        due: clock(t, one.mark, one.due_on.as_ref().map(|day| day.0.to_string()).as_deref(), asked.now.on),
        steps: one.steps.iter().map(|step| (step.name.clone(), t.of(&step.label).to_owned())).collect(),
    };
    let lines = waiting.iter().map(line).collect();
    let shell = asked.shell("waiting-title").await?;
    Html::of(&WaitingPage { t, shell, lines, empty: Empty::new(t, "waiting-empty", "waiting-empty-more") })
}
