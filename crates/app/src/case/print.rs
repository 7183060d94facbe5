//! Forms to print and fill in by hand: filled with what the case knows and the caller may see, never kept, sent to nobody.

use super::file::CaseFile;
use super::letters::{Saying, words};
use super::weigh::Weighed;
use crate::error::{Error, Fault, Refusal, Result};
use crate::facts::{ComparedRowV1, ComparedV1};
use crate::mask::Veil;
use crate::office::{Office, Order, course};
use crate::people::PersonRecord;
use crate::record::document::DocumentV1;
use crate::record::words::Coded;
use crate::record::{TextV1, case_view::NamedV1};
use anmin_base::document::Lang;
use anmin_casework::kinds::ActKind;
use anmin_pack::letter::field::Field;
use anmin_pack::letter::{Fields, Row, Unfilled, Unfit, Value, Words};
use anmin_store::{Find, Id, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A form, filled.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PrintedV1 {
    /// Which form.
    pub form: NamedV1,
    /// The case's number for people.
    pub number: String,
    /// In Chinese and in English.
    pub documents: Vec<DocumentV1>,
    /// The step it is for, where it is for one: where what was written by hand is entered afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
}

/// As many facts stand on a sheet of paper.
const LINES: usize = 14;

impl Office {
    /// A form of a case to print.
    ///
    /// # Errors
    /// There is no such case or form for the caller; it lacks something; or a fault.
    pub async fn printed(&self, order: &Order<'_>, case: Id, form: &str) -> Result<PrintedV1> {
        let compared = self.compared(order, case).await?;
        let (scope, purpose) = self.looking(order)?;
        let (rows, at) = (Scope::from_authz(&scope, self.authority()), order.now.at);
        let mut look = self.inner.store.look(&rows, &purpose, at);
        let record = look.one(&table::CASE_FILE, case).await?.ok_or_else(Refusal::not_found)?;
        let file = CaseFile::read(self, record)?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        let veil = Veil { authority: self.authority(), allowed: &allowed };
        let forms = &file.opened.loaded.dossier.forms;
        let (name, steps) = forms.iter().find(|(name, _)| name == form).ok_or_else(Refusal::not_found)?;
        let letter = course(&file.opened)?.letters.get(name).ok_or_else(Refusal::not_found)?;
        let mut people = BTreeMap::new();
        for person in look.find(&Find::all(&table::PERSON).ids(&file.people()).limit(100)).await? {
            people.insert(person.id(), PersonRecord::read(person)?);
        }
        let applicant = file.record.link("applicant").and_then(|id| people.get(&id));
        let applicant = applicant.ok_or_else(Refusal::not_found)?;
        let weighed = self.basis(order, &file, &veil).await?;
        let about = file.case.decisions.last().map(|decision| decision.number);
        let saying =
            Saying { office: self, file: &file, weighed: &weighed, now: order.now, person: applicant, about };
        let mut fields = Fields::new();
        let sheet = Sheet { office: self, file: &file, veil: &veil, people: &people, compared: &compared };
        let filled = saying.fill(&mut fields, letter).and_then(|()| sheet.fill(&mut fields, order));
        filled.map_err(|unfit| Fault::Broken(unfit.to_string()))?;
        // The amount on a sheet of opinions is the rules', before anything is decided.
        if let Some(fen) = weighed.basis.values().find_map(|decision| decision.amount_fen) {
            fields
                .set(Field::DecisionAmount, anmin_base::money::Money::from_fen(fen))
                .map_err(|unfit| Fault::Broken(unfit.to_string()))?;
        }
        let mut documents = Vec::new();
        for lang in Lang::ALL {
            let document = letter.fill(&fields, lang).map_err(lacks)?;
            documents.push(DocumentV1::from(&document));
        }
        let open: Vec<&str> =
            file.workflow.steps_from(&file.case.state).map(|step| step.named.name.as_str()).collect();
        let named = file.workflow.letters.iter().find(|named| named.name == *name);
        let printed = PrintedV1 {
            form: named
                .map_or_else(|| NamedV1 { name: name.clone(), label: TextV1::default() }, NamedV1::from),
            number: file.record.text("number").unwrap_or_default().to_owned(),
            documents,
            step: steps.iter().find(|step| open.contains(&step.as_str())).cloned(),
        };
        Ok(look.release(printed).await?)
    }

    /// What the rules say of each programme, for who sees the figures.
    async fn basis(&self, order: &Order<'_>, file: &CaseFile, veil: &Veil<'_>) -> Result<Weighed> {
        let mut weighed = Weighed::default();
        if !["income", "property", "debt", "health"].iter().all(|field| veil.whole(field)) {
            return Ok(weighed);
        }
        for now in self.what_now(order, file.id()).await? {
            if let Some(decision) = now.decision {
                weighed.basis.insert(now.programme, decision);
            }
        }
        Ok(weighed)
    }
}

fn lacks(unfilled: Unfilled) -> Error {
    Refusal::new(crate::error::Kind::Unmet, "form_lacks", unfilled.zh(), unfilled.en()).into()
}

/// What stands on a sheet besides what letters say.
struct Sheet<'a> {
    office: &'a Office,
    file: &'a CaseFile,
    veil: &'a Veil<'a>,
    people: &'a BTreeMap<Id, PersonRecord>,
    compared: &'a ComparedV1,
}

