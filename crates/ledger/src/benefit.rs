//! What a programme pays and when: `benefit.yaml` as values.

use crate::cycle::CycleRule;
use crate::id::Name;
use anmin_base::date::{Date, Month};
use anmin_base::money::Money;
use anmin_base::rate::{Exact, Rounding};

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// What a programme pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// The programme.
    pub programme: Name,
    /// Its words.
    pub label: Label,
    /// The fund it is paid from.
    pub fund: Name,
    /// How often.
    pub rhythm: Rhythm,
    /// Its closings and pay day.
    pub cycle: CycleRule,
    /// From which month a grant is paid.
    pub first: FirstMonth,
    /// From which month more is paid.
    pub raised: ChangeMonth,
    /// From which month less is paid, or nothing.
    pub ended: ChangeMonth,
    /// What the first month is worth when it is not a whole one.
    pub proration: Proration,
    /// The parts of the amount, in the order of rosters.
    pub components: Vec<Component>,
    /// Who may receive it.
    pub payees: Vec<PayeeKind>,
}

/// One part of the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name.
    pub name: Name,
    /// Its words.
    pub label: Label,
    /// The output of the rules that gives it, summed over its collection.
    pub output: Name,
}

/// How often a benefit is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// Each month.
    Monthly,
    /// Once, in the first month.
    Once,
}

impl Rhythm {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, Rhythm); 2] = [("monthly", Rhythm::Monthly), ("once", Rhythm::Once)];
}

/// From which month a grant is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstMonth {
    /// 申请月: that of the application.
    Application,
    /// 批准当月: that of the decision.
    Decision,
    /// 批准次月: the one after the decision.
    AfterDecision,
}

impl FirstMonth {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, FirstMonth); 3] = [
        ("application", FirstMonth::Application),
        ("decision", FirstMonth::Decision),
        ("after_decision", FirstMonth::AfterDecision),
    ];

    /// The month. What the decision itself says may make it later, never earlier.
    pub fn month(self, applied: Date, decided: Date, said: Option<Date>) -> Month {
        let month = match self {
            FirstMonth::Application => Month::of(applied),
            FirstMonth::Decision => Month::of(decided),
            FirstMonth::AfterDecision => Month::of(decided).next(),
        };
        said.map_or(month, |said| month.max(Month::of(said)))
    }
}

/// From which month a change counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeMonth {
    /// 当月: that of the day it takes effect.
    Same,
    /// 次月: the one after.
    Next,
}

impl ChangeMonth {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, ChangeMonth); 2] =
        [("same", ChangeMonth::Same), ("next", ChangeMonth::Next)];

    /// The month. What the decision says may make it later. Earlier only where `early`: nobody could be heard, as after a
    /// death; what was paid in between is then overpaid, and only a decision of its own asks it back.
    pub fn month(self, effect: Date, said: Option<Date>, early: bool) -> Month {
        let month = match self {
            ChangeMonth::Same => Month::of(effect),
            ChangeMonth::Next => Month::of(effect).next(),
        };
        match said.map(Month::of) {
            Some(said) if early => said,
            Some(said) => month.max(said),
            None => month,
        }
    }
}

/// What a first month is worth that is not a whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proration {
    /// The whole amount: a month is a month.
    Whole,
    /// Its days, the first included, over the days of the month.
    ByDays(Rounding),
}

impl Proration {
    /// What a monthly amount is worth from a day to the end of its month; none if it overflows.
    pub fn of(self, amount: Money, from: Date) -> Option<Money> {
        match self {
            Proration::Whole => Some(amount),
            Proration::ByDays(rounding) => {
                let days = Month::of(from).days();
                let share = Exact::new(i64::from(days - from.day() + 1), i64::from(days)).ok()?;
                amount.times(share, rounding)
            }
        }
    }
}

/// Whose account the money goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayeeKind {
    /// The person's own card.
    Own,
    /// A guardian's.
    Guardian,
    /// An institution that keeps the person.
    Institution,
    /// Somebody who manages it under a filed agreement (代管).
    Agreement,
}

impl PayeeKind {
    /// All, with their names in packs and rows.
    pub const ALL: [(&'static str, PayeeKind); 4] = [
        ("own", PayeeKind::Own),
        ("guardian", PayeeKind::Guardian),
        ("institution", PayeeKind::Institution),
        ("agreement", PayeeKind::Agreement),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        PayeeKind::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Of that name.
    pub fn named(name: &str) -> Option<PayeeKind> {
        PayeeKind::ALL.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Whether the account is in another's name, and a paper must say why.
    pub fn needs_paper(self) -> bool {
        self != PayeeKind::Own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_month_is_the_rules_and_never_before_it() {
        let (applied, decided) = (Date::ymd(2026, 9, 28), Date::ymd(2026, 11, 30));
        for (rule, said, month) in [
            (FirstMonth::Application, None, Month::ym(2026, 9)),
            (FirstMonth::Decision, None, Month::ym(2026, 11)),
            (FirstMonth::AfterDecision, None, Month::ym(2026, 12)),
            (FirstMonth::AfterDecision, Some(Date::ymd(2026, 10, 1)), Month::ym(2026, 12)),
            (FirstMonth::AfterDecision, Some(Date::ymd(2027, 1, 15)), Month::ym(2027, 1)),
        ] {
            assert_eq!(rule.month(applied, decided, said), month, "{rule:?} {said:?}");
        }
    }

    #[test]
    fn less_never_counts_back_but_where_nobody_could_be_heard() {
        let effect = Date::ymd(2026, 11, 10);
        let said = Some(Date::ymd(2026, 8, 1));
        assert_eq!(ChangeMonth::Next.month(effect, said, false), Month::ym(2026, 12));
        assert_eq!(ChangeMonth::Next.month(effect, said, true), Month::ym(2026, 8));
        assert_eq!(ChangeMonth::Same.month(effect, None, false), Month::ym(2026, 11));
        assert_eq!(ChangeMonth::Next.month(effect, Some(Date::ymd(2027, 2, 1)), false), Month::ym(2027, 2));
    }

    #[test]
    fn days_of_a_first_month_are_rounded_once() {
        let (amount, from) = (Money::from_fen(100_000), Date::ymd(2026, 9, 21));
        assert_eq!(Proration::Whole.of(amount, from), Some(amount));
        assert_eq!(Proration::ByDays(Rounding::Floor).of(amount, from), Some(Money::from_fen(33_333)));
        assert_eq!(Proration::ByDays(Rounding::Ceil).of(amount, from), Some(Money::from_fen(33_334)));
        assert_eq!(Proration::ByDays(Rounding::Floor).of(amount, Date::ymd(2026, 9, 1)), Some(amount));
    }
}
