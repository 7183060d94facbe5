//! Runs packs' own tests and tries their claims.
use super::claims::{SEED, try_claim};
use super::coverage::{Coverage, CoverageV1};
use super::draft::{Draft, Maker};
use super::expect;
use crate::decide::{Opened, Prepared, Refused};
use crate::record::FindingV1;
use anmin_base::calendar::WorkCalendar;
use anmin_base::date::Date;
use anmin_pack::finding::Files;
use anmin_pack::household::Household;
use anmin_pack::library::Library;
use anmin_pack::pack_test::{Expected, PackTest};
use anmin_pack::workflow::Course;
use anmin_rules::model::{Claim, Ruleset, VariableId};
use anmin_rules::program::compile;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What came of one test, or of one claim.
#[derive(Clone, Debug, Serialize)]
pub struct TestOutcome {
    /// The pack.
    pub pack: String,
    /// The test's name; for a claim, what it claims.
    pub name: String,
    /// The region it ran under.
    pub region: Option<String>,
    /// The date it ran for.
    pub on: String,
    /// `file:line`.
    pub place: String,
    /// Whether it passed.
    pub passed: bool,
    /// What was expected and what was found.
    pub failures: Vec<FindingV1>,
    /// For a claim: the seed and how many households were tried.
    pub note: Option<String>,
}

/// What came of all tests.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TestReport {
    /// One a test and one a claim, in the order of packs, regions and files.
    pub outcomes: Vec<TestOutcome>,
    /// Which cases of which variables the tests went through, by pack.
    pub coverage: Vec<CoverageV1>,
    /// The packs that could not be tested.
    pub untested: Vec<String>,
    /// Why they could not.
    pub refused: Vec<FindingV1>,
}

impl TestReport {
    /// How many passed and failed. Each pack that could not be tested counts as one failure, however much is wrong in it.
    pub fn count(&self) -> (usize, usize) {
        let passed = self.outcomes.iter().filter(|o| o.passed).count();
        (passed, self.outcomes.len() - passed + self.untested.len())
    }
}

/// Runs the tests and claims of the named packs; of all when none is named.
pub fn run_tests(library: &Library, names: &[String]) -> TestReport {
    let mut report = TestReport::default();
    for pack in library.packs().iter().filter(|p| names.is_empty() || names.contains(p)) {
        let mut coverage = Coverage::new(pack);
        let mut settings = vec![];
        for region in std::iter::once(None).chain(library.regions().iter().map(|r| Some(r.as_str()))) {
            match Opened::new(library, pack, region) {
                Ok(opened) if is_apart(&opened) => settings.push(Setting::new(opened)),
                Ok(_) => {}
                Err(Refused { findings }) => {
                    report.refused.extend(findings);
                    report.untested.push(pack.clone());
                    settings.clear();
                    break;
                }
            }
        }
        for setting in &mut settings {
            setting.run(pack, &mut report.outcomes, &mut coverage);
            walks(pack, &setting.opened, &mut report.outcomes);
        }
        claims(pack, &settings, &mut report.outcomes);
        report.coverage.push(coverage.told());
    }
    report.refused.sort();
    report.refused.dedup();
    report
}

/// Runs the walks of the pack's workflow that are meant for a region.
fn walks(pack: &str, opened: &Opened, outcomes: &mut Vec<TestOutcome>) {
    let Some(course) = &opened.loaded.workflow else { return };
    let files = &opened.loaded.files;
    for walk in course.walks.iter().filter(|w| w.region == opened.region) {
        let misses = course.misses(walk, WorkCalendar::builtin());
        let place = files.show(walk.place);
        outcomes.push(TestOutcome {
            pack: pack.to_owned(),
            name: walk.walk.name.clone(),
            region: opened.region.clone(),
            on: walk.walk.lines.first().map_or_else(String::new, |l| l.on.to_string()),
            place: place.rsplit_once(':').map_or(place.clone(), |(at, _)| at.to_owned()),
            passed: misses.is_empty(),
            failures: misses.iter().map(|f| FindingV1::of_pack(files, f)).collect(),
            note: None,
        });
    }
}

