use super::*;
use proptest::prelude::*;

const FIRST: Date = Date::ymd(2026, 1, 1);
const HEAD: PersonId = PersonId(1);
const WIFE: PersonId = PersonId(2);
const SON: PersonId = PersonId(3);

const HOME: HouseholdId = HouseholdId(10);
const OTHER: HouseholdId = HouseholdId(11);
const MARGIN: HouseholdId = HouseholdId(12);
const REGISTER: HouseholdId = HouseholdId(20);
const REGISTER_TOO: HouseholdId = HouseholdId(21);
const STREET: HouseholdId = HouseholdId(30);
const LANE: HouseholdId = HouseholdId(31);

fn day(n: i32) -> Date {
    FIRST.add_days(n)
}

fn joining(person: PersonId, ground: Ground) -> Joining {
    Joining { person, ground }
}

fn empty() -> Book {
    let living = |id, case, programme: &str| Household {
        id,
        of: Of::Living(CountedFor { case: CaseId(case), programme: programme.into() }),
        area: AreaId(1),
    };
    let of = |id, of| Household { id, of, area: AreaId(1) };
    Book {
        households: vec![
            living(HOME, 1, "basic"),
            living(OTHER, 2, "basic"),
            living(MARGIN, 1, "margin"),
            of(REGISTER, Of::Register),
            of(REGISTER_TOO, Of::Register),
            of(STREET, Of::Address),
            of(LANE, Of::Address),
        ],
        rows: vec![],
    }
}

/// A book under a sequence of changes; each takes a moment of its own.
struct Walk {
    book: Book,
    at: i64,
}

impl Walk {
    fn family() -> Walk {
        let mut walk = Walk { book: empty(), at: 0 };
        for (person, ground) in
            [(HEAD, Ground::LivingTogether), (WIFE, Ground::Spouse), (SON, Ground::MinorChild)]
        {
            walk.join(HOME, person, ground, Days::since(FIRST)).unwrap();
        }
        walk
    }

    fn try_one(&mut self, one: Change) -> Result<Rows, Vec<Refusal>> {
        self.at += 1;
        let rows = change(&self.book, &one, Moment(self.at))?;
        self.book = self.book.after(&rows, Moment(self.at));
        Ok(rows)
    }

    fn join(
        &mut self,
        household: HouseholdId,
        person: PersonId,
        ground: Ground,
        days: Days,
    ) -> Result<Rows, Vec<Refusal>> {
        self.try_one(Change::Join { household, who: joining(person, ground), days })
    }

    fn counted(&self, household: HouseholdId, n: i32) -> Vec<u128> {
        self.book.counted(household, day(n), Moment(self.at)).iter().map(|person| person.0).collect()
    }
}

#[test]
fn a_person_is_counted_in_one_household_a_programme() {
    let mut walk = Walk::family();
    let refused = walk.join(OTHER, WIFE, Ground::Spouse, Days::between(day(5), day(9))).unwrap_err();
    let days = Days::between(day(5), day(9));
    let kind = HouseholdKind::Living;
    assert_eq!(refused, [Refusal::Elsewhere { person: WIFE, household: HOME, kind, days }]);
    // Another programme, a register and an address are other things.
    for (household, ground) in [
        (MARGIN, Ground::Spouse),
        (REGISTER, Ground::Registered),
        (STREET, Ground::Resident),
        (LANE, Ground::Resident),
    ] {
        walk.join(household, WIFE, ground, Days::since(FIRST)).unwrap();
    }
    let refused = walk.join(REGISTER_TOO, WIFE, Ground::Registered, Days::since(day(1))).unwrap_err();
    assert!(matches!(refused[..], [Refusal::Elsewhere { household: REGISTER, .. }]), "{refused:?}");
}

#[test]
fn who_is_not_counted_may_be_counted_elsewhere() {
    let mut walk = Walk::family();
    let single = |walk: &mut Walk| walk.join(OTHER, SON, Ground::SingleInclusion, Days::since(day(10)));
    assert!(single(&mut walk).is_err());
    let who = joining(SON, Ground::OwnHousehold);
    walk.try_one(Change::Reground { household: HOME, who, from: day(10) }).unwrap();
    single(&mut walk).unwrap();
    assert_eq!((walk.counted(HOME, 9), walk.counted(OTHER, 9)), (vec![1, 2, 3], vec![]));
    assert_eq!((walk.counted(HOME, 10), walk.counted(OTHER, 10)), (vec![1, 2], vec![3]));
    assert_eq!(walk.book.members(HOME, day(10), Moment::LAST).len(), 3);
    let refused = walk.join(OTHER, PersonId(4), Ground::LivingTogether, Days::since(day(20))).unwrap_err();
    assert!(
        matches!(refused[..], [Refusal::NotAlone { person: SON, other: PersonId(4), .. }]),
        "{refused:?}"
    );
    walk.join(OTHER, PersonId(4), Ground::InPrison, Days::since(day(20))).unwrap();
}

