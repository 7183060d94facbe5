//! A month's roster: who gets how much, and what it adds up to.

use crate::id::{GrantId, Name};
use anmin_base::date::Month;
use anmin_base::money::Money;

/// A grant in a month's roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The grant.
    pub grant: GrantId,
    /// How many persons it is paid for.
    pub persons: u32,
    /// What the month itself is worth.
    pub regular: Money,
    /// What is paid for earlier months.
    pub arrears: Money,
}

/// 汇总表: what a roster adds up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// 户.
    pub grants: u64,
    /// 人.
    pub persons: u64,
    /// What the month itself is worth.
    pub regular: Money,
    /// 补发.
    pub arrears: Money,
    /// Of each component.
    pub components: Vec<(Name, Money)>,
}

impl Totals {
    /// What these lines add up to; none if it overflows.
    pub fn of(lines: &[Line]) -> Option<Totals> {
        let mut totals = Totals::default();
        for line in lines {
            totals.grants += 1;
            totals.persons += u64::from(line.persons);
            totals.regular = totals.regular.checked_add(line.regular)?;
            totals.arrears = totals.arrears.checked_add(line.arrears)?;
        }
        Some(totals)
    }

    /// All together; none if it overflows.
    pub fn amount(&self) -> Option<Money> {
        self.regular.checked_add(self.arrears)
    }
}

/// A payment for an earlier month, as 补发清单 lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrear {
    /// The grant.
    pub grant: GrantId,
    /// The first month it is for.
    pub from: Month,
    /// The last.
    pub to: Month,
    /// Together.
    pub amount: Money,
}

/// Arrears by grant: the months they are for, and their sum; none if it overflows.
pub fn arrears(payments: &[(GrantId, Month, Money)]) -> Option<Vec<Arrear>> {
    let mut all: Vec<Arrear> = Vec::new();
    for (grant, month, amount) in payments {
        match all.iter_mut().rfind(|arrear| arrear.grant == *grant) {
            None => all.push(Arrear { grant: *grant, from: *month, to: *month, amount: *amount }),
            Some(arrear) => {
                arrear.from = arrear.from.min(*month);
                arrear.to = arrear.to.max(*month);
                arrear.amount = arrear.amount.checked_add(*amount)?;
            }
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrears_say_from_which_month_to_which() {
        let (one, two) = (GrantId(1), GrantId(2));
        let month = |m| Month::ym(2026, m);
        let fen = Money::from_fen;
        let found = arrears(&[(one, month(8), fen(5)), (two, month(9), fen(1)), (one, month(7), fen(6))]);
        assert_eq!(
            found.unwrap(),
            [
                Arrear { grant: one, from: month(7), to: month(8), amount: fen(11) },
                Arrear { grant: two, from: month(9), to: month(9), amount: fen(1) },
            ]
        );
        assert_eq!(arrears(&[(one, month(1), fen(i64::MAX)), (one, month(2), fen(1))]), None);
    }
}
