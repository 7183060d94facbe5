//! A small table, tree and staff for the tests beside the code. The table in force is tried in `tests/it`.

use crate::actor::Actor;
use crate::area::{Area, AreaTree, Placement};
use crate::authority::*;
use crate::decide::{Ctx, Obligation};
use crate::id::{AreaId, Days, LoginId, MatterId, Moment, PersonId, PostId, UnitId};
use crate::mask::{Field, Form, Mask, Masking};
use crate::post::{Post, Terms, Unit};
use crate::resource::{Cycle, ResourceFacts, ServiceOf};
use crate::sensitivity::Sensitivity::{self, P0, P1, P2, P3, P4};
use anmin_base::date::Date;

pub const ON: Date = Date::ymd(2026, 9, 1);
pub const AT: Moment = Moment(1_788_220_800);
pub const CASE: Cycle = Cycle { matter: MatterId(900), number: 1 };
/// A county with two towns, and a village in each.
pub const COUNTY: AreaId = AreaId(1);
pub const TOWN: AreaId = AreaId(2);
pub const OTHER_TOWN: AreaId = AreaId(3);
pub const VILLAGE: AreaId = AreaId(4);
pub const OTHER_VILLAGE: AreaId = AreaId(5);
/// The one who acts, and the one it is about.
pub const ACTOR: PersonId = PersonId(10);
pub const RESIDENT: PersonId = PersonId(20);
pub const AID: SubjectId = SubjectId(0);
pub const CHILDREN: SubjectId = SubjectId(1);

pub fn named(name: &str) -> Named {
    Named { name: name.into(), zh: format!("《{name}》"), en: name.into() }
}

fn at<T>(rows: &[T], name: &str, of: impl Fn(&T) -> &Named) -> usize {
    rows.iter().position(|row| of(row).name == name).unwrap_or_else(|| panic!("no row {name}"))
}

/// Names separated by spaces.
fn list<T>(names: &str, find: impl Fn(&str) -> T) -> Vec<T> {
    names.split_whitespace().map(find).collect()
}

