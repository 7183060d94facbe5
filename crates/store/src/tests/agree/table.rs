//! A small table of authority in which every reach, need, bar and condition has somebody it matters to.

use anmin_authz::authority::*;
use anmin_authz::mask::{Field, Form, Mask};
use anmin_authz::sensitivity::Sensitivity::{self, P0, P1, P2, P3, P4};

fn named(name: &str) -> Named {
    Named { name: name.into(), zh: name.into(), en: name.into() }
}

fn list<T>(names: &str, find: impl Fn(&str) -> T) -> Vec<T> {
    names.split_whitespace().map(find).collect()
}

fn at<T>(rows: &[T], name: &str, of: impl Fn(&T) -> &Named) -> usize {
    rows.iter().position(|row| of(row).name == name).unwrap_or_else(|| panic!("no row {name}"))
}

/// Actions: name, duty, conditions.
const ACTIONS: &[(&str, &str, &[Condition])] = &[
    ("own_read", "", &[]),
    ("apply", "", &[]),
    ("read", "", &[]),
    ("count", "", &[]),
    ("intake", "intake", &[]),
    ("investigate", "investigate", &[]),
    ("opine", "opine", &[]),
    ("confirm", "confirm", &[]),
    ("judge", "", &[Condition::OtherUnit]),
    ("appoint", "", &[Condition::NotOnSelf]),
    ("sign", "", &[Condition::NoHandInCases]),
    ("aid", "", &[Condition::Capped]),
    ("check", "", &[]),
];

