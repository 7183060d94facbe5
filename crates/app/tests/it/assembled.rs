//! Facts taken out of a file and put together again are decided as the file is, with the same facts hash.
use anmin_app::decide::{Opened, Prepared};
use anmin_base::date::Date;
use anmin_pack::finding::Files;
use anmin_pack::household::{self, Household, Part};
use anmin_pack::library::Library;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A decision without the lines its facts stand on; of a refusal, as of a value that does not apply, the sentences.
fn json(prepared: &Prepared, household: &Household, what: &str) -> Value {
    let mut json = match prepared.decide_household(household, &Files::default()) {
        Ok(decision) => serde_json::to_value(decision).expect(what),
        Err(refused) => refused.findings.iter().map(|f| f.zh.clone()).collect(),
    };
    drop_lines(&mut json);
    json
}

fn drop_lines(json: &mut Value) {
    match json {
        Value::Array(all) => all.iter_mut().for_each(drop_lines),
        Value::Object(fields) => {
            fields.remove("line");
            fields.values_mut().for_each(drop_lines);
        }
        _ => {}
    }
}

/// Decides both ways and compares everything a decision says; gives how many facts there were.
fn same(prepared: &Prepared, household: &Household, what: &str) -> usize {
    let sheet = prepared.opened.sheet();
    let mut parts = household.parts(&sheet);
    // A database gives facts in its own order; only that of elements says something.
    let elements = parts.iter().filter(|part| !matches!(part, Part::Fact { .. })).cloned();
    let facts = parts.iter().rev().filter(|part| matches!(part, Part::Fact { .. })).cloned();
    parts = elements.chain(facts).collect();
    let mut again = household::assemble(&sheet, 0, &parts, prepared.program.on)
        .unwrap_or_else(|findings| panic!("{what}: {findings:?}"));
    again.about.clone_from(&household.about);
    let (again, file) = (json(prepared, &again, what), json(prepared, household, what));
    assert!(again == file, "{what}: {}", first_difference(&file, &again));
    parts.len()
}

/// Decisions are long: where they begin to differ says more.
fn first_difference(one: &Value, other: &Value) -> String {
    let (one, other) = (one.to_string(), other.to_string());
    let at = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let near = |text: &str| text.chars().skip(at.saturating_sub(80)).take(160).collect::<String>();
    format!("{}\n  against\n{}", near(&one), near(&other))
}

#[test]
fn every_example_is_decided_alike() {
    let library = Library::open(&root()).expect("packs are there");
    let on = Date::ymd(2026, 9, 1);
    let prepared = Prepared::new(&library, "dibao", Some("110000"), on).expect("the pack loads");
    let examples = std::fs::read_dir(root().join("examples")).expect("examples are there");
    let mut facts = 0;
    for example in examples {
        let path = example.expect("an example").path();
        let what = path.display().to_string();
        let bytes = std::fs::read(&path).expect("can be read");
        let household = household::read(&prepared.opened.sheet(), 0, &bytes, on).expect(&what);
        let decision = json(&prepared, &household, &what);
        assert!(decision["receipt"]["facts_hash"].is_string(), "{what}: {decision}");
        facts += same(&prepared, &household, &what);
    }
    assert!(facts > 200, "{facts} facts only");
}

#[test]
fn every_household_of_a_packs_test_is_decided_alike() {
    let library = Library::open(&root()).expect("packs are there");
    let mut tried = 0;
    for pack in library.packs() {
        for region in std::iter::once(None).chain(library.regions().iter().map(|r| Some(r.as_str()))) {
            let Ok(opened) = Opened::new(&library, pack, region).map(Arc::new) else { continue };
            let files = &opened.loaded.files;
            for test in opened.loaded.tests.iter().filter(|t| t.region.as_deref() == region) {
                let Ok(prepared) = opened.on(test.on) else { continue };
                // Tests of what is refused have nothing to compare.
                let Ok(household) = prepared.household(&test.household, files) else { continue };
                same(&prepared, &household, &test.name);
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried} households only");
}

#[test]
fn another_source_is_another_facts_hash() {
    let library = Library::open(&root()).expect("packs are there");
    let on = Date::ymd(2026, 9, 1);
    let prepared = Prepared::new(&library, "dibao", Some("110000"), on).expect("the pack loads");
    let sheet = prepared.opened.sheet();
    let bytes = std::fs::read(root().join("examples/single-elder.yaml")).expect("can be read");
    let household = household::read(&sheet, 0, &bytes, on).expect("is sound");
    let mut parts = household.parts(&sheet);
    let homes = parts.iter_mut().find_map(|part| match part {
        Part::Fact { fact, stated, .. } if fact == "homes" => Some(stated),
        _ => None,
    });
    homes.expect("homes are given").source = Some("real_estate".into());
    let again = household::assemble(&sheet, 0, &parts, on).expect("is sound");
    let hash = |household| json(&prepared, household, "elder")["receipt"]["facts_hash"].clone();
    assert_ne!(hash(&again), hash(&household));
}
