//! Problems, as RFC 9457 writes them: what is wrong and what to do next, in both languages, and a word for machines.

use crate::language::name;
use anmin_app::error::{Error, Fault, Kind, Refusal};
use anmin_app::record::{FieldError, TextV1};
use anmin_base::document::Lang;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// The media type of a problem.
pub(crate) const MEDIA: &str = "application/problem+json";
/// How long to wait before a request is sent again, in seconds, where the database is busy or away.
const SOON: u32 = 2;
/// The same where somebody asked too often.
const LATER: u32 = 30;

/// What is wrong with a request, or with us.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProblemV1 {
    /// Which problem: `urn:anmin:problem:` and the code.
    #[serde(rename = "type")]
    #[schemars(regex(pattern = r"^urn:anmin:problem:[a-z0-9_]+$"))]
    pub kind: String,
    /// The kind of problem, in the language that was asked for.
    pub title: String,
    /// The status.
    #[schemars(range(min = 400, max = 599))]
    pub status: u16,
    /// What is wrong, in the language that was asked for.
    pub detail: String,
    /// A word for machines; never changed once it is given.
    #[schemars(regex(pattern = r"^[a-z0-9_]+$"))]
    pub code: String,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// What is wrong, in English.
    pub en: String,
    /// What to do next.
    pub next: TextV1,
    /// The fields meant, each with its own sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// What has changed since, where somebody else was first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<serde_json::Value>,
    /// The number under which a fault of ours was noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

/// A problem on its way out.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub status: StatusCode,
    pub code: Cow<'static, str>,
    // Boxed, since it stands in every result.
    pub text: Box<TextV1>,
    pub next: Box<TextV1>,
    pub fields: Vec<FieldError>,
    pub difference: Option<Box<serde_json::Value>>,
    pub retry: Option<u32>,
    /// What went wrong here, for the log and not for the screen.
    pub fault: Option<Box<str>>,
    pub instance: Option<Box<str>>,
}

fn both(zh: impl Into<String>, en: impl Into<String>) -> Box<TextV1> {
    Box::new(TextV1 { zh: zh.into(), en: en.into() })
}

impl Problem {
    pub fn new(
        status: StatusCode,
        code: &'static str,
        (zh, en): (impl Into<String>, impl Into<String>),
        (next_zh, next_en): (&str, &str),
    ) -> Problem {
        Problem {
            status,
            code: Cow::Borrowed(code),
            text: both(zh, en),
            next: both(next_zh, next_en),
            fields: Vec::new(),
            difference: None,
            retry: None,
            fault: None,
            instance: None,
        }
    }

    /// Fields that are wrong.
    pub fn fields(fields: Vec<FieldError>) -> Problem {
        Refusal::fields(fields).into()
    }

    /// There is nothing there, or nothing for this person.
    pub fn not_found() -> Problem {
        Refusal::not_found().into()
    }

    /// What a page's form sent cannot be read.
    pub fn not_a_form() -> Problem {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "not_a_form",
            ("表单内容无法读取，没有办理。", "The form cannot be read; nothing was carried out."),
            ("请返回上一页重新提交。", "Go back and send it again."),
        )
    }

    /// A form came without its key.
    pub fn no_key_in_form() -> Problem {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "request_key_missing",
            ("页面不完整，没有办理。", "The form was not whole; nothing was carried out."),
            ("请核对下面的内容，再提交一次。", "Check what stands below and send it once more."),
        )
    }

    /// There is no such page.
    pub fn no_page() -> Problem {
        Problem::new(
            StatusCode::NOT_FOUND,
            "no_such_page",
            ("没有这个页面。", "There is no such page."),
            ("请从首页进入，或核对地址。", "Begin at the first page, or check the address."),
        )
    }

    /// The same with fields called as the form of a page calls them: pairs of the name of a command's field and the form's.
    pub fn called(mut self, names: &[(&str, &str)]) -> Problem {
        for field in &mut self.fields {
            if let Some((_, ours)) = names.iter().find(|(theirs, _)| *theirs == field.at) {
                (*ours).clone_into(&mut field.at);
            }
        }
        self
    }

    /// The kind of problem, in Chinese and English.
    pub fn title(&self) -> (&'static str, &'static str) {
        title(self.status)
    }

    /// Nobody is signed in.
    pub fn sign_in() -> Problem {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "sign_in",
            ("尚未登录，或登录已过期。", "Nobody is signed in, or the session has ended."),
            ("请登录（程序用 POST /api/v1/session）。", "Sign in (programs by POST /api/v1/session)."),
        )
    }

    /// A fault of ours that nothing more is known of.
    pub fn broken(what: String) -> Problem {
        Fault::Broken(what).into()
    }

    /// Try again in so many seconds.
    pub fn again_in(self, seconds: u32) -> Problem {
        Problem { retry: Some(seconds), ..self }
    }

    /// The problem as whoever asked reads it.
    fn told(&self, lang: Lang) -> ProblemV1 {
        let (zh, en) = title(self.status);
        ProblemV1 {
            kind: format!("urn:anmin:problem:{}", self.code),
            title: lang.of(zh, en).to_owned(),
            status: self.status.as_u16(),
            detail: lang.of(&self.text.zh, &self.text.en).clone(),
            code: self.code.clone().into_owned(),
            zh: self.text.zh.clone(),
            en: self.text.en.clone(),
            next: (*self.next).clone(),
            fields: self.fields.clone(),
            difference: self.difference.as_deref().cloned(),
            instance: self.instance.as_deref().map(str::to_owned),
        }
    }

    /// The response.
    pub fn into_response(self, lang: Lang) -> Response {
        let told = self.told(lang);
        let body = serde_json::to_vec(&told).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(name(lang)));
        if let Some(seconds) = self.retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"anmin\""));
        }
        response
    }
}

