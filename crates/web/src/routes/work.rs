//! The list of work and what is kept for it; the numbers of a county.

use super::money::file::SpreadsheetFile;
use crate::answer::{Json, Kept};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Route};
use anmin_app::case::{ListV1, QueueV1};
use anmin_app::dashboard::{DashboardAskV1, DashboardV1};
use anmin_app::staff::DoneV1;
use anmin_app::work::{LayoutV1, NewFilterV1, ViewsV1};
use axum::http::Method;
use schemars::JsonSchema;
use serde::Serialize;

pub(super) fn routes() -> Vec<Route> {
    let own = |route: Route| route.part("work").may(&["case_list"], &[]);
    let seen = |route: Route| route.part("work").may(&["statistics_read"], &[]);
    vec![
        own(Route::new(Method::GET, "/work/queues", queues)).named(
            "list_queues",
            "待办分类和件数",
            "The tabs of the list of work",
        ),
        own(Route::new(Method::GET, "/work/views", views)).named(
            "show_views",
            "本人的常用筛选和列设置",
            "The caller's filters and columns",
        ),
        own(Route::new(Method::POST, "/work/filters", keep_filter))
            .named("keep_filter", "保存常用筛选", "Keep a filter under a name")
            .key(Key::Of("keep_filter")),
        own(Route::new(Method::POST, "/work/filters/{filter}/removal", remove_filter))
            .named("remove_filter", "删除常用筛选", "Remove a filter")
            .key(Key::Of("remove_filter")),
        own(Route::new(Method::POST, "/work/layout", keep_layout))
            .named("keep_layout", "保存列、行距和行数", "Keep columns, density and lines")
            .key(Key::Of("keep_layout")),
        own(Route::new(Method::GET, "/cases/sheet", sheet)).named(
            "export_cases",
            "导出案件清单（逐件记入访问记录）",
            "A list of cases as a spreadsheet; it is noted for each",
        ),
        seen(Route::new(Method::GET, "/dashboard", dashboard)).named(
            "show_dashboard",
            "县、乡镇运行看板",
            "The numbers of a county or township",
        ),
        seen(Route::new(Method::GET, "/dashboard/sheet", dashboard_sheet)).named(
            "export_dashboard",
            "导出运行看板",
            "The same as a spreadsheet",
        ),
    ]
}

/// Tabs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct QueuesV1 {
    /// In their order.
    queues: Vec<QueueV1>,
}

async fn queues(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<QueuesV1>, Problem> {
    Ok(Json(QueuesV1 { queues: asked.office().queues(&asked.order()?).await? }))
}

async fn views(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ViewsV1>, Problem> {
    Ok(Json(asked.office().work_views(&asked.order()?).await?))
}

async fn keep_filter(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<NewFilterV1>,
) -> Result<Kept<DoneV1>, Problem> {
    Ok(asked.office().keep_filter(&asked.order()?, &input).await?.into())
}

async fn remove_filter(asked: Asked, _: NoQuery, _: Nothing) -> Result<Kept<DoneV1>, Problem> {
    Ok(asked.office().remove_filter(&asked.order()?, asked.id("filter")?).await?.into())
}

async fn keep_layout(asked: Asked, _: NoQuery, Form(input): Form<LayoutV1>) -> Result<Kept<DoneV1>, Problem> {
    Ok(asked.office().keep_layout(&asked.order()?, &input).await?.into())
}

async fn sheet(asked: Asked, ask: ListV1, _: Nothing) -> Result<SpreadsheetFile, Problem> {
    super::cases::no_name(&ask)?;
    let bytes = asked.office().export_cases(&asked.order()?, &ask, &[], asked.lang).await?;
    Ok(SpreadsheetFile { bytes, name: format!("cases-{}", asked.now.on), ending: "xlsx" })
}

async fn dashboard(asked: Asked, ask: DashboardAskV1, _: Nothing) -> Result<Json<DashboardV1>, Problem> {
    Ok(Json(asked.office().dashboard(&asked.order()?, &ask).await?))
}

async fn dashboard_sheet(asked: Asked, ask: DashboardAskV1, _: Nothing) -> Result<SpreadsheetFile, Problem> {
    let bytes = asked.office().dashboard_sheet(&asked.order()?, &ask, asked.lang).await?;
    Ok(SpreadsheetFile { bytes, name: format!("county-{}", asked.now.on), ending: "xlsx" })
}
