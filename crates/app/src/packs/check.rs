//! Checks packs in every region that says something about them, on every date on which something changes.
use super::dates;
use crate::record::{FindingV1, SeverityV1, TextV1};
use anmin_base::calendar::WorkCalendar;
use anmin_base::date::Date;
use anmin_pack::cite;
use anmin_pack::library::{Library, Loaded, stale_figures};
use anmin_rules::check::{Checked, check as check_rules};
use anmin_rules::model::{Figure, LayerId, ParameterValue, Place, Ruleset};
use anmin_rules::program::{FIRST_DAY, compile};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// What a check found.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct CheckReport {
    /// One a pack, by name.
    pub packs: Vec<PackLineV1>,
    /// Everything found, by place; each once.
    pub findings: Vec<FindingV1>,
}

impl CheckReport {
    /// Whether any finding is an error.
    pub fn failed(&self) -> bool {
        self.findings.iter().any(|f| f.severity == SeverityV1::Error)
    }
}

/// A pack in short.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PackLineV1 {
    /// Its name.
    pub name: String,
    /// What the service is called.
    pub title: TextV1,
    /// The hash of what decides, without any region.
    pub decision_hash: String,
    /// How many facts.
    pub facts: usize,
    /// How many variables.
    pub variables: usize,
    /// How many parameters.
    pub parameters: usize,
    /// How many tests, its own and the regions'.
    pub tests: usize,
    /// The regions that say something about it.
    pub regions: Vec<RegionLineV1>,
}

/// A pack in a region in short.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RegionLineV1 {
    /// Code.
    pub code: String,
    /// Name.
    pub label: TextV1,
    /// The hash of what decides there.
    pub decision_hash: String,
    /// Dates on which something changes there, all of which were checked.
    pub dates: usize,
}

/// Checks the named packs; all when none is named. With a region, in that region only.
pub fn check(library: &Library, names: &[String], region: Option<&str>, today: Date) -> CheckReport {
    let mut report = CheckReport { packs: vec![], findings: strays(library, names, region) };
    for name in library.packs().iter().filter(|p| names.is_empty() || names.contains(p)) {
        let mut one = PackCheck { today, findings: vec![], loads: vec![], only: region.map(str::to_owned) };
        one.load(library, name);
        report.packs.extend(one.check());
        report.findings.append(&mut one.findings);
    }
    report.findings.sort();
    report.findings.dedup();
    report
}

/// What is no pack, unless packs were named; and no region, unless one was.
fn strays(library: &Library, names: &[String], region: Option<&str>) -> Vec<FindingV1> {
    let strays = library.strays();
    let told = strays.findings.iter().map(|f| FindingV1::of_pack(&strays.files, f));
    let asked = |f: &FindingV1| match f.file.starts_with("packs/") {
        true => names.is_empty(),
        false => region.is_none(),
    };
    told.filter(asked).collect()
}

struct PackCheck {
    today: Date,
    findings: Vec<FindingV1>,
    loads: Vec<(Option<String>, Loaded)>,
    only: Option<String>,
}

impl PackCheck {
    /// Reads the pack alone and in every region; what is wrong elsewhere than where it was asked for is not told.
    fn load(&mut self, library: &Library, name: &str) {
        let only = self.only.clone();
        let only = only.as_deref();
        let regions = library.regions().iter().map(|r| Some(r.as_str()));
        for region in std::iter::once(None).chain(regions) {
            match library.load(name, region) {
                Ok(loaded)
                    if region.is_none()
                        || region == only
                        || loaded.layers.last().is_some_and(|l| l.overlay) =>
                {
                    self.loads.push((region.map(str::to_owned), loaded));
                }
                Ok(_) => {}
                Err(_) if !self.asked(region) => {}
                Err(failure) => {
                    let told = failure.findings.iter().map(|f| FindingV1::of_pack(&failure.files, f));
                    self.findings.extend(told);
                }
            }
        }
    }

    /// Whether findings of a region were asked for; those of the pack alone always are.
    fn asked(&self, region: Option<&str>) -> bool {
        self.only.is_none() || region.is_none() || region == self.only.as_deref()
    }

    fn check(&mut self) -> Option<PackLineV1> {
        let loads = std::mem::take(&mut self.loads);
        self.untested(&loads);
        let mut line = None;
        for (region, loaded) in &loads {
            if !self.asked(region.as_deref()) {
                continue;
            }
            let stale = stale_figures(loaded, self.today);
            let warnings = loaded.warnings.iter().chain(&stale);
            self.findings.extend(warnings.map(|f| FindingV1::of_pack(&loaded.files, f)));
            if let Some(course) = &loaded.workflow {
                let unfilled = course.letters_walked(region.as_deref(), WorkCalendar::builtin());
                self.findings.extend(unfilled.iter().map(|f| FindingV1::of_pack(&loaded.files, f)));
            }
            // Where narrower regions say more, a figure may be left to them.
            let widened = |l: &Loaded| match region {
                None => true,
                Some(code) => l.layers.iter().skip(1).rev().skip(1).any(|l| l.code == *code),
            };
            let leaves = loads.iter().any(|(r, l)| r != region && widened(l));
            let checked = self.rules(loaded, leaves);
            let dates = checked.map_or(0, |checked| self.compile(loaded, &checked, region.as_deref()));
            match (region, &mut line) {
                (None, _) => line = Some(pack_line(loaded)),
                (Some(code), Some(line)) => {
                    line.tests += tests_of(code, loaded);
                    line.regions.push(region_line(code, loaded, dates));
                }
                (Some(_), None) => {}
            }
        }
        line
    }

