//! Checks a ruleset once: names, types, units, cycles, cover of cases, and the proof that nothing overflows.
mod body;
mod calls;
mod cover;
mod names;
mod proof;
mod typing;

pub use body::{Ranges, TypedBody, TypedCase, TypedTable};

use crate::finding::Finding;
use crate::model::{Place, Ruleset, Type, VariableId};
use crate::typed::{Form, Kind, Typed};
use anmin_base::date::Date;
use names::Names;
use std::sync::Arc;
use typing::Typing;

/// A ruleset that passed, with its typed expressions.
#[derive(Clone, Debug)]
pub struct Checked {
    /// As given.
    pub ruleset: Ruleset,
    /// By variable, by version.
    pub bodies: Vec<Vec<TypedBody>>,
    /// By fact: its `applies` condition.
    pub applies: Vec<Option<Typed>>,
    /// By variable: bounds over every version, date and figure within the declared ranges.
    pub proved: Vec<(i64, i64)>,
}

/// Checks everything that does not depend on a date.
///
/// # Errors
/// All findings; those about overflow and cover only when names and types are right.
pub fn check(ruleset: Ruleset) -> Result<Arc<Checked>, Vec<Finding>> {
    let names = Names::gather(&ruleset)?;
    let mut findings = Vec::new();
    check_ranges(&ruleset, &mut findings);
    let applies = type_applies(&ruleset, &names, &mut findings);
    let bodies = ruleset
        .variables
        .iter()
        .map(|v| {
            v.versions
                .iter()
                .map(|version| body::typed(&ruleset, &names, v, version, &mut findings))
                .collect()
        })
        .collect::<Vec<Vec<Option<TypedBody>>>>();
    check_decision(&ruleset, &mut findings);
    if !findings.is_empty() {
        return Err(findings);
    }
    let bodies: Vec<Vec<TypedBody>> = bodies.into_iter().map(|v| v.into_iter().flatten().collect()).collect();
    let order = order(&ruleset, &bodies, &applies)?;
    let proved = proof::prove(&ruleset, &bodies, &applies, &order)?;
    Ok(Arc::new(Checked { ruleset, bodies, applies, proved }))
}

/// Declared bounds the evaluator can rely on: not inverted, narrower than 63 bits, dates within the calendar.
fn check_ranges(rules: &Ruleset, findings: &mut Vec<Finding>) {
    const WIDEST: i64 = 1 << 61;
    let facts = rules.schema.facts.iter().map(|f| (&f.name, f.ty, f.range, f.place));
    let parameters = rules.parameters.iter().map(|p| (&p.name, p.ty, p.range, p.place));
    for (name, ty, (lo, hi), place) in facts.chain(parameters) {
        let (least, most) = match ty {
            Type::Date => (i64::from(Date::MIN.days()), i64::from(Date::MAX.days())),
            _ => (-WIDEST, WIDEST),
        };
        if Kind::of(ty).is_some() && (lo > hi || lo < least || hi > most) {
            findings.push(Finding {
                place,
                span: None,
                zh: format!("“{name}”的 range 上下颠倒或过宽"),
                en: format!("the range of \"{name}\" is inverted or too wide"),
            });
        }
    }
}

fn type_applies(rules: &Ruleset, names: &Names, findings: &mut Vec<Finding>) -> Vec<Option<Typed>> {
    let mut all = Vec::new();
    for fact in &rules.schema.facts {
        let Some(applies) = &fact.applies else {
            all.push(None);
            continue;
        };
        let mut typing = Typing::new(rules, names);
        let typed = typing.source(&applies.when, fact.of, Some(Kind::Bool));
        findings.append(&mut typing.findings);
        if let Some(t) = &typed {
            t.walk(&mut |node| {
                if matches!(node.form, Form::Variable(_) | Form::Fold(_)) {
                    findings.push(Finding {
                        place: applies.when.place,
                        span: Some(node.span),
                        zh: "applies 只能用事实和参数，不能用变量或集合".to_owned(),
                        en: "`applies` may use facts and parameters only, no variables and no folds"
                            .to_owned(),
                    });
                }
            });
        }
        all.push(typed);
    }
    all
}

