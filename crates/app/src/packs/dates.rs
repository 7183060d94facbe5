//! The dates on which something changes in a pack.
use anmin_base::date::Date;
use anmin_pack::library::Loaded;
use anmin_rules::program::{FIRST_DAY, LAST_DAY};

/// Every date on which a figure, switch or rule begins, or has just ended, and today; as far as the service and the
/// regions of the chain exist then.
pub(super) fn breakpoints(loaded: &Loaded, today: Date) -> Vec<Date> {
    let layers = || loaded.layers.iter();
    let first = layers().filter_map(|l| l.from).chain(loaded.service.from).fold(FIRST_DAY, Date::max);
    let last = layers().filter_map(|l| l.to).chain(loaded.service.to).fold(LAST_DAY, Date::min);
    let rules = &loaded.ruleset;
    let mut dates = vec![today];
    // Without a first day of the service its rules begin with the first figure.
    dates.extend((first > FIRST_DAY).then_some(first));
    for value in rules.parameters.iter().flat_map(|p| &p.values) {
        dates.push(value.from);
        dates.extend(value.to.and_then(|to| to.checked_add_days(1)));
    }
    dates.extend(rules.switches.iter().flat_map(|s| &s.settings).map(|s| s.from));
    dates.extend(rules.variables.iter().flat_map(|v| &v.versions).map(|v| v.from));
    dates.retain(|d| *d >= first && *d <= last);
    dates.sort_unstable();
    dates.dedup();
    dates
}
