//! What the checker says about wrong rules: place, what is wrong, what is allowed, the nearest name.
use crate::folder::{FACTS, Folder, PARAMETERS, sentences};

/// One variable in a pack of its own; the errors found on 2026-09-01.
fn found(variable: &str) -> Vec<String> {
    let indented: String = variable.lines().map(|l| format!("    {l}\n")).collect();
    let rules = format!("variables:\n  x:\n    zh: 结果\n    en: Result\n    law: act 第一条\n{indented}");
    match Folder::new(&rules).on("2026-09-01") {
        Ok(_) => Vec::new(),
        Err(refused) => sentences(&refused),
    }
}

/// Each wrong variable and a part of the one sentence it must earn.
#[test]
fn names_what_is_wrong_and_where() {
    let table = [
        ("type: bool\nvalue: rents > limit", "did you mean rent?"),
        ("type: bool\nvalue: rent > rooms", "money per month and a count"),
        ("type: bool\nvalue: rent > savings", "money per month and money once"),
        ("type: money\nper: month\nvalue: rent + bonus", "money per month and money per year"),
        ("type: money\nper: month\nvalue: rent * share", "say how to round"),
        ("type: money\nper: month\nvalue: rent / rooms", "inside a rounding call"),
        ("type: money\nper: month\nvalue: half_up(rent / rooms, fen)", "divisor may be zero"),
        ("type: money\nper: month\nvalue: half_up(rent * share, one)", "fen, jiao or yuan"),
        ("type: money\nper: month\nvalue: rent * rent", "must be a count or a rate"),
        ("type: bool\nvalue: area == urbn", "did you mean urban?"),
        ("type: bool\nvalue: area < urban", "has no order"),
        ("type: bool\nvalue: members.wage > limit", "is a collection"),
        ("type: bool\nvalue: members.exists(m, m.wages > limit)", "did you mean m.wage?"),
        ("type: bool\nvalue: members.exists(m, m.rent > limit)", "belongs to the root"),
        ("type: bool\nvalue: members.exists(m, guests.exists(g, g.gift > savings))", "cannot hold another"),
        (
            "type: money\nper: month\nvalue: members.filter(m, m.wage > 0).max(m, m.wage)",
            "value over nothing",
        ),
        ("type: count\nvalue: member.size()", "member"),
        ("type: bool\nvalue: ages(members) > 3", "ages"),
        ("type: money\nper: month\nvalue: min(rent)", "takes 2 arguments"),
        ("type: bool\nvalue: rent", "a bool is wanted here, money per month found"),
        ("type: count\nvalue: rooms * 4611686018427387904", "beyond 64 bits"),
        ("type: count\nrange: [0, 10]\nvalue: rooms", "outside its claimed range"),
    ];
    for (variable, want) in table {
        let all = found(variable);
        assert!(all.len() == 1 && all[0].contains(want), "{variable}\nwanted: {want}\nfound: {all:#?}");
        assert!(all[0].starts_with("packs/sample/rules.yaml:"), "{all:?}");
    }
}

#[test]
fn the_column_is_that_of_the_part_meant() {
    let all = found("type: bool\nvalue: owner || rents > limit");
    assert_eq!(all.len(), 1);
    assert!(all[0].starts_with("packs/sample/rules.yaml:7:21:"), "{all:?}");
}

#[test]
fn right_rules_pass() {
    for variable in [
        "type: money\nper: month\nvalue: half_up(rent * share, fen)",
        "type: money\nper: month\nvalue: half_up(rent / max(rooms, 1), yuan)",
        "type: bool\nvalue: rent < limit * share",
        "type: bool\nvalue: monthly(bonus) < limit && area in [urban, rural]",
        "type: rate\nvalue: half_up(rent / limit, 10000)",
        "type: age\nvalue: members.max(m, age(m.birth_date))",
        "type: count\nvalue: members.count(m, m.pupil) + guests.size()",
    ] {
        assert_eq!(found(variable), Vec::<String>::new(), "{variable}");
    }
}

