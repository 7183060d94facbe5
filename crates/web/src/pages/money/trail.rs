//! Why a payment is made: the decision, its articles, who visited, and how it went to the bank.

use super::{day, month, outcome, yuan};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Tag};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::money::{TrailStepV1, TrailV1};
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![page("/money/payments/{payment}", show).called("page_trail").may(&["case_read", "batch_read"], &[])]
}

/// A way to the bank.
#[derive(Debug)]
struct Way {
    href: Option<String>,
    number: String,
    line: i64,
    outcome: Tag,
    reason: String,
}

#[derive(Debug, Template)]
#[template(path = "money/trail.html")]
struct TrailPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    month: String,
    part: String,
    amount: String,
    ground: String,
    decided: String,
    outcome: String,
    reason: String,
    articles: Vec<String>,
    visits: Vec<(String, String)>,
    ways: Vec<Way>,
    rules: String,
    trail: TrailV1,
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let trail = asked.office().payment_trail(&asked.order()?, asked.id("payment")?).await?;
    let reads = super::may(&asked, super::READ);
    let way = |step: &TrailStepV1| Way {
        href: reads.then(|| format!("/money/batches/{}/line?number={}", step.batch, step.line)),
        number: step.number.clone(),
        line: step.line,
        outcome: outcome(t, &step.outcome),
        reason: step.reason.clone().unwrap_or_default(),
    };
    let crumbs = match (&trail.case, trail.attempts.last()) {
        (None, Some(last)) => Crumbs::new(t).to("/money", "money-title").to(
            format!("/money/batches/{}/line?number={}", last.batch, last.line),
            t.text("money-line-title").arg("number", last.line),
        ),
        (Some(case), _) => Crumbs::new(t)
            .to("/work", "layout-nav-work")
            .to(format!("/cases/{case}"), format!("{} {}", trail.name, trail.case_number)),
        (None, None) => Crumbs::new(t).to("/money", "money-title"),
    };
    let comma = t.text("case-and").to_string();
    let shell = asked.shell("money-trail-title").await?;
    Html::of(&TrailPage {
        t,
        crumbs,
        month: month(t, &trail.period),
        part: t.of(&trail.component_text).to_owned(),
        amount: yuan(trail.amount_fen),
        ground: t.of(&trail.ground_text).to_owned(),
        decided: day(t, trail.decided_at),
        outcome: t.text(format!("money-decided-{}", known(&trail.outcome))).to_string(),
        reason: trail.reason.as_ref().map(|text| t.of(text).to_owned()).unwrap_or_default(),
        articles: trail.articles.iter().map(|text| t.of(text).to_owned()).collect(),
        visits: trail.visits.iter().map(|visit| (t.day(&visit.on), visit.visitors.join(&comma))).collect(),
        ways: trail.attempts.iter().map(way).collect(),
        rules: trail.rules.get(..12).unwrap_or(&trail.rules).to_owned(),
        trail,
        shell,
    })
}

/// The outcomes that move money have words; any other is a change.
fn known(outcome: &str) -> &str {
    match outcome {
        "grant" | "increase" | "reduce" | "resume" => outcome,
        _ => "change",
    }
}
