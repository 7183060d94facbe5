//! The decisions of a case in plain words, for the one they are about: what was decided, the few figures that made it, the
//! articles, and how to contest it. Figures of single members of the household are not among them.

use super::file::CaseFile;
use super::rows::row_id;
use crate::error::{Fault, Refusal, Result};
use crate::office::{Office, Order};
use crate::record::TextV1;
use crate::record::case_view::NamedV1;
use crate::record::words::Coded;
use anmin_casework::apply;
use anmin_casework::record::Decision;
use anmin_store::{Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A decision in plain words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedV1 {
    /// Its number in the case.
    pub number: u32,
    /// What it is about.
    pub programme: TextV1,
    /// What was decided.
    pub outcome: NamedV1,
    /// It is against the person.
    pub adverse: bool,
    /// When it was decided.
    pub on: String,
    /// The first day it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The amount in fen, where something is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
    /// The period of the amount: `month`, `year`, `once`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_per: Option<String>,
    /// Why, each with its article.
    pub reasons: Vec<ReasonToldV1>,
    /// The figures that made it, at most five.
    pub figures: Vec<FigureToldV1>,
    /// The sum they come to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<FigureToldV1>,
    /// The ways to contest it.
    pub remedies: Vec<WayOutV1>,
    /// When the notice was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noticed_on: Option<String>,
    /// When it counts as delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub served_on: Option<String>,
    /// Since when it has its effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect_on: Option<String>,
    /// It was undone.
    pub overturned: bool,
    /// Its effect rests.
    pub stayed: bool,
}

/// A reason with its article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReasonToldV1 {
    /// The sentence.
    pub text: TextV1,
    /// The document and article.
    pub law: TextV1,
}

/// A figure with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FigureToldV1 {
    /// What it is.
    pub label: TextV1,
    /// The figure in words.
    pub text: TextV1,
}

/// A way to contest a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WayOutV1 {
    /// The way.
    pub remedy: NamedV1,
    /// To whom.
    pub to: TextV1,
    /// How long, after the notice has come.
    pub period: TextV1,
    /// The last day; none before the notice has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The last day may still move.
    pub provisional: bool,
    /// It was used already.
    pub used: bool,
}

