//! Signing in and out, showing the second factor again, enrolling, and the keys of requests.

use crate::answer::{Done, Json, WithCookies};
use crate::asked::Asked;
use crate::form::{Form, NoQuery, Nothing, no_longer};
use crate::guard::{SIGN_IN, cookie, device, device_cookie};
use crate::problem::Problem;
use crate::route::{Right, Route};
use anmin_app::entry::WhoV1;
use anmin_app::record::TextV1;
use anmin_app::residents::{AskSignInCodeV1, CodeSignInV1};
use anmin_app::staff::{
    FirstAdministratorV1, OwnEnrolmentV1, PasswordChangeV1, PostLineV1, SecondFactorV1, SignInV1, SignedInV1,
};
use axum::http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A session ends after so many seconds, whatever happens: so long a browser keeps its cookie.
pub(crate) const LASTS: i64 = 12 * 3_600;
/// Most characters of a login or a code.
const MOST: usize = 64;

pub(super) fn routes() -> Vec<Route> {
    let route = |method, path, does: fn(Method, &'static str) -> Route| does(method, path).part("session");
    vec![
        route(Method::POST, "/session", |m, p| Route::new(m, p, sign_in))
            .named("sign_in", "登录", "Sign in")
            .right(Right::Public),
        route(Method::POST, "/session/codes", |m, p| Route::new(m, p, ask_code))
            .named(
                "ask_sign_in_code",
                "居民：获取登录验证码",
                "Residents: ask for a code to sign in with; the answer is the same whoever asks",
            )
            .right(Right::Public),
        route(Method::POST, "/session/resident", |m, p| Route::new(m, p, sign_in_by_code))
            .named("sign_in_by_code", "居民：凭验证码登录", "Residents: sign in with a code")
            .right(Right::Public),
        route(Method::GET, "/session", |m, p| Route::new(m, p, who))
            .named("show_session", "当前登录者", "Who is signed in")
            .right(Right::SignedIn),
        route(Method::DELETE, "/session", |m, p| Route::new(m, p, sign_out))
            .named("sign_out", "退出登录", "Sign out")
            .right(Right::SignedIn),
        route(Method::POST, "/session/step-up", |m, p| Route::new(m, p, step_up))
            .named("step_up", "再次验证动态口令", "Show the second factor again")
            .right(Right::SignedIn),
        route(Method::POST, "/session/password", |m, p| Route::new(m, p, change_password))
            .named("change_password", "修改密码", "Change one's password")
            .right(Right::SignedIn),
        route(Method::POST, "/second-factor", |m, p| Route::new(m, p, second_factor))
            .named("make_second_factor", "生成动态口令密钥", "Make a second factor to set up")
            .right(Right::Public),
        route(Method::POST, "/enrolment", |m, p| Route::new(m, p, enrol))
            .named("enrol", "凭登记码启用账号", "Enrol with the code that was handed over")
            .right(Right::Public),
        route(Method::POST, "/enrolment/first", |m, p| Route::new(m, p, enrol_first))
            .named("enrol_first", "首批管理员登记", "Enrol as one of the first administrators")
            .right(Right::Public),
        route(Method::POST, "/enrolment/wanted", |m, p| Route::new(m, p, wanted))
            .named("roles_wanted", "登记令牌还可登记的管理员", "Which administrators a token still lets in")
            .right(Right::Public),
        route(Method::POST, "/request-keys", |m, p| Route::new(m, p, request_key))
            .named("make_request_key", "取得请求编号", "Make a key for one request")
            .right(Right::SignedIn),
    ]
}

/// What a session's token travels in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Travels {
    /// A cookie: browsers. Scripts cannot read it.
    Cookie,
    /// The answer: programs, which send it as a bearer token.
    Token,
}

/// How somebody signs in.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TravelV1 {
    /// `cookie`, or `token` for programs; left out, a cookie.
    travel: Option<Travels>,
}

