//! What comes from a form on a page: fields and files, within limits, read once and typed by whoever asks for them. All
//! that is wrong is told at once, each at its field.

use crate::form::too_large;
use crate::problem::Problem;
use crate::words::{Message, Words};
use anmin_app::record::FieldError;
use anmin_base::date::Date;
use anmin_base::document::Lang;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use multer::{Constraints, Multipart, SizeLimit};
use std::collections::BTreeSet;

/// Most bytes of a form without files.
const MOST_FIELDS: usize = 1024 * 1024;
/// Most bytes of one file of a form.
const MOST_FILE: u64 = 10 * 1024 * 1024;
/// Most bytes of a form with files.
const MOST_FILES: usize = 32 * 1024 * 1024;
/// Most fields of a form.
const MOST_NAMES: usize = 2000;

/// The field with the key of the request.
pub(crate) const KEY: &str = "_key";
/// The field that says that a form is only to be shown again.
pub(crate) const RESUME: &str = "_resume";
/// The field with a form that was sent without a session.
pub(crate) const CARRIED: &str = "_carried";

/// A file that was put into a form.
#[derive(Clone)]
pub(crate) struct Sent {
    pub field: String,
    /// Its name where it comes from: never used as a path.
    pub name: String,
    pub bytes: Bytes,
}

/// A form as it came.
#[derive(Clone, Default)]
pub(crate) struct Posted {
    fields: Vec<(String, String)>,
    files: Vec<Sent>,
}

impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a form of {} fields, {} files", self.fields.len(), self.files.len())
    }
}

/// Reads the form of a request.
pub(crate) async fn read(headers: &HeaderMap, body: &mut Body) -> Result<Posted, Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Ok(boundary) = multer::parse_boundary(media) {
        return with_files(boundary, std::mem::take(body)).await;
    }
    let kind = media.split(';').next().unwrap_or_default().trim();
    // A form without a single field comes without a media type.
    if !kind.is_empty() && !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Problem::not_a_form());
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(part) = frame.map_err(|_| Problem::not_a_form())?.into_data() else { continue };
        if bytes.len() + part.len() > MOST_FIELDS {
            return Err(too_large(MOST_FIELDS));
        }
        bytes.extend_from_slice(&part);
    }
    Posted::parse(&bytes)
}

async fn with_files(boundary: String, body: Body) -> Result<Posted, Problem> {
    let limit = SizeLimit::new().whole_stream(MOST_FILES as u64).per_field(MOST_FILE);
    let constraints = Constraints::new().size_limit(limit);
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, constraints);
    let mut posted = Posted::default();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(broken)?;
        match name {
            // A field for a file into which none was put.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => posted.files.push(Sent { field, name, bytes }),
            None => {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| Problem::not_a_form())?;
                posted.put(field, text)?;
            }
        }
        if posted.files.len() + posted.fields.len() > MOST_NAMES {
            return Err(Problem::not_a_form());
        }
    }
    Ok(posted)
}

fn broken(error: multer::Error) -> Problem {
    match error {
        multer::Error::FieldSizeExceeded { .. } => {
            too_large(usize::try_from(MOST_FILE).unwrap_or(usize::MAX))
        }
        multer::Error::StreamSizeExceeded { .. } => too_large(MOST_FILES),
        _ => Problem::not_a_form(),
    }
}

impl Posted {
    /// Reads fields as browsers write them.
    pub fn parse(bytes: &[u8]) -> Result<Posted, Problem> {
        let mut posted = Posted::default();
        for (name, text) in form_urlencoded::parse(bytes) {
            posted.put(name.into_owned(), text.into_owned())?;
            if posted.fields.len() > MOST_NAMES {
                return Err(Problem::not_a_form());
            }
        }
        Ok(posted)
    }

    fn put(&mut self, name: String, text: String) -> Result<(), Problem> {
        if name.contains('\0') || text.contains('\0') {
            return Err(Problem::not_a_form());
        }
        // Browsers end lines as post offices do.
        self.fields.push((name, text.replace("\r\n", "\n")));
        Ok(())
    }

