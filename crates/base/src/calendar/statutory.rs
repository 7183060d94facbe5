//! The statutory holidays (全国年节及纪念日放假办法), for years that have no notice.
//!
//! Fixed in the Gregorian calendar: 1 January; 1 and 2 May; 1 to 3 October. The others follow the
//! moon or the sun and are taken from a table up to 2050 (`data/calendar/festivals.csv`): the eve
//! and the first three days of the lunar year, Qingming, Duanwu, Mid-Autumn. After 2050 only the
//! fixed ones are known.
//!
//! Not guessed: how a notice joins holidays with weekends, and which day replaces a holiday on a
//! weekend. So a provisional deadline may lie some days before or after the final one.

use crate::date::Date;
use std::sync::LazyLock;

const FESTIVALS: &str = include_str!("../../../../data/calendar/festivals.csv");

struct Festivals {
    spring_festival: Date,
    /// Qingming, Duanwu and Mid-Autumn.
    others: [Date; 3],
}

struct Table {
    first_year: i32,
    years: Vec<Festivals>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { first_year: 0, years: Vec::new() };
    for line in FESTIVALS.lines().skip(1) {
        let columns: Vec<&str> = line.split(',').collect();
        let date = |column: usize| columns[column].parse().expect("tested with this crate");
        if table.years.is_empty() {
            table.first_year = columns[0].parse().expect("tested with this crate");
        }
        let others = [date(2), date(3), date(4)];
        table.years.push(Festivals { spring_festival: date(1), others });
    }
    table
});

/// Whether the law itself makes this day a holiday for all, as the law stood in its year.
pub(super) fn is_holiday(date: Date) -> bool {
    let (year, month, day) = date.to_ymd();
    let last_of_may_days = match year {
        ..=2007 => 3,
        2008..=2024 => 1,
        2025.. => 2,
    };
    match (month, day) {
        (1, 1) | (10, 1..=3) => true,
        (5, day) if day <= last_of_may_days => true,
        _ => is_festival(year, date),
    }
}

fn is_festival(year: i32, date: Date) -> bool {
    let Some(festivals) =
        usize::try_from(year - TABLE.first_year).ok().and_then(|index| TABLE.years.get(index))
    else {
        return false;
    };
    // Days counted from the first of the lunar year; -1 is its eve.
    let spring_festival = match year {
        ..=2007 | 2014..=2024 => 0..=2,
        2008..=2013 => -1..=1,
        2025.. => -1..=2,
    };
    spring_festival.contains(&date.days_since(festivals.spring_festival))
        || (year >= 2008 && festivals.others.contains(&date))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Weekday;

    fn holidays(year: i32) -> Vec<Date> {
        let days = Date::ymd(year, 1, 1).days()..=Date::ymd(year, 12, 31).days();
        days.map(Date::from_days).filter(|day| is_holiday(*day)).collect()
    }

    #[test]
    fn every_year_has_the_days_of_its_law() {
        for year in 2004..=2050 {
            // Where Mid-Autumn falls into National Day, the law gives a day in exchange.
            let mid_autumn = TABLE.years[(year - 2004) as usize].others[2];
            let shared = year >= 2008 && matches!(mid_autumn.to_ymd(), (_, 10, 1..=3));
            let by_law = match year {
                ..=2007 => 10,
                2008..=2024 => 11,
                2025.. => 13,
            };
            let expected = by_law - usize::from(shared);
            assert_eq!(holidays(year).len(), expected, "{year}");
        }
        assert_eq!(holidays(2051).len(), 6);
        assert_eq!(holidays(1999).len(), 7);
    }

    #[test]
    fn the_holidays_of_2027() {
        let listed: Vec<String> = holidays(2027).iter().map(Date::to_string).collect();
        assert_eq!(
            listed,
            [
                "2027-01-01",
                "2027-02-05",
                "2027-02-06",
                "2027-02-07",
                "2027-02-08",
                "2027-04-05",
                "2027-05-01",
                "2027-05-02",
                "2027-06-09",
                "2027-09-15",
                "2027-10-01",
                "2027-10-02",
                "2027-10-03",
            ]
        );
        assert_eq!(Date::ymd(2027, 2, 6).weekday(), Weekday::Saturday);
    }

    #[test]
    fn the_table_has_one_row_a_year_in_order_and_in_season() {
        assert_eq!((TABLE.first_year, TABLE.years.len()), (2004, 47));
        for (index, festivals) in TABLE.years.iter().enumerate() {
            let year = 2004 + index as i32;
            let [qingming, duanwu, mid_autumn] = festivals.others;
            let spring = festivals.spring_festival;
            assert!(spring >= Date::ymd(year, 1, 21) && spring <= Date::ymd(year, 2, 21));
            assert!(qingming >= Date::ymd(year, 4, 4) && qingming <= Date::ymd(year, 4, 6));
            // The fifth day of the fifth month, and full moons between.
            assert!(duanwu >= Date::ymd(year, 5, 25) && duanwu <= Date::ymd(year, 6, 26));
            assert!(mid_autumn >= Date::ymd(year, 9, 7) && mid_autumn <= Date::ymd(year, 10, 8));
            let moons = mid_autumn.days_since(duanwu);
            assert!((97..=100).contains(&moons) || (127..=130).contains(&moons), "{year} {moons}");
        }
    }
}
