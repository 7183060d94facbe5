//! Whether cases leave gaps, overlap, or can never fire.
//!
//! Decided exactly where every condition is an `&&` of comparisons of things ("axes") with fixed values, as all tables are: the space
//! of the axes is cut at every bound that occurs, and each piece is tried. Other conditions are only checked for repeating an earlier one.
use super::body::{Ranges, TypedBody, TypedCase};
use crate::finding::Finding;
use crate::model::{Hit, Place, Ruleset, Variable, Version};
use crate::program::Arg;
use crate::program::lower::Lowering;
use crate::syntax::BinaryOp;
use crate::typed::{Form, Kind, Typed};

/// The most pieces that are tried.
const MOST_PIECES: usize = 200_000;

struct Axis {
    key: String,
    /// For messages: the text an author would recognise.
    name: String,
    kind: Kind,
    domain: Ranges,
}

pub(super) fn check(
    rules: &Ruleset,
    variable: &Variable,
    version: &Version,
    body: &TypedBody,
    lowering: &Lowering<'_>,
    nodes: &[Option<Arg>],
    findings: &mut Vec<Finding>,
) {
    let TypedBody::Cases { hit, cases, otherwise, table } = body else { return };
    let report = |findings: &mut Vec<Finding>, place: Place, zh: String, en: String| {
        findings.push(Finding { place, span: None, zh, en });
    };
    let mut axes: Vec<Axis> = Vec::new();
    let rows: Option<Vec<Vec<(usize, Ranges)>>> = match table {
        Some(table) => {
            axes = table.columns.iter().map(|c| new_axis(rules, c, lowering, nodes)).collect();
            let row = |cells: &Vec<Option<Ranges>>| {
                cells.iter().enumerate().filter_map(|(i, r)| Some((i, r.clone()?))).collect()
            };
            Some(table.cells.iter().map(row).collect())
        }
        None => cases
            .iter()
            .map(|c| {
                let mut row = Vec::new();
                atoms(rules, &c.when, lowering, nodes, &mut axes, &mut row).then_some(row)
            })
            .collect(),
    };
    let pieces = rows.as_ref().and_then(|rows| pieces(&axes, rows));
    let (Some(rows), Some(pieces)) = (rows, pieces) else {
        return plain(variable, version, *hit, cases, otherwise.is_none(), findings);
    };
    let mut fired = vec![false; cases.len()];
    let mut gap: Option<Vec<i64>> = None;
    let mut overlap: Option<(usize, usize, Vec<i64>)> = None;
    let mut point = vec![0usize; axes.len()];
    loop {
        let values: Vec<i64> = point.iter().zip(&pieces).map(|(i, p)| p[*i]).collect();
        let mut first: Option<usize> = None;
        for (i, row) in rows.iter().enumerate() {
            let holds = row.iter().all(|(axis, ranges)| within(ranges, values[*axis]));
            match (holds, first) {
                (true, None) => first = Some(i),
                (true, Some(earlier)) if *hit == Hit::Unique && overlap.is_none() => {
                    overlap = Some((earlier, i, values.clone()));
                }
                _ => {}
            }
        }
        match first {
            Some(i) => fired[i] = true,
            None if otherwise.is_none() && gap.is_none() => gap = Some(values),
            None => {}
        }
        // The next piece, as an odometer.
        let mut axis = 0;
        while axis < point.len() {
            point[axis] += 1;
            if point[axis] < pieces[axis].len() {
                break;
            }
            point[axis] = 0;
            axis += 1;
        }
        if axis == point.len() {
            break;
        }
    }
    if let Some(values) = gap {
        let example = describe(rules, &axes, &values);
        report(
            findings,
            version.place,
            format!("“{}”有空缺：{example} 时没有一条成立；请补上或写 otherwise", variable.name),
            format!(
                "\"{}\" leaves a gap: no case holds for {example}; add one or `otherwise`",
                variable.name
            ),
        );
    }
    if let Some((a, b, values)) = overlap {
        let example = describe(rules, &axes, &values);
        report(
            findings,
            cases[b].when_place,
            format!(
                "“{}”第 {} 条与第 {} 条重叠：{example} 时两条都成立，而 hit 为 unique",
                variable.name,
                a + 1,
                b + 1
            ),
            format!(
                "\"{}\": cases {} and {} overlap: both hold for {example}, and hit is unique",
                variable.name,
                a + 1,
                b + 1
            ),
        );
    }
    for (i, fired) in fired.iter().enumerate() {
        if !fired {
            report(
                findings,
                cases[i].when_place,
                format!("“{}”第 {} 条永远轮不到：前面的条件已经全部包含它", variable.name, i + 1),
                format!("\"{}\": case {} can never fire: earlier ones cover it", variable.name, i + 1),
            );
        }
    }
}

