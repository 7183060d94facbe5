//! Somebody who works with the program and keeps a log: each request with its key before it is sent, each answer when it
//! is there. When the program dies or fails under a request, they start it again and send the same once more.
use super::http::{Ask, Http, Reply};
use super::program::{Deployment, Serving};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Barrier;

/// The file in which fault points write that they fired, and the one in which each passing is written down.
pub const FIRED: &str = "fired";
pub const PASSED: &str = "passed";
/// How often a request is sent again before the test has failed.
const TRIES: u32 = 40;

/// A request that was acknowledged.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Which command its key was made for; none: it needs no key.
    pub command: Option<String>,
    pub ask: Ask,
    pub reply: Reply,
}

impl Sent {
    /// Asserts that an answer to the same request is the same, and says that it is of an earlier one. A code that is shown
    /// once is not in it.
    #[track_caller]
    pub fn is_answered_alike(&self, again: &Reply, what: &str) {
        let Ask { method, path, .. } = &self.ask;
        let what = format!("{what}: {method} {path}: {}", again.text());
        assert_eq!(again.status, self.reply.status, "{what}");
        assert!(again.replayed, "{what}: not said to be an earlier answer");
        if again.body != self.reply.body {
            let mut first = self.reply.json();
            first.as_object_mut().expect("fields").remove("code").expect("a code that is shown once");
            assert_eq!(again.json(), first, "{what}");
        }
    }
}

/// What is wrong with the program while it works.
#[derive(Clone, Debug, Default)]
pub struct Harm {
    /// As `ANMIN_FAULT` takes it.
    pub fault: Option<String>,
    /// The request under which the program is killed from outside, by number.
    pub kill: Option<u32>,
    /// Nothing is wrong, but each passing of a fault point is written down.
    pub counted: bool,
    /// Nothing is wrong, but the machine's clock is set for this part of the world.
    pub zone: Option<&'static str>,
}

pub struct Client<'d> {
    pub deployment: &'d Deployment,
    serving: Option<Serving>,
    http: Http,
    harm: Harm,
    tokens: BTreeMap<String, String>,
    /// Everything that was acknowledged, in order.
    pub sent: Vec<Sent>,
    /// Each change is sent so many times at once, and then once more.
    pub crowd: usize,
    /// How many requests went unanswered, or were answered with a fault.
    pub broken: u32,
    /// How many commands were given besides those of the story, since a code that is shown once was lost.
    pub besides: u64,
    asked: u32,
}

