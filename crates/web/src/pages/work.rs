//! What waits: the queue of whoever works on cases, with tabs, a query, and the pages of the list by its own mark.

mod search;

use crate::asked::Asked;
use crate::page::{FormRoutes, Html, Turn, Went, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Pager, Tag, Tone, clock};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::{Say, Words};
use anmin_app::case::{LineV1, ListV1, PageV1};
use anmin_app::services::ServiceV1;
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let queue: FormRoutes =
        form("/work", show, query).called("page_work", "do_work_query").may(&["case_list"], &[]);
    queue.into_iter().chain(search::routes()).collect()
}

/// How many a page has: what fits on a small screen, and some to scroll to.
const PAGE: u32 = 25;

/// A tab: what it is of, and how many there are.
#[derive(Clone, Debug)]
struct Tab {
    text: String,
    count: i64,
    href: String,
    here: bool,
}

/// A line of the queue.
#[derive(Clone, Debug)]
struct Line {
    id: String,
    number: String,
    name: String,
    area: String,
    service: String,
    state: Tag,
    received: String,
    due: Tag,
    due_on: String,
    mine: bool,
}

/// The head of a column, and what pressing it sorts by.
#[derive(Clone, Debug)]
struct Head {
    text: String,
    /// `ascending`, `descending`; empty: not sorted by it.
    sorted: &'static str,
    href: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "work/queue.html")]
struct QueuePage {
    t: Words,
    shell: Shell,
    form: Form,
    tabs: Vec<Tab>,
    overdue: i64,
    soon: i64,
    lines: Vec<Line>,
    services: Vec<Choice>,
    marks: Vec<Choice>,
    states: Vec<Choice>,
    /// Of the columns that can be sorted by.
    sorts: Vec<Head>,
    empty: Empty,
    pager: Pager,
    /// Where the next page of a query by name begins: it goes on by a button, since a name belongs in no address.
    more: Option<String>,
}

/// The list that is asked for, as the address of the page.
fn address(ask: &ListV1) -> String {
    let mut to = form_urlencoded::Serializer::new(String::new());
    let mine = ask.mine.then(|| "true".to_owned());
    for (name, value) in [
        ("mine", &mine),
        ("service", &ask.service),
        ("state", &ask.state),
        ("area", &ask.area),
        ("mark", &ask.mark),
        ("due_by", &ask.due_by),
        ("number", &ask.number),
        ("order", &ask.order),
        ("after", &ask.after),
    ] {
        if let Some(value) = value {
            to.append_pair(name, value);
        }
    }
    let to = to.finish();
    if to.is_empty() { "/work".into() } else { format!("/work?{to}") }
}

async fn show(asked: Asked, ask: ListV1, form: Form) -> Result<Html, Problem> {
    list(&asked, ListV1 { name: None, ..ask }, form).await
}

/// A query. One with a name is answered at once, every other by an address that can be kept.
async fn query(asked: Asked, _: ListV1, posted: Arc<Posted>) -> Result<Went, Problem> {
    let text = |name: &str| posted.get(name).map(str::to_owned);
    let ask = ListV1 {
        service: text("service"),
        state: text("state"),
        mark: text("mark"),
        number: text("number"),
        name: text("name"),
        order: text("order"),
        after: text("after"),
        mine: posted.get("mine") == Some("true"),
        ..ListV1::default()
    };
    if ask.name.is_none() {
        return Ok(Turn::to(address(&ask)).into());
    }
    let form = Form::again(&asked, &posted).quiet();
    Ok(list(&asked, ask, form).await?.into())
}

async fn list(asked: &Asked, ask: ListV1, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let office = asked.office();
    for (name, value) in [
        ("service", &ask.service),
        ("state", &ask.state),
        ("mark", &ask.mark),
        ("number", &ask.number),
        ("order", &ask.order),
    ] {
        form.fill(name, value.clone().unwrap_or_default());
    }
    form.put("mine", if ask.mine { "true" } else { "" });
    // Where something is wrong with the query, the whole list stands below it.
    let wanted =
        if form.is_wrong() { ListV1::default() } else { ListV1 { limit: Some(PAGE), ..ask.clone() } };
    let page = office.list_cases(&asked.order()?, &wanted).await?;
    let tabs = tabs(asked, &ask).await?;
    let late = tabs.last().map_or(0, |tab| tab.count);
    let soon = tabs.get(2).map_or(0, |tab| tab.count) - late;
    let services = office.services()?;
    let titles: BTreeMap<&str, &ServiceV1> = services.iter().map(|s| (s.name.as_str(), s)).collect();
    let lines = page.cases.iter().map(|line| told(asked, &titles, line)).collect();
    let text = t.text("work-shown").arg("count", page.cases.len()).to_string();
    let (pager, more) = pages(t, &ask, &page, text);
    let empty = if ask.mine { "work-empty-mine" } else { "work-empty-more" };
    let shell = asked.shell("work-title").await?.wrong(form.is_wrong());
    Html::of(&QueuePage {
        t,
        form,
        overdue: late,
        soon,
        tabs,
        lines,
        services: offered(t, &services),
        marks: marks(),
        states: states(asked, &services, &ask),
        sorts: vec![
            head(t, &ask, "work-due", &["due"]),
            head(t, &ask, "work-received", &["received", "latest"]),
        ],
        empty: Empty::new(t, "work-empty", empty),
        pager,
        more,
        shell,
    })
}

