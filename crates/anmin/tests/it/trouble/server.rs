//! A PostgreSQL of the test's own, which can be killed and started again.
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::run::Folder;

/// If it does not start for so long, the test has failed.
const STUCK: Duration = Duration::from_secs(120);

pub struct Server {
    programs: PathBuf,
    child: Option<Child>,
    folder: Folder,
}

/// The folder of the newest installed server programs.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = ["/usr/lib/postgresql", "/usr"]
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok())
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

/// PostgreSQL does not run as root: then it is its own user's.
fn user() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").ok()?.uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("users");
    let line = users.lines().find(|line| line.starts_with("postgres:")).expect("a user postgres");
    let number = |n: usize| line.split(':').nth(n).and_then(|text| text.parse().ok()).expect("a number");
    Some((number(2), number(3)))
}

impl Server {
    /// A new one, at work. None, and that is said, where no programs of a server are installed.
    pub fn new() -> Option<Server> {
        let Some(programs) = programs() else {
            // Said past the test's own output, so that it is seen.
            let why = "LEFT OUT: no programs of PostgreSQL 14 or newer are installed (initdb, postgres, pg_isready)";
            writeln!(std::io::stderr(), "{why}").expect("standard error");
            return None;
        };
        let mut server = Server { programs, child: None, folder: Folder::open_to_others() };
        if let Some((user, group)) = user() {
            chown(server.folder.path(), Some(user), Some(group)).expect("it is given to the server's user");
        }
        let made = server
            .program("initdb")
            .args(["-U", "anmin", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C", "-D"])
            .arg(server.folder.path().join("data"))
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        server.start();
        Some(server)
    }

    fn program(&self, name: &str) -> Command {
        let mut program = Command::new(self.programs.join(name));
        if let Some((user, group)) = user() {
            program.uid(user).gid(group);
        }
        program.current_dir(self.folder.path()).stdin(Stdio::null());
        program
    }

    pub fn address(&self) -> String {
        format!("postgres://anmin@localhost/postgres?host={}", self.folder.path().display())
    }

    /// Starts it, again and again while the last one's processes are still going; returns when it answers. What it has
    /// handed to the machine outlives its own death, so nothing is forced to the disk.
    pub fn start(&mut self) {
        let began = Instant::now();
        let log = self.folder.path().join("log");
        while began.elapsed() < STUCK {
            let out = fs::OpenOptions::new().create(true).append(true).open(&log).expect("a log");
            let mut child = self
                .program("postgres")
                .args(["-c", "listen_addresses=", "-c", "max_connections=60", "-c", "fsync=off", "-k"])
                .arg(self.folder.path())
                .arg("-D")
                .arg(self.folder.path().join("data"))
                .stdout(out.try_clone().expect("a log"))
                .stderr(out)
                .spawn()
                .expect("the server runs");
            while child.try_wait().expect("a child can be asked").is_none() {
                let asked = self.program("pg_isready").arg("-q").arg("-h").arg(self.folder.path()).status();
                if asked.expect("pg_isready runs").success() {
                    self.child = Some(child);
                    return;
                }
            }
        }
        panic!("the server does not start: {}", fs::read_to_string(log).unwrap_or_default());
    }

    /// `-9`: no chance to do anything. `-QUIT`: what it calls an immediate shutdown.
    pub fn kill(&mut self, signal: &str) {
        let mut child = self.child.take().expect("it runs");
        let sent = Command::new("kill").arg(signal).arg(child.id().to_string()).status();
        assert!(sent.expect("kill runs").success());
        child.wait().expect("it ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = Command::new("kill").arg("-QUIT").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
    }
}
