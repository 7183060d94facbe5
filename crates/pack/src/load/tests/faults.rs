//! What is said of a spoiled pack.
use super::*;

#[test]
fn packs_are_known_by_name() {
    let failure = sound().load_pack("exmple", None).unwrap_err();
    assert_eq!(
        in_english(&failure.files, &failure.findings),
        ["packs:1:1: there is no pack exmple; did you mean example. Allowed: example"]
    );
    let failure = sound().load_pack("shared", None).unwrap_err();
    assert!(failure.findings[0].en.starts_with("shared is shared by services"));
}

#[test]
fn files_that_do_not_belong_are_named() {
    sound().and("packs/example/rule.yaml", "x").and("packs/example/.DS_Store", "x").check(
        None,
        &["packs/example/rule.yaml:1:1: there is no file that belongs here called rule.yaml; did you mean \
        rules.yaml"],
    );
}

#[test]
fn broken_yaml_in_several_files_is_reported_together() {
    sound()
        .and(FACTS, "facts: [")
        .and(RULES, "a: b: c")
        .check(None, &["packs/example/facts.yaml:", "packs/example/rules.yaml:"]);
}

#[test]
fn sentences_are_chinese_too() {
    let failure = sound().with(RULES, "    law: law-1 第九条\n", "").load(None).unwrap_err();
    let zh: Vec<&str> = failure.findings.iter().map(|f| f.zh.as_str()).collect();
    assert_eq!(zh, ["这条规则没有写明依据：请加 law: <文件代号> <条款>"]);
}

#[test]
fn a_lone_dash_in_a_row_is_quoted() {
    let found = sound().with(RULES, "['-', 2000", "[-, 2000").findings(None);
    assert!(found.len() == 1 && found[0].contains("quote a - that stands alone"), "{found:?}");
}

#[test]
fn a_rule_cites_its_law() {
    sound()
        .with(RULES, "    law: law-1 第九条\n", "")
        .with(RULES, "    law: law-1 第六条\n", "")
        .with(PARAMETERS, ", law: law-1 第三条", "")
        .check(
            None,
            &[
                "packs/example/parameters.yaml:18:9: this figure cites no law: add law: <document> <article>",
                "packs/example/rules.yaml:19:9: this version of the rule cites no law",
                "packs/example/rules.yaml:29:5: this rule cites no law",
            ],
        );
}

#[test]
fn citations_name_a_known_document_and_an_article() {
    sound().with(RULES, "law: law-1 第七条", "law: lew-1 第七条").with(RULES, "law-1 第十条", "law-1").check(
        None,
        &[
            "packs/example/rules.yaml:25:10: there is no document lew-1; did you mean law-1",
            "packs/example/rules.yaml:44:11: the article is missing after law-1",
        ],
    );
}

#[test]
fn keys_and_labels_are_checked_everywhere() {
    sound()
        .with(RULES, "    open: true", "    opne: true")
        .with(RULES, "    en: Rank\n", "")
        .with(FACTS, ", en: Wage", "")
        .with(SERVICE, "kind: grant", "kind: grants")
        .with(SERVICE, "rules_on: application\n", "")
        .check(
            None,
            &[
                "packs/example/service.yaml:1:1: rules_on is missing",
                "packs/example/service.yaml:2:7: there is no kind named grants",
                "packs/example/facts.yaml:2:17: en is missing",
                "packs/example/rules.yaml:17:5: there is no key opne. Allowed: type",
                "packs/example/rules.yaml:30:5: en is missing",
            ],
        );
}

#[test]
fn names_do_not_collide() {
    sound()
        .with(PARAMETERS, "share_kept:", "area:")
        .with(RULES, "members.net: {type", "members.wage: {type")
        .with(RULES, "  limit:", "  members:")
        .with(FACTS, "members.share:", "members.Share:")
        .check(
            None,
            &[
                "packs/example/facts.yaml:3:3: the name Share is malformed",
                "packs/example/parameters.yaml:12:3: the name area is already taken (fact at \
                packs/shared/facts.yaml:12:3)",
                "packs/example/rules.yaml:2:3: the name members is already taken (entity at",
                "packs/example/rules.yaml:9:3: the name wage is already taken (fact at",
                "packs/example/rules.yaml:42:17: there is no variable members.net",
                "packs/example/tests/first.yaml:5:56: there is no variable or answer members.net",
            ],
        );
}

