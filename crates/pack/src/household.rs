//! Household files: what is known about one household, in YAML, by the facts' names. `docs/household-files.md` is for
//! those who write them.
//!
//! [`read`] gives a [`Household`]: columns for the evaluator ([`Household::batch`]), and where every value came from.
//! [`assemble`] gives the same from facts that are kept elsewhere, and [`Household::parts`] takes one apart.
mod agreement;
mod assemble;
mod element;
mod figure;
mod naming;
#[cfg(test)]
mod tests;

pub use assemble::{Part, Stated, assemble, name_of};

use crate::finding::Finding;
use crate::yaml::{self, Node};
use anmin_base::date::Date;
use anmin_rules::batch::{Batch, Column, Elements, Values};
use anmin_rules::model::{CollectionId, FactId, Label, Place, Schema};
use naming::Naming;
use std::collections::BTreeMap;
use std::fmt;

/// How much a fact reveals about a person, from public to the most protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the levels are numbered in the packs")]
pub enum Sensitivity {
    P0,
    P1,
    P2,
    P3,
    P4,
}

/// What the engine does not need to know of a fact, but whoever reads or shows its values does.
#[derive(Clone, Debug)]
pub struct FactMeta {
    /// How much it reveals.
    pub sensitivity: Sensitivity,
    /// Where it may come from.
    pub source: Vec<String>,
    /// Values of the enum that at most one element of the collection may have.
    pub at_most_one: Vec<String>,
    /// For an identity number: the facts it must not contradict.
    pub agrees: Option<Agrees>,
    /// Column name in columnar files.
    pub column: String,
    /// A sentence of help.
    pub help: Option<Label>,
}

/// The facts an identity number says something about; of the same entity as the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agrees {
    /// The date of birth.
    pub birth_date: Option<FactId>,
    /// The sex: an enum with the values `male` and `female`.
    pub sex: Option<FactId>,
}

/// The facts a household file may give.
#[derive(Clone, Copy, Debug)]
pub struct FactSheet<'a> {
    /// Entities, enums and facts.
    pub schema: &'a Schema,
    /// The rest, by [`FactId`].
    pub facts: &'a [FactMeta],
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Where it stands in the file.
    pub place: Place,
    /// One of the fact's sources; `declared` for a plain value, `resident_id` for what an identity number says.
    pub source: String,
    /// The day for which it is true.
    pub as_of: Option<Date>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Who judged, for a fact that is a judgement.
    pub by: Option<String>,
    /// Why.
    pub why: Option<String>,
}

impl Origin {
    fn plain(place: Place, source: &str) -> Self {
        let source = source.to_owned();
        Origin { place, source, as_of: None, evidence: None, by: None, why: None }
    }
}

/// The source of a plain value.
pub const DECLARED: &str = "declared";
/// The source of a birth date or sex read from an identity number.
pub const FROM_RESIDENT_ID: &str = "resident_id";

/// A given value of a fact that exists only under a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditional {
    /// The fact.
    pub fact: FactId,
    /// The element of its collection, from 0; 0 for a root fact.
    pub element: usize,
    /// Where it stands.
    pub place: Place,
}

/// What is known about one household. Its `Debug` shows no values.
#[derive(Clone)]
pub struct Household {
    /// `about`: what the file is, if it says so.
    pub about: Option<Label>,
    columns: Vec<Answers>,
    collections: Vec<List>,
    texts: BTreeMap<(FactId, usize), String>,
    conditional: Vec<Conditional>,
}

/// One fact's values: one for the root, one an element for a collection.
#[derive(Clone, Default)]
struct Answers {
    values: Vec<i64>,
    known: Vec<bool>,
    origins: Vec<Option<Origin>>,
}

/// One collection's elements.
#[derive(Clone)]
struct List {
    offsets: [u32; 2],
    given: [bool; 1],
    places: Vec<Place>,
}

/// Reads a household file. `file` is the number its places carry; `on` the date of the decision, after which nobody
/// can be born and nothing can be known.
///
/// # Errors
/// What is wrong, each with its place and what to do; of more than 100 findings the rest is only counted.
pub fn read(sheet: &FactSheet<'_>, file: u32, bytes: &[u8], on: Date) -> Result<Household, Vec<Finding>> {
    read_node(sheet, &yaml::read(file, bytes)?, on)
}

