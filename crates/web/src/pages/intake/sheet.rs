//! A section of the form on one screen: saved together, all that is wrong told at once, and on to the next.

use super::fields::{Card, Typed, cards};
use super::{AboutV1, Above, MAY, PAPERS, at, id, reader, seen, version};
use crate::asked::Asked;
use crate::page::{Html, Turn, Went, form};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::applications::{ApplicationV1, DraftDoneV1, ManyPagesV1, ScreenPageV1};
use anmin_app::asking::{SectionV1, StateV1};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let sheet = form("/intake/{application}", show, save)
        .called("page_intake_sheet", "do_intake_save")
        .may(MAY, &[])
        .key(Key::Of("save_pages"));
    sheet.into_iter().collect()
}

#[derive(Debug, Template)]
#[template(path = "intake/sheet.html")]
struct SheetPage {
    t: Words,
    shell: Shell,
    form: Form,
    above: Above,
    section: String,
    hints: Vec<String>,
    cards: Vec<Card>,
    /// Pages of the section that are not done, where some are.
    lacks: Vec<String>,
    clashes: Vec<String>,
    /// Whether people can be added here.
    adds: bool,
    reader: &'static str,
}

/// Empty places that stand ready: two where nobody has been written yet.
const READY: usize = 2;

async fn show(asked: Asked, ask: AboutV1, form: Form) -> Result<Html, Problem> {
    let seen = seen(&asked).await?;
    // A form that is shown again is of the section it was of, wherever the rest has got to.
    let typed = form.typed().get("section").map(str::to_owned);
    let ask = AboutV1 { section: typed.or(ask.section), ..AboutV1::default() };
    match over(&asked, &seen).await? {
        Some(page) => Ok(page),
        None => screen(&asked, &ask, &seen, form, 0).await,
    }
}

#[derive(Debug, Template)]
#[template(path = "intake/over.html")]
struct OverPage {
    t: Words,
    shell: Shell,
    text: String,
    to: String,
    link: String,
}

/// What is shown of an application that is not open any more.
pub(super) async fn over(asked: &Asked, seen: &ApplicationV1) -> Result<Option<Html>, Problem> {
    let t = asked.words();
    let (text, to, link) = match seen.line.state.as_str() {
        "open" => return Ok(None),
        "submitted" => {
            ("intake-over-sent", format!("{}/done", at(&seen.line.application)), "intake-over-sent-link")
        }
        "discarded" => ("intake-over-discarded", "/intake".to_owned(), "intake-to-desk"),
        _ => ("intake-over-lapsed", "/intake".to_owned(), "intake-to-desk"),
    };
    let shell = asked.shell("intake-over").await?;
    let (text, link) = (t.text(text).to_string(), t.text(link).to_string());
    Html::of(&OverPage { t, shell, text, to, link }).map(Some)
}

/// The section that is asked for, or the first that is not done.
fn section<'a>(seen: &'a ApplicationV1, ask: &AboutV1) -> Result<&'a SectionV1, Problem> {
    let mut all = seen.sheet.sections.iter().filter(|section| section.state != StateV1::Hidden);
    let found = match &ask.section {
        Some(name) => all.find(|section| section.name == *name),
        None => all.clone().find(|section| section.state != StateV1::Done).or_else(|| all.next()),
    };
    found.ok_or_else(Problem::not_found)
}

/// How many empty places a section has: as many as were there, or what somebody who begins needs. A family that the register
/// knows has its places already.
fn places(form: &Posted, section: &SectionV1) -> usize {
    let begun = matches!(section.state, StateV1::Done | StateV1::InProgress);
    let mut people: Vec<&str> =
        section.pages.iter().filter_map(|page| page.place.element.as_deref()).collect();
    people.sort_unstable();
    people.dedup();
    let ready = if begun || people.len() > 1 { 0 } else { READY };
    form.get("more").and_then(|more| more.parse().ok()).unwrap_or(ready)
}

