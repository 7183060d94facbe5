//! What is kept out before anything is done, and what every answer says to a browser.
use crate::world::{World, on_both, on_one};
use anmin_app::deployment::DeploymentKind;
use anmin_web::route::{Face, Right};
use serde_json::json;

const JSON: (&str, &str) = ("content-type", "application/json");

/// The address of a route with something of the right form in its braces.
fn address(path: &str) -> String {
    let filled = path.split('/').map(|part| match part {
        "{step}" => "accept",
        "{form}" => "visit_sheet",
        "{service}" => "dibao",
        "{page}" | "{paper_name}" | "{declaration}" => "savings",
        "{number}" => "1",
        part if part.starts_with('{') => "0123456789abcdef0123456789abcdef",
        part => part,
    });
    filled.collect::<Vec<_>>().join("/")
}

#[test]
fn nobody_gets_in_without_signing_in() {
    on_one(|world| {
        let forged = "0".repeat(64);
        let bearer = format!("Bearer {forged}");
        let cookie = format!("anmin={forged}");
        for route in world.site.routes().to_vec() {
            if route.right == Right::Public || route.face == Face::Page {
                continue;
            }
            let path = address(route.path);
            let (method, body) = (route.method.as_str(), route.changes().then_some(&b"{}"[..]));
            world.raw(method, &path, &[JSON], body).refused(401, "sign_in");
            for forged in [("authorization", bearer.as_str()), ("cookie", cookie.as_str())] {
                world.raw(method, &path, &[JSON, forged], body).refused(401, "signed_out");
            }
            world.raw(method, &path, &[JSON, ("authorization", "Basic YTpi")], body).expect(401);
        }
    });
}

#[test]
fn no_other_site_can_make_a_browser_ask_for_a_change() {
    on_one(|world| {
        for route in world.site.routes().to_vec() {
            if !route.changes() || route.face == Face::Page {
                continue;
            }
            let (path, method) = (address(route.path), route.method.as_str());
            for said in [
                ("origin", "https://elsewhere.example"),
                ("origin", "null"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
            ] {
                let headers = [JSON, said, ("cookie", "anmin=0")];
                world.raw(method, &path, &headers, Some(b"{}")).refused(403, "from_elsewhere");
            }
        }
    });
}

#[test]
fn every_answer_tells_browsers_what_they_may_do_with_it() {
    on_one(|world| {
        for (method, path) in
            [("GET", "/health"), ("GET", "/cases"), ("PATCH", "/cases"), ("GET", "/nothing")]
        {
            let answer = world.raw(method, path, &[], None);
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("cache-control", "no-store"),
                ("x-frame-options", "DENY"),
                ("strict-transport-security", "max-age=31536000"),
            ] {
                assert_eq!(answer.header(name), value, "{method} {path}");
            }
            assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        }
        assert!(!world.raw("PATCH", "/cases", &[], None).refused(405, "method").header("allow").is_empty());
        world.raw("GET", "/nothing", &[], None).refused(404, "no_such_address");
        world.raw("GET", "/../etc/passwd", &[], None).expect(404);
    });
}

#[test]
fn problems_are_told_in_the_language_asked_for() {
    on_one(|world| {
        let zh = world.raw("GET", "/cases", &[], None);
        let en = world.raw("GET", "/cases", &[("accept-language", "en-GB,en;q=0.9")], None);
        assert_eq!((zh.header("content-language"), en.header("content-language")), ("zh-CN", "en"));
        assert_eq!(zh.json()["detail"], zh.json()["zh"]);
        assert_eq!(en.json()["detail"], en.json()["en"]);
        assert_eq!(zh.json()["type"], "urn:anmin:problem:sign_in");
        for text in [&zh, &en] {
            assert!(text.json()["next"]["zh"].is_string() && text.json()["next"]["en"].is_string());
        }
    });
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    on_both(|world| {
        world.bureau();
        let token = format!("Bearer {}", world.people["system"].token);
        let ask = |headers: &[(&str, &str)], body: &[u8]| {
            let mut all = vec![("authorization", token.as_str())];
            all.extend(headers);
            world.raw("POST", "/request-keys", &all, Some(body))
        };
        ask(&[JSON], b"{").refused(400, "not_json");
        ask(&[JSON], b"").refused(400, "not_json");
        ask(&[("content-type", "text/plain")], b"{}").refused(415, "media_type");
        ask(&[], b"{}").refused(415, "media_type");
        let big = vec![b' '; 1024 * 1024 + 1];
        ask(&[JSON], &big).refused(413, "body_too_large");
        let unknown = ask(&[JSON], br#"{"command": "a", "comand": 1}"#).refused(422, "invalid_fields").json();
        assert_eq!(unknown["fields"][0]["at"], "comand");
        let missing = ask(&[JSON], b"{}").refused(422, "invalid_fields").json();
        assert_eq!(missing["fields"][0]["at"], "command");
        ask(&[JSON], br#"{"command": "a\u0000"}"#).refused(422, "invalid_fields");
        ask(&[("content-type", "application/json; charset=utf-8")], br#"{"command": "a"}"#).expect(200);
        for (path, at) in [("/services/dibao?area=1", "area"), ("/services/dibao?of=1", "of")] {
            let wrong = world.get("system", path).refused(422, "invalid_fields").json();
            assert_eq!(wrong["fields"][0]["at"], at);
        }
        // What has not the form of an identifier is the address of nothing, for whoever may look at all.
        for path in ["/services/Dibao", "/services/none_such", "/cases/1", "/cases/%00", "/cases/%ff"] {
            world.get("system", path).expect(404);
        }
    });
}

#[test]
fn who_may_not_is_told_before_the_body_is_read() {
    on_one(|world| {
        world.bureau();
        let token = format!("Bearer {}", world.people["audit"].token);
        for body in [&b"{"[..], b"", &vec![b' '; 2 << 20]] {
            let headers = [("authorization", token.as_str()), JSON, ("x-anmin-request", "0")];
            world.raw("POST", "/areas", &headers, Some(body)).refused(403, "not_permitted");
        }
        // Staff without a post on cases cannot see that there is one.
        let none = "0123456789abcdef0123456789abcdef";
        world.post("audit", &format!("/cases/{none}/steps/accept"), &json!({})).expect(404);
    });
}

#[test]
fn a_demonstration_is_apart() {
    let mut world = World::new(DeploymentKind::Demo, false);
    let health = world.raw("GET", "/health", &[], None).expect(200);
    assert_eq!(health.header("strict-transport-security"), "");
    let day = |answer: crate::client::Answered| answer.expect(200).json()["day"].clone();
    assert_eq!(day(world.raw("POST", "/demo/next-day", &[], None)), "2026-09-02");
    assert_eq!(day(world.raw("POST", "/demo/next-day", &[], None)), "2026-09-03");
    let nobody = json!({ "person": "0123456789abcdef0123456789abcdef" });
    world.knock("/demo/session", &nobody).expect(404);
    let told = |path: &str| world.raw("GET", path, &[], None).expect(200).json()["personas"].clone();
    assert_eq!(told("/demo/personas"), json!([]), "nobody was made");
    assert_eq!(told("/demo/personas?role=resident"), json!([]));
    drop(world);
    world = World::new(DeploymentKind::Record, false);
    world.raw("POST", "/demo/next-day", &[], None).refused(404, "no_such_address");
    world.raw("GET", "/demo/personas", &[], None).refused(404, "no_such_address");
    world.knock("/demo/session", &nobody).refused(404, "no_such_address");
}
