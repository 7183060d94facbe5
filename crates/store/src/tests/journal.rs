//! Tampering: each way is done to a database as somebody with its password could, and found in the interval where it
//! was done; a true journal gives no finding.

use super::on_both;
use super::world::*;
use crate::id::hex;
use crate::journal::export::{Entry, Line};
use crate::journal::sealer::read_witness;
use crate::journal::verify::{Finding, Report, Verifier, What, verify_export};
use crate::keys::Key;
use crate::*;

on_both! {
    a_true_journal_gives_no_finding,
    edits_are_found_in_their_interval,
    deletions_and_insertions_are_found,
    a_suffix_hashed_anew_is_found,
    a_cut_end_and_an_older_copy_need_the_witness,
    a_forged_checkpoint_is_found,
    a_hand_edit_of_a_row_is_found,
    a_payload_put_in_place_of_another_is_found,
    an_entry_forged_before_it_is_sealed_is_found_with_the_keys,
    checkpoints_come_each_thousand_entries_or_five_minutes,
    a_witness_that_broke_off_is_completed,
    an_export_that_broke_off_is_refused,
}

/// A minute between two commands.
const MINUTE: i64 = 60_000;

async fn step(world: &World, minute: i64, stream: &str) {
    let scope = everything();
    let command = Command { at: NOW.plus(minute * MINUTE), ..command(&scope) };
    let mut work = world.store.begin_job(command).await.unwrap();
    let row = work.load(&table::CASE_FILE, CASE).await.unwrap();
    work.update_if(row.with("state", format!("state {minute}"))).await.unwrap();
    let payload = format!("payload {minute}");
    work.commit(Stream { kind: "case", id: stream }, payload.as_bytes(), b"").await.unwrap();
}

/// Six checkpoints over four commands each, on two streams, and two commands after the last. In the third interval lie
/// a 5, b 5, a 6 and b 6; each command also leaves an access row.
async fn history(world: &World) {
    world.county().await;
    for checkpoint in 0..6 {
        for n in 0..4 {
            let stream = if n % 2 == 0 { "a" } else { "b" };
            step(world, checkpoint * 10 + n + 1, stream).await;
        }
        let at = NOW.plus((checkpoint * 10 + 9) * MINUTE);
        assert_eq!(world.store.seal(at, true).await.unwrap().len(), 1);
    }
    step(world, 71, "a").await;
    step(world, 72, "b").await;
}

async fn findings(world: &World) -> Vec<Finding> {
    world.store.verify_journal().await.unwrap().findings
}

/// Something was found, all of it in this interval.
async fn found_in(world: &World, interval: i64) -> Vec<What> {
    let found = findings(world).await;
    assert!(!found.is_empty(), "nothing found");
    assert!(found.iter().all(|finding| finding.interval == Some(interval)), "{found:?}");
    found.into_iter().map(|finding| finding.what).collect()
}

/// Does something by hand, looks, and undoes it.
async fn tampered(world: &World, sql: &[&str], undo: &[&str], interval: i64) {
    for one in sql {
        assert!(world.by_hand(one).await > 0, "{one} touched nothing");
    }
    let found = found_in(world, interval).await;
    for one in undo {
        world.by_hand(one).await;
    }
    assert_eq!(findings(world).await, [], "after undoing {sql:?}, which gave {found:?}");
}

async fn a_true_journal_gives_no_finding(world: &World) {
    assert_eq!(findings(world).await, []);
    history(world).await;
    let report = world.store.verify_state().await.unwrap();
    assert_eq!(report.findings, []);
    // 27 events and one access row for each of the 26 loads.
    assert_eq!((report.entries, report.checkpoints, report.waiting), (53, 6, 4));
    assert!(report.with_witness);
    let mut export = Vec::new();
    world.store.export_journal(&mut export).await.unwrap();
    assert!(!String::from_utf8_lossy(&export).contains("4600001990"), "nothing personal in an export");
    let witness = read_witness(world.settings.witness.as_ref().unwrap()).unwrap();
    let public = world.store.keys().public();
    let offline = verify_export(&mut export.as_slice(), public, Some(witness)).unwrap();
    assert_eq!(offline, world.store.verify_journal().await.unwrap());
}

