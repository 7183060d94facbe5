use super::*;
use crate::synth::plan::Plan;
use std::collections::{BTreeMap, BTreeSet};

fn homes(plan: &Plan) -> (County, Vec<Home>) {
    let seed = plan.seed();
    let county = County::lay_out(plan, &seed, plan.beginning());
    let homes = (0..plan.households).map(|n| Home::make(plan, &seed, &county, n)).collect();
    (county, homes)
}

fn town() -> Plan {
    Plan { towns: 4, households: 3000, cases: 1200, ..Plan::example() }
}

#[test]
fn every_resident_is_in_order_by_the_registrys_own_checks() {
    let plan = town();
    let (county, homes) = homes(&plan);
    for home in &homes {
        for person in &home.people {
            let kept = person.draft(home, &county, &plan).check(plan.today);
            let kept = kept.unwrap_or_else(|flaws| panic!("{flaws:?}"));
            assert_eq!(kept.birth, Some(person.birth));
            assert_eq!(kept.name(), Some(person.called.name.as_str()));
            assert_eq!(kept.sex.is_some_and(|sex| sex == anmin_base::resident_id::Sex::Female), person.woman);
        }
    }
}

#[test]
fn numbers_are_nobodys_and_no_two_are_alike() {
    let plan = town();
    let (_, homes) = homes(&plan);
    let people: Vec<&Resident> = homes.iter().flat_map(|home| &home.people).collect();
    let cards: BTreeSet<ResidentId> = people.iter().map(|p| p.card).collect();
    let ids: BTreeSet<Id> = people.iter().map(|p| p.id).collect();
    let phones: Vec<&String> = people.iter().filter_map(|p| p.phone.as_ref()).collect();
    assert_eq!((cards.len(), ids.len()), (people.len(), people.len()));
    assert_eq!(phones.iter().collect::<BTreeSet<_>>().len(), phones.len());
    for person in people {
        let code: u32 = person.card.division_prefix().parse().unwrap();
        assert!((110_181..=110_199).contains(&code), "{code}");
        assert!(person.phone.as_ref().is_none_or(|phone| phone.starts_with("164")));
    }
}

#[test]
fn identity_numbers_do_not_run_out() {
    let on = Date::ymd(2026, 9, 1);
    let most = crate::synth::plan::MOST_HOUSEHOLDS * MOST;
    // Everybody of one class has the same age and sex: the worst there is.
    let class = 9_500;
    let births: BTreeSet<Date> =
        (0..most / class).map(|turn| card("110000", turn * class + 17, 70, true, on).1).collect();
    assert_eq!(births.len(), usize::try_from(most / class).unwrap());
    assert!(births.iter().all(|birth| (69..=70).contains(&age_on(*birth, on))));
}

#[test]
fn families_and_ages_look_like_a_county() {
    let (_, homes) = homes(&Plan { cases: 0, ..town() });
    let today = Plan::example().today;
    let people: Vec<&Resident> = homes.iter().flat_map(|home| home.members()).collect();
    let share =
        |which: &dyn Fn(&Resident) -> bool| people.iter().filter(|p| which(p)).count() * 100 / people.len();
    assert!((12..=30).contains(&share(&|p| p.age(today) < 18)), "{}", share(&|p| p.age(today) < 18));
    assert!((15..=35).contains(&share(&|p| p.age(today) >= 60)), "{}", share(&|p| p.age(today) >= 60));
    assert!((44..=56).contains(&share(&|p| p.woman)), "{}", share(&|p| p.woman));
    let moved =
        homes.iter().filter(|h| h.people[0].registered != Registered::Here).count() * 100 / homes.len();
    assert!((8..=17).contains(&moved), "{moved}");
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    homes.iter().for_each(|home| *sizes.entry(home.members().count()).or_default() += 1);
    assert!(sizes.keys().all(|size| (1..=6).contains(size)) && sizes.len() >= 5, "{sizes:?}");
    for home in &homes {
        assert_eq!(home.members().filter(|p| p.member == Member::Head).count(), 1);
        let head = home.people[0].age(today);
        let children = home.people.iter().filter(|p| p.member == Member::Child);
        assert!(children.clone().all(|child| head - child.age(today) >= 14), "{home:?}");
    }
}
