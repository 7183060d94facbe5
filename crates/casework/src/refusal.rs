//! Why a command is refused: data, and a sentence that says what to do next.
//!
//! The sentences read names from the workflow, so that people see labels. They hold references to persons,
//! never names.

use crate::kinds::{ActKind, Exception, Manner, Outcome, Part};
use crate::record::Person;
use crate::workflow::{Label, Name, Workflow};
use anmin_base::date::Date;

/// Why not. Who reads it can act on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The case pins another workflow.
    OtherWorkflow {
        /// Its name.
        pinned: Name,
    },
    /// The day is before the case's latest event.
    DateBack {
        /// Its day.
        latest: Date,
    },
    /// No such step, or it opens no case.
    UnknownStep {
        /// As given.
        step: Name,
    },
    /// The region has switched the step off.
    SwitchedOff {
        /// The step.
        step: Name,
    },
    /// The step does not belong to the state.
    WrongState {
        /// The step.
        step: Name,
        /// The state.
        state: Name,
    },
    /// The command does not bring what the step is about.
    WrongAct {
        /// The step.
        step: Name,
        /// What it is about.
        wants: ActKind,
    },
    /// The duty class may not do this.
    NotYourDuty {
        /// The actor's.
        duty: Name,
        /// Who may.
        allowed: Vec<Name>,
    },
    /// No such duty class.
    UnknownDuty {
        /// As given.
        duty: Name,
    },
    /// One person would do two duties that exclude each other.
    SameHands {
        /// Who.
        person: Person,
        /// What they did.
        had: Name,
        /// What they want to do.
        wants: Name,
    },
    /// Somebody barred from the case.
    Barred {
        /// Who.
        person: Person,
        /// Why.
        relation: Name,
    },
    /// A member of staff and their own case.
    OwnCase {
        /// Who.
        person: Person,
    },
    /// What a barred person did has not been done again.
    BarredWork {
        /// Who.
        person: Person,
        /// What.
        duty: Name,
    },
    /// A verdict is not known.
    VerdictUnknown {
        /// Which.
        verdict: Name,
    },
    /// A verdict is otherwise.
    VerdictAgainst {
        /// Which.
        verdict: Name,
        /// What it is.
        found: bool,
    },
    /// Papers are missing.
    EvidenceMissing {
        /// Which kinds.
        kinds: Vec<Name>,
    },
    /// No such kind of evidence.
    UnknownEvidenceKind {
        /// As given.
        kind: Name,
    },
    /// A reference is empty or already used.
    EvidenceTwice {
        /// As given.
        reference: String,
    },
    /// Earlier steps have not been taken.
    StepsMissing {
        /// The step.
        step: Name,
        /// Which.
        missing: Vec<Name>,
    },
    /// A period still runs.
    TooEarly {
        /// Which.
        clock: Name,
        /// Its last day.
        last: Date,
    },
    /// Something adverse would rest on a provisional last day.
    Provisional {
        /// Which.
        clock: Name,
        /// Its provisional last day.
        last: Date,
    },
    /// A field that must be filled.
    Blank {
        /// Which.
        what: &'static str,
    },
    /// A supplement notice after acceptance.
    SupplementAfterAcceptance,
    /// A second supplement notice.
    SupplementTwice,
    /// Nobody's means are checked without written authority.
    NotAuthorised {
        /// Who has given none, or taken it back.
        subjects: Vec<Person>,
    },
    /// Sources have not answered.
    CheckOpen {
        /// Which.
        sources: Vec<Name>,
    },
    /// The source was not asked, or has answered.
    SourceNotAsked {
        /// Which.
        source: Name,
    },
    /// No finding the person has not been told of.
    NothingToTell,
    /// A difference was found and the person not told.
    ResultNotTold,
    /// The person contests what a source said.
    RecheckOpen {
        /// Which.
        sources: Vec<Name>,
    },
    /// Fewer than two visitors.
    TwoVisitors {
        /// How many different ones.
        found: u32,
    },
    /// Nobody has visited in this cycle.
    NoVisit,
    /// The appraisal does not have the composition it needs.
    AppraisalUnfit {
        /// Fewest persons.
        least: u32,
        /// An odd number.
        odd: bool,
        /// Thirds of residents' representatives.
        thirds: u32,
    },
    /// Each programme is named once.
    EachProgrammeOnce {
        /// Which.
        programmes: Vec<Name>,
    },
    /// The step does not give this outcome here.
    OutcomeUnfit {
        /// The step.
        step: Name,
        /// What it gives.
        allowed: Vec<Outcome>,
    },
    /// No reason in words with its article.
    NoReason,
    /// No evidence.
    NoEvidence,
    /// The evidence cited is not in the case.
    UnknownEvidence {
        /// As cited.
        reference: String,
    },
    /// An estimate held against somebody.
    DerivedEvidence {
        /// Which.
        reference: String,
    },
    /// Evidence in dispute.
    ContestedEvidence {
        /// Which.
        reference: String,
    },
    /// Evidence past its validity.
    EvidenceStale {
        /// Which.
        reference: String,
        /// Its last day.
        until: Date,
    },
    /// There is no opinion in this cycle.
    NoOpinion,
    /// A refusal would be posted.
    RefusalPosted,
    /// A protected case would be posted.
    NeverPosted {
        /// Why it is protected.
        ground: Name,
    },
    /// There is no ground to spare the posting.
    NotProtected,
    /// Too few places.
    MorePlaces {
        /// How many.
        wanted: u32,
    },
    /// A grant was not posted for its time.
    NotPosted,
    /// An objection has no answer.
    ObjectionOpen {
        /// Its number.
        objection: u32,
    },
    /// Nobody has looked again since the objection.
    Unexamined {
        /// Its number.
        objection: u32,
    },
    /// Nothing is proposed that would take something away.
    NothingToHear,
    /// The person was not heard on this.
    NotHeard {
        /// The programme.
        programme: Name,
        /// What would happen.
        outcome: Outcome,
    },
    /// The exception does not fit what is decided.
    ExceptionUnfit {
        /// What is decided.
        outcome: Outcome,
    },
    /// The exception's own evidence is missing.
    ExceptionUnproved {
        /// Which.
        exception: Exception,
    },
    /// A job would decide against somebody.
    HumanDecides,
    /// The register entry is not countersigned.
    KinNotCountersigned,
    /// The deciding unit has not been there itself.
    NoSpotVisit,
    /// An earlier decision about the programme still waits.
    DecisionWaits {
        /// Its number.
        decision: u32,
    },
    /// The notice has not been issued.
    NotNoticed {
        /// Its number.
        decision: u32,
    },
    /// The manner of delivery does not fit.
    MannerUnfit {
        /// Its number.
        decision: u32,
        /// As given.
        manner: Manner,
    },
    /// No proof of delivery.
    NoDeliveryProof {
        /// Its number.
        decision: u32,
    },
    /// Parts are missing without which nothing adverse takes effect.
    EffectIncomplete {
        /// Its number.
        decision: u32,
        /// Which.
        missing: Vec<Part>,
    },
    /// The decision is stayed.
    Stayed {
        /// Its number.
        decision: u32,
    },
    /// Only what is against the person is stayed or overturned.
    OnlyAdverse {
        /// Its number.
        decision: u32,
    },
    /// No signed withdrawal.
    NotSigned,
    /// Nothing is applied for.
    NothingToWithdraw,
    /// No such thing in the case.
    NoSuch {
        /// What.
        what: &'static str,
        /// Its number.
        number: u32,
    },
    /// No such clock.
    UnknownClock {
        /// As given.
        clock: Name,
    },
    /// The clock does not run.
    ClockNotRunning {
        /// Which.
        clock: Name,
    },
    /// The clock cannot be extended.
    NotExtendable {
        /// Which.
        clock: Name,
    },
    /// The reason is not on the list.
    NoSuchGround {
        /// Which.
        clock: Name,
        /// As given.
        reason: Name,
        /// The list.
        allowed: Vec<Name>,
    },
    /// Extended already.
    ExtendedTwice {
        /// Which.
        clock: Name,
    },
    /// Its last day has passed.
    ExtendedLate {
        /// Which.
        clock: Name,
        /// Its last day.
        last: Date,
    },
    /// No article suspends the clock on this ground.
    NotSuspendable {
        /// Which.
        clock: Name,
        /// As given.
        reason: Name,
        /// Grounds with an article.
        allowed: Vec<Name>,
    },
    /// The clock is not suspended.
    NotSuspended {
        /// Which.
        clock: Name,
    },
    /// The person holds no duty in the case.
    NothingHeld {
        /// Who.
        person: Person,
    },
    /// No such way to contest.
    NoSuchRemedy {
        /// As given.
        remedy: Name,
        /// The ways.
        allowed: Vec<Name>,
    },
}

