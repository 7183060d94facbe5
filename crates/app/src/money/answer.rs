//! The bank's answer, read by the columns of the region's template, and what came back paid again. A file that does not fit is
//! refused as a whole, with every row that is wrong and what to do about it.

use super::accounts::SealedAccountV1;
use super::desk::{Opened, commit, part};
use super::prepare::{AttemptAt, MOST_TOLD, Sheaf, Sums, UnpaidV1};
use super::steps::{same_version, source};
use crate::case::json;
use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Office, Order};
use crate::record::FieldError;
use anmin_base::money::Money;
use anmin_ledger::account::AccountKind;
use anmin_ledger::batch::Step;
use anmin_ledger::id::PaymentId;
use anmin_ledger::results::{Answered, Lists, Outcome, Sent, reconcile};
use anmin_pack::benefit::{BankFile, Holds};
use anmin_sheet::read::{Table, Unfit, Value, table};
use anmin_store::{BankLine, CameBack, Id, table as tables};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of a bank's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnsweredV1 {
    /// The batch.
    pub batch: String,
    /// The version a next form has to name.
    pub version: i64,
    /// Its state.
    pub state: String,
    /// How many lines arrived.
    pub paid: i64,
    /// How many came back.
    pub returned: i64,
    /// What came back, in fen.
    pub returned_fen: i64,
}

/// What came back is paid again.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgainV1 {
    /// The version of the batch it came back in.
    pub version: i64,
}

/// What an answer of the bank would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreviewV1 {
    /// How many lines arrived.
    pub paid: i64,
    /// Together, in fen.
    pub paid_fen: i64,
    /// What came back, by line.
    pub returned: Vec<PreviewLineV1>,
    /// Together, in fen.
    pub returned_fen: i64,
}

/// A line that would come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreviewLineV1 {
    /// Its number.
    pub line: i64,
    /// In whose name the account is.
    pub name: String,
    /// In fen.
    pub amount_fen: i64,
    /// Why, in the bank's words.
    pub reason: String,
}

/// Told of one file at most.
const MOST_WRONG: usize = 200;
/// The head of a list stands within so many rows.
const HEAD_WITHIN: usize = 20;

