//! What the bank answered, against what was sent. A file that does not fit is refused as a whole, with every line that is
//! wrong: half an answer is no answer.

use crate::id::PaymentId;
use anmin_base::money::Money;
use std::collections::BTreeMap;

/// A line as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its number in the batch, from 1.
    pub line: u64,
    /// The payment.
    pub payment: PaymentId,
    /// The account it was sent to.
    pub account: String,
    /// How much.
    pub amount: Money,
}

/// A line of the bank's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Its row in the file, as the spreadsheet counts.
    pub row: u64,
    /// The number of the line it answers.
    pub line: u64,
    /// The account, where the file says it.
    pub account: Option<String>,
    /// How much, where the file says it.
    pub amount: Option<Money>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a payment at the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived.
    Paid,
    /// It came back.
    Returned {
        /// Why, in the bank's words.
        reason: String,
    },
}

/// Which lines a bank's file lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// Every one.
    All,
    /// Those that came back; what is not there has arrived.
    Returned,
}

impl Lists {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, Lists); 2] = [("all", Lists::All), ("returned", Lists::Returned)];
}

/// What is wrong with a file of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No such line was sent.
    Unknown {
        /// The row in the file.
        row: u64,
        /// The number it names.
        line: u64,
    },
    /// A line is answered twice.
    Twice {
        /// The second row.
        row: u64,
        /// The first.
        first: u64,
        /// The line.
        line: u64,
    },
    /// Another amount.
    Amount {
        /// The row.
        row: u64,
        /// As sent.
        sent: Money,
        /// As answered.
        said: Money,
    },
    /// Another account. Which is not told here: it is somebody's.
    Account {
        /// The row.
        row: u64,
        /// The line.
        line: u64,
    },
    /// A line has no answer.
    Missing {
        /// The line.
        line: u64,
    },
}

impl Wrong {
    /// The row of the file; none for what is not in it.
    pub fn row(&self) -> Option<u64> {
        match self {
            Wrong::Unknown { row, .. }
            | Wrong::Twice { row, .. }
            | Wrong::Amount { row, .. }
            | Wrong::Account { row, .. } => Some(*row),
            Wrong::Missing { .. } => None,
        }
    }

    /// Chinese: what is wrong, and what to do.
    pub fn zh(&self) -> String {
        match self {
            Wrong::Unknown { row, line } => {
                format!(
                    "第 {row} 行：本批次没有序号 {line}。请核对是否混入了其他批次的明细，删去后重新导入。"
                )
            }
            Wrong::Twice { row, first, line } => {
                format!("第 {row} 行：序号 {line} 已在第 {first} 行出现。请向银行核实，只保留一行。")
            }
            Wrong::Amount { row, sent, said } => {
                format!("第 {row} 行：金额为 {said} 元，报送为 {sent} 元。请向银行核实后改正。")
            }
            Wrong::Account { row, line } => {
                format!("第 {row} 行：账号与序号 {line} 报送的不同。请向银行核实后改正。")
            }
            Wrong::Missing { line } => {
                format!("缺少序号 {line} 的回盘结果。请向银行要全部明细的回盘文件。")
            }
        }
    }

    /// English.
    pub fn en(&self) -> String {
        match self {
            Wrong::Unknown { row, line } => {
                format!(
                    "Row {row}: the batch has no line {line}. If it belongs to another batch, take it out and read the file again."
                )
            }
            Wrong::Twice { row, first, line } => {
                format!(
                    "Row {row}: line {line} stands in row {first} already. Ask the bank and keep one of them."
                )
            }
            Wrong::Amount { row, sent, said } => {
                format!(
                    "Row {row}: the amount is {said} yuan, and {sent} was sent. Ask the bank and correct it."
                )
            }
            Wrong::Account { row, line } => {
                format!(
                    "Row {row}: another account than the one sent in line {line}. Ask the bank and correct it."
                )
            }
            Wrong::Missing { line } => {
                format!("Line {line} has no answer. Ask the bank for a file with every line.")
            }
        }
    }
}