impl<'d> Client<'d> {
    pub fn new(deployment: &'d Deployment) -> Client<'d> {
        Client::harmed(deployment, Harm::default())
    }

    /// The program works with this wrong until it has died of it.
    pub fn harmed(deployment: &'d Deployment, harm: Harm) -> Client<'d> {
        let (tokens, sent) = (BTreeMap::new(), Vec::new());
        let mut new = Client {
            deployment,
            serving: None,
            http: Http::new(),
            harm,
            tokens,
            sent,
            crowd: 1,
            broken: 0,
            besides: 0,
            asked: 0,
        };
        new.start();
        new
    }

    fn start(&mut self) {
        let path = |path: PathBuf| path.to_str().expect("a path in UTF-8").to_owned();
        let fault = self.harm.fault.take();
        for fault in [fault, None] {
            let mut env = vec![
                ("ANMIN_FAULT", fault.unwrap_or_default()),
                ("ANMIN_FAULT_DELAY", "30".into()),
                ("ANMIN_FAULT_FIRED", path(self.deployment.beside(FIRED))),
            ];
            if self.harm.counted {
                env.push(("ANMIN_FAULT_PASSED", path(self.deployment.beside(PASSED))));
            }
            env.extend(self.harm.zone.map(|zone| ("TZ", zone.to_owned())));
            self.serving = self.deployment.begin(&env);
            if self.serving.is_some() {
                return;
            }
            // It died of its fault before it could be reached.
            self.broken += 1;
        }
        panic!("it does not start: {}", self.deployment.log());
    }

    /// How many requests there were so far.
    pub fn asked(&self) -> u32 {
        self.asked
    }

    pub fn url(&self) -> String {
        self.serving.as_ref().map(|serving| serving.url.clone()).unwrap_or_default()
    }

    pub fn http(&self) -> Http {
        self.http.clone()
    }

    /// Sends until there is an answer that is no fault.
    fn answer(&mut self, ask: &Ask) -> Reply {
        self.asked += 1;
        for _ in 0..TRIES {
            if self.harm.kill == Some(self.asked) {
                self.harm.kill = None;
                self.killed_under(ask);
            }
            let serving = self.serving.as_mut().expect("it works");
            match self.http.send(&serving.url, ask) {
                Ok(reply) if !matches!(reply.status, 500 | 503) => return reply,
                Ok(_) => self.broken += 1,
                Err(_) => {
                    self.broken += 1;
                    // Whoever aborts has closed the connection a moment before it is gone.
                    let serving = self.serving.take().expect("it works");
                    serving.kill();
                    self.http = Http::new();
                    self.start();
                }
            }
        }
        panic!("no answer to {} {}: {}", ask.method, ask.path, self.deployment.log());
    }

    /// `kill -9` while the request is under way, however far it has come.
    fn killed_under(&mut self, ask: &Ask) {
        let serving = self.serving.take().expect("it works");
        let (url, http, ask) = (serving.url.clone(), self.http.clone(), ask.clone());
        let sending = std::thread::spawn(move || http.send(&url, &ask).is_ok());
        // The seed of the test chose the request; the scheduler chooses the instant.
        std::thread::yield_now();
        serving.kill();
        let _ = sending.join();
        self.broken += 1;
        self.http = Http::new();
        self.start();
    }

    /// The token of a person, who signs in the first time.
    pub fn token(&mut self, person: &str) -> String {
        if let Some(token) = self.tokens.get(person) {
            return token.clone();
        }
        let reply = self.answer(&Ask::send("POST", None, "/demo/session", &json!({ "person": person })));
        assert!(reply.done(), "{person} signs in: {}", reply.text());
        let token = reply.json()["token"].as_str().expect("a token").to_owned();
        self.tokens.insert(person.to_owned(), token.clone());
        token
    }

    /// What a person is shown.
    pub fn look(&mut self, person: &str, path: &str) -> Reply {
        let token = self.token(person);
        self.answer(&Ask::get(&token, path))
    }

    /// What a person is shown, as JSON; it must be there.
    #[track_caller]
    pub fn see(&mut self, person: &str, path: &str) -> Value {
        let reply = self.look(person, path);
        assert_eq!(reply.status, 200, "GET {path}: {}", reply.text());
        reply.json()
    }

    /// A key for a command.
    pub fn key(&mut self, person: &str, command: &str) -> String {
        let token = self.token(person);
        let ask = Ask::send("POST", Some(&token), "/request-keys", &json!({ "command": command }));
        let reply = self.answer(&ask);
        assert_eq!(reply.status, 200, "a key for {command}: {}", reply.text());
        reply.json()["key"].as_str().expect("a key").to_owned()
    }

    /// Sends the same again as it was sent.
    pub fn again(&mut self, sent: &Sent) -> Reply {
        self.answer(&sent.ask)
    }

    /// Changes something under a key, whatever comes of it.
    pub fn attempt(&mut self, person: &str, command: &str, ask: Ask) -> Reply {
        let key = self.key(person, command);
        let ask = Ask { key: Some(key), token: Some(self.token(person)), ..ask };
        let reply = if self.crowd > 1 { self.crowded(&ask) } else { self.answer(&ask) };
        if reply.done() {
            let sent = Sent { command: Some(command.to_owned()), ask, reply: reply.clone() };
            if self.crowd > 1 {
                sent.is_answered_alike(&self.again(&sent), "at once");
            }
            self.sent.push(sent);
        }
        reply
    }

    /// Sends the same from many at once. All get one answer, but for a code that is shown once.
    fn crowded(&mut self, ask: &Ask) -> Reply {
        let (http, url) = (&self.http, self.url());
        let start = &Barrier::new(self.crowd);
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let send = || {
                start.wait();
                http.send(&url, ask).expect("an answer")
            };
            let sending: Vec<_> = (0..self.crowd).map(|_| scope.spawn(send)).collect();
            sending.into_iter().map(|one| one.join().expect("a reply")).collect()
        });
        let with_code = |reply: &&Reply| reply.done() && !reply.json()["code"].is_null();
        let first = replies.iter().find(with_code).unwrap_or(&replies[0]).clone();
        let plain = |reply: &Reply| {
            let mut value = reply.json();
            value.as_object_mut().and_then(|fields| fields.remove("code"));
            (reply.status, value)
        };
        for reply in &replies {
            assert_eq!(plain(reply), plain(&first), "{} {} sent {} times", ask.method, ask.path, self.crowd);
        }
        assert!(replies.iter().filter(with_code).count() <= 1, "{} is told more than once", ask.path);
        first
    }

