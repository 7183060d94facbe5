use super::*;
use anmin_rules::model::{Applies, Collection, EnumId, EnumType, EnumValue, Fact, Per, Source, Type};
use anmin_rules::syntax::{Expr, ExprKind, Span};
use proptest::prelude::*;

pub(super) const ON: Date = Date::ymd(2026, 11, 23);

fn label(zh: &str, en: &str) -> Label {
    Label { zh: zh.into(), en: en.into() }
}

fn enumeration(name: &str, values: &[(&str, i64, &str)]) -> EnumType {
    let values = values.iter().map(|(name, code, zh)| EnumValue {
        name: (*name).into(),
        code: *code,
        label: label(zh, name),
    });
    EnumType { name: name.into(), values: values.collect() }
}

fn fact(name: &str, member: bool, ty: Type, range: (i64, i64), zh: &str) -> Fact {
    Fact {
        of: member.then_some(CollectionId(0)),
        name: name.into(),
        ty,
        range,
        label: label(zh, name),
        applies: None,
        judgement: false,
        place: Place::default(),
    }
}

const AREA: FactId = FactId(0);
const RENT: FactId = FactId(1);
const CARE: FactId = FactId(2);
const NAME: FactId = FactId(3);
const NUMBER: FactId = FactId(4);
const BIRTH: FactId = FactId(5);
const SEX: FactId = FactId(6);
const RELATION: FactId = FactId(7);
const WAGE: FactId = FactId(8);
const SHARE: FactId = FactId(9);
const STUDENT: FactId = FactId(10);
const GRADE: FactId = FactId(11);
const MEMBERS: CollectionId = CollectionId(0);

pub(super) fn schema() -> Schema {
    let dates = (i64::from(Date::ymd(1900, 1, 1).days()), i64::from(Date::ymd(2100, 12, 31).days()));
    let mut facts = vec![
        fact("area", false, Type::Enum(EnumId(0)), (1, 2), "城乡类别"),
        fact("rent", false, Type::Money(Per::Month), (0, 10_000_000), "房租"),
        fact("good_care", false, Type::Bool, (0, 1), "照料得当"),
        fact("name", true, Type::Text, (0, 0), "姓名"),
        fact("id_number", true, Type::ResidentId, (0, 0), "居民身份号码"),
        fact("birth_date", true, Type::Date, dates, "出生日期"),
        fact("sex", true, Type::Enum(EnumId(1)), (1, 2), "性别"),
        fact("relation", true, Type::Enum(EnumId(2)), (1, 3), "与户主关系"),
        fact("wage", true, Type::Money(Per::Month), (0, 100_000_000), "工资"),
        fact("share", true, Type::Rate(10_000), (0, 10_000), "份额"),
        fact("student", true, Type::Bool, (0, 1), "在学"),
        fact("grade", true, Type::Count, (0, 4), "残疾等级"),
    ];
    facts[CARE.0].judgement = true;
    let expr = Expr { span: Span::default(), kind: ExprKind::Bool(true) };
    let when = Source { expr, text: "member.disability != none".into(), place: Place::default() };
    facts[GRADE.0].applies = Some(Applies { when, when_not: Some(0) });
    Schema {
        root: label("家庭", "Household"),
        root_name: "household".into(),
        collections: vec![Collection {
            name: "members".into(),
            each: "member".into(),
            min: 1,
            max: 40,
            label: label("共同生活的家庭成员", "Members"),
        }],
        enums: vec![
            enumeration("residence_area", &[("urban", 1, "城镇"), ("rural", 2, "农村")]),
            enumeration("gender", &[("male", 1, "男"), ("female", 2, "女")]),
            enumeration("kinship", &[("head", 1, "户主"), ("spouse", 2, "配偶"), ("child", 3, "子女")]),
        ],
        facts,
    }
}

