//! Papers of a case as files: a PDF, a JPEG or a PNG, told by their first bytes and not by their names. They are kept
//! encrypted, and each look at one leaves a trace. A file becomes evidence when a step names it as its reference.
//!
//! Images are not decoded and written anew here (that would take a decoder for every format); what a file says it is must
//! agree with how it begins and ends, and it is only ever handed out as an attachment.

use crate::case::{CaseFile, json};
use crate::error::{Kind, Refusal, Result};
use crate::office::{Office, Order};
use crate::people::{is_resident, wrong};
use crate::record::act::TEXT_MAX;
use anmin_casework::kinds::ActKind;
use anmin_store::{Begun, Find, Id, MOST_BYTES, Record, Scope, Secret, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A file of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileV1 {
    /// The file; the reference of the evidence it becomes.
    pub file: String,
    /// `application/pdf`, `image/jpeg` or `image/png`; `text/plain` for what somebody wrote on a page of ours.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many bytes.
    pub size: i64,
    /// The day it was handed in.
    pub on: String,
}

/// Something written for a case.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementV1 {
    /// What was written, in lines.
    #[schemars(length(min = 1, max = 2000))]
    pub text: String,
}

/// What is written on a page of ours.
pub(crate) const TEXT: &str = "text/plain";

/// What was written, if it can be kept.
pub(crate) fn statement(input: &StatementV1) -> Result<String> {
    let text = input.text.replace("\r\n", "\n");
    let text = text.trim();
    let length = text.chars().count();
    let control = |c: char| c.is_control() && c != '\n' && c != '\t';
    if length == 0 || length > TEXT_MAX || text.chars().any(control) {
        return Err(wrong(
            "text",
            &format!("请写 1 至 {TEXT_MAX} 个字。"),
            &format!("Write something, at most {TEXT_MAX} characters."),
        ));
    }
    Ok(text.to_owned())
}

/// A file, opened.
#[derive(Debug)]
pub struct OpenedFile {
    /// What it is.
    pub file: FileV1,
    /// Its bytes.
    pub bytes: Secret,
}

/// Under which actions a paper is put into a case.
fn handing_in(order: &Order<'_>) -> &'static [&'static str] {
    match is_resident(order) {
        true => &["apply", "supplement_answer"],
        false => &[
            "receive",
            "accept",
            "visit_record",
            "opine",
            "notice_publish",
            "review",
            "confirm",
            "deliver",
            "check_report_issue",
            "appraisal_record",
            "hearing_record",
            "visit_sign",
            "confirm_delegated",
            "records_keep",
        ],
    }
}

impl Office {
    /// Puts a file into a case. The result is a [`FileV1`], the same bytes for the same request.
    ///
    /// # Errors
    /// Too large, or no file of a kind that is taken; not permitted; or a fault.
    pub async fn store_file(&self, order: &Order<'_>, case: Id, bytes: &[u8]) -> Result<Vec<u8>> {
        if bytes.is_empty() || bytes.len() > MOST_BYTES {
            return Err(anmin_store::Error::from(anmin_store::Refusal::FileSize { size: bytes.len() }).into());
        }
        let kind = kind(bytes).ok_or_else(not_taken)?;
        self.keep_file(order, case, bytes, kind).await
    }

    /// Keeps what somebody wrote as a paper of a case: an explanation, a report of a change. The result is a [`FileV1`].
    ///
    /// # Errors
    /// Nothing was written, or too much; not permitted; or a fault.
    pub async fn store_statement(&self, order: &Order<'_>, case: Id, input: StatementV1) -> Result<Vec<u8>> {
        let text = statement(&input)?;
        self.keep_file(order, case, text.as_bytes(), TEXT).await
    }

    async fn keep_file(
        &self,
        order: &Order<'_>,
        case: Id,
        bytes: &[u8],
        kind: &'static str,
    ) -> Result<Vec<u8>> {
        let mut denied = None;
        for action in handing_in(order) {
            let (scope, purpose) = match self.first_scope(order, &[action]) {
                Ok(found) => found,
                Err(error) => {
                    denied = denied.or(Some(error));
                    continue;
                }
            };
            let rows = Scope::from_authz(&scope, self.authority());
            let command = anmin_store::Command {
                scope: &rows,
                name: "store_file",
                purpose: &purpose,
                at: order.now.at,
                request: order.request,
            };
            let mut work = match self.inner.store.begin(command).await? {
                Begun::Before(bytes) => return Ok(bytes),
                Begun::New(work) => work,
            };
            let Some(record) = work.find(&Find::one(&table::CASE_FILE, case)).await?.pop() else { continue };
            let file = CaseFile::read(self, record)?;
            if let Err(error) = self.judged(order, &file, &scope, None).await {
                denied = Some(error);
                continue;
            }
            // On the disk first: a file without a row is removed after a day, a row without a file never is.
            let stored = self.inner.store.store_file(bytes, order.now.at).await?;
            let row = stored.record(Id::at(order.now.at), case, kind, order.now.at);
            // The same paper handed in again by a resident is one paper: whoever was not sure that it arrived sends it
            // twice. Of staff it may be two: one scan that is both of the papers a step wants.
            let same = Find::all(&table::FILE)
                .equal("case_id", case)
                .equal("hash", row.text("hash").unwrap_or_default());
            let taken = |row: &Record| file.case.exhibit(&row.id().to_string()).is_some();
            let before = match is_resident(order) {
                true => work.find(&same).await?.into_iter().find(|row| !taken(row)),
                false => None,
            };
            let row = match before {
                Some(before) => before,
                None => work.insert(row).await?,
            };
            let result = json(&seen(&row))?;
            work.commit(Stream { kind: "case", id: &case.to_string() }, &result, &result).await?;
            return Ok(result);
        }
        Err(denied.unwrap_or_else(|| Refusal::not_found().into()))
    }

    /// The files of a case, the latest first.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn files(&self, order: &Order<'_>, case: Id) -> Result<Vec<FileV1>> {
        let case_file = self.seen(order, case).await?.ok_or_else(Refusal::not_found)?;
        let rows = self.papers(order, case).await?;
        let find =
            Find::all(&table::FILE).equal("case_id", case).order("created_at").descending().limit(1000);
        let found = self.inner.store.read_personal(&rows.0, &rows.1, order.now.at, &find).await?;
        let shown = found.iter().filter(|row| shows(order, &case_file, row.id()));
        Ok(shown.map(seen).collect())
    }

    /// One file of a case, with its bytes.
    ///
    /// # Errors
    /// Not there or not for the caller; it was changed; or a fault.
    pub async fn read_file(&self, order: &Order<'_>, case: Id, file: Id) -> Result<OpenedFile> {
        let (rows, purpose) = self.papers(order, case).await?;
        let record = self.inner.store.read_one(&rows, &purpose, order.now.at, &table::FILE, file).await?;
        let case_file = self.seen(order, case).await?.ok_or_else(Refusal::not_found)?;
        if record.link("case_id") != Some(case) || !shows(order, &case_file, file) {
            return Err(Refusal::not_found().into());
        }
        let bytes = self.inner.store.read_file(&rows, &purpose, order.now.at, file).await?;
        Ok(OpenedFile { file: seen(&record), bytes })
    }

    /// What reaches the papers of a case, for who may see them whole.
    pub(crate) async fn papers(&self, order: &Order<'_>, case: Id) -> Result<(Scope, String)> {
        let file = self.seen(order, case).await?.ok_or_else(Refusal::not_found)?;
        let (scope, purpose) = self.looking(order)?;
        let allowed = self.judged(order, &file, &scope, None).await?;
        if !self.veil(&allowed).whole("papers") {
            return Err(Refusal::new(
                Kind::Forbidden,
                "no_papers",
                "您可以看到本案的进度，不能看材料。",
                "You can see how this case stands, and not its papers.",
            )
            .into());
        }
        Ok((Scope::from_authz(&scope, self.authority()), purpose))
    }
}

