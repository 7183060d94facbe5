//! Sessions, failures to sign in, the first administrators, the day of a demonstration.

use super::on_both;
use super::world::*;
use crate::table::*;
use crate::*;
use anmin_authz::authority::Capacity;

on_both! {
    a_session_is_found_by_its_token_until_it_ends,
    a_session_ends_when_idle_and_when_its_time_is_over,
    a_step_up_makes_the_old_token_worthless,
    all_sessions_of_a_person_end_at_once,
    the_database_holds_no_token,
    each_failure_doubles_the_wait,
    failures_at_once_are_all_counted,
    an_enrolment_lets_three_in_for_half_an_hour,
    a_demonstration_has_a_day,
    a_backup_signs_nobody_in,
}

const MINUTE: i64 = 60_000;

async fn opened(world: &World) -> String {
    world.county().await;
    let account = |id: u128, person: Id| {
        let row = Record::new(&ACCOUNT, Id(id)).with("person", person).with("login", format!("login{id}"));
        row.with("state", "open").with("payload", b"{}".to_vec())
    };
    world.put(vec![account(1, CLERK), account(2, COLLEAGUE)]).await.unwrap();
    world.store.sessions().open(new(CLERK, Id(1)), NOW).await.unwrap()
}

fn new(person: Id, account: Id) -> NewSession {
    let (idle, lasts) = (30 * MINUTE, 600 * MINUTE);
    NewSession { person, account, capacity: Capacity::Staff, idle, lasts, stepped_up: false }
}

async fn a_session_is_found_by_its_token_until_it_ends(world: &World) {
    let token = opened(world).await;
    let sessions = world.store.sessions();
    assert_eq!(token.len(), 64);
    let session = sessions.find(&token, NOW).await.unwrap().unwrap();
    assert_eq!((session.person, session.account, session.capacity), (CLERK, Id(1), Capacity::Staff));
    assert_eq!((session.stepped_up, session.created_at), (None, NOW));
    let hash = world.texts("SELECT hash FROM session").await.remove(0);
    for wrong in ["", "0", &token[1..], &token.to_uppercase(), &hash, &session.id.to_string()] {
        assert_eq!(sessions.find(wrong, NOW).await.unwrap(), None, "{wrong}");
    }
    assert!(sessions.end(&token, NOW).await.unwrap());
    assert_eq!(sessions.find(&token, NOW).await.unwrap(), None);
    assert!(!sessions.end(&token, NOW).await.unwrap());
    assert_eq!(sessions.step_up(&token, NOW).await.unwrap(), None);
    assert_eq!(sessions.forget(NOW.plus(31 * 86_400_000)).await.unwrap(), 1);
    refuses(sessions.open(new(Id(404), Id(1)), NOW).await, Rule::Reference, "");
}

async fn a_session_ends_when_idle_and_when_its_time_is_over(world: &World) {
    let token = opened(world).await;
    let sessions = world.store.sessions();
    let at = |minutes: i64| NOW.plus(minutes * MINUTE);
    sessions.touch(&token, NOW.plus(MINUTE - 1)).await.unwrap();
    let untouched = sessions.find(&token, at(1)).await.unwrap().unwrap();
    assert_eq!((untouched.seen_at, untouched.idle_until), (NOW, at(30)), "at most once a minute");
    assert_eq!(sessions.find(&token, at(30)).await.unwrap(), None, "idle");
    for minute in (20..600).step_by(20) {
        sessions.touch(&token, at(minute)).await.unwrap();
        let seen = sessions.find(&token, at(minute)).await.unwrap().unwrap();
        assert_eq!((seen.seen_at, seen.idle_until), (at(minute), at(minute + 30)));
    }
    assert!(sessions.find(&token, at(599)).await.unwrap().is_some());
    assert_eq!(sessions.find(&token, at(600)).await.unwrap(), None, "whoever is there signs in again");
    sessions.touch(&token, at(600)).await.unwrap();
    assert_eq!(sessions.find(&token, at(600)).await.unwrap(), None);
}

async fn a_step_up_makes_the_old_token_worthless(world: &World) {
    let token = opened(world).await;
    let sessions = world.store.sessions();
    let before = sessions.find(&token, NOW).await.unwrap().unwrap();
    let later = NOW.plus(5 * MINUTE);
    let rotated = sessions.step_up(&token, later).await.unwrap().unwrap();
    assert_ne!(rotated, token);
    assert_eq!(sessions.find(&token, later).await.unwrap(), None);
    let after = sessions.find(&rotated, later).await.unwrap().unwrap();
    assert_eq!(after, Session { stepped_up: Some(later), ..before });
}

async fn all_sessions_of_a_person_end_at_once(world: &World) {
    let first = opened(world).await;
    let sessions = world.store.sessions();
    let second = sessions.open(new(CLERK, Id(1)), NOW).await.unwrap();
    let others = sessions.open(new(COLLEAGUE, Id(2)), NOW).await.unwrap();
    assert_eq!(sessions.end_all(CLERK, NOW).await.unwrap(), 2);
    assert_eq!(sessions.end_all(CLERK, NOW).await.unwrap(), 0);
    for ended in [first, second] {
        assert_eq!(sessions.find(&ended, NOW).await.unwrap(), None);
    }
    assert!(sessions.find(&others, NOW).await.unwrap().is_some());
}

