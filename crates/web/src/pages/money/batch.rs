//! One batch: how far it is, whose hands it went through, what it comes to, and what is to be done next by whom.

use super::{READ, may, month, state, yuan};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Stage, Stages, Tag};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::deployment::Id;
use anmin_app::money::{BatchV1, ListKind};
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![page("/money/batches/{batch}", show).called("page_batch").may(READ, &[])]
}

/// A step of a batch: its name, the command, who may, and whether it is done on the page of steps.
const STEPS: [(&str, &str, &[&str]); 7] = [
    ("check", "check_batch", &["batch_review"]),
    ("sign", "sign_batch", &["batch_sign"]),
    ("send_back", "send_batch_back", &["batch_review", "batch_sign", "batch_prepare"]),
    ("send", "send_batch", &["batch_send"]),
    ("treasury_paid", "treasury_paid", &["batch_send"]),
    ("answer", "answer", &["batch_answer"]),
    ("pay_again", "pay_again", &["batch_prepare"]),
];

/// Something to do with a batch.
#[derive(Debug)]
struct Doing {
    href: String,
    text: String,
    main: bool,
}

/// A hand it went through, or will.
#[derive(Debug)]
struct Hand {
    what: String,
    who: String,
}

#[derive(Debug, Template)]
#[template(path = "money/batch.html")]
struct BatchPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    batch: BatchV1,
    title: String,
    state: Tag,
    stages: Stages,
    amount: String,
    arrears: String,
    regular: String,
    returned: String,
    hands: Vec<Hand>,
    doing: Vec<Doing>,
    waits: String,
    own: bool,
    lists: Vec<(String, String)>,
    of: Option<(String, String)>,
    file: bool,
    answers: bool,
    back: bool,
    paid_on: String,
}

/// The state in the course, from 1.
const COURSE: [(&str, &[&str]); 7] = [
    ("money-stage-prepare", &["prepared"]),
    ("money-stage-check", &["checked"]),
    ("money-stage-sign", &["signed"]),
    ("money-stage-send", &["sent"]),
    ("money-stage-paid", &["paid"]),
    ("money-stage-answer", &["returned"]),
    ("money-stage-settled", &["settled"]),
];

pub(super) fn title(t: Words, batch: &BatchV1) -> String {
    let key = if batch.kind == "again" { "money-batch-title-again" } else { "money-batch-title" };
    t.text(key)
        .arg("month", month(t, &batch.period))
        .arg("programme", t.of(&batch.programme_text))
        .to_string()
}

/// Where a batch stands above a page of it.
pub(super) fn above(t: Words, batch: &BatchV1) -> Crumbs {
    let month = format!("/money?period={}&programme={}", batch.period, batch.programme);
    Crumbs::new(t).to(month, "money-title").to(format!("/money/batches/{}", batch.batch), title(t, batch))
}

/// The course of a batch: the state is what was done last.
pub(super) fn stages(t: Words, batch: &BatchV1) -> Stages {
    let at = COURSE.iter().position(|(_, states)| states.contains(&batch.state.as_str()));
    let place = |n: usize| match at {
        // All of it is done.
        Some(at) if batch.state == "settled" && n == at => -1,
        Some(at) if n <= at && batch.state != "returned" => -1,
        Some(at) if n < at => -1,
        Some(at) if n == at || n == at + 1 && batch.state != "returned" => 0,
        _ => 1,
    };
    let stages = COURSE.iter().enumerate();
    let stages = stages.map(|(n, (key, _))| Stage { text: t.text(*key).to_string(), place: place(n) });
    Stages { t, stages: stages.collect() }
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    page_of(&asked, asked.id("batch")?).await
}

pub(super) async fn page_of(asked: &Asked, id: Id) -> Result<Html, Problem> {
    let t = asked.words();
    let batch = asked.office().batch(&asked.order()?, id).await?;
    let me = asked.caller()?.person_id().to_string();
    let own = batch.hands.iter().any(|hand| hand.person == me);
    let signed = !matches!(batch.state.as_str(), "prepared" | "checked" | "voided");
    let title = title(t, &batch);
    let shell = asked.shell(title.clone()).await?;
    let form = Form::empty(asked);
    let hand = |class: &str| {
        let found = batch.hands.iter().find(|hand| hand.class == class);
        Hand {
            what: t.text(format!("money-hand-{class}")).to_string(),
            who: found.map(|hand| hand.name.clone()).unwrap_or_default(),
        }
    };
    // What is paid again is compared with no other month.
    let again = batch.kind == "again";
    let shown =
        |kind: ListKind| !again || matches!(kind, ListKind::Roster | ListKind::Totals | ListKind::Request);
    let lists = ListKind::ALL.iter().filter(|(_, kind, _)| shown(*kind)).map(|(name, ..)| {
        (
            format!("/money/batches/{}/lists/{name}", batch.batch),
            t.text(format!("money-list-{name}")).to_string(),
        )
    });
    let of = batch.of.as_deref().and_then(Id::parse);
    let of = match of {
        Some(of) => {
            let of = asked.office().batch(&asked.order()?, of).await?;
            Some((format!("/money/batches/{}", of.batch), of.number))
        }
        None => None,
    };
    Html::of(&BatchPage {
        t,
        crumbs: Crumbs::new(t)
            .to(format!("/money?period={}&programme={}", batch.period, batch.programme), "money-title"),
        form,
        title,
        state: state(t, &batch.state, &batch.state_text),
        stages: stages(t, &batch),
        amount: yuan(batch.amount_fen),
        arrears: yuan(batch.arrears_fen),
        regular: yuan(batch.amount_fen - batch.arrears_fen),
        returned: yuan(batch.returned_fen),
        hands: ["prepare", "check", "sign"].map(hand).into(),
        doing: doing(asked, &batch, own),
        waits: t.text(format!("money-waits-{}", batch.state)).to_string(),
        own: own && matches!(batch.state.as_str(), "prepared" | "checked"),
        lists: lists.collect(),
        of,
        file: signed && may(asked, &["batch_file"]),
        answers: asked.site.inner.settings.demo && batch.state == "paid" && may(asked, &["batch_answer"]),
        back: batch.returned > 0,
        paid_on: batch.paid_on.as_deref().map(|on| t.day(on)).unwrap_or_default(),
        batch,
        shell,
    })
}

fn doing(asked: &Asked, batch: &BatchV1, own: bool) -> Vec<Doing> {
    let t = asked.words();
    let mut all = Vec::new();
    for next in &batch.next {
        let Some((step, command, actions)) = STEPS.iter().find(|(step, ..)| step == next) else { continue };
        // Who had it in hand does neither of the other two.
        let barred = own && matches!(*step, "check" | "sign");
        if barred || !may(asked, actions) {
            continue;
        }
        let href = match *step {
            "answer" => format!("/money/batches/{}/answer", batch.batch),
            _ => format!("/money/batches/{}/do/{command}", batch.batch),
        };
        let text = t.text(format!("money-do-{}", step.replace('_', "-"))).to_string();
        all.push(Doing { href, text, main: *step != "send_back" });
    }
    all
}
