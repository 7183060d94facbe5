//! Refuses names of packs and regions that do not exist, with the nearest one that does.
use crate::decide::Refused;
use crate::record::FindingV1;
use anmin_pack::finding::{Files, Finding};
use anmin_pack::library::Library;
use anmin_rules::model::Place;

/// Whether every pack and the region exist.
///
/// # Errors
/// One finding a name that does not.
pub fn known(library: &Library, packs: &[String], region: Option<&str>) -> Result<(), Refused> {
    let mut findings = vec![];
    let mut look = |folder: &str, what: (&str, &str), name: &str, all: &[String]| {
        if all.iter().any(|n| n == name) {
            return;
        }
        let mut files = Files::default();
        let place = Place { file: files.add(folder), line: 0, column: 0 };
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        findings.push(FindingV1::of_pack(&files, &Finding::unknown(place, what, name, &all)));
    };
    for name in packs {
        look("packs", ("服务包", "pack"), name, library.packs());
    }
    if let Some(code) = region {
        look("regions", ("地区", "region"), code, library.regions());
    }
    if findings.is_empty() { Ok(()) } else { Err(Refused { findings }) }
}
