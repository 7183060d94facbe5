//! The relatives one has declared, so that one is kept from their cases; and declaring another.

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Empty;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::staff::{DoneV1, KinV1, relations};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let kin = form("/kin", show, declare).called("page_kin", "do_declare_kin");
    kin.may(&["kin_declare"], &[]).key(Key::Of("declare_kin")).routes().into()
}

/// A declaration, as its maker reads it.
#[derive(Debug)]
struct Line {
    relation: String,
    name: String,
    number: String,
}

#[derive(Debug, Template)]
#[template(path = "kin/kin.html")]
struct KinPage {
    t: Words,
    shell: Shell,
    form: Form,
    relations: Vec<Choice>,
    lines: Vec<Line>,
    empty: Empty,
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let known = relations();
    let named = |relation: &str| {
        let found = known.iter().find(|one| one.relation == relation);
        found.map_or_else(|| relation.to_owned(), |one| t.of(&one.name).to_owned())
    };
    let declared = asked.office().own_kin(asked.caller()?, asked.now).await?;
    let line = |kin: &anmin_app::staff::KinSeenV1| Line {
        relation: named(&kin.relation),
        name: kin.name.clone(),
        number: kin.resident_id.clone(),
    };
    let lines = declared.iter().map(line).collect();
    let choose = Choice::new("", "kin-choose");
    let relations =
        std::iter::once(choose).chain(known.iter().map(|one| Choice::new(one.relation, &one.name))).collect();
    let shell = asked.shell("kin-title").await?.wrong(form.is_wrong());
    let empty = Empty::new(t, "kin-none", "kin-none-more");
    Html::of(&KinPage { t, shell, form, relations, lines, empty })
}

async fn declare(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let known = relations();
    let known: Vec<&str> = known.iter().map(|one| one.relation).collect();
    let input = KinV1 {
        relation: read.choice("relation", &known),
        name: read.text("name"),
        resident_id: read.text("resident_id"),
    };
    read.done()?;
    let _: DoneV1 = asked.once(asked.office().declare_kin(&asked.order()?, &input)).await?;
    Ok(Turn::to("/kin").saying("done-kin"))
}
