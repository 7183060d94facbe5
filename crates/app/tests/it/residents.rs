//! What residents do for themselves and for theirs: they apply for a family, sign each for themself, act for a ward, and let
//! others see their figures or not.

use crate::county::*;
use crate::way::*;
use anmin_app::case::{ChangedV1, NewCaseV1, PartyV1, StepV1};
use anmin_app::error::Kind;
use anmin_app::facts::RecordFactsV1;
use anmin_app::people::{
    ChangedHouseholdV1, ConsentV1, EndPaperV1, GivenV1, HouseholdKindV1, JoiningV1, NewHouseholdV1, PaperV1,
    RepresentationV1,
};
use anmin_app::record::act::ActV1;
use anmin_base::date::Date;
use anmin_store::Id;
use serde_json::json;

on_both! {
    a_family_applies_by_itself,
    a_guardian_acts_for_a_ward,
    a_resident_answers_and_contests,
}

/// The head enters spouse and child, applies for all three, and each adult signs for themself.
async fn a_family_applies_by_itself(county: &County) {
    let head = county.person("张三", Date::ymd(1964, 2, 2)).await;
    let (oneself, office, service) = (resident(head), &county.office, county.service());
    let stranger = |name: &str, birth: Date, ground: &str| JoiningV1 {
        person: None,
        entry: Some(county.entry(name, birth)),
        ground: ground.into(),
    };
    let spouse = stranger("李四", Date::ymd(1965, 3, 3), "spouse");
    let child = stranger("张小", Date::ymd(2012, 8, 8), "minor_child");
    let input = NewHouseholdV1 {
        kind: HouseholdKindV1::Living,
        area: VILLAGE.to_string(),
        service: Some(service.clone()),
        from: "2020-01-01".into(),
        members: vec![joining(head, "living_together"), spouse.clone(), child],
    };
    let made: ChangedHouseholdV1 =
        read(&done(office.enter_household(&county.order(&oneself, TODAY), input.clone()).await));
    // Whoever is entered already is told of at the counter, not to somebody who types numbers.
    let other =
        NewHouseholdV1 { kind: HouseholdKindV1::Address, service: None, members: vec![spouse], ..input };
    let told = refused(office.enter_household(&county.order(&oneself, TODAY), other).await);
    assert_eq!((told.code.as_str(), told.difference), ("already_registered", None));
    let party = |person: &String| PartyV1 { person: person.clone(), role: "members".into() };
    let case = NewCaseV1 {
        service,
        programmes: vec![],
        step: "receive".into(),
        area: VILLAGE.to_string(),
        applicant: head.to_string(),
        household: Some(made.household.clone()),
        parties: made.members.iter().map(party).collect(),
        evidence: evidence("application"),
        duty: None,
    };
    let neighbour = county.person("王五", Date::ymd(1970, 1, 1)).await;
    let mut foreign = case.clone();
    foreign.parties.push(party(&neighbour.to_string()));
    let told = refused(office.open_case(&county.order(&oneself, TODAY), foreign).await);
    assert_eq!(told.fields[0].at, "parties[3].person", "nobody applies for a neighbour");
    let in_their_name =
        refused(office.open_case(&county.order(&resident(neighbour), TODAY), case.clone()).await);
    assert!([Kind::NotFound, Kind::Forbidden].contains(&in_their_name.kind), "{in_their_name:?}");
    let changed: ChangedV1 = read(&done(office.open_case(&county.order(&oneself, TODAY), case).await));
    let spouse = Id::parse(&made.members[1]).unwrap();
    let sign = |who: Id| ActV1::Authorise { subject: who.to_string(), signer: who.to_string() };
    let mut version = changed.version;
    let case = Id::parse(&changed.case).unwrap();
    for (who, paper) in [(spouse, "authority-2"), (head, "authority-1")] {
        let step = |evidence: &str| StepV1 {
            version,
            duty: None,
            with: sign(who),
            evidence: numbered("check_authority", evidence),
            why: None,
        };
        let other = if who == head { spouse } else { head };
        let for_another =
            office.take_step(&county.order(&resident(other), TODAY), case, "authorise", step("x")).await;
        assert_eq!(refused(for_another).kind, Kind::NotFound, "each adult signs for themself");
        let bytes = done(
            office.take_step(&county.order(&resident(who), TODAY), case, "authorise", step(paper)).await,
        );
        version = read::<ChangedV1>(&bytes).version;
    }
    // What the other declared does not show to the one who applied, figure by figure.
    let theirs = declared(Some(spouse), json!({ "savings": "1200.50", "employment": "none" }));
    let input = RecordFactsV1 { service: None, recordings: vec![theirs] };
    done(office.record_facts(&county.order(&oneself, TODAY), case, input).await);
    let facts = done(office.facts_of(&county.order(&oneself, TODAY), case, TODAY, None).await);
    let of_spouse: Vec<_> =
        facts.facts.iter().filter(|fact| fact.person == Some(spouse.to_string())).collect();
    let savings = of_spouse.iter().find(|fact| fact.fact == "savings").unwrap();
    assert!(savings.hidden && savings.value.is_none());
    let consent = ConsentV1 { by: spouse.to_string(), to: head.to_string(), until: None, evidence: None };
    done(office.give_consent(&county.order(&resident(spouse), TODAY), consent).await);
    let facts = done(office.facts_of(&county.order(&oneself, TODAY), case, TODAY, None).await);
    let shown =
        facts.facts.iter().find(|fact| fact.person == Some(spouse.to_string()) && fact.fact == "savings");
    assert_eq!(shown.and_then(|fact| fact.value.as_deref()), Some("1200.50"), "unless the other lets them");
    let now = done(office.what_now(&county.order(&oneself, TODAY), case).await);
    let decision = now[0].decision.as_ref().unwrap();
    assert!(!decision.missing.is_empty() && decision.outputs.is_empty());
    county.is_true(TODAY).await;
}

