//! Checking before one applies, and applications before they are handed in.

use crate::answer::{Json, Kept, Made, Paper};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing, Upload};
use crate::problem::Problem;
use crate::route::{Key, Right, Route};
use anmin_app::applications::{
    ApplicationLineV1, ApplicationV1, AskCodeV1, CounterAreaV1, CounterDraftV1, DraftDoneV1, DropPaperV1,
    ManyPagesV1, PaperHandedV1, PaperPlaceV1, ScreenV1, SetProxyV1, SignOnPaperV1, SignV1,
    StartApplicationV1, SubmittedV1, VersionV1,
};
use anmin_app::asking::{CheckV1, EstimateV1, PageAnswerV1, PagePlaceV1, PageSeenV1};
use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const FILL: &[&str] = &["apply_assist"];
const FILL_OWN: &[&str] = &["apply"];

pub(super) fn routes() -> Vec<Route> {
    let check = Route::new(Method::POST, "/services/{service}/check", check)
        .named(
            "check_before_applying",
            "申请前先算一算：什么都不保存",
            "Check before applying: nothing is kept",
        )
        .right(Right::Public);
    let drafts = drafts().into_iter().map(|route| route.may(FILL, FILL_OWN));
    let counter = counter().into_iter().map(|route| route.may(FILL, &[]));
    let handed_in = Route::new(Method::GET, "/cases/{case}/application", handed_in)
        .named("show_handed_in", "申请时填写的内容", "What a case was applied for with")
        .may(&["case_read"], &["progress_read"]);
    [check]
        .into_iter()
        .chain(drafts)
        .chain(counter)
        .chain([handed_in])
        .map(|route| route.part("applications"))
        .collect()
}

fn drafts() -> Vec<Route> {
    vec![
        Route::new(Method::POST, "/applications", start)
            .named("start_application", "开始一份申请", "Begin an application")
            .key(Key::Of("start_application")),
        Route::new(Method::GET, "/applications", list).named(
            "list_applications",
            "填写中的申请",
            "Applications one may go on with",
        ),
        Route::new(Method::GET, "/applications/{application}", show).named(
            "show_application",
            "申请的任务清单",
            "An application, with how far it is",
        ),
        Route::new(Method::GET, "/applications/{application}/answers", answers).named(
            "check_answers",
            "核对全部填写内容",
            "Every page with its answers",
        ),
        Route::new(Method::GET, "/applications/{application}/pages/{page}", page).named(
            "show_page",
            "申请的一页",
            "One page of an application",
        ),
        Route::new(Method::PUT, "/applications/{application}/pages/{page}", save)
            .named("save_page", "保存一页", "Save one page")
            .key(Key::Of("save_page")),
        Route::new(Method::POST, "/applications/{application}/papers", add_paper)
            .named(
                "add_paper",
                "拍照上传材料",
                "Put a photograph or a PDF into an application, at most 10 MB; pictures are written anew",
            )
            .key(Key::Of("add_paper")),
        Route::new(Method::POST, "/applications/{application}/papers/removal", drop_paper)
            .named("drop_paper", "去掉一份材料", "Take a paper out of an application")
            .key(Key::Of("drop_paper")),
        Route::new(Method::GET, "/applications/{application}/papers/{file}", paper).named(
            "read_paper",
            "查看上传的材料",
            "A paper of an application",
        ),
        Route::new(Method::POST, "/applications/{application}/codes", ask_code)
            .named(
                "ask_code",
                "给家人发送签字验证码",
                "Send somebody in the list a code to sign with, if there is a telephone on record",
            )
            .key(Key::Of("ask_code")),
        Route::new(Method::POST, "/applications/{application}/signatures", sign)
            .named("sign_application", "签字确认", "Sign what the form declares")
            .key(Key::Of("sign_application")),
        Route::new(Method::POST, "/applications/{application}/submission", submit)
            .named("submit_application", "提交申请", "Hand an application in")
            .key(Key::Of("submit_application")),
        Route::new(Method::POST, "/applications/{application}/discarding", discard)
            .named("discard_application", "删除未提交的申请", "Discard an application")
            .key(Key::Of("discard_application")),
    ]
}

/// What only a counter has: the drafts that lie there, several pages and several signatures at once, a proxy.
fn counter() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/counter/applications", at_counter).named(
            "counter_drafts",
            "本窗口代录中的申请",
            "The drafts that lie at one's counter, with who entered them and how far they are",
        ),
        Route::new(Method::GET, "/counter/areas", counter_areas).named(
            "counter_areas",
            "本窗口受理的村（社区）",
            "The villages and communities whose applications one takes",
        ),
        Route::new(Method::GET, "/applications/{application}/screens/{section}", screen).named(
            "show_screen",
            "一屏显示申请的一部分",
            "A section of an application, all its pages at once",
        ),
        Route::new(Method::PUT, "/applications/{application}/pages", save_pages)
            .named("save_pages", "一次保存多页", "Save several pages that stand on one screen")
            .key(Key::Of("save_pages")),
        Route::new(Method::POST, "/applications/{application}/signatures/on-paper", sign_on_paper)
            .named("sign_on_paper", "登记纸上签字", "Record the signatures on scanned sheets")
            .key(Key::Of("sign_on_paper")),
        Route::new(Method::PUT, "/applications/{application}/proxy", set_proxy)
            .named("set_proxy", "登记代办人", "Say who came in the applicant's place, or that nobody did")
            .key(Key::Of("set_proxy")),
    ]
}

/// Drafts at a counter.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CounterDraftsV1 {
    /// The latest first.
    applications: Vec<CounterDraftV1>,
}

