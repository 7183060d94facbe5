//! What every step passes: state, actor, verdicts, evidence, earlier steps, clocks; and what follows from it.

use super::Draft;
use crate::case::Case;
use crate::command::{Act, Take};
use crate::event::Event;
use crate::record::{Actor, Done, Evidence, Exhibit, Person, Standing, Taken};
use crate::refusal::Refusal;
use crate::workflow::{Effect, Name, Publication, Step, Workflow};

/// Whether somebody may act in these duty classes in this case at all: the duty fits, no relative, not their
/// own case, and no duty of another exclusive set in this cycle, by themselves or by who delegated.
///
/// # Errors
/// Which of these does not hold.
pub fn may_act(
    workflow: &Workflow,
    case: &Case,
    by: &Actor,
    duties: &[Name],
    cycle: u32,
) -> Result<(), Refusal> {
    if !duties.contains(&by.duty) {
        return Err(Refusal::NotYourDuty { duty: by.duty.clone(), allowed: duties.to_vec() });
    }
    let Some(duty) = workflow.duty(&by.duty) else {
        return Err(Refusal::UnknownDuty { duty: by.duty.clone() });
    };
    for person in [Some(&by.person), by.delegated_by.as_ref()].into_iter().flatten() {
        may_touch(case, person, duty.staff)?;
        let Some(set) = &duty.set else { continue };
        let clashes = |done: &&Done| {
            let other = workflow.duty(&done.duty).and_then(|d| d.set.as_ref());
            done.cycle == cycle && done.person == *person && other.is_some_and(|other| other != set)
        };
        if let Some(done) = case.done.iter().find(clashes) {
            let (had, wants) = (done.duty.clone(), by.duty.clone());
            return Err(Refusal::SameHands { person: person.clone(), had, wants });
        }
    }
    Ok(())
}

/// No barred person touches the case, and no member of staff their own.
pub(super) fn may_touch(case: &Case, person: &Person, staff: bool) -> Result<(), Refusal> {
    if let Some(bar) = case.bar(person) {
        let relation = bar.relation.clone();
        return Err(Refusal::Barred { person: person.clone(), relation });
    }
    if staff && case.adults.contains(person) {
        return Err(Refusal::OwnCase { person: person.clone() });
    }
    Ok(())
}

