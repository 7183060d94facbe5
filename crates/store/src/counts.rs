//! What the page of a county counts: sums worked out by the database, of the cases within a scope. Nobody is named, so
//! nothing is logged; small numbers are for the caller to suppress.

use crate::db::Bind;
use crate::error::{Fault, Result};
use crate::id::Id;
use crate::scope::{Scope, Use};
use crate::store::Store;
use crate::table;
use anmin_base::date::{Date, Month};
use sqlx::Row;
use sqlx::any::AnyRow;

/// Cases of one area, service, state and mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseCount {
    /// Where.
    pub area: Id,
    /// The service pack.
    pub pack: String,
    /// The state.
    pub state: String,
    /// 0 green, 1 amber, 2 red, 3 overdue.
    pub mark: i64,
    /// How many.
    pub cases: i64,
}

/// Grants of one area and programme that are in force in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Force {
    /// Where.
    pub area: Id,
    /// The programme.
    pub programme: String,
    /// How many grants.
    pub grants: i64,
    /// For how many persons.
    pub persons: i64,
    /// What a month of them is worth, in fen.
    pub monthly_fen: i64,
}

/// Money of one area that the bank says has arrived, of the batches of one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaMoney {
    /// Where.
    pub area: Id,
    /// The month of the batch.
    pub month: Month,
    /// How many grants were paid.
    pub grants: i64,
    /// Together, in fen.
    pub amount_fen: i64,
}

/// Refusals of one area that have taken effect, by the article they rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalCount {
    /// Where.
    pub area: Id,
    /// The service pack.
    pub pack: String,
    /// The document and article; several are set apart by `；`.
    pub article: String,
    /// How many.
    pub cases: i64,
}

fn area(row: &AnyRow, at: usize) -> Result<Id> {
    let text: String = row.try_get(at)?;
    Ok(Id::parse(&text).ok_or_else(|| Fault::Corrupt(format!("area {text}")))?)
}

impl Store {
    /// The cases within a scope, counted. The scope is judged once for each case, whatever is then joined to it.
    fn reached(scope: &Scope, binds: &mut Vec<Bind>) -> String {
        let reach = scope.predicate(&table::CASE_FILE, Use::Count, binds);
        format!(
            "WITH reached AS MATERIALIZED (SELECT t.id AS case_id, t.area AS area, t.pack AS pack FROM case_file t \
             WHERE {reach})"
        )
    }

    /// The cases within a scope by area, service, state and mark.
    ///
    /// # Errors
    /// A fault.
    pub async fn case_counts(&self, scope: &Scope) -> Result<Vec<CaseCount>> {
        let mut binds = Vec::new();
        let reach = scope.predicate(&table::CASE_FILE, Use::Count, &mut binds);
        let sql = format!(
            "SELECT t.area, t.pack, t.state, t.mark, COUNT(*) FROM case_file t WHERE {reach} \
             GROUP BY t.area, t.pack, t.state, t.mark ORDER BY t.area, t.pack, t.state, t.mark"
        );
        let mut counts = Vec::new();
        for row in &self.inner.db.scoped_rows(sql, binds).await? {
            counts.push(CaseCount {
                area: area(row, 0)?,
                pack: row.try_get(1)?,
                state: row.try_get(2)?,
                mark: row.try_get(3)?,
                cases: row.try_get(4)?,
            });
        }
        Ok(counts)
    }

