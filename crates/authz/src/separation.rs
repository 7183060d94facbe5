//! Separation of duties: which steps of one matter must be different persons'.
//!
//! Duties stand in sets; in one cycle a person does duties of one set only. A store keeps the same rule as a plain
//! unique constraint over (matter, cycle, person) with the number of the set from [`Authority::set_of`]. Who acts on a
//! delegated post takes the duty together with who delegated it. There is no switch that lets one person do both.

use crate::authority::{Authority, DutyId, ServiceId};
use crate::id::PersonId;
use crate::resource::{Cycle, ServiceOf, Taken};

/// A duty that the new one must not come together with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The person who would hold both.
    pub person: PersonId,
    /// What they have done already.
    pub done: DutyId,
    /// What they would do.
    pub asked: DutyId,
}

impl Authority {
    /// Whether two duties must be different persons', in matters of the service.
    pub fn are_separate(&self, a: DutyId, b: DutyId, service: ServiceOf) -> bool {
        let split = |sets: &[Vec<DutyId>]| {
            let of = |duty| sets.iter().position(|set| set.contains(&duty));
            of(a).zip(of(b)).is_some_and(|(a, b)| a != b)
        };
        let parts = self.parts();
        let finer =
            parts.services.iter().enumerate().filter(|(id, _)| service.is_narrowed_by(ServiceId(*id)));
        parts.matters.iter().any(|matter| split(&matter.sets))
            || finer.into_iter().any(|(_, s)| split(&s.sets))
    }

    /// The number of the set a duty is in, for a store's constraint: two duties of one kind of matter are separate exactly
    /// where their numbers differ. None for a duty that excludes none. A service that is not known has no number.
    pub fn set_of(&self, duty: DutyId, service: ServiceOf) -> Option<usize> {
        let parts = self.parts();
        let of = |sets: &[Vec<DutyId>]| sets.iter().position(|set| set.contains(&duty));
        let core = parts.matters.iter().find_map(|matter| of(&matter.sets))?;
        match service {
            ServiceOf::Unknown => None,
            ServiceOf::Core => Some(core),
            // A service's sets split the core's, so counting them on from the core's keeps both apart.
            ServiceOf::Narrowed(id) => {
                let most = parts.matters.iter().map(|matter| matter.sets.len()).max().unwrap_or(0);
                Some(of(&parts.services[id.0].sets).map_or(core, |finer| most + finer))
            }
        }
    }

