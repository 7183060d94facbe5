//! A new database with a bureau in it, and a day that goes on when the test says so.

use crate::error::{Error, Refusal, Result};
use crate::office::{Caller, Now, Office, Order};
use crate::staff::second_factor::code_at;
use crate::staff::{
    BureauV1, FirstAdministratorV1, FirstCodeV1, MadeLogin, NewAreaV1, NewLoginV1, NewPostV1, NewUnitV1,
    OwnEnrolmentV1, PostTermsV1, SignInV1, SignedInV1,
};
use anmin_authz::id::PersonId;
use anmin_base::date::Date;
pub use anmin_store::Dialect;
use anmin_store::{DeploymentKind, FileSink, Id, Keys, Moment, Settings, Store};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// 2026-09-01, eight in the morning in China.
const MORNING: Moment = Moment(1_788_220_800_000);
pub const NET: &str = "10.1.2";
pub const PASSWORD: &str = "ripe plum under bridge";

/// Somebody with a phone on which codes are shown.
#[derive(Clone, Debug)]
pub struct Somebody {
    pub login: String,
    pub secret: String,
    pub person: Id,
    pub token: String,
}

pub struct World {
    pub office: Office,
    pub now: Now,
    pub folder: PathBuf,
    pub people: BTreeMap<&'static str, Somebody>,
}

fn psql(sql: &str) {
    let server = std::env::var("ANMIN_TEST_POSTGRES").unwrap();
    let done = std::process::Command::new("psql").args(["-q", "-d", &server, "-c", sql]).output();
    let done = done.expect("psql is there with the server");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

pub fn run(dialect: Dialect, test: impl AsyncFnOnce(&mut World)) {
    run_as(dialect, DeploymentKind::Record, test);
}

pub fn run_as(dialect: Dialect, kind: DeploymentKind, test: impl AsyncFnOnce(&mut World)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let name = format!("anmin_app_{}", Id::at(MORNING));
        let folder = std::env::temp_dir().join(&name);
        let url = match dialect {
            Dialect::Sqlite => format!("sqlite:{}", folder.join("main.sqlite").display()),
            Dialect::Postgres => {
                psql(&format!("CREATE SCHEMA {name}"));
                let server = std::env::var("ANMIN_TEST_POSTGRES").unwrap();
                let joint = if server.contains('?') { '&' } else { '?' };
                format!("{server}{joint}options[search_path]={name}")
            }
        };
        let settings =
            Settings { url, keys: folder.join("keys"), objects: folder.join("objects"), witness: None };
        Keys::create(&settings.keys).unwrap();
        let store = Store::create(&settings, kind, MORNING).await.unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let office = Office::open(store, &root, MORNING).await.unwrap();
        let now = office.now(MORNING).await.unwrap();
        let mut world = World { office, now, folder, people: BTreeMap::new() };
        test(&mut world).await;
        world.office.store().close().await;
        if dialect == Dialect::Postgres {
            psql(&format!("DROP SCHEMA {name} CASCADE"));
        }
        let _ = std::fs::remove_dir_all(&world.folder);
    });
}

/// The refusal in an answer.
#[track_caller]
pub fn refused<T>(answer: Result<T>) -> Refusal {
    match answer {
        Ok(_) => panic!("not refused"),
        Err(Error::Refusal(refusal)) => *refusal,
        Err(Error::Fault(fault)) => panic!("{fault:?}"),
    }
}

/// The identifier in a result.
pub fn id_in(result: &[u8], field: &str) -> Id {
    let value: serde_json::Value = serde_json::from_slice(result).unwrap();
    Id::parse(value[field].as_str().unwrap()).unwrap()
}

pub fn version_in(result: &[u8]) -> i64 {
    let value: serde_json::Value = serde_json::from_slice(result).unwrap();
    value["version"].as_i64().unwrap()
}

impl World {
    /// So many seconds go by.
    pub fn later(&mut self, seconds: i64) {
        self.now.at = self.now.at.plus(seconds * 1_000);
    }

    /// So many days go by.
    pub fn days(&mut self, days: i32) {
        self.now.at = self.now.at.plus(i64::from(days) * 86_400_000);
        self.now.on = self.now.on.add_days(days);
    }

    pub fn code(&self, secret: &str) -> String {
        code_at(secret, self.now.at)
    }

    pub fn first_code(&self, login: &str) -> FirstCodeV1 {
        let made = self.office.second_factor(login).unwrap();
        FirstCodeV1 { code: self.code(&made.secret), secret: made.secret, seal: made.seal }
    }

    pub fn first(&self, token: &str, login: &str, role: Option<&str>) -> FirstAdministratorV1 {
        FirstAdministratorV1 {
            token: token.into(),
            role: role.map(str::to_owned),
            name: format!("管理{login}"),
            login: login.into(),
            password: PASSWORD.into(),
            second_factor: self.first_code(login),
            bureau: Some(BureauV1 {
                name: "某县民政局".into(),
                area_name: "某县".into(),
                area_code: "990100".into(),
            }),
        }
    }

