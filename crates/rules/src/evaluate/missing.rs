//! Which unknown facts could settle an unknown result.
use super::Evaluator;
use crate::batch::Batch;
use crate::model::{CollectionId, FactId, VariableId};
use crate::program::{Arg, Op, Program};
use std::collections::HashSet;

/// Something nobody has answered and that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// A fact.
    Fact {
        /// The fact.
        fact: FactId,
        /// Which element of the household, for a collection's fact.
        element: Option<usize>,
    },
    /// A whole list.
    Collection(CollectionId),
}

/// What is missing for a variable of one household; of the root, or of any element. Empty if it is known.
pub fn missing(program: &Program, batch: &Batch<'_>, household: usize, of: VariableId) -> Vec<Missing> {
    let mut evaluator = Evaluator::keeping_all(program);
    if evaluator.run(batch, household..household + 1).is_err() {
        return Vec::new();
    }
    evaluator.missing(batch, of)
}

impl Evaluator<'_> {
    /// What is missing for a variable, after a run that kept all registers of a single household.
    pub fn missing(&self, batch: &Batch<'_>, of: VariableId) -> Vec<Missing> {
        let Some(value) = self.program.value(of) else { return Vec::new() };
        let mut found = HashSet::new();
        let mut walk = Walk { evaluator: self, batch, seen: HashSet::new(), found: &mut found };
        let level = self.level(value);
        let rows = self.rows_of(level).len();
        for row in 0..rows {
            walk.visit(value, row);
        }
        let mut found: Vec<Missing> = found.into_iter().collect();
        found.sort_unstable();
        found
    }
}

struct Walk<'a, 'p, 'b> {
    evaluator: &'a Evaluator<'p>,
    batch: &'a Batch<'b>,
    seen: HashSet<(u32, usize)>,
    found: &'a mut HashSet<Missing>,
}

impl Walk<'_, '_, '_> {
    /// Visits an operand at a row: of the household (always 0) or of an element.
    fn visit(&mut self, arg: Arg, row: usize) {
        let Arg::Reg(r) = arg else { return };
        let (lo, hi) = self.evaluator.at(self.batch, arg, row);
        if lo == hi || !self.seen.insert((r, row)) {
            return;
        }
        let program = self.evaluator.program;
        match &program.ops[r as usize] {
            Op::Fact(f) => {
                let element = program.levels[r as usize].map(|_| row);
                self.found.insert(Missing::Fact { fact: *f, element });
            }
            Op::Choose(c, a, b) => match self.evaluator.at(self.batch, *c, row) {
                (1, 1) => self.visit(*a, row),
                (0, 0) => self.visit(*b, row),
                _ => {
                    self.visit(*c, row);
                    self.visit(*a, row);
                    self.visit(*b, row);
                }
            },
            Op::Broadcast(_, a) => self.visit(*a, 0),
            op @ (Op::Size(c) | Op::Sum(c, _) | Op::Any(c, _) | Op::All(c, _) | Op::Extreme(c, _)) => {
                self.fold(*c, op);
            }
            op => {
                for arg in op.args().iter() {
                    self.visit(*arg, row);
                }
            }
        }
    }

    fn fold(&mut self, c: CollectionId, op: &Op) {
        let household = self.evaluator.rows[0].start;
        if self.batch.collections[c.0].given.is_some_and(|g| !g[household]) {
            self.found.insert(Missing::Collection(c));
            return;
        }
        let mut sure_of_one = false;
        for row in 0..self.evaluator.rows[c.0 + 1].len() {
            match op {
                Op::Extreme(_, e) if self.evaluator.at(self.batch, e.filter, row) != (0, 0) => {
                    sure_of_one |= self.evaluator.at(self.batch, e.filter, row) == (1, 1);
                    self.visit(e.filter, row);
                    self.visit(e.value, row);
                }
                Op::Sum(_, a) | Op::Any(_, a) | Op::All(_, a) => self.visit(*a, row),
                _ => {}
            }
        }
        if let (Op::Extreme(_, e), false) = (op, sure_of_one) {
            self.visit(e.over_nothing, 0);
        }
    }
}
