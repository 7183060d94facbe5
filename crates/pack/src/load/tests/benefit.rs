//! Benefits: what loads, and what is said of what does not.
use super::workflow::course;
use super::*;
use anmin_ledger::benefit::FirstMonth;
use anmin_ledger::cycle::Shift;

const BENEFIT: &str = "packs/example/benefit.yaml";
const FUNDS: &str = "packs/shared/funds.yaml";
const BANK: &str = "packs/shared/bank.yaml";
const OVERLAY: &str = "regions/999000/example/benefit.yaml";

/// A service that pays, with its fund and its bank's file.
fn paying() -> Packs {
    course()
        .and(
            FUNDS,
            "\
funds:
  relief: {origins: [county], earmarks: [example], zh: 资金, en: Funds, law: law-1 第一条}
  other: {origins: [lottery], earmarks: [], zh: 公益金, en: Lottery, law: law-1 第一条}
",
        )
        .and(
            BANK,
            "\
templates:
  plain:
    zh: 明细
    en: List
    out: {line: 序号, name: 户名, account: 账号, amount: 金额}
    in: {lists: all, columns: {line: 序号, outcome: [结果]}, paid: 成功, returned: [失败, 退票]}
",
        )
        .and(
            BENEFIT,
            "\
fund: relief
rhythm: monthly
law: law-1 第六条
first_month: {switch: asks, no: after_decision, yes: application, law: law-1 第六条}
raised_from: {value: next, law: law-1 第六条}
ended_from: {value: next, law: law-1 第六条}
cycle:
  township_closing: {day: 20, months: -1, shift: before, law: law-1 第六条}
  county_closing: {day: 25, months: -1, shift: before, law: law-1 第六条}
  pay_day: {day: 10, shift: after, law: law-1 第六条}
proration: whole
components:
  base: {output: allowance, zh: 津贴, en: Allowance}
rounding: base
persons: rank
payees: [own, guardian]
bank: plain
",
        )
        .with(RULES, "outputs: [rank, members.net]", "outputs: [rank, members.net, allowance]")
        .and(OVERLAY, "pay_day: {day: 15, shift: stays, from: 2026-01-01, law: b-1 一}\n")
}

#[test]
fn a_benefit_is_what_holds_on_the_day_in_the_place() {
    let loaded = paying().load(None).unwrap_or_else(|f| panic!("{:#?}", in_english(&f.files, &f.findings)));
    let sheet = loaded.benefit.expect("a benefit");
    let definition = &loaded.workflow.expect("a course").definition;
    let on = Date::ymd(2026, 9, 1);
    let benefit = sheet.on(on, &definition.on(on).chosen);
    assert_eq!((benefit.first, benefit.cycle.pay.day), (FirstMonth::AfterDecision, 10));
    assert_eq!(sheet.bank_on(on).unwrap().returned, ["失败", "退票"]);
    // The region switches `asks` on, and pays later from 2026 on.
    let loaded = paying().load(Some("999000")).expect("loads");
    let (sheet, course) = (loaded.benefit.expect("a benefit"), loaded.workflow.expect("a course"));
    let benefit = sheet.on(on, &course.definition.on(on).chosen);
    assert_eq!((benefit.first, benefit.cycle.pay.day), (FirstMonth::Application, 15));
    assert_eq!(benefit.cycle.pay.shift, Shift::Stays);
    let before = Date::ymd(2025, 12, 31);
    assert_eq!(sheet.on(before, &course.definition.on(before).chosen).cycle.pay.day, 10);
}

#[test]
fn what_pays_is_part_of_what_decides() {
    let hash = |packs: Packs, region| packs.load(region).expect("loads").hash;
    let later = |packs: Packs| packs.with(BENEFIT, "pay_day: {day: 10", "pay_day: {day: 11");
    assert_ne!(hash(paying(), None), hash(later(paying()), None));
    let other = paying().with(OVERLAY, "day: 15", "day: 16");
    assert_ne!(hash(paying(), Some("999000")), hash(other.clone(), Some("999000")));
    assert_eq!(hash(paying(), None), hash(other, None));
}

