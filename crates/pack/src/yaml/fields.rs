//! A map whose keys are known beforehand.
use super::{Key, MAX_FINDINGS, Node, keyboard};
use crate::finding::Finding;
use crate::value::without_leading_zeros;
use anmin_rules::model::{Label, Place};

/// The entries of a map, read by key. Whatever is wrong is added to the list of findings that every call is handed,
/// and the reading goes on.
///
/// ```
/// # use anmin_pack::yaml::{self, Fields};
/// let node = yaml::read(0, b"{type: money, zh: a, en: b}").unwrap();
/// let mut out = vec![];
/// let fields = Fields::of(&node, &["type", "per", "zh", "en"], &mut out);
/// assert_eq!(fields.required_text("type", &mut out), Some("money"));
/// assert_eq!(fields.text("per", &mut out), None); // absent, or reported
/// assert_eq!(fields.label(&mut out).en, "b"); // `zh` and `en` are both required
/// assert!(out.is_empty());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Fields<'n> {
    place: Place,
    entries: &'n [(Key, Node)],
    /// Not a map: already reported, so missing keys are not.
    broken: bool,
}

impl<'n> Fields<'n> {
    /// Opens a map and reports every key that is not in `allowed`.
    pub fn of(node: &'n Node, allowed: &[&str], out: &mut Vec<Finding>) -> Self {
        let fields = Self::open(node, out);
        let unknown = fields.entries.iter().filter(|(key, _)| !allowed.contains(&key.text.as_str()));
        if let Some((key, _)) = unknown.clone().nth(MAX_FINDINGS) {
            let more = unknown.clone().count() - MAX_FINDINGS;
            out.push(Finding::more(key.place, more));
        }
        for (key, node) in unknown.take(MAX_FINDINGS) {
            let finding = Finding::unknown(key.place, ("键", "key"), &key.text, allowed);
            out.push(finding.and(key_slip(key, node)));
        }
        fields
    }

    /// Opens a map of names the file chooses itself.
    pub fn open(node: &'n Node, out: &mut Vec<Finding>) -> Self {
        match node.as_map() {
            Ok(entries) => Fields { place: node.place, entries, broken: false },
            Err(finding) => {
                out.push(finding);
                Fields { place: node.place, entries: &[], broken: true }
            }
        }
    }

    /// Where the map begins.
    pub fn place(&self) -> Place {
        self.place
    }

