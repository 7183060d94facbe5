//! Relatives: whoever handles cases declares theirs, and is kept from every case one of them is in.
//!
//! What is compared are keyed hashes of identity numbers, under a key of its own: neither table tells of the other who
//! is in it. A match enters the case in the register of relatives and bars the member of staff; it changes nothing else.

use super::{ADMINISTRATION, DoneV1, OWN_AFFAIRS, fine, internal, text_of};
use crate::case::{CaseFile, KIN_MATCHING, json};
use crate::error::{Fault, Result};
use crate::office::{Caller, Now, Office, Order};
use crate::people::PersonRecord;
use crate::record::{FieldError, TextV1};
use anmin_authz::scope::SystemJob;
use anmin_base::resident_id::ResidentId;
use anmin_casework::command::Command;
use anmin_casework::record::Actor;
use anmin_casework::workflow::Workflow;
use anmin_store::{Begun, Blind, Find, Id, NewJob, Record, Scope, Stream, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The job that looks for the cases a newly declared relative is in.
pub(crate) const KIN_DECLARED: &str = "kin_declared";
/// That a declaration is of the person themself.
pub(crate) const SELF: &str = "self";

/// The relations asked about: the relatives of the Civil Code's article 1045 and those by marriage, as the widest of the local
/// rules has them. The word, in Chinese, in English.
const RELATIONS: &[(&str, &str, &str)] = &[
    (SELF, "本人", "Oneself"),
    ("spouse", "配偶", "Spouse"),
    ("parent", "父母", "Parent"),
    ("child", "子女", "Child"),
    ("sibling", "兄弟姐妹", "Sibling"),
    ("grandparent", "祖父母、外祖父母", "Grandparent"),
    ("grandchild", "孙子女、外孙子女", "Grandchild"),
    ("parents_sibling", "伯叔姑舅姨", "Parent's sibling"),
    ("siblings_child", "侄子女、外甥子女", "Sibling's child"),
    ("spouses_parent", "配偶的父母", "Spouse's parent"),
    ("childs_spouse", "子女的配偶", "Child's spouse"),
    ("spouses_sibling", "配偶的兄弟姐妹", "Spouse's sibling"),
    ("siblings_spouse", "兄弟姐妹的配偶", "Sibling's spouse"),
    ("close_tie", "其他密切关系", "Another close tie"),
];

/// A relation that can be declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RelationV1 {
    /// The word.
    pub relation: &'static str,
    /// What it is called.
    pub name: TextV1,
}

/// The relations that can be declared.
pub fn relations() -> Vec<RelationV1> {
    let of = |(relation, zh, en): &(&'static str, &str, &str)| RelationV1 {
        relation,
        name: TextV1 { zh: (*zh).to_owned(), en: (*en).to_owned() },
    };
    RELATIONS.iter().map(of).collect()
}

/// A relative of the caller's.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KinV1 {
    /// Which relation: [`relations`].
    pub relation: String,
    /// The relative's name.
    pub name: String,
    /// Their identity number.
    pub resident_id: String,
}

impl std::fmt::Debug for KinV1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("relative ***")
    }
}

/// A declaration as its maker sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KinSeenV1 {
    /// The declaration.
    pub id: String,
    /// The relation.
    pub relation: String,
    /// The relative's name.
    pub name: String,
    /// Their identity number, masked.
    pub resident_id: String,
}

/// The sealed part of a declaration.
#[derive(Serialize, Deserialize)]
struct KinSealedV1 {
    name: String,
    resident_id: String,
}

/// An identity number in a form.
pub(crate) fn number(wrong: &mut Vec<FieldError>, at: &str, text: &str) -> Option<ResidentId> {
    let number = text.trim().parse::<ResidentId>();
    number.map_err(|e| wrong.push(FieldError { at: at.into(), zh: e.zh(), en: e.en() })).ok()
}

impl Office {
    fn kin_index(&self, number: &ResidentId) -> String {
        self.inner.store.keys().blind(Blind::Kin, "id18", number.reveal())
    }

    /// The row of a declaration.
    pub(crate) fn declaration(
        &self,
        staff: Id,
        relation: &str,
        name: &str,
        number: &ResidentId,
        now: Now,
    ) -> Result<Record> {
        let sealed = KinSealedV1 { name: name.to_owned(), resident_id: number.reveal().to_owned() };
        Ok(Record::new(&table::KIN_DECLARATION, Id::at(now.at))
            .with("staff", staff)
            .with("relation", relation)
            .with("kin_index", self.kin_index(number))
            .with("declared_at", now.at)
            .with("payload", json(&sealed)?))
    }

