//! The one way to write: a command opens a transaction, reads and writes records within its scope, and closes it
//! together with its event in the journal and the result that a repeated request will get.

use crate::access;
use crate::db::{Bind, Tx, one, run, scoped};
use crate::error::{Error, Fault, Refusal, Result};
use crate::id::{Id, Moment, hex, random};
use crate::journal::event::{Changed, NewEvent, append};
use crate::read::{Find, traces};
use crate::record::Record;
use crate::rows;
use crate::scope::{Kin, Scope, Use};
use crate::store::{Inner, Store};
use crate::table::{Place, Table};
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A command about to be carried out.
#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    /// What may be reached, and in whose name.
    pub scope: &'a Scope,
    /// Its name, for the journal and the request.
    pub name: &'a str,
    /// Why personal records are read in it.
    pub purpose: &'a str,
    /// Now.
    pub at: Moment,
    /// The key the server made when it rendered the form, and the body that came with it. Jobs have none: their own
    /// key keeps them from running twice.
    pub request: Option<(&'a str, &'a [u8])>,
}

/// A command begun, or its earlier result.
#[derive(Debug)]
pub enum Begun {
    /// Carry it out.
    New(Box<Work>),
    /// It was carried out before: this was its result.
    Before(Vec<u8>),
}

/// Which stream of the journal an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream<'a> {
    /// `case`, `batch`, `post`, `pack` and the like.
    pub kind: &'a str,
    /// Which.
    pub id: &'a str,
}

/// An open transaction. Dropped without [`Work::commit`], it leaves nothing behind.
pub struct Work {
    store: Arc<Inner>,
    /// None after a conflict, which ends it.
    tx: Option<Tx>,
    scope: Scope,
    name: String,
    purpose: String,
    at: Moment,
    request: Option<String>,
    changed: Vec<Changed>,
    /// What other rows hang on and this command has reached or made.
    reached: BTreeSet<(Kin, Id)>,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "work on {}, {} rows changed", self.name, self.changed.len())
    }
}

impl Store {
    /// A key for one request of one command, to be put into a form when it is rendered. Nobody else can make one.
    pub fn request_key(&self, command: &str) -> String {
        let nonce = hex(&random::<16>());
        let seal = request_seal(&self.inner, command, &nonce);
        nonce + &seal
    }

    /// The result of a request with this key that was carried out; none if there was none.
    ///
    /// # Errors
    /// It was for something else; or a fault.
    pub async fn earlier(&self, key: &str, body: &[u8]) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT body_hash, result FROM request WHERE key = $1";
        let rows = self.inner.db.rows(sql.into(), vec![Bind::text(key)]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let hash: String = row.try_get(0)?;
        if hash != hex(&Sha256::digest(body)) {
            return Err(Refusal::OtherRequest.into());
        }
        Ok(row.try_get(1)?)
    }

    /// Begins a command.
    ///
    /// # Errors
    /// The request key is not ours, or was used for something else; or a fault.
    pub async fn begin(&self, command: Command<'_>) -> Result<Begun> {
        let inner = &self.inner;
        if let Some((key, _)) = command.request {
            let ours = key.len() == 64 && key.is_ascii() && {
                let (nonce, seal) = key.split_at(32);
                request_seal(inner, command.name, nonce) == seal
            };
            if !ours {
                return Err(Refusal::UnknownRequestKey.into());
            }
        }
        inner.data_keys.prepare(&inner.db, command.at.year()).await?;
        let mut tx = inner.db.write().await?;
        crate::fault!("begin.opened");
        if let Some((key, body)) = command.request
            && let Some(result) = note_request(&mut tx, &command, key, body).await?
        {
            return Ok(Begun::Before(result));
        }
        crate::fault!("request.noted");
        Ok(Begun::New(Box::new(Work {
            store: inner.clone(),
            tx: Some(tx),
            scope: command.scope.clone(),
            name: command.name.into(),
            purpose: command.purpose.into(),
            at: command.at,
            request: command.request.map(|(key, _)| key.into()),
            changed: Vec::new(),
            reached: BTreeSet::new(),
        })))
    }

    /// Begins a command that has no request: of a job, or of the command line.
    ///
    /// # Errors
    /// A fault.
    pub async fn begin_job(&self, command: Command<'_>) -> Result<Box<Work>> {
        match self.begin(Command { request: None, ..command }).await? {
            Begun::New(work) => Ok(work),
            Begun::Before(_) => unreachable!("without a request nothing is replayed"),
        }
    }
}

fn request_seal(inner: &Inner, command: &str, nonce: &str) -> String {
    let mac = inner.keys.journal.mac(&[b"request", command.as_bytes(), nonce.as_bytes()]);
    hex(&mac[..16])
}

