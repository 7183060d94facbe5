//! Properties of every decision, on the table in force: random people, things and changes of the table.
use super::table::AUTHORITY;
use super::world::{ACTOR, AREAS, COLLEAGUE, CONTRACT, ON, RESIDENT, TREE, ctx, post, unit_of};
use anmin_authz::actor::{Actor, Ticket};
use anmin_authz::authority::{
    ActionId, Authority, Capacity, DutyId, FieldId, Forbid, MaskId, Narrowing, Need, PurposeId, RoleId,
    Service, ServiceId, SourceId, SubjectId, Why,
};
use anmin_authz::break_glass::BreakGlass;
use anmin_authz::decide::{Decision, decide};
use anmin_authz::id::{AreaId, Days, LoginId, MatterId, Moment, PaperId, PostId, UnitId};
use anmin_authz::post::{Post, Terms};
use anmin_authz::reason::Reason;
use anmin_authz::resource::{
    Assignment, Authorisation, Cooperation, Cycle, Representation, RepresentationKind, ResourceFacts,
    ServiceOf, Taken,
};
use anmin_authz::scope::Scope;
use anmin_authz::sensitivity::Sensitivity;
use anmin_base::date::Date;
use proptest::prelude::*;

/// Choices from which a person, a thing and a request are made: small numbers, so that they meet.
#[derive(Clone, Debug)]
struct Try {
    posts: Vec<(usize, usize, u8)>,
    capacity: u8,
    action: usize,
    purpose: usize,
    area: usize,
    subject: usize,
    sensitivity: usize,
    flags: u16,
    duty: usize,
    glass: bool,
}

fn tries() -> impl Strategy<Value = Try> {
    let parts = AUTHORITY.parts();
    let staff = parts.roles.len();
    let posts = prop::collection::vec((0..staff, 0..AREAS.len(), any::<u8>()), 1..4);
    let what = (0..parts.actions.len(), 0..parts.purposes.len(), 0..parts.subjects.len());
    (posts, any::<u8>(), what, 0..AREAS.len(), 0..5usize, any::<u16>(), 0..parts.duties.len(), any::<bool>())
        .prop_map(|(posts, capacity, what, area, sensitivity, flags, duty, glass)| {
            let (action, purpose, subject) = what;
            // Half of the requests are for something a role of theirs is permitted, or little would be allowed.
            let role = RoleId(posts[0].0);
            let permits: Vec<_> = AUTHORITY.parts().permits.iter().filter(|p| p.role == role).collect();
            let permit = permits[action % permits.len()];
            let meant = flags & 1 == 0;
            let action = if meant { permit.actions[purpose % permit.actions.len()].0 } else { action };
            let purpose = if meant { permit.purposes[subject % permit.purposes.len()].0 } else { purpose };
            // A broken glass opens so little that it is asked for on purpose.
            let (action, purpose) = match &AUTHORITY.parts().break_glass {
                Some(rule) if glass && flags >> 15 == 1 => {
                    (rule.actions[action % rule.actions.len()].0, rule.purposes[0].0)
                }
                _ => (action, purpose),
            };
            let subjects = &AUTHORITY.parts().roles[role.0].subjects;
            let subject = match subjects.is_empty() || flags & 2 != 0 {
                true => subject,
                false => subjects[subject % subjects.len()].0,
            };
            Try { posts, capacity, action, purpose, area, subject, sensitivity, flags, duty, glass }
        })
}

impl Try {
    fn flag(&self, n: u32) -> bool {
        self.flags >> n & 1 == 1
    }

