//! One post: what it allows in plain words; approved by another than who proposed it, refused, renewed, ended early.

use super::posts::{Allows, Line, line};
use super::{PEOPLE, below, may};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Button, Field, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::staff::{DoneV1, EndPostV1, PostLineV1, RefusePostV1, RenewPostV1};
use anmin_base::date::Date;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let all = [
        form("/admin/posts/{post}", show, approve)
            .called("page_post", "do_approve_post")
            .may(PEOPLE, &[])
            .key(Key::Of("approve_post")),
        form("/admin/posts/{post}/refusal", show_refusal, refuse)
            .called("page_refuse_post", "do_refuse_post")
            .may(&["post_propose", "post_approve"], &[])
            .key(Key::Of("refuse_post")),
        form("/admin/posts/{post}/renewal", show_renewal, renew)
            .called("page_renew_post", "do_renew_post")
            .may(&["post_propose"], &[])
            .key(Key::Of("renew_post")),
        form("/admin/posts/{post}/ending", show_ending, end)
            .called("page_end_post", "do_end_post")
            .may(&["post_propose"], &[])
            .key(Key::Of("end_post")),
    ];
    all.into_iter().flatten().collect()
}

#[derive(Debug, Template)]
#[template(path = "admin/post.html")]
struct PostPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    post: Line,
    subjects: String,
    from: String,
    to: String,
    proposed_by: String,
    delegated_by: String,
    flawed: String,
    /// Whether it waits for a second person, and whether the reader is the first.
    proposed: bool,
    own: bool,
    /// Whether it is the reader's own post: then they do nothing with it.
    holder: bool,
    in_force: bool,
    allows: Option<Allows>,
}

async fn one(asked: &Asked) -> Result<PostLineV1, Problem> {
    let post = asked.text("post");
    let found = asked.office().posts(&asked.order()?).await?;
    found.into_iter().find(|line| line.post == post).ok_or_else(Problem::not_found)
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let post = one(&asked).await?;
    form.put("version", post.version.unwrap_or_default().to_string());
    let roles = asked.office().roles().roles;
    let role = roles.iter().find(|role| role.role == post.role);
    let labels = role.map(|role| role.subjects.as_slice()).unwrap_or_default();
    let subjects: Vec<&str> = post
        .subjects
        .iter()
        .map(|name| {
            labels.iter().find(|label| label.name == *name).map_or(name.as_str(), |label| t.of(&label.label))
        })
        .collect();
    let named = |id: &Option<String>| {
        let id = id.as_ref().and_then(|id| anmin_app::deployment::Id::parse(id)).map(|id| id.0);
        id.and_then(|id| asked.office().staff_called(id)).unwrap_or_default()
    };
    let me = anmin_app::deployment::Id(asked.caller()?.person.0).to_string();
    let shell = asked.shell("admin-post").await?.wrong(form.is_wrong());
    Html::of(&PostPage {
        t,
        crumbs: below(t, "/admin/posts", "admin-posts"),
        subjects: subjects.join(&t.text("supervision-and").to_string()),
        from: t.day(&post.from),
        to: t.day(&post.to),
        proposed_by: named(&post.proposed_by),
        delegated_by: named(&post.delegated_by),
        flawed: post.flawed.clone().unwrap_or_default(),
        proposed: post.state == "proposed",
        own: post.proposed_by.as_ref() == Some(&me),
        holder: post.person == me,
        in_force: post.state == "approved" && may(&asked, &["post_propose"]),
        allows: role.map(|role| Allows::of(t, role)),
        post: line(t, &post, asked.now.on),
        form,
        shell,
    })
}

fn version(posted: &Posted) -> Result<i64, Problem> {
    let mut read = posted.read();
    let version = read.number("version");
    read.done()?;
    Ok(version.unwrap_or_default())
}

async fn approve(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let (post, version) = (asked.id("post")?, version(&posted)?);
    let _: DoneV1 = asked.once(asked.office().approve_post(&asked.order()?, post, version)).await?;
    Ok(Turn::to(format!("/admin/posts/{post}")).saying("done-post-approved"))
}

#[derive(Debug, Template)]
#[template(path = "admin/post_step.html")]
struct StepPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    post: Line,
    about: String,
    button: Button,
    day: Option<Field>,
    reason: bool,
}

impl StepPage {
    async fn of(asked: &Asked, title: &'static str, mut form: Form) -> Result<StepPage, Problem> {
        let t = asked.words();
        let post = one(asked).await?;
        form.put("version", post.version.unwrap_or_default().to_string());
        let shell = asked.shell(title).await?.wrong(form.is_wrong());
        let crumbs = below(t, "/admin/posts", "admin-posts");
        let crumbs = crumbs.to(format!("/admin/posts/{}", post.post), "admin-post");
        let about = t.text(format!("{title}-about")).to_string();
        let button = form.button(title).hot();
        Ok(StepPage {
            t,
            shell,
            crumbs,
            form,
            post: line(t, &post, asked.now.on),
            about,
            button,
            day: None,
            reason: true,
        })
    }
}

async fn show_refusal(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let page = StepPage::of(&asked, "admin-post-refuse", form).await?;
    Html::of(&StepPage { button: page.button.danger(), ..page })
}

async fn refuse(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let reason = read.text("reason");
    let version = read.number("version").unwrap_or_default();
    read.done()?;
    let input = RefusePostV1 { post: asked.text("post").to_owned(), version, reason };
    let _: DoneV1 = asked.once(asked.office().refuse_post(&asked.order()?, &input)).await?;
    Ok(Turn::to("/admin/posts?show=proposed").saying("done-post-refused"))
}

async fn show_renewal(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let post = one(&asked).await?;
    let first =
        post.to.parse::<Date>().map(|last| last.add_days(1)).unwrap_or(asked.now.on).max(asked.now.on);
    form.fill("to", first.add_years(1).add_days(-1).to_string());
    let page = StepPage::of(&asked, "admin-post-renew", form).await?;
    Html::of(&StepPage {
        reason: false,
        day: Some(page.form.date("to", "admin-to").hint("admin-to-hint").width(10).required()),
        ..page
    })
}

async fn renew(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let to = read.day("to");
    read.done()?;
    let to = to.map(|day| day.to_string()).unwrap_or_default();
    let input = RenewPostV1 { post: asked.text("post").to_owned(), to };
    let order = asked.order()?;
    let renewed = asked.once(asked.office().renew_post(&order, &input)).await;
    let done: DoneV1 =
        renewed.map_err(|problem: Problem| problem.called(&[("terms", "to"), ("terms.to", "to")]))?;
    Ok(Turn::to(format!("/admin/posts/{}", done.id)).saying("done-post-proposed"))
}

async fn show_ending(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    form.fill("last", asked.now.on.to_string());
    let page = StepPage::of(&asked, "admin-post-end", form).await?;
    let day = page.form.date("last", "admin-last").hint("admin-last-hint").width(10).required();
    Html::of(&StepPage { button: page.button.danger(), day: Some(day), ..page })
}

async fn end(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (last, reason) = (read.day("last"), read.text("reason"));
    let version = read.number("version").unwrap_or_default();
    read.done()?;
    let last = last.map(|day| day.to_string()).unwrap_or_default();
    let input = EndPostV1 { post: asked.text("post").to_owned(), version, last, reason };
    let _: DoneV1 = asked.once(asked.office().end_post(&asked.order()?, &input)).await?;
    Ok(Turn::to("/admin/posts").saying("done-post-ended"))
}
