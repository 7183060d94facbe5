//! Two months side by side: who is new, who gets more or less, who no longer, and why (增减变动表, 停发名册).

use crate::grant::{Grant, Ground};
use crate::id::GrantId;
use crate::roster::Line;
use anmin_base::date::Month;
use anmin_base::money::Money;
use std::collections::BTreeMap;

/// A change between two months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The grant.
    pub grant: GrantId,
    /// Why, coded.
    pub ground: Ground,
    /// The month before: amount and persons; none: nothing.
    pub before: Option<(Money, u32)>,
    /// The month after.
    pub after: Option<(Money, u32)>,
    /// The first month it holds.
    pub from: Month,
    /// Of who is stopped: the last month paid for.
    pub to: Option<Month>,
}

impl Movement {
    /// Nothing is paid any more: it stands in 停发名册 too.
    pub fn stops(&self) -> bool {
        self.after.is_none()
    }

    /// How much more, or less.
    pub fn difference(&self) -> Option<Money> {
        let amount = |side: Option<(Money, u32)>| side.map_or(Money::ZERO, |(amount, _)| amount);
        amount(self.after).checked_sub(amount(self.before))
    }
}

/// What changed from a month to the next. The grants say why; `period` is the later month.
pub fn movements(
    before: &[Line],
    after: &[Line],
    grants: &BTreeMap<GrantId, Grant>,
    period: Month,
) -> Vec<Movement> {
    // What a grant had, and what it has.
    type Sides = (Option<(Money, u32)>, Option<(Money, u32)>);
    let mut sides: BTreeMap<GrantId, Sides> = BTreeMap::new();
    let side = |line: &Line| (line.regular != Money::ZERO).then_some((line.regular, line.persons));
    for line in before {
        sides.entry(line.grant).or_default().0 = side(line);
    }
    for line in after {
        sides.entry(line.grant).or_default().1 = side(line);
    }
    let changed = sides.into_iter().filter(|(_, (before, after))| before != after);
    changed
        .map(|(id, (before, after))| {
            let said = grants.get(&id).and_then(|grant| grant.last_word(period).map(|by| (grant, by)));
            let from = said.and_then(|(grant, by)| grant.from(by)).unwrap_or(period);
            Movement {
                grant: id,
                ground: ground(said.map(|(_, by)| by.ground), before, after),
                before,
                after,
                from,
                to: after.is_none().then(|| from.before()),
            }
        })
        .collect()
}

/// What was decided, as far as it fits what is seen: a grant that fell out for want of an account was not stopped by
/// anybody, and is told by what happened to the money.
fn ground(said: Option<Ground>, before: Option<(Money, u32)>, after: Option<(Money, u32)>) -> Ground {
    use Ground::{
        Died, Increased, MovedIn, MovedOut, New, Overturned, Reduced, Resumed, Stopped, Suspended, Withdrew,
    };
    let fits: &[Ground] = match (before, after) {
        (None, _) => &[New, Resumed, MovedIn, Overturned],
        (_, None) => &[Stopped, Suspended, MovedOut, Died, Withdrew, Overturned],
        (Some(before), Some(after)) if after.0 >= before.0 => &[Increased, Overturned, Resumed],
        _ => &[Reduced, Died, Overturned],
    };
    said.filter(|said| fits.contains(said)).unwrap_or(fits[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grant::{Amounts, Change, Does};
    use crate::id::{ChangeId, DecisionId, PersonId};

    fn line(grant: u128, fen: i64) -> Line {
        Line { grant: GrantId(grant), persons: 2, regular: Money::from_fen(fen), arrears: Money::ZERO }
    }

    fn grant(id: u128, changes: Vec<(Ground, Does)>) -> (GrantId, Grant) {
        let change = |(n, (ground, does)): (usize, (Ground, Does))| Change {
            id: ChangeId(n as u128),
            decision: DecisionId(n as u128),
            recorded: n as i64,
            ground,
            persons: 2,
            does,
        };
        let changes = changes.into_iter().enumerate().map(change).collect();
        let id = GrantId(id);
        (id, Grant { id, payee: PersonId(1), programme: "aid".into(), changes })
    }

    fn set(month: u8) -> Does {
        let amounts = Amounts::new(vec![("base".into(), Money::from_fen(1))]).unwrap();
        Does::Set { from: Month::ym(2026, month), amounts, first: None }
    }

    #[test]
    fn each_change_has_its_code_and_its_months() {
        let grants = BTreeMap::from([
            grant(1, vec![(Ground::New, set(9))]),
            grant(2, vec![(Ground::New, set(1)), (Ground::Died, Does::End { from: Month::ym(2026, 8) })]),
            grant(3, vec![(Ground::New, set(1)), (Ground::Increased, set(9))]),
            grant(4, vec![(Ground::New, set(1))]),
        ]);
        let before = [line(2, 500), line(3, 100), line(4, 700)];
        let after = [line(1, 300), line(3, 150), line(4, 700)];
        let found = movements(&before, &after, &grants, Month::ym(2026, 9));
        let told: Vec<_> = found.iter().map(|m| (m.grant.0, m.ground, m.from.month(), m.to)).collect();
        assert_eq!(
            told,
            [
                (1, Ground::New, 9, None),
                (2, Ground::Died, 8, Some(Month::ym(2026, 7))),
                (3, Ground::Increased, 9, None)
            ]
        );
        let sum = |lines: &[Line]| lines.iter().map(|line| line.regular.fen()).sum::<i64>();
        let moved: i64 = found.iter().map(|m| m.difference().unwrap().fen()).sum();
        assert_eq!(sum(&before) + moved, sum(&after));
        assert_eq!(found.iter().filter(|m| m.stops()).count(), 1);
    }
}
