//! Base values every crate of Anmin shares: money in whole fen, exact rates, civil dates and ages,
//! the working-day calendar, identity numbers, division codes, masking.
//!
//! Knows nothing of rules, storage, YAML or HTTP; reads no clock. Start with [`date::Date`] and
//! [`money::Money`].
pub mod date;