    fn remember(&mut self, name: &'static str, secret: String, signed: SignedInV1) {
        let person = Id::parse(&signed.person).unwrap();
        let somebody = Somebody { login: name.into(), secret, person, token: signed.token };
        self.people.insert(name, somebody);
    }

    /// Three administrators, and a deputy of each.
    pub async fn bureau(&mut self) {
        for round in [["system", "security", "audit"], ["system2", "security2", "audit2"]] {
            let token = self.office.store().enrolment_token(self.now.at).await.unwrap();
            for login in round {
                let input = self.first(&token, login, None);
                let signed = self.office.enrol_first(&input, self.now).await.unwrap();
                self.remember(login, input.second_factor.secret, signed);
            }
        }
    }

    pub fn person(&self, name: &str) -> Id {
        self.people[name].person
    }

    /// A caller who has just shown the second factor.
    pub fn caller(&self, name: &str) -> Caller {
        Caller {
            person: PersonId(self.people[name].person.0),
            login: anmin_authz::id::LoginId(0),
            capacity: anmin_authz::authority::Capacity::Staff,
            stepped_up: Some(self.now.at),
            rationed_today: 0,
        }
    }

    pub fn order<'a>(&self, caller: &'a Caller) -> Order<'a> {
        Order { caller, now: self.now, purpose: None, request: None }
    }

    pub fn sign_in(&self, name: &str) -> SignInV1 {
        let known = &self.people[name];
        SignInV1 {
            login: known.login.clone(),
            password: PASSWORD.into(),
            code: self.code(&known.secret),
            device: None,
        }
    }

    /// Signs in, half a minute later, so that the code is a new one.
    pub async fn enter(&mut self, name: &'static str) -> SignedInV1 {
        self.later(60);
        let signed = self.office.sign_in(&self.sign_in(name), NET, self.now).await.unwrap();
        self.people.get_mut(name).unwrap().token = signed.token.clone();
        signed
    }

    /// A login made and enrolled.
    pub async fn hire(&mut self, login: &'static str) {
        let caller = self.caller("security");
        let made = self.make_login(&caller, login).await.unwrap();
        let input = OwnEnrolmentV1 {
            login: login.into(),
            enrolment: made.code.unwrap(),
            password: PASSWORD.into(),
            second_factor: self.first_code(login),
        };
        let signed = self.office.enrol(&input, NET, self.now).await.unwrap();
        self.remember(login, input.second_factor.secret, signed);
    }

    pub async fn make_login(&self, caller: &Caller, login: &str) -> Result<MadeLogin> {
        let input = NewLoginV1 { name: format!("职员{login}"), login: login.into(), resident_id: None };
        self.office.create_login(&self.order(caller), &input).await
    }

    /// The bureau's own area and unit.
    pub fn seat(&self) -> (Id, Id) {
        let rights = self.office.rights();
        let top = |entry: &&crate::office::UnitEntry| {
            entry.unit.stands.contains(&anmin_authz::authority::Standing::Supervising)
        };
        let entry = rights.units.values().find(top).unwrap();
        (Id(entry.unit.area.0), Id(entry.unit.id.0))
    }

    pub async fn area(&self, name: &str, code: &str, above: Id) -> Id {
        let caller = self.caller("system");
        let input = NewAreaV1 {
            name: name.into(),
            code: code.into(),
            above: above.to_string(),
            from: self.now.on.to_string(),
        };
        id_in(&self.office.create_area(&self.order(&caller), &input).await.unwrap(), "id")
    }

    pub async fn unit(&self, area: Id, kind: &str, stands: &[&str]) -> Id {
        let caller = self.caller("system");
        let input = NewUnitV1 {
            area: area.to_string(),
            kind: kind.into(),
            name: "办公室".into(),
            phone: String::new(),
            address: String::new(),
            stands: stands.iter().map(|s| (*s).to_owned()).collect(),
            from: self.now.on.to_string(),
        };
        id_in(&self.office.create_unit(&self.order(&caller), &input).await.unwrap(), "id")
    }

    pub fn terms(&self, unit: Id, area: Id, role: &str, subjects: &[&str], to: Date) -> PostTermsV1 {
        PostTermsV1 {
            unit: unit.to_string(),
            role: role.into(),
            area: area.to_string(),
            subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
            from: self.now.on.to_string(),
            to: to.to_string(),
        }
    }

    pub async fn propose(&self, by: &str, person: &str, terms: PostTermsV1) -> Result<Vec<u8>> {
        let caller = self.caller(by);
        let input = NewPostV1 { person: self.person(person).to_string(), terms };
        self.office.propose_post(&self.order(&caller), &input).await
    }

    /// A post, proposed and approved, for most of a year.
    pub async fn appoint(&self, person: &str, unit: Id, area: Id, role: &str, subjects: &[&str]) -> Id {
        let terms = self.terms(unit, area, role, subjects, self.now.on.add_days(300));
        let proposed = self.propose("security", person, terms).await.unwrap();
        let caller = self.caller("security2");
        let post = id_in(&proposed, "id");
        self.office.approve_post(&self.order(&caller), post, version_in(&proposed)).await.unwrap();
        post
    }

    pub fn sink(&self) -> FileSink {
        FileSink { folder: self.folder.join("sent") }
    }
}
