//! What administrators see of the deployment: roles, declarations, the database, the key files, the packs.

use crate::answer::{Json, Kept};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing};
use crate::problem::Problem;
use crate::route::{Key, Route};
use anmin_app::deployment::{ConditionV1, KeysV1};
use anmin_app::packs::CheckReport;
use anmin_app::staff::{CorrectUnitV1, DeclaredV1, DoneV1, OwnPostsV1, RenameAreaV1, RolesV1};
use axum::http::Method;
use schemars::JsonSchema;
use serde::Serialize;

pub(super) fn routes() -> Vec<Route> {
    let operate = |route: Route| route.may(&["system_operate"], &[]).part("administration");
    vec![
        Route::new(Method::GET, "/roles", roles)
            .named("list_roles", "岗位角色及其权限", "Roles, and what each allows")
            .part("staff")
            .may(&["login_manage", "system_operate"], &[]),
        Route::new(Method::GET, "/posts/own", own_posts)
            .named("own_posts", "我的岗位和委托", "One's own posts, and what one has delegated")
            .part("staff")
            .may(&["post_delegate"], &[]),
        Route::new(Method::GET, "/kin/declarations", declarations)
            .named("list_declarations", "近亲属申报情况", "Who has declared their relatives")
            .part("staff")
            .may(&["login_manage"], &[]),
        operate(Route::new(Method::POST, "/areas/names", rename_area))
            .named("rename_area", "区域更名", "Give an area another name")
            .key(Key::Of("rename_area")),
        operate(Route::new(Method::POST, "/units/corrections", correct_unit))
            .named("correct_unit", "修改单位名称和联系方式", "Give a unit another name, telephone or address")
            .key(Key::Of("correct_unit")),
        operate(Route::new(Method::GET, "/deployment", condition)).named(
            "show_deployment",
            "系统状况",
            "The database and its schema",
        ),
        operate(Route::new(Method::GET, "/deployment/keys", key_files)).named(
            "show_key_files",
            "密钥文件状况",
            "The state of the key files, not what is in them",
        ),
        Route::new(Method::GET, "/packs", packs)
            .named(
                "show_packs",
                "已载入的服务包",
                "The packs that are loaded, and what the checker says of them",
            )
            .part("administration")
            .may(&["system_operate", "rules_edit", "rules_approve"], &[]),
    ]
}

/// Declarations.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct DeclarationsV1 {
    /// The entries.
    declarations: Vec<DeclaredV1>,
}

async fn roles(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<RolesV1>, Problem> {
    Ok(Json(asked.office().roles()))
}

async fn own_posts(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<OwnPostsV1>, Problem> {
    Ok(Json(asked.office().own_posts(&asked.order()?).await?))
}

async fn declarations(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<DeclarationsV1>, Problem> {
    Ok(Json(DeclarationsV1 { declarations: asked.office().declarations(&asked.order()?).await? }))
}

async fn rename_area(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<RenameAreaV1>,
) -> Result<Kept<DoneV1>, Problem> {
    Ok(asked.office().rename_area(&asked.order()?, &input).await?.into())
}

async fn correct_unit(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<CorrectUnitV1>,
) -> Result<Kept<DoneV1>, Problem> {
    Ok(asked.office().correct_unit(&asked.order()?, &input).await?.into())
}

async fn condition(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<ConditionV1>, Problem> {
    Ok(Json(asked.office().condition(&asked.order()?).await?))
}

async fn key_files(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<KeysV1>, Problem> {
    Ok(Json(asked.office().key_files(&asked.order()?)?))
}

async fn packs(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<CheckReport>, Problem> {
    Ok(Json((*asked.office().packs_loaded(&asked.order()?).await?).clone()))
}
