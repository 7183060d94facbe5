//! Relatives of staff among those a case is about: declared relatives are compared by blind index, and what is found
//! becomes a bar. Which relations bar is data.
//!
//! A shared surname, address or telephone is never looked at. That nobody works on their own case is not asked here but
//! at every act.

use crate::id::{CaseId, PersonId};
use anmin_base::date::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The keyed hash of a person's number under the key that is only for relatives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KinIndex(pub String);

/// A relation as the pack names it: `spouse`, `parent`, `sibling_of_spouse`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relation(pub String);

impl From<&str> for Relation {
    fn from(name: &str) -> Self {
        Relation(name.to_owned())
    }
}

/// What a member of staff, or of a village committee, declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Who declares.
    pub staff: PersonId,
    /// What the other is to them.
    pub relation: Relation,
    /// Who the other is.
    pub kin: KinIndex,
    /// When.
    pub declared_on: Date,
    /// From this day on it is so no longer, such as after a divorce.
    pub ended_on: Option<Date>,
}

/// Somebody a case is about: applicant, member, obligor, guardian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The case.
    pub case: CaseId,
    /// Who.
    pub person: PersonId,
    /// Their index; none of somebody without a number.
    pub index: Option<KinIndex>,
}

/// A member of staff who is to be kept from a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bar {
    /// The case.
    pub case: CaseId,
    /// Who is kept from it.
    pub staff: PersonId,
    /// Whose relative they are.
    pub of: PersonId,
    /// What the other is to them, as declared.
    pub relation: Relation,
}

/// What a comparison gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Bars to set, each once, in order.
    pub bars: Vec<Bar>,
    /// Parties nobody could be compared with, since they have no number: to be asked by a person.
    pub not_compared: Vec<(CaseId, PersonId)>,
    /// Declared relations the table does not know. They bar all the same until somebody has looked.
    pub unknown: BTreeSet<Relation>,
}

/// Compares what is declared with those the cases are about, on a day. `barring` says of every relation whether it bars.
pub fn compare(
    declarations: &[Declaration],
    parties: &[Party],
    barring: &BTreeMap<Relation, bool>,
    on: Date,
) -> Matched {
    let mut by_index: BTreeMap<&KinIndex, Vec<&Declaration>> = BTreeMap::new();
    let mut matched = Matched::default();
    let in_force = |d: &&Declaration| d.declared_on <= on && d.ended_on.is_none_or(|ended| on < ended);
    for declaration in declarations.iter().filter(in_force) {
        match barring.get(&declaration.relation) {
            Some(false) => continue,
            Some(true) => {}
            None => drop(matched.unknown.insert(declaration.relation.clone())),
        }
        by_index.entry(&declaration.kin).or_default().push(declaration);
    }
    let mut bars = BTreeSet::new();
    for party in parties {
        let (case, of) = (party.case, party.person);
        let Some(index) = &party.index else {
            matched.not_compared.push((case, of));
            continue;
        };
        for declaration in by_index.get(index).into_iter().flatten() {
            let relation = declaration.relation.clone();
            bars.insert(Bar { case, staff: declaration.staff, of, relation });
        }
    }
    matched.bars = bars.into_iter().collect();
    matched.not_compared.sort();
    matched.not_compared.dedup();
    matched
}

/// The bars that are not set yet. One that is set is never lifted here: that takes a person.
pub fn to_set<'m>(matched: &'m Matched, set: &BTreeSet<(CaseId, PersonId)>) -> Vec<&'m Bar> {
    let mut seen = BTreeSet::new();
    let new = |bar: &&Bar| !set.contains(&(bar.case, bar.staff)) && seen.insert((bar.case, bar.staff));
    matched.bars.iter().filter(new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: Date = Date::ymd(2026, 9, 1);
    const CLERK: PersonId = PersonId(1);

    fn index(n: u128) -> KinIndex {
        KinIndex(format!("{n:064x}"))
    }

    fn declared(relation: &str, kin: u128) -> Declaration {
        let declared_on = Date::ymd(2026, 1, 1);
        Declaration { staff: CLERK, relation: relation.into(), kin: index(kin), declared_on, ended_on: None }
    }

    fn party(case: u128, person: u128) -> Party {
        Party { case: CaseId(case), person: PersonId(person), index: Some(index(person)) }
    }

    fn table() -> BTreeMap<Relation, bool> {
        [("spouse".into(), true), ("sibling".into(), true), ("cousin".into(), false)].into()
    }

    fn bar(case: u128, of: u128, relation: &str) -> Bar {
        Bar { case: CaseId(case), staff: CLERK, of: PersonId(of), relation: relation.into() }
    }

    #[test]
    fn a_declared_relative_in_a_case_is_a_bar() {
        let declarations = [declared("spouse", 7), declared("cousin", 8), declared("sibling", 9)];
        let parties = [party(10, 7), party(10, 9), party(11, 8), party(12, 7), party(12, 7)];
        let matched = compare(&declarations, &parties, &table(), ON);
        assert_eq!(matched.bars, [bar(10, 7, "spouse"), bar(10, 9, "sibling"), bar(12, 7, "spouse")]);
        assert!(matched.unknown.is_empty() && matched.not_compared.is_empty());
        let set = [(CaseId(12), CLERK)].into();
        assert_eq!(to_set(&matched, &set), [&bar(10, 7, "spouse")], "once a case and person");
    }

    #[test]
    fn a_declaration_counts_while_it_is_so() {
        let parties = [party(10, 7)];
        for (ended_on, on, bars) in [
            (None, Date::ymd(2025, 12, 31), 0),
            (None, Date::ymd(2026, 1, 1), 1),
            (Some(ON), ON.add_days(-1), 1),
            (Some(ON), ON, 0),
        ] {
            let declarations = [Declaration { ended_on, ..declared("spouse", 7) }];
            assert_eq!(compare(&declarations, &parties, &table(), on).bars.len(), bars, "{on}");
        }
    }

    #[test]
    fn a_relation_nobody_knows_bars_and_is_reported() {
        let matched = compare(&[declared("foster_child", 7)], &[party(10, 7)], &table(), ON);
        assert_eq!(matched.bars, [bar(10, 7, "foster_child")]);
        assert_eq!(matched.unknown, ["foster_child".into()].into());
    }

    #[test]
    fn who_has_no_number_is_to_be_asked() {
        let nameless = Party { index: None, ..party(10, 5) };
        let matched = compare(&[declared("spouse", 7)], &[nameless.clone(), nameless], &table(), ON);
        assert_eq!((matched.bars, matched.not_compared), (vec![], vec![(CaseId(10), PersonId(5))]));
    }
}