async fn at_counter(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<CounterDraftsV1>, Problem> {
    let applications = asked.office().counter_drafts(&asked.order()?).await?;
    Ok(Json(CounterDraftsV1 { applications }))
}

/// Areas of a counter.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CounterAreasV1 {
    /// In the order of their codes.
    areas: Vec<CounterAreaV1>,
}

async fn counter_areas(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<CounterAreasV1>, Problem> {
    Ok(Json(CounterAreasV1 { areas: asked.office().counter_areas(&asked.order()?)? }))
}

/// With how many empty places.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlacesV1 {
    /// In its list; none where it is not said.
    #[schemars(range(min = 0, max = 12))]
    more: Option<usize>,
}

async fn screen(asked: Asked, ask: PlacesV1, _: Nothing) -> Result<Json<ScreenV1>, Problem> {
    let (application, section) = (asked.id("application")?, asked.text("section"));
    let more = ask.more.unwrap_or(0);
    Ok(Json(asked.office().show_screen(&asked.order()?, application, section, more).await?))
}

async fn save_pages(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<ManyPagesV1>,
) -> Result<Kept<DraftDoneV1>, Problem> {
    Ok(asked.office().save_pages(&asked.order()?, asked.id("application")?, input).await?.into())
}

async fn sign_on_paper(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<SignOnPaperV1>,
) -> Result<Kept<DraftDoneV1>, Problem> {
    Ok(asked.office().sign_on_paper(&asked.order()?, asked.id("application")?, input).await?.into())
}

async fn set_proxy(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<SetProxyV1>,
) -> Result<Kept<DraftDoneV1>, Problem> {
    Ok(asked.office().set_proxy(&asked.order()?, asked.id("application")?, input).await?.into())
}

async fn check(asked: Asked, _: NoQuery, Form(input): Form<CheckV1>) -> Result<Json<EstimateV1>, Problem> {
    Ok(Json(asked.office().estimate(asked.text("service"), &input, asked.now.on)?))
}

async fn start(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<StartApplicationV1>,
) -> Result<Made<DraftDoneV1>, Problem> {
    Ok(asked.office().start_application(&asked.order()?, input).await?.into())
}

/// Which applications.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichV1 {
    /// Those that are closed too.
    #[serde(default)]
    all: bool,
}

/// Applications.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ApplicationsV1 {
    /// The latest first.
    applications: Vec<ApplicationLineV1>,
}

async fn list(asked: Asked, ask: WhichV1, _: Nothing) -> Result<Json<ApplicationsV1>, Problem> {
    let applications = asked.office().list_applications(&asked.order()?, ask.all).await?;
    Ok(Json(ApplicationsV1 { applications }))
}

async fn show(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ApplicationV1>, Problem> {
    Ok(Json(asked.office().show_application(&asked.order()?, asked.id("application")?).await?))
}

/// Pages with their answers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PagesV1 {
    /// In the order of the form.
    pages: Vec<PageSeenV1>,
}

async fn answers(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<PagesV1>, Problem> {
    let pages = asked.office().check_answers(&asked.order()?, asked.id("application")?).await?;
    Ok(Json(PagesV1 { pages }))
}

async fn handed_in(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<PagesV1>, Problem> {
    Ok(Json(PagesV1 { pages: asked.office().handed_in(&asked.order()?, asked.id("case")?).await? }))
}

/// About whom.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AboutV1 {
    /// The key of the element the page is about.
    #[schemars(length(max = 16))]
    element: Option<String>,
}

async fn page(asked: Asked, ask: AboutV1, _: Nothing) -> Result<Json<PageSeenV1>, Problem> {
    let place = PagePlaceV1 { page: asked.text("page").to_owned(), element: ask.element };
    Ok(Json(asked.office().show_page(&asked.order()?, asked.id("application")?, &place).await?))
}

async fn save(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<PageAnswerV1>,
) -> Result<Kept<DraftDoneV1>, Problem> {
    let page = asked.text("page").to_owned();
    Ok(asked.office().save_page(&asked.order()?, asked.id("application")?, &page, input).await?.into())
}

async fn add_paper(
    asked: Asked,
    place: PaperPlaceV1,
    Upload(bytes): Upload,
) -> Result<Made<PaperHandedV1>, Problem> {
    Ok(asked.office().add_paper(&asked.order()?, asked.id("application")?, &place, bytes).await?.into())
}

async fn drop_paper(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<DropPaperV1>,
) -> Result<Kept<DraftDoneV1>, Problem> {
    Ok(asked.office().drop_paper(&asked.order()?, asked.id("application")?, input).await?.into())
}

async fn paper(asked: Asked, _: NoQuery, _: Nothing) -> Result<Paper, Problem> {
    let (application, file) = (asked.id("application")?, asked.id("file")?);
    let opened = asked.office().read_paper(&asked.order()?, application, file).await?;
    Ok(Paper { bytes: opened.bytes.reveal().to_vec(), media: opened.file.kind, name: opened.file.file })
}

async fn ask_code(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<AskCodeV1>,
) -> Result<Kept<DraftDoneV1>, Problem> {
    Ok(asked.office().ask_code(&asked.order()?, asked.id("application")?, input).await?.into())
}

async fn sign(asked: Asked, _: NoQuery, Form(input): Form<SignV1>) -> Result<Kept<DraftDoneV1>, Problem> {
    Ok(asked.office().sign_application(&asked.order()?, asked.id("application")?, input).await?.into())
}

async fn submit(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<VersionV1>,
) -> Result<Made<SubmittedV1>, Problem> {
    Ok(asked.office().submit_application(&asked.order()?, asked.id("application")?, input).await?.into())
}

async fn discard(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<VersionV1>,
) -> Result<Kept<DraftDoneV1>, Problem> {
    Ok(asked.office().discard_application(&asked.order()?, asked.id("application")?, input).await?.into())
}
