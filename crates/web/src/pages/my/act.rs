//! What the one a case is about can do in it, a page each: hand in what is missing, explain, sign or take back a signature,
//! report a change, withdraw.

use super::case::supplies;
use super::{KINDS, PHOTOS, at, hand_in};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Right, Route};
use crate::words::{Say, Words};
use anmin_app::case::{CanV1, ChangedV1, ProgressV1, SigningV1, StepV1};
use anmin_app::record::act::ActV1;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let act = form("/my/cases/{case}/do/{step}", show, save)
        .called("page_my_act", "do_my_act")
        .right(Right::Step)
        .key(Key::OfPath("step"));
    // Whoever is named in a case signs for themself, and sees no more of it.
    let sign = form("/my/sign/{case}/{step}", show_signing, sign)
        .called("page_my_sign", "do_my_sign")
        .right(Right::Step)
        .key(Key::OfPath("step"));
    act.into_iter().chain(sign).collect()
}

/// What kind of page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Supply,
    Explain,
    Withdraw,
    Revoke,
    /// Something to tell, with or without papers.
    Tell,
}

impl What {
    fn of(can: &CanV1) -> What {
        match can.act {
            "explain" => What::Explain,
            "withdraw" => What::Withdraw,
            "revoke" => What::Revoke,
            _ if supplies(can) => What::Supply,
            _ => What::Tell,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "my/act.html")]
struct ActPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    what: What,
    seen: ProgressV1,
    sources: Vec<Choice>,
    sure: Vec<Choice>,
    kinds: &'static str,
}

/// The step of the address, if it can be taken now.
fn wanted<'a>(asked: &Asked, seen: &'a ProgressV1) -> Option<&'a CanV1> {
    seen.can.iter().find(|can| can.step == asked.text("step"))
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = super::progress(&asked).await?;
    let can = wanted(&asked, &seen);
    if can.is_some_and(|can| can.act == "authorise") {
        return signing_page(&asked, form, at(&seen.case)).await;
    }
    let Some(can) = can else { return gone(&asked, form, &seen).await };
    let what = What::of(can);
    form.put("version", seen.version.to_string());
    form.put("said", can.act);
    let form = form.keyed(&asked, asked.text("step"))?;
    let title: Say = match what {
        What::Supply => "my-do-supply".into(),
        What::Explain => "my-do-explain".into(),
        What::Withdraw => "my-do-withdraw".into(),
        What::Revoke => "my-do-revoke".into(),
        What::Tell => Say::Both(can.label.clone()),
    };
    let shell = asked.shell(title).await?.wrong(form.is_wrong());
    let sources =
        seen.differs.iter().map(|source| Choice::new(&source.source, Say::Both(source.label.clone())));
    let page = ActPage {
        t,
        shell,
        form,
        back: at(&seen.case),
        what,
        sources: sources.collect(),
        sure: vec![Choice::new(
            "true",
            if what == What::Withdraw { "my-withdraw-sure" } else { "my-revoke-sure" },
        )],
        seen,
        kinds: KINDS,
    };
    Html::of(&page)
}

#[derive(Debug, Template)]
#[template(path = "my/gone.html")]
struct GonePage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
}

/// The step is not there any more: somebody has gone on with the case, or it was taken already.
async fn gone(asked: &Asked, form: Form, seen: &ProgressV1) -> Result<Html, Problem> {
    let shell = asked.shell("my-gone").await?.wrong(form.is_wrong());
    Html::of(&GonePage { t: shell.t, shell, form, back: at(&seen.case) })
}

async fn save(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let (case, step) = (asked.id("case")?, asked.text("step"));
    let back = at(asked.text("case"));
    let said = said(&posted);
    if asked.earlier.is_some() {
        return Ok(Turn::to(back).saying(said));
    }
    let seen = super::progress(&asked).await?;
    let version = posted.get("version").and_then(|version| version.parse().ok()).unwrap_or(seen.version);
    let can = wanted(&asked, &seen).filter(|_| version == seen.version);
    let Some(can) = can else {
        // Refused with its own reason: somebody else was first, or it cannot be done any more.
        let input = StepV1 { version, duty: None, with: ActV1::Plain {}, evidence: Vec::new(), why: None };
        let done: ChangedV1 =
            asked.once(asked.office().take_step(&asked.order()?, case, step, input)).await?;
        return Ok(Turn::to(at(&done.case)).saying(said));
    };
    if can.act == "authorise" {
        return sign(asked.clone(), NoQuery {}, posted).await;
    }
    let read = read(&asked, &posted, What::of(can), &seen)?;
    let kind = can.evidence.first().map(String::as_str).unwrap_or("note");
    let evidence = match can.evidence.is_empty() {
        true => Vec::new(),
        false => hand_in(&asked, case, kind, read.text).await?,
    };
    let input = StepV1 { version, duty: None, with: read.with, evidence, why: None };
    let done: ChangedV1 = asked.once(asked.office().take_step(&asked.order()?, case, step, input)).await?;
    Ok(Turn::to(at(&done.case)).saying(said))
}

