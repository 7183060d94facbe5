//! `authority.yaml`: who may see and do what, and what a service takes away of it.
//!
//! The shared file is the table; a service's own file only narrows it. Names are resolved here, with their places;
//! whether the rows make sense together is `anmin_authz`'s part, whose flaws are put at the row they mean.
mod table;
#[cfg(test)]
mod tests;

use super::Build;
use crate::finding::Finding;
use crate::library::{Failure, Library};
use crate::names::well_formed;
use crate::yaml::{Fields, Key, Node};
use anmin_authz::authority::{Authority, Named, Narrowing, Part, Parts, RoleId, Service, Why};
use anmin_authz::sensitivity::Sensitivity;
use anmin_rules::model::Place;
use std::collections::BTreeMap;

const FILE: &str = "authority.yaml";
/// The shared pack that holds the table.
const SHARED: &str = "packs/shared";

/// See [`Library::authority`].
pub(crate) fn read(library: &Library) -> Result<Authority, Failure> {
    let mut reader =
        Reader { build: Build::new(library), parts: Parts::default(), places: BTreeMap::new(), table: None };
    match reader.build.yaml(&format!("{SHARED}/{FILE}"), false) {
        Some(node) => reader.table(&node),
        None if !reader.build.broken => {
            let place = reader.build.folder_place(&format!("{SHARED}/{FILE}"));
            reader.error(
                place,
                "没有这个文件：须写明谁可以看什么、做什么",
                "is missing: it says who may see and do what",
            );
        }
        None => {}
    }
    for name in library.packs() {
        if let Some(node) = reader.build.yaml(&format!("packs/{name}/{FILE}"), false) {
            reader.service(name, &node);
        }
    }
    if reader.build.has_errors() {
        return Err(reader.build.failure());
    }
    let whole = reader.table.unwrap_or_default();
    Authority::new(reader.parts).map_err(|flaws| {
        for flaw in flaws {
            let place = reader.places.get(&flaw.at).copied().unwrap_or(whole);
            reader.build.findings.push(Finding::error(place, flaw.zh, flaw.en));
        }
        reader.build.failure()
    })
}

/// What has been read of the table.
struct Reader {
    build: Build,
    parts: Parts,
    /// Where each row stands.
    places: BTreeMap<Part, Place>,
    /// Where the table begins.
    table: Option<Place>,
}

/// A kind of name, for sentences.
type Kind = (&'static str, &'static str);
const ROLE: Kind = ("角色", "role");
const ACTION: Kind = ("操作", "action");
const GROUP: Kind = ("操作分组", "group of actions");

impl Reader {
    fn error(&mut self, place: Place, zh: &str, en: &str) {
        self.build.error(place, zh, en);
    }

