//! Integration tests of the whole repository, in one binary so that they link once.
mod bad_household;
mod bad_pack;
mod cli;
mod demo;
mod deployment;
mod readme;
mod run;
mod surroundings;
mod tidy;
#[cfg(feature = "faults")]
#[allow(dead_code, reason = "the client can do more than the chapters of today ask of it")]
mod trouble;
