//! What came back from the bank: for those who pay it again, whether it can be yet; for those at the counter, whose account is
//! to be corrected, and which accounts wait for a second person.

use super::answer::why_not;
use crate::error::{Error, Result};
use crate::office::{Office, Order};
use anmin_authz::id::AreaId;
use anmin_authz::scope::SystemJob;
use anmin_store::{Begun, Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What came back of a batch and is on no way yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReturnedV1 {
    /// By the lines of the bank's file.
    pub lines: Vec<ReturnedLineV1>,
    /// How many of them can be paid again now.
    pub ready: usize,
}

/// A line that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReturnedLineV1 {
    /// Its number.
    pub line: i64,
    /// The payee's name.
    pub name: String,
    /// Where.
    pub area_name: String,
    /// In fen.
    pub amount_fen: i64,
    /// Why, in the bank's words.
    pub reason: String,
    /// What it waits for: `no_account`, `account_not_corrected`, `account_too_new`; none: it can be paid again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
    /// From when a corrected account may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usable_from: Option<String>,
}

/// Accounts that somebody has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountsWaitingV1 {
    /// Entered, and waiting for another person.
    pub proposed: Vec<AccountWaitsV1>,
    /// Payments came back from them, and nobody has entered another.
    pub returned: Vec<AccountWaitsV1>,
    /// Something is granted, and there is no account at all.
    pub missing: Vec<AccountWaitsV1>,
}

/// An account that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountWaitsV1 {
    /// The account; none where there is none yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Whose.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Where.
    pub area_name: String,
    /// The case it is for.
    pub case: String,
    /// Its number for people.
    pub case_number: String,
    /// Why a payment came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What came back, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
}

/// So many are told of.
const MOST: u32 = 500;

