//! A form on a page: its fields with what was typed and what is wrong with it, the summary of what is wrong, and the key
//! by which it is never carried out twice. A template says `{{ form.text("name", "person-name").hint("person-name-hint") }}`.

mod field;

pub(crate) use field::{Choice, Field};

use crate::asked::Asked;
use crate::posted::{KEY, Posted};
use crate::problem::Problem;
use crate::words::{Say, Words};
use anmin_app::record::{FieldError, TextV1};
use askama::Template;
use askama::filters::HtmlSafe;
use serde_json::Value;

/// What is wrong with what was sent.
#[derive(Clone, Debug)]
struct Wrong {
    text: TextV1,
    next: TextV1,
    code: String,
    fields: Vec<FieldError>,
    difference: Option<Value>,
}

/// A form.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    words: Words,
    typed: Posted,
    /// Whether `typed` is what somebody sent: then nothing else is filled in.
    sent: bool,
    /// Shown again after signing in.
    again: bool,
    wrong: Option<Wrong>,
    key: Option<String>,
}

impl Form {
    fn new(asked: &Asked, typed: &Posted) -> Form {
        let made = asked.command.map(|command| asked.office().request_key(command));
        Form {
            words: asked.words(),
            typed: typed.clone(),
            sent: false,
            again: false,
            wrong: None,
            key: made.and_then(Result::ok),
        }
    }

    /// A form nobody has filled in.
    pub fn empty(asked: &Asked) -> Form {
        Form::new(asked, &Posted::default())
    }

    /// An empty form for another command than the route's: a second form on a page, sent elsewhere.
    pub fn of_command(asked: &Asked, command: &str) -> Result<Form, Problem> {
        Form { key: None, ..Form::empty(asked) }.keyed(asked, command)
    }

    /// A form as it was typed before the session ended.
    pub fn again(asked: &Asked, posted: &Posted) -> Form {
        Form { sent: true, again: true, ..Form::new(asked, posted) }
    }

    /// The same without the word that what was typed is still there.
    pub fn quiet(self) -> Form {
        Form { again: false, ..self }
    }

    /// A form that was sent and not taken.
    pub fn refused(asked: &Asked, posted: &Posted, problem: &Problem) -> Form {
        let new = Form::new(asked, posted);
        let wrong = Wrong {
            text: (*problem.text).clone(),
            next: (*problem.next).clone(),
            code: problem.code.clone().into_owned(),
            fields: problem.fields.clone(),
            difference: problem.difference.as_deref().cloned(),
        };
        // What may have been carried out all the same keeps its key, so that it is not carried out again.
        let uncertain = problem.status.is_server_error();
        let key = if uncertain { posted.get(KEY).map(str::to_owned).or(new.key) } else { new.key };
        Form { sent: true, wrong: Some(wrong), key, ..new }
    }

    /// The same with a key for this command: where the command is not the same for every form of the route.
    pub fn keyed(mut self, asked: &Asked, command: &str) -> Result<Form, Problem> {
        if self.key.is_none() {
            self.key = Some(asked.office().request_key(command)?);
        }
        Ok(self)
    }

    /// Fills a field in, unless somebody has sent the form.
    pub fn fill(&mut self, name: &str, value: impl Into<String>) {
        if !self.sent {
            self.typed = std::mem::take(&mut self.typed).with(name, value);
        }
    }

    /// Ticks several values of a field, unless somebody has sent the form.
    pub fn fill_all(&mut self, name: &str, values: &[String]) {
        if !self.sent {
            self.typed = std::mem::take(&mut self.typed).with_all(name, values);
        }
    }

    /// Puts a value into a field, whatever was sent.
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        self.typed = std::mem::take(&mut self.typed).with(name, value);
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> &str {
        self.typed.get(name).unwrap_or_default()
    }

    /// Everything that was typed.
    pub fn typed(&self) -> &Posted {
        &self.typed
    }

    /// Whether something is wrong with what was sent.
    pub fn is_wrong(&self) -> bool {
        self.wrong.is_some()
    }

    /// The sentence that stands at a field.
    fn error(&self, name: &str) -> Option<String> {
        let found = self.wrong.as_ref()?.fields.iter().find(|field| field.at == name)?;
        Some(self.words.lang.of(&found.zh, &found.en).clone())
    }