/// Whether a region says something about the pack, or a test asks for it.
fn is_apart(opened: &Opened) -> bool {
    let overlay = opened.loaded.layers.last().is_some_and(|l| l.overlay);
    let walked = |c: &Course| c.walks.iter().any(|w| w.region == opened.region);
    let asked = || {
        opened.loaded.tests.iter().any(|t| t.region == opened.region)
            || opened.loaded.workflow.as_ref().is_some_and(walked)
    };
    opened.region.is_none() || overlay || asked()
}

/// A pack in one region with that region's tests.
struct Setting {
    opened: Arc<Opened>,
    /// The same with every variable a test or claim asks about among the outputs.
    wide: Arc<Opened>,
    tests: Vec<PackTest>,
    prepared: BTreeMap<Date, Result<Prepared, Refused>>,
    /// Households of the tests, for the claims.
    seeds: Vec<Draft>,
}

impl Setting {
    fn new(opened: Opened) -> Self {
        let tests: Vec<PackTest> =
            opened.loaded.tests.iter().filter(|t| t.region == opened.region).cloned().collect();
        let mut wide = opened.clone();
        let mut checked = (*opened.checked).clone();
        let claimed = checked.ruleset.claims.iter().map(|c| c.never_more);
        let asked: Vec<VariableId> = tests.iter().flat_map(asked).chain(claimed).collect();
        checked.ruleset.outputs.extend(asked);
        wide.checked = Arc::new(checked);
        Setting {
            opened: Arc::new(opened),
            wide: Arc::new(wide),
            tests,
            prepared: BTreeMap::new(),
            seeds: vec![],
        }
    }

    fn rules(&self) -> &Ruleset {
        &self.opened.checked.ruleset
    }

    fn prepare(&mut self, on: Date) -> Result<Prepared, Refused> {
        let (narrow, wide) = (&self.opened, &self.wide);
        let fixed = self.prepared.entry(on).or_insert_with(|| {
            let prepared = narrow.on(on)?;
            // A variable only a test asks about may need a figure that is not in force; then the test says so.
            match compile(&wide.checked, on) {
                Ok(program) => Ok(Prepared::of(Arc::clone(wide), program)),
                Err(_) => Ok(prepared),
            }
        });
        fixed.clone()
    }

    fn run(&mut self, pack: &str, outcomes: &mut Vec<TestOutcome>, coverage: &mut Coverage) {
        coverage.declare(&self.opened);
        for test in self.tests.clone() {
            let failures = match self.run_one(&test, coverage) {
                Ok(failures) => failures,
                Err(refused) => refused.findings,
            };
            let files = &self.opened.loaded.files;
            outcomes.push(TestOutcome {
                pack: pack.to_owned(),
                name: test.name.clone(),
                region: test.region.clone(),
                on: test.on.to_string(),
                place: format!("{}:{}", files.path(test.place.file).display(), test.place.line),
                passed: failures.is_empty(),
                failures,
                note: None,
            });
        }
    }

    fn run_one(&mut self, test: &PackTest, coverage: &mut Coverage) -> Result<Vec<FindingV1>, Refused> {
        let prepared = self.prepare(test.on)?;
        let files = &self.opened.loaded.files;
        let household = prepared.household(&test.household, files)?;
        let evaluated = prepared.evaluate(&household, files)?;
        self.seeds.push(Maker::new(&self.opened, test.on).given(&household));
        let decision = &self.rules().decision;
        let mut roots: Vec<VariableId> =
            [decision.eligible, decision.amount, decision.reason].into_iter().flatten().collect();
        roots.extend(&self.rules().outputs);
        roots.extend(asked(test));
        coverage.add(&self.opened, &prepared, &evaluated, &roots);
        Ok(expect::failures(&prepared, &household, &evaluated, test, files))
    }
}

/// The variables a test asks about.
fn asked(test: &PackTest) -> Vec<VariableId> {
    let of = |value: &Expected| match value {
        Expected::Value(v, _) | Expected::Each(v, _) => Some(*v),
        Expected::Missing(_) | Expected::Reason(_) => None,
    };
    test.expect.iter().filter_map(|e| of(&e.value)).collect()
}

