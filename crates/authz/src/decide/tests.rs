mod corners;
mod glass;

use super::*;
use crate::actor::Ticket;
use crate::authority::{Need, SourceId};
use crate::break_glass::{BreakGlass, BreakGlassRefusal};
use crate::id::{ContractId, Days, LoginId, PaperId, UnitId};
use crate::reason::Fact;
use crate::resource::{
    Assignment, Authorisation, Consent, Cooperation, Representation, RepresentationKind, Taken,
};
use crate::sample::{
    ACTOR, AID, AT, CASE, CHILDREN, COUNTY, ON, OTHER_TOWN, OTHER_VILLAGE, RESIDENT, TOWN, areas, authority,
    case, ctx, narrowed, post, staff, terms,
};
use Sensitivity::{P1, P2, P3, P4};

const OTHER: PersonId = PersonId(30);

fn ask(
    authority: &Authority,
    actor: &Actor,
    action: &str,
    purpose: &str,
    facts: &ResourceFacts<'_>,
) -> Decision {
    let areas = areas();
    let (action, purpose) = (authority.action(action).unwrap(), authority.purpose(purpose).unwrap());
    decide(actor, action, facts, purpose, &ctx(authority, &areas))
}

/// The name of the mask, or the reason.
fn outcome(decision: &Decision, authority: &Authority) -> Result<String, Reason> {
    match decision {
        Decision::Allow(allowed) => Ok(authority.parts().masks[allowed.mask.0].named.name.clone()),
        Decision::Deny(reason) => Err(*reason),
    }
}

fn assigned() -> [Assignment; 1] {
    [Assignment { person: ACTOR, days: Days::between(ON, ON) }]
}

#[test]
fn an_area_subject_sensitivity_and_assignment_each_open_only_what_they_should() {
    let authority = authority();
    let named = assigned();
    let over = [Assignment { person: ACTOR, days: Days::between(ON.add_days(-9), ON.add_days(-1)) }];
    let somebody = [Assignment { person: OTHER, days: Days::since(ON) }];
    let full = || Ok("full".to_string());
    let partial = || Ok("partial".to_string());
    let too_sensitive = |asked, up_to| Err(Reason::TooSensitive { asked, up_to });
    for (role, facts, expected) in [
        ("clerk", case(), partial()),
        ("clerk", ResourceFacts { area: Some(TOWN), ..case() }, partial()),
        ("clerk", ResourceFacts { area: Some(OTHER_VILLAGE), ..case() }, Err(Reason::OutOfReach)),
        ("clerk", ResourceFacts { area: Some(COUNTY), ..case() }, Err(Reason::OutOfReach)),
        ("clerk", ResourceFacts { area: None, ..case() }, Err(Reason::OutOfReach)),
        ("clerk", ResourceFacts { subject: None, ..case() }, Err(Reason::Subject { asked: None })),
        ("guard", ResourceFacts { subject: Some(AID), ..case() }, Err(Reason::Subject { asked: Some(AID) })),
        ("clerk", ResourceFacts { sensitivity: P3, ..case() }, too_sensitive(P3, P2)),
        ("clerk", ResourceFacts { assigned: &named, ..case() }, full()),
        ("clerk", ResourceFacts { assigned: &named, sensitivity: P3, ..case() }, full()),
        ("clerk", ResourceFacts { assigned: &over, sensitivity: P3, ..case() }, too_sensitive(P3, P2)),
        ("clerk", ResourceFacts { assigned: &somebody, sensitivity: P3, ..case() }, too_sensitive(P3, P2)),
        (
            "clerk",
            ResourceFacts { assigned: &named, area: Some(OTHER_TOWN), ..case() },
            Err(Reason::OutOfReach),
        ),
        ("clerk", ResourceFacts { assigned: &named, sensitivity: P4, ..case() }, too_sensitive(P4, P3)),
        ("guard", ResourceFacts { sensitivity: P3, ..case() }, full()),
        ("guard", ResourceFacts { sensitivity: P4, ..case() }, Err(Reason::Sealed)),
        ("guard", ResourceFacts { sensitivity: P4, assigned: &somebody, ..case() }, Err(Reason::Sealed)),
        ("guard", ResourceFacts { sensitivity: P4, assigned: &over, ..case() }, Err(Reason::Sealed)),
        ("guard", ResourceFacts { sensitivity: P4, assigned: &named, ..case() }, full()),
        ("examiner", case(), Err(Reason::Purpose)),
        ("administrator", case(), Err(Reason::NotPermitted)),
        ("treasurer", case(), Err(Reason::Forbidden)),
    ] {
        let decision = ask(&authority, &staff(&authority, role), "read", "work", &facts);
        assert_eq!(outcome(&decision, &authority), expected, "{role} {facts:?}");
    }
}

