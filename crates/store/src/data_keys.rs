//! Data keys: one per table and year, wrapped by the envelope key and kept in the database.

use crate::db::{Bind, Db, one, run};
use crate::error::{Fault, Result};
use crate::id::random;
use crate::keys::Key;
use crate::record::Secret;
use crate::sealed;
use crate::table;
use sqlx::Row;
use std::collections::BTreeMap;
use std::sync::RwLock;

/// What is sealed besides records: the payloads of events, and objects.
pub(crate) const EVENT_PAYLOAD: &str = "event_payload";
pub(crate) const OBJECT: &str = "object";

#[derive(Debug)]
pub(crate) struct DataKeys {
    envelope: Key,
    deployment: String,
    known: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    numbers: BTreeMap<(String, i64), u32>,
    keys: BTreeMap<u32, Key>,
}

impl DataKeys {
    pub fn new(envelope: Key, deployment: &str) -> DataKeys {
        DataKeys { envelope, deployment: deployment.into(), known: RwLock::default() }
    }

    /// Where something sealed stands.
    pub fn place(&self, table: &str, column: &str, row: &str) -> String {
        format!("{table}|{column}|{row}|{}", self.deployment)
    }

    /// Seals with the key of this table and year, which [`DataKeys::prepare`] has made.
    pub fn seal(&self, table: &str, year: i64, place: &str, plain: &[u8]) -> Vec<u8> {
        let known = self.known.read().expect("no panic while it is held");
        let number = known.numbers[&(table.to_string(), year)];
        sealed::seal(&known.keys[&number], number, place, plain)
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: &str, bytes: &[u8]) -> Result<Secret> {
        let number = sealed::key_number(place, bytes)?;
        let known = self.known.read().expect("no panic while it is held");
        let key = known.keys.get(&number).ok_or_else(|| Fault::Sealed { place: place.into() })?;
        sealed::open(key, place, bytes)
    }

    /// Whether the key of a value is known; another process may have made it since.
    pub fn knows(&self, bytes: &[u8]) -> bool {
        let known = self.known.read().expect("no panic while it is held");
        sealed::key_number("", bytes).is_ok_and(|number| known.keys.contains_key(&number))
    }

    /// Reads all keys.
    pub async fn load(&self, db: &Db) -> Result<()> {
        let rows = db.rows("SELECT id, of_table, year, wrapped FROM data_key".into(), Vec::new()).await?;
        let mut found = Known::default();
        for row in rows {
            let (id, table, year): (i64, String, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let wrapped: Vec<u8> = row.try_get(3)?;
            let number = u32::try_from(id).map_err(|_| Fault::Corrupt("data key number".into()))?;
            let place = self.place("data_key", &format!("{table}/{year}"), &id.to_string());
            let plain = sealed::open(&self.envelope, &place, &wrapped)?;
            let bytes = plain.reveal().try_into().map_err(|_| Fault::Sealed { place })?;
            found.numbers.insert((table, year), number);
            found.keys.insert(number, Key::new(bytes));
        }
        *self.known.write().expect("no panic while it is held") = found;
        Ok(())
    }

    /// Sees to it that every sealed table has a key of this year. Once a year it writes.
    pub async fn prepare(&self, db: &Db, year: i64) -> Result<()> {
        if self.missing(year).is_empty() {
            return Ok(());
        }
        self.load(db).await?;
        let missing = self.missing(year);
        if missing.is_empty() {
            return Ok(());
        }
        let mut tx = db.write().await?;
        let row = one(&mut tx, "SELECT COALESCE(MAX(id), 0) FROM data_key", Vec::new()).await?;
        let mut id: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
        for table in missing {
            id += 1;
            let number = u32::try_from(id).map_err(|_| Fault::Corrupt(format!("data key {id}")))?;
            let place = self.place("data_key", &format!("{table}/{year}"), &id.to_string());
            let wrapped = sealed::seal(&self.envelope, number, &place, &random::<32>());
            // Another process may make them at the same moment: the first one's stay.
            let sql = "INSERT INTO data_key (id, of_table, year, wrapped) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT DO NOTHING";
            let binds = vec![Bind::int(id), Bind::text(table), Bind::int(year), Bind::bytes(wrapped)];
            run(&mut tx, sql, binds).await?;
        }
        tx.commit().await?;
        self.load(db).await?;
        // Both made some: what is still missing gets its number now.
        if self.missing(year).is_empty() { Ok(()) } else { Err(Fault::Busy.into()) }
    }

    fn missing(&self, year: i64) -> Vec<&'static str> {
        let known = self.known.read().expect("no panic while it is held");
        let records = table::ALL.iter().filter(|table| table.is_sealed()).map(|table| table.name);
        let all = records.chain([EVENT_PAYLOAD, OBJECT]);
        all.filter(|name| !known.numbers.contains_key(&(name.to_string(), year))).collect()
    }
}
