//! What happens to a whole batch at once: promised, sent back, answered by the bank. A statement each, whatever its size.
//!
//! Identifiers of entries follow from those of attempts, so that a command tried again writes the same: the promise has the
//! attempt's own, what resolves it has its halves turned about.

use crate::db::Bind;
use crate::error::Result;
use crate::id::Id;
use crate::table;
use crate::write::Work;

/// The halves of an identifier turned about: of two attempts never the same, and of one not its own.
const RESOLVES: &str = "substr(t.id, 17, 16) || substr(t.id, 1, 16)";

impl Work {
    /// Promises every attempt of a batch: a pending entry each between two accounts. `part` names the set.
    ///
    /// # Errors
    /// A rule of the database stands against it; or a fault.
    pub async fn promise(&mut self, batch: Id, part: Id, fund: &str, from: Id, to: Id) -> Result<()> {
        let sql = "INSERT INTO entry (id, version, part, area, fund, from_account, to_account, amount_fen, stage, \
                   pending, batch, payment, recorded_at) SELECT t.id, 1, $2, b.area, $3, $4, $5, t.amount_fen, \
                   'pending', NULL, t.batch, t.payment, $6 FROM pay_attempt t JOIN batch b ON b.id = t.batch \
                   WHERE t.batch = $1";
        let binds = vec![
            Bind::text(batch),
            Bind::text(part),
            Bind::text(fund),
            Bind::text(from),
            Bind::text(to),
            Bind::int(self.at()),
        ];
        self.run(sql, binds).await?;
        self.changed_set(&table::ENTRY, part).await?;
        Ok(())
    }

    /// Sends a batch back: none of its payments is live any more, and their months are open again. Nothing was promised yet.
    ///
    /// # Errors
    /// A fault.
    pub async fn void_payments(&mut self, batch: Id) -> Result<()> {
        let sql = "UPDATE grant_open SET since = (SELECT MIN(p.period) FROM payment p WHERE p.batch = $1 \
                   AND p.grant_id = grant_open.grant_id) WHERE grant_id IN (SELECT grant_id FROM payment \
                   WHERE batch = $1) AND since > (SELECT MIN(p.period) FROM payment p WHERE p.batch = $1 \
                   AND p.grant_id = grant_open.grant_id)";
        self.run(sql, vec![Bind::text(batch)]).await?;
        let sql = "UPDATE pay_attempt SET outcome = 'void', live = 0, version = version + 1 WHERE batch = $1";
        self.run(sql, vec![Bind::text(batch)]).await?;
        let sql = "UPDATE payment SET live = 0, version = version + 1 WHERE batch = $1";
        self.run(sql, vec![Bind::text(batch)]).await?;
        self.changed_set(&table::PAY_ATTEMPT, batch).await?;
        if self.set_now(&table::PAYMENT, batch, false).await?.0 > 0 {
            self.changed_set(&table::PAYMENT, batch).await?;
        }
        Ok(())
    }

    /// The bank has answered: these lines came back, each with its reason; all others have arrived. Promises are posted or
    /// voided accordingly. `part` names the set of entries.
    ///
    /// # Errors
    /// A rule of the database stands against it; or a fault.
    pub async fn answer(&mut self, batch: Id, part: Id, returned: &[(i64, String)]) -> Result<()> {
        for (line, reason) in returned {
            let sql = "UPDATE pay_attempt SET outcome = 'returned', live = 0, reason = $3, version = version + 1 \
                       WHERE batch = $1 AND line = $2 AND outcome = 'waiting'";
            let binds = vec![Bind::text(batch), Bind::int(*line), Bind::text(reason.as_str())];
            self.run(sql, binds).await?;
        }
        let sql = "UPDATE pay_attempt SET outcome = 'paid', version = version + 1 WHERE batch = $1 \
                   AND outcome = 'waiting'";
        self.run(sql, vec![Bind::text(batch)]).await?;
        crate::fault!("answer.attempts");
        let sql = format!(
            "INSERT INTO entry (id, version, part, area, fund, from_account, to_account, amount_fen, stage, pending, \
             batch, payment, recorded_at) SELECT {RESOLVES}, 1, $2, e.area, e.fund, e.from_account, e.to_account, \
             e.amount_fen, CASE WHEN t.outcome = 'paid' THEN 'post' ELSE 'void' END, e.id, e.batch, e.payment, $3 \
             FROM pay_attempt t JOIN entry e ON e.id = t.id WHERE t.batch = $1"
        );
        self.run(&sql, vec![Bind::text(batch), Bind::text(part), Bind::int(self.at())]).await?;
        self.changed_set(&table::PAY_ATTEMPT, batch).await?;
        self.changed_set(&table::ENTRY, part).await?;
        Ok(())
    }
}
