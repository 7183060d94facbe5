//! What events carry. The meaning of a field is told at the value of the same name in `anmin_casework::record`.
use serde::{Deserialize, Serialize};
use std::ops::Not;

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// How a case began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningV1 {
    /// The workflow's name.
    pub workflow: String,
    /// What it is about.
    pub unit: String,
    /// The adults it concerns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adults: Vec<String>,
    /// What is applied for or received.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<ProgrammeV1>,
    /// The day.
    pub on: String,
}

/// A programme and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeV1 {
    /// The programme.
    pub programme: String,
    /// `open`, `granted`, `suspended`, `refused`, `ended` or `withdrawn`.
    pub standing: String,
    /// The decision that granted or suspended it; 0 for one granted elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<u32>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorV1 {
    /// The person; of a job, its name.
    pub person: String,
    /// The duty class.
    pub duty: String,
    /// Who delegated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegated_by: Option<String>,
    /// A job acted, not a person.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub job: bool,
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenV1 {
    /// Which.
    pub step: String,
    /// When.
    pub on: String,
    /// In which cycle.
    pub cycle: u32,
    /// By whom.
    pub by: ActorV1,
}

/// Evidence as handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExhibitV1 {
    /// Its kind.
    pub kind: String,
    /// What it is known by in the case.
    pub reference: String,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// An estimate.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub derived: bool,
    /// Last day on which it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
}

/// Evidence in the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceV1 {
    /// As handed in.
    pub exhibit: ExhibitV1,
    /// When.
    pub on: String,
    /// In which cycle.
    pub cycle: u32,
    /// The person says it is wrong.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub contested: bool,
}

/// An authority to check somebody's means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityV1 {
    /// Whose means.
    pub subject: String,
    /// Who signed.
    pub signer: String,
    /// When.
    pub on: String,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
}

/// A source asked, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceV1 {
    /// The source.
    pub source: String,
    /// `matches`, `differs` or `no_answer`; absent: not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckV1 {
    /// Its number.
    pub number: u32,
    /// In which cycle.
    pub cycle: u32,
    /// Whose means.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// The sources asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<SourceV1>,
    /// The person was told.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub told: bool,
    /// Sources whose answers are contested.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contested: Vec<String>,
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitV1 {
    /// In which cycle.
    pub cycle: u32,
    /// By the deciding unit.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub spot: bool,
    /// Who visited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visitors: Vec<String>,
    /// When.
    pub on: String,
    /// Order among events; the case gives it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seq: u32,
}

/// A reason in words with its article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CitedReasonV1 {
    /// The sentence.
    pub text: String,
    /// Key of the document.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document: String,
    /// The article.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub article: String,
}

/// What is proposed for a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposalV1 {
    /// The programme.
    pub programme: String,
    /// The outcome's name.
    pub outcome: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<CitedReasonV1>,
    /// Why nobody is heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
}

/// An opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpinionV1 {
    /// Its number.
    pub number: u32,
    /// In which cycle.
    pub cycle: u32,
    /// What is proposed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<ProposalV1>,
    /// Whose.
    pub by: String,
}

/// A posting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostingV1 {
    /// The opinion posted.
    pub opinion: u32,
    /// Where.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Since.
    pub up: String,
    /// Taken down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down: Option<String>,
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionV1 {
    /// Its number.
    pub number: u32,
    /// A reference to who objects.
    pub objector: String,
    /// When.
    pub on: String,
    /// Order among events; the case gives it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seq: u32,
    /// Whether it was found to be right; absent: not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upheld: Option<bool>,
}

/// A hearing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeardV1 {
    /// Who was heard.
    pub heard: String,
    /// How.
    pub how: String,
    /// What was said.
    pub said: String,
    /// What was answered.
    pub answer: String,
    /// The opinion it was about.
    pub opinion: u32,
    /// Who heard.
    pub by: String,
    /// When.
    pub on: String,
}

/// What is decided for a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulingV1 {
    /// The programme.
    pub programme: String,
    /// The outcome's name.
    pub outcome: String,
    /// The first day it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The hash of the rules it rests on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<CitedReasonV1>,
    /// References of the evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Why nobody is heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionV1 {
    /// Its number.
    pub number: u32,
    /// In which cycle.
    pub cycle: u32,
    /// What was decided.
    pub ruling: RulingV1,
    /// Who decided.
    pub by: ActorV1,
    /// When.
    pub on: String,
    /// The ways to contest it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedies: Vec<String>,
    /// When the notice was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticed: Option<String>,
    /// How it arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryV1>,
    /// Since when it has its effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<String>,
    /// Its effect is stayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stayed: Option<String>,
    /// Overturned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overturned: Option<String>,
}

/// The proof that a notice arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryV1 {
    /// The manner's name.
    pub manner: String,
    /// The reference of its proof.
    pub reference: String,
    /// When it was done.
    pub on: String,
    /// The day on which it counts as delivered.
    pub served: String,
}

/// A last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineV1 {
    /// The day.
    pub date: String,
    /// It may still move.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub provisional: bool,
}

/// A clock that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockV1 {
    /// Which.
    pub clock: String,
    /// The day of the event.
    pub started: String,
    /// The period.
    pub limit: u32,
    /// The day it counts from; absent: the day it started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_from: Option<String>,
    /// The last day.
    pub deadline: DeadlineV1,
    /// The reason it was extended for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended: Option<String>,
    /// Since when it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<String>,
    /// Why it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// The latest mark; absent: green.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// When it stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}

/// Aid given first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AidV1 {
    /// Its number.
    pub number: u32,
    /// How much, in fen.
    pub amount_fen: i64,
    /// What was needed.
    pub need: String,
    /// When.
    pub on: String,
    /// When the papers were there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub papers: Option<String>,
}

/// A decision contested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppealV1 {
    /// The decision.
    pub decision: u32,
    /// The way.
    pub remedy: String,
    /// When.
    pub on: String,
    /// After the period.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub late: bool,
}
