//! Fixes a checked ruleset for one date: picks the versions, figures and options in force and lowers what the answers need.
use super::lower::{Expression, Figure, Figures, Lowering, VariableValue};
use super::op::{Arg, Op};
use super::{Compiled, FIRST_DAY, InForce, LAST_DAY, Program};
use crate::check::{Checked, TypedBody};
use crate::finding::Finding;
use crate::model::{FactId, LayerId, ParameterId, Place, Ruleset, VariableId};
use crate::syntax::Span;
use crate::typed::{Kind, Typed};
use anmin_base::date::Date;
use std::sync::Arc;

/// Compiles for a date, with every figure the packs hold.
///
/// # Errors
/// As [`compile_known`].
pub fn compile(rules: &Arc<Checked>, on: Date) -> Result<Program, Vec<Finding>> {
    compile_known(rules, on, None)
}

/// Compiles for a date, with the figures published by another (all, if none is given). Variables that no answer and no output needs are left out; with neither, all are compiled.
///
/// # Errors
/// A figure or variable that is needed and not in force; a date outside 1900 to 2199.
pub fn compile_known(rules: &Arc<Checked>, on: Date, known: Option<Date>) -> Result<Program, Vec<Finding>> {
    if on < FIRST_DAY || on > LAST_DAY {
        return Err(vec![Finding {
            place: Place::default(),
            span: None,
            zh: format!("日期 {on} 不在 1900 年至 2199 年之间"),
            en: format!("{on} is not between 1900 and 2199"),
        }]);
    }
    let ruleset = &rules.ruleset;
    let mut needed: Vec<VariableId> =
        [ruleset.decision.eligible, ruleset.decision.amount, ruleset.decision.reason]
            .into_iter()
            .flatten()
            .chain(ruleset.outputs.iter().copied())
            .collect();
    if needed.is_empty() {
        needed = (0..ruleset.variables.len()).map(VariableId).collect();
    }
    let mut lowering = Lowering::new(ruleset, on, false);
    let mut fixed = Fixed {
        rules,
        on,
        known,
        variables: vec![None; ruleset.variables.len()],
        figures: vec![None; ruleset.parameters.len()],
        switches: ruleset.switches.iter().map(|s| option_in_force(s, on)).collect(),
        gaps: vec![],
        findings: vec![],
    };
    for v in needed {
        fixed.compile(v, &mut lowering);
    }
    let applies = fixed.applies(&mut lowering);
    let mut findings = fixed.findings;
    findings.append(&mut lowering.findings);
    if !findings.is_empty() {
        findings.sort_by_key(|f| (f.place, f.span.map(|s| s.start)));
        findings.dedup();
        return Err(findings);
    }
    Ok(Program {
        rules: Arc::clone(rules),
        on,
        bounds: lowering.bounds.iter().map(|b| (b.lo as i64, b.hi as i64)).collect(),
        ops: lowering.ops,
        levels: lowering.levels,
        variables: fixed.variables,
        applies,
        figures: fixed.figures,
        switches: fixed.switches,
    })
}

/// Of the dated things of all layers: the latest begun of the most specific layer that has one, if `holds`.
fn in_force<T>(
    all: &[T],
    on: Date,
    layer: impl Fn(&T) -> LayerId,
    from: impl Fn(&T) -> Date,
    holds: impl Fn(&T) -> bool,
) -> Option<usize> {
    let top = all.iter().map(&layer).max()?;
    (0..=top).rev().find_map(|l| {
        all.iter()
            .enumerate()
            .filter(|(_, t)| layer(t) == l && from(t) <= on)
            .max_by_key(|(_, t)| from(t))
            .filter(|(_, t)| holds(t))
            .map(|(i, _)| i)
    })
}

fn option_in_force(s: &crate::model::Switch, on: Date) -> (usize, usize) {
    let setting = in_force(&s.settings, on, |x| x.layer, |x| x.from, |_| true);
    setting.map_or((0, 0), |i| (s.settings[i].option, i))
}

struct Fixed<'r> {
    rules: &'r Arc<Checked>,
    on: Date,
    known: Option<Date>,
    variables: Vec<Option<Compiled>>,
    figures: Vec<Option<InForce>>,
    switches: Vec<(usize, usize)>,
    gaps: Vec<ParameterId>,
    findings: Vec<Finding>,
}

