//! Canaries: rows of each area, kind and kin, looked at through scopes.

use super::on_both;
use super::world::*;
use crate::scope::{Clause, Near, Packs, Scope};
use crate::table::*;
use crate::*;
use anmin_base::date::Date;

on_both! {
    an_area_reaches_itself_and_what_lies_in_it,
    the_tree_holds_for_its_days,
    subjects_and_sensitivity_narrow,
    kin_are_barred_also_through_a_delegate,
    people_are_reached_through_cases_or_as_oneself,
    new_rows_lie_within_the_scope,
    what_a_command_reached_stays_reached,
    who_checks_reaches_what_is_asked_and_signed,
    parties_reach_their_case_where_each_acts_for_themself,
    a_membership_taken_back_reaches_nothing,
    jobs_reach_up_to_their_sensitivity,
    facts_and_households_follow_their_subject,
    writing_is_within_the_scope_too,
    no_clause_reaches_nothing,
}

async fn cases(world: &World, scope: &Scope) -> Vec<Id> {
    ids(world, scope, &CASE_FILE).await
}

async fn ids(world: &World, scope: &Scope, table: &'static Table) -> Vec<Id> {
    let found = world.store.read_personal(scope, "test", NOW, &Find::all(table)).await.unwrap();
    found.iter().map(Record::id).collect()
}

use crate::table::Table;

async fn an_area_reaches_itself_and_what_lies_in_it(world: &World) {
    world.county().await;
    assert_eq!(cases(world, &staff(CLERK, vec![within(COUNTY)])).await, [CASE, OTHER_CASE]);
    assert_eq!(cases(world, &staff(CLERK, vec![within(TOWN)])).await, [CASE]);
    assert_eq!(cases(world, &staff(CLERK, vec![within(OTHER_TOWN)])).await, [OTHER_CASE]);
    assert_eq!(cases(world, &staff(CLERK, vec![within(Id(404))])).await, []);
    let both = vec![within(TOWN), within(OTHER_TOWN)];
    assert_eq!(cases(world, &staff(CLERK, both)).await, [CASE, OTHER_CASE]);
    let refused =
        world.store.read_one(&staff(CLERK, vec![within(OTHER_TOWN)]), "test", NOW, &CASE_FILE, CASE).await;
    assert!(matches!(refused, Err(Error::Refusal(Refusal::NotFound { .. }))), "not told from a missing one");
}

async fn the_tree_holds_for_its_days(world: &World) {
    world.county().await;
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let below = Id(TOWN.0 << 8 | COUNTY.0);
    let row = work.load(&AREA_ANC, below).await.unwrap();
    work.update_if(row.with("valid_to", i64::from(TODAY.days()))).await.unwrap();
    work.commit(STREAM, b"", b"").await.unwrap();
    let on = |day: Date| for_days(CLERK, vec![within(COUNTY)], day);
    assert_eq!(cases(world, &on(TODAY)).await, [CASE, OTHER_CASE], "the last day is in it");
    assert_eq!(cases(world, &on(TODAY.add_days(1))).await, [OTHER_CASE]);
    assert_eq!(cases(world, &on(TODAY.add_days(-401))).await, [], "before the tree began");
}

async fn subjects_and_sensitivity_narrow(world: &World) {
    world.county().await;
    let clause =
        |subject: &str, up_to: i64| Clause { subjects: Some(vec![subject.into()]), up_to, ..within(TOWN) };
    assert_eq!(cases(world, &staff(CLERK, vec![clause("low-income", 3)])).await, [CASE]);
    assert_eq!(cases(world, &staff(CLERK, vec![clause("low-income", 2)])).await, []);
    assert_eq!(cases(world, &staff(CLERK, vec![clause("marriage", 4)])).await, []);
    let assigned = Clause { near: Near::Assigned, ..within(TOWN) };
    assert_eq!(cases(world, &staff(CLERK, vec![assigned.clone()])).await, []);
    let today = i64::from(TODAY.days());
    let row = Record::new(&ASSIGNMENT, Id(1)).with("case_id", CASE).with("person", CLERK);
    let row = row.with("duty", "intake").with("valid_from", today).with("valid_to", today);
    world.put(vec![row]).await.unwrap();
    assert_eq!(cases(world, &staff(CLERK, vec![assigned.clone()])).await, [CASE]);
    assert_eq!(cases(world, &for_days(CLERK, vec![assigned.clone()], TODAY.add_days(1))).await, []);
    assert_eq!(cases(world, &staff(COLLEAGUE, vec![assigned])).await, []);
    let pack = |packs: Packs| Clause { packs, ..within(TOWN) };
    assert_eq!(cases(world, &staff(CLERK, vec![pack(Packs::Only(vec!["example".into()]))])).await, [CASE]);
    assert_eq!(cases(world, &staff(CLERK, vec![pack(Packs::Except(vec!["example".into()]))])).await, []);
}

