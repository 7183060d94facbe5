//! Nobody is shown what is not theirs. In each of three places there is a family with a case, in whose names, addresses,
//! notes, facts, papers and letters stands a word that stands nowhere else. Everybody, in every role there is, then
//! looks at everything that can be looked at, by every identifier there is.
use super::asks::{Known, Look, Things, looks, nothing};
use super::client::Client;
use super::county::{AID, AREAS, LAST, POSTS, UNITS, word};
use super::http::{Ask, Http, Reply};
use super::program::{BOTH, Kind};
use super::sights::{self, Sight, below};
use super::stages::Stages;
use super::story::{accepted, investigated, post, proposal};
use super::torture;
use super::walk::{Book, EAST, FAR, SERVICE, Town, WEST};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The case of each place.
const PLACES: [(&Town, &str); 3] = [(&EAST, "granted"), (&WEST, "west case"), (&FAR, "far case")];

/// Roles that nobody in the county has: each with a unit for it, where it is, and its lines of work.
const MORE: [(&str, &str, &str, &str, &[&str]); 7] = [
    ("care_worker", "care_home", "east", "accepting", AID),
    ("marriage_registrar", "registry_office", "county", "deciding", &["marriage"]),
    ("child_supervisor", "", "", "", &["children"]),
    ("relief_station_worker", "relief_station", "county", "deciding", &["homeless_relief"]),
    ("organisation_registrar", "", "", "", &["organisations"]),
    ("subject_officer", "", "", "", &["elderly"]),
    ("department_interface", "partner", "county", "deciding", &[]),
];

/// Somebody who looks.
struct Looker {
    name: String,
    role: String,
    /// Whose records they may be shown.
    areas: BTreeSet<&'static str>,
    sight: Sight,
}

#[test]
fn nobody_is_shown_what_is_not_theirs() {
    let kinds = if torture().is_some() { &BOTH[..] } else { &[Kind::Sqlite] };
    for kind in kinds {
        crawl(*kind);
    }
}

fn crawl(kind: Kind) {
    let stages = Stages::of(kind);
    let deployment = stages.end.copy();
    let mut book = stages.book.clone();
    let mut client = Client::new(&deployment);
    west_and_far(&mut client, &mut book);
    drafts(&mut client, &mut book);
    let lookers = lookers(&mut client, &mut book);
    let things = things(&mut client, &book);
    let marks = marks(&book, &things);
    let all = looks(&client.url(), &things);
    let mut shown: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for looker in &lookers {
        let person = book.who(&looker.name);
        let token = client.token(&person);
        let crawler = Crawler { http: client.http(), url: client.url(), token, looker, marks: &marks };
        let seen = crawler.looks(&all);
        crawler.searches(&mut client, &person);
        crawler.touches(&mut client, &person, &book);
        if looker.sight.lists {
            let theirs: BTreeSet<&str> = PLACES.iter().map(|(town, _)| town.village).collect();
            let theirs = theirs.intersection(&looker.areas).copied().collect();
            assert_eq!(seen, theirs, "{} is shown what is theirs", looker.name);
        }
        shown.insert(looker.name.clone(), seen);
    }
    // The crawl could find something, and somebody far and somebody above were among those who found it.
    assert_eq!(shown["west examiner"], BTreeSet::from([WEST.village]));
    assert_eq!(shown["far examiner"], BTreeSet::from([FAR.village]));
    assert_eq!(shown["clerk"], BTreeSet::from([EAST.village]));
    assert_eq!(shown["confirmer"], BTreeSet::from([EAST.village, WEST.village]));
    assert_eq!(shown["supervisor"].len(), PLACES.len());
    client.stop();
    deployment.is_sound();
}

/// An application begun in each place, for somebody whose name has the word.
fn drafts(client: &mut Client<'_>, book: &mut Book) {
    for (town, case) in PLACES {
        let name = format!("张{}", word(town.village));
        let path = super::applying::begin(client, book, town, &name);
        book.keep(&format!("{case} draft"), &path.rsplit('/').next().into());
    }
}