    /// The entries of a map of names, each well formed and with its words.
    fn named<'n>(
        &mut self,
        fields: &Fields<'n>,
        key: &str,
        allowed: &[&str],
    ) -> Vec<(&'n Key, Fields<'n>, Named)> {
        let out = &mut self.build.findings;
        fields.required(key, out);
        let entries = fields.names(key, out);
        let allowed: Vec<&str> = ["zh", "en"].iter().chain(allowed).copied().collect();
        let read = |(key, node): &'n (Key, Node)| {
            well_formed(&key.text, key.place, out);
            let row = Fields::of(node, &allowed, out);
            let label = row.label(out);
            (key, row, Named { name: key.text.clone(), zh: label.zh, en: label.en })
        };
        entries.iter().map(read).collect()
    }

    /// The places in `known` of the names under a key: one or a list, each once; `all` stands for all of them where
    /// `all` is given.
    fn many(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        kind: Kind,
        known: &[String],
        all: bool,
    ) -> Vec<usize> {
        let texts = fields.texts(key, &mut self.build.findings);
        if let ([("all", _)], true) = (&texts[..], all) {
            return (0..known.len()).collect();
        }
        let mut found: Vec<usize> = vec![];
        for (text, place) in texts {
            match self.resolve(text, place, kind, known) {
                Some(id) if found.contains(&id) => {
                    self.build.error(place, format!("{text} 写了两次"), format!("{text} is given twice"))
                }
                Some(id) => found.push(id),
                None => {}
            }
        }
        found
    }

    /// The place in `known` of the one name under a key.
    fn one(&mut self, fields: &Fields<'_>, key: &str, kind: Kind, known: &[String]) -> Option<usize> {
        let text = fields.text(key, &mut self.build.findings)?;
        let place = fields.get(key).map_or(fields.place(), |node| node.place);
        self.resolve(text, place, kind, known)
    }

    fn resolve(&mut self, text: &str, place: Place, kind: Kind, known: &[String]) -> Option<usize> {
        let found = known.iter().position(|name| name == text);
        if found.is_none() {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            self.build.findings.push(Finding::unknown(place, kind, text, &known));
        }
        found
    }

    /// What words under a key stand for: one or a list.
    fn words<T: Copy>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        kind: Kind,
        words: &[(&'static str, T)],
    ) -> Vec<T> {
        let known: Vec<String> = words.iter().map(|(word, _)| (*word).to_owned()).collect();
        self.many(fields, key, kind, &known, false).into_iter().map(|id| words[id].1).collect()
    }

    fn sensitivity(&mut self, fields: &Fields<'_>, key: &str) -> Option<Sensitivity> {
        let choices = Sensitivity::ALL.map(|level| (level.name(), level));
        fields.choice(key, &choices, &mut self.build.findings)
    }

    /// One that must be given. Sealed where it is reported, which gives nothing away.
    fn required_sensitivity(&mut self, fields: &Fields<'_>, key: &str) -> Sensitivity {
        fields.required(key, &mut self.build.findings);
        self.sensitivity(fields, key).unwrap_or_default()
    }

    /// `why` and `section`, both required.
    fn why(&mut self, fields: &Fields<'_>) -> Why {
        let out = &mut self.build.findings;
        fields.required("why", out);
        let label = fields.label_at("why", out).unwrap_or_default();
        let section = fields.required_text("section", out).unwrap_or_default().to_owned();
        Why { zh: label.zh, en: label.en, section }
    }

    /// A whole number above 0 that must be given.
    fn figure(&mut self, fields: &Fields<'_>, key: &str) -> u16 {
        fields.required(key, &mut self.build.findings);
        let Some(number) = fields.whole(key, &mut self.build.findings) else { return 0 };
        let figure = u16::try_from(number).ok().filter(|figure| *figure > 0);
        if let (None, Some(node)) = (figure, fields.get(key)) {
            self.build.findings.push(node.expected("1 至 65535 的整数", "a whole number from 1 to 65535"));
        }
        figure.unwrap_or(0)
    }

    /// The names of the roles.
    fn roles(&self) -> Vec<String> {
        self.parts.roles.iter().map(|role| role.named.name.clone()).collect()
    }

    fn role_ids(&mut self, fields: &Fields<'_>, all: bool) -> Vec<RoleId> {
        fields.required("roles", &mut self.build.findings);
        let known = self.roles();
        self.many(fields, "roles", ROLE, &known, all).into_iter().map(RoleId).collect()
    }

    /// What a service takes away.
    fn service(&mut self, name: &str, node: &Node) {
        let fields = Fields::of(node, &["narrow", "sets"], &mut self.build.findings);
        let at = self.parts.services.len();
        let mut service = Service { name: name.to_owned(), ..Service::default() };
        if let Some((key, _)) = fields.entry("sets") {
            self.places.insert(Part::Sets(at), key.place);
            service.sets = self.sets(&fields);
        }
        for (n, node) in
            fields.list("narrow", &mut self.build.findings).unwrap_or_default().iter().enumerate()
        {
            self.places.insert(Part::Narrowing(at, n), node.place);
            let row = self.narrowing(node);
            service.narrowings.push(row);
        }
        self.parts.services.push(service);
    }

    fn narrowing(&mut self, node: &Node) -> Narrowing {
        const KEYS: [&str; 11] = [
            "roles", "actions", "groups", "except", "forbid", "up_to", "mask", "needs", "then", "why",
            "section",
        ];
        let fields = Fields::of(node, &KEYS, &mut self.build.findings);
        let roles = self.role_ids(&fields, true);
        let actions = self.actions_meant(&fields);
        let forbid = fields.flag("forbid", &mut self.build.findings).unwrap_or(false);
        let up_to = self.sensitivity(&fields, "up_to");
        let mask = self.mask(&fields);
        let (needs, then) = (self.needs(&fields), self.obligations(&fields));
        Narrowing { roles, actions, forbid, up_to, mask, needs, then, why: self.why(&fields) }
    }
}
