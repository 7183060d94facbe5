//! The root and the elements of collections, fact by fact.
use super::naming::Naming;
use super::{Answers, Conditional, DECLARED, FactSheet, Household, List, Origin, figure};
use crate::finding::{Finding, did_you_mean, excerpt};
use crate::yaml::{self, Fields, Key, Node, Value, keyboard};
use anmin_base::date::Date;
use anmin_rules::model::{CollectionId, FactId, Place};
use std::collections::BTreeMap;

/// Top-level key for the file's own description.
const ABOUT: &str = "about";
/// Most characters of a text.
const MAX_TEXT: usize = 200;

pub(super) struct Reading<'s> {
    sheet: &'s FactSheet<'s>,
    on: Date,
    naming: &'s Naming<'s>,
    household: Household,
    findings: Vec<Finding>,
    /// What was found after the most that is told, and is only counted.
    uncounted: usize,
    names: BTreeMap<(Option<CollectionId>, &'s str), FactId>,
}

impl<'s> Reading<'s> {
    pub fn new(sheet: &'s FactSheet<'s>, on: Date, naming: &'s Naming<'s>, findings: Vec<Finding>) -> Self {
        let answers = |elements| Answers {
            values: vec![0; elements],
            known: vec![false; elements],
            origins: vec![None; elements],
        };
        let facts = &sheet.schema.facts;
        let none = List { offsets: [0, 0], given: [false], places: vec![] };
        let household = Household {
            about: None,
            columns: facts.iter().map(|f| answers(usize::from(f.of.is_none()))).collect(),
            collections: vec![none; sheet.schema.collections.len()],
            texts: BTreeMap::new(),
            conditional: vec![],
        };
        let names = facts.iter().enumerate().map(|(at, f)| ((f.of, f.name.as_str()), FactId(at))).collect();
        Reading { sheet, on, naming, household, findings, uncounted: 0, names }
    }

    /// What was read, what is wrong, and how much more was found than is told.
    pub fn finish(self) -> (Household, Vec<Finding>, usize) {
        (self.household, self.findings, self.uncounted)
    }

    pub fn root(&mut self, node: &Node) {
        let fields = Fields::open(node, &mut self.findings);
        for (n, (key, node)) in fields.entries().iter().enumerate() {
            let collection = self.sheet.schema.collections.iter().position(|c| c.name == key.text);
            if key.text == ABOUT {
                self.household.about = fields.label_at(ABOUT, &mut self.findings);
            } else if let Some(collection) = collection {
                self.collection(CollectionId(collection), key, node);
            } else if let Some(fact) = self.fact(None, &key.text) {
                self.given(fact, 0, node);
            } else {
                self.unknown_name(None, fields.entries(), n);
            }
        }
    }

    fn collection(&mut self, id: CollectionId, key: &Key, node: &Node) {
        if node.is_null() {
            return;
        }
        let nodes = match node.as_list() {
            Ok(nodes) => nodes,
            Err(finding) => return self.findings.push(finding),
        };
        self.count(id, key, nodes);
        let most = self.sheet.schema.collections[id.0].max as usize;
        let nodes = &nodes[..nodes.len().min(most)];
        let list = &mut self.household.collections[id.0];
        list.offsets = [0, nodes.len() as u32];
        list.given = [true];
        list.places = nodes.iter().map(|n| n.place).collect();
        for (at, fact) in self.sheet.schema.facts.iter().enumerate() {
            if fact.of == Some(id) {
                let answers = &mut self.household.columns[at];
                answers.values = vec![0; nodes.len()];
                answers.known = vec![false; nodes.len()];
                answers.origins = vec![None; nodes.len()];
            }
        }
        for (element, node) in nodes.iter().enumerate() {
            let entries = Fields::open(node, &mut self.findings).entries();
            for (n, (key, node)) in entries.iter().enumerate() {
                match self.fact(Some(id), &key.text) {
                    Some(fact) => self.given(fact, element, node),
                    None => self.unknown_name(Some(id), entries, n),
                }
            }
        }
    }

    fn count(&mut self, id: CollectionId, key: &Key, nodes: &[Node]) {
        let collection = &self.sheet.schema.collections[id.0];
        let (name, label) = (&collection.name, &collection.label);
        let (least, most, found) = (collection.min as usize, collection.max as usize, nodes.len());
        if let Some(first_too_many) = nodes.get(most) {
            let (from_zh, from_en) = self.naming.from(first_too_many.place);
            self.findings.push(Finding::error(
                first_too_many.place,
                format!("“{}”（{name}）有 {found} 项，最多 {most} 项；{from_zh}多了", label.zh),
                format!("\"{}\" ({name}) has {found}, at most {most}; {from_en} are too many", label.en),
            ));
        }
        if found < least {
            self.findings.push(Finding::error(
                key.place,
                format!("“{}”（{name}）有 {found} 项，至少要有 {least} 项；不清楚时请删去 {name} 这个键", label.zh),
                format!("\"{}\" ({name}) has {found}, at least {least} are needed; remove the key {name} if it is not known", label.en),
            ));
        }
    }

