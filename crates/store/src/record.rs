//! One row of a table of records, in the clear. What it holds is kept out of `Debug`, since records are about people.

use crate::id::{Id, Moment};
use crate::table::{Kind, Table};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// Bytes that must not be seen: `Debug` prints `***`, and they are wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes over.
    pub fn new(bytes: Vec<u8>) -> Secret {
        Secret(Zeroizing::new(bytes))
    }

    /// The bytes. Named so that a search finds every place that looks.
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The value of one column.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// None.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes in the clear.
    Bytes(Vec<u8>),
    /// Bytes of a sealed column, opened.
    Secret(Secret),
}

impl Value {
    pub(crate) fn fits(&self, kind: Kind) -> bool {
        match self {
            Value::Null => true,
            Value::Int(_) => kind == Kind::Int,
            Value::Text(_) => kind == Kind::Text,
            Value::Bytes(_) => kind == Kind::Bytes,
            Value::Secret(_) => kind == Kind::Sealed,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Int(_) => f.write_str("int"),
            Value::Text(text) => write!(f, "text({})", text.len()),
            Value::Bytes(bytes) => write!(f, "bytes({})", bytes.len()),
            Value::Secret(_) => f.write_str("***"),
        }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<Moment> for Value {
    fn from(value: Moment) -> Value {
        Value::Int(value.0)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}

impl From<Id> for Value {
    fn from(value: Id) -> Value {
        Value::Text(value.to_string())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Value {
        Value::Bytes(value)
    }
}

impl From<Secret> for Value {
    fn from(value: Secret) -> Value {
        Value::Secret(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// One row. A column that does not exist, or a value of the wrong kind, is a programmer's error and panics: the
/// catalogue is code, not input.
#[derive(Clone, PartialEq)]
pub struct Record {
    pub(crate) table: &'static Table,
    pub(crate) id: Id,
    pub(crate) version: i64,
    pub(crate) values: Vec<Value>,
    /// Read without what is sealed, so that it cannot be written back.
    pub(crate) plain: bool,
}

impl Record {
    /// A row that is not in the database yet.
    pub fn new(table: &'static Table, id: Id) -> Record {
        Record { table, id, version: 1, values: vec![Value::Null; table.columns.len()], plain: false }
    }

    /// The same row with this value in this column.
    #[must_use]
    pub fn with(mut self, column: &str, value: impl Into<Value>) -> Record {
        self.set(column, value);
        self
    }

    /// Puts a value into a column. Bytes for a sealed column become secret.
    #[track_caller]
    pub fn set(&mut self, column: &str, value: impl Into<Value>) {
        let at = self.column(column);
        let kind = self.table.columns[at].1;
        let value = match (value.into(), kind) {
            (Value::Bytes(bytes), Kind::Sealed) => Value::Secret(Secret::new(bytes)),
            (value, _) => value,
        };
        assert!(value.fits(kind), "{}.{column} is {kind:?}, not {value:?}", self.table.name);
        self.values[at] = value;
    }

    #[track_caller]
    fn column(&self, column: &str) -> usize {
        let found = self.table.position(column);
        found.unwrap_or_else(|| panic!("table {} has no column {column}", self.table.name))
    }

    /// Its table.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// Its name.
    pub fn id(&self) -> Id {
        self.id
    }

    /// How often it has been written.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// What a column holds.
    #[track_caller]
    pub fn value(&self, column: &str) -> &Value {
        &self.values[self.column(column)]
    }

    /// The text of a column; none where there is none.
    #[track_caller]
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.value(column) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number in a column; none where there is none.
    #[track_caller]
    pub fn int(&self, column: &str) -> Option<i64> {
        match self.value(column) {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The identifier in a column; none where there is none.
    #[track_caller]
    pub fn link(&self, column: &str) -> Option<Id> {
        self.text(column).and_then(Id::parse)
    }

    /// The opened bytes of a sealed column; none where there are none.
    #[track_caller]
    pub fn secret(&self, column: &str) -> Option<&Secret> {
        match self.value(column) {
            Value::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// The columns that differ from another row of the same table: what a page about a conflict shows.
    pub fn differences(&self, other: &Record) -> Vec<&'static str> {
        assert!(std::ptr::eq(self.table, other.table), "rows of two tables are not compared");
        let pairs = self.values.iter().zip(&other.values).zip(self.table.columns);
        pairs.filter(|((a, b), _)| a != b).map(|(_, (name, _))| *name).collect()
    }

    /// The keyed hash of everything in the row, in the clear, so that a new data key leaves it alone. Every part is
    /// preceded by its kind and length: no two different rows have the same bytes.
    pub(crate) fn hash(&self, key: &[u8; 32]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("a key of any length");
        let mut part = |tag: u8, bytes: &[u8]| {
            mac.update(&[tag]);
            mac.update(&u32::try_from(bytes.len()).expect("a column has less than 4 GB").to_be_bytes());
            mac.update(bytes);
        };
        part(b't', self.table.name.as_bytes());
        part(b'k', &self.id.0.to_be_bytes());
        part(b'v', &self.version.to_be_bytes());
        for ((name, _), value) in self.table.columns.iter().zip(&self.values) {
            part(b'c', name.as_bytes());
            match value {
                // A column added later and still empty does not change the hash of older rows' content, but its
                // name does: a migration that adds one re-hashes in the same journalled step.
                Value::Null => part(0, &[]),
                Value::Int(number) => part(1, &number.to_be_bytes()),
                Value::Text(text) => part(2, text.as_bytes()),
                Value::Bytes(bytes) => part(3, bytes),
                Value::Secret(secret) => part(4, secret.reveal()),
            }
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} v{}", self.table.name, self.id, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::PERSON;

    fn person() -> Record {
        Record::new(&PERSON, Id(7)).with("name", "张三").with("payload", b"460000".to_vec())
    }

    #[test]
    fn debug_shows_nothing_about_a_person() {
        let shown = format!("{:?} {:?}", person(), person().values);
        assert!(!shown.contains("张") && !shown.contains("46"), "{shown}");
        assert!(shown.contains("***"));
    }

    #[test]
    fn the_hash_tells_every_part_apart() {
        let key = [1; 32];
        let base = person().hash(&key);
        let changes = [
            person().with("name", "李四"),
            person().with("pinyin", ""),
            person().with("payload", b"46000".to_vec()),
            Record { id: Id(8), ..person() },
            Record { version: 2, ..person() },
        ];
        for changed in changes {
            assert_ne!(changed.hash(&key), base);
        }
        assert_ne!(person().hash(&[2; 32]), base);
        assert_eq!(person().hash(&key), base);
    }

    #[test]
    fn differences_are_named() {
        assert_eq!(person().differences(&person().with("area", "x")), ["area"]);
    }

    #[test]
    #[should_panic(expected = "has no column")]
    fn refuses_an_unknown_column() {
        let _ = person().with("nmae", "x");
    }
}
