//! Twelve kinds of tampering at random places of random journals, each done to the database as somebody with its
//! password could: every one is found, and the first finding names the checkpoint that closes the interval it was done
//! in. Journals that nobody touched give no finding. With `ANMIN_TORTURE`, a thousand places a kind.

use super::dice::Dice;
use super::on_both;
use super::world::*;
use crate::db::{Bind, all, insert_many, run};
use crate::id::{hex, unhex};
use crate::journal::event::{Event, leaf_hash};
use crate::journal::export::event;
use crate::journal::verify::{Finding, Report, What};
use crate::record::Value;
use crate::table::{CASE_FILE, INNER_FIRST, Kind};
use crate::*;

on_both! {
    twelve_kinds_of_tampering_are_found_where_they_were_done,
    journals_that_nobody_touched_give_no_alarm,
}

const MINUTE: i64 = 60_000;
const STREAMS: [&str; 3] = ["a", "b", "c"];
const KINDS: [&str; 12] = [
    "edit",
    "delete one",
    "delete the tail",
    "insert",
    "swap",
    "hash a suffix anew",
    "roll back",
    "fork",
    "another time",
    "another actor",
    "swap payloads",
    "forge a checkpoint",
];

/// `ANMIN_TORTURE=1` is many times; a higher number is that many.
fn times(few: usize, many: usize) -> usize {
    let asked = std::env::var("ANMIN_TORTURE").ok();
    asked.map_or(few, |asked| asked.parse().ok().filter(|times| *times > 1).unwrap_or(many))
}

/// A few intervals, each with some commands on three streams and the looks that come with them; some wait at the end.
async fn history(world: &World, store: &Store, dice: &Dice, from: i64, intervals: i64) {
    for interval in from..=from + intervals {
        for n in 0..3 + i64::try_from(dice.roll(4)).unwrap() {
            step(store, interval * 60 + n, dice.pick(&STREAMS)).await;
        }
        if interval < from + intervals {
            store.seal(NOW.plus((interval * 60 + 50) * MINUTE), true).await.unwrap();
        }
    }
    assert_eq!(world.store.verify_state().await.unwrap().findings, []);
}

async fn step(store: &Store, minute: i64, stream: &str) {
    let scope = everything();
    let command = Command { at: NOW.plus(minute * MINUTE), ..command(&scope) };
    let mut work = store.begin_job(command).await.unwrap();
    let row = work.load(&CASE_FILE, CASE).await.unwrap();
    work.update_if(row.with("state", format!("state {minute}"))).await.unwrap();
    let payload = format!("payload {minute}");
    work.commit(Stream { kind: "case", id: stream }, payload.as_bytes(), b"").await.unwrap();
}

/// The tables somebody may touch, as they were: in an order in which they can be taken out.
struct Saved(Vec<Table>);

/// Its name, its columns, its rows.
type Table = (&'static str, Vec<(&'static str, Kind)>, Vec<Vec<Value>>);

impl Saved {
    async fn of(world: &World) -> Saved {
        let mut tables = Vec::new();
        for name in ["event_payload", "event", "access", "leaf", "pending", "checkpoint", "stream"] {
            let inner = INNER_FIRST.iter().find(|table| table.name == name).unwrap();
            tables.push((name, inner.columns.to_vec()));
        }
        let mut columns = vec![("id", Kind::Text), ("version", Kind::Int)];
        columns.extend(CASE_FILE.columns);
        tables.push(("case_file", columns));
        let mut saved = Vec::new();
        let mut tx = world.store.inner.db.snapshot().await.unwrap();
        for (name, columns) in tables {
            let list: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            let sql = format!("SELECT {} FROM {name}", list.join(", "));
            let value = |row, at: usize| crate::db::value(row, at, columns[at].1).unwrap();
            let rows = all(&mut tx, &sql, Vec::new()).await.unwrap();
            let rows = rows.iter().map(|row| (0..columns.len()).map(|at| value(row, at)).collect());
            let rows = rows.collect();
            saved.push((name, columns, rows));
        }
        Saved(saved)
    }

