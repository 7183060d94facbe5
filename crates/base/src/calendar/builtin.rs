//! The announced days that ship with Anmin. Source and checks: `data/calendar/README.md`.

pub(super) const WORKING_DAYS: &str = include_str!("../../../../data/calendar/working-days.csv");

#[cfg(test)]
mod tests {
    use crate::calendar::{CalendarRow, DayKind, WorkCalendar, statutory};
    use crate::date::Date;

    /// Year, days off, weekdays among them, weekend days worked.
    const COUNTS: [(i32, usize, usize, usize); 23] = [
        (2004, 22, 16, 6),
        (2005, 24, 16, 7),
        (2006, 24, 17, 8),
        (2007, 26, 19, 7),
        (2008, 27, 16, 5),
        (2009, 27, 17, 6),
        (2010, 29, 19, 8),
        (2011, 28, 16, 6),
        (2012, 27, 18, 6),
        (2013, 29, 23, 12),
        (2014, 23, 16, 5),
        (2015, 25, 17, 5),
        (2016, 24, 17, 6),
        (2017, 24, 16, 5),
        (2018, 25, 18, 7),
        (2019, 28, 17, 6),
        (2020, 30, 19, 6),
        (2021, 31, 18, 7),
        (2022, 32, 18, 7),
        (2023, 28, 18, 7),
        (2024, 28, 19, 8),
        (2025, 28, 18, 5),
        (2026, 33, 19, 6),
    ];

    fn rows() -> &'static [CalendarRow] {
        WorkCalendar::builtin().rows()
    }

    fn is_weekend(row: &CalendarRow) -> bool {
        row.date.weekday().is_weekend()
    }

    #[test]
    fn every_year_has_its_announced_days() {
        let years: Vec<i32> = WorkCalendar::builtin().years().collect();
        assert_eq!(years, (2004..=2026).collect::<Vec<_>>());
        for (year, off, weekdays_off, worked) in COUNTS {
            let of_year = || rows().iter().filter(move |row| row.date.year() == year);
            let days_off = || of_year().filter(|row| row.kind == DayKind::Off);
            assert_eq!(days_off().count(), off, "{year}");
            assert_eq!(days_off().filter(|row| !is_weekend(row)).count(), weekdays_off, "{year}");
            assert_eq!(of_year().count() - off, worked, "{year}");
        }
        assert_eq!(rows().len(), COUNTS.iter().map(|(_, off, _, worked)| off + worked).sum());
    }

    #[test]
    fn only_weekend_days_are_worked_in_exchange() {
        assert!(rows().iter().filter(|row| row.kind == DayKind::Work).all(is_weekend));
    }

    #[test]
    fn the_file_is_in_order() {
        let dates = || super::WORKING_DAYS.lines().skip(1).map(|line| &line[..10]);
        assert!(dates().zip(dates().skip(1)).all(|(earlier, later)| earlier < later));
    }

    /// What is taken from the weekends is given back: the rest is the number of statutory days.
    #[test]
    fn exchange_balances_for_every_notice() {
        for year in 2004..=2026 {
            // The notice arranges New Year's Day even where it reaches back into December.
            let of_notice = |row: &&CalendarRow| {
                let early = row.date.month() == 12 && row.holiday == "元旦";
                row.date.year() + i32::from(early) == year
            };
            let balance: i32 = rows()
                .iter()
                .filter(of_notice)
                .map(|row| match row.kind {
                    DayKind::Work => -1,
                    DayKind::Off => i32::from(!is_weekend(row)),
                })
                .sum();
            let statutory = match year {
                // One day for the 70th anniversary of victory; two added to the Spring Festival.
                2015 => 12,
                2020 => 13,
                2004..=2007 => 10,
                2008..=2024 => 11,
                _ => 13,
            };
            assert_eq!(balance, statutory, "{year}");
        }
    }

    #[test]
    fn every_statutory_holiday_of_these_years_is_announced_as_off() {
        for day in Date::ymd(2004, 1, 1).days()..=Date::ymd(2026, 12, 31).days() {
            let day = Date::from_days(day);
            if statutory::is_holiday(day) {
                let row = WorkCalendar::builtin().announced(day);
                assert_eq!(row.map(|row| row.kind), Some(DayKind::Off), "{day}");
            }
        }
    }
}