    fn fact(&self, of: Option<CollectionId>, name: &str) -> Option<FactId> {
        self.names.get(&(of, name)).copied()
    }

    /// A value, plain or with where it comes from.
    fn given(&mut self, id: FactId, element: usize, node: &Node) {
        let fact = &self.sheet.schema.facts[id.0];
        let (value, origin) = match &node.value {
            Value::Null => return,
            Value::Map(_) => match self.with_origin(id, node) {
                Some(found) => found,
                None => return,
            },
            _ if fact.judgement => {
                return self.findings.push(Finding::error(
                    node.place,
                    format!("“{}”须由人判断，请写成 {{value: ..., by: 谁判断, why: 理由}}", fact.label.zh),
                    format!(
                        "\"{}\" is a person's judgement; write {{value: ..., by: who, why: reason}}",
                        fact.label.en
                    ),
                ));
            }
            _ => (node, Origin::plain(node.place, DECLARED)),
        };
        if figure::is_text(fact.ty) {
            if let Some(text) = self.text(id, value) {
                self.household.texts.insert((id, element), text);
                self.keep(id, element, 0, origin);
            }
        } else {
            match figure::read(self.sheet.schema, fact, value) {
                Ok(stored) => self.keep(id, element, stored, origin),
                Err(finding) => self.findings.push(finding),
            }
        }
    }

    fn keep(&mut self, fact: FactId, element: usize, stored: i64, origin: Origin) {
        if self.sheet.schema.facts[fact.0].applies.is_some() {
            self.household.conditional.push(Conditional { fact, element, place: origin.place });
        }
        let answers = &mut self.household.columns[fact.0];
        answers.values[element] = stored;
        answers.known[element] = true;
        answers.origins[element] = Some(origin);
    }

