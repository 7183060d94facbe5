//! The story: two families apply in one town, one is granted and one refused, and meanwhile people come and go at the
//! bureau. Every route that changes something is used. It has chapters, between which the program can be stopped.
mod money;

pub use money::bank_file;

use super::client::Client;
use super::county::{PASSWORD, code, second_factor};
use super::http::Ask;
use super::walk::{Book, EAST, SERVICE, Town, WEST, plain};
use serde_json::{Value, json};

/// A part of the story.
pub type Chapter = fn(&mut Client<'_>, &mut Book);

/// All of it, in order.
pub const CHAPTERS: [(&str, Chapter); 12] = [
    ("families", families),
    ("papers", papers),
    ("applications", super::applying::applications),
    ("acceptance", acceptance),
    ("inquiry", inquiry),
    ("posting", posting),
    ("county", county),
    ("decision", decision),
    ("money", money::money),
    ("logins", logins),
    ("posts", posts),
    ("places", places),
];

/// The case that is granted, and the one that is refused.
pub const CASES: [&str; 2] = ["granted", "refused"];

/// A paper that was scanned.
pub const SCAN: &[u8] = b"%PDF-1.7 an application that was scanned\n%%EOF\n";

/// Families are entered, their cases opened, facts written down.
fn families(client: &mut Client<'_>, book: &mut Book) {
    for (case, income) in [("granted", "1000.00"), ("refused", "20000.00")] {
        book.family(client, &EAST, case);
        declare(client, book, case, income);
    }
    // The day's jobs hand on the letters.
    pass(client, book, 1);
}

/// Lets days go by, whose jobs may have marked a clock.
fn pass(client: &mut Client<'_>, book: &mut Book, days: u32) {
    book.days(client, days);
    for case in CASES {
        book.look(client, "examiner", case);
    }
}

/// People and households are corrected, papers come in.
fn papers(client: &mut Client<'_>, book: &mut Book) {
    let clerk = book.who("clerk");
    let head = format!("/persons/{}", book.id("granted head"));
    let corrected = json!({ "version": 1, "phones": ["13900000001"] });
    client.change(&clerk, "correct_person", "PUT", &head, &corrected);
    book.person(client, &EAST, "aunt", "王", (1970, 5, 5));
    let home = format!("/households/{}/changes", book.id("granted home"));
    let join = json!({ "change": "join", "person": book.id("aunt"), "ground": "living_together", "from": "2026-01-01" });
    client.post(&clerk, "change_household", &home, &json!({ "version": 1, "change": join }));
    let leave = json!({ "change": "leave", "person": book.id("aunt"), "last": "2026-06-30" });
    client.post(&clerk, "change_household", &home, &json!({ "version": 2, "change": leave }));
    let find = json!({ "name": "张" });
    client.plain(Some(&clerk), "POST", "/persons/search", &find);
    let examiner = book.who("examiner");
    client.plain(Some(&examiner), "POST", "/cases/search", &find);
    client.plain(Some(&examiner), "POST", "/cases/search", &json!({ "who": "zh" }));
    list(client, &examiner);
    file(client, book, "granted");
    let written = format!("/cases/{}/statements", book.id("granted"));
    client.post(&clerk, "store_file", &written, &json!({ "text": "申请人口述：上月停发了临时工资。" }));
    reveal(client, book);
    consents(client, book);
}

/// How somebody likes their list of cases.
fn list(client: &mut Client<'_>, examiner: &str) {
    let late = json!({ "name": "超期", "filter": { "mark": "overdue" } });
    let kept = client.post(examiner, "keep_filter", "/work/filters", &late);
    let kept = kept["id"].as_str().expect("the filter").to_owned();
    client.post(examiner, "remove_filter", &format!("/work/filters/{kept}/removal"), &json!({}));
    let layout = json!({ "columns": ["number", "name"], "density": "tight", "rows": 50 });
    client.post(examiner, "keep_layout", "/work/layout", &layout);
}

/// A number is shown whole, and the rules are asked what they would say.
fn reveal(client: &mut Client<'_>, book: &Book) {
    let case = format!("/cases/{}", book.id("granted"));
    let path = format!("{case}/people/{}/reveal", book.id("granted head"));
    let asked = json!({ "field": "resident_id", "why": "与身份证核对" });
    client.post(&book.who("clerk"), "reveal", &path, &asked);
    let tried = json!({ "fact": "vehicles", "value": "1" });
    client.plain(Some(&book.who("clerk")), "POST", &format!("{case}/trial"), &tried);
}

/// A scan is put into a case.
fn file(client: &mut Client<'_>, book: &mut Book, case: &str) {
    let path = format!("/cases/{}/files", book.id(case));
    let ask = Ask {
        media: "application/pdf",
        body: Some(SCAN.to_vec()),
        ..Ask::send("POST", None, path, &Value::Null)
    };
    let stored = client.attempt(&book.who("clerk"), "store_file", ask);
    assert!(stored.done(), "{}", stored.text());
    book.keep(&format!("{case} file"), &stored.json()["file"]);
}

fn consents(client: &mut Client<'_>, book: &mut Book) {
    let clerk = book.who("clerk");
    let paper = book.paper_of(&EAST, "granted", "application");
    let consent =
        json!({ "by": book.id("granted spouse"), "to": book.id("granted head"), "evidence": paper });
    let given = client.post(&clerk, "give_consent", "/consents", &consent);
    let revoke = format!("/consents/{}/revocation", given["paper"].as_str().expect("a paper"));
    client.post(&clerk, "revoke_consent", &revoke, &json!({ "version": given["version"] }));
    let acts = json!({
        "by": book.id("aunt"), "of": book.id("granted child"), "kind": "helper", "from": book.day, "evidence": paper,
    });
    let entered = client.post(&clerk, "enter_representation", "/representations", &acts);
    let end = format!("/representations/{}/ending", entered["paper"].as_str().expect("a paper"));
    client.post(&clerk, "end_representation", &end, &json!({ "version": entered["version"] }));
}

/// What is declared of a family, the head's other income given.
pub fn declare(client: &mut Client<'_>, book: &mut Book, case: &str, income: &str) {
    declare_by(client, book, "clerk", case, income);
}

/// The same, written down by another clerk.
pub fn declare_by(client: &mut Client<'_>, book: &mut Book, clerk: &str, case: &str, income: &str) {
    let home = json!({
        "area": "urban", "discretion": false, "receiving": false, "single_parent": false, "vehicles": 0,
        "farm_machines": 0, "homes": 1, "non_dwelling": false, "obligors": "none",
    });
    let member = |relation: &str, income: &str| {
        let student = if relation == "child" { "compulsory" } else { "none" };
        json!({
            "relation": relation, "hukou": "local", "membership": "living_together", "employment": "none",
            "property_income": 0, "pension": "none", "transfer_income": income, "transfer_paid": 0, "disability": "none",
            "serious_illness": false, "student": student, "special": "none", "labour": "full",
            "at_retirement_age": false, "carer": false, "savings": "1200.50", "other_assets": false,
        })
    };
    let mut child = member("child", "0");
    child["full_time"] = json!(true);
    child["school_hukou"] = json!(false);
    let of = |who: &str, values: &Value| json!({ "person": book.id(&format!("{case} {who}")), "values": values, "source": "declared" });
    let input = json!({ "recordings": [
        { "values": home, "source": "declared" },
        of("head", &member("head", income)), of("spouse", &member("spouse", "0")), of("child", &child),
    ]});
    let path = format!("/cases/{}/facts", book.id(case));
    client.post(&book.who(clerk), "record_facts", &path, &input);
}

/// Signed and accepted.
fn acceptance(client: &mut Client<'_>, book: &mut Book) {
    for case in CASES {
        accepted(client, book, &EAST, case);
    }
}

/// Checked, visited, concluded, appraised.
fn inquiry(client: &mut Client<'_>, book: &mut Book) {
    for case in CASES {
        investigated(client, book, &EAST, case, case == "refused");
    }
    book.step(
        client,
        "refused",
        ("investigator", "tell_result", "concluded"),
        &json!({ "act": "tell_result" }),
        &[],
    );
}

/// Every adult has signed, and the case is accepted.
pub fn accepted(client: &mut Client<'_>, book: &mut Book, town: &Town, case: &str) {
    for (n, who) in ["head", "spouse"].into_iter().enumerate() {
        let subject = book.id(&format!("{case} {who}"));
        let with = json!({ "act": "authorise", "subject": subject, "signer": subject });
        let paper = book.numbered(town, "check_authority", &format!("{case}-{n}"));
        book.step(client, case, (town.clerk, "authorise", "received"), &with, &[paper]);
    }
    book.step(client, case, (town.clerk, "accept", "investigating"), &json!({ "act": "accept" }), &[]);
    book.assign(client, town, case, "investigate", town.investigator);
}

/// Looked into, up to the opinion.
pub fn investigated(client: &mut Client<'_>, book: &mut Book, town: &Town, case: &str, differs: bool) {
    let (open, investigator) = ("investigating", town.investigator);
    let subjects = ["head", "spouse"].map(|who| book.id(&format!("{case} {who}")).to_owned());
    let ask = json!({ "act": "ask_check", "subjects": subjects, "sources": ["deposits", "tax"] });
    book.step(client, case, (investigator, "ask_check", open), &ask, &[]);
    book.step(client, case, ("checker", "begin_check", open), &plain(), &[]);
    let answer = |source: &str, answer: &str| json!({ "source": source, "answer": answer });
    let tax = if differs { "differs" } else { "matches" };
    let answers = [answer("deposits", "matches"), answer("tax", tax)];
    let report = json!({ "act": "report_check", "check": 1, "answers": answers });
    book.step(client, case, ("checker", "report_check", open), &report, &[book.paper(town, "check_report")]);
    let visit = json!({ "act": "visit", "visitors": [book.who(investigator), book.who("investigator 2")] });
    book.step(client, case, (investigator, "visit", open), &visit, &[book.paper(town, "visit_form")]);
    book.step(client, case, (investigator, "conclude", "concluded"), &plain(), &[]);
    let meeting = json!({ "act": "appraise", "present": 9, "representatives": 6, "in_favour": 8 });
    let record = [book.paper(town, "appraisal_record")];
    let appraiser = if town.town == "west" { "west appraiser" } else { "appraiser" };
    book.step(client, case, (appraiser, "appraise", "concluded"), &meeting, &record);
}

/// What is proposed, with the reason that is in the law.
pub fn proposal(outcome: &str) -> Value {
    json!({ "act": "opine", "proposals": [{ "programme": SERVICE, "outcome": outcome, "reasons": because(outcome) }] })
}

/// What is decided.
pub fn ruling(outcome: &str, evidence: &[&str]) -> Value {
    let ruling = json!({
        "programme": SERVICE, "outcome": outcome, "reasons": because(outcome), "evidence": evidence,
    });
    json!({ "act": "decide", "rulings": [ruling] })
}

fn because(outcome: &str) -> Value {
    let text = "家庭人均收入高于当地标准";
    let because = json!([{ "text": text, "document": "social-assistance-law", "article": "第十八条" }]);
    if outcome == "grant" { json!([]) } else { because }
}

/// Posted for its days and taken down; the other proposed to be refused after the days to explain.
fn posting(client: &mut Client<'_>, book: &mut Book) {
    book.step(client, "granted", ("examiner", "propose_grant", "proposed"), &proposal("grant"), &[]);
    post(client, book, &EAST, "granted");
    pass(client, book, 9);
    take_down(client, book, &EAST, "granted");
    book.step(client, "refused", ("examiner", "propose_refusal", "submitting"), &proposal("refuse"), &[]);
}

pub fn post(client: &mut Client<'_>, book: &mut Book, town: &Town, case: &str) {
    let places = json!({ "act": "post", "places": [format!("{}公示栏", super::county::word(town.village))] });
    book.step(
        client,
        case,
        (town.examiner, "post", "posted"),
        &places,
        &[book.paper(town, "board_photo_up")],
    );
}

pub fn take_down(client: &mut Client<'_>, book: &mut Book, town: &Town, case: &str) {
    let papers = [book.paper(town, "board_photo_down"), book.paper(town, "posting_report")];
    let down = json!({ "act": "take_down" });
    book.step(client, case, (town.examiner, "take_down", "submitting"), &down, &papers);
}

/// Sent up, visited by the county, reviewed.
fn county(client: &mut Client<'_>, book: &mut Book) {
    for case in CASES {
        reviewed(client, book, &EAST, case);
    }
}

/// Decided, told, delivered, in effect.
fn decision(client: &mut Client<'_>, book: &mut Book) {
    book.step(client, "granted", ("confirmer", "confirm", "granted"), &ruling("grant", &[]), &[]);
    book.step(
        client,
        "refused",
        ("confirmer", "refuse", "refusing"),
        &ruling("refuse", &["check:1:tax"]),
        &[],
    );
    for (case, state) in [("granted", "granted"), ("refused", "refusing")] {
        let notify = json!({ "act": "notify", "decision": 1 });
        book.step(client, case, ("confirmer", "notify", state), &notify, &[]);
        let deliver = json!({ "act": "deliver", "decision": 1, "manner": "signed" });
        let receipt = [book.paper(&EAST, "delivery_receipt")];
        book.step(client, case, ("clerk", "deliver", state), &deliver, &receipt);
    }
    let settle = json!({ "act": "take_effect", "decision": 1 });
    book.step(client, "refused", ("clerk", "settle_refusal", "refused"), &settle, &[]);
    book.days(client, 1);
}

pub fn reviewed(client: &mut Client<'_>, book: &mut Book, town: &Town, case: &str) {
    spotted(client, book, town, case);
    let record = [book.paper(town, "review_record")];
    book.step(client, case, ("reviewer", "review", "deciding"), &plain(), &record);
}

/// Sent up and visited by the county.
pub fn spotted(client: &mut Client<'_>, book: &mut Book, town: &Town, case: &str) {
    book.step(client, case, (town.examiner, "submit", "reviewing"), &plain(), &[]);
    let visitors = [book.who("reviewer"), book.who("reviewer 2")];
    let spot = json!({ "act": "spot_visit", "visitors": visitors });
    let form = [book.numbered(town, "visit_form", "spot")];
    book.step(client, case, ("reviewer", "spot_visit", "reviewing"), &spot, &form);
}

/// A login is made, closed, opened, handed out again and set up; the password is changed, the session ends.
fn logins(client: &mut Client<'_>, book: &mut Book) {
    let security = book.who("security");
    book.county.login(client, "newcomer");
    let (account, version) = book.county.logins["newcomer"].clone();
    let login = |client: &mut Client<'_>, command: &str, part: &str, version: &Value| {
        client.post(&security, command, &format!("/logins/{account}/{part}"), &json!({ "version": version }))
    };
    let closed = login(client, "close_login", "closing", &json!(version));
    let opened = login(client, "open_login", "opening", &closed["version"]);
    let mut renewed = login(client, "renew_enrolment", "enrolment", &opened["version"]);
    // The code is shown once: whoever lost the answer asks for another.
    while renewed["code"].is_null() {
        renewed = login(client, "renew_enrolment", "enrolment", &renewed["version"]);
        client.besides += 1;
    }
    let (factor, secret) = second_factor(client, "newcomer", -1);
    let enrolment = &renewed["code"];
    let input =
        json!({ "login": "newcomer", "enrolment": enrolment, "password": PASSWORD, "second_factor": factor });
    client.once(None, "POST", "/enrolment?travel=token", &input);
    let sign_in = json!({ "login": "newcomer", "password": PASSWORD, "code": code(&secret, 0) });
    let newcomer = book.who("newcomer");
    if let Some(entered) = client.once(None, "POST", "/session?travel=token", &sign_in) {
        client.knows(&newcomer, &entered["token"]);
    }
    let next = json!({ "code": code(&secret, 1) });
    if let Some(stepped) = client.once(Some(&newcomer), "POST", "/session/step-up", &next) {
        client.knows(&newcomer, &stepped["token"]);
    }
    let password = json!({ "old": PASSWORD, "password": "another plum over bridge" });
    if let Some(entered) = client.once(Some(&newcomer), "POST", "/session/password", &password) {
        client.knows(&newcomer, &entered["token"]);
    }
    client.once(Some(&newcomer), "DELETE", "/session", &Value::Null);
    client.forget(&newcomer);
}

