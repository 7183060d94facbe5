//! One unit: made in an area, given another name or telephone, ended.

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
use anmin_app::staff::{CorrectUnitV1, DoneV1, EndUnitV1, NewUnitV1, UnitKindV1};
use askama::Template;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let mut all: Vec<Route> = form("/admin/units/new", show_new, create)
        .called("page_new_unit", "do_create_unit")
        .may(OPERATE, &[])
        .key(Key::Of("create_unit"))
        .routes()
        .into();
    all.extend(
        form("/admin/units/{unit}", show, correct)
            .called("page_unit", "do_correct_unit")
            .may(OPERATE, &[])
            .key(Key::Of("correct_unit")),
    );
    all.extend(
        form("/admin/units/{unit}/ending", show_end, end)
            .called("page_end_unit", "do_end_unit")
            .may(OPERATE, &[])
            .key(Key::Of("end_unit")),
    );
    all
}

/// In which area.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InV1 {
    /// The area.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    area: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "admin/new_unit.html")]
struct NewPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    areas: Vec<Choice>,
    kinds: Vec<Choice>,
    stands: Vec<Choice>,
}

const STANDS: &[(&str, &str)] = &[
    ("supervising", "admin-stands-supervising"),
    ("deciding", "admin-stands-deciding"),
    ("accepting", "admin-stands-accepting"),
    ("village", "admin-stands-village"),
];

async fn show_new(asked: Asked, ask: InV1, mut form: Form) -> Result<Html, Problem> {
    let (t, on) = (asked.words(), asked.now.on);
    form.fill("area", ask.area.unwrap_or_default());
    form.fill("from", on.to_string());
    let places = asked.office().places(&asked.order()?).await?;
    let area = |node: &super::places::Node| {
        Choice::new(
            &node.area,
            Say::Text(format!("{}{}", "\u{3000}".repeat(node.above.len() - 1), node.name)),
        )
    };
    let choose = || std::iter::once(Choice::new("", "supervision-choose"));
    let areas = choose().chain(super::places::tree(&places, on).iter().map(area)).collect();
    let known = asked.office().roles().unit_kinds;
    let kind = |kind: &UnitKindV1| {
        let stands: Vec<String> = STANDS
            .iter()
            .filter(|(name, _)| kind.stands.iter().any(|known| known == name))
            .map(|(_, key)| t.text(*key).to_string())
            .collect();
        let text = t.text("admin-kind-stands").arg("kind", t.of(&kind.name));
        let text = text.arg("stands", stands.join(&t.text("supervision-and").to_string()));
        Choice::new(&kind.kind, Say::Text(text.to_string()))
    };
    let kinds = choose().chain(known.iter().map(kind)).collect();
    let stands = STANDS.iter().map(|(name, key)| Choice::new(*name, *key)).collect();
    let shell = asked.shell("admin-unit-new").await?.wrong(form.is_wrong());
    let crumbs = below(t, "/admin/places", "admin-places");
    Html::of(&NewPage { t, shell, crumbs, form, areas, kinds, stands })
}

async fn create(asked: Asked, _: InV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (area, kind, name) = (read.text("area"), read.text("kind"), read.text("name"));
    let (phone, address) = (read.maybe("phone"), read.maybe("address"));
    let from = read.day("from").map(|day| day.to_string()).unwrap_or_default();
    let stands: Vec<String> = posted.all("stands").map(str::to_owned).collect();
    let known = asked.office().roles().unit_kinds;
    let of_kind = known.iter().find(|known| known.kind == kind).map(|kind| kind.stands.clone());
    // What the kind allows is told in the words of this page.
    if let Some(allowed) = &of_kind
        && (stands.is_empty() || !stands.iter().all(|one| allowed.contains(one)))
    {
        read.wrong_as("stands", |t| {
            let words = STANDS.iter().filter(|(name, _)| allowed.iter().any(|known| known == name));
            let words: Vec<String> = words.map(|(_, key)| t.text(*key).to_string()).collect();
            t.text("admin-stands-wrong").arg("stands", words.join(&t.text("supervision-and").to_string()))
        });
    }
    read.done()?;
    let input = NewUnitV1 {
        area,
        kind,
        name,
        phone: phone.unwrap_or_default(),
        address: address.unwrap_or_default(),
        stands,
        from,
    };
    let done: DoneV1 = asked.once(asked.office().create_unit(&asked.order()?, &input)).await?;
    Ok(Turn::to(format!("/admin/units/{}", done.id)).saying("done-unit-made"))
}

