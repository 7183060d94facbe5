//! `form.yaml`: what a service asks. A shared file declares pages, papers and declarations; the service's own declares
//! more and says in which sections they stand.
mod check;
mod page;
mod signing;

use super::Build;
use super::folder::PackFiles;
use crate::finding::Finding;
use crate::form::{Asks, Form, Section, Show, ShowId};
use crate::names::well_formed;
use crate::workflow::Course;
use crate::yaml::{Fields, Key, Node};
use anmin_rules::model::{CollectionId, FactId, Place};
use std::collections::BTreeMap;

/// What a shared file may hold.
const SHARED: [&str; 4] = ["pages", "papers", "declarations", "documents"];
/// What a service's own may hold.
const OWN: [&str; 7] = ["pages", "papers", "declarations", "documents", "sections", "elsewhere", "check"];

/// Entries of one kind from all files: the later may not take a name of the earlier.
type Named<'n> = BTreeMap<&'n str, (&'n Key, &'n Node)>;

impl Build {
    /// The form of a service; none when it has none, or what is wrong with it has been reported.
    pub(super) fn form(
        &mut self,
        own: &PackFiles,
        imports: &[PackFiles],
        course: Option<&Course>,
    ) -> Option<Form> {
        let node = own.form.as_ref()?;
        let before = self.findings.len();
        let fields = Fields::of(node, &OWN, &mut self.findings);
        self.documents(&fields);
        let mut paths = vec![];
        let mut files = vec![];
        for pack in imports {
            let Some(shared) = &pack.form else { continue };
            let fields = Fields::of(shared, &SHARED, &mut self.findings);
            self.documents(&fields);
            files.push(fields);
            paths.push(format!("packs/{}/form.yaml", pack.name));
        }
        files.push(fields);
        paths.push(format!("packs/{}/form.yaml", own.name));
        let mut form = Form { place: node.place, ..Form::default() };
        self.form_sections(&fields, &files, &mut form);
        self.form_papers(&files, course, &mut form);
        self.form_declarations(&files, course, &mut form);
        self.form_elsewhere(&fields, &mut form);
        self.asked_once(&form);
        self.form_check(&fields, &mut form);
        form.hash = self.files_hash(paths);
        (self.findings.len() == before).then_some(form)
    }

    /// A shared form is read with the services that use it; one that nobody's workflow could use is no mistake.
    fn named_entries<'n>(&mut self, files: &[Fields<'n>], kind: &str) -> Named<'n> {
        let mut all: Named<'n> = BTreeMap::new();
        for fields in files {
            for (key, node) in fields.names(kind, &mut self.findings) {
                well_formed(&key.text, key.place, &mut self.findings);
                if let Some((first, _)) = all.get(key.text.as_str()) {
                    let at = self.files.show(first.place);
                    self.error(
                        key.place,
                        format!("{} 已在 {at} 声明，请换一个名称", key.text),
                        format!("{} is declared at {at} already; choose another name", key.text),
                    );
                    continue;
                }
                all.insert(&key.text, (key, node));
            }
        }
        all
    }

    fn form_sections<'n>(&mut self, own: &Fields<'n>, files: &[Fields<'n>], form: &mut Form) {
        let pages = self.named_entries(files, "pages");
        own.required("sections", &mut self.findings);
        let mut used: BTreeMap<&str, Place> = BTreeMap::new();
        for (key, node) in own.names("sections", &mut self.findings) {
            well_formed(&key.text, key.place, &mut self.findings);
            let fields = Fields::of(node, &["pages", "zh", "en"], &mut self.findings);
            let label = fields.label(&mut self.findings);
            fields.required("pages", &mut self.findings);
            let mut section = Section { name: key.text.clone(), label, pages: vec![] };
            for (name, place) in fields.texts("pages", &mut self.findings) {
                let Some((page_key, page)) = pages.get(name) else {
                    let known: Vec<&str> = pages.keys().copied().collect();
                    self.findings.push(Finding::unknown(place, ("页面", "page"), name, &known));
                    continue;
                };
                if let Some(first) = used.insert(name, place) {
                    let at = self.files.show(first);
                    self.error(
                        place,
                        format!("页面 {name} 已在 {at} 列出"),
                        format!("the page {name} stands at {at} already"),
                    );
                    continue;
                }
                if let Some(page) = self.form_page(page_key, page, form) {
                    section.pages.push(form.pages.len());
                    form.pages.push(page);
                }
            }
            form.sections.push(section);
        }
        // A shared page nobody lists is another service's; one of its own would be forgotten.
        let owned =
            own.names("pages", &mut vec![]).iter().filter(|(key, _)| !used.contains_key(key.text.as_str()));
        for (key, _) in owned {
            self.error(
                key.place,
                format!("页面 {} 没有列入任何 sections", key.text),
                format!("the page {} stands in no section", key.text),
            );
        }
        self.lists_first(form);
    }

    /// Whatever is asked of each element comes after the page that says who they are, and who they are before the rest.
    fn lists_first(&mut self, form: &Form) {
        let mut listed: Vec<CollectionId> = vec![];
        let mut findings = vec![];
        for page in &form.pages {
            if let Asks::List(of, _) = page.asks {
                listed.push(of);
            }
            let Some(of) = page.of.filter(|of| !listed.contains(of)) else { continue };
            let name = &self.ruleset.schema.collections[of.0].name;
            findings.push((page.place, name.clone()));
        }
        for (place, name) in findings {
            self.error(
                place,
                format!("在此之前没有 list: {name} 的页面，不知道要问哪些人"),
                format!("no page with list: {name} comes before, so nobody knows whom to ask about"),
            );
        }
    }

    fn asked_once(&mut self, form: &Form) {
        let mut first: BTreeMap<FactId, Place> = BTreeMap::new();
        let mut twice = vec![];
        let asked = form.questions().map(|(_, q)| (q.fact, q.place));
        for (fact, place) in asked.chain(form.elsewhere.iter().map(|e| (e.fact, e.place))) {
            if let Some(first) = first.insert(fact, place) {
                twice.push((fact, place, first));
            }
        }
        for (fact, place, first) in twice {
            let fact = &self.ruleset.schema.facts[fact.0];
            let (path, at) = (self.path_text(fact.of, &fact.name), self.files.show(first));
            self.error(
                place,
                format!("{path} 已在 {at} 问过；一项事实只问一次"),
                format!("{path} is asked at {at} already; a fact is asked once"),
            );
        }
    }

    /// `of: members`.
    fn form_of(&mut self, fields: &Fields<'_>) -> Option<CollectionId> {
        let name = fields.text("of", &mut self.findings)?;
        let place = fields.get("of")?.place;
        self.form_collection(name, place)
    }

    fn form_collection(&mut self, name: &str, place: Place) -> Option<CollectionId> {
        let collections = &self.ruleset.schema.collections;
        let found = collections.iter().position(|c| c.name == name);
        if found.is_none() {
            let known: Vec<&str> = collections.iter().map(|c| c.name.as_str()).collect();
            let finding = Finding::unknown(place, ("集合", "collection"), name, &known);
            self.findings.push(finding);
        }
        found.map(CollectionId)
    }

    /// `when: expression`.
    fn form_when(
        &mut self,
        fields: &Fields<'_>,
        of: Option<CollectionId>,
        form: &mut Form,
    ) -> Option<ShowId> {
        let when = fields.get("when").and_then(|node| self.source(node))?;
        form.shows.push(Show { of, when });
        Some(ShowId(form.shows.len() - 1))
    }
}
