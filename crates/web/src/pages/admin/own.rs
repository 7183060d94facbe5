//! One's own posts: delegated to a colleague for some days, and taken back.

use super::posts::{Line, line};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, button, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Empty;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::staff::{ColleagueV1, DelegateV1, DoneV1, PostLineV1};
use askama::Template;
use std::sync::Arc;

const DELEGATE: &[&str] = &["post_delegate"];

pub(super) fn routes() -> Vec<Route> {
    let own = form("/posts", show, delegate).called("page_own_posts", "do_delegate_post");
    let mut all: Vec<Route> = own.may(DELEGATE, &[]).key(Key::Of("delegate_post")).routes().into();
    all.push(
        button("/posts/{post}/taking-back", take_back)
            .called("do_take_back")
            .may(DELEGATE, &[])
            .key(Key::Of("take_back")),
    );
    all
}

/// Something delegated, with the form to take it back.
#[derive(Debug)]
struct Delegated {
    line: Line,
    form: Form,
}

#[derive(Debug, Template)]
#[template(path = "admin/own.html")]
struct OwnPage {
    t: Words,
    shell: Shell,
    form: Form,
    posts: Vec<Line>,
    delegated: Vec<Delegated>,
    choices: Vec<Choice>,
    people: Vec<Choice>,
    empty: Empty,
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let (t, on) = (asked.words(), asked.now.on);
    let (office, order) = (asked.office(), asked.order()?);
    let own = office.own_posts(&order).await?;
    form.fill("from", on.to_string());
    let roles = office.roles().roles;
    let may = |post: &&PostLineV1| {
        let begun = post.from.as_str() <= on.to_string().as_str();
        begun
            && post.delegated_by.is_none()
            && roles.iter().any(|role| role.role == post.role && role.delegable)
    };
    let post = |post: &PostLineV1| {
        let text = t.text("admin-own-choice").arg("role", t.of(&post.role_name)).arg("area", &post.area_name);
        Choice::new(&post.post, Say::Text(text.arg("to", t.day(&post.to)).to_string()))
    };
    let mut choices: Vec<Choice> = own.posts.iter().filter(may).map(post).collect();
    if choices.len() > 1 {
        choices.insert(0, Choice::new("", "supervision-choose"));
    }
    let mut known = office.colleagues(&order).await?;
    known.sort_by(|a, b| (&a.units, &a.name).cmp(&(&b.units, &b.name)));
    let and = t.text("supervision-and").to_string();
    let colleague = |one: &ColleagueV1| {
        let text = t.text("supervision-successor").arg("name", &one.name).arg("post", one.units.join(&and));
        Choice::new(&one.person, Say::Text(text.to_string()))
    };
    let me = anmin_app::deployment::Id(asked.caller()?.person.0).to_string();
    let others = known.iter().filter(|one| one.person != me).map(colleague);
    let people = std::iter::once(Choice::new("", "supervision-choose")).chain(others).collect();
    let mut delegated = Vec::new();
    for post in &own.delegated {
        let mut form = Form::of_command(&asked, "take_back")?;
        form.put("version", post.version.unwrap_or_default().to_string());
        delegated.push(Delegated { line: line(t, post, on), form });
    }
    let shell = asked.shell("admin-own").await?.wrong(form.is_wrong());
    let empty = Empty::new(t, "admin-own-none", "admin-own-none-more");
    let posts = own.posts.iter().map(|post| line(t, post, on)).collect();
    Html::of(&OwnPage { t, shell, form, posts, delegated, choices, people, empty })
}

async fn delegate(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (post, person) = (read.text("post"), read.text("person"));
    let (from, to) = (read.day("from"), read.day("to"));
    read.done()?;
    let text = |day: Option<anmin_base::date::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let input = DelegateV1 { post, person, area: None, subjects: None, from: text(from), to: text(to) };
    let order = asked.order()?;
    let done = asked.once(asked.office().delegate_post(&order, &input)).await;
    let _: DoneV1 = done.map_err(|problem: Problem| problem.called(&[("terms", "to")]))?;
    Ok(Turn::to("/posts").saying("done-delegated"))
}

async fn take_back(asked: Asked, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let version = read.number("version").unwrap_or_default();
    read.done()?;
    let _: DoneV1 = asked.once(asked.office().take_back(&asked.order()?, asked.id("post")?, version)).await?;
    Ok(Turn::to("/posts").saying("done-taken-back"))
}
