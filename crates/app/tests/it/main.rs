//! Packs and households through the real files: what the checker says, what a decision says; and cases in their
//! forms.
mod acts;
mod application;
mod assembled;
mod case_events;
mod case_view;
mod checker;
mod county;
mod decisions;
mod folder;
mod people;
mod residents;
mod samples;
mod sent;
mod synth;
mod walks;
mod way;
