//! The bank's file: one line a payee, by the columns of the region's template. The same batch gives the same bytes, whoever
//! asks and however often.

use super::accounts::SealedAccountV1;
use super::desk::Opened;
use crate::error::{Fault, Result};
use crate::office::{Office, Order};
use anmin_base::money::Money;
use anmin_ledger::batch::{BatchState, Step};
use anmin_ledger::refusal::Refusal as LedgerRefusal;
use anmin_pack::benefit::{BankFile, Holds};
use anmin_sheet::write::{Cell, Column, Sheet, csv, workbook};
use anmin_store::{BankLine, Id};

/// A file for the bank.
#[derive(Clone)]
pub struct BankFileV1 {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// `xlsx` or `csv`.
    pub ending: &'static str,
    /// The batch's number.
    pub number: String,
}

impl std::fmt::Debug for BankFileV1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bank file of {}, {} bytes", self.number, self.bytes.len())
    }
}

impl Office {
    /// The bank's file of a batch that is signed, as a spreadsheet or as text. That it was made is an event of the batch.
    ///
    /// # Errors
    /// It is not signed yet; not permitted; or a fault.
    pub async fn bank_file(&self, order: &Order<'_>, batch: Id, as_csv: bool) -> Result<BankFileV1> {
        let order = Order { request: None, ..*order };
        let mut desk = match self.open_batch(&order, &["batch_file"], "bank_file", batch).await? {
            Opened::Before(_) => return Err(Fault::Broken("a file is never replayed".into()).into()),
            Opened::New(desk) => *desk,
        };
        if matches!(desk.batch.state, BatchState::Prepared | BatchState::Checked | BatchState::Voided) {
            return Err(LedgerRefusal::NotNow { state: desk.batch.state, step: Step::Send }.into());
        }
        let area = desk.row.link("area").unwrap_or(Id(0));
        let paying = self.sheet_of(&desk.batch.programme, area, order.now.on)?;
        let bank = paying.sheet.bank_on(order.now.on).ok_or_else(crate::error::Refusal::not_found)?;
        let lines = desk.work.bank_lines(batch).await?;
        let purpose = format!("{}{}", desk.batch.period.zh(), paying.sheet.label.zh);
        let mut rows = Vec::with_capacity(lines.len());
        for line in &lines {
            rows.push(row(bank, line, &purpose)?);
        }
        let number = desk.row.text("number").unwrap_or_default().to_owned();
        let bytes = match as_csv {
            true => csv(&bank.out.iter().map(|(_, title)| title.clone()).collect::<Vec<_>>(), &rows),
            false => {
                let sheet = sheet(bank, rows, &number, &purpose, desk.batch.sum.amount);
                workbook(&[sheet]).map_err(|unwritten| Fault::Broken(unwritten.0))?
            }
        };
        anmin_store::fault!("bank.file");
        let made = format!("{{\"made\":{}}}", lines.len());
        super::desk::commit(desk.work, batch, made.as_bytes(), b"").await?;
        Ok(BankFileV1 { bytes, ending: if as_csv { "csv" } else { "xlsx" }, number })
    }
}

fn row(bank: &BankFile, line: &BankLine, purpose: &str) -> Result<Vec<Cell>> {
    let sealed = SealedAccountV1::read(line.sealed.reveal())?;
    let cell = |holds: Holds| match holds {
        Holds::Line => Cell::Count(u64::try_from(line.line).unwrap_or(0)),
        Holds::Name => sealed.holder.as_str().into(),
        Holds::ResidentId => sealed.resident_id.clone().map_or(Cell::Empty, Cell::Text),
        Holds::Account => sealed.account.as_str().into(),
        Holds::Bank => sealed.bank.as_str().into(),
        Holds::Amount => Money::from_fen(line.amount_fen).into(),
        Holds::Purpose => purpose.into(),
        Holds::Outcome | Holds::Reason => Cell::Empty,
    };
    Ok(bank.out.iter().map(|(holds, _)| cell(*holds)).collect())
}

fn sheet(bank: &BankFile, rows: Vec<Vec<Cell>>, number: &str, purpose: &str, amount: Money) -> Sheet {
    let width = |holds: Holds| match holds {
        Holds::Line => 8,
        Holds::ResidentId | Holds::Account => 24,
        Holds::Bank | Holds::Purpose => 26,
        _ => 14,
    };
    let column = |(holds, title): &(Holds, String)| Column { title: title.clone(), width: width(*holds) };
    Sheet {
        name: "代发明细".into(),
        title: bank.label.zh.clone(),
        notes: vec![format!("批次：{number}　用途：{purpose}　笔数：{}", rows.len())],
        columns: bank.out.iter().map(column).collect(),
        rows,
        sums: Vec::new(),
        remarks: vec![format!("合计：{} 元　大写：{}", amount.grouped(), amount.uppercase())],
        signatures: Vec::new(),
    }
}
