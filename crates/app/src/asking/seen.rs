//! The form as somebody sees it: the task list with its states, one page with what was answered, the papers and who signs.

use crate::record::TextV1;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateV1 {
    /// It is not asked.
    Hidden,
    /// Something else must be answered first.
    CannotStartYet,
    /// Nothing was answered.
    NotStarted,
    /// Some of it was.
    InProgress,
    /// All of it was.
    Done,
}

/// The form with how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SheetV1 {
    /// The task list.
    pub sections: Vec<SectionV1>,
    /// The page to go on with; none when all is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<PagePlaceV1>,
    /// Whether every page that is asked is done.
    pub whole: bool,
    /// Answers that do not go together, each with what to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clashes: Vec<crate::record::FieldError>,
}

/// A line of the task list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SectionV1 {
    /// Its name.
    pub name: String,
    /// What people read.
    pub label: TextV1,
    /// How far it is.
    pub state: StateV1,
    /// Its pages, each as often as it is asked.
    pub pages: Vec<PageLineV1>,
}

/// A page in the task list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PageLineV1 {
    /// Which.
    #[serde(flatten)]
    pub place: PagePlaceV1,
    /// What people read.
    pub label: TextV1,
    /// How far it is.
    pub state: StateV1,
}

/// Which page, about whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PagePlaceV1 {
    /// The page.
    pub page: String,
    /// The key of the element it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
}

/// A page to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PageSeenV1 {
    /// Which.
    #[serde(flatten)]
    pub place: PagePlaceV1,
    /// The section it stands in.
    pub section: String,
    /// Its heading.
    pub label: TextV1,
    /// A sentence below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<TextV1>,
    /// `questions`, `list` or `who`.
    pub kind: &'static str,
    /// What is asked, in order; of a list none, its answer is `list`.
    pub questions: Vec<QuestionV1>,
    /// Of a list: who is in it so far, by key and name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed: Option<Vec<ListedSeenV1>>,
    /// Of a list: the words for "nobody", where there may be nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nobody: Option<TextV1>,
    /// Of a list: most in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
}

/// Somebody in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListedSeenV1 {
    /// The key.
    pub key: String,
    /// The name; empty where it was not given yet.
    pub name: String,
    /// The register has them already.
    pub known: bool,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct QuestionV1 {
    /// The fact by its path (`members.wage`), of a page that asks who somebody is the field, of a list its name.
    pub fact: String,
    /// Its name among the answers.
    pub name: String,
    /// The question.
    pub label: TextV1,
    /// A sentence of help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<TextV1>,
    /// How it is answered.
    pub input: InputV1,
    /// The unit an amount is in: `yuan_month`, `yuan_year`, `yuan`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    /// The answers there are, of a choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ChoiceV1>,
    /// It may be left out.
    pub optional: bool,
    /// Whether it is asked now; `cannot_start_yet` where that hangs on another answer of the same page.
    pub state: StateV1,
    /// The answer so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The answer in words, where it is one of the choices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_name: Option<TextV1>,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InputV1 {
    /// Yes or no: `true`, `false`.
    YesNo,
    /// One of the choices.
    Choice,
    /// A whole number.
    Whole,
    /// An amount in yuan.
    Money,
    /// A day.
    Day,
    /// Completed years.
    Age,
    /// Words.
    Words,
    /// An identity number.
    Number,
    /// A rate.
    Rate,
}

/// One answer there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChoiceV1 {
    /// What is sent.
    pub value: String,
    /// What people read.
    pub label: TextV1,
}

/// A paper that is wanted, or that we look up ourselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaperWantedV1 {
    /// Its name.
    pub name: String,
    /// The key of the element it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// What people read, with whose it is.
    pub label: TextV1,
    /// A sentence of help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<TextV1>,
    /// Where we look it up; then it need not be handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<TextV1>,
}

/// What is signed, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeclarationSeenV1 {
    /// Its name.
    pub name: String,
    /// Its heading.
    pub title: TextV1,
    /// What is signed.
    pub text: Vec<TextV1>,
    /// Who signs.
    pub signers: Vec<SignerV1>,
}

/// Somebody who signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SignerV1 {
    /// The key of the element; the applicant's too.
    pub element: String,
    /// The name.
    pub name: String,
    /// Has signed.
    pub signed: bool,
    /// How: `own` (signed in), `code`, `paper`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
}