/// The families and cases of the other places, as far along as the people there can bring them.
fn west_and_far(client: &mut Client<'_>, book: &mut Book) {
    for (town, case) in &PLACES[1..] {
        book.family(client, town, case);
        declare_of(client, book, town, case);
    }
    accepted(client, book, &WEST, "west case");
    investigated(client, book, &WEST, "west case", false);
    book.step(client, "west case", (WEST.examiner, "propose_grant", "proposed"), &proposal("grant"), &[]);
    post(client, book, &WEST, "west case");
    for (n, who) in ["head", "spouse"].into_iter().enumerate() {
        let subject = book.id(&format!("far case {who}")).to_owned();
        let with = json!({ "act": "authorise", "subject": subject, "signer": subject });
        let paper = book.numbered(&FAR, "check_authority", &n.to_string());
        book.step(client, "far case", (FAR.clerk, "authorise", "received"), &with, &[paper]);
    }
    book.step(client, "far case", (FAR.clerk, "accept", "investigating"), &json!({ "act": "accept" }), &[]);
    for (town, case) in &PLACES[1..] {
        scan(client, book, town, case);
        let give = json!({ "command": "assign", "duty": "intake", "person": book.who(town.clerk) });
        let note = format!("{}的情况特殊", word(town.village));
        let input = json!({ "version": book.version(case), "command": give, "why": note });
        let path = format!("/cases/{}/commands", book.id(case));
        let changed = client.post(&book.who(town.examiner), "assign", &path, &input);
        book.keep_version(case, &changed["version"]);
    }
}

/// Facts, one of them a name with the word of the place.
fn declare_of(client: &mut Client<'_>, book: &mut Book, town: &Town, case: &str) {
    let head = book.id(&format!("{case} head"));
    let name = json!({ "name": format!("张{}", word(town.village)) });
    let input = json!({ "recordings": [{ "person": head, "values": name, "source": "declared" }] });
    client.post(&book.who(town.clerk), "record_facts", &format!("/cases/{}/facts", book.id(case)), &input);
    super::story::declare_by(client, book, town.clerk, case, "1000.00");
}

/// A scan in which the word of the place can be read.
fn scan(client: &mut Client<'_>, book: &mut Book, town: &Town, case: &str) {
    let text = format!("%PDF-1.7 {} {}\n%%EOF\n", word(town.village), case);
    let path = format!("/cases/{}/files", book.id(case));
    let ask = Ask {
        media: "application/pdf",
        body: Some(text.into_bytes()),
        ..Ask::send("POST", None, path, &Value::Null)
    };
    let stored = client.attempt(&book.who(town.clerk), "store_file", ask);
    assert!(stored.done(), "{}", stored.text());
    book.keep(&format!("{case} file"), &stored.json()["file"]);
}

/// Everybody, and at least one in each role.
fn lookers(client: &mut Client<'_>, book: &mut Book) -> Vec<Looker> {
    let mut all = Vec::new();
    let mut add = |name: &str, role: &str, area: &str, subjects: &[&str]| {
        let sight = sights::of(role, subjects);
        let areas = if sight.sees { below(area) } else { BTreeSet::new() };
        all.push(Looker { name: name.into(), role: role.into(), areas, sight });
    };
    for (name, role, unit, subjects) in POSTS {
        let area = UNITS.iter().find(|known| known.0 == *unit).map_or("city", |known| known.1);
        add(name, role, area, subjects);
    }
    for (role, kind, area, stands, subjects) in MORE {
        let (unit, area) = match kind {
            "" => (book.county.units["bureau"].clone(), "county"),
            kind => (found(client, book, kind, area, stands), area),
        };
        book.county.login(client, role);
        let terms = json!({
            "unit": unit, "role": role, "area": book.county.area(area), "subjects": subjects,
            "from": book.day, "to": LAST,
        });
        book.county.appoint(client, role, terms);
        add(role, role, area, subjects);
    }
    for (name, role) in [("system", "system_admin"), ("security", "security_admin"), ("audit", "audit_admin")]
    {
        add(name, role, "city", &[]);
    }
    // Whoever has no post comes as a resident.
    for name in ["relative", "stranger"] {
        add(name, "resident", "", &[]);
    }
    let have: BTreeSet<&str> = all.iter().map(|looker| looker.role.as_str()).collect();
    let roles = sights::roles();
    let missing: Vec<&String> = roles.iter().filter(|role| !have.contains(role.as_str())).collect();
    assert!(missing.is_empty(), "nobody looks as {missing:?}");
    all
}

