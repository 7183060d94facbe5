//! Figures, measured by hand: `cargo test -p anmin-store --release figures -- --ignored`.

use super::on_both;
use super::world::*;
use crate::journal::event::Event;
use crate::journal::export::{Entry, Line};
use crate::journal::merkle::Tree;
use crate::journal::sealer::Checkpoint;
use crate::journal::verify::verify_export;
use crate::*;
use std::time::Instant;

/// Run only when asked for; what they measure goes into files `figures-*` of the temporary folder.
mod by_hand {
    #[test]
    #[ignore = "a measurement, not a test"]
    fn commands_on_sqlite() {
        crate::tests::world::run(crate::Dialect::Sqlite, super::commands);
    }

    #[test]
    #[ignore = "a measurement, not a test"]
    fn commands_on_postgres() {
        crate::tests::world::run(crate::Dialect::Postgres, super::commands);
    }

    #[test]
    #[ignore = "a measurement, not a test"]
    fn a_million_entries_offline() {
        super::a_million_entries();
    }
}

on_both! { a_hundred_commands_verify }

async fn command_at(world: &World, n: u128) -> Result<()> {
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await?;
    work.insert(case(Id(0x1000 + n), TOWN, RESIDENT)).await?;
    let row = work.load(&table::CASE_FILE, Id(0x1000 + n)).await?;
    work.update_if(row.with("state", "accepted")).await?;
    work.commit(Stream { kind: "case", id: &n.to_string() }, b"payload", b"").await?;
    Ok(())
}

async fn a_hundred_commands_verify(world: &World) {
    world.county().await;
    for n in 0..100 {
        command_at(world, n).await.unwrap();
    }
    world.store.seal(NOW, true).await.unwrap();
    assert_eq!(world.store.verify_state().await.unwrap().findings, []);
}

async fn commands(world: &World) {
    world.county().await;
    let began = Instant::now();
    for n in 0..1_000 {
        command_at(world, n).await.unwrap();
    }
    let commands = began.elapsed();
    let began = Instant::now();
    for _ in 0..1_000 {
        world
            .store
            .read_one(&staff(CLERK, vec![within(TOWN)]), "x", NOW, &table::CASE_FILE, CASE)
            .await
            .unwrap();
    }
    let reads = began.elapsed();
    let began = Instant::now();
    world.store.seal(NOW, true).await.unwrap();
    let seal = began.elapsed();
    let began = Instant::now();
    assert_eq!(world.store.verify_state().await.unwrap().findings, []);
    let told = format!(
        "1,000 commands {commands:?}, 1,000 logged reads {reads:?}, seal {seal:?}, verify --state {:?}\n",
        began.elapsed()
    );
    std::fs::write(std::env::temp_dir().join(format!("figures-{:?}", world.store.dialect())), told).unwrap();
}

fn a_million_entries() {
    let folder = folder();
    let keys = Keys::create(&folder.join("keys")).unwrap();
    let mut text = Vec::new();
    let mut line = |line: &Line| {
        serde_json::to_writer(&mut text, line).unwrap();
        text.push(b'\n');
    };
    let head = Line::Head { format: 1, deployment: "d".into(), public_key: String::new() };
    line(&head);
    let (mut tree, mut prev, mut link, mut lines) = (Tree::default(), String::new(), String::new(), 1_u64);
    for n in 1..=1_000_000_i64 {
        let event = Event {
            kind: "case".into(),
            stream: "s".into(),
            n,
            at: n,
            actor: CLERK.to_string(),
            command: "accept".into(),
            payload_hash: "0".repeat(64),
            changed: format!("case_file {CASE} {n} {}\n", "0".repeat(64)),
            prev: prev.clone(),
            mac: "0".repeat(64),
        };
        let hash = event.hash();
        tree.push(crate::id::unhex(&hash).unwrap());
        prev.clone_from(&hash);
        let entry = Some(Entry::Event(event));
        line(&Line::Leaf { position: n - 1, hash, kind: "case".into(), stream: "s".into(), n, entry });
        lines += 1;
        if n % 1_000 == 0 {
            let root = crate::id::hex(&tree.root());
            let (number, peaks) = (n / 1_000, tree.peaks());
            let mut checkpoint =
                Checkpoint { n: number, size: n, root, peaks, at: n, prev: link, signature: String::new() };
            let Checkpoint { n: number, size, root, peaks, at, prev, .. } = &checkpoint;
            let signed = format!("anmin checkpoint 1\nd\n{number}\n{size}\n{root}\n{peaks}\n{at}\n{prev}\n");
            checkpoint.signature = crate::id::hex(&keys.sign(signed.as_bytes()));
            link = checkpoint.hash("d");
            line(&Line::Checkpoint(checkpoint));
            lines += 1;
        }
    }
    line(&Line::Foot { lines });
    let began = Instant::now();
    let report = verify_export(&mut text.as_slice(), keys.public(), None).unwrap();
    let told = format!("1,000,000 entries, {} MB, offline: {:?}\n", text.len() >> 20, began.elapsed());
    assert_eq!((report.findings, report.entries), (vec![], 1_000_000));
    std::fs::write(std::env::temp_dir().join("figures-verify"), told).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}