/// What can be said when conditions are not comparisons with fixed values.
fn plain(
    variable: &Variable,
    version: &Version,
    hit: Hit,
    cases: &[TypedCase],
    no_otherwise: bool,
    findings: &mut Vec<Finding>,
) {
    if hit == Hit::Unique {
        findings.push(Finding {
            place: version.place,
            span: None,
            zh: format!("“{}”的条件无法证明互斥（unique）：请只与固定值比较，或改写成 table，或用 hit: first", variable.name),
            en: format!("\"{}\": the conditions cannot be proved exclusive (unique): compare with fixed values only, write a table, or use hit: first", variable.name),
        });
    }
    if no_otherwise {
        findings.push(Finding {
            place: version.place,
            span: None,
            zh: format!("“{}”无法证明没有空缺：请在最后写 otherwise", variable.name),
            en: format!(
                "\"{}\": it cannot be proved that no gap is left: end with `otherwise`",
                variable.name
            ),
        });
    }
    let keys: Vec<String> = cases.iter().map(|c| key(&c.when)).collect();
    for (i, k) in keys.iter().enumerate() {
        if let Some(earlier) = keys[..i].iter().position(|e| e == k) {
            findings.push(Finding {
                place: cases[i].when_place,
                span: None,
                zh: format!("第 {} 条与第 {} 条条件相同，永远轮不到", i + 1, earlier + 1),
                en: format!(
                    "case {} repeats the condition of case {} and can never fire",
                    i + 1,
                    earlier + 1
                ),
            });
        }
    }
}

fn within(ranges: &Ranges, v: i64) -> bool {
    ranges.iter().any(|(lo, hi)| *lo <= v && v <= *hi)
}

/// One value of every piece of every axis; none if there are too many.
fn pieces(axes: &[Axis], rows: &[Vec<(usize, Ranges)>]) -> Option<Vec<Vec<i64>>> {
    let mut total = 1usize;
    let mut all = Vec::new();
    for (a, axis) in axes.iter().enumerate() {
        let mut starts: Vec<i64> = axis.domain.iter().map(|(lo, _)| *lo).collect();
        for (_, ranges) in rows.iter().flatten().filter(|(i, _)| *i == a) {
            for (lo, hi) in ranges {
                starts.push(*lo);
                starts.push(hi.saturating_add(1));
            }
        }
        starts.retain(|v| within(&axis.domain, *v));
        starts.sort_unstable();
        starts.dedup();
        total = total.checked_mul(starts.len().max(1))?;
        if total > MOST_PIECES || starts.is_empty() {
            return None;
        }
        all.push(starts);
    }
    Some(all)
}

/// Splits a condition into axes and their allowed values; false if it is not of that form.
fn atoms(
    rules: &Ruleset,
    t: &Typed,
    lowering: &Lowering<'_>,
    nodes: &[Option<Arg>],
    axes: &mut Vec<Axis>,
    row: &mut Vec<(usize, Ranges)>,
) -> bool {
    let mut axis = |of: &Typed, ranges: Ranges| {
        let k = key(of);
        let index = axes.iter().position(|a| a.key == k).unwrap_or_else(|| {
            axes.push(new_axis(rules, of, lowering, nodes));
            axes.len() - 1
        });
        row.push((index, ranges));
        true
    };
    const LOW: i64 = i64::MIN;
    const HIGH: i64 = i64::MAX;
    match &t.form {
        Form::Literal(1) => true,
        Form::Binary(BinaryOp::And, a, b) => {
            atoms(rules, a, lowering, nodes, axes, row) && atoms(rules, b, lowering, nodes, axes, row)
        }
        Form::Not(a) if is_axis(a) => axis(a, vec![(0, 0)]),
        Form::OneOf(x, list) => {
            let values: Option<Ranges> = list
                .iter()
                .map(|i| if let Form::Literal(v) = i.form { Some((v, v)) } else { None })
                .collect();
            values.is_some_and(|v| axis(x, v))
        }
        Form::Binary(op, a, b) => {
            let (of, value, op) = match (&a.form, &b.form) {
                (_, Form::Literal(v)) => (a, *v, *op),
                (Form::Literal(v), _) => (b, *v, mirrored(*op)),
                _ => return false,
            };
            // A literal is in the axis's own unit only if both are stored alike (or it is zero).
            let literal = if matches!(a.form, Form::Literal(_)) { a } else { b };
            if value != 0 && literal.kind.denominator() != of.kind.denominator() {
                return false;
            }
            let ranges = match op {
                BinaryOp::Equal => vec![(value, value)],
                BinaryOp::NotEqual => vec![(LOW, value.saturating_sub(1)), (value.saturating_add(1), HIGH)],
                BinaryOp::Less => vec![(LOW, value.saturating_sub(1))],
                BinaryOp::LessEqual => vec![(LOW, value)],
                BinaryOp::Greater => vec![(value.saturating_add(1), HIGH)],
                BinaryOp::GreaterEqual => vec![(value, HIGH)],
                _ => return false,
            };
            axis(of, ranges)
        }
        _ if is_axis(t) => axis(t, vec![(1, 1)]),
        _ => false,
    }
}