    /// Changes something under a key.
    #[track_caller]
    pub fn change(
        &mut self,
        person: &str,
        command: &str,
        method: &'static str,
        path: &str,
        body: &Value,
    ) -> Value {
        let reply = self.attempt(person, command, Ask::send(method, None, path, body));
        assert!(reply.done(), "{command}: {method} {path} {body}: {} {}", reply.status, reply.text());
        reply.json()
    }

    /// The same by POST.
    #[track_caller]
    pub fn post(&mut self, person: &str, command: &str, path: &str, body: &Value) -> Value {
        self.change(person, command, "POST", path, body)
    }

    /// Asks for something that needs no key.
    #[track_caller]
    pub fn plain(&mut self, person: Option<&str>, method: &'static str, path: &str, body: &Value) -> Value {
        let token = person.map(|person| self.token(person));
        let ask = Ask::send(method, token.as_deref(), path, body);
        let reply = self.answer(&ask);
        assert!(reply.done(), "{method} {path} {body}: {} {}", reply.status, reply.text());
        self.sent.push(Sent { command: None, ask, reply: reply.clone() });
        if reply.body.is_empty() { Value::Null } else { reply.json() }
    }

    /// A file that is made for somebody, as it came.
    #[track_caller]
    pub fn file(&mut self, person: &str, path: &str) -> Reply {
        let token = self.token(person);
        let ask = Ask::send("POST", Some(&token), path, &Value::Null);
        let reply = self.answer(&ask);
        assert!(reply.done(), "POST {path}: {} {}", reply.status, reply.text());
        self.sent.push(Sent { command: None, ask, reply: reply.clone() });
        reply
    }

    /// Asks for something that can be done once and needs no key. None: an answer was lost, and now it is done already.
    #[track_caller]
    pub fn once(
        &mut self,
        person: Option<&str>,
        method: &'static str,
        path: &str,
        body: &Value,
    ) -> Option<Value> {
        let token = person.map(|person| self.token(person));
        let (ask, before) = (Ask::send(method, token.as_deref(), path, body), self.broken);
        let reply = self.answer(&ask);
        if !reply.done() {
            // What was sent again after its answer was lost may count as a guess; the one after a guess is told to wait.
            let waits = reply.status == 429 && self.broken > 0;
            assert!(
                waits || self.broken > before && reply.status < 500,
                "{method} {path}: {} {}",
                reply.status,
                reply.text()
            );
            // Whoever they were signed in as, they are no longer.
            person.map(|person| self.tokens.remove(person));
            return None;
        }
        self.sent.push(Sent { command: None, ask, reply: reply.clone() });
        Some(if reply.body.is_empty() { Value::Null } else { reply.json() })
    }

    /// Goes on with another token of a person.
    pub fn knows(&mut self, person: &str, token: &Value) {
        self.tokens.insert(person.to_owned(), token.as_str().expect("a token").to_owned());
    }

    /// Lets the demonstration come to the day after this one.
    pub fn day_after(&mut self, day: &str) -> String {
        let reply =
            self.answer(&Ask::send("POST", None, format!("/demo/next-day?after={day}"), &Value::Null));
        assert!(reply.done(), "the day after {day}: {}", reply.text());
        reply.json()["day"].as_str().expect("a day").to_owned()
    }

    /// Forgets who has signed in: their sessions are no longer wanted.
    pub fn forget(&mut self, person: &str) {
        self.tokens.remove(person);
    }

    /// Stops the program in good order.
    pub fn stop(mut self) -> (Vec<Sent>, BTreeMap<String, String>) {
        self.serving.take().expect("it works").stop();
        (std::mem::take(&mut self.sent), std::mem::take(&mut self.tokens))
    }
}
