//! A county that is nowhere: a city, a county, towns, villages, and the units that work in them. Or the same on the ground of
//! a real one, whose divisions are then as the tables have them; people, addresses and telephone numbers stay made up.
//!
//! Of the made-up: the city has the code of the region whose rules hold, since rules hang on it. All below has a code that is assigned to
//! no place: in the block of counties directly under a province or municipality (`PP01`), 81 to 99 are kept for
//! county-level cities, of which such a block has none. The county is `PP0199`, towns and villages are counted below it.

use super::canary::canary;
use super::divisions::Divisions;
use super::names;
use super::plan::Plan;
use super::random::Seed;
use anmin_base::date::Date;
use anmin_base::division::DivisionCode;
use anmin_store::{Id, Moment};

/// Everything here exists from this day on.
pub(crate) const SINCE: Date = Date::ymd(2000, 1, 1);

/// An area.
#[derive(Clone, Debug)]
pub(crate) struct Area {
    pub id: Id,
    pub code: DivisionCode,
    pub name: String,
    /// Those above it, the nearest first, by their number.
    pub above: Vec<usize>,
    /// What its addresses begin with: the names from the city down.
    pub path: String,
    /// The word of its addresses: its canary, in a real place any lane's.
    pub lane: String,
    /// Of a village: whether it is a residents' community.
    pub urban: bool,
}

/// A unit.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub id: Id,
    /// Its area, by number.
    pub area: usize,
    /// Its kind, as the table of authority has it.
    pub kind: &'static str,
    pub name: String,
    pub phone: String,
    pub address: String,
}

/// A town with what is in it, all by number.
#[derive(Clone, Debug)]
pub(crate) struct Town {
    pub area: usize,
    pub office: usize,
    pub villages: Vec<usize>,
    /// The committee of each village.
    pub committees: Vec<usize>,
}

/// The county.
#[derive(Clone, Debug, Default)]
pub(crate) struct County {
    pub areas: Vec<Area>,
    pub units: Vec<Unit>,
    pub towns: Vec<Town>,
    /// What lies directly above the county, by number: a city, or a municipality.
    pub city: usize,
    /// The county itself, by number.
    pub own: usize,
    /// The city's bureau, the county's, its check centre, finance and audit.
    pub seats: Seats,
}

/// Units of which there is one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seats {
    pub city_bureau: usize,
    pub bureau: usize,
    pub check_centre: usize,
    pub finance: usize,
    pub audit: usize,
}

/// How many households a village has at most, roughly.
const VILLAGE: u32 = 120;

/// The six digits of the county of a region.
pub(crate) fn county_code(region: &str) -> String {
    format!("{}0199", region.get(..2).unwrap_or("99"))
}

fn code(text: &str) -> DivisionCode {
    text.parse().unwrap_or_else(|_| unreachable!("{text} is put together from digits"))
}

impl County {
    /// Lays the county out.
    pub fn lay_out(plan: &Plan, seed: &Seed, at: Moment) -> County {
        let mut making = Making { county: County::default(), seed, at, real: plan.divisions.is_some() };
        match &plan.divisions {
            Some(divisions) => making.real(divisions, plan),
            None => making.made_up(plan),
        }
        making.county
    }

    /// The village of a household: towns in turn, then their villages, so that all are about as large.
    pub fn village_of(&self, household: u32) -> (usize, usize) {
        let n = usize::try_from(household).unwrap_or(0);
        let town = n % self.towns.len().max(1);
        let village = n / self.towns.len().max(1) % self.towns[town].villages.len().max(1);
        (town, village)
    }
}

struct Making<'a> {
    county: County,
    seed: &'a Seed,
    at: Moment,
    real: bool,
}

