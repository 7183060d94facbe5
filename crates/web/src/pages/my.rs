//! What is one's own: a case in plain words, what one can do in it, its letters and papers, and how to contest a decision.

mod act;
mod case;
mod contest;
mod letters;
mod looks;
mod notices;
mod papers;

use crate::asked::Asked;
use crate::problem::Problem;
use crate::route::Route;
use anmin_app::case::ProgressV1;
use anmin_app::deployment::Id;
use anmin_app::files::{FileV1, StatementV1};
use anmin_app::office::Order;
use anmin_app::record::FieldError;
use anmin_app::record::act::EvidenceV1;

pub(super) fn routes() -> Vec<Route> {
    let all = [
        case::routes(),
        act::routes(),
        letters::routes(),
        papers::routes(),
        contest::routes(),
        looks::routes(),
        notices::routes(),
    ];
    all.into_iter().flatten().collect()
}

/// The page of a case.
fn at(case: &str) -> String {
    format!("/my/cases/{case}")
}

async fn progress(asked: &Asked) -> Result<ProgressV1, Problem> {
    Ok(asked.office().progress(&asked.order()?, asked.id("case")?).await?)
}

/// The field of photographs on every page that takes them.
const PHOTOS: &str = "photos";
/// What can be photographed, or was scanned.
const KINDS: &str = "image/jpeg,image/png,application/pdf";

/// Puts what was photographed into the case. One key is good for one command: the last file takes it, so that a form that
/// was sent twice is known by it, and the others are known by what is in them.
async fn keep_photos(asked: &Asked, case: Id, keyed: bool) -> Result<Vec<FileV1>, Problem> {
    let posted = asked.posted();
    let files: Vec<_> = posted.files(PHOTOS).collect();
    let mut kept = Vec::new();
    for (n, file) in files.iter().enumerate() {
        let order = asked.order()?;
        let request = order.request.filter(|_| keyed && n + 1 == files.len());
        let stored = asked.office().store_file(&Order { request, ..order }, case, &file.bytes).await;
        let bytes = stored.map_err(|error| at_photos(error.into()))?;
        kept.push(serde_json::from_slice(&bytes).map_err(|error| Problem::broken(error.to_string()))?);
    }
    Ok(kept)
}

/// What is wrong with a file is told at the field.
fn at_photos(problem: Problem) -> Problem {
    match problem.status.is_server_error() || problem.status.as_u16() == 404 {
        true => problem,
        false => at_field(problem, PHOTOS),
    }
}

/// The whole problem as what is wrong with one field.
pub(super) fn at_field(problem: Problem, at: &str) -> Problem {
    let field = FieldError {
        at: at.into(),
        zh: format!("{}{}", problem.text.zh, problem.next.zh),
        en: format!("{} {}", problem.text.en, problem.next.en),
    };
    Problem { fields: vec![field], ..problem }
}

/// Puts what was written and photographed into the case: the evidence it becomes.
async fn hand_in(
    asked: &Asked,
    case: Id,
    kind: &str,
    text: Option<String>,
) -> Result<Vec<EvidenceV1>, Problem> {
    let mut references = Vec::new();
    if let Some(text) = text {
        let order = Order { request: None, ..asked.order()? };
        let bytes = asked.office().store_statement(&order, case, StatementV1 { text }).await?;
        let file: FileV1 =
            serde_json::from_slice(&bytes).map_err(|error| Problem::broken(error.to_string()))?;
        references.push(file.file);
    }
    references.extend(keep_photos(asked, case, false).await?.into_iter().map(|file| file.file));
    references.sort_unstable();
    references.dedup();
    let evidence = |reference| EvidenceV1 {
        kind: kind.to_owned(),
        reference,
        source: None,
        estimated: false,
        valid_until: None,
    };
    Ok(references.into_iter().map(evidence).collect())
}
