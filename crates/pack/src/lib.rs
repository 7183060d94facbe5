//! Service packs: reads and checks folders of YAML, and household files; the only crate that knows YAML and CEL.
pub mod finding;
pub mod yaml;
