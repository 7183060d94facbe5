//! Bodies of variables: a value, cases, a table, or dated versions of them.
use super::{ALWAYS, Build, cell};
use crate::finding::Finding;
use crate::yaml::{Fields, Node};
use anmin_rules::model::{
    Body, Case, Cases, Citation, Hit, LayerId, Outcome, Place, Row, Source, Table, Version,
};

/// The keys of which a variable has exactly one.
pub(super) const BODIES: [&str; 4] = ["value", "cases", "table", "versions"];
const HITS: [(&str, Hit); 2] = [("first", Hit::First), ("unique", Hit::Unique)];

impl Build {
    /// The bodies in a variable's map, sorted by date. `may_lack`: an open variable leaves the body to
    /// regions.
    pub(super) fn versions(&mut self, fields: &Fields<'_>, layer: LayerId, may_lack: bool) -> Vec<Version> {
        let law = self.law(fields);
        let cited = fields.has("law");
        let given = self.one_body(fields, &BODIES, may_lack);
        let Some(nodes) =
            given.filter(|key| *key == "versions").and_then(|_| fields.list("versions", &mut self.findings))
        else {
            if !cited {
                self.uncited(fields.place(), ("这条规则", "this rule"));
            }
            let body = self.body(fields, given);
            let place = fields.place();
            return body.map(|body| Version { layer, from: ALWAYS, law, body, place }).into_iter().collect();
        };
        let mut versions: Vec<Version> =
            nodes.iter().filter_map(|node| self.version(node, layer, cited.then_some(&law))).collect();
        versions.sort_by_key(|v| v.from);
        for pair in versions.windows(2).filter(|pair| pair[0].from == pair[1].from) {
            self.twice(pair[1].place, pair[0].place, pair[1].from);
        }
        versions
    }

    fn version(&mut self, node: &Node, layer: LayerId, outer: Option<&Vec<Citation>>) -> Option<Version> {
        let fields = Fields::of(node, &["from", "law", "value", "cases", "table", "hit"], &mut self.findings);
        let from = self.required_date(&fields, "from");
        if !fields.has("law") && outer.is_none() {
            self.uncited(node.place, ("这一版规则", "this version of the rule"));
        }
        let own = self.law(&fields);
        let given = self.one_body(&fields, &BODIES[..3], false);
        let body = self.body(&fields, given);
        let law = match outer {
            Some(outer) if !fields.has("law") => outer.clone(),
            _ => own,
        };
        Some(Version { layer, from: from?, law, body: body?, place: node.place })
    }

    /// Which of the keys is given; reports none and more than one.
    fn one_body(
        &mut self,
        fields: &Fields<'_>,
        keys: &[&'static str],
        may_lack: bool,
    ) -> Option<&'static str> {
        let given: Vec<&str> = keys.iter().copied().filter(|key| fields.has(key)).collect();
        match given[..] {
            [key] => return Some(key),
            [] if may_lack => {}
            [] => self.error(
                fields.place(),
                format!("缺少算法：须有 {} 之一", keys.join("、")),
                format!("nothing says how it is computed: one of {} is needed", keys.join(", ")),
            ),
            [_, second, ..] => {
                let place = fields.entry(second).map_or(fields.place(), |(key, _)| key.place);
                self.error(
                    place,
                    format!("{} 只能有一个", given.join("、")),
                    format!("{}: only one of them can be given", given.join(", ")),
                );
            }
        }
        None
    }

    fn body(&mut self, fields: &Fields<'_>, given: Option<&str>) -> Option<Body> {
        let hit = fields.choice("hit", &HITS, &mut self.findings);
        match given? {
            "value" => {
                if let Some((at, _)) = fields.entry("hit") {
                    self.error(at.place, "hit 只用于 cases 和 table", "hit is for cases and tables");
                }
                self.required_source(fields, "value").map(Body::Value)
            }
            "cases" => {
                let nodes = fields.required_list("cases", &mut self.findings)?;
                self.cases(nodes, hit.unwrap_or(Hit::First), fields.place()).map(Body::Cases)
            }
            "table" => {
                let node = fields.required("table", &mut self.findings)?;
                self.table(node, hit).map(Body::Table)
            }
            _ => None,
        }
    }