async fn screen(
    asked: &Asked,
    ask: &AboutV1,
    seen: &ApplicationV1,
    mut form: Form,
    add: usize,
) -> Result<Html, Problem> {
    let t = asked.words();
    let section = section(seen, ask)?;
    let more = places(form.typed(), section) + add;
    let office = asked.office();
    let screen = office.show_screen(&asked.order()?, id(asked)?, &section.name, more).await?;
    form.put("version", seen.version.to_string());
    form.put("section", section.name.clone());
    form.put("more", more.to_string());
    let cards = cards(t, &mut form, &screen.pages, &seen.filled);
    let here = &section.name;
    let title =
        t.text("intake-sheet-title").arg("name", seen.line.name.as_str()).arg("part", t.of(&section.label));
    let page = SheetPage {
        t,
        shell: asked.shell(Say::Text(title.to_string())).await?.wrong(form.is_wrong()),
        above: Above::of(t, seen, here),
        section: t.of(&section.label).to_owned(),
        hints: hints(t, &screen.pages),
        lacks: if section.state == StateV1::InProgress { lacks(t, section) } else { Vec::new() },
        clashes: seen.sheet.clashes.iter().map(|clash| t.lang.of(&clash.zh, &clash.en).clone()).collect(),
        adds: screen.pages.iter().any(|one| one.page.kind == "list"),
        reader: reader(asked),
        cards,
        form,
    };
    Html::of(&page).map(Html::reads_cards)
}

/// What pages say below their headings, each once.
fn hints(t: Words, pages: &[ScreenPageV1]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for hint in pages.iter().filter_map(|one| one.page.hint.as_ref()) {
        let text = t.of(hint);
        if !all.iter().any(|known| known == text) {
            all.push(text.to_owned());
        }
    }
    all
}

fn lacks(t: Words, section: &SectionV1) -> Vec<String> {
    let open = |page: &&anmin_app::asking::PageLineV1| {
        matches!(page.state, StateV1::NotStarted | StateV1::InProgress)
    };
    section.pages.iter().filter(open).map(|page| t.of(&page.label).to_owned()).collect()
}

async fn save(asked: Asked, ask: AboutV1, posted: Arc<Posted>) -> Result<Went, Problem> {
    let seen_now = seen(&asked).await?;
    let ask = AboutV1 { section: posted.get("section").map(str::to_owned).or(ask.section), ..ask };
    if posted.has("add") {
        let form = Form::again(&asked, &posted).quiet();
        return Ok(screen(&asked, &ask, &seen_now, form, 1).await?.into());
    }
    let found = section(&seen_now, &ask)?;
    let later = posted.has("later");
    let office = asked.office();
    let more = places(&posted, found);
    let screen = office.show_screen(&asked.order()?, id(&asked)?, &found.name, more).await?;
    let typed = Typed::read(&posted, &screen.pages);
    if !typed.pages.is_empty() {
        let input = ManyPagesV1 { version: version(&asked), pages: typed.pages.clone(), partly: later };
        let order = asked.order()?;
        let saved = office.save_pages(&order, id(&asked)?, input);
        let done: Result<DraftDoneV1, Problem> = asked.once(saved).await;
        done.map_err(|problem| typed.at_fields(problem, &screen.pages))?;
    }
    if later {
        return Ok(Turn::to("/intake").saying("done-saved").into());
    }
    Ok(onward(&seen(&asked).await?, &found.name).into())
}

/// On: what an answer has opened in the same section first, then the next section, then the papers.
fn onward(seen: &ApplicationV1, from: &str) -> Turn {
    let home = at(&seen.line.application);
    let all = &seen.sheet.sections;
    let open = |section: &&SectionV1| !matches!(section.state, StateV1::Done | StateV1::Hidden);
    let here = all.iter().position(|section| section.name == from).unwrap_or_default();
    if open(&&all[here]) {
        return Turn::to(format!("{home}?section={from}")).saying("done-intake-more");
    }
    let after = all.iter().skip(here).chain(all.iter().take(here)).find(open);
    match after {
        Some(section) => Turn::to(format!("{home}?section={}", section.name)),
        None => Turn::to(format!("{home}/{PAPERS}")),
    }
}
