//! The case before and the case after in the queue somebody works through.

use crate::asked::Asked;
use crate::problem::Problem;
use anmin_app::case::ListV1;

/// The neighbours of a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours {
    pub before: Option<String>,
    pub after: Option<String>,
    /// The queue, as addresses name it.
    pub queue: String,
}

/// As many as are looked through.
const MOST: u32 = 100;

fn list(queue: &str) -> ListV1 {
    let list = match queue {
        "mine" => ListV1 { mine: true, ..ListV1::default() },
        "all" => ListV1::default(),
        queue => ListV1 { queue: Some(queue.to_owned()), ..ListV1::default() },
    };
    ListV1 { limit: Some(MOST), ..list }
}

/// The neighbours in the queue that is named, or in the first of those it stands in: one's own, all.
pub(super) async fn neighbours(
    asked: &Asked,
    case: &str,
    queue: Option<&str>,
) -> Result<Neighbours, Problem> {
    let (office, order) = (asked.office(), asked.order()?);
    for queue in queue.into_iter().chain(["mine", "all"]) {
        // Those who have no list, or not this one, have no neighbours in it.
        let Ok(page) = office.list_cases(&order, &list(queue)).await else { continue };
        let Some(at) = page.cases.iter().position(|line| line.id == case) else { continue };
        let id = |at: usize| page.cases.get(at).map(|line| line.id.clone());
        return Ok(Neighbours {
            before: at.checked_sub(1).and_then(id),
            after: id(at + 1),
            queue: queue.to_owned(),
        });
    }
    Ok(Neighbours::default())
}
