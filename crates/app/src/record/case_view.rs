//! A case as people and programs read it: with the labels of its workflow, what runs, what is missing, and what can
//! be done next.
//!
//! Persons are registry numbers; who shows this joins names under the mask of who looks. Relatives, reports, the
//! ground of a protection and who objects are for few: leave them out for who may not see them.
mod clock;
mod course;
mod decision;
mod inquiry;
mod named;
mod next;

pub use clock::{ClockViewV1, SuspensionV1};
pub use course::{AidViewV1, AppealViewV1, BarViewV1, HolderV1, KinViewV1, StepTakenV1};
pub use decision::{
    DecisionViewV1, DeliveryViewV1, HearingViewV1, OpinionViewV1, ProposedV1, RemedyViewV1, StatedReasonV1,
};
pub use inquiry::{
    AppraisalViewV1, AuthorityViewV1, CheckViewV1, EvidenceViewV1, ObjectionViewV1, PostingViewV1,
    SourceViewV1, VisitViewV1,
};
pub use named::{ActorViewV1, ArticleV1, DayV1, LastDayV1, NamedV1};
pub use next::{NextStepV1, VerdictV1, WaitV1};

use super::words::Stands;
use anmin_base::calendar::WorkCalendar;
use anmin_base::date::Date;
use anmin_casework::apply::{Circumstances, Verdicts};
use anmin_casework::case::Case;
use anmin_casework::record::Standing;
use anmin_casework::workflow::Workflow;
use named::{Labels, ids};
use schemars::JsonSchema;
use serde::Serialize;

/// A programme and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProgrammeViewV1 {
    /// The programme.
    pub programme: String,
    /// Where it stands.
    pub standing: NamedV1,
    /// The decision that granted or suspended it; 0 for one granted elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<u32>,
}

/// A case on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CaseViewV1 {
    /// Always `anmin.case/1`.
    pub schema: &'static str,
    /// Its workflow.
    pub workflow: NamedV1,
    /// The household, couple or place it is about, as the registry numbers it.
    pub unit: String,
    /// Where it is.
    pub state: NamedV1,
    /// It is at its end.
    pub ended: bool,
    /// The day the papers were handed in.
    pub opened: DayV1,
    /// The day it was accepted.
    pub accepted: Option<DayV1>,
    /// Calendar days between receipt and acceptance; until today while something is applied for and nothing
    /// accepted. None where there was nothing to accept: carried over, declined, withdrawn.
    pub acceptance_gap_days: Option<i64>,
    /// The day of the latest event.
    pub latest: DayV1,
    /// How many events it has had: what a form was made from, to notice that somebody else was first.
    pub events: u32,
    /// 1 for the application; each review or change begins another.
    pub cycle: u32,
    /// The adults it concerns.
    pub adults: Vec<String>,
    /// What is applied for or received.
    pub programmes: Vec<ProgrammeViewV1>,
    /// What can be done from this state.
    pub next: Vec<NextStepV1>,
    /// Who holds which duty now.
    pub holders: Vec<HolderV1>,
    /// Clocks, in the order they started; those that have stopped too.
    pub clocks: Vec<ClockViewV1>,
    /// Steps and commands, in order.
    pub taken: Vec<StepTakenV1>,
    /// What the one written notice said was missing.
    pub supplement: Option<Vec<String>>,
    /// Evidence.
    pub evidence: Vec<EvidenceViewV1>,
    /// Authorities to check.
    pub authorities: Vec<AuthorityViewV1>,
    /// Checks.
    pub checks: Vec<CheckViewV1>,
    /// Sources asked in this cycle that have neither answered nor been recorded as silent.
    pub sources_open: Vec<String>,
    /// Sources whose contested answers have not been asked for again.
    pub sources_contested: Vec<String>,
    /// A check found a difference that the person has not been told of.
    pub difference_untold: bool,
    /// Visits.
    pub visits: Vec<VisitViewV1>,
    /// Appraisals.
    pub appraisals: Vec<AppraisalViewV1>,
    /// Opinions; the last is this cycle's if its cycle is.
    pub opinions: Vec<OpinionViewV1>,
    /// Postings.
    pub postings: Vec<PostingViewV1>,
    /// The opinion that is not posted because the case is protected.
    pub spared: Option<u32>,
    /// Objections.
    pub objections: Vec<ObjectionViewV1>,
    /// Hearings.
    pub hearings: Vec<HearingViewV1>,
    /// Decisions.
    pub decisions: Vec<DecisionViewV1>,
    /// Appeals.
    pub appeals: Vec<AppealViewV1>,
    /// Aid given first.
    pub aids: Vec<AidViewV1>,
    /// On the running public list.
    pub published: bool,
    /// Why it is never posted, by code.
    pub protected: Option<String>,
    /// Who has nothing to do in it.
    pub bars: Vec<BarViewV1>,
    /// The register of relatives.
    pub kin: Option<KinViewV1>,
    /// References of reports and complaints.
    pub reports: Vec<String>,
}

