//! The database server dies under the program while people work, and comes back. They are told so, as a problem; within
//! seconds after it is back all goes on, without a restart of ours; nothing acknowledged is lost, nothing is there twice.
use super::client::Client;
use super::county::County;
use super::http::{Ask, Http, Reply};
use super::program::Deployment;
use super::server::Server;
use super::torture;
use super::walk::{Book, EAST};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// People who write, and as many who look at what was written.
const WRITERS: usize = 4;
/// How long after the server is back an error may still be told.
const WINDOW: Duration = Duration::from_secs(10);
/// If nothing moves for so long, the test has failed.
const STUCK: Duration = Duration::from_secs(120);

/// What all have in common.
struct Load {
    url: String,
    token: String,
    over: AtomicBool,
    /// Whom each writer has entered, and the name they gave.
    entered: Vec<Mutex<Vec<(String, Value)>>>,
    /// How many looks of each reader were answered.
    read: Vec<Mutex<usize>>,
    /// How many errors were told, and when the last.
    errors: Mutex<(usize, Option<Instant>)>,
}

#[test]
fn a_database_that_dies_under_load_loses_and_doubles_nothing() {
    let Some(mut server) = Server::new() else { return };
    let deployment = Deployment::on(&server.address());
    let book = Book::new(County::build(&deployment));
    let before = deployment.rows()["person"];
    let mut client = Client::new(&deployment);
    let clerk = book.who("clerk");
    let load = Load {
        url: client.url(),
        token: client.token(&clerk),
        over: AtomicBool::new(false),
        entered: (0..WRITERS).map(|_| Mutex::default()).collect(),
        read: (0..WRITERS).map(|_| Mutex::default()).collect(),
        errors: Mutex::default(),
    };
    let kills = if torture().is_some() { 50 } else { 2 };
    let forms = Mutex::new(book);
    std::thread::scope(|scope| {
        let _over = Over(&load.over);
        for n in 0..WRITERS {
            let (load, forms) = (&load, &forms);
            scope.spawn(move || load.write(n, || form(&mut forms.lock().expect("forms"))));
            scope.spawn(move || load.read(n));
        }
        load.moved(5);
        for nth in 0..kills {
            let signal = ["-9", "-QUIT"][nth % 2];
            let errors = load.errors.lock().expect("errors").0;
            server.kill(signal);
            server.start();
            let back = Instant::now();
            load.moved(5);
            let (told, last) = *load.errors.lock().expect("errors");
            assert!(told > errors, "kill {signal} went unnoticed");
            let window = last.expect("an error").saturating_duration_since(back);
            assert!(window < WINDOW, "errors for {window:?} after the server was back");
        }
    });
    let entered: Vec<(String, Value)> =
        load.entered.iter().flat_map(|list| list.lock().expect("people").clone()).collect();
    let ids: BTreeSet<&String> = entered.iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), entered.len());
    for (id, name) in &entered {
        assert_eq!(client.see(&clerk, &format!("/persons/{id}"))["name"], *name);
    }
    assert_eq!(client.broken, 0, "it was never restarted");
    client.stop();
    deployment.is_sound();
    assert_eq!(deployment.rows()["person"] - before, entered.len() as u64, "each is there once");
}

/// Between two looks at something that changes by itself, so that looking does not take the machine.
fn breath() {
    std::thread::sleep(Duration::from_millis(2));
}

/// Ends the load, however the test ends.
struct Over<'o>(&'o AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// The entry of somebody nobody has entered.
fn form(book: &mut Book) -> Value {
    let entry = book.entry(&EAST, "王", (1980, 1, 1));
    json!({ "area": book.county.area(EAST.village), "entry": entry })
}

impl Load {
    /// Sends a request again until there is an answer that is no error.
    fn answer(&self, http: &Http, ask: &Ask) -> Reply {
        let began = Instant::now();
        while began.elapsed() < STUCK {
            // The program is there all the time: no connection to it breaks.
            let reply = http.send(&self.url, ask).expect("an answer");
            if reply.done() {
                return reply;
            }
            let told = (reply.status, reply.media.as_str());
            assert_eq!(
                told,
                (503, "application/problem+json"),
                "{} {}: {}",
                ask.method,
                ask.path,
                reply.text()
            );
            assert!(reply.headers.contains("retry-after: "), "{}", reply.headers);
            let mut errors = self.errors.lock().expect("errors");
            *errors = (errors.0 + 1, Some(Instant::now()));
        }
        panic!("no answer to {} {}", ask.method, ask.path);
    }

    fn write(&self, writer: usize, mut form: impl FnMut() -> Value) {
        let http = Http::new();
        while !self.over.load(SeqCst) {
            let form = form();
            let name = form["entry"]["names"][0]["text"].clone();
            let ask =
                Ask::send("POST", Some(&self.token), "/request-keys", &json!({ "command": "enter_person" }));
            let key = self.answer(&http, &ask).json()["key"].as_str().expect("a key").to_owned();
            let ask = Ask { key: Some(key), ..Ask::send("POST", Some(&self.token), "/persons", &form) };
            let done = self.answer(&http, &ask).json();
            let id = done["person"].as_str().expect("a person").to_owned();
            self.entered[writer].lock().expect("people").push((id, name));
        }
    }

    fn read(&self, reader: usize) {
        let http = Http::new();
        while !self.over.load(SeqCst) {
            let Some((id, name)) = self.entered[reader].lock().expect("people").last().cloned() else {
                breath();
                continue;
            };
            let seen = self.answer(&http, &Ask::get(&self.token, format!("/persons/{id}"))).json();
            assert_eq!(seen["name"], name, "what was acknowledged is there");
            *self.read[reader].lock().expect("looks") += 1;
        }
    }

    fn progress(&self) -> Vec<usize> {
        let written = self.entered.iter().map(|list| list.lock().expect("people").len());
        written.chain(self.read.iter().map(|looks| *looks.lock().expect("looks"))).collect()
    }

    /// Returns when everybody has got further by so much.
    fn moved(&self, by: usize) {
        let (before, began) = (self.progress(), Instant::now());
        while !self.progress().iter().zip(&before).all(|(now, before)| *now >= before + by) {
            assert!(began.elapsed() < STUCK, "from {before:?} only to {:?}", self.progress());
            breath();
        }
    }
}
