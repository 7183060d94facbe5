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
        /// How many nodes are numbered.
        nodes: u32,
    },
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
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Typed)) {
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
            en: format!("\"{}\" is of the root and cannot use an element: use sum, exists and the like", variable.name),
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
    finish(typing, typed, cases.hit, &cases.otherwise, variable, want)
}

fn finish(
    typing: &mut Typing<'_>,
    cases: Vec<Option<TypedCase>>,
    hit: Hit,
    otherwise: &Option<Outcome>,
    variable: &Variable,
    want: Kind,
) -> Option<TypedBody> {
    let otherwise = match otherwise {
        Some(o) => Some(typing.source(&o.then, variable.of, Some(want))?),
        None => None,
    };
    let cases = cases.into_iter().collect::<Option<Vec<_>>>()?;
    Some(TypedBody::Cases { hit, cases, otherwise, nodes: typing.nodes() })
}

fn table_body(typing: &mut Typing<'_>, table: &Table, variable: &Variable, want: Kind) -> Option<TypedBody> {
    let columns: Vec<Option<Typed>> =
        table.on.iter().map(|s| typing.source(s, variable.of, None)).collect();
    let columns: Vec<Typed> = columns.into_iter().collect::<Option<_>>()?;
    let rows: Vec<Option<TypedCase>> = table
        .rows
        .iter()
        .map(|row| {
            let mut tests = Vec::new();
            for ((cell, column), source) in row.cells.iter().zip(&columns).zip(&table.on) {
                tests.push(cell_test(typing, cell, column, source));
            }
            let then = typing.source(&row.outcome.then, variable.of, Some(want));
            let tests: Vec<Typed> = tests.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
            let place = row.cells.first().map_or(row.outcome.place, |c| c.place);
            let when = tests
                .into_iter()
                .reduce(|a, b| join(typing, a, b))
                .unwrap_or_else(|| literal(typing, 1, Kind::Bool));
            Some(TypedCase { when, when_place: place, then: then?, then_place: row.outcome.then.place })
        })
        .collect();
    finish(typing, rows, table.hit, &table.otherwise, variable, want)
}

fn literal(typing: &mut Typing<'_>, value: i64, kind: Kind) -> Typed {
    let node = typing.node(Form::Literal(value), kind, None, Span::default());
    node.expect("a node is always made")
}

fn join(typing: &mut Typing<'_>, a: Typed, b: Typed) -> Typed {
    let level = a.level.or(b.level);
    let form = Form::Binary(BinaryOp::And, Box::new(a), Box::new(b));
    typing.node(form, Kind::Bool, level, Span::default()).expect("a node is always made")
}

/// The test of one cell; `Some(None)` when anything passes.
fn cell_test(typing: &mut Typing<'_>, cell: &Cell, column: &Typed, source: &Source) -> Option<Option<Typed>> {
    let kind = column.kind;
    let span = Span::default();
    let level = column.level;
    let node = |typing: &mut Typing<'_>, form| {
        typing.node(form, Kind::Bool, level, span).map(Some)
    };
    let boxed = || Box::new(column.clone());
    match (&cell.test, kind) {
        (CellTest::Any, _) => Some(None),
        (CellTest::Bool(true), Kind::Bool) => Some(Some(column.clone())),
        (CellTest::Bool(false), Kind::Bool) => node(typing, Form::Not(boxed())),
        (CellTest::OneOf(values), Kind::Enum(_) | Kind::Switch(_)) => {
            let mut items = Vec::new();
            for value in values {
                match option_code(typing, kind, value) {
                    Some(code) => items.push(literal(typing, code, kind)),
                    None => {
                        let label = typing.name_kind(kind);
                        wrong_cell(
                            typing,
                            cell,
                            format!("“{value}”不是{}的取值", label.zh),
                            format!("\"{value}\" is not {}", label.en),
                        );
                        return None;
                    }
                }
            }
            node(typing, Form::OneOf(boxed(), items))
        }
        (CellTest::Between { low, high }, Kind::Number(dimension, den)) => {
            let mut test: Option<Typed> = None;
            for (end, is_low) in [(low, true), (high, false)] {
                let Some((exact, included)) = end else { continue };
                let Some(value) = stored(*exact, dimension, den) else {
                    wrong_cell(
                        typing,
                        cell,
                        "数字比该列的最小单位更细".to_owned(),
                        "the figure is finer than the column's unit".to_owned(),
                    );
                    return None;
                };
                let bound = Box::new(literal(typing, value, kind));
                let op = if *included { BinaryOp::LessEqual } else { BinaryOp::Less };
                let form = if is_low { Form::Binary(op, bound, boxed()) } else { Form::Binary(op, boxed(), bound) };
                let one = typing.node(form, Kind::Bool, level, span)?;
                test = Some(match test {
                    Some(t) => join(typing, t, one),
                    None => one,
                });
            }
            Some(test)
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
    let scaled = i128::from(exact.numerator) * per_unit * i128::from(den);
    let bottom = i128::from(exact.denominator);
    if scaled % bottom == 0 { i64::try_from(scaled / bottom).ok() } else { None }
}

/// The type a declared type is checked as; used by the proof for ranges.
pub(super) fn is_numeric(ty: Type) -> bool {
    matches!(ty, Type::Count | Type::Age | Type::Months | Type::Rate(_) | Type::Money(_))
}
