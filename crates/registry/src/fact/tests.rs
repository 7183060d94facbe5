use super::*;
use proptest::prelude::*;

const FIRST: Date = Date::ymd(2026, 1, 1);
const WANG: Subject = Subject::Person(PersonId(1));
const WAGE: &str = "members.wage";

fn day(n: i32) -> Date {
    FIRST.add_days(n)
}

fn span(from: i32, to: i32) -> Days {
    Days::between(day(from), day(to))
}

fn fact(at: i64, value: &str, valid: Days) -> Fact {
    Fact {
        id: FactId(at as u128),
        subject: WANG,
        name: WAGE.into(),
        value: (value != "?").then(|| value.into()),
        valid,
        recorded_at: Moment(at),
        source: Source::Declared,
        evidence: None,
        origin: Origin::default(),
    }
}

fn value(facts: &[Fact], n: i32, known: i64) -> Option<&str> {
    as_of(facts, day(n), Moment(known)).get(&(WANG, WAGE)).and_then(|fact| fact.value.as_deref())
}

fn shown(facts: &[Fact], known: i64) -> Vec<String> {
    let spans = history(facts, Moment(known)).remove(&(WANG, WAGE)).unwrap_or_default();
    spans.iter().map(|(days, fact)| format!("{days:?} {}", fact.value.as_deref().unwrap_or("?"))).collect()
}

#[test]
fn a_correction_takes_the_days_it_covers_and_leaves_the_rest() {
    let facts = [fact(1, "800", Days::since(day(0))), fact(2, "300", span(31, 58))];
    assert_eq!(shown(&facts, 1), ["2026-01-01.. 800"]);
    assert_eq!(
        shown(&facts, 2),
        ["2026-01-01..2026-01-31 800", "2026-02-01..2026-02-28 300", "2026-03-01.. 800"]
    );
    for (n, known, expected) in [
        (-1, 2, None),
        (30, 2, Some("800")),
        (31, 2, Some("300")),
        (58, 2, Some("300")),
        (59, 2, Some("800")),
        (31, 1, Some("800")),
        (31, 0, None),
    ] {
        assert_eq!(value(&facts, n, known), expected, "day {n} known at {known}");
    }
}

#[test]
fn the_latest_recording_counts_whatever_the_order_of_the_list() {
    let mut facts =
        vec![fact(5, "b", span(0, 9)), fact(5, "c", span(0, 9)), fact(4, "a", Days::since(day(0)))];
    facts[1].id = FactId(6);
    for _ in 0..3 {
        facts.rotate_left(1);
        assert_eq!(value(&facts, 3, 9), Some("c"));
    }
}

#[test]
fn what_was_withdrawn_is_unknown() {
    let facts = [fact(1, "800", Days::since(day(0))), fact(2, "?", Days::since(day(10)))];
    assert_eq!(
        (value(&facts, 9, 2), value(&facts, 10, 2), value(&facts, 10, 1)),
        (Some("800"), None, Some("800"))
    );
    assert_eq!(as_of(&facts, day(10), Moment(2)).len(), 1, "somebody said that nothing is known");
}

#[test]
fn a_correction_reopens_the_days_it_changes() {
    let death = Fact { name: "alive".into(), ..fact(1, "true", Days::since(day(-9000))) };
    let late = Fact { name: "alive".into(), ..fact(100, "false", Days::since(day(10))) };
    let facts = [
        death,
        late,
        fact(2, "800", Days::since(day(0))),
        fact(101, "800", span(5, 40)),
        fact(102, "300", span(30, 40)),
        fact(103, "?", span(60, 61)),
    ];
    let of = |name: &str, days| Reopened { subject: WANG, name: name.into(), days };
    assert_eq!(changes(&facts, Moment(99), Moment(101)), [of("alive", Days::since(day(10)))]);
    assert_eq!(
        changes(&facts, Moment(99), Moment(103)),
        [of("alive", Days::since(day(10))), of(WAGE, span(30, 40)), of(WAGE, span(60, 61))]
    );
    assert_eq!(changes(&facts, Moment(0), Moment(2)).len(), 2, "what was not known at all is new");
    assert_eq!(changes(&facts, Moment(102), Moment(102)), []);
    assert_eq!(changes(&facts, Moment(103), Moment(99)).len(), 3, "and the same back");
}