/// Somebody who has signed in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct EnteredV1 {
    /// Who.
    person: String,
    /// Their name.
    name: String,
    /// Their posts in force.
    posts: Vec<PostLineV1>,
    /// They must change the password before anything else.
    must_change: bool,
    /// The bearer token, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// What a program sends as `device` when it signs in again.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
}

type Entered = WithCookies<Json<EnteredV1>>;

fn entered(asked: &Asked, signed_in: SignedInV1, travel: TravelV1) -> Entered {
    let SignedInV1 { token, device, person, name, posts, must_change } = signed_in;
    let browser = travel.travel != Some(Travels::Token);
    let secure = asked.site.inner.settings.secure;
    let cookies = match browser {
        true => vec![cookie(&token, LASTS, secure), device_cookie(&device, SIGN_IN, secure)],
        false => Vec::new(),
    };
    let (token, device) = if browser { (None, None) } else { (Some(token), Some(device)) };
    WithCookies(Json(EnteredV1 { person, name, posts, must_change, token, device }), cookies)
}

/// The network a request comes from, by which failures are counted: the first three numbers of an address, the first four
/// groups of a longer one.
pub(crate) fn net(from: Option<IpAddr>) -> String {
    match from {
        None => "unknown".into(),
        Some(IpAddr::V4(from)) => {
            let [a, b, c, _] = from.octets();
            format!("{a}.{b}.{c}")
        }
        Some(IpAddr::V6(from)) => match from.to_ipv4_mapped() {
            Some(from) => net(Some(IpAddr::V4(from))),
            None => {
                let [a, b, c, d, ..] = from.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}")
            }
        },
    }
}

async fn sign_in(asked: Asked, travel: TravelV1, Form(input): Form<SignInV1>) -> Result<Entered, Problem> {
    let input = SignInV1 { device: input.device.clone().or_else(|| device(&asked.cookies)), ..input };
    let signed_in = asked.office().sign_in(&input, &net(asked.from), asked.now).await?;
    Ok(entered(&asked, signed_in, travel))
}

/// A code is on its way, if there is anybody to send it to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct OnItsWayV1 {
    /// What to do now.
    text: TextV1,
}

async fn ask_code(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<AskSignInCodeV1>,
) -> Result<Json<OnItsWayV1>, Problem> {
    asked.office().ask_sign_in_code(&input, &net(asked.from), asked.now).await?;
    Ok(Json(OnItsWayV1 {
        text: TextV1 {
            zh: "如果这个号码登记过，验证码马上会发到手机上，十分钟内有效。没有收到的，请到窗口或村（居）委会办理。".into(),
            en: "If this number is on record a code comes to the telephone at once and holds for ten minutes. If none comes, \
                 go to the counter or the village committee."
                .into(),
        },
    }))
}

async fn sign_in_by_code(
    asked: Asked,
    travel: TravelV1,
    Form(input): Form<CodeSignInV1>,
) -> Result<Entered, Problem> {
    let signed_in = asked.office().sign_in_by_code(&input, &net(asked.from), asked.now).await?;
    Ok(entered(&asked, signed_in, travel))
}

async fn enrol(
    asked: Asked,
    travel: TravelV1,
    Form(input): Form<OwnEnrolmentV1>,
) -> Result<Entered, Problem> {
    let signed_in = asked.office().enrol(&input, &net(asked.from), asked.now).await?;
    Ok(entered(&asked, signed_in, travel))
}

async fn enrol_first(
    asked: Asked,
    travel: TravelV1,
    Form(input): Form<FirstAdministratorV1>,
) -> Result<Entered, Problem> {
    let signed_in = asked.office().enrol_first(&input, asked.now).await?;
    Ok(entered(&asked, signed_in, travel))
}

/// A token of the first administrators.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EnrolmentTokenV1 {
    /// The token, as printed.
    token: String,
}

