//! The product of a month: 发放名册, 增减变动表 and 停发名册, 补发清单, 汇总表, 资金申请.

use super::month_in;
use crate::error::Result;
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_authz::id::AreaId;
use anmin_base::date::Month;
use anmin_base::money::Money;
use anmin_ledger::compare::{Movement, movements};
use anmin_ledger::id::GrantId;
use anmin_ledger::roster::Line;
use anmin_store::{Find, GrantSum, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// A page of a roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RosterPageV1 {
    /// The payments, by their identifiers.
    pub lines: Vec<RosterLineV1>,
    /// The last of them, where there are more: name it as `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A payment in a roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RosterLineV1 {
    /// The payment.
    pub payment: String,
    /// Its line in the bank's file.
    pub line: i64,
    /// The grant.
    pub grant: String,
    /// The payee's name.
    pub name: String,
    /// Where: a village.
    pub area: String,
    /// For how many persons.
    pub persons: i64,
    /// For which month.
    pub period: String,
    /// Which part.
    pub component: String,
    /// Whether it is for an earlier month.
    pub arrears: bool,
    /// How much, in fen.
    pub amount_fen: i64,
    /// The account's last digits.
    pub account: String,
    /// How often it was tried.
    pub attempt: i64,
    /// `waiting`, `paid`, `returned` or `void`.
    pub outcome: String,
    /// Why it came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A change between two months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MovementV1 {
    /// The grant.
    pub grant: String,
    /// The name.
    pub name: String,
    /// Where.
    pub area: String,
    /// Why, coded.
    pub ground: String,
    /// In words.
    pub ground_text: TextV1,
    /// Persons before.
    pub persons_before: u32,
    /// A month's amount before, in fen.
    pub before_fen: i64,
    /// Persons now.
    pub persons_after: u32,
    /// A month's amount now.
    pub after_fen: i64,
    /// The first month it holds.
    pub from: String,
    /// Of who is stopped: the last month paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Arrears of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ArrearV1 {
    /// The grant.
    pub grant: String,
    /// The name.
    pub name: String,
    /// Where.
    pub area: String,
    /// The first month it is for.
    pub from: String,
    /// The last.
    pub to: String,
    /// Why, coded as changes are.
    pub ground: String,
    /// In words.
    pub ground_text: TextV1,
    /// Together, in fen.
    pub amount_fen: i64,
}

/// What a component comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComponentSumV1 {
    /// Where; none: everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// The component.
    pub component: String,
    /// In words.
    pub text: TextV1,
    /// For earlier months.
    pub arrears: bool,
    /// How many payments.
    pub payments: i64,
    /// In fen.
    pub amount_fen: i64,
}

/// 汇总表.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TotalsV1 {
    /// The batch's number.
    pub number: String,
    /// The month.
    pub period: String,
    /// 户.
    pub grants: i64,
    /// 人.
    pub persons: i64,
    /// For the month itself, in fen.
    pub regular_fen: i64,
    /// For earlier months.
    pub arrears_fen: i64,
    /// Together.
    pub amount_fen: i64,
    /// 大写.
    pub amount_capital: String,
    /// By component.
    pub components: Vec<ComponentSumV1>,
    /// By township and component.
    pub places: Vec<ComponentSumV1>,
}

/// 资金申请.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RequestV1 {
    /// What it comes to.
    pub totals: TotalsV1,
    /// The programme, in words.
    pub programme: TextV1,
    /// The fund.
    pub fund: String,
    /// In words.
    pub fund_text: TextV1,
    /// By when people are to be paid.
    pub pay_day: String,
    /// The batch before it, with what it came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<(String, i64)>,
}

/// Payments on a page of a roster.
const PAGE: u32 = 500;

