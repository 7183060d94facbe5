//! The list of everything that can be asked. The router, the description and the table of permissions are made of it, and
//! nothing is reached that is not on it.

mod administration;
mod applications;
mod cases;
mod demo;
mod jobs;
pub(crate) mod journal;
mod letters;
pub(crate) mod money;
pub(crate) mod oversight;
mod papers;
mod people;
mod residents;
mod services;
pub(crate) mod session;
mod site;
mod staff;
mod work;

use crate::problem::Problem;
use crate::route::Route;
use anmin_app::record::FieldError;
use anmin_base::date::Date;

/// All routes; those of a demonstration only in one.
pub(crate) fn list(demo: bool) -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(site::routes());
    all.extend(session::routes());
    all.extend(services::routes());
    all.extend(applications::routes());
    all.extend(cases::routes());
    all.extend(work::routes());
    all.extend(papers::routes());
    all.extend(letters::routes());
    all.extend(money::routes());
    all.extend(people::routes());
    all.extend(residents::routes());
    all.extend(staff::routes());
    all.extend(journal::routes());
    all.extend(jobs::routes());
    all.extend(oversight::routes());
    all.extend(administration::routes());
    if demo {
        all.extend(demo::routes());
    }
    all.extend(crate::pages::routes(demo));
    all
}

/// A day in a query, or what is wrong with it.
fn day(at: &str, text: Option<&str>) -> Result<Option<Date>, Problem> {
    let read = |text: &str| {
        text.parse::<Date>().map_err(|e| {
            Problem::fields(vec![FieldError {
                at: at.into(),
                zh: e.zh().to_string(),
                en: e.en().to_string(),
            }])
        })
    };
    text.map(read).transpose()
}
