//! Papers of an application: scanned or photographed, several at once, each put where it belongs; and what is still missing.

use super::{Above, MAY, OTHER, PAPERS, at, id, seen, sheet, tone, version, wanted};
use crate::answer::Paper;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Tag;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::applications::{ApplicationV1, DraftDoneV1, DropPaperV1, PaperPlaceV1};
use anmin_app::asking::PaperWantedV1;
use anmin_app::office::Order;
use anmin_app::record::FieldError;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let papers = form("/intake/{application}/papers", show, add)
        .called("page_intake_papers", "do_intake_paper")
        .may(MAY, &[])
        .key(Key::Of("add_paper"));
    let drop = form("/intake/{application}/drop/{file}", show_drop, drop)
        .called("page_intake_drop", "do_intake_drop")
        .may(MAY, &[])
        .key(Key::Of("drop_paper"));
    let file = page("/intake/{application}/files/{file}", file).called("intake_file").may(MAY, &[]);
    papers.into_iter().chain(drop).chain([file]).collect()
}

pub(super) const SCAN: &str = "scan";
pub(super) const KINDS: &str = "image/jpeg,image/png,application/pdf";

/// A file that is there.
#[derive(Clone, Debug)]
struct There {
    href: String,
    drop: String,
    text: String,
}

/// A paper that is wanted.
#[derive(Clone, Debug)]
struct Line {
    label: String,
    hint: String,
    state: Tag,
    there: Vec<There>,
}

#[derive(Debug, Template)]
#[template(path = "intake/papers.html")]
struct PapersPage {
    t: Words,
    shell: Shell,
    form: Form,
    above: Above,
    lines: Vec<Line>,
    looked_up: Vec<String>,
    places: Vec<Choice>,
    kinds: &'static str,
    next: String,
}

/// Which paper, of whom, as one value of a list.
fn place(paper: &PaperWantedV1) -> String {
    format!("{}/{}", paper.name, paper.element.as_deref().unwrap_or_default())
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    if let Some(page) = sheet::over(&asked, &seen).await? {
        return Ok(page);
    }
    let wanted = wanted(&seen);
    let lines: Vec<Line> = wanted.iter().map(|paper| line(t, &seen, paper)).collect();
    let open = wanted.iter().find(|paper| paper.name != OTHER && there(&seen, paper).next().is_none());
    if let Some(open) = open.or(wanted.last()) {
        form.fill("paper", place(open));
    }
    let looked_up = seen.papers.iter().filter_map(|paper| {
        let by = paper.checked.as_ref()?;
        let line = t.text("apply-looked-up").arg("paper", t.of(&paper.label)).arg("by", t.of(by));
        Some(line.to_string())
    });
    let page = PapersPage {
        t,
        shell: asked.shell("intake-part-papers").await?.wrong(form.is_wrong()),
        above: Above::of(t, &seen, PAPERS),
        lines,
        looked_up: looked_up.collect(),
        places: wanted.iter().map(|p| Choice::new(place(p), Say::Both(p.label.clone()))).collect(),
        kinds: KINDS,
        next: format!("{}/{}", at(&seen.line.application), super::SIGN),
        form,
    };
    Html::of(&page)
}

fn there<'a>(
    seen: &'a ApplicationV1,
    paper: &'a PaperWantedV1,
) -> impl Iterator<Item = &'a anmin_app::applications::HandedInV1> {
    seen.handed_in.iter().filter(move |h| h.paper == paper.name && h.element == paper.element)
}

fn line(t: Words, seen: &ApplicationV1, paper: &PaperWantedV1) -> Line {
    let home = at(&seen.line.application);
    let files: Vec<There> = there(seen, paper)
        .enumerate()
        .map(|(n, file)| There {
            href: format!("{home}/files/{}", file.file),
            drop: format!("{home}/drop/{}", file.file),
            text: t
                .text("apply-paper-there")
                .arg("n", n + 1)
                .arg("kb", (file.size + 1023) / 1024)
                .to_string(),
        })
        .collect();
    let state = match (files.is_empty(), paper.name.as_str()) {
        (false, _) => t.tag(tone(true), "intake-paper-there"),
        (true, OTHER) => t.tag(crate::pages::parts::Tone::Plain, "intake-paper-free"),
        (true, _) => t.tag(tone(false), "intake-paper-lacks"),
    };
    Line {
        label: t.of(&paper.label).to_owned(),
        hint: paper.hint.as_ref().map(|hint| t.of(hint).to_owned()).unwrap_or_default(),
        state,
        there: files,
    }
}

