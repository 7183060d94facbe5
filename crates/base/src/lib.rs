//! Base values every crate of Anmin shares: money in whole fen, exact rates, civil dates and ages,
//! the working-day calendar, identity numbers, credit codes, division codes and trees, masking,
//! and the finished letter as plain values ([`document`]).
//! Main types: [`date::Date`] and [`money::Money`]; every parser refuses with an enum that carries
//! what is wrong, and `zh()`/`en()` sentences for the edge.
//! Must never know: rules, storage, YAML, HTTP or a clock; "today" is always passed in.
//! Start with `date.rs`, then `money.rs`, then `calendar.rs`.

pub mod calendar;
pub mod credit_code;
pub mod date;
pub mod days;
pub mod division;
pub mod document;
pub mod half_width;
pub mod mask;
pub mod money;
pub mod rate;
pub mod resident_id;
pub mod sensitivity;
mod spoken;
