//! The messages are whole: the same in both languages, none missing, none for nothing, and pages say nothing else.
use super::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn keys(text: &str) -> BTreeSet<String> {
    let key = |line: &str| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        plain.then(|| key.to_owned())
    };
    text.lines().filter_map(key).collect()
}

/// Every file of the pages: templates and Rust.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.join("pages"), root.join("words")];
    let mut found = Vec::new();
    for file in ["page.rs", "pages.rs", "posted.rs", "words.rs"] {
        found.push(root.join(file));
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.retain(|path| !path.ends_with("words/tests.rs"));
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// What stands in quotes and could be a key: words with dashes between them.
fn quoted(text: &str) -> Vec<String> {
    let could = |word: &str| {
        let mut parts = word.split('-');
        let fit = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        word.contains('-') && word.starts_with(|c: char| c.is_ascii_lowercase()) && parts.all(fit)
    };
    text.split('"').skip(1).step_by(2).filter(|word| could(word)).map(str::to_owned).collect()
}

/// What a template does, without what it says: the insides of its braces.
fn doing(template: &str) -> String {
    let mut all = String::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        for part in template.split(open).skip(1) {
            all.push_str(part.split(close).next().unwrap_or_default());
            all.push('\n');
        }
    }
    all
}

/// Keys that are put together: how they begin.
const PUT_TOGETHER: &[&str] = &[
    "admin-deployment-about",
    "admin-gaps-about",
    "admin-jobs-about",
    "admin-journal-about",
    "admin-key-",
    "admin-keys-about",
    "admin-kin-about",
    "admin-logins-about",
    "admin-packs-about",
    "admin-places-about",
    "admin-post-end-about",
    "admin-post-refuse-about",
    "admin-post-renew-about",
    "admin-posts-about",
    "case-amount-",
    "case-from-",
    "case-role-",
    "case-source-",
    "date-month-",
    "demo-tour-",
    "done-",
    "money-about-",
    "money-account-",
    "money-decided-",
    "money-demo-",
    "money-do-",
    "money-hand-",
    "money-kind-",
    "money-level-",
    "money-list-",
    "money-mine-",
    "money-tour-",
    "money-unpaid-",
    "money-waits-",
];

/// Words with dashes that are no keys: values of headers and attributes.
const NO_KEYS: &[&str] = &["current-password", "new-password", "one-time-code", "same-origin"];

#[test]
fn both_languages_have_the_same_messages_and_all_can_be_read() {
    for (name, zh, en) in FILES {
        for text in [zh, en] {
            let read = FluentResource::try_new((*text).to_owned());
            assert!(read.is_ok(), "{name}: {:?}", read.err().map(|(_, errors)| errors));
        }
        assert_eq!(keys(zh), keys(en), "{name}");
        for key in keys(zh) {
            let whose = key.split('-').next().unwrap_or_default();
            assert!(whose == *name || ["date", "done"].contains(&whose), "{key} stands in {name}");
        }
    }
    let mut all = BTreeSet::new();
    for (_, zh, _) in FILES {
        for key in keys(zh) {
            assert!(all.insert(key.clone()), "{key} is there twice");
        }
    }
}

#[test]
fn every_message_is_said_and_nothing_else_is() {
    let known: BTreeSet<String> = FILES.iter().flat_map(|(_, zh, _)| keys(zh)).collect();
    let mut said = BTreeSet::new();
    for (path, text) in sources() {
        let rust = path.extension().is_some_and(|end| end == "rs");
        let own = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = |line: &&str| !line.trim_start().starts_with("//");
        let code = if rust { own.lines().filter(code).collect() } else { doing(&text) };
        for key in quoted(&code) {
            if NO_KEYS.contains(&key.as_str()) {
                continue;
            }
            assert!(known.contains(&key), "{}: there is no message {key}", path.display());
            said.insert(key);
        }
    }
    for key in &known {
        let together = PUT_TOGETHER.iter().any(|start| key.starts_with(start));
        assert!(together || said.contains(key), "nothing says {key}: remove it from the locales");
    }
}

#[test]
fn pages_hold_no_chinese() {
    let han =
        |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}');
    for (path, text) in sources() {
        let tests = path.to_string_lossy().contains("tests.rs");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let found = code.lines().find(|line| !line.trim_start().starts_with("//") && line.contains(han));
        assert!(
            tests || found.is_none(),
            "{}: {}; say it by a key of the locales",
            path.display(),
            found.unwrap_or("")
        );
    }
}

#[test]
fn values_stand_in_messages_without_marks() {
    let (zh, en) = (Words { lang: Lang::Zh }, Words { lang: Lang::En });
    assert_eq!(zh.day("2026-09-01"), "2026年9月1日");
    assert_eq!(en.day("2026-09-01"), "1 September 2026");
    assert_eq!(en.day("soon"), "soon");
    assert_eq!(en.text("parts-clock-left").arg("days", 1).to_string(), "1 day left");
    assert_eq!(en.text("parts-clock-left").arg("days", 12).to_string(), "12 days left");
    assert_eq!(zh.text("parts-clock-left").arg("days", 12).to_string(), "剩 12 天");
}
