//! Which of several dated values holds on a day: the most specific layer that has one, and in it the latest begun.
use anmin_base::date::Date;
use anmin_rules::model::{Body, Figure, LayerId, Parameter, Switch, Variable, Version};

/// The latest begun on the day, of one layer.
fn latest<T>(all: &[T], layer: LayerId, on: Date, dated: impl Fn(&T) -> (LayerId, Date)) -> Option<&T> {
    let begun = |value: &&T| dated(value).0 == layer && dated(value).1 <= on;
    all.iter().filter(begun).max_by_key(|value| dated(value).1)
}

/// The figure in force. One that was ended, by `to` or by `none`, leaves its layer without a value: the next wider
/// layer's holds.
pub fn figure(parameter: &Parameter, on: Date) -> Option<&Figure> {
    (0..=LayerId::MAX).rev().find_map(|layer| {
        let value = latest(&parameter.values, layer, on, |v| (v.layer, v.from))?;
        let ended = value.to.is_some_and(|to| to < on) || value.value == Figure::Ended;
        (!ended).then_some(&value.value)
    })
}

/// The option set on the day, by index. Before every setting, the default: layer 0's earliest.
pub fn option(switch: &Switch, on: Date) -> usize {
    let set =
        (0..=LayerId::MAX).rev().find_map(|layer| latest(&switch.settings, layer, on, |s| (s.layer, s.from)));
    let default = switch.settings.iter().filter(|s| s.layer == 0).min_by_key(|s| s.from);
    set.or(default).expect("a switch has a default").option
}

/// The version of a variable in force on the day.
pub fn version(variable: &Variable, on: Date) -> &Version {
    (0..=LayerId::MAX)
        .rev()
        .find_map(|layer| latest(&variable.versions, layer, on, |v| (v.layer, v.from)))
        .unwrap_or_else(|| panic!("{} has no body on {on:?}", variable.name))
}

/// The body in force on the day.
pub fn body(variable: &Variable, on: Date) -> &Body {
    &version(variable, on).body
}
