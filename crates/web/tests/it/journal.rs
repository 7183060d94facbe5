//! The journal over HTTP: for the administrators of audit alone.
use crate::world::{on_both, on_one};
use serde_json::{Value, json};

#[test]
fn an_export_is_whole_and_checks_offline() {
    on_both(|world| {
        world.bureau();
        let exported = world.get("audit", "/journal/export").expect(200);
        assert_eq!(exported.header("content-type"), "application/x-ndjson");
        assert!(exported.header("content-disposition").starts_with("attachment"));
        let text = exported.text();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let key = lines[0]["head"]["public_key"].as_str().expect("the head comes first");
        assert_eq!(lines.last().unwrap()["foot"]["lines"], lines.len() - 1);
        let mut bytes = text.as_bytes();
        let report = anmin_app::deployment::verify_offline(&mut bytes, key, None).unwrap();
        assert!(report.sound && report.waiting > 0, "{report:?}");
        for who in ["system", "security"] {
            world.get(who, "/journal/export").refused(403, "not_permitted");
            world.post(who, "/journal/verification", &json!({})).refused(403, "not_permitted");
        }
        for state in [false, true] {
            let report = world.post("audit", "/journal/verification", &json!({ "state": state })).expect(200);
            let report = report.json();
            assert_eq!((&report["sound"], &report["findings"]), (&json!(true), &json!([])), "{report}");
            assert!(report["entries"].as_u64() > Some(0));
        }
    });
}

#[test]
fn whoever_reads_the_journal_is_in_it() {
    on_one(|world| {
        world.bureau();
        world.get("audit", "/journal/export").expect(200);
        let person = &world.people["audit"].person;
        let again = world.get("audit", "/journal/export").expect(200).text();
        let told =
            again.lines().filter(|line| line.contains("audit_export") && line.contains(person.as_str()));
        assert!(told.count() >= 2, "{again}");
    });
}
