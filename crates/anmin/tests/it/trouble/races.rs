//! Two people do the same step of the same case at the same moment, each from the version they both saw: one of them has
//! done it, and the other is told what the first has done. Or one person does, in two windows.
use super::client::Client;
use super::http::{Ask, Reply};
use super::program::{BOTH, Kind};
use super::random::Random;
use super::stages::Stages;
use super::story::{declare, proposal, ruling};
use super::torture;
use super::walk::{Book, EAST, Town, plain};
use serde_json::{Value, json};
use std::sync::Barrier;

/// Cases raced through in the short form, on each database: twenty-one races each.
const CASES: u32 = 5;

/// What two people send: who, and which step.
type Rivals<'r> = [(&'r str, &'r str, Value, Vec<Value>); 2];

/// A case in which every step is a race.
struct Track<'c, 'd> {
    client: &'c mut Client<'d>,
    book: &'c mut Book,
    random: Random,
    case: String,
    races: u32,
}

#[test]
fn of_two_at_once_one_wins_and_the_other_is_told() {
    let cases = if torture().is_some() { 10 * CASES } else { CASES };
    for kind in BOTH {
        raced(kind, cases);
    }
}

fn raced(kind: Kind, cases: u32) {
    let stages = Stages::of(kind);
    let deployment = stages.county.copy();
    let mut book = stages.stages[0].book.clone();
    let mut client = Client::new(&deployment);
    let names: Vec<String> = (0..cases).map(|n| format!("race {n}")).collect();
    let mut races = 0;
    for posted in [false, true] {
        for (name, seed) in names.iter().zip(1..) {
            let (client, book) = (&mut client, &mut book);
            let mut track = Track { client, book, random: Random::new(seed), case: name.clone(), races: 0 };
            if posted {
                track.after_posting()
            } else {
                track.up_to_posting()
            }
            races += track.races;
        }
        book.days(&mut client, 9);
        for name in &names {
            book.look(&mut client, "examiner", name);
        }
    }
    assert_eq!(races, 21 * cases);
    client.stop();
    deployment.is_sound();
}

impl Track<'_, '_> {
    /// The step is raced by two people, or by one in two windows; it leads to this state.
    fn race(
        &mut self,
        (one, other): (&str, &str),
        step: &str,
        state: &str,
        with: &Value,
        evidence: &[Value],
    ) {
        let of = |who| (who, step, with.clone(), evidence.to_vec());
        self.rivals(&[of(one), of(other)], &[state, state]);
    }

    /// Two different steps are raced; each leads to its state. Which has won.
    fn rivals(&mut self, rivals: &Rivals<'_>, states: &[&str; 2]) -> usize {
        let asks: Vec<Ask> = rivals
            .iter()
            .map(|(who, step, with, evidence)| {
                let ask = self.book.step_ask(&self.case, step, with, evidence);
                self.keyed(who, step, ask)
            })
            .collect();
        let replies = self.at_once(&asks);
        let winner = self.one_wins(&replies, rivals[0].1);
        let (loser, won) = (&replies[1 - winner], replies[winner].json());
        assert_eq!(won["state"], states[winner], "{}", replies[winner].text());
        let steps = loser.json()["difference"]["steps"].clone();
        let told: Vec<&str> =
            steps.as_array().into_iter().flatten().filter_map(|s| s["step"].as_str()).collect();
        assert_eq!(told, [rivals[winner].1], "the loser is told the winner's step: {}", loser.text());
        let by = self.book.who(rivals[winner].0);
        assert_eq!(steps[0]["by"], by.as_str(), "{}", loser.text());
        self.book.keep_version(&self.case, &won["version"]);
        winner
    }

