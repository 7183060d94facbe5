//! Checked, signed, sent back, sent to the treasury, paid by it. Checking and signing are by others than who came before, on
//! the very lines that are there; what is promised to people is written into the book when it is signed.

use super::desk::{Desk, Opened, commit, part};
use crate::case::json;
use crate::error::Result;
use crate::office::{Office, Order};
use crate::people::wrong;
use anmin_base::date::Date;
use anmin_base::money::Money;
use anmin_ledger::account::AccountKind;
use anmin_ledger::batch::{BatchState, Hand, Step, Sum};
use anmin_ledger::id::PersonId;
use anmin_store::{Id, Record, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A batch is checked or signed.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOffV1 {
    /// The version that was looked at.
    pub version: i64,
    /// The root on the paper that was looked at.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub root: String,
}

/// A batch goes a step further, or back.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchStepV1 {
    /// The version that was looked at.
    pub version: i64,
    /// Why, where it is sent back.
    #[serde(default)]
    #[schemars(length(max = 500))]
    pub why: Option<String>,
}

/// The treasury has paid.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TreasuryV1 {
    /// The version that was looked at.
    pub version: i64,
    /// The number of its voucher.
    #[schemars(length(min = 1, max = 100))]
    pub voucher: String,
    /// The day on it.
    #[schemars(extend("format" = "date"))]
    pub paid_on: String,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MovedV1 {
    /// The batch.
    pub batch: String,
    /// The version a next form has to name.
    pub version: i64,
    /// Its state.
    pub state: String,
    /// Its root.
    pub root: String,
}

impl Office {
    /// Checks a batch. The result is a [`MovedV1`].
    ///
    /// # Errors
    /// It is not that far; the same hands; the lines are others; not permitted; or a fault.
    pub async fn check_batch(&self, order: &Order<'_>, batch: Id, input: SignOffV1) -> Result<Vec<u8>> {
        let desk = match self.open_batch(order, &["batch_review"], "check_batch", batch).await? {
            Opened::Before(bytes) => return Ok(bytes),
            Opened::New(desk) => desk,
        };
        let desk = self.signed_off(order, *desk, Hand::Check, &input).await?;
        finish(desk).await
    }

    /// Signs a batch: what is in it is promised. The result is a [`MovedV1`].
    ///
    /// # Errors
    /// As [`Office::check_batch`]; or the fund may not pay it.
    pub async fn sign_batch(&self, order: &Order<'_>, batch: Id, input: SignOffV1) -> Result<Vec<u8>> {
        let desk = match self.open_batch(order, &["batch_sign"], "sign_batch", batch).await? {
            Opened::Before(bytes) => return Ok(bytes),
            Opened::New(desk) => desk,
        };
        let mut desk = self.signed_off(order, *desk, Hand::Sign, &input).await?;
        let area = desk.row.link("area").unwrap_or(Id(0));
        let paying = self.sheet_of(&desk.batch.programme, area, order.now.on)?;
        let accounts = self.book_of(&mut desk.work, area, &paying.sheet).await?;
        let from = source(&desk.row);
        accounts.may_move(from, AccountKind::Payees, desk.batch.sum.amount)?;
        let (source, payees) = (accounts.id(from), accounts.id(AccountKind::Payees));
        desk.work.promise(batch, part(batch, "promise"), &accounts.fund, source, payees).await?;
        finish(desk).await
    }

    async fn signed_off(
        &self,
        order: &Order<'_>,
        mut desk: Desk,
        hand: Hand,
        input: &SignOffV1,
    ) -> Result<Desk> {
        same_version(&desk.row, input.version)?;
        // Counted anew: what is signed is what is there.
        let now = desk.work.batch_sum(desk.row.id()).await?;
        let found = Sum {
            lines: u64::try_from(now.lines).unwrap_or(0),
            amount: Money::from_fen(now.amount_fen),
            root: now.root,
        };
        let by = [PersonId(order.caller.person.0)];
        desk.batch = desk.batch.signed_off(hand, &by, &input.root, &found)?;
        desk.row = desk.work.update_if(desk.row.with("state", desk.batch.state.name())).await?;
        self.hand(order, &mut desk.work, &desk.row, hand.name()).await?;
        Ok(desk)
    }

