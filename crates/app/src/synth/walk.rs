//! The course of one case, from papers handed in to where it stands on the day the county has come to. Each step is
//! decided by the engine of cases under the service's rules, exactly as a command would; a step the engine refuses is a
//! fault of this file, and stops everything.
//!
//! What is walked is the course all assistance shares; a service of another course is refused.

mod afterwards;
mod cast;
mod course;
mod target;

pub(crate) use cast::Cast;
pub(crate) use target::{asks_for_refusal, of as target_of};

use super::known::collection;
use super::lead::{self, Lead};
use super::means::Facts;
use super::people::Home;
use super::random::Random;
use super::world::{Household, World};
use crate::case::{CaseFile, LetterV1, NewCaseV1, PartyV1, Weighed};
use crate::decide::{Opened, Prepared};
use crate::error::{Error, Fault, Result};
use crate::facts::Known;
use crate::office::Now;
use crate::people::PersonRecord;
use crate::record::DecisionV1;
use crate::record::act::{ActV1, CommandV1, EvidenceV1, TakeV1};
use anmin_base::date::Date;
use anmin_casework::apply::{self, Begin, Circumstances, Verdicts};
use anmin_casework::command::Command;
use anmin_casework::event::Event;
use anmin_casework::record::{Actor, Person};
use anmin_casework::workflow::Workflow;
use anmin_store::{Id, Record};
use std::sync::Arc;

/// The course that is walked, as its file calls it.
pub(crate) const COURSE: &str = "assistance";

/// Why a case is given to somebody.
pub(crate) const WHY: &str = "按承办轮次指定";

/// One thing that was done in a case, with all that came of it.
#[derive(Debug)]
pub(crate) struct Move {
    pub now: Now,
    /// Who did it; none: a job.
    pub by: Option<Doer>,
    pub deed: Deed,
    pub events: Vec<Event>,
    pub weighed: Weighed,
    pub letters: Vec<LetterV1>,
}

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doer {
    pub person: Id,
    pub resident: bool,
}

/// What is done, as it would be sent.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Open(NewCaseV1),
    Step { step: String, duty: String, with: ActV1, evidence: Vec<EvidenceV1> },
    Instruct { duty: String, command: CommandV1 },
    Tick,
}

/// A case from its beginning to today.
#[derive(Debug)]
pub(crate) struct Story {
    /// Its number in the county.
    pub case: u32,
    /// As it stands at the end; its row is not filled yet.
    pub file: CaseFile,
    pub moves: Vec<Move>,
    /// What was recorded of facts in the course of it.
    pub recorded: Vec<Record>,
}

/// Why a walk goes no further.
pub(crate) enum Halt {
    /// It has come to today, to where it is to stay, or to where it waits for somebody.
    Here,
    Broken(Error),
}

pub(crate) type Flow<T = ()> = std::result::Result<T, Halt>;

impl<E: Into<Error>> From<E> for Halt {
    fn from(error: E) -> Halt {
        Halt::Broken(error.into())
    }
}

pub(crate) struct Walker<'a> {
    world: &'a World,
    home: &'a Home,
    facts: &'a Facts,
    cast: Cast,
    random: Random,
    case: u32,
    target: Option<&'static str>,
    /// The walk ends where the economic check has found something else.
    differs: bool,
    on: Date,
    /// Minutes since midnight.
    minute: i64,
    papers: u32,
    /// How many cycles have been walked.
    reviews: u32,
    sent_back: bool,
    persons: &'a [Record],
    recordings: Vec<Record>,
    opened: Arc<Opened>,
    workflow: Arc<Workflow>,
    file: Option<CaseFile>,
    moves: Vec<Move>,
    recorded: Vec<Record>,
    judged: Judged,
}

/// The last decision, the day, how many recordings it rests on, and whether it was to be signed.
type Judged = Option<((Date, usize, bool), DecisionV1)>;

/// Walks the case of a home.
///
/// # Errors
/// The engine refused a step, or the service has no such course.
pub(crate) fn walk(world: &World, household: &Household, case: u32) -> Result<Story> {
    let mut random = world.seed.random("walk", u64::from(case));
    let on = target::opened_on(&world.plan, case, &mut random);
    let story = walk_from(world, household, case, random.clone(), on)?;
    let Some(ago) = lead::ago(&world.plan, case) else { return Ok(story) };
    // The same again so much later that the last thing was done lately, if it comes as far then.
    let last = story.moves.iter().rev().find(|step| step.by.is_some()).map_or(on, |step| step.now.on);
    let later = i32::try_from(world.plan.today.days_since(last)).unwrap_or(0) - ago;
    if later <= 0 {
        return Ok(story);
    }
    let again = walk_from(world, household, case, random, on.add_days(later))?;
    Ok(if again.file.case.state == story.file.case.state { again } else { story })
}

