//! A grant: who is owed what a month, from when to when, and by which decision.
//!
//! It is a log of changes, each with the decision it hangs on. A later change says what holds from a month on; one that
//! was undone (stayed, overturned) counts for nothing, and what was before holds again, so that the months between are
//! owed. Nothing is ever taken out of the log.

use crate::id::{ChangeId, DecisionId, GrantId, Name, PersonId};
use anmin_base::date::Month;
use anmin_base::money::Money;

/// The amount of each component, in whole fen above zero, sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amounts(Vec<(Name, Money)>);

impl Amounts {
    /// These amounts; what is zero is left out. None where one is negative or two have one name.
    pub fn new(mut parts: Vec<(Name, Money)>) -> Option<Amounts> {
        parts.retain(|(_, amount)| *amount != Money::ZERO);
        parts.sort();
        let sound = parts.iter().all(|(_, amount)| !amount.is_negative());
        (sound && parts.windows(2).all(|pair| pair[0].0 != pair[1].0)).then_some(Amounts(parts))
    }

    /// Of one component; zero if it has none.
    pub fn of(&self, component: &str) -> Money {
        self.0.iter().find(|(name, _)| name == component).map_or(Money::ZERO, |(_, amount)| *amount)
    }

    /// The parts.
    pub fn parts(&self) -> &[(Name, Money)] {
        &self.0
    }

    /// All together; none if it overflows.
    pub fn total(&self) -> Option<Money> {
        self.0.iter().try_fold(Money::ZERO, |sum, (_, amount)| sum.checked_add(*amount))
    }
}

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// It.
    pub id: GrantId,
    /// Who is paid: for a household, its applicant.
    pub payee: PersonId,
    /// The programme.
    pub programme: Name,
    /// What was decided, in the order in which it was recorded.
    pub changes: Vec<Change>,
}

/// One change of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// It: what arrears are paid because of.
    pub id: ChangeId,
    /// The decision.
    pub decision: DecisionId,
    /// When it was recorded, in milliseconds; compared with closings and nothing else.
    pub recorded: i64,
    /// Why, as rosters of changes say it.
    pub ground: Ground,
    /// How many persons it is paid for.
    pub persons: u32,
    /// What it does.
    pub does: Does,
}

/// What a change does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// These amounts from this month on.
    Set {
        /// The month.
        from: Month,
        /// A month's worth.
        amounts: Amounts,
        /// What the first month is worth, where that is not a whole one.
        first: Option<Amounts>,
    },
    /// Nothing from this month on.
    End {
        /// The first month without.
        from: Month,
    },
    /// An earlier change counts for nothing.
    Undo {
        /// Which.
        of: ChangeId,
    },
}

/// Why a grant changes, by the codes of 增减变动表 and 停发名册.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// 新增.
    New,
    /// 增发.
    Increased,
    /// 减发.
    Reduced,
    /// 停发.
    Stopped,
    /// 暂停.
    Suspended,
    /// 恢复.
    Resumed,
    /// 迁入.
    MovedIn,
    /// 迁出.
    MovedOut,
    /// 死亡.
    Died,
    /// 自愿退出.
    Withdrew,
    /// 撤销或停止执行原决定.
    Overturned,
}

impl Ground {
    /// All, with their names in rows and their Chinese and English words.
    pub const ALL: [(Ground, &'static str, &'static str, &'static str); 11] = [
        (Ground::New, "new", "新增", "New"),
        (Ground::Increased, "increased", "增发", "Increased"),
        (Ground::Reduced, "reduced", "减发", "Reduced"),
        (Ground::Stopped, "stopped", "停发", "Stopped"),
        (Ground::Suspended, "suspended", "暂停", "Suspended"),
        (Ground::Resumed, "resumed", "恢复", "Resumed"),
        (Ground::MovedIn, "moved_in", "迁入", "Moved in"),
        (Ground::MovedOut, "moved_out", "迁出", "Moved away"),
        (Ground::Died, "died", "死亡", "Died"),
        (Ground::Withdrew, "withdrew", "自愿退出", "Withdrew"),
        (Ground::Overturned, "overturned", "原决定撤销或停止执行", "Decision overturned or stayed"),
    ];

    fn row(self) -> (Ground, &'static str, &'static str, &'static str) {
        Ground::ALL[self as usize]
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Of that name.
    pub fn named(name: &str) -> Option<Ground> {
        Ground::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Chinese.
    pub fn zh(self) -> &'static str {
        self.row().2
    }

    /// English.
    pub fn en(self) -> &'static str {
        self.row().3
    }
}

/// What is owed for one month, and by which change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed<'g> {
    /// The amounts.
    pub amounts: &'g Amounts,
    /// The change that says so last: an undoing counts as the later of the two.
    pub by: &'g Change,
    /// The change the amounts stand in.
    pub set: &'g Change,
}

impl Grant {
    /// The grant as it was known at a moment: with what was recorded up to it.
    #[must_use]
    pub fn known_at(&self, moment: i64) -> Grant {
        let changes = self.changes.iter().filter(|change| change.recorded <= moment).cloned().collect();
        Grant { changes, ..self.clone() }
    }