#[test]
fn no_day_twice_in_one_household() {
    let mut walk = Walk::family();
    let refused = walk.join(HOME, SON, Ground::InPrison, Days::between(day(3), day(4))).unwrap_err();
    assert!(matches!(refused[..], [Refusal::AlreadyIn { person: SON, household: HOME, .. }]), "{refused:?}");
    walk.try_one(Change::Leave { household: HOME, person: SON, last: day(2) }).unwrap();
    walk.join(HOME, SON, Ground::InPrison, Days::between(day(3), day(4))).unwrap();
    assert_eq!([2, 3, 5].map(|n| walk.book.members(HOME, day(n), Moment::LAST).len()), [3, 3, 2]);
}

#[test]
fn refuses_what_cannot_be() {
    let mut walk = Walk::family();
    let unknown = HouseholdId(99);
    let who = joining(SON, Ground::MinorChild);
    let row = walk.book.rows[0];
    let gone = Membership { ground: Ground::Student, ..row };
    for (one, expected) in [
        (
            Change::Join { household: unknown, who, days: Days::since(FIRST) },
            Refusal::UnknownHousehold { household: unknown },
        ),
        (
            Change::Join { household: REGISTER, who, days: Days::since(FIRST) },
            Refusal::WrongGround { ground: Ground::MinorChild, kind: HouseholdKind::Registered },
        ),
        (
            Change::Join { household: MARGIN, who, days: Days::between(day(1), day(0)) },
            Refusal::Backwards { days: Days::between(day(1), day(0)) },
        ),
        (
            Change::Leave { household: HOME, person: SON, last: day(-1) },
            Refusal::NotIn { person: SON, household: HOME, on: day(-1) },
        ),
        (
            Change::Reground { household: OTHER, who, from: day(1) },
            Refusal::NotIn { person: SON, household: OTHER, on: day(1) },
        ),
        (
            Change::Move { household: HOME, to: MARGIN, who, from: day(1) },
            Refusal::NotAlike { household: HOME, other: MARGIN },
        ),
        (
            Change::Merge { household: HOME, into: HOME, from: day(1) },
            Refusal::NotAlike { household: HOME, other: HOME },
        ),
        (
            Change::Merge { household: OTHER, into: HOME, from: day(1) },
            Refusal::NobodyIn { household: OTHER, on: day(1) },
        ),
        (
            Change::Split { household: HOME, into: OTHER, who: vec![], from: day(1) },
            Refusal::NobodySplit { household: HOME },
        ),
        (
            Change::Split {
                household: HOME,
                into: OTHER,
                who: [HEAD, WIFE, SON].map(|p| joining(p, Ground::LivingTogether)).to_vec(),
                from: day(1),
            },
            Refusal::NobodySplit { household: HOME },
        ),
        (Change::Correct { row: gone, right: None }, Refusal::NoSuchRow { person: HEAD, household: HOME }),
    ] {
        let book = walk.book.clone();
        assert_eq!(walk.try_one(one), Err(vec![expected.clone()]));
        assert_eq!(walk.book, book, "a refused change leaves no trace");
        assert!(expected.zh().ends_with('。') && expected.en().ends_with('.'));
    }
}

#[test]
fn a_move_has_no_day_in_both_and_none_in_neither() {
    let mut walk = Walk::family();
    walk.join(OTHER, PersonId(4), Ground::LivingTogether, Days::since(FIRST)).unwrap();
    let who = joining(SON, Ground::LongTogether);
    let rows = walk.try_one(Change::Move { household: HOME, to: OTHER, who, from: day(10) }).unwrap();
    assert_eq!((rows.take_back.len(), rows.add.len()), (1, 2));
    for n in [9, 10] {
        let homes = [HOME, OTHER].map(|household| walk.counted(household, n).contains(&3));
        assert_eq!(homes, [n == 9, n == 10]);
    }
    let addresses =
        Change::Move { household: STREET, to: LANE, who: joining(SON, Ground::Resident), from: day(1) };
    walk.join(STREET, SON, Ground::Resident, Days::since(FIRST)).unwrap();
    walk.try_one(addresses).unwrap();
    assert_eq!((walk.counted(STREET, 1), walk.counted(LANE, 1)), (vec![], vec![3]));
}

