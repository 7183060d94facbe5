//! A household and its case: entered, opened and taken a step further, each by who has the post for it.
use super::client::Client;
use super::county::{County, TODAY, word};
use super::http::{Ask, Reply};
use anmin_base::date::Date;
use anmin_base::resident_id::ResidentId;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The service of the cases, as its folder is called.
pub const SERVICE: &str = "dibao";
/// The division of the invented numbers: assigned to no place.
const DIVISION: u32 = 119_901;

/// Where the story has come to: the county, the day, and what was made, by the names the story gives.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub county: County,
    pub day: String,
    ids: BTreeMap<String, String>,
    versions: BTreeMap<String, i64>,
    numbers: u16,
}

/// Who handles the cases of a town.
#[derive(Clone, Copy, Debug)]
pub struct Town {
    /// The areas: the town, and the village people live in.
    pub town: &'static str,
    pub village: &'static str,
    pub code: &'static str,
    pub clerk: &'static str,
    pub investigator: &'static str,
    pub examiner: &'static str,
}

pub const EAST: Town = Town {
    town: "east",
    village: "east village",
    code: "110199101201",
    clerk: "clerk",
    investigator: "investigator",
    examiner: "examiner",
};

pub const WEST: Town = Town {
    town: "west",
    village: "west village",
    code: "110199102201",
    clerk: "west clerk",
    investigator: "west investigator",
    examiner: "west examiner",
};

pub const FAR: Town = Town {
    town: "far",
    village: "far",
    code: "110198101",
    clerk: "far clerk",
    investigator: "far clerk",
    examiner: "far examiner",
};

impl Book {
    pub fn new(county: County) -> Book {
        Book { county, day: TODAY.into(), ..Book::default() }
    }

    #[track_caller]
    pub fn id(&self, name: &str) -> &str {
        self.ids.get(name).unwrap_or_else(|| panic!("nothing is called {name}"))
    }

    pub fn keep(&mut self, name: &str, id: &Value) {
        self.ids.insert(name.to_owned(), id.as_str().expect("an identifier").to_owned());
    }

    /// Every identifier there is.
    pub fn ids(&self) -> impl Iterator<Item = (&String, &String)> {
        self.ids.iter()
    }

    #[track_caller]
    pub fn version(&self, name: &str) -> i64 {
        *self.versions.get(name).unwrap_or_else(|| panic!("no version of {name}"))
    }

    pub fn keep_version(&mut self, name: &str, version: &Value) {
        self.versions.insert(name.to_owned(), version.as_i64().expect("a version"));
    }

    pub fn who(&self, name: &str) -> String {
        self.county.person(name).to_owned()
    }

    /// An invented identity number, never the same twice.
    pub fn number(&mut self, (year, month, day): (i32, u8, u8)) -> String {
        self.numbers += 1;
        let number = ResidentId::from_parts(DIVISION, Date::ymd(year, month, day), self.numbers);
        number.expect("a number").reveal().to_owned()
    }

    /// The entry of somebody who lives in a village: its word is in the name and in the address.
    pub fn entry(&mut self, town: &Town, surname: &str, born: (i32, u8, u8)) -> Value {
        let word = word(town.village);
        let place = json!({ "division": town.code, "address": format!("{word}巷3组12号") });
        json!({
            "names": [{ "text": format!("{surname}{word}") }], "number": self.number(born),
            "phones": [format!("139{:08}", u32::from(self.numbers) + 10_000_000)],
            "address": format!("{word}巷3组12号"), "registrations": [{ "place": place }], "residences": [place],
        })
    }

    /// Enters a person at the counter, under a name of the story.
    pub fn person(
        &mut self,
        client: &mut Client<'_>,
        town: &Town,
        name: &str,
        surname: &str,
        born: (i32, u8, u8),
    ) {
        let clerk = self.who(town.clerk);
        let entry = self.entry(town, surname, born);
        let input = json!({ "area": self.county.area(town.village), "entry": entry });
        let entered = client.post(&clerk, "enter_person", "/persons", &input);
        self.keep(name, &entered["person"]);
        self.keep_version(name, &entered["version"]);
    }

    /// Enters a family of three and opens a case of theirs, called so, with somebody to handle it.
    pub fn family(&mut self, client: &mut Client<'_>, town: &Town, case: &str) {
        self.family_of(client, town, case);
        self.assign(client, town, case, "intake", town.clerk);
    }

