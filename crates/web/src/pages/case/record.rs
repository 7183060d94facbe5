//! Recording a fact in a case: what a visit has seen, what a document or a register says. What was said before stays, and
//! stands beside it.

use super::{above, trial};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::facts::{OriginV1, RecordFactsV1, RecordedV1, RecordingInputV1};
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Who records facts, as at the JSON route.
const RECORD: &[&str] =
    &["receive", "accept", "visit_record", "opine", "review", "confirm", "confirm_delegated"];

pub(super) fn routes() -> Vec<Route> {
    form("/cases/{case}/facts", show, save)
        .called("page_facts", "do_record_facts")
        .may(RECORD, &[])
        .key(Key::Of("record_facts"))
        .routes()
        .into()
}

/// Whether somebody records facts at all.
pub(super) fn may(asked: &Asked) -> bool {
    asked.caller().is_ok_and(|caller| asked.office().may_any(caller, RECORD, None, asked.now).is_ok())
}

/// On what a recording rests, as a page offers it.
const SOURCES: [&str; 4] = ["visit", "document", "register", "declared"];

#[derive(Debug, Template)]
#[template(path = "case/record.html")]
struct RecordPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    facts: Vec<Choice>,
    sources: Vec<Choice>,
    evidence: Vec<Choice>,
    words: Vec<String>,
    case: String,
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let (office, order, id) = (asked.office(), asked.order()?, asked.id("case")?);
    let seen = office.show_case(&order, id).await?;
    let compared = office.compared(&order, id).await?;
    let t = asked.words();
    form.fill("as_of", asked.now.on.to_string());
    form.fill("source", SOURCES[0]);
    let facts = trial::choices(t, &seen, compared.rows.iter().chain(&compared.unknown));
    let mut evidence = vec![Choice::new("", "case-record-no-paper")];
    evidence.extend(seen.course.evidence.iter().rev().map(|paper| {
        let label = format!("{} {}", t.of(&paper.kind.label), paper.on.0);
        Choice::new(&paper.reference, Say::Text(label))
    }));
    let mut words: Vec<String> = Vec::new();
    let all = compared.rows.iter().chain(&compared.unknown).flat_map(|row| &row.words);
    for (_, label) in all {
        let word = t.of(label).to_owned();
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let sources = SOURCES
        .map(|source| Choice::new(source, Say::Text(t.text(format!("case-source-{source}")).to_string())));
    let crumbs = above(&asked, &seen).await;
    let shell = asked.shell("case-record").await?.wrong(form.is_wrong());
    Html::of(&RecordPage {
        t,
        shell,
        crumbs,
        form,
        facts,
        sources: sources.to_vec(),
        evidence,
        words,
        case: seen.id.clone(),
    })
}

async fn save(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (which, value) = (read.text("which"), read.text("value"));
    let source = read.choice("source", &SOURCES);
    let as_of = read.day("as_of");
    let why = read.maybe("why");
    read.done()?;
    let (person, fact) = which.split_once('.').unwrap_or(("-", ""));
    let value = trial::value_of(&asked, &value).await?;
    let recording = RecordingInputV1 {
        person: (person != "-").then(|| person.to_owned()),
        collection: None,
        values: BTreeMap::from([(fact.to_owned(), serde_json::Value::from(value))]),
        valid_from: None,
        valid_to: None,
        source,
        origin: OriginV1 { as_of: as_of.map(|day| day.to_string()), why, ..OriginV1::default() },
        evidence: posted.get("evidence").map(str::to_owned),
    };
    let input = RecordFactsV1 { service: None, recordings: vec![recording] };
    let case = asked.id("case")?;
    let done = asked.once::<RecordedV1>(asked.office().record_facts(&asked.order()?, case, input)).await;
    done.map_err(at_fields)?;
    Ok(Turn::to(format!("/cases/{case}#case-facts")).saying("done-record"))
}

/// What is wrong stands at the fields of the page.
fn at_fields(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        let name = field.at.strip_prefix("recordings[0].").unwrap_or(&field.at);
        field.at = match name.split('.').next().unwrap_or_default() {
            "person" | "collection" => "which",
            "origin" if name.ends_with("why") || name.ends_with("by") => "why",
            "origin" => "as_of",
            "evidence" => "evidence",
            "source" => "source",
            _ => "value",
        }
        .to_owned();
    }
    problem
}
