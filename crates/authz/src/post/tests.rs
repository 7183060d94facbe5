use super::*;
use crate::area::{Area, Placement};
use crate::sample::{
    ACTOR, AID, CHILDREN, COUNTY, ON, OTHER_TOWN, RESIDENT, TOWN, VILLAGE, areas, authority, post, terms,
    unit,
};

fn try_post(role: &str, change: impl FnOnce(&mut Unit, &mut Terms)) -> Result<Post, Vec<PostFlaw>> {
    let authority = authority();
    let (mut unit, mut terms) = (unit(TOWN), terms(ACTOR, TOWN, &[CHILDREN]));
    change(&mut unit, &mut terms);
    Post::new(&authority, &areas(), &unit, authority.role(role).unwrap(), terms)
}

#[test]
fn a_post_keeps_within_its_role_its_unit_and_a_year() {
    let role = authority().role("clerk").unwrap();
    assert!(try_post("clerk", |_, _| {}).is_ok());
    assert!(try_post("clerk", |_, terms| terms.area = VILLAGE).is_ok());
    assert!(try_post("clerk", |_, terms| terms.to = terms.from).is_ok(), "a single day");
    let last = ON.add_months(-6).add_years(1).add_days(-1);
    assert!(try_post("clerk", |_, terms| terms.to = last).is_ok());
    for (found, flaw) in [
        (try_post("clerk", |_, t| t.to = last.add_days(1)), PostFlaw::TooLong { last }),
        (try_post("clerk", |_, t| t.to = t.from.add_days(-1)), PostFlaw::Backwards),
        (
            try_post("clerk", |_, t| t.area = OTHER_TOWN),
            PostFlaw::OutsideUnit { area: OTHER_TOWN, unit: TOWN },
        ),
        (try_post("clerk", |_, t| t.area = COUNTY), PostFlaw::OutsideUnit { area: COUNTY, unit: TOWN }),
        (try_post("clerk", |_, t| t.subjects.clear()), PostFlaw::NoSubject { role }),
        (
            try_post("guard", |_, t| t.subjects.push(AID)),
            PostFlaw::Subject { role: authority().role("guard").unwrap(), subject: AID },
        ),
        (try_post("clerk", |u, _| u.kind = UnitKindId(9)), PostFlaw::UnitKind { role, kind: UnitKindId(9) }),
        (try_post("clerk", |u, _| u.stands = vec![Standing::Deciding]), PostFlaw::Standing { role }),
        (try_post("clerk", |u, t| u.days.from = t.from.add_days(1)), PostFlaw::NoUnit),
    ] {
        let authority = authority();
        assert_eq!(found.unwrap_err(), std::slice::from_ref(&flaw));
        assert!(!flaw.zh(&authority).is_empty() && !flaw.en(&authority).is_empty());
    }
    let resident = try_post("resident", |_, t| t.subjects.clear()).unwrap_err();
    assert!(resident.contains(&PostFlaw::NotAPost { role: authority().role("resident").unwrap() }));
    let authority = authority();
    let unknown = Post::new(&authority, &areas(), &unit(TOWN), RoleId(99), terms(ACTOR, TOWN, &[]));
    assert_eq!(unknown.unwrap_err(), [PostFlaw::NoSuchRole]);
}

#[test]
fn one_fitting_place_on_the_tree_is_enough() {
    let mut parts = crate::sample::parts();
    parts.roles[1].at.push(Standing::Deciding);
    let authority = Authority::new(parts).unwrap();
    let unit = Unit { stands: vec![Standing::Deciding], ..unit(TOWN) };
    let role = authority.role("clerk").unwrap();
    assert!(Post::new(&authority, &areas(), &unit, role, terms(ACTOR, TOWN, &[AID])).is_ok());
}

