//! What a case holds: evidence, checks, visits, opinions, postings, hearings, decisions and the rest.
//!
//! Each is a plain value. `seq` is the number of events the case had when it was recorded: it says what came
//! first on one day.

use crate::kinds::{Exception, Manner, Mark, Outcome};
use crate::workflow::{Citation, Name};
use anmin_base::calendar::Deadline;
use anmin_base::date::Date;
use anmin_base::money::Money;

/// Who somebody is, as the registry numbers them. Never a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person(pub String);

impl From<&str> for Person {
    fn from(text: &str) -> Self {
        Person(text.to_owned())
    }
}

/// Who does something, and in what duty. Whether the post gives that duty is authz' matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person; of a job, its name.
    pub person: Person,
    /// The duty class.
    pub duty: Name,
    /// Who delegated it. Both count where duties exclude each other.
    pub delegated_by: Option<Person>,
    /// Whether a person acts, or a job.
    pub human: bool,
}

/// Evidence as handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exhibit {
    /// Its kind, as the workflow declares.
    pub kind: Name,
    /// What it is known by in this case: the number of a file or message.
    pub reference: String,
    /// Where it comes from: an office, a bank, the person.
    pub source: Name,
    /// Computed from averages or assumptions: never held against anybody.
    pub derived: bool,
    /// Last day on which it may be used.
    pub valid_until: Option<Date>,
}

/// Evidence in the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// As handed in.
    pub exhibit: Exhibit,
    /// When.
    pub on: Date,
    /// In which cycle.
    pub cycle: u32,
    /// The person says it is wrong; not to be used until looked into.
    pub contested: bool,
}

/// A duty somebody has done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Done {
    /// In which cycle.
    pub cycle: u32,
    /// Who; for a delegated duty both persons have an entry.
    pub person: Person,
    /// The class.
    pub duty: Name,
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Which.
    pub step: Name,
    /// When.
    pub on: Date,
    /// In which cycle.
    pub cycle: u32,
    /// By whom.
    pub by: Actor,
}

/// A clock that was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Which.
    pub name: Name,
    /// The day of the event; not counted.
    pub started: Date,
    /// The period now: extended, or what is left after a suspension.
    pub limit: u32,
    /// The day the period counts from: the start, or the end of a suspension.
    pub counted_from: Date,
    /// The last day.
    pub deadline: Deadline,
    /// The reason it was extended for.
    pub extended: Option<Name>,
    /// Since when it stands still, and why.
    pub suspended: Option<(Date, Name)>,
    /// The latest mark that was recorded.
    pub mark: Mark,
    /// When it stopped.
    pub stopped: Option<Date>,
}

impl Clock {
    /// Neither stopped nor suspended.
    pub fn runs(&self) -> bool {
        self.stopped.is_none() && self.suspended.is_none()
    }
}

/// Somebody who has nothing to do in this case: a relative, or a person concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Who.
    pub person: Person,
    /// Why: the relation, coded by authority.
    pub relation: Name,
    /// Since.
    pub on: Date,
}

/// The entry in the register of staff's relatives (近亲属备案).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KinEntry {
    /// The staff member.
    pub staff: Person,
    /// In which cycle it was made.
    pub cycle: u32,
    /// Who countersigned.
    pub countersigned: Option<Person>,
}

/// A written authority to check somebody's means (核对授权书).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Whose means.
    pub subject: Person,
    /// Who signed: the person, or a guardian.
    pub signer: Person,
    /// When.
    pub on: Date,
    /// When it was taken back.
    pub revoked: Option<Date>,
}

/// What a source said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// As declared.
    Matches,
    /// Not as declared.
    Differs,
    /// It did not answer. That is not "nothing found".
    NoAnswer,
}

/// A request to compare what was declared with others' data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its number in the case, from 1.
    pub number: u32,
    /// In which cycle.
    pub cycle: u32,
    /// Whose means.
    pub subjects: Vec<Person>,
    /// The sources asked, and what each said; none: not yet.
    pub sources: Vec<(Name, Option<Answer>)>,
    /// The person was told of what differs.
    pub told: bool,
    /// The sources whose answers the person contests.
    pub contested: Vec<Name>,
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// In which cycle.
    pub cycle: u32,
    /// By the deciding unit.
    pub spot: bool,
    /// At least two.
    pub visitors: Vec<Person>,
    /// When.
    pub on: Date,
    /// Order among events.
    pub seq: u32,
}

