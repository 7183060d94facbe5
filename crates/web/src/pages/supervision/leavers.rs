//! People who have left, or leave soon, with cases in hand; and the hand-over of all of them, which a job does case by case.

use super::{Tab, moves, tabs};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::oversight::{LeaverV1, MOVE, SuccessorV1, WATCH};
use anmin_app::staff::{DoneV1, HandOverAllV1};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![
        page("/supervision/leavers", list).called("page_leavers").may(WATCH, &[]),
        page("/supervision/leavers/{person}/to/{to}", progress).called("page_hand_over_state").may(MOVE, &[]),
    ];
    all.extend(
        form("/supervision/leavers/{person}", show, save)
            .called("page_hand_over", "do_hand_over")
            .may(MOVE, &[])
            .key(Key::Of("hand_over_all")),
    );
    all
}

/// Somebody who leaves.
#[derive(Clone, Debug)]
struct Leaver {
    person: String,
    name: String,
    posts: String,
    until: String,
    state: Tag,
    cases: i64,
}

#[derive(Debug, Template)]
#[template(path = "supervision/leavers.html")]
struct LeaversPage {
    t: Words,
    shell: Shell,
    tabs: Vec<Tab>,
    leavers: Vec<Leaver>,
    moves: bool,
    empty: Empty,
}

fn told(t: Words, leaver: &LeaverV1) -> Leaver {
    let posts: Vec<&str> = leaver.posts.iter().map(|post| t.of(post)).collect();
    let (tone, key) = match leaver.gone {
        true => (Tone::Bad, "supervision-gone"),
        false => (Tone::Soon, "supervision-leaves"),
    };
    Leaver {
        person: leaver.person.clone(),
        name: leaver.name.clone(),
        posts: posts.join(&t.text("supervision-and").to_string()),
        until: t.day(&leaver.until),
        state: t.tag(tone, key),
        cases: leaver.cases,
    }
}

async fn list(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().leavers(&asked.order()?).await?;
    let shell = asked.shell("supervision-leavers").await?;
    Html::of(&LeaversPage {
        t,
        shell,
        tabs: tabs(t, "/supervision/leavers"),
        leavers: found.iter().map(|leaver| told(t, leaver)).collect(),
        moves: moves(&asked),
        empty: Empty::new(t, "supervision-leavers-none", "supervision-leavers-none-more"),
    })
}

#[derive(Debug, Template)]
#[template(path = "supervision/hand_over.html")]
struct HandOverPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    leaver: Option<Leaver>,
    successors: Vec<Choice>,
    person: String,
}

fn above(t: Words) -> Crumbs {
    Crumbs::new(t).to("/supervision", "supervision-title").to("/supervision/leavers", "supervision-leavers")
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let person = asked.text("person").to_owned();
    let found = asked.office().leavers(&asked.order()?).await?;
    let leaver = found.iter().find(|leaver| leaver.person == person).map(|leaver| told(t, leaver));
    let successors = asked.office().successors(&asked.order()?, &person)?;
    let choice = |one: &SuccessorV1| {
        let text = t.text("supervision-successor").arg("name", &one.name).arg("post", t.of(&one.post));
        Choice::new(&one.person, Say::Text(text.to_string()))
    };
    let first = Choice::new("", "supervision-choose");
    let successors = std::iter::once(first).chain(successors.iter().map(choice)).collect();
    let shell = asked.shell("supervision-hand-over").await?.wrong(form.is_wrong());
    Html::of(&HandOverPage { t, shell, crumbs: above(t), form, leaver, successors, person })
}

async fn save(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let from = asked.text("person").to_owned();
    let mut read = posted.read();
    let input = HandOverAllV1 { from: from.clone(), to: read.text("to"), reason: read.text("reason") };
    read.done()?;
    let _: DoneV1 = asked.once(asked.office().hand_over_all(&asked.order()?, &input)).await?;
    Ok(Turn::to(format!("/supervision/leavers/{from}/to/{}", input.to)).saying("done-hand-over"))
}

/// A case that stays.
#[derive(Clone, Debug)]
struct Left {
    case: String,
    number: String,
    why: String,
    next: String,
}

#[derive(Debug, Template)]
#[template(path = "supervision/progress.html")]
struct ProgressPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    from: String,
    to: String,
    under_way: bool,
    left: Vec<Left>,
}

async fn progress(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let (from, to) = (asked.text("person").to_owned(), asked.text("to").to_owned());
    let office = asked.office();
    let state = office.hand_over_state(&asked.order()?, &from, &to).await?;
    let named = |id: &String| {
        let id = anmin_app::deployment::Id::parse(id).map(|id| id.0);
        id.and_then(|id| office.staff_called(id)).unwrap_or_default()
    };
    let left = state.left.iter().map(|left| Left {
        case: left.case.clone(),
        number: left.number.clone(),
        why: left.why.as_ref().map(|why| t.of(why).to_owned()).unwrap_or_default(),
        next: left.next.as_ref().map(|next| t.of(next).to_owned()).unwrap_or_default(),
    });
    let left = left.collect();
    let shell = asked.shell("supervision-hand-over").await?;
    Html::of(&ProgressPage {
        t,
        crumbs: above(t),
        from: named(&from),
        to: named(&to),
        under_way: state.under_way,
        left,
        shell,
    })
}
