//! Why a household's variables have their values: which case fired, which facts and figures went in.
//!
//! The tree holds numbers and indices only; words are made from it by [`crate::show`] when somebody reads it.
use crate::batch::Batch;
use crate::check::TypedBody;
use crate::evaluate::Evaluator;
use crate::model::{CollectionId, FactId, ParameterId, VariableId};
use crate::program::Arg;
use crate::typed::{Fold, Form, Typed};

/// Why one variable, for the household or one element of it, has its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The variable.
    pub variable: VariableId,
    /// Which element of the household.
    pub element: Option<usize>,
    /// Lower and upper bound; equal when known.
    pub value: (i64, i64),
    /// Which case gave it.
    pub fired: Fired,
    /// What it was made from, in the order of the text.
    pub uses: Vec<Use>,
}

/// Which case of a variable fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fired {
    /// It is one expression.
    Value,
    /// The case of this index; those before it failed.
    Case(usize),
    /// None held.
    Otherwise,
    /// The case of this index is the first that is unknown.
    Unsettled(usize),
}

/// Something a variable was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Another variable: the index of its note.
    Note(usize),
    /// A fact as given, and its bounds.
    Fact(FactId, Option<usize>, (i64, i64)),
    /// A figure of the law, for this household.
    Parameter(ParameterId, i64),
    /// A switch.
    Switch(usize),
    /// A list that was not given.
    NotGiven(CollectionId),
}

/// The notes behind some variables of one household; `roots` are the notes of those variables, in order.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// All notes; each used one once.
    pub notes: Vec<Note>,
    /// The notes asked for.
    pub roots: Vec<usize>,
}

/// Explains variables of the one household the evaluator last ran, keeping all registers.
pub fn explain(evaluator: &Evaluator<'_>, batch: &Batch<'_>, of: &[VariableId]) -> Explanation {
    let variables = evaluator.program().variables.len();
    let mut teller = Teller { evaluator, batch, variables, known: Vec::new(), explanation: Explanation::default() };
    for v in of {
        let level = evaluator.program().rules.ruleset.variables[v.0].of;
        if evaluator.program().value(*v).is_none() {
            continue;
        }
        match level {
            None => {
                let note = teller.note(*v, None);
                teller.explanation.roots.push(note);
            }
            Some(c) => {
                for element in 0..evaluator.elements_in_block(c) {
                    let note = teller.note(*v, Some(element));
                    teller.explanation.roots.push(note);
                }
            }
        }
    }
    teller.explanation
}

struct Teller<'a, 'p, 'b> {
    evaluator: &'a Evaluator<'p>,
    batch: &'a Batch<'b>,
    variables: usize,
    /// The note of a variable at the root (row 0) or an element (row + 1); `u32::MAX` for none yet.
    known: Vec<u32>,
    explanation: Explanation,
}

impl Teller<'_, '_, '_> {
    fn at(&self, arg: Arg, element: Option<usize>) -> (i64, i64) {
        let row = if self.evaluator.level(arg).is_some() { element.unwrap_or(0) } else { 0 };
        self.evaluator.at(self.batch, arg, row)
    }

    fn note(&mut self, v: VariableId, element: Option<usize>) -> usize {
        let key = element.map_or(0, |e| e + 1) * self.variables + v.0;
        if self.known.len() <= key {
            self.known.resize(key + 1, u32::MAX);
        }
        if self.known[key] != u32::MAX {
            return self.known[key] as usize;
        }
        let program = self.evaluator.program();
        let Some(compiled) = &program.variables[v.0] else {
            unreachable!("only compiled variables are used by compiled ones");
        };
        let value = self.at(compiled.value, element);
        let index = self.explanation.notes.len();
        self.known[key] = index as u32;
        self.explanation.notes.push(Note { variable: v, element, value, fired: Fired::Value, uses: Vec::new() });
        let mut uses = Vec::new();
        let mut fired = Fired::Value;
        match &program.rules.bodies[v.0][compiled.version] {
            TypedBody::Value(t) => self.gather(v, t, element, &mut uses),
            TypedBody::Cases { cases, otherwise, .. } => {
                fired = Fired::Otherwise;
                for (i, case) in cases.iter().enumerate() {
                    let last = otherwise.is_none() && i + 1 == cases.len();
                    let held = self.node(v, &case.when, element).unwrap_or((0, 0));
                    if held == (0, 0) && !last {
                        self.gather(v, &case.when, element, &mut uses);
                        continue;
                    }
                    self.gather(v, &case.when, element, &mut uses);
                    self.gather(v, &case.then, element, &mut uses);
                    if held.0 == 1 || last {
                        fired = if fired == Fired::Otherwise { Fired::Case(i) } else { fired };
                        break;
                    }
                    if fired == Fired::Otherwise {
                        fired = Fired::Unsettled(i);
                    }
                }
                if fired == Fired::Otherwise
                    && let Some(t) = otherwise
                {
                    self.gather(v, t, element, &mut uses);
                }
            }
        }
        let note = &mut self.explanation.notes[index];
        note.uses = uses;
        note.fired = fired;
        index
    }

    /// The bounds of a node; none if the program did not need it.
    fn node(&self, v: VariableId, t: &Typed, element: Option<usize>) -> Option<(i64, i64)> {
        self.evaluator.program().node(v, t).map(|a| self.at(a, element))
    }

    fn gather(&mut self, v: VariableId, t: &Typed, element: Option<usize>, uses: &mut Vec<Use>) {
        let add = |uses: &mut Vec<Use>, u: Use| {
            if !uses.contains(&u) {
                uses.push(u);
            }
        };
        let Some(arg) = self.evaluator.program().node(v, t) else { return };
        match &t.form {
            Form::Fact(f) => {
                let of = self.evaluator.program().rules.ruleset.schema.facts[f.0].of;
                let bounds = self.at(arg, element);
                add(uses, Use::Fact(*f, of.and(element), bounds));
            }
            Form::Parameter(p) => {
                let (lo, _) = self.at(arg, element);
                add(uses, Use::Parameter(*p, lo));
            }
            Form::Switch(s) => add(uses, Use::Switch(*s)),
            Form::Variable(u) => {
                let of = self.evaluator.program().rules.ruleset.variables[u.0].of;
                let note = self.note(*u, of.and(element));
                add(uses, Use::Note(note));
            }
            Form::Choose(c, a, b) => {
                self.gather(v, c, element, uses);
                match self.node(v, c, element) {
                    Some((1, 1)) => self.gather(v, a, element, uses),
                    Some((0, 0)) => self.gather(v, b, element, uses),
                    _ => {
                        self.gather(v, a, element, uses);
                        self.gather(v, b, element, uses);
                    }
                }
            }
            Form::Fold(f) => self.fold(v, f, element, uses),
            _ => {
                for child in t.children() {
                    self.gather(v, child, element, uses);
                }
            }
        }
    }

    fn fold(&mut self, v: VariableId, f: &Fold, element: Option<usize>, uses: &mut Vec<Use>) {
        if self.evaluator.is_not_given(self.batch, f.collection) {
            uses.push(Use::NotGiven(f.collection));
            return;
        }
        for e in 0..self.evaluator.elements_in_block(f.collection) {
            let mut passes = true;
            for filter in &f.filters {
                self.gather(v, filter, Some(e), uses);
                passes &= self.node(v, filter, Some(e)).is_none_or(|b| b.1 == 1);
            }
            if let (true, Some(body)) = (passes, &f.body) {
                self.gather(v, body, Some(e), uses);
            }
        }
        if let Some(o) = &f.over_nothing {
            self.gather(v, o, element, uses);
        }
    }
}
