use super::*;
use crate::decide::decide;
use crate::id::{Days, Moment};
use crate::resource::Assignment;
use crate::sample::{
    ACTOR, AT, CHILDREN, OTHER_VILLAGE, RESIDENT, TOWN, VILLAGE, areas, authority, case, ctx, post, staff,
};

#[test]
fn a_scope_says_what_a_store_must_ask_for() {
    let (authority, areas) = (authority(), areas());
    let ctx = ctx(&authority, &areas);
    let (read, work) = (authority.action("read").unwrap(), authority.purpose("work").unwrap());
    let scope = Scope::for_actor(&staff(&authority, "clerk"), read, work, &ctx).unwrap();
    assert_eq!((scope.person(), scope.job(), scope.on()), (Some(ACTOR), None, ctx.on));
    let seen: Vec<_> = scope.clauses().iter().map(|c| (c.reach, c.area, c.up_to)).collect();
    assert_eq!(
        seen,
        [
            (Reach::Assigned, Some(TOWN), Sensitivity::P3),
            (Reach::Cooperation, Some(TOWN), Sensitivity::P3),
            (Reach::Area, Some(TOWN), Sensitivity::P2)
        ]
    );
    assert_eq!(scope.up_to(), Some(Sensitivity::P3));
    assert!(scope.clauses().iter().all(|c| c.subjects.contains(&CHILDREN) && c.on_behalf_of.is_none()));
    let below: Vec<AreaId> = areas.below(TOWN, ctx.on).collect();
    assert_eq!(below, [TOWN, VILLAGE]);
}

#[test]
fn a_decision_s_scope_is_the_one_clause_it_rests_on() {
    let (authority, areas) = (authority(), areas());
    let ctx = ctx(&authority, &areas);
    let (read, work) = (authority.action("read").unwrap(), authority.purpose("work").unwrap());
    let named = [Assignment { person: ACTOR, days: Days::since(ctx.on) }];
    let facts = ResourceFacts { assigned: &named, sensitivity: Sensitivity::P3, ..case() };
    let decision = decide(&staff(&authority, "clerk"), read, &facts, work, &ctx);
    let scope = &decision.allowed().unwrap().scope;
    assert_eq!(scope.clauses().len(), 1);
    assert!(scope.admits(&facts, &ctx));
    assert!(!scope.admits(&case(), &ctx));
    assert!(!scope.admits(&ResourceFacts { area: Some(OTHER_VILLAGE), ..facts }, &ctx));
}

#[test]
fn without_anything_to_reach_there_is_no_scope() {
    let (authority, areas) = (authority(), areas());
    let ctx = ctx(&authority, &areas);
    let id = |action: &str, purpose: &str| {
        (authority.action(action).unwrap(), authority.purpose(purpose).unwrap())
    };
    let ask = |actor: &Actor, (action, purpose)| Scope::for_actor(actor, action, purpose, &ctx).err();
    let clerk = staff(&authority, "clerk");
    assert_eq!(ask(&clerk, id("read", "examination")), Some(Reason::Purpose));
    assert_eq!(ask(&clerk, id("own_read", "own")), Some(Reason::NotPermitted));
    assert_eq!(ask(&staff(&authority, "treasurer"), id("read", "work")), Some(Reason::Forbidden));
    assert_eq!(ask(&clerk, (ActionId(99), PurposeId(0))), Some(Reason::NotPermitted));
    assert_eq!(ask(&clerk, (ActionId(0), PurposeId(99))), Some(Reason::NotPermitted));
    let nobody = Actor::staff(ACTOR, LoginId(1), vec![]);
    assert_eq!(ask(&nobody, id("read", "work")), Some(Reason::NoPost));
    let another_s = Actor::staff(ACTOR, LoginId(1), vec![post(&authority, "clerk", RESIDENT, TOWN)]);
    assert_eq!(ask(&another_s, id("read", "work")), Some(Reason::NoPost));
    let mut treasurer = staff(&authority, "treasurer");
    assert_eq!(ask(&treasurer, id("batch_sign", "work")), Some(Reason::StepUp { minutes: 5 }));
    treasurer.stepped_up = Some(Moment(AT.0 - 1));
    assert_eq!(ask(&treasurer, id("batch_sign", "work")), None);
    let mut machine = staff(&authority, "clerk");
    machine.capacity = Capacity::Interface;
    assert_eq!(ask(&machine, id("read", "work")), Some(Reason::NoPost));
}

#[test]
fn jobs_are_enumerated_and_reach_up_to_their_level() {
    let (authority, areas) = (authority(), areas());
    let ctx = ctx(&authority, &areas);
    let mut names = std::collections::BTreeSet::new();
    for job in SystemJob::ALL {
        assert!(names.insert(job.name()), "{job:?}");
        let scope = Scope::system(job, ctx.on);
        assert_eq!((scope.job(), scope.person(), scope.up_to()), (Some(job), None, Some(job.up_to())));
        for sensitivity in Sensitivity::ALL {
            let facts = ResourceFacts { sensitivity, ..case() };
            assert_eq!(scope.admits(&facts, &ctx), sensitivity <= job.up_to());
            assert!(scope.judge(&facts, &ctx).denied().is_some());
        }
    }
    assert!(!SystemJob::PublicPages.writes() && SystemJob::Purging.writes());
}
