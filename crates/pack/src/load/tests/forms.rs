//! What a form may say, and what is said of one that is wrong.
use super::*;
use crate::form::{Asks, CheckWhat};

const FORM: &str = "\
sections:
  people: {pages: [people, who, work], zh: 人, en: People}
pages:
  people: {list: members, ask: {zh: 谁, en: Who}}
  who: {of: members, who: {name: {zh: 姓名, en: Name}}, zh: '{name}', en: '{name}'}
  work:
    of: members
    when: member.kind == adult
    zh: 工作
    en: Work
    questions:
      members.wage: {zh: 工资, en: Wage}
declarations:
  truthful: {title: {zh: 属实, en: True}, text: [{zh: 属实, en: It is true}], law: a 一}
elsewhere:
  members.kind: {by: register, zh: 登记, en: The register}
check:
  ask: [{members: {zh: 几口人, en: How many}}, members.wage]
  suppose:
    members.kind: {value: adult, zh: 都是成年人, en: All grown}
";

fn packs() -> Packs {
    let mut files = BTreeMap::new();
    let mut put = |path: &str, text: &str| files.insert(path.to_owned(), text.to_owned());
    put(
        "packs/example/service.yaml",
        "kind: grant\nname: {zh: 例, en: E}\nabout: {zh: 例, en: E}\nlegal_basis: a 一\nrules_on: decision\n",
    );
    put(
        "packs/example/facts.yaml",
        "entities:\n  household: {zh: 家庭, en: Household}\n  members: {of: household, each: member, min: 1, max: 9, zh: 成员, en: Members}\n\
         enums:\n  kinds:\n    adult: {code: 1, zh: 成人, en: Adult}\n    child: {code: 2, zh: 儿童, en: Child}\n\
         facts:\n  home: {type: bool, sensitivity: P2, source: [declared], zh: 房, en: Home}\n  \
         members.kind: {type: kinds, sensitivity: P2, source: [declared], zh: 种类, en: Kind}\n  \
         members.wage: {type: money, per: month, range: [0, 100], sensitivity: P3, source: [declared], zh: 工资, en: Wage}\n  \
         members.fit: {type: bool, judgement: true, sensitivity: P3, source: [staff], zh: 合适, en: Fit}\n",
    );
    put("packs/example/parameters.yaml", "documents:\n  a: {zh: 甲, en: A}\n");
    put(
        "packs/example/rules.yaml",
        "variables:\n  total: {type: money, per: month, zh: 合计, en: Total, law: a 一, value: \"members.sum(m, m.wage)\"}\n\
         \x20 due: {type: bool, zh: 应得, en: Due, law: a 一, value: total > 0}\n\
         decision: {eligible: due, amount: total}\n",
    );
    put("packs/example/README.md", "x");
    put(
        "packs/example/tests/all.yaml",
        "- name: none\n  law: a 一\n  on: 2026-09-01\n  household: {members: [{kind: adult, wage: 0}]}\n  expect: {eligible: false}\n",
    );
    put("packs/example/form.yaml", FORM);
    Packs(files)
}

const AT: &str = "packs/example/form.yaml";

#[track_caller]
fn wrong(packs: &Packs, sentence: &str) {
    let failure = packs.load(None).expect_err("refused");
    let told = in_english(&failure.files, &failure.findings);
    assert!(told.iter().any(|line| line.contains(AT) && line.contains(sentence)), "{sentence}: {told:#?}");
}

#[test]
fn a_form_is_read_whole() {
    let loaded = packs().load(None).map_err(|f| in_english(&f.files, &f.findings)).expect("it loads");
    let form = loaded.form.expect("a form");
    assert_eq!((form.sections.len(), form.pages.len(), form.questions().count()), (1, 3, 1));
    assert!(matches!(form.pages[0].asks, Asks::List(_, None)) && matches!(form.pages[1].asks, Asks::Who(_)));
    let check = form.check.as_ref().expect("a check");
    assert!(matches!(check.ask[0].what, CheckWhat::Size(_)));
    assert_eq!(check.ask[1].label.en, "Wage", "the words of the form, where the check has none");
    let other = packs().with(AT, "zh: 工资, en: Wage", "zh: 工资, en: Pay").load(None).expect("it loads");
    assert_ne!(other.form.expect("a form").hash, form.hash);
    assert_eq!(other.hash.as_str(), loaded.hash.as_str(), "other words change no decision");
    let rules = form.asking(&loaded.ruleset);
    assert!(anmin_rules::check::check(rules).is_ok());
}

#[test]
fn what_is_wrong_in_a_form_has_its_place() {
    for (from, to, sentence) in [
        ("members.wage: {zh", "members.wages: {zh", "did you mean members.wage"),
        ("members.wage: {zh", "members.fit: {zh", "is a person's judgement"),
        ("pages: [people, who, work]", "pages: [people, who, works]", "did you mean work"),
        ("pages: [people, who, work]", "pages: [people, who]", "stands in no section"),
        (
            "pages: [people, who, work]",
            "pages: [who, people, work]",
            "no page with list: members comes before",
        ),
        ("    of: members\n    when: member.kind == adult\n", "", "the page needs of"),
        ("when: member.kind == adult", "when: member.kind = adult", "=="),
        ("by: register", "by: nobody", "there is no by named nobody"),
        ("who: {name:", "who: {nane:", "did you mean name"),
        ("members.kind: {by", "members.wage: {by", "a fact is asked once"),
        ("ask: {zh: 谁, en: Who}", "ask: {zh: 谁, en: Who}, none: {zh: 无, en: None}", "at least 1"),
        ("value: adult", "value: grown", "kinds"),
        ("members.wage]", "members.wage, members.wage]", "stands at"),
        ("members.wage]", "home]", "the form does not ask home"),
        ("of: members\n    when", "off: members\n    when", "did you mean of"),
    ] {
        let packs = packs().with(AT, from, to);
        wrong(&packs, sentence);
    }
    let untyped =
        packs().with(AT, "when: member.kind == adult", "when: member.wage").load(None).expect("it loads");
    let rules = untyped.form.expect("a form").asking(&untyped.ruleset);
    assert!(anmin_rules::check::check(rules).is_err(), "a condition is a yes or no");
}