/// What became of every line that was sent, in the order sent.
///
/// # Errors
/// Everything that does not fit, in the order of the file, then what is missing.
pub fn reconcile(sent: &[Sent], answers: &[Answered], lists: Lists) -> Result<Vec<Outcome>, Vec<Wrong>> {
    let by_line: BTreeMap<u64, usize> = sent.iter().enumerate().map(|(at, line)| (line.line, at)).collect();
    let mut outcomes: Vec<Option<(u64, Outcome)>> = vec![None; sent.len()];
    let mut wrong = Vec::new();
    for answer in answers {
        let Answered { row, line, .. } = *answer;
        let Some(&at) = by_line.get(&line) else {
            wrong.push(Wrong::Unknown { row, line });
            continue;
        };
        if let Some((first, _)) = outcomes[at] {
            wrong.push(Wrong::Twice { row, first, line });
            continue;
        }
        if let Some(said) = answer.amount.filter(|said| *said != sent[at].amount) {
            wrong.push(Wrong::Amount { row, sent: sent[at].amount, said });
        }
        if answer.account.as_ref().is_some_and(|said| *said != sent[at].account) {
            wrong.push(Wrong::Account { row, line });
        }
        outcomes[at] = Some((row, answer.outcome.clone()));
    }
    let mut found = Vec::with_capacity(sent.len());
    for (line, outcome) in sent.iter().zip(outcomes) {
        match (outcome, lists) {
            (Some((_, outcome)), _) => found.push(outcome),
            (None, Lists::Returned) => found.push(Outcome::Paid),
            (None, Lists::All) => wrong.push(Wrong::Missing { line: line.line }),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(line: u64) -> Sent {
        let (payment, account) = (PaymentId(u128::from(line)), format!("62220{line}"));
        Sent { line, payment, account, amount: Money::from_fen(100 * line as i64) }
    }

    fn paid(row: u64, line: u64) -> Answered {
        Answered {
            row,
            line,
            account: Some(format!("62220{line}")),
            amount: Some(Money::from_fen(100 * line as i64)),
            outcome: Outcome::Paid,
        }
    }

    #[test]
    fn every_line_gets_its_outcome() {
        let sent = [sent(1), sent(2), sent(3)];
        let back = Outcome::Returned { reason: "账户已销户".into() };
        let answers = [paid(4, 3), Answered { outcome: back.clone(), ..paid(2, 1) }, paid(3, 2)];
        let found = reconcile(&sent, &answers, Lists::All).unwrap();
        assert_eq!(found, [back.clone(), Outcome::Paid, Outcome::Paid]);
        assert_eq!(reconcile(&sent, &answers[1..2], Lists::Returned).unwrap(), found);
    }

    #[test]
    fn refuses_the_whole_file_and_tells_every_line() {
        let sent = [sent(1), sent(2)];
        let amount = Some(Money::from_fen(1));
        let answers = [
            paid(2, 1),
            paid(3, 1),
            paid(4, 9),
            Answered { amount, account: Some("x".into()), ..paid(5, 2) },
        ];
        let wrong = reconcile(&sent, &answers, Lists::All).unwrap_err();
        assert_eq!(
            wrong,
            [
                Wrong::Twice { row: 3, first: 2, line: 1 },
                Wrong::Unknown { row: 4, line: 9 },
                Wrong::Amount { row: 5, sent: Money::from_fen(200), said: Money::from_fen(1) },
                Wrong::Account { row: 5, line: 2 },
            ]
        );
        assert_eq!(reconcile(&sent, &answers[..1], Lists::All), Err(vec![Wrong::Missing { line: 2 }]));
        for wrong in &wrong {
            assert!(wrong.zh().contains('第') && wrong.en().starts_with("Row"), "{wrong:?}");
        }
    }
}
