//! Everything once more, handing it in, and the receipt that prints at once.

use super::print::{Block, blocks};
use super::{Above, LAST, MAY, at, id, lacking, seen, sheet, version};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::letter::Letter;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::Panel;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::applications::{ApplicationV1, SubmittedV1, VersionV1};
use anmin_app::asking::StateV1;
use anmin_app::deployment::Id;
use anmin_base::document::Document;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let look = form("/intake/{application}/submission", show, hand_in)
        .called("page_intake_last", "do_intake_hand_in")
        .may(MAY, &[])
        .key(Key::Of("submit_application"));
    let done = page("/intake/{application}/done", done).called("page_intake_done").may(MAY, &[]);
    look.into_iter().chain([done]).collect()
}

/// Something that is still to be done, and where.
#[derive(Clone, Debug)]
struct Open {
    text: String,
    href: String,
}

#[derive(Debug, Template)]
#[template(path = "intake/hand_in.html")]
struct LastPage {
    t: Words,
    shell: Shell,
    form: Form,
    above: Above,
    /// What holds it up.
    holds: Vec<Open>,
    /// What may come later.
    later: Vec<Open>,
    clashes: Vec<String>,
    blocks: Vec<Block>,
    ready: bool,
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    if let Some(page) = sheet::over(&asked, &seen).await? {
        return Ok(page);
    }
    let pages = asked.office().check_answers(&asked.order()?, id(&asked)?).await?;
    form.put("version", seen.version.to_string());
    let (holds, later) = open(t, &seen);
    let page = LastPage {
        t,
        shell: asked.shell("intake-part-last").await?.wrong(form.is_wrong()),
        above: Above::of(t, &seen, LAST),
        holds,
        later,
        clashes: seen.sheet.clashes.iter().map(|clash| t.lang.of(&clash.zh, &clash.en).clone()).collect(),
        blocks: blocks(t, &seen, &pages),
        ready: seen.ready,
        form,
    };
    Html::of(&page)
}

/// What has to be there before it is handed in, and what may come later.
fn open(t: Words, seen: &ApplicationV1) -> (Vec<Open>, Vec<Open>) {
    let home = at(&seen.line.application);
    let (mut holds, mut later) = (Vec::new(), Vec::new());
    for section in &seen.sheet.sections {
        if !matches!(section.state, StateV1::Done | StateV1::Hidden) {
            let text = t.text("intake-holds-section").arg("part", t.of(&section.label)).to_string();
            holds.push(Open { text, href: format!("{home}?section={}", section.name) });
        }
    }
    let sign = format!("{home}/{}", super::SIGN);
    for (n, declaration) in seen.declarations.iter().enumerate() {
        for signer in declaration.signers.iter().filter(|signer| !signer.signed) {
            let text = t
                .text("intake-lacks-signature")
                .arg("what", t.of(&declaration.title))
                .arg("who", signer.name.as_str())
                .to_string();
            let to = if n == 0 { &mut holds } else { &mut later };
            to.push(Open { text, href: sign.clone() });
        }
    }
    for paper in lacking(seen) {
        let text = t.text("intake-lacks-paper").arg("paper", t.of(&paper.label)).to_string();
        later.push(Open { text, href: format!("{home}/{}", super::PAPERS) });
    }
    (holds, later)
}

async fn hand_in(asked: Asked, _: NoQuery, _: Arc<Posted>) -> Result<Turn, Problem> {
    let input = VersionV1 { version: version(&asked) };
    let done: SubmittedV1 =
        asked.once(asked.office().submit_application(&asked.order()?, id(&asked)?, input)).await?;
    Ok(Turn::to(format!("{}/done", at(&done.application))))
}

#[derive(Debug, Template)]
#[template(path = "intake/done.html")]
struct DonePage {
    t: Words,
    shell: Shell,
    panel: Panel,
    case: String,
    receipts: Vec<Letter>,
    to_sign: Vec<String>,
    left_out: Vec<String>,
}

/// That it is handed in: the number, the receipt, and what is still to come.
async fn done(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    let submitted = seen.submitted.clone().ok_or_else(Problem::not_found)?;
    let case = Id::parse(&submitted.case).ok_or_else(Problem::not_found)?;
    let letters = asked.office().letters(&asked.order()?, case).await.unwrap_or_default();
    let receipt = letters.iter().filter(|letter| submitted.letters.contains(&letter.number));
    let documents = receipt.flat_map(|letter| &letter.documents);
    let receipts = documents.filter(|document| document.lang == t.lang.name());
    let page = DonePage {
        t,
        shell: asked.shell("intake-handed-in").await?,
        panel: Panel {
            title: t.text("intake-handed-in").to_string(),
            label: t.text("my-number").to_string(),
            number: submitted.number.clone(),
        },
        case: format!("/cases/{case}"),
        receipts: receipts.map(|document| Letter::of(&Document::from(document))).collect(),
        to_sign: submitted.to_sign.clone(),
        left_out: submitted.left_out.clone(),
    };
    Html::of(&page)
}
