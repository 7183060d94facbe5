//! What is posted where one lives, and objecting to it.

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, clock};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::case::{NoticeV1, ObjectedV1};
use anmin_app::files::StatementV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let list = page("/notices", list).called("page_notices").may(&[], &["notice_object"]);
    let object = form("/notices/{notice}", show, object)
        .called("page_notice", "do_object")
        .may(&[], &["notice_object"])
        .key(Key::Of("object_to_notice"));
    [list].into_iter().chain(object).collect()
}

/// A notice as it stands on the page.
#[derive(Clone, Debug)]
struct Line {
    href: String,
    name: String,
    service: String,
    area: String,
    persons: usize,
    from: String,
    until: String,
    left: Option<Tag>,
}

fn line(asked: &Asked, notice: &NoticeV1) -> Line {
    let t = asked.words();
    Line {
        href: format!("/notices/{}", notice.notice),
        name: notice.name.clone(),
        service: t.of(&notice.service_name).to_owned(),
        area: notice.area.clone(),
        persons: notice.persons,
        from: t.day(&notice.from),
        until: notice.until.as_deref().map(|day| t.day(day)).unwrap_or_default(),
        left: notice.until.as_deref().map(|day| clock(t, "green", Some(day), asked.now.on)),
    }
}

#[derive(Debug, Template)]
#[template(path = "my/notices.html")]
struct NoticesPage {
    t: Words,
    shell: Shell,
    lines: Vec<Line>,
    empty: Empty,
}

async fn list(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let notices = asked.office().notices(&asked.order()?).await?;
    let shell = asked.shell("my-notices").await?;
    let lines = notices.iter().map(|notice| line(&asked, notice)).collect();
    Html::of(&NoticesPage {
        t,
        shell,
        lines,
        empty: Empty::new(t, "my-notices-none", "my-notices-none-more"),
    })
}

#[derive(Debug, Template)]
#[template(path = "my/notice.html")]
struct NoticePage {
    t: Words,
    shell: Shell,
    form: Form,
    line: Line,
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let notices = asked.office().notices(&asked.order()?).await?;
    let found = notices.iter().find(|notice| notice.notice == asked.text("notice"));
    let line = line(&asked, found.ok_or_else(Problem::not_found)?);
    let shell = asked.shell("my-object").await?.wrong(form.is_wrong());
    Html::of(&NoticePage { t: shell.t, shell, form, line })
}

async fn object(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let text = read.text("text");
    read.done()?;
    let (order, notice) = (asked.order()?, asked.id("notice")?);
    let objected = asked.office().object_to_notice(&order, notice, StatementV1 { text });
    let _: ObjectedV1 = asked.once(objected).await?;
    Ok(Turn::to("/notices").saying("done-objected"))
}
