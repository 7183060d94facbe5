//! Money by the hundred thousand: what is due of the grants of an area, and writing batches, payments, attempts and entries
//! as sets. The event of the command names the root over each set it wrote; [`Store::verify_state`](crate::Store) works it
//! out again.
//!
//! Which grants, payments and accounts a batch is made of is read here for it as a whole: the trace is the event of the
//! batch, whose payments name everybody. What is shown of it to somebody is read row by row, as everything else.

mod due;
mod lines;
mod moves;
mod sets;
mod sums;

pub(crate) use sets::sum_up;

pub use due::{DueAccount, DueAsk, DueGrant};
pub use lines::{BankLine, BatchSum, CameBack};
pub use sums::{GrantSum, PartSum};
