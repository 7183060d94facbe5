//! Preparing a month: what every grant of a county is due, as it was known when the month closed, becomes payments, lines of
//! the bank's file and one event. Whoever has no account, or one too new, is told and waits for the next month.

use super::desk::{AboutMoney, commit};
use super::{FUNDS, month_of, stored};
use crate::case::{json, row_id};
use crate::error::{Fault, Result};
use crate::office::{Office, Order};
use crate::people::id_of;
use anmin_authz::id::AreaId;
use anmin_base::date::Month;
use anmin_base::money::Money;
use anmin_ledger::benefit::Rhythm;
use anmin_ledger::due::{Cause, Dues, due};
use anmin_ledger::grant::Grant;
use anmin_ledger::refusal::Refusal as LedgerRefusal;
use anmin_store::{Begun, DueAccount, DueAsk, DueGrant, Find, Id, Record, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A month to be prepared.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepareV1 {
    /// The county.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// The programme.
    pub programme: String,
    /// The month: `2026-09`.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}$"))]
    pub period: String,
}

/// A batch that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PreparedV1 {
    /// The batch.
    pub batch: String,
    /// Its number for people.
    pub number: String,
    /// The version a next form has to name.
    pub version: i64,
    /// Lines of the bank's file.
    pub lines: i64,
    /// Grants (户).
    pub grants: i64,
    /// Persons.
    pub persons: i64,
    /// Together, in fen.
    pub amount_fen: i64,
    /// Of it for earlier months.
    pub arrears_fen: i64,
    /// The root over its lines: who checks and signs names it.
    pub root: String,
    /// How many are due something and are not in it.
    pub unpaid_count: usize,
    /// Who they are and why, up to a thousand.
    pub unpaid: Vec<UnpaidV1>,
    /// How many grants were paid more for earlier months than they are worth now. Nothing is taken off.
    pub overpaid_count: usize,
}

/// Somebody who is due something and is not paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnpaidV1 {
    /// The grant.
    pub grant: String,
    /// The name.
    pub name: String,
    /// How much, in fen.
    pub amount_fen: i64,
    /// `no_account`, `account_too_new` or `account_not_corrected`.
    pub why: String,
}

/// Told of who is not paid at most.
pub(super) const MOST_TOLD: usize = 1000;

/// A line about to be paid.
struct Line {
    due: DueGrant,
    dues: Dues,
    persons: u32,
    account: DueAccount,
    /// Where it stands in the bank's file: by area, name and grant.
    place: (String, String, u128),
}

/// What a month's grants come to.
#[derive(Default)]
struct Roster {
    lines: Vec<Line>,
    unpaid: Vec<UnpaidV1>,
    /// Grants that are settled only up to a month.
    open: Vec<(Id, Month)>,
    overpaid: usize,
}

impl Office {
    /// Prepares a month. The result is a [`PreparedV1`].
    ///
    /// # Errors
    /// What is wrong in the form; the month is not closed, or prepared already; nothing is due; not permitted; or a fault.
    pub async fn prepare_batch(&self, order: &Order<'_>, input: PrepareV1) -> Result<Vec<u8>> {
        let (area, period) = (id_of("area", &input.area)?, month_of("period", &input.period)?);
        let programme = input.programme.as_str();
        let paying = self.sheet_of(programme, area, order.now.on)?;
        let (scope, purpose) = self.first_scope(order, &["batch_prepare"])?;
        let about = AboutMoney {
            area,
            subject: FUNDS,
            programme: Some(programme),
            // A batch about to be made, on which nobody has done anything.
            batch: Some(area),
            taken: &[],
            hands: &[],
        };
        self.judge_money(order, &scope, &about)?;
        self.own_area(order, area)?;
        let mut work = match self.begin_money(order, &scope, &purpose, "prepare_batch").await? {
            Begun::Before(bytes) => return Ok(bytes),
            Begun::New(work) => work,
        };
        let closings = self.closings(&mut work, programme, period).await?;
        if !closings.contains_key(&area) {
            return Err(LedgerRefusal::NotClosed { period }.into());
        }
        let number = self.next_number(&mut work, order, area, programme, period).await?;
        let ask = DueAsk { area, programme, period };
        let grants = work.due_grants(ask).await?;
        let month = self.month(order, &closings, paying.sheet.rhythm, period, grants)?;
        if month.lines.is_empty() {
            return Err(LedgerRefusal::NothingDue { period }.into());
        }
        let batch = Sheaf { area, programme, period, number: &number, kind: "regular", of: None };
        let result = self.write_month(order, &mut work, &batch, month, ask).await?;
        let (id, bytes) = (Id::parse(&result.batch).unwrap_or(Id(0)), json(&result)?);
        anmin_store::fault!("batch.prepared");
        commit(work, id, &bytes, &bytes).await?;
        Ok(bytes)
    }

