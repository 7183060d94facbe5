//! The page of a county or township: numbers by place, state, month and ground, over tables that can be copied, with a chart
//! and cells for the places. Every number that somebody may look behind leads to its list of cases.

use crate::asked::Asked;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::problem::Problem;
use crate::route::Route;
use crate::routes::money::file::SpreadsheetFile;
use crate::words::Words;
use anmin_app::dashboard::{CountsV1, DashboardAskV1, DashboardV1, PlaceV1};
use anmin_base::money::Money;
use askama::Template;

/// Who may see it.
const STATISTICS: &[&str] = &["statistics_read"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/county", show).called("page_county").may(STATISTICS, &[]),
        page("/county/sheet", sheet).called("page_county_sheet").may(STATISTICS, &[]),
    ]
}

/// A number on the page.
#[derive(Clone, Debug)]
struct Number {
    text: String,
    /// As a chart takes it; empty where it is not told.
    value: String,
    href: Option<String>,
}

/// A line of numbers.
#[derive(Clone, Debug)]
struct Row {
    head: String,
    more: String,
    numbers: Vec<Number>,
}

/// A large number at the top.
#[derive(Clone, Debug)]
struct Card {
    label: String,
    number: Number,
    unit: String,
    more: String,
}

/// A place as a cell of the map.
#[derive(Clone, Debug)]
struct Cell {
    name: String,
    href: Option<String>,
    open: String,
    late: String,
    is_late: bool,
    /// How dark: 0 to 4.
    level: usize,
}

#[derive(Debug, Template)]
#[template(path = "county/county.html")]
struct CountyPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    name: String,
    as_of: String,
    sheet: String,
    least: Option<u32>,
    cards: Vec<Card>,
    cells: Vec<Cell>,
    /// By place: open, soon or late, late, grants, persons, a month's worth, paid in twelve months.
    places: Vec<Row>,
    /// Names of places as heads of columns, where there are few enough; then their sum.
    heads: Vec<String>,
    states: Vec<Row>,
    months: Vec<Row>,
    refusals: Vec<Row>,
}

/// More places than this are no columns of a page: the spreadsheet has them.
const MOST_COLUMNS: usize = 8;

async fn sheet(asked: Asked, ask: DashboardAskV1) -> Result<SpreadsheetFile, Problem> {
    let bytes = asked.office().dashboard_sheet(&asked.order()?, &ask, asked.lang).await?;
    Ok(SpreadsheetFile { bytes, name: format!("county-{}", asked.now.on), ending: "xlsx" })
}

async fn show(asked: Asked, ask: DashboardAskV1) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = asked.office().dashboard(&asked.order()?, &ask).await?;
    let view = View::new(t, &seen);
    let shell = asked.shell("county-title").await?.charts();
    let above = seen.above.iter().rev();
    let crumbs = above.fold(Crumbs::new(t), |crumbs, area| {
        crumbs.to(format!("/county?area={}", area.id), crate::words::Say::Text(area.name.clone()))
    });
    Html::of(&CountyPage {
        t,
        crumbs,
        name: seen.area.name.clone(),
        as_of: t.day(&seen.as_of.0.to_string()),
        sheet: format!("/county/sheet?area={}", seen.area.id),
        least: seen.least.map(u32::from),
        cards: view.cards(),
        cells: view.cells(),
        places: view.places(),
        heads: view.heads(),
        states: view.states(),
        months: view.months(),
        refusals: view.refusals(),
        shell,
    })
}

/// What is told, as it stands on the page.
struct View<'a> {
    t: Words,
    seen: &'a DashboardV1,
    /// Cases under way, by place.
    open: CountsV1,
    /// Cases with a clock that is near or past.
    near: CountsV1,
    /// The places that are shown: one of which nothing is told is not the area itself.
    kept: Vec<usize>,
}

