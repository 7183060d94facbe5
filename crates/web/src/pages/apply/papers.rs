//! Photographs of papers that go with an application.

use super::{AboutV1, MAY, at, id, seen, version};
use crate::answer::Paper;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::applications::{DraftDoneV1, DropPaperV1, PaperPlaceV1};
use anmin_app::office::Order;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let add = form("/my/applications/{application}/papers/{paper_name}", show, add)
        .called("page_paper", "do_paper")
        .may(&[], MAY)
        .key(Key::Of("add_paper"));
    let drop = form("/my/applications/{application}/drop/{file}", show_drop, drop)
        .called("page_drop_paper", "do_drop_paper")
        .may(&[], MAY)
        .key(Key::Of("drop_paper"));
    let file =
        page("/my/applications/{application}/files/{file}", file).called("application_file").may(&[], MAY);
    add.into_iter().chain(drop).chain([file]).collect()
}

pub(super) const PHOTO: &str = "photo";
pub(super) const KINDS: &str = "image/jpeg,image/png,application/pdf";

/// A paper that is there.
#[derive(Clone, Debug)]
struct There {
    href: String,
    drop: String,
    text: String,
}

#[derive(Debug, Template)]
#[template(path = "apply/paper.html")]
struct PaperPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    hint: String,
    there: Vec<There>,
    kinds: &'static str,
}

async fn show(asked: Asked, ask: AboutV1, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    let paper = seen.papers.iter().find(|p| p.name == asked.text("paper_name") && p.element == ask.of);
    let paper = paper.ok_or_else(Problem::not_found)?;
    let here = at(&seen.line.application);
    let mine = seen.handed_in.iter().filter(|h| h.paper == paper.name && h.element == paper.element);
    let there = mine.enumerate().map(|(n, h)| There {
        href: format!("{here}/files/{}", h.file),
        drop: format!("{here}/drop/{}", h.file),
        text: t.text("apply-paper-there").arg("n", n + 1).arg("kb", (h.size + 1023) / 1024).to_string(),
    });
    let there = there.collect();
    let shell = asked.shell(t.of(&paper.label).to_owned()).await?.wrong(form.is_wrong());
    let hint = paper.hint.as_ref().map(|hint| t.of(hint).to_owned()).unwrap_or_default();
    Html::of(&PaperPage { t, shell, form, back: here, hint, there, kinds: KINDS })
}

async fn add(asked: Asked, ask: AboutV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let paper = asked.text("paper_name").to_owned();
    keep(&asked, &posted, &PaperPlaceV1 { paper, element: ask.of.clone() }).await?;
    // The list of what is there is on the same page: another can follow at once.
    Ok(Turn::to(asked.address.split("done=").next().unwrap_or_default().trim_end_matches(['?', '&']))
        .saying("done-paper"))
}

/// Puts the photographs of a form into the application. Sent twice, they are there once: the last one has the key.
pub(super) async fn keep(asked: &Asked, posted: &Posted, place: &PaperPlaceV1) -> Result<(), Problem> {
    if asked.earlier.is_some() {
        return Ok(());
    }
    let mut read = posted.read();
    let files: Vec<_> = posted.files(PHOTO).collect();
    if files.is_empty() {
        read.wrong(PHOTO, "my-photos-none");
    }
    read.done()?;
    for (n, sent) in files.iter().enumerate() {
        let order = asked.order()?;
        let request = order.request.filter(|_| n + 1 == files.len());
        let kept = asked
            .office()
            .add_paper(&Order { request, ..order }, id(asked)?, place, sent.bytes.to_vec())
            .await;
        kept.map_err(|error| at_photo(error.into()))?;
    }
    Ok(())
}

fn at_photo(problem: Problem) -> Problem {
    match problem.status.is_server_error() || problem.status.as_u16() == 404 {
        true => problem,
        false => crate::pages::my::at_field(problem, PHOTO),
    }
}

#[derive(Debug, Template)]
#[template(path = "apply/drop.html")]
struct DropPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    file: String,
}

async fn show_drop(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let seen = seen(&asked).await?;
    let file = asked.text("file").to_owned();
    let back = at(&seen.line.application);
    if !seen.handed_in.iter().any(|paper| paper.file == file) {
        return Err(Problem::not_found());
    }
    form.put("version", seen.version.to_string());
    let shell = asked.shell("apply-drop").await?.wrong(form.is_wrong());
    let file = format!("{back}/files/{file}");
    Html::of(&DropPage { t: shell.t, shell, form, back, file })
}

async fn drop(asked: Asked, _: NoQuery, _: Arc<Posted>) -> Result<Turn, Problem> {
    let input = DropPaperV1 { version: version(&asked), file: asked.text("file").to_owned() };
    let done: DraftDoneV1 =
        asked.once(asked.office().drop_paper(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to(at(&done.application)).saying("done-dropped"))
}

async fn file(asked: Asked, _: NoQuery) -> Result<Paper, Problem> {
    let opened = asked.office().read_paper(&asked.order()?, id(&asked)?, asked.id("file")?).await?;
    Ok(Paper { bytes: opened.bytes.reveal().to_vec(), media: opened.file.kind, name: opened.file.file })
}
