//! What is known of the thing somebody wants to see or act on.
//!
//! Absent facts never open a door. Where not knowing could (relatives, who has done what, who is to be kept apart), a
//! fact is an `Option`: `Some(&[])` says that nobody is concerned, `None` that nobody has looked, and then the answer is
//! no. What is not labelled is sealed, and a service that is not named is under every pack's narrowing.

use crate::authority::{DutyId, ServiceId, SourceId, SubjectId};
use crate::id::{AreaId, ContractId, Days, MatterId, PaperId, PersonId, UnitId};
use crate::sensitivity::Sensitivity;
use anmin_base::date::Date;
use anmin_base::money::Money;

/// Facts about what is asked for, as loaded by the caller before it decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct ResourceFacts<'a> {
    /// Under whose jurisdiction it is.
    pub area: Option<AreaId>,
    /// The line of work.
    pub subject: Option<SubjectId>,
    /// The service pack it belongs to.
    pub service: ServiceOf,
    /// How sensitive what is to be seen or written is.
    pub sensitivity: Sensitivity,
    /// The case or batch, with its cycle.
    pub matter: Option<Cycle>,
    /// The person it is about.
    pub about: Option<PersonId>,
    /// Who applies.
    pub applicant: Option<PersonId>,
    /// Everybody in the case or batch, the applicant's household among them.
    pub parties: Option<&'a [PersonId]>,
    /// Staff who are relatives of a party, on record.
    pub kin: Option<&'a [PersonId]>,
    /// Persons between whom nothing may pass: a violence flag, a pending divorce.
    pub kept_apart: Option<&'a [(PersonId, PersonId)]>,
    /// Who it is assigned to by name.
    pub assigned: &'a [Assignment],
    /// Who reported it.
    pub reporter: Option<PersonId>,
    /// Units of other places that are asked for help with it.
    pub cooperation: &'a [Cooperation],
    /// Who may act for the person it is about.
    pub representations: &'a [Representation],
    /// Consents of household members.
    pub consents: &'a [Consent],
    /// Authorisations of checks.
    pub authorisations: &'a [Authorisation<'a>],
    /// The source a check asks.
    pub source: Option<SourceId>,
    /// Duties done on the matter, in any cycle.
    pub taken: Option<&'a [Taken]>,
    /// Of a batch: who did a duty on a case in it that is paid for the first time or above the threshold.
    pub hands_in_cases: Option<&'a [PersonId]>,
    /// The unit it is about.
    pub unit: Option<UnitId>,
    /// The agreement it is exchanged under.
    pub contract: Option<ContractId>,
    /// The amount of what is given.
    pub amount: Option<Money>,
}

/// The service pack something belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServiceOf {
    /// Not said: every narrowing of every pack holds.
    #[default]
    Unknown,
    /// None, or one that narrows nothing.
    Core,
    /// This one.
    Narrowed(ServiceId),
}

impl ServiceOf {
    /// Whether what this service narrows holds here.
    pub fn is_narrowed_by(self, service: ServiceId) -> bool {
        match self {
            ServiceOf::Unknown => true,
            ServiceOf::Core => false,
            ServiceOf::Narrowed(id) => id == service,
        }
    }
}

/// One run of a matter: a reopened case begins a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cycle {
    /// The matter.
    pub matter: MatterId,
    /// Counted from the first.
    pub number: u32,
}

/// That something is assigned to a person by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The person.
    pub person: PersonId,
    /// The days.
    pub days: Days,
}

/// A letter that asks another place's unit for help with one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cooperation {
    /// The unit asked.
    pub unit: UnitId,
    /// The days.
    pub days: Days,
}

/// That somebody acts for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Representation {
    /// Who acts.
    pub by: PersonId,
    /// For whom.
    pub of: PersonId,
    /// As what.
    pub kind: RepresentationKind,
    /// The days.
    pub days: Days,
}

/// As what somebody acts for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepresentationKind {
    /// By law, for a minor or somebody without capacity.
    Guardian,
    /// On that person's written authority.
    Helper,
}

/// That a household member lets the applicant see their own figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Whose figures.
    pub by: PersonId,
    /// Who may see them.
    pub to: PersonId,
    /// The days.
    pub days: Days,
}

/// A signed authorisation to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorisation<'a> {
    /// The paper.
    pub id: PaperId,
    /// Who signed.
    pub signer: PersonId,
    /// The persons it covers: the signer, and wards of the signer.
    pub covers: &'a [PersonId],
    /// The sources it covers.
    pub sources: &'a [SourceId],
    /// The days.
    pub days: Days,
    /// Revoked from this day on.
    pub revoked: Option<Date>,
}

