//! Comparing the state with the journal, with the keys: each row against the last event that speaks of it, each entry
//! against the seal of the store that wrote it, each payload against its event. A hand edit shows.

use crate::db::{Bind, Tx, all};
use crate::error::{Fault, Result};
use crate::id::{Id, unhex};
use crate::journal::event::{Event, payload_hash, payload_place};
use crate::journal::export::{Entry, Line};
use crate::journal::verify::{Finding, Report, What, name};
use crate::rows;
use crate::store::{Inner, Store};
use crate::table::{self, Table};
use sqlx::Row;
use std::collections::HashMap;

/// What the journal says of a row: version, hash, and the interval of the event that said it last.
type Said = (i64, [u8; 32], Option<i64>);
type Rows = HashMap<(usize, Id), Said>;
/// What it says of a set of rows: how many, the root over them, the interval.
type Sets = HashMap<(usize, Id), Said>;
/// A row an event changed: the place of its table in the catalogue, its name, version and hash.
type Change = (usize, bool, Id, i64, [u8; 32]);

impl Store {
    /// Checks the journal, and then every row, seal and payload. Takes the keys, so it is for the operator and for an
    /// auditor beside them.
    ///
    /// # Errors
    /// A fault.
    pub async fn verify_state(&self) -> Result<Report> {
        let mut report = self.verify_journal().await?;
        let inner = &self.inner;
        let mut said = Rows::new();
        let mut sets = Sets::new();
        let mut since_sets: Vec<(usize, Id)> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut since: Vec<(usize, Id)> = Vec::new();
        let mut findings: Vec<Finding> = Vec::new();
        let mut events: HashMap<(String, String, i64), Option<i64>> = HashMap::new();
        let mut ours: Vec<(String, String, i64)> = Vec::new();
        self.journal_lines(&mut |line| {
            let entry = match line {
                Line::Leaf { entry, .. } | Line::Waits { entry, .. } => entry,
                Line::Loose(entry) => Some(entry),
                Line::Checkpoint(checkpoint) => {
                    // What was said since the last checkpoint lies in the interval that this one closes.
                    let n = Some(checkpoint.n);
                    since.drain(..).for_each(|key| said.get_mut(&key).expect("said").2 = n);
                    since_sets.drain(..).for_each(|key| sets.get_mut(&key).expect("said").2 = n);
                    open.drain(..).for_each(|at| findings[at].interval = n);
                    events.extend(ours.drain(..).map(|key| (key, n)));
                    None
                }
                Line::Head { .. } | Line::Foot { .. } => None,
            };
            let Some(entry) = entry else { return Ok(()) };
            let key = &inner.keys.journal;
            let sealed = match &entry {
                Entry::Event(event) => event.mac(key) == event.mac,
                Entry::Access(access) => access.mac(key) == access.mac,
            };
            if !sealed {
                open.push(findings.len());
                findings.push(Finding { interval: None, what: What::Unsealed(name(&entry)) });
            }
            if let Entry::Event(event) = entry {
                for (at, set, id, version, hash) in changes(&event)? {
                    if set {
                        sets.insert((at, id), (version, hash, None));
                        since_sets.push((at, id));
                        continue;
                    }
                    let before = said.get(&(at, id)).map_or(0, |(version, ..)| *version);
                    if version > before {
                        said.insert((at, id), (version, hash, None));
                        since.push((at, id));
                    }
                }
                ours.push((event.kind, event.stream, event.n));
            }
            Ok(())
        })
        .await?;
        let mut tx = inner.db.snapshot().await?;
        for (at, table) in table::ALL.iter().enumerate() {
            match table.set {
                None => compare(&mut tx, inner, at, table, &mut said, &mut findings).await?,
                Some(_) => compare_sets(&mut tx, inner, at, table, &mut sets, &mut findings).await?,
            }
        }
        for ((at, id), (.., interval)) in said.into_iter().chain(sets) {
            let what = What::RowGone(format!("{} {id}", table::ALL[at].name));
            findings.push(Finding { interval, what });
        }
        payloads(&mut tx, inner, &events, &mut findings).await?;
        report.findings.extend(findings);
        Ok(report)
    }
}

