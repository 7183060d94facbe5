//! A new database for one test, with a county in it.

use crate::db::{Bind, Dialect, run as run_sql};
use crate::scope::{Clause, Holder, Packs, Reach, Scope};
use crate::table::*;
use crate::*;
use anmin_base::date::Date;
use std::path::{Path, PathBuf};

pub const TODAY: Date = Date::ymd(2026, 9, 1);
/// 2026-09-01, eight in the morning in China.
pub const NOW: Moment = Moment(1_788_220_800_000);

pub struct World {
    pub store: Store,
    pub settings: Settings,
    pub folder: PathBuf,
}

/// Where a PostgreSQL for tests is.
pub fn server() -> String {
    std::env::var("ANMIN_TEST_POSTGRES").expect(
        "no PostgreSQL to test on: run ./x test, which starts one, or name a server in ANMIN_TEST_POSTGRES",
    )
}

/// A folder that is gone when the test ends well.
pub fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("anmin-store-{}", Id::at(NOW)));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The address of a database that is empty, named after the folder.
pub async fn address(dialect: Dialect, folder: &Path, name: &str) -> String {
    if dialect == Dialect::Sqlite {
        return format!("sqlite:{}", folder.join(format!("{name}.sqlite")).display());
    }
    let unique = folder.file_name().unwrap().to_string_lossy().replace('-', "_");
    let schema = format!("{unique}_{name}");
    let db = crate::db::Db::connect(&server(), false).await.unwrap();
    let mut tx = db.write().await.unwrap();
    run_sql(&mut tx, &format!("CREATE SCHEMA IF NOT EXISTS {schema}"), Vec::new()).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    let url = server();
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}options[search_path]={schema}")
}

pub async fn remove(settings: &Settings) {
    if let Some((_, schema)) = settings.url.rsplit_once("options[search_path]=") {
        let db = crate::db::Db::connect(&server(), false).await.unwrap();
        let mut tx = db.write().await.unwrap();
        run_sql(&mut tx, &format!("DROP SCHEMA {schema} CASCADE"), Vec::new()).await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
    }
}

