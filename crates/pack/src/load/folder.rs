//! A pack's folder: which files it may hold, and reading them.
use super::Build;
use super::letter::LetterFile;
use crate::finding::Finding;
use crate::library::Library;
use crate::yaml::{Fields, Node};
use anmin_rules::model::Place;
use std::fs;

/// What a service's folder may hold; a name that ends in `/` is a folder.
const SERVICE_FILES: [&str; 13] = [
    "service.yaml",
    "facts.yaml",
    "parameters.yaml",
    "rules.yaml",
    "form.yaml",
    "workflow.yaml",
    "benefit.yaml",
    "monitor.yaml",
    "dossier.yaml",
    "authority.yaml",
    "letters/",
    "tests/",
    "README.md",
];
/// What a shared pack's folder may hold.
const SHARED_FILES: [&str; 12] = [
    "service.yaml",
    "facts.yaml",
    "parameters.yaml",
    "form.yaml",
    "workflow.yaml",
    "dossier.yaml",
    "authority.yaml",
    "funds.yaml",
    "bank.yaml",
    "queues.yaml",
    "letters/",
    "README.md",
];

/// A pack's files, read.
pub(super) struct PackFiles {
    pub(super) name: String,
    /// A place that means the folder.
    pub(super) place: Place,
    pub(super) service: Node,
    pub(super) facts: Option<Node>,
    pub(super) parameters: Option<Node>,
    pub(super) rules: Option<Node>,
    pub(super) readme: bool,
    /// The files of `tests/`.
    pub(super) tests: Vec<Node>,
    /// The course of a case: its bytes are in a hash of their own.
    pub(super) workflow: Option<Node>,
    /// What a case is handled with besides.
    pub(super) dossier: Option<Node>,
    /// The files of `tests/walks/`.
    pub(super) walks: Vec<Node>,
    /// What residents are asked: in a hash of its own too.
    pub(super) form: Option<Node>,
    /// What it pays: its bytes are in the decision hash.
    pub(super) benefit: Option<Node>,
    /// The funds services are paid from.
    pub(super) funds: Option<Node>,
    /// The files banks take and give.
    pub(super) bank: Option<Node>,
    /// The files of `letters/`: in a hash of their own too.
    pub(super) letters: Vec<LetterFile>,
}

impl Build {
    pub(super) fn pack_files(&mut self, name: &str, shared: bool) -> PackFiles {
        let folder = format!("packs/{name}");
        let place = self.folder_place(&folder);
        let held = self.entries_of(&folder, if shared { &SHARED_FILES } else { &SERVICE_FILES });
        let service = self.yaml(&format!("{folder}/service.yaml"), false);
        let mut read = |file: &str| self.yaml(&format!("{folder}/{file}"), true);
        let (facts, parameters) = (read("facts.yaml"), read("parameters.yaml"));
        let rules = if shared { None } else { read("rules.yaml") };
        let benefit = if shared { None } else { read("benefit.yaml") };
        let readme = held.iter().any(|e| e == "README.md");
        if !readme {
            self.warning(
                place,
                "没有 README.md：应用一页写明实现了哪些条款、哪些没有实现及原因",
                "there is no README.md: one page that says which articles are implemented, which are not, \
                and why",
            );
        }
        PackFiles {
            name: name.to_owned(),
            place,
            service: service.unwrap_or_else(|| Node::new(place, crate::yaml::Value::Null)),
            facts,
            parameters,
            rules,
            readme,
            tests: self.test_nodes(&folder),
            workflow: self.yaml(&format!("{folder}/workflow.yaml"), false),
            dossier: self.yaml(&format!("{folder}/dossier.yaml"), false),
            benefit,
            funds: shared.then(|| self.yaml(&format!("{folder}/funds.yaml"), false)).flatten(),
            bank: shared.then(|| self.yaml(&format!("{folder}/bank.yaml"), false)).flatten(),
            walks: self.walk_nodes(&folder),
            form: self.yaml(&format!("{folder}/form.yaml"), false),
            letters: self.letter_files(&folder),
        }
    }

    /// The shared packs a service imports, in the order it names them.
    pub(super) fn imports(&mut self, own: &PackFiles, library: &Library) -> Vec<PackFiles> {
        if own.service.is_null() {
            return vec![];
        }
        let service = Fields::open(&own.service, &mut vec![]);
        let known: Vec<&str> = library.shared().iter().map(String::as_str).collect();
        let mut names: Vec<&str> = vec![];
        for (name, place) in service.texts("imports", &mut self.findings) {
            if !known.contains(&name) {
                self.findings.push(Finding::unknown(place, ("公共包", "shared pack"), name, &known));
                self.broken = true;
            } else if names.contains(&name) {
                self.error(place, format!("{name} 已经引用过"), format!("{name} is imported twice"));
            } else {
                names.push(name);
            }
        }
        let packs: Vec<PackFiles> = names.iter().map(|name| self.pack_files(name, true)).collect();
        for pack in packs.iter().filter(|p| !p.service.is_null()) {
            let fields = Fields::of(&pack.service, &["shared", "name", "about"], &mut self.findings);
            fields.flag("shared", &mut self.findings);
            fields.required("name", &mut self.findings);
            fields.label_at("name", &mut self.findings);
            fields.label_at("about", &mut self.findings);
        }
        packs
    }

    /// The files of a folder's `tests/`.
    pub(super) fn test_nodes(&mut self, folder: &str) -> Vec<Node> {
        let tests = format!("{folder}/tests");
        if !self.root.join(&tests).is_dir() {
            return vec![];
        }
        let mut nodes = vec![];
        for name in self.entries_of(&tests, &["*.yaml", "walks/"]) {
            if name != "walks" {
                nodes.extend(self.yaml(&format!("{tests}/{name}"), false));
            }
        }
        nodes
    }

    /// The files of a folder's `tests/walks/`.
    pub(super) fn walk_nodes(&mut self, folder: &str) -> Vec<Node> {
        let walks = format!("{folder}/tests/walks");
        if !self.root.join(&walks).is_dir() {
            return vec![];
        }
        let mut nodes = vec![];
        for name in self.entries_of(&walks, &["*.yaml"]) {
            nodes.extend(self.yaml(&format!("{walks}/{name}"), false));
        }
        nodes
    }

    /// The names in a folder, sorted; those it may not hold are reported and left out, those that begin
    /// with a dot are editors' and nobody's business.
    pub(super) fn entries_of(&mut self, folder: &str, allowed: &[&str]) -> Vec<String> {
        let mut names = vec![];
        let listed = fs::read_dir(self.root.join(folder)).and_then(|entries| entries.collect());
        let entries: Vec<fs::DirEntry> = listed.unwrap_or_else(|e: std::io::Error| {
            let place = self.folder_place(folder);
            self.error(place, format!("无法读取：{e}"), format!("cannot be read: {e}"));
            vec![]
        });
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let shown = if entry.path().is_dir() { format!("{name}/") } else { name.clone() };
            let fits = |pattern: &&str| match pattern.strip_prefix('*') {
                Some(end) => shown.ends_with(end),
                None => shown == *pattern,
            };
            if allowed.iter().any(fits) {
                names.push(name);
            } else {
                let place = self.folder_place(&format!("{folder}/{name}"));
                let finding = Finding::unknown(
                    place,
                    ("可放在此处的文件", "file that belongs here called"),
                    &shown,
                    allowed,
                );
                self.findings.push(finding);
            }
        }
        names.sort();
        names
    }
}