/// The case as it is read on a day, under its workflow.
pub fn case_view(case: &Case, workflow: &Workflow, today: Date, calendar: &WorkCalendar) -> CaseViewV1 {
    // What is computed here rests on the day and the calendar; verdicts only matter when something is done.
    let verdicts = Verdicts::new();
    let now = Circumstances { today, calendar, verdicts: &verdicts };
    let labels = &Labels { workflow };
    let programmes = case.programmes.iter().map(|(programme, standing)| {
        let (stands, decision) = Stands::of(*standing);
        ProgrammeViewV1 { programme: programme.clone(), standing: NamedV1::of(stands), decision }
    });
    CaseViewV1 {
        schema: "anmin.case/1",
        workflow: NamedV1::from(&workflow.named),
        unit: case.unit.clone(),
        state: labels.state(&case.state),
        ended: workflow.state(&case.state).is_some_and(|s| s.last),
        opened: DayV1(case.opened),
        accepted: case.accepted.map(DayV1),
        acceptance_gap_days: gap(case, today),
        latest: DayV1(case.latest),
        events: case.seq,
        cycle: case.cycle,
        adults: ids(&case.adults),
        programmes: programmes.collect(),
        next: next::steps(case, labels, today),
        holders: course::holders(case, labels),
        clocks: case.clocks.iter().map(|c| clock::view(c, labels, &now)).collect(),
        taken: case.taken.iter().map(|t| course::taken(t, labels)).collect(),
        supplement: case.supplement.clone(),
        evidence: case.evidence.iter().map(|e| inquiry::evidence(e, labels)).collect(),
        authorities: case.authorities.iter().map(inquiry::authority).collect(),
        checks: case.checks.iter().map(inquiry::check).collect(),
        sources_open: case.silent_sources(),
        sources_contested: case.contested_sources(),
        difference_untold: case.untold(),
        visits: case.visits.iter().map(inquiry::visit).collect(),
        appraisals: case.appraisals.iter().map(inquiry::appraisal).collect(),
        opinions: case.opinions.iter().map(decision::opinion).collect(),
        postings: case.postings.iter().map(inquiry::posting).collect(),
        spared: case.spared,
        objections: case.objections.iter().map(inquiry::objection).collect(),
        hearings: case.hearings.iter().map(decision::hearing).collect(),
        decisions: case.decisions.iter().map(|d| decision::view(d, case, labels, &now)).collect(),
        appeals: case.appeals.iter().map(|a| course::appeal(a, labels)).collect(),
        aids: case.aids.iter().map(course::aid).collect(),
        published: case.published,
        protected: case.protected.clone(),
        bars: case.bars.iter().map(course::bar).collect(),
        kin: case.kin.as_ref().map(course::kin),
        reports: case.complaints.iter().map(|(_, report)| report.clone()).collect(),
    }
}

fn gap(case: &Case, today: Date) -> Option<i64> {
    let applied = case.programmes.iter().any(|(_, standing)| *standing == Standing::Open);
    (case.accepted.is_some() || applied).then(|| case.acceptance_gap(today))
}
