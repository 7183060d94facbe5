//! The folder of all packs and regions, and one pack of it loaded for a region.
pub(crate) mod listing;

use crate::benefit::BenefitSheet;
use crate::dossier::Dossier;
use crate::finding::{Files, Finding};
use crate::form::Form;
use crate::hash::DecisionHash;
use crate::household::{FactMeta, FactSheet};
use crate::load;
use crate::pack_test::PackTest;
use crate::queue::Queue;
use crate::workflow::Course;
use anmin_authz::authority::Authority;
use anmin_base::date::Date;
use anmin_rules::model::{Citation, FactId, Figure, Label, Place, Ruleset};
pub use listing::Strays;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Days after which a figure should be looked at again.
const FIGURE_IS_STALE_AFTER_DAYS: i32 = 400;

/// A folder with `packs/` and `regions/`.
#[derive(Clone, Debug)]
pub struct Library {
    pub(crate) root: PathBuf,
    packs: Vec<String>,
    shared: Vec<String>,
    regions: Vec<String>,
    strays: Strays,
}

impl Library {
    /// Lists the packs and regions under `root`. Reads no pack but to tell shared ones from services.
    ///
    /// # Errors
    /// `packs/` cannot be listed. `regions/` may be absent.
    pub fn open(root: &Path) -> io::Result<Library> {
        let mut strays = Strays::default();
        let (mut packs, mut shared) = (vec![], vec![]);
        for name in listing::packs(root, &mut strays)? {
            let service = listing::read(&root.join("packs").join(&name).join("service.yaml"))?;
            let list = if load::is_shared(&service) { &mut shared } else { &mut packs };
            list.push(name);
        }
        let regions = match listing::regions(root, &mut strays) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => vec![],
            listed => listed?,
        };
        Ok(Library { root: root.to_owned(), packs, shared, regions, strays })
    }

    /// What stands in `packs/` and `regions/` and is neither a pack nor a region, so that it is not offered as one.
    pub fn strays(&self) -> &Strays {
        &self.strays
    }

    /// The services, sorted by name.
    pub fn packs(&self) -> &[String] {
        &self.packs
    }

    /// The shared packs, which services import, sorted by name.
    pub fn shared(&self) -> &[String] {
        &self.shared
    }

    /// The regions' codes, sorted.
    pub fn regions(&self) -> &[String] {
        &self.regions
    }

    /// Reads a pack with its imports, the overlays of a region's chain and their tests. The rules are read,
    /// not yet checked: that is `anmin_rules`' part.
    ///
    /// # Errors
    /// Everything found wrong.
    pub fn load(&self, pack: &str, region: Option<&str>) -> Result<Loaded, Failure> {
        load::load(self, pack, region)
    }

    /// Reads who may see and do what: the shared table, with what each service narrows of it.
    ///
    /// # Errors
    /// Everything found wrong.
    pub fn authority(&self) -> Result<Authority, Failure> {
        load::authority::read(self)
    }

    /// Reads the tabs of the list of work, whose duties are those of the table.
    ///
    /// # Errors
    /// Everything found wrong.
    pub fn queues(&self, authority: &Authority) -> Result<Vec<Queue>, Failure> {
        load::queue::read(self, authority)
    }
}

/// Why a pack was not loaded.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The files the findings' places mean.
    pub files: Files,
    /// All findings, in the order of their places; at least one is an error.
    pub findings: Vec<Finding>,
}

/// A pack in a region, read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The files places mean.
    pub files: Files,
    /// The pack's name.
    pub name: String,
    /// What the service is.
    pub service: Service,
    /// Facts, figures and rules for the engine, not yet checked.
    pub ruleset: Ruleset,
    /// The documents cited, by key.
    pub documents: BTreeMap<String, Document>,
    /// What the engine does not need to know of each fact, by [`FactId`].
    pub facts: Vec<FactMeta>,
    /// What the law says and the pack does not do.
    pub untranslated: Vec<Untranslated>,
    /// The hash of everything that decides.
    pub hash: DecisionHash,
    /// The pack and the regions of the chain, by [`anmin_rules::model::LayerId`].
    pub layers: Vec<LayerMeta>,
    /// The tests of the pack and of the overlays in the chain.
    pub tests: Vec<PackTest>,
    /// The course of its cases, if the pack has one.
    pub workflow: Option<Course>,
    /// What residents are asked, if the pack has a form.
    pub form: Option<Form>,
    /// What its cases are handled with besides.
    pub dossier: Dossier,
    /// What it pays, if it pays.
    pub benefit: Option<BenefitSheet>,
    /// What somebody should look at.
    pub warnings: Vec<Finding>,
    /// Whether the pack has its README.
    pub readme: bool,
}