pub(super) fn metas(schema: &Schema) -> Vec<FactMeta> {
    let meta = |f: &Fact| FactMeta {
        sensitivity: Sensitivity::P2,
        source: vec!["declared".into(), "police".into(), "tax".into()],
        at_most_one: vec![],
        agrees: None,
        column: f.name.clone(),
        help: None,
    };
    let mut metas: Vec<_> = schema.facts.iter().map(meta).collect();
    metas[RELATION.0].at_most_one = vec!["head".into(), "spouse".into()];
    metas[NUMBER.0].agrees = Some(Agrees { birth_date: Some(BIRTH), sex: Some(SEX) });
    metas
}

pub(super) fn reading(text: &str) -> Result<Household, Vec<Finding>> {
    let schema = schema();
    let facts = metas(&schema);
    read(&FactSheet { schema: &schema, facts: &facts }, 1, text.as_bytes(), ON)
}

/// Each finding as `line:column zh`, in order; `expected` are their beginnings.
fn check(text: &str, expected: &[&str]) {
    let findings = reading(text).expect_err(text);
    let found: Vec<_> =
        findings.iter().map(|f| format!("{}:{} {}", f.place.line, f.place.column, f.zh)).collect();
    assert_eq!(found.len(), expected.len(), "{text}\n{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{text}\n   found {found}\nexpected {expected}");
    }
    for finding in &findings {
        assert!(!finding.en.is_empty() && finding.place.file == 1);
    }
}

/// An identity number on a division code that is not assigned.
pub(super) fn number(birth: Date, sequence: u16) -> String {
    anmin_base::resident_id::ResidentId::from_parts(999_999, birth, sequence).unwrap().reveal().to_owned()
}

#[test]
fn a_full_household_is_read_exactly() {
    let id = number(Date::ymd(1980, 5, 4), 12);
    let household = reading(&format!(
        "
about: {{zh: 两口之家, en: Two people}}
area: 城镇
rent: {{value: 1450.5, source: police, as_of: 2026-10-01, evidence: 租赁合同}}
good_care: {{value: true, by: 李明, why: 入户所见}}
members:
  - {{name: 张三, id_number: '{id}', relation: head, wage: 3200, share: 1/4, student: false}}
  - {{name: 李四, birth_date: 1985-02-28, wage: ~, grade: 2}}
"
    ))
    .unwrap();
    assert_eq!(household.about, Some(label("两口之家", "Two people")));
    assert_eq!(household.value(AREA, 0), Some(1));
    assert_eq!(household.value(RENT, 0), Some(145_050));
    let rent = household.origin(RENT, 0).unwrap();
    assert_eq!((rent.source.as_str(), rent.as_of), ("police", Some(Date::ymd(2026, 10, 1))));
    assert_eq!((rent.place.line, rent.evidence.as_deref()), (4, Some("租赁合同")));
    assert_eq!(household.origin(CARE, 0).unwrap().by.as_deref(), Some("李明"));
    assert_eq!(household.size(MEMBERS), Some(2));
    assert_eq!(household.text(NAME, 1), Some("李四"));
    assert_eq!(household.value(SHARE, 0), Some(2500));
    assert_eq!(household.value(WAGE, 1), None);
    assert_eq!(household.value(STUDENT, 0), Some(0));
    // From the identity number: an even sequence is a woman's.
    assert_eq!(household.value(BIRTH, 0), Some(i64::from(Date::ymd(1980, 5, 4).days())));
    assert_eq!(household.value(SEX, 0), Some(2));
    assert_eq!(household.origin(SEX, 0).unwrap().source, FROM_RESIDENT_ID);
    assert_eq!(household.conditional().len(), 1);
    assert_eq!(household.conditional()[0].element, 1);
    let batch = household.batch();
    assert_eq!(batch.collections[0].offsets, [0, 2]);
    assert_eq!(batch.columns[WAGE.0].known, Some(&[true, false][..]));
    assert!(!format!("{household:?}").contains("张三"));
}

