//! Random expressions of enumerations.
use super::node::Node;
use super::tree::name;
use super::{Composer, Scope};
use crate::reference::interval::Interval;
use crate::reference::kind::Kind;
use anmin_rules::model::EnumId;

impl Composer {
    /// An expression of an enum; a bare value only where `literals` says that one is expected.
    pub(super) fn enumeration(
        &mut self,
        id: EnumId,
        depth: u32,
        scope: &Scope,
        literals: bool,
    ) -> Option<Node> {
        if depth > 0 && self.dice.percent(30) {
            let condition = self.condition(depth - 1, scope)?;
            let a = self.enumeration(id, depth - 1, scope, literals)?;
            let b = self.enumeration(id, depth - 1, scope, literals)?;
            return condition.choose(a, b);
        }
        if literals && self.dice.percent(70) {
            let values = self.some_values(id);
            return Some(self.literal(id, &values[0]));
        }
        match self.leaf(Kind::Enum(id), scope) {
            Some(leaf) => Some(leaf),
            None if literals => {
                let values = self.some_values(id);
                Some(self.literal(id, &values[0]))
            }
            None => None,
        }
    }

    /// A value by its bare name.
    pub(super) fn literal(&self, id: EnumId, value: &str) -> Node {
        let values = &self.rules.schema.enums[id.0].values;
        let code = values.iter().find(|v| v.name == value).expect("a value of the enum").code;
        Node::fixed(name(value), Kind::Enum(id), Interval::whole(code))
    }

    /// At least one and not all of the values, in any order.
    pub(super) fn some_values(&mut self, id: EnumId) -> Vec<String> {
        let values = &self.rules.schema.enums[id.0].values;
        let mut names: Vec<String> = values.iter().map(|v| v.name.clone()).collect();
        self.dice.shuffle(&mut names);
        let keep = 1 + self.dice.below(names.len() - 1);
        names.truncate(keep);
        names
    }
}
