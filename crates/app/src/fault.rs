//! Where a test can make the program die, fail or wait between two parts of one command. `anmin_store::fault!` is nothing
//! at all unless the program is compiled with feature `faults`.

/// Every fault point of this crate. The tests of trouble fire each in each way.
pub const POINTS: &[&str] = &[
    "init.created",
    "case.applied",
    "case.written",
    "case.rows",
    "case.letters",
    "application.saved",
    "application.saved_many",
    "application.entered",
    "application.declared",
    "grant.changed",
    "batch.prepared",
    "batch.stepped",
    "batch.answered",
    "bank.file",
];

/// Those of the store below, in the order of a command's life.
pub const OF_STORE: &[&str] = anmin_store::fault::POINTS;

#[cfg(test)]
mod tests {
    use super::POINTS;
    use std::path::PathBuf;

    #[test]
    fn every_point_in_the_code_is_in_the_list() {
        let mut found = Vec::new();
        let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let points = text.split("anmin_store::fault!(\"").skip(1);
                found.extend(points.map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
        // This file speaks of the macro once.
        found.retain(|name| name.contains('.'));
        found.sort();
        let mut listed = POINTS.to_vec();
        listed.sort_unstable();
        assert_eq!(found, listed);
    }
}
