use super::on_both;
use super::world::*;
use crate::table::*;
use crate::*;

on_both! {
    a_command_writes_all_or_nothing,
    a_stale_version_is_a_conflict_with_the_row_of_now,
    one_of_many_racers_wins,
    a_repeated_request_gets_the_first_result,
    a_request_key_is_for_one_command_and_body,
    a_hundred_repeats_at_once_do_it_once,
    commands_on_one_stream_take_turns,
    reading_about_people_leaves_a_trace_for_each,
    a_page_follows_a_page,
    a_refused_command_leaves_no_trace_of_itself,
    what_somebody_did_to_a_case_is_theirs_alone,
}

async fn what_somebody_did_to_a_case_is_theirs_alone(world: &World) {
    world.county().await;
    let id = CASE.to_string();
    for (version, who, name) in [(2, CLERK, "accept"), (3, COLLEAGUE, "visit"), (4, CLERK, "conclude")] {
        let scope = staff(who, vec![within(TOWN)]);
        let mut work = world.store.begin_job(Command { name, ..command(&scope) }).await.unwrap();
        let row = work.load(&CASE_FILE, CASE).await.unwrap();
        assert_eq!(work.update_if(row).await.unwrap().version(), version);
        work.commit(Stream { kind: "case", id: &id }, b"", b"").await.unwrap();
    }
    let own = async |case, who| {
        let doings = world.store.own_doings(case, who).await.unwrap();
        doings.into_iter().map(|own| (own.command, own.version)).collect::<Vec<_>>()
    };
    assert_eq!(own(CASE, CLERK).await, [("accept".to_owned(), 2), ("conclude".to_owned(), 4)]);
    assert_eq!(own(CASE, COLLEAGUE).await, [("visit".to_owned(), 3)]);
    assert_eq!(own(CASE, MACHINE).await, []);
    assert_eq!(own(OTHER_CASE, CLERK).await, []);
}

async fn a_command_writes_all_or_nothing(world: &World) {
    world.county().await;
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    work.insert(person(Id(99), TOWN, "未存", "human")).await.unwrap();
    drop(work);
    assert_eq!(world.number("SELECT COUNT(*) FROM person").await, 5);
    let n = world.number("SELECT COUNT(*) FROM event").await;
    assert_eq!(n, 1, "the dropped command left no event");
}

async fn a_stale_version_is_a_conflict_with_the_row_of_now(world: &World) {
    world.county().await;
    let scope = everything();
    let stale = world.one(&CASE_FILE, CASE).await;
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let fresh = work.load(&CASE_FILE, CASE).await.unwrap();
    work.update_if(fresh.with("state", "accepted")).await.unwrap();
    work.commit(STREAM, b"", b"").await.unwrap();
    let reads = "SELECT COUNT(*) FROM access WHERE purpose = 'test' AND of_table = 'case_file'";
    let before = world.number(reads).await;
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let Err(Error::Refusal(Refusal::Conflict(now))) =
        work.update_if(stale.clone().with("state", "refused")).await
    else {
        panic!("a conflict expected");
    };
    assert_eq!((now.version(), now.text("state")), (2, Some("accepted")));
    assert_eq!(stale.differences(&now), ["state"]);
    assert_eq!(world.number(reads).await, before + 1, "the row handed out is in the access log");
    assert!(work.insert(case(Id(77), TOWN, RESIDENT)).await.is_err(), "a conflict ends the command");
}

async fn one_of_many_racers_wins(world: &World) {
    world.county().await;
    for round in 0..10 {
        let read = world.one(&CASE_FILE, CASE).await;
        let mut racers = Vec::new();
        for racer in 0..8 {
            let (store, read) = (world.store.clone(), read.clone());
            racers.push(tokio::spawn(async move {
                let scope = everything();
                let mut work = store.begin_job(command(&scope)).await?;
                work.update_if(read.with("state", format!("{round}-{racer}"))).await?;
                work.commit(STREAM, b"", b"").await
            }));
        }
        let (mut won, mut lost) = (0, 0);
        for racer in racers {
            match racer.await.unwrap() {
                Ok(_) => won += 1,
                Err(Error::Refusal(Refusal::Conflict(now))) => {
                    assert_eq!(now.version(), read.version() + 1);
                    lost += 1;
                }
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((won, lost), (1, 7));
    }
}

fn asked<'a>(scope: &'a Scope, key: &'a str, body: &'a [u8]) -> Command<'a> {
    Command { request: Some((key, body)), ..command(scope) }
}

async fn a_repeated_request_gets_the_first_result(world: &World) {
    let scope = everything();
    let key = world.store.request_key("test");
    let Begun::New(mut work) = world.store.begin(asked(&scope, &key, b"body")).await.unwrap() else {
        panic!("new");
    };
    work.insert(county().remove(0)).await.unwrap();
    work.commit(STREAM, b"", b"the result").await.unwrap();
    for _ in 0..2 {
        let Begun::Before(result) = world.store.begin(asked(&scope, &key, b"body")).await.unwrap() else {
            panic!("a repeat");
        };
        assert_eq!(result, b"the result");
    }
    // One that broke off may be sent again.
    let key = world.store.request_key("test");
    let Begun::New(work) = world.store.begin(asked(&scope, &key, b"body")).await.unwrap() else {
        panic!("new");
    };
    drop(work);
    assert!(matches!(world.store.begin(asked(&scope, &key, b"body")).await, Ok(Begun::New(_))));
}

