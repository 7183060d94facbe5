//! Everything that can be looked at: each route by which something is shown, with every identifier in its braces and
//! every filter in its query. What a new route takes must be said here, or the test fails.
use super::http::{Ask, Http};
use super::routes::{Route, routes};
use serde_json::Value;

/// An identifier, and the area whose it is.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: String,
    pub area: &'static str,
}

/// What is known to be there.
#[derive(Clone, Debug, Default)]
pub struct Things {
    pub cases: Vec<Known>,
    pub applications: Vec<Known>,
    pub numbers: Vec<Known>,
    pub files: Vec<Known>,
    pub persons: Vec<Known>,
    pub households: Vec<Known>,
    /// Areas: everybody may know them.
    pub areas: Vec<String>,
    pub people: Vec<String>,
    pub services: Vec<String>,
    pub letters: u32,
}

/// An address to look at; the parts of it that are identifiers can be put in another's place.
#[derive(Clone, Debug)]
pub struct Look {
    pub path: String,
    /// The identifiers in it that are somebody's, in order.
    pub of: Vec<Known>,
}

impl Look {
    /// The same with identifiers of things that are nowhere in the place of some.
    pub fn without(&self, out: impl Fn(&Known) -> bool) -> String {
        let some = self.of.iter().filter(|known| out(known));
        some.fold(self.path.clone(), |path, known| path.replace(&known.id, &nothing(&known.id)))
    }
}

/// An identifier like this one that nothing has: another letter or figure for each.
pub fn nothing(id: &str) -> String {
    let other = |c: char| match c {
        'f' => '0',
        '9' => 'a',
        '-' => '-',
        c => char::from_u32(u32::from(c) + 1).expect("the next"),
    };
    // A number stays one of figures.
    let figure = |c: char| if c == '9' { '0' } else { other(c) };
    if id.contains('-') { id.chars().map(figure).collect() } else { id.chars().map(other).collect() }
}

/// All of them.
pub fn looks(url: &str, things: &Things) -> Vec<Look> {
    let ask = Ask { token: None, ..Ask::get("", "/openapi.json") };
    let document = Http::new().send(url, &ask).expect("an answer").json();
    let mut all = Vec::new();
    // Whoever looks at a demonstration may be anybody in it and hold anybody's telephone: there is nothing to keep there.
    let looked_at = |route: &&Route| route.method == "GET" && !route.path.starts_with("/demo/");
    for route in routes(url).iter().filter(looked_at) {
        let plain = in_braces(route, things);
        let operation = &document["paths"][format!("/api/v1{}", route.path)]["get"];
        let filters = filters(operation, things);
        for look in &plain {
            all.push(look.clone());
            for (name, value) in &filters {
                let of = look
                    .of
                    .iter()
                    .cloned()
                    .chain(value.area.map(|area| Known { id: value.text.clone(), area }));
                all.push(Look { path: format!("{}?{name}={}", look.path, value.text), of: of.collect() });
            }
        }
    }
    all
}

/// The route with everything in its braces that fits there.
fn in_braces(route: &Route, things: &Things) -> Vec<Look> {
    let mut looks = vec![Look { path: String::new(), of: Vec::new() }];
    for part in route.path.split('/').skip(1) {
        let Some(name) = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            looks.iter_mut().for_each(|look| look.path = format!("{}/{part}", look.path));
            continue;
        };
        let open = |text: &String| (text.clone(), None);
        let closed = |known: &Known| (known.id.clone(), Some(known.clone()));
        let values: Vec<(String, Option<Known>)> = match name {
            "case" => things.cases.iter().map(closed).collect(),
            "application" => things.applications.iter().map(closed).collect(),
            // Batches are of a county, not of a village: who sees them is tested in app. These are nowhere.
            "batch" | "payment" => vec![("0".repeat(32), None)],
            "step" => ["accept", "confirm"].map(|step| (step.to_owned(), None)).to_vec(),
            "page" => ["applicant", "members"].map(|page| (page.to_owned(), None)).to_vec(),
            "section" => ["people", "support"].map(|section| (section.to_owned(), None)).to_vec(),
            "form" => ["visit_sheet", "approval_sheet"].map(|form| (form.to_owned(), None)).to_vec(),
            "file" => things.files.iter().map(closed).collect(),
            "person" => things.persons.iter().map(closed).collect(),
            "household" => things.households.iter().map(closed).collect(),
            "service" => things.services.iter().map(open).collect(),
            "number" => (1..=things.letters).map(|n| (n.to_string(), None)).collect(),
            other => panic!("{}: say in asks.rs what stands in {{{other}}}", route.path),
        };
        let with = |look: &Look| -> Vec<Look> {
            let of = |(text, known): &(String, Option<Known>)| Look {
                path: format!("{}/{text}", look.path),
                of: look.of.iter().cloned().chain(known.clone()).collect(),
            };
            values.iter().map(of).collect()
        };
        looks = looks.iter().flat_map(with).collect();
    }
    looks
}

struct Filter {
    text: String,
    area: Option<&'static str>,
}

/// Each parameter of a query with each value worth asking for.
fn filters(operation: &Value, things: &Things) -> Vec<(String, Filter)> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let names = parameters.filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str());
    let mut all = Vec::new();
    for name in names {
        let plain = |texts: &[&str]| -> Vec<Filter> {
            texts.iter().map(|text| Filter { text: (*text).into(), area: None }).collect()
        };
        let open = |texts: &[String]| -> Vec<Filter> {
            texts.iter().map(|text| Filter { text: text.clone(), area: None }).collect()
        };
        let values = match name {
            "area" => open(&things.areas),
            "from" | "to" | "person" => open(&things.people[..1]),
            "service" => open(&things.services),
            "number" => {
                let of = |known: &Known| Filter { text: known.id.clone(), area: Some(known.area) };
                things.numbers.iter().map(of).collect()
            }
            "state" => plain(&["received", "posted", "granted", "investigating"]),
            "mine" | "unassigned" | "nobody" | "paused" => plain(&["true", "false"]),
            "queue" => plain(&["mine", "late", "all", "opinion"]),
            "mark" => plain(&["green", "overdue"]),
            "due_by" | "on" => plain(&["2026-09-20", "2099-12-31"]),
            "known_on" => plain(&["2099-12-31"]),
            "lang" => plain(&["zh", "en"]),
            "limit" => plain(&["100"]),
            // A name is refused in an address, wherever it is of.
            "name" | "who" => plain(&["%E5%BC%A0"]),
            "after" | "n" => plain(&["0"]),
            "all" | "stops" => plain(&["true", "false"]),
            "order" => plain(&["due", "opened"]),
            "element" | "more" => plain(&["1"]),
            "programme" => open(&things.services),
            "period" => plain(&["2026-09"]),
            other => panic!("say in asks.rs what to ask for by `{other}`"),
        };
        all.extend(values.into_iter().map(|value| (name.to_owned(), value)));
    }
    all
}