    fn rules(&mut self, loaded: &Loaded, leaves: bool) -> Option<Arc<Checked>> {
        let mut ruleset = loaded.ruleset.clone();
        if leaves {
            stand_in(&mut ruleset);
        }
        match check_rules(ruleset) {
            Ok(checked) => {
                self.findings.extend(super::asked::unasked(loaded, &checked));
                Some(checked)
            }
            Err(found) => {
                self.findings.extend(found.iter().map(|f| FindingV1::of_rules(&loaded.files, f)));
                None
            }
        }
    }

    /// Compiles on every date on which something changes, and on today; gives their number.
    fn compile(&mut self, loaded: &Loaded, checked: &Arc<Checked>, region: Option<&str>) -> usize {
        let dates = dates::breakpoints(loaded, self.today);
        let mut gaps: BTreeMap<(Place, Option<u32>), FindingV1> = BTreeMap::new();
        for on in &dates {
            for found in compile(checked, *on).err().unwrap_or_default() {
                let mut told = FindingV1::of_rules(&loaded.files, &found);
                if *on < self.today && before_the_first(&checked.ruleset, found.place, *on) {
                    told.severity = SeverityV1::Warning;
                }
                if let Some(code) = region {
                    told.zh = format!("在地区 {code}：{}", told.zh);
                    told.en = format!("in region {code}: {}", told.en);
                }
                let at = (found.place, found.span.map(|s| s.start));
                match gaps.get(&at) {
                    Some(earlier) if earlier.severity <= told.severity => {}
                    _ => {
                        gaps.insert(at, told);
                    }
                }
            }
        }
        self.findings.extend(gaps.into_values());
        dates.len()
    }

    /// Articles that rules rest on and no test cites, in any region.
    fn untested(&mut self, loads: &[(Option<String>, Loaded)]) {
        let mut rows: BTreeMap<(String, String), Option<FindingV1>> = BTreeMap::new();
        for (_, loaded) in loads {
            for row in cite::cite(loaded) {
                let key = (row.document.clone(), row.article.clone());
                if !row.untested() {
                    rows.insert(key, None);
                    continue;
                }
                let Some(rule) = row.rules.first() else { continue };
                let finding = anmin_pack::finding::Finding::warning(
                    rule.place,
                    format!("{} {} 有规则，没有测试引用它：请在 tests/ 写一个", row.document, row.article),
                    format!(
                        "rules rest on {} {} and no test cites it: write one in tests/",
                        row.document, row.article
                    ),
                );
                rows.entry(key).or_insert_with(|| Some(FindingV1::of_pack(&loaded.files, &finding)));
            }
        }
        self.findings.extend(rows.into_values().flatten());
    }
}

fn pack_line(loaded: &Loaded) -> PackLineV1 {
    PackLineV1 {
        name: loaded.name.clone(),
        title: TextV1::from(&loaded.service.name),
        decision_hash: loaded.hash.as_str().to_owned(),
        facts: loaded.ruleset.schema.facts.len(),
        variables: loaded.ruleset.variables.len(),
        parameters: loaded.ruleset.parameters.len(),
        tests: loaded.tests.len(),
        regions: vec![],
    }
}

/// How many tests a region's own folder has; the pack's own are counted with the pack, whatever region they name.
fn tests_of(code: &str, loaded: &Loaded) -> usize {
    let folder = Path::new("regions").join(code);
    loaded.tests.iter().filter(|t| loaded.files.path(t.place.file).starts_with(&folder)).count()
}

fn region_line(code: &str, loaded: &Loaded, dates: usize) -> RegionLineV1 {
    RegionLineV1 {
        code: code.to_owned(),
        label: loaded.layers.last().map(|l| TextV1::from(&l.label)).unwrap_or_default(),
        decision_hash: loaded.hash.as_str().to_owned(),
        dates,
    }
}

/// Puts the least declared value where a pack leaves a figure to regions, so that everything else can be checked.
pub(super) fn stand_in(ruleset: &mut Ruleset) -> Vec<usize> {
    let mut stood = vec![];
    for (n, parameter) in ruleset.parameters.iter_mut().enumerate().filter(|(_, p)| p.values.is_empty()) {
        stood.push(n);
        parameter.values.push(ParameterValue {
            layer: LayerId::default(),
            from: FIRST_DAY,
            to: None,
            value: Figure::Same(parameter.range.0),
            law: vec![],
            published: None,
            checked_on: None,
            unverified: false,
            place: parameter.place,
        });
    }
    stood
}

/// Whether the figure or variable declared at a place has its first value after the date: history not written down,
/// rather than a hole in it.
fn before_the_first(ruleset: &Ruleset, place: Place, on: Date) -> bool {
    let first = |dates: &mut dyn Iterator<Item = Date>| dates.min().is_some_and(|first| on < first);
    let mut figure = ruleset.parameters.iter().filter(|p| p.place == place && !p.values.is_empty());
    let mut variable = ruleset.variables.iter().filter(|v| v.place == place);
    figure.any(|p| first(&mut p.values.iter().map(|v| v.from)))
        || variable.any(|v| first(&mut v.versions.iter().map(|v| v.from)))
}
