//! A deployment of the real program, and the program at work on it as a child of the test.
use crate::run::{Folder, Run, run};
use crate::tidy::source::root;
use anmin_app::deployment::Home;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs};

/// If the program has not begun, or not ended, after so long, the test has failed.
const STUCK: Duration = Duration::from_secs(90);

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Both of them.
pub const BOTH: [Kind; 2] = [Kind::Sqlite, Kind::Postgres];

/// A demonstration's places: a folder, and a database in it or on the server of the tests.
pub struct Deployment {
    folder: Folder,
    /// Where the data lies, if not in the folder: on a small disk.
    elsewhere: Option<PathBuf>,
    database: Option<Database>,
    /// Whether people are real in it, and the day is that of the clock.
    record: bool,
}

/// A database of its own on a server, dropped with the deployment.
struct Database {
    server: String,
    name: String,
}

impl Database {
    fn new(server: &str, of: Option<&str>) -> Database {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("anmin_trouble_{}_{n}", std::process::id());
        let template = of.map_or(String::new(), |of| format!(" TEMPLATE {of}"));
        psql(server, &format!("CREATE DATABASE {name}{template}"));
        Database { server: server.to_owned(), name }
    }

    /// The server's address with this database in it.
    fn url(&self) -> String {
        let (host, rest) =
            self.server.split_once("://").and_then(|(_, rest)| rest.split_once('/')).expect("an address");
        let asked = rest.split_once('?').map_or(String::new(), |(_, asked)| format!("?{asked}"));
        format!("postgres://{host}/{}{asked}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The server may have been the test's own, and gone.
        let _ = Command::new("psql").args(["-q", "-d", &self.server, "-c", &drop]).output();
    }
}

fn psql(server: &str, sql: &str) {
    let done = Command::new("psql").args(["-q", "-d", server, "-c", sql]).output();
    let done = done.expect("psql is there with the server");
    assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The server of the tests, which `./x test` starts.
pub fn server() -> String {
    env::var("ANMIN_TEST_POSTGRES")
        .expect("ANMIN_TEST_POSTGRES names a PostgreSQL for the tests; ./x test starts one")
}

impl Deployment {
    /// A new demonstration in which nobody is yet.
    pub fn new(kind: Kind) -> Deployment {
        match kind {
            Kind::Sqlite => Deployment::made(None),
            Kind::Postgres => Deployment::on(&server()),
        }
    }

    /// A new deployment in earnest, and the token for its first administrators.
    pub fn in_earnest() -> (Deployment, String) {
        let new = Deployment { record: true, ..Deployment::empty(Kind::Sqlite) };
        let init = new.anmin("init", &[]);
        assert_eq!(init.code, Some(0), "{init:?}");
        let is_token =
            |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let token = init.out.split_whitespace().find(is_token).expect("a token").to_owned();
        (new, token)
    }

    /// A new demonstration on a server.
    pub fn on(server: &str) -> Deployment {
        Deployment::made(Some(Database::new(server, None)))
    }

    /// The places, with nothing in them.
    pub fn empty(kind: Kind) -> Deployment {
        let database = (kind == Kind::Postgres).then(|| Database::new(&server(), None));
        Deployment { folder: Folder::new(), elsewhere: None, database, record: false }
    }

    fn made(database: Option<Database>) -> Deployment {
        let new = Deployment { folder: Folder::new(), elsewhere: None, database, record: false };
        let init = new.anmin("init", &["--demo"]);
        assert_eq!(init.code, Some(0), "{init:?}");
        new
    }

    /// The same again. Nobody works on it meanwhile.
    pub fn copy(&self) -> Deployment {
        let database = self.database.as_ref().map(|known| Database::new(&known.server, Some(&known.name)));
        let new = Deployment { folder: Folder::new(), elsewhere: None, database, record: false };
        crate::run::copy(&self.data(), &new.data());
        new
    }

    /// The same again, with its data in another folder.
    pub fn copy_to(&self, folder: &Path) -> Deployment {
        crate::run::copy(&self.data(), folder);
        Deployment {
            folder: Folder::new(),
            elsewhere: Some(folder.to_owned()),
            database: None,
            record: self.record,
        }
    }

    pub fn kind(&self) -> Kind {
        if self.database.is_some() { Kind::Postgres } else { Kind::Sqlite }
    }

    /// The folder of its data.
    pub fn data(&self) -> PathBuf {
        self.elsewhere.clone().unwrap_or_else(|| self.folder.path().join("data"))
    }

    /// A file beside the data.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its places, as the program's own commands know them.
    pub fn home(&self) -> Home {
        let home = Home::in_folder(&self.data());
        match &self.database {
            Some(database) => Home { url: database.url(), ..home },
            None => home,
        }
    }

    /// A command of the program on this deployment.
    pub fn command(&self, name: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anmin"));
        command
            .arg("--root")
            .arg(root())
            .args(name)
            .arg("--data")
            .arg(self.data())
            .current_dir(self.folder.path());
        command.env_remove("ANMIN_FAULT");
        if let Some(database) = &self.database {
            command.args(["--database", &database.url()]);
        }
        command
    }

    /// Runs a command to its end.
    pub fn anmin(&self, name: &str, args: &[&str]) -> Run {
        let words: Vec<&str> = name.split(' ').collect();
        let mut command = self.command(&words);
        command.args(args);
        run(command, b"")
    }

    /// How many rows each table has, told by a backup that is thrown away again.
    pub fn rows(&self) -> BTreeMap<String, u64> {
        let to = Folder::new();
        let copy = to.path().join("copy");
        let made = self.anmin("backup", &[copy.to_str().expect("a path in UTF-8")]);
        assert_eq!(made.code, Some(0), "{made:?}");
        let manifest = fs::read(copy.join("manifest.json")).expect("a backup has a manifest");
        let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("it is JSON");
        let tables = manifest["tables"].as_object().expect("it counts tables");
        let rows = |value: &serde_json::Value| value[0].as_u64().expect("it counts rows");
        tables.iter().map(|(name, value)| (name.clone(), rows(value))).collect()
    }

    /// How many entries of each command the journal has, but for those of jobs, which come by the clock, and of sitting
    /// down to work in a demonstration.
    pub fn entries(&self) -> BTreeMap<String, u64> {
        let to = Folder::new();
        let file = to.path().join("journal");
        let made = self.anmin("journal export", &[file.to_str().expect("a path in UTF-8")]);
        assert_eq!(made.code, Some(0), "{made:?}");
        let mut entries = BTreeMap::new();
        for line in fs::read_to_string(file).expect("the journal").lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
            let event =
                [&line["leaf"]["entry"]["event"], &line["waits"]["entry"]["event"], &line["loose"]["event"]]
                    .into_iter()
                    .find(|event| event.is_object());
            let Some(event) = event else { continue };
            let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
            let (actor, command) = (text("actor"), text("command"));
            if !actor.starts_with("job:") && command != "demo_sign_in" {
                *entries.entry(command).or_insert(0) += 1;
            }
        }
        assert!(!entries.is_empty(), "nothing in the journal");
        entries
    }

    /// Asserts that the journal is whole, and that every row is what its last event says.
    #[track_caller]
    pub fn is_sound(&self) {
        let verified = self.anmin("journal verify", &["--state", "--json"]);
        assert_eq!(verified.code, Some(0), "{verified:?}");
    }

    /// What the program has said of itself so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.beside("log")).unwrap_or_default()
    }

