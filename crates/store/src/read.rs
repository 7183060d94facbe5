//! Reading records. What is about people comes only with a scope and a purpose, and leaves a trace for each record
//! that is committed before the record is handed out.

use crate::access::Access;
use crate::data_keys::DataKeys;
use crate::db::{Bind, Tx, scoped};
use crate::error::{Error, Refusal, Result};
use crate::id::{Id, Moment};
use crate::record::{Record, Value};
use crate::rows;
use crate::scope::{Scope, Use};
use crate::store::Store;
use crate::table::{Kind, PERSON, Place, Table};
use anmin_base::date::Date;
use sqlx::any::AnyRow;

/// Which records: of one table, with these values in these columns, in order, up to so many.
#[derive(Clone, Debug)]
pub struct Find {
    table: &'static Table,
    ids: Option<Vec<Id>>,
    equal: Vec<(&'static str, Value)>,
    any_of: Vec<(&'static str, Vec<Value>)>,
    prefix: Vec<(&'static str, String)>,
    at_most: Vec<(&'static str, i64)>,
    at_least: Vec<(&'static str, i64)>,
    order: Option<&'static str>,
    descending: bool,
    after: Option<(Option<i64>, Id)>,
    limit: u32,
    within: Vec<(&'static str, Id, Date)>,
    parties: Option<Vec<Party>>,
    exported: bool,
    plain: bool,
}

/// Who is looked for among the people of cases: any of these fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// Whose keyed index in this column is this one: `id_index`, `last_six_index`, `phone_index`.
    Index(&'static str, String),
    /// Whose name begins so.
    Called(String),
    /// The first letters of the syllables of whose name, or how it sounds, begins so: small letters from a to z only.
    Sounds(String),
}

impl Find {
    /// The record of that name.
    pub fn one(table: &'static Table, id: Id) -> Find {
        Find { ids: Some(vec![id]), ..Find::all(table) }
    }

    /// Only the records of these names; of none, none.
    #[must_use]
    pub fn ids(mut self, ids: &[Id]) -> Find {
        self.ids = Some(ids.to_vec());
        self
    }

    /// Every record of the table, by its name, up to a hundred.
    pub fn all(table: &'static Table) -> Find {
        Find {
            table,
            ids: None,
            equal: Vec::new(),
            any_of: Vec::new(),
            prefix: Vec::new(),
            at_most: Vec::new(),
            at_least: Vec::new(),
            order: None,
            descending: false,
            after: None,
            limit: 100,
            within: Vec::new(),
            parties: None,
            exported: false,
            plain: false,
        }
    }

    /// Only those with this value in this column.
    #[must_use]
    #[track_caller]
    pub fn equal(mut self, column: &'static str, value: impl Into<Value>) -> Find {
        self.known(column);
        self.equal.push((column, value.into()));
        self
    }

    /// Only those with at most this number in this column.
    #[must_use]
    #[track_caller]
    pub fn at_most(mut self, column: &'static str, number: i64) -> Find {
        self.known(column);
        self.at_most.push((column, number));
        self
    }

    /// Only those with at least this number in this column.
    #[must_use]
    #[track_caller]
    pub fn at_least(mut self, column: &'static str, number: i64) -> Find {
        self.known(column);
        self.at_least.push((column, number));
        self
    }

    /// Only those with one of these values in this column; of none, none.
    #[must_use]
    #[track_caller]
    pub fn any_of<T: Clone + Into<Value>>(mut self, column: &'static str, values: &[T]) -> Find {
        self.known(column);
        self.any_of.push((column, values.iter().cloned().map(Into::into).collect()));
        self
    }

    /// Only those whose text in this column begins with this one, letter for letter.
    #[must_use]
    #[track_caller]
    pub fn prefix(mut self, column: &'static str, text: &str) -> Find {
        self.known(column);
        self.prefix.push((column, text.into()));
        self
    }

    /// Only those whose column names this area, or one below it on a day.
    #[must_use]
    #[track_caller]
    pub fn within(mut self, column: &'static str, area: Id, on: Date) -> Find {
        self.known(column);
        self.within.push((column, area, on));
        self
    }

    /// Only cases in which somebody fits one of these: the applicant or another who is named in it. Of none, none.
    ///
    /// # Panics
    /// On a table other than that of cases; a text that cannot be looked for.
    #[must_use]
    #[track_caller]
    pub fn party(mut self, parties: Vec<Party>) -> Find {
        assert!(self.table.name == "case_file", "only cases have parties");
        let small = |letters: &str| !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_lowercase());
        let fit = |party: &Party| match party {
            Party::Index(column, _) => PERSON.position(column).is_some(),
            Party::Called(name) => !name.is_empty(),
            Party::Sounds(letters) => small(letters),
        };
        assert!(parties.iter().all(fit), "parties are named, indexed or sound");
        self.parties = Some(parties);
        self
    }

    /// What is found leaves as a file: the access log says so.
    #[must_use]
    pub fn exported(mut self) -> Find {
        self.exported = true;
        self
    }

    /// Without what is sealed: for lists. Such columns are not fetched and are empty in the records, which cannot be
    /// written back.
    #[must_use]
    pub fn plain(mut self) -> Find {
        self.plain = true;
        self
    }

    /// From the highest number or the latest name down; those without a number still come last.
    #[must_use]
    pub fn descending(mut self) -> Find {
        self.descending = true;
        self
    }

    /// In the order of a column that holds numbers, those without one last.
    #[must_use]
    #[track_caller]
    pub fn order(mut self, column: &'static str) -> Find {
        self.known(column);
        self.order = Some(column);
        self
    }

    /// What comes after this record in the order: the next page.
    #[must_use]
    pub fn after(mut self, record: &Record) -> Find {
        self.after = Some((self.order.and_then(|column| record.int(column)), record.id));
        self
    }

    /// What comes after a record with this number in the column of the order, and this name.
    #[must_use]
    pub fn after_key(mut self, number: Option<i64>, id: Id) -> Find {
        self.after = Some((number, id));
        self
    }

    /// Up to so many.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Find {
        self.limit = limit;
        self
    }

    #[track_caller]
    fn known(&self, column: &str) {
        assert!(self.table.position(column).is_some(), "table {} has no column {column}", self.table.name);
    }

    /// The statement, with the scope's condition in it.
    fn sql(&self, scope: &Scope, asked: Use) -> (String, Vec<Bind>) {
        let mut binds = Vec::new();
        let mut conditions = vec![scope.predicate(self.table, asked, &mut binds)];
        self.conditions(&mut conditions, &mut binds);
        // Both databases must agree on where a missing number stands, so it is replaced by the last one.
        let (last, way, compared) =
            if self.descending { (i64::MIN, " DESC", "<") } else { (i64::MAX, "", ">") };
        let order = self.order.map(|column| format!("COALESCE(t.{column}, {last})"));
        if let Some((number, id)) = self.after {
            binds.push(Bind::text(id));
            let id = binds.len();
            conditions.push(match &order {
                Some(order) => {
                    binds.push(Bind::int(number.unwrap_or(last)));
                    let number = binds.len();
                    format!(
                        "({order} {compared} ${number} OR ({order} = ${number} AND t.id {compared} ${id}))"
                    )
                }
                None => format!("t.id {compared} ${id}"),
            });
        }
        let fetched = |kind: Kind| !(self.plain && kind == Kind::Sealed);
        let columns = self.table.columns.iter().filter(|(_, kind)| fetched(*kind));
        let list: String = columns.map(|(name, _)| format!(", t.{name}")).collect();
        let order = order.map_or_else(String::new, |order| format!("{order}{way}, "));
        let sql = format!(
            "SELECT t.id, t.version{list} FROM {} t WHERE {} ORDER BY {order}t.id{way} LIMIT {}",
            self.table.name,
            conditions.join(" AND "),
            self.limit
        );
        (sql, binds)
    }

    fn conditions(&self, conditions: &mut Vec<String>, binds: &mut Vec<Bind>) {
        let mut bound = |bind: Bind| {
            binds.push(bind);
            format!("${}", binds.len())
        };
        let kind = |column: &str| self.table.columns[self.table.position(column).expect("checked")].1;
        let one_of = |column: &str, marks: Vec<String>| match marks.is_empty() {
            true => "1 = 0".to_string(),
            false => format!("t.{column} IN ({})", marks.join(", ")),
        };
        if let Some(ids) = &self.ids {
            conditions.push(one_of("id", ids.iter().map(|id| bound(Bind::text(*id))).collect()));
        }
        for (column, value) in &self.equal {
            conditions.push(match value {
                Value::Null => format!("t.{column} IS NULL"),
                value => format!("t.{column} = {}", bound(Bind(kind(column), value.clone()))),
            });
        }
        for (column, values) in &self.any_of {
            let marks = values.iter().map(|value| bound(Bind(kind(column), value.clone()))).collect();
            conditions.push(one_of(column, marks));
        }
        for (column, text) in &self.prefix {
            let mut like: String = text.chars().flat_map(|c| like(c).into_iter().flatten()).collect();
            like.push('%');
            // The second part, because SQLite takes capitals and small letters for the same.
            conditions.push(format!(
                "(t.{column} LIKE {} ESCAPE '!' AND substr(t.{column}, 1, {}) = {})",
                bound(Bind::text(like)),
                text.chars().count(),
                bound(Bind::text(text.as_str()))
            ));
        }
        for (column, area, on) in &self.within {
            let (area, on) = (bound(Bind::text(*area)), bound(Bind::int(i64::from(on.days()))));
            conditions.push(format!(
                "t.{column} IN (SELECT a.area FROM area_anc a WHERE a.ancestor = {area} \
                 AND a.valid_from <= {on} AND (a.valid_to IS NULL OR a.valid_to >= {on}))"
            ));
        }
        if let Some(parties) = &self.parties {
            let people = self::parties(parties, &mut bound);
            conditions.push(match people {
                None => "1 = 0".into(),
                Some(people) => format!(
                    "t.id IN (SELECT q.id FROM case_file q WHERE q.applicant IN ({people}) UNION \
                     SELECT cp.case_id FROM case_person cp WHERE cp.person IN ({people}))"
                ),
            });
        }
        for (column, number) in &self.at_most {
            conditions.push(format!("t.{column} <= {}", bound(Bind::int(*number))));
        }
        for (column, number) in &self.at_least {
            conditions.push(format!("t.{column} >= {}", bound(Bind::int(*number))));
        }
    }

    pub(crate) async fn run(&self, tx: &mut Tx, keys: &DataKeys, scope: &Scope) -> Result<Vec<Record>> {
        let (sql, binds) = self.sql(scope, Use::Read);
        let rows = scoped(sql, binds).fetch_all(&mut **tx).await?;
        rows.iter().map(|row| rows::opened(keys, self.table, row, self.plain)).collect()
    }
}

/// The people who fit, as a statement; none where nobody is looked for. Sounds are kept in small letters from a to z, so that
/// both databases find them between two texts, along the index.
fn parties(parties: &[Party], bound: &mut impl FnMut(Bind) -> String) -> Option<String> {
    let mut ways = Vec::new();
    for party in parties {
        ways.push(match party {
            Party::Index(column, index) => {
                format!("SELECT w.id FROM person w WHERE w.{column} = {}", bound(Bind::text(index.as_str())))
            }
            Party::Called(name) => {
                let (length, name) = (name.chars().count(), bound(Bind::text(name.as_str())));
                format!("SELECT w.id FROM person w WHERE substr(w.name, 1, {length}) = {name}")
            }
            Party::Sounds(letters) => {
                let from = bound(Bind::text(letters.as_str()));
                let end = after(letters).map(|end| bound(Bind::text(end)));
                let of = |column: &str| {
                    let end = end.as_ref().map(|end| format!(" AND w.{column} < {end}")).unwrap_or_default();
                    format!("SELECT w.id FROM person w WHERE w.{column} >= {from}{end}")
                };
                format!("{} UNION {}", of("initials"), of("pinyin"))
            }
        });
    }
    (!ways.is_empty()).then(|| ways.join(" UNION "))
}

/// The first text of letters after all that begin with these; none where nothing comes after them. Of letters only, since
/// databases differ on where other signs stand.
fn after(letters: &str) -> Option<String> {
    let kept = letters.trim_end_matches('z');
    let last = kept.bytes().next_back()?;
    Some(format!("{}{}", &kept[..kept.len() - 1], char::from(last + 1)))
}

/// A letter within a pattern, escaped where it would mean something.
fn like(c: char) -> [Option<char>; 2] {
    match c {
        '%' | '_' | '!' => [Some('!'), Some(c)],
        _ => [Some(c), None],
    }
}

/// Who a record is about, for the access log.
fn subject(record: &Record) -> String {
    let text = |column: &str| record.text(column).unwrap_or_default().to_string();
    match record.table.place {
        Place::Open | Place::Money(_) => String::new(),
        Place::Case("id") | Place::Person("id") | Place::Household => record.id.to_string(),
        // Who it is for; of somebody nobody has entered yet, the application itself.
        Place::Draft => record.link("person").unwrap_or(record.id).to_string(),
        Place::OfDraft(column) => text(column),
        Place::Case(column)
        | Place::CaseOf(column, _)
        | Place::Person(column)
        | Place::Apart(column, _)
        | Place::Paid(_, column) => text(column),
        Place::Subject => text("subject"),
    }
}

/// What the access log calls a record that left as a line of a file.
pub const EXPORTED: &str = "exported";

/// The trace of reading these records; nothing for those about nobody.
pub(crate) fn traces(scope: &Scope, purpose: &str, at: Moment, records: &[Record]) -> Vec<Access> {
    let personal = records.iter().filter(|record| record.table.is_personal());
    let trace = |record: &Record| Access {
        id: Id::at(at),
        at,
        actor: scope.actor(),
        post: scope.post(),
        subject: subject(record),
        table: record.table.name.into(),
        record: record.id,
        purpose: purpose.into(),
    };
    personal.map(trace).collect()
}

impl Store {
    /// The records that are found within the scope. For each the access log says who read it and why, and that is
    /// committed before this returns.
    ///
    /// # Errors
    /// A fault; then nothing is handed out.
    pub async fn read_personal(
        &self,
        scope: &Scope,
        purpose: &str,
        at: Moment,
        find: &Find,
    ) -> Result<Vec<Record>> {
        let records = self.found(scope, find, Use::Read).await?;
        crate::fault!("read.found");
        let mut traces = traces(scope, purpose, at, &records);
        if find.exported {
            traces.iter_mut().for_each(|trace| trace.table = EXPORTED.into());
        }
        self.inner.access.write(traces).await?;
        Ok(records)
    }

    /// What is found, before anything is written about it.
    pub(crate) async fn found(&self, scope: &Scope, find: &Find, asked: Use) -> Result<Vec<Record>> {
        let (sql, binds) = find.sql(scope, asked);
        let rows = self.inner.db.scoped_rows(sql, binds).await?;
        self.opened(find.table, &rows, find.plain).await
    }

    /// The one record of that name.
    ///
    /// # Errors
    /// It is not there or outside the scope; or a fault.
    pub async fn read_one(
        &self,
        scope: &Scope,
        purpose: &str,
        at: Moment,
        table: &'static Table,
        id: Id,
    ) -> Result<Record> {
        let mut found = self.read_personal(scope, purpose, at, &Find::one(table, id)).await?;
        found.pop().ok_or(Error::Refusal(Refusal::NotFound { table: table.name, id }))
    }

    /// How many records there are within the scope. Nobody is named, so nothing is logged; small numbers are for the
    /// caller to suppress.
    ///
    /// # Errors
    /// A fault.
    pub async fn count(&self, scope: &Scope, find: &Find) -> Result<i64> {
        let (sql, binds) = find.clone().limit(u32::MAX).plain().sql(scope, Use::Count);
        let rows = self.inner.db.scoped_rows(format!("SELECT COUNT(*) FROM ({sql}) AS found"), binds).await?;
        Ok(sqlx::Row::try_get(&rows[0], 0)?)
    }

    pub(crate) async fn opened(
        &self,
        table: &'static Table,
        rows: &[AnyRow],
        plain: bool,
    ) -> Result<Vec<Record>> {
        let keys = &self.inner.data_keys;
        if !plain && rows.iter().any(|row| rows::has_unknown_key(keys, table, row)) {
            keys.load(&self.inner.db).await?;
        }
        rows.iter().map(|row| rows::opened(keys, table, row, plain)).collect()
    }
}
