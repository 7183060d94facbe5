//! Duties that nobody could do, or not enough different people: for supervisors of their area, and for who proposes posts.

use super::{Tab, tabs};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::oversight::{GapV1, WATCH};
use anmin_app::record::TextV1;
use askama::Template;
use askama::filters::HtmlSafe;

pub(super) fn routes() -> Vec<Route> {
    vec![page("/supervision/gaps", show).called("page_supervision_gaps").may(WATCH, &[])]
}

/// A gap in words.
#[derive(Clone, Debug)]
struct Gap {
    place: String,
    matter: String,
    duties: String,
    what: Tag,
    more: String,
    roles: String,
    when: String,
}

/// The gaps as a part of a page.
#[derive(Clone, Debug, Template)]
#[template(path = "supervision/gap_list.html")]
pub(crate) struct Gaps {
    t: Words,
    now: Vec<Gap>,
    soon: Vec<Gap>,
    empty: Empty,
}
impl HtmlSafe for Gaps {}

impl Gaps {
    /// Those the reader is to see to.
    pub(crate) fn of(asked: &Asked) -> Result<Gaps, Problem> {
        let t = asked.words();
        let found = asked.office().gaps(&asked.order()?)?;
        let empty = Empty::new(t, "supervision-gaps-none", "supervision-gaps-none-more");
        Ok(Gaps {
            t,
            now: found.now.iter().map(|gap| told(t, gap)).collect(),
            soon: found.soon.iter().map(|gap| told(t, gap)).collect(),
            empty,
        })
    }

    /// How many there are today.
    pub(crate) fn count(&self) -> usize {
        self.now.len()
    }
}

fn told(t: Words, gap: &GapV1) -> Gap {
    let and = t.text("supervision-and").to_string();
    let join = |texts: &[TextV1]| texts.iter().map(|text| t.of(text)).collect::<Vec<_>>().join(&and);
    let (what, more) = match gap.kind.as_str() {
        "nobody" => (t.tag(Tone::Bad, "supervision-gap-nobody"), String::new()),
        _ => {
            let told = t.text("supervision-gap-few-more").arg("wanted", gap.wanted).arg("there", gap.there);
            let told = told.arg("people", gap.people.join(&and));
            (t.tag(Tone::Soon, "supervision-gap-few"), told.to_string())
        }
    };
    let whole = t.text("supervision-gap-whole").to_string();
    let subjects =
        if gap.subjects.is_empty() { String::new() } else { format!(" · {}", join(&gap.subjects)) };
    Gap {
        place: if gap.area_name.is_empty() { whole } else { gap.area_name.clone() },
        matter: format!("{}{subjects}", t.of(&gap.matter)),
        duties: join(&gap.duties),
        what,
        more,
        roles: join(&gap.roles),
        when: gap.from.as_ref().map(|day| t.day(day)).unwrap_or_default(),
    }
}

#[derive(Debug, Template)]
#[template(path = "supervision/gaps.html")]
struct GapsPage {
    t: Words,
    shell: Shell,
    tabs: Vec<Tab>,
    gaps: Gaps,
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let gaps = Gaps::of(&asked)?;
    let shell = asked.shell("supervision-gaps").await?;
    Html::of(&GapsPage { t, shell, tabs: tabs(t, "/supervision/gaps"), gaps })
}
