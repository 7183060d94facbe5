//! Reading: the first sheet of an xlsx file, or comma-separated text in UTF-8 or GB 18030. Every row keeps its number, as the
//! spreadsheet counts, so that what is wrong can be told with its place.

use anmin_base::half_width::half_width;
use anmin_base::money::Money;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// More rows than any list we send.
pub const MOST_ROWS: usize = 300_000;

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The rows that are not empty, each with its number from 1.
    pub rows: Vec<(u64, Vec<Value>)>,
}

/// A cell as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text, trimmed.
    Text(String),
    /// A number, as its shortest decimal text.
    Number(String),
    /// Something else: a date, an error.
    Other(String),
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// An old xls file, or no spreadsheet at all.
    NoSheet,
    /// Damaged, or locked by a password.
    Damaged,
    /// More rows than are taken.
    TooLong,
    /// Text in neither encoding.
    Encoding,
}

impl Unread {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Unread::NoSheet => "不是 xlsx 或 csv 文件。请在电子表格软件中另存为 xlsx 后重新导入。",
            Unread::Damaged => "文件打不开：可能已损坏或有密码。请取消密码，另存为 xlsx 后重新导入。",
            Unread::TooLong => "行数超过 300000。请按批次分开导入。",
            Unread::Encoding => "文字编码不是 UTF-8 或 GB 18030。请另存为 xlsx 后重新导入。",
        }
    }

    /// The same in English.
    pub fn en(&self) -> &'static str {
        match self {
            Unread::NoSheet => "This is no xlsx or csv file. Save it as xlsx and read it in again.",
            Unread::Damaged => {
                "The file cannot be opened: damaged, or under a password. Save it as xlsx without one."
            }
            Unread::TooLong => "More than 300000 rows. Read it in batch by batch.",
            Unread::Encoding => {
                "The text is neither UTF-8 nor GB 18030. Save it as xlsx and read it in again."
            }
        }
    }
}

/// Why a cell is not what its column wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing is there.
    Empty,
    /// The spreadsheet took a number of many digits for a quantity (4.6E+17): its last digits are gone.
    DigitsLost,
    /// It is no number of that kind.
    NoDigits,
    /// It is no amount in yuan with at most two decimals.
    NoMoney,
}

impl Unfit {
    /// What is wrong and what to do, in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Unfit::Empty => "为空；请补填。",
            Unfit::DigitsLost => {
                "被电子表格当成了数字（如 4.6E+17），后几位已经丢失，不能恢复；请将该列设为“文本”，从原始文件重新粘贴号码。"
            }
            Unfit::NoDigits => "不是号码；请核对。",
            Unfit::NoMoney => "不是金额；应为以元计、最多两位小数的数字。",
        }
    }

    /// The same in English.
    pub fn en(self) -> &'static str {
        match self {
            Unfit::Empty => "is empty; fill it in.",
            Unfit::DigitsLost => {
                "was taken for a quantity (as 4.6E+17) and its last digits are gone for good; make the column text and \
                 paste the numbers anew from where they came."
            }
            Unfit::NoDigits => "is no number of that kind; check it.",
            Unfit::NoMoney => "is no amount in yuan with at most two decimals.",
        }
    }
}

/// A number of so many digits is exact in a spreadsheet; a longer one is not.
const EXACT_DIGITS: usize = 15;

impl Value {
    /// The text of the cell, whatever it is.
    pub fn text(&self) -> &str {
        match self {
            Value::Empty => "",
            Value::Text(text) | Value::Number(text) | Value::Other(text) => text,
        }
    }

    /// A number of a person or account, digit by digit; the last may be an X.
    ///
    /// # Errors
    /// It is none, or its digits are lost.
    pub fn digits(&self) -> Result<String, Unfit> {
        let plain = |text: &str| {
            let text: String = narrow(text).chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
            let text = text.to_ascii_uppercase();
            let fits =
                |(at, byte): (usize, u8)| byte.is_ascii_digit() || byte == b'X' && at + 1 == text.len();
            (!text.is_empty() && text.bytes().enumerate().all(fits)).then_some(text)
        };
        match self {
            Value::Empty => Err(Unfit::Empty),
            Value::Text(text) if is_scientific(text) => Err(Unfit::DigitsLost),
            Value::Text(text) => plain(text).ok_or(Unfit::NoDigits),
            Value::Number(text) if text.len() > EXACT_DIGITS || is_scientific(text) => Err(Unfit::DigitsLost),
            Value::Number(text) => plain(text).ok_or(Unfit::NoDigits),
            Value::Other(_) => Err(Unfit::NoDigits),
        }
    }

