//! What is to be made.

use super::divisions::Divisions;
use super::random::Seed;
use crate::error::{Error, Kind, Refusal, Result};
use crate::record::FieldError;
use anmin_base::date::Date;
use anmin_store::Moment;

/// A county to make. The same plan gives the same county, wherever and however often it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Another seed, another county.
    pub seed: u64,
    /// How many towns, 1 to 300.
    pub towns: u32,
    /// How many households, at least one a town.
    pub households: u32,
    /// How many cases, at most one a household.
    pub cases: u32,
    /// The day the county has come to: the demonstration's day afterwards.
    pub today: Date,
    /// The service the cases are of.
    pub service: String,
    /// The region whose rules hold, six digits.
    pub region: String,
    /// The real divisions it stands on; none: made-up ones, each with a word of its own in everything it has.
    pub divisions: Option<Divisions>,
    /// How the cases are written.
    pub way: Way,
}

/// How cases are written. Both ways give the same cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// Through commands up to [`MOST_THROUGH_COMMANDS`] cases, many at once beyond.
    #[default]
    BySize,
    /// Each step as a command of the person who takes it, with all its checks and its event in the journal.
    Commands,
    /// Many cases in one transaction and one event. The engine of cases and the rules are the same; what is left out is
    /// whether each person may, and messages waiting to be sent.
    AtOnce,
}

/// Beyond so many cases they are written at once unless it is asked for.
pub const MOST_THROUGH_COMMANDS: u32 = 2_000;
/// As many towns as there are different names for.
const MOST_TOWNS: u32 = 300;
/// So that identity numbers on unassigned codes do not run out.
pub(crate) const MOST_HOUSEHOLDS: u32 = 480_000;
/// How long cases have been coming in, in months.
pub(crate) const MONTHS: i32 = 18;

impl Plan {
    /// A small county, for documentation and tests.
    pub fn example() -> Plan {
        Plan {
            seed: 1,
            towns: 2,
            households: 60,
            cases: 20,
            today: Date::ymd(2026, 9, 1),
            service: String::new(),
            region: "110000".into(),
            divisions: None,
            way: Way::default(),
        }
    }

    /// Everything that shapes the county; the way it is written does not.
    pub(crate) fn seed(&self) -> Seed {
        let Plan { seed, towns, households, cases, today, service, region, divisions, way: _ } = self;
        let of =
            divisions.as_ref().map(|divisions| format!(" {}", divisions.county.code)).unwrap_or_default();
        Seed::new(&format!(
            "anmin.synth/1 {seed} {towns} {households} {cases} {today} {service} {region}{of}"
        ))
    }

    /// When everything that was there before the first case was written down: eight in the morning.
    pub(crate) fn beginning(&self) -> Moment {
        moment(self.today.add_months(-MONTHS - 1), 8 * 60)
    }

    /// Whether cases are written step by step.
    pub(crate) fn by_commands(&self) -> bool {
        match self.way {
            Way::BySize => self.cases <= MOST_THROUGH_COMMANDS,
            way => way == Way::Commands,
        }
    }

    /// The household of a case, spread over all.
    pub(crate) fn household_of(&self, case: u32) -> u32 {
        let at = u64::from(case) * u64::from(self.households) / u64::from(self.cases.max(1));
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// The case of a household, if it has one.
    pub(crate) fn case_of(&self, household: u32) -> Option<u32> {
        let (cases, households) = (u64::from(self.cases), u64::from(self.households.max(1)));
        let near = u32::try_from((u64::from(household) * cases).div_ceil(households)).ok()?;
        (near < self.cases && self.household_of(near) == household).then_some(near)
    }

    /// Whether it can be made.
    ///
    /// # Errors
    /// Everything that is out of range.
    pub(crate) fn check(&self) -> Result<()> {
        let mut wrong = Vec::new();
        let mut bound = |at: &str, given: u32, least: u32, most: u32| {
            if !(least..=most).contains(&given) {
                wrong.push(FieldError {
                    at: at.into(),
                    zh: format!("应在 {least} 至 {most} 之间，现在是 {given}。"),
                    en: format!("{least} to {most} are possible, {given} was given."),
                });
            }
        };
        let towns = self.divisions.as_ref().map_or(MOST_TOWNS, |divisions| {
            u32::try_from(divisions.towns.len()).unwrap_or(MOST_TOWNS).min(MOST_TOWNS)
        });
        bound("towns", self.towns, 1, towns);
        bound("households", self.households, self.towns.max(1), MOST_HOUSEHOLDS);
        bound("cases", self.cases, 0, self.households);
        let digits = self.region.len() == 6 && self.region.bytes().all(|b| b.is_ascii_digit());
        if !digits || !self.region.ends_with("0000") {
            wrong.push(FieldError {
                at: "region".into(),
                zh: "应为省级区划代码，六位，以 0000 结尾。".into(),
                en: "A province's code is wanted: six digits that end in 0000.".into(),
            });
        }
        if let Some(divisions) = self.divisions.as_ref().filter(|divisions| !divisions.is_in(&self.region)) {
            let county = &divisions.county.name;
            wrong.push(FieldError {
                at: "region".into(),
                zh: format!("{county}不在这个地区；请用它所在省的代码。"),
                en: format!("{county} does not lie in this region: give the code of its province."),
            });
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
    }
}

/// A moment of a day in China, in minutes from midnight.
pub(crate) fn moment(on: Date, minutes: i64) -> Moment {
    Moment((i64::from(on.days()) * 24 * 60 + minutes - 8 * 60) * 60_000)
}

/// A record database is no place for people who do not exist.
pub(crate) fn not_a_demonstration() -> Error {
    Refusal::new(
        Kind::Forbidden,
        "not_a_demonstration",
        "这是存放真实人员的数据库，不能写入模拟数据。",
        "This database is for real people; made-up ones are not written into it.",
    )
    .next("请另选一个空目录，建立演示数据库。", "Choose an empty folder, in which a demonstration is made.")
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_has_a_household_of_its_own() {
        for (households, cases) in [(1, 1), (7, 3), (100, 100), (1000, 333), (5, 0)] {
            let plan = Plan { households, cases, ..Plan::example() };
            let of: Vec<u32> = (0..cases).map(|case| plan.household_of(case)).collect();
            assert!(of.windows(2).all(|pair| pair[0] < pair[1]), "{of:?}");
            for household in 0..households {
                let case = of.iter().position(|h| *h == household).map(|n| n as u32);
                assert_eq!(plan.case_of(household), case, "{household} of {households}/{cases}");
            }
        }
    }

    #[test]
    fn says_everything_that_is_out_of_range() {
        let plan = Plan { towns: 0, households: 0, cases: 5, region: "110199".into(), ..Plan::example() };
        let Err(Error::Refusal(refusal)) = plan.check() else { panic!("a plan of nothing") };
        let at: Vec<&str> = refusal.fields.iter().map(|f| f.at.as_str()).collect();
        assert_eq!(at, ["towns", "households", "cases", "region"]);
    }

    #[test]
    fn the_way_it_is_written_does_not_shape_the_county() {
        let one = Plan { way: Way::Commands, ..Plan::example() };
        let two = Plan { way: Way::AtOnce, ..Plan::example() };
        assert_eq!(one.seed(), two.seed());
        assert_ne!(one.seed(), Plan { cases: 21, ..one.clone() }.seed());
    }
}
