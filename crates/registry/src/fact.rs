//! Facts in two times: when something was true, and when we knew. `docs/decisions/0009-facts-in-two-times.md` says why.
//!
//! A [`Fact`] is one recording and is never changed. A later one about the same takes its place for the days it covers and
//! leaves the rest as it was; what was known before stays known as of then. [`as_of`] asks for a day as known at a moment,
//! [`history`] for all days, [`changes`] for the days on which a later knowledge says something else.
//!
//! What is latest is not always fit to be used: see [`standing`].

mod standing;
#[cfg(test)]
mod tests;

pub use standing::{Objection, Papers, Settled, Shown, Standing, Unfit, fit_against, standing, usable};

use crate::flaw::{Flaw, Flaws, said};
use crate::id::{CaseId, Days, EvidenceId, FactId, HouseholdId, Moment, PersonId};
use anmin_base::date::Date;
use anmin_base::days::DaySet;
use std::collections::BTreeMap;
use std::fmt;

/// Whom or what a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A person, whatever the case.
    Person(PersonId),
    /// A household.
    Household(HouseholdId),
    /// A case.
    Case(CaseId),
}

/// What the recording rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The person said so.
    Declared,
    /// A document shows it. Needs evidence.
    Document,
    /// Another department's register or a bank.
    Register,
    /// Somebody saw it on a visit. Needs evidence.
    Visit,
    /// A published local table times the household's own quantities.
    Assessed,
    /// Our own registers were asked, and this was the answer.
    Lookup,
    /// Computed from averages or assumptions, or over another period. Never against anybody.
    Derived,
}

impl Source {
    /// All.
    pub const ALL: [Source; 7] = [
        Source::Declared,
        Source::Document,
        Source::Register,
        Source::Visit,
        Source::Assessed,
        Source::Lookup,
        Source::Derived,
    ];

    /// As stored.
    pub const fn name(self) -> &'static str {
        match self {
            Source::Declared => "declared",
            Source::Document => "document",
            Source::Register => "register",
            Source::Visit => "visit",
            Source::Assessed => "assessed",
            Source::Lookup => "lookup",
            Source::Derived => "derived",
        }
    }
}

/// What a household file says of a value's origin, so that a fact kept here is decided as the same fact in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The source as the fact's declaration names it (`tax`, `police`); none for a plain declared value.
    pub named: Option<String>,
    /// The day for which the source gave it.
    pub as_of: Option<Date>,
    /// What shows it, in words.
    pub shown_by: Option<String>,
    /// Who judged, for a judgement.
    pub by: Option<String>,
    /// Why.
    pub why: Option<String>,
}

/// One recording. `Debug` shows no value.
#[derive(Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its identifier; of two recordings at one moment the greater is the later.
    pub id: FactId,
    /// Whom it is about.
    pub subject: Subject,
    /// The fact's name as packs declare it: `members.wage`.
    pub name: String,
    /// The value as a person would write it: `1450.50`, `true`, `2026-09-01`. None: not known (any longer) on these days.
    pub value: Option<String>,
    /// When it was true.
    pub valid: Days,
    /// When we knew.
    pub recorded_at: Moment,
    /// What it rests on.
    pub source: Source,
    /// What is filed for it.
    pub evidence: Option<EvidenceId>,
    /// What it says of its origin.
    pub origin: Origin,
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.value.is_some() { "***" } else { "unknown" };
        write!(
            f,
            "{:?} {} {value} {:?} at {:?} ({:?})",
            self.subject, self.name, self.valid, self.recorded_at, self.source
        )
    }
}

/// What a fact is about: subject and name. Facts with the same key take each other's place.
pub type FactKey<'f> = (Subject, &'f str);

impl Fact {
    /// What it is about.
    pub fn key(&self) -> FactKey<'_> {
        (self.subject, &self.name)
    }

    /// What decides which of two recordings is the later.
    pub fn order(&self) -> (Moment, FactId) {
        (self.recorded_at, self.id)
    }

    /// Everything that keeps it from being recorded.
    ///
    /// # Errors
    /// The flaws, by field.
    pub fn check(&self) -> Result<(), Vec<Flaw>> {
        let mut flaws = Flaws::default();
        if self.name.trim().is_empty() {
            flaws.add("name", said("请选择要记录的事项。", "Choose the fact to be recorded."));
        }
        if self.valid.is_empty() {
            let sentence =
                said("结束日期早于开始日期，请核对。", "The last day comes before the first; check both.");
            flaws.add("valid", sentence);
        }
        if matches!(self.source, Source::Document | Source::Visit) && self.evidence.is_none() {
            flaws.add(
                "evidence",
                said(
                    "来源是材料或入户调查的，请附上材料。",
                    "What a document or a visit shows needs that evidence; attach it.",
                ),
            );
        }
        if flaws.0.is_empty() { Ok(()) } else { Err(flaws.0) }
    }
}

