//! Pages: what a route gives whose face is a page, and forms, which are shown, sent, and shown again with what was typed
//! where something is wrong.

use crate::answer::{Answer, Gives, Reply};
use crate::asked::Asked;
use crate::form::{NoQuery, Query, read_query};
use crate::pages::form::Form;
use crate::pages::session;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Answers, Face, Key, Right, Route};
use anmin_app::error;
use askama::Template;
use axum::http::header::{self, HeaderValue};
use axum::http::{Method, StatusCode};
use schemars::SchemaGenerator;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::sync::Arc;

/// What a browser may do with a page: nothing from elsewhere, nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page.
#[derive(Clone, Debug)]
pub(crate) struct Html {
    pub text: String,
    pub status: StatusCode,
    pub cookies: Vec<HeaderValue>,
    /// Whether its script may ask the reader of cards on the machine of the counter.
    cards: bool,
}

/// The same policy, and the one address on the counter's own machine where a reader of cards answers.
const POLICY_OF_COUNTERS: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self' http://127.0.0.1:38180; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

impl Html {
    /// The page of a template.
    pub fn of(template: &impl Template) -> Result<Html, Problem> {
        let text = template.render().map_err(|error| Problem::broken(error.to_string()))?;
        let text = labelled(text);
        Ok(Html { text, status: StatusCode::OK, cookies: Vec::new(), cards: false })
    }

    /// The same for a page that reads identity cards (docs/card-reader.md).
    pub fn reads_cards(self) -> Html {
        Html { cards: true, ..self }
    }

    /// The same with another status.
    pub fn status(self, status: StatusCode) -> Html {
        Html { status, ..self }
    }
}

/// Puts the labels of fields before what is wrong with them in the summary, which stands above the fields and is made
/// before their labels are known: "Name: fill this in". Both are markup of ours, with what somebody wrote escaped.
fn labelled(page: String) -> String {
    let mut parts = page.split("<!--label ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some(((id, end), rest)) =
            part.split_once("-->").and_then(|(mark, rest)| Some((mark.split_once(' ')?, rest)))
        else {
            continue;
        };
        let label =
            page.split_once(&format!("id=\"{id}-label\">")).and_then(|(_, label)| label.split('<').next());
        if let Some(label) = label.filter(|label| !label.is_empty()) {
            text.push_str(label);
            text.push_str(end);
        }
        text.push_str(rest);
    }
    text
}

impl Reply for Html {
    const GIVES: Gives = Gives {
        status: 200,
        content: Some(("text/html; charset=utf-8", SchemaGenerator::subschema_for::<String>)),
        replays: false,
    };

    fn answer(self) -> Answer {
        let policy = if self.cards { POLICY_OF_COUNTERS } else { POLICY };
        let mut answer = Answer::kept(&Self::GIVES, self.text)
            .with(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy))
            // With none at all, a browser does not say that a form comes from here, and we would not take it.
            .with(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        answer.status = self.status;
        for cookie in self.cookies {
            answer.headers.append(header::SET_COOKIE, cookie);
        }
        answer
    }
}

/// On to another page after something was done.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    to: String,
    cookies: Vec<HeaderValue>,
}

impl Turn {
    /// On to a page of ours. What is no address of ours leads to the first page.
    pub fn to(path: impl Into<String>) -> Turn {
        let path = path.into();
        let to = if is_ours(&path) { path } else { "/".to_owned() };
        Turn { to, cookies: Vec::new() }
    }

    /// The page there says what was done: a message whose key begins with `done-`.
    pub fn saying(mut self, key: &str) -> Turn {
        let joint = if self.to.contains('?') { '&' } else { '?' };
        let word = key.strip_prefix("done-").unwrap_or(key);
        // The part of an address after # comes last.
        let (path, part) =
            self.to.split_once('#').map_or((self.to.as_str(), ""), |(path, part)| (path, part));
        let part = if part.is_empty() { String::new() } else { format!("#{part}") };
        self.to = format!("{path}{joint}done={word}{part}");
        self
    }

    /// The same with a cookie.
    pub fn cookie(mut self, cookie: HeaderValue) -> Turn {
        self.cookies.push(cookie);
        self
    }
}

/// Whether an address is one of this site: never another's, whatever was sent.
pub(crate) fn is_ours(path: &str) -> bool {
    let mut chars = path.chars();
    chars.next() == Some('/')
        && !matches!(chars.next(), Some('/' | '\\'))
        && path.len() <= 2000
        && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')
}

impl Reply for Turn {
    const GIVES: Gives = Gives { status: 303, content: None, replays: false };