async fn edits_are_found_in_their_interval(world: &World) {
    history(world).await;
    for (column, value) in [
        ("command", "'approve'"),
        ("actor", "'00000000000000000000000000000011'"),
        ("at", "at + 1"),
        ("payload_hash", "'00'"),
        ("changed", "''"),
        ("prev", "''"),
        ("mac", "'00'"),
    ] {
        let place = "kind = 'case' AND stream = 'a' AND n = 5";
        let old = match column {
            "at" => "at - 1".to_string(),
            _ => {
                let sql = format!("SELECT {column} FROM event WHERE {place}");
                format!("'{}'", world.texts(&sql).await[0])
            }
        };
        let edit = format!("UPDATE event SET {column} = {value} WHERE {place}");
        let undo = format!("UPDATE event SET {column} = {old} WHERE {place}");
        tampered(world, &[&edit], &[&undo], 3).await;
    }
    let row = "(SELECT MIN(stream) FROM leaf WHERE source = 'access' AND position >= 18)";
    let edit = format!("UPDATE access SET purpose = 'other' WHERE id = {row}");
    let undo = format!("UPDATE access SET purpose = 'test' WHERE id = {row}");
    tampered(world, &[&edit], &[&undo], 3).await;
    // Two events in each other's place.
    let swap = [
        "UPDATE event SET n = 1000 WHERE stream = 'a' AND n = 5",
        "UPDATE event SET n = 5 WHERE stream = 'a' AND n = 6",
        "UPDATE event SET n = 6 WHERE stream = 'a' AND n = 1000",
    ];
    for one in ["DELETE FROM event_payload WHERE stream = 'a'"].iter().chain(&swap) {
        assert!(world.by_hand(one).await > 0);
    }
    found_in(world, 3).await;
}

async fn deletions_and_insertions_are_found(world: &World) {
    history(world).await;
    // Put in: with a number of its own, in no checkpoint. It is found by the time it claims.
    let copy = format!(
        "INSERT INTO event (kind, stream, n, at, actor, command, payload_hash, changed, prev, mac) \
         SELECT kind, stream, 100, {}, actor, command, payload_hash, '', prev, mac FROM event \
         WHERE stream = 'a' AND n = 5",
        NOW.0 + 25 * MINUTE
    );
    tampered(world, &[&copy], &["DELETE FROM event WHERE n = 100"], 3).await;
    // A leaf doubled at the end of the tree.
    let leaf = "INSERT INTO leaf (position, source, kind, stream, n, hash) \
                SELECT 10000, source, kind, stream, 999, hash FROM leaf WHERE position = 0";
    assert!(world.by_hand(leaf).await > 0);
    assert!(findings(world).await.iter().any(|finding| finding.what == What::Unsigned));
    world.by_hand("DELETE FROM leaf WHERE position = 10000").await;
    // Taken out of the line before it was sealed.
    let waits = "SELECT hash FROM pending WHERE source = 'event' AND stream = 'b'";
    assert_eq!(world.texts(waits).await.len(), 1);
    world.by_hand("DELETE FROM pending WHERE source = 'event' AND stream = 'b'").await;
    let found = findings(world).await;
    assert_eq!(found.len(), 1);
    assert!(matches!(found[0].what, What::Loose(_)) && found[0].interval.is_none(), "{found:?}");
    let back = "INSERT INTO pending (source, kind, stream, n, hash, at) \
                SELECT 'event', kind, id, n, hash, 0 FROM stream WHERE kind = 'case' AND id = 'b'";
    world.by_hand(back).await;
    assert_eq!(findings(world).await, []);
    // Taken out: the event alone, then its leaf as well.
    world.by_hand("DELETE FROM event_payload WHERE stream = 'a' AND n = 5").await;
    assert_eq!(findings(world).await, [], "a payload may be erased");
    assert!(world.by_hand("DELETE FROM event WHERE stream = 'a' AND n = 5").await == 1);
    assert_eq!(found_in(world, 3).await, [What::EntryGone("case a 5".into())]);
    assert!(world.by_hand("DELETE FROM leaf WHERE source = 'event' AND stream = 'a' AND n = 5").await == 1);
    assert!(found_in(world, 3).await.contains(&What::RootDiffers));
}

