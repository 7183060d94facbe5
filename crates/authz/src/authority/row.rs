//! The rows of the table.

use super::{ActionId, DutyId, MaskId, PurposeId, RoleId, SubjectId, UnitKindId};
use crate::decide::Obligation;
use crate::sensitivity::Sensitivity;

/// A name in packs, with its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// As written in packs.
    pub name: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Why a row is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// The section of the design, or the article, it rests on.
    pub section: String,
}

/// A line of work that posts are limited to.
pub type Subject = Named;
/// A source that checks ask: a bank, a register.
pub type Source = Named;

/// A kind of unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitKind {
    /// Its name.
    pub named: Named,
    /// What its units may be on the tree.
    pub stands: Vec<Standing>,
}

/// What a unit is on the tree, whatever its depth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Looks after others' work and decides no case.
    Supervising,
    /// Decides by jurisdiction.
    Deciding,
    /// Receives and examines.
    Accepting,
    /// Knows the neighbours.
    Village,
}

/// What something is seen or done for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Its name.
    pub named: Named,
    /// The most sensitive that may be seen for it.
    pub up_to: Sensitivity,
}

/// What duties are done on: a case, a batch. One person holds duties of one set only, a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Its name.
    pub named: Named,
    /// Sets of duties; those of different sets are different persons'.
    pub sets: Vec<Vec<DutyId>>,
    /// Why.
    pub why: Why,
}

/// Something that is done or seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its name.
    pub named: Named,
    /// The group it is listed under.
    pub group: String,
    /// The duty that doing it takes.
    pub duty: Option<DutyId>,
    /// What else must hold.
    pub conditions: Vec<Condition>,
    /// The acts of a case that it covers, as workflows name them; none given: every act of its duty.
    pub acts: Vec<String>,
}

/// What must hold for an action, whoever is permitted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Not on oneself.
    NotOnSelf,
    /// The second factor was shown a few minutes ago.
    StepUp,
    /// Counted and limited by the day.
    Rationed,
    /// By another unit than the one it is about.
    OtherUnit,
    /// By nobody who had a hand in the cases of the batch.
    NoHandInCases,
    /// Up to the cap, when done by breaking the glass.
    Capped,
    /// On people of the area as the register has them, in a case or not: no line of work is asked, and through it no case
    /// is reached.
    People,
    /// On a case as one of those in it: the case is reached by each of them, not by the applicant alone.
    Party,
    /// What the applicant says of the others in their case is written about them.
    ForHousehold,
}

/// As what a person has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capacity {
    /// In their own affairs, or for somebody.
    Resident,
    /// On a post.
    Staff,
    /// A partner's machine.
    Interface,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub named: Named,
    /// As what its holder signs in.
    pub capacity: Capacity,
    /// The kinds of units with such posts.
    pub units: Vec<UnitKindId>,
    /// What the unit must be on the tree.
    pub at: Vec<Standing>,
    /// The most sensitive its permits reach.
    pub up_to: Sensitivity,
    /// The subjects its posts may have. With none, its permits are tied to no place, person or subject.
    pub subjects: Vec<SubjectId>,
    /// Whether a post can be delegated.
    pub delegable: bool,
    /// Why.
    pub why: Why,
}

/// What the holders of a role may never do, whatever other post they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbid {
    /// The roles.
    pub roles: Vec<RoleId>,
    /// The actions.
    pub actions: Vec<ActionId>,
    /// From which sensitivity on.
    pub from: Sensitivity,
    /// Why.
    pub why: Why,
}

/// What the holders of a role may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    /// The role.
    pub role: RoleId,
    /// The actions.
    pub actions: Vec<ActionId>,
    /// How what is acted on must stand to who acts; one of these.
    pub reach: Vec<Reach>,
    /// The most sensitive.
    pub up_to: Sensitivity,
    /// For what; one of these.
    pub purposes: Vec<PurposeId>,
    /// What shows.
    pub mask: MaskId,
    /// What must be there; all of these.
    pub needs: Vec<Need>,
    /// What follows.
    pub then: Vec<Obligation>,
    /// Why.
    pub why: Why,
}

/// How what is acted on stands to who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// About oneself.
    Own,
    /// About one's ward.
    Ward,
    /// About somebody one helps on their authority.
    Helped,
    /// About another member of the household one applies for.
    Household,
    /// Reported by oneself, in the area of the post.
    Reported,
    /// Assigned to oneself by name, in the area of the post.
    Assigned,
    /// In the area of the post.
    Area,
    /// Of a case on which another place asked one's unit for help.
    Cooperation,
    /// Within an agreement with the partner.
    Contract,
    /// Tied to no place, person or subject.
    Anywhere,
}

/// What must be there beside a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// A ticket of somebody else's, in force, that covers it.
    Ticket,
    /// The consent of the person it is about.
    Consent,
    /// A signed authorisation of checks that covers person and source.
    Authorisation,
    /// An assignment by name.
    Assignment,
}

/// What a service pack takes away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// The pack.
    pub name: String,
    /// Finer exclusive sets of duties.
    pub sets: Vec<Vec<DutyId>>,
    /// Narrower rights.
    pub narrowings: Vec<Narrowing>,
}

/// A row that takes away. Nothing in it can give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// The roles meant.
    pub roles: Vec<RoleId>,
    /// The actions meant.
    pub actions: Vec<ActionId>,
    /// Not at all.
    pub forbid: bool,
    /// At most so sensitive.
    pub up_to: Option<Sensitivity>,
    /// Under this mask, where it shows less.
    pub mask: Option<MaskId>,
    /// Only with this as well.
    pub needs: Vec<Need>,
    /// With this as well.
    pub then: Vec<Obligation>,
    /// Why.
    pub why: Why,
}

/// Who may visit, two by two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitRule {
    /// The roles one of the two must have.
    pub lead: Vec<RoleId>,
    /// The roles the other may have.
    pub second: Vec<RoleId>,
    /// Why.
    pub why: Why,
}

/// What breaking the glass allows, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlassRule {
    /// The roles.
    pub roles: Vec<RoleId>,
    /// The actions.
    pub actions: Vec<ActionId>,
    /// The purposes.
    pub purposes: Vec<PurposeId>,
    /// The most sensitive.
    pub up_to: Sensitivity,
    /// What shows.
    pub mask: MaskId,
    /// How long.
    pub minutes: u16,
    /// How often a day.
    pub a_day: u16,
    /// The least characters of the reason.
    pub reason_characters: u16,
    /// Within how many hours the resident hears of it.
    pub resident_hours: u16,
    /// For how many days at most that may be put off, on an approved ground of safety.
    pub delay_days: u16,
    /// Within how many working days another unit reviews it.
    pub review_working_days: u16,
    /// Why.
    pub why: Why,
}

/// Figures of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// How old the second factor may be where one is asked for.
    pub step_up_minutes: u16,
    /// How often a day a person may do what is rationed.
    pub rationed_a_day: u16,
    /// After how many the second factor is asked for.
    pub step_up_after: u16,
    /// Counts below this are not shown.
    pub smallest_count: u16,
}
