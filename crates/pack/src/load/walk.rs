//! `tests/walks/*.yaml`: a case day by day, read to what the engine's runner takes.
mod command;

use super::Build;
use super::folder::PackFiles;
use super::region::RegionFiles;
use crate::finding::Finding;
use crate::library::Library;
use crate::workflow::PackWalk;
use crate::yaml::{Fields, Node, Value};
use anmin_base::calendar::Deadline;
use anmin_casework::kinds::Mark;
use anmin_casework::record::Person;
use anmin_casework::walk::{Expect, Line, Walk};
use anmin_casework::workflow::{Definition, Name};
use anmin_rules::model::{Citation, Place};

impl Build {
    /// The walks of the pack and of the overlays in the chain.
    pub(super) fn walks(
        &mut self,
        own: &PackFiles,
        chain: &[RegionFiles],
        library: &Library,
        definition: &Definition,
    ) -> Vec<PackWalk> {
        let mut walks: Vec<PackWalk> = vec![];
        let sources = [(None, &own.walks[..])].into_iter();
        let sources = sources.chain(chain.iter().map(|r| (Some(r.meta.code.as_str()), r.walks())));
        for (folder, files) in sources {
            for file in files {
                let nodes = file.as_list().map_err(|f| self.findings.push(f)).unwrap_or_default();
                for node in nodes {
                    walks.extend(self.walk(node, folder, chain, library, definition));
                }
            }
        }
        let written = !own.walks.is_empty() || chain.iter().any(|r| !r.walks().is_empty());
        if !written {
            self.warning(
                own.place,
                "流程没有走查：每条主要路径都应有 tests/walks/ 中的走查",
                "the workflow has no walks: every main path should have one in tests/walks/",
            );
        }
        walks
    }

    fn walk(
        &mut self,
        node: &Node,
        folder: Option<&str>,
        chain: &[RegionFiles],
        library: &Library,
        definition: &Definition,
    ) -> Option<PackWalk> {
        let allowed =
            ["name", "law", "region", "switches", "unit", "adults", "programmes", "verdicts", "days"];
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let name = fields.required_text("name", &mut self.findings);
        let region = self.test_region(&fields, folder, library);
        let here = region.as_deref().is_none_or(|code| chain.iter().any(|r| r.meta.code == code));
        let law: Vec<Citation> = if here {
            self.required_law(&fields, ("这次走查", "this walk"))
        } else {
            let texts = fields.texts("law", &mut self.findings);
            texts.into_iter().map(|(text, _)| super::document::split(text)).collect()
        };
        let switches = self.walk_switches(&fields, definition);
        let unit = fields.text("unit", &mut self.findings).unwrap_or("household").to_owned();
        let persons = fields.texts("adults", &mut self.findings);
        let adults = persons.into_iter().map(|(text, _)| Person(text.to_owned())).collect();
        let programmes = fields.texts("programmes", &mut self.findings);
        let programmes = match programmes.is_empty() {
            true => vec!["benefit".to_owned()],
            false => programmes.into_iter().map(|(text, _)| text.to_owned()).collect(),
        };
        let verdicts = fields.get("verdicts").map(|n| self.verdicts_of(n)).unwrap_or_default();
        let days = fields.required_list("days", &mut self.findings)?;
        let mut lines = vec![];
        for day in days {
            lines.push((self.line(day, definition), day.place));
        }
        // A line that cannot be read would make the others wrong.
        let lines: Option<Vec<(Line, Place)>> =
            lines.into_iter().map(|(line, place)| Some((line?, place))).collect();
        let (lines, places) = lines?.into_iter().unzip();
        let verdicts = verdicts.into_iter().collect();
        let walk = Walk { name: name?.to_owned(), switches, unit, adults, programmes, verdicts, lines };
        Some(PackWalk { walk, place: node.place, lines: places, region, law })
    }

