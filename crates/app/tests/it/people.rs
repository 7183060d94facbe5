//! People and households through the office: entered once, found within the area, changed without forgetting.

use crate::county::*;
use anmin_app::error::Kind;
use anmin_app::people::{
    ChangeHouseholdV1, ChangeV1, CorrectPersonV1, EnteredV1, HouseholdKindV1, NewHouseholdV1, NewPersonV1,
    SearchV1,
};
use anmin_base::date::Date;
use anmin_store::Id;

on_both! {
    a_number_is_entered_once,
    everything_wrong_is_told_at_once,
    people_are_found_within_the_area,
    a_correction_keeps_what_it_does_not_name,
    the_same_request_is_answered_once,
    households_change_and_nothing_is_forgotten,
    nobody_is_counted_twice,
    residents_see_who_looked,
}

const BIRTH: Date = Date::ymd(1960, 5, 4);

async fn a_number_is_entered_once(county: &County) {
    let clerk = staff(CLERK);
    let entry = county.entry("张三", BIRTH);
    let input = NewPersonV1 { area: VILLAGE.to_string(), entry };
    let bytes = done(county.office.enter_person(&county.order(&clerk, TODAY), input.clone()).await);
    let first: EnteredV1 = read(&bytes);
    let again = refused(county.office.enter_person(&county.order(&clerk, TODAY), input.clone()).await);
    assert_eq!((again.kind, again.code.as_str()), (Kind::Conflict, "already_registered"));
    assert_eq!(again.difference.unwrap()["person"], first.person, "who reaches the person is told who it is");
    // Elsewhere it is only said that there is somebody.
    let far = staff(FAR_CLERK);
    let elsewhere = NewPersonV1 { area: FAR_VILLAGE.to_string(), ..input };
    let blind = refused(county.office.enter_person(&county.order(&far, TODAY), elsewhere).await);
    assert_eq!((blind.kind, blind.difference), (Kind::Conflict, None));
    assert!(blind.next.zh.contains("县级"), "{}", blind.next.zh);
    let hidden = refused(
        county.office.show_person(&county.order(&far, TODAY), Id::parse(&first.person).unwrap()).await,
    );
    assert_eq!(hidden.kind, Kind::NotFound);
    county.is_true(TODAY).await;
}

async fn everything_wrong_is_told_at_once(county: &County) {
    let clerk = staff(CLERK);
    let mut entry = county.entry("张3", BIRTH);
    entry.number = "12345".into();
    let input = NewPersonV1 { area: VILLAGE.to_string(), entry: entry.clone() };
    let told = refused(county.office.enter_person(&county.order(&clerk, TODAY), input).await);
    let fields: Vec<&str> = told.fields.iter().map(|field| field.at.as_str()).collect();
    assert_eq!(fields, ["entry.names[0]", "entry.number"]);
    let elsewhere = NewPersonV1 { area: FAR_VILLAGE.to_string(), entry: county.entry("张三", BIRTH) };
    let told = refused(county.office.enter_person(&county.order(&clerk, TODAY), elsewhere).await);
    assert_eq!(told.fields[0].at, "area");
    let nobody = staff(ADMIN);
    let entry = county.entry("李四", BIRTH);
    let input = NewPersonV1 { area: VILLAGE.to_string(), entry };
    let told = refused(county.office.enter_person(&county.order(&nobody, TODAY), input).await);
    assert_eq!(told.kind, Kind::Forbidden);
}

