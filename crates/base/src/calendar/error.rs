//! Why rows of announced days are refused.

use crate::date::{Date, DateError};
use crate::spoken::spoken_error;

/// Why a calendar is refused. Lines count from 1, the heading included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// The first line is not `date,kind,holiday,holiday_en`.
    Heading,
    /// A line that has not four columns.
    Columns {
        /// The line.
        line: usize,
        /// The columns found.
        found: usize,
    },
    /// Not a date.
    Date {
        /// The line.
        line: usize,
        /// What is wrong with it.
        error: DateError,
    },
    /// Neither `off` nor `work`.
    Kind {
        /// The line.
        line: usize,
        /// What stands there.
        found: String,
    },
    /// A holiday without a name.
    Name {
        /// The line.
        line: usize,
    },
    /// A date with more than one row.
    Duplicate {
        /// The date.
        date: Date,
    },
    /// A make-up working day that is not a Saturday or Sunday.
    WorkOnWeekday {
        /// The date.
        date: Date,
    },
}

impl CalendarError {
    /// What is wrong and what is allowed, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            CalendarError::Heading => "第 1 行应为表头 date,kind,holiday,holiday_en。".into(),
            CalendarError::Columns { line, found } => {
                format!("第 {line} 行应有 4 列，现在是 {found} 列；节日名称中不能有逗号。")
            }
            CalendarError::Date { line, error } => format!("第 {line} 行：{}", error.zh()),
            CalendarError::Kind { line, found } => {
                format!("第 {line} 行的类别“{found}”不对，应为 off（放假）或 work（补班）。")
            }
            CalendarError::Name { line } => format!("第 {line} 行缺少节日的中文或英文名称。"),
            CalendarError::Duplicate { date } => format!("{date} 出现了不止一次，只能有一行。"),
            CalendarError::WorkOnWeekday { date } => {
                format!("{date} 不是周六或周日，不能列为补班日。")
            }
        }
    }

    /// What is wrong and what is allowed, in English.
    pub fn en(&self) -> String {
        match self {
            CalendarError::Heading => "Line 1 must be the heading date,kind,holiday,holiday_en.".into(),
            CalendarError::Columns { line, found } => {
                format!("Line {line} has {found} columns; it needs 4, and names can not contain a comma.")
            }
            CalendarError::Date { line, error } => format!("Line {line}: {}", error.en()),
            CalendarError::Kind { line, found } => {
                format!("Line {line}: the kind “{found}” must be off or work.")
            }
            CalendarError::Name { line } => {
                format!("Line {line} lacks the holiday's Chinese or English name.")
            }
            CalendarError::Duplicate { date } => {
                format!("{date} is given more than once; one row is allowed.")
            }
            CalendarError::WorkOnWeekday { date } => {
                format!("{date} is not a Saturday or Sunday, so it can not be a make-up working day.")
            }
        }
    }
}

spoken_error!(CalendarError);