#[test]
fn supervisors_see_counts_of_what_is_sealed_and_nothing_else() {
    let authority = authority();
    let inspector = staff(&authority, "inspector");
    let sealed = ResourceFacts { sensitivity: P4, ..case() };
    let counted = ask(&authority, &inspector, "count", "work", &sealed);
    let allowed = counted.allowed().unwrap();
    assert_eq!(outcome(&counted, &authority), Ok("count".into()));
    assert_eq!(allowed.obligations, [Obligation::LogAccess, Obligation::SuppressCountsBelow(5)]);
    for field in ["name", "income", "town"] {
        assert_eq!(allowed.form(&authority, authority.field(field).unwrap()), Form::Hidden);
    }
    let read = ask(&authority, &inspector, "read", "examination", &sealed);
    assert_eq!(read.denied(), Some(&Reason::TooSensitive { asked: P4, up_to: P3 }));
}

#[test]
fn a_mask_hides_what_is_more_sensitive_than_the_permit() {
    let authority = authority();
    let (clerk, field) = (staff(&authority, "clerk"), |name| authority.field(name).unwrap());
    let decision = ask(&authority, &clerk, "read", "work", &case());
    let allowed = decision.allowed().unwrap();
    assert_eq!(allowed.form(&authority, field("name")), Form::Masked);
    assert_eq!(allowed.form(&authority, field("income")), Form::Hidden);
    let named = assigned();
    let facts = ResourceFacts { assigned: &named, ..case() };
    let decision = ask(&authority, &clerk, "read", "work", &facts);
    let allowed = decision.allowed().unwrap();
    assert_eq!(allowed.form(&authority, field("income")), Form::Whole);
    assert_eq!((allowed.up_to, allowed.obligations.as_slice()), (P3, &[Obligation::LogAccess][..]));
}

#[test]
fn relatives_and_oneself_are_barred_and_so_is_who_delegated() {
    let authority = authority();
    let clerk = staff(&authority, "clerk");
    let lent = post(&authority, "clerk", OTHER, TOWN)
        .delegate(&authority, &areas(), terms(ACTOR, TOWN, &[CHILDREN]))
        .unwrap();
    let delegate = Actor::staff(ACTOR, LoginId(1), vec![lent.clone()]);
    let both = Actor::staff(ACTOR, LoginId(1), vec![lent, post(&authority, "clerk", ACTOR, TOWN)]);
    let partial = || Ok("partial".to_string());
    let with = |parties, kin| ResourceFacts { parties: Some(parties), kin: Some(kin), ..case() };
    for (what, actor, facts, expected) in [
        ("a relative", &clerk, with(&[RESIDENT], &[ACTOR]), Err(Reason::Kin)),
        ("somebody else's relative", &clerk, with(&[RESIDENT], &[OTHER]), partial()),
        ("in the household", &clerk, with(&[RESIDENT, ACTOR], &[]), Err(Reason::OwnCase)),
        ("the applicant", &clerk, ResourceFacts { applicant: Some(ACTOR), ..case() }, Err(Reason::OwnCase)),
        ("about them", &clerk, ResourceFacts { about: Some(ACTOR), ..case() }, Err(Reason::OwnCase)),
        ("kin not looked up", &clerk, ResourceFacts { kin: None, ..case() }, Err(Reason::Unknown(Fact::Kin))),
        (
            "parties not looked up",
            &clerk,
            ResourceFacts { parties: None, ..case() },
            Err(Reason::Unknown(Fact::Parties)),
        ),
        ("a delegate", &delegate, case(), partial()),
        ("whose principal is a relative", &delegate, with(&[RESIDENT], &[OTHER]), Err(Reason::Kin)),
        ("whose principal is a party", &delegate, with(&[OTHER], &[]), Err(Reason::OwnCase)),
        ("with a post of their own as well", &both, with(&[RESIDENT], &[OTHER]), partial()),
        (
            "a relative elsewhere learns nothing",
            &clerk,
            ResourceFacts { area: Some(OTHER_TOWN), ..with(&[RESIDENT], &[ACTOR]) },
            Err(Reason::OutOfReach),
        ),
    ] {
        let decision = ask(&authority, actor, "read", "work", &facts);
        assert_eq!(outcome(&decision, &authority), expected, "{what}");
    }
}

