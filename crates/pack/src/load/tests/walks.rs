//! The repository's own walks: every pack with a workflow, in every region.
use super::*;
use crate::workflow::in_lines as lines;
use anmin_base::calendar::WorkCalendar;

/// The library of the repository this test was built in, asked at run time.
fn repository() -> Library {
    let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    Library::open(&PathBuf::from(here).join("../..")).expect("the repository's packs")
}

#[test]
fn every_walk_comes_out_as_written_and_its_letters_can_be_filled() {
    let library = repository();
    let (mut ran, mut wrong) = (0, vec![]);
    for pack in library.packs() {
        for region in std::iter::once(None).chain(library.regions().iter().map(|r| Some(r.as_str()))) {
            let loaded = match library.load(pack, region) {
                Ok(loaded) => loaded,
                Err(failure) => {
                    wrong.extend(lines(&failure.files, &failure.findings));
                    continue;
                }
            };
            let Some(course) = &loaded.workflow else { continue };
            ran += course.walks.iter().filter(|w| w.region.as_deref() == region).count();
            let calendar = WorkCalendar::builtin();
            wrong.extend(lines(&loaded.files, &course.walked(region, calendar)));
            wrong.extend(lines(&loaded.files, &course.letters_walked(region, calendar)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ran >= 12, "only {ran} walks");
}