impl Office {
    /// Reads the bank's answer to a batch from an xlsx or csv file. The result is an [`AnsweredV1`].
    ///
    /// # Errors
    /// The file cannot be read or does not fit, with every row that is wrong; the batch is not that far; not permitted; or a
    /// fault. Nothing is changed then.
    pub async fn answer_batch(&self, order: &Order<'_>, batch: Id, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut desk = match self.open_batch(order, &["batch_answer"], "answer_batch", batch).await? {
            Opened::Before(bytes) => return Ok(bytes),
            Opened::New(desk) => *desk,
        };
        // First of all whether it is that far.
        desk.batch.answered(0)?;
        let area = desk.row.link("area").unwrap_or(Id(0));
        let paying = self.sheet_of(&desk.batch.programme, area, order.now.on)?;
        let bank = paying.sheet.bank_on(order.now.on).ok_or_else(Refusal::not_found)?;
        let lines = desk.work.bank_lines(batch).await?;
        let outcomes = outcomes(bytes, bank, &lines)?;
        let mut returned: Vec<(i64, String)> = Vec::new();
        let mut returned_fen = 0;
        for (line, outcome) in lines.iter().zip(outcomes) {
            if let Outcome::Returned { reason } = outcome {
                returned_fen += line.amount_fen;
                returned.push((line.line, reason));
            }
        }
        let count = i64::try_from(returned.len()).unwrap_or(i64::MAX);
        desk.batch = desk.batch.answered(u64::try_from(count).unwrap_or(0))?;
        let row = desk.row.with("state", desk.batch.state.name()).with("returned", count);
        desk.row = desk.work.update_if(row.with("returned_fen", returned_fen)).await?;
        desk.work.answer(batch, part(batch, "answer"), &returned).await?;
        if returned_fen > 0 && source(&desk.row) == AccountKind::Bank {
            let accounts = self.book_of(&mut desk.work, area, &paying.sheet).await?;
            let route = (AccountKind::Bank, AccountKind::Returned);
            accounts
                .pass(&mut desk.work, &desk.row, "returned", route, Money::from_fen(returned_fen))
                .await?;
        }
        anmin_store::fault!("batch.answered");
        let answered = AnsweredV1 {
            batch: batch.to_string(),
            version: desk.row.version(),
            state: desk.batch.state.name().to_owned(),
            paid: i64::try_from(lines.len()).unwrap_or(i64::MAX) - count,
            returned: count,
            returned_fen,
        };
        let result = json(&answered)?;
        commit(desk.work, batch, &result, &result).await?;
        Ok(result)
    }

    /// What reading this answer of the bank would do. Nothing is changed.
    ///
    /// # Errors
    /// As [`Office::answer_batch`].
    pub async fn preview_answer(&self, order: &Order<'_>, batch: Id, bytes: &[u8]) -> Result<PreviewV1> {
        let order = Order { request: None, ..*order };
        let mut desk = match self.open_batch(&order, &["batch_answer"], "preview_answer", batch).await? {
            Opened::Before(_) => return Err(Refusal::not_found().into()),
            Opened::New(desk) => *desk,
        };
        desk.batch.answered(0)?;
        let area = desk.row.link("area").unwrap_or(Id(0));
        let paying = self.sheet_of(&desk.batch.programme, area, order.now.on)?;
        let bank = paying.sheet.bank_on(order.now.on).ok_or_else(Refusal::not_found)?;
        let lines = desk.work.bank_lines(batch).await?;
        let outcomes = outcomes(bytes, bank, &lines)?;
        let mut preview = PreviewV1 { paid: 0, paid_fen: 0, returned: Vec::new(), returned_fen: 0 };
        for (line, outcome) in lines.iter().zip(outcomes) {
            match outcome {
                Outcome::Paid => {
                    preview.paid += 1;
                    preview.paid_fen += line.amount_fen;
                }
                Outcome::Returned { reason } => {
                    preview.returned_fen += line.amount_fen;
                    preview.returned.push(PreviewLineV1 {
                        line: line.line,
                        name: SealedAccountV1::read(line.sealed.reveal())?.holder,
                        amount_fen: line.amount_fen,
                        reason,
                    });
                }
            }
        }
        Ok(preview)
    }

    /// Makes a batch of what came back in another and has a corrected account now. The result is a
    /// [`super::PreparedV1`].
    ///
    /// # Errors
    /// Nothing can be paid again yet; not permitted; or a fault.
    pub async fn pay_again(&self, order: &Order<'_>, of: Id, input: AgainV1) -> Result<Vec<u8>> {
        let mut desk = match self.open_batch(order, &["batch_prepare"], "pay_again", of).await? {
            Opened::Before(bytes) => return Ok(bytes),
            Opened::New(desk) => *desk,
        };
        same_version(&desk.row, input.version)?;
        let after = desk.batch.moved(Step::PayAgain)?;
        let area = desk.row.link("area").unwrap_or(Id(0));
        let (period, programme) = (desk.batch.period, desk.batch.programme.clone());
        let back = desk.work.came_back(of).await?;
        let today = i64::from(order.now.on.days());
        let (ready, waits): (Vec<CameBack>, Vec<CameBack>) =
            back.into_iter().partition(|back| why_not(back, today).is_none());
        if ready.is_empty() {
            return Err(Refusal::new(
                Kind::Unmet,
                "nothing_corrected",
                format!("{} 笔退票的账户都还没有更正，或更正后未满冷静期。", waits.len()),
                format!("None of the {} that came back has a corrected account that may be used yet.", waits.len()),
            )
            .next(
                "请由窗口录入、另一人确认新账户，期满后再办补发。",
                "Have the accounts entered and confirmed by another person, and pay again when the days are over.",
            )
            .into());
        }
        let number = self.next_number(&mut desk.work, order, area, &programme, period).await?;
        let sheaf =
            Sheaf { area, programme: &programme, period, number: &number, kind: "again", of: Some(of) };
        let id = sheaf.id();
        let (mut attempts, mut sums) = (Vec::new(), Sums::default());
        let (mut line, mut last) = (0, None);
        for back in &ready {
            let Some(account) = &back.account else { continue };
            if last != Some(back.grant) {
                line += 1;
                last = Some(back.grant);
                sums.grants += 1;
                sums.persons += back.persons;
            }
            let amount = Money::from_fen(back.amount_fen);
            // All of it is late.
            sums.add(amount, true)?;
            attempts.push(AttemptAt { batch: id, area: back.area, line, n: back.n + 1 }.row(
                back.payment,
                amount,
                account,
            ));
        }
        let row = desk.work.insert(sheaf.row(order, line, &sums)).await?;
        let root = desk.work.insert_set(&tables::PAY_ATTEMPT, id, attempts).await?;
        let row = desk.work.update_if(row.with("root", root.as_str())).await?;
        self.hand(order, &mut desk.work, &row, "prepare").await?;
        if waits.is_empty() {
            desk.work.update_if(desk.row.with("state", after.state.name())).await?;
        }
        let unpaid = waits.iter().take(MOST_TOLD).map(|back| UnpaidV1 {
            grant: back.grant.to_string(),
            name: back.name.clone(),
            amount_fen: back.amount_fen,
            why: why_not(back, today).unwrap_or_default().to_owned(),
        });
        let prepared = super::PreparedV1 {
            batch: id.to_string(),
            number,
            version: row.version(),
            lines: line,
            grants: sums.grants,
            persons: sums.persons,
            amount_fen: sums.amount.fen(),
            arrears_fen: sums.arrears.fen(),
            root,
            unpaid_count: waits.len(),
            unpaid: unpaid.collect(),
            overpaid_count: 0,
        };
        let bytes = json(&prepared)?;
        commit(desk.work, id, &bytes, &bytes).await?;
        Ok(bytes)
    }
}

