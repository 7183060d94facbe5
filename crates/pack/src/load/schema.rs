//! Entities, enumerations, types and ranges.
use super::{Build, PackFiles};
use crate::finding::{Finding, excerpt};
use crate::names::{speaks_of_creed, well_formed};
use crate::value;
use crate::yaml::{Fields, Key, Node};
use anmin_base::date::Date;
use anmin_rules::model::{Collection, EnumId, EnumType, EnumValue, Label, Per, Place, Type};

/// Type names that are no enums.
const TYPES: [&str; 9] = ["bool", "count", "age", "months", "rate", "date", "money", "text", "resident_id"];
/// 1/1000000000 is the finest rate: products of two still fit 64 bits.
const FINEST_RATE: i64 = 1_000_000_000;
const DEFAULT_RATE: i64 = 10_000;
const PERIODS: [(&str, Per); 3] = [("month", Per::Month), ("year", Per::Year), ("once", Per::Once)];

impl Build {
    /// Entities, enums and facts of the imports and the pack.
    pub(super) fn vocabulary(&mut self, packs: &[&PackFiles]) {
        let keys = ["entities", "enums", "facts"];
        let mut facts = vec![];
        for pack in packs {
            let Some(node) = &pack.facts else { continue };
            let fields = Fields::of(node, &keys, &mut self.findings);
            self.entities(&fields);
            self.enums(&fields);
            facts.push(fields.names("facts", &mut self.findings));
        }
        if self.ruleset.schema.root_name.is_empty() && !self.has_errors() {
            let place =
                packs.last().map_or(Place::default(), |p| p.facts.as_ref().map_or(p.place, |n| n.place));
            self.error(
                place,
                "没有根实体：entities 中须有一个不带 of 的实体，或引用声明了它的公共包",
                "there is no root entity: entities needs one without `of`, or an import that has it",
            );
        }
        self.facts(&facts);
    }

    fn entities(&mut self, fields: &Fields<'_>) {
        let entries = fields.names("entities", &mut self.findings);
        // The root first, wherever it is written: collections name it.
        for (key, node) in entries.iter().filter(|(_, n)| n.get("of").is_none()) {
            let fields = Fields::of(node, &["of", "each", "min", "max", "zh", "en"], &mut self.findings);
            let label = fields.label(&mut self.findings);
            if let Some((at, _)) = ["each", "min", "max"].iter().find_map(|k| fields.entry(k)) {
                self.error(
                    at.place,
                    format!("{} 只用于集合；集合须写 of", at.text),
                    format!("{} is for collections only, which have `of`", at.text),
                );
            }
            if !self.ruleset.schema.root_name.is_empty() {
                let root = &self.ruleset.schema.root_name;
                let (zh, en) = (
                    format!("根实体已是 {root}，只能有一个；集合请写 of: {root}"),
                    format!("the root is {root} already, and there is one; a collection has of: {root}"),
                );
                self.error(key.place, zh, en);
            } else if self.take(None, &key.text, ("实体", "entity"), key.place) {
                self.ruleset.schema.root_name.clone_from(&key.text);
                self.ruleset.schema.root = label;
            }
        }
        for (key, node) in entries.iter().filter(|(_, n)| n.get("of").is_some()) {
            self.collection(&key.text, key.place, node);
        }
    }

    fn collection(&mut self, name: &str, place: Place, node: &Node) {
        let fields = Fields::of(node, &["of", "each", "min", "max", "zh", "en"], &mut self.findings);
        let out = &mut self.findings;
        let (of, each) = (fields.required_text("of", out), fields.required_text("each", out));
        fields.required("max", out);
        let (min, max) = (fields.whole("min", out), fields.whole("max", out));
        let label = fields.label(out);
        let root = &self.ruleset.schema.root_name;
        if let (Some(of), Some(at)) = (of, fields.get("of"))
            && of != root
            && !root.is_empty()
        {
            out.push(Finding::unknown(at.place, ("根实体", "root entity"), of, &[root]));
        }
        let size = |n: Option<i64>, default| n.map_or(Ok(default), u32::try_from);
        let (min, max) = match (size(min, 0), size(max, 0)) {
            (Ok(min), Ok(max)) if min <= max || !fields.has("max") => (min, max),
            _ => {
                out.push(Finding::error(
                    place,
                    "集合的 min 和 max 须是不小于 0 的整数，且 min 不大于 max",
                    "min and max of a collection are whole numbers from 0, min at most max",
                ));
                (0, 0)
            }
        };
        let free = self.take(None, name, ("实体", "entity"), place);
        let each_place = fields.get("each").map_or(place, |n| n.place);
        let each_free =
            each.is_none_or(|each| self.take(None, each, ("集合元素", "collection's element"), each_place));
        if free && each_free {
            let each = each.unwrap_or_default().to_owned();
            self.ruleset.schema.collections.push(Collection { name: name.to_owned(), each, min, max, label });
        }
    }

