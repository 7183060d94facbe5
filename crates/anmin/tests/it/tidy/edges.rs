//! Rules about crates: what each may depend on.
use super::source::root;
use super::{ENGINES, Findings, breaks, finding, tidy};
use std::process::Command;

/// Which of our crates a crate may name; the order is from the bottom up. See ARCHITECTURE.md.
const HOUSE: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("rules", &["base"]),
    ("casework", &["base"]),
    ("ledger", &["base"]),
    ("registry", &["base"]),
    ("gazetteer", &["base"]),
    ("authz", &["base"]),
    ("monitor", &["base", "rules"]),
    ("pack", &["base", "rules", "authz", "casework", "ledger"]),
    ("sheet", &["base"]),
    ("press", &["base"]),
    ("store", &["base", "rules", "casework", "ledger", "registry", "gazetteer", "authz", "monitor"]),
    ("bulk", &["base", "rules", "registry"]),
    (
        "app",
        &[
            "base",
            "rules",
            "casework",
            "ledger",
            "registry",
            "gazetteer",
            "authz",
            "monitor",
            "pack",
            "press",
            "store",
            "bulk",
            "sheet",
        ],
    ),
    ("web", &["app", "base"]),
    ("anmin", &["web", "app", "bulk", "base"]),
];

/// What a crate's tests may name besides: who must prove something of the data in force reads it as the program does.
const TESTS_MAY: &[(&str, &[&str])] = &[("authz", &["pack"])];

/// Dependencies that only some of our crates may name.
const QUARANTINE: &[(&str, &[&str])] = &[
    ("cel", &["pack"]),
    ("saphyr-parser", &["pack"]),
    ("encoding_rs", &["pack", "sheet"]),
    ("calamine", &["sheet"]),
    ("rust_xlsxwriter", &["sheet"]),
    ("clap", &["anmin"]),
    ("askama", &["web"]),
    ("fluent-bundle", &["web"]),
    ("sqlx", &["store"]),
    ("object_store", &["store"]),
    ("aes-gcm", &["store"]),
    ("ed25519-dalek", &["store"]),
];

/// A dependency of one of our crates. Ours are named without `anmin-`.
struct Edge {
    from: String,
    to: String,
    ours: bool,
    /// Used by tests only.
    dev: bool,
    manifest: String,
    line: usize,
}

fn edges() -> Vec<Edge> {
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    let mut edges = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let path = text(&package["manifest_path"]);
        let manifest = std::fs::read_to_string(&path).expect("a manifest can be read");
        let place = path.find("crates/").map_or(path.clone(), |at| path[at..].to_string());
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let name = text(&dependency["name"]);
            let named = |line: &str| {
                let rest = line.trim_start().strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
            };
            let line = manifest.lines().position(named);
            edges.push(Edge {
                from: text(&package["name"]).trim_start_matches("anmin-").into(),
                to: name.trim_start_matches("anmin-").into(),
                ours: dependency["path"].is_string(),
                dev: dependency["kind"] == "dev",
                manifest: place.clone(),
                line: line.map_or(1, |line| line + 1),
            });
        }
    }
    edges
}

fn crate_edges(edges: &[Edge]) -> Findings {
    let tests_may = |edge: &Edge| {
        let fits =
            |(name, allowed): &(&str, &[&str])| *name == edge.from && allowed.contains(&edge.to.as_str());
        edge.dev && TESTS_MAY.iter().any(fits)
    };
    let judge = |edge: &&Edge| match HOUSE.iter().find(|(name, _)| *name == edge.from) {
        None => Some("is not in the list of crates; add it to HOUSE and ARCHITECTURE.md".to_string()),
        Some((_, allowed)) if edge.ours && !allowed.contains(&edge.to.as_str()) && !tests_may(edge) => {
            let allowed = if allowed.is_empty() { "none".into() } else { allowed.join(", ") };
            Some(format!("must not depend on `{}`; of our crates it may name: {allowed}", edge.to))
        }
        Some(_) => None,
    };
    let told = |edge: &Edge, why: String| {
        finding(&edge.manifest, edge.line, &format!("crate `{}` {why}", edge.from))
    };
    edges.iter().filter_map(|edge| judge(&edge).map(|why| told(edge, why))).collect()
}

