//! Cases: where the engine of cases, the rules, authority and the store meet. One command, one transaction, one event.

mod file;
mod job;
mod letters;
mod may;
mod open;
mod rows;
mod show;
mod take;
mod weigh;

pub use file::PartyV1;
pub use letters::LetterV1;
pub use open::NewCaseV1;
pub use show::{AreaV1, LineV1, ListV1, PageV1, PartySeenV1, SeenCaseV1};
pub use take::{ChangedV1, InstructionV1, StepV1};

pub(crate) use file::{CaseFile, sensitivity};
pub(crate) use may::case_person;
pub(crate) use open::{NewRow, case_number, opening};
pub(crate) use rows::{Rows, json, row_id};
pub(crate) use show::page_of;
pub(crate) use weigh::{Judge, Subjects, Weighed};

/// The job that compares the people of a new case with the relatives staff have declared.
pub(crate) const KIN_MATCHING: &str = "kin_matching";
