//! A field of a form, with label, hint and what is wrong with it.

use super::id;
use crate::words::{Say, Words};
use askama::Template;
use askama::filters::HtmlSafe;

/// One of the values a field may have.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub value: String,
    pub label: Say,
    pub hint: Option<Say>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<Say>) -> Choice {
        Choice { value: value.into(), label: label.into(), hint: None }
    }

    /// The same with a word more.
    pub fn hint(self, hint: impl Into<Say>) -> Choice {
        Choice { hint: Some(hint.into()), ..self }
    }
}

/// A choice as it stands on the page.
#[derive(Clone, Debug)]
struct Offered {
    value: String,
    label: String,
    hint: String,
    chosen: bool,
    id: String,
}

/// A field.
#[derive(Clone, Debug, Template)]
#[template(path = "form/field.html")]
pub(crate) struct Field {
    t: Words,
    kind: &'static str,
    name: String,
    id: String,
    label: String,
    hint: String,
    error: Option<String>,
    value: String,
    choices: Vec<Offered>,
    required: bool,
    optional: bool,
    autocomplete: &'static str,
    inputmode: &'static str,
    unit: String,
    /// How many characters wide; 0: as wide as there is room.
    width: u32,
    /// The label is the heading of the page: one question on it.
    heading: bool,
    many: bool,
    camera: bool,
    accept: &'static str,
    most: u32,
}
impl HtmlSafe for Field {}

impl Field {
    pub(super) fn new(t: Words, kind: &'static str, name: &str, label: Say) -> Field {
        Field {
            t,
            kind,
            name: name.to_owned(),
            id: id(name),
            label: label.text(t),
            hint: String::new(),
            error: None,
            value: String::new(),
            choices: Vec::new(),
            required: false,
            optional: false,
            autocomplete: "",
            inputmode: match kind {
                "number" => "numeric",
                "money" => "decimal",
                _ => "",
            },
            unit: String::new(),
            width: 0,
            heading: false,
            many: false,
            camera: false,
            accept: "",
            most: 0,
        }
    }

    pub(super) fn standing(self, value: String, error: Option<String>) -> Field {
        Field { value, error, ..self }
    }

    pub(super) fn choices(self, choices: &[Choice], chosen: impl Fn(&str) -> bool) -> Field {
        let t = self.t;
        let offered = |(n, choice): (usize, &Choice)| Offered {
            value: choice.value.clone(),
            label: choice.label.text(t),
            hint: choice.hint.as_ref().map(|hint| hint.text(t)).unwrap_or_default(),
            chosen: chosen(&choice.value),
            // The first is where the link of the summary leads.
            id: if n == 0 { self.id.clone() } else { format!("{}-{n}", self.id) },
        };
        Field { choices: choices.iter().enumerate().map(offered).collect(), ..self }
    }

    /// The same with a hint below the label.
    pub fn hint(self, hint: impl Into<Say>) -> Field {
        Field { hint: hint.into().text(self.t), ..self }
    }

    /// The same with a hint or none.
    pub fn maybe_hint(self, hint: Option<impl Into<Say>>) -> Field {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// The same, said to be necessary. Browsers are not asked to insist: we say what is missing, in our own words.
    pub fn required(self) -> Field {
        Field { required: true, ..self }
    }

    /// The same, said not to be necessary.
    pub fn optional(self) -> Field {
        Field { optional: true, ..self }
    }

    /// The same that browsers fill in so: `username`, `one-time-code`.
    pub fn autocomplete(self, autocomplete: &'static str) -> Field {
        Field { autocomplete, ..self }
    }

    /// The same with this keyboard on telephones.
    pub fn inputmode(self, inputmode: &'static str) -> Field {
        Field { inputmode, ..self }
    }

    /// The same with a unit behind it.
    pub fn unit(self, unit: impl Into<Say>) -> Field {
        Field { unit: unit.into().text(self.t), ..self }
    }

    /// The same, so many characters wide: 4, 10, 20 or 40.
    pub fn width(self, width: u32) -> Field {
        Field { width, ..self }
    }

    /// The same as the one question of its page: its label is the heading.
    pub fn heading(self) -> Field {
        Field { heading: true, ..self }
    }

    /// The same for several files.
    pub fn many(self) -> Field {
        Field { many: true, ..self }
    }

    /// The same that opens the camera of a telephone.
    pub fn camera(self) -> Field {
        Field { camera: true, ..self }
    }

    /// The same for files of these kinds.
    pub fn accept(self, accept: &'static str) -> Field {
        Field { accept, ..self }
    }

    /// The same with at most so many characters.
    pub fn most(self, most: u32) -> Field {
        Field { most, ..self }
    }

    /// What describes the field: its hint and what is wrong with it.
    fn described(&self) -> String {
        let mut by = Vec::new();
        if !self.hint.is_empty() {
            by.push(format!("{}-hint", self.id));
        }
        if self.error.is_some() {
            by.push(format!("{}-error", self.id));
        }
        by.join(" ")
    }

    /// Whether it is a group of several controls.
    fn grouped(&self) -> bool {
        matches!(self.kind, "radios" | "boxes")
    }
}
