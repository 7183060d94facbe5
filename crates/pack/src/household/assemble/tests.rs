use super::super::tests::{ON, metas, number, reading, schema};
use super::super::{FactMeta, Origin};
use super::*;
use proptest::prelude::*;

fn assembled(parts: &[Part]) -> Result<Household, Vec<Finding>> {
    let schema = schema();
    let facts: Vec<FactMeta> = metas(&schema);
    assemble(&FactSheet { schema: &schema, facts: &facts }, 3, parts, ON)
}

/// What findings say of parts, as `part zh`; `expected` are their beginnings.
#[track_caller]
fn check(parts: &[Part], expected: &[&str]) {
    let findings = assembled(parts).expect_err("is refused");
    let found: Vec<String> = findings.iter().map(|f| format!("{} {}", f.place.line, f.zh)).collect();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "   found {found}\nexpected {expected}");
    }
    for finding in &findings {
        assert!(
            finding.place.file == 3 && !finding.en.contains("line") && !finding.zh.contains('行'),
            "{finding:?}"
        );
    }
}

fn stated(entity: &str, key: &str, fact: &str, value: &str, stated: Stated) -> Part {
    match Part::plain(entity, key, fact, value) {
        Part::Fact { entity, key, fact, value, .. } => Part::Fact { entity, key, fact, value, stated },
        other => other,
    }
}

/// Everything an evaluator or a receipt can see of a household.
fn seen(household: &Household) -> Vec<String> {
    let schema = schema();
    let size = household.size(CollectionId(0));
    let mut all = vec![format!("{size:?}")];
    for (at, fact) in schema.facts.iter().enumerate() {
        let count = if fact.of.is_none() { 1 } else { size.unwrap_or(0) };
        for element in 0..count {
            let id = FactId(at);
            let origin =
                household.origin(id, element).map(|o| Origin { place: Place::default(), ..o.clone() });
            all.push(format!(
                "{at} {element} {:?} {:?} {origin:?}",
                household.value(id, element),
                household.text(id, element)
            ));
        }
    }
    let mut conditional: Vec<_> = household.conditional().iter().map(|c| (c.fact.0, c.element)).collect();
    conditional.sort_unstable();
    all.push(format!("{conditional:?}"));
    all
}

#[test]
fn parts_give_what_the_file_gives() {
    let id = number(Date::ymd(1980, 5, 4), 12);
    let file = reading(&format!(
        "area: urban\nrent: {{value: 1450.50, source: tax, as_of: 2026-10-01, evidence: 租赁合同}}\n\
         good_care: {{value: true, by: 李明, why: 入户所见}}\n\
         members:\n  - {{id_number: \"{id}\", relation: head, wage: 3200}}\n  - {{name: 示例乙, share: 25%, grade: 2, wage: ~}}\n  - {{}}\n"
    ));
    let tax = Stated {
        source: Some("tax".into()),
        as_of: Some(Date::ymd(2026, 10, 1)),
        evidence: Some("租赁合同".into()),
        ..Stated::default()
    };
    let judged = Stated { by: Some("李明".into()), why: Some("入户所见".into()), ..Stated::default() };
    let member = |key, fact, value| Part::plain("members", key, fact, value);
    let parts = [
        Part::One { collection: "members".into(), key: "a".into() },
        member("b", "name", "示例乙"),
        stated("", "", "rent", "1450.50", tax),
        member("a", "wage", "3200"),
        Part::One { collection: "members".into(), key: "c".into() },
        member("b", "share", "1/4"),
        member("a", "relation", "户主"),
        // As a form may hand it in.
        member("a", "id_number", &id.replace('1', "１")),
        stated("", "", "good_care", "true", judged),
        Part::plain("", "", "area", "urban"),
        member("b", "grade", "2"),
        Part::Fact {
            entity: "members".into(),
            key: "b".into(),
            fact: "wage".into(),
            value: None,
            stated: Stated::default(),
        },
    ];
    assert_eq!(seen(&assembled(&parts).unwrap()), seen(&file.unwrap()));
}

#[test]
fn a_household_taken_apart_and_put_together_is_the_same() {
    let schema = schema();
    let facts = metas(&schema);
    let sheet = FactSheet { schema: &schema, facts: &facts };
    let id = number(Date::ymd(1980, 5, 4), 12);
    for text in [
        "{}".to_owned(),
        "members: [{}]".to_owned(),
        "area: rural\nrent: 0.05".to_owned(),
        format!(
            "area: urban\nrent: {{value: 1450.50, source: tax, as_of: 2026-10-01, evidence: 租赁合同}}\n\
             good_care: {{value: true, by: 李明, why: 入户所见}}\n\
             members:\n  - {{id_number: \"{id}\", relation: head, wage: 3200}}\n  - {{name: 示例乙, share: 33.33%, grade: 2}}\n  - {{birth_date: 2020-02-29}}\n"
        ),
    ] {
        let household = reading(&text).unwrap();
        let parts = household.parts(&sheet);
        let again = assembled(&parts).unwrap();
        assert_eq!(seen(&again), seen(&household), "{text}");
        assert_eq!(again.parts(&sheet), parts, "{text}");
    }
}