/// What is said when it is done: the form carries it, so that one that is sent twice leads to the same page.
fn said(posted: &Posted) -> &'static str {
    match posted.get("said") {
        Some("withdraw") => "done-withdrawn",
        Some("revoke") => "done-revoked",
        Some("explain") => "done-explained",
        _ => "done-sent",
    }
}

/// What was filled in.
struct Filled {
    with: ActV1,
    text: Option<String>,
}

fn read(asked: &Asked, posted: &Posted, what: What, seen: &ProgressV1) -> Result<Filled, Problem> {
    let mut read = posted.read();
    let photos = posted.files(PHOTOS).next().is_some();
    let mut text = read.maybe("text");
    let with = match what {
        What::Supply => {
            if text.is_none() && !photos {
                read.wrong(PHOTOS, "my-supply-none");
            }
            ActV1::Plain {}
        }
        What::Explain => {
            text = Some(read.text("text"));
            let known = |source: &str| seen.differs.iter().any(|known| known.source == source);
            ActV1::Explain {
                contested: posted.all("contested").filter(|s| known(s)).map(str::to_owned).collect(),
            }
        }
        What::Withdraw | What::Revoke => {
            if !posted.has("sure") {
                read.wrong("sure", "my-not-sure");
            }
            let why = text.take().map(|why| format!("\n{why}")).unwrap_or_default();
            let t = asked.words();
            text = Some(format!("{}{why}", t.text("my-withdraw-text").arg("number", seen.number.as_str())));
            match what {
                What::Withdraw => ActV1::Withdraw {},
                _ => ActV1::Revoke { subject: asked.caller()?.person_id().to_string() },
            }
        }
        What::Tell => {
            text = Some(read.text("text"));
            ActV1::Plain {}
        }
    };
    read.done()?;
    Ok(Filled { with, text })
}

#[derive(Debug, Template)]
#[template(path = "my/sign.html")]
struct SignPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    seen: SigningV1,
    sure: Vec<Choice>,
}

async fn show_signing(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    signing_page(&asked, form, "/my/cases".into()).await
}

async fn signing_page(asked: &Asked, mut form: Form, back: String) -> Result<Html, Problem> {
    let step = asked.text("step");
    let seen = asked.office().signing(&asked.order()?, asked.id("case")?, step).await?;
    form.put("version", seen.version.to_string());
    let form = form.keyed(asked, step)?;
    let shell = asked.shell(Say::Both(seen.title.clone())).await?.wrong(form.is_wrong());
    let sure = vec![Choice::new("true", "my-sign-sure")];
    Html::of(&SignPage { t: shell.t, shell, form, back, seen, sure })
}

async fn sign(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let (case, step) = (asked.id("case")?, asked.text("step"));
    let own = asked.address.starts_with("/my/cases/");
    let back = if own { at(asked.text("case")) } else { "/my/cases".to_owned() };
    if asked.earlier.is_some() {
        return Ok(Turn::to(back).saying("done-signed"));
    }
    let mut read = posted.read();
    if !posted.has("sure") {
        read.wrong("sure", "my-not-sure");
    }
    read.done()?;
    let seen = asked.office().signing(&asked.order()?, case, step).await?;
    let me = asked.caller()?.person_id().to_string();
    // What was signed is the text that stood there; the case keeps who signed and when.
    let kind = seen.evidence.first().cloned().unwrap_or_else(|| "note".into());
    let reference = format!("{kind}-{me}-{}", asked.now.at.0);
    let evidence = vec![anmin_app::record::act::EvidenceV1 {
        kind,
        reference,
        source: None,
        estimated: false,
        valid_until: None,
    }];
    let version = posted.get("version").and_then(|version| version.parse().ok()).unwrap_or(seen.version);
    let with = ActV1::Authorise { subject: me.clone(), signer: me };
    let input = StepV1 { version, duty: None, with, evidence, why: None };
    let _: ChangedV1 = asked.once(asked.office().take_step(&asked.order()?, case, step, input)).await?;
    Ok(Turn::to(back).saying("done-signed"))
}
