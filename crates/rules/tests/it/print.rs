//! Rulesets and households as people write them, for the output of a failed test.
use crate::reference::calendar::civil;
use crate::reference::household::{Answers, Household};
use anmin_base::date::Date;
use anmin_rules::model::{
    Body, Cell, CellTest, CollectionId, Exact, Fact, Figure, Outcome, Parameter, Ruleset, Switch, Type,
    Variable,
};
use anmin_rules::syntax::{BinaryOp, Expr, ExprKind, FoldExpr, FoldKind};
use std::collections::BTreeSet;
use std::fmt::Write;

/// An expression in the language's own text.
pub fn expression(e: &Expr) -> String {
    at_level(e, 0)
}

/// How tightly a form binds; what stands inside a tighter one is put in brackets.
fn level(e: &Expr) -> u8 {
    use BinaryOp::{Add, And, Divide, Multiply, Or, Subtract};
    match &e.kind {
        ExprKind::Choose(..) => 0,
        ExprKind::Binary(Or, ..) => 1,
        ExprKind::Binary(And, ..) => 2,
        ExprKind::Binary(Add | Subtract, ..) => 4,
        ExprKind::Binary(Multiply | Divide, ..) => 5,
        ExprKind::Binary(..) | ExprKind::OneOf(..) => 3,
        ExprKind::Not(_) | ExprKind::Negate(_) => 6,
        _ => 7,
    }
}

fn at_level(e: &Expr, least: u8) -> String {
    let own = level(e);
    let text = match &e.kind {
        ExprKind::Int(n) => n.to_string(),
        ExprKind::Bool(b) => b.to_string(),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Field { binding, field } => format!("{binding}.{field}"),
        ExprKind::Not(a) => format!("!{}", at_level(a, 7)),
        ExprKind::Negate(a) => format!("-{}", at_level(a, 7)),
        // Comparisons do not chain, so neither side may be one; the others group to the left.
        ExprKind::Binary(op, a, b) => {
            let left = if own == 3 { 4 } else { own };
            format!("{} {} {}", at_level(a, left), sign(*op), at_level(b, own + 1))
        }
        ExprKind::Choose(c, a, b) => {
            format!("{} ? {} : {}", at_level(c, 1), at_level(a, 1), at_level(b, 1))
        }
        ExprKind::OneOf(x, list) => format!("{} in [{}]", at_level(x, 4), all(list)),
        ExprKind::Call(name, arguments) => format!("{name}({})", all(arguments)),
        ExprKind::Fold(fold) => folded(fold),
    };
    if own < least { format!("({text})") } else { text }
}

fn all(list: &[Expr]) -> String {
    list.iter().map(expression).collect::<Vec<_>>().join(", ")
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::And => "&&",
        BinaryOp::Or => "||",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
    }
}

fn folded(fold: &FoldExpr) -> String {
    let mut text = fold.collection.clone();
    for filter in &fold.filters {
        let _ = write!(text, ".filter({}, {})", filter.binding, expression(&filter.body));
    }
    let how = match fold.how {
        FoldKind::Size => "size",
        FoldKind::Count => "count",
        FoldKind::Exists => "exists",
        FoldKind::All => "all",
        FoldKind::Sum => "sum",
        FoldKind::Max => "max",
        FoldKind::Min => "min",
    };
    let mut inside = Vec::new();
    if let Some(body) = &fold.body {
        inside.push(body.binding.clone());
        inside.push(expression(&body.body));
    }
    inside.extend(fold.over_nothing.as_ref().map(expression));
    format!("{text}.{how}({})", inside.join(", "))
}

/// A day as year-month-day.
pub fn date(day: Date) -> String {
    let c = civil(i64::from(day.days()));
    format!("{:04}-{:02}-{:02}", c.year, c.month, c.day)
}

