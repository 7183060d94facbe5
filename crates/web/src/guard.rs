//! What keeps strangers out before anything else is looked at: where a request comes from, whose token it carries, and
//! the headers that tell a browser what it may do with an answer.

use anmin_base::document::Lang;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// The cookie that holds the token of a session.
pub(crate) const COOKIE: &str = "anmin";
/// The cookie that stays on a device: it opens nothing.
const DEVICE: &str = "anmin_device";
/// The header that holds the key of a request.
pub(crate) const REQUEST_KEY: &str = "x-anmin-request";
/// The header that says why personal records are looked into.
pub(crate) const PURPOSE: &str = "x-anmin-purpose";
/// The header that says that the answer is that of an earlier request.
pub(crate) const REPLAYED: &str = "x-anmin-replayed";

/// Where programs sign in, and where people do.
pub(crate) const SIGN_IN: &str = "/api/v1/session";
pub(crate) const SIGN_IN_PAGE: &str = "/sign-in";

/// The token a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// In a cookie: a browser.
    Cookie(String),
    /// In `Authorization: Bearer`: a program, which no other site can make ask.
    Bearer(String),
}

impl Token {
    pub fn text(&self) -> &str {
        match self {
            Token::Cookie(text) | Token::Bearer(text) => text,
        }
    }
}

/// The token of a request. Whoever carries two, and they differ, is nobody.
pub(crate) fn token(headers: &HeaderMap) -> Option<Token> {
    let cookie = named(headers, COOKIE);
    let said = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let Some(said) = said else { return cookie.map(Token::Cookie) };
    let (scheme, token) = said.split_once(' ')?;
    let token = token.trim();
    let bearer = scheme.eq_ignore_ascii_case("bearer") && cookie.is_none_or(|cookie| cookie == token);
    bearer.then(|| Token::Bearer(token.to_owned()))
}

/// The mark of a device on which somebody has signed in before.
pub(crate) fn device(headers: &HeaderMap) -> Option<String> {
    named(headers, DEVICE)
}

fn named(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
}

/// The cookies by which pages look as somebody wants them. They open nothing, and the script of the pages may set them.
pub(crate) const LANGUAGE: &str = "anmin_lang";
pub(crate) const ELDER: &str = "anmin_elder";
pub(crate) const SIDE: &str = "anmin_side";

/// How pages are to look.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// The language that was chosen.
    pub lang: Option<Lang>,
    /// Larger letters and buttons.
    pub elder: bool,
    /// Without the words of the side bar.
    pub folded: bool,
}

/// How pages are to look, as the cookies say.
pub(crate) fn look(headers: &HeaderMap) -> Look {
    let lang = match named(headers, LANGUAGE).as_deref() {
        Some("zh") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    };
    let on = |name| named(headers, name).as_deref() == Some("1");
    Look { lang, elder: on(ELDER), folded: on(SIDE) }
}

/// A cookie by which pages look so, for a year.
pub(crate) fn look_cookie(name: &str, value: &str, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("anmin_lang=zh; Path=/"))
}

/// Whether a browser says that another site made it ask. Browsers say so with every request that changes something.
pub(crate) fn from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text(HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return true;
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_none() || host != text(header::HOST)
}

/// The cookie of a new session; `secure`: only over TLS.
pub(crate) fn cookie(token: &str, lasts_seconds: i64, secure: bool) -> HeaderValue {
    kept(COOKIE, token, "/", lasts_seconds, secure)
}

/// The cookie that stays on a device on which somebody has signed in, for a year. Only signing in there sees it.
pub(crate) fn device_cookie(mark: &str, at: &str, secure: bool) -> HeaderValue {
    kept(DEVICE, mark, at, 365 * 86_400, secure)
}

fn kept(name: &str, value: &str, path: &str, seconds: i64, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("anmin=; Path=/; Max-Age=0"))
}

const EVERYWHERE: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Sets the headers every answer has. What the answer has set itself stays.
pub(crate) fn harden(headers: &mut HeaderMap, secure: bool) {
    let mut set = |name: &'static str, value: &'static str| {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    };
    for (name, value) in EVERYWHERE {
        set(name, value);
    }
    set("content-security-policy", NOTHING);
    set("cache-control", "no-store");
    set("vary", "Accept-Language, Cookie, Authorization");
    if secure {
        set("strict-transport-security", "max-age=31536000");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let read = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(read).collect()
    }

    #[test]
    fn another_site_is_recognised() {
        let here = ("host", "anmin.example:8443");
        for (said, elsewhere) in [
            (vec![], false),
            (vec![here], false),
            (vec![here, ("origin", "https://anmin.example:8443")], false),
            (vec![here, ("origin", "https://anmin.example")], true),
            (vec![here, ("origin", "https://other.example")], true),
            (vec![here, ("origin", "null")], true),
            (vec![("origin", "https://anmin.example")], true),
            (vec![("sec-fetch-site", "same-origin")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("sec-fetch-site", "cross-site")], true),
            (vec![("sec-fetch-site", "same-site")], true),
            (vec![here, ("origin", "https://other.example"), ("sec-fetch-site", "same-origin")], true),
        ] {
            assert_eq!(from_elsewhere(&headers(&said)), elsewhere, "{said:?}");
        }
    }

    #[test]
    fn a_token_comes_from_the_header_or_the_cookie() {
        let found = |pairs: &[(&'static str, &str)]| token(&headers(pairs));
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[("cookie", "a=1; anmin=abc; b=2")]), Some(Token::Cookie("abc".into())));
        assert_eq!(found(&[("cookie", "xanmin=abc")]), None);
        assert_eq!(found(&[("authorization", "bearer abc")]), Some(Token::Bearer("abc".into())));
        assert_eq!(found(&[("authorization", "Basic abc"), ("cookie", "anmin=abc")]), None);
        assert_eq!(found(&[("authorization", "Bearer"), ("cookie", "anmin=abc")]), None);
        let same = [("authorization", "Bearer a"), ("cookie", "anmin=a")];
        assert_eq!(found(&same), Some(Token::Bearer("a".into())));
        assert_eq!(found(&[("authorization", "Bearer a"), ("cookie", "anmin=b")]), None);
    }

    #[test]
    fn a_session_cookie_is_kept_from_scripts_and_other_sites() {
        let text = cookie("abc", 60, true);
        assert_eq!(text, "anmin=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure");
        assert!(!cookie("abc", 60, false).to_str().unwrap().contains("Secure"));
    }
}
