//! `bank.yaml`: the columns of the files that go to the bank and come back. A region picks a template by its name.

use super::super::Build;
use super::super::folder::PackFiles;
use crate::benefit::{BankFile, Holds};
use crate::finding::Finding;
use crate::names::well_formed;
use crate::yaml::{Fields, Key, Node};
use anmin_ledger::results::Lists;

/// Without these nobody can be paid, or no answer be read.
const MUST_GO: [Holds; 4] = [Holds::Line, Holds::Name, Holds::Account, Holds::Amount];
const MUST_COME: [Holds; 2] = [Holds::Line, Holds::Outcome];

impl Build {
    /// The templates of the shared packs.
    pub(super) fn banks(&mut self, imports: &[PackFiles]) -> Vec<BankFile> {
        let mut banks: Vec<BankFile> = vec![];
        for node in imports.iter().filter_map(|pack| pack.bank.as_ref()) {
            let fields = Fields::of(node, &["templates"], &mut self.findings);
            fields.required("templates", &mut self.findings);
            for (key, node) in fields.names("templates", &mut self.findings) {
                let bank = self.bank(key, node);
                banks.extend(bank);
            }
        }
        banks
    }

    fn bank(&mut self, key: &Key, node: &Node) -> Option<BankFile> {
        well_formed(&key.text, key.place, &mut self.findings);
        let fields = Fields::of(node, &["zh", "en", "out", "in"], &mut self.findings);
        let label = fields.label(&mut self.findings);
        let mut out = vec![];
        for (entry, node) in fields.names("out", &mut self.findings) {
            if let (Some(holds), Ok(title)) = (self.holds(entry), node.as_text()) {
                out.push((holds, title.to_owned()));
            }
        }
        self.all_there(&fields, "out", &MUST_GO, &out.iter().map(|(holds, _)| *holds).collect::<Vec<_>>());
        let allowed = ["lists", "columns", "paid", "returned"];
        fields.required("in", &mut self.findings);
        let comes = fields.map("in", &allowed, &mut self.findings)?;
        let lists = self.required_choice(&comes, "lists", &Lists::ALL);
        let mut titles = vec![];
        comes.required("columns", &mut self.findings);
        if let Some(node) = comes.get("columns") {
            let columns = Fields::open(node, &mut self.findings);
            for (entry, _) in columns.entries() {
                let words = columns.texts(&entry.text, &mut self.findings);
                let words = words.into_iter().map(|(word, _)| word.to_owned()).collect();
                titles.extend(self.holds(entry).map(|holds| (holds, words)));
            }
        }
        self.all_there(
            &comes,
            "columns",
            &MUST_COME,
            &titles.iter().map(|(holds, _)| *holds).collect::<Vec<_>>(),
        );
        let words = |build: &mut Build, key: &str| -> Vec<String> {
            comes.required(key, &mut build.findings);
            comes.texts(key, &mut build.findings).into_iter().map(|(word, _)| word.to_owned()).collect()
        };
        let (paid, returned) = (words(self, "paid"), words(self, "returned"));
        if let Some(both) = paid.iter().find(|word| returned.contains(word)) {
            self.error(
                comes.place(),
                format!("“{both}”既表示成功又表示退票"),
                format!("{both} means both that it arrived and that it came back"),
            );
        }
        Some(BankFile { name: key.text.clone(), label, out, titles, paid, returned, lists: lists? })
    }

    fn holds(&mut self, key: &Key) -> Option<Holds> {
        let found = Holds::ALL.iter().find(|(name, _)| *name == key.text);
        if found.is_none() {
            let known = Holds::ALL.map(|(name, _)| name);
            self.findings.push(Finding::unknown(
                key.place,
                ("列的内容", "content of a column"),
                &key.text,
                &known,
            ));
        }
        found.map(|(_, holds)| *holds)
    }

    fn all_there(&mut self, fields: &Fields<'_>, key: &str, wanted: &[Holds], found: &[Holds]) {
        let place = fields.get(key).map_or(fields.place(), |node| node.place);
        for holds in wanted.iter().filter(|holds| !found.contains(holds)) {
            let name = holds.name();
            self.error(place, format!("{key} 缺少 {name} 列"), format!("{key} lacks the column {name}"));
        }
    }
}
