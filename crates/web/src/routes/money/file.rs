//! Spreadsheets that come and go.

use crate::answer::{Answer, Gives, Reply};
use crate::form::{Body, Takes, bytes_schema};
use crate::problem::Problem;
use axum::http::header::{self, HeaderValue};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Most bytes of a spreadsheet: a hundred thousand lines have some four million.
const MOST: usize = 20 * 1024 * 1024;

/// A spreadsheet, as it is.
#[derive(Clone, Debug)]
pub(super) struct Spreadsheet(pub Vec<u8>);

impl Body for Spreadsheet {
    const TAKES: Option<Takes> = Some(Takes {
        media: &["application/octet-stream", XLSX, "text/csv"],
        most: MOST,
        schema: bytes_schema,
    });

    fn read(bytes: &[u8]) -> Result<Self, Problem> {
        Ok(Spreadsheet(bytes.to_vec()))
    }
}

/// A spreadsheet for somebody: only ever handed out as an attachment.
#[derive(Clone)]
pub(crate) struct SpreadsheetFile {
    pub bytes: Vec<u8>,
    pub name: String,
    pub ending: &'static str,
}

impl Reply for SpreadsheetFile {
    const GIVES: Gives = Gives { status: 200, content: Some(("*/*", bytes_schema)), replays: false };

    fn answer(self) -> Answer {
        let media = if self.ending == "csv" { "text/csv; charset=utf-8" } else { XLSX };
        let named = format!("attachment; filename=\"{}.{}\"", self.name, self.ending);
        let named = HeaderValue::from_str(&named).unwrap_or(HeaderValue::from_static("attachment"));
        Answer::kept(&Self::GIVES, self.bytes)
            .with(header::CONTENT_TYPE, HeaderValue::from_static(media))
            .with(header::CONTENT_DISPOSITION, named)
            .with(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"))
    }
}