async fn a_suffix_hashed_anew_is_found(world: &World) {
    history(world).await;
    // The forger has no keys, but changes one event and then every hash after it in the stream.
    let mut lines = lines(world).await;
    let mut prev: Option<String> = None;
    for line in &mut lines {
        let Line::Leaf { hash, entry: Some(Entry::Event(event)), .. } = line else { continue };
        if event.stream != "a" || event.n < 5 {
            continue;
        }
        match &prev {
            None => event.actor = CLERK.to_string(),
            Some(prev) => event.prev.clone_from(prev),
        }
        *hash = event.hash();
        prev = Some(hash.clone());
    }
    let found = judged(world, lines, true).findings;
    assert_eq!(found[0], Finding { interval: Some(3), what: What::RootDiffers });
    // Every interval in which hashes were changed differs, and none before.
    let intervals: Vec<_> = found.iter().filter_map(|finding| finding.interval).collect();
    assert_eq!(intervals, [3, 4, 5, 6]);
}

async fn lines(world: &World) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut each = |line: Line| {
        lines.push(line);
        Ok(())
    };
    world.store.journal_lines(&mut each).await.unwrap();
    lines
}

fn judged(world: &World, lines: Vec<Line>, with_witness: bool) -> Report {
    let path = world.settings.witness.as_ref().unwrap();
    let witness = with_witness.then(|| read_witness(path).unwrap());
    let mut verifier = Verifier::new(world.store.keys().public(), witness);
    lines.into_iter().for_each(|line| verifier.line(line));
    verifier.finish()
}

async fn a_cut_end_and_an_older_copy_need_the_witness(world: &World) {
    history(world).await;
    let older = world.folder.join("older");
    let settings = settings(world.store.dialect(), &world.folder, "older").await;
    // A copy of now, and work that goes on.
    world.store.backup(&older, NOW).await.unwrap();
    for minute in 80..84 {
        step(world, minute, "a").await;
    }
    world.store.seal(NOW.plus(90 * MINUTE), true).await.unwrap();
    let settings = Settings { witness: world.settings.witness.clone(), ..settings };
    let rolled_back = Store::restore(&older, &settings).await.unwrap();
    let found = rolled_back.verify_journal().await.unwrap().findings;
    assert_eq!(found, [Finding { interval: Some(7), what: What::CutOff }]);
    // It does not go on as if nothing had happened.
    let refused = rolled_back.seal(NOW.plus(91 * MINUTE), true).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Corrupt(_)))), "{refused:?}");
    rolled_back.close().await;
    // Without a witness it cannot be told, and the report says that there was none.
    let alone = Store::open(&Settings { witness: None, ..settings.clone() }).await.unwrap();
    let report = alone.verify_journal().await.unwrap();
    assert_eq!((report.findings, report.with_witness), (vec![], false));
    // A fork: the copy goes on without its witness, and is then held against it.
    alone.seal(NOW.plus(95 * MINUTE), true).await.unwrap();
    alone.close().await;
    let fork = Store::open(&settings).await.unwrap();
    let found = fork.verify_journal().await.unwrap().findings;
    assert_eq!(found, [Finding { interval: Some(7), what: What::Forked }]);
    fork.close().await;
    remove(&settings).await;
    // The end cut off by hand.
    for sql in [
        "DELETE FROM checkpoint WHERE n = 7",
        "DELETE FROM event_payload WHERE n IN (SELECT n FROM event WHERE at > 0) AND EXISTS \
         (SELECT 1 FROM leaf l WHERE l.stream = event_payload.stream AND l.n = event_payload.n \
          AND l.position >= (SELECT MAX(size) FROM checkpoint))",
        "DELETE FROM event WHERE EXISTS (SELECT 1 FROM leaf l WHERE l.source = 'event' \
         AND l.stream = event.stream AND l.kind = event.kind AND l.n = event.n \
         AND l.position >= (SELECT MAX(size) FROM checkpoint))",
        "DELETE FROM access WHERE EXISTS (SELECT 1 FROM leaf l WHERE l.source = 'access' \
         AND l.stream = access.id AND l.position >= (SELECT MAX(size) FROM checkpoint))",
        "DELETE FROM leaf WHERE position >= (SELECT MAX(size) FROM checkpoint)",
    ] {
        assert!(world.by_hand(sql).await > 0, "{sql}");
    }
    assert_eq!(found_in(world, 7).await, [What::CutOff]);
    assert_eq!(judged(world, lines(world).await, false).findings, []);
}

