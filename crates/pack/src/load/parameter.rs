//! `parameters.yaml`: documents and the dated figures of the law.
use super::{ALWAYS, Build, PackFiles};
use crate::finding::Finding;
use crate::value::shown;
use crate::yaml::{Fields, Key, Node, Value};
use anmin_base::date::Date;
use anmin_rules::model::{FactId, Figure, LayerId, Parameter, ParameterId, ParameterValue, Type};

const KIND: (&str, &str) = ("参数", "parameter");

impl Build {
    pub(super) fn pack_parameters(&mut self, files: &PackFiles) {
        let Some(node) = &files.parameters else { return };
        let fields = Fields::of(node, &["documents", "parameters"], &mut self.findings);
        self.documents(&fields);
        for (key, node) in fields.names("parameters", &mut self.findings) {
            self.parameter(key, node);
        }
    }

    fn parameter(&mut self, key: &Key, node: &Node) {
        let allowed = ["type", "per", "den", "range", "zh", "en", "by", "values"];
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let free = self.take(None, &key.text, KIND, key.place);
        let label = fields.label(&mut self.findings);
        let by = self.by(&fields);
        let Some(ty) = self.ty(&fields) else { return };
        if matches!(ty, Type::Text | Type::ResidentId) {
            self.error(
                key.place,
                "参数不能是文字或身份号码",
                "a parameter cannot be text or an identity number",
            );
            return;
        }
        let range = self.range(&fields, ty, true);
        if !free {
            return;
        }
        // Without a range its values are still read, so that all that is wrong with them is said.
        let parameter = Parameter {
            name: key.text.clone(),
            ty,
            range: range.unwrap_or((i64::MIN, i64::MAX)),
            by,
            label,
            values: vec![],
            place: key.place,
        };
        let id = ParameterId(self.ruleset.parameters.len());
        self.ruleset.parameters.push(parameter);
        if let Some(nodes) = fields.list("values", &mut self.findings) {
            self.parameter_values(id, nodes, 0);
        }
    }

    /// The root enum fact a parameter varies by.
    fn by(&mut self, fields: &Fields<'_>) -> Option<FactId> {
        let name = fields.text("by", &mut self.findings)?;
        let place = fields.get("by")?.place;
        let id = self.fact(name, place)?;
        let fact = &self.ruleset.schema.facts[id.0];
        if fact.of.is_some() || !matches!(fact.ty, Type::Enum(_)) {
            self.error(
                place,
                format!("{name} 不能作 by：须是根实体的枚举事实"),
                format!("{name} cannot be `by`: that is an enum fact of the root"),
            );
            return None;
        }
        Some(id)
    }

    /// What a region sets of declared parameters.
    pub(super) fn overlay_parameters(&mut self, fields: &Fields<'_>, layer: LayerId) {
        let entries = fields.names("parameters", &mut self.findings);
        for (key, node) in entries {
            let fields = self.overlay_fields(node, &["values"]);
            let known = self.ruleset.parameters.iter().position(|p| p.name == key.text);
            let nodes = fields.required_list("values", &mut self.findings);
            match (known, nodes) {
                (Some(id), Some(nodes)) => self.parameter_values(ParameterId(id), nodes, layer),
                (None, _) if self.names.kind(None, &key.text) != Some(KIND) => {
                    let known: Vec<&str> = self.ruleset.parameters.iter().map(|p| p.name.as_str()).collect();
                    let finding = Finding::unknown(
                        key.place,
                        (
                            "参数（地区只能给已声明的参数赋值）",
                            "parameter (a region gives values to declared ones)",
                        ),
                        &key.text,
                        &known,
                    );
                    self.findings.push(finding);
                }
                _ => {}
            }
        }
    }