    /// All entries in the order written.
    pub fn entries(&self) -> &'n [(Key, Node)] {
        self.entries
    }

    /// Whether the key is given, even as null.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|(_, node)| node)
    }

    /// The key as written, with its place, and its value.
    pub fn entry(&self, key: &str) -> Option<&'n (Key, Node)> {
        self.entries.iter().find(|(k, _)| k.text == key)
    }

    /// The value under a key that must be given and not null.
    pub fn required(&self, key: &str, out: &mut Vec<Finding>) -> Option<&'n Node> {
        match self.entry(key) {
            Some((at, node)) if node.is_null() => {
                out.push(Finding::error(at.place, format!("{key} 的值为空"), format!("{key} has no value")));
                None
            }
            Some((_, node)) => Some(node),
            None => {
                if !self.broken {
                    out.push(Finding::error(self.place, format!("缺少 {key}"), format!("{key} is missing")));
                }
                None
            }
        }
    }

    /// The text under a key, if given.
    pub fn text(&self, key: &str, out: &mut Vec<Finding>) -> Option<&'n str> {
        self.has(key).then(|| self.required_text(key, out)).flatten()
    }

    /// The text under a key that must be given.
    pub fn required_text(&self, key: &str, out: &mut Vec<Finding>) -> Option<&'n str> {
        let node = self.required(key, out)?;
        kept(node.as_text(), out)
    }

    /// The texts under a key: one value, or a list of them. Empty when absent.
    pub fn texts(&self, key: &str, out: &mut Vec<Finding>) -> Vec<(&'n str, Place)> {
        let Some(node) = self.has(key).then(|| self.required(key, out)).flatten() else {
            return vec![];
        };
        let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
        nodes.iter().filter_map(|n| Some((kept(n.as_text(), out)?, n.place))).collect()
    }

    /// The list under a key, if given.
    pub fn list(&self, key: &str, out: &mut Vec<Finding>) -> Option<&'n [Node]> {
        let node = self.has(key).then(|| self.required(key, out)).flatten()?;
        kept(node.as_list(), out)
    }

    /// The list under a key that must be given.
    pub fn required_list(&self, key: &str, out: &mut Vec<Finding>) -> Option<&'n [Node]> {
        let node = self.required(key, out)?;
        kept(node.as_list(), out)
    }

    /// The map under a key, opened with its own allowed keys, if given.
    pub fn map(&self, key: &str, allowed: &[&str], out: &mut Vec<Finding>) -> Option<Fields<'n>> {
        let node = self.has(key).then(|| self.required(key, out)).flatten()?;
        Some(Fields::of(node, allowed, out))
    }

    /// The entries of the map under a key whose own keys are free names. Empty when absent.
    pub fn names(&self, key: &str, out: &mut Vec<Finding>) -> &'n [(Key, Node)] {
        match self.has(key).then(|| self.required(key, out)).flatten() {
            Some(node) => kept(node.as_map(), out).unwrap_or_default(),
            None => &[],
        }
    }

    /// `true` or `false` under a key, if given.
    pub fn flag(&self, key: &str, out: &mut Vec<Finding>) -> Option<bool> {
        let node = self.has(key).then(|| self.required(key, out)).flatten()?;
        match node.as_text() {
            Ok("true") => Some(true),
            Ok("false") => Some(false),
            _ => {
                out.push(node.expected(" true 或 false", "true or false"));
                None
            }
        }
    }

    /// A whole number under a key, if given.
    pub fn whole(&self, key: &str, out: &mut Vec<Finding>) -> Option<i64> {
        let node = self.has(key).then(|| self.required(key, out)).flatten()?;
        let plain = |t: &&str| !t.starts_with('+') && without_leading_zeros(t).is_none();
        let number = node.as_text().ok().filter(plain).and_then(|t| t.parse().ok());
        if number.is_none() {
            out.push(node.expected("整数", "a whole number"));
        }
        number
    }

    /// One of some names under a key, if given; what it stands for.
    pub fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)], out: &mut Vec<Finding>) -> Option<T> {
        let node = self.has(key).then(|| self.required(key, out)).flatten()?;
        let text = kept(node.as_text(), out)?;
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let what = (format!(" {key} 值"), format!("{key} named"));
            out.push(Finding::unknown(node.place, (&what.0, &what.1), text, &known));
        }
        found
    }

    /// The label in this map's own `zh` and `en`; both are required, and empty where reported.
    pub fn label(&self, out: &mut Vec<Finding>) -> Label {
        let mut part = |key| self.required_text(key, out).unwrap_or_default().to_owned();
        Label { zh: part("zh"), en: part("en") }
    }

    /// The label under a key, as a map of `zh` and `en`, if given.
    pub fn label_at(&self, key: &str, out: &mut Vec<Finding>) -> Option<Label> {
        let fields = self.map(key, &["zh", "en"], out)?;
        Some(fields.label(out))
    }
}

/// Why an unknown key may be none: `{zh: one, two}`, whose comma has begun a key, or a full-width sign in it.
pub(crate) fn key_slip(key: &Key, node: &Node) -> Option<(String, String)> {
    if !node.is_null() {
        return None;
    }
    keyboard::in_key(&key.text).or_else(|| {
        Some((
            "花括号里的英文逗号会另起一个键；含逗号的文字请加引号".to_owned(),
            "in {...} a comma begins a new key; quote text that holds commas".to_owned(),
        ))
    })
}

/// The value, or its finding put with the others.
fn kept<T>(result: Result<T, Finding>, out: &mut Vec<Finding>) -> Option<T> {
    result.map_err(|finding| out.push(finding)).ok()
}
