//! Letters of a case: what follows from a step is written at once, in both languages, and kept as it was sent. A letter
//! that lacks something nobody has entered yet waits for it, and says what.

use super::file::CaseFile;
use super::rows::{json, row_id};
use super::weigh::Weighed;
use crate::error::{Fault, Refusal, Result};
use crate::office::{Now, Office, Order, course};
use crate::people::PersonRecord;
use crate::record::document::DocumentV1;
use anmin_authz::id::UnitId;
use anmin_base::calendar::Deadline;
use anmin_base::document::Lang;
use anmin_base::money::Money;
use anmin_casework::apply;
use anmin_casework::event::Event;
use anmin_casework::kinds::{ActKind, Outcome};
use anmin_casework::record::{Answer, Decision, Reason};
use anmin_casework::workflow::Named;
use anmin_pack::letter::field::Field;
use anmin_pack::letter::{Audience, Fields, Letter, Row, Unfilled, Unfit, Value, Words};
use anmin_store::{Find, Id, NewMessage, Record, Scope, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A letter as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LetterV1 {
    /// Its number in the case, from 1.
    pub number: u32,
    /// Which letter of the service.
    pub name: String,
    /// What it is called.
    pub title: crate::record::TextV1,
    /// Whether it is for a board and not for a person.
    pub board: bool,
    /// The day it was written.
    pub issued_on: String,
    /// The decision it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<u32>,
    /// The letter, in Chinese and in English; absent while it waits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentV1>,
    /// What is still missing, by the names of letter fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<String>,
}

impl Office {
    /// Writes the letters that follow from these events. Their numbers.
    pub(crate) async fn write_letters(
        &self,
        work: &mut Work,
        file: &CaseFile,
        events: &[Event],
        weighed: &Weighed,
        now: Now,
    ) -> Result<Vec<u32>> {
        if !events.iter().any(|event| matches!(event, Event::LetterDue(..))) {
            return Ok(Vec::new());
        }
        let applicant = file.record.link("applicant").ok_or(Fault::Broken("a case of nobody".into()))?;
        let person = PersonRecord::read(work.load(&table::PERSON, applicant).await?)?;
        let before =
            work.find(&Find::all(&table::LETTER).plain().equal("case_id", file.id()).limit(1000)).await?;
        let before = u32::try_from(before.len()).unwrap_or(u32::MAX);
        let letters = self.letters_due(file, events, weighed, now, &person, before)?;
        for letter in &letters {
            self.put_letter(work, file, letter, now).await?;
            if !letter.board {
                let number = letter.number;
                let body = json(&serde_json::json!({ "case": file.id().to_string(), "letter": number }))?;
                let (case, recipient, channel) = (file.id(), applicant, "message");
                let message = NewMessage { case, recipient, channel, letter: &letter.name, body: &body };
                work.send(&message).await?;
            }
        }
        Ok(letters.iter().map(|letter| letter.number).collect())
    }

    /// The letters that follow from these events, to the applicant and to boards, after so many before.
    pub(crate) fn letters_due(
        &self,
        file: &CaseFile,
        events: &[Event],
        weighed: &Weighed,
        now: Now,
        person: &PersonRecord,
        before: u32,
    ) -> Result<Vec<LetterV1>> {
        let due = events.iter().filter_map(|event| match event {
            Event::LetterDue(name, about) => Some((name, *about)),
            _ => None,
        });
        let mut letters = Vec::new();
        for ((name, about), number) in due.zip(before + 1..) {
            let Some(letter) = course(&file.opened)?.letters.get(name) else {
                return Err(Fault::Broken(format!("there is no letter {name}")).into());
            };
            let saying = Saying { office: self, file, weighed, now, person, about };
            letters.push(saying.letter(letter, name, number)?);
        }
        Ok(letters)
    }

    pub(crate) async fn put_letter(
        &self,
        work: &mut Work,
        file: &CaseFile,
        letter: &LetterV1,
        now: Now,
    ) -> Result<()> {
        let decision = letter.decision.map(|number| row_id(file.id(), "decision", &number.to_string()));
        let row = Record::new(&table::LETTER, row_id(file.id(), "letter", &letter.number.to_string()))
            .with("case_id", file.id())
            .with("number", i64::from(letter.number))
            .with("name", letter.name.as_str())
            .with("decision", decision)
            .with("issued_on", i64::from(now.on.days()))
            .with("payload", json(letter)?);
        work.insert(row).await?;
        Ok(())
    }

    /// The letters of a case.
    ///
    /// # Errors
    /// The case is not there or not for the caller; or a fault.
    pub async fn letters(&self, order: &Order<'_>, case: Id) -> Result<Vec<LetterV1>> {
        let (scope, purpose) = self.looking(order)?;
        let (scope, at) = (Scope::from_authz(&scope, self.authority()), order.now.at);
        let mut look = self.inner.store.look(&scope, &purpose, at);
        let record = look.one(&table::CASE_FILE, case).await?.ok_or_else(Refusal::not_found)?;
        let find = Find::all(&table::LETTER).equal("case_id", record.id()).order("number").limit(1000);
        let rows = look.find(&find).await?;
        let read = |row: &Record| {
            let payload = row.secret("payload").map(|secret| serde_json::from_slice(secret.reveal()));
            match payload {
                Some(Ok(letter)) => Ok(letter),
                _ => Err(Fault::Broken(format!("letter {}", row.id())).into()),
            }
        };
        let letters: Result<Vec<LetterV1>> = rows.iter().map(read).collect();
        Ok(look.release(letters?).await?)
    }
}

/// What can be said in a letter about a case.
pub(super) struct Saying<'a> {
    pub office: &'a Office,
    pub file: &'a CaseFile,
    pub weighed: &'a Weighed,
    pub now: Now,
    pub person: &'a PersonRecord,
    pub about: Option<u32>,
}

