//! What was done, by whom, and what every case may have: aid, appeals, relatives.
use super::named::{ActorViewV1, DayV1, Labels, NamedV1, id};
use anmin_casework::case::Case;
use anmin_casework::record::{Aid, Appeal, Bar, KinEntry, Taken};
use schemars::JsonSchema;
use serde::Serialize;

/// A step or command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepTakenV1 {
    /// When.
    pub on: DayV1,
    /// In which cycle.
    pub cycle: u32,
    /// Which.
    pub step: NamedV1,
    /// By whom, in which duty.
    pub by: ActorViewV1,
}

/// Who holds a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HolderV1 {
    /// The duty.
    pub duty: NamedV1,
    /// Who.
    pub person: String,
}

/// Aid given first, papers after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AidViewV1 {
    /// Its number.
    pub number: u32,
    /// How much, in fen.
    pub amount_fen: i64,
    /// What was needed.
    pub need: String,
    /// When.
    pub on: DayV1,
    /// When the papers were there; none: they are still missing.
    pub papers: Option<DayV1>,
}

/// A decision contested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppealViewV1 {
    /// The decision.
    pub decision: u32,
    /// The way.
    pub remedy: NamedV1,
    /// When.
    pub on: DayV1,
    /// After the period. Whether it is still heard is for that organ to say.
    pub late: bool,
}

/// Somebody who has nothing to do in the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BarViewV1 {
    /// Who.
    pub person: String,
    /// The relation's code.
    pub relation: String,
    /// Since.
    pub on: DayV1,
}

/// The entry in the register of staff's relatives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KinViewV1 {
    /// The staff member.
    pub staff: String,
    /// In which cycle it was made.
    pub cycle: u32,
    /// Who countersigned; none: nobody yet.
    pub countersigned: Option<String>,
}

pub(super) fn taken(taken: &Taken, labels: &Labels<'_>) -> StepTakenV1 {
    let step = labels.step(&taken.step);
    StepTakenV1 { on: DayV1(taken.on), cycle: taken.cycle, step, by: labels.actor(&taken.by) }
}

pub(super) fn holders(case: &Case, labels: &Labels<'_>) -> Vec<HolderV1> {
    let held = case.holders.iter();
    held.map(|(duty, person)| HolderV1 { duty: labels.duty(duty), person: id(person) }).collect()
}

pub(super) fn aid(aid: &Aid) -> AidViewV1 {
    AidViewV1 {
        number: aid.number,
        amount_fen: aid.amount.fen(),
        need: aid.need.clone(),
        on: DayV1(aid.on),
        papers: aid.papers.map(DayV1),
    }
}

pub(super) fn appeal(appeal: &Appeal, labels: &Labels<'_>) -> AppealViewV1 {
    let (decision, late) = (appeal.decision, appeal.late);
    AppealViewV1 { decision, remedy: labels.remedy(&appeal.remedy), on: DayV1(appeal.on), late }
}

pub(super) fn bar(bar: &Bar) -> BarViewV1 {
    BarViewV1 { person: id(&bar.person), relation: bar.relation.clone(), on: DayV1(bar.on) }
}

pub(super) fn kin(kin: &KinEntry) -> KinViewV1 {
    let countersigned = kin.countersigned.as_ref().map(id);
    KinViewV1 { staff: id(&kin.staff), cycle: kin.cycle, countersigned }
}
