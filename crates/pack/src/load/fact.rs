//! Facts: what can be known of the root and of its collections' elements.
use super::rule::FACT;
use super::{Build, Entries};
use crate::household::{Agrees, FactMeta, Sensitivity};
use crate::names::well_formed;
use crate::yaml::{Fields, Key, Node};
use anmin_rules::model::{Applies, CollectionId, Fact, FactId, Type};

const SENSITIVITIES: [(&str, Sensitivity); 5] = [
    ("P0", Sensitivity::P0),
    ("P1", Sensitivity::P1),
    ("P2", Sensitivity::P2),
    ("P3", Sensitivity::P3),
    ("P4", Sensitivity::P4),
];
const KEYS: [&str; 15] = [
    "type",
    "per",
    "den",
    "range",
    "sensitivity",
    "source",
    "applies",
    "when_not",
    "at_most_one",
    "agrees",
    "judgement",
    "column",
    "zh",
    "en",
    "help",
];

impl Build {
    /// Facts of the imports and the pack. Agreements come last: they may name facts declared further down.
    pub(super) fn facts(&mut self, files: &[Entries<'_>]) {
        let mut agreeing = vec![];
        for (key, node) in files.iter().copied().flatten() {
            if let Some(id) = self.one_fact(key, node) {
                agreeing.push((id, node));
            }
        }
        for (id, node) in agreeing {
            self.facts[id.0].agrees = self.agrees(id, node);
        }
    }

    fn one_fact(&mut self, key: &Key, node: &Node) -> Option<FactId> {
        let fields = Fields::of(node, &KEYS, &mut self.findings);
        let path = self.path(&key.text, key.place);
        let free = path.is_some_and(|(of, name)| self.take(of, name, FACT, key.place));
        let label = self.fact_label(&fields, &key.text, key.place);
        for required in ["sensitivity", "source"] {
            fields.required(required, &mut self.findings);
        }
        let sensitivity = fields.choice("sensitivity", &SENSITIVITIES, &mut self.findings);
        let source = self.sources(&fields);
        let judgement = fields.flag("judgement", &mut self.findings).unwrap_or(false);
        let help = fields.label_at("help", &mut self.findings);
        let ty = self.ty(&fields);
        let range = ty.and_then(|ty| self.range(&fields, ty, true));
        let applies = self.applies(&fields, ty);
        let (of, name) = path?;
        let at_most_one = self.at_most_one(&fields, of, ty);
        let column = self.column(&fields, of, name);
        if !free {
            return None;
        }
        let id = FactId(self.facts.len());
        let (name, ty) = (name.to_owned(), ty?);
        // Without a range it is still a fact, so that its uses are not reported too.
        let range = range.unwrap_or((0, 0));
        self.ruleset.schema.facts.push(Fact {
            of,
            name,
            ty,
            range,
            label,
            applies,
            judgement,
            place: key.place,
        });
        self.facts.push(FactMeta {
            sensitivity: sensitivity.unwrap_or(Sensitivity::P4),
            source,
            at_most_one,
            agrees: None,
            column,
            help,
        });
        Some(id)
    }

    fn sources(&mut self, fields: &Fields<'_>) -> Vec<String> {
        let texts = fields.texts("source", &mut self.findings);
        for (name, place) in &texts {
            well_formed(name, *place, &mut self.findings);
        }
        if let (Some(node), []) = (fields.get("source"), &texts[..])
            && node.as_list().is_ok()
        {
            self.error(node.place, "source 至少要有一个来源", "source needs at least one source");
        }
        texts.into_iter().map(|(name, _)| name.to_owned()).collect()
    }

    fn applies(&mut self, fields: &Fields<'_>, ty: Option<Type>) -> Option<Applies> {
        let when = fields.get("applies").and_then(|node| self.source(node));
        let when_not = match (fields.entry("when_not"), ty) {
            (Some((at, _)), _) if !fields.has("applies") => {
                self.error(at.place, "when_not 须与 applies 一起写", "when_not goes with applies");
                None
            }
            (Some((_, node)), Some(ty)) => self.stored(ty, node),
            _ => None,
        };
        Some(Applies { when: when?, when_not })
    }

    fn at_most_one(
        &mut self,
        fields: &Fields<'_>,
        of: Option<CollectionId>,
        ty: Option<Type>,
    ) -> Vec<String> {
        let Some((at, node)) = fields.entry("at_most_one") else { return vec![] };
        let Some(ty) = ty else { return vec![] };
        if of.is_none() || !matches!(ty, Type::Enum(_)) {
            self.error(
                at.place,
                "at_most_one 只用于集合的枚举事实",
                "at_most_one is for an enum fact of a collection",
            );
            return vec![];
        }
        match node.as_list() {
            Ok(values) => values
                .iter()
                .filter_map(|value| {
                    self.stored(ty, value)?;
                    value.as_text().ok().map(str::to_owned)
                })
                .collect(),
            Err(finding) => {
                self.findings.push(finding);
                vec![]
            }
        }
    }

    fn column(&mut self, fields: &Fields<'_>, of: Option<CollectionId>, name: &str) -> String {
        let column = fields.text("column", &mut self.findings).unwrap_or(name).to_owned();
        let schema = &self.ruleset.schema;
        let taken =
            schema.facts.iter().zip(&self.facts).find(|(f, meta)| f.of == of && meta.column == column);
        if let Some((other, _)) = taken
            && other.name != name
        {
            let other = self.path_text(other.of, &other.name);
            let place = fields.get("column").map_or(fields.place(), |n| n.place);
            self.error(
                place,
                format!("列名 {column} 已用于 {other}"),
                format!("the column {column} already belongs to {other}"),
            );
        }
        column
    }

    /// `agrees: {birth_date, sex}` of a resident identity number.
    fn agrees(&mut self, id: FactId, node: &Node) -> Option<Agrees> {
        let fact = Fields::open(node, &mut vec![]);
        let (at, _) = fact.entry("agrees")?;
        let (of, ty) = (self.ruleset.schema.facts[id.0].of, self.ruleset.schema.facts[id.0].ty);
        if ty != Type::ResidentId {
            self.error(at.place, "agrees 只用于 resident_id", "agrees is for resident_id only");
            return None;
        }
        let fields = fact.map("agrees", &["birth_date", "sex"], &mut self.findings)?;
        let mut named = |key: &str, fits: fn(Type) -> bool, what: (&str, &str)| {
            let path = fields.text(key, &mut self.findings)?;
            let place = fields.get(key)?.place;
            let other = self.fact(path, place)?;
            let fact = &self.ruleset.schema.facts[other.0];
            if fact.of != of || !fits(fact.ty) {
                self.error(
                    place,
                    format!("{path} 不能用于 {key}：须是同一实体的{}事实", what.0),
                    format!("{path} cannot be {key}: that is a {} fact of the same entity", what.1),
                );
                return None;
            }
            Some(other)
        };
        let birth_date = named("birth_date", |ty| ty == Type::Date, ("日期", "date"));
        let sex = named("sex", |ty| matches!(ty, Type::Enum(_)), ("枚举", "enum"));
        if let (Some(sex), Some(at)) = (sex, fields.get("sex")) {
            self.has_sexes(sex, at);
        }
        Some(Agrees { birth_date, sex })
    }

    /// An identity number says male or female: the enum must have both names.
    fn has_sexes(&mut self, fact: FactId, at: &Node) {
        let Type::Enum(id) = self.ruleset.schema.facts[fact.0].ty else { return };
        let values = &self.ruleset.schema.enums[id.0].values;
        if !["male", "female"].iter().all(|name| values.iter().any(|v| v.name == *name)) {
            self.error(
                at.place,
                "性别的枚举须有 male 和 female 两个值，才能与身份号码核对",
                "the enum of the sex needs the values male and female to be compared with an identity number",
            );
        }
    }
}