#[derive(Debug, Template)]
#[template(path = "admin/unit.html")]
struct UnitPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    unit: String,
    name: String,
    kind: String,
    stands: String,
    area: String,
    from: String,
    to: String,
    ending: bool,
}

async fn unit_page(
    asked: &Asked,
    title: &'static str,
    mut form: Form,
    ending: bool,
) -> Result<Html, Problem> {
    let t = asked.words();
    let places = asked.office().places(&asked.order()?).await?;
    let id = asked.text("unit");
    let unit = places.units.iter().find(|unit| unit.unit == id).ok_or_else(Problem::not_found)?;
    form.put("version", unit.version.to_string());
    form.fill("name", &*unit.name);
    form.fill("phone", &*unit.phone);
    form.fill("address", &*unit.address);
    form.fill("last", asked.now.on.to_string());
    let kinds = asked.office().roles().unit_kinds;
    let kind = kinds.iter().find(|kind| kind.kind == unit.kind);
    let area = places.areas.iter().find(|area| area.area == unit.area);
    let stands: Vec<String> = STANDS
        .iter()
        .filter(|(name, _)| unit.stands.iter().any(|known| known == name))
        .map(|(_, key)| t.text(*key).to_string())
        .collect();
    let shell = asked.shell(title).await?.wrong(form.is_wrong());
    let mut crumbs = below(t, "/admin/places", "admin-places");
    if ending {
        crumbs = crumbs.to(format!("/admin/units/{}", unit.unit), Say::Text(unit.name.clone()));
    }
    Html::of(&UnitPage {
        t,
        shell,
        crumbs,
        form,
        unit: unit.unit.clone(),
        name: unit.name.clone(),
        kind: kind.map_or_else(|| unit.kind.clone(), |kind| t.of(&kind.name).to_owned()),
        stands: stands.join(&t.text("supervision-and").to_string()),
        area: area.map(|area| area.name.clone()).unwrap_or_default(),
        from: t.day(&unit.from),
        to: unit.to.as_ref().map(|to| t.day(to)).unwrap_or_default(),
        ending,
    })
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    unit_page(&asked, "admin-unit-one", form, false).await
}

async fn correct(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (name, version) = (read.text("name"), read.number("version").unwrap_or_default());
    let (phone, address) = (read.maybe("phone"), read.maybe("address"));
    read.done()?;
    let unit = asked.text("unit").to_owned();
    let input = CorrectUnitV1 {
        unit: unit.clone(),
        version,
        name,
        phone: phone.unwrap_or_default(),
        address: address.unwrap_or_default(),
    };
    let _: DoneV1 = asked.once(asked.office().correct_unit(&asked.order()?, &input)).await?;
    Ok(Turn::to(format!("/admin/units/{unit}")).saying("done-unit-corrected"))
}

async fn show_end(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    unit_page(&asked, "admin-unit-end", form, true).await
}

async fn end(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let last = read.day("last").map(|day| day.to_string()).unwrap_or_default();
    let version = read.number("version").unwrap_or_default();
    read.done()?;
    let input = EndUnitV1 { unit: asked.text("unit").to_owned(), version, last };
    let _: DoneV1 = asked.once(asked.office().end_unit(&asked.order()?, &input)).await?;
    Ok(Turn::to("/admin/places").saying("done-unit-ended"))
}
