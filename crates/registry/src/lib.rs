//! Persons, households and organisations as a bureau keeps them: dated, with the time at which each thing became known.
//! Main types: [`person::Draft`], which becomes a [`person::Person`] or everything wrong with it; [`household::Book`],
//! who belongs to which household when; [`fact::Fact`], in two times; [`consent::Authorisation`] of checks.
//! Must never know: rules, storage, YAML, HTTP, a clock, or any one service; the day and the moment are passed in.
//! Start with `fact.rs`, then `household.rs`, then `person.rs`.

pub mod consent;
pub mod fact;
pub mod flaw;
pub mod household;
pub mod id;
pub mod kin;
pub mod organisation;
pub mod person;
