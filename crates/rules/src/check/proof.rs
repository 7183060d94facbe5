//! The proof: lowers every version of every variable with figures and dates as bounds, and looks at what may come out.
use super::body::{self, TypedBody};
use super::cover::Cover;
use crate::finding::Finding;
use crate::interval::Interval;
use crate::model::{FactId, ParameterId, Place, Ruleset, Type, Variable, VariableId, Version};
use crate::program::lower::{Expression, Figure, Figures, Lowering, VariableValue};
use crate::program::{Arg, LAST_DAY, Op};
use crate::show::{self, Language};
use crate::syntax::Span;
use crate::typed::{Kind, Typed};

struct Declared<'r> {
    rules: &'r Ruleset,
    applies: &'r [Option<Typed>],
    proved: Vec<(i64, i64)>,
}

/// Marks of abstract operations, so that two of equal bounds are not taken for one thing.
const PARAMETERS: u32 = 0;
const SWITCHES: u32 = 1 << 30;
const VARIABLES: u32 = 2 << 30;

impl Figures for Declared<'_> {
    fn parameter(&mut self, p: ParameterId, _: Place, _: Span) -> Option<Figure> {
        let (lo, hi) = self.rules.parameters[p.0].range;
        Some(Figure::Abstract(Op::Abstract(lo, hi, PARAMETERS + p.0 as u32)))
    }
    fn switch(&mut self, s: usize) -> Result<i64, Op> {
        let last = self.rules.switches[s].options.len() as i64 - 1;
        Err(Op::Abstract(0, last.max(0), SWITCHES + s as u32))
    }
    fn variable(&mut self, v: VariableId) -> Option<VariableValue> {
        let (lo, hi) = self.proved[v.0];
        Some(VariableValue::Abstract(Op::Abstract(lo, hi, VARIABLES + v.0 as u32)))
    }
    fn applies(&self, f: FactId) -> Option<(&Typed, i64)> {
        let when_not = self.rules.schema.facts[f.0].applies.as_ref()?.when_not?;
        Some((self.applies[f.0].as_ref()?, when_not))
    }
}

/// Bounds of every variable.
///
/// # Errors
/// Overflow, divisors that may be zero, values beyond a claimed range, gaps, overlaps, dead cases.
pub(super) fn prove(
    rules: &Ruleset,
    bodies: &[Vec<TypedBody>],
    applies: &[Option<Typed>],
    order: &[VariableId],
) -> Result<Vec<(i64, i64)>, Vec<Finding>> {
    let mut figures = Declared { rules, applies, proved: vec![(0, 0); rules.variables.len()] };
    let mut findings = Vec::new();
    for &v in order {
        let variable = &rules.variables[v.0];
        let want = Kind::of(variable.ty).expect("checked before: not text");
        let mut hull: Option<Interval> = None;
        for (version, body) in variable.versions.iter().zip(&bodies[v.0]) {
            let mut lowering = Lowering::new(rules, LAST_DAY, true);
            let mut expression =
                Expression { to: &mut lowering, figures: &mut figures, place: version.place, nodes: vec![] };
            let bounds = body_bounds(&mut expression, version, body, want);
            let nodes = std::mem::take(&mut expression.nodes);
            if let Some(bounds) = bounds {
                hull = Some(hull.map_or(bounds, |h| h.hull(bounds)));
                findings.extend(beyond_claim(rules, variable, version, bounds));
                Cover { rules, variable, version, lowering: &lowering, nodes: &nodes }
                    .check(body, &mut findings);
            }
            findings.append(&mut lowering.findings);
        }
        let bounds = hull.unwrap_or(Interval::known(0));
        let bounds = if variable.open { any_region(rules, variable, bounds) } else { bounds };
        let clamp = |x: i128| x.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        figures.proved[v.0] = (clamp(bounds.lo), clamp(bounds.hi));
    }
    if findings.is_empty() { Ok(figures.proved) } else { Err(findings) }
}

/// What a region may make of an open variable: any flag, any enum value, any number of its claimed range.
fn any_region(rules: &Ruleset, variable: &Variable, bounds: Interval) -> Interval {
    match (variable.ty, variable.range) {
        (Type::Bool, _) => Interval::FLAG,
        (Type::Enum(e), _) => rules.schema.enums[e.0]
            .values
            .iter()
            .map(|v| Interval::known(v.code))
            .fold(bounds, Interval::hull),
        (_, Some((lo, hi))) => bounds.hull(Interval::new(lo.into(), hi.into())),
        _ => bounds,
    }
}

/// The finding for a body that may leave the range its variable claims.
fn beyond_claim(
    rules: &Ruleset,
    variable: &Variable,
    version: &Version,
    bounds: Interval,
) -> Option<Finding> {
    let (lo, hi) = variable.range.filter(|_| body::is_numeric(variable.ty))?;
    if bounds.lo >= lo.into() && bounds.hi <= hi.into() {
        return None;
    }
    let say = |language, value: i128| {
        let stored = value.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        show::value(rules, variable.ty, stored, language)
    };
    let all = |language| [bounds.lo, bounds.hi, lo.into(), hi.into()].map(|v| say(language, v));
    let ([a, b, c, d], [w, x, y, z]) = (all(Language::Zh), all(Language::En));
    Some(Finding {
        place: version.place,
        span: None,
        zh: format!("“{}”可能取 {a} 至 {b}，超出声明的 range（{c} 至 {d}）", variable.name),
        en: format!("\"{}\" may be {w} to {x}, outside its claimed range of {y} to {z}", variable.name),
    })
}

fn body_bounds(
    e: &mut Expression<'_, '_, Declared<'_>>,
    version: &Version,
    body: &TypedBody,
    want: Kind,
) -> Option<Interval> {
    let mut hull: Option<Interval> = None;
    let mut add = |e: &mut Expression<'_, '_, Declared<'_>>, a: Arg| {
        let b = e.to.bounds_of(a);
        hull = Some(hull.map_or(b, |h| h.hull(b)));
    };
    match body {
        TypedBody::Value(t) => {
            if let crate::model::Body::Value(source) = &version.body {
                e.place = source.place;
            }
            let a = e.as_kind(t, want)?;
            add(e, a);
        }
        TypedBody::Cases { cases, otherwise, .. } => {
            for case in cases {
                e.place = case.when_place;
                let when = e.node(&case.when)?;
                if e.to.bounds_of(when).hi == 0 {
                    e.to.findings.push(Finding {
                        place: case.when_place,
                        span: None,
                        zh: "这一条永远不会成立".to_owned(),
                        en: "this case can never hold".to_owned(),
                    });
                }
                e.place = case.then_place;
                let then = e.as_kind(&case.then, want)?;
                add(e, then);
            }
            if let Some(t) = otherwise {
                let a = e.as_kind(t, want)?;
                add(e, a);
            }
        }
    }
    hull
}
