//! Request keys: what is sent twice is done once, and says so.
use crate::world::{World, case_form, on_both};
use anmin_base::date::Date;
use serde_json::{Value, json};
use std::sync::Barrier;

fn area(world: &World, code: &str) -> Value {
    let places = world.get("system", "/places").expect(200).json();
    json!({ "name": "东镇", "code": code, "above": places["areas"][0]["area"], "from": "2026-09-01" })
}

#[test]
fn the_same_request_gets_the_same_answer_and_is_done_once() {
    on_both(|world| {
        world.bureau();
        let body = area(world, "990100102");
        let key = world.key("system", "create_area");
        let first = world.keyed("system", "POST", "/areas", &key, &body).expect(201);
        assert_eq!(first.header("x-anmin-replayed"), "");
        for _ in 0..3 {
            world.later(3_000);
            world.enter("system").expect(200);
            let again = world.keyed("system", "POST", "/areas", &key, &body).expect(201);
            assert_eq!(again.header("x-anmin-replayed"), "true");
            assert_eq!(again.bytes, first.bytes);
        }
        let areas = world.get("system", "/places").expect(200).json()["areas"].as_array().unwrap().len();
        assert_eq!(areas, 2);
    });
}

#[test]
fn a_key_is_for_one_request_of_one_person_at_one_address() {
    on_both(|world| {
        world.bureau();
        let body = area(world, "990100102");
        world.post("system", "/areas", &body).refused(400, "request_key_missing");
        world.keyed("system", "POST", "/areas", "", &body).expect(422);
        world.keyed("system", "POST", "/areas", &"0".repeat(64), &body).refused(422, "unknown_request_key");
        let other = world.key("system", "create_unit");
        world.keyed("system", "POST", "/areas", &other, &body).refused(422, "unknown_request_key");
        let key = world.key("system", "create_area");
        world.keyed("system", "POST", "/areas", &key, &body).expect(201);
        let another = area(world, "990100103");
        world.keyed("system", "POST", "/areas", &key, &another).refused(409, "other_request");
        world.keyed("system2", "POST", "/areas", &key, &body).refused(409, "other_request");
        world
            .post("system", "/request-keys", &json!({ "command": "Create area" }))
            .refused(422, "no_such_command");
    });
}

/// So many copies of one request at once.
const COPIES: usize = 20;

/// Sends copies at one moment: each gets the answer of the first, but for a code that is shown once.
fn at_once(world: &World, who: &str, command: &str, path: &str, body: &Value, status: u16) -> Value {
    let key = &world.key(who, command);
    let start = &Barrier::new(COPIES);
    let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
        // Each a little after the one before, so that some come while the first is being done.
        let send = |before: usize| {
            start.wait();
            (0..before).for_each(|_| drop(world.raw("GET", "/health", &[], None)));
            let answer = world.keyed(who, "POST", path, key, body);
            (answer.status, answer.json())
        };
        let all: Vec<_> = (0..COPIES).map(|n| scope.spawn(move || send(n / 2))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let codes: Vec<&Value> = answers.iter().map(|(_, answer)| &answer["code"]).collect();
    assert!(
        codes.iter().filter(|code| !code.is_null()).count() <= 1,
        "{path} shows a code twice: {answers:?}"
    );
    let plain = |answer: &Value| {
        let mut plain = answer.clone();
        plain.as_object_mut().unwrap().remove("code");
        plain
    };
    for (got, answer) in &answers {
        assert_eq!((*got, plain(answer)), (status, plain(&answers[0].1)), "{path}");
    }
    world.keyed(who, "POST", path, key, body).expect(status);
    plain(&answers[0].1)
}

#[test]
fn copies_sent_at_one_moment_all_get_the_first_answer() {
    on_both(|world| {
        let town = world.town();
        at_once(world, "system", "create_area", "/areas", &area(world, "990100102"), 201);
        let login = json!({ "name": "职员新", "login": "newcomer" });
        at_once(world, "security", "create_login", "/logins", &login, 201);
        let number =
            anmin_base::resident_id::ResidentId::from_parts(990_100, Date::ymd(1960, 1, 1), 1).unwrap();
        let entry = json!({ "names": [{ "text": "李梅花" }], "number": number.reveal() });
        let person = json!({ "area": town, "entry": entry });
        let entered = at_once(world, "wang", "enter_person", "/persons", &person, 201);
        let applicant = entered["person"].as_str().unwrap();
        let opened = at_once(world, "wang", "receive", "/cases", &case_form(&town, applicant), 201);
        let case = format!("/cases/{}", opened["case"].as_str().unwrap());
        let assign = json!({ "command": "assign", "duty": "intake", "person": world.people["wang"].person });
        let assign = json!({ "version": opened["version"], "command": assign, "why": "按片区分工" });
        let assigned = at_once(world, "zhao", "assign", &format!("{case}/commands"), &assign, 200);
        let sign = json!({
            "version": assigned["version"],
            "with": { "act": "authorise", "subject": applicant, "signer": applicant },
            "evidence": [{ "kind": "check_authority", "reference": "S1" }],
        });
        at_once(world, "wang", "authorise", &format!("{case}/steps/authorise"), &sign, 200);
    });
}
