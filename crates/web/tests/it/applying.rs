//! A resident checks, signs in by a code, applies, names a helper; over HTTP, as a page would.
use crate::world::{World, on_both};
use anmin_app::deployment::DeploymentKind;
use serde_json::{Value, json};

const NUMBER: &str = "999999196402020014";

/// A number of a place that is not there, with its check digit.
fn number(body: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = body.chars().take(17).map(|c| c.to_digit(10).unwrap());
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap();
    format!("{}{check}", &body[..17])
}

fn resident(world: &World, town: &str, name: &str, number: &str, phone: &str) -> String {
    let entry =
        json!({ "names": [{ "text": name }], "number": number, "phones": [phone], "address": "北镇大街2号" });
    let body = json!({ "area": town, "entry": entry });
    let entered = world.order("wang", "enter_person", "/persons", &body).expect(201).json();
    entered["person"].as_str().unwrap().to_owned()
}

fn messages(world: &World, person: &str) -> Vec<Value> {
    let phone = world.raw("GET", &format!("/demo/phones/{person}"), &[], None).expect(200).json();
    phone["messages"].as_array().unwrap().clone()
}

fn digits(text: &str) -> String {
    text.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect()
}

#[test]
fn a_resident_signs_in_by_a_code_and_applies() {
    let mut world = World::new(DeploymentKind::Demo, false);
    let town = world.town();
    let own = number(NUMBER);
    let person = resident(&world, &town, "张三", &own, "13800001234");
    let helper_number = number("99999919700707002");
    let helper = resident(&world, &town, "赵六", &helper_number, "13800005678");
    // The same answer whether there is anybody or not.
    let ask = |number: &str, phone: &str| {
        world.knock("/session/codes", &json!({ "number": number, "phone": phone })).expect(200).json()
    };
    let there = ask(&own, "138 0000 1234");
    assert_eq!(ask(&number("99999919800101003"), "13800001234"), there);
    assert_eq!(ask(&helper_number, "13800001234"), there, "the telephone of somebody else");
    assert_eq!(messages(&world, &helper), Vec::<Value>::new());
    let sent = messages(&world, &person);
    assert_eq!(sent[0]["kind"], "sign_in_code");
    let code = digits(sent[0]["text"]["zh"].as_str().unwrap());
    let again = world.knock("/session/codes", &json!({ "number": own, "phone": "13800001234" }));
    again.expect(429);
    let sign_in = |code: &str| json!({ "number": own, "phone": "13800001234", "code": code });
    let wrong = if code == "000000" { "000001" } else { "000000" };
    world.knock("/session/resident?travel=token", &sign_in(wrong)).expect(401);
    world.later(60);
    let entered = world.knock("/session/resident?travel=token", &sign_in(&code)).expect(200).json();
    assert_eq!((entered["person"].as_str(), entered["name"].as_str()), (Some(person.as_str()), Some("张三")));
    world.later(60);
    world.knock("/session/resident?travel=token", &sign_in(&code)).expect(401);
    world.become_known("zhang", &person, entered["token"].as_str().unwrap());
    let who = world.get("zhang", "/session").expect(200).json();
    assert_eq!(who["capacity"], "resident");
    apply(&world);
    help(&world, &helper_number, &person);
}

