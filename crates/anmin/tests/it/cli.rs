//! The commands, run as people run them.
use crate::run::{Folder, run, run_here, run_in};
use crate::tidy::source::root;
use serde_json::Value;
use std::process::Command;

const HERE: &[&str] = &["--pack", "dibao", "--region", "110000", "--on", "2026-09-01"];

/// The examples, by name.
fn examples() -> Vec<String> {
    let folder = std::fs::read_dir(root().join("examples")).expect("there are examples");
    let mut names: Vec<String> = folder
        .map(|entry| format!("examples/{}", entry.expect("an example").file_name().to_string_lossy()))
        .filter(|name| name.ends_with(".yaml"))
        .collect();
    names.sort();
    assert!(!names.is_empty());
    names
}

fn decide(more: &[&str]) -> Vec<String> {
    let args = ["decide"].iter().chain(HERE).chain(more);
    args.map(|a| (*a).to_owned()).collect()
}

fn run_args(args: &[String]) -> crate::run::Run {
    run_here(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn every_example_is_decided_in_both_languages() {
    for example in examples() {
        let zh = run_args(&decide(&[&example]));
        assert_eq!(zh.code, Some(0), "{example}: {zh:?}");
        assert!(zh.out.contains("结论：") && zh.out.contains("怎样算出来的"), "{}", zh.out);
        let en = run_args(&decide(&["--lang", "en", "--full", &example]));
        assert_eq!(en.code, Some(0), "{example}: {en:?}");
        assert!(en.out.contains("Decision: ") && en.out.contains("How it was worked out"), "{}", en.out);
        assert!(!en.out.contains("结论"), "{}", en.out);
    }
}

#[test]
fn json_is_a_document_a_line_with_the_fields_people_build_on() {
    let examples = examples();
    let mut args = decide(&["--json"]);
    args.extend(examples.iter().cloned());
    let run = run_args(&args);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), examples.len());
    for line in lines {
        let decision: Value = serde_json::from_str(line).expect("a line is JSON");
        for field in
            ["schema", "eligible", "amount_fen", "missing", "outputs", "explanation", "flips", "receipt"]
        {
            assert!(decision.get(field).is_some(), "no {field} in {line}");
        }
        let eligible = &decision["eligible"];
        assert!(eligible.is_boolean() || *eligible == "unknown");
        assert_eq!(decision["receipt"]["decision_hash"].as_str().map(str::len), Some(64));
        assert!(!decision["explanation"]["notes"].as_array().expect("notes").is_empty());
    }
}

#[test]
fn json_of_a_wrong_file_has_its_findings_and_the_others_are_decided() {
    let folder = Folder::new();
    let bad = folder.path().join("bad.yaml");
    std::fs::write(&bad, "wages: 1\n").expect("the file is written");
    let run = run_args(&decide(&["--json", &bad.to_string_lossy(), &examples()[0]]));
    assert_eq!(run.code, Some(2), "{}", run.err);
    let lines: Vec<Value> = run.out.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["findings"][0]["line"], 1);
    assert_eq!(lines[0]["findings"][0]["severity"], "error");
    assert!(lines[1]["receipt"].is_object());
}

#[test]
fn the_same_household_gives_the_same_bytes() {
    let args = decide(&["--json", &examples()[0]]);
    assert_eq!(run_args(&args).out, run_args(&args).out);
}

#[test]
fn the_date_is_never_guessed() {
    run_here(&["decide", "--pack", "dibao", "--region", "110000", "examples/none.yaml"])
        .refuses("anmin: ", &["--on"]);
    assert_eq!(run_here(&["decide", "--pack", "dibao", "--on", "2026-02-30", "x"]).code, Some(2));
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    let decide = ["decide", "--pack", "dibo", "--region", "11000", "--on", "2026-09-01", "x"];
    run_here(&decide).refuses("packs: ", &["dibo", "dibao"]);
    run_here(&decide).refuses("regions: ", &["11000", "110000"]);
    run_here(&["pack", "test", "dibo"]).refuses("packs: ", &["dibao"]);
    run_here(&["pack", "show", "dibao", "--lang", "en", "--region", "11000"])
        .refuses("regions: ", &["did you mean"]);
}

#[test]
fn the_pack_tests_pass_and_end_with_their_count() {
    let run = run_here(&["pack", "test"]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    let last = run.out.lines().last().unwrap_or_default();
    assert!(last.ends_with(" passed, 0 failed"), "{last}");
    assert_eq!(run.out.matches(" passed, ").count(), 1);
}

#[test]
fn the_check_prints_a_hash_a_pack_and_the_same_each_time() {
    let args = ["pack", "check", "--on", "2026-09-01"];
    let run = run_here(&args);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(
        run.out.lines().all(|line| line.split(' ').next().is_some_and(|hash| hash.len() == 64)),
        "{}",
        run.out
    );
    assert_eq!(run.out, run_here(&args).out);
}

#[test]
fn a_pack_is_put_into_words_and_cited() {
    for lang in ["zh", "en"] {
        for args in [["pack", "show"], ["pack", "cite"]] {
            let mut args = args.to_vec();
            args.extend(["dibao", "--region", "110000", "--lang", lang]);
            let run = run_here(&args);
            assert_eq!(run.code, Some(0), "{}", run.err);
            assert!(run.out.contains("第十八条"), "{}", run.out);
        }
    }
    let json = run_here(&["pack", "show", "dibao", "--on", "2026-09-01", "--json"]);
    let view: Value = serde_json::from_str(&json.out).expect("JSON");
    assert!(view["variables"].as_array().is_some_and(|v| !v.is_empty()));
}

#[test]
fn the_packs_are_found_from_a_folder_below_and_by_the_environment() {
    let program = || Command::new(env!("CARGO_BIN_EXE_anmin"));
    let mut below = program();
    below.args(["pack", "cite", "dibao"]).current_dir(root().join("packs/dibao")).env_remove("ANMIN_ROOT");
    assert_eq!(run(below, b"").code, Some(0));
    let elsewhere = std::env::temp_dir();
    let mut named = program();
    named.args(["pack", "cite", "dibao"]).current_dir(&elsewhere).env("ANMIN_ROOT", root());
    assert_eq!(run(named, b"").code, Some(0));
    let mut lost = program();
    lost.args(["pack", "check"]).current_dir(&elsewhere).env_remove("ANMIN_ROOT");
    run(lost, b"").refuses("anmin: ", &["--root", "ANMIN_ROOT"]);
    let empty = Folder::new();
    run_in(empty.path(), &["pack", "check"], b"").refuses(&empty.path().to_string_lossy(), &["packs/"]);
}

#[test]
fn the_benchmark_agrees_with_the_other_engines() {
    let run = run_here(&["bench", "rules", "--size", "100k", "--runs", "1"]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    assert!(run.out.contains("| exact |"), "{}", run.out);
}

#[test]
fn help_teaches_with_examples_in_two_languages() {
    for args in [
        vec!["--help"],
        vec!["decide", "--help"],
        vec!["pack", "check", "--help"],
        vec!["pack", "test", "--help"],
    ] {
        let run = run_here(&args);
        assert_eq!(run.code, Some(0));
        assert!(run.out.contains("Examples:"), "{}", run.out);
        assert!(run.out.chars().any(|c| ('一'..='龥').contains(&c)), "{}", run.out);
    }
}