    fn enums(&mut self, fields: &Fields<'_>) {
        let entries = fields.names("enums", &mut self.findings);
        for (key, node) in entries {
            let well = well_formed(&key.text, key.place, &mut self.findings);
            if let Some(first) = self.ruleset.schema.enums.iter().find(|e| e.name == key.text) {
                let name = &first.name;
                let (zh, en) = (
                    format!("枚举 {name} 已经声明，不能重新定义"),
                    format!("the enum {name} is already declared; it cannot be redefined"),
                );
                self.error(key.place, zh, en);
                continue;
            }
            if TYPES.contains(&key.text.as_str()) {
                self.error(
                    key.place,
                    format!("{} 是内置类型的名称", key.text),
                    format!("{} is the name of a built-in type", key.text),
                );
                continue;
            }
            if speaks_of_creed(&key.text) {
                self.refuse_creed(key.place);
            }
            let values = self.enum_values(node);
            if values.is_empty() {
                self.error(node.place, "枚举至少要有一个值", "an enum needs at least one value");
            } else if well {
                self.ruleset.schema.enums.push(EnumType { name: key.text.clone(), values });
            }
        }
    }

    fn enum_values(&mut self, node: &Node) -> Vec<EnumValue> {
        let entries = Fields::open(node, &mut self.findings).entries();
        let mut values: Vec<EnumValue> = vec![];
        for (key, node) in entries {
            well_formed(&key.text, key.place, &mut self.findings);
            let fields = Fields::of(node, &["code", "zh", "en"], &mut self.findings);
            fields.required("code", &mut self.findings);
            let code = fields.whole("code", &mut self.findings);
            let label = fields.label(&mut self.findings);
            if [&key.text, &label.zh, &label.en].into_iter().any(|t| speaks_of_creed(t)) {
                self.refuse_creed(key.place);
            }
            if let Some(other) = code.and_then(|code| values.iter().find(|v| v.code == code)) {
                let (zh, en) = (
                    format!("代码 {} 已用于 {}", other.code, other.name),
                    format!("the code {} already belongs to {}", other.code, other.name),
                );
                self.error(key.place, zh, en);
            }
            self.enum_label(key, &label, &values);
            // A value whose code is wrong still has its name, so that its uses are not reported too.
            values.push(EnumValue { name: key.text.clone(), code: code.unwrap_or_default(), label });
        }
        values
    }

    /// Reports a label that could mean another value of the enum too, in a household file or on a form.
    fn enum_label(&mut self, key: &Key, label: &Label, others: &[EnumValue]) {
        let same = |a: &str, b: &str| !a.is_empty() && a == b;
        let labels = [&label.zh, &label.en];
        let clash = others.iter().find_map(|other| {
            let others_labels = [&other.label.zh, &other.label.en];
            let of_both = labels.into_iter().zip(others_labels).find(|(a, b)| same(a, b)).map(|(a, _)| a);
            let others_name = labels.into_iter().find(|l| same(l, &other.name));
            let own_name = others_labels.into_iter().find(|l| same(l, &key.text));
            Some((of_both.or(others_name).or(own_name)?.clone(), other.name.clone()))
        });
        if let Some((text, other)) = clash {
            let (text, name) = (excerpt(&text), &key.text);
            self.error(
                key.place,
                format!(
                    "“{text}”既可指 {name} 又可指 {other}：同一枚举的标签不得相同，也不得是另一个值的名称"
                ),
                format!(
                    "'{text}' may mean {name} or {other}: the labels of an enum differ, and none is another \
                    value's name"
                ),
            );
        }
    }

    pub(super) fn refuse_creed(&mut self, place: Place) {
        self.error(
            place,
            "不得收集民族或宗教信仰作为依据；法律所称“宗教教职人员”等身份请照原文书写",
            "ethnicity and religion are not collected as grounds; name a status the law itself uses (such \
            as religious clergy) in its words",
        );
    }

