//! Whether cases leave gaps, overlap, or can never fire.
//!
//! Decided exactly where every condition is an `&&` of comparisons of things ("axes") with fixed values, as all tables are: the space
//! of the axes is cut at every bound that occurs, and each piece is tried. Other conditions are only checked for repeating an earlier one.
use super::body::{Ranges, TypedBody, TypedCase, TypedTable};
use crate::finding::Finding;
use crate::model::{Hit, Ruleset, Variable, Version};
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

/// What is being looked at: one version of a variable, with the bounds the proof found.
pub(super) struct Cover<'a> {
    pub rules: &'a Ruleset,
    pub variable: &'a Variable,
    pub version: &'a Version,
    pub lowering: &'a Lowering<'a>,
    pub nodes: &'a [Option<Arg>],
}

/// A row's demands: by axis, the values that pass.
type Demands = Vec<(usize, Ranges)>;

/// What trying every piece showed.
struct Tried {
    fired: Vec<bool>,
    gap: Option<Vec<i64>>,
    overlap: Option<(usize, usize, Vec<i64>)>,
}

impl Cover<'_> {
    /// Adds what is wrong with a body's cases.
    pub fn check(&self, body: &TypedBody, findings: &mut Vec<Finding>) {
        let TypedBody::Cases { hit, cases, otherwise, table } = body else { return };
        let mut axes: Vec<Axis> = Vec::new();
        let rows = match table {
            Some(table) => Some(self.table_rows(table, &mut axes)),
            None => self.case_rows(cases, &mut axes),
        };
        let pieces = rows.as_ref().and_then(|rows| pieces(&axes, rows));
        match (rows, pieces) {
            (Some(rows), Some(pieces)) => {
                let tried = try_all(&rows, &pieces, *hit, otherwise.is_some());
                self.report(&tried, &axes, cases, findings);
            }
            _ => plain(self.variable, self.version, *hit, cases, otherwise.is_none(), findings),
        }
    }

    fn table_rows(&self, table: &TypedTable, axes: &mut Vec<Axis>) -> Vec<Demands> {
        *axes = table.columns.iter().map(|c| self.axis(c)).collect();
        let row = |cells: &Vec<Option<Ranges>>| -> Demands {
            cells.iter().enumerate().filter_map(|(i, r)| Some((i, r.clone()?))).collect()
        };
        table.cells.iter().map(row).collect()
    }

    fn case_rows(&self, cases: &[TypedCase], axes: &mut Vec<Axis>) -> Option<Vec<Demands>> {
        cases
            .iter()
            .map(|c| {
                let mut row = Vec::new();
                self.atoms(&c.when, axes, &mut row).then_some(row)
            })
            .collect()
    }

    fn report(&self, tried: &Tried, axes: &[Axis], cases: &[TypedCase], findings: &mut Vec<Finding>) {
        let name = &self.variable.name;
        let mut add = |place, zh, en| findings.push(Finding { place, span: None, zh, en });
        if let Some(values) = &tried.gap {
            let example = describe(self.rules, axes, values);
            add(
                self.version.place,
                format!("“{name}”有空缺：{example} 时没有一条成立；请补上或写 otherwise"),
                format!("\"{name}\" leaves a gap: no case holds for {example}; add one or `otherwise`"),
            );
        }
        if let Some((a, b, values)) = &tried.overlap {
            let example = describe(self.rules, axes, values);
            let (first, second) = (a + 1, b + 1);
            add(
                cases[*b].when_place,
                format!(
                    "“{name}”第 {first} 条与第 {second} 条重叠：{example} 时两条都成立，而 hit 为 unique"
                ),
                format!(
                    "\"{name}\": cases {first} and {second} overlap: both hold for {example}, and hit is unique"
                ),
            );
        }
        for (i, _) in tried.fired.iter().enumerate().filter(|(_, fired)| !**fired) {
            let case = i + 1;
            add(
                cases[i].when_place,
                format!("“{name}”第 {case} 条永远轮不到：前面的条件已经全部包含它"),
                format!("\"{name}\": case {case} can never fire: earlier ones cover it"),
            );
        }
    }
}

