//! From papers handed in to a decision.

use super::{Flow, Halt, Walker};
use crate::record::EligibleV1;
use crate::record::act::{ActV1, AnswerV1, BecauseV1, CommandV1, MeetingV1, ProposalV1, RulingV1};
use anmin_casework::kinds::known;

/// What people leave out.
const MISSING: [&str; 5] = ["户口簿复印件", "近六个月银行流水", "残疾人证", "在读证明", "诚信承诺书"];
/// What sources are asked about; those the table of authority has.
const SOURCES: [&str; 5] = ["deposits", "social_insurance", "vehicles", "real_estate", "tax"];

impl Walker<'_> {
    /// The whole of it.
    pub(super) fn life(&mut self) -> Flow {
        if self.target.is_none() && self.random.in_thousand(90) {
            let examiner = self.staff(self.cast.examiner);
            self.open("carry_over", examiner, "keep_records")?;
            return self.afterwards();
        }
        self.receive()?;
        self.intake()?;
        self.investigate()?;
        loop {
            self.opinion()?;
            if self.county()? {
                break;
            }
        }
        self.afterwards()
    }

    fn receive(&mut self) -> Flow {
        let clerk = self.staff(self.cast.clerk);
        let applicant = self.applicant();
        // Online one names one's own household: whoever owes support from elsewhere is entered at the counter.
        let own = self.home.members().count() == self.home.people.len();
        let online = self.home.people[0].phone.is_some() && self.turns(220, &[]) && own;
        match online {
            false => self.open("receive", clerk, "intake"),
            true => {
                self.open("receive", applicant, "resident")?;
                self.wait(0, 2)?;
                self.give("intake", self.cast.clerk)
            }
        }
    }

    /// Gives a duty to somebody: the examiner does, for a reason the journal has.
    pub(super) fn give(&mut self, duty: &str, to: usize) -> Flow {
        let first = self.workflow.duties.iter().find(|d| d.staff).map(|d| d.named.name.clone());
        let person = self.staff(to).person.to_string();
        let command = CommandV1::Assign { duty: duty.to_owned(), person };
        self.instruct(self.staff(self.cast.examiner), &first.unwrap_or_default(), command)
    }

    fn intake(&mut self) -> Flow {
        let clerk = self.staff(self.cast.clerk);
        self.wait(0, 2)?;
        let adults = self.file()?.case.adults.clone();
        for adult in adults {
            let with = ActV1::Authorise { subject: adult.0.clone(), signer: adult.0 };
            self.step("authorise", clerk, "intake", with)?;
        }
        if self.turns(130, &["supplementing"]) {
            let mut missing = vec![(*self.random.one(&MISSING)).to_owned()];
            if self.random.in_thousand(300) {
                missing.push("收入证明".into());
            }
            self.step("supplement", clerk, "intake", ActV1::Supplement { missing })?;
            self.wait(1, 8)?;
            self.step("supplied", clerk, "intake", ActV1::Plain {})?;
        }
        if self.turns(20, &["declining", "declined"]) {
            return self.decline();
        }
        if self.turns(20, &["withdrawn"]) {
            self.wait(1, 3)?;
            self.step("withdraw", self.applicant(), "resident", ActV1::Withdraw {})?;
            return Err(Halt::Here);
        }
        self.wait(0, 2)?;
        self.step("accept", clerk, "intake", ActV1::Accept {})
    }

    fn decline(&mut self) -> Flow {
        let clerk = self.staff(self.cast.clerk);
        let reasons = vec![self.because("decline", "申请人户籍和经常居住地均不在本县")];
        let rulings = vec![self.ruling("decline", reasons, &["application"])];
        self.step("decline", clerk, "intake", ActV1::Decide { rulings })?;
        self.wait(0, 1)?;
        self.tell_and_deliver(clerk, "intake", "signed")?;
        let decision = self.latest_decision()?;
        let examiner = self.staff(self.cast.examiner);
        self.step("settle_decline", examiner, "deliver", ActV1::TakeEffect { decision })?;
        Err(Halt::Here)
    }

    fn investigate(&mut self) -> Flow {
        let (investigator, second) = (self.staff(self.cast.investigator), self.staff(self.cast.second));
        self.wait(0, 1)?;
        self.give("investigate", self.cast.investigator)?;
        self.wait(0, 1)?;
        let adults: Vec<String> = self.file()?.case.adults.iter().map(|a| a.0.clone()).collect();
        let check = !adults.is_empty();
        let first = usize::try_from(self.random.below(3)).unwrap_or(0);
        let sources: Vec<String> = SOURCES[first..first + 3].iter().map(|s| (*s).to_owned()).collect();
        if check {
            let with = ActV1::AskCheck { subjects: adults.clone(), sources: sources.clone() };
            self.step("ask_check", investigator, "investigate", with)?;
            self.wait(0, 2)?;
            self.step("begin_check", self.staff(self.cast.checker), "check", ActV1::Plain {})?;
        }
        self.wait(1, 4)?;
        self.visit(investigator, second)?;
        if self.turns(25, &[]) {
            self.extend()?;
        }
        if check {
            self.wait(1, 4)?;
            self.report(1, &adults, &sources)?;
        }
        self.wait(0, 2)?;
        self.conclude()
    }

    fn conclude(&mut self) -> Flow {
        self.step("conclude", self.staff(self.cast.investigator), "investigate", ActV1::Plain {})
    }

    pub(super) fn visit(&mut self, lead: super::Doer, second: super::Doer) -> Flow {
        let visitors = vec![lead.person.to_string(), second.person.to_string()];
        self.step("visit", lead, "investigate", ActV1::Visit { visitors })
    }

    /// More time for what is hard to find out, on the first ground the service has.
    fn extend(&mut self) -> Flow {
        let running =
            |name: &str| self.file.as_ref().is_some_and(|f| f.case.clock(name).is_some_and(|c| c.runs()));
        let found = self.workflow.clocks.iter().find_map(|clock| {
            let extension = clock.extension.as_ref()?;
            let fits = running(&clock.named.name) && extension.by.iter().any(|duty| duty == "investigate");
            fits.then(|| Some((clock.named.name.clone(), extension.reasons.last()?.named.name.clone())))?
        });
        let Some((clock, reason)) = found else { return Ok(()) };
        let late = self.file()?.case.clock(&clock).is_some_and(|c| c.deadline.date < self.on);
        if late {
            return Ok(());
        }
        let by = self.staff(self.cast.investigator);
        self.instruct(by, "investigate", CommandV1::Extend { clock, reason })
    }

    /// What the sources answered. What differs is told, explained or not, and asked again where it is contested.
    fn report(&mut self, check: u32, adults: &[String], sources: &[String]) -> Flow {
        let checker = self.staff(self.cast.checker);
        let differs = check == 1 && (self.turns(90, &[]) || self.differs);
        let answers = sources.iter().enumerate().map(|(n, source)| {
            let answer = match n {
                0 if differs => "differs",
                2 if self.random.in_thousand(60) => "no_answer",
                _ => "matches",
            };
            AnswerV1 { source: source.clone(), answer: answer.to_owned() }
        });
        let answers: Vec<AnswerV1> = answers.collect();
        let until = self.on.add_months(6).to_string();
        let with = ActV1::ReportCheck { check, answers, valid_until: Some(until) };
        self.step("report_check", checker, "check", with)?;
        if !differs {
            return Ok(());
        }
        let investigator = self.staff(self.cast.investigator);
        self.wait(0, 2)?;
        self.step("tell_result", investigator, "investigate", ActV1::TellResult {})?;
        if self.differs {
            return Err(Halt::Here);
        }
        if self.random.in_thousand(350) {
            // Nobody explains: the days to do so are waited for.
            return self.wait(6, 9);
        }
        self.wait(1, 3)?;
        let contested: Vec<String> = match self.random.in_thousand(400) {
            true => sources.iter().take(1).cloned().collect(),
            false => Vec::new(),
        };
        let again = !contested.is_empty();
        let clerk = self.staff(self.cast.clerk);
        self.step("explain", clerk, "intake", ActV1::Explain { contested: contested.clone() })?;
        if again {
            self.wait(0, 2)?;
            let with = ActV1::AskCheck { subjects: adults.to_vec(), sources: contested.clone() };
            self.step("ask_again", investigator, "investigate", with)?;
            self.wait(1, 4)?;
            self.report(2, adults, &contested)?;
        }
        Ok(())
    }

    /// Appraisal, opinion and posting, up to where the county is to decide.
    fn opinion(&mut self) -> Flow {
        let here = self.workflow.step("appraise").is_some();
        if here && !self.file()?.case.has_taken("appraise") {
            self.wait(1, 3)?;
            let with = self.meeting();
            self.step("appraise", self.staff(self.cast.appraiser), "appraise", with)?;
        }
        self.wait(0, 2)?;
        let decision = self.judge(false)?;
        let examiner = self.staff(self.cast.examiner);
        match decision.eligible {
            Some(EligibleV1::Yes) if self.payable(&decision)? => {
                let proposals = vec![self.proposal("grant", Vec::new())];
                self.step("propose_grant", examiner, "opine", ActV1::Opine { proposals })?;
                self.posting()?;
            }
            Some(EligibleV1::No) => {
                let proposals = vec![self.proposal("refuse", reasons(&decision))];
                self.step("propose_refusal", examiner, "opine", ActV1::Opine { proposals })?;
            }
            // What is not known has to be asked first.
            _ => return Err(Halt::Here),
        }
        self.wait(0, 2)?;
        self.step("submit", examiner, "opine", ActV1::Plain {})
    }

    fn meeting(&mut self) -> ActV1 {
        let least = self.workflow.figure(known::APPRAISAL_LEAST).max(5);
        let present = least + self.random.below(3) * 2 + u32::from(least.is_multiple_of(2));
        let representatives = (present * 2).div_ceil(3);
        let in_favour = present - self.random.below(3);
        ActV1::Appraise(MeetingV1 { present, representatives, in_favour })
    }

    fn posting(&mut self) -> Flow {
        let examiner = self.staff(self.cast.examiner);
        let mut objects = self.turns(55, &["objected"]);
        loop {
            self.wait(0, 2)?;
            let area = &self.world.county.areas[self.home.area];
            let mut places = vec![format!("{}公开栏（{}巷）", area.name, area.lane)];
            if self.workflow.figure(known::PLACES_APART) > 1 {
                places.push("户籍地公开栏".into());
            }
            self.step("post", examiner, "publish", ActV1::Post { places })?;
            if std::mem::take(&mut objects) {
                self.objection()?;
                if self.state() != "posted" {
                    continue;
                }
            }
            break;
        }
        let over = self.file()?.case.clock("posting").map(|clock| clock.deadline.date);
        let after = 1 + self.random.between(0, 2);
        self.wait_until(over.unwrap_or(self.on).add_days(after))?;
        self.step("take_down", examiner, "publish", ActV1::TakeDown {})
    }

    fn objection(&mut self) -> Flow {
        let clerk = self.staff(self.cast.clerk);
        self.wait(1, 3)?;
        let neighbour = (self.home.number + 1) % self.world.plan.households;
        let objector = self.world.person_id(neighbour, 0).to_string();
        self.step("object", clerk, "intake", ActV1::Object { objector })?;
        self.wait(1, 4)?;
        self.visit(self.staff(self.cast.investigator), self.staff(self.cast.second))?;
        if self.random.in_thousand(500) && self.workflow.step("appraise_objection").is_some() {
            let with = self.meeting();
            self.step("appraise_objection", self.staff(self.cast.appraiser), "appraise", with)?;
        }
        self.wait(0, 2)?;
        let goes_on = self.workflow.step("answer_objection").is_some();
        let step = if goes_on { "answer_objection" } else { "answer_and_post_anew" };
        let objection = self.file()?.case.objections.last().map_or(1, |o| o.number);
        let with = ActV1::AnswerObjection { objection, upheld: false };
        self.step(step, self.staff(self.cast.examiner), "opine", with)
    }

    /// Review and decision. False: it was sent back and goes through the opinion again.
    fn county(&mut self) -> Flow<bool> {
        let reviewer = self.staff(self.cast.reviewer);
        self.wait(1, 4)?;
        let drawn = {
            let file = self.file()?;
            file.workflow.figure(known::SPOT_RATE) > 0 && self.world.office.drawn(file)
        };
        if drawn || self.turns(15, &[]) {
            let second = self.staff(self.cast.second_reviewer);
            let visitors = vec![reviewer.person.to_string(), second.person.to_string()];
            self.step("spot_visit", reviewer, "review", ActV1::SpotVisit { visitors })?;
            self.wait(0, 2)?;
        }
        if !self.sent_back && self.turns(25, &[]) {
            self.sent_back = true;
            self.step("send_back", reviewer, "review", ActV1::Plain {})?;
            self.wait(1, 4)?;
            self.visit(self.staff(self.cast.investigator), self.staff(self.cast.second))?;
            self.wait(0, 1)?;
            self.conclude()?;
            return Ok(false);
        }
        self.step("review", reviewer, "review", ActV1::Plain {})?;
        self.wait(0, 3)?;
        let decision = self.judge(true)?;
        let confirmer = self.staff(self.cast.confirmer);
        let posted = self.file()?.case.proposed(&self.world.plan.service.clone());
        let proposed = posted == Some(anmin_casework::kinds::Outcome::Grant);
        match (decision.eligible, proposed) {
            (Some(EligibleV1::Yes), true) if self.payable(&decision)? => {
                let rulings = vec![self.ruling("grant", Vec::new(), &[])];
                self.step("confirm", confirmer, "confirm", ActV1::Decide { rulings })?;
                self.wait(0, 1)?;
                let manner = if self.random.in_thousand(500) { "electronic" } else { "signed" };
                self.tell_and_deliver(confirmer, "confirm", manner)?;
                Ok(true)
            }
            (Some(EligibleV1::No), _) => {
                let evidence = ["visit_form", "application"];
                let rulings = vec![self.ruling("refuse", reasons(&decision), &evidence)];
                self.step("refuse", confirmer, "confirm", ActV1::Decide { rulings })?;
                self.wait(0, 2)?;
                self.tell_and_deliver(confirmer, "confirm", "mail")?;
                let number = self.latest_decision()?;
                let examiner = self.staff(self.cast.examiner);
                self.step("settle_refusal", examiner, "deliver", ActV1::TakeEffect { decision: number })?;
                if self.turns(80, &[]) {
                    self.wait(3, 30)?;
                    self.appeal(number)?;
                }
                Err(Halt::Here)
            }
            // The rules have changed since the opinion, or ask for more: the county has to think.
            _ => Err(Halt::Here),
        }
    }

    fn appeal(&mut self, decision: u32) -> Flow {
        let Some(remedy) = self.workflow.remedies.first().map(|r| r.named.name.clone()) else {
            return Ok(());
        };
        let first = self.workflow.duties.iter().find(|d| !d.staff).map(|d| d.named.name.clone());
        let command = CommandV1::Appeal { decision, remedy };
        self.instruct(self.applicant(), &first.unwrap_or_default(), command)
    }

    pub(super) fn latest_decision(&self) -> Flow<u32> {
        Ok(self.file()?.case.decisions.last().map_or(1, |decision| decision.number))
    }

    pub(super) fn tell_and_deliver(&mut self, by: super::Doer, duty: &str, manner: &str) -> Flow {
        let decision = self.latest_decision()?;
        self.step("notify", by, duty, ActV1::Notify { decision })?;
        self.wait(1, 3)?;
        let examiner = self.staff(self.cast.examiner);
        let with = ActV1::Deliver { decision, manner: manner.to_owned() };
        self.step("deliver", examiner, "deliver", with)
    }

    /// A sentence with the article of a step.
    pub(super) fn because(&self, step: &str, text: &str) -> BecauseV1 {
        let law = self.workflow.step(step).and_then(|step| step.law.first().cloned()).unwrap_or_default();
        BecauseV1 { text: text.to_owned(), document: law.document, article: law.article }
    }

    pub(super) fn proposal(&self, outcome: &str, reasons: Vec<BecauseV1>) -> ProposalV1 {
        let programme = self.world.plan.service.clone();
        ProposalV1 { programme, outcome: outcome.to_owned(), reasons, exception: None }
    }

    /// A ruling from the first of the next month on, resting on the latest evidence of these kinds.
    pub(super) fn ruling(&self, outcome: &str, reasons: Vec<BecauseV1>, kinds: &[&str]) -> RulingV1 {
        let from = self.on.first_of_month().add_months(1);
        RulingV1 {
            programme: self.world.plan.service.clone(),
            outcome: outcome.to_owned(),
            from: Some(from.to_string()),
            reasons,
            evidence: kinds.iter().filter_map(|kind| self.reference(kind)).collect(),
            exception: None,
        }
    }
}

/// The reason the rules give, with its articles' first.
pub(super) fn reasons(decision: &crate::record::DecisionV1) -> Vec<BecauseV1> {
    let Some(reason) = &decision.reason else { return Vec::new() };
    let law = reason.law.first();
    law.map(|law| BecauseV1 {
        text: reason.text.zh.clone(),
        document: law.document.clone(),
        article: law.article.clone(),
    })
    .into_iter()
    .collect()
}