    /// The person, each post shifted by `days`.
    fn actor(&self, days: i32) -> Actor {
        let parts = AUTHORITY.parts();
        let capacity = match parts.roles[self.posts[0].0].capacity {
            _ if self.capacity < 20 => Capacity::Resident,
            capacity => capacity,
        };
        let mut actor = Actor::staff(ACTOR, LoginId(1), vec![]);
        actor.capacity = capacity;
        for (role, area, choice) in &self.posts {
            let row = &parts.roles[*role];
            if row.capacity == Capacity::Resident {
                continue;
            }
            let held: Vec<SubjectId> = match row.subjects.len() {
                0 => vec![],
                n => row.subjects[..1 + usize::from(*choice) % n].to_vec(),
            };
            let (area, from) = (AREAS[*area], ON.add_months(-1).add_days(days));
            actor.posts.push(match choice % 3 == 0 && row.delegable {
                true => lent(RoleId(*role), area, &held, from),
                false => post(RoleId(*role), ACTOR, area, &held, from),
            });
        }
        let subjects = (0..parts.subjects.len()).map(SubjectId).collect();
        let days = Days::between(ON, ON);
        let (person, issued_by) = (ACTOR, COLLEAGUE);
        let area = AREAS[usize::from(self.capacity) % AREAS.len()];
        actor.tickets =
            vec![Ticket { id: PaperId(1), person, issued_by, area, subjects, matter: None, days }];
        actor.contracts = vec![CONTRACT];
        actor.stepped_up = Some(super::world::AT);
        actor.break_glass = self.glass.then(|| BreakGlass {
            person: ACTOR,
            about: RESIDENT,
            subject: SubjectId(self.subject),
            purpose: PurposeId(self.purpose),
            reason: "示例：走失儿童，急需联系家人。".into(),
            opened: Moment(super::world::AT.0 - 60),
            stepped_up: Moment(super::world::AT.0 - 90),
            opened_today: 1,
            review_overdue: false,
        });
        actor
    }

