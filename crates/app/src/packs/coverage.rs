//! Which cases the tests of a pack went through: a case counts when an answer, or something a test asks about, came from it.
use crate::decide::{Evaluated, Opened, Prepared};
use crate::record::{FindingV1, SeverityV1};
use anmin_rules::explain::{Fired, explain};
use anmin_rules::model::{Body, Label, Outcome, Place, VariableId, Version};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The cases of a pack and how many of them some test went through.
#[derive(Clone, Debug, Serialize)]
pub struct CoverageV1 {
    /// The pack.
    pub pack: String,
    /// All cases, rows and plain formulas.
    pub cases: usize,
    /// Those some test went through.
    pub exercised: usize,
    /// Variables with a case no test went through: path, exercised, all.
    pub variables: Vec<(String, usize, usize)>,
    /// The others, as warnings at their places.
    pub never: Vec<FindingV1>,
}

/// A case by its place: file, line, column and what it is.
type Key = (String, u32, u32);

/// Collects over regions and tests; a case of the pack itself is one case, whatever the region.
pub(super) struct Coverage {
    pack: String,
    /// The variable and a word for the case.
    declared: BTreeMap<Key, (String, Label)>,
    fired: BTreeSet<Key>,
}

impl Coverage {
    pub(super) fn new(pack: &str) -> Self {
        Coverage { pack: pack.to_owned(), declared: BTreeMap::new(), fired: BTreeSet::new() }
    }

    /// Adds every case of a pack in a region.
    pub(super) fn declare(&mut self, opened: &Opened) {
        let rules = &opened.checked.ruleset;
        for variable in &rules.variables {
            let path = match variable.of {
                Some(c) => format!("{}.{}", rules.schema.collections[c.0].name, variable.name),
                None => variable.name.clone(),
            };
            for version in &variable.versions {
                for (n, (place, outcome)) in cases(version).into_iter().enumerate() {
                    let word = match outcome {
                        Some(Outcome { because: Some(because), .. }) => because.clone(),
                        Some(_) => Label { zh: format!("第 {} 项", n + 1), en: format!("case {}", n + 1) },
                        None => variable.label.clone(),
                    };
                    self.declared.insert(key(opened, place), (path.clone(), word));
                }
            }
        }
    }

    /// Adds what one household went through to reach `roots`.
    pub(super) fn add(
        &mut self,
        opened: &Opened,
        prepared: &Prepared,
        evaluated: &Evaluated<'_, '_>,
        roots: &[VariableId],
    ) {
        let rules = &opened.checked.ruleset;
        for note in explain(&evaluated.evaluator, &evaluated.batch, roots).notes {
            let variable = &rules.variables[note.variable.0];
            let Some(compiled) = &prepared.program.variables[note.variable.0] else { continue };
            let all = cases(&variable.versions[compiled.version]);
            let fired = match note.fired {
                Fired::Value => all.first(),
                Fired::Case(n) => all.get(n),
                Fired::Otherwise => all.last(),
                Fired::Unsettled(_) => None,
            };
            self.fired.extend(fired.map(|(place, _)| key(opened, *place)));
        }
    }

    pub(super) fn told(self) -> CoverageV1 {
        let mut variables: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let mut never = vec![];
        for (at, (path, word)) in &self.declared {
            let count = variables.entry(path).or_default();
            count.1 += 1;
            if self.fired.contains(at) {
                count.0 += 1;
                continue;
            }
            never.push(FindingV1 {
                file: at.0.clone(),
                line: at.1,
                column: at.2,
                severity: SeverityV1::Warning,
                zh: format!("没有测试走到 {path} 的这一条（{}）", word.zh),
                en: format!("no test goes through this case of {path} ({})", word.en),
            });
        }
        CoverageV1 {
            pack: self.pack,
            cases: self.declared.len(),
            exercised: self.declared.len() - never.len(),
            variables: variables
                .into_iter()
                .filter(|(_, (some, all))| some < all)
                .map(|(path, (some, all))| (path.to_owned(), some, all))
                .collect(),
            never,
        }
    }
}

fn key(opened: &Opened, place: Place) -> Key {
    let path = opened.loaded.files.path(place.file).to_string_lossy().into_owned();
    (path, place.line, place.column)
}

/// The cases of a version with their places, `otherwise` last; of a plain formula the version itself.
fn cases(version: &Version) -> Vec<(Place, Option<&Outcome>)> {
    match &version.body {
        Body::Value(_) => vec![(version.place, None)],
        Body::Cases(c) => {
            c.cases.iter().map(|c| &c.outcome).chain(&c.otherwise).map(|o| (o.place, Some(o))).collect()
        }
        Body::Table(t) => {
            t.rows.iter().map(|r| &r.outcome).chain(&t.otherwise).map(|o| (o.place, Some(o))).collect()
        }
    }
}
