//! A county that is nowhere: the same for the same plan on both databases and by both ways, with somebody in every state,
//! and nothing in it that the office itself would not have written.

use crate::county::{done, refused};
use anmin_app::case::ListV1;
use anmin_app::deployment::{DeploymentKind, FileSink};
use anmin_app::office::{Caller, Now, Office, Order};
use anmin_app::synth::{Divisions, MadeV1, PersonaV1, Plan, Way};
use anmin_authz::authority::Capacity;
use anmin_authz::id::{LoginId, PersonId};
use anmin_store::{Id, Moment, Scratch};
use std::path::PathBuf;

/// A service with cases.
fn service(office: &Office) -> String {
    let services = done(office.services());
    services.into_iter().find(|service| service.has_cases).expect("a service with cases").name
}

struct Demo {
    office: Office,
    scratch: Scratch,
}

async fn demo(postgres: bool, kind: DeploymentKind) -> Demo {
    let at = Moment(1_788_220_800_000);
    let server = postgres.then(|| {
        std::env::var("ANMIN_TEST_POSTGRES").expect(
            "no PostgreSQL to test on: run ./x test, which starts one, or name a server in ANMIN_TEST_POSTGRES",
        )
    });
    let scratch = Scratch::new(&std::env::temp_dir(), server.as_deref(), at).await.unwrap();
    let store = scratch.create(kind, at).await.unwrap();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let office = Office::open(store, &root, at).await.unwrap();
    Demo { office, scratch }
}

impl Demo {
    async fn make(&self, plan: &Plan) -> MadeV1 {
        done(self.office.synthesise(plan, &mut |_| {}).await)
    }

    async fn sound(&self) {
        let report = self.office.store().verify_state().await.unwrap();
        assert!(report.findings.is_empty(), "{:?}", &report.findings[..report.findings.len().min(5)]);
    }

