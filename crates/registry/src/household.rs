//! Households: three different things that share one form. Who stands in one register (户口簿), who lives together and is
//! counted together in one case and programme (共同生活家庭), who lives at one address (居住地).
//!
//! A [`Membership`] is a row with days and a ground. No row is ever changed: a change takes rows back as of a moment and
//! adds others ([`Rows`]), so that who belonged to a household *as was known then* can always be said. A [`Book`] is the
//! rows one decides on: those of the households concerned, and all those of the persons concerned.

mod change;
mod ground;
mod refusal;
#[cfg(test)]
mod tests;

pub use change::{Change, Joining, change};
pub use ground::{Counting, Ground};
pub use refusal::Refusal;

use crate::id::{AreaId, CaseId, Days, HouseholdId, Moment, PersonId};
use anmin_base::date::Date;
use std::collections::BTreeSet;

/// The three kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HouseholdKind {
    /// 户口簿户.
    Registered,
    /// 共同生活家庭, in one case for one programme.
    Living,
    /// 居住地.
    Address,
}

impl HouseholdKind {
    /// As stored.
    pub const fn name(self) -> &'static str {
        match self {
            HouseholdKind::Registered => "registered",
            HouseholdKind::Living => "living",
            HouseholdKind::Address => "address",
        }
    }

    /// In Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            HouseholdKind::Registered => "户口簿户",
            HouseholdKind::Living => "共同生活家庭",
            HouseholdKind::Address => "居住地",
        }
    }

    /// In English.
    pub const fn en(self) -> &'static str {
        match self {
            HouseholdKind::Registered => "registered household",
            HouseholdKind::Living => "household living together",
            HouseholdKind::Address => "address",
        }
    }
}

/// The case and programme a household living together is counted for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountedFor {
    /// The case.
    pub case: CaseId,
    /// The programme, by the name its pack gives it.
    pub programme: String,
}

/// What a household is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// A household register.
    Register,
    /// A case and programme.
    Living(CountedFor),
    /// An address.
    Address,
}

/// A household. Who belongs to it stands in its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// Its identifier.
    pub id: HouseholdId,
    /// Of which kind, and for whom it is counted.
    pub of: Of,
    /// The area it lies in.
    pub area: AreaId,
}

impl Household {
    /// The kind.
    pub fn kind(&self) -> HouseholdKind {
        match self.of {
            Of::Register => HouseholdKind::Registered,
            Of::Living(_) => HouseholdKind::Living,
            Of::Address => HouseholdKind::Address,
        }
    }

    /// Whether one person cannot be counted in both at a time: two registers, or two households for one programme.
    pub fn excludes(&self, other: &Household) -> bool {
        match (&self.of, &other.of) {
            (Of::Register, Of::Register) => self.id != other.id,
            (Of::Living(a), Of::Living(b)) => self.id != other.id && a.programme == b.programme,
            _ => false,
        }
    }
}

/// One person in one household for some days, on one ground. A row: it is taken back, never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    /// Where.
    pub household: HouseholdId,
    /// Who.
    pub person: PersonId,
    /// Why in, or why not counted.
    pub ground: Ground,
    /// When.
    pub days: Days,
    /// When it was recorded.
    pub recorded_at: Moment,
    /// When it was taken back, because something else was recorded in its place.
    pub taken_back_at: Option<Moment>,
}

impl Membership {
    /// Whether it was recorded and not yet taken back.
    pub fn known(&self, at: Moment) -> bool {
        self.recorded_at <= at && self.taken_back_at.is_none_or(|taken| taken > at)
    }
}

/// What a change does to the rows: all of it, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows that hold no longer as they stand, and are kept with the moment of the change. One that ends has its
    /// shorter self among `add`: same household, person and first day.
    pub take_back: Vec<Membership>,
    /// New rows.
    pub add: Vec<Membership>,
}

/// The households and rows something is decided on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// The households.
    pub households: Vec<Household>,
    /// Their rows, and every other row of the persons concerned.
    pub rows: Vec<Membership>,
}

impl Book {
    /// A household by its identifier.
    pub fn household(&self, id: HouseholdId) -> Option<&Household> {
        self.households.iter().find(|household| household.id == id)
    }

    /// Who belonged to a household on a day, as was known at a moment; counted or not.
    pub fn members(&self, household: HouseholdId, on: Date, known_at: Moment) -> Vec<&Membership> {
        let holds =
            |row: &&Membership| row.household == household && row.days.hold(on) && row.known(known_at);
        let mut found: Vec<&Membership> = self.rows.iter().filter(holds).collect();
        found.sort_by_key(|row| (row.days.from, row.person));
        found
    }

    /// Those of them who are counted.
    pub fn counted(&self, household: HouseholdId, on: Date, known_at: Moment) -> BTreeSet<PersonId> {
        let members = self.members(household, on, known_at);
        members.iter().filter(|row| row.ground.counted()).map(|row| row.person).collect()
    }

    /// The book after a change at a moment.
    #[must_use]
    pub fn after(&self, rows: &Rows, at: Moment) -> Book {
        let mut after = self.clone();
        for row in &mut after.rows {
            if rows.take_back.contains(row) {
                row.taken_back_at = Some(at);
            }
        }
        after.rows.extend(rows.add.iter().copied());
        after
    }

    /// Everything in the rows, as known at a moment, that may not be.
    pub fn check(&self, known_at: Moment) -> Vec<Refusal> {
        let rows: Vec<&Membership> = self.rows.iter().filter(|row| row.known(known_at)).collect();
        let mut found = Vec::new();
        for row in &rows {
            found.extend(self.wrong_by_itself(row));
        }
        for (n, row) in rows.iter().enumerate() {
            found.extend(rows[..n].iter().filter_map(|earlier| self.clash(earlier, row)));
        }
        found
    }

    fn wrong_by_itself(&self, row: &Membership) -> Option<Refusal> {
        let Some(household) = self.household(row.household) else {
            return Some(Refusal::UnknownHousehold { household: row.household });
        };
        if row.days.is_empty() {
            return Some(Refusal::Backwards { days: row.days });
        }
        let (ground, kind) = (row.ground, household.kind());
        (ground.kind() != kind).then_some(Refusal::WrongGround { ground, kind })
    }

    fn clash(&self, earlier: &Membership, row: &Membership) -> Option<Refusal> {
        let days = earlier.days.common(row.days)?;
        let both_counted = earlier.ground.counted() && row.ground.counted();
        if earlier.household == row.household {
            let household = row.household;
            if earlier.person == row.person {
                return Some(Refusal::AlreadyIn { person: row.person, household, days });
            }
            let alone = |m: &&Membership| m.ground.counting() == Counting::Alone;
            let person = [earlier, row].into_iter().find(alone).filter(|_| both_counted)?.person;
            let other = if person == row.person { earlier.person } else { row.person };
            return Some(Refusal::NotAlone { household, person, other, days });
        }
        let (here, there) = (self.household(row.household)?, self.household(earlier.household)?);
        let excluded = earlier.person == row.person && both_counted && here.excludes(there);
        excluded.then(|| Refusal::Elsewhere {
            person: row.person,
            household: there.id,
            kind: there.kind(),
            days,
        })
    }
}
