//! How fast a running server answers: lists and cases as somebody at a desk reads them, and commands, each durable before
//! it is acknowledged. Plain HTTP over kept connections; what the client does is not part of the time.
use super::{grouped, milliseconds};
use crate::edge::{Stopped, print};
use crate::tell::Language;
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What to measure.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The address of the server.
    pub at: &'a str,
    /// The token of a session.
    pub token: &'a str,
    /// How many clients at once.
    pub clients: usize,
    /// How many requests of each kind.
    pub requests: usize,
}

/// One connection.
struct Client<'a> {
    asked: &'a Asked<'a>,
    stream: BufReader<TcpStream>,
}

/// An answer, and how long it took.
struct Answer {
    status: u16,
    body: Vec<u8>,
    took: Duration,
}

fn bad(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

impl<'a> Client<'a> {
    fn open(asked: &'a Asked<'a>) -> io::Result<Self> {
        let stream = TcpStream::connect(asked.at)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Client { asked, stream: BufReader::new(stream) })
    }

    fn send(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> io::Result<Answer> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n",
            self.asked.at,
            self.asked.token,
            body.len()
        );
        if !body.is_empty() {
            head.push_str("content-type: application/json\r\n");
        }
        if let Some(key) = key {
            head.push_str(&format!("x-anmin-request: {key}\r\n"));
        }
        head.push_str("\r\n");
        let begun = Instant::now();
        self.stream.get_mut().write_all((head + &body).as_bytes())?;
        let (status, body) = self.receive()?;
        Ok(Answer { status, body, took: begun.elapsed() })
    }

    fn receive(&mut self) -> io::Result<(u16, Vec<u8>)> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| bad(format!("no answer of HTTP: {line:?}")))?;
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().map_err(|_| bad("content-length"))?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, body))
    }

    fn get(&mut self, path: &str) -> io::Result<Value> {
        let answer = self.send("GET", path, None, None)?;
        answer.json(path)
    }
}

impl Answer {
    fn json(&self, path: &str) -> io::Result<Value> {
        if self.status >= 300 {
            return Err(bad(format!("{path}: {} {}", self.status, String::from_utf8_lossy(&self.body))));
        }
        serde_json::from_slice(&self.body).map_err(|e| bad(format!("{path}: {e}")))
    }
}

/// Measures, and prints a table.
///
/// # Errors
/// The server cannot be reached, or refuses.
pub fn run(asked: &Asked<'_>) -> Result<(), Stopped> {
    measure(asked)
        .map_err(|e| Stopped::because(Language::En, asked.at, format!("测量中断：{e}"), e.to_string()))
}

fn measure(asked: &Asked<'_>) -> io::Result<()> {
    let mut client = Client::open(asked)?;
    let mut cases = Vec::new();
    let mut after = String::new();
    while cases.len() < asked.requests.min(2_000) {
        let page = client.get(&format!("/api/v1/cases?limit=100{after}"))?;
        let lines = page["cases"].as_array().cloned().unwrap_or_default();
        cases.extend(lines.iter().filter_map(|line| line["id"].as_str().map(str::to_owned)));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    if cases.is_empty() {
        return Err(bad("whoever is signed in can list no case: sign in as an examiner"));
    }
    print(&format!(
        "| {} clients | requests | a second | p50 ms | p99 ms |\n|---|---|---|---|---|\n",
        asked.clients
    ));
    let pages = ["/api/v1/cases".to_owned(), "/api/v1/cases?mark=amber".to_owned()];
    many(asked, "list of 25 cases", |client, n| {
        let answer = client.send("GET", &pages[n % pages.len()], None, None)?;
        answer.json("/api/v1/cases")?;
        Ok(answer.took)
    })?;
    many(asked, "one case", |client, n| {
        let path = format!("/api/v1/cases/{}", cases[n % cases.len()]);
        let answer = client.send("GET", &path, None, None)?;
        answer.json(&path)?;
        Ok(answer.took)
    })?;
    // A command wants the version of its case: looked up before, and not part of the time.
    let ready: io::Result<Vec<(String, String, Value)>> = cases
        .iter()
        .take(asked.requests)
        .map(|case| {
            let path = format!("/api/v1/cases/{case}");
            let version = client.get(&path)?["version"].clone();
            let key =
                client.send("POST", "/api/v1/request-keys", Some(&json!({"command": "complain"})), None)?;
            let key = key.json("request-keys")?["key"].as_str().unwrap_or_default().to_owned();
            let body = json!({"version": version, "command": {"command": "complain", "report": "bench"}});
            Ok((path + "/commands", key, body))
        })
        .collect();
    let ready = ready?;
    let asked = Asked { requests: ready.len(), ..asked.clone() };
    many(&asked, "commands, durable", |client, n| {
        let (path, key, body) = &ready[n];
        let answer = client.send("POST", path, Some(body), Some(key))?;
        answer.json(path)?;
        Ok(answer.took)
    })
}

/// Sends so many requests from so many clients, and prints a line.
fn many(
    asked: &Asked<'_>,
    what: &str,
    one: impl Fn(&mut Client<'_>, usize) -> io::Result<Duration> + Sync,
) -> io::Result<()> {
    let next = AtomicUsize::new(0);
    let times = Mutex::new(Vec::with_capacity(asked.requests));
    let begun = Instant::now();
    let ended: io::Result<()> = std::thread::scope(|scope| {
        let work = || {
            let mut client = Client::open(asked)?;
            let mut mine = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= asked.requests {
                    break;
                }
                mine.push(one(&mut client, n)?);
            }
            times.lock().map_err(|_| bad("a client has stopped"))?.extend(mine);
            Ok(())
        };
        let clients: Vec<_> = (0..asked.clients).map(|_| scope.spawn(work)).collect();
        clients.into_iter().try_for_each(|client| client.join().map_err(|_| bad("a client has stopped"))?)
    });
    ended?;
    let all = begun.elapsed();
    let mut times = times.into_inner().map_err(|_| bad("a client has stopped"))?;
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len() - 1)).copied();
    let rate = times.len() as u128 * 1_000_000 / all.as_micros().max(1);
    print(&format!(
        "| {what} | {} | {} | {} | {} |\n",
        grouped(times.len() as i128),
        grouped(rate as i128),
        milliseconds(at(50).unwrap_or_default()),
        milliseconds(at(99).unwrap_or_default())
    ));
    Ok(())
}