    async fn remove(self) {
        self.office.store().close().await;
        self.scratch.remove().await.unwrap();
    }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

/// What an examiner of the first town is shown: the first page of the list, and each of its cases.
async fn seen(demo: &Demo, made: &MadeV1) -> Vec<String> {
    let examiner = made.personas.iter().find(|p| p.role == "examiner").expect("an examiner");
    let person = Id::parse(&examiner.person).unwrap();
    let caller = Caller {
        person: PersonId(person.0),
        login: LoginId(person.0),
        capacity: Capacity::Staff,
        stepped_up: None,
        rationed_today: 0,
    };
    let now: Now = done(demo.office.now(Moment(1_788_220_800_000)).await);
    let order = Order { caller: &caller, now, purpose: None, request: None };
    let page = done(demo.office.list_cases(&order, &ListV1::default()).await);
    assert!(page.cases.len() >= 10, "{} cases", page.cases.len());
    let mut seen = vec![serde_json::to_string(&page).unwrap()];
    for case in &page.cases {
        let id = Id::parse(&case.id).unwrap();
        seen.push(serde_json::to_string(&done(demo.office.show_case(&order, id).await)).unwrap());
        seen.push(serde_json::to_string(&done(demo.office.letters(&order, id).await)).unwrap());
    }
    seen
}

/// Where two values differ first.
fn difference(one: &serde_json::Value, two: &serde_json::Value) -> Option<String> {
    use serde_json::Value::{Array, Object};
    match (one, two) {
        (Array(one), Array(two)) if one.len() == two.len() => {
            let mut pairs = one.iter().zip(two).enumerate();
            pairs.find_map(|(n, (one, two))| Some(format!("[{n}]{}", difference(one, two)?)))
        }
        (Object(a), Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().find_map(|(key, value)| Some(format!(".{key}{}", difference(value, &b[key])?)))
        }
        _ if one == two => None,
        _ => Some(format!(": {one} and {two}")),
    }
}

fn plan(office: &Office) -> Plan {
    Plan { households: 150, cases: 60, service: service(office), ..Plan::example() }
}

#[test]
fn the_same_plan_gives_the_same_county_on_both_databases() {
    run(async {
        let (one, two) = (demo(false, DeploymentKind::Demo).await, demo(true, DeploymentKind::Demo).await);
        let plan = Plan { way: Way::AtOnce, ..plan(&one.office) };
        let (made, again) = (one.make(&plan).await, two.make(&plan).await);
        assert_eq!(made, again);
        assert_eq!(seen(&one, &made).await, seen(&two, &again).await);
        let states: Vec<&str> = made.states.iter().map(|state| state.state.as_str()).collect();
        assert_eq!(states.len(), 20, "somebody in every state: {states:?}");
        assert_eq!(made.cases, made.states.iter().map(|state| state.cases).sum::<u32>());
        one.sound().await;
        two.sound().await;
        // Whatever broke off is gone on with: what is there is not made twice.
        assert_eq!(one.make(&plan).await, made);
        one.sound().await;
        // Another county does not fit in.
        let other = Plan { seed: 2, ..plan.clone() };
        let refusal = refused(one.office.synthesise(&other, &mut |_| {}).await);
        assert_eq!(refusal.code, "not_empty");
        let three = demo(false, DeploymentKind::Demo).await;
        assert_ne!(three.make(&other).await.checksum, made.checksum);
        for demo in [one, two, three] {
            demo.remove().await;
        }
    });
}

#[test]
fn what_is_written_at_once_is_what_people_would_have_done_step_by_step() {
    run(async {
        let (at_once, by_hand) =
            (demo(false, DeploymentKind::Demo).await, demo(false, DeploymentKind::Demo).await);
        let plan = plan(&at_once.office);
        let one = at_once.make(&Plan { way: Way::AtOnce, ..plan.clone() }).await;
        let two = by_hand.make(&Plan { way: Way::Commands, ..plan }).await;
        assert_eq!(one, two);
        // The same in everything but how often the row was written, and under which of its versions a reason stands.
        let plain = |shown: Vec<String>| -> Vec<serde_json::Value> {
            let read = |text: String| {
                let mut shown: serde_json::Value = serde_json::from_str(&text).unwrap();
                if let Some(object) = shown.as_object_mut() {
                    object.shift_remove("version");
                    object.shift_remove("reasons");
                }
                let cases = shown.get_mut("cases").and_then(|cases| cases.as_array_mut());
                for case in cases.into_iter().flatten() {
                    case["version"] = serde_json::Value::Null;
                }
                shown
            };
            shown.into_iter().map(read).collect()
        };
        let (one, two) = (plain(seen(&at_once, &one).await), plain(seen(&by_hand, &two).await));
        assert_eq!(difference(&one.into(), &two.into()), None);
        by_hand.sound().await;
        at_once.remove().await;
        by_hand.remove().await;
    });
}

fn on_real_ground(office: &Office) -> Plan {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let divisions = done(Divisions::read(&root, "110118"));
    let region = done(office.province_over(&divisions));
    Plan {
        households: 110,
        cases: 45,
        way: Way::Commands,
        region,
        divisions: Some(divisions),
        service: service(office),
        ..Plan::example()
    }
}

/// In which states the cases of somebody are, in their own eyes.
async fn own(demo: &Demo, persona: &PersonaV1) -> Vec<String> {
    let now: Now = done(demo.office.now(Moment(1_788_220_800_000)).await);
    let person = Id::parse(&persona.person).unwrap();
    let signed_in = done(demo.office.demo_persona(person, now).await);
    let caller = done(demo.office.caller(&signed_in.token, now).await);
    let order = Order { caller: &caller, now, purpose: None, request: None };
    let page = done(demo.office.list_cases(&order, &ListV1::default()).await);
    page.cases.into_iter().map(|case| case.state).collect()
}

#[test]
fn a_county_on_real_ground_has_people_to_be_told_of_and_its_days_go_on() {
    run(async {
        let demo = demo(false, DeploymentKind::Demo).await;
        assert!(done(demo.office.story().await).is_none());
        let plan = on_real_ground(&demo.office);
        let made = demo.make(&plan).await;
        let story = done(demo.office.story().await).expect("it is all there");
        assert_eq!((story.division.as_str(), story.place.as_str()), ("110118", "北京市密云区"));
        assert_eq!(story.personas, made.personas);
        let codes: Vec<(&str, &str)> =
            made.places.iter().take(3).map(|place| (place.code.as_str(), place.name.as_str())).collect();
        assert_eq!(codes, [("110118", "密云区"), ("110118001", "鼓楼街道"), ("110118100", "密云镇")]);
        for (login, states) in [
            ("wangguilan", &[][..]),
            ("chenzhiqiang", &["granted"]),
            ("liyuzhen", &["supplementing"]),
            ("zhaomin", &["supplementing"]),
            ("liufang", &["posted"]),
            ("sunchangfu", &["objected"]),
            ("zhangjianguo", &["investigating"]),
            ("zhoujianmin", &["refused"]),
            ("zhaoxiuying", &["change_proposed"]),
        ] {
            let persona = made.personas.iter().find(|persona| persona.login == login);
            let persona = persona.unwrap_or_else(|| panic!("{login} is not there"));
            assert_eq!(own(&demo, persona).await, states, "{login}");
        }
        assert!(made.personas.iter().all(|p| !p.tries.zh.is_empty() && !p.tries.en.is_empty()));
        let examiners = done(demo.office.personas(Some("examiner")).await);
        assert_eq!(examiners.len(), 1);
        walk_days(&demo, 8).await;
        // Made again, it is the same, and its day stays where it has come to.
        assert_eq!(demo.make(&plan).await, made);
        let now: Now = done(demo.office.now(Moment(1_788_220_800_000)).await);
        assert_eq!(now.on, plan.today.add_days(8));
        demo.sound().await;
        demo.remove().await;
    });
}

/// Day after day: no job fails, and clocks that ran out are marked.
async fn walk_days(demo: &Demo, days: usize) {
    let folder = std::env::temp_dir().join(format!("anmin-days-{}", std::process::id()));
    let messenger = FileSink { folder: folder.clone() };
    let before = marks(demo).await;
    for _ in 0..days {
        let now: Now = done(demo.office.now(Moment(1_788_220_800_000)).await);
        let (_, jobs) = done(demo.office.next_day(now, &messenger).await);
        assert!(jobs.failed.is_empty(), "{:?}", jobs.failed);
        assert!(jobs.done.iter().any(|(kind, _)| kind == "clocks"), "{:?}", jobs.done);
    }
    let after = marks(demo).await;
    for mark in ["amber", "red", "overdue"] {
        let of = |all: &[String]| all.iter().filter(|found| *found == mark).count();
        assert!(of(&before) + of(&after) > 0, "no clock was {mark}: {before:?} {after:?}");
    }
    assert_ne!(before, after, "no clock has moved on");
    let _ = std::fs::remove_dir_all(folder);
}

/// The marks of all cases, as the county sees them.
async fn marks(demo: &Demo) -> Vec<String> {
    let now: Now = done(demo.office.now(Moment(1_788_220_800_000)).await);
    let reviewer = done(demo.office.personas(Some("county_reviewer")).await).remove(0);
    let signed_in = done(demo.office.demo_persona(Id::parse(&reviewer.person).unwrap(), now).await);
    let caller = done(demo.office.caller(&signed_in.token, now).await);
    let order = Order { caller: &caller, now, purpose: None, request: None };
    let page = done(demo.office.list_cases(&order, &ListV1 { limit: Some(100), ..ListV1::default() }).await);
    page.cases.into_iter().map(|case| case.mark).collect()
}

#[test]
fn a_database_of_real_people_is_left_alone() {
    run(async {
        let real = demo(false, DeploymentKind::Record).await;
        let plan = plan(&real.office);
        let refusal = refused(real.office.synthesise(&plan, &mut |_| {}).await);
        assert_eq!(refusal.code, "not_a_demonstration");
        assert!(refusal.text.zh.contains("真实人员"), "{}", refusal.text.zh);
        real.remove().await;
    });
}
