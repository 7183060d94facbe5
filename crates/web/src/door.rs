//! What happens to a request before and after its route: who asks, whether they may at all, the key, the size, the form;
//! and to every answer: the headers, the line in the log. Rights are decided before the body is read.

use crate::answer::Answer;
use crate::asked::{Asked, Who};
use crate::form::{check_media, too_large};
use crate::guard::{PURPOSE, REQUEST_KEY, Token, from_elsewhere, harden, look, token};
use crate::language;
use crate::pages;
use crate::posted::{self, KEY, Posted, RESUME};
use crate::problem::Problem;
use crate::route::{BASE, Face, Key, Right, Route, brace};
use crate::site::Site;
use anmin_app::deployment::{Id, Moment};
use anmin_app::error::Error;
use anmin_app::office::{Caller, Now, Order, day_in_china};
use axum::body::{Body, Bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{RequestPartsExt, http};
use http_body_util::BodyExt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// The longest a request may take.
const LONGEST: Duration = Duration::from_secs(30);
/// How long whoever was refused may go on sending, and how much, before the connection is cut.
const PATIENCE: Duration = Duration::from_secs(5);
const MOST_POURED: usize = 16 * 1024 * 1024;

/// Answers a request that has a route.
pub(crate) async fn answer(
    site: Site,
    route: Arc<Route>,
    from: Option<IpAddr>,
    request: Request,
) -> Response {
    let began = site.at();
    let (mut parts, mut body) = request.into_parts();
    let mut seen = before(&site, &route, from, &parts, began);
    let doing = within(&site, &route, &mut seen, &mut parts, &mut body);
    let done = match tokio::time::timeout(LONGEST, doing).await {
        Ok(done) => done,
        Err(_) => Err(too_slow()),
    };
    let mut response = match (done, route.face) {
        (Ok(answer), _) => answer.into_response(),
        (Err(problem), Face::Json) => noted(problem, began).into_response(seen.lang),
        (Err(problem), Face::Page) => pages::layout::problem(&seen, noted(problem, began)).await,
    };
    // Whoever is still sending would not hear the answer. What is too long is cut off all the same.
    if tokio::time::timeout(PATIENCE, pour_away(&mut body)).await != Ok(true) {
        response.headers_mut().insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
    }
    leave(&site, route.method.as_str(), route.path, began, response)
}

/// What is known of a request before anything of it is looked at: nobody has asked it yet.
fn before(site: &Site, route: &Route, from: Option<IpAddr>, parts: &Parts, at: Moment) -> Asked {
    let look = look(&parts.headers);
    let said = language::of(&parts.headers);
    let page = route.face == Face::Page;
    let address = parts.uri.path_and_query().map_or("/", |address| address.as_str());
    Asked {
        site: site.clone(),
        now: Now { at, on: day_in_china(at) },
        lang: look.lang.filter(|_| page).unwrap_or(said),
        from: origin(site, &parts.headers, from),
        who: None,
        cookies: cookies(&parts.headers),
        path: Vec::new(),
        purpose: None,
        address: address.to_owned(),
        command: match route.key {
            Key::Of(command) => Some(command),
            _ => None,
        },
        host: parts.headers.get(http::header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned),
        look,
        gzip: takes_gzip(&parts.headers),
        form: None,
        stopped: None,
        earlier: None,
        request: None,
    }
}

/// Answers a request for a page that is not there.
pub(crate) async fn no_page(site: &Site, request: Request) -> Response {
    let began = site.at();
    let (parts, _) = request.into_parts();
    let route = pages::nowhere();
    let seen = before(site, &route, None, &parts, began);
    let response = pages::layout::problem(&seen, Problem::no_page()).await;
    leave(site, "-", "-", began, response)
}

/// Answers a request for which there is no route.
pub(crate) fn nowhere(site: &Site, request: &Request) -> Response {
    let problem = Problem::new(
        StatusCode::NOT_FOUND,
        "no_such_address",
        ("没有这个地址。", "There is nothing at this address."),
        ("地址清单见 /api/v1/openapi.json。", "All addresses stand in /api/v1/openapi.json."),
    );
    let response = problem.into_response(language::of(request.headers()));
    leave(site, "-", "-", site.at(), response)
}

/// Answers a request whose address is known, with another method.
pub(crate) fn other_method(site: &Site, request: &Request) -> Response {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method",
        ("此地址不支持这种方法。", "This address has no such method."),
        ("可用的方法见应答头 Allow。", "The header Allow names those it has."),
    );
    let response = problem.into_response(language::of(request.headers()));
    leave(site, "-", "-", site.at(), response)
}

