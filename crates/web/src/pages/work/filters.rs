//! Filters somebody has named: keeping the one that is asked for, and removing those that are not wanted any more.

use super::address;
use crate::asked::Asked;
use crate::page::{Html, Turn, button, form};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::case::ListV1;
use anmin_app::staff::DoneV1;
use anmin_app::work::NewFilterV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let mut all: Vec<Route> = form("/work/filters", show, save)
        .called("page_work_filters", "do_work_filters")
        .may(&["case_list"], &[])
        .key(Key::Of("keep_filter"))
        .routes()
        .into();
    all.push(
        button("/work/filters/{filter}/removal", remove)
            .called("do_remove_filter")
            .may(&["case_list"], &[])
            .key(Key::Of("remove_filter")),
    );
    all
}

/// A filter, with the key that removes it once.
#[derive(Clone, Debug)]
struct Kept {
    id: String,
    name: String,
    href: String,
    key: String,
}

#[derive(Debug, Template)]
#[template(path = "work/filters.html")]
struct FiltersPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    kept: Vec<Kept>,
    /// How many cases the filter that would be kept lists now.
    count: i64,
    empty: Empty,
    back: String,
}

async fn show(asked: Asked, ask: ListV1, form: Form) -> Result<Html, Problem> {
    let (t, office, order) = (asked.words(), asked.office(), asked.order()?);
    let ask = ListV1 { name: None, who: None, number: None, after: None, ..ask };
    let mut kept = Vec::new();
    for filter in office.work_views(&order).await?.filters {
        let key = office.request_key("remove_filter")?;
        kept.push(Kept { id: filter.id, name: filter.name, href: address(&filter.filter), key });
    }
    let count = office.count_cases(&order, &ask).await?;
    let shell = asked.shell("queue-filters").await?.wrong(form.is_wrong());
    let back = address(&ask);
    let empty = Empty::new(t, "queue-filters-none", "queue-filters-none-more");
    Html::of(&FiltersPage {
        t,
        form,
        kept,
        count,
        empty,
        crumbs: Crumbs::new(t).to(&back, "work-title"),
        back,
        shell,
    })
}

async fn save(asked: Asked, ask: ListV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let input = NewFilterV1 { name: posted.get("name").unwrap_or_default().to_owned(), filter: ask.clone() };
    let _: DoneV1 = asked.once(asked.office().keep_filter(&asked.order()?, &input)).await?;
    Ok(Turn::to(address(&ListV1 { number: None, after: None, ..ask })).saying("done-filter"))
}

async fn remove(asked: Asked, _: Arc<Posted>) -> Result<Turn, Problem> {
    let filter = asked.id("filter")?;
    let _: DoneV1 = asked.once(asked.office().remove_filter(&asked.order()?, filter)).await?;
    Ok(Turn::to("/work/filters").saying("done-filter-removed"))
}
