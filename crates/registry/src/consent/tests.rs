use super::*;
use proptest::prelude::*;

const ON: Date = Date::ymd(2026, 9, 1);
const SIGNED: Date = Date::ymd(2026, 3, 1);
const HEAD: PersonId = PersonId(1);
const WIFE: PersonId = PersonId(2);
const CHILD: PersonId = PersonId(3);
const BROTHER: PersonId = PersonId(4);

fn party(person: PersonId, birth: Date) -> Party {
    Party { person, part: Part::Member, birth: Some(birth), capacity: Capacity::ByAge, guardians: vec![] }
}

fn family() -> Vec<Party> {
    let parent = Guardian { person: HEAD, days: Days::since(Date::MIN) };
    vec![
        party(HEAD, Date::ymd(1980, 5, 1)),
        party(WIFE, Date::ymd(1982, 5, 1)),
        Party { guardians: vec![parent], ..party(CHILD, Date::ymd(2015, 5, 1)) },
    ]
}

fn classes() -> Vec<Class> {
    vec!["deposits".into(), "vehicles".into()]
}

fn signed(signer: PersonId, persons: &[PersonId]) -> Authorisation {
    let cover = |person: &PersonId| {
        classes().into_iter().map(|class| Cover { person: *person, class }).collect::<Vec<_>>()
    };
    Authorisation {
        id: AuthorisationId(1),
        signer,
        covers: persons.iter().flat_map(cover).collect(),
        days: Days::between(SIGNED, Date::ymd(2027, 2, 28)),
        revoked_on: None,
        ended_on: None,
        household: [HEAD, WIFE, CHILD].into(),
    }
}

fn both() -> Vec<Authorisation> {
    vec![signed(HEAD, &[HEAD, CHILD]), signed(WIFE, &[WIFE])]
}

#[track_caller]
fn missing(parties: &[Party], authorisations: &[Authorisation], expected: &[(PersonId, &[PersonId], Why)]) {
    let found = missing_authorisations(parties, authorisations, &classes(), ON);
    let shown: Vec<_> = found.iter().map(|m| (m.person, m.signers.as_slice(), m.why)).collect();
    assert_eq!(shown, expected);
    assert!(found.iter().all(|m| m.why.zh().ends_with('。') && m.why.en().ends_with('.')));
}

#[test]
fn every_adult_signs_and_a_guardian_for_a_child() {
    missing(&family(), &both(), &[]);
    missing(
        &family(),
        &[],
        &[(HEAD, &[HEAD], Why::NotSigned), (WIFE, &[WIFE], Why::NotSigned), (CHILD, &[HEAD], Why::NotSigned)],
    );
    missing(&family(), &both()[..1], &[(WIFE, &[WIFE], Why::NotSigned)]);
}

#[test]
fn nobody_signs_for_another_adult() {
    let for_all = [signed(HEAD, &[HEAD, WIFE, CHILD])];
    missing(&family(), &for_all, &[(WIFE, &[WIFE], Why::WrongSigner)]);
    let mut guarded = family();
    guarded[1].capacity = Capacity::Guarded;
    missing(&guarded, &for_all, &[(WIFE, &[], Why::NoGuardian)]);
    guarded[1].guardians.push(Guardian { person: HEAD, days: Days::since(SIGNED) });
    missing(&guarded, &for_all, &[]);
    guarded[1].guardians[0].days = Days::since(SIGNED.add_days(1));
    missing(&guarded, &for_all, &[(WIFE, &[HEAD], Why::WrongSigner)]);
}

#[test]
fn a_period_a_revocation_and_the_end_of_the_benefit() {
    let head = |change: fn(&mut Authorisation)| {
        let mut all = both();
        change(&mut all[1]);
        all
    };
    let wife = |why| vec![(WIFE, &[WIFE][..], why)];
    type Case = (fn(&mut Authorisation), Option<Why>);
    let cases: [Case; 8] = [
        (|a| a.days.to = Some(ON), None),
        (|a| a.days.to = Some(ON.add_days(-1)), Some(Why::OutsidePeriod)),
        (|a| a.days.from = ON.add_days(1), Some(Why::OutsidePeriod)),
        (|a| a.revoked_on = Some(ON.add_days(1)), None),
        (|a| a.revoked_on = Some(ON), Some(Why::Revoked)),
        (|a| a.ended_on = Some(ON), None),
        (|a| a.ended_on = Some(ON.add_days(-1)), Some(Why::BenefitEnded)),
        (|a| a.household = [HEAD, WIFE, CHILD, BROTHER].into(), Some(Why::HouseholdChanged)),
    ];
    for (change, why) in cases {
        let all = head(change);
        missing(&family(), &all, &why.map(wife).unwrap_or_default());
        // The paper alone: all but the household.
        let paper = covers(&all, WIFE, &"deposits".into(), ON);
        assert_eq!(paper, why.is_none_or(|why| why == Why::HouseholdChanged), "{why:?}");
    }
}

#[test]
fn a_changed_household_signs_again() {
    let mut parties = family();
    parties.push(party(BROTHER, Date::ymd(1985, 5, 1)));
    missing(
        &parties,
        &both(),
        &[
            (HEAD, &[HEAD], Why::HouseholdChanged),
            (WIFE, &[WIFE], Why::HouseholdChanged),
            (CHILD, &[HEAD], Why::HouseholdChanged),
            (BROTHER, &[BROTHER], Why::NotSigned),
        ],
    );
}

#[test]
fn an_obligor_signs_alone_and_does_not_change_the_household() {
    let mut parties = family();
    parties.push(Party { part: Part::Obligor, ..party(BROTHER, Date::ymd(1985, 5, 1)) });
    let mut all = both();
    all[0].covers.extend(classes().into_iter().map(|class| Cover { person: BROTHER, class }));
    missing(&parties, &all, &[(BROTHER, &[BROTHER], Why::WrongSigner)]);
    all.push(Authorisation { household: BTreeSet::new(), ..signed(BROTHER, &[BROTHER]) });
    missing(&parties, &all, &[]);
}