impl Loaded {
    /// The facts a household file for this pack may give.
    pub fn sheet(&self) -> FactSheet<'_> {
        FactSheet { schema: &self.ruleset.schema, facts: &self.facts }
    }
}

/// A layer's dates, and whether it says anything about the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerMeta {
    /// Pack name, or region code.
    pub code: String,
    /// Label.
    pub label: Label,
    /// First day the region exists.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Whether a folder of this layer sets anything for the pack.
    pub overlay: bool,
}

/// A document of the law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Title.
    pub title: Label,
    /// Its number, as the issuer counts (京民社救发〔2024〕80号).
    pub number: Option<String>,
    /// Day of publication.
    pub published: Option<Date>,
    /// First day it is in force, if that is recorded.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Where it can be read.
    pub url: Option<String>,
    /// Where declared.
    pub place: Place,
}

impl Document {
    /// Whether it is in force on a day, as far as is recorded.
    pub fn holds(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on <= until)
    }
}

/// What the law says and the pack does not do.
#[derive(Clone, Debug)]
pub struct Untranslated {
    /// The articles.
    pub law: Vec<Citation>,
    /// What they say.
    pub label: Label,
    /// Why it is not translated.
    pub why: Label,
    /// Where written.
    pub place: Place,
}

/// What a service is: `service.yaml`.
#[derive(Clone, Debug)]
pub struct Service {
    /// Name.
    pub name: Label,
    /// What it is about.
    pub about: Label,
    /// Picks defaults, never code.
    pub kind: ServiceKind,
    /// Shared packs it imports.
    pub imports: Vec<String>,
    /// The articles it rests on.
    pub legal_basis: Vec<Citation>,
    /// The date whose rules hold for a case.
    pub rules_on: RulesOn,
    /// First day of the service.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Who may apply.
    pub who_may_apply: Option<Label>,
    /// Ways to apply.
    pub channels: Vec<String>,
    /// Days the law gives.
    pub statutory_days: Option<u32>,
    /// The role that decides.
    pub deciding_role: Option<String>,
    /// The line of work its cases belong to, as the table of authority names it; without one it has no cases.
    pub subject: Option<String>,
    /// How sensitive its cases are, 0 to 4; 4 where it is not said.
    pub sensitivity: u8,
    /// Whether this is the record itself or mirrors another's.
    pub record: Option<Record>,
    /// The facts needed, and why.
    pub data: Vec<Needed>,
    /// Where it is written.
    pub place: Place,
}

/// A fact a service needs.
#[derive(Clone, Debug)]
pub struct Needed {
    /// The fact.
    pub fact: FactId,
    /// Why.
    pub why: Label,
}

/// Kinds of services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceKind {
    /// Money.
    Grant,
    /// An authoritative entry and a certificate.
    Registration,
    /// Places, bookings, assessments.
    Care,
    /// A file, a plan, visits.
    FollowUp,
    /// Raise, discuss, resolve, publish.
    Matter,
}

/// The date whose rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulesOn {
    /// The day of application.
    Application,
    /// The day of decision.
    Decision,
}

/// Whose the authoritative entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// Ours.
    Record,
    /// Another system's; this one follows it.
    Mirror,
}

/// Warnings for figures in force on `today`, or beginning later, that nobody has checked for over 400 days, and for
/// figures said to be checked on a day that has not come.
///
/// A figure that has ended, or has a successor in force, is history and needs no new look.
pub fn stale_figures(loaded: &Loaded, today: Date) -> Vec<Finding> {
    let mut findings = vec![];
    for parameter in &loaded.ruleset.parameters {
        for value in &parameter.values {
            let succeeded = parameter
                .values
                .iter()
                .any(|v| v.layer == value.layer && v.from > value.from && v.from <= today);
            let history = succeeded || value.to.is_some_and(|to| to < today);
            let Some(checked) = value.checked_on else { continue };
            if checked > today {
                findings.push(Finding::warning(
                    value.place,
                    format!(
                        "{} 的数值写着 {checked} 核对，但今天是 {today}；请改正 checked_on",
                        parameter.name
                    ),
                    format!(
                        "the figure of {} is said to be checked on {checked}, but today is {today}; correct \
                        checked_on",
                        parameter.name
                    ),
                ));
                continue;
            }
            let days = today.days() - checked.days();
            if history || value.value == Figure::Ended || days <= FIGURE_IS_STALE_AFTER_DAYS {
                continue;
            }
            findings.push(Finding::warning(
                value.place,
                format!(
                    "{} 的数值上次核对于 {checked}，已过 {days} 天；请重新核对并更新 \
                checked_on",
                    parameter.name
                ),
                format!(
                    "the figure of {} was last checked on {checked}, {days} days ago; check it again and \
                    update checked_on",
                    parameter.name
                ),
            ));
        }
    }
    findings
}
