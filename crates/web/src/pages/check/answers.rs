//! The answers of a check as they go along in the form.

use crate::pages::form::Hidden;
use crate::posted::Posted;
use anmin_app::asking::{AnswersV1, CheckV1, ElementV1, OpenQuestionV1};

/// The key of where one lives.
pub(super) const AREA: &str = "area";
/// More people than any household has.
const MOST: usize = 40;
/// More questions than any check has.
const MOST_ANSWERS: usize = 300;

/// What was answered, in the order in which it was. An empty answer is one that somebody could not give.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub order: Vec<String>,
    values: Vec<(String, String)>,
    /// The question before the person.
    pub at: String,
}

/// `root.vehicles`, `size.members`, `members.0.wage`.
pub(super) fn key_of(open: &OpenQuestionV1) -> String {
    match (&open.list, open.element) {
        (Some(list), Some(n)) => format!("{list}.{n}.{}", open.question.name),
        (Some(list), None) => format!("size.{list}"),
        _ => format!("root.{}", open.question.name),
    }
}

impl Given {
    pub fn read(posted: &Posted) -> Given {
        let mut given = Given { at: posted.get("at").unwrap_or_default().to_owned(), ..Given::default() };
        for key in posted.get("order").unwrap_or_default().split(' ').take(MOST_ANSWERS) {
            if !key.is_empty() && !given.order.iter().any(|known| known == key) {
                given.put(key, posted.get(&format!("a.{key}")).unwrap_or_default());
            }
        }
        given
    }

    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    pub fn put(&mut self, key: &str, value: &str) {
        self.values.retain(|(known, _)| known != key);
        self.values.push((key.to_owned(), value.to_owned()));
        if !self.order.iter().any(|known| known == key) {
            self.order.push(key.to_owned());
        }
    }

    /// The answer to the question before the person.
    pub fn answer(&mut self, value: &str) {
        let at = self.at.clone();
        if !at.is_empty() {
            self.put(&at, value);
        }
    }

    /// The last answer, to be given again.
    pub fn take_back(&mut self) -> Option<(String, String)> {
        let at = self.order.pop()?;
        let before = self.value(&at).unwrap_or_default().to_owned();
        self.values.retain(|(known, _)| *known != at);
        Some((at, before))
    }

    /// The same without the answer to one question.
    pub fn without(&self, key: &str) -> Given {
        let mut left = self.clone();
        left.order.retain(|known| known != key);
        left.values.retain(|(known, _)| known != key);
        left
    }

    /// As the estimate takes it.
    pub fn check(&self) -> CheckV1 {
        let mut answers = AnswersV1::default();
        let given = self.values.iter().filter(|(_, value)| !value.is_empty());
        for (key, value) in given.clone() {
            if let Some(list) = key.strip_prefix("size.") {
                // What is no number of people is told by the estimate: nobody, or too many.
                let size = value.parse::<usize>().unwrap_or(0).min(MOST + 1);
                let element = |n: usize| ElementV1 { key: n.to_string(), ..ElementV1::default() };
                answers.lists.insert(list.to_owned(), (0..size).map(element).collect());
            } else if let Some(name) = key.strip_prefix("root.") {
                answers.root.insert(name.to_owned(), value.clone());
            }
        }
        for (key, value) in given {
            let mut parts = key.splitn(3, '.');
            let (Some(list), Some(n), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
                continue;
            };
            let element = n.parse::<usize>().ok().and_then(|n| answers.lists.get_mut(list)?.get_mut(n));
            if let Some(element) = element {
                element.values.insert(name.to_owned(), value.clone());
            }
        }
        let area = self.value(AREA).filter(|area| !area.is_empty()).map(str::to_owned);
        CheckV1 { area, region: None, answers }
    }

    /// The fields that carry it.
    pub fn hidden(&self) -> Vec<Hidden> {
        let field = |name: String, value: &str| Hidden { name, value: value.to_owned() };
        let mut all = vec![field("at".into(), &self.at), field("order".into(), &self.order.join(" "))];
        all.extend(self.values.iter().map(|(key, value)| field(format!("a.{key}"), value)));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_go_along_and_come_back_one_by_one() {
        let mut given = Given::default();
        for (key, value) in
            [("area", "a1"), ("size.members", "2"), ("members.1.wage", "1200"), ("root.vehicles", "")]
        {
            given.at = key.into();
            given.answer(value);
        }
        let fields = given.hidden().into_iter().map(|field| (field.name, field.value));
        let form: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut read = Given::read(&Posted::parse(form.as_bytes()).unwrap());
        let check = read.check();
        assert_eq!(check.area.as_deref(), Some("a1"));
        assert_eq!(check.answers.lists["members"].len(), 2);
        assert_eq!(check.answers.lists["members"][1].values["wage"], "1200");
        assert!(check.answers.root.is_empty(), "an answer nobody could give is none");
        assert_eq!(read.take_back(), Some(("root.vehicles".into(), String::new())));
        assert_eq!(read.take_back(), Some(("members.1.wage".into(), "1200".into())));
    }

    #[test]
    fn more_people_than_there_are_cost_nothing() {
        let mut given = Given { at: "size.members".into(), ..Given::default() };
        given.answer("4000000000");
        assert_eq!(given.check().answers.lists["members"].len(), MOST + 1);
    }
}