#[test]
fn residents_reach_their_own_their_wards_and_what_members_let_them_see() {
    let authority = authority();
    let days = Days::between(ON, ON);
    let resident = Actor::resident(ACTOR, LoginId(1));
    let acting = |kind| [Representation { by: ACTOR, of: RESIDENT, kind, days }];
    let (ward, helped) = (acting(RepresentationKind::Guardian), acting(RepresentationKind::Helper));
    let over = [Representation { days: Days::between(ON.add_days(1), ON.add_days(2)), ..ward[0] }];
    let consent = [Consent { by: RESIDENT, to: ACTOR, days }];
    let other_way = [Consent { by: ACTOR, to: RESIDENT, days }];
    let apart = [(RESIDENT, ACTOR)];
    let stranger = ResourceFacts { sensitivity: P3, ..case() };
    let member = ResourceFacts { applicant: Some(ACTOR), parties: Some(&[ACTOR, RESIDENT]), ..stranger };
    let (full, totals) = (|| Ok("full".to_string()), || Ok("totals".to_string()));
    for (what, facts, expected) in [
        ("a stranger's", stranger, Err(Reason::OutOfReach)),
        ("their own", ResourceFacts { about: Some(ACTOR), ..stranger }, full()),
        (
            "their own, not looked up who is kept apart",
            ResourceFacts { about: Some(ACTOR), kept_apart: None, ..stranger },
            full(),
        ),
        (
            "their own, sealed",
            ResourceFacts { about: Some(ACTOR), sensitivity: P4, ..stranger },
            Err(Reason::TooSensitive { asked: P4, up_to: P3 }),
        ),
        ("a ward's", ResourceFacts { representations: &ward, ..stranger }, full()),
        ("a former ward's", ResourceFacts { representations: &over, ..stranger }, Err(Reason::OutOfReach)),
        (
            "a ward's, kept apart",
            ResourceFacts { representations: &ward, kept_apart: Some(&apart), ..stranger },
            Err(Reason::KeptApart),
        ),
        (
            "a ward's, not looked up",
            ResourceFacts { representations: &ward, kept_apart: None, ..stranger },
            Err(Reason::Unknown(Fact::KeptApart)),
        ),
        ("one they help", ResourceFacts { representations: &helped, ..stranger }, full()),
        ("a member's", member, totals()),
        ("a member's who consents", ResourceFacts { consents: &consent, ..member }, full()),
        ("a member's, consent the other way", ResourceFacts { consents: &other_way, ..member }, totals()),
        (
            "a member's, kept apart, although they consent",
            ResourceFacts { consents: &consent, kept_apart: Some(&apart), ..member },
            Err(Reason::KeptApart),
        ),
        (
            "a member's, who does not apply",
            ResourceFacts { applicant: Some(OTHER), ..member },
            Err(Reason::OutOfReach),
        ),
        (
            "somebody's outside the household",
            ResourceFacts { parties: Some(&[ACTOR]), ..member },
            Err(Reason::OutOfReach),
        ),
    ] {
        let decision = ask(&authority, &resident, "own_read", "own", &facts);
        assert_eq!(outcome(&decision, &authority), expected, "{what}");
    }
    // Signed in as staff they have no affairs of their own, and as a resident no post.
    let own = ResourceFacts { about: Some(ACTOR), ..case() };
    let on_post = ask(&authority, &staff(&authority, "clerk"), "own_read", "own", &own);
    assert_eq!(on_post.denied(), Some(&Reason::NotPermitted));
    let mut mixed = staff(&authority, "clerk");
    mixed.capacity = crate::authority::Capacity::Resident;
    assert_eq!(ask(&authority, &mixed, "read", "work", &case()).denied(), Some(&Reason::NotPermitted));
}

