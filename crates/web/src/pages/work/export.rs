//! The list as a spreadsheet: what the query lists, in the columns that are shown.

use super::posted_ask;
use crate::asked::Asked;
use crate::page::button;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::Route;
use crate::routes::money::file::SpreadsheetFile;
use anmin_app::case::ListV1;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    vec![button("/work/export", export).called("do_work_export").may(&["case_list"], &[])]
}

async fn export(asked: Asked, posted: Arc<Posted>) -> Result<SpreadsheetFile, Problem> {
    let (office, order) = (asked.office(), asked.order()?);
    let ask = ListV1 { after: None, ..posted_ask(&posted) };
    let views = office.work_views(&order).await?;
    let queues = office.queues(&order).await?;
    let here = queues.iter().find(|queue| super::is_here(queue, &ask)).or(queues.last());
    let layout = super::layout(&views, here);
    let bytes = office.export_cases(&order, &ask, &layout.columns, asked.lang).await?;
    Ok(SpreadsheetFile { bytes, name: format!("cases-{}", asked.now.on), ending: "xlsx" })
}
