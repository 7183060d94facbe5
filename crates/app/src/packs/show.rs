//! A whole pack put into words for a policy officer: figures in force, switches, every variable with its formula.
mod view;

pub use view::{CaseViewV1, FactViewV1, PackViewV1, ParameterViewV1, SwitchViewV1, VariableViewV1};

use super::check::stand_in;
use crate::decide::{Opened, Refused};
use crate::record::{FindingV1, LawV1, TextV1};
use anmin_base::date::Date;
use anmin_pack::library::Library;
use anmin_rules::check::{Checked, TypedBody};
use anmin_rules::finding::Finding;
use anmin_rules::model::{
    Body, Citation, Decision, Figure, LayerId, Outcome, Parameter, ParameterId, Place, Ruleset, Type,
    VariableId,
};
use anmin_rules::program::{Program, compile};
use anmin_rules::show::{self, Language};
use anmin_rules::typed::Typed;
use std::sync::Arc;

/// Puts a pack into words.
///
/// # Errors
/// The pack cannot be read, or is not in force on the date.
pub fn show(library: &Library, pack: &str, region: Option<&str>, on: Date) -> Result<PackViewV1, Refused> {
    let opened = Opened::new(library, pack, region)?;
    // Everything is shown, needed for the answer or not, and also where figures are left to regions.
    let mut checked = (*opened.checked).clone();
    let left_open = stand_in(&mut checked.ruleset);
    let all = (0..checked.ruleset.variables.len()).map(VariableId);
    let in_force: Vec<VariableId> = all.filter(|v| fix(&checked, &[*v], on).is_ok()).collect();
    let program = fix(&checked, &in_force, on).map_err(|found| Refused {
        findings: found.iter().map(|f| FindingV1::of_rules(&opened.loaded.files, f)).collect(),
    })?;
    let view = View { opened: &opened, checked: &checked, program: &program, left_open };
    Ok(view.pack(region, on))
}

/// A program for some variables and nothing else.
fn fix(checked: &Checked, of: &[VariableId], on: Date) -> Result<Program, Vec<Finding>> {
    let mut checked = checked.clone();
    checked.ruleset.decision = Decision::default();
    checked.ruleset.outputs = of.to_vec();
    compile(&Arc::new(checked), on)
}

struct View<'a> {
    opened: &'a Opened,
    checked: &'a Checked,
    program: &'a Program,
    left_open: Vec<usize>,
}

fn both(say: impl Fn(Language) -> String) -> TextV1 {
    TextV1 { zh: say(Language::Zh), en: say(Language::En) }
}

fn text(zh: &str, en: &str) -> TextV1 {
    TextV1 { zh: zh.to_owned(), en: en.to_owned() }
}

