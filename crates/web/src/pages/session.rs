//! Signing in and out, enrolling, changing the password, showing the second factor again. What was typed into a form whose
//! session had ended is carried along, and the form is shown again with it: it is never sent by itself.

mod enrol;
mod resident;

use crate::answer::{Answer, Reply};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::guard::{SIGN_IN_PAGE, cookie, device, device_cookie};
use crate::page::{Html, Turn, Went, button, form, is_ours, page};
use crate::pages::form::{Form, Hidden};
use crate::pages::layout::Shell;
use crate::posted::{CARRIED, Posted};
use crate::problem::Problem;
use crate::route::{Right, Route};
use crate::routes::session::{LASTS, net};
use crate::words::Words;
use anmin_app::staff::{PasswordChangeV1, SignInV1, SignedInV1};
use askama::Template;
use axum::http::{HeaderValue, StatusCode};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(
        form("/sign-in", show_sign_in, sign_in).called("page_sign_in", "do_sign_in").right(Right::Public),
    );
    all.push(button("/sign-out", sign_out).called("do_sign_out").right(Right::Public));
    all.push(page("/signed-out", signed_out).called("page_signed_out").right(Right::Public));
    all.extend(
        form("/step-up", show_step_up, step_up).called("page_step_up", "do_step_up").right(Right::SignedIn),
    );
    all.extend(
        form("/password", show_password, change_password)
            .called("page_password", "do_change_password")
            .right(Right::SignedIn),
    );
    all.extend(resident::routes());
    all.extend(enrol::routes());
    all
}

/// Where to go afterwards.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NextV1 {
    /// A page of ours.
    next: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "session/sign_in.html")]
struct SignInPage {
    t: Words,
    shell: Shell,
    form: Form,
    next: String,
    carried: String,
    demo: bool,
}

/// The page of signing in, before something that wants it: 303 to it, or with a form that was sent, at once.
pub(crate) async fn knock(asked: &Asked, typed: Option<&Posted>) -> Result<Answer, Problem> {
    // Whoever wants what is their own signs in as a resident.
    let own = ["/my/", "/apply/"].iter().any(|path| asked.address.starts_with(path));
    let Some(typed) = typed else {
        let door = if own { resident::PAGE } else { "/sign-in" };
        return Ok(Turn::to(with_next(door, &asked.address)).answer());
    };
    let mut form = Form::empty(asked);
    form.fill(CARRIED, typed.carried());
    if own {
        let page = resident::page(asked, form, asked.address.clone()).await?;
        return Ok(page.status(StatusCode::UNAUTHORIZED).answer());
    }
    let page = sign_in_page(asked, form, asked.address.clone()).await?;
    Ok(page.status(StatusCode::UNAUTHORIZED).answer())
}

/// An address that says where to go afterwards.
fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() {
        return path.to_owned();
    }
    let mut to = form_urlencoded::Serializer::new(String::new());
    to.append_pair("next", next);
    format!("{path}?{}", to.finish())
}

async fn sign_in_page(asked: &Asked, form: Form, next: String) -> Result<Html, Problem> {
    let shell = asked.shell("session-sign-in").await?.wrong(form.is_wrong());
    let shell = Shell { address: with_next("/sign-in", &next), ..shell };
    let carried = form.typed().raw(CARRIED).to_owned();
    let demo = asked.site.inner.settings.demo;
    Html::of(&SignInPage { t: shell.t, shell, form, next, carried, demo })
}

async fn show_sign_in(asked: Asked, ask: NextV1, form: Form) -> Result<Html, Problem> {
    let next = form.typed().get("next").map(str::to_owned).or(ask.next).unwrap_or_default();
    sign_in_page(&asked, form, next).await
}

async fn sign_in(asked: Asked, _: NextV1, posted: Arc<Posted>) -> Result<Went, Problem> {
    let input = SignInV1 {
        login: posted.get("login").unwrap_or_default().to_owned(),
        password: posted.raw("password").to_owned(),
        code: posted.get("code").unwrap_or_default().to_owned(),
        device: device(&asked.cookies),
    };
    let signed_in = asked.office().sign_in(&input, &net(asked.from), asked.now).await?;
    entered(&asked, &signed_in, &posted).await
}

fn cookies(signed_in: &SignedInV1, secure: bool) -> [HeaderValue; 2] {
    [cookie(&signed_in.token, LASTS, secure), device_cookie(&signed_in.device, SIGN_IN_PAGE, secure)]
}

/// Somebody has come in: the cookies, and where they wanted to go.
pub(super) async fn entered(asked: &Asked, signed_in: &SignedInV1, posted: &Posted) -> Result<Went, Problem> {
    let secure = asked.site.inner.settings.secure;
    let cookies = cookies(signed_in, secure).into_iter();
    let next = posted.get("next").filter(|next| is_ours(next)).unwrap_or("/");
    if signed_in.must_change {
        let turn = Turn::to("/password");
        return Ok(cookies.fold(turn, Turn::cookie).into());
    }
    let carried = posted.raw(CARRIED);
    if carried.is_empty() {
        return Ok(cookies.fold(Turn::to(next), Turn::cookie).into());
    }
    let mut page = again(asked, next, carried).await?;
    page.cookies.extend(cookies);
    Ok(page.into())
}

