//! Sums of a batch, and what was decided of grants: numbers without names, for totals and for comparing months.

use super::due::{Parts, change, components, id};
use crate::db::Bind;
use crate::error::Result;
use crate::id::Id;
use crate::scope::{Scope, Use};
use crate::store::Store;
use crate::table;
use anmin_base::date::Month;
use anmin_base::money::Money;
use anmin_ledger::grant::Grant;
use anmin_ledger::id::{GrantId, PersonId};
use sqlx::Row;
use std::collections::BTreeMap;

/// What a grant gets in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantSum {
    /// The grant.
    pub grant: GrantId,
    /// Where.
    pub area: Id,
    /// For how many persons.
    pub persons: u32,
    /// For the month itself.
    pub regular: Money,
    /// For earlier months.
    pub arrears: Money,
}

/// What a component comes to in an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartSum {
    /// Where.
    pub area: Id,
    /// The component.
    pub component: String,
    /// Whether for earlier months.
    pub arrears: bool,
    /// How many payments.
    pub payments: i64,
    /// Together.
    pub amount_fen: i64,
}

/// Grants asked for at a time.
const CHUNK: usize = 500;

impl Store {
    /// What each grant gets in a batch, by their identifiers. Nobody is named.
    ///
    /// # Errors
    /// A fault.
    pub async fn grant_sums(&self, scope: &Scope, batch: Id, period: Month) -> Result<Vec<GrantSum>> {
        let mut binds = vec![Bind::text(batch), Bind::int(i64::from(period.number()))];
        let reach = scope.predicate(&table::PAYMENT, Use::Count, &mut binds);
        let sum = |which: &str| {
            format!(
                "CAST(COALESCE(SUM(CASE WHEN t.period {which} $2 THEN t.amount_fen ELSE 0 END), 0) AS BIGINT)"
            )
        };
        let sql = format!(
            "SELECT t.grant_id, MIN(t.area), MAX(t.persons), {}, {} FROM payment t WHERE t.batch = $1 AND {reach} \
             GROUP BY t.grant_id ORDER BY t.grant_id",
            sum("="),
            sum("<")
        );
        let mut sums = Vec::new();
        for row in &self.inner.db.scoped_rows(sql, binds).await? {
            let persons: i64 = row.try_get(2)?;
            sums.push(GrantSum {
                grant: GrantId(id(row, 0)?.0),
                area: id(row, 1)?,
                persons: u32::try_from(persons).unwrap_or(0),
                regular: Money::from_fen(row.try_get(3)?),
                arrears: Money::from_fen(row.try_get(4)?),
            });
        }
        Ok(sums)
    }

    /// What each component of a batch comes to, by area: of one that pays again, what is on its way in it. Nobody is named.
    ///
    /// # Errors
    /// A fault.
    pub async fn part_sums(&self, scope: &Scope, batch: Id, period: Month) -> Result<Vec<PartSum>> {
        let mut binds = vec![Bind::text(batch), Bind::int(i64::from(period.number()))];
        let reach = scope.predicate(&table::PAYMENT, Use::Count, &mut binds);
        let sql = format!(
            "SELECT t.area, t.component, CAST(CASE WHEN t.period < $2 THEN 1 ELSE 0 END AS BIGINT) AS late, COUNT(*), \
             CAST(SUM(t.amount_fen) AS BIGINT) FROM payment t JOIN pay_attempt w ON w.payment = t.id \
             WHERE w.batch = $1 AND {reach} GROUP BY t.area, t.component, 3 ORDER BY t.area, t.component, 3"
        );
        let mut sums = Vec::new();
        for row in &self.inner.db.scoped_rows(sql, binds).await? {
            let late: i64 = row.try_get(2)?;
            sums.push(PartSum {
                area: id(row, 0)?,
                component: row.try_get(1)?,
                arrears: late == 1,
                payments: row.try_get(3)?,
                amount_fen: row.try_get(4)?,
            });
        }
        Ok(sums)
    }

    /// What was decided of these grants, of those whose money is within the scope. Nobody is named.
    ///
    /// # Errors
    /// A fault.
    pub async fn grants(&self, scope: &Scope, ids: &[GrantId]) -> Result<BTreeMap<GrantId, Grant>> {
        let mut grants = BTreeMap::new();
        for chunk in ids.chunks(CHUNK) {
            let mut binds: Vec<Bind> = chunk.iter().map(|id| Bind::text(Id(id.0))).collect();
            let marks: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
            let of = format!("t.id IN ({})", marks.join(", "));
            let reach = scope.predicate(&table::BATCH, Use::Count, &mut binds);
            let sql = format!("SELECT t.id, t.payee, t.programme FROM grant_file t WHERE {of} AND {reach}");
            for row in &self.inner.db.scoped_rows(sql, binds).await? {
                let found = GrantId(id(row, 0)?.0);
                let (payee, programme) = (PersonId(id(row, 1)?.0), row.try_get(2)?);
                grants.insert(found, Grant { id: found, payee, programme, changes: Vec::new() });
            }
            let binds = || chunk.iter().map(|id| Bind::text(Id(id.0))).collect();
            let of = of.replacen("t.id", "c.grant_id", 1);
            let sql = format!(
                "SELECT p.change_id, p.component, p.monthly_fen, p.first_fen FROM grant_component p \
                 JOIN grant_change c ON c.id = p.change_id WHERE {of}"
            );
            let mut parts: Parts = components(&self.inner.db.rows(sql, binds()).await?)?;
            let sql = format!(
                "SELECT c.id, c.grant_id, c.decision, c.does, c.ground, c.from_month, c.persons, c.undoes, \
                 c.recorded_at FROM grant_change c WHERE {of} ORDER BY c.grant_id, c.seq"
            );
            for row in &self.inner.db.rows(sql, binds()).await? {
                let (of, change) = change(row, &mut parts)?;
                if let Some(grant) = grants.get_mut(&of) {
                    grant.changes.push(change);
                }
            }
        }
        Ok(grants)
    }
}
