//! What our own registers answer, so that nobody is asked for it: a closed, generic list. An answer can be recorded as a
//! fact with the source `lookup`; replay never asks again.

use crate::error::Result;
use crate::office::{Office, Order, date};
use crate::people::is_resident;
use crate::record::TextV1;
use anmin_base::date::Date;
use anmin_store::{Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A case of a person that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ActiveCaseV1 {
    /// The case, where the caller reaches it.
    pub case: String,
    /// Its number for people.
    pub number: String,
    /// The service.
    pub service: String,
    /// The name of its state.
    pub state: TextV1,
    /// The day papers were handed in.
    pub received_on: String,
    /// As what the person is in it: `applicant`, or a collection of the service's facts.
    pub role: String,
}

/// A grant in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GrantV1 {
    /// The case.
    pub case: String,
    /// The programme.
    pub programme: String,
    /// The first day of the grant as it is now.
    pub from: String,
    /// The number the amount hangs on: the decision.
    pub decision: String,
    /// The effect that is in force: `grant` or `increase`, `reduce`.
    pub kind: String,
}

impl Office {
    /// The cases of a person in a service that have not ended, as far as the caller reaches them: so that a second one is
    /// not opened unawares.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn active_cases(
        &self,
        order: &Order<'_>,
        person: Id,
        service: &str,
    ) -> Result<Vec<ActiveCaseV1>> {
        let (rows, purpose) = self.reach(order)?;
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let own = Find::all(&table::CASE_FILE).equal("applicant", person).equal("pack", service).plain();
        let mut found: Vec<(Record, String)> =
            look.find(&own.limit(100)).await?.into_iter().map(|row| (row, "applicant".to_owned())).collect();
        let named = look.find(&Find::all(&table::CASE_PERSON).equal("person", person).limit(100)).await?;
        let roles: BTreeMap<Id, String> = named
            .iter()
            .filter_map(|row| Some((row.link("case_id")?, row.text("role")?.to_owned())))
            .filter(|(case, _)| found.iter().all(|(row, _)| row.id() != *case))
            .collect();
        let ids: Vec<Id> = roles.keys().copied().collect();
        let others = Find::all(&table::CASE_FILE).ids(&ids).equal("pack", service).plain().limit(100);
        for row in look.find(&others).await? {
            let role = roles.get(&row.id()).cloned().unwrap_or_default();
            found.push((row, role));
        }
        let mut active = Vec::new();
        for (row, role) in found {
            active.extend(self.active(&row, role)?);
        }
        Ok(look.release(active).await?)
    }

    /// The case, if it has not ended.
    fn active(&self, row: &Record, role: String) -> Result<Option<ActiveCaseV1>> {
        let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
        let received = date(row, "received_on").unwrap_or(Date::MIN);
        let area = anmin_authz::id::AreaId(row.link("area").map_or(0, |id| id.0));
        let opened = self.opened(&text("pack"), self.region_of(area, received).as_deref())?;
        let workflow = self.workflow(&opened, received)?;
        let state = workflow.state(row.text("state").unwrap_or_default());
        if state.is_none_or(|state| state.last) {
            return Ok(None);
        }
        let label =
            state.map(|state| TextV1 { zh: state.named.label.zh.clone(), en: state.named.label.en.clone() });
        Ok(Some(ActiveCaseV1 {
            case: row.id().to_string(),
            number: text("number"),
            service: text("pack"),
            state: label.unwrap_or_default(),
            received_on: received.to_string(),
            role,
        }))
    }

    /// The grants of a person's cases that are in force on a day: the last effect of each programme, unless it ended it.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn grants_in_force(&self, order: &Order<'_>, person: Id, on: Date) -> Result<Vec<GrantV1>> {
        let (rows, purpose) = self.reach(order)?;
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let own =
            look.find(&Find::all(&table::CASE_FILE).equal("applicant", person).plain().limit(100)).await?;
        let named = look.find(&Find::all(&table::CASE_PERSON).equal("person", person).limit(100)).await?;
        let mut cases: Vec<Id> = own.iter().map(Record::id).collect();
        cases.extend(named.iter().filter_map(|row| row.link("case_id")));
        cases.sort_unstable();
        cases.dedup();
        let effects = look.find(&Find::all(&table::EFFECT).any_of("case_id", &cases).limit(1000)).await?;
        let decisions =
            look.find(&Find::all(&table::DECISION).any_of("case_id", &cases).plain().limit(1000)).await?;
        let grants = in_force(&effects, &decisions, on);
        Ok(look.release(grants).await?)
    }

    fn reach(&self, order: &Order<'_>) -> Result<(Scope, String)> {
        // Whoever receives papers must see that there is a case already, before one is theirs.
        let actions: &[&str] =
            if is_resident(order) { &["progress_read"] } else { &["receive", "case_read"] };
        let (scope, purpose) = self.first_scope(order, actions)?;
        Ok((Scope::from_authz(&scope, self.authority()), purpose))
    }
}