pub fn parts() -> Parts {
    let mut p = Parts {
        sensitivities: Sensitivity::ALL.map(|level| named(level.name())).to_vec(),
        subjects: list("aid children", named),
        unit_kinds: vec![UnitKind {
            named: named("office"),
            stands: vec![Standing::Accepting, Standing::Deciding],
        }],
        purposes: [("work", P4), ("examination", P3), ("own", P3), ("emergency", P4), ("administration", P1)]
            .map(|(name, up_to)| Purpose { named: named(name), up_to })
            .to_vec(),
        sources: list("bank", named),
        fields: [("name", P2, Some(Masking::Name)), ("income", P3, None), ("town", P0, None)]
            .map(|(name, sensitivity, masking)| Field { named: named(name), sensitivity, masking })
            .to_vec(),
        duties: list("intake investigate opine review confirm prepare sign note", named),
        limits: Limits { step_up_minutes: 5, rationed_a_day: 50, step_up_after: 20, smallest_count: 5 },
        ..Parts::default()
    };
    let field = |name: &str| FieldId(at(&p.fields, name, |f| &f.named));
    let mask = |name: &str, counts, shows: &[(&str, Form)]| Mask {
        named: named(name),
        counts,
        shows: shows.iter().map(|(name, form)| (field(name), *form)).collect(),
    };
    p.masks = vec![
        mask("count", true, &[]),
        mask("totals", false, &[("income", Form::Total)]),
        mask("partial", false, &[("name", Form::Masked), ("town", Form::Whole)]),
        mask("full", false, &["name", "income", "town"].map(|name| (name, Form::Whole))),
    ];
    let duty = |name: &str| DutyId(at(&p.duties, name, |duty| duty));
    let matter = |name: &str, sets: &[&str]| Matter {
        named: named(name),
        sets: sets.iter().map(|set| list(set, duty)).collect(),
        why: Why::default(),
    };
    p.matters = vec![
        matter("case", &["intake investigate", "opine", "review", "confirm"]),
        matter("batch", &["prepare", "sign"]),
    ];
    let action = |name: &str, taken: &str, conditions: &[Condition]| Action {
        named: named(name),
        group: if name.starts_with("batch") { "money".into() } else { "case".into() },
        duty: list(taken, duty).pop(),
        conditions: conditions.to_vec(),
        acts: Vec::new(),
    };
    p.actions = vec![
        action("read", "", &[]),
        action("show", "", &[Condition::Rationed]),
        action("own_read", "", &[]),
        action("count", "", &[]),
        action("intake", "intake", &[]),
        action("investigate", "investigate", &[]),
        action("opine", "opine", &[]),
        action("review", "review", &[]),
        action("confirm", "confirm", &[]),
        action("note", "note", &[]),
        action("batch_prepare", "prepare", &[]),
        action("batch_sign", "sign", &[Condition::StepUp, Condition::NoHandInCases]),
        action("aid", "", &[Condition::Capped]),
        action("judge", "", &[Condition::OtherUnit]),
        action("appoint", "", &[Condition::NotOnSelf]),
        action("check", "", &[]),
    ];
    p.roles = [
        ("resident", Capacity::Resident, P3, "", false),
        ("clerk", Capacity::Staff, P3, "aid children", true),
        ("examiner", Capacity::Staff, P3, "aid children", true),
        ("guard", Capacity::Staff, P4, "children", false),
        ("inspector", Capacity::Staff, P4, "aid children", false),
        ("treasurer", Capacity::Staff, P2, "aid", false),
        ("administrator", Capacity::Staff, P1, "", false),
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
    .to_vec();
    let role = |name: &str| RoleId(at(&p.roles, name, |role| &role.named));
    let act = |name: &str| ActionId(at(&p.actions, name, |action| &action.named));
    p.forbids = vec![
        Forbid {
            roles: list("administrator", role),
            actions: all(&p.actions),
            from: P2,
            why: Why::default(),
        },
        Forbid {
            roles: list("treasurer", role),
            actions: list("read show note", act),
            from: P0,
            why: Why::default(),
        },
    ];
    p.permits = permits(&p);
    p.visits = VisitRule { lead: list("clerk", role), second: list("guard", role), why: Why::default() };
    p.break_glass = Some(BreakGlassRule {
        roles: list("clerk guard", role),
        actions: list("read aid", act),
        purposes: vec![PurposeId(3)],
        up_to: P4,
        mask: MaskId(3),
        minutes: 30,
        a_day: 5,
        reason_characters: 10,
        resident_hours: 24,
        delay_days: 30,
        review_working_days: 3,
        why: Why::default(),
    });
    p
}

fn all(actions: &[Action]) -> Vec<ActionId> {
    (0..actions.len()).map(ActionId).collect()
}

/// role, actions, reaches, up to, purposes, mask, needs, what follows
type Row<'a> = (&'a str, &'a str, &'a [Reach], Sensitivity, &'a str, &'a str, &'a [Need], &'a [Obligation]);

fn permits(p: &Parts) -> Vec<Permit> {
    use Reach::{Anywhere, Area, Assigned, Contract, Cooperation, Helped, Household, Own, Reported, Ward};
    const ROWS: &[Row<'static>] = &[
        ("resident", "own_read", &[Own, Ward, Helped], P3, "own", "full", &[], &[]),
        ("resident", "own_read", &[Household], P3, "own", "totals", &[], &[]),
        ("resident", "own_read", &[Household], P3, "own", "full", &[Need::Consent], &[]),
        ("clerk", "read", &[Assigned, Cooperation], P3, "work", "full", &[], &[]),
        ("clerk", "read", &[Area], P2, "work", "partial", &[], &[]),
        ("clerk", "show", &[Assigned], P3, "work", "full", &[], &[]),
        ("clerk", "intake investigate note", &[Assigned], P3, "work", "full", &[], &[Obligation::GiveReason]),
        ("clerk", "note", &[Reported], P2, "work", "full", &[], &[]),
        ("clerk", "aid", &[Area], P3, "work", "full", &[], &[]),
        ("examiner", "read opine review confirm", &[Area], P3, "examination", "full", &[], &[]),
        ("examiner", "check", &[Area], P3, "examination", "full", &[Need::Authorisation], &[]),
        ("examiner", "judge", &[Area], P2, "examination", "partial", &[], &[]),
        ("guard", "read", &[Area], P4, "work", "full", &[], &[]),
        ("inspector", "read", &[Area], P3, "examination", "full", &[Need::Ticket], &[]),
        ("inspector", "count", &[Area], P4, "work", "count", &[], &[]),
        ("treasurer", "batch_prepare batch_sign", &[Area], P2, "work", "partial", &[], &[]),
        ("administrator", "appoint", &[Anywhere], P1, "administration", "full", &[], &[]),
        ("partner", "check", &[Contract], P3, "examination", "full", &[], &[]),
    ];
    let row = |(role, actions, reach, up_to, purposes, mask, needs, then): &Row<'_>| Permit {
        role: RoleId(at(&p.roles, role, |r| &r.named)),
        actions: list(actions, |name| ActionId(at(&p.actions, name, |a| &a.named))),
        reach: reach.to_vec(),
        up_to: *up_to,
        purposes: list(purposes, |name| PurposeId(at(&p.purposes, name, |r| &r.named))),
        mask: MaskId(at(&p.masks, mask, |m| &m.named)),
        needs: needs.to_vec(),
        then: then.to_vec(),
        why: Why::default(),
    };
    let mut permits: Vec<Permit> = ROWS.iter().map(row).collect();
    // The emergency's purpose is a permit's as well, or it would be nobody's.
    permits[3].purposes.push(PurposeId(3));
    permits
}

