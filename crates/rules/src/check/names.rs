//! What a bare name or `element.name` stands for.
use crate::finding::{Finding, nearest};
use crate::model::{CollectionId, FactId, ParameterId, Place, Ruleset, VariableId};
use std::collections::HashMap;

/// A thing with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A fact.
    Fact(FactId),
    /// A variable.
    Variable(VariableId),
    /// A parameter.
    Parameter(ParameterId),
    /// A switch, by index.
    Switch(usize),
    /// The decision date.
    On,
}

/// All names of a ruleset.
pub struct Names {
    root: HashMap<String, Named>,
    elements: Vec<HashMap<String, Named>>,
    collections: HashMap<String, CollectionId>,
}

impl Names {
    /// Gathers them.
    ///
    /// # Errors
    /// Two things of one name in one name space.
    pub fn gather(rules: &Ruleset) -> Result<Names, Vec<Finding>> {
        let mut names = Names {
            root: HashMap::from([("on".to_owned(), Named::On)]),
            elements: vec![HashMap::new(); rules.schema.collections.len()],
            collections: HashMap::new(),
        };
        let mut findings = Vec::new();
        for (i, c) in rules.schema.collections.iter().enumerate() {
            names.collections.insert(c.name.clone(), CollectionId(i));
        }
        for (i, f) in rules.schema.facts.iter().enumerate() {
            names.add(f.of, &f.name, Named::Fact(FactId(i)), f.place, &mut findings);
        }
        for (i, v) in rules.variables.iter().enumerate() {
            names.add(v.of, &v.name, Named::Variable(VariableId(i)), v.place, &mut findings);
        }
        for (i, p) in rules.parameters.iter().enumerate() {
            names.add(None, &p.name, Named::Parameter(ParameterId(i)), p.place, &mut findings);
        }
        for (i, s) in rules.switches.iter().enumerate() {
            names.add(None, &s.name, Named::Switch(i), s.place, &mut findings);
        }
        if findings.is_empty() { Ok(names) } else { Err(findings) }
    }

    fn add(
        &mut self,
        of: Option<CollectionId>,
        name: &str,
        named: Named,
        place: Place,
        findings: &mut Vec<Finding>,
    ) {
        let taken = self.collections.contains_key(name);
        let space = match of {
            Some(c) => &mut self.elements[c.0],
            None => &mut self.root,
        };
        if taken || space.insert(name.to_owned(), named).is_some() {
            findings.push(Finding {
                place,
                span: None,
                zh: format!("名称“{name}”已被占用：同一主体内的事实、变量、参数、开关不能同名"),
                en: format!(
                    "the name \"{name}\" is taken: facts, variables, parameters and switches of one entity share one name space"
                ),
            });
        }
    }

    /// A root name.
    pub fn root(&self, name: &str) -> Option<Named> {
        self.root.get(name).copied()
    }
    /// A name of a collection's elements.
    pub fn element(&self, collection: CollectionId, name: &str) -> Option<Named> {
        self.elements[collection.0].get(name).copied()
    }
    /// A collection.
    pub fn collection(&self, name: &str) -> Option<CollectionId> {
        self.collections.get(name).copied()
    }
    /// The root name most like this one.
    pub fn nearest_root(&self, name: &str) -> Option<&str> {
        nearest(name, self.sorted(&self.root))
    }
    /// The element name most like this one.
    pub fn nearest_element(&self, collection: CollectionId, name: &str) -> Option<&str> {
        nearest(name, self.sorted(&self.elements[collection.0]))
    }
    /// The collection most like this one.
    pub fn nearest_collection(&self, name: &str) -> Option<&str> {
        let mut all: Vec<&str> = self.collections.keys().map(String::as_str).collect();
        all.sort_unstable();
        nearest(name, all)
    }

    fn sorted<'a>(&self, space: &'a HashMap<String, Named>) -> Vec<&'a str> {
        let mut all: Vec<&str> = space.keys().map(String::as_str).collect();
        all.sort_unstable();
        all
    }
}
