//! Posts: who is what, where, from when until when; and proposing another, in two steps: who and what, then where and how long.

use super::{PEOPLE, Sections, below};
use crate::asked::Asked;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::staff::{AllowedV1, DoneV1, NewPostV1, PlacesV1, PostLineV1, PostTermsV1, RoleV1, UnitLineV1};
use anmin_base::date::Date;
use askama::Template;
use askama::filters::HtmlSafe;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![page("/admin/posts", list).called("page_posts").may(PEOPLE, &[])];
    all.extend(
        form("/admin/posts/new", show_new, next)
            .called("page_new_post", "do_choose_post")
            .may(&["post_propose"], &[]),
    );
    all.extend(
        form("/admin/posts/terms", show_terms, propose)
            .called("page_post_terms", "do_propose_post")
            .may(&["post_propose"], &[])
            .key(Key::Of("propose_post")),
    );
    all
}

/// Which posts.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichV1 {
    /// `proposed`, `ending`; else all that are in force or to come.
    show: Option<String>,
}

/// A post in a list.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub id: String,
    pub name: String,
    pub role: String,
    pub unit: String,
    pub area: String,
    pub days: String,
    pub state: Tag,
}

/// A kind of posts that can be shown.
#[derive(Clone, Debug)]
struct Kind {
    href: &'static str,
    text: String,
    count: usize,
    here: bool,
}

#[derive(Debug, Template)]
#[template(path = "admin/posts.html")]
struct ListPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    kinds: Vec<Kind>,
    lines: Vec<Line>,
    empty: Empty,
}

/// How long before its last day a post is shown as ending.
const AHEAD: i32 = 30;

fn day(text: &str) -> Date {
    text.parse().unwrap_or(Date::MIN)
}

/// Whether a post ends within a month and none like it goes on.
pub(super) fn is_ending(post: &PostLineV1, all: &[PostLineV1], on: Date) -> bool {
    let last = day(&post.to);
    let goes_on = |other: &PostLineV1| {
        other.person == post.person
            && other.role == post.role
            && other.unit == post.unit
            && day(&other.to) > last
    };
    post.state == "approved"
        && post.delegated_by.is_none()
        && last < on.add_days(AHEAD)
        && !all.iter().any(goes_on)
}

/// How a post stands.
pub(super) fn state(t: Words, post: &PostLineV1, on: Date) -> Tag {
    if post.flawed.is_some() {
        return t.tag(Tone::Bad, "admin-post-flawed");
    }
    match post.state.as_str() {
        "proposed" => t.tag(Tone::Soon, "admin-post-proposed"),
        "approved" if day(&post.from) > on => t.tag(Tone::Note, "admin-post-to-come"),
        "approved" if post.delegated_by.is_some() => t.tag(Tone::Note, "admin-post-delegated"),
        "approved" => t.tag(Tone::Good, "admin-post-in-force"),
        _ => t.tag(Tone::Plain, "admin-post-refused"),
    }
}

pub(super) fn line(t: Words, post: &PostLineV1, on: Date) -> Line {
    Line {
        id: post.post.clone(),
        name: post.name.clone().unwrap_or_default(),
        role: t.of(&post.role_name).to_owned(),
        unit: post.unit_name.clone(),
        area: post.area_name.clone(),
        days: format!("{} – {}", post.from, post.to),
        state: state(t, post, on),
    }
}

async fn list(asked: Asked, ask: WhichV1) -> Result<Html, Problem> {
    let (t, on) = (asked.words(), asked.now.on);
    let mut all = asked.office().posts(&asked.order()?).await?;
    all.sort_by(|a, b| {
        (&a.unit_name, &a.role, &a.name, &a.from).cmp(&(&b.unit_name, &b.role, &b.name, &b.from))
    });
    let fits = |kind: &str, post: &PostLineV1| match kind {
        "proposed" => post.state == "proposed",
        "ending" => is_ending(post, &all, on),
        _ => post.state == "approved" && day(&post.from) <= on,
    };
    let here = ask.show.as_deref().unwrap_or_default();
    let kinds = [
        ("", "/admin/posts", "admin-posts-in-force"),
        ("proposed", "/admin/posts?show=proposed", "admin-posts-proposed"),
        ("ending", "/admin/posts?show=ending", "admin-posts-ending"),
    ];
    let kinds = kinds.map(|(kind, href, key)| Kind {
        href,
        text: t.text(key).to_string(),
        count: all.iter().filter(|post| fits(kind, post)).count(),
        here: kind == here,
    });
    let lines = all.iter().filter(|post| fits(here, post)).map(|post| line(t, post, on)).collect();
    let shell = asked.shell("admin-posts").await?;
    let empty = Empty::new(t, "admin-posts-none", "admin-posts-none-more");
    let sections = Sections::of(&asked, "/admin/posts");
    Html::of(&ListPage { t, shell, sections, kinds: kinds.into(), lines, empty })
}

