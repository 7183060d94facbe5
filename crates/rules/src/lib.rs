//! The rule language: typed expressions over facts, dated parameters, decisions and explanations, evaluated over columns.
//!
//! `docs/rules-language.md` is the specification. A [`model::Ruleset`] is checked once, compiled for a date into a program, and
//! evaluated over any number of households with one evaluator; one household is a batch of one.
//! This crate must never know YAML, SQL, HTTP, a clock or serde. Start with [`model`], then [`check`], [`program`], [`evaluate`].
pub mod batch;
pub mod check;
pub mod evaluate;
pub mod explain;
pub mod finding;
pub mod interval;
pub mod model;
pub mod program;
pub mod show;
pub mod syntax;
pub mod typed;

/// The number of the language's meaning (`docs/rules-language.md`); pinned in every receipt.
pub const SEMANTICS: u32 = 1;
