//! Who is in an application, as the register has them: those it knows, and those to be entered with it. A resident brings in
//! whom they live with by the register, or who has agreed with a code of their own; anybody else the register knows already is
//! for the counter to bring in, so that nobody is listed by somebody who merely knows their number.

use super::draft::Draft;
use crate::asking::{Asking, ElementV1};
use crate::error::Result;
use crate::office::{Now, Office, Order};
use crate::people::{PersonRecord, PlaceV1, is_resident};
use crate::record::FieldError;
use anmin_authz::scope::SystemJob;
use anmin_base::date::Date;
use anmin_pack::form::{GroundRule, Who};
use anmin_rules::model::CollectionId;
use anmin_store::{Find, Id, Record, Scope, Value, table};
use std::collections::BTreeSet;

/// Somebody in an application.
pub(super) struct Linked {
    pub of: CollectionId,
    pub list: String,
    /// Their place in the list.
    pub at: usize,
    pub key: String,
    pub person: Id,
    /// The row to be entered; none: the register has them.
    pub new: Option<Record>,
    pub adult: bool,
    /// Why they belong to the household; none: to none.
    pub ground: Option<String>,
}

/// Everybody, and those who could not be brought in.
pub(super) struct Everybody {
    pub people: Vec<Linked>,
    pub left_out: Vec<(CollectionId, String)>,
}

impl Office {
    /// Finds or makes everybody in an application.
    ///
    /// # Errors
    /// Each who is to be brought in at the counter, or is not entered rightly; or a fault.
    pub(super) async fn everybody(
        &self,
        order: &Order<'_>,
        asking: &Asking,
        draft: &Draft,
    ) -> Result<Everybody> {
        let family = self.family_of(draft, order.now).await?;
        let mut all = Everybody { people: Vec::new(), left_out: Vec::new() };
        let mut wrong = Vec::new();
        for (list, elements) in &draft.sealed.answers.lists {
            let Some(of) = asking.collection(list) else { continue };
            let Some(who) = asking.form().who(of) else { continue };
            for (at, element) in elements.iter().enumerate() {
                let found = self.one(order, draft, element, &family).await?;
                let (person, new, born) = match found {
                    Found::Known(record) => {
                        let person = PersonRecord::read(record)?;
                        (person.record.id(), None, person.born())
                    }
                    Found::New(row, born) => (row.id(), Some(row), born),
                    // Who is in no household of theirs is no reason to send somebody away: staff look into it.
                    Found::Counter if who.ground.is_empty() => {
                        all.left_out.push((of, element.key.clone()));
                        continue;
                    }
                    Found::Counter => {
                        wrong.push(for_the_counter(list, element));
                        continue;
                    }
                    Found::Wrong(found) => {
                        wrong.extend(found);
                        continue;
                    }
                };
                let adult = born.is_none_or(|born| order.now.on >= born.add_years(18));
                let ground = asking.ground(of, who, draft, at);
                let (list, key) = (list.clone(), element.key.clone());
                all.people.push(Linked { of, list, at, key, person, new, adult, ground });
            }
        }
        let mut seen = BTreeSet::new();
        for linked in &all.people {
            if !seen.insert((linked.of, linked.person)) {
                wrong.push(FieldError {
                    at: format!("{}.{}", linked.list, linked.key),
                    zh: "同一个人写了两次，请去掉一个。".into(),
                    en: "The same person stands here twice: take one away.".into(),
                });
            }
        }
        if wrong.is_empty() { Ok(all) } else { Err(wrong.into()) }
    }

    /// Who lives with the applicant by the register: what a household of theirs says today.
    async fn family_of(&self, draft: &Draft, now: Now) -> Result<BTreeSet<Id>> {
        match draft.record.link("person") {
            Some(person) => self.lives_with(person, now).await,
            None => Ok(BTreeSet::new()),
        }
    }

    /// Who lives with somebody by the register, themself included.
    pub(super) async fn lives_with(&self, person: Id, now: Now) -> Result<BTreeSet<Id>> {
        let job = SystemJob::Application;
        let rows = self.job_scope(job, now.on);
        let mut look = self.inner.store.look(&rows, job.name(), now.at);
        let live = |find: Find| find.equal("taken_back_at", Value::Null).limit(1000);
        let own = look.find(&live(Find::all(&table::MEMBERSHIP).equal("person", person))).await?;
        let today = |row: &&Record| crate::office::days(row).hold(now.on);
        let households: Vec<Id> = own.iter().filter(today).filter_map(|row| row.link("household")).collect();
        let others = live(Find::all(&table::MEMBERSHIP).any_of("household", &households));
        let others = look.find(&others).await?;
        let mut family: BTreeSet<Id> =
            others.iter().filter(today).filter_map(|row| row.link("person")).collect();
        family.insert(person);
        Ok(look.release(family).await?)
    }