/// What is kept of a decision, as far as it is told here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Kept {
    basis: Option<Basis>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Basis {
    amount_fen: Option<i64>,
    amount_per: Option<String>,
    reason: Option<ReasonKept>,
    explanation: Explanation,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReasonKept {
    text: TextV1,
    law: Vec<LawKept>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LawKept {
    title: TextV1,
    article: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Explanation {
    decides: Vec<usize>,
    notes: Vec<Note>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Note {
    name: String,
    label: TextV1,
    text: TextV1,
    made_by: Vec<usize>,
    figures: Vec<FigureKept>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FigureKept {
    label: TextV1,
    text: TextV1,
    matters: bool,
}

/// Most figures that are told.
const MOST: usize = 5;

impl Office {
    /// The decisions of a case, in plain words, the latest first.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn explained(&self, order: &Order<'_>, case: Id) -> Result<Vec<ExplainedV1>> {
        let (scope, purpose) = self.looking(order)?;
        let rows = Scope::from_authz(&scope, self.authority());
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let record = look.one(&table::CASE_FILE, case).await?.ok_or_else(Refusal::not_found)?;
        let file = CaseFile::read(self, record)?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        let veil = self.veil(&allowed);
        let whole = ["income", "property", "debt", "health"].iter().all(|field| veil.whole(field));
        let find = Find::all(&table::DECISION).equal("case_id", file.id()).limit(1000);
        let mut kept = BTreeMap::new();
        for row in look.find(&find).await? {
            kept.insert(row.id(), read(&row)?);
        }
        let mut told = Vec::new();
        for decision in file.case.decisions.iter().rev() {
            let row = row_id(file.id(), "decision", &decision.number.to_string());
            let kept = kept.remove(&row).unwrap_or_default();
            told.push(self.told_decision(&file, decision, kept.filter(|_| whole)));
        }
        Ok(look.release(told).await?)
    }

    fn told_decision(&self, file: &CaseFile, decision: &Decision, basis: Option<Basis>) -> ExplainedV1 {
        let ruling = &decision.ruling;
        let adverse = ruling.outcome.is_adverse();
        let basis = basis.unwrap_or_default();
        let pays = basis.amount_fen.filter(|_| !adverse);
        let (figures, result) = heart(&basis.explanation, pays.is_some());
        let programme = match self.opened(&ruling.programme, file.opened.region.as_deref()) {
            Ok(opened) => TextV1::from(&opened.loaded.service.name),
            Err(_) => TextV1 { zh: ruling.programme.clone(), en: ruling.programme.clone() },
        };
        ExplainedV1 {
            number: decision.number,
            programme,
            outcome: NamedV1 { name: ruling.outcome.name().to_owned(), label: ruling.outcome.label() },
            adverse,
            on: decision.on.to_string(),
            from: ruling.from.map(|day| day.to_string()),
            amount_fen: pays,
            amount_per: pays.and(basis.amount_per.clone()),
            reasons: reasons(file, decision, &basis),
            figures,
            result,
            remedies: self.ways_out(file, decision),
            noticed_on: decision.noticed.map(|day| day.to_string()),
            served_on: decision.delivery.as_ref().map(|delivery| delivery.served.to_string()),
            effect_on: decision.effect.map(|day| day.to_string()),
            overturned: decision.overturned.is_some(),
            stayed: decision.stayed.is_some(),
        }
    }

    fn ways_out(&self, file: &CaseFile, decision: &Decision) -> Vec<WayOutV1> {
        let named =
            |label: &anmin_casework::workflow::Label| TextV1 { zh: label.zh.clone(), en: label.en.clone() };
        let ways = decision.remedies.iter().filter_map(|name| {
            let way = file.workflow.remedies.iter().find(|remedy| remedy.named.name == *name)?;
            let served = decision.delivery.as_ref().map(|delivery| delivery.served);
            let until =
                served.map(|served| apply::deadline(way.unit, true, served, way.limit, self.calendar()));
            let used = file.case.appeals.iter().any(|a| a.decision == decision.number && a.remedy == *name);
            let unit = way.unit.label();
            Some(WayOutV1 {
                remedy: NamedV1 { name: name.clone(), label: named(&way.named.label) },
                to: super::letters::organ(&way.named.label),
                period: TextV1 {
                    zh: format!("{} {}", way.limit, unit.zh),
                    en: format!("{} {}", way.limit, unit.en),
                },
                until: until.map(|until| until.date.to_string()),
                provisional: until.is_some_and(|until| until.provisional),
                used,
            })
        });
        ways.collect()
    }
}

fn read(row: &Record) -> Result<Option<Basis>> {
    let Some(secret) = row.secret("payload") else { return Ok(None) };
    let kept: Kept = serde_json::from_slice(secret.reveal())
        .map_err(|error| Fault::Broken(format!("decision {}: {error}", row.id())))?;
    Ok(kept.basis)
}

/// The reasons of the one who signed; where none were written, the rules'.
fn reasons(file: &CaseFile, decision: &Decision, basis: &Basis) -> Vec<ReasonToldV1> {
    let cited = |title: &TextV1, article: &str| TextV1 {
        zh: format!("《{}》{article}", title.zh),
        en: format!("{}, {article}", title.en),
    };
    let signed = decision.ruling.reasons.iter().map(|reason| {
        let document = file.opened.loaded.documents.get(&reason.law.document);
        let title = document.map(|document| TextV1::from(&document.title)).unwrap_or_default();
        ReasonToldV1 {
            text: TextV1 { zh: reason.text.clone(), en: reason.text.clone() },
            law: cited(&title, &reason.law.article),
        }
    });
    let signed: Vec<ReasonToldV1> = signed.collect();
    let Some(reason) = basis.reason.as_ref().filter(|_| signed.is_empty()) else { return signed };
    let law = reason.law.first().map(|law| cited(&law.title, &law.article)).unwrap_or_default();
    vec![ReasonToldV1 { text: reason.text.clone(), law }]
}

/// A figure, and the note it is where it was worked out itself.
type Told = (Option<usize>, FigureToldV1);

/// Where the result comes about: the first value, going back from it, that is made of two figures or more. Of the whole
/// household only; who has what in it is theirs. A figure that is itself made of few is told by those.
fn heart(explanation: &Explanation, pays: bool) -> (Vec<FigureToldV1>, Option<FigureToldV1>) {
    let notes = &explanation.notes;
    let of_all = explanation.decides.iter().filter(|n| is_of_all(notes, **n));
    // The amount is a figure itself; whether it is due is not.
    let start = of_all.copied().filter(|n| is_figure(&notes[*n].text) == pays).collect();
    let Some((at, mut parts)) = made_of(notes, start) else { return (Vec::new(), None) };
    let worked_out = parts.iter().position(|(note, _)| note.is_some());
    if let Some((place, below)) = worked_out.and_then(|place| {
        let (_, below) = made_of(notes, VecDeque::from([parts[place].0?]))?;
        Some((place, below))
    }) && pays
        && parts.len() + below.len() - 1 <= MOST
    {
        parts.splice(place..=place, below);
    }
    let result = is_figure(&notes[at].text).then(|| told(&notes[at].label, &notes[at].text));
    let mut figures: Vec<FigureToldV1> = Vec::new();
    for (_, figure) in parts {
        if !figures.contains(&figure) {
            figures.push(figure);
        }
    }
    (figures, result)
}

fn told(label: &TextV1, text: &TextV1) -> FigureToldV1 {
    FigureToldV1 { label: label.clone(), text: text.clone() }
}

fn is_of_all(notes: &[Note], n: usize) -> bool {
    notes.get(n).is_some_and(|note| !note.name.contains('['))
}

/// The first note, going back, that is made of two figures or more, with those.
fn made_of(notes: &[Note], mut queue: VecDeque<usize>) -> Option<(usize, Vec<Told>)> {
    let mut seen: BTreeSet<usize> = queue.iter().copied().collect();
    while let Some(n) = queue.pop_front() {
        let note = &notes[n];
        let below: Vec<usize> = note.made_by.iter().copied().filter(|n| is_of_all(notes, *n)).collect();
        let own = note.figures.iter().filter(|f| f.matters && is_figure(&f.text));
        let own = own.map(|f| (None, told(&f.label, &f.text)));
        let made = below.iter().filter(|n| is_figure(&notes[**n].text));
        let made = made.map(|n| (Some(*n), told(&notes[*n].label, &notes[*n].text)));
        let parts: Vec<Told> = own.chain(made).take(MOST).collect();
        if parts.len() > 1 {
            return Some((n, parts));
        }
        queue.extend(below.into_iter().filter(|n| seen.insert(*n)));
    }
    None
}

/// Whether a value is a number: words begin with none.
fn is_figure(text: &TextV1) -> bool {
    text.zh.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(name: &str, text: &str, made_by: &[usize], figures: &[(&str, &str)]) -> Note {
        let both = |text: &str| TextV1 { zh: text.into(), en: text.into() };
        let figure =
            |(label, text): &(&str, &str)| FigureKept { label: both(label), text: both(text), matters: true };
        Note {
            name: name.into(),
            label: both(name),
            text: both(text),
            made_by: made_by.to_vec(),
            figures: figures.iter().map(figure).collect(),
        }
    }

    #[test]
    fn an_amount_is_told_by_the_figures_it_is_made_of_and_no_members() {
        let notes = vec![
            note("eligible", "是", &[], &[]),
            note("amount", "1,700.00 元", &[2], &[]),
            note("difference", "1,700.00 元", &[3, 4, 5], &[("standard", "1,450.00 元")]),
            note("persons", "2", &[], &[]),
            note("income", "1,200.00 元", &[], &[]),
            note("members[1].wage", "900.00 元", &[], &[]),
        ];
        let explanation = Explanation { decides: vec![0, 1], notes };
        let (figures, result) = heart(&explanation, true);
        let names: Vec<&str> = figures.iter().map(|figure| figure.label.zh.as_str()).collect();
        assert_eq!(names, ["standard", "persons", "income"]);
        assert_eq!(result.map(|figure| figure.text.zh), Some("1,700.00 元".into()));
    }

    #[test]
    fn a_sum_is_told_by_what_its_first_part_is_made_of() {
        let notes = vec![
            note("amount", "1,772.50 元", &[1, 2], &[]),
            note("base", "1,410.00 元", &[3], &[("standard", "1,450.00 元")]),
            note("topups", "362.50 元", &[], &[]),
            note("income", "40.00 元", &[], &[]),
        ];
        let explanation = Explanation { decides: vec![0], notes };
        let (figures, result) = heart(&explanation, true);
        let names: Vec<&str> = figures.iter().map(|figure| figure.label.zh.as_str()).collect();
        assert_eq!(names, ["standard", "income", "topups"]);
        assert_eq!(result.map(|figure| figure.label.zh), Some("amount".into()));
    }

    #[test]
    fn a_refusal_is_told_by_what_was_compared() {
        let notes = vec![
            note("eligible", "否", &[1], &[]),
            note("income_ok", "否", &[2, 3], &[("standard", "1,450.00 元")]),
            note("income", "9,000.00 元", &[], &[]),
            note("persons", "2", &[], &[]),
        ];
        let explanation = Explanation { decides: vec![0], notes };
        let (figures, result) = heart(&explanation, false);
        assert_eq!((figures.len(), result), (3, None));
    }
}
