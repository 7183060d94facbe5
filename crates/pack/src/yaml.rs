//! YAML as a tree in which every node knows its place. Aliases, anchors, tags, duplicate keys and several documents are refused.
use crate::finding::Finding;
use anmin_rules::model::Place;

/// A node and where it begins.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub value: Value,
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

/// Reads one YAML document from bytes. `file` is the number its places carry.
///
/// # Errors
/// All findings: bytes that are not UTF-8 (with a guess at GBK), a syntax error, more than the allowed size, depth or nodes, an alias,
/// anchor or tag, a duplicate key, a second document, an empty file.
pub fn read(file: u32, bytes: &[u8]) -> Result<Node, Vec<Finding>> {
    let _ = (file, bytes);
    todo!("written next")
}
