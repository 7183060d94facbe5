//! The course of a service's cases: the workflow as the engine takes it, where each part is written, its hash,
//! and the walks that test it.

use crate::finding::{Files, Finding};
use anmin_base::calendar::WorkCalendar;
use anmin_casework::check::At;
use anmin_casework::walk::{self, Walk};
use anmin_casework::workflow::Definition;
use anmin_rules::model::{Citation, Place};
use std::collections::BTreeMap;

/// A workflow as pack and regions wrote it, checked.
#[derive(Clone, Debug)]
pub struct Course {
    /// For the engine.
    pub definition: Definition,
    /// Where the parts are written.
    pub places: BTreeMap<At, Place>,
    /// SHA-256 over the files that say it, in the form of [`crate::hash`]. Apart from the decision hash: a new
    /// letter or day does not change what a household is entitled to.
    pub hash: String,
    /// The walks of the pack and of the overlays in the chain.
    pub walks: Vec<PackWalk>,
}

/// A walk and where it is written.
#[derive(Clone, Debug)]
pub struct PackWalk {
    /// The walk.
    pub walk: Walk,
    /// Where it stands.
    pub place: Place,
    /// The place of each of its lines.
    pub lines: Vec<Place>,
    /// The region under whose chain it runs; none for the pack alone.
    pub region: Option<String>,
    /// The articles it exercises.
    pub law: Vec<Citation>,
}

impl Course {
    /// Runs the walks meant for a region (none: for the pack alone), and says what came out otherwise.
    pub fn walked(&self, region: Option<&str>, calendar: &WorkCalendar) -> Vec<Finding> {
        let meant = self.walks.iter().filter(|w| w.region.as_deref() == region);
        meant.flat_map(|w| self.misses(w, calendar)).collect()
    }

    /// Runs one walk, and says what came out otherwise.
    pub fn misses(&self, w: &PackWalk, calendar: &WorkCalendar) -> Vec<Finding> {
        let name = &w.walk.name;
        let misses = walk::run(&self.definition, &w.walk, calendar).into_iter();
        let told = misses.map(|m| {
            let place = w.lines.get(m.line).copied().unwrap_or(w.place);
            Finding::error(place, format!("走查“{name}”：{}", m.zh), format!("the walk '{name}': {}", m.en))
        });
        told.collect()
    }
}

/// `path:line:column: sentence` for each finding.
pub fn in_lines(files: &Files, findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|f| format!("{}: {}", files.show(f.place), f.en)).collect()
}