/// What a role allows, in plain words, as a part of a page.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/allows.html")]
pub(super) struct Allows {
    t: Words,
    name: String,
    why: String,
    here: Vec<String>,
    assigned: Vec<String>,
    never: Vec<String>,
    delegable: bool,
}
impl HtmlSafe for Allows {}

impl Allows {
    pub(super) fn of(t: Words, role: &RoleV1) -> Allows {
        let told = |allowed: &AllowedV1| match allowed.second_factor {
            true => t.text("admin-allows-again").arg("what", t.of(&allowed.what)).to_string(),
            false => t.of(&allowed.what).to_owned(),
        };
        let (assigned, here): (Vec<_>, Vec<_>) = role.allows.iter().partition(|one| one.reach == "assigned");
        Allows {
            t,
            name: t.of(&role.name).to_owned(),
            why: t.of(&role.why).to_owned(),
            here: here.into_iter().map(told).collect(),
            assigned: assigned.into_iter().map(told).collect(),
            never: role.never.iter().map(|text| t.of(text).to_owned()).collect(),
            delegable: role.delegable,
        }
    }
}

/// For whom, and what.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChosenV1 {
    /// Who is to hold it.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    person: Option<String>,
    /// The role.
    role: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "admin/new_post.html")]
struct NewPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    people: Vec<Choice>,
    roles: Vec<Choice>,
}

async fn show_new(asked: Asked, ask: ChosenV1, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    form.fill("person", ask.person.unwrap_or_default());
    form.fill("role", ask.role.unwrap_or_default());
    let mut logins = asked.office().logins(&asked.order()?).await?;
    logins.retain(|login| login.state == "open");
    logins.sort_by(|a, b| (&a.name, &a.login).cmp(&(&b.name, &b.login)));
    let named = |login: &anmin_app::staff::LoginLineV1| {
        let text = t.text("admin-person").arg("name", &login.name).arg("login", &login.login);
        Choice::new(&login.person, Say::Text(text.to_string()))
    };
    let choose = || std::iter::once(Choice::new("", "supervision-choose"));
    let people = choose().chain(logins.iter().map(named)).collect();
    let known = asked.office().roles().roles;
    let told = |role: &RoleV1| {
        let text = t.text("admin-role-why").arg("name", t.of(&role.name)).arg("why", t.of(&role.why));
        Choice::new(&role.role, Say::Text(text.to_string()))
    };
    let roles = choose().chain(known.iter().map(told)).collect();
    let shell = asked.shell("admin-post-new").await?.wrong(form.is_wrong());
    Html::of(&NewPage { t, shell, crumbs: below(t, "/admin/posts", "admin-posts"), form, people, roles })
}

async fn next(asked: Asked, _: ChosenV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (person, role) = (read.text("person"), read.text("role"));
    if !role.is_empty() && !asked.office().roles().roles.iter().any(|known| known.role == role) {
        read.wrong("role", "form-wrong-choice");
    }
    read.done()?;
    Ok(Turn::to(format!("/admin/posts/terms?person={person}&role={role}")))
}

#[derive(Debug, Template)]
#[template(path = "admin/post_terms.html")]
struct TermsPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    name: String,
    role: String,
    units: Vec<Choice>,
    areas: Vec<Choice>,
    subjects: Vec<Choice>,
    allows: Allows,
}

fn role_of(asked: &Asked, name: Option<&String>) -> Result<RoleV1, Problem> {
    let known = asked.office().roles().roles;
    known.into_iter().find(|role| Some(&role.role) == name).ok_or_else(Problem::not_found)
}

/// The units that may have such a post today.
fn fitting<'a>(places: &'a PlacesV1, role: &'a RoleV1, on: Date) -> impl Iterator<Item = &'a UnitLineV1> {
    let fits = move |unit: &&UnitLineV1| {
        role.units.contains(&unit.kind)
            && unit.stands.iter().any(|stands| role.stands.contains(stands))
            && unit.to.as_ref().is_none_or(|to| day(to) >= on)
    };
    places.units.iter().filter(fits)
}

