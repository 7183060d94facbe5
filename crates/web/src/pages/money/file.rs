//! Spreadsheets of a batch: its lists to print and sign, the bank's file, and in a demonstration what the bank answers.

use super::{READ, batch};
use crate::answer::{Answer, Gives, Reply};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, button, page};
use crate::pages::session;
use crate::posted::{Posted, RESUME};
use crate::problem::Problem;
use crate::route::Route;
use crate::routes::money::file::SpreadsheetFile;
use anmin_app::money::{BankSays, ListKind};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/money/batches/{batch}/sheets/{list}", sheet).called("page_batch_sheet").may(READ, &[]),
        button("/money/batches/{batch}/bank-file", bank_file)
            .called("do_bank_file")
            .may(&["batch_file"], &[]),
    ]
}

pub(super) fn demo_routes() -> Vec<Route> {
    vec![
        page("/money/batches/{batch}/demo-answer", demo_answer)
            .called("page_demo_bank_answer")
            .may(&["batch_answer"], &[]),
    ]
}

async fn sheet(asked: Asked, _: NoQuery) -> Result<SpreadsheetFile, Problem> {
    let name = asked.text("list").to_owned();
    let kind = ListKind::named(&name).ok_or_else(Problem::not_found)?;
    let (bytes, number) = asked.office().list_sheet(&asked.order()?, asked.id("batch")?, kind).await?;
    Ok(SpreadsheetFile { bytes, name: format!("{number}-{name}"), ending: "xlsx" })
}

/// The bank's file, or the page that asks for the second factor first.
pub(super) enum Given {
    File(SpreadsheetFile),
    Page(Html),
}

impl Reply for Given {
    const GIVES: Gives = SpreadsheetFile::GIVES;

    fn answer(self) -> Answer {
        match self {
            Given::File(file) => file.answer(),
            Given::Page(page) => page.answer(),
        }
    }
}

async fn bank_file(asked: Asked, posted: Arc<Posted>) -> Result<Given, Problem> {
    let id = asked.id("batch")?;
    // After the second factor the file is asked for again, by whoever wants it.
    if posted.has(RESUME) {
        return Ok(Given::Page(batch::page_of(&asked, id).await?));
    }
    let csv = posted.get("as") == Some("csv");
    match asked.office().bank_file(&asked.order()?, id, csv).await.map_err(Problem::from) {
        Ok(file) => {
            Ok(Given::File(SpreadsheetFile { bytes: file.bytes, name: file.number, ending: file.ending }))
        }
        Err(problem) if problem.code == "step_up" => {
            Ok(Given::Page(session::ask_step_up_at(&asked, format!("/money/batches/{id}")).await?))
        }
        Err(problem) => Err(problem),
    }
}

/// What a made-up bank says.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SaysV1 {
    /// `paid`, `returned`: the first line came back; `extra`: one line too many; `digits`: accounts that a spreadsheet spoilt.
    says: Option<String>,
}

async fn demo_answer(asked: Asked, ask: SaysV1) -> Result<SpreadsheetFile, Problem> {
    let says = BankSays::named(ask.says.as_deref().unwrap_or("paid")).ok_or_else(Problem::not_found)?;
    let (bytes, number) = asked.office().demo_bank_answer(&asked.order()?, asked.id("batch")?, says).await?;
    Ok(SpreadsheetFile { bytes, name: format!("{number}-bank-{}", says.name()), ending: "xlsx" })
}