    /// Whether none of these persons has yet done, in this cycle, a duty that the new one excludes.
    ///
    /// # Errors
    /// The first conflict, in the order of what was taken.
    pub fn may_take(
        &self,
        taken: &[Taken],
        cycle: Cycle,
        persons: &[PersonId],
        duty: DutyId,
        service: ServiceOf,
    ) -> Result<(), Conflict> {
        let conflict = taken.iter().find(|t| {
            t.cycle == cycle && persons.contains(&t.person) && self.are_separate(t.duty, duty, service)
        });
        match conflict {
            Some(t) => Err(Conflict { person: t.person, done: t.duty, asked: duty }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::MatterId;
    use crate::sample;

    const CASE: Cycle = Cycle { matter: MatterId(1), number: 1 };

    fn taken(authority: &Authority, person: u128, duty: &str) -> Taken {
        Taken { cycle: CASE, person: PersonId(person), duty: authority.duty(duty).unwrap() }
    }

    /// Reliability A5: every way in which four people can do the five steps. A line is allowed exactly when whoever
    /// accepts or investigates does nothing later, and the three later steps are three persons'.
    #[test]
    fn all_1024_ways_for_four_people_to_do_five_steps() {
        let authority = sample::authority();
        let steps =
            ["intake", "investigate", "opine", "review", "confirm"].map(|s| authority.duty(s).unwrap());
        let mut allowed = 0;
        for way in 0..4u128.pow(5) {
            let person = |step: u32| way / 4u128.pow(step) % 4;
            let mut done: Vec<Taken> = Vec::new();
            let mut went = true;
            for step in 0..5 {
                let who = PersonId(person(step));
                let duty = steps[step as usize];
                match authority.may_take(&done, CASE, &[who], duty, ServiceOf::Core) {
                    Ok(()) => done.push(Taken { cycle: CASE, person: who, duty }),
                    Err(conflict) => {
                        assert_eq!((conflict.person, conflict.asked), (who, duty));
                        went = false;
                        break;
                    }
                }
            }
            let [a, i, o, r, c] = [0, 1, 2, 3, 4].map(person);
            let oracle = o != r && o != c && r != c && ![o, r, c].contains(&a) && ![o, r, c].contains(&i);
            assert_eq!(went, oracle, "intake {a}, investigate {i}, opine {o}, review {r}, confirm {c}");
            allowed += u32::from(oracle);
        }
        // Four ways to choose who receives, all by one person, times the orders of the other three.
        assert_eq!(allowed, 24);
    }

    #[test]
    fn the_order_of_steps_does_not_matter() {
        let authority = sample::authority();
        let duties = ["intake", "investigate", "opine", "review", "confirm", "prepare"];
        for a in duties {
            for b in duties {
                let done = [taken(&authority, 1, a)];
                let asked = authority.duty(b).unwrap();
                let went = authority.may_take(&done, CASE, &[PersonId(1)], asked, ServiceOf::Core).is_ok();
                let reverse = [taken(&authority, 1, b)];
                let first = authority.duty(a).unwrap();
                let back = authority.may_take(&reverse, CASE, &[PersonId(1)], first, ServiceOf::Core).is_ok();
                assert_eq!(went, back, "{a} and {b}");
            }
        }
    }

    #[test]
    fn another_cycle_another_matter_and_another_person_are_free() {
        let authority = sample::authority();
        let done = [taken(&authority, 1, "intake")];
        let opine = authority.duty("opine").unwrap();
        let try_on = |cycle, person| {
            authority.may_take(&done, cycle, &[PersonId(person)], opine, ServiceOf::Core).is_ok()
        };
        assert!(!try_on(CASE, 1));
        assert!(try_on(Cycle { number: 2, ..CASE }, 1));
        assert!(try_on(Cycle { matter: MatterId(2), ..CASE }, 1));
        assert!(try_on(CASE, 2));
    }

    #[test]
    fn whoever_delegated_counts_as_well() {
        let authority = sample::authority();
        let done = [taken(&authority, 1, "intake")];
        let opine = authority.duty("opine").unwrap();
        let both = [PersonId(2), PersonId(1)];
        let conflict = authority.may_take(&done, CASE, &both, opine, ServiceOf::Core).unwrap_err();
        assert_eq!(conflict.person, PersonId(1));
    }

    #[test]
    fn a_service_splits_further_and_an_unknown_one_is_under_all_splits() {
        let authority = sample::narrowed();
        let [intake, investigate, opine] =
            ["intake", "investigate", "opine"].map(|s| authority.duty(s).unwrap());
        let strict = authority.service("strict");
        assert!(!authority.are_separate(intake, investigate, ServiceOf::Core));
        assert!(authority.are_separate(intake, investigate, strict));
        assert!(authority.are_separate(intake, investigate, ServiceOf::Unknown));
        assert!(authority.are_separate(intake, opine, strict));
        assert!(!authority.are_separate(intake, intake, ServiceOf::Unknown));
    }

    #[test]
    fn the_numbers_of_sets_separate_as_the_sets_do() {
        let authority = sample::narrowed();
        let parts = authority.parts();
        for service in [ServiceOf::Core, authority.service("strict")] {
            for matter in &parts.matters {
                let duties: Vec<DutyId> = matter.sets.iter().flatten().copied().collect();
                for (a, b) in duties.iter().flat_map(|a| duties.iter().map(move |b| (*a, *b))) {
                    let numbers = [a, b].map(|duty| authority.set_of(duty, service));
                    assert!(numbers[0].is_some());
                    assert_eq!(numbers[0] != numbers[1], authority.are_separate(a, b, service));
                }
            }
        }
        assert_eq!(authority.set_of(authority.duty("intake").unwrap(), ServiceOf::Unknown), None);
        assert_eq!(authority.set_of(authority.duty("note").unwrap(), ServiceOf::Core), None);
    }
}