    /// The same, and nobody is to handle it yet.
    pub fn family_of(&mut self, client: &mut Client<'_>, town: &Town, case: &str) {
        let of = |who: &str| format!("{case} {who}");
        self.person(client, town, &of("head"), "张", (1964, 2, 2));
        self.person(client, town, &of("spouse"), "李", (1965, 3, 3));
        self.person(client, town, &of("child"), "张", (2012, 8, 8));
        let clerk = self.who(town.clerk);
        let joining = |who: &str, ground: &str| json!({ "person": self.id(&of(who)), "ground": ground });
        let input = json!({
            "kind": "living", "area": self.county.area(town.village), "service": SERVICE, "from": "2020-01-01",
            "members": [joining("head", "living_together"), joining("spouse", "spouse"), joining("child", "minor_child")],
        });
        let made = client.post(&clerk, "enter_household", "/households", &input);
        self.keep(&of("home"), &made["household"]);
        self.keep_version(&of("home"), &made["version"]);
        let party = |who: &str| json!({ "person": self.id(&of(who)), "role": "members" });
        let input = json!({
            "service": SERVICE, "area": self.county.area(town.village), "applicant": self.id(&of("head")),
            "household": self.id(&of("home")), "parties": [party("head"), party("spouse"), party("child")],
            "evidence": [self.paper(town, "application")],
        });
        let opened = client.post(&clerk, "receive", "/cases", &input);
        self.keep(case, &opened["case"]);
        self.keep_version(case, &opened["version"]);
    }

    /// A paper with the word of the village in its reference.
    pub fn paper(&self, town: &Town, kind: &str) -> Value {
        self.numbered(town, kind, "1")
    }

    pub fn numbered(&self, town: &Town, kind: &str, n: &str) -> Value {
        json!({ "kind": kind, "reference": format!("{}-{kind}-{n}", word(town.village)) })
    }

    /// The identifier of a paper that was handed in. No answer tells it, so it is worked out as the program does.
    pub fn paper_of(&self, town: &Town, case: &str, kind: &str) -> Value {
        json!({ "case": self.id(case), "reference": format!("{}-{kind}-1", word(town.village)) })
    }

    /// Gives a duty to somebody, as the examiner does.
    pub fn assign(&mut self, client: &mut Client<'_>, town: &Town, case: &str, duty: &str, to: &str) {
        let person = self.who(to);
        let command = json!({ "command": "assign", "duty": duty, "person": person });
        self.instruct(client, case, town.examiner, &command);
    }

    /// Gives a command that every case has.
    #[track_caller]
    pub fn instruct(&mut self, client: &mut Client<'_>, case: &str, by: &str, command: &Value) {
        let input = json!({ "version": self.version(case), "command": command, "why": "工作安排" });
        let name = command["command"].as_str().expect("a command").to_owned();
        let path = format!("/cases/{}/commands", self.id(case));
        let changed = client.post(&self.who(by), &name, &path, &input);
        self.keep_version(case, &changed["version"]);
    }

    /// A step as it would be sent.
    pub fn step_ask(&self, case: &str, step: &str, with: &Value, evidence: &[Value]) -> Ask {
        let input = json!({ "version": self.version(case), "with": with, "evidence": evidence });
        Ask::send("POST", None, format!("/cases/{}/steps/{step}", self.id(case)), &input)
    }

    /// Takes a step, whatever comes of it.
    pub fn try_step(
        &mut self,
        client: &mut Client<'_>,
        case: &str,
        by: &str,
        step: &str,
        with: &Value,
        evidence: &[Value],
    ) -> Reply {
        let ask = self.step_ask(case, step, with, evidence);
        client.attempt(&self.who(by), step, ask)
    }

    /// Takes a step that leads to a state.
    #[track_caller]
    pub fn step(
        &mut self,
        client: &mut Client<'_>,
        case: &str,
        (by, step, state): (&str, &str, &str),
        with: &Value,
        evidence: &[Value],
    ) {
        let reply = self.try_step(client, case, by, step, with, evidence);
        assert!(reply.done(), "{step} of {case} by {by}: {} {}", reply.status, reply.text());
        let changed = reply.json();
        assert_eq!(changed["state"], state, "after {step} of {case}");
        self.keep_version(case, &changed["version"]);
    }

    /// Looks at a case, for the version a next form has to name.
    pub fn look(&mut self, client: &mut Client<'_>, by: &str, case: &str) -> Value {
        let seen = client.see(&self.who(by), &format!("/cases/{}", self.id(case)));
        self.keep_version(case, &seen["version"]);
        seen
    }

    /// Lets so many days go by.
    pub fn days(&mut self, client: &mut Client<'_>, days: u32) {
        for _ in 0..days {
            let day: Date = self.day.parse().expect("a day");
            let next = client.day_after(&self.day);
            assert_eq!(next, day.add_days(1).to_string(), "one day at a time");
            self.day = next;
        }
    }
}

/// Nothing a step needs to know.
pub fn plain() -> Value {
    json!({ "act": "plain" })
}
