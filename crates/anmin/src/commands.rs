//! One command a file: its arguments, its help, and what it prints.
mod arguments;
pub mod backup;
pub mod bench;
pub mod check;
pub mod cite;
pub mod decide;
pub mod demo;
mod home;
pub mod init;
pub mod journal;
pub mod serve;
pub mod show;
pub mod synth;
pub mod test;

use anmin_base::date::Date;

/// Reads a date of an argument.
fn date(text: &str) -> Result<Date, String> {
    text.parse::<Date>().map_err(|e| format!("{} / {}", e.zh(), e.en()))
}
