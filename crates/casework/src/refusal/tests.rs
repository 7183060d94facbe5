use super::*;

/// A sentence with labels, in both languages.
#[test]
fn a_sentence_shows_labels_and_what_to_do_next() {
    let mut workflow = Workflow::default();
    let label = Label { zh: "审核".into(), en: "Opinion".into() };
    workflow.verdicts.push(crate::workflow::Named { name: "opine".into(), label });
    let refusal = Refusal::SameHands { person: "p1".into(), had: "opine".into(), wants: "confirm".into() };
    assert_eq!(refusal.code(), "same_hands");
    assert!(refusal.zh(&workflow).starts_with("同一人（p1）在本案件中已承担“审核”，不能再承担“confirm”"));
    assert!(refusal.en(&workflow).contains("already done “Opinion”"));
    let refusal = Refusal::EffectIncomplete { decision: 3, missing: vec![Part::Notice, Part::Appeal] };
    assert_eq!(
        refusal.zh(&workflow),
        "第 3 号决定还不能生效，缺：已送达的通知、救济途径。补齐之前原待遇照发。"
    );
}