    /// What stands in a field, without spaces around it; none where nothing does.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
    }

    /// The same as it was typed: for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// All that was ticked or written in fields of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.fields.iter().filter(move |(known, _)| known == name);
        named.map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
    }

    /// Whether a box was ticked, or a button of this name pressed.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(known, _)| known == name)
    }

    /// The fields, in the order of the form.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The names there are that begin so, each once: `member.0.name`, `member.1.name`.
    pub fn names_under<'a>(&'a self, prefix: &str) -> BTreeSet<&'a str> {
        self.fields.iter().map(|(name, _)| name.as_str()).filter(|name| name.starts_with(prefix)).collect()
    }

    /// The files put into a field.
    pub fn files<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a Sent> {
        self.files.iter().filter(move |file| file.field == field)
    }

    /// Whether any file was put in.
    pub fn files_sent(&self) -> bool {
        !self.files.is_empty()
    }

    /// The same with several values in a field.
    #[must_use]
    pub fn with_all(mut self, name: &str, texts: &[String]) -> Posted {
        self.fields.retain(|(known, _)| known != name);
        self.fields.extend(texts.iter().map(|text| (name.to_owned(), text.clone())));
        self
    }

    /// The same with another field in place of what it held.
    #[must_use]
    pub fn with(mut self, name: &str, text: impl Into<String>) -> Posted {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), text.into()));
        self
    }

    /// What a request key stands for: fields and files, and not how they were wrapped, which differs each time.
    pub fn canonical(&self) -> Vec<u8> {
        let mut all = form_urlencoded::Serializer::new(String::new());
        all.extend_pairs(self.fields());
        let mut all = all.finish().into_bytes();
        for Sent { field, name, bytes } in &self.files {
            all.extend_from_slice(format!("\n{field}\n{name}\n{}\n", bytes.len()).as_bytes());
            all.extend_from_slice(bytes);
        }
        all
    }

    /// The form as one text, to be carried through signing in: no secrets, no files, and not its key.
    pub fn carried(&self) -> String {
        let secret = |name: &str| name.contains("password") || name.contains("code") || name.starts_with('_');
        let mut all = form_urlencoded::Serializer::new(String::new());
        all.extend_pairs(self.fields().filter(|(name, _)| !secret(name)));
        all.finish()
    }

    /// Begins to read the fields by what they are to be.
    pub fn read(&self) -> Reading<'_> {
        Reading { posted: self, wrong: Vec::new() }
    }
}

/// Reads fields one after another and collects what is wrong.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    posted: &'a Posted,
    wrong: Vec<FieldError>,
}

impl<'a> Reading<'a> {
    /// Says that something is wrong with a field: a message by its key.
    pub fn wrong(&mut self, at: &str, key: &'static str) {
        self.wrong_as(at, |t| t.text(key));
    }

    /// The same with values in the message.
    pub fn wrong_as(&mut self, at: &str, message: impl Fn(Words) -> Message) {
        let say = |lang| message(Words { lang }).to_string();
        self.told(at, say(Lang::Zh), say(Lang::En));
    }

    fn told(&mut self, at: &str, zh: String, en: String) {
        self.wrong.push(FieldError { at: at.to_owned(), zh, en });
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &str) -> String {
        match self.posted.get(name) {
            Some(text) => text.to_owned(),
            None => {
                self.wrong(name, "form-wrong-empty");
                String::new()
            }
        }
    }

    /// A text that may be left out.
    pub fn maybe(&mut self, name: &str) -> Option<String> {
        self.posted.get(name).map(str::to_owned)
    }

    /// One of several values; they are those that the form offered.
    pub fn choice(&mut self, name: &str, of: &[&str]) -> String {
        match self.posted.get(name) {
            Some(text) if of.contains(&text) => text.to_owned(),
            _ => {
                self.wrong(name, "form-wrong-choice");
                String::new()
            }
        }
    }

    /// A day that must be there.
    pub fn day(&mut self, name: &str) -> Option<Date> {
        let found = self.maybe_day(name);
        if found.is_none() && self.posted.get(name).is_none() {
            self.wrong(name, "form-wrong-no-date");
        }
        found
    }

    /// A day that may be left out.
    pub fn maybe_day(&mut self, name: &str) -> Option<Date> {
        let text = self.posted.get(name)?;
        match text.parse::<Date>() {
            Ok(day) => Some(day),
            Err(_) => {
                self.wrong(name, "form-wrong-date");
                None
            }
        }
    }

