//! A small client: sends what it is told to and shows what came back.
use serde_json::Value;
use std::sync::LazyLock;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .max_redirects(0)
        .build();
    config.into()
});

/// What came back.
#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The word of a problem; empty where it is none.
    pub fn code(&self) -> String {
        if !self.header("content-type").starts_with("application/problem+json") {
            return String::new();
        }
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Expects this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Answered {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Expects this problem.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Answered {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{}", self.text());
        self
    }
}

/// Sends a request.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answered {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answered = match body {
        Some(body) => AGENT.run(request.body(body).unwrap()),
        None => AGENT.run(request.body(()).unwrap()),
    };
    let mut response = answered.unwrap_or_else(|e| panic!("{method} {url}: {e}"));
    let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
    Answered { status: response.status().as_u16(), headers: response.headers().clone(), bytes }
}