async fn kin_are_barred_also_through_a_delegate(world: &World) {
    world.county().await;
    let bar = Record::new(&KIN_BAR, Id(1)).with("case_id", CASE).with("staff", CLERK);
    world.put(vec![bar]).await.unwrap();
    assert_eq!(cases(world, &staff(CLERK, vec![within(COUNTY)])).await, [OTHER_CASE]);
    assert_eq!(cases(world, &staff(COLLEAGUE, vec![within(COUNTY)])).await, [CASE, OTHER_CASE]);
    let lent = Clause { hands: vec![CLERK], ..within(COUNTY) };
    assert_eq!(cases(world, &staff(COLLEAGUE, vec![lent])).await, [OTHER_CASE]);
}

async fn people_are_reached_through_cases_or_as_oneself(world: &World) {
    world.county().await;
    // People of the cases, not everybody in the area.
    assert_eq!(ids(world, &staff(CLERK, vec![within(OTHER_TOWN)]), &PERSON).await, [NEIGHBOUR]);
    let anybody = outside(Clause { near: Near::Anywhere, up_to: 3, ..Clause::default() });
    let others = [COLLEAGUE, MACHINE, RESIDENT, NEIGHBOUR];
    assert_eq!(ids(world, &staff(CLERK, vec![anybody]), &PERSON).await, others, "never oneself");
    let own = Clause { near: Near::Own, up_to: 3, ..Clause::default() };
    assert_eq!(ids(world, &resident(RESIDENT, vec![outside(own.clone())]), &PERSON).await, [RESIDENT]);
    let oneself = resident(RESIDENT, vec![own]);
    assert_eq!(cases(world, &oneself).await, [CASE]);
    let member = Record::new(&CASE_PERSON, Id(1)).with("case_id", OTHER_CASE).with("person", RESIDENT);
    world.put(vec![member.with("role", "obligor")]).await.unwrap();
    assert_eq!(cases(world, &oneself).await, [CASE], "whoever is in a case does not read the applicant's");
    assert_eq!(ids(world, &oneself, &CASE_PERSON).await, [Id(1)], "but what is about themself");
}

async fn facts_and_households_follow_their_subject(world: &World) {
    world.county().await;
    let fact = |id: u128, kind: &str, subject: Id| {
        let row = Record::new(&FACT, Id(id)).with("subject_kind", kind).with("subject", subject);
        let row = row.with("name", "members.wage").with("value", b"1".to_vec()).with("valid_from", 0);
        row.with("recorded_at", NOW).with("source", "declared")
    };
    let household = |id: u128, area: Id| {
        let row = Record::new(&HOUSEHOLD, Id(id)).with("kind", "living").with("area", area);
        row.with("payload", b"x".to_vec())
    };
    let member = |id: u128, household: u128, person: Id| {
        let row = Record::new(&MEMBERSHIP, Id(id)).with("household", Id(household)).with("person", person);
        row.with("ground", "spouse").with("counted", 1).with("valid_from", 0)
    };
    world
        .put(vec![
            household(1, TOWN),
            household(2, OTHER_TOWN),
            member(1, 1, RESIDENT),
            member(2, 2, NEIGHBOUR),
            case(Id(0x90), TOWN, RESIDENT).with("household", Id(1)),
            fact(1, "person", RESIDENT),
            fact(2, "person", NEIGHBOUR),
            fact(3, "household", Id(1)),
            fact(4, "household", Id(2)),
            fact(5, "case", CASE),
            fact(6, "case", OTHER_CASE),
        ])
        .await
        .unwrap();
    let here = staff(CLERK, vec![within(TOWN)]);
    assert_eq!(ids(world, &here, &HOUSEHOLD).await, [Id(1)]);
    assert_eq!(ids(world, &here, &MEMBERSHIP).await, [Id(1)]);
    assert_eq!(ids(world, &here, &FACT).await, [Id(1), Id(3), Id(5)]);
    let all = staff(CLERK, vec![within(COUNTY)]);
    assert_eq!(ids(world, &all, &FACT).await, [1, 2, 3, 5, 6].map(Id), "no case has the other household");
    let own = outside(Clause { near: Near::Own, up_to: 3, ..Clause::default() });
    let oneself = resident(NEIGHBOUR, vec![own]);
    assert_eq!(ids(world, &oneself, &HOUSEHOLD).await, [Id(2)]);
    assert_eq!(ids(world, &oneself, &FACT).await, [Id(2), Id(4)]);
    assert_eq!(world.store.count(&here, &Find::all(&FACT)).await.unwrap(), 3);
}