/// Sets the headers and writes the line of the log: never an address that was really asked, a name or a number.
fn leave(site: &Site, method: &str, route: &str, began: Moment, mut response: Response) -> Response {
    harden(response.headers_mut(), site.inner.settings.secure);
    let status = response.status().as_u16();
    let ms = site.at().0.saturating_sub(began.0);
    tracing::info!(target: "anmin::access", method, route, status, ms, "answered");
    response
}

/// Writes what went wrong here into the log, under a number that whoever asked is told.
fn noted(problem: Problem, at: Moment) -> Problem {
    let Some(said) = &problem.fault else { return problem };
    let fault = Id::at(at).to_string();
    tracing::error!(target: "anmin::fault", fault, status = problem.status.as_u16(), "{said}");
    Problem { instance: Some(format!("urn:anmin:fault:{fault}").into()), ..problem }
}

fn too_slow() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "too_slow",
        ("办理超时，是否已完成尚不确定。", "This took too long; whether it was carried out is not certain."),
        (
            "请用同一请求编号重新提交，不会重复办理。",
            "Send the same request with the same key: it is never done twice.",
        ),
    )
    .again_in(2)
}

fn too_busy() -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "too_busy",
        ("同时办理的请求太多，本次没有办理。", "Too many requests at once; this one was not begun."),
        ("请稍后用同一请求编号重新提交。", "Send the same request with the same key a little later."),
    )
    .again_in(2)
}

async fn within(
    site: &Site,
    route: &Arc<Route>,
    seen: &mut Asked,
    parts: &mut Parts,
    body: &mut Body,
) -> Result<Answer, Problem> {
    let slot = site.inner.slots.clone().try_acquire_owned().map_err(|_| too_busy())?;
    seen.path = path_of(route, parts).await?;
    let now = site.inner.office.now(site.at()).await?;
    seen.now = now;
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    seen.purpose = text(PURPOSE);
    let page = route.face == Face::Page;
    match who(site, route, &parts.headers, now).await {
        Ok(who) => seen.who = who,
        // What was typed meanwhile comes along, and is shown again afterwards.
        Err(problem) if page && problem.status == StatusCode::UNAUTHORIZED => {
            let typed = match route.changes() {
                true => Some(posted::read(&parts.headers, body).await?),
                false => None,
            };
            return pages::session::knock(seen, typed.as_ref()).await;
        }
        Err(problem) => return Err(problem),
    }
    permitted(route, seen).await?;
    let mut asked = seen.clone();
    let (key, whole, bytes) = if page && route.changes() {
        let form = posted::read(&parts.headers, body).await?;
        (form.get(KEY).map(str::to_owned), put(&mut asked, form), Bytes::new())
    } else {
        // Whoever has no key is told so before anything is sent.
        let key = text(REQUEST_KEY);
        if route.changes() && route.key != Key::None && key.is_none() {
            return Err(no_key());
        }
        let bytes = read_body(route, &parts.headers, body).await?;
        (key, bytes.to_vec(), bytes)
    };
    let again = asked.form.as_ref().is_some_and(|form| form.has(RESUME));
    if route.changes() && route.key != Key::None && !again {
        let whole = stands_for(asked.caller()?, parts, &whole);
        // First of all, before anything is looked at that may have changed since.
        match known(site, key, &whole).await {
            Ok((key, earlier)) => {
                let kept = earlier.clone().filter(|_| !page);
                if let Some(answer) = kept.and_then(route.again) {
                    return Ok(answer.replayed());
                }
                asked.earlier = earlier;
                asked.request = Some((key, whole));
            }
            // What was typed is shown again, under another key.
            Err(problem) if page => asked.stopped = Some(Box::new(problem)),
            Err(problem) => return Err(problem),
        }
    }
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let request = asked.request.clone();
    let done = apart(slot, route.clone(), asked, query, bytes).await;
    match (done, request) {
        (Err(problem), Some((key, whole))) => {
            first_or(problem, route, site.inner.office.earlier(&key, &whole)).await
        }
        (done, _) => done,
    }
}

