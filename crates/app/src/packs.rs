//! Packs as their authors and officers work with them: checked, tested, cited, put into words, run over columns.
//!
//! Start with [`check`] and [`run_tests`].
mod asked;
mod check;
mod cite;
mod claims;
mod columns;
mod coverage;
mod dates;
mod draft;
mod expect;
mod names;
mod random;
mod show;
mod trials;

pub use anmin_pack::library::Library;
pub use anmin_pack::yaml::MAX_BYTES;
pub use check::{CheckReport, PackLineV1, RegionLineV1, check};
pub use cite::{CiteRowV1, CitedV1, cite};
pub use columns::{Columnar, Table, Values, read_household};
pub use coverage::CoverageV1;
pub use names::known;
pub use show::{CaseViewV1, FactViewV1, PackViewV1, ParameterViewV1, SwitchViewV1, VariableViewV1, show};
pub use trials::{Sample, TestOutcome, TestReport, run_tests, sample};
