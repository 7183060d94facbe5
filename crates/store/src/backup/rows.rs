//! Rows as bytes: each value its kind and, where it has one, its length; no row can be read as another.

use crate::error::{Fault, Result};
use crate::record::Value;
use std::io::{BufReader, Read};
use std::path::Path;

/// No value is longer; a length beyond it is damage.
const LONGEST: u32 = 64 * 1024 * 1024;

pub(crate) fn encode(values: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut long = |tag: u8, part: &[u8]| {
        bytes.push(tag);
        bytes.extend_from_slice(&u32::try_from(part.len()).expect("at most 64 MB").to_be_bytes());
        bytes.extend_from_slice(part);
    };
    for value in values {
        match value {
            Value::Null => long(0, &[]),
            Value::Int(number) => long(1, &number.to_be_bytes()),
            Value::Text(text) => long(2, text.as_bytes()),
            Value::Bytes(part) => long(3, part),
            Value::Secret(_) => unreachable!("a backup holds sealed values"),
        }
    }
    bytes
}

/// Reads rows back.
#[derive(Debug)]
pub(crate) struct Reader(BufReader<std::fs::File>);

impl Reader {
    pub fn open(path: &Path) -> Result<Reader> {
        Ok(Reader(BufReader::new(std::fs::File::open(path)?)))
    }

    /// Up to so many rows of so many columns; none at the end.
    pub fn page(&mut self, columns: usize, most: usize) -> Result<Vec<Vec<Value>>> {
        let mut rows = Vec::new();
        while rows.len() < most {
            let mut row = Vec::with_capacity(columns);
            for at in 0..columns {
                match self.value()? {
                    Some(value) => row.push(value),
                    None if at == 0 => return Ok(rows),
                    None => return Err(damaged()),
                }
            }
            rows.push(row);
        }
        Ok(rows)
    }

    fn value(&mut self) -> Result<Option<Value>> {
        let mut head = [0; 5];
        match self.0.read(&mut head[..1])? {
            0 => return Ok(None),
            _ => self.0.read_exact(&mut head[1..])?,
        }
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        if length > LONGEST {
            return Err(damaged());
        }
        let mut part = vec![0; usize::try_from(length).expect("at most 64 MB")];
        self.0.read_exact(&mut part)?;
        Ok(Some(match head[0] {
            0 => Value::Null,
            1 => Value::Int(i64::from_be_bytes(part.try_into().map_err(|_| damaged())?)),
            2 => Value::Text(String::from_utf8(part).map_err(|_| damaged())?),
            3 => Value::Bytes(part),
            _ => return Err(damaged()),
        }))
    }
}

fn damaged() -> crate::error::Error {
    Fault::Backup("a file of rows".into()).into()
}