async fn writing_is_within_the_scope_too(world: &World) {
    world.county().await;
    let row = world.one(&CASE_FILE, CASE).await;
    let scope = staff(CLERK, vec![within(OTHER_TOWN)]);
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    assert!(work.load(&CASE_FILE, CASE).await.is_err());
    let refused = work.update_if(row.with("state", "x")).await;
    assert!(matches!(refused, Err(Error::Refusal(Refusal::NotFound { .. }))), "{refused:?}");
    assert_eq!(world.one(&CASE_FILE, CASE).await.version(), 1);
}

async fn no_clause_reaches_nothing(world: &World) {
    world.county().await;
    let nothing = staff(CLERK, vec![]);
    for table in crate::table::ALL.iter().filter(|table| table.is_personal()) {
        assert_eq!(ids(world, &nothing, table).await, [], "{}", table.name);
    }
    for table in crate::table::ALL {
        // Every table can be asked under every shape of clause.
        let near = [
            Near::Area,
            Near::Assigned,
            Near::Cooperation(Id(1)),
            Near::Own,
            Near::Acts("helper"),
            Near::Household,
            Near::Anywhere,
        ];
        let clause = |near: Near| Clause {
            near,
            within: Some(TOWN),
            subjects: Some(vec!["a".into(), "b".into()]),
            packs: Packs::Except(vec!["a".into(), "b".into()]),
            up_to: 4,
            sealed: true,
            counts: false,
            needs_ticket: true,
            needs_consent: true,
            needs_assignment: true,
            checks: true,
            party: true,
            declares: true,
            other_unit: Some(Some(Id(1))),
            about: Some(RESIDENT),
            hands: vec![COLLEAGUE],
            barred: true,
            apart: true,
            with_duties: Some(vec!["a".into(), "b".into()]),
        };
        let clauses: Vec<Clause> = near.map(clause).to_vec();
        let shy: Vec<Clause> = clauses.iter().cloned().map(outside).collect();
        for scope in [staff(CLERK, clauses.clone()), resident(RESIDENT, clauses), resident(CLERK, shy)] {
            assert_eq!(
                ids(world, &scope, table).await,
                if table.is_personal() { vec![] } else { ids(world, &everything(), table).await }
            );
        }
    }
}

/// Whether a row is taken.
async fn takes(world: &World, scope: &Scope, rows: Vec<Record>) -> bool {
    let mut work = world.store.begin_job(command(scope)).await.unwrap();
    for row in rows {
        match work.insert(row).await {
            Ok(_) => {}
            Err(Error::Refusal(Refusal::NotFound { .. })) => return false,
            other => panic!("{other:?}"),
        }
    }
    work.commit(STREAM, b"", b"").await.unwrap();
    true
}

