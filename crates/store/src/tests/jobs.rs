//! Jobs and messages.

use super::on_both;
use super::world::*;
use crate::table::*;
use crate::*;
use std::sync::Mutex;

on_both! {
    a_job_is_there_once_and_comes_with_its_command,
    a_job_is_taken_by_one,
    a_lapsed_lease_is_taken_over_and_the_first_holder_refused,
    five_attempts_and_then_a_failure_somebody_sees,
    a_worker_that_dies_five_times_is_seen_too,
    a_job_ends_with_its_work,
    a_message_goes_out_once_with_its_delivery,
    a_message_that_cannot_arrive_waits_for_a_person,
    a_message_of_a_dropped_command_is_never_sent,
}

const LEASE: i64 = 1_000;

async fn ask(world: &World, key: &str) -> bool {
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let new = work.enqueue(&NewJob { kind: "month", key, run_at: NOW, payload: b"p" }).await.unwrap();
    work.commit(STREAM, b"", b"").await.unwrap();
    new
}

async fn claim(world: &World, at: Moment) -> Option<Lease> {
    world.store.claim_job(&["month"], at, LEASE).await.unwrap()
}

async fn a_job_is_there_once_and_comes_with_its_command(world: &World) {
    assert!(ask(world, "2026-09").await);
    assert!(!ask(world, "2026-09").await);
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let job = NewJob { kind: "month", key: "2026-10", run_at: NOW, payload: b"" };
    work.enqueue(&job).await.unwrap();
    drop(work);
    let waiting = world.store.jobs(JobState::Waiting).await.unwrap();
    assert_eq!(waiting.iter().map(|job| job.key.as_str()).collect::<Vec<_>>(), ["2026-09"]);
    assert_eq!(claim(world, Moment(NOW.0 - 1)).await, None, "its time has not come");
    assert_eq!(world.store.claim_job(&["other"], NOW, LEASE).await.unwrap(), None);
    let lease = claim(world, NOW).await.unwrap();
    assert_eq!((lease.job.payload.as_slice(), lease.job.attempts), (b"p".as_slice(), 1));
    world.store.renew_job(&lease, NOW.plus(LEASE), 3, Some(10)).await.unwrap();
    let running = world.store.jobs(JobState::Running).await.unwrap();
    assert_eq!((running[0].done, running[0].total), (3, Some(10)));
    world.store.finish_job(&lease).await.unwrap();
    assert_eq!(claim(world, NOW.plus(10 * LEASE)).await, None);
    assert!(!ask(world, "2026-09").await, "a month is done once, also when asked again afterwards");
}

async fn a_job_is_taken_by_one(world: &World) {
    for n in 0..5 {
        ask(world, &format!("{n}")).await;
    }
    let mut workers = Vec::new();
    for _ in 0..20 {
        let store = world.store.clone();
        workers.push(tokio::spawn(async move {
            // Another worker may take the one that was seen first; that is no answer yet.
            for _ in 0..50 {
                if let Some(lease) = store.claim_job(&["month"], NOW, LEASE).await.unwrap() {
                    return Some(lease.job.key);
                }
                if store.jobs(JobState::Waiting).await.unwrap().is_empty() {
                    return None;
                }
            }
            None
        }));
    }
    let mut taken = Vec::new();
    for worker in workers {
        taken.extend(worker.await.unwrap());
    }
    taken.sort();
    assert_eq!(taken, ["0", "1", "2", "3", "4"]);
}

async fn a_lapsed_lease_is_taken_over_and_the_first_holder_refused(world: &World) {
    ask(world, "a").await;
    let first = claim(world, NOW).await.unwrap();
    assert_eq!(claim(world, NOW.plus(LEASE)).await, None, "the lease holds to its end");
    let second = claim(world, NOW.plus(LEASE + 1)).await.unwrap();
    assert_eq!(second.job.attempts, 2);
    let late = NOW.plus(9 * LEASE);
    assert!(world.store.renew_job(&first, late, 1, None).await.is_err());
    assert!(world.store.finish_job(&first).await.is_err());
    assert!(world.store.fail_job(&first, late, "x").await.is_err());
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    assert!(work.finish_job(&first).await.is_err());
    drop(work);
    world.store.finish_job(&second).await.unwrap();
}

async fn five_attempts_and_then_a_failure_somebody_sees(world: &World) {
    ask(world, "a").await;
    let mut now = NOW;
    for attempt in 1..=5 {
        let lease = claim(world, now).await.unwrap();
        assert_eq!(lease.job.attempts, attempt);
        world.store.fail_job(&lease, now, "the bank is closed").await.unwrap();
        assert_eq!(claim(world, now).await, None, "not at once again");
        now = now.plus(1_000_000);
    }
    assert_eq!(claim(world, now.plus(10_000_000)).await, None);
    let failed = world.store.jobs(JobState::Failed).await.unwrap();
    assert_eq!(failed[0].error.as_deref(), Some("the bank is closed"));
    world.store.retry_job(failed[0].id, now).await.unwrap();
    assert_eq!(claim(world, now).await.unwrap().job.attempts, 1);
    assert!(world.store.retry_job(failed[0].id, now).await.is_err());
}