async fn people_are_found_within_the_area(county: &County) {
    let entry = county.entry("欧阳小明", BIRTH);
    let (clerk, far) = (staff(CLERK), staff(FAR_CLERK));
    let mut with_phone = entry.clone();
    with_phone.phones = vec!["138 0000 1234".into()];
    let input = NewPersonV1 { area: VILLAGE.to_string(), entry: with_phone };
    let entered: EnteredV1 =
        read(&done(county.office.enter_person(&county.order(&clerk, TODAY), input).await));
    county.person("欧阳大明", BIRTH).await;
    county.person("王二", BIRTH).await;
    let number = entry.number;
    let some = |text: &str| Some(text.to_owned());
    let asks = [
        SearchV1 { number: some(&number), ..SearchV1::default() },
        SearchV1 { last_six: some(&number[12..]), name: some("欧阳"), ..SearchV1::default() },
        SearchV1 { phone: some("13800001234"), ..SearchV1::default() },
        SearchV1 { name: some("欧阳小"), ..SearchV1::default() },
        SearchV1 { initials: some("OYX"), ..SearchV1::default() },
        SearchV1 { pinyin: some("ouyangxiao"), ..SearchV1::default() },
    ];
    for ask in asks {
        let found = done(county.office.find_persons(&county.order(&clerk, TODAY), &ask).await);
        let ids: Vec<&str> = found.people.iter().map(|person| person.id.as_str()).collect();
        assert_eq!(ids, [entered.person.as_str()], "{ask:?}");
        let seen = &found.people[0];
        assert_eq!(seen.name.as_deref(), Some("欧阳小明"));
        assert!(
            seen.resident_id.as_ref().is_some_and(|number| number.contains('*')),
            "at work numbers show masked"
        );
        let none = done(county.office.find_persons(&county.order(&far, TODAY), &ask).await);
        assert_eq!(none.people, [], "{ask:?}");
    }
    let page = SearchV1 { name: some("欧阳"), limit: Some(1), ..SearchV1::default() };
    let first = done(county.office.find_persons(&county.order(&clerk, TODAY), &page).await);
    let second = SearchV1 { after: first.next.clone(), ..page };
    let second = done(county.office.find_persons(&county.order(&clerk, TODAY), &second).await);
    assert_eq!((first.people.len(), second.people.len(), second.next), (1, 1, None));
    assert_ne!(first.people[0].id, second.people[0].id);
    for nothing in [
        SearchV1::default(),
        SearchV1 { last_six: some(&number[12..]), ..SearchV1::default() },
        SearchV1 { initials: some("z"), ..SearchV1::default() },
        SearchV1 { number: some("12345"), ..SearchV1::default() },
    ] {
        assert_eq!(
            refused(county.office.find_persons(&county.order(&clerk, TODAY), &nothing).await).kind,
            Kind::Invalid
        );
    }
    // People who only work here are not among those served.
    let staff_name = SearchV1 { name: some("钱调查"), ..SearchV1::default() };
    let found = done(county.office.find_persons(&county.order(&clerk, TODAY), &staff_name).await);
    assert_eq!(found.people, []);
}

async fn a_correction_keeps_what_it_does_not_name(county: &County) {
    let clerk = staff(CLERK);
    let person = county.person("张三", BIRTH).await;
    let phones = CorrectPersonV1 {
        version: 1,
        phones: Some(vec!["13800001234".into()]),
        ..CorrectPersonV1::default()
    };
    let bytes =
        done(county.office.correct_person(&county.order(&clerk, TODAY), person, phones.clone()).await);
    assert_eq!(read::<EnteredV1>(&bytes).version, 2);
    let stale =
        refused(county.office.correct_person(&county.order(&clerk, TODAY), person, phones.clone()).await);
    assert_eq!((stale.kind, stale.code.as_str()), (Kind::Conflict, "stale_version"));
    let oneself = resident(person);
    let seen = done(county.office.show_person(&county.order(&oneself, TODAY), person).await);
    assert_eq!((seen.name.as_deref(), seen.phone.as_deref()), (Some("张三"), Some("13800001234")));
    assert_eq!(seen.birth_date.as_deref(), Some("1960-05-04"));
    assert!(seen.entry.is_some(), "one sees all of one's own entry");
    // Oneself changes how one is reached, not who one is.
    let moved =
        CorrectPersonV1 {
            version: 2, address: Some("东一村4组1号".into()), ..CorrectPersonV1::default()
        };
    done(county.office.correct_person(&county.order(&oneself, TODAY), person, moved).await);
    let named = CorrectPersonV1 {
        version: 3,
        names: Some(county.entry("张四", BIRTH).names),
        ..CorrectPersonV1::default()
    };
    let told = refused(county.office.correct_person(&county.order(&oneself, TODAY), person, named).await);
    assert_eq!(told.code, "not_by_oneself");
    let other = county.person("李四", BIRTH).await;
    let peeking = refused(county.office.show_person(&county.order(&oneself, TODAY), other).await);
    assert_eq!(peeking.kind, Kind::NotFound);
    county.is_true(TODAY).await;
}

async fn the_same_request_is_answered_once(county: &County) {
    let clerk = staff(CLERK);
    let input = NewPersonV1 { area: VILLAGE.to_string(), entry: county.entry("张三", BIRTH) };
    let key = county.office.store().request_key("enter_person");
    let order = anmin_app::office::Order { request: Some((&key, b"body")), ..county.order(&clerk, TODAY) };
    let first = done(county.office.enter_person(&order, input.clone()).await);
    assert_eq!(done(county.office.enter_person(&order, input.clone()).await), first);
    let other = anmin_app::office::Order { request: Some((&key, b"another")), ..county.order(&clerk, TODAY) };
    assert_eq!(refused(county.office.enter_person(&other, input).await).code, "other_request");
}

