//! What lies at the counter, and finding who stands before it. What is looked for stands in no address.

use super::{MAY, at, reader};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, form};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::applications::CounterDraftV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    form("/intake", show, find).called("page_intake", "do_intake_find").may(MAY, &[]).into_iter().collect()
}

/// A draft in the list.
#[derive(Clone, Debug)]
struct Line {
    href: String,
    name: String,
    service: String,
    by: String,
    changed: String,
    far: String,
    signed: Tag,
    lapses: String,
    soon: bool,
}

#[derive(Debug, Template)]
#[template(path = "intake/desk.html")]
struct DeskPage {
    t: Words,
    shell: Shell,
    form: Form,
    lines: Vec<Line>,
    empty: Empty,
    reader: &'static str,
}

/// So many days before it lapses it is said.
const SOON: i32 = 14;

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let drafts = asked.office().counter_drafts(&asked.order()?).await?;
    let shell = asked.shell("intake-title").await?.wrong(form.is_wrong());
    let empty = Empty::new(t, "intake-none", "intake-none-more");
    let lines = drafts.iter().map(|draft| line(&asked, draft)).collect();
    let reader = reader(&asked);
    // Where the one before has been handed in, the number of the next is typed at once.
    Html::of(&DeskPage { t, shell, form, lines, empty, reader }).map(Html::reads_cards)
}

fn line(asked: &Asked, draft: &CounterDraftV1) -> Line {
    let t = asked.words();
    let lapses = draft.line.lapses_on.parse::<anmin_base::date::Date>().ok();
    let by = draft.by.clone().unwrap_or_default();
    Line {
        href: at(&draft.line.application),
        name: draft.line.name.clone(),
        service: t.of(&draft.line.title).to_owned(),
        by: if draft.mine { t.text("intake-by-me").to_string() } else { by },
        changed: draft.line.changed_on.clone(),
        far: t.text("intake-far").arg("done", draft.done).arg("of", draft.of).to_string(),
        signed: match (draft.done == draft.of, draft.unsigned) {
            (_, 0) => t.tag(Tone::Good, "intake-signed"),
            (true, _) => t.tag(Tone::Soon, t.text("intake-unsigned").arg("n", draft.unsigned)),
            (false, _) => t.tag(Tone::Plain, "intake-filling"),
        },
        lapses: draft.line.lapses_on.clone(),
        soon: lapses.is_some_and(|day| day.days() - asked.now.on.days() <= SOON),
    }
}

/// Whoever was looked for, with a form that begins an application for them.
async fn find(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Html, Problem> {
    let mut read = posted.read();
    if posted.get("name").is_none() && posted.get("number").is_none() {
        read.wrong("number", "intake-wrong-nothing");
    }
    read.done()?;
    let form = Form::again(&asked, &posted).quiet().keyed(&asked, "start_application")?;
    super::begin::shown(&asked, form).await
}