    /// Sends a batch back before it is signed: its months are open again, and it is made anew under another number. The result
    /// is a [`MovedV1`].
    ///
    /// # Errors
    /// It is signed already; no reason is given; not permitted; or a fault.
    pub async fn send_batch_back(&self, order: &Order<'_>, batch: Id, input: BatchStepV1) -> Result<Vec<u8>> {
        let why = input.why.as_deref().map(str::trim).filter(|why| !why.is_empty());
        let Some(why) = why.map(str::to_owned) else {
            return Err(wrong("why", "请写明为什么退回。", "Say why it is sent back."));
        };
        let actions = ["batch_review", "batch_sign", "batch_prepare"];
        let mut desk = match self.open_any(order, &actions, "send_batch_back", batch).await? {
            Opened::Before(bytes) => return Ok(bytes),
            Opened::New(desk) => *desk,
        };
        same_version(&desk.row, input.version)?;
        desk.batch = desk.batch.moved(Step::SendBack)?;
        let row = desk.row.with("state", desk.batch.state.name()).with("reason", why);
        desk.row = desk.work.update_if(row).await?;
        desk.work.void_payments(batch).await?;
        // What came back stays with the batch it came back in.
        if let Some(of) = desk.row.link("of_batch") {
            let row = desk.work.load(&table::BATCH, of).await?;
            if row.text("state") == Some(BatchState::Settled.name()) {
                desk.work.update_if(row.with("state", BatchState::Returned.name())).await?;
            }
        }
        finish(desk).await
    }

    /// Sends a signed batch to the treasury. The result is a [`MovedV1`].
    ///
    /// # Errors
    /// It is not that far; not permitted; or a fault.
    pub async fn send_batch(&self, order: &Order<'_>, batch: Id, input: BatchStepV1) -> Result<Vec<u8>> {
        let mut desk = match self.open_batch(order, &["batch_send"], "send_batch", batch).await? {
            Opened::Before(bytes) => return Ok(bytes),
            Opened::New(desk) => *desk,
        };
        same_version(&desk.row, input.version)?;
        desk.batch = desk.batch.moved(Step::Send)?;
        desk.row = desk.work.update_if(desk.row.with("state", desk.batch.state.name())).await?;
        finish(desk).await
    }

    /// Records that the treasury has paid: the money is with the bank. Of a batch that pays again it is there already. The
    /// result is a [`MovedV1`].
    ///
    /// # Errors
    /// It is not that far; what is wrong in the form; not permitted; or a fault.
    pub async fn treasury_paid(&self, order: &Order<'_>, batch: Id, input: TreasuryV1) -> Result<Vec<u8>> {
        let paid_on: Date = crate::people::day_of("paid_on", &input.paid_on)?;
        if paid_on > order.now.on {
            return Err(wrong(
                "paid_on",
                "支付日期不能晚于今天。",
                "It cannot have been paid later than today.",
            ));
        }
        if input.voucher.trim().is_empty() {
            return Err(wrong("voucher", "请填写支付凭证号。", "Give the number of the voucher."));
        }
        let mut desk = match self.open_batch(order, &["batch_send"], "treasury_paid", batch).await? {
            Opened::Before(bytes) => return Ok(bytes),
            Opened::New(desk) => *desk,
        };
        same_version(&desk.row, input.version)?;
        desk.batch = desk.batch.moved(Step::TreasuryPaid)?;
        let row = desk.row.with("state", desk.batch.state.name()).with("treasury", input.voucher.trim());
        desk.row = desk.work.update_if(row.with("paid_on", i64::from(paid_on.days()))).await?;
        if source(&desk.row) == AccountKind::Bank {
            let area = desk.row.link("area").unwrap_or(Id(0));
            let paying = self.sheet_of(&desk.batch.programme, area, order.now.on)?;
            let accounts = self.book_of(&mut desk.work, area, &paying.sheet).await?;
            let route = (AccountKind::Fund, AccountKind::Bank);
            let amount = desk.batch.sum.amount;
            accounts.pass(&mut desk.work, &desk.row, "treasury", route, amount).await?;
        }
        finish(desk).await
    }

    /// Opens a command on a batch under the first of these actions that the caller may take on it.
    pub(super) async fn open_any(
        &self,
        order: &Order<'_>,
        actions: &[&str],
        name: &str,
        batch: Id,
    ) -> Result<Opened> {
        let mut denied = None;
        for action in actions {
            match self.open_batch(order, &[*action], name, batch).await {
                Err(error @ crate::error::Error::Refusal(_)) => denied = denied.or(Some(error)),
                other => return other,
            }
        }
        Err(denied.unwrap_or_else(|| crate::error::Refusal::not_found().into()))
    }
}

/// Where the money of a batch is when people are paid from it.
pub(super) fn source(row: &Record) -> AccountKind {
    match row.text("kind") {
        Some("again") => AccountKind::Returned,
        _ => AccountKind::Bank,
    }
}

pub(super) fn same_version(row: &Record, version: i64) -> Result<()> {
    match row.version() == version {
        true => Ok(()),
        false => Err(crate::error::stale().into()),
    }
}

/// What a step leaves, with its event.
pub(super) async fn finish(desk: Desk) -> Result<Vec<u8>> {
    let moved = MovedV1 {
        batch: desk.row.id().to_string(),
        version: desk.row.version(),
        state: desk.row.text("state").unwrap_or_default().to_owned(),
        root: desk.row.text("root").unwrap_or_default().to_owned(),
    };
    let bytes = json(&moved)?;
    anmin_store::fault!("batch.stepped");
    commit(desk.work, desk.row.id(), &bytes, &bytes).await?;
    Ok(bytes)
}
