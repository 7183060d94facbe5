//! Pages and the questions on them.
use crate::finding::Finding;
use crate::form::{Asks, Form, GroundRule, Page, Question, Who, WhoField};
use crate::load::Build;
use crate::yaml::{Fields, Key, Node};
use anmin_rules::model::{CollectionId, FactId, Label, Type};

const KEYS: [&str; 10] = ["of", "when", "zh", "en", "hint", "questions", "list", "ask", "none", "who"];
const QUESTION: [&str; 7] = ["zh", "en", "hint", "when", "choices", "optional", "known"];

impl Build {
    pub(super) fn form_page(&mut self, key: &Key, node: &Node, form: &mut Form) -> Option<Page> {
        let allowed = [&KEYS[..], &["ground"]].concat();
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let of = self.form_of(&fields);
        let when = self.form_when(&fields, of, form);
        let hint = fields.label_at("hint", &mut self.findings);
        let kinds: Vec<&str> =
            ["questions", "list", "who"].into_iter().filter(|kind| fields.has(kind)).collect();
        let [kind] = kinds[..] else {
            self.error(
                key.place,
                "页面应有 questions、list、who 三者之一",
                "a page has one of questions, list, who",
            );
            return None;
        };
        let (label, asks) = match kind {
            "list" => self.form_list(&fields)?,
            "who" => (fields.label(&mut self.findings), self.form_who(&fields, of)?),
            _ => (fields.label(&mut self.findings), self.form_questions(&fields, of, form)),
        };
        self.only_with(&fields, kind);
        Some(Page { name: key.text.clone(), of, label, hint, when, asks, place: key.place })
    }

    /// Keys that belong to another kind of page.
    fn only_with(&mut self, fields: &Fields<'_>, kind: &str) {
        let of_list = ["ask", "none"].iter().filter(|_| kind != "list");
        let of_who = ["ground"].iter().filter(|_| kind != "who");
        let of_list_not = ["of", "zh", "en"].iter().filter(|_| kind == "list");
        let strays: Vec<&Key> = of_list
            .chain(of_who)
            .chain(of_list_not)
            .filter_map(|name| fields.entry(name).map(|(key, _)| key))
            .collect();
        for key in strays {
            let name = &key.text;
            self.error(
                key.place,
                format!("{kind} 页面没有 {name}"),
                format!("a page with {kind} has no {name}"),
            );
        }
    }

    fn form_list(&mut self, fields: &Fields<'_>) -> Option<(Label, Asks)> {
        fields.required("ask", &mut self.findings);
        let label = fields.label_at("ask", &mut self.findings).unwrap_or_default();
        let none = fields.label_at("none", &mut self.findings);
        let name = fields.required_text("list", &mut self.findings)?;
        let place = fields.get("list")?.place;
        let of = self.form_collection(name, place)?;
        let min = self.ruleset.schema.collections[of.0].min;
        if (min == 0) != none.is_some() {
            self.error(
                place,
                format!("{name} 至少 {min} 项：可以没有时须写 none，不可以没有时不写"),
                format!("{name} has at least {min}: none is given where there may be nobody, and only there"),
            );
        }
        Some((label, Asks::List(of, none)))
    }

    fn form_who(&mut self, fields: &Fields<'_>, of: Option<CollectionId>) -> Option<Asks> {
        let node = fields.required("who", &mut self.findings)?;
        if of.is_none() {
            self.error(node.place, "who 页面须写 of", "a page with who has of");
        }
        let names: Vec<&str> = WhoField::ALL.iter().map(|(name, _)| *name).collect();
        let asked = Fields::of(node, &names, &mut self.findings);
        asked.required("name", &mut self.findings);
        let mut read = vec![];
        for (key, node) in asked.entries() {
            let Some((_, field)) = WhoField::ALL.iter().find(|(name, _)| *name == key.text) else { continue };
            let words = Fields::of(node, &["zh", "en", "hint"], &mut self.findings);
            let label = words.label(&mut self.findings);
            read.push((*field, label, words.label_at("hint", &mut self.findings)));
        }
        let ground = self.form_ground(fields, of);
        Some(Asks::Who(Who { fields: read, ground }))
    }

