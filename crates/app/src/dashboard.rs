//! The page of a county, or of a township: its cases by state and place, their clocks, the grants in force, the money that
//! arrived month by month, the refusals by article. Sums made by the database; nobody is named. Whoever may not see every
//! case that is counted gets no small number, and none from which one could be worked out.

mod sheet;
mod suppress;

use crate::case::{AreaV1, ListV1};
use crate::error::{Fault, Refusal, Result};
use crate::office::{Office, Order, course};
use crate::record::TextV1;
use crate::record::case_view::DayV1;
use anmin_authz::id::AreaId;
use anmin_base::date::{Date, Month};
use anmin_rules::model::Citation;
use anmin_store::{CaseCount, Id, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use suppress::suppress;

/// How many months of money are told.
const MONTHS: i32 = 12;

/// Of which area.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DashboardAskV1 {
    /// Of this area, within that of the post; none: of the post's.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: Option<String>,
}

/// What is told of an area.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DashboardV1 {
    /// The day it is told of.
    pub as_of: DayV1,
    /// The area.
    pub area: AreaV1,
    /// The areas above it that the caller has too, the nearest first.
    pub above: Vec<AreaV1>,
    /// What lies directly in it, in the order of codes; the last is the area itself, where something is of no part of it.
    pub places: Vec<PlaceV1>,
    /// Whether the caller may list cases, so that a number leads to them.
    pub lists: bool,
    /// Numbers below this are not told, nor what they could be worked out from; none: every number is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<u16>,
    /// Cases by service and state.
    pub states: Vec<StateLineV1>,
    /// All of them together.
    pub cases: CountsV1,
    /// Those that have not ended, by how near their clocks are.
    pub clocks: ClocksV1,
    /// Grants in force this month.
    pub grants: CountsV1,
    /// Persons in them.
    pub persons: CountsV1,
    /// What a month of them is worth, in fen.
    pub monthly_fen: CountsV1,
    /// Money that arrived, month by month, the latest last.
    pub paid: Vec<MonthLineV1>,
    /// Refusals that took effect within a year, the most frequent first.
    pub refusals: Vec<RefusalLineV1>,
    /// All of them together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<i64>,
}

/// A part of the area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlaceV1 {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it has parts itself.
    pub parts: bool,
}

/// A number for each place, in their order, and their sum. None: too small to be told, or another could be worked out
/// from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CountsV1 {
    /// By place.
    pub by_place: Vec<Option<i64>>,
    /// Together.
    pub total: Option<i64>,
}

/// Cases in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StateLineV1 {
    /// The service.
    pub service: String,
    /// Its name.
    pub service_name: TextV1,
    /// The state.
    pub state: String,
    /// What it is called.
    pub state_name: TextV1,
    /// Whether the case has ended in it.
    pub ended: bool,
    /// Whether somebody has to take it on from there; in force it is neither.
    pub under_way: bool,
    /// How many.
    pub counts: CountsV1,
}

/// Open cases by how near their clocks are: each case is in one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClocksV1 {
    /// In time, or without a clock.
    pub green: CountsV1,
    /// Soon.
    pub amber: CountsV1,
    /// Very soon.
    pub red: CountsV1,
    /// Late.
    pub overdue: CountsV1,
}

/// A month of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MonthLineV1 {
    /// The month the batch is of: `2026-09`.
    pub month: String,
    /// How many grants were paid.
    pub grants: CountsV1,
    /// What arrived, in fen.
    pub amount_fen: CountsV1,
}

/// Refusals on the same ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RefusalLineV1 {
    /// The service.
    pub service_name: TextV1,
    /// The articles they rest on.
    pub law: TextV1,
    /// How many; none: too few to be told.
    pub count: Option<i64>,
}

/// The places of an area, and where each area below counts.
struct Parts {
    places: Vec<PlaceV1>,
    index: BTreeMap<AreaId, usize>,
}

