//! What came back: of a batch, whether it can be paid again; and at the counter, whose account is to be entered, corrected or
//! confirmed.

use super::{READ, batch, may, yuan};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty, Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::money::{AccountWaitsV1, BatchV1, ReturnedLineV1};
use askama::Template;

/// Who enters accounts, and who confirms them.
pub(super) const WHO: &[&str] = &["payee_change_enter", "payee_change_confirm"];
/// The same, for what takes no second factor: who confirms accounts also assigns cases.
pub(super) const SEE: &[&str] = &["payee_change_enter", "payee_change_confirm", "case_assign"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/money/batches/{batch}/returned", show).called("page_returned").may(READ, &[]),
        page("/accounts", accounts).called("page_accounts").may(SEE, &[]),
    ]
}

/// A line that came back.
#[derive(Debug)]
struct Line {
    number: i64,
    href: String,
    name: String,
    place: String,
    amount: String,
    reason: String,
    waits: Tag,
    from: String,
}

#[derive(Debug, Template)]
#[template(path = "money/returned.html")]
struct ReturnedPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    batch: BatchV1,
    lines: Vec<Line>,
    ready: usize,
    again: bool,
    empty: Empty,
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let (office, order, id, t) = (asked.office(), asked.order()?, asked.id("batch")?, asked.words());
    let batch = office.batch(&order, id).await?;
    let back = office.returned(&order, id).await?;
    let line = |line: &ReturnedLineV1| Line {
        number: line.line,
        href: format!("/money/batches/{id}/line?number={}", line.line),
        name: line.name.clone(),
        place: line.area_name.clone(),
        amount: yuan(line.amount_fen),
        reason: line.reason.clone(),
        waits: match line.waits.as_deref() {
            None => t.tag(Tone::Good, "money-back-ready"),
            Some("account_too_new") => t.tag(Tone::Soon, "money-back-too-new"),
            Some(_) => t.tag(Tone::Bad, "money-back-not-corrected"),
        },
        from: line.usable_from.as_deref().map(|on| t.day(on)).unwrap_or_default(),
    };
    let shell = asked.shell("money-returned-title").await?;
    Html::of(&ReturnedPage {
        t,
        crumbs: batch::above(t, &batch),
        lines: back.lines.iter().map(line).collect(),
        ready: back.ready,
        again: back.ready > 0 && batch.state == "returned" && may(&asked, &["batch_prepare"]),
        empty: Empty::new(t, "money-returned-none", "money-returned-none-more"),
        batch,
        shell,
    })
}

/// Somebody whose account waits for something.
#[derive(Debug)]
struct Waits {
    href: String,
    name: String,
    place: String,
    number: String,
    more: String,
}

#[derive(Debug, Template)]
#[template(path = "money/accounts.html")]
struct AccountsPage {
    t: Words,
    shell: Shell,
    groups: Vec<(String, String, Vec<Waits>)>,
    empty: Empty,
}

async fn accounts(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().accounts_waiting(&asked.order()?).await?;
    let waits = |one: &AccountWaitsV1| Waits {
        href: format!("/cases/{}/accounts", one.case),
        name: one.name.clone(),
        place: one.area_name.clone(),
        number: one.case_number.clone(),
        more: match (one.amount_fen, &one.reason) {
            (Some(fen), Some(reason)) => {
                t.text("money-came-back").arg("amount", yuan(fen)).arg("reason", reason).to_string()
            }
            _ => String::new(),
        },
    };
    let groups = [
        ("money-accounts-proposed", "money-accounts-proposed-about", &found.proposed),
        ("money-accounts-returned", "money-accounts-returned-about", &found.returned),
        ("money-accounts-missing", "money-accounts-missing-about", &found.missing),
    ];
    let groups = groups.into_iter().filter(|(.., list)| !list.is_empty());
    let told = |(key, about, list): (&str, &str, &Vec<AccountWaitsV1>)| {
        (t.text(key).to_string(), t.text(about).to_string(), list.iter().map(waits).collect())
    };
    let shell = asked.shell("money-accounts-title").await?;
    Html::of(&AccountsPage {
        t,
        shell,
        groups: groups.map(told).collect(),
        empty: Empty::new(t, "money-accounts-none", "money-accounts-none-more"),
    })
}
