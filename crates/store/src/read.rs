//! Reading records. What is about people comes only with a scope and a purpose, and leaves a trace for each record
//! that is committed before the record is handed out.

use crate::access::Access;
use crate::data_keys::DataKeys;
use crate::db::{Bind, Tx, statement};
use crate::error::{Error, Refusal, Result};
use crate::id::{Id, Moment};
use crate::record::{Record, Value};
use crate::rows;
use crate::scope::Scope;
use crate::store::Store;
use crate::table::{Place, Table};
use sqlx::any::AnyRow;

/// Which records: of one table, with these values in these columns, in order, up to so many.
#[derive(Clone, Debug)]
pub struct Find {
    table: &'static Table,
    id: Option<Id>,
    equal: Vec<(&'static str, Value)>,
    at_most: Vec<(&'static str, i64)>,
    order: Option<&'static str>,
    after: Option<(Option<i64>, Id)>,
    limit: u32,
}

impl Find {
    /// The record of that name.
    pub fn one(table: &'static Table, id: Id) -> Find {
        Find { id: Some(id), ..Find::all(table) }
    }

    /// Every record of the table, by its name, up to a hundred.
    pub fn all(table: &'static Table) -> Find {
        Find { table, id: None, equal: Vec::new(), at_most: Vec::new(), order: None, after: None, limit: 100 }
    }

    /// Only those with this value in this column.
    #[must_use]
    #[track_caller]
    pub fn equal(mut self, column: &'static str, value: impl Into<Value>) -> Find {
        self.known(column);
        self.equal.push((column, value.into()));
        self
    }

    /// Only those with at most this number in this column.
    #[must_use]
    #[track_caller]
    pub fn at_most(mut self, column: &'static str, number: i64) -> Find {
        self.known(column);
        self.at_most.push((column, number));
        self
    }

    /// In the order of a column that holds numbers, those without one last.
    #[must_use]
    #[track_caller]
    pub fn order(mut self, column: &'static str) -> Find {
        self.known(column);
        self.order = Some(column);
        self
    }

    /// What comes after this record in the order: the next page.
    #[must_use]
    pub fn after(mut self, record: &Record) -> Find {
        self.after = Some((self.order.and_then(|column| record.int(column)), record.id));
        self
    }

    /// Up to so many.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Find {
        self.limit = limit;
        self
    }

    #[track_caller]
    fn known(&self, column: &str) {
        assert!(self.table.position(column).is_some(), "table {} has no column {column}", self.table.name);
    }

    /// The statement, with the scope's condition in it.
    fn sql(&self, scope: &Scope) -> (String, Vec<Bind>) {
        let mut binds = Vec::new();
        let mut conditions = vec![scope.predicate(self.table, &mut binds)];
        let mut bound = |bind: Bind| {
            binds.push(bind);
            binds.len()
        };
        if let Some(id) = self.id {
            conditions.push(format!("t.id = ${}", bound(Bind::text(id))));
        }
        for (column, value) in &self.equal {
            let kind = self.table.columns[self.table.position(column).expect("checked")].1;
            conditions.push(match value {
                Value::Null => format!("t.{column} IS NULL"),
                value => format!("t.{column} = ${}", bound(Bind(kind, value.clone()))),
            });
        }
        for (column, number) in &self.at_most {
            conditions.push(format!("t.{column} <= ${}", bound(Bind::int(*number))));
        }
        // Both databases must agree on where a missing number stands, so it is replaced by the last one.
        let order = self.order.map(|column| format!("COALESCE(t.{column}, {})", i64::MAX));
        if let Some((number, id)) = self.after {
            let id = bound(Bind::text(id));
            conditions.push(match &order {
                Some(order) => {
                    let number = bound(Bind::int(number.unwrap_or(i64::MAX)));
                    format!("({order} > ${number} OR ({order} = ${number} AND t.id > ${id}))")
                }
                None => format!("t.id > ${id}"),
            });
        }
        let list: Vec<String> = self.table.list().split(", ").map(|column| format!("t.{column}")).collect();
        let order = order.map_or_else(String::new, |order| format!("{order}, "));
        let sql = format!(
            "SELECT {} FROM {} t WHERE {} ORDER BY {order}t.id LIMIT {}",
            list.join(", "),
            self.table.name,
            conditions.join(" AND "),
            self.limit
        );
        (sql, binds)
    }

    pub(crate) async fn run(&self, tx: &mut Tx, keys: &DataKeys, scope: &Scope) -> Result<Vec<Record>> {
        let (sql, binds) = self.sql(scope);
        let rows = statement(sql, binds).fetch_all(&mut **tx).await?;
        rows.iter().map(|row| rows::opened(keys, self.table, row)).collect()
    }
}

/// Who a record is about, for the access log.
fn subject(record: &Record) -> String {
    let text = |column: &str| record.text(column).unwrap_or_default().to_string();
    match record.table.place {
        Place::Open => String::new(),
        Place::Case("id") | Place::Person("id") | Place::Household => record.id.to_string(),
        Place::Case(column) | Place::Person(column) => text(column),
        Place::Subject => text("subject"),
    }
}

/// The trace of reading these records; nothing for those about nobody.
pub(crate) fn traces(scope: &Scope, purpose: &str, at: Moment, records: &[Record]) -> Vec<Access> {
    let personal = records.iter().filter(|record| record.table.is_personal());
    let trace = |record: &Record| Access {
        id: Id::at(at),
        at,
        actor: scope.actor(),
        post: scope.post(),
        subject: subject(record),
        table: record.table.name.into(),
        record: record.id,
        purpose: purpose.into(),
    };
    personal.map(trace).collect()
}

impl Store {
    /// The records that are found within the scope. For each the access log says who read it and why, and that is
    /// committed before this returns.
    ///
    /// # Errors
    /// A fault; then nothing is handed out.
    pub async fn read_personal(
        &self,
        scope: &Scope,
        purpose: &str,
        at: Moment,
        find: &Find,
    ) -> Result<Vec<Record>> {
        let (sql, binds) = find.sql(scope);
        let rows = self.inner.db.rows(sql, binds).await?;
        let records = self.opened(find.table, &rows).await?;
        crate::fault!("read.found");
        self.inner.access.write(traces(scope, purpose, at, &records)).await?;
        Ok(records)
    }

