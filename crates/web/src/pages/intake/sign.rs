//! Signatures: on the printed sheets, which are scanned back in together; or each adult by a code to their own telephone.

use super::papers::{KINDS, SCAN, keep};
use super::{AboutV1, Above, LAST, MAY, SIGN, at, id, seen, sheet, tone, version};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::Tag;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::applications::{
    ApplicationV1, AskCodeV1, DraftDoneV1, PaperPlaceV1, SignOnPaperV1, SignV1, SignatureV1,
};
use anmin_app::asking::{DeclarationSeenV1, SignerV1};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let sign = form("/intake/{application}/sign", show, scanned)
        .called("page_intake_sign", "do_intake_sign")
        .may(MAY, &[])
        .key(Key::Of("sign_on_paper"));
    let code = form("/intake/{application}/code", show_code, by_code)
        .called("page_intake_code", "do_intake_code")
        .may(MAY, &[])
        .key(Key::Of("sign_application"));
    let send = form("/intake/{application}/code/send", show_send, send_code)
        .called("page_intake_send", "do_intake_send")
        .may(MAY, &[])
        .key(Key::Of("ask_code"));
    sign.into_iter().chain(code).chain(send).collect()
}

/// A signature that is wanted.
#[derive(Clone, Debug)]
struct Line {
    what: String,
    who: String,
    state: Tag,
    /// The other way: a code.
    code: Option<String>,
    /// The scan it stands on, and where it is taken away.
    scan: Option<(String, String)>,
}

#[derive(Debug, Template)]
#[template(path = "intake/sign.html")]
struct SignPage {
    t: Words,
    shell: Shell,
    form: Form,
    above: Above,
    whole: bool,
    lines: Vec<Line>,
    open: Vec<Choice>,
    kinds: &'static str,
}

/// A signature as one value of a list.
fn mark(declaration: &DeclarationSeenV1, signer: &SignerV1) -> String {
    format!("{}/{}", declaration.name, signer.element)
}

fn all(seen: &ApplicationV1) -> impl Iterator<Item = (&DeclarationSeenV1, &SignerV1)> {
    seen.declarations.iter().flat_map(|d| d.signers.iter().map(move |signer| (d, signer)))
}

fn ask(declaration: &DeclarationSeenV1, signer: &SignerV1) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("what", &declaration.name)
        .append_pair("of", &signer.element)
        .finish()
}

/// The scan on which somebody has signed.
fn scan(
    seen: &ApplicationV1,
    declaration: &DeclarationSeenV1,
    signer: &SignerV1,
) -> Option<(String, String)> {
    let own = |h: &&anmin_app::applications::HandedInV1| {
        h.paper == declaration.name && h.element.as_deref() == Some(signer.element.as_str())
    };
    let file = &seen.handed_in.iter().rev().find(own).filter(|_| signer.signed)?.file;
    let home = at(&seen.line.application);
    Some((format!("{home}/files/{file}"), format!("{home}/drop/{file}")))
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    if let Some(page) = sheet::over(&asked, &seen).await? {
        return Ok(page);
    }
    form.put("version", seen.version.to_string());
    let line = |(declaration, signer): (&DeclarationSeenV1, &SignerV1)| Line {
        what: t.of(&declaration.title).to_owned(),
        who: signer.name.clone(),
        state: match (signer.signed, signer.how.as_deref()) {
            (true, Some("code")) => t.tag(tone(true), "intake-signed-code"),
            (true, _) => t.tag(tone(true), "intake-signed-paper"),
            (false, _) => t.tag(tone(false), "intake-not-signed"),
        },
        code: (!signer.signed)
            .then(|| format!("{}/code?{}", at(&seen.line.application), ask(declaration, signer))),
        scan: scan(&seen, declaration, signer),
    };
    let lines = all(&seen).map(line).collect();
    let unsigned = || all(&seen).filter(|(_, signer)| !signer.signed);
    let marks: Vec<String> = unsigned().map(|(declaration, signer)| mark(declaration, signer)).collect();
    form.fill_all("signed", &marks);
    let open = unsigned().map(|(declaration, signer)| {
        let text =
            t.text("apply-sign-line").arg("what", t.of(&declaration.title)).arg("who", signer.name.as_str());
        Choice::new(mark(declaration, signer), Say::Text(text.to_string()))
    });
    let page = SignPage {
        t,
        shell: asked.shell("intake-part-sign").await?.wrong(form.is_wrong()),
        above: Above::of(t, &seen, SIGN),
        whole: seen.sheet.whole,
        lines,
        open: open.collect(),
        kinds: KINDS,
        form,
    };
    Html::of(&page)
}

