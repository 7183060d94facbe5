//! Every fault point, fired in every way. The program under test is this test binary itself, started again with
//! `ANMIN_FAULT`; it plays rounds of work, and a client beside it writes down what was acknowledged.

use super::on_both;
use super::world::*;
use crate::fault::POINTS;
use crate::table::*;
use crate::*;
use anmin_authz::authority::Capacity;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

on_both! {
    nothing_acknowledged_is_lost_when_killed_at_any_point,
    an_error_at_any_point_leaves_nothing_half_done,
    a_delay_at_any_point_changes_nothing,
}

const STEPS: u128 = 2;
const DAY: i64 = 86_400_000;

/// What the client keeps: its request keys before it sends, the answers when they come.
struct Client(PathBuf);

impl Client {
    fn key(&self, store: &Store, name: &str) -> String {
        let path = self.0.join(format!("{name}.key"));
        std::fs::read_to_string(&path).unwrap_or_else(|_| {
            let key = store.request_key("test");
            std::fs::write(&path, &key).unwrap();
            key
        })
    }

    fn acknowledged(&self, name: &str) {
        std::fs::write(self.0.join(format!("{name}.ack")), b"").unwrap();
    }

    fn acks(&self) -> BTreeSet<String> {
        let names = std::fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter_map(|name| Some(name.to_str()?.strip_suffix(".ack")?.to_string())).collect()
    }
}

fn case_of(round: u128, step: u128) -> Id {
    Id(0x10_0000 + round * 16 + step)
}

async fn opened(settings: &Settings) -> Result<Store> {
    match Store::open(settings).await {
        Err(Error::Fault(Fault::Deployment(_))) => Store::create(settings, DeploymentKind::Demo, NOW).await,
        other => other,
    }
}

/// One round: passes every point there is. It can be broken off anywhere and begun again.
async fn round(settings: &Settings, folder: &Path, round: u128, attempt: u32) -> Result<()> {
    let client = Client(folder.join("client"));
    let store = opened(settings).await?;
    let scope = everything();
    let at = NOW.plus(i64::try_from(round).unwrap() * 10 * DAY);
    let now = Command { at, ..command(&scope) };
    let key = client.key(&store, "county");
    if let Begun::New(mut work) = store.begin(Command { request: Some((&key, b"")), ..now }).await? {
        for row in county() {
            work.insert(row).await?;
        }
        let account = Record::new(&ACCOUNT, Id(1)).with("person", CLERK).with("login", "clerk");
        work.insert(account.with("state", "open").with("payload", b"{}".to_vec())).await?;
        for row in super::money::accounts("aid") {
            work.insert(row).await?;
        }
        work.commit(STREAM, b"", b"").await?;
    }
    store.attempts().failed("clerk", at).await?;
    let (idle, lasts) = (DAY, DAY);
    let new = NewSession {
        person: CLERK,
        account: Id(1),
        capacity: Capacity::Staff,
        idle,
        lasts,
        stepped_up: false,
    };
    let token = store.sessions().open(new, at).await?;
    assert!(store.sessions().find(&token, at).await?.is_some());
    for step in 0..STEPS {
        let name = format!("{round}-{step}");
        let key = client.key(&store, &name);
        if let Begun::New(mut work) = store.begin(Command { request: Some((&key, b"")), ..now }).await? {
            let row = work.insert(case(case_of(round, step), TOWN, RESIDENT)).await?;
            work.update_if(row.with("state", "accepted")).await?;
            work.load(&CASE_FILE, CASE).await?;
            work.enqueue(&NewJob { kind: "count", key: &name, run_at: at, payload: b"" }).await?;
            let message = NewMessage {
                case: case_of(round, step),
                recipient: RESIDENT,
                channel: "letter",
                letter: "receipt",
                body: name.as_bytes(),
            };
            work.send(&message).await?;
            work.commit(Stream { kind: "case", id: &name }, b"payload", name.as_bytes()).await?;
        }
        client.acknowledged(&name);
    }
    let name = format!("{round}-paid");
    let key = client.key(&store, &name);
    if let Begun::New(mut work) = store.begin(Command { request: Some((&key, b"")), ..now }).await? {
        let (base, programme) = (0x40_0000 + round * 0x100, format!("aid-{round}"));
        let mut rows = super::money::grant_rows(base, case_of(round, 0), RESIDENT, &programme);
        if let Some(account) = rows.last_mut().filter(|_| round > 0) {
            // One account of a person is confirmed at a time.
            account.set("state", "replaced");
        }
        for row in rows {
            work.insert(row).await?;
        }
        super::money::whole_month(&mut work, base, &programme, false).await?;
        work.commit(Stream { kind: "batch", id: &name }, b"payload", b"").await?;
    }
    client.acknowledged(&name);
    let name = format!("{round}-file");
    let key = client.key(&store, &name);
    let stored = store.store_file(name.as_bytes(), at).await?;
    if let Begun::New(mut work) = store.begin(Command { request: Some((&key, b"")), ..now }).await? {
        work.insert(stored.record(Id(0x20_0000 + round), CASE, "text/plain", at)).await?;
        work.commit(STREAM, b"", b"").await?;
    }
    client.acknowledged(&name);
    store.store_file(b"orphan", at.plus(-3 * DAY)).await?;
    store.remove_orphans(at).await?;
    let mut look = store.look(&scope, "crash", at);
    let one = look.one(&CASE_FILE, CASE).await?;
    assert!(look.release(one).await?.is_some());
    let found = store.read_personal(&scope, "crash", at, &Find::all(&CASE_FILE).limit(3)).await?;
    client.acknowledged(&format!("{round}-{attempt}-read-{}", found.len()));
    // A day later, so that leases of a program that died have run out.
    let later = at.plus(DAY);
    while let Some(lease) =
        store.claim_job(&["count"], later.plus(i64::from(attempt) * DAY / 100), 1_000).await?
    {
        store.finish_job(&lease).await?;
        client.acknowledged(&format!("{}-job", lease.job.key));
    }
    let sink = FileSink { folder: folder.join("post") };
    let due = later.plus(i64::from(attempt) * DAY / 100);
    while store.post_messages(&scope, &sink, due, 10).await? != Posted::default() {}
    store.seal(later, true).await?;
    client.acknowledged(&format!("{round}-sealed"));
    let backup = folder.join(format!("backup-{round}-{attempt}"));
    store.backup(&backup, later).await?;
    let place = settings_of_copy(settings, folder, round, attempt).await;
    let copy = Store::restore(&backup, &place).await?;
    assert_eq!(copy.verify_state().await?.findings, []);
    copy.close().await;
    remove(&place).await;
    store.close().await;
    Ok(())
}

