//! What a resident was paid: for which months, how much, where to, how it was worked out, and what came back. A month shows
//! once it is signed: before that nothing is promised.

use super::month_in;
use super::trail::TrailV1;
use crate::error::Result;
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_authz::scope::SystemJob;
use anmin_base::date::Date;
use anmin_store::{Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What somebody was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnPaymentsV1 {
    /// The latest first.
    pub months: Vec<OwnMonthV1>,
    /// What a month is now, and why: one for each thing that is granted.
    pub grants: Vec<OwnGrantV1>,
    /// Where it goes; none: no account is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<OwnAccountV1>,
}

/// What was paid in the roster of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnMonthV1 {
    /// The month.
    pub period: String,
    /// The programme.
    pub programme: String,
    /// In words.
    pub programme_text: TextV1,
    /// Together, in fen.
    pub amount_fen: i64,
    /// `coming`: signed, not yet with the bank; `sent`: with the bank; `paid`: it arrived; `returned`: it came back.
    pub state: String,
    /// The account's last digits.
    pub account: String,
    /// The day on which the treasury paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_on: Option<String>,
    /// Why it came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The parts of it.
    pub parts: Vec<OwnPartV1>,
}

/// A part of what was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnPartV1 {
    /// The payment.
    pub payment: String,
    /// For which month.
    pub period: String,
    /// What for, by name.
    pub component: String,
    /// In words.
    pub text: TextV1,
    /// For a month before.
    pub arrears: bool,
    /// In fen.
    pub amount_fen: i64,
}

/// Why a month is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnGrantV1 {
    /// The programme, in words.
    pub programme_text: TextV1,
    /// The case.
    pub case: String,
    /// Its number for people.
    pub case_number: String,
    /// Why it changed last.
    pub ground_text: TextV1,
    /// The day of the decision.
    pub decided_on: String,
    /// Why, in a sentence.
    pub reason: TextV1,
    /// The articles.
    pub articles: Vec<TextV1>,
}

/// Where somebody's money goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnAccountV1 {
    /// Its last digits.
    pub account: String,
    /// Whose it is: `own`, `guardian`, `institution` or `agreement`.
    pub kind: String,
    /// From when it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usable_from: Option<String>,
    /// Another was entered and waits to be confirmed: its last digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<String>,
}

/// Payments told of: some years of them.
const MOST: u32 = 1000;

