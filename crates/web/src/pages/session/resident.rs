//! Residents sign in with the number of their card, the telephone on record and a code that comes to it. Whoever has no
//! telephone is told where to go; whether a number is on record is told to nobody.

use super::{NextV1, entered};
use crate::asked::Asked;
use crate::page::{FormRoutes, Html, Went, form};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::posted::{CARRIED, Posted};
use crate::problem::Problem;
use crate::route::Right;
use crate::routes::session::net;
use crate::words::Words;
use anmin_app::residents::{AskSignInCodeV1, CodeSignInV1};
use askama::Template;
use std::sync::Arc;

/// Where residents sign in.
pub(super) const PAGE: &str = "/sign-in/resident";

pub(super) fn routes() -> FormRoutes {
    form(PAGE, show, sign_in).called("page_sign_in_resident", "do_sign_in_resident").right(Right::Public)
}

#[derive(Debug, Template)]
#[template(path = "session/resident.html")]
struct ResidentPage {
    t: Words,
    shell: Shell,
    form: Form,
    next: String,
    carried: String,
    /// A code is on its way, if there is anybody to send it to.
    sent: bool,
    demo: bool,
}

/// The page, before something that wants somebody to be signed in.
pub(super) async fn page(asked: &Asked, form: Form, next: String) -> Result<Html, Problem> {
    let shell = asked.shell("session-sign-in").await?.wrong(form.is_wrong());
    let shell = Shell { address: super::with_next(PAGE, &next), ..shell };
    let carried = form.typed().raw(CARRIED).to_owned();
    let sent = form.typed().has("sent");
    let demo = asked.site.inner.settings.demo;
    Html::of(&ResidentPage { t: shell.t, shell, form, next, carried, sent, demo })
}

async fn show(asked: Asked, ask: NextV1, form: Form) -> Result<Html, Problem> {
    let next = form.typed().get("next").map(str::to_owned).or(ask.next).unwrap_or_default();
    page(&asked, form, next).await
}

async fn sign_in(asked: Asked, _: NextV1, posted: Arc<Posted>) -> Result<Went, Problem> {
    let mut read = posted.read();
    let (number, phone) = (read.text("number"), read.text("phone"));
    let wants_code = !posted.has("sent") || posted.has("again");
    let code = if wants_code { String::new() } else { read.text("code") };
    read.done()?;
    let net = net(asked.from);
    if wants_code {
        let input = AskSignInCodeV1 { number, phone };
        asked.office().ask_sign_in_code(&input, &net, asked.now).await?;
        // In a demonstration nobody waits for a round of jobs.
        if asked.site.inner.settings.demo {
            asked.site.work().await?;
        }
        let mut form = Form::again(&asked, &posted).quiet();
        form.put("sent", "1");
        form.put("code", "");
        let next = posted.get("next").unwrap_or_default().to_owned();
        return Ok(page(&asked, form, next).await?.into());
    }
    let input = CodeSignInV1 { number, phone, code };
    let signed_in = asked.office().sign_in_by_code(&input, &net, asked.now).await?;
    entered(&asked, &signed_in, &posted).await
}