/// A table of numbers: a line for each thing, a column for each place.
type Lines = Vec<Vec<i64>>;

impl Office {
    /// What is told of an area.
    ///
    /// # Errors
    /// Not permitted, or not of this area; or a fault.
    pub async fn dashboard(&self, order: &Order<'_>, ask: &DashboardAskV1) -> Result<DashboardV1> {
        let (scope, _) = self.first_scope(order, &["statistics_read"])?;
        let on = order.now.on;
        let (root, above) = self.asked_area(&scope, ask, on)?;
        let parts = self.parts(root, on);
        let rows = Scope::from_authz(&scope, self.authority());
        let store = &self.inner.store;
        let month = Month::of(on);
        let first = month.add(1 - MONTHS);
        let (counts, force, paid, refused) = tokio::try_join!(
            store.case_counts(&rows),
            store.grants_by_area(&rows, month),
            store.paid_by_area(&rows, first, month),
            store.refusals_by_area(&rows, first.first(), on),
        )?;
        let listed = self.count_cases(order, &ListV1::default()).await;
        let lists = listed.is_ok();
        let counted: i64 = counts.iter().map(|count| count.cases).sum();
        // Whoever could open each of these cases learns nothing from a small number.
        let small = listed.ok() != Some(counted);
        let least = small.then(|| self.authority().parts().limits.smallest_count);
        let tell = Tell { least: i64::from(least.unwrap_or(0)), parts: &parts };

        let (states, cases) = self.states_told(&tell, &counts)?;
        let clocks = self.clocks_told(&tell, &counts)?;
        let mut sums = vec![vec![0; parts.places.len()]; 3];
        for row in &force {
            let Some(at) = parts.at(row.area) else { continue };
            sums[0][at] += row.grants;
            sums[1][at] += row.persons;
            sums[2][at] += row.monthly_fen;
        }
        let grants = tell.line(&sums[0]);
        let persons = grants.hiding(&sums[1]);
        let monthly_fen = grants.hiding(&sums[2]);
        let paid = tell.months(first, month, &paid);
        let (refusals, refused) = self.refusals_told(&tell, &refused, on)?;
        let rights = self.rights();
        let named =
            |area: AreaId| AreaV1 { id: Id(area.0).to_string(), name: rights.area_name(area).to_owned() };
        Ok(DashboardV1 {
            as_of: DayV1(on),
            area: named(root),
            above: above.into_iter().map(named).collect(),
            lists,
            least,
            states,
            cases,
            clocks,
            grants,
            persons,
            monthly_fen,
            paid,
            refusals,
            refused,
            places: parts.places.clone(),
        })
    }

    /// The area that is asked for, and those above it that the caller has.
    fn asked_area(
        &self,
        scope: &anmin_authz::scope::Scope,
        ask: &DashboardAskV1,
        on: Date,
    ) -> Result<(AreaId, Vec<AreaId>)> {
        let rights = self.rights();
        let mine: Vec<AreaId> = scope.clauses().iter().filter_map(|clause| clause.area).collect();
        let wanted = match &ask.area {
            None => *mine.first().ok_or_else(Refusal::not_found)?,
            Some(text) => AreaId(Id::parse(text).ok_or_else(Refusal::not_found)?.0),
        };
        let line: Vec<AreaId> = rights.areas.line(wanted, on).collect();
        let top = line.iter().rposition(|area| mine.contains(area)).ok_or_else(Refusal::not_found)?;
        Ok((wanted, line[1..=top].to_vec()))
    }

