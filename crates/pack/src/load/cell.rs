//! Cells of decision tables.
use crate::finding::Finding;
use crate::value::exact;
use crate::yaml::{Node, Value};
use anmin_rules::model::{Cell, CellTest, Exact};

/// Reads a cell: an enum value or a list of them, `true`, `false`, `18..59`, `< 18`, `<= 17`, `>= 60`, `>
/// 59`, a number, or `-`.
pub(super) fn read(node: &Node) -> Result<Cell, Finding> {
    let test = match &node.value {
        Value::Scalar { text, .. } => scalar(text.trim()),
        Value::List(nodes) if !nodes.is_empty() => {
            let names = nodes.iter().map(|n| n.as_text().ok().filter(|t| is_name(t)).map(str::to_owned));
            names.collect::<Option<Vec<String>>>().map(CellTest::OneOf)
        }
        _ => None,
    };
    match test {
        Some(CellTest::Between { low: Some((low, _)), high: Some((high, _)) }) if above(low, high) => {
            Err(Finding::error(
                node.place,
                "区间的下限大于上限",
                "the range's lower end is above its \
            upper end",
            ))
        }
        Some(test) => Ok(Cell { test, place: node.place }),
        None => Err(node.expected(
            "单元格：枚举值或其列表、true、false、18..59、\"< 18\"、\"<= 17\"、\">= 60\"、\"> 59\"、\
            一个数，或 \"-\"（任意）",
            "a cell: an enum value or a list of them, true, false, 18..59, \"< 18\", \"<= 17\", \">= \
            60\", \"> 59\", a number, or \"-\" for any",
        )),
    }
}

fn scalar(text: &str) -> Option<CellTest> {
    let number = |text: &str| exact(text.trim());
    let test = match text {
        "-" => CellTest::Any,
        "true" => CellTest::Bool(true),
        "false" => CellTest::Bool(false),
        _ if is_name(text) => CellTest::OneOf(vec![text.to_owned()]),
        _ => {
            let (low, high) = if let Some((low, high)) = text.split_once("..") {
                (Some((number(low)?, true)), Some((number(high)?, true)))
            } else if let Some(rest) = text.strip_prefix("<=") {
                (None, Some((number(rest)?, true)))
            } else if let Some(rest) = text.strip_prefix('<') {
                (None, Some((number(rest)?, false)))
            } else if let Some(rest) = text.strip_prefix(">=") {
                (Some((number(rest)?, true)), None)
            } else if let Some(rest) = text.strip_prefix('>') {
                (Some((number(rest)?, false)), None)
            } else {
                let point = Some((number(text)?, true));
                (point, point)
            };
            CellTest::Between { low, high }
        }
    };
    Some(test)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !matches!(text, "true" | "false")
}

fn above(low: Exact, high: Exact) -> bool {
    low > high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Result<CellTest, String> {
        let node = crate::yaml::read(0, format!("when: {text}").as_bytes()).expect("YAML");
        read(node.get("when").expect("the cell")).map(|c| c.test).map_err(|f| f.en)
    }

    fn whole(numerator: i64) -> Exact {
        Exact::whole(numerator)
    }

    #[test]
    fn every_form_of_the_specification_is_read() {
        let between = |low, high| Ok(CellTest::Between { low, high });
        assert_eq!(cell("'-'"), Ok(CellTest::Any));
        assert_eq!(cell("true"), Ok(CellTest::Bool(true)));
        assert_eq!(cell("rural"), Ok(CellTest::OneOf(vec!["rural".into()])));
        assert_eq!(cell("[rural, urban]"), Ok(CellTest::OneOf(vec!["rural".into(), "urban".into()])));
        assert_eq!(cell("18..59"), between(Some((whole(18), true)), Some((whole(59), true))));
        assert_eq!(cell("-5 .. 5"), between(Some((whole(-5), true)), Some((whole(5), true))));
        assert_eq!(cell("< 18"), between(None, Some((whole(18), false))));
        assert_eq!(cell("<= 17"), between(None, Some((whole(17), true))));
        assert_eq!(cell("'>= 60'"), between(Some((whole(60), true)), None));
        assert_eq!(cell("'> 59'"), between(Some((whole(59), false)), None));
        let point = Some(("2901/2".parse().expect("a fraction"), true));
        assert_eq!(cell("1450.50"), between(point, point));
        let third = Some(("1/3".parse().expect("a fraction"), true));
        assert_eq!(cell("1/3"), between(third, third));
    }

    #[test]
    fn anything_else_is_refused_with_the_forms() {
        for text in [
            "18...59", "18..", "..59", "=> 18", "1,450", "Rural", "农村", "[1, 2]", "[true]", "[]", "{a: b}",
            "< x", "''",
        ] {
            assert!(cell(text).unwrap_err().contains("18..59"), "{text}");
        }
        assert!(cell("59..18").unwrap_err().contains("above its upper end"));
    }
}
