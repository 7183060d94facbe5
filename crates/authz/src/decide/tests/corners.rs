//! Corners: facts that are absent, permits side by side, limits met exactly. Each stands for a slip that no other test
//! would notice.

use super::glass::glass;
use super::*;
use crate::authority::{Forbid, MaskId, Narrowing, Parts, PermitId, Reach, RoleId, Service, Why};
use crate::sample::{VILLAGE, parts};

/// The sample with a change, and a permit added to a role: action, reach, needs, mask, the most sensitive.
fn changed(change: impl FnOnce(&mut Parts)) -> Authority {
    let mut parts = parts();
    change(&mut parts);
    Authority::new(parts).unwrap_or_else(|flaws| panic!("{flaws:#?}"))
}

#[test]
fn a_ticket_covers_only_what_is_known_to_be_covered() {
    // Where the reach asks for no area and subject, the ticket still does.
    let authority = changed(|p| p.permits[13].reach = vec![Reach::Anywhere]);
    let ticket = Ticket {
        id: PaperId(1),
        person: ACTOR,
        issued_by: OTHER,
        area: TOWN,
        subjects: vec![CHILDREN],
        matter: Some(CASE.matter),
        days: Days::between(ON, ON),
    };
    let mut inspector = staff(&authority, "inspector");
    inspector.tickets = vec![ticket];
    for (facts, allowed) in [
        (case(), true),
        (ResourceFacts { area: None, ..case() }, false),
        (ResourceFacts { subject: None, ..case() }, false),
        (ResourceFacts { matter: None, ..case() }, false),
    ] {
        let decision = ask(&authority, &inspector, "read", "examination", &facts);
        assert_eq!(decision.allowed().is_some(), allowed, "{facts:?}");
    }
}

#[test]
fn consent_is_by_the_member_to_the_applicant() {
    let authority = authority();
    let resident = Actor::resident(ACTOR, LoginId(1));
    let days = Days::between(ON, ON);
    let member = ResourceFacts {
        applicant: Some(ACTOR),
        parties: Some(&[ACTOR, RESIDENT, OTHER]),
        sensitivity: P3,
        ..case()
    };
    let totals = Ok("totals".to_string());
    for (by, to, days, shown) in [
        (RESIDENT, ACTOR, days, Ok("full".to_string())),
        (RESIDENT, OTHER, days, totals.clone()),
        (OTHER, ACTOR, days, totals.clone()),
        (RESIDENT, ACTOR, Days::between(ON.add_days(1), ON.add_days(1)), totals),
    ] {
        let consents = [Consent { by, to, days }];
        let facts = ResourceFacts { consents: &consents, ..member };
        let decision = ask(&authority, &resident, "own_read", "own", &facts);
        assert_eq!(outcome(&decision, &authority), shown, "{by:?} to {to:?}");
    }
    let unknown = ResourceFacts { parties: None, ..member };
    let about_nobody = ResourceFacts { about: None, ..member };
    for facts in [unknown, about_nobody] {
        let denied = ask(&authority, &resident, "own_read", "own", &facts);
        assert_eq!(denied.denied(), Some(&Reason::OutOfReach));
    }
    // Even with a consent at hand, what is about nobody is nobody's to consent to.
    let authority = changed(|p| {
        let by_consent = p.permits[2].clone();
        p.narrow_all(by_consent.role, by_consent.actions[0], Need::Consent);
    });
    let service = authority.service("strict");
    let consents = [Consent { by: RESIDENT, to: ACTOR, days }];
    let facts = ResourceFacts { about: Some(ACTOR), consents: &consents, service, ..case() };
    let decision = ask(&authority, &resident, "own_read", "own", &facts);
    assert_eq!(decision.denied(), Some(&Reason::Missing(Need::Consent)));
}

impl Parts {
    /// A service that asks for something more of a role's action.
    fn narrow_all(&mut self, role: RoleId, action: ActionId, need: Need) {
        let row =
            Narrowing { roles: vec![role], actions: vec![action], needs: vec![need], ..Narrowing::default() };
        self.services = vec![Service { name: "strict".into(), sets: vec![], narrowings: vec![row] }];
    }
}

