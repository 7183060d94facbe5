//! The course of a service's cases: the workflow as the engine takes it, where each part is written, its hash,
//! and the walks that test it.

use crate::finding::{Files, Finding};
use crate::letter::{Audience, Letter, sample};
use anmin_base::calendar::WorkCalendar;
use anmin_base::document::Lang;
use anmin_casework::case::Case;
use anmin_casework::check::At;
use anmin_casework::event::Event;
use anmin_casework::kinds::Outcome;
use anmin_casework::walk::{self, Walk};
use anmin_casework::workflow::{Definition, Name};
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
    /// Its letters by name: the service's own, else the shared workflow's. Every name it declares is there.
    pub letters: BTreeMap<Name, Letter>,
    /// SHA-256 over the files of the letters, in the same form. Apart from both others: a better sentence changes
    /// neither a decision nor a course.
    pub letters_hash: String,
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

    /// Tries the letters that the walks meant for a region send: each is there, and can be filled in both languages
    /// with made-up values for the decision or opinion it is about.
    pub fn letters_walked(&self, region: Option<&str>, calendar: &WorkCalendar) -> Vec<Finding> {
        let meant = self.walks.iter().filter(|w| w.region.as_deref() == region);
        meant.flat_map(|w| self.unfilled(w, calendar)).collect()
    }

    fn unfilled(&self, w: &PackWalk, calendar: &WorkCalendar) -> Vec<Finding> {
        let mut findings = vec![];
        walk::follow(&self.definition, &w.walk, calendar, &mut |line, case, events| {
            for event in events {
                let Event::LetterDue(name, about) = event else { continue };
                let Err((zh, en)) = self.tried(name, case, *about) else { continue };
                let place = w.lines.get(line).copied().unwrap_or(w.place);
                let walk = &w.walk.name;
                let (zh, en) = (format!("走查“{walk}”：{zh}"), format!("the walk '{walk}': {en}"));
                findings.push(Finding::error(place, zh, en));
            }
        });
        findings
    }

    /// Fills a letter for a case with made-up values.
    fn tried(&self, name: &Name, case: &Case, about: Option<u32>) -> Result<(), (String, String)> {
        let Some(letter) = self.letters.get(name) else {
            return Err((format!("没有文书 {name}"), format!("there is no letter {name}")));
        };
        let decided = about.and_then(|number| case.decision(number));
        let decided = decided.map(|d| (d.ruling.outcome, d.ruling.exception));
        let proposals = case.opinion().map(|o| o.proposals.as_slice()).unwrap_or_default();
        // A board shows what is proposed for somebody; a person is told what is proposed against them.
        let against = letter.audience == Audience::Person;
        let proposed = proposals.iter().find(|p| p.outcome.is_adverse() == against).or(proposals.first());
        let proposed = proposed.map(|p| (p.outcome, p.exception));
        let (outcome, exception) = decided.or(proposed).unwrap_or((Outcome::Grant, None));
        let fields = sample::fields(outcome, exception);
        for lang in Lang::ALL {
            letter.fill(&fields, lang).map_err(|unfilled| (unfilled.zh(), unfilled.en()))?;
        }
        Ok(())
    }
}

/// `path:line:column: sentence` for each finding.
pub fn in_lines(files: &Files, findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|f| format!("{}: {}", files.show(f.place), f.en)).collect()
}