pub(crate) fn seen(row: &Record) -> FileV1 {
    let at = anmin_store::Moment(row.int("created_at").unwrap_or_default());
    FileV1 {
        file: row.id().to_string(),
        kind: row.text("type").unwrap_or_default().to_owned(),
        size: row.int("size").unwrap_or_default(),
        on: crate::office::day_in_china(at).to_string(),
    }
}

/// Whether a paper is shown to who asks. Residents see what they and theirs handed in: who objected or was asked about them
/// is not to be read from a letter or a record.
fn shows(order: &Order<'_>, case: &CaseFile, file: Id) -> bool {
    let Some(evidence) = case.case.exhibit(&file.to_string()).filter(|_| is_resident(order)) else {
        return true;
    };
    let kind = &evidence.exhibit.kind;
    let workflow = &case.workflow;
    let own = |step: &anmin_casework::workflow::Step| {
        let duty = |duty: &String| workflow.duty(duty).is_some_and(|duty| !duty.staff);
        step.act != ActKind::Object && step.evidence.contains(kind) && step.by.iter().any(duty)
    };
    workflow.steps.iter().any(own)
}

/// What the bytes are: they begin as that kind does, and end as it does.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    let tail = &bytes[bytes.len().saturating_sub(1024)..];
    let ends = |mark: &[u8]| tail.windows(mark.len()).any(|window| window == mark);
    if bytes.starts_with(b"%PDF-") && ends(b"%%EOF") {
        return Some("application/pdf");
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") && ends(b"IEND") {
        return Some("image/png");
    }
    (bytes.starts_with(b"\xff\xd8\xff") && ends(b"\xff\xd9")).then_some("image/jpeg")
}

fn not_taken() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "file_kind",
        "只能上传 PDF、JPEG 或 PNG 文件，文件须完整。",
        "A PDF, JPEG or PNG file is wanted, and all of it.",
    )
    .next("请重新扫描或另存为 PDF、JPEG、PNG 后上传。", "Scan it again, or save it as PDF, JPEG or PNG.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_and_ends_as() {
        assert_eq!(kind(b"%PDF-1.7\n...\n%%EOF\n"), Some("application/pdf"));
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n....IEND\xae\x42\x60\x82"), Some("image/png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0....\xff\xd9"), Some("image/jpeg"));
        for refused in [
            &b"%PDF-1.7 cut off"[..],
            b"<svg onload=1>",
            b"MZ",
            b"",
            b"PK\x03\x04",
            b"GIF89a",
            b"\xff\xd8\xff",
        ] {
            assert_eq!(kind(refused), None);
        }
    }
}
