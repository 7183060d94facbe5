//! Reads a pack with its imports and a region's overlays into what the engine takes. All findings, never
//! only the first.
//!
//! First every file is read ([`folder`], [`region`]); a file that is no YAML, an unknown import or a broken
//! chain ends it there, with the findings of all files. Then the parts are built in the order in which they
//! name each other: documents, facts, figures, rules, the regions' overlays, tests.
pub(crate) mod authority;
mod benefit;
mod body;
mod cell;
mod document;
mod dossier;
mod fact;
mod folder;
mod form;
mod letter;
mod parameter;
pub(crate) mod queue;
mod region;
mod rule;
mod schema;
mod service;
mod switch;
mod test_file;
#[cfg(test)]
mod tests;
mod walk;
mod workflow;

use crate::expression::Parser;
use crate::finding::{Files, Finding, Severity};
use crate::hash::{DecisionHash, hexadecimal_sha256};
use crate::household::FactMeta;
use crate::library::{Document, Failure, LayerMeta, Library, Loaded, Untranslated, listing};
use crate::names::Names;
use crate::yaml::{self, Fields, Key, Node};
use anmin_base::date::Date;
use anmin_rules::model::{CollectionId, Layer, LayerId, Place, Ruleset, Source};
use folder::PackFiles;
use region::RegionFiles;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// The date of what is undated: it has always held.
const ALWAYS: Date = Date::MIN;

/// Whether a `service.yaml` says `shared: true`. A file that cannot be read is taken for a service, whose
/// loading reports it.
pub(crate) fn is_shared(service: &[u8]) -> bool {
    yaml::read(0, service).is_ok_and(|node| node.get("shared").is_some_and(|n| n.as_text() == Ok("true")))
}

/// See [`Library::load`].
pub(crate) fn load(library: &Library, pack: &str, region: Option<&str>) -> Result<Loaded, Failure> {
    let mut build = Build::new(library);
    if !build.names_exist(library, pack, region) {
        return Err(build.failure());
    }
    let own = build.pack_files(pack, false);
    let imports = build.imports(&own, library);
    let chain = region.map(|code| build.chain(code, pack, library)).unwrap_or_default();
    if build.broken {
        return Err(build.failure());
    }

    let packs: Vec<&PackFiles> = imports.iter().chain([&own]).collect();
    build.layers(&own, &chain);
    build.vocabulary(&packs);
    for files in &packs {
        build.pack_parameters(files);
    }
    let service = build.service(&own);
    build.pack_rules(&own);
    for (rank, region) in chain.iter().enumerate() {
        build.overlay(region, rank as LayerId + 1);
    }
    let tests = build.tests(&own, &chain, library);
    build.test_households(&tests);
    let workflow = build.workflow(&own, &imports, &chain, library);
    let form = build.form(&own, &imports, workflow.as_ref());
    let dossier = build.dossier(&own, &imports, workflow.as_ref().map(|course| &course.definition.all));
    let benefit = build.benefit(&own, &imports, &chain, workflow.as_ref(), library.packs());
    match service {
        Some(service) if !build.has_errors() => {
            build.findings.sort_by_key(|f| f.place);
            Ok(Loaded {
                files: build.files,
                name: pack.to_owned(),
                service,
                ruleset: build.ruleset,
                documents: build.documents,
                facts: build.facts,
                untranslated: build.untranslated,
                hash: DecisionHash::of(build.covered),
                layers: build.layers,
                tests,
                workflow,
                form,
                dossier,
                benefit,
                warnings: build.findings,
                readme: own.readme,
            })
        }
        _ => Err(build.failure()),
    }
}

/// What has been read so far.
struct Build {
    root: PathBuf,
    parser: Parser,
    files: Files,
    findings: Vec<Finding>,
    /// A file or import is missing whose absence would make much else seem wrong.
    broken: bool,
    /// Path and SHA-256 of the files that decide.
    covered: Vec<(String, String)>,
    names: Names,
    documents: BTreeMap<String, Document>,
    ruleset: Ruleset,
    facts: Vec<FactMeta>,
    layers: Vec<LayerMeta>,
    untranslated: Vec<Untranslated>,
}

impl Build {
    fn new(library: &Library) -> Self {
        Build {
            root: library.root.clone(),
            parser: Parser::new(),
            files: Files::default(),
            findings: vec![],
            broken: false,
            covered: vec![],
            names: Names::default(),
            documents: BTreeMap::new(),
            ruleset: Ruleset::default(),
            facts: vec![],
            layers: vec![],
            untranslated: vec![],
        }
    }

    fn names_exist(&mut self, library: &Library, pack: &str, region: Option<&str>) -> bool {
        let (packs, regions): (Vec<&str>, Vec<&str>) = (
            library.packs().iter().map(String::as_str).collect(),
            library.regions().iter().map(String::as_str).collect(),
        );
        if !packs.contains(&pack) {
            let place = self.folder_place("packs");
            self.findings.push(match library.shared().iter().any(|s| s == pack) {
                true => Finding::error(
                    place,
                    format!("{pack} 是供其他服务引用的公共包，不能单独载入。可用：{}", packs.join("、")),
                    format!(
                        "{pack} is shared by services and is not loaded by itself. Allowed: {}",
                        packs.join(", ")
                    ),
                ),
                false => Finding::unknown(place, ("服务包", "pack"), pack, &packs),
            });
        }
        if let Some(code) = region.filter(|code| !regions.contains(code)) {
            let place = self.folder_place("regions");
            self.findings.push(Finding::unknown(place, ("地区", "region"), code, &regions));
        }
        self.findings.is_empty()
    }

