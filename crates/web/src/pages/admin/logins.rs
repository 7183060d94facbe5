//! Logins: made, closed, opened; and the code with which somebody enrols, shown once, to be printed and handed over.

use super::{PEOPLE, Sections, below};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, Went, button, form, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::deployment::Id;
use anmin_app::staff::{LoginLineV1, LoginMadeV1, MadeLogin, NewLoginV1};
use askama::Template;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![
        page("/admin/logins", list).called("page_logins").may(PEOPLE, &[]),
        button("/admin/logins/{account}/closing", close)
            .called("do_close_login")
            .may(PEOPLE, &[])
            .key(Key::Of("close_login")),
        button("/admin/logins/{account}/opening", open)
            .called("do_open_login")
            .may(PEOPLE, &[])
            .key(Key::Of("open_login")),
    ];
    all.extend(
        form("/admin/logins/new", show_new, create)
            .called("page_new_login", "do_create_login")
            .may(PEOPLE, &[])
            .key(Key::Of("create_login")),
    );
    all.extend(
        form("/admin/logins/{account}", show, renew)
            .called("page_login", "do_renew_enrolment")
            .may(PEOPLE, &[])
            .key(Key::Of("renew_enrolment")),
    );
    all
}

/// Which logins.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichV1 {
    /// `closed`; else those that are open.
    show: Option<String>,
}

#[derive(Clone, Debug)]
struct Line {
    account: String,
    name: String,
    login: String,
    units: String,
    state: Tag,
}

#[derive(Debug, Template)]
#[template(path = "admin/logins.html")]
struct ListPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    closed: bool,
    lines: Vec<Line>,
    empty: Empty,
}

fn state(t: Words, state: &str) -> Tag {
    match state {
        "open" => t.tag(Tone::Good, "admin-login-open"),
        _ => t.tag(Tone::Plain, "admin-login-closed"),
    }
}

async fn list(asked: Asked, ask: WhichV1) -> Result<Html, Problem> {
    let t = asked.words();
    let (office, order) = (asked.office(), asked.order()?);
    let closed = ask.show.as_deref() == Some("closed");
    let mut found = office.logins(&order).await?;
    found.retain(|login| (login.state != "open") == closed);
    found.sort_by(|a, b| (&a.name, &a.login).cmp(&(&b.name, &b.login)));
    let colleagues = office.colleagues(&order).await?;
    let and = t.text("supervision-and").to_string();
    let line = |login: &LoginLineV1| Line {
        account: login.account.clone(),
        name: login.name.clone(),
        login: login.login.clone(),
        units: colleagues
            .iter()
            .find(|one| one.person == login.person)
            .map(|one| one.units.join(&and))
            .unwrap_or_default(),
        state: state(t, &login.state),
    };
    let lines = found.iter().map(line).collect();
    let shell = asked.shell("admin-logins").await?;
    let empty = Empty::new(t, "admin-logins-none", "admin-logins-none-more");
    Html::of(&ListPage { t, shell, sections: Sections::of(&asked, "/admin/logins"), closed, lines, empty })
}

#[derive(Debug, Template)]
#[template(path = "admin/new_login.html")]
struct NewPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
}

async fn show_new(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let shell = asked.shell("admin-login-new").await?.wrong(form.is_wrong());
    Html::of(&NewPage { t, shell, crumbs: below(t, "/admin/logins", "admin-logins"), form })
}

async fn create(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Went, Problem> {
    let mut read = posted.read();
    let input = NewLoginV1 {
        name: read.text("name"),
        login: read.text("login"),
        resident_id: read.maybe("resident_id"),
    };
    read.done()?;
    let made = match &asked.earlier {
        Some(bytes) => MadeLogin { result: bytes.clone(), code: None },
        None => asked.office().create_login(&asked.order()?, &input).await?,
    };
    let of: LoginMadeV1 =
        serde_json::from_slice(&made.result).map_err(|error| Problem::broken(error.to_string()))?;
    handed(&asked, &of.account, &input.name, &input.login, made.code).await
}

#[derive(Debug, Template)]
#[template(path = "admin/code.html")]
struct CodePage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    account: String,
    name: String,
    login: String,
    /// The code in groups; none: it was shown already.
    code: Option<String>,
}

async fn handed(
    asked: &Asked,
    account: &str,
    name: &str,
    login: &str,
    code: Option<String>,
) -> Result<Went, Problem> {
    let t = asked.words();
    let shell = asked.shell("admin-code").await?;
    let page = CodePage {
        t,
        // Where one is to come back to after the language is changed: not to what was sent.
        shell: Shell { address: format!("/admin/logins/{account}"), ..shell },
        crumbs: below(t, "/admin/logins", "admin-logins"),
        account: account.to_owned(),
        name: name.to_owned(),
        login: login.to_owned(),
        code,
    };
    Ok(Html::of(&page)?.into())
}

#[derive(Debug, Template)]
#[template(path = "admin/login.html")]
struct LoginPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    change: Form,
    login: Line,
    open: bool,
    posts: Vec<String>,
    person: String,
}

async fn one(asked: &Asked) -> Result<LoginLineV1, Problem> {
    let account = asked.text("account");
    let found = asked.office().logins(&asked.order()?).await?;
    found.into_iter().find(|login| login.account == account).ok_or_else(Problem::not_found)
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let login = one(&asked).await?;
    let open = login.state == "open";
    let command = if open { "close_login" } else { "open_login" };
    let mut change = Form::of_command(&asked, command)?;
    form.put("version", login.version.to_string());
    change.put("version", login.version.to_string());
    let posts = asked.office().posts(&asked.order()?).await?;
    let own = posts.iter().filter(|post| post.person == login.person);
    let told = |post: &anmin_app::staff::PostLineV1| {
        t.text("admin-login-post")
            .arg("role", t.of(&post.role_name))
            .arg("unit", &post.unit_name)
            .arg("to", t.day(&post.to))
            .to_string()
    };
    let posts = own.map(told).collect();
    let shell = asked.shell("admin-login").await?.wrong(form.is_wrong());
    Html::of(&LoginPage {
        t,
        shell,
        crumbs: below(t, "/admin/logins", "admin-logins"),
        form,
        change,
        open,
        posts,
        person: login.person.clone(),
        login: Line {
            account: login.account.clone(),
            name: login.name.clone(),
            login: login.login.clone(),
            units: String::new(),
            state: state(t, &login.state),
        },
    })
}

fn version(posted: &Posted) -> Result<i64, Problem> {
    let mut read = posted.read();
    let version = read.number("version");
    read.done()?;
    Ok(version.unwrap_or_default())
}

async fn renew(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Went, Problem> {
    let (login, version) = (one(&asked).await?, version(&posted)?);
    let made = match &asked.earlier {
        Some(bytes) => MadeLogin { result: bytes.clone(), code: None },
        None => asked.office().renew_enrolment(&asked.order()?, asked.id("account")?, version).await?,
    };
    handed(&asked, &login.account, &login.name, &login.login, made.code).await
}

async fn close(asked: Asked, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let (account, version): (Id, i64) = (asked.id("account")?, version(&posted)?);
    let _: serde_json::Value =
        asked.once(asked.office().close_login(&asked.order()?, account, version)).await?;
    Ok(Turn::to(format!("/admin/logins/{account}")).saying("done-login-closed"))
}

async fn open(asked: Asked, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let (account, version): (Id, i64) = (asked.id("account")?, version(&posted)?);
    let _: serde_json::Value =
        asked.once(asked.office().open_login(&asked.order()?, account, version)).await?;
    Ok(Turn::to(format!("/admin/logins/{account}")).saying("done-login-opened"))
}
