use super::on_both;
use super::world::*;
use crate::*;

on_both! {
    a_file_is_encrypted_and_comes_back,
    a_file_has_at_most_ten_megabytes,
    an_object_without_a_row_is_removed_after_a_day,
    a_changed_object_is_refused,
}

async fn keep(world: &World, bytes: &[u8], id: Id) -> Stored {
    let stored = world.store.store_file(bytes, NOW).await.unwrap();
    world.put(vec![stored.record(id, CASE, "image/png", NOW)]).await.unwrap();
    stored
}

fn objects(world: &World) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(&world.settings.objects).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

async fn a_file_is_encrypted_and_comes_back(world: &World) {
    world.county().await;
    keep(world, b"a picture of papers", Id(1)).await;
    let found = objects(world);
    assert_eq!(found.len(), 1);
    let bytes = std::fs::read(&found[0]).unwrap();
    assert!(!bytes.windows(7).any(|part| part == b"picture"));
    let scope = staff(CLERK, vec![within(TOWN)]);
    let read = world.store.read_file(&scope, "review", NOW, Id(1)).await.unwrap();
    assert_eq!(read.reveal(), b"a picture of papers");
    assert_eq!(world.number("SELECT COUNT(*) FROM access WHERE of_table = 'file'").await, 1);
    let elsewhere = staff(CLERK, vec![within(OTHER_TOWN)]);
    let refused = world.store.read_file(&elsewhere, "review", NOW, Id(1)).await;
    assert!(matches!(refused, Err(Error::Refusal(Refusal::NotFound { .. }))));
}

async fn a_file_has_at_most_ten_megabytes(world: &World) {
    for size in [0, MOST_BYTES + 1] {
        let refused = world.store.store_file(&vec![0; size], NOW).await;
        assert!(matches!(refused, Err(Error::Refusal(Refusal::FileSize { .. }))), "{size}");
    }
    world.store.store_file(&vec![7; MOST_BYTES], NOW).await.unwrap();
}

async fn an_object_without_a_row_is_removed_after_a_day(world: &World) {
    world.county().await;
    keep(world, b"kept", Id(1)).await;
    world.store.store_file(b"orphan", NOW).await.unwrap();
    std::fs::write(world.settings.objects.join("stranger"), b"x").unwrap();
    let day = 24 * 3_600_000;
    assert_eq!(world.store.remove_orphans(NOW.plus(day)).await.unwrap(), 0);
    assert_eq!(world.store.remove_orphans(NOW.plus(day + 1)).await.unwrap(), 1);
    assert_eq!(world.store.remove_orphans(NOW.plus(9 * day)).await.unwrap(), 0);
    assert_eq!(objects(world).len(), 2, "the kept one, and what is not ours");
    world.store.read_file(&everything(), "test", NOW, Id(1)).await.unwrap();
}

async fn a_changed_object_is_refused(world: &World) {
    world.county().await;
    keep(world, b"one", Id(1)).await;
    let path = objects(world).remove(0);
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let refused = world.store.read_file(&everything(), "test", NOW, Id(1)).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Sealed { .. }))), "{refused:?}");
}