    fn parts(&self, root: AreaId, on: Date) -> Parts {
        let rights = self.rights();
        let areas = &rights.areas;
        let below: Vec<AreaId> = areas.below(root, on).collect();
        let parent = |area: AreaId| areas.parent(area, on);
        let mut children: Vec<AreaId> =
            below.iter().copied().filter(|area| *area != root && parent(*area) == Some(root)).collect();
        children.sort_by_key(|area| (areas.area(*area).and_then(|a| a.code).map(|c| c.to_string()), area.0));
        let mut index = BTreeMap::new();
        for area in below {
            let line: Vec<AreaId> = areas.line(area, on).take_while(|above| *above != root).collect();
            let child = line.last().and_then(|child| children.iter().position(|known| known == child));
            index.insert(area, child.unwrap_or(children.len()));
        }
        index.insert(root, children.len());
        let has_parts = |area: AreaId| index.keys().any(|below| parent(*below) == Some(area));
        let place = |area: AreaId| PlaceV1 {
            id: Id(area.0).to_string(),
            name: rights.area_name(area).to_owned(),
            parts: area != root && has_parts(area),
        };
        let places = children.iter().copied().chain([root]).map(place).collect();
        Parts { places, index }
    }

    fn states_told(&self, tell: &Tell<'_>, counts: &[CaseCount]) -> Result<(Vec<StateLineV1>, CountsV1)> {
        let mut lines: BTreeMap<(String, usize), (StateLineV1, Vec<i64>)> = BTreeMap::new();
        for count in counts {
            let Some(at) = tell.parts.at(count.area) else { continue };
            let (place, line) = self.state_line(count)?;
            let line = lines
                .entry((count.pack.clone(), place))
                .or_insert_with(|| (line, vec![0; tell.parts.places.len()]));
            line.1[at] += count.cases;
        }
        let (lines, numbers): (Vec<StateLineV1>, Lines) = lines.into_values().unzip();
        let (told, sums) = tell.table(&numbers);
        let with = |(line, counts)| StateLineV1 { counts, ..line };
        Ok((lines.into_iter().zip(told).map(with).collect(), sums))
    }

    /// A line for a state, and where it stands in the course.
    fn state_line(&self, count: &CaseCount) -> Result<(usize, StateLineV1)> {
        let opened = self.opened(&count.pack, None)?;
        let all = &course(&opened)?.definition.all;
        let place = all.states.iter().position(|state| state.named.name == count.state);
        let state = place.map(|place| &all.states[place]);
        let label = state.map(|state| &state.named.label);
        let line = StateLineV1 {
            service: count.pack.clone(),
            service_name: TextV1::from(&opened.loaded.service.name),
            state: count.state.clone(),
            state_name: label.map_or_else(TextV1::default, |l| TextV1 { zh: l.zh.clone(), en: l.en.clone() }),
            ended: state.is_some_and(|state| state.last),
            under_way: self.is_under_way(&count.pack, &count.state)?,
            counts: CountsV1::default(),
        };
        Ok((place.unwrap_or(usize::MAX), line))
    }

    fn clocks_told(&self, tell: &Tell<'_>, counts: &[CaseCount]) -> Result<ClocksV1> {
        let mut lines: Lines = vec![vec![0; tell.parts.places.len()]; 4];
        for count in counts {
            let Some(at) = tell.parts.at(count.area) else { continue };
            if self.state_line(count)?.1.ended {
                continue;
            }
            let mark = usize::try_from(count.mark).ok().filter(|mark| *mark < 4);
            lines[mark.ok_or_else(|| Fault::Broken(format!("mark {}", count.mark)))?][at] += count.cases;
        }
        let (told, _) = tell.table(&lines);
        let mut told = told.into_iter();
        let mut next = || told.next().unwrap_or_default();
        Ok(ClocksV1 { green: next(), amber: next(), red: next(), overdue: next() })
    }

