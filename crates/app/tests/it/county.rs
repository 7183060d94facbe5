//! A county for tests that go the whole way through an [`Office`]: a city with one county, two townships of two villages
//! each, units that can be reached, and a post for everybody an assistance case needs. People are invented, with identity
//! numbers and codes that are assigned to no place; only the city's code is real, since its rules are used.

use anmin_app::error::{Error, Refusal, Result};
use anmin_app::office::{Caller, Now, Office, Order};
use anmin_app::people::{
    ChangedHouseholdV1, DocumentKindV1, EnteredV1, EntryV1, HouseholdKindV1, JoiningV1, NameKindV1, NameV1,
    NewHouseholdV1, NewPersonV1, PlaceV1, RegistrationV1,
};
use anmin_authz::authority::Capacity;
use anmin_authz::id::{LoginId, PersonId};
use anmin_authz::scope::{Scope as AuthzScope, SystemJob};
use anmin_base::date::Date;
use anmin_base::resident_id::ResidentId;
use anmin_store::{Command, DeploymentKind, Id, Moment, Record, Scope, Scratch, Stream, Work, table};
use std::cell::Cell;
use std::path::PathBuf;

/// The day tests begin.
pub const TODAY: Date = Date::ymd(2026, 9, 1);
/// The division of the villages: assigned to no place.
const DIVISION: u32 = 119_901;

/// The areas.
pub const CITY: Id = Id(1);
pub const COUNTY: Id = Id(2);
pub const TOWN: Id = Id(3);
pub const OTHER_TOWN: Id = Id(4);
pub const VILLAGE: Id = Id(5);
pub const OTHER_VILLAGE: Id = Id(6);
pub const FAR_VILLAGE: Id = Id(7);

/// The units.
const BUREAU: Id = Id(0x11);
const CENTRE: Id = Id(0x12);
const TOWN_OFFICE: Id = Id(0x13);
const OTHER_OFFICE: Id = Id(0x14);
const COMMITTEE: Id = Id(0x15);

/// The people who work here.
pub const CLERK: Id = Id(0x21);
pub const INVESTIGATOR: Id = Id(0x22);
pub const SECOND: Id = Id(0x23);
pub const EXAMINER: Id = Id(0x24);
pub const REVIEWER: Id = Id(0x25);
pub const CONFIRMER: Id = Id(0x26);
pub const CHECKER: Id = Id(0x27);
pub const APPRAISER: Id = Id(0x28);
pub const FAR_CLERK: Id = Id(0x29);
pub const ADMIN: Id = Id(0x2a);
pub const SECOND_REVIEWER: Id = Id(0x2d);
pub const PREPARER: Id = Id(0x31);
pub const FUND_REVIEWER: Id = Id(0x32);
pub const SIGNER: Id = Id(0x33);
const PROPOSER: Id = Id(0x2b);
const APPROVER: Id = Id(0x2c);

/// Area, parent and what it is called.
const AREAS: [(Id, Option<Id>, &str, &str); 7] = [
    (CITY, None, "110000000000", "示例市"),
    (COUNTY, Some(CITY), "119901000000", "示例县"),
    (TOWN, Some(COUNTY), "119901001000", "东镇"),
    (OTHER_TOWN, Some(COUNTY), "119901002000", "西镇"),
    (VILLAGE, Some(TOWN), "119901001001", "东一村"),
    (OTHER_VILLAGE, Some(TOWN), "119901001002", "东二村"),
    (FAR_VILLAGE, Some(OTHER_TOWN), "119901002001", "西一村"),
];

const UNITS: [(Id, Id, &str, &str, &str); 5] = [
    (BUREAU, COUNTY, "civil_affairs", "示例县民政局", "supervising deciding"),
    (CENTRE, COUNTY, "check_centre", "示例县核对中心", "deciding"),
    (TOWN_OFFICE, TOWN, "township_office", "东镇社会事务办", "accepting"),
    (OTHER_OFFICE, OTHER_TOWN, "township_office", "西镇社会事务办", "accepting"),
    (COMMITTEE, VILLAGE, "village_committee", "东一村村委会", "village"),
];

const POSTS: [(Id, &str, &str, Id, Id, &str); 14] = [
    (PREPARER, "韩编制", "fund_preparer", BUREAU, COUNTY, "funds"),
    (FUND_REVIEWER, "杨复核", "fund_reviewer", BUREAU, COUNTY, "funds"),
    (SIGNER, "朱签批", "fund_signer", BUREAU, COUNTY, "funds"),
    (CLERK, "王窗口", "intake_clerk", TOWN_OFFICE, TOWN, "social_assistance"),
    (INVESTIGATOR, "钱调查", "investigator", TOWN_OFFICE, TOWN, "social_assistance"),
    (SECOND, "孙同行", "investigator", TOWN_OFFICE, TOWN, "social_assistance"),
    (EXAMINER, "赵审核", "examiner", TOWN_OFFICE, TOWN, "social_assistance"),
    (REVIEWER, "吴复核", "county_reviewer", BUREAU, COUNTY, "social_assistance"),
    (SECOND_REVIEWER, "许复核", "county_reviewer", BUREAU, COUNTY, "social_assistance"),
    (CONFIRMER, "郑确认", "county_confirmer", BUREAU, COUNTY, "social_assistance"),
    (CHECKER, "周核对", "checker", CENTRE, COUNTY, "checks"),
    (APPRAISER, "冯评议", "village_appraiser", COMMITTEE, VILLAGE, "social_assistance"),
    (FAR_CLERK, "陈窗口", "intake_clerk", OTHER_OFFICE, OTHER_TOWN, "social_assistance"),
    (ADMIN, "褚系统", "system_admin", BUREAU, COUNTY, ""),
];