    fn answer(self) -> Answer {
        let to = HeaderValue::from_str(&self.to).unwrap_or(HeaderValue::from_static("/"));
        let mut answer = Answer::kept(&Self::GIVES, axum::body::Body::empty()).with(header::LOCATION, to);
        for cookie in self.cookies {
            answer.headers.append(header::SET_COOKIE, cookie);
        }
        answer
    }
}

/// What a form leads to: on to another page, or a page at once.
#[derive(Clone, Debug)]
pub(crate) enum Went {
    On(Turn),
    Here(Html),
}

impl From<Turn> for Went {
    fn from(turn: Turn) -> Went {
        Went::On(turn)
    }
}

impl From<Html> for Went {
    fn from(html: Html) -> Went {
        Went::Here(html)
    }
}

impl Reply for Went {
    const GIVES: Gives = Html::GIVES;

    fn answer(self) -> Answer {
        match self {
            Went::On(turn) => turn.answer(),
            Went::Here(html) => html.answer(),
        }
    }
}

/// Fields that every page may have in its address, and that are not its own.
const NOT_OF_THE_PAGE: &[&str] = &["done"];

/// Reads the query of a page: what was left empty in a form was not asked.
fn asks<Q: Query>(query: &str) -> Result<Q, Problem> {
    let mut kept = form_urlencoded::Serializer::new(String::new());
    let given = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, text)| !text.trim().is_empty() && !NOT_OF_THE_PAGE.contains(&name.as_ref()));
    kept.extend_pairs(given);
    read_query(&kept.finish())
}

fn bare(method: Method, path: &'static str, gives: Gives, answers: Answers) -> Route {
    Route {
        face: Face::Page,
        method,
        path,
        name: "",
        part: "pages",
        right: Right::Action { staff: &[], resident: &[] },
        key: Key::None,
        summary: ("", ""),
        query: SchemaGenerator::subschema_for::<NoQuery>,
        takes: None,
        gives,
        answers,
        again: |_| None,
    }
}

