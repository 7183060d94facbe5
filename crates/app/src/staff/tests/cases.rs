use super::on_both;
use super::world::{Dialect, World, id_in, refused, run, version_in};
use crate::case::{CaseFile, InstructionV1, KIN_MATCHING, PartyV1, Weighed, row_id};
use crate::error::Kind;
use crate::people::{EntryV1, PersonSealedV1};
use crate::record::act::CommandV1;
use crate::staff::{HandOverAllV1, KinV1, relations};
use anmin_authz::scope::SystemJob;
use anmin_base::date::Date;
use anmin_base::resident_id::ResidentId;
use anmin_casework::apply::{self, Begin, Circumstances, Verdicts};
use anmin_casework::command::{Act, Take};
use anmin_casework::record::{Actor, Exhibit, Person};
use anmin_store::{Blind, Command, Find, Id, NewJob, Record, Stream, table};

const AID: &[&str] = &["social_assistance"];

/// A town with two clerks, both also examiners, and a third who is an examiner only.
pub(super) struct Town {
    pub area: Id,
    pub office: Id,
}

pub(super) async fn town(world: &mut World) -> Town {
    world.bureau().await;
    let (county, _) = world.seat();
    let area = world.area("北镇", "990100101", county).await;
    let office = world.unit(area, "township_office", &["accepting"]).await;
    for name in ["wang", "li", "zhao"] {
        world.hire(name).await;
    }
    world.appoint("wang", office, area, "intake_clerk", AID).await;
    world.appoint("li", office, area, "intake_clerk", AID).await;
    world.appoint("li", office, area, "examiner", AID).await;
    world.appoint("zhao", office, area, "examiner", AID).await;
    Town { area, office }
}

fn number(n: u16) -> ResidentId {
    ResidentId::from_parts(990101, Date::ymd(1960, 1, 1), n).unwrap()
}

impl World {
    /// A resident of an area, as the register would have them.
    pub(super) async fn resident(&self, area: Id, n: u16) -> Id {
        let number = number(n);
        let entry = EntryV1 { number: number.reveal().into(), ..EntryV1::default() };
        let sealed = PersonSealedV1 { schema: "anmin.person/1".into(), entry };
        let index = self.office.store().keys().blind(Blind::Person, "id18", number.reveal());
        let row = Record::new(&table::PERSON, Id::at(self.now.at))
            .with("nature", "human")
            .with("area", area)
            .with("sensitivity", 2)
            .with("name", format!("居民{n}"))
            .with("pinyin", "")
            .with("initials", "")
            .with("id_index", index)
            .with("payload", serde_json::to_vec(&sealed).unwrap());
        let scope = self.office.job_scope(SystemJob::KinMatching, self.now.on);
        let command =
            Command { scope: &scope, name: "test", purpose: "test", at: self.now.at, request: None };
        let mut work = self.office.store().begin_job(command).await.unwrap();
        let row = work.insert(row).await.unwrap();
        work.commit(Stream { kind: "test", id: "1" }, b"", b"").await.unwrap();
        row.id()
    }

    /// A case, received by somebody; written by a job, since who enters people is not what is shown here.
    pub(super) async fn receive(&self, by: &str, area: Id, people: &[Id]) -> Id {
        let opened = self.office.opened("dibao", None).unwrap();
        let workflow = self.office.workflow(&opened, self.now.on).unwrap();
        let person = |id: &Id| Person(id.to_string());
        let exhibit = Exhibit { kind: "application".into(), reference: "A1".into(), ..Exhibit::default() };
        let by = Actor {
            person: person(&self.person(by)),
            duty: "intake".into(),
            delegated_by: None,
            human: true,
        };
        let take = Take { step: "receive".into(), by, evidence: vec![exhibit], act: Act::Receive };
        let begin = Begin {
            unit: people[0].to_string(),
            adults: people.iter().map(person).collect(),
            programmes: vec!["dibao".into()],
            take,
        };
        let (none, calendar) = (Verdicts::new(), self.office.calendar());
        let circumstances = Circumstances { today: self.now.on, calendar, verdicts: &none };
        let (case, events) = apply::open(&workflow, &begin, &circumstances).unwrap();
        let id = Id::at(self.now.at);
        let record = Record::new(&table::CASE_FILE, id)
            .with("area", area)
            .with("applicant", people[0])
            .with("name", "居民")
            .with("number", id.to_string())
            .with("subject", AID[0])
            .with("pack", "dibao")
            .with("workflow_hash", "00")
            .with("sensitivity", 2)
            .with("received_on", i64::from(self.now.on.days()));
        let party = |id: &Id| PartyV1 { person: id.to_string(), role: "members".into() };
        let parties = people.iter().map(party).collect();
        let mut file = CaseFile::begun(record, opened, workflow, case.clone(), parties);
        let scope = self.office.job_scope(SystemJob::KinMatching, self.now.on);
        let command =
            Command { scope: &scope, name: "receive", purpose: "test", at: self.now.at, request: None };
        let mut work = self.office.store().begin_job(command).await.unwrap();
        let weighed = Weighed::default();
        let kept =
            self.office.keep(&mut work, &mut file, case, &events, &weighed, self.now, None).await.unwrap();
        for (n, person) in people.iter().enumerate() {
            let row = Record::new(&table::CASE_PERSON, row_id(id, "party", &n.to_string()))
                .with("case_id", id)
                .with("person", *person)
                .with("role", "members");
            work.insert(row).await.unwrap();
        }
        let key = id.to_string();
        let job = NewJob { kind: KIN_MATCHING, key: &key, payload: b"", run_at: self.now.at };
        work.enqueue(&job).await.unwrap();
        work.commit(Stream { kind: "case", id: &key }, &kept.events, &kept.result).await.unwrap();
        id
    }

