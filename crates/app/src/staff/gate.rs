//! How much may be tried at once. Looking at a password costs memory and tens of milliseconds on purpose, so that few
//! are looked at together; and a try is counted before it is looked at, so that many at the same moment are no way
//! around the waiting time.

use crate::error::{Fault, Kind, Refusal, Result};
use anmin_store::{Moment, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{Mutex, Semaphore};

/// So many passwords are looked at together.
const AT_ONCE: usize = 2;
/// So many may wait for that, about half a second of work; more are sent away.
const WAITING: usize = 16;

/// The gate of one office.
#[derive(Debug)]
pub(crate) struct Gate {
    work: Arc<Semaphore>,
    inside: AtomicUsize,
    counting: Mutex<()>,
}

impl Default for Gate {
    fn default() -> Self {
        Gate {
            work: Arc::new(Semaphore::new(AT_ONCE)),
            inside: AtomicUsize::new(0),
            counting: Mutex::new(()),
        }
    }
}

/// Gives its place back when it goes.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Gate {
    /// Does what is slow on purpose, a few at a time and off the threads that serve pages.
    ///
    /// # Errors
    /// Too many are waiting already.
    pub async fn slowly<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        if self.inside.fetch_add(1, Ordering::Relaxed) >= AT_ONCE + WAITING {
            self.inside.fetch_sub(1, Ordering::Relaxed);
            return Err(Refusal::new(
                Kind::TooMany,
                "sign_in_busy",
                "同时登录的人太多，请稍等几秒后再试。",
                "Too many people are signing in at this moment; try again in a few seconds.",
            )
            .into());
        }
        let _place = Place(&self.inside);
        let broken = |e: String| Fault::Broken(e);
        let permit = self.work.clone().acquire_owned().await.map_err(|e| broken(e.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        Ok(done.await.map_err(|e| broken(e.to_string()))?)
    }

    /// Counts a try as failed before it is looked at; [`anmin_store::Attempts::succeeded`] takes it back.
    ///
    /// # Errors
    /// It is not looked at yet: when it will be, whatever the password.
    pub async fn count(&self, store: &Store, key: &str, at: Moment) -> Result<()> {
        let _one_by_one = self.counting.lock().await;
        self.open(store, key, at).await?;
        store.attempts().failed(key, at).await?;
        Ok(())
    }

    /// Whether a try by this key is looked at.
    ///
    /// # Errors
    /// Not yet.
    pub async fn open(&self, store: &Store, key: &str, at: Moment) -> Result<()> {
        let Some(until) = store.attempts().barred_until(key, at).await? else { return Ok(()) };
        let seconds = (until.0 - at.0).max(1_000).div_euclid(1_000);
        Err(Refusal::new(
            Kind::TooMany,
            "wait",
            format!("尝试次数过多，请在 {seconds} 秒后再试。"),
            format!("Too many tries; try again in {seconds} seconds."),
        )
        .next(
            "忘记密码或换了手机，请联系安全管理员重新发放登记码。",
            "If the password is forgotten or the phone is another, ask the security administrator for a new \
             enrolment code.",
        )
        .into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use std::sync::mpsc;

    #[tokio::test]
    async fn sends_away_whom_it_cannot_hold() {
        let gate = Arc::new(Gate::default());
        let (let_go, wait) = mpsc::channel::<()>();
        let wait = Arc::new(std::sync::Mutex::new(wait));
        let mut held = Vec::new();
        for _ in 0..AT_ONCE + WAITING {
            let (gate, wait) = (gate.clone(), wait.clone());
            held.push(tokio::spawn(async move {
                gate.slowly(move || wait.lock().unwrap().recv()).await.unwrap().unwrap();
            }));
        }
        while gate.inside.load(Ordering::Relaxed) < AT_ONCE + WAITING {
            tokio::task::yield_now().await;
        }
        let Err(Error::Refusal(refusal)) = gate.slowly(|| ()).await else { panic!("let in") };
        assert_eq!(refusal.kind, Kind::TooMany);
        for _ in &held {
            let_go.send(()).unwrap();
        }
        for one in held {
            one.await.unwrap();
        }
        gate.slowly(|| ()).await.unwrap();
    }
}