#[test]
fn households_merge_and_split() {
    let mut walk = Walk::family();
    walk.join(OTHER, PersonId(4), Ground::LivingTogether, Days::between(FIRST, day(30))).unwrap();
    walk.join(OTHER, PersonId(5), Ground::InPrison, Days::since(day(20))).unwrap();
    walk.try_one(Change::Merge { household: OTHER, into: HOME, from: day(10) }).unwrap();
    assert_eq!((walk.counted(OTHER, 9), walk.counted(OTHER, 10)), (vec![4], vec![]));
    assert_eq!(walk.counted(HOME, 10), [1, 2, 3, 4]);
    assert_eq!(walk.counted(HOME, 31), [1, 2, 3], "who would have left, leaves");
    assert_eq!(walk.book.members(HOME, day(20), Moment::LAST).len(), 5, "who would have come, comes");
    assert!(walk.book.members(OTHER, day(20), Moment::LAST).is_empty());
    let who = vec![joining(WIFE, Ground::LivingTogether), joining(SON, Ground::MinorChild)];
    walk.try_one(Change::Split { household: HOME, into: OTHER, who, from: day(40) }).unwrap();
    assert_eq!((walk.counted(HOME, 40), walk.counted(OTHER, 40)), (vec![1], vec![2, 3]));
}

#[test]
fn a_correction_shows_what_was_known_before() {
    let mut walk = Walk::family();
    let known = Moment(walk.at);
    let row = **walk.book.members(HOME, FIRST, known).iter().find(|row| row.person == SON).unwrap();
    let right = Some((Ground::InDetox, Days::since(day(7))));
    walk.try_one(Change::Correct { row, right }).unwrap();
    assert_eq!((walk.counted(HOME, 7), walk.book.counted(HOME, day(7), known).len()), (vec![1, 2], 3));
    assert_eq!(walk.book.members(HOME, day(6), Moment(walk.at)).len(), 2);
    let again = walk.try_one(Change::Correct { row, right: None });
    assert!(matches!(again.unwrap_err()[..], [Refusal::NoSuchRow { .. }]));
}

#[test]
fn a_wrong_book_can_be_mended() {
    let mut walk = Walk::family();
    let twice = Membership { household: OTHER, ..walk.book.rows[0] };
    walk.book.rows.push(twice);
    assert!(!walk.book.check(Moment(walk.at)).is_empty());
    walk.join(HOME, PersonId(7), Ground::LongTogether, Days::since(day(3))).unwrap();
    walk.try_one(Change::Correct { row: twice, right: None }).unwrap();
    assert!(walk.book.check(Moment(walk.at)).is_empty());
}

fn changes() -> impl Strategy<Value = Change> {
    let household = || prop::sample::select(vec![HOME, OTHER, MARGIN, REGISTER, REGISTER_TOO, STREET]);
    let person = || (1u128..5).prop_map(PersonId);
    let who = || (person(), prop::sample::select(Ground::ALL)).prop_map(|(p, g)| joining(p, g));
    let when = || (0i32..40).prop_map(day);
    let days = || {
        (when(), prop::option::of(0i32..30))
            .prop_map(|(from, n)| Days { from, to: n.map(|n| from.add_days(n)) })
    };
    prop_oneof![
        4 => (household(), who(), days()).prop_map(|(household, who, days)| Change::Join { household, who, days }),
        2 => (household(), person(), when()).prop_map(|(household, person, last)| Change::Leave { household, person, last }),
        2 => (household(), who(), when()).prop_map(|(household, who, from)| Change::Reground { household, who, from }),
        2 => (household(), household(), who(), when()).prop_map(|(household, to, who, from)| Change::Move { household, to, who, from }),
        1 => (household(), household(), when()).prop_map(|(household, into, from)| Change::Merge { household, into, from }),
        1 => (household(), household(), prop::collection::vec(who(), 1..3), when())
            .prop_map(|(household, into, who, from)| Change::Split { household, into, who, from }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_is_accepted_leaves_a_sound_book_and_all_that_was_known(all in prop::collection::vec(changes(), 1..40)) {
        let mut walk = Walk { book: empty(), at: 0 };
        for one in all {
            let (before, known) = (walk.book.clone(), Moment(walk.at));
            if walk.try_one(one).is_err() {
                continue;
            }
            prop_assert!(walk.book.rows.len() >= before.rows.len());
            for n in 0..75 {
                for household in &before.households {
                    let was = before.members(household.id, day(n), known).len();
                    prop_assert_eq!(walk.book.members(household.id, day(n), known).len(), was);
                }
                // A day-by-day count of where each person is.
                for person in (1..5).map(PersonId) {
                    let count = |of: &[HouseholdId]| {
                        let rows = walk.book.rows.iter().filter(|r| r.person == person && r.known(Moment(walk.at)));
                        rows.filter(|r| of.contains(&r.household) && r.ground.counted() && r.days.hold(day(n))).count()
                    };
                    prop_assert!(count(&[HOME, OTHER]) <= 1 && count(&[MARGIN]) <= 1 && count(&[STREET]) <= 1);
                    prop_assert!(count(&[REGISTER, REGISTER_TOO]) <= 1);
                }
            }
            prop_assert_eq!(walk.book.check(Moment(walk.at)), vec![]);
        }
    }
}
