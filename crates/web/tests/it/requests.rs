//! Request keys: what is sent twice is done once, and says so.
use crate::world::{World, on_both};
use serde_json::{Value, json};

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

#[test]
fn many_at_once_with_one_key_do_it_once() {
    on_both(|world| {
        world.bureau();
        let body = area(world, "990100102");
        let key = world.key("system", "create_area");
        let world = &*world;
        let answers: Vec<(u16, Vec<u8>)> = std::thread::scope(|scope| {
            let send = || {
                let answer = world.keyed("system", "POST", "/areas", &key, &body);
                (answer.status, answer.bytes)
            };
            let all: Vec<_> = (0..16).map(|_| scope.spawn(send)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let done: Vec<&Vec<u8>> =
            answers.iter().filter(|(status, _)| *status == 201).map(|(_, b)| b).collect();
        assert!(!done.is_empty() && done.iter().all(|bytes| *bytes == done[0]));
        for (status, bytes) in &answers {
            let open = String::from_utf8_lossy(bytes).contains("request_open");
            assert!(matches!(status, 201 | 503) || open, "{status} {}", String::from_utf8_lossy(bytes));
        }
        let areas = world.get("system", "/places").expect(200).json()["areas"].as_array().unwrap().len();
        assert_eq!(areas, 2);
    });
}