    /// The type under `type`, `per` and `den`.
    pub(super) fn ty(&mut self, fields: &Fields<'_>) -> Option<Type> {
        let name = fields.required_text("type", &mut self.findings);
        let per = fields.choice("per", &PERIODS, &mut self.findings);
        let den = fields.whole("den", &mut self.findings);
        let name = name?;
        for (key, owner) in [("per", "money"), ("den", "rate")] {
            if let (Some((at, _)), true) = (fields.entry(key), name != owner) {
                self.error(at.place, format!("{key} 只用于 {owner}"), format!("{key} is for {owner} only"));
            }
        }
        let ty = match name {
            "bool" => Type::Bool,
            "count" => Type::Count,
            "age" => Type::Age,
            "months" => Type::Months,
            "date" => Type::Date,
            "text" => Type::Text,
            "resident_id" => Type::ResidentId,
            "rate" => Type::Rate(self.rate(den, fields)?),
            "money" => {
                if !fields.has("per") {
                    self.error(
                        fields.place(),
                        "money 须写 per：month（每月）、year（每年）或 once（一次）",
                        "money needs per: month, year or once",
                    );
                }
                Type::Money(per?)
            }
            _ => {
                let enums = &self.ruleset.schema.enums;
                let Some(id) = enums.iter().position(|e| e.name == name) else {
                    let known: Vec<&str> =
                        TYPES.into_iter().chain(enums.iter().map(|e| e.name.as_str())).collect();
                    let place = fields.get("type").map_or(fields.place(), |n| n.place);
                    let finding = Finding::unknown(place, ("类型", "type"), name, &known);
                    self.findings.push(finding);
                    return None;
                };
                Type::Enum(EnumId(id))
            }
        };
        Some(ty)
    }

    fn rate(&mut self, den: Option<i64>, fields: &Fields<'_>) -> Option<i64> {
        let Some(node) = fields.get("den") else { return Some(DEFAULT_RATE) };
        let den = den?;
        if !(1..=FINEST_RATE).contains(&den) {
            self.error(
                node.place,
                format!("den 须在 1 至 {FINEST_RATE} 之间"),
                format!("den lies between 1 and {FINEST_RATE}"),
            );
            return None;
        }
        Some(den)
    }

    /// The bounds of a type: from `range`, which numbers must have if `required`, or its own.
    pub(super) fn range(&mut self, fields: &Fields<'_>, ty: Type, required: bool) -> Option<(i64, i64)> {
        let own = self.own_range(ty);
        let takes_range = !matches!(ty, Type::Bool | Type::Enum(_) | Type::Text | Type::ResidentId);
        let Some((at, node)) = fields.entry("range") else {
            if own.is_none() && required {
                self.error(
                    fields.place(),
                    "缺少 range: [最小, 最大]，数值类型必须声明范围",
                    "range: [least, greatest] is missing; every numeric type declares its range",
                );
            }
            return own;
        };
        if !takes_range {
            self.error(at.place, "range 只用于数值和日期", "range is for numbers and dates only");
            return own;
        }
        let Ok([low, high]) = node.as_list() else {
            self.findings.push(node.expected("[最小, 最大]", "[least, greatest]"));
            return None;
        };
        let (low, high) = (self.stored(ty, low), self.stored(ty, high));
        let range = (low?, high?);
        if range.0 > range.1 {
            self.error(
                node.place,
                "range 的最小值大于最大值",
                "the least value of the range is above the greatest",
            );
            return None;
        }
        Some(range)
    }

    /// Bounds a type has without a declaration.
    fn own_range(&self, ty: Type) -> Option<(i64, i64)> {
        match ty {
            Type::Bool => Some((0, 1)),
            Type::Text | Type::ResidentId => Some((0, 0)),
            Type::Date => {
                let day = |date: Date| i64::from(date.days());
                Some((day(Date::ymd(1900, 1, 1)), day(Date::ymd(2100, 12, 31))))
            }
            Type::Enum(id) => {
                let codes = || self.ruleset.schema.enums[id.0].values.iter().map(|v| v.code);
                Some((codes().min()?, codes().max()?))
            }
            Type::Count | Type::Age | Type::Months | Type::Rate(_) | Type::Money(_) => None,
        }
    }

    /// A value in stored form; what is wrong with it is reported.
    pub(super) fn stored(&mut self, ty: Type, node: &Node) -> Option<i64> {
        value::stored(ty, &self.ruleset.schema.enums, node).map_err(|f| self.findings.push(f)).ok()
    }

    /// A label in the map's own `zh` and `en`, neither of ethnicity nor of religion.
    pub(super) fn fact_label(&mut self, fields: &Fields<'_>, name: &str, place: Place) -> Label {
        let label = fields.label(&mut self.findings);
        if [name, &label.zh, &label.en].into_iter().any(speaks_of_creed) {
            self.refuse_creed(place);
        }
        label
    }
}
