//! What residents see of a case in plain words: how it stands, what they can do, why it was decided so; and objecting to
//! what is posted, without seeing the case.

use crate::county::*;
use crate::way::*;
use anmin_app::case::{ExplainedV1, ObjectedV1, ProgressV1};
use anmin_app::error::Kind;
use anmin_app::files::{FileV1, StatementV1};
use anmin_app::record::act::{ActV1, EvidenceV1};
use anmin_base::date::Date;

on_both! {
    progress_says_where_it_is_and_what_one_can_do,
    a_neighbour_objects_and_learns_nothing,
}

fn can(progress: &ProgressV1) -> Vec<&str> {
    progress.can.iter().map(|can| can.act).collect()
}

/// From the papers handed in to the decision, in the words of who applied.
async fn progress_says_where_it_is_and_what_one_can_do(county: &County) {
    let way = Way::begin(county).await;
    let (office, head) = (&county.office, resident(way.people[0]));
    let seen = done(office.progress(&county.order(&head, TODAY), way.case).await);
    assert_eq!((seen.state.as_str(), seen.since.as_str()), ("received", "2026-09-01"));
    assert_eq!(seen.stages.iter().map(|stage| stage.place).collect::<Vec<_>>(), [0, 1, 1, 1, 1]);
    assert!(seen.told.zh.contains("收到"), "{}", seen.told.zh);
    assert!(seen.with.is_some_and(|desk| !desk.name.is_empty()));
    assert_eq!(
        can(&done(office.progress(&county.order(&head, TODAY), way.case).await)),
        ["withdraw", "authorise"]
    );
    let neighbour = resident(county.person("王五", Date::ymd(1970, 1, 1)).await);
    let told = refused(office.progress(&county.order(&neighbour, TODAY), way.case).await);
    assert_eq!(told.kind, Kind::NotFound, "how a case stands is told to nobody else");
    // An adult who is named reads what they sign, and no more of the case.
    let spouse = resident(way.people[1]);
    let sign = done(office.signing(&county.order(&spouse, TODAY), way.case, "authorise").await);
    assert!(!sign.text.is_empty() && !sign.signed);
    assert_eq!(refused(office.progress(&county.order(&spouse, TODAY), way.case).await).kind, Kind::NotFound);
    assert_eq!(
        refused(office.signing(&county.order(&neighbour, TODAY), way.case, "authorise").await).kind,
        Kind::NotFound
    );
    way.declare("200").await;
    way.investigated(true).await;
    let seen = done(office.progress(&county.order(&head, day(8)), way.case).await);
    assert!(seen.differs.is_empty(), "what differs is told by a letter first");
    assert!(!can(&seen).contains(&"explain") && can(&seen).contains(&"revoke"), "{:?}", seen.can);
    way.to("concluded", day(8), INVESTIGATOR, "tell_result", ActV1::TellResult {}, vec![]).await;
    let seen = done(office.progress(&county.order(&head, day(8)), way.case).await);
    assert_eq!(seen.differs.iter().map(|source| source.source.as_str()).collect::<Vec<_>>(), ["tax"]);
    assert!(can(&seen).contains(&"explain"));
    assert!(seen.days[0].yours, "the day that is theirs comes first: {:?}", seen.days);
    explains(&way, county).await;
}

