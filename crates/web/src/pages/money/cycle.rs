//! The month: its calendar, who has closed, its batches, and what waits for whoever looks. Closing a month, and preparing one.

use super::{READ, day, may, month, state, yuan};
use crate::asked::Asked;
use crate::page::{Html, Turn, Went, form, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty, Tag, Tone, clock};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::deployment::Id;
use anmin_app::money::{
    BatchV1, BatchesV1, CloseV1, ClosedV1, CyclePlaceV1, CycleV1, MoneyDeskV1, PrepareV1, PreparedV1,
};
use anmin_base::date::Month;
use askama::Template;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![page("/money", show).called("page_money").may(LOOK, &[])];
    let close = form("/money/close", show_close, close)
        .called("page_close_month", "do_close_month")
        .may(&["month_close", "month_close_township"], &[])
        .key(Key::Of("close_month"));
    let prepare = form("/money/prepare", show_prepare, prepare)
        .called("page_prepare_batch", "do_prepare_batch")
        .may(&["batch_prepare"], &[])
        .key(Key::Of("prepare_batch"));
    all.extend(close);
    all.extend(prepare);
    all
}

const LOOK: &[&str] = &["batch_read", "month_close_township"];

/// Which month, of which programme.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MonthOfV1 {
    /// `2026-09`; left out, the month with something to do.
    period: Option<String>,
    /// The programme; left out, the first.
    programme: Option<String>,
    /// The area; left out, the caller's first.
    area: Option<String>,
}

/// A day of the calendar.
#[derive(Debug)]
struct CalendarDay {
    what: String,
    day: String,
    mark: Option<Tag>,
}

/// A place that closes.
#[derive(Debug)]
struct Place {
    name: String,
    level: String,
    mark: Tag,
    more: String,
    close: Option<String>,
}

/// A batch on a page.
#[derive(Debug)]
struct Line {
    href: String,
    number: String,
    kind: String,
    state: Tag,
    grants: i64,
    persons: i64,
    amount: String,
    returned: String,
}

/// What waits for whoever looks.
#[derive(Debug)]
struct Waiting {
    href: String,
    what: String,
    number: String,
    amount: String,
}

#[derive(Debug, Template)]
#[template(path = "money/cycle.html")]
struct CyclePage {
    t: Words,
    shell: Shell,
    month: String,
    open: bool,
    open_month: String,
    before: String,
    after: String,
    programmes: Vec<(String, String, bool)>,
    days: Vec<CalendarDay>,
    provisional: bool,
    places: Vec<Place>,
    closed: usize,
    waiting: Vec<Waiting>,
    batches: Vec<Line>,
    reads: bool,
    prepare: Option<String>,
    accounts: bool,
    empty: Empty,
}

/// The programme, area and month a page is about.
struct About {
    desk: MoneyDeskV1,
    programme: String,
    area: Id,
    cycle: CycleV1,
}

async fn about(asked: &Asked, ask: &MonthOfV1) -> Result<About, Problem> {
    let (office, order) = (asked.office(), asked.order()?);
    let desk = office.money_desk(&order)?;
    let known = |name: &&String| desk.programmes.iter().any(|(known, _)| known == *name);
    let programme = ask.programme.as_ref().filter(known).or(desk.programmes.first().map(|(name, _)| name));
    let programme = programme.ok_or_else(Problem::not_found)?.clone();
    let area = ask.area.as_ref().or(desk.areas.first().map(|(area, _)| area));
    let area = area.and_then(|area| Id::parse(area)).ok_or_else(Problem::not_found)?;
    let period = ask.period.as_deref().map(anmin_app::money::month).transpose()?;
    let cycle = office.cycle(&order, &programme, area, period).await?;
    Ok(About { desk, programme, area, cycle })
}

fn address(path: &str, programme: &str, period: &str, more: &[(&str, &str)]) -> String {
    let mut to = form_urlencoded::Serializer::new(String::new());
    to.append_pair("period", period).append_pair("programme", programme);
    to.extend_pairs(more);
    format!("{path}?{}", to.finish())
}

