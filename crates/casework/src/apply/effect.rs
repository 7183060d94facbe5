//! Notice, delivery, effect: nothing adverse takes effect without its five parts.

use super::Draft;
use crate::case::Case;
use crate::event::Event;
use crate::kinds::{Exception, Manner, Outcome, Part, known};
use crate::record::{Decision, Delivery, Exhibit, Reason};
use crate::refusal::Refusal;
use crate::workflow::Step;
use anmin_base::date::Date;

/// Which of the five parts a decision lacks today. Asked again at the moment of effect, whatever was asked
/// before: the case may have been changed by hand, brought in from elsewhere, or written by an older program.
pub fn missing_parts(case: &Case, decision: &Decision, today: Date) -> Vec<Part> {
    let usable = |reference: &String| {
        let found = case.exhibit(reference);
        found.is_some_and(|e| !e.exhibit.derived && !e.contested)
    };
    let written = |r: &Reason| {
        !r.text.trim().is_empty() && !r.law.document.trim().is_empty() && !r.law.article.trim().is_empty()
    };
    let ruling = &decision.ruling;
    let delivered = decision
        .delivery
        .as_ref()
        .is_some_and(|d| !d.reference.is_empty() && d.served <= today && manner_fits(decision, d.manner));
    let there = |part: &Part| match part {
        Part::Human => decision.by.human && !decision.by.person.0.trim().is_empty(),
        Part::Evidence => !ruling.evidence.is_empty() && ruling.evidence.iter().all(usable),
        Part::Reason => !ruling.reasons.is_empty() && ruling.reasons.iter().all(written),
        Part::Notice => decision.noticed.is_some() && delivered,
        Part::Appeal => !decision.remedies.is_empty(),
    };
    Part::ALL.into_iter().filter(|part| !there(part)).collect()
}

/// Kin are told of a death, and somebody who is missing by public notice; everybody else in person, by post
/// or before witnesses. A message alone is never enough against a person.
fn manner_fits(decision: &Decision, manner: Manner) -> bool {
    let exception = decision.ruling.exception;
    match manner {
        Manner::Signed | Manner::Mail | Manner::Left => exception != Some(Exception::Missing),
        Manner::Kin | Manner::NoKin => exception == Some(Exception::Death),
        Manner::Public => exception == Some(Exception::Missing),
        Manner::Electronic => !decision.ruling.outcome.is_adverse(),
    }
}

impl Draft<'_> {
    /// A decision that still goes its way: once it has its effect, neither notice nor delivery is rewritten.
    fn the_decision(&self, number: u32) -> Result<&Decision, Refusal> {
        let open = |d: &&Decision| d.overturned.is_none() && d.effect.is_none();
        let found = self.case.decision(number).filter(open);
        found.ok_or(Refusal::NoSuch { what: "decision", number })
    }

    pub(super) fn notify(&mut self, number: u32) -> Result<(), Refusal> {
        let decision = self.the_decision(number)?;
        if decision.remedies.is_empty() {
            return Err(Refusal::EffectIncomplete { decision: number, missing: vec![Part::Appeal] });
        }
        self.record(Event::Noticed(number, self.now.today));
        let untold = |d: &Decision| d.ruling.outcome == Outcome::Refuse && d.noticed.is_none();
        if !self.case.decisions.iter().any(untold) {
            self.clocks_at("refusal_noticed");
        }
        Ok(())
    }

    pub(super) fn deliver(&mut self, number: u32, manner: Manner, given: &[Exhibit]) -> Result<(), Refusal> {
        let decision = self.the_decision(number)?;
        if decision.noticed.is_none() {
            return Err(Refusal::NotNoticed { decision: number });
        }
        if !manner_fits(decision, manner) {
            return Err(Refusal::MannerUnfit { decision: number, manner });
        }
        let Some(proof) = given.first() else {
            return Err(Refusal::NoDeliveryProof { decision: number });
        };
        let today = self.now.today;
        let days = match manner {
            Manner::Public => self.workflow.figure(known::PUBLIC_SERVICE_DAYS),
            _ => 0,
        };
        let served = today.add_days(i32::try_from(days).unwrap_or(i32::MAX));
        let delivery = Delivery { manner, reference: proof.reference.clone(), on: today, served };
        self.record(Event::Delivered(number, delivery));
        Ok(())
    }

    pub(super) fn take_effect(&mut self, step: &Step, number: u32) -> Result<(), Refusal> {
        let decision = self.the_decision(number)?.clone();
        let outcome = decision.ruling.outcome;
        if !decision.waits() || !step.outcomes.iter().any(|(allowed, _)| *allowed == outcome) {
            let allowed = step.outcomes.iter().map(|(o, _)| *o).collect();
            return Err(Refusal::OutcomeUnfit { step: step.named.name.clone(), allowed });
        }
        if decision.stayed.is_some() {
            return Err(Refusal::Stayed { decision: number });
        }
        let missing = missing_parts(&self.case, &decision, self.now.today);
        if !missing.is_empty() {
            return Err(Refusal::EffectIncomplete { decision: number, missing });
        }
        // The hearing before it is asked for again as well.
        let opinion = self.case.opinions.iter().rev().find(|o| o.cycle == decision.cycle);
        let heard = opinion.is_some_and(|o| self.case.hearings.iter().any(|h| h.opinion == o.number));
        if outcome.takes_away() && decision.ruling.exception.is_none() && !heard {
            let programme = decision.ruling.programme.clone();
            return Err(Refusal::NotHeard { programme, outcome });
        }
        self.record(Event::TookEffect(number, self.now.today));
        Ok(())
    }
}
