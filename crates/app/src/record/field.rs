//! What is wrong in a form, with the place of the field; and a reading that goes on after the first thing wrong.
use super::words::{Coded, code_of};
use anmin_base::date::Date;
use anmin_pack::finding::excerpt;
use anmin_rules::finding::nearest;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// Something wrong in one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldError {
    /// Where: `proposals[0].outcome`; list entries count from 0. Empty: the whole.
    pub at: String,
    /// What is wrong and what is allowed, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl FieldError {
    /// About the whole.
    pub fn whole(zh: impl Into<String>, en: impl Into<String>) -> Self {
        FieldError { at: String::new(), zh: zh.into(), en: en.into() }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.as_str() {
            "" => f.write_str(&self.en),
            at => write!(f, "{at}: {}", self.en),
        }
    }
}

/// A place in a form. It becomes text only when something is wrong there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At<'a> {
    Root,
    Field(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl At<'_> {
    pub(crate) fn field<'a>(&'a self, name: &'a str) -> At<'a> {
        At::Field(self, name)
    }

    pub(crate) fn item(&self, n: usize) -> At<'_> {
        At::Item(self, n)
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Root => Ok(()),
            At::Field(At::Root, name) => f.write_str(name),
            At::Field(above, name) => write!(f, "{above}.{name}"),
            At::Item(above, n) => write!(f, "{above}[{n}]"),
        }
    }
}

/// Reads a form's values and keeps everything that is wrong.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) errors: Vec<FieldError>,
}

impl Reading {
    pub(crate) fn wrong(&mut self, at: &At<'_>, zh: impl Into<String>, en: impl Into<String>) {
        self.errors.push(FieldError { at: at.to_string(), zh: zh.into(), en: en.into() });
    }

    /// A word of a list that does not know it.
    pub(crate) fn unknown<'k>(
        &mut self,
        at: &At<'_>,
        (zh, en): (&str, &str),
        given: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let shown = excerpt(given);
        let (near_zh, near_en) = match nearest(given, known.iter().copied()) {
            Some(near) => (format!("，是不是 {near}"), format!("; did you mean {near}")),
            None => Default::default(),
        };
        self.wrong(
            at,
            format!("没有名为 {shown} 的{zh}{near_zh}。可用：{}", known.join("、")),
            format!("there is no {en} {shown}{near_en}. Allowed: {}", known.join(", ")),
        );
    }

    /// A value of a closed list, by its word.
    pub(crate) fn code<T: Coded>(&mut self, at: &At<'_>, given: &str) -> Option<T> {
        let found = code_of(given);
        if found.is_none() {
            self.unknown(at, T::WHAT, given, T::all().into_iter().map(|(name, _)| name));
        }
        found
    }

    /// A date written `2026-09-01`.
    pub(crate) fn day(&mut self, at: &At<'_>, given: &str) -> Option<Date> {
        given.parse::<Date>().map_err(|e| self.wrong(at, e.zh(), e.en())).ok()
    }

    /// Reads each entry; none if one of them is wrong.
    pub(crate) fn each<T, U>(
        &mut self,
        at: &At<'_>,
        given: Vec<T>,
        mut read: impl FnMut(&mut Self, &At<'_>, T) -> Option<U>,
    ) -> Option<Vec<U>> {
        let read: Vec<Option<U>> =
            given.into_iter().enumerate().map(|(n, one)| read(self, &at.item(n), one)).collect();
        read.into_iter().collect()
    }

    /// Reads what may be absent: none if it is there and wrong.
    pub(crate) fn maybe<T, U>(
        &mut self,
        given: Option<T>,
        read: impl FnOnce(&mut Self, T) -> Option<U>,
    ) -> Option<Option<U>> {
        match given {
            None => Some(None),
            Some(given) => read(self, given).map(Some),
        }
    }

    /// What was read, if nothing was wrong.
    pub(crate) fn done<T>(self, read: Option<T>) -> Result<T, Vec<FieldError>> {
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            _ => Err(self.errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anmin_casework::kinds::Outcome;

    #[test]
    fn names_the_place_what_is_allowed_and_the_nearest_word() {
        let mut reading = Reading::default();
        let (list, root) = (At::Root, At::Root);
        let list = list.field("proposals");
        assert_eq!(reading.code::<Outcome>(&list.item(0).field("outcome"), "refused"), None);
        assert_eq!(reading.day(&root.field("on"), "2026-02-30"), None);
        let errors = reading.done(Some(())).expect_err("two errors");
        assert_eq!(errors[0].at, "proposals[0].outcome");
        assert!(
            errors[0].en.starts_with("there is no outcome refused; did you mean refuse. Allowed: grant, ")
        );
        assert!(errors[0].zh.starts_with("没有名为 refused 的结果，是不是 refuse。可用：grant、"));
        assert_eq!(errors[1].at, "on");
    }
}
