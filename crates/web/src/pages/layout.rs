//! What stands around every page: head, side bar or heading, who is signed in, the bar of a demonstration, the switches of
//! language and size. And problems as pages.

use crate::answer::Reply;
use crate::asked::Asked;
use crate::assets;
use crate::page::Html;
use crate::pages::demo;
use crate::problem::Problem;
use crate::words::{Say, Words};
use anmin_app::entry::WhoV1;
use anmin_app::record::{FieldError, TextV1};
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use std::time::Duration;

/// An entry of the side bar.
struct Entry {
    href: &'static str,
    key: &'static str,
    icon: &'static str,
    /// For those who may do one of these.
    staff: &'static [&'static str],
}

/// The side bar of staff. A page with an entry of its own adds it here.
const SIDE: &[Entry] = &[
    Entry { href: "/work?mine=true", key: "layout-nav-work", icon: "inbox", staff: &["case_list"] },
    Entry { href: "/intake", key: "intake-nav", icon: "id", staff: &["apply_assist"] },
    Entry {
        href: "/waiting",
        key: "layout-nav-waiting",
        icon: "scale",
        staff: &["check_report_issue", "appraisal_record"],
    },
    Entry { href: "/county", key: "county-nav", icon: "chart_bar", staff: &["statistics_read"] },
    Entry { href: "/letters", key: "layout-nav-letters", icon: "printer", staff: &["case_list"] },
    Entry { href: "/money", key: "money-nav", icon: "coin", staff: &["batch_read", "month_close_township"] },
    Entry {
        href: "/accounts",
        key: "money-nav-accounts",
        icon: "id",
        staff: &["payee_change_enter", "payee_change_confirm", "case_assign"],
    },
    Entry { href: "/supervision", key: "supervision-nav", icon: "clock", staff: anmin_app::oversight::WATCH },
    Entry { href: "/kin", key: "layout-nav-kin", icon: "users", staff: &["kin_declare"] },
    Entry { href: "/posts", key: "admin-nav-own", icon: "user_circle", staff: &["post_delegate"] },
    Entry { href: "/admin", key: "admin-nav", icon: "settings", staff: crate::pages::admin::ADMIN },
];

/// What stands below a resident's name: a page with an entry of its own adds it here.
const RESIDENT: &[Entry] = &[
    Entry { href: "/", key: "layout-nav-home", icon: "home", staff: &[] },
    Entry { href: "/my/cases", key: "layout-nav-my-cases", icon: "file_text", staff: &[] },
    Entry { href: "/my/payments", key: "money-nav-mine", icon: "coin", staff: &[] },
    Entry { href: "/my/applications", key: "layout-nav-my-applications", icon: "file_text", staff: &[] },
    Entry { href: "/my/data", key: "layout-nav-my-data", icon: "user_circle", staff: &[] },
];

/// An entry as it stands on the page.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub href: String,
    pub text: String,
    pub icon: &'static str,
    pub here: bool,
}

/// What stands around a page.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub t: Words,
    pub title: String,
    /// Where one is, to come back to.
    pub address: String,
    pub who: Option<WhoV1>,
    pub nav: Vec<Link>,
    pub elder: bool,
    pub folded: bool,
    pub demo: Option<demo::Bar>,
    /// What was just done.
    pub done: Option<String>,
    /// The title says that something is wrong.
    pub wrong: bool,
    /// Whether the page has a chart.
    pub charts: bool,
}

impl Shell {
    /// The address of a file of the pages.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The same for a form in which something is wrong.
    pub fn wrong(self, wrong: bool) -> Shell {
        Shell { wrong, ..self }
    }

    /// The same with what charts need.
    pub fn charts(self) -> Shell {
        Shell { charts: true, ..self }
    }

    /// The unit and role of whoever is signed in, for the corner of the page.
    pub fn post(&self) -> String {
        let post = self.who.as_ref().and_then(|who| who.posts.first());
        post.map(|post| format!("{} {}", post.unit_name, self.t.of(&post.role_name))).unwrap_or_default()
    }

    /// Whether a resident is signed in.
    pub fn is_resident(&self) -> bool {
        self.who.as_ref().is_some_and(|who| who.capacity == "resident")
    }

    /// Whether somebody is signed in who works here.
    pub fn is_staff(&self) -> bool {
        self.who.as_ref().is_some_and(|who| who.capacity == "staff")
    }
}

impl Asked {
    /// The words of the language that is spoken.
    pub fn words(&self) -> Words {
        Words { lang: self.lang }
    }

