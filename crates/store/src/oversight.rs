//! What whoever looks after others' work counts: cases by where they are, who has them and how their clocks stand; what
//! people who have left still hold; how often somebody has done today what is rationed. Numbers without anybody served.

use crate::db::Bind;
use crate::error::{Fault, Result};
use crate::id::{Id, Moment};
use crate::scope::{Scope, Use};
use crate::store::Store;
use crate::table;
use sqlx::Row;
use sqlx::any::AnyRow;

/// How many cases are alike in this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Where.
    pub area: Id,
    /// Who has them; none: nobody.
    pub assignee: Option<Id>,
    /// The service pack.
    pub pack: String,
    /// The state, by name.
    pub state: String,
    /// The worst mark of their clocks, 0 to 3.
    pub mark: i64,
    /// Whether a clock runs at all.
    pub runs: bool,
    /// How many.
    pub cases: i64,
}

/// The name of the command by which a number is shown whole: what is rationed by the day, and has an index for it.
pub const REVEAL: &str = "reveal";

/// The columns by which cases are counted, in the words of the index over them.
const ALIKE: &str =
    "t.area, t.assignee, t.pack, t.state, t.mark, CASE WHEN t.due_on IS NULL THEN 0 ELSE 1 END";

impl Store {
    /// The cases within a scope, counted by what they are alike in. Nobody is named, so nothing is logged.
    ///
    /// # Errors
    /// A fault.
    pub async fn loads(&self, scope: &Scope) -> Result<Vec<Load>> {
        let mut binds = Vec::new();
        let reach = scope.predicate(&table::CASE_FILE, Use::Count, &mut binds);
        let sql = format!(
            "SELECT {ALIKE}, COUNT(*) FROM case_file t WHERE {reach} GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"
        );
        let rows = self.inner.db.scoped_rows(sql, binds).await?;
        let load = |row: &AnyRow| {
            let assignee: Option<String> = row.try_get(1)?;
            // On PostgreSQL the result of a CASE over small literals is a short number.
            let runs: i64 = row.try_get(5).or_else(|_| row.try_get::<i32, _>(5).map(i64::from))?;
            Ok(Load {
                area: id(row.try_get(0)?)?,
                assignee: assignee.map(id).transpose()?,
                pack: row.try_get(2)?,
                state: row.try_get(3)?,
                mark: row.try_get(4)?,
                runs: runs == 1,
                cases: row.try_get(6)?,
            })
        };
        rows.iter().map(load).collect()
    }

    /// How many cases within a scope these people hold a duty in, of those in none of the states named. Who holds none is
    /// left out.
    ///
    /// # Errors
    /// A fault.
    pub async fn held_by(&self, scope: &Scope, people: &[Id], ended: &[String]) -> Result<Vec<(Id, i64)>> {
        let mut held = Vec::new();
        for some in people.chunks(200) {
            let mut binds: Vec<Bind> = some.iter().map(|person| Bind::text(*person)).collect();
            let marks = |from: usize, to: usize| {
                (from + 1..=to).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
            };
            let who = marks(0, binds.len());
            let from = binds.len();
            binds.extend(ended.iter().map(|state| Bind::text(state.as_str())));
            let last = if ended.is_empty() { "''".to_owned() } else { marks(from, binds.len()) };
            let reach = scope.predicate(&table::CASE_FILE, Use::Count, &mut binds);
            let sql = format!(
                "SELECT s.person, COUNT(DISTINCT t.id) FROM assignment s JOIN case_file t ON t.id = s.case_id \
                 WHERE s.person IN ({who}) AND s.valid_to IS NULL AND t.state NOT IN ({last}) AND {reach} \
                 GROUP BY s.person ORDER BY s.person"
            );
            for row in &self.inner.db.scoped_rows(sql, binds).await? {
                held.push((id(row.try_get(0)?)?, row.try_get(1)?));
            }
        }
        Ok(held)
    }

    /// How often somebody has had a number shown whole since a moment.
    ///
    /// # Errors
    /// A fault.
    pub async fn revealed_since(&self, person: Id, since: Moment) -> Result<i64> {
        // The name stands in the statement itself: only so is the index over it alone used.
        let sql =
            format!("SELECT COUNT(*) FROM event WHERE command = '{REVEAL}' AND actor = $1 AND at >= $2");
        let rows = self.inner.db.rows(sql, vec![Bind::text(person), Bind::int(since)]).await?;
        Ok(rows.first().map_or(Ok(0), |row| row.try_get(0))?)
    }
}

fn id(text: String) -> Result<Id> {
    Id::parse(&text).ok_or_else(|| Fault::Corrupt(format!("identifier {text}")).into())
}