    async fn instruct(&self, by: &str, case: Id, command: CommandV1) -> Vec<u8> {
        let caller = self.caller(by);
        let version = self.row(case).await.version();
        let input = InstructionV1 { version, duty: None, command, why: Some("工作安排".into()) };
        self.office.instruct(&self.order(&caller), case, input).await.unwrap()
    }

    pub(super) async fn assign(&self, case: Id, duty: &str, person: &str) {
        let person = self.person(person).to_string();
        self.instruct("zhao", case, CommandV1::Assign { duty: duty.into(), person }).await;
    }

    /// The row of a case, as the job of clocks sees it.
    async fn row(&self, case: Id) -> Record {
        let scope = self.office.job_scope(SystemJob::Clocks, self.now.on);
        let find = Find::one(&table::CASE_FILE, case);
        self.office.store().read_personal(&scope, "test", self.now.at, &find).await.unwrap().remove(0)
    }

    async fn file(&self, case: Id) -> CaseFile {
        CaseFile::read(&self.office, self.row(case).await).unwrap()
    }

    pub(super) async fn run_jobs(&self) -> crate::jobs::JobsDone {
        let done = self.office.run_due_jobs(self.now, &self.sink(), 100).await.unwrap();
        assert_eq!(done.failed, []);
        done
    }

    fn kin(&self, n: u16) -> KinV1 {
        KinV1 {
            relation: "sibling".into(), name: format!("居民{n}"), resident_id: number(n).reveal().into()
        }
    }
}