/// The rows an event says it changed.
fn changes(event: &Event) -> Result<Vec<Change>> {
    let read = |line: &str| {
        let mut parts = line.split(' ');
        let name = parts.next()?;
        let (name, set) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
        let at = table::ALL.iter().position(|table| table.name == name && table.set.is_some() == set)?;
        let (id, version) = (Id::parse(parts.next()?)?, parts.next()?.parse().ok()?);
        Some((at, set, id, version, unhex(parts.next()?)?))
    };
    let bad = || Fault::Corrupt(format!("the changes of {} {} {}", event.kind, event.stream, event.n)).into();
    event.changed.lines().map(|line| read(line).ok_or_else(bad)).collect()
}

async fn compare(
    tx: &mut Tx,
    inner: &Inner,
    at: usize,
    table: &'static Table,
    said: &mut Rows,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let mut from = String::new();
    loop {
        let sql = format!("SELECT {} FROM {} WHERE id > $1 ORDER BY id LIMIT 1000", table.list(), table.name);
        let rows = all(tx, &sql, vec![Bind::text(from.as_str())]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        from = last.try_get(0)?;
        for row in &rows {
            let id: String = row.try_get(0)?;
            let named = format!("{} {id}", table.name);
            let known = Id::parse(&id).and_then(|id| said.remove(&(at, id)));
            let Some((version, hash, interval)) = known else {
                findings.push(Finding { interval: None, what: What::RowUnknown(named) });
                continue;
            };
            // What does not open is changed as well.
            let same = rows::opened(&inner.data_keys, table, row, false).is_ok_and(|record| {
                record.version == version && record.hash(inner.keys.journal.bytes()) == hash
            });
            if !same {
                findings.push(Finding { interval, what: What::RowChanged(named) });
            }
        }
    }
}

/// The sets of a table, each against the root the journal has of it.
async fn compare_sets(
    tx: &mut Tx,
    inner: &Inner,
    at: usize,
    table: &'static Table,
    said: &mut Sets,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let column = table.set.expect("a table of sets");
    let sql = format!("SELECT DISTINCT {column} FROM {} ORDER BY {column}", table.name);
    for row in all(tx, &sql, Vec::new()).await? {
        let set: String = row.try_get(0)?;
        let named = format!("{}* {set}", table.name);
        let known = Id::parse(&set).and_then(|set| said.remove(&(at, set)));
        let Some((count, root, interval)) = known else {
            findings.push(Finding { interval: None, what: What::RowUnknown(named) });
            continue;
        };
        // What does not open is changed as well.
        let found = crate::money::sum_up(tx, inner, table, &set).await;
        if !found.is_ok_and(|found| found == (count, root)) {
            findings.push(Finding { interval, what: What::RowChanged(named) });
        }
    }
    Ok(())
}

async fn payloads(
    tx: &mut Tx,
    inner: &Inner,
    events: &HashMap<(String, String, i64), Option<i64>>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let sql = "SELECT e.kind, e.stream, e.n, e.at, e.actor, e.command, e.payload_hash, e.changed, e.prev, e.mac, \
               p.payload FROM event e JOIN event_payload p ON p.kind = e.kind AND p.stream = e.stream \
               AND p.n = e.n WHERE (e.kind, e.stream, e.n) > ($1, $2, $3) \
               ORDER BY e.kind, e.stream, e.n LIMIT 1000";
    let mut from = (String::new(), String::new(), 0_i64);
    loop {
        let binds = vec![Bind::text(from.0.as_str()), Bind::text(from.1.as_str()), Bind::int(from.2)];
        let rows = all(tx, sql, binds).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in &rows {
            let event = crate::journal::export::event(row, 0)?;
            let payload: Vec<u8> = row.try_get(10)?;
            let opened = inner.data_keys.open(&payload_place(inner, &event), &payload);
            let same = opened
                .is_ok_and(|plain| payload_hash(&inner.keys.journal, plain.reveal()) == event.payload_hash);
            let named = format!("{} {} {}", event.kind, event.stream, event.n);
            from = (event.kind, event.stream, event.n);
            if !same {
                let interval = events.get(&from).copied().flatten();
                findings.push(Finding { interval, what: What::PayloadChanged(named) });
            }
        }
    }
}
