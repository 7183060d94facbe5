//! Money: accounts, closings, batches on their way, the lists of a month, and the trail of a payment.

pub(crate) mod file;

use crate::answer::{Json, Kept, Made};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::routes::money::file::{Spreadsheet, SpreadsheetFile};
use anmin_app::money::{
    AccountAnswerV1, AccountsV1, AccountsWaitingV1, AgainV1, AnsweredV1, ArrearV1, BatchPageV1, BatchStepV1,
    BatchV1, BatchesV1, ChangedAccountV1, CloseV1, ClosedV1, CycleV1, ListKind, MoneyDeskV1, MovedV1,
    MovementV1, NewAccountV1, OwnPaymentsV1, PrepareV1, PreparedV1, PreviewV1, RequestV1, ReturnedV1,
    RosterPageV1, RosterRowsV1, SignOffV1, TotalsV1, TrailV1, TreasuryV1,
};
use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const READ: &[&str] = &["batch_read"];

pub(super) fn routes() -> Vec<Route> {
    let mut all = payees();
    all.extend(months());
    all.extend(steps());
    all.extend(lists());
    all.into_iter().map(|route| route.part("money")).collect()
}

fn payees() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/persons/{person}/accounts", enter_account)
            .named("enter_account", "录入收款账户", "Enter where somebody's money goes")
            .may(&["payee_change_enter"], &[])
            .key(Key::Of("enter_account")),
        Route::new(Method::GET, "/persons/{person}/accounts", accounts)
            .named("list_accounts", "收款账户", "Where somebody's money goes")
            .may(&["payee_change_enter", "payee_change_confirm"], &["own_read"]),
        Route::new(Method::POST, "/accounts/{account}/answer", answer_account)
            .named(
                "answer_account",
                "确认或退回收款账户",
                "Confirm or refuse an account that another has entered",
            )
            .may(&["payee_change_confirm"], &[])
            .key(Key::Of("answer_account")),
        Route::new(Method::GET, "/payments/{payment}/trail", trail)
            .named("payment_trail", "一笔发放的依据", "Why a payment is made: decision, articles, visitors")
            .may(&["case_read", "batch_read"], &["progress_read"]),
        Route::new(Method::GET, "/accounts", accounts_waiting)
            .named(
                "accounts_waiting",
                "待录入、更正、确认的收款账户",
                "Accounts to enter, correct or confirm",
            )
            .may(&["payee_change_enter", "payee_change_confirm"], &[]),
        Route::new(Method::GET, "/my/payments", own_payments)
            .named("own_payments", "我的发放", "What one was paid, and how it was worked out")
            .may(&[], &["own_read"]),
    ]
}

fn months() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/closings", close)
            .named("close_month", "月度截止", "Close a month for a township or the county")
            .may(&["month_close", "month_close_township"], &[])
            .key(Key::Of("close_month")),
        Route::new(Method::GET, "/cycle", cycle)
            .named("show_cycle", "月度日历", "The closings and the pay day of a month")
            .may(&["batch_read", "month_close_township"], &[]),
        Route::new(Method::GET, "/cycle/desk", desk)
            .named("money_desk", "资金岗位和项目", "The programmes that pay and the areas of one's posts")
            .may(&["batch_read", "month_close_township"], &[]),
        Route::new(Method::POST, "/batches", prepare)
            .named("prepare_batch", "编制发放批次", "Prepare a month's payments")
            .may(&["batch_prepare"], &[])
            .key(Key::Of("prepare_batch")),
        Route::new(Method::GET, "/batches", batches)
            .named("list_batches", "发放批次", "The batches of payments")
            .may(READ, &[]),
        Route::new(Method::GET, "/batches/{batch}", batch)
            .named("show_batch", "一个发放批次", "A batch of payments")
            .may(READ, &[]),
    ]
}

