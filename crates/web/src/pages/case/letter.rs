//! A letter of a case, to read and to print.

use super::above;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::letter::Letter;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::case::LetterV1;
use anmin_base::document::Document;
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/cases/{case}/letters/{number}", show).called("page_letter").may(super::READ, &[]),
        page("/cases/{case}/forms/{form}", form).called("page_form").may(super::READ, &[]),
    ]
}

#[derive(Debug, Template)]
#[template(path = "case/letter.html")]
pub(super) struct LetterPage {
    pub t: Words,
    pub shell: Shell,
    pub crumbs: Crumbs,
    pub letters: Vec<Letter>,
    pub waits: Vec<String>,
    /// A code that leads back to the case, on a form that is filled in by hand.
    pub code: Option<Code>,
}

/// A code to be read by a camera.
#[derive(Clone, Debug)]
pub(in crate::pages) struct Code {
    svg: String,
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.svg)
    }
}

impl askama::filters::HtmlSafe for Code {}

impl Code {
    /// The address of a page of ours, as black squares.
    pub fn of(asked: &Asked, path: &str) -> Option<Code> {
        let host = asked.host.as_deref()?;
        let scheme = if asked.site.inner.settings.secure { "https" } else { "http" };
        let code = qrcode::QrCode::new(format!("{scheme}://{host}{path}")).ok()?;
        let (width, colors) = (code.width(), code.to_colors());
        let dark = (0..width * width).filter(|at| colors.get(*at) == Some(&qrcode::Color::Dark));
        let squares: String =
            dark.map(|at| format!("M{} {}h1v1h-1z", at % width + 2, at / width + 2)).collect();
        let side = width + 4;
        let svg = format!(
            "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" width=\"96\" height=\"96\" aria-hidden=\"true\">\
             <path d=\"{squares}\"></path></svg>"
        );
        Some(Code { svg })
    }
}

/// The letter in the language of the page; none while it waits.
pub(super) fn in_language(t: Words, letter: &LetterV1) -> Option<Letter> {
    let found = letter.documents.iter().find(|document| document.lang == t.lang.name());
    found.map(|document| Letter::of(&Document::from(document)))
}

/// A form to print, with what the case knows.
async fn form(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let (office, order, id) = (asked.office(), asked.order()?, asked.id("case")?);
    let seen = office.show_case(&order, id).await?;
    let printed = office.printed(&order, id, asked.text("form")).await?;
    let t = asked.words();
    let crumbs = above(&asked, &seen).await;
    let shell = asked.shell(&printed.form.label).await?;
    let document = printed.documents.iter().find(|document| document.lang == t.lang.name());
    let letters = document.map(|document| Letter::of(&Document::from(document))).into_iter().collect();
    let step = printed.step.map_or_else(String::new, |step| format!("/steps/{step}"));
    let code = Code::of(&asked, &format!("/cases/{id}{step}"));
    Html::of(&LetterPage { t, shell, crumbs, letters, waits: Vec::new(), code })
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let (office, order, id) = (asked.office(), asked.order()?, asked.id("case")?);
    let number = asked.number("number")?;
    let seen = office.show_case(&order, id).await?;
    let letters = office.letters(&order, id).await?;
    let letter = letters.into_iter().find(|letter| letter.number == number).ok_or_else(Problem::not_found)?;
    let t = asked.words();
    let crumbs = above(&asked, &seen).await;
    let shell = asked.shell(&letter.title).await?;
    let shown = in_language(t, &letter).into_iter().collect();
    let waits = letter
        .waits_for
        .iter()
        .map(|field| t.text("case-letter-field").arg("field", field.as_str()).to_string());
    let waits = waits.collect();
    Html::of(&LetterPage { t, shell, crumbs, letters: shown, waits, code: None })
}