/// Replaces a part of a file and checks the findings.
fn spoiled(path: &str, from: &str, to: &str, expected: &[&str]) {
    paying().with(path, from, to).check(None, expected);
}

#[test]
fn every_slip_is_told_with_its_place_and_what_is_allowed() {
    let at = |line: &str| format!("{BENEFIT}:{line}: ");
    let told = |line: &str, what: &str| at(line) + what;
    let mut missed = vec![];
    for (from, to, expected) in [
        ("fund: relief", "fund: releif", told("1:7", "there is no fund releif; did you mean relief")),
        (
            "fund: relief",
            "fund: other",
            told("1:7", "the fund other may not pay example: earmark it in funds.yaml"),
        ),
        ("rhythm: monthly", "rhythm: weekly", told("2:9", "there is no rhythm named weekly")),
        ("law: law-1 第六条\nfirst", "first", told("1:1", "this benefit cites no law")),
        ("switch: asks", "switch: ask", told("4:23", "there is no switch of the course named ask")),
        ("yes: application", "yes: applied", told("4:54", "there is no yes named applied")),
        (
            "{value: next, law: law-1 第六条}\nended",
            "{value: next}\nended",
            told("5:14", "this setting cites no law"),
        ),
        ("day: 20", "day: 32", told("8:27", "expected a whole number from 1 to 31")),
        ("day: 25, months: -1", "day: 25, months: 0", told("1:1", "the days are out of order")),
        ("pay_day: {day: 10", "pay_date: {day: 10", told("10:3", "there is no key pay_date")),
        (
            "output: allowance",
            "output: income",
            told("13:18", "there is no output of rules.yaml named income"),
        ),
        ("output: allowance", "output: rank", told("13:18", "rank is not an amount a month")),
        ("persons: rank", "persons: members.net", told("15:10", "members.net is not a count")),
        ("rounding: base", "rounding: top", told("14:11", "there is no component top")),
        ("payees: [own, guardian]", "payees: [own, own]", told("16:15", "own is given twice")),
        ("bank: plain", "bank: plane", told("17:7", "there is no bank's file named plane. Allowed: plain")),
        ("proration: whole\n", "", told("1:1", "proration is missing")),
    ] {
        let found = paying().with(BENEFIT, from, to).findings(None);
        if !found.iter().any(|f| f.starts_with(&expected)) {
            missed.push(format!("{from} -> {to}\nexpected {expected}\nfound {found:#?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn a_bank_file_without_what_pays_is_refused() {
    spoiled(BANK, "account: 账号, ", "", &[&format!("{BANK}:5:10: out lacks the column account")]);
    spoiled(BANK, ", outcome: [结果]", "", &[&format!("{BANK}:6:31: columns lacks the column outcome")]);
    spoiled(BANK, "paid: 成功", "paid: 失败", &[&format!("{BANK}:6:9: 失败 means both")]);
}

#[test]
fn a_fund_pays_services_there_are() {
    spoiled(
        FUNDS,
        "earmarks: []",
        "earmarks: [exmaple]",
        &[&format!("{FUNDS}:3:42: there is no service exmaple")],
    );
    spoiled(
        FUNDS,
        "origins: [county]",
        "origins: [moon]",
        &[&format!("{FUNDS}:2:22: there is no source of funds moon")],
    );
}

#[test]
fn a_region_only_sets() {
    let packs = paying().with(OVERLAY, "pay_day:", "fund: relief\npay_day:");
    packs.check(Some("999000"), &[&format!("{OVERLAY}:1:1: there is no key fund")]);
    let nothing = paying().without(BENEFIT);
    nothing.check(Some("999000"), &[&format!("{OVERLAY}:1:1: example has no benefit.yaml")]);
}
