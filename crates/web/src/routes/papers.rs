//! What a case rests on: its facts, what the rules say of them now, its papers.

use crate::answer::{Json, Made, Paper};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing, Upload};
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::routes::day;
use anmin_app::case::DossierV1;
use anmin_app::facts::{ComparedV1, FactsV1, NowV1, RecordFactsV1, RecordedV1, TrialV1, TriedV1};
use anmin_app::files::{FileV1, StatementV1};
use anmin_app::people::MissingSignatureV1;
use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const READ: &[&str] = &["case_read"];
const RECORD: &[&str] =
    &["receive", "accept", "visit_record", "opine", "review", "confirm", "confirm_delegated"];
const HAND_IN: &[&str] = &[
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
];
const HAND_IN_OWN: &[&str] = &["apply", "supplement_answer"];
const PROGRESS: &[&str] = &["progress_read"];

pub(super) fn routes() -> Vec<Route> {
    let all = vec![
        Route::new(Method::POST, "/cases/{case}/facts", record)
            .named("record_facts", "记录案件事实", "Record facts in a case")
            .may(RECORD, HAND_IN_OWN)
            .key(Key::Of("record_facts")),
        Route::new(Method::GET, "/cases/{case}/facts", facts)
            .named("show_facts", "案件事实", "The facts of a case, as known")
            .may(READ, PROGRESS),
        Route::new(Method::GET, "/cases/{case}/outlook", outlook)
            .named(
                "show_outlook",
                "按现有事实的认定结果",
                "What the rules say of a case now, and what is missing",
            )
            .may(READ, PROGRESS),
        Route::new(Method::GET, "/cases/{case}/missing-signatures", missing)
            .named("missing_signatures", "还缺谁的核对授权", "Whose signature a check still wants")
            .may(READ, PROGRESS),
        Route::new(Method::GET, "/cases/{case}/facts/compared", compared)
            .named(
                "compare_facts",
                "事实对照：申报、核对、入户",
                "The facts of a case side by side: declared, checked, visited",
            )
            .may(READ, PROGRESS),
        // It changes nothing; what is tried belongs in no address.
        Route::new(Method::POST, "/cases/{case}/trial", trial)
            .named(
                "try_fact",
                "试算：如果某项事实不同",
                "What the rules would say if one fact were otherwise",
            )
            .may(READ, &[]),
        Route::new(Method::GET, "/cases/{case}/dossier", dossier)
            .named("show_dossier", "一户一档及齐全情况", "The dossier of a case, and what it lacks")
            .may(READ, PROGRESS),
        Route::new(Method::POST, "/cases/{case}/files", store)
            .named("store_file", "上传材料", "Put a paper into a case: PDF, JPEG or PNG, at most 10 MB")
            .may(HAND_IN, HAND_IN_OWN)
            .key(Key::Of("store_file")),
        Route::new(Method::POST, "/cases/{case}/statements", statement)
            .named("store_statement", "提交文字说明", "Put something written into a case")
            .may(HAND_IN, HAND_IN_OWN)
            .key(Key::Of("store_file")),
        Route::new(Method::GET, "/cases/{case}/files", files)
            .named("list_files", "材料清单", "The papers of a case")
            .may(READ, PROGRESS),
        Route::new(Method::GET, "/cases/{case}/files/{file}", file)
            .named("read_file", "下载材料", "A paper of a case")
            .may(READ, PROGRESS),
    ];
    all.into_iter().map(|route| route.part("cases")).collect()
}

async fn record(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<RecordFactsV1>,
) -> Result<Made<RecordedV1>, Problem> {
    Ok(asked.office().record_facts(&asked.order()?, asked.id("case")?, input).await?.into())
}

/// As of when.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AsOfV1 {
    /// The day the facts are of, as 2026-09-01; left out, today.
    #[schemars(extend("format" = "date"))]
    on: Option<String>,
    /// As they were known at the end of this day; left out, now.
    #[schemars(extend("format" = "date"))]
    known_on: Option<String>,
}

async fn facts(asked: Asked, ask: AsOfV1, _: Nothing) -> Result<Json<FactsV1>, Problem> {
    let on = day("on", ask.on.as_deref())?.unwrap_or(asked.now.on);
    let known_on = day("known_on", ask.known_on.as_deref())?;
    Ok(Json(asked.office().facts_of(&asked.order()?, asked.id("case")?, on, known_on).await?))
}

/// What the rules say now.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct OutlookV1 {
    /// Of each programme of the case.
    programmes: Vec<NowV1>,
}

async fn outlook(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<OutlookV1>, Problem> {
    Ok(Json(OutlookV1 { programmes: asked.office().what_now(&asked.order()?, asked.id("case")?).await? }))
}

/// Signatures that are wanting.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct MissingSignaturesV1 {
    /// Whose.
    missing: Vec<MissingSignatureV1>,
}

async fn compared(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ComparedV1>, Problem> {
    Ok(Json(asked.office().compared(&asked.order()?, asked.id("case")?).await?))
}

async fn trial(asked: Asked, _: NoQuery, Form(ask): Form<TrialV1>) -> Result<Json<TriedV1>, Problem> {
    Ok(Json(asked.office().trial(&asked.order()?, asked.id("case")?, &ask).await?))
}

async fn dossier(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<DossierV1>, Problem> {
    Ok(Json(asked.office().dossier(&asked.order()?, asked.id("case")?).await?))
}

async fn missing(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<MissingSignaturesV1>, Problem> {
    let missing = asked.office().missing_signatures(&asked.order()?, asked.id("case")?).await?;
    Ok(Json(MissingSignaturesV1 { missing }))
}

async fn store(asked: Asked, _: NoQuery, Upload(bytes): Upload) -> Result<Made<FileV1>, Problem> {
    Ok(asked.office().store_file(&asked.order()?, asked.id("case")?, &bytes).await?.into())
}

async fn statement(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<StatementV1>,
) -> Result<Made<FileV1>, Problem> {
    Ok(asked.office().store_statement(&asked.order()?, asked.id("case")?, input).await?.into())
}

/// The papers of a case.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct FilesV1 {
    /// The latest first.
    files: Vec<FileV1>,
}

async fn files(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<FilesV1>, Problem> {
    Ok(Json(FilesV1 { files: asked.office().files(&asked.order()?, asked.id("case")?).await? }))
}

async fn file(asked: Asked, _: NoQuery, _: Nothing) -> Result<Paper, Problem> {
    let opened = asked.office().read_file(&asked.order()?, asked.id("case")?, asked.id("file")?).await?;
    Ok(Paper { bytes: opened.bytes.reveal().to_vec(), media: opened.file.kind, name: opened.file.file })
}