fn steps() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/batches/{batch}/check", check)
            .named("check_batch", "复核批次", "Check a batch")
            .may(&["batch_review"], &[])
            .key(Key::Of("check_batch")),
        Route::new(Method::POST, "/batches/{batch}/sign", sign)
            .named("sign_batch", "签批批次", "Sign a batch")
            .may(&["batch_sign"], &[])
            .key(Key::Of("sign_batch")),
        Route::new(Method::POST, "/batches/{batch}/send-back", send_back)
            .named("send_batch_back", "退回重编", "Send a batch back before it is signed")
            .may(&["batch_prepare", "batch_review", "batch_sign"], &[])
            .key(Key::Of("send_batch_back")),
        Route::new(Method::POST, "/batches/{batch}/send", send)
            .named("send_batch", "报财政", "Send a signed batch to the treasury")
            .may(&["batch_send"], &[])
            .key(Key::Of("send_batch")),
        Route::new(Method::POST, "/batches/{batch}/treasury", treasury)
            .named("treasury_paid", "登记财政支付", "Record that the treasury has paid")
            .may(&["batch_send"], &[])
            .key(Key::Of("treasury_paid")),
        Route::new(Method::POST, "/batches/{batch}/answer", answer)
            .named("answer_batch", "导入银行回盘（xlsx 或 csv）", "Read the bank's answer (xlsx or csv)")
            .may(&["batch_answer"], &[])
            .key(Key::Of("answer_batch")),
        // It writes nothing: what is wrong with a file is told before it is taken.
        Route::new(Method::POST, "/batches/{batch}/answer-preview", preview)
            .named("preview_answer", "预览银行回盘", "What reading the bank's answer would do")
            .may(&["batch_answer"], &[]),
        Route::new(Method::POST, "/batches/{batch}/again", again)
            .named("pay_again", "补发退票", "Pay again what came back")
            .may(&["batch_prepare"], &[])
            .key(Key::Of("pay_again")),
        // It writes nothing but that it was made, and gives the same bytes each time.
        Route::new(Method::POST, "/batches/{batch}/bank-file", bank_file)
            .named("bank_file", "导出代发文件", "Make the bank's file of a signed batch")
            .may(&["batch_file"], &[]),
    ]
}

/// The lists as spreadsheets: path, name, what it is in Chinese and in English.
const SHEETS: [(&str, &str, &str, &str, ListKind); 6] = [
    (
        "/batches/{batch}/sheets/roster",
        "roster_sheet",
        "发放名册（电子表格）",
        "The roster, as a spreadsheet",
        ListKind::Roster,
    ),
    (
        "/batches/{batch}/sheets/movements",
        "movements_sheet",
        "增减变动表（电子表格）",
        "The changes, as a spreadsheet",
        ListKind::Movements,
    ),
    (
        "/batches/{batch}/sheets/stops",
        "stops_sheet",
        "停发名册（电子表格）",
        "Who is stopped, as a spreadsheet",
        ListKind::Stops,
    ),
    (
        "/batches/{batch}/sheets/arrears",
        "arrears_sheet",
        "补发清单（电子表格）",
        "The arrears, as a spreadsheet",
        ListKind::Arrears,
    ),
    (
        "/batches/{batch}/sheets/totals",
        "totals_sheet",
        "汇总表（电子表格）",
        "The totals, as a spreadsheet",
        ListKind::Totals,
    ),
    (
        "/batches/{batch}/sheets/request",
        "request_sheet",
        "资金申请（电子表格）",
        "The fund request, as a spreadsheet",
        ListKind::Request,
    ),
];

fn lists() -> Vec<Route> {
    let mut all = vec![
        Route::new(Method::GET, "/batches/{batch}/roster", roster)
            .named("show_roster", "发放名册", "The roster of a batch")
            .may(READ, &[]),
        Route::new(Method::GET, "/batches/{batch}/rows", rows)
            .named("show_roster_rows", "发放名册（按行）", "The roster by the lines of the bank's file")
            .may(READ, &[]),
        Route::new(Method::GET, "/batches/{batch}/returned", returned)
            .named("show_returned", "待更正的退票", "What came back and is on no way yet")
            .may(READ, &[]),
        Route::new(Method::GET, "/batches/{batch}/line", line)
            .named("show_bank_line", "代发文件的一行", "The payments of one line of the bank's file")
            .may(READ, &[]),
        Route::new(Method::GET, "/batches/{batch}/movements", movements)
            .named("show_movements", "增减变动表", "What changed since the month before")
            .may(READ, &[]),
        Route::new(Method::GET, "/batches/{batch}/arrears", arrears)
            .named("show_arrears", "补发清单", "What is paid for earlier months")
            .may(READ, &[]),
        Route::new(Method::GET, "/batches/{batch}/totals", totals)
            .named("show_totals", "汇总表", "What a batch comes to")
            .may(READ, &[]),
        Route::new(Method::GET, "/batches/{batch}/request", request)
            .named("show_fund_request", "资金申请", "What the treasury is asked for")
            .may(READ, &[]),
    ];
    for (path, name, zh, en, kind) in SHEETS {
        let route =
            Route::new(Method::GET, path, move |asked, _: NoQuery, _: Nothing| list_sheet(asked, kind));
        all.push(route.named(name, zh, en).may(READ, &[]));
    }
    all
}

