//! The other way in: every step as a command of the person who takes it, in the order in which all of them happened, with
//! everything an office asks of anybody. What comes of each must be what the walk said.

use super::walk::{Deed, Doer, Move, Story, WHY};
use super::world::World;
use crate::case::{CaseFile, ChangedV1, InstructionV1, StepV1};
use crate::error::{Error, Fault, Result};
use crate::office::{Caller, Order};
use anmin_authz::authority::Capacity;
use anmin_authz::id::{LoginId, PersonId};
use anmin_authz::scope::SystemJob;
use anmin_casework::command::Command;
use anmin_store::{Find, Id, table};

/// A case that is being played.
struct Playing<'a> {
    story: &'a Story,
    version: i64,
    next: usize,
}

impl World {
    /// Plays all cases. `tell` is told how many steps are done, of how many.
    ///
    /// # Errors
    /// A command was refused, or came out otherwise than it was walked: a fault of ours.
    pub async fn play(&self, stories: &[Story], tell: &mut (dyn FnMut(u64, u64) + Send)) -> Result<()> {
        let mut playing: Vec<Playing<'_>> =
            stories.iter().map(|story| Playing { story, version: 0, next: 0 }).collect();
        for one in &mut playing {
            self.catch_up(one).await?;
        }
        let mut all: Vec<(i64, usize, usize)> = Vec::new();
        for (n, story) in stories.iter().enumerate() {
            all.extend(story.moves.iter().enumerate().map(|(m, step)| (step.now.at.0, n, m)));
        }
        all.sort_unstable();
        let total = all.len() as u64;
        for (done, (_, n, m)) in all.into_iter().enumerate() {
            if m >= playing[n].next {
                self.one(&mut playing[n], m).await?;
            }
            tell(done as u64 + 1, total);
        }
        Ok(())
    }

    /// Finds how far a case was played before a run broke off.
    async fn catch_up(&self, playing: &mut Playing<'_>) -> Result<()> {
        let now = self.morning();
        let scope = self.office.job_scope(SystemJob::Synthesis, now.on);
        let find = Find::one(&table::CASE_FILE, playing.story.file.id());
        let found = self.office.store().read_personal(&scope, "synthesis", now.at, &find).await?;
        if let Some(record) = found.into_iter().next() {
            playing.version = record.version();
            playing.next = usize::try_from(record.version()).unwrap_or(0);
            CaseFile::read(&self.office, record)?;
        }
        Ok(())
    }

    async fn one(&self, playing: &mut Playing<'_>, at: usize) -> Result<()> {
        let step = &playing.story.moves[at];
        let id = playing.story.file.id();
        let version = playing.version;
        playing.version += 1;
        let done = match (&step.deed, step.by) {
            (Deed::Tick, _) => {
                let tick = |_: &CaseFile| Some(Command::Tick);
                return self
                    .office
                    .command_as_job(id, SystemJob::Clocks, "tick", &tick, step.now)
                    .await
                    .map(drop);
            }
            (deed, Some(by)) => self.as_somebody(id, version, step, deed, by).await,
            (_, None) => Err(Fault::Broken("a step of nobody".into()).into()),
        };
        let bytes = done.map_err(|error| told(playing.story, step, &error))?;
        let changed: ChangedV1 = serde_json::from_slice(&bytes).map_err(|e| Fault::Broken(e.to_string()))?;
        let events: Vec<&str> = step.events.iter().map(|event| event.name()).collect();
        if changed.events != events || changed.version != playing.version {
            let what = format!("walked {events:?}, came out {changed:?}");
            return Err(told(playing.story, step, &Fault::Broken(what).into()));
        }
        Ok(())
    }

    async fn as_somebody(&self, id: Id, version: i64, step: &Move, deed: &Deed, by: Doer) -> Result<Vec<u8>> {
        let caller = Caller {
            person: PersonId(by.person.0),
            login: LoginId(by.person.0),
            capacity: if by.resident { Capacity::Resident } else { Capacity::Staff },
            stepped_up: Some(step.now.at),
            rationed_today: 0,
        };
        let order = Order { caller: &caller, now: step.now, purpose: None, request: None };
        match deed.clone() {
            Deed::Open(new) => {
                let (_, number) = self.case_name(self.number_of(id, step)?, step.now);
                self.office.open_case_named(&order, new, id, number).await
            }
            Deed::Step { step, duty, with, evidence } => {
                let form = StepV1 { version, duty: Some(duty), with, evidence, why: None };
                self.office.take_step(&order, id, &step, form).await
            }
            Deed::Instruct { duty, command } => {
                let form = InstructionV1 { version, duty: Some(duty), command, why: Some(WHY.into()) };
                self.office.instruct(&order, id, form).await
            }
            Deed::Tick => Err(Fault::Broken("a day is nobody's deed".into()).into()),
        }
    }

    fn number_of(&self, id: Id, step: &Move) -> Result<u32> {
        let found = (0..self.plan.cases).find(|case| self.case_name(*case, step.now).0 == id);
        found.ok_or_else(|| Fault::Broken(format!("{id} is no case of this county")).into())
    }
}

/// A refusal here is ours to mend: it says where.
fn told(story: &Story, step: &Move, error: &Error) -> Error {
    let (case, on) = (story.case, step.now.on);
    Fault::Broken(format!("case {case} on {on}: {:?}: {error}", step.deed)).into()
}
