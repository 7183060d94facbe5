//! The lines of a batch as the bank sees them: one a payee, with the account opened; and what a batch adds up to.

use super::due::{DueAccount, account, id};
use crate::db::{Bind, all, one};
use crate::error::{Fault, Result};
use crate::id::Id;
use crate::record::Secret;
use crate::table;
use crate::write::Work;
use sqlx::Row;
use std::collections::HashMap;

/// A line of the bank's file: what one payee gets in a batch.
#[derive(Clone, Debug)]
pub struct BankLine {
    /// Its number, from 1.
    pub line: i64,
    /// The account it goes to.
    pub account: Id,
    /// What is sealed of the account: whose, which, where.
    pub sealed: Secret,
    /// Who is paid.
    pub payee: Id,
    /// Their name.
    pub name: String,
    /// The first of its payments.
    pub payment: Id,
    /// Together.
    pub amount_fen: i64,
    /// Whether it waits for the bank's answer.
    pub waits: bool,
}

/// What a batch adds up to, counted anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchSum {
    /// Lines of the bank's file.
    pub lines: i64,
    /// Together.
    pub amount_fen: i64,
    /// The root over its attempts: payment, account, line and amount of each.
    pub root: String,
}

/// A payment that came back and has no attempt under way.
#[derive(Clone, Debug)]
pub struct CameBack {
    /// The payment.
    pub payment: Id,
    /// Its grant.
    pub grant: Id,
    /// Where.
    pub area: Id,
    /// The payee's name.
    pub name: String,
    /// How much.
    pub amount_fen: i64,
    /// For how many persons.
    pub persons: i64,
    /// The number of the attempt that came back.
    pub n: i64,
    /// The line it stood in.
    pub line: i64,
    /// The account it was sent to.
    pub old: Id,
    /// Why it came back.
    pub reason: String,
    /// The account that is confirmed now.
    pub account: Option<DueAccount>,
}

impl Work {
    /// What came back of a batch and is on no way yet, in the order of its lines.
    ///
    /// # Errors
    /// A fault.
    pub async fn came_back(&mut self, batch: Id) -> Result<Vec<CameBack>> {
        let sql = "SELECT p.id, p.grant_id, p.area, p.name, p.amount_fen, p.persons, t.n, t.line, t.account, t.reason, \
                   a.id, a.usable_from, a.last_four FROM pay_attempt t JOIN payment p ON p.id = t.payment \
                   LEFT JOIN payee_account a ON a.person = p.payee AND a.state = 'confirmed' \
                   WHERE t.batch = $1 AND t.outcome = 'returned' AND p.live = 1 AND NOT EXISTS (SELECT 1 \
                   FROM pay_attempt l WHERE l.payment = p.id AND l.live = 1) ORDER BY t.line, p.id";
        let mut all_back = Vec::new();
        for row in &all(self.tx()?, sql, vec![Bind::text(batch)]).await? {
            all_back.push(CameBack {
                payment: id(row, 0)?,
                grant: id(row, 1)?,
                area: id(row, 2)?,
                name: row.try_get(3)?,
                amount_fen: row.try_get(4)?,
                persons: row.try_get(5)?,
                n: row.try_get(6)?,
                line: row.try_get(7)?,
                old: id(row, 8)?,
                reason: row.try_get(9)?,
                account: account(row, 10)?,
            });
        }
        Ok(all_back)
    }

    /// What a batch adds up to now: counted, not remembered.
    ///
    /// # Errors
    /// A fault.
    pub async fn batch_sum(&mut self, batch: Id) -> Result<BatchSum> {
        let sql = "SELECT COUNT(DISTINCT line), CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM pay_attempt \
                   WHERE batch = $1";
        let row = one(self.tx()?, sql, vec![Bind::text(batch)]).await?;
        let row = row.ok_or_else(|| Fault::Corrupt("a sum without a row".into()))?;
        let (lines, amount_fen) = (row.try_get(0)?, row.try_get(1)?);
        let (_, root) = self.set_now(&table::PAY_ATTEMPT, batch, false).await?;
        Ok(BatchSum { lines, amount_fen, root })
    }

    /// The lines of a batch, in their order. Accounts are opened: for the bank's file and its answer.
    ///
    /// # Errors
    /// The batch is outside the scope; or a fault.
    pub async fn bank_lines(&mut self, batch: Id) -> Result<Vec<BankLine>> {
        self.load(&table::BATCH, batch).await?;
        let sql = "SELECT DISTINCT a.id, a.payload FROM pay_attempt t JOIN payee_account a ON a.id = t.account \
                   WHERE t.batch = $1";
        let store = self.store().clone();
        let mut sealed = HashMap::new();
        for row in &all(self.tx()?, sql, vec![Bind::text(batch)]).await? {
            let (account, payload): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            let place = store.data_keys.place(table::PAYEE_ACCOUNT.name, "payload", &account);
            sealed.insert(account, store.data_keys.open(&place, &payload)?);
        }
        let sql = "SELECT t.line, t.account, p.payee, p.name, t.payment, t.amount_fen, t.outcome FROM pay_attempt t \
                   JOIN payment p ON p.id = t.payment WHERE t.batch = $1 ORDER BY t.line, t.id";
        let mut lines: Vec<BankLine> = Vec::new();
        for row in &all(self.tx()?, sql, vec![Bind::text(batch)]).await? {
            let (line, account, amount_fen): (i64, String, i64) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(5)?);
            if let Some(last) = lines.last_mut().filter(|last| last.line == line) {
                last.amount_fen = last.amount_fen.saturating_add(amount_fen);
                continue;
            }
            let opened = sealed.get(&account).cloned();
            let outcome: String = row.try_get(6)?;
            lines.push(BankLine {
                line,
                account: id(row, 1)?,
                sealed: opened.ok_or_else(|| Fault::Corrupt(format!("payee_account {account}")))?,
                payee: id(row, 2)?,
                name: row.try_get(3)?,
                payment: id(row, 4)?,
                amount_fen,
                waits: outcome == "waiting",
            });
        }
        crate::fault!("lines.read");
        Ok(lines)
    }

    /// Whether any of these people did a duty on a case that this batch pays for the first time.
    ///
    /// # Errors
    /// A fault.
    pub async fn hands_in_new_cases(&mut self, batch: Id, people: &[Id]) -> Result<Vec<Id>> {
        let mut found = Vec::new();
        for person in people {
            let sql = "SELECT 1 AS found FROM duty d JOIN grant_file g ON g.case_id = d.case_id WHERE d.person = $2 \
                       AND EXISTS (SELECT 1 FROM payment p WHERE p.grant_id = g.id AND p.batch = $1) \
                       AND NOT EXISTS (SELECT 1 FROM payment q WHERE q.grant_id = g.id AND q.batch <> $1 AND q.live = 1)";
            if one(self.tx()?, sql, vec![Bind::text(batch), Bind::text(*person)]).await?.is_some() {
                found.push(*person);
            }
        }
        Ok(found)
    }
}
