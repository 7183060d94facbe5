//! The house rules, as tests. Each rule is a function from files to findings, run on the repository and, in a second
//! test, on a snippet that breaks it. A finding is `file:line: what is wrong; what to do`.
mod edges;
pub mod source;

use source::{Source, has_word, tree};

/// Crates that take values and return values: no input or output, clock, serde or float.
const ENGINES: &[&str] =
    &["base", "rules", "casework", "ledger", "registry", "gazetteer", "authz", "monitor"];

/// Files that may be long: the start of the path, a part of it, and why.
const LONG: &[(&str, &str, &str)] = &[
    ("crates/", "/tests/", "tables of cases read better in one piece"),
    ("data/", "", "generated from public sources"),
];

type Findings = Vec<String>;

fn finding(path: &str, line: usize, what: &str) -> String {
    format!("{path}:{line}: {what}")
}

#[track_caller]
fn tidy(rule: &str, findings: Findings) {
    assert!(findings.is_empty(), "rule: {rule}\n{}\n", findings.join("\n"));
}

/// Asserts that exactly one line breaks the rule, and which.
#[track_caller]
fn breaks(findings: Findings, place: &str) {
    assert_eq!(findings.len(), 1, "one finding expected: {findings:?}");
    assert!(findings[0].starts_with(place), "{} does not name {place}", findings[0]);
}

// --- crates --------------------------------------------------------------------------------------

fn workspace_lints(files: &[Source]) -> Findings {
    let manifest = |file: &&Source| file.path.starts_with("crates/") && file.path.ends_with("/Cargo.toml");
    let bare = |file: &&Source| {
        let mut lines = file.text.lines().skip_while(|line| line.trim() != "[lints]").skip(1);
        lines.next().is_none_or(|line| line.trim() != "workspace = true")
    };
    let told = |file: &Source| finding(&file.path, 1, "add `[lints]` with `workspace = true`");
    files.iter().filter(manifest).filter(bare).map(told).collect()
}

#[test]
fn crates_take_the_workspace_lints() {
    tidy("every crate takes the workspace's lints", workspace_lints(&tree()));
}

#[test]
fn crates_take_the_workspace_lints_can_fail() {
    let bad = Source::new("crates/base/Cargo.toml", "[package]\nname = \"anmin-base\"\n");
    let good = Source::new("crates/pack/Cargo.toml", "[lints]\nworkspace = true\n");
    breaks(workspace_lints(&[bad, good]), "crates/base/Cargo.toml:1:");
}

// --- the shape of files ---------------------------------------------------------------------------------------

fn length(files: &[Source]) -> Findings {
    let judge = |file: &Source| {
        let data = file.path.starts_with("packs/") || file.path.starts_with("regions/");
        let yaml = file.path.ends_with(".yaml");
        let limit = if data && yaml { 400 } else { 600 };
        let excused =
            LONG.iter().any(|(start, part, _)| file.path.starts_with(start) && file.path.contains(part));
        // Tests at the end of a Rust file do not count: they belong beside the code.
        let lines = match file.is_rust() {
            true => file.test_lines().iter().filter(|test| !**test).count(),
            false => file.text.lines().count(),
        };
        let page = [".html", ".css", ".js", ".mjs"].iter().any(|ending| file.path.ends_with(ending));
        let long = (file.is_rust() || yaml || page) && !excused && lines > limit;
        let what = format!("{lines} lines, more than {limit}; split it by what it is about");
        long.then(|| finding(&file.path, limit + 1, &what))
    };
    files.iter().filter_map(judge).collect()
}

#[test]
fn files_are_short() {
    tidy("a file has at most 600 lines, a pack's YAML 400", length(&tree()));
}

#[test]
fn files_are_short_can_fail() {
    let long = |path: &str, lines: usize| Source::new(path, &"x\n".repeat(lines));
    breaks(length(&[long("crates/rules/src/a.rs", 601)]), "crates/rules/src/a.rs:601:");
    breaks(length(&[long("packs/a/rules.yaml", 401)]), "packs/a/rules.yaml:401:");
    let excused = [long("crates/rules/tests/a.rs", 900), long("data/divisions.yaml", 900)];
    assert!(length(&excused).is_empty());
    assert!(length(&[long("crates/rules/src/a.rs", 600), long("README.md", 900)]).is_empty());
}

