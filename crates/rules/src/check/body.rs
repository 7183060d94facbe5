//! Bodies of variables: values, cases and tables, typed. A table becomes cases whose conditions are its cells.
use super::names::Names;
use super::typing::Typing;
use crate::finding::Finding;
use crate::model::{
    Body, Cases, Cell, CellTest, Exact, Hit, Outcome, Place, Ruleset, Source, Table, Type, Variable, Version,
};
use crate::syntax::{BinaryOp, Span};
use crate::typed::{Dimension, Form, Kind, Typed};

/// A typed body.
#[derive(Clone, Debug)]
pub enum TypedBody {
    /// One expression.
    Value(Typed),
    /// Ordered cases.
    Cases {
        /// Hit policy.
        hit: Hit,
        /// The cases.
        cases: Vec<TypedCase>,
        /// The value when none holds.
        otherwise: Option<Typed>,
        /// The columns and cells, if it was written as a table.
        table: Option<TypedTable>,
    },
}

/// A decision table's columns, and the stored values each row lets pass.
#[derive(Clone, Debug)]
pub struct TypedTable {
    /// The columns.
    pub columns: Vec<Typed>,
    /// By row, by column: ranges with both ends included; none when anything passes.
    pub cells: Vec<Vec<Option<Ranges>>>,
}

/// A typed case.
#[derive(Clone, Debug)]
pub struct TypedCase {
    /// The condition.
    pub when: Typed,
    /// Where the condition is written.
    pub when_place: Place,
    /// The value.
    pub then: Typed,
    /// Where the value is written.
    pub then_place: Place,
}

impl TypedBody {
    /// Visits every node.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Typed)) {
        match self {
            TypedBody::Value(t) => t.walk(visit),
            TypedBody::Cases { cases, otherwise, .. } => {
                for case in cases {
                    case.when.walk(visit);
                    case.then.walk(visit);
                }
                if let Some(t) = otherwise {
                    t.walk(visit);
                }
            }
        }
    }
}

/// Types one version; findings are added.
pub(super) fn typed(
    rules: &Ruleset,
    names: &Names,
    variable: &Variable,
    version: &Version,
    findings: &mut Vec<Finding>,
) -> Option<TypedBody> {
    let Some(want) = Kind::of(variable.ty) else {
        findings.push(Finding {
            place: variable.place,
            span: None,
            zh: "变量不能是文字".to_owned(),
            en: "a variable cannot be text".to_owned(),
        });
        return None;
    };
    let mut typing = Typing::new(rules, names);
    let body = match &version.body {
        Body::Value(source) => typing.source(source, variable.of, Some(want)).map(TypedBody::Value),
        Body::Cases(cases) => cases_body(&mut typing, cases, variable, want),
        Body::Table(table) => table_body(&mut typing, table, variable, want),
    };
    findings.append(&mut typing.findings);
    let level = body.as_ref().and_then(deepest);
    if let Some(level) = level
        && variable.of != Some(level)
    {
        findings.push(Finding {
            place: version.place,
            span: None,
            zh: format!("整户变量“{}”不能直接用到元素，请用 sum、exists 等", variable.name),
            en: format!(
                "\"{}\" is of the root and cannot use an element: use sum, exists and the like",
                variable.name
            ),
        });
        return None;
    }
    body
}

fn deepest(body: &TypedBody) -> Option<crate::model::CollectionId> {
    match body {
        TypedBody::Value(t) => t.level,
        TypedBody::Cases { cases, otherwise, .. } => cases
            .iter()
            .flat_map(|c| [c.when.level, c.then.level])
            .chain([otherwise.as_ref().and_then(|o| o.level)])
            .flatten()
            .next(),
    }
}

fn cases_body(typing: &mut Typing<'_>, cases: &Cases, variable: &Variable, want: Kind) -> Option<TypedBody> {
    let typed: Vec<Option<TypedCase>> = cases
        .cases
        .iter()
        .map(|case| {
            let when = typing.source(&case.when, variable.of, Some(Kind::Bool));
            let then = typing.source(&case.outcome.then, variable.of, Some(want));
            Some(TypedCase {
                when: when?,
                when_place: case.when.place,
                then: then?,
                then_place: case.outcome.then.place,
            })
        })
        .collect();
    finish(typing, typed, (cases.hit, &cases.otherwise), None, variable, want)
}

