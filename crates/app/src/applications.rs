//! Applications before they are handed in: begun, saved page by page, put away and gone on with, by residents for themselves
//! and those they act for, or at a counter from paper. Handing in is one command that makes a case of it, all or nothing.

mod begin;
mod code;
mod counter;
mod draft;
mod lapse;
mod link;
mod many;
mod papers;
mod save;
mod show;
mod sign;
mod submit;

pub use begin::StartApplicationV1;
pub use code::AskCodeV1;
pub use counter::{CounterAreaV1, CounterDraftV1, FilledV1, PROXY_PAPER, ProxyBasisV1, ProxyV1, SetProxyV1};
pub use draft::DraftDoneV1;
pub use many::{ManyPagesV1, OnePageV1, ScreenPageV1, ScreenV1, SignOnPaperV1, SignatureV1};
pub use papers::{DropPaperV1, PaperHandedV1, PaperPlaceV1};
pub use save::VersionV1;
pub use show::{ApplicationLineV1, ApplicationV1, HandedInV1};
pub use sign::SignV1;
pub use submit::SubmittedV1;

pub(crate) use code::{HOLDS, six_digits};
pub(crate) use lapse::DRAFTS;

use crate::office::Order;
use crate::people::is_resident;

/// After so many days in which nobody went on with it, an application lapses.
const LASTS: i32 = 60;
/// So many days before, whoever began it is told.
const WARNED: i32 = 7;

/// The actions under which an application is filled in.
fn filling_in(order: &Order<'_>) -> &'static [&'static str] {
    if is_resident(order) { &["apply"] } else { &["apply_assist"] }
}
