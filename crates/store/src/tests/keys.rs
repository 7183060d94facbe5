//! Key files, sealed columns, blind indexes.

use super::on_both;
use super::world::*;
use crate::table::*;
use crate::*;
use std::os::unix::fs::PermissionsExt;

on_both! {
    nothing_sealed_is_readable_in_the_database,
    a_sealed_value_opens_only_where_it_was_put,
    other_keys_are_refused,
    keys_of_a_new_year_are_made_and_old_ones_kept,
    two_programs_make_the_keys_of_a_year_once,
}

async fn nothing_sealed_is_readable_in_the_database(world: &World) {
    world.county().await;
    let stored = world
        .texts(match world.store.dialect() {
            Dialect::Sqlite => {
                "SELECT hex(payload) FROM person UNION ALL SELECT hex(payload) FROM event_payload"
            }
            Dialect::Postgres => {
                "SELECT encode(payload, 'hex') FROM person UNION ALL \
                 SELECT encode(payload, 'hex') FROM event_payload"
            }
        })
        .await;
    assert_eq!(stored.len(), 6);
    for text in stored {
        // "460000" and "payload", as digits.
        let text = text.to_lowercase();
        assert!(!text.contains("343630303030") && !text.contains("7061796c6f6164"), "{text}");
    }
    let opened = world.one(&PERSON, RESIDENT).await;
    assert!(opened.secret("payload").unwrap().reveal().starts_with(b"460000"));
}

async fn a_sealed_value_opens_only_where_it_was_put(world: &World) {
    world.county().await;
    let sql = format!(
        "UPDATE person SET payload = (SELECT payload FROM person WHERE id = '{NEIGHBOUR}') \
         WHERE id = '{RESIDENT}'"
    );
    world.by_hand(&sql).await;
    let refused = world.store.read_one(&everything(), "test", NOW, &PERSON, RESIDENT).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Sealed { .. }))), "{refused:?}");
}

async fn other_keys_are_refused(world: &World) {
    let settings = Settings { keys: world.folder.join("others"), ..world.settings.clone() };
    Keys::create(&settings.keys).unwrap();
    let refused = Store::open(&settings).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::KeyWrong(_)))), "{refused:?}");
}

async fn keys_of_a_new_year_are_made_and_old_ones_kept(world: &World) {
    world.county().await;
    let before = world.number("SELECT COUNT(*) FROM data_key").await;
    let scope = everything();
    let next = Command { at: Moment(NOW.0 + 365 * 86_400_000), ..command(&scope) };
    let mut work = world.store.begin_job(next).await.unwrap();
    let row = work.load(&PERSON, RESIDENT).await.unwrap();
    work.update_if(row.with("pinyin", "y")).await.unwrap();
    work.commit(STREAM, b"p", b"").await.unwrap();
    assert_eq!(world.number("SELECT COUNT(*) FROM data_key").await, before * 2);
    let again = Store::open(&world.settings).await.unwrap();
    let found = again.read_personal(&scope, "test", NOW, &Find::all(&PERSON)).await.unwrap();
    assert_eq!(found.len(), 5);
    assert_eq!(again.verify_state().await.unwrap().findings, []);
    again.close().await;
}

async fn two_programs_make_the_keys_of_a_year_once(world: &World) {
    world.county().await;
    let other = Store::open(&world.settings).await.unwrap();
    let scope = everything();
    let next = Command { at: Moment(NOW.0 + 365 * 86_400_000), ..command(&scope) };
    let mut work = other.begin_job(next).await.unwrap();
    work.insert(person(Id(0x77), TOWN, "新", "human")).await.unwrap();
    work.commit(STREAM, b"", b"").await.unwrap();
    // The first program has not seen the key of the new year yet.
    assert_eq!(world.one(&PERSON, Id(0x77)).await.text("name"), Some("新"));
    other.close().await;
}

#[test]
fn key_files_are_for_their_owner_only() {
    let folder = folder().join("keys");
    let keys = Keys::create(&folder).unwrap();
    assert!(!format!("{keys:?}").contains("Zeroizing") && format!("{keys:?}").contains("***"));
    for entry in std::fs::read_dir(&folder).unwrap() {
        let facts = entry.unwrap().metadata().unwrap();
        assert_eq!((facts.permissions().mode() & 0o7777, facts.len()), (0o400, 32));
    }
    assert!(matches!(Keys::create(&folder), Err(Error::Fault(Fault::KeyExists(_)))));
    let one = folder.join("envelope.key");
    for mode in [0o440, 0o404, 0o600, 0o500] {
        std::fs::set_permissions(&one, std::fs::Permissions::from_mode(mode)).unwrap();
        let refused = Keys::open(&folder);
        assert!(matches!(refused, Err(Error::Fault(Fault::KeyOpen { .. }))), "{mode:o}");
    }
    std::fs::remove_file(&one).unwrap();
    let refused = Keys::open(&folder).unwrap_err();
    assert!(refused.to_string().contains("envelope.key is missing"), "{refused}");
    std::fs::write(&one, b"short").unwrap();
    std::fs::set_permissions(&one, std::fs::Permissions::from_mode(0o400)).unwrap();
    assert!(matches!(Keys::open(&folder), Err(Error::Fault(Fault::KeyWrong(_)))));
    std::fs::remove_dir_all(folder.parent().unwrap()).unwrap();
}

#[test]
fn blind_indexes_of_two_purposes_do_not_meet() {
    let folder = folder().join("keys");
    let keys = Keys::create(&folder).unwrap();
    let index = |purpose, what, text| keys.blind(purpose, what, text);
    let id = "460000199001010010";
    assert_eq!(index(Blind::Person, "id18", id), index(Blind::Person, "id18", id));
    assert_eq!(index(Blind::Person, "id18", id).len(), 64);
    assert_ne!(index(Blind::Person, "id18", id), index(Blind::Kin, "id18", id));
    assert_ne!(index(Blind::Person, "id18", id), index(Blind::Partner, "id18", id));
    assert_ne!(index(Blind::Person, "id18", id), index(Blind::Person, "phone", id));
    assert_ne!(index(Blind::Person, "ab", "c"), index(Blind::Person, "a", "bc"));
    std::fs::remove_dir_all(folder.parent().unwrap()).unwrap();
}