fn found(client: &mut Client<'_>, book: &Book, kind: &str, area: &str, stands: &str) -> String {
    let input = json!({
        "area": book.county.area(area), "kind": kind, "name": format!("{area} {kind}"), "stands": [stands],
        "from": book.day,
    });
    let made = client.post(&book.who("system"), "create_unit", "/units", &input);
    made["id"].as_str().expect("an id").to_owned()
}

/// All that is there, or in the short form one of each kind in each place.
fn things(client: &mut Client<'_>, book: &Book) -> Things {
    let mut things = Things {
        areas: [WEST.village, "city"].map(|area| book.county.area(area).to_owned()).to_vec(),
        people: vec![book.who("clerk")],
        services: vec![SERVICE.into()],
        letters: if torture().is_some() { 8 } else { 2 },
        ..Things::default()
    };
    for (town, case) in PLACES {
        let of = |name: &str| Known { id: book.id(name).to_owned(), area: town.village };
        let part = |what: &str| of(&format!("{case} {what}"));
        things.cases.push(of(case));
        things.applications.push(part("draft"));
        things.files.push(part("file"));
        things.households.push(part("home"));
        let members: &[&str] = if torture().is_some() { &["head", "spouse", "child"] } else { &["head"] };
        things.persons.extend(members.iter().map(|who| part(who)));
        let seen = client.see(&book.who(town.examiner), &format!("/cases/{}", book.id(case)));
        let number = seen["number"].as_str().expect("a number").to_owned();
        things.numbers.push(Known { id: number, area: town.village });
    }
    things
}

/// What may be read nowhere but in its place: the word, and whatever names a thing there.
fn marks(book: &Book, things: &Things) -> BTreeMap<&'static str, Vec<String>> {
    let mut marks: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (town, _) in PLACES {
        // One letter of it is enough, as where the rest is masked, and so is each way to write it.
        for letter in word(town.village).chars() {
            let marks = marks.entry(town.village).or_default();
            let bytes: String = letter.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
            marks.extend([letter.to_string(), bytes, format!("\\u{:04x}", u32::from(letter))]);
        }
    }
    let things = [&things.cases, &things.numbers, &things.files, &things.persons, &things.households];
    for known in things.into_iter().flatten() {
        marks.entry(known.area).or_default().push(known.id.clone());
    }
    // Whoever else is there: not asked for, but not to be told of either.
    for (name, id) in book.ids() {
        let place = PLACES.iter().find(|(_, case)| name.starts_with(&format!("{case} ")));
        if let Some((town, _)) = place {
            marks.entry(town.village).or_default().push(id.clone());
        }
    }
    for word in AREAS.iter().map(|area| area.4) {
        assert_eq!(AREAS.iter().filter(|area| area.4.chars().any(|c| word.contains(c))).count(), 1, "{word}");
    }
    marks
}

/// Somebody at work on looking.
struct Crawler<'c> {
    http: Http,
    url: String,
    token: String,
    looker: &'c Looker,
    marks: &'c BTreeMap<&'static str, Vec<String>>,
}

