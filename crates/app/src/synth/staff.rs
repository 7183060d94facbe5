//! Who works in the county: the people, their posts, and who has which part in the cases of a town.

use super::names::{self, Called};
use super::place::County;
use super::plan::{MONTHS, Plan};
use super::random::{Random, Seed};
use anmin_base::date::Date;
use anmin_base::resident_id::ResidentId;
use anmin_store::{Id, Moment};

/// The division code of their identity numbers: no place's.
const CODE: u32 = 999_801;

/// Somebody who works here.
#[derive(Clone, Debug)]
pub(crate) struct Colleague {
    pub id: Id,
    pub called: Called,
    pub card: ResidentId,
    /// What they sign in with, if they have an account.
    pub login: String,
    /// Their unit, by number.
    pub unit: usize,
    pub role: &'static str,
    /// The area of the post.
    pub area: usize,
}

/// A term of a post: nobody holds one for longer than a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub id: Id,
    pub from: Date,
    pub to: Date,
}

/// Who handles the cases of one town, by number among the colleagues.
#[derive(Clone, Debug, Default)]
pub(crate) struct TownHall {
    pub clerks: Vec<usize>,
    pub investigators: Vec<usize>,
    pub examiners: Vec<usize>,
    /// One for each village.
    pub assistants: Vec<usize>,
    /// One for each village.
    pub appraisers: Vec<usize>,
}

/// Everybody who works here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Staff {
    pub people: Vec<Colleague>,
    pub halls: Vec<TownHall>,
    pub reviewers: Vec<usize>,
    pub confirmers: Vec<usize>,
    pub checkers: Vec<usize>,
    /// Who proposes posts and who approves them.
    pub administrators: Vec<usize>,
}

/// Roles at the city and county of which there is one.
const SINGLE: [(&str, Seat); 9] = [
    ("system_admin", Seat::Bureau),
    ("audit_admin", Seat::Bureau),
    ("policy_editor", Seat::Bureau),
    ("policy_approver", Seat::Bureau),
    ("supervisor", Seat::City),
    ("fund_preparer", Seat::Finance),
    ("fund_reviewer", Seat::Finance),
    ("fund_signer", Seat::Finance),
    ("auditor", Seat::Audit),
];

#[derive(Clone, Copy)]
enum Seat {
    City,
    Bureau,
    Finance,
    Audit,
}

impl Staff {
    /// Appoints everybody, more of them where there are more cases.
    pub fn appoint(plan: &Plan, seed: &Seed, county: &County) -> Staff {
        let mut making = Making { plan, seed, county, staff: Staff::default(), at: plan.beginning() };
        let (seats, own) = (county.seats, county.own);
        making.staff.administrators = making.many(2, seats.bureau, "security_admin", own);
        for (role, seat) in SINGLE {
            let (unit, area) = match seat {
                Seat::City => (seats.city_bureau, county.city),
                Seat::Bureau => (seats.bureau, own),
                Seat::Finance => (seats.finance, own),
                Seat::Audit => (seats.audit, own),
            };
            making.one(unit, role, area);
        }
        let more = (plan.cases / 4000).min(16);
        making.staff.reviewers = making.many(3 + more, seats.bureau, "county_reviewer", own);
        making.staff.confirmers = making.many(2 + more, seats.bureau, "county_confirmer", own);
        making.staff.checkers = making.many(2 + more / 2, seats.check_centre, "checker", own);
        for town in 0..county.towns.len() {
            making.hall(town);
        }
        making.staff
    }

    /// The terms of somebody's post: so many years that all cases lie within.
    pub fn terms(&self, who: usize, plan: &Plan, seed: &Seed) -> Vec<Term> {
        let first = plan.today.add_months(-MONTHS - 1);
        let at = plan.beginning();
        let term = |year: i32| {
            let from = first.add_years(year);
            let number = u64::try_from(who).unwrap_or(0) * 4 + u64::from(year.unsigned_abs());
            Term { id: seed.id("post", number, at), from, to: first.add_years(year + 1).add_days(-1) }
        };
        (0..=MONTHS / 12 + 1).map(term).collect()
    }

