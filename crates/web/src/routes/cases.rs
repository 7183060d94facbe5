//! Cases: opening one, looking, listing, taking a step, giving a command.

use crate::answer::{Anew, Json, Kept, Made};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Right, Route};
use anmin_app::case::{
    ChangedV1, ExplainedV1, InstructionV1, ListV1, NewCaseV1, NoticeV1, ObjectedV1, OffersV1, PageV1,
    ProgressV1, RevealV1, RevealedV1, SeenCaseV1, SigningV1, StepFormV1, StepV1, WaitingV1,
};
use anmin_app::files::StatementV1;
use anmin_app::record::FieldError;
use axum::http::Method;
use schemars::JsonSchema;
use serde::Serialize;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/cases", open)
            .named("open_case", "立案：收件或接转", "Open a case")
            .part("cases")
            .may(&["receive", "records_keep"], &["apply"])
            .key(Key::OfField("step")),
        Route::new(Method::GET, "/cases", list)
            .named("list_cases", "案件清单", "List cases")
            .part("cases")
            .may(&["case_list"], &["progress_read"]),
        // Names belong in no address, which others keep.
        Route::new(Method::POST, "/cases/search", search)
            .named("search_cases", "按姓名等查找案件", "Look cases up, by the applicant's name too")
            .part("cases")
            .may(&["case_list"], &["progress_read"]),
        Route::new(Method::GET, "/cases/count", count)
            .named("count_cases", "案件数", "How many cases a list has")
            .part("cases")
            .may(&["case_list"], &["progress_read"]),
        Route::new(Method::GET, "/cases/{case}", show)
            .named("show_case", "查看案件", "Look at a case")
            .part("cases")
            .may(&["case_read"], &["progress_read"]),
        Route::new(Method::GET, "/cases/{case}/progress", progress)
            .named(
                "show_progress",
                "办到哪一步",
                "How a case stands, in plain words, and what the caller can do",
            )
            .part("cases")
            .may(&["case_read"], &["progress_read"]),
        Route::new(Method::GET, "/cases/{case}/explanations", explanations)
            .named(
                "explain_decisions",
                "决定的说明",
                "The decisions of a case in plain words, and how to contest them",
            )
            .part("cases")
            .may(&["case_read"], &["progress_read"]),
        Route::new(Method::GET, "/cases/{case}/signing/{step}", signing)
            .named("show_signing", "要签的内容", "What the caller would sign by a step")
            .part("cases")
            .may(&[], &["consent_give"]),
        Route::new(Method::GET, "/cases/{case}/steps", offers)
            .named("list_steps", "现在可以办理的步骤", "What the caller can do in a case now")
            .part("cases")
            .right(Right::CaseWork),
        Route::new(Method::GET, "/cases/{case}/steps/{step}", form)
            .named(
                "show_step",
                "一个步骤的表单：需要填写什么、可选什么",
                "What the form of a step or command needs, here and now",
            )
            .part("cases")
            .right(Right::CaseWork),
        Route::new(Method::POST, "/cases/{case}/people/{person}/reveal", reveal)
            .named("reveal", "显示完整号码（留痕）", "Show one number whole; it is noted")
            .part("cases")
            .may(&["case_read_full"], &[])
            .key(Key::Of("reveal")),
        Route::new(Method::POST, "/cases/{case}/steps/{step}", step)
            .named("take_step", "办理一个步骤", "Take a step")
            .part("cases")
            .right(Right::Step)
            .key(Key::OfPath("step")),
        Route::new(Method::POST, "/cases/{case}/commands", command)
            .named("instruct", "指定、移交、延期等各案通用的命令", "Give a command that every case has")
            .part("cases")
            .right(Right::CaseWork)
            .key(Key::OfField("command.command")),
        Route::new(Method::GET, "/my/notices", notices)
            .named("my_notices", "本村（社区）的公示", "Proposed approvals posted where one lives")
            .part("mine")
            .may(&[], &["notice_object"]),
        Route::new(Method::POST, "/notices/{notice}/objections", object)
            .named("object_to_notice", "对公示提出异议", "Object to a notice")
            .part("mine")
            .may(&[], &["notice_object"])
            .key(Key::Of("object_to_notice")),
        Route::new(Method::GET, "/waiting", waiting)
            .named("list_waiting", "待核对、待评议的案件", "Checks to run and appraisals to hold")
            .part("mine")
            .may(&["check_report_issue", "appraisal_record"], &[]),
        Route::new(Method::GET, "/my/cases", mine)
            .named("my_cases", "我的案件", "One's own cases")
            .part("mine")
            .may(&["case_list"], &["progress_read"]),
    ]
}