    /// `ground: [{fact, values}, {otherwise}]`.
    fn form_ground(&mut self, fields: &Fields<'_>, of: Option<CollectionId>) -> Vec<GroundRule> {
        let mut rules = vec![];
        let nodes = fields.list("ground", &mut self.findings).unwrap_or_default();
        for (n, node) in nodes.iter().enumerate() {
            let rule = Fields::of(node, &["fact", "values", "otherwise"], &mut self.findings);
            let last = n + 1 == nodes.len();
            if last != rule.has("otherwise") {
                self.error(
                    node.place,
                    "最后一条写 otherwise，其余写 fact 和 values",
                    "the last entry has otherwise, the others fact and values",
                );
                continue;
            }
            if last {
                let ground = rule.required_text("otherwise", &mut self.findings);
                rules.extend(ground.map(|ground| GroundRule::Otherwise(ground.to_owned())));
                continue;
            }
            let Some(path) = rule.required_text("fact", &mut self.findings) else { continue };
            let place = rule.get("fact").map_or(node.place, |n| n.place);
            let Some(fact) = self.fact(path, place) else { continue };
            self.of_entity(fact, of, place);
            let mut values = vec![];
            for (key, node) in rule.names("values", &mut self.findings) {
                let code = self.form_value(fact, key);
                let ground = node.as_text().map_err(|finding| self.findings.push(finding)).ok();
                values.extend(code.zip(ground.map(str::to_owned)));
            }
            rules.push(GroundRule::Where(fact, values));
        }
        rules
    }

    /// A value of an enum fact, by its name.
    pub(super) fn form_value(&mut self, fact: FactId, key: &Key) -> Option<i64> {
        let Type::Enum(id) = self.ruleset.schema.facts[fact.0].ty else {
            self.error(key.place, "只有枚举事实才有这些值", "only an enum fact has such values");
            return None;
        };
        let of = &self.ruleset.schema.enums[id.0];
        let found = of.values.iter().find(|value| value.name == key.text).map(|value| value.code);
        if found.is_none() {
            let known: Vec<&str> = of.values.iter().map(|value| value.name.as_str()).collect();
            let (zh, en) = (format!("{} 的值", of.name), format!("value of {}", of.name));
            let finding = Finding::unknown(key.place, (&zh, &en), &key.text, &known);
            self.findings.push(finding);
        }
        found
    }

    /// A fact on a page is of the page's entity.
    pub(super) fn of_entity(
        &mut self,
        fact: FactId,
        of: Option<CollectionId>,
        place: anmin_rules::model::Place,
    ) {
        let asked = &self.ruleset.schema.facts[fact.0];
        if asked.of == of {
            return;
        }
        let path = self.path_text(asked.of, &asked.name);
        let of = of.map_or("", |of| self.ruleset.schema.collections[of.0].name.as_str());
        let (zh, en) = match of {
            "" => (
                format!("{path} 属于集合，页面须写 of"),
                format!("{path} is of a collection: the page needs of"),
            ),
            of => (
                format!("{path} 不属于 {of}，不能放在这一页"),
                format!("{path} is not of {of} and cannot stand on this page"),
            ),
        };
        self.error(place, zh, en);
    }

    fn form_questions(&mut self, fields: &Fields<'_>, of: Option<CollectionId>, form: &mut Form) -> Asks {
        let mut questions = vec![];
        for (key, node) in fields.names("questions", &mut self.findings) {
            let fields = Fields::of(node, &QUESTION, &mut self.findings);
            let label = fields.label(&mut self.findings);
            let hint = fields.label_at("hint", &mut self.findings);
            let when = self.form_when(&fields, of, form);
            let optional = fields.flag("optional", &mut self.findings).unwrap_or(false);
            let known = fields.flag("known", &mut self.findings).unwrap_or(false);
            let Some(fact) = self.fact(&key.text, key.place) else { continue };
            self.of_entity(fact, of, key.place);
            if self.ruleset.schema.facts[fact.0].judgement {
                self.error(
                    key.place,
                    format!("{} 由人判断，不问申请人", key.text),
                    format!("{} is a person's judgement and is not asked of residents", key.text),
                );
            }
            let choices = self.form_choices(fact, &fields);
            let place = key.place;
            questions.push(Question { fact, label, hint, when, choices, optional, known, place });
        }
        Asks::Questions(questions)
    }

    pub(super) fn form_choices(&mut self, fact: FactId, fields: &Fields<'_>) -> Vec<(i64, Label)> {
        let mut choices = vec![];
        for (key, node) in fields.names("choices", &mut self.findings) {
            let words = Fields::of(node, &["zh", "en"], &mut self.findings);
            let label = words.label(&mut self.findings);
            choices.extend(self.form_value(fact, key).map(|code| (code, label)));
        }
        choices
    }
}
