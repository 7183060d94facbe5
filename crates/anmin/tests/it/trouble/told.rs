//! What a deployment tells of the story: everything a person could see of it, as one document, without what differs from
//! one run to the next: identifiers, keys, drawn numbers, moments.
use super::client::Client;
use super::county::County;
use super::program::Deployment;
use super::story::{CASES, bank_file};
use super::walk::Book;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Tables whose rows are what people did; each has as many after trouble as without.
const RECORDS: &[&str] = &[
    "account",
    "application",
    "application_file",
    "area",
    "area_anc",
    "area_handover",
    "assignment",
    "authorisation",
    "authorisation_cover",
    "batch",
    "batch_duty",
    "case_file",
    "case_person",
    "check_request",
    "closing",
    "consent",
    "cooperation",
    "decision",
    "deployment",
    "dispatch",
    "duty",
    "duty_set",
    "effect",
    "entry",
    "evidence",
    "fact",
    "file",
    "fund_account",
    "grant_change",
    "grant_component",
    "grant_file",
    "grant_open",
    "hearing",
    "household",
    "kept_apart",
    "kin_bar",
    "kin_declaration",
    "letter",
    "membership",
    "organisation",
    "outbox",
    "pay_attempt",
    "payee_account",
    "payment",
    "person",
    "post",
    "representation",
    "request",
    "ticket",
    "unit",
    "visit",
    "work_view",
];

/// Where a worker died over a message, another takes it up when the lease is over, minutes later: until then its row is not
/// there. That it comes, once, is shown by the store's own tests, which have a clock.
const LATER: &str = "delivery";

/// Tables whose rows say that somebody looked, signed in or worked: more of them where something was done again.
const TRACES: &[&str] = &[
    "access",
    "checkpoint",
    "data_key",
    "demo_day",
    "demo_story",
    "enrolment",
    "event",
    "event_payload",
    "job",
    "leaf",
    "note",
    "pending",
    "stream",
];

/// How many rows each table of records has.
pub fn records(deployment: &Deployment) -> BTreeMap<String, u64> {
    let mut rows = deployment.rows();
    for table in rows.keys() {
        let known = table == LATER || RECORDS.contains(&table.as_str()) || TRACES.contains(&table.as_str());
        assert!(known, "table {table} is new: say in told.rs whether it is a record");
    }
    rows.retain(|table, _| RECORDS.contains(&table.as_str()));
    rows
}

/// What can be seen: by whom, and at which address. `{}` stands for the identifier of the book that follows.
const SEEN: &[(&str, &str, &str)] = &[
    ("examiner", "/cases?limit=100", ""),
    ("examiner", "/cases/count", ""),
    ("security", "/logins", ""),
    ("security", "/posts", ""),
    ("system", "/places", ""),
    ("clerk", "/kin", ""),
    ("preparer", "/batches", ""),
    ("clerk", "/persons/{}", "granted head"),
    ("clerk", "/persons/{}", "refused head"),
    ("clerk", "/households/{}", "granted home"),
    ("clerk", "/households/{}", "refused home"),
];