    async fn one(
        &self,
        order: &Order<'_>,
        draft: &Draft,
        element: &ElementV1,
        family: &BTreeSet<Id>,
    ) -> Result<Found> {
        let now = order.now;
        if let Some(person) = element.person.as_deref().and_then(Id::parse) {
            let known = self.known(order, &Find::one(&table::PERSON, person)).await?;
            return Ok(match known {
                Some(record) if !is_resident(order) || family.contains(&person) => Found::Known(record),
                _ => Found::Counter,
            });
        }
        let at = format!("{}.who.", element.key);
        let mut entry = element.who.entry();
        let area = self.rights().areas.area(draft.area()).and_then(|area| area.code);
        if let Some(code) = area {
            entry.residences = vec![PlaceV1 {
                division: code.to_string(),
                address: entry.address.clone(),
                from: String::new(),
                to: String::new(),
            }];
        }
        let person = match entry.person(&at, now.on) {
            Ok(person) => person,
            Err(found) => return Ok(Found::Wrong(found)),
        };
        if let Some(find) = self.by_number(&element.who, now) {
            let job = SystemJob::Application;
            let rows = self.job_scope(job, now.on);
            let there = self.inner.store.read_personal(&rows, job.name(), now.at, &find).await?.pop();
            if let Some(there) = there {
                return self.may_bring_in(order, draft, element, there, family).await;
            }
        }
        let born = person.birth;
        let row = self.person_row(&person, draft.area(), Id::at(now.at))?;
        Ok(Found::New(row, born))
    }

    /// Somebody the register has under the number that was written.
    async fn may_bring_in(
        &self,
        order: &Order<'_>,
        draft: &Draft,
        element: &ElementV1,
        there: Record,
        family: &BTreeSet<Id>,
    ) -> Result<Found> {
        let person = there.id();
        if there.text("name") != Some(element.who.name.trim()) {
            return Ok(Found::Counter);
        }
        if !is_resident(order) {
            // Papers lie on the counter; who is out of its reach is for the county to hand over.
            let reached = self.known(order, &Find::one(&table::PERSON, person)).await?;
            return Ok(reached.map_or(Found::Counter, Found::Known));
        }
        let id = person.to_string();
        let agreed = draft.sealed.signed.iter().any(|signed| {
            signed.element == element.key && signed.how == "code" && signed.person.as_ref() == Some(&id)
        });
        Ok(if agreed || family.contains(&person) { Found::Known(there) } else { Found::Counter })
    }

    /// Somebody the register has: of a resident read by the job that tells who is an adult, at a counter by whoever looks people
    /// up there.
    async fn known(&self, order: &Order<'_>, find: &Find) -> Result<Option<Record>> {
        let (store, at) = (&self.inner.store, order.now.at);
        let found = match is_resident(order) {
            true => {
                let job = SystemJob::Application;
                store.read_personal(&self.job_scope(job, order.now.on), job.name(), at, find).await?
            }
            false => {
                let (scope, purpose) = self.first_scope(order, &["person_find"])?;
                let rows = Scope::from_authz(&scope, self.authority());
                store.read_personal(&rows, &purpose, at, find).await?
            }
        };
        Ok(found.into_iter().next())
    }
}

enum Found {
    Known(Record),
    New(Record, Option<Date>),
    Counter,
    Wrong(Vec<FieldError>),
}

fn for_the_counter(list: &str, element: &ElementV1) -> FieldError {
    FieldError {
        at: format!("{list}.{}.who.number", element.key),
        zh: format!(
            "{}要本人同意才能写进来：请用发到其手机的验证码确认；没有手机的，请到窗口办理，或先去掉。",
            element.who.name.trim()
        ),
        en: format!(
            "{} has to agree: confirm with a code sent to their telephone; without one, come to the counter, or take them off.",
            element.who.name.trim()
        ),
    }
}

impl Asking {
    /// On which ground somebody belongs to the household, by their answers.
    fn ground(&self, of: CollectionId, who: &Who, draft: &Draft, at: usize) -> Option<String> {
        let element = draft.sealed.answers.list(self.collection_name(of))?.get(at)?;
        who.ground.iter().find_map(|rule| match rule {
            GroundRule::Otherwise(ground) => Some(ground.clone()),
            GroundRule::Where(fact, values) => {
                let asked = &self.schema().facts[fact.0];
                let anmin_rules::model::Type::Enum(id) = asked.ty else { return None };
                let given = element.values.get(&asked.name)?;
                let code = self.schema().enums[id.0].values.iter().find(|v| v.name == *given)?.code;
                values.iter().find(|(value, _)| *value == code).map(|(_, ground)| ground.clone())
            }
        })
    }
}
