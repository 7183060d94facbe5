//! `letters/*.yaml`: a service's own letters, else those of the shared pack whose workflow it extends.
//!
//! A letter is read here, its blocks in [`block`], its texts in [`text`], its conditions in [`condition`]. [`duty`]
//! holds what no letter may leave out: a notice of a decision against somebody names reasons and remedies.
mod block;
mod condition;
mod duty;
mod text;

use super::Build;
use super::folder::PackFiles;
use crate::letter::{Audience, Condition, Field, Letter, Wording};
use crate::names::well_formed;
use crate::yaml::{Fields, Node};
use anmin_casework::workflow::{Definition, Effect, Name};
use anmin_rules::model::Place;
use std::collections::{BTreeMap, BTreeSet};

/// A file of `letters/`, read.
pub(super) struct LetterFile {
    /// The letter's name.
    pub(super) name: String,
    /// From the library's root.
    pub(super) path: String,
    pub(super) node: Node,
}

/// What a text or condition may name where it stands.
#[derive(Clone, Copy)]
struct Scope {
    audience: Audience,
    /// The list the block is repeated over.
    each: Option<Field>,
}

/// The letters of a service and the files they are in.
#[derive(Default)]
pub(super) struct Letters {
    pub(super) by_name: BTreeMap<Name, Letter>,
    pub(super) paths: Vec<String>,
}

impl Build {
    /// The files of a folder's `letters/`.
    pub(super) fn letter_files(&mut self, folder: &str) -> Vec<LetterFile> {
        let folder = format!("{folder}/letters");
        if !self.root.join(&folder).is_dir() {
            return vec![];
        }
        let mut files = vec![];
        for entry in self.entries_of(&folder, &["*.yaml"]) {
            let path = format!("{folder}/{entry}");
            let Some(node) = self.yaml(&path, false) else { continue };
            let name = entry.trim_end_matches(".yaml").to_owned();
            files.push(LetterFile { name, path, node });
        }
        files
    }

    /// Letters of a service that has no workflow to send them.
    pub(super) fn idle_letters(&mut self, own: &PackFiles) {
        for file in &own.letters {
            let (service, name) = (&own.name, &file.name);
            self.error(
                file.node.place,
                format!("{service} 没有 workflow.yaml，文书 {name} 无处使用"),
                format!("{service} has no workflow.yaml, so nothing sends the letter {name}"),
            );
        }
    }

    /// The letters of a workflow: each name it declares with its file, and no file without a name.
    pub(super) fn letters(
        &mut self,
        own: &PackFiles,
        shared: Option<&PackFiles>,
        definition: &Definition,
        declared: &BTreeMap<Name, Place>,
    ) -> Letters {
        let mut letters = Letters::default();
        let sources = [Some(own), shared];
        for file in sources.iter().flatten().flat_map(|pack| &pack.letters) {
            let place = file.node.place;
            if !declared.contains_key(&file.name) {
                let known: Vec<&str> = declared.keys().map(String::as_str).collect();
                let what = ("流程声明的文书", "letter that the workflow declares called");
                self.findings.push(crate::finding::Finding::unknown(place, what, &file.name, &known));
            }
            let read = self.letter(file);
            // A service's own letter stands in for the shared one, which is checked all the same.
            if !letters.by_name.contains_key(&file.name) {
                letters.by_name.extend(read.map(|letter| (file.name.clone(), letter)));
                letters.paths.push(file.path.clone());
            }
        }
        self.letters_there(declared, sources);
        if !self.has_errors() {
            let printed = printed(&sources);
            self.letters_sent(definition, declared, &printed);
            self.duties_of_notices(definition, &letters.by_name);
        }
        letters
    }

    /// What the workflow declares is there.
    fn letters_there(&mut self, declared: &BTreeMap<Name, Place>, sources: [Option<&PackFiles>; 2]) {
        let there = |name: &str| {
            sources.iter().flatten().any(|pack| pack.letters.iter().any(|file| file.name == name))
        };
        for (name, place) in declared.iter().filter(|(name, _)| !there(name)) {
            self.error(
                *place,
                format!("没有文书 {name}：请写 letters/{name}.yaml"),
                format!("there is no letter {name}: write letters/{name}.yaml"),
            );
        }
    }

    /// Something sends what the workflow declares. Asked where nothing else is wrong: a misspelt effect sends nothing.
    fn letters_sent(
        &mut self,
        definition: &Definition,
        declared: &BTreeMap<Name, Place>,
        printed: &[String],
    ) {
        let all = &definition.all;
        let effects = all.steps.iter().flat_map(|step| &step.effects);
        let by_effects = effects.filter_map(|effect| match effect {
            Effect::Letter(name) | Effect::Hearing(Some(name)) => Some(name.as_str()),
            _ => None,
        });
        let extensions = all.clocks.iter().filter_map(|clock| clock.extension.as_ref());
        let sent: BTreeSet<&str> = by_effects
            .chain(extensions.map(|extension| extension.letter.as_str()))
            .chain(printed.iter().map(String::as_str))
            .collect();
        for (name, place) in declared.iter().filter(|(name, _)| !sent.contains(name.as_str())) {
            self.warning(
                *place,
                format!("没有步骤、听取意见或延长会发出文书 {name}"),
                format!("no step, hearing or extension sends the letter {name}"),
            );
        }
    }

    fn letter(&mut self, file: &LetterFile) -> Option<Letter> {
        let before = self.findings.len();
        well_formed(&file.name, file.node.place, &mut self.findings);
        let fields = Fields::of(&file.node, &["to", "title", "blocks"], &mut self.findings);
        fields.required("to", &mut self.findings);
        let audience = fields.choice("to", &Audience::ALL, &mut self.findings);
        let scope = Scope { audience: audience.unwrap_or(Audience::Person), each: None };
        let titles = self.letter_titles(&fields, scope);
        let nodes = fields.required_list("blocks", &mut self.findings).unwrap_or_default();
        let blocks = nodes.iter().filter_map(|node| self.letter_block(node, scope)).collect();
        let place = file.node.place;
        let letter = Letter { name: file.name.clone(), audience: scope.audience, titles, blocks, place };
        (self.findings.len() == before).then_some(letter)
    }

    /// One title, or several of which all but the last say when.
    fn letter_titles(&mut self, fields: &Fields<'_>, scope: Scope) -> Vec<(Option<Condition>, Wording)> {
        let Some(node) = fields.required("title", &mut self.findings) else { return vec![] };
        let Ok(nodes) = node.as_list() else {
            return self.wording(node, scope).into_iter().map(|wording| (None, wording)).collect();
        };
        let mut titles = vec![];
        for (n, node) in nodes.iter().enumerate() {
            let fields = Fields::of(node, &["when", "zh", "en"], &mut self.findings);
            let last = n + 1 == nodes.len();
            if fields.has("when") == last {
                self.error(
                    node.place,
                    "几个标题中，最后一个不写 when，其余都写",
                    "of several titles the last has no when and all others have one",
                );
            }
            let when = fields.get("when").and_then(|node| self.letter_condition(node, scope));
            let wording = self.wording_of(&fields, scope);
            titles.extend(wording.map(|wording| (when, wording)));
        }
        titles
    }
}

/// Letters that nobody sends: forms to be printed and filled in by hand.
fn printed(sources: &[Option<&PackFiles>]) -> Vec<String> {
    let dossiers =
        sources.iter().flatten().filter_map(|files| files.dossier.as_ref()?.get("forms")?.as_map().ok());
    dossiers.flatten().map(|(key, _)| key.text.clone()).collect()
}
