//! A county that is nowhere, for demonstrations, tests and measurements: areas, units, residents, staff and cases, all
//! following from a [`Plan`], nobody real. The same plan gives the same county, name for name.
//!
//! Cases are walked through the engine of cases, with the rules of the service, day by day: what stands in the database
//! afterwards is what an office would have written. Start with `county.rs`; `walk.rs` is the course of one case.

mod canary;
mod county;
mod digest;
mod divisions;
mod known;
mod lead;
mod means;
mod names;
mod pay;
mod people;
mod persona;
mod place;
mod plan;
mod play;
mod random;
mod staff;
mod story;
mod walk;
mod world;
mod write;

pub use canary::canary;
pub use county::{MadeV1, PersonaV1, PlaceV1, Progress, StateV1, What};
pub use divisions::{Division, DivisionTown, Divisions};
pub use plan::{MOST_THROUGH_COMMANDS, Plan, Way};
pub use story::StoryV1;
