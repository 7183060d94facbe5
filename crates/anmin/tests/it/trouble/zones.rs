//! Wherever the machine's clock says it stands, a day is a day in China: what is due when, what stands in letters, what
//! today is.
use super::client::{Client, Harm};
use super::county::{PASSWORD, second_factor};
use super::http::Ask;
use super::program::{Deployment, Kind};
use super::stages::Stages;
use super::story::CHAPTERS;
use super::told::{records, same, told};
use super::torture;
use anmin_base::date::Date;
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

/// From the far west of the day to its far east.
const ZONES: [&str; 4] = ["Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "UTC"];

#[test]
fn the_same_story_has_the_same_days_in_every_zone() {
    let stages = Stages::of(Kind::Sqlite);
    // In short from the acceptance of the cases to the end of the posting: working days, calendar days, letters.
    let chapter = |name: &str| CHAPTERS.iter().position(|(known, _)| *known == name).expect("a chapter");
    let chapters =
        if torture().is_some() { 0..CHAPTERS.len() } else { chapter("acceptance")..chapter("posting") + 1 };
    std::thread::scope(|scope| {
        for zone in ZONES {
            let stages = &stages.stages[chapters.clone()];
            scope.spawn(move || {
                let deployment = stages[0].before.copy();
                let mut book = stages[0].book.clone();
                let mut client = Client::harmed(&deployment, Harm { zone: Some(zone), ..Harm::default() });
                for stage in stages {
                    (stage.chapter)(&mut client, &mut book);
                    let seen = told(&mut client, &book);
                    assert!(seen.values().any(|text| text.contains("\"due_on\": \"2026-")), "days are told");
                    same(&stage.told, &seen, &format!("{} in {zone}", stage.name));
                }
                client.stop();
                assert_eq!(records(&deployment), stages.last().expect("chapters").records, "{zone}");
                deployment.is_sound();
            });
        }
    });
}

/// Today in China.
fn today() -> Date {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    Date::from_days(i32::try_from((now + 8 * 3600) / 86_400).expect("a day"))
}

#[test]
fn today_is_the_day_in_china_in_every_zone() {
    for zone in ZONES {
        // Only at midnight in China is there a second round.
        loop {
            let day = today();
            day_is(day, zone);
            if today() == day {
                break;
            }
        }
    }
}

/// What ended yesterday can no longer be ended today; what ends today can.
fn day_is(day: Date, zone: &'static str) {
    let (deployment, token) = Deployment::in_earnest();
    let mut client = Client::harmed(&deployment, Harm { zone: Some(zone), ..Harm::default() });
    let (factor, _) = second_factor(&mut client, "system", 0);
    let bureau = json!({ "name": "示例市民政局", "area_name": "示例市", "area_code": "110000" });
    let input = json!({
        "token": token, "name": "管理员甲", "login": "system", "password": PASSWORD, "second_factor": factor,
        "bureau": bureau,
    });
    let entered = client.plain(None, "POST", "/enrolment/first?travel=token", &input);
    client.knows("system", &entered["token"]);
    let above = client.see("system", "/places")["areas"][0]["area"].clone();
    let yesterday = day.add_days(-1).to_string();
    let area = json!({ "name": "新县", "code": "110199", "above": above, "from": day.to_string() });
    let area = client.post("system", "create_area", "/areas", &area);
    let end = |last: &str| {
        let input = json!({ "area": area["id"], "version": area["version"], "last": last });
        Ask::send("POST", None, "/areas/endings", &input)
    };
    let late = client.attempt("system", "end_area", end(&yesterday));
    assert_eq!(late.json()["fields"][0]["at"], "last", "{zone}: {}", late.text());
    let done = client.attempt("system", "end_area", end(&day.to_string()));
    assert!(done.done() || today() != day, "{zone}: {}", done.text());
    client.stop();
    deployment.is_sound();
}
