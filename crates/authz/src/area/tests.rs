use super::*;
use proptest::prelude::*;

const START: Date = Date::ymd(2020, 1, 1);
const MERGED: Date = Date::ymd(2026, 7, 1);

fn area(id: u128, days: Days) -> Area {
    Area { id: AreaId(id), code: None, name: format!("area {id}"), days }
}

fn below(area: u128, parent: u128, days: Days) -> Placement {
    Placement { area: AreaId(area), parent: AreaId(parent), days }
}

/// A city 1 with the counties 2 and 3; towns 21 and 22 of county 2 are merged into 23 on [`MERGED`]; town 31 of county 3;
/// village 211 moves from 21 to 31 a day before.
fn merged() -> AreaTree {
    let (always, ended) = (Days::since(START), Days::between(START, MERGED.add_days(-1)));
    let moved = MERGED.add_days(-1);
    AreaTree::new(
        [
            area(1, always),
            area(2, always),
            area(3, always),
            area(21, ended),
            area(22, ended),
            area(23, Days::since(MERGED)),
            area(31, always),
            area(211, always),
        ],
        [
            below(2, 1, always),
            below(3, 1, always),
            below(21, 2, ended),
            below(22, 2, ended),
            below(23, 2, Days::since(MERGED)),
            below(31, 3, always),
            below(211, 21, Days::between(START, moved.add_days(-1))),
            below(211, 31, Days::since(moved)),
        ],
        [21, 22].map(|from| HandOver { from: AreaId(from), to: AreaId(23), on: MERGED }),
    )
    .unwrap()
}

#[test]
fn an_area_is_within_those_above_it_on_that_day_and_never_within_a_sibling() {
    let tree = merged();
    let moved = MERGED.add_days(-1);
    for (area, ancestor, on, within) in [
        (2, 2, START, true),
        (2, 1, START, true),
        (1, 2, START, false),
        (2, 3, START, false),
        (21, 22, START, false),
        (21, 1, START, true),
        (21, 1, MERGED, false),
        (23, 2, MERGED, true),
        (23, 2, moved, false),
        (211, 2, moved.add_days(-1), true),
        (211, 2, moved, false),
        (211, 3, moved, true),
        (211, 1, moved, true),
        (1, 1, START.add_days(-1), false),
        (9, 9, START, false),
        (2, 9, START, false),
    ] {
        assert_eq!(tree.within(AreaId(area), AreaId(ancestor), on), within, "{area} in {ancestor} on {on}");
    }
}

#[test]
fn a_merged_town_s_cases_go_to_the_new_town_from_that_day() {
    let tree = merged();
    for (area, on, answerable) in [
        (21, MERGED.add_days(-1), 21),
        (21, MERGED, 23),
        (22, Date::MAX, 23),
        (23, MERGED, 23),
        (9, MERGED, 9),
    ] {
        assert_eq!(tree.jurisdiction(AreaId(area), on), AreaId(answerable), "{area} on {on}");
    }
}

#[test]
fn the_closure_says_what_within_says() {
    let tree = merged();
    let closure = tree.closure();
    for on in [START.add_days(-1), START, MERGED.add_days(-2), MERGED.add_days(-1), MERGED, Date::MAX] {
        for a in [1, 2, 3, 21, 22, 23, 31, 211].map(AreaId) {
            for b in [1, 2, 3, 21, 22, 23, 31, 211].map(AreaId) {
                let rows = closure.iter().filter(|r| r.area == a && r.ancestor == b && r.days.hold(on));
                assert_eq!(rows.count(), usize::from(tree.within(a, b, on)), "{a:?} in {b:?} on {on}");
            }
        }
    }
    let village = closure.iter().find(|r| r.area == AreaId(211) && r.ancestor == AreaId(3)).unwrap();
    assert_eq!((village.depth, village.days), (2, Days::since(MERGED.add_days(-1))));
}

#[test]
fn an_area_may_exist_for_one_day() {
    let day = Days::between(START, START);
    let tree = AreaTree::new([area(1, day), area(2, day)], [below(2, 1, day)], []).unwrap();
    assert!(tree.within(AreaId(2), AreaId(1), START) && !tree.is_live(AreaId(2), START.add_days(1)));
    assert_eq!(tree.area(AreaId(2)).map(|area| area.days), Some(day));
}

