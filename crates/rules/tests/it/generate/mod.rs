//! Rulesets that are well typed by construction, and households for them.
//!
//! Everything here is meant to load: names exist, types fit, no divisor can be zero, nothing comes near 64 bits, no case
//! or row is dead. Where the specification leaves open whether a form is allowed, a switch in [`forms`] says whether it
//! is made.
mod axes;
mod columns;
mod conditions;
mod enumerations;
mod figures;
mod folds;
pub mod forms;
mod grid;
pub mod households;
mod node;
mod numbers;
pub mod schema;
pub mod tree;
mod variables;

pub use columns::Columns;

use crate::random::Dice;
use crate::reference::interval::Interval;
use crate::reference::kind::Kind;
use anmin_base::date::Date;
use anmin_rules::model::{CollectionId, Decision, Per, Ruleset, VariableId};
use node::Node;

/// A ruleset and the day it is evaluated on.
#[derive(Clone, Debug)]
pub struct Generated {
    pub rules: Ruleset,
    pub on: Date,
    /// The order in which the variables were made: each uses only those before it.
    pub order: Vec<VariableId>,
}

/// Something an expression may read.
#[derive(Clone, Debug)]
struct Leaf {
    of: Option<CollectionId>,
    name: String,
    kind: Kind,
    denominator: i128,
    /// Bounds on the day, of a household of which nothing is known.
    now: Interval,
    /// Bounds on any day: figures anywhere in their declared ranges.
    wide: Interval,
    /// A fact, and not one computed or set by law.
    is_fact: bool,
}

/// Where an expression stands.
#[derive(Clone, Debug)]
struct Scope {
    /// The element it can see and its name.
    element: Option<(CollectionId, String)>,
    /// Whether it may fold a collection: not inside a lambda.
    folds: bool,
    /// A fact's `applies` is made of facts alone.
    only_facts: bool,
}

/// A ruleset being made.
struct Composer {
    dice: Dice,
    rules: Ruleset,
    on: Date,
    leaves: Vec<Leaf>,
    /// Parameters without a figure on the day.
    gaps: Vec<Leaf>,
}

const AMOUNTS: [Kind; 3] = [Kind::Money(Per::Month), Kind::Money(Per::Year), Kind::Money(Per::Once)];

/// The ruleset of a seed.
pub fn generate(seed: u64) -> Generated {
    let mut dice = Dice::new(seed);
    let on = figures::decision_date(&mut dice);
    let rules = Ruleset::default();
    let mut composer = Composer { dice, rules, on, leaves: Vec::new(), gaps: Vec::new() };
    composer.add_layers();
    composer.add_schema();
    composer.add_switches();
    composer.add_parameters();
    composer.add_variables();
    composer.finish()
}

impl Composer {
    /// Names the answers and puts the variables in another order: nothing may depend on it.
    fn finish(mut self) -> Generated {
        let made = std::mem::take(&mut self.rules.variables);
        let mut places: Vec<usize> = (0..made.len()).collect();
        self.dice.shuffle(&mut places);
        // The variable made i-th goes to places[i].
        let mut slots: Vec<_> = made.iter().map(|_| None).collect();
        for (variable, place) in made.into_iter().zip(&places) {
            slots[*place] = Some(variable);
        }
        self.rules.variables = slots.into_iter().map(|v| v.expect("a permutation")).collect();
        let order: Vec<VariableId> = places.into_iter().map(VariableId).collect();
        let last = order.len() - 1;
        self.rules.decision =
            Decision { eligible: Some(order[last - 1]), amount: Some(order[last]), reason: None };
        self.rules.outputs = order[..last - 1].to_vec();
        Generated { rules: self.rules, on: self.on, order }
    }

    /// An expression of a kind, if there is anything to make it of.
    fn value(&mut self, kind: Kind, depth: u32, scope: &Scope) -> Option<Node> {
        match kind {
            Kind::Bool => self.condition(depth, scope),
            Kind::Date => self.date(depth, scope),
            Kind::Enum(id) => self.enumeration(id, depth, scope, false),
            Kind::Switch(_) | Kind::Zero => panic!("no expression is made for {kind:?}"),
            _ => self.number(kind, depth, scope),
        }
    }

    /// What an expression in the scope can read.
    fn readable(&self, scope: &Scope, fits: impl Fn(&Leaf) -> bool) -> Vec<Leaf> {
        let here = scope.element.as_ref().map(|(collection, _)| *collection);
        let seen =
            |leaf: &&Leaf| (leaf.of.is_none() || leaf.of == here) && (leaf.is_fact || !scope.only_facts);
        self.leaves.iter().filter(seen).filter(|leaf| fits(leaf)).cloned().collect()
    }

    /// One of the leaves of a kind; of the element's own more often than of the root's.
    fn leaf(&mut self, kind: Kind, scope: &Scope) -> Option<Node> {
        let all = self.readable(scope, |leaf| leaf.kind == kind);
        let own: Vec<Leaf> = all.iter().filter(|leaf| leaf.of.is_some()).cloned().collect();
        let from = if !own.is_empty() && self.dice.percent(70) { own } else { all };
        if from.is_empty() {
            return None;
        }
        let leaf = self.dice.pick(&from);
        Some(Node::read(leaf, scope))
    }
}
