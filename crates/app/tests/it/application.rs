//! A household applies, from papers handed in to the decision in force: each step by who has the post for it, through the
//! office only, on both databases. At the end the journal and the rows agree.

use crate::county::*;
use crate::way::*;
use anmin_app::case::{ListV1, StepV1};
use anmin_app::error::Kind;
use anmin_app::facts::RecordingInputV1;
use anmin_app::files::FileV1;
use anmin_app::record::EligibleV1;
use anmin_app::record::act::{ActV1, BecauseV1};
use anmin_base::date::Date;
use anmin_store::Id;
use serde_json::{Value, json};

on_both! {
    a_household_of_three_is_granted,
    a_household_above_the_standard_is_refused,
    nobody_acts_outside_their_post,
    later_facts_take_the_place_of_earlier_ones,
}

async fn a_household_of_three_is_granted(county: &County) {
    let way = Way::begin(county).await;
    let office = &county.office;
    let twice =
        done(office.active_cases(&county.order(&staff(CLERK), TODAY), way.people[1], &way.service).await);
    assert_eq!(twice.len(), 1, "a clerk is told that there is a case already");
    assert_eq!((twice[0].case.as_str(), twice[0].role.as_str()), (way.case.to_string().as_str(), "members"));
    // Before anything is known the page of the case says what is missing.
    let before = done(office.what_now(&county.order(&staff(CLERK), TODAY), way.case).await);
    let decision = before[0].decision.as_ref().unwrap();
    assert_eq!(decision.eligible, Some(EligibleV1::Unknown));
    assert!(!decision.missing.is_empty());
    way.declare("1000.00").await;
    let after = done(office.what_now(&county.order(&staff(CLERK), TODAY), way.case).await);
    let decision = after[0].decision.as_ref().unwrap_or_else(|| panic!("{:?}", after[0].refused));
    assert_eq!(
        (decision.eligible, decision.missing.len()),
        (Some(EligibleV1::Yes), 0),
        "{:?}",
        decision.missing
    );
    let pdf = b"%PDF-1.7 an application that was scanned\n%%EOF\n";
    let file: FileV1 =
        read(&done(office.store_file(&county.order(&staff(CLERK), TODAY), way.case, pdf).await));
    let id = Id::parse(&file.file).unwrap();
    let opened = done(office.read_file(&county.order(&staff(EXAMINER), TODAY), way.case, id).await);
    assert_eq!((opened.file.kind.as_str(), opened.bytes.reveal()), ("application/pdf", &pdf[..]));
    let script = refused(office.store_file(&county.order(&staff(CLERK), TODAY), way.case, b"<script>").await);
    assert_eq!(script.code, "file_kind");
    way.investigated(false).await;
    way.to("proposed", day(8), EXAMINER, "propose_grant", way.proposal("grant", vec![]), vec![]).await;
    let places = ActV1::Post { places: vec!["东一村公示栏".into()] };
    way.to("posted", day(8), EXAMINER, "post", places, evidence("board_photo_up")).await;
    let down = || [evidence("board_photo_down"), evidence("posting_report")].concat();
    let early = refused(way.step(day(15), &staff(EXAMINER), "take_down", ActV1::TakeDown {}, down()).await);
    assert_eq!(early.code, "too_early");
    way.to("submitting", day(16), EXAMINER, "take_down", ActV1::TakeDown {}, down()).await;
    way.reviewed(day(17)).await;
    let same = refused(
        way.step(day(18), &staff(REVIEWER), "confirm", way.ruling("grant", vec![], &[]), vec![]).await,
    );
    assert_eq!(same.kind, Kind::Forbidden, "who reviews does not confirm");
    way.to("granted", day(18), CONFIRMER, "confirm", way.ruling("grant", vec![], &[]), vec![]).await;
    way.to("granted", day(18), CONFIRMER, "notify", ActV1::Notify { decision: 1 }, vec![]).await;
    let deliver = ActV1::Deliver { decision: 1, manner: "signed".into() };
    way.to("granted", day(21), CLERK, "deliver", deliver, evidence("delivery_receipt")).await;
    the_grant_is_seen(&way).await;
    county.is_true(day(21)).await;
}