/// A guardian signs and looks for a ward, from the day the paper begins until it ends.
async fn a_guardian_acts_for_a_ward(county: &County) {
    let way = Way::begin(county).await;
    let (head, child) = (way.people[0], way.people[2]);
    let (office, clerk) = (&county.office, staff(CLERK));
    let seen = done(office.show_case(&county.order(&clerk, TODAY), way.case).await);
    assert!(seen.course.evidence.iter().any(|evidence| evidence.reference == "application"));
    let paper = RepresentationV1 {
        by: head.to_string(),
        of: child.to_string(),
        kind: "guardian".into(),
        from: "2026-09-01".into(),
        until: None,
        evidence: PaperV1 { case: way.case.to_string(), reference: "application".into() },
    };
    let guardian = resident(head);
    let masked = async |on: Date| done(office.show_person(&county.order(&guardian, on), child).await).name;
    assert_eq!(
        masked(TODAY).await.as_deref(),
        Some("张*"),
        "of others in the household the applicant sees totals"
    );
    let given: GivenV1 =
        read(&done(office.enter_representation(&county.order(&clerk, TODAY), paper.clone()).await));
    let ward = done(office.show_person(&county.order(&guardian, TODAY), child).await);
    assert_eq!(ward.name.as_deref(), Some("张小"));
    let again = refused(office.enter_representation(&county.order(&clerk, TODAY), paper.clone()).await);
    assert_eq!(again.code, "given_already");
    let evidence = PaperV1 { case: way.case.to_string(), reference: "nothing".into() };
    let nothing = RepresentationV1 { evidence, kind: "helper".into(), ..paper };
    let told = refused(office.enter_representation(&county.order(&clerk, TODAY), nothing).await);
    assert_eq!(told.fields[0].at, "evidence");
    let sign = ActV1::Authorise { subject: child.to_string(), signer: head.to_string() };
    done(way.step(day(2), &guardian, "authorise", sign, numbered("check_authority", "authority-3")).await);
    let end = EndPaperV1 { version: given.version };
    let id = Id::parse(&given.paper).unwrap();
    done(office.end_representation(&county.order(&clerk, day(3)), id, end.clone()).await);
    assert_eq!(masked(day(3)).await.as_deref(), Some("张*"));
    let stale = refused(office.end_representation(&county.order(&clerk, day(3)), id, end).await);
    assert_eq!(stale.code, "stale_version");
    // An adult lets the applicant see their figures, and takes it back.
    let spouse = resident(way.people[1]);
    let consent =
        ConsentV1 { by: way.people[1].to_string(), to: head.to_string(), until: None, evidence: None };
    let stranger = refused(office.give_consent(&county.order(&guardian, day(3)), consent.clone()).await);
    assert_eq!(stranger.kind, Kind::NotFound, "nobody consents for another");
    let given: GivenV1 = read(&done(office.give_consent(&county.order(&spouse, day(3)), consent).await));
    let seen = done(office.show_person(&county.order(&guardian, day(3)), way.people[1]).await);
    assert_eq!(seen.name.as_deref(), Some("李四"));
    let end = EndPaperV1 { version: given.version };
    let id = Id::parse(&given.paper).unwrap();
    done(office.revoke_consent(&county.order(&spouse, day(4)), id, end).await);
    let over = done(office.show_person(&county.order(&guardian, day(4)), way.people[1]).await);
    assert_eq!(over.name.as_deref(), Some("李*"), "of others in the household the applicant sees totals");
    county.is_true(day(4)).await;
}

