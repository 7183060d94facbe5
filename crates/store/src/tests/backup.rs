use super::on_both;
use super::world::*;
use crate::backup::verify_backup;
use crate::*;
use std::path::{Path, PathBuf};

on_both! {
    a_backup_comes_back_as_it_was,
    a_backup_goes_to_the_other_database_too,
    a_flipped_bit_is_found_wherever_it_is,
    a_missing_part_is_found,
    a_backup_needs_its_keys_and_an_empty_place,
    a_backup_holds_nothing_readable,
    work_goes_on_during_a_backup,
}

async fn filled(world: &World) -> PathBuf {
    world.county().await;
    let stored = world.store.store_file(b"a picture", NOW).await.unwrap();
    world.put(vec![stored.record(Id(1), CASE, "image/png", NOW)]).await.unwrap();
    world.store.seal(NOW, true).await.unwrap();
    world.put(vec![case(Id(0x40), TOWN, RESIDENT)]).await.unwrap();
    let folder = world.folder.join("backup");
    world.store.backup(&folder, NOW).await.unwrap();
    folder
}

async fn whole(store: &Store) {
    let scope = everything();
    let report = store.verify_state().await.unwrap();
    assert_eq!(report.findings, []);
    let found = store.read_personal(&scope, "test", NOW, &Find::all(&table::CASE_FILE)).await.unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(store.read_file(&scope, "test", NOW, Id(1)).await.unwrap().reveal(), b"a picture");
    // It works on: numbers and streams go on where they were.
    let mut work = store.begin_job(command(&scope)).await.unwrap();
    work.insert(case(Id(0x50), TOWN, RESIDENT)).await.unwrap();
    assert_eq!(work.commit(STREAM, b"", b"").await.unwrap(), 4);
    store.seal(NOW, true).await.unwrap();
    assert_eq!(store.verify_state().await.unwrap().findings, []);
}

async fn restored_on(world: &World, dialect: Dialect) {
    let backup = filled(world).await;
    let settings = settings(dialect, &world.folder, "second").await;
    let settings = Settings { witness: world.settings.witness.clone(), ..settings };
    let store = Store::restore(&backup, &settings).await.unwrap();
    assert_eq!(store.deployment(), world.store.deployment());
    whole(&store).await;
    store.close().await;
    remove(&settings).await;
}

async fn a_backup_comes_back_as_it_was(world: &World) {
    restored_on(world, world.store.dialect()).await;
}

async fn a_backup_goes_to_the_other_database_too(world: &World) {
    let other = match world.store.dialect() {
        Dialect::Sqlite => Dialect::Postgres,
        Dialect::Postgres => Dialect::Sqlite,
    };
    restored_on(world, other).await;
}

fn parts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(parts(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

async fn a_flipped_bit_is_found_wherever_it_is(world: &World) {
    let backup = filled(world).await;
    let public = world.store.keys().public();
    verify_backup(&backup, &public).unwrap();
    let mut flipped = 0_usize;
    for path in parts(&backup) {
        let bytes = std::fs::read(&path).unwrap();
        // The first, the last and one in between, a different bit each.
        for (bit, at) in [0, bytes.len() / 2, bytes.len().saturating_sub(1)].into_iter().enumerate() {
            if bytes.is_empty() {
                continue;
            }
            let mut bad = bytes.clone();
            bad[at] ^= 1 << ((bit + flipped) % 8);
            std::fs::write(&path, &bad).unwrap();
            assert!(verify_backup(&backup, &public).is_err(), "{} byte {at}", path.display());
            flipped += 1;
        }
        std::fs::write(&path, bytes).unwrap();
    }
    assert!(flipped >= 40, "{flipped}");
    verify_backup(&backup, &public).unwrap();
}

async fn a_missing_part_is_found(world: &World) {
    let backup = filled(world).await;
    let public = world.store.keys().public();
    for path in parts(&backup) {
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(verify_backup(&backup, &public).is_err(), "{}", path.display());
        std::fs::write(&path, bytes).unwrap();
    }
}

async fn a_backup_needs_its_keys_and_an_empty_place(world: &World) {
    let backup = filled(world).await;
    let place = settings(world.store.dialect(), &world.folder, "second").await;
    let others = Settings { keys: world.folder.join("others"), ..place.clone() };
    Keys::create(&others.keys).unwrap();
    let refused = Store::restore(&backup, &others).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Backup(_)))), "{refused:?}");
    let full = Settings { objects: place.objects.clone(), ..world.settings.clone() };
    let refused = Store::restore(&backup, &full).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Deployment(_)))), "{refused:?}");
    let refused = world.store.backup(&backup, NOW).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Backup(_)))), "a backup is never overwritten");
    remove(&place).await;
}

async fn a_backup_holds_nothing_readable(world: &World) {
    let backup = filled(world).await;
    let keys: Vec<Vec<u8>> =
        parts(&world.settings.keys).iter().map(|path| std::fs::read(path).unwrap()).collect();
    for path in parts(&backup) {
        let bytes = std::fs::read(&path).unwrap();
        for canary in [b"460000199001".as_slice(), b"a picture"] {
            assert!(!bytes.windows(canary.len()).any(|part| part == canary), "{}", path.display());
        }
        for key in &keys {
            assert!(!bytes.windows(32).any(|part| part == key), "a key in {}", path.display());
        }
    }
}

async fn work_goes_on_during_a_backup(world: &World) {
    world.county().await;
    let writer = world.store.clone();
    let writing = tokio::spawn(async move {
        let scope = everything();
        for n in 0..30_u128 {
            let mut work = writer.begin_job(command(&scope)).await.unwrap();
            work.insert(case(Id(0x1000 + n), TOWN, RESIDENT)).await.unwrap();
            work.commit(STREAM, b"", b"").await.unwrap();
        }
    });
    let folder = world.folder.join("backup");
    world.store.backup(&folder, NOW).await.unwrap();
    writing.await.unwrap();
    let place = settings(world.store.dialect(), &world.folder, "second").await;
    let store = Store::restore(&folder, &place).await.unwrap();
    assert_eq!(store.verify_state().await.unwrap().findings, [], "one state, whichever it was");
    store.close().await;
    remove(&place).await;
}
