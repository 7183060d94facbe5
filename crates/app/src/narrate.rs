//! Puts an evaluated household into words: labels for names, numbers in their units, articles by their documents' titles.
use crate::decide::{Evaluated, Prepared};
use crate::record::{
    CaseV1, FactV1, FigureV1, LawV1, MissingV1, NoteV1, OutputV1, ReasonV1, SwitchV1, TextV1,
};
use anmin_pack::household::Household;
use anmin_rules::check::TypedBody;
use anmin_rules::evaluate::Missing;
use anmin_rules::explain::{Fired, Note, Use};
use anmin_rules::model::{
    Body, Citation, CollectionId, FactId, Label, LayerId, Outcome, Ruleset, Type, VariableId,
};
use anmin_rules::program::{Arg, Compiled};
use anmin_rules::show::{self, Language};
use anmin_rules::typed::{Form, Typed};

/// What is being put into words.
pub(crate) struct Narrator<'a> {
    /// The pack and program.
    pub prepared: &'a Prepared,
    /// The household.
    pub household: &'a Household,
    /// Its values.
    pub evaluated: &'a Evaluated<'a, 'a>,
}

impl<'a> Narrator<'a> {
    pub fn rules(&self) -> &'a Ruleset {
        &self.prepared.opened.checked.ruleset
    }

    fn at(&self, arg: Arg, element: Option<usize>) -> (i64, i64) {
        let evaluator = &self.evaluated.evaluator;
        let row = if evaluator.level(arg).is_some() { element.unwrap_or(0) } else { 0 };
        evaluator.at(&self.evaluated.batch, arg, row)
    }

    /// The bounds of a root variable.
    pub fn root(&self, v: VariableId) -> Option<(i64, i64)> {
        self.prepared.program.value(v).map(|a| self.at(a, None))
    }

    fn both(&self, f: impl Fn(Language) -> String) -> TextV1 {
        TextV1 { zh: f(Language::Zh), en: f(Language::En) }
    }

    /// `members[2].wage`, from a collection, an element counted from 0, and a name.
    fn path(&self, of: Option<CollectionId>, element: Option<usize>, name: &str) -> String {
        match (of, element) {
            (Some(c), Some(e)) => format!("{}[{}].{name}", self.rules().schema.collections[c.0].name, e + 1),
            _ => name.to_owned(),
        }
    }

    /// A label, with whose it is.
    fn whose(&self, of: Option<CollectionId>, element: Option<usize>, label: &Label) -> TextV1 {
        let (Some(c), Some(e)) = (of, element) else { return TextV1::from(label) };
        let whose = self.element(c, e);
        TextV1 { zh: format!("{}：{}", whose.zh, label.zh), en: format!("{}: {}", whose.en, label.en) }
    }

    /// What to call an element: the words of its first text fact if there are any, else its number.
    fn element(&self, c: CollectionId, e: usize) -> TextV1 {
        let schema = &self.rules().schema;
        let titled = schema.facts.iter().position(|f| f.of == Some(c) && f.ty == Type::Text);
        if let Some(words) = titled.and_then(|i| self.household.text(FactId(i), e)) {
            return TextV1 { zh: words.to_owned(), en: words.to_owned() };
        }
        let label = &schema.collections[c.0].label;
        TextV1 { zh: format!("{}{}", label.zh, e + 1), en: format!("{} {}", label.en, e + 1) }
    }

    /// Citations with their documents.
    pub fn law(&self, citations: &[Citation]) -> Vec<LawV1> {
        self.prepared.opened.law(citations, self.prepared.program.on)
    }

    fn layer(&self, layer: LayerId) -> String {
        self.rules().layers.get(usize::from(layer)).map_or_else(String::new, |l| l.code.clone())
    }

    fn compiled(&self, v: VariableId) -> Option<&'a Compiled> {
        self.prepared.program.variables[v.0].as_ref()
    }

    fn formula(&self, v: VariableId, t: &Typed, element: Option<usize>) -> TextV1 {
        let value = |t: &Typed| self.prepared.program.node(v, t).map(|a| self.at(a, element));
        self.both(|language| show::formula(self.rules(), t, language, &value))
    }

    /// The notes of the variables that decide.
    pub fn deciding(&self) -> Vec<usize> {
        let decision = &self.rules().decision;
        let decides = [decision.eligible, decision.amount, decision.reason];
        let explanation = &self.evaluated.explanation;
        let is_one = |note: &&usize| decides.contains(&Some(explanation.notes[**note].variable));
        explanation.roots.iter().filter(is_one).copied().collect()
    }

    /// Why the decision is as it is: the reason of the case that fired.
    pub fn reason(&self) -> Option<ReasonV1> {
        let decision = &self.rules().decision;
        let v = decision.reason.or(decision.eligible)?;
        let note = self.evaluated.explanation.notes.iter().find(|n| n.variable == v)?;
        let outcome = self.outcome(v, note.fired);
        let because = outcome.and_then(|o| o.because.as_ref());
        let ty = self.rules().variables[v.0].ty;
        let known = note.value.0 == note.value.1;
        if !known {
            return None;
        }
        let text = match because {
            Some(label) => TextV1::from(label),
            None => self.both(|l| show::bounds(self.rules(), ty, note.value, l)),
        };
        Some(ReasonV1 { text, law: self.law(self.cited(v, note.fired)) })
    }

    /// The outcome that fired, if the variable has cases.
    fn outcome(&self, v: VariableId, fired: Fired) -> Option<&'a Outcome> {
        let version = &self.rules().variables[v.0].versions[self.compiled(v)?.version];
        match (&version.body, fired) {
            (Body::Cases(c), Fired::Case(i)) => Some(&c.cases.get(i)?.outcome),
            (Body::Table(t), Fired::Case(i)) => Some(&t.rows.get(i)?.outcome),
            (Body::Cases(c), Fired::Otherwise) => c.otherwise.as_ref(),
            (Body::Table(t), Fired::Otherwise) => t.otherwise.as_ref(),
            _ => None,
        }
    }

    fn cited(&self, v: VariableId, fired: Fired) -> &'a [Citation] {
        match self.outcome(v, fired) {
            Some(o) if !o.law.is_empty() => &o.law,
            _ => self.compiled(v).map_or(&[], |c| &self.rules().variables[v.0].versions[c.version].law),
        }
    }

    /// What could settle the answers, in the order of the answers.
    pub fn missing(&self, answers: &[VariableId]) -> Vec<MissingV1> {
        let mut all: Vec<MissingV1> = Vec::new();
        let decision = &self.rules().decision;
        // What decides comes first; once it is known, nothing more is asked.
        let asked = [decision.eligible, decision.amount].into_iter().flatten().collect::<Vec<_>>();
        for v in if asked.is_empty() { answers } else { &asked } {
            for missing in self.evaluated.evaluator.missing(&self.evaluated.batch, *v) {
                let one = self.missing_one(missing);
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
        all
    }

    fn missing_one(&self, missing: Missing) -> MissingV1 {
        let schema = &self.rules().schema;
        match missing {
            Missing::Fact { fact, element } => {
                let f = &schema.facts[fact.0];
                MissingV1 {
                    path: self.path(f.of, element, &f.name),
                    label: self.whose(f.of, element, &f.label),
                    help: self
                        .prepared
                        .opened
                        .loaded
                        .facts
                        .get(fact.0)
                        .and_then(|m| m.help.as_ref())
                        .map(TextV1::from),
                }
            }
            Missing::Collection(c) => {
                let c = &schema.collections[c.0];
                MissingV1 {
                    path: c.name.clone(),
                    label: TextV1 {
                        zh: format!("{}（没有请写 []）", c.label.zh),
                        en: format!("{} ([] if there are none)", c.label.en),
                    },
                    help: None,
                }
            }
        }
    }

    /// A further result.
    pub fn output(&self, v: VariableId) -> OutputV1 {
        let variable = &self.rules().variables[v.0];
        let elements: Vec<Option<usize>> = match variable.of {
            None => vec![None],
            Some(c) => (0..self.evaluated.evaluator.elements_in_block(c)).map(Some).collect(),
        };
        let bounds: Vec<(i64, i64)> = match self.prepared.program.value(v) {
            Some(arg) => elements.iter().map(|e| self.at(arg, *e)).collect(),
            None => Vec::new(),
        };
        let name = match variable.of {
            Some(c) => format!("{}.{}", self.rules().schema.collections[c.0].name, variable.name),
            None => variable.name.clone(),
        };
        OutputV1 {
            name,
            label: TextV1::from(&variable.label),
            values: bounds.iter().map(|(lo, hi)| (lo == hi).then_some(*lo)).collect(),
            text: bounds
                .iter()
                .map(|b| self.both(|l| show::bounds(self.rules(), variable.ty, *b, l)))
                .collect(),
        }
    }

    /// A note of the explanation.
    pub fn note(&self, note: &Note) -> NoteV1 {
        let v = note.variable;
        let rules = self.rules();
        let variable = &rules.variables[v.0];
        let version = self.compiled(v).map_or(0, |c| c.version);
        let body = &self.prepared.opened.checked.bodies[v.0][version];
        let (formula, not_met) = self.how(v, body, note);
        let mut facts = Vec::new();
        let mut figures = Vec::new();
        let mut switches = Vec::new();
        let (mut uses, mut made_by) = (Vec::new(), Vec::new());
        for (used, matters) in self.evaluated.explanation.uses_of(note) {
            match *used {
                Use::Note(n) => {
                    uses.push(n);
                    if *matters {
                        made_by.push(n);
                    }
                }
                Use::Fact(fact, element, bounds) => {
                    facts.push(FactV1 { matters: *matters, ..self.fact(fact, element, bounds) });
                }
                Use::Parameter(p, value) => {
                    figures.extend(self.figure(p, value).map(|f| FigureV1 { matters: *matters, ..f }));
                }
                Use::Switch(s) => switches.push(self.switch(s)),
                Use::NotGiven(c) => facts.push(FactV1 { matters: *matters, ..self.not_given(c) }),
            }
        }
        NoteV1 {
            name: self.path(variable.of, note.element, &variable.name),
            label: self.whose(variable.of, note.element, &variable.label),
            flag: variable.ty == Type::Bool,
            value: (note.value.0 == note.value.1).then_some(note.value.0),
            text: self.both(|l| show::bounds(rules, variable.ty, note.value, l)),
            formula,
            case: match note.fired {
                Fired::Value | Fired::Unsettled(_) => None,
                Fired::Case(i) => Some(i + 1),
                Fired::Otherwise => Some(0),
            },
            because: self.outcome(v, note.fired).and_then(|o| o.because.as_ref()).map(TextV1::from),
            not_met,
            law: self.law(self.cited(v, note.fired)),
            layer: self.layer(variable.versions[version].layer),
            uses,
            made_by,
            facts,
            figures,
            switches,
        }
    }

    /// The formula that gave the value, and the tests of the cases that did not hold before it.
    fn how(&self, v: VariableId, body: &TypedBody, note: &Note) -> (TextV1, Vec<CaseV1>) {
        let plain = |t: &Typed| match t.form {
            // A fixed outcome says nothing the value does not.
            Form::Literal(_) => TextV1::default(),
            _ => self.formula(v, t, note.element),
        };
        let (cases, otherwise) = match body {
            TypedBody::Value(t) => return (plain(t), Vec::new()),
            TypedBody::Cases { cases, otherwise, .. } => (cases, otherwise),
        };
        let (until, formula) = match note.fired {
            Fired::Case(i) => (i, self.case_formula(v, &cases[i].when, &cases[i].then, note)),
            Fired::Otherwise => (cases.len(), otherwise.as_ref().map(plain).unwrap_or_default()),
            Fired::Unsettled(_) | Fired::Value => (cases.len(), TextV1::default()),
        };
        let not_met = cases[..until]
            .iter()
            .enumerate()
            .filter_map(|(i, case)| {
                let held = self.prepared.program.node(v, &case.when).map(|a| self.at(a, note.element))?;
                (held != (1, 1)).then(|| CaseV1 {
                    case: i + 1,
                    test: self.formula(v, &case.when, note.element),
                    unsettled: held == (0, 1),
                })
            })
            .collect();
        (formula, not_met)
    }

    fn case_formula(&self, v: VariableId, when: &Typed, then: &Typed, note: &Note) -> TextV1 {
        let test = self.formula(v, when, note.element);
        if matches!(then.form, Form::Literal(_)) {
            return test;
        }
        let value = self.formula(v, then, note.element);
        TextV1 {
            zh: format!("{}；因为 {}", value.zh, test.zh),
            en: format!("{}, since {}", value.en, test.en),
        }
    }

    fn fact(&self, fact: FactId, element: Option<usize>, bounds: (i64, i64)) -> FactV1 {
        let f = &self.rules().schema.facts[fact.0];
        let at = element.unwrap_or(0);
        let origin = self.household.origin(fact, at);
        let known = bounds.0 == bounds.1;
        FactV1 {
            path: self.path(f.of, element, &f.name),
            label: self.whose(f.of, element, &f.label),
            value: known.then_some(bounds.0),
            text: self.both(|l| show::bounds(self.rules(), f.ty, bounds, l)),
            not_applicable: known && f.applies.is_some() && self.household.value(fact, at).is_none(),
            source: origin.map(|o| o.source.clone()),
            as_of: origin.and_then(|o| o.as_of).map(|d| d.to_string()),
            evidence: origin.and_then(|o| o.evidence.clone()),
            by: origin.and_then(|o| o.by.clone()),
            why: origin.and_then(|o| o.why.clone()),
            line: origin.map(|o| o.place.line),
            matters: true,
        }
    }

    /// A fact's path, label and a value of it in words.
    pub fn fact_words(&self, fact: FactId, element: usize, value: i64) -> (String, TextV1, TextV1) {
        let f = &self.rules().schema.facts[fact.0];
        let element = f.of.map(|_| element);
        (
            self.path(f.of, element, &f.name),
            self.whose(f.of, element, &f.label),
            self.both(|l| show::value(self.rules(), f.ty, value, l)),
        )
    }

    fn not_given(&self, c: CollectionId) -> FactV1 {
        let c = &self.rules().schema.collections[c.0];
        FactV1 {
            path: c.name.clone(),
            label: TextV1::from(&c.label),
            value: None,
            text: TextV1 { zh: "没有填写".to_owned(), en: "not given".to_owned() },
            not_applicable: false,
            source: None,
            as_of: None,
            evidence: None,
            by: None,
            why: None,
            line: None,
            matters: true,
        }
    }

    fn figure(&self, p: anmin_rules::model::ParameterId, value: i64) -> Option<FigureV1> {
        let parameter = &self.rules().parameters[p.0];
        let in_force = self.prepared.program.figure(p)?;
        Some(FigureV1 {
            name: parameter.name.clone(),
            label: TextV1::from(&parameter.label),
            value,
            text: self.both(|l| show::value(self.rules(), parameter.ty, value, l)),
            layer: self.layer(in_force.layer),
            from: in_force.from.to_string(),
            law: self.law(&in_force.law),
            checked_on: in_force.checked_on.map(|d| d.to_string()),
            unverified: in_force.unverified,
            matters: true,
        })
    }

    fn switch(&self, s: usize) -> SwitchV1 {
        let switch = &self.rules().switches[s];
        let (option, setting) = self.prepared.program.switches[s];
        let setting = switch.settings.get(setting);
        SwitchV1 {
            name: switch.name.clone(),
            label: TextV1::from(&switch.label),
            option: switch.options.get(option).map(|(_, l)| TextV1::from(l)).unwrap_or_default(),
            layer: setting.map_or_else(String::new, |x| self.layer(x.layer)),
            law: setting.map(|x| self.law(&x.law)).unwrap_or_default(),
        }
    }
}
