//! Households made up for testing claims: every fact known, most of them quiet, some near a threshold of the law.
use super::random::Random;
use crate::decide::Opened;
use anmin_base::date::Date;
use anmin_pack::household::Household;
use anmin_rules::batch::{Batch, Column, Elements, Values};
use anmin_rules::model::{CollectionId, FactId, Figure, Ruleset, Type};
use anmin_rules::show::{self, Language};
use std::fmt::Write;

/// Most elements a made-up collection gets, unless it must have more.
const MOST_ELEMENTS: u32 = 5;

/// What made-up households are made from.
pub(super) struct Maker<'a> {
    opened: &'a Opened,
    on: Date,
    /// The figures of the law of money, ages and plain numbers.
    money: Vec<i64>,
    ages: Vec<i64>,
    numbers: Vec<i64>,
}

/// One made-up household: by fact, one value for the root or one an element.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) values: Vec<Vec<i64>>,
    pub(super) sizes: Vec<usize>,
}

impl<'a> Maker<'a> {
    pub(super) fn new(opened: &'a Opened, on: Date) -> Self {
        let mut maker = Maker { opened, on, money: vec![0], ages: vec![18, 60], numbers: vec![0, 1] };
        for parameter in &opened.checked.ruleset.parameters {
            let list = match parameter.ty {
                Type::Money(_) => &mut maker.money,
                Type::Age => &mut maker.ages,
                Type::Count | Type::Months => &mut maker.numbers,
                _ => continue,
            };
            for value in &parameter.values {
                match &value.value {
                    Figure::Same(v) => list.push(*v),
                    Figure::By(pairs) => list.extend(pairs.iter().map(|(_, v)| *v)),
                    Figure::Ended => {}
                }
            }
        }
        maker
    }