/// Notes a request, or finds the result it had. On PostgreSQL a second one waits here for the first to end.
async fn note_request(tx: &mut Tx, command: &Command<'_>, key: &str, body: &[u8]) -> Result<Option<Vec<u8>>> {
    let hash = hex(&Sha256::digest(body));
    let sql = "INSERT INTO request (key, command, body_hash, result, at) VALUES ($1, $2, $3, NULL, $4) \
               ON CONFLICT (key) DO NOTHING";
    let binds =
        vec![Bind::text(key), Bind::text(command.name), Bind::text(hash.as_str()), Bind::int(command.at)];
    if run(tx, sql, binds).await? == 1 {
        return Ok(None);
    }
    let sql = "SELECT command, body_hash, result FROM request WHERE key = $1";
    let row = one(tx, sql, vec![Bind::text(key)]).await?;
    let row = row.ok_or(Error::Fault(Fault::Busy))?;
    let (name, before): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    if name != command.name || before != hash {
        return Err(Refusal::OtherRequest.into());
    }
    let result: Option<Vec<u8>> = row.try_get(2)?;
    result.map(Some).ok_or(Error::Refusal(Refusal::RequestOpen))
}

impl Work {
    /// The moment of the command.
    pub fn at(&self) -> Moment {
        self.at
    }

    pub(crate) fn tx(&mut self) -> Result<&mut Tx> {
        self.tx.as_mut().ok_or(Error::Fault(Fault::Busy))
    }

    /// The records that are found within the scope. The access log says so if the command is carried out; a command
    /// that is refused hands nothing out.
    ///
    /// # Errors
    /// A fault.
    pub async fn find(&mut self, find: &Find) -> Result<Vec<Record>> {
        let (store, scope) = (self.store.clone(), self.scope.clone());
        let (purpose, at) = (self.purpose.clone(), self.at);
        let tx = self.tx()?;
        let records = find.run(tx, &store.data_keys, &scope).await?;
        access::write(tx, &store.keys.journal, &traces(&scope, &purpose, at, &records)).await?;
        Ok(records)
    }

    /// The one record of that name.
    ///
    /// # Errors
    /// It is not there or outside the scope; or a fault.
    pub async fn load(&mut self, table: &'static Table, id: Id) -> Result<Record> {
        let found = self.find(&Find::one(table, id)).await?.pop();
        found.ok_or(Error::Refusal(Refusal::NotFound { table: table.name, id }))
    }

    /// Puts a new record in, if it lies within the scope: a case of an area and subject that is reached, a person or
    /// household of such an area, and whatever hangs on a case, person or household that is reached or new in this
    /// command. Jobs that may write are not asked.
    ///
    /// # Errors
    /// What it hangs on, or it itself, is outside the scope ([`Refusal::NotFound`]); a rule of the database stands
    /// against it; or a fault.
    pub async fn insert(&mut self, mut record: Record) -> Result<Record> {
        record.version = 1;
        self.reach_parents(&record).await?;
        let store = self.store.clone();
        let year = self.at.year();
        let mut binds = vec![Bind::text(record.id), Bind::int(record.version)];
        binds.extend(rows::stored(&store.data_keys, year, &record));
        run(self.tx()?, &rows::insert_sql(record.table), binds).await?;
        self.reach_new(&record).await?;
        self.note(&record);
        crate::fault!("row.inserted");
        Ok(record)
    }

    /// Writes a record if nobody has written it since it was read and it lies within the scope. A conflict ends the
    /// command and gives the row as it is now; the access log says who saw it.
    ///
    /// # Errors
    /// Somebody else was first; it is not there; a rule stands against it; or a fault.
    pub async fn update_if(&mut self, mut record: Record) -> Result<Record> {
        assert!(!record.plain, "{record:?} was read without what is sealed and cannot be written back");
        self.reach_parents(&record).await?;
        let store = self.store.clone();
        let (table, id, read) = (record.table, record.id, record.version);
        record.version = read + 1;
        let mut binds = vec![Bind::int(record.version)];
        binds.extend(rows::stored(&store.data_keys, self.at.year(), &record));
        binds.push(Bind::text(id));
        binds.push(Bind::int(read));
        let (id_at, version_at) = (binds.len() - 1, binds.len());
        let reach = self.scope.predicate(table, Use::Write, &mut binds);
        let sql = rows::update_sql(table);
        let sql = format!("{sql} WHERE t.id = ${id_at} AND t.version = ${version_at} AND {reach}");
        let touched = scoped(sql, binds).execute(&mut **self.tx()?).await?.rows_affected();
        if touched == 0 {
            return Err(self.conflict(table, id).await?);
        }
        self.note(&record);
        crate::fault!("row.updated");
        Ok(record)
    }

