//! Spreadsheets in and out: titles, rows of typed cells, sums and signature blocks, on A4 paper.
//!
//! [`write::workbook`] makes the same bytes of the same sheets; [`read::table`] takes what a bank or a bureau sends, and
//! says of a number that was written as 4.6E+17 that its digits are lost. Numbers of people and accounts are always text.
//! Must never know: what the columns mean, a database, a page, a clock.
//! Start with `write.rs`, then `read.rs`.
pub mod read;
pub mod write;
