//! The one place that calls the production evaluator.
use crate::generate::{Columns, Generated};
use crate::reference::value::Missing;
use anmin_rules::check::check;
use anmin_rules::evaluate;
use anmin_rules::finding::Finding;
use anmin_rules::model::VariableId;
pub use anmin_rules::program::Program;
use anmin_rules::program::compile;

/// Stored bounds: one entry a household for a root variable, one an element for a collection's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub lo: Vec<i64>,
    pub hi: Vec<i64>,
}

/// The generated ruleset, checked and compiled for its day.
pub fn program(generated: &Generated) -> Result<Program, String> {
    let checked = check(generated.rules.clone()).map_err(|f| sentences("check", &f))?;
    compile(&checked, generated.on).map_err(|f| sentences("compile", &f))
}

fn sentences(step: &str, findings: &[Finding]) -> String {
    let lines = findings.iter().map(|f| format!("{step}: {} ({:?})", f.en, f.span));
    lines.collect::<Vec<_>>().join("\n")
}

/// Bounds of the variables.
pub fn evaluate(program: &Program, columns: &Columns, of: &[VariableId]) -> Result<Vec<Bounds>, String> {
    let bounds = evaluate::evaluate(program, &columns.batch(), of).map_err(|e| format!("{e:?}"))?;
    Ok(bounds.into_iter().map(|b| Bounds { lo: b.lo.to_vec(), hi: b.hi.to_vec() }).collect())
}

/// What a household has not answered that could settle a root variable.
pub fn missing(program: &Program, columns: &Columns, household: usize, of: VariableId) -> Vec<Missing> {
    let missing = evaluate::missing(program, &columns.batch(), household, of);
    let named = missing.into_iter().map(|m| match m {
        evaluate::Missing::Fact { fact, element } => Missing::Fact(fact, element),
        evaluate::Missing::Collection(id) => Missing::Collection(id),
    });
    named.collect()
}