    async fn put_back(&self, world: &World) {
        let mut tx = world.store.inner.db.write().await.unwrap();
        if world.store.dialect() == Dialect::Sqlite {
            run(&mut tx, "PRAGMA defer_foreign_keys = ON", Vec::new()).await.unwrap();
        }
        for (name, columns, rows) in &self.0 {
            run(&mut tx, &format!("DELETE FROM {name}"), Vec::new()).await.unwrap();
            insert_many(&mut tx, name, columns, rows.clone()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

/// A leaf: position, source, kind, stream, n, and the checkpoint that closes its interval.
#[derive(Clone, Debug)]
struct Leaf {
    position: i64,
    source: String,
    kind: String,
    stream: String,
    n: i64,
    interval: i64,
}

impl Leaf {
    fn is_event(&self) -> bool {
        self.source == "event"
    }

    /// The table and the row of the entry.
    fn entry(&self) -> (&'static str, String) {
        match self.is_event() {
            true => {
                ("event", format!("kind = '{}' AND stream = '{}' AND n = {}", self.kind, self.stream, self.n))
            }
            false => ("access", format!("id = '{}'", self.stream)),
        }
    }
}

struct Tamperer<'a> {
    world: &'a World,
    dice: &'a Dice,
    leaves: Vec<Leaf>,
    /// The sizes of the checkpoints, from the first.
    sizes: Vec<i64>,
}

impl<'a> Tamperer<'a> {
    async fn new(world: &'a World, dice: &'a Dice) -> Tamperer<'a> {
        let mut tx = world.store.inner.db.snapshot().await.unwrap();
        let number = |row: &sqlx::any::AnyRow, at: usize| sqlx::Row::try_get::<i64, _>(row, at).unwrap();
        let text = |row: &sqlx::any::AnyRow, at: usize| sqlx::Row::try_get::<String, _>(row, at).unwrap();
        let rows = all(&mut tx, "SELECT size FROM checkpoint ORDER BY n", Vec::new()).await.unwrap();
        let sizes: Vec<i64> = rows.iter().map(|row| number(row, 0)).collect();
        let sql = "SELECT position, source, kind, stream, n FROM leaf ORDER BY position";
        let rows = all(&mut tx, sql, Vec::new()).await.unwrap();
        let leaves = rows.iter().map(|row| {
            let position = number(row, 0);
            let before = sizes.iter().filter(|size| **size <= position).count();
            let interval = i64::try_from(before).unwrap() + 1;
            let (source, kind, stream) = (text(row, 1), text(row, 2), text(row, 3));
            Leaf { position, source, kind, stream, n: number(row, 4), interval }
        });
        let leaves = leaves.collect();
        Tamperer { world, dice, leaves, sizes }
    }

    fn any(&self, fits: impl Fn(&&Leaf) -> bool) -> Leaf {
        let found: Vec<&Leaf> = self.leaves.iter().filter(fits).collect();
        self.dice.pick(&found).clone()
    }

    fn last(&self) -> i64 {
        i64::try_from(self.sizes.len()).unwrap()
    }

    async fn by_hand(&self, sql: &str) {
        assert!(self.world.by_hand(sql).await > 0, "{sql} touched nothing");
    }

    /// Does it at a random place. The interval in which it was done.
    async fn tamper(&self, kind: &str) -> i64 {
        match kind {
            "edit" => {
                let leaf = self.any(|_| true);
                let (table, row) = leaf.entry();
                let columns = match leaf.is_event() {
                    true => &["command", "payload_hash", "changed", "prev", "mac", "actor"][..],
                    false => &["post", "subject", "of_table", "record", "purpose", "mac"],
                };
                let column = self.dice.pick(columns);
                self.by_hand(&format!("UPDATE {table} SET {column} = {column} || '0' WHERE {row}")).await;
                leaf.interval
            }
            "another time" => {
                let leaf = self.any(|_| true);
                let (table, row) = leaf.entry();
                let by = [-86_400_000, -1, 1, 3_600_000][self.dice.roll(4)];
                self.by_hand(&format!("UPDATE {table} SET at = at + {by} WHERE {row}")).await;
                leaf.interval
            }
            "another actor" => {
                let leaf = self.any(|_| true);
                let (table, row) = leaf.entry();
                self.by_hand(&format!("UPDATE {table} SET actor = '{COLLEAGUE}' WHERE {row}")).await;
                leaf.interval
            }
            "delete one" => self.delete_one().await,
            "delete the tail" => self.delete_tail().await,
            "insert" => self.insert().await,
            "swap" => self.swap().await,
            "hash a suffix anew" => self.hash_anew().await,
            "roll back" => self.roll_back().await,
            "fork" => self.fork().await,
            "swap payloads" => self.swap_payloads().await,
            "forge a checkpoint" => self.forge().await,
            other => panic!("{other}"),
        }
    }

    /// The entry alone, or its leaf as well.
    async fn delete_one(&self) -> i64 {
        let leaf = self.any(|_| true);
        let (table, row) = leaf.entry();
        self.by_hand(&format!("DELETE FROM {table} WHERE {row}")).await;
        if self.dice.roll(2) == 0 {
            self.by_hand(&format!("DELETE FROM leaf WHERE position = {}", leaf.position)).await;
        }
        leaf.interval
    }

    /// Everything from a position on, with the checkpoints that cover it, or with the checkpoints left.
    async fn delete_tail(&self) -> i64 {
        let leaf = self.any(|_| true);
        self.cut(leaf.position).await;
        if self.dice.roll(2) == 0 {
            self.by_hand(&format!("DELETE FROM checkpoint WHERE n >= {}", leaf.interval)).await;
        }
        leaf.interval
    }

    /// Takes out leaves from this position on, with their entries, and what waits.
    async fn cut(&self, from: i64) {
        self.by_hand("DELETE FROM pending").await;
        self.by_hand(&format!("DELETE FROM leaf WHERE position >= {from}")).await;
        let kept = |source: &str, kind: &str, stream: &str, n: &str| {
            format!(
                "NOT EXISTS (SELECT 1 FROM leaf l WHERE l.source = '{source}' AND l.kind = {kind} \
                 AND l.stream = {stream} AND l.n = {n})"
            )
        };
        let event = kept("event", "event.kind", "event.stream", "event.n");
        self.by_hand(&format!("DELETE FROM event WHERE {event}")).await;
        let access = kept("access", "'access'", "access.id", "1");
        self.by_hand(&format!("DELETE FROM access WHERE {access}")).await;
        let payload = kept("event", "event_payload.kind", "event_payload.stream", "event_payload.n");
        self.by_hand(&format!("DELETE FROM event_payload WHERE {payload}")).await;
    }

    /// A copy of an entry that belongs to nothing, or with a leaf at the end of its interval's.
    async fn insert(&self) -> i64 {
        // Not the last of its interval: a leaf put in after it would lie in the next.
        let leaf = self.any(|leaf| leaf.is_event() && !self.sizes.contains(&(leaf.position + 1)));
        let (_, row) = leaf.entry();
        let copy = format!(
            "INSERT INTO event (kind, stream, n, at, actor, command, payload_hash, changed, prev, mac) \
             SELECT kind, stream, n + 1000, at, actor, command, payload_hash, changed, prev, mac FROM event \
             WHERE {row}"
        );
        self.by_hand(&copy).await;
        if self.dice.roll(2) == 0 {
            // All later leaves make room, in two steps since positions are unique.
            let at = leaf.position + 1;
            let aside = format!("UPDATE leaf SET position = -1 - position WHERE position >= {at}");
            self.world.by_hand(&aside).await;
            self.by_hand(&format!(
                "INSERT INTO leaf (position, source, kind, stream, n, hash) SELECT {at}, source, kind, stream, \
                 n + 1000, hash FROM leaf WHERE position = {}",
                leaf.position
            ))
            .await;
            self.world.by_hand("UPDATE leaf SET position = -position WHERE position < 0").await;
        }
        leaf.interval
    }

    /// Two entries in each other's place, or two leaves.
    async fn swap(&self) -> i64 {
        let a = self.any(Leaf::is_event_ref);
        if self.dice.roll(2) == 0 {
            let b = self.any(|leaf| leaf.position != a.position);
            for (from, to) in [(a.position, -1), (b.position, a.position), (-1, b.position)] {
                self.by_hand(&format!("UPDATE leaf SET position = {to} WHERE position = {from}")).await;
            }
            return a.interval.min(b.interval);
        }
        let other = |leaf: &&Leaf| leaf.is_event() && leaf.position != a.position && leaf.kind == a.kind;
        let b = self.any(other);
        let place = |leaf: &Leaf| format!("stream = '{}', n = {}", leaf.stream, leaf.n);
        for (to, from) in [
            ("stream = 'aside', n = 1".to_string(), a.entry().1),
            (place(&a), b.entry().1),
            (place(&b), "stream = 'aside' AND n = 1".to_string()),
        ] {
            self.by_hand(&format!("UPDATE event SET {to} WHERE {from}")).await;
        }
        a.interval.min(b.interval)
    }

    /// One event changed, and every hash of the stream after it made to fit, as far as that goes without the keys.
    async fn hash_anew(&self) -> i64 {
        let first = self.any(Leaf::is_event_ref);
        let sql = "SELECT kind, stream, n, at, actor, command, payload_hash, changed, prev, mac FROM event \
                   WHERE kind = $1 AND stream = $2 AND n >= $3 ORDER BY n";
        let binds =
            vec![Bind::text(first.kind.as_str()), Bind::text(first.stream.as_str()), Bind::int(first.n)];
        let rows = self.world.store.inner.db.rows(sql.into(), binds).await.unwrap();
        let mut prev: Option<String> = None;
        for row in rows {
            let mut changed: Event = event(&row, 0).unwrap();
            match &prev {
                None => changed.actor = COLLEAGUE.to_string(),
                Some(prev) => changed.prev.clone_from(prev),
            }
            let hash = changed.hash();
            let Event { kind, stream, n, actor, prev: link, .. } = &changed;
            let row = format!("kind = '{kind}' AND stream = '{stream}' AND n = {n}");
            self.by_hand(&format!("UPDATE event SET actor = '{actor}', prev = '{link}' WHERE {row}")).await;
            for table in ["leaf", "pending"] {
                let sql = format!("UPDATE {table} SET hash = '{hash}' WHERE source = 'event' AND {row}");
                self.world.by_hand(&sql).await;
            }
            prev = Some(hash);
        }
        first.interval
    }

    /// As an older copy of the database would be, taken after a checkpoint.
    async fn roll_back(&self) -> i64 {
        let kept = 1 + self.dice.roll(self.sizes.len() - 1);
        self.cut(self.sizes[kept - 1]).await;
        self.by_hand(&format!("DELETE FROM checkpoint WHERE n > {kept}")).await;
        i64::try_from(kept).unwrap() + 1
    }

    /// An older copy that goes on with the true keys and without the witness.
    async fn fork(&self) -> i64 {
        let interval = self.roll_back().await;
        let left: Vec<&Leaf> = self.leaves.iter().filter(|leaf| leaf.interval < interval).collect();
        self.by_hand("DELETE FROM stream").await;
        let mut heads: Vec<&Leaf> = Vec::new();
        for leaf in left.iter().filter(|leaf| leaf.is_event()) {
            heads.retain(|head| (&head.kind, &head.stream) != (&leaf.kind, &leaf.stream));
            heads.push(leaf);
        }
        for head in heads {
            self.by_hand(&format!(
                "INSERT INTO stream (kind, id, n, hash) SELECT kind, stream, n, hash FROM leaf \
                 WHERE position = {}",
                head.position
            ))
            .await;
        }
        let alone = Settings { witness: None, ..self.world.settings.clone() };
        let store = Store::open(&alone).await.unwrap();
        step(&store, interval * 60 + 1, self.dice.pick(&STREAMS)).await;
        store.seal(NOW.plus((interval * 60 + 2) * MINUTE), true).await.unwrap();
        store.close().await;
        interval
    }

    /// The sealed payloads of two events in each other's place.
    async fn swap_payloads(&self) -> i64 {
        let a = self.any(Leaf::is_event_ref);
        let b = self.any(|leaf| leaf.is_event() && leaf.position != a.position);
        let payload = async |leaf: &Leaf| {
            let sql = format!("SELECT payload FROM event_payload WHERE {}", leaf.entry().1);
            let rows = self.world.store.inner.db.rows(sql, Vec::new()).await.unwrap();
            sqlx::Row::try_get::<Vec<u8>, _>(&rows[0], 0).unwrap()
        };
        let (of_a, of_b) = (payload(&a).await, payload(&b).await);
        let mut tx = self.world.store.inner.db.write().await.unwrap();
        for (leaf, payload) in [(&a, of_b), (&b, of_a)] {
            let sql = format!("UPDATE event_payload SET payload = $1 WHERE {}", leaf.entry().1);
            assert_eq!(run(&mut tx, &sql, vec![Bind::bytes(payload)]).await.unwrap(), 1);
        }
        tx.commit().await.unwrap();
        a.interval.min(b.interval)
    }

    /// One part of a checkpoint changed.
    async fn forge(&self) -> i64 {
        let n = 1 + i64::try_from(self.dice.roll(self.sizes.len())).unwrap();
        let made_up = hex(&leaf_hash(&[&n.to_be_bytes(), &[u8::try_from(self.dice.roll(200)).unwrap()]]));
        assert!(unhex::<32>(&made_up).is_some());
        let change = match self.dice.roll(6) {
            0 => format!("root = '{made_up}'"),
            1 => "at = at + 1".into(),
            2 => "size = size - 1".into(),
            3 => format!("prev = '{made_up}'"),
            4 => format!("signature = '{made_up}{made_up}'"),
            _ => format!("root = '{made_up}', peaks = '{made_up}', signature = '{made_up}{made_up}'"),
        };
        self.by_hand(&format!("UPDATE checkpoint SET {change} WHERE n = {n}")).await;
        n
    }
}

impl Leaf {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "as a filter asks")]
    fn is_event_ref(self: &&Leaf) -> bool {
        self.is_event()
    }
}