/// The roles a token still lets in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RolesWantedV1 {
    /// By the table of authority, the first wanted first; none: the token is worth nothing.
    roles: Vec<String>,
}

async fn wanted(
    asked: Asked,
    _: NoQuery,
    Form(ask): Form<EnrolmentTokenV1>,
) -> Result<Json<RolesWantedV1>, Problem> {
    Ok(Json(RolesWantedV1 { roles: asked.office().roles_wanted(&ask.token, asked.now).await? }))
}

/// Whose second factor it is to be.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LoginV1 {
    /// The login.
    #[schemars(length(max = MOST))]
    login: String,
}

async fn second_factor(
    asked: Asked,
    _: NoQuery,
    Form(ask): Form<LoginV1>,
) -> Result<Json<SecondFactorV1>, Problem> {
    no_longer("login", &ask.login, MOST)?;
    Ok(Json(asked.office().second_factor(&ask.login)?))
}

async fn who(asked: Asked, _: NoQuery, _: Nothing) -> Result<Json<WhoV1>, Problem> {
    Ok(Json(asked.office().who(asked.caller()?, asked.now).await?))
}

async fn sign_out(asked: Asked, _: NoQuery, _: Nothing) -> Result<WithCookies<Done>, Problem> {
    asked.office().sign_out(&asked.who()?.token, asked.now).await?;
    let secure = asked.site.inner.settings.secure;
    Ok(WithCookies(Done, vec![cookie("", 0, secure)]))
}

/// A code of the second factor.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CodeV1 {
    /// The code, as the authenticator shows it.
    #[schemars(length(max = MOST))]
    code: String,
}

/// The second factor was shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct SteppedUpV1 {
    /// The session's new token, for programs; the old one is worth nothing any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

async fn step_up(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<CodeV1>,
) -> Result<WithCookies<Json<SteppedUpV1>>, Problem> {
    no_longer("code", &input.code, MOST)?;
    let who = asked.who()?;
    let token = asked.office().step_up(&who.token, &input.code, asked.now).await?;
    if !who.cookie {
        return Ok(WithCookies(Json(SteppedUpV1 { token: Some(token) }), Vec::new()));
    }
    let cookie = cookie(&token, LASTS, asked.site.inner.settings.secure);
    Ok(WithCookies(Json(SteppedUpV1 { token: None }), vec![cookie]))
}

async fn change_password(
    asked: Asked,
    _: NoQuery,
    Form(input): Form<PasswordChangeV1>,
) -> Result<Entered, Problem> {
    let who = asked.who()?;
    let signed_in = asked.office().change_password(&who.token, &input, asked.now).await?;
    let travel = if who.cookie { Travels::Cookie } else { Travels::Token };
    Ok(entered(&asked, signed_in, TravelV1 { travel: Some(travel) }))
}

/// What a key is for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyForV1 {
    /// The command, as the description of its route names it.
    #[schemars(regex(pattern = r"^[a-z0-9_]{1,64}$"))]
    command: String,
}

/// A request key.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct RequestKeyV1 {
    /// The key, for one request of the command: 64 hexadecimal digits.
    #[schemars(regex(pattern = r"^[0-9a-f]{64}$"))]
    key: String,
    /// The command.
    command: String,
}

async fn request_key(
    asked: Asked,
    _: NoQuery,
    Form(ask): Form<KeyForV1>,
) -> Result<Json<RequestKeyV1>, Problem> {
    let key = asked.office().request_key(&ask.command)?;
    Ok(Json(RequestKeyV1 { key, command: ask.command }))
}

#[cfg(test)]
mod tests {
    use super::net;

    #[test]
    fn failures_are_counted_by_network() {
        for (from, expected) in [
            ("203.0.113.7", "203.0.113"),
            ("::ffff:203.0.113.7", "203.0.113"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
        ] {
            assert_eq!(net(from.parse().ok()), expected);
        }
        assert_eq!(net(None), "unknown");
    }
}