impl Crawler<'_> {
    fn get(&self, path: &str) -> Reply {
        self.http.send(&self.url, &Ask::get(&self.token, path)).expect("an answer")
    }

    fn who(&self) -> String {
        format!("{} ({})", self.looker.name, self.looker.role)
    }

    /// Whether something is of a place they may not look into.
    fn barred(&self, known: &Known) -> bool {
        !self.looker.areas.contains(known.area)
    }

    /// Looks at everything. The places something of which was shown.
    fn looks(&self, all: &[Look]) -> BTreeSet<&'static str> {
        let mut seen = BTreeSet::new();
        for look in all {
            let reply = self.get(&look.path);
            seen.extend(self.judge(&look.path, &reply));
            if look.of.iter().any(|known| self.barred(known)) {
                self.same(&reply, &self.get(&look.without(|known| self.barred(known))), &look.path);
            }
        }
        seen
    }

    /// Asserts that an answer holds nothing of a place that is not theirs. The places of theirs that it tells of.
    fn judge(&self, what: &str, reply: &Reply) -> BTreeSet<&'static str> {
        let (who, text) = (self.who(), reply.text());
        assert!(reply.status < 500, "{what} by {who}: {text}");
        // Events name the streams they stand in, and hold nothing else: the journal is handed out whole to be verified.
        let journal = what.starts_with("/journal/export") && self.looker.role == "audit_admin";
        let mut seen = BTreeSet::new();
        for (area, marks) in self.marks {
            let is_word = |mark: &String| mark.chars().count() < 12;
            let mut marks = marks.iter().filter(|mark| !journal || is_word(mark));
            let Some(mark) = marks.find(|mark| text.contains(*mark) || reply.headers.contains(*mark)) else {
                continue;
            };
            assert!(
                self.looker.areas.contains(area),
                "{what} shows {who} {mark} of {area}: {}{text}",
                reply.headers
            );
            seen.insert(*area);
        }
        seen
    }

    /// Asserts that what is not theirs is answered as what is nowhere.
    fn same(&self, reply: &Reply, nothing: &Reply, what: &str) {
        let (is, would) = ((reply.status, reply.text()), (nothing.status, nothing.text()));
        assert_eq!(is, would, "{what} tells {} that it is there", self.who());
        assert_eq!(reply.headers, nothing.headers, "{what} by {}", self.who());
    }

    /// Looks people and cases up by what is known of them.
    fn searches(&self, client: &mut Client<'_>, person: &str) {
        for (town, _) in PLACES {
            let name = format!("张{}", word(town.village));
            for (path, find) in [
                ("/persons/search", json!({ "name": name })),
                ("/persons/search", json!({ "initials": "z", "limit": 100 })),
                ("/cases/search", json!({ "name": name })),
                ("/cases/search", json!({ "name": "张", "limit": 100 })),
            ] {
                let ask = Ask::send("POST", Some(&client.token(person)), path, &find);
                let reply = self.http.send(&self.url, &ask).expect("an answer");
                self.judge(&format!("{path} for {find}"), &reply);
            }
        }
    }

    /// Tries to change what is not theirs: it is answered as what is nowhere.
    fn touches(&self, client: &mut Client<'_>, person: &str, book: &Book) {
        for (town, case) in PLACES {
            if self.looker.areas.contains(town.village) {
                continue;
            }
            let id = |name: &str| book.id(name).to_owned();
            let (of_case, head, home) = (id(case), id(&format!("{case} head")), id(&format!("{case} home")));
            let version = book.version(case);
            let step = json!({ "version": version, "with": { "act": "accept" } });
            let give = json!({ "command": "assign", "duty": "intake", "person": book.who("clerk") });
            let given = json!({ "version": version, "command": give, "why": "工作安排" });
            let fact = json!({ "recordings": [{ "values": { "homes": 1 }, "source": "declared" }] });
            let change = json!({ "version": 1, "change": { "change": "end", "last": "2026-09-01" } });
            let phone = json!({ "version": 1, "phones": ["13900000002"] });
            for (command, method, path, of, input) in [
                ("accept", "POST", "/cases/{}/steps/accept", &of_case, &step),
                ("report_check", "POST", "/cases/{}/steps/report_check", &of_case, &step),
                ("assign", "POST", "/cases/{}/commands", &of_case, &given),
                ("record_facts", "POST", "/cases/{}/facts", &of_case, &fact),
                ("change_household", "POST", "/households/{}/changes", &home, &change),
                ("correct_person", "PUT", "/persons/{}", &head, &phone),
            ] {
                let sent = |client: &mut Client<'_>, id: &str| {
                    let path = path.replace("{}", id);
                    client.attempt(person, command, Ask::send(method, None, path, input))
                };
                let (reply, nowhere) = (sent(client, of), sent(client, &nothing(of)));
                self.judge(path, &reply);
                assert!(!reply.done(), "{path} was done by {}", self.who());
                self.same(&reply, &nowhere, path);
            }
        }
    }
}
