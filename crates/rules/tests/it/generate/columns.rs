//! Households as the columns production reads, in every form a column may have.
use crate::random::Dice;
use crate::reference::household::Household;
use anmin_rules::batch::{Batch, Column, Elements, Values};
use anmin_rules::model::{Ruleset, Type};

/// A batch that owns its columns.
#[derive(Clone, Debug)]
pub struct Columns {
    households: usize,
    facts: Vec<(Stored, Option<Vec<bool>>)>,
    collections: Vec<(Vec<u32>, Option<Vec<bool>>)>,
}

#[derive(Clone, Debug)]
enum Stored {
    Absent,
    I64(Vec<i64>),
    I32(Vec<i32>),
    I8(Vec<i8>),
    Bool(Vec<bool>),
}

impl Columns {
    /// The households in this order. Which form a column takes is left to chance; what stands where nothing is known
    /// is, too, and must be ignored.
    pub fn new(rules: &Ruleset, households: &[Household], dice: &mut Dice) -> Self {
        let lists = |id: usize| households.iter().map(move |h| h.collections[id].as_ref());
        let facts = rules.schema.facts.iter().enumerate().map(|(id, fact)| {
            let answers: Vec<Option<i64>> = match fact.of {
                None => households.iter().map(|h| h.root[id]).collect(),
                Some(of) => lists(of.0).flatten().flatten().map(|element| element[id]).collect(),
            };
            column(fact.ty, &answers, dice)
        });
        let facts = facts.collect();
        let collections = (0..rules.schema.collections.len()).map(|id| {
            let mut offsets = vec![0];
            for list in lists(id) {
                let before = offsets[offsets.len() - 1];
                offsets.push(before + list.map_or(0, Vec::len) as u32);
            }
            let given: Vec<bool> = lists(id).map(|list| list.is_some()).collect();
            (offsets, some_mask(given, dice))
        });
        Columns { households: households.len(), facts, collections: collections.collect() }
    }

    /// The batch.
    pub fn batch(&self) -> Batch<'_> {
        let columns = self.facts.iter();
        let columns =
            columns.map(|(stored, known)| Column { values: values(stored), known: known.as_deref() });
        let collections = self.collections.iter();
        let collections = collections.map(|(offsets, given)| Elements { offsets, given: given.as_deref() });
        Batch { households: self.households, columns: columns.collect(), collections: collections.collect() }
    }
}

fn values(stored: &Stored) -> Values<'_> {
    match stored {
        Stored::Absent => Values::Absent,
        Stored::I64(v) => Values::I64(v),
        Stored::I32(v) => Values::I32(v),
        Stored::I8(v) => Values::I8(v),
        Stored::Bool(v) => Values::Bool(v),
    }
}

/// A mask is left out where it says nothing, mostly.
fn some_mask(mask: Vec<bool>, dice: &mut Dice) -> Option<Vec<bool>> {
    let says_nothing = mask.iter().all(|set| *set);
    if says_nothing && dice.percent(70) { None } else { Some(mask) }
}

fn column(ty: Type, answers: &[Option<i64>], dice: &mut Dice) -> (Stored, Option<Vec<bool>>) {
    if answers.iter().all(Option::is_none) && (dice.percent(60) || ty == Type::Text) {
        return (Stored::Absent, None);
    }
    let stray = *dice.pick(&[0, 1, -1, i64::MAX, i64::MIN]);
    let stored = match (ty, dice.below(3)) {
        (Type::Bool, 0 | 1) => Stored::Bool(answers.iter().map(|a| a.unwrap_or(stray & 1) == 1).collect()),
        (_, 0) => narrow::<i8>(answers, stray as i8).map_or_else(|| wide(answers, stray), Stored::I8),
        (_, 1) => narrow::<i32>(answers, stray as i32).map_or_else(|| wide(answers, stray), Stored::I32),
        _ => wide(answers, stray),
    };
    (stored, some_mask(answers.iter().map(Option::is_some).collect(), dice))
}

fn wide(answers: &[Option<i64>], stray: i64) -> Stored {
    Stored::I64(answers.iter().map(|a| a.unwrap_or(stray)).collect())
}

fn narrow<T: TryFrom<i64> + Copy>(answers: &[Option<i64>], stray: T) -> Option<Vec<T>> {
    answers.iter().map(|a| a.map_or(Some(stray), |a| T::try_from(a).ok())).collect()
}