/// A post is given, renewed, refused, delegated, ended.
fn posts(client: &mut Client<'_>, book: &mut Book) {
    let (security, second, clerk) = (book.who("security"), book.who("security 2"), book.who("clerk"));
    let terms = book.county.terms("intake_clerk", "east office", &["social_assistance"], "2027-05-01");
    book.county.appoint(client, "newcomer", terms.clone());
    let (post, version) = book.county.posts["newcomer"].clone();
    let renewal = json!({ "post": post, "to": "2027-08-01" });
    let renewed = client.post(&security, "renew_post", "/posts/renewals", &renewal);
    let refusal = json!({ "post": renewed["id"], "version": renewed["version"], "reason": "没有必要" });
    client.post(&second, "refuse_post", "/posts/refusals", &refusal);
    let own = book.county.posts["clerk"].0.clone();
    let delegation = json!({ "post": own, "person": book.who("clerk 2"), "from": book.day, "to": book.day });
    let delegated = client.post(&clerk, "delegate_post", "/posts/delegations", &delegation);
    let back = format!("/posts/{}/taking-back", delegated["id"].as_str().expect("a post"));
    client.post(&clerk, "take_back", &back, &json!({ "version": delegated["version"] }));
    let ending = json!({ "post": post, "version": version, "last": book.day, "reason": "调离" });
    client.post(&security, "end_post", "/posts/endings", &ending);
}