    /// An amount in yuan.
    ///
    /// # Errors
    /// It is none.
    pub fn money(&self) -> Result<Money, Unfit> {
        match self {
            Value::Empty => Err(Unfit::Empty),
            Value::Text(text) | Value::Number(text) => {
                let text: String = narrow(text).chars().filter(|c| !matches!(c, ',' | '¥' | ' ')).collect();
                text.trim_end_matches('元').parse().map_err(|_| Unfit::NoMoney)
            }
            Value::Other(_) => Err(Unfit::NoMoney),
        }
    }

    /// A whole number from 1.
    ///
    /// # Errors
    /// It is none.
    pub fn count(&self) -> Result<u64, Unfit> {
        match self {
            Value::Empty => Err(Unfit::Empty),
            Value::Text(text) | Value::Number(text) => {
                narrow(text).trim().parse().ok().filter(|count| *count > 0).ok_or(Unfit::NoDigits)
            }
            Value::Other(_) => Err(Unfit::NoDigits),
        }
    }
}

/// Without the full-width forms of Chinese keyboards.
fn narrow(text: &str) -> String {
    text.chars().map(half_width).collect()
}

/// `4.6E+17`, as spreadsheets show what they took for a quantity.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.trim().split_once(['E', 'e']) else { return false };
    let exponent = exponent.trim_start_matches(['+', '-']);
    !exponent.is_empty()
        && exponent.bytes().all(|b| b.is_ascii_digit())
        && !mantissa.is_empty()
        && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The table in a file.
///
/// # Errors
/// It cannot be read.
pub fn table(bytes: &[u8]) -> Result<Table, Unread> {
    match bytes {
        [b'P', b'K', ..] => xlsx(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, ..] | [] => Err(Unread::NoSheet),
        _ => csv(bytes),
    }
}

fn xlsx(bytes: &[u8]) -> Result<Table, Unread> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unread::Damaged)?;
    let range = workbook.worksheet_range_at(0).ok_or(Unread::NoSheet)?.map_err(|_| Unread::Damaged)?;
    let first = u64::from(range.start().map_or(0, |(row, _)| row));
    let mut rows = Vec::new();
    for (number, cells) in (first + 1..).zip(range.rows()) {
        let values: Vec<Value> = cells.iter().map(value).collect();
        keep(&mut rows, number, values)?;
    }
    Ok(Table { rows })
}

fn value(data: &Data) -> Value {
    match data {
        Data::Empty => Value::Empty,
        Data::String(text) if text.trim().is_empty() => Value::Empty,
        Data::String(text) => Value::Text(text.trim().to_owned()),
        Data::Int(number) => Value::Number(number.to_string()),
        // The shortest text that reads back to the same float; nothing is computed with it.
        Data::Float(number) => Value::Number(number.to_string()),
        other => Value::Other(other.to_string()),
    }
}

fn keep(rows: &mut Vec<(u64, Vec<Value>)>, number: u64, values: Vec<Value>) -> Result<(), Unread> {
    if values.iter().all(|value| *value == Value::Empty) {
        return Ok(());
    }
    if rows.len() == MOST_ROWS {
        return Err(Unread::TooLong);
    }
    rows.push((number, values));
    Ok(())
}

fn csv(bytes: &[u8]) -> Result<Table, Unread> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => {
            let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
            if broken {
                return Err(Unread::Encoding);
            }
            text.into_owned()
        }
    };
    if text.contains('\0') {
        return Err(Unread::NoSheet);
    }
    let mut rows = Vec::new();
    for (number, cells) in lines(&text) {
        let values = cells.into_iter().map(|text| match text.trim() {
            "" => Value::Empty,
            text => Value::Text(text.to_owned()),
        });
        keep(&mut rows, number, values.collect())?;
    }
    Ok(Table { rows })
}