async fn enter_account(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<NewAccountV1>,
) -> Result<Made<ChangedAccountV1>, Problem> {
    Ok(asked.office().enter_account(&asked.order()?, asked.id("person")?, input).await?.into())
}

async fn accounts(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<AccountsV1>, Problem> {
    Ok(Json(asked.office().accounts(&asked.order()?, asked.id("person")?).await?))
}

async fn answer_account(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<AccountAnswerV1>,
) -> Result<Kept<ChangedAccountV1>, Problem> {
    Ok(asked.office().answer_account(&asked.order()?, asked.id("account")?, input).await?.into())
}

async fn accounts_waiting(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<AccountsWaitingV1>, Problem> {
    Ok(Json(asked.office().accounts_waiting(&asked.order()?).await?))
}

async fn own_payments(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<OwnPaymentsV1>, Problem> {
    Ok(Json(asked.office().own_payments(&asked.order()?).await?))
}

async fn desk(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<MoneyDeskV1>, Problem> {
    Ok(Json(asked.office().money_desk(&asked.order()?)?))
}

async fn preview(
    asked: Asked,
    _: NoQuery,
    Spreadsheet(bytes): Spreadsheet,
) -> Result<Json<PreviewV1>, Problem> {
    Ok(Json(asked.office().preview_answer(&asked.order()?, asked.id("batch")?, &bytes).await?))
}

/// From which line.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RowsFromV1 {
    /// The first line; left out, the first of all.
    from: Option<u32>,
}

async fn rows(asked: Asked, ask: RowsFromV1, _: Nothing) -> Result<Json<RosterRowsV1>, Problem> {
    let from = i64::from(ask.from.unwrap_or(1));
    Ok(Json(asked.office().roster_rows(&asked.order()?, asked.id("batch")?, from).await?))
}

async fn returned(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ReturnedV1>, Problem> {
    Ok(Json(asked.office().returned(&asked.order()?, asked.id("batch")?).await?))
}

async fn trail(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<TrailV1>, Problem> {
    Ok(Json(asked.office().payment_trail(&asked.order()?, asked.id("payment")?).await?))
}

async fn close(asked: Asked, _: NoQuery, Form(input): Form<CloseV1>) -> Result<Made<ClosedV1>, Problem> {
    Ok(asked.office().close_month(&asked.order()?, input).await?.into())
}

/// Which cycle.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CycleOfV1 {
    /// The area.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    area: String,
    /// The programme.
    programme: String,
    /// The month, as 2026-09; left out, the one that is open.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}$"))]
    period: Option<String>,
}

async fn cycle(asked: Asked, ask: CycleOfV1, _: Nothing) -> Result<Json<CycleV1>, Problem> {
    let area = anmin_app::deployment::Id::parse(&ask.area).ok_or_else(Problem::not_found)?;
    let period = ask.period.as_deref().map(anmin_app::money::month).transpose()?;
    Ok(Json(asked.office().cycle(&asked.order()?, &ask.programme, area, period).await?))
}

async fn prepare(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<PrepareV1>,
) -> Result<Made<PreparedV1>, Problem> {
    Ok(asked.office().prepare_batch(&asked.order()?, input).await?.into())
}

async fn batches(asked: Asked, ask: BatchesV1, _: Nothing) -> Result<Json<BatchPageV1>, Problem> {
    Ok(Json(asked.office().batches(&asked.order()?, &ask).await?))
}

async fn batch(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<BatchV1>, Problem> {
    Ok(Json(asked.office().batch(&asked.order()?, asked.id("batch")?).await?))
}

async fn check(asked: Asked, _: NoQuery, Form(input): Form<SignOffV1>) -> Result<Kept<MovedV1>, Problem> {
    Ok(asked.office().check_batch(&asked.order()?, asked.id("batch")?, input).await?.into())
}

async fn sign(asked: Asked, _: NoQuery, Form(input): Form<SignOffV1>) -> Result<Kept<MovedV1>, Problem> {
    Ok(asked.office().sign_batch(&asked.order()?, asked.id("batch")?, input).await?.into())
}

async fn send_back(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<BatchStepV1>,
) -> Result<Kept<MovedV1>, Problem> {
    Ok(asked.office().send_batch_back(&asked.order()?, asked.id("batch")?, input).await?.into())
}

async fn send(asked: Asked, _: NoQuery, Form(input): Form<BatchStepV1>) -> Result<Kept<MovedV1>, Problem> {
    Ok(asked.office().send_batch(&asked.order()?, asked.id("batch")?, input).await?.into())
}

async fn treasury(asked: Asked, _: NoQuery, Form(input): Form<TreasuryV1>) -> Result<Kept<MovedV1>, Problem> {
    Ok(asked.office().treasury_paid(&asked.order()?, asked.id("batch")?, input).await?.into())
}

async fn answer(
    asked: Asked,
    _: NoQuery,
    Spreadsheet(bytes): Spreadsheet,
) -> Result<Kept<AnsweredV1>, Problem> {
    Ok(asked.office().answer_batch(&asked.order()?, asked.id("batch")?, &bytes).await?.into())
}

async fn again(asked: Asked, _: NoQuery, Form(input): Form<AgainV1>) -> Result<Made<PreparedV1>, Problem> {
    Ok(asked.office().pay_again(&asked.order()?, asked.id("batch")?, input).await?.into())
}

/// In which form.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BankFileOfV1 {
    /// `xlsx`, or `csv`; left out, `xlsx`.
    #[serde(rename = "as")]
    form: Option<FileForm>,
}

/// A form of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum FileForm {
    Xlsx,
    Csv,
}

async fn bank_file(asked: Asked, ask: BankFileOfV1, _: Nothing) -> Result<SpreadsheetFile, Problem> {
    let csv = ask.form == Some(FileForm::Csv);
    let file = asked.office().bank_file(&asked.order()?, asked.id("batch")?, csv).await?;
    Ok(SpreadsheetFile { bytes: file.bytes, name: file.number, ending: file.ending })
}

/// Which page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RosterOfV1 {
    /// What the page before said is its last.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    after: Option<String>,
}

async fn roster(asked: Asked, ask: RosterOfV1, _: Nothing) -> Result<Json<RosterPageV1>, Problem> {
    let after = ask
        .after
        .as_deref()
        .map(|text| anmin_app::deployment::Id::parse(text).ok_or_else(Problem::not_found));
    Ok(Json(asked.office().roster(&asked.order()?, asked.id("batch")?, after.transpose()?).await?))
}

/// Which line.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LineOfV1 {
    /// Its number in the bank's file.
    number: u32,
}

async fn line(asked: Asked, ask: LineOfV1, _: Nothing) -> Result<Json<RosterPageV1>, Problem> {
    Ok(Json(asked.office().bank_line(&asked.order()?, asked.id("batch")?, i64::from(ask.number)).await?))
}

/// Which changes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MovementsOfV1 {
    /// Only who is not paid any more (停发名册).
    #[serde(default)]
    stops: bool,
}