#[test]
fn figures_are_exact_dated_once_and_in_range() {
    sound()
        .with(PARAMETERS, "from: 2024-07-01, value: 1450.50", "from: 2023-07-01, value: 1450.505")
        .with(PARAMETERS, "35%", "1/3")
        .check(
            None,
            &[
                "packs/example/parameters.yaml:10:35: 1450.505 is finer than a fen",
                "packs/example/parameters.yaml:18:35: 1/3 is finer than 1/10000; declare a den that fits \
                (such as 30000)",
            ],
        );
    sound().with(PARAMETERS, "from: 2024-07-01", "from: 2023-07-01").check(
        None,
        &["packs/example/parameters.yaml:11:9: two entries of one layer begin on 2023-07-01 (the other is \
        at packs/example/parameters.yaml:10:9)"],
    );
    sound().with(PARAMETERS, "1450.50", "20000.01").with(PARAMETERS, "{rural: 1000", "{rurall: 1000").check(
        None,
        &[
            "packs/example/parameters.yaml:10:35: 20000.01 is outside the parameter's range [1.00, 20000.00]",
            "packs/example/parameters.yaml:11:36: there is no value of area rurall; did you mean rural",
        ],
    );
    sound().with(PARAMETERS, "from: 2023-07-01, value: \
    {", "from: 2023-07-01, to: 2024-07-01, value: {").check(
        None,
        &["packs/example/parameters.yaml:11:9: `to` is not before 2024-07-01, where the next value begins"],
    );
    let ended = sound().with(PARAMETERS, "1450.50", "none").load(None).expect("loads");
    assert_eq!(ended.ruleset.parameters[0].values[1].value, Figure::Ended);
}

#[test]
fn facts_declare_what_they_must() {
    sound()
        .with(FACTS, "range: [0, 1000000], sensitivity: P3, ", "")
        .with(FACTS, ", when_not: 0", ", when_not: x")
        .check(
            None,
            &[
                "packs/example/facts.yaml:2:17: sensitivity is missing",
                "packs/example/facts.yaml:2:17: range: [least, greatest] is missing",
                "packs/example/facts.yaml:3:85: expected a rate",
            ],
        );
    sound().with(FACTS, "per: month, ", "").with(FACTS, "type: rate", "type: rates, den: 3").check(
        None,
        &[
            "packs/example/facts.yaml:2:17: money needs per",
            "packs/example/facts.yaml:3:25: there is no type rates; did you mean rate",
            "packs/example/facts.yaml:3:32: den is for rate only",
        ],
    );
}

#[test]
fn nobody_is_asked_for_ethnicity_or_religion_but_clergy_are_named_as_the_law_does() {
    let fact = |name: &str, zh: &str, en: &str| {
        format!(
            "facts:\n  members.{name}: \
            {{type: bool, sensitivity: P4, source: [declared], zh: {zh}, en: {en}}}\n"
        )
    };
    let with = |name, zh, en| {
        let own = sound().0[FACTS].replace("facts:\n", &fact(name, zh, en));
        sound().and(FACTS, &own)
    };
    for (name, zh, en) in [
        ("minority", "少数民族", "Minority"),
        ("believer", "信徒", "Religious belief"),
        ("religion", "其他", "Other"),
    ] {
        with(name, zh, en)
            .check(None, &["packs/example/facts.yaml:2:3: ethnicity and religion are not collected"]);
    }
    with("clergy", "在宗教活动场所居住的宗教教职人员", "Religious clergy").check(None, &[]);
    sound()
        .with("packs/shared/facts.yaml", "rural: {code: 1, zh: 农村", "rural: {code: 1, zh: 回族")
        .check(None, &["packs/shared/facts.yaml:6:5: ethnicity and religion"]);
}

