//! Cases: opening one, looking, listing, taking a step, giving a command.

use crate::answer::{Json, Kept, Made};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Right, Route};
use anmin_app::case::{ChangedV1, InstructionV1, ListV1, NewCaseV1, PageV1, SeenCaseV1, StepV1};
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

fn no_name(ask: &ListV1) -> Result<(), Problem> {
    if ask.name.is_none() {
        return Ok(());
    }
    Err(Problem::fields(vec![FieldError {
        at: "name".into(),
        zh: "姓名不能写在地址里，请改用 POST /api/v1/cases/search。".into(),
        en: "A name belongs in no address: use POST /api/v1/cases/search.".into(),
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

/// For staff what is theirs to take on; for residents what is about them, which the scope alone decides.
async fn mine(asked: Asked, ask: ListV1, _: Nothing) -> Result<Json<PageV1>, Problem> {
    no_name(&ask)?;
    let ask = ListV1 { mine: !asked.caller()?.is_resident(), ..ask };
    Ok(Json(asked.office().list_cases(&asked.order()?, &ask).await?))
}