/// A page to look at.
pub(crate) fn page<Q, R, F, Fut>(path: &'static str, does: F) -> Route
where
    Q: Query,
    R: Reply,
    F: Fn(Asked, Q) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, Problem>> + Send + 'static,
{
    bare(
        Method::GET,
        path,
        R::GIVES,
        Box::new(move |asked, query, _| {
            let doing = does(asked, asks::<Q>(query)?);
            Ok(Box::pin(async move { Ok(doing.await?.answer()) }))
        }),
    )
}

/// A button: something done that has no page of its own. What is wrong with it is told on a page.
pub(crate) fn button<R, F, Fut>(path: &'static str, does: F) -> Route
where
    R: Reply,
    F: Fn(Asked, Arc<Posted>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, Problem>> + Send + 'static,
{
    bare(
        Method::POST,
        path,
        R::GIVES,
        Box::new(move |asked, _, _| {
            if let Some(problem) = &asked.stopped {
                return Err((**problem).clone());
            }
            let posted = asked.posted();
            let doing = does(asked, posted);
            Ok(Box::pin(async move { Ok(doing.await?.answer()) }))
        }),
    )
}

/// A form on a page of its own: one route that shows it and one that takes it, at the same address.
#[derive(Debug)]
pub(crate) struct FormRoutes {
    shown: Route,
    taken: Route,
}

/// A form. `show` makes the page, empty or with what was typed and what is wrong; `save` does what the form says.
pub(crate) fn form<Q, R, S, SFut, T, TFut>(path: &'static str, show: S, save: T) -> FormRoutes
where
    Q: Query + Clone,
    R: Into<Went> + Send + 'static,
    S: Fn(Asked, Q, Form) -> SFut + Send + Sync + 'static,
    SFut: Future<Output = Result<Html, Problem>> + Send + 'static,
    T: Fn(Asked, Q, Arc<Posted>) -> TFut + Send + Sync + 'static,
    TFut: Future<Output = Result<R, Problem>> + Send + 'static,
{
    let (show, save) = (Arc::new(show), Arc::new(save));
    let first = show.clone();
    let shown = bare(
        Method::GET,
        path,
        Html::GIVES,
        Box::new(move |asked, query, _| {
            let form = Form::empty(&asked);
            let doing = first(asked, asks::<Q>(query)?, form);
            Ok(Box::pin(async move { Ok(doing.await?.answer()) }))
        }),
    );
    let taken = bare(
        Method::POST,
        path,
        Html::GIVES,
        Box::new(move |asked, query, _| {
            let ask = asks::<Q>(query)?;
            let (show, save) = (show.clone(), save.clone());
            Ok(Box::pin(async move { take(asked, ask, &*show, &*save).await }))
        }),
    );
    FormRoutes { shown, taken }
}

async fn take<Q, R, SFut, TFut>(
    asked: Asked,
    ask: Q,
    show: &(impl Fn(Asked, Q, Form) -> SFut + Sync),
    save: &(impl Fn(Asked, Q, Arc<Posted>) -> TFut + Sync),
) -> Result<Answer, Problem>
where
    Q: Clone,
    R: Into<Went>,
    SFut: Future<Output = Result<Html, Problem>>,
    TFut: Future<Output = Result<R, Problem>>,
{
    let posted = asked.posted();
    if posted.has(crate::posted::RESUME) {
        let form = Form::again(&asked, &posted);
        return Ok(show(asked, ask, form).await?.answer());
    }
    let problem = match &asked.stopped {
        Some(problem) => (**problem).clone(),
        None => match save(asked.clone(), ask.clone(), posted.clone()).await {
            Ok(went) => return Ok(went.into().answer()),
            Err(problem) => problem,
        },
    };
    if problem.code == "step_up" {
        return Ok(session::ask_step_up(&asked, &posted).await?.answer());
    }
    // Whoever is signing in and is not let in is still at the form.
    let gone = problem.status == StatusCode::UNAUTHORIZED && asked.who.is_some();
    if gone || matches!(problem.status.as_u16(), 404 | 500) {
        return Err(problem);
    }
    let (status, form) = (problem.status, Form::refused(&asked, &posted, &problem));
    // Where the form itself cannot be shown any more, what was wrong is.
    match show(asked, ask, form).await {
        Ok(page) => Ok(page.status(status).answer()),
        Err(_) => Err(problem),
    }
}

impl FormRoutes {
    fn both(self, with: impl Fn(Route) -> Route) -> FormRoutes {
        FormRoutes { shown: with(self.shown), taken: with(self.taken) }
    }

    /// The name of the page, and of what its form does.
    pub fn called(self, shown: &'static str, taken: &'static str) -> FormRoutes {
        FormRoutes { shown: self.shown.called(shown), taken: self.taken.called(taken) }
    }

    /// For those with this right.
    pub fn right(self, right: Right) -> FormRoutes {
        self.both(|route| route.right(right))
    }

    /// For those who may do one of these actions.
    pub fn may(self, staff: &'static [&'static str], resident: &'static [&'static str]) -> FormRoutes {
        self.right(Right::Action { staff, resident })
    }

    /// What is sent needs a key, which the form carries.
    pub fn key(self, key: Key) -> FormRoutes {
        // The page needs to know too, since the key is made where the form is shown.
        self.both(|route| route.key(key))
    }

    /// Both routes.
    pub fn routes(self) -> [Route; 2] {
        [self.shown, self.taken]
    }
}

impl IntoIterator for FormRoutes {
    type Item = Route;
    type IntoIter = std::array::IntoIter<Route, 2>;

    fn into_iter(self) -> Self::IntoIter {
        self.routes().into_iter()
    }
}

impl Asked {
    /// The form that came.
    pub fn posted(&self) -> Arc<Posted> {
        self.form.clone().unwrap_or_default()
    }

    /// The result of a command: what it gives now, or what it gave to the same request before.
    pub async fn once<T: DeserializeOwned>(
        &self,
        doing: impl Future<Output = error::Result<Vec<u8>>>,
    ) -> Result<T, Problem> {
        let bytes = match &self.earlier {
            Some(bytes) => bytes.clone(),
            None => doing.await?,
        };
        serde_json::from_slice(&bytes).map_err(|error| Problem::broken(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_with_the_label_of_its_field() {
        let page = "<a href=\"#f-a\"><!--label f-a : -->Fill this in.</a><a href=\"#f-b\"><!--label f-b : -->Wrong.</a>\
            <label for=\"f-a\"><span id=\"f-a-label\">Na&#38;me</span></label>";
        let told = labelled(page.to_owned());
        assert!(
            told.starts_with("<a href=\"#f-a\">Na&#38;me: Fill this in.</a><a href=\"#f-b\">Wrong.</a>"),
            "{told}"
        );
        assert_eq!(labelled("plain".to_owned()), "plain");
    }

    #[test]
    fn nobody_is_led_to_another_site() {
        for (path, ours) in [
            ("/", true),
            ("/work?state=a&after=1.2", true),
            ("", false),
            ("work", false),
            ("//other.example", false),
            ("/\\other.example", false),
            ("https://other.example", false),
            ("/a\nb", false),
            ("/a b", false),
        ] {
            assert_eq!(is_ours(path), ours, "{path:?}");
        }
        assert_eq!(Turn::to("//other.example").to, "/");
        assert_eq!(Turn::to("/a?b=1#c").saying("done-sent").to, "/a?b=1&done=sent#c");
    }
}