#[test]
fn cells_and_rows_fit_the_table() {
    sound()
        .with(RULES, "[rural, < 1000.50]", "[农村, 1,000]")
        .with(RULES, "['-', 2000..3000]", "['-', 3000..2000]")
        .check(
            None,
            &[
                "packs/example/rules.yaml:38:18: this row has 3 cells, and the table 2 columns",
                "packs/example/rules.yaml:38:19: expected a cell",
                "packs/example/rules.yaml:39:24: the range's lower end is above its upper end",
            ],
        );
}

#[test]
fn bodies_are_one_and_otherwise_is_last() {
    sound()
        .with(RULES, "value: member.wage}", "value: member.wage, cases: []}")
        .with(RULES, "law: law-1 第五条, value: 'members.sum(m, m.net)'", "law: law-1 第五条")
        .with(
            RULES,
            "{otherwise: false, law: law-1 第八条}",
            "{otherwise: false}\n      - \
        {when: income > standard, then: false}",
        )
        .check(
            None,
            &[
                "packs/example/rules.yaml:9:96: value, cases: only one of them can be given",
                "packs/example/rules.yaml:10:11: nothing says how it is computed: one of value, cases, \
                table, versions is needed",
                "packs/example/rules.yaml:28:9: otherwise is the last case",
            ],
        );
}

#[test]
fn expressions_are_parsed_where_they_stand() {
    sound()
        .with(RULES, "when: income < standard,", "when: income <,")
        .check(None, &["packs/example/rules.yaml:27:24: the expression is not finished"]);
}

#[test]
fn answers_are_variables_of_the_root() {
    sound()
        .with(RULES, "eligible: eligible, amount: allowance", "eligible: eligibel, amount: members.net")
        .with(RULES, "outputs: [rank,", "outputs: [area,")
        .with(RULES, "more: members.wage", "more: member.wage")
        .with(TEST, "eligible: true, ", "")
        .with(TEST, "amount: 1450.50, ", "")
        .with(TEST, "eligible: unknown, ", "")
        .check(
            None,
            &[
                "packs/example/rules.yaml:41:22: there is no variable eligibel; did you mean eligible",
                "packs/example/rules.yaml:41:40: members.net is computed for each element",
                "packs/example/rules.yaml:42:11: area is a fact; a variable is needed here",
                "packs/example/rules.yaml:46:12: there is no collection member; did you mean members",
            ],
        );
}

#[test]
fn a_variable_named_like_an_answer_is_the_answer() {
    sound()
        .with(RULES, "amount: allowance, reason", "amount: income, reason")
        .with(RULES, "  allowance:\n", "  amount:\n")
        .with(RULES, "never_more: allowance", "never_more: income")
        .check(
            None,
            &["packs/example/rules.yaml:11:3: amount names an answer, and the decision's amount is not this variable"],
        );
}

#[test]
fn tests_cite_and_expect_what_exists() {
    sound()
        .with(TEST, "  law: law-1 第七条\n", "")
        .with(TEST, "income: 0", "incom: 0")
        .with(TEST, "missing: [members]", "missing: [members.wags]")
        .with(TEST, "什么也不知道", "没有收入")
        .check(
            None,
            &[
                "packs/example/tests/first.yaml:5:45: there is no variable or answer incom; did you mean \
                income",
                "packs/example/tests/first.yaml:6:3: this test cites no law",
                "packs/example/tests/first.yaml:6:3: the test '没有收入' has the name of the one at \
                packs/example/tests/first.yaml:1:3",
                "packs/example/tests/first.yaml:9:41: there is no fact members.wags; did you mean \
                members.wage",
            ],
        );
    let household = sound().with(TEST, "wage: 0}", "wgae: 0}").findings(None);
    assert!(household[0].starts_with("packs/example/tests/first.yaml:4:"), "{household:?}");
}

