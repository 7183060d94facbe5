//! Tests of the repository's own packs.
mod letters;