#[derive(Debug, Template)]
#[template(path = "session/again.html")]
struct AgainPage {
    t: Words,
    shell: Shell,
    next: String,
    fields: Vec<Hidden>,
}

/// What was typed before is still there: on to the form, filled in.
async fn again(asked: &Asked, next: &str, carried: &str) -> Result<Html, Problem> {
    let typed = Posted::parse(carried.as_bytes())?;
    let field = |(name, value): (&str, &str)| Hidden { name: name.to_owned(), value: value.to_owned() };
    let fields = typed.fields().map(field).collect();
    let shell = asked.shell("session-again").await?;
    let shell = Shell { address: next.to_owned(), ..shell };
    Html::of(&AgainPage { t: shell.t, shell, next: next.to_owned(), fields })
}

async fn sign_out(asked: Asked, _: Arc<Posted>) -> Result<Turn, Problem> {
    if let Some(who) = &asked.who {
        asked.office().sign_out(&who.token, asked.now).await?;
    }
    let secure = asked.site.inner.settings.secure;
    Ok(Turn::to("/signed-out").cookie(cookie("", 0, secure)))
}

#[derive(Debug, Template)]
#[template(path = "session/signed_out.html")]
struct SignedOutPage {
    t: Words,
    shell: Shell,
}

async fn signed_out(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let shell = asked.shell("session-signed-out").await?;
    Html::of(&SignedOutPage { t: shell.t, shell })
}

#[derive(Debug, Template)]
#[template(path = "session/step_up.html")]
struct StepUpPage {
    t: Words,
    shell: Shell,
    form: Form,
    next: String,
    carried: String,
}

/// Asks for the second factor before something that wants it, with what was typed carried along.
pub(crate) async fn ask_step_up(asked: &Asked, typed: &Posted) -> Result<Html, Problem> {
    let mut form = Form::empty(asked);
    form.fill(CARRIED, typed.carried());
    step_up_page(asked, form, asked.address.clone()).await
}

/// The same before something that has no page of its own: afterwards one is at this one, and presses again.
pub(crate) async fn ask_step_up_at(asked: &Asked, next: String) -> Result<Html, Problem> {
    step_up_page(asked, Form::empty(asked), next).await
}

async fn step_up_page(asked: &Asked, form: Form, next: String) -> Result<Html, Problem> {
    let shell = asked.shell("session-step-up").await?.wrong(form.is_wrong());
    let shell = Shell { address: with_next("/step-up", &next), ..shell };
    let carried = form.typed().raw(CARRIED).to_owned();
    Html::of(&StepUpPage { t: shell.t, shell, form, next, carried })
}

async fn show_step_up(asked: Asked, ask: NextV1, form: Form) -> Result<Html, Problem> {
    let next = form.typed().get("next").map(str::to_owned).or(ask.next).unwrap_or_default();
    step_up_page(&asked, form, next).await
}

async fn step_up(asked: Asked, _: NextV1, posted: Arc<Posted>) -> Result<Went, Problem> {
    let code = posted.get("code").unwrap_or_default();
    let token = asked.office().step_up(&asked.who()?.token, code, asked.now).await?;
    let cookie = cookie(&token, LASTS, asked.site.inner.settings.secure);
    let next = posted.get("next").filter(|next| is_ours(next)).unwrap_or("/");
    let carried = posted.raw(CARRIED);
    if carried.is_empty() {
        return Ok(Turn::to(next).cookie(cookie).into());
    }
    let mut page = again(&asked, next, carried).await?;
    page.cookies.push(cookie);
    Ok(page.into())
}

#[derive(Debug, Template)]
#[template(path = "session/password.html")]
struct PasswordPage {
    t: Words,
    shell: Shell,
    form: Form,
}

async fn show_password(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let shell = asked.shell("session-password-change").await?.wrong(form.is_wrong());
    Html::of(&PasswordPage { t: shell.t, shell, form })
}

async fn change_password(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    if posted.raw("password") != posted.raw("password_again") {
        read.wrong("password_again", "session-passwords-differ");
    }
    read.done()?;
    let input =
        PasswordChangeV1 { old: posted.raw("old").to_owned(), password: posted.raw("password").to_owned() };
    let signed_in = asked.office().change_password(&asked.who()?.token, &input, asked.now).await?;
    let cookies = cookies(&signed_in, asked.site.inner.settings.secure).into_iter();
    Ok(cookies.fold(Turn::to("/").saying("done-password"), Turn::cookie))
}
