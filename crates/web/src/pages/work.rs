//! What waits: the list of work of whoever works on cases. Tabs that are data, a query, filters of one's own, columns as one
//! likes them, the pages of the list by its own mark, one step for several cases, and the same list as a spreadsheet.

mod bulk;
mod columns;
mod export;
mod filters;
mod search;

use crate::asked::Asked;
use crate::page::{FormRoutes, Html, Turn, Went, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Pager, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::{Say, Words};
use anmin_app::case::{ListV1, PageV1, QueueV1, WhoFits};
use anmin_app::services::ServiceV1;
use anmin_app::work::{KeptFilterV1, LayoutV1, ViewsV1};
use askama::Template;
use columns::{Head, Line, Shown};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let queue: FormRoutes =
        form("/work", show, query).called("page_work", "do_work_query").may(&["case_list"], &[]);
    let mut all: Vec<Route> = queue.into_iter().collect();
    all.extend(filters::routes());
    all.extend(columns::routes());
    all.extend(export::routes());
    all.extend(bulk::routes());
    all.extend(search::routes());
    all
}

/// A tab: what it is of, and how many there are.
#[derive(Clone, Debug)]
struct Tab {
    text: String,
    count: Option<i64>,
    href: String,
    here: bool,
}

#[derive(Debug, Template)]
#[template(path = "work/queue.html")]
struct QueuePage {
    t: Words,
    shell: Shell,
    form: Form,
    tabs: Vec<Tab>,
    kept: Vec<Tab>,
    /// Where the filter that is asked for can be kept.
    keep: String,
    columns_at: String,
    tight: bool,
    overdue: i64,
    soon: i64,
    heads: Vec<Head>,
    lines: Vec<Line>,
    services: Vec<Choice>,
    marks: Vec<Choice>,
    states: Vec<Choice>,
    places: Vec<Choice>,
    who_label: Say,
    /// The fields of the query, for what is done with the list as a whole.
    fields: Vec<(String, String)>,
    most: usize,
    empty: Empty,
    pager: Pager,
    /// Whether they take applications at a counter.
    intake: bool,
    /// Where the next page of a query by name begins: it goes on by a button, since a name belongs in no address.
    more: Option<String>,
}