/// What was missing is handed in, a found difference contested, a figure corrected, and the application taken back: each by
/// the resident, through the office alone.
async fn a_resident_answers_and_contests(county: &County) {
    let way = Way::begin(county).await;
    let (office, me) = (&county.office, resident(way.people[0]));
    let missing = ActV1::Supplement { missing: vec!["工资证明".into()] };
    way.to("supplementing", day(2), CLERK, "supplement", missing, vec![]).await;
    let paper = b"%PDF-1.7\n...\n%%EOF\n";
    let stored: anmin_app::files::FileV1 =
        read(&done(office.store_file(&county.order(&me, day(2)), way.case, paper).await));
    let supplied =
        way.step(day(2), &me, "supplied", ActV1::Plain {}, numbered("supplement", &stored.file)).await;
    assert_eq!(done(supplied).state, "received");
    way.investigated(true).await;
    way.to("concluded", day(8), INVESTIGATOR, "tell_result", ActV1::TellResult {}, vec![]).await;
    let neighbour = county.person("王五", Date::ymd(1970, 1, 1)).await;
    let explain = || ActV1::Explain { contested: vec!["tax".into()] };
    let stranger =
        way.step(day(9), &resident(neighbour), "explain", explain(), evidence("explanation")).await;
    assert_eq!(refused(stranger).kind, Kind::NotFound);
    let explained = way.step(day(9), &me, "explain", explain(), evidence("explanation")).await;
    assert_eq!(done(explained).state, "concluded");
    // A figure of one's own is corrected by saying it anew: what was said before stays, and both are seen at the desk.
    let correct = declared(Some(way.people[0]), json!({ "savings": "900" }));
    done(way.record(day(9), &me, vec![correct]).await);
    let seen = done(office.facts_of(&county.order(&me, day(9)), way.case, day(9), None).await);
    let savings = seen
        .facts
        .iter()
        .find(|fact| fact.fact == "savings" && fact.person == Some(way.people[0].to_string()));
    assert_eq!(savings.and_then(|fact| fact.value.as_deref()), Some("900"));
    let back = way
        .step(day(10), &me, "withdraw", ActV1::Withdraw {}, numbered("withdrawal_signed", "withdrawal"))
        .await;
    assert_eq!(done(back).state, "withdrawn");
    county.is_true(day(10)).await;
}
