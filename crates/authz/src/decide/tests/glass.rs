//! What a broken glass opens, and what it does not.
use super::*;

pub(super) fn glass(subject: crate::authority::SubjectId, authority: &Authority) -> BreakGlass {
    BreakGlass {
        person: ACTOR,
        about: RESIDENT,
        subject,
        purpose: authority.purpose("emergency").unwrap(),
        reason: "走失儿童，需立即联系家人。".into(),
        opened: Moment(AT.0 - 60),
        stepped_up: Moment(AT.0 - 120),
        opened_today: 1,
        review_overdue: false,
    }
}

#[test]
fn a_broken_glass_opens_one_sealed_file_and_lifts_no_bar() {
    let authority = authority();
    let mut guard = staff(&authority, "guard");
    let sealed = ResourceFacts { sensitivity: P4, ..case() };
    let denied = ask(&authority, &guard, "read", "emergency", &sealed);
    assert_eq!(denied.denied(), Some(&Reason::Purpose));
    guard.break_glass = Some(glass(CHILDREN, &authority));
    let decision = ask(&authority, &guard, "read", "emergency", &sealed);
    let allowed = decision.allowed().unwrap();
    assert_eq!(
        allowed.obligations,
        [
            Obligation::LogAccess,
            Obligation::NotifySupervisor,
            Obligation::NotifyResidentWithinHours(24),
            Obligation::ReviewWithinWorkingDays(3)
        ]
    );
    assert_eq!(allowed.permit, None);
    let other_person = ResourceFacts { about: Some(OTHER), ..sealed };
    let kin = ResourceFacts { kin: Some(&[ACTOR]), ..sealed };
    let elsewhere = ResourceFacts { area: Some(OTHER_TOWN), ..sealed };
    let other_subject = ResourceFacts { subject: Some(AID), ..sealed };
    for (facts, expected) in [
        (other_person, Reason::OutOfReach),
        (elsewhere, Reason::OutOfReach),
        (other_subject, Reason::Subject { asked: Some(AID) }),
        (kin, Reason::Kin),
    ] {
        assert_eq!(ask(&authority, &guard, "read", "emergency", &facts).denied(), Some(&expected));
    }
    // A post without the subject, or a role the rule does not name, opens nothing.
    guard.break_glass = Some(glass(AID, &authority));
    assert!(ask(&authority, &guard, "read", "emergency", &other_subject).denied().is_some());
    let mut examiner = staff(&authority, "examiner");
    examiner.break_glass = Some(glass(CHILDREN, &authority));
    assert!(ask(&authority, &examiner, "read", "emergency", &sealed).denied().is_some());
    guard.break_glass = Some(BreakGlass { opened_today: 6, ..glass(CHILDREN, &authority) });
    let refused = ask(&authority, &guard, "read", "emergency", &sealed);
    let too_many = Reason::BreakGlass(BreakGlassRefusal::TooMany { a_day: 5 });
    assert_eq!(refused.denied(), Some(&too_many));
    // Not for what the rule does not name.
    guard.break_glass = Some(glass(CHILDREN, &authority));
    assert_eq!(ask(&authority, &guard, "opine", "emergency", &sealed).denied(), Some(&Reason::NotPermitted));
}

#[test]
fn urgent_aid_by_a_broken_glass_keeps_to_the_cap() {
    let authority = authority();
    let areas = areas();
    let mut guard = staff(&authority, "guard");
    guard.break_glass = Some(glass(CHILDREN, &authority));
    let (aid, emergency) = (authority.action("aid").unwrap(), authority.purpose("emergency").unwrap());
    let yuan = |yuan: i64| Money::from_fen(yuan * 100);
    for (cap, amount, expected) in [
        (Some(yuan(500)), Some(yuan(500)), None),
        (Some(yuan(500)), Some(yuan(501)), Some(Reason::AboveCap { cap: Some(yuan(500)) })),
        (Some(yuan(500)), None, Some(Reason::Unknown(Fact::Amount))),
        (None, Some(yuan(1)), Some(Reason::AboveCap { cap: None })),
    ] {
        let ctx = Ctx { urgent_cap: cap, ..ctx(&authority, &areas) };
        let facts = ResourceFacts { amount, ..case() };
        assert_eq!(decide(&guard, aid, &facts, emergency, &ctx).denied().copied(), expected);
    }
    // In the ordinary way no cap is asked for.
    let clerk = staff(&authority, "clerk");
    assert!(ask(&authority, &clerk, "aid", "work", &case()).allowed().is_some());
    // Somebody who may read anyway does not use up the glass.
    let mut clerk = staff(&authority, "clerk");
    clerk.break_glass = Some(glass(CHILDREN, &authority));
    let named = assigned();
    let facts = ResourceFacts { assigned: &named, ..case() };
    let decision = ask(&authority, &clerk, "read", "emergency", &facts);
    assert!(decision.allowed().unwrap().permit.is_some());
}
