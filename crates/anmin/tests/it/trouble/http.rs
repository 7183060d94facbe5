//! Requests to the program, and what came back.
use serde_json::Value;
use std::time::Duration;

/// No answer takes so long; the program itself gives up after half a minute.
const LONGEST: Duration = Duration::from_secs(60);

/// Sends requests. Whoever shares one shares its connections.
#[derive(Clone)]
pub struct Http(ureq::Agent);

/// The connection broke before there was an answer.
#[derive(Debug)]
pub struct Lost(pub String);

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: &'static str,
    /// After `/api/v1`.
    pub path: String,
    pub token: Option<String>,
    pub key: Option<String>,
    pub media: &'static str,
    pub body: Option<Vec<u8>>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// It is the answer of an earlier request with the same key.
    pub replayed: bool,
    pub media: String,
    /// All headers, a line each, but for the date.
    pub headers: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// The word for machines in a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Ask {
    pub fn get(token: &str, path: impl Into<String>) -> Ask {
        Ask { method: "GET", path: path.into(), token: Some(token.into()), key: None, media: "", body: None }
    }

    pub fn send(method: &'static str, token: Option<&str>, path: impl Into<String>, body: &Value) -> Ask {
        Ask {
            method,
            path: path.into(),
            token: token.map(str::to_owned),
            key: None,
            media: "application/json",
            body: Some(body.to_string().into_bytes()),
        }
    }
}

impl Http {
    pub fn new() -> Http {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(LONGEST))
            .max_redirects(0)
            .build();
        Http(config.new_agent())
    }

    /// Sends a request.
    pub fn send(&self, url: &str, ask: &Ask) -> Result<Reply, Lost> {
        let lost = |e: ureq::Error| Lost(e.to_string());
        let mut request =
            ureq::http::Request::builder().method(ask.method).uri(format!("{url}/api/v1{}", ask.path));
        if let Some(token) = &ask.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if let Some(key) = &ask.key {
            request = request.header("X-Anmin-Request", key);
        }
        let answer = match &ask.body {
            None => self.0.run(request.body(()).expect("a request")),
            Some(body) => {
                let request = request.header("Content-Type", ask.media);
                self.0.run(request.body(body.as_slice()).expect("a request"))
            }
        };
        let mut answer = answer.map_err(lost)?;
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (replayed, media) = (header("x-anmin-replayed").is_some(), header("content-type"));
        let lines = answer.headers().iter().filter(|(name, _)| *name != "date");
        let headers =
            lines.map(|(n, v)| format!("{n}: {}\n", String::from_utf8_lossy(v.as_bytes()))).collect();
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(64 * 1024 * 1024).read_to_vec().map_err(lost)?;
        Ok(Reply { status, replayed, media: media.unwrap_or_default(), headers, body })
    }
}
