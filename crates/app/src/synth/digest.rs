//! A sum over everything that is written, in the clear: the same for the same plan on every machine and database. What is
//! made with a deployment's keys is left out, since no two deployments have the same.

use super::walk::{Deed, Story};
use crate::record::act::ActV1;
use crate::record::case_event::CaseEventsV1;
use anmin_store::{Record, Value};
use sha2::{Digest as _, Sha256};

/// Columns that hold keyed hashes.
const KEYED: [&str; 4] = ["id_index", "last_six_index", "phone_index", "kin_index"];

/// Hashes what is written to it.
struct Hashing<'a>(&'a mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A sum being made.
#[derive(Clone, Default)]
pub(crate) struct Digest(Sha256);

impl Digest {
    fn part(&mut self, tag: u8, bytes: &[u8]) {
        self.0.update([tag]);
        self.0.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(bytes);
    }

    /// A value in its printed form, without keeping it: some are long.
    fn json(&mut self, value: &impl serde::Serialize) {
        self.0.update([b'j']);
        let mut out = std::io::BufWriter::new(Hashing(&mut self.0));
        let written =
            serde_json::to_writer(&mut out, value).is_ok() && std::io::Write::flush(&mut out).is_ok();
        drop(out);
        self.0.update([u8::from(written)]);
    }

    /// A row.
    pub fn row(&mut self, row: &Record) {
        self.part(b't', row.table().name.as_bytes());
        self.part(b'k', &row.id().0.to_be_bytes());
        for (column, _) in row.table().columns.iter().filter(|(column, _)| !KEYED.contains(column)) {
            match row.value(column) {
                Value::Null => self.part(0, &[]),
                Value::Int(number) => self.part(1, &number.to_be_bytes()),
                Value::Text(text) => self.part(2, text.as_bytes()),
                Value::Bytes(bytes) => self.part(3, bytes),
                Value::Secret(secret) => self.part(4, secret.reveal()),
            }
        }
    }

    /// A case: who did what when, everything that came of it, every letter, and what each decision rests on.
    pub fn story(&mut self, story: &Story) {
        self.row(&story.file.record);
        for row in &story.recorded {
            self.row(row);
        }
        for step in &story.moves {
            self.part(b'm', &step.now.at.0.to_be_bytes());
            self.part(b'e', &CaseEventsV1::to_bytes(&step.events));
            let decides = matches!(&step.deed, Deed::Step { with: ActV1::Decide { .. }, .. });
            for (programme, basis) in step.weighed.basis.iter().filter(|_| decides) {
                self.part(b'p', programme.as_bytes());
                self.json(basis);
            }
            for letter in &step.letters {
                self.json(letter);
            }
        }
    }

    /// Another sum, as part of this one.
    pub fn and(&mut self, other: Digest) {
        self.part(b'd', &other.0.finalize());
    }

    /// The sum, 64 hexadecimal digits.
    pub fn hex(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