    /// Sees to it that what the record hangs on is within the scope.
    pub(crate) async fn reach_parents(&mut self, record: &Record) -> Result<()> {
        if !self.scope.writes() {
            return Err(Refusal::NotFound { table: record.table.name, id: record.id }.into());
        }
        if !self.scope.is_of_person() {
            return Ok(());
        }
        for (kin, id) in self.scope.parents(record) {
            if !self.reached.contains(&(kin, id)) && !self.reaches(kin, id, Use::Write).await? {
                return Err(Refusal::NotFound { table: kin.table(), id }.into());
            }
            self.reached.insert((kin, id));
        }
        Ok(())
    }

    /// Sees to it that a new case, person or household lies within the scope; if not, the command is over.
    async fn reach_new(&mut self, record: &Record) -> Result<()> {
        let kin = match record.table.place {
            Place::Case("id") => Kin::Case,
            Place::Person("id") => Kin::Person,
            Place::Household => Kin::Household,
            Place::Draft => Kin::Draft,
            _ => return Ok(()),
        };
        if self.scope.is_of_person() && !self.reaches(kin, record.id, Use::Insert).await? {
            self.tx.take().ok_or(Error::Fault(Fault::Busy))?.rollback().await?;
            return Err(Refusal::NotFound { table: kin.table(), id: record.id }.into());
        }
        self.reached.insert((kin, record.id));
        Ok(())
    }

    async fn reaches(&mut self, kin: Kin, id: Id, asked: Use) -> Result<bool> {
        let (sql, binds) = self.scope.reaches(kin, id, asked);
        Ok(scoped(sql, binds).fetch_optional(&mut **self.tx()?).await?.is_some())
    }

    async fn conflict(&mut self, table: &'static Table, id: Id) -> Result<Error> {
        let (store, scope) = (self.store.clone(), self.scope.clone());
        let mut tx = self.tx.take().ok_or(Error::Fault(Fault::Busy))?;
        let current = Find::one(table, id).run(&mut tx, &store.data_keys, &scope).await?;
        // The writer is free before the access log needs it.
        tx.rollback().await?;
        store.access.write(traces(&scope, &self.purpose, self.at, &current)).await?;
        Ok(match current.into_iter().next() {
            Some(current) => Refusal::Conflict(Box::new(current)).into(),
            None => Refusal::NotFound { table: table.name, id }.into(),
        })
    }

    /// Notes a set of rows as it is now: so many, with this root.
    pub(crate) fn note_set(&mut self, table: &'static Table, set: Id, rows: i64, root: &str) {
        self.changed.retain(|changed| !changed.set || changed.id != set || changed.table != table.name);
        let changed = Changed { table: table.name, id: set, version: rows, hash: root.into(), set: true };
        self.changed.push(changed);
    }

    pub(crate) fn store(&self) -> &Arc<Inner> {
        &self.store
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    fn note(&mut self, record: &Record) {
        let hash = hex(&record.hash(self.store.keys.journal.bytes()));
        let (table, id) = (record.table.name, record.id);
        // A new row cannot be among them yet, and there may be thousands.
        if record.version > 1 {
            self.changed.retain(|changed| changed.id != id || changed.table != table);
        }
        self.changed.push(Changed { table, id, version: record.version, hash, set: false });
    }

    /// Runs a statement of the store's own tables within the command.
    pub(crate) async fn run(&mut self, sql: &str, binds: Vec<Bind>) -> Result<u64> {
        run(self.tx()?, sql, binds).await
    }

    /// Writes the event, keeps the result for a repeated request, and commits. After this returns, it is so, whatever
    /// happens to the machine. The number of the event in its stream.
    ///
    /// # Errors
    /// A fault. If the connection broke during the commit itself, nothing is known: the same request gives the truth.
    pub async fn commit(
        mut self: Box<Self>,
        stream: Stream<'_>,
        payload: &[u8],
        result: &[u8],
    ) -> Result<i64> {
        let store = self.store.clone();
        let mut tx = self.tx.take().ok_or(Error::Fault(Fault::Busy))?;
        let event = NewEvent {
            stream,
            at: self.at,
            actor: &self.scope.actor(),
            command: &self.name,
            payload,
            changed: &self.changed,
        };
        let n = append(&mut tx, &store, event).await?;
        crate::fault!("journal.written");
        if let Some(key) = &self.request {
            let sql = "UPDATE request SET result = $1 WHERE key = $2";
            run(&mut tx, sql, vec![Bind::bytes(result.to_vec()), Bind::text(key.as_str())]).await?;
        }
        crate::fault!("commit.before");
        tx.commit().await?;
        crate::fault!("commit.after");
        Ok(n)
    }
}