/// The answer of the first of several copies that came at one moment, if this one was refused only since the first was
/// done meanwhile: it had looked for an earlier answer before there was one.
async fn first_or(
    problem: Problem,
    route: &Route,
    earlier: impl Future<Output = anmin_app::error::Result<Option<Vec<u8>>>>,
) -> Result<Answer, Problem> {
    if problem.status.is_server_error() {
        return Err(problem);
    }
    match earlier.await {
        Ok(Some(kept)) => (route.again)(kept).map(Answer::replayed).ok_or(problem),
        _ => Err(problem),
    }
}

/// The key of a request, and what the same request was answered before.
async fn known(site: &Site, key: Option<String>, whole: &[u8]) -> Result<(String, Option<Vec<u8>>), Problem> {
    // Programs without one have been told so already.
    let key = key.ok_or_else(Problem::no_key_in_form)?;
    let earlier = site.inner.office.earlier(&key, whole).await?;
    Ok((key, earlier))
}

/// Puts the form of a page before its route. What a key stands for of it.
fn put(asked: &mut Asked, form: Posted) -> Vec<u8> {
    let whole = form.canonical();
    asked.form = Some(Arc::new(form));
    whole
}

/// Takes the rest of a body and keeps nothing of it. Whether that was all.
async fn pour_away(body: &mut Body) -> bool {
    let mut left = MOST_POURED;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        let length = frame.data_ref().map_or(0, Bytes::len);
        if length > left {
            return false;
        }
        left -= length;
    }
    true
}

/// Carries the request out apart from the connection, so that neither a reader who goes away nor a fault of ours leaves
/// it half done.
async fn apart(
    slot: OwnedSemaphorePermit,
    route: Arc<Route>,
    asked: Asked,
    query: String,
    bytes: Bytes,
) -> Result<Answer, Problem> {
    let task = tokio::spawn(async move {
        let _slot = slot;
        (route.answers)(asked, &query, &bytes)?.await
    });
    match task.await {
        Ok(done) => done,
        Err(error) => {
            Err(Problem::broken(if error.is_panic() { "a panic".into() } else { error.to_string() }))
        }
    }
}

/// What stands in the braces. What has not the right form is the address of nothing.
async fn path_of(route: &Route, parts: &mut Parts) -> Result<Vec<(String, String)>, Problem> {
    let read = parts.extract::<RawPathParams>().await.map_err(|_| Problem::not_found())?;
    let path: Vec<(String, String)> =
        read.iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let fits = path.iter().all(|(name, text)| brace(name).fits(text)) && path.len() == route.braces().count();
    if fits { Ok(path) } else { Err(Problem::not_found()) }
}

/// Who asks. Whoever comes with a cookie, or with nothing, must not have been sent by another site.
async fn who(site: &Site, route: &Route, headers: &HeaderMap, now: Now) -> Result<Option<Who>, Problem> {
    let token = token(headers);
    let program = matches!(token, Some(Token::Bearer(_)));
    if route.changes() && !program && from_elsewhere(headers) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "from_elsewhere",
            ("请求来自其他网站，没有办理。", "Another site made this request; it was not carried out."),
            ("请在本系统的页面上操作。", "Do it on the pages of this system."),
        ));
    }
    let public = route.right == Right::Public;
    if public && route.face == Face::Json {
        return Ok(None);
    }
    let Some(token) = token else { return if public { Ok(None) } else { Err(Problem::sign_in()) } };
    let caller = match site.inner.office.caller(token.text(), now).await {
        // Public pages greet whoever is there, and are for whoever is not.
        Err(Error::Refusal(_)) if public => return Ok(None),
        found => found?,
    };
    Ok(Some(Who { caller, token: token.text().to_owned(), cookie: !program }))
}

/// Whether the answer may be packed. Whoever says that it may not be, says so by a weight of nothing, which no browser does.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let said = headers.get(http::header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let plain = |part: &str| part.trim().eq_ignore_ascii_case("gzip");
    said.is_some_and(|said| said.split(',').any(plain))
}

fn cookies(headers: &HeaderMap) -> HeaderMap {
    let cookies = headers.get_all(http::header::COOKIE).iter();
    cookies.map(|value| (http::header::COOKIE, value.clone())).collect()
}