    /// What is wrong, at the top of the page, with a link to each field; or that what was typed is still there.
    pub fn summary(&self) -> Summary {
        let lang = self.words.lang;
        let wrong = self.wrong.as_ref();
        let line = |field: &FieldError| (id(&field.at), lang.of(&field.zh, &field.en).clone());
        let text = |text: &TextV1| self.words.of(text).to_owned();
        Summary {
            t: self.words,
            again: self.again,
            wrong: wrong.is_some(),
            conflict: wrong.is_some_and(|wrong| wrong.code == "stale_version"),
            text: wrong.map(|wrong| text(&wrong.text)).unwrap_or_default(),
            next: wrong.map(|wrong| text(&wrong.next)).unwrap_or_default(),
            lines: wrong.map(|wrong| wrong.fields.iter().map(line).collect()).unwrap_or_default(),
            changes: wrong
                .and_then(|wrong| wrong.difference.as_ref())
                .map(|d| changes(d, self.words))
                .unwrap_or_default(),
        }
    }

    /// What every form has besides its fields: its key.
    pub fn start(&self) -> Start {
        Start { key: self.key.clone() }
    }

    /// A field that is not seen.
    pub fn hidden(&self, name: &str) -> Hidden {
        Hidden { name: name.to_owned(), value: self.typed.raw(name).to_owned() }
    }

    fn field(&self, kind: &'static str, name: &str, label: impl Into<Say>) -> Field {
        let value = self.typed.raw(name).to_owned();
        let error = self.error(name);
        Field::new(self.words, kind, name, label.into()).standing(value, error)
    }

    /// A line of text.
    pub fn text(&self, name: &str, label: impl Into<Say>) -> Field {
        self.field("text", name, label)
    }

    /// Several lines of text.
    pub fn lines(&self, name: &str, label: impl Into<Say>) -> Field {
        self.field("lines", name, label)
    }

    /// A password: never filled in again.
    pub fn password(&self, name: &str, label: impl Into<Say>) -> Field {
        self.field("password", name, label).standing(String::new(), self.error(name))
    }

    /// A whole number.
    pub fn number(&self, name: &str, label: impl Into<Say>) -> Field {
        self.field("number", name, label)
    }

    /// An amount in yuan.
    pub fn money(&self, name: &str, label: impl Into<Say>) -> Field {
        self.field("money", name, label).unit("form-yuan")
    }

    /// A day.
    pub fn date(&self, name: &str, label: impl Into<Say>) -> Field {
        self.field("date", name, label)
    }

    /// One of several, all of them seen.
    pub fn radios(&self, name: &str, label: impl Into<Say>, choices: &[Choice]) -> Field {
        self.field("radios", name, label).choices(choices, |value| self.typed.get(name) == Some(value))
    }

    /// One of several, in a list that opens.
    pub fn select(&self, name: &str, label: impl Into<Say>, choices: &[Choice]) -> Field {
        self.field("select", name, label).choices(choices, |value| self.typed.get(name) == Some(value))
    }

    /// Any of several.
    pub fn boxes(&self, name: &str, label: impl Into<Say>, choices: &[Choice]) -> Field {
        self.field("boxes", name, label)
            .choices(choices, |value| self.typed.all(name).any(|one| one == value))
    }

    /// A file, or several.
    pub fn file(&self, name: &str, label: impl Into<Say>) -> Field {
        self.field("file", name, label)
    }

    /// The button that sends the form.
    pub fn button(&self, label: impl Into<Say>) -> Button {
        Button {
            label: label.into().text(self.words),
            name: String::new(),
            value: String::new(),
            kind: "primary",
            hot: false,
        }
    }
}

/// The identifier of a field in a page: what a link in the summary leads to.
fn id(name: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("f-{}", name.chars().map(fit).collect::<String>())
}

/// What was done since the form was made: the sentences of a conflict.
fn changes(difference: &Value, words: Words) -> Vec<String> {
    let steps = difference["steps"].as_array().into_iter().flatten();
    let told = |step: &Value| {
        let label = step[words.lang.of("zh", "en")].as_str().or(step["step"].as_str()).unwrap_or_default();
        let on = words.day(step["on"].as_str().unwrap_or_default());
        match step["name"].as_str() {
            Some(who) => {
                words.text("form-changed-by").arg("what", label).arg("on", on).arg("who", who).to_string()
            }
            None => words.text("form-changed-line").arg("what", label).arg("on", on).to_string(),
        }
    };
    steps.map(told).collect()
}

/// What is wrong, in one place.
#[derive(Debug, Template)]
#[template(path = "form/summary.html")]
pub(crate) struct Summary {
    t: Words,
    again: bool,
    wrong: bool,
    conflict: bool,
    text: String,
    next: String,
    lines: Vec<(String, String)>,
    changes: Vec<String>,
}
impl HtmlSafe for Summary {}

