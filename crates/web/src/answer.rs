//! What routes give: JSON, the kept result of a command, a page, lines, or nothing but that it is done.

use crate::form::{SchemaOf, bytes_schema};
use crate::guard::REPLAYED;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use std::io;
use std::marker::PhantomData;
use tokio::sync::mpsc::Receiver;
use tokio_stream::wrappers::ReceiverStream;

/// How an answer is described.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gives {
    pub status: u16,
    /// The media type and what is in it; none: no body.
    pub content: Option<(&'static str, SchemaOf)>,
    /// Whether the same request gets the same bytes again.
    pub replays: bool,
}

/// An answer on its way out.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Body,
}

/// Something a route gives.
pub(crate) trait Reply: Send + 'static {
    /// How it is described.
    const GIVES: Gives;

    /// As an answer.
    fn answer(self) -> Answer;

    /// The kept result of an earlier request as an answer; none where results are not kept.
    fn again(_: Vec<u8>) -> Option<Answer> {
        None
    }
}

const JSON: &str = "application/json";

fn answer<R: Reply>(body: impl Into<Body>) -> Answer {
    Answer::kept(&R::GIVES, body)
}

impl Answer {
    /// An answer of this description.
    pub fn kept(gives: &Gives, body: impl Into<Body>) -> Answer {
        let status = StatusCode::from_u16(gives.status).unwrap_or(StatusCode::OK);
        let mut headers = HeaderMap::new();
        if let Some((media, _)) = gives.content {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        }
        Answer { status, headers, body: body.into() }
    }

    /// The same with another header.
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Answer {
        self.headers.insert(name, value);
        self
    }

    /// Says that this is the answer of an earlier request.
    pub fn replayed(self) -> Answer {
        self.with(HeaderName::from_static(REPLAYED), HeaderValue::from_static("true"))
    }

    pub fn into_response(self) -> Response {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

/// A value as JSON.
#[derive(Clone, Debug)]
pub(crate) struct Json<T>(pub T);

impl<T: Serialize + JsonSchema + Send + 'static> Reply for Json<T> {
    const GIVES: Gives =
        Gives { status: 200, content: Some((JSON, SchemaGenerator::subschema_for::<T>)), replays: false };

    fn answer(self) -> Answer {
        answer::<Self>(serde_json::to_vec(&self.0).unwrap_or_default())
    }
}

/// The result of a command that is not kept, since it holds what no record may: found anew for the same request, and said so.
#[derive(Clone, Debug)]
pub(crate) struct Anew<T> {
    pub value: T,
    /// Whether the same request was answered before.
    pub earlier: bool,
}

impl<T: Serialize + JsonSchema + Send + 'static> Reply for Anew<T> {
    const GIVES: Gives =
        Gives { status: 200, content: Some((JSON, SchemaGenerator::subschema_for::<T>)), replays: true };

    fn answer(self) -> Answer {
        let answer = Json(self.value).answer();
        if self.earlier { answer.replayed() } else { answer }
    }
}

/// The result of a command as it is kept: the same bytes for the same request.
#[derive(Clone, Debug)]
pub(crate) struct Kept<T, const STATUS: u16 = 200>(pub Vec<u8>, PhantomData<fn() -> T>);

/// The result of a command that made something.
pub(crate) type Made<T> = Kept<T, 201>;

impl<T, const STATUS: u16> From<Vec<u8>> for Kept<T, STATUS> {
    fn from(bytes: Vec<u8>) -> Self {
        Kept(bytes, PhantomData)
    }
}

impl<T: JsonSchema + Send + 'static, const STATUS: u16> Reply for Kept<T, STATUS> {
    const GIVES: Gives =
        Gives { status: STATUS, content: Some((JSON, SchemaGenerator::subschema_for::<T>)), replays: true };

    fn answer(self) -> Answer {
        answer::<Self>(self.0)
    }

    fn again(kept: Vec<u8>) -> Option<Answer> {
        Some(Self::from(kept).answer())
    }
}

/// It is done, and there is no more to say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done;

impl Reply for Done {
    const GIVES: Gives = Gives { status: 204, content: None, replays: false };

    fn answer(self) -> Answer {
        answer::<Self>(Body::empty())
    }
}

/// An answer that sets cookies besides.
#[derive(Debug)]
pub(crate) struct WithCookies<R>(pub R, pub Vec<HeaderValue>);

impl<R: Reply> Reply for WithCookies<R> {
    const GIVES: Gives = R::GIVES;

    fn answer(self) -> Answer {
        let mut answer = self.0.answer();
        for cookie in self.1 {
            answer.headers.append(header::SET_COOKIE, cookie);
        }
        answer
    }
}

/// A letter as a page.
#[derive(Clone, Debug)]
pub(crate) struct Page(pub String);

const OF_PAGES: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

impl Reply for Page {
    const GIVES: Gives = Gives {
        status: 200,
        content: Some(("text/html; charset=utf-8", SchemaGenerator::subschema_for::<String>)),
        replays: false,
    };

    fn answer(self) -> Answer {
        answer::<Self>(self.0).with(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(OF_PAGES))
    }
}

/// A style sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style(pub &'static str);

impl Reply for Style {
    const GIVES: Gives = Gives {
        status: 200,
        content: Some(("text/css; charset=utf-8", SchemaGenerator::subschema_for::<String>)),
        replays: false,
    };

    fn answer(self) -> Answer {
        let kept = HeaderValue::from_static("public, max-age=86400");
        answer::<Self>(self.0).with(header::CACHE_CONTROL, kept)
    }
}

/// Lines of JSON, as they come.
#[derive(Debug)]
pub(crate) struct Lines {
    pub lines: Receiver<io::Result<Bytes>>,
    pub name: &'static str,
}

impl Reply for Lines {
    const GIVES: Gives = Gives {
        status: 200,
        content: Some(("application/x-ndjson", SchemaGenerator::subschema_for::<String>)),
        replays: false,
    };

    fn answer(self) -> Answer {
        let named = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", self.name));
        let named = named.unwrap_or(HeaderValue::from_static("attachment"));
        let body = Body::from_stream(ReceiverStream::new(self.lines));
        answer::<Self>(body).with(header::CONTENT_DISPOSITION, named)
    }
}

/// A paper of a case: only ever handed out as an attachment, in which nothing runs.
#[derive(Clone)]
pub(crate) struct Paper {
    pub bytes: Vec<u8>,
    pub media: String,
    pub name: String,
}

impl Reply for Paper {
    const GIVES: Gives = Gives { status: 200, content: Some(("*/*", bytes_schema)), replays: false };

    fn answer(self) -> Answer {
        let ending = self.media.rsplit('/').next().unwrap_or("bin");
        let ending = if ending == "plain" { "txt" } else { ending }.to_owned();
        let text = |text: String, or| HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(or));
        answer::<Self>(self.bytes)
            .with(header::CONTENT_TYPE, text(self.media, "application/octet-stream"))
            .with(
                header::CONTENT_DISPOSITION,
                text(format!("attachment; filename=\"{}.{ending}\"", self.name), "attachment"),
            )
            .with(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"))
    }
}

/// JSON that is there already.
#[derive(Clone, Debug)]
pub(crate) struct Ready(pub Bytes);

impl Reply for Ready {
    const GIVES: Gives = Gives {
        status: 200,
        content: Some((JSON, SchemaGenerator::subschema_for::<serde_json::Map<String, serde_json::Value>>)),
        replays: false,
    };

    fn answer(self) -> Answer {
        answer::<Self>(self.0)
    }
}