/// What changed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct MovementsV1 {
    /// By code and place.
    movements: Vec<MovementV1>,
}

async fn movements(asked: Asked, ask: MovementsOfV1, _: Nothing) -> Result<Json<MovementsV1>, Problem> {
    let movements = asked.office().movements(&asked.order()?, asked.id("batch")?, ask.stops).await?;
    Ok(Json(MovementsV1 { movements }))
}

/// What is late.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ArrearsV1 {
    /// By place and name.
    arrears: Vec<ArrearV1>,
}

async fn arrears(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ArrearsV1>, Problem> {
    Ok(Json(ArrearsV1 { arrears: asked.office().arrears(&asked.order()?, asked.id("batch")?).await? }))
}

async fn totals(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<TotalsV1>, Problem> {
    Ok(Json(asked.office().totals(&asked.order()?, asked.id("batch")?).await?))
}

async fn request(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<RequestV1>, Problem> {
    Ok(Json(asked.office().fund_request(&asked.order()?, asked.id("batch")?).await?))
}

async fn list_sheet(asked: Asked, kind: ListKind) -> Result<SpreadsheetFile, Problem> {
    let (bytes, number) = asked.office().list_sheet(&asked.order()?, asked.id("batch")?, kind).await?;
    let name = ListKind::ALL.iter().find(|(_, known, _)| *known == kind).map_or("", |(name, ..)| name);
    Ok(SpreadsheetFile { bytes, name: format!("{number}-{name}"), ending: "xlsx" })
}