pub fn authority() -> Authority {
    Authority::new(parts()).unwrap()
}

/// With a service `strict` that splits intake from investigation and lowers what examiners see.
pub fn narrowed() -> Authority {
    let mut p = parts();
    let duty = |name: &str| DutyId(at(&p.duties, name, |duty| duty));
    let action = |name: &str| ActionId(at(&p.actions, name, |action| &action.named));
    let row = |role: usize, action: ActionId| Narrowing {
        roles: vec![RoleId(role)],
        actions: vec![action],
        ..Narrowing::default()
    };
    let narrowings = vec![
        Narrowing {
            up_to: Some(P2),
            mask: Some(MaskId(2)),
            needs: vec![Need::Assignment],
            then: vec![Obligation::GiveReason],
            ..row(2, action("read"))
        },
        Narrowing { forbid: true, ..row(2, action("confirm")) },
    ];
    let sets = vec![vec![duty("intake")], vec![duty("investigate")]];
    p.services = vec![Service { name: "strict".into(), sets, narrowings }];
    Authority::new(p).unwrap()
}

pub fn areas() -> AreaTree {
    let days = Days::since(Date::ymd(2020, 1, 1));
    let area = |id| Area { id, code: None, name: String::new(), days };
    let below = |area, parent| Placement { area, parent, days };
    AreaTree::new(
        [COUNTY, TOWN, OTHER_TOWN, VILLAGE, OTHER_VILLAGE].map(area),
        [
            below(TOWN, COUNTY),
            below(OTHER_TOWN, COUNTY),
            below(VILLAGE, TOWN),
            below(OTHER_VILLAGE, OTHER_TOWN),
        ],
        [],
    )
    .unwrap()
}

pub fn unit(area: AreaId) -> Unit {
    Unit {
        id: UnitId(100 + area.0),
        kind: UnitKindId(0),
        area,
        stands: vec![Standing::Accepting, Standing::Deciding],
        days: Days::since(Date::ymd(2020, 1, 1)),
    }
}

pub fn terms(person: PersonId, area: AreaId, subjects: &[SubjectId]) -> Terms {
    let (from, to) = (ON.add_months(-6), ON.add_months(5));
    Terms { id: PostId(500 + person.0), person, area, subjects: subjects.to_vec(), from, to }
}

/// A post at the unit of the area, half a year old.
pub fn post(authority: &Authority, role: &str, person: PersonId, area: AreaId) -> Post {
    let role = authority.role(role).unwrap();
    let subjects = authority.parts().roles[role.0].subjects.clone();
    Post::new(authority, &areas(), &unit(area), role, terms(person, area, &subjects)).unwrap()
}

/// Somebody on one post over the town.
pub fn staff(authority: &Authority, role: &str) -> Actor {
    Actor::staff(ACTOR, LoginId(1), vec![post(authority, role, ACTOR, TOWN)])
}

pub fn ctx<'a>(authority: &'a Authority, areas: &'a AreaTree) -> Ctx<'a> {
    Ctx { authority, areas, on: ON, at: AT, urgent_cap: None }
}

/// A case of the village, all facts known, nobody assigned.
pub fn case() -> ResourceFacts<'static> {
    ResourceFacts {
        area: Some(VILLAGE),
        subject: Some(CHILDREN),
        service: ServiceOf::Core,
        sensitivity: P2,
        matter: Some(CASE),
        about: Some(RESIDENT),
        applicant: Some(RESIDENT),
        parties: Some(&[RESIDENT]),
        kin: Some(&[]),
        kept_apart: Some(&[]),
        taken: Some(&[]),
        hands_in_cases: Some(&[]),
        ..ResourceFacts::default()
    }
}