fn walk_from(world: &World, household: &Household, case: u32, mut random: Random, on: Date) -> Result<Story> {
    let home = &household.home;
    let target = target::of(&world.plan, case);
    let on = match world.office.calendar().is_working_day(on) {
        true => on,
        false => world.office.calendar().add_working_days(on, 1).date,
    };
    let on = on.min(world.plan.today);
    let opened = world.office.opened(&world.plan.service, Some(&world.plan.region))?;
    let workflow = world.office.workflow(&opened, on)?;
    let minute = i64::from(random.between(9 * 60, 16 * 60));
    let cast = Cast::of(world, home, case);
    let mut walker = Walker {
        world,
        home,
        facts: &household.facts,
        cast,
        random,
        case,
        target,
        differs: Lead::of_case(&world.plan, case).is_some_and(|lead| lead.differs),
        on,
        minute,
        papers: 0,
        reviews: 0,
        sent_back: false,
        persons: &household.persons,
        recordings: household.recordings.clone(),
        opened,
        workflow,
        file: None,
        moves: Vec::new(),
        recorded: Vec::new(),
        judged: None,
    };
    match walker.life() {
        Ok(()) | Err(Halt::Here) => {}
        Err(Halt::Broken(error)) => return Err(error),
    }
    walker.come_to_today()?;
    let Walker { file, moves, recorded, .. } = walker;
    let file = file.ok_or_else(|| Fault::Broken(format!("case {case} was never opened")))?;
    Ok(Story { case, file, moves, recorded })
}