fn same(text: impl Into<String>) -> Value {
    let text: String = text.into();
    // A blank value would be one that is missing: on paper it is a place to write.
    let text = if text.trim().is_empty() { "—".to_owned() } else { text };
    Value::Text(Words::Same(text))
}

fn both(text: &TextV1) -> Value {
    Value::Text(Words::Both { zh: text.zh.clone(), en: text.en.clone() })
}

impl Sheet<'_> {
    fn fill(&self, fields: &mut Fields, order: &Order<'_>) -> std::result::Result<(), Unfit> {
        let rights = self.office.rights();
        if let Some(name) = rights.name_of(order.caller.person) {
            fields.set(Field::Handler, Words::Same(name.to_owned()))?;
        }
        fields.set(Field::Members, self.members())?;
        let declared = self.declared();
        if !declared.is_empty() {
            fields.set(Field::Declared, declared)?;
        }
        self.check(fields)?;
        let course = self.course();
        if !course.is_empty() {
            fields.set(Field::Course, course)?;
        }
        if let Some(heard) = self.file.case.hearings.last() {
            fields
                .set(Field::HeardName, Words::Same(self.name(&heard.hearing.heard.0)))?
                .set(Field::HeardHow, Words::Same(heard.hearing.how.clone()))?
                .set(Field::HeardSaid, Words::Same(heard.hearing.said.clone()))?
                .set(Field::HeardAnswer, Words::Same(heard.hearing.answer.clone()))?;
        }
        Ok(())
    }

    fn person(&self, person: &str) -> Option<&PersonRecord> {
        self.people.get(&Id::parse(person)?)
    }

    fn name(&self, person: &str) -> String {
        let known = self.person(person).and_then(|person| self.veil.text("name", person.name()));
        known.unwrap_or_else(|| "—".into())
    }

    fn members(&self) -> Vec<Row> {
        let collections = &self.file.opened.sheet().schema.collections;
        let row = |(id, person): (&Id, &PersonRecord)| {
            let seen = person.seen(self.veil);
            let text = id.to_string();
            let roles =
                self.file.parties.iter().filter(|party| party.person == text).map(|party| &party.role);
            let label = |role: &String| {
                let known = collections.iter().find(|collection| collection.name == *role);
                known.map_or_else(
                    || (role.clone(), role.clone()),
                    |c| (c.label.zh.clone(), c.label.en.clone()),
                )
            };
            let labels: Vec<(String, String)> = roles.map(label).collect();
            let zh: Vec<&str> = labels.iter().map(|(zh, _)| zh.as_str()).collect();
            let en: Vec<&str> = labels.iter().map(|(_, en)| en.as_str()).collect();
            let role = match labels.is_empty() {
                true => TextV1 { zh: "申请人".into(), en: "applicant".into() },
                false => TextV1 { zh: zh.join("、"), en: en.join(", ") },
            };
            vec![
                ("name", same(seen.name.unwrap_or_default())),
                ("number", same(seen.resident_id.unwrap_or_default())),
                ("role", both(&role)),
                ("phone", same(seen.phone.unwrap_or_default())),
            ]
        };
        self.people.iter().map(row).collect()
    }

    /// Declared facts that say something, those that differ first: as many as stand on a sheet.
    fn declared(&self) -> Vec<Row> {
        let says = |row: &&ComparedRowV1| {
            let cell = row.declared.as_ref();
            let value = cell.and_then(|cell| cell.value.as_deref()).unwrap_or_default();
            !matches!(value, "" | "false" | "none" | "0" | "0.00") && row.kind != "text"
        };
        let mut rows: Vec<&ComparedRowV1> = self.compared.rows.iter().filter(says).collect();
        rows.sort_by_key(|row| (!row.differs, row.kind != "money"));
        let cell = |cell: &Option<crate::facts::CellV1>| match cell {
            Some(cell) => match &cell.word {
                Some(word) => both(word),
                None => same(cell.value.clone().unwrap_or_default()),
            },
            None => same(""),
        };
        let row = |row: &&ComparedRowV1| {
            let whose = row.person.as_ref().map(|person| self.name(person));
            let household = TextV1 { zh: "家庭".into(), en: "household".into() };
            vec![
                ("whose", whose.map_or_else(|| both(&household), same)),
                ("what", both(&row.label)),
                ("declared", cell(&row.declared)),
                ("checked", cell(&row.checked)),
            ]
        };
        rows.iter().take(LINES).map(row).collect()
    }

    fn check(&self, fields: &mut Fields) -> std::result::Result<(), Unfit> {
        let case = &self.file.case;
        let live = case.authorities.iter().filter(|authority| authority.revoked.is_none());
        let row = |authority: &anmin_casework::record::Authority| {
            let seen = self.person(&authority.subject.0).map(|person| person.seen(self.veil));
            let (name, number) = seen.map_or((None, None), |seen| (seen.name, seen.resident_id));
            vec![
                ("name", same(name.unwrap_or_default())),
                ("number", same(number.unwrap_or_default())),
                ("signed", same(authority.on.to_string())),
            ]
        };
        let subjects: Vec<Row> = live.map(row).collect();
        if !subjects.is_empty() {
            fields.set(Field::Subjects, subjects)?;
        }
        let asked = case.checks.last().map(|check| &check.sources);
        let known = &self.office.authority().parts().sources;
        let source = |(name, _): &(String, Option<anmin_casework::record::Answer>)| {
            let found = known.iter().find(|source| source.name == *name);
            found.map_or_else(
                || Words::Same(name.clone()),
                |s| Words::Both { zh: s.zh.clone(), en: s.en.clone() },
            )
        };
        let sources: Vec<Words> = asked.into_iter().flatten().map(source).collect();
        if !sources.is_empty() {
            fields.set(Field::Sources, sources)?;
        }
        if let Some(visit) = case.visits.last() {
            let rights = self.office.rights();
            let names = visit.visitors.iter().filter_map(super::file::person_id);
            let names: Vec<Words> = names
                .filter_map(|person| rights.name_of(person))
                .map(|name| Words::Same(name.to_owned()))
                .collect();
            if !names.is_empty() {
                fields.set(Field::Visitors, names)?;
            }
        }
        Ok(())
    }

    /// Opinions, reviews and decisions, a line each.
    fn course(&self) -> Vec<Row> {
        let case = &self.file.case;
        let rights = self.office.rights();
        let said = |act: ActKind, cycle: u32| -> TextV1 {
            let outcomes: Vec<TextV1> = match act {
                ActKind::Opine => case
                    .opinions
                    .iter()
                    .rev()
                    .find(|opinion| opinion.cycle == cycle)
                    .map(|opinion| opinion.proposals.iter().map(|p| p.outcome.label()).collect())
                    .unwrap_or_default(),
                ActKind::Decide => {
                    let of = case.decisions.iter().filter(|decision| decision.cycle == cycle);
                    of.map(|decision| decision.ruling.outcome.label()).collect()
                }
                _ => Vec::new(),
            };
            let zh: Vec<&str> = outcomes.iter().map(|o| o.zh.as_str()).collect();
            let en: Vec<&str> = outcomes.iter().map(|o| o.en.as_str()).collect();
            TextV1 { zh: zh.join("、"), en: en.join(", ") }
        };
        let tells = |act: ActKind| {
            matches!(
                act,
                ActKind::Accept
                    | ActKind::Visit
                    | ActKind::SpotVisit
                    | ActKind::Appraise
                    | ActKind::Opine
                    | ActKind::Decide
            )
        };
        let line = |taken: &anmin_casework::record::Taken| {
            let step = self.file.workflow.step(&taken.step)?;
            let reviews = step.by.iter().any(|duty| duty == "review") && step.to.is_some();
            if !tells(step.act) && !reviews {
                return None;
            }
            let said = said(step.act, taken.cycle);
            let who = super::file::person_id(&taken.by.person)
                .and_then(|person| rights.name_of(person).map(str::to_owned));
            Some(vec![
                ("what", Value::Text(words(Some(&step.named), ""))),
                ("said", if said.zh.is_empty() { same("") } else { both(&said) }),
                ("who", same(who.unwrap_or_default())),
                ("on", same(taken.on.to_string())),
            ])
        };
        case.taken.iter().filter_map(line).collect()
    }
}
