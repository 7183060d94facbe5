//! The made-up population of the rules benchmark, in memory. Every value is a whole-number function of the seed, the row's
//! number and the field's number by way of splitmix64, so that any language makes the same columns.
use anmin_app::packs::{Table, Values};
use anmin_base::date::Date;

const SEED: u64 = 20_250_801;
/// The month the ages are counted to, in months since year 0: August 2025.
const MONTH: i64 = 2025 * 12 + 7;

/// Columns of households and persons.
#[derive(Debug, Default)]
pub struct Population {
    area: Vec<i8>,
    homes: Vec<i8>,
    car: Vec<bool>,
    /// Where each household's persons begin.
    pub begins: Vec<u32>,
    birth_date: Vec<i32>,
    disability_grade: Vec<i8>,
    wage: Vec<i64>,
    business: Vec<i64>,
    property_income: Vec<i64>,
    transfer: Vec<i64>,
    disability_deduction: Vec<i64>,
    medical_deduction: Vec<i64>,
    medical_expense: Vec<i64>,
    education_expense: Vec<i64>,
    savings: Vec<i64>,
}

/// What a household gives its persons.
#[derive(Clone, Copy)]
struct House {
    urban: bool,
    elders: bool,
    class: usize,
}

fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The keys of the fields, mixed once.
struct Fields([u64; 30]);

impl Fields {
    fn new() -> Fields {
        Fields(std::array::from_fn(|field| mix(SEED * 1000 + field as u64)))
    }

    /// A number from 0 to `n - 1` for a row's field.
    fn below(&self, id: u64, field: usize, n: u64) -> i64 {
        (mix(id ^ self.0[field]) % n) as i64
    }

    /// An index by shares of a thousand.
    fn pick(&self, id: u64, field: usize, shares: &[i64]) -> usize {
        let drawn = self.below(id, field, 1000);
        let mut sum = 0;
        let reached = |share: &&i64| {
            sum += **share;
            sum <= drawn
        };
        shares.iter().take_while(reached).count()
    }
}

impl Population {
    /// About so many persons.
    pub fn of(persons: u64) -> Population {
        let fields = Fields::new();
        // persons / 2.73, to the nearest whole number.
        let households = (persons * 200 + 273) / 546;
        let mut all = Population { begins: vec![0], ..Population::default() };
        let mut id = 0;
        for household in 1..=households {
            let size = fields.pick(household, 1, &[170, 300, 280, 160, 60, 30]) + 1;
            let house = all.household(&fields, household);
            for position in 0..size {
                id += 1;
                all.person(&fields, id, house, position);
            }
            all.begins.push(id as u32);
        }
        all
    }

    /// How many households.
    pub fn households(&self) -> usize {
        self.area.len()
    }

    /// How many persons.
    pub fn persons(&self) -> usize {
        self.wage.len()
    }

    fn household(&mut self, fields: &Fields, id: u64) -> House {
        let rural = fields.below(id, 2, 1000) < 450;
        let class = fields.pick(id, 3, &[20, 40, 140, 800]);
        let mut homes = match fields.below(id, 4, 1000) {
            drawn if drawn < 80 => 2,
            drawn if drawn < 850 => 1,
            _ => 0,
        };
        if class == 0 && homes == 2 && fields.below(id, 5, 10) < 7 {
            homes = 1;
        }
        self.area.push(i8::from(rural));
        self.homes.push(homes);
        self.car.push(fields.below(id, 6, 1000) < [20, 80, 250, 500][class]);
        House { urban: !rural, elders: fields.below(id, 7, 1000) < 220, class }
    }

