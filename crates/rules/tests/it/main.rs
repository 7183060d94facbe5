//! The rule language against itself: a slow, obvious reference evaluator, generators of rulesets and households,
//! and the comparison of the production evaluator with both.
//!
//! Everything below `reference` is written from `docs/rules-language.md` and the model types alone and must never
//! call the production evaluator; only `production` does. Start with `differential`.
mod cases;
mod differential;
mod generate;
mod out_of_range;
mod print;
mod production;
mod properties;
mod random;
mod reference;
