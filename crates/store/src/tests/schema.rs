//! The catalogue and the schema say the same; migrations go forward only.

use super::on_both;
use super::world::*;
use crate::migrate::{STEPS, migrate_by};
use crate::table;
use crate::*;
use std::collections::BTreeSet;

on_both! {
    the_catalogue_is_the_schema,
    every_table_is_in_a_backup,
    an_old_program_refuses_a_newer_schema,
    a_changed_migration_is_refused,
    migrating_again_changes_nothing,
    the_deployment_is_written_once,
}

async fn columns(world: &World, table: &str) -> Vec<String> {
    world
        .texts(&match world.store.dialect() {
            Dialect::Sqlite => format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
            Dialect::Postgres => format!(
                "SELECT column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
            ),
        })
        .await
}

async fn the_catalogue_is_the_schema(world: &World) {
    for table in table::ALL {
        let mut wanted = vec!["id", "version"];
        wanted.extend(table.columns.iter().map(|(name, _)| *name));
        assert_eq!(columns(world, table.name).await, wanted, "{}", table.name);
        assert_eq!(table::named(table.name), Some(*table));
    }
    for table in table::INNER_FIRST.iter().chain(table::INNER_LAST).chain(table::NOT_KEPT) {
        let wanted: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        assert_eq!(columns(world, table.name).await, wanted, "{}", table.name);
    }
}

async fn every_table_is_in_a_backup(world: &World) {
    let found = world
        .texts(match world.store.dialect() {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            }
            Dialect::Postgres => {
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()"
            }
        })
        .await;
    let inner = table::INNER_FIRST.iter().chain(table::INNER_LAST).map(|table| table.name);
    let mut known: BTreeSet<&str> = table::ALL.iter().map(|table| table.name).chain(inner).collect();
    // Made by the program that restores; and what nobody should find again.
    known.insert("schema_migration");
    known.extend(table::NOT_KEPT.iter().map(|table| table.name));
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

async fn an_old_program_refuses_a_newer_schema(world: &World) {
    world.by_hand("INSERT INTO schema_migration (n, name, checksum) VALUES (99, 'later', 'x')").await;
    let refused = Store::open(&world.settings).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::NewerSchema { found: 99, known: 5 }))), "{refused:?}");
}

async fn a_changed_migration_is_refused(world: &World) {
    let (n, name, text) = STEPS[0];
    let changed = format!("{text}-- one more word\n");
    let refused =
        migrate_by(&world.store.inner.db, &[&[(n, name, changed.as_str())], &STEPS[1..]].concat()).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::OtherMigration(1)))), "{refused:?}");
}

async fn migrating_again_changes_nothing(world: &World) {
    world.county().await;
    let again = Store::open(&world.settings).await.unwrap();
    assert_eq!(again.deployment(), world.store.deployment());
    assert_eq!(world.number("SELECT COUNT(*) FROM schema_migration").await, STEPS.len() as i64);
    // A step that fails leaves nothing of itself, and the next start tries it again.
    let broken = "CREATE TABLE extra (id TEXT PRIMARY KEY) STRICT;\nCREATE TABLE person (id TEXT) STRICT;";
    let whole = "CREATE TABLE extra (id TEXT PRIMARY KEY) STRICT;";
    let with = |name, text| [STEPS, &[(STEPS.len() as i64 + 1, name, text)]].concat();
    assert!(migrate_by(&again.inner.db, &with("broken", broken)).await.is_err());
    migrate_by(&again.inner.db, &with("whole", whole)).await.unwrap();
    again.close().await;
}

async fn the_deployment_is_written_once(world: &World) {
    assert_eq!(world.store.deployment().kind, DeploymentKind::Demo);
    let again = Store::create(&world.settings, DeploymentKind::Record, NOW).await;
    assert!(matches!(again, Err(Error::Fault(Fault::Deployment(_)))), "{again:?}");
    let mut tx = world.store.inner.db.write().await.unwrap();
    let second = "INSERT INTO deployment (one, id, kind, created_at, key_check, public_key) \
                  VALUES (2, 'x', 'demo', 1, 'x', 'x')";
    refuses(crate::db::run(&mut tx, second, Vec::new()).await, Rule::Check, "");
}
