//! Cases: where the engine of cases, the rules, authority and the store meet. One command, one transaction, one event.

mod dossier;
mod explained;
mod file;
mod form;
mod job;
mod letters;
mod list;
mod may;
mod notices;
mod open;
mod print;
mod progress;
mod reveal;
mod rows;
mod show;
mod signing;
mod stages;
mod take;
mod waiting;
mod weigh;

pub use dossier::{DossierEntryV1, DossierPaperV1, DossierV1};
pub use explained::{ExplainedV1, FigureToldV1, ReasonToldV1, WayOutV1};
pub use file::PartyV1;
pub use form::{
    AdviceV1, Answers, FieldKindV1, FilledV1, FormChoiceV1, FormFieldV1, OfferV1, OffersV1, PaperGivenV1,
    PaperWantedV1, StepFormV1,
};
pub use letters::LetterV1;
pub use notices::{NoticeV1, ObjectedV1};
pub use open::NewCaseV1;
pub use print::PrintedV1;
pub use progress::{CanV1, DeskV1, DoneV1, ProgressV1, RunningV1, SourceNamedV1};
pub use reveal::{RevealV1, RevealedV1};
pub use show::{AreaV1, LineV1, ListV1, PageV1, PartySeenV1, SeenCaseV1};
pub use signing::SigningV1;
pub use stages::StageV1;
pub use take::{ChangedV1, InstructionV1, StepV1};

pub use waiting::WaitingV1;

pub(crate) use file::{CaseFile, sensitivity};
pub(crate) use list::page_of;
pub use list::{QueueV1, WhoFits};
pub(crate) use may::{Way, case_person};
pub(crate) use open::{NewRow, case_number, opening};
pub(crate) use rows::{Rows, json, row_id};
pub(crate) use weigh::{Judge, Subjects, Weighed};

/// The job that compares the people of a new case with the relatives staff have declared.
pub(crate) const KIN_MATCHING: &str = "kin_matching";