    /// Asks for the cases to be looked through.
    pub(crate) async fn ask_kin_declared(&self, work: &mut Work, declaration: Id, now: Now) -> Result<()> {
        let key = declaration.to_string();
        let job = NewJob { kind: KIN_DECLARED, key: &key, payload: b"", run_at: now.at };
        work.enqueue(&job).await?;
        Ok(())
    }

    /// Declares a relative of the caller's. Their open cases are looked for at once. The result is a [`DoneV1`].
    ///
    /// # Errors
    /// What is wrong in the form; declared before; not permitted; or a fault.
    pub async fn declare_kin(&self, order: &Order<'_>, input: &KinV1) -> Result<Vec<u8>> {
        self.permit(order, "kin_declare", &internal())?;
        let mut wrong = Vec::new();
        let name = text_of(&mut wrong, "name", &input.name, 40);
        let number = number(&mut wrong, "resident_id", &input.resident_id);
        if !RELATIONS.iter().any(|(word, ..)| *word == input.relation) {
            let words: Vec<&str> = RELATIONS.iter().map(|(_, zh, _)| *zh).collect();
            let english: Vec<&str> = RELATIONS.iter().map(|(_, _, en)| *en).collect();
            wrong.push(FieldError {
                at: "relation".into(),
                zh: format!("请选择关系：{}。", words.join("、")),
                en: format!("Choose the relation: {}.", english.join(", ")),
            });
        }
        fine(wrong)?;
        let Some(number) = number else { return Err(super::nothing()) };
        let (caller, now) = (order.caller, order.now);
        let scope = self.own_scope(caller.person, caller.login, now)?;
        let command = anmin_store::Command {
            scope: &scope,
            name: "declare_kin",
            purpose: ADMINISTRATION,
            at: now.at,
            request: order.request,
        };
        let mut work = match self.inner.store.begin(command).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let staff = Id(caller.person.0);
        let row = self.declaration(staff, &input.relation, &name, &number, now)?;
        let row = work.insert(row).await.map_err(|error| {
            super::taken(
                error,
                "resident_id",
                "这位亲属您已经申报过。",
                "You have declared this relative before.",
            )
        })?;
        self.ask_kin_declared(&mut work, row.id(), now).await?;
        let result = DoneV1::bytes(&row, None)?;
        let id = staff.to_string();
        work.commit(Stream { kind: "kin", id: &id }, &result, &result).await?;
        Ok(result)
    }

    /// What the caller has declared.
    ///
    /// # Errors
    /// A fault.
    pub async fn own_kin(&self, caller: &Caller, now: Now) -> Result<Vec<KinSeenV1>> {
        let scope = self.own_scope(caller.person, caller.login, now)?;
        let find = Find::all(&table::KIN_DECLARATION).equal("staff", Id(caller.person.0)).limit(1000);
        let rows = self.inner.store.read_personal(&scope, OWN_AFFAIRS, now.at, &find).await?;
        let seen = |row: &Record| {
            let sealed = sealed(row)?;
            let masked = sealed.resident_id.parse::<ResidentId>().map(|id| id.masked());
            Ok(KinSeenV1 {
                id: row.id().to_string(),
                relation: row.text("relation").unwrap_or_default().to_owned(),
                name: sealed.name,
                resident_id: masked.unwrap_or_default(),
            })
        };
        rows.iter().map(seen).collect()
    }