async fn add(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let seen = seen(&asked).await?;
    let chosen = posted.get("paper").unwrap_or_default().to_owned();
    let mut read = posted.read();
    let found = wanted(&seen).into_iter().find(|paper| place(paper) == chosen);
    if found.is_none() {
        read.wrong("paper", "intake-wrong-paper");
    }
    if posted.files(SCAN).next().is_none() {
        read.wrong(SCAN, "intake-wrong-scan");
    }
    read.done()?;
    let found = found.ok_or_else(Problem::not_found)?;
    keep(&asked, &posted, &PaperPlaceV1 { paper: found.name, element: found.element }).await?;
    Ok(Turn::to(format!("{}/{PAPERS}", at(asked.text("application")))).saying("done-intake-paper"))
}

/// Puts the files of a form into the application. Sent twice, they are there once: the last one has the key.
pub(super) async fn keep(asked: &Asked, posted: &Posted, place: &PaperPlaceV1) -> Result<(), Problem> {
    if asked.earlier.is_some() {
        return Ok(());
    }
    let files: Vec<_> = posted.files(SCAN).collect();
    for (n, sent) in files.iter().enumerate() {
        let order = asked.order()?;
        let request = order.request.filter(|_| n + 1 == files.len());
        let order = Order { request, ..order };
        let kept = asked.office().add_paper(&order, id(asked)?, place, sent.bytes.to_vec()).await;
        kept.map_err(|error| at_scan(error.into(), n, files.len()))?;
    }
    Ok(())
}

/// What is wrong with a file, at the field it was put into; of several it says which.
fn at_scan(mut problem: Problem, n: usize, of: usize) -> Problem {
    if problem.status.is_server_error() || problem.status.as_u16() == 404 {
        return problem;
    }
    let which = |zh: &str, en: &str| match of {
        1 => (zh.to_owned(), en.to_owned()),
        _ => {
            let say = |lang| Words { lang }.text("intake-which-file").arg("n", n + 1).to_string();
            let (first, second) = (say(anmin_base::document::Lang::Zh), say(anmin_base::document::Lang::En));
            (format!("{first}{zh}"), format!("{second}{en}"))
        }
    };
    if problem.fields.is_empty() {
        let (zh, en) = which(&problem.text.zh, &problem.text.en);
        problem.fields.push(FieldError { at: SCAN.into(), zh, en });
    }
    for field in &mut problem.fields {
        SCAN.clone_into(&mut field.at);
    }
    problem
}

#[derive(Debug, Template)]
#[template(path = "intake/drop.html")]
struct DropPage {
    t: Words,
    shell: Shell,
    form: Form,
    above: Above,
    back: String,
    file: String,
}

async fn show_drop(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    let file = asked.text("file").to_owned();
    if !seen.handed_in.iter().any(|paper| paper.file == file) {
        return Err(Problem::not_found());
    }
    form.put("version", seen.version.to_string());
    let home = at(&seen.line.application);
    let shell = asked.shell("intake-drop").await?.wrong(form.is_wrong());
    let above = Above::of(t, &seen, PAPERS);
    let (back, file) = (format!("{home}/{PAPERS}"), format!("{home}/files/{file}"));
    Html::of(&DropPage { t, shell, form, above, back, file })
}

async fn drop(asked: Asked, _: NoQuery, _: Arc<Posted>) -> Result<Turn, Problem> {
    let input = DropPaperV1 { version: version(&asked), file: asked.text("file").to_owned() };
    let done: DraftDoneV1 =
        asked.once(asked.office().drop_paper(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to(format!("{}/{PAPERS}", at(&done.application))).saying("done-intake-dropped"))
}

async fn file(asked: Asked, _: NoQuery) -> Result<Paper, Problem> {
    seen(&asked).await?;
    let opened = asked.office().read_paper(&asked.order()?, id(&asked)?, asked.id("file")?).await?;
    Ok(Paper { bytes: opened.bytes.reveal().to_vec(), media: opened.file.kind, name: opened.file.file })
}