#[test]
fn says_everything_that_is_wrong() {
    let (always, short) = (Days::since(START), Days::between(START, MERGED));
    let late = Days::since(MERGED.add_days(1));
    let id = AreaId;
    let flaws = |areas: Vec<Area>, placements: Vec<Placement>, hand_overs: Vec<HandOver>| {
        AreaTree::new(areas, placements, hand_overs).unwrap_err()
    };
    let three = || vec![area(1, always), area(2, always), area(3, short)];
    let over = |from, to, on| HandOver { from: id(from), to: id(to), on };
    for (found, expected) in [
        (flaws(vec![area(1, always), area(1, short)], vec![], vec![]), AreaFlaw::Duplicate { area: id(1) }),
        (
            flaws(vec![area(1, Days::between(MERGED, START))], vec![], vec![]),
            AreaFlaw::Backwards { area: id(1) },
        ),
        (flaws(three(), vec![below(1, 9, always)], vec![]), AreaFlaw::Unknown { area: id(9) }),
        (flaws(three(), vec![below(8, 1, always)], vec![]), AreaFlaw::Unknown { area: id(8) }),
        (
            flaws(three(), vec![below(1, 2, Days::between(MERGED, START))], vec![]),
            AreaFlaw::Backwards { area: id(1) },
        ),
        (
            flaws(three(), vec![below(1, 3, always)], vec![]),
            AreaFlaw::OutsideLife { area: id(1), parent: id(3) },
        ),
        (
            flaws(three(), vec![below(3, 1, always)], vec![]),
            AreaFlaw::OutsideLife { area: id(3), parent: id(1) },
        ),
        (
            flaws(three(), vec![below(3, 1, short), below(3, 2, Days::between(MERGED, MERGED))], vec![]),
            AreaFlaw::TwoParents { area: id(3), parents: [id(1), id(2)], on: MERGED },
        ),
        (
            flaws(three(), vec![below(2, 1, late), below(1, 2, always)], vec![]),
            AreaFlaw::Circle { areas: vec![id(1), id(2)], on: MERGED.add_days(1) },
        ),
        (
            flaws(three(), vec![below(1, 1, always)], vec![]),
            AreaFlaw::Circle { areas: vec![id(1)], on: START },
        ),
        (
            flaws(three(), vec![], vec![over(1, 2, MERGED)]),
            AreaFlaw::HandedOverAlive { area: id(1), on: MERGED },
        ),
        (
            flaws(
                vec![area(1, short), area(2, Days::between(START, MERGED))],
                vec![],
                vec![over(1, 2, late.from)],
            ),
            AreaFlaw::HandedToNobody { area: id(2), on: late.from },
        ),
        (
            flaws(three(), vec![], vec![over(3, 1, late.from), over(3, 2, late.from)]),
            AreaFlaw::HandedOverTwice { area: id(3) },
        ),
        (flaws(three(), vec![], vec![over(3, 9, late.from)]), AreaFlaw::Unknown { area: id(9) }),
        (flaws(three(), vec![], vec![over(9, 1, late.from)]), AreaFlaw::Unknown { area: id(9) }),
        (
            flaws(three(), vec![], vec![over(3, 1, MERGED)]),
            AreaFlaw::HandedOverAlive { area: id(3), on: MERGED },
        ),
    ] {
        assert_eq!(found, std::slice::from_ref(&expected));
        let name = |area: AreaId| area.0.to_string();
        assert!(expected.zh(name).ends_with('。') && expected.en(name).ends_with('.'));
    }
}

proptest! {
    /// A random tree: each area below one with a smaller number, from a random day on.
    #[test]
    fn two_areas_neither_above_the_other_share_nothing_below(
        parents in prop::collection::vec(any::<prop::sample::Index>(), 2..40),
        offsets in prop::collection::vec(0..400i32, 40),
        on in 0..400i32,
    ) {
        let count = parents.len() as u128 + 1;
        let areas = (0..count).map(|id| area(id, Days::since(START)));
        let placements = parents.iter().enumerate().map(|(i, parent)| {
            below(i as u128 + 1, parent.index(i + 1) as u128, Days::since(START.add_days(offsets[i])))
        });
        let tree = AreaTree::new(areas, placements, []).unwrap();
        let on = START.add_days(on);
        let ids = || (0..count).map(AreaId);
        for (a, b) in ids().flat_map(|a| ids().map(move |b| (a, b))) {
            if tree.within(a, b, on) || tree.within(b, a, on) {
                continue;
            }
            let shared = ids().find(|c| tree.within(*c, a, on) && tree.within(*c, b, on));
            prop_assert_eq!(shared, None);
        }
        for row in tree.closure() {
            prop_assert!(tree.within(row.area, row.ancestor, row.days.from));
        }
    }
}
