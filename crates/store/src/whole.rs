//! Whole tables that hold nothing about anybody served, as they stood together at one moment: what rights hang on is one
//! picture, never half of a change.

use crate::error::Result;
use crate::read::Find;
use crate::record::Record;
use crate::scope::Scope;
use crate::store::Store;
use crate::table::Table;

const PAGE: u32 = 1_000;

impl Store {
    /// Every record of these tables, all as of one moment. Nothing in them is personal, so no trace is left.
    ///
    /// # Errors
    /// A fault.
    ///
    /// # Panics
    /// A table is personal: its records are read one by one, for a purpose.
    pub async fn whole<const N: usize>(
        &self,
        scope: &Scope,
        tables: [&'static Table; N],
    ) -> Result<[Vec<Record>; N]> {
        let mut tx = self.inner.db.snapshot().await?;
        let mut all = [const { Vec::new() }; N];
        for (records, table) in all.iter_mut().zip(tables) {
            assert!(!table.is_personal(), "{} is personal", table.name);
            loop {
                let mut find = Find::all(table).limit(PAGE);
                if let Some(last) = records.last() {
                    find = find.after(last);
                }
                let page = find.run(&mut tx, &self.inner.data_keys, scope).await?;
                let more = page.len() == PAGE as usize;
                records.extend(page);
                if !more {
                    break;
                }
            }
        }
        Ok(all)
    }
}
