//! A city with two counties, made through the program itself: two towns in one, one in the other, a unit and people for
//! every part of a case, in the morning of the demonstration's first day. People are invented; only the city's code is
//! a real one, since its rules are used.
use super::client::Client;
use super::program::Deployment;
use anmin_app::deployment::Moment;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};
use totp_rs::{Algorithm, Builder, Secret};

/// The day a demonstration begins.
pub const TODAY: &str = "2026-09-01";
/// The last day of all posts.
pub const LAST: &str = "2027-08-01";
pub const PASSWORD: &str = "ripe plum under bridge";

/// Area, the one above, code, name, and a word that stands in whatever is made there about anybody, and nowhere else.
pub const AREAS: [(&str, &str, &str, &str, &str); 9] = [
    ("city", "", "110000", "示例市", "黼黻"),
    ("county", "city", "110199", "示例县", "颛顼"),
    ("east", "county", "110199101", "东镇", "猗傩"),
    ("east village", "east", "110199101201", "东一村", "鳀鳁"),
    ("second village", "east", "110199101202", "东二村", "蒹葭"),
    ("west", "county", "110199102", "西镇", "彳亍"),
    ("west village", "west", "110199102201", "西一村", "饕餮"),
    ("next county", "city", "110198", "邻县", "夔魈"),
    ("far", "next county", "110198101", "远镇", "觊觎"),
];

/// Unit, its area, kind, and what it is on the tree.
pub const UNITS: [(&str, &str, &str, &[&str]); 11] = [
    ("bureau", "county", "civil_affairs", &["supervising", "deciding"]),
    ("centre", "county", "check_centre", &["supervising", "deciding"]),
    ("finance", "county", "finance", &["supervising", "deciding"]),
    ("audit office", "county", "audit_office", &["supervising", "deciding"]),
    ("station", "county", "social_work_station", &["accepting"]),
    ("east office", "east", "township_office", &["accepting"]),
    ("east committee", "east village", "village_committee", &["village"]),
    ("west office", "west", "township_office", &["accepting"]),
    ("west committee", "west village", "village_committee", &["village"]),
    ("next bureau", "next county", "civil_affairs", &["supervising", "deciding"]),
    ("far office", "far", "township_office", &["accepting"]),
];

pub const AID: &[&str] = &["social_assistance"];

/// Who, as what, at which unit, and for which lines of work. The area of a post is that of the unit.
pub const POSTS: &[(&str, &str, &str, &[&str])] = &[
    ("supervisor", "supervisor", "top", AID),
    ("editor", "policy_editor", "bureau", &[]),
    ("approver", "policy_approver", "bureau", &[]),
    ("preparer", "fund_preparer", "finance", &["funds"]),
    ("fund reviewer", "fund_reviewer", "finance", &["funds"]),
    ("signer", "fund_signer", "finance", &["funds"]),
    ("auditor", "auditor", "audit office", AID),
    ("reviewer", "county_reviewer", "bureau", AID),
    ("reviewer 2", "county_reviewer", "bureau", AID),
    ("confirmer", "county_confirmer", "bureau", AID),
    ("confirmer 2", "county_confirmer", "bureau", AID),
    ("checker", "checker", "centre", &["checks"]),
    ("checker 2", "checker", "centre", &["checks"]),
    ("social worker", "social_worker", "station", AID),
    ("clerk", "intake_clerk", "east office", AID),
    ("clerk 2", "intake_clerk", "east office", AID),
    ("investigator", "investigator", "east office", AID),
    ("investigator 2", "investigator", "east office", AID),
    ("examiner", "examiner", "east office", AID),
    ("examiner 2", "examiner", "east office", AID),
    ("assistant", "village_assistant", "east committee", AID),
    ("appraiser", "village_appraiser", "east committee", AID),
    ("west clerk", "intake_clerk", "west office", AID),
    ("west investigator", "investigator", "west office", AID),
    ("west examiner", "examiner", "west office", AID),
    ("west assistant", "village_assistant", "west committee", AID),
    ("west appraiser", "village_appraiser", "west committee", AID),
    ("next reviewer", "county_reviewer", "next bureau", AID),
    ("next confirmer", "county_confirmer", "next bureau", AID),
    ("far clerk", "intake_clerk", "far office", AID),
    ("far examiner", "examiner", "far office", AID),
];

/// The administrators, in the order in which they enrol.
pub const ADMINISTRATORS: [&str; 6] = ["system", "security", "audit", "system 2", "security 2", "audit 2"];

/// What was made, by the names above.
#[derive(Clone, Debug, Default)]
pub struct County {
    pub people: BTreeMap<String, String>,
    pub areas: BTreeMap<String, String>,
    pub units: BTreeMap<String, String>,
    /// The post of everybody, and its version.
    pub posts: BTreeMap<String, (String, i64)>,
    /// The login of everybody, and its version.
    pub logins: BTreeMap<String, (String, i64)>,
}

/// The code of a second factor, so many half minutes from now.
pub fn code(secret: &str, steps: i64) -> String {
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(1);
    let secret = Secret::try_from_base32(secret).expect("a secret in base 32");
    let totp = builder.with_step_duration(30).with_secret(secret).build().expect("a second factor");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    totp.generate(now.checked_add_signed(steps * 30).expect("a moment")).to_string()
}

/// A second factor that is set up, and its secret.
pub fn second_factor(client: &mut Client<'_>, login: &str, steps: i64) -> (Value, String) {
    let made = client.plain(None, "POST", "/second-factor", &json!({ "login": login }));
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let factor = json!({ "secret": secret, "seal": made["seal"], "code": code(&secret, steps) });
    (factor, secret)
}

