//! What can be asked of a case.

use crate::kinds::ActKind;
use crate::kinds::Manner;
use crate::record::{Actor, Answer, Exhibit, Hearing, Meeting, Person, Proposal, Ruling};
use crate::workflow::Name;
use anmin_base::date::Date;
use anmin_base::money::Money;

/// A command. Those but [`Command::Take`] every case has, whatever its workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Takes a step of the workflow.
    Take(Take),
    /// A day has come: records the marks of the clocks.
    Tick,
    /// The calendar has grown: counts the deadlines anew.
    Recount,
    /// Extends a clock on a coded reason.
    Extend {
        /// The clock.
        clock: Name,
        /// The reason's code.
        reason: Name,
        /// Who.
        by: Actor,
    },
    /// Suspends a clock on a ground the workflow cites an article for.
    Suspend {
        /// The clock.
        clock: Name,
        /// The ground's code.
        reason: Name,
        /// Who.
        by: Actor,
    },
    /// Lets a suspended clock go on.
    Resume {
        /// The clock.
        clock: Name,
        /// Who.
        by: Actor,
    },
    /// Bars a person from the case: a relative, or somebody concerned.
    Bar {
        /// Who is barred.
        person: Person,
        /// The relation.
        relation: Name,
        /// Who says so; it may be the person.
        by: Actor,
    },
    /// Enters the case in the register of staff's relatives, and bars the relative.
    RegisterKin {
        /// The staff member.
        staff: Person,
        /// The relation.
        relation: Name,
        /// Who.
        by: Actor,
    },
    /// Countersigns that entry.
    CountersignKin {
        /// Who.
        by: Actor,
    },
    /// Somebody reported or complained, by name.
    Complain {
        /// A reference to the report.
        report: String,
        /// Who took it.
        by: Actor,
    },
    /// Marks the case as never to be posted.
    Protect {
        /// The coded ground.
        ground: Name,
        /// Who.
        by: Actor,
    },
    /// Gives a duty to somebody.
    Assign {
        /// The duty class.
        duty: Name,
        /// To whom.
        person: Person,
        /// Who.
        by: Actor,
    },
    /// Gives all that one person holds to another.
    HandOver {
        /// The leaver.
        from: Person,
        /// Who takes over.
        to: Person,
        /// Who.
        by: Actor,
    },
    /// Helps first; the papers follow. Possible in every state, with nothing but a need and a person.
    Aid {
        /// How much.
        amount: Money,
        /// What is needed.
        need: String,
        /// Who.
        by: Actor,
    },
    /// The papers of an aid are there.
    AidPapers {
        /// The aid's number.
        aid: u32,
        /// The papers.
        evidence: Vec<Exhibit>,
        /// Who.
        by: Actor,
    },
    /// A decision is contested. Never refused for being late.
    Appeal {
        /// The decision's number.
        decision: u32,
        /// The way.
        remedy: Name,
        /// Who.
        by: Actor,
    },
    /// The effect of a decision is stayed: what was before goes on.
    Stay {
        /// The decision's number.
        decision: u32,
        /// The order, or what the region's rule says.
        order: Exhibit,
        /// Who.
        by: Actor,
    },
    /// The stay is lifted.
    LiftStay {
        /// The decision's number.
        decision: u32,
        /// The order.
        order: Exhibit,
        /// Who.
        by: Actor,
    },
    /// A decision is overturned, or taken back by who made it.
    Overturn {
        /// The decision's number.
        decision: u32,
        /// The ruling of the organ or court.
        order: Exhibit,
        /// Who.
        by: Actor,
    },
}

/// A step taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    /// The step.
    pub step: Name,
    /// Who.
    pub by: Actor,
    /// Evidence handed in with it.
    pub evidence: Vec<Exhibit>,
    /// What the step needs to know.
    pub act: Act,
}

