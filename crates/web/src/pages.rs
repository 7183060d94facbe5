//! Pages, by what they are about. Each folder has the template beside its Rust. How to add one: `docs/pages.md`.

mod admin;
mod apply;
mod asking;
mod case;
mod check;
mod county;
pub(crate) mod demo;
mod files;
pub(crate) mod form;
mod home;
mod intake;
mod kin;
pub(crate) mod layout;
mod money;
mod my;
pub(crate) mod parts;
pub(crate) mod session;
mod settings;
pub(crate) mod supervision;
mod waiting;
mod work;

use crate::answer::Json;
use crate::route::{Face, Right, Route};
use axum::http::Method;

/// All pages; those of a demonstration only in one.
pub(crate) fn routes(demo: bool) -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(home::routes());
    all.extend(session::routes());
    all.extend(settings::routes());
    all.extend(apply::routes());
    all.extend(check::routes());
    all.extend(my::routes());
    all.extend(work::routes());
    all.extend(county::routes());
    all.extend(intake::routes());
    all.extend(case::routes());
    all.extend(waiting::routes());
    all.extend(kin::routes());
    all.extend(files::routes());
    all.extend(money::routes());
    all.extend(supervision::routes());
    all.extend(admin::routes());
    if demo {
        all.extend(demo::routes());
        all.extend(money::demo_routes());
    }
    all
}

/// What stands for a page that is not there. It is on no list.
pub(crate) fn nowhere() -> Route {
    let gone = |_, _: crate::form::NoQuery, _: crate::form::Nothing| async { Ok(Json(())) };
    let route = Route::new(Method::GET, "-", gone).right(Right::Public);
    Route { face: Face::Page, ..route }
}
