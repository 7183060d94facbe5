//! Commands every case has, whatever its workflow: relatives, reports, hand-over, urgent aid, appeals.

use super::Draft;
use super::clock::deadline;
use super::step::{may_act, may_touch};
use crate::command::Command;
use crate::event::Event;
use crate::kinds::ActKind;
use crate::record::{Actor, Aid, Appeal, Bar, Exhibit, KinEntry, Person, Taken};
use crate::refusal::Refusal;
use crate::workflow::Name;
use anmin_base::money::Money;

impl Draft<'_> {
    pub(super) fn standing(&mut self, command: &Command) -> Result<(), Refusal> {
        let (name, by) = (name(command), command.by().cloned());
        if let Some(by) = by {
            self.may_command(command, &by)?;
            let (on, cycle) = (self.now.today, self.case.cycle);
            self.record(Event::Stepped(Taken { step: name.into(), on, cycle, by }));
        }
        match command {
            Command::Take(_) | Command::Tick | Command::Recount => Ok(()),
            Command::Extend { clock, reason, by } => self.extend(clock, reason, by),
            Command::Suspend { clock, reason, .. } => self.suspend(clock, reason),
            Command::Resume { clock, .. } => self.resume(clock),
            Command::Bar { person, relation, .. } => {
                self.bar_person(person, relation);
                Ok(())
            }
            Command::RegisterKin { staff, relation, .. } => {
                self.bar_person(staff, relation);
                let (staff, cycle) = (staff.clone(), self.case.cycle);
                self.record(Event::KinRegistered(KinEntry { staff, cycle, countersigned: None }));
                Ok(())
            }
            Command::CountersignKin { by } => self.countersign(by),
            Command::Complain { report, .. } if report.trim().is_empty() => {
                Err(Refusal::Blank { what: "report" })
            }
            Command::Complain { report, .. } => {
                self.record(Event::Complained(report.clone()));
                self.clocks_at(name);
                Ok(())
            }
            Command::Protect { ground, .. } => {
                self.record(Event::Protected(ground.clone()));
                Ok(())
            }
            Command::Assign { duty, person, .. } => self.assign_to(duty, person),
            Command::HandOver { from, to, .. } => self.hand_over(from, to),
            Command::Aid { amount, need, by } => self.aid(*amount, need, by),
            Command::AidPapers { aid, evidence, .. } => self.aid_papers(*aid, evidence),
            Command::Appeal { decision, remedy, .. } => self.appeal(*decision, remedy),
            Command::Stay { decision, order, .. } => self.stay(*decision, order),
            Command::LiftStay { decision, order, .. } => self.lift_stay(*decision, order),
            Command::Overturn { decision, order, .. } => self.overturn(*decision, order),
        }
    }

    /// Staff whom nothing bars; a report and an appeal are open to everybody.
    fn may_command(&self, command: &Command, by: &Actor) -> Result<(), Refusal> {
        let Some(duty) = self.workflow.duty(&by.duty) else {
            return Err(Refusal::UnknownDuty { duty: by.duty.clone() });
        };
        match command {
            Command::Complain { .. } | Command::Appeal { .. } => Ok(()),
            _ if !duty.staff => {
                let staff = self.workflow.duties.iter().filter(|d| d.staff);
                let allowed = staff.map(|d| d.named.name.clone()).collect();
                Err(Refusal::NotYourDuty { duty: by.duty.clone(), allowed })
            }
            _ => {
                let delegated = by.delegated_by.iter();
                delegated.chain([&by.person]).try_for_each(|p| may_touch(&self.case, p, true))
            }
        }
    }

    fn bar_person(&mut self, person: &Person, relation: &Name) {
        if self.case.bar(person).is_none() {
            let (person, relation) = (person.clone(), relation.clone());
            self.record(Event::Barred(Bar { person, relation, on: self.now.today }));
        }
    }

    fn countersign(&mut self, by: &Actor) -> Result<(), Refusal> {
        match &self.case.kin {
            Some(_) => {
                self.record(Event::KinCountersigned(by.person.clone()));
                Ok(())
            }
            None => Err(Refusal::NoSuch { what: "kin_register", number: 1 }),
        }
    }

    /// Who takes a duty over must be able to do it in this cycle.
    fn assign_to(&mut self, duty: &Name, person: &Person) -> Result<(), Refusal> {
        let actor = Actor { person: person.clone(), duty: duty.clone(), delegated_by: None, human: true };
        may_act(self.workflow, &self.case, &actor, std::slice::from_ref(duty), self.case.cycle)?;
        self.record(Event::Assigned(duty.clone(), person.clone()));
        Ok(())
    }

    /// The leaver's duties go to one person, all or none. What the leaver has done stays theirs.
    fn hand_over(&mut self, from: &Person, to: &Person) -> Result<(), Refusal> {
        let held: Vec<Name> = self.case.held_by(from).into_iter().cloned().collect();
        if held.is_empty() {
            return Err(Refusal::NothingHeld { person: from.clone() });
        }
        // Two duties of different sets would be taken by one person.
        let set = |duty: &Name| self.workflow.duty(duty).and_then(|d| d.set.clone());
        let kept: Vec<Name> = self.case.held_by(to).into_iter().cloned().collect();
        let mut taken = held.iter().chain(&kept).filter_map(|duty| Some((duty, set(duty)?)));
        if let Some((first, own)) = taken.next()
            && let Some((other, _)) = taken.find(|(_, other)| *other != own)
        {
            let (had, wants) = (first.clone(), other.clone());
            return Err(Refusal::SameHands { person: to.clone(), had, wants });
        }
        held.iter().try_for_each(|duty| self.assign_to(duty, to))
    }

    /// Help comes first. No state, clock, verdict or paper stands in its way; only a need and a person.
    fn aid(&mut self, amount: Money, need: &str, by: &Actor) -> Result<(), Refusal> {
        if need.chars().count() < 4 || amount.is_negative() {
            return Err(Refusal::Blank { what: "need" });
        }
        if !by.human {
            return Err(Refusal::HumanDecides);
        }
        let number = self.case.aids.len() as u32 + 1;
        let (need, on) = (need.to_owned(), self.now.today);
        self.record(Event::Aided(Aid { number, amount, need, on, papers: None }));
        self.clocks_at("aid");
        Ok(())
    }

    fn aid_papers(&mut self, number: u32, evidence: &[Exhibit]) -> Result<(), Refusal> {
        if !self.case.aids.iter().any(|a| a.number == number && a.papers.is_none()) {
            return Err(Refusal::NoSuch { what: "aid", number });
        }
        if evidence.is_empty() {
            return Err(Refusal::NoEvidence);
        }
        self.exhibits_fit(evidence, &[])?;
        evidence.iter().for_each(|e| self.add_evidence(e));
        self.record(Event::AidPapered(number, self.now.today));
        if self.case.aids.iter().all(|a| a.papers.is_some()) {
            self.clocks_at("aid_papers");
        }
        Ok(())
    }

    /// Late or not, it is recorded; a provisional last day makes nobody late.
    fn appeal(&mut self, number: u32, remedy: &Name) -> Result<(), Refusal> {
        let Some(decision) = self.case.decision(number) else {
            return Err(Refusal::NoSuch { what: "decision", number });
        };
        let Some(way) = self.workflow.remedies.iter().find(|r| r.named.name == *remedy) else {
            let allowed = self.workflow.remedies.iter().map(|r| r.named.name.clone()).collect();
            return Err(Refusal::NoSuchRemedy { remedy: remedy.clone(), allowed });
        };
        let late = decision.delivery.as_ref().is_some_and(|d| {
            let last = deadline(way.unit, true, d.served, way.limit, self.now.calendar);
            !last.provisional && self.now.today > last.date
        });
        let (remedy, on) = (remedy.clone(), self.now.today);
        self.record(Event::Appealed(Appeal { decision: number, remedy, on, late }));
        Ok(())
    }

    /// Only what is against the person can be stayed or overturned: a grant that was wrong is ended by a
    /// decision of its own, after a hearing.
    fn against(&self, number: u32) -> Result<(), Refusal> {
        match self.case.decision(number).filter(|d| d.overturned.is_none()) {
            None => Err(Refusal::NoSuch { what: "decision", number }),
            Some(d) if !d.ruling.outcome.is_adverse() => Err(Refusal::OnlyAdverse { decision: number }),
            Some(_) => Ok(()),
        }
    }

    fn order(&mut self, order: &Exhibit) -> Result<(), Refusal> {
        self.exhibits_fit(std::slice::from_ref(order), &[])?;
        self.add_evidence(order);
        Ok(())
    }

    fn stay(&mut self, number: u32, order: &Exhibit) -> Result<(), Refusal> {
        self.against(number)?;
        self.order(order)?;
        let decision = self.case.decision(number);
        let outcome = decision.filter(|d| d.effect.is_some()).map(|d| d.ruling.outcome);
        self.record(Event::Stayed(number, self.now.today));
        // The effect is undone for now, so the case waits where effects are brought about.
        let waits = outcome.and_then(|outcome| {
            let effects = self.workflow.steps.iter().filter(|s| s.act == ActKind::TakeEffect);
            let mut fitting = effects.filter(|s| s.outcomes.iter().any(|(o, _)| *o == outcome));
            fitting.find_map(|s| s.from.first().cloned())
        });
        if let Some(state) = waits.filter(|_| self.at_end()) {
            self.move_to(state);
        }
        Ok(())
    }

    fn lift_stay(&mut self, number: u32, order: &Exhibit) -> Result<(), Refusal> {
        if !self.case.decision(number).is_some_and(|d| d.stayed.is_some() && d.overturned.is_none()) {
            return Err(Refusal::NoSuch { what: "stay", number });
        }
        self.order(order)?;
        self.record(Event::StayLifted(number));
        Ok(())
    }

    fn overturn(&mut self, number: u32, order: &Exhibit) -> Result<(), Refusal> {
        self.against(number)?;
        self.order(order)?;
        let decision = self.case.decision(number);
        let waited = decision.is_some_and(|d| d.waits() && d.cycle == self.case.cycle);
        let outcome = decision.map(|d| d.ruling.outcome);
        self.record(Event::Overturned(number, self.now.today));
        let reopens = self.workflow.reopens.iter().find(|(o, _)| Some(*o) == outcome);
        // A case that has gone on to something else stays there.
        if let Some((_, state)) = reopens.filter(|_| self.at_end() || (waited && !self.case.waits())) {
            self.move_to(state.clone());
        }
        Ok(())
    }

    fn at_end(&self) -> bool {
        self.workflow.state(&self.case.state).is_some_and(|s| s.last)
    }
}

/// The command's name, as in [`crate::kinds::COMMANDS`].
fn name(command: &Command) -> &'static str {
    match command {
        Command::Take(_) => "take",
        Command::Tick => "tick",
        Command::Recount => "recount",
        Command::Extend { .. } => "extend",
        Command::Suspend { .. } => "suspend",
        Command::Resume { .. } => "resume",
        Command::Bar { .. } => "bar",
        Command::RegisterKin { .. } => "register_kin",
        Command::CountersignKin { .. } => "countersign_kin",
        Command::Complain { .. } => "complain",
        Command::Protect { .. } => "protect",
        Command::Assign { .. } => "assign",
        Command::HandOver { .. } => "hand_over",
        Command::Aid { .. } => "aid",
        Command::AidPapers { .. } => "aid_papers",
        Command::Appeal { .. } => "appeal",
        Command::Stay { .. } => "stay",
        Command::LiftStay { .. } => "lift_stay",
        Command::Overturn { .. } => "overturn",
    }
}
