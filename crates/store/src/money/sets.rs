//! Sets of rows: written together, hashed together.

use crate::db::{Bind, Tx, all, insert_many};
use crate::error::{Error, Refusal, Result};
use crate::id::{Id, hex};
use crate::journal::merkle::Tree;
use crate::record::{Record, Value};
use crate::rows;
use crate::store::Inner;
use crate::table::{Kind, Table};
use crate::write::Work;
use sqlx::Row;
use std::collections::BTreeSet;

/// Rows hashed at a time.
const PAGE: usize = 5_000;

/// A set as it is: how many rows, and the root over their keyed hashes in the order of their identifiers.
pub(crate) async fn sum_up(
    tx: &mut Tx,
    inner: &Inner,
    table: &'static Table,
    set: &str,
) -> Result<(i64, [u8; 32])> {
    let column = table.set.expect("a table of sets");
    let sql = format!(
        "SELECT {} FROM {} WHERE {column} = $1 AND id > $2 ORDER BY id LIMIT {PAGE}",
        table.list(),
        table.name
    );
    let mut tree = Tree::default();
    let (mut from, mut count) = (String::new(), 0);
    loop {
        let page = all(tx, &sql, vec![Bind::text(set), Bind::text(from.as_str())]).await?;
        for row in &page {
            tree.push(rows::opened(&inner.data_keys, table, row, false)?.hash(inner.keys.journal.bytes()));
        }
        count += i64::try_from(page.len()).unwrap_or(i64::MAX);
        match page.last() {
            Some(last) if page.len() == PAGE => from = last.try_get(0)?,
            _ => return Ok((count, tree.root())),
        }
    }
}

impl Work {
    /// Puts a set of new records in: all of one table and one set, in areas whose money is within the scope. Gives the root
    /// over them.
    ///
    /// # Errors
    /// An area is outside the scope; a rule of the database stands against one of them; or a fault.
    ///
    /// # Panics
    /// The table is not one of sets, or a record is of another: the catalogue is code.
    pub async fn insert_set(
        &mut self,
        table: &'static Table,
        set: Id,
        mut records: Vec<Record>,
    ) -> Result<String> {
        let column = table.set.expect("a table of sets");
        let mut areas = BTreeSet::new();
        for record in &records {
            assert!(
                std::ptr::eq(record.table, table) && record.link(column) == Some(set),
                "one table, one set"
            );
            let area = record.text("area").unwrap_or_default();
            if !areas.contains(area) {
                areas.insert(area.to_owned());
                self.reach_parents(record).await?;
            }
        }
        records.sort_by_key(Record::id);
        let key = self.store().keys.journal.bytes().to_owned();
        let mut tree = Tree::default();
        let mut rows = Vec::with_capacity(records.len());
        let mut columns = vec![("id", Kind::Text), ("version", Kind::Int)];
        columns.extend(table.columns.iter().copied());
        for record in records {
            tree.push(record.hash(&key));
            let mut row: Vec<Value> = vec![record.id.into(), record.version.into()];
            row.extend(record.values);
            rows.push(row);
        }
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        insert_many(self.tx()?, table.name, &columns, rows).await?;
        let root = hex(&tree.root());
        self.note_set(table, set, count, &root);
        crate::fault!("set.inserted");
        Ok(root)
    }

    /// Notes a set as it is after rows of it were changed or added by a statement; gives its root.
    pub(crate) async fn changed_set(&mut self, table: &'static Table, set: Id) -> Result<String> {
        let (_, root) = self.set_now(table, set, true).await?;
        crate::fault!("set.changed");
        Ok(root)
    }

    /// A set as it is: rows and root.
    pub(crate) async fn set_now(
        &mut self,
        table: &'static Table,
        set: Id,
        note: bool,
    ) -> Result<(i64, String)> {
        let store = self.store().clone();
        let (count, root) = sum_up(self.tx()?, &store, table, &set.to_string()).await?;
        let root = hex(&root);
        if note {
            self.note_set(table, set, count, &root);
        }
        Ok((count, root))
    }

    /// Refuses an area whose money is outside the scope.
    pub(crate) async fn reach_area(&mut self, area: Id) -> Result<()> {
        let record = Record::new(&crate::table::BATCH, area).with("area", area);
        match self.reach_parents(&record).await {
            Err(Error::Refusal(Refusal::NotFound { .. })) => {
                Err(Refusal::NotFound { table: "area", id: area }.into())
            }
            other => other,
        }
    }
}