/// `members.wage`, or the bare name of the root's.
pub fn path(rules: &Ruleset, of: Option<CollectionId>, name: &str) -> String {
    match of {
        Some(id) => format!("{}.{name}", rules.schema.collections[id.0].name),
        None => name.to_owned(),
    }
}

fn type_name(rules: &Ruleset, ty: Type) -> String {
    match ty {
        Type::Enum(id) => rules.schema.enums[id.0].name.clone(),
        other => format!("{other:?}"),
    }
}

/// A ruleset; with `only`, what is called by one of these names.
pub fn ruleset(rules: &Ruleset, only: Option<&BTreeSet<String>>) -> String {
    let mut text = String::new();
    let shown = |name: &String| only.is_none_or(|only| only.contains(name));
    for c in &rules.schema.collections {
        let _ = writeln!(text, "collection {} each {} {}..={}", c.name, c.each, c.min, c.max);
    }
    for e in &rules.schema.enums {
        let values: Vec<String> = e.values.iter().map(|v| format!("{}={}", v.name, v.code)).collect();
        let _ = writeln!(text, "enum {}: {}", e.name, values.join(", "));
    }
    for fact in rules.schema.facts.iter().filter(|f| shown(&f.name)) {
        let _ = writeln!(text, "fact {}", fact_line(rules, fact));
    }
    for switch in rules.switches.iter().filter(|s| shown(&s.name)) {
        switch_lines(&mut text, switch);
    }
    for parameter in rules.parameters.iter().filter(|p| shown(&p.name)) {
        parameter_lines(&mut text, rules, parameter);
    }
    for variable in rules.variables.iter().filter(|v| shown(&v.name)) {
        variable_lines(&mut text, rules, variable);
    }
    text
}

fn fact_line(rules: &Ruleset, fact: &Fact) -> String {
    let mut line =
        format!("{}: {} in {:?}", path(rules, fact.of, &fact.name), type_name(rules, fact.ty), fact.range);
    if let Some(applies) = &fact.applies {
        let when = expression(&applies.when.expr);
        let _ = write!(line, ", applies: {when}, when_not: {:?}", applies.when_not);
    }
    line
}

fn switch_lines(text: &mut String, switch: &Switch) {
    let options: Vec<&str> = switch.options.iter().map(|(name, _)| name.as_str()).collect();
    let _ = writeln!(text, "switch {}: {}", switch.name, options.join(", "));
    for s in &switch.settings {
        let _ = writeln!(text, "  layer {} from {}: {}", s.layer, date(s.from), options[s.option]);
    }
}

fn parameter_lines(text: &mut String, rules: &Ruleset, parameter: &Parameter) {
    let ty = type_name(rules, parameter.ty);
    let by = parameter.by.map_or("", |by| &rules.schema.facts[by.0].name);
    let _ = writeln!(text, "parameter {}: {ty} in {:?} by {by:?}", parameter.name, parameter.range);
    for v in &parameter.values {
        let to = v.to.map_or(String::new(), |to| format!(" to {}", date(to)));
        let value = match &v.value {
            Figure::Ended => "none".to_owned(),
            Figure::Same(stored) => stored.to_string(),
            Figure::By(figures) => format!("{figures:?}"),
        };
        let _ = writeln!(text, "  layer {} from {}{to}: {value}", v.layer, date(v.from));
    }
}

