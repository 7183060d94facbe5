//! The opinion, its posting, and objections to it.

use super::Draft;
use crate::event::Event;
use crate::kinds::{Outcome, known};
use crate::record::{Actor, Objection, Opinion, Person, Posting, Proposal, Reason, Standing, Visit};
use crate::refusal::Refusal;
use crate::workflow::{Name, Step};

impl Draft<'_> {
    pub(super) fn opine(&mut self, step: &Step, proposals: &[Proposal], by: &Actor) -> Result<(), Refusal> {
        self.covers(proposals.iter().map(|p| &p.programme))?;
        let outcomes: Vec<(&Name, Outcome)> = proposals.iter().map(|p| (&p.programme, p.outcome)).collect();
        self.outcomes_fit(step, &outcomes)?;
        let silent = self.case.silent_sources();
        if !silent.is_empty() {
            return Err(Refusal::CheckOpen { sources: silent });
        }
        self.nothing_open()?;
        if !proposals.iter().all(|p| p.exception.is_some()) {
            self.visited()?;
        }
        for proposal in proposals {
            if proposal.outcome.is_adverse() {
                if !by.human {
                    return Err(Refusal::HumanDecides);
                }
                reasoned(&proposal.reasons)?;
            }
            if proposal.exception.is_some() && !matches!(proposal.outcome, Outcome::Stop | Outcome::Suspend) {
                return Err(Refusal::ExceptionUnfit { outcome: proposal.outcome });
            }
        }
        self.record(Event::Opined(Opinion {
            number: self.case.opinions.len() as u32 + 1,
            cycle: self.case.cycle,
            proposals: proposals.to_vec(),
            by: by.person.clone(),
        }));
        Ok(())
    }

    /// Each programme once; all that are applied for, or at least one that is received.
    pub(super) fn covers<'p>(&self, named: impl Iterator<Item = &'p Name>) -> Result<(), Refusal> {
        let named: Vec<&Name> = named.collect();
        let open: Vec<Name> = self.programmes(|s| s == Standing::Open);
        let lives: Vec<Name> = self.programmes(Standing::lives);
        let twice = (0..named.len()).any(|n| named[..n].contains(&named[n]));
        let left_out = open.iter().any(|p| !named.contains(&p));
        if named.is_empty() || twice || left_out || named.iter().any(|p| !lives.contains(p)) {
            let programmes = if open.is_empty() { lives } else { open };
            return Err(Refusal::EachProgrammeOnce { programmes });
        }
        Ok(())
    }

    fn programmes(&self, which: impl Fn(Standing) -> bool) -> Vec<Name> {
        let found = self.case.programmes.iter().filter(|(_, s)| which(*s));
        found.map(|(name, _)| name.clone()).collect()
    }

    /// The step allows each outcome, its verdicts hold, and one that must occur does.
    pub(super) fn outcomes_fit(&self, step: &Step, outcomes: &[(&Name, Outcome)]) -> Result<(), Refusal> {
        let allowed = || step.outcomes.iter().map(|(o, _)| *o).collect::<Vec<_>>();
        for (programme, outcome) in outcomes {
            let Some((_, guards)) = step.outcomes.iter().find(|(o, _)| o == outcome) else {
                return Err(Refusal::OutcomeUnfit { step: step.named.name.clone(), allowed: allowed() });
            };
            self.guard(guards, Some(programme.as_str()))?;
            let applied = self.case.standing(programme) == Some(Standing::Open);
            let fits = match outcome {
                Outcome::Grant | Outcome::Refuse | Outcome::Decline => applied,
                _ => !applied,
            };
            if !fits {
                return Err(Refusal::OutcomeUnfit { step: step.named.name.clone(), allowed: allowed() });
            }
        }
        let must = &step.must;
        if !must.is_empty() && !outcomes.iter().any(|(_, o)| must.contains(o)) {
            return Err(Refusal::OutcomeUnfit { step: step.named.name.clone(), allowed: must.clone() });
        }
        Ok(())
    }

    /// Nothing found is untold, contested or objected to without an answer.
    pub(super) fn nothing_open(&self) -> Result<(), Refusal> {
        if self.case.untold() {
            return Err(Refusal::ResultNotTold);
        }
        let contested = self.case.contested_sources();
        if !contested.is_empty() {
            return Err(Refusal::RecheckOpen { sources: contested });
        }
        match self.case.open_objections().next() {
            Some(objection) => Err(Refusal::ObjectionOpen { objection: objection.number }),
            None => Ok(()),
        }
    }

    /// Two people who have no bar against them were there in this cycle.
    pub(super) fn visited(&self) -> Result<(), Refusal> {
        let free = |v: &&Visit| v.visitors.iter().all(|p| self.case.bar(p).is_none());
        let this = self.case.visits.iter().filter(|v| v.cycle == self.case.cycle && !v.spot);
        if this.filter(free).count() == 0 { Err(Refusal::NoVisit) } else { Ok(()) }
    }

    pub(super) fn post(&mut self, places: &[Name]) -> Result<(), Refusal> {
        let Some(opinion) = self.case.opinion() else { return Err(Refusal::NoOpinion) };
        if let Some(ground) = &self.case.protected {
            return Err(Refusal::NeverPosted { ground: ground.clone() });
        }
        if !opinion.proposals.iter().any(|p| p.outcome == Outcome::Grant) {
            return Err(Refusal::RefusalPosted);
        }
        let mut places = places.to_vec();
        places.sort();
        places.dedup();
        let apart = self.workflow.figure(known::PLACES_APART);
        let wanted = match apart {
            0 | 1 => 1,
            _ => match self.verdict(known::LIVES_ELSEWHERE, None) {
                None => return Err(Refusal::VerdictUnknown { verdict: known::LIVES_ELSEWHERE.into() }),
                Some(true) => apart,
                Some(false) => 1,
            },
        };
        if (places.len() as u32) < wanted || places.iter().any(|p| p.trim().is_empty()) {
            return Err(Refusal::MorePlaces { wanted });
        }
        let opinion = opinion.number;
        self.record(Event::Posted(Posting { opinion, places, up: self.now.today, down: None }));
        Ok(())
    }

    pub(super) fn take_down(&mut self) -> Result<(), Refusal> {
        let opinion = self.case.opinion().map(|o| o.number);
        let up = self.case.postings.last().filter(|p| p.down.is_none() && Some(p.opinion) == opinion);
        if up.is_none() {
            return Err(Refusal::NotPosted);
        }
        self.nothing_open()?;
        self.record(Event::TakenDown(self.now.today));
        Ok(())
    }

    pub(super) fn spare(&mut self) -> Result<(), Refusal> {
        if self.case.protected.is_none() {
            return Err(Refusal::NotProtected);
        }
        let Some(opinion) = self.case.opinion() else { return Err(Refusal::NoOpinion) };
        self.record(Event::Spared(opinion.number));
        Ok(())
    }

    pub(super) fn object(&mut self, objector: &Person) -> Result<(), Refusal> {
        if objector.0.trim().is_empty() {
            return Err(Refusal::Blank { what: "objector" });
        }
        let number = self.case.objections.len() as u32 + 1;
        let (objector, on) = (objector.clone(), self.now.today);
        self.record(Event::Objected(Objection { number, objector, on, seq: 0, upheld: None }));
        Ok(())
    }

    /// Only after somebody has looked again: a visit or an appraisal since the objection.
    pub(super) fn answer_objection(&mut self, number: u32, upheld: bool) -> Result<(), Refusal> {
        let found = self.case.open_objections().find(|o| o.number == number);
        let Some(objection) = found else {
            return Err(Refusal::NoSuch { what: "objection", number });
        };
        let visited = self.case.visits.iter().any(|v| v.seq > objection.seq);
        let appraised = self.case.appraisals.iter().any(|(_, seq, _)| *seq > objection.seq);
        if !visited && !appraised {
            return Err(Refusal::Unexamined { objection: number });
        }
        self.record(Event::ObjectionAnswered(number, upheld));
        Ok(())
    }
}

/// At least one reason, each in words and with its article.
pub(super) fn reasoned(reasons: &[Reason]) -> Result<(), Refusal> {
    let whole = |r: &Reason| {
        let law = &r.law;
        !r.text.trim().is_empty() && !law.document.trim().is_empty() && !law.article.trim().is_empty()
    };
    if reasons.is_empty() || !reasons.iter().all(whole) { Err(Refusal::NoReason) } else { Ok(()) }
}