/// An appraisal by neighbours (民主评议). Advice, not a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Persons who took part.
    pub present: u32,
    /// Of them residents' representatives.
    pub representatives: u32,
    /// Who found the household in need.
    pub in_favour: u32,
}

/// A reason in words with its article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// The sentence the person reads.
    pub text: String,
    /// The article.
    pub law: Citation,
}

/// What is proposed for a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The programme.
    pub programme: Name,
    /// What.
    pub outcome: Outcome,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Why nobody is heard.
    pub exception: Option<Exception>,
}

/// The opinion (审核意见).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// Its number in the case, from 1.
    pub number: u32,
    /// In which cycle.
    pub cycle: u32,
    /// What is proposed.
    pub proposals: Vec<Proposal>,
    /// Whose.
    pub by: Person,
}

/// A posting of a proposed approval (公示).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The opinion posted.
    pub opinion: u32,
    /// Where.
    pub places: Vec<Name>,
    /// Since.
    pub up: Date,
    /// Taken down after its time.
    pub down: Option<Date>,
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Its number in the case, from 1.
    pub number: u32,
    /// A reference to who objects, which may be sealed.
    pub objector: Person,
    /// When.
    pub on: Date,
    /// Order among events.
    pub seq: u32,
    /// Whether it was found to be right.
    pub upheld: Option<bool>,
}

/// The record of hearing somebody (听取意见记录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearing {
    /// Who was heard.
    pub heard: Person,
    /// How: at home, by telephone, in writing.
    pub how: String,
    /// What was said.
    pub said: String,
    /// What was answered.
    pub answer: String,
}

/// A hearing in the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The record.
    pub hearing: Hearing,
    /// The opinion it was about.
    pub opinion: u32,
    /// Who heard.
    pub by: Person,
    /// When.
    pub on: Date,
}

/// What is decided for a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// The programme.
    pub programme: Name,
    /// What.
    pub outcome: Outcome,
    /// The first day it means; the ledger makes months of it.
    pub from: Option<Date>,
    /// The hash of the rules it rests on.
    pub hash: String,
    /// Why.
    pub reasons: Vec<Reason>,
    /// References of the evidence it rests on.
    pub evidence: Vec<String>,
    /// Why nobody is heard.
    pub exception: Option<Exception>,
}

/// A decision: a ruling that was signed, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number in the case, from 1.
    pub number: u32,
    /// In which cycle.
    pub cycle: u32,
    /// What was decided.
    pub ruling: Ruling,
    /// Who decided. Issuer and seal follow the duty.
    pub by: Actor,
    /// When.
    pub on: Date,
    /// The ways to contest it that the notice names.
    pub remedies: Vec<Name>,
    /// When the notice was issued.
    pub noticed: Option<Date>,
    /// How it arrived.
    pub delivery: Option<Delivery>,
    /// Since when it has its effect.
    pub effect: Option<Date>,
    /// Its effect is stayed (停止执行): what was before goes on.
    pub stayed: Option<Date>,
    /// Overturned.
    pub overturned: Option<Date>,
}

impl Decision {
    /// Adverse, and neither in effect nor overturned.
    pub fn waits(&self) -> bool {
        self.ruling.outcome.is_adverse() && self.effect.is_none() && self.overturned.is_none()
    }
}

/// The proof that a notice arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// How.
    pub manner: Manner,
    /// The reference of its proof.
    pub reference: String,
    /// When it was done.
    pub on: Date,
    /// The day on which it counts as delivered.
    pub served: Date,
}

/// Where a programme stands in the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Applied for.
    Open,
    /// Granted by this decision, or changed by it last.
    Granted(u32),
    /// Suspended by this decision.
    Suspended(u32),
    /// Refused or not accepted.
    Refused,
    /// Ended.
    Ended,
    /// Withdrawn before a decision.
    Withdrawn,
}

impl Standing {
    /// Still applied for or received.
    pub fn lives(self) -> bool {
        matches!(self, Standing::Open | Standing::Granted(_) | Standing::Suspended(_))
    }
}

/// Aid given first, papers after (先行救助).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aid {
    /// Its number in the case, from 1.
    pub number: u32,
    /// How much.
    pub amount: Money,
    /// What was needed.
    pub need: String,
    /// When.
    pub on: Date,
    /// When the papers were there.
    pub papers: Option<Date>,
}

/// A decision contested before another organ or a court.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// The decision.
    pub decision: u32,
    /// The way.
    pub remedy: Name,
    /// When.
    pub on: Date,
    /// After the period. Whether it is still heard is for that organ to say.
    pub late: bool,
}