impl Refusal {
    /// Its code: the same in every language, for walks and for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::OtherWorkflow { .. } => "other_workflow",
            Refusal::DateBack { .. } => "date_back",
            Refusal::UnknownStep { .. } => "unknown_step",
            Refusal::SwitchedOff { .. } => "switched_off",
            Refusal::WrongState { .. } => "wrong_state",
            Refusal::WrongAct { .. } => "wrong_act",
            Refusal::NotYourDuty { .. } => "not_your_duty",
            Refusal::UnknownDuty { .. } => "unknown_duty",
            Refusal::SameHands { .. } => "same_hands",
            Refusal::Barred { .. } => "barred",
            Refusal::OwnCase { .. } => "own_case",
            Refusal::BarredWork { .. } => "barred_work",
            Refusal::VerdictUnknown { .. } => "verdict_unknown",
            Refusal::VerdictAgainst { .. } => "verdict_against",
            Refusal::EvidenceMissing { .. } => "evidence_missing",
            Refusal::UnknownEvidenceKind { .. } => "unknown_evidence_kind",
            Refusal::EvidenceTwice { .. } => "evidence_twice",
            Refusal::StepsMissing { .. } => "steps_missing",
            Refusal::TooEarly { .. } => "too_early",
            Refusal::Provisional { .. } => "provisional",
            Refusal::Blank { .. } => "blank",
            Refusal::SupplementAfterAcceptance => "supplement_after_acceptance",
            Refusal::SupplementTwice => "supplement_twice",
            Refusal::NotAuthorised { .. } => "not_authorised",
            Refusal::CheckOpen { .. } => "check_open",
            Refusal::SourceNotAsked { .. } => "source_not_asked",
            Refusal::NothingToTell => "nothing_to_tell",
            Refusal::ResultNotTold => "result_not_told",
            Refusal::RecheckOpen { .. } => "recheck_open",
            Refusal::TwoVisitors { .. } => "two_visitors",
            Refusal::NoVisit => "no_visit",
            Refusal::AppraisalUnfit { .. } => "appraisal_unfit",
            Refusal::EachProgrammeOnce { .. } => "each_programme_once",
            Refusal::OutcomeUnfit { .. } => "outcome_unfit",
            Refusal::NoReason => "no_reason",
            Refusal::NoEvidence => "no_evidence",
            Refusal::UnknownEvidence { .. } => "unknown_evidence",
            Refusal::DerivedEvidence { .. } => "derived_evidence",
            Refusal::ContestedEvidence { .. } => "contested_evidence",
            Refusal::EvidenceStale { .. } => "evidence_stale",
            Refusal::NoOpinion => "no_opinion",
            Refusal::RefusalPosted => "refusal_posted",
            Refusal::NeverPosted { .. } => "never_posted",
            Refusal::NotProtected => "not_protected",
            Refusal::MorePlaces { .. } => "more_places",
            Refusal::NotPosted => "not_posted",
            Refusal::ObjectionOpen { .. } => "objection_open",
            Refusal::Unexamined { .. } => "unexamined",
            Refusal::NothingToHear => "nothing_to_hear",
            Refusal::NotHeard { .. } => "not_heard",
            Refusal::ExceptionUnfit { .. } => "exception_unfit",
            Refusal::ExceptionUnproved { .. } => "exception_unproved",
            Refusal::HumanDecides => "human_decides",
            Refusal::KinNotCountersigned => "kin_not_countersigned",
            Refusal::NoSpotVisit => "no_spot_visit",
            Refusal::DecisionWaits { .. } => "decision_waits",
            Refusal::NotNoticed { .. } => "not_noticed",
            Refusal::MannerUnfit { .. } => "manner_unfit",
            Refusal::NoDeliveryProof { .. } => "no_delivery_proof",
            Refusal::EffectIncomplete { .. } => "effect_incomplete",
            Refusal::Stayed { .. } => "stayed",
            Refusal::OnlyAdverse { .. } => "only_adverse",
            Refusal::NotSigned => "not_signed",
            Refusal::NothingToWithdraw => "nothing_to_withdraw",
            Refusal::NoSuch { .. } => "no_such",
            Refusal::UnknownClock { .. } => "unknown_clock",
            Refusal::ClockNotRunning { .. } => "clock_not_running",
            Refusal::NotExtendable { .. } => "not_extendable",
            Refusal::NoSuchGround { .. } => "no_such_ground",
            Refusal::ExtendedTwice { .. } => "extended_twice",
            Refusal::ExtendedLate { .. } => "extended_late",
            Refusal::NotSuspendable { .. } => "not_suspendable",
            Refusal::NotSuspended { .. } => "not_suspended",
            Refusal::NothingHeld { .. } => "nothing_held",
            Refusal::NoSuchRemedy { .. } => "no_such_remedy",
        }
    }
}

mod sentence;
#[cfg(test)]
mod tests;
