//! Service packs: reads and checks folders of YAML, and household files; the only crate that knows YAML and CEL.
//!
//! A [`library::Library`] is the folder of packs and regions; [`library::Library::load`] gives a
//! [`library::Loaded`] pack whose ruleset `anmin_rules` checks and evaluates. [`household::read`] reads what is known of
//! one household. Whatever is wrong is a [`finding::Finding`] with file, line and column, and never only the first.
//! This crate must never know a clock, a database or a page. Start with [`library`].
pub mod benefit;
pub mod cite;
pub mod dossier;
pub mod expression;
pub mod finding;
pub mod form;
pub mod hash;
pub mod household;
pub mod letter;
pub mod library;
mod load;
mod names;
pub mod pack_test;
pub mod queue;
pub mod value;
pub mod workflow;
pub mod yaml;
