//! The cases behind a figure, each with who has it and where it can be given to somebody else; and visits that are owed.

use super::{Tab, moves, tabs};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty, Pager, Tag, Tone, clock};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::case::LineV1;
use anmin_app::oversight::{HeldLineV1, HeldListV1, WATCH};
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/supervision/cases", cases).called("page_supervision_cases").may(WATCH, &[]),
        page("/supervision/samples", samples).called("page_supervision_samples").may(WATCH, &[]),
    ]
}

/// How many a page has.
const PAGE: u32 = 50;

/// A line of the list.
#[derive(Clone, Debug)]
pub(super) struct Line {
    id: String,
    number: String,
    name: String,
    area: String,
    service: String,
    state: Tag,
    due: Tag,
    due_on: String,
    holder: String,
    gone: Option<Tag>,
}

#[derive(Debug, Template)]
#[template(path = "supervision/cases.html")]
struct CasesPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    about: String,
    lines: Vec<Line>,
    moves: bool,
    empty: Empty,
    pager: Pager,
}

fn address(ask: &HeldListV1, after: Option<&String>) -> String {
    let mut to = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("area", ask.area.as_deref()),
        ("person", ask.person.as_deref()),
        ("mark", ask.mark.as_deref()),
        ("nobody", ask.nobody.then_some("true")),
        ("paused", ask.paused.then_some("true")),
        ("after", after.map(String::as_str)),
    ] {
        if let Some(value) = value {
            to.append_pair(name, value);
        }
    }
    format!("/supervision/cases?{}", to.finish())
}

/// What the list is of, in words.
fn about(asked: &Asked, ask: &HeldListV1) -> String {
    let t = asked.words();
    let key = match (ask.mark.as_deref(), ask.nobody, ask.paused) {
        (Some("overdue"), ..) => "supervision-overdue",
        (Some("red"), ..) => "supervision-list-red",
        (Some(_), ..) => "supervision-list-amber",
        (None, true, _) => "supervision-nobody",
        (None, _, true) => "supervision-paused",
        _ => "supervision-list-all",
    };
    let office = asked.office();
    let named = |id: &String| anmin_app::deployment::Id::parse(id).map(|id| id.0);
    let area = ask.area.as_ref().and_then(named).map(|area| office.area_called(area));
    let person = ask.person.as_ref().and_then(named).and_then(|person| office.staff_called(person));
    let mut parts: Vec<String> = area.into_iter().chain(person).collect();
    parts.push(t.text(key).to_string());
    parts.join(" · ")
}

async fn cases(asked: Asked, ask: HeldListV1) -> Result<Html, Problem> {
    let t = asked.words();
    let wanted = HeldListV1 { limit: Some(PAGE), ..ask.clone() };
    let found = asked.office().held_cases(&asked.order()?, &wanted).await?;
    let lines: Vec<Line> = found.cases.iter().map(|line| told(&asked, line)).collect();
    let text = t.text("work-shown").arg("count", lines.len()).to_string();
    let first = ask.after.as_ref().map(|_| address(&ask, None));
    let next = found.next.as_ref().map(|next| address(&ask, Some(next)));
    let shell = asked.shell("supervision-cases").await?;
    Html::of(&CasesPage {
        t,
        shell,
        crumbs: Crumbs::new(t).to("/supervision", "supervision-title"),
        about: about(&asked, &ask),
        lines,
        moves: moves(&asked),
        empty: Empty::new(t, "supervision-cases-none", "supervision-cases-none-more"),
        pager: Pager::new(t, crate::words::Say::Text(text), first, next),
    })
}

fn told(asked: &Asked, line: &HeldLineV1) -> Line {
    let t = asked.words();
    let holder = line.holder.as_ref();
    Line {
        holder: holder.map(|holder| holder.name.clone()).unwrap_or_default(),
        gone: holder.filter(|holder| !holder.present).map(|_| t.tag(Tone::Bad, "supervision-gone")),
        ..plain(asked, &line.case)
    }
}

fn plain(asked: &Asked, line: &LineV1) -> Line {
    let t = asked.words();
    let services = asked.office().services().unwrap_or_default();
    let service = services.iter().find(|service| service.name == line.service);
    Line {
        id: line.id.clone(),
        number: line.number.clone(),
        name: line.name.clone().unwrap_or_else(|| t.text("work-no-name").to_string()),
        area: line.area.clone(),
        service: service.map_or_else(|| line.service.clone(), |service| t.of(&service.title).to_owned()),
        state: t.tag(Tone::Name, &line.state_name),
        due: clock(t, &line.mark, line.due_on.as_deref(), asked.now.on),
        due_on: line.due_on.clone().unwrap_or_default(),
        holder: String::new(),
        gone: None,
    }
}

#[derive(Debug, Template)]
#[template(path = "supervision/samples.html")]
struct SamplesPage {
    t: Words,
    shell: Shell,
    tabs: Vec<Tab>,
    about: String,
    waiting: u32,
    drawn: u32,
    visited: u32,
    owed: usize,
    more: bool,
    lines: Vec<Line>,
    empty: Empty,
}

async fn samples(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().samples(&asked.order()?).await?;
    let shares: Vec<String> = found.shares.iter().map(|share| format!("{share}%")).collect();
    let about = match shares.is_empty() {
        true => t.text("supervision-samples-no-share").to_string(),
        false => t
            .text("supervision-samples-about")
            .arg("share", shares.join(&t.text("supervision-and").to_string()))
            .to_string(),
    };
    let shell = asked.shell("supervision-samples").await?;
    Html::of(&SamplesPage {
        t,
        shell,
        tabs: tabs(t, "/supervision/samples"),
        about,
        waiting: found.waiting,
        drawn: found.drawn,
        visited: found.visited,
        owed: found.drawn.saturating_sub(found.visited) as usize,
        more: found.more,
        lines: found.owed.iter().map(|line| plain(&asked, &line.case)).collect(),
        empty: Empty::new(t, "supervision-samples-none", "supervision-samples-none-more"),
    })
}
