//! Pages at the door: as a browser meets them, without one.
use crate::client::{Answered, send};
use crate::world::{PASSWORD, World, on_both, on_one};
use anmin_app::deployment::DeploymentKind;
use anmin_web::route::{Face, Right};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn look(world: &World, path: &str, headers: &[(&str, &str)]) -> Answered {
    send("GET", &format!("{}{path}", world.base), headers, None)
}

fn put(world: &World, path: &str, headers: &[(&str, &str)], body: &str) -> Answered {
    let mut all = vec![FORM];
    all.extend(headers);
    send("POST", &format!("{}{path}", world.base), &all, Some(body.as_bytes()))
}

fn cookie(world: &World, who: &str) -> String {
    format!("anmin={}", world.people[who].token)
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let part = |text: &str| -> String {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    fields.iter().map(|(name, text)| format!("{}={}", part(name), part(text))).collect::<Vec<_>>().join("&")
}

/// What stands in a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    page[at..].split('"').nth(3).unwrap_or_default().replace("&#38;", "&").replace("&amp;", "&")
}

fn address(path: &str) -> String {
    let filled = path.split('/').map(|part| match part {
        "{step}" => "accept",
        "{form}" => "visit_sheet",
        "{list}" => "roster",
        "{service}" => "dibao",
        "{page}" | "{paper_name}" | "{declaration}" => "savings",
        "{number}" => "1",
        part if part.starts_with('{') => "0123456789abcdef0123456789abcdef",
        part => part,
    });
    filled.collect::<Vec<_>>().join("/")
}

/// A person of a place that is not there.
const NUMBER: &str = "990100198501011236";

#[test]
fn whoever_has_not_signed_in_is_asked_to_and_comes_back() {
    on_one(|world| {
        for route in world.site.routes().to_vec() {
            if route.face != Face::Page || route.right == Right::Public {
                continue;
            }
            let path = address(route.path);
            for cookie in [None, Some(("cookie", "anmin=0000"))] {
                let headers: Vec<(&str, &str)> = cookie.into_iter().collect();
                if route.changes() {
                    let page = put(world, &path, &headers, "note=kept&password=no").expect(401).text();
                    assert!(page.contains("value=\"note=kept\""), "{route:?}: {page}");
                    assert!(page.contains(&format!("name=\"next\" value=\"{path}\"")), "{route:?}");
                } else {
                    let to = look(world, &path, &headers).expect(303).header("location").to_owned();
                    let own = path.starts_with("/my/") || path.starts_with("/apply/");
                    let door = if own { "/sign-in/resident?next=%2F" } else { "/sign-in?next=%2F" };
                    assert!(to.starts_with(door), "{route:?}: {to}");
                }
            }
        }
    });
}

#[test]
fn no_other_site_can_send_a_form() {
    on_one(|world| {
        for route in world.site.routes().to_vec() {
            if route.face != Face::Page || !route.changes() {
                continue;
            }
            for said in [
                ("origin", "https://elsewhere.example"),
                ("origin", "null"),
                ("sec-fetch-site", "cross-site"),
            ] {
                let page = put(world, &address(route.path), &[said], "a=b").expect(403);
                assert!(page.text().contains("from_elsewhere"), "{route:?}");
            }
        }
    });
}

#[test]
fn a_page_lets_nothing_in_that_is_not_ours() {
    on_one(|world| {
        for (path, status) in
            [("/", 200), ("/sign-in", 200), ("/enrol/first", 200), ("/none", 404), ("/assets/none.css", 404)]
        {
            let page = look(world, path, &[]).expect(status);
            let policy = page.header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
                "{path}: {policy}"
            );
            assert!(!policy.contains("unsafe"));
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
            assert_eq!(page.header("cache-control"), "no-store", "{path}");
            assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
            let text = page.text();
            for inline in ["<style", " style=", "javascript:", " onclick=", "<script>"] {
                assert!(!text.contains(inline), "{path} has {inline}");
            }
            assert!(text.starts_with("<!doctype html>\n<html lang=\"zh-CN\">"), "{path}: {}", &text[..60]);
            assert!(text.len() < 100_000);
        }
        assert!(
            look(world, "/api/v1/none", &[]).header("content-type").starts_with("application/problem+json")
        );
    });
}