    fn layers(&mut self, own: &PackFiles, chain: &[RegionFiles]) {
        let label = own.service.get("name").map(|node| {
            // Reported with the service itself.
            Fields::open(node, &mut vec![]).label(&mut vec![])
        });
        let pack = LayerMeta {
            code: own.name.clone(),
            label: label.unwrap_or_default(),
            from: None,
            to: None,
            overlay: true,
        };
        self.layers = [pack].into_iter().chain(chain.iter().map(|r| r.meta.clone())).collect();
        self.ruleset.layers =
            self.layers.iter().map(|l| Layer { code: l.code.clone(), label: l.label.clone() }).collect();
    }

    /// Reads a file under the root; none when it is absent or broken, and the latter is reported.
    fn yaml(&mut self, path: &str, covered: bool) -> Option<Node> {
        let bytes = self.bytes(path)?;
        let file = self.files.add(path);
        if covered {
            self.covered.push((path.to_owned(), hexadecimal_sha256(&bytes)));
        }
        let node = yaml::read(file, &bytes).map_err(|findings| self.findings.extend(findings)).ok();
        self.broken |= node.is_none();
        node
    }

    /// The bytes of a file under the root; none when it is absent or cannot be read, and the latter is reported.
    fn bytes(&mut self, path: &str) -> Option<Vec<u8>> {
        match listing::read(&self.root.join(path)) {
            Ok(bytes) => Some(bytes),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => {
                let place = self.folder_place(path);
                self.error(place, format!("无法读取：{e}"), format!("cannot be read: {e}"));
                self.broken = true;
                None
            }
        }
    }

    fn error(&mut self, place: Place, zh: impl Into<String>, en: impl Into<String>) {
        self.findings.push(Finding::error(place, zh, en));
    }

    fn warning(&mut self, place: Place, zh: impl Into<String>, en: impl Into<String>) {
        self.findings.push(Finding::warning(place, zh, en));
    }

    /// A place that means a whole file or folder.
    fn folder_place(&mut self, path: &str) -> Place {
        Place { file: self.files.add(path), line: 1, column: 1 }
    }

    fn has_errors(&self) -> bool {
        self.findings.iter().any(|f| f.severity == Severity::Error)
    }

    fn failure(mut self) -> Failure {
        self.findings.sort_by_key(|f| f.place);
        Failure { files: self.files, findings: self.findings }
    }

    /// Parses an expression; what is wrong with it is reported.
    fn source(&mut self, node: &Node) -> Option<Source> {
        self.parser.read_into(node, &mut self.findings)
    }

    fn required_source(&mut self, fields: &Fields<'_>, key: &str) -> Option<Source> {
        let node = fields.required(key, &mut self.findings)?;
        self.source(node)
    }

    /// The civil date under a key, if given.
    fn date(&mut self, fields: &Fields<'_>, key: &str) -> Option<Date> {
        let node = fields.has(key).then(|| fields.required(key, &mut self.findings)).flatten()?;
        let date = node.as_text().ok().and_then(|text| text.parse().ok());
        if date.is_none() {
            self.findings.push(node.expected("日期（如 2026-11-23）", "a date (such as 2026-11-23)"));
        }
        date
    }

    fn required_date(&mut self, fields: &Fields<'_>, key: &str) -> Option<Date> {
        fields.required(key, &mut self.findings)?;
        self.date(fields, key)
    }

    /// `from` and `to`, in that order if both are given.
    fn span(&mut self, fields: &Fields<'_>) -> (Option<Date>, Option<Date>) {
        let (from, to) = (self.date(fields, "from"), self.date(fields, "to"));
        if let (Some(first), Some(last), Some(node)) = (from, to, fields.get("to"))
            && last < first
        {
            self.error(node.place, "to 早于 from", "to is before from");
        }
        (from, to)
    }

    /// Takes a name, or reports why it cannot be had.
    fn take(
        &mut self,
        of: Option<CollectionId>,
        name: &str,
        kind: (&'static str, &'static str),
        place: Place,
    ) -> bool {
        self.names.take((of, name), kind, place, &self.files, &mut self.findings)
    }

    /// A path's collection and last part; a path with an unknown collection or too many parts is reported.
    fn path<'t>(&mut self, text: &'t str, place: Place) -> Option<(Option<CollectionId>, &'t str)> {
        let Some((collection, name)) = text.split_once('.') else {
            return Some((None, text));
        };
        let collections = &self.ruleset.schema.collections;
        let Some(id) = collections.iter().position(|c| c.name == collection) else {
            let known: Vec<&str> = collections.iter().map(|c| c.name.as_str()).collect();
            let finding = Finding::unknown(place, ("集合", "collection"), collection, &known);
            self.findings.push(finding);
            return None;
        };
        if name.contains('.') {
            self.error(
                place,
                format!("{text} 层次太多：路径只有“集合.名称”或“名称”"),
                format!("{text} is too deep: a path is `collection.name` or `name`"),
            );
            return None;
        }
        Some((Some(CollectionId(id)), name))
    }

    /// A path as written, of a thing that has a collection and a name.
    fn path_text(&self, of: Option<CollectionId>, name: &str) -> String {
        match of {
            Some(id) => format!("{}.{name}", self.ruleset.schema.collections[id.0].name),
            None => name.to_owned(),
        }
    }
}

/// A map whose keys are names, each with its place.
type Entries<'n> = &'n [(Key, Node)];
