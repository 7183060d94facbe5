//! Evaluates a program over columns, block by block. The only production evaluator: one household is a batch of one.
//!
//! A register whose rows are all known has one lane; one with unknown rows has two, the lower and the upper bounds. Known rows go
//! through plain loops over slices; unknown ones through the same bounds functions as the proof at load, which is why the proof
//! covers them and nothing here can overflow.
mod exact;
mod fold;
mod missing;
mod unknown;

pub use missing::{Missing, missing};

use crate::batch::{Batch, Values};
use crate::model::{CollectionId, FactId, VariableId};
use crate::program::{Arg, Op, Program, Reg};
use std::ops::Range;

/// An input outside what was declared; nothing was evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfRange {
    /// A value outside its fact's range.
    Value {
        /// The fact.
        fact: FactId,
        /// Row of its column.
        row: usize,
        /// The value, stored form.
        value: i64,
    },
    /// Too few or too many elements.
    Size {
        /// The collection.
        collection: CollectionId,
        /// The household.
        household: usize,
        /// How many.
        size: u32,
    },
}

/// Lower and upper bounds of one variable: a row a household, or a row an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Lower bounds.
    pub lo: Vec<i64>,
    /// Upper bounds; equal where the value is known.
    pub hi: Vec<i64>,
}

/// Where a register's rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    /// In the batch's own column.
    Column(FactId),
    /// In the buffer, all known.
    Exact,
    /// In the buffer, with upper bounds apart.
    Bounds,
}

#[derive(Debug, Default)]
struct Buffer {
    lo: Vec<i64>,
    hi: Vec<i64>,
}

/// An operand for a kernel.
#[derive(Clone, Copy)]
enum In<'a> {
    Fixed(i64),
    Rows(&'a [i64], Option<&'a [i64]>),
}

/// Evaluates blocks of households; keeps its buffers between blocks.
#[derive(Debug)]
pub struct Evaluator<'p> {
    program: &'p Program,
    /// The operations anybody asked for, directly or through others, in order.
    live: Vec<Reg>,
    slots: Vec<u32>,
    lanes: Vec<Lane>,
    buffers: Vec<Buffer>,
    /// Rows of the current block, by level: the root, then each collection.
    rows: Vec<Range<usize>>,
}

/// The buffers of an evaluator that is done, for the next one that keeps all registers of the same program.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Every operation's number: the live ones, and the slot of each.
    all: [Vec<u32>; 2],
    lanes: Vec<Lane>,
    buffers: Vec<Buffer>,
}

/// Households evaluated at a time: few enough that a block's registers stay in the cache.
pub const BLOCK: usize = 256;

impl<'p> Evaluator<'p> {
    /// Keeps every register of a block, for explanations.
    pub fn keeping_all(program: &'p Program) -> Self {
        Self::keeping_all_in(program, Workspace::default())
    }

    /// Keeps every register of a block, in buffers that have served before.
    pub fn keeping_all_in(program: &'p Program, workspace: Workspace) -> Self {
        let count = program.ops.len();
        let Workspace { all: [mut live, mut slots], mut lanes, mut buffers } = workspace;
        for numbers in [&mut live, &mut slots] {
            numbers.clear();
            numbers.extend(0..count as u32);
        }
        lanes.resize(count, Lane::Exact);
        buffers.resize_with(count, Buffer::default);
        Evaluator { program, live, slots, lanes, buffers, rows: Vec::new() }
    }

    /// Gives up the values and keeps the buffers.
    pub fn take_workspace(&mut self) -> Workspace {
        let all = [std::mem::take(&mut self.live), std::mem::take(&mut self.slots)];
        Workspace { all, lanes: std::mem::take(&mut self.lanes), buffers: std::mem::take(&mut self.buffers) }
    }

    /// Keeps only these variables of a block; the other registers share buffers.
    pub fn keeping(program: &'p Program, wanted: &[VariableId]) -> Self {
        let count = program.ops.len();
        let mut live = vec![false; count];
        let mut last: Vec<usize> = (0..count).collect();
        for v in wanted {
            if let Some(Arg::Reg(r)) = program.value(*v) {
                live[r as usize] = true;
                last[r as usize] = usize::MAX;
            }
        }
        for i in (0..count).rev() {
            if !live[i] {
                continue;
            }
            for arg in program.ops[i].args().iter() {
                if let Arg::Reg(r) = *arg {
                    live[r as usize] = true;
                    // Seen from the end, the first to read a register is the last to need it.
                    last[r as usize] = last[r as usize].max(i);
                }
            }
        }
        let mut ends: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut free: Vec<u32> = Vec::new();
        let mut slots = vec![0; count];
        let mut next = 0;
        for i in (0..count).filter(|i| live[*i]) {
            slots[i] = free.pop().unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            if last[i] != usize::MAX {
                ends[last[i]].push(slots[i]);
            }
            free.append(&mut ends[i]);
        }
        let live = (0..count as Reg).filter(|i| live[*i as usize]).collect();
        let buffers = (0..next).map(|_| Buffer::default()).collect();
        Evaluator { program, live, slots, lanes: vec![Lane::Exact; count], buffers, rows: Vec::new() }
    }

