//! Switches: named choices the law leaves to regions.
use super::{ALWAYS, Build};
use crate::finding::Finding;
use crate::names::well_formed;
use crate::yaml::{Fields, Key, Node};
use anmin_rules::model::{Label, LayerId, Switch, SwitchSetting};

const KIND: (&str, &str) = ("开关", "switch");

impl Build {
    pub(super) fn switches(&mut self, fields: &Fields<'_>) {
        let entries = fields.names("switches", &mut self.findings);
        for (key, node) in entries {
            self.switch(key, node);
        }
    }

    fn switch(&mut self, key: &Key, node: &Node) {
        let fields = Fields::of(node, &["options", "default", "zh", "en", "law"], &mut self.findings);
        let free = self.take(None, &key.text, KIND, key.place);
        let label = fields.label(&mut self.findings);
        let law = self.required_law(&fields, ("这个开关", "this switch"));
        fields.required("options", &mut self.findings);
        let mut options: Vec<(String, Label)> = vec![];
        for (name, node) in fields.names("options", &mut self.findings) {
            well_formed(&name.text, name.place, &mut self.findings);
            let label = Fields::of(node, &["zh", "en"], &mut self.findings).label(&mut self.findings);
            options.push((name.text.clone(), label));
        }
        if let (Some(at), 0..2) = (fields.get("options"), options.len()) {
            self.error(at.place, "开关至少要有两个选项", "a switch needs at least two options");
        }
        fields.required("default", &mut self.findings);
        let option = self.option(&fields, "default", &options);
        if !free {
            return;
        }
        let place = fields.get("default").map_or(key.place, |n| n.place);
        let settings = option
            .map(|option| SwitchSetting { layer: 0, from: ALWAYS, option, law, place })
            .into_iter()
            .collect();
        self.ruleset.switches.push(Switch {
            name: key.text.clone(),
            options,
            label,
            settings,
            place: key.place,
        });
    }

    fn option(&mut self, fields: &Fields<'_>, key: &str, options: &[(String, Label)]) -> Option<usize> {
        let name = fields.text(key, &mut self.findings)?;
        let found = options.iter().position(|(option, _)| option == name);
        if let (None, Some(node)) = (found, fields.get(key)) {
            let known: Vec<&str> = options.iter().map(|(option, _)| option.as_str()).collect();
            self.findings.push(Finding::unknown(node.place, ("选项", "option"), name, &known));
        }
        found
    }

    /// What a region sets: `{value, law}`, or a list of `{from, value, law}`.
    pub(super) fn overlay_switches(&mut self, fields: &Fields<'_>, layer: LayerId) {
        let entries = fields.names("switches", &mut self.findings);
        for (key, node) in entries {
            let Some(id) = self.ruleset.switches.iter().position(|s| s.name == key.text) else {
                if self.names.kind(None, &key.text) != Some(KIND) {
                    let known: Vec<&str> = self.ruleset.switches.iter().map(|s| s.name.as_str()).collect();
                    self.findings.push(Finding::unknown(key.place, KIND, &key.text, &known));
                }
                continue;
            };
            let options = self.ruleset.switches[id].options.clone();
            let mut settings = vec![];
            for node in node.as_list().unwrap_or(std::slice::from_ref(node)) {
                settings.extend(self.setting(node, &options, layer));
            }
            settings.sort_by_key(|s| s.from);
            for pair in settings.windows(2).filter(|pair| pair[0].from == pair[1].from) {
                self.twice(pair[1].place, pair[0].place, pair[1].from);
            }
            self.ruleset.switches[id].settings.extend(settings);
        }
    }

    fn setting(&mut self, node: &Node, options: &[(String, Label)], layer: LayerId) -> Option<SwitchSetting> {
        let fields = self.overlay_fields(node, &["from", "value", "law"]);
        let law = self.required_law(&fields, ("这项设置", "this setting"));
        let from = if fields.has("from") { self.date(&fields, "from") } else { Some(ALWAYS) };
        fields.required("value", &mut self.findings);
        let option = self.option(&fields, "value", options);
        Some(SwitchSetting { layer, from: from?, option: option?, law, place: node.place })
    }
}