fn variable_lines(text: &mut String, rules: &Ruleset, variable: &Variable) {
    let name = path(rules, variable.of, &variable.name);
    let range = variable.range.map_or(String::new(), |range| format!(" in {range:?}"));
    let _ = writeln!(text, "variable {name}: {}{range}", type_name(rules, variable.ty));
    for version in &variable.versions {
        let _ = writeln!(text, "  layer {} from {}", version.layer, date(version.from));
        match &version.body {
            Body::Value(source) => {
                let _ = writeln!(text, "    {}", expression(&source.expr));
            }
            Body::Cases(cases) => {
                let _ = writeln!(text, "    cases, hit {:?}", cases.hit);
                for case in &cases.cases {
                    let when = expression(&case.when.expr);
                    outcome_line(text, &format!("when {when}"), &case.outcome);
                }
                cases.otherwise.iter().for_each(|o| outcome_line(text, "otherwise", o));
            }
            Body::Table(table) => {
                let on: Vec<String> = table.on.iter().map(|on| expression(&on.expr)).collect();
                let _ = writeln!(text, "    table, hit {:?}, on {}", table.hit, on.join(" | "));
                for row in &table.rows {
                    let cells: Vec<String> = row.cells.iter().map(cell).collect();
                    outcome_line(text, &cells.join(" | "), &row.outcome);
                }
                table.otherwise.iter().for_each(|o| outcome_line(text, "otherwise", o));
            }
        }
    }
}

fn outcome_line(text: &mut String, when: &str, outcome: &Outcome) {
    let _ = writeln!(text, "      {when} => {}", expression(&outcome.then.expr));
}

fn cell(cell: &Cell) -> String {
    let exact = |e: &Exact| match e.denominator() {
        1 => e.numerator().to_string(),
        d => format!("{}/{d}", e.numerator()),
    };
    match &cell.test {
        CellTest::Any => "-".to_owned(),
        CellTest::Bool(b) => b.to_string(),
        CellTest::OneOf(names) => names.join(" or "),
        CellTest::Between { low: Some((low, true)), high: Some((high, true)) } => {
            format!("{}..{}", exact(low), exact(high))
        }
        CellTest::Between { low, high } => {
            let low = low.iter().map(|(e, i)| format!(">{} {}", if *i { "=" } else { "" }, exact(e)));
            let high = high.iter().map(|(e, i)| format!("<{} {}", if *i { "=" } else { "" }, exact(e)));
            low.chain(high).collect::<Vec<_>>().join(" and ")
        }
    }
}

/// A household's answers in stored form; `?` is unknown.
pub fn household(rules: &Ruleset, household: &Household) -> String {
    let mut text = format!("household {}\n", answers(rules, None, &household.root));
    for (i, list) in household.collections.iter().enumerate() {
        let name = &rules.schema.collections[i].name;
        match list {
            None => {
                let _ = writeln!(text, "  {name}: not given");
            }
            Some(list) => {
                let _ = writeln!(text, "  {name}: {}", list.len());
                for element in list {
                    let line = answers(rules, Some(CollectionId(i)), element);
                    let _ = writeln!(text, "    {line}");
                }
            }
        }
    }
    text
}

fn answers(rules: &Ruleset, of: Option<CollectionId>, answers: &Answers) -> String {
    let facts = rules.schema.facts.iter().zip(answers).filter(|(fact, _)| fact.of == of);
    let one = |(fact, answer): (&Fact, &Option<i64>)| match answer {
        Some(stored) => format!("{}={stored}", fact.name),
        None => format!("{}=?", fact.name),
    };
    facts.map(one).collect::<Vec<_>>().join(" ")
}

/// What one variable needs, by name: itself, the variables it uses, and what they, their facts and figures name.
pub fn needed_by(rules: &Ruleset, variable: usize) -> BTreeSet<String> {
    let mut named = BTreeSet::from([rules.variables[variable].name.clone()]);
    loop {
        let before = named.len();
        let mut text = String::new();
        for v in rules.variables.iter().filter(|v| named.contains(&v.name)) {
            variable_lines(&mut text, rules, v);
        }
        for fact in rules.schema.facts.iter().filter(|f| named.contains(&f.name)) {
            text += &fact_line(rules, fact);
            text.push('\n');
        }
        for parameter in rules.parameters.iter().filter(|p| named.contains(&p.name)) {
            let by = parameter.by.map_or("", |by| &rules.schema.facts[by.0].name);
            text += by;
            text.push('\n');
        }
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        named.extend(words.map(str::to_owned));
        if named.len() == before {
            return named;
        }
    }
}
