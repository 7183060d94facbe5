//! A ruleset compiled for one date: a straight list of operations over registers.
mod fix;
pub(crate) mod lower;
mod op;

pub use fix::{compile, compile_known};
pub use op::{Arg, Args, Extreme, Op, Reg};

use crate::check::Checked;
use crate::model::{CollectionId, LayerId, ParameterId, VariableId};
use crate::typed::Typed;
use anmin_base::date::Date;
use std::sync::Arc;

/// The first decision date there can be.
pub const FIRST_DAY: Date = Date::ymd(1900, 1, 1);
/// The last decision date there can be; the proof at load covers all up to here.
pub const LAST_DAY: Date = Date::ymd(2199, 12, 31);

/// A ruleset fixed for a date.
#[derive(Clone, Debug)]
pub struct Program {
    /// The checked rules it was made from.
    pub rules: Arc<Checked>,
    /// The decision date.
    pub on: Date,
    /// The operations; each writes the register of its own number.
    pub ops: Vec<Op>,
    /// The collection each operation runs over; none for the root.
    pub levels: Vec<Option<CollectionId>>,
    /// The bounds of each register when nothing is known.
    pub bounds: Vec<(i64, i64)>,
    /// What each variable became; none where nothing needs it and it has no version in force.
    pub variables: Vec<Option<Compiled>>,
    /// Where each fact's `applies` condition is.
    pub applies: Vec<Option<Arg>>,
    /// The figure in force for each parameter that was read.
    pub figures: Vec<Option<InForce>>,
    /// The option in force for each switch: its index, and the setting that says so.
    pub switches: Vec<(usize, usize)>,
}

/// A variable in a program.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Which of the variable's versions is in force.
    pub version: usize,
    /// Where its value is.
    pub value: Arg,
    /// Where each node of the version's expressions is, by node number; none where it was not needed.
    pub nodes: Vec<Option<Arg>>,
}

/// A parameter's value in force.
#[derive(Clone, Copy, Debug)]
pub struct InForce {
    /// Which of the parameter's values.
    pub value: usize,
    /// The layer that sets it.
    pub layer: LayerId,
}

impl Program {
    /// Where a variable's value is.
    pub fn value(&self, v: VariableId) -> Option<Arg> {
        self.variables[v.0].as_ref().map(|c| c.value)
    }
    /// Where a node of a variable's expressions is.
    pub fn node(&self, v: VariableId, node: &Typed) -> Option<Arg> {
        self.variables[v.0].as_ref().and_then(|c| c.nodes.get(node.id as usize).copied().flatten())
    }
    /// The value of a parameter in force, if it was read.
    pub fn figure(&self, p: ParameterId) -> Option<&crate::model::ParameterValue> {
        let in_force = self.figures[p.0]?;
        self.rules.ruleset.parameters[p.0].values.get(in_force.value)
    }
}