#[test]
fn a_duty_is_taken_by_the_person_and_who_delegated_and_not_beside_a_separate_one() {
    let authority = authority();
    let duty = |name| authority.duty(name).unwrap();
    let taken = |person, name| [Taken { cycle: CASE, person, duty: duty(name) }];
    let examiner = staff(&authority, "examiner");
    let free = ask(&authority, &examiner, "opine", "examination", &case());
    assert_eq!(free.allowed().unwrap().duty, Some((duty("opine"), vec![ACTOR])));
    let (mine, theirs) = (taken(ACTOR, "intake"), taken(OTHER, "intake"));
    let conflict = |person| {
        Reason::Duty(crate::separation::Conflict { person, done: duty("intake"), asked: duty("opine") })
    };
    let with = |taken| ResourceFacts { taken, ..case() };
    let denied = ask(&authority, &examiner, "opine", "examination", &with(Some(&mine)));
    assert_eq!(denied.denied(), Some(&conflict(ACTOR)));
    assert!(ask(&authority, &examiner, "opine", "examination", &with(Some(&theirs))).allowed().is_some());
    let not_looked_up = ask(&authority, &examiner, "opine", "examination", &with(None));
    assert_eq!(not_looked_up.denied(), Some(&Reason::Unknown(Fact::Taken)));
    let no_case =
        ask(&authority, &examiner, "opine", "examination", &ResourceFacts { matter: None, ..case() });
    assert_eq!(no_case.denied(), Some(&Reason::Unknown(Fact::Matter)));
    // Reading takes no duty, whatever was done.
    assert!(ask(&authority, &examiner, "read", "examination", &with(Some(&mine))).allowed().is_some());

    let lent = post(&authority, "examiner", OTHER, TOWN)
        .delegate(&authority, &areas(), terms(ACTOR, TOWN, &[CHILDREN]))
        .unwrap();
    let delegate = Actor::staff(ACTOR, LoginId(1), vec![lent]);
    let allowed = ask(&authority, &delegate, "opine", "examination", &case());
    assert_eq!(allowed.allowed().unwrap().duty, Some((duty("opine"), vec![ACTOR, OTHER])));
    let denied = ask(&authority, &delegate, "opine", "examination", &with(Some(&theirs)));
    assert_eq!(denied.denied(), Some(&conflict(OTHER)));
}

#[test]
fn nobody_releases_a_batch_without_a_second_factor_or_after_a_hand_in_its_cases() {
    let authority = authority();
    let mut signer = staff(&authority, "treasurer");
    let batch = ResourceFacts { subject: Some(AID), ..case() };
    let sign = |signer: &Actor, facts: &ResourceFacts<'_>| {
        ask(&authority, signer, "batch_sign", "work", facts).denied().copied()
    };
    assert_eq!(sign(&signer, &batch), Some(Reason::StepUp { minutes: 5 }));
    signer.stepped_up = Some(Moment(AT.0 - 301));
    assert_eq!(sign(&signer, &batch), Some(Reason::StepUp { minutes: 5 }));
    signer.stepped_up = Some(Moment(AT.0 - 300));
    assert_eq!(sign(&signer, &batch), None);
    let (mine, theirs) = ([ACTOR], [OTHER]);
    let hands = |hands_in_cases| ResourceFacts { hands_in_cases, ..batch };
    assert_eq!(sign(&signer, &hands(Some(&mine))), Some(Reason::HandInCases));
    assert_eq!(sign(&signer, &hands(Some(&theirs))), None);
    assert_eq!(sign(&signer, &hands(None)), Some(Reason::Unknown(Fact::HandsInCases)));
    let prepared = [Taken { cycle: CASE, person: ACTOR, duty: authority.duty("prepare").unwrap() }];
    let after = sign(&signer, &ResourceFacts { taken: Some(&prepared), ..batch });
    assert!(matches!(after, Some(Reason::Duty(_))));
    // Denied for another reason, nobody is asked for the second factor.
    signer.stepped_up = None;
    assert_eq!(sign(&signer, &ResourceFacts { area: Some(OTHER_TOWN), ..batch }), Some(Reason::OutOfReach));
}

