//! Rows of which some are unknown: the bounds functions of the proof, row by row.
use super::{Buffer, Evaluator, In, Lane, settled};
use crate::batch::Batch;
use crate::interval::Interval;
use crate::program::Op;

impl Evaluator<'_> {
    /// Computes an operation whose operands have bounds.
    pub(super) fn unknown(&self, batch: &Batch<'_>, op: &Op, n: usize, out: &mut Buffer) -> Lane {
        out.lo.clear();
        out.hi.clear();
        let args = op.args();
        let mut operands = [In::Fixed(0); 3];
        for (operand, arg) in operands.iter_mut().zip(args.iter()) {
            *operand = self.operand(batch, *arg);
        }
        let mut bounds = [Interval::known(0); 3];
        let schema = &self.program.rules.ruleset.schema;
        for row in 0..n {
            for (bound, operand) in bounds.iter_mut().zip(&operands) {
                *bound = row_bounds(*operand, row);
            }
            let result = op.bounds(
                &bounds,
                self.program.on,
                |f| schema.facts[f.0].range,
                |c| (schema.collections[c.0].min, schema.collections[c.0].max),
            );
            out.lo.push(result.lo as i64);
            out.hi.push(result.hi as i64);
        }
        settled(out)
    }
}

/// The bounds of an operand at a row.
pub(super) fn row_bounds(operand: In<'_>, row: usize) -> Interval {
    match operand {
        In::Fixed(v) => Interval::known(v),
        In::Rows(lo, None) => Interval::known(lo[row]),
        In::Rows(lo, Some(hi)) => Interval::new(lo[row].into(), hi[row].into()),
    }
}