    fn walk_switches(
        &mut self,
        fields: &Fields<'_>,
        definition: &Definition,
    ) -> std::collections::BTreeMap<Name, Name> {
        let mut found = std::collections::BTreeMap::new();
        for (key, node) in fields.names("switches", &mut self.findings) {
            let Some(switch) = definition.switches.iter().find(|s| s.named.name == key.text) else {
                let known: Vec<&str> = definition.switches.iter().map(|s| s.named.name.as_str()).collect();
                self.findings.push(Finding::unknown(key.place, ("开关", "switch"), &key.text, &known));
                continue;
            };
            let options: Vec<&str> = switch.options.iter().map(|o| o.name.as_str()).collect();
            match node.as_text() {
                Ok(text) if options.contains(&text) => {
                    found.insert(key.text.clone(), text.to_owned());
                }
                Ok(text) => {
                    self.findings.push(Finding::unknown(node.place, ("选项", "option"), text, &options));
                }
                Err(finding) => self.findings.push(finding),
            }
        }
        found
    }

    fn line(&mut self, node: &Node, definition: &Definition) -> Option<Line> {
        let allowed = ["on", "do", "by", "with", "evidence", "verdicts", "expect"];
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let on = self.required_date(&fields, "on");
        let command = self.walk_command(&fields, definition);
        let verdicts = fields.get("verdicts").map(|n| self.verdicts_of(n)).unwrap_or_default();
        let expect = self.walk_expect(&fields, definition);
        Some(Line { on: on?, command: command?, verdicts: verdicts.into_iter().collect(), expect })
    }

    fn walk_expect(&mut self, fields: &Fields<'_>, definition: &Definition) -> Expect {
        let allowed = ["refusal", "state", "deadlines", "marks", "letters", "events", "standing", "gap"];
        let Some(fields) = fields.map("expect", &allowed, &mut self.findings) else {
            return Expect::default();
        };
        let mut expect = Expect {
            refusal: fields.text("refusal", &mut self.findings).map(str::to_owned),
            state: fields.text("state", &mut self.findings).map(str::to_owned),
            gap: fields.whole("gap", &mut self.findings),
            ..Expect::default()
        };
        if let (Some(state), Some(node)) = (&expect.state, fields.get("state")) {
            let known: Vec<&str> = definition.all.states.iter().map(|s| s.named.name.as_str()).collect();
            if !known.contains(&state.as_str()) {
                self.findings.push(Finding::unknown(node.place, ("状态", "state"), state, &known));
            }
        }
        if fields.has("letters") {
            let letters = match fields.get("letters").map(|n| &n.value) {
                Some(Value::List(nodes)) if nodes.is_empty() => vec![],
                _ => fields.texts("letters", &mut self.findings),
            };
            expect.letters = Some(letters.into_iter().map(|(text, _)| text.to_owned()).collect());
        }
        let events = fields.texts("events", &mut self.findings);
        expect.events = events.into_iter().map(|(text, _)| text.to_owned()).collect();
        for (key, node) in fields.names("standing", &mut self.findings) {
            let text = node.as_text().map_err(|f| self.findings.push(f)).unwrap_or_default();
            expect.standing.push((key.text.clone(), text.to_owned()));
        }
        for (key, node) in fields.names("marks", &mut self.findings) {
            let text = node.as_text().unwrap_or_default();
            match Mark::ALL.iter().find(|(name, _)| *name == text) {
                Some((_, mark)) => expect.marks.push((key.text.clone(), *mark)),
                None => {
                    let known = Mark::ALL.map(|(name, _)| name);
                    self.findings.push(Finding::unknown(node.place, ("标记", "mark"), text, &known));
                }
            }
        }
        for (key, node) in fields.names("deadlines", &mut self.findings) {
            let clocks: Vec<&str> = definition.all.clocks.iter().map(|c| c.named.name.as_str()).collect();
            if !clocks.contains(&key.text.as_str()) {
                self.findings.push(Finding::unknown(key.place, ("期限", "clock"), &key.text, &clocks));
            }
            expect.deadlines.extend(self.last_day(node).map(|last| (key.text.clone(), last)));
        }
        expect
    }

    /// A date, a date and `provisional`, or `none`.
    fn last_day(&mut self, node: &Node) -> Option<Option<Deadline>> {
        let text = node.as_text().map_err(|f| self.findings.push(f)).ok()?;
        if text == "none" {
            return Some(None);
        }
        let (date, provisional) = match text.strip_suffix(" provisional") {
            Some(date) => (date, true),
            None => (text, false),
        };
        match date.parse() {
            Ok(date) => Some(Some(Deadline { date, provisional })),
            Err(_) => {
                self.findings.push(node.expected(
                    "日期、日期加 provisional，或 none",
                    "a date, a date and provisional, or none",
                ));
                None
            }
        }
    }
}
