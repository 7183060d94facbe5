//! Room kept for the access log. When the disk is full people must still be read, and each such look leaves a row; so
//! beside an SQLite database stands a file that is given up for those rows. As long as it is not back, nothing else is
//! written. The file itself is the truth, so that two programs on one database agree.

use crate::error::{Error, Fault, Result};
use crate::id::random;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tokio::sync::Mutex;

/// Enough for some 20,000 records looked at one by one, measured on a file system of 64 MB; more when readers come together.
const BYTES: u64 = 16 * 1024 * 1024;
const BLOCK: usize = 1024 * 1024;

#[derive(Debug)]
pub(crate) struct Reserve {
    path: PathBuf,
    /// Held by whoever makes the file or gives it up: half of it must not stand in the way of a row of the log.
    gate: Mutex<()>,
}

impl Reserve {
    pub fn beside(database: &str) -> Reserve {
        Reserve { path: PathBuf::from(format!("{database}.reserve")), gate: Mutex::new(()) }
    }

    fn stands(&self) -> bool {
        std::fs::metadata(&self.path).is_ok_and(|found| found.len() >= BYTES)
    }

    /// Sees to it that the file is there before anything but the access log is written.
    ///
    /// # Errors
    /// There is no room for it: the disk is full.
    pub async fn ready(&self) -> Result<()> {
        if self.stands() {
            return Ok(());
        }
        let _held = self.gate.lock().await;
        if self.stands() {
            return Ok(());
        }
        let path = self.path.clone();
        let made = tokio::task::spawn_blocking(move || make(&path)).await;
        made.map_err(|_| Fault::Unreachable("the program is stopping".into()))?
    }

    /// Gives the file up for what `write` writes.
    pub async fn give_up<T>(&self, write: impl Future<Output = Result<T>>) -> Result<T> {
        let _held = self.gate.lock().await;
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => write.await,
        }
    }
}

fn make(path: &Path) -> Result<()> {
    let part = path.with_extension("reserve-part");
    let written = std::fs::File::create(&part).and_then(|mut file| {
        allocate(&mut file)?;
        std::fs::rename(&part, path)
    });
    written.map_err(|error| {
        // What was begun is in the way of the log.
        let _ = std::fs::remove_file(&part);
        Error::from(error)
    })
}

/// Really takes the room: declaring a length would not. Linux can without writing, where the file system can.
fn allocate(file: &mut std::fs::File) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use nix::errno::Errno;
        let length = i64::try_from(BYTES).expect("some megabytes");
        match nix::fcntl::posix_fallocate(&*file, 0, length) {
            Ok(()) => return Ok(()),
            Err(Errno::EOPNOTSUPP | Errno::EINVAL | Errno::ENOSYS) => {}
            Err(error) => return Err(error.into()),
        }
    }
    // Bytes that no file system makes smaller.
    let block: Vec<u8> = (0..BLOCK / 1024).flat_map(|_| random::<1024>()).collect();
    let mut left = BYTES;
    while left > 0 {
        file.write_all(&block)?;
        left = left.saturating_sub(BLOCK as u64);
    }
    Ok(())
}
