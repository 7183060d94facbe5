use super::*;
use anmin_base::days::Days;
use anmin_base::resident_id::ResidentId;
use proptest::prelude::*;

const ON: Date = Date::ymd(2026, 9, 1);

fn number() -> String {
    ResidentId::from_parts(999_999, Date::ymd(1946, 9, 15), 2).unwrap().reveal().to_owned()
}

fn zhang() -> Draft {
    Draft {
        names: vec![(NameKind::Official, "张三".into())],
        pinyin: "Zhang San".into(),
        initials: "ZS".into(),
        number: number(),
        ..Draft::default()
    }
}

fn place(division: &str, from: &str, to: &str) -> PlaceDraft {
    PlaceDraft { division: division.into(), from: from.into(), to: to.into(), ..PlaceDraft::default() }
}

#[track_caller]
fn flaws(draft: Draft, expected: &[(&str, &str)]) {
    let found = draft.check(ON).expect_err("has flaws");
    let fields: Vec<&str> = found.iter().map(|flaw| flaw.field.as_str()).collect();
    assert_eq!(fields, expected.iter().map(|(field, _)| *field).collect::<Vec<_>>(), "{found:?}");
    for (flaw, (_, says)) in found.iter().zip(expected) {
        assert!(flaw.zh.contains(says), "{}", flaw.zh);
        assert!(flaw.zh.ends_with('。') && flaw.en.ends_with('.'), "{flaw:?}");
    }
}

#[test]
fn birth_and_sex_are_read_from_the_number() {
    let person = zhang().check(ON).unwrap();
    assert_eq!((person.birth, person.sex), (Some(Date::ymd(1946, 9, 15)), Some(Sex::Female)));
    assert_eq!((person.name(), person.age(ON)), (Some("张三"), Some(79)));
    assert_eq!((person.pinyin.as_str(), person.initials.as_str()), ("zhang san", "zs"));
}

#[test]
fn all_flaws_come_at_once() {
    let draft = Draft {
        names: vec![(NameKind::Official, "张3".into()), (NameKind::Former, "".into())],
        number: "12345".into(),
        birth: "1946年9月15日".into(),
        phones: vec!["138".into()],
        address: "甲\u{7}".into(),
        registrations: vec![RegistrationDraft {
            place: place("99", "2020-13-01", "2019-01-01"),
            category: None,
        }],
        residences: vec![place("", "2021-01-01", "2020-01-01")],
        sensitivity: Sensitivity::P1,
        died_on: "2026-01-01".into(),
        ..zhang()
    };
    flaws(
        draft,
        &[
            ("names[0]", "不能有"),
            ("names[1]", "请填写姓名"),
            ("number", "18 位"),
            ("birth", "年-月-日"),
            ("phones[0]", "3 位"),
            ("address", "看不见"),
            ("registrations[0].from", "月份"),
            ("residences[0].division", "请选择"),
            ("residences[0].to", "早于开始"),
            ("sensitivity", "P2"),
            ("died_on", "没有选"),
        ],
    );
}

#[test]
fn one_official_name_and_none_is_needed_of_somebody_found() {
    let none = |kind| Draft { names: vec![], number: String::new(), kind, ..zhang() };
    flaws(none(IdentityKind::Unregistered), &[("names", "请填写姓名")]);
    let found = none(IdentityKind::Wandering).check(ON).unwrap();
    assert_eq!((found.name(), found.birth, found.keys().len()), (None, None, 0));
    let two = vec![(NameKind::Official, "张三".into()), (NameKind::Official, "张四".into())];
    flaws(Draft { names: two, ..zhang() }, &[("names[1]", "曾用名")]);
    let former = vec![(NameKind::Former, "张小三".into()), (NameKind::Official, "张三".into())];
    assert_eq!(Draft { names: former, ..zhang() }.check(ON).unwrap().name(), Some("张三"));
}

#[test]
fn refuses_what_the_number_contradicts() {
    let draft = Draft { birth: "1946-09-16".into(), sex: Some(Sex::Male), ..zhang() };
    flaws(draft, &[("birth", "不一致"), ("sex", "不一致")]);
    let agreeing = Draft { birth: "1946-09-15".into(), sex: Some(Sex::Female), ..zhang() };
    assert!(agreeing.check(ON).is_ok());
}

