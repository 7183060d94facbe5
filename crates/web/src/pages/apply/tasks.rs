//! The task list of an application: what is done, what is open, what cannot start yet.

use super::{MAY, at, page_at, seen, state_key};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, Went, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Bar, Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::applications::ApplicationV1;
use anmin_app::asking::{DeclarationSeenV1, SectionV1, StateV1};
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/my/applications/{application}", show).called("page_application").may(&[], MAY),
        page("/my/applications/{application}/sections/{page}", section).called("page_section").may(&[], MAY),
    ]
}

/// A line of a task list.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub href: Option<String>,
    pub text: String,
    pub state: Tag,
}

#[derive(Debug, Template)]
#[template(path = "apply/tasks.html")]
struct TasksPage {
    t: Words,
    shell: Shell,
    here: String,
    sections: Vec<Task>,
    papers: Vec<Task>,
    looked_up: Vec<String>,
    signing: Vec<Task>,
    last: Task,
    clashes: Vec<String>,
    bar: Bar,
    next: Option<(String, String)>,
    lapses: String,
}

pub(super) fn tag(t: Words, state: StateV1) -> Tag {
    let tone = match state {
        StateV1::Done => Tone::Good,
        StateV1::InProgress => Tone::Note,
        StateV1::NotStarted | StateV1::CannotStartYet | StateV1::Hidden => Tone::Plain,
    };
    t.tag(tone, state_key(state))
}

fn startable(state: StateV1) -> bool {
    !matches!(state, StateV1::CannotStartYet | StateV1::Hidden)
}

fn section_task(t: Words, application: &str, section: &SectionV1) -> Task {
    let open: Vec<_> = section.pages.iter().filter(|page| startable(page.state)).collect();
    // One page is gone to at once, several by a list of their own.
    let href = match open.as_slice() {
        [] => None,
        [one] => Some(page_at(application, &one.place, false)),
        _ if section.state == StateV1::NotStarted => Some(page_at(application, &open[0].place, false)),
        _ => Some(format!("{}/sections/{}", at(application), section.name)),
    };
    Task {
        href: href.filter(|_| startable(section.state)),
        text: t.of(&section.label).to_owned(),
        state: tag(t, section.state),
    }
}

fn signing_task(t: Words, here: &str, declaration: &DeclarationSeenV1, whole: bool) -> Vec<Task> {
    let told = declaration.signers.iter().map(|signer| {
        let state = match (signer.signed, whole) {
            (true, _) => StateV1::Done,
            (false, true) => StateV1::NotStarted,
            (false, false) => StateV1::CannotStartYet,
        };
        let ask = form_urlencoded::Serializer::new(String::new()).append_pair("of", &signer.element).finish();
        Task {
            href: startable(state).then(|| format!("{here}/sign/{}?{ask}", declaration.name)),
            text: t
                .text("apply-sign-line")
                .arg("what", t.of(&declaration.title))
                .arg("who", signer.name.as_str())
                .to_string(),
            state: tag(t, state),
        }
    });
    told.collect()
}

async fn show(asked: Asked, _: NoQuery) -> Result<Went, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    if let Some(case) = &seen.line.case {
        return Ok(Turn::to(format!("/my/cases/{case}")).into());
    }
    if seen.line.state != "open" {
        return Ok(Turn::to("/my/applications").into());
    }
    let here = at(&seen.line.application);
    let title = t.text("apply-title").arg("service", t.of(&seen.line.title));
    let shell = asked.shell(title).await?;
    let page = TasksPage {
        t,
        shell,
        sections: seen.sheet.sections.iter().map(|s| section_task(t, &seen.line.application, s)).collect(),
        papers: papers(t, &here, &seen),
        looked_up: looked_up(t, &seen),
        signing: seen.declarations.iter().flat_map(|d| signing_task(t, &here, d, seen.sheet.whole)).collect(),
        last: Task {
            href: seen.sheet.whole.then(|| format!("{here}/look")),
            text: t.text("apply-look").to_string(),
            state: tag(t, if seen.sheet.whole { StateV1::NotStarted } else { StateV1::CannotStartYet }),
        },
        clashes: seen.sheet.clashes.iter().map(|clash| t.lang.of(&clash.zh, &clash.en).clone()).collect(),
        bar: bar(t, &seen),
        next: next(t, &here, &seen),
        lapses: t.day(&seen.line.lapses_on),
        here,
    };
    Ok(Html::of(&page)?.into())
}