#[test]
fn a_broken_glass_lifts_the_assignment_a_service_asks_for_and_not_its_ticket() {
    for (need, allowed) in [(Need::Assignment, true), (Need::Ticket, false)] {
        let authority = changed(|p| p.narrow_all(RoleId(3), ActionId(0), need));
        let mut guard = staff(&authority, "guard");
        guard.break_glass = Some(glass(CHILDREN, &authority));
        let facts = ResourceFacts { sensitivity: P4, service: authority.service("strict"), ..case() };
        let decision = ask(&authority, &guard, "read", "emergency", &facts);
        assert_eq!(decision.allowed().is_some(), allowed, "{need:?}");
    }
    // And it keeps to what its purpose reaches.
    let authority = changed(|p| p.purposes[3].up_to = P3);
    let mut guard = staff(&authority, "guard");
    guard.break_glass = Some(glass(CHILDREN, &authority));
    let sealed = ResourceFacts { sensitivity: P4, ..case() };
    assert_eq!(
        ask(&authority, &guard, "read", "emergency", &sealed).denied(),
        Some(&Reason::TooSensitive { asked: P4, up_to: P3 })
    );
}

#[test]
fn who_delegated_the_signature_must_not_have_had_a_hand_in_the_cases_either() {
    let authority = changed(|p| {
        let mut permit = p.permits[15].clone();
        permit.role = RoleId(1);
        p.permits.push(permit);
    });
    let lent = post(&authority, "clerk", OTHER, TOWN)
        .delegate(&authority, &areas(), terms(ACTOR, TOWN, &[CHILDREN]))
        .unwrap();
    let mut delegate = Actor::staff(ACTOR, LoginId(1), vec![lent]);
    delegate.stepped_up = Some(AT);
    let (mine, theirs) = ([ACTOR], [OTHER]);
    for (hands, denied) in
        [(&[][..], None), (&mine, Some(Reason::HandInCases)), (&theirs, Some(Reason::HandInCases))]
    {
        let facts = ResourceFacts { hands_in_cases: Some(hands), ..case() };
        let decision = ask(&authority, &delegate, "batch_sign", "work", &facts);
        assert_eq!(decision.denied().copied(), denied);
    }
}

/// Which permit serves, when a clerk may read an area's cases by `first` as well as by a second row.
fn serving(first: (usize, Sensitivity), second: (usize, Sensitivity)) -> (MaskId, Sensitivity) {
    let authority = changed(|p| {
        p.masks[2].shows = vec![(FieldId(0), Form::Masked), (FieldId(2), Form::Whole)];
        let permit = |(mask, up_to): (usize, Sensitivity)| crate::authority::Permit {
            mask: MaskId(mask),
            up_to,
            ..p.permits[4].clone()
        };
        let rows = [permit(first), permit(second)];
        p.permits.splice(4..5, rows);
    });
    let decision = ask(&authority, &staff(&authority, "clerk"), "read", "work", &case());
    let allowed = decision.allowed().unwrap();
    (allowed.mask, allowed.up_to)
}

