use super::on_both;
use super::world::{Dialect, World, refused, run, run_as};
use crate::case::KIN_MATCHING;
use crate::error::Kind;
use anmin_authz::scope::SystemJob;
use anmin_store::{Command, DeploymentKind, Id, NewJob, Stream};

impl World {
    async fn ask(&self, kind: &str, key: &str) {
        let scope = self.office.job_scope(SystemJob::Clocks, self.now.on);
        let command =
            Command { scope: &scope, name: "test", purpose: "test", at: self.now.at, request: None };
        let mut work = self.office.store().begin_job(command).await.unwrap();
        work.enqueue(&NewJob { kind, key, payload: b"", run_at: self.now.at }).await.unwrap();
        work.commit(Stream { kind: "test", id: "1" }, b"", b"").await.unwrap();
    }
}

fn mended() -> crate::jobs::RetryJobV1 {
    crate::jobs::RetryJobV1 { why: "磁盘已清理".into() }
}

on_both! {
    async fn a_job_that_fails_five_times_waits_for_an_administrator(world: &mut World) {
        world.bureau().await;
        let nowhere = Id(77).to_string();
        world.ask(KIN_MATCHING, &nowhere).await;
        let system = world.caller("system");
        for n in 1..=5 {
            assert!(world.office.failed_jobs(&world.order(&system)).await.unwrap().is_empty());
            let done = world.office.run_due_jobs(world.now, &world.sink(), 10).await.unwrap();
            assert_eq!((done.failed.len(), done.done.len()), (1, 0), "{n}");
            let at_once = world.office.run_due_jobs(world.now, &world.sink(), 10).await.unwrap();
            assert_eq!(at_once.failed, [], "not again before its time");
            world.later(3_600);
        }
        let failed = world.office.failed_jobs(&world.order(&system)).await.unwrap();
        assert_eq!((failed.len(), failed[0].kind.as_str(), &failed[0].key), (1, KIN_MATCHING, &nowhere));
        assert!(failed[0].error.contains("no case") && !failed[0].next.zh.is_empty());
        let job = Id::parse(&failed[0].id).unwrap();
        for other in ["security", "audit"] {
            let caller = world.caller(other);
            assert_eq!(refused(world.office.failed_jobs(&world.order(&caller)).await).kind, Kind::Forbidden);
            assert_eq!(refused(world.office.retry_job(&world.order(&caller), job, &mended()).await).kind, Kind::Forbidden);
        }
        world.office.retry_job(&world.order(&system), job, &mended()).await.unwrap();
        assert_eq!(world.office.run_due_jobs(world.now, &world.sink(), 10).await.unwrap().failed.len(), 1);
        let twice = refused(world.office.retry_job(&world.order(&system), job, &mended()).await);
        assert_eq!(twice.kind, Kind::NotFound);
    }

    async fn the_days_jobs_are_there_once_whoever_asks(world: &mut World) {
        world.bureau().await;
        let mut new = 0;
        for _ in 0..5 {
            new += world.office.schedule(world.now).await.unwrap();
        }
        // Five of the day, one of the month.
        assert_eq!(new, 6);
        let done = world.office.run_due_jobs(world.now, &world.sink(), 100).await.unwrap();
        assert_eq!((done.done.len(), done.failed.len()), (6, 0));
        assert!(done.done.iter().all(|(_, key)| *key == world.now.on.to_string() || key == "2026-09"));
        let again = world.office.run_due_jobs(world.now, &world.sink(), 100).await.unwrap();
        assert_eq!(again.done, []);
        world.days(1);
        assert_eq!(world.office.schedule(world.now).await.unwrap(), 5);
        let verdict = world.office.store().verify_journal().await.unwrap();
        assert!(verdict.findings.is_empty() && verdict.checkpoints > 0, "{verdict:?}");
    }
}

#[test]
fn a_demonstrations_day_comes_with_all_its_jobs() {
    run_as(Dialect::Sqlite, DeploymentKind::Demo, async |world: &mut World| {
        world.bureau().await;
        let before = world.now;
        for n in 1..=3 {
            let (now, done) = world.office.next_day(world.now, &world.sink()).await.unwrap();
            assert_eq!((now.at, now.on), (before.at, before.on.add_days(n)));
            assert_eq!(done.done.len(), if n == 1 { 6 } else { 5 });
            world.now = world.office.now(before.at).await.unwrap();
            assert_eq!(world.now.on, now.on);
        }
    });
    run(Dialect::Sqlite, async |world: &mut World| {
        assert!(world.office.next_day(world.now, &world.sink()).await.is_err());
        assert_eq!(world.office.now(world.now.at).await.unwrap(), world.now);
    });
}