impl<'a> View<'a> {
    fn new(t: Words, seen: &'a DashboardV1) -> View<'a> {
        let under_way: Vec<&CountsV1> =
            seen.states.iter().filter(|line| line.under_way).map(|line| &line.counts).collect();
        let clocks = &seen.clocks;
        let open = Self::sum(seen, &under_way);
        let near = Self::sum(seen, &[&clocks.amber, &clocks.red, &clocks.overdue]);
        let mut view = View { t, seen, open, near, kept: Vec::new() };
        let last = seen.places.len().saturating_sub(1);
        // Of the area itself there is a line only where something is of no part of it, or it has none.
        view.kept = (0..=last).filter(|at| *at < last || last == 0 || view.has_any(*at)).collect();
        view
    }

    /// Numbers of different things together; not told where one of them is not.
    fn sum(seen: &DashboardV1, all: &[&CountsV1]) -> CountsV1 {
        let at = |at: usize| all.iter().map(|counts| Self::at(counts, at)).sum::<Option<i64>>();
        CountsV1 {
            by_place: (0..seen.places.len()).map(at).collect(),
            total: all.iter().map(|counts| counts.total).sum(),
        }
    }

    fn has_any(&self, at: usize) -> bool {
        let counts = [&self.seen.cases, &self.seen.grants];
        counts.iter().any(|counts| counts.by_place.get(at).is_some_and(|number| *number != Some(0)))
    }

    fn at(counts: &CountsV1, at: usize) -> Option<i64> {
        counts.by_place.get(at).copied().flatten()
    }

    fn number(&self, number: Option<i64>, href: Option<String>) -> Number {
        match number {
            None => {
                Number { text: self.t.text("county-hidden").to_string(), value: String::new(), href: None }
            }
            Some(number) => Number {
                text: number.to_string(),
                value: number.to_string(),
                href: href.filter(|_| self.seen.lists && number > 0),
            },
        }
    }

    fn yuan(&self, fen: Option<i64>) -> Number {
        match fen {
            None => self.number(None, None),
            Some(fen) => {
                let text = Money::from_fen(fen).to_string();
                Number { value: text.clone(), text: grouped(&text), href: None }
            }
        }
    }

    fn list(&self, place: Option<&PlaceV1>, more: &str) -> Option<String> {
        let area = place.map_or(self.seen.area.id.as_str(), |place| place.id.as_str());
        Some(format!("/work?area={area}{more}"))
    }

    fn cards(&self) -> Vec<Card> {
        let (t, seen) = (self.t, self.seen);
        let late = &seen.clocks.overdue;
        let told =
            |number: Option<i64>| number.map_or(t.text("county-hidden").to_string(), |n| n.to_string());
        let month = seen.paid.iter().rev().find(|line| line.amount_fen.total.is_some_and(|fen| fen > 0));
        let card = |key: &str, number: Number, unit: &str, more: String| Card {
            label: t.text(key).to_string(),
            number,
            unit: t.text(unit).to_string(),
            more,
        };
        vec![
            card(
                "county-open",
                self.number(self.open.total, None),
                "county-unit-cases",
                t.text("county-open-more").arg("all", told(seen.cases.total)).to_string(),
            ),
            card(
                "county-late",
                self.number(late.total, self.list(None, "&mark=overdue")),
                "county-unit-cases",
                t.text("county-late-more").arg("near", told(self.near.total)).to_string(),
            ),
            card(
                "county-force",
                self.number(seen.grants.total, None),
                "county-unit-grants",
                t.text("county-force-more").arg("persons", told(seen.persons.total)).to_string(),
            ),
            card(
                "county-paid",
                self.yuan(month.map_or(Some(0), |line| line.amount_fen.total)),
                "county-unit-yuan",
                month.map_or(t.text("county-paid-none").to_string(), |line| {
                    let grants = told(line.grants.total);
                    t.text("county-paid-more")
                        .arg("month", line.month.clone())
                        .arg("grants", grants)
                        .to_string()
                }),
            ),
        ]
    }

    /// The cells of the places, each darker the more open cases it has.
    fn cells(&self) -> Vec<Cell> {
        let most = self.open.by_place.iter().flatten().copied().max().unwrap_or(0).max(1);
        let cell = |at: &usize| {
            let place = &self.seen.places[*at];
            let open = Self::at(&self.open, *at);
            let late = Self::at(&self.seen.clocks.overdue, *at);
            let level = open.map_or(0, |open| (open * 4 + most - 1) / most);
            Cell {
                name: place.name.clone(),
                href: match place.parts {
                    true => Some(format!("/county?area={}", place.id)),
                    false => self.number(open, self.list(Some(place), "")).href,
                },
                open: self.number(open, None).text,
                late: self.number(late, None).text,
                is_late: late.is_some_and(|late| late > 0),
                level: usize::try_from(level).unwrap_or(0).min(4),
            }
        };
        self.kept.iter().map(cell).collect()
    }

    fn places(&self) -> Vec<Row> {
        let seen = self.seen;
        let clocks = &seen.clocks;
        let paid = |of: &dyn Fn(&CountsV1) -> Option<i64>| {
            seen.paid.iter().map(|line| of(&line.amount_fen)).sum::<Option<i64>>()
        };
        let line = |head: String, place: Option<&PlaceV1>, of: &dyn Fn(&CountsV1) -> Option<i64>| Row {
            head,
            more: place
                .filter(|place| place.parts)
                .map(|p| format!("/county?area={}", p.id))
                .unwrap_or_default(),
            numbers: vec![
                self.number(of(&self.open), None),
                self.number(of(&self.near), self.list(place, "&mark=amber")),
                self.number(of(&clocks.overdue), self.list(place, "&mark=overdue")),
                self.number(of(&seen.grants), None),
                self.number(of(&seen.persons), None),
                self.yuan(of(&seen.monthly_fen)),
                self.yuan(paid(of)),
            ],
        };
        let mut rows: Vec<Row> = self
            .kept
            .iter()
            .map(|at| {
                let place = &seen.places[*at];
                line(place.name.clone(), Some(place), &|counts| Self::at(counts, *at))
            })
            .collect();
        if rows.len() > 1 {
            rows.push(line(self.t.text("county-sum").to_string(), None, &|counts| counts.total));
        }
        rows
    }

    /// The places that are columns: all of them or, where they are too many, none.
    fn columns(&self) -> &[usize] {
        if (2..=MOST_COLUMNS).contains(&self.kept.len()) { &self.kept } else { &[] }
    }

    fn heads(&self) -> Vec<String> {
        let names = self.columns().iter().map(|at| self.seen.places[*at].name.clone());
        names.chain([self.t.text("county-sum").to_string()]).collect()
    }

    fn states(&self) -> Vec<Row> {
        let several = self.seen.states.windows(2).any(|two| two[0].service != two[1].service);
        let line = |line: &anmin_app::dashboard::StateLineV1| {
            let query = format!("&service={}&state={}", line.service, line.state);
            let by_place = self.columns().iter().map(|at| {
                let place = &self.seen.places[*at];
                self.number(Self::at(&line.counts, *at), self.list(Some(place), &query))
            });
            Row {
                head: self.t.of(&line.state_name).to_owned(),
                more: if several { self.t.of(&line.service_name).to_owned() } else { String::new() },
                numbers: by_place.chain([self.number(line.counts.total, self.list(None, &query))]).collect(),
            }
        };
        self.seen.states.iter().map(line).collect()
    }

    fn months(&self) -> Vec<Row> {
        let any = self.seen.paid.iter().any(|line| line.amount_fen.total != Some(0));
        let line = |line: &anmin_app::dashboard::MonthLineV1| {
            let by_place = self.columns().iter().map(|at| self.yuan(Self::at(&line.amount_fen, *at)));
            Row {
                head: line.month.clone(),
                more: String::new(),
                numbers: by_place.chain([self.yuan(line.amount_fen.total)]).collect(),
            }
        };
        if any { self.seen.paid.iter().map(line).collect() } else { Vec::new() }
    }

    fn refusals(&self) -> Vec<Row> {
        let line = |line: &anmin_app::dashboard::RefusalLineV1| Row {
            head: self.t.of(&line.law).to_owned(),
            more: self.t.of(&line.service_name).to_owned(),
            numbers: vec![self.number(line.count, None)],
        };
        let mut rows: Vec<Row> = self.seen.refusals.iter().map(line).collect();
        if rows.len() > 1 {
            rows.push(Row {
                head: self.t.text("county-sum").to_string(),
                more: String::new(),
                numbers: vec![self.number(self.seen.refused, None)],
            });
        }
        rows
    }
}

/// An amount with its thousands set apart.
fn grouped(text: &str) -> String {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "00"));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let first = digits.len() % 3;
    let mut parts: Vec<&str> = Vec::new();
    if first > 0 {
        parts.push(&digits[..first]);
    }
    let threes = (first..digits.len()).step_by(3);
    parts.extend(threes.map(|at| &digits[at..at + 3]));
    format!("{sign}{}.{rest}", parts.join(","))
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        for (text, expected) in [
            ("0.00", "0.00"),
            ("999.50", "999.50"),
            ("1000.00", "1,000.00"),
            ("-1234567.89", "-1,234,567.89"),
        ] {
            assert_eq!(grouped(text), expected);
        }
    }
}