/// What everybody sees of it afterwards.
async fn the_grant_is_seen(way: &Way<'_>) {
    let (county, office) = (way.county, &way.county.office);
    let (examiner, appraiser, confirmer) = (staff(EXAMINER), staff(APPRAISER), staff(CONFIRMER));
    let (applicant, spouse) = (resident(way.people[0]), resident(way.people[1]));
    let order = |caller| county.order(caller, day(21));
    let grants =
        done(office.grants_in_force(&order(&confirmer), way.people[2], Date::ymd(2026, 10, 1)).await);
    assert_eq!((grants.len(), grants[0].kind.as_str()), (1, "grant"));
    let own = done(office.own_cases(&order(&applicant)).await);
    assert_eq!((own.cases.len(), own.cases[0].state.as_str()), (1, "granted"));
    let named = done(office.own_cases(&order(&spouse)).await);
    assert_eq!((named.cases.len(), named.named_in), (0, vec![way.case.to_string()]));
    let seen = done(office.show_case(&order(&applicant), way.case).await);
    assert!(seen.course.bars.is_empty() && seen.course.state.name == "granted");
    let log = done(office.own_access_log(&order(&applicant), None).await);
    let units: Vec<&str> = log.looks.iter().filter_map(|look| look.unit.as_deref()).collect();
    for unit in ["东镇社会事务办", "示例县民政局"] {
        assert!(units.contains(&unit), "{units:?}");
    }
    let facts = done(office.facts_of(&order(&examiner), way.case, day(21), None).await);
    let head = way.people[0].to_string();
    let of_head = |fact: &str| {
        let found = facts.facts.iter().find(|seen| seen.fact == fact && seen.person.as_ref() == Some(&head));
        found.unwrap_or_else(|| panic!("{fact}")).clone()
    };
    assert_eq!(of_head("savings").value.as_deref(), Some("1200.50"));
    assert_eq!(of_head("relation").value_name.map(|name| name.zh).as_deref(), Some("户主"));
    let number = of_head("id_number");
    assert_eq!(number.source, "registry");
    assert!(number.value.is_some_and(|number| number.contains('*')), "numbers show masked at work");
    // A neighbour in the village committee sees no figures.
    let ask = ListV1::default();
    let hidden = refused(office.list_cases(&order(&appraiser), &ask).await);
    assert_eq!(hidden.kind, Kind::Forbidden);
}

async fn a_household_above_the_standard_is_refused(county: &County) {
    let way = Way::begin(county).await;
    way.declare("20000.00").await;
    let now = done(county.office.what_now(&county.order(&staff(EXAMINER), TODAY), way.case).await);
    assert_eq!(now[0].decision.as_ref().and_then(|decision| decision.eligible), Some(EligibleV1::No));
    way.investigated(true).await;
    let because = || {
        vec![BecauseV1 {
            text: "家庭人均收入高于当地标准".into(),
            document: "social-assistance-law".into(),
            article: "第十八条".into(),
        }]
    };
    let grant = refused(
        way.step(day(8), &staff(EXAMINER), "propose_grant", way.proposal("grant", vec![]), vec![]).await,
    );
    assert_eq!(grant.kind, Kind::Unmet, "the rules say no");
    way.to("concluded", day(8), INVESTIGATOR, "tell_result", ActV1::TellResult {}, vec![]).await;
    let refusal = || way.proposal("refuse", because());
    let early = refused(way.step(day(9), &staff(EXAMINER), "propose_refusal", refusal(), vec![]).await);
    assert_eq!(early.code, "too_early", "the person has days to explain");
    way.to("submitting", day(16), EXAMINER, "propose_refusal", refusal(), vec![]).await;
    way.reviewed(day(17)).await;
    let bare = refused(
        way.step(day(18), &staff(CONFIRMER), "refuse", way.ruling("refuse", vec![], &[]), vec![]).await,
    );
    assert_eq!(bare.kind, Kind::Unmet, "a refusal gives its reasons");
    let ruling = way.ruling("refuse", because(), &["check:1:tax"]);
    way.to("refusing", day(18), CONFIRMER, "refuse", ruling, vec![]).await;
    let settle = || ActV1::TakeEffect { decision: 1 };
    let untold = refused(way.step(day(18), &staff(CLERK), "settle_refusal", settle(), vec![]).await);
    assert_eq!(untold.kind, Kind::Unmet, "nothing takes effect untold");
    way.to("refusing", day(21), CONFIRMER, "notify", ActV1::Notify { decision: 1 }, vec![]).await;
    let deliver = ActV1::Deliver { decision: 1, manner: "signed".into() };
    way.to("refusing", day(22), CLERK, "deliver", deliver, evidence("delivery_receipt")).await;
    way.to("refused", day(22), CLERK, "settle_refusal", settle(), vec![]).await;
    let applicant = resident(way.people[0]);
    let grants =
        done(county.office.grants_in_force(&county.order(&applicant, day(22)), way.people[0], day(22)).await);
    assert_eq!(grants, []);
    let active =
        county.office.active_cases(&county.order(&staff(CLERK), day(22)), way.people[0], &way.service).await;
    assert_eq!(done(active), [], "what has ended keeps nobody from applying again");
    county.is_true(day(22)).await;
}

