//! YAML as a tree in which every node knows its place. Aliases, anchors, tags, duplicate keys and several documents are refused.
//!
//! [`read`] makes the tree; [`Node::as_map`], [`Node::as_list`], [`Node::as_text`] open a node or say what was
//! expected and what was found; [`Fields`] reads a map whose keys are known beforehand and collects every finding.
mod bytes;
mod fields;
pub(crate) mod keyboard;
mod read;
mod syntax;
#[cfg(test)]
mod tests;

pub use fields::Fields;
pub(crate) use fields::key_slip;
pub use read::read;

use crate::finding::{Finding, excerpt};
use anmin_rules::model::Place;

/// Most bytes of one file.
pub const MAX_BYTES: usize = 1024 * 1024;
/// Most lists and maps inside one another.
pub const MAX_DEPTH: usize = 24;
/// Most findings of one file; nobody reads further.
pub const MAX_FINDINGS: usize = 100;
/// Most nodes of one file.
pub const MAX_NODES: usize = 200_000;

/// A node and where it begins.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub value: Value,
    /// Where the first character of a scalar's text stands (after a quote, or the line after `|`), and whether the
    /// text is on one line, so that a column in the text is a column in the file.
    text_place: (Place, bool),
}

/// The forms of a node.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing, `~` or `null`, unquoted.
    Null,
    /// Any other scalar, as text; numbers are read by whoever knows their unit, never through a float.
    Scalar {
        /// The text after YAML's own unescaping.
        text: String,
        /// Whether it was quoted or a block.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A map in the order written; keys are distinct.
    Map(Vec<(Key, Node)>),
}

/// A key of a map.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl Node {
    /// A node that stands on one line, for tests and for nodes made by hand.
    pub fn new(place: Place, value: Value) -> Self {
        Node { place, value, text_place: (place, true) }
    }

    /// The entries of a map.
    ///
    /// # Errors
    /// Not a map.
    pub fn as_map(&self) -> Result<&[(Key, Node)], Finding> {
        match &self.value {
            Value::Map(entries) => Ok(entries),
            _ => Err(self.meant("一组“键: 值”", "a map of `key: value`")),
        }
    }

    /// The elements of a list.
    ///
    /// # Errors
    /// Not a list.
    pub fn as_list(&self) -> Result<&[Node], Finding> {
        match &self.value {
            Value::List(nodes) => Ok(nodes),
            _ => Err(self.meant("列表（[...] 或每行以 - 开头）", "a list ([...] or lines beginning with -)")),
        }
    }

    /// The text of a scalar, quoted or not.
    ///
    /// # Errors
    /// Not a scalar, or null.
    pub fn as_text(&self) -> Result<&str, Finding> {
        match &self.value {
            Value::Scalar { text, .. } => Ok(text),
            _ => Err(self.expected("一个值", "a single value")),
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The value under `key`, if this is a map and has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|(k, _)| k.text == key).map(|(_, n)| n),
            _ => None,
        }
    }

    /// A finding at this node: what was expected, and what was found.
    pub fn expected(&self, zh: &str, en: &str) -> Finding {
        let (found_zh, found_en) = self.kind();
        Finding::error(
            self.place,
            format!("此处应为{zh}，现在是{found_zh}"),
            format!("expected {en} here, found {found_en}"),
        )
    }

    /// As [`Node::expected`]; text that is a map or list but for a slip of the keyboard is told so.
    fn meant(&self, zh: &str, en: &str) -> Finding {
        let finding = self.expected(zh, en);
        match &self.value {
            Value::Scalar { text, quoted: false } => finding.and(keyboard::in_text(text)),
            _ => finding,
        }
    }

    /// What this node is, in words.
    pub fn kind(&self) -> (String, String) {
        match &self.value {
            Value::Null => ("空值".into(), "nothing (null)".into()),
            Value::Scalar { text, .. } => {
                let shown = excerpt(text);
                (format!("“{shown}”"), format!("\"{shown}\""))
            }
            Value::List(nodes) => {
                (format!("有 {} 项的列表", nodes.len()), format!("a list of {}", nodes.len()))
            }
            Value::Map(entries) => {
                (format!("有 {} 个键的映射", entries.len()), format!("a map of {} keys", entries.len()))
            }
        }
    }

    /// Where the first character of a scalar's text stands: after the quote, or on the line after `|` or `>`.
    pub fn text_place(&self) -> Place {
        self.text_place.0
    }

    /// The place of the text's character `start` (from 0). Text over several lines is placed at its beginning,
    /// since YAML has folded it.
    pub fn place_in_text(&self, start: u32) -> Place {
        let (place, one_line) = self.text_place;
        if one_line { Place { column: place.column + start, ..place } } else { place }
    }
}