#[test]
fn of_several_permits_the_one_that_shows_more_serves_and_else_the_first() {
    let (totals, partial, full) = (1, 2, 3);
    for (first, second, serves) in [
        // Of two masks of which neither shows more, the first.
        ((totals, P3), (partial, P2), (totals, P3)),
        ((totals, P2), (partial, P3), (totals, P2)),
        ((partial, P3), (full, P2), (full, P2)),
        ((full, P2), (partial, P3), (full, P2)),
    ] {
        assert_eq!(serving(first, second), (MaskId(serves.0), serves.1), "{first:?} {second:?}");
    }
    // Of two that give the same, the first.
    let authority = changed(|p| p.permits[3].then = vec![Obligation::GiveReason]);
    let named = assigned();
    let letter = [Cooperation { unit: UnitId(100 + TOWN.0), days: Days::between(ON, ON) }];
    let facts = ResourceFacts { assigned: &named, cooperation: &letter, ..case() };
    let decision = ask(&authority, &staff(&authority, "clerk"), "read", "work", &facts);
    assert_eq!(decision.allowed().unwrap().scope.clauses()[0].reach, Reach::Assigned);
    // Of one mask, the one that reaches further: assigned by name, and in the area.
    for (assigned_to, area_to) in [(P3, P2), (P2, P3)] {
        let authority = changed(|p| {
            p.permits[3].up_to = assigned_to;
            p.permits[4].up_to = area_to;
            p.permits[4].mask = MaskId(3);
            p.permits[4].then = vec![Obligation::TwoVisitors];
        });
        let named = assigned();
        let facts = ResourceFacts { assigned: &named, ..case() };
        let decision = ask(&authority, &staff(&authority, "clerk"), "read", "work", &facts);
        let allowed = decision.allowed().unwrap();
        assert_eq!((allowed.up_to, allowed.mask), (P3, MaskId(3)));
        let by = if assigned_to == P3 { PermitId(3) } else { PermitId(4) };
        assert_eq!(allowed.permit, Some(by));
    }
}

#[test]
fn two_packs_that_show_different_things_show_nothing_where_the_service_is_not_known() {
    let authority = changed(|p| {
        let row = |mask| Narrowing {
            roles: vec![RoleId(2)],
            actions: vec![ActionId(0)],
            mask: Some(MaskId(mask)),
            ..Narrowing::default()
        };
        let service =
            |name: &str, mask| Service { name: name.into(), sets: vec![], narrowings: vec![row(mask)] };
        p.services = vec![service("one", 1), service("two", 2)];
    });
    let examiner = staff(&authority, "examiner");
    for (service, shown) in [
        (authority.service("one"), Ok("totals".to_string())),
        (authority.service("two"), Ok("partial".to_string())),
        (crate::resource::ServiceOf::Unknown, Err(Reason::ForbiddenHere)),
    ] {
        let facts = ResourceFacts { service, ..case() };
        let decision = ask(&authority, &examiner, "read", "examination", &facts);
        assert_eq!(outcome(&decision, &authority), shown);
    }
    // A wider mask of another pack changes nothing.
    let authority = changed(|p| {
        let row = |mask: usize| Narrowing {
            roles: vec![RoleId(2)],
            actions: vec![ActionId(0)],
            mask: Some(MaskId(mask)),
            ..Narrowing::default()
        };
        p.masks[2].shows = vec![(FieldId(0), Form::Masked)];
        p.masks[1].shows = vec![];
        p.services = vec![Service { name: "both".into(), sets: vec![], narrowings: vec![row(1), row(2)] }];
    });
    let facts = ResourceFacts { service: authority.service("both"), ..case() };
    let decision = ask(&authority, &staff(&authority, "examiner"), "read", "examination", &facts);
    assert_eq!(outcome(&decision, &authority), Ok("totals".into()));
}

#[test]
fn of_two_forbids_the_lower_holds() {
    let authority = changed(|p| {
        let forbid =
            |from| Forbid { roles: vec![RoleId(5)], actions: vec![ActionId(9)], from, why: Why::default() };
        p.forbids[1].actions.retain(|action| *action != ActionId(9));
        p.forbids.extend([forbid(P4), forbid(P2)]);
    });
    let mut clerk = staff(&authority, "clerk");
    clerk.posts.push(post(&authority, "treasurer", ACTOR, TOWN));
    let named = assigned();
    for (sensitivity, denied) in [(P1, None), (P2, Some(Reason::Forbidden)), (P3, Some(Reason::Forbidden))] {
        let facts = ResourceFacts { assigned: &named, sensitivity, area: Some(VILLAGE), ..case() };
        let decision = ask(&authority, &clerk, "note", "work", &facts);
        assert_eq!(decision.denied().copied(), denied, "{sensitivity:?}");
    }
}