async fn nobody_acts_outside_their_post(county: &County) {
    let way = Way::begin(county).await;
    let far = refused(way.step(day(2), &staff(FAR_CLERK), "accept", ActV1::Accept {}, vec![]).await);
    assert_eq!(far.kind, Kind::NotFound, "elsewhere the case is not there");
    let admin = refused(way.step(day(2), &staff(ADMIN), "accept", ActV1::Accept {}, vec![]).await);
    assert_eq!(admin.kind, Kind::NotFound);
    let investigator =
        refused(way.step(day(2), &staff(INVESTIGATOR), "accept", ActV1::Accept {}, vec![]).await);
    assert_eq!(investigator.kind, Kind::NotFound, "what is not assigned is not seen");
    let checker = refused(way.step(day(2), &staff(CHECKER), "begin_check", ActV1::Plain {}, vec![]).await);
    assert_eq!(checker.kind, Kind::NotFound, "without an authorisation and a request nobody checks");
    let neighbour = county.person("王五", Date::ymd(1970, 1, 1)).await;
    let other = refused(county.office.show_case(&county.order(&resident(neighbour), day(2)), way.case).await);
    assert_eq!(other.kind, Kind::NotFound);
    let sign = ActV1::Authorise { subject: neighbour.to_string(), signer: neighbour.to_string() };
    let paper = numbered("check_authority", "authority-9");
    let stranger = refused(way.step(day(2), &resident(neighbour), "authorise", sign, paper).await);
    assert_eq!(stranger.kind, Kind::NotFound);
    // Whoever was second is told what happened since.
    let input = StepV1 { version: 1, duty: None, with: ActV1::Accept {}, evidence: vec![], why: None };
    let stale = refused(
        county.office.take_step(&county.order(&staff(CLERK), day(2)), way.case, "accept", input).await,
    );
    assert_eq!((stale.kind, stale.code.as_str()), (Kind::Conflict, "stale_version"));
    county.is_true(day(2)).await;
}

async fn later_facts_take_the_place_of_earlier_ones(county: &County) {
    let way = Way::begin(county).await;
    way.declare("1000.00").await;
    let head = way.people[0];
    let clerk = staff(CLERK);
    let later = RecordingInputV1 {
        valid_from: Some("2026-08-01".into()),
        valid_to: Some("2026-08-31".into()),
        ..declared(Some(head), json!({ "transfer_income": "1500" }))
    };
    let recorded = done(way.record(day(3), &clerk, vec![later]).await);
    let days: Vec<(&str, &str, Option<&str>)> = (recorded.reopened.iter())
        .map(|reopened| (reopened.fact.as_str(), reopened.from.as_str(), reopened.to.as_deref()))
        .collect();
    assert_eq!(days, [("transfer_income", "2026-08-01", Some("2026-08-31"))]);
    let value = async |on: Date, known_on: Option<Date>| {
        let facts = done(county.office.facts_of(&county.order(&clerk, day(3)), way.case, on, known_on).await);
        let found = facts
            .facts
            .into_iter()
            .find(|fact| fact.fact == "transfer_income" && fact.person == Some(head.to_string()));
        found.and_then(|fact| fact.value)
    };
    assert_eq!(value(Date::ymd(2026, 8, 15), None).await.as_deref(), Some("1500"));
    assert_eq!(value(Date::ymd(2026, 8, 15), Some(day(2))).await, None, "what was known then");
    assert_eq!(value(day(3), None).await.as_deref(), Some("1000.00"));
    let wrong = done_wrong(&way, json!({ "wage_of_yesterday": 1 }));
    assert!(wrong.await.contains(&"recordings[0].values.wage_of_yesterday".to_owned()));
    let wrong = done_wrong(&way, json!({ "savings": 0.1, "relation": "uncle", "hukou": "local" }));
    assert_eq!(wrong.await, ["recordings[0].values.savings", "recordings[0].values.relation"]);
    let stranger = declared(Some(Id(99)), json!({ "savings": 1 }));
    let told = refused(way.record(day(3), &clerk, vec![stranger]).await);
    assert_eq!(told.fields[0].at, "recordings[0].person");
    let visit = RecordingInputV1 { source: "visit".into(), ..declared(Some(head), json!({ "savings": 1 })) };
    assert_eq!(refused(way.record(day(3), &clerk, vec![visit]).await).fields[0].at, "recordings[0].evidence");
    county.is_true(day(3)).await;
}

async fn done_wrong(way: &Way<'_>, values: Value) -> Vec<String> {
    let told = refused(way.record(day(3), &staff(CLERK), vec![declared(Some(way.people[0]), values)]).await);
    told.fields.into_iter().map(|field| field.at).collect()
}