fn bar(t: Words, seen: &ApplicationV1) -> Bar {
    let pages = || seen.sheet.sections.iter().flat_map(|section| &section.pages);
    let open = pages().filter(|page| page.state != StateV1::CannotStartYet).count();
    let done = pages().filter(|page| page.state == StateV1::Done).count();
    let text = t.text("apply-progress").arg("done", done).arg("of", open).to_string();
    Bar { id: "progress", text, done: done as u64, of: open.max(1) as u64 }
}

/// What to go on with: the next page, then what is to be signed, then looking everything over.
pub(super) fn next(t: Words, here: &str, seen: &ApplicationV1) -> Option<(String, String)> {
    if let Some(place) = &seen.sheet.next {
        let pages = seen.sheet.sections.iter().flat_map(|section| &section.pages);
        let label = pages.filter(|page| page.place == *place).map(|page| t.of(&page.label)).next();
        let text = t.text("apply-go-on").arg("page", label.unwrap_or_default()).to_string();
        return Some((page_at(&seen.line.application, place, false), text));
    }
    let mine = |d: &&DeclarationSeenV1| d.signers.iter().any(|s| !s.signed && s.element == seen.applicant);
    if let Some(declaration) = seen.declarations.iter().find(mine) {
        let ask = form_urlencoded::Serializer::new(String::new()).append_pair("of", &seen.applicant).finish();
        let text = t.text("apply-go-on").arg("page", t.of(&declaration.title)).to_string();
        return Some((format!("{here}/sign/{}?{ask}", declaration.name), text));
    }
    Some((format!("{here}/look"), t.text("apply-look").to_string()))
}

fn papers(t: Words, here: &str, seen: &ApplicationV1) -> Vec<Task> {
    let wanted = seen.papers.iter().filter(|paper| paper.checked.is_none());
    let task = |paper: &anmin_app::asking::PaperWantedV1| {
        let there = seen.handed_in.iter().any(|h| h.paper == paper.name && h.element == paper.element);
        let mut ask = form_urlencoded::Serializer::new(String::new());
        if let Some(key) = &paper.element {
            ask.append_pair("of", key);
        }
        let ask = ask.finish();
        let mark = if ask.is_empty() { "" } else { "?" };
        Task {
            href: Some(format!("{here}/papers/{}{mark}{ask}", paper.name)),
            text: t.of(&paper.label).to_owned(),
            state: tag(t, if there { StateV1::Done } else { StateV1::NotStarted }),
        }
    };
    wanted.map(task).collect()
}

fn looked_up(t: Words, seen: &ApplicationV1) -> Vec<String> {
    let checked = seen.papers.iter().filter_map(|paper| Some((paper, paper.checked.as_ref()?)));
    checked
        .map(|(paper, by)| {
            t.text("apply-looked-up").arg("paper", t.of(&paper.label)).arg("by", t.of(by)).to_string()
        })
        .collect()
}

#[derive(Debug, Template)]
#[template(path = "apply/section.html")]
struct SectionPage {
    t: Words,
    shell: Shell,
    back: String,
    pages: Vec<Task>,
}

async fn section(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    let found = seen.sheet.sections.iter().find(|section| section.name == asked.text("page"));
    let found = found.ok_or_else(Problem::not_found)?;
    let shell = asked.shell(t.of(&found.label).to_owned()).await?;
    let task = |page: &anmin_app::asking::PageLineV1| Task {
        href: startable(page.state).then(|| page_at(&seen.line.application, &page.place, false)),
        text: t.of(&page.label).to_owned(),
        state: tag(t, page.state),
    };
    let pages = found.pages.iter().filter(|page| page.state != StateV1::Hidden).map(task).collect();
    Html::of(&SectionPage { t, shell, back: at(&seen.line.application), pages })
}