async fn show(asked: Asked, ask: MonthOfV1) -> Result<Html, Problem> {
    let t = asked.words();
    let About { desk, programme, area, cycle } = about(&asked, &ask).await?;
    let reads = may(&asked, READ);
    let batches = if reads { of_month(&asked, &programme, &cycle.period).await? } else { Vec::new() };
    let this: Month = anmin_app::money::month(&cycle.period)?;
    let to = |month: Month| address("/money", &programme, &month.to_string(), &[]);
    let live = batches.iter().any(|batch| batch.kind == "regular" && batch.state != "voided");
    let county = cycle.places.iter().find(|place| place.level == "county");
    let closed = county.is_some_and(|place| place.closed_at.is_some());
    let prepares = closed && !live && may(&asked, &["batch_prepare"]);
    let area_text = area.to_string();
    let prepare =
        prepares.then(|| address("/money/prepare", &programme, &cycle.period, &[("area", &area_text)]));
    let empty = match (closed, live) {
        (false, _) => "money-batches-none-open",
        _ => "money-batches-none-closed",
    };
    let shell = asked.shell("money-title").await?;
    let choice = |(name, text): &(String, anmin_app::record::TextV1)| {
        (address("/money", name, &cycle.period, &[]), t.of(text).to_owned(), *name == programme)
    };
    Html::of(&CyclePage {
        t,
        month: month(t, &cycle.period),
        open: cycle.open == cycle.period,
        open_month: to(anmin_app::money::month(&cycle.open)?),
        before: to(this.add(-1)),
        after: to(this.add(1)),
        programmes: desk.programmes.iter().map(choice).collect(),
        days: days(&asked, &cycle),
        provisional: cycle.provisional,
        closed: cycle.places.iter().filter(|place| place.closed_at.is_some()).count(),
        places: cycle.places.iter().map(|place| told(&asked, &programme, &cycle, place)).collect(),
        waiting: if reads { waiting(&asked, &programme).await? } else { Vec::new() },
        batches: batches.iter().map(|batch| line(t, batch)).collect(),
        reads,
        prepare,
        accounts: may(&asked, super::returned::WHO),
        empty: Empty::new(t, "money-batches-none", empty),
        shell,
    })
}

async fn of_month(asked: &Asked, programme: &str, period: &str) -> Result<Vec<BatchV1>, Problem> {
    let ask = BatchesV1 {
        programme: Some(programme.to_owned()),
        period: Some(period.to_owned()),
        ..BatchesV1::default()
    };
    let mut found = asked.office().batches(&asked.order()?, &ask).await?.batches;
    found.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(found)
}

/// What each state waits for, and who may do it.
const WAITS: [(&str, &str, &str); 6] = [
    ("prepared", "batch_review", "money-wait-check"),
    ("checked", "batch_sign", "money-wait-sign"),
    ("signed", "batch_send", "money-wait-send"),
    ("sent", "batch_send", "money-wait-treasury"),
    ("paid", "batch_answer", "money-wait-answer"),
    ("returned", "batch_prepare", "money-wait-again"),
];

async fn waiting(asked: &Asked, programme: &str) -> Result<Vec<Waiting>, Problem> {
    let t = asked.words();
    let me = asked.caller()?.person_id().to_string();
    let mut all = Vec::new();
    for (state, action, key) in WAITS {
        if !may(asked, &[action]) {
            continue;
        }
        let ask = BatchesV1 {
            programme: Some(programme.to_owned()),
            state: Some(state.to_owned()),
            ..BatchesV1::default()
        };
        for batch in asked.office().batches(&asked.order()?, &ask).await?.batches {
            // Who had it in hand does neither of the other two.
            let own = batch.hands.iter().any(|hand| hand.person == me);
            if own && matches!(state, "prepared" | "checked") {
                continue;
            }
            all.push(Waiting {
                href: format!("/money/batches/{}", batch.batch),
                what: t.text(key).arg("month", month(t, &batch.period)).to_string(),
                number: batch.number.clone(),
                amount: yuan(batch.amount_fen),
            });
        }
    }
    Ok(all)
}

