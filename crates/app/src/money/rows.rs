//! The roster of a batch as people read it: a row a line of the bank's file, in their order, some lines at a time.

use super::lists::RosterLineV1;
use super::month_in;
use crate::error::Result;
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_authz::id::AreaId;
use anmin_store::{Find, Id, Record, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Some rows of a roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RosterRowsV1 {
    /// What the parts of a month are called, in their order.
    pub components: Vec<TextV1>,
    /// The rows, by line.
    pub rows: Vec<RosterRowV1>,
    /// How many lines the batch has.
    pub lines: i64,
    /// The first line of the next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// A row of a roster: who, and what for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RosterRowV1 {
    /// The line of the bank's file.
    pub line: i64,
    /// Where: a village.
    pub area_name: String,
    /// The payee's name.
    pub name: String,
    /// For how many persons.
    pub persons: i64,
    /// The month's own parts, in the order of the components, in fen.
    pub parts: Vec<i64>,
    /// For earlier months.
    pub arrears_fen: i64,
    /// Together.
    pub amount_fen: i64,
    /// The account's last digits.
    pub account: String,
    /// `waiting`, `paid`, `returned` or `void`.
    pub outcome: String,
    /// Why it came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Lines on a page.
const PAGE: i64 = 100;
/// Payments of so many lines at most: arrears of years among them.
const MOST: u32 = 20_000;
/// Rows of one read by their names.
const CHUNK: usize = 500;

impl Office {
    /// A hundred rows of a batch's roster, from a line on.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn roster_rows(&self, order: &Order<'_>, batch: Id, first: i64) -> Result<RosterRowsV1> {
        let (scope, purpose) = self.money_rows(order)?;
        let (store, at) = (&self.inner.store, order.now.at);
        let row = store.read_one(&scope, &purpose, at, &table::BATCH, batch).await?;
        let (period, area) = (month_in(&row, "period"), row.link("area").unwrap_or(Id(0)));
        let paying = self.sheet_of(row.text("programme").unwrap_or_default(), area, order.now.on)?;
        let first = first.max(1);
        let find = Find::all(&table::PAY_ATTEMPT)
            .equal("batch", batch)
            .at_least("line", first)
            .at_most("line", first + PAGE - 1)
            .limit(MOST);
        let attempts = store.read_personal(&scope, &purpose, at, &find).await?;
        let ids: Vec<Id> = attempts.iter().filter_map(|attempt| attempt.link("payment")).collect();
        let mut payments: HashMap<Id, Record> = HashMap::new();
        for some in ids.chunks(CHUNK) {
            let find = Find::all(&table::PAYMENT).ids(some).limit(u32::try_from(CHUNK).unwrap_or(1));
            let found = store.read_personal(&scope, &purpose, at, &find).await?;
            payments.extend(found.into_iter().map(|row| (row.id(), row)));
        }
        let mut lines: BTreeMap<i64, Vec<RosterLineV1>> = BTreeMap::new();
        for attempt in &attempts {
            if let Some(payment) = attempt.link("payment").and_then(|id| payments.get(&id)) {
                let line = super::lists::roster_line(payment, attempt, period);
                lines.entry(line.line).or_default().push(line);
            }
        }
        let names: Vec<&str> = paying.sheet.components.iter().map(|c| c.name.as_str()).collect();
        let all = row.int("lines").unwrap_or(0);
        Ok(RosterRowsV1 {
            components: paying
                .sheet
                .components
                .iter()
                .map(|c| TextV1 { zh: c.label.zh.clone(), en: c.label.en.clone() })
                .collect(),
            rows: lines.values().filter_map(|line| self.roster_row(&names, line)).collect(),
            lines: all,
            next: Some(first + PAGE).filter(|next| *next <= all),
        })
    }

    fn roster_row(&self, components: &[&str], lines: &[RosterLineV1]) -> Option<RosterRowV1> {
        let head = lines.first()?;
        let sum = |fits: &dyn Fn(&RosterLineV1) -> bool| -> i64 {
            lines.iter().filter(|line| fits(line)).map(|line| line.amount_fen).sum()
        };
        let area = Id::parse(&head.area).unwrap_or(Id(0));
        Some(RosterRowV1 {
            line: head.line,
            area_name: self.rights().area_name(AreaId(area.0)).to_owned(),
            name: head.name.clone(),
            persons: head.persons,
            parts: components
                .iter()
                .map(|name| sum(&|line| !line.arrears && line.component == *name))
                .collect(),
            arrears_fen: sum(&|line| line.arrears),
            amount_fen: sum(&|_| true),
            account: head.account.clone(),
            outcome: head.outcome.clone(),
            reason: head.reason.clone(),
        })
    }
}
