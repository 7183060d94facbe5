//! The dossier of a case (一户一档): the papers in the order in which they are bound, which of them are there, and which are
//! still wanted.

use super::file::CaseFile;
use crate::error::{Refusal, Result};
use crate::mask::Veil;
use crate::office::{Office, Order};
use crate::record::TextV1;
use crate::record::case_view::{DayV1, NamedV1};
use anmin_pack::dossier::Paper;
use anmin_store::{Find, Id, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A dossier.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DossierV1 {
    /// The entries, in the order in which they are bound.
    pub entries: Vec<DossierEntryV1>,
    /// How many of those wanted are there.
    pub there: usize,
    /// How many are wanted as the case stands.
    pub wanted: usize,
    /// Forms to print and fill in by hand that are of use now.
    pub forms: Vec<NamedV1>,
}

/// A paper of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DossierEntryV1 {
    /// The kind of evidence, or the letter.
    pub paper: NamedV1,
    /// Whether it is a letter of ours.
    pub letter: bool,
    /// `applicant`, `staff`, `elsewhere`, `program`.
    pub from: &'static str,
    /// How many are wanted now; 0: it belongs there if there is one.
    pub wanted: usize,
    /// Those that are there.
    pub there: Vec<DossierPaperV1>,
}

/// A paper that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DossierPaperV1 {
    /// When it came.
    pub on: DayV1,
    /// What it is known by; absent where papers are not shown to the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The file, if it is kept here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The number of the letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter: Option<u32>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The person says it is wrong.
    pub contested: bool,
}

impl Office {
    /// The dossier of a case.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn dossier(&self, order: &Order<'_>, case: Id) -> Result<DossierV1> {
        let (scope, purpose) = self.looking(order)?;
        let (rows, at) = (Scope::from_authz(&scope, self.authority()), order.now.at);
        let mut look = self.inner.store.look(&rows, &purpose, at);
        let record = look.one(&table::CASE_FILE, case).await?.ok_or_else(Refusal::not_found)?;
        let file = CaseFile::read(self, record)?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        let veil = Veil { authority: self.authority(), allowed: &allowed };
        let shows = veil.whole("papers");
        let kept = Find::all(&table::FILE).equal("case_id", case).plain().limit(1000);
        let files: Vec<String> = look.find(&kept).await?.iter().map(|row| row.id().to_string()).collect();
        let find = Find::all(&table::LETTER).equal("case_id", case).plain().order("number").limit(1000);
        let mut letters: BTreeMap<String, Vec<(u32, DayV1)>> = BTreeMap::new();
        for row in look.find(&find).await? {
            let number = row.int("number").and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
            let on = crate::office::date(&row, "issued_on").unwrap_or(order.now.on);
            letters
                .entry(row.text("name").unwrap_or_default().to_owned())
                .or_default()
                .push((number, DayV1(on)));
        }
        let papers = &file.opened.loaded.dossier.papers;
        let mut entries: Vec<DossierEntryV1> =
            papers.iter().map(|paper| entry(&file, paper, &letters, &files, shows)).collect();
        entries.extend(others(&file, papers, &files, shows));
        let wanted = |entry: &&DossierEntryV1| entry.wanted > 0;
        let here = |entry: &&DossierEntryV1| entry.there.len() >= entry.wanted;
        let answer = DossierV1 {
            there: entries.iter().filter(wanted).filter(here).count(),
            wanted: entries.iter().filter(wanted).count(),
            forms: forms(&file),
            entries,
        };
        Ok(look.release(answer).await?)
    }
}

fn taken(file: &CaseFile, step: &str) -> bool {
    file.case.taken.iter().any(|taken| taken.step == step)
}

fn entry(
    file: &CaseFile,
    paper: &Paper,
    letters: &BTreeMap<String, Vec<(u32, DayV1)>>,
    files: &[String],
    shows: bool,
) -> DossierEntryV1 {
    let due = !paper.optional && (paper.after.is_empty() || paper.after.iter().any(|step| taken(file, step)));
    let many = if paper.each_adult { file.case.adults.len() } else { 1 };
    let there = match paper.letter {
        true => {
            let of = letters.get(&paper.name).into_iter().flatten();
            of.map(|(number, on)| DossierPaperV1 {
                on: *on,
                reference: None,
                file: None,
                letter: Some(*number),
                source: String::new(),
                contested: false,
            })
            .collect()
        }
        false => exhibits(file, &paper.name, files, shows),
    };
    // A receipt is a letter, and what was carried over from elsewhere has none of ours before that.
    let due = due && !(carried(file) && there.is_empty());
    DossierEntryV1 {
        paper: named(file, paper),
        letter: paper.letter,
        from: paper.from.name(),
        wanted: if due { many } else { 0 },
        there,
    }
}

/// Whether the case was begun in another system.
fn carried(file: &CaseFile) -> bool {
    let first = file.case.taken.first().and_then(|taken| file.workflow.step(&taken.step));
    first.is_some_and(|step| step.act == anmin_casework::kinds::ActKind::CarryOver)
}

fn exhibits(file: &CaseFile, kind: &str, files: &[String], shows: bool) -> Vec<DossierPaperV1> {
    let these = file.case.evidence.iter().filter(|e| e.exhibit.kind == kind);
    these
        .map(|e| {
            let reference = &e.exhibit.reference;
            DossierPaperV1 {
                on: DayV1(e.on),
                reference: shows.then(|| reference.clone()),
                file: files.iter().find(|file| shows && *file == reference).cloned(),
                letter: None,
                source: e.exhibit.source.clone(),
                contested: e.contested,
            }
        })
        .collect()
}

/// What is there and on no list of the pack.
fn others(file: &CaseFile, papers: &[Paper], files: &[String], shows: bool) -> Vec<DossierEntryV1> {
    let listed = |kind: &str| papers.iter().any(|paper| !paper.letter && paper.name == kind);
    let kinds = file.workflow.evidence.iter().filter(|kind| !listed(&kind.named.name));
    kinds
        .map(|kind| DossierEntryV1 {
            paper: NamedV1::from(&kind.named),
            letter: false,
            from: "elsewhere",
            wanted: 0,
            there: exhibits(file, &kind.named.name, files, shows),
        })
        .filter(|entry| !entry.there.is_empty())
        .collect()
}

fn named(file: &CaseFile, paper: &Paper) -> NamedV1 {
    let workflow = &file.workflow;
    let found = match paper.letter {
        true => workflow.letters.iter().find(|named| named.name == paper.name),
        false => workflow.evidence.iter().map(|kind| &kind.named).find(|named| named.name == paper.name),
    };
    match found {
        Some(named) => NamedV1::from(named),
        None => NamedV1 {
            name: paper.name.clone(),
            label: TextV1 { zh: paper.name.clone(), en: paper.name.clone() },
        },
    }
}

/// Forms for the steps of the state the case is in.
fn forms(file: &CaseFile) -> Vec<NamedV1> {
    let steps: Vec<&str> =
        file.workflow.steps_from(&file.case.state).map(|step| step.named.name.as_str()).collect();
    let of_use =
        |steps_of: &Vec<String>| steps_of.is_empty() || steps_of.iter().any(|s| steps.contains(&s.as_str()));
    let forms = file.opened.loaded.dossier.forms.iter().filter(|(_, steps)| of_use(steps));
    forms
        .filter_map(|(name, _)| file.workflow.letters.iter().find(|named| named.name == *name))
        .map(NamedV1::from)
        .collect()
}
