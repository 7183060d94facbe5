//! A site on a new database, and the people at it. Everything is done over HTTP, as anybody would.
use crate::client::{Answered, send};
use anmin_app::deployment::{DeploymentKind, Home, Moment};
use anmin_app::office::Office;
use anmin_web::{Settings, Site};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use totp_rs::{Algorithm, Builder, Secret};

/// 2026-09-01, eight in the morning in China.
pub const MORNING: i64 = 1_788_220_800_000;
pub const PASSWORD: &str = "ripe plum under bridge";
const AID: &[&str] = &["social_assistance"];

/// Somebody with a phone on which codes are shown.
#[derive(Clone, Debug)]
pub struct Somebody {
    pub login: String,
    pub secret: String,
    pub person: String,
    pub token: String,
}

pub struct World {
    pub base: String,
    pub office: Office,
    pub site: Site,
    clock: Arc<AtomicI64>,
    folder: PathBuf,
    schema: Option<String>,
    runtime: Runtime,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
    pub people: BTreeMap<String, Somebody>,
}

/// Runs a test on SQLite and, where there is a server, on PostgreSQL.
pub fn on_both(test: impl Fn(&mut World)) {
    test(&mut World::new(DeploymentKind::Record, false));
    if std::env::var_os("ANMIN_TEST_POSTGRES").is_some() {
        test(&mut World::new(DeploymentKind::Record, true));
    }
}

/// Runs a test on SQLite.
pub fn on_one(test: impl Fn(&mut World)) {
    test(&mut World::new(DeploymentKind::Record, false));
}