fn opening(files: &[Source]) -> Findings {
    let top = |file: &&Source| {
        let name = file.path.rsplit('/').next();
        file.crate_of_src().is_some() && matches!(name, Some("lib.rs" | "main.rs"))
    };
    let bare = |file: &&Source| !file.text.starts_with("//!");
    let told = |file: &Source| {
        finding(&file.path, 1, "open with `//!`: what it is for, what it never knows, where to start")
    };
    files.iter().filter(top).filter(bare).map(told).collect()
}

#[test]
fn crates_open_with_a_word() {
    tidy("a crate opens by saying what it is for", opening(&tree()));
}

#[test]
fn crates_open_with_a_word_can_fail() {
    let bad = Source::new("crates/base/src/lib.rs", "pub mod date;\n");
    let good = Source::new("crates/rules/src/lib.rs", "//! The rule language.\n");
    breaks(opening(&[bad, good]), "crates/base/src/lib.rs:1:");
}

// --- what a file may say --------------------------------------------------------------------------------------

/// The names of the service packs: folders, and the Chinese names in `service.yaml` of those that are real services.
fn service_names(files: &[Source]) -> Vec<String> {
    let mut names = Vec::new();
    for file in files {
        let Some((folder, rest)) = file.path.strip_prefix("packs/").and_then(|path| path.split_once('/'))
        else {
            continue;
        };
        if folder == "shared" {
            continue;
        }
        names.push(folder.to_lowercase());
        if rest == "service.yaml" && !folder.starts_with("example-") {
            let name = file.text.lines().skip_while(|line| !line.starts_with("name:")).take(3);
            let chinese = name.filter_map(|line| line.split_once("zh:")).map(|(_, zh)| {
                zh.split([',', '}', '#']).next().unwrap_or_default().trim().trim_matches(['"', '\''])
            });
            names.extend(chinese.filter(|zh| zh.chars().count() > 1).take(1).map(String::from));
        }
    }
    names.sort();
    names.dedup();
    names
}

fn services_in_rust(files: &[Source], names: &[String]) -> Findings {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust() && file.crate_of_src().is_some()) {
        let tests = file.test_lines();
        for (line, text) in file.lines().into_iter().filter(|(line, _)| !tests[line - 1]) {
            let text = text.to_lowercase();
            for name in names.iter().filter(|name| text.contains(name.as_str())) {
                let what = format!("names the service `{name}`; what is special to it is data");
                findings.push(finding(&file.path, line, &what));
            }
        }
    }
    findings
}

#[test]
fn no_service_is_named_in_rust() {
    let files = tree();
    let names = service_names(&files);
    let real = |name: &String| name.is_ascii() && !name.starts_with("example-");
    assert!(names.iter().any(real), "no service pack in packs/: this rule would check nothing");
    tidy("no service is named in Rust", services_in_rust(&files, &names));
}

#[test]
fn no_service_is_named_in_rust_can_fail() {
    let packs = [
        Source::new("packs/dibao/service.yaml", "kind: grant\nname: {zh: 最低生活保障, en: Dibao}\n"),
        Source::new("packs/example-card/service.yaml", "name: {zh: 借书证, en: Card}\n"),
        Source::new("packs/shared/facts.yaml", "name: {zh: 共用, en: Shared}\n"),
    ];
    let names = service_names(&packs);
    assert_eq!(names, ["dibao", "example-card", "最低生活保障"]);
    for bad in ["struct DibaoTier;", "/// As in 最低生活保障.", "const P: &str = \"example-card\";"] {
        let bad = Source::new("crates/app/src/a.rs", &format!("fn a() {{}}\n{bad}\n"));
        breaks(services_in_rust(&[bad], &names), "crates/app/src/a.rs:2:");
    }
    let test = Source::new("crates/app/src/a.rs", "#[cfg(test)]\nmod tests { const P: &str = \"dibao\"; }");
    let outside = Source::new("crates/app/tests/a.rs", "const P: &str = \"dibao\";");
    assert!(services_in_rust(&[test, outside], &names).is_empty());
}

