//! The telephones of a demonstration: codes and messages that would have gone there.

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::Empty;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::demo::DemoPerson;
use anmin_app::residents::PhoneMessageV1;
use askama::Template;

pub(super) fn routes() -> [Route; 2] {
    [
        page("/demo/phones", all).called("page_demo_phones"),
        page("/demo/phones/{person}", one).called("page_demo_phone"),
    ]
}

#[derive(Debug, Template)]
#[template(path = "demo/phones.html")]
struct PhonesPage {
    t: Words,
    shell: Shell,
    people: Vec<DemoPerson>,
}

async fn all(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let shell = asked.shell("demo-phones").await?;
    let people = asked.office().demo_people(asked.now).await?;
    let people = people.into_iter().filter(|person| person.role.is_none()).collect();
    Html::of(&PhonesPage { t: shell.t, shell, people })
}

#[derive(Debug, Template)]
#[template(path = "demo/phone.html")]
struct PhonePage {
    t: Words,
    shell: Shell,
    name: String,
    messages: Vec<PhoneMessageV1>,
    empty: Empty,
}

async fn one(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    // What waits is sent at once: nobody in a demonstration waits for a round of jobs.
    asked.site.work().await?;
    let person = asked.id("person")?;
    let messages = asked.office().demo_phone(person, asked.now).await?;
    let people = asked.office().demo_people(asked.now).await?;
    let known = people.into_iter().find(|known| known.person == person.to_string());
    let shell = asked.shell("demo-phone").await?;
    let empty = Empty::new(t, "demo-phone-none", "demo-phone-none-more");
    let name = known.map(|known| known.name).unwrap_or_default();
    Html::of(&PhonePage { t, shell, name, messages, empty })
}