    /// Two give one command that every case has.
    fn instructed(&mut self, (one, other): (&str, &str), command: &Value) {
        let input =
            json!({ "version": self.book.version(&self.case), "command": command, "why": "工作安排" });
        let path = format!("/cases/{}/commands", self.book.id(&self.case));
        let name = command["command"].as_str().expect("a command");
        let asks =
            [one, other].map(|who| self.keyed(who, name, Ask::send("POST", None, path.clone(), &input)));
        let replies = self.at_once(&asks);
        let winner = self.one_wins(&replies, name);
        self.book.keep_version(&self.case, &replies[winner].json()["version"]);
    }

    fn keyed(&mut self, who: &str, command: &str, ask: Ask) -> Ask {
        let person = self.book.who(who);
        Ask { key: Some(self.client.key(&person, command)), token: Some(self.client.token(&person)), ..ask }
    }

    fn at_once(&mut self, asks: &[Ask]) -> Vec<Reply> {
        self.races += 1;
        let (url, http) = (self.client.url(), self.client.http());
        let start = &Barrier::new(asks.len());
        // Whoever is named first is not always first to send.
        let turned = self.random.below(2) == 1;
        std::thread::scope(|scope| {
            let send = |ask| {
                let (http, url) = (&http, &url);
                scope.spawn(move || {
                    start.wait();
                    http.send(url, ask).expect("an answer")
                })
            };
            let mut sending: Vec<_> = match turned {
                false => asks.iter().map(send).collect(),
                true => asks.iter().rev().map(send).collect(),
            };
            if turned {
                sending.reverse();
            }
            sending.into_iter().map(|one| one.join().expect("a reply")).collect()
        })
    }

    /// One is done, one is in conflict with it. Which has won.
    fn one_wins(&self, replies: &[Reply], what: &str) -> usize {
        let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        let texts: Vec<String> = replies.iter().map(Reply::text).collect();
        assert_eq!(statuses, [200, 409], "{} {what}: {texts:?}", self.case);
        let winner = replies.iter().position(Reply::done).expect("one has won");
        let loser = replies[1 - winner].json();
        let before = self.book.version(&self.case);
        assert_eq!(loser["code"], "stale_version", "{what}: {loser}");
        assert_eq!(loser["difference"]["yours"], before, "{what}: {loser}");
        assert_eq!(loser["difference"]["now"], replies[winner].json()["version"], "{what}: {loser}");
        winner
    }

    fn up_to_posting(&mut self) {
        let (case, examiners) = (self.case.clone(), ("examiner", "examiner 2"));
        self.opened();
        let assign = |book: &Book, duty: &str, who: &str| json!({ "command": "assign", "duty": duty, "person": book.who(who) });
        let to_clerk = assign(self.book, "intake", "clerk");
        self.instructed(examiners, &to_clerk);
        self.instructed(examiners, &json!({ "command": "aid", "amount_fen": 50_000, "need": "房屋失火" }));
        for (n, who) in ["head", "spouse"].into_iter().enumerate() {
            let subject = self.book.id(&format!("{case} {who}")).to_owned();
            let with = json!({ "act": "authorise", "subject": subject, "signer": subject });
            let paper = [self.book.numbered(&EAST, "check_authority", &n.to_string())];
            self.race(("clerk", "clerk"), "authorise", "received", &with, &paper);
        }
        self.race(("clerk", "clerk"), "accept", "investigating", &json!({ "act": "accept" }), &[]);
        let to_investigator = assign(self.book, "investigate", "investigator");
        self.instructed(examiners, &to_investigator);
        self.inquiry(&case);
        self.race(examiners, "propose_grant", "proposed", &proposal("grant"), &[]);
        let places = json!({ "act": "post", "places": ["公示栏"] });
        let photo = [self.book.paper(&EAST, "board_photo_up")];
        self.race(examiners, "post", "posted", &places, &photo);
    }

    fn opened(&mut self) {
        let case = self.case.clone();
        self.book.family_of(self.client, &EAST, &case);
        declare(self.client, self.book, &case, "1000.00");
    }