#[test]
fn declared_stands_beside_found() {
    let found = Fact { source: Source::Register, ..fact(3, "1200", span(0, 20)) };
    let facts = [fact(1, "300", Days::since(day(0))), found, fact(2, "400", span(0, 20))];
    let sides = |n| {
        let found = side_by_side(&facts, (WANG, WAGE), day(n), Moment(9));
        found.iter().map(|f| (f.source, f.value.as_deref().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(sides(3), [(Source::Register, "1200"), (Source::Declared, "400")]);
    assert_eq!(sides(21), [(Source::Declared, "300")]);
}

#[test]
fn a_derived_value_is_never_held_against_anybody() {
    let days = span(0, 30);
    for source in Source::ALL {
        let fact = Fact { source, evidence: Some(EvidenceId(1)), ..fact(1, "800", days) };
        let all_shown = [Shown { fact: fact.id, at: Moment(2) }];
        let papers = Papers { shown: &all_shown, ..Papers::default() };
        let fit = fit_against(&fact, days, papers, Moment(2));
        assert_eq!(fit, if source == Source::Derived { Err(Unfit::Derived) } else { Ok(()) }, "{source:?}");
        assert_eq!(
            usable(&fact, days, papers, Moment(2)),
            Some("800"),
            "it may favour, and raise a question"
        );
    }
    assert_eq!(fit_against(&fact(1, "?", days), days, Papers::default(), Moment(2)), Err(Unfit::Unknown));
}

#[test]
fn an_assessed_value_counts_against_somebody_only_once_shown() {
    let days = span(0, 30);
    let assessed = Fact { source: Source::Assessed, ..fact(1, "800", days) };
    let shown = [Shown { fact: assessed.id, at: Moment(5) }];
    let papers = Papers { shown: &shown, ..Papers::default() };
    assert_eq!(fit_against(&assessed, days, papers, Moment(4)), Err(Unfit::NotShown));
    assert_eq!(fit_against(&assessed, days, papers, Moment(5)), Ok(()));
}

#[test]
fn an_objection_rests_what_was_recorded_until_it_is_settled() {
    let days = span(0, 30);
    let assessed = Fact { source: Source::Assessed, ..fact(1, "800", days) };
    let register = Fact { source: Source::Register, ..assessed.clone() };
    let actual = fact(7, "300", days);
    let objection = |settled| {
        [Objection { subject: WANG, name: WAGE.into(), days: span(10, 20), at: Moment(6), settled }]
    };
    let open = objection(None);
    let papers = Papers { objections: &open, ..Papers::default() };
    for (fact, days, known, expected) in [
        (&assessed, days, 5, Standing::Good),
        (&assessed, days, 6, Standing::Suspended),
        (&assessed, span(0, 9), 6, Standing::Good),
        (&assessed, span(20, 20), 6, Standing::Suspended),
        (&register, days, 6, Standing::Contested),
        (&actual, days, 9, Standing::Good),
    ] {
        assert_eq!(standing(fact, days, papers, Moment(known)), expected, "{fact:?} {days:?} {known}");
    }
    assert_eq!(usable(&assessed, days, papers, Moment(6)), None);
    for (holds, expected) in [(true, Standing::Good), (false, Standing::Rejected)] {
        let settled = objection(Some(Settled { at: Moment(8), holds }));
        let papers = Papers { objections: &settled, ..Papers::default() };
        assert_eq!(standing(&assessed, days, papers, Moment(7)), Standing::Suspended, "not settled yet");
        assert_eq!(standing(&assessed, days, papers, Moment(8)), expected);
    }
    let other = Objection { name: "members.business".into(), ..open[0].clone() };
    let papers = Papers { objections: &[other], ..Papers::default() };
    assert_eq!(standing(&assessed, days, papers, Moment(6)), Standing::Good);
}

#[test]
fn a_document_needs_to_be_filed() {
    let bare =
        Fact { source: Source::Visit, name: " ".into(), ..fact(1, "800", Days::between(day(1), day(0))) };
    let flaws = bare.check().unwrap_err();
    assert_eq!(flaws.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["name", "valid", "evidence"]);
    assert_eq!(fact(1, "800", span(0, 0)).check(), Ok(()));
    assert!(!format!("{:?}", fact(1, "800", span(0, 0))).contains("800"));
}

/// Recordings about two things, with three values and gaps, up to 60 days and moments 1 to 12.
fn recordings() -> impl Strategy<Value = Vec<Fact>> {
    let one = (1i64..13, 0i32..60, prop::option::weighted(0.8, 0i32..30), 0usize..4, any::<bool>());
    prop::collection::vec(one, 0..14).prop_map(|all| {
        let made =
            |(n, (at, from, length, value, wage)): (usize, (i64, i32, Option<i32>, usize, bool))| Fact {
                id: FactId(n as u128),
                name: if wage { WAGE } else { "members.rent" }.into(),
                ..fact(
                    at,
                    ["?", "a", "b", "c"][value],
                    Days { from: day(from), to: length.map(|n| day(from + n)) },
                )
            };
        all.into_iter().enumerate().map(made).collect()
    })
}

/// What is known on each of 100 days: every recording in the order of recording paints its days.
fn painted(facts: &[Fact], name: &str, known: i64) -> Vec<Option<String>> {
    let mut days = vec![None; 100];
    let mut order: Vec<&Fact> = facts.iter().filter(|f| f.name == name && f.recorded_at.0 <= known).collect();
    order.sort_by_key(|fact| (fact.recorded_at.0, fact.id.0));
    for fact in order {
        for (n, painted) in days.iter_mut().enumerate() {
            if fact.valid.from <= day(n as i32) && fact.valid.to.is_none_or(|to| day(n as i32) <= to) {
                *painted = fact.value.clone();
            }
        }
    }
    days
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn knowledge_is_what_painting_day_by_day_gives(facts in recordings(), known in 0i64..14) {
        let spans = history(&facts, Moment(known));
        for name in [WAGE, "members.rent"] {
            let expected = painted(&facts, name, known);
            let spans = spans.get(&(WANG, name)).cloned().unwrap_or_default();
            for pair in spans.windows(2) {
                prop_assert!(pair[0].0.last() < pair[1].0.from);
            }
            for (n, expected) in expected.iter().enumerate() {
                let on = day(n as i32);
                let asked = as_of(&facts, on, Moment(known)).get(&(WANG, name)).and_then(|f| f.value.clone());
                prop_assert_eq!(&asked, expected, "day {}", n);
                let span = spans.iter().find(|(days, _)| days.hold(on));
                prop_assert_eq!(&span.and_then(|(_, fact)| fact.value.clone()), expected, "day {}", n);
            }
        }
    }

    #[test]
    fn later_recordings_never_change_what_was_known(mut facts in recordings(), more in recordings(), known in 0i64..14) {
        let before = history(&facts, Moment(known)).into_iter()
            .map(|((_, name), spans)| (name.to_owned(), spans.iter().map(|(d, f)| (*d, f.value.clone())).collect::<Vec<_>>()))
            .collect::<Vec<_>>();
        facts.extend(more.into_iter().map(|fact| Fact { recorded_at: Moment(known + fact.recorded_at.0), ..fact }));
        let after = history(&facts, Moment(known)).into_iter()
            .map(|((_, name), spans)| (name.to_owned(), spans.iter().map(|(d, f)| (*d, f.value.clone())).collect::<Vec<_>>()))
            .collect::<Vec<_>>();
        prop_assert_eq!(before, after);
    }

    #[test]
    fn exactly_the_days_that_differ_are_reopened(facts in recordings(), before in 0i64..14, after in 0i64..14) {
        let found = changes(&facts, Moment(before), Moment(after));
        for name in [WAGE, "members.rent"] {
            let (old, new) = (painted(&facts, name, before), painted(&facts, name, after));
            for n in 0..100 {
                let reopened = found.iter().any(|r| r.name == name && r.days.hold(day(n)));
                prop_assert_eq!(reopened, old[n as usize] != new[n as usize], "day {} of {:?}", n, found);
            }
        }
    }
}
