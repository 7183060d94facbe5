//! `workflow.yaml`: the shared course, what a service adds to it, and what regions set.
//!
//! The shared file declares; a service that extends it declares more and sets days, figures and options; a
//! region only sets. Nothing declared can be taken away or changed.
mod clock;
mod section;

use super::folder::PackFiles;
use super::region::RegionFiles;
use super::{ALWAYS, Build};
use crate::finding::{Finding, Severity};
use crate::hash::hexadecimal_sha256;
use crate::library::Library;
use crate::names::well_formed;
use crate::workflow::Course;
use crate::yaml::{Fields, Key, Node};
use anmin_casework::check::{self, At};
use anmin_casework::workflow::{self as course, Definition, Name, Named, Setting};
use anmin_rules::model::{Citation, Label, Place};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

/// What a file that declares may hold.
const SECTIONS: [&str; 18] = [
    "zh",
    "en",
    "documents",
    "switches",
    "figures",
    "verdicts",
    "duties",
    "evidence",
    "letters",
    "tasks",
    "remedies",
    "stages",
    "states",
    "steps",
    "clocks",
    "reopens",
    "set",
    "about",
];

/// A workflow while its files are read.
#[derive(Default)]
struct Draft {
    definition: Definition,
    places: BTreeMap<At, Place>,
    /// What is declared, by section and name.
    declared: BTreeMap<(&'static str, Name), Place>,
}

impl Build {
    /// The workflow of a service in a region, checked; none when the service has none, or it is unsound.
    pub(super) fn workflow(
        &mut self,
        own: &PackFiles,
        imports: &[PackFiles],
        chain: &[RegionFiles],
        library: &Library,
    ) -> Option<Course> {
        let before = self.findings.len();
        let Some(node) = &own.workflow else {
            for (file, node) in own
                .walks
                .iter()
                .map(|n| ("tests/walks/", n))
                .chain(chain.iter().filter_map(RegionFiles::workflow).map(|n| ("workflow.yaml", n)))
            {
                self.error(
                    node.place,
                    format!("{} 没有 workflow.yaml，不能有 {file}", own.name),
                    format!("{} has no workflow.yaml, so there is nothing for {file}", own.name),
                );
            }
            self.idle_letters(own);
            return None;
        };
        let mut draft = Draft::default();
        let (mut files, mut base_pack) = (vec![], None);
        let fields =
            Fields::of(node, &[&["workflow", "extends"], &SECTIONS[..]].concat(), &mut self.findings);
        match fields.text("extends", &mut self.findings) {
            Some(name) => {
                let shared = self.extended(name, &fields, imports)?;
                let base = shared.workflow.as_ref()?;
                base_pack = Some(shared);
                files.push(format!("packs/{}/workflow.yaml", shared.name));
                let fields = Fields::of(base, &[&["workflow"], &SECTIONS[..]].concat(), &mut self.findings);
                self.declare(&fields, &mut draft, 0);
            }
            None => {
                fields.required("workflow", &mut self.findings);
            }
        }
        files.push(format!("packs/{}/workflow.yaml", own.name));
        self.declare(&fields, &mut draft, 1);
        for (rank, region) in chain.iter().enumerate() {
            let Some(node) = region.workflow() else { continue };
            files.push(format!("regions/{}/{}/workflow.yaml", region.meta.code, own.name));
            let fields = self.overlay_course(node);
            self.set(&fields, &mut draft, rank as u32 + 2);
        }
        draft.definition.all.named.name = fields
            .text("extends", &mut vec![])
            .or(fields.text("workflow", &mut vec![]))
            .unwrap_or_default()
            .into();
        if self.findings.len() == before {
            for finding in check::check(&draft.definition) {
                let place = draft.places.get(&finding.at).copied().unwrap_or(node.place);
                self.error(place, finding.zh, finding.en);
            }
        }
        let declared = draft.declared.iter().filter(|((section, _), _)| *section == "letters");
        let declared = declared.map(|((_, name), place)| (name.clone(), *place)).collect();
        let letters = self.letters(own, base_pack, &draft.definition, &declared);
        let walks = self.walks(own, chain, library, &draft.definition);
        let Draft { definition, places, .. } = draft;
        let (hash, letters_hash) = (self.files_hash(files), self.files_hash(letters.paths));
        let letters = letters.by_name;
        self.findings[before..].iter().all(|f| f.severity != Severity::Error).then_some(Course {
            definition,
            places,
            hash,
            walks,
            letters,
            letters_hash,
        })
    }