fn days(asked: &Asked, cycle: &CycleV1) -> Vec<CalendarDay> {
    let t = asked.words();
    let closed = |level: &str| {
        let mut of = cycle.places.iter().filter(|place| place.level == level).peekable();
        of.peek().is_some() && of.all(|place| place.closed_at.is_some())
    };
    let one = |key: &'static str, on: &str, done: bool| CalendarDay {
        what: t.text(key).to_string(),
        day: t.day(on),
        mark: match done {
            true => Some(t.tag(Tone::Good, "money-closed")),
            false => Some(clock(t, "", Some(on), asked.now.on)),
        },
    };
    let pay = CalendarDay { mark: None, ..one("money-day-pay", &cycle.pay_day, false) };
    vec![
        one("money-day-township", &cycle.township_closing, closed("township") || closed("county")),
        one("money-day-county", &cycle.county_closing, closed("county")),
        pay,
    ]
}

fn told(asked: &Asked, programme: &str, cycle: &CycleV1, place: &CyclePlaceV1) -> Place {
    let t = asked.words();
    let county_closed = cycle.places.iter().any(|place| place.level == "county" && place.closed_at.is_some());
    let more = match (place.closed_at, &place.by) {
        (Some(at), Some(by)) => t.text("money-closed-by").arg("day", day(t, at)).arg("who", by).to_string(),
        (Some(at), None) => day(t, at),
        (None, _) => String::new(),
    };
    let open = place.closed_at.is_none();
    let to = || {
        let more = [("area", place.area.as_str()), ("level", place.level.as_str())];
        address("/money/close", programme, &cycle.period, &more)
    };
    Place {
        name: place.name.clone(),
        level: t.text(format!("money-level-{}", place.level)).to_string(),
        mark: match (open, county_closed) {
            (false, _) => t.tag(Tone::Good, "money-closed"),
            (true, true) => t.tag(Tone::Plain, "money-closed-with-county"),
            (true, false) => t.tag(Tone::Soon, "money-not-closed"),
        },
        more,
        close: (open && !county_closed && place.yours && cycle.period <= cycle.open).then(to),
    }
}

fn line(t: Words, batch: &BatchV1) -> Line {
    Line {
        href: format!("/money/batches/{}", batch.batch),
        number: batch.number.clone(),
        kind: t.text(format!("money-kind-{}", batch.kind)).to_string(),
        state: state(t, &batch.state, &batch.state_text),
        grants: batch.grants,
        persons: batch.persons,
        amount: yuan(batch.amount_fen),
        returned: match batch.returned {
            0 => String::new(),
            n => t
                .text("money-returned-count")
                .arg("count", n)
                .arg("amount", yuan(batch.returned_fen))
                .to_string(),
        },
    }
}

/// What is to be closed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CloseOfV1 {
    /// The area.
    area: String,
    /// `township` or `county`.
    level: String,
    /// The programme.
    programme: String,
    /// The month.
    period: String,
}

#[derive(Debug, Template)]
#[template(path = "money/close.html")]
struct ClosePage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    place: String,
    month: String,
    next: String,
    programme: String,
    due: String,
    early: bool,
    open: Vec<String>,
    county: bool,
    back: String,
}