    /// When each area closed this month, its own closing or the county's.
    async fn closings(&self, work: &mut Work, programme: &str, period: Month) -> Result<HashMap<Id, i64>> {
        let find = Find::all(&table::CLOSING).equal("programme", programme).equal("period", stored(period));
        let rows = work.find(&find.limit(10_000)).await?;
        let at = |row: &Record| Some((row.link("area")?, row.int("closed_at")?));
        Ok(rows.iter().filter_map(at).collect())
    }

    /// The number of the next batch of a month: people say it over the telephone.
    pub(super) async fn next_number(
        &self,
        work: &mut Work,
        order: &Order<'_>,
        area: Id,
        programme: &str,
        period: Month,
    ) -> Result<String> {
        let find = Find::all(&table::BATCH)
            .equal("area", area)
            .equal("programme", programme)
            .equal("period", stored(period))
            .limit(1000);
        let before = work.find(&find).await?.len();
        let code = self.area_code(order, area);
        Ok(format!("{}-{programme}-{}{:02}-{}", code, period.year(), period.month(), before + 1))
    }

    pub(super) fn area_code(&self, order: &Order<'_>, area: Id) -> String {
        let rights = self.rights();
        let code = rights.areas.area(AreaId(area.0)).and_then(|area| area.code).map(|code| code.to_string());
        let code = code.unwrap_or_else(|| area.to_string());
        let _ = order;
        code
    }

    /// What each grant is due, as it was known at the closing of its area.
    fn month(
        &self,
        order: &Order<'_>,
        closings: &HashMap<Id, i64>,
        rhythm: Rhythm,
        period: Month,
        grants: Vec<DueGrant>,
    ) -> Result<Roster> {
        let rights = self.rights();
        let today = i64::from(order.now.on.days());
        let mut cutoffs: HashMap<Id, (i64, String)> = HashMap::new();
        let mut month = Roster::default();
        for due_grant in grants {
            let place = cutoffs.entry(due_grant.area).or_insert_with(|| {
                let line = rights.areas.line(AreaId(due_grant.area.0), order.now.on);
                let first =
                    line.filter_map(|area| closings.get(&Id(area.0))).min().copied().unwrap_or(i64::MIN);
                (first, self.area_code(order, due_grant.area))
            });
            let known = due_grant.grant.known_at(place.0);
            let dues = due(&known, rhythm, due_grant.since, period, &due_grant.earlier)?;
            month.overpaid += usize::from(!dues.overpaid.is_empty());
            let id = Id(due_grant.grant.id.0);
            // What was recorded after the closing opens its months for the next roster.
            let later = due_grant.grant.changes.iter().filter(|change| change.recorded > place.0);
            let later = later.filter_map(|change| due_grant.grant.from(change)).min();
            if let Some(later) = later.filter(|later| *later <= period) {
                month.open.push((id, later));
            }
            if dues.payments.is_empty() {
                if later.is_none() && is_over(&known, period) {
                    month.open.push((id, Month::LAST));
                }
                continue;
            }
            let why = match &due_grant.account {
                None => Some("no_account"),
                Some(account) if account.usable_from > today => Some("account_too_new"),
                Some(_) => None,
            };
            match (why, due_grant.account.clone()) {
                (None, Some(account)) => {
                    let persons = persons(&known, period);
                    let place = (place.1.clone(), due_grant.name.clone(), due_grant.grant.id.0);
                    // As it was known at the closing: what was recorded since is not in this roster.
                    let due = DueGrant { grant: known, ..due_grant };
                    month.lines.push(Line { due, dues, persons, account, place });
                }
                (why, _) => {
                    month.open.retain(|(open, _)| *open != id);
                    month.open.push((id, later.map_or(due_grant.since, |later| later.min(due_grant.since))));
                    let amount_fen = dues.payments.iter().map(|due| due.amount.fen()).sum();
                    let why = why.unwrap_or("no_account").to_owned();
                    let (grant, name) = (id.to_string(), due_grant.name);
                    month.unpaid.push(UnpaidV1 { grant, name, amount_fen, why });
                }
            }
        }
        month.lines.sort_by(|a, b| a.place.cmp(&b.place));
        Ok(month)
    }