/// What somebody writes is kept once however often it is sent, and becomes evidence.
async fn explains(way: &Way<'_>, county: &County) {
    let (office, head) = (&county.office, resident(way.people[0]));
    let order = county.order(&head, day(9));
    let said = || StatementV1 { text: "这是去年\r\n卖粮的钱。".into() };
    let kept: FileV1 = read(&done(office.store_statement(&order, way.case, said()).await));
    let again: FileV1 = read(&done(office.store_statement(&order, way.case, said()).await));
    assert_eq!((kept.kind.as_str(), &again.file), ("text/plain", &kept.file));
    for nothing in [String::new(), " \n ".into(), "长".repeat(2001), "a\u{7}b".into()] {
        let told = refused(office.store_statement(&order, way.case, StatementV1 { text: nothing }).await);
        assert_eq!(told.fields[0].at, "text");
    }
    let evidence = vec![EvidenceV1 {
        kind: "explanation".into(),
        reference: kept.file.clone(),
        source: None,
        estimated: false,
        valid_until: None,
    }];
    let explain = ActV1::Explain { contested: vec!["tax".into()] };
    done(way.step(day(9), &head, "explain", explain, evidence).await);
    let other: FileV1 = read(&done(office.store_statement(&order, way.case, said()).await));
    assert_ne!(other.file, kept.file, "what is evidence already is not handed in for something else");
    let opened = done(office.read_file(&order, way.case, anmin_store::Id::parse(&kept.file).unwrap()).await);
    assert_eq!(opened.bytes.reveal(), "这是去年\n卖粮的钱。".as_bytes());
    county.is_true(day(9)).await;
}

/// What is posted shows in the village, half the name hidden; objecting gives nothing of the case away.
async fn a_neighbour_objects_and_learns_nothing(county: &County) {
    let way = Way::begin(county).await;
    let office = &county.office;
    let neighbour = county.person("王五", Date::ymd(1970, 1, 1)).await;
    let caller = resident(neighbour);
    way.declare("200").await;
    way.investigated(false).await;
    assert!(
        done(office.notices(&county.order(&caller, day(8))).await).is_empty(),
        "nothing before it is posted"
    );
    let text = || StatementV1 { text: "他家去年买了车。".into() };
    let early = refused(office.object_to_notice(&county.order(&caller, day(8)), way.case, text()).await);
    assert_eq!(early.kind, Kind::NotFound);
    way.to("proposed", day(8), EXAMINER, "propose_grant", way.proposal("grant", vec![]), vec![]).await;
    let places = ActV1::Post { places: vec!["东一村公示栏".into()] };
    way.to("posted", day(8), EXAMINER, "post", places, evidence("board_photo_up")).await;
    let order = county.order(&caller, day(9));
    let notices = done(office.notices(&order).await);
    let notice = notices.first().expect("the village sees what is posted");
    assert_eq!((notice.name.as_str(), notice.persons, notices.len()), ("张*", 3, 1));
    assert_eq!((notice.from.as_str(), notice.until.as_deref()), ("2026-09-08", Some("2026-09-15")));
    let made: ObjectedV1 = read(&done(office.object_to_notice(&order, way.case, text()).await));
    assert_eq!(made, ObjectedV1 { notice: way.case.to_string(), on: "2026-09-09".into() });
    assert_eq!(refused(office.show_case(&order, way.case).await).kind, Kind::NotFound);
    let head = resident(way.people[0]);
    let seen = done(office.show_case(&county.order(&head, day(9)), way.case).await);
    assert_eq!((seen.course.state.name.as_str(), seen.course.objections.len()), ("objected", 1));
    assert!(seen.course.objections[0].objector.is_empty(), "whom it is about does not learn who objected");
    let papers = done(office.files(&county.order(&head, day(9)), way.case).await);
    assert!(papers.is_empty(), "nor reads what they wrote: {papers:?}");
    let all = done(office.files(&county.order(&staff(EXAMINER), day(9)), way.case).await);
    let letter = anmin_store::Id::parse(&all[0].file).unwrap();
    let told = refused(office.read_file(&county.order(&head, day(9)), way.case, letter).await);
    assert_eq!((told.kind, all.len()), (Kind::NotFound, 1));
    let handled = done(office.show_case(&county.order(&staff(EXAMINER), day(9)), way.case).await);
    assert!(handled.course.objections[0].objector.is_empty(), "who objected is for few");
    let decisions: Vec<ExplainedV1> = done(office.explained(&county.order(&head, day(9)), way.case).await);
    assert!(decisions.is_empty());
    county.is_true(day(9)).await;
}
