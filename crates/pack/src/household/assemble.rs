//! A household from facts that are kept elsewhere, such as in a database, and back.
//!
//! The facts are laid out as a file would have them and read as one, so that types, ranges, identity numbers and all else are
//! checked alike and a decision cannot depend on where a fact was kept. Findings name the fact instead of a line; their
//! place's line is the number of the part, from 1.
use super::naming::Naming;
use super::{DECLARED, FROM_RESIDENT_ID, FactSheet, Household};
use crate::finding::Finding;
use crate::yaml::{Key, Node, Value};
use anmin_base::date::Date;
use anmin_base::money::Money;
use anmin_rules::model::{CollectionId, Fact, FactId, Place, Schema, Type};
use std::collections::HashMap;
use std::fmt;

/// Top-level key of a file that is no fact.
const ABOUT: &str = "about";

/// What a value's origin says besides the value, as in a file's `{value: ..., source: ...}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// One of the fact's sources; none for a plain declared value.
    pub source: Option<String>,
    /// The day for which it is true.
    pub as_of: Option<Date>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Who judged, for a judgement.
    pub by: Option<String>,
    /// Why.
    pub why: Option<String>,
}

/// One thing that is known of a household.
#[derive(Clone, PartialEq, Eq)]
pub enum Part {
    /// A collection's elements are known: those among the parts, and no others. Said by itself where there are none.
    List {
        /// The collection.
        collection: String,
    },
    /// An element is there, also if nothing is known of it.
    One {
        /// The collection.
        collection: String,
        /// Which: any text that no other element of it has.
        key: String,
    },
    /// A fact.
    Fact {
        /// Empty for the root, else the collection.
        entity: String,
        /// Which element, empty for the root. Elements stand in the order in which they are first named.
        key: String,
        /// The fact's name within its entity: `wage`.
        fact: String,
        /// The value as a file has it: `1450.50`, `true`, `2026-09-01`, an enum's name. None: not known.
        value: Option<String>,
        /// Where it comes from.
        stated: Stated,
    },
}

impl Part {
    /// A plain declared value.
    pub fn plain(entity: &str, key: &str, fact: &str, value: &str) -> Part {
        let value = Some(value.to_owned());
        let (entity, key, fact) = (entity.to_owned(), key.to_owned(), fact.to_owned());
        Part::Fact { entity, key, fact, value, stated: Stated::default() }
    }

    /// Its collection and element.
    fn element(&self) -> Option<(&str, &str)> {
        match self {
            Part::One { collection, key } => Some((collection, key)),
            Part::Fact { entity, key, .. } if !entity.is_empty() => Some((entity, key)),
            _ => None,
        }
    }
}

/// Values are personal and do not show.
impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::List { collection } => write!(f, "{collection}"),
            Part::One { collection, .. } => write!(f, "{collection}[..]"),
            Part::Fact { entity, fact, .. } if entity.is_empty() => write!(f, "{fact}"),
            Part::Fact { entity, fact, .. } => write!(f, "{entity}[..].{fact}"),
        }
    }
}

/// Puts a household together. `file` is the number its places carry, and a place's line the part's number from 1; `on` is
/// the date of the decision, as for [`super::read`].
///
/// # Errors
/// What is wrong, each beginning with the name of its fact; of more than 100 findings the rest is only counted.
pub fn assemble(
    sheet: &FactSheet<'_>,
    file: u32,
    parts: &[Part],
    on: Date,
) -> Result<Household, Vec<Finding>> {
    let name = |place: Place| name_of(parts, place);
    let (node, found) = Laying { schema: sheet.schema, file, parts }.root();
    super::read_named(sheet, &node, on, &Naming::Facts(&name), found)
}

/// The name of what stands at a place of an assembled household: `rent`, `members[2].wage`, `members[2]`, `members`.
/// Elements count from 1.
pub fn name_of(parts: &[Part], place: Place) -> String {
    let Some(at) = (place.line as usize).checked_sub(1).filter(|at| *at < parts.len()) else {
        return String::new();
    };
    let element = parts[at].element().map(|(collection, key)| {
        let mut keys: Vec<&str> = Vec::new();
        for (_, other) in parts.iter().filter_map(Part::element).filter(|(of, _)| *of == collection) {
            if !keys.contains(&other) {
                keys.push(other);
            }
        }
        let n = keys.iter().position(|k| *k == key).map_or(0, |n| n + 1);
        format!("{collection}[{n}]")
    });
    match (&parts[at], element) {
        (Part::Fact { fact, .. }, Some(element)) if place.column != WHOLE => format!("{element}.{fact}"),
        (Part::Fact { fact, .. }, None) => fact.clone(),
        (Part::List { collection }, _) => collection.clone(),
        (_, element) => element.unwrap_or_default(),
    }
}

