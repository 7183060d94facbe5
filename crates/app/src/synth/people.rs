//! Residents and the homes they live in. Ages, sexes and families follow the country roughly; everything else is drawn.
//!
//! Identity numbers stand on the nineteen codes `PP0181` to `PP0199`, assigned to no place, so no number can be anybody's.
//! Telephone numbers begin with 164, which no operator has.

mod family;

pub(crate) use family::{Member, Shape};

use super::lead::Lead;
use super::names::{self, Called};
use super::place::{Area, County};
use super::plan::Plan;
use super::random::{Random, Seed, mixed};
use super::walk;
use anmin_base::date::{Date, age_on};
use anmin_base::resident_id::ResidentId;
use anmin_registry::household::Ground;
use anmin_registry::person::{Category, Draft, NameKind, PermitDraft, PlaceDraft, RegistrationDraft};
use anmin_store::{Id, Moment};

/// At most so many of one home, those included who live elsewhere and owe it support.
pub(crate) const MOST: u32 = 7;
/// The codes of identity numbers: their last two digits.
const CODES: std::ops::RangeInclusive<u32> = 81..=99;
/// Sequence numbers of one sex on one code and day.
const SEQUENCES: u32 = 500;

/// How well off a home is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Means {
    Poor,
    Near,
    Well,
}

/// Where somebody is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Registered {
    /// Where they live.
    Here,
    /// In another village of the county, by its area.
    Village(usize),
    /// Outside the county, with a residence permit or without.
    Outside { permit: bool },
}

/// A person.
#[derive(Clone, Debug)]
pub(crate) struct Resident {
    pub id: Id,
    pub called: Called,
    pub woman: bool,
    pub birth: Date,
    pub card: ResidentId,
    pub member: Member,
    pub registered: Registered,
    pub phone: Option<String>,
}

/// A home.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    /// Its number in the county.
    pub number: u32,
    pub town: usize,
    /// Its village, by area.
    pub area: usize,
    pub urban: bool,
    pub address: String,
    pub shape: Shape,
    pub means: Means,
    /// The case about it, if there is one.
    pub case: Option<u32>,
    /// Where that case is to end up hangs on the home: nothing about it is left to chance.
    pub settled: bool,
    /// Members first, the head first of all; then whoever owes them support and lives elsewhere.
    pub people: Vec<Resident>,
}

impl Resident {
    /// Completed years.
    pub fn age(&self, on: Date) -> i32 {
        age_on(self.birth, on)
    }

    pub fn is_member(&self) -> bool {
        self.member != Member::Obligor
    }
}

impl Home {
    /// The members.
    pub fn members(&self) -> impl Iterator<Item = &Resident> {
        self.people.iter().filter(|person| person.is_member())
    }

    /// Makes a home.
    pub fn make(plan: &Plan, seed: &Seed, county: &County, number: u32) -> Home {
        let mut random = seed.random("home", u64::from(number));
        let lead = Lead::of_home(plan, number);
        // Those to be told of live in the first town, so that its staff have their cases.
        let (town, village) = match lead {
            Some(_) => (0, usize::try_from(number).unwrap_or(0) % county.towns[0].villages.len().max(1)),
            None => county.village_of(number),
        };
        let place = &county.towns[town];
        let area = place.villages[village];
        let case = plan.case_of(number);
        let shares = if case.is_some() { [700, 180, 120] } else { [50, 150, 800] };
        let target = case.and_then(|case| walk::target_of(plan, case));
        let means = match target {
            Some(target) if walk::asks_for_refusal(target) => Means::Well,
            Some(_) => Means::Poor,
            None => [Means::Poor, Means::Near, Means::Well][random.weighed(&shares)],
        };
        let settled = target.is_some() || lead.is_some();
        let means = lead.map_or(means, |lead| lead.means);
        let shape = lead.map_or_else(|| Shape::draw(case.is_some(), &mut random), |lead| lead.shape);
        let address = address(&county.areas[area], number);
        let home = Home {
            number,
            town,
            area,
            urban: county.areas[area].urban,
            address,
            shape,
            means,
            case,
            settled,
            people: Vec::new(),
        };
        let making = Making { plan, seed, county, home, random, at: plan.beginning() };
        making.people()
    }
}

/// A house number in the lane of the area, which has the area's word.
fn address(area: &Area, number: u32) -> String {
    format!("{}{}巷{}号", area.path, area.lane, number / 7 % 400 + 1)
}

/// The identity number of the resident of that number, with a birth on which they have that age. No two residents
/// of one number of a code, sequence and sex have the same day: the days of each lie 366 apart by residue.
pub(crate) fn card(region: &str, number: u32, age: i32, woman: bool, on: Date) -> (ResidentId, Date) {
    let codes = CODES.end() - CODES.start() + 1;
    let class = number % (codes * SEQUENCES);
    let turn = number / (codes * SEQUENCES);
    let residue = i32::try_from((mixed(u64::from(class)) + u64::from(turn)) % 366).unwrap_or(0);
    let last = on.add_years(-age);
    let birth = last.add_days(-(last.days() - residue).rem_euclid(366));
    let province: u32 = region.get(..2).and_then(|p| p.parse().ok()).unwrap_or(99);
    let code = province * 10_000 + 100 + CODES.start() + class / SEQUENCES;
    let sequence = u16::try_from(class % SEQUENCES * 2 + u32::from(!woman)).unwrap_or(0);
    let card = ResidentId::from_parts(code, birth, sequence);
    (
        card.unwrap_or_else(|| unreachable!("six digits, a day of this or the last century, three digits")),
        birth,
    )
}

