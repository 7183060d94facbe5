//! Regions: the chain by `parent`, and what each sets for a pack.
use super::Build;
use crate::finding::Finding;
use crate::library::{LayerMeta, Library};
use crate::yaml::{Fields, Node};
use anmin_rules::model::{LayerId, Place};

/// Provinces, cities, counties, townships, villages: more is a mistake.
const LONGEST_CHAIN: usize = 16;

/// A region of the chain, read.
pub(super) struct RegionFiles {
    pub(super) meta: LayerMeta,
    region: Node,
    overlay: Option<Overlay>,
}

/// A region's folder for the pack.
struct Overlay {
    parameters: Option<Node>,
    rules: Option<Node>,
    tests: Vec<Node>,
    workflow: Option<Node>,
    benefit: Option<Node>,
    walks: Vec<Node>,
}

impl RegionFiles {
    /// The files of the overlay's `tests/`.
    pub(super) fn tests(&self) -> &[Node] {
        self.overlay.as_ref().map_or(&[], |o| &o.tests)
    }

    /// What the overlay sets for the course of a case.
    pub(super) fn workflow(&self) -> Option<&Node> {
        self.overlay.as_ref().and_then(|o| o.workflow.as_ref())
    }

    /// What the overlay sets for what is paid.
    pub(super) fn benefit(&self) -> Option<&Node> {
        self.overlay.as_ref().and_then(|o| o.benefit.as_ref())
    }

    /// The files of the overlay's `tests/walks/`.
    pub(super) fn walks(&self) -> &[Node] {
        self.overlay.as_ref().map_or(&[], |o| &o.walks)
    }
}

impl Build {
    /// The regions from the widest to `code`, with their overlays of the pack.
    pub(super) fn chain(&mut self, code: &str, pack: &str, library: &Library) -> Vec<RegionFiles> {
        let mut chain: Vec<RegionFiles> = vec![];
        let mut next = Some(code.to_owned());
        while let Some(code) = next {
            let (region, parent) = self.region(&code, pack, library);
            chain.extend(region);
            next = None;
            let Some((parent, place)) = parent else { continue };
            let codes: Vec<&str> = chain.iter().map(|r| r.meta.code.as_str()).collect();
            if codes.contains(&parent.as_str()) {
                let round = format!("{} → {parent}", codes.join(" → "));
                self.error(
                    place,
                    format!("地区的上级成了环：{round}；最上一级写 parent: none"),
                    format!("the regions' parents form a circle: {round}; the widest one has parent: none"),
                );
            } else if chain.len() == LONGEST_CHAIN {
                self.error(
                    place,
                    format!("地区超过 {LONGEST_CHAIN} 级"),
                    format!("more than {LONGEST_CHAIN} regions in a chain"),
                );
            } else if !library.regions().contains(&parent) {
                let known: Vec<&str> = library.regions().iter().map(String::as_str).collect();
                self.findings.push(Finding::unknown(place, ("地区", "region"), &parent, &known));
            } else {
                next = Some(parent);
            }
            self.broken |= next.is_none();
        }
        chain.reverse();
        chain
    }

    fn region(
        &mut self,
        code: &str,
        pack: &str,
        library: &Library,
    ) -> (Option<RegionFiles>, Option<(String, Place)>) {
        let folder = format!("regions/{code}");
        let packs = library.packs().iter().map(|name| format!("{name}/"));
        let allowed: Vec<String> =
            ["region.yaml".to_owned(), "README.md".to_owned()].into_iter().chain(packs).collect();
        self.entries_of(&folder, &allowed.iter().map(String::as_str).collect::<Vec<_>>());
        let Some(node) = self.yaml(&format!("{folder}/region.yaml"), true) else {
            return (None, None);
        };
        let fields = Fields::of(&node, &["name", "parent", "from", "to", "documents"], &mut self.findings);
        fields.required("name", &mut self.findings);
        let label = fields.label_at("name", &mut self.findings);
        let parent = fields.required_text("parent", &mut self.findings).filter(|parent| *parent != "none");
        let parent =
            parent.map(|parent| (parent.to_owned(), fields.get("parent").map_or(node.place, |n| n.place)));
        let (from, to) = self.span(&fields);
        let overlay = self.overlay_files(&format!("{folder}/{pack}"));
        let meta = LayerMeta {
            code: code.to_owned(),
            label: label.unwrap_or_default(),
            from,
            to,
            overlay: overlay.is_some(),
        };
        (Some(RegionFiles { meta, region: node, overlay }), parent)
    }

    fn overlay_files(&mut self, folder: &str) -> Option<Overlay> {
        if !self.root.join(folder).is_dir() {
            return None;
        }
        let place = self.folder_place(folder);
        let held = ["parameters.yaml", "rules.yaml", "workflow.yaml", "benefit.yaml", "tests/", "README.md"];
        self.entries_of(folder, &held);
        let parameters = self.yaml(&format!("{folder}/parameters.yaml"), true);
        let rules = self.yaml(&format!("{folder}/rules.yaml"), true);
        let tests = self.test_nodes(folder);
        let workflow = self.yaml(&format!("{folder}/workflow.yaml"), false);
        let benefit = self.yaml(&format!("{folder}/benefit.yaml"), true);
        let walks = self.walk_nodes(folder);
        if tests.is_empty() && walks.is_empty() {
            self.error(
                place,
                "地区的设定须附依据和测试：tests/ 里至少要有一个 .yaml 文件",
                "what a region sets comes with citation and tests: tests/ holds at least one .yaml file",
            );
        }
        Some(Overlay { parameters, rules, tests, workflow, benefit, walks })
    }

    /// Puts a region's documents, figures, switches and bodies over what stands.
    pub(super) fn overlay(&mut self, files: &RegionFiles, layer: LayerId) {
        // Its other keys were checked when the chain was read.
        let region = Fields::open(&files.region, &mut vec![]);
        self.documents(&region);
        let Some(overlay) = &files.overlay else { return };
        if let Some(node) = &overlay.parameters {
            let fields = self.overlay_fields(node, &["documents", "parameters"]);
            self.documents(&fields);
            self.overlay_parameters(&fields, layer);
        }
        if let Some(node) = &overlay.rules {
            let fields = self.overlay_fields(node, &["switches", "variables"]);
            self.overlay_switches(&fields, layer);
            self.overlay_variables(&fields, layer);
        }
    }
}
