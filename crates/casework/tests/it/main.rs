//! The engine on a small course of its own: tables, properties, clocks, the checker.
mod checker;
mod clocks;
mod course;
mod effects;
mod properties;
mod tables;