#[test]
fn what_is_not_given_is_unknown_and_an_empty_list_is_none() {
    let household = reading("area: ~\n").unwrap();
    assert_eq!((household.value(AREA, 0), household.size(MEMBERS)), (None, None));
    assert_eq!(household.batch().collections[0].given, Some(&[false][..]));
    check("members: []\n", &["1:1 “共同生活的家庭成员”（members）有 0 项，至少要有 1 项"]);
    assert_eq!(reading("members: [{}]\n").unwrap().size(MEMBERS), Some(1));
    assert_eq!(reading("members: ~\n").unwrap().size(MEMBERS), None);
}

#[test]
fn figures_are_refused_with_what_to_write() {
    for (value, expected) in [
        ("-5", "1:7 “房租”（rent）不能为负，允许 0 到 100,000 元"),
        ("100000.01", "1:7 “房租”（rent）超出范围，允许 0 到 100,000 元"),
        ("19.999", "1:7 “房租”（rent）“19.999”细于一分，最多两位小数"),
        ("1,450", "1:7 “房租”（rent）不能是“1,450”：不要写千位分隔符，写成 1450"),
        ("１４５０", "1:7 “房租”（rent）不能是“１４５０”：请用半角数字，写成 1450"),
        ("1450元", "1:7 “房租”（rent）不能是“1450元”：只写数字，写成 1450"),
        ("1.2万", "1:7 “房租”（rent）不能是“1.2万”：不要用“万”，写成 12000"),
        ("1e3", "1:7 “房租”（rent）不能是“1e3”：金额以元书写"),
        ("10%", "1:7 “房租”（rent）不能是“10%”：金额以元书写"),
        ("很多", "1:7 “房租”（rent）不能是“很多”：金额以元书写"),
        ("[1]", "1:7 此处应为一个值，现在是有 1 项的列表"),
        ("99999999999999999", "1:7 “房租”（rent）“99999999999999999”太大，允许 0 到 100,000 元"),
        ("999999999999999999999", "1:7 “房租”（rent）“999999999999999999999”太大，允许 0 到 100,000 元"),
        ("-999999999999999999999", "1:7 “房租”（rent）不能为负，允许 0 到 100,000 元"),
        ("1.00000000000000000001", "1:7 “房租”（rent）不能是“1.00000000000000000001”：金额以元书写"),
        ("010", "1:7 “房租”（rent）“010”不要以 0 开头，写 10"),
        ("007.50", "1:7 “房租”（rent）“007.50”不要以 0 开头，写 7.50"),
        ("１，４５０", "1:7 “房租”（rent）不能是“１，４５０”：不要写千位分隔符，写成 1450"),
    ] {
        check(&format!("rent: {value}\n"), &[expected]);
    }
    for (value, expected) in [
        ("wage: abc", "“工资”（wage）不能是“abc”：金额以元书写"),
        ("share: 120%", "“份额”（share）超出范围，允许 0% 到 100%"),
        ("share: 1/3", "“份额”（share）“1/3”细于 1/10000"),
        ("student: 是", "“在学”（student）“是”请写成 true"),
        ("student: no", "“在学”（student）“no”请写成 false"),
        ("student: maybe", "“在学”（student）不能是“maybe”，请写 true（是）或 false（否）"),
        ("grade: 2.5", "“残疾等级”（grade）“2.5”不是整数"),
        ("grade: 03", "“残疾等级”（grade）“03”不要以 0 开头，写 3"),
        ("student: ｔｒｕｅ", "“在学”（student）“ｔｒｕｅ”请写成 true"),
        ("relation: ｈｅａｄ", "“与户主关系”（relation）不能是“ｈｅａｄ”：请用半角字母，写成 head"),
        ("birth_date: １９８５-02-08", "“出生日期”（birth_date）日期请写成 1985-02-08"),
        ("grade: 7", "“残疾等级”（grade）超出范围，允许 0 到 4"),
        (
            "relation: heads",
            "“与户主关系”（relation）不能是“heads”，是不是 head。可用：head（户主）、spouse（配偶）",
        ),
        ("relation: 1", "“与户主关系”（relation）不能是“1”，请写名称 head，不写代码"),
        ("birth_date: 1985/2/8", "“出生日期”（birth_date）日期请写成 1985-02-08"),
        ("birth_date: 19850208", "“出生日期”（birth_date）日期请写成 1985-02-08"),
        ("birth_date: 1985年2月8日", "“出生日期”（birth_date）日期请写成 1985-02-08"),
        ("birth_date: 1985-02-30", "“出生日期”（birth_date）1985年2月没有30日"),
        ("birth_date: 1899-12-31", "“出生日期”（birth_date）超出范围，允许 1900-01-01 到 2100-12-31"),
        ("birth_date: 2026-11-24", "“出生日期”晚于决定日期 2026-11-23"),
    ] {
        let column = value.find(' ').unwrap() + 6;
        check(&format!("members:\n  - {value}\n"), &[&format!("2:{column} {expected}")]);
    }
}