async fn show_terms(asked: Asked, ask: ChosenV1, mut form: Form) -> Result<Html, Problem> {
    let (t, on) = (asked.words(), asked.now.on);
    let role = role_of(&asked, ask.role.as_ref())?;
    let (office, order) = (asked.office(), asked.order()?);
    let logins = office.logins(&order).await?;
    let person = logins.iter().find(|login| Some(&login.person) == ask.person.as_ref());
    let name = person.map(|login| login.name.clone()).ok_or_else(Problem::not_found)?;
    let places = office.places(&order).await?;
    let area_name = |id: &String| {
        places.areas.iter().find(|area| area.area == *id).map(|area| area.name.clone()).unwrap_or_default()
    };
    let unit = |unit: &UnitLineV1| {
        let text = t.text("admin-unit-in").arg("unit", &unit.name).arg("area", area_name(&unit.area));
        Choice::new(&unit.unit, Say::Text(text.to_string()))
    };
    let mut units: Vec<Choice> = fitting(&places, &role, on).map(unit).collect();
    if units.len() != 1 {
        units.insert(0, Choice::new("", "supervision-choose"));
    }
    let tops: Vec<&String> = fitting(&places, &role, on).map(|unit| &unit.area).collect();
    let mut areas = vec![Choice::new("", "admin-whole-area")];
    areas.extend(
        super::places::tree(&places, on)
            .iter()
            .filter(|node| tops.iter().any(|top| node.above.contains(*top)))
            .map(|node| {
                let text = format!("{}{}", "\u{3000}".repeat(node.above.len().saturating_sub(1)), node.name);
                Choice::new(&node.area, Say::Text(text))
            }),
    );
    form.fill("from", on.to_string());
    form.fill("to", on.add_years(1).add_days(-1).to_string());
    let all: Vec<String> = role.subjects.iter().map(|subject| subject.name.clone()).collect();
    if all.len() == 1 {
        form.fill_all("subjects", &all);
    }
    let subject = |subject: &anmin_app::staff::NameV1| Choice::new(&subject.name, &subject.label);
    let shell = asked.shell("admin-post-new").await?.wrong(form.is_wrong());
    Html::of(&TermsPage {
        t,
        shell,
        crumbs: below(t, "/admin/posts", "admin-posts"),
        form,
        name,
        role: t.of(&role.name).to_owned(),
        units,
        areas,
        subjects: role.subjects.iter().map(subject).collect(),
        allows: Allows::of(t, &role),
    })
}

/// What the command calls its fields, and what the form does.
const NAMES: &[(&str, &str)] = &[
    ("terms.unit", "unit"),
    ("terms.area", "area"),
    ("terms.role", "unit"),
    ("terms.subjects", "subjects"),
    ("terms.from", "from"),
    ("terms.to", "to"),
    ("terms", "unit"),
];

async fn propose(asked: Asked, ask: ChosenV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let role = role_of(&asked, ask.role.as_ref())?;
    let mut read = posted.read();
    let unit = read.text("unit");
    let (from, to) = (read.day("from"), read.day("to"));
    let subjects: Vec<String> = posted.all("subjects").map(str::to_owned).collect();
    if subjects.is_empty() && !role.subjects.is_empty() {
        read.wrong("subjects", "admin-subjects-wanted");
    }
    let area = read.maybe("area");
    read.done()?;
    let places = asked.office().places(&asked.order()?).await?;
    let own = places.units.iter().find(|known| known.unit == unit).map(|known| known.area.clone());
    let input = NewPostV1 {
        person: ask.person.unwrap_or_default(),
        terms: PostTermsV1 {
            unit,
            role: role.role,
            area: area.or(own).unwrap_or_default(),
            subjects,
            from: from.map(|day| day.to_string()).unwrap_or_default(),
            to: to.map(|day| day.to_string()).unwrap_or_default(),
        },
    };
    let order = asked.order()?;
    let proposed = asked.once(asked.office().propose_post(&order, &input)).await;
    let done: DoneV1 = proposed.map_err(|problem: Problem| problem.called(NAMES))?;
    Ok(Turn::to(format!("/admin/posts/{}", done.id)).saying("done-post-proposed"))
}