fn apply(world: &World) {
    let begun = world
        .order("zhang", "start_application", "/applications", &json!({ "service": "dibao" }))
        .expect(201)
        .json();
    let path = format!("/applications/{}", begun["application"].as_str().unwrap());
    let seen = world.get("zhang", &path).expect(200).json();
    assert_eq!((seen["name"].as_str(), seen["state"].as_str()), (Some("张三"), Some("open")));
    assert_eq!(seen["sheet"]["next"]["page"], "members");
    let page = world.get("zhang", &format!("{path}/pages/members")).expect(200).json();
    let listed = page["listed"][0].clone();
    let body = |list: Value| json!({ "version": begun["version"], "list": list });
    let own = json!([{ "key": listed["key"], "name": "张三" }]);
    let save =
        |key: &str, body: &Value| world.keyed("zhang", "PUT", &format!("{path}/pages/members"), key, body);
    // Two megabytes of a name, and a name that is a script.
    let key = world.key("zhang", "save_page");
    let huge = json!([{ "key": listed["key"], "name": "张三" }, { "key": "", "name": "甲".repeat(700_000) }]);
    save(&key, &body(huge)).expect(413);
    // A form posted twice is saved once, and answered alike.
    let first = save(&key, &body(own.clone())).expect(200).json();
    assert_eq!(save(&key, &body(own)).expect(200).json(), first);
    let script = json!({ "version": first["version"], "element": listed["key"],
        "who": { "name": "<script>alert(1)</script>", "number": "'; DROP TABLE person; --" } });
    let key = world.key("zhang", "save_page");
    // The register has the applicant: what is typed about who they are is not listened to.
    world.keyed("zhang", "PUT", &format!("{path}/pages/member_who"), &key, &script).expect(200);
    let token = format!("Bearer {}", world.people["zhang"].token);
    let key = world.key("zhang", "add_paper");
    let headers =
        [("authorization", token.as_str()), ("content-type", "image/png"), ("x-anmin-request", key.as_str())];
    let liar =
        world.raw("POST", &format!("{path}/papers?paper=other"), &headers, Some(b"MZ this is a program"));
    assert_eq!(liar.expect(422).json()["code"], "file_kind");
    let unready = json!({ "version": world.get("zhang", &path).expect(200).json()["version"] });
    let early = world.order("zhang", "submit_application", &format!("{path}/submission"), &unready);
    assert_eq!(early.expect(422).json()["code"], "application_unready");
    world.get("wang", &path).expect(404);
    let discarded = world.order("zhang", "discard_application", &format!("{path}/discarding"), &unready);
    assert_eq!(discarded.expect(200).json()["state"], "discarded");
}

fn help(world: &World, number: &str, person: &str) {
    let wrong = json!({ "name": "赵七", "number": number });
    world.order("zhang", "name_helper", "/my/helpers", &wrong).expect(422);
    world.later(60);
    let right = json!({ "name": "赵六", "number": number });
    let given = world.order("zhang", "name_helper", "/my/helpers", &right).expect(201).json();
    let help = world.get("zhang", "/my/help").expect(200).json()["help"].clone();
    assert_eq!((help[0]["name"].as_str(), help[0]["helping"].as_bool()), (Some("赵六"), Some(false)));
    assert_eq!(help[0]["holds"], true);
    let path = format!("/representations/{}/ending", given["paper"].as_str().unwrap());
    world.order("zhang", "end_representation", &path, &json!({ "version": given["version"] })).expect(200);
    let looks = world.get("zhang", "/my/access").expect(200).json();
    assert!(looks["looks"].as_array().unwrap().iter().any(|look| look["by"] == "self"), "{person}");
}

#[test]
fn checking_before_applying_keeps_nothing() {
    on_both(|world: &mut World| {
        let path = "/services/dibao/check";
        let first = world.knock(path, &json!({ "region": "110000" })).expect(200).json();
        assert_eq!(
            (first["outlook"].as_str(), first["open"][0]["question"]["name"].as_str()),
            (Some("open"), Some("members"))
        );
        let member = json!({ "values": { "employment": "none", "pension": "none", "transfer_income": "0", "savings": "0",
            "birth_date": "80", "disability": "none", "serious_illness": "false", "student": "none" } });
        let body = json!({ "region": "110000", "answers": {
            "root": { "area": "urban", "vehicles": "0", "homes": "1", "non_dwelling": "false" }, "lists": { "members": [member] },
        } });
        let told = world.knock(path, &body).expect(200).json();
        assert_eq!(told["outlook"], "likely", "{told}");
        assert!(told["always"]["zh"].as_str().unwrap().contains("都可以申请"));
        let nowhere = world.knock(path, &json!({})).expect(200).json();
        assert_eq!(
            nowhere["outlook"], "open",
            "without a place nothing is worked out, and nobody is sent away"
        );
        world.knock(path, &json!({ "region": "moon" })).expect(422);
        world.knock("/services/nothing/check", &json!({})).expect(404);
        world.knock("/services/example-library-card/check", &json!({})).expect(422);
        let bad = json!({ "region": "110000", "answers": { "root": { "vehicles": "many" } } });
        let told = world.knock(path, &bad).expect(422).json();
        assert_eq!(told["fields"][0]["at"], "answers.root.vehicles");
    });
}

#[test]
fn a_card_reader_is_there_in_a_demonstration_only() {
    let world = World::new(DeploymentKind::Demo, false);
    let card = world.raw("GET", "/demo/card-reader?n=7", &[], None).expect(200).json();
    assert!(card["id"].as_str().unwrap().starts_with("999999") && card["valid_from"].is_string());
    let real = World::new(DeploymentKind::Record, false);
    for path in ["/demo/card-reader", "/demo/phones/0123456789abcdef0123456789abcdef"] {
        real.raw("GET", path, &[], None).expect(404);
    }
}
