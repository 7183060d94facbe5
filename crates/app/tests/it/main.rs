//! Packs and households through the real files: what the checker says, what a decision says.
mod checker;
mod decisions;
mod folder;
