//! Sign-in, enrolment, posts, places, relatives, hand-over and jobs on both databases. No test waits: moments are passed in.

mod cases;
mod doors;

mod jobs;
mod land;
mod oversight;
mod posts;
pub mod world;

/// Each test on SQLite, and on PostgreSQL where `ANMIN_TEST_POSTGRES` names a server (`./x test` starts one).
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident: &mut World) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn told($world: &mut World) $body

            #[test]
            fn sqlite() {
                run(Dialect::Sqlite, told);
            }

            #[test]
            fn postgres() {
                if std::env::var_os("ANMIN_TEST_POSTGRES").is_some() {
                    run(Dialect::Postgres, told);
                }
            }
        }
    )+};
}
pub(crate) use on_both;