    async fn write_month(
        &self,
        order: &Order<'_>,
        work: &mut Work,
        sheaf: &Sheaf<'_>,
        month: Roster,
        ask: DueAsk<'_>,
    ) -> Result<PreparedV1> {
        let id = sheaf.id();
        let (mut payments, mut attempts) = (Vec::new(), Vec::new());
        let mut sums = Sums::default();
        for (line, paid) in (1..).zip(&month.lines) {
            sums.grants += 1;
            sums.persons += i64::from(paid.persons);
            for due in &paid.dues.payments {
                let change = change_of(&paid.due.grant, due)?;
                let cause = match due.identity.cause {
                    Cause::Regular => "regular".to_owned(),
                    Cause::Change(_) => change.to_string(),
                };
                let amount = due.amount;
                sums.add(amount, due.identity.period < sheaf.period)?;
                let grant = Id(paid.due.grant.id.0);
                let key = format!("{grant}:{}:{}:{cause}", due.identity.period, due.identity.component);
                let payment = row_id(id, "payment", &key);
                let row = Record::new(&table::PAYMENT, payment)
                    .with("batch", id)
                    .with("area", paid.due.area)
                    .with("grant_id", grant)
                    .with("payee", Id(due.identity.payee.0))
                    .with("name", paid.due.name.as_str())
                    .with("programme", sheaf.programme)
                    .with("period", stored(due.identity.period))
                    .with("component", due.identity.component.as_str())
                    .with("cause", cause)
                    .with("change_id", change)
                    .with("persons", i64::from(paid.persons))
                    .with("amount_fen", amount.fen())
                    .with("live", 1);
                payments.push(row);
                let at = AttemptAt { batch: id, area: paid.due.area, line, n: 1 };
                attempts.push(at.row(payment, amount, &paid.account));
            }
        }
        let lines = i64::try_from(month.lines.len()).unwrap_or(i64::MAX);
        let row = work.insert(sheaf.row(order, lines, &sums)).await?;
        work.insert_set(&table::PAYMENT, id, payments).await?;
        let root = work.insert_set(&table::PAY_ATTEMPT, id, attempts).await?;
        let row = work.update_if(row.with("root", root.as_str())).await?;
        work.settle_grants(ask, &month.open).await?;
        self.hand(order, work, &row, "prepare").await?;
        let unpaid_count = month.unpaid.len();
        Ok(PreparedV1 {
            batch: id.to_string(),
            number: sheaf.number.to_owned(),
            version: row.version(),
            lines,
            grants: sums.grants,
            persons: sums.persons,
            amount_fen: sums.amount.fen(),
            arrears_fen: sums.arrears.fen(),
            root,
            unpaid_count,
            unpaid: month.unpaid.into_iter().take(MOST_TOLD).collect(),
            overpaid_count: month.overpaid,
        })
    }

