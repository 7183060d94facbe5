//! The lists of a batch on the screen and on A4: roster, changes, stops, arrears, totals, fund request; and the lines of one number.

use super::{READ, batch, month, outcome, yuan};
use crate::asked::Asked;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty, Pager, Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::deployment::Id;
use anmin_app::money::{ArrearV1, BatchV1, ListKind, MovementV1, RequestV1, RosterRowsV1, TotalsV1};
use askama::Template;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/money/batches/{batch}/lists/{list}", show).called("page_batch_list").may(READ, &[]),
        page("/money/batches/{batch}/line", line).called("page_bank_line").may(READ, &[]),
    ]
}

/// Where a list begins.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FromV1 {
    /// The first row.
    from: Option<u32>,
}

/// A cell: what stands in it, and how.
#[derive(Debug)]
enum Cell {
    Text(String),
    Number(String),
    Mark(Tag),
    Link(String, String),
}

/// A list as it stands on a page.
#[derive(Debug, Default)]
struct List {
    /// Titles, and whether figures stand below them.
    columns: Vec<(String, bool)>,
    rows: Vec<Vec<Cell>>,
    /// What stands beneath the columns.
    sums: Vec<String>,
    /// What stands beneath the list.
    remark: String,
}

#[derive(Debug, Template)]
#[template(path = "money/list.html")]
struct ListPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    batch: BatchV1,
    name: String,
    tabs: Vec<(String, String, bool)>,
    sheet: String,
    month: String,
    root: String,
    list: List,
    about: String,
    empty: Empty,
    pager: Option<Pager>,
}

/// Rows on a page of a list that is read whole.
const PAGE: usize = 100;

async fn show(asked: Asked, ask: FromV1) -> Result<Html, Problem> {
    let (office, order, id) = (asked.office(), asked.order()?, asked.id("batch")?);
    let (t, name) = (asked.words(), asked.text("list").to_owned());
    let kind = ListKind::named(&name).ok_or_else(Problem::not_found)?;
    let batch = office.batch(&order, id).await?;
    let from = usize::try_from(ask.from.unwrap_or(1)).unwrap_or(1).max(1);
    let (list, all) = match kind {
        ListKind::Roster => {
            let rows = office.roster_rows(&order, id, i64::try_from(from).unwrap_or(1)).await?;
            let lines = usize::try_from(rows.lines).unwrap_or(0);
            (roster(t, &batch, &rows), lines)
        }
        ListKind::Movements | ListKind::Stops => {
            let all = office.movements(&order, id, kind == ListKind::Stops).await?;
            (movements(&asked, &all, from), all.len())
        }
        ListKind::Arrears => {
            let all = office.arrears(&order, id).await?;
            (arrears(&asked, &all, from), all.len())
        }
        ListKind::Totals => (totals(&asked, &office.totals(&order, id).await?), 0),
        ListKind::Request => (request(t, &office.fund_request(&order, id).await?), 0),
    };
    let address = |from: usize| format!("/money/batches/{id}/lists/{name}?from={from}");
    let last = (from + PAGE - 1).min(all);
    let pager = (all > PAGE).then(|| {
        let text = t.text("money-list-shown").arg("from", from).arg("to", last).arg("all", all).to_string();
        Pager::new(t, text, (from > 1).then(|| address(1)), (last < all).then(|| address(last + 1)))
    });
    // What is paid again is compared with no other month.
    let shown = |kind: ListKind| {
        batch.kind != "again" || matches!(kind, ListKind::Roster | ListKind::Totals | ListKind::Request)
    };
    let tab = |(known, ..): &&(&str, ListKind, &str)| {
        let text = t.text(format!("money-list-{known}")).to_string();
        (format!("/money/batches/{id}/lists/{known}"), text, *known == name)
    };
    let title = t.text(format!("money-list-{name}")).to_string();
    let shell = asked.shell(format!("{title} {}", batch.number)).await?;
    Html::of(&ListPage {
        t,
        crumbs: batch::above(t, &batch),
        name: title,
        tabs: ListKind::ALL.iter().filter(|(_, kind, _)| shown(*kind)).map(|one| tab(&one)).collect(),
        sheet: format!("/money/batches/{id}/sheets/{name}"),
        month: month(t, &batch.period),
        root: batch.root.get(..12).unwrap_or_default().to_owned(),
        list,
        about: t.text(format!("money-list-{name}-about")).to_string(),
        empty: Empty::new(t, "money-list-none", t.text(format!("money-list-{name}-none"))),
        pager,
        batch,
        shell,
    })
}

