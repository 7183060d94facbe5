//! Commands and queries: where engines meet what they work on.
//!
//! Main types: [`office::Office`], a database with its packs and rights, through which everything is done and looked at;
//! [`decide::Prepared`], a pack ready for one region and date; [`error::Error`], why not. Must never know HTML or HTTP,
//! and reads no clock: every moment is passed in. Start with `office.rs`, then `case/take.rs`; `decide.rs` for the rules.
pub mod applications;
pub mod asking;
pub mod card_reader;
pub mod case;
pub mod dashboard;
pub mod decide;
pub mod demo;
pub mod deployment;
pub mod entry;
pub mod error;
pub mod facts;
pub mod fault;
pub mod files;
mod flip;
pub mod jobs;
pub mod lookups;
mod mask;
pub mod money;
mod narrate;
pub mod office;
pub mod oversight;
pub mod packs;
pub mod people;
pub mod permissions;
mod picture;
pub mod record;
pub mod residents;
pub mod services;
pub mod staff;
pub mod synth;
pub mod work;