type Row = (&'static str, &'static str, &'static [Reach], Sensitivity, &'static str, &'static [Need]);

/// Permits: role, actions, reaches, up to, mask, needs.
const PERMITS: &[Row] = {
    use Reach::*;
    &[
        ("resident", "own_read apply", &[Own, Ward, Helped], P3, "full", &[]),
        ("resident", "own_read", &[Household], P2, "totals", &[]),
        ("resident", "own_read", &[Household], P3, "full", &[Need::Consent]),
        ("clerk", "read", &[Assigned, Cooperation], P3, "full", &[]),
        ("clerk", "read", &[Area], P2, "totals", &[]),
        ("clerk", "intake investigate", &[Assigned], P3, "full", &[]),
        ("clerk", "aid", &[Area], P3, "full", &[]),
        ("clerk", "check", &[Reported], P3, "full", &[]),
        ("examiner", "read opine confirm judge", &[Area], P3, "full", &[]),
        ("examiner", "sign", &[Area], P3, "full", &[]),
        ("examiner", "check", &[Area], P3, "full", &[Need::Authorisation]),
        ("guard", "read", &[Area], P4, "full", &[]),
        ("inspector", "read", &[Area], P3, "full", &[Need::Ticket]),
        ("inspector", "count", &[Area], P4, "count", &[]),
        ("treasurer", "read", &[Area], P2, "totals", &[]),
        ("administrator", "appoint", &[Anywhere], P1, "full", &[]),
        ("administrator", "count", &[Anywhere], P2, "count", &[]),
        ("partner", "check", &[Contract], P3, "full", &[]),
        ("partner", "read", &[Anywhere], P1, "full", &[]),
    ]
};

fn permits(p: &Parts) -> Vec<Permit> {
    let row = |(role, actions, reach, up_to, mask, needs): &Row| Permit {
        role: RoleId(at(&p.roles, role, |r| &r.named)),
        actions: list(actions, |name| ActionId(at(&p.actions, name, |a| &a.named))),
        reach: reach.to_vec(),
        up_to: *up_to,
        purposes: vec![PurposeId(0)],
        mask: MaskId(at(&p.masks, mask, |m| &m.named)),
        needs: needs.to_vec(),
        then: vec![],
        why: Why::default(),
    };
    PERMITS.iter().map(row).collect()
}

fn roles(p: &Parts) -> Vec<Role> {
    [
        ("resident", Capacity::Resident, P3, "", false),
        ("clerk", Capacity::Staff, P3, "aid children", true),
        ("examiner", Capacity::Staff, P3, "aid children", true),
        ("guard", Capacity::Staff, P4, "children", false),
        ("inspector", Capacity::Staff, P4, "aid children", false),
        ("treasurer", Capacity::Staff, P2, "aid", false),
        ("administrator", Capacity::Staff, P2, "", false),
        ("partner", Capacity::Interface, P3, "", false),
    ]
    .map(|(name, capacity, up_to, subjects, delegable)| Role {
        named: named(name),
        capacity,
        units: if capacity == Capacity::Resident { vec![] } else { vec![UnitKindId(0)] },
        at: if capacity == Capacity::Resident { vec![] } else { vec![Standing::Accepting] },
        up_to,
        subjects: list(subjects, |name| SubjectId(at(&p.subjects, name, |s| s))),
        delegable,
        why: Why::default(),
    })
    .to_vec()
}

/// A service that wants an assignment of examiners, takes away what clerks see by area and what examiners confirm, and
/// splits intake from investigation; and one that is as strict with residents.
fn services(p: &Parts) -> Vec<Service> {
    let role = |name: &str| RoleId(at(&p.roles, name, |role| &role.named));
    let action = |name: &str| ActionId(at(&p.actions, name, |action| &action.named));
    let duty = |name: &str| DutyId(at(&p.duties, name, |duty| duty));
    let row = |who: &str, what: &str| Narrowing {
        roles: vec![role(who)],
        actions: vec![action(what)],
        ..Narrowing::default()
    };
    let strict = Service {
        name: "strict".into(),
        sets: vec![vec![duty("intake")], vec![duty("investigate")]],
        narrowings: vec![
            Narrowing { up_to: Some(P2), needs: vec![Need::Assignment], ..row("examiner", "read") },
            Narrowing { up_to: Some(P1), ..row("clerk", "read") },
            Narrowing { forbid: true, ..row("examiner", "confirm") },
        ],
    };
    let count = MaskId(at(&p.masks, "count", |m| &m.named));
    let shy = Service {
        name: "shy".into(),
        sets: vec![],
        narrowings: vec![
            Narrowing { up_to: Some(P2), ..row("resident", "apply") },
            Narrowing { mask: Some(count), ..row("guard", "read") },
        ],
    };
    vec![strict, shy]
}

pub fn authority() -> Authority {
    let mut p = Parts {
        sensitivities: Sensitivity::ALL.map(|level| named(level.name())).to_vec(),
        subjects: list("aid children", named),
        unit_kinds: vec![UnitKind { named: named("office"), stands: vec![Standing::Accepting] }],
        purposes: vec![Purpose { named: named("work"), up_to: P4 }],
        sources: list("bank", named),
        fields: vec![Field { named: named("income"), sensitivity: P3, masking: None }],
        duties: list("intake investigate opine confirm", named),
        limits: Limits { step_up_minutes: 5, rationed_a_day: 50, step_up_after: 20, smallest_count: 5 },
        ..Parts::default()
    };
    let mask = |name: &str, counts, shows: &[Form]| Mask {
        named: named(name),
        counts,
        shows: shows.iter().map(|form| (FieldId(0), *form)).collect(),
    };
    p.masks = vec![
        mask("count", true, &[]),
        mask("totals", false, &[Form::Total]),
        mask("full", false, &[Form::Whole]),
    ];
    let duty = |name: &str| DutyId(at(&p.duties, name, |duty| duty));
    let sets = ["intake investigate", "opine", "confirm"].map(|set| list(set, duty)).to_vec();
    p.matters = vec![Matter { named: named("case"), sets, why: Why::default() }];
    let actions = ACTIONS.iter().map(|(name, taken, conditions)| Action {
        named: named(name),
        group: "case".into(),
        duty: list(taken, duty).pop(),
        conditions: conditions.to_vec(),
        acts: Vec::new(),
    });
    p.actions = actions.collect();
    p.roles = roles(&p);
    let role = |name: &str| RoleId(at(&p.roles, name, |role| &role.named));
    let act = |name: &str| ActionId(at(&p.actions, name, |action| &action.named));
    let forbid = |roles: &str, actions: &str, from| Forbid {
        roles: list(roles, role),
        actions: list(actions, act),
        from,
        why: Why::default(),
    };
    p.forbids = vec![forbid("treasurer", "read", P3), forbid("treasurer", "opine", P0)];
    p.visits = VisitRule { lead: list("clerk", role), second: list("guard", role), why: Why::default() };
    p.break_glass = Some(BreakGlassRule {
        roles: list("clerk guard", role),
        actions: list("read aid", act),
        purposes: vec![PurposeId(0)],
        up_to: P4,
        mask: MaskId(2),
        minutes: 30,
        a_day: 5,
        reason_characters: 10,
        resident_hours: 24,
        delay_days: 30,
        review_working_days: 3,
        why: Why::default(),
    });
    p.permits = permits(&p);
    p.services = services(&p);
    Authority::new(p).unwrap()
}