impl View<'_> {
    fn rules(&self) -> &Ruleset {
        &self.checked.ruleset
    }

    fn law(&self, citations: &[Citation]) -> Vec<LawV1> {
        self.opened.law(citations, self.program.on)
    }

    fn pack(&self, region: Option<&str>, on: Date) -> PackViewV1 {
        let (loaded, rules) = (&self.opened.loaded, self.rules());
        let decision = [
            (text("是否符合", "Is it due"), rules.decision.eligible),
            (text("金额", "How much"), rules.decision.amount),
            (text("理由", "Why"), rules.decision.reason),
        ];
        let answers = |(what, v): (TextV1, Option<VariableId>)| {
            Some((what, TextV1::from(&rules.variables[v?.0].label)))
        };
        PackViewV1 {
            schema: "anmin.pack/1",
            name: loaded.name.clone(),
            title: TextV1::from(&loaded.service.name),
            about: TextV1::from(&loaded.service.about),
            region: region.map(str::to_owned),
            on: on.to_string(),
            layers: self.layers(),
            legal_basis: self.law(&loaded.service.legal_basis),
            decision_hash: loaded.hash.as_str().to_owned(),
            facts: (0..rules.schema.facts.len()).map(|n| self.fact(n)).collect(),
            parameters: rules.parameters.iter().enumerate().map(|(n, p)| self.parameter(n, p)).collect(),
            switches: (0..rules.switches.len()).map(|n| self.switch(n)).collect(),
            variables: (0..rules.variables.len()).map(|n| self.variable(VariableId(n))).collect(),
            decision: decision.into_iter().filter_map(answers).collect(),
            untranslated: loaded
                .untranslated
                .iter()
                .map(|u| (TextV1::from(&u.label), TextV1::from(&u.why), self.law(&u.law)))
                .collect(),
        }
    }

    fn layers(&self) -> Vec<(String, TextV1)> {
        let layers = self.opened.loaded.layers.iter().enumerate();
        layers
            .filter(|(n, l)| *n == 0 || l.overlay)
            .map(|(_, l)| (l.code.clone(), TextV1::from(&l.label)))
            .collect()
    }

    fn layer(&self, layer: LayerId) -> String {
        self.rules().layers.get(usize::from(layer)).map_or_else(String::new, |l| l.code.clone())
    }

    fn fact(&self, n: usize) -> FactViewV1 {
        let fact = &self.rules().schema.facts[n];
        FactViewV1 {
            path: self.path(fact.of, &fact.name),
            label: TextV1::from(&fact.label),
            kind: self.kind(fact.ty),
            applies: self.checked.applies[n].as_ref().map(|t| self.formula(t)),
            judgement: fact.judgement,
        }
    }

    fn parameter(&self, n: usize, parameter: &Parameter) -> ParameterViewV1 {
        let left_open = self.left_open.contains(&n);
        let in_force = self.program.figure(ParameterId(n)).filter(|_| !left_open);
        let value = |v: i64| both(|l| show::value(self.rules(), parameter.ty, v, l));
        let values = match in_force.map(|v| &v.value) {
            Some(Figure::Same(v)) => vec![(TextV1::default(), value(*v))],
            Some(Figure::By(pairs)) => {
                let by = parameter.by.map(|f| self.rules().schema.facts[f.0].ty);
                let whom = |code: i64| {
                    by.map(|ty| both(|l| show::value(self.rules(), ty, code, l))).unwrap_or_default()
                };
                pairs.iter().map(|(code, v)| (whom(*code), value(*v))).collect()
            }
            Some(Figure::Ended) | None => vec![],
        };
        ParameterViewV1 {
            name: parameter.name.clone(),
            label: TextV1::from(&parameter.label),
            kind: self.kind(parameter.ty),
            values,
            layer: in_force.map_or_else(String::new, |v| self.layer(v.layer)),
            from: in_force.map(|v| v.from.to_string()),
            to: in_force.and_then(|v| v.to).map(|d| d.to_string()),
            law: in_force.map(|v| self.law(&v.law)).unwrap_or_default(),
            checked_on: in_force.and_then(|v| v.checked_on).map(|d| d.to_string()),
            unverified: in_force.is_some_and(|v| v.unverified),
            left_open,
        }
    }

    fn switch(&self, n: usize) -> SwitchViewV1 {
        let switch = &self.rules().switches[n];
        let (option, setting) = self.program.switches[n];
        let setting = switch.settings.get(setting);
        SwitchViewV1 {
            name: switch.name.clone(),
            label: TextV1::from(&switch.label),
            option: switch.options.get(option).map(|(_, l)| TextV1::from(l)).unwrap_or_default(),
            options: switch.options.iter().map(|(_, l)| TextV1::from(l)).collect(),
            layer: setting.map_or_else(String::new, |s| self.layer(s.layer)),
            law: setting.map(|s| self.law(&s.law)).unwrap_or_default(),
        }
    }

    fn variable(&self, v: VariableId) -> VariableViewV1 {
        let variable = &self.rules().variables[v.0];
        let (label, kind) = (TextV1::from(&variable.label), self.kind(variable.ty));
        let path = self.path(variable.of, &variable.name);
        let place = |p: Place| format!("{}:{}", self.opened.loaded.files.path(p.file).display(), p.line);
        let Some(compiled) = &self.program.variables[v.0] else {
            let (open, place) = (variable.open, place(variable.place));
            return VariableViewV1 { path, label, kind, open, place, ..VariableViewV1::default() };
        };
        let version = &variable.versions[compiled.version];
        let (formula, cases) = match &self.checked.bodies[v.0][compiled.version] {
            TypedBody::Value(t) => (Some(self.formula(t)), vec![]),
            TypedBody::Cases { cases, otherwise, .. } => {
                let (outcomes, last) = outcomes(&version.body);
                let mut all: Vec<CaseViewV1> = cases
                    .iter()
                    .zip(outcomes)
                    .map(|(case, outcome)| self.case(Some(&case.when), &case.then, outcome))
                    .collect();
                all.extend(otherwise.iter().zip(last).map(|(then, outcome)| self.case(None, then, outcome)));
                (None, all)
            }
        };
        VariableViewV1 {
            path,
            label,
            kind,
            open: variable.open,
            in_force: true,
            layer: self.layer(version.layer),
            law: self.law(&version.law),
            formula,
            cases,
            place: place(version.place),
        }
    }

    fn case(&self, when: Option<&Typed>, then: &Typed, outcome: &Outcome) -> CaseViewV1 {
        CaseViewV1 {
            when: when.map(|t| self.formula(t)),
            then: self.formula(then),
            because: outcome.because.as_ref().map(TextV1::from),
            law: self.law(&outcome.law),
        }
    }

    fn formula(&self, t: &Typed) -> TextV1 {
        both(|l| show::formula(self.rules(), t, l, &|_| None))
    }

    fn path(&self, of: Option<anmin_rules::model::CollectionId>, name: &str) -> String {
        match of {
            Some(c) => format!("{}.{name}", self.rules().schema.collections[c.0].name),
            None => name.to_owned(),
        }
    }

    fn kind(&self, ty: Type) -> TextV1 {
        match ty {
            Type::Bool => text("是或否", "yes or no"),
            Type::Count => text("数目", "a number"),
            Type::Age => text("周岁", "years of age"),
            Type::Months => text("月数", "months"),
            Type::Rate(_) => text("比例", "a rate"),
            Type::Date => text("日期", "a date"),
            Type::Money(per) => both(|l| match l {
                Language::Zh => format!("金额，{}", show::per(per, l)),
                Language::En => format!("money, {}", show::per(per, l)),
            }),
            Type::Enum(e) => {
                let values = &self.rules().schema.enums[e.0].values;
                let listed =
                    |l: Language| values.iter().map(|v| l.of(&v.label).to_owned()).collect::<Vec<_>>();
                TextV1 {
                    zh: format!("之一：{}", listed(Language::Zh).join("、")),
                    en: format!("one of: {}", listed(Language::En).join(", ")),
                }
            }
            Type::Text => text("文字", "words"),
            Type::ResidentId => text("公民身份号码", "a resident identity number"),
        }
    }
}

/// The outcomes of the cases or rows, and of `otherwise`.
fn outcomes(body: &Body) -> (Vec<&Outcome>, Option<&Outcome>) {
    match body {
        Body::Value(_) => (vec![], None),
        Body::Cases(c) => (c.cases.iter().map(|c| &c.outcome).collect(), c.otherwise.as_ref()),
        Body::Table(t) => (t.rows.iter().map(|r| &r.outcome).collect(), t.otherwise.as_ref()),
    }
}