fn finish(
    typing: &mut Typing<'_>,
    cases: Vec<Option<TypedCase>>,
    (hit, otherwise): (Hit, &Option<Outcome>),
    table: Option<TypedTable>,
    variable: &Variable,
    want: Kind,
) -> Option<TypedBody> {
    let otherwise = match otherwise {
        Some(o) => Some(typing.source(&o.then, variable.of, Some(want))?),
        None => None,
    };
    let cases = cases.into_iter().collect::<Option<Vec<_>>>()?;
    Some(TypedBody::Cases { hit, cases, otherwise, table })
}

fn table_body(typing: &mut Typing<'_>, table: &Table, variable: &Variable, want: Kind) -> Option<TypedBody> {
    let columns: Vec<Option<Typed>> = table.on.iter().map(|s| typing.source(s, variable.of, None)).collect();
    let columns: Vec<Typed> = columns.into_iter().collect::<Option<_>>()?;
    let mut all_cells = Vec::new();
    let rows: Vec<Option<TypedCase>> = table
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<Option<Option<Ranges>>> = row
                .cells
                .iter()
                .zip(columns.iter().zip(&table.on))
                .map(|(cell, (column, source))| cell_ranges(typing, cell, column, source))
                .collect();
            let then = typing.source(&row.outcome.then, variable.of, Some(want));
            let cells: Vec<Option<Ranges>> = cells.into_iter().collect::<Option<_>>()?;
            let place = row.cells.first().map_or(row.outcome.place, |c| c.place);
            let tests: Vec<Typed> = columns
                .iter()
                .zip(&cells)
                .filter_map(|(column, ranges)| Some(passes(typing, column, ranges.as_ref()?)))
                .collect();
            let when = tests.into_iter().reduce(|a, b| join(typing, a, b));
            let when = when.unwrap_or_else(|| literal(typing, 1, Kind::Bool));
            all_cells.push(cells);
            Some(TypedCase { when, when_place: place, then: then?, then_place: row.outcome.then.place })
        })
        .collect();
    let typed = TypedTable { columns, cells: all_cells };
    finish(typing, rows, (table.hit, &table.otherwise), Some(typed), variable, want)
}

/// Stored values that pass a test, both ends included.
pub type Ranges = Vec<(i64, i64)>;

fn literal(typing: &mut Typing<'_>, value: i64, kind: Kind) -> Typed {
    let node = typing.node(Form::Literal(value), kind, None, Span::default());
    node.expect("a node is always made")
}

fn join(typing: &mut Typing<'_>, a: Typed, b: Typed) -> Typed {
    let level = a.level.or(b.level);
    let form = Form::Binary(BinaryOp::And, Box::new(a), Box::new(b));
    typing.node(form, Kind::Bool, level, Span::default()).expect("a node is always made")
}

/// The condition that a column's value is in one of the ranges.
fn passes(typing: &mut Typing<'_>, column: &Typed, ranges: &Ranges) -> Typed {
    let kind = column.kind;
    let of = || Box::new(column.clone());
    let (lo, hi) = ranges[0];
    match kind {
        Kind::Bool if lo == 1 => return column.clone(),
        Kind::Bool => return test(typing, column, Form::Not(of())),
        Kind::Enum(_) | Kind::Switch(_) => {
            let items = ranges.iter().map(|(code, _)| literal(typing, *code, kind)).collect();
            return test(typing, column, Form::OneOf(of(), items));
        }
        _ => {}
    }
    let at_least = |typing: &mut Typing<'_>| {
        let bound = Box::new(literal(typing, lo, kind));
        test(typing, column, Form::Binary(BinaryOp::LessEqual, bound, of()))
    };
    let at_most = |typing: &mut Typing<'_>| {
        let bound = Box::new(literal(typing, hi, kind));
        test(typing, column, Form::Binary(BinaryOp::LessEqual, of(), bound))
    };
    match (lo, hi) {
        (i64::MIN, _) => at_most(typing),
        (_, i64::MAX) => at_least(typing),
        _ => {
            let (a, b) = (at_least(typing), at_most(typing));
            join(typing, a, b)
        }
    }
}

