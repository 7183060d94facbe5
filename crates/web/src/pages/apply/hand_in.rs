//! Everything once more, handing it in, and what comes of it.

use super::{MAY, at, id, page_at, seen, version};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::Panel;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::applications::{SubmittedV1, VersionV1};
use anmin_app::asking::{PageSeenV1, StateV1};
use anmin_app::case::ProgressV1;
use anmin_app::deployment::Id;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let look = form("/my/applications/{application}/look", show, hand_in)
        .called("page_look", "do_hand_in")
        .may(&[], MAY)
        .key(Key::Of("submit_application"));
    let done = page("/my/applications/{application}/handed-in", done).called("page_handed_in").may(&[], MAY);
    look.into_iter().chain([done]).collect()
}

/// An answer, to look at once more.
#[derive(Clone, Debug)]
struct Answer {
    question: String,
    answer: String,
}

/// A page with its answers.
#[derive(Clone, Debug)]
struct Answered {
    title: String,
    change: String,
    answers: Vec<Answer>,
}

#[derive(Debug, Template)]
#[template(path = "apply/look.html")]
struct LookPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    pages: Vec<Answered>,
    papers: Vec<String>,
    unsigned: Vec<String>,
    clashes: Vec<String>,
    ready: bool,
    whole: bool,
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    let pages = asked.office().check_answers(&asked.order()?, id(&asked)?).await?;
    form.put("version", seen.version.to_string());
    let shell = asked.shell("apply-look").await?.wrong(form.is_wrong());
    let open =
        seen.declarations.iter().flat_map(|d| d.signers.iter().filter(|s| !s.signed).map(move |s| (d, s)));
    let papers = seen.handed_in.iter().filter_map(|h| {
        let wanted = seen.papers.iter().find(|p| p.name == h.paper && p.element == h.element)?;
        Some(t.of(&wanted.label).to_owned())
    });
    let page = LookPage {
        t,
        shell,
        form,
        back: at(&seen.line.application),
        pages: pages.iter().map(|page| answered(t, &seen.line.application, page)).collect(),
        papers: papers.collect(),
        unsigned: open
            .map(|(d, s)| {
                t.text("apply-sign-line").arg("what", t.of(&d.title)).arg("who", s.name.as_str()).to_string()
            })
            .collect(),
        clashes: seen.sheet.clashes.iter().map(|clash| t.lang.of(&clash.zh, &clash.en).clone()).collect(),
        ready: seen.ready,
        whole: seen.sheet.whole,
    };
    Html::of(&page)
}

fn answered(t: Words, application: &str, page: &PageSeenV1) -> Answered {
    let listed = page.listed.iter().flatten().enumerate().map(|(n, one)| Answer {
        question: t.text("apply-name").arg("n", n + 1).to_string(),
        answer: one.name.clone(),
    });
    let asked =
        page.questions.iter().filter(|q| !matches!(q.state, StateV1::Hidden | StateV1::CannotStartYet));
    let told = asked.map(|question| {
        let value = match (&question.value_name, &question.value) {
            (Some(name), _) => t.of(name).to_owned(),
            (None, Some(value)) => match question.unit {
                Some(_) => t.text("apply-yuan").arg("amount", value.as_str()).to_string(),
                None => value.clone(),
            },
            (None, None) => t.text("apply-no-answer").to_string(),
        };
        Answer { question: t.of(&question.label).to_owned(), answer: value }
    });
    let nobody = page.listed.as_ref().is_some_and(Vec::is_empty);
    let none = page
        .nobody
        .as_ref()
        .filter(|_| nobody)
        .map(|words| Answer { question: t.of(&page.label).to_owned(), answer: t.of(words).to_owned() });
    Answered {
        title: t.of(&page.label).to_owned(),
        change: page_at(application, &page.place, true),
        answers: listed.chain(told).chain(none).collect(),
    }
}

async fn hand_in(asked: Asked, _: NoQuery, _: Arc<Posted>) -> Result<Turn, Problem> {
    let input = VersionV1 { version: version(&asked) };
    let done: SubmittedV1 =
        asked.once(asked.office().submit_application(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to(format!("{}/handed-in", at(&done.application))))
}

#[derive(Debug, Template)]
#[template(path = "apply/done.html")]
struct DonePage {
    t: Words,
    shell: Shell,
    panel: Panel,
    seen: ProgressV1,
    days: Option<u32>,
    receipt: Option<String>,
    case: String,
}

/// That it is handed in: the number, what happens now, until when.
async fn done(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let line = seen(&asked).await?.line;
    let case = line.case.as_deref().and_then(Id::parse).ok_or_else(Problem::not_found)?;
    let order = asked.order()?;
    let seen = asked.office().progress(&order, case).await?;
    let letters = asked.office().letters(&order, case).await?;
    let receipt = letters.iter().find(|letter| !letter.board && !letter.documents.is_empty());
    let services = asked.office().services()?;
    let here = format!("/my/cases/{case}");
    let page = DonePage {
        t,
        shell: asked.shell("apply-handed-in").await?,
        panel: Panel {
            title: t.text("apply-handed-in").to_string(),
            label: t.text("my-number").to_string(),
            number: seen.number.clone(),
        },
        days: services.iter().find(|service| service.name == line.service).and_then(|s| s.statutory_days),
        receipt: receipt.map(|letter| format!("{here}/letters/{}", letter.number)),
        case: here,
        seen,
    };
    Html::of(&page)
}
