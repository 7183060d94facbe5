//! Rows of households and memberships to what the registry decides on, and back.

use crate::error::{Fault, Result};
use crate::office::days;
use crate::people::start::wrong;
use anmin_registry::household::{Book, CountedFor, Ground, Household, Membership, Of, Rows};
use anmin_registry::id::{AreaId, CaseId, HouseholdId, Moment, PersonId};
use anmin_store::{Find, Id, Record, Work, table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The sealed part of a household's row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HouseholdSealedV1 {
    pub schema: String,
    /// The service it is counted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

pub(crate) const SCHEMA: &str = "anmin.household/1";

/// A household's row, opened.
pub(crate) fn household(record: &Record) -> Result<Household> {
    let corrupt = |what: &str| Fault::Broken(format!("household {}: {what}", record.id()));
    let sealed = record.secret("payload").ok_or_else(|| corrupt("no payload"))?;
    let sealed: HouseholdSealedV1 =
        serde_json::from_slice(sealed.reveal()).map_err(|e| corrupt(&e.to_string()))?;
    if sealed.schema != SCHEMA {
        return Err(corrupt(&sealed.schema).into());
    }
    let of = match record.text("kind") {
        Some("registered") => Of::Register,
        Some("living") => {
            let programme = sealed.service.ok_or_else(|| corrupt("counted for nothing"))?;
            // It is there before its case is.
            Of::Living(CountedFor { case: CaseId(0), programme })
        }
        _ => Of::Address,
    };
    let area = AreaId(record.link("area").map_or(0, |id| id.0));
    Ok(Household { id: HouseholdId(record.id().0), of, area })
}

/// A membership's row.
pub(crate) fn membership(record: &Record) -> Result<Membership> {
    let corrupt = |what: &str| Fault::Broken(format!("membership {}: {what}", record.id()));
    let id = |column: &str| record.link(column).map(|id| id.0).ok_or_else(|| corrupt(column));
    let ground = record.text("ground").and_then(Ground::of_name).ok_or_else(|| corrupt("its ground"))?;
    Ok(Membership {
        household: HouseholdId(id("household")?),
        person: PersonId(id("person")?),
        ground,
        days: days(record),
        recorded_at: Moment(record.id().moment().0),
        taken_back_at: record.int("taken_back_at").map(Moment),
    })
}

/// What a change is decided on, with the rows it stands in.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub book: Book,
    pub households: Vec<Record>,
    memberships: Vec<(Record, Membership)>,
}

impl Shelf {
    /// The book of these households and people, and of every other household the people belong to.
    pub async fn read(work: &mut Work, households: &[Id], people: &[Id]) -> Result<Shelf> {
        let mut shelf = Shelf::default();
        let own = Find::all(&table::MEMBERSHIP).any_of("household", households).limit(1000);
        let mut rows = work.find(&own).await?;
        let mut everybody: BTreeSet<Id> = rows.iter().filter_map(|row| row.link("person")).collect();
        everybody.extend(people);
        let everybody: Vec<Id> = everybody.into_iter().collect();
        for row in work.find(&Find::all(&table::MEMBERSHIP).any_of("person", &everybody).limit(5000)).await? {
            if rows.iter().all(|known| known.id() != row.id()) {
                rows.push(row);
            }
        }
        let mut all: BTreeSet<Id> = rows.iter().filter_map(|row| row.link("household")).collect();
        all.extend(households);
        let all: Vec<Id> = all.into_iter().collect();
        shelf.households = work.find(&Find::all(&table::HOUSEHOLD).ids(&all).limit(1000)).await?;
        for record in &shelf.households {
            shelf.book.households.push(household(record)?);
        }
        for row in rows {
            let read = membership(&row)?;
            shelf.book.rows.push(read);
            shelf.memberships.push((row, read));
        }
        Ok(shelf)
    }

    /// The membership of that name.
    pub fn membership(&self, id: Id) -> Result<Membership> {
        let found = self.memberships.iter().find(|(row, _)| row.id() == id).map(|(_, read)| *read);
        found.ok_or_else(|| {
            wrong(
                "change.membership",
                "没有这一条，请刷新后再选。",
                "There is no such entry; look again and choose.",
            )
        })
    }

    /// Writes what a change does.
    pub async fn write(&self, work: &mut Work, rows: &Rows) -> Result<()> {
        let at = work.at();
        for row in &rows.take_back {
            let Some((record, _)) = self.memberships.iter().find(|(_, read)| read == row) else {
                return Err(Fault::Broken("a membership to take back is gone".into()).into());
            };
            work.update_if(record.clone().with("taken_back_at", at)).await?;
        }
        for row in &rows.add {
            work.insert(record(row, Id::at(at))).await?;
        }
        Ok(())
    }
}

/// A new row of a membership. When it was recorded is in its identifier.
pub(crate) fn record(row: &Membership, id: Id) -> Record {
    Record::new(&table::MEMBERSHIP, id)
        .with("household", Id(row.household.0))
        .with("person", Id(row.person.0))
        .with("ground", row.ground.name())
        .with("counted", i64::from(row.ground.counted()))
        .with("valid_from", i64::from(row.days.from.days()))
        .with("valid_to", row.days.to.map(|to| i64::from(to.days())))
}
