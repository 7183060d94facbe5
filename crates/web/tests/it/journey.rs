//! A case over HTTP, from the person at the counter to a letter to print.
use crate::world::{case_form, on_both, on_one};
use serde_json::json;

fn number(n: u32) -> String {
    let body = format!("99010119600101{n:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    body + ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][(sum % 11) as usize]
}

#[test]
fn a_case_is_opened_looked_at_and_taken_on() {
    on_both(|world| {
        let town = world.town();
        let person = world.resident(&town, "李梅花", &number(1));
        let opened = world.case(&town, &person);
        let case = opened["case"].as_str().unwrap();
        let list = world.get("wang", "/my/cases").expect(200).json();
        assert_eq!(list["cases"][0]["id"], *case);
        assert_eq!(world.get("zhao", "/cases/count").expect(200).json()["count"], 1);
        assert_eq!(
            world.get("zhao", "/cases?state=received&limit=5").expect(200).json()["cases"][0]["id"],
            *case
        );
        let found = world.post("zhao", "/cases/search", &json!({ "name": "李" })).expect(200).json();
        assert_eq!(found["cases"][0]["id"], *case);
        world.get("zhao", "/cases?name=%E6%9D%8E").refused(422, "invalid_fields");
        let shown = world.get("wang", &format!("/cases/{case}")).expect(200);
        assert_eq!(shown.json()["people"][0]["person"]["name"], "李梅花");
        assert!(!shown.text().contains(&number(1)), "numbers are masked: {}", shown.text());
        // One step more, and a step that may not be taken yet.
        let step =
            |step: &str, body| world.order("wang", step, &format!("/cases/{case}/steps/{step}"), &body);
        let refused = step("accept", json!({ "version": opened["version"], "with": { "act": "accept" } }));
        assert_eq!(refused.status, 422, "{}", refused.text());
        let signed = step(
            "authorise",
            json!({
                "version": opened["version"],
                "with": { "act": "authorise", "subject": person, "signer": person },
                "evidence": [{ "kind": "check_authority", "reference": "A2" }],
            }),
        );
        let signed = signed.expect(200).json();
        let stale = step("accept", json!({ "version": opened["version"], "with": { "act": "accept" } }));
        let stale = stale.refused(409, "stale_version").json();
        assert_eq!(stale["difference"]["steps"][0]["step"], "authorise");
        let accepted = step("accept", json!({ "version": signed["version"], "with": { "act": "accept" } }));
        assert_eq!(accepted.expect(200).json()["state"], "investigating");
    });
}

#[test]
fn letters_are_shown_as_blocks_and_as_a_page_without_script() {
    on_both(|world| {
        let town = world.town();
        let person = world.resident(&town, "李梅花", &number(2));
        let opened = world.case(&town, &person);
        let case = opened["case"].as_str().unwrap();
        let missing = json!({ "act": "supplement", "missing": ["<script>alert('户口簿')</script>"] });
        let body = json!({ "version": opened["version"], "with": missing });
        let path = format!("/cases/{case}/steps/supplement");
        world.order("wang", "supplement", &path, &body).expect(200);
        let letters = world.get("wang", &format!("/cases/{case}/letters")).expect(200).json();
        assert_eq!(letters["letters"][0]["name"], "receipt_slip");
        assert_eq!(letters["letters"][1]["name"], "supplement_notice");
        let letter = world.get("wang", &format!("/cases/{case}/letters/2")).expect(200).json();
        assert!(letter["documents"][0]["blocks"].is_array(), "{letter}");
        for (path, lang) in [("html", "zh-CN"), ("html?lang=en", "en")] {
            let page = world.get("wang", &format!("/cases/{case}/letters/2/{path}")).expect(200);
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            assert!(
                page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'")
            );
            let text = page.text();
            assert!(text.contains(&format!("<html lang=\"{lang}\">")), "{text}");
            assert!(
                text.contains("&lt;script&gt;alert(&#39;户口簿&#39;)") && !text.contains("<script"),
                "{text}"
            );
            assert!(text.contains("href=\"/api/v1/letter.css\""), "{text}");
        }
        world.get("wang", &format!("/cases/{case}/letters/2/html?lang=fr")).expect(422);
        world.get("wang", &format!("/cases/{case}/letters/99")).refused(404, "not_found");
        let style = world.raw("GET", "/letter.css", &[], None).expect(200);
        assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    });
}

#[test]
fn papers_are_kept_as_they_are_and_handed_out_as_attachments() {
    on_both(|world| {
        let town = world.town();
        let person = world.resident(&town, "李梅花", &number(3));
        let case = world.case(&town, &person)["case"].as_str().unwrap().to_owned();
        let path = format!("/cases/{case}/files");
        let pdf = b"%PDF-1.7\nhello\n%%EOF\n";
        let token = format!("Bearer {}", world.people["wang"].token);
        let hand_in = |media: &str, bytes: &[u8]| {
            let key = world.key("wang", "store_file");
            let headers =
                [("authorization", token.as_str()), ("content-type", media), ("x-anmin-request", &key)];
            world.raw("POST", &path, &headers, Some(bytes))
        };
        let kept = hand_in("application/pdf", pdf).expect(201).json();
        assert_eq!((&kept["type"], &kept["size"]), (&json!("application/pdf"), &json!(pdf.len())));
        let file = world.get("wang", &format!("{path}/{}", kept["file"].as_str().unwrap())).expect(200);
        assert_eq!(file.bytes, pdf);
        assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
        assert!(file.header("content-disposition").starts_with("attachment; filename="));
        assert_eq!(world.get("wang", &path).expect(200).json()["files"][0]["file"], kept["file"]);
        hand_in("application/pdf", b"<svg onload=alert(1)>").refused(422, "file_kind");
        hand_in("image/svg+xml", b"<svg/>").refused(415, "media_type");
        hand_in("image/png", &vec![0; (10 << 20) + 1]).refused(413, "body_too_large");
    });
}

#[test]
fn what_is_not_yours_is_not_there() {
    on_both(|world| {
        let town = world.town();
        let person = world.resident(&town, "李梅花", &number(4));
        let case = world.case(&town, &person)["case"].as_str().unwrap().to_owned();
        let none = "0123456789abcdef0123456789abcdef";
        for who in ["li", "system", "audit"] {
            for path in ["", "/letters", "/letters/1", "/facts", "/files", "/outlook"] {
                let (is, not) = (
                    world.get(who, &format!("/cases/{case}{path}")),
                    world.get(who, &format!("/cases/{none}{path}")),
                );
                assert!(matches!(is.status, 403 | 404), "{who} {path}: {}", is.text());
                assert_eq!((is.status, is.bytes), (not.status, not.bytes), "{who} {path}");
            }
        }
        let taking = |case: &str| {
            world.order(
                "li",
                "visit",
                &format!("/cases/{case}/steps/visit"),
                &json!({ "version": 1, "with": { "act": "plain" } }),
            )
        };
        let (is, not) = (taking(&case), taking(none));
        assert_eq!((is.status, is.bytes), (not.status, not.bytes));
        // A person of another town's is not entered by this one's clerk.
        let elsewhere = world.get("system", "/places").expect(200).json()["areas"][0]["area"].clone();
        let body = json!({ "area": elsewhere, "entry": { "names": [{ "text": "张三" }] } });
        assert_eq!(world.order("wang", "enter_person", "/persons", &body).status, 422);
    });
}

#[test]
fn a_form_that_is_wrong_says_where() {
    on_one(|world| {
        let town = world.town();
        let person = world.resident(&town, "李梅花", &number(5));
        let mut form = case_form(&town, &person);
        form["applicant"] = "x".into();
        form["parties"][0]["person"] = "y".into();
        let wrong = world.order("wang", "receive", "/cases", &form).refused(422, "invalid_fields").json();
        let at: Vec<&str> =
            wrong["fields"].as_array().unwrap().iter().map(|f| f["at"].as_str().unwrap()).collect();
        assert_eq!(at, ["applicant", "parties[0].person"]);
        let unknown =
            world.order("wang", "receive", "/cases", &json!({ "service": "dibao", "colour": "red" }));
        let unknown = unknown.refused(422, "invalid_fields").json();
        assert!(
            unknown["fields"].as_array().unwrap().iter().any(|field| field["at"] == "colour"),
            "{unknown}"
        );
    });
}