/// For each subject and name the recording that counts on a day, as known at a moment: the latest by then that covers the
/// day. One whose value is none says that nothing is known.
pub fn as_of(facts: &[Fact], on: Date, known_at: Moment) -> BTreeMap<FactKey<'_>, &Fact> {
    let mut found: BTreeMap<FactKey<'_>, &Fact> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.recorded_at <= known_at && fact.valid.hold(on)) {
        let kept = found.entry(fact.key()).or_insert(fact);
        if kept.order() < fact.order() {
            *kept = fact;
        }
    }
    found
}

/// Which recording counts when: in the order of days, without overlap. Days nobody has said anything about are not there.
pub type Spans<'f> = Vec<(Days, &'f Fact)>;

/// For each subject and name, which recording counts when, as known at a moment.
pub fn history(facts: &[Fact], known_at: Moment) -> BTreeMap<FactKey<'_>, Spans<'_>> {
    let mut known: Vec<&Fact> = facts.iter().filter(|fact| fact.recorded_at <= known_at).collect();
    known.sort_by_key(|fact| std::cmp::Reverse(fact.order()));
    let mut covered: BTreeMap<FactKey<'_>, DaySet> = BTreeMap::new();
    let mut found: BTreeMap<FactKey<'_>, Spans<'_>> = BTreeMap::new();
    for fact in known {
        let covered = covered.entry(fact.key()).or_default();
        let mut left: DaySet = [fact.valid].into_iter().collect();
        covered.spans().iter().for_each(|days| left.remove(*days));
        found.entry(fact.key()).or_default().extend(left.spans().iter().map(|days| (*days, fact)));
        covered.add(fact.valid);
    }
    found.values_mut().for_each(|spans| spans.sort_by_key(|(days, _)| *days));
    found
}

/// What a later knowledge says otherwise: for these days whatever was decided is to be computed again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reopened {
    /// Whom it is about.
    pub subject: Subject,
    /// The fact's name.
    pub name: String,
    /// The days, as the fewest spans.
    pub days: Days,
}

/// The days on which what was known at the one moment and at the other differ in value. A later recording of the same
/// value opens nothing.
pub fn changes(facts: &[Fact], known_before: Moment, known_after: Moment) -> Vec<Reopened> {
    let (before, after) = (history(facts, known_before), history(facts, known_after));
    let mut keys: Vec<FactKey<'_>> = before.keys().chain(after.keys()).copied().collect();
    keys.sort();
    keys.dedup();
    let mut found = Vec::new();
    for key in keys {
        let none = Vec::new();
        let (old, new) = (before.get(&key).unwrap_or(&none), after.get(&key).unwrap_or(&none));
        let valued = |(days, fact): &(Days, &Fact)| fact.value.is_some().then_some(*days);
        // Days with a value on either side, less those on which both say the same.
        let mut differ: DaySet = old.iter().chain(new).filter_map(valued).collect();
        for (days, fact) in old {
            for (others, _) in new.iter().filter(|(_, other)| other.value == fact.value) {
                days.common(*others).into_iter().for_each(|same| differ.remove(same));
            }
        }
        let of = |days: &Days| Reopened { subject: key.0, name: key.1.to_owned(), days: *days };
        found.extend(differ.spans().iter().map(of));
    }
    found
}

/// The latest recording of each source about one thing on a day, as known at a moment: what was declared beside what was
/// found, for the person who compares. Later first.
pub fn side_by_side<'f>(facts: &'f [Fact], key: FactKey<'_>, on: Date, known_at: Moment) -> Vec<&'f Fact> {
    let mut latest: BTreeMap<Source, &Fact> = BTreeMap::new();
    let about = |fact: &&Fact| fact.key() == key && fact.recorded_at <= known_at && fact.valid.hold(on);
    for fact in facts.iter().filter(about) {
        let kept = latest.entry(fact.source).or_insert(fact);
        if kept.order() < fact.order() {
            *kept = fact;
        }
    }
    let mut found: Vec<&Fact> = latest.into_values().collect();
    found.sort_by_key(|fact| std::cmp::Reverse(fact.order()));
    found
}