#[test]
fn names_are_refused_with_where_they_belong() {
    check(
        "wage: 1\n",
        &["1:1 没有名为 wage 的事实：wage 属于 members（共同生活的家庭成员），请写在 members 的每一项里"],
    );
    check("members.wage: 1\n", &["1:1 没有名为 members.wage 的事实：wage 属于 members"]);
    check("members: [{area: urban}]\n", &["1:12 没有名为 area 的事实：area 属于整个家庭，请写在文件最外层"]);
    check("members: [{wages: 1}]\n", &["1:12 没有名为 wages 的事实，是不是 wage"]);
    check("members: [{工资: 1}]\n", &["1:12 没有名为 工资 的事实，请写英文名称 wage"]);
    check("membres: []\n", &["1:1 没有名为 membres 的事实，是不是 members"]);
    check("zzz: 1\n", &["1:1 没有名为 zzz 的事实"]);
    check("- a\n", &["1:1 此处应为一组“键: 值”"]);
    check("members: 3\n", &["1:10 此处应为列表"]);
    check("members: [3]\n", &["1:11 此处应为一组“键: 值”，现在是“3”"]);
    check("about: {zh: x}\n", &["1:8 缺少 en"]);
}

#[test]
fn a_name_of_an_enum_goes_before_the_label_of_another_value() {
    let mut schema = schema();
    // A loaded pack cannot have this; should one, the name decides.
    schema.enums[0].values[0].label.zh = "rural".into();
    let facts = metas(&schema);
    let household = read(&FactSheet { schema: &schema, facts: &facts }, 1, b"area: rural\n", ON).unwrap();
    assert_eq!(household.value(AREA, 0), Some(2));
}

