//! How dates, money, shares and lists are written for people: one place for letters and pages.
use super::Lang;
use crate::date::Date;
use crate::money::Money;
use crate::rate::Exact;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Lang {
    /// `2026年9月1日`, `1 September 2026`.
    pub fn date(self, date: Date) -> String {
        let (year, month, day) = date.to_ymd();
        match self {
            Lang::Zh => format!("{year}年{month}月{day}日"),
            Lang::En => format!("{day} {} {year}", MONTHS[usize::from(month) - 1]),
        }
    }

    /// `2026年9月`, `September 2026`.
    pub fn month(self, date: Date) -> String {
        let (year, month, _) = date.to_ymd();
        match self {
            Lang::Zh => format!("{year}年{month}月"),
            Lang::En => format!("{} {year}", MONTHS[usize::from(month) - 1]),
        }
    }

    /// `1,234.56元`, `1,234.56 yuan`.
    pub fn money(self, money: Money) -> String {
        format!("{}{}", money.grouped(), self.of("元", " yuan"))
    }

    /// Digits with a comma every three: `12,345`.
    pub fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }

    /// `35%`, `12.5%`; a share that no decimal writes stays a fraction: `1/3`, in Chinese `3分之1`.
    pub fn percent(self, share: Exact) -> String {
        let (numerator, denominator) = (i128::from(share.numerator()), i128::from(share.denominator()));
        // A hundredth of a per cent is as fine as the law goes.
        let (scaled, places) = (numerator * 10_000, 2);
        if scaled % denominator != 0 {
            return self.of(format!("{denominator}分之{numerator}"), share.to_string());
        }
        let scaled = scaled / denominator;
        let sign = if scaled < 0 { "-" } else { "" };
        let (whole, rest) = (scaled.unsigned_abs() / 100, scaled.unsigned_abs() % 100);
        let decimals = format!(".{rest:0places$}");
        let decimals = decimals.trim_end_matches('0').trim_end_matches('.');
        format!("{sign}{whole}{decimals}%")
    }

    /// `甲、乙、丙`; `a, b and c`.
    pub fn list(self, items: &[&str]) -> String {
        match (self, items) {
            (Lang::En, [first @ .., before, last]) => {
                let first: String = first.iter().map(|item| format!("{item}, ")).collect();
                format!("{first}{before} and {last}")
            }
            _ => items.join("、"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Lang::{En, Zh};

    #[test]
    fn dates_are_written_without_leading_zeros() {
        let day = Date::ymd(2026, 9, 1);
        assert_eq!((Zh.date(day), En.date(day)), ("2026年9月1日".into(), "1 September 2026".into()));
        assert_eq!((Zh.month(day), En.month(day)), ("2026年9月".into(), "September 2026".into()));
        assert_eq!(En.date(Date::ymd(2027, 12, 31)), "31 December 2027");
        assert_eq!(En.month(Date::ymd(2027, 1, 31)), "January 2027");
    }

    #[test]
    fn money_and_numbers_are_grouped() {
        let money = Money::from_fen(123_456);
        assert_eq!((Zh.money(money), En.money(money)), ("1,234.56元".into(), "1,234.56 yuan".into()));
        for (number, written) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(Zh.number(number), written);
        }
    }

    #[test]
    fn shares_are_exact() {
        for (share, zh, en) in [
            ("35%", "35%", "35%"),
            ("12.5%", "12.5%", "12.5%"),
            ("0.0005", "0.05%", "0.05%"),
            ("1.005", "100.5%", "100.5%"),
            ("-50%", "-50%", "-50%"),
            ("1", "100%", "100%"),
            ("1/3", "3分之1", "1/3"),
        ] {
            let share: Exact = share.parse().unwrap();
            assert_eq!((Zh.percent(share), En.percent(share)), (zh.into(), en.into()));
        }
    }

    #[test]
    fn lists_are_joined_as_each_language_does() {
        for (items, zh, en) in [
            (&[][..], "", ""),
            (&["a"], "a", "a"),
            (&["a", "b"], "a、b", "a and b"),
            (&["a", "b", "c"], "a、b、c", "a, b and c"),
        ] {
            assert_eq!((Zh.list(items), En.list(items)), (zh.into(), en.into()));
        }
    }
}