/// Makes two tests of each function `async fn name(county: &County)`: one on SQLite, one on PostgreSQL.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::county::run(false, super::$name); })+
        }
        mod postgres {
            $(#[test] fn $name() { $crate::county::run(true, super::$name); })+
        }
    };
}
pub(crate) use on_both;

/// An office in its county.
pub struct County {
    pub office: Office,
    scratch: Scratch,
    ticks: Cell<i64>,
    numbers: Cell<u16>,
}

/// Makes the county, runs the test in it, and removes it when that went well.
pub fn run(postgres: bool, test: impl AsyncFnOnce(&County)) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let county = County::new(postgres).await;
        test(&county).await;
        county.office.store().close().await;
        county.scratch.remove().await.unwrap();
    });
}

/// What a command says of itself.
pub fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> T {
    serde_json::from_slice(bytes).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(bytes)))
}

/// The refusal that was meant.
#[track_caller]
pub fn refused<T>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refusal(refusal)) => *refusal,
        Err(Error::Fault(fault)) => panic!("a fault: {fault:?}"),
        Ok(_) => panic!("it was allowed"),
    }
}

/// What was meant to be allowed.
#[track_caller]
pub fn done<T>(result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(Error::Refusal(refusal)) => {
            panic!(
                "refused: {} {} {:?} {:?}",
                refusal.code, refusal.text.en, refusal.fields, refusal.difference
            )
        }
        Err(Error::Fault(fault)) => panic!("a fault: {fault:?}"),
    }
}

/// Somebody at work.
pub fn staff(person: Id) -> Caller {
    let capacity = Capacity::Staff;
    Caller {
        person: PersonId(person.0),
        login: LoginId(person.0),
        capacity,
        stepped_up: None,
        rationed_today: 0,
    }
}

/// Somebody at work who has just shown the second factor.
pub fn stepped_up(person: Id, now: Now) -> Caller {
    Caller { stepped_up: Some(now.at), ..staff(person) }
}

/// Somebody in their own affairs.
pub fn resident(person: Id) -> Caller {
    Caller { capacity: Capacity::Resident, ..staff(person) }
}

/// Somebody who is entered, and why they belong to a household.
pub fn joining(person: Id, ground: &str) -> JoiningV1 {
    JoiningV1 { person: Some(person.to_string()), entry: None, ground: ground.into() }
}

fn days(row: Record) -> Record {
    row.with("valid_from", i64::from(TODAY.add_days(-30).days()))
}

impl County {
    async fn new(postgres: bool) -> County {
        let at = Moment((i64::from(TODAY.days()) * 24 + 1) * 3_600_000);
        let server = postgres.then(|| {
            std::env::var("ANMIN_TEST_POSTGRES").expect(
                "no PostgreSQL to test on: run ./x test, which starts one, or name a server in ANMIN_TEST_POSTGRES",
            )
        });
        let scratch = Scratch::new(&std::env::temp_dir(), server.as_deref(), at).await.unwrap();
        let store = scratch.create(DeploymentKind::Record, at).await.unwrap();
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        let office = Office::open(store, &root, at).await.unwrap();
        let county = County { office, scratch, ticks: Cell::new(0), numbers: Cell::new(1) };
        county.settle(at).await;
        county.office.read_rights(at).await.unwrap();
        county
    }