async fn settings_of_copy(settings: &Settings, folder: &Path, round: u128, attempt: u32) -> Settings {
    let dialect = if settings.url.starts_with("sqlite") { Dialect::Sqlite } else { Dialect::Postgres };
    let name = format!("copy_{round}_{attempt}");
    Settings { witness: None, ..super::world::settings(dialect, folder, &name).await }
}

/// The program under test: does nothing unless the tests below started it.
#[test]
fn child() {
    let Ok(folder) = std::env::var("ANMIN_FAULT_FOLDER") else { return };
    let folder = PathBuf::from(folder);
    let url = std::env::var("ANMIN_FAULT_URL").unwrap();
    let last: u128 = std::env::var("ANMIN_FAULT_ROUND").unwrap().parse().unwrap();
    let settings = Settings {
        url,
        keys: folder.join("keys"),
        objects: folder.join("objects"),
        witness: Some(folder.join("witness")),
    };
    block_on(async {
        let done = folder.join("done");
        let mut next = std::fs::read_to_string(&done).map_or(0, |text| text.parse::<u128>().unwrap() + 1);
        let attempts = folder.join("attempts");
        let mut attempt = std::fs::read_to_string(&attempts).map_or(0, |text| text.parse::<u32>().unwrap());
        while next <= last {
            attempt += 1;
            std::fs::write(&attempts, attempt.to_string()).unwrap();
            match round(&settings, &folder, next, attempt).await {
                Ok(()) => {
                    std::fs::write(&done, next.to_string()).unwrap();
                    next += 1;
                }
                // What a user does: once more, with the same key.
                Err(Error::Fault(Fault::Injected(_))) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    });
}

/// Runs the program up to a round; whether it ended by itself.
fn play(world: &World, round: usize, fault: &str) -> bool {
    let output = Program::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::faults::child", "--nocapture"])
        .env("ANMIN_FAULT_FOLDER", &world.folder)
        .env("ANMIN_FAULT_URL", &world.settings.url)
        .env("ANMIN_FAULT_ROUND", round.to_string())
        .env("ANMIN_FAULT", fault)
        .env("ANMIN_FAULT_DELAY", "20")
        .env("ANMIN_FAULT_FIRED", world.folder.join("fired"))
        .output()
        .unwrap();
    let aborted = std::os::unix::process::ExitStatusExt::signal(&output.status).is_some();
    assert!(output.status.success() || aborted, "{}", String::from_utf8_lossy(&output.stderr));
    !aborted
}

fn fired(world: &World) -> Vec<String> {
    let text = std::fs::read_to_string(world.folder.join("fired")).unwrap_or_default();
    text.lines().map(String::from).collect()
}

/// A program that was never the world's own: its folder has the keys, the database is made by the program.
fn prepare(world: &World) {
    std::fs::create_dir_all(world.folder.join("client")).unwrap();
}

/// What was acknowledged is there, and nothing is half done.
async fn judge(world: &World, whole: bool) {
    let settings = Settings {
        objects: world.folder.join("objects"),
        witness: Some(world.folder.join("witness")),
        ..world.settings.clone()
    };
    let store = opened(&settings).await.unwrap();
    assert_eq!(store.verify_state().await.unwrap().findings, []);
    let scope = everything();
    let client = Client(world.folder.join("client"));
    let mut reads = 0;
    for ack in client.acks() {
        let parts: Vec<&str> = ack.split('-').collect();
        let number = |at: usize| parts[at].parse::<u128>().unwrap();
        match parts.as_slice() {
            [_, "file"] => {
                let file = store.read_file(&scope, "judge", NOW, Id(0x20_0000 + number(0))).await.unwrap();
                assert_eq!(file.reveal(), ack.as_bytes());
            }
            [_, "sealed"] => {}
            [_, "paid"] => {
                let batch = Id(0x40_0000 + number(0) * 0x100 + 7);
                let entries = format!("SELECT COUNT(*) FROM entry WHERE batch = '{batch}'");
                assert_eq!(world.number(&entries).await, 2, "promised and posted once");
            }
            [_, _, "job"] => {
                let state = format!("SELECT state FROM job WHERE key = '{}-{}'", parts[0], parts[1]);
                assert_eq!(world.texts(&state).await, ["done"]);
            }
            [_, _, "read", n] => reads += n.parse::<i64>().unwrap(),
            _ => {
                let id = case_of(number(0), number(1));
                let row = store.read_one(&scope, "judge", NOW, &CASE_FILE, id).await.unwrap();
                assert_eq!((row.version(), row.text("state")), (2, Some("accepted")), "{ack}");
            }
        }
    }
    let logged = world.number("SELECT COUNT(*) FROM access WHERE purpose = 'crash'").await;
    assert!(logged >= reads, "{reads} rows were handed out, {logged} are in the log");
    // A command is whole or not at all: each case has its job, its message and its event.
    for (what, sql) in [
        ("jobs", "SELECT COUNT(*) FROM job"),
        ("messages", "SELECT COUNT(*) FROM outbox"),
        ("on their way", "SELECT COUNT(*) FROM dispatch"),
        ("events", "SELECT COUNT(*) FROM event WHERE kind = 'case' AND n = 1 AND stream LIKE '%-%'"),
        ("results", "SELECT COUNT(*) FROM request WHERE length(result) = 3 OR length(result) = 4"),
    ] {
        let cases = world
            .number("SELECT COUNT(*) FROM case_file WHERE id > '00000000000000000000000000100000'")
            .await;
        let first = world
            .number("SELECT COUNT(*) FROM case_file WHERE id = '00000000000000000000000000100000'")
            .await;
        assert_eq!(world.number(sql).await, cases + first, "{what}");
    }
    let twice = "SELECT COUNT(*) FROM (SELECT outbox FROM delivery GROUP BY outbox HAVING COUNT(*) > 1) AS x";
    assert_eq!(world.number(twice).await, 0, "no message is delivered twice");
    if whole {
        let missing = "SELECT COUNT(*) FROM dispatch WHERE state <> 'done'";
        assert_eq!(world.number(missing).await, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM job WHERE state <> 'done'").await, 0);
    }
    store.close().await;
}

async fn nothing_acknowledged_is_lost_when_killed_at_any_point(world: &World) {
    prepare(world);
    for (round, point) in POINTS.iter().enumerate() {
        let ended = play(world, round, &format!("{point}=abort"));
        assert!(!ended, "{point} was not passed");
        assert_eq!(fired(world).last().map(String::as_str), Some(*point));
        judge(world, false).await;
    }
    assert!(play(world, POINTS.len(), ""));
    judge(world, true).await;
    let cases = world.number("SELECT COUNT(*) FROM case_file").await;
    assert_eq!(cases, 2 + i64::try_from(STEPS).unwrap() * i64::try_from(POINTS.len() + 1).unwrap());
}

async fn every_point(world: &World, act: &str) {
    prepare(world);
    let all: Vec<String> = POINTS.iter().map(|point| format!("{point}={act}")).collect();
    assert!(play(world, 1, &all.join(",")));
    let mut seen = fired(world);
    seen.sort();
    let mut wanted: Vec<&str> = POINTS.to_vec();
    wanted.sort_unstable();
    assert_eq!(seen, wanted, "every point fires once");
    judge(world, true).await;
}

async fn an_error_at_any_point_leaves_nothing_half_done(world: &World) {
    every_point(world, "error").await;
}

async fn a_delay_at_any_point_changes_nothing(world: &World) {
    every_point(world, "delay").await;
}

#[test]
fn every_point_in_the_code_is_in_the_list() {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let points = text.split("crate::fault!(\"").skip(1);
            found.extend(points.map(|rest| rest.split('"').next().unwrap().to_string()));
        }
    }
    found.sort();
    // This file speaks of the macro once.
    found.retain(|name| name.contains('.'));
    let mut listed: Vec<&str> = POINTS.to_vec();
    listed.sort_unstable();
    assert_eq!(found, listed);
}