    fn person(&mut self, fields: &Fields, id: u64, house: House, position: usize) {
        let draw = |field, n| fields.below(id, field, n);
        let months = age_in_months(fields, id, house, position);
        let born = MONTH - months;
        let day = draw(14, 28) as u8 + 1;
        let birth = Date::ymd((born / 12) as i32, (born % 12) as u8 + 1, day);
        let works = (18 * 12..65 * 12).contains(&months);
        let grade = match fields.pick(id, 15, &[12, 18, 20, 15, 935]) + 1 {
            5 => 0,
            grade => grade as i8,
        };
        let cap = [60_000, 190_000, 330_000, 1_200_000][house.class];
        let wide = 1 << 40;
        let earns = works && draw(16, 1000) < [450, 780, 900, 950][house.class];
        let trades = works && draw(18, 1000) < 120;
        let sick = draw(25, 1000) < 90;
        let medical = if sick { draw(26, 60_000) } else { 0 };
        let pupil = (36..22 * 12).contains(&months);
        let saved = [900_000, 1_800_000, 6_000_000, 30_000_000][house.class];
        self.birth_date.push(birth.days());
        self.disability_grade.push(grade);
        self.wage.push(if earns { draw(17, wide) % cap } else { 0 });
        self.business.push(if trades { draw(19, wide) % (cap / 2) - cap / 10 } else { 0 });
        self.property_income.push(if draw(20, 1000) < 60 { draw(21, 80_000) } else { 0 });
        self.transfer.push(transfer(fields, id, house, months));
        self.disability_deduction.push(if (1..=2).contains(&grade) { 10_000 + draw(24, 20_000) } else { 0 });
        self.medical_deduction.push(medical);
        self.medical_expense.push(if sick { medical + draw(27, 600_000) } else { draw(27, 4_000) });
        self.education_expense.push(if pupil { draw(28, 150_000) } else { 0 });
        self.savings.push(if months >= 18 * 12 { draw(29, wide) % saved } else { 0 });
    }

    /// The columns by their names in the benchmark's files.
    pub fn table(&self) -> Table<'_> {
        let root = |name, values| ("", name, values);
        let person = |name, values| ("members", name, values);
        Table {
            households: self.households(),
            columns: vec![
                root("area", Values::I8(&self.area)),
                root("homes", Values::I8(&self.homes)),
                root("car", Values::Bool(&self.car)),
                person("birth_date", Values::I32(&self.birth_date)),
                person("disability_grade", Values::I8(&self.disability_grade)),
                person("wage", Values::I64(&self.wage)),
                person("business", Values::I64(&self.business)),
                person("property_income", Values::I64(&self.property_income)),
                person("transfer", Values::I64(&self.transfer)),
                person("disability_deduction", Values::I64(&self.disability_deduction)),
                person("medical_deduction", Values::I64(&self.medical_deduction)),
                person("medical_expense", Values::I64(&self.medical_expense)),
                person("education_expense", Values::I64(&self.education_expense)),
                person("savings", Values::I64(&self.savings)),
            ],
            offsets: vec![("members", &self.begins)],
        }
    }

    /// Sums that tell whether the columns are the benchmark's: wages, savings, days of birth.
    pub fn sums(&self) -> (i64, i64, i64) {
        let days = self.birth_date.iter().map(|d| i64::from(*d)).sum();
        (self.wage.iter().sum(), self.savings.iter().sum(), days)
    }
}

fn age_in_months(fields: &Fields, id: u64, house: House, position: usize) -> i64 {
    let adult = || 25 * 12 + fields.below(id, 10, 40 * 12);
    let elder = || 60 * 12 + fields.below(id, 11, 35 * 12);
    match (position, house.elders) {
        (0 | 1, true) => elder(),
        (0 | 1, false) => adult(),
        _ => match fields.below(id, 13, 100) {
            drawn if drawn < 75 => fields.below(id, 12, 20 * 12),
            drawn if drawn < 90 => elder(),
            _ => adult(),
        },
    }
}

fn transfer(fields: &Fields, id: u64, house: House, months: i64) -> i64 {
    if months < 60 * 12 {
        return 0;
    }
    let covered = fields.below(id, 22, 100) < if house.urban { 88 } else { 45 };
    let pension = match covered {
        true => 60_000 + fields.below(id, 23, 300_000) / [8, 4, 2, 1][house.class],
        false => fields.below(id, 23, 20_000),
    };
    12_300 + pension
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_have_the_size_and_sums_of_the_benchmark() {
        let all = Population::of(100_000);
        assert_eq!((all.households(), all.persons()), (36_630, 100_186));
        assert_eq!(all.begins.last(), Some(&100_186));
        let few = Population::of(1_000);
        assert_eq!(few.households(), 366);
    }
}
