//! The same tests on SQLite and on PostgreSQL; each makes a database of its own. `ANMIN_TEST_POSTGRES` names a server;
//! `./x test` starts one. Without it the tests on PostgreSQL fail, and say so.

mod world;

mod agree;
mod backup;
mod commands;
mod counts;
mod dice;
mod disk;
mod faults;
mod figures;
mod files;
mod find;
mod jobs;
mod journal;
mod keys;
mod money;
mod rules;
mod schema;
mod scope;
mod sign_in;
mod tampering;
mod trouble;

/// Makes two tests of each function `async fn name(world: &World)`.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::tests::world::run($crate::Dialect::Sqlite, super::$name); })+
        }
        mod postgres {
            $(#[test] fn $name() { $crate::tests::world::run($crate::Dialect::Postgres, super::$name); })+
        }
    };
}
use on_both;
