//! After a grant: the review by and by, and what follows from it.

use super::{Flow, Halt, Walker};
use crate::record::act::{ActV1, HearingV1};
use crate::synth::means::Values;

/// What comes of a review.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Keep,
    Increase,
    Reduce,
    Stop,
}

impl Change {
    fn name(self) -> &'static str {
        match self {
            Change::Keep => "keep",
            Change::Increase => "increase",
            Change::Reduce => "reduce",
            Change::Stop => "stop",
        }
    }
}

impl Walker<'_> {
    /// One review after the other, until today.
    pub(super) fn afterwards(&mut self) -> Flow {
        while self.reviews < 3 {
            self.reviews += 1;
            let after = match self.target {
                Some("granted") => 1000,
                Some(_) => 200,
                // Half a year is what there is; one in ten comes late.
                None if self.random.in_thousand(100) => 180 + self.random.between(20, 120),
                None => 120 + self.random.between(0, 60),
            };
            self.wait_until(self.on.add_days(after))?;
            if self.turns(40, &[]) {
                let clerk = self.staff(self.cast.clerk);
                self.step("report_change", clerk, "intake", ActV1::Plain {})?;
                self.wait(1, 5)?;
            }
            self.review()?;
        }
        Err(Halt::Here)
    }

    fn review(&mut self) -> Flow {
        let (investigator, second) = (self.staff(self.cast.investigator), self.staff(self.cast.second));
        let held = self.file()?.case.holders.iter().any(|(duty, _)| duty == "investigate");
        if !held {
            self.give("investigate", self.cast.investigator)?;
            self.wait(0, 1)?;
        }
        self.step("begin_review", investigator, "investigate", ActV1::Plain {})?;
        self.wait(1, 5)?;
        self.visit(investigator, second)?;
        let change = match self.target {
            Some("changing" | "change_proposed") => Change::Reduce,
            Some("ended") => Change::Stop,
            _ => {
                let all = [Change::Keep, Change::Increase, Change::Reduce, Change::Stop];
                all[self.random.weighed(&[560, 160, 160, 120])]
            }
        };
        self.record(change)?;
        self.wait(1, 4)?;
        // What is not known has to be asked before an amount can be changed.
        let pays = matches!(change, Change::Increase | Change::Reduce);
        if pays && !self.can_pay(false)? {
            return Err(Halt::Here);
        }
        let examiner = self.staff(self.cast.examiner);
        let text = match change {
            Change::Reduce => "家庭收入增加，差额减少",
            Change::Stop => "家庭收入已不低于标准",
            Change::Keep | Change::Increase => "",
        };
        let worse = matches!(change, Change::Reduce | Change::Stop);
        let reasons = if worse { vec![self.because("propose_change", text)] } else { Vec::new() };
        let proposals = vec![self.proposal(change.name(), reasons.clone())];
        self.step("propose_change", examiner, "opine", ActV1::Opine { proposals })?;
        self.wait(1, 4)?;
        let confirmer = self.staff(self.cast.confirmer);
        if !worse {
            if pays && !self.can_pay(true)? {
                return Err(Halt::Here);
            }
            let rulings = vec![self.ruling(change.name(), Vec::new(), &[])];
            return self.step("decide_better", confirmer, "confirm", ActV1::Decide { rulings });
        }
        let heard = HearingV1 {
            heard: self.home.people[0].id.to_string(),
            how: "入户".into(),
            said: "对调查情况没有意见".into(),
            answer: "已告知依据和救济途径".into(),
        };
        self.step("hear", examiner, "hear", ActV1::Hear(heard))?;
        self.wait(1, 3)?;
        if pays && !self.can_pay(true)? {
            return Err(Halt::Here);
        }
        let rulings = vec![self.ruling(change.name(), reasons, &["visit_form"])];
        self.step("decide_change", confirmer, "confirm", ActV1::Decide { rulings })?;
        self.wait(0, 2)?;
        self.tell_and_deliver(confirmer, "confirm", "signed")?;
        let decision = self.latest_decision()?;
        self.step("take_effect", examiner, "deliver", ActV1::TakeEffect { decision })?;
        if self.state() == "ended" { Err(Halt::Here) } else { Ok(()) }
    }

    fn can_pay(&mut self, signs: bool) -> Flow<bool> {
        let decision = self.judge(signs)?;
        self.payable(&decision)
    }

    /// What was found to be different: somebody earns more, or less.
    fn record(&mut self, change: Change) -> Flow {
        let percent = match change {
            Change::Keep => return Ok(()),
            Change::Increase => 60,
            Change::Reduce => 130,
            Change::Stop => 320,
        };
        let now = self.now();
        let (person, name, yuan) = self.earnings();
        let values: Values =
            [(name.to_owned(), (yuan * percent / 1000 * 10).to_string())].into_iter().collect();
        let number = u64::from(self.case) * 8 + u64::from(self.reviews);
        let row = self.world.facts_row("person", person, &values, ("review", number), now)?;
        self.recordings.push(row.clone());
        self.recorded.push(row);
        Ok(())
    }

    /// Whose income changes, which, and how much it is: the first there is, else gifts to the head.
    fn earnings(&self) -> (anmin_store::Id, &'static str, i64) {
        const KINDS: [&str; 3] = ["wage", "business", "pension_amount"];
        let people = self.home.people.iter().zip(&self.facts.people).filter(|(person, _)| person.is_member());
        let found = people.flat_map(|(person, values)| {
            let yuan = |name| values.get(name).and_then(|text| text.parse::<i64>().ok());
            KINDS.map(|name| (person.id, name, yuan(name).unwrap_or(0)))
        });
        let mut found = found.filter(|(_, _, yuan)| *yuan > 0);
        found.next().unwrap_or((self.home.people[0].id, "transfer_income", 400))
    }
}