    fn refusals_told(
        &self,
        tell: &Tell<'_>,
        refused: &[anmin_store::RefusalCount],
        on: Date,
    ) -> Result<(Vec<RefusalLineV1>, Option<i64>)> {
        let mut grounds: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for row in refused.iter().filter(|row| tell.parts.at(row.area).is_some()) {
            *grounds.entry((&row.pack, &row.article)).or_default() += row.cases;
        }
        let mut lines: Vec<((&str, &str), i64)> = grounds.into_iter().collect();
        lines.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let numbers: Vec<i64> = lines.iter().map(|(_, count)| *count).collect();
        let told = suppress(&[numbers], tell.least).pop().unwrap_or_default();
        let mut refusals = Vec::new();
        for (((pack, article), _), count) in lines.into_iter().zip(&told) {
            let opened = self.opened(pack, None)?;
            let cited = article.split('；').filter_map(|one| one.split_once(' '));
            let citation = |(document, article): (&str, &str)| Citation {
                document: document.into(),
                article: article.into(),
            };
            let laws = opened.law(&cited.map(citation).collect::<Vec<_>>(), on);
            let join = |of: &dyn Fn(&crate::record::LawV1) -> String, mark: &str| {
                laws.iter().map(of).collect::<Vec<_>>().join(mark)
            };
            refusals.push(RefusalLineV1 {
                service_name: TextV1::from(&opened.loaded.service.name),
                law: TextV1 {
                    zh: join(&|law| format!("{}{}", law.named().zh, law.article), "；"),
                    en: join(&|law| format!("{} {}", law.named().en, law.article), "; "),
                },
                count: *count,
            });
        }
        Ok((refusals, told.last().copied().flatten()))
    }
}

impl Parts {
    /// Where an area counts; none: outside.
    fn at(&self, area: Id) -> Option<usize> {
        self.index.get(&AreaId(area.0)).copied()
    }
}

/// What may be told.
struct Tell<'a> {
    /// Smaller numbers are not; 0: all are.
    least: i64,
    parts: &'a Parts,
}

impl Tell<'_> {
    /// One line with its sum.
    fn line(&self, numbers: &[i64]) -> CountsV1 {
        let told = suppress(&[numbers.to_vec()], self.least);
        told.into_iter().next().map(CountsV1::of).unwrap_or_default()
    }

    /// A table with its sums by line and by column.
    fn table(&self, numbers: &Lines) -> (Vec<CountsV1>, CountsV1) {
        if numbers.is_empty() {
            return (Vec::new(), self.line(&vec![0; self.parts.places.len()]));
        }
        let mut told: Vec<CountsV1> = suppress(numbers, self.least).into_iter().map(CountsV1::of).collect();
        let sums = if numbers.len() == 1 { told.first().cloned() } else { told.pop() };
        (told, sums.unwrap_or_default())
    }

    fn months(&self, first: Month, last: Month, paid: &[anmin_store::AreaMoney]) -> Vec<MonthLineV1> {
        let mut lines = Vec::new();
        let mut month = first;
        while month <= last {
            let mut sums = vec![vec![0; self.parts.places.len()]; 2];
            for row in paid.iter().filter(|row| row.month == month) {
                let Some(at) = self.parts.at(row.area) else { continue };
                sums[0][at] += row.grants;
                sums[1][at] += row.amount_fen;
            }
            let grants = self.line(&sums[0]);
            let amount_fen = grants.hiding(&sums[1]);
            lines.push(MonthLineV1 {
                month: format!("{:04}-{:02}", month.year(), month.month()),
                grants,
                amount_fen,
            });
            month = month.next();
        }
        lines
    }
}

impl CountsV1 {
    /// Of a line whose last number is the sum.
    fn of(mut line: Vec<Option<i64>>) -> CountsV1 {
        let total = line.pop().flatten();
        CountsV1 { by_place: line, total }
    }

    /// Other numbers of the same things: hidden where these are.
    fn hiding(&self, numbers: &[i64]) -> CountsV1 {
        let shown = |(told, number): (&Option<i64>, &i64)| told.map(|_| *number);
        CountsV1 {
            by_place: self.by_place.iter().zip(numbers).map(shown).collect(),
            total: self.total.map(|_| numbers.iter().sum()),
        }
    }
}
