//! Reading announced days from text: four columns, commas between them, no quoting.

use super::CalendarError;
use crate::date::Date;

/// One announced day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarRow {
    /// The day.
    pub date: Date,
    /// Whether it is off or worked.
    pub kind: DayKind,
    /// The holiday that the day belongs to, in Chinese.
    pub holiday: String,
    /// The holiday in English.
    pub holiday_en: String,
}

/// How an announced day departs from its weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayKind {
    /// A day off.
    Off,
    /// A Saturday or Sunday that is worked in exchange.
    Work,
}

const HEADING: &str = "date,kind,holiday,holiday_en";

pub(super) fn parse(text: &str) -> Result<Vec<CalendarRow>, Vec<CalendarError>> {
    // Spreadsheets write a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().map(str::trim_end).enumerate();
    if lines.next().map(|(_, heading)| heading) != Some(HEADING) {
        return Err(vec![CalendarError::Heading]);
    }
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for (at, text) in lines.filter(|(_, text)| !text.is_empty()) {
        match parse_line(at + 1, text) {
            Ok(row) => rows.push(row),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

fn parse_line(line: usize, text: &str) -> Result<CalendarRow, CalendarError> {
    let columns: Vec<&str> = text.split(',').collect();
    let &[date, kind, holiday, holiday_en] = columns.as_slice() else {
        return Err(CalendarError::Columns { line, found: columns.len() });
    };
    let date = date.parse().map_err(|error| CalendarError::Date { line, error })?;
    let kind = match kind {
        "off" => DayKind::Off,
        "work" => DayKind::Work,
        other => {
            return Err(CalendarError::Kind { line, found: other.to_string() });
        }
    };
    if holiday.is_empty() || holiday_en.is_empty() {
        return Err(CalendarError::Name { line });
    }
    let (holiday, holiday_en) = (holiday.to_string(), holiday_en.to_string());
    Ok(CalendarRow { date, kind, holiday, holiday_en })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::DateError;

    #[test]
    fn reads_rows_with_either_line_ending() {
        let text = "\u{feff}date,kind,holiday,holiday_en\r\n2026-10-01,off,国庆节,National Day\r\n\r\n";
        let rows = parse(text).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].date, Date::ymd(2026, 10, 1));
        assert_eq!((rows[0].kind, rows[0].holiday.as_str()), (DayKind::Off, "国庆节"));
    }

    #[test]
    fn refuses_another_heading() {
        for text in ["", "2026-10-01,off,国庆节,National Day", "date;kind;holiday;holiday_en\n"] {
            assert_eq!(parse(text), Err(vec![CalendarError::Heading]), "{text:?}");
        }
    }

    #[test]
    fn reports_every_wrong_line() {
        let text = "date,kind,holiday,holiday_en\n\
            2026-10-32,off,国庆节,National Day\n\
            2026/10/01,off,国庆节,National Day\n\
            2026-10-02,rest,国庆节,National Day\n\
            2026-10-03,off,国庆节\n\
            2026-10-04,off,,National Day\n\
            2026-10-05,off,国庆节,National Day\n";
        let day = DateError::Day { year: 2026, month: 10, day: 32 };
        assert_eq!(
            parse(text).unwrap_err(),
            [
                CalendarError::Date { line: 2, error: day },
                CalendarError::Date { line: 3, error: DateError::Form },
                CalendarError::Kind { line: 4, found: "rest".into() },
                CalendarError::Columns { line: 5, found: 3 },
                CalendarError::Name { line: 6 },
            ]
        );
    }
}
