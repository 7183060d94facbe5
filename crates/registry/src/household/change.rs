//! Changes of who belongs to a household, as rows to take back and rows to add.
//!
//! Every change is tried on the book: the rows it would give are checked together with all others, so a move is one
//! change and never a moment in which somebody is in two households or in none.

use super::{Book, Ground, Household, Membership, Refusal, Rows};
use crate::id::{Days, HouseholdId, Moment, PersonId};
use anmin_base::date::Date;

/// Somebody who comes in, and on which ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joining {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub ground: Ground,
}

/// What happened in life, or was recorded wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody comes in, for some days.
    Join {
        /// Where.
        household: HouseholdId,
        /// Who and why.
        who: Joining,
        /// When.
        days: Days,
    },
    /// Somebody is in no longer after a day: moved out, died, grew up.
    Leave {
        /// Where.
        household: HouseholdId,
        /// Who.
        person: PersonId,
        /// The last day.
        last: Date,
    },
    /// The ground is another from a day on: imprisoned, a student no longer.
    Reground {
        /// Where.
        household: HouseholdId,
        /// Who, and the new ground.
        who: Joining,
        /// The first day of the new ground.
        from: Date,
    },
    /// Somebody leaves one household and is in another of the same kind the day after.
    Move {
        /// Where from.
        household: HouseholdId,
        /// Where to.
        to: HouseholdId,
        /// Who, and the ground there.
        who: Joining,
        /// The first day there.
        from: Date,
    },
    /// All of one household belong to another of the same kind from a day on.
    Merge {
        /// Which ends.
        household: HouseholdId,
        /// Which goes on.
        into: HouseholdId,
        /// The first day of the one household.
        from: Date,
    },
    /// Some of a household are another household of the same kind from a day on.
    Split {
        /// Which goes on with the others.
        household: HouseholdId,
        /// The new one.
        into: HouseholdId,
        /// Who goes, and on which ground.
        who: Vec<Joining>,
        /// The first day of the new household.
        from: Date,
    },
    /// A row was wrong: this is how it should have been, or there should have been none.
    Correct {
        /// The wrong one, as it stands.
        row: Membership,
        /// The right ground and days; none if the person never belonged.
        right: Option<(Ground, Days)>,
    },
}

/// The rows that make a change, recorded at a moment.
///
/// # Errors
/// Everything that speaks against it; then nothing is to be written.
pub fn change(book: &Book, change: &Change, at: Moment) -> Result<Rows, Vec<Refusal>> {
    let rows = Drawing { book, at }.draw(change).map_err(|refusal| vec![refusal])?;
    // What was wrong before is not this change's fault, and must not stop the one that mends it.
    let mut refusals = book.after(&rows, at).check(at);
    for known in book.check(at) {
        if let Some(same) = refusals.iter().position(|refusal| *refusal == known) {
            refusals.remove(same);
        }
    }
    if refusals.is_empty() { Ok(rows) } else { Err(refusals) }
}

struct Drawing<'b> {
    book: &'b Book,
    at: Moment,
}

