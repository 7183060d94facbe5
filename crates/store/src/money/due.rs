//! What the roster of a month is made from: grants that are not settled, with what was decided of them, what was paid since,
//! and the account their money goes to.

use crate::db::{Bind, all};
use crate::error::{Fault, Result};
use crate::id::{Id, Moment};
use crate::table;
use crate::write::Work;
use anmin_base::date::Month;
use anmin_base::money::Money;
use anmin_ledger::due::{Cause, Earlier};
use anmin_ledger::grant::{Amounts, Change, Does, Grant, Ground};
use anmin_ledger::id::{ChangeId, DecisionId, GrantId, PersonId};
use sqlx::Row;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// Whose grants are asked for.
#[derive(Clone, Copy, Debug)]
pub struct DueAsk<'a> {
    /// The area, with all below it.
    pub area: Id,
    /// The programme.
    pub programme: &'a str,
    /// The month.
    pub period: Month,
}

/// A grant that is not settled.
#[derive(Clone, Debug)]
pub struct DueGrant {
    /// The grant, with everything decided of it.
    pub grant: Grant,
    /// Where it is: a village.
    pub area: Id,
    /// The payee's name.
    pub name: String,
    /// From which month on it is not settled.
    pub since: Month,
    /// What was paid for the months from there.
    pub earlier: Vec<Earlier>,
    /// The account, if one is confirmed.
    pub account: Option<DueAccount>,
}

/// The account somebody's money goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueAccount {
    /// It.
    pub id: Id,
    /// The first day on which it may be used.
    pub usable_from: i64,
    /// Its last four digits.
    pub last_four: String,
}

/// The account in a row that may have none: identifier, first day, last digits.
pub(super) fn account(row: &AnyRow, at: usize) -> Result<Option<DueAccount>> {
    let (id, usable): (Option<String>, Option<i64>) = (row.try_get(at)?, row.try_get(at + 1)?);
    let last: Option<String> = row.try_get(at + 2)?;
    let found = id.as_deref().and_then(Id::parse).zip(usable).zip(last);
    Ok(found.map(|((id, usable_from), last_four)| DueAccount { id, usable_from, last_four }))
}

impl Work {
    /// The grants that are not settled up to a month, in the order of their identifiers.
    ///
    /// # Errors
    /// The area is outside the scope; or a fault.
    pub async fn due_grants(&mut self, ask: DueAsk<'_>) -> Result<Vec<DueGrant>> {
        self.reach_area(ask.area).await?;
        let period = i64::from(ask.period.number());
        let on = i64::from(self.scope().on().days());
        let binds =
            || vec![Bind::text(ask.programme), Bind::int(period), Bind::text(ask.area), Bind::int(on)];
        let sql = format!(
            "SELECT g.id, g.area, g.payee, g.name, o.since, a.id, a.usable_from, a.last_four FROM {DUE} \
             LEFT JOIN payee_account a ON a.person = g.payee AND a.state = 'confirmed' WHERE {WHERE} ORDER BY g.id"
        );
        let rows = all(self.tx()?, &sql, binds()).await?;
        let mut grants = Vec::with_capacity(rows.len());
        let mut places = HashMap::with_capacity(rows.len());
        for row in &rows {
            let found = grant(row, ask.programme)?;
            places.insert(found.grant.id, grants.len());
            grants.push(found);
        }
        let sql = format!(
            "SELECT c.id, c.grant_id, c.decision, c.does, c.ground, c.from_month, c.persons, c.undoes, c.recorded_at \
             FROM {DUE} JOIN grant_change c ON c.grant_id = g.id WHERE {WHERE} ORDER BY c.grant_id, c.seq"
        );
        let changes = all(self.tx()?, &sql, binds()).await?;
        let sql = format!(
            "SELECT p.change_id, p.component, p.monthly_fen, p.first_fen FROM {DUE} \
             JOIN grant_change c ON c.grant_id = g.id JOIN grant_component p ON p.change_id = c.id WHERE {WHERE}"
        );
        let mut parts = components(&all(self.tx()?, &sql, binds()).await?)?;
        for row in &changes {
            let (of, change) = change(row, &mut parts)?;
            if let Some(&at) = places.get(&of) {
                grants[at].grant.changes.push(change);
            }
        }
        let sql = format!(
            "SELECT p.grant_id, p.period, p.component, p.cause, p.amount_fen FROM {DUE} JOIN payment p \
             ON p.grant_id = g.id AND p.live = 1 AND p.period >= o.since AND p.period <= $2 WHERE {WHERE}"
        );
        for row in &all(self.tx()?, &sql, binds()).await? {
            let (of, earlier) = earlier(row)?;
            if let Some(&at) = places.get(&of) {
                grants[at].earlier.push(earlier);
            }
        }
        crate::fault!("due.read");
        Ok(grants)
    }

    /// A grant is not settled from a month on: something was decided of it.
    ///
    /// # Errors
    /// A fault.
    pub async fn open_grant(&mut self, grant: Id, from: Month) -> Result<()> {
        let sql = "INSERT INTO grant_open (grant_id, since) VALUES ($1, $2) ON CONFLICT (grant_id) DO UPDATE \
                   SET since = CASE WHEN grant_open.since < $2 THEN grant_open.since ELSE $2 END";
        self.run(sql, vec![Bind::text(grant), Bind::int(i64::from(from.number()))]).await?;
        Ok(())
    }

