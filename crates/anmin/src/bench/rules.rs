//! The rules of the benchmark pack over a made-up city, with the sums four other engines give.
use super::population::Population;
use super::{Settings, grouped, least_and_middle, milliseconds};
use crate::edge::{Stopped, print};
use crate::tell::Language;
use anmin_app::packs::Columnar;
use anmin_base::date::Date;
use clap::ValueEnum;
use std::time::{Duration, Instant};

/// The month the rules are run for.
const ON: Date = Date::ymd(2025, 8, 1);
/// The end of the name of the pack that holds the benchmark's rules.
const PACK: &str = "rulesbench";

/// How many persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Size {
    /// 100,000
    #[value(name = "100k")]
    Small,
    /// 1,000,000
    #[value(name = "1m")]
    Middle,
    /// 5,000,000
    #[value(name = "5m")]
    Large,
}

/// What must come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    persons: i64,
    households: i64,
    /// Households by category code.
    categories: [i64; 4],
    benefit: i64,
    income_pc: i64,
    /// Sum of (household * 31 + category * 7 + income_pc * 13 + benefit) mod 1,000,003.
    check: i64,
}

impl Size {
    fn persons(self) -> u64 {
        match self {
            Size::Small => 100_000,
            Size::Middle => 1_000_000,
            Size::Large => 5_000_000,
        }
    }

    /// Sums of wages, savings and days of birth in the benchmark's files, where they are written down.
    fn columns(self) -> Option<(i64, i64, i64)> {
        (self == Size::Middle).then_some((291_932_037_349, 9_680_251_245_131, 4_705_648_722))
    }

    /// The table of the benchmark's description ("Expected output"): OpenFisca, DuckDB, Polars and DataFusion gave exactly these.
    fn expected(self) -> Sums {
        match self {
            Size::Small => Sums {
                persons: 100_186,
                households: 36_630,
                categories: [34_265, 1_653, 637, 75],
                benefit: 226_272_900,
                income_pc: 13_639_339_438,
                check: 18_255_967_136,
            },
            Size::Middle => Sums {
                persons: 999_676,
                households: 366_300,
                categories: [342_643, 16_718, 6_192, 747],
                benefit: 2_256_521_900,
                income_pc: 137_175_728_306,
                check: 183_316_036_100,
            },
            Size::Large => Sums {
                persons: 4_999_769,
                households: 1_831_502,
                categories: [1_714_250, 82_895, 30_820, 3_537],
                benefit: 11_320_811_100,
                income_pc: 686_204_147_449,
                check: 916_199_603_848,
            },
        }
    }
}

/// Prints the table; false if a sum is wrong.
pub fn run(settings: &Settings<'_>, sizes: &[Size]) -> Result<bool, Stopped> {
    let all = [Size::Small, Size::Middle, Size::Large];
    let sizes = if sizes.is_empty() { &all[..] } else { sizes };
    let columnar = columnar(settings)?;
    print(&format!("## Rules over columns, {} threads, {} runs\n\n", settings.threads, settings.runs));
    print(
        "| persons | households | least ms | median ms | persons a second | sums |\n|--:|--:|--:|--:|--:|---|\n",
    );
    let mut right = true;
    for size in sizes {
        let population = Population::of(size.persons());
        let (times, sums) = measure(settings, &columnar, &population)?;
        let columns = size.columns().is_none_or(|sums| sums == population.sums());
        let agrees = sums == size.expected() && columns;
        right &= agrees;
        let (least, middle) = least_and_middle(times);
        let rate = sums.persons as u128 * 1_000_000_000 / least.as_nanos().max(1);
        let verdict = if agrees {
            "exact".to_owned()
        } else {
            format!("WRONG: {sums:?}, expected {:?}", size.expected())
        };
        print(&format!(
            "| {} | {} | {} | {} | {} | {verdict} |\n",
            grouped(sums.persons),
            grouped(sums.households),
            milliseconds(least),
            milliseconds(middle),
            grouped(rate as i128),
        ));
    }
    print("\n");
    Ok(right)
}

fn columnar(settings: &Settings<'_>) -> Result<Columnar, Stopped> {
    let own = || settings.library.packs().iter().map(String::as_str).find(|name| name.ends_with(PACK));
    let Some(pack) = settings.pack.or_else(own) else {
        return Err(Stopped::because(
            Language::En,
            "packs",
            "没有基准测试用的服务包；请用 --pack 指定",
            "there is no pack for the benchmark; name one with --pack",
        ));
    };
    let on = settings.on.unwrap_or(ON);
    let outputs = ["category", "income_pc", "benefit"];
    Columnar::new(settings.library, pack, settings.region, on, &outputs)
        .map_err(Stopped::refused(Language::En))
}

fn measure(
    settings: &Settings<'_>,
    columnar: &Columnar,
    population: &Population,
) -> Result<(Vec<Duration>, Sums), Stopped> {
    let table = population.table();
    let wrong = |e: String| Stopped::because(Language::En, "", e.clone(), e);
    let mut times = vec![];
    for _ in 0..settings.runs {
        let start = Instant::now();
        // What a run must do with each household: look at its three results.
        let looked = columnar.over(
            &table,
            settings.threads,
            || 0i64,
            |seen, _, rows| {
                *seen ^= rows.iter().filter_map(|r| r.last()).fold(0, |all, last| all ^ last);
            },
        );
        times.push(start.elapsed());
        std::hint::black_box(looked.map_err(wrong)?);
    }
    let parts = columnar.over(&table, settings.threads, Sums::default, add).map_err(wrong)?;
    let mut sums = Sums { persons: population.persons() as i64, ..Sums::default() };
    for part in parts {
        sums.households += part.households;
        sums.benefit += part.benefit;
        sums.income_pc += part.income_pc;
        sums.check += part.check;
        sums.categories.iter_mut().zip(part.categories).for_each(|(all, some)| *all += some);
    }
    Ok((times, sums))
}

/// Adds a block whose first household has the number `first`, from 0; the benchmark counts from 1.
fn add(sums: &mut Sums, first: usize, rows: &[&[i64]]) {
    let [category, income_pc, benefit] = rows else { return };
    for (n, ((category, income_pc), benefit)) in category.iter().zip(*income_pc).zip(*benefit).enumerate() {
        let household = (first + n + 1) as i64;
        sums.households += 1;
        sums.benefit += benefit;
        sums.income_pc += income_pc;
        sums.check += (household * 31 + category * 7 + income_pc * 13 + benefit).rem_euclid(1_000_003);
        if let Some(count) = usize::try_from(*category).ok().and_then(|c| sums.categories.get_mut(c)) {
            *count += 1;
        }
    }
}
