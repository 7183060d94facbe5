//! Commands and queries: where engines meet what they work on. So far: deciding a household under a pack, and looking after packs.
//!
//! Main types: [`decide::Prepared`], a pack ready for one region and date, and [`record::DecisionV1`], what it answers.
//! Must never know HTML or HTTP, and reads no clock: every date is passed in. Start with `decide.rs`.
pub mod decide;
mod flip;
mod narrate;
pub mod packs;
pub mod record;
