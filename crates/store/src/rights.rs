//! What rights are made of, read before there are any: accounts by their login, the posts and tickets of whoever signs
//! in, and whether a person is known under a blind index. Nobody is shown any of it, so no scope is asked for and no
//! trace is left; each function gives the least that its one caller needs.

use crate::db::Bind;
use crate::error::{Fault, Result};
use crate::id::Id;
use crate::record::Record;
use crate::store::Store;
use crate::table::{ACCOUNT, POST, TICKET, Table};
use anmin_base::date::Date;
use sqlx::Row;

/// What the rights of a person come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rights {
    /// Their approved posts of the day, of table `post`.
    pub posts: Vec<Record>,
    /// The posts those were delegated from, approved and of the day.
    pub sources: Vec<Record>,
    /// The tickets made out to them, of the day.
    pub tickets: Vec<Record>,
}

/// In force on `$2`.
const ON_DAY: &str = "t.valid_from <= $2 AND (t.valid_to IS NULL OR t.valid_to >= $2)";

impl Store {
    /// The account of a login, with what is sealed in it: for whoever checks a password.
    ///
    /// # Errors
    /// A fault.
    pub async fn account_of_login(&self, login: &str) -> Result<Option<Record>> {
        Ok(self.matching(&ACCOUNT, "t.login = $1", vec![Bind::text(login)]).await?.pop())
    }

    /// What the rights of a person come from on a day. Units and areas are open, and read as such.
    ///
    /// # Errors
    /// A fault.
    pub async fn rights(&self, person: Id, on: Date) -> Result<Rights> {
        let day = i64::from(on.days());
        let with = || vec![Bind::text(person), Bind::int(day)];
        let held = format!("t.person = $1 AND t.state = 'approved' AND {ON_DAY}");
        let posts = self.matching(&POST, &held, with()).await?;
        let given = format!(
            "t.id IN (SELECT d.source FROM post d WHERE d.person = $1) AND t.state = 'approved' AND {ON_DAY}"
        );
        let sources = self.matching(&POST, &given, with()).await?;
        let tickets = self.matching(&TICKET, &format!("t.person = $1 AND {ON_DAY}"), with()).await?;
        Ok(Rights { posts, sources, tickets })
    }

    /// The name of the person with this blind index of an identity number, if there is one: nothing else about them.
    ///
    /// # Errors
    /// A fault.
    pub async fn person_of_index(&self, id_index: &str) -> Result<Option<Id>> {
        let sql = "SELECT id FROM person WHERE id_index = $1";
        let rows = self.inner.db.rows(sql.into(), vec![Bind::text(id_index)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let text: String = row.try_get(0)?;
        Ok(Some(Id::parse(&text).ok_or_else(|| Fault::Corrupt(format!("person {text}")))?))
    }

    async fn matching(
        &self,
        table: &'static Table,
        condition: &str,
        binds: Vec<Bind>,
    ) -> Result<Vec<Record>> {
        let list = table.list().replace(", ", ", t.");
        let sql = format!("SELECT t.{list} FROM {} t WHERE {condition} ORDER BY t.id", table.name);
        let rows = self.inner.db.rows(sql, binds).await?;
        self.opened(table, &rows, false).await
    }
}