fn heads(t: Words, keys: &[(&'static str, bool)]) -> Vec<(String, bool)> {
    keys.iter().map(|(key, number)| (t.text(*key).to_string(), *number)).collect()
}

fn number(n: impl ToString) -> Cell {
    Cell::Number(n.to_string())
}

fn money(fen: i64) -> Cell {
    Cell::Number(yuan(fen))
}

fn in_words(t: Words, fen: i64) -> String {
    let amount = anmin_base::money::Money::from_fen(fen);
    t.text("money-sum-words").arg("amount", amount.grouped()).arg("capital", amount.uppercase()).to_string()
}

fn roster(t: Words, batch: &BatchV1, of: &RosterRowsV1) -> List {
    let mut columns = heads(
        t,
        &[
            ("money-col-line", true),
            ("money-col-village", false),
            ("money-col-name", false),
            ("money-col-persons", true),
        ],
    );
    columns.extend(of.components.iter().map(|text| (t.of(text).to_owned(), true)));
    columns.extend(heads(
        t,
        &[
            ("money-col-arrears", true),
            ("money-col-sum", true),
            ("money-col-account", false),
            ("money-col-outcome", false),
        ],
    ));
    let row = |row: &anmin_app::money::RosterRowV1| {
        let href = format!("/money/batches/{}/line?number={}", batch.batch, row.line);
        let mut cells = vec![
            Cell::Link(href, row.line.to_string()),
            Cell::Text(row.area_name.clone()),
            Cell::Text(row.name.clone()),
            number(row.persons),
        ];
        cells.extend(row.parts.iter().map(|fen| money(*fen)));
        cells.extend([money(row.arrears_fen), money(row.amount_fen), Cell::Text(row.account.clone())]);
        cells.push(match row.outcome.as_str() {
            "waiting" => Cell::Text(String::new()),
            known => Cell::Mark(outcome(t, known)),
        });
        cells
    };
    // The sums are of the whole batch, and stand where the list ends.
    let mut sums = Vec::new();
    if of.next.is_none() {
        sums = vec![
            t.text("money-sum").to_string(),
            String::new(),
            t.text("money-sum-grants").arg("count", batch.grants).to_string(),
            batch.persons.to_string(),
        ];
        // Of a list on several pages, only of the whole: the table of totals has its parts.
        let whole = i64::try_from(of.rows.len()) == Ok(of.lines);
        sums.extend((0..of.components.len()).map(|n| match whole {
            true => yuan(of.rows.iter().filter_map(|row| row.parts.get(n)).sum()),
            false => String::new(),
        }));
        let arrears = if whole { of.rows.iter().map(|row| row.arrears_fen).sum() } else { batch.arrears_fen };
        sums.extend([yuan(arrears), yuan(batch.amount_fen), String::new(), String::new()]);
    }
    List { columns, rows: of.rows.iter().map(row).collect(), sums, remark: in_words(t, batch.amount_fen) }
}

/// A page of a list, numbered through.
fn cut<T>(all: &[T], from: usize) -> impl Iterator<Item = (usize, &T)> {
    all.iter().enumerate().skip(from - 1).take(PAGE).map(|(n, one)| (n + 1, one))
}

fn place(asked: &Asked, area: &str) -> Cell {
    let id = Id::parse(area).map(|id| asked.office().area_name(id));
    Cell::Text(id.unwrap_or_default())
}

fn movements(asked: &Asked, all: &[MovementV1], from: usize) -> List {
    let t = asked.words();
    let columns = heads(
        t,
        &[
            ("money-col-line", true),
            ("money-col-village", false),
            ("money-col-name", false),
            ("money-col-ground", false),
            ("money-col-persons-before", true),
            ("money-col-before", true),
            ("money-col-persons-now", true),
            ("money-col-now", true),
            ("money-col-from", false),
            ("money-col-to", false),
        ],
    );
    let row = |(n, one): (usize, &MovementV1)| {
        vec![
            number(n),
            place(asked, &one.area),
            Cell::Text(one.name.clone()),
            Cell::Text(t.of(&one.ground_text).to_owned()),
            number(one.persons_before),
            money(one.before_fen),
            number(one.persons_after),
            money(one.after_fen),
            Cell::Text(month(t, &one.from)),
            Cell::Text(one.to.as_deref().map(|to| month(t, to)).unwrap_or_default()),
        ]
    };
    let difference: i64 = all.iter().map(|one| one.after_fen - one.before_fen).sum();
    List {
        columns,
        rows: cut(all, from).map(row).collect(),
        sums: Vec::new(),
        remark: t.text("money-difference").arg("amount", yuan(difference)).to_string(),
    }
}

fn arrears(asked: &Asked, all: &[ArrearV1], from: usize) -> List {
    let t = asked.words();
    let columns = heads(
        t,
        &[
            ("money-col-line", true),
            ("money-col-village", false),
            ("money-col-name", false),
            ("money-col-from", false),
            ("money-col-until", false),
            ("money-col-why", false),
            ("money-col-amount", true),
        ],
    );
    let row = |(n, one): (usize, &ArrearV1)| {
        vec![
            number(n),
            place(asked, &one.area),
            Cell::Text(one.name.clone()),
            Cell::Text(month(t, &one.from)),
            Cell::Text(month(t, &one.to)),
            Cell::Text(t.of(&one.ground_text).to_owned()),
            money(one.amount_fen),
        ]
    };
    let sum = all.iter().map(|one| one.amount_fen).sum();
    List { columns, rows: cut(all, from).map(row).collect(), sums: Vec::new(), remark: in_words(t, sum) }
}

fn totals(asked: &Asked, of: &TotalsV1) -> List {
    let t = asked.words();
    let columns = heads(
        t,
        &[
            ("money-col-town", false),
            ("money-col-part", false),
            ("money-col-payments", true),
            ("money-col-amount", true),
        ],
    );
    let row = |one: &anmin_app::money::ComponentSumV1| {
        let late = if one.arrears { t.text("money-late").to_string() } else { String::new() };
        vec![
            one.area
                .as_deref()
                .map_or_else(|| Cell::Text(t.text("money-all-towns").to_string()), |area| place(asked, area)),
            Cell::Text(format!("{}{late}", t.of(&one.text))),
            number(one.payments),
            money(one.amount_fen),
        ]
    };
    let people = t.text("money-sum-people").arg("grants", of.grants).arg("persons", of.persons).to_string();
    List {
        columns,
        rows: of.places.iter().chain(&of.components).map(row).collect(),
        sums: vec![t.text("money-sum").to_string(), people, String::new(), yuan(of.amount_fen)],
        remark: in_words(t, of.amount_fen),
    }
}

fn request(t: Words, of: &RequestV1) -> List {
    let totals = &of.totals;
    let amount = |fen: i64| t.text("money-yuan").arg("amount", yuan(fen)).to_string();
    let people =
        t.text("money-sum-people").arg("grants", totals.grants).arg("persons", totals.persons).to_string();
    let mut lines = vec![
        ("money-request-programme", t.of(&of.programme).to_owned()),
        ("money-request-fund", t.of(&of.fund_text).to_owned()),
        ("money-request-month", month(t, &totals.period)),
        ("money-request-people", people),
        ("money-request-regular", amount(totals.regular_fen)),
        ("money-request-arrears", amount(totals.arrears_fen)),
        ("money-request-amount", amount(totals.amount_fen)),
        ("money-request-capital", totals.amount_capital.clone()),
        ("money-request-pay-day", t.day(&of.pay_day)),
    ];
    if let Some((period, fen)) = &of.before {
        let text = format!("{} {}", month(t, period), amount(*fen));
        lines.push(("money-request-before", text));
    }
    let row =
        |(key, text): (&'static str, String)| vec![Cell::Text(t.text(key).to_string()), Cell::Text(text)];
    List {
        columns: heads(t, &[("money-col-what", false), ("money-col-content", false)]),
        rows: lines.into_iter().map(row).collect(),
        sums: Vec::new(),
        remark: in_words(t, totals.amount_fen),
    }
}

/// Which line.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LineOfV1 {
    /// Its number in the bank's file.
    number: Option<u32>,
}

/// A payment of a line.
#[derive(Debug)]
struct Part {
    href: String,
    month: String,
    text: String,
    arrears: bool,
    amount: String,
}

#[derive(Debug, Template)]
#[template(path = "money/line.html")]
struct LinePage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    batch: BatchV1,
    name: String,
    place: String,
    account: String,
    outcome: Tag,
    reason: String,
    amount: String,
    parts: Vec<Part>,
}

async fn line(asked: Asked, ask: LineOfV1) -> Result<Html, Problem> {
    let (office, order, id, t) = (asked.office(), asked.order()?, asked.id("batch")?, asked.words());
    let number = ask.number.unwrap_or(1);
    let batch = office.batch(&order, id).await?;
    let found = office.bank_line(&order, id, i64::from(number)).await?;
    let head = found.lines.first().ok_or_else(Problem::not_found)?;
    let part = |line: &anmin_app::money::RosterLineV1| Part {
        href: format!("/money/payments/{}", line.payment),
        month: month(t, &line.period),
        text: t.of(&office.component_text(&batch.programme, &line.component)).to_owned(),
        arrears: line.arrears,
        amount: yuan(line.amount_fen),
    };
    let title = t.text("money-line-title").arg("number", number).to_string();
    let shell = asked.shell(title).await?;
    Html::of(&LinePage {
        t,
        crumbs: batch::above(t, &batch).to(format!("/money/batches/{id}/lists/roster"), "money-list-roster"),
        name: head.name.clone(),
        place: Id::parse(&head.area).map(|id| office.area_name(id)).unwrap_or_default(),
        account: head.account.clone(),
        outcome: outcome(t, &head.outcome),
        reason: head.reason.clone().unwrap_or_default(),
        amount: yuan(found.lines.iter().map(|line| line.amount_fen).sum()),
        parts: found.lines.iter().map(part).collect(),
        batch,
        shell,
    })
}
