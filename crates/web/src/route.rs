//! One thing that can be asked of us.

use crate::answer::{Answer, Gives, Reply};
use crate::asked::Asked;
use crate::form::{Body, Query, SchemaOf, Takes, read_query};
use crate::problem::Problem;
use axum::body::Bytes;
use axum::http::Method;
use schemars::SchemaGenerator;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// Where all routes of the JSON interface begin.
pub(crate) const BASE: &str = "/api/v1";

/// Who may ask at all. What they may ask it about is decided once the thing is on the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Anybody.
    Public,
    /// Whoever has signed in: their own session, and what is nobody's.
    SignedIn,
    /// Whoever may do one of these actions of the table of authority.
    Action {
        /// As staff.
        staff: &'static [&'static str],
        /// As a resident.
        resident: &'static [&'static str],
    },
    /// Whoever may take this step of this case: the duties of the step and the actions that have them decide.
    Step,
    /// Whoever may do anything at all in cases.
    CaseWork,
}

/// What a route looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// JSON, for programs, below `/api/v1`.
    Json,
    /// A page, for people, from the root on.
    Page,
}

/// Whether a request needs a key, and which command the key is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// It changes nothing that is kept, or may be done twice without harm.
    None,
    /// The key is made for this command.
    Of(&'static str),
    /// The key is made for what stands in these braces of the path.
    OfPath(&'static str),
    /// The key is made for what stands in this field of the body.
    OfField(&'static str),
}

type Answering = Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send>>;
pub(crate) type Answers = Box<dyn Fn(Asked, &str, &Bytes) -> Result<Answering, Problem> + Send + Sync>;

/// A route.
pub struct Route {
    /// JSON or a page.
    pub face: Face,
    /// The method.
    pub method: Method,
    /// The path, with braces; that of JSON after `/api/v1`.
    pub path: &'static str,
    /// Its name, for programs.
    pub name: &'static str,
    /// The part of the description it stands in.
    pub part: &'static str,
    /// Who may ask.
    pub right: Right,
    /// Whether it needs a request key.
    pub key: Key,
    /// What it does, in Chinese and in English; of JSON, since pages have titles.
    pub summary: (&'static str, &'static str),
    pub(crate) query: SchemaOf,
    pub(crate) takes: Option<Takes>,
    pub(crate) gives: Gives,
    pub(crate) answers: Answers,
    /// The kept result of an earlier request as its answer.
    pub(crate) again: fn(Vec<u8>) -> Option<Answer>,
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.address())
    }
}

impl Route {
    /// A route that does this. Whoever does not say who may ask it lets nobody in.
    pub(crate) fn new<Q, B, R, F, Fut>(method: Method, path: &'static str, does: F) -> Route
    where
        Q: Query,
        B: Body,
        R: Reply,
        F: Fn(Asked, Q, B) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, Problem>> + Send + 'static,
    {
        let answers: Answers = Box::new(move |asked, query, body| {
            let (query, body) = (read_query::<Q>(query)?, B::read(body)?);
            let doing = does(asked, query, body);
            Ok(Box::pin(async move { Ok(doing.await?.answer()) }))
        });
        Route {
            face: Face::Json,
            method,
            path,
            name: "",
            part: "",
            right: Right::Action { staff: &[], resident: &[] },
            key: Key::None,
            summary: ("", ""),
            query: SchemaGenerator::subschema_for::<Q>,
            takes: B::TAKES,
            gives: R::GIVES,
            answers,
            again: R::again,
        }
    }

    /// The same with this name, and what it does in Chinese and English.
    pub(crate) fn named(self, name: &'static str, zh: &'static str, en: &'static str) -> Route {
        Route { name, summary: (zh, en), ..self }
    }

    /// The same page with this name. Its title says what it is.
    pub(crate) fn called(self, name: &'static str) -> Route {
        Route { name, ..self }
    }

    /// The same in this part of the description.
    pub(crate) fn part(self, part: &'static str) -> Route {
        Route { part, ..self }
    }

    /// The same for those with this right.
    pub(crate) fn right(self, right: Right) -> Route {
        Route { right, ..self }
    }

    /// The same for those who may do this action, staff and residents alike.
    pub(crate) fn may(self, staff: &'static [&'static str], resident: &'static [&'static str]) -> Route {
        self.right(Right::Action { staff, resident })
    }

    /// The same with a request key.
    pub(crate) fn key(self, key: Key) -> Route {
        Route { key, ..self }
    }

    /// The path as it is asked for, with braces.
    pub fn address(&self) -> String {
        match self.face {
            Face::Json => format!("{BASE}{}", self.path),
            Face::Page => self.path.to_owned(),
        }
    }

    /// Whether it changes something.
    pub fn changes(&self) -> bool {
        !self.method.is_safe()
    }

    /// What stands in the braces of the path, in order.
    pub fn braces(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// The form of what stands in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brace {
    Id,
    Name,
    Number,
    File,
}

/// The form that goes with a name in braces.
pub(crate) fn brace(name: &str) -> Brace {
    match name {
        "step" | "service" | "page" | "paper_name" | "declaration" | "form" | "list" => Brace::Name,
        "number" => Brace::Number,
        "asset" => Brace::File,
        _ => Brace::Id,
    }
}

impl Brace {
    /// As a regular expression, for the description.
    pub fn pattern(self) -> &'static str {
        match self {
            Brace::Id => "^[0-9a-f]{32}$",
            Brace::Name => "^[a-z][a-z0-9_-]{0,63}$",
            Brace::Number => "^[1-9][0-9]{0,4}$",
            Brace::File => "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
        }
    }

    /// Whether a text has this form. What has not is the address of nothing.
    pub fn fits(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let rest = |most: usize, fits: fn(&u8) -> bool| bytes.len() <= most && bytes.iter().all(fits);
        match self {
            Brace::Id => bytes.len() == 32 && rest(32, |b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
            Brace::Name => {
                let fits = |b: &u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
                bytes.first().is_some_and(u8::is_ascii_lowercase) && rest(64, fits)
            }
            Brace::Number => bytes.first().is_some_and(|b| *b != b'0') && rest(5, u8::is_ascii_digit),
            Brace::File => {
                let fits = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
                bytes.first().is_some_and(u8::is_ascii_alphanumeric) && rest(100, fits)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_braces_has_its_form() {
        let id = "0123456789abcdef0123456789abcdef";
        for (brace, right, wrong) in [
            (Brace::Id, vec![id], vec!["", "0", &id[1..], "0123456789ABCDEF0123456789ABCDEF"]),
            (Brace::Name, vec!["a", "a_b-1"], vec!["", "1a", "A", "a b", "a/b", "a\0"]),
            (Brace::File, vec!["a.css", "a-1_B.js"], vec!["", ".", "..", ".a", "a/b", "a%2f"]),
            (Brace::Number, vec!["1", "99999"], vec!["", "0", "01", "-1", "100000", "1.0"]),
        ] {
            for text in right {
                assert!(brace.fits(text), "{text}");
            }
            for text in wrong {
                assert!(!brace.fits(text), "{text}");
            }
        }
    }
}