    /// Starts the program. None if it ended before it could be reached: a fault was armed.
    pub fn begin(&self, env: &[(&str, String)]) -> Option<Serving> {
        let log = fs::OpenOptions::new().create(true).append(true).open(self.beside("log")).expect("a log");
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.args((!self.record).then_some("--demo"));
        command.envs(env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("the program starts");
        let out = child.stdout.take().expect("standard output is a pipe");
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(out).read_line(&mut line);
            let _ = tell.send(read.map(|_| line));
        });
        let mut serving = Serving { child, url: String::new() };
        let line =
            told.recv_timeout(STUCK).expect("the program says where it listens").expect("and in UTF-8");
        let Some(url) = line.trim().strip_prefix("http://").and_then(|_| line.trim().strip_suffix('/'))
        else {
            serving.ended();
            return None;
        };
        url.clone_into(&mut serving.url);
        Some(serving)
    }

    /// Starts the program, without faults.
    pub fn serve(&self) -> Serving {
        self.begin(&[]).unwrap_or_else(|| panic!("it does not start: {}", self.log()))
    }
}

/// The program at work. Killed when it is dropped.
pub struct Serving {
    child: Child,
    /// Where it listens: `http://127.0.0.1:1234`.
    pub url: String,
}

impl Serving {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child can be asked").is_some()
    }

    /// Waits until it has ended; kills it if that takes too long.
    fn ended(&mut self) -> std::process::ExitStatus {
        let (done, over) = mpsc::channel::<()>();
        let id = self.child.id().to_string();
        let watch = std::thread::spawn(move || {
            if over.recv_timeout(STUCK) == Err(mpsc::RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-9", &id]).status();
            }
        });
        let status = self.child.wait().expect("a child ends");
        drop(done);
        watch.join().expect("the watch ends");
        status
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.ended();
    }

    /// Stops it as an operator would.
    pub fn stop(mut self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        let status = self.ended();
        assert!(status.success(), "stopped with {status}");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