    /// The dated values a layer gives.
    fn parameter_values(&mut self, id: ParameterId, nodes: &[Node], layer: LayerId) {
        let mut values = vec![];
        for node in nodes {
            let allowed = ["from", "to", "value", "law", "published", "checked_on", "unverified"];
            let fields = Fields::of(node, &allowed, &mut self.findings);
            let law = self.required_law(&fields, ("这个数值", "this figure"));
            fields.required("from", &mut self.findings);
            let (from, to) = self.span(&fields);
            let figure = fields.required("value", &mut self.findings).and_then(|n| self.figure(id, n));
            let (published, checked_on) = (self.date(&fields, "published"), self.date(&fields, "checked_on"));
            if let (Some(published), Some(checked), Some(at)) =
                (published, checked_on, fields.get("published"))
                && published > checked
            {
                self.error(
                    at.place,
                    format!("published（{published}）晚于 checked_on（{checked}）：尚未公布的数值无从核对，请改正其中一个"),
                    format!(
                        "published ({published}) is after checked_on ({checked}): what is not yet published \
                        cannot have been checked; correct one of them"
                    ),
                );
            }
            let unverified = fields.flag("unverified", &mut self.findings).unwrap_or(false);
            if unverified {
                self.warning(
                    node.place,
                    "这个数值标明未查到原文（unverified）",
                    "this figure was not read in its own text (unverified)",
                );
            }
            let (Some(from), Some(value)) = (from, figure) else { continue };
            let place = node.place;
            values.push(ParameterValue {
                layer,
                from,
                to,
                value,
                law,
                published,
                checked_on,
                unverified,
                place,
            });
        }
        values.sort_by_key(|v| v.from);
        for pair in values.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            if before.from == after.from {
                self.twice(after.place, before.place, after.from);
            } else if before.to.is_some_and(|to| to >= after.from) {
                let day = after.from;
                self.error(
                    before.place,
                    format!("to 不早于下一个数值的开始日期 {day}；有后继的数值不必写 to"),
                    format!(
                        "`to` is not before {day}, where the next value begins; a value with a \
                    successor needs no `to`"
                    ),
                );
            }
        }
        self.ruleset.parameters[id.0].values.extend(values);
    }

    fn figure(&mut self, id: ParameterId, node: &Node) -> Option<Figure> {
        let Parameter { ty, by, .. } = self.ruleset.parameters[id.0];
        match &node.value {
            Value::Scalar { text, .. } if text == "none" => {
                if let Type::Enum(e) = ty
                    && self.ruleset.schema.enums[e.0].values.iter().any(|v| v.name == "none")
                {
                    self.error(
                        node.place,
                        "none 表示数值终止，不能同时是枚举值；请给枚举值改名",
                        "none ends a figure and cannot be an enum's value too; rename the enum's value",
                    );
                }
                Some(Figure::Ended)
            }
            Value::Map(entries) => {
                let Some(by) = by else {
                    self.findings.push(
                        node.expected("一个值（参数没有 by）", "one value (the parameter has no `by`)"),
                    );
                    return None;
                };
                let by = self.ruleset.schema.facts[by.0].ty;
                let mut figures = vec![];
                for (key, value) in entries {
                    let name = Node::new(key.place, Value::Scalar { text: key.text.clone(), quoted: false });
                    let (code, value) = (self.stored(by, &name), self.parameter_value(id, value));
                    figures.extend(code.zip(value));
                }
                Some(Figure::By(figures))
            }
            _ => self.parameter_value(id, node).map(Figure::Same),
        }
    }

    fn parameter_value(&mut self, id: ParameterId, node: &Node) -> Option<i64> {
        let Parameter { ty, range, .. } = self.ruleset.parameters[id.0];
        let value = self.stored(ty, node)?;
        if !(range.0..=range.1).contains(&value) {
            let enums = &self.ruleset.schema.enums;
            let [value, low, high] = [value, range.0, range.1].map(|v| shown(ty, enums, v));
            self.error(
                node.place,
                format!("{value} 超出参数声明的范围 [{low}, {high}]"),
                format!("{value} is outside the parameter's range [{low}, {high}]"),
            );
            return None;
        }
        Some(value)
    }

    /// Reports two entries of one layer that begin on one day.
    pub(super) fn twice(
        &mut self,
        place: anmin_rules::model::Place,
        first: anmin_rules::model::Place,
        from: Date,
    ) {
        let at = self.files.show(first);
        let (zh, en) = match from {
            ALWAYS => ("没有开始日期".to_owned(), "undated".to_owned()),
            _ => (format!("从 {} 开始", from), format!("begin on {}", from)),
        };
        self.error(
            place,
            format!("同一层有两条都{zh}（另一条在 {at}）"),
            format!("two entries of one layer are {en} (the other is at {at})").replace("are begin", "begin"),
        );
    }
}