async fn show_close(asked: Asked, ask: CloseOfV1, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let of = MonthOfV1 {
        period: Some(ask.period.clone()),
        programme: Some(ask.programme.clone()),
        area: Some(ask.area.clone()),
    };
    let About { desk, programme, cycle, .. } = about(&asked, &of).await?;
    let county = ask.level == "county";
    let place = cycle.places.iter().find(|place| place.area == ask.area && place.level == ask.level);
    let place = place.ok_or_else(Problem::not_found)?;
    let open = |place: &&CyclePlaceV1| place.level == "township" && place.closed_at.is_none();
    let due = if county { &cycle.county_closing } else { &cycle.township_closing };
    let this: Month = anmin_app::money::month(&cycle.period)?;
    let title = t.text("money-close-title").arg("month", month(t, &cycle.period)).to_string();
    let shell = asked.shell(title).await?.wrong(form.is_wrong());
    let back = address("/money", &programme, &cycle.period, &[]);
    let text = desk.programmes.iter().find(|(name, _)| *name == programme).map(|(_, text)| t.of(text));
    Html::of(&ClosePage {
        t,
        crumbs: Crumbs::new(t).to(&back, "money-title"),
        form,
        place: place.name.clone(),
        month: month(t, &cycle.period),
        next: month(t, &this.add(1).to_string()),
        programme: text.unwrap_or_default().to_owned(),
        due: t.day(due),
        early: asked.now.on.to_string() < *due,
        open: match county {
            true => cycle.places.iter().filter(open).map(|place| place.name.clone()).collect(),
            false => Vec::new(),
        },
        county,
        back,
        shell,
    })
}

async fn close(asked: Asked, ask: CloseOfV1, _: Arc<Posted>) -> Result<Turn, Problem> {
    let to = address("/money", &ask.programme, &ask.period, &[]);
    let CloseOfV1 { area, level, programme, period } = ask;
    let input = CloseV1 { area, level, programme, period };
    let _: ClosedV1 = asked.once(asked.office().close_month(&asked.order()?, input)).await?;
    Ok(Turn::to(to).saying("done-closed"))
}

#[derive(Debug, Template)]
#[template(path = "money/prepare.html")]
struct PreparePage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    month: String,
    programme: String,
    back: String,
}

async fn show_prepare(asked: Asked, ask: MonthOfV1, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let About { desk, programme, cycle, .. } = about(&asked, &ask).await?;
    let title = t.text("money-prepare-title").arg("month", month(t, &cycle.period)).to_string();
    let shell = asked.shell(title).await?.wrong(form.is_wrong());
    let back = address("/money", &programme, &cycle.period, &[]);
    let text = desk.programmes.iter().find(|(name, _)| *name == programme).map(|(_, text)| t.of(text));
    Html::of(&PreparePage {
        t,
        crumbs: Crumbs::new(t).to(&back, "money-title"),
        form,
        month: month(t, &cycle.period),
        programme: text.unwrap_or_default().to_owned(),
        back,
        shell,
    })
}

/// What was prepared: who is in it, and above all who is not.
#[derive(Debug, Template)]
#[template(path = "money/prepared.html")]
pub(super) struct PreparedPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    prepared: PreparedV1,
    amount: String,
    arrears: String,
    unpaid: Vec<(String, String, String)>,
    /// Of those, so many are not named on the page.
    more: usize,
}

/// Named on the page: the rest comes with the next month and stands in no list.
const MOST_NAMED: usize = 200;

pub(super) async fn prepared(asked: &Asked, prepared: PreparedV1) -> Result<Html, Problem> {
    let t = asked.words();
    let shell = asked.shell("money-prepared-title").await?;
    let why = |why: &str| t.text(format!("money-unpaid-{}", why.replace('_', "-"))).to_string();
    let unpaid: Vec<_> = prepared.unpaid.iter().take(MOST_NAMED).collect();
    Html::of(&PreparedPage {
        t,
        crumbs: Crumbs::new(t).to("/money", "money-title"),
        amount: yuan(prepared.amount_fen),
        arrears: yuan(prepared.arrears_fen),
        more: prepared.unpaid_count - unpaid.len(),
        unpaid: unpaid.iter().map(|one| (one.name.clone(), yuan(one.amount_fen), why(&one.why))).collect(),
        prepared,
        shell,
    })
}

async fn prepare(asked: Asked, ask: MonthOfV1, _: Arc<Posted>) -> Result<Went, Problem> {
    let About { programme, area, cycle, .. } = about(&asked, &ask).await?;
    let input = PrepareV1 { area: area.to_string(), programme, period: cycle.period };
    let made: PreparedV1 = asked.once(asked.office().prepare_batch(&asked.order()?, input)).await?;
    Ok(prepared(&asked, made).await?.into())
}