#[test]
fn nobody_is_born_or_dies_after_today() {
    let id = ResidentId::from_parts(999_999, ON.add_days(1), 1).unwrap();
    flaws(Draft { number: id.reveal().to_owned(), ..zhang() }, &[("number", "晚于登记日期")]);
    let newborn = Draft { kind: IdentityKind::Newborn, number: String::new(), ..zhang() };
    flaws(newborn.clone(), &[("birth", "新生儿")]);
    flaws(Draft { birth: "2026-09-02".into(), ..newborn.clone() }, &[("birth", "晚于登记日期")]);
    assert_eq!(Draft { birth: "2026-09-01".into(), ..newborn }.check(ON).unwrap().age(ON), Some(0));
    for (died_on, says) in [("2026-09-02", "晚于登记日期"), ("1946-09-14", "早于出生")] {
        flaws(Draft { dead: true, died_on: died_on.into(), ..zhang() }, &[("died_on", says)]);
    }
    let dead = Draft { dead: true, ..zhang() }.check(ON).unwrap();
    assert_eq!(dead.life, Life::Dead(None));
}

#[test]
fn one_registration_and_one_residence_at_a_time() {
    let registered =
        |from, to, category| RegistrationDraft { place: place("999999", from, to), category: Some(category) };
    let draft = Draft {
        registrations: vec![
            registered("2020-01-01", "", Category::Unified),
            registered("", "2020-01-01", Category::Rural),
        ],
        residences: vec![place("999999001", "", "2019-12-31"), place("999999002", "2020-01-01", "")],
        permits: vec![
            PermitDraft { place: place("999999", "2025-01-01", "2026-01-01"), number: "0001".into() },
            PermitDraft { place: place("999999", "2025-12-01", "2026-12-01"), ..PermitDraft::default() },
        ],
        ..zhang()
    };
    flaws(draft.clone(), &[("registrations[1].from", "只能有一个户籍地")]);
    let mut right = draft;
    right.registrations[1].place.to = "2019-12-31".into();
    let person = right.check(ON).unwrap();
    assert_eq!(person.registrations[0].place.days, Days::between(Date::MIN, Date::ymd(2019, 12, 31)));
    assert_eq!(person.registered(Date::ymd(2019, 12, 31)).unwrap().category, Some(Category::Rural));
    assert_eq!(person.registered(ON).unwrap().category, Some(Category::Unified));
    assert_eq!(person.residence(ON).unwrap().division, "999999002".parse().unwrap());
    assert_eq!(person.permits(ON).count(), 1);
    assert_eq!(person.permits(Date::ymd(2025, 12, 31)).count(), 2);
}

#[test]
fn keys_are_what_a_search_means() {
    let draft = Draft { phones: vec!["+86 138 0000 1234".into(), "13800001234".into()], ..zhang() };
    let person = draft.check(ON).unwrap();
    let number = number();
    let texts: Vec<String> = person.keys().iter().map(|key| key.reveal().to_owned()).collect();
    assert_eq!(
        texts,
        [format!("id18:{number}"), format!("six:{}", &number[12..]), "phone:13800001234".into()]
    );
    let old = format!("{}{}", &number[..6], &number[8..17]);
    for (typed, key) in [
        (number.to_lowercase().as_str(), 0),
        (old.as_str(), 0),
        (&number[12..].to_lowercase(), 1),
        ("138-0000-1234", 2),
        ("１３８００００１２３４", 2),
    ] {
        assert_eq!(Key::meant(typed).as_ref(), Some(&person.keys()[key]), "{typed}");
    }
    assert_eq!(Key::meant("can999946091500").unwrap().reveal(), "foreign15:CAN999946091500");
    for nothing in ["张三", "", "123", "12345Y"] {
        assert_eq!(Key::meant(nothing), None, "{nothing}");
    }
}

#[test]
fn debug_shows_no_personal_value() {
    let draft = Draft {
        phones: vec!["13800001234".into()],
        address: "甲省乙市丙县丁镇戊村3组12号".into(),
        ..zhang()
    };
    let person = draft.check(ON).unwrap();
    let shown = format!("{person:?} {:?}", person.keys());
    for secret in [&number()[6..14], "13800001234", "张三", "3组"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

proptest! {
    #[test]
    fn an_entry_handed_in_again_is_the_same(
        birth in 0i32..20_000,
        sequence in 0u16..1000,
        name in "[张王李][三四五]|买买提·[吐尔]{2}|[A-Z][a-z]{1,6} [A-Z][a-z]{1,6}",
        phone in prop::option::of("1[3-9][0-9]{9}"),
        since in prop::option::of(0i32..10_000),
        dead in any::<bool>(),
    ) {
        let id = ResidentId::from_parts(999_999, Date::from_days(birth), sequence).unwrap();
        let from = since.map(|day| Date::from_days(day).to_string()).unwrap_or_default();
        let draft = Draft {
            names: vec![(NameKind::Official, name)],
            number: id.reveal().to_owned(),
            phones: phone.into_iter().collect(),
            residences: vec![place("999999001", &from, "")],
            dead,
            ..Draft::default()
        };
        let person = draft.check(ON).unwrap();
        prop_assert_eq!(person.draft().check(ON).unwrap(), person);
    }
}
