//! How to contest a decision: to whom, until when, what to write; and telling us that one has.

use super::at;
use super::letters::one;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Tag, Tone, clock};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::case::{ChangedV1, ExplainedV1, InstructionV1, ProgressV1};
use anmin_app::record::act::CommandV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let contest = form("/my/cases/{case}/contest/{number}", show, save)
        .called("page_my_contest", "do_my_contest")
        .may(&[], &["appeal"])
        .key(Key::Of("appeal"));
    contest.into_iter().collect()
}

#[derive(Clone, Debug)]
struct WayOut {
    name: String,
    to: String,
    period: String,
    until: String,
    left: Option<Tag>,
    provisional: bool,
    used: bool,
    past: bool,
}

#[derive(Debug, Template)]
#[template(path = "my/contest.html")]
struct ContestPage {
    t: Words,
    shell: Shell,
    form: Form,
    decision: String,
    number: String,
    seen: ProgressV1,
    about: ExplainedV1,
    ways: Vec<WayOut>,
    open: Vec<Choice>,
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let about = one(&asked).await?;
    let seen = super::progress(&asked).await?;
    form.put("version", seen.version.to_string());
    let shell = asked.shell("my-contest").await?.wrong(form.is_wrong());
    let way = |way: &anmin_app::case::WayOutV1| WayOut {
        name: t.of(&way.remedy.label).to_owned(),
        to: t.of(&way.to).to_owned(),
        period: t.of(&way.period).to_owned(),
        until: way.until.as_deref().map(|day| t.day(day)).unwrap_or_default(),
        left: way.until.as_deref().map(|day| clock(t, "green", Some(day), asked.now.on)),
        provisional: way.provisional,
        used: way.used,
        past: super::letters::is_past(&asked, way),
    };
    let open = about.remedies.iter().filter(|way| !way.used);
    let page = ContestPage {
        t,
        shell,
        form,
        decision: format!("{}/decisions/{}", at(&seen.case), about.number),
        number: format!("{}-{}", seen.number, about.number),
        ways: about.remedies.iter().map(way).collect(),
        open: open.map(|way| Choice::new(&way.remedy.name, Say::Both(way.remedy.label.clone()))).collect(),
        seen,
        about,
    };
    Html::of(&page)
}

async fn save(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let about = one(&asked).await?;
    let mut read = posted.read();
    let names: Vec<&str> = about.remedies.iter().map(|way| way.remedy.name.as_str()).collect();
    let remedy = read.choice("remedy", &names);
    let version = read.number("version").unwrap_or_default();
    read.done()?;
    let command = CommandV1::Appeal { decision: about.number, remedy };
    let input = InstructionV1 { version, duty: None, command, why: None };
    let case = asked.id("case")?;
    let done: ChangedV1 = asked.once(asked.office().instruct(&asked.order()?, case, input)).await?;
    Ok(Turn::to(format!("{}/decisions/{}", at(&done.case), about.number)).saying("done-appeal"))
}