/// What a list is asked for, as fields of an address or a form. Whom somebody looks for is among them only in a form.
fn asked_for(ask: &ListV1) -> Vec<(&'static str, String)> {
    let flag = |on: bool| on.then(|| "true".to_owned());
    let all = [
        ("queue", ask.queue.clone()),
        ("mine", flag(ask.mine)),
        ("unassigned", flag(ask.unassigned)),
        ("service", ask.service.clone()),
        ("state", ask.state.clone()),
        ("area", ask.area.clone()),
        ("mark", ask.mark.clone()),
        ("due_by", ask.due_by.clone()),
        ("number", ask.number.clone()),
        ("order", ask.order.clone()),
        ("after", ask.after.clone()),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The list that is asked for, as the address of a page below `path`.
fn address_at(path: &str, ask: &ListV1) -> String {
    let mut to = form_urlencoded::Serializer::new(String::new());
    to.extend_pairs(asked_for(ask));
    let to = to.finish();
    if to.is_empty() { path.to_owned() } else { format!("{path}?{to}") }
}

fn address(ask: &ListV1) -> String {
    address_at("/work", ask)
}

/// The list that a form asks for.
fn posted_ask(posted: &Posted) -> ListV1 {
    let text = |name: &str| posted.get(name).map(str::to_owned);
    let who = text("who");
    // The number of a case is nobody's name: a list by it can be kept as an address.
    let number = who.clone().filter(|who| who.contains('-') && !who.starts_with('0') && who.is_ascii());
    ListV1 {
        queue: text("queue"),
        service: text("service"),
        state: text("state"),
        area: text("area"),
        mark: text("mark"),
        who: if number.is_some() { None } else { who },
        number: number.map(|number| number.to_ascii_uppercase()),
        order: text("order"),
        after: text("after"),
        mine: posted.get("mine") == Some("true"),
        unassigned: posted.get("unassigned") == Some("true"),
        ..ListV1::default()
    }
}

async fn show(asked: Asked, ask: ListV1, form: Form) -> Result<Html, Problem> {
    list(&asked, ListV1 { name: None, who: None, ..ask }, form).await
}

/// A query. One for somebody is answered at once, every other by an address that can be kept.
async fn query(asked: Asked, _: ListV1, posted: Arc<Posted>) -> Result<Went, Problem> {
    let ask = posted_ask(&posted);
    if ask.who.is_none() {
        return Ok(Turn::to(address(&ask)).into());
    }
    let form = Form::again(&asked, &posted).quiet();
    Ok(list(&asked, ask, form).await?.into())
}

async fn list(asked: &Asked, ask: ListV1, mut form: Form) -> Result<Html, Problem> {
    let (t, office, order) = (asked.words(), asked.office(), asked.order()?);
    for (name, value) in asked_for(&ask).into_iter().filter(|(name, _)| *name != "after") {
        form.fill(if name == "number" { "who" } else { name }, value);
    }
    let queues = office.queues(&order).await?;
    let views = office.work_views(&order).await?;
    let here = queues.iter().find(|queue| is_here(queue, &ask));
    let layout = layout(&views, here.or(queues.last()));
    // Where something is wrong with the query, the whole list stands below it.
    let wanted = if form.is_wrong() { ListV1::default() } else { ask.clone() };
    let page = office.list_cases(&order, &ListV1 { limit: Some(layout.rows), ..wanted.clone() }).await?;
    let count = office.count_cases(&order, &ListV1 { after: None, ..wanted }).await?;
    let services = office.services()?;
    let titles: BTreeMap<&str, &ServiceV1> = services.iter().map(|s| (s.name.as_str(), s)).collect();
    let shown = Shown::of(&layout.columns);
    let from = here.map_or("all", |queue| queue.name.as_str());
    let lines = page.cases.iter().map(|line| shown.line(asked, &titles, line, from)).collect();
    let text = t.text("queue-shown").arg("count", page.cases.len()).arg("all", count).to_string();
    let (pager, more) = pages(t, &ask, &page, text);
    let of = |name: &str| queues.iter().find(|queue| queue.name == name).map_or(0, |queue| queue.count);
    let late = of("late");
    let empty = if ask.mine || from == "mine" { "work-empty-mine" } else { "work-empty-more" };
    let shell = asked.shell("work-title").await?.wrong(form.is_wrong());
    let mut fields: Vec<(String, String)> =
        asked_for(&ask).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    fields.retain(|(name, _)| name != "after" && name != "number");
    fields.extend(ask.who.clone().or(ask.number.clone()).map(|who| ("who".to_owned(), who)));
    Html::of(&QueuePage {
        t,
        form,
        overdue: late,
        soon: (of("soon") - late).max(0),
        tabs: queues.iter().map(|queue| tab(t, queue, &ask)).collect(),
        kept: views.filters.iter().map(|kept| kept_tab(kept, &ask)).collect(),
        keep: address_at("/work/filters", &ListV1 { after: None, ..ask.clone() }),
        columns_at: address_at("/work/columns", &ListV1 { after: None, ..ask.clone() }),
        tight: layout.density == "tight",
        heads: shown.heads(t, &ask, here),
        lines,
        services: offered(t, &services),
        marks: marks(),
        states: states(asked, &services, &ask),
        places: places(asked),
        who_label: match office.may_look_up(&order) {
            WhoFits::Numbers => "queue-who".into(),
            WhoFits::Names => "queue-who-names".into(),
        },
        fields,
        most: anmin_app::work::MOST_LINES,
        empty: Empty::new(t, "work-empty", empty),
        pager,
        more,
        intake: shell.nav.iter().any(|link| link.href == "/intake"),
        shell,
    })
}

/// Whether the list is that of a tab, and of nothing besides but its order.
fn is_here(queue: &QueueV1, ask: &ListV1) -> bool {
    let plain = ListV1 { after: None, limit: None, order: None, ..ask.clone() };
    let tab = ListV1 { queue: Some(queue.name.clone()), ..ListV1::default() };
    let older = match queue.name.as_str() {
        "mine" => Some(ListV1 { mine: true, ..ListV1::default() }),
        "all" => Some(ListV1::default()),
        _ => None,
    };
    plain == tab || older == Some(plain)
}

fn tab(t: Words, queue: &QueueV1, ask: &ListV1) -> Tab {
    let list = match queue.name.as_str() {
        "mine" => ListV1 { mine: true, ..ListV1::default() },
        "all" => ListV1::default(),
        _ => ListV1 { queue: Some(queue.name.clone()), ..ListV1::default() },
    };
    Tab {
        text: t.of(&queue.label).to_owned(),
        count: Some(queue.count),
        href: address(&list),
        here: is_here(queue, ask),
    }
}

fn kept_tab(kept: &KeptFilterV1, ask: &ListV1) -> Tab {
    let plain = ListV1 { after: None, limit: None, ..ask.clone() };
    Tab { text: kept.name.clone(), count: None, href: address(&kept.filter), here: plain == kept.filter }
}

/// How the list looks: as somebody has it, or as the queue begins.
fn layout(views: &ViewsV1, queue: Option<&QueueV1>) -> LayoutV1 {
    let kept = views.layout.clone();
    let mut layout =
        kept.unwrap_or_else(|| LayoutV1 { columns: Vec::new(), density: "tight".into(), rows: 25 });
    if layout.columns.is_empty() {
        layout.columns = queue.map(|queue| queue.columns.clone()).unwrap_or_default();
    }
    layout
}

fn pages(t: Words, ask: &ListV1, page: &PageV1, text: String) -> (Pager, Option<String>) {
    let at = |after: Option<String>| address(&ListV1 { after, ..ask.clone() });
    if ask.who.is_some() {
        return (Pager::new(t, text, None, None), page.next.clone());
    }
    let first = ask.after.as_ref().map(|_| at(None));
    let next = page.next.clone().map(|next| at(Some(next)));
    (Pager::new(t, text, first, next), None)
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

/// The places one may ask for: what lies in the areas of one's posts.
fn places(asked: &Asked) -> Vec<Choice> {
    let mut places = vec![Choice::new("", "queue-all-places")];
    let Ok(order) = asked.order() else { return places };
    let own = asked.office().places_of(&order);
    places.extend(own.into_iter().map(|place| Choice::new(place.id, Say::Text(place.name))));
    places
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