/// What a step needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Nothing: a transition or a record.
    Plain,
    /// Papers are handed in (收件).
    Receive,
    /// A benefit granted before, taken over from another system.
    CarryOver,
    /// The one written notice of what is missing.
    Supplement {
        /// Each missing thing.
        missing: Vec<String>,
    },
    /// The application is complete (受理).
    Accept,
    /// An adult lets their means be checked.
    Authorise {
        /// Whose means.
        subject: Person,
        /// Who signs.
        signer: Person,
    },
    /// They take that back.
    Revoke {
        /// Whose means.
        subject: Person,
    },
    /// Asks sources.
    AskCheck {
        /// Whose means.
        subjects: Vec<Person>,
        /// Which sources.
        sources: Vec<Name>,
    },
    /// Sources have answered, or are recorded as silent.
    ReportCheck {
        /// The check's number.
        check: u32,
        /// What each said.
        answers: Vec<(Name, Answer)>,
        /// Last day on which the answers may be used.
        valid_until: Option<Date>,
    },
    /// The person is told in writing what differs.
    TellResult,
    /// The person explains.
    Explain {
        /// The sources whose answers they contest: these are asked again.
        contested: Vec<Name>,
    },
    /// A visit.
    Visit {
        /// At least two.
        visitors: Vec<Person>,
    },
    /// A visit by the deciding unit.
    SpotVisit {
        /// At least two.
        visitors: Vec<Person>,
    },
    /// An appraisal.
    Appraise(Meeting),
    /// The opinion.
    Opine {
        /// One proposal a programme.
        proposals: Vec<Proposal>,
    },
    /// A proposed approval is posted.
    Post {
        /// Where.
        places: Vec<Name>,
    },
    /// It is taken down after its time.
    TakeDown,
    /// It is not posted, because the case is protected.
    Spare,
    /// Somebody objects.
    Object {
        /// A reference to who.
        objector: Person,
    },
    /// The objection is answered, after looking again.
    AnswerObjection {
        /// Its number.
        objection: u32,
        /// Whether it is right.
        upheld: bool,
    },
    /// The person is heard.
    Hear(Hearing),
    /// Decisions are signed.
    Decide {
        /// One a programme.
        rulings: Vec<Ruling>,
    },
    /// The notice of a decision is issued, in writing, with reasons and ways to contest it.
    Notify {
        /// The decision's number.
        decision: u32,
    },
    /// The notice has arrived; the step's first evidence proves it.
    Deliver {
        /// The decision's number.
        decision: u32,
        /// How.
        manner: Manner,
    },
    /// A decision against the person takes effect.
    TakeEffect {
        /// The decision's number.
        decision: u32,
    },
    /// The person withdraws the application.
    Withdraw,
}

impl Act {
    /// What kind of step takes this.
    pub fn kind(&self) -> ActKind {
        match self {
            Act::Plain => ActKind::Plain,
            Act::Receive => ActKind::Receive,
            Act::CarryOver => ActKind::CarryOver,
            Act::Supplement { .. } => ActKind::Supplement,
            Act::Accept => ActKind::Accept,
            Act::Authorise { .. } => ActKind::Authorise,
            Act::Revoke { .. } => ActKind::Revoke,
            Act::AskCheck { .. } => ActKind::AskCheck,
            Act::ReportCheck { .. } => ActKind::ReportCheck,
            Act::TellResult => ActKind::TellResult,
            Act::Explain { .. } => ActKind::Explain,
            Act::Visit { .. } => ActKind::Visit,
            Act::SpotVisit { .. } => ActKind::SpotVisit,
            Act::Appraise(_) => ActKind::Appraise,
            Act::Opine { .. } => ActKind::Opine,
            Act::Post { .. } => ActKind::Post,
            Act::TakeDown => ActKind::TakeDown,
            Act::Spare => ActKind::Spare,
            Act::Object { .. } => ActKind::Object,
            Act::AnswerObjection { .. } => ActKind::AnswerObjection,
            Act::Hear(_) => ActKind::Hear,
            Act::Decide { .. } => ActKind::Decide,
            Act::Notify { .. } => ActKind::Notify,
            Act::Deliver { .. } => ActKind::Deliver,
            Act::TakeEffect { .. } => ActKind::TakeEffect,
            Act::Withdraw => ActKind::Withdraw,
        }
    }
}

impl Command {
    /// Who acts; nobody where a day comes or a calendar grows.
    pub fn by(&self) -> Option<&Actor> {
        match self {
            Command::Tick | Command::Recount => None,
            Command::Take(take) => Some(&take.by),
            Command::Extend { by, .. }
            | Command::Suspend { by, .. }
            | Command::Resume { by, .. }
            | Command::Bar { by, .. }
            | Command::RegisterKin { by, .. }
            | Command::CountersignKin { by }
            | Command::Complain { by, .. }
            | Command::Protect { by, .. }
            | Command::Assign { by, .. }
            | Command::HandOver { by, .. }
            | Command::Aid { by, .. }
            | Command::AidPapers { by, .. }
            | Command::Appeal { by, .. }
            | Command::Stay { by, .. }
            | Command::LiftStay { by, .. }
            | Command::Overturn { by, .. } => Some(by),
        }
    }
}