#[test]
fn pages_speak_the_language_that_was_chosen_then_the_browsers() {
    on_one(|world| {
        let lang = |headers: &[(&str, &str)]| {
            let page = look(world, "/", headers).expect(200).text();
            page.split("lang=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        let english = ("accept-language", "en");
        assert_eq!(lang(&[]), "zh-CN");
        assert_eq!(lang(&[english]), "en");
        assert_eq!(lang(&[english, ("cookie", "anmin_lang=zh")]), "zh-CN");
        assert_eq!(lang(&[("cookie", "anmin_lang=en")]), "en");
        assert_eq!(lang(&[("cookie", "anmin_lang=fr")]), "zh-CN");
        let chosen = put(world, "/settings/language", &[], "to=en&next=/work%3Fmine%3Dtrue").expect(303);
        assert_eq!(chosen.header("location"), "/work?mine=true");
        assert!(
            chosen.header("set-cookie").starts_with("anmin_lang=en; Path=/; Max-Age=31536000; SameSite=Lax")
        );
        let elsewhere =
            put(world, "/settings/language", &[], "to=en&next=https%3A%2F%2Felsewhere.example").expect(303);
        assert_eq!(elsewhere.header("location"), "/");
    });
}

#[test]
fn a_form_pressed_twice_is_carried_out_once() {
    on_both(|world| {
        world.town();
        let cookie = cookie(world, "wang");
        let me = [("cookie", cookie.as_str())];
        let page = look(world, "/kin", &me).expect(200).text();
        let key = hidden(&page, "_key");
        let form =
            encoded(&[("_key", &key), ("relation", "spouse"), ("name", "某人"), ("resident_id", NUMBER)]);
        let first = put(world, "/kin", &me, &form).expect(303);
        assert_eq!(first.header("location"), "/kin?done=kin");
        assert_eq!(put(world, "/kin", &me, &form).expect(303).header("location"), "/kin?done=kin");
        let page = look(world, "/kin?done=kin", &me).expect(200).text();
        assert_eq!(page.matches("某人").count(), 1, "{page}");
        assert!(page.contains("已申报。"));
        // The same key for something else is a conflict, and the form is there again, with another key.
        let other =
            encoded(&[("_key", &key), ("relation", "child"), ("name", "另一人"), ("resident_id", NUMBER)]);
        let page = put(world, "/kin", &me, &other).expect(409).text();
        assert!(page.contains("value=\"另一人\"") && hidden(&page, "_key") != key, "{page}");
        // Without a key nothing is done.
        let page = put(world, "/kin", &me, "relation=child&name=x").expect(400).text();
        assert!(page.contains("页面不完整，没有办理。") && page.contains("value=\"x\""), "{page}");
    });
}

#[test]
fn what_is_wrong_stands_at_the_field_and_what_was_typed_stays() {
    on_both(|world| {
        world.town();
        let cookie = cookie(world, "wang");
        let me = [("cookie", cookie.as_str())];
        let key = hidden(&look(world, "/kin", &me).text(), "_key");
        let form = encoded(&[
            ("_key", &key),
            ("relation", "spouse"),
            ("name", "<b>某人</b>"),
            ("resident_id", "1234"),
        ]);
        let page = put(world, "/kin", &me, &form).expect(422).text();
        assert!(page.contains("<title>错误：近亲属申报"), "{page}");
        assert!(page.contains("id=\"error-summary\" role=\"alert\" tabindex=\"-1\""));
        assert!(page.contains("href=\"#f-resident-id\"") && page.contains("id=\"f-resident-id\""));
        assert!(
            page.contains(
                "aria-describedby=\"f-resident-id-hint f-resident-id-error\" aria-invalid=\"true\""
            ),
            "{page}"
        );
        assert!(page.contains("value=\"&#60;b&#62;某人&#60;/b&#62;\""), "{page}");
        assert!(page.contains("<option value=\"spouse\" selected>"));
        let empty = put(world, "/kin", &me, &encoded(&[("_key", &key)])).expect(422).text();
        assert_eq!(empty.matches("<li><a href=\"#f-").count(), 3, "{empty}");
    });
}

#[test]
fn what_was_typed_when_the_session_ended_is_shown_again_and_not_sent() {
    on_both(|world| {
        world.town();
        let form =
            encoded(&[("_key", "0"), ("relation", "spouse"), ("name", "某人"), ("resident_id", NUMBER)]);
        let page = put(world, "/kin", &[], &form).expect(401).text();
        let carried = hidden(&page, "_carried");
        assert!(!carried.contains("_key"));
        world.later(60);
        let told = world.sign_in_form("wang");
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let sign_in = |password: &str, code: &str| {
            encoded(&[
                ("login", "wang"),
                ("password", password),
                ("code", code),
                ("next", "/kin"),
                ("_carried", &carried),
            ])
        };
        // A mistake on the way keeps it too.
        let page = put(world, "/sign-in", &[], &sign_in("wrong", &text("code"))).expect(401).text();
        assert_eq!(hidden(&page, "_carried"), carried);
        world.later(60);
        let told = world.sign_in_form("wang");
        let code = told["code"].as_str().unwrap();
        let answer = put(world, "/sign-in", &[], &sign_in(PASSWORD, code)).expect(200);
        let session = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let page = answer.text();
        assert!(page.contains("action=\"/kin\"") && page.contains("name=\"_resume\" value=\"1\""), "{page}");
        let again =
            encoded(&[("_resume", "1"), ("relation", "spouse"), ("name", "某人"), ("resident_id", NUMBER)]);
        let page = put(world, "/kin", &[("cookie", &session)], &again).expect(200).text();
        assert!(page.contains("value=\"某人\"") && page.contains("还没有申报"), "{page}");
        assert!(!hidden(&page, "_key").is_empty());
    });
}

#[test]
fn signing_in_and_out_by_a_form() {
    on_both(|world| {
        world.bureau();
        world.later(60);
        let told = world.sign_in_form("audit");
        let code = told["code"].as_str().unwrap();
        let form = encoded(&[
            ("login", "audit"),
            ("password", PASSWORD),
            ("code", code),
            ("next", "//elsewhere.example"),
        ]);
        let answer = put(world, "/sign-in", &[], &form).expect(303);
        assert_eq!(answer.header("location"), "/", "nobody is led elsewhere");
        let cookies: Vec<&str> =
            answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
        assert!(cookies[0].contains("HttpOnly; SameSite=Strict; Secure"), "{cookies:?}");
        assert!(
            cookies.iter().any(|c| c.starts_with("anmin_device=") && c.contains("Path=/sign-in")),
            "{cookies:?}"
        );
        let session = cookies[0].split(';').next().unwrap().to_owned();
        let me = [("cookie", session.as_str())];
        look(world, "/password", &me).expect(200);
        assert_eq!(put(world, "/sign-out", &me, "").expect(303).header("location"), "/signed-out");
        look(world, "/password", &me).expect(303);
    });
}

#[test]
fn only_a_demonstration_has_its_bar_and_its_people() {
    on_one(|world| {
        assert!(!look(world, "/", &[]).text().contains("demo-bar"));
        look(world, "/demo/people", &[]).expect(404);
        put(world, "/demo/next-day", &[], "").expect(404);
        put(world, "/demo/sign-in", &[], "person=0123456789abcdef0123456789abcdef").expect(404);
    });
    let world = World::new(DeploymentKind::Demo, false);
    assert!(look(&world, "/", &[]).text().contains("demo-bar"));
    look(&world, "/demo/people", &[]).expect(200);
    let next = put(&world, "/demo/next-day", &[], "after=2026-09-01&next=/demo").expect(303);
    assert_eq!(next.header("location"), "/demo");
    // Pressed twice, it is one day.
    put(&world, "/demo/next-day", &[], "after=2026-09-01&next=/demo").expect(303);
    assert!(look(&world, "/", &[]).text().contains("2026年9月2日"));
}

#[test]
fn files_of_the_pages_never_change_under_their_names() {
    on_one(|world| {
        let page = look(world, "/", &[]).text();
        let Some(at) = page.find("/assets/resident-") else { return };
        let path: String = page[at..].chars().take_while(|c| *c != '"').collect();
        let plain = look(world, &path, &[]).expect(200);
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(plain.header("content-type"), "text/css; charset=utf-8");
        assert_eq!(plain.header("content-encoding"), "");
        let packed = look(world, &path, &[("accept-encoding", "gzip, br")]).expect(200);
        assert_eq!(packed.header("vary"), "Accept-Encoding");
    });
}
