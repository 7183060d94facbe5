//! Runs the built program, on the repository or on a copy of it that a test damages.
use crate::tidy::source::root;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs};

/// What a run printed and how it ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs the program with packs and regions of `root`, and `input` as standard input.
pub fn run_in(root: &Path, args: &[&str], input: &[u8]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anmin"));
    command.arg("--root").arg(root).args(args).current_dir(root);
    run(command, input)
}

/// Runs the program on the repository.
pub fn run_here(args: &[&str]) -> Run {
    run_in(&root(), args, b"")
}

/// Runs a command to its end.
pub fn run(mut command: Command, input: &[u8]) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let input = input.to_vec();
    // The program may refuse before it has read everything.
    let feed = std::thread::spawn(move || stdin.write_all(&input).is_ok());
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    feed.join().expect("the input is fed");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program prints UTF-8");
    Run { code: status.code(), out: text(stdout), err: text(stderr) }
}

impl Run {
    /// Asserts that the input was refused, with a line that begins with `place` and has every one of `words`.
    #[track_caller]
    pub fn refuses(&self, place: &str, words: &[&str]) {
        assert_eq!(self.code, Some(2), "{self:?}");
        assert!(!self.err.contains("panicked"), "{}", self.err);
        let names = |line: &str| line.starts_with(place) && words.iter().all(|w| line.contains(w));
        assert!(self.err.lines().any(names), "no line begins with {place} and has {words:?}:\n{}", self.err);
    }
}

/// A folder of this test, removed when it ends.
pub struct Folder(PathBuf);

/// What makes the folders of one run differ.
static NEXT: AtomicUsize = AtomicUsize::new(0);

impl Folder {
    /// An empty one.
    pub fn new() -> Folder {
        Folder::under(Path::new(env!("CARGO_TARGET_TMPDIR")), NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// An empty one that another user can reach, whoever may enter the folder of what is built.
    pub fn open_to_others() -> Folder {
        Folder::under(&std::env::temp_dir(), NEXT.fetch_add(1, Ordering::Relaxed))
    }

    fn under(above: &Path, n: usize) -> Folder {
        let path = above.join(format!("anmin-{}-{n}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder for the test");
        Folder(path)
    }

    /// One with a copy of packs/ and regions/.
    pub fn with_packs() -> Folder {
        let folder = Folder::new();
        for part in ["packs", "regions"] {
            copy(&root().join(part), &folder.0.join(part));
        }
        folder
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Adds lines after the one that is `after` in a file; gives the number of the first one added.
    #[track_caller]
    pub fn add(&self, file: &str, after: &str, added: &str) -> usize {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        let at = text
            .lines()
            .position(|line| line == after)
            .unwrap_or_else(|| panic!("{file} has no line {after:?}"));
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(at + 1, added);
        fs::write(path, lines.join("\n") + "\n").expect("the file can be written");
        at + 2
    }

    /// Replaces a text in a file.
    #[track_caller]
    pub fn replace(&self, file: &str, from: &str, to: &str) {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(from), "{file} has no {from:?}");
        fs::write(path, text.replacen(from, to, 1)).expect("the file can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed stays in the target folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder for the copy");
    for entry in fs::read_dir(from).expect("a folder to copy").map(|e| e.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file is copied");
        }
    }
}