    /// The program.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// Evaluates one block of households.
    ///
    /// # Errors
    /// An input outside what was declared.
    pub fn run(&mut self, batch: &Batch<'_>, households: Range<usize>) -> Result<(), OutOfRange> {
        self.enter(batch, households)?;
        let program = self.program;
        for at in 0..self.live.len() {
            let i = self.live[at] as usize;
            let op = &program.ops[i];
            let rows = self.rows_of(program.levels[i]);
            if let Op::Fact(f) = op {
                self.lanes[i] = self.load(batch, *f, i, rows)?;
                continue;
            }
            let slot = self.slots[i] as usize;
            let mut out = std::mem::take(&mut self.buffers[slot]);
            self.lanes[i] = self.apply(batch, op, i, rows.len(), &mut out);
            self.buffers[slot] = out;
        }
        Ok(())
    }

    fn enter(&mut self, batch: &Batch<'_>, households: Range<usize>) -> Result<(), OutOfRange> {
        self.rows.clear();
        self.rows.push(households.clone());
        for (c, elements) in batch.collections.iter().enumerate() {
            let declared = &self.program.rules.ruleset.schema.collections[c];
            for h in households.clone() {
                let size = elements.offsets[h + 1].saturating_sub(elements.offsets[h]);
                let given = elements.given.is_none_or(|g| g[h]);
                if size > declared.max || (given && size < declared.min) {
                    return Err(OutOfRange::Size { collection: CollectionId(c), household: h, size });
                }
            }
            let at = |h: usize| elements.offsets[h] as usize;
            self.rows.push(at(households.start)..at(households.end));
        }
        Ok(())
    }

    fn rows_of(&self, level: Option<CollectionId>) -> Range<usize> {
        self.rows[level.map_or(0, |c| c.0 + 1)].clone()
    }

    fn load(
        &mut self,
        batch: &Batch<'_>,
        f: FactId,
        i: usize,
        rows: Range<usize>,
    ) -> Result<Lane, OutOfRange> {
        let (lo, hi) = self.program.rules.ruleset.schema.facts[f.0].range;
        let column = batch.columns.get(f.0).copied().unwrap_or(crate::batch::Column::ABSENT);
        let known = column.known.map(|k| &k[rows.clone()]);
        let some_unknown = known.is_some_and(|k| k.iter().any(|k| !k));
        let out = &mut self.buffers[self.slots[i] as usize];
        out.lo.clear();
        match column.values {
            Values::Absent => {
                out.lo.resize(rows.len(), lo);
                out.hi.clear();
                out.hi.resize(rows.len(), hi);
                return Ok(if lo == hi { Lane::Exact } else { Lane::Bounds });
            }
            Values::I64(v) => {
                if !some_unknown {
                    exact::within(&v[rows.clone()], lo, hi).map_err(|at| OutOfRange::Value {
                        fact: f,
                        row: rows.start + at,
                        value: v[rows.start + at],
                    })?;
                    return Ok(Lane::Column(f));
                }
                out.lo.extend_from_slice(&v[rows.clone()]);
            }
            Values::I32(v) => out.lo.extend(v[rows.clone()].iter().map(|x| i64::from(*x))),
            Values::I8(v) => out.lo.extend(v[rows.clone()].iter().map(|x| i64::from(*x))),
            Values::Bool(v) => out.lo.extend(v[rows.clone()].iter().map(|x| i64::from(*x))),
        }
        if some_unknown {
            out.hi.clear();
            out.hi.extend_from_slice(&out.lo);
            for (row, known) in known.into_iter().flatten().enumerate() {
                if !known {
                    out.lo[row] = lo;
                    out.hi[row] = hi;
                }
            }
        }
        exact::within(&out.lo, lo, hi).map_err(|at| OutOfRange::Value {
            fact: f,
            row: rows.start + at,
            value: out.lo[at],
        })?;
        Ok(if some_unknown { settled(out) } else { Lane::Exact })
    }

    /// Whether some row of an operand is unknown.
    fn has_bounds(&self, arg: Arg) -> bool {
        matches!(arg, Arg::Reg(r) if self.lanes[r as usize] == Lane::Bounds)
    }