/// The records of comma-separated text, each with its number; quotes hold commas, line ends and doubled quotes.
fn lines(text: &str) -> Vec<(u64, Vec<String>)> {
    let (mut all, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut number) = (false, 1);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                cells.push(std::mem::take(&mut cell));
                all.push((number, std::mem::take(&mut cells)));
                number += 1;
            }
            other => cell.push(other),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        all.push((number, cells));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::{Cell, Column, Sheet, csv as write_csv, workbook};

    fn sheet() -> Sheet {
        let column = |title: &str| Column { title: title.into(), width: 20 };
        Sheet {
            name: "明细".into(),
            title: "发放名册".into(),
            notes: vec!["2026年9月".into()],
            columns: ["序号", "户名", "账号", "金额"].map(column).into(),
            rows: vec![
                vec![
                    Cell::Count(1),
                    "张三".into(),
                    "6222020000000000001".into(),
                    Money::from_fen(58_050).into(),
                ],
                vec![Cell::Count(2), "李四".into(), "0012".into(), Money::from_fen(1).into()],
            ],
            sums: vec!["合计".into(), Cell::Empty, Cell::Empty, Money::from_fen(58_051).into()],
            remarks: vec!["大写：伍佰捌拾元伍角壹分".into()],
            signatures: vec!["编制：".into(), "复核：".into(), "签批：".into()],
        }
    }

    #[test]
    fn what_is_written_is_read_and_the_same_bytes_each_time() {
        let bytes = workbook(&[sheet()]).unwrap();
        assert_eq!(bytes, workbook(&[sheet()]).unwrap());
        let table = table(&bytes).unwrap();
        let numbers: Vec<u64> = table.rows.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 9]);
        let first = &table.rows[3].1;
        assert_eq!((first[0].count(), first[1].text()), (Ok(1), "张三"));
        assert_eq!(first[2].digits().as_deref(), Ok("6222020000000000001"));
        assert_eq!(first[3].money(), Ok(Money::from_fen(58_050)));
        let second = &table.rows[4].1;
        assert_eq!((second[2].digits().as_deref(), second[3].money()), (Ok("0012"), Ok(Money::from_fen(1))));
    }

    #[test]
    fn a_number_whose_digits_are_lost_is_refused_with_the_reason() {
        for (value, digits) in [
            (Value::Text("4.6E+17".into()), Err(Unfit::DigitsLost)),
            (Value::Text("4.60106E+17".into()), Err(Unfit::DigitsLost)),
            (Value::Number("460106199001010000".into()), Err(Unfit::DigitsLost)),
            (Value::Number("6222020000000000000".into()), Err(Unfit::DigitsLost)),
            (Value::Number("622202000000000".into()), Ok("622202000000000".into())),
            (Value::Text("46010619900101123x".into()), Ok("46010619900101123X".into())),
            (Value::Text("'6222 0200 0000 0001".into()), Ok("6222020000000001".into())),
            (Value::Text("６２２２".into()), Ok("6222".into())),
            (Value::Text("张三".into()), Err(Unfit::NoDigits)),
            (Value::Text("12X4".into()), Err(Unfit::NoDigits)),
            (Value::Empty, Err(Unfit::Empty)),
        ] {
            assert_eq!(value.digits(), digits, "{value:?}");
        }
        assert!(Unfit::DigitsLost.zh().contains("4.6E+17") && Unfit::DigitsLost.en().contains("4.6E+17"));
    }

    #[test]
    fn money_is_read_to_the_fen_and_no_further() {
        for (text, fen) in [
            ("580.5", Some(58_050)),
            ("1,450.00", Some(145_000)),
            ("¥12元", Some(1_200)),
            ("0.001", None),
            ("x", None),
        ] {
            assert_eq!(Value::Text(text.into()).money().ok(), fen.map(Money::from_fen), "{text}");
        }
        assert_eq!(Value::Number("0.1".into()).money(), Ok(Money::from_fen(10)));
    }

    #[test]
    fn text_is_read_in_both_encodings_with_the_numbers_of_its_rows() {
        let text = "序号,户名,结果\r\n1,\"张,三\",成功\r\n\r\n2,\"李\"\"四\"\"\",失败";
        let rows = table(text.as_bytes()).unwrap().rows;
        assert_eq!(rows.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [1, 2, 4]);
        assert_eq!((rows[1].1[1].text(), rows[2].1[1].text()), ("张,三", "李\"四\""));
        let (bytes, ..) = encoding_rs::GB18030.encode(text);
        assert_eq!(table(&bytes).unwrap().rows, rows);
        let written = write_csv(&["户名".into()], &[vec!["=1+1".into()], vec!["张,三".into()]]);
        let back = table(&written).unwrap().rows;
        assert_eq!((back[1].1[0].text(), back[2].1[0].text()), ("'=1+1", "张,三"));
    }

    #[test]
    fn what_is_no_spreadsheet_is_told() {
        assert_eq!(table(b""), Err(Unread::NoSheet));
        assert_eq!(table(&[0xd0, 0xcf, 0x11, 0xe0, 0]), Err(Unread::NoSheet));
        assert_eq!(table(b"PK\x03\x04nothing"), Err(Unread::Damaged));
        assert_eq!(table(b"\x89PNG\0\0"), Err(Unread::NoSheet));
        assert_eq!(table(&[0xff, 0xff, 0xff]), Err(Unread::Encoding));
        for unread in [Unread::NoSheet, Unread::Damaged, Unread::TooLong, Unread::Encoding] {
            assert!(!unread.zh().is_empty() && !unread.en().is_empty());
        }
    }
}