    /// A whole number that must be there.
    pub fn number(&mut self, name: &str) -> Option<i64> {
        let read = self.posted.get(name).map(str::parse::<i64>);
        match read {
            Some(Ok(number)) => Some(number),
            _ => {
                self.wrong(name, "form-wrong-number");
                None
            }
        }
    }

    /// Ends the reading: nothing is wrong, or all that is.
    pub fn done(self) -> Result<(), Problem> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Problem::fields(self.wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn multipart(boundary: &str) -> (HeaderMap, Body) {
        let parts = [("name", None, "typed"), ("paper", Some("a.pdf"), "%PDF"), ("none", Some(""), "")];
        let mut body = String::new();
        for (name, file, text) in parts {
            let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
            body.push_str(&format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n"
            ));
        }
        body.push_str(&format!("--{boundary}--\r\n"));
        let mut headers = HeaderMap::new();
        let media = format!("multipart/form-data; boundary={boundary}");
        headers.insert(header::CONTENT_TYPE, media.parse().unwrap());
        (headers, Body::from(body))
    }

    async fn read_all(boundary: &str) -> Posted {
        let (headers, mut body) = multipart(boundary);
        read(&headers, &mut body).await.unwrap()
    }

    #[tokio::test]
    async fn files_are_read_and_a_key_stands_for_what_is_in_them() {
        let posted = read_all("one").await;
        assert_eq!(posted.get("name"), Some("typed"));
        let papers: Vec<&Sent> = posted.files("paper").collect();
        assert_eq!((papers.len(), papers[0].name.as_str(), &papers[0].bytes[..]), (1, "a.pdf", &b"%PDF"[..]));
        assert_eq!(posted.files("none").count(), 0, "a field into which no file was put has none");
        // How it is wrapped differs each time it is sent.
        assert_eq!(posted.canonical(), read_all("another").await.canonical());
        assert!(!posted.carried().contains("PDF"));
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused() {
        let read = async |media: &str, body: Vec<u8>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, media.parse().unwrap());
            read(&headers, &mut Body::from(body)).await.map_err(|problem| problem.code.into_owned())
        };
        let form = "application/x-www-form-urlencoded";
        assert_eq!(read(form, vec![b'a'; MOST_FIELDS + 1]).await.unwrap_err(), "body_too_large");
        let mut file = b"--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n".to_vec();
        file.resize(file.len() + MOST_FILES, b'a');
        assert_eq!(read("multipart/form-data; boundary=b", file).await.unwrap_err(), "body_too_large");
        assert_eq!(read("multipart/form-data; boundary=b", b"--b".to_vec()).await.unwrap_err(), "not_a_form");
        assert_eq!(read("text/plain", b"a=b".to_vec()).await.unwrap_err(), "not_a_form");
        assert_eq!(read(form, b"a=%00".to_vec()).await.unwrap_err(), "not_a_form");
        assert_eq!(read(form, "a=1&".repeat(MOST_NAMES + 1).into_bytes()).await.unwrap_err(), "not_a_form");
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let posted = Posted::parse(b"name=+a+&day=2026-02-30&kind=z&count=x&many=1&many=2").unwrap();
        let mut read = posted.read();
        assert_eq!(read.text("name"), "a");
        assert!(read.day("day").is_none() && read.maybe_day("none").is_none());
        read.choice("kind", &["a", "b"]);
        assert!(read.number("count").is_none());
        read.text("missing");
        let wrong = read.done().unwrap_err().fields;
        let at: Vec<&str> = wrong.iter().map(|field| field.at.as_str()).collect();
        assert_eq!(at, ["day", "kind", "count", "missing"]);
        assert!(wrong.iter().all(|field| !field.zh.is_empty() && !field.en.is_empty()));
        assert_eq!(posted.all("many").collect::<Vec<_>>(), ["1", "2"]);
        let right = Posted::parse(b"day=2026-02-28&count=3").unwrap();
        let mut read = right.read();
        assert_eq!(read.day("day").map(|day| day.to_string()).as_deref(), Some("2026-02-28"));
        assert_eq!(read.number("count"), Some(3));
        assert!(read.done().is_ok());
    }

    #[test]
    fn secrets_are_not_carried_through_signing_in() {
        let posted = Posted::parse(b"note=a&password=b&password_again=c&code=d&_key=e").unwrap();
        assert_eq!(posted.carried(), "note=a");
    }
}
