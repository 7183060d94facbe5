//! Households: registered together, living together and counted together, at one address. What happened in life is a
//! change; what was recorded wrongly is a correction; neither takes anything away that was known before.

mod book;
mod change;
mod forms;
mod show;

pub(crate) use book::{HouseholdSealedV1, SCHEMA, household, membership, record};
pub use forms::{
    ChangeHouseholdV1, ChangeV1, ChangedHouseholdV1, GroundV1, HouseholdKindV1, HouseholdV1, JoiningV1,
    MemberV1, NewHouseholdV1, grounds,
};
