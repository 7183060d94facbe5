//! What people and programs send to do something in a case: what a step needs to know, and the commands every
//! case has.
//!
//! Who acts is never in here: it comes from the session. Nor is the hash of the rules a ruling rests on: the
//! program that evaluated them sets it. `docs/workflows.md` tells what each act and command means.
mod check;
mod command;
mod parts;
mod shape;

pub use command::CommandV1;
pub use parts::{AnswerV1, BecauseV1, EvidenceV1, HearingV1, MeetingV1, ProposalV1, RulingV1};

use super::field::{At, FieldError, Reading};
use anmin_casework::command::{Act, Take};
use anmin_casework::kinds::Manner;
use anmin_casework::record::Actor;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shape::{Choice, Line, Many, Name, Number, PersonId, Text};

/// Most characters of a text in words.
pub const TEXT_MAX: usize = 2000;
/// Most characters of one line: a reference, a source, a place.
pub const LINE_MAX: usize = 200;
/// Most characters of a name that a workflow gives.
pub const NAME_MAX: usize = 64;
/// Most entries of a list.
pub const LIST_MAX: usize = 50;
/// Largest amount of aid given first, in fen: ten million yuan.
pub const AMOUNT_MAX_FEN: i64 = 1_000_000_000;

/// A step to be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeV1 {
    /// The step, as the workflow names it.
    #[schemars(with = "Name")]
    pub step: String,
    /// What the step needs to know.
    pub with: ActV1,
    /// Evidence handed in with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Many<EvidenceV1>")]
    pub evidence: Vec<EvidenceV1>,
}

impl TakeV1 {
    /// The step as casework takes it, done by somebody.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place: `with.proposals[0].outcome`.
    pub fn into_take(self, by: Actor) -> Result<Take, Vec<FieldError>> {
        let mut reading = Reading::default();
        let at = At::Root;
        let step = reading.name(&at.field("step"), self.step);
        let act = self.with.read(&mut reading, &at.field("with"));
        let evidence = reading.list(&at.field("evidence"), self.evidence, EvidenceV1::read);
        let take = || Some(Take { step: step?, by, evidence: evidence?, act: act? });
        let take = take();
        reading.done(take)
    }
}

/// What a step needs to know. `act` says which kind of step it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum ActV1 {
    /// Nothing: a transition or a record.
    Plain {},
    /// Papers are handed in.
    Receive {},
    /// A benefit granted elsewhere is taken over.
    CarryOver {},
    /// The one written notice of what is missing.
    Supplement {
        /// Each missing thing, in words.
        #[schemars(with = "Many<Text>")]
        missing: Vec<String>,
    },
    /// The application is complete.
    Accept {},
    /// An adult lets their means be checked.
    Authorise {
        /// Whose means.
        #[schemars(with = "PersonId")]
        subject: String,
        /// Who signs: the person, or a guardian.
        #[schemars(with = "PersonId")]
        signer: String,
    },
    /// They take that back.
    Revoke {
        /// Whose means.
        #[schemars(with = "PersonId")]
        subject: String,
    },
    /// Sources are asked.
    AskCheck {
        /// Whose means.
        #[schemars(with = "Many<PersonId>")]
        subjects: Vec<String>,
        /// Which sources.
        #[schemars(with = "Many<Line>")]
        sources: Vec<String>,
    },
    /// Sources have answered, or are recorded as silent.
    ReportCheck {
        /// The check's number.
        #[schemars(with = "Number")]
        check: u32,
        /// What each said.
        #[schemars(with = "Many<AnswerV1>")]
        answers: Vec<AnswerV1>,
        /// Last day on which the answers may be used.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<shape::Day>")]
        valid_until: Option<String>,
    },
    /// The person is told in writing what differs.
    TellResult {},
    /// The person explains.
    Explain {
        /// The sources whose answers they contest; none: they contest nothing.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[schemars(with = "Many<Line>")]
        contested: Vec<String>,
    },
    /// A visit.
    Visit {
        /// At least two.
        #[schemars(with = "Many<PersonId>")]
        visitors: Vec<String>,
    },
    /// A visit by the deciding unit.
    SpotVisit {
        /// At least two.
        #[schemars(with = "Many<PersonId>")]
        visitors: Vec<String>,
    },
    /// An appraisal by neighbours.
    Appraise(MeetingV1),
    /// The opinion.
    Opine {
        /// One for each programme.
        #[schemars(with = "Many<ProposalV1>")]
        proposals: Vec<ProposalV1>,
    },
    /// A proposed approval is posted.
    Post {
        /// Where.
        #[schemars(with = "Many<Line>")]
        places: Vec<String>,
    },
    /// It is taken down after its time.
    TakeDown {},
    /// It is not posted, because the case is protected.
    Spare {},
    /// Somebody objects.
    Object {
        /// Who.
        #[schemars(with = "PersonId")]
        objector: String,
    },
    /// The objection is answered, after looking again.
    AnswerObjection {
        /// Its number.
        #[schemars(with = "Number")]
        objection: u32,
        /// Whether it is right.
        upheld: bool,
    },
    /// The person is heard.
    Hear(HearingV1),
    /// Decisions are signed.
    Decide {
        /// One for each programme.
        #[schemars(with = "Many<RulingV1>")]
        rulings: Vec<RulingV1>,
    },
    /// The notice of a decision is issued.
    Notify {
        /// The decision's number.
        #[schemars(with = "Number")]
        decision: u32,
    },
    /// The notice has arrived; the step's first evidence proves it.
    Deliver {
        /// The decision's number.
        #[schemars(with = "Number")]
        decision: u32,
        /// How.
        #[schemars(with = "Choice<Manner>")]
        manner: String,
    },
    /// A decision against the person takes effect.
    TakeEffect {
        /// The decision's number.
        #[schemars(with = "Number")]
        decision: u32,
    },
    /// The person withdraws the application.
    Withdraw {},
}

