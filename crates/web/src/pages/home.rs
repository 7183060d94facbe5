//! The first page, for whoever comes, and what a resident has under way.

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, Went, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, Tone, clock};
use crate::problem::Problem;
use crate::route::{Right, Route};
use crate::words::Words;
use anmin_app::case::LineV1;
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/", home).called("page_home").right(Right::Public),
        page("/my/cases", mine).called("page_my_cases").may(&[], &["progress_read"]),
    ]
}

/// A service as residents find it.
#[derive(Clone, Debug)]
struct Offer {
    /// The service, where one can check first.
    check: Option<String>,
    /// The service, where one can apply on these pages.
    apply: Option<String>,
    name: String,
    about: String,
    who: String,
    days: String,
}

#[derive(Debug, Template)]
#[template(path = "home/home.html")]
struct HomePage {
    t: Words,
    shell: Shell,
    offers: Vec<Offer>,
    cases: Vec<Case>,
}

/// A case as the one who applied reads it.
#[derive(Clone, Debug)]
struct Case {
    id: String,
    number: String,
    service: String,
    state: String,
    received: String,
    with: String,
    due: Option<Tag>,
}

async fn home(asked: Asked, _: NoQuery) -> Result<Went, Problem> {
    let t = asked.words();
    let shell = asked.shell("home-title").await?;
    if shell.is_staff() {
        return staff_home(&asked, shell);
    }
    let services = asked.office().services()?.into_iter().filter(|service| service.has_cases);
    let offers = services.map(|service| Offer {
        check: service.has_check.then(|| service.name.clone()),
        apply: service.has_form.then(|| service.name.clone()),
        name: t.of(&service.title).to_owned(),
        about: t.of(&service.about).to_owned(),
        who: service.who_may_apply.as_ref().map(|who| t.of(who).to_owned()).unwrap_or_default(),
        days: service
            .statutory_days
            .map(|days| t.text("home-days").arg("days", days).to_string())
            .unwrap_or_default(),
    });
    let offers = offers.collect();
    let cases = if shell.is_resident() { cases(&asked).await? } else { Vec::new() };
    Ok(Html::of(&HomePage { t, shell, offers, cases })?.into())
}

/// The first page of somebody who works here is the first of their side bar; whoever has none sees their posts.
fn staff_home(asked: &Asked, shell: Shell) -> Result<Went, Problem> {
    let t = shell.t;
    let Some(first) = shell.nav.first() else { return Ok(Html::of(&DeskPage { t, shell })?.into()) };
    let turn = Turn::to(&first.href);
    // What was just done is told there.
    Ok(match asked.done_word() {
        Some(word) => turn.saying(&word).into(),
        None => turn.into(),
    })
}

#[derive(Debug, Template)]
#[template(path = "home/desk.html")]
struct DeskPage {
    t: Words,
    shell: Shell,
}

async fn cases(asked: &Asked) -> Result<Vec<Case>, Problem> {
    let own = asked.office().own_cases(&asked.order()?).await?;
    Ok(own.cases.iter().map(|line| told(asked, line)).collect())
}

fn told(asked: &Asked, line: &LineV1) -> Case {
    let t = asked.words();
    let service = asked.office().services().unwrap_or_default().into_iter().find(|s| s.name == line.service);
    let due = line.due_on.as_ref().map(|_| clock(t, &line.mark, line.due_on.as_deref(), asked.now.on));
    Case {
        id: line.id.clone(),
        number: line.number.clone(),
        service: service
            .map(|service| t.of(&service.title).to_owned())
            .unwrap_or_else(|| line.service.clone()),
        state: t.of(&line.state_name).to_owned(),
        received: t.day(&line.received_on),
        with: line.unit.clone().unwrap_or_else(|| line.area.clone()),
        due,
    }
}

#[derive(Debug, Template)]
#[template(path = "home/mine.html")]
struct MinePage {
    t: Words,
    shell: Shell,
    cases: Vec<Case>,
    empty: Empty,
}

async fn mine(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let shell = asked.shell("home-mine").await?;
    let cases = cases(&asked).await?;
    let empty = Empty::new(t, "home-mine-none", "home-mine-none-more");
    Html::of(&MinePage { t, shell, cases, empty })
}
