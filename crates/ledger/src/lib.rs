//! Money as values: what a grant owes for a month, who has to sign, what the bank answered, and entries that balance.
//!
//! [`grant::Grant`] and [`due::due`] say what is to be paid; [`batch::Batch`] takes a month from its preparation to the
//! bank's answer, by three different people; [`entry::Book`] keeps immutable entries between accounts;
//! [`results::reconcile`] compares a bank's file with what was sent. The caller passes days, moments and identifiers in.
//! Must never know: cases, rules, storage, YAML, serde, a clock. `docs/benefits.md` is the specification.
//! Start with `benefit.rs`, then `grant.rs`, `due.rs`, `batch.rs`.
pub mod account;
pub mod batch;
pub mod benefit;
pub mod compare;
pub mod cycle;
pub mod due;
pub mod entry;
pub mod grant;
pub mod id;
pub mod refusal;
pub mod results;
pub mod roster;
