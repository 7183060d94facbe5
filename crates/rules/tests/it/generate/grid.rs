//! Rows over a grid: every combination of the columns' parts is decided, none twice where only one may hold, and no row
//! is dead. Found by trying, and seen by looking at every combination.
use crate::random::Dice;
use anmin_rules::model::Hit;
use std::collections::BTreeSet;

/// How many parts a column has, and whether a row may take only neighbouring ones.
#[derive(Clone, Copy)]
pub struct Width {
    pub parts: usize,
    pub contiguous: bool,
}

/// One row: for every column the parts it takes, rising.
pub type Row = Vec<Vec<usize>>;

/// The rows, and whether they decide every combination.
pub fn rows(dice: &mut Dice, columns: &[Width], hit: Hit) -> (Vec<Row>, bool) {
    let mut open: BTreeSet<Vec<usize>> = combinations(columns).into_iter().collect();
    let all = open.len();
    let mut rows = Vec::new();
    for _ in 0..2 + dice.below(8) {
        let row: Row = columns.iter().map(|column| some_parts(dice, *column)).collect();
        let taken = taken(&row);
        let new = taken.iter().filter(|cell| open.contains(*cell)).count();
        let fits = match hit {
            Hit::First => new > 0,
            Hit::Unique => new == taken.len(),
        };
        if fits && taken.len() < all {
            taken.iter().for_each(|cell| {
                open.remove(cell);
            });
            rows.push(row);
        }
    }
    if rows.is_empty() || open.len() <= 6 && dice.percent(60) {
        rows.extend(open.iter().map(|cell| cell.iter().map(|part| vec![*part]).collect::<Row>()));
        open.clear();
    }
    if hit == Hit::Unique {
        dice.shuffle(&mut rows);
    }
    (rows, open.is_empty())
}

fn combinations(columns: &[Width]) -> Vec<Vec<usize>> {
    let everything: Row = columns.iter().map(|column| (0..column.parts).collect()).collect();
    taken(&everything)
}

/// The combinations that a row takes.
fn taken(row: &Row) -> Vec<Vec<usize>> {
    row.iter().fold(vec![Vec::new()], |so_far, parts| {
        let longer =
            |cell: Vec<usize>| parts.iter().map(move |part| cell.iter().copied().chain([*part]).collect());
        so_far.into_iter().flat_map(longer).collect()
    })
}

fn some_parts(dice: &mut Dice, column: Width) -> Vec<usize> {
    if dice.percent(30) {
        return (0..column.parts).collect();
    }
    if column.contiguous {
        let first = dice.below(column.parts);
        let last = first + dice.below(column.parts - first);
        return (first..=last).collect();
    }
    let mut parts: Vec<usize> = (0..column.parts).collect();
    dice.shuffle(&mut parts);
    parts.truncate(1 + dice.below(column.parts));
    parts.sort_unstable();
    parts
}
