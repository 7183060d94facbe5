use super::on_both;
use super::world::{Dialect, World, id_in, refused, run, version_in};
use crate::error::Kind;
use crate::staff::{EndAreaV1, EndUnitV1, MoveAreaV1, NewAreaV1, NewUnitV1};
use anmin_authz::id::AreaId;
use anmin_base::date::Date;
use anmin_store::{Find, Id, table};

/// Which areas lie within which on a day, as the rows of the closure say it.
async fn closure(world: &World, on: Date) -> Vec<(AreaId, AreaId)> {
    let caller = world.caller("system");
    let scope = world.office.staff_scope(&world.order(&caller), "system_operate").unwrap();
    let find = Find::all(&table::AREA_ANC).limit(1000);
    let rows = world.office.store().read_personal(&scope, "test", world.now.at, &find).await.unwrap();
    let day = i64::from(on.days());
    let holds = |row: &&anmin_store::Record| {
        row.int("valid_from").unwrap() <= day && row.int("valid_to").is_none_or(|to| day <= to)
    };
    let pair = |row: &anmin_store::Record| {
        (AreaId(row.link("area").unwrap().0), AreaId(row.link("ancestor").unwrap().0))
    };
    let mut pairs: Vec<_> = rows.iter().filter(holds).map(pair).collect();
    pairs.sort_unstable();
    pairs
}

/// The rows of the closure and the tree in memory say the same on a day.
async fn agree(world: &World, on: Date) {
    let rights = world.office.rights();
    let all: Vec<AreaId> = rights.areas.areas().map(|area| area.id).collect();
    let mut pairs = Vec::new();
    for area in &all {
        pairs.extend(rights.areas.line(*area, on).map(|above| (*area, above)));
    }
    pairs.sort_unstable();
    assert_eq!(closure(world, on).await, pairs, "{on}");
}

on_both! {
    async fn towns_are_made_moved_merged_and_ended(world: &mut World) {
        world.bureau().await;
        let (county, _) = world.seat();
        let north = world.area("北镇", "990100101", county).await;
        let south = world.area("南镇", "990100102", county).await;
        let village = world.area("某村", "990100101201", north).await;
        agree(world, world.now.on).await;
        assert_eq!(closure(world, world.now.on).await.len(), 1 + 2 + 2 + 3);

        let caller = world.caller("system");
        let order = world.order(&caller);
        let today = world.now.on;
        let moved = MoveAreaV1 {
            area: village.to_string(),
            version: 1,
            above: south.to_string(),
            from: today.add_days(10).to_string(),
        };
        let result = world.office.move_area(&order, &moved).await.unwrap();
        assert_eq!(version_in(&result), 2);
        assert_eq!(refused(world.office.move_area(&order, &moved).await).kind, Kind::Conflict);
        for day in [0, 9, 10, 400] {
            agree(world, today.add_days(day)).await;
        }
        let rights = world.office.rights();
        let within = |day: i32, above: Id| {
            rights.areas.within(AreaId(village.0), AreaId(above.0), today.add_days(day))
        };
        assert!(within(9, north) && !within(10, north) && within(10, south) && within(10, county));

        // The northern town ends, and the southern takes over; not while a village lies in it.
        let end = |last: Date| EndAreaV1 {
            area: north.to_string(),
            version: 1,
            last: last.to_string(),
            to: Some(south.to_string()),
        };
        let early = refused(world.office.end_area(&order, &end(today.add_days(5))).await);
        assert_eq!((early.kind, early.code.as_str()), (Kind::Unmet, "area_tree"));
        assert!(early.fields[0].zh.contains("北镇"), "{:?}", early.fields);
        world.office.end_area(&order, &end(today.add_days(20))).await.unwrap();
        agree(world, today.add_days(20)).await;
        agree(world, today.add_days(21)).await;
        let rights = world.office.rights();
        let of = |day: i32| rights.areas.jurisdiction(AreaId(north.0), today.add_days(day));
        assert_eq!((of(20), of(21)), (AreaId(north.0), AreaId(south.0)));
    }

    async fn a_tree_that_would_not_stand_is_refused(world: &mut World) {
        world.bureau().await;
        let (county, unit) = world.seat();
        let town = world.area("北镇", "990100101", county).await;
        let caller = world.caller("system");
        let order = world.order(&caller);
        let circle = MoveAreaV1 {
            area: county.to_string(),
            version: 1,
            above: town.to_string(),
            from: world.now.on.add_days(1).to_string(),
        };
        assert_eq!(refused(world.office.move_area(&order, &circle).await).code, "area_tree");
        let past = MoveAreaV1 { from: world.now.on.to_string(), ..circle };
        assert_eq!(refused(world.office.move_area(&order, &past).await).fields[0].at, "from");
        let mut area = NewAreaV1 {
            name: " ".into(),
            code: "12345".into(),
            above: "x".into(),
            from: "2026-13-01".into(),
        };
        let fields = refused(world.office.create_area(&order, &area).await).fields;
        let places: Vec<&str> = fields.iter().map(|f| f.at.as_str()).collect();
        assert_eq!(places, ["name", "code", "above", "from"]);
        area = NewAreaV1 {
            name: "又一个北镇".into(),
            code: "990100101000".into(),
            above: county.to_string(),
            from: world.now.on.to_string(),
        };
        assert_eq!(refused(world.office.create_area(&order, &area).await).fields[0].at, "code");
        let mut new = NewUnitV1 {
            area: town.to_string(),
            kind: "palace".into(),
            name: "办公室".into(),
            phone: String::new(),
            address: String::new(),
            stands: vec!["supervising".into()],
            from: world.now.on.to_string(),
        };
        assert_eq!(refused(world.office.create_unit(&order, &new).await).fields[0].at, "kind");
        new.kind = "township_office".into();
        assert_eq!(refused(world.office.create_unit(&order, &new).await).fields[0].at, "stands");
        new.stands = vec!["accepting".into()];
        let made = world.office.create_unit(&order, &new).await.unwrap();
        let end = EndUnitV1 {
            unit: id_in(&made, "id").to_string(),
            version: 1,
            last: world.now.on.to_string(),
        };
        world.office.end_unit(&order, &end).await.unwrap();
        let places = world.office.places(&order).await.unwrap();
        assert_eq!((places.areas.len(), places.units.len()), (2, 2));
        assert!(places.units.iter().any(|line| line.unit == unit.to_string() && line.to.is_none()));

        for other in ["security", "audit"] {
            let caller = world.caller(other);
            assert_eq!(refused(world.office.create_area(&world.order(&caller), &area).await).kind, Kind::Forbidden);
        }
    }
}