    fn rules(&self) -> &'a Ruleset {
        &self.opened.checked.ruleset
    }

    /// The value that says least: zero, no, nobody in particular, an adult.
    pub(super) fn quiet(&self, fact: FactId) -> i64 {
        let fact = &self.rules().schema.facts[fact.0];
        let (lo, hi) = fact.range;
        if let Some(value) = fact.applies.as_ref().and_then(|a| a.when_not) {
            return value;
        }
        match fact.ty {
            Type::Date => i64::from(self.on.add_years(-40).days()).clamp(lo, hi),
            Type::Enum(e) => self.rules().schema.enums[e.0].values.first().map_or(lo, |v| v.code),
            Type::Text | Type::ResidentId => 0,
            _ => 0i64.clamp(lo, hi),
        }
    }

    /// The household that says least.
    pub(super) fn least(&self) -> Draft {
        let sizes = self.rules().schema.collections.iter().map(|c| c.min as usize).collect();
        let mut draft = Draft { values: vec![], sizes };
        for (n, fact) in self.rules().schema.facts.iter().enumerate() {
            let count = fact.of.map_or(1, |c| draft.sizes[c.0]);
            draft.values.push(vec![self.quiet(FactId(n)); count]);
        }
        draft
    }

    /// A household as given, with quiet answers where there are none.
    pub(super) fn given(&self, household: &Household) -> Draft {
        let mut draft = self.least();
        for c in 0..draft.sizes.len() {
            let wanted = household.size(CollectionId(c)).unwrap_or(draft.sizes[c]);
            self.resize(&mut draft, CollectionId(c), wanted);
        }
        for (n, values) in draft.values.iter_mut().enumerate() {
            for (element, value) in values.iter_mut().enumerate() {
                *value = household.value(FactId(n), element).unwrap_or(*value);
            }
        }
        draft
    }

    /// Gives a collection so many elements; new ones are quiet.
    pub(super) fn resize(&self, draft: &mut Draft, c: CollectionId, size: usize) {
        let collection = &self.rules().schema.collections[c.0];
        let size = size.clamp(collection.min as usize, collection.max as usize);
        draft.sizes[c.0] = size;
        for (n, fact) in self.rules().schema.facts.iter().enumerate() {
            if fact.of == Some(c) {
                draft.values[n].resize(size, self.quiet(FactId(n)));
            }
        }
    }

    /// Changes a few things at random.
    pub(super) fn vary(&self, draft: &mut Draft, random: &mut Random) {
        for c in 0..draft.sizes.len() {
            if random.percent(25) {
                let least = self.rules().schema.collections[c].min;
                let most = self.rules().schema.collections[c].max.min(least.max(MOST_ELEMENTS));
                let size = random.between(least.into(), most.into()) as usize;
                self.resize(draft, CollectionId(c), size);
            }
        }
        for _ in 0..1 + random.below(4) {
            let fact = FactId(random.below(draft.values.len()));
            let element = random.below(draft.values[fact.0].len());
            // Values that only one element may have stay where they are.
            let free = self.opened.loaded.facts[fact.0].at_most_one.is_empty();
            if free && element < draft.values[fact.0].len() {
                draft.values[fact.0][element] = self.value(fact, random);
            }
        }
    }

    /// A random value of a fact, often at or next to a figure of the law.
    pub(super) fn value(&self, fact: FactId, random: &mut Random) -> i64 {
        let fact = &self.rules().schema.facts[fact.0];
        let (lo, hi) = fact.range;
        let near = |random: &mut Random, list: &[i64]| {
            let figure = random.pick(list).copied().unwrap_or(0);
            let times = random.between(1, 6);
            figure.saturating_mul(times).saturating_add(random.between(-1, 1))
        };
        let value = match fact.ty {
            Type::Enum(e) => {
                let codes = &self.rules().schema.enums[e.0].values;
                random.pick(codes).map_or(lo, |v| v.code)
            }
            Type::Date => {
                let years = match random.percent(60) {
                    true => random.pick(&self.ages).copied().unwrap_or(0),
                    false => random.between(0, 90),
                };
                let day = self.on.add_years(-years as i32).days();
                i64::from(day) + random.between(-1, 1)
            }
            Type::Text | Type::ResidentId => return 0,
            Type::Bool => random.between(0, 1),
            _ if random.percent(10) => random.between(lo, hi),
            _ if random.percent(10) => *random.pick(&[lo, hi]).unwrap_or(&lo),
            Type::Money(_) => near(random, &self.money),
            Type::Age => near(random, &self.ages),
            _ => near(random, &self.numbers),
        };
        value.clamp(lo, hi)
    }

    /// The facts of a household that are not quiet, as a household file would say them.
    pub(super) fn told(&self, draft: &Draft) -> String {
        let schema = &self.rules().schema;
        let mut text = String::new();
        let mut line = |of: Option<CollectionId>, element: usize| {
            let mut told = vec![];
            for (n, fact) in schema.facts.iter().enumerate().filter(|(_, f)| f.of == of) {
                let value = draft.values[n][element];
                if value != self.quiet(FactId(n)) {
                    let shown = show::value(self.rules(), fact.ty, value, Language::En);
                    told.push(format!("{}: {shown}", fact.name));
                }
            }
            let _ = match of {
                None => write!(text, "{{{}}}", told.join(", ")),
                Some(c) => {
                    write!(text, " {}[{element}] {{{}}}", schema.collections[c.0].name, told.join(", "))
                }
            };
        };
        line(None, 0);
        for (c, size) in draft.sizes.iter().enumerate() {
            for element in 0..*size {
                line(Some(CollectionId(c)), element);
            }
        }
        text
    }
}

/// Drafts as columns.
pub(super) struct Columns {
    households: usize,
    values: Vec<Vec<i64>>,
    offsets: Vec<Vec<u32>>,
}

impl Columns {
    pub(super) fn of(drafts: &[Draft]) -> Columns {
        let (facts, collections) = drafts.first().map_or((0, 0), |d| (d.values.len(), d.sizes.len()));
        let mut columns = Columns {
            households: drafts.len(),
            values: vec![vec![]; facts],
            offsets: vec![vec![0]; collections],
        };
        for draft in drafts {
            for (column, values) in columns.values.iter_mut().zip(&draft.values) {
                column.extend_from_slice(values);
            }
            for (offsets, size) in columns.offsets.iter_mut().zip(&draft.sizes) {
                offsets.push(offsets.last().copied().unwrap_or(0) + *size as u32);
            }
        }
        columns
    }

    pub(super) fn batch(&self) -> Batch<'_> {
        Batch {
            households: self.households,
            columns: self.values.iter().map(|v| Column { values: Values::I64(v), known: None }).collect(),
            collections: self.offsets.iter().map(|o| Elements { offsets: o, given: None }).collect(),
        }
    }
}