#[test]
fn what_is_rationed_ends_for_the_day_and_asks_for_the_second_factor_before() {
    let authority = authority();
    let named = assigned();
    let facts = ResourceFacts { assigned: &named, ..case() };
    let mut clerk = staff(&authority, "clerk");
    for (done, stepped_up, expected) in [
        (0, None, None),
        (19, None, None),
        (20, None, Some(Reason::StepUp { minutes: 5 })),
        (20, Some(AT), None),
        (49, Some(AT), None),
        (50, Some(AT), Some(Reason::UsedUp { a_day: 50 })),
    ] {
        (clerk.rationed_today, clerk.stepped_up) = (done, stepped_up);
        let denied = ask(&authority, &clerk, "show", "work", &facts).denied().copied();
        assert_eq!(denied, expected, "{done}");
    }
}

#[test]
fn tickets_are_somebody_else_s_dated_and_for_a_place_subject_or_matter() {
    let authority = authority();
    let good = Ticket {
        id: PaperId(1),
        person: ACTOR,
        issued_by: OTHER,
        area: TOWN,
        subjects: vec![CHILDREN],
        matter: None,
        days: Days::between(ON, ON),
    };
    let missing = Err(Reason::Missing(Need::Ticket));
    let full = || Ok("full".to_string());
    for (what, ticket, expected) in [
        ("as issued", good.clone(), full()),
        ("for this case", Ticket { matter: Some(CASE.matter), ..good.clone() }, full()),
        (
            "for another case",
            Ticket { matter: Some(crate::id::MatterId(1)), ..good.clone() },
            missing.clone(),
        ),
        ("for another town", Ticket { area: OTHER_TOWN, ..good.clone() }, missing.clone()),
        ("for another subject", Ticket { subjects: vec![AID], ..good.clone() }, missing.clone()),
        ("their own", Ticket { issued_by: ACTOR, ..good.clone() }, missing.clone()),
        ("another's", Ticket { person: OTHER, ..good.clone() }, missing.clone()),
        (
            "of yesterday",
            Ticket { days: Days::between(ON.add_days(-1), ON.add_days(-1)), ..good.clone() },
            missing,
        ),
    ] {
        let mut inspector = staff(&authority, "inspector");
        inspector.tickets = vec![ticket];
        let decision = ask(&authority, &inspector, "read", "examination", &case());
        assert_eq!(outcome(&decision, &authority), expected, "{what}");
    }
}

