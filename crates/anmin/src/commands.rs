//! One command a file: its arguments, its help, and what it prints.
mod arguments;
pub mod bench;
pub mod check;
pub mod cite;
pub mod decide;
pub mod show;
pub mod test;

use anmin_base::date::Date;

/// Reads a date of an argument.
fn date(text: &str) -> Result<Date, String> {
    text.parse::<Date>().map_err(|e| format!("{} / {}", e.zh(), e.en()))
}
