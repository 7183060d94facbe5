//! Hearing and deciding.

use super::Draft;
use super::opinion::reasoned;
use crate::event::Event;
use crate::kinds::{Exception, Outcome, Proof, known};
use crate::record::{Actor, Decision, Evidence, Heard, Hearing, Ruling, Standing};
use crate::refusal::Refusal;
use crate::workflow::{Name, Step};
use std::collections::BTreeSet;

impl Draft<'_> {
    pub(super) fn hear(&mut self, hearing: &Hearing, by: &Actor) -> Result<(), Refusal> {
        let Some(opinion) = self.case.opinion() else { return Err(Refusal::NoOpinion) };
        if !opinion.proposals.iter().any(|p| p.outcome.takes_away()) {
            return Err(Refusal::NothingToHear);
        }
        if !by.human {
            return Err(Refusal::HumanDecides);
        }
        let parts = [&hearing.heard.0, &hearing.how, &hearing.said, &hearing.answer];
        if parts.iter().any(|part| part.trim().is_empty()) || hearing.heard == by.person {
            return Err(Refusal::Blank { what: "hearing" });
        }
        let (opinion, by, on) = (opinion.number, by.person.clone(), self.now.today);
        self.record(Event::Heard(Heard { hearing: hearing.clone(), opinion, by, on }));
        Ok(())
    }

    /// One or more decisions, signed together. Each is a row of its own.
    pub(super) fn decide(&mut self, step: &Step, rulings: &[Ruling], by: &Actor) -> Result<(), Refusal> {
        let outcomes: Vec<(&Name, Outcome)> = rulings.iter().map(|r| (&r.programme, r.outcome)).collect();
        self.covers(rulings.iter().map(|r| &r.programme))?;
        self.outcomes_fit(step, &outcomes)?;
        // Not to accept is decided before anything was looked into; every other decision rests on an opinion.
        if rulings.iter().any(|r| r.outcome != Outcome::Decline) {
            self.ready(rulings)?;
        } else if self.case.accepted.is_some() {
            return Err(Refusal::OutcomeUnfit {
                step: step.named.name.clone(),
                allowed: vec![Outcome::Refuse],
            });
        }
        for ruling in rulings.iter().filter(|r| r.outcome.is_adverse()) {
            if !by.human {
                return Err(Refusal::HumanDecides);
            }
            reasoned(&ruling.reasons)?;
            self.evidence_holds(ruling)?;
            self.heard(ruling)?;
        }
        for ruling in rulings {
            let remedies = self.workflow.remedies.iter().map(|r| r.named.name.clone()).collect();
            self.record(Event::Decided(Decision {
                number: self.case.decisions.len() as u32 + 1,
                cycle: self.case.cycle,
                ruling: ruling.clone(),
                by: by.clone(),
                on: self.now.today,
                remedies,
                noticed: None,
                delivery: None,
                effect: None,
                stayed: None,
                overturned: None,
            }));
        }
        if rulings.iter().any(|r| r.outcome == Outcome::Refuse) {
            self.clocks_at("refused");
        }
        Ok(())
    }

    /// What must be there before anybody signs anything.
    fn ready(&self, rulings: &[Ruling]) -> Result<(), Refusal> {
        let Some(opinion) = self.case.opinion() else { return Err(Refusal::NoOpinion) };
        let proposed: Vec<Name> = opinion.proposals.iter().map(|p| p.programme.clone()).collect();
        if !proposed.iter().all(|p| rulings.iter().any(|r| r.programme == *p)) {
            return Err(Refusal::EachProgrammeOnce { programmes: proposed });
        }
        if rulings.iter().any(|r| !proposed.contains(&r.programme)) {
            return Err(Refusal::EachProgrammeOnce { programmes: proposed });
        }
        self.nothing_open()?;
        self.barred_work()?;
        if !rulings.iter().all(|r| r.exception.is_some()) {
            self.visited()?;
        }
        if rulings.iter().any(|r| r.outcome == Outcome::Grant) {
            self.posted()?;
        }
        self.spot_visited()?;
        let waiting = self.case.decisions.iter().find(|d| {
            d.waits() && d.stayed.is_none() && rulings.iter().any(|r| r.programme == d.ruling.programme)
        });
        match waiting {
            Some(decision) => Err(Refusal::DecisionWaits { decision: decision.number }),
            None => Ok(()),
        }
    }

    /// A grant was posted for its time, or is spared it, where the workflow posts at all.
    fn posted(&self) -> Result<(), Refusal> {
        let opinion = self.case.opinion().map(|o| o.number);
        let down = self.case.postings.iter().any(|p| p.down.is_some() && Some(p.opinion) == opinion);
        let posts = self.workflow.has_act(crate::kinds::ActKind::Post);
        let spared = opinion.is_some() && self.case.spared == opinion;
        if posts && !down && !spared { Err(Refusal::NotPosted) } else { Ok(()) }
    }

    /// The deciding unit was there itself: for a relative of staff, after a report, and when drawn.
    fn spot_visited(&self) -> Result<(), Refusal> {
        let cycle = self.case.cycle;
        let kin = self.case.kin.as_ref().filter(|k| k.cycle == cycle);
        if kin.is_some_and(|k| k.countersigned.is_none()) {
            return Err(Refusal::KinNotCountersigned);
        }
        let reported = self.case.complaints.iter().any(|(c, _)| *c == cycle);
        let drawn = if self.workflow.figure(known::SPOT_RATE) > 0 && cycle == 1 {
            let sampled = self.verdict(known::SAMPLED, None);
            sampled.ok_or_else(|| Refusal::VerdictUnknown { verdict: known::SAMPLED.into() })?
        } else {
            false
        };
        let there = self.case.visits.iter().any(|v| v.cycle == cycle && v.spot);
        if (kin.is_some() || reported || drawn) && !there { Err(Refusal::NoSpotVisit) } else { Ok(()) }
    }

    /// What a barred person did in this cycle was done again by somebody else.
    fn barred_work(&self) -> Result<(), Refusal> {
        let this: Vec<_> = self.case.done.iter().filter(|d| d.cycle == self.case.cycle).collect();
        let free = |duty: &Name| this.iter().any(|d| d.duty == *duty && self.case.bar(&d.person).is_none());
        let barred = this.iter().find(|d| self.case.bar(&d.person).is_some() && !free(&d.duty));
        match barred {
            Some(d) => Err(Refusal::BarredWork { person: d.person.clone(), duty: d.duty.clone() }),
            None => Ok(()),
        }
    }

    /// What is held against somebody is in the case, holds today, is nobody's estimate and not in dispute.
    fn evidence_holds(&self, ruling: &Ruling) -> Result<(), Refusal> {
        if ruling.evidence.is_empty() {
            return Err(Refusal::NoEvidence);
        }
        for reference in &ruling.evidence {
            let reference = reference.clone();
            let Some(evidence) = self.case.exhibit(&reference) else {
                return Err(Refusal::UnknownEvidence { reference });
            };
            if evidence.exhibit.derived {
                return Err(Refusal::DerivedEvidence { reference });
            }
            if evidence.contested {
                return Err(Refusal::ContestedEvidence { reference });
            }
            if let Some(until) = evidence.exhibit.valid_until.filter(|until| *until < self.now.today) {
                return Err(Refusal::EvidenceStale { reference, until });
            }
        }
        Ok(())
    }

    /// Before something is taken away the person was heard on just that, or an exception is proved.
    fn heard(&self, ruling: &Ruling) -> Result<(), Refusal> {
        let Ruling { outcome, programme, .. } = ruling;
        if let Some(exception) = ruling.exception {
            if !matches!(outcome, Outcome::Stop | Outcome::Suspend) {
                return Err(Refusal::ExceptionUnfit { outcome: *outcome });
            }
            return self.exception_holds(exception, ruling);
        }
        if !outcome.takes_away() {
            return Ok(());
        }
        let opinion = self.case.opinion();
        let heard = opinion.is_some_and(|o| self.case.hearings.iter().any(|h| h.opinion == o.number));
        if self.case.proposed(programme) != Some(*outcome) || !heard {
            return Err(Refusal::NotHeard { programme: programme.clone(), outcome: *outcome });
        }
        Ok(())
    }

    fn exception_holds(&self, exception: Exception, ruling: &Ruling) -> Result<(), Refusal> {
        let cited: Vec<&Evidence> = ruling.evidence.iter().filter_map(|r| self.case.exhibit(r)).collect();
        let proving =
            |proof: Proof| cited.iter().filter(move |e| self.workflow.proof(&e.exhibit.kind) == Some(proof));
        let this = self.case.visits.iter().filter(|v| v.cycle == self.case.cycle);
        let days: BTreeSet<_> = this.map(|v| v.on).collect();
        let holds = match exception {
            Exception::Death => {
                let sources: BTreeSet<&Name> = proving(Proof::Death).map(|e| &e.exhibit.source).collect();
                sources.len() >= 2 || !days.is_empty()
            }
            Exception::Withdrawal => proving(Proof::Withdrawal).next().is_some(),
            Exception::Missing => days.len() >= 2,
            Exception::MovedAway => proving(Proof::Move).next().is_some(),
        };
        if holds { Ok(()) } else { Err(Refusal::ExceptionUnproved { exception }) }
    }

    /// The favourable ones among the decisions just signed begin.
    pub(super) fn begin_grants(&mut self) {
        let (cycle, today) = (self.case.cycle, self.now.today);
        let favourable = |o: Outcome| matches!(o, Outcome::Grant | Outcome::Increase | Outcome::Resume);
        let new = self.case.decisions.iter().filter(|d| d.cycle == cycle && d.on == today);
        let stands =
            |programme: &Name, number: u32| self.case.standing(programme) == Some(Standing::Granted(number));
        let begin: Vec<u32> = new
            .filter(|d| favourable(d.ruling.outcome) && !stands(&d.ruling.programme, d.number))
            .map(|d| d.number)
            .collect();
        begin.into_iter().for_each(|number| self.record(Event::GrantBegan(number)));
    }
}
