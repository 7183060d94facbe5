//! Between records and rows: sealing on the way in, opening on the way out, and the statements that follow the
//! catalogue.

use crate::data_keys::DataKeys;
use crate::db::{Bind, value};
use crate::error::{Fault, Result};
use crate::id::Id;
use crate::record::{Record, Value};
use crate::table::{Kind, Table};
use sqlx::Row;
use sqlx::any::AnyRow;

/// The columns of a record as they are stored.
pub(crate) fn stored(keys: &DataKeys, year: i64, record: &Record) -> Vec<Bind> {
    let id = record.id.to_string();
    let columns = record.table.columns.iter().zip(&record.values);
    let stored = columns.map(|((name, kind), value)| match value {
        Value::Secret(secret) => {
            let place = keys.place(record.table.name, name, &id);
            Bind(*kind, keys.seal(record.table.name, year, &place, secret.reveal()).into())
        }
        value => Bind(*kind, value.clone()),
    });
    stored.collect()
}

/// The record a row holds: `id, version` and the columns, from position 0; when `plain`, without the sealed ones.
pub(crate) fn opened(keys: &DataKeys, table: &'static Table, row: &AnyRow, plain: bool) -> Result<Record> {
    let text: String = row.try_get(0)?;
    let id = Id::parse(&text).ok_or_else(|| Fault::Corrupt(format!("{} {text}", table.name)))?;
    let mut record = Record::new(table, id);
    record.version = row.try_get(1)?;
    record.plain = plain && table.is_sealed();
    let mut next = 2;
    for (at, (name, kind)) in table.columns.iter().enumerate() {
        if plain && *kind == Kind::Sealed {
            continue;
        }
        next += 1;
        record.values[at] = match (value(row, next - 1, *kind)?, kind) {
            (Value::Bytes(bytes), Kind::Sealed) => {
                Value::Secret(keys.open(&keys.place(table.name, name, &text), &bytes)?)
            }
            (value, _) => value,
        };
    }
    Ok(record)
}

/// Whether a row is sealed with a key that was made by another process since we read them.
pub(crate) fn has_unknown_key(keys: &DataKeys, table: &Table, row: &AnyRow) -> bool {
    table.columns.iter().enumerate().any(|(at, (_, kind))| {
        *kind == Kind::Sealed
            && matches!(value(row, at + 2, *kind), Ok(Value::Bytes(bytes)) if !keys.knows(&bytes))
    })
}

pub(crate) fn insert_sql(table: &Table) -> String {
    let marks: Vec<String> = (1..=table.columns.len() + 2).map(|n| format!("${n}")).collect();
    format!("INSERT INTO {} ({}) VALUES ({})", table.name, table.list(), marks.join(", "))
}

/// `$1` is the new version, then the columns; the caller adds the conditions.
pub(crate) fn update_sql(table: &Table) -> String {
    let sets = table.columns.iter().enumerate().map(|(at, (name, _))| format!(", {name} = ${}", at + 2));
    format!("UPDATE {} AS t SET version = $1{}", table.name, sets.collect::<String>())
}
