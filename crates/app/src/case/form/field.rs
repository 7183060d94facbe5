//! A field of a form, as data: its place in what is sent, its type, its words, what can be chosen.

use crate::record::TextV1;
use crate::record::case_view::NamedV1;
use crate::record::words::Coded;
use schemars::JsonSchema;
use serde::Serialize;

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKindV1 {
    /// A line of text.
    Text,
    /// Several lines of text.
    Lines,
    /// Several texts, a line each.
    List,
    /// A whole number.
    Number,
    /// An amount in yuan; sent in fen.
    Money,
    /// A day.
    Date,
    /// One of the choices.
    Choice,
    /// One of the choices, each a number.
    Numbered,
    /// Any of the choices.
    Choices,
    /// Yes or no.
    Flag,
    /// A person of the register, found by identity number or name; sent as their identifier.
    Person,
    /// Nothing to fill in: its value is sent as it is.
    Fixed,
    /// The same, a number.
    FixedNumber,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FormFieldV1 {
    /// Its place in what is sent: `with.proposals[0].outcome`.
    pub name: String,
    /// What it takes.
    pub kind: FieldKindV1,
    /// In words.
    pub label: TextV1,
    /// A word more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<TextV1>,
    /// What can be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<FormChoiceV1>,
    /// Without it nothing is sent.
    pub required: bool,
    /// What stands in it at first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub value: Vec<String>,
    /// Left empty, the element of the list it stands in is not sent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub drops: bool,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FormChoiceV1 {
    /// What is sent.
    pub value: String,
    /// In words.
    pub label: TextV1,
    /// A word more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<TextV1>,
}

impl FormFieldV1 {
    pub(crate) fn new(name: impl Into<String>, kind: FieldKindV1, zh: &str, en: &str) -> FormFieldV1 {
        FormFieldV1 {
            name: name.into(),
            kind,
            label: TextV1 { zh: zh.into(), en: en.into() },
            hint: None,
            choices: Vec::new(),
            required: true,
            value: Vec::new(),
            drops: false,
        }
    }

    /// A field whose value is known.
    pub(crate) fn fixed(name: impl Into<String>, value: impl Into<String>) -> FormFieldV1 {
        FormFieldV1::new(name, FieldKindV1::Fixed, "", "").with(value)
    }

    pub(crate) fn hint(self, zh: impl Into<String>, en: impl Into<String>) -> FormFieldV1 {
        FormFieldV1 { hint: Some(TextV1 { zh: zh.into(), en: en.into() }), ..self }
    }

    pub(crate) fn of(self, choices: Vec<FormChoiceV1>) -> FormFieldV1 {
        FormFieldV1 { choices, ..self }
    }

    pub(crate) fn with(mut self, value: impl Into<String>) -> FormFieldV1 {
        self.value.push(value.into());
        self
    }

    pub(crate) fn all(self, value: Vec<String>) -> FormFieldV1 {
        FormFieldV1 { value, ..self }
    }

    /// The same where each choice is a number.
    pub(crate) fn numbered(self) -> FormFieldV1 {
        FormFieldV1 { kind: FieldKindV1::Numbered, ..self }
    }

    pub(crate) fn optional(self) -> FormFieldV1 {
        FormFieldV1 { required: false, ..self }
    }

    pub(crate) fn drops(self) -> FormFieldV1 {
        FormFieldV1 { drops: true, required: false, ..self }
    }
}

impl FormChoiceV1 {
    pub(crate) fn new(value: impl Into<String>, label: TextV1) -> FormChoiceV1 {
        FormChoiceV1 { value: value.into(), label, hint: None }
    }

    pub(crate) fn hint(self, zh: impl Into<String>, en: impl Into<String>) -> FormChoiceV1 {
        FormChoiceV1 { hint: Some(TextV1 { zh: zh.into(), en: en.into() }), ..self }
    }

    /// A value of a closed list.
    pub(crate) fn coded<T: Coded>(value: T) -> FormChoiceV1 {
        FormChoiceV1::new(value.code(), value.label())
    }
}

impl From<NamedV1> for FormChoiceV1 {
    fn from(named: NamedV1) -> FormChoiceV1 {
        FormChoiceV1::new(named.name, named.label)
    }
}
