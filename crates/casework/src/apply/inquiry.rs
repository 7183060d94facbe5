//! Finding out: authorities and checks, what the person says to their result, visits, appraisals.

use super::Draft;
use super::step::{may_act, may_touch};
use crate::event::Event;
use crate::kinds::known;
use crate::record::{Actor, Answer, Authority, Check, Exhibit, Meeting, Person, Visit};
use crate::refusal::Refusal;
use crate::workflow::Name;
use anmin_base::date::Date;

/// The kind of the evidence that a source's answer makes. Silence makes none, so nothing can rest on it.
pub const CHECK_ANSWER: &str = "check_answer";

impl Draft<'_> {
    pub(super) fn authorise(&mut self, subject: &Person, signer: &Person) -> Result<(), Refusal> {
        if subject.0.trim().is_empty() || signer.0.trim().is_empty() {
            return Err(Refusal::Blank { what: "signer" });
        }
        let (subject, signer) = (subject.clone(), signer.clone());
        self.record(Event::Authorised(Authority { subject, signer, on: self.now.today, revoked: None }));
        Ok(())
    }

    /// No further request goes out. What was found stays, and nothing is refused for it.
    pub(super) fn revoke(&mut self, subject: &Person) -> Result<(), Refusal> {
        if !self.authorised(subject) {
            return Err(Refusal::NotAuthorised { subjects: vec![subject.clone()] });
        }
        self.record(Event::Revoked(subject.clone(), self.now.today));
        Ok(())
    }

    fn authorised(&self, subject: &Person) -> bool {
        self.case.authorities.iter().any(|a| a.subject == *subject && a.revoked.is_none())
    }

    pub(super) fn ask_check(&mut self, subjects: &[Person], sources: &[Name]) -> Result<(), Refusal> {
        if subjects.is_empty() || sources.is_empty() {
            return Err(Refusal::Blank { what: "sources" });
        }
        let without: Vec<Person> = subjects.iter().filter(|s| !self.authorised(s)).cloned().collect();
        if !without.is_empty() {
            return Err(Refusal::NotAuthorised { subjects: without });
        }
        self.record(Event::CheckAsked(Check {
            number: self.case.checks.len() as u32 + 1,
            cycle: self.case.cycle,
            subjects: subjects.to_vec(),
            sources: sources.iter().map(|s| (s.clone(), None)).collect(),
            told: false,
            contested: vec![],
        }));
        Ok(())
    }

    pub(super) fn report_check(
        &mut self,
        number: u32,
        answers: &[(Name, Answer)],
        valid_until: Option<Date>,
    ) -> Result<(), Refusal> {
        let Some(check) = self.case.checks.iter().find(|c| c.number == number) else {
            return Err(Refusal::NoSuch { what: "check", number });
        };
        if answers.is_empty() {
            return Err(Refusal::Blank { what: "answers" });
        }
        for (n, (source, _)) in answers.iter().enumerate() {
            let asked = check.sources.iter().find(|(name, _)| name == source);
            let twice = answers[..n].iter().any(|(name, _)| name == source);
            // A source that was silent may still answer.
            let open = asked.is_some_and(|(_, said)| matches!(said, None | Some(Answer::NoAnswer)));
            if !open || twice {
                return Err(Refusal::SourceNotAsked { source: source.clone() });
            }
        }
        for (source, answer) in answers {
            self.record(Event::CheckAnswered(number, source.clone(), *answer));
            if *answer != Answer::NoAnswer {
                self.add_evidence(&Exhibit {
                    kind: CHECK_ANSWER.into(),
                    reference: format!("check:{number}:{source}"),
                    source: source.clone(),
                    derived: false,
                    valid_until,
                });
            }
        }
        Ok(())
    }

    pub(super) fn tell_result(&mut self) -> Result<(), Refusal> {
        let differs = |c: &&Check| c.sources.iter().any(|(_, said)| *said == Some(Answer::Differs));
        let this = self.case.checks.iter().filter(|c| c.cycle == self.case.cycle && !c.told);
        let numbers: Vec<u32> = this.filter(differs).map(|c| c.number).collect();
        if numbers.is_empty() {
            return Err(Refusal::NothingToTell);
        }
        numbers.into_iter().for_each(|n| self.record(Event::ResultTold(n)));
        Ok(())
    }

    pub(super) fn explain(&mut self, contested: &[Name]) -> Result<(), Refusal> {
        for source in contested {
            let this = self.case.checks.iter().filter(|c| c.cycle == self.case.cycle);
            if !this.flat_map(|c| &c.sources).any(|(name, said)| name == source && said.is_some()) {
                return Err(Refusal::SourceNotAsked { source: source.clone() });
            }
        }
        if !contested.is_empty() {
            self.record(Event::Contested(contested.to_vec()));
        }
        Ok(())
    }

    /// Every visitor does the duty, so that none of them decides the case later.
    pub(super) fn visit(&mut self, visitors: &[Person], by: &Actor, spot: bool) -> Result<(), Refusal> {
        let mut visitors = visitors.to_vec();
        visitors.sort();
        visitors.dedup();
        if visitors.len() < 2 {
            return Err(Refusal::TwoVisitors { found: visitors.len() as u32 });
        }
        for visitor in &visitors {
            may_touch(&self.case, visitor, true)?;
            let person = visitor.clone();
            let visitor = Actor { person, duty: by.duty.clone(), delegated_by: None, human: true };
            may_act(self.workflow, &self.case, &visitor, std::slice::from_ref(&by.duty), self.case.cycle)?;
        }
        for visitor in &visitors {
            self.duty_done(visitor, &by.duty);
        }
        let cycle = self.case.cycle;
        self.record(Event::Visited(Visit { cycle, spot, visitors, on: self.now.today, seq: 0 }));
        Ok(())
    }

    pub(super) fn appraise(&mut self, meeting: Meeting) -> Result<(), Refusal> {
        let least = self.workflow.figure(known::APPRAISAL_LEAST);
        let odd = self.workflow.figure(known::APPRAISAL_ODD) == 1;
        let thirds = self.workflow.figure(known::APPRAISAL_THIRDS);
        let Meeting { present, representatives, in_favour } = meeting;
        let enough = u64::from(representatives) * 3 >= u64::from(present) * u64::from(thirds);
        let adds_up = representatives <= present && in_favour <= present && present > 0;
        if present < least || (odd && present % 2 == 0) || !enough || !adds_up {
            return Err(Refusal::AppraisalUnfit { least, odd, thirds });
        }
        self.record(Event::Appraised(meeting));
        Ok(())
    }
}
