//! What happened to a case, as rows of the tables whose constraints hold whoever writes: evidence, visits, hearings,
//! decisions, duties, checks, deliveries, effects. Names of rows follow from the case and what they are about, so that a
//! row is found again without being searched for.

use super::file::CaseFile;
use crate::error::{Fault, Result};
use crate::office::{Now, Office};
use crate::record::DecisionV1;
use crate::record::case_event::EventV1;
use anmin_casework::event::Event;
use anmin_casework::kinds::{Exception, Manner, Outcome, Proof};
use anmin_casework::record::{self, Decision, Delivery, Heard, Person, Visit};
use anmin_store::{Find, Id, Record, Value, Work, table};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The identifier of a row of a case: always the same for the same thing.
pub(crate) fn row_id(case: Id, kind: &str, key: &str) -> Id {
    let mut hash = Sha256::new();
    for part in [&case.0.to_be_bytes()[..], kind.as_bytes(), key.as_bytes()] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    Id(bytes.iter().take(16).fold(0, |id, byte| id << 8 | u128::from(*byte)))
}

/// What is kept of a decision that was signed.
#[derive(serde::Serialize)]
struct Signed<'a> {
    schema: &'static str,
    decided: EventV1,
    basis: Option<&'a DecisionV1>,
}

/// Writes the rows of one command.
pub(crate) struct Rows<'a> {
    pub office: &'a Office,
    /// The case after the command.
    pub file: &'a CaseFile,
    /// How many duties each person had done in each cycle before it.
    pub before: &'a [record::Done],
    /// What each decision signed in it rests on, by programme.
    pub basis: &'a BTreeMap<String, DecisionV1>,
    pub now: Now,
}