/// An area and a unit come and go; a relative is declared; the journal is looked through.
fn places(client: &mut Client<'_>, book: &mut Book) {
    let system = book.who("system");
    let new = json!({ "name": "新村", "code": "110199101203", "above": book.county.area("east"), "from": book.day });
    let area = client.post(&system, "create_area", "/areas", &new);
    let moved = json!({
        "area": area["id"], "version": area["version"], "above": book.county.area(WEST.town), "from": "2026-10-01",
    });
    let moved = client.post(&system, "move_area", "/areas/moves", &moved);
    let named = json!({ "area": area["id"], "version": moved["version"], "name": "新桥村" });
    let moved = client.post(&system, "rename_area", "/areas/names", &named);
    let unit = json!({
        "area": book.county.area("east"), "kind": "township_office", "name": "临时办公室", "stands": ["accepting"],
        "from": book.day,
    });
    let unit = client.post(&system, "create_unit", "/units", &unit);
    let named =
        json!({ "unit": unit["id"], "version": unit["version"], "name": "临时办公点", "phone": "0000-1234" });
    let unit = client.post(&system, "correct_unit", "/units/corrections", &named);
    let end = json!({ "unit": unit["id"], "version": unit["version"], "last": book.day });
    client.post(&system, "end_unit", "/units/endings", &end);
    let end = json!({ "area": area["id"], "version": moved["version"], "last": "2026-12-31" });
    client.post(&system, "end_area", "/areas/endings", &end);
    let (clerk, audit) = (book.who("clerk"), book.who("audit"));
    let kin = json!({ "relation": "sibling", "name": "某某", "resident_id": book.number((1969, 9, 9)) });
    client.post(&clerk, "declare_kin", "/kin", &kin);
    client.plain(Some(&audit), "POST", "/journal/verification", &json!({ "state": true }));
}
