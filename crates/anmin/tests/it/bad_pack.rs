//! Packs that are wrong: a copy of the repository's packs is damaged, and the check must name the place.
use crate::run::{Folder, Run, run_in};

const RULES: &str = "packs/dibao/rules.yaml";
const LAW: &str = "law: minfa-2021-57 第十三条";

fn check(folder: &Folder) -> Run {
    run_in(folder.path(), &["pack", "check", "dibao", "--on", "2026-11-30"], b"")
}

/// Adds variables to the rules; the check must name the line of the last one.
#[track_caller]
fn variables_refused(added: &str, words: &[&str]) {
    let folder = Folder::with_packs();
    let first = folder.add(RULES, "variables:", added);
    let line = first + added.lines().count() - 1;
    check(&folder).refuses(&format!("{RULES}:{line}:"), words);
}

#[test]
fn the_packs_as_they_are_pass() {
    let run = check(&Folder::with_packs());
    assert_eq!(run.code, Some(0), "{}", run.err);
}

#[test]
fn refuses_a_rule_without_an_article() {
    variables_refused("  damaged: {type: count, zh: 坏, en: Damaged, value: \"1\"}", &["law"]);
}

#[test]
fn refuses_overlapping_rows() {
    let table = format!(
        "  damaged:\n    type: count\n    zh: 坏\n    en: Damaged\n    {LAW}\n    hit: unique\n    table:\n      on: [persons]\n      \
         otherwise: \"0\"\n      rows:\n        - {{when: [1..3], then: \"1\"}}\n        - {{when: [3..5], then: \"2\"}}"
    );
    variables_refused(&table, &[]);
}

#[test]
fn refuses_units_that_do_not_fit() {
    variables_refused(
        &format!(
            "  damaged: {{type: money, per: month, zh: 坏, en: Damaged, {LAW}, value: \"standard + persons\"}}"
        ),
        &[],
    );
}

#[test]
fn refuses_a_circle() {
    let circle = format!(
        "  round: {{type: count, zh: 甲, en: A, {LAW}, value: \"about\"}}\n  about: {{type: count, zh: 乙, en: B, {LAW}, value: \"round\"}}"
    );
    let folder = Folder::with_packs();
    folder.add(RULES, "variables:", &circle);
    check(&folder).refuses(&format!("{RULES}:"), &["循环", "round", "about"]);
}

#[test]
fn refuses_a_hole_between_two_figures_and_names_the_date() {
    let folder = Folder::with_packs();
    let file = "packs/dibao/parameters.yaml";
    let figure = "  damaged_figure:\n    type: count\n    range: [0, 9]\n    zh: 坏\n    en: Damaged\n    values:\n      \
                  - {from: 2021-07-01, to: 2024-12-31, value: 1, law: minfa-2021-57 第十三条}\n      \
                  - {from: 2025-06-01, value: 2, law: minfa-2021-57 第十三条}";
    let line = folder.add(file, "parameters:", figure);
    folder.add(
        RULES,
        "variables:",
        &format!("  damaged: {{type: count, zh: 坏, en: Damaged, {LAW}, value: damaged_figure}}"),
    );
    folder.replace(RULES, "\noutputs: [", "\noutputs: [damaged, ");
    check(&folder).refuses(&format!("{file}:{line}:"), &["damaged_figure", "2025-01-01"]);
}

#[test]
fn refuses_ten_thousand_brackets() {
    let deep = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    variables_refused(
        &format!("  damaged: {{type: count, zh: 坏, en: Damaged, {LAW}, value: \"{deep}\"}}"),
        &[],
    );
    let some = format!("{}1{}", "(".repeat(1_000), ")".repeat(1_000));
    variables_refused(
        &format!("  damaged: {{type: count, zh: 坏, en: Damaged, {LAW}, value: \"{some}\"}}"),
        &[],
    );
}

#[test]
fn a_claim_that_does_not_hold_fails_with_its_household() {
    let folder = Folder::with_packs();
    let line = folder.add(RULES, "claims:", "  - {more: members.savings, never_more: money_assets}");
    let run = run_in(folder.path(), &["pack", "test", "dibao", "--lang", "en"], b"");
    assert_eq!(run.code, Some(1), "{}", run.err);
    let told = format!("{RULES}:{line}:");
    assert!(run.out.lines().any(|l| l.contains(&told) && l.contains("members[0]")), "{}", run.out);
}

#[test]
fn a_test_that_expects_something_else_fails_with_its_place() {
    let folder = Folder::with_packs();
    folder.replace("packs/dibao/tests/alone.yaml", "amount: 450.00", "amount: 450.01");
    let run = run_in(folder.path(), &["pack", "test", "dibao", "--lang", "en"], b"");
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.contains("amount: expected 450.01 yuan, found 450.00 yuan"), "{}", run.out);
    assert!(run.out.contains("packs/dibao/tests/alone.yaml:"), "{}", run.out);
    assert!(run.out.trim_end().ends_with(" 1 failed"), "{}", run.out);
}
