//! Papers of a case: handing one out.

use crate::answer::Paper;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::page;
use crate::problem::Problem;
use crate::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![page("/cases/{case}/files/{file}", read).called("page_file").may(super::READ, &[])]
}

async fn read(asked: Asked, _: NoQuery) -> Result<Paper, Problem> {
    let opened = asked.office().read_file(&asked.order()?, asked.id("case")?, asked.id("file")?).await?;
    Ok(Paper { bytes: opened.bytes.reveal().to_vec(), media: opened.file.kind, name: opened.file.file })
}