/// What only one machine has. In two pieces each, since this file is searched too.
const MACHINE: &[&str] = &[
    // With what follows: our own pages have a list of work.
    concat!("/wo", "rk/main"),
    concat!("/wo", "rk/shared"),
    concat!("/wo", "rk/."),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Use", "rs/"),
    concat!("bash", "_jobs"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs.org"),
    concat!("pypi", ".org"),
    concat!("proxy.", "golang.org"),
    concat!("rsproxy", ".cn"),
    concat!("npmmirror", ".com"),
    concat!("mirrors.", "tuna"),
    concat!("mirrors.", "ustc"),
    concat!("mirrors.", "aliyun"),
];

fn machine_traces(files: &[Source]) -> Findings {
    let mut findings = Vec::new();
    for file in files {
        for (line, text) in file.lines() {
            // `social/work/` is no machine's path: a path begins after a space, a quote or the like.
            let named = |trace: &&&str| {
                text.match_indices(**trace).any(|(at, _)| {
                    let before = text[..at].chars().next_back();
                    !trace.starts_with('/')
                        || !before.is_some_and(|c| c.is_alphanumeric() || "._-*}".contains(c))
                })
            };
            for trace in MACHINE.iter().filter(named) {
                let what = format!("`{trace}` is of one machine or registry; say it without");
                findings.push(finding(&file.path, line, &what));
            }
        }
    }
    findings
}

#[test]
fn no_machine_is_named() {
    tidy("no path of one machine and no registry's host in any file", machine_traces(&tree()));
}

#[test]
fn no_machine_is_named_can_fail() {
    for trace in MACHINE {
        let bad = Source::new("docs/a.md", &format!("one\ntwo \"{trace}x\"\n"));
        breaks(machine_traces(&[bad]), "docs/a.md:2:");
    }
    let good = format!("social{}x and https://rustup.rs", MACHINE[0]);
    assert!(machine_traces(&[Source::new("docs/a.md", &good)]).is_empty());
}

/// Words code may not use: where they are refused, the word, and what to do.
type Ban = (fn(&Source) -> bool, &'static str, &'static str);

const BANS: &[Ban] = &[
    (Source::is_rust, "unsafe", "nothing here needs it"),
    (Source::is_rust, "todo!(", "write it, or leave it out"),
    (Source::is_rust, "unimplemented!(", "write it, or leave it out"),
    (Source::is_rust, "dbg!(", "remove it"),
    (in_engine, "f32", "whole numbers and exact rates only"),
    (in_engine, "f64", "whole numbers and exact rates only"),
    (in_engine, "SystemTime", "the date is passed in"),
    (in_engine, "Instant", "the date is passed in; measure in a bench"),
    (in_engine, "::now(", "the date is passed in"),
    (in_library, "println!", "return it; only crate anmin prints"),
    (in_library, "print!", "return it; only crate anmin prints"),
    (in_library, "eprintln!", "return it; only crate anmin prints"),
    (in_library, "eprint!", "return it; only crate anmin prints"),
];

fn in_engine(file: &Source) -> bool {
    file.is_rust() && file.crate_of_src().is_some_and(|name| ENGINES.contains(&name))
}

fn in_library(file: &Source) -> bool {
    file.is_rust() && file.crate_of_src().is_some_and(|name| name != "anmin")
}

fn banned_words(files: &[Source]) -> Findings {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        let bans: Vec<&Ban> = BANS.iter().filter(|(applies, ..)| applies(file)).collect();
        for (line, text) in file.code_lines() {
            for (_, word, advice) in bans.iter().filter(|(_, word, _)| has_word(&text, word)) {
                findings.push(finding(&file.path, line, &format!("`{word}`: {advice}")));
            }
        }
    }
    findings
}

#[test]
fn code_avoids_the_banned_words() {
    tidy("code has no unsafe, unfinished, floating, clock-reading or printing parts", banned_words(&tree()));
}

#[test]
fn code_avoids_the_banned_words_can_fail() {
    for (_, word, _) in BANS {
        let bad =
            Source::new("crates/rules/src/a.rs", &format!("fn a() {{\n    x{word}\n    {word} y;\n}}\n"));
        // `x` before a word makes it another word, except before `::`.
        let line = if word.starts_with("::") { 2 } else { 3 };
        let findings = banned_words(&[bad]);
        assert!(!findings.is_empty(), "`{word}` is not found");
        assert!(findings[0].starts_with(&format!("crates/rules/src/a.rs:{line}:")), "{findings:?}");
    }
    let talk = "//! Nothing is unsafe.\nconst WORD: &str = \"unsafe f64 println!\";\n";
    let bench = "fn a() { let t = Instant::now(); println!(\"{}\", 1f64); let x: f64; }\n";
    let good = [
        Source::new("crates/rules/src/a.rs", talk),
        Source::new("crates/rules/benches/a.rs", bench),
        Source::new("crates/anmin/src/main.rs", bench),
    ];
    assert!(banned_words(&good).is_empty());
}