fn new_axis(rules: &Ruleset, of: &Typed, lowering: &Lowering<'_>, nodes: &[Option<Arg>]) -> Axis {
    let bounds = nodes.get(of.id as usize).copied().flatten().map(|a| lowering.bounds_of(a));
    Axis { key: key(of), name: name(rules, of), kind: of.kind, domain: domain(rules, of.kind, bounds) }
}

/// A flag that stands for itself.
fn is_axis(t: &Typed) -> bool {
    t.kind == Kind::Bool
        && matches!(t.form, Form::Fact(_) | Form::Variable(_) | Form::Fold(_) | Form::Parameter(_))
}

fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEqual => BinaryOp::GreaterEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEqual => BinaryOp::LessEqual,
        other => other,
    }
}

fn domain(rules: &Ruleset, kind: Kind, bounds: Option<crate::interval::Interval>) -> Ranges {
    match kind {
        Kind::Bool => vec![(0, 0), (1, 1)],
        Kind::Enum(e) => rules.schema.enums[e.0].values.iter().map(|v| (v.code, v.code)).collect(),
        Kind::Switch(s) => (0..rules.switches[s].options.len() as i64).map(|i| (i, i)).collect(),
        _ => match bounds {
            Some(b) => vec![(b.lo as i64, b.hi as i64)],
            None => vec![(i64::MIN, i64::MAX)],
        },
    }
}

fn describe(rules: &Ruleset, axes: &[Axis], values: &[i64]) -> String {
    let one = |(axis, value): (&Axis, &i64)| {
        let shown = match axis.kind {
            Kind::Bool => {
                if *value == 1 {
                    "true".to_owned()
                } else {
                    "false".to_owned()
                }
            }
            Kind::Enum(e) => rules.schema.enums[e.0]
                .values
                .iter()
                .find(|v| v.code == *value)
                .map_or_else(|| value.to_string(), |v| v.name.clone()),
            Kind::Switch(s) => rules.switches[s].options[*value as usize].0.clone(),
            Kind::Number(crate::typed::Dimension::Money(_), 1) => {
                format!(
                    "{}{}.{:02}",
                    if *value < 0 { "-" } else { "" },
                    (value / 100).abs(),
                    (value % 100).abs()
                )
            }
            _ => value.to_string(),
        };
        format!("{} = {shown}", axis.name)
    };
    axes.iter().zip(values).map(one).collect::<Vec<_>>().join(", ")
}

fn name(rules: &Ruleset, t: &Typed) -> String {
    match &t.form {
        Form::Fact(f) => rules.schema.facts[f.0].name.clone(),
        Form::Variable(v) => rules.variables[v.0].name.clone(),
        Form::Parameter(p) => rules.parameters[p.0].name.clone(),
        Form::Switch(s) => rules.switches[*s].name.clone(),
        Form::Age(d) => format!("age({})", name(rules, d)),
        Form::Fold(f) => rules.schema.collections[f.collection.0].name.clone(),
        _ => "…".to_owned(),
    }
}

/// Two nodes with one key always have one value.
fn key(t: &Typed) -> String {
    let mut below: Vec<String> = Vec::new();
    t.each_child(&mut |child| below.push(key(child)));
    let head = match &t.form {
        Form::Literal(v) => format!("{v}:{:?}", t.kind),
        Form::On => "on".to_owned(),
        Form::Fact(f) => format!("fact{}", f.0),
        Form::Parameter(p) => format!("parameter{}", p.0),
        Form::Switch(s) => format!("switch{s}"),
        Form::Variable(v) => format!("variable{}", v.0),
        Form::Not(_) => "not".to_owned(),
        Form::Negate(_) => "negate".to_owned(),
        Form::Binary(op, ..) => format!("{op:?}"),
        Form::Choose(..) => "choose".to_owned(),
        Form::OneOf(..) => "in".to_owned(),
        Form::Round(r) => format!("{:?}{}", r.rounding, r.unit),
        Form::Greatest(_) => "max".to_owned(),
        Form::Least(_) => "min".to_owned(),
        Form::Monthly(_) => "monthly".to_owned(),
        Form::Yearly(_) => "yearly".to_owned(),
        Form::Age(_) => "age".to_owned(),
        Form::AgeByMonth(_) => "age_by_month".to_owned(),
        Form::FullMonths(..) => "full_months".to_owned(),
        Form::CalendarMonths(..) => "calendar_months".to_owned(),
        Form::Fold(f) => format!("fold{:?}{}:{}", f.how, f.collection.0, f.filters.len()),
    };
    format!("{head}({})", below.join(","))
}