#[test]
fn slips_of_a_chinese_keyboard_are_named() {
    for (text, expected) in [
        ("rent：1450\n", "1:1 此处应为一组“键: 值”，现在是“rent：1450”。全角冒号“：”请改成英文冒号加空格"),
        ("rent:1450\n", "1:1 此处应为一组“键: 值”，现在是“rent:1450”。英文冒号后要有空格，写成 rent: …"),
        ("members: 【{wage: 1}】\n", "1:"),
        (
            "members: ｛wage：1｝\n",
            "1:10 此处应为列表（[...] 或每行以 - 开头），现在是“｛wage：1｝”。全角的“｛”请改成英文的“{”",
        ),
        ("members: [{wage：1}]\n", "1:12 没有名为 wage：1 的事实。全角冒号“：”请改成英文冒号加空格"),
        ("members: [{wage:1}]\n", "1:12 没有名为 wage:1 的事实。英文冒号后要有空格，写成 wage: …"),
        ("members: [{ｗａｇｅ: 1}]\n", "1:12 没有名为 ｗａｇｅ 的事实，请用半角字母，写成 wage"),
        ("ｍｅｍｂｅｒｓ: []\n", "1:1 没有名为 ｍｅｍｂｅｒｓ 的事实，请用半角字母，写成 members"),
        ("members: [{wage: 1,450}]\n", "1:20 没有名为 450 的事实。不要写千位分隔符，写成 wage: 1450"),
        (
            "members: [{wage: 1,450.50}]\n",
            "1:20 没有名为 450.50 的事实。不要写千位分隔符，写成 wage: 1450.50",
        ),
        ("members: [{name: 张三,李四}]\n", "1:21 没有名为 李四 的事实。花括号里的英文逗号会另起一个键"),
    ] {
        let findings = reading(text).expect_err(text);
        let first = format!("{}:{} {}", findings[0].place.line, findings[0].place.column, findings[0].zh);
        assert!(first.starts_with(expected), "{text}   found {first}\nexpected {expected}");
    }
    for (text, slip) in [
        ("area: urban\nrent：1450\nmembers: []\n", "全角冒号"),
        ("members: [{wage: 1，student: true}]\n", "全角的“，”请改成英文的“,”"),
        ("members: 【{wage: 1}】\n", "全角的“【”请改成英文的“[”"),
        ("members: [{relation: head，wage：1450}]\n", "全角的“，”请改成英文的“,”"),
        ("members: [{wage: 1,450, share: 2,450}]\n", "数字不要写千位分隔符"),
    ] {
        let findings = reading(text).expect_err(text);
        assert!(findings.iter().any(|f| f.zh.contains(slip)), "{text}{findings:#?}");
    }
    check(
        "members: [{wage: 1,234,567}]\n",
        &[
            "1:20 没有名为 234 的事实。不要写千位分隔符，写成 wage: 1234567",
            "1:24 没有名为 567 的事实。不要写千位分隔符，写成 wage: 1234567",
        ],
    );
    check("area: urban\nwages:\n", &["2:1 没有名为 wages 的事实"]);
}

#[test]
fn of_many_findings_a_hundred_are_told_and_the_rest_counted() {
    let names: String = (0..99_000).map(|n| format!("x{n:05}: 1\n")).collect();
    let keys: String = (0..95_000).map(|n| format!("x{n:05}: 1,")).collect();
    for (file, more) in [(names, 99_000 - 100), (format!("rent: {{{keys}}}\n"), 2)] {
        assert!(file.len() <= crate::yaml::MAX_BYTES);
        let started = std::time::Instant::now();
        let findings = reading(&file).unwrap_err();
        assert_eq!(findings.len(), 101);
        assert_eq!(findings[100].en, format!("... and {more} more"));
        assert!(findings[..100].iter().all(|f| !f.zh.is_empty()));
        assert!(started.elapsed() < std::time::Duration::from_secs(30), "{:?}", started.elapsed());
    }
}

#[test]
fn the_origin_of_a_value_is_checked() {
    check("rent: {valu: 1}\n", &["1:7 缺少 value", "1:8 没有名为 valu 的键，是不是 value"]);
    check("rent: {value: 1, source: bank}\n", &["1:26 没有名为 bank 的来源。可用：declared、police、tax"]);
    check("rent: {value: 1, as_of: 2027-01-01}\n", &["1:25 as_of 是 2027-01-01，晚于决定日期"]);
    check("rent: {value: 1, by: x}\n", &["1:18 没有名为 by 的键"]);
    check("rent: {value: {a: 1}}\n", &["1:15 此处应为一个值"]);
    check("good_care: true\n", &["1:12 “照料得当”须由人判断，请写成 {value: ..., by: 谁判断, why: 理由}"]);
    check("good_care: {value: true, by: x}\n", &["1:12 缺少 why"]);
    assert!(reading("good_care: {value: ~}\n").unwrap().value(CARE, 0).is_none());
}