/// Markup outside the one crate that makes pages: in a file of templates, or in the text of a program.
fn markup(files: &[Source]) -> Findings {
    const MARKS: &[&str] = &["</", "<br>", "<!doctype", "<!DOCTYPE", "&nbsp;"];
    let ours = |file: &&Source| {
        !file.path.starts_with("crates/web/")
            && (file.path.starts_with("crates/") || file.path.ends_with(".html"))
    };
    let mut findings = Vec::new();
    for file in files.iter().filter(ours) {
        if file.path.ends_with(".html") {
            findings.push(finding(
                &file.path,
                1,
                "templates belong beside their Rust in crates/web/src/pages",
            ));
        }
        let tests = file.test_lines();
        let told = |(line, text): (usize, &str)| {
            let mark = MARKS.iter().find(|mark| text.contains(**mark))?;
            let source = file.is_rust() && !tests[line - 1];
            source.then(|| finding(&file.path, line, &format!("`{mark}`: only crate web makes HTML")))
        };
        findings.extend(file.lines().into_iter().filter_map(told));
    }
    findings
}

#[test]
fn only_web_makes_html() {
    tidy("no HTML outside crate web", markup(&tree()));
}

#[test]
fn only_web_makes_html_can_fail() {
    let bad = Source::new("crates/app/src/a.rs", "fn a() {}\nconst A: &str = \"<div></div>\";\n");
    breaks(markup(&[bad]), "crates/app/src/a.rs:2:");
    breaks(markup(&[Source::new("docs/a.html", "x")]), "docs/a.html:1:");
    let good =
        [Source::new("crates/web/src/a.rs", "\"</div>\""), Source::new("crates/app/src/b.rs", "Vec<Form>")];
    assert!(markup(&good).is_empty());
}

// --- what a newcomer reads ------------------------------------------------------------------------------------

/// The commands of `x`: the arms of its last `case`.
fn commands(x: &str) -> Vec<&str> {
    let arms = x.lines().skip_while(|line| !line.starts_with("case $command in"));
    arms.filter_map(|line| line.strip_prefix("  ")?.split_once(") "))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_lowercase()))
        .collect()
}

fn commands_told(files: &[Source]) -> Findings {
    let text = |path: &str| files.iter().find(|file| file.path == path).map(|file| &file.text);
    let x = text("x").map(String::as_str).unwrap_or_default();
    let commands = commands(x);
    if commands.is_empty() {
        return vec![finding("x", 1, "no commands found in its `case $command in`")];
    }
    let mut findings = Vec::new();
    for path in ["README.md", "README.zh-CN.md", "CHANGELOG.md"] {
        match text(path) {
            None => findings.push(finding(path, 1, "is missing")),
            Some(text) => {
                let untold = |name: &&&str| !has_word(text, &format!("./x {name}"));
                let told = |name: &&str| finding(path, 1, &format!("does not mention `./x {name}`"));
                findings.extend(commands.iter().filter(untold).map(told));
            }
        }
    }
    findings
}

#[test]
fn every_command_is_told() {
    tidy("the README in both languages and the change log name each command of x", commands_told(&tree()));
}

#[test]
fn every_command_is_told_can_fail() {
    let x = "case $command in\n  demo) demo ;;\n  test) run ;;\n  *) die ;;\nesac\n";
    let all = "Type ./x demo, then ./x test.";
    let files = |english: &str| {
        let mut files = vec![Source::new("x", x), Source::new("README.md", english)];
        files.push(Source::new("README.zh-CN.md", all));
        files
    };
    breaks(commands_told(&files(all)), "CHANGELOG.md:1:");
    let mut untold = files("Type ./x demo.");
    untold.push(Source::new("CHANGELOG.md", all));
    breaks(commands_told(&untold), "README.md:1: does not mention `./x test`");
    breaks(commands_told(&[]), "x:1:");
}
