//! What the rules would say if one fact were otherwise. Nothing is kept of it.

use super::view::named;
use super::{above, explain, facts};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Went, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::{Say, Words};
use anmin_app::case::SeenCaseV1;
use anmin_app::facts::{ComparedRowV1, TrialV1, TriedV1};
use anmin_app::record::{DecisionV1, EligibleV1};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    form("/cases/{case}/trial", show, save)
        .called("page_trial", "do_trial")
        .may(super::READ, &[])
        .routes()
        .into()
}

/// What came out.
#[derive(Clone, Debug)]
struct Tried {
    text: String,
    rows: Vec<(String, Tag, String, Tag, String)>,
}

#[derive(Debug, Template)]
#[template(path = "case/trial.html")]
struct TrialPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    facts: Vec<Choice>,
    words: Vec<(String, String)>,
    case: String,
    tried: Option<Tried>,
}

async fn trial_page(asked: &Asked, form: Form, tried: Option<TriedV1>) -> Result<Html, Problem> {
    let (office, order, id) = (asked.office(), asked.order()?, asked.id("case")?);
    let seen = office.show_case(&order, id).await?;
    let compared = office.compared(&order, id).await?;
    let t = asked.words();
    let choices = choices(t, &seen, &compared.rows);
    let mut words: Vec<(String, String)> = Vec::new();
    for (name, label) in compared.rows.iter().flat_map(|row| &row.words) {
        if !words.iter().any(|(known, _)| known == name) {
            words.push((name.clone(), t.of(label).to_owned()));
        }
    }
    let crumbs = above(asked, &seen).await;
    let shell = asked.shell("case-trial").await?.wrong(form.is_wrong());
    let tried = tried.map(|tried| told(t, &tried));
    Html::of(&TrialPage { t, shell, crumbs, form, facts: choices, words, case: seen.id.clone(), tried })
}

/// Facts to choose from, each with what it is now.
pub(super) fn choices<'r>(
    t: Words,
    seen: &SeenCaseV1,
    rows: impl IntoIterator<Item = &'r ComparedRowV1>,
) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", "case-choose")];
    for row in rows.into_iter().filter(|row| row.kind != "text") {
        let whose =
            row.person.as_ref().map_or_else(|| t.text("case-household").to_string(), |p| named(t, seen, p));
        let cell = row.visited.as_ref().or(row.checked.as_ref()).or(row.declared.as_ref());
        let now = cell.and_then(|cell| cell.word.as_ref().map(|w| t.of(w).to_owned()).or(cell.value.clone()));
        let now = now.map(|now| facts::value_text(t, row.kind, &now));
        let label = t
            .text("case-trial-fact")
            .arg("whose", whose)
            .arg("fact", t.of(&row.label))
            .arg("now", now.unwrap_or_else(|| t.text("case-unknown").to_string()))
            .to_string();
        let value = format!("{}.{}", row.person.as_deref().unwrap_or("-"), row.fact);
        choices.push(Choice::new(value, Say::Text(label)));
    }
    choices
}

fn told(t: Words, tried: &TriedV1) -> Tried {
    let row = |programme: &anmin_app::facts::TriedProgrammeV1| {
        (
            t.of(&programme.now.service).to_owned(),
            said(t, &programme.now),
            explain::amount(t, &programme.now),
            said(t, &programme.then),
            explain::amount(t, &programme.then),
        )
    };
    Tried {
        text: t
            .text("case-trial-if")
            .arg("fact", t.of(&tried.label))
            .arg("value", tried.value.clone())
            .to_string(),
        rows: tried.programmes.iter().map(row).collect(),
    }
}

fn said(t: Words, decision: &DecisionV1) -> Tag {
    match decision.eligible {
        Some(EligibleV1::Yes) => t.tag(Tone::Good, "case-eligible"),
        Some(EligibleV1::No) => t.tag(Tone::Bad, "case-not-eligible"),
        _ => t.tag(Tone::Soon, "case-eligible-open"),
    }
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    trial_page(&asked, form, None).await
}

async fn save(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Went, Problem> {
    let mut read = posted.read();
    let (which, value) = (read.text("which"), read.text("value"));
    read.done()?;
    let (person, fact) = which.split_once('.').unwrap_or(("-", ""));
    let value = value_of(&asked, &value).await?;
    let ask = TrialV1 { person: (person != "-").then(|| person.to_owned()), fact: fact.to_owned(), value };
    let tried = asked.office().trial(&asked.order()?, asked.id("case")?, &ask).await;
    let tried =
        tried.map_err(|error| Problem::from(error).called(&[("fact", "which"), ("person", "which")]))?;
    let form = Form::again(&asked, &posted).quiet();
    Ok(trial_page(&asked, form, Some(tried)).await?.into())
}

/// What was typed, as facts are recorded: the words of a list by their names, yes and no as such.
pub(super) async fn value_of(asked: &Asked, typed: &str) -> Result<String, Problem> {
    let t = asked.words();
    if typed == t.text("case-yes").to_string() {
        return Ok("true".into());
    }
    if typed == t.text("case-no").to_string() {
        return Ok("false".into());
    }
    let compared = asked.office().compared(&asked.order()?, asked.id("case")?).await?;
    let all = compared.rows.iter().chain(&compared.unknown);
    let found = all.flat_map(|row| &row.words).find(|(_, label)| t.of(label) == typed);
    Ok(found.map_or_else(|| typed.to_owned(), |(name, _)| name.clone()))
}
