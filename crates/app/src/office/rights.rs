//! What rights hang on, held in memory: areas, units and posts. It is read when the office opens, and again after every
//! change to one of them. Who holds which public office is not a secret, so reading it leaves no trace in the access log.

use anmin_authz::area::{Area, AreaTree, HandOver, Placement};
use anmin_authz::authority::{Authority, Standing};
use anmin_authz::id::{AreaId, Days, PersonId, PostId, UnitId};
use anmin_authz::post::{Post, Terms, Unit};
use anmin_authz::scope::{Scope as AuthzScope, SystemJob};
use anmin_base::date::Date;
use anmin_store::{Find, Record, Scope, Store, table};
use std::collections::BTreeMap;

/// Areas, units and posts.
#[derive(Debug, Default)]
pub struct Rights {
    /// The tree of areas.
    pub areas: AreaTree,
    /// Units.
    pub units: BTreeMap<UnitId, UnitEntry>,
    /// Posts by holder, whatever the days.
    pub posts: BTreeMap<PersonId, Vec<Post>>,
    /// The names of those who hold them.
    pub names: BTreeMap<PersonId, String>,
    /// Posts that were found and cannot count, each with why: shown to the security administrator.
    pub flawed: Vec<(PostId, String)>,
}

/// A unit, and how people reach it.
#[derive(Clone, Debug)]
pub struct UnitEntry {
    /// As authority takes it.
    pub unit: Unit,
    /// Its name.
    pub name: String,
    /// Its telephone.
    pub phone: String,
    /// Its address.
    pub address: String,
}

/// The words of [`Standing`] in rows.
pub(crate) const STANDINGS: [(&str, Standing); 4] = [
    ("supervising", Standing::Supervising),
    ("deciding", Standing::Deciding),
    ("accepting", Standing::Accepting),
    ("village", Standing::Village),
];

pub(crate) fn date(record: &Record, column: &str) -> Option<Date> {
    record.int(column).and_then(|days| i32::try_from(days).ok()).map(Date::from_days)
}

pub(crate) fn days(record: &Record) -> Days {
    Days { from: date(record, "valid_from").unwrap_or(Date::MIN), to: date(record, "valid_to") }
}

fn id(record: &Record, column: &str) -> u128 {
    record.link(column).map_or(0, |id| id.0)
}

impl Rights {
    /// Reads them.
    pub(crate) async fn read(store: &Store, authority: &Authority, on: Date) -> anmin_store::Result<Rights> {
        let scope = Scope::from_authz(&AuthzScope::system(SystemJob::PostExpiry, on), authority);
        let tables = [&table::AREA, &table::AREA_ANC, &table::AREA_HANDOVER, &table::UNIT, &table::POST];
        let [areas, above, handed, units, posts] = store.whole(&scope, tables).await?;
        let mut rights = Rights { areas: tree(&areas, &above, &handed)?, ..Rights::default() };
        for row in &units {
            rights.unit(row, authority);
        }
        let rows: BTreeMap<u128, &Record> = posts.iter().map(|row| (row.id().0, row)).collect();
        for row in posts.iter().filter(|row| row.text("state") == Some("approved")) {
            match rights.post(row, &rows, authority) {
                Ok(post) => rights.posts.entry(post.person()).or_default().push(post),
                Err(why) => rights.flawed.push((PostId(row.id().0), why)),
            }
        }
        rights.names = names(store, &scope, rights.posts.keys().copied().collect()).await?;
        Ok(rights)
    }

    fn unit(&mut self, row: &Record, authority: &Authority) {
        let Some(kind) = row.text("kind").and_then(|kind| authority.unit_kind(kind)) else { return };
        let stands = row.text("stands").unwrap_or_default();
        let stands = STANDINGS.iter().filter(|(word, _)| stands.split(' ').any(|s| s == *word));
        let unit = Unit {
            id: UnitId(row.id().0),
            kind,
            area: AreaId(id(row, "area")),
            stands: stands.map(|(_, standing)| *standing).collect(),
            days: days(row),
        };
        let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
        let entry = UnitEntry { name: text("name"), phone: text("phone"), address: text("address"), unit };
        self.units.insert(entry.unit.id, entry);
    }

