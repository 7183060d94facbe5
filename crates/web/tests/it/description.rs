//! The description: kept as a file, so that no change of the interface goes unseen, and true to itself.
use anmin_app::permissions::{Permissions, purposes};
use anmin_web::route::Face;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn described() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let purposes = purposes(Permissions::read(&root).expect("the packs are in order").authority());
    let served = anmin_web::description(&anmin_web::routes(true), &purposes);
    let served: Value = serde_json::from_slice(&served).unwrap();
    let mut bytes = serde_json::to_vec_pretty(&served).unwrap();
    bytes.push(b'\n');
    bytes
}

#[test]
fn the_description_is_as_it_was() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden/openapi.json");
    let bytes = described();
    if std::env::var_os("ANMIN_WRITE_GOLDEN").is_some() {
        std::fs::write(path, &bytes).unwrap();
        return;
    }
    let golden = std::fs::read(path).unwrap_or_default();
    assert!(
        golden == bytes,
        "the description is another; ANMIN_WRITE_GOLDEN=1 writes it anew, look at the difference"
    );
}

fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(entries) => entries.iter().for_each(|entry| references(entry, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let document: Value = serde_json::from_slice(&described()).unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        let place = reference.trim_start_matches('#');
        assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        let used = format!("#/components/schemas/{name}");
        assert!(found.contains(used.as_str()), "{name} is used nowhere");
    }
}

#[test]
fn every_route_is_named_once_and_described() {
    let mut names = BTreeSet::new();
    let mut places = BTreeSet::new();
    for route in anmin_web::routes(true) {
        assert!(!route.name.is_empty() && names.insert(route.name), "{route:?}");
        assert!(places.insert((route.method.to_string(), route.address())), "{route:?} is there twice");
        let (zh, en) = route.summary;
        let described = !zh.is_empty() && !en.is_empty() && !route.part.is_empty();
        assert!(route.face == Face::Page || described, "{route:?}");
    }
}

#[test]
fn every_field_is_described() {
    let document: Value = serde_json::from_slice(&described()).unwrap();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (field, about) in schema["properties"].as_object().into_iter().flatten() {
            let told = about["description"].is_string() || about["const"].is_string();
            assert!(told, "{name}.{field}");
        }
    }
}