/// Why something that came back is not paid again yet.
pub(super) fn why_not(back: &CameBack, today: i64) -> Option<&'static str> {
    match &back.account {
        None => Some("no_account"),
        Some(account) if account.id == back.old => Some("account_not_corrected"),
        Some(account) if account.usable_from > today => Some("account_too_new"),
        Some(_) => None,
    }
}

/// What a file says of every line, in their order.
fn outcomes(bytes: &[u8], bank: &BankFile, lines: &[BankLine]) -> Result<Vec<Outcome>> {
    let read = table(bytes).map_err(|unread| {
        Error::from(Refusal::new(Kind::Invalid, "file_unread", unread.zh(), unread.en()))
    })?;
    let mut sent = Vec::with_capacity(lines.len());
    for line in lines {
        sent.push(Sent {
            line: u64::try_from(line.line).unwrap_or(0),
            payment: PaymentId(line.payment.0),
            account: SealedAccountV1::read(line.sealed.reveal())?.account,
            amount: Money::from_fen(line.amount_fen),
        });
    }
    let (answers, mut fields) = answers(&read, bank)?;
    if fields.is_empty() {
        match reconcile(&sent, &answers, bank.lists) {
            Ok(outcomes) => return Ok(outcomes),
            Err(wrong) => fields.extend(wrong.iter().map(|wrong| FieldError {
                at: wrong.row().map(|row| format!("row {row}")).unwrap_or_default(),
                zh: wrong.zh(),
                en: wrong.en(),
            })),
        }
    }
    let all = fields.len();
    fields.truncate(MOST_WRONG);
    let mut refusal = Refusal::fields(fields);
    refusal.code = "file_refused".into();
    refusal.text.zh = format!("回盘文件有 {all} 处问题，整个文件没有导入。");
    refusal.text.en = format!("The file has {all} faults; none of it was taken.");
    Err(refusal
        .next(
            "请按各行说明处理后重新导入整个文件。",
            "See to each row as it says, and read the whole file again.",
        )
        .into())
}

type Columns = BTreeMap<Holds, usize>;

