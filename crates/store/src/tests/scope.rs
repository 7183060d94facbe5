//! Canaries: rows of each area, kind and kin, looked at through scopes.

use super::on_both;
use super::world::*;
use crate::scope::{Clause, Holder, Reach, Scope};
use crate::table::*;
use crate::*;
use anmin_base::date::Date;

on_both! {
    an_area_reaches_itself_and_what_lies_in_it,
    the_tree_holds_for_its_days,
    subjects_and_sensitivity_narrow,
    kin_are_barred_also_through_a_delegate,
    people_are_reached_by_area_case_or_as_oneself,
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
    let on = |day: Date| {
        let holder = Holder::Person { person: CLERK, post: None, on_behalf_of: vec![] };
        Scope::new(holder, day, Reach::Clauses(vec![within(COUNTY)]))
    };
    assert_eq!(cases(world, &on(TODAY)).await, [CASE, OTHER_CASE], "the last day is in it");
    assert_eq!(cases(world, &on(TODAY.add_days(1))).await, [OTHER_CASE]);
    assert_eq!(cases(world, &on(TODAY.add_days(-401))).await, [], "before the tree began");
}

async fn subjects_and_sensitivity_narrow(world: &World) {
    world.county().await;
    let clause = |subject: &str, up_to: i64| Clause { subjects: vec![subject.into()], up_to, ..within(TOWN) };
    assert_eq!(cases(world, &staff(CLERK, vec![clause("low-income", 3)])).await, [CASE]);
    assert_eq!(cases(world, &staff(CLERK, vec![clause("low-income", 2)])).await, []);
    assert_eq!(cases(world, &staff(CLERK, vec![clause("marriage", 4)])).await, []);
    let assigned = Clause { assigned_to: Some(CLERK), ..within(TOWN) };
    assert_eq!(cases(world, &staff(CLERK, vec![assigned])).await, []);
    let one = Clause { case: Some(CASE), up_to: 3, ..Clause::default() };
    assert_eq!(cases(world, &staff(CLERK, vec![one])).await, [CASE]);
}

async fn kin_are_barred_also_through_a_delegate(world: &World) {
    world.county().await;
    let bar = Record::new(&KIN_BAR, Id(1)).with("case_id", CASE).with("staff", CLERK);
    world.put(vec![bar]).await.unwrap();
    assert_eq!(cases(world, &staff(CLERK, vec![within(COUNTY)])).await, [OTHER_CASE]);
    assert_eq!(cases(world, &staff(COLLEAGUE, vec![within(COUNTY)])).await, [CASE, OTHER_CASE]);
    let holder = Holder::Person { person: COLLEAGUE, post: None, on_behalf_of: vec![CLERK] };
    let delegate = Scope::new(holder, TODAY, Reach::Clauses(vec![within(COUNTY)]));
    assert_eq!(cases(world, &delegate).await, [OTHER_CASE]);
}

async fn people_are_reached_by_area_case_or_as_oneself(world: &World) {
    world.county().await;
    assert_eq!(ids(world, &staff(CLERK, vec![within(OTHER_TOWN)]), &PERSON).await, [NEIGHBOUR]);
    // A clause of one subject reaches the people of its cases, not everybody in the area.
    let subject = Clause { subjects: vec!["low-income".into()], ..within(TOWN) };
    assert_eq!(ids(world, &staff(CLERK, vec![subject]), &PERSON).await, [RESIDENT]);
    let own = Clause { own: Some(RESIDENT), up_to: 3, ..Clause::default() };
    let oneself = staff(RESIDENT, vec![own]);
    assert_eq!(ids(world, &oneself, &PERSON).await, [RESIDENT]);
    assert_eq!(cases(world, &oneself).await, [CASE]);
    let member = Record::new(&CASE_PERSON, Id(1)).with("case_id", OTHER_CASE).with("person", RESIDENT);
    world.put(vec![member.with("role", "obligor")]).await.unwrap();
    assert_eq!(cases(world, &oneself).await, [CASE, OTHER_CASE]);
    assert_eq!(ids(world, &oneself, &CASE_PERSON).await, [Id(1)]);
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
    assert_eq!(ids(world, &all, &FACT).await.len(), 6);
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
        let clause = Clause {
            within: Some(TOWN),
            subjects: vec!["a".into(), "b".into()],
            up_to: 4,
            assigned_to: Some(CLERK),
            own: Some(CLERK),
            case: Some(CASE),
        };
        ids(world, &staff(CLERK, vec![clause, within(TOWN)]), table).await;
    }
}