    /// The grants of the cases within a scope that are in force in a month, as known now: what was decided last of those
    /// changes that hold by then and were not undone.
    ///
    /// # Errors
    /// A fault.
    pub async fn grants_by_area(&self, scope: &Scope, month: Month) -> Result<Vec<Force>> {
        let mut binds = vec![Bind::int(i64::from(month.number()))];
        let reached = Store::reached(scope, &mut binds);
        let sql = format!(
            "{reached}, newest AS (SELECT c.id, c.grant_id, c.persons, c.does, ROW_NUMBER() OVER \
             (PARTITION BY c.grant_id ORDER BY c.seq DESC) AS place FROM grant_change c \
             WHERE c.from_month <= $1 AND NOT EXISTS (SELECT 1 FROM grant_change u WHERE u.grant_id = c.grant_id \
             AND u.undoes = c.id)), \
             held AS (SELECT r.area, g.programme, l.persons, (SELECT COALESCE(SUM(p.monthly_fen), 0) \
             FROM grant_component p WHERE p.change_id = l.id) AS fen FROM reached r \
             JOIN grant_file g ON g.case_id = r.case_id JOIN newest l ON l.grant_id = g.id \
             WHERE l.place = 1 AND l.does = 'set') \
             SELECT area, programme, COUNT(*), CAST(SUM(persons) AS BIGINT), CAST(SUM(fen) AS BIGINT) FROM held \
             GROUP BY area, programme ORDER BY area, programme"
        );
        let mut all = Vec::new();
        for row in &self.inner.db.scoped_rows(sql, binds).await? {
            all.push(Force {
                area: area(row, 0)?,
                programme: row.try_get(1)?,
                grants: row.try_get(2)?,
                persons: row.try_get(3)?,
                monthly_fen: row.try_get(4)?,
            });
        }
        Ok(all)
    }

    /// What was posted in the ledger to the people of the cases within a scope, by area and month of the batch.
    ///
    /// # Errors
    /// A fault.
    pub async fn paid_by_area(&self, scope: &Scope, from: Month, to: Month) -> Result<Vec<AreaMoney>> {
        let mut binds = vec![Bind::int(i64::from(from.number())), Bind::int(i64::from(to.number()))];
        let reached = Store::reached(scope, &mut binds);
        // First by grant: a case is joined once a month, however many parts it was paid in.
        let sql = format!(
            "{reached}, posted AS (SELECT p.grant_id, b.period, SUM(e.amount_fen) AS fen FROM batch b \
             JOIN entry e ON e.batch = b.id AND e.stage = 'post' AND e.payment IS NOT NULL \
             JOIN payment p ON p.id = e.payment WHERE b.period >= $1 AND b.period <= $2 \
             GROUP BY p.grant_id, b.period) \
             SELECT r.area, o.period, COUNT(*), CAST(SUM(o.fen) AS BIGINT) FROM posted o \
             JOIN grant_file g ON g.id = o.grant_id JOIN reached r ON r.case_id = g.case_id \
             GROUP BY r.area, o.period ORDER BY r.area, o.period"
        );
        let mut all = Vec::new();
        for row in &self.inner.db.scoped_rows(sql, binds).await? {
            let number: i64 = row.try_get(1)?;
            let month = i32::try_from(number).ok().and_then(Month::from_number);
            all.push(AreaMoney {
                area: area(row, 0)?,
                month: month.ok_or_else(|| Fault::Corrupt(format!("month {number}")))?,
                grants: row.try_get(2)?,
                amount_fen: row.try_get(3)?,
            });
        }
        Ok(all)
    }

    /// The refusals of the cases within a scope that took effect in these days, by area and the article they rest on.
    ///
    /// # Errors
    /// A fault.
    pub async fn refusals_by_area(&self, scope: &Scope, from: Date, to: Date) -> Result<Vec<RefusalCount>> {
        let mut binds = vec![Bind::int(i64::from(from.days())), Bind::int(i64::from(to.days()))];
        let reached = Store::reached(scope, &mut binds);
        let sql = format!(
            "{reached} SELECT r.area, r.pack, COALESCE(e.article, ''), COUNT(*) FROM effect e \
             JOIN reached r ON r.case_id = e.case_id WHERE e.kind = 'refuse' AND e.takes_effect_on >= $1 \
             AND e.takes_effect_on <= $2 GROUP BY r.area, r.pack, COALESCE(e.article, '') ORDER BY 1, 2, 3"
        );
        let mut all = Vec::new();
        for row in &self.inner.db.scoped_rows(sql, binds).await? {
            all.push(RefusalCount {
                area: area(row, 0)?,
                pack: row.try_get(1)?,
                article: row.try_get(2)?,
                cases: row.try_get(3)?,
            });
        }
        Ok(all)
    }
}