    /// `{value, source, as_of, evidence}`, and `by` and `why` for a judgement. None when unknown or reported.
    fn with_origin<'n>(&mut self, id: FactId, node: &'n Node) -> Option<(&'n Node, Origin)> {
        let fact = &self.sheet.schema.facts[id.0];
        let keys: &[&str] = match fact.judgement {
            true => &["value", "source", "as_of", "evidence", "by", "why"],
            false => &["value", "source", "as_of", "evidence"],
        };
        let fields = Fields::of(node, keys, &mut self.findings);
        let value = match fields.get("value") {
            Some(value) => value,
            None => fields.required("value", &mut self.findings)?,
        };
        let source = fields.text("source", &mut self.findings);
        if let (Some(source), Some(at)) = (source, fields.get("source")) {
            let known: Vec<&str> = self.sheet.facts[id.0].source.iter().map(String::as_str).collect();
            if !known.contains(&source) {
                self.findings.push(Finding::unknown(at.place, ("来源", "source"), source, &known));
            }
        }
        let origin = Origin {
            place: value.place,
            source: source.unwrap_or(DECLARED).to_owned(),
            as_of: self.as_of(&fields),
            evidence: self.words(&fields, "evidence", false),
            by: self.words(&fields, "by", fact.judgement && !value.is_null()),
            why: self.words(&fields, "why", fact.judgement && !value.is_null()),
        };
        if let Value::Map(_) = value.value {
            self.findings.push(value.expected("一个值", "a single value"));
            return None;
        }
        (!value.is_null()).then_some((value, origin))
    }

    fn as_of(&mut self, fields: &Fields<'_>) -> Option<Date> {
        let text = fields.text("as_of", &mut self.findings)?;
        let place = fields.get("as_of")?.place;
        match figure::date(text) {
            Ok(date) if date > self.on => {
                self.findings.push(Finding::error(
                    place,
                    format!("as_of 是 {text}，晚于决定日期 {}", self.on),
                    format!("as_of is {text}, after the decision date {}", self.on),
                ));
                None
            }
            Ok(date) => Some(date),
            Err((zh, en)) => {
                self.findings.push(Finding::error(place, zh, en));
                None
            }
        }
    }

    fn words(&mut self, fields: &Fields<'_>, key: &str, required: bool) -> Option<String> {
        let text = match required {
            true => fields.required_text(key, &mut self.findings),
            false => fields.text(key, &mut self.findings),
        }?;
        let place = fields.get(key)?.place;
        self.checked_words(text, place)
    }

    /// Text of at most 200 characters that shows as itself.
    fn checked_words(&mut self, text: &str, place: Place) -> Option<String> {
        let length = text.chars().count();
        if length > MAX_TEXT {
            self.findings.push(Finding::error(
                place,
                format!("文字有 {length} 个字，最多 {MAX_TEXT} 个"),
                format!("the text has {length} characters, at most {MAX_TEXT}"),
            ));
            return None;
        }
        if let Some(c) = text.chars().find(|c| !crate::finding::is_plain(*c)) {
            let c = c.escape_unicode();
            self.findings.push(Finding::error(
                place,
                format!("文字里有看不见的控制字符 {c}，请删去"),
                format!("the text holds an invisible control character {c}; remove it"),
            ));
            return None;
        }
        Some(text.to_owned())
    }

    fn text(&mut self, id: FactId, node: &Node) -> Option<String> {
        let text = match node.as_text() {
            Ok(text) => text,
            Err(finding) => {
                self.findings.push(finding);
                return None;
            }
        };
        if !figure::is_resident_id(self.sheet.schema.facts[id.0].ty) {
            return self.checked_words(text, node.place);
        }
        match figure::resident_id(text) {
            Ok(number) => Some(number),
            Err((zh, en)) => {
                self.findings.push(Finding::error(node.place, zh, en));
                None
            }
        }
    }

    /// Reports the `n`th entry of a map, whose key is no fact of `of`.
    fn unknown_name(&mut self, of: Option<CollectionId>, entries: &[(Key, Node)], n: usize) {
        // The nearest name takes long to find, and nobody reads further.
        if self.findings.len() >= yaml::MAX_FINDINGS {
            self.uncounted += 1;
            return;
        }
        let key = &entries[n].0;
        let (zh, en) = slip(entries, n)
            .map(|(zh, en)| (format!("。{zh}"), format!("; {en}")))
            .or_else(|| self.meant(of, &key.text))
            .unwrap_or_else(|| self.nearest(of, &key.text));
        let shown = excerpt(&key.text);
        self.findings.push(Finding::error(
            key.place,
            format!("没有名为 {shown} 的事实{zh}"),
            format!("there is no fact {shown}{en}"),
        ));
    }

    /// A fact that is certainly meant: by its label, in full-width letters, or at another place than its own.
    fn meant(&self, of: Option<CollectionId>, text: &str) -> Option<(String, String)> {
        let schema = self.sheet.schema;
        if let Some(fact) = schema.facts.iter().find(|f| f.of == of && f.label.zh == text) {
            let name = &fact.name;
            return Some((format!("，请写英文名称 {name}"), format!("; write its name {name}")));
        }
        if let Some(name) = keyboard::narrow(text).filter(|name| self.is_name(of, name)) {
            return Some((
                format!("，请用半角字母，写成 {name}"),
                format!("; use half-width letters: {name}"),
            ));
        }
        let last = text.rsplit('.').next().unwrap_or_default();
        let fact = schema.facts.iter().find(|f| f.name == last && f.of != of)?;
        let Some(id) = fact.of else {
            return Some((
                format!("：{last} 属于整个家庭，请写在文件最外层"),
                format!(": {last} belongs to the whole household; write it at the top level of the file"),
            ));
        };
        let collection = &schema.collections[id.0];
        let (name, label) = (&collection.name, &collection.label);
        Some((
            format!("：{last} 属于 {name}（{}），请写在 {name} 的每一项里", label.zh),
            format!(": {last} belongs to {name} ({}); write it inside each element of {name}", label.en),
        ))
    }

    fn is_name(&self, of: Option<CollectionId>, name: &str) -> bool {
        let collection = || self.sheet.schema.collections.iter().any(|c| c.name == name);
        self.fact(of, name).is_some() || of.is_none() && (name == ABOUT || collection())
    }

    fn nearest(&self, of: Option<CollectionId>, text: &str) -> (String, String) {
        let schema = self.sheet.schema;
        let names = schema.facts.iter().filter(|f| f.of == of).map(|f| f.name.as_str());
        let root = schema.collections.iter().filter(|_| of.is_none()).map(|c| c.name.as_str());
        did_you_mean(text, names.chain(root).chain(of.is_none().then_some(ABOUT)))
    }
}

/// Why an unknown key may be none at all: `{wage: 1,450}` has a key `450`, `{wage：1}` only one key without a value.
fn slip(entries: &[(Key, Node)], n: usize) -> Option<(String, String)> {
    let (key, node) = &entries[n];
    let part = |(key, node): &(Key, Node)| {
        node.is_null() && key.text.len() == 3 && key.text.bytes().all(|b| b.is_ascii_digit())
    };
    let last = |(key, node): &(Key, Node)| {
        let (whole, decimals) = key.text.split_once('.').unwrap_or((&key.text, "0"));
        node.is_null() && whole.len() == 3 && [whole, decimals].iter().all(|t| t.parse::<u32>().is_ok())
    };
    if last(&entries[n]) {
        let first = entries[..n].iter().rposition(|entry| !part(entry))?;
        let begins = entries[first].1.as_text().ok().filter(|t| t.parse::<i32>().is_ok())?;
        let end = (n + 1..entries.len()).find(|at| !last(&entries[*at])).unwrap_or(entries.len());
        let rest: String = entries[first + 1..end].iter().map(|(key, _)| key.text.as_str()).collect();
        let name = excerpt(&entries[first].0.text);
        return Some((
            format!("不要写千位分隔符，写成 {name}: {begins}{rest}"),
            format!("leave out the separators: {name}: {begins}{rest}"),
        ));
    }
    // In a block, where a key has a line of its own, no comma can have begun it.
    let in_braces = n > 0 && entries[n - 1].0.place.line == key.place.line;
    yaml::key_slip(key, node).filter(|_| in_braces || key.text.contains([':', '：']))
}