    fn operand<'a>(&'a self, batch: &'a Batch<'_>, arg: Arg) -> In<'a> {
        match arg {
            Arg::Fixed(v) => In::Fixed(v),
            Arg::Reg(r) => {
                let (lo, hi) = self.register(batch, r);
                In::Rows(lo, hi)
            }
        }
    }

    fn register<'a>(&'a self, batch: &'a Batch<'_>, r: Reg) -> (&'a [i64], Option<&'a [i64]>) {
        let buffer = &self.buffers[self.slots[r as usize] as usize];
        match self.lanes[r as usize] {
            Lane::Column(f) => {
                let rows = self.rows_of(self.program.levels[r as usize]);
                match batch.columns[f.0].values {
                    Values::I64(v) => (&v[rows], None),
                    _ => unreachable!("only 64-bit columns are read in place"),
                }
            }
            Lane::Exact => (&buffer.lo, None),
            Lane::Bounds => (&buffer.lo, Some(&buffer.hi)),
        }
    }

    /// The bounds of an operand at a row of the current block, counted from the block's start.
    pub fn at(&self, batch: &Batch<'_>, arg: Arg, row: usize) -> (i64, i64) {
        let r = match arg {
            Arg::Fixed(v) => return (v, v),
            Arg::Reg(r) => r as usize,
        };
        // Without the slices of `operand`: explanations ask for hundreds of single values.
        let buffer = &self.buffers[self.slots[r] as usize];
        match (self.lanes[r], buffer.lo.get(row)) {
            (Lane::Exact, Some(lo)) => (*lo, *lo),
            (Lane::Bounds, Some(lo)) => (*lo, buffer.hi[row]),
            _ => {
                let (lo, hi) = self.register(batch, r as Reg);
                (lo[row], hi.map_or(lo[row], |h| h[row]))
            }
        }
    }

    /// The bounds of a fact's `applies` condition at a row of the current block; none if it always applies.
    pub fn applies(&self, batch: &Batch<'_>, fact: FactId, row: usize) -> Option<(i64, i64)> {
        let condition = self.program.applies[fact.0]?;
        let row = if self.level(condition).is_some() { row } else { 0 };
        Some(self.at(batch, condition, row))
    }

    /// How many elements of a collection the current block has.
    pub fn elements_in_block(&self, c: CollectionId) -> usize {
        self.rows_of(Some(c)).len()
    }

    /// Whether the first household of the block was not asked for this list.
    pub fn is_not_given(&self, batch: &Batch<'_>, c: CollectionId) -> bool {
        batch.collections[c.0].given.is_some_and(|g| !g[self.rows[0].start])
    }

    /// The level an operand runs over.
    pub fn level(&self, arg: Arg) -> Option<CollectionId> {
        match arg {
            Arg::Fixed(_) => None,
            Arg::Reg(r) => self.program.levels[r as usize],
        }
    }

    /// Appends the rows of a variable in the current block.
    pub fn append(&self, batch: &Batch<'_>, v: VariableId, to: &mut Bounds) {
        let rows = self.rows_of(self.program.rules.ruleset.variables[v.0].of).len();
        let Some(value) = self.program.value(v) else { return };
        match self.operand(batch, value) {
            In::Fixed(x) => {
                to.lo.resize(to.lo.len() + rows, x);
                to.hi.resize(to.hi.len() + rows, x);
            }
            // A root value stands for each element of a variable computed alike for all.
            In::Rows(lo, hi)
                if lo.len() != rows || self.level(value) != self.program.rules.ruleset.variables[v.0].of =>
            {
                self.spread(batch, v, (lo, hi.unwrap_or(lo)), to);
            }
            In::Rows(lo, hi) => {
                to.lo.extend_from_slice(lo);
                to.hi.extend_from_slice(hi.unwrap_or(lo));
            }
        }
    }

    fn spread(&self, batch: &Batch<'_>, v: VariableId, (lo, hi): (&[i64], &[i64]), to: &mut Bounds) {
        let Some(c) = self.program.rules.ruleset.variables[v.0].of else { return };
        let offsets = batch.collections[c.0].offsets;
        for (i, h) in self.rows[0].clone().enumerate() {
            let n = (offsets[h + 1] - offsets[h]) as usize;
            to.lo.resize(to.lo.len() + n, lo[i]);
            to.hi.resize(to.hi.len() + n, hi[i]);
        }
    }

    /// The rows of a root variable in the current block, if all are known; the fast way out of a bulk run.
    pub fn exact_rows<'a>(&'a self, batch: &'a Batch<'_>, v: VariableId) -> Option<&'a [i64]> {
        match self.operand(batch, self.program.value(v)?) {
            In::Rows(lo, None) => Some(lo),
            _ => None,
        }
    }
}

/// Drops the upper bounds if every row turned out known.
fn settled(out: &Buffer) -> Lane {
    if out.lo == out.hi { Lane::Exact } else { Lane::Bounds }
}

/// The bounds of variables over a whole batch.
///
/// # Errors
/// An input outside what was declared.
pub fn evaluate(
    program: &Program,
    batch: &Batch<'_>,
    wanted: &[VariableId],
) -> Result<Vec<Bounds>, OutOfRange> {
    let mut all: Vec<Bounds> = vec![Bounds::default(); wanted.len()];
    let mut evaluator = Evaluator::keeping(program, wanted);
    let mut start = 0;
    while start < batch.households {
        let end = (start + BLOCK).min(batch.households);
        evaluator.run(batch, start..end)?;
        for (v, bounds) in wanted.iter().zip(&mut all) {
            evaluator.append(batch, *v, bounds);
        }
        start = end;
    }
    Ok(all)
}