    /// Writes down whose hands a batch goes through; the database holds that they are three.
    pub(super) async fn hand(
        &self,
        order: &Order<'_>,
        work: &mut Work,
        batch: &Record,
        class: &str,
    ) -> Result<()> {
        let row = Record::new(&table::BATCH_DUTY, row_id(batch.id(), "batch-duty", class))
            .with("batch", batch.id())
            .with("area", batch.text("area").unwrap_or_default())
            .with("person", Id(order.caller.person.0))
            .with("class", class);
        work.insert(row).await?;
        Ok(())
    }
}

/// A batch about to get its row.
pub(super) struct Sheaf<'a> {
    pub area: Id,
    pub programme: &'a str,
    pub period: Month,
    pub number: &'a str,
    pub kind: &'a str,
    /// The batch whose returned payments it pays again.
    pub of: Option<Id>,
}

impl Sheaf<'_> {
    pub fn id(&self) -> Id {
        row_id(self.area, "batch", self.number)
    }

    pub fn row(&self, order: &Order<'_>, lines: i64, sums: &Sums) -> Record {
        Record::new(&table::BATCH, self.id())
            .with("area", self.area)
            .with("programme", self.programme)
            .with("period", stored(self.period))
            .with("number", self.number)
            .with("kind", self.kind)
            .with("of_batch", self.of)
            .with("state", "prepared")
            .with("lines", lines)
            .with("grants", sums.grants)
            .with("persons", sums.persons)
            .with("amount_fen", sums.amount.fen())
            .with("arrears_fen", sums.arrears.fen())
            .with("returned", 0)
            .with("returned_fen", 0)
            .with("root", "")
            .with("prepared_at", order.now.at)
    }
}

/// Where an attempt stands.
pub(super) struct AttemptAt {
    pub batch: Id,
    pub area: Id,
    pub line: i64,
    pub n: i64,
}

impl AttemptAt {
    pub fn row(&self, payment: Id, amount: Money, account: &DueAccount) -> Record {
        Record::new(&table::PAY_ATTEMPT, row_id(payment, "attempt", &self.n.to_string()))
            .with("batch", self.batch)
            .with("area", self.area)
            .with("payment", payment)
            .with("n", self.n)
            .with("line", self.line)
            .with("account", account.id)
            .with("last_four", account.last_four.as_str())
            .with("amount_fen", amount.fen())
            .with("outcome", "waiting")
            .with("live", 1)
    }
}

/// What a batch comes to.
#[derive(Default)]
pub(super) struct Sums {
    pub grants: i64,
    pub persons: i64,
    pub amount: Money,
    pub arrears: Money,
}

impl Sums {
    pub fn add(&mut self, amount: Money, arrears: bool) -> Result<()> {
        let overflow = || Fault::Broken("a batch beyond all money".into());
        self.amount = self.amount.checked_add(amount).ok_or_else(overflow)?;
        if arrears {
            self.arrears = self.arrears.checked_add(amount).ok_or_else(overflow)?;
        }
        Ok(())
    }
}

/// Whether nothing is owed any more and nothing begins later: the grant is not looked at until something is decided of it.
fn is_over(grant: &Grant, period: Month) -> bool {
    let later = grant.changes.iter().filter_map(|change| grant.from(change)).any(|from| from > period);
    !later && grant.owed(period).is_none()
}

/// For how many persons a grant is paid in a month.
fn persons(grant: &Grant, period: Month) -> u32 {
    let latest = grant.changes.iter().rev().map(|change| change.persons).find(|persons| *persons > 0);
    grant.owed(period).map(|owed| owed.set.persons).or(latest).unwrap_or(0)
}

/// The change a payment hangs on: what makes arrears owed, or what set the month's amount.
fn change_of(grant: &Grant, due: &anmin_ledger::due::Due) -> Result<Id> {
    match due.identity.cause {
        Cause::Change(change) => Ok(Id(change.0)),
        Cause::Regular => {
            let owed = grant.owed(due.identity.period);
            let set = owed.ok_or_else(|| Fault::Broken("a payment without a change".into()))?;
            Ok(Id(set.set.id.0))
        }
    }
}
