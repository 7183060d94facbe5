//! The repository's files as text, and what of a Rust file is code, comment or test.
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file: its path from the repository's root, with `/`, and its content.
pub struct Source {
    pub path: String,
    pub text: String,
}

/// The repository's root. Asked at run time: a binary built in another clone must look at this one.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("../..").canonicalize().expect("the repository's root exists")
}

/// Every text file that is tracked, or would be if it were added. Without git: every file but build products.
pub fn tree() -> Vec<Source> {
    let root = root();
    let paths = tracked(&root).unwrap_or_else(|| walk(&root));
    assert!(paths.iter().any(|path| path == "Cargo.toml"), "no Cargo.toml among the files");
    let read = |path: String| {
        // A file can be deleted or not be text; neither has lines to judge.
        let text = std::fs::read_to_string(root.join(&path)).ok()?;
        Some(Source { path, text })
    };
    paths.into_iter().filter_map(read).collect()
}

fn tracked(root: &Path) -> Option<Vec<String>> {
    let listing = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .ok()?;
    let listing = String::from_utf8(listing.stdout).ok().filter(|_| listing.status.success())?;
    let mut paths: Vec<String> =
        listing.split('\0').filter(|path| !path.is_empty()).map(String::from).collect();
    paths.sort();
    paths.dedup();
    (!paths.is_empty()).then_some(paths)
}

/// Folders of what is made and not kept.
const UNTRACKED: &[&str] = &[".git", "target", "node_modules", "dist", "shots"];