    /// What a month is worth; none where nothing is.
    pub fn owed(&self, month: Month) -> Option<Owed<'_>> {
        let mut by = None;
        let mut set = None;
        for change in &self.changes {
            if self.touches(change, month) {
                by = Some(change);
            }
            if self.is_undone(change.id) {
                continue;
            }
            match &change.does {
                Does::Set { from, .. } if *from <= month => set = Some(change),
                Does::End { from } if *from <= month => set = None,
                _ => {}
            }
        }
        let (set, by) = (set?, by?);
        let Does::Set { from, amounts, first } = &set.does else { return None };
        let amounts = first.as_ref().filter(|_| *from == month).unwrap_or(amounts);
        Some(Owed { amounts, by, set })
    }

    /// The last change that says anything of a month.
    pub fn last_word(&self, month: Month) -> Option<&Change> {
        self.changes.iter().rev().find(|change| self.touches(change, month))
    }

    /// The first month anything was ever said of.
    pub fn first_month(&self) -> Option<Month> {
        self.changes.iter().filter_map(|change| self.from(change)).min()
    }

    /// The first month a change speaks of: of an undoing, that of what it undoes.
    pub fn from(&self, change: &Change) -> Option<Month> {
        match &change.does {
            Does::Set { from, .. } | Does::End { from } => Some(*from),
            Does::Undo { of } => {
                let undone = self.changes.iter().find(|earlier| earlier.id == *of)?;
                // What is undone twice speaks of nothing.
                if matches!(undone.does, Does::Undo { .. }) { None } else { self.from(undone) }
            }
        }
    }

    fn touches(&self, change: &Change, month: Month) -> bool {
        self.from(change).is_some_and(|from| from <= month)
    }

    fn is_undone(&self, id: ChangeId) -> bool {
        self.changes.iter().any(|change| matches!(change.does, Does::Undo { of } if of == id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(fen: i64) -> Amounts {
        Amounts::new(vec![("base".into(), Money::from_fen(fen))]).unwrap()
    }

    fn change(id: u128, ground: Ground, does: Does) -> Change {
        Change { id: ChangeId(id), decision: DecisionId(id), recorded: id as i64, ground, persons: 1, does }
    }

    fn set(from: u8, amount: i64) -> Does {
        Does::Set { from: Month::ym(2026, from), amounts: fen(amount), first: None }
    }

    fn grant(changes: Vec<Change>) -> Grant {
        Grant { id: GrantId(1), payee: PersonId(1), programme: "aid".into(), changes }
    }

    #[test]
    fn a_later_decision_holds_from_its_month_and_what_is_undone_does_not() {
        let end = Does::End { from: Month::ym(2026, 6) };
        let grant = grant(vec![
            change(1, Ground::New, set(2, 100)),
            change(2, Ground::Reduced, set(4, 60)),
            change(3, Ground::Stopped, end),
            change(4, Ground::Overturned, Does::Undo { of: ChangeId(2) }),
        ]);
        let worth =
            |month| grant.owed(Month::ym(2026, month)).map(|o| (o.amounts.of("base").fen(), o.by.id.0));
        assert_eq!(worth(1), None);
        assert_eq!(worth(2), Some((100, 1)));
        // The months that were reduced are owed in full again, because of the undoing.
        assert_eq!(worth(4), Some((100, 4)));
        assert_eq!(worth(5), Some((100, 4)));
        assert_eq!(worth(6), None);
        assert_eq!(grant.known_at(3).owed(Month::ym(2026, 4)).unwrap().amounts.of("base").fen(), 60);
        assert_eq!(grant.last_word(Month::ym(2026, 6)).unwrap().id, ChangeId(4));
    }

    #[test]
    fn a_first_month_may_be_worth_less() {
        let does = Does::Set { from: Month::ym(2026, 3), amounts: fen(100), first: Some(fen(40)) };
        let grant = grant(vec![change(1, Ground::New, does)]);
        assert_eq!(grant.owed(Month::ym(2026, 3)).unwrap().amounts.of("base").fen(), 40);
        assert_eq!(grant.owed(Month::ym(2026, 4)).unwrap().amounts.of("base").fen(), 100);
    }

    #[test]
    fn amounts_are_above_zero_and_named_once() {
        let part = |name: &str, fen| (name.to_owned(), Money::from_fen(fen));
        assert_eq!(Amounts::new(vec![part("a", -1)]), None);
        assert_eq!(Amounts::new(vec![part("a", 1), part("a", 2)]), None);
        let amounts = Amounts::new(vec![part("b", 2), part("a", 0), part("c", 1)]).unwrap();
        assert_eq!(amounts.parts().len(), 2);
        assert_eq!(amounts.total(), Some(Money::from_fen(3)));
    }

    #[test]
    fn grounds_are_found_by_their_names() {
        for (ground, name, ..) in Ground::ALL {
            assert_eq!(Ground::named(name), Some(ground));
            assert_eq!(ground.name(), name);
        }
    }
}
