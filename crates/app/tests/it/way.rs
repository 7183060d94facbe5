//! A case on its way, step by step, by who has the post for each.

use crate::county::*;
use anmin_app::case::{ChangedV1, InstructionV1, NewCaseV1, PartyV1, StepV1};
use anmin_app::error::{Kind, Result};
use anmin_app::facts::{RecordFactsV1, RecordedV1, RecordingInputV1};
use anmin_app::office::Caller;
use anmin_app::record::act::{
    ActV1, AnswerV1, BecauseV1, CommandV1, EvidenceV1, MeetingV1, ProposalV1, RulingV1,
};
use anmin_base::date::Date;
use anmin_store::Id;
use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::BTreeMap;

/// A case on its way.
pub struct Way<'a> {
    pub county: &'a County,
    pub service: String,
    pub case: Id,
    /// Head, spouse and child.
    pub people: [Id; 3],
    pub version: Cell<i64>,
}

/// A day of the month in which everything happens.
pub fn day(of_month: u8) -> Date {
    Date::ymd(2026, 9, of_month)
}

pub fn evidence(kind: &str) -> Vec<EvidenceV1> {
    numbered(kind, kind)
}

pub fn numbered(kind: &str, reference: &str) -> Vec<EvidenceV1> {
    vec![EvidenceV1 {
        kind: kind.into(),
        reference: reference.into(),
        source: None,
        estimated: false,
        valid_until: None,
    }]
}