#[test]
fn an_identity_number_must_agree() {
    let birth = Date::ymd(1980, 5, 4);
    let (woman, man) = (number(birth, 12), number(birth, 13));
    let last = if woman.ends_with('1') { '2' } else { '1' };
    let wrong = format!("{}{last}", &woman[..17]);
    let findings = reading(&format!("members: [{{id_number: '{wrong}'}}]\n")).unwrap_err();
    assert_eq!((findings.len(), findings[0].place.column), (1, 23));
    assert!(!findings[0].zh.contains(&wrong[..17]), "the number is not repeated");
    check(
        &format!("members:\n  - id_number: '{woman}'\n    birth_date: 1980-05-05\n    sex: male\n"),
        &[
            "3:17 出生日期是 1980-05-05，但第 2 行的居民身份号码表明是 1980-05-04",
            "4:10 性别是 男，但第 2 行的居民身份号码表明是 女",
        ],
    );
    let sex = reading(&format!("members: [{{id_number: '{woman}', sex: male}}]\n")).unwrap_err();
    assert!(
        sex[0].en.starts_with("the sex is male, but the identity number on line 1 says female"),
        "{sex:?}"
    );
    check(
        &format!("members:\n  - id_number: '{man}'\n  - id_number: '{man}'\n"),
        &["3:16 这个居民身份号码与第 2 行的相同"],
    );
    check(
        &format!("members:\n  - id_number: '{}'\n", number(Date::ymd(2026, 12, 1), 1)),
        &["2:16 居民身份号码中的出生日期 2026-12-01 晚于决定日期 2026-11-23"],
    );
    check(
        &format!("members:\n  - id_number: '{}'\n", number(Date::ymd(1850, 1, 1), 1)),
        &["2:16 居民身份号码中的出生日期 1850-01-01 超出允许的范围"],
    );
}

#[test]
fn counts_members_and_heads() {
    check(
        "members:\n  - relation: head\n  - relation: child\n  - relation: 户主\n",
        &["4:15 “与户主关系”为“户主”的最多一项，第 2 行和第 4 行都是"],
    );
    let many = format!("members:\n{}", "  - wage: 1\n".repeat(41));
    check(&many, &["42:5 “共同生活的家庭成员”（members）有 41 项，最多 40 项；从这一行（第 42 行）起多了"]);
}

#[test]
fn texts_are_short_and_plain() {
    check(&format!("members: [{{name: {}}}]\n", "长".repeat(201)), &["1:18 文字有 201 个字，最多 200 个"]);
    check("members: [{name: \"a\\tb\"}]\n", &["1:18 文字里有看不见的控制字符"]);
    check("members: [{name: \"a\u{202e}b\"}]\n", &["1:18 文字里有看不见的控制字符 \\u{202e}"]);
}

#[test]
fn all_findings_are_given_in_the_order_of_the_file() {
    check("rent: -1\nmembers:\n  - {wage: x, student: 是}\nbad: 1\n", &["1:7 ", "3:12 ", "3:24 ", "4:1 "]);
}

#[test]
fn a_value_that_does_not_apply_is_named_with_its_condition() {
    let schema = schema();
    let facts = metas(&schema);
    let household = reading("members: [{grade: 2}]\n").unwrap();
    let sheet = FactSheet { schema: &schema, facts: &facts };
    let finding = not_applicable(&sheet, household.conditional()[0]);
    assert_eq!(finding.place.column, 19);
    assert_eq!(
        finding.zh,
        "此时没有“残疾等级”（grade）：只有 member.disability != none 时才有。请删去这一项，或改正前面的回答"
    );
}

proptest! {
    #[test]
    fn any_file_ends_in_a_household_or_findings(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "members:\n", "  - ", "    ", "wage: ", "area: ", "id_number: ", "birth_date: ", "about: ", "good_care: ",
                "relation: ", "share: ", "{value: ", "source: ", "by: ", "}", "[", "]", ", ", "\n", "1", "-9223372036854775808",
                "1/0", "99%", "~", "true", "head", "2026-02-29", "999999198005040129", "工资", "万", "'", "1450.505",
            ]),
            0..40,
        )
    ) {
        let _ = reading(&parts.concat());
    }

    #[test]
    fn any_figure_ends_in_a_value_or_a_finding(text in "[-+0-9./%万元,１ ]{0,30}") {
        let _ = reading(&format!("rent: '{text}'\nmembers: [{{share: '{text}', grade: '{text}', birth_date: '{text}', id_number: '{text}'}}]\n"));
    }
}