impl Drawing<'_> {
    fn draw(&self, change: &Change) -> Result<Rows, Refusal> {
        match change {
            Change::Join { household, who, days } => {
                self.household(*household)?;
                Ok(Rows { take_back: vec![], add: vec![self.row(*household, *who, *days)] })
            }
            Change::Leave { household, person, last } => {
                self.household(*household)?;
                self.cut(*household, *person, *last)
            }
            Change::Reground { household, who, from } => self.reground(*household, *who, *from),
            Change::Move { household, to, who, from } => {
                self.alike(*household, *to)?;
                let mut rows = self.cut_before(*household, who.person, *from)?;
                rows.add.push(self.row(*to, *who, Days::since(*from)));
                Ok(rows)
            }
            Change::Merge { household, into, from } => self.merge(*household, *into, *from),
            Change::Split { household, into, who, from } => self.split(*household, *into, who, *from),
            Change::Correct { row, right } => self.correct(row, *right),
        }
    }

    fn household(&self, id: HouseholdId) -> Result<&Household, Refusal> {
        self.book.household(id).ok_or(Refusal::UnknownHousehold { household: id })
    }

    /// Both are there, different, and of one kind and programme.
    fn alike(&self, household: HouseholdId, other: HouseholdId) -> Result<(), Refusal> {
        let (one, two) = (self.household(household)?, self.household(other)?);
        let addresses = one.kind() == two.kind() && one.kind() == super::HouseholdKind::Address;
        match household != other && (addresses || one.excludes(two)) {
            true => Ok(()),
            false => Err(Refusal::NotAlike { household, other }),
        }
    }

    fn row(&self, household: HouseholdId, who: Joining, days: Days) -> Membership {
        let (person, ground) = (who.person, who.ground);
        Membership { household, person, ground, days, recorded_at: self.at, taken_back_at: None }
    }

    fn of(&self, household: HouseholdId, person: PersonId) -> impl Iterator<Item = &Membership> {
        let rows =
            self.book.rows.iter().filter(move |row| row.household == household && row.person == person);
        rows.filter(|row| row.known(self.at))
    }

    /// The person's rows with nothing after `last`; refused if they are not in on that day.
    fn cut(&self, household: HouseholdId, person: PersonId, last: Date) -> Result<Rows, Refusal> {
        if !self.of(household, person).any(|row| row.days.hold(last)) {
            return Err(Refusal::NotIn { person, household, on: last });
        }
        Ok(self.rest(household, person, last))
    }

    /// The same for the day before `from`; who came in on `from` itself is taken back whole.
    fn cut_before(&self, household: HouseholdId, person: PersonId, from: Date) -> Result<Rows, Refusal> {
        if !self.of(household, person).any(|row| row.days.hold(from)) {
            return Err(Refusal::NotIn { person, household, on: from });
        }
        let Some(last) = from.checked_add_days(-1) else {
            let all = self.of(household, person).copied().collect();
            return Ok(Rows { take_back: all, add: vec![] });
        };
        Ok(self.rest(household, person, last))
    }

    /// Takes back every row that reaches beyond `last` and adds what is left of it.
    fn rest(&self, household: HouseholdId, person: PersonId, last: Date) -> Rows {
        let mut rows = Rows::default();
        for row in self.of(household, person).filter(|row| row.days.last() > last) {
            rows.take_back.push(*row);
            let left = row.days.until(last);
            rows.add.extend(left.map(|days| Membership { days, recorded_at: self.at, ..*row }));
        }
        rows
    }

    fn reground(&self, household: HouseholdId, who: Joining, from: Date) -> Result<Rows, Refusal> {
        self.household(household)?;
        let person = who.person;
        let current = self.of(household, person).find(|row| row.days.hold(from)).copied();
        let Some(row) = current else {
            return Err(Refusal::NotIn { person, household, on: from });
        };
        let before = from.checked_add_days(-1).and_then(|last| row.days.until(last));
        let mut add: Vec<Membership> = Vec::new();
        add.extend(before.map(|days| Membership { days, recorded_at: self.at, ..row }));
        add.push(self.row(household, who, Days { from, to: row.days.to }));
        Ok(Rows { take_back: vec![row], add })
    }

    fn merge(&self, household: HouseholdId, into: HouseholdId, from: Date) -> Result<Rows, Refusal> {
        self.alike(household, into)?;
        let last = from.checked_add_days(-1);
        let mut rows = Rows::default();
        let here = self.book.rows.iter().filter(|row| row.household == household && row.known(self.at));
        for row in here {
            let Some(goes) = row.days.starting(from) else { continue };
            rows.take_back.push(*row);
            let stays = last.and_then(|last| row.days.until(last));
            rows.add.extend(stays.map(|days| Membership { days, recorded_at: self.at, ..*row }));
            // Who is listed in both is in the other as it stands there.
            if !self.of(into, row.person).any(|there| there.days.common(goes).is_some()) {
                rows.add.push(Membership { household: into, days: goes, recorded_at: self.at, ..*row });
            }
        }
        match rows.take_back.is_empty() {
            true => Err(Refusal::NobodyIn { household, on: from }),
            false => Ok(rows),
        }
    }

    fn split(
        &self,
        household: HouseholdId,
        into: HouseholdId,
        who: &[Joining],
        from: Date,
    ) -> Result<Rows, Refusal> {
        self.alike(household, into)?;
        let members = self.book.members(household, from, self.at);
        let goes = |row: &&&Membership| who.iter().any(|joining| joining.person == row.person);
        if who.is_empty() || members.iter().filter(goes).count() == members.len() {
            return Err(Refusal::NobodySplit { household });
        }
        let mut rows = Rows::default();
        for joining in who {
            let cut = self.cut_before(household, joining.person, from)?;
            rows.take_back.extend(cut.take_back);
            rows.add.extend(cut.add);
            rows.add.push(self.row(into, *joining, Days::since(from)));
        }
        Ok(rows)
    }

    fn correct(&self, row: &Membership, right: Option<(Ground, Days)>) -> Result<Rows, Refusal> {
        if !self.book.rows.contains(row) || !row.known(self.at) {
            return Err(Refusal::NoSuchRow { person: row.person, household: row.household });
        }
        let right = right.map(|(ground, days)| Membership { ground, days, recorded_at: self.at, ..*row });
        Ok(Rows { take_back: vec![*row], add: right.into_iter().collect() })
    }
}