    /// Areas, units, people at work and their posts.
    async fn settle(&self, at: Moment) {
        let scope = AuthzScope::system(SystemJob::PostExpiry, TODAY);
        let scope = Scope::from_authz(&scope, self.office.authority());
        let command =
            Command { scope: &scope, name: "fixture", purpose: "administration", at, request: None };
        let mut work = self.office.store().begin_job(command).await.unwrap();
        for (area, _, code, name) in AREAS {
            put(
                &mut work,
                days(Record::new(&table::AREA, area).with("code", code).with("name", name).with("roles", "")),
            )
            .await;
        }
        for (area, ..) in AREAS {
            let mut above = Some(area);
            let mut depth = 0;
            while let Some(ancestor) = above {
                let row = Record::new(&table::AREA_ANC, Id(area.0 << 16 | ancestor.0 << 8 | 1))
                    .with("area", area)
                    .with("ancestor", ancestor)
                    .with("depth", depth);
                put(&mut work, days(row)).await;
                above = AREAS.iter().find(|(id, ..)| *id == ancestor).and_then(|(_, parent, ..)| *parent);
                depth += 1;
            }
        }
        for (unit, area, kind, name, stands) in UNITS {
            let row = Record::new(&table::UNIT, unit)
                .with("area", area)
                .with("kind", kind)
                .with("name", name)
                .with("phone", "010-00001234")
                .with("address", format!("{name}一楼"))
                .with("stands", stands);
            put(&mut work, days(row)).await;
        }
        for person in [PROPOSER, APPROVER] {
            put(&mut work, worker(person, "提名人")).await;
        }
        for (person, name, role, unit, area, subjects) in POSTS {
            put(&mut work, worker(person, name)).await;
            let account = Record::new(&table::ACCOUNT, Id(person.0 << 8))
                .with("person", person)
                .with("login", format!("u{:x}", person.0))
                .with("state", "open")
                .with("payload", b"{}".to_vec());
            put(&mut work, account).await;
            let row = Record::new(&table::POST, Id(person.0 << 8 | 1))
                .with("person", person)
                .with("unit", unit)
                .with("role", role)
                .with("area", area)
                .with("subjects", subjects)
                .with("valid_to", i64::from(TODAY.add_days(300).days()))
                .with("origin", "proposed")
                .with("state", "approved")
                .with("proposed_by", PROPOSER)
                .with("approved_by", APPROVER);
            put(&mut work, days(row)).await;
        }
        work.commit(Stream { kind: "place", id: "fixture" }, b"{}", b"").await.unwrap();
        assert!(self.office.rights().flawed.is_empty());
    }

    /// A moment on a day, later than any before.
    pub fn now(&self, on: Date) -> Now {
        self.ticks.set(self.ticks.get() + 1);
        let at = Moment(i64::from(on.days()) * 86_400_000 + 3_600_000 + self.ticks.get() * 1000);
        Now { at, on }
    }

    /// An order of somebody on a day.
    pub fn order<'a>(&self, caller: &'a Caller, on: Date) -> Order<'a> {
        Order { caller, now: self.now(on), purpose: None, request: None }
    }

    /// An invented identity number, never the same twice.
    pub fn number(&self, birth: Date) -> String {
        self.numbers.set(self.numbers.get() + 1);
        ResidentId::from_parts(DIVISION, birth, self.numbers.get()).unwrap().reveal().to_owned()
    }

    /// The entry of a person who lives and is registered in the village.
    pub fn entry(&self, name: &str, birth: Date) -> EntryV1 {
        let place = PlaceV1 {
            division: "119901001001".into(),
            address: "东一村3组12号".into(),
            ..PlaceV1::default()
        };
        EntryV1 {
            names: vec![NameV1 { kind: NameKindV1::Official, text: name.into() }],
            document: DocumentKindV1::Card,
            number: self.number(birth),
            address: "东一村3组12号".into(),
            registrations: vec![RegistrationV1 { place: place.clone(), category: None }],
            residences: vec![place],
            ..EntryV1::default()
        }
    }

    /// Enters a person of the village at the counter.
    pub async fn person(&self, name: &str, birth: Date) -> Id {
        let input = NewPersonV1 { area: VILLAGE.to_string(), entry: self.entry(name, birth) };
        let clerk = staff(CLERK);
        let entered: EnteredV1 =
            read(&done(self.office.enter_person(&self.order(&clerk, TODAY), input).await));
        Id::parse(&entered.person).unwrap()
    }

    /// Enters a household that lives together.
    pub async fn household(&self, service: &str, members: &[(Id, &str)]) -> Id {
        let input = NewHouseholdV1 {
            kind: HouseholdKindV1::Living,
            area: VILLAGE.to_string(),
            service: Some(service.into()),
            from: "2020-01-01".into(),
            members: members.iter().map(|(person, ground)| joining(*person, ground)).collect(),
        };
        let clerk = staff(CLERK);
        let bytes = done(self.office.enter_household(&self.order(&clerk, TODAY), input).await);
        Id::parse(&read::<ChangedHouseholdV1>(&bytes).household).unwrap()
    }

    /// The service whose cases tests open: of those there are, the one that is no example.
    pub fn service(&self) -> String {
        let packs = self.office.packs().iter();
        let service = packs.clone().find(|pack| !pack.starts_with("example") && *pack != "shared");
        service.unwrap().clone()
    }

    /// Seals the journal and finds nothing wrong, in the rows either.
    pub async fn is_true(&self, on: Date) {
        let store = self.office.store();
        store.seal(self.now(on).at, true).await.unwrap();
        let report = store.verify_state().await.unwrap();
        assert_eq!(report.findings, [], "the journal and the rows agree");
    }
}

fn worker(person: Id, name: &str) -> Record {
    Record::new(&table::PERSON, person)
        .with("nature", "human")
        .with("sensitivity", 1)
        .with("name", name)
        .with("pinyin", "")
        .with("initials", "")
        .with("payload", br#"{"schema":"anmin.person/1"}"#.to_vec())
}

async fn put(work: &mut Work, row: Record) {
    work.insert(row).await.unwrap();
}
