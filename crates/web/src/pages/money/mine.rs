//! What a resident was paid, in plain words: for which month, how much, where to, how it was worked out, what came back.

use super::{month, yuan};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::money::{OwnAccountV1, OwnGrantV1, OwnMonthV1};
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![page("/my/payments", show).called("page_my_payments").may(&[], &["own_read"])]
}

/// A month as one reads it.
#[derive(Debug)]
struct Paid {
    month: String,
    programme: String,
    amount: String,
    state: Tag,
    told: String,
    came_back: bool,
    reason: String,
    parts: Vec<(String, String)>,
}

/// Why a month is what it is.
#[derive(Debug)]
struct Why {
    programme: String,
    told: String,
    reason: String,
    articles: Vec<String>,
    href: String,
    number: String,
}

/// Where it goes.
#[derive(Debug)]
struct Account {
    told: String,
    proposed: String,
}

#[derive(Debug, Template)]
#[template(path = "money/mine.html")]
struct MinePage {
    t: Words,
    shell: Shell,
    months: Vec<Paid>,
    /// Of the months, so many stand open.
    account: Option<Account>,
    whys: Vec<Why>,
    empty: Empty,
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let own = asked.office().own_payments(&asked.order()?).await?;
    let shell = asked.shell("money-mine-title").await?;
    Html::of(&MinePage {
        t,
        months: own.months.iter().map(|one| paid(t, one)).collect(),
        account: own.account.as_ref().map(|one| account(t, one)),
        whys: own.grants.iter().map(|one| why(t, one)).collect(),
        empty: Empty::new(t, "money-mine-none", "money-mine-none-more"),
        shell,
    })
}

fn paid(t: Words, one: &OwnMonthV1) -> Paid {
    let tone = match one.state.as_str() {
        "paid" => Tone::Good,
        "returned" => Tone::Bad,
        _ => Tone::Note,
    };
    let last = one.account.trim_start_matches('*').to_owned();
    let on = one.paid_on.as_deref().map(|on| t.day(on)).unwrap_or_default();
    let told = match one.state.as_str() {
        "paid" if !on.is_empty() => t.text("money-mine-told-paid").arg("day", on).arg("last", last),
        "sent" if !on.is_empty() => t.text("money-mine-told-sent").arg("day", on).arg("last", last),
        "returned" => t.text("money-mine-told-returned").arg("last", last),
        _ => t.text("money-mine-told-coming").arg("last", last),
    };
    let part = |part: &anmin_app::money::OwnPartV1| {
        let text = match part.arrears {
            true => t
                .text("money-mine-part-late")
                .arg("part", t.of(&part.text))
                .arg("month", month(t, &part.period))
                .to_string(),
            false => t.of(&part.text).to_owned(),
        };
        (text, yuan(part.amount_fen))
    };
    Paid {
        month: month(t, &one.period),
        programme: t.of(&one.programme_text).to_owned(),
        amount: yuan(one.amount_fen),
        state: t.tag(tone, t.text(format!("money-mine-{}", one.state))),
        told: told.to_string(),
        came_back: one.state == "returned",
        reason: one.reason.clone().unwrap_or_default(),
        parts: one.parts.iter().filter(|part| part.amount_fen != 0).map(part).collect(),
    }
}

fn account(t: Words, one: &OwnAccountV1) -> Account {
    let last = |text: &str| text.trim_start_matches('*').to_owned();
    let kind = t.text(format!("money-account-{}", one.kind)).to_string();
    Account {
        told: t.text("money-mine-account").arg("kind", kind).arg("last", last(&one.account)).to_string(),
        proposed: one
            .proposed
            .as_deref()
            .filter(|proposed| **proposed != one.account)
            .map(|proposed| t.text("money-mine-proposed").arg("last", last(proposed)).to_string())
            .unwrap_or_default(),
    }
}

fn why(t: Words, one: &OwnGrantV1) -> Why {
    Why {
        programme: t.of(&one.programme_text).to_owned(),
        told: t
            .text("money-mine-decided")
            .arg("day", t.day(&one.decided_on))
            .arg("ground", t.of(&one.ground_text))
            .to_string(),
        reason: t.of(&one.reason).to_owned(),
        articles: one.articles.iter().map(|text| t.of(text).to_owned()).collect(),
        href: format!("/my/cases/{}", one.case),
        number: one.case_number.clone(),
    }
}
