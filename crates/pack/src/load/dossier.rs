//! `dossier.yaml`: of the service, over the shared pack's whose course it takes.

use super::Build;
use super::folder::PackFiles;
use crate::dossier::{Dossier, From, Paper};
use crate::finding::Finding;
use crate::yaml::{Fields, Node};
use anmin_casework::workflow::Workflow;
use anmin_rules::model::Label;

const KEYS: [&str; 4] = ["papers", "forms", "phrases", "grounds"];

impl Build {
    /// What a case of this course is handled with. Every paper, letter and step it names is one of the course.
    pub(super) fn dossier(
        &mut self,
        own: &PackFiles,
        imports: &[PackFiles],
        course: Option<&Workflow>,
    ) -> Dossier {
        let mut dossier = Dossier::default();
        for files in imports.iter().chain([own]) {
            let Some(node) = &files.dossier else { continue };
            let fields = Fields::of(node, &KEYS, &mut self.findings);
            let Some(course) = course else {
                // A course in which something is wrong has said so; a service without one leaves the shared pack's alone.
                if own.workflow.is_some() || files.name != own.name {
                    continue;
                }
                self.error(
                    node.place,
                    format!("{} 没有 workflow.yaml，dossier.yaml 无处使用", own.name),
                    format!("{} has no workflow.yaml, so nothing uses dossier.yaml", own.name),
                );
                continue;
            };
            if fields.has("papers") {
                dossier.papers = self.papers(&fields, course);
            }
            self.forms(&fields, course, &mut dossier);
            let steps: Vec<&str> = course.steps.iter().map(|step| step.named.name.as_str()).collect();
            for (key, node) in fields.names("phrases", &mut self.findings) {
                let act = anmin_casework::kinds::ActKind::ALL.iter().any(|(act, _)| *act == key.text);
                let command = anmin_casework::kinds::COMMANDS.contains(&key.text.as_str());
                if !act && !command && !steps.contains(&key.text.as_str()) {
                    let what = ("步骤、办理种类或命令", "step, act or command called");
                    self.findings.push(Finding::unknown(key.place, what, &key.text, &steps));
                }
                let labels = self.labels(node);
                dossier.phrases.entry(key.text.clone()).or_default().extend(labels);
            }
            for (key, node) in fields.names("grounds", &mut self.findings) {
                let fields = Fields::of(node, &["zh", "en"], &mut self.findings);
                dossier.grounds.push((key.text.clone(), fields.label(&mut self.findings)));
            }
        }
        dossier
    }

    fn labels(&mut self, node: &Node) -> Vec<Label> {
        let Ok(list) = node.as_list() else {
            self.findings.push(node.expected("常用语列表", "a list of phrases"));
            return Vec::new();
        };
        list.iter()
            .map(|node| Fields::of(node, &["zh", "en"], &mut self.findings).label(&mut self.findings))
            .collect()
    }

    fn papers(&mut self, fields: &Fields<'_>, course: &Workflow) -> Vec<Paper> {
        let mut papers: Vec<Paper> = Vec::new();
        for node in fields.required_list("papers", &mut self.findings).unwrap_or_default() {
            let fields = Fields::of(
                node,
                &["paper", "letter", "from", "after", "optional", "each"],
                &mut self.findings,
            );
            let letter = fields.has("letter");
            let key = if letter { "letter" } else { "paper" };
            let Some(name) = fields.required_text(key, &mut self.findings) else { continue };
            let known: Vec<&str> = match letter {
                true => course.letters.iter().map(|named| named.name.as_str()).collect(),
                false => course.evidence.iter().map(|kind| kind.named.name.as_str()).collect(),
            };
            let place = fields.get(key).map_or(node.place, |node| node.place);
            if !known.contains(&name) {
                self.findings.push(Finding::unknown(
                    place,
                    ("材料或文书", "paper or letter called"),
                    name,
                    &known,
                ));
            }
            if papers.iter().any(|paper| paper.name == name && paper.letter == letter) {
                self.error(place, format!("{name} 已经列过"), format!("{name} is listed twice"));
            }
            let from = fields.choice("from", &From::ALL, &mut self.findings);
            if from.is_none() && !letter {
                fields.required("from", &mut self.findings);
            }
            let after = self.steps(&fields, "after", course);
            let each_adult = fields.choice("each", &[("adult", true)], &mut self.findings).unwrap_or(false);
            papers.push(Paper {
                name: name.to_owned(),
                letter,
                from: from.unwrap_or(From::Program),
                after,
                optional: fields.flag("optional", &mut self.findings).unwrap_or(false),
                each_adult,
            });
        }
        papers
    }

    fn steps(&mut self, fields: &Fields<'_>, key: &str, course: &Workflow) -> Vec<String> {
        let known: Vec<&str> = course.steps.iter().map(|step| step.named.name.as_str()).collect();
        let mut steps = Vec::new();
        for (step, place) in fields.texts(key, &mut self.findings) {
            if !known.contains(&step) {
                self.findings.push(Finding::unknown(place, ("步骤", "step called"), step, &known));
            }
            steps.push(step.to_owned());
        }
        steps
    }

    fn forms(&mut self, fields: &Fields<'_>, course: &Workflow, dossier: &mut Dossier) {
        let known: Vec<&str> = course.letters.iter().map(|named| named.name.as_str()).collect();
        for (key, node) in fields.names("forms", &mut self.findings) {
            if !known.contains(&key.text.as_str()) {
                self.findings.push(Finding::unknown(key.place, ("文书", "letter called"), &key.text, &known));
            }
            let of = Fields::of(node, &["for"], &mut self.findings);
            let steps = self.steps(&of, "for", course);
            dossier.forms.retain(|(name, _)| *name != key.text);
            dossier.forms.push((key.text.clone(), steps));
        }
    }
}
