//! Beginning: who it is for, what is there of them already, and whether somebody else came in their place. And taking a
//! draft away.

use super::{MAY, at, basis_key, id, reader, seen, version};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::applications::{
    DraftDoneV1, ProxyBasisV1, ProxyV1, SetProxyV1, StartApplicationV1, VersionV1,
};
use anmin_app::deployment::Id;
use anmin_app::people::{PersonV1, SearchV1};
use anmin_app::services::ServiceV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let begin = form("/intake/begin", show, begin)
        .called("page_intake_begin", "do_intake_begin")
        .may(MAY, &[])
        .key(Key::Of("start_application"));
    let proxy = form("/intake/{application}/proxy", show_proxy, set_proxy)
        .called("page_intake_proxy", "do_intake_proxy")
        .may(MAY, &[])
        .key(Key::Of("set_proxy"));
    let discard = form("/intake/{application}/discard", show_discard, discard)
        .called("page_intake_discard", "do_intake_discard")
        .may(MAY, &[])
        .key(Key::Of("discard_application"));
    begin.into_iter().chain(proxy).chain(discard).collect()
}

/// The value of the choice that it is nobody the register has.
const NEW: &str = "new";

/// Something that is there of somebody already.
#[derive(Clone, Debug)]
struct Already {
    text: String,
    href: String,
    link: String,
}

#[derive(Debug, Template)]
#[template(path = "intake/begin.html")]
struct BeginPage {
    t: Words,
    shell: Shell,
    form: Form,
    crumbs: Crumbs,
    who: Vec<Choice>,
    /// Nobody was found under what was typed.
    nobody: bool,
    already: Vec<Already>,
    services: Vec<Choice>,
    areas: Vec<Choice>,
    came: Vec<Choice>,
    bases: Vec<Choice>,
    reader: &'static str,
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    shown(&asked, form).await
}

/// The form that begins an application, for whom it was looked for.
pub(super) async fn shown(asked: &Asked, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let office = asked.office();
    let services: Vec<ServiceV1> = office.services()?.into_iter().filter(|s| s.has_form).collect();
    let people = found(asked, &form).await?;
    let mut already = Vec::new();
    for person in &people {
        for service in &services {
            already.extend(cases(asked, person, service).await?);
        }
    }
    already.extend(drafts(asked, &form, &people).await?);
    let areas = office.counter_areas(&asked.order()?)?;
    let put = |form: &mut Form, name: &str, value: &str| {
        if form.value(name).is_empty() {
            form.put(name, value);
        }
    };
    match people.as_slice() {
        [] => form.put("who", NEW),
        // A number is one person's; of a name there may be others who are not in the register.
        [one] if !form.value("number").is_empty() => put(&mut form, "who", &one.id),
        _ => {}
    }
    let area = people.first().and_then(|person| person.area.clone()).unwrap_or_default();
    if people.len() == 1 && areas.iter().any(|known| known.area == area) {
        put(&mut form, "area", &area);
    } else if let [one] = areas.as_slice() {
        put(&mut form, "area", &one.area);
    }
    if let Some(service) = services.first() {
        put(&mut form, "service", &service.name);
    }
    put(&mut form, "came", "self");
    let mut who: Vec<Choice> = people.iter().map(|person| offered(t, person)).collect();
    if !who.is_empty() {
        who.push(Choice::new(NEW, "intake-who-new").hint("intake-who-new-hint"));
    }
    let unsaid = || Choice::new("", "intake-choose");
    let page = BeginPage {
        t,
        shell: asked.shell("intake-begin").await?.wrong(form.is_wrong()),
        crumbs: Crumbs::new(t).to("/intake", "intake-title"),
        nobody: who.is_empty() && !(form.value("name").is_empty() && form.value("number").is_empty()),
        who,
        already,
        services: services.iter().map(|s| Choice::new(&s.name, Say::Both(s.title.clone()))).collect(),
        areas: std::iter::once(unsaid())
            .chain(areas.iter().map(|area| Choice::new(&area.area, Say::Text(area.name.clone()))))
            .collect(),
        came: vec![Choice::new("self", "intake-came-self"), Choice::new("proxy", "intake-came-proxy")],
        bases: bases(),
        reader: reader(asked),
        form,
    };
    Html::of(&page).map(Html::reads_cards)
}

