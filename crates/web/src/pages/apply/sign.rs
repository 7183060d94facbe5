//! Signatures: each adult for themself, by being signed in, by a code to their telephone, or on paper that is photographed.

use super::papers::{KINDS, PHOTO, keep};
use super::{AboutV1, MAY, at, id, seen, version};
use crate::asked::Asked;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::applications::{ApplicationV1, AskCodeV1, DraftDoneV1, PaperPlaceV1, SignV1};
use anmin_app::asking::{DeclarationSeenV1, SignerV1};
use anmin_app::office::Order;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let sign = form("/my/applications/{application}/sign/{declaration}", show, save)
        .called("page_sign", "do_sign")
        .may(&[], MAY)
        .key(Key::Of("sign_application"));
    let code = form("/my/applications/{application}/code/{declaration}", show_code, ask_code)
        .called("page_sign_code", "do_sign_code")
        .may(&[], MAY)
        .key(Key::Of("ask_code"));
    let paper = form("/my/applications/{application}/paper/{declaration}", show_paper, by_paper)
        .called("page_sign_paper", "do_sign_paper")
        .may(&[], MAY)
        .key(Key::Of("sign_application"));
    sign.into_iter().chain(code).chain(paper).collect()
}

#[derive(Debug, Template)]
#[template(path = "apply/sign.html")]
struct SignPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    name: String,
    text: Vec<String>,
    own: bool,
    signed: bool,
    sure: Vec<Choice>,
    code: String,
    paper: String,
}

/// What is to be signed, and by whom.
async fn found(
    asked: &Asked,
    ask: &AboutV1,
) -> Result<(ApplicationV1, DeclarationSeenV1, SignerV1), Problem> {
    let seen = seen(asked).await?;
    let declaration = seen.declarations.iter().find(|d| d.name == asked.text("declaration"));
    let declaration = declaration.cloned().ok_or_else(Problem::not_found)?;
    let key = ask.of.as_deref().unwrap_or(&seen.applicant);
    let signer = declaration.signers.iter().find(|signer| signer.element == key).cloned();
    Ok((seen, declaration, signer.ok_or_else(Problem::not_found)?))
}

fn there(asked: &Asked, way: &str, signer: &SignerV1) -> String {
    let ask = form_urlencoded::Serializer::new(String::new()).append_pair("of", &signer.element).finish();
    format!("{}/{way}/{}?{ask}", at(asked.text("application")), asked.text("declaration"))
}

async fn show(asked: Asked, ask: AboutV1, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let (seen, declaration, signer) = found(&asked, &ask).await?;
    form.put("version", seen.version.to_string());
    let shell = asked.shell(Say::Both(declaration.title.clone())).await?.wrong(form.is_wrong());
    let page = SignPage {
        t,
        shell,
        back: at(&seen.line.application),
        own: signer.element == seen.applicant,
        signed: signer.signed,
        text: declaration.text.iter().map(|text| t.of(text).to_owned()).collect(),
        sure: vec![Choice::new("true", "my-sign-sure")],
        code: there(&asked, "code", &signer),
        paper: there(&asked, "paper", &signer),
        name: signer.name,
        form,
    };
    Html::of(&page)
}

async fn save(asked: Asked, ask: AboutV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let (seen, declaration, signer) = found(&asked, &ask).await?;
    let own = signer.element == seen.applicant;
    let mut read = posted.read();
    if own && !posted.has("sure") {
        read.wrong("sure", "my-not-sure");
    }
    let code = if own { None } else { Some(read.text("code")) };
    read.done()?;
    let input = SignV1 {
        version: version(&asked),
        declaration: declaration.name,
        element: signer.element,
        how: if own { "own" } else { "code" }.into(),
        code,
        paper: None,
    };
    let done: DraftDoneV1 =
        asked.once(asked.office().sign_application(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to(at(&done.application)).saying("done-signed"))
}

#[derive(Debug, Template)]
#[template(path = "apply/code.html")]
struct CodePage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    name: String,
}

async fn show_code(asked: Asked, ask: AboutV1, mut form: Form) -> Result<Html, Problem> {
    let (seen, _, signer) = found(&asked, &ask).await?;
    form.put("version", seen.version.to_string());
    let shell = asked.shell("apply-code").await?.wrong(form.is_wrong());
    let back = there(&asked, "sign", &signer);
    Html::of(&CodePage { t: shell.t, shell, form, back, name: signer.name })
}

async fn ask_code(asked: Asked, ask: AboutV1, _: Arc<Posted>) -> Result<Turn, Problem> {
    let (_, _, signer) = found(&asked, &ask).await?;
    let input = AskCodeV1 { version: version(&asked), element: signer.element.clone() };
    let _: DraftDoneV1 = asked.once(asked.office().ask_code(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to(there(&asked, "sign", &signer)).saying("done-code"))
}

#[derive(Debug, Template)]
#[template(path = "apply/sign_paper.html")]
struct SignPaperPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    name: String,
    kinds: &'static str,
}

async fn show_paper(asked: Asked, ask: AboutV1, form: Form) -> Result<Html, Problem> {
    let (_, _, signer) = found(&asked, &ask).await?;
    let shell = asked.shell("apply-on-paper").await?.wrong(form.is_wrong());
    let back = there(&asked, "sign", &signer);
    Html::of(&SignPaperPage { t: shell.t, shell, form, back, name: signer.name, kinds: KINDS })
}

/// The photograph first, and then the signature it is: the key is the signature's.
async fn by_paper(asked: Asked, ask: AboutV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let here = at(asked.text("application"));
    if asked.earlier.is_some() {
        return Ok(Turn::to(here).saying("done-signed"));
    }
    let (_, declaration, signer) = found(&asked, &ask).await?;
    let place = PaperPlaceV1 { paper: declaration.name.clone(), element: Some(signer.element.clone()) };
    let unkeyed = Asked { request: None, ..asked.clone() };
    keep(&unkeyed, &posted, &place).await?;
    let seen = seen(&asked).await?;
    let paper = seen.handed_in.iter().rev().find(|h| h.paper == place.paper && h.element == place.element);
    let order: Order<'_> = asked.order()?;
    let input = SignV1 {
        version: seen.version,
        declaration: declaration.name,
        element: signer.element,
        how: "paper".into(),
        code: None,
        paper: paper.map(|paper| paper.file.clone()),
    };
    let signed: Result<DraftDoneV1, Problem> =
        asked.once(asked.office().sign_application(&order, id(&asked)?, input)).await;
    signed.map_err(|problem| problem.called(&[("paper", PHOTO)]))?;
    Ok(Turn::to(here).saying("done-signed"))
}
