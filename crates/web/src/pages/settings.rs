//! How pages look: the language, larger letters, the side bar. A button each, which works without a script.

use crate::asked::Asked;
use crate::guard::{ELDER, LANGUAGE, SIDE, look_cookie};
use crate::page::{Turn, button};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Right, Route};
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let all = [
        button("/settings/language", language).called("set_language"),
        button("/settings/elder", elder).called("set_elder"),
        button("/settings/side", side).called("set_side"),
    ];
    all.into_iter().map(|route| route.right(Right::Public)).collect()
}

fn back(asked: &Asked, posted: &Posted, name: &str, value: &str) -> Turn {
    let cookie = look_cookie(name, value, asked.site.inner.settings.secure);
    Turn::to(posted.get("next").unwrap_or("/")).cookie(cookie)
}

async fn language(asked: Asked, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let lang = if posted.get("to") == Some("en") { "en" } else { "zh" };
    Ok(back(&asked, &posted, LANGUAGE, lang))
}

async fn elder(asked: Asked, posted: Arc<Posted>) -> Result<Turn, Problem> {
    Ok(back(&asked, &posted, ELDER, if posted.get("to") == Some("1") { "1" } else { "0" }))
}

async fn side(asked: Asked, posted: Arc<Posted>) -> Result<Turn, Problem> {
    Ok(back(&asked, &posted, SIDE, if posted.get("to") == Some("1") { "1" } else { "0" }))
}
