//! The counter: a clerk enters an application from paper or from what somebody says, for them or for whoever sent them.
//! Several pages of the resident's form on one screen, with the same questions and rules; then paper to sign, scanned back in.

mod begin;
mod desk;
mod fields;
mod hand_in;
mod papers;
mod print;
mod sheet;
mod sign;

use crate::asked::Asked;
use crate::pages::parts::Tone;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::applications::{ApplicationV1, PROXY_PAPER, ProxyBasisV1};
use anmin_app::asking::{PaperWantedV1, StateV1};
use anmin_app::deployment::Id;
use anmin_app::record::TextV1;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) fn routes() -> Vec<Route> {
    let all = [
        desk::routes(),
        begin::routes(),
        sheet::routes(),
        papers::routes(),
        print::routes(),
        sign::routes(),
        hand_in::routes(),
    ];
    all.into_iter().flatten().collect()
}

const MAY: &[&str] = &["apply_assist"];

/// Where a reader of cards answers: on the machine of the counter, in a demonstration here (docs/card-reader.md).
const READER: &str = "http://127.0.0.1:38180/card";
const DEMO_READER: &str = "/api/v1/demo/card-reader";

fn reader(asked: &Asked) -> &'static str {
    if asked.site.inner.settings.demo { DEMO_READER } else { READER }
}

/// Which part of an application, or whose.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AboutV1 {
    /// A section of the form.
    section: Option<String>,
    /// The key of somebody in a list.
    of: Option<String>,
    /// A declaration.
    what: Option<String>,
}

/// The page of an application at the counter.
fn at(application: &str) -> String {
    format!("/intake/{application}")
}

fn id(asked: &Asked) -> Result<Id, Problem> {
    asked.id("application")
}

/// An application that lies at the counter. One that a resident fills in is theirs.
async fn seen(asked: &Asked) -> Result<ApplicationV1, Problem> {
    let seen = asked.office().show_application(&asked.order()?, id(asked)?).await?;
    if seen.line.counter { Ok(seen) } else { Err(Problem::not_found()) }
}

/// The version a form was made from.
fn version(asked: &Asked) -> i64 {
    asked.posted().get("version").and_then(|version| version.parse().ok()).unwrap_or_default()
}

/// A part of an application, above its pages.
#[derive(Clone, Debug)]
struct Part {
    href: String,
    text: String,
    mark: &'static str,
    /// What the mark means, for those who hear the page.
    word: String,
    here: bool,
}

/// What stands above every page of an application: for whom, how far, and its parts.
#[derive(Clone, Debug)]
struct Above {
    name: String,
    service: String,
    proxy: Option<String>,
    lapses: String,
    here: String,
    parts: Vec<Part>,
}

/// The parts that come after those of the form.
const PAPERS: &str = "papers";
const SIGN: &str = "sign";
const LAST: &str = "submission";

impl Above {
    fn of(t: Words, seen: &ApplicationV1, here: &str) -> Above {
        let home = at(&seen.line.application);
        let part = |name: &str, href: String, text: String, state: StateV1| Part {
            href,
            text,
            mark: mark(state),
            word: t.text(word(state)).to_string(),
            here: name == here,
        };
        let mut parts: Vec<Part> = Vec::new();
        for section in seen.sheet.sections.iter().filter(|section| section.state != StateV1::Hidden) {
            let href = format!("{home}?section={}", section.name);
            parts.push(part(&section.name, href, t.of(&section.label).to_owned(), section.state));
        }
        let lacking = lacking(seen).count();
        let state = |open: bool| if open { StateV1::NotStarted } else { StateV1::Done };
        let to_sign = seen.declarations.iter().flat_map(|d| &d.signers).any(|signer| !signer.signed);
        for (name, key, state) in [
            (PAPERS, "intake-part-papers", state(lacking > 0)),
            (SIGN, "intake-part-sign", state(to_sign)),
            (LAST, "intake-part-last", StateV1::NotStarted),
        ] {
            parts.push(part(name, format!("{home}/{name}"), t.text(key).to_string(), state));
        }
        let proxy = seen.proxy.as_ref().map(|proxy| {
            let basis = t.text(basis_key(proxy.basis)).to_string();
            t.text("intake-proxy-line").arg("name", proxy.name.as_str()).arg("basis", basis).to_string()
        });
        Above {
            name: seen.line.name.clone(),
            service: t.of(&seen.line.title).to_owned(),
            proxy,
            lapses: t.day(&seen.line.lapses_on),
            here: home,
            parts,
        }
    }
}

fn mark(state: StateV1) -> &'static str {
    match state {
        StateV1::Done => "✓",
        StateV1::InProgress => "…",
        _ => "",
    }
}

fn word(state: StateV1) -> &'static str {
    match state {
        StateV1::Done => "intake-done",
        StateV1::InProgress => "intake-half",
        _ => "intake-open",
    }
}

fn tone(done: bool) -> Tone {
    if done { Tone::Good } else { Tone::Soon }
}

fn basis_key(basis: ProxyBasisV1) -> &'static str {
    match basis {
        ProxyBasisV1::Written => "intake-basis-written",
        ProxyBasisV1::Guardian => "intake-basis-guardian",
        ProxyBasisV1::Family => "intake-basis-family",
        ProxyBasisV1::Village => "intake-basis-village",
    }
}

/// The papers that are wanted: those of the form, and the one that shows that somebody may act for another.
fn wanted(seen: &ApplicationV1) -> Vec<PaperWantedV1> {
    let mut all: Vec<PaperWantedV1> =
        seen.papers.iter().filter(|paper| paper.checked.is_none()).cloned().collect();
    if seen.proxy.is_some() {
        let say = |lang| Words { lang }.text("intake-proxy-paper").to_string();
        let label =
            TextV1 { zh: say(anmin_base::document::Lang::Zh), en: say(anmin_base::document::Lang::En) };
        all.insert(
            0,
            PaperWantedV1 { name: PROXY_PAPER.into(), element: None, label, hint: None, checked: None },
        );
    }
    all
}

/// A paper that anybody may bring and nobody has to.
const OTHER: &str = "other";

/// Those that are wanted and not there.
fn lacking(seen: &ApplicationV1) -> impl Iterator<Item = PaperWantedV1> + '_ {
    wanted(seen).into_iter().filter(|paper| {
        paper.name != OTHER
            && !seen.handed_in.iter().any(|there| there.paper == paper.name && there.element == paper.element)
    })
}
