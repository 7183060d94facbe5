//! The files of the pages.

use crate::asked::Asked;
use crate::assets::{Served, named};
use crate::form::NoQuery;
use crate::page::page;
use crate::problem::Problem;
use crate::route::{Right, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![page("/assets/{asset}", asset).called("asset").right(Right::Public)]
}

async fn asset(asked: Asked, _: NoQuery) -> Result<Served, Problem> {
    let asset = named(asked.text("asset")).ok_or_else(Problem::no_page)?;
    Ok(Served { asset, gzip: asked.gzip })
}