#[test]
fn a_delegation_is_a_part_of_the_post_and_is_not_passed_on() {
    let (authority, areas) = (authority(), areas());
    let source = post(&authority, "clerk", RESIDENT, TOWN);
    let role = source.role();
    let good = Terms { from: ON, to: ON.add_days(10), ..terms(ACTOR, VILLAGE, &[CHILDREN]) };
    let delegated = source.delegate(&authority, &areas, good.clone()).unwrap();
    assert_eq!((delegated.person(), delegated.delegated_by()), (ACTOR, Some(RESIDENT)));
    assert_eq!(delegated.unit(), source.unit());
    for (source, terms, flaw) in [
        (&source, Terms { person: RESIDENT, ..good.clone() }, PostFlaw::ToOneself),
        (&source, Terms { area: COUNTY, ..good.clone() }, PostFlaw::OutsideUnit { area: COUNTY, unit: TOWN }),
        (&source, Terms { to: ON.add_months(5).add_days(1), ..good.clone() }, PostFlaw::BeyondSource),
        (&source, Terms { from: ON.add_months(-6).add_days(-1), ..good.clone() }, PostFlaw::BeyondSource),
        (&source, Terms { subjects: vec![], ..good.clone() }, PostFlaw::NoSubject { role }),
        (&source, Terms { to: ON.add_days(-1), ..good.clone() }, PostFlaw::Backwards),
        (&delegated, Terms { person: PersonId(30), ..good.clone() }, PostFlaw::DelegatedTwice),
        (
            &post(&authority, "guard", RESIDENT, TOWN),
            good.clone(),
            PostFlaw::NotDelegable { role: authority.role("guard").unwrap() },
        ),
        (
            &source.delegate(&authority, &areas, good.clone()).unwrap(),
            Terms { person: PersonId(30), subjects: vec![CHILDREN, AID], ..good.clone() },
            PostFlaw::Subject { role, subject: AID },
        ),
    ] {
        assert!(source.delegate(&authority, &areas, terms).unwrap_err().contains(&flaw), "{flaw:?}");
        assert!(!flaw.zh(&authority).is_empty() && !flaw.en(&authority).is_empty());
    }
}

#[test]
fn a_post_gives_nothing_outside_its_days_nor_when_its_source_or_unit_has_ended() {
    let (authority, areas) = (authority(), areas());
    let source = post(&authority, "clerk", RESIDENT, TOWN);
    let (first, last) = (source.days().from, source.days().last());
    for (on, holds) in [(first.add_days(-1), false), (first, true), (last, true), (last.add_days(1), false)] {
        assert_eq!(source.is_in_force(&areas, on), holds, "{on}");
    }
    let days = Terms { from: ON, to: ON.add_days(10), ..terms(ACTOR, TOWN, &[CHILDREN]) };
    let delegated = source.delegate(&authority, &areas, days.clone()).unwrap();
    assert!(!delegated.is_in_force(&areas, ON.add_days(-1)) && delegated.is_in_force(&areas, ON));
    let left = source.clone().ended(ON.add_days(3));
    assert!(left.is_in_force(&areas, ON.add_days(3)) && !left.is_in_force(&areas, ON.add_days(4)));
    let orphan = Post { source: Some(Box::new(left)), ..delegated.clone() };
    assert!(orphan.is_in_force(&areas, ON.add_days(3)) && !orphan.is_in_force(&areas, ON.add_days(4)));
    assert_eq!(source.clone().ended(last.add_days(9)), source);
    let mut unit = unit(TOWN);
    unit.days.to = Some(ON);
    let role = authority.role("clerk").unwrap();
    let closed = Post::new(&authority, &areas, &unit, role, terms(ACTOR, TOWN, &[AID])).unwrap();
    assert!(closed.is_in_force(&areas, ON) && !closed.is_in_force(&areas, ON.add_days(1)));
}

#[test]
fn a_post_over_a_village_that_has_left_the_town_gives_nothing() {
    let authority = authority();
    let (start, moved) = (Date::ymd(2020, 1, 1), ON.add_days(5));
    let area = |id| Area { id, code: None, name: String::new(), days: Days::since(start) };
    let below = |area, parent, days| Placement { area, parent, days };
    let areas = AreaTree::new(
        [COUNTY, TOWN, OTHER_TOWN, VILLAGE].map(area),
        [
            below(TOWN, COUNTY, Days::since(start)),
            below(OTHER_TOWN, COUNTY, Days::since(start)),
            below(VILLAGE, TOWN, Days::between(start, moved.add_days(-1))),
            below(VILLAGE, OTHER_TOWN, Days::since(moved)),
        ],
        [],
    )
    .unwrap();
    let role = authority.role("clerk").unwrap();
    let here = Post::new(&authority, &areas, &unit(TOWN), role, terms(ACTOR, VILLAGE, &[AID])).unwrap();
    assert!(here.is_in_force(&areas, moved.add_days(-1)) && !here.is_in_force(&areas, moved));
    let source = Post::new(&authority, &areas, &unit(COUNTY), role, terms(RESIDENT, TOWN, &[AID])).unwrap();
    let days = Terms { from: ON, ..terms(ACTOR, VILLAGE, &[AID]) };
    let delegated = source.delegate(&authority, &areas, days).unwrap();
    assert!(delegated.is_in_force(&areas, moved.add_days(-1)) && !delegated.is_in_force(&areas, moved));
}
