//! `tests/*.yaml`: read to [`PackTest`]s whose expectations are resolved to variables.
use super::folder::PackFiles;
use super::region::RegionFiles;
use super::rule::VARIABLE;
use super::{Build, document};
use crate::finding::{Finding, excerpt};
use crate::household::{self, FactSheet};
use crate::library::Library;
use crate::pack_test::{Expectation, Expected, PackTest};
use crate::yaml::{Fields, Key, Node, Value};
use anmin_rules::model::{Citation, Decision, VariableId};

/// Paths of `expect` that are not variables' own.
const ANSWERS: [&str; 4] = ["eligible", "amount", "missing", "reason"];

impl Build {
    pub(super) fn tests(
        &mut self,
        own: &PackFiles,
        chain: &[RegionFiles],
        library: &Library,
    ) -> Vec<PackTest> {
        let mut tests = vec![];
        let sources = [(None, &own.tests[..])].into_iter();
        let sources = sources.chain(chain.iter().map(|r| (Some(r.meta.code.as_str()), r.tests())));
        for (folder, nodes) in sources {
            for file in nodes {
                match file.as_list() {
                    Ok(nodes) => {
                        for node in nodes {
                            tests.extend(self.test(node, folder, chain, library));
                        }
                    }
                    Err(finding) => self.findings.push(finding),
                }
            }
        }
        self.names_twice(&tests);
        if own.tests.is_empty() {
            self.error(
                own.place,
                "没有测试：tests/ 里至少要有一个 .yaml 文件，每条规则都应有测试",
                "there are no tests: tests/ holds at least one .yaml file, and every rule has a test",
            );
        }
        tests
    }

    fn test(
        &mut self,
        node: &Node,
        folder: Option<&str>,
        chain: &[RegionFiles],
        library: &Library,
    ) -> Option<PackTest> {
        let allowed = ["name", "law", "on", "region", "household", "expect"];
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let name = fields.required_text("name", &mut self.findings);
        let region = self.test_region(&fields, folder, library);
        // A test of another region may cite that region's documents, which are not read now.
        let here = region.as_deref().is_none_or(|code| chain.iter().any(|r| r.meta.code == code));
        let law: Vec<Citation> = if here {
            self.required_law(&fields, ("这个测试", "this test"))
        } else {
            let texts = fields.texts("law", &mut self.findings);
            texts.into_iter().map(|(text, _)| document::split(text)).collect()
        };
        let on = self.required_date(&fields, "on");
        let household = fields.required("household", &mut self.findings);
        if let Some(Err(finding)) = household.map(Node::as_map) {
            self.findings.push(finding);
        }
        fields.required("expect", &mut self.findings);
        let entries = fields.names("expect", &mut self.findings);
        let mut expect = vec![];
        for (key, node) in entries {
            expect.extend(self.expectation(key, node));
        }
        if let (Some(at), []) = (fields.get("expect"), entries) {
            self.error(at.place, "expect 不能为空", "expect must not be empty");
        }
        let (name, household) = (name?.to_owned(), household?.clone());
        Some(PackTest { name, place: node.place, on: on?, region, law, household, expect })
    }

    pub(super) fn test_region(
        &mut self,
        fields: &Fields<'_>,
        folder: Option<&str>,
        library: &Library,
    ) -> Option<String> {
        let Some(code) = fields.text("region", &mut self.findings) else {
            return folder.map(str::to_owned);
        };
        if let Some(node) = fields.get("region") {
            let known: Vec<&str> = library.regions().iter().map(String::as_str).collect();
            if !known.contains(&code) {
                self.findings.push(Finding::unknown(node.place, ("地区", "region"), code, &known));
            }
        }
        Some(code.to_owned())
    }