/// What was done lies in this interval: the first finding says so, and those that name none come after the last
/// checkpoint there is.
fn located(report: &Report, interval: i64) -> bool {
    let named: Vec<i64> = report.findings.iter().filter_map(|finding| finding.interval).collect();
    named.iter().min() == Some(&interval)
}

async fn twelve_kinds_of_tampering_are_found_where_they_were_done(world: &World) {
    world.county().await;
    let dice = Dice::new(1);
    history(world, &world.store, &dice, 0, 8).await;
    // Who owns the schema takes the rules off first.
    let rules_off: &[&str] = match world.store.dialect() {
        Dialect::Postgres => &["ALTER TABLE event_payload DROP CONSTRAINT event_payload_kind_stream_n_fkey"],
        Dialect::Sqlite => &[
            "CREATE TABLE bare AS SELECT * FROM event_payload",
            "DROP TABLE event_payload",
            "ALTER TABLE bare RENAME TO event_payload",
        ],
    };
    for rule in rules_off {
        world.by_hand(rule).await;
    }
    let saved = Saved::of(world).await;
    let tamperer = Tamperer::new(world, &dice).await;
    assert_eq!((tamperer.last(), tamperer.leaves.len() > 60), (8, true));
    for kind in KINDS {
        for nth in 0..times(20, 1_000) {
            let interval = tamperer.tamper(kind).await;
            // What is sealed is looked at with the keys only.
            let report = match kind {
                "swap payloads" => world.store.verify_state().await,
                _ => world.store.verify_journal().await,
            };
            let report = report.unwrap();
            assert!(located(&report, interval), "{kind} {nth} in {interval}: {:?}", report.findings);
            if matches!(kind, "edit" | "another time" | "another actor" | "forge a checkpoint") {
                // A last checkpoint made smaller leaves a leaf after it: that is no other place.
                let elsewhere = |finding: &&Finding| finding.interval.is_some_and(|n| n != interval);
                let elsewhere: Vec<&Finding> = report.findings.iter().filter(elsewhere).collect();
                assert!(elsewhere.is_empty(), "{kind} {nth} in {interval}, and also {elsewhere:?}");
            }
            if kind == "fork" {
                assert!(report.findings.iter().any(|finding| finding.what == What::Forked));
            }
            saved.put_back(world).await;
        }
        assert_eq!(world.store.verify_state().await.unwrap().findings, [], "after {kind} was put back");
    }
}

async fn journals_that_nobody_touched_give_no_alarm(world: &World) {
    world.county().await;
    let dice = Dice::new(2);
    let runs = i64::try_from(times(5, 100)).unwrap();
    for nth in 0..runs {
        // Looks at the end of each: a history that is judged before and after it goes on.
        history(world, &world.store, &dice, nth * 3, 2).await;
        let backup = world.folder.join(format!("backup-{nth}"));
        if nth < 2 {
            world.store.backup(&backup, NOW).await.unwrap();
            assert_eq!(world.store.verify_journal().await.unwrap().findings, []);
        }
    }
}
