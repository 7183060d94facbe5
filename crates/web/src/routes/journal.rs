//! The journal: exported for an auditor, and checked.

use crate::answer::{Json, Kept, Lines};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Route};
use anmin_app::deployment::ReportV1;
use anmin_app::jobs::{JournalCheckV1, JournalV1};
use anmin_app::staff::DoneV1;
use axum::body::Bytes;
use axum::http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use std::io::{self, Write};
use tokio::sync::mpsc::{Sender, channel};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/journal", show)
            .named("show_journal", "日志状况", "How the journal stands, and what its last check found")
            .part("journal")
            .may(&["journal_verify", "audit_export"], &[]),
        Route::new(Method::POST, "/journal/checks", check)
            .named("check_journal", "安排日志校验", "Ask for a check of the journal as a job")
            .part("journal")
            .may(&["journal_verify"], &[])
            .key(Key::Of("check_journal")),
        Route::new(Method::GET, "/journal/export", export)
            .named("export_journal", "导出日志", "The journal, a line of JSON each entry")
            .part("journal")
            .may(&["audit_export"], &[]),
        Route::new(Method::POST, "/journal/verification", verify)
            .named("verify_journal", "校验日志", "Check the journal")
            .part("journal")
            .may(&["journal_verify"], &[]),
    ]
}

/// How far the check goes.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VerificationV1 {
    /// Also compare every row, seal and payload: takes long.
    #[serde(default)]
    state: bool,
}

async fn verify(
    asked: Asked,
    _: NoQuery,
    Form(ask): Form<VerificationV1>,
) -> Result<Json<ReportV1>, Problem> {
    Ok(Json(asked.office().verify_journal(&asked.order()?, ask.state).await?))
}

async fn show(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<JournalV1>, Problem> {
    Ok(Json(asked.office().journal(&asked.order()?).await?))
}

async fn check(asked: Asked, _: NoQuery, Form(input): Form<JournalCheckV1>) -> Result<Kept<DoneV1>, Problem> {
    Ok(asked.office().check_journal(&asked.order()?, &input).await?.into())
}

/// How many parts wait for a slow reader.
const WAITING: usize = 16;
/// The bytes of a part.
const PART: usize = 64 * 1024;

/// The journal as a file, in parts. The same behind the page of the journal.
pub(crate) async fn export(asked: Asked, _: NoQuery, _: Nothing) -> Result<Lines, Problem> {
    let (to, lines) = channel(WAITING);
    // Refused before the first line, where it is: an answer that has begun can only break off.
    asked.office().may_any(asked.caller()?, &["audit_export"], asked.purpose.as_deref(), asked.now)?;
    tokio::spawn(async move {
        let mut out = Parts { to: to.clone(), part: Vec::with_capacity(PART) };
        let done = match asked.order() {
            Ok(order) => {
                asked.office().export_journal(&order, &mut out).await.map_err(|error| error.to_string())
            }
            Err(_) => Err("nobody is signed in".into()),
        };
        if let Err(what) = done {
            tracing::error!(target: "anmin::fault", "the export of the journal broke off: {what}");
            let _ = to.send(Err(io::Error::other("broken off"))).await;
        }
    });
    Ok(Lines { lines, name: "journal.ndjson" })
}

/// Writes to whoever reads, in parts, and waits for them.
struct Parts {
    to: Sender<io::Result<Bytes>>,
    part: Vec<u8>,
}

impl Parts {
    fn send(&mut self) -> io::Result<()> {
        if self.part.is_empty() {
            return Ok(());
        }
        let part = Bytes::from(std::mem::replace(&mut self.part, Vec::with_capacity(PART)));
        let sent = tokio::task::block_in_place(|| self.to.blocking_send(Ok(part)));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.extend_from_slice(bytes);
        if self.part.len() >= PART {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}
