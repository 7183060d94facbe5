//! Beginning an application, going on with one, and discarding one.

use super::{MAY, at, id, seen, version};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::applications::{ApplicationLineV1, ApplicationV1, DraftDoneV1, StartApplicationV1, VersionV1};
use anmin_app::services::ServiceV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let begin = form("/apply/{service}", show, start)
        .called("page_apply", "do_apply")
        .may(&[], MAY)
        .key(Key::Of("start_application"));
    let list = page("/my/applications", list).called("page_my_applications").may(&[], MAY);
    let discard = form("/my/applications/{application}/discard", show_discard, discard)
        .called("page_discard", "do_discard")
        .may(&[], MAY)
        .key(Key::Of("discard_application"));
    begin.into_iter().chain([list]).chain(discard).collect()
}

#[derive(Debug, Template)]
#[template(path = "apply/begin.html")]
struct BeginPage {
    t: Words,
    shell: Shell,
    form: Form,
    service: ServiceV1,
    /// One that was begun before.
    open: Option<String>,
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let services = asked.office().services()?;
    let service =
        services.into_iter().find(|service| service.name == asked.text("service") && service.has_form);
    let service = service.ok_or_else(Problem::not_found)?;
    let open = asked.office().list_applications(&asked.order()?, false).await?;
    let open = open.into_iter().find(|line| line.service == service.name && !line.counter);
    let title = t.text("apply-title").arg("service", t.of(&service.title));
    let shell = asked.shell(title).await?.wrong(form.is_wrong());
    Html::of(&BeginPage { t, shell, form, service, open: open.map(|line| at(&line.application)) })
}

async fn start(asked: Asked, _: NoQuery, _: Arc<Posted>) -> Result<Turn, Problem> {
    let input =
        StartApplicationV1 { service: asked.text("service").to_owned(), ..StartApplicationV1::default() };
    let made: Result<DraftDoneV1, Problem> =
        asked.once(asked.office().start_application(&asked.order()?, input)).await;
    match made {
        Ok(made) => Ok(Turn::to(at(&made.application))),
        // The one that was begun before is the one to go on with.
        Err(problem) if problem.code == "begun_already" => {
            let before = problem.difference.as_ref().and_then(|d| d["application"].as_str().map(at));
            before.map(Turn::to).ok_or(problem)
        }
        Err(problem) => Err(problem),
    }
}

/// An application in the list.
#[derive(Clone, Debug)]
struct Line {
    href: String,
    title: String,
    name: String,
    changed: String,
    lapses: String,
    state: Tag,
    open: bool,
}

#[derive(Debug, Template)]
#[template(path = "apply/list.html")]
struct ListPage {
    t: Words,
    shell: Shell,
    lines: Vec<Line>,
    empty: Empty,
}

async fn list(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let all = asked.office().list_applications(&asked.order()?, true).await?;
    let shell = asked.shell("apply-mine").await?;
    let empty = Empty::new(t, "apply-none", "apply-none-more");
    let shown = all.iter().filter(|line| !line.counter && line.state != "discarded");
    Html::of(&ListPage { t, shell, lines: shown.map(|one| line(t, one)).collect(), empty })
}

fn line(t: Words, line: &ApplicationLineV1) -> Line {
    let (tone, key) = match line.state.as_str() {
        "open" => (Tone::Note, "apply-open"),
        "submitted" => (Tone::Good, "apply-submitted"),
        _ => (Tone::Plain, "apply-lapsed"),
    };
    Line {
        href: match &line.case {
            Some(case) => format!("/my/cases/{case}"),
            None => at(&line.application),
        },
        title: t.of(&line.title).to_owned(),
        name: line.name.clone(),
        changed: t.day(&line.changed_on),
        lapses: t.day(&line.lapses_on),
        state: t.tag(tone, key),
        open: line.state == "open",
    }
}

#[derive(Debug, Template)]
#[template(path = "apply/discard.html")]
struct DiscardPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    seen: ApplicationV1,
    sure: Vec<Choice>,
}

async fn show_discard(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let seen = seen(&asked).await?;
    form.put("version", seen.version.to_string());
    let shell = asked.shell("apply-discard").await?.wrong(form.is_wrong());
    let sure = vec![Choice::new("true", "apply-discard-sure")];
    let back = at(&seen.line.application);
    Html::of(&DiscardPage { t: shell.t, shell, form, back, seen, sure })
}

async fn discard(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    if !posted.has("sure") {
        read.wrong("sure", "my-not-sure");
    }
    read.done()?;
    let input = VersionV1 { version: version(&asked) };
    let _: DraftDoneV1 =
        asked.once(asked.office().discard_application(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to("/my/applications").saying("done-discarded"))
}
