//! Measurements, printed as Markdown tables. Times are whole nanoseconds; nothing here needs a float.
pub mod api;
pub mod decide;
pub mod money;
pub mod packs;
mod population;
pub mod rules;

use anmin_app::packs::Library;
use anmin_base::date::Date;
use std::time::Duration;

/// What to measure with.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// Packs and regions.
    pub library: &'a Library,
    /// How often each run over columns is made.
    pub runs: u32,
    /// Threads of a run over columns.
    pub threads: usize,
    /// How often one household is decided.
    pub times: u32,
    /// A pack asked for.
    pub pack: Option<&'a str>,
    /// Its region.
    pub region: Option<&'a str>,
    /// Its date.
    pub on: Option<Date>,
}

/// The least and the middle of some times.
fn least_and_middle(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    (times.first().copied().unwrap_or_default(), middle)
}

/// Milliseconds with three places.
fn milliseconds(time: Duration) -> String {
    let micros = time.as_micros();
    format!("{}.{:03}", micros / 1_000, micros % 1_000)
}

/// Microseconds with two places.
fn microseconds(time: Duration) -> String {
    let nanos = time.as_nanos();
    format!("{}.{:02}", nanos / 1_000, nanos % 1_000 / 10)
}

/// A whole number with commas.
fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut out = if number < 0 { "-".to_owned() } else { String::new() };
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_times_whole() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(-123), "-123");
        assert_eq!(milliseconds(Duration::from_nanos(1_234_567)), "1.234");
        assert_eq!(microseconds(Duration::from_nanos(1_234)), "1.23");
    }
}