pub async fn settings(dialect: Dialect, folder: &Path, name: &str) -> Settings {
    Settings {
        url: address(dialect, folder, name).await,
        keys: folder.join("keys"),
        objects: folder.join(format!("{name}-objects")),
        witness: Some(folder.join(format!("{name}-witness"))),
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub fn run(dialect: Dialect, test: impl AsyncFnOnce(&World)) {
    block_on(async {
        let folder = folder();
        let settings = settings(dialect, &folder, "main").await;
        Keys::create(&settings.keys).unwrap();
        let store = Store::create(&settings, DeploymentKind::Demo, NOW).await.unwrap();
        let world = World { store, settings, folder };
        test(&world).await;
        world.store.close().await;
        remove(&world.settings).await;
        let _ = std::fs::remove_dir_all(&world.folder);
    });
}

/// Fixed identifiers, so that a test reads like a story.
pub const COUNTY: Id = Id(1);
pub const TOWN: Id = Id(2);
pub const OTHER_TOWN: Id = Id(3);
pub const CLERK: Id = Id(0x10);
pub const COLLEAGUE: Id = Id(0x11);
pub const MACHINE: Id = Id(0x12);
pub const RESIDENT: Id = Id(0x20);
pub const NEIGHBOUR: Id = Id(0x21);
pub const CASE: Id = Id(0x30);
pub const OTHER_CASE: Id = Id(0x31);

pub fn everything() -> Scope {
    Scope::new(Holder::Job("test", true), TODAY, Reach::UpTo(4))
}

pub fn staff(person: Id, clauses: Vec<Clause>) -> Scope {
    for_days(person, clauses, TODAY)
}

pub fn for_days(person: Id, clauses: Vec<Clause>, on: Date) -> Scope {
    let barred = clauses.into_iter().map(|clause| {
        let hands = clause.hands.iter().copied().chain([person]).collect();
        Clause { hands, barred: true, ..clause }
    });
    Scope::new(Holder::Person { person, post: None, resident: false }, on, Reach::Clauses(barred.collect()))
}

pub fn resident(person: Id, clauses: Vec<Clause>) -> Scope {
    Scope::new(Holder::Person { person, post: None, resident: true }, TODAY, Reach::Clauses(clauses))
}

pub fn within(area: Id) -> Clause {
    Clause { within: Some(area), up_to: 3, ..Clause::default() }
}

/// People outside any case.
pub fn outside(clause: Clause) -> Clause {
    Clause { packs: Packs::Outside, ..clause }
}

pub fn command(scope: &Scope) -> Command<'_> {
    Command { scope, name: "test", purpose: "test", at: NOW, request: None }
}

pub const STREAM: Stream<'static> = Stream { kind: "case", id: "30" };

pub fn person(id: Id, area: Id, name: &str, nature: &str) -> Record {
    Record::new(&PERSON, id)
        .with("nature", nature)
        .with("area", area)
        .with("sensitivity", 2)
        .with("name", name)
        .with("pinyin", "x")
        .with("initials", "x")
        .with("id_index", format!("index of {id}"))
        .with("payload", format!("460000199001010{:03x}", id.0).into_bytes())
}

pub fn case(id: Id, area: Id, applicant: Id) -> Record {
    Record::new(&CASE_FILE, id)
        .with("area", area)
        .with("applicant", applicant)
        .with("name", "某人")
        .with("number", format!("{id}"))
        .with("cycle", 1)
        .with("mark", 0)
        .with("subject", "low-income")
        .with("pack", "example")
        .with("workflow_hash", "00")
        .with("state", "received")
        .with("sensitivity", 3)
        .with("received_on", i64::from(TODAY.days()))
        .with("payload", b"{}".to_vec())
}

impl World {
    /// One command with these new rows.
    pub async fn put(&self, rows: Vec<Record>) -> Result<()> {
        let scope = everything();
        let mut work = self.store.begin_job(command(&scope)).await?;
        for row in rows {
            work.insert(row).await?;
        }
        work.commit(STREAM, b"payload", b"").await?;
        Ok(())
    }

    /// A county of two towns, two clerks, a machine, two residents, and a case in each town.
    pub async fn county(&self) {
        self.put(county()).await.unwrap();
    }

    pub async fn one(&self, table: &'static Table, id: Id) -> Record {
        self.store.read_one(&everything(), "test", NOW, table, id).await.unwrap()
    }

    /// Around the store: what somebody with the database's password can do.
    pub async fn by_hand(&self, sql: &str) -> u64 {
        let mut tx = self.store.inner.db.write().await.unwrap();
        if self.store.dialect() == Dialect::Sqlite {
            run_sql(&mut tx, "PRAGMA defer_foreign_keys = ON", Vec::new()).await.unwrap();
        }
        let touched = run_sql(&mut tx, sql, Vec::new()).await.unwrap();
        tx.commit().await.unwrap();
        touched
    }

    pub async fn number(&self, sql: &str) -> i64 {
        let rows = self.store.inner.db.rows(sql.into(), Vec::<Bind>::new()).await.unwrap();
        sqlx::Row::try_get(&rows[0], 0).unwrap()
    }

    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.store.inner.db.rows(sql.into(), Vec::<Bind>::new()).await.unwrap();
        rows.iter().map(|row| sqlx::Row::try_get(row, 0).unwrap()).collect()
    }
}

pub fn county() -> Vec<Record> {
    let from = i64::from(TODAY.days()) - 400;
    let area = |id: Id, name: &str| {
        Record::new(&AREA, id)
            .with("code", "000000")
            .with("name", name)
            .with("roles", "")
            .with("valid_from", from)
    };
    let below = |area: Id, ancestor: Id, depth: i64| {
        Record::new(&AREA_ANC, Id(area.0 << 8 | ancestor.0))
            .with("area", area)
            .with("ancestor", ancestor)
            .with("depth", depth)
            .with("valid_from", from)
    };
    vec![
        area(COUNTY, "某县"),
        area(TOWN, "某镇"),
        area(OTHER_TOWN, "邻镇"),
        below(COUNTY, COUNTY, 0),
        below(TOWN, TOWN, 0),
        below(OTHER_TOWN, OTHER_TOWN, 0),
        below(TOWN, COUNTY, 1),
        below(OTHER_TOWN, COUNTY, 1),
        person(CLERK, TOWN, "职员", "human"),
        person(COLLEAGUE, TOWN, "同事", "human"),
        person(MACHINE, COUNTY, "接口", "machine"),
        person(RESIDENT, TOWN, "居民", "human"),
        person(NEIGHBOUR, OTHER_TOWN, "邻居", "human"),
        case(CASE, TOWN, RESIDENT),
        case(OTHER_CASE, OTHER_TOWN, NEIGHBOUR),
    ]
}

/// Asserts that a rule of the database refuses.
#[track_caller]
pub fn refuses<T: std::fmt::Debug>(result: Result<T>, rule: Rule, part: &str) {
    match result {
        Err(Error::Refusal(Refusal::Rule { kind, name })) if kind == rule && name.contains(part) => {}
        other => panic!("{rule:?} {part} expected: {other:?}"),
    }
}
