//! Compares what a test expects with what came out.
use crate::decide::{Evaluated, Prepared};
use crate::narrate::Narrator;
use crate::record::{FindingV1, SeverityV1};
use anmin_pack::finding::Files;
use anmin_pack::household::Household;
use anmin_pack::pack_test::{Expectation, Expected, PackTest};
use anmin_rules::evaluate::Bounds;
use anmin_rules::model::{Type, VariableId};
use anmin_rules::show::{self, Language};

/// Every expectation that does not hold.
pub(super) fn failures(
    prepared: &Prepared,
    household: &Household,
    evaluated: &Evaluated<'_, '_>,
    test: &PackTest,
    files: &Files,
) -> Vec<FindingV1> {
    let narrator = Narrator { prepared, household, evaluated };
    let judge = Judge { prepared, evaluated, narrator };
    let told = |e: &Expectation| {
        let (expected, found) = judge.difference(&e.value)?;
        Some(FindingV1 {
            file: files.path(e.place.file).to_string_lossy().into_owned(),
            line: e.place.line,
            column: e.place.column,
            severity: SeverityV1::Error,
            zh: format!("{}：应为 {}，实际是 {}", e.path, expected[0], found[0]),
            en: format!("{}: expected {}, found {}", e.path, expected[1], found[1]),
        })
    };
    test.expect.iter().filter_map(told).collect()
}

/// The same thing in Chinese and in English.
type Both = [String; 2];

fn both(say: impl Fn(Language) -> String) -> Both {
    [say(Language::Zh), say(Language::En)]
}

struct Judge<'a> {
    prepared: &'a Prepared,
    evaluated: &'a Evaluated<'a, 'a>,
    narrator: Narrator<'a>,
}

impl Judge<'_> {
    /// What was expected and what was found, if they differ.
    fn difference(&self, expected: &Expected) -> Option<(Both, Both)> {
        match expected {
            Expected::Value(v, value) => self.values(*v, &[*value]),
            Expected::Each(v, values) => self.values(*v, values),
            Expected::Missing(paths) => self.missing(paths),
            Expected::Reason(reason) => self.reason(reason),
        }
    }

    fn values(&self, v: VariableId, expected: &[Option<i64>]) -> Option<(Both, Both)> {
        let rules = &self.prepared.opened.checked.ruleset;
        let ty = rules.variables[v.0].ty;
        let one = |value: &Option<i64>, language: Language| match value {
            Some(value) => show::value(rules, ty, *value, language),
            None => said(language, "未知", "unknown").to_owned(),
        };
        let wanted = both(|l| listed(expected.iter().map(|e| one(e, l))));
        if self.prepared.program.value(v).is_none() {
            return Some((
                wanted,
                both(|l| said(l, "这一天的规则没有用到它", "no rule of that day needs it").to_owned()),
            ));
        }
        let mut bounds = Bounds::default();
        self.evaluated.evaluator.append(&self.evaluated.batch, v, &mut bounds);
        let found: Vec<(i64, i64)> = bounds.lo.into_iter().zip(bounds.hi).collect();
        let known: Vec<Option<i64>> = found.iter().map(|(lo, hi)| (lo == hi).then_some(*lo)).collect();
        if known == expected {
            return None;
        }
        Some((wanted, both(|l| listed(found.iter().map(|b| show::bounds(rules, ty, *b, l))))))
    }

    fn missing(&self, expected: &[String]) -> Option<(Both, Both)> {
        let found: Vec<String> =
            self.narrator.missing(&self.prepared.answers()).into_iter().map(|m| m.path).collect();
        let fits = |wanted: &String, found: &String| wanted == found || *wanted == without_number(found);
        let all_found = expected.iter().all(|w| found.iter().any(|f| fits(w, f)));
        let all_wanted = found.iter().all(|f| expected.iter().any(|w| fits(w, f)));
        if all_found && all_wanted {
            return None;
        }
        let list = |paths: &[String]| match paths {
            [] => ["不缺".to_owned(), "nothing".to_owned()],
            _ => [paths.join("、"), paths.join(", ")],
        };
        Some((list(expected), list(&found)))
    }

    fn reason(&self, expected: &str) -> Option<(Both, Both)> {
        let rules = &self.prepared.opened.checked.ruleset;
        let wanted = || [expected.to_owned(), expected.to_owned()];
        let Some(reason) = self.narrator.reason() else {
            let unknown = ["未知".to_owned(), "unknown".to_owned()];
            return (expected != "unknown").then(|| (wanted(), unknown));
        };
        let v = rules.decision.reason.or(rules.decision.eligible)?;
        let name = match (rules.variables[v.0].ty, self.narrator.root(v)) {
            (Type::Enum(e), Some((code, _))) => {
                rules.schema.enums[e.0].values.iter().find(|x| x.code == code).map(|x| x.name.as_str())
            }
            (Type::Bool, Some((flag, _))) => Some(if flag == 1 { "true" } else { "false" }),
            _ => None,
        };
        if name == Some(expected) || reason.text.zh == expected || reason.text.en == expected {
            return None;
        }
        let name = name.map(|n| format!("{n}: ")).unwrap_or_default();
        Some((wanted(), [format!("{name}{}", reason.text.zh), format!("{name}{}", reason.text.en)]))
    }
}

fn said<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// One value bare, several in brackets.
fn listed(values: impl Iterator<Item = String>) -> String {
    let values: Vec<String> = values.collect();
    match &values[..] {
        [one] => one.clone(),
        _ => format!("[{}]", values.join(", ")),
    }
}

/// `members.wage` of `members[2].wage`.
fn without_number(path: &str) -> String {
    match (path.find('['), path.find(']')) {
        (Some(open), Some(close)) if open < close => format!("{}{}", &path[..open], &path[close + 1..]),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_a_number_stands_for_every_element() {
        assert_eq!(without_number("members[2].wage"), "members.wage");
        assert_eq!(without_number("members"), "members");
    }
}