    /// One of these for a case, by its number, so that all have about as many.
    pub fn turn(of: &[usize], case: u32, salt: u32) -> usize {
        let n = usize::try_from(case / 7 + salt).unwrap_or(0);
        of.get(n % of.len().max(1)).copied().unwrap_or(0)
    }
}

struct Making<'a> {
    plan: &'a Plan,
    seed: &'a Seed,
    county: &'a County,
    staff: Staff,
    at: Moment,
}

impl Making<'_> {
    fn many(&mut self, count: u32, unit: usize, role: &'static str, area: usize) -> Vec<usize> {
        (0..count).map(|_| self.one(unit, role, area)).collect()
    }

    fn one(&mut self, unit: usize, role: &'static str, area: usize) -> usize {
        let n = self.staff.people.len();
        let number = u32::try_from(n).unwrap_or(u32::MAX);
        let mut random: Random = self.seed.random("colleague", u64::from(number));
        let woman = random.in_thousand(520);
        let called = names::name(names::surname(&mut random), woman, &mut random);
        let birth = self.plan.today.add_years(-random.between(24, 58)).add_days(-random.between(1, 360));
        let sequence = u16::try_from(number % 500 * 2 + u32::from(!woman)).unwrap_or(0);
        let card = ResidentId::from_parts(CODE + number / 500, birth, sequence);
        let card = card.unwrap_or_else(|| unreachable!("six digits, a day, three digits"));
        let login = format!("{}{:03}", role.replace('_', ""), n + 1);
        let id = self.seed.id("colleague", u64::from(number), self.at);
        self.staff.people.push(Colleague { id, called, card, login, unit, role, area });
        n
    }

    fn hall(&mut self, town: usize) {
        let place = &self.county.towns[town];
        let (office, area) = (place.office, place.area);
        let cases = self.plan.cases / self.plan.towns.max(1);
        let clerks = (2 + cases / 800).min(10);
        let mut hall = TownHall {
            clerks: self.many(clerks, office, "intake_clerk", area),
            investigators: self.many(clerks + 1, office, "investigator", area),
            examiners: self.many((clerks / 2).max(2), office, "examiner", area),
            ..TownHall::default()
        };
        for (village, committee) in place.villages.iter().zip(&place.committees) {
            hall.assistants.push(self.one(*committee, "village_assistant", *village));
            hall.appraisers.push(self.one(*committee, "village_appraiser", *village));
        }
        self.staff.halls.push(hall);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn everybody_is_somebody_else_and_terms_leave_no_day_out() {
        let plan = Plan { towns: 20, households: 5000, cases: 2000, ..Plan::example() };
        let seed = plan.seed();
        let county = County::lay_out(&plan, &seed, plan.beginning());
        let staff = Staff::appoint(&plan, &seed, &county);
        let cards: BTreeSet<ResidentId> = staff.people.iter().map(|p| p.card).collect();
        let logins: BTreeSet<&str> = staff.people.iter().map(|p| p.login.as_str()).collect();
        assert_eq!((cards.len(), logins.len()), (staff.people.len(), staff.people.len()));
        assert!(staff.people.iter().all(|p| p.card.division_prefix().starts_with("9998")));
        let mut posts = BTreeSet::new();
        for who in 0..staff.people.len() {
            let terms = staff.terms(who, &plan, &seed);
            assert!(terms.iter().all(|term| posts.insert(term.id)));
            assert!(terms.windows(2).all(|pair| pair[1].from == pair[0].to.add_days(1)));
            assert!(terms.iter().all(|term| (363..=366).contains(&term.to.days_since(term.from))));
            assert!(
                terms[0].from <= plan.today.add_months(-MONTHS) && terms[2].to > plan.today.add_months(6)
            );
        }
    }
}