#[test]
fn gaps_overlaps_and_dead_rows_are_told_with_an_example() {
    let table =
        |rows: &str| format!("type: count\nhit: unique\ntable:\n  on: [rooms, owner]\n  rows:\n{rows}");
    let gap = found(&table(
        "    - {when: [0..3, \"-\"], then: \"1\"}\n    - {when: [\">= 4\", true], then: \"2\"}\n",
    ));
    assert!(gap.len() == 1 && gap[0].contains("no case holds for rooms = 4, owner = false"), "{gap:?}");
    let overlap = found(&table(
        "    - {when: [0..5, \"-\"], then: \"1\"}\n    - {when: [\">= 5\", \"-\"], then: \"2\"}\n",
    ));
    assert!(overlap.len() == 1 && overlap[0].contains("both hold for rooms = 5"), "{overlap:?}");
    let dead = found(
        "type: count\ncases:\n  - {when: rooms > 3, then: \"1\"}\n  - {when: rooms > 5, then: \"2\"}\n  - {otherwise: \"3\"}",
    );
    assert!(dead.len() == 1 && dead[0].contains("case 2 can never fire"), "{dead:?}");
    let open = found("type: count\ncases:\n  - {when: rent > limit, then: \"1\"}");
    assert!(open.len() == 1 && open[0].contains("otherwise"), "{open:?}");
}

#[test]
fn a_circle_is_shown_whole() {
    let rules = "variables:
  x: {type: count, zh: 丙, en: X, law: act 第一条, value: a}
  a: {type: count, zh: 甲, en: A, law: act 第一条, value: b + 1}
  b: {type: count, zh: 乙, en: B, law: act 第一条, value: a + 1}
";
    let refused = Folder::new(rules).on("2026-09-01").expect_err("a circle");
    let all = sentences(&refused);
    assert!(all.len() == 1 && all[0].contains("a → b → a"), "{all:?}");
}

#[test]
fn a_figure_out_of_force_is_named_with_its_dates() {
    let rules = "variables:
  x: {type: bool, zh: 甲, en: X, law: act 第一条, value: rent < limit}
";
    let early = Folder::new(rules).on("2019-12-31").expect_err("before the first value");
    assert!(sentences(&early)[0].contains("the earliest is from 2020-01-01"), "{early:?}");
    let ended = PARAMETERS.replace("value: 1000, law", "to: 2025-12-31, value: 1000, law");
    let late = Folder::with(FACTS, &ended, rules).on("2026-01-01").expect_err("after it ended");
    assert!(sentences(&late)[0].contains("has ended"), "{late:?}");
}

#[test]
fn every_figure_out_of_force_is_named_not_only_the_first() {
    let rules = "variables:
  x: {type: bool, zh: 甲, en: X, law: act 第一条, value: rent < limit * share}
";
    let all = sentences(&Folder::new(rules).on("2019-12-31").expect_err("before the first values"));
    assert_eq!(all.len(), 3, "two that x reads, one that a fact's `applies` reads: {all:?}");
}

#[test]
fn a_figure_not_yet_published_was_not_known() {
    let rules = "variables:
  x: {type: money, per: month, zh: 甲, en: X, law: act 第一条, value: limit}
";
    let raised = PARAMETERS.replace(
        "checked_on: 2026-11-01}]}\n  share",
        "checked_on: 2026-11-01}, {from: 2024-07-01, value: 1100, law: act 第二条, published: 2024-08-21}]}\n  share",
    );
    let folder = Folder::with(FACTS, &raised, rules);
    let opened = folder.open(None).unwrap_or_else(|e| panic!("{:?}", sentences(&e)));
    let limit = |known: Option<&str>| {
        let day = |d: &str| d.parse().expect("a date");
        let prepared = opened.on_known(day("2024-07-15"), known.map(day)).expect("in force");
        let answer = prepared.decide("house.yaml", b"owner: true\nmembers: [{}]\n").expect("decided");
        (answer.outputs[0].values[0], answer.receipt.knowledge_date)
    };
    assert_eq!(limit(None), (Some(110_000), None));
    assert_eq!(limit(Some("2024-08-20")), (Some(100_000), Some("2024-08-20".to_owned())));
    assert_eq!(limit(Some("2024-08-21")).0, Some(110_000));
}

