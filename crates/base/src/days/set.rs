//! Sets of days, as the fewest spans that hold them.

use super::Days;
use crate::date::Date;

/// Any set of days: spans in order, none of which overlaps or touches the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct DaySet {
    spans: Vec<Days>,
}

impl DaySet {
    /// The spans, from the first.
    pub fn spans(&self) -> &[Days] {
        &self.spans
    }

    /// Whether the day is in it.
    pub fn hold(&self, on: Date) -> bool {
        self.spans.iter().any(|span| span.hold(on))
    }

    /// Whether no day is in it.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Adds days; a span whose last day comes before its first adds none.
    pub fn add(&mut self, days: Days) {
        if days.is_empty() {
            return;
        }
        let mut whole = days;
        self.spans.retain(|span| {
            let apart = after(*span) < whole.from || after(whole) < span.from;
            if !apart {
                whole = Days { from: whole.from.min(span.from), to: later(whole.to, span.to) };
            }
            apart
        });
        // A span that reaches the last day there is holds for good.
        whole.to = whole.to.filter(|to| *to < Date::MAX);
        let at = self.spans.partition_point(|span| span.from < whole.from);
        self.spans.insert(at, whole);
    }

    /// Takes days out.
    pub fn remove(&mut self, days: Days) {
        if days.is_empty() {
            return;
        }
        let parts = |span: &Days| {
            let before = (days.from > Date::MIN).then(|| span.until(days.from.add_days(-1))).flatten();
            let behind = (days.last() < Date::MAX).then(|| span.starting(days.last().add_days(1))).flatten();
            before.into_iter().chain(behind).collect::<Vec<_>>()
        };
        self.spans = self.spans.iter().flat_map(parts).collect();
    }

    /// The days of `days` that are in it.
    pub fn common(&self, days: Days) -> DaySet {
        DaySet { spans: self.spans.iter().filter_map(|span| span.common(days)).collect() }
    }
}

impl FromIterator<Days> for DaySet {
    fn from_iter<I: IntoIterator<Item = Days>>(all: I) -> Self {
        let mut set = DaySet::default();
        all.into_iter().for_each(|days| set.add(days));
        set
    }
}

/// The day after the last one: whatever begins there continues the span.
fn after(days: Days) -> Date {
    days.last().add_days(1)
}

fn later(a: Option<Date>, b: Option<Date>) -> Option<Date> {
    a.zip(b).map(|(a, b)| a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Days within two months, often open, sometimes with none in them.
    fn days() -> impl Strategy<Value = Days> {
        (0i32..60, prop::option::weighted(0.8, -3i32..30)).prop_map(|(from, length)| Days {
            from: Date::from_days(from),
            to: length.map(|n| Date::from_days(from + n)),
        })
    }

    fn naive(days: Days) -> impl Iterator<Item = i32> {
        (0..100).filter(move |day| days.hold(Date::from_days(*day)))
    }

    proptest! {
        #[test]
        fn a_set_is_what_a_list_of_single_days_is(steps in prop::collection::vec((any::<bool>(), days()), 0..12), within in days()) {
            let (mut set, mut oracle) = (DaySet::default(), BTreeSet::new());
            for (add, days) in steps {
                if add {
                    set.add(days);
                    oracle.extend(naive(days));
                } else {
                    set.remove(days);
                    oracle.retain(|day| !days.hold(Date::from_days(*day)));
                }
                for pair in set.spans().windows(2) {
                    prop_assert!(after(pair[0]) < pair[1].from, "{:?}", set);
                }
                prop_assert!(set.spans().iter().all(|span| !span.is_empty()));
                for day in 0..100 {
                    prop_assert_eq!(set.hold(Date::from_days(day)), oracle.contains(&day), "day {} of {:?}", day, &set);
                }
                let common: Vec<i32> = naive(within).filter(|day| oracle.contains(day)).collect();
                let shown: Vec<i32> = (0..100).filter(|day| set.common(within).hold(Date::from_days(*day))).collect();
                prop_assert_eq!(shown, common);
            }
        }
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        let all = Days::since(Date::MIN);
        let mut set: DaySet = [all].into_iter().collect();
        set.add(Days::between(Date::MAX, Date::MAX));
        assert_eq!(set.spans(), [all]);
        set.remove(Days::between(Date::MIN, Date::MIN));
        assert_eq!(set.spans(), [Days::since(Date::MIN.add_days(1))]);
        set.remove(all);
        assert!(set.is_empty());
        set.add(Days::between(Date::MIN, Date::MAX));
        assert_eq!(set.spans(), [all]);
    }
}
