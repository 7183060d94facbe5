//! Looking after others' work: clocks by place and by who has the cases, what nobody has, who has left with cases in hand, which
//! duties nobody could do, and visits that are owed. Each figure leads to its cases, and each case to where it can be given to
//! somebody else.

mod cases;
mod gaps;
mod leavers;

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::oversight::{LoadV1, PersonLoadV1, PlaceLoadV1, WATCH};
use askama::Template;

pub(crate) use gaps::Gaps;

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![page("/supervision", clocks).called("page_supervision").may(WATCH, &[])];
    all.extend(cases::routes());
    all.extend(leavers::routes());
    all.extend(gaps::routes());
    all
}

/// A tab above the pages of supervision.
#[derive(Clone, Debug)]
struct Tab {
    text: String,
    href: &'static str,
    here: bool,
}

const TABS: &[(&str, &str)] = &[
    ("supervision-tab-clocks", "/supervision"),
    ("supervision-tab-leavers", "/supervision/leavers"),
    ("supervision-tab-gaps", "/supervision/gaps"),
    ("supervision-tab-samples", "/supervision/samples"),
];

fn tabs(t: Words, here: &str) -> Vec<Tab> {
    let tab = |(key, href): &(&'static str, &'static str)| Tab {
        text: t.text(*key).to_string(),
        href,
        here: *href == here,
    };
    TABS.iter().map(tab).collect()
}

/// A figure that leads to its cases; without an address where there are none.
#[derive(Clone, Debug)]
struct Figure {
    label: String,
    count: i64,
    href: Option<String>,
    tone: &'static str,
}

/// A line of a table of figures.
#[derive(Clone, Debug)]
struct Line {
    name: String,
    more: String,
    gone: Option<Tag>,
    href: String,
    figures: Vec<Figure>,
}

#[derive(Debug, Template)]
#[template(path = "supervision/clocks.html")]
struct ClocksPage {
    t: Words,
    shell: Shell,
    tabs: Vec<Tab>,
    on: String,
    total: Vec<Figure>,
    heads: Vec<String>,
    towns: Vec<Line>,
    places: Vec<Line>,
    people: Vec<Line>,
    moves: bool,
    empty: Empty,
}

/// What is counted: the key of its words, its figure, what its list is asked for, how it is meant.
type Column = (&'static str, fn(&LoadV1) -> i64, &'static str, &'static str);

const COLUMNS: &[Column] = &[
    ("supervision-overdue", |load| load.overdue, "mark=overdue", "bad"),
    ("supervision-red", |load| load.red, "mark=red", "bad"),
    ("supervision-amber", |load| load.amber, "mark=amber", "soon"),
    ("supervision-paused", |load| load.paused, "paused=true", "plain"),
    ("supervision-nobody", |load| load.nobody, "nobody=true", "soon"),
    ("supervision-going", LoadV1::going, "", "plain"),
];

fn figures(t: Words, load: &LoadV1, of: &str, leave_out: &str) -> Vec<Figure> {
    let columns = COLUMNS.iter().filter(|(key, ..)| *key != leave_out);
    let figure = |(key, count, ask, tone): &Column| {
        let asked: Vec<&str> = [of, ask].into_iter().filter(|part| !part.is_empty()).collect();
        let asked = asked.join("&");
        let joint = if asked.is_empty() { "" } else { "?" };
        let count = count(load);
        let href = (count > 0).then(|| format!("/supervision/cases{joint}{asked}"));
        Figure { label: t.text(*key).to_string(), count, href, tone: if count > 0 { tone } else { "none" } }
    };
    columns.map(figure).collect()
}

async fn clocks(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().clocks(&asked.order()?).await?;
    let place = |place: &PlaceLoadV1| Line {
        name: place.name.clone(),
        more: String::new(),
        gone: None,
        href: format!("/supervision/cases?area={}", place.area),
        figures: figures(t, &place.cases, &format!("area={}", place.area), ""),
    };
    let person = |person: &PersonLoadV1| Line {
        name: person.name.clone(),
        more: person.units.join(&t.text("supervision-and").to_string()),
        gone: (!person.present).then(|| t.tag(Tone::Bad, "supervision-gone")),
        href: format!("/supervision/cases?person={}", person.person),
        figures: figures(t, &person.cases, &format!("person={}", person.person), "supervision-nobody"),
    };
    let shell = asked.shell("supervision-title").await?;
    let heads = COLUMNS.iter().map(|(key, ..)| t.text(*key).to_string()).collect();
    Html::of(&ClocksPage {
        t,
        tabs: tabs(t, "/supervision"),
        on: t.day(&found.on),
        total: figures(t, &found.total, "", ""),
        heads,
        towns: found.towns.iter().map(place).collect(),
        places: found.places.iter().map(place).collect(),
        people: found.people.iter().map(person).collect(),
        moves: moves(&asked),
        empty: Empty::new(t, "supervision-none", "supervision-none-more"),
        shell,
    })
}

/// Whether the reader may move cases from one to another.
fn moves(asked: &Asked) -> bool {
    let Ok(caller) = asked.caller() else { return false };
    asked.office().may_any(caller, anmin_app::oversight::MOVE, None, asked.now).is_ok()
}
