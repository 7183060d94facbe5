//! The pages of administrators: each of the three sees those of their own powers, and nobody's data. Everything here stands in the
//! journal; what takes a second person is proposed by one and approved by another.

mod area;
mod jobs;
mod journal;
mod logins;
mod own;
mod places;
mod post;
mod posts;
mod system;
mod unit;

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty, Tone};
use crate::pages::supervision::Gaps;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::staff::DeclaredV1;
use anmin_base::date::Date;
use askama::Template;
use askama::filters::HtmlSafe;

/// Whoever administers anything.
pub(crate) const ADMIN: &[&str] = &[
    "login_manage",
    "system_operate",
    "job_run",
    "journal_verify",
    "audit_export",
    "rules_edit",
    "rules_approve",
];
/// Who manages logins and posts.
const PEOPLE: &[&str] = &["login_manage"];
/// Who sees areas and units.
const PLACES: &[&str] = &["system_operate", "login_manage"];
/// Who changes them, and sees to the deployment.
const OPERATE: &[&str] = &["system_operate"];

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![
        page("/admin", overview).called("page_admin").may(ADMIN, &[]),
        page("/admin/kin", declarations).called("page_declarations").may(PEOPLE, &[]),
        page("/admin/gaps", gaps).called("page_admin_gaps").may(PEOPLE, &[]),
    ];
    all.extend(logins::routes());
    all.extend(posts::routes());
    all.extend(post::routes());
    all.extend(own::routes());
    all.extend(places::routes());
    all.extend(area::routes());
    all.extend(unit::routes());
    all.extend(jobs::routes());
    all.extend(journal::routes());
    all.extend(system::routes());
    all
}

/// The sections of administration that somebody may enter.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<nav class="tab-bar sections" aria-label="{{ t.text("admin-sections") }}"><ul>{% for (href, text, here) in links %}<li><a href="{{ href }}"{% if here %} aria-current="page"{% endif %}>{{ text }}</a></li>{% endfor %}</ul></nav>"#
)]
pub(crate) struct Sections {
    t: Words,
    links: Vec<(&'static str, String, bool)>,
}
impl HtmlSafe for Sections {}

type Section = (&'static str, &'static str, &'static [&'static str]);

const SECTIONS: &[Section] = &[
    ("/admin", "admin-overview", ADMIN),
    ("/admin/posts", "admin-posts", PEOPLE),
    ("/admin/logins", "admin-logins", PEOPLE),
    ("/admin/places", "admin-places", PLACES),
    ("/admin/gaps", "admin-gaps", PEOPLE),
    ("/admin/kin", "admin-kin", PEOPLE),
    ("/admin/jobs", "admin-jobs", &["job_run"]),
    ("/admin/packs", "admin-packs", &["system_operate", "rules_edit", "rules_approve"]),
    ("/admin/keys", "admin-keys", OPERATE),
    ("/admin/deployment", "admin-deployment", OPERATE),
    ("/admin/journal", "admin-journal", &["journal_verify", "audit_export"]),
];

impl Sections {
    pub(crate) fn of(asked: &Asked, here: &str) -> Sections {
        let t = asked.words();
        let open = SECTIONS.iter().filter(|(.., actions)| may(asked, actions));
        let links = open.map(|(href, key, _)| (*href, t.text(*key).to_string(), *href == here));
        Sections { t, links: links.collect() }
    }
}

/// Whether the reader may do one of these.
fn may(asked: &Asked, actions: &[&str]) -> bool {
    let Ok(caller) = asked.caller() else { return false };
    asked.office().may_any(caller, actions, None, asked.now).is_ok()
}

/// Where a page below a section stands.
fn below(t: Words, href: &'static str, key: &'static str) -> Crumbs {
    Crumbs::new(t).to("/admin", "admin-title").to(href, key)
}

/// A moment as a clock in China shows it.
fn moment(t: Words, at: i64) -> String {
    let local = at + 8 * 3_600_000;
    let day = Date::from_days(i32::try_from(local.div_euclid(86_400_000)).unwrap_or_default());
    let minutes = local.rem_euclid(86_400_000) / 60_000;
    format!("{} {:02}:{:02}", t.day(&day.to_string()), minutes / 60, minutes % 60)
}