    /// What stands around a page with this title.
    pub async fn shell(&self, title: impl Into<Say>) -> Result<Shell, Problem> {
        let who = match &self.who {
            Some(who) => Some(self.office().who(&who.caller, self.now).await?),
            None => None,
        };
        let demo = match self.site.inner.settings.demo {
            true => Some(demo::bar(self, who.as_ref()).await?),
            false => None,
        };
        Ok(Shell { demo, nav: self.nav(), who, ..self.bare(title) })
    }

    /// The same where the database is not to be asked.
    fn bare(&self, title: impl Into<Say>) -> Shell {
        let t = self.words();
        Shell {
            t,
            title: title.into().text(t),
            address: self.address.clone(),
            who: None,
            nav: Vec::new(),
            elder: self.look.elder,
            folded: self.look.folded,
            demo: None,
            done: self.done(t),
            wrong: false,
            charts: false,
        }
    }

    /// The message that the address names, if it is one of those that say what was done.
    fn done(&self, t: Words) -> Option<String> {
        self.done_word().map(|key| t.text(key).to_string())
    }

    /// The key of that message.
    pub fn done_word(&self) -> Option<String> {
        let (_, query) = self.address.split_once('?')?;
        let (_, word) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "done")?;
        let key = format!("done-{word}");
        self.words().has(&key).then_some(key)
    }

    fn nav(&self) -> Vec<Link> {
        let Some(who) = &self.who else { return Vec::new() };
        let t = self.words();
        let path = self.address.split('?').next().unwrap_or_default();
        let link = |entry: &Entry| {
            let page = entry.href.split('?').next().unwrap_or_default();
            Link {
                href: entry.href.to_owned(),
                text: t.text(entry.key).to_string(),
                icon: entry.icon,
                here: path == page || (page != "/" && path.starts_with(&format!("{page}/"))),
            }
        };
        if who.caller.is_resident() {
            return RESIDENT.iter().map(link).collect();
        }
        let may = |entry: &&Entry| self.office().may_any(&who.caller, entry.staff, None, self.now).is_ok();
        SIDE.iter().filter(may).map(link).collect()
    }
}

/// A problem as a page among those of staff.
#[derive(Debug, Template)]
#[template(path = "layout/problem_staff.html")]
struct StaffProblem {
    t: Words,
    shell: Shell,
    told: Told,
}

/// The same among those of everybody else.
#[derive(Debug, Template)]
#[template(path = "layout/problem_resident.html")]
struct ResidentProblem {
    t: Words,
    shell: Shell,
    told: Told,
}

/// What is said of a problem.
#[derive(Debug)]
struct Told {
    text: String,
    next: String,
    fields: Vec<String>,
    code: String,
    number: Option<String>,
    back: bool,
}

/// How long a problem's page may wait for the name of whoever reads it.
const BRIEF: Duration = Duration::from_secs(2);

/// Answers with a problem as a page: the same sentences and status that programs get.
pub(crate) async fn problem(asked: &Asked, problem: Problem) -> Response {
    // A page that wants the second factor asks for it, and is there afterwards.
    if problem.code == "step_up" && asked.form.is_none() {
        let page = super::session::ask_step_up_at(asked, asked.address.clone()).await;
        if let Ok(page) = page {
            return page.status(problem.status).answer().into_response();
        }
    }
    let t = asked.words();
    let (zh, en) = problem.title();
    let title = || TextV1 { zh: zh.into(), en: en.into() };
    let shell = match tokio::time::timeout(BRIEF, asked.shell(title())).await {
        Ok(Ok(shell)) => shell,
        // The database that is out of reach is the problem that is being told.
        _ => asked.bare(title()),
    };
    let field = |field: &FieldError| t.lang.of(&field.zh, &field.en).clone();
    let told = Told {
        text: t.of(&problem.text).to_owned(),
        next: t.of(&problem.next).to_owned(),
        fields: problem.fields.iter().map(field).collect(),
        code: problem.code.to_string(),
        number: problem.instance.as_deref().map(|urn| urn.rsplit(':').next().unwrap_or_default().to_owned()),
        back: problem.status.as_u16() != 404,
    };
    let html = match shell.is_staff() {
        true => Html::of(&StaffProblem { t, shell, told }),
        false => Html::of(&ResidentProblem { t, shell, told }),
    };
    let html = match html {
        Ok(html) => html.status(problem.status),
        Err(_) => return problem.into_response(asked.lang),
    };
    let mut response = html.answer().into_response();
    if let Some(seconds) = problem.retry {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
