//! The reference evaluator: one household, straight over the syntax trees, in exact rationals.
//!
//! It is written from the specification and the model types alone. Slow and obvious on purpose: nothing is compiled,
//! every value carries its bounds and the set of what is missing. Amounts are kept in natural units (money in fen, a
//! rate as the number it is), so that no denominator has to be followed. Start with [`evaluation::Evaluation`].
pub mod calendar;
pub mod evaluation;
mod expressions;
pub mod folds;
pub mod household;
pub mod interval;
pub mod kind;
pub mod layers;
pub mod ratio;
mod tests;
mod typing;
pub mod value;
