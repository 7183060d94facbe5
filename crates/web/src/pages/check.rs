//! Check before you apply: a question a page, only those that still matter. The answers go along in the form: nothing is kept
//! and nothing stands in the address. Whatever comes out, one may apply.

mod answers;

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, form};
use crate::pages::asking;
use crate::pages::form::{Choice, Field, Form, Hidden};
use crate::pages::layout::Shell;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Right, Route};
use crate::words::{Say, Words};
use anmin_app::asking::{EstimateV1, OpenQuestionV1};
use anmin_app::deployment::Id;
use anmin_app::record::FieldError;
use anmin_app::services::{CounterV1, ServiceV1};
use answers::{AREA, Given, key_of};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let check = form("/check/{service}", show, next).called("page_check", "do_check").right(Right::Public);
    check.into_iter().collect()
}

/// The field in which a question is answered.
const ANSWER: &str = "q";

#[derive(Debug, Template)]
#[template(path = "check/question.html")]
struct QuestionPage {
    t: Words,
    shell: Shell,
    form: Form,
    service: String,
    number: usize,
    about: String,
    hidden: Vec<Hidden>,
    field: Field,
    first: bool,
}

#[derive(Debug, Template)]
#[template(path = "check/result.html")]
struct ResultPage {
    t: Words,
    shell: Shell,
    name: String,
    service: ServiceV1,
    seen: EstimateV1,
    good: bool,
    hidden: Vec<Hidden>,
    counter: Option<CounterV1>,
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let mut given = Given::read(form.typed());
    match form.is_wrong() {
        // The question that was not answered as it should be, with what was typed.
        true => {
            let at = given.at.clone();
            question(&asked, form, given, &at).await
        }
        false => {
            given = Given::default();
            go_on(&asked, given).await
        }
    }
}

async fn next(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Html, Problem> {
    let mut given = Given::read(&posted);
    if posted.has("back") {
        let Some((at, before)) = given.take_back() else { return go_on(&asked, Given::default()).await };
        let mut form = Form::empty(&asked);
        form.fill(ANSWER, before);
        return question(&asked, form, given, &at).await;
    }
    if posted.has("again") {
        return go_on(&asked, Given::default()).await;
    }
    let mut read = posted.read();
    let answer = match posted.has("unsure") && given.at != AREA {
        true => String::new(),
        false => read.text(ANSWER),
    };
    read.done()?;
    given.answer(&answer);
    if given.at == AREA {
        Id::parse(&answer).ok_or_else(|| wrong("form-wrong-choice", asked.words()))?;
    }
    // What is wrong with it is said at its question.
    let estimate = estimate(&asked, &given).map_err(at_answer)?;
    go_on_with(&asked, given, estimate).await
}

fn wrong(key: &'static str, _: Words) -> Problem {
    let say = |lang| Words { lang }.text(key).to_string();
    let (zh, en) = (say(anmin_base::document::Lang::Zh), say(anmin_base::document::Lang::En));
    Problem::fields(vec![FieldError { at: ANSWER.into(), zh, en }])
}

fn at_answer(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        ANSWER.clone_into(&mut field.at);
    }
    problem
}

fn estimate(asked: &Asked, given: &Given) -> Result<EstimateV1, Problem> {
    Ok(asked.office().estimate(asked.text("service"), &given.check(), asked.now.on)?)
}

async fn go_on(asked: &Asked, given: Given) -> Result<Html, Problem> {
    let estimate = estimate(asked, &given)?;
    go_on_with(asked, given, estimate).await
}

/// The next question that matters, or what all of it comes to.
async fn go_on_with(asked: &Asked, mut given: Given, estimate: EstimateV1) -> Result<Html, Problem> {
    // Where one lives decides whose figures hold. Whoever is signed in has said so already.
    if given.value(AREA).is_none() {
        let counters = asked.office().counters(asked.now.on);
        match counters.as_slice() {
            [] => given.put(AREA, ""),
            [one] => given.put(AREA, &one.area),
            _ => return question(asked, Form::empty(asked), given, AREA).await,
        }
        return Box::pin(go_on(asked, given)).await;
    }
    let open = estimate.open.iter().map(key_of).find(|key| given.value(key).is_none());
    match open {
        Some(key) => question(asked, Form::empty(asked), given, &key).await,
        None => result(asked, given, estimate).await,
    }
}

async fn question(asked: &Asked, form: Form, mut given: Given, key: &str) -> Result<Html, Problem> {
    let t = asked.words();
    given.at = key.to_owned();
    let service = one(asked)?;
    let (about, field) = if key == AREA {
        let counters = asked.office().counters(asked.now.on);
        let choices: Vec<Choice> =
            counters.iter().map(|c| Choice::new(&c.area, Say::Text(c.area_name.clone()))).collect();
        let field = if choices.len() > 8 {
            form.select(ANSWER, "check-area", &choices)
        } else {
            form.radios(ANSWER, "check-area", &choices)
        };
        (String::new(), field.hint("check-area-hint").heading())
    } else {
        // The question is open while it is not answered: it is found with its own answer left out.
        let estimate = estimate(asked, &given.without(key))?;
        let found = estimate.open.iter().find(|open| key_of(open) == key);
        let Some(found) = found else {
            return Box::pin(go_on_with(asked, given.without(key), estimate)).await;
        };
        (about(t, found), asking::field(&form, ANSWER, &found.question, true))
    };
    let shell = asked.shell(t.of(&service.title).to_owned()).await?.wrong(form.is_wrong());
    let shell =
        Shell { title: t.text("check-title").arg("service", shell.title.as_str()).to_string(), ..shell };
    let page = QuestionPage {
        t,
        shell,
        service: t.of(&service.title).to_owned(),
        number: given.order.iter().filter(|known| *known != key).count() + 1,
        about,
        first: given.order.iter().all(|known| known == key),
        hidden: given.hidden(),
        field,
        form,
    };
    Html::of(&page)
}

/// Whom a question is about.
fn about(t: Words, open: &OpenQuestionV1) -> String {
    match open.element {
        None => String::new(),
        Some(0) => t.text("check-person-first").to_string(),
        Some(n) => t.text("check-person").arg("n", n + 1).to_string(),
    }
}

fn one(asked: &Asked) -> Result<ServiceV1, Problem> {
    let services = asked.office().services()?;
    services.into_iter().find(|service| service.name == asked.text("service")).ok_or_else(Problem::not_found)
}

async fn result(asked: &Asked, given: Given, seen: EstimateV1) -> Result<Html, Problem> {
    let t = asked.words();
    let area = given.value(AREA).and_then(Id::parse);
    let page = ResultPage {
        t,
        shell: asked.shell("check-result").await?,
        name: asked.text("service").to_owned(),
        service: one(asked)?,
        good: seen.outlook == "likely",
        hidden: given.hidden(),
        counter: area.and_then(|area| asked.office().counter_of(area, asked.now.on)),
        seen,
    };
    Html::of(&page)
}