impl Office {
    /// A page of a batch's roster.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn roster(&self, order: &Order<'_>, batch: Id, after: Option<Id>) -> Result<RosterPageV1> {
        let (rows, purpose) = self.money_rows(order)?;
        let store = &self.inner.store;
        let row = store.read_one(&rows, &purpose, order.now.at, &table::BATCH, batch).await?;
        let period = month_in(&row, "period");
        // What is paid again belongs to the batch it was first made in; its attempts are here.
        let mut find = Find::all(&table::PAY_ATTEMPT).equal("batch", batch).limit(PAGE + 1);
        if let Some(after) = after {
            find = find.after_key(None, after);
        }
        let mut attempts = store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        let more = attempts.len() > PAGE as usize;
        attempts.truncate(PAGE as usize);
        let ids: Vec<Id> = attempts.iter().filter_map(|attempt| attempt.link("payment")).collect();
        let find = Find::all(&table::PAYMENT).ids(&ids).limit(PAGE);
        let payments = store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        let payments: HashMap<Id, Record> = payments.into_iter().map(|row| (row.id(), row)).collect();
        let line = |attempt: &Record| {
            let payment = payments.get(&attempt.link("payment")?)?;
            Some(roster_line(payment, attempt, period))
        };
        let after = attempts.last().filter(|_| more).map(|last| last.id().to_string());
        Ok(RosterPageV1 { lines: attempts.iter().filter_map(line).collect(), after })
    }

    /// The payments of one line of a bank's file: the first of the two steps to the article.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn bank_line(&self, order: &Order<'_>, batch: Id, line: i64) -> Result<RosterPageV1> {
        let (rows, purpose) = self.money_rows(order)?;
        let store = &self.inner.store;
        let row = store.read_one(&rows, &purpose, order.now.at, &table::BATCH, batch).await?;
        let period = month_in(&row, "period");
        let find = Find::all(&table::PAY_ATTEMPT).equal("batch", batch).equal("line", line);
        let attempts = store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        let mut lines = Vec::new();
        for attempt in &attempts {
            let Some(payment) = attempt.link("payment") else { continue };
            let payment = store.read_one(&rows, &purpose, order.now.at, &table::PAYMENT, payment).await?;
            lines.push(roster_line(&payment, attempt, period));
        }
        match lines.is_empty() {
            true => Err(crate::error::Refusal::not_found().into()),
            false => Ok(RosterPageV1 { lines, after: None }),
        }
    }

    /// What changed since the month before; with `stops`, only who is not paid any more.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn movements(&self, order: &Order<'_>, batch: Id, stops: bool) -> Result<Vec<MovementV1>> {
        let (rows, purpose) = self.money_rows(order)?;
        let store = &self.inner.store;
        let row = store.read_one(&rows, &purpose, order.now.at, &table::BATCH, batch).await?;
        let period = month_in(&row, "period");
        let after = store.grant_sums(&rows, batch, period).await?;
        let before = match self.batch_before(order, &rows, &purpose, &row).await? {
            Some(earlier) => {
                let period = month_in(&earlier, "period");
                (earlier.id(), store.grant_sums(&rows, earlier.id(), period).await?)
            }
            None => (Id(0), Vec::new()),
        };
        let changed = changed(&before.1, &after);
        let grants = store.grants(&rows, &changed).await?;
        let lines = |sums: &[GrantSum]| sums.iter().map(line).collect::<Vec<_>>();
        let mut found = movements(&lines(&before.1), &lines(&after), &grants, period);
        found.retain(|movement| !stops || movement.stops());
        let ids: Vec<GrantId> = found.iter().map(|movement| movement.grant).collect();
        let names = self.names_of_grants(order, &rows, &purpose, &[batch, before.0], &ids).await?;
        let mut told: Vec<MovementV1> = found.iter().map(|movement| moved(movement, &names)).collect();
        told.sort_by(|a, b| {
            (&a.ground, &a.area, &a.name, &a.grant).cmp(&(&b.ground, &b.area, &b.name, &b.grant))
        });
        Ok(told)
    }

    /// What is paid for earlier months.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn arrears(&self, order: &Order<'_>, batch: Id) -> Result<Vec<ArrearV1>> {
        let (rows, purpose) = self.money_rows(order)?;
        let store = &self.inner.store;
        let row = store.read_one(&rows, &purpose, order.now.at, &table::BATCH, batch).await?;
        let period = month_in(&row, "period");
        let late = Find::all(&table::PAYMENT)
            .equal("batch", batch)
            .at_most("period", super::stored(period) - 1)
            .order("period")
            .limit(100_000);
        let payments = store.read_personal(&rows, &purpose, order.now.at, &late).await?;
        let mut grants: Vec<GrantId> =
            payments.iter().filter_map(|row| row.link("grant_id")).map(|id| GrantId(id.0)).collect();
        grants.sort_unstable();
        grants.dedup();
        let changes = store.grants(&rows, &grants).await?;
        let mut all: BTreeMap<GrantId, ArrearV1> = BTreeMap::new();
        for payment in &payments {
            let Some(id) = payment.link("grant_id") else { continue };
            let month = month_in(payment, "period").to_string();
            let amount = payment.int("amount_fen").unwrap_or(0);
            let entry = all.entry(GrantId(id.0)).or_insert_with(|| {
                let cause = payment.link("change_id").map(|id| id.0);
                let grant = changes.get(&GrantId(id.0));
                let change = grant.and_then(|grant| grant.changes.iter().find(|c| Some(c.id.0) == cause));
                let ground = change.map(|change| change.ground);
                ArrearV1 {
                    grant: id.to_string(),
                    name: payment.text("name").unwrap_or_default().to_owned(),
                    area: payment.text("area").unwrap_or_default().to_owned(),
                    from: month.clone(),
                    to: month.clone(),
                    ground: ground.map_or("", |ground| ground.name()).to_owned(),
                    ground_text: ground.map(words).unwrap_or_default(),
                    amount_fen: 0,
                }
            });
            entry.to = month;
            entry.amount_fen = entry.amount_fen.saturating_add(amount);
        }
        let mut all: Vec<ArrearV1> = all.into_values().collect();
        all.sort_by(|a, b| (&a.area, &a.name, &a.grant).cmp(&(&b.area, &b.name, &b.grant)));
        Ok(all)
    }

    /// What a batch comes to, by component and by township.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn totals(&self, order: &Order<'_>, batch: Id) -> Result<TotalsV1> {
        let (rows, purpose) = self.money_rows(order)?;
        let store = &self.inner.store;
        let row = store.read_one(&rows, &purpose, order.now.at, &table::BATCH, batch).await?;
        let period = month_in(&row, "period");
        let paying = self.sheet_of(
            row.text("programme").unwrap_or_default(),
            row.link("area").unwrap_or(Id(0)),
            order.now.on,
        )?;
        let parts = store.part_sums(&rows, batch, period).await?;
        let rank = |component: &str| paying.sheet.components.iter().position(|known| known.name == component);
        let text = |component: &str| {
            let found = paying.sheet.components.iter().find(|known| known.name == component);
            found.map(|c| TextV1 { zh: c.label.zh.clone(), en: c.label.en.clone() }).unwrap_or_default()
        };
        let (mut whole, mut places) = (BTreeMap::new(), BTreeMap::new());
        let county = row.link("area").unwrap_or(Id(0));
        for part in parts {
            let town = self.township(order, part.area, county);
            let key = (rank(&part.component), part.arrears, part.component.clone());
            for sums in [
                whole.entry((String::new(), key.clone())).or_insert((0, 0)),
                places.entry((town, key)).or_insert((0, 0)),
            ] {
                sums.0 += part.payments;
                sums.1 += part.amount_fen;
            }
        }
        type Key = (String, (Option<usize>, bool, String));
        let told =
            |((place, (_, arrears, component)), (payments, amount_fen)): (Key, (i64, i64))| ComponentSumV1 {
                area: (!place.is_empty()).then_some(place),
                text: text(&component),
                component,
                arrears,
                payments,
                amount_fen,
            };
        let int = |column: &str| row.int(column).unwrap_or(0);
        let amount = int("amount_fen");
        Ok(TotalsV1 {
            number: row.text("number").unwrap_or_default().to_owned(),
            period: period.to_string(),
            grants: int("grants"),
            persons: int("persons"),
            regular_fen: amount - int("arrears_fen"),
            arrears_fen: int("arrears_fen"),
            amount_fen: amount,
            amount_capital: Money::from_fen(amount).uppercase(),
            components: whole.into_iter().map(told).collect(),
            places: places.into_iter().map(told).collect(),
        })
    }

    /// What the treasury is asked for.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn fund_request(&self, order: &Order<'_>, batch: Id) -> Result<RequestV1> {
        let totals = self.totals(order, batch).await?;
        let (rows, purpose) = self.money_rows(order)?;
        let store = &self.inner.store;
        let row = store.read_one(&rows, &purpose, order.now.at, &table::BATCH, batch).await?;
        let area = row.link("area").unwrap_or(Id(0));
        let paying = self.sheet_of(row.text("programme").unwrap_or_default(), area, order.now.on)?;
        let cycle = paying.sheet.on(order.now.on, &paying.chosen).cycle;
        let before = self.batch_before(order, &rows, &purpose, &row).await?;
        let text = |label: &anmin_rules::model::Label| TextV1 { zh: label.zh.clone(), en: label.en.clone() };
        Ok(RequestV1 {
            totals,
            programme: text(&paying.sheet.label),
            fund: paying.sheet.fund.fund.name.clone(),
            fund_text: text(&paying.sheet.fund.label),
            pay_day: cycle.on(month_in(&row, "period"), self.calendar()).pay.to_string(),
            before: before
                .map(|row| (month_in(&row, "period").to_string(), row.int("amount_fen").unwrap_or(0))),
        })
    }

    /// The live regular batch of the latest earlier month.
    async fn batch_before(
        &self,
        order: &Order<'_>,
        rows: &Scope,
        purpose: &str,
        row: &Record,
    ) -> Result<Option<Record>> {
        let find = Find::all(&table::BATCH)
            .equal("area", row.text("area").unwrap_or_default())
            .equal("programme", row.text("programme").unwrap_or_default())
            .equal("kind", "regular")
            .at_most("period", row.int("period").unwrap_or(0) - 1)
            .order("period")
            .descending()
            .limit(100);
        let found = self.inner.store.read_personal(rows, purpose, order.now.at, &find).await?;
        Ok(found.into_iter().find(|row| row.text("state") != Some("voided")))
    }

    /// Names and places of grants, from their payments in these batches.
    async fn names_of_grants(
        &self,
        order: &Order<'_>,
        rows: &Scope,
        purpose: &str,
        batches: &[Id],
        grants: &[GrantId],
    ) -> Result<HashMap<GrantId, (String, String)>> {
        let mut names = HashMap::new();
        for chunk in grants.chunks(500) {
            let ids: Vec<Id> = chunk.iter().map(|grant| Id(grant.0)).collect();
            let find =
                Find::all(&table::PAYMENT).any_of("batch", batches).any_of("grant_id", &ids).limit(20_000);
            for row in self.inner.store.read_personal(rows, purpose, order.now.at, &find).await? {
                let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
                if let Some(grant) = row.link("grant_id") {
                    names.insert(GrantId(grant.0), (text("name"), text("area")));
                }
            }
        }
        Ok(names)
    }

    /// The area below the county that a village lies in.
    pub(super) fn township(&self, order: &Order<'_>, area: Id, county: Id) -> String {
        let rights = self.rights();
        let line: Vec<AreaId> = rights.areas.line(AreaId(area.0), order.now.on).collect();
        let at = line.iter().position(|above| above.0 == county.0);
        let town = at.and_then(|at| at.checked_sub(1)).and_then(|at| line.get(at)).copied();
        Id(town.unwrap_or(AreaId(area.0)).0).to_string()
    }
}

