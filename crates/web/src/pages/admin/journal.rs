//! The journal for administrators of the audit: how far it is sealed, what its last check found, another check, an export.

use super::{Sections, may, moment};
use crate::answer::Lines;
use crate::asked::Asked;
use crate::form::{NoQuery, Nothing};
use crate::page::{Html, Turn, form, page};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::jobs::{JournalCheckV1, LastCheckV1};
use anmin_app::staff::DoneV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let mut all: Vec<Route> = form("/admin/journal", show, check)
        .called("page_journal", "do_check_journal")
        .may(&["journal_verify", "audit_export"], &[])
        .key(Key::Of("check_journal"))
        .routes()
        .into();
    all.push(page("/admin/journal/export", export).called("page_export_journal").may(&["audit_export"], &[]));
    all
}

/// The last check in words.
#[derive(Clone, Debug)]
struct Check {
    what: String,
    by: String,
    at: String,
    under_way: bool,
    result: Tag,
    counted: String,
    no_witness: bool,
    error: String,
    findings: Vec<(String, String)>,
}

#[derive(Debug, Template)]
#[template(path = "admin/journal.html")]
struct JournalPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    form: Form,
    facts: Vec<(String, String)>,
    witness: Tag,
    public_key: String,
    check: Option<Check>,
    kinds: Vec<Choice>,
    verifies: bool,
    exports: bool,
}

/// As many findings are shown; all of them are in the answer to programs.
const FINDINGS: usize = 50;

fn told(t: Words, last: &LastCheckV1) -> Check {
    let report = last.report.as_ref();
    let result = match report {
        None if last.under_way => t.tag(Tone::Note, "admin-check-under-way"),
        None => t.tag(Tone::Bad, "admin-check-broken"),
        Some(report) if report.sound => t.tag(Tone::Good, "admin-check-sound"),
        Some(report) => t.tag(
            Tone::Bad,
            crate::words::Say::Text(
                t.text("admin-check-findings").arg("count", report.findings.len()).to_string(),
            ),
        ),
    };
    let counted = report.map(|report| {
        let text = t.text("admin-check-counted").arg("entries", report.entries);
        text.arg("checkpoints", report.checkpoints).arg("waiting", report.waiting).to_string()
    });
    let findings = report.map(|report| report.findings.as_slice()).unwrap_or_default();
    let finding = |one: &anmin_app::deployment::FindingOfJournalV1| {
        let about = one.about.clone().unwrap_or_default();
        (t.of(&one.text).to_owned(), about)
    };
    Check {
        what: t.text(if last.state { "admin-check-state" } else { "admin-check-chain" }).to_string(),
        by: last.by.clone(),
        at: moment(t, last.at),
        under_way: last.under_way,
        result,
        counted: counted.unwrap_or_default(),
        no_witness: report.is_some_and(|report| !report.with_witness),
        error: last.error.clone().unwrap_or_default(),
        findings: findings.iter().take(FINDINGS).map(finding).collect(),
    }
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().journal(&asked.order()?).await?;
    form.fill("state", "chain");
    let none = || t.text("admin-never").to_string();
    let facts = [
        ("admin-journal-checkpoint", found.checkpoint.map_or_else(none, |n| n.to_string())),
        ("admin-journal-sealed", found.sealed_at.map_or_else(none, |at| moment(t, at))),
        ("admin-journal-entries", found.entries.to_string()),
        ("admin-journal-waiting", found.waiting.to_string()),
    ];
    let witness = match (found.has_witness, found.witnessed == found.checkpoint) {
        (false, _) => t.tag(Tone::Bad, "admin-witness-none"),
        (true, true) => t.tag(Tone::Good, "admin-witness-same"),
        (true, false) => t.tag(Tone::Soon, "admin-witness-behind"),
    };
    let shell = asked.shell("admin-journal").await?.wrong(form.is_wrong());
    Html::of(&JournalPage {
        t,
        sections: Sections::of(&asked, "/admin/journal"),
        facts: facts.map(|(key, value)| (t.text(key).to_string(), value)).into(),
        witness,
        public_key: found.public_key.clone(),
        check: found.check.as_ref().map(|check| told(t, check)),
        kinds: vec![
            Choice::new("chain", "admin-check-chain").hint("admin-check-chain-hint"),
            Choice::new("state", "admin-check-state").hint("admin-check-state-hint"),
        ],
        verifies: may(&asked, &["journal_verify"]),
        exports: may(&asked, &["audit_export"]),
        form,
        shell,
    })
}

async fn check(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let kind = read.choice("state", &["chain", "state"]);
    read.done()?;
    let input = JournalCheckV1 { state: kind == "state" };
    let _: DoneV1 = asked.once(asked.office().check_journal(&asked.order()?, &input)).await?;
    Ok(Turn::to("/admin/journal").saying("done-check-asked"))
}

async fn export(asked: Asked, _: NoQuery) -> Result<Lines, Problem> {
    crate::routes::journal::export(asked, NoQuery {}, Nothing).await
}
