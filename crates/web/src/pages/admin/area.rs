//! One area: made below another, given another name, put below another, ended with what it was answerable for handed over.

use super::places::tree;
use super::{OPERATE, below};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::staff::{AreaLineV1, DoneV1, EndAreaV1, MoveAreaV1, NewAreaV1, PlacesV1, RenameAreaV1};
use anmin_base::date::Date;
use askama::Template;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let mut all: Vec<Route> = form("/admin/areas/new", show_new, create)
        .called("page_new_area", "do_create_area")
        .may(OPERATE, &[])
        .key(Key::Of("create_area"))
        .routes()
        .into();
    let of_one = [
        form("/admin/areas/{area}", show, rename)
            .called("page_area", "do_rename_area")
            .may(OPERATE, &[])
            .key(Key::Of("rename_area")),
        form("/admin/areas/{area}/move", show_move, save_move)
            .called("page_move_area", "do_move_area")
            .may(OPERATE, &[])
            .key(Key::Of("move_area")),
        form("/admin/areas/{area}/ending", show_end, end)
            .called("page_end_area", "do_end_area")
            .may(OPERATE, &[])
            .key(Key::Of("end_area")),
    ];
    all.extend(of_one.into_iter().flatten());
    all
}

/// Below which.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AboveV1 {
    /// The area above.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    above: Option<String>,
}

/// Which form the page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    New,
    Name,
    Move,
    End,
}

#[derive(Debug, Template)]
#[template(path = "admin/area.html")]
struct AreaPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    what: What,
    area: String,
    code: String,
    above: String,
    from: String,
    others: Vec<Choice>,
}

impl AreaPage {
    async fn of(asked: &Asked, title: &'static str, what: What, mut form: Form) -> Result<AreaPage, Problem> {
        let (t, on) = (asked.words(), asked.now.on);
        let places = asked.office().places(&asked.order()?).await?;
        let area = match what {
            What::New => None,
            _ => Some(one(asked, &places)?),
        };
        if let Some(area) = area {
            form.put("version", area.version.to_string());
            form.fill("name", &*area.name);
        }
        let shell = asked.shell(title).await?.wrong(form.is_wrong());
        let name = |id: &String| {
            let found = places.areas.iter().find(|area| area.area == *id);
            found.map(|area| area.name.clone()).unwrap_or_default()
        };
        let own = area.map(|area| area.area.clone());
        let mut crumbs = below(t, "/admin/places", "admin-places");
        if let Some(area) = area.filter(|_| what != What::Name) {
            crumbs = crumbs.to(format!("/admin/areas/{}", area.area), Say::Text(area.name.clone()));
        }
        Ok(AreaPage {
            t,
            shell,
            crumbs,
            what,
            others: others(t, &places, own.as_ref(), on),
            area: own.unwrap_or_default(),
            code: area.map(|area| area.code.clone()).unwrap_or_default(),
            above: area.and_then(|area| area.above.as_ref()).map(name).unwrap_or_default(),
            from: area.map(|area| t.day(&area.from)).unwrap_or_default(),
            form,
        })
    }
}

fn one<'a>(asked: &Asked, places: &'a PlacesV1) -> Result<&'a AreaLineV1, Problem> {
    let id = asked.text("area");
    places.areas.iter().find(|area| area.area == id).ok_or_else(Problem::not_found)
}

/// The other areas, those below this one left out.
fn others(t: Words, places: &PlacesV1, own: Option<&String>, on: Date) -> Vec<Choice> {
    let nodes = tree(places, on);
    let fits = nodes.iter().filter(|node| own.is_none_or(|own| !node.above.contains(own)));
    let choice = |node: &super::places::Node| {
        let text = format!("{}{}", "\u{3000}".repeat(node.above.len() - 1), node.name);
        Choice::new(&node.area, Say::Text(text))
    };
    let first = Choice::new("", Say::Text(t.text("supervision-choose").to_string()));
    std::iter::once(first).chain(fits.map(choice)).collect()
}

async fn show_new(asked: Asked, ask: AboveV1, mut form: Form) -> Result<Html, Problem> {
    form.fill("above", ask.above.unwrap_or_default());
    form.fill("from", asked.now.on.to_string());
    Html::of(&AreaPage::of(&asked, "admin-area-new", What::New, form).await?)
}

async fn create(asked: Asked, _: AboveV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (name, code, above) = (read.text("name"), read.text("code"), read.text("above"));
    let from = read.day("from").map(|day| day.to_string()).unwrap_or_default();
    read.done()?;
    let input = NewAreaV1 { name, code, above, from };
    let done: DoneV1 = asked.once(asked.office().create_area(&asked.order()?, &input)).await?;
    Ok(Turn::to(format!("/admin/areas/{}", done.id)).saying("done-area-made"))
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    Html::of(&AreaPage::of(&asked, "admin-area-one", What::Name, form).await?)
}

async fn rename(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (name, version) = (read.text("name"), read.number("version").unwrap_or_default());
    read.done()?;
    let area = asked.text("area").to_owned();
    let input = RenameAreaV1 { area: area.clone(), version, name };
    let _: DoneV1 = asked.once(asked.office().rename_area(&asked.order()?, &input)).await?;
    Ok(Turn::to(format!("/admin/areas/{area}")).saying("done-area-renamed"))
}

async fn show_move(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    form.fill("from", asked.now.on.add_days(1).to_string());
    Html::of(&AreaPage::of(&asked, "admin-area-move", What::Move, form).await?)
}

async fn save_move(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (above, version) = (read.text("above"), read.number("version").unwrap_or_default());
    let from = read.day("from").map(|day| day.to_string()).unwrap_or_default();
    read.done()?;
    let area = asked.text("area").to_owned();
    let input = MoveAreaV1 { area: area.clone(), version, above, from };
    let _: DoneV1 = asked.once(asked.office().move_area(&asked.order()?, &input)).await?;
    Ok(Turn::to(format!("/admin/areas/{area}")).saying("done-area-moved"))
}

async fn show_end(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    form.fill("last", asked.now.on.to_string());
    Html::of(&AreaPage::of(&asked, "admin-area-end", What::End, form).await?)
}

async fn end(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let last = read.day("last").map(|day| day.to_string()).unwrap_or_default();
    let (to, version) = (read.maybe("to"), read.number("version").unwrap_or_default());
    read.done()?;
    let input = EndAreaV1 { area: asked.text("area").to_owned(), version, last, to };
    let _: DoneV1 = asked.once(asked.office().end_area(&asked.order()?, &input)).await?;
    Ok(Turn::to("/admin/places").saying("done-area-ended"))
}
