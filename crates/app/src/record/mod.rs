//! Stored and printed forms: versioned, with words in both languages, independent of the engines' own types.
pub mod act;
pub mod case_event;
pub mod case_view;
mod decision;
pub mod document;
mod field;
mod finding;
mod json;
pub(crate) mod words;

pub use decision::{
    CaseV1, DecisionV1, EligibleV1, ExplanationV1, FactV1, FigureV1, FlipV1, LawV1, MissingV1, NoteV1,
    OutputV1, ReasonV1, ReceiptV1, SwitchV1, TextV1, UntranslatedV1,
};
pub use field::FieldError;
pub use finding::{FindingV1, SeverityV1};
pub use json::{BYTES_MAX, from_json};
