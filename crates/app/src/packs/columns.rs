//! The rules of a pack over columns of many households, on several threads.
use crate::decide::{Opened, Prepared, Refused};
use crate::record::FindingV1;
use anmin_base::date::Date;
use anmin_pack::finding::Files;
use anmin_pack::household::{self, Household};
use anmin_pack::library::Library;
use anmin_rules::batch::{Batch, Column, Elements};
use anmin_rules::evaluate::{BLOCK, Bounds, Evaluator, OutOfRange};
use anmin_rules::model::VariableId;
use anmin_rules::program::compile;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub use anmin_rules::batch::Values;

/// Blocks a thread takes at a time.
const BLOCKS_AT_A_TIME: usize = 64;

/// Columns of many households, by the entity and `column:` name of the facts.
#[derive(Clone, Debug, Default)]
pub struct Table<'a> {
    /// How many households.
    pub households: usize,
    /// Entity (empty for the root), column name and values.
    pub columns: Vec<(&'a str, &'a str, Values<'a>)>,
    /// Collection, and where each household's elements begin: one more than there are households.
    pub offsets: Vec<(&'a str, &'a [u32])>,
}

/// A pack fixed for a date, to run over columns.
#[derive(Clone, Debug)]
pub struct Columnar {
    prepared: Prepared,
    wanted: Vec<VariableId>,
}

impl Columnar {
    /// Reads, checks and fixes a pack; `outputs` are the root variables wanted.
    ///
    /// # Errors
    /// Everything wrong in the pack; a variable it does not have.
    pub fn new(
        library: &Library,
        pack: &str,
        region: Option<&str>,
        on: Date,
        outputs: &[&str],
    ) -> Result<Columnar, Refused> {
        let mut opened = Opened::new(library, pack, region)?;
        let find = |name: &&str| {
            let of_root =
                opened.checked.ruleset.variables.iter().position(|v| v.of.is_none() && v.name == **name);
            of_root.map(VariableId).ok_or_else(|| {
                let (zh, en) = (
                    format!("没有名为 {name} 的整户变量"),
                    format!("no variable of the root is called {name}"),
                );
                Refused { findings: vec![FindingV1::general(format!("packs/{pack}/rules.yaml"), zh, en)] }
            })
        };
        let wanted = outputs.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let mut checked = (*opened.checked).clone();
        checked.ruleset.outputs.clone_from(&wanted);
        checked.ruleset.decision = anmin_rules::model::Decision::default();
        opened.checked = Arc::new(checked);
        let program = compile(&opened.checked, on).map_err(|found| Refused {
            findings: found.iter().map(|f| FindingV1::of_rules(&opened.loaded.files, f)).collect(),
        })?;
        Ok(Columnar { prepared: Prepared::of(Arc::new(opened), program), wanted })
    }

    /// Evaluates every household. Each thread starts with `start()` and hands its blocks to `each`: the number of the block's first
    /// household, and the values of every output.
    ///
    /// # Errors
    /// A value outside its fact's range, in words.
    pub fn over<S: Send>(
        &self,
        table: &Table<'_>,
        threads: usize,
        start: impl Fn() -> S + Sync,
        each: impl Fn(&mut S, usize, &[&[i64]]) + Sync,
    ) -> Result<Vec<S>, String> {
        let batch = self.batch(table)?;
        let next = AtomicUsize::new(0);
        let work = || -> Result<S, String> {
            let mut state = start();
            let mut evaluator = Evaluator::keeping(&self.prepared.program, &self.wanted);
            let mut spare = vec![Bounds::default(); self.wanted.len()];
            loop {
                let first = next.fetch_add(BLOCKS_AT_A_TIME * BLOCK, Ordering::Relaxed);
                if first >= batch.households {
                    return Ok(state);
                }
                let last = (first + BLOCKS_AT_A_TIME * BLOCK).min(batch.households);
                for block in (first..last).step_by(BLOCK) {
                    evaluator.run(&batch, block..(block + BLOCK).min(last)).map_err(|o| self.refused(o))?;
                    self.hand_out(&evaluator, &batch, &mut spare, |rows| each(&mut state, block, rows))?;
                }
            }
        };
        let ended: Vec<Result<S, String>> = thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mine = work();
            let joined =
                others.into_iter().map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            std::iter::once(mine).chain(joined).collect()
        });
        ended.into_iter().collect()
    }

    fn hand_out(
        &self,
        evaluator: &Evaluator<'_>,
        batch: &Batch<'_>,
        spare: &mut [Bounds],
        each: impl FnOnce(&[&[i64]]),
    ) -> Result<(), String> {
        for (v, spare) in self.wanted.iter().zip(spare.iter_mut()) {
            spare.lo.clear();
            spare.hi.clear();
            if evaluator.exact_rows(batch, *v).is_none() {
                evaluator.append(batch, *v, spare);
                if spare.lo != spare.hi {
                    let name = &self.prepared.opened.checked.ruleset.variables[v.0].name;
                    return Err(format!(
                        "{name} is unknown for some household: a column it needs is not there"
                    ));
                }
            }
        }
        let rows: Vec<&[i64]> = self
            .wanted
            .iter()
            .zip(spare.iter())
            .map(|(v, s)| evaluator.exact_rows(batch, *v).unwrap_or(&s.lo))
            .collect();
        each(&rows);
        Ok(())
    }

    fn refused(&self, found: OutOfRange) -> String {
        let schema = &self.prepared.opened.checked.ruleset.schema;
        match found {
            OutOfRange::Value { fact, row, value } => {
                format!("row {row} of {}: {value} is outside its declared range", schema.facts[fact.0].name)
            }
            OutOfRange::Size { collection, household, size } => {
                format!("household {household} has {size} of {}", schema.collections[collection.0].name)
            }
        }
    }

    fn batch<'t>(&self, table: &Table<'t>) -> Result<Batch<'t>, String> {
        let schema = &self.prepared.opened.checked.ruleset.schema;
        let column = |(fact, meta): (&anmin_rules::model::Fact, &household::FactMeta)| {
            let entity = fact.of.map_or("", |c| schema.collections[c.0].name.as_str());
            let found = table.columns.iter().find(|(of, name, _)| *of == entity && *name == meta.column);
            found.map_or(Column::ABSENT, |(.., values)| Column { values: *values, known: None })
        };
        let elements = |c: &anmin_rules::model::Collection| {
            let found = table.offsets.iter().find(|(name, _)| *name == c.name);
            match found {
                Some((_, offsets)) => Ok(Elements { offsets, given: None }),
                None => Err(format!("nothing says which {} belong to which household", c.name)),
            }
        };
        Ok(Batch {
            households: table.households,
            columns: schema.facts.iter().zip(&self.prepared.opened.loaded.facts).map(column).collect(),
            collections: schema.collections.iter().map(elements).collect::<Result<_, _>>()?,
        })
    }
}

/// Reads a household file once, to evaluate it many times.
///
/// # Errors
/// Everything wrong in the file.
pub fn read_household(prepared: &Prepared, name: &str, bytes: &[u8]) -> Result<(Household, Files), Refused> {
    let mut files = Files::default();
    let file = files.add(name);
    let read = household::read(&prepared.opened.sheet(), file, bytes, prepared.program.on);
    match read {
        Ok(household) => Ok((household, files)),
        Err(found) => {
            Err(Refused { findings: found.iter().map(|f| FindingV1::of_pack(&files, f)).collect() })
        }
    }
}
