//! The one way a case changes: a command, decided on a day, gives events or is refused.
//!
//! [`apply`] is a function of its arguments alone. The law level is here and in the files below, and no
//! workflow can leave it out: two visitors, duties that exclude each other, relatives barred, one supplement
//! notice before acceptance, refusals never posted, a hearing before anything is taken away, and five parts
//! before anything adverse takes effect.

mod clock;
mod decide;
mod effect;
mod inquiry;
mod opinion;
mod standing;
mod step;

pub use clock::{deadline, left, mark};
pub use effect::missing_parts;
pub use step::may_act;

use crate::case::Case;
use crate::command::{Command, Take};
use crate::event::{Event, Opening};
use crate::kinds::ActKind;
use crate::record::{Person, Standing};
use crate::refusal::Refusal;
use crate::workflow::{Name, Workflow};
use anmin_base::calendar::WorkCalendar;
use anmin_base::date::Date;
use std::collections::BTreeMap;

/// Named verdicts, computed by who has the rules. One that is absent is unknown, which is neither yes nor no.
pub type Verdicts = BTreeMap<Name, bool>;

/// The day, and what is known on it.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The day.
    pub today: Date,
    /// The working days as announced so far.
    pub calendar: &'a WorkCalendar,
    /// The verdicts.
    pub verdicts: &'a Verdicts,
}

/// How somebody begins a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// What it is about, as the registry numbers it.
    pub unit: String,
    /// The adults it concerns.
    pub adults: Vec<Person>,
    /// The programmes applied for.
    pub programmes: Vec<Name>,
    /// The step that opens it.
    pub take: Take,
}

/// The case after a command, and what happened; or why not, and what to do next.
pub type Applied = Result<(Case, Vec<Event>), Refusal>;

/// Begins a case.
///
/// # Errors
/// The step opens no case, or is refused.
pub fn open(workflow: &Workflow, begin: &Begin, now: &Circumstances<'_>) -> Applied {
    let step = workflow.step(&begin.take.step).filter(|s| s.from.is_empty());
    let Some(step) = step else {
        return Err(Refusal::UnknownStep { step: begin.take.step.clone() });
    };
    if begin.programmes.is_empty() || begin.unit.trim().is_empty() {
        return Err(Refusal::Blank { what: "programmes" });
    }
    let standing = match step.act {
        ActKind::CarryOver => Standing::Granted(0),
        _ => Standing::Open,
    };
    let opening = Opening {
        workflow: workflow.named.name.clone(),
        unit: begin.unit.clone(),
        adults: begin.adults.clone(),
        programmes: begin.programmes.iter().map(|p| (p.clone(), standing)).collect(),
        on: now.today,
    };
    let case = Case::opened(&opening);
    let mut draft = Draft { workflow, now, case, events: vec![Event::Opened(opening)] };
    draft.take(&begin.take)?;
    Ok((draft.case, draft.events))
}

/// Applies a command to a case.
///
/// # Errors
/// The command is refused; the case is as it was.
pub fn apply(workflow: &Workflow, case: &Case, command: &Command, now: &Circumstances<'_>) -> Applied {
    if case.workflow != workflow.named.name {
        return Err(Refusal::OtherWorkflow { pinned: case.workflow.clone() });
    }
    if now.today < case.latest {
        return Err(Refusal::DateBack { latest: case.latest });
    }
    let mut draft = Draft { workflow, now, case: case.clone(), events: vec![] };
    draft.record_marks();
    match command {
        Command::Take(take) => draft.take(take)?,
        Command::Tick => {}
        Command::Recount => draft.recount(),
        other => draft.standing(other)?,
    }
    draft.record_marks();
    if !draft.events.is_empty() && draft.case.latest < now.today {
        draft.record(Event::DayCame(now.today));
    }
    Ok((draft.case, draft.events))
}

/// A case while a command is worked out.
struct Draft<'a> {
    workflow: &'a Workflow,
    now: &'a Circumstances<'a>,
    case: Case,
    events: Vec<Event>,
}

impl Draft<'_> {
    fn record(&mut self, event: Event) {
        self.case.with(&event);
        self.events.push(event);
    }

    /// The verdict, for a programme if there is one for it (`eligible:name` before `eligible`).
    fn verdict(&self, name: &str, programme: Option<&str>) -> Option<bool> {
        let own = programme.and_then(|p| self.now.verdicts.get(&format!("{name}:{p}")));
        own.or_else(|| self.now.verdicts.get(name)).copied()
    }

    fn guard(&self, guards: &[(Name, bool)], programme: Option<&str>) -> Result<(), Refusal> {
        for (verdict, wanted) in guards {
            match self.verdict(verdict, programme) {
                None => return Err(Refusal::VerdictUnknown { verdict: verdict.clone() }),
                Some(found) if found != *wanted => {
                    return Err(Refusal::VerdictAgainst { verdict: verdict.clone(), found });
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}