async fn a_request_key_is_for_one_command_and_body(world: &World) {
    let scope = everything();
    let key = world.store.request_key("test");
    let Begun::New(work) = world.store.begin(asked(&scope, &key, b"body")).await.unwrap() else {
        panic!("new");
    };
    work.commit(STREAM, b"", b"r").await.unwrap();
    let other = world.store.begin(asked(&scope, &key, b"another")).await;
    assert!(matches!(other, Err(Error::Refusal(Refusal::OtherRequest))), "{other:?}");
    let foreign = world.store.request_key("other command");
    for key in [foreign.as_str(), "", "ü", &"0".repeat(64)] {
        let refused = world.store.begin(asked(&scope, key, b"body")).await;
        assert!(matches!(refused, Err(Error::Refusal(Refusal::UnknownRequestKey))), "{key}");
    }
}

async fn a_hundred_repeats_at_once_do_it_once(world: &World) {
    world.county().await;
    let key = world.store.request_key("test");
    let mut all = Vec::new();
    for n in 0..100_u128 {
        let (store, key) = (world.store.clone(), key.clone());
        all.push(tokio::spawn(async move {
            let scope = everything();
            match store.begin(asked(&scope, &key, b"body")).await? {
                Begun::Before(result) => Ok(result),
                Begun::New(mut work) => {
                    work.insert(case(Id(1000 + n), TOWN, RESIDENT)).await?;
                    work.commit(STREAM, b"", b"once").await?;
                    Ok(b"once".to_vec())
                }
            }
        }));
    }
    for one in all {
        let answer: Result<Vec<u8>> = one.await.unwrap();
        assert_eq!(answer.unwrap(), b"once");
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM case_file").await, 3);
}

async fn commands_on_one_stream_take_turns(world: &World) {
    let mut all = Vec::new();
    for n in 0..20_u128 {
        let store = world.store.clone();
        all.push(tokio::spawn(async move {
            let scope = everything();
            let mut work = store.begin_job(command(&scope)).await?;
            let area = Record::new(&AREA, Id(500 + n)).with("code", "").with("name", "").with("roles", "");
            work.insert(area.with("valid_from", 0)).await?;
            work.commit(STREAM, b"", b"").await
        }));
    }
    let mut numbers = Vec::new();
    for one in all {
        numbers.push(one.await.unwrap().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<i64>>());
    assert_eq!(world.store.verify_journal().await.unwrap().findings, []);
}

async fn reading_about_people_leaves_a_trace_for_each(world: &World) {
    world.county().await;
    let scope = staff(CLERK, vec![within(COUNTY)]);
    let found = world.store.read_personal(&scope, "review", NOW, &Find::all(&CASE_FILE)).await.unwrap();
    assert_eq!(found.len(), 2);
    let sql = "SELECT COUNT(*) FROM access WHERE purpose = 'review' AND of_table = 'case_file'";
    assert_eq!(world.number(sql).await, 2);
    let sql = format!("SELECT COUNT(*) FROM access WHERE actor = '{CLERK}' AND subject = '{CASE}'");
    assert_eq!(world.number(&sql).await, 1);
    world.store.read_personal(&scope, "review", NOW, &Find::all(&AREA)).await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM access").await, 2, "areas are about nobody");
    // Many readers at once: as many traces as rows handed out.
    let mut readers = Vec::new();
    for _ in 0..40 {
        let (store, scope) = (world.store.clone(), scope.clone());
        readers.push(tokio::spawn(async move {
            store.read_personal(&scope, "crowd", NOW, &Find::all(&PERSON)).await.unwrap().len()
        }));
    }
    let mut handed_out = 0;
    for reader in readers {
        handed_out += reader.await.unwrap();
    }
    let written = world.number("SELECT COUNT(*) FROM access WHERE purpose = 'crowd'").await;
    assert_eq!(written, i64::try_from(handed_out).unwrap());
}

async fn a_page_follows_a_page(world: &World) {
    world.county().await;
    let mut rows = Vec::new();
    for n in 0..7_i64 {
        // Two dates, each several times, and some without: the order must be whole all the same.
        let due = (n % 3 != 0).then_some(n % 2);
        rows.push(case(Id(1000 + n.cast_unsigned() as u128), TOWN, RESIDENT).with("due_on", due));
    }
    world.put(rows).await.unwrap();
    let scope = everything();
    let find = Find::all(&CASE_FILE).order("due_on").limit(2);
    let mut seen = Vec::new();
    let mut page = find.clone();
    loop {
        let found = world.store.read_personal(&scope, "test", NOW, &page).await.unwrap();
        let Some(last) = found.last() else { break };
        page = find.clone().after(last);
        seen.extend(found.iter().map(|row| (row.int("due_on").unwrap_or(i64::MAX), row.id())));
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(seen, sorted);
    assert_eq!(seen.len(), 9);
    assert_eq!(world.store.count(&scope, &Find::all(&CASE_FILE).at_most("due_on", 0)).await.unwrap(), 2);
}

async fn a_refused_command_leaves_no_trace_of_itself(world: &World) {
    world.county().await;
    let before = world.number("SELECT COUNT(*) FROM event").await;
    refuses(world.put(vec![case(Id(50), TOWN, Id(404))]).await, Rule::Reference, "");
    refuses(world.put(vec![person(RESIDENT, TOWN, "x", "human")]).await, Rule::Unique, "");
    let nameless = Record::new(&AREA, Id(60)).with("code", "1").with("roles", "").with("valid_from", 1);
    refuses(world.put(vec![nameless]).await, Rule::NotNull, "");
    assert_eq!(world.number("SELECT COUNT(*) FROM event").await, before);
    assert_eq!(world.store.verify_state().await.unwrap().findings, []);
}