impl ActV1 {
    /// What the step needs, as casework takes it. The `hash` of a ruling is left empty.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place: `proposals[0].outcome`.
    pub fn into_act(self) -> Result<Act, Vec<FieldError>> {
        let mut reading = Reading::default();
        let act = self.read(&mut reading, &At::Root);
        reading.done(act)
    }

    fn read(self, r: &mut Reading, at: &At<'_>) -> Option<Act> {
        Some(match self {
            ActV1::Plain {} => Act::Plain,
            ActV1::Receive {} => Act::Receive,
            ActV1::CarryOver {} => Act::CarryOver,
            ActV1::Supplement { missing } => {
                Act::Supplement { missing: r.list(&at.field("missing"), missing, Reading::text)? }
            }
            ActV1::Accept {} => Act::Accept,
            ActV1::Authorise { subject, signer } => {
                let subject = r.person(&at.field("subject"), subject);
                let signer = r.person(&at.field("signer"), signer);
                Act::Authorise { subject: subject?, signer: signer? }
            }
            ActV1::Revoke { subject } => Act::Revoke { subject: r.person(&at.field("subject"), subject)? },
            ActV1::AskCheck { subjects, sources } => {
                let subjects = r.list(&at.field("subjects"), subjects, Reading::person);
                let sources = r.list(&at.field("sources"), sources, Reading::line);
                Act::AskCheck { subjects: subjects?, sources: sources? }
            }
            ActV1::ReportCheck { check, answers, valid_until } => {
                let check = r.number(&at.field("check"), check);
                let answers = r.list(&at.field("answers"), answers, AnswerV1::read);
                let valid_until = r.maybe_date(&at.field("valid_until"), valid_until);
                Act::ReportCheck { check: check?, answers: answers?, valid_until: valid_until? }
            }
            ActV1::TellResult {} => Act::TellResult,
            ActV1::Explain { contested } => {
                Act::Explain { contested: r.list(&at.field("contested"), contested, Reading::line)? }
            }
            ActV1::Visit { visitors } => {
                Act::Visit { visitors: r.list(&at.field("visitors"), visitors, Reading::person)? }
            }
            ActV1::SpotVisit { visitors } => {
                Act::SpotVisit { visitors: r.list(&at.field("visitors"), visitors, Reading::person)? }
            }
            ActV1::Appraise(meeting) => Act::Appraise(meeting.read(r, at)?),
            ActV1::Opine { proposals } => {
                Act::Opine { proposals: r.list(&at.field("proposals"), proposals, ProposalV1::read)? }
            }
            ActV1::Post { places } => {
                Act::Post { places: r.list(&at.field("places"), places, Reading::line)? }
            }
            ActV1::TakeDown {} => Act::TakeDown,
            ActV1::Spare {} => Act::Spare,
            ActV1::Object { objector } => {
                Act::Object { objector: r.person(&at.field("objector"), objector)? }
            }
            ActV1::AnswerObjection { objection, upheld } => {
                Act::AnswerObjection { objection: r.number(&at.field("objection"), objection)?, upheld }
            }
            ActV1::Hear(hearing) => Act::Hear(hearing.read(r, at)?),
            ActV1::Decide { rulings } => {
                Act::Decide { rulings: r.list(&at.field("rulings"), rulings, RulingV1::read)? }
            }
            ActV1::Notify { decision } => {
                Act::Notify { decision: r.number(&at.field("decision"), decision)? }
            }
            ActV1::Deliver { decision, manner } => {
                let decision = r.number(&at.field("decision"), decision);
                let manner = r.code(&at.field("manner"), &manner);
                Act::Deliver { decision: decision?, manner: manner? }
            }
            ActV1::TakeEffect { decision } => {
                Act::TakeEffect { decision: r.number(&at.field("decision"), decision)? }
            }
            ActV1::Withdraw {} => Act::Withdraw,
        })
    }
}