/// Tries every claim of a pack in the region and on the date of its newest test of each region.
fn claims(pack: &str, settings: &[Setting], outcomes: &mut Vec<TestOutcome>) {
    let Some(first) = settings.first() else { return };
    for claim in &first.rules().claims {
        let mut told = first.outcome(pack, claim);
        let mut tried = 0;
        for setting in settings {
            let fixed = setting.prepared.iter().rev().find_map(|(on, p)| Some((on, p.as_ref().ok()?)));
            let Some((on, prepared)) = fixed else { continue };
            if prepared.program.value(claim.never_more).is_none() {
                continue;
            }
            let place = first.claim_place(claim);
            let found = try_claim(prepared, claim, &setting.seeds, place);
            tried += found.households;
            let region = setting.opened.region.as_deref().unwrap_or("-");
            let note = format!(
                "{region} {on}: {} households, the result moved in {}",
                found.households, found.moved
            );
            let before = told.note.take().map(|n| format!("{n}; ")).unwrap_or_default();
            told.note = Some(format!("{before}{note}"));
            told.failures.extend(found.counterexample);
        }
        if tried == 0 {
            let mut finding = first.claim_place(claim);
            finding.zh = "没有任何测试给出可用的地区和日期，无法检验这条声明：请先写一个测试".to_owned();
            finding.en = "no test gives a region and date whose rules hold, so this claim cannot be tried: write a test first".to_owned();
            told.failures.push(finding);
        }
        told.note = Some(format!("seed {SEED}; {}", told.note.unwrap_or_default()));
        told.passed = told.failures.is_empty();
        outcomes.push(told);
    }
}

impl Setting {
    fn claim_place(&self, claim: &Claim) -> FindingV1 {
        let path = self.opened.loaded.files.path(claim.place.file).to_string_lossy().into_owned();
        FindingV1 { line: claim.place.line, column: claim.place.column, ..FindingV1::general(path, "", "") }
    }

    fn outcome(&self, pack: &str, claim: &Claim) -> TestOutcome {
        let rules = self.rules();
        let (fact, variable) = (&rules.schema.facts[claim.more.0], &rules.variables[claim.never_more.0]);
        let path = |of: Option<anmin_rules::model::CollectionId>, name: &str| match of {
            Some(c) => format!("{}.{name}", rules.schema.collections[c.0].name),
            None => name.to_owned(),
        };
        let place = self.claim_place(claim);
        TestOutcome {
            pack: pack.to_owned(),
            name: format!(
                "more {}, never more {}",
                path(fact.of, &fact.name),
                path(variable.of, &variable.name)
            ),
            region: None,
            on: String::new(),
            place: format!("{}:{}", place.file, place.line),
            passed: true,
            failures: vec![],
            note: None,
        }
    }
}

/// A household of a pack's tests, ready to be decided.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Pack and test.
    pub name: String,
    /// The pack in the test's region, on its date.
    pub prepared: Prepared,
    /// The household.
    pub household: Household,
    /// The files places mean.
    pub files: Files,
}

/// The test household of a pack whose explanation is the longest; none if no test can be run.
pub fn sample(library: &Library, pack: &str) -> Option<Sample> {
    let mut longest: Option<(usize, Sample)> = None;
    for region in std::iter::once(None).chain(library.regions().iter().map(|r| Some(r.as_str()))) {
        let Ok(opened) = Opened::new(library, pack, region) else { continue };
        let opened = Arc::new(opened);
        for test in opened.loaded.tests.iter().filter(|t| t.region.as_deref() == region) {
            let Ok(prepared) = opened.on(test.on) else { continue };
            let files = opened.loaded.files.clone();
            let Ok(household) = prepared.household(&test.household, &files) else { continue };
            let Ok(notes) = prepared.evaluate(&household, &files).map(|e| e.explanation.notes.len()) else {
                continue;
            };
            if longest.as_ref().is_none_or(|(most, _)| notes > *most) {
                let name = format!("{pack}: {}", test.name);
                longest = Some((notes, Sample { name, prepared, household, files }));
            }
        }
    }
    longest.map(|(_, sample)| sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pack_that_could_not_be_tested_is_one_failure() {
        let wrong = |zh: &str| FindingV1::general("packs", zh, zh);
        let report = TestReport {
            untested: vec!["a".to_owned(), "b".to_owned()],
            refused: vec![wrong("x"), wrong("y"), wrong("z")],
            ..TestReport::default()
        };
        assert_eq!(report.count(), (0, 2));
    }
}