    fn check<T>(&self, service: ServiceOf, look: impl FnOnce(&ResourceFacts<'_>) -> T) -> T {
        let days = Days::between(ON, ON);
        let cycle = Cycle { matter: MatterId(1), number: 1 };
        let who = if self.flag(2) { ACTOR } else { COLLEAGUE };
        let assigned = [Assignment { person: who, days }];
        let taken = [Taken { cycle, person: who, duty: DutyId(self.duty) }];
        let kind = if self.flag(3) { RepresentationKind::Guardian } else { RepresentationKind::Helper };
        let represented = [Representation { by: ACTOR, of: RESIDENT, kind, days }];
        let letter = [Cooperation { unit: unit_of(AREAS[usize::from(self.capacity) % AREAS.len()]), days }];
        let paper = [Authorisation {
            id: PaperId(2),
            signer: RESIDENT,
            covers: &[RESIDENT],
            sources: &[SourceId(0)],
            days,
            revoked: None,
        }];
        let apart = [(RESIDENT, ACTOR)];
        let (kin, parties) = ([COLLEAGUE], [RESIDENT]);
        look(&ResourceFacts {
            area: Some(AREAS[self.area]),
            subject: Some(SubjectId(self.subject)),
            service,
            sensitivity: Sensitivity::ALL[self.sensitivity],
            matter: Some(cycle),
            about: Some(if self.flag(4) && self.flag(5) { ACTOR } else { RESIDENT }),
            applicant: Some(RESIDENT),
            parties: Some(&parties),
            kin: Some(if self.flag(6) && self.flag(7) { &kin } else { &[] }),
            kept_apart: Some(if self.flag(8) { &apart } else { &[] }),
            assigned: if self.flag(9) { &assigned } else { &[] },
            reporter: self.flag(10).then_some(ACTOR),
            cooperation: if self.flag(11) { &letter } else { &[] },
            representations: if self.flag(12) { &represented } else { &[] },
            consents: &[],
            authorisations: if self.flag(13) { &paper } else { &[] },
            source: Some(SourceId(0)),
            taken: Some(if self.flag(14) { &taken } else { &[] }),
            hands_in_cases: Some(&[]),
            unit: Some(UnitId(1)),
            contract: self.flag(15).then_some(CONTRACT),
            amount: None,
        })
    }

    fn decide(&self, authority: &Authority, actor: &Actor, service: ServiceOf) -> Decision {
        let (action, purpose) = (ActionId(self.action), PurposeId(self.purpose));
        self.check(service, |facts| decide(actor, action, facts, purpose, &ctx(authority)))
    }
}

/// A post of a colleague's, delegated.
fn lent(role: RoleId, area: AreaId, subjects: &[SubjectId], from: Date) -> Post {
    let source = post(role, COLLEAGUE, area, subjects, from);
    let terms = Terms {
        id: PostId(1),
        person: ACTOR,
        area,
        subjects: subjects.to_vec(),
        from,
        to: from.add_months(2),
    };
    source.delegate(&AUTHORITY, &TREE, terms).expect("a delegation in order")
}

/// A row that takes away, of random kinds; it may be flawed.
fn narrowing() -> impl Strategy<Value = Narrowing> {
    let parts = AUTHORITY.parts();
    let some = |count: usize| prop::collection::vec(0..count, 1..6);
    let limits = (any::<bool>(), prop::option::of(0..5usize), prop::option::of(0..parts.masks.len()));
    (some(parts.roles.len()), some(parts.actions.len()), limits, any::<bool>()).prop_map(
        |(roles, actions, (forbid, up_to, mask), assignment)| Narrowing {
            roles: roles.into_iter().map(RoleId).collect(),
            actions: actions.into_iter().map(ActionId).collect(),
            forbid: forbid && assignment,
            up_to: up_to.map(|level| Sensitivity::ALL[level]),
            mask: mask.map(MaskId),
            needs: if assignment { vec![Need::Assignment] } else { vec![] },
            ..Narrowing::default()
        },
    )
}

/// A service that takes away from the role and action asked for, so that something is tried.
fn narrowed(tried: &Try, rows: &[Narrowing]) -> Option<Authority> {
    let mut parts = AUTHORITY.parts().clone();
    let fits = |row: &Narrowing| {
        let mut row = row.clone();
        row.roles[0] = RoleId(tried.posts[0].0);
        row.actions[0] = ActionId(tried.action);
        row.roles.sort();
        row.roles.dedup();
        row
    };
    let narrowings = rows.iter().map(fits).collect();
    parts.services = vec![Service { name: "strict".into(), sets: vec![], narrowings }];
    Authority::new(parts).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn narrowing_by_a_pack_never_widens(
        tried in tries(),
        rows in prop::collection::vec(narrowing(), 1..3),
        unknown in any::<bool>(),
    ) {
        let Some(authority) = narrowed(&tried, &rows) else { return Ok(()) };
        let actor = tried.actor(0);
        let service = if unknown { ServiceOf::Unknown } else { ServiceOf::Narrowed(ServiceId(0)) };
        let before = tried.decide(&AUTHORITY, &actor, ServiceOf::Core);
        let after = tried.decide(&authority, &actor, service);
        let Decision::Allow(after) = after else { return Ok(()) };
        let Decision::Allow(before) = before else {
            return Err(TestCaseError::fail(format!("now allowed: {after:?}")));
        };
        // On one post nothing shows in a fuller form; on several, another post may now serve.
        if actor.posts.len() <= 1 {
            for field in (0..AUTHORITY.parts().fields.len()).map(FieldId) {
                prop_assert!(after.form(&authority, field) <= before.form(&AUTHORITY, field), "{field:?}");
            }
            prop_assert!(after.up_to <= before.up_to);
        }
        prop_assert!(before.obligations.iter().all(|o| after.obligations.contains(o))
            || before.permit != after.permit || before.mask != after.mask);
        // Outside the service nothing has changed.
        let outside = tried.decide(&authority, &actor, ServiceOf::Core);
        let outside = outside.allowed().map(|a| (a.mask, a.up_to, a.permit, a.obligations.clone()));
        prop_assert_eq!(outside, Some((before.mask, before.up_to, before.permit, before.obligations)));
    }

    #[test]
    fn a_post_outside_its_dates_gives_nothing(tried in tries(), late in any::<bool>(), more in 0..400i32) {
        // Posts begin a month before and last six, delegated ones two.
        let actor = tried.actor(if late { 32 + more } else { -160 - more });
        prop_assume!(actor.capacity != Capacity::Resident);
        let decision = tried.decide(&AUTHORITY, &actor, ServiceOf::Core);
        prop_assert_eq!(decision.denied(), Some(&Reason::NoPost));
    }

    #[test]
    fn adding_a_forbid_never_allows_more(
        tried in tries(),
        roles in prop::collection::vec(0..AUTHORITY.parts().roles.len(), 1..4),
        actions in prop::collection::vec(0..AUTHORITY.parts().actions.len(), 1..6),
        from in 0..5usize,
        own in any::<bool>(),
    ) {
        let mut parts = AUTHORITY.parts().clone();
        let mut roles: Vec<RoleId> = roles.into_iter().map(RoleId).collect();
        let mut actions: Vec<ActionId> = actions.into_iter().map(ActionId).collect();
        if own {
            roles.push(RoleId(tried.posts[tried.posts.len() - 1].0));
            actions.push(ActionId(tried.action));
        }
        let from = Sensitivity::ALL[from];
        // What the forbid makes useless goes from the permits, as the table's check would demand.
        for permit in &mut parts.permits {
            if roles.contains(&permit.role) && from <= permit.up_to {
                permit.actions.retain(|action| !actions.contains(action));
            }
        }
        parts.permits.retain(|permit| !permit.actions.is_empty());
        for role in &roles {
            parts.roles[role.0].delegable = false;
        }
        parts.forbids.push(Forbid { roles, actions, from, why: Why::default() });
        let Ok(authority) = Authority::new(parts) else { return Ok(()) };
        let actor = tried.actor(0);
        let before = tried.decide(&AUTHORITY, &actor, ServiceOf::Core);
        let after = tried.decide(&authority, &actor, ServiceOf::Core);
        prop_assert!(after.allowed().is_none() || before.allowed().is_some());
    }

    #[test]
    fn removing_a_delegation_never_allows_more(tried in tries(), area in 0..AREAS.len()) {
        let without = tried.actor(0);
        prop_assume!(without.capacity == Capacity::Staff);
        let mut with = without.clone();
        for (id, role) in AUTHORITY.parts().roles.iter().enumerate().filter(|(_, role)| role.delegable) {
            with.posts.push(lent(RoleId(id), AREAS[area], &role.subjects, ON));
        }
        let (with, without) = (
            tried.decide(&AUTHORITY, &with, ServiceOf::Core),
            tried.decide(&AUTHORITY, &without, ServiceOf::Core),
        );
        prop_assert!(without.allowed().is_none() || with.allowed().is_some());
    }

    #[test]
    fn delegating_gives_no_more_than_holding(tried in tries()) {
        let actor = tried.actor(0);
        // The same posts, held by the person themself: whoever delegated no longer counts.
        let mut own = actor.clone();
        own.posts = actor.posts.iter().map(|p| post(p.role(), ACTOR, p.area(), p.subjects(), ON)).collect();
        let (lent, own) = (
            tried.decide(&AUTHORITY, &actor, ServiceOf::Core),
            tried.decide(&AUTHORITY, &own, ServiceOf::Core),
        );
        prop_assert!(lent.allowed().is_none() || own.allowed().is_some());
    }

    #[test]
    fn nobody_reaches_what_is_personal_in_a_sibling_s_area(tried in tries()) {
        let actor = tried.actor(0);
        prop_assume!(actor.capacity == Capacity::Staff && !tried.flag(11));
        let area = AREAS[tried.area];
        prop_assume!(!actor.posts.iter().any(|post| TREE.within(area, post.area(), ON)));
        prop_assume!(Sensitivity::ALL[tried.sensitivity].is_personal());
        prop_assert!(tried.decide(&AUTHORITY, &actor, ServiceOf::Core).denied().is_some());
    }

    #[test]
    fn a_list_shows_what_a_decision_allows(tried in tries()) {
        let (actor, ctx) = (tried.actor(0), ctx(&AUTHORITY));
        let (action, purpose) = (ActionId(tried.action), PurposeId(tried.purpose));
        let listed = Scope::for_actor(&actor, action, purpose, &ctx)
            .is_ok_and(|scope| tried.check(ServiceOf::Core, |facts| scope.admits(facts, &ctx)));
        let decision = tried.decide(&AUTHORITY, &actor, ServiceOf::Core);
        prop_assert_eq!(listed, decision.allowed().is_some());
        if let Some(allowed) = decision.allowed() {
            prop_assert!(tried.check(ServiceOf::Core, |facts| allowed.scope.admits(facts, &ctx)));
        }
    }
}

/// The tries are worth their time only if enough of them are allowed, and in enough ways.
#[test]
fn the_tries_meet_what_is_allowed() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let (mut runner, strategy) = (TestRunner::deterministic(), tries());
    let (mut allowed, mut roles, mut glasses) = (0, std::collections::BTreeSet::new(), 0);
    for _ in 0..150_000 {
        let tried = strategy.new_tree(&mut runner).expect("a try").current();
        if let Decision::Allow(terms) = tried.decide(&AUTHORITY, &tried.actor(0), ServiceOf::Core) {
            allowed += 1;
            roles.insert(terms.scope.clauses()[0].role);
            glasses += u32::from(terms.permit.is_none());
        }
    }
    assert!(allowed > 400, "{allowed} allowed");
    assert!(roles.len() > 20, "{} roles", roles.len());
    assert!(glasses > 0);
}