impl Making<'_> {
    fn made_up(&mut self, plan: &Plan) {
        let six = county_code(&plan.region);
        self.county.city = self.area(code(&plan.region), "示例市".into(), None);
        self.county.own = self.area(code(&six), "示例县".into(), Some(self.county.city));
        self.seats();
        let homes = plan.households.div_ceil(plan.towns.max(1));
        let villages = homes.div_ceil(VILLAGE).clamp(3, 60);
        for n in 0..usize::try_from(plan.towns).unwrap_or(0) {
            let name = names::town(n);
            let urban = name.ends_with("街道");
            self.town(code(&format!("{six}{:03}", 101 + n)), name);
            for v in 0..usize::try_from(villages).unwrap_or(3) {
                let village = code(&format!("{six}{:03}{:03}", 101 + n, 201 + v));
                self.village(village, names::village(v, urban), urban);
            }
        }
    }

    fn real(&mut self, divisions: &Divisions, plan: &Plan) {
        let mut above = None;
        for division in &divisions.above {
            above = Some(self.area(division.code, division.name.clone(), above));
        }
        self.county.city = above.unwrap_or(0);
        self.county.own = self.area(divisions.county.code, divisions.county.name.clone(), above);
        self.seats();
        for real in divisions.towns.iter().take(usize::try_from(plan.towns).unwrap_or(0)) {
            self.town(real.town.code, real.town.name.clone());
            for village in &real.villages {
                self.village(village.code, village.name.clone(), village.urban);
            }
        }
    }

    fn area(&mut self, code: DivisionCode, name: String, parent: Option<usize>) -> usize {
        let areas = &mut self.county.areas;
        let (mut above, mut path) = (Vec::new(), String::new());
        if let Some(parent) = parent {
            above.push(parent);
            above.extend(areas[parent].above.iter().copied());
            path.clone_from(&areas[parent].path);
        }
        path.push_str(&name);
        let id = self.seed.id("area", code.number(), self.at);
        let lane = if self.real { names::lane(code.number()).to_owned() } else { canary(code) };
        areas.push(Area { id, code, name, above, path, lane, urban: false });
        areas.len() - 1
    }

    fn unit(&mut self, area: usize, kind: &'static str, name: String) -> usize {
        let units = &mut self.county.units;
        let n = units.len();
        let place = &self.county.areas[area];
        let address = format!("{}{}巷{}号", place.path, place.lane, n % 90 + 1);
        // Numbers within a place never begin with 0, so nobody has this one.
        let phone = format!("010-0{:07}", n + 1);
        let id = self.seed.id("unit", u64::try_from(n).unwrap_or(0), self.at);
        units.push(Unit { id, area, kind, name, phone, address });
        n
    }

    /// The units of the city and the county.
    fn seats(&mut self) {
        let County { city, own, .. } = self.county;
        let named = |area: usize, what: &str, county: &County| format!("{}{what}", county.areas[area].name);
        let bureau = |area, county: &County| named(area, "民政局", county);
        let (above, here) = (bureau(city, &self.county), bureau(own, &self.county));
        let check = named(own, "居民家庭经济状况核对中心", &self.county);
        let (finance, audit) = (named(own, "财政局", &self.county), named(own, "审计局", &self.county));
        self.county.seats = Seats {
            city_bureau: self.unit(city, "civil_affairs", above),
            bureau: self.unit(own, "civil_affairs", here),
            check_centre: self.unit(own, "check_centre", check),
            finance: self.unit(own, "finance", finance),
            audit: self.unit(own, "audit_office", audit),
        };
    }

    fn town(&mut self, code: DivisionCode, name: String) {
        let office = format!("{name}社会事务办");
        let area = self.area(code, name, Some(self.county.own));
        let office = self.unit(area, "township_office", office);
        self.county.towns.push(Town { area, office, villages: Vec::new(), committees: Vec::new() });
    }

    /// A village of the last town, with its committee.
    fn village(&mut self, code: DivisionCode, name: String, urban: bool) {
        let Some(town) = self.county.towns.last().map(|town| town.area) else { return };
        let committee = match urban {
            true => format!("{name}居民委员会"),
            // Of a real village the word stands once.
            false if self.real => format!("{}村民委员会", name.trim_end_matches('村')),
            false => format!("{name}村民委员会"),
        };
        let unit = format!("{}{committee}", self.county.areas[town].name);
        let area = self.area(code, name, Some(town));
        self.county.areas[area].urban = urban;
        let committee = self.unit(area, "village_committee", unit);
        if let Some(town) = self.county.towns.last_mut() {
            town.villages.push(area);
            town.committees.push(committee);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_area_has_a_code_name_and_word_of_its_own() {
        let plan = Plan { towns: 300, households: 100_000, ..Plan::example() };
        let county = County::lay_out(&plan, &Seed::new("1"), Moment(0));
        let codes: BTreeSet<u64> = county.areas.iter().map(|a| a.code.number()).collect();
        let ids: BTreeSet<Id> = county.areas.iter().map(|a| a.id).collect();
        assert_eq!((codes.len(), ids.len()), (county.areas.len(), county.areas.len()));
        let paths: BTreeSet<&str> = county.areas.iter().map(|a| a.path.as_str()).collect();
        assert_eq!(paths.len(), county.areas.len());
        // Only the city has a code somebody else has.
        let real: Vec<&Area> =
            county.areas.iter().filter(|a| !a.code.to_string().starts_with("110199")).collect();
        assert_eq!(real.len(), 1);
        assert_eq!(county.areas[county.city].code.to_string(), "110000");
    }

    #[test]
    fn households_are_spread_over_all_villages() {
        let plan = Plan { towns: 3, households: 1000, ..Plan::example() };
        let county = County::lay_out(&plan, &Seed::new("1"), Moment(0));
        let homes: BTreeSet<(usize, usize)> = (0..1000).map(|n| county.village_of(n)).collect();
        let villages: usize = county.towns.iter().map(|t| t.villages.len()).sum();
        assert_eq!(homes.len(), villages);
    }
}
