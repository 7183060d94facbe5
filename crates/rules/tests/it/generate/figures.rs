//! Random days, parameters and switches.
use super::numbers::fineness;
use super::schema::word;
use super::tree::law;
use super::{AMOUNTS, Composer, Leaf};
use crate::random::Dice;
use crate::reference::calendar::{self, days};
use crate::reference::interval::Interval;
use crate::reference::kind::{Kind, natural};
use crate::reference::layers;
use anmin_base::date::Date;
use anmin_rules::model::{
    FactId, Figure, Label, LayerId, Parameter, ParameterValue, Per, Place, Switch, SwitchSetting, Type,
};
use std::collections::BTreeSet;

/// A day that is as early as no law.
pub fn first_day() -> Date {
    day(days(1, 1, 1))
}

fn day(number: i64) -> Date {
    Date::from_days(i32::try_from(number).expect("a day"))
}

/// A day to decide on; month ends and leap days more often than the rest.
pub fn decision_date(dice: &mut Dice) -> Date {
    let year = dice.between(2015, 2030);
    let month = dice.between(1, 12);
    day(match dice.below(8) {
        0 => days(year, 2, 28),
        1 => days(2024, 2, 29),
        2 => days(year, 3, 1),
        3 => days(year, month, calendar::month_length(year, month)),
        4 => days(year, month, 1),
        _ => days(year, month, dice.between(1, 28)),
    })
}

impl Composer {
    /// A day before or, with `later`, perhaps after the decision's.
    pub(super) fn any_day(&mut self, later: bool) -> Date {
        let on = i64::from(self.on.days());
        let distance = *self.dice.pick(&[0, 1, 30, 365, 2000]);
        let day_number = if later && self.dice.percent(35) { on + 1 + distance } else { on - distance };
        day(day_number)
    }

    fn any_layer(&mut self) -> LayerId {
        self.dice.below(self.rules.layers.len()) as LayerId
    }

    pub(super) fn add_switches(&mut self) {
        for i in 0..1 + self.dice.below(2) {
            let options = 2 + self.dice.below(2);
            let option = |o: usize| (format!("s{i}_o{o}"), Label::default());
            let setting = |layer, from, option| SwitchSetting {
                layer,
                from,
                option,
                law: law(),
                place: Place::default(),
            };
            let mut settings = vec![setting(0, first_day(), self.dice.below(options))];
            let mut taken = BTreeSet::from([(0, first_day())]);
            for _ in 0..self.dice.below(4) {
                let (layer, from) = (self.any_layer(), self.any_day(true));
                if taken.insert((layer, from)) {
                    settings.push(setting(layer, from, self.dice.below(options)));
                }
            }
            self.rules.switches.push(Switch {
                name: format!("switch{i}"),
                options: (0..options).map(option).collect(),
                label: Label::default(),
                settings,
                place: Place::default(),
            });
        }
    }

    pub(super) fn add_parameters(&mut self) {
        for _ in 0..1 + self.dice.below(5) {
            let ty = self.any_type();
            self.add_parameter(ty, None);
        }
        // Rates and amounts have no literals: something of each is there for every expression to read.
        let rate = Type::Rate(10000);
        self.add_parameter(rate, Some((1, 20000)));
        for per in [Per::Month, Per::Year, Per::Once] {
            if self.dice.percent(50) || !self.has_root_leaf(Kind::Money(per)) {
                self.add_parameter(Type::Money(per), Some((100, 900_000)));
            }
        }
        debug_assert!(AMOUNTS.iter().all(|kind| self.has_root_leaf(*kind)));
    }

    fn has_root_leaf(&self, kind: Kind) -> bool {
        self.leaves.iter().any(|leaf| leaf.of.is_none() && leaf.kind == kind)
    }