    /// What is paid in a month's roster is settled; these grants are so only up to their own month.
    ///
    /// # Errors
    /// A fault.
    pub async fn settle_grants(&mut self, ask: DueAsk<'_>, but: &[(Id, Month)]) -> Result<()> {
        let (period, on) = (i64::from(ask.period.number()), i64::from(self.scope().on().days()));
        let sql = format!(
            "UPDATE grant_open SET since = $2 + 1 WHERE since <= $2 AND grant_id IN \
             (SELECT g.id FROM grant_file g WHERE g.programme = $1 AND {AREA})"
        );
        let binds = vec![Bind::text(ask.programme), Bind::int(period), Bind::text(ask.area), Bind::int(on)];
        self.run(&sql, binds).await?;
        for (grant, since) in but {
            let sql = "UPDATE grant_open SET since = $2 WHERE grant_id = $1";
            self.run(sql, vec![Bind::text(*grant), Bind::int(i64::from(since.number()))]).await?;
        }
        crate::fault!("grants.settled");
        Ok(())
    }
}

const DUE: &str = "grant_file g JOIN grant_open o ON o.grant_id = g.id";
const WHERE: &str = "g.programme = $1 AND o.since <= $2 AND g.area IN (SELECT n.area FROM area_anc n \
                     WHERE n.ancestor = $3 AND n.valid_from <= $4 AND (n.valid_to IS NULL OR n.valid_to >= $4))";
const AREA: &str = "g.area IN (SELECT n.area FROM area_anc n WHERE n.ancestor = $3 AND n.valid_from <= $4 \
                    AND (n.valid_to IS NULL OR n.valid_to >= $4))";

pub(super) fn id(row: &AnyRow, at: usize) -> Result<Id> {
    let text: String = row.try_get(at)?;
    Id::parse(&text).ok_or_else(|| Fault::Corrupt(format!("identifier {text}")).into())
}

pub(super) fn month(row: &AnyRow, at: usize) -> Result<Month> {
    let number: i64 = row.try_get(at)?;
    let found = i32::try_from(number).ok().and_then(Month::from_number);
    found.ok_or_else(|| Fault::Corrupt(format!("month {number}")).into())
}

fn grant(row: &AnyRow, programme: &str) -> Result<DueGrant> {
    let id = GrantId(id(row, 0)?.0);
    let payee = PersonId(self::id(row, 2)?.0);
    Ok(DueGrant {
        grant: Grant { id, payee, programme: programme.into(), changes: Vec::new() },
        area: self::id(row, 1)?,
        name: row.try_get(3)?,
        since: month(row, 4)?,
        earlier: Vec::new(),
        account: account(row, 5)?,
    })
}

/// By change: component, a month's worth, the first month's.
pub(super) type Parts = HashMap<String, Vec<(String, i64, Option<i64>)>>;

pub(super) fn components(rows: &[AnyRow]) -> Result<Parts> {
    let mut parts = Parts::new();
    for row in rows {
        let change: String = row.try_get(0)?;
        parts.entry(change).or_default().push((row.try_get(1)?, row.try_get(2)?, row.try_get(3)?));
    }
    Ok(parts)
}

pub(super) fn change(row: &AnyRow, parts: &mut Parts) -> Result<(GrantId, Change)> {
    let corrupt = |what: &str| Fault::Corrupt(format!("a change of a grant: {what}"));
    let (text, does, ground): (String, String, String) = (row.try_get(0)?, row.try_get(3)?, row.try_get(4)?);
    let does = match does.as_str() {
        "set" => {
            let parts = parts.remove(&text).unwrap_or_default();
            let whole = parts.iter().map(|(name, fen, _)| (name.clone(), Money::from_fen(*fen))).collect();
            let short = parts.iter().any(|(.., first)| first.is_some());
            let first =
                parts.into_iter().map(|(name, fen, first)| (name, Money::from_fen(first.unwrap_or(fen))));
            let first = short.then(|| Amounts::new(first.collect()).ok_or_else(|| corrupt("amounts")));
            let amounts = Amounts::new(whole).ok_or_else(|| corrupt("amounts"))?;
            Does::Set { from: month(row, 5)?, amounts, first: first.transpose()? }
        }
        "end" => Does::End { from: month(row, 5)? },
        _ => Does::Undo { of: ChangeId(id(row, 7)?.0) },
    };
    let persons: i64 = row.try_get(6)?;
    let recorded: Moment = Moment(row.try_get(8)?);
    let change = Change {
        id: ChangeId(id(row, 0)?.0),
        decision: DecisionId(id(row, 2)?.0),
        recorded: recorded.0,
        ground: Ground::named(&ground).ok_or_else(|| corrupt("ground"))?,
        persons: u32::try_from(persons).unwrap_or(0),
        does,
    };
    Ok((GrantId(id(row, 1)?.0), change))
}

fn earlier(row: &AnyRow) -> Result<(GrantId, Earlier)> {
    let cause: String = row.try_get(3)?;
    let cause = match Id::parse(&cause) {
        Some(change) => Cause::Change(ChangeId(change.0)),
        None => Cause::Regular,
    };
    let earlier = Earlier {
        period: month(row, 1)?,
        component: row.try_get(2)?,
        cause,
        amount: Money::from_fen(row.try_get(4)?),
    };
    Ok((GrantId(id(row, 0)?.0), earlier))
}

/// The tables these statements read, so that a change of one is found here.
const _: [&table::Table; 4] =
    [&table::GRANT_FILE, &table::GRANT_CHANGE, &table::GRANT_COMPONENT, &table::PAYEE_ACCOUNT];