impl Office {
    /// What the caller was paid.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn own_payments(&self, order: &Order<'_>) -> Result<OwnPaymentsV1> {
        let (scope, purpose) = self.first_scope(order, &["own_read"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let (store, at) = (&self.inner.store, order.now.at);
        let me = order.caller.person_id();
        let find = Find::all(&table::PAYMENT)
            .equal("payee", me)
            .equal("live", 1)
            .order("period")
            .descending()
            .limit(MOST);
        let payments = store.read_personal(&rows, &purpose, at, &find).await?;
        let (attempts, batches) = self.ways_of(order, &payments).await?;
        let mut months: BTreeMap<(i64, Id), OwnMonthV1> = BTreeMap::new();
        let mut shown = Vec::new();
        for payment in &payments {
            let Some(first) = payment.link("batch").and_then(|id| batches.get(&id)) else { continue };
            let Some(attempt) = attempts.get(&payment.id()) else { continue };
            let Some(now) = attempt.link("batch").and_then(|id| batches.get(&id)) else { continue };
            if matches!(first.text("state"), Some("prepared" | "checked" | "voided")) {
                continue;
            }
            shown.push(payment);
            let key = (first.int("period").unwrap_or(0), first.id());
            let month = months.entry(key).or_insert_with(|| self.own_month(first, now, attempt));
            month.amount_fen += payment.int("amount_fen").unwrap_or(0);
            let part = self.own_part(payment, first);
            month.parts.push(part);
        }
        let mut months: Vec<OwnMonthV1> = months.into_values().rev().collect();
        for month in &mut months {
            let opened = self.opened(&month.programme, None)?;
            let parts = opened.loaded.benefit.as_ref().map(|sheet| sheet.components.as_slice());
            let rank = |part: &OwnPartV1| parts?.iter().position(|known| known.name == part.component);
            month.parts.sort_by(|a, b| (&b.period, rank(a)).cmp(&(&a.period, rank(b))));
        }
        let grants = self.own_grants(order, &shown).await?;
        let find = Find::all(&table::PAYEE_ACCOUNT).equal("person", me).plain().limit(100);
        let accounts = store.read_personal(&rows, &purpose, at, &find).await?;
        Ok(OwnPaymentsV1 { months, grants, account: own_account(&accounts) })
    }

    /// The latest attempt of each payment, and the batches of both. Whose payments they are was asked before.
    async fn ways_of(
        &self,
        order: &Order<'_>,
        payments: &[Record],
    ) -> Result<(BTreeMap<Id, Record>, BTreeMap<Id, Record>)> {
        let job = SystemJob::MessageDelivery;
        let rows = self.job_scope(job, order.now.on);
        let (store, at) = (&self.inner.store, order.now.at);
        let ids: Vec<Id> = payments.iter().map(Record::id).collect();
        let mut attempts: BTreeMap<Id, Record> = BTreeMap::new();
        for some in ids.chunks(500) {
            let find = Find::all(&table::PAY_ATTEMPT).any_of("payment", some).order("n").limit(5000);
            for row in store.read_personal(&rows, job.name(), at, &find).await? {
                if row.text("outcome") != Some("void") {
                    attempts.insert(row.link("payment").unwrap_or(Id(0)), row);
                }
            }
        }
        let mut of: Vec<Id> = payments.iter().filter_map(|row| row.link("batch")).collect();
        of.extend(attempts.values().filter_map(|row| row.link("batch")));
        of.sort_unstable();
        of.dedup();
        let mut batches = BTreeMap::new();
        for some in of.chunks(500) {
            let find = Find::all(&table::BATCH).ids(some).limit(500);
            let found = store.read_personal(&rows, job.name(), at, &find).await?;
            batches.extend(found.into_iter().map(|row| (row.id(), row)));
        }
        Ok((attempts, batches))
    }

    fn own_month(&self, first: &Record, now: &Record, attempt: &Record) -> OwnMonthV1 {
        let programme = first.text("programme").unwrap_or_default();
        let state = match (attempt.text("outcome"), now.text("state")) {
            (Some("paid"), _) => "paid",
            (Some("returned"), _) => "returned",
            // What is paid again is said to have come back until that is signed.
            (_, Some("prepared" | "checked" | "voided")) => "returned",
            (_, Some("signed" | "sent")) => "coming",
            _ => "sent",
        };
        let paid_on = now.int("paid_on").and_then(|day| i32::try_from(day).ok());
        OwnMonthV1 {
            period: month_in(first, "period").to_string(),
            programme: programme.to_owned(),
            programme_text: self.programme_text(programme),
            amount_fen: 0,
            state: state.to_owned(),
            account: format!("****{}", attempt.text("last_four").unwrap_or_default()),
            paid_on: paid_on.map(|day| Date::from_days(day).to_string()),
            reason: attempt.text("reason").map(str::to_owned),
            parts: Vec::new(),
        }
    }

    fn own_part(&self, payment: &Record, batch: &Record) -> OwnPartV1 {
        OwnPartV1 {
            payment: payment.id().to_string(),
            period: month_in(payment, "period").to_string(),
            component: payment.text("component").unwrap_or_default().to_owned(),
            text: self.component_text(
                payment.text("programme").unwrap_or_default(),
                payment.text("component").unwrap_or_default(),
            ),
            arrears: month_in(payment, "period") < month_in(batch, "period"),
            amount_fen: payment.int("amount_fen").unwrap_or(0),
        }
    }

    /// Why a month is what it is: of each thing granted, the decision behind its latest payment.
    async fn own_grants(&self, order: &Order<'_>, payments: &[&Record]) -> Result<Vec<OwnGrantV1>> {
        let (mut grants, mut seen) = (Vec::new(), Vec::new());
        for payment in payments {
            let grant = payment.link("grant_id");
            if seen.contains(&grant) {
                continue;
            }
            seen.push(grant);
            let trail: TrailV1 = self.payment_trail(order, payment.id()).await?;
            grants.push(OwnGrantV1 {
                programme_text: self.programme_text(payment.text("programme").unwrap_or_default()),
                case: trail.case.unwrap_or_default(),
                case_number: trail.case_number,
                ground_text: trail.ground_text,
                decided_on: anmin_store::Moment(trail.decided_at).day().to_string(),
                reason: trail.reason.unwrap_or_default(),
                articles: trail.articles,
            });
        }
        Ok(grants)
    }
}

fn own_account(accounts: &[Record]) -> Option<OwnAccountV1> {
    let of = |state: &str| accounts.iter().find(|row| row.text("state") == Some(state));
    let digits = |row: &Record| format!("****{}", row.text("last_four").unwrap_or_default());
    let shown = of("confirmed").or_else(|| of("proposed"))?;
    let confirmed = shown.text("state") == Some("confirmed");
    Some(OwnAccountV1 {
        account: digits(shown),
        kind: shown.text("kind").unwrap_or_default().to_owned(),
        usable_from: shown.int("usable_from").filter(|_| confirmed).map(super::accounts::day),
        proposed: of("proposed").map(digits),
    })
}