    fn add_parameter(&mut self, ty: Type, range: Option<(i64, i64)>) {
        let needed = range.is_some();
        let range = range.unwrap_or_else(|| self.any_range(ty));
        let name = format!("p{}_{}", self.rules.parameters.len(), word(ty));
        let by = if self.dice.percent(40) { self.root_enum_fact() } else { None };
        let mut parameter = Parameter {
            name,
            ty,
            range,
            by,
            label: Label::default(),
            values: Vec::new(),
            place: Place::default(),
        };
        let in_force_for_sure = needed || self.dice.percent(80);
        if in_force_for_sure {
            let from = first_day();
            parameter.values.push(self.dated(&parameter, 0, from));
        }
        for _ in 0..self.dice.below(5) {
            let (layer, from) = (self.any_layer(), self.any_day(true));
            if !parameter.values.iter().any(|v| (v.layer, v.from) == (layer, from)) {
                parameter.values.push(self.dated(&parameter, layer, from));
            }
        }
        self.end_some(&mut parameter, in_force_for_sure);
        self.dice.shuffle(&mut parameter.values);
        self.read_parameter(&parameter);
        self.rules.parameters.push(parameter);
    }

    /// An enum fact of the root that always applies.
    fn root_enum_fact(&mut self) -> Option<FactId> {
        let facts = self.rules.schema.facts.iter().enumerate();
        let fits: Vec<FactId> = facts
            .filter(|(_, f)| f.of.is_none() && f.applies.is_none())
            .filter(|(_, f)| matches!(f.ty, Type::Enum(_)))
            .map(|(i, _)| FactId(i))
            .collect();
        (!fits.is_empty()).then(|| *self.dice.pick(&fits))
    }

    fn dated(&mut self, parameter: &Parameter, layer: LayerId, from: Date) -> ParameterValue {
        let value = match parameter.by.map(|by| self.rules.schema.facts[by.0].ty) {
            Some(Type::Enum(id)) if self.dice.percent(75) => {
                let values = self.rules.schema.enums[id.0].values.clone();
                let figure = |code| (code, self.any_value(parameter.ty, parameter.range));
                Figure::By(values.iter().map(|v| v.code).map(figure).collect())
            }
            _ => Figure::Same(self.any_value(parameter.ty, parameter.range)),
        };
        ParameterValue {
            layer,
            from,
            to: None,
            value,
            law: law(),
            published: Some(from),
            checked_on: None,
            unverified: false,
            place: Place::default(),
        }
    }

    /// Lets some values end, by a last day or by `none`. The pack's first is kept where one is needed.
    fn end_some(&mut self, parameter: &mut Parameter, keep_first: bool) {
        parameter.values.sort_by_key(|v| (v.layer, v.from));
        for i in 0..parameter.values.len() {
            let (layer, from) = (parameter.values[i].layer, parameter.values[i].from);
            if !self.dice.percent(25) || keep_first && layer == 0 {
                continue;
            }
            if self.dice.percent(40) && !keep_first {
                parameter.values[i].value = Figure::Ended;
                continue;
            }
            let next = parameter.values.get(i + 1).filter(|v| v.layer == layer).map(|v| v.from);
            let last = i64::from(from.days()) + self.dice.between(0, 800);
            let last = next.map_or(last, |next| last.min(i64::from(next.days()) - 1));
            parameter.values[i].to = Some(day(last));
        }
    }

    /// What reading the parameter gives, if it is in force.
    fn read_parameter(&mut self, parameter: &Parameter) {
        let known = |stored| Interval::known(natural(parameter.ty, stored));
        let wide =
            Interval::new(natural(parameter.ty, parameter.range.0), natural(parameter.ty, parameter.range.1));
        // Whether a region's `none` uncovers a wider layer's figure is open; nothing depends on it.
        let doubtful =
            parameter.values.iter().any(|v| v.layer > 0 && v.from <= self.on && v.value == Figure::Ended);
        let leaf = |now| Leaf {
            of: None,
            name: parameter.name.clone(),
            kind: Kind::of(parameter.ty),
            denominator: fineness(parameter.ty),
            now,
            wide,
            is_fact: false,
        };
        match layers::figure(parameter, self.on) {
            Some(_) if doubtful => {}
            Some(Figure::Same(stored)) => self.leaves.push(leaf(known(*stored))),
            Some(Figure::By(figures)) => {
                let all = figures.iter().map(|(_, stored)| known(*stored)).reduce(Interval::hull);
                self.leaves.push(leaf(all.expect("a figure")));
            }
            Some(Figure::Ended) | None => self.gaps.push(leaf(wide)),
        }
    }
}
