//! `rules.yaml`: variables, switches, the decision, outputs, what is not translated, claims.
use super::body::BODIES;
use super::{Build, PackFiles};
use crate::finding::Finding;
use crate::library::Untranslated;
use crate::yaml::{Fields, Key, Node};
use anmin_rules::model::{Claim, CollectionId, Decision, FactId, LayerId, Place, Type, Variable, VariableId};

/// What a variable is called in sentences and in the name spaces.
pub(super) const VARIABLE: (&str, &str) = ("变量", "variable");
/// What a fact is called.
pub(super) const FACT: (&str, &str) = ("事实", "fact");

impl Build {
    pub(super) fn pack_rules(&mut self, files: &PackFiles) {
        let Some(node) = &files.rules else { return };
        let allowed = ["variables", "switches", "decision", "outputs", "untranslated", "claims"];
        let fields = Fields::of(node, &allowed, &mut self.findings);
        self.switches(&fields);
        for (key, node) in fields.names("variables", &mut self.findings) {
            self.variable(key, node);
        }
        self.decision(&fields);
        for (path, place) in fields.texts("outputs", &mut self.findings) {
            let id = self.variable_id(path, place);
            self.ruleset.outputs.extend(id);
        }
        for node in fields.list("untranslated", &mut self.findings).unwrap_or_default() {
            self.untranslated(node);
        }
        for node in fields.list("claims", &mut self.findings).unwrap_or_default() {
            self.claim(node);
        }
    }

    fn variable(&mut self, key: &Key, node: &Node) {
        let mut allowed = vec!["type", "per", "den", "range", "zh", "en", "law", "open", "hit"];
        allowed.extend(BODIES);
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let path = self.path(&key.text, key.place);
        let free = path.is_some_and(|(of, name)| self.take(of, name, VARIABLE, key.place));
        let label = fields.label(&mut self.findings);
        let ty = self.ty(&fields);
        if let Some(Type::Text | Type::ResidentId) = ty {
            self.error(
                key.place,
                "变量不能是文字或身份号码",
                "a variable cannot be text or an identity number",
            );
        }
        // Bool and enum variables are bounded by their codes already.
        let range = match (ty, fields.has("range")) {
            (Some(ty), true) => self.range(&fields, ty, false),
            _ => None,
        };
        let open = fields.flag("open", &mut self.findings).unwrap_or(false);
        let versions = self.versions(&fields, 0, open);
        if let (true, Some((of, name)), Some(ty)) = (free, path, ty) {
            let name = name.to_owned();
            self.ruleset.variables.push(Variable {
                of,
                name,
                ty,
                range,
                label,
                open,
                versions,
                place: key.place,
            });
        }
    }

    fn decision(&mut self, rules: &Fields<'_>) {
        let Some(fields) = rules.map("decision", &["eligible", "amount", "reason"], &mut self.findings)
        else {
            if !rules.has("decision") {
                rules.required("decision", &mut self.findings);
            }
            return;
        };
        fields.required("eligible", &mut self.findings);
        let mut root = |key: &str| {
            let path = fields.text(key, &mut self.findings)?;
            let place = fields.get(key)?.place;
            let id = self.variable_id(path, place)?;
            if self.ruleset.variables[id.0].of.is_some() {
                self.error(
                    place,
                    format!("{path} 是逐个元素计算的；decision 须是根实体的变量"),
                    format!("{path} is computed for each element; a decision is a variable of the root"),
                );
                return None;
            }
            Some(id)
        };
        let decision =
            Decision { eligible: root("eligible"), amount: root("amount"), reason: root("reason") };
        self.answers_are_named_rightly(&fields, &decision);
        self.ruleset.decision = decision;
    }

    /// Tests and pages say `eligible` and mean the decision's: a variable of that name must be it.
    fn answers_are_named_rightly(&mut self, fields: &Fields<'_>, decision: &Decision) {
        let answers = [
            ("eligible", decision.eligible),
            ("amount", decision.amount),
            ("reason", decision.reason),
            ("missing", None),
        ];
        for (answer, id) in answers {
            let same = |v: &Variable| v.of.is_none() && v.name == answer;
            let Some(named) = self.ruleset.variables.iter().position(same) else { continue };
            let reported = id.is_none() && fields.has(answer);
            if id != Some(VariableId(named)) && !reported {
                let place = self.ruleset.variables[named].place;
                self.error(
                    place,
                    format!("变量名 {answer} 专指结论，而 decision 的 {answer} 不是它；请改名"),
                    format!(
                        "{answer} names an answer, and the decision's {answer} is not this variable; \
                    rename it"
                    ),
                );
            }
        }
    }