/// A duty done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taken {
    /// On what, and in which cycle.
    pub cycle: Cycle,
    /// By whom; an act on a delegated post is a row for each of the two persons.
    pub person: PersonId,
    /// What.
    pub duty: DutyId,
}

impl ResourceFacts<'_> {
    /// Whether the person is one of those in it.
    pub fn involves(&self, person: PersonId) -> bool {
        self.about == Some(person)
            || self.applicant == Some(person)
            || self.parties.is_some_and(|parties| parties.contains(&person))
    }

    /// Whether it is assigned to the person by name on the day.
    pub fn is_assigned_to(&self, person: PersonId, on: Date) -> bool {
        self.assigned.iter().any(|a| a.person == person && a.days.hold(on))
    }

    /// Whether somebody acts for the person it is about, on the day.
    pub fn is_represented_by(&self, person: PersonId, kind: RepresentationKind, on: Date) -> bool {
        let fits = |r: &Representation| {
            r.by == person && r.kind == kind && r.days.hold(on) && self.about == Some(r.of) && r.of != person
        };
        self.representations.iter().any(fits)
    }

    /// The authorisation that covers the person it is about and the source asked, on the day. An adult signs for
    /// themself; for another only their guardian on that day.
    pub fn authorisation(&self, on: Date) -> Option<PaperId> {
        let (about, source) = (self.about?, self.source?);
        let covers = |paper: &&Authorisation<'_>| {
            let may_sign = paper.signer == about
                || self.is_represented_by(paper.signer, RepresentationKind::Guardian, on);
            may_sign
                && paper.covers.contains(&about)
                && paper.sources.contains(&source)
                && paper.days.hold(on)
                && paper.revoked.is_none_or(|revoked| on < revoked)
        };
        self.authorisations.iter().find(covers).map(|paper| paper.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: Date = Date::ymd(2026, 9, 1);
    const SELF: PersonId = PersonId(1);
    const GUARDIAN: PersonId = PersonId(2);

    #[test]
    fn checks_only_under_an_authorisation_that_covers_person_source_and_day() {
        let days = Days::between(ON, ON.add_days(30));
        let paper = Authorisation {
            id: PaperId(7),
            signer: SELF,
            covers: &[SELF],
            sources: &[SourceId(0)],
            days,
            revoked: None,
        };
        let guardian = [Representation { by: GUARDIAN, of: SELF, kind: RepresentationKind::Guardian, days }];
        let helper = [Representation { kind: RepresentationKind::Helper, ..guardian[0] }];
        let by_guardian = Authorisation { signer: GUARDIAN, ..paper };
        for (what, paper, representations, source, about, on, covered) in [
            ("as signed", paper, &[][..], 0, SELF, ON, true),
            ("the last day", paper, &[], 0, SELF, ON.add_days(30), true),
            ("the day before", paper, &[], 0, SELF, ON.add_days(-1), false),
            ("the day after", paper, &[], 0, SELF, ON.add_days(31), false),
            ("another source", paper, &[], 1, SELF, ON, false),
            ("another person", paper, &[], 0, GUARDIAN, ON, false),
            ("a person not covered", Authorisation { covers: &[], ..paper }, &[], 0, SELF, ON, false),
            ("revoked", Authorisation { revoked: Some(ON), ..paper }, &[], 0, SELF, ON, false),
            (
                "revoked later",
                Authorisation { revoked: Some(ON.add_days(1)), ..paper },
                &[],
                0,
                SELF,
                ON,
                true,
            ),
            ("signed by a stranger", by_guardian, &[], 0, SELF, ON, false),
            ("signed by the guardian", by_guardian, &guardian, 0, SELF, ON, true),
            ("signed by a helper", by_guardian, &helper, 0, SELF, ON, false),
        ] {
            let papers = [paper];
            let facts = ResourceFacts {
                about: Some(about),
                source: Some(SourceId(source)),
                authorisations: &papers,
                representations,
                ..ResourceFacts::default()
            };
            assert_eq!(facts.authorisation(on), covered.then_some(PaperId(7)), "{what}");
        }
    }

    #[test]
    fn what_is_not_said_is_sealed_and_under_every_narrowing() {
        let facts = ResourceFacts::default();
        assert_eq!(facts.sensitivity, Sensitivity::P4);
        assert!(facts.service.is_narrowed_by(ServiceId(0)));
        assert!(!ServiceOf::Core.is_narrowed_by(ServiceId(0)));
        assert!(ServiceOf::Narrowed(ServiceId(0)).is_narrowed_by(ServiceId(0)));
        assert!(!ServiceOf::Narrowed(ServiceId(1)).is_narrowed_by(ServiceId(0)));
        assert!(facts.parties.is_none() && facts.kin.is_none() && facts.taken.is_none());
    }
}