/// A tile of the overview.
#[derive(Clone, Debug)]
struct Tile {
    count: String,
    text: String,
    href: &'static str,
    tone: &'static str,
}

#[derive(Debug, Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    tiles: Vec<Tile>,
    about: Vec<(&'static str, String, String)>,
}

async fn overview(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let mut tiles = Vec::new();
    let mut tile = |count: String, key: &'static str, href, some: bool, tone: &'static str| {
        let tone = if some { tone } else { "plain" };
        tiles.push(Tile { count, text: t.text(key).to_string(), href, tone });
    };
    let (office, order) = (asked.office(), asked.order()?);
    if may(&asked, PEOPLE) {
        let posts = office.posts(&order).await?;
        let proposed = posts.iter().filter(|post| post.state == "proposed").count();
        tile(proposed.to_string(), "admin-tile-proposed", "/admin/posts?show=proposed", proposed > 0, "soon");
        let ending = posts.iter().filter(|post| posts::is_ending(post, &posts, asked.now.on)).count();
        tile(ending.to_string(), "admin-tile-ending", "/admin/posts?show=ending", ending > 0, "soon");
        let gaps = Gaps::of(&asked)?.count();
        tile(gaps.to_string(), "admin-tile-gaps", "/admin/gaps", gaps > 0, "bad");
    }
    if may(&asked, &["job_run"]) {
        let jobs = office.jobs(&order).await?;
        tile(jobs.failed_count.to_string(), "admin-tile-failed", "/admin/jobs", jobs.failed_count > 0, "bad");
        let waiting = jobs.waiting_count + jobs.running_count;
        tile(waiting.to_string(), "admin-tile-waiting", "/admin/jobs", false, "plain");
    }
    if may(&asked, &["journal_verify", "audit_export"]) {
        let journal = office.journal(&order).await?;
        tile(journal.entries.to_string(), "admin-tile-sealed", "/admin/journal", false, "plain");
        tile(journal.waiting.to_string(), "admin-tile-unsealed", "/admin/journal", false, "plain");
    }
    let known = SECTIONS.iter().skip(1).filter(|(.., actions)| may(&asked, actions));
    let about = known
        .map(|(href, key, _)| (*href, t.text(*key).to_string(), t.text(format!("{key}-about")).to_string()));
    let about = about.collect();
    let shell = asked.shell("admin-title").await?;
    Html::of(&OverviewPage { t, shell, sections: Sections::of(&asked, "/admin"), tiles, about })
}

/// What somebody has declared.
#[derive(Clone, Debug)]
struct Declared {
    name: String,
    units: String,
    relatives: u32,
    themself: crate::pages::parts::Tag,
    last: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/kin.html")]
struct KinPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    lines: Vec<Declared>,
    missing: usize,
    empty: Empty,
}

async fn declarations(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().declarations(&asked.order()?).await?;
    let line = |one: &DeclaredV1| Declared {
        name: one.name.clone(),
        units: one.units.join(&t.text("supervision-and").to_string()),
        relatives: one.relatives,
        themself: match one.themself {
            true => t.tag(Tone::Good, "admin-kin-self"),
            false => t.tag(Tone::Soon, "admin-kin-no-self"),
        },
        last: one.last.map(|at| moment(t, at)).unwrap_or_else(|| t.text("admin-never").to_string()),
    };
    let lines: Vec<Declared> = found.iter().map(line).collect();
    let missing = found.iter().filter(|one| one.relatives == 0).count();
    let shell = asked.shell("admin-kin").await?;
    let empty = Empty::new(t, "admin-kin-none", "admin-kin-none-more");
    Html::of(&KinPage { t, shell, sections: Sections::of(&asked, "/admin/kin"), lines, missing, empty })
}

#[derive(Debug, Template)]
#[template(path = "admin/gaps.html")]
struct GapsPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    gaps: Gaps,
}

async fn gaps(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let shell = asked.shell("admin-gaps").await?;
    let gaps = Gaps::of(&asked)?;
    Html::of(&GapsPage { t, shell, sections: Sections::of(&asked, "/admin/gaps"), gaps })
}