async fn the_database_holds_no_token(world: &World) {
    let token = opened(world).await;
    let enrolment = world.store.enrolment_token(NOW).await.unwrap();
    let texts = world.texts("SELECT hash FROM session UNION ALL SELECT hash FROM enrolment").await;
    assert_eq!(texts.len(), 2);
    assert!(!texts.contains(&token) && !texts.contains(&enrolment));
}

async fn each_failure_doubles_the_wait(world: &World) {
    let attempts = world.store.attempts();
    assert!(attempts.may_try("login", NOW).await.unwrap());
    let mut at = NOW;
    for seconds in [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        let until = attempts.failed("login", at).await.unwrap();
        assert_eq!(until, at.plus(seconds * 1_000));
        assert_eq!(attempts.barred_until("login", at).await.unwrap(), Some(until));
        assert!(!attempts.may_try("login", until.plus(-1)).await.unwrap());
        assert!(attempts.may_try("login", until).await.unwrap());
        at = until;
    }
    assert!(attempts.may_try("another", at).await.unwrap());
    attempts.succeeded("login").await.unwrap();
    attempts.succeeded("never failed").await.unwrap();
    assert_eq!(attempts.failed("login", at).await.unwrap(), at.plus(2_000), "begins anew");
    let next_day = at.plus(2 * 86_400_000);
    assert_eq!(attempts.failed("login", next_day).await.unwrap(), next_day.plus(2_000), "forgotten");
    assert_eq!(attempts.forget(next_day).await.unwrap(), 0);
    assert_eq!(attempts.forget(next_day.plus(2 * 86_400_000)).await.unwrap(), 1);
}

async fn failures_at_once_are_all_counted(world: &World) {
    let tries = (0..8).map(|_| {
        let store = world.store.clone();
        tokio::spawn(async move { store.attempts().failed("login", NOW).await.unwrap() })
    });
    let mut seconds = Vec::new();
    for tried in tries.collect::<Vec<_>>() {
        seconds.push((tried.await.unwrap().0 - NOW.0) / 1_000);
    }
    seconds.sort_unstable();
    assert_eq!(seconds, [2, 4, 8, 16, 32, 64, 128, 256]);
}

async fn an_enrolment_lets_three_in_for_half_an_hour(world: &World) {
    let store = &world.store;
    let token = store.enrolment_token(NOW).await.unwrap();
    let late = NOW.plus(30 * MINUTE);
    assert!(store.may_enrol(&token, NOW).await.unwrap());
    assert!(!store.may_enrol(&token, late).await.unwrap() && !store.may_enrol("x", NOW).await.unwrap());
    let scope = everything();
    let mut work = store.begin_job(command(&scope)).await.unwrap();
    assert!(work.use_enrolment(&token).await.unwrap());
    drop(work);
    for nth in 1..=5 {
        let mut work = store.begin_job(command(&scope)).await.unwrap();
        let used = work.use_enrolment(&token).await.unwrap();
        assert_eq!(used, nth <= ENROLMENTS, "a command that was dropped does not count");
        work.commit(STREAM, b"", b"").await.unwrap();
    }
    assert!(!store.may_enrol(&token, NOW).await.unwrap());
    let second = store.enrolment_token(NOW).await.unwrap();
    let third = store.enrolment_token(NOW).await.unwrap();
    assert!(!store.may_enrol(&second, NOW).await.unwrap() && store.may_enrol(&third, NOW).await.unwrap());
    let after = Command { at: late, ..command(&scope) };
    assert!(!store.begin_job(after).await.unwrap().use_enrolment(&third).await.unwrap());
}

async fn a_demonstration_has_a_day(world: &World) {
    let store = &world.store;
    assert_eq!(store.demo_day().await.unwrap(), None);
    store.set_demo_day(TODAY).await.unwrap();
    store.set_demo_day(TODAY.add_days(1)).await.unwrap();
    assert_eq!(store.demo_day().await.unwrap(), Some(TODAY.add_days(1)));
    assert_eq!(store.demo_story().await.unwrap(), None);
    store.set_demo_story("a county").await.unwrap();
    store.set_demo_story("another").await.unwrap();
    assert_eq!(store.demo_story().await.unwrap().as_deref(), Some("another"));
    let place = settings(store.dialect(), &world.folder, "record").await;
    let real = Store::create(&place, DeploymentKind::Record, NOW).await.unwrap();
    assert!(real.set_demo_story("made up").await.is_err() && real.demo_story().await.unwrap().is_none());
    let refused = real.set_demo_day(TODAY).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Deployment(_)))), "{refused:?}");
    assert_eq!(real.demo_day().await.unwrap(), None);
    real.close().await;
    remove(&place).await;
}

async fn a_backup_signs_nobody_in(world: &World) {
    let token = opened(world).await;
    world.store.attempts().failed("login", NOW).await.unwrap();
    world.store.set_demo_day(TODAY).await.unwrap();
    let enrolment = world.store.enrolment_token(NOW).await.unwrap();
    let folder = world.folder.join("backup");
    world.store.backup(&folder, NOW).await.unwrap();
    let place = settings(world.store.dialect(), &world.folder, "second").await;
    let store = Store::restore(&folder, &place).await.unwrap();
    assert_eq!(store.sessions().find(&token, NOW).await.unwrap(), None);
    assert!(store.attempts().may_try("login", NOW).await.unwrap());
    assert_eq!(store.demo_day().await.unwrap(), Some(TODAY));
    assert!(store.may_enrol(&enrolment, NOW).await.unwrap());
    store.close().await;
    remove(&place).await;
}
