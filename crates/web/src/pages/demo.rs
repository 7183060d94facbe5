//! What only a demonstration has: the bar on every page, whom to sign in as, the next day, and a tour of it.

mod phone;
mod tour;

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::guard::cookie;
use crate::page::{Html, Turn, button, page};
use crate::pages::layout::Shell;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Right, Route};
use crate::routes::session::LASTS;
use crate::words::Words;
use anmin_app::demo::DemoPerson;
use anmin_app::deployment::Id;
use anmin_app::entry::WhoV1;
use anmin_base::date::Date;
use askama::Template;
use askama::filters::HtmlSafe;
use std::sync::{Arc, PoisonError};

pub(super) fn routes() -> Vec<Route> {
    let all = [
        page("/demo", tour::show).called("page_demo_tour"),
        page("/demo/people", people).called("page_demo_people"),
        button("/demo/sign-in", become_somebody).called("do_demo_sign_in"),
        button("/demo/next-day", next_day).called("do_next_day"),
    ];
    all.into_iter().chain(phone::routes()).map(|route| route.right(Right::Public)).collect()
}

/// The bar of a demonstration.
#[derive(Clone, Debug, Template)]
#[template(path = "demo/bar.html")]
pub(crate) struct Bar {
    t: Words,
    /// The day it has come to.
    day: String,
    address: String,
    who: String,
    some: Arc<[DemoPerson]>,
}
impl HtmlSafe for Bar {}

pub(crate) async fn bar(asked: &Asked, who: Option<&WhoV1>) -> Result<Bar, Problem> {
    let t = asked.words();
    let named = |who: &WhoV1| {
        let role = who.posts.first().map(|post| t.of(&post.role_name).to_owned());
        let role = role.unwrap_or_else(|| t.text("demo-resident").to_string());
        format!("{} {role}", who.name)
    };
    Ok(Bar {
        t,
        day: asked.now.on.to_string(),
        address: asked.address.clone(),
        who: who.map(named).unwrap_or_default(),
        some: personas(asked).await?,
    })
}

/// So many residents stand in the bar.
const RESIDENTS: usize = 3;

/// One of each role, and some residents: who a walk through the demonstration needs.
async fn personas(asked: &Asked) -> Result<Arc<[DemoPerson]>, Problem> {
    let kept = &asked.site.inner.personas;
    let known = kept.read().unwrap_or_else(PoisonError::into_inner).clone();
    if !known.is_empty() {
        return Ok(known);
    }
    let mut some: Vec<DemoPerson> = Vec::new();
    for person in asked.office().demo_people(asked.now).await? {
        let same = some.iter().filter(|one| one.role == person.role).count();
        if same < if person.role.is_none() { RESIDENTS } else { 1 } {
            some.push(person);
        }
    }
    let some: Arc<[DemoPerson]> = some.into();
    *kept.write().unwrap_or_else(PoisonError::into_inner) = some.clone();
    Ok(some)
}

/// People who do the same.
#[derive(Clone, Debug)]
struct Group {
    name: String,
    people: Vec<DemoPerson>,
}

#[derive(Debug, Template)]
#[template(path = "demo/people.html")]
struct PeoplePage {
    t: Words,
    shell: Shell,
    groups: Vec<Group>,
}

async fn people(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let mut groups: Vec<Group> = Vec::new();
    let t = asked.words();
    for person in asked.office().demo_people(asked.now).await? {
        let name = t.of(&person.role_name).to_owned();
        match groups.last_mut().filter(|group| group.name == name) {
            Some(group) => group.people.push(person),
            None => groups.push(Group { name, people: vec![person] }),
        }
    }
    let shell = asked.shell("demo-people").await?;
    Html::of(&PeoplePage { t, shell, groups })
}

async fn become_somebody(asked: Asked, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let person = posted.get("person").and_then(Id::parse).ok_or_else(Problem::not_found)?;
    let signed_in = asked.office().demo_persona(person, asked.now).await?;
    let cookie = cookie(&signed_in.token, LASTS, asked.site.inner.settings.secure);
    Ok(Turn::to(posted.get("next").unwrap_or("/")).cookie(cookie))
}

async fn next_day(asked: Asked, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let after = posted.get("after").and_then(|day| day.parse::<Date>().ok());
    // Pressed twice, it is one day: the second time the day that was shown is past.
    match after.is_some_and(|after| after < asked.now.on) {
        true => drop(asked.site.work().await?),
        false => drop(asked.office().next_day(asked.now, &asked.site.inner.messenger).await?),
    }
    Ok(Turn::to(posted.get("next").unwrap_or("/")))
}
