//! `anmin pack test`: the packs' own tests and claims.
use super::arguments::Packs;
use crate::edge::{End, Stopped, json, print};
use crate::tell::{Language, finding};
use anmin_app::packs::{CoverageV1, TestOutcome, TestReport, run_tests};
use clap::Args;
use std::path::Path;

const MORE: &str = "\
Examples:
  anmin pack test
  anmin pack test NAME --lang en
  anmin pack test NAME --verbose

Each test in packs/*/tests and regions/*/*/tests is a household, a date and what must come out. Each claim of a pack (more of a fact, never more of
a variable) is tried on made-up households from a fixed seed. The cases no test goes through are listed as warnings.
The last line is `N passed, N failed`. Exit code 1 if a test failed, 2 if a pack cannot be read.
运行服务包自带的测试；最后一行是通过和失败的个数。";

/// Run the packs' own tests and try their claims
#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub struct Test {
    #[command(flatten)]
    packs: Packs,
    /// Also name the tests that passed (列出通过的测试)
    #[arg(long, short)]
    verbose: bool,
}

impl Test {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let library = self.packs.library(root, None)?;
        let report = run_tests(&library, &self.packs.names);
        print(&if self.packs.answer.json { json(&report) } else { self.page(&report) });
        Ok(match (report.refused.is_empty(), report.count()) {
            (false, _) => End::Wrong,
            (true, (_, 0)) => End::Done,
            (true, _) => End::Failed,
        })
    }

    fn lang(&self) -> Language {
        self.packs.answer.lang
    }

    fn page(&self, report: &TestReport) -> String {
        let mut out = String::new();
        for found in &report.refused {
            out.push_str(&format!("{}\n", finding(found, self.lang())));
        }
        for outcome in &report.outcomes {
            if self.verbose || !outcome.passed || outcome.note.is_some() {
                out.push_str(&self.outcome(outcome));
            }
        }
        for coverage in &report.coverage {
            out.push_str(&self.coverage(coverage));
        }
        let (passed, failed) = report.count();
        out.push_str(&format!("{passed} passed, {failed} failed\n"));
        out
    }

    fn outcome(&self, outcome: &TestOutcome) -> String {
        let passed = if outcome.passed {
            self.lang().pick("通过", "passed")
        } else {
            self.lang().pick("失败", "FAILED")
        };
        let region = outcome.region.as_deref().map(|r| format!(" {r}")).unwrap_or_default();
        let note = outcome.note.as_deref().map(|n| self.lang().bracketed(n)).unwrap_or_default();
        let mut out =
            format!("{passed} {}{region} {}: {}{note}\n", outcome.pack, outcome.place, outcome.name);
        for failure in &outcome.failures {
            out.push_str(&format!("  {}\n", finding(failure, self.lang())));
        }
        out
    }

    fn coverage(&self, coverage: &CoverageV1) -> String {
        let CoverageV1 { pack, cases, exercised, variables, never } = coverage;
        let mut out = match self.lang() {
            Language::Zh => format!("{pack}：测试走到 {cases} 条中的 {exercised} 条\n"),
            Language::En => format!("{pack}: tests go through {exercised} of {cases} cases\n"),
        };
        for (path, some, all) in variables {
            out.push_str(&format!("  {path} {some}/{all}\n"));
        }
        for found in never {
            out.push_str(&format!("  {}\n", finding(found, self.lang())));
        }
        out
    }
}