async fn new_rows_lie_within_the_scope(world: &World) {
    world.county().await;
    let here = staff(CLERK, vec![Clause { subjects: Some(vec!["low-income".into()]), ..within(TOWN) }]);
    let new = || Id::at(NOW);
    let file = |case: Id| {
        let row = Record::new(&FILE, Id::at(NOW)).with("case_id", case).with("name", Id::at(NOW).to_string());
        row.with("hash", "00").with("size", 1).with("type", "text/plain").with("created_at", NOW)
    };
    let somebody =
        |area: Id, level: i64| person(Id::at(NOW), area, "某人", "human").with("sensitivity", level);
    let household = |area: Id| {
        let row = Record::new(&HOUSEHOLD, Id::at(NOW)).with("kind", "living").with("area", area);
        row.with("payload", b"x".to_vec())
    };
    let account = |person: Id| {
        let row = Record::new(&ACCOUNT, Id::at(NOW)).with("person", person).with("state", "open");
        row.with("login", Id::at(NOW).to_string()).with("payload", b"x".to_vec())
    };
    let applicant = somebody(TOWN, 2);
    let opened = case(new(), TOWN, applicant.id());
    let sealed = Clause { up_to: 4, sealed: true, ..within(TOWN) };
    let apart = Record::new(&KEPT_APART, new()).with("person_a", RESIDENT).with("person_b", NEIGHBOUR);
    let apart = apart.with("ground", "x").with("valid_from", 1);
    for (what, scope, rows, taken) in [
        ("a case of the area", &here, vec![case(new(), TOWN, RESIDENT)], true),
        ("of another area", &here, vec![case(new(), OTHER_TOWN, RESIDENT)], false),
        ("of another subject", &here, vec![case(new(), TOWN, RESIDENT).with("subject", "x")], false),
        ("too sensitive", &here, vec![case(new(), TOWN, RESIDENT).with("sensitivity", 4)], false),
        ("one's own, as staff", &here, vec![case(new(), TOWN, CLERK)], false),
        (
            "sealed, before anybody is assigned",
            &staff(CLERK, vec![sealed]),
            vec![case(new(), TOWN, RESIDENT).with("sensitivity", 4)],
            true,
        ),
        ("a row of a case that is reached", &here, vec![file(CASE)], true),
        ("a row of another case", &here, vec![file(OTHER_CASE)], false),
        ("a person of the area", &here, vec![somebody(TOWN, 2)], true),
        ("a person of another area", &here, vec![somebody(OTHER_TOWN, 2)], false),
        ("a person too sensitive", &here, vec![somebody(TOWN, 4)], false),
        ("a household of the area", &here, vec![household(TOWN)], true),
        ("a household of another area", &here, vec![household(OTHER_TOWN)], false),
        ("what hangs on a person in a case", &here, vec![account(RESIDENT)], true),
        ("what hangs on anybody else", &here, vec![account(NEIGHBOUR)], false),
        ("what hangs on oneself", &here, vec![account(CLERK)], false),
        ("between two, one of whom is not reached", &here, vec![apart.clone()], false),
        ("between two", &staff(CLERK, vec![within(COUNTY)]), vec![apart], true),
        (
            "all of an application",
            &here,
            vec![applicant.clone(), opened.clone(), file(opened.id()), account(applicant.id())],
            true,
        ),
    ] {
        assert_eq!(takes(world, scope, rows).await, taken, "{what}");
    }
    let own = Clause { near: Near::Own, up_to: 3, ..Clause::default() };
    let household_seen = Clause { near: Near::Household, ..own.clone() };
    let me = resident(RESIDENT, vec![own.clone(), household_seen, outside(own)]);
    world.put(vec![Record { id: Id(0x77), ..household(TOWN) }]).await.unwrap();
    let member = Record::new(&CASE_PERSON, new()).with("case_id", CASE).with("person", NEIGHBOUR);
    world.put(vec![member.with("role", "member")]).await.unwrap();
    let consent = |by: Id, to: Id| {
        let row = Record::new(&CONSENT, Id::at(NOW)).with("by_person", by).with("to_person", to);
        row.with("valid_from", 1)
    };
    let join = Record::new(&MEMBERSHIP, new()).with("household", Id(0x77)).with("person", RESIDENT);
    let join = join.with("ground", "x").with("counted", 1).with("valid_from", 0);
    for (what, rows, taken) in [
        ("one's own application, wherever", vec![case(new(), OTHER_TOWN, RESIDENT)], true),
        ("for somebody else", vec![case(new(), OTHER_TOWN, NEIGHBOUR)], false),
        ("whom one names in it", vec![somebody(OTHER_TOWN, 2)], true),
        ("one's own consent", vec![consent(RESIDENT, NEIGHBOUR)], true),
        ("the consent of somebody one sees in one's household", vec![consent(NEIGHBOUR, RESIDENT)], false),
        ("into a household that is not one's own", vec![join], false),
        (
            "an application of a household that is not one's own",
            vec![case(new(), TOWN, RESIDENT).with("household", Id(0x77))],
            false,
        ),
    ] {
        assert_eq!(takes(world, &me, rows).await, taken, "{what}");
    }
}

