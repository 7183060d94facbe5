//! A small country, and people on posts in it.
use super::table::AUTHORITY;
use anmin_authz::actor::Actor;
use anmin_authz::area::{Area, AreaTree, Placement};
use anmin_authz::authority::{Authority, Capacity, RoleId, SubjectId};
use anmin_authz::decide::Ctx;
use anmin_authz::id::{AreaId, ContractId, Days, LoginId, Moment, PersonId, PostId, UnitId};
use anmin_authz::post::{Post, Terms, Unit};
use anmin_base::date::Date;
use std::sync::LazyLock;

pub const ON: Date = Date::ymd(2026, 9, 1);
pub const AT: Moment = Moment(1_788_220_800);
pub const ACTOR: PersonId = PersonId(10);
pub const RESIDENT: PersonId = PersonId(20);
pub const COLLEAGUE: PersonId = PersonId(30);
pub const CONTRACT: ContractId = ContractId(7);

/// A province with two cities; the first has two counties, its first county two towns, the first town two villages.
pub const PROVINCE: AreaId = AreaId(1);
pub const CITY: AreaId = AreaId(2);
pub const OTHER_CITY: AreaId = AreaId(3);
pub const COUNTY: AreaId = AreaId(4);
pub const OTHER_COUNTY: AreaId = AreaId(5);
pub const TOWN: AreaId = AreaId(6);
pub const OTHER_TOWN: AreaId = AreaId(7);
pub const VILLAGE: AreaId = AreaId(8);
pub const OTHER_VILLAGE: AreaId = AreaId(9);
pub const AREAS: [AreaId; 9] =
    [PROVINCE, CITY, OTHER_CITY, COUNTY, OTHER_COUNTY, TOWN, OTHER_TOWN, VILLAGE, OTHER_VILLAGE];

pub static TREE: LazyLock<AreaTree> = LazyLock::new(|| {
    let days = Days::since(Date::ymd(2020, 1, 1));
    let area = |id| Area { id, code: None, name: String::new(), days };
    let below = |(area, parent)| Placement { area, parent, days };
    let above = [
        (CITY, PROVINCE),
        (OTHER_CITY, PROVINCE),
        (COUNTY, CITY),
        (OTHER_COUNTY, CITY),
        (TOWN, COUNTY),
        (OTHER_TOWN, COUNTY),
        (VILLAGE, TOWN),
        (OTHER_VILLAGE, TOWN),
    ];
    AreaTree::new(AREAS.map(area), above.map(below), []).expect("a tree")
});

pub fn ctx(authority: &Authority) -> Ctx<'_> {
    Ctx { authority, areas: &TREE, on: ON, at: AT, urgent_cap: None }
}

pub fn unit_of(area: AreaId) -> UnitId {
    UnitId(100 + area.0)
}

/// A post of the role at a fitting unit of the area, in force from `from` for half a year.
pub fn post(role: RoleId, person: PersonId, area: AreaId, subjects: &[SubjectId], from: Date) -> Post {
    let row = &AUTHORITY.parts().roles[role.0];
    let kinds = row.units.iter().map(|kind| (*kind, &AUTHORITY.parts().unit_kinds[kind.0]));
    let fits = kinds.flat_map(|(id, kind)| kind.stands.iter().map(move |stands| (id, *stands)));
    let (kind, stands) = fits.into_iter().find(|(_, stands)| row.at.contains(stands)).expect("a unit");
    let days = Days::since(Date::ymd(2020, 1, 1));
    let unit = Unit { id: unit_of(area), kind, area, stands: vec![stands], days };
    let id = PostId(role.0 as u128 * 1_000 + person.0 * 10 + area.0);
    let terms = Terms { id, person, area, subjects: subjects.to_vec(), from, to: from.add_months(6) };
    Post::new(&AUTHORITY, &TREE, &unit, role, terms).expect("a post in order")
}

/// Who acts in the role, as what its holders sign in.
pub fn actor(role: RoleId, area: AreaId, subjects: &[SubjectId]) -> Actor {
    let posts = || vec![post(role, ACTOR, area, subjects, ON.add_months(-1))];
    let mut actor = match AUTHORITY.parts().roles[role.0].capacity {
        Capacity::Resident => Actor::resident(ACTOR, LoginId(1)),
        Capacity::Staff => Actor::staff(ACTOR, LoginId(1), posts()),
        Capacity::Interface => Actor::interface(ACTOR, LoginId(1), posts(), vec![CONTRACT]),
    };
    actor.stepped_up = Some(AT);
    actor
}
