//! The chapter of applications: one is entered at the counter from paper and handed in, another begun and discarded.
use super::client::Client;
use super::http::Ask;
use super::story::SCAN;
use super::walk::{Book, EAST, SERVICE, Town};
use serde_json::{Map, Value, json};

/// Pages of the longest form, and some.
const MOST: u32 = 60;

/// One is handed in, one is discarded.
pub fn applications(client: &mut Client<'_>, book: &mut Book) {
    let clerk = book.who("clerk");
    let path = begin(client, book, &EAST, "何一");
    let number = book.number((1946, 9, 15));
    fill(client, &clerk, &path, &number);
    let key = client.see(&clerk, &path)["applicant"].clone();
    for declaration in ["truthful", "check_authority"] {
        let file = scan(client, &clerk, &path, declaration);
        let version = client.see(&clerk, &path)["version"].clone();
        let sign = json!({ "version": version, "declaration": declaration, "element": key, "how": "paper", "paper": file });
        client.post(&clerk, "sign_application", &format!("{path}/signatures"), &sign);
    }
    let spare = scan(client, &clerk, &path, "other");
    let version = client.see(&clerk, &path)["version"].clone();
    let drop = json!({ "version": version, "file": spare });
    client.post(&clerk, "drop_paper", &format!("{path}/papers/removal"), &drop);
    let version = client.see(&clerk, &path)["version"].clone();
    let submission = format!("{path}/submission");
    let done = client.post(&clerk, "submit_application", &submission, &json!({ "version": version }));
    assert_eq!(done["state"], "received", "{done}");
    let path = begin(client, book, &EAST, "吕一");
    at_the_counter(client, &clerk, &path);
    let version = client.see(&clerk, &path)["version"].clone();
    client.post(&clerk, "discard_application", &format!("{path}/discarding"), &json!({ "version": version }));
}

/// What only a counter has: somebody came in their place, a screen is saved at once, sheets are scanned together.
fn at_the_counter(client: &mut Client<'_>, clerk: &str, path: &str) {
    let seen = client.see(clerk, path);
    let proxy = json!({ "name": "周代办", "basis": "written" });
    let set = json!({ "version": seen["version"], "proxy": proxy });
    client.change(clerk, "set_proxy", "PUT", &format!("{path}/proxy"), &set);
    let key = seen["applicant"].clone();
    let list = json!({ "page": "members", "list": [{ "key": key, "name": "吕一" }] });
    let version = client.see(clerk, path)["version"].clone();
    let pages = json!({ "version": version, "pages": [list] });
    client.change(clerk, "save_pages", "PUT", &format!("{path}/pages"), &pages);
    let paper = scan(client, clerk, path, "truthful");
    let signatures = json!([
        { "declaration": "truthful", "element": key },
        { "declaration": "check_authority", "element": key },
    ]);
    let version = client.see(clerk, path)["version"].clone();
    let signed = json!({ "version": version, "paper": paper, "signatures": signatures });
    client.post(clerk, "sign_on_paper", &format!("{path}/signatures/on-paper"), &signed);
}

/// One is begun at a town's counter; gives its address.
pub fn begin(client: &mut Client<'_>, book: &Book, town: &Town, name: &str) -> String {
    let input = json!({ "service": SERVICE, "area": book.county.area(town.village), "name": name });
    let begun = client.post(&book.who(town.clerk), "start_application", "/applications", &input);
    format!("/applications/{}", begun["application"].as_str().expect("an application"))
}

/// A scan of a signed paper.
fn scan(client: &mut Client<'_>, clerk: &str, path: &str, paper: &str) -> Value {
    let ask = Ask {
        media: "application/pdf",
        body: Some(SCAN.to_vec()),
        ..Ask::send("POST", None, format!("{path}/papers?paper={paper}"), &Value::Null)
    };
    let stored = client.attempt(clerk, "add_paper", ask);
    assert!(stored.done(), "{}", stored.text());
    stored.json()["file"].clone()
}

/// Answers page after page: no, nothing, the first there is.
fn fill(client: &mut Client<'_>, clerk: &str, path: &str, number: &str) {
    for _ in 0..MOST {
        let seen = client.see(clerk, path);
        let Some(page) = seen["sheet"]["next"]["page"].as_str() else { return };
        let element = seen["sheet"]["next"]["element"].as_str();
        let query = element.map_or_else(String::new, |key| format!("?element={key}"));
        let asked = client.see(clerk, &format!("{path}/pages/{page}{query}"));
        let mut input = json!({ "version": seen["version"], "element": element });
        match asked["kind"].as_str() {
            Some("list") => {
                let listed = asked["listed"].as_array().expect("a list").iter();
                let listed: Vec<Value> =
                    listed.map(|one| json!({ "key": one["key"], "name": one["name"] })).collect();
                input["list"] = Value::from(listed);
            }
            Some("who") => input["who"] = json!({ "name": asked["questions"][0]["value"], "number": number }),
            _ => input["values"] = Value::Object(answers(&asked["questions"])),
        }
        client.change(clerk, "save_page", "PUT", &format!("{path}/pages/{page}"), &input);
    }
    panic!("the form comes to no end");
}

fn answers(questions: &Value) -> Map<String, Value> {
    let mut values = Map::new();
    for question in questions.as_array().expect("questions") {
        let answer = match question["input"].as_str() {
            Some("yes_no") => json!("false"),
            Some("choice") => question["choices"][0]["value"].clone(),
            Some("day") => json!("2020-01-01"),
            _ => json!("0"),
        };
        values.insert(question["name"].as_str().expect("a name").to_owned(), answer);
    }
    values
}