    /// The one record of that name.
    ///
    /// # Errors
    /// It is not there or outside the scope; or a fault.
    pub async fn read_one(
        &self,
        scope: &Scope,
        purpose: &str,
        at: Moment,
        table: &'static Table,
        id: Id,
    ) -> Result<Record> {
        let mut found = self.read_personal(scope, purpose, at, &Find::one(table, id)).await?;
        found.pop().ok_or(Error::Refusal(Refusal::NotFound { table: table.name, id }))
    }

    /// How many records there are within the scope. Nobody is named, so nothing is logged; small numbers are for the
    /// caller to suppress.
    ///
    /// # Errors
    /// A fault.
    pub async fn count(&self, scope: &Scope, find: &Find) -> Result<i64> {
        let (sql, binds) = find.clone().limit(u32::MAX).sql(scope);
        let rows = self.inner.db.rows(format!("SELECT COUNT(*) FROM ({sql}) AS found"), binds).await?;
        Ok(sqlx::Row::try_get(&rows[0], 0)?)
    }

    async fn opened(&self, table: &'static Table, rows: &[AnyRow]) -> Result<Vec<Record>> {
        let keys = &self.inner.data_keys;
        if rows.iter().any(|row| rows::has_unknown_key(keys, table, row)) {
            keys.load(&self.inner.db).await?;
        }
        rows.iter().map(|row| rows::opened(keys, table, row)).collect()
    }
}
