//! Showing one number whole: a reason first, then the number, once.

use super::above;
use crate::asked::Asked;
use crate::page::{Html, Went, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::case::{RevealV1, SeenCaseV1};
use askama::Template;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    form("/cases/{case}/people/{person}/reveal", show, save)
        .called("page_reveal", "do_reveal")
        .may(&["case_read_full"], &[])
        .key(Key::Of("reveal"))
        .routes()
        .into()
}

/// Which field was pressed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichV1 {
    /// `resident_id` or `phone`.
    field: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "case/reveal.html")]
struct RevealPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    case: String,
    name: String,
    fields: Vec<Choice>,
    shown: Option<(String, String)>,
}

fn label(field: &str) -> &'static str {
    if field == "phone" { "case-person-phone" } else { "case-person-number" }
}

async fn reveal_page(asked: &Asked, form: Form, shown: Option<(String, String)>) -> Result<Html, Problem> {
    let seen: SeenCaseV1 = asked.office().show_case(&asked.order()?, asked.id("case")?).await?;
    let person = asked.text("person");
    let name = seen
        .people
        .iter()
        .find(|party| party.person.id == person)
        .and_then(|party| party.person.name.clone());
    let crumbs = above(asked, &seen).await;
    let shell = asked.shell("case-reveal").await?.wrong(form.is_wrong());
    let fields = ["resident_id", "phone"].map(|field| Choice::new(field, label(field))).to_vec();
    Html::of(&RevealPage {
        t: shell.t,
        shell,
        crumbs,
        form,
        case: seen.id.clone(),
        name: name.unwrap_or_default(),
        fields,
        shown,
    })
}

async fn show(asked: Asked, ask: WhichV1, mut form: Form) -> Result<Html, Problem> {
    form.fill("field", ask.field.unwrap_or_else(|| "resident_id".into()));
    reveal_page(&asked, form, None).await
}

async fn save(asked: Asked, _: WhichV1, posted: Arc<Posted>) -> Result<Went, Problem> {
    let mut read = posted.read();
    let field = read.choice("field", &["resident_id", "phone"]);
    let why = read.text("why");
    read.done()?;
    let input = RevealV1 { field: field.clone(), why };
    let (case, person) = (asked.id("case")?, asked.id("person")?);
    let revealed = asked.office().reveal(&asked.order()?, case, person, &input).await?;
    let t = asked.words();
    let value = revealed.value.unwrap_or_else(|| t.text("case-none").to_string());
    let form = Form::again(&asked, &posted).quiet();
    let shown = Some((t.text(label(&field)).to_string(), value));
    Ok(reveal_page(&asked, form, shown).await?.into())
}