impl Way<'_> {
    /// Papers handed in at the counter, and the clerk and investigator named.
    pub async fn begin(county: &County) -> Way<'_> {
        let head = county.person("张三", Date::ymd(1964, 2, 2)).await;
        let spouse = county.person("李四", Date::ymd(1965, 3, 3)).await;
        let child = county.person("张小", Date::ymd(2012, 8, 8)).await;
        let service = county.service();
        let grounds = [(head, "living_together"), (spouse, "spouse"), (child, "minor_child")];
        let household = county.household(&service, &grounds).await;
        let clerk = staff(CLERK);
        let party = |person: &Id| PartyV1 { person: person.to_string(), role: "members".into() };
        let input = NewCaseV1 {
            service: service.clone(),
            programmes: vec![],
            step: "receive".into(),
            area: VILLAGE.to_string(),
            applicant: head.to_string(),
            household: Some(household.to_string()),
            parties: [head, spouse, child].iter().map(party).collect(),
            evidence: evidence("application"),
            duty: None,
        };
        let bytes = done(county.office.open_case(&county.order(&clerk, TODAY), input).await);
        let changed: ChangedV1 = read(&bytes);
        assert_eq!((changed.state.as_str(), changed.letters.len()), ("received", 1));
        let way = Way {
            county,
            service,
            case: Id::parse(&changed.case).unwrap(),
            people: [head, spouse, child],
            version: Cell::new(changed.version),
        };
        way.assign(TODAY, "intake", CLERK).await;
        way
    }

    pub async fn step(
        &self,
        on: Date,
        by: &Caller,
        step: &str,
        with: ActV1,
        evidence: Vec<EvidenceV1>,
    ) -> Result<ChangedV1> {
        let input = StepV1 { version: self.version.get(), duty: None, with, evidence, why: None };
        let bytes = self.county.office.take_step(&self.county.order(by, on), self.case, step, input).await?;
        let changed: ChangedV1 = read(&bytes);
        self.version.set(changed.version);
        Ok(changed)
    }

    /// A step that leads to this state.
    pub async fn to(
        &self,
        state: &str,
        on: Date,
        by: Id,
        step: &str,
        with: ActV1,
        evidence: Vec<EvidenceV1>,
    ) {
        let changed = self.step(on, &staff(by), step, with, evidence).await;
        match changed {
            Ok(changed) => assert_eq!(changed.state, state, "after {step}"),
            other => drop(done(other.inspect_err(|_| eprintln!("at {step}")))),
        }
    }

    pub async fn assign(&self, on: Date, duty: &str, person: Id) {
        let command = CommandV1::Assign { duty: duty.into(), person: person.to_string() };
        let input = InstructionV1 {
            version: self.version.get(),
            duty: None,
            command,
            why: Some("按片区分工".into()),
        };
        let examiner = staff(EXAMINER);
        let bytes =
            done(self.county.office.instruct(&self.county.order(&examiner, on), self.case, input).await);
        self.version.set(read::<ChangedV1>(&bytes).version);
    }

    pub async fn record(
        &self,
        on: Date,
        by: &Caller,
        recordings: Vec<RecordingInputV1>,
    ) -> Result<RecordedV1> {
        let input = RecordFactsV1 { service: None, recordings };
        let bytes = self.county.office.record_facts(&self.county.order(by, on), self.case, input).await?;
        Ok(read(&bytes))
    }

    /// What is declared of everybody, the head's other income given.
    pub async fn declare(&self, income: &str) {
        let root = json!({
            "area": "urban", "discretion": false, "receiving": false, "single_parent": false, "vehicles": 0,
            "farm_machines": 0, "homes": 1, "non_dwelling": false, "obligors": "none",
        });
        let member = |relation: &str, income: &str| {
            json!({
                "relation": relation, "hukou": "local", "membership": "living_together", "employment": "none",
                "property_income": 0, "pension": "none", "transfer_income": income, "transfer_paid": 0,
                "disability": "none", "serious_illness": false, "student": if relation == "child" { "compulsory" } else { "none" },
                "special": "none", "labour": "full", "at_retirement_age": false, "carer": false, "savings": "1200.50",
                "other_assets": false,
            })
        };
        let mut child = member("child", "0");
        child["full_time"] = json!(true);
        child["school_hukou"] = json!(false);
        let [head, spouse, kid] = self.people;
        let recordings = vec![
            declared(None, root),
            declared(Some(head), member("head", income)),
            declared(Some(spouse), member("spouse", "0")),
            declared(Some(kid), child),
        ];
        done(self.record(TODAY, &staff(CLERK), recordings).await);
    }

    /// Authorised, accepted, checked, visited, concluded and appraised.
    pub async fn investigated(&self, differs: bool) {
        let [head, spouse, _] = self.people.map(|id| id.to_string());
        let wanted = done(
            self.county.office.missing_signatures(&self.county.order(&staff(CLERK), TODAY), self.case).await,
        );
        let whose: Vec<&String> = wanted.iter().map(|missing| &missing.person).collect();
        assert!(whose.contains(&&head) && whose.contains(&&spouse), "{wanted:?}");
        let sign = |subject: &String| ActV1::Authorise { subject: subject.clone(), signer: subject.clone() };
        let paper = |n: &str| numbered("check_authority", n);
        done(
            self.step(day(2), &resident(self.people[0]), "authorise", sign(&head), paper("authority-1"))
                .await,
        );
        let early = refused(self.step(day(2), &staff(CLERK), "accept", ActV1::Accept {}, vec![]).await);
        assert_eq!(early.kind, Kind::Unmet, "not every adult has signed");
        self.to("received", day(2), CLERK, "authorise", sign(&spouse), paper("authority-2")).await;
        self.to("investigating", day(2), CLERK, "accept", ActV1::Accept {}, vec![]).await;
        self.assign(day(2), "investigate", INVESTIGATOR).await;
        let subjects = vec![head.clone(), spouse.clone()];
        let sources = vec!["deposits".to_owned(), "tax".to_owned()];
        let ask = ActV1::AskCheck { subjects, sources };
        self.to("investigating", day(3), INVESTIGATOR, "ask_check", ask, vec![]).await;
        self.to("investigating", day(3), CHECKER, "begin_check", ActV1::Plain {}, vec![]).await;
        let answer = |source: &str, answer: &str| AnswerV1 { source: source.into(), answer: answer.into() };
        let tax = if differs { "differs" } else { "no_answer" };
        let answers = vec![answer("deposits", "matches"), answer("tax", tax)];
        let report = ActV1::ReportCheck { check: 1, answers, valid_until: None };
        self.to("investigating", day(4), CHECKER, "report_check", report, evidence("check_report")).await;
        let gone = refused(self.step(day(4), &staff(CHECKER), "begin_check", ActV1::Plain {}, vec![]).await);
        assert_eq!(
            gone.kind,
            Kind::NotFound,
            "who checks sees a case as long as there is something to check"
        );
        let visitors = vec![INVESTIGATOR.to_string(), SECOND.to_string()];
        let visit = ActV1::Visit { visitors };
        self.to("investigating", day(5), INVESTIGATOR, "visit", visit, evidence("visit_form")).await;
        self.to("concluded", day(5), INVESTIGATOR, "conclude", ActV1::Plain {}, vec![]).await;
        let meeting = MeetingV1 { present: 9, representatives: 6, in_favour: 8 };
        let appraise = ActV1::Appraise(meeting);
        self.to("concluded", day(7), APPRAISER, "appraise", appraise, evidence("appraisal_record")).await;
    }

    /// Sent up, visited by the county, reviewed.
    pub async fn reviewed(&self, on: Date) {
        self.to("reviewing", on, EXAMINER, "submit", ActV1::Plain {}, vec![]).await;
        let visitors = vec![REVIEWER.to_string(), SECOND_REVIEWER.to_string()];
        let spot = ActV1::SpotVisit { visitors };
        self.to("reviewing", on, REVIEWER, "spot_visit", spot, numbered("visit_form", "spot-visit")).await;
        self.to("deciding", on, REVIEWER, "review", ActV1::Plain {}, evidence("review_record")).await;
    }

    /// From papers handed in to a grant, confirmed on the eighteenth.
    pub async fn granted(&self) {
        self.declare("1000.00").await;
        self.investigated(false).await;
        self.to("proposed", day(8), EXAMINER, "propose_grant", self.proposal("grant", vec![]), vec![]).await;
        let places = ActV1::Post { places: vec!["东一村公示栏".into()] };
        self.to("posted", day(8), EXAMINER, "post", places, evidence("board_photo_up")).await;
        let down = [evidence("board_photo_down"), evidence("posting_report")].concat();
        self.to("submitting", day(16), EXAMINER, "take_down", ActV1::TakeDown {}, down).await;
        self.reviewed(day(17)).await;
        self.to("granted", day(18), CONFIRMER, "confirm", self.ruling("grant", vec![], &[]), vec![]).await;
    }

    pub fn proposal(&self, outcome: &str, reasons: Vec<BecauseV1>) -> ActV1 {
        let programme = self.service.clone();
        let proposal = ProposalV1 { programme, outcome: outcome.into(), reasons, exception: None };
        ActV1::Opine { proposals: vec![proposal] }
    }

    pub fn ruling(&self, outcome: &str, reasons: Vec<BecauseV1>, evidence: &[&str]) -> ActV1 {
        let ruling = RulingV1 {
            programme: self.service.clone(),
            outcome: outcome.into(),
            from: None,
            reasons,
            evidence: evidence.iter().map(|e| (*e).to_owned()).collect(),
            exception: None,
        };
        ActV1::Decide { rulings: vec![ruling] }
    }
}

pub fn declared(person: Option<Id>, values: Value) -> RecordingInputV1 {
    let values: BTreeMap<String, Value> = serde_json::from_value(values).unwrap();
    RecordingInputV1 {
        person: person.map(|person| person.to_string()),
        collection: None,
        values,
        valid_from: None,
        valid_to: None,
        source: "declared".into(),
        origin: Default::default(),
        evidence: None,
    }
}