/// The tabs, each with how many there are; the last is of those that are late.
async fn tabs(asked: &Asked, ask: &ListV1) -> Result<Vec<Tab>, Problem> {
    let marked = |mark: &str| ListV1 { mark: Some(mark.into()), ..ListV1::default() };
    let lists = [
        ("work-tab-mine", ListV1 { mine: true, ..ListV1::default() }),
        ("work-tab-all", ListV1::default()),
        ("work-tab-soon", marked("amber")),
        ("work-tab-late", marked("overdue")),
    ];
    let asked_for = address(&ListV1 { after: None, limit: None, order: None, ..ask.clone() });
    let (order, t) = (asked.order()?, asked.words());
    let mut tabs = Vec::new();
    for (key, list) in &lists {
        let count = asked.office().count_cases(&order, list).await?;
        let here = ask.name.is_none() && asked_for == address(list);
        tabs.push(Tab { text: t.text(*key).to_string(), count, href: address(list), here });
    }
    Ok(tabs)
}

/// The head of a column that is sorted by these orders, one after another as it is pressed.
fn head(t: Words, ask: &ListV1, key: &'static str, orders: &[&str]) -> Head {
    let now = ask.order.as_deref().unwrap_or("due");
    let at = orders.iter().position(|order| *order == now);
    let next = orders[at.map_or(0, |at| (at + 1) % orders.len())];
    let order = Some(next.to_owned()).filter(|next| next != "due");
    // A query by name has no address to sort.
    let href = ask.name.is_none().then(|| address(&ListV1 { order, after: None, ..ask.clone() }));
    let sorted = match at {
        None => "",
        Some(0) => "ascending",
        Some(_) => "descending",
    };
    Head { text: t.text(key).to_string(), sorted, href }
}

fn pages(t: Words, ask: &ListV1, page: &PageV1, text: String) -> (Pager, Option<String>) {
    let at = |after: Option<String>| address(&ListV1 { after, ..ask.clone() });
    if ask.name.is_some() {
        return (Pager::new(t, text, None, None), page.next.clone());
    }
    let first = ask.after.as_ref().map(|_| at(None));
    let next = page.next.clone().map(|next| at(Some(next)));
    (Pager::new(t, text, first, next), None)
}

fn told(asked: &Asked, titles: &BTreeMap<&str, &ServiceV1>, line: &LineV1) -> Line {
    let t = asked.words();
    let service = titles.get(line.service.as_str());
    Line {
        id: line.id.clone(),
        number: line.number.clone(),
        name: line.name.clone().unwrap_or_else(|| t.text("work-no-name").to_string()),
        area: line.area.clone(),
        service: service.map_or_else(|| line.service.clone(), |service| t.of(&service.title).to_owned()),
        state: t.tag(Tone::Name, &line.state_name),
        received: line.received_on.clone(),
        due: clock(t, &line.mark, line.due_on.as_deref(), asked.now.on),
        due_on: line.due_on.clone().unwrap_or_default(),
        mine: line.mine,
    }
}

fn offered(t: Words, services: &[ServiceV1]) -> Vec<Choice> {
    let with_cases = services.iter().filter(|service| service.has_cases);
    let all = Choice::new("", "work-all-services");
    std::iter::once(all)
        .chain(with_cases.map(|s| Choice::new(&s.name, Say::Text(t.of(&s.title).to_owned()))))
        .collect()
}

fn marks() -> Vec<Choice> {
    vec![
        Choice::new("", "work-all-marks"),
        Choice::new("amber", "work-mark-soon"),
        Choice::new("red", "work-mark-red"),
        Choice::new("overdue", "work-mark-overdue"),
    ]
}

/// The states of the service that is asked for, or of the only one there is.
fn states(asked: &Asked, services: &[ServiceV1], ask: &ListV1) -> Vec<Choice> {
    let mut with_cases = services.iter().filter(|service| service.has_cases);
    let only = with_cases.next().filter(|_| with_cases.next().is_none()).map(|service| service.name.clone());
    let mut states = vec![Choice::new("", "work-all-states")];
    let Some(service) = ask.service.clone().or(only) else { return states };
    let Ok(course) = asked.office().service(&service, None, asked.now.on) else { return states };
    states.extend(course.states.into_iter().map(|state| Choice::new(state.name, state.label)));
    states
}