/// Where a request comes from, as the proxy in front says or as the connection is.
fn origin(site: &Site, headers: &HeaderMap, from: Option<IpAddr>) -> Option<IpAddr> {
    if !site.inner.settings.forwarded {
        return from;
    }
    let said = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    said.and_then(|said| said.rsplit(',').next()?.trim().parse().ok()).or(from)
}

/// Whether they may ask this at all, before anything of it is read.
async fn permitted(route: &Route, asked: &Asked) -> Result<(), Problem> {
    let office = asked.office();
    match route.right {
        Right::Public | Right::SignedIn => Ok(()),
        Right::Action { staff, resident } => {
            let caller = asked.caller()?;
            let actions = if caller.is_resident() { resident } else { staff };
            Ok(office.may_any(caller, actions, asked.purpose.as_deref(), asked.now)?)
        }
        Right::Step => {
            let order = Order { request: None, ..asked.order()? };
            Ok(office.may_take(&order, asked.id("case")?, asked.text("step")).await?)
        }
        Right::CaseWork => Ok(office.may_work(asked.caller()?, asked.purpose.as_deref(), asked.now)?),
    }
}

fn no_key() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "request_key_missing",
        ("缺少请求编号（请求头 X-Anmin-Request）。", "The request key is missing (header X-Anmin-Request)."),
        (
            "请先用 POST /api/v1/request-keys 为该命令取得编号，再随请求发送；重发时用同一编号，不会重复办理。",
            "Get one for this command by POST /api/v1/request-keys and send it along; send the same one again to \
             repeat, and nothing is done twice.",
        ),
    )
}

async fn read_body(route: &Route, headers: &HeaderMap, body: &mut Body) -> Result<Bytes, Problem> {
    let Some(takes) = &route.takes else { return Ok(Bytes::new()) };
    check_media(takes, headers)?;
    let said = headers.get(http::header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if said.is_some_and(|said: u64| said > takes.most as u64) {
        return Err(too_large(takes.most));
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Err(broken_off()) };
        let Ok(part) = frame.into_data() else { continue };
        if bytes.len() + part.len() > takes.most {
            return Err(too_large(takes.most));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes.into())
}

fn broken_off() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "broken_off",
        ("内容没有传完。", "The body broke off."),
        ("请重新提交。", "Send it again."),
    )
}

/// What a request key stands for: the same person, the same address, the same body.
fn stands_for(caller: &Caller, parts: &Parts, bytes: &[u8]) -> Vec<u8> {
    let address = parts.uri.path_and_query().map_or(BASE, |address| address.as_str());
    let mut all = format!("{}\n{} {address}\n", caller.person_id(), parts.method).into_bytes();
    all.extend_from_slice(bytes);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Kept;
    use crate::form::{NoQuery, Nothing};
    use anmin_app::error::{Error, Fault, Refusal};

    async fn stale(_: Asked, _: NoQuery, _: Nothing) -> Result<Kept<String>, Problem> {
        Err(Problem::not_found())
    }

    /// What a copy is told that was refused so, when the request table then says this.
    fn told(status: StatusCode, earlier: anmin_app::error::Result<Option<Vec<u8>>>) -> (u16, bool) {
        let route = Route::new(http::Method::POST, "/x", stale);
        let problem = Problem::new(status, "a_word", ("甲", "one"), ("乙", "two"));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        match runtime.block_on(first_or(problem, &route, async { earlier })) {
            Ok(answer) => (answer.status.as_u16(), answer.headers.contains_key(crate::guard::REPLAYED)),
            Err(problem) => (problem.status.as_u16(), false),
        }
    }

    #[test]
    fn a_copy_refused_because_the_first_was_done_meanwhile_gets_the_first_answer() {
        let kept = || Ok(Some(b"\"kept\"".to_vec()));
        for refused in [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::CONFLICT, StatusCode::NOT_FOUND] {
            assert_eq!(told(refused, kept()), (200, true));
            assert_eq!(told(refused, Ok(None)), (refused.as_u16(), false));
            let other = Error::from(Refusal::not_found());
            assert_eq!(told(refused, Err(other)), (refused.as_u16(), false));
            assert_eq!(told(refused, Err(Fault::Busy.into())), (refused.as_u16(), false));
        }
        // With a fault of ours it is not certain that nothing is under way: they send it again.
        assert_eq!(told(StatusCode::SERVICE_UNAVAILABLE, kept()), (503, false));
    }
}