/// The hidden part of every form.
#[derive(Debug, Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(key) = key %}<input type="hidden" name="_key" value="{{ key }}">{% endif %}"#
)]
pub(crate) struct Start {
    key: Option<String>,
}
impl HtmlSafe for Start {}

/// A field that is not seen.
#[derive(Debug, Template)]
#[template(ext = "html", source = r#"<input type="hidden" name="{{ name }}" value="{{ value }}">"#)]
pub(crate) struct Hidden {
    pub name: String,
    pub value: String,
}
impl HtmlSafe for Hidden {}

/// A button that sends a form.
#[derive(Debug, Template)]
#[template(path = "form/button.html")]
pub(crate) struct Button {
    label: String,
    name: String,
    value: String,
    kind: &'static str,
    hot: bool,
}
impl HtmlSafe for Button {}

impl Button {
    /// The same, less weighty.
    pub fn second(self) -> Button {
        Button { kind: "second", ..self }
    }

    /// The same for what cannot be taken back.
    pub fn danger(self) -> Button {
        Button { kind: "danger", ..self }
    }

    /// The same, pressed by Ctrl and Enter too.
    pub fn hot(self) -> Button {
        Button { hot: true, ..self }
    }

    /// The same with a field of its own, so that it is known which of several was pressed.
    pub fn named(self, name: &str, value: &str) -> Button {
        Button { name: name.to_owned(), value: value.to_owned(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anmin_base::document::Lang;

    const T: Words = Words { lang: Lang::En };

    fn form(query: &str, fields: &[&str], difference: Option<Value>) -> Form {
        let both = |text: &str| TextV1 { zh: text.into(), en: text.into() };
        let wrong = |at: &&str| FieldError { at: (*at).into(), zh: "z".into(), en: format!("{at} is wrong") };
        let wrong = Wrong {
            text: both("what"),
            next: both("next"),
            code: if difference.is_some() { "stale_version" } else { "invalid_fields" }.into(),
            fields: fields.iter().map(wrong).collect(),
            difference,
        };
        let typed = Posted::parse(query.as_bytes()).unwrap();
        Form { words: T, typed, sent: true, again: false, wrong: Some(wrong), key: Some("k".into()) }
    }

    fn choices() -> Vec<Choice> {
        vec![Choice::new("a", Say::Text("A".into())), Choice::new("b", Say::Text("B".into()))]
    }

    #[test]
    fn a_field_shows_what_was_typed_and_what_is_wrong_with_it() {
        let form =
            form("name=%3Cb%3E&both=a&both=b&one=b&secret=x", &["name", "one", "entry.names[0]"], None);
        let text =
            form.text("name", Say::Text("Name".into())).hint(Say::Text("As written".into())).to_string();
        for part in [
            "value=\"&#60;b&#62;\"",
            "aria-describedby=\"f-name-hint f-name-error\"",
            "name is wrong",
            "for=\"f-name\"><span id=\"f-name-label\">Name</span>",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let boxes = form.boxes("both", Say::Text("Both".into()), &choices()).to_string();
        assert_eq!(boxes.matches(" checked").count(), 2, "{boxes}");
        let radios = form.radios("one", Say::Text("One".into()), &choices()).to_string();
        assert!(radios.contains("id=\"f-one-1\" name=\"one\" value=\"b\" checked"), "{radios}");
        assert!(radios.contains("<fieldset aria-describedby=\"f-one-error\">"), "{radios}");
        assert!(!form.password("secret", Say::Text("Secret".into())).to_string().contains("value="));
        let summary = form.summary().to_string();
        assert!(
            summary.contains("href=\"#f-entry-names-0-\"") && summary.contains("tabindex=\"-1\""),
            "{summary}"
        );
    }

    #[test]
    fn a_conflict_tells_what_was_done_since() {
        let difference = serde_json::json!({ "yours": 3, "now": 4, "steps": [
            { "step": "accept", "zh": "z", "en": "Accept", "on": "2026-09-02", "by": "", "duty": "" },
        ] });
        let summary = form("", &[], Some(difference)).summary().to_string();
        assert!(summary.contains("2 September 2026: Accept"), "{summary}");
    }

    #[test]
    fn what_somebody_sent_is_not_filled_over() {
        let mut form = form("name=typed", &[], None);
        form.fill("name", "ours");
        assert_eq!(form.value("name"), "typed");
        form.put("name", "ours");
        assert_eq!(form.value("name"), "ours");
        assert!(form.start().to_string().contains("name=\"_key\" value=\"k\""));
    }
}