impl Office {
    /// What came back of a batch and is on no way yet.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn returned(&self, order: &Order<'_>, batch: Id) -> Result<ReturnedV1> {
        // Seen by the caller first, with its trace; then counted in a command that is never carried out.
        self.batch(order, batch).await?;
        let (scope, purpose) = self.first_scope(order, &["batch_read"])?;
        let order = Order { request: None, ..*order };
        let Begun::New(mut work) = self.begin_money(&order, &scope, &purpose, "returned").await? else {
            return Ok(ReturnedV1 { lines: Vec::new(), ready: 0 });
        };
        let back = work.came_back(batch).await?;
        drop(work);
        let today = i64::from(order.now.on.days());
        let rights = self.rights();
        let mut lines: BTreeMap<i64, ReturnedLineV1> = BTreeMap::new();
        for one in &back {
            let waits = why_not(one, today).map(str::to_owned);
            let usable = one.account.as_ref().filter(|account| account.id != one.old);
            let line = lines.entry(one.line).or_insert_with(|| ReturnedLineV1 {
                line: one.line,
                name: one.name.clone(),
                area_name: rights.area_name(AreaId(one.area.0)).to_owned(),
                amount_fen: 0,
                reason: one.reason.clone(),
                waits,
                usable_from: usable.map(|account| super::accounts::day(account.usable_from)),
            });
            line.amount_fen = line.amount_fen.saturating_add(one.amount_fen);
        }
        let lines: Vec<ReturnedLineV1> = lines.into_values().collect();
        let ready = lines.iter().filter(|line| line.waits.is_none()).count();
        Ok(ReturnedV1 { lines, ready })
    }

    /// Accounts that somebody has to enter, correct or confirm, among the cases the caller may act in.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn accounts_waiting(&self, order: &Order<'_>) -> Result<AccountsWaitingV1> {
        let actions = ["payee_change_enter", "payee_change_confirm"];
        match self.may_any(order.caller, &actions, order.purpose, order.now) {
            // To see that something waits takes no second factor; to see a number and confirm it does.
            Err(Error::Refusal(refusal)) if refusal.code == "step_up" => {}
            found => found?,
        }
        let (scope, purpose) = self.first_scope(order, &[actions[0], actions[1], "case_read"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let (store, at) = (&self.inner.store, order.now.at);
        let find = Find::all(&table::GRANT_FILE).limit(20_000).plain();
        let grants = store.read_personal(&rows, &purpose, at, &find).await?;
        let payees: Vec<Id> = grants.iter().filter_map(|grant| grant.link("payee")).collect();
        let mut accounts: BTreeMap<Id, Vec<Record>> = BTreeMap::new();
        for some in payees.chunks(500) {
            let find = Find::all(&table::PAYEE_ACCOUNT).any_of("person", some).plain().limit(5000);
            for row in store.read_personal(&rows, &purpose, at, &find).await? {
                accounts.entry(row.link("person").unwrap_or(Id(0))).or_default().push(row);
            }
        }
        let back = self.came_back_to(order, &grants).await?;
        let mut waiting =
            AccountsWaitingV1 { proposed: Vec::new(), returned: Vec::new(), missing: Vec::new() };
        let mut cases = Vec::new();
        for grant in &grants {
            let payee = grant.link("payee").unwrap_or(Id(0));
            let own = accounts.get(&payee).map(Vec::as_slice).unwrap_or_default();
            let of = |state: &str| own.iter().find(|row| row.text("state") == Some(state));
            let returned = back.get(&grant.id());
            let told = AccountWaitsV1 {
                account: of("proposed").map(|row| row.id().to_string()),
                person: payee.to_string(),
                name: grant.text("name").unwrap_or_default().to_owned(),
                area_name: self.rights().area_name(AreaId(grant.link("area").unwrap_or(Id(0)).0)).to_owned(),
                case: grant.text("case_id").unwrap_or_default().to_owned(),
                case_number: String::new(),
                reason: returned.map(|back| back.reason.clone()),
                amount_fen: returned.map(|back| back.amount_fen),
            };
            let confirmed = of("confirmed").map(Record::id);
            let stale = returned.is_some_and(|back| confirmed.is_none_or(|now| now == back.account));
            let list = match () {
                () if told.account.is_some() => &mut waiting.proposed,
                () if stale => &mut waiting.returned,
                () if confirmed.is_none() => &mut waiting.missing,
                () => continue,
            };
            if list.len() < usize::try_from(MOST).unwrap_or(0) {
                cases.extend(grant.link("case_id"));
                list.push(told);
            }
        }
        self.number_cases(order, &rows, &purpose, &cases, &mut waiting).await?;
        Ok(waiting)
    }

    async fn number_cases(
        &self,
        order: &Order<'_>,
        rows: &Scope,
        purpose: &str,
        cases: &[Id],
        waiting: &mut AccountsWaitingV1,
    ) -> Result<()> {
        let mut numbers: BTreeMap<String, String> = BTreeMap::new();
        for some in cases.chunks(500) {
            let find = Find::all(&table::CASE_FILE).ids(some).plain().limit(500);
            for row in self.inner.store.read_personal(rows, purpose, order.now.at, &find).await? {
                numbers.insert(row.id().to_string(), row.text("number").unwrap_or_default().to_owned());
            }
        }
        for list in [&mut waiting.proposed, &mut waiting.returned, &mut waiting.missing] {
            for one in list.iter_mut() {
                one.case_number = numbers.get(&one.case).cloned().unwrap_or_default();
            }
            list.sort_by(|a, b| (&a.area_name, &a.name, &a.case).cmp(&(&b.area_name, &b.name, &b.case)));
        }
        Ok(())
    }

    /// What came back of these grants and is on no way. Whose grants they are was asked before.
    async fn came_back_to(&self, order: &Order<'_>, grants: &[Record]) -> Result<BTreeMap<Id, Back>> {
        let job = SystemJob::MessageDelivery;
        let rows = self.job_scope(job, order.now.on);
        let (store, at) = (&self.inner.store, order.now.at);
        let find = Find::all(&table::BATCH).equal("state", "returned").limit(1000);
        let batches = store.read_personal(&rows, job.name(), at, &find).await?;
        let batches: Vec<Id> = batches.iter().map(Record::id).collect();
        let mut back: BTreeMap<Id, Back> = BTreeMap::new();
        if batches.is_empty() {
            return Ok(back);
        }
        let find = Find::all(&table::PAY_ATTEMPT)
            .any_of("batch", &batches)
            .equal("outcome", "returned")
            .limit(20_000);
        let attempts = store.read_personal(&rows, job.name(), at, &find).await?;
        let of: BTreeMap<Id, &Record> =
            attempts.iter().filter_map(|attempt| Some((attempt.link("payment")?, attempt))).collect();
        let ids: Vec<Id> = of.keys().copied().collect();
        // Those of them that are on a way again are not told of.
        let live = Find::all(&table::PAY_ATTEMPT).any_of("payment", &ids).equal("live", 1).limit(20_000);
        let live = store.read_personal(&rows, job.name(), at, &live).await?;
        let live: Vec<Id> = live.iter().filter_map(|attempt| attempt.link("payment")).collect();
        let own: Vec<Id> = grants.iter().map(Record::id).collect();
        for some in ids.chunks(500) {
            let find = Find::all(&table::PAYMENT).ids(some).equal("live", 1).limit(500).plain();
            for row in store.read_personal(&rows, job.name(), at, &find).await? {
                let Some(grant) = row.link("grant_id").filter(|grant| own.contains(grant)) else { continue };
                let Some(attempt) = of.get(&row.id()).filter(|_| !live.contains(&row.id())) else { continue };
                let entry = back.entry(grant).or_insert_with(|| Back {
                    reason: attempt.text("reason").unwrap_or_default().to_owned(),
                    amount_fen: 0,
                    account: attempt.link("account").unwrap_or(Id(0)),
                });
                entry.amount_fen += row.int("amount_fen").unwrap_or(0);
            }
        }
        Ok(back)
    }
}

/// What came back of a grant.
struct Back {
    reason: String,
    amount_fen: i64,
    account: Id,
}