async fn a_forged_checkpoint_is_found(world: &World) {
    history(world).await;
    let root = world.texts("SELECT root FROM checkpoint WHERE n = 3").await.remove(0);
    let edit = "UPDATE checkpoint SET root = (SELECT root FROM checkpoint WHERE n = 2) WHERE n = 3";
    let undo = format!("UPDATE checkpoint SET root = '{root}' WHERE n = 3");
    world.by_hand(edit).await;
    let found = findings(world).await;
    assert!(found.contains(&Finding { interval: Some(3), what: What::CheckpointForged }), "{found:?}");
    world.by_hand(&undo).await;
    assert_eq!(findings(world).await, []);
    // Signed by another key, with everything else in order.
    let folder = world.folder.join("forger");
    let forger = Keys::create(&folder).unwrap();
    let mut lines = lines(world).await;
    let deployment = world.store.deployment().id.to_string();
    for line in &mut lines {
        if let Line::Checkpoint(checkpoint) = line
            && checkpoint.n == 3
        {
            checkpoint.at += 1;
            let Line::Checkpoint(mut signed) = line.clone() else { unreachable!() };
            let text = format!(
                "anmin checkpoint 1\n{deployment}\n{}\n{}\n{}\n{}\n{}\n{}\n",
                signed.n, signed.size, signed.root, signed.peaks, signed.at, signed.prev
            );
            signed.signature = hex(&forger.sign(text.as_bytes()));
            assert!(signed.is_true(&deployment, &forger.public()));
            *line = Line::Checkpoint(signed);
        }
    }
    let found = judged(world, lines, true).findings;
    assert_eq!(found[0], Finding { interval: Some(3), what: What::CheckpointForged });
    // Taken out.
    assert_eq!(world.by_hand("DELETE FROM checkpoint WHERE n = 3").await, 1);
    assert!(findings(world).await.iter().any(|finding| finding.what == What::CheckpointGone));
}

async fn a_hand_edit_of_a_row_is_found(world: &World) {
    history(world).await;
    let state = async || world.store.verify_state().await.unwrap().findings;
    let edit = format!("UPDATE person SET name = 'x' WHERE id = '{RESIDENT}'");
    world.by_hand(&edit).await;
    let changed = |what: &str| What::RowChanged(what.into());
    let first = Finding { interval: Some(1), what: changed(&format!("person {RESIDENT}")) };
    assert_eq!(state().await, [first]);
    world.by_hand(&format!("UPDATE person SET name = '居民' WHERE id = '{RESIDENT}'")).await;
    assert_eq!(state().await, []);
    // An older version put back, row and number.
    let back = format!("UPDATE case_file SET version = version - 1 WHERE id = '{CASE}'");
    world.by_hand(&back).await;
    assert_eq!(state().await, [Finding { interval: None, what: changed(&format!("case_file {CASE}")) }]);
    world.by_hand(&format!("UPDATE case_file SET version = version + 1 WHERE id = '{CASE}'")).await;
    // A row put in, and one taken out.
    world
        .by_hand(
            "INSERT INTO area (id, version, code, name, roles, valid_from) \
                   VALUES ('000000000000000000000000000000ff', 1, '', '', '', 0)",
        )
        .await;
    let unknown = What::RowUnknown("area 000000000000000000000000000000ff".into());
    assert_eq!(state().await, [Finding { interval: None, what: unknown }]);
    world.by_hand("DELETE FROM area WHERE id = '000000000000000000000000000000ff'").await;
    world.by_hand(&format!("DELETE FROM case_file WHERE id = '{OTHER_CASE}'")).await;
    let gone = What::RowGone(format!("case_file {OTHER_CASE}"));
    assert_eq!(state().await, [Finding { interval: Some(1), what: gone }]);
}

async fn a_payload_put_in_place_of_another_is_found(world: &World) {
    history(world).await;
    let sql = "UPDATE event_payload SET payload = (SELECT p.payload FROM event_payload p \
               WHERE p.stream = 'a' AND p.n = 6) WHERE stream = 'a' AND n = 5";
    assert_eq!(world.by_hand(sql).await, 1);
    let found = world.store.verify_state().await.unwrap().findings;
    assert_eq!(found, [Finding { interval: Some(3), what: What::PayloadChanged("case a 5".into()) }]);
}