impl<'r> Fixed<'r> {
    /// Lowers the `applies` conditions, so that a value given for a fact that does not apply can be refused.
    fn applies(&mut self, lowering: &mut Lowering<'r>) -> Vec<Option<Arg>> {
        let rules: &'r Checked = self.rules;
        let mut needs = Needs { fixed: self, missing: None };
        let mut all = Vec::new();
        for (condition, fact) in rules.applies.iter().zip(&rules.ruleset.schema.facts) {
            all.push(condition.as_ref().and_then(|condition| {
                let mut e =
                    Expression { to: lowering, figures: &mut needs, place: fact.place, nodes: vec![] };
                e.node(condition)
            }));
        }
        all
    }

    fn compile(&mut self, v: VariableId, lowering: &mut Lowering<'r>) -> Option<()> {
        if self.variables[v.0].is_some() {
            return Some(());
        }
        let rules: &'r Checked = self.rules;
        let variable = &rules.ruleset.variables[v.0];
        let on = self.on;
        let Some(version) = in_force(&variable.versions, on, |x| x.layer, |x| x.from, |_| true) else {
            self.findings.push(Finding {
                place: variable.place,
                span: None,
                zh: format!("“{}”在 {on} 没有有效的规则", variable.name),
                en: format!("\"{}\" has no rule in force on {on}", variable.name),
            });
            self.stand_in(v, lowering);
            return None;
        };
        let body = &rules.bodies[v.0][version];
        let want = Kind::of(variable.ty)?;
        let mut needs = Needs { fixed: self, missing: None };
        loop {
            let mut e = Expression {
                to: lowering,
                figures: &mut needs,
                place: variable.versions[version].place,
                nodes: vec![],
            };
            let value = lower_body(&mut e, variable, version, body, want);
            let nodes = e.nodes;
            match (value, needs.missing.take()) {
                (_, Some(u)) => {
                    // What is wrong with it has been noted; going on finds what else is wrong.
                    let _ = needs.fixed.compile(u, lowering);
                }
                (Some(value), None) => {
                    needs.fixed.variables[v.0] = Some(Compiled { version, value, nodes });
                    return Some(());
                }
                (None, None) => {
                    needs.fixed.stand_in(v, lowering);
                    return None;
                }
            }
        }
    }

    /// Puts bounds in place of a variable that cannot be computed, so that the rest is still looked at; there is a finding, and
    /// no program comes of it.
    fn stand_in(&mut self, v: VariableId, lowering: &mut Lowering<'r>) {
        let (lo, hi) = self.rules.proved[v.0];
        let variable = &self.rules.ruleset.variables[v.0];
        let op = Op::Abstract(lo, hi, v.0 as u32);
        let value = lowering.push(op, variable.of, variable.place, Span::default());
        self.variables[v.0] = Some(Compiled { version: 0, value, nodes: Vec::new() });
    }
}

fn lower_body(
    e: &mut Expression<'_, '_, Needs<'_, '_>>,
    variable: &crate::model::Variable,
    version: usize,
    body: &TypedBody,
    want: Kind,
) -> Option<Arg> {
    match body {
        TypedBody::Value(t) => {
            if let crate::model::Body::Value(source) = &variable.versions[version].body {
                e.place = source.place;
            }
            e.as_kind(t, want)
        }
        TypedBody::Cases { cases, otherwise, .. } => {
            // The last outcome stands where no gap is left: without `otherwise` its own condition need not be asked again.
            let mut conditions = Vec::new();
            for case in cases {
                e.place = case.when_place;
                let when = e.node(&case.when)?;
                if when == Arg::Fixed(0) {
                    continue;
                }
                e.place = case.then_place;
                let then = e.as_kind(&case.then, want)?;
                conditions.push((when, then, case.when.span));
                if when == Arg::Fixed(1) {
                    break;
                }
            }
            let decided = conditions.last().is_some_and(|(when, ..)| *when == Arg::Fixed(1));
            let mut value = match otherwise {
                Some(t) if !decided => e.as_kind(t, want)?,
                _ => conditions.pop()?.1,
            };
            for (when, then, span) in conditions.into_iter().rev() {
                value = e.branch(when, span, |_| Some(then), |_| Some(value))?;
            }
            Some(value)
        }
    }
}

/// Hands out what is in force; notes the first variable that has yet to be compiled.
struct Needs<'f, 'r> {
    fixed: &'f mut Fixed<'r>,
    missing: Option<VariableId>,
}