    fn inquiry(&mut self, case: &str) {
        let (town, twice): (&Town, _) = (&EAST, ("investigator", "investigator"));
        let subjects = ["head", "spouse"].map(|who| self.book.id(&format!("{case} {who}")).to_owned());
        let ask = json!({ "act": "ask_check", "subjects": subjects, "sources": ["tax"] });
        self.race(twice, "ask_check", "investigating", &ask, &[]);
        self.race(("checker", "checker 2"), "begin_check", "investigating", &plain(), &[]);
        let answers = [json!({ "source": "tax", "answer": "matches" })];
        let report = json!({ "act": "report_check", "check": 1, "answers": answers });
        let paper = [self.book.paper(town, "check_report")];
        let late = self.book.step_ask(case, "report_check", &report, &paper);
        // Once it is reported, whoever checks sees the case no longer.
        self.race(("checker", "checker"), "report_check", "investigating", &report, &paper);
        self.own_doing_is_told_and_no_more(&late);
        let visitors = [self.book.who("investigator"), self.book.who("investigator 2")];
        let visit = json!({ "act": "visit", "visitors": visitors });
        let form = vec![self.book.paper(town, "visit_form")];
        let record = vec![self.book.paper(town, "neighbour_record")];
        let rivals: Rivals<'_> =
            [("investigator", "visit", visit, form), ("investigator", "ask_around", plain(), record)];
        let winner = self.rivals(&rivals, &["investigating"; 2]);
        // Whoever was second looks, and then does theirs after all.
        let (by, step, with, evidence) = &rivals[1 - winner];
        self.book.step(self.client, case, (by, step, "investigating"), with, evidence);
        self.race(twice, "conclude", "concluded", &plain(), &[]);
        let meeting = json!({ "act": "appraise", "present": 9, "representatives": 6, "in_favour": 8 });
        let record = [self.book.paper(town, "appraisal_record")];
        self.race(("appraiser", "appraiser"), "appraise", "concluded", &meeting, &record);
    }

    /// Long after: whoever reported it is told so, their colleague that there is no such case.
    fn own_doing_is_told_and_no_more(&mut self, late: &Ask) {
        let sent = |track: &mut Self, who: &str| {
            let ask = track.keyed(who, "report_check", late.clone());
            track.client.http().send(&track.client.url(), &ask).expect("an answer")
        };
        let told = sent(self, "checker");
        let steps = told.json()["difference"]["steps"].clone();
        assert_eq!((told.status, &steps[0]["step"]), (409, &json!("report_check")), "{}", told.text());
        assert_eq!(steps.as_array().map(Vec::len), Some(1), "{}", told.text());
        let other = sent(self, "checker 2");
        assert_eq!((other.status, other.code().as_str()), (404, "not_found"), "{}", other.text());
    }

    fn after_posting(&mut self) {
        let examiners = ("examiner", "examiner 2");
        let papers = [self.book.paper(&EAST, "board_photo_down"), self.book.paper(&EAST, "posting_report")];
        self.race(examiners, "take_down", "submitting", &json!({ "act": "take_down" }), &papers);
        self.race(examiners, "submit", "reviewing", &plain(), &[]);
        let reviewers = ("reviewer", "reviewer 2");
        let visitors = [self.book.who("reviewer"), self.book.who("reviewer 2")];
        let form = [self.book.numbered(&EAST, "visit_form", "spot")];
        self.race(
            reviewers,
            "spot_visit",
            "reviewing",
            &json!({ "act": "spot_visit", "visitors": visitors }),
            &form,
        );
        let record = [self.book.paper(&EAST, "review_record")];
        self.race(reviewers, "review", "deciding", &plain(), &record);
        let confirmers = ("confirmer", "confirmer 2");
        self.race(confirmers, "confirm", "granted", &ruling("grant", &[]), &[]);
        self.race(confirmers, "notify", "granted", &json!({ "act": "notify", "decision": 1 }), &[]);
        let deliver = json!({ "act": "deliver", "decision": 1, "manner": "signed" });
        let receipt = [self.book.paper(&EAST, "delivery_receipt")];
        self.race(("clerk", "clerk"), "deliver", "granted", &deliver, &receipt);
    }
}