fn check_decision(rules: &Ruleset, findings: &mut Vec<Finding>) {
    let mut demand = |v: Option<VariableId>, right: fn(Type) -> bool, zh: &str, en: &str| {
        let Some(v) = v else { return };
        let variable = &rules.variables[v.0];
        if variable.of.is_some() || !right(variable.ty) {
            findings.push(Finding {
                place: variable.place,
                span: None,
                zh: format!("decision 里的“{}”应为整户的{zh}", variable.name),
                en: format!("\"{}\" in `decision` must be {en} of the root", variable.name),
            });
        }
    };
    demand(rules.decision.eligible, |t| t == Type::Bool, "是非变量", "a bool");
    demand(rules.decision.amount, |t| matches!(t, Type::Money(_)), "金额变量", "money");
    demand(rules.decision.reason, |_| true, "变量", "a variable");
}

/// The variables in an order in which each comes after those it uses.
fn order(
    rules: &Ruleset,
    bodies: &[Vec<TypedBody>],
    applies: &[Option<Typed>],
) -> Result<Vec<VariableId>, Vec<Finding>> {
    let count = rules.variables.len();
    // Variables first, then facts (whose `applies` may use other facts).
    let edges = |n: usize| -> Vec<usize> {
        let mut to = Vec::new();
        let mut note = |t: &Typed| match t.form {
            Form::Variable(v) => to.push(v.0),
            Form::Fact(f) => to.push(count + f.0),
            _ => {}
        };
        if n < count {
            bodies[n].iter().for_each(|b| b.walk(&mut note));
        } else if let Some(a) = &applies[n - count] {
            a.walk(&mut note);
        }
        to
    };
    let mut state = vec![0u8; count + rules.schema.facts.len()];
    let mut order = Vec::new();
    let mut findings = Vec::new();
    for start in 0..state.len() {
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        if state[start] == 0 {
            state[start] = 1;
            path.push((start, edges(start)));
        }
        while let Some((node, rest)) = path.last_mut() {
            let node = *node;
            match rest.pop() {
                Some(next) if state[next] == 1 => {
                    let from = path.iter().position(|(n, _)| *n == next).unwrap_or(0);
                    let ring = path[from..].iter().map(|(n, _)| *n).chain([next]);
                    findings.push(circle(rules, count, ring.collect(), node));
                }
                Some(next) if state[next] == 0 => {
                    state[next] = 1;
                    path.push((next, edges(next)));
                }
                Some(_) => {}
                None => {
                    state[node] = 2;
                    if node < count {
                        order.push(VariableId(node));
                    }
                    path.pop();
                }
            }
        }
    }
    if findings.is_empty() { Ok(order) } else { Err(findings) }
}

fn circle(rules: &Ruleset, count: usize, ring: Vec<usize>, at: usize) -> Finding {
    let names: Vec<String> = ring.into_iter().map(|n| path_name(rules, count, n)).collect();
    let ring = names.join(" → ");
    Finding {
        place: path_place(rules, count, at),
        span: None,
        zh: format!("循环定义：{ring}"),
        en: format!("defined in a circle: {ring}"),
    }
}

fn path_name(rules: &Ruleset, count: usize, n: usize) -> String {
    let (of, name) = if n < count {
        (rules.variables[n].of, &rules.variables[n].name)
    } else {
        (rules.schema.facts[n - count].of, &rules.schema.facts[n - count].name)
    };
    match of {
        Some(c) => format!("{}.{name}", rules.schema.collections[c.0].name),
        None => name.clone(),
    }
}

fn path_place(rules: &Ruleset, count: usize, n: usize) -> Place {
    let version =
        |v: &crate::model::Variable| v.versions.iter().max_by_key(|x| x.layer).map_or(v.place, |x| x.place);
    if n < count { version(&rules.variables[n]) } else { rules.schema.facts[n - count].place }
}