/// The rows of an answer; what is wrong with them is told beside.
fn answers(read: &Table, bank: &BankFile) -> Result<(Vec<Answered>, Vec<FieldError>)> {
    let Some((head, columns)) = head(read, bank) else {
        let titles = |holds: Holds| {
            let found = bank.titles.iter().find(|(known, _)| *known == holds);
            found.map(|(_, titles)| titles.join("、")).unwrap_or_default()
        };
        let (line, outcome) = (titles(Holds::Line), titles(Holds::Outcome));
        return Err(Refusal::new(
            Kind::Invalid,
            "file_without_head",
            format!("没有找到表头：应有“{line}”列和“{outcome}”列。"),
            format!("There is no head: a column {line} and a column {outcome} are wanted."),
        )
        .into());
    };
    let (mut answers, mut fields) = (Vec::new(), Vec::new());
    for (row, cells) in read.rows.iter().skip(head + 1) {
        // A line of sums beneath the list.
        let first = cells.iter().find(|cell| **cell != Value::Empty);
        if first.is_some_and(|cell| cell.text().starts_with("合计")) {
            continue;
        }
        match answer(*row, cells, &columns, bank, &mut fields) {
            Some(answer) => answers.push(answer),
            None => continue,
        }
    }
    Ok((answers, fields))
}

fn head(read: &Table, bank: &BankFile) -> Option<(usize, Columns)> {
    for (at, (_, cells)) in read.rows.iter().enumerate().take(HEAD_WITHIN) {
        let place = |titles: &Vec<String>| {
            cells.iter().position(|cell| titles.iter().any(|title| title == cell.text()))
        };
        let columns: Columns =
            bank.titles.iter().filter_map(|(holds, titles)| Some((*holds, place(titles)?))).collect();
        if columns.contains_key(&Holds::Line) && columns.contains_key(&Holds::Outcome) {
            return Some((at, columns));
        }
    }
    None
}

fn answer(
    row: u64,
    cells: &[Value],
    columns: &Columns,
    bank: &BankFile,
    fields: &mut Vec<FieldError>,
) -> Option<Answered> {
    let before = fields.len();
    let cell = |holds: Holds| columns.get(&holds).map(|at| cells.get(*at).cloned().unwrap_or_default());
    let title =
        |holds: Holds| bank.titles.iter().find(|(known, _)| *known == holds).and_then(|(_, t)| t.first());
    let mut told = |holds: Holds, unfit: Unfit| {
        let name = title(holds).cloned().unwrap_or_default();
        fields.push(FieldError {
            at: format!("row {row}"),
            zh: format!("第 {row} 行“{name}”{}", unfit.zh()),
            en: format!("Row {row}, {name}: {}", unfit.en()),
        });
    };
    let mut keep = |holds: Holds, read: std::result::Result<String, Unfit>| match read {
        Ok(text) => Some(text),
        Err(Unfit::Empty) => None,
        Err(unfit) => {
            told(holds, unfit);
            None
        }
    };
    let account = cell(Holds::Account).and_then(|cell| keep(Holds::Account, cell.digits()));
    if let Some(number) = cell(Holds::ResidentId) {
        keep(Holds::ResidentId, number.digits());
    }
    let line = cell(Holds::Line).unwrap_or_default().count().map_err(|unfit| told(Holds::Line, unfit)).ok();
    let amount = match cell(Holds::Amount).map(|cell| cell.money()) {
        Some(Err(Unfit::Empty)) | None => None,
        Some(Ok(amount)) => Some(amount),
        Some(Err(unfit)) => {
            told(Holds::Amount, unfit);
            None
        }
    };
    let word = cell(Holds::Outcome).unwrap_or_default();
    let outcome = match word.text() {
        word if bank.paid.iter().any(|paid| paid == word) => Some(Outcome::Paid),
        word if bank.returned.iter().any(|returned| returned == word) => {
            let reason =
                cell(Holds::Reason).map(|cell| cell.text().to_owned()).filter(|text| !text.is_empty());
            Some(Outcome::Returned { reason: reason.unwrap_or_else(|| word.to_owned()) })
        }
        "" if bank.lists == Lists::Returned => Some(Outcome::Returned { reason: "退票".into() }),
        word => {
            let known = [&bank.paid[..], &bank.returned[..]].concat();
            fields.push(FieldError {
                at: format!("row {row}"),
                zh: format!("第 {row} 行结果“{word}”不认识；应为：{}。", known.join("、")),
                en: format!("Row {row}: the outcome {word} is not known; there are: {}.", known.join(", ")),
            });
            None
        }
    };
    if fields.len() > before {
        return None;
    }
    Some(Answered { row, line: line?, account, amount, outcome: outcome? })
}