fn test(typing: &mut Typing<'_>, column: &Typed, form: Form) -> Typed {
    typing.node(form, Kind::Bool, column.level, Span::default()).expect("a node is always made")
}

/// The values a cell lets pass; `Some(None)` when anything does.
fn cell_ranges(
    typing: &mut Typing<'_>,
    cell: &Cell,
    column: &Typed,
    source: &Source,
) -> Option<Option<Ranges>> {
    let kind = column.kind;
    match (&cell.test, kind) {
        (CellTest::Any, _) => Some(None),
        (CellTest::Bool(b), Kind::Bool) => Some(Some(vec![(i64::from(*b), i64::from(*b))])),
        (CellTest::OneOf(values), Kind::Enum(_) | Kind::Switch(_)) => {
            let mut ranges = Vec::new();
            for value in values {
                let Some(code) = option_code(typing, kind, value) else {
                    let label = typing.name_kind(kind);
                    wrong_cell(
                        typing,
                        cell,
                        format!("“{value}”不是{}的取值", label.zh),
                        format!("\"{value}\" is not {}", label.en),
                    );
                    return None;
                };
                ranges.push((code, code));
            }
            Some(Some(ranges))
        }
        (CellTest::Between { low, high }, Kind::Number(dimension, den)) => {
            let end = |end: &Option<(Exact, bool)>, step: i64, open: i64| match end {
                None => Some(open),
                Some((exact, included)) => {
                    stored(*exact, dimension, den).map(|v| if *included { v } else { v + step })
                }
            };
            match (end(low, 1, i64::MIN), end(high, -1, i64::MAX)) {
                (Some(lo), Some(hi)) => Some(Some(vec![(lo, hi)])),
                _ => {
                    wrong_cell(
                        typing,
                        cell,
                        "数字比该列的最小单位更细".to_owned(),
                        "the figure is finer than the column's unit".to_owned(),
                    );
                    None
                }
            }
        }
        _ => {
            let label = typing.name_kind(kind);
            wrong_cell(
                typing,
                cell,
                format!("这一格与列“{}”的类型（{}）不符", source.text, label.zh),
                format!("this cell does not fit the column \"{}\", which is {}", source.text, label.en),
            );
            None
        }
    }
}

fn wrong_cell(typing: &mut Typing<'_>, cell: &Cell, zh: String, en: String) {
    typing.findings.push(Finding { place: cell.place, span: None, zh, en });
}

fn option_code(typing: &Typing<'_>, kind: Kind, name: &str) -> Option<i64> {
    match kind {
        Kind::Enum(e) => {
            typing.rules.schema.enums[e.0].values.iter().find(|v| v.name == name).map(|v| v.code)
        }
        Kind::Switch(s) => {
            typing.rules.switches[s].options.iter().position(|(o, _)| o == name).map(|i| i as i64)
        }
        _ => None,
    }
}

/// An exact figure in the unit of a dimension, stored at a denominator; none if it is finer.
fn stored(exact: Exact, dimension: Dimension, den: i64) -> Option<i64> {
    let per_unit = if matches!(dimension, Dimension::Money(_)) { 100 } else { 1 };
    let scaled = i128::from(exact.numerator()) * per_unit * i128::from(den);
    let bottom = i128::from(exact.denominator());
    if scaled % bottom == 0 { i64::try_from(scaled / bottom).ok() } else { None }
}

/// The type a declared type is checked as; used by the proof for ranges.
pub(super) fn is_numeric(ty: Type) -> bool {
    matches!(ty, Type::Count | Type::Age | Type::Months | Type::Rate(_) | Type::Money(_))
}