async fn households_change_and_nothing_is_forgotten(county: &County) {
    let clerk = staff(CLERK);
    let (zhang, li, child) = (
        county.person("张三", BIRTH).await,
        county.person("李四", BIRTH).await,
        county.person("张小", Date::ymd(2015, 6, 1)).await,
    );
    let household = county.household(&county.service(), &[(zhang, "spouse"), (li, "spouse")]).await;
    let show = async |on: Date| {
        done(county.office.show_household(&county.order(&clerk, TODAY), household, on).await)
    };
    let change = async |version: i64, change: ChangeV1| {
        let input = ChangeHouseholdV1 { version, change };
        county.office.change_household(&county.order(&clerk, TODAY), household, input).await
    };
    let (from, person) = ("2026-01-01".to_owned(), child.to_string());
    let ground = "minor_child".to_owned();
    done(change(1, ChangeV1::Join { person, ground, from, to: None }).await);
    assert_eq!(show(TODAY).await.members.len(), 3);
    assert_eq!(show(Date::ymd(2025, 12, 31)).await.members.len(), 2);
    done(change(2, ChangeV1::Leave { person: li.to_string(), last: "2026-06-30".into() }).await);
    assert_eq!(show(Date::ymd(2026, 6, 30)).await.members.len(), 3);
    let now = show(Date::ymd(2026, 7, 1)).await;
    assert_eq!((now.members.len(), now.version), (2, 3));
    // The row of the one who left was taken back and stands there shorter.
    assert_eq!(now.history.len(), 4);
    assert_eq!(now.history.iter().filter(|row| row.taken_back_on.is_some()).count(), 1);
    let wrong = now.members.iter().find(|member| member.person.id == child.to_string()).unwrap();
    let never = ChangeV1::Correct { membership: wrong.membership.clone(), right: None };
    done(change(3, never.clone()).await);
    assert_eq!(show(TODAY).await.members.len(), 1);
    let twice = refused(change(4, never).await);
    assert_eq!((twice.kind, twice.code.as_str()), (Kind::Unmet, "household_refused"));
    let stale =
        refused(change(3, ChangeV1::Leave { person: zhang.to_string(), last: "2026-08-31".into() }).await);
    assert_eq!(stale.code, "stale_version");
    let far = staff(FAR_CLERK);
    let hidden = refused(county.office.show_household(&county.order(&far, TODAY), household, TODAY).await);
    assert_eq!(hidden.kind, Kind::NotFound);
    county.is_true(TODAY).await;
}

async fn nobody_is_counted_twice(county: &County) {
    let clerk = staff(CLERK);
    let zhang = county.person("张三", BIRTH).await;
    let service = county.service();
    county.household(&service, &[(zhang, "living_together")]).await;
    let input = NewHouseholdV1 {
        kind: HouseholdKindV1::Living,
        area: VILLAGE.to_string(),
        service: Some(service),
        from: "2026-01-01".into(),
        members: vec![joining(zhang, "living_together")],
    };
    let told = refused(county.office.enter_household(&county.order(&clerk, TODAY), input.clone()).await);
    assert_eq!((told.code.as_str(), told.fields[0].at.as_str()), ("household_refused", "members[0]"));
    // At an address they may be all the same.
    let address = NewHouseholdV1 {
        kind: HouseholdKindV1::Address,
        service: None,
        members: vec![joining(zhang, "resident")],
        ..input.clone()
    };
    done(county.office.enter_household(&county.order(&clerk, TODAY), address).await);
    let ground = NewHouseholdV1 { kind: HouseholdKindV1::Registered, service: None, ..input };
    let told = refused(county.office.enter_household(&county.order(&clerk, TODAY), ground).await);
    assert!(told.fields[0].zh.contains("事由"), "{}", told.fields[0].zh);
}

async fn residents_see_who_looked(county: &County) {
    let clerk = staff(CLERK);
    let zhang = county.person("张三", BIRTH).await;
    let oneself = resident(zhang);
    let ask = SearchV1 { name: Some("张三".into()), ..SearchV1::default() };
    done(county.office.find_persons(&county.order(&clerk, TODAY), &ask).await);
    done(county.office.show_person(&county.order(&oneself, TODAY), zhang).await);
    let log = done(county.office.own_access_log(&county.order(&oneself, TODAY), None).await);
    let by: Vec<(&str, Option<&str>)> =
        log.looks.iter().map(|look| (look.by, look.unit.as_deref())).collect();
    assert_eq!(by, [("self", None), ("staff", Some("东镇社会事务办"))]);
    assert_eq!((log.looks[1].purpose.en.as_str(), log.looks[1].on.as_str()), ("Intake", "2026-09-01"));
    assert_eq!(log.looks[1].role.as_ref().map(|role| role.zh.as_str()), Some("窗口受理"));
    let number = log.looks[1].number.as_ref().unwrap();
    assert!(!number.contains("王") && number.len() == 8, "a number, not a name");
    // That somebody read their log is in it the next time.
    let again = done(county.office.own_access_log(&county.order(&oneself, TODAY), None).await);
    assert!(again.looks[0].what.iter().any(|what| what.en == "This log"), "{:?}", again.looks[0]);
    let told = refused(county.office.own_access_log(&county.order(&clerk, TODAY), None).await);
    assert_eq!(told.kind, Kind::Forbidden);
}