pub(super) fn words(named: Option<&Named>, name: &str) -> Words {
    match named {
        Some(named) => Words::Both { zh: named.label.zh.clone(), en: named.label.en.clone() },
        None => Words::Same(name.to_owned()),
    }
}

impl Saying<'_> {
    fn letter(&self, letter: &Letter, name: &str, number: u32) -> Result<LetterV1> {
        let mut fields = Fields::new();
        self.fill(&mut fields, letter).map_err(|unfit| Fault::Broken(unfit.to_string()))?;
        let mut documents = Vec::new();
        let mut waits_for = Vec::new();
        for lang in Lang::ALL {
            match letter.fill(&fields, lang) {
                Ok(document) => documents.push(DocumentV1::from(&document)),
                Err(Unfilled::Missing { fields, .. }) => waits_for.extend(fields),
                Err(never) => return Err(Fault::Broken(never.to_string()).into()),
            }
        }
        waits_for.sort_unstable();
        waits_for.dedup();
        let known = self.file.workflow.letters.iter().find(|named| named.name == name);
        let title = known.map_or_else(Default::default, |named| crate::record::TextV1 {
            zh: named.label.zh.clone(),
            en: named.label.en.clone(),
        });
        if !waits_for.is_empty() {
            documents.clear();
        }
        Ok(LetterV1 {
            number,
            name: name.to_owned(),
            title,
            board: letter.audience == Audience::Board,
            issued_on: self.now.on.to_string(),
            decision: self.about,
            documents,
            waits_for,
        })
    }

    pub(super) fn fill(&self, fields: &mut Fields, letter: &Letter) -> std::result::Result<(), Unfit> {
        let case = &self.file.case;
        let service = &self.file.opened.loaded.service;
        let name = Words::Same(self.person.name().to_owned());
        fields.set(Field::RecipientName, name.clone())?.set(Field::ApplicantName, name)?;
        if let Some(address) = self.person.address() {
            fields.set(Field::RecipientAddress, Words::Same(address.to_owned()))?;
        }
        let number = self.file.record.text("number").unwrap_or_default();
        let programme = Words::Both { zh: service.name.zh.clone(), en: service.name.en.clone() };
        fields
            .set(Field::CaseNumber, Words::Same(number.to_owned()))?
            .set(Field::CaseReceivedOn, case.opened)?
            .set(Field::Programme, programme)?
            .set(Field::Persons, Value::Count(self.persons()))?
            .set(Field::Today, self.now.on)?;
        if let Some(accepted) = case.accepted {
            fields.set(Field::CaseAcceptedOn, accepted)?;
        }
        self.papers(fields)?;
        self.deadline(fields)?;
        self.unit(fields)?;
        self.check(fields)?;
        self.posting(fields)?;
        self.extension(fields)?;
        if let Some(objection) = case.objections.last() {
            fields.set(Field::ObjectionOn, objection.on)?;
            if let Some(upheld) = objection.upheld {
                fields.set(Field::ObjectionUpheld, upheld)?;
            }
        }
        self.decision(fields, letter)
    }

    /// The persons of the applicant's own collection.
    fn persons(&self) -> u64 {
        let applicant = self.file.record.text("applicant").unwrap_or_default();
        let own = self.file.parties.iter().find(|party| party.person == applicant).map(|party| &party.role);
        let members = self.file.parties.iter().filter(|party| Some(&party.role) == own).count();
        u64::try_from(members.max(1)).unwrap_or(1)
    }

    fn papers(&self, fields: &mut Fields) -> std::result::Result<(), Unfit> {
        let case = &self.file.case;
        let kinds = &self.file.workflow.evidence;
        let label = |kind: &str| words(kinds.iter().map(|k| &k.named).find(|n| n.name == kind), kind);
        let latest = case.evidence.iter().filter(|e| e.on == self.now.on);
        let papers: Vec<Words> = latest.map(|e| label(&e.exhibit.kind)).collect();
        fields.set(Field::Papers, papers)?;
        if let Some(missing) = &case.supplement {
            let missing: Vec<Words> = missing.iter().map(|m| Words::Same(m.clone())).collect();
            fields.set(Field::Missing, missing)?;
        }
        Ok(())
    }

    /// The last day of the clock that runs for the person or, without one, for the whole.
    fn deadline(&self, fields: &mut Fields) -> std::result::Result<(), Unfit> {
        let running = self.file.case.clocks.iter().filter(|clock| clock.runs());
        let persons = running.clone().find(|clock| {
            self.file.workflow.clock(&clock.name).is_some_and(|rule| rule.restarts && rule.tells.is_none())
        });
        let clock = persons.or_else(|| running.max_by_key(|clock| clock.deadline.date));
        if let Some(Deadline { date, provisional }) = clock.map(|clock| clock.deadline) {
            fields.set(Field::Deadline, date)?.set(Field::DeadlineProvisional, provisional)?;
        }
        Ok(())
    }

    fn unit(&self, fields: &mut Fields) -> std::result::Result<(), Unfit> {
        let rights = self.office.rights();
        let unit = self.file.record.link("unit").map(|id| UnitId(id.0));
        let Some(unit) = unit.and_then(|unit| rights.unit_entry(unit)) else { return Ok(()) };
        fields
            .set(Field::UnitName, Words::Same(unit.name.clone()))?
            .set(Field::UnitPhone, Words::Same(unit.phone.clone()))?
            .set(Field::UnitAddress, Words::Same(unit.address.clone()))?;
        Ok(())
    }

    fn check(&self, fields: &mut Fields) -> std::result::Result<(), Unfit> {
        let case = &self.file.case;
        let reports = case.taken.iter().rev().filter(|taken| {
            self.file.workflow.step(&taken.step).is_some_and(|step| step.act == ActKind::ReportCheck)
        });
        if let Some(reported) = reports.clone().next() {
            fields.set(Field::CheckOn, reported.on)?;
        }
        let sources = &self.office.authority().parts().sources;
        let mut rows: Vec<Row> = Vec::new();
        for check in case.checks.iter().filter(|check| check.cycle == case.cycle) {
            for (source, _) in check.sources.iter().filter(|(_, a)| *a == Some(Answer::Differs)) {
                let known = sources.iter().find(|s| s.name == *source);
                let source = known.map_or(Words::Same(source.clone()), |s| Words::Both {
                    zh: s.zh.clone(),
                    en: s.en.clone(),
                });
                let both = |zh: &str, en: &str| Value::Text(Words::Both { zh: zh.into(), en: en.into() });
                rows.push(vec![
                    ("source", Value::Text(source)),
                    ("declared", both("见申请材料", "as in the application")),
                    (
                        "found",
                        both("与申报不一致，见核对报告", "not as declared: see the report of the check"),
                    ),
                ]);
            }
        }
        if !rows.is_empty() {
            fields.set(Field::CheckDifferences, rows)?;
        }
        Ok(())
    }

    /// The time of posting: as it is, or before it begins as it would be from today.
    fn posting(&self, fields: &mut Fields) -> std::result::Result<(), Unfit> {
        let case = &self.file.case;
        let posted = case.postings.last().filter(|posting| posting.down.is_none());
        let from = posted.map_or(self.now.on, |posting| posting.up);
        let starts = |step: &str| self.file.workflow.step(step).is_some_and(|step| step.act == ActKind::Post);
        let rule = self.file.workflow.clocks.iter().find(|rule| rule.starts.iter().any(|s| starts(s)));
        if let Some((rule, limit)) = rule.and_then(|rule| Some((rule, rule.limit?))) {
            let last = apply::deadline(rule.unit, rule.rolls, from, limit, self.office.calendar());
            fields.set(Field::PostingFrom, from)?.set(Field::PostingUntil, last.date)?;
        }
        Ok(())
    }

    fn extension(&self, fields: &mut Fields) -> std::result::Result<(), Unfit> {
        let extended = self.file.case.clocks.iter().rev().find_map(|clock| {
            let rule = self.file.workflow.clock(&clock.name)?;
            let reason = clock.extended.as_ref()?;
            let reasons = &rule.extension.as_ref()?.reasons;
            Some(words(reasons.iter().map(|r| &r.named).find(|n| n.name == *reason), reason))
        });
        if let Some(reason) = extended {
            fields.set(Field::ExtensionReason, reason)?;
        }
        Ok(())
    }

    fn decision(&self, fields: &mut Fields, letter: &Letter) -> std::result::Result<(), Unfit> {
        let case = &self.file.case;
        let about =
            self.about.or_else(|| case.decisions.last().filter(|d| d.on == self.now.on).map(|d| d.number));
        let programme = match about.and_then(|number| case.decision(number)) {
            Some(decision) => {
                self.decided(fields, decision)?;
                Some(decision.ruling.programme.clone())
            }
            None => {
                let proposals = case.opinion().map(|o| o.proposals.as_slice()).unwrap_or_default();
                let against = letter.audience == Audience::Person;
                let fitting = proposals.iter().find(|p| p.outcome.is_adverse() == against);
                let Some(proposal) = fitting.or(proposals.first()) else { return Ok(()) };
                fields.set(Field::DecisionOutcome, proposal.outcome)?;
                self.reasons(fields, &proposal.reasons)?;
                if let Some(exception) = proposal.exception {
                    fields.set(Field::DecisionException, exception)?;
                }
                Some(proposal.programme.clone())
            }
        };
        self.amounts(fields, programme.as_deref().unwrap_or_default())
    }

    fn decided(&self, fields: &mut Fields, decision: &Decision) -> std::result::Result<(), Unfit> {
        let ruling = &decision.ruling;
        let number = self.file.record.text("number").unwrap_or_default();
        fields
            .set(Field::DecisionNumber, Words::Same(format!("{number}-{}", decision.number)))?
            .set(Field::DecisionOn, decision.on)?
            .set(Field::DecisionOutcome, ruling.outcome)?
            .set(Field::DecisionFrom, ruling.from.unwrap_or_else(|| next_month(decision.on)))?;
        if let Some(exception) = ruling.exception {
            fields.set(Field::DecisionException, exception)?;
        }
        self.reasons(fields, &ruling.reasons)?;
        let kinds = &self.file.workflow.evidence;
        let cited = ruling.evidence.iter().filter_map(|r| self.file.case.exhibit(r));
        let evidence: Vec<Words> = cited
            .map(|e| &e.exhibit.kind)
            .map(|kind| words(kinds.iter().map(|k| &k.named).find(|n| n.name == *kind), kind))
            .collect();
        fields.set(Field::DecisionEvidence, evidence)?;
        let remedies = self.file.workflow.remedies.iter();
        let rows: Vec<Row> = remedies
            .map(|remedy| {
                vec![
                    ("name", Value::Text(words(Some(&remedy.named), ""))),
                    ("period", Value::Period(remedy.unit, remedy.limit)),
                    ("where", Value::Text(place(&remedy.named.label))),
                ]
            })
            .collect();
        fields.set(Field::DecisionRemedies, rows)?;
        Ok(())
    }

    fn reasons(&self, fields: &mut Fields, reasons: &[Reason]) -> std::result::Result<(), Unfit> {
        let documents = &self.file.opened.loaded.documents;
        let rows: Vec<Row> = reasons
            .iter()
            .map(|reason| {
                let title = documents.get(&reason.law.document).map(|d| &d.title);
                let article = &reason.law.article;
                let article = match title {
                    Some(title) => Words::Both {
                        zh: format!("《{}》{article}", title.zh),
                        en: format!("{}, {article}", title.en),
                    },
                    None => Words::Same(format!("{} {article}", reason.law.document)),
                };
                vec![
                    ("text", Value::Text(Words::Same(reason.text.clone()))),
                    ("article", Value::Text(article)),
                ]
            })
            .collect();
        if !rows.is_empty() {
            fields.set(Field::DecisionReasons, rows)?;
        }
        Ok(())
    }

    /// The amount under the rules, and how it came about: for a grant or a change of what is paid.
    fn amounts(&self, fields: &mut Fields, programme: &str) -> std::result::Result<(), Unfit> {
        let Some(basis) = self.weighed.basis.get(programme) else { return Ok(()) };
        let outcome = match fields.get(Field::DecisionOutcome) {
            Some(Value::Choice(name)) => Outcome::ALL.into_iter().find(|o| o.name() == *name),
            _ => None,
        };
        let pays = outcome.is_some_and(|o| matches!(o, Outcome::Grant | Outcome::Increase | Outcome::Reduce));
        if let Some(amount) = basis.amount_fen.filter(|_| pays) {
            fields.set(Field::DecisionAmount, Money::from_fen(amount))?;
        }
        if let Some(reason) = &basis.reason {
            let sentence = Words::Both { zh: reason.text.zh.clone(), en: reason.text.en.clone() };
            fields.set(Field::Explanation, vec![sentence])?;
        }
        Ok(())
    }
}

/// To whom a way of contesting leads, in words that hold everywhere.
fn place(label: &anmin_casework::workflow::Label) -> Words {
    let crate::record::TextV1 { zh, en } = organ(label);
    Words::Both { zh, en }
}

/// The same for pages.
pub(super) fn organ(label: &anmin_casework::workflow::Label) -> crate::record::TextV1 {
    let court = label.zh.contains("诉讼");
    let (zh, en) = match court {
        true => ("有管辖权的人民法院", "the people's court that has jurisdiction"),
        false => ("有管辖权的行政复议机关", "the organ that reviews decisions of this office"),
    };
    crate::record::TextV1 { zh: zh.into(), en: en.into() }
}

/// Benefits change with the month.
fn next_month(on: anmin_base::date::Date) -> anmin_base::date::Date {
    anmin_base::date::Date::ymd(on.year(), on.month(), 1).add_months(1)
}