fn quarantine(edges: &[Edge]) -> Findings {
    let judge = |edge: &Edge| {
        let home = QUARANTINE.iter().find(|(name, _)| *name == edge.to).map(|(_, home)| *home);
        if let Some(home) = home.filter(|home| !home.contains(&edge.from.as_str())) {
            return Some(format!("`{}` belongs in {} only", edge.to, home.join(", ")));
        }
        // Tests of an engine may read cases kept as JSON.
        let serde = edge.to.starts_with("serde") && !edge.dev;
        let engine = ENGINES.contains(&edge.from.as_str());
        (serde && engine).then(|| format!("an engine knows no `{}`; convert in app", edge.to))
    };
    let told = |edge: &Edge, why: String| finding(&edge.manifest, edge.line, &why);
    edges.iter().filter_map(|edge| judge(edge).map(|why| told(edge, why))).collect()
}

fn reasons_for_dependencies(edges: &[Edge], reasons: &str) -> Findings {
    let silent = |edge: &&Edge| !edge.ours && !reasons.contains(&format!("`{}`", edge.to));
    let told = |edge: &Edge| {
        let what = format!("`{}` has no reason in docs/decisions/dependencies.md", edge.to);
        finding(&edge.manifest, edge.line, &what)
    };
    edges.iter().filter(silent).map(told).collect()
}

fn edge(from: &str, to: &str, ours: bool) -> Edge {
    let manifest = format!("crates/{from}/Cargo.toml");
    Edge { from: from.into(), to: to.into(), ours, dev: false, manifest, line: 14 }
}

#[test]
fn crates_depend_only_downwards() {
    tidy("crates depend only as ARCHITECTURE.md says", crate_edges(&edges()));
}

#[test]
fn crates_depend_only_downwards_can_fail() {
    assert!(crate_edges(&[edge("pack", "rules", true)]).is_empty());
    breaks(crate_edges(&[edge("rules", "pack", true)]), "crates/rules/Cargo.toml:14:");
    breaks(crate_edges(&[edge("util", "base", true)]), "crates/util/Cargo.toml:14:");
    let tests_only = Edge { dev: true, ..edge("authz", "pack", true) };
    assert!(crate_edges(&[tests_only]).is_empty());
    breaks(crate_edges(&[edge("authz", "pack", true)]), "crates/authz/Cargo.toml:14:");
}

#[test]
fn heavy_dependencies_stay_in_their_crate() {
    tidy("a quarantined dependency is named by its own crate only", quarantine(&edges()));
}

#[test]
fn heavy_dependencies_stay_in_their_crate_can_fail() {
    breaks(quarantine(&[edge("rules", "cel", false)]), "crates/rules/Cargo.toml:14:");
    breaks(quarantine(&[edge("app", "clap", false)]), "crates/app/Cargo.toml:14:");
    breaks(quarantine(&[edge("rules", "serde", false)]), "crates/rules/Cargo.toml:14:");
    let tests_only = Edge { dev: true, ..edge("rules", "serde_json", false) };
    assert!(quarantine(&[tests_only, edge("app", "serde", false)]).is_empty());
}

#[test]
fn dependencies_have_a_reason() {
    let reasons = std::fs::read_to_string(root().join("docs/decisions/dependencies.md"));
    let findings = reasons_for_dependencies(&edges(), &reasons.unwrap_or_default());
    tidy("every dependency has a line of reason", findings);
}

#[test]
fn dependencies_have_a_reason_can_fail() {
    let edges = [edge("app", "left-pad", false), edge("app", "serde", false)];
    breaks(reasons_for_dependencies(&edges, "| `serde` | why |"), "crates/app/Cargo.toml:14:");
}