async fn what_a_command_reached_stays_reached(world: &World) {
    world.county().await;
    let scope = staff(CLERK, vec![within(TOWN)]);
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let visit = |case: Id| {
        let row = Record::new(&VISIT, Id::at(NOW)).with("case_id", case).with("visited_on", 1);
        row.with("visitor_a", CLERK).with("visitor_b", COLLEAGUE).with("payload", b"x".to_vec())
    };
    let visited = work.insert(visit(CASE)).await.unwrap();
    let row = work.load(&CASE_FILE, CASE).await.unwrap();
    work.update_if(row.with("area", OTHER_TOWN)).await.unwrap();
    work.insert(visit(CASE)).await.unwrap();
    let moved = work.update_if(visited.with("case_id", OTHER_CASE)).await;
    assert!(matches!(moved, Err(Error::Refusal(Refusal::NotFound { table: "case_file", .. }))), "{moved:?}");
    work.commit(STREAM, b"", b"").await.unwrap();
    assert!(!takes(world, &scope, vec![visit(CASE)]).await, "the next command no longer reaches it");
}

async fn jobs_reach_up_to_their_sensitivity(world: &World) {
    use anmin_authz::scope::{Scope as Asked, SystemJob};
    world.county().await;
    world.put(vec![case(Id(0x41), TOWN, RESIDENT).with("sensitivity", 2)]).await.unwrap();
    let authority = super::agree::table::authority();
    let job = |job| Scope::from_authz(&Asked::system(job, TODAY), &authority);
    assert_eq!(cases(world, &job(SystemJob::Purging)).await, [CASE, OTHER_CASE, Id(0x41)]);
    assert_eq!(cases(world, &job(SystemJob::NoticeExpiry)).await, [Id(0x41)]);
    assert_eq!(cases(world, &job(SystemJob::PostExpiry)).await, []);
    let apart = Record::new(&KEPT_APART, Id(1)).with("person_a", RESIDENT).with("person_b", NEIGHBOUR);
    assert!(
        takes(world, &job(SystemJob::Purging), vec![apart.with("ground", "x").with("valid_from", 1)]).await
    );
    assert_eq!(ids(world, &job(SystemJob::Purging), &KEPT_APART).await, []);
    assert_eq!(ids(world, &job(SystemJob::StateVerification), &KEPT_APART).await, [Id(1)]);
    let looks = job(SystemJob::Statistics);
    assert!(!takes(world, &looks, vec![case(Id(0x42), TOWN, RESIDENT)]).await, "a job that only looks");
}

/// A request for a check of a person, under an authorisation they signed for a year.
fn asked(n: u128, case: Id, person: Id) -> Vec<Record> {
    let (today, paper) = (i64::from(TODAY.days()), Id(0x100 + n));
    let evidence = Record::new(&EVIDENCE, Id(0x200 + n))
        .with("case_id", case)
        .with("kind", "paper")
        .with("provenance", "document")
        .with("recorded_at", NOW)
        .with("payload", b"{}".to_vec());
    let signed = Record::new(&AUTHORISATION, paper)
        .with("signer", person)
        .with("purpose", "example")
        .with("valid_from", today)
        .with("valid_to", today + 365)
        .with("form_hash", "")
        .with("channel", "counter")
        .with("evidence", evidence.id())
        .with("payload", b"{}".to_vec());
    let cover = Record::new(&AUTHORISATION_COVER, Id(0x300 + n))
        .with("authorisation", paper)
        .with("person", person)
        .with("class", "tax");
    let request = Record::new(&CHECK_REQUEST, Id(0x400 + n))
        .with("case_id", case)
        .with("authorisation", paper)
        .with("person", person)
        .with("class", "tax")
        .with("requested_at", NOW)
        .with("state", "open")
        .with("payload", b"{}".to_vec());
    vec![evidence, signed, cover, request]
}

