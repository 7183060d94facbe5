//! A PostgreSQL that dies under load and comes back: errors end within seconds after it, nothing acknowledged is lost,
//! nothing is there twice, and our program is not restarted. The server is one of the test's own; where no server
//! programs are installed the test says that it was left out.

use super::world::*;
use crate::journal::verify::Report;
use crate::table::*;
use crate::*;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Program, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const WRITERS: usize = 8;
const READERS: usize = 8;
/// How long after the server is back an error may still be seen.
const WINDOW: Duration = Duration::from_secs(10);
/// If nothing moves for so long, the test has failed.
const STUCK: Duration = Duration::from_secs(120);

/// The folder of the newest installed server programs.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = ["/usr/lib/postgresql", "/usr"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?;
            let version = name.strip_prefix("pgsql-").unwrap_or(name).parse().ok()?;
            let programs = path.join("bin");
            (version >= 14 && programs.join("initdb").exists()).then_some((version, programs))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, programs)| programs)
}

struct Server {
    programs: PathBuf,
    folder: PathBuf,
    child: Option<Child>,
}

impl Server {
    fn new(folder: &Path) -> Option<Server> {
        let folder = folder.join("server");
        std::fs::create_dir_all(&folder).unwrap();
        let server = Server { programs: programs()?, folder, child: None };
        if let Some((user, group)) = Server::user() {
            std::os::unix::fs::chown(&server.folder, Some(user), Some(group)).unwrap();
        }
        let made = server
            .program("initdb")
            .args(["-U", "anmin", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C", "-D"])
            .arg(server.folder.join("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Some(server)
    }

    /// PostgreSQL does not run as root: then it is its own user's.
    fn user() -> Option<(u32, u32)> {
        use std::os::unix::fs::MetadataExt;
        if std::fs::metadata("/proc/self").ok()?.uid() != 0 {
            return None;
        }
        let users = std::fs::read_to_string("/etc/passwd").unwrap();
        let line = users.lines().find(|line| line.starts_with("postgres:")).expect("a user postgres");
        let parts: Vec<&str> = line.split(':').collect();
        Some((parts[2].parse().unwrap(), parts[3].parse().unwrap()))
    }

    fn program(&self, name: &str) -> Program {
        use std::os::unix::process::CommandExt;
        let mut program = Program::new(self.programs.join(name));
        if let Some((user, group)) = Server::user() {
            program.uid(user).gid(group);
        }
        program.current_dir(&self.folder).stdin(Stdio::null());
        program
    }

    fn address(&self) -> String {
        format!("postgres://anmin@localhost/postgres?host={}", self.folder.display())
    }

    /// Starts it, again and again while the last one's processes are still going; returns when it answers.
    fn start(&mut self) {
        let began = Instant::now();
        while began.elapsed() < STUCK {
            let log = std::fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log"));
            let log = log.unwrap();
            let mut child = self
                .program("postgres")
                .args(["-c", "listen_addresses=", "-c", "max_connections=60", "-k"])
                .arg(&self.folder)
                .arg("-D")
                .arg(self.folder.join("data"))
                .stdout(log.try_clone().unwrap())
                .stderr(log)
                .spawn()
                .unwrap();
            while child.try_wait().unwrap().is_none() {
                let asked = self.program("pg_isready").arg("-q").arg("-h").arg(&self.folder).status();
                if asked.unwrap().success() {
                    self.child = Some(child);
                    return;
                }
            }
        }
        panic!("the server does not start: {}", self.folder.join("log").display());
    }

    /// `-9`: no chance to do anything. `-QUIT`: what it calls an immediate shutdown.
    fn kill(&mut self, signal: &str) {
        let mut child = self.child.take().expect("it runs");
        let sent = Program::new("kill").arg(signal).arg(child.id().to_string()).status().unwrap();
        assert!(sent.success());
        child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = Program::new("kill").arg("-QUIT").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
    }
}

/// What all who work on the store have in common.
#[derive(Default)]
struct Load {
    over: AtomicBool,
    /// How many commands of each writer were acknowledged.
    acknowledged: [AtomicU64; WRITERS],
    /// How many records were handed out to each reader.
    read: [AtomicU64; READERS],
    last_error: Mutex<Option<Instant>>,
    errors: AtomicU64,
}

/// Between two looks at something that changes by itself, so that looking does not take the machine.
async fn breath() {
    tokio::time::sleep(Duration::from_millis(2)).await;
}

fn case_of(writer: usize, n: u64) -> Id {
    Id(0x1000_0000 + (writer as u128) * 0x10_0000 + u128::from(n))
}

impl Load {
    /// What a user sees while the server is gone: to try again. Anything else is a failure.
    fn trouble(&self, error: &Error) {
        let expected = matches!(error, Error::Fault(Fault::Unreachable(_) | Fault::Busy));
        assert!(expected, "not told as trouble with the server: {error:?}");
        *self.last_error.lock().unwrap() = Some(Instant::now());
        self.errors.fetch_add(1, SeqCst);
    }

    async fn write(&self, store: &Store, writer: usize) {
        let scope = everything();
        let stream = format!("writer {writer}");
        for n in 0.. {
            let key = store.request_key("test");
            let body = n.to_string();
            // The same request until there is an answer, as a browser would after an error page.
            loop {
                match self.once(store, &scope, (&key, body.as_bytes()), &stream, case_of(writer, n)).await {
                    Ok(result) => {
                        assert_eq!(result, body.as_bytes());
                        break;
                    }
                    Err(error) => self.trouble(&error),
                }
                breath().await;
            }
            self.acknowledged[writer].store(n + 1, SeqCst);
            if self.over.load(SeqCst) {
                return;
            }
        }
    }

    async fn once(
        &self,
        store: &Store,
        scope: &Scope,
        request: (&str, &[u8]),
        stream: &str,
        case_id: Id,
    ) -> Result<Vec<u8>> {
        let command = Command { request: Some(request), ..command(scope) };
        let mut work = match store.begin(command).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.insert(case(case_id, TOWN, RESIDENT)).await?;
        work.update_if(row.with("state", "accepted")).await?;
        work.commit(Stream { kind: "case", id: stream }, b"payload", request.1).await?;
        Ok(request.1.to_vec())
    }

    async fn read(&self, store: &Store, reader: usize) {
        let scope = everything();
        let mut n = 0;
        while !self.over.load(SeqCst) {
            let writer = (reader + n) % WRITERS;
            n += 1;
            let Some(last) = self.acknowledged[writer].load(SeqCst).checked_sub(1) else {
                breath().await;
                continue;
            };
            match store.read_one(&scope, "load", NOW, &CASE_FILE, case_of(writer, last)).await {
                Ok(row) => {
                    assert_eq!(row.text("state"), Some("accepted"), "what was acknowledged is there");
                    self.read[reader].fetch_add(1, SeqCst);
                }
                Err(error) => self.trouble(&error),
            }
        }
    }

    fn progress(&self) -> Vec<u64> {
        self.acknowledged.iter().chain(&self.read).map(|count| count.load(SeqCst)).collect()
    }

    /// Returns when everybody has got further by so much.
    async fn moved(&self, by: u64) {
        let (before, began) = (self.progress(), Instant::now());
        loop {
            let now = self.progress();
            if now.iter().zip(&before).all(|(now, before)| *now >= before + by) {
                return;
            }
            assert!(began.elapsed() < STUCK, "from {before:?} only to {now:?}");
            breath().await;
        }
    }
}

#[test]
fn a_server_that_dies_under_load_loses_and_doubles_nothing() {
    let folder = folder();
    let Some(mut server) = Server::new(&folder) else {
        // Said past the test's own output, so that it is seen.
        let why =
            "LEFT OUT: no programs of PostgreSQL 14 or newer are installed (initdb, postgres, pg_isready)";
        writeln!(std::io::stderr(), "{why}").unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        return;
    };
    server.start();
    let kills = if std::env::var_os("ANMIN_TORTURE").is_some() { 50 } else { 2 };
    block_on(async {
        let settings = Settings {
            url: server.address(),
            keys: folder.join("keys"),
            objects: folder.join("objects"),
            witness: Some(folder.join("witness")),
        };
        Keys::create(&settings.keys).unwrap();
        let store = Store::create(&settings, DeploymentKind::Demo, NOW).await.unwrap();
        let scope = everything();
        let mut work = store.begin_job(command(&scope)).await.unwrap();
        for row in county() {
            work.insert(row).await.unwrap();
        }
        work.commit(STREAM, b"", b"").await.unwrap();
        let load = Arc::new(Load::default());
        let mut tasks = Vec::new();
        for n in 0..WRITERS.max(READERS) {
            let (store, load) = (store.clone(), load.clone());
            tasks.push(tokio::spawn(async move {
                tokio::join!(load.write(&store, n), load.read(&store, n));
            }));
        }
        load.moved(10).await;
        for nth in 0..kills {
            let signal = ["-9", "-QUIT"][nth % 2];
            let errors = load.errors.load(SeqCst);
            // In a thread of its own: the load goes on meanwhile.
            server = tokio::task::spawn_blocking(move || {
                server.kill(signal);
                server.start();
                server
            })
            .await
            .unwrap();
            let back = Instant::now();
            load.moved(10).await;
            let last = load.last_error.lock().unwrap().expect("the death of the server was seen");
            assert!(load.errors.load(SeqCst) > errors, "kill {signal} went unnoticed");
            let window = last.saturating_duration_since(back);
            assert!(window < WINDOW, "errors for {window:?} after the server was back");
        }
        load.over.store(true, SeqCst);
        for task in tasks {
            task.await.unwrap();
        }
        judge(&store, &settings, &load).await;
        drop(server);
    });
    std::fs::remove_dir_all(&folder).unwrap();
}

/// All that was acknowledged is there, once, and everything that was read is in the log.
async fn judge(store: &Store, settings: &Settings, load: &Load) {
    let number = async |sql: &str| -> i64 {
        let rows = store.inner.db.rows(sql.into(), Vec::new()).await.unwrap();
        sqlx::Row::try_get(&rows[0], 0).unwrap()
    };
    let mut all = 0;
    for writer in 0..WRITERS {
        let acknowledged = i64::try_from(load.acknowledged[writer].load(SeqCst)).unwrap();
        let (first, next) = (case_of(writer, 0), case_of(writer + 1, 0));
        let rows = format!(
            "SELECT COUNT(*) FROM case_file WHERE id >= '{first}' AND id < '{next}' AND version = 2 \
             AND state = 'accepted'"
        );
        assert_eq!(number(&rows).await, acknowledged, "rows of writer {writer}");
        let events = format!("SELECT COUNT(*) FROM event WHERE stream = 'writer {writer}'");
        assert_eq!(number(&events).await, acknowledged, "events of writer {writer}");
        all += acknowledged;
    }
    assert_eq!(number("SELECT COUNT(*) FROM case_file").await, 2 + all, "nothing else is there");
    let read: i64 = load.read.iter().map(|count| i64::try_from(count.load(SeqCst)).unwrap()).sum();
    assert!(number("SELECT COUNT(*) FROM access WHERE purpose = 'load'").await >= read);
    store.seal(NOW, true).await.unwrap();
    assert_eq!(store.verify_state().await.unwrap().findings, []);
    let report: Report = store.verify_journal().await.unwrap();
    assert_eq!(report.findings, []);
    store.close().await;
    let again = Store::open(settings).await.unwrap();
    assert_eq!(again.verify_state().await.unwrap().findings, []);
    again.close().await;
}