impl Walker<'_> {
    fn now(&self) -> Now {
        Now { at: super::plan::moment(self.on, self.minute), on: self.on }
    }

    fn broken(&self, what: &str) -> Halt {
        Halt::Broken(Fault::Broken(format!("case {} on {}: {what}", self.case, self.on)).into())
    }

    fn file(&self) -> Flow<&CaseFile> {
        self.file.as_ref().ok_or_else(|| self.broken("is not open"))
    }

    fn state(&self) -> &str {
        self.file.as_ref().map_or("", |file| file.case.state.as_str())
    }

    /// Whether the walk is to go this way: in so many of a thousand cases, or where its target lies.
    fn turns(&mut self, share: u32, towards: &[&str]) -> bool {
        match self.target {
            Some(target) => towards.contains(&target),
            None => self.random.in_thousand(share),
        }
    }

    /// Lets working days go by; now and then far too many.
    fn wait(&mut self, least: i32, most: i32) -> Flow {
        let mut days = self.random.between(least, most);
        match self.target {
            Some(_) => days = days.min(least.max(1)),
            None if self.random.in_thousand(10) => days += self.random.between(15, 60),
            None => {}
        }
        self.minute += i64::from(self.random.between(4, 25));
        if days > 0 || self.minute > 17 * 60 + 30 {
            let days = u32::try_from(days.max(1)).unwrap_or(1);
            self.on = self.world.office.calendar().add_working_days(self.on, days).date;
            self.minute = i64::from(self.random.between(9 * 60, 15 * 60));
        }
        self.in_time()
    }

    /// Lets days go by until one, and on to a working day.
    fn wait_until(&mut self, day: Date) -> Flow {
        if day > self.on {
            self.on = day;
            self.minute = i64::from(self.random.between(9 * 60, 15 * 60));
        }
        if !self.world.office.calendar().is_working_day(self.on) {
            self.on = self.world.office.calendar().add_working_days(self.on, 1).date;
        }
        self.in_time()
    }

    fn in_time(&self) -> Flow {
        if self.on > self.world.plan.today { Err(Halt::Here) } else { Ok(()) }
    }

    /// The evidence a step wants, each with a reference that has the area's word in it.
    fn evidence(&mut self, step: &str) -> Vec<EvidenceV1> {
        let kinds = self.workflow.step(step).map(|step| step.evidence.clone()).unwrap_or_default();
        kinds.into_iter().map(|kind| self.exhibit(kind)).collect()
    }

    fn exhibit(&mut self, kind: String) -> EvidenceV1 {
        self.papers += 1;
        let lane = &self.world.county.areas[self.home.area].lane;
        let known = self.workflow.evidence.iter().find(|k| k.named.name == kind);
        let label = known.map_or(kind.as_str(), |k| k.named.label.zh.as_str());
        let reference = format!("{lane}-{:05}-{:02} {label}", self.case, self.papers);
        EvidenceV1 { kind, reference, source: None, estimated: false, valid_until: None }
    }

    /// The reference of the latest evidence of a kind.
    fn reference(&self, kind: &str) -> Option<String> {
        let evidence = &self.file.as_ref()?.case.evidence;
        let found = evidence.iter().rev().find(|e| e.exhibit.kind == kind);
        found.map(|e| e.exhibit.reference.clone())
    }

    fn staff(&self, who: usize) -> Doer {
        Doer { person: self.world.staff.people[who].id, resident: false }
    }

    fn applicant(&self) -> Doer {
        Doer { person: self.home.people[0].id, resident: true }
    }

    /// Opens the case.
    fn open(&mut self, step: &str, by: Doer, duty: &str) -> Flow {
        let plan = &self.world.plan;
        let people = &self.home.people;
        let parties = people.iter().map(|person| PartyV1 {
            person: person.id.to_string(),
            role: collection(person.member).to_owned(),
        });
        let new = NewCaseV1 {
            service: plan.service.clone(),
            programmes: Vec::new(),
            step: step.to_owned(),
            area: self.world.county.areas[self.home.area].id.to_string(),
            applicant: people[0].id.to_string(),
            household: Some(self.world.living(self.home).to_string()),
            parties: parties.collect(),
            evidence: self.evidence(step),
            duty: Some(duty.to_owned()),
        };
        let now = self.now();
        let adults = people.iter().filter(|p| p.is_member() && p.age(now.on) >= 18);
        let adults: Vec<Person> = adults.map(|p| Person(p.id.to_string())).collect();
        let by_actor = actor(by, duty);
        let take = TakeV1 {
            step: step.to_owned(),
            with: self.workflow.step(step).map_or(ActV1::Plain {}, |found| crate::case::opening(found.act)),
            evidence: new.evidence.clone(),
        };
        let take = take.into_take(by_actor)?;
        let begin = Begin {
            unit: new.household.clone().unwrap_or_default(),
            adults,
            programmes: vec![plan.service.clone()],
            take,
        };
        let none = Verdicts::new();
        let circumstances =
            Circumstances { today: now.on, calendar: self.world.office.calendar(), verdicts: &none };
        let opened = apply::open(&self.workflow, &begin, &circumstances);
        let (case, events) = opened.map_err(|refusal| self.broken(&refusal.en(&self.workflow)))?;
        let record = self.world.case_row(self.home, self.case, now, &self.opened)?;
        let file =
            CaseFile::begun(record, self.opened.clone(), self.workflow.clone(), case, new.parties.clone());
        self.file = Some(file);
        self.done(now, Some(by), Deed::Open(new), events, Weighed::default())
    }

    /// Takes a step.
    fn step(&mut self, step: &str, by: Doer, duty: &str, with: ActV1) -> Flow {
        let evidence = self.evidence(step);
        self.step_with(step, by, duty, with, evidence)
    }

    fn step_with(
        &mut self,
        step: &str,
        by: Doer,
        duty: &str,
        with: ActV1,
        evidence: Vec<EvidenceV1>,
    ) -> Flow {
        let form = TakeV1 { step: step.to_owned(), with: with.clone(), evidence: evidence.clone() };
        let take = form.into_take(actor(by, duty))?;
        let deed = Deed::Step { step: step.to_owned(), duty: duty.to_owned(), with, evidence };
        self.carry_out(Some(by), deed, Command::Take(take))
    }

    /// Gives a command that every case has.
    fn instruct(&mut self, by: Doer, duty: &str, command: CommandV1) -> Flow {
        let given = command.clone().into_command(actor(by, duty))?;
        self.carry_out(Some(by), Deed::Instruct { duty: duty.to_owned(), command }, given)
    }

    fn carry_out(&mut self, by: Option<Doer>, deed: Deed, mut command: Command) -> Flow {
        let now = self.now();
        let weighed = self.weigh(&command)?;
        if let Command::Take(take) = &mut command {
            weighed.pin(&mut take.act);
        }
        let file = self.file()?;
        let calendar = self.world.office.calendar();
        let circumstances = Circumstances { today: now.on, calendar, verdicts: &weighed.verdicts };
        let applied = apply::apply(&self.workflow, &file.case, &command, &circumstances);
        let (case, events) = match applied {
            Ok(applied) => applied,
            Err(refusal) => {
                let what = format!("in {}: {deed:?}: {}", self.state(), refusal.en(&self.workflow));
                return Err(self.broken(&what));
            }
        };
        if let Some(file) = &mut self.file {
            file.case = case;
        }
        self.done(now, by, deed, events, weighed)
    }

    /// Writes down what came of something. The walk ends where it was to lead.
    fn done(&mut self, now: Now, by: Option<Doer>, deed: Deed, events: Vec<Event>, weighed: Weighed) -> Flow {
        let before: usize = self.moves.iter().map(|m| m.letters.len()).sum();
        let before = u32::try_from(before).unwrap_or(u32::MAX);
        let applicant = self.persons.first().cloned().ok_or_else(|| self.broken("of nobody"))?;
        let applicant = PersonRecord::read(applicant)?;
        let office = &self.world.office;
        let letters = office.letters_due(self.file()?, &events, &weighed, now, &applicant, before)?;
        let arrived = self.target.is_some_and(|target| {
            events.iter().any(|event| matches!(event, Event::Moved(state) if state == target))
        });
        self.moves.push(Move { now, by, deed, events, weighed, letters });
        if arrived && !self.differs { Err(Halt::Here) } else { Ok(()) }
    }

    fn known(&self) -> Result<Known> {
        let file = self.file.as_ref().ok_or_else(|| Fault::Broken("no case".into()))?;
        let at = anmin_registry::id::Moment(self.now().at.0);
        Known::new(file.subjects(), self.recordings.clone(), self.persons.to_vec(), self.on, at)
    }

    fn weigh(&mut self, command: &Command) -> Flow<Weighed> {
        let now = self.now();
        let office = self.world.office.clone();
        let file = self.file()?;
        if !office.needs_facts(file, command) {
            return Ok(office.weigh_known::<Known>(file, command, now, None)?);
        }
        let known = self.known()?;
        let recordings = self.recordings.len();
        let mut memory = Memory { known, on: self.on, recordings, judged: self.judged.take() };
        let weighed = office.weigh_known(self.file()?, command, now, Some(&mut memory));
        self.judged = memory.judged;
        Ok(weighed?)
    }

    /// What the rules say of the home today.
    fn judge(&mut self, signs: bool) -> Flow<DecisionV1> {
        use crate::case::Judge;
        let office = self.world.office.clone();
        let prepared = office.programme(self.file()?, &self.world.plan.service, self.on)?;
        let known = self.known()?;
        let recordings = self.recordings.len();
        let mut memory = Memory { known, on: self.on, recordings, judged: self.judged.take() };
        let decision = memory.decide(&prepared, signs);
        self.judged = memory.judged;
        Ok(decision?)
    }

    /// Whether what the rules say could be paid.
    fn payable(&mut self, decision: &DecisionV1) -> Flow<bool> {
        let office = self.world.office.clone();
        Ok(crate::money::payable(&office, self.file()?, &self.world.plan.service, decision)?)
    }

    /// Marks of clocks, as the nightly job would have left them.
    fn come_to_today(&mut self) -> Result<()> {
        if self.file.is_none() {
            return Ok(());
        }
        let today = self.world.plan.today;
        (self.on, self.minute) = (today, 60);
        let last = self.moves.last().map(|m| m.now.at);
        if last.is_some_and(|last| last >= self.now().at) {
            self.minute = 23 * 60;
        }
        let before = self.moves.len();
        self.target = None;
        match self.carry_out(None, Deed::Tick, Command::Tick) {
            Ok(()) | Err(Halt::Here) => {}
            Err(Halt::Broken(error)) => return Err(error),
        }
        // A day on which nothing was marked is no event.
        if self.moves.last().is_some_and(|last| last.events.is_empty()) {
            self.moves.truncate(before);
        }
        Ok(())
    }
}

fn actor(by: Doer, duty: &str) -> Actor {
    Actor { person: Person(by.person.to_string()), duty: duty.to_owned(), delegated_by: None, human: true }
}

/// Facts with the decision that was reached on them last: what is weighed for a step has often just been looked at.
struct Memory {
    known: Known,
    on: Date,
    recordings: usize,
    judged: Judged,
}

impl crate::case::Judge for Memory {
    fn decide(&mut self, prepared: &Prepared, signs: bool) -> Result<DecisionV1> {
        if let Some((key, decision)) = &self.judged
            && *key == (self.on, self.recordings, signs)
        {
            return Ok(decision.clone());
        }
        let decision = match signs {
            true => self.known.decide(prepared)?,
            false => self.known.decide_plainly(prepared)?,
        };
        self.judged = Some(((self.on, self.recordings, signs), decision.clone()));
        Ok(decision)
    }

    fn lives_elsewhere(&self) -> Option<bool> {
        self.known.lives_elsewhere()
    }
}
