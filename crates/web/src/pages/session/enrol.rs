//! Enrolling: with the code that was handed over, or, in a new system, as one of the first administrators. The login comes
//! first, since the second factor is made for it; then the form with the secret to set up, and the first code of it.

use super::entered;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{FormRoutes, Html, Went, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Right, Route};
use crate::routes::session::net;
use crate::words::Words;
use anmin_app::staff::{BureauV1, FirstAdministratorV1, FirstCodeV1, OwnEnrolmentV1};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let enrolment: [FormRoutes; 2] = [
        form("/enrol", show_enrol, enrol).called("page_enrol", "do_enrol"),
        form("/enrol/first", show_first, enrol_first).called("page_enrol_first", "do_enrol_first"),
    ];
    enrolment.into_iter().flat_map(|both| both.right(Right::Public)).collect()
}

#[derive(Debug, Template)]
#[template(path = "session/enrol.html")]
struct EnrolPage {
    t: Words,
    shell: Shell,
    form: Form,
    first: bool,
    roles: Vec<Choice>,
    /// The secret as people type it: in groups of four.
    grouped: String,
}

/// What the commands call their fields, and what the form does.
const NAMES: &[(&str, &str)] = &[
    ("second_factor.code", "code"),
    ("second_factor.secret", "code"),
    ("second_factor.seal", "code"),
    ("bureau.name", "bureau_name"),
    ("bureau.area_name", "area_name"),
    ("bureau.area_code", "area_code"),
];

async fn enrol_page(asked: &Asked, mut form: Form, first: bool) -> Result<Html, Problem> {
    // A login that was changed wants a secret of its own.
    if form.value("secret").is_empty() && !form.value("login").is_empty() && !form.is_wrong() {
        let made = asked.office().second_factor(form.value("login"))?;
        form.put("secret", made.secret);
        form.put("seal", made.seal);
    }
    let secret = form.value("secret").as_bytes().chunks(4);
    let grouped: Vec<String> = secret.map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    let title = if first { "session-enrol-first" } else { "session-enrol" };
    let shell = asked.shell(title).await?.wrong(form.is_wrong());
    let roles = vec![
        Choice::new("system_admin", "session-role-system"),
        Choice::new("security_admin", "session-role-security"),
        Choice::new("audit_admin", "session-role-audit"),
    ];
    Html::of(&EnrolPage { t: shell.t, shell, form, first, roles, grouped: grouped.join(" ") })
}

async fn show_enrol(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    enrol_page(&asked, form, false).await
}

async fn show_first(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    enrol_page(&asked, form, true).await
}

fn second_factor(posted: &Posted) -> FirstCodeV1 {
    let text = |name: &str| posted.get(name).unwrap_or_default().to_owned();
    FirstCodeV1 { secret: text("secret"), seal: text("seal"), code: text("code") }
}

fn same_passwords(posted: &Posted) -> Result<String, Problem> {
    let mut read = posted.read();
    if posted.raw("password") != posted.raw("password_again") {
        read.wrong("password_again", "session-passwords-differ");
    }
    read.done()?;
    Ok(posted.raw("password").to_owned())
}

/// The login was given: on to the rest of the form, with a secret made for it.
async fn second_page(asked: &Asked, posted: &Posted, first: bool) -> Result<Went, Problem> {
    let mut read = posted.read();
    read.text("login");
    read.done()?;
    Ok(enrol_page(asked, Form::again(asked, posted).quiet(), first).await?.into())
}

async fn enrol(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Went, Problem> {
    if posted.get("secret").is_none() {
        return second_page(&asked, &posted, false).await;
    }
    let text = |name: &str| posted.get(name).unwrap_or_default().to_owned();
    let input = OwnEnrolmentV1 {
        login: text("login"),
        enrolment: text("enrolment"),
        password: same_passwords(&posted)?,
        second_factor: second_factor(&posted),
    };
    let done = asked.office().enrol(&input, &net(asked.from), asked.now).await;
    let signed_in = done.map_err(|error| Problem::from(error).called(NAMES))?;
    entered(&asked, &signed_in, &posted).await
}

async fn enrol_first(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Went, Problem> {
    if posted.get("secret").is_none() {
        return second_page(&asked, &posted, true).await;
    }
    let text = |name: &str| posted.get(name).unwrap_or_default().to_owned();
    // The bureau is for the very first of them; whoever comes later leaves it empty.
    let bureau = posted.get("bureau_name").or(posted.get("area_code")).map(|_| BureauV1 {
        name: text("bureau_name"),
        area_name: text("area_name"),
        area_code: text("area_code"),
    });
    let input = FirstAdministratorV1 {
        token: text("token"),
        role: posted.get("role").map(str::to_owned),
        name: text("name"),
        login: text("login"),
        password: same_passwords(&posted)?,
        second_factor: second_factor(&posted),
        bureau,
    };
    let done = asked.office().enrol_first(&input, asked.now).await;
    let signed_in = done.map_err(|error| Problem::from(error).called(NAMES))?;
    entered(&asked, &signed_in, &posted).await
}
