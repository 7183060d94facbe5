//! The events of a case as they are stored. Version 1: what was written once is read for ever, so a field is only
//! ever added, and only as one that may be absent.
//!
//! Dates are `2026-09-01`, money is whole fen, members of closed lists have the names casework gives them. What is
//! empty, absent or false is not written: a case has some forty events and is sealed anew on each command.
mod parts;
mod read;
mod write;

pub use parts::{
    ActorV1, AidV1, AppealV1, AuthorityV1, CheckV1, CitedReasonV1, ClockV1, DeadlineV1, DecisionV1,
    DeliveryV1, EvidenceV1, ExhibitV1, HeardV1, ObjectionV1, OpeningV1, OpinionV1, PostingV1, ProgrammeV1,
    ProposalV1, RulingV1, SourceV1, TakenV1, VisitV1,
};

use super::field::{At, FieldError, Reading};
use anmin_casework::event::Event;
use anmin_pack::finding::excerpt;
use serde::{Deserialize, Serialize};

/// The events of one case, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseEventsV1 {
    /// Always [`CaseEventsV1::SCHEMA`].
    pub schema: String,
    /// The events.
    pub events: Vec<EventV1>,
}

impl CaseEventsV1 {
    /// What the form calls itself.
    pub const SCHEMA: &str = "anmin.case-events/1";

    /// The events as bytes, to be sealed.
    pub fn to_bytes<'e>(events: impl IntoIterator<Item = &'e Event>) -> Vec<u8> {
        let events = events.into_iter().map(EventV1::from).collect();
        let form = CaseEventsV1 { schema: Self::SCHEMA.to_owned(), events };
        serde_json::to_vec(&form).expect("text, numbers and lists are always JSON")
    }

    /// The events that these bytes hold.
    ///
    /// # Errors
    /// Another form, or something in it that version 1 does not know: `events[3].decision.on`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Vec<Event>, Vec<FieldError>> {
        let form: CaseEventsV1 = serde_json::from_slice(bytes).map_err(|e| vec![located(bytes, &e)])?;
        if form.schema != Self::SCHEMA {
            return Err(vec![other_schema(&form.schema)]);
        }
        let mut reading = Reading::default();
        let list = At::Root;
        let list = list.field("events");
        let events = reading.each(&list, form.events, read::event);
        reading.done(events)
    }
}

/// Where a form could not be read: of another version, or in which event.
fn located(bytes: &[u8], error: &serde_json::Error) -> FieldError {
    #[derive(Deserialize)]
    struct Head {
        schema: String,
        #[serde(default)]
        events: Vec<serde_json::Value>,
    }
    let Ok(head) = serde_json::from_slice::<Head>(bytes) else {
        return unreadable(String::new(), error);
    };
    if head.schema != CaseEventsV1::SCHEMA {
        return other_schema(&head.schema);
    }
    let mut events = head.events.into_iter().enumerate();
    let wrong = events.find_map(|(n, e)| Some((n, serde_json::from_value::<EventV1>(e).err()?)));
    match wrong {
        Some((n, error)) => unreadable(format!("events[{n}]"), &error),
        None => unreadable(String::new(), error),
    }
}

fn unreadable(at: String, error: &serde_json::Error) -> FieldError {
    let zh = format!("存储的案件事件无法读取（{error}）。请用写入它的版本或更新的版本打开，或从备份恢复。");
    let en = format!(
        "the stored events of the case cannot be read ({error}); open them with the version that wrote them or a \
         later one, or restore a backup"
    );
    FieldError { at, zh, en }
}

fn other_schema(found: &str) -> FieldError {
    let (found, known) = (excerpt(found), CaseEventsV1::SCHEMA);
    let zh = format!("存储的案件事件是 {found}，本程序读 {known}。请使用更新的版本。");
    let en =
        format!("the stored events of the case are {found}, this program reads {known}; use a later version");
    FieldError { at: "schema".into(), zh, en }
}

/// An event. Its fields are those of [`Event`]; a number of a decision, check, opinion, objection or aid is called
/// by what it numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "each is the event of the same name, told there")]
pub enum EventV1 {
    Opened(OpeningV1),
    Stepped(TakenV1),
    CycleBegan {
        cycle: u32,
    },
    Moved {
        state: String,
    },
    DutyDone {
        cycle: u32,
        person: String,
        duty: String,
    },
    EvidenceAdded(EvidenceV1),
    Supplemented {
        missing: Vec<String>,
    },
    Accepted {
        on: String,
    },
    Authorised(AuthorityV1),
    Revoked {
        subject: String,
        on: String,
    },
    CheckAsked(CheckV1),
    CheckAnswered {
        check: u32,
        source: String,
        answer: String,
    },
    ResultTold {
        check: u32,
    },
    Contested {
        sources: Vec<String>,
    },
    Visited(VisitV1),
    Appraised {
        present: u32,
        representatives: u32,
        in_favour: u32,
    },
    Opined(OpinionV1),
    Posted(PostingV1),
    TakenDown {
        on: String,
    },
    Spared {
        opinion: u32,
    },
    Objected(ObjectionV1),
    ObjectionAnswered {
        objection: u32,
        upheld: bool,
    },
    Heard(HeardV1),
    Decided(Box<DecisionV1>),
    GrantBegan {
        decision: u32,
    },
    Noticed {
        decision: u32,
        on: String,
    },
    Delivered {
        decision: u32,
        delivery: DeliveryV1,
    },
    TookEffect {
        decision: u32,
        on: String,
    },
    Withdrawn {},
    Published {},
    Unpublished {},
    LetterDue {
        letter: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision: Option<u32>,
    },
    TaskSet {
        task: String,
        duty: String,
    },
    HearingDue {},
    ClockStarted(ClockV1),
    ClockStopped {
        clock: String,
        on: String,
    },
    ClockMarked {
        clock: String,
        mark: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tells: Option<String>,
    },
    ClockExtended {
        clock: String,
        reason: String,
        limit: u32,
        deadline: DeadlineV1,
    },
    ClockSuspended {
        clock: String,
        on: String,
        reason: String,
    },
    ClockResumed {
        clock: String,
        on: String,
        limit: u32,
        deadline: DeadlineV1,
    },
    ClockMoved {
        clock: String,
        deadline: DeadlineV1,
    },
    Barred {
        person: String,
        relation: String,
        on: String,
    },
    KinRegistered {
        staff: String,
        cycle: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        countersigned: Option<String>,
    },
    KinCountersigned {
        person: String,
    },
    Complained {
        report: String,
    },
    Protected {
        ground: String,
    },
    Assigned {
        duty: String,
        person: String,
    },
    Aided(AidV1),
    AidPapered {
        aid: u32,
        on: String,
    },
    Appealed(AppealV1),
    Stayed {
        decision: u32,
        on: String,
    },
    StayLifted {
        decision: u32,
    },
    Overturned {
        decision: u32,
        on: String,
    },
    DayCame {
        on: String,
    },
}

impl TryFrom<EventV1> for Event {
    type Error = Vec<FieldError>;

    fn try_from(form: EventV1) -> Result<Event, Vec<FieldError>> {
        let mut reading = Reading::default();
        let event = read::event(&mut reading, &At::Root, form);
        reading.done(event)
    }
}
