//! What a made-up bank answers to a batch: only in a demonstration, so that a month can be walked to its end, and so that a
//! file that does not fit can be tried.

use super::accounts::SealedAccountV1;
use super::desk::Opened;
use crate::error::{Error, Fault, Kind, Refusal, Result};
use crate::office::{Office, Order};
use anmin_base::money::Money;
use anmin_pack::benefit::{BankFile, Holds};
use anmin_sheet::write::{Cell, Column, Sheet, workbook};
use anmin_store::{BankLine, DeploymentKind, Id};

/// What the bank says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BankSays {
    /// Every line arrived.
    Paid,
    /// The first line came back, the rest arrived.
    Returned,
    /// One line more than was sent.
    Extra,
    /// Accounts that a spreadsheet has turned into 6.2E+18.
    Digits,
}

impl BankSays {
    /// All, with their names in addresses.
    pub const ALL: [(&'static str, BankSays); 4] = [
        ("paid", BankSays::Paid),
        ("returned", BankSays::Returned),
        ("extra", BankSays::Extra),
        ("digits", BankSays::Digits),
    ];

    /// Of that name.
    pub fn named(name: &str) -> Option<BankSays> {
        BankSays::ALL.iter().find(|(known, _)| *known == name).map(|(_, says)| *says)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        BankSays::ALL[self as usize].0
    }
}

impl Office {
    /// A file as the bank of a demonstration answers a batch: the bytes of an xlsx, and the batch's number.
    ///
    /// # Errors
    /// This is no demonstration; the batch is not that far; not permitted; or a fault.
    pub async fn demo_bank_answer(
        &self,
        order: &Order<'_>,
        batch: Id,
        says: BankSays,
    ) -> Result<(Vec<u8>, String)> {
        if self.inner.store.deployment().kind != DeploymentKind::Demo {
            let (zh, en) = ("这不是演示系统。", "This is no demonstration.");
            return Err(Error::from(Refusal::new(Kind::Forbidden, "no_demo", zh, en)));
        }
        let order = Order { request: None, ..*order };
        let mut desk = match self.open_batch(&order, &["batch_answer"], "demo_answer", batch).await? {
            Opened::Before(_) => return Err(Refusal::not_found().into()),
            Opened::New(desk) => *desk,
        };
        desk.batch.answered(0)?;
        let area = desk.row.link("area").unwrap_or(Id(0));
        let paying = self.sheet_of(&desk.batch.programme, area, order.now.on)?;
        let bank = paying.sheet.bank_on(order.now.on).ok_or_else(Refusal::not_found)?;
        let lines = desk.work.bank_lines(batch).await?;
        let number = desk.row.text("number").unwrap_or_default().to_owned();
        let sheet = sheet(bank, &lines, &number, says)?;
        let bytes = workbook(&[sheet]).map_err(|unwritten| Fault::Broken(unwritten.0))?;
        Ok((bytes, number))
    }
}

const COLUMNS: [Holds; 5] = [Holds::Line, Holds::Account, Holds::Amount, Holds::Outcome, Holds::Reason];

fn sheet(bank: &BankFile, lines: &[BankLine], number: &str, says: BankSays) -> Result<Sheet> {
    let title = |holds: &Holds| {
        let found = bank.titles.iter().find(|(known, _)| known == holds);
        found.and_then(|(_, titles)| titles.first()).cloned().unwrap_or_default()
    };
    let word = |words: &[String]| words.first().cloned().unwrap_or_default();
    let (paid, returned) = (word(&bank.paid), word(&bank.returned));
    let mut rows = Vec::with_capacity(lines.len() + 1);
    for (n, line) in lines.iter().enumerate() {
        let account = SealedAccountV1::read(line.sealed.reveal())?.account;
        let back = says == BankSays::Returned && n == 0;
        rows.push(vec![
            Cell::Count(u64::try_from(line.line).unwrap_or(0)),
            Cell::Text(if says == BankSays::Digits { spoilt(&account) } else { account }),
            Money::from_fen(line.amount_fen).into(),
            Cell::Text(if back { returned.clone() } else { paid.clone() }),
            if back { "账户已销户".into() } else { Cell::Empty },
        ]);
    }
    if says == BankSays::Extra {
        rows.push(vec![
            Cell::Count(u64::try_from(lines.len()).unwrap_or(0) + 1),
            Cell::Empty,
            Money::from_fen(100).into(),
            Cell::Text(paid),
            Cell::Empty,
        ]);
    }
    Ok(Sheet {
        name: "回盘".into(),
        title: format!("代发结果（演示） {number}"),
        notes: Vec::new(),
        columns: COLUMNS.iter().map(|holds| Column { title: title(holds), width: 22 }).collect(),
        rows,
        sums: Vec::new(),
        remarks: Vec::new(),
        signatures: Vec::new(),
    })
}

/// A long number as a spreadsheet shows it that took it for an amount.
fn spoilt(account: &str) -> String {
    let (first, rest) = account.split_at(1.min(account.len()));
    format!("{first}.{}E+{}", rest.get(..5).unwrap_or(rest), rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_a_name_of_its_own() {
        for (name, says) in BankSays::ALL {
            assert_eq!((says.name(), BankSays::named(name)), (name, Some(says)));
        }
        assert_eq!(spoilt("6222020000000000017"), "6.22202E+18");
    }
}