impl Draft<'_> {
    pub(super) fn take(&mut self, take: &Take) -> Result<(), Refusal> {
        let workflow = self.workflow;
        let Some(step) = workflow.step(&take.step) else {
            return Err(match workflow.off.iter().any(|off| off.name == take.step) {
                true => Refusal::SwitchedOff { step: take.step.clone() },
                false => Refusal::UnknownStep { step: take.step.clone() },
            });
        };
        self.fits(step, take)?;
        let cycle = self.case.cycle + u32::from(step.cycle);
        may_act(workflow, &self.case, &take.by, &step.by, cycle)?;
        self.guard(&step.guards, None)?;
        self.needed_before(step, take)?;
        self.exhibits_fit(&take.evidence, &step.evidence)?;

        if step.cycle {
            self.record(Event::CycleBegan(cycle));
        }
        let (step_name, by) = (take.step.clone(), take.by.clone());
        self.record(Event::Stepped(Taken { step: step_name, on: self.now.today, cycle, by }));
        self.duty_done(&take.by.person, &take.by.duty);
        if let Some(person) = &take.by.delegated_by {
            self.duty_done(person, &take.by.duty);
        }
        self.hold(&take.by);
        for exhibit in &take.evidence {
            self.add_evidence(exhibit);
        }
        self.act(step, take)?;
        self.follow(step, take);
        self.clocks_at(&step.named.name);
        self.go_on(step);
        Ok(())
    }

    /// The step belongs to the case's state, and the command brings what the step is about.
    fn fits(&self, step: &Step, take: &Take) -> Result<(), Refusal> {
        let opening = self.case.state.is_empty();
        let here = if opening { step.from.is_empty() } else { step.from.contains(&self.case.state) };
        if !here {
            return Err(Refusal::WrongState { step: take.step.clone(), state: self.case.state.clone() });
        }
        if take.act.kind() != step.act {
            return Err(Refusal::WrongAct { step: take.step.clone(), wants: step.act });
        }
        Ok(())
    }

    /// Earlier steps and clocks the step waits for.
    fn needed_before(&self, step: &Step, take: &Take) -> Result<(), Refusal> {
        let there = |name: &&Name| self.workflow.step(name).is_some() && !self.case.has_taken(name);
        let missing: Vec<Name> = step.needs.iter().filter(there).cloned().collect();
        if !missing.is_empty() && !excused(&take.act) {
            return Err(Refusal::StepsMissing { step: take.step.clone(), missing });
        }
        for name in &step.after {
            let Some(clock) = self.case.clock(name).filter(|c| c.stopped.is_none()) else { continue };
            let last = clock.deadline;
            if clock.suspended.is_some() || self.now.today <= last.date {
                return Err(Refusal::TooEarly { clock: name.clone(), last: last.date });
            }
            if last.provisional && is_adverse(&take.act) {
                return Err(Refusal::Provisional { clock: name.clone(), last: last.date });
            }
        }
        Ok(())
    }

    /// The kinds are known, none is missing, and no reference is used twice.
    pub(super) fn exhibits_fit(&self, given: &[Exhibit], wanted: &[Name]) -> Result<(), Refusal> {
        let known = |kind: &Name| self.workflow.evidence.iter().any(|k| k.named.name == *kind);
        for (n, exhibit) in given.iter().enumerate() {
            if !known(&exhibit.kind) {
                return Err(Refusal::UnknownEvidenceKind { kind: exhibit.kind.clone() });
            }
            let reference = &exhibit.reference;
            let twice = given[..n].iter().any(|e| e.reference == *reference);
            if reference.trim().is_empty() || twice || self.case.exhibit(reference).is_some() {
                return Err(Refusal::EvidenceTwice { reference: reference.clone() });
            }
        }
        let missing: Vec<Name> =
            wanted.iter().filter(|kind| !given.iter().any(|e| e.kind == **kind)).cloned().collect();
        if missing.is_empty() { Ok(()) } else { Err(Refusal::EvidenceMissing { kinds: missing }) }
    }

    pub(super) fn duty_done(&mut self, person: &Person, duty: &Name) {
        let done = Done { cycle: self.case.cycle, person: person.clone(), duty: duty.clone() };
        let exclusive = self.workflow.duty(duty).is_some_and(|d| d.set.is_some());
        if exclusive && !self.case.done.contains(&done) {
            self.record(Event::DutyDone(done));
        }
    }

    /// Who first does a duty of staff holds it, until it is given to somebody else.
    fn hold(&mut self, by: &Actor) {
        let staff = self.workflow.duty(&by.duty).is_some_and(|d| d.staff);
        let held = self.case.holders.iter().any(|(duty, _)| *duty == by.duty);
        if staff && by.human && !held {
            self.record(Event::Assigned(by.duty.clone(), by.person.clone()));
        }
    }

    pub(super) fn add_evidence(&mut self, exhibit: &Exhibit) {
        let (on, cycle) = (self.now.today, self.case.cycle);
        let evidence = Evidence { exhibit: exhibit.clone(), on, cycle, contested: false };
        self.record(Event::EvidenceAdded(evidence));
    }

    fn act(&mut self, step: &Step, take: &Take) -> Result<(), Refusal> {
        match &take.act {
            Act::Plain | Act::Receive | Act::CarryOver => Ok(()),
            Act::Supplement { missing } => self.supplement(missing),
            Act::Accept => {
                self.record(Event::Accepted(self.now.today));
                Ok(())
            }
            Act::Authorise { subject, signer } => self.authorise(subject, signer),
            Act::Revoke { subject } => self.revoke(subject),
            Act::AskCheck { subjects, sources } => self.ask_check(subjects, sources),
            Act::ReportCheck { check, answers, valid_until } => {
                self.report_check(*check, answers, *valid_until)
            }
            Act::TellResult => self.tell_result(),
            Act::Explain { contested } => self.explain(contested),
            Act::Visit { visitors } => self.visit(visitors, &take.by, false),
            Act::SpotVisit { visitors } => self.visit(visitors, &take.by, true),
            Act::Appraise(meeting) => self.appraise(*meeting),
            Act::Opine { proposals } => self.opine(step, proposals, &take.by),
            Act::Post { places } => self.post(places),
            Act::TakeDown => self.take_down(),
            Act::Spare => self.spare(),
            Act::Object { objector } => self.object(objector),
            Act::AnswerObjection { objection, upheld } => self.answer_objection(*objection, *upheld),
            Act::Hear(hearing) => self.hear(hearing, &take.by),
            Act::Decide { rulings } => self.decide(step, rulings, &take.by),
            Act::Notify { decision } => self.notify(*decision),
            Act::Deliver { decision, manner } => self.deliver(*decision, *manner, &take.evidence),
            Act::TakeEffect { decision } => self.take_effect(step, *decision),
            Act::Withdraw => self.withdraw(&take.evidence),
        }
    }

    fn follow(&mut self, step: &Step, take: &Take) {
        let about = match take.act {
            Act::Notify { decision } | Act::Deliver { decision, .. } | Act::TakeEffect { decision } => {
                Some(decision)
            }
            _ => None,
        };
        for effect in &step.effects {
            match effect {
                Effect::Letter(name) => self.record(Event::LetterDue(name.clone(), about)),
                Effect::Task(name) => {
                    let task = self.workflow.tasks.iter().find(|t| t.named.name == *name);
                    let duty = task.map(|t| t.duty.clone()).unwrap_or_default();
                    self.record(Event::TaskSet(name.clone(), duty));
                }
                Effect::Hearing(letter) => {
                    let proposals = self.case.opinion().map(|o| o.proposals.as_slice()).unwrap_or_default();
                    let due = proposals.iter().any(|p| p.outcome.takes_away());
                    // Somebody who died or cannot be found is not invited.
                    let invited = proposals.iter().any(|p| p.outcome.takes_away() && p.exception.is_none());
                    if due {
                        self.record(Event::HearingDue);
                    }
                    if let Some(letter) = letter.as_ref().filter(|_| invited) {
                        self.record(Event::LetterDue(letter.clone(), None));
                    }
                }
                Effect::Grant => self.begin_grants(),
                Effect::Notice(what) => self.record(Event::Published(*what)),
            }
        }
    }

    /// The next state. A step that answers or carries out one of several things waits for the others.
    fn go_on(&mut self, step: &Step) {
        use crate::kinds::ActKind;
        let waits = match step.act {
            ActKind::TakeEffect => self.case.waits(),
            ActKind::AnswerObjection => self.case.open_objections().next().is_some(),
            _ => false,
        };
        if waits {
            return;
        }
        let ends = step.ends.clone().filter(|_| !self.case.lives());
        if let Some(state) = ends.or_else(|| step.to.clone()).filter(|state| *state != self.case.state) {
            self.move_to(state);
        }
    }

    /// Moves the case. At its end nothing is published and no clock runs.
    pub(super) fn move_to(&mut self, state: Name) {
        let last = self.workflow.state(&state).is_some_and(|s| s.last);
        self.record(Event::Moved(state));
        if last {
            if self.case.published {
                self.record(Event::Published(Publication::Ends));
            }
            self.stop_all_clocks();
        }
    }

    /// The signed withdrawal of an application.
    fn withdraw(&mut self, given: &[Exhibit]) -> Result<(), Refusal> {
        let signed = |e: &Exhibit| self.workflow.proof(&e.kind) == Some(crate::kinds::Proof::Withdrawal);
        if !given.iter().any(signed) {
            return Err(Refusal::NotSigned);
        }
        if !self.case.programmes.iter().any(|(_, s)| *s == Standing::Open) {
            return Err(Refusal::NothingToWithdraw);
        }
        self.record(Event::Withdrawn);
        Ok(())
    }

    fn supplement(&mut self, missing: &[String]) -> Result<(), Refusal> {
        if self.case.accepted.is_some() {
            return Err(Refusal::SupplementAfterAcceptance);
        }
        if self.case.supplement.is_some() {
            return Err(Refusal::SupplementTwice);
        }
        if missing.is_empty() || missing.iter().any(|m| m.trim().is_empty()) {
            return Err(Refusal::Blank { what: "missing" });
        }
        self.record(Event::Supplemented(missing.to_vec()));
        Ok(())
    }
}

/// Whether something adverse is proposed, decided or brought about.
fn is_adverse(act: &Act) -> bool {
    match act {
        Act::Opine { proposals } => proposals.iter().any(|p| p.outcome.is_adverse()),
        Act::Decide { rulings } => rulings.iter().any(|r| r.outcome.is_adverse()),
        Act::TakeEffect { .. } => true,
        _ => false,
    }
}

/// Where nobody is left to be visited or asked, the earlier steps are not asked for; the exception's own
/// evidence is.
fn excused(act: &Act) -> bool {
    match act {
        Act::Opine { proposals } => proposals.iter().all(|p| p.exception.is_some()),
        Act::Decide { rulings } => rulings.iter().all(|r| r.exception.is_some()),
        _ => false,
    }
}