/// Everything there is to see, by address.
pub fn told(client: &mut Client<'_>, book: &Book) -> BTreeMap<String, String> {
    let mut looks: Vec<(String, String)> = Vec::new();
    for (who, path, id) in SEEN {
        let id = if id.is_empty() { "" } else { book.id(id) };
        looks.push(((*who).to_owned(), path.replace("{}", id)));
    }
    for case in CASES {
        let id = book.id(case);
        for part in ["", "/facts", "/files", "/letters", "/outlook", "/missing-signatures"] {
            looks.push(("examiner".into(), format!("/cases/{id}{part}")));
        }
    }
    let plain = Plain::new(book);
    let mut told = BTreeMap::new();
    // To the byte: the batch's grants were there before the chapter in which anything goes wrong.
    if book.ids().any(|(name, _)| name == "batch") {
        told.insert("the bank's file".to_owned(), bank_file(client, book).text());
    }
    for (n, (who, path)) in looks.into_iter().enumerate() {
        let reply = client.look(&book.who(&who), &path);
        assert_eq!(reply.status, 200, "GET {path} by {who}: {}", reply.text());
        let mut value = reply.json();
        plain.value(&mut value);
        for login in value["logins"].as_array_mut().into_iter().flatten() {
            // Who gets no answer when they sign in begins again, with another code: that counts.
            if login["login"] == "newcomer" {
                login["version"] = Value::Null;
            }
        }
        // A day's job that died may come by only on the next day, when a clock is no longer amber but red: it marks once
        // instead of twice. How often a case was written so is nobody's doing.
        if path.starts_with("/cases") {
            let cases = value["cases"].as_array_mut().into_iter().flatten();
            cases.for_each(|case| case["version"] = Value::Null);
            if let Some(case) = value.as_object_mut().filter(|case| case.contains_key("version")) {
                case.insert("version".into(), Value::Null);
                let reasons = case.get("reasons").and_then(Value::as_object);
                let reasons = reasons.map(|reasons| reasons.values().cloned().collect::<Vec<Value>>());
                case.insert("reasons".into(), reasons.into());
                if let Some(course) = case.get_mut("course") {
                    course["events"] = Value::Null;
                }
            }
        }
        // What happened in a case is told in the order in which it did; all else in the order of drawn identifiers.
        if !path.ends_with(book.id("granted")) && !path.ends_with(book.id("refused")) {
            sorted(&mut value);
        }
        let text = serde_json::to_string_pretty(&value).expect("JSON");
        told.insert(format!("{n:02} {who} {}", plain.text(&path)), text);
    }
    told
}

/// Asserts that two tell the same; shows the first line that differs.
#[track_caller]
pub fn same(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>, what: &str) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{what}");
    for (place, text) in one {
        let (mut lines, mut others) = (text.lines(), other[place].lines());
        let mut before = String::new();
        loop {
            match (lines.next(), others.next()) {
                (None, None) => break,
                (a, b) if a == b => {
                    let _ = write!(before, "\n    {}", a.unwrap_or_default());
                }
                (a, b) => {
                    let near: Vec<&str> = before.lines().rev().take(6).collect();
                    let near: Vec<&str> = near.into_iter().rev().collect();
                    panic!("{what}: {place}{}\n  - {a:?}\n  + {b:?}", near.join("\n"));
                }
            }
        }
    }
}

/// Puts names in the place of identifiers the story knows, and `#` in that of all else that is drawn.
struct Plain(BTreeMap<String, String>);

impl Plain {
    fn new(book: &Book) -> Plain {
        let County { people, areas, units, posts, logins } = &book.county;
        let first = |(name, (id, _)): (&String, &(String, i64))| (id.clone(), name.clone());
        let known = people.iter().chain(areas).chain(units).chain(book.ids());
        let mut names: BTreeMap<String, String> =
            known.map(|(name, id)| (id.clone(), name.clone())).collect();
        names.extend(posts.iter().map(first).map(|(id, name)| (id, format!("post of {name}"))));
        names.extend(logins.iter().map(first).map(|(id, name)| (id, format!("login of {name}"))));
        Plain(names)
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(entries) => entries.iter_mut().for_each(|entry| self.value(entry)),
            Value::Object(fields) => {
                for (name, mut field) in std::mem::take(fields) {
                    self.value(&mut field);
                    fields.insert(self.text(&name), field);
                }
            }
            _ => {}
        }
    }

    /// A text without identifiers (32 or 64 hexadecimal digits) and numbers of cases and letters (fifteen digits and more, in groups).
    fn text(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let word: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            if word.is_empty() {
                out.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
            rest = &rest[word.len()..];
            match self.0.get(&word) {
                Some(name) => out.push_str(&format!("<{name}>")),
                None if drawn(&word) => out.push('#'),
                None => out.push_str(&word),
            }
        }
        out
    }
}

/// Puts the entries of all lists in the order of what they say.
fn sorted(value: &mut Value) {
    match value {
        Value::Array(entries) => {
            entries.iter_mut().for_each(sorted);
            entries.sort_by_cached_key(Value::to_string);
        }
        Value::Object(fields) => fields.values_mut().for_each(sorted),
        _ => {}
    }
}

fn drawn(word: &str) -> bool {
    let hex = |len: usize| word.len() == len && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let number =
        digits >= 15 && digits + 3 <= word.len() && word.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    hex(32) || hex(64) || number
}
