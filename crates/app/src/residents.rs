//! Residents at the door: signing in by a code to the telephone on record, and naming somebody who helps. Who has no telephone
//! goes to the counter, to the village, or through a helper; nobody has to have one.

mod helpers;
mod phone;
mod sign_in;

pub use helpers::{HelpV1, NameHelperV1};
pub use phone::PhoneMessageV1;
pub use sign_in::{AskSignInCodeV1, CodeSignInV1};

pub(crate) use sign_in::SIGN_IN_CODE;
