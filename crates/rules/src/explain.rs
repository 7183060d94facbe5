//! Why a household's variables have their values: which case fired, which facts and figures went in.
//!
//! The tree holds numbers and indices only; words are made from it by [`crate::show`] when somebody reads it.
use crate::batch::Batch;
use crate::check::{TypedBody, TypedCase};
use crate::evaluate::Evaluator;
use crate::model::{CollectionId, FactId, ParameterId, VariableId};
use crate::program::Arg;
use crate::syntax::{BinaryOp, FoldKind};
use crate::typed::{Fold, Form, Typed};
use std::ops::Range;

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
    /// What it was made from: a stretch of [`Explanation::uses`].
    pub uses: Range<usize>,
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
    /// What the notes were made from, in the order of their texts; true where it made the value what it is: the false side
    /// of a false `&&`, the addends that are not zero, the branch taken.
    pub uses: Vec<(Use, bool)>,
    /// The notes asked for.
    pub roots: Vec<usize>,
}

impl Explanation {
    /// What a note was made from.
    pub fn uses_of(&self, note: &Note) -> &[(Use, bool)] {
        &self.uses[note.uses.clone()]
    }
}

/// Explains variables of the one household the evaluator last ran, keeping all registers.
pub fn explain(evaluator: &Evaluator<'_>, batch: &Batch<'_>, of: &[VariableId]) -> Explanation {
    let variables = evaluator.program().variables.len();
    let mut teller = Teller {
        asked: of,
        evaluator,
        batch,
        variables,
        known: Vec::new(),
        explanation: Explanation::default(),
        idle: Vec::new(),
    };
    teller.explanation.notes.reserve(variables);
    teller.explanation.uses.reserve(3 * variables);
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
    /// The variables explained for their own sake.
    asked: &'a [VariableId],
    evaluator: &'a Evaluator<'p>,
    batch: &'a Batch<'b>,
    variables: usize,
    /// The note of a variable at the root (row 0) or an element (row + 1); `u32::MAX` for none yet.
    known: Vec<u32>,
    explanation: Explanation,
    /// Lists not in use, for the notes still to be gathered.
    idle: Vec<Vec<(Use, bool)>>,
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
        self.explanation.notes.push(Note { variable: v, element, value, fired: Fired::Value, uses: 0..0 });
        let mut uses = Gathered { variable: v, element, uses: self.idle.pop().unwrap_or_default() };
        let fired = match &program.rules.bodies[v.0][compiled.version] {
            TypedBody::Value(t) => {
                self.gather(t, &mut uses, true);
                Fired::Value
            }
            TypedBody::Cases { cases, otherwise, .. } => self.cases(cases, otherwise.as_ref(), &mut uses),
        };
        let start = self.explanation.uses.len();
        self.explanation.uses.append(&mut uses.uses);
        self.idle.push(uses.uses);
        let end = self.explanation.uses.len();
        let note = &mut self.explanation.notes[index];
        note.uses = start..end;
        note.fired = fired;
        index
    }

    /// Gathers what a body of cases was made from, and says which fired.
    fn cases(&mut self, cases: &[TypedCase], otherwise: Option<&Typed>, uses: &mut Gathered) -> Fired {
        let (v, element) = (uses.variable, uses.element);
        let mut fired = Fired::Otherwise;
        for (i, case) in cases.iter().enumerate() {
            let last = otherwise.is_none() && i + 1 == cases.len();
            let held = self.node(v, &case.when, element).unwrap_or((0, 0));
            if held == (0, 0) && !last {
                continue;
            }
            self.gather(&case.when, uses, true);
            self.gather(&case.then, uses, true);
            if held.0 == 1 || last {
                fired = if fired == Fired::Otherwise { Fired::Case(i) } else { fired };
                break;
            }
            if fired == Fired::Otherwise {
                fired = Fired::Unsettled(i);
            }
        }
        if let (Fired::Otherwise, Some(t)) = (fired, otherwise) {
            self.gather(t, uses, true);
        }
        // Why none of the others held matters for what was asked, where nothing held; else it is only there to be looked up.
        let matters = fired == Fired::Otherwise && self.asked.contains(&v);
        let until = match fired {
            Fired::Case(i) | Fired::Unsettled(i) => i,
            Fired::Otherwise | Fired::Value => cases.len(),
        };
        for case in &cases[..until] {
            self.gather(&case.when, uses, matters);
        }
        fired
    }

    /// The bounds of a node; none if the program did not need it.
    fn node(&self, v: VariableId, t: &Typed, element: Option<usize>) -> Option<(i64, i64)> {
        self.evaluator.program().node(v, t).map(|a| self.at(a, element))
    }

    fn gather(&mut self, t: &Typed, to: &mut Gathered, matters: bool) {
        let (v, element) = (to.variable, to.element);
        let Some(arg) = self.evaluator.program().node(v, t) else { return };
        let rules = &self.evaluator.program().rules.ruleset;
        match &t.form {
            Form::Literal(_) | Form::On => {}
            Form::Fact(f) => {
                let of = rules.schema.facts[f.0].of;
                to.add(Use::Fact(*f, of.and(element), self.at(arg, element)), matters);
            }
            Form::Parameter(p) => to.add(Use::Parameter(*p, self.at(arg, element).0), matters),
            Form::Switch(s) => to.add(Use::Switch(*s), matters),
            Form::Variable(u) => {
                let of = rules.variables[u.0].of;
                let note = self.note(*u, of.and(element));
                to.add(Use::Note(note), matters);
            }
            Form::Choose(c, a, b) => {
                // A switch has chosen long before this household came.
                let by_switch = !matches!(self.evaluator.program().node(v, c), Some(Arg::Reg(_)));
                self.gather(c, to, matters && !by_switch);
                match self.node(v, c, element) {
                    Some((1, 1)) => self.gather(a, to, matters),
                    Some((0, 0)) => self.gather(b, to, matters),
                    _ => {
                        self.gather(a, to, matters);
                        self.gather(b, to, matters);
                    }
                }
            }
            Form::Fold(f) => self.fold(f, self.at(arg, element), to, matters),
            _ if !matters => t.each_child(&mut |child| self.gather(child, to, false)),
            _ => {
                let value = self.at(arg, element);
                t.each_child(&mut |child| {
                    let made_it = self.makes(t, child, value, v, element);
                    self.gather(child, to, made_it);
                });
            }
        }
    }

    /// Whether a part made the whole what it is.
    fn makes(
        &self,
        whole: &Typed,
        part: &Typed,
        value: (i64, i64),
        v: VariableId,
        element: Option<usize>,
    ) -> bool {
        let Some(x) = self.node(v, part, element) else { return false };
        match &whole.form {
            Form::Binary(BinaryOp::And | BinaryOp::Or, ..) => value.0 != value.1 && x.0 != x.1 || x == value,
            Form::Binary(BinaryOp::Add | BinaryOp::Subtract, ..) => x != (0, 0),
            Form::Binary(BinaryOp::Multiply, ..) => value != (0, 0) || x == (0, 0),
            Form::Greatest(_) | Form::Least(_) => x.0 != x.1 || x == value,
            _ => true,
        }
    }

    fn fold(&mut self, f: &Fold, value: (i64, i64), to: &mut Gathered, matters: bool) {
        if self.evaluator.is_not_given(self.batch, f.collection) {
            to.add(Use::NotGiven(f.collection), matters);
            return;
        }
        let outer = to.element;
        for e in 0..self.evaluator.elements_in_block(f.collection) {
            to.element = Some(e);
            let at = |t: &Typed| self.node(to.variable, t, Some(e)).unwrap_or((0, 1));
            let passes = f.filters.iter().map(at).fold((1, 1), |p, x| (p.0 & x.0, p.1 & x.1));
            let body = f.body.as_deref().map(at);
            let counts = passes.1 == 1
                && match (f.how, body) {
                    // Where nothing counted, why each did not is the reason.
                    (FoldKind::Count, Some(b)) => b != (0, 0) || value == (0, 0),
                    (FoldKind::Sum, Some(b)) => b != (0, 0),
                    (FoldKind::Exists | FoldKind::All, Some(b)) => b == value || b.0 != b.1,
                    (FoldKind::Max | FoldKind::Min, Some(b)) => b == value || b.0 != b.1,
                    _ => true,
                };
            for filter in &f.filters {
                self.gather(filter, to, matters && counts);
            }
            if let (1, Some(body)) = (passes.1, &f.body) {
                self.gather(body, to, matters && counts);
            }
        }
        to.element = outer;
        if let Some(o) = &f.over_nothing {
            self.gather(o, to, matters && self.evaluator.elements_in_block(f.collection) == 0);
        }
    }
}

/// What has been gathered for one note.
struct Gathered {
    variable: VariableId,
    /// The element the formula is computed for; inside a fold, the one in hand.
    element: Option<usize>,
    uses: Vec<(Use, bool)>,
}

impl Gathered {
    fn add(&mut self, used: Use, matters: bool) {
        match self.uses.iter_mut().find(|(u, _)| *u == used) {
            Some((_, m)) => *m |= matters,
            None => self.uses.push((used, matters)),
        }
    }
}