#[test]
fn what_a_region_breaks_is_placed_in_the_regions_file() {
    let folder = Folder::new("variables:
  x: {type: money, per: month, range: [0, 100], open: true, zh: 补贴, en: Extra, law: act 第一条, value: \"0\"}
");
    folder.write("regions/900000/region.yaml", "name: {zh: 甲省, en: Province}\nparent: none\n");
    folder.write("regions/900000/sample/rules.yaml", "variables:\n  x: {law: act 第九条, value: limit}\n");
    folder.write("regions/900000/sample/README.md", "x\n");
    folder.write(
        "regions/900000/sample/tests/a.yaml",
        "- {name: a, law: act 第九条, on: 2026-09-01, household: {members: [{wage: 0}]}, expect: {x: 0}}\n",
    );
    let all = sentences(&folder.open(Some("900000")).expect_err("beyond the open range"));
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].starts_with("regions/900000/sample/rules.yaml:2:"), "{all:?}");
    assert!(
        all[0].contains("1.00 yuan to 10,000.00 yuan, outside its claimed range of 0.00 yuan to 100.00 yuan")
    );
}

#[test]
fn a_region_sets_figures_switches_and_open_variables_and_nothing_else() {
    let rules = "switches:
  compare: {options: {strict: {zh: 低于, en: Below}, inclusive: {zh: 以下, en: At or below}}, default: strict, zh: 比较, en: Comparison, law: act 第一条}
variables:
  x: {type: bool, zh: 困难, en: Poor, law: act 第一条, value: \"compare == strict ? rent < limit : rent <= limit\"}
  extra: {type: money, per: month, range: [0, 100000], open: true, zh: 补贴, en: Extra, law: act 第一条, value: \"0\"}
";
    let folder = Folder::new(rules);
    folder.write("regions/900000/region.yaml", "name: {zh: 甲省, en: Province}\nparent: none\n");
    folder.write("regions/900100/region.yaml", "name: {zh: 乙市, en: City}\nparent: 900000\n");
    folder.write(
        "regions/900000/sample/rules.yaml",
        "switches:\n  compare: {value: inclusive, law: act 第九条}\nvariables:\n  extra: {law: act 第九条, value: \"half_up(rent * share, fen)\"}\n",
    );
    folder.write("regions/900000/sample/README.md", "x\n");
    folder.write("regions/900000/sample/tests/a.yaml", "- {name: a, law: act 第九条, on: 2026-09-01, household: {rent: 1000, members: [{wage: 0}]}, expect: {x: true}}\n");
    let opened = folder.open(Some("900100")).unwrap_or_else(|e| panic!("{:?}", sentences(&e)));
    assert_eq!(opened.checked.ruleset.layers.len(), 3);
    folder.write("regions/900000/sample/rules.yaml", "variables:\n  x: {law: act 第九条, value: \"true\"}\n");
    let refused = folder.open(Some("900100")).expect_err("not open");
    assert!(sentences(&refused).iter().any(|s| s.contains("open")), "{refused:?}");
}

#[test]
fn only_the_branch_a_switch_takes_needs_its_figures() {
    let parameters = format!(
        "{PARAMETERS}  other: {{type: money, per: month, range: [0, 9], zh: 其他, en: Other, values: []}}\n"
    );
    let rules = "switches:
  way: {options: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}}, default: a, zh: 方式, en: Way, law: act 第一条}
variables:
  x: {type: money, per: month, zh: 甲, en: X, law: act 第一条, value: \"way == a ? limit : other\"}
";
    let prepared = Folder::with(FACTS, &parameters, rules).on("2026-09-01");
    assert!(prepared.is_ok(), "{:?}", prepared.map(|_| ()).map_err(|e| sentences(&e)));
}
