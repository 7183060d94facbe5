//! Letters of a case: as blocks, and as a page to print.

use crate::answer::{Json, Page};
use crate::asked::Asked;
use crate::form::{NoQuery, Nothing};
use crate::letter::page;
use crate::problem::Problem;
use crate::route::{BASE, Route};
use anmin_app::case::{LetterV1, PrintedV1};
use anmin_base::document::Document;
use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(Method::GET, "/cases/{case}/letters", list)
            .named("list_letters", "案件的文书", "The letters of a case")
            .part("letters")
            .may(&["case_read"], &["progress_read"]),
        Route::new(Method::GET, "/cases/{case}/forms/{form}", form)
            .named(
                "print_form",
                "打印用表单，已填入案件内容",
                "A form to print and fill in by hand, with what the case knows",
            )
            .part("letters")
            .may(&["case_read"], &[]),
        Route::new(Method::GET, "/cases/{case}/letters/{number}", show)
            .named("show_letter", "一份文书", "A letter, as blocks of text")
            .part("letters")
            .may(&["case_read"], &["progress_read"]),
        Route::new(Method::GET, "/cases/{case}/letters/{number}/html", print)
            .named("print_letter", "一份文书，可打印", "A letter, as a page to print")
            .part("letters")
            .may(&["case_read"], &["progress_read"]),
    ]
}

/// The letters of a case.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct LettersV1 {
    /// In the order in which they were written.
    letters: Vec<LetterV1>,
}

/// In which language a letter is shown.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PrintV1 {
    /// `zh` or `en`; left out, the language of the request.
    lang: Option<PageLang>,
}

/// A language of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum PageLang {
    Zh,
    En,
}

async fn list(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<LettersV1>, Problem> {
    let letters = asked.office().letters(&asked.order()?, asked.id("case")?).await?;
    Ok(Json(LettersV1 { letters }))
}

async fn one(asked: &Asked) -> Result<LetterV1, Problem> {
    let number = asked.number("number")?;
    let letters = asked.office().letters(&asked.order()?, asked.id("case")?).await?;
    letters.into_iter().find(|letter| letter.number == number).ok_or_else(Problem::not_found)
}

async fn form(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<PrintedV1>, Problem> {
    Ok(Json(asked.office().printed(&asked.order()?, asked.id("case")?, asked.text("form")).await?))
}

async fn show(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<LetterV1>, Problem> {
    Ok(Json(one(&asked).await?))
}

async fn print(asked: Asked, ask: PrintV1, _: Nothing) -> Result<Page, Problem> {
    let letter = one(&asked).await?;
    let lang = match ask.lang {
        Some(PageLang::Zh) => "zh",
        Some(PageLang::En) => "en",
        None => asked.lang.name(),
    };
    let document = letter.documents.iter().find(|document| document.lang == lang);
    let document = document.ok_or_else(Problem::not_found)?;
    Ok(Page(page(&Document::from(document), BASE)))
}
