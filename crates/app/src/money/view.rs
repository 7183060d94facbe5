//! Batches as somebody sees them: how far each is, whose hands it went through, and what can be done next.

use super::{month_in, month_of, stored};
use crate::error::Result;
use crate::office::{Office, Order};
use crate::people::id_of;
use crate::record::TextV1;
use anmin_authz::id::{AreaId, PersonId};
use anmin_base::date::Date;
use anmin_base::money::Money;
use anmin_ledger::batch::BatchState;
use anmin_store::{Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which batches.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchesV1 {
    /// Of this programme.
    pub programme: Option<String>,
    /// Of this month: `2026-09`.
    pub period: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// After this batch: the next page.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub after: Option<String>,
}

/// A page of batches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BatchPageV1 {
    /// The batches, by their identifiers.
    pub batches: Vec<BatchV1>,
    /// Whether there are more.
    pub more: bool,
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BatchV1 {
    /// It.
    pub batch: String,
    /// Its number for people.
    pub number: String,
    /// The version a form has to name.
    pub version: i64,
    /// The area.
    pub area: String,
    /// What the area is called.
    pub area_name: String,
    /// The programme.
    pub programme: String,
    /// The programme, in words.
    pub programme_text: TextV1,
    /// The month.
    pub period: String,
    /// `regular`, or `again` for what came back.
    pub kind: String,
    /// The batch whose returned payments it pays again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Its state.
    pub state: String,
    /// In words.
    pub state_text: TextV1,
    /// Lines of the bank's file.
    pub lines: i64,
    /// Grants.
    pub grants: i64,
    /// Persons.
    pub persons: i64,
    /// Together, in fen.
    pub amount_fen: i64,
    /// Together, in capitals.
    pub amount_capital: String,
    /// Of it for earlier months.
    pub arrears_fen: i64,
    /// How many lines came back.
    pub returned: i64,
    /// What came back, in fen.
    pub returned_fen: i64,
    /// The root over its lines.
    pub root: String,
    /// The number of the treasury's voucher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub treasury: Option<String>,
    /// The day on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_on: Option<String>,
    /// Why it was sent back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whose hands it went through, in their order.
    pub hands: Vec<HandV1>,
    /// What can be done next.
    pub next: Vec<String>,
}

/// Somebody who had a batch in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HandV1 {
    /// `prepare`, `check` or `sign`.
    pub class: String,
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
}

/// Batches on a page.
const PAGE: u32 = 50;

impl Office {
    /// The batches the caller may see.
    ///
    /// # Errors
    /// What is wrong in the question; not permitted; or a fault.
    pub async fn batches(&self, order: &Order<'_>, ask: &BatchesV1) -> Result<BatchPageV1> {
        let (rows, purpose) = self.money_rows(order)?;
        let mut find = Find::all(&table::BATCH).limit(PAGE + 1);
        if let Some(programme) = &ask.programme {
            find = find.equal("programme", programme.as_str());
        }
        if let Some(period) = &ask.period {
            find = find.equal("period", stored(month_of("period", period)?));
        }
        if let Some(state) = &ask.state {
            find = find.equal("state", state.as_str());
        }
        if let Some(after) = &ask.after {
            find = find.after_key(None, id_of("after", after)?);
        }
        let store = &self.inner.store;
        let mut found = store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let mut batches = Vec::with_capacity(found.len());
        for row in &found {
            batches.push(self.seen_batch(order, &rows, &purpose, row).await?);
        }
        Ok(BatchPageV1 { batches, more })
    }

    /// One batch.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn batch(&self, order: &Order<'_>, batch: Id) -> Result<BatchV1> {
        let (rows, purpose) = self.money_rows(order)?;
        let row = self.inner.store.read_one(&rows, &purpose, order.now.at, &table::BATCH, batch).await?;
        self.seen_batch(order, &rows, &purpose, &row).await
    }

    /// What a caller who reads batches reaches, and why.
    pub(super) fn money_rows(&self, order: &Order<'_>) -> Result<(Scope, String)> {
        let (scope, purpose) = self.first_scope(order, &["batch_read"])?;
        Ok((Scope::from_authz(&scope, self.authority()), purpose))
    }

    async fn seen_batch(
        &self,
        order: &Order<'_>,
        rows: &Scope,
        purpose: &str,
        row: &Record,
    ) -> Result<BatchV1> {
        let find = Find::all(&table::BATCH_DUTY).equal("batch", row.id());
        let duties = self.inner.store.read_personal(rows, purpose, order.now.at, &find).await?;
        let rights = self.rights();
        let hand = |duty: &Record| {
            let person = duty.link("person").unwrap_or(Id(0));
            HandV1 {
                class: duty.text("class").unwrap_or_default().to_owned(),
                name: rights.name_of(PersonId(person.0)).unwrap_or_default().to_owned(),
                person: person.to_string(),
            }
        };
        let mut hands: Vec<HandV1> = duties.iter().map(hand).collect();
        let before = ["prepare", "check", "sign"];
        hands.sort_by_key(|hand| before.iter().position(|known| *known == hand.class));
        let mut seen = seen(row, hands);
        seen.area_name =
            row.link("area").map(|area| rights.area_name(AreaId(area.0)).to_owned()).unwrap_or_default();
        seen.programme_text = self.programme_text(&seen.programme);
        Ok(seen)
    }

    /// What an area is called.
    pub fn area_name(&self, area: Id) -> String {
        self.rights().area_name(AreaId(area.0)).to_owned()
    }

    /// What a programme is called.
    pub(super) fn programme_text(&self, programme: &str) -> TextV1 {
        let opened = self.opened(programme, None);
        opened.map(|opened| TextV1::from(&opened.loaded.service.name)).unwrap_or_default()
    }
}

fn seen(row: &Record, hands: Vec<HandV1>) -> BatchV1 {
    let text = |column: &str| row.text(column).map(str::to_owned);
    let int = |column: &str| row.int(column).unwrap_or(0);
    let state = row.text("state").and_then(BatchState::named).unwrap_or(BatchState::Voided);
    BatchV1 {
        batch: row.id().to_string(),
        number: text("number").unwrap_or_default(),
        version: row.version(),
        area: text("area").unwrap_or_default(),
        area_name: String::new(),
        programme: text("programme").unwrap_or_default(),
        programme_text: TextV1::default(),
        period: month_in(row, "period").to_string(),
        kind: text("kind").unwrap_or_default(),
        of: text("of_batch"),
        state: state.name().to_owned(),
        state_text: TextV1 { zh: state.zh().into(), en: state.en().into() },
        lines: int("lines"),
        grants: int("grants"),
        persons: int("persons"),
        amount_fen: int("amount_fen"),
        amount_capital: Money::from_fen(int("amount_fen")).uppercase(),
        arrears_fen: int("arrears_fen"),
        returned: int("returned"),
        returned_fen: int("returned_fen"),
        root: text("root").unwrap_or_default(),
        treasury: text("treasury"),
        paid_on: row
            .int("paid_on")
            .and_then(|day| i32::try_from(day).ok())
            .map(|day| Date::from_days(day).to_string()),
        reason: text("reason"),
        hands,
        next: state.offers().iter().map(|step| step.name().to_owned()).collect(),
    }
}