/// A number that no operator gives out, for the resident of that number.
pub(crate) fn phone(number: u32) -> String {
    format!("164{:08}", u64::from(number) * 7 % 100_000_000)
}

struct Making<'a> {
    plan: &'a Plan,
    seed: &'a Seed,
    county: &'a County,
    home: Home,
    random: Random,
    at: Moment,
}

impl Making<'_> {
    fn people(mut self) -> Home {
        let family = names::surname(&mut self.random);
        let moved = self.moved();
        let lead = Lead::of_home(self.plan, self.home.number);
        let people = match lead {
            Some(lead) => lead.people.to_vec(),
            None => self.home.shape.people(&mut self.random),
        };
        for (place, (member, age, woman)) in people.into_iter().enumerate() {
            let number = u32::try_from(place).unwrap_or(0);
            let mut person = self.resident(number, member, age, woman, family, moved);
            if let Some(called) = lead.and_then(|lead| lead.called(place)) {
                person.called = called;
            }
            self.home.people.push(person);
        }
        self.home
    }

    /// One home in eight is registered elsewhere: mostly in another village, some outside the county.
    fn moved(&mut self) -> Registered {
        match self.random.weighed(&[875, 85, 30, 10]) {
            _ if self.home.settled => Registered::Here,
            0 => Registered::Here,
            1 => {
                let town = self.random.one(&self.county.towns);
                let village = *self.random.one(&town.villages);
                if village == self.home.area { Registered::Here } else { Registered::Village(village) }
            }
            2 => Registered::Outside { permit: true },
            _ => Registered::Outside { permit: false },
        }
    }

    fn resident(
        &mut self,
        place: u32,
        member: Member,
        age: i32,
        woman: bool,
        family: usize,
        moved: Registered,
    ) -> Resident {
        let number = self.home.number * MOST + place;
        let random = &mut self.random;
        // Who married in has a surname of their own, and so have the wife's parents.
        let own = matches!(member, Member::Spouse) || (member == Member::Parent && woman);
        let surname = if own { names::surname(random) } else { family };
        let called = names::name(surname, woman, random);
        let (card, birth) = card(&self.plan.region, number, age, woman, self.plan.today);
        // A spouse from outside, with the others registered here.
        let outside = member == Member::Spouse && moved == Registered::Here && random.in_thousand(60);
        let outside = outside && !self.home.settled;
        let registered = match member {
            Member::Obligor => Registered::Outside { permit: false },
            _ if outside => Registered::Outside { permit: true },
            _ => moved,
        };
        let phone = (age >= 14 && random.in_thousand(900)).then(|| phone(number));
        let id = self.seed.id("person", u64::from(number), self.at);
        Resident { id, called, woman, birth, card, member, registered, phone }
    }
}

impl Resident {
    /// The entry, as it would be handed in.
    pub fn draft(&self, home: &Home, county: &County, plan: &Plan) -> Draft {
        let place = |area: &Area, address: &str| PlaceDraft {
            division: area.code.to_string(),
            address: address.to_owned(),
            from: String::new(),
            to: String::new(),
        };
        let away = PlaceDraft { division: outside(plan), ..PlaceDraft::default() };
        let lives = match self.member {
            Member::Obligor => away.clone(),
            _ => place(&county.areas[home.area], &home.address),
        };
        let registered = match self.registered {
            Registered::Here => lives.clone(),
            Registered::Village(area) => {
                place(&county.areas[area], &address(&county.areas[area], home.number))
            }
            Registered::Outside { .. } => away,
        };
        let category = Some(if home.urban { Category::Urban } else { Category::Rural });
        let permit = self.registered == Registered::Outside { permit: true };
        let permit = permit.then(|| PermitDraft { place: lives.clone(), number: String::new() });
        Draft {
            names: vec![(NameKind::Official, self.called.name.clone())],
            pinyin: self.called.pinyin.clone(),
            initials: self.called.initials.clone(),
            number: self.card.reveal().to_owned(),
            phones: self.phone.iter().cloned().collect(),
            address: if self.is_member() { home.address.clone() } else { String::new() },
            registrations: vec![RegistrationDraft { place: registered, category }],
            residences: vec![lives],
            permits: permit.into_iter().collect(),
            ..Draft::default()
        }
    }

    /// The area they are registered in, where it is one of the county.
    pub fn registered_area(&self, home: &Home) -> Option<usize> {
        match self.registered {
            Registered::Here => Some(home.area),
            Registered::Village(area) => Some(area),
            Registered::Outside { .. } => None,
        }
    }

    /// Why they belong to the household that lives together.
    pub fn ground(&self, on: Date) -> Ground {
        match self.member {
            Member::Spouse => Ground::Spouse,
            Member::Child | Member::DisabledChild if self.age(on) < 18 => Ground::MinorChild,
            _ => Ground::LivingTogether,
        }
    }
}

/// A code outside the county that is assigned to no place either.
fn outside(plan: &Plan) -> String {
    format!("{}0198", plan.region.get(..2).unwrap_or("99"))
}

#[cfg(test)]
mod tests;