#[test]
fn who_comes_of_age_signs_from_that_day() {
    let mut parties = family();
    parties[2].birth = Some(Date::ymd(2008, 9, 1));
    missing(&parties, &both(), &[(CHILD, &[CHILD], Why::CameOfAge)]);
    parties[2].birth = Some(Date::ymd(2008, 9, 2));
    missing(&parties, &both(), &[]);
    parties[2].capacity = Capacity::OwnWork;
    missing(&parties, &both(), &[(CHILD, &[CHILD], Why::WrongSigner)]);
    parties[2].birth = None;
    missing(&parties, &both(), &[(CHILD, &[], Why::BirthUnknown)]);
}

#[test]
fn classes_are_told_apart() {
    let mut all = both();
    all[1].covers.retain(|cover| cover.class.0 == "deposits");
    let found = missing_authorisations(&family(), &all, &classes(), ON);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].person, found[0].classes.as_slice()), (WIFE, &["vehicles".into()][..]));
    // A second paper for the rest will do, and a bad one beside a good one does no harm.
    all.push(signed(WIFE, &[WIFE]));
    all.push(Authorisation { revoked_on: Some(SIGNED), ..signed(WIFE, &[WIFE]) });
    missing(&family(), &all, &[]);
}

#[test]
fn a_paper_that_could_not_count_is_not_filed() {
    let fields = |paper: Authorisation| {
        let flaws = paper.check(&family()).err().unwrap_or_default();
        flaws.into_iter().map(|flaw| flaw.field).collect::<Vec<_>>()
    };
    assert!(fields(signed(HEAD, &[HEAD, CHILD])).is_empty());
    assert_eq!(fields(signed(HEAD, &[HEAD, WIFE, BROTHER])), ["persons[1]", "persons[2]"]);
    assert_eq!(fields(Authorisation { days: Days::since(SIGNED), ..signed(WIFE, &[]) }), ["to", "covers"]);
    let backwards = Days::between(SIGNED, SIGNED.add_days(-1));
    assert_eq!(fields(Authorisation { days: backwards, ..signed(WIFE, &[WIFE]) }), ["to"]);
}

#[test]
fn the_applicant_sees_totals_unless_the_adult_agrees() {
    let [_, wife, child] = <[Party; 3]>::try_from(family()).unwrap();
    let consent =
        ShowConsent { of: WIFE, to: HEAD, signer: WIFE, days: Days::since(SIGNED), revoked_on: None };
    let see = |about: &Party, consent: ShowConsent| view(HEAD, about, &[consent], &[], ON);
    assert_eq!(see(&wife, consent), View::Figures);
    for not in [
        ShowConsent { to: BROTHER, ..consent },
        ShowConsent { signer: HEAD, ..consent },
        ShowConsent { revoked_on: Some(ON), ..consent },
        ShowConsent { days: Days::between(SIGNED, ON.add_days(-1)), ..consent },
    ] {
        assert_eq!(see(&wife, not), View::Totals, "{not:?}");
    }
    assert_eq!(see(&child, consent), View::Figures, "as guardian");
    assert_eq!(view(WIFE, &child, &[], &[], ON), View::Totals, "whose guardian is another");
    assert_eq!(view(WIFE, &wife, &[], &[], ON), View::Figures, "one's own");
}

#[test]
fn nothing_passes_between_two_kept_apart() {
    let [_, wife, child] = <[Party; 3]>::try_from(family()).unwrap();
    let consent =
        ShowConsent { of: WIFE, to: HEAD, signer: WIFE, days: Days::since(SIGNED), revoked_on: None };
    for (one, other) in [(HEAD, WIFE), (WIFE, HEAD)] {
        let apart = Apart { one, other, days: Days::since(ON) };
        assert_eq!(view(HEAD, &wife, &[consent], &[apart], ON), View::Nothing);
        assert_eq!(view(HEAD, &wife, &[consent], &[apart], ON.add_days(-1)), View::Figures);
        assert_eq!(view(WIFE, &wife, &[], &[apart], ON), View::Figures);
    }
    let apart = Apart { one: HEAD, other: CHILD, days: Days::since(ON) };
    assert_eq!(view(HEAD, &child, &[], &[apart], ON), View::Nothing, "not even as guardian");
}

proptest! {
    #[test]
    fn nothing_is_askable_without_a_paper_in_force_by_who_may_sign(
        signer in 1u128..5, person in 1u128..4, from in -400i32..10, length in 0i32..500,
        revoked in prop::option::of(-300i32..300), ended in prop::option::of(-300i32..300), changed in any::<bool>(),
    ) {
        let mut one = signed(PersonId(signer), &[PersonId(person)]);
        one.days = Days::between(ON.add_days(from), ON.add_days(from + length));
        one.revoked_on = revoked.map(|n| ON.add_days(n));
        one.ended_on = ended.map(|n| ON.add_days(n));
        if changed {
            one.household.remove(&WIFE);
        }
        let found = missing_authorisations(&family(), std::slice::from_ref(&one), &classes(), ON);
        let askable = !found.iter().any(|m| m.person == PersonId(person));
        let right = signer == person && person != 3 || signer == 1 && person == 3;
        let holds = (from..=from + length).contains(&0) && revoked.is_none_or(|n| n > 0) && ended.is_none_or(|n| n >= 0);
        prop_assert_eq!(askable, right && holds && !changed);
        prop_assert!(!askable || one.covers(PersonId(person), &"deposits".into(), ON));
    }
}