/// The last effect of each case and programme that has begun by the day, where it leaves something granted.
fn in_force(effects: &[Record], decisions: &[Record], on: Date) -> Vec<GrantV1> {
    let mut last: BTreeMap<(Id, String), (i64, &Record, &Record)> = BTreeMap::new();
    for effect in effects {
        let begins = effect.int("takes_effect_on").unwrap_or(i64::MAX);
        let decision = decisions.iter().find(|decision| Some(decision.id()) == effect.link("decision"));
        let (Some(case), Some(decision)) = (effect.link("case_id"), decision) else { continue };
        if begins > i64::from(on.days()) {
            continue;
        }
        let key = (case, decision.text("programme").unwrap_or_default().to_owned());
        // Of two that begin on one day the later decision holds.
        let order = |decision: &Record, begins: i64| (begins, decision.int("decided_at").unwrap_or_default());
        let later =
            last.get(&key).is_none_or(|(day, _, known)| order(decision, begins) >= order(known, *day));
        if later {
            last.insert(key, (begins, effect, decision));
        }
    }
    let standing = last
        .into_iter()
        .filter(|(_, (_, effect, _))| matches!(effect.text("kind"), Some("grant" | "increase" | "reduce")));
    standing
        .map(|((case, programme), (_, effect, decision))| GrantV1 {
            case: case.to_string(),
            programme,
            from: date(effect, "takes_effect_on").map(|day| day.to_string()).unwrap_or_default(),
            decision: decision.id().to_string(),
            kind: effect.text("kind").unwrap_or_default().to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(n: u128, decision: u128, kind: &str, day: i64) -> Record {
        Record::new(&table::EFFECT, Id(n))
            .with("case_id", Id(1))
            .with("decision", Id(decision))
            .with("kind", kind)
            .with("takes_effect_on", day)
    }

    fn decision(n: u128, at: i64) -> Record {
        Record::new(&table::DECISION, Id(n))
            .with("case_id", Id(1))
            .with("programme", "a")
            .with("decided_at", at)
    }

    #[test]
    fn the_last_effect_that_has_begun_is_in_force() {
        let day = Date::ymd(2026, 9, 1);
        let n = i64::from(day.days());
        let decisions = [decision(10, 1), decision(11, 2), decision(12, 3)];
        let effects =
            [effect(1, 10, "grant", n), effect(2, 11, "reduce", n + 30), effect(3, 12, "stop", n + 60)];
        let found = |on: Date| {
            let grants = in_force(&effects, &decisions, on);
            grants.iter().map(|grant| grant.kind.clone()).collect::<Vec<_>>()
        };
        assert_eq!(found(day.add_days(-1)), Vec::<String>::new());
        assert_eq!(found(day), ["grant"]);
        assert_eq!(found(day.add_days(30)), ["reduce"]);
        assert_eq!(found(day.add_days(60)), Vec::<String>::new(), "what was stopped is not in force");
    }
}