async fn open(asked: Asked, _: NoQuery, Form(case): Form<NewCaseV1>) -> Result<Made<ChangedV1>, Problem> {
    Ok(asked.office().open_case(&asked.order()?, case).await?.into())
}

async fn list(asked: Asked, ask: ListV1, _: Nothing) -> Result<Json<PageV1>, Problem> {
    no_name(&ask)?;
    Ok(Json(asked.office().list_cases(&asked.order()?, &ask).await?))
}

async fn search(asked: Asked, _: NoQuery, Form(ask): Form<ListV1>) -> Result<Json<PageV1>, Problem> {
    Ok(Json(asked.office().list_cases(&asked.order()?, &ask).await?))
}

/// Whom somebody looks for stands in no address.
pub(super) fn no_name(ask: &ListV1) -> Result<(), Problem> {
    let at = match (&ask.name, &ask.who) {
        (None, None) => return Ok(()),
        (Some(_), _) => "name",
        (None, Some(_)) => "who",
    };
    Err(Problem::fields(vec![FieldError {
        at: at.into(),
        zh: "姓名和号码不能写在地址里，请改用 POST /api/v1/cases/search。".into(),
        en: "A name or number belongs in no address: use POST /api/v1/cases/search.".into(),
    }]))
}

/// How many.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CountV1 {
    /// The number of cases.
    count: i64,
}

async fn count(asked: Asked, ask: ListV1, _: Nothing) -> Result<Json<CountV1>, Problem> {
    no_name(&ask)?;
    Ok(Json(CountV1 { count: asked.office().count_cases(&asked.order()?, &ask).await? }))
}

async fn show(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<SeenCaseV1>, Problem> {
    Ok(Json(asked.office().show_case(&asked.order()?, asked.id("case")?).await?))
}

async fn progress(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ProgressV1>, Problem> {
    Ok(Json(asked.office().progress(&asked.order()?, asked.id("case")?).await?))
}

/// Decisions in plain words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ExplanationsV1 {
    /// The latest first.
    decisions: Vec<ExplainedV1>,
}

async fn explanations(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ExplanationsV1>, Problem> {
    let decisions = asked.office().explained(&asked.order()?, asked.id("case")?).await?;
    Ok(Json(ExplanationsV1 { decisions }))
}

async fn signing(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<SigningV1>, Problem> {
    Ok(Json(asked.office().signing(&asked.order()?, asked.id("case")?, asked.text("step")).await?))
}

async fn offers(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<OffersV1>, Problem> {
    Ok(Json(asked.office().offers(&asked.order()?, asked.id("case")?).await?))
}

async fn form(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<StepFormV1>, Problem> {
    Ok(Json(asked.office().step_form(&asked.order()?, asked.id("case")?, asked.text("step")).await?))
}

async fn reveal(asked: Asked, _: NoQuery, Form(input): Form<RevealV1>) -> Result<Anew<RevealedV1>, Problem> {
    let (case, person) = (asked.id("case")?, asked.id("person")?);
    let value = asked.office().reveal(&asked.order()?, case, person, &input).await?;
    Ok(Anew { earlier: value.earlier, value })
}

async fn step(asked: Asked, _: NoQuery, Form(input): Form<StepV1>) -> Result<Kept<ChangedV1>, Problem> {
    let (case, step) = (asked.id("case")?, asked.text("step"));
    Ok(asked.office().take_step(&asked.order()?, case, step, input).await?.into())
}

async fn command(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<InstructionV1>,
) -> Result<Kept<ChangedV1>, Problem> {
    Ok(asked.office().instruct(&asked.order()?, asked.id("case")?, input).await?.into())
}

/// What waits.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct WaitingListV1 {
    /// Those due first come first.
    waiting: Vec<WaitingV1>,
}

async fn waiting(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<WaitingListV1>, Problem> {
    Ok(Json(WaitingListV1 { waiting: asked.office().waiting(&asked.order()?).await? }))
}

/// For staff what is theirs to take on; for residents what is about them, which the scope alone decides.
async fn mine(asked: Asked, ask: ListV1, _: Nothing) -> Result<Json<PageV1>, Problem> {
    no_name(&ask)?;
    let ask = ListV1 { mine: !asked.caller()?.is_resident(), ..ask };
    Ok(Json(asked.office().list_cases(&asked.order()?, &ask).await?))
}

/// Notices.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct NoticesV1 {
    /// The latest first.
    notices: Vec<NoticeV1>,
}

async fn notices(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<NoticesV1>, Problem> {
    Ok(Json(NoticesV1 { notices: asked.office().notices(&asked.order()?).await? }))
}

async fn object(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<StatementV1>,
) -> Result<Made<ObjectedV1>, Problem> {
    Ok(asked.office().object_to_notice(&asked.order()?, asked.id("notice")?, input).await?.into())
}
