//! What the program says can be asked of it, and that the story asks all that changes something.
use super::http::Http;
use super::program::Kind;
use super::stages::Stages;
use serde_json::Value;
use std::collections::BTreeSet;

/// A route: its method and its path, with braces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub method: String,
    pub path: String,
    pub name: String,
}

/// All routes, as the program describes them.
pub fn routes(url: &str) -> Vec<Route> {
    let ask = super::http::Ask { token: None, ..super::http::Ask::get("", "/openapi.json") };
    let document: Value = Http::new().send(url, &ask).expect("an answer").json();
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, operations): (&String, &Value)| -> Vec<Route> {
        let path = path.strip_prefix("/api/v1").expect("under the base").to_owned();
        let operations = operations.as_object().expect("operations");
        let of = |(method, operation): (&String, &Value)| Route {
            method: method.to_ascii_uppercase(),
            path: path.clone(),
            name: operation["operationId"].as_str().expect("a name").to_owned(),
        };
        operations.iter().map(of).collect()
    };
    paths.iter().flat_map(of_path).collect()
}

impl Route {
    /// Whether an address is one of this route's.
    pub fn fits(&self, method: &str, path: &str) -> bool {
        let path = path.split('?').next().unwrap_or_default();
        let (ours, theirs): (Vec<&str>, Vec<&str>) =
            (self.path.split('/').collect(), path.split('/').collect());
        let part = |(our, their): (&&str, &&str)| our == their || our.starts_with('{');
        self.method == method && ours.len() == theirs.len() && ours.iter().zip(&theirs).all(part)
    }
}

/// What the story does not use, and why.
const UNUSED: &[(&str, &str)] = &[
    ("retry_job", "no job fails in the story"),
    ("check_before_applying", "nothing is kept of it"),
    ("preview_answer", "nothing is kept of it; the tests of app look at it on both databases"),
    ("ask_code", "what it sends is drawn; the tests of app go this way on both databases"),
    ("ask_sign_in_code", "what it sends is drawn; the tests of web go this way"),
    ("sign_in_by_code", "a code opens once; the tests of web go this way"),
    ("object_to_notice", "residents of the story have no account; the tests of web go this way"),
    ("name_helper", "residents of the story have no account; the tests of web go this way"),
    ("enrol_first", "the county is made by it"),
    ("roles_wanted", "the county is made by it"),
    ("demo_sign_in", "every client signs in by it"),
    ("next_day", "every client asks it by the day"),
    ("make_request_key", "every change begins with it"),
    ("check_journal", "it orders a job, which has its own tests in app"),
    ("hand_over_all", "it orders a job, which has its own tests in app"),
];

#[test]
fn the_story_uses_every_route_that_changes_something() {
    let stages = Stages::of(Kind::Sqlite);
    let serving = stages.end.serve();
    let all = routes(&serving.url);
    serving.stop();
    let mut unused: BTreeSet<&str> = BTreeSet::new();
    for route in all.iter().filter(|route| route.method != "GET") {
        let used = stages.used.iter().any(|(method, path)| route.fits(method, path));
        if !used && !UNUSED.iter().any(|(name, _)| *name == route.name) {
            unused.insert(&route.name);
        }
    }
    assert!(unused.is_empty(), "the story does not use {unused:?}");
}