/// The scan first, and then the signatures that stand on it: the key is the signatures'.
async fn scanned(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let here = at(asked.text("application"));
    if asked.earlier.is_some() {
        return Ok(Turn::to(format!("{here}/{LAST}")).saying("done-intake-signed"));
    }
    let mut read = posted.read();
    let signed: Vec<SignatureV1> = posted
        .all("signed")
        .filter_map(|mark| mark.split_once('/'))
        .map(|(declaration, element)| SignatureV1 {
            declaration: declaration.into(),
            element: element.into(),
        })
        .collect();
    if signed.is_empty() {
        read.wrong("signed", "intake-wrong-signed");
    }
    if posted.files(SCAN).next().is_none() {
        read.wrong(SCAN, "intake-wrong-scan");
    }
    read.done()?;
    let before = seen(&asked).await?;
    let first = signed.first().ok_or_else(Problem::not_found)?;
    let place = PaperPlaceV1 { paper: first.declaration.clone(), element: Some(first.element.clone()) };
    let unkeyed = Asked { request: None, ..asked.clone() };
    keep(&unkeyed, &posted, &place).await?;
    let after = seen(&asked).await?;
    let new = after.handed_in.iter().find(|file| before.handed_in.iter().all(|old| old.file != file.file));
    let paper = new.map(|file| file.file.clone()).unwrap_or_default();
    let input = SignOnPaperV1 { version: after.version, paper, signatures: signed };
    let done: Result<DraftDoneV1, Problem> =
        asked.once(asked.office().sign_on_paper(&asked.order()?, id(&asked)?, input)).await;
    done.map_err(|problem| problem.called(&[("paper", SCAN), ("signatures", "signed")]))?;
    let left = all(&seen(&asked).await?).any(|(_, signer)| !signer.signed);
    Ok(Turn::to(format!("{here}/{}", if left { SIGN } else { LAST })).saying("done-intake-signed"))
}

#[derive(Debug, Template)]
#[template(path = "intake/code.html")]
struct CodePage {
    t: Words,
    shell: Shell,
    form: Form,
    above: Above,
    name: String,
    text: Vec<String>,
    send: String,
    back: String,
}

/// What is to be signed, and by whom.
async fn found(
    asked: &Asked,
    about: &AboutV1,
) -> Result<(ApplicationV1, DeclarationSeenV1, SignerV1), Problem> {
    let seen = seen(asked).await?;
    let what = about.what.as_deref().unwrap_or_default();
    let of = about.of.as_deref().unwrap_or_default();
    let found = all(&seen).find(|(declaration, signer)| declaration.name == what && signer.element == of);
    let (declaration, signer) = found.map(|(d, s)| (d.clone(), s.clone())).ok_or_else(Problem::not_found)?;
    Ok((seen, declaration, signer))
}

async fn code_page(
    asked: &Asked,
    about: &AboutV1,
    mut form: Form,
    key: &'static str,
) -> Result<Html, Problem> {
    let t = asked.words();
    let (seen, declaration, signer) = found(asked, about).await?;
    form.put("version", seen.version.to_string());
    let home = at(&seen.line.application);
    let page = CodePage {
        t,
        shell: asked.shell(key).await?.wrong(form.is_wrong()),
        above: Above::of(t, &seen, SIGN),
        text: declaration.text.iter().map(|text| t.of(text).to_owned()).collect(),
        send: format!("{home}/code/send?{}", ask(&declaration, &signer)),
        back: format!("{home}/{SIGN}"),
        name: signer.name,
        form,
    };
    Html::of(&page)
}

async fn show_code(asked: Asked, about: AboutV1, form: Form) -> Result<Html, Problem> {
    code_page(&asked, &about, form, "intake-code").await
}

async fn by_code(asked: Asked, about: AboutV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let (_, declaration, signer) = found(&asked, &about).await?;
    let mut read = posted.read();
    let code = read.text("code");
    read.done()?;
    let input = SignV1 {
        version: version(&asked),
        declaration: declaration.name,
        element: signer.element,
        how: "code".into(),
        code: Some(code),
        paper: None,
    };
    let done: DraftDoneV1 =
        asked.once(asked.office().sign_application(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to(format!("{}/{SIGN}", at(&done.application))).saying("done-intake-signed"))
}

#[derive(Debug, Template)]
#[template(path = "intake/send.html")]
struct SendPage {
    t: Words,
    shell: Shell,
    form: Form,
    above: Above,
    name: String,
    back: String,
}

async fn show_send(asked: Asked, about: AboutV1, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let (seen, declaration, signer) = found(&asked, &about).await?;
    form.put("version", seen.version.to_string());
    let shell = asked.shell("intake-code").await?.wrong(form.is_wrong());
    let back = format!("{}/code?{}", at(&seen.line.application), ask(&declaration, &signer));
    Html::of(&SendPage { t, shell, form, above: Above::of(t, &seen, SIGN), name: signer.name, back })
}

async fn send_code(asked: Asked, about: AboutV1, _: Arc<Posted>) -> Result<Turn, Problem> {
    let (_, declaration, signer) = found(&asked, &about).await?;
    let input = AskCodeV1 { version: version(&asked), element: signer.element.clone() };
    let done: DraftDoneV1 = asked.once(asked.office().ask_code(&asked.order()?, id(&asked)?, input)).await?;
    let back = format!("{}/code?{}", at(&done.application), ask(&declaration, &signer));
    Ok(Turn::to(back).saying("done-code"))
}
