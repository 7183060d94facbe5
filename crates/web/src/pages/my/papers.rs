//! The papers of a case: what was handed in, and adding photographs.

use super::{KINDS, PHOTOS, at, keep_photos};
use crate::answer::Paper;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::Empty;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::files::FileV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let papers = form("/my/cases/{case}/papers", show, add)
        .called("page_my_papers", "do_my_papers")
        .may(&[], &["apply", "supplement_answer"])
        .key(Key::Of("store_file"));
    let file = page("/my/cases/{case}/files/{file}", file).called("my_file").may(&[], &["progress_read"]);
    papers.into_iter().chain([file]).collect()
}

/// A paper in the list.
#[derive(Clone, Debug)]
struct Line {
    href: String,
    text: String,
    size: String,
}

#[derive(Debug, Template)]
#[template(path = "my/papers.html")]
struct PapersPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    lines: Vec<Line>,
    empty: Empty,
    kinds: &'static str,
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let back = at(asked.text("case"));
    let files = asked.office().files(&asked.order()?, asked.id("case")?).await?;
    let shell = asked.shell("my-papers").await?.wrong(form.is_wrong());
    let lines = files.iter().map(|file| line(t, &back, file)).collect();
    let empty = Empty::new(t, "my-papers-none", "my-papers-none-more");
    Html::of(&PapersPage { t, shell, form, back, lines, empty, kinds: KINDS })
}

fn line(t: Words, back: &str, file: &FileV1) -> Line {
    let key = match file.kind.as_str() {
        "application/pdf" => "my-file-pdf",
        "text/plain" => "my-file-text",
        _ => "my-file-photo",
    };
    let size = (file.size + 1023) / 1024;
    Line {
        href: format!("{back}/files/{}", file.file),
        text: t.text(key).arg("on", t.day(&file.on)).to_string(),
        size: t.text("my-file-size").arg("kb", size).to_string(),
    }
}

async fn add(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    if posted.files(PHOTOS).next().is_none() {
        read.wrong(PHOTOS, "my-photos-none");
    }
    read.done()?;
    if asked.earlier.is_none() {
        keep_photos(&asked, asked.id("case")?, true).await?;
    }
    Ok(Turn::to(format!("{}/papers", at(asked.text("case")))).saying("done-papers"))
}

async fn file(asked: Asked, _: NoQuery) -> Result<Paper, Problem> {
    let opened = asked.office().read_file(&asked.order()?, asked.id("case")?, asked.id("file")?).await?;
    Ok(Paper { bytes: opened.bytes.reveal().to_vec(), media: opened.file.kind, name: opened.file.file })
}