    /// The job of a new case: which members of staff are relatives of somebody in it. How many were entered.
    pub(crate) async fn match_kin(&self, case: Id, now: Now) -> Result<u32> {
        let scope = self.job_scope(SystemJob::KinMatching, now.on);
        let read =
            async |find: Find| self.inner.store.read_personal(&scope, KIN_MATCHING, now.at, &find).await;
        let Some(row) = read(Find::one(&table::CASE_FILE, case)).await?.pop() else {
            return Err(Fault::Broken(format!("there is no case {case}")).into());
        };
        let file = CaseFile::read(self, row)?;
        let mut indexes = Vec::new();
        for person in read(Find::all(&table::PERSON).ids(&file.people()).limit(1000)).await? {
            let person = PersonRecord::read(person)?;
            // As it was written down: a flaw elsewhere in the entry lets nobody handle a relative's case.
            let number = person.entry().number.parse::<ResidentId>().ok();
            indexes.extend(number.map(|number| self.kin_index(&number)));
        }
        let mut found: BTreeSet<(Id, String)> = BTreeSet::new();
        let find = Find::all(&table::KIN_DECLARATION).any_of("kin_index", &indexes).limit(1000);
        for declaration in read(find).await? {
            let relation = declaration.text("relation").unwrap_or_default().to_owned();
            found.extend(declaration.link("staff").map(|staff| (staff, relation)));
        }
        let mut entered = 0;
        for (staff, relation) in found {
            entered += u32::from(self.register_kin(case, staff, &relation, now).await?);
        }
        Ok(entered)
    }

    /// The job of a new declaration: which cases the relative is in. How many were entered.
    pub(crate) async fn match_declared(&self, declaration: Id, now: Now) -> Result<u32> {
        let scope = self.job_scope(SystemJob::KinMatching, now.on);
        let Some(row) =
            self.read_as(&scope, Find::one(&table::KIN_DECLARATION, declaration), now).await?.pop()
        else {
            return Err(Fault::Broken(format!("there is no declaration {declaration}")).into());
        };
        let relation = row.text("relation").unwrap_or_default().to_owned();
        let staff = row.link("staff").ok_or(Fault::Broken("a declaration of nobody".into()))?;
        let Ok(number) = sealed(&row)?.resident_id.parse::<ResidentId>() else {
            return Err(Fault::Broken(format!("declaration {declaration} has no number")).into());
        };
        let index = self.inner.store.keys().blind(Blind::Person, "id18", number.reveal());
        let people =
            self.read_as(&scope, Find::all(&table::PERSON).equal("id_index", index).plain(), now).await?;
        let mut cases: BTreeSet<Id> = BTreeSet::new();
        for person in people.iter().map(Record::id) {
            let own = Find::all(&table::CASE_FILE).equal("applicant", person).plain().limit(1000);
            cases.extend(self.read_as(&scope, own, now).await?.iter().map(Record::id));
            let named = Find::all(&table::CASE_PERSON).equal("person", person).limit(1000);
            cases
                .extend(self.read_as(&scope, named, now).await?.iter().filter_map(|row| row.link("case_id")));
        }
        let mut entered = 0;
        for case in cases {
            entered += u32::from(self.register_kin(case, staff, &relation, now).await?);
        }
        Ok(entered)
    }

    pub(crate) async fn read_as(&self, scope: &Scope, find: Find, now: Now) -> Result<Vec<Record>> {
        Ok(self.inner.store.read_personal(scope, KIN_MATCHING, now.at, &find).await?)
    }

    /// Enters a member of staff in a case's register of relatives, unless they are in it. Whether they were not.
    async fn register_kin(&self, case: Id, staff: Id, relation: &str, now: Now) -> Result<bool> {
        let person = anmin_casework::record::Person(staff.to_string());
        let relation = relation.to_owned();
        let job = SystemJob::KinMatching;
        let ask = |file: &CaseFile| {
            let by = job_actor(job, &file.workflow);
            let known = file.case.bar(&person).is_some();
            by.filter(|_| !known).map(|by| Command::RegisterKin {
                staff: person.clone(),
                relation: relation.clone(),
                by,
            })
        };
        Ok(self.command_as_job(case, job, "register_kin", &ask, now).await?.is_some())
    }
}

/// A job as cases record it: its name, in a duty of staff that excludes no other.
pub(crate) fn job_actor(job: SystemJob, workflow: &Workflow) -> Option<Actor> {
    let staff = || workflow.duties.iter().filter(|duty| duty.staff);
    let duty = staff().find(|duty| duty.set.is_none()).or_else(|| staff().next())?;
    Some(Actor {
        person: anmin_casework::record::Person(job.name().into()),
        duty: duty.named.name.clone(),
        delegated_by: None,
        human: false,
    })
}

fn sealed(row: &Record) -> Result<KinSealedV1> {
    let broken = |what: String| Fault::Broken(format!("declaration {}: {what}", row.id()));
    let payload = row.secret("payload").ok_or_else(|| broken("no payload".into()))?;
    Ok(serde_json::from_slice(payload.reveal()).map_err(|e| broken(e.to_string()))?)
}