/// What `anmin init` prints where people are real; a demonstration has no such token of its own.
fn enrolment_token(deployment: &Deployment) -> String {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = deployment.home().open().await.expect("it opens");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
        let token = store.enrolment_token(Moment(i64::try_from(now).expect("a moment"))).await;
        store.close().await;
        token.expect("a token")
    })
}

/// The word of an area.
pub fn word(area: &str) -> &'static str {
    AREAS.iter().find(|(name, ..)| *name == area).expect("an area").4
}

impl County {
    pub fn person(&self, name: &str) -> &str {
        self.people.get(name).unwrap_or_else(|| panic!("nobody is {name}"))
    }

    pub fn area(&self, name: &str) -> &str {
        self.areas.get(name).unwrap_or_else(|| panic!("no area is {name}"))
    }

    /// Makes it.
    pub fn build(deployment: &Deployment) -> County {
        let mut client = Client::new(deployment);
        let mut county = County::default();
        county.administrators(&mut client);
        county.places(&mut client);
        for post in POSTS {
            county.hire(&mut client, post);
        }
        // People without a post: one is in the cases of others, one in none.
        for name in ["relative", "stranger"] {
            county.login(&mut client, name);
        }
        client.stop();
        county
    }

    fn administrators(&mut self, client: &mut Client<'_>) {
        let mut token = String::new();
        for (n, name) in ADMINISTRATORS.iter().enumerate() {
            if n % 3 == 0 {
                token = enrolment_token(client.deployment);
            }
            let login = format!("admin{n}");
            let (factor, _) = second_factor(client, &login, 0);
            let wanted = client.plain(None, "POST", "/enrolment/wanted", &json!({ "token": token }));
            assert!(!wanted["roles"].as_array().expect("roles").is_empty(), "{name}: {wanted}");
            let bureau = json!({ "name": "示例市民政局", "area_name": "示例市", "area_code": "110000" });
            let input = json!({
                "token": token, "name": format!("管理员{}", ["甲", "乙", "丙", "丁", "戊", "己"][n]), "login": login,
                "password": PASSWORD, "second_factor": factor, "bureau": if n == 0 { bureau } else { Value::Null },
            });
            let entered = client.plain(None, "POST", "/enrolment/first?travel=token", &input);
            self.people.insert((*name).to_owned(), entered["person"].as_str().expect("a person").to_owned());
        }
    }

    fn places(&mut self, client: &mut Client<'_>) {
        let system = self.person("system").to_owned();
        let seen = client.see(&system, "/places");
        let first =
            |list: &str, id: &str| seen[list][0][id].as_str().expect("the bureau is there").to_owned();
        self.areas.insert("city".into(), first("areas", "area"));
        self.units.insert("top".into(), first("units", "unit"));
        for (name, above, code, called, _) in AREAS.iter().skip(1) {
            let input = json!({ "name": called, "code": code, "above": self.area(above), "from": TODAY });
            let made = client.post(&system, "create_area", "/areas", &input);
            self.areas.insert((*name).to_owned(), made["id"].as_str().expect("an id").to_owned());
        }
        for (name, area, kind, stands) in UNITS {
            let called = AREAS.iter().find(|known| known.0 == area).expect("an area").3;
            let input = json!({
                "area": self.area(area), "kind": kind, "name": format!("{called}{name}办公室"), "phone": "010-00001234",
                "address": format!("{called}一号"), "stands": stands, "from": TODAY,
            });
            let made = client.post(&system, "create_unit", "/units", &input);
            self.units.insert(name.to_owned(), made["id"].as_str().expect("an id").to_owned());
        }
    }

    /// A login; nobody has set it up yet. Its code of enrolment.
    pub fn login(&mut self, client: &mut Client<'_>, name: &str) -> String {
        let security = self.person("security").to_owned();
        let login = name.replace(' ', "");
        let input = json!({ "name": format!("职员{}", self.people.len()), "login": login });
        let made = client.post(&security, "create_login", "/logins", &input);
        self.people.insert(name.to_owned(), made["person"].as_str().expect("a person").to_owned());
        let account = made["account"].as_str().expect("an account").to_owned();
        self.logins.insert(name.to_owned(), (account, made["version"].as_i64().expect("a version")));
        made["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The terms of a post at a unit.
    pub fn terms(&self, role: &str, unit: &str, subjects: &[&str], to: &str) -> Value {
        let area = UNITS.iter().find(|known| known.0 == unit).map_or("city", |known| known.1);
        json!({
            "unit": self.units[unit], "role": role, "area": self.area(area), "subjects": subjects,
            "from": TODAY, "to": to,
        })
    }

    fn hire(&mut self, client: &mut Client<'_>, post: &(&str, &str, &str, &[&str])) {
        let (name, role, unit, subjects) = *post;
        self.login(client, name);
        let terms = self.terms(role, unit, subjects, LAST);
        self.appoint(client, name, terms);
    }

    /// Proposes and approves a post for somebody.
    pub fn appoint(&mut self, client: &mut Client<'_>, name: &str, terms: Value) {
        let (security, second) = (self.person("security").to_owned(), self.person("security 2").to_owned());
        let input = json!({ "person": self.person(name), "terms": terms });
        let proposed = client.post(&security, "propose_post", "/posts", &input);
        let post = proposed["id"].as_str().expect("a post").to_owned();
        let version = json!({ "version": proposed["version"] });
        let approved = client.post(&second, "approve_post", &format!("/posts/{post}/approval"), &version);
        self.posts.insert(name.to_owned(), (post, approved["version"].as_i64().expect("a version")));
    }
}