impl Rows<'_> {
    /// Writes what these events say.
    pub async fn write(&self, work: &mut Work, events: &[Event]) -> Result<()> {
        let mut done = self.before.to_vec();
        for event in events {
            match event {
                Event::DutyDone(duty) => {
                    let first = !done.iter().any(|d| d.cycle == duty.cycle && d.person == duty.person);
                    self.duty(work, duty, first).await?;
                    done.push(duty.clone());
                }
                Event::EvidenceAdded(evidence) => self.evidence(work, evidence).await?,
                Event::Visited(visit) => self.visit(work, visit).await?,
                Event::Heard(heard) => self.heard(work, heard).await?,
                Event::Decided(decision) => self.decided(work, decision).await?,
                Event::Noticed(number, _) => self.noticed(work, *number).await?,
                Event::Delivered(number, delivery) => self.delivered(work, *number, delivery).await?,
                Event::GrantBegan(number) => self.granted(work, *number).await?,
                Event::TookEffect(number, _) => self.took_effect(work, *number).await?,
                Event::Authorised(authority) => self.authorised(work, authority).await?,
                Event::Revoked(person, _) => self.revoked(work, person).await?,
                Event::CheckAsked(check) => self.check_asked(work, check).await?,
                Event::CheckAnswered(number, source, answer) => {
                    let answer = EventV1::from(&Event::CheckAnswered(*number, source.clone(), *answer));
                    self.check_answered(work, *number, source, &answer).await?;
                }
                Event::Barred(bar) => self.barred(work, &bar.person).await?,
                Event::Assigned(duty, person) => self.assigned(work, duty, person).await?,
                _ => {}
            }
            // After the rows of decisions and effects: what follows for money hangs on them.
            crate::money::follow(self, work, event).await?;
        }
        Ok(())
    }

    fn case(&self) -> Id {
        self.file.id()
    }

    fn row(&self, table: &'static table::Table, kind: &str, key: &str) -> Record {
        Record::new(table, row_id(self.case(), kind, key)).with("case_id", self.case())
    }

    async fn duty(&self, work: &mut Work, done: &record::Done, first: bool) -> Result<()> {
        let set = self.file.workflow.duty(&done.duty).and_then(|d| d.set.clone()).unwrap_or_default();
        let key = format!("{}:{}", done.cycle, done.person.0);
        let of = |row: Record| {
            row.with("cycle", i64::from(done.cycle))
                .with("person", done.person.0.as_str())
                .with("set_name", set.as_str())
        };
        if first {
            work.insert(of(self.row(&table::DUTY_SET, "duty-set", &key))).await?;
        }
        let row = of(self.row(&table::DUTY, "duty", &format!("{key}:{}", done.duty)));
        work.insert(row.with("class", done.duty.as_str())).await?;
        Ok(())
    }

    /// The kind as the constraints name it: what it proves, where it proves something the law asks for.
    fn evidence_kind(&self, kind: &str) -> String {
        match self.file.workflow.proof(kind) {
            Some(Proof::Death) => "death_record".into(),
            Some(Proof::Withdrawal) => "signed_withdrawal".into(),
            Some(Proof::Move) => "move_record".into(),
            None => kind.into(),
        }
    }

    fn provenance(exhibit: &record::Exhibit) -> &'static str {
        match (exhibit.derived, exhibit.source.is_empty()) {
            (true, _) => "derived",
            (false, true) => "document",
            (false, false) => "register",
        }
    }

    async fn evidence(&self, work: &mut Work, evidence: &record::Evidence) -> Result<()> {
        let exhibit = &evidence.exhibit;
        let body = EventV1::from(&Event::EvidenceAdded(evidence.clone()));
        let row = self
            .row(&table::EVIDENCE, "evidence", &exhibit.reference)
            .with("kind", self.evidence_kind(&exhibit.kind))
            .with("provenance", Self::provenance(exhibit))
            .with("recorded_at", self.now.at)
            .with("payload", json(&body)?);
        // A reference that is a file of this case keeps the two together.
        let file = Id::parse(&exhibit.reference);
        let row = match file {
            Some(file) if self.is_file(work, file).await? => row.with("file", file),
            _ => row,
        };
        work.insert(row).await?;
        Ok(())
    }

    async fn is_file(&self, work: &mut Work, file: Id) -> Result<bool> {
        let find = Find::one(&table::FILE, file).equal("case_id", self.case());
        Ok(!work.find(&find).await?.is_empty())
    }

    async fn visit(&self, work: &mut Work, visit: &Visit) -> Result<()> {
        let mut visitors: Vec<&str> = visit.visitors.iter().map(|v| v.0.as_str()).collect();
        visitors.sort_unstable();
        visitors.dedup();
        let [first, second, ..] = visitors[..] else {
            return Err(Fault::Broken("a visit of fewer than two".into()).into());
        };
        // The case knows its place among the events, which the event itself does not.
        let kept = self.file.case.visits.iter().rev();
        let mut kept =
            kept.filter(|k| (k.cycle, k.on, &k.visitors) == (visit.cycle, visit.on, &visit.visitors));
        let seq = kept.next().map_or(0, |kept| kept.seq);
        let row = self
            .row(&table::VISIT, "visit", &seq.to_string())
            .with("visitor_a", first)
            .with("visitor_b", second)
            .with("visited_on", i64::from(visit.on.days()))
            .with("payload", json(&EventV1::from(&Event::Visited(visit.clone())))?);
        work.insert(row).await?;
        Ok(())
    }

    fn hearing_id(&self, index: usize) -> Id {
        row_id(self.case(), "hearing", &index.to_string())
    }

    async fn heard(&self, work: &mut Work, heard: &Heard) -> Result<()> {
        let hearings = &self.file.case.hearings;
        let index = hearings.iter().rposition(|h| h == heard).unwrap_or(hearings.len());
        let row = Record::new(&table::HEARING, self.hearing_id(index))
            .with("case_id", self.case())
            .with("person", heard.hearing.heard.0.as_str())
            .with("heard_by", heard.by.0.as_str())
            .with("heard_on", i64::from(heard.on.days()))
            .with("means", heard.hearing.how.as_str())
            .with("payload", json(&EventV1::from(&Event::Heard(heard.clone())))?);
        work.insert(row).await?;
        Ok(())
    }

    /// The row of a decision.
    pub(crate) fn decision_id(&self, number: u32) -> Id {
        row_id(self.case(), "decision", &number.to_string())
    }

    async fn decided(&self, work: &mut Work, decision: &Decision) -> Result<()> {
        let ruling = &decision.ruling;
        let body = Signed {
            schema: "anmin.decided/1",
            decided: EventV1::from(&Event::Decided(decision.clone())),
            basis: self.basis.get(&ruling.programme),
        };
        let row = Record::new(&table::DECISION, self.decision_id(decision.number))
            .with("case_id", self.case())
            .with("programme", ruling.programme.as_str())
            .with("valid_from", i64::from(ruling.from.unwrap_or(decision.on).days()))
            .with("hash", ruling.hash.as_str())
            .with("outcome", ruling.outcome.name())
            .with("decided_at", self.now.at)
            .with("payload", json(&body)?);
        work.insert(row).await?;
        Ok(())
    }

    /// The notice that went out last: its row in the outbox. It goes by hand or by post, so no worker takes it.
    fn notice_id(&self, number: u32) -> Id {
        let on = self.file.case.decision(number).and_then(|d| d.noticed);
        row_id(self.case(), "notice", &format!("{number}:{on:?}"))
    }

    async fn noticed(&self, work: &mut Work, number: u32) -> Result<()> {
        let id = self.notice_id(number);
        let there = Find::one(&table::OUTBOX, id);
        if !work.find(&there).await?.is_empty() {
            return Ok(());
        }
        let row = Record::new(&table::OUTBOX, id)
            .with("case_id", self.case())
            .with("recipient", self.file.record.link("applicant"))
            .with("channel", "letter")
            .with("letter", format!("decision:{number}"))
            .with("body", json(&serde_json::json!({ "decision": number }))?)
            .with("created_at", self.now.at);
        work.insert(row).await?;
        Ok(())
    }

    async fn delivered(&self, work: &mut Work, number: u32, delivery: &Delivery) -> Result<()> {
        let (outcome, means) = arrival(delivery.manner);
        let row = Record::new(&table::DELIVERY, self.delivery_id(number, delivery))
            .with("outbox", self.notice_id(number))
            .with("case_id", self.case())
            .with("outcome", outcome)
            .with("means", means)
            .with("delivered_at", self.now.at)
            .with("delivered_by", delivery.reference.as_str())
            .with("payload", json(&EventV1::from(&Event::Delivered(number, delivery.clone())))?);
        work.insert(row).await?;
        Ok(())
    }

    fn delivery_id(&self, number: u32, delivery: &Delivery) -> Id {
        row_id(self.case(), "delivery", &format!("{number}:{}", delivery.reference))
    }

    /// The row of the effect this command brings about.
    pub(crate) fn effect_id(&self, decision: &Decision) -> Id {
        let key = format!("{}:{}", decision.number, self.file.case.seq);
        row_id(self.case(), "effect", &key)
    }

    fn effect(&self, decision: &Decision, ground: &str) -> Record {
        let ruling = &decision.ruling;
        let kind = match ruling.outcome {
            Outcome::Decline => "refuse",
            other => other.name(),
        };
        let starts = ruling.from.unwrap_or(self.now.on);
        Record::new(&table::EFFECT, self.effect_id(decision))
            .with("case_id", self.case())
            .with("decision", self.decision_id(decision.number))
            .with("kind", kind)
            .with("ground", ground)
            .with("takes_effect_on", i64::from(starts.days()))
    }

    async fn granted(&self, work: &mut Work, number: u32) -> Result<()> {
        let Some(decision) = self.file.case.decision(number) else { return Ok(()) };
        // What stays as it was has no effect of its own.
        if decision.ruling.outcome != Outcome::Keep {
            work.insert(self.effect(decision, "ordinary")).await?;
        }
        Ok(())
    }

    /// The five parts, each by its row: the database refuses the effect where one is missing.
    async fn took_effect(&self, work: &mut Work, number: u32) -> Result<()> {
        let Some(decision) = self.file.case.decision(number) else { return Ok(()) };
        let ruling = &decision.ruling;
        let ground = match ruling.exception {
            None => "ordinary",
            Some(Exception::Death) => "death",
            Some(Exception::Withdrawal) => "withdrawal",
            Some(Exception::Missing) => "missing",
            Some(Exception::MovedAway) => "moved",
        };
        let mut row = self.effect(decision, ground);
        if decision.by.human {
            row = row.with("human", decision.by.person.0.as_str()).with("human_nature", "human");
        }
        row = self.with_evidence(row, decision);
        let visits = &self.file.case.visits;
        if let Some(visit) = visits.last() {
            row = row.with("visit", row_id(self.case(), "visit", &visit.seq.to_string()));
        }
        if ruling.outcome.takes_away() {
            let about = self.file.case.hearings.iter().rposition(|h| h.on <= decision.on);
            row = row.with("hearing", about.map(|index| self.hearing_id(index)));
        }
        let reasons: Vec<&str> = ruling.reasons.iter().map(|r| r.text.as_str()).collect();
        let articles = ruling.reasons.iter().map(|r| format!("{} {}", r.law.document, r.law.article));
        let articles: Vec<String> = articles.collect();
        row = row.with("reason", reasons.join("；")).with("article", articles.join("；"));
        if let Some(delivery) = &decision.delivery {
            let (outcome, means) = arrival(delivery.manner);
            row = row
                .with("notice", self.delivery_id(number, delivery))
                .with("notice_outcome", outcome)
                .with("notice_means", means);
        }
        work.insert(row.with("appeal", decision.remedies.join(" "))).await?;
        Ok(())
    }

    fn with_evidence(&self, row: Record, decision: &Decision) -> Record {
        let cited = decision.ruling.evidence.iter().filter_map(|r| self.file.case.exhibit(r));
        let usable = cited.filter(|e| !e.exhibit.derived);
        let mut usable: Vec<_> = usable.map(|e| &e.exhibit).collect();
        // What proves something particular comes first: the constraints look there.
        usable.sort_by_key(|e| self.file.workflow.proof(&e.kind).is_none());
        let columns = [
            ("evidence", "evidence_kind", "evidence_provenance"),
            ("second_evidence", "second_evidence_kind", "second_evidence_provenance"),
        ];
        usable.iter().zip(columns).fold(row, |row, (exhibit, (id, kind, provenance))| {
            row.with(id, row_id(self.case(), "evidence", &exhibit.reference))
                .with(kind, self.evidence_kind(&exhibit.kind))
                .with(provenance, Self::provenance(exhibit))
        })
    }

    fn authorisation_id(&self, subject: &Person, index: usize) -> Id {
        row_id(self.case(), "authorisation", &format!("{}:{index}", subject.0))
    }

    fn authority_index(&self, subject: &Person) -> usize {
        self.file.case.authorities.iter().filter(|a| a.subject == *subject).count()
    }

    async fn authorised(&self, work: &mut Work, authority: &record::Authority) -> Result<()> {
        let id = self.authorisation_id(&authority.subject, self.authority_index(&authority.subject));
        let paper = self.file.case.evidence.iter().rev().find(|e| e.on == authority.on);
        let paper = paper.map(|e| row_id(self.case(), "evidence", &e.exhibit.reference));
        let row = Record::new(&table::AUTHORISATION, id)
            .with("signer", authority.signer.0.as_str())
            .with("purpose", self.file.opened.loaded.name.as_str())
            .with("valid_from", i64::from(authority.on.days()))
            .with("valid_to", i64::from(authority.on.add_years(1).days()))
            .with("form_hash", self.file.record.text("workflow_hash").unwrap_or_default())
            .with("channel", "counter")
            .with("evidence", paper)
            .with("payload", json(&EventV1::from(&Event::Authorised(authority.clone())))?);
        work.insert(row).await?;
        for source in &self.office.authority().parts().sources {
            let key = format!("{id}:{}", source.name);
            let row = Record::new(&table::AUTHORISATION_COVER, row_id(self.case(), "cover", &key))
                .with("authorisation", id)
                .with("person", authority.subject.0.as_str())
                .with("class", source.name.as_str());
            work.insert(row).await?;
        }
        Ok(())
    }

    async fn revoked(&self, work: &mut Work, person: &Person) -> Result<()> {
        let id = self.authorisation_id(person, self.authority_index(person));
        let row = work.load(&table::AUTHORISATION, id).await?;
        work.update_if(row.with("revoked_at", self.now.at)).await?;
        Ok(())
    }

    fn check_id(&self, number: u32, person: &Person, source: &str) -> Id {
        row_id(self.case(), "check", &format!("{number}:{}:{source}", person.0))
    }

    async fn check_asked(&self, work: &mut Work, check: &record::Check) -> Result<()> {
        for person in &check.subjects {
            let authorisation = self.authorisation_id(person, self.authority_index(person));
            for (source, _) in &check.sources {
                let row = Record::new(&table::CHECK_REQUEST, self.check_id(check.number, person, source))
                    .with("case_id", self.case())
                    .with("authorisation", authorisation)
                    .with("person", person.0.as_str())
                    .with("class", source.as_str())
                    .with("requested_at", self.now.at)
                    .with("state", "open")
                    .with("payload", json(&serde_json::json!({ "check": check.number }))?);
                work.insert(row).await?;
            }
        }
        Ok(())
    }

    async fn check_answered(
        &self,
        work: &mut Work,
        number: u32,
        source: &str,
        answer: &EventV1,
    ) -> Result<()> {
        let check = self.file.case.checks.iter().find(|check| check.number == number);
        for person in check.into_iter().flat_map(|check| &check.subjects) {
            let row = work.load(&table::CHECK_REQUEST, self.check_id(number, person, source)).await?;
            work.update_if(row.with("state", "answered").with("payload", json(answer)?)).await?;
        }
        Ok(())
    }

    async fn barred(&self, work: &mut Work, person: &Person) -> Result<()> {
        let row = self.row(&table::KIN_BAR, "kin-bar", &person.0);
        work.insert(row.with("staff", person.0.as_str())).await?;
        Ok(())
    }

    /// The duty is somebody else's from now on: the row of who had it ends the day before, and another begins. Who gets it
    /// back on the same day has the row they had.
    async fn assigned(&self, work: &mut Work, duty: &str, person: &Person) -> Result<()> {
        let today = i64::from(self.now.on.days());
        let find = Find::all(&table::ASSIGNMENT).equal("case_id", self.case()).equal("duty", duty);
        let mut again = None;
        for held in work.find(&find).await? {
            let from = held.int("valid_from").unwrap_or(today);
            if from == today && held.text("person") == Some(&person.0) {
                again = Some(held);
            } else if held.int("valid_to").is_none() {
                work.update_if(held.with("valid_to", from.max(today - 1))).await?;
            }
        }
        if let Some(held) = again {
            work.update_if(held.with("valid_to", Value::Null)).await?;
            return Ok(());
        }
        let key = format!("{duty}:{}:{today}", person.0);
        let row = self
            .row(&table::ASSIGNMENT, "assignment", &key)
            .with("person", person.0.as_str())
            .with("duty", duty)
            .with("valid_from", today);
        work.insert(row).await?;
        Ok(())
    }
}

/// How a notice arrived, as the constraints name it.
fn arrival(manner: Manner) -> (&'static str, &'static str) {
    match manner {
        Manner::Signed | Manner::Kin | Manner::NoKin => ("delivered", "visit"),
        Manner::Left => ("refused_by_recipient", "visit"),
        Manner::Mail => ("delivered", "letter"),
        Manner::Public => ("delivered", "announcement"),
        Manner::Electronic => ("delivered", "message"),
    }
}

pub(crate) fn json(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|e| Fault::Broken(e.to_string()).into())
}
