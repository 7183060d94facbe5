//! Sessions: their cookie, their token, their end.
use crate::client::Answered;
use crate::world::{PASSWORD, World, on_both, on_one};
use serde_json::json;

fn cookies(answer: &Answered) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie").iter();
    all.map(|value| value.to_str().unwrap().to_owned()).collect()
}

fn value(cookie: &str) -> String {
    cookie.split(';').next().unwrap().split_once('=').unwrap().1.to_owned()
}

fn who(world: &World, token: &str) -> Answered {
    world.raw("GET", "/session", &[("authorization", &format!("Bearer {token}"))], None)
}

#[test]
fn a_browser_gets_a_cookie_no_script_reads_and_no_token_in_the_answer() {
    on_one(|world| {
        world.bureau();
        world.later(60);
        let entered = world.knock("/session", &world.sign_in_form("system")).expect(200);
        assert!(entered.json().get("token").is_none() && entered.json().get("device").is_none());
        let [session, device] = &cookies(&entered)[..] else { panic!("{entered:?}") };
        for cookie in [session, device] {
            for part in ["HttpOnly", "SameSite=Strict", "Secure"] {
                assert!(cookie.contains(part), "{cookie}");
            }
        }
        assert!(session.starts_with("anmin=") && value(session).len() == 64);
        assert!(device.contains("Path=/api/v1/session"));
        let cookie = format!("anmin={}", value(session));
        let shown = world.raw("GET", "/session", &[("cookie", &cookie)], None).expect(200).json();
        assert_eq!((&shown["capacity"], &shown["stepped_up"]), (&json!("staff"), &json!(true)));
        assert_eq!(shown["posts"][0]["role"], "system_admin");
        // To change something it takes no more than the cookie and the same site.
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        world.raw("POST", "/request-keys", &headers, Some(br#"{"command": "a"}"#)).expect(200);
        let left = world.raw("DELETE", "/session", &[("cookie", &cookie)], None).expect(204);
        assert!(cookies(&left)[0].contains("Max-Age=0"));
        world.raw("GET", "/session", &[("cookie", &cookie)], None).refused(401, "signed_out");
    });
}

#[test]
fn a_session_ends_when_nobody_is_there_and_after_half_a_day() {
    on_both(|world| {
        world.bureau();
        world.enter("system").expect(200);
        let token = world.people["system"].token.clone();
        world.later(29 * 60);
        who(world, &token).expect(200);
        world.later(31 * 60);
        who(world, &token).refused(401, "signed_out");
        world.enter("system").expect(200);
        let token = world.people["system"].token.clone();
        for _ in 0..24 {
            world.later(29 * 60);
            who(world, &token).expect(200);
        }
        world.later(29 * 60);
        who(world, &token).refused(401, "signed_out");
    });
}

#[test]
fn showing_the_second_factor_again_changes_the_token() {
    on_both(|world| {
        world.bureau();
        world.enter("system").expect(200);
        let old = world.people["system"].token.clone();
        world.later(10 * 60);
        assert_eq!(who(world, &old).expect(200).json()["stepped_up"], false);
        world.post("system", "/session/step-up", &json!({ "code": "000000" })).refused(403, "code_wrong");
        world.later(60);
        let code = world.sign_in_form("system")["code"].clone();
        let shown = world.post("system", "/session/step-up", &json!({ "code": code })).expect(200).json();
        let new = shown["token"].as_str().unwrap();
        assert_ne!(new, old);
        who(world, &old).refused(401, "signed_out");
        assert_eq!(who(world, new).expect(200).json()["stepped_up"], true);
    });
}

#[test]
fn nobody_signs_in_with_half_of_what_it_takes() {
    on_both(|world| {
        world.bureau();
        world.later(60);
        let right = world.sign_in_form("system");
        for (field, wrong) in [("password", "something else"), ("code", "000000"), ("login", "nobody")] {
            let mut form = right.clone();
            form[field] = wrong.into();
            world.knock("/session", &form).refused(401, "sign_in_failed");
            // The next try waits; who knows everything is kept waiting too.
            let waits = world.knock("/session", &form).refused(429, "wait");
            assert!(!waits.header("retry-after").is_empty());
            world.later(120);
        }
        world.knock("/session", &world.sign_in_form("system")).expect(200);
        world.knock("/session", &world.sign_in_form("system")).refused(401, "sign_in_failed");
    });
}

#[test]
fn a_changed_password_ends_every_session() {
    on_one(|world| {
        world.bureau();
        world.enter("system").expect(200);
        let first = world.people["system"].token.clone();
        world.enter("system").expect(200);
        let body = json!({ "old": PASSWORD, "password": "three green kettles sing" });
        let changed = world.post("system", "/session/password", &body).expect(200).json();
        who(world, &first).refused(401, "signed_out");
        who(world, &world.people["system"].token).refused(401, "signed_out");
        who(world, changed["token"].as_str().unwrap()).expect(200);
    });
}

#[test]
fn whoever_has_no_token_does_not_enrol() {
    on_one(|world| {
        world.first(&"0".repeat(64), "system").refused(403, "enrolment_over");
        let wanted = world.knock("/enrolment/wanted", &json!({ "token": "0" })).expect(200).json();
        assert_eq!(wanted["roles"], json!([]));
    });
}