async fn a_worker_that_dies_five_times_is_seen_too(world: &World) {
    ask(world, "a").await;
    let mut now = NOW;
    for _ in 0..5 {
        claim(world, now).await.unwrap();
        now = now.plus(LEASE + 1);
    }
    assert_eq!(claim(world, now).await, None);
    assert_eq!(world.store.jobs(JobState::Failed).await.unwrap().len(), 1);
}

async fn a_job_ends_with_its_work(world: &World) {
    world.county().await;
    ask(world, "a").await;
    let scope = everything();
    let lease = claim(world, NOW).await.unwrap();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    work.insert(case(Id(70), TOWN, RESIDENT)).await.unwrap();
    work.finish_job(&lease).await.unwrap();
    drop(work);
    assert_eq!(world.store.jobs(JobState::Running).await.unwrap().len(), 1, "neither");
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    work.insert(case(Id(70), TOWN, RESIDENT)).await.unwrap();
    work.finish_job(&lease).await.unwrap();
    work.commit(STREAM, b"", b"").await.unwrap();
    assert_eq!(world.store.jobs(JobState::Done).await.unwrap().len(), 1, "both");
}

async fn send(world: &World) -> Id {
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let message = NewMessage {
        case: CASE,
        recipient: RESIDENT,
        channel: "letter",
        letter: "notice",
        body: "您好".as_bytes(),
    };
    let id = work.send(&message).await.unwrap().id();
    work.commit(STREAM, b"", b"").await.unwrap();
    id
}

async fn a_message_goes_out_once_with_its_delivery(world: &World) {
    world.county().await;
    let id = send(world).await;
    let sink = FileSink { folder: world.folder.join("post") };
    let scope = everything();
    let posted = world.store.post_messages(&scope, &sink, NOW, 10).await.unwrap();
    assert_eq!(posted, Posted { delivered: 1, ..Posted::default() });
    assert_eq!(world.store.post_messages(&scope, &sink, NOW, 10).await.unwrap(), Posted::default());
    assert_eq!(std::fs::read(sink.folder.join(format!("{id}.letter"))).unwrap(), "您好".as_bytes());
    let found = world.store.read_personal(&scope, "test", NOW, &Find::all(&DELIVERY)).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].text("outcome"), found[0].link("outbox")), (Some("delivered"), Some(id)));
    assert_eq!(world.store.verify_state().await.unwrap().findings, []);
}

/// Says what it is told to, and counts.
struct Script(Mutex<Vec<Outcome>>);

impl Messenger for Script {
    async fn send(&self, _: &Message) -> Outcome {
        self.0.lock().unwrap().pop().unwrap_or(Outcome::Later { why: "closed".into() })
    }
}

async fn a_message_that_cannot_arrive_waits_for_a_person(world: &World) {
    world.county().await;
    let scope = everything();
    send(world).await;
    let never = Script(Mutex::new(vec![]));
    let mut now = NOW;
    for attempt in 1..=5 {
        let posted = world.store.post_messages(&scope, &never, now, 10).await.unwrap();
        let wanted = if attempt < 5 { (0, 1) } else { (1, 0) };
        assert_eq!((posted.failed, posted.later), wanted, "attempt {attempt}");
        assert_eq!(world.store.post_messages(&scope, &never, now, 10).await.unwrap(), Posted::default());
        now = now.plus(1_000_000);
    }
    send(world).await;
    let gone = Script(Mutex::new(vec![Outcome::Impossible { why: "no such address".into() }]));
    assert_eq!(world.store.post_messages(&scope, &gone, NOW, 10).await.unwrap().failed, 1);
    assert_eq!(world.store.undelivered(&scope, "test", NOW).await.unwrap().len(), 2);
    let nobody = staff(CLERK, vec![]);
    assert_eq!(world.store.undelivered(&nobody, "test", NOW).await.unwrap(), []);
}

async fn a_message_of_a_dropped_command_is_never_sent(world: &World) {
    world.county().await;
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    let message = NewMessage { case: CASE, recipient: RESIDENT, channel: "phone", letter: "x", body: b"x" };
    work.send(&message).await.unwrap();
    drop(work);
    let sink = FileSink { folder: world.folder.join("post") };
    assert_eq!(world.store.post_messages(&scope, &sink, NOW, 10).await.unwrap(), Posted::default());
}
