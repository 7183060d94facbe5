//! Writing: a sheet has a title, what is said beneath it, columns, rows, a line of sums, and who signs.

use anmin_base::money::Money;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The word on its tab, at most 31 characters.
    pub name: String,
    /// What it is called, over all columns.
    pub title: String,
    /// What is said beneath the title: unit, month, number.
    pub notes: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// What they add up to.
    pub sums: Vec<Cell>,
    /// Lines after the sums: the amount in capitals, where the list comes from.
    pub remarks: Vec<String>,
    /// Who signs, side by side.
    pub signatures: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub title: String,
    /// How many Latin characters it is wide.
    pub width: u16,
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, also of digits: identity numbers, accounts.
    Text(String),
    /// An amount in yuan.
    Money(Money),
    /// A number of things.
    Count(u64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.into())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<Money> for Cell {
    fn from(money: Money) -> Cell {
        Cell::Money(money)
    }
}

/// A sheet that cannot be written: too many rows, or a name no tab can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritten(pub String);

impl From<XlsxError> for Unwritten {
    fn from(error: XlsxError) -> Unwritten {
        Unwritten(error.to_string())
    }
}

/// A4, as the format numbers papers.
const A4: u8 = 9;
/// More columns than this are printed across the longer side.
const UPRIGHT: usize = 7;

/// The sheets as an xlsx file: the same bytes whenever it is written.
///
/// # Errors
/// The format cannot hold it.
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, Unwritten> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    for sheet in sheets {
        let page = workbook.add_worksheet();
        page.set_name(&sheet.name)?;
        fill(page, sheet)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// How cells look.
struct Looks {
    title: Format,
    note: Format,
    head: Format,
    text: Format,
    money: Format,
    count: Format,
}

impl Looks {
    fn new() -> Looks {
        let plain = || Format::new().set_font_name("宋体").set_font_size(11);
        let framed = || plain().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        Looks {
            title: plain().set_font_size(16).set_bold().set_align(FormatAlign::Center),
            note: plain(),
            head: framed().set_bold().set_align(FormatAlign::Center).set_text_wrap(),
            // Text that looks like a number stays text.
            text: framed().set_num_format("@"),
            money: framed().set_num_format("#,##0.00"),
            count: framed().set_num_format("0"),
        }
    }
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<(), Unwritten> {
    let looks = Looks::new();
    let last =
        u16::try_from(sheet.columns.len().saturating_sub(1)).map_err(|_| Unwritten("columns".into()))?;
    page.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    page.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3).set_footer("&C第 &P 页，共 &N 页");
    if sheet.columns.len() > UPRIGHT {
        page.set_landscape();
    }
    for (at, column) in (0..).zip(&sheet.columns) {
        page.set_column_width(at, column.width)?;
    }
    let mut row = 0;
    if last > 0 {
        page.merge_range(row, 0, row, last, &sheet.title, &looks.title)?;
    } else {
        page.write_string_with_format(row, 0, &sheet.title, &looks.title)?;
    }
    row += 1;
    for note in &sheet.notes {
        page.write_string_with_format(row, 0, note, &looks.note)?;
        row += 1;
    }
    for (at, column) in (0..).zip(&sheet.columns) {
        page.write_string_with_format(row, at, &column.title, &looks.head)?;
    }
    page.set_repeat_rows(row, row)?;
    row += 1;
    page.set_freeze_panes(row, 0)?;
    for cells in sheet.rows.iter().chain((!sheet.sums.is_empty()).then_some(&sheet.sums)) {
        for (at, cell) in (0..).zip(cells) {
            put(page, row, at, cell, &looks)?;
        }
        row += 1;
    }
    for remark in &sheet.remarks {
        page.write_string_with_format(row, 0, remark, &looks.note)?;
        row += 1;
    }
    // Room for a pen and a seal.
    row += 1;
    let apart = (last / u16::try_from(sheet.signatures.len().max(1)).unwrap_or(1)).max(1);
    for (at, signature) in (0..).zip(&sheet.signatures) {
        page.write_string_with_format(row, at * apart, signature, &looks.note)?;
    }
    Ok(())
}

fn put(page: &mut Worksheet, row: u32, at: u16, cell: &Cell, looks: &Looks) -> Result<(), Unwritten> {
    match cell {
        Cell::Empty => page.write_string_with_format(row, at, "", &looks.text)?,
        Cell::Text(text) => page.write_string_with_format(row, at, text, &looks.text)?,
        // The format keeps numbers as floats: the nearest one to the decimal text, never computed with.
        Cell::Money(money) => {
            let number: f64 = money.to_string().parse().map_err(|_| Unwritten(money.to_string()))?;
            page.write_number_with_format(row, at, number, &looks.money)?
        }
        Cell::Count(count) => {
            let number: f64 = count.to_string().parse().map_err(|_| Unwritten(count.to_string()))?;
            page.write_number_with_format(row, at, number, &looks.count)?
        }
    };
    Ok(())
}

/// Rows as comma-separated text with a byte order mark, as banks take it: the same bytes whenever it is written.
pub fn csv(head: &[String], rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut text = String::from('\u{feff}');
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    };
    line(&mut head.iter().map(|title| quoted(title)));
    for row in rows {
        line(&mut row.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => quoted(text),
            Cell::Money(money) => money.to_string(),
            Cell::Count(count) => count.to_string(),
        }));
    }
    text.into_bytes()
}

/// Quoted where it must be. A text that a spreadsheet would take for a formula gets an apostrophe before it.
fn quoted(text: &str) -> String {
    let text = match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