fn walk(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("a folder of the repository can be read");
        for entry in entries.filter_map(Result::ok) {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if !UNTRACKED.iter().any(|folder| name == *folder) {
                    folders.push(path);
                }
            } else if let Ok(path) = path.strip_prefix(root) {
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

impl Source {
    pub fn new(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The crate a file of `crates/<crate>/src/` belongs to; none for tests, benches and everything else.
    pub fn crate_of_src(&self) -> Option<&str> {
        let (name, rest) = self.path.strip_prefix("crates/")?.split_once('/')?;
        rest.starts_with("src/").then_some(name)
    }

    /// The lines with their numbers, from 1.
    pub fn lines(&self) -> Vec<(usize, &str)> {
        self.text.lines().enumerate().map(|(i, line)| (i + 1, line)).collect()
    }

    /// The lines without comments and without what is inside strings, with their numbers.
    pub fn code_lines(&self) -> Vec<(usize, String)> {
        let code = code_only(&self.text);
        code.lines().enumerate().map(|(i, line)| (i + 1, line.to_string())).collect()
    }

    /// Whether each line (from 0) is test code: inside an item under `#[cfg(test)]`, or in a file of tests.
    pub fn test_lines(&self) -> Vec<bool> {
        let code: Vec<char> = code_only(&self.text).chars().collect();
        let whole = self.path.ends_with("/tests.rs") || self.path.contains("/tests/");
        let mut marks = vec![whole; self.text.lines().count()];
        let attribute: Vec<char> = "#[cfg(test)]".chars().collect();
        let (mut i, mut line) = (0, 0);
        while i < code.len() {
            if code[i..].starts_with(&attribute) {
                let end = end_of_item(&code, i + attribute.len());
                let last = line + code[i..end].iter().filter(|&&c| c == '\n').count();
                marks[line..=last].fill(true);
                (i, line) = (end, last);
            } else {
                line += usize::from(code[i] == '\n');
                i += 1;
            }
        }
        marks
    }
}

/// Where the item that begins at `from` ends: after its closing brace, or its semicolon.
fn end_of_item(code: &[char], from: usize) -> usize {
    let mut depth = 0;
    for (i, &c) in code.iter().enumerate().skip(from) {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 && (c == '}' || c == ';') {
            return i + 1;
        }
    }
    code.len()
}

/// The text with comments and the inside of strings and characters replaced by spaces; lines keep their places.
fn code_only(text: &str) -> String {
    let c: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < c.len() {
        let end = end_of_hidden(&c, i);
        if end == i {
            out.push(c[i]);
            i += 1;
        } else {
            out.extend(c[i..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            i = end;
        }
    }
    out
}

/// Where the comment, string or character that begins at `i` ends; `i` itself when none begins there.
fn end_of_hidden(c: &[char], i: usize) -> usize {
    let at = |n: usize| c.get(n).copied().unwrap_or('\0');
    let after = |from: usize, what: &[char]| {
        (from..c.len()).find(|&n| c[n..].starts_with(what)).map_or(c.len(), |n| n + what.len())
    };
    match (at(i), at(i + 1)) {
        ('/', '/') => after(i, &['\n']) - usize::from(c[i..].contains(&'\n')),
        ('/', '*') => {
            let (mut depth, mut n) = (1, i + 2);
            while depth > 0 && n < c.len() {
                match (at(n), at(n + 1)) {
                    ('/', '*') => (depth, n) = (depth + 1, n + 2),
                    ('*', '/') => (depth, n) = (depth - 1, n + 2),
                    _ => n += 1,
                }
            }
            n
        }
        ('r', '"' | '#') if i == 0 || !in_word(c[i - 1]) || is_prefix(c, i) => {
            let hashes = c[i + 1..].iter().take_while(|&&c| c == '#').count();
            if at(i + 1 + hashes) != '"' {
                return i;
            }
            let mut close = vec!['"'];
            close.resize(hashes + 1, '#');
            after(i + 2 + hashes, &close)
        }
        ('"', _) => end_of_quoted(c, i, '"'),
        ('\'', '\\') => end_of_quoted(c, i, '\''),
        ('\'', _) if at(i + 2) == '\'' => i + 3,
        _ => i,
    }
}

/// Whether the `r` at `i` follows the `b` or `c` of a raw byte or C string.
fn is_prefix(c: &[char], i: usize) -> bool {
    matches!(c[i - 1], 'b' | 'c') && (i == 1 || !in_word(c[i - 2]))
}

fn end_of_quoted(c: &[char], from: usize, quote: char) -> usize {
    let mut n = from + 1;
    while n < c.len() && c[n] != quote {
        n += if c[n] == '\\' { 2 } else { 1 };
    }
    (n + 1).min(c.len())
}

/// Whether `word` stands in `line` by itself, not as a part of a longer name.
pub fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let free = |edge: Option<char>, neighbour: Option<char>| {
            !(edge.is_some_and(in_word) && neighbour.is_some_and(in_word))
        };
        free(word.chars().next(), before) && free(word.chars().next_back(), after)
    })
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn comments_strings_and_characters_are_not_code() {
    let text = "let a = \"x\\\" // y\"; // z\nlet b = r#\"w\" {\"#; /* u /* v */ t */ let c = 'q'; let d: &'s str;\n";
    let code = code_only(text);
    for hidden in ["x", "y", "z", "w", "u", "v", "q", "/"] {
        assert!(!code.contains(hidden), "{hidden} is still in {code}");
    }
    assert!(code.contains("let c =") && code.contains("&'s str;") && !code.contains(" t "));
    assert_eq!(code.lines().count(), 2);
}

#[test]
fn test_modules_are_told_from_the_rest() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    const B: &str = \"}\";\n}\nfn c() {}\n";
    let marks = Source::new("crates/rules/src/a.rs", text).test_lines();
    assert_eq!(marks, [false, true, true, true, true, false]);
    let text = "#[cfg(test)]\nmod tests;\nfn c() {}";
    assert_eq!(Source::new("crates/rules/src/a.rs", text).test_lines(), [true, true, false]);
}

#[test]
fn the_walk_without_git_finds_the_same_sources() {
    let root = root();
    let walked = walk(&root);
    for path in tree().iter().map(|source| &source.path).filter(|path| path.starts_with("crates/")) {
        assert!(walked.contains(path), "{path} is tracked but the walk misses it");
    }
}