fn psql(sql: &str) {
    let server = std::env::var("ANMIN_TEST_POSTGRES").unwrap();
    let done = std::process::Command::new("psql").args(["-q", "-d", &server, "-c", sql]).output();
    let done = done.expect("psql is there with the server");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

impl World {
    pub fn new(kind: DeploymentKind, postgres: bool) -> World {
        // A fault of ours is told to nobody who asks: it stands beside the test that failed.
        let _ = tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::ERROR)
            .try_init();
        let name = format!("anmin_web_{}", anmin_app::deployment::Id::at(Moment(MORNING)));
        let folder = std::env::temp_dir().join(&name);
        let mut home = Home::in_folder(&folder);
        if postgres {
            psql(&format!("CREATE SCHEMA {name}"));
            let server = std::env::var("ANMIN_TEST_POSTGRES").unwrap();
            let joint = if server.contains('?') { '&' } else { '?' };
            home.url = format!("{server}{joint}options[search_path]={name}");
        }
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let clock = Arc::new(AtomicI64::new(MORNING));
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let at = Moment(MORNING);
        runtime.block_on(home.init(kind, at)).unwrap();
        let office = runtime.block_on(home.office(&root, at)).unwrap();
        let hands = clock.clone();
        let settings = Settings {
            clock: Arc::new(move || Moment(hands.load(Ordering::Relaxed))),
            secure: kind == DeploymentKind::Record,
            forwarded: true,
            demo: kind == DeploymentKind::Demo,
            messages: folder.join("messages"),
        };
        let site = Site::new(office.clone(), settings).unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let (serving, handle) = (site.clone(), runtime.handle().clone());
        let serving = std::thread::spawn(move || {
            let until = async {
                let _ = stopped.await;
            };
            handle.block_on(serving.serve(listener, until)).unwrap();
        });
        World {
            base,
            office,
            site,
            clock,
            folder,
            schema: postgres.then_some(name),
            runtime,
            stop: Some(stop),
            serving: Some(serving),
            people: BTreeMap::new(),
        }
    }

    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub fn at(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    /// So many seconds go by.
    pub fn later(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }

    fn code(&self, secret: &str) -> String {
        let secret = Secret::try_from_base32(secret).unwrap();
        let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(1);
        let totp = builder.with_step_duration(30).with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(self.at() / 1_000).unwrap()).to_string()
    }

    // --- requests ---

    pub fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base)
    }

    /// Sends a request as it is.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answered {
        send(method, &self.url(path), headers, body)
    }

    fn as_program(&self, who: &str) -> String {
        format!("Bearer {}", self.people[who].token)
    }

    pub fn get(&self, who: &str, path: &str) -> Answered {
        self.raw("GET", path, &[("authorization", &self.as_program(who))], None)
    }

    /// Sends JSON, without a request key.
    pub fn post(&self, who: &str, path: &str, body: &Value) -> Answered {
        let (token, body) = (self.as_program(who), body.to_string());
        let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
        self.raw("POST", path, &headers, Some(body.as_bytes()))
    }

    pub fn key(&self, who: &str, command: &str) -> String {
        let made = self.post(who, "/request-keys", &json!({ "command": command })).expect(200).json();
        made["key"].as_str().unwrap().to_owned()
    }

    /// Sends JSON under a request key.
    pub fn keyed(&self, who: &str, method: &str, path: &str, key: &str, body: &Value) -> Answered {
        let (token, body) = (self.as_program(who), body.to_string());
        let headers = [
            ("authorization", token.as_str()),
            ("content-type", "application/json"),
            ("x-anmin-request", key),
        ];
        self.raw(method, path, &headers, Some(body.as_bytes()))
    }

    /// Gives a command under a key of its own.
    pub fn order(&self, who: &str, command: &str, path: &str, body: &Value) -> Answered {
        let key = self.key(who, command);
        self.keyed(who, "POST", path, &key, body)
    }

    // --- people ---

    fn second_factor(&self, login: &str) -> (String, Value) {
        let body = json!({ "login": login }).to_string();
        let headers = [("content-type", "application/json")];
        let made = self.raw("POST", "/second-factor", &headers, Some(body.as_bytes())).expect(200).json();
        let secret = made["secret"].as_str().unwrap().to_owned();
        let given = json!({ "secret": secret, "seal": made["seal"], "code": self.code(&secret) });
        (secret, given)
    }

    fn remember(&mut self, login: &str, secret: String, entered: &Value) {
        let text = |name: &str| entered[name].as_str().unwrap().to_owned();
        let (person, token) = (text("person"), text("token"));
        let somebody = Somebody { login: login.into(), secret, person, token };
        self.people.insert(login.into(), somebody);
    }

    /// Sends a form of somebody who has not signed in.
    pub fn knock(&self, path: &str, body: &Value) -> Answered {
        let headers = [("content-type", "application/json")];
        self.raw("POST", path, &headers, Some(body.to_string().as_bytes()))
    }

    /// Somebody who has signed in otherwise than with a password.
    pub fn become_known(&mut self, name: &str, person: &str, token: &str) {
        let (person, token) = (person.to_owned(), token.to_owned());
        let somebody = Somebody { login: name.into(), secret: String::new(), person, token };
        self.people.insert(name.into(), somebody);
    }

    pub fn first(&mut self, token: &str, login: &str) -> Answered {
        let (secret, second_factor) = self.second_factor(login);
        let body = json!({
            "token": token, "name": format!("管理{login}"), "login": login, "password": PASSWORD,
            "second_factor": second_factor,
            "bureau": { "name": "某县民政局", "area_name": "某县", "area_code": "990100" },
        });
        let answered = self.knock("/enrolment/first?travel=token", &body);
        if answered.status == 200 {
            self.remember(login, secret, &answered.json());
        }
        answered
    }

    /// Three administrators, and a deputy of each.
    pub fn bureau(&mut self) {
        for round in [["system", "security", "audit"], ["system2", "security2", "audit2"]] {
            let token = self.wait(self.office.store().enrolment_token(Moment(self.at()))).unwrap();
            for login in round {
                self.first(&token, login).expect(200);
            }
        }
    }

    /// A form of signing in, with the code of this moment.
    pub fn sign_in_form(&self, login: &str) -> Value {
        let known = &self.people[login];
        json!({ "login": known.login, "password": PASSWORD, "code": self.code(&known.secret) })
    }

    /// Signs in, a minute later, so that the code is a new one.
    pub fn enter(&mut self, login: &str) -> Answered {
        self.later(60);
        let answered = self.knock("/session?travel=token", &self.sign_in_form(login));
        if answered.status == 200 {
            let token = answered.json()["token"].as_str().unwrap().to_owned();
            self.people.get_mut(login).unwrap().token = token;
        }
        answered
    }

    /// A login made and enrolled.
    pub fn hire(&mut self, login: &str) {
        let body = json!({ "name": format!("职员{login}"), "login": login });
        let made = self.order("security", "create_login", "/logins", &body).expect(201).json();
        let (secret, second_factor) = self.second_factor(login);
        let body = json!({
            "login": login, "enrolment": made["code"], "password": PASSWORD, "second_factor": second_factor,
        });
        let entered = self.knock("/enrolment?travel=token", &body).expect(200).json();
        self.remember(login, secret, &entered);
    }

    /// A post proposed and approved; its holder signs in again.
    pub fn appoint(&mut self, login: &str, unit: &str, area: &str, role: &str) {
        let person = self.people[login].person.clone();
        let body = json!({ "person": person, "terms": {
            "unit": unit, "area": area, "role": role, "subjects": AID, "from": "2026-09-01", "to": "2027-08-31",
        } });
        let proposed = self.order("security", "propose_post", "/posts", &body).expect(201).json();
        let path = format!("/posts/{}/approval", proposed["id"].as_str().unwrap());
        let body = json!({ "version": proposed["version"] });
        self.order("security2", "approve_post", &path, &body).expect(200);
        self.enter(login).expect(200);
    }

    /// A town below the county: its area, with a clerk, an investigator and an examiner, and a reviewer above.
    pub fn town(&mut self) -> String {
        self.bureau();
        let places = self.get("system", "/places").expect(200).json();
        let (county, bureau) = (places["areas"][0]["area"].clone(), places["units"][0]["unit"].clone());
        let body = json!({ "name": "北镇", "code": "990100101", "above": county, "from": "2026-09-01" });
        let town = self.order("system", "create_area", "/areas", &body).expect(201).json()["id"].clone();
        let body = json!({
            "area": town, "kind": "township_office", "name": "北镇社会事务办", "stands": ["accepting"],
            "from": "2026-09-01", "phone": "88886666", "address": "北镇大街1号",
        });
        let office = self.order("system", "create_unit", "/units", &body).expect(201).json()["id"].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (town, office, county, bureau) = (text(&town), text(&office), text(&county), text(&bureau));
        for (login, unit, area, role) in [
            ("wang", &office, &town, "intake_clerk"),
            ("li", &office, &town, "investigator"),
            ("zhao", &office, &town, "examiner"),
            ("qian", &bureau, &county, "county_reviewer"),
        ] {
            self.hire(login);
            self.appoint(login, unit, area, role);
        }
        town
    }

    /// A person of the town, entered by the clerk. The number is of a place that is not there.
    pub fn resident(&self, town: &str, name: &str, number: &str) -> String {
        let body = json!({ "area": town, "entry": { "names": [{ "text": name }], "number": number } });
        let entered = self.order("wang", "enter_person", "/persons", &body).expect(201).json();
        entered["person"].as_str().unwrap().to_owned()
    }

    /// A case of one person, received by the clerk and given to them by the examiner. What became of it.
    pub fn case(&self, town: &str, applicant: &str) -> Value {
        let opened = self.order("wang", "receive", "/cases", &case_form(town, applicant)).expect(201).json();
        assert_eq!(opened["state"], "received");
        let path = format!("/cases/{}/commands", opened["case"].as_str().unwrap());
        let assign = json!({ "command": "assign", "duty": "intake", "person": self.people["wang"].person });
        let body = json!({ "version": opened["version"], "command": assign, "why": "按片区分工" });
        self.order("zhao", "assign", &path, &body).expect(200).json()
    }
}

pub fn case_form(town: &str, applicant: &str) -> Value {
    json!({
        "service": "dibao", "area": town, "applicant": applicant,
        "parties": [{ "person": applicant, "role": "members" }],
        "evidence": [{ "kind": "application", "reference": "A1" }],
    })
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(serving) = self.serving.take() {
            let _ = serving.join();
        }
        self.runtime.block_on(self.office.store().close());
        if let Some(schema) = &self.schema {
            psql(&format!("DROP SCHEMA {schema} CASCADE"));
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