#[test]
fn other_ways_to_reach_a_thing() {
    let authority = authority();
    let days = Days::between(ON, ON);
    let clerk = staff(&authority, "clerk");
    let far = ResourceFacts { area: Some(OTHER_VILLAGE), sensitivity: P3, ..case() };
    let unit = clerk.posts[0].unit();
    let (letter, old) = (
        [Cooperation { unit, days }],
        [Cooperation { unit, days: Days::between(ON.add_days(1), ON.add_days(1)) }],
    );
    let other_unit = [Cooperation { unit: UnitId(1), days }];
    for (letters, allowed) in [(&letter, true), (&old, false), (&other_unit, false)] {
        let facts = ResourceFacts { cooperation: letters, ..far };
        assert_eq!(ask(&authority, &clerk, "read", "work", &facts).allowed().is_some(), allowed);
    }
    let reported = ResourceFacts { reporter: Some(ACTOR), ..case() };
    for (facts, allowed) in [
        (reported, true),
        (ResourceFacts { reporter: Some(OTHER), ..case() }, false),
        (ResourceFacts { area: Some(OTHER_TOWN), ..reported }, false),
    ] {
        assert_eq!(ask(&authority, &clerk, "note", "work", &facts).allowed().is_some(), allowed);
    }
    let role = post(&authority, "partner", ACTOR, TOWN);
    let partner = Actor::interface(ACTOR, LoginId(1), vec![role], vec![ContractId(7)]);
    for (contract, allowed) in [(Some(ContractId(7)), true), (Some(ContractId(8)), false), (None, false)] {
        let facts = ResourceFacts { contract, sensitivity: P3, ..case() };
        assert_eq!(ask(&authority, &partner, "check", "examination", &facts).allowed().is_some(), allowed);
    }
}

#[test]
fn nobody_appoints_themself_and_no_administrator_touches_what_is_personal() {
    let authority = authority();
    let administrator = staff(&authority, "administrator");
    let of =
        |about, sensitivity| ResourceFacts { about: Some(about), sensitivity, ..ResourceFacts::default() };
    for (facts, expected) in [
        (of(OTHER, P1), None),
        (of(ACTOR, P1), Some(Reason::OnOneself)),
        (of(OTHER, P2), Some(Reason::TooSensitive { asked: P2, up_to: P1 })),
    ] {
        let decision = ask(&authority, &administrator, "appoint", "administration", &facts);
        assert_eq!(decision.denied().copied(), expected);
    }
    // With a business post beside it, the forbid stands in the way of the other post's permit.
    let mut both = staff(&authority, "clerk");
    assert!(ask(&authority, &both, "read", "work", &case()).allowed().is_some());
    both.posts.push(post(&authority, "administrator", ACTOR, TOWN));
    assert_eq!(ask(&authority, &both, "read", "work", &case()).denied(), Some(&Reason::Forbidden));
    both.posts[1] = both.posts[1].clone().ended(ON.add_days(-1));
    assert!(ask(&authority, &both, "read", "work", &case()).allowed().is_some());
}

#[test]
fn another_unit_reviews() {
    let authority = authority();
    let examiner = staff(&authority, "examiner");
    let own = examiner.posts[0].unit();
    for (unit, expected) in [
        (Some(UnitId(1)), None),
        (Some(own), Some(Reason::SameUnit)),
        (None, Some(Reason::Unknown(Fact::Unit))),
    ] {
        let decision = ask(&authority, &examiner, "judge", "examination", &ResourceFacts { unit, ..case() });
        assert_eq!(decision.denied().copied(), expected);
    }
}

#[test]
fn a_check_needs_its_authorisation() {
    let authority = authority();
    let examiner = staff(&authority, "examiner");
    let paper = [Authorisation {
        id: PaperId(1),
        signer: RESIDENT,
        covers: &[RESIDENT],
        sources: &[SourceId(0)],
        days: Days::between(ON, ON),
        revoked: None,
    }];
    let facts = ResourceFacts { source: Some(SourceId(0)), authorisations: &paper, ..case() };
    assert!(ask(&authority, &examiner, "check", "examination", &facts).allowed().is_some());
    let without = ResourceFacts { authorisations: &[], ..facts };
    let decision = ask(&authority, &examiner, "check", "examination", &without);
    assert_eq!(decision.denied(), Some(&Reason::Missing(Need::Authorisation)));
}