    fn untranslated(&mut self, node: &Node) {
        let fields = Fields::of(node, &["law", "zh", "en", "why"], &mut self.findings);
        let law = self.required_law(&fields, ("这一条", "this entry"));
        let label = fields.label(&mut self.findings);
        fields.required("why", &mut self.findings);
        if let Some(why) = fields.label_at("why", &mut self.findings) {
            self.untranslated.push(Untranslated { law, label, why, place: node.place });
        }
    }

    fn claim(&mut self, node: &Node) {
        let fields = Fields::of(node, &["more", "never_more"], &mut self.findings);
        let more = fields.required_text("more", &mut self.findings);
        let never_more = fields.required_text("never_more", &mut self.findings);
        let at = |key: &str| fields.get(key).map_or(node.place, |n| n.place);
        let more = more.and_then(|path| self.fact(path, at("more")));
        let never_more = never_more.and_then(|path| self.variable_id(path, at("never_more")));
        if let (Some(more), Some(never_more)) = (more, never_more) {
            self.ruleset.claims.push(Claim { more, never_more, place: node.place });
        }
    }

    /// Bodies a region gives to open variables.
    pub(super) fn overlay_variables(&mut self, fields: &Fields<'_>, layer: LayerId) {
        let entries = fields.names("variables", &mut self.findings);
        for (key, node) in entries {
            let mut allowed = vec!["law", "hit"];
            allowed.extend(BODIES);
            let fields = self.overlay_fields(node, &allowed);
            let id = self.variable_id(&key.text, key.place);
            if let Some(id) = id.filter(|id| !self.ruleset.variables[id.0].open) {
                let variables = &self.ruleset.variables;
                let open: Vec<String> =
                    variables.iter().filter(|v| v.open).map(|v| self.path_text(v.of, &v.name)).collect();
                let at = self.files.show(variables[id.0].place);
                let open = if open.is_empty() {
                    ("（没有）".into(), "(none)".into())
                } else {
                    (open.join("、"), open.join(", "))
                };
                let name = &key.text;
                self.error(
                    key.place,
                    format!(
                        "{name} 没有标明 open，地区不能改写它（声明在 {at}）。标明 open 的变量：\
                    {}",
                        open.0
                    ),
                    format!(
                        "{name} is not marked open, so a region cannot give its body (it is declared \
                    at {at}). Open variables: {}",
                        open.1
                    ),
                );
            }
            let versions = self.versions(&fields, layer, false);
            if let Some(id) = id {
                self.ruleset.variables[id.0].versions.extend(versions);
            }
        }
    }

    /// The variable of a path; what has the name but is no variable, and what has none, is reported.
    pub(super) fn variable_id(&mut self, path: &str, place: Place) -> Option<VariableId> {
        let (of, name) = self.path(path, place)?;
        let found = self.ruleset.variables.iter().position(|v| v.of == of && v.name == name);
        if found.is_none() {
            let variables = self.ruleset.variables.iter();
            let known: Vec<String> = variables.map(|v| self.path_text(v.of, &v.name)).collect();
            self.no_such(VARIABLE, (of, name), (path, place), &known);
        }
        found.map(VariableId)
    }

    /// The fact of a path; what has the name but is no fact, and what has none, is reported.
    pub(super) fn fact(&mut self, path: &str, place: Place) -> Option<FactId> {
        let (of, name) = self.path(path, place)?;
        let found = self.ruleset.schema.facts.iter().position(|f| f.of == of && f.name == name);
        if found.is_none() {
            let facts = self.ruleset.schema.facts.iter();
            let known: Vec<String> = facts.map(|f| self.path_text(f.of, &f.name)).collect();
            self.no_such(FACT, (of, name), (path, place), &known);
        }
        found.map(FactId)
    }

    /// Reports that a path is no `kind`. One that was declared as such, but not well enough to be kept, is
    /// not reported again.
    fn no_such(
        &mut self,
        kind: (&'static str, &'static str),
        (of, name): (Option<CollectionId>, &str),
        (path, place): (&str, Place),
        known: &[String],
    ) {
        match self.names.kind(of, name) {
            Some(declared) if declared == kind => {}
            Some((zh, en)) => {
                self.error(
                    place,
                    format!("{path} 是{zh}，此处要{}", kind.0),
                    format!("{path} is a {en}; a {} is needed here", kind.1),
                );
            }
            None => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                self.findings.push(Finding::unknown(place, kind, path, &known));
            }
        }
    }
}