#[test]
fn imports_are_shared_packs() {
    let found = sound().with(SERVICE, "[shared]", "[sharde, example]").findings(None);
    assert!(
        found[0].starts_with("packs/example/service.yaml:4:11: there is no shared pack sharde"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("packs/example/service.yaml:4:19: there is no shared pack example"),
        "{found:?}"
    );
}

#[test]
fn a_label_means_one_value_of_its_enum() {
    const SHARED: &str = "packs/shared/facts.yaml";
    let clash = |from: &str, to: &str, text: &str| {
        let found = sound().with(SHARED, from, to).findings(None);
        let says = format!("packs/shared/facts.yaml:10:5: '{text}' may mean female or male");
        assert!(found.len() == 1 && found[0].starts_with(&says), "{found:?}");
    };
    clash("zh: 女", "zh: 男", "男");
    clash("en: Female", "en: Male", "Male");
    clash("en: Female", "en: male", "male");
    clash("en: Male}", "en: female}", "female");
    sound().with(SHARED, "en: Female", "en: female").check(None, &[]);
}

#[test]
fn a_figure_is_not_checked_before_it_is_published() {
    let dated = |published: &str| {
        sound().with(
            PARAMETERS,
            "checked_on: 2026-01-01",
            &format!("published: {published}, checked_on: 2026-01-01"),
        )
    };
    // Retroactive: published after the first day it holds.
    dated("2025-12-31").check(None, &[]);
    dated("2026-01-02").check(
        None,
        &["packs/example/parameters.yaml:10:71: published (2026-01-02) is after checked_on (2026-01-01)"],
    );
}

#[test]
fn a_pack_and_an_overlay_have_tests() {
    let says = &["packs/example:1:1: there are no tests"];
    sound().without(TEST).check(None, says);
    sound().without(TEST).and("packs/example/tests/.keep", "").check(Some("990000"), says);
    sound()
        .without("regions/999000/example/tests/b.yaml")
        .and("regions/999000/example/tests/.keep", "")
        .check(
            Some("999000"),
            &["regions/999000/example:1:1: what a region sets comes with citation and tests"],
        );
}

#[test]
fn what_is_neither_pack_nor_region_is_reported_and_not_offered() {
    let library = sound()
        .and("packs/README.md", "fine")
        .and("packs/.git/x", "fine")
        .and("packs/notes.txt", "x")
        .and("packs/draft/facts.yaml", "facts: {}")
        .and("packs/Example_2/service.yaml", "name: {zh: a, en: a}")
        .and("regions/beijing/region.yaml", "x")
        .and("regions/11/region.yaml", "x")
        .and("regions/980000/example/rules.yaml", "x")
        .and("regions/notes.txt", "x")
        .library(|library| library.clone());
    assert_eq!(
        (library.packs(), library.shared()),
        (&["example".to_owned()][..], &["shared".to_owned()][..])
    );
    assert_eq!(library.regions(), ["990000", "999000"]);
    let found = in_english(&library.strays().files, &library.strays().findings);
    let expected = [
        "packs/Example_2:1:1: a pack's folder name holds lower-case letters, digits and hyphens only",
        "packs/draft:1:1: there is no service.yaml in it",
        "packs/notes.txt:1:1: packs/ holds folders only",
        "regions/11:1:1: write the division code 11 as 110000",
        "regions/980000:1:1: there is no region.yaml in it",
        "regions/beijing:1:1: a region's folder is a division code",
        "regions/notes.txt:1:1: regions/ holds folders only",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    assert!(found.iter().zip(expected).all(|(f, e)| f.starts_with(e)), "{found:#?}");
}

/// Opening a pipe waits for a writer: this test would never end.
#[cfg(unix)]
#[test]
fn a_pipe_or_device_in_a_pack_is_refused_and_not_opened() {
    let found = sound().without(FACTS).without(RULES).piped(&[FACTS, "packs/example/benefit.yaml"], RULES);
    let expected = [
        "packs/example/facts.yaml:1:1: cannot be read: 不是普通文件 (not a regular file)",
        "packs/example/rules.yaml:1:1: cannot be read: 不是普通文件 (not a regular file)",
        "packs/example/benefit.yaml:1:1: cannot be read: 不是普通文件 (not a regular file)",
    ];
    assert_eq!(found, expected);
}
