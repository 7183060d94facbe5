//! What is wrong in a pack or a household file: file, line, column, a sentence in both languages.
use anmin_rules::model::Place;
use std::path::{Path, PathBuf};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The pack or file is refused.
    Error,
    /// It is used, but somebody should look.
    Warning,
}

/// Something wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// How grave.
    pub severity: Severity,
    /// What is wrong, what is allowed, the nearest name; in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Finding {
    /// An error.
    pub fn error(place: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Finding { place, severity: Severity::Error, zh: zh.into(), en: en.into() }
    }
    /// A warning.
    pub fn warning(place: Place, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Finding { place, severity: Severity::Warning, zh: zh.into(), en: en.into() }
    }
    /// The last of many: how many more were found.
    pub(crate) fn more(place: Place, more: usize) -> Self {
        Finding::error(place, format!("……还有 {more} 处错误"), format!("... and {more} more"))
    }
    /// The same with one more sentence, if there is one.
    pub(crate) fn and(mut self, sentence: Option<(String, String)>) -> Self {
        if let Some((zh, en)) = sentence {
            self.zh.push_str(&format!("。{zh}"));
            self.en.push_str(&format!("; {en}"));
        }
        self
    }
    /// A name that is not among the known ones: the nearest, and all of them. `what` says what kind of name, as in
    /// `("键", "key")`.
    pub fn unknown(place: Place, what: (&str, &str), name: &str, known: &[&str]) -> Self {
        let shown = excerpt(name);
        let (near_zh, near_en) = did_you_mean(name, known.iter().copied());
        let (zh, en) = match known {
            [] => ("；此处没有可用的名称".to_owned(), "; there are none here".to_owned()),
            _ => (format!("。可用：{}", known.join("、")), format!(". Allowed: {}", known.join(", "))),
        };
        let (what_zh, what_en) = what;
        Finding::error(
            place,
            format!("没有名为 {shown} 的{what_zh}{near_zh}{zh}"),
            format!("there is no {what_en} {shown}{near_en}{en}"),
        )
    }
}

/// The files that have been read; a [`Place`]'s `file` is an index here.
#[derive(Clone, Debug, Default)]
pub struct Files {
    paths: Vec<PathBuf>,
}

impl Files {
    /// Adds a file and gives its number. Paths are kept relative to the library's root, so that messages and hashes are the same on every machine.
    pub fn add(&mut self, path: impl Into<PathBuf>) -> u32 {
        self.paths.push(path.into());
        (self.paths.len() - 1) as u32
    }
    /// The path of a file.
    pub fn path(&self, file: u32) -> &Path {
        self.paths.get(file as usize).map_or(Path::new("?"), PathBuf::as_path)
    }
    /// `path:line:column`, as editors and terminals understand it.
    pub fn show(&self, place: Place) -> String {
        format!("{}:{}:{}", self.path(place.file).display(), place.line, place.column)
    }
}

/// Text fit to be quoted in a sentence: at most 40 characters, and nothing that could move the cursor or turn the
/// direction of writing.
pub fn excerpt(text: &str) -> String {
    const MOST: usize = 40;
    let mut shown = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == MOST {
            shown.push('…');
            break;
        }
        if is_plain(c) { shown.push(c) } else { shown.extend(c.escape_unicode()) }
    }
    shown
}

/// Whether a character shows as itself: no control character, no mark that changes the direction of writing or hides.
pub(crate) fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `，是不是 x` and `; did you mean x`, or nothing when no name is near.
pub(crate) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> (String, String) {
    match anmin_rules::finding::nearest(name, known) {
        Some(near) => (format!("，是不是 {near}"), format!("; did you mean {near}")),
        None => (String::new(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_shows_hidden_marks() {
        assert_eq!(excerpt("工资"), "工资");
        assert_eq!(excerpt("a\u{202e}b\n"), "a\\u{202e}b\\u{a}");
        assert_eq!(excerpt(&"x".repeat(100)).chars().count(), 41);
    }
}