async fn an_entry_forged_before_it_is_sealed_is_found_with_the_keys(world: &World) {
    history(world).await;
    let mut lines = lines(world).await;
    lines.retain(|line| matches!(line, Line::Waits { entry: Some(Entry::Event(_)), .. }));
    let Some(Line::Waits { entry: Some(Entry::Event(last)), .. }) = lines.pop() else { panic!("one waits") };
    // In order in every way but one: the forger has no keys.
    let mut event = last.clone();
    (event.n, event.prev, event.changed) = (last.n + 1, last.hash(), String::new());
    event.mac = event.mac(&Key::new([9; 32]));
    let e = &event;
    world
        .by_hand(&format!(
            "INSERT INTO event (kind, stream, n, at, actor, command, payload_hash, changed, prev, mac) VALUES \
             ('{}', '{}', {}, {}, '{}', '{}', '{}', '', '{}', '{}')",
            e.kind, e.stream, e.n, e.at, e.actor, e.command, e.payload_hash, e.prev, e.mac
        ))
        .await;
    world
        .by_hand(&format!(
            "INSERT INTO pending (source, kind, stream, n, hash, at) VALUES \
             ('event', '{}', '{}', {}, '{}', {})",
            e.kind,
            e.stream,
            e.n,
            e.hash(),
            e.at
        ))
        .await;
    world.store.seal(NOW.plus(100 * MINUTE), true).await.unwrap();
    assert_eq!(findings(world).await, [], "offline it cannot be told");
    let found = world.store.verify_state().await.unwrap().findings;
    let what = What::Unsealed(format!("case {} {}", e.stream, e.n));
    assert_eq!(found, [Finding { interval: Some(7), what }]);
}

async fn checkpoints_come_each_thousand_entries_or_five_minutes(world: &World) {
    world.county().await;
    assert_eq!(world.store.seal(NOW.plus(5 * MINUTE - 1), false).await.unwrap(), []);
    assert_eq!(world.store.seal(NOW.plus(5 * MINUTE), false).await.unwrap().len(), 1);
    assert_eq!(world.store.seal(NOW.plus(60 * MINUTE), true).await.unwrap(), [], "nothing waits");
    // Fourteen pages of persons and cases, read until more than a thousand entries wait.
    let scope = everything();
    for _ in 0..201 {
        world
            .store
            .read_personal(&scope, "test", NOW.plus(60 * MINUTE), &Find::all(&table::PERSON))
            .await
            .unwrap();
    }
    let made = world.store.seal(NOW.plus(60 * MINUTE), false).await.unwrap();
    assert_eq!(made.iter().map(|checkpoint| checkpoint.size).collect::<Vec<_>>(), [1_001]);
    assert_eq!(world.number("SELECT COUNT(*) FROM pending").await, 5, "the rest waits for its time");
    assert_eq!(findings(world).await, []);
}

async fn a_witness_that_broke_off_is_completed(world: &World) {
    history(world).await;
    let path = world.settings.witness.as_ref().unwrap();
    let whole = std::fs::read(path).unwrap();
    for keep in [0, 10, whole.len() / 2, whole.len() - 1] {
        std::fs::write(path, &whole[..keep]).unwrap();
        world.store.seal(NOW, false).await.unwrap();
        assert_eq!(std::fs::read(path).unwrap(), whole, "{keep} bytes were left");
    }
}

async fn an_export_that_broke_off_is_refused(world: &World) {
    history(world).await;
    let mut export = Vec::new();
    world.store.export_journal(&mut export).await.unwrap();
    let public = world.store.keys().public();
    let text = String::from_utf8(export).unwrap();
    let all: Vec<&str> = text.lines().collect();
    for keep in [0, 1, all.len() / 2, all.len() - 1] {
        let part = all[..keep].join("\n");
        let refused = verify_export(&mut part.as_bytes(), public, None);
        assert!(matches!(refused, Err(Error::Fault(Fault::Backup(_)))), "{keep} lines");
    }
    let mut missing = all.clone();
    missing.remove(10);
    assert!(verify_export(&mut missing.join("\n").as_bytes(), public, None).is_err());
}
