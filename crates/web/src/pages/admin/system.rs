//! The deployment: its database, its key files, the packs it was started with. States only, and the command that does something
//! about each: what touches keys and copies is done on the machine, by two people, not through a page.

use super::{OPERATE, Sections, moment};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::{Say, Words};
use anmin_app::deployment::KeyFileV1;
use anmin_app::record::{FindingV1, SeverityV1};
use askama::Template;

const RULES: &[&str] = &["system_operate", "rules_edit", "rules_approve"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/admin/packs", packs).called("page_packs").may(RULES, &[]),
        page("/admin/keys", keys).called("page_keys").may(OPERATE, &[]),
        page("/admin/deployment", deployment).called("page_deployment").may(OPERATE, &[]),
    ]
}

/// A pack.
#[derive(Clone, Debug)]
struct Pack {
    name: String,
    title: String,
    hash: String,
    counts: String,
    regions: Vec<(String, String, String)>,
    /// What a resident sees of it: the check before one applies.
    check: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "admin/packs.html")]
struct PacksPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    since: String,
    packs: Vec<Pack>,
    findings: Vec<(Tag, String, String)>,
    more: usize,
    errors: usize,
    warnings: usize,
}

/// As many of what the checker says are shown.
const FINDINGS: usize = 100;
/// As many figures of a hash as tell two apart at a glance.
const SHORT: usize = 12;

fn short(hash: &str) -> String {
    hash.chars().take(SHORT).collect()
}

async fn packs(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let report = asked.office().packs_loaded(&asked.order()?).await?;
    let services = asked.office().services()?;
    let pack = |pack: &anmin_app::packs::PackLineV1| {
        let service = services.iter().find(|service| service.name == pack.name);
        let counts = t.text("admin-pack-counts").arg("facts", pack.facts).arg("figures", pack.parameters);
        Pack {
            name: pack.name.clone(),
            title: t.of(&pack.title).to_owned(),
            hash: short(&pack.decision_hash),
            counts: counts.arg("rules", pack.variables).arg("tests", pack.tests).to_string(),
            regions: pack
                .regions
                .iter()
                .map(|region| {
                    (region.code.clone(), t.of(&region.label).to_owned(), short(&region.decision_hash))
                })
                .collect(),
            check: service.filter(|service| service.has_check).map(|service| service.name.clone()),
        }
    };
    let count = |severity: SeverityV1| report.findings.iter().filter(|one| one.severity == severity).count();
    let finding = |one: &FindingV1| {
        let (tone, key) = match one.severity {
            SeverityV1::Error => (Tone::Bad, "admin-finding-error"),
            _ => (Tone::Soon, "admin-finding-warning"),
        };
        let place = format!("{}:{}", one.file, one.line);
        (t.tag(tone, key), t.lang.of(&one.zh, &one.en).clone(), place)
    };
    let shell = asked.shell("admin-packs").await?;
    Html::of(&PacksPage {
        t,
        sections: Sections::of(&asked, "/admin/packs"),
        since: moment(t, asked.office().opened_at().0),
        packs: report.packs.iter().map(pack).collect(),
        findings: report.findings.iter().take(FINDINGS).map(finding).collect(),
        more: report.findings.len().saturating_sub(FINDINGS),
        errors: count(SeverityV1::Error),
        warnings: report.findings.len() - count(SeverityV1::Error),
        shell,
    })
}

/// A key file.
#[derive(Clone, Debug)]
struct KeyFile {
    name: String,
    what: String,
    made: String,
    state: Tag,
}

#[derive(Debug, Template)]
#[template(path = "admin/keys.html")]
struct KeysPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    files: Vec<KeyFile>,
}

async fn keys(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().key_files(&asked.order()?)?;
    let today = asked.at().0;
    let file = |file: &KeyFileV1| {
        let word = file.name.trim_end_matches(".key");
        let made = file.made_at.map(|at| {
            let days = (today - at).max(0) / 86_400_000;
            t.text("admin-key-made").arg("day", moment(t, at)).arg("days", days).to_string()
        });
        KeyFile {
            name: file.name.clone(),
            what: t.text(format!("admin-key-{word}")).to_string(),
            made: made.unwrap_or_default(),
            state: match (file.is_there, file.is_closed) {
                (false, _) => t.tag(Tone::Bad, "admin-key-missing"),
                (true, false) => t.tag(Tone::Bad, "admin-key-open"),
                (true, true) => t.tag(Tone::Good, "admin-key-fine"),
            },
        }
    };
    let files = found.files.iter().map(file).collect();
    let shell = asked.shell("admin-keys").await?;
    Html::of(&KeysPage { t, shell, sections: Sections::of(&asked, "/admin/keys"), files })
}

#[derive(Debug, Template)]
#[template(path = "admin/deployment.html")]
struct DeploymentPage {
    t: Words,
    shell: Shell,
    sections: Sections,
    facts: Vec<(String, String)>,
    schema: Tag,
    steps: String,
    demo: bool,
}

/// A size as people read it, to one place after the point, without a float.
fn size(bytes: i64) -> String {
    let units = [("GB", 1_i64 << 30), ("MB", 1 << 20), ("KB", 1 << 10)];
    let unit = units.into_iter().find(|(_, unit)| bytes >= *unit);
    unit.map_or_else(
        || format!("{bytes} B"),
        |(name, unit)| {
            let tenths = bytes / (unit / 10).max(1);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        },
    )
}

async fn deployment(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().condition(&asked.order()?).await?;
    let demo = found.kind == "demo";
    let kind = t.text(if demo { "admin-kind-demo" } else { "admin-kind-record" }).to_string();
    let facts = [
        ("admin-deployment-kind", kind),
        ("admin-deployment-made", moment(t, found.created_at)),
        ("admin-deployment-program", format!("Anmin {}", found.program)),
        ("admin-deployment-database", format!("{} {}", found.database, found.database_version)),
        ("admin-deployment-size", size(found.bytes)),
        ("admin-deployment-id", found.id.clone()),
    ];
    let schema = match found.step == found.newest {
        true => t.tag(Tone::Good, Say::Text(t.text("admin-schema-fine").arg("step", found.step).to_string())),
        false => t.tag(
            Tone::Bad,
            Say::Text(
                t.text("admin-schema-other").arg("step", found.step).arg("newest", found.newest).to_string(),
            ),
        ),
    };
    let shell = asked.shell("admin-deployment").await?;
    Html::of(&DeploymentPage {
        t,
        shell,
        sections: Sections::of(&asked, "/admin/deployment"),
        facts: facts.map(|(key, value)| (t.text(key).to_string(), value)).into(),
        schema,
        steps: found.steps.join(" → "),
        demo,
    })
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read_at_a_glance() {
        for (bytes, text) in [(12, "12 B"), (1536, "1.5 KB"), (5 << 20, "5.0 MB"), (3 << 30, "3.0 GB")] {
            assert_eq!(size(bytes), text);
        }
    }
}
