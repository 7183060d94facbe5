//! What a decision says: unknown only where it matters, what to ask, why, and what would turn it.
use crate::folder::{Folder, sentences};
use anmin_app::record::{DecisionV1, EligibleV1};

const RULES: &str = "\
variables:
  income: {type: money, per: month, zh: 家庭收入, en: Income, law: act 第一条, value: \"members.sum(m, m.wage)\"}
  children: {type: count, zh: 学生数, en: Pupils, law: act 第一条, value: \"members.count(m, m.pupil)\"}
  due:
    type: bool
    zh: 符合
    en: Due
    law: act 第二条
    cases:
      - {when: owner, then: \"false\", because: {zh: 有自有房, en: Owns a home}}
      - {when: income < limit * members.size(), then: \"true\", because: {zh: 收入低于限额, en: Income is below the limit}}
      - {otherwise: \"false\", because: {zh: 收入不低于限额, en: Income is not below the limit}}
  amount:
    type: money
    per: month
    zh: 金额
    en: Amount
    law: act 第三条
    value: \"due ? ceil(max(0, limit * members.size() - income) * share, yuan) : 0\"
decision: {eligible: due, amount: amount}
outputs: [income, children]
";

fn decide(household: &str) -> Result<DecisionV1, Vec<String>> {
    let folder = Folder::new(RULES);
    let prepared = folder.on("2026-09-01").unwrap_or_else(|e| panic!("{:?}", sentences(&e)));
    prepared.decide("house.yaml", household.as_bytes()).map_err(|e| sentences(&e))
}

fn decided(household: &str) -> DecisionV1 {
    decide(household).unwrap_or_else(|e| panic!("{e:?}"))
}

#[test]
fn decides_to_the_fen_and_says_why() {
    let d = decided(
        "owner: false\nmembers: [{wage: 700.30, birth_date: 1990-01-01}, {wage: 0, birth_date: 2015-01-01, pupil: true}]\n",
    );
    assert_eq!(d.eligible, Some(EligibleV1::Yes));
    // (2000.00 - 700.30) * 35 % = 454.895, up to the yuan
    assert_eq!(d.amount_fen, Some(45_500));
    assert_eq!(d.reason.map(|r| r.text.en), Some("Income is below the limit".to_owned()));
    assert_eq!(d.outputs[1].values, [Some(1)]);
    let due = &d.explanation.notes[d.explanation.roots[0]];
    assert_eq!(due.case, Some(2));
    assert_eq!(due.not_met[0].test.en, "Owns the home [no]");
    assert_eq!(due.formula.zh, "家庭收入〔700.30 元〕 < 限额〔1,000.00 元〕 × 成员人数〔2〕");
}

#[test]
fn an_unknown_that_cannot_matter_is_not_asked() {
    let d = decided("owner: true\nmembers: [{}, {}]\n");
    assert_eq!((d.eligible, d.amount_fen), (Some(EligibleV1::No), Some(0)));
    assert!(d.missing.is_empty());
    let d = decided("owner: false\nmembers: [{wage: 3000}, {}]\n");
    assert_eq!(d.eligible, Some(EligibleV1::No));
    assert!(d.missing.is_empty());
}

#[test]
fn an_unknown_that_matters_is_asked_and_the_amount_has_bounds() {
    let d = decided("owner: false\nmembers: [{wage: 500}, {}]\n");
    assert_eq!(d.eligible, Some(EligibleV1::Unknown));
    assert_eq!(d.amount_range_fen, Some((0, 52_500)));
    let asked: Vec<&str> = d.missing.iter().map(|m| m.path.as_str()).collect();
    assert_eq!(asked, ["members[2].wage"]);
}

#[test]
fn what_would_turn_the_decision_is_the_nearest_value() {
    let d = decided("owner: false\nmembers: [{wage: 999.99}]\n");
    assert_eq!(d.eligible, Some(EligibleV1::Yes));
    let flip = d.flips.iter().find(|f| f.path == "members[1].wage").expect("the wage turns it");
    assert_eq!((flip.value, flip.eligible), (100_000, EligibleV1::No));
}

#[test]
fn a_value_that_does_not_apply_is_refused_with_its_place() {
    let all = decide("owner: false\nmembers:\n  - wage: 0\n    birth_date: 1990-01-01\n    pupil: true\n")
        .expect_err("36 years old");
    assert!(all.len() == 1 && all[0].starts_with("house.yaml:5:"), "{all:?}");
}

#[test]
fn a_receipt_pins_pack_date_meaning_and_facts() {
    let household = "owner: false\nmembers: [{wage: 1}]\n";
    let (a, b) = (decided(household).receipt, decided(household).receipt);
    assert_eq!(a, b);
    assert_eq!(a.decision_hash.len(), 64);
    assert_ne!(a.facts_hash, decided("owner: false\nmembers: [{wage: 2}]\n").receipt.facts_hash);
}
