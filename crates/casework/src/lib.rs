//! Casework: the life of a case as values: states, steps, duties, clocks, hearings, decisions and their effects.
//!
//! [`apply::apply`] takes a [`workflow::Workflow`], a [`case::Case`], a [`command::Command`] and the day, and gives the
//! case after it with the [`event::Event`]s that made it so, or a [`refusal::Refusal`] that says what to do next.
//! Must never know: rules, storage, YAML, serde, a clock. `docs/workflows.md` is the specification.
//! Start with `workflow.rs`, then `command.rs`, then `apply.rs`.
pub mod apply;
pub mod case;
pub mod check;
pub mod command;
pub mod event;
pub mod kinds;
pub mod record;
pub mod refusal;
pub mod walk;
pub mod workflow;
