//! What is looked for, and how lists come out.

use super::on_both;
use super::world::*;
use crate::table::*;
use crate::*;

on_both! {
    finds_by_names_values_beginnings_and_numbers,
    lists_go_up_and_down_page_by_page,
    a_list_without_what_is_sealed_cannot_be_written_back,
    rights_and_indexes_are_read_before_there_is_a_scope,
}

async fn found(world: &World, find: Find) -> Vec<Id> {
    let rows = world.store.read_personal(&everything(), "test", NOW, &find).await.unwrap();
    rows.iter().map(Record::id).collect()
}

/// Four cases: number, name, day.
async fn cases(world: &World) {
    world.county().await;
    for (id, number, name, day) in [
        (1, "DB-01", "张三", Some(5)),
        (2, "DB-02", "张三丰", None),
        (3, "db-01", "李四", Some(7)),
        (4, "D%_!x", "李", Some(5)),
    ] {
        let row = case(Id(0x100 + id), TOWN, RESIDENT).with("number", number).with("name", name);
        world.put(vec![row.with("due_on", day).with("state", "new")]).await.unwrap();
    }
}

fn new() -> Find {
    Find::all(&CASE_FILE).equal("state", "new")
}

async fn finds_by_names_values_beginnings_and_numbers(world: &World) {
    cases(world).await;
    let ids = |list: &[u128]| list.iter().map(|id| Id(0x100 + id)).collect::<Vec<Id>>();
    assert_eq!(found(world, new().ids(&ids(&[3, 1, 9]))).await, ids(&[1, 3]));
    assert_eq!(found(world, new().ids(&[])).await, []);
    assert_eq!(found(world, new().any_of("number", &["DB-02", "db-01", "x"])).await, ids(&[2, 3]));
    assert_eq!(found(world, new().any_of("due_on", &[7_i64])).await, ids(&[3]));
    assert_eq!(found(world, new().any_of::<&str>("number", &[])).await, []);
    for (column, text, expected) in [
        ("name", "张", &[1, 2][..]),
        ("name", "张三丰", &[2]),
        ("name", "", &[1, 2, 3, 4]),
        ("number", "DB", &[1, 2]),
        ("number", "db", &[3]),
        ("number", "D%_!", &[4]),
        ("number", "%", &[]),
        ("number", "_B", &[]),
        ("number", "D", &[1, 2, 4]),
    ] {
        assert_eq!(found(world, new().prefix(column, text)).await, ids(expected), "{column} {text}");
    }
    assert_eq!(found(world, new().at_least("due_on", 6)).await, ids(&[3]));
    assert_eq!(found(world, new().at_least("due_on", 5).at_most("due_on", 5)).await, ids(&[1, 4]));
    assert_eq!(found(world, new().equal("due_on", Value::Null)).await, ids(&[2]));
}

async fn lists_go_up_and_down_page_by_page(world: &World) {
    cases(world).await;
    for (find, expected) in [
        (new().order("due_on"), [1, 4, 3, 2]),
        (new().order("due_on").descending(), [3, 4, 1, 2]),
        (new(), [1, 2, 3, 4]),
        (new().descending(), [4, 3, 2, 1]),
    ] {
        let expected = expected.map(|id| Id(0x100 + id));
        assert_eq!(found(world, find.clone()).await, expected);
        let mut paged = Vec::new();
        let mut next = find.clone().limit(1);
        loop {
            let page = world.store.read_personal(&everything(), "test", NOW, &next).await.unwrap();
            let Some(last) = page.last() else { break };
            paged.push(last.id());
            next = find.clone().limit(1).after(last);
        }
        assert_eq!(paged, expected);
    }
}

async fn a_list_without_what_is_sealed_cannot_be_written_back(world: &World) {
    world.county().await;
    let find = Find::one(&CASE_FILE, CASE);
    let whole = world.store.read_personal(&everything(), "test", NOW, &find).await.unwrap().remove(0);
    let plain = world.store.read_personal(&everything(), "test", NOW, &find.plain()).await.unwrap().remove(0);
    assert_eq!(whole.differences(&plain), ["payload"]);
    assert!(whole.secret("payload").is_some() && plain.secret("payload").is_none());
    let store = world.store.clone();
    let written = tokio::spawn(async move {
        let scope = everything();
        let mut work = store.begin_job(command(&scope)).await.unwrap();
        work.update_if(plain).await.map(|_| ())
    });
    assert!(written.await.unwrap_err().is_panic());
    assert!(world.one(&CASE_FILE, CASE).await.secret("payload").is_some());
    // Nothing is sealed in these rows, so nothing is missing.
    let areas =
        world.store.read_personal(&everything(), "test", NOW, &Find::all(&AREA).plain()).await.unwrap();
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    work.update_if(areas[0].clone().with("name", "新名")).await.unwrap();
}

async fn rights_and_indexes_are_read_before_there_is_a_scope(world: &World) {
    world.county().await;
    let today = i64::from(TODAY.days());
    let unit = Record::new(&UNIT, Id(1)).with("area", TOWN).with("kind", "office").with("name", "x");
    let account = Record::new(&ACCOUNT, Id(5)).with("person", CLERK).with("login", "clerk");
    let post = |id: u128, person: Id, from: i64, to: i64| {
        let row = Record::new(&POST, Id(id)).with("person", person).with("unit", Id(1)).with("role", "clerk");
        let row = row.with("area", TOWN).with("subjects", "").with("origin", "enrolment");
        row.with("state", "approved").with("valid_from", from).with("valid_to", to)
    };
    let proposed = post(12, CLERK, today, today).with("origin", "proposed").with("state", "proposed");
    let lent = post(13, CLERK, today, today).with("origin", "delegation").with("delegated_by", COLLEAGUE);
    let ticket = Record::new(&TICKET, Id(6)).with("person", CLERK).with("issued_by", COLLEAGUE);
    world
        .put(vec![
            unit.with("stands", "accepting").with("valid_from", 1),
            account.with("state", "open").with("payload", b"a hash".to_vec()),
            post(10, CLERK, today, today),
            post(11, CLERK, today - 100, today - 1),
            proposed.with("proposed_by", COLLEAGUE),
            post(14, COLLEAGUE, today, today),
            lent.with("source", Id(14)),
            ticket.with("area", TOWN).with("subjects", "x").with("valid_from", today).with("valid_to", today),
        ])
        .await
        .unwrap();
    let before = world.number("SELECT COUNT(*) FROM access").await;
    let store = &world.store;
    let ids = |rows: &[Record]| rows.iter().map(|row| row.id().0).collect::<Vec<_>>();
    let rights = store.rights(CLERK, TODAY).await.unwrap();
    assert_eq!((ids(&rights.posts), ids(&rights.sources)), (vec![10, 13], vec![14]));
    assert_eq!(ids(&rights.tickets), [6]);
    assert_eq!(store.rights(CLERK, TODAY.add_days(1)).await.unwrap(), Rights::default());
    let account = store.account_of_login("clerk").await.unwrap().unwrap();
    assert_eq!(account.secret("payload").unwrap().reveal(), b"a hash");
    assert_eq!(store.account_of_login("Clerk").await.unwrap(), None);
    assert_eq!(store.person_of_index(&format!("index of {CLERK}")).await.unwrap(), Some(CLERK));
    assert_eq!(store.person_of_index("index").await.unwrap(), None);
    assert_eq!(world.number("SELECT COUNT(*) FROM access").await, before, "nobody was shown anything");
}
