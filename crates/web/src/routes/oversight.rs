//! Looking after others' work: clocks, who has what, who has left, what nobody could do, visits that are owed.

use crate::answer::Json;
use crate::asked::Asked;
use crate::form::{NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::Route;
use anmin_app::oversight::{
    ClocksV1, GapsV1, HeldListV1, HeldPageV1, LeaverV1, MOVE, SampleV1, SuccessorV1, WATCH,
};
use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Gaps concern who proposes posts too.
pub(crate) const GAPS: &[&str] = &["case_assign", "urge", "login_manage"];

pub(super) fn routes() -> Vec<Route> {
    let all = vec![
        Route::new(Method::GET, "/oversight/clocks", clocks)
            .named("oversee_clocks", "时限总览", "How the clocks of cases stand")
            .may(WATCH, &[]),
        Route::new(Method::GET, "/oversight/cases", cases)
            .named("oversee_cases", "时限总览中的案件", "The cases behind a figure")
            .may(WATCH, &[]),
        Route::new(Method::GET, "/oversight/leavers", leavers)
            .named("oversee_leavers", "离岗未移交的人员", "People who have left and still have cases")
            .may(WATCH, &[]),
        Route::new(Method::GET, "/oversight/successors", successors)
            .named("list_successors", "可以接手的人员", "Who could take over from somebody")
            .may(MOVE, &[]),
        Route::new(Method::GET, "/oversight/gaps", gaps)
            .named("oversee_gaps", "岗位缺口", "Duties that nobody could do, or not enough people")
            .may(GAPS, &[]),
        Route::new(Method::GET, "/oversight/samples", samples)
            .named("oversee_samples", "待抽查入户", "The visits of the sample that are owed")
            .may(WATCH, &[]),
    ];
    all.into_iter().map(|route| route.part("oversight")).collect()
}

/// People who leave.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct LeaversV1 {
    /// The entries.
    leavers: Vec<LeaverV1>,
}

/// People who could take over.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct SuccessorsV1 {
    /// The entries.
    successors: Vec<SuccessorV1>,
}

/// From whom.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FromV1 {
    /// Who leaves.
    #[schemars(regex(pattern = r"^[0-9a-f]{32}$"))]
    from: String,
}

async fn clocks(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ClocksV1>, Problem> {
    Ok(Json(asked.office().clocks(&asked.order()?).await?))
}

async fn cases(asked: Asked, ask: HeldListV1, _: Nothing) -> Result<Json<HeldPageV1>, Problem> {
    Ok(Json(asked.office().held_cases(&asked.order()?, &ask).await?))
}

async fn leavers(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<LeaversV1>, Problem> {
    Ok(Json(LeaversV1 { leavers: asked.office().leavers(&asked.order()?).await? }))
}

async fn successors(asked: Asked, ask: FromV1, _: Nothing) -> Result<Json<SuccessorsV1>, Problem> {
    Ok(Json(SuccessorsV1 { successors: asked.office().successors(&asked.order()?, &ask.from)? }))
}

async fn gaps(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<GapsV1>, Problem> {
    Ok(Json(asked.office().gaps(&asked.order()?)?))
}

async fn samples(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<SampleV1>, Problem> {
    Ok(Json(asked.office().samples(&asked.order()?).await?))
}