async fn who_checks_reaches_what_is_asked_and_signed(world: &World) {
    world.county().await;
    let checker = staff(COLLEAGUE, vec![Clause { checks: true, ..within(COUNTY) }]);
    assert_eq!(cases(world, &checker).await, [], "nothing is asked yet");
    world.put(asked(1, CASE, RESIDENT)).await.unwrap();
    world.put(asked(2, OTHER_CASE, RESIDENT)).await.unwrap();
    assert_eq!(cases(world, &checker).await, [CASE, OTHER_CASE]);
    assert_eq!(
        ids(world, &checker, &PERSON).await,
        [RESIDENT],
        "the applicant of the other is not asked about"
    );
    let elsewhere = staff(COLLEAGUE, vec![Clause { checks: true, ..within(OTHER_TOWN) }]);
    assert_eq!(cases(world, &elsewhere).await, [OTHER_CASE]);
    let after = for_days(COLLEAGUE, vec![Clause { checks: true, ..within(COUNTY) }], TODAY.add_days(366));
    assert_eq!(cases(world, &after).await, [], "the authorisation has run out");
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let answered = work.load(&CHECK_REQUEST, Id(0x401)).await.unwrap();
    work.update_if(answered.with("state", "answered")).await.unwrap();
    let revoked = work.load(&AUTHORISATION, Id(0x102)).await.unwrap();
    work.update_if(revoked.with("revoked_at", NOW)).await.unwrap();
    work.commit(STREAM, b"", b"").await.unwrap();
    assert_eq!(cases(world, &checker).await, [], "answered, and taken back");
}

async fn parties_reach_their_case_where_each_acts_for_themself(world: &World) {
    world.county().await;
    let own = Clause { near: Near::Own, up_to: 3, ..Clause::default() };
    let named = Record::new(&CASE_PERSON, Id(1)).with("case_id", OTHER_CASE).with("person", RESIDENT);
    world.put(vec![named.with("role", "members")]).await.unwrap();
    assert_eq!(cases(world, &resident(RESIDENT, vec![own.clone()])).await, [CASE]);
    let party = Clause { party: true, ..own };
    assert_eq!(cases(world, &resident(RESIDENT, vec![party.clone()])).await, [CASE, OTHER_CASE]);
    assert_eq!(cases(world, &resident(NEIGHBOUR, vec![party.clone()])).await, [OTHER_CASE]);
    // Rows about one of them are still that one's.
    assert_eq!(ids(world, &resident(NEIGHBOUR, vec![party]), &CASE_PERSON).await, []);
    let acts = Clause { near: Near::Acts("guardian"), party: true, up_to: 3, ..Clause::default() };
    assert_eq!(cases(world, &resident(COLLEAGUE, vec![acts.clone()])).await, []);
    let paper = Record::new(&REPRESENTATION, Id(2))
        .with("by_person", COLLEAGUE)
        .with("of_person", RESIDENT)
        .with("kind", "guardian")
        .with("valid_from", i64::from(TODAY.days()));
    world.put(vec![paper]).await.unwrap();
    assert_eq!(cases(world, &resident(COLLEAGUE, vec![acts])).await, [CASE, OTHER_CASE]);
}

async fn a_membership_taken_back_reaches_nothing(world: &World) {
    world.county().await;
    let from = i64::from(TODAY.days());
    let household = Record::new(&HOUSEHOLD, Id(1)).with("kind", "living").with("area", TOWN);
    let member = |id: u128, person: Id| {
        Record::new(&MEMBERSHIP, Id(id))
            .with("household", Id(1))
            .with("person", person)
            .with("ground", "living_together")
            .with("counted", 1)
            .with("valid_from", from)
    };
    let rows = vec![household.with("payload", b"{}".to_vec()), member(1, RESIDENT), member(2, NEIGHBOUR)];
    world.put(rows).await.unwrap();
    let own = outside(Clause { near: Near::Own, up_to: 3, ..Clause::default() });
    let oneself = resident(NEIGHBOUR, vec![own]);
    assert_eq!(ids(world, &oneself, &HOUSEHOLD).await, [Id(1)]);
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let row = work.load(&MEMBERSHIP, Id(2)).await.unwrap();
    work.update_if(row.with("taken_back_at", NOW)).await.unwrap();
    // Another recording for the same days has room now, and only one has.
    work.insert(member(3, NEIGHBOUR).with("valid_to", from)).await.unwrap();
    work.commit(STREAM, b"", b"").await.unwrap();
    assert_eq!(ids(world, &oneself, &HOUSEHOLD).await, [Id(1)]);
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let twice = work.insert(member(4, NEIGHBOUR)).await;
    assert!(matches!(twice, Err(Error::Refusal(Refusal::Rule { kind: Rule::Unique, .. }))), "{twice:?}");
    drop(work);
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let row = work.load(&MEMBERSHIP, Id(3)).await.unwrap();
    work.update_if(row.with("taken_back_at", NOW)).await.unwrap();
    work.commit(STREAM, b"", b"").await.unwrap();
    assert_eq!(ids(world, &oneself, &HOUSEHOLD).await, []);
}
