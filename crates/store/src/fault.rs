//! Fault points: places where a test makes the program die, fail or wait. `fault!("name")` is nothing at all unless the
//! crate is compiled for its own tests or with feature `faults`.

/// Every fault point of this crate, in the order of a command's life. A test fires each in each way.
pub const POINTS: &[&str] = &[
    "migrate.step",
    "begin.opened",
    "request.noted",
    "row.inserted",
    "row.updated",
    "due.read",
    "set.inserted",
    "set.changed",
    "grants.settled",
    "lines.read",
    "answer.attempts",
    "read.found",
    "look.released",
    "access.written",
    "access.committed",
    "journal.written",
    "commit.before",
    "commit.after",
    "seal.leaves",
    "seal.signed",
    "seal.committed",
    "witness.written",
    "session.written",
    "attempt.written",
    "job.claimed",
    "job.ended",
    "outbox.claimed",
    "outbox.sent",
    "outbox.noted",
    "object.written",
    "object.removed",
    "backup.rows",
    "backup.objects",
    "backup.manifest",
    "restore.rows",
    "restore.objects",
];

/// Marks a place where a test can make the program die, fail or wait. For use in async functions that return
/// [`crate::Result`]. In other crates it is active when this crate has feature `faults`.
#[cfg(any(test, feature = "faults"))]
#[macro_export]
macro_rules! fault {
    ($name:literal) => {
        $crate::fault::hit($name).await?
    };
}

/// Marks a place where a test can make the program die, fail or wait; compiled out.
#[cfg(not(any(test, feature = "faults")))]
#[macro_export]
macro_rules! fault {
    ($name:literal) => {};
}

#[cfg(any(test, feature = "faults"))]
pub use active::hit;

#[cfg(any(test, feature = "faults"))]
mod active {
    use crate::error::{Fault, Result};
    use std::collections::BTreeMap;
    use std::io::Write;
    use std::sync::{Mutex, OnceLock};
    use std::time::Duration;

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Act {
        Abort,
        Error,
        Delay,
    }

    struct Armed {
        /// What happens where, and at which passing; later passings pass.
        points: BTreeMap<String, (Act, u32)>,
    }

    /// `ANMIN_FAULT=name=abort`, `name=error`, `name=delay`, each with `@3` for the third passing; several by commas.
    fn armed() -> &'static Mutex<Armed> {
        static ARMED: OnceLock<Mutex<Armed>> = OnceLock::new();
        ARMED.get_or_init(|| {
            let mut points = BTreeMap::new();
            for part in std::env::var("ANMIN_FAULT").unwrap_or_default().split(',') {
                let Some((name, act)) = part.split_once('=') else { continue };
                let (act, passing) = act.split_once('@').unwrap_or((act, "1"));
                let act = match act {
                    "abort" => Act::Abort,
                    "error" => Act::Error,
                    "delay" => Act::Delay,
                    other => panic!("ANMIN_FAULT: `{other}` is not abort, error or delay"),
                };
                points.insert(name.to_string(), (act, passing.parse().expect("a number after @")));
            }
            Mutex::new(Armed { points })
        })
    }

    /// Adds a name to the file an environment variable names, if it does.
    fn write_down(variable: &str, name: &str) -> std::io::Result<()> {
        let Some(path) = std::env::var_os(variable) else { return Ok(()) };
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(format!("{name}\n").as_bytes())
    }

    /// Passes the point of this name, unless it is armed. `ANMIN_FAULT_PASSED` names a file that says how often each was
    /// passed, `ANMIN_FAULT_FIRED` one that says which fired.
    ///
    /// # Errors
    /// It is armed with `error`.
    pub async fn hit(name: &'static str) -> Result<()> {
        write_down("ANMIN_FAULT_PASSED", name)?;
        let act = {
            let mut armed = armed().lock().expect("no panic while it is held");
            match armed.points.get_mut(name) {
                None | Some((_, 0)) => None,
                Some((act, left)) => {
                    *left -= 1;
                    (*left == 0).then_some(*act)
                }
            }
        };
        let Some(act) = act else { return Ok(()) };
        // The proof that the point lies on the path of the test.
        write_down("ANMIN_FAULT_FIRED", name)?;
        match act {
            Act::Abort => std::process::abort(),
            Act::Error => Err(Fault::Injected(name).into()),
            Act::Delay => {
                let wait = std::env::var("ANMIN_FAULT_DELAY").ok().and_then(|ms| ms.parse().ok());
                tokio::time::sleep(Duration::from_millis(wait.unwrap_or(5_000))).await;
                Ok(())
            }
        }
    }
}