/// The column that means the element, not the fact of it that was named first.
const WHOLE: u32 = 0;

struct Laying<'p> {
    schema: &'p Schema,
    file: u32,
    parts: &'p [Part],
}

/// A map being made: the key of an entry, and its value.
type Entry = (Key, Node);

impl<'p> Laying<'p> {
    fn place(&self, part: usize, column: u32) -> Place {
        Place { file: self.file, line: part as u32 + 1, column }
    }

    fn collection(&self, name: &str) -> Option<CollectionId> {
        self.schema.collections.iter().position(|c| c.name == name).map(CollectionId)
    }

    /// The household as a file's tree, and what could not be laid out.
    fn root(&self) -> (Node, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut given: HashMap<(&str, &str, &str), usize> = HashMap::new();
        let mut root: Vec<Entry> = Vec::new();
        let mut lists: Vec<Option<(usize, Vec<Element<'p>>)>> = vec![None; self.schema.collections.len()];
        for (at, part) in self.parts.iter().enumerate() {
            let (of, root_fact) = match part {
                Part::List { collection } | Part::One { collection, .. } => (collection, false),
                Part::Fact { entity, .. } => (entity, entity.is_empty()),
            };
            let list = self.collection(of);
            if list.is_none() && !root_fact {
                let known: Vec<&str> = self.schema.collections.iter().map(|c| c.name.as_str()).collect();
                findings.push(Finding::unknown(self.place(at, 1), ("列表", "list"), of, &known));
                continue;
            }
            if let Part::Fact { entity, key, fact, .. } = part
                && let Some(first) = given.insert((entity, key, fact), at)
            {
                findings.push(self.twice(at, first));
                continue;
            }
            match (list, part) {
                (None, Part::Fact { fact, value, stated, .. }) => {
                    if fact == ABOUT || self.collection(fact).is_some() {
                        findings.push(self.no_fact(at, fact));
                    } else {
                        root.push(self.entry(at, fact, self.value(at, None, fact, value.as_deref(), stated)));
                    }
                }
                (Some(id), part) => self.one(at, part, lists[id.0].get_or_insert((at, vec![]))),
                (None, _) => {}
            }
        }
        for (collection, list) in self.schema.collections.iter().zip(lists) {
            let Some((at, elements)) = list else { continue };
            let nodes =
                elements.into_iter().map(|e| Node::new(self.place(e.at, WHOLE), Value::Map(e.entries)));
            let list = Node::new(self.place(at, WHOLE), Value::List(nodes.collect()));
            root.push(self.entry(at, &collection.name, list));
        }
        (Node::new(Place { file: self.file, line: 0, column: 0 }, Value::Map(root)), findings)
    }

    /// Adds a part to its element, making the element where it is the first to name it.
    fn one(&self, at: usize, part: &'p Part, (_, elements): &mut (usize, Vec<Element<'p>>)) {
        let Some((collection, key)) = part.element() else { return };
        let element = match elements.iter().position(|e| e.key == key) {
            Some(element) => &mut elements[element],
            None => {
                elements.push(Element { key, at, entries: vec![] });
                elements.last_mut().expect("just pushed")
            }
        };
        if let Part::Fact { fact, value, stated, .. } = part {
            let of = self.collection(collection);
            let value = self.value(at, of, fact, value.as_deref(), stated);
            element.entries.push(self.entry(at, fact, value));
        }
    }

    fn entry(&self, at: usize, key: &str, node: Node) -> Entry {
        (Key { text: key.to_owned(), place: self.place(at, 1) }, node)
    }

    fn scalar(&self, at: usize, text: &str) -> Node {
        Node::new(self.place(at, 1), Value::Scalar { text: text.to_owned(), quoted: true })
    }