#[test]
fn a_service_takes_away_and_one_not_named_is_under_all_that_is_taken() {
    let authority = narrowed();
    let examiner = staff(&authority, "examiner");
    let strict = authority.service("strict");
    let named = assigned();
    use crate::resource::ServiceOf::{Core, Unknown};
    let (full, partial) = (|| Ok("full".to_string()), || Ok("partial".to_string()));
    for (action, service, assigned, sensitivity, expected) in [
        ("read", Core, &[][..], P3, full()),
        ("read", strict, &[], P2, Err(Reason::Missing(Need::Assignment))),
        ("read", strict, &named, P2, partial()),
        ("read", Unknown, &named, P2, partial()),
        ("read", strict, &named, P3, Err(Reason::TooSensitive { asked: P3, up_to: P2 })),
        ("confirm", Core, &[], P2, full()),
        ("confirm", strict, &[], P2, Err(Reason::ForbiddenHere)),
        ("confirm", Unknown, &[], P2, Err(Reason::ForbiddenHere)),
        ("review", strict, &[], P2, full()),
    ] {
        let facts = ResourceFacts { service, assigned, sensitivity, ..case() };
        let decision = ask(&authority, &examiner, action, "examination", &facts);
        assert_eq!(outcome(&decision, &authority), expected, "{action} {service:?}");
    }
    let facts = ResourceFacts { service: strict, assigned: &named, ..case() };
    let decision = ask(&authority, &examiner, "read", "examination", &facts);
    assert!(decision.allowed().unwrap().obligations.contains(&Obligation::GiveReason));
}

#[test]
fn every_reason_has_its_sentences_and_conceals_what_it_should() {
    let authority = authority();
    let conflict = crate::separation::Conflict {
        person: ACTOR,
        done: crate::authority::DutyId(0),
        asked: crate::authority::DutyId(1),
    };
    let cap = Some(Money::from_fen(50_000));
    for (reason, conceals) in [
        (Reason::NotPermitted, false),
        (Reason::NoPost, false),
        (Reason::Purpose, false),
        (Reason::OutOfReach, true),
        (Reason::Subject { asked: None }, true),
        (Reason::TooSensitive { asked: P3, up_to: P2 }, false),
        (Reason::Sealed, true),
        (Reason::Missing(Need::Ticket), false),
        (Reason::Missing(Need::Consent), false),
        (Reason::Missing(Need::Authorisation), false),
        (Reason::Missing(Need::Assignment), true),
        (Reason::Unknown(Fact::Kin), true),
        (Reason::Forbidden, false),
        (Reason::ForbiddenHere, false),
        (Reason::OnOneself, false),
        (Reason::OwnCase, false),
        (Reason::Kin, false),
        (Reason::KeptApart, true),
        (Reason::SameUnit, false),
        (Reason::HandInCases, false),
        (Reason::AboveCap { cap }, false),
        (Reason::AboveCap { cap: None }, false),
        (Reason::Duty(conflict), false),
        (Reason::StepUp { minutes: 5 }, false),
        (Reason::UsedUp { a_day: 50 }, false),
        (Reason::BreakGlass(BreakGlassRefusal::NoRule), false),
        (Reason::BreakGlass(BreakGlassRefusal::NotTheirs), false),
        (Reason::BreakGlass(BreakGlassRefusal::Purpose), false),
        (Reason::BreakGlass(BreakGlassRefusal::Reason { least: 10 }), false),
        (Reason::BreakGlass(BreakGlassRefusal::StepUp { minutes: 5 }), false),
        (Reason::BreakGlass(BreakGlassRefusal::Over { minutes: 30 }), false),
        (Reason::BreakGlass(BreakGlassRefusal::TooMany { a_day: 5 }), false),
        (Reason::BreakGlass(BreakGlassRefusal::Suspended), false),
    ] {
        assert_eq!(reason.conceals(), conceals, "{reason:?}");
        assert!(reason.zh(&authority).ends_with('。'), "{reason:?}");
        assert!(reason.en(&authority).ends_with('.'), "{reason:?}");
    }
    // That two are kept apart is told in the words in which nothing is told.
    assert_eq!(Reason::KeptApart.zh(&authority), Reason::OutOfReach.zh(&authority));
    assert_eq!(Reason::KeptApart.en(&authority), Reason::OutOfReach.en(&authority));
    assert!(Reason::Duty(conflict).zh(&authority).contains("《intake》"));
    assert!(Reason::AboveCap { cap }.en(&authority).contains("500"));
}
