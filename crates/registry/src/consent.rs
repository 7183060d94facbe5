//! Who has agreed to what: authorisations of checks, adult by adult, and consent to show one's figures to the applicant.
//!
//! Nothing is asked about a person whose [`Authorisation`] does not cover them and the class of source on that day.
//! [`missing_authorisations`] says whose signature is wanting, who may give it, and why the one there is will not do.

mod figures;
mod missing;
#[cfg(test)]
mod tests;

pub use figures::{Apart, ShowConsent, View, view};
pub use missing::{Missing, Why, missing_authorisations};

use crate::flaw::{Flaw, Flaws, said};
use crate::id::{AuthorisationId, Days, PersonId};
use anmin_base::date::{Date, age_on};
use std::collections::BTreeSet;

/// Completed years from which a person signs for themselves.
pub const OF_AGE: i32 = 18;

/// A class of sources: deposits, vehicles, social insurance. Which there are is data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub String);

impl From<&str> for Class {
    fn from(name: &str) -> Self {
        Class(name.to_owned())
    }
}

/// One person and one class that an authorisation covers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cover {
    /// Who may be asked about.
    pub person: PersonId,
    /// Where.
    pub class: Class,
}

/// A signed 核对授权书.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorisation {
    /// Its identifier.
    pub id: AuthorisationId,
    /// Who signed.
    pub signer: PersonId,
    /// For whom and what.
    pub covers: BTreeSet<Cover>,
    /// The day of the signature to the last day of its period.
    pub days: Days,
    /// Revoked: nothing is asked from this day on.
    pub revoked_on: Option<Date>,
    /// The last day of the benefit it was signed for, once that has ended.
    pub ended_on: Option<Date>,
    /// The household when it was signed. Who is counted is not asked here: whoever was listed.
    pub household: BTreeSet<PersonId>,
}

impl Authorisation {
    /// Whether it lets a class be asked about a person on a day, as far as the paper goes. Whether the signer may sign for
    /// the person, and whether the household is still the same, [`missing_authorisations`] judges.
    pub fn covers(&self, person: PersonId, class: &Class, on: Date) -> bool {
        self.holds(on) && self.names(person, class)
    }

    /// Whether it is in force on a day: signed, not run out, not revoked, and the benefit has not ended.
    pub fn holds(&self, on: Date) -> bool {
        self.days.hold(on)
            && self.revoked_on.is_none_or(|day| on < day)
            && self.ended_on.is_none_or(|day| on <= day)
    }

    /// Everything that keeps it from being filed: it needs an end, somebody and something it covers, and a signer who may
    /// sign for each of them on the day of the signature.
    ///
    /// # Errors
    /// The flaws, by field.
    pub fn check(&self, parties: &[Party]) -> Result<(), Vec<Flaw>> {
        let mut flaws = Flaws::default();
        if self.days.to.is_none() {
            let sentence = said("请填写授权的截止日期。", "Write the last day of the authorisation.");
            flaws.add("to", sentence);
        } else if self.days.is_empty() {
            let sentence = said(
                "截止日期早于签署日期，请核对。",
                "The last day comes before the signature; check both.",
            );
            flaws.add("to", sentence);
        }
        if self.covers.is_empty() {
            flaws.add(
                "covers",
                said("请选择授权核对的人和数据来源。", "Choose whom and which sources it covers."),
            );
        }
        let persons: BTreeSet<PersonId> = self.covers.iter().map(|cover| cover.person).collect();
        for (at, person) in persons.into_iter().enumerate() {
            let party = parties.iter().find(|party| party.person == person);
            if !party.is_some_and(|party| party.may_be_signed_by(self.signer, self.days.from)) {
                flaws.add(
                    format!("persons[{at}]"),
                    said(
                        "签署人不能替此人授权：成年人本人签署，未成年人等由监护人签署。请由有权的人签署。",
                        "The signer cannot sign for this person: adults sign for themselves, guardians for others. Have it signed by who can.",
                    ),
                );
            }
        }
        if flaws.0.is_empty() { Ok(()) } else { Err(flaws.0) }
    }

    fn names(&self, person: PersonId, class: &Class) -> bool {
        self.covers.iter().any(|cover| cover.person == person && cover.class == *class)
    }
}

/// Whether any of them lets a class be asked about a person on a day, as far as the papers go.
pub fn covers(authorisations: &[Authorisation], person: PersonId, class: &Class, on: Date) -> bool {
    authorisations.iter().any(|authorisation| authorisation.covers(person, class, on))
}

/// Whether a person acts for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// From the age of 18.
    ByAge,
    /// From 16, living mainly on their own work.
    OwnWork,
    /// Not able to judge their own acts: a guardian acts, whatever the age.
    Guarded,
}

/// Somebody who may act for a person, on some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guardian {
    /// Who.
    pub person: PersonId,
    /// When.
    pub days: Days,
}

/// How a person belongs to what is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Of the household.
    Member,
    /// Outside it, with a duty to support somebody in it. Asked about with their own consent only.
    Obligor,
}

/// A person as far as consent is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Who.
    pub person: PersonId,
    /// Member or obligor.
    pub part: Part,
    /// Date of birth, if known.
    pub birth: Option<Date>,
    /// Whether they act for themselves.
    pub capacity: Capacity,
    /// Who may act for them where they do not.
    pub guardians: Vec<Guardian>,
}

/// Who signs for a person on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signs {
    /// The person alone.
    Oneself,
    /// Any one of these.
    Guardian(Vec<PersonId>),
    /// A guardian, and none is known.
    NobodyKnown,
    /// Nobody can say without the date of birth.
    BirthUnknown,
}

impl Party {
    /// Who signs for this person on a day.
    pub fn signs(&self, on: Date) -> Signs {
        let own_from = match self.capacity {
            Capacity::Guarded => None,
            Capacity::ByAge => Some(OF_AGE),
            Capacity::OwnWork => Some(16),
        };
        match (own_from, self.birth) {
            (Some(_), None) => return Signs::BirthUnknown,
            (Some(own_from), Some(birth)) if age_on(birth, on) >= own_from => return Signs::Oneself,
            _ => {}
        }
        let here = self.guardians.iter().filter(|g| g.days.hold(on) && g.person != self.person);
        let guardians: Vec<PersonId> = here.map(|guardian| guardian.person).collect();
        if guardians.is_empty() { Signs::NobodyKnown } else { Signs::Guardian(guardians) }
    }

    /// Whether a signature of the day counts for this person.
    pub fn may_be_signed_by(&self, signer: PersonId, on: Date) -> bool {
        match self.signs(on) {
            Signs::Oneself => signer == self.person,
            Signs::Guardian(guardians) => guardians.contains(&signer),
            Signs::NobodyKnown | Signs::BirthUnknown => false,
        }
    }
}