    fn post(
        &self,
        row: &Record,
        rows: &BTreeMap<u128, &Record>,
        authority: &Authority,
    ) -> Result<Post, String> {
        let subjects = row.text("subjects").unwrap_or_default().split(' ').filter(|s| !s.is_empty());
        let terms = Terms {
            id: PostId(row.id().0),
            person: PersonId(id(row, "person")),
            area: AreaId(id(row, "area")),
            subjects: subjects.filter_map(|name| authority.subject(name)).collect(),
            from: date(row, "valid_from").unwrap_or(Date::MAX),
            to: date(row, "valid_to").unwrap_or(Date::MIN),
        };
        let told = |flaws: Vec<_>| format!("{flaws:?}");
        if let Some(source) = row.link("source") {
            let source = rows.get(&source.0).ok_or("the post it was delegated from is gone")?;
            if source.link("source").is_some() {
                return Err("delegated twice".into());
            }
            let source = self.post(source, rows, authority)?;
            return source.delegate(authority, &self.areas, terms).map_err(told);
        }
        let role = row.text("role").and_then(|role| authority.role(role)).ok_or("no such role")?;
        let entry = self.units.get(&UnitId(id(row, "unit"))).ok_or("no such unit")?;
        Post::new(authority, &self.areas, &entry.unit, role, terms).map_err(told)
    }

    /// The name of somebody who holds a post, or has held one.
    pub fn name_of(&self, person: PersonId) -> Option<&str> {
        self.names.get(&person).map(String::as_str)
    }

    /// The posts of a person.
    pub fn posts_of(&self, person: PersonId) -> Vec<Post> {
        self.posts.get(&person).cloned().unwrap_or_default()
    }

    /// The name of an area.
    pub fn area_name(&self, area: AreaId) -> &str {
        self.areas.area(area).map_or("", |area| area.name.as_str())
    }

    /// The name of a unit.
    pub fn unit_name(&self, unit: UnitId) -> &str {
        self.units.get(&unit).map_or("", |entry| entry.name.as_str())
    }

    /// A unit.
    pub fn unit_entry(&self, unit: UnitId) -> Option<&UnitEntry> {
        self.units.get(&unit)
    }

    /// The unit that accepts cases of an area on a day: the nearest above it that stands as accepting.
    pub fn accepting_unit(&self, area: AreaId, on: Date) -> Option<UnitId> {
        let accepts = |area: AreaId| {
            let here = self.units.values().map(|entry| &entry.unit);
            let mut here = here.filter(|unit| unit.area == area && unit.days.hold(on));
            here.find(|unit| unit.stands.contains(&Standing::Accepting)).map(|unit| unit.id)
        };
        self.areas.line(area, on).find_map(accepts)
    }
}

/// Persons of one read.
const SOME: usize = 100;

/// The names of staff: who holds a public office is told on every notice. They are read within a command that is never
/// carried out, since what hangs on a post is looked at by nobody in particular.
async fn names(
    store: &Store,
    scope: &Scope,
    staff: Vec<PersonId>,
) -> anmin_store::Result<BTreeMap<PersonId, String>> {
    let job = SystemJob::PostExpiry.name();
    let command = anmin_store::Command {
        scope,
        name: "read_rights",
        purpose: job,
        at: anmin_store::Moment(0),
        request: None,
    };
    let mut work = store.begin_job(command).await?;
    let mut names = BTreeMap::new();
    for some in staff.chunks(SOME) {
        let ids: Vec<anmin_store::Id> = some.iter().map(|person| anmin_store::Id(person.0)).collect();
        let find = Find::all(&table::PERSON).ids(&ids).plain().limit(u32::try_from(SOME).unwrap_or(1));
        for row in work.find(&find).await? {
            names.insert(PersonId(row.id().0), row.text("name").unwrap_or_default().to_owned());
        }
    }
    Ok(names)
}

fn tree(areas: &[Record], above: &[Record], handed: &[Record]) -> anmin_store::Result<AreaTree> {
    let of_area = |row: &Record| Area {
        id: AreaId(row.id().0),
        code: row.text("code").and_then(|code| code.parse().ok()),
        name: row.text("name").unwrap_or_default().to_owned(),
        days: days(row),
    };
    let placed = |row: &&Record| row.int("depth") == Some(1);
    let of_placement = |row: &Record| Placement {
        area: AreaId(id(row, "area")),
        parent: AreaId(id(row, "ancestor")),
        days: days(row),
    };
    let of_hand_over = |row: &Record| HandOver {
        from: AreaId(id(row, "from_area")),
        to: AreaId(id(row, "to_area")),
        on: date(row, "on_day").unwrap_or(Date::MAX),
    };
    AreaTree::new(
        areas.iter().map(of_area),
        above.iter().filter(placed).map(of_placement),
        handed.iter().map(of_hand_over),
    )
    .map_err(|flaws| anmin_store::Fault::Corrupt(format!("the tree of areas: {flaws:?}")).into())
}