/// Reads a household that stands inside another file, such as a pack's test.
///
/// # Errors
/// As [`read`].
pub fn read_node(sheet: &FactSheet<'_>, node: &Node, on: Date) -> Result<Household, Vec<Finding>> {
    read_named(sheet, node, on, &Naming::Lines, vec![])
}

/// Reads a household; `naming` says how a sentence names a place, `found` what is wrong already.
fn read_named(
    sheet: &FactSheet<'_>,
    node: &Node,
    on: Date,
    naming: &Naming<'_>,
    found: Vec<Finding>,
) -> Result<Household, Vec<Finding>> {
    let mut reading = element::Reading::new(sheet, on, naming, found);
    reading.root(node);
    let (mut household, mut findings, uncounted) = reading.finish();
    agreement::check(sheet, on, naming, &mut household, &mut findings);
    if findings.is_empty() {
        return Ok(household);
    }
    let more = findings.len().saturating_sub(yaml::MAX_FINDINGS) + uncounted;
    findings.truncate(yaml::MAX_FINDINGS);
    findings.sort_by_key(|f| f.place);
    findings.iter_mut().for_each(|finding| naming.lead(finding));
    if let Some(last) = findings.last().filter(|_| more > 0) {
        findings.push(Finding::more(last.place, more));
    }
    Err(findings)
}

impl Household {
    /// The household as a batch of one.
    pub fn batch(&self) -> Batch<'_> {
        let columns =
            self.columns.iter().map(|c| Column { values: Values::I64(&c.values), known: Some(&c.known) });
        let collections =
            self.collections.iter().map(|c| Elements { offsets: &c.offsets, given: Some(&c.given) });
        Batch { households: 1, columns: columns.collect(), collections: collections.collect() }
    }

    /// How many elements a collection has; none when it is not given.
    pub fn size(&self, collection: CollectionId) -> Option<usize> {
        let list = &self.collections[collection.0];
        list.given[0].then_some(list.places.len())
    }

    /// Where an element of a collection begins.
    pub fn element_place(&self, collection: CollectionId, element: usize) -> Option<Place> {
        self.collections[collection.0].places.get(element).copied()
    }

    /// A value in stored form; none when it is unknown. Element 0 for a root fact. Text has none.
    pub fn value(&self, fact: FactId, element: usize) -> Option<i64> {
        let answers = &self.columns[fact.0];
        answers.known.get(element).copied().unwrap_or(false).then(|| answers.values[element])
    }

    /// The words of a text fact, or an identity number in its 18-character form.
    pub fn text(&self, fact: FactId, element: usize) -> Option<&str> {
        self.texts.get(&(fact, element)).map(String::as_str)
    }

    /// Where a value came from; none when it is unknown.
    pub fn origin(&self, fact: FactId, element: usize) -> Option<&Origin> {
        self.columns[fact.0].origins.get(element)?.as_ref()
    }

    /// The given values of facts that have an `applies` condition. Whoever evaluates refuses those for which it is
    /// false, with [`not_applicable`].
    pub fn conditional(&self) -> &[Conditional] {
        &self.conditional
    }
}

impl fmt::Debug for Household {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.columns.iter().flat_map(|c| &c.known).filter(|known| **known).count();
        f.debug_struct("Household").field("known", &known).finish_non_exhaustive()
    }
}

/// The finding for a value of a fact that does not apply.
pub fn not_applicable(sheet: &FactSheet<'_>, given: Conditional) -> Finding {
    let fact = &sheet.schema.facts[given.fact.0];
    let condition = fact.applies.as_ref().map_or("", |a| a.when.text.as_str());
    let (name, label) = (&fact.name, &fact.label);
    Finding::error(
        given.place,
        format!("此时没有“{}”（{name}）：只有 {condition} 时才有。请删去这一项，或改正前面的回答", label.zh),
        format!(
            "\"{}\" ({name}) does not exist here: it does only where {condition}. Remove it, or correct the answer it depends on",
            label.en
        ),
    )
}
