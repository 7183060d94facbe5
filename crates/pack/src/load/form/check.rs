//! `check:` the few questions before anybody applies, and what the estimate takes for granted.
use crate::finding::Finding;
use crate::form::{Check, CheckQuestion, CheckWhat, Form, Supposed};
use crate::load::Build;
use crate::yaml::{Fields, Node};
use anmin_rules::model::{Place, Type};

impl Build {
    pub(super) fn form_check(&mut self, own: &Fields<'_>, form: &mut Form) {
        let Some(fields) = own.map("check", &["ask", "suppose"], &mut self.findings) else { return };
        let mut check = Check::default();
        for node in fields.required_list("ask", &mut self.findings).unwrap_or_default() {
            check.ask.extend(self.check_question(node, form));
        }
        for (key, node) in fields.names("suppose", &mut self.findings) {
            let words = Fields::of(node, &["value", "zh", "en"], &mut self.findings);
            let label = words.label(&mut self.findings);
            let Some(value) = words.required("value", &mut self.findings) else { continue };
            let Some(what) = self.check_what(&key.text, key.place) else { continue };
            let Ok(text) = value.as_text() else {
                self.findings.push(value.expected("一个值", "one value"));
                continue;
            };
            match what {
                CheckWhat::Fact(fact) => {
                    let ty = self.ruleset.schema.facts[fact.0].ty;
                    self.stored(ty, value);
                }
                CheckWhat::Size(_) if text != "none" => {
                    self.findings.push(value.expected(" none（没有）", "none"));
                }
                CheckWhat::Size(_) => {}
            }
            check.suppose.push(Supposed { what, value: text.to_owned(), label, place: key.place });
        }
        self.said_once(&check);
        form.check = Some(check);
    }

    /// A path, or `{path: {...}}` with words of its own.
    fn check_question(&mut self, node: &Node, form: &Form) -> Option<CheckQuestion> {
        let (path, place, words) = match node.as_map() {
            Ok([(key, words)]) => (key.text.as_str(), key.place, Some(words)),
            Ok(_) => {
                self.findings.push(node.expected("一项", "one entry"));
                return None;
            }
            Err(_) => (node.as_text().map_err(|finding| self.findings.push(finding)).ok()?, node.place, None),
        };
        let what = self.check_what(path, place)?;
        let of_form = match what {
            CheckWhat::Fact(fact) => form.question(fact),
            CheckWhat::Size(_) => None,
        };
        let empty = vec![];
        let words =
            words.map(|node| Fields::of(node, &["zh", "en", "hint", "as", "choices"], &mut self.findings));
        let own = words.filter(|words| words.has("zh") || words.has("en"));
        let label = match (own, of_form) {
            (Some(words), _) => words.label(&mut self.findings),
            (None, Some(question)) => question.label.clone(),
            (None, None) => {
                self.error(
                    place,
                    format!("表单里没有问 {path}，这里须写 zh 和 en"),
                    format!("the form does not ask {path}: give zh and en here"),
                );
                return None;
            }
        };
        let hint = words.and_then(|words| words.label_at("hint", &mut self.findings));
        let hint = hint.or_else(|| of_form.filter(|_| own.is_none()).and_then(|q| q.hint.clone()));
        let as_age = words.and_then(|words| words.choice("as", &[("age", true)], &mut self.findings));
        let as_age = as_age.unwrap_or(false);
        let mut choices = of_form.map_or(empty, |question| question.choices.clone());
        if let CheckWhat::Fact(fact) = what {
            if as_age && self.ruleset.schema.facts[fact.0].ty != Type::Date {
                self.error(place, "as: age 只用于日期", "as: age is for dates");
            }
            if let Some(words) = words.filter(|words| words.has("choices")) {
                choices = self.form_choices(fact, &words);
            }
        }
        Some(CheckQuestion { what, label, hint, choices, as_age, place })
    }

    fn check_what(&mut self, path: &str, place: Place) -> Option<CheckWhat> {
        let collections = &self.ruleset.schema.collections;
        if let Some(of) = collections.iter().position(|c| c.name == path) {
            return Some(CheckWhat::Size(anmin_rules::model::CollectionId(of)));
        }
        let fact = self.fact(path, place)?;
        let ty = self.ruleset.schema.facts[fact.0].ty;
        if matches!(ty, Type::Text | Type::ResidentId) {
            self.findings.push(Finding::error(
                place,
                format!("{path} 是文字，规则读不到，不必在此问"),
                format!("{path} is text, which rules cannot read: there is nothing to ask"),
            ));
            return None;
        }
        Some(CheckWhat::Fact(fact))
    }

    /// What is asked is not supposed, and neither comes twice.
    fn said_once(&mut self, check: &Check) {
        let all = check.ask.iter().map(|q| (q.what, q.place));
        let all = all.chain(check.suppose.iter().map(|s| (s.what, s.place)));
        let mut seen: Vec<(CheckWhat, Place)> = vec![];
        let mut twice = vec![];
        for (what, place) in all {
            match seen.iter().find(|(known, _)| *known == what) {
                Some((_, first)) => twice.push((place, *first)),
                None => seen.push((what, place)),
            }
        }
        for (place, first) in twice {
            let at = self.files.show(first);
            self.error(place, format!("已在 {at} 写过"), format!("stands at {at} already"));
        }
    }
}
