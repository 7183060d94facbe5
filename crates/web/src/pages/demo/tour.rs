//! The tour of a demonstration: what to press, from a phone to a paid month. A step ticks itself off once the state of the
//! demonstration shows that it was done.

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::Html;
use crate::pages::layout::Shell;
use crate::pages::parts::Tone;
use crate::problem::Problem;
use crate::words::Words;
use anmin_app::demo::DemoWalk;
use askama::Template;

/// A step of the tour as the page shows it.
#[derive(Clone, Debug)]
struct TourStep {
    title: String,
    what: String,
    href: String,
    button: String,
    done: bool,
    next: bool,
}

/// A step: its messages, where it is done, and whether it was. A page that makes a step possible puts its address here.
struct Plan {
    key: &'static str,
    href: fn(&DemoWalk) -> String,
    done: fn(&DemoWalk) -> bool,
}

fn case_of(walk: &DemoWalk) -> String {
    walk.case.as_ref().map_or_else(|| "/work".to_owned(), |case| format!("/cases/{case}"))
}

fn account_of(walk: &DemoWalk) -> String {
    walk.case.as_ref().map_or_else(|| "/accounts".to_owned(), |case| format!("/cases/{case}/accounts"))
}

fn batch_of(walk: &DemoWalk) -> String {
    walk.batch.as_ref().map_or_else(|| "/money".to_owned(), |batch| format!("/money/batches/{batch}"))
}

const PLAN: &[Plan] = &[
    Plan { key: "demo-tour-apply", href: |_| "/".into(), done: |walk| walk.case.is_some() },
    Plan { key: "demo-tour-accept", href: case_of, done: |walk| walk.accepted },
    Plan { key: "demo-tour-visit", href: case_of, done: |walk| walk.visited },
    Plan { key: "demo-tour-propose", href: case_of, done: |walk| walk.proposed },
    Plan { key: "demo-tour-post", href: case_of, done: |walk| walk.posted },
    Plan { key: "demo-tour-decide", href: case_of, done: |walk| walk.decided },
    Plan { key: "demo-tour-grant", href: |_| "/my/cases".into(), done: |walk| walk.granted },
    Plan { key: "money-tour-account", href: account_of, done: |walk| walk.account },
    Plan { key: "money-tour-prepare", href: |_| "/money".into(), done: |walk| walk.prepared },
    Plan { key: "money-tour-send", href: batch_of, done: |walk| walk.sent },
    Plan { key: "money-tour-answer", href: batch_of, done: |walk| walk.paid },
    Plan { key: "money-tour-mine", href: |_| "/my/payments".into(), done: |walk| walk.paid },
];

#[derive(Debug, Template)]
#[template(path = "demo/tour.html")]
struct TourPage {
    t: Words,
    shell: Shell,
    steps: Vec<TourStep>,
    number: String,
}

pub(super) async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let shell = asked.shell("demo-tour").await?;
    let walk = asked.office().demo_walk(asked.now).await?;
    let next = PLAN.iter().position(|step| !(step.done)(&walk));
    let told = |(n, step): (usize, &Plan)| TourStep {
        title: t.text(step.key).to_string(),
        what: t.text(format!("{}-what", step.key)).to_string(),
        button: t.text(format!("{}-button", step.key)).to_string(),
        href: (step.href)(&walk),
        done: (step.done)(&walk),
        next: next == Some(n),
    };
    let steps = PLAN.iter().enumerate().map(told).collect();
    Html::of(&TourPage { t, shell, steps, number: walk.number.clone() })
}