fn bases() -> Vec<Choice> {
    let all = [
        ("written", ProxyBasisV1::Written),
        ("family", ProxyBasisV1::Family),
        ("guardian", ProxyBasisV1::Guardian),
        ("village", ProxyBasisV1::Village),
    ];
    let unsaid = Choice::new("", "intake-choose");
    std::iter::once(unsaid).chain(all.map(|(value, basis)| Choice::new(value, basis_key(basis)))).collect()
}

/// Whom the register has: under the number, or else under the name.
async fn found(asked: &Asked, form: &Form) -> Result<Vec<PersonV1>, Problem> {
    let text = |name: &str| Some(form.value(name).to_owned()).filter(|text| !text.is_empty());
    let order = asked.order()?;
    let by_number = SearchV1 { number: text("number"), limit: Some(5), ..SearchV1::default() };
    let by_name = SearchV1 { name: text("name"), limit: Some(8), ..SearchV1::default() };
    let ask = if by_number.number.is_some() { by_number } else { by_name };
    if ask.number.is_none() && ask.name.is_none() {
        return Ok(Vec::new());
    }
    match asked.office().find_persons(&order, &ask).await {
        Ok(found) => Ok(found.people.into_iter().filter(|person| !person.dead).collect()),
        // What is wrong with the number is said at its field, when the form is sent.
        Err(error) => match Problem::from(error) {
            problem if problem.status.as_u16() == 422 => Ok(Vec::new()),
            problem => Err(problem),
        },
    }
}

fn offered(t: Words, person: &PersonV1) -> Choice {
    let parts = [&person.resident_id, &person.birth_date, &person.address];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let hint = parts.join(" \u{b7} ");
    let name = person.name.clone().unwrap_or_else(|| t.text("work-no-name").to_string());
    Choice::new(&person.id, Say::Text(name)).hint(Say::Text(hint))
}

/// Their cases that have not ended.
async fn cases(asked: &Asked, person: &PersonV1, service: &ServiceV1) -> Result<Vec<Already>, Problem> {
    let t = asked.words();
    let Some(id) = Id::parse(&person.id) else { return Ok(Vec::new()) };
    let cases = match asked.office().active_cases(&asked.order()?, id, &service.name).await {
        Ok(cases) => cases,
        // A village assistant takes no papers in, and sees no case by them.
        Err(error) => match Problem::from(error) {
            problem if matches!(problem.status.as_u16(), 403 | 404) => return Ok(Vec::new()),
            problem => return Err(problem),
        },
    };
    let told = |case: anmin_app::lookups::ActiveCaseV1| Already {
        text: t
            .text("intake-case-already")
            .arg("name", person.name.clone().unwrap_or_default())
            .arg("service", t.of(&service.title))
            .arg("number", case.number.as_str())
            .arg("state", t.of(&case.state))
            .arg("day", t.day(&case.received_on))
            .to_string(),
        href: format!("/cases/{}", case.case),
        link: t.text("intake-case-open").to_string(),
    };
    Ok(cases.into_iter().map(told).collect())
}

/// Drafts that lie here for somebody of this name.
async fn drafts(asked: &Asked, form: &Form, people: &[PersonV1]) -> Result<Vec<Already>, Problem> {
    let t = asked.words();
    let drafts = asked.office().counter_drafts(&asked.order()?).await?;
    let typed = form.value("name");
    let same = |name: &str| {
        !name.is_empty() && (name == typed || people.iter().any(|p| p.name.as_deref() == Some(name)))
    };
    let told = |draft: &anmin_app::applications::CounterDraftV1| Already {
        text: t
            .text("intake-draft-already")
            .arg("name", draft.line.name.as_str())
            .arg("service", t.of(&draft.line.title))
            .arg("by", draft.by.clone().unwrap_or_default())
            .arg("day", t.day(&draft.line.changed_on))
            .to_string(),
        href: at(&draft.line.application),
        link: t.text("intake-go-on").to_string(),
    };
    Ok(drafts.iter().filter(|draft| same(&draft.line.name)).map(told).collect())
}

/// Who came in the applicant's place, as the form says.
fn proxy(posted: &Posted) -> Result<Option<ProxyV1>, Problem> {
    let mut read = posted.read();
    let came = read.choice("came", &["self", "proxy"]);
    if came != "proxy" {
        read.done()?;
        return Ok(None);
    }
    let name = read.text("proxy.name");
    let basis = read.choice("proxy.basis", &["written", "family", "guardian", "village"]);
    let text = |field: &str| posted.get(field).unwrap_or_default().to_owned();
    let (number, phone) = (text("proxy.number"), text("proxy.phone"));
    read.done()?;
    let basis = match basis.as_str() {
        "guardian" => ProxyBasisV1::Guardian,
        "family" => ProxyBasisV1::Family,
        "village" => ProxyBasisV1::Village,
        _ => ProxyBasisV1::Written,
    };
    Ok(Some(ProxyV1 { name, number, phone, basis }))
}