pub(super) fn roster_line(payment: &Record, attempt: &Record, period: Month) -> RosterLineV1 {
    let text = |row: &Record, column: &str| row.text(column).unwrap_or_default().to_owned();
    let int = |row: &Record, column: &str| row.int(column).unwrap_or(0);
    RosterLineV1 {
        payment: payment.id().to_string(),
        line: int(attempt, "line"),
        grant: text(payment, "grant_id"),
        name: text(payment, "name"),
        area: text(payment, "area"),
        persons: int(payment, "persons"),
        period: month_in(payment, "period").to_string(),
        component: text(payment, "component"),
        arrears: month_in(payment, "period") < period,
        amount_fen: int(payment, "amount_fen"),
        account: format!("****{}", text(attempt, "last_four")),
        attempt: int(attempt, "n"),
        outcome: text(attempt, "outcome"),
        reason: attempt.text("reason").map(str::to_owned),
    }
}

fn line(sum: &GrantSum) -> Line {
    Line { grant: sum.grant, persons: sum.persons, regular: sum.regular, arrears: sum.arrears }
}

/// The grants whose own month is not what it was.
fn changed(before: &[GrantSum], after: &[GrantSum]) -> Vec<GrantId> {
    let side = |sums: &[GrantSum]| -> HashMap<GrantId, (Money, u32)> {
        sums.iter().map(|sum| (sum.grant, (sum.regular, sum.persons))).collect()
    };
    let (before, after) = (side(before), side(after));
    let mut all: Vec<GrantId> = before.keys().chain(after.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.retain(|grant| before.get(grant) != after.get(grant));
    all
}

fn words(ground: anmin_ledger::grant::Ground) -> TextV1 {
    TextV1 { zh: ground.zh().into(), en: ground.en().into() }
}

fn moved(movement: &Movement, names: &HashMap<GrantId, (String, String)>) -> MovementV1 {
    let (name, area) = names.get(&movement.grant).cloned().unwrap_or_default();
    let side = |side: Option<(Money, u32)>| side.map_or((0, 0), |(amount, persons)| (amount.fen(), persons));
    let ((before_fen, persons_before), (after_fen, persons_after)) =
        (side(movement.before), side(movement.after));
    MovementV1 {
        grant: Id(movement.grant.0).to_string(),
        name,
        area,
        ground: movement.ground.name().to_owned(),
        ground_text: words(movement.ground),
        persons_before,
        before_fen,
        persons_after,
        after_fen,
        from: movement.from.to_string(),
        to: movement.to.map(|to| to.to_string()),
    }
}