    fn expectation(&mut self, key: &Key, node: &Node) -> Option<Expectation> {
        let Decision { eligible, amount, .. } = self.ruleset.decision;
        let value = match key.text.as_str() {
            "missing" => {
                let paths = node.as_list().map_err(|f| self.findings.push(f)).ok()?;
                Expected::Missing(paths.iter().filter_map(|n| self.fact_path(n)).collect())
            }
            "reason" => Expected::Reason(node.as_text().map_err(|f| self.findings.push(f)).ok()?.to_owned()),
            "eligible" | "amount" => {
                let id = if key.text == "eligible" { eligible } else { amount };
                let Some(id) = id else {
                    let name = &key.text;
                    self.error(
                        key.place,
                        format!("decision 没有 {name}"),
                        format!("the decision has no {name}"),
                    );
                    return None;
                };
                Expected::Value(id, self.expected_value(id, node)?)
            }
            path => self.expected_variable(path, key, node)?,
        };
        Some(Expectation { path: key.text.clone(), place: node.place, value })
    }

    fn expected_variable(&mut self, path: &str, key: &Key, node: &Node) -> Option<Expected> {
        let variables = &self.ruleset.variables;
        let paths: Vec<String> = variables.iter().map(|v| self.path_text(v.of, &v.name)).collect();
        let Some(id) = paths.iter().position(|p| p == path).map(VariableId) else {
            let (of, name) = self.path(path, key.place)?;
            if self.names.kind(of, name) == Some(VARIABLE) {
                return None;
            }
            let others = paths.iter().map(String::as_str).filter(|p| !ANSWERS.contains(p));
            let known: Vec<&str> = ANSWERS.into_iter().chain(others).collect();
            let finding = Finding::unknown(key.place, ("变量或结论", "variable or answer"), path, &known);
            self.findings.push(finding);
            return None;
        };
        if variables[id.0].of.is_none() {
            return Some(Expected::Value(id, self.expected_value(id, node)?));
        }
        let nodes = node.as_list().map_err(|f| self.findings.push(f)).ok()?;
        let values: Vec<_> = nodes.iter().map(|n| self.expected_value(id, n)).collect();
        Some(Expected::Each(id, values.into_iter().collect::<Option<_>>()?))
    }

    /// A variable's value, or `unknown`.
    fn expected_value(&mut self, id: VariableId, node: &Node) -> Option<Option<i64>> {
        match &node.value {
            Value::Scalar { text, .. } if text == "unknown" => Some(None),
            _ => self.stored(self.ruleset.variables[id.0].ty, node).map(Some),
        }
    }

    /// The path of a fact, or of a whole collection nobody has given. An element's number may stand in it,
    /// as in `members[0].wage`.
    fn fact_path(&mut self, node: &Node) -> Option<String> {
        let text = node.as_text().map_err(|f| self.findings.push(f)).ok()?;
        if self.ruleset.schema.collections.iter().any(|c| c.name == text) {
            return Some(text.to_owned());
        }
        let plain = match (text.find('['), text.find(']')) {
            (Some(open), Some(close)) if open < close => format!("{}{}", &text[..open], &text[close + 1..]),
            _ => text.to_owned(),
        };
        self.fact(&plain, node.place)?;
        Some(text.to_owned())
    }

    /// Reads the tests' households, so that what is wrong with them is known before anything is run. Only
    /// in a sound pack: they would report its faults again.
    pub(super) fn test_households(&mut self, tests: &[PackTest]) {
        if self.has_errors() {
            return;
        }
        let sheet = FactSheet { schema: &self.ruleset.schema, facts: &self.facts };
        for test in tests {
            if let Err(findings) = household::read_node(&sheet, &test.household, test.on) {
                self.findings.extend(findings);
            }
        }
    }

    fn names_twice(&mut self, tests: &[PackTest]) {
        for (n, test) in tests.iter().enumerate() {
            let same = |t: &&PackTest| t.name == test.name && t.place.file == test.place.file;
            if let Some(first) = tests[..n].iter().find(same) {
                let (at, name) = (self.files.show(first.place), excerpt(&test.name));
                self.error(
                    test.place,
                    format!("测试“{name}”与 {at} 的同名，请换一个名称"),
                    format!("the test '{name}' has the name of the one at {at}; choose another"),
                );
            }
        }
    }
}
