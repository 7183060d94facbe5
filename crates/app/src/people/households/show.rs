//! A household as somebody sees it: its members on a day, and all that was ever recorded.

use super::book;
use super::forms::{HouseholdV1, MemberV1};
use crate::error::{Error, Refusal, Result};
use crate::office::{Office, Order};
use crate::people::start::is_resident;
use crate::people::{PersonRecord, PersonV1};
use crate::record::TextV1;
use anmin_authz::scope::Scope as AuthzScope;
use anmin_base::date::Date;
use anmin_registry::household::Membership;
use anmin_registry::id::Moment;
use anmin_store::{Find, Id, Record, Scope, table};
use std::collections::BTreeMap;

impl Office {
    /// A household with its members on a day.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn show_household(&self, order: &Order<'_>, household: Id, on: Date) -> Result<HouseholdV1> {
        let actions: &[&str] = if is_resident(order) { &["own_read"] } else { &["person_find", "case_read"] };
        for action in actions {
            let Ok((scope, purpose)) = self.first_scope(order, &[action]) else { continue };
            let rows = Scope::from_authz(&scope, self.authority());
            let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
            let Some(record) = look.one(&table::HOUSEHOLD, household).await? else { continue };
            let find = Find::all(&table::MEMBERSHIP).equal("household", household).limit(1000);
            let memberships = look.find(&find).await?;
            let ids: Vec<Id> = memberships.iter().filter_map(|row| row.link("person")).collect();
            let people = look.find(&Find::all(&table::PERSON).ids(&ids).limit(1000)).await?;
            let mut seen = BTreeMap::new();
            for person in people {
                let id = person.id();
                seen.insert(id, self.member_seen(order, &scope, &purpose, person).await?);
            }
            let shown = household_seen(&record, &memberships, &seen, on)?;
            return Ok(look.release(shown).await?);
        }
        Err(Refusal::not_found().into())
    }

    /// A member on the caller's terms: as the register has them, or in a case; nothing but the identifier otherwise.
    async fn member_seen(
        &self,
        order: &Order<'_>,
        scope: &AuthzScope,
        purpose: &str,
        person: Record,
    ) -> Result<PersonV1> {
        let (store, id) = (&self.inner.store, person.id());
        let rows = Scope::from_authz(scope, self.authority());
        let cases: Vec<Id> = if is_resident(order) {
            let me = Id(order.caller.person.0);
            let find = Find::all(&table::CASE_FILE).equal("applicant", me).plain();
            let found = store.read_personal(&rows, purpose, order.now.at, &find).await?;
            found.iter().map(Record::id).collect()
        } else {
            let find = Find::all(&table::CASE_PERSON).equal("person", id);
            let found = store.read_personal(&rows, purpose, order.now.at, &find).await?;
            found.iter().filter_map(|row| row.link("case_id")).collect()
        };
        match self.terms_in(order, scope, id, &cases).await {
            Ok(allowed) => Ok(PersonRecord::read(person)?.seen(&self.veil(&allowed))),
            Err(Error::Refusal(_)) => Ok(PersonV1::nobody(id)),
            Err(fault) => Err(fault),
        }
    }
}

fn household_seen(
    record: &Record,
    memberships: &[Record],
    people: &BTreeMap<Id, PersonV1>,
    on: Date,
) -> Result<HouseholdV1> {
    let read = book::household(record)?;
    let (mut members, mut history) = (Vec::new(), Vec::new());
    for row in memberships {
        let membership = book::membership(row)?;
        let person = Id(membership.person.0);
        let person = people.get(&person).cloned().unwrap_or_else(|| PersonV1::nobody(person));
        let seen = member(row, &membership, person);
        if membership.days.hold(on) && membership.known(Moment::LAST) {
            members.push(seen.clone());
        }
        history.push(seen);
    }
    let kind = read.kind();
    let service = match &read.of {
        anmin_registry::household::Of::Living(counted) => Some(counted.programme.clone()),
        _ => None,
    };
    Ok(HouseholdV1 {
        id: record.id().to_string(),
        version: record.version(),
        kind: kind.name().to_owned(),
        kind_name: TextV1 { zh: kind.zh().to_owned(), en: kind.en().to_owned() },
        service,
        area: record.text("area").unwrap_or_default().to_owned(),
        members,
        history,
    })
}

fn member(row: &Record, membership: &Membership, person: PersonV1) -> MemberV1 {
    let ground = membership.ground;
    MemberV1 {
        membership: row.id().to_string(),
        person,
        ground: ground.name().to_owned(),
        ground_name: TextV1 { zh: ground.zh().to_owned(), en: ground.en().to_owned() },
        counted: ground.counted(),
        from: membership.days.from.to_string(),
        to: membership.days.to.map(|to| to.to_string()),
        recorded_on: membership.recorded_at.day().to_string(),
        taken_back_on: membership.taken_back_at.map(|at| at.day().to_string()),
    }
}
