//! Integration tests of the whole repository, in one binary so that they link once.
mod bad_household;
mod bad_pack;
mod cli;
mod readme;
mod run;
mod surroundings;
mod tidy;
