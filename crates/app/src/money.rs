//! Money: where decisions, the ledger and the store meet. A decision that takes effect opens, changes or ends a grant in its
//! own command; a month is closed, prepared, checked, signed, sent to the treasury, answered by the bank, and paid again
//! where it came back. Each is one command and one event, whatever its size.

mod accounts;
mod amounts;
mod answer;
mod bank;
mod closing;
mod desk;
mod effect;
mod lists;
mod made_up;
pub mod measure;
mod paid;
mod prepare;
mod returned;
mod rows;
mod sheets;
mod steps;
mod trail;
mod view;

pub use accounts::{AccountAnswerV1, AccountV1, AccountsV1, ChangedAccountV1, NewAccountV1, PayeeV1};
pub use answer::{AgainV1, AnsweredV1, PreviewLineV1, PreviewV1};
pub use bank::BankFileV1;
pub use closing::{CloseV1, ClosedV1, CyclePlaceV1, CycleV1, MoneyDeskV1};
pub use lists::{ArrearV1, ComponentSumV1, MovementV1, RequestV1, RosterLineV1, RosterPageV1, TotalsV1};
pub use made_up::BankSays;
pub use paid::{OwnAccountV1, OwnGrantV1, OwnMonthV1, OwnPartV1, OwnPaymentsV1};
pub use prepare::{PrepareV1, PreparedV1, UnpaidV1};
pub use returned::{AccountWaitsV1, AccountsWaitingV1, ReturnedLineV1, ReturnedV1};
pub use rows::{RosterRowV1, RosterRowsV1};
pub use sheets::ListKind;
pub use steps::{BatchStepV1, MovedV1, SignOffV1, TreasuryV1};
pub use trail::{TrailStepV1, TrailV1, VisitorsV1};
pub use view::{BatchPageV1, BatchV1, BatchesV1, HandV1};

pub(crate) use accounts::made_account;
pub(crate) use effect::{follow, payable};

use crate::error::{Error, Kind, Refusal};
use anmin_base::date::Month;
use anmin_ledger::refusal::Refusal as LedgerRefusal;

/// The line of work of those who handle money, as the table of authority names it.
pub(crate) const FUNDS: &str = "funds";

impl From<LedgerRefusal> for Error {
    fn from(refusal: LedgerRefusal) -> Error {
        let kind = match refusal {
            LedgerRefusal::OtherLines { .. } => Kind::Conflict,
            _ => Kind::Unmet,
        };
        Refusal::new(kind, refusal.code(), refusal.zh(), refusal.en()).into()
    }
}

/// A month in a question.
///
/// # Errors
/// It is none.
pub fn month(text: &str) -> crate::error::Result<Month> {
    month_of("period", text)
}

/// A month in a form.
pub(crate) fn month_of(at: &str, text: &str) -> crate::error::Result<Month> {
    text.trim()
        .parse()
        .map_err(|_| crate::people::wrong(at, "应为年月，如 2026-09。", "A month is wanted, as 2026-09."))
}

/// A month as it is stored.
pub(crate) fn stored(month: Month) -> i64 {
    i64::from(month.number())
}

/// A month of a row.
pub(crate) fn month_in(record: &anmin_store::Record, column: &str) -> Month {
    let number = record.int(column).and_then(|number| i32::try_from(number).ok());
    number.and_then(Month::from_number).unwrap_or(Month::ym(1, 1))
}