impl Figures for Needs<'_, '_> {
    fn parameter(&mut self, p: ParameterId, at: Place, span: Span) -> Option<Figure> {
        let ruleset: &Ruleset = &self.fixed.rules.ruleset;
        let parameter = &ruleset.parameters[p.0];
        let on = self.fixed.on;
        let holds = |v: &crate::model::ParameterValue| {
            v.value != crate::model::Figure::Ended && v.to.is_none_or(|to| on <= to)
        };
        // A figure not yet published was not known, whenever it came to hold from.
        let known = self.fixed.known;
        let heard = |v: &crate::model::ParameterValue| match (v.published, known) {
            (Some(published), Some(known)) => published <= known,
            _ => true,
        };
        let from = |v: &crate::model::ParameterValue| if heard(v) { v.from } else { Date::MAX };
        let Some(i) = in_force(&parameter.values, on, |v| v.layer, from, holds) else {
            return Some(self.gap(p, at, span, None));
        };
        let value = &parameter.values[i];
        self.fixed.figures[p.0] = Some(InForce { value: i, layer: value.layer });
        match &value.value {
            crate::model::Figure::Same(v) => Some(Figure::Fixed(*v)),
            crate::model::Figure::By(pairs) => {
                let fact = parameter.by?;
                let mut table = pairs.clone();
                table.sort_unstable();
                if let crate::model::Type::Enum(e) = ruleset.schema.facts[fact.0].ty {
                    let without = ruleset.schema.enums[e.0]
                        .values
                        .iter()
                        .find(|v| !table.iter().any(|(k, _)| *k == v.code));
                    if let Some(value) = without {
                        return Some(self.gap(p, at, span, Some(&value.name)));
                    }
                }
                Some(Figure::By(fact, table.into_boxed_slice()))
            }
            crate::model::Figure::Ended => None,
        }
    }

    fn switch(&mut self, s: usize) -> Result<i64, Op> {
        Ok(self.fixed.switches[s].0 as i64)
    }

    fn variable(&mut self, v: VariableId) -> Option<VariableValue> {
        match &self.fixed.variables[v.0] {
            Some(c) => Some(VariableValue::At(c.value)),
            None => {
                self.missing.get_or_insert(v);
                None
            }
        }
    }

    fn applies(&self, f: FactId) -> Option<(&Typed, i64)> {
        let rules: &Checked = self.fixed.rules;
        let when_not = rules.ruleset.schema.facts[f.0].applies.as_ref()?.when_not?;
        Some((rules.applies[f.0].as_ref()?, when_not))
    }
}

impl Needs<'_, '_> {
    /// Notes a figure that is not in force, once; its bounds stand in for it, so that the rest is still looked at.
    fn gap(&mut self, p: ParameterId, at: Place, span: Span, for_value: Option<&str>) -> Figure {
        let parameter = &self.fixed.rules.ruleset.parameters[p.0];
        let stand_in =
            Figure::Abstract(Op::Abstract(parameter.range.0, parameter.range.1, u32::MAX - p.0 as u32));
        if self.fixed.gaps.contains(&p) {
            return stand_in;
        }
        self.fixed.gaps.push(p);
        let on = self.fixed.on;
        let mut dates: Vec<Date> = parameter.values.iter().map(|v| v.from).collect();
        dates.sort_unstable();
        let begun = |v: &&crate::model::ParameterValue| v.from <= on;
        let published = parameter.values.iter().filter(begun).filter_map(|v| v.published).max();
        let near = match (dates.iter().rfind(|d| **d <= on), dates.iter().find(|d| **d > on)) {
            _ if published > self.fixed.known && self.fixed.known.is_some() => {
                let published = published.unwrap_or(on);
                (format!("；{published} 才公布"), format!("; it was published only on {published}"))
            }
            (Some(d), _) if for_value.is_none() => {
                (format!("；{d} 起的数值已经终止"), format!("; the value from {d} has ended"))
            }
            (None, Some(d)) => (format!("；最早的数值自 {d} 起"), format!("; the earliest is from {d}")),
            (None, None) => {
                ("；本地区没有登记任何数值".to_owned(), "; this region has none at all".to_owned())
            }
            _ => Default::default(),
        };
        let of = for_value.map(|v| (format!("（{v}）"), format!(" for {v}"))).unwrap_or_default();
        self.fixed.findings.push(Finding {
            place: if parameter.values.is_empty() { at } else { parameter.place },
            span: parameter.values.is_empty().then_some(span),
            zh: format!("参数“{}”{}在 {on} 没有数值{}：请在 parameters.yaml 补上并注明出处", parameter.name, of.0, near.0),
            en: format!("parameter \"{}\" has no value in force{} on {on}{}: add it to parameters.yaml with its source", parameter.name, of.1, near.1),
        });
        stand_in
    }
}