on_both! {
    async fn a_relative_in_a_new_case_bars_whoever_declared_them(world: &mut World) {
        let town = town(world).await;
        let caller = world.caller("wang");
        let order = world.order(&caller);
        assert!(relations().len() > 10);
        world.office.declare_kin(&order, &world.kin(7)).await.unwrap();
        let twice = refused(world.office.declare_kin(&order, &world.kin(7)).await);
        assert_eq!(twice.fields[0].at, "resident_id");
        let bad = KinV1 { relation: "friend".into(), name: " ".into(), resident_id: "1".into() };
        let fields = refused(world.office.declare_kin(&order, &bad).await).fields;
        assert_eq!(fields.len(), 3, "{fields:?}");
        let seen = world.office.own_kin(&caller, world.now).await.unwrap();
        assert_eq!((seen.len(), seen[0].name.as_str()), (1, "居民7"));
        assert!(!seen[0].resident_id.contains(number(7).reveal()));
        assert_eq!(world.run_jobs().await.done.len(), 1);

        let (applicant, relative) = (world.resident(town.area, 3).await, world.resident(town.area, 7).await);
        let case = world.receive("li", town.area, &[applicant, relative]).await;
        assert!(world.file(case).await.case.kin.is_none());
        assert_eq!(world.run_jobs().await.done.len(), 1);
        let file = world.file(case).await;
        let wang = Person(world.person("wang").to_string());
        assert_eq!(file.case.kin.as_ref().map(|entry| &entry.staff), Some(&wang));
        assert_eq!(file.case.bar(&wang).unwrap().relation, "sibling");
        // Whoever is barred is given nothing there, and the case is not there for them.
        let input = InstructionV1 {
            version: file.version(),
            duty: None,
            command: CommandV1::Assign { duty: "intake".into(), person: wang.0.clone() },
            why: Some("工作安排".into()),
        };
        let zhao = world.caller("zhao");
        assert_eq!(refused(world.office.instruct(&world.order(&zhao), case, input).await).kind, Kind::Unmet);
    }

    async fn a_declared_relative_is_found_in_the_cases_there_are(world: &mut World) {
        let town = town(world).await;
        let (applicant, other) = (world.resident(town.area, 3).await, world.resident(town.area, 4).await);
        let theirs = world.receive("li", town.area, &[other, applicant]).await;
        let strange = world.receive("li", town.area, &[other]).await;
        world.run_jobs().await;
        let caller = world.caller("zhao");
        world.office.declare_kin(&world.order(&caller), &world.kin(3)).await.unwrap();
        world.run_jobs().await;
        assert!(world.file(theirs).await.case.kin.is_some());
        assert!(world.file(strange).await.case.kin.is_none());
        let version = world.row(theirs).await.version();
        // Looked at again, nothing more is written.
        let caller = world.caller("li");
        world.office.declare_kin(&world.order(&caller), &world.kin(9)).await.unwrap();
        world.run_jobs().await;
        assert_eq!(world.row(theirs).await.version(), version);
    }

    async fn marks_come_once_and_none_in_silence(world: &mut World) {
        let town = town(world).await;
        let applicant = world.resident(town.area, 3).await;
        let case = world.receive("li", town.area, &[applicant]).await;
        let quiet = world.receive("li", town.area, &[applicant]).await;
        world.run_jobs().await;
        let aid = CommandV1::Aid { amount_fen: "50000".parse().unwrap(), need: "房屋失火无处居住".into() };
        world.instruct("zhao", case, aid).await;
        let (mut marks, mut versions) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            world.days(1);
            let new = world.office.schedule(world.now).await.unwrap();
            assert_eq!(world.office.schedule(world.now).await.unwrap(), 0);
            let done = world.run_jobs().await.done;
            assert!(new >= 4 && done.len() == new as usize, "{done:?}");
            let row = world.row(case).await;
            marks.push(row.int("mark").unwrap());
            versions.push(row.version());
        }
        assert!(marks.is_sorted() && marks.contains(&1) && marks.last() == Some(&3), "{marks:?}");
        // Written on the days a mark came, and on no other.
        let changes = marks.windows(2).filter(|pair| pair[0] != pair[1]).count();
        versions.dedup();
        assert_eq!(versions.len(), changes + 1, "{marks:?} {versions:?}");
        assert_eq!(world.row(quiet).await.version(), 1);
        let events = world.file(case).await.since(1);
        let marked = |e: &&anmin_casework::event::Event| matches!(e, anmin_casework::event::Event::ClockMarked(..));
        assert_eq!(events.iter().filter(marked).count(), changes);
    }

    async fn a_leavers_cases_go_to_another_but_where_duties_clash(world: &mut World) {
        let town = town(world).await;
        let mut cases = Vec::new();
        for n in 0..25 {
            let applicant = world.resident(town.area, 100 + n).await;
            let case = world.receive("wang", town.area, &[applicant]).await;
            world.assign(case, "intake", "wang").await;
            cases.push(case);
        }
        // Where she gives the opinion, she does not take intake over.
        world.assign(cases[3], "opine", "li").await;
        world.run_jobs().await;

        let zhao = world.caller("zhao");
        let order = world.order(&zhao);
        let all = |from: &str, to: &str| HandOverAllV1 {
            from: world.person(from).to_string(),
            to: world.person(to).to_string(),
            reason: "调离".into(),
        };
        assert_eq!(refused(world.office.hand_over_all(&order, &all("wang", "wang")).await).fields[0].at, "to");
        assert_eq!(refused(world.office.hand_over_all(&order, &all("wang", "zhao")).await).kind, Kind::Forbidden);
        let wang = world.caller("wang");
        let own = world.office.hand_over_all(&world.order(&wang), &all("wang", "li")).await;
        assert_eq!(refused(own).kind, Kind::Forbidden);

        world.office.hand_over_all(&order, &all("wang", "li")).await.unwrap();
        let (from, to) = (world.person("wang").to_string(), world.person("li").to_string());
        let state = world.office.hand_over_state(&order, &from, &to).await.unwrap();
        assert!(state.under_way && state.left.len() == 25);
        // Who cannot take such a duty takes nothing over.
        let audit = world.person("audit").to_string();
        let nowhere = world.office.hand_over_state(&order, &from, &audit).await.unwrap();
        assert!(!nowhere.under_way && nowhere.left.iter().all(|case| case.why.is_some()));
        world.run_jobs().await;
        let state = world.office.hand_over_state(&order, &from, &to).await.unwrap();
        assert!(!state.under_way);
        assert_eq!(state.left.len(), 1);
        assert_eq!(state.left[0].case, cases[3].to_string());
        assert!(state.left[0].why.is_some() && state.left[0].next.is_some());
        let held = world.file(cases[0]).await.case.holders;
        assert_eq!(held, [("intake".to_owned(), Person(to.clone()))]);
        // Ordered again on the same day, it is the same job; nothing is done twice.
        let version = world.row(cases[0]).await.version();
        world.office.hand_over_all(&order, &all("wang", "li")).await.unwrap();
        world.run_jobs().await;
        assert_eq!(world.row(cases[0]).await.version(), version);
    }

    async fn a_post_that_ends_ends_the_sessions_of_its_holder(world: &mut World) {
        let town = town(world).await;
        world.hire("sun").await;
        let terms = world.terms(town.office, town.area, "intake_clerk", AID, world.now.on.add_days(2));
        let proposed = world.propose("security", "sun", terms).await.unwrap();
        let deputy = world.caller("security2");
        let post = id_in(&proposed, "id");
        world.office.approve_post(&world.order(&deputy), post, version_in(&proposed)).await.unwrap();
        for (day, ends) in [(2, false), (1, true)] {
            world.days(day);
            let token = world.enter("sun").await.token;
            let other = world.enter("li").await.token;
            world.office.schedule(world.now).await.unwrap();
            world.run_jobs().await;
            assert_eq!(world.office.caller(&token, world.now).await.is_err(), ends, "{day}");
            world.office.caller(&other, world.now).await.unwrap();
        }
    }
}
