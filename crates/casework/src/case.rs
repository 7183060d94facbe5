//! A case: one run of one workflow for one applicant unit, as a value.
//!
//! It changes only by [`Case::with`], one event at a time, and that never fails; so the events are the case,
//! and [`Case::replay`] gives it back.

use crate::event::Event;
use crate::kinds::Outcome;
use crate::record::{
    Aid, Appeal, Authority, Bar, Check, Clock, Decision, Done, Evidence, Heard, KinEntry, Meeting, Objection,
    Opinion, Person, Posting, Standing, Taken, Visit,
};
use crate::workflow::Name;
use anmin_base::date::Date;

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The workflow's name.
    pub workflow: Name,
    /// The household, couple or place it is about, as the registry numbers it.
    pub unit: String,
    /// Its state.
    pub state: Name,
    /// The day the papers were handed in.
    pub opened: Date,
    /// The day of the latest event.
    pub latest: Date,
    /// How many events it has had.
    pub seq: u32,
    /// 1 for the application; each review or change begins another.
    pub cycle: u32,
    /// The adults it concerns.
    pub adults: Vec<Person>,
    /// What is applied for or received.
    pub programmes: Vec<(Name, Standing)>,
    /// Why it is never posted, by code.
    pub protected: Option<Name>,
    /// The day it was accepted.
    pub accepted: Option<Date>,
    /// What the one written notice said was missing.
    pub supplement: Option<Vec<String>>,
    /// Steps taken, in order.
    pub taken: Vec<Taken>,
    /// Clocks started, in order.
    pub clocks: Vec<Clock>,
    /// Duties done.
    pub done: Vec<Done>,
    /// Who holds which duty now.
    pub holders: Vec<(Name, Person)>,
    /// Who has nothing to do in it.
    pub bars: Vec<Bar>,
    /// The register of relatives.
    pub kin: Option<KinEntry>,
    /// Named reports and complaints: cycle and reference.
    pub complaints: Vec<(u32, String)>,
    /// Evidence.
    pub evidence: Vec<Evidence>,
    /// Authorities to check.
    pub authorities: Vec<Authority>,
    /// Checks.
    pub checks: Vec<Check>,
    /// Visits.
    pub visits: Vec<Visit>,
    /// Appraisals: cycle, order, record.
    pub appraisals: Vec<(u32, u32, Meeting)>,
    /// Opinions.
    pub opinions: Vec<Opinion>,
    /// Postings.
    pub postings: Vec<Posting>,
    /// The opinion that is not posted because the case is protected.
    pub spared: Option<u32>,
    /// Objections.
    pub objections: Vec<Objection>,
    /// Hearings.
    pub hearings: Vec<Heard>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Aid given first.
    pub aids: Vec<Aid>,
    /// Appeals.
    pub appeals: Vec<Appeal>,
    /// On the running public list.
    pub published: bool,
}

impl Case {
    /// The case these events made; none if they do not begin with its opening.
    pub fn replay(events: &[Event]) -> Option<Case> {
        let (first, rest) = events.split_first()?;
        let Event::Opened(opening) = first else { return None };
        let mut case = Case::opened(opening);
        for event in rest {
            case.with(event);
        }
        Some(case)
    }

    /// Days between receipt and acceptance, or until today while it is not accepted.
    pub fn acceptance_gap(&self, today: Date) -> i64 {
        self.accepted.unwrap_or(today).days_since(self.opened)
    }

    /// The latest clock of a name.
    pub fn clock(&self, name: &str) -> Option<&Clock> {
        self.clocks.iter().rev().find(|c| c.name == name)
    }

    /// A decision.
    pub fn decision(&self, number: u32) -> Option<&Decision> {
        self.decisions.get(number.checked_sub(1)? as usize)
    }

    /// The latest evidence of a reference.
    pub fn exhibit(&self, reference: &str) -> Option<&Evidence> {
        self.evidence.iter().rev().find(|e| e.exhibit.reference == reference)
    }

    /// Whether a step was taken in this cycle.
    pub fn has_taken(&self, step: &str) -> bool {
        self.taken.iter().any(|t| t.step == step && t.cycle == self.cycle)
    }

    /// The opinion of this cycle.
    pub fn opinion(&self) -> Option<&Opinion> {
        self.opinions.last().filter(|o| o.cycle == self.cycle)
    }

    /// The outcome proposed for a programme.
    pub fn proposed(&self, programme: &str) -> Option<Outcome> {
        let proposals = &self.opinion()?.proposals;
        proposals.iter().find(|p| p.programme == programme).map(|p| p.outcome)
    }

    /// Whether somebody may act no longer in this case.
    pub fn bar(&self, person: &Person) -> Option<&Bar> {
        self.bars.iter().find(|b| b.person == *person)
    }

    /// The duties a person holds now: what is handed over when they leave.
    pub fn held_by(&self, person: &Person) -> Vec<&Name> {
        self.holders.iter().filter(|(_, p)| p == person).map(|(duty, _)| duty).collect()
    }

    /// Where a programme stands.
    pub fn standing(&self, programme: &str) -> Option<Standing> {
        self.programmes.iter().find(|(name, _)| name == programme).map(|(_, standing)| *standing)
    }

    /// Whether anything is still applied for or received.
    pub fn lives(&self) -> bool {
        self.programmes.iter().any(|(_, standing)| standing.lives())
    }

    /// Whether a decision against the person still waits for its effect.
    pub fn waits(&self) -> bool {
        self.decisions.iter().any(Decision::waits)
    }

    /// Objections nobody has answered.
    pub fn open_objections(&self) -> impl Iterator<Item = &Objection> {
        self.objections.iter().filter(|o| o.upheld.is_none())
    }

    /// Sources asked in this cycle that have neither answered nor been recorded as silent.
    pub fn silent_sources(&self) -> Vec<Name> {
        let checks = self.checks.iter().filter(|c| c.cycle == self.cycle);
        let open = checks.flat_map(|c| c.sources.iter().filter(|(_, answer)| answer.is_none()));
        open.map(|(source, _)| source.clone()).collect()
    }

    /// Sources whose answers are contested and have not been asked again.
    pub fn contested_sources(&self) -> Vec<Name> {
        let answered_later = |check: &Check, source: &Name| {
            let later = self.checks.iter().filter(|c| c.number > check.number);
            later.flat_map(|c| &c.sources).any(|(name, answer)| name == source && answer.is_some())
        };
        let this = self.checks.iter().filter(|c| c.cycle == self.cycle);
        let open = this.flat_map(|c| c.contested.iter().filter(move |s| !answered_later(c, s)));
        open.cloned().collect()
    }

    /// Whether a check of this cycle found a difference the person was not told of.
    pub fn untold(&self) -> bool {
        let differs = |c: &&Check| c.sources.iter().any(|(_, a)| *a == Some(crate::record::Answer::Differs));
        self.checks.iter().filter(|c| c.cycle == self.cycle && !c.told).any(|c| differs(&c))
    }
}
