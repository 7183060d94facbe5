//! Papers to photograph, what is signed, and what comes from elsewhere.
use crate::finding::Finding;
use crate::form::{Declaration, Elsewhere, Form, Giver, Paper};
use crate::load::Build;
use crate::workflow::Course;
use crate::yaml::Fields;

impl Build {
    pub(super) fn form_papers(&mut self, files: &[Fields<'_>], course: Option<&Course>, form: &mut Form) {
        let keys = ["evidence", "of", "when", "checked", "zh", "en", "hint"];
        for (name, (key, node)) in self.named_entries(files, "papers") {
            let fields = Fields::of(node, &keys, &mut self.findings);
            let label = fields.label(&mut self.findings);
            let of = self.form_of(&fields);
            let when = self.form_when(&fields, of, form);
            let hint = fields.label_at("hint", &mut self.findings);
            let checked = fields.label_at("checked", &mut self.findings);
            fields.required("evidence", &mut self.findings);
            let evidence = self.form_evidence(&fields, "evidence", course);
            let (name, place) = (name.to_owned(), key.place);
            let evidence = evidence.unwrap_or_default();
            form.papers.push(Paper { name, of, label, hint, evidence, when, checked, place });
        }
        form.papers.sort_by_key(|paper| paper.place);
    }

    pub(super) fn form_declarations(
        &mut self,
        files: &[Fields<'_>],
        course: Option<&Course>,
        form: &mut Form,
    ) {
        let keys = ["of", "title", "text", "step", "paper", "law"];
        for (name, (key, node)) in self.named_entries(files, "declarations") {
            let fields = Fields::of(node, &keys, &mut self.findings);
            let of = self.form_of(&fields);
            fields.required("title", &mut self.findings);
            let title = fields.label_at("title", &mut self.findings).unwrap_or_default();
            let text = fields.required_list("text", &mut self.findings).unwrap_or_default();
            let text = text.iter().map(|node| {
                let words = Fields::of(node, &["zh", "en"], &mut self.findings);
                words.label(&mut self.findings)
            });
            let text = text.collect();
            let step = self.form_step(&fields, course);
            let paper = self.form_evidence(&fields, "paper", course);
            fields.required("law", &mut self.findings);
            let law = self.citations(&fields, "law");
            let (name, place) = (name.to_owned(), key.place);
            form.declarations.push(Declaration { name, of, title, text, step, paper, law, place });
        }
        form.declarations.sort_by_key(|declaration| declaration.place);
    }

    /// A kind of evidence of the workflow.
    fn form_evidence(&mut self, fields: &Fields<'_>, key: &str, course: Option<&Course>) -> Option<String> {
        let name = fields.text(key, &mut self.findings)?;
        let place = fields.get(key)?.place;
        let Some(course) = course else { return Some(name.to_owned()) };
        let known: Vec<&str> =
            course.definition.all.evidence.iter().map(|kind| kind.named.name.as_str()).collect();
        if !known.contains(&name) {
            self.findings.push(Finding::unknown(place, ("材料种类", "kind of evidence"), name, &known));
            return None;
        }
        Some(name.to_owned())
    }

    fn form_step(&mut self, fields: &Fields<'_>, course: Option<&Course>) -> Option<String> {
        let name = fields.text("step", &mut self.findings)?;
        let place = fields.get("step")?.place;
        let Some(course) = course else { return Some(name.to_owned()) };
        let known: Vec<&str> =
            course.definition.all.steps.iter().map(|step| step.named.name.as_str()).collect();
        if !known.contains(&name) {
            self.findings.push(Finding::unknown(place, ("步骤", "step"), name, &known));
            return None;
        }
        Some(name.to_owned())
    }

    pub(super) fn form_elsewhere(&mut self, own: &Fields<'_>, form: &mut Form) {
        for (key, node) in own.names("elsewhere", &mut self.findings) {
            let fields = Fields::of(node, &["by", "zh", "en"], &mut self.findings);
            let why = fields.label(&mut self.findings);
            fields.required("by", &mut self.findings);
            let by = fields.choice("by", &Giver::ALL, &mut self.findings);
            let fact = self.fact(&key.text, key.place);
            if let (Some(fact), Some(by)) = (fact, by) {
                form.elsewhere.push(Elsewhere { fact, by, why, place: key.place });
            }
        }
    }
}
