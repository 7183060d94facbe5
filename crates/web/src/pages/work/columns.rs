//! The columns of the list: how each cell shows, which of them somebody wants to see, how dense, how many lines.

use super::address;
use crate::asked::Asked;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Tag, Tone, clock};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::case::{LineV1, ListV1, QueueV1};
use anmin_app::services::ServiceV1;
use anmin_app::staff::DoneV1;
use anmin_app::work::{LayoutV1, column_words, columns};
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    form("/work/columns", show, save)
        .called("page_work_columns", "do_work_columns")
        .may(&["case_list"], &[])
        .key(Key::Of("keep_layout"))
        .routes()
        .into()
}

/// The head of a column, and what pressing it sorts by.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub text: String,
    /// `ascending`, `descending`; empty: not sorted by it.
    pub sorted: &'static str,
    pub href: Option<String>,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub id: String,
    pub number: String,
    pub version: i64,
    pub href: String,
    pub cells: Vec<Cell>,
}

/// A cell: what it is called where lines are cards, and what is in it.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// `number`, `name`, `day`, `tag` or `text`.
    pub kind: &'static str,
    pub label: String,
    pub text: String,
    pub tag: Option<Tag>,
    pub title: String,
}

/// The columns that are shown. The number comes first: the case is opened by it.
pub(super) struct Shown(Vec<String>);

impl Shown {
    pub fn of(columns: &[String]) -> Shown {
        let rest = columns.iter().filter(|column| *column != "number").cloned();
        Shown(std::iter::once("number".to_owned()).chain(rest).collect())
    }

    pub fn heads(&self, t: Words, ask: &ListV1, queue: Option<&QueueV1>) -> Vec<Head> {
        let now = ask.order.as_deref().or(queue.map(|queue| queue.order.as_str())).unwrap_or("due");
        let head = |column: &String| {
            let text = t.of(&column_words(column)).to_owned();
            let orders: &[&str] = match column.as_str() {
                "due" => &["due"],
                "received" => &["received", "latest"],
                _ => return Head { text, sorted: "", href: None },
            };
            let at = orders.iter().position(|order| *order == now);
            let next = orders[at.map_or(0, |at| (at + 1) % orders.len())];
            let usual = queue.map_or("due", |queue| queue.order.as_str());
            let order = Some(next.to_owned()).filter(|next| next != usual);
            // A query for somebody has no address to sort.
            let href = ask.who.is_none().then(|| address(&ListV1 { order, after: None, ..ask.clone() }));
            let sorted = match at {
                None => "",
                Some(0) => "ascending",
                Some(_) => "descending",
            };
            Head { text, sorted, href }
        };
        self.0.iter().map(head).collect()
    }

    pub fn line(
        &self,
        asked: &Asked,
        titles: &BTreeMap<&str, &ServiceV1>,
        line: &LineV1,
        queue: &str,
    ) -> Line {
        Line {
            id: line.id.clone(),
            number: line.number.clone(),
            version: line.version,
            href: format!("/cases/{}?queue={queue}", line.id),
            cells: self.0.iter().map(|column| cell(asked, titles, line, column)).collect(),
        }
    }
}

fn cell(asked: &Asked, titles: &BTreeMap<&str, &ServiceV1>, line: &LineV1, column: &str) -> Cell {
    let t = asked.words();
    let label = t.of(&column_words(column)).to_owned();
    let plain = |kind: &'static str, text: String| Cell {
        kind,
        label: label.clone(),
        text,
        tag: None,
        title: String::new(),
    };
    let tagged = |tag: Tag, title: String| Cell { tag: Some(tag), title, ..plain("tag", String::new()) };
    match column {
        "number" => plain("number", line.number.clone()),
        "name" => plain("name", line.name.clone().unwrap_or_else(|| t.text("work-no-name").to_string())),
        "village" => plain("text", line.area.clone()),
        "township" => plain("text", line.township.clone()),
        "service" => {
            let title = titles.get(line.service.as_str()).map(|service| t.of(&service.title).to_owned());
            plain("text", title.unwrap_or_else(|| line.service.clone()))
        }
        "state" => tagged(t.tag(Tone::Name, &line.state_name), String::new()),
        "due" => tagged(
            clock(t, &line.mark, line.due_on.as_deref(), asked.now.on),
            line.due_on.clone().unwrap_or_default(),
        ),
        "received" => plain("day", line.received_on.clone()),
        "holder" => match line.mine {
            true => plain("text", t.text("work-mine").to_string()),
            false => plain("text", line.holder.clone().unwrap_or_default()),
        },
        _ => plain("text", line.unit.clone().unwrap_or_default()),
    }
}

#[derive(Debug, Template)]
#[template(path = "work/columns.html")]
struct ColumnsPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    columns: Vec<Choice>,
    densities: Vec<Choice>,
    rows: Vec<Choice>,
    back: String,
}

async fn show(asked: Asked, ask: ListV1, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let order = asked.order()?;
    let views = asked.office().work_views(&order).await?;
    let queues = asked.office().queues(&order).await?;
    let here = queues.iter().find(|queue| super::is_here(queue, &ask)).or(queues.last());
    let layout = super::layout(&views, here);
    form.fill_all("columns", &layout.columns);
    form.fill("density", layout.density.clone());
    form.fill("rows", layout.rows.to_string());
    let shell = asked.shell("queue-columns").await?.wrong(form.is_wrong());
    let back = address(&ask);
    let column = |name: &'static str| Choice::new(name, column_words(name));
    Html::of(&ColumnsPage {
        t,
        form,
        columns: columns().map(column).collect(),
        densities: vec![Choice::new("tight", "queue-tight"), Choice::new("normal", "queue-normal")],
        rows: vec![
            Choice::new("25", "queue-rows-25"),
            Choice::new("50", "queue-rows-50"),
            Choice::new("100", "queue-rows-100"),
        ],
        crumbs: Crumbs::new(t).to(&back, "work-title"),
        back,
        shell,
    })
}

async fn save(asked: Asked, ask: ListV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let usual = posted.has("usual");
    let columns = if usual { Vec::new() } else { posted.all("columns").map(str::to_owned).collect() };
    let mut read = posted.read();
    if !usual && columns.is_empty() {
        read.wrong("columns", "form-wrong-choice");
    }
    let density = read.choice("density", &["tight", "normal"]);
    let rows = read.number("rows").and_then(|rows| u32::try_from(rows).ok()).unwrap_or(0);
    read.done()?;
    let layout = LayoutV1 { columns, density, rows };
    let _: DoneV1 = asked.once(asked.office().keep_layout(&asked.order()?, &layout)).await?;
    Ok(Turn::to(address(&ask)).saying("done-columns"))
}