    /// A value as a file writes it: plain, or with what it says of its origin.
    fn value(
        &self,
        at: usize,
        of: Option<CollectionId>,
        fact: &str,
        value: Option<&str>,
        stated: &Stated,
    ) -> Node {
        let Some(value) = value else { return Node::new(self.place(at, 1), Value::Null) };
        let judged = self.schema.facts.iter().any(|f| f.of == of && f.name == fact && f.judgement);
        if *stated == Stated::default() && !judged {
            return self.scalar(at, value);
        }
        let as_of = stated.as_of.map(|day| day.to_string());
        let told = [
            ("value", Some(value)),
            ("source", stated.source.as_deref()),
            ("as_of", as_of.as_deref()),
            ("evidence", stated.evidence.as_deref()),
            ("by", stated.by.as_deref()),
            ("why", stated.why.as_deref()),
        ];
        let entries =
            told.iter().filter_map(|(key, text)| Some(self.entry(at, key, self.scalar(at, (*text)?))));
        Node::new(self.place(at, 1), Value::Map(entries.collect()))
    }

    fn twice(&self, at: usize, first: usize) -> Finding {
        let name = name_of(self.parts, self.place(first, 1));
        Finding::error(
            self.place(at, 1),
            format!("{name} 给了两次；同一天只能有一个值，请只留现在有效的"),
            format!("{name} is given twice; one value holds on a day: keep the one in force"),
        )
    }

    fn no_fact(&self, at: usize, fact: &str) -> Finding {
        let known: Vec<&str> =
            self.schema.facts.iter().filter(|f| f.of.is_none()).map(|f| f.name.as_str()).collect();
        Finding::unknown(self.place(at, 1), ("事实", "fact"), fact, &known)
    }
}

/// An element being laid out.
#[derive(Clone)]
struct Element<'p> {
    key: &'p str,
    /// The first part that names it.
    at: usize,
    entries: Vec<Entry>,
}

impl Household {
    /// The household taken apart, so that it can be kept: [`assemble`] of it gives the same. Elements are keyed by their
    /// position from 1. What was only read from an identity number is not a part of its own.
    pub fn parts(&self, sheet: &FactSheet<'_>) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let of = |of: Option<CollectionId>| {
            sheet.schema.facts.iter().enumerate().filter(move |(_, fact)| fact.of == of)
        };
        for (at, fact) in of(None) {
            parts.extend(self.part(sheet, FactId(at), fact, ("", ""), 0));
        }
        for (id, collection) in sheet.schema.collections.iter().enumerate() {
            let Some(size) = self.size(CollectionId(id)) else { continue };
            let name = collection.name.as_str();
            parts.push(Part::List { collection: name.to_owned() });
            for element in 0..size {
                let key = (element + 1).to_string();
                parts.push(Part::One { collection: name.to_owned(), key: key.clone() });
                for (at, fact) in of(Some(CollectionId(id))) {
                    parts.extend(self.part(sheet, FactId(at), fact, (name, &key), element));
                }
            }
        }
        parts
    }

    fn part(
        &self,
        sheet: &FactSheet<'_>,
        id: FactId,
        fact: &Fact,
        (entity, key): (&str, &str),
        element: usize,
    ) -> Option<Part> {
        let origin = self.origin(id, element).filter(|origin| origin.source != FROM_RESIDENT_ID)?;
        let value = match self.text(id, element) {
            Some(text) => text.to_owned(),
            None => written(sheet.schema, fact.ty, self.value(id, element)?),
        };
        let stated = Stated {
            source: Some(origin.source.clone()).filter(|source| source != DECLARED),
            as_of: origin.as_of,
            evidence: origin.evidence.clone(),
            by: origin.by.clone(),
            why: origin.why.clone(),
        };
        let (entity, key) = (entity.to_owned(), key.to_owned());
        Some(Part::Fact { entity, key, fact: fact.name.clone(), value: Some(value), stated })
    }
}

/// A stored value as a file writes it.
fn written(schema: &Schema, ty: Type, stored: i64) -> String {
    match ty {
        Type::Bool => (stored != 0).to_string(),
        Type::Date => {
            i32::try_from(stored).map_or_else(|_| stored.to_string(), |d| Date::from_days(d).to_string())
        }
        Type::Enum(id) => {
            let value = schema.enums[id.0].values.iter().find(|v| v.code == stored);
            value.map_or_else(|| stored.to_string(), |v| v.name.clone())
        }
        Type::Money(_) => Money::from_fen(stored).to_string(),
        Type::Rate(den) => format!("{stored}/{den}"),
        Type::Count | Type::Age | Type::Months | Type::Text | Type::ResidentId => stored.to_string(),
    }
}

#[cfg(test)]
mod tests;
