//! The decision hash: which files decide, as one SHA-256.
//!
//! Covered, as bytes: `facts.yaml`, `parameters.yaml`, `rules.yaml` and `benefit.yaml` of every imported
//! shared pack and of the pack itself; `region.yaml` of every region in the chain; `parameters.yaml`, `rules.yaml` and
//! `benefit.yaml` of their overlays for the pack. A file that is absent is not in the list. Not covered,
//! since they do not change what a household's facts give on a date: `service.yaml` (a decision pins its
//! rule date by itself), tests, README, form, workflow, monitor, dossier, letters, funds and the bank's file. The workflow
//! and the letters have hashes of their own in the same form ([`crate::workflow::Course`]).
//!
//! The hash is taken over one line a file, sorted by path: `path`, a NUL, the file's SHA-256 in
//! hexadecimal, a line feed. Paths are relative to the library's root, with `/`.
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};

/// The SHA-256 of everything that decides, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecisionHash(String);

impl DecisionHash {
    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash of files given as path and SHA-256 of their bytes, in any order.
    pub(crate) fn of(mut files: Vec<(String, String)>) -> Self {
        files.sort();
        let mut list = String::new();
        for (path, sha256) in &files {
            let _ = writeln!(list, "{path}\0{sha256}");
        }
        DecisionHash(hexadecimal_sha256(list.as_bytes()))
    }
}

impl fmt::Display for DecisionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SHA-256 of bytes, in hexadecimal.
pub(crate) fn hexadecimal_sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_files_does_not_matter_but_their_paths_and_bytes_do() {
        let file = |path: &str, bytes: &str| (path.to_owned(), hexadecimal_sha256(bytes.as_bytes()));
        let first = DecisionHash::of(vec![file("a", "1"), file("b", "2")]);
        assert_eq!(first, DecisionHash::of(vec![file("b", "2"), file("a", "1")]));
        assert_ne!(first, DecisionHash::of(vec![file("a", "2"), file("b", "1")]));
        assert_ne!(first, DecisionHash::of(vec![file("a", "1"), file("c", "2")]));
        assert_eq!(
            hexadecimal_sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