    fn cases(&mut self, nodes: &[Node], hit: Hit, place: Place) -> Option<Cases> {
        if nodes.is_empty() {
            self.error(place, "cases 不能为空", "cases must not be empty");
            return None;
        }
        let mut built = Cases { hit, cases: vec![], otherwise: None };
        let mut whole = true;
        for (n, node) in nodes.iter().enumerate() {
            if node.get("otherwise").is_none() {
                let fields = Fields::of(node, &["when", "then", "law", "because"], &mut self.findings);
                let when = self.required_source(&fields, "when");
                let then = self.required_source(&fields, "then");
                let outcome = self.outcome(&fields, then, node.place);
                match when.zip(outcome) {
                    Some((when, outcome)) => built.cases.push(Case { when, outcome }),
                    None => whole = false,
                }
                continue;
            }
            let fields = Fields::of(node, &["otherwise", "law", "because"], &mut self.findings);
            if n + 1 < nodes.len() {
                self.error(
                    node.place,
                    "otherwise 须是最后一个情形；它之后的情形永远不会生效",
                    "otherwise is the last case; those after it could never fire",
                );
            }
            let then = self.required_source(&fields, "otherwise");
            let outcome = self.outcome(&fields, then, node.place);
            whole &= outcome.is_some();
            built.otherwise = outcome;
        }
        whole.then_some(built)
    }

    fn table(&mut self, node: &Node, beside: Option<Hit>) -> Option<Table> {
        let fields = Fields::of(node, &["hit", "on", "rows", "otherwise"], &mut self.findings);
        let hit = fields.choice("hit", &HITS, &mut self.findings).or(beside).unwrap_or(Hit::First);
        let columns = fields.required_list("on", &mut self.findings).unwrap_or_default();
        let on: Vec<Option<Source>> = columns.iter().map(|n| self.source(n)).collect();
        let mut rows = vec![];
        for node in fields.required_list("rows", &mut self.findings).unwrap_or_default() {
            rows.push(self.row(node, columns.len()));
        }
        for key in ["on", "rows"] {
            if let Some([]) = fields.get(key).and_then(|n| n.as_list().ok()) {
                self.error(fields.place(), format!("{key} 不能为空"), format!("{key} must not be empty"));
            }
        }
        let given = fields.get("otherwise");
        let otherwise = given.and_then(|node| self.table_otherwise(node));
        if given.is_some() != otherwise.is_some() {
            return None;
        }
        let (on, rows): (Option<Vec<Source>>, Option<Vec<Row>>) =
            (on.into_iter().collect(), rows.into_iter().collect());
        Some(Table { hit, on: on?, rows: rows?, otherwise })
    }

    fn row(&mut self, node: &Node, columns: usize) -> Option<Row> {
        let fields = Fields::of(node, &["when", "then", "law", "because"], &mut self.findings);
        let nodes = fields.required_list("when", &mut self.findings);
        let mut cells = vec![];
        for node in nodes.unwrap_or_default() {
            match cell::read(node) {
                Ok(cell) => cells.push(cell),
                Err(finding) => self.findings.push(finding),
            }
        }
        let given = nodes.map_or(columns, <[Node]>::len);
        if given != columns {
            let place = fields.get("when").map_or(node.place, |n| n.place);
            self.error(
                place,
                format!("这一行有 {given} 个单元格，而表有 {columns} 列"),
                format!("this row has {given} cells, and the table {columns} columns"),
            );
        }
        let then = self.required_source(&fields, "then");
        let outcome = self.outcome(&fields, then, node.place)?;
        (cells.len() == columns).then_some(Row { cells, outcome })
    }

    /// `otherwise: x`, or `otherwise: {then: x, law, because}`.
    fn table_otherwise(&mut self, node: &Node) -> Option<Outcome> {
        if node.as_map().is_ok() {
            let fields = Fields::of(node, &["then", "law", "because"], &mut self.findings);
            let then = self.required_source(&fields, "then");
            return self.outcome(&fields, then, node.place);
        }
        let then = self.source(node)?;
        Some(Outcome { then, law: vec![], because: None, place: node.place })
    }

    fn outcome(&mut self, fields: &Fields<'_>, then: Option<Source>, place: Place) -> Option<Outcome> {
        let law = self.law(fields);
        let because = fields.label_at("because", &mut self.findings);
        Some(Outcome { then: then?, law, because, place })
    }

    /// A map in a region's file; every key a region may not set is reported with what it may.
    pub(super) fn overlay_fields<'n>(&mut self, node: &'n Node, allowed: &[&str]) -> Fields<'n> {
        let fields = Fields::open(node, &mut self.findings);
        for (key, _) in fields.entries().iter().filter(|(k, _)| !allowed.contains(&k.text.as_str())) {
            let name = crate::finding::excerpt(&key.text);
            let list = allowed.join(", ");
            self.findings.push(Finding::error(
                key.place,
                format!(
                    "地区不能设定 {name}。此处可用：{list}。地区只能给已声明的参数赋值（values）、\
                设定开关（switches）、给标明 open 的变量写算法，每项都须写明依据（law）"
                ),
                format!(
                    "a region cannot set {name}. Allowed here: {list}. A region gives values of \
                declared parameters, settings of switches and bodies of variables marked open, each with \
                its law"
                ),
            ));
        }
        fields
    }
}