/// Tries one value of every piece of every axis.
fn try_all(rows: &[Demands], pieces: &[Vec<i64>], hit: Hit, otherwise: bool) -> Tried {
    let mut tried = Tried { fired: vec![false; rows.len()], gap: None, overlap: None };
    let mut point = vec![0usize; pieces.len()];
    loop {
        let values: Vec<i64> = point.iter().zip(pieces).map(|(i, p)| p[*i]).collect();
        let holds = |row: &Demands| row.iter().all(|(axis, ranges)| within(ranges, values[*axis]));
        let mut holding = rows.iter().enumerate().filter(|(_, row)| holds(row)).map(|(i, _)| i);
        match (holding.next(), holding.next()) {
            (Some(first), Some(second)) if hit == Hit::Unique => {
                tried.fired[first] = true;
                tried.overlap.get_or_insert((first, second, values));
            }
            (Some(first), _) => tried.fired[first] = true,
            (None, _) if !otherwise => {
                tried.gap.get_or_insert(values);
            }
            _ => {}
        }
        // The next point, as an odometer.
        let Some(axis) = (0..point.len()).find(|axis| point[*axis] + 1 < pieces[*axis].len()) else {
            return tried;
        };
        point[axis] += 1;
        point[..axis].fill(0);
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
fn pieces(axes: &[Axis], rows: &[Demands]) -> Option<Vec<Vec<i64>>> {
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

impl Cover<'_> {
    /// Splits a condition into axes and their allowed values; false if it is not of that form.
    fn atoms(&self, t: &Typed, axes: &mut Vec<Axis>, row: &mut Demands) -> bool {
        let mut demand = |of: &Typed, ranges: Ranges| {
            let k = key(of);
            let index = axes.iter().position(|a| a.key == k).unwrap_or_else(|| {
                axes.push(self.axis(of));
                axes.len() - 1
            });
            row.push((index, ranges));
            true
        };
        match &t.form {
            Form::Literal(1) => true,
            Form::Binary(BinaryOp::And, a, b) => self.atoms(a, axes, row) && self.atoms(b, axes, row),
            Form::Not(a) if is_axis(a) => demand(a, vec![(0, 0)]),
            Form::OneOf(x, list) => {
                let values: Option<Ranges> = list
                    .iter()
                    .map(|i| if let Form::Literal(v) = i.form { Some((v, v)) } else { None })
                    .collect();
                values.is_some_and(|v| demand(x, v))
            }
            Form::Binary(op, a, b) => match comparison(*op, a, b) {
                Some((of, ranges)) => demand(of, ranges),
                None => false,
            },
            _ if is_axis(t) => demand(t, vec![(1, 1)]),
            _ => false,
        }
    }

    fn axis(&self, of: &Typed) -> Axis {
        let at = self.nodes.get(of.id as usize).copied().flatten();
        let bounds = at.map(|a| self.lowering.bounds_of(a));
        Axis {
            key: key(of),
            name: name(self.rules, of),
            kind: of.kind,
            domain: domain(self.rules, of.kind, bounds),
        }
    }
}

/// What a comparison with a fixed value lets pass of the other side.
fn comparison<'t>(op: BinaryOp, a: &'t Typed, b: &'t Typed) -> Option<(&'t Typed, Ranges)> {
    const LOW: i64 = i64::MIN;
    const HIGH: i64 = i64::MAX;
    let (of, literal, value, op) = match (&a.form, &b.form) {
        (_, Form::Literal(v)) => (a, b, *v, op),
        (Form::Literal(v), _) => (b, a, *v, mirrored(op)),
        _ => return None,
    };
    // A literal is in the axis's own unit only if both are stored alike (or it is zero).
    if value != 0 && literal.kind.denominator() != of.kind.denominator() {
        return None;
    }
    let ranges = match op {
        BinaryOp::Equal => vec![(value, value)],
        BinaryOp::NotEqual => vec![(LOW, value.saturating_sub(1)), (value.saturating_add(1), HIGH)],
        BinaryOp::Less => vec![(LOW, value.saturating_sub(1))],
        BinaryOp::LessEqual => vec![(LOW, value)],
        BinaryOp::Greater => vec![(value.saturating_add(1), HIGH)],
        BinaryOp::GreaterEqual => vec![(value, HIGH)],
        _ => return None,
    };
    Some((of, ranges))
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
