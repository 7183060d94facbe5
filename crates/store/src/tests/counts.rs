//! Sums of the cases within a scope; and people found among the parties of cases, by index, by sound, by name.

use super::money::{accounts, grant_rows, whole_month};
use super::on_both;
use super::world::*;
use crate::table::*;
use crate::*;
use anmin_base::date::Month;

on_both! {
    cases_are_counted_by_place_state_and_mark_within_the_scope,
    grants_and_money_are_those_in_force_and_posted,
    what_was_undone_or_ended_is_not_in_force,
    a_party_is_found_by_sound_by_index_and_by_name,
    what_leaves_as_a_file_is_noted_so,
}

const PERIOD: Month = Month::ym(2026, 9);

async fn cases_are_counted_by_place_state_and_mark_within_the_scope(world: &World) {
    world.county().await;
    for (id, area, state, mark) in [
        (0x101, TOWN, "new", 0),
        (0x102, TOWN, "new", 0),
        (0x103, TOWN, "new", 3),
        (0x104, OTHER_TOWN, "new", 1),
    ] {
        world.put(vec![case(Id(id), area, RESIDENT).with("state", state).with("mark", mark)]).await.unwrap();
    }
    let told = |counts: Vec<CaseCount>| {
        let new = counts.into_iter().filter(|count| count.state == "new");
        new.map(|count| (count.area, count.mark, count.cases)).collect::<Vec<_>>()
    };
    let all = world.store.case_counts(&everything()).await.unwrap();
    assert_eq!(told(all), [(TOWN, 0, 2), (TOWN, 3, 1), (OTHER_TOWN, 1, 1)]);
    let town = world.store.case_counts(&staff(CLERK, vec![within(TOWN)])).await.unwrap();
    assert_eq!(told(town), [(TOWN, 0, 2), (TOWN, 3, 1)], "of another town nothing is counted");
}

async fn grants_and_money_are_those_in_force_and_posted(world: &World) {
    world.county().await;
    world.put(grant_rows(0x1000, CASE, RESIDENT, "aid")).await.unwrap();
    world.put(accounts("aid")).await.unwrap();
    let scope = everything();
    let before = world.store.grants_by_area(&scope, Month::ym(2020, 1)).await.unwrap();
    assert_eq!(before, [], "nothing is in force before its first month");
    let force = world.store.grants_by_area(&scope, PERIOD).await.unwrap();
    let [one] = force.as_slice() else { panic!("{force:?}") };
    assert_eq!((one.grants, one.programme.as_str(), one.monthly_fen), (1, "aid", 50_000));
    assert!(one.persons > 0);
    let paid = async || world.store.paid_by_area(&scope, PERIOD, PERIOD).await.unwrap();
    assert_eq!(paid().await, [], "what is only decided is not paid");
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    whole_month(&mut work, 0x1000, "aid", false).await.unwrap();
    work.commit(STREAM, b"", b"").await.unwrap();
    let all = paid().await;
    let [one] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((one.grants, one.month, one.amount_fen), (1, PERIOD, 50_000));
    let later = world.store.paid_by_area(&scope, PERIOD.next(), PERIOD.next()).await.unwrap();
    assert_eq!(later, []);
    let elsewhere = world.store.paid_by_area(&staff(CLERK, vec![within(OTHER_TOWN)]), PERIOD, PERIOD).await;
    assert_eq!(elsewhere.unwrap(), [], "of another town nothing is told");
}

async fn what_was_undone_or_ended_is_not_in_force(world: &World) {
    world.county().await;
    let rows = grant_rows(0x1000, CASE, RESIDENT, "aid");
    let set = rows.iter().find(|row| row.table().name == "grant_change").expect("a change").clone();
    world.put(rows).await.unwrap();
    let change = |id: u128, seq: i64, does: &str| {
        Record { id: Id(id), ..set.clone() }.with("seq", seq).with("does", does)
    };
    world.put(vec![change(0x1501, 2, "end")]).await.unwrap();
    let held = async || {
        let force = world.store.grants_by_area(&everything(), PERIOD).await.unwrap();
        force.iter().map(|force| force.grants).sum::<i64>()
    };
    assert_eq!(held().await, 0, "what was ended is not in force");
    let undone = change(0x1502, 3, "undo").with("undoes", Id(0x1501)).with("from_month", Value::Null);
    world.put(vec![undone.with("effect", Value::Null)]).await.unwrap();
    assert_eq!(held().await, 1, "the end that was undone ends nothing");
}

async fn a_party_is_found_by_sound_by_index_and_by_name(world: &World) {
    world.county().await;
    let named = |id: u128, name: &str, initials: &str, pinyin: &str| {
        let row = person(Id(id), TOWN, name, "human").with("initials", initials).with("pinyin", pinyin);
        row.with("last_six_index", format!("six {id:x}"))
    };
    let people =
        [(0x201, "张三", "zs", "zhangsan"), (0x202, "曾祖", "zz", "zengzu"), (0x203, "阿贵", "ag", "agui")];
    for (id, name, initials, pinyin) in people {
        world.put(vec![named(id, name, initials, pinyin)]).await.unwrap();
        world.put(vec![case(Id(id + 0x100), TOWN, Id(id)).with("state", "new")]).await.unwrap();
    }
    // Somebody else's spouse.
    let member = Record::new(&CASE_PERSON, Id(0x401)).with("case_id", Id(0x303)).with("person", Id(0x201));
    world.put(vec![member.with("role", "members")]).await.unwrap();
    let found = async |parties: Vec<Party>| {
        let find = Find::all(&CASE_FILE).equal("state", "new").party(parties);
        let rows = world.store.read_personal(&everything(), "test", NOW, &find).await.unwrap();
        rows.iter().map(|row| row.id().0).collect::<Vec<_>>()
    };
    let sounds = |letters: &str| vec![Party::Sounds(letters.into())];
    assert_eq!(found(sounds("zs")).await, [0x301, 0x303], "in their own case and in another's");
    assert_eq!(found(sounds("zz")).await, [0x302]);
    assert_eq!(found(sounds("z")).await, [0x301, 0x302, 0x303]);
    assert_eq!(found(sounds("zhangs")).await, [0x301, 0x303]);
    assert_eq!(found(sounds("zt")).await, []);
    assert_eq!(found(sounds("ag")).await, [0x303]);
    assert_eq!(found(vec![Party::Called("张".into())]).await, [0x301, 0x303]);
    assert_eq!(found(vec![Party::Called("%".into())]).await, []);
    assert_eq!(found(vec![Party::Index("last_six_index", "six 202".into())]).await, [0x302]);
    assert_eq!(found(vec![Party::Index("phone_index", "six 202".into())]).await, []);
    assert_eq!(found(vec![]).await, []);
    let town = staff(CLERK, vec![within(OTHER_TOWN)]);
    let find = Find::all(&CASE_FILE).party(sounds("zs"));
    assert_eq!(world.store.count(&town, &find).await.unwrap(), 0, "whom one looks for widens no scope");
}

async fn what_leaves_as_a_file_is_noted_so(world: &World) {
    world.county().await;
    let find = Find::one(&CASE_FILE, CASE).exported();
    world.store.read_personal(&everything(), "test", NOW, &find).await.unwrap();
    let noted = format!("SELECT COUNT(*) FROM access WHERE record = '{CASE}' AND of_table = '{EXPORTED}'");
    assert_eq!(world.number(&noted).await, 1);
}