async fn begin(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let text = |field: &str| posted.get(field).map(str::to_owned);
    let mut read = posted.read();
    let who = posted.get("who").unwrap_or(NEW).to_owned();
    if who == NEW {
        read.text("name");
    }
    read.text("area");
    if posted.get("who").is_none() && posted.has("asks_who") {
        read.wrong("who", "intake-wrong-who");
    }
    read.done()?;
    let input = StartApplicationV1 {
        service: text("service").unwrap_or_default(),
        person: Some(who.clone()).filter(|who| who != NEW),
        name: text("name").filter(|_| who == NEW),
        number: text("number").filter(|_| who == NEW),
        proxy: proxy(&posted)?,
        area: text("area"),
    };
    let made: Result<DraftDoneV1, Problem> =
        asked.once(asked.office().start_application(&asked.order()?, input)).await;
    match made {
        Ok(made) => Ok(Turn::to(at(&made.application))),
        // The one that lies here already is the one to go on with, and that is said there.
        Err(problem) if problem.code == "begun_already" => {
            let before = problem.difference.as_ref().and_then(|d| d["application"].as_str().map(at));
            before.map(|to| Turn::to(to).saying("done-intake-begun")).ok_or(problem)
        }
        Err(problem) => Err(problem),
    }
}

#[derive(Debug, Template)]
#[template(path = "intake/proxy.html")]
struct ProxyPage {
    t: Words,
    shell: Shell,
    form: Form,
    crumbs: Crumbs,
    came: Vec<Choice>,
    bases: Vec<Choice>,
    reader: &'static str,
    back: String,
}

async fn show_proxy(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    form.put("version", seen.version.to_string());
    form.fill("came", if seen.proxy.is_some() { "proxy" } else { "self" });
    if let Some(proxy) = &seen.proxy {
        form.fill("proxy.name", proxy.name.clone());
        form.fill("proxy.number", proxy.number.clone());
        form.fill("proxy.phone", proxy.phone.clone());
        let basis = serde_json::to_value(proxy.basis).ok();
        form.fill("proxy.basis", basis.as_ref().and_then(|basis| basis.as_str()).unwrap_or_default());
    }
    let back = at(&seen.line.application);
    let page = ProxyPage {
        t,
        shell: asked.shell("intake-proxy").await?.wrong(form.is_wrong()),
        crumbs: Crumbs::new(t).to("/intake", "intake-title").to(&back, Say::Text(seen.line.name)),
        form,
        came: vec![Choice::new("self", "intake-came-self"), Choice::new("proxy", "intake-came-proxy")],
        bases: bases(),
        reader: reader(&asked),
        back,
    };
    Html::of(&page).map(Html::reads_cards)
}

async fn set_proxy(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let input = SetProxyV1 { version: version(&asked), proxy: proxy(&posted)? };
    let done: DraftDoneV1 = asked.once(asked.office().set_proxy(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to(at(&done.application)).saying("done-saved"))
}

#[derive(Debug, Template)]
#[template(path = "intake/discard.html")]
struct DiscardPage {
    t: Words,
    shell: Shell,
    form: Form,
    crumbs: Crumbs,
    name: String,
    back: String,
    sure: Vec<Choice>,
}

async fn show_discard(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    form.put("version", seen.version.to_string());
    let shell = asked.shell("intake-discard").await?.wrong(form.is_wrong());
    let back = at(&seen.line.application);
    let crumbs = Crumbs::new(t).to("/intake", "intake-title");
    let sure = vec![Choice::new("true", "intake-discard-sure")];
    Html::of(&DiscardPage { t, shell, form, crumbs, name: seen.line.name, back, sure })
}

async fn discard(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    if !posted.has("sure") {
        read.wrong("sure", "intake-wrong-sure");
    }
    read.done()?;
    let input = VersionV1 { version: version(&asked) };
    let _: DraftDoneV1 =
        asked.once(asked.office().discard_application(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to("/intake").saying("done-discarded"))
}