    /// The import that declares the workflow a service extends.
    fn extended<'p>(
        &mut self,
        name: &str,
        fields: &Fields<'_>,
        imports: &'p [PackFiles],
    ) -> Option<&'p PackFiles> {
        let declared = |pack: &PackFiles| {
            let node = pack.workflow.as_ref()?.get("workflow")?;
            node.as_text().ok().map(str::to_owned)
        };
        let names: Vec<String> = imports.iter().filter_map(declared).collect();
        let found = imports.iter().find(|p| declared(p).as_deref() == Some(name));
        if let (None, Some(node)) = (found, fields.get("extends")) {
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            let what = ("所引用公共包中的流程", "workflow in an imported shared pack named");
            self.findings.push(Finding::unknown(node.place, what, name, &known));
        }
        found
    }

    /// A region's file: it only sets.
    fn overlay_course<'n>(&mut self, node: &'n Node) -> Fields<'n> {
        let fields = Fields::open(node, &mut self.findings);
        for (key, _) in
            fields.entries().iter().filter(|(key, _)| !["set", "documents"].contains(&key.text.as_str()))
        {
            let name = crate::finding::excerpt(&key.text);
            self.error(
                key.place,
                format!("地区不能写 {name}，只能在 set 中设定开关、期限和数值"),
                format!("a region cannot write {name}; it sets switches, days and figures under set"),
            );
        }
        self.documents(&fields);
        fields
    }

    /// The sections of a file that declares, then what it sets.
    fn declare(&mut self, fields: &Fields<'_>, draft: &mut Draft, rank: u32) {
        self.documents(fields);
        if fields.has("zh") || fields.has("en") {
            draft.definition.all.named.label = label(fields.label(&mut self.findings));
        }
        self.course_switches(fields, draft, rank);
        self.course_figures(fields, draft, rank);
        self.course_names(fields, draft);
        self.course_states(fields, draft);
        self.course_steps(fields, draft);
        self.course_clocks(fields, draft, rank);
        self.course_reopens(fields, draft);
        self.set(fields, draft, rank);
    }

    /// `set:` gives options to switches, days to clocks, values to figures.
    fn set(&mut self, fields: &Fields<'_>, draft: &mut Draft, rank: u32) {
        let Some(set) = fields.map("set", &["switches", "clocks", "figures"], &mut self.findings) else {
            return;
        };
        for (key, node) in set.names("switches", &mut self.findings) {
            let at = draft.definition.switches.iter().position(|s| s.named.name == key.text);
            let Some(at) = self.declared_at(at, ("开关", "switch"), key, draft, "switches") else {
                continue;
            };
            let options: Vec<Name> =
                draft.definition.switches[at].options.iter().map(|o| o.name.clone()).collect();
            for (fields, from, law, unverified) in self.settings(node, "value") {
                if let Some(value) = self.one_of(&fields, "value", &options) {
                    let setting = Setting { rank, from, value, law, unverified };
                    draft.definition.switches[at].settings.push(setting);
                }
            }
        }
        for (key, node) in set.names("figures", &mut self.findings) {
            let at = draft.definition.figures.iter().position(|s| s.named.name == key.text);
            let Some(at) = self.declared_at(at, ("数值", "figure"), key, draft, "figures") else {
                continue;
            };
            for (fields, from, law, unverified) in self.settings(node, "value") {
                if let Some(value) = self.days(&fields, "value", 0) {
                    let setting = Setting { rank, from, value, law, unverified };
                    draft.definition.figures[at].settings.push(setting);
                }
            }
        }
        for (key, node) in set.names("clocks", &mut self.findings) {
            let at = draft.definition.all.clocks.iter().position(|c| c.named.name == key.text);
            if self.declared_at(at, ("期限", "clock"), key, draft, "clocks").is_none() {
                continue;
            }
            for (fields, from, law, unverified) in self.settings(node, "limit") {
                if let Some(value) = self.days(&fields, "limit", 1) {
                    let setting = Setting { rank, from, value, law, unverified };
                    draft.definition.limits.entry(key.text.clone()).or_default().push(setting);
                }
            }
        }
    }

    fn declared_at(
        &mut self,
        at: Option<usize>,
        what: (&str, &str),
        key: &Key,
        draft: &Draft,
        section: &'static str,
    ) -> Option<usize> {
        if at.is_none() {
            let known: Vec<&str> =
                draft.declared.keys().filter(|(s, _)| *s == section).map(|(_, n)| n.as_str()).collect();
            self.findings.push(Finding::unknown(key.place, what, &key.text, &known));
        }
        at
    }

    /// One setting `{value, law, from}`, or a list of them with different dates.
    fn settings<'n>(
        &mut self,
        node: &'n Node,
        key: &str,
    ) -> Vec<(Fields<'n>, anmin_base::date::Date, Vec<course::Citation>, bool)> {
        let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
        let mut found = vec![];
        for node in nodes {
            let fields = Fields::of(node, &[key, "from", "law", "unverified"], &mut self.findings);
            let law = self.required_law(&fields, ("这项设置", "this setting"));
            let from = if fields.has("from") { self.date(&fields, "from") } else { Some(ALWAYS) };
            let unverified = fields.flag("unverified", &mut self.findings).unwrap_or(false);
            if let Some(from) = from {
                found.push((fields, from, cited(law), unverified));
            }
        }
        found
    }

    /// A whole number of at least `least`.
    fn days(&mut self, fields: &Fields<'_>, key: &str, least: u32) -> Option<u32> {
        let node = fields.required(key, &mut self.findings)?;
        let number = node.as_text().ok().and_then(|t| t.parse::<u32>().ok()).filter(|n| *n >= least);
        if number.is_none() {
            let (zh, en) = (format!("不小于 {least} 的整数"), format!("a whole number of at least {least}"));
            self.findings.push(node.expected(&zh, &en));
        }
        number
    }

    fn one_of(&mut self, fields: &Fields<'_>, key: &str, options: &[Name]) -> Option<Name> {
        let text = fields.required_text(key, &mut self.findings)?;
        let found = options.iter().find(|o| *o == text).cloned();
        if let (None, Some(node)) = (&found, fields.get(key)) {
            let known: Vec<&str> = options.iter().map(String::as_str).collect();
            self.findings.push(Finding::unknown(node.place, ("选项", "option"), text, &known));
        }
        found
    }

    /// Takes a name in a section; a malformed or taken one is reported.
    fn name(&mut self, section: &'static str, key: &Key, draft: &mut Draft) -> Name {
        well_formed(&key.text, key.place, &mut self.findings);
        match draft.declared.get(&(section, key.text.clone())) {
            None => {
                draft.declared.insert((section, key.text.clone()), key.place);
            }
            Some(first) => {
                let (at, name) = (self.files.show(*first), &key.text);
                self.error(
                    key.place,
                    format!("{name} 已在 {at} 声明；服务只能增加，不能改动共用流程"),
                    format!("{name} is already declared at {at}; a service adds to the shared course, it changes nothing"),
                );
            }
        }
        key.text.clone()
    }

    fn named(&mut self, section: &'static str, key: &Key, fields: &Fields<'_>, draft: &mut Draft) -> Named {
        Named { name: self.name(section, key, draft), label: label(fields.label(&mut self.findings)) }
    }

    pub(super) fn files_hash(&self, mut files: Vec<String>) -> String {
        files.sort();
        let mut list = String::new();
        for path in files {
            let bytes = fs::read(self.root.join(&path)).unwrap_or_default();
            let _ = writeln!(list, "{path}\0{}", hexadecimal_sha256(&bytes));
        }
        hexadecimal_sha256(list.as_bytes())
    }
}

fn label(label: Label) -> course::Label {
    course::Label { zh: label.zh, en: label.en }
}

fn cited(law: Vec<Citation>) -> Vec<course::Citation> {
    law.into_iter().map(|c| course::Citation { document: c.document, article: c.article }).collect()
}