fn title(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        400 => ("无法读取的请求", "A request that cannot be read"),
        401 => ("需要登录", "Sign in"),
        403 => ("不允许", "Not permitted"),
        404 => ("没有找到", "Not found"),
        405 => ("不支持的方法", "Method not allowed"),
        409 => ("与他人的变更冲突", "In conflict with another change"),
        413 => ("内容过大", "Too large"),
        415 => ("不支持的格式", "Format not supported"),
        422 => ("内容不符合要求", "Not acceptable as it is"),
        429 => ("过于频繁", "Too often"),
        503 => ("暂时不能办理", "Not available for the moment"),
        507 => ("磁盘已满", "The disk is full"),
        _ => ("系统出错", "A fault here"),
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid | Kind::Unmet => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::SignIn => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        Problem {
            status: status(refusal.kind),
            code: Cow::Owned(refusal.code),
            text: Box::new(refusal.text),
            next: Box::new(refusal.next),
            fields: refusal.fields,
            difference: refusal.difference.map(Box::new),
            retry: (refusal.kind == Kind::TooMany).then_some(LATER),
            fault: None,
            instance: None,
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        let (status, retry) = match &fault {
            Fault::Full => (StatusCode::INSUFFICIENT_STORAGE, None),
            Fault::Busy | Fault::Unreachable(_) => (StatusCode::SERVICE_UNAVAILABLE, Some(SOON)),
            Fault::Broken(_) => (StatusCode::INTERNAL_SERVER_ERROR, None),
        };
        let (text, next) = (fault.text(), fault.next());
        let new = Problem::new(status, fault.code(), (text.zh, text.en), (&next.zh, &next.en));
        let said = match fault {
            Fault::Unreachable(said) | Fault::Broken(said) => Some(said),
            Fault::Full | Fault::Busy => None,
        };
        Problem { retry, fault: said.map(String::into_boxed_str), ..new }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Refusal(refusal) => (*refusal).into(),
            Error::Fault(fault) => fault.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(error: impl Into<Error>) -> Problem {
        error.into().into()
    }

    #[test]
    fn each_kind_of_refusal_has_its_status() {
        let cases = [
            (Kind::Invalid, 422),
            (Kind::SignIn, 401),
            (Kind::Forbidden, 403),
            (Kind::NotFound, 404),
            (Kind::Conflict, 409),
            (Kind::Unmet, 422),
            (Kind::TooLarge, 413),
            (Kind::TooMany, 429),
        ];
        for (kind, status) in cases {
            let told = problem(Refusal::new(kind, "a_word", "甲", "one"));
            assert_eq!(told.status.as_u16(), status, "{kind:?}");
            assert_eq!(told.retry.is_some(), status == 429);
        }
    }

    #[test]
    fn a_fault_tells_nothing_from_inside() {
        for (fault, status) in [
            (Fault::Broken("secret 1101".into()), 500),
            (Fault::Unreachable("secret 1101".into()), 503),
            (Fault::Busy, 503),
            (Fault::Full, 507),
        ] {
            let told = problem(fault);
            assert_eq!(told.status.as_u16(), status);
            assert_eq!(told.retry.is_some(), status == 503);
            let text = serde_json::to_string(&told.told(Lang::En)).unwrap();
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn speaks_the_language_asked_for_and_carries_both() {
        let told = |lang| problem(Refusal::new(Kind::Unmet, "a_word", "甲", "one")).told(lang);
        assert_eq!((told(Lang::Zh).detail.as_str(), told(Lang::En).detail.as_str()), ("甲", "one"));
        let zh = told(Lang::Zh);
        assert_eq!(
            (zh.zh.as_str(), zh.en.as_str(), zh.kind.as_str()),
            ("甲", "one", "urn:anmin:problem:a_word")
        );
    }
}