#[test]
fn a_list_without_elements_is_an_answer() {
    let none = assembled(&[]).unwrap();
    assert_eq!(none.size(CollectionId(0)), None);
    let list = [Part::List { collection: "members".into() }];
    check(&list, &["1 members：“共同生活的家庭成员”（members）有 0 项，至少要有 1 项"]);
    let one = [Part::One { collection: "members".into(), key: "x".into() }];
    assert_eq!(assembled(&one).unwrap().size(CollectionId(0)), Some(1));
}

#[test]
fn findings_name_the_fact() {
    let id = number(Date::ymd(1980, 5, 4), 12);
    let member = |key, fact, value| Part::plain("members", key, fact, value);
    check(&[Part::plain("", "", "rent", "-1")], &["1 rent：“房租”（rent）不能为负"]);
    check(&[Part::plain("", "", "rents", "1")], &["1 rents：没有名为 rents 的事实，是不是 rent"]);
    check(&[Part::plain("", "", "wage", "1")], &["1 wage：没有名为 wage 的事实：wage 属于 members"]);
    check(&[Part::plain("", "", "about", "1")], &["1 about：没有名为 about 的事实"]);
    check(&[Part::plain("", "", "members", "1")], &["1 members：没有名为 members 的事实"]);
    check(
        &[Part::plain("memebrs", "a", "wage", "1")],
        &["1 memebrs[1].wage：没有名为 memebrs 的列表，是不是 members"],
    );
    check(&[Part::List { collection: String::new() }], &["1 没有名为"]);
    check(&[Part::plain("", "", "good_care", "true")], &["1 good_care：缺少 by", "1 good_care：缺少 why"]);
    check(
        &[member("a", "wage", "1"), member("b", "wage", "2"), member("b", "wage", "3")],
        &["3 members[2].wage：members[2].wage 给了两次"],
    );
    check(
        &[member("a", "id_number", &id), member("b", "wage", "x"), member("b", "id_number", &id)],
        &[
            "2 members[2].wage：“工资”（wage）不能是“x”",
            "3 members[2].id_number：这个居民身份号码与 members[1].id_number 的相同",
        ],
    );
    check(
        &[member("a", "birth_date", "1980-05-05"), member("a", "id_number", &id)],
        &[
            "1 members[1].birth_date：出生日期是 1980-05-05，但 members[1].id_number 的居民身份号码表明是 1980-05-04",
        ],
    );
    check(
        &[member("a", "relation", "head"), member("b", "relation", "head")],
        &[
            "2 members[2].relation：“与户主关系”为“户主”的最多一项， members[1].relation 和 members[2].relation 都是",
        ],
    );
    let many: Vec<Part> = (0..41).map(|n| Part::plain("members", &n.to_string(), "wage", "1")).collect();
    check(
        &many,
        &["41 members[41]：“共同生活的家庭成员”（members）有 41 项，最多 40 项；从 members[41] 起多了"],
    );
    let late = Stated { as_of: Some(ON.add_days(1)), source: Some("gossip".into()), ..Stated::default() };
    check(
        &[stated("", "", "rent", "1", late)],
        &["1 rent：没有名为 gossip 的来源", "1 rent：as_of 是 2026-11-24，晚于决定日期 2026-11-23"],
    );
}

#[test]
fn debug_shows_no_values() {
    let shown = format!("{:?}", Part::plain("members", "110", "wage", "3200"));
    assert_eq!(shown, "members[..].wage");
}

proptest! {
    #[test]
    fn whatever_is_handed_in_is_read_or_refused(
        all in prop::collection::vec(("(members|x|)", "[ab]?", "(wage|rent|about|members|name|id_number|good_care|)", prop::option::of("[0-9.x％/]{0,6}")), 0..8)
    ) {
        let parts: Vec<Part> = all.into_iter().map(|(entity, key, fact, value)| {
            Part::Fact { entity, key, fact, value, stated: Stated::default() }
        }).collect();
        match assembled(&parts) {
            Ok(household) => prop_assert!(seen(&household).len() > 1),
            Err(findings) => prop_assert!(findings.iter().all(|f| !f.zh.is_empty() && f.place.line as usize <= parts.len())),
        }
    }
}
