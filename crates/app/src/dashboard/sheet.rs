//! The page of a county as a spreadsheet: the same tables, the same numbers left out.

use super::{CountsV1, DashboardAskV1, DashboardV1};
use crate::error::{Fault, Result};
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_base::document::Lang;
use anmin_base::money::Money;
use anmin_sheet::write::{Cell, Column, Sheet, workbook};

/// What a number is.
#[derive(Clone, Copy)]
enum Unit {
    Count,
    Fen,
}

struct Tables<'a> {
    seen: &'a DashboardV1,
    lang: Lang,
}

impl Office {
    /// What is told of an area, as an xlsx file.
    ///
    /// # Errors
    /// As [`Office::dashboard`].
    pub async fn dashboard_sheet(
        &self,
        order: &Order<'_>,
        ask: &DashboardAskV1,
        lang: Lang,
    ) -> Result<Vec<u8>> {
        let seen = self.dashboard(order, ask).await?;
        let tables = Tables { seen: &seen, lang };
        let sheets = [tables.states(), tables.clocks(), tables.grants(), tables.money(), tables.refusals()];
        Ok(workbook(&sheets).map_err(|unwritten| Fault::Broken(unwritten.0))?)
    }
}

impl Tables<'_> {
    fn say(&self, zh: &str, en: &str) -> String {
        match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    fn text(&self, text: &TextV1) -> Cell {
        Cell::Text(self.say(&text.zh, &text.en))
    }

    fn cell(&self, number: Option<i64>, unit: Unit) -> Cell {
        match (number, unit) {
            (None, _) => Cell::Text(self.say("不显示", "not told")),
            (Some(number), Unit::Count) => u64::try_from(number).map_or(Cell::Empty, Cell::Count),
            (Some(number), Unit::Fen) => Cell::Money(Money::from_fen(number)),
        }
    }

    fn line(&self, first: Cell, counts: &CountsV1, unit: Unit) -> Vec<Cell> {
        let numbers = counts.by_place.iter().chain([&counts.total]);
        std::iter::once(first).chain(numbers.map(|number| self.cell(*number, unit))).collect()
    }

    fn sheet(&self, name: (&str, &str), first: (&str, &str), rows: Vec<Vec<Cell>>) -> Sheet {
        let column = |title: String, width| Column { title, width };
        let mut columns = vec![column(self.say(first.0, first.1), 26)];
        columns.extend(self.seen.places.iter().map(|place| column(place.name.clone(), 14)));
        columns.push(column(self.say("合计", "Together"), 14));
        self.plain(name, columns, rows)
    }

    fn plain(&self, name: (&str, &str), columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Sheet {
        let name = self.say(name.0, name.1);
        let mut notes = vec![self.say(
            &format!("数据截至 {}，由案件和资金台账直接汇总。", self.seen.as_of.0),
            &format!("As of {}, summed up from the cases and the ledger.", self.seen.as_of.0),
        )];
        if let Some(least) = self.seen.least {
            notes.push(self.say(
                &format!("小于 {least} 的数字，以及能据以推算的数字，不显示。"),
                &format!("Numbers below {least}, and those they could be worked out from, are not told."),
            ));
        }
        Sheet {
            title: format!("{} {name}", self.seen.area.name),
            name,
            notes,
            columns,
            rows,
            ..Sheet::default()
        }
    }

    fn states(&self) -> Sheet {
        let line = |line: &super::StateLineV1| {
            let label = TextV1 {
                zh: format!("{} · {}", line.service_name.zh, line.state_name.zh),
                en: format!("{} · {}", line.service_name.en, line.state_name.en),
            };
            self.line(self.text(&label), &line.counts, Unit::Count)
        };
        let mut rows: Vec<Vec<Cell>> = self.seen.states.iter().map(line).collect();
        rows.push(self.line(Cell::Text(self.say("合计", "Together")), &self.seen.cases, Unit::Count));
        self.sheet(("环节", "States"), ("事项和环节", "Service and state"), rows)
    }

    fn clocks(&self) -> Sheet {
        let clocks = &self.seen.clocks;
        let rows = [
            (("正常", "In time"), &clocks.green),
            (("临期", "Soon"), &clocks.amber),
            (("将到期", "Very soon"), &clocks.red),
            (("超期", "Late"), &clocks.overdue),
        ];
        let line = |((zh, en), counts): &((&str, &str), &CountsV1)| {
            self.line(Cell::Text(self.say(zh, en)), counts, Unit::Count)
        };
        self.sheet(("时限", "Clocks"), ("在办案件", "Open cases"), rows.iter().map(line).collect())
    }

    fn grants(&self) -> Sheet {
        let seen = self.seen;
        let rows = [
            (("户（件）", "Grants"), &seen.grants, Unit::Count),
            (("人", "Persons"), &seen.persons, Unit::Count),
            (("月保障金额（元）", "A month (yuan)"), &seen.monthly_fen, Unit::Fen),
        ];
        let line = |((zh, en), counts, unit): &((&str, &str), &CountsV1, Unit)| {
            self.line(Cell::Text(self.say(zh, en)), counts, *unit)
        };
        self.sheet(("在保", "In force"), ("在保情况", "In force"), rows.iter().map(line).collect())
    }

    fn money(&self) -> Sheet {
        let line = |line: &super::MonthLineV1| {
            self.line(Cell::Text(line.month.clone()), &line.amount_fen, Unit::Fen)
        };
        let rows = self.seen.paid.iter().map(line).collect();
        self.sheet(("发放", "Paid"), ("月份（元）", "Month (yuan)"), rows)
    }

    fn refusals(&self) -> Sheet {
        let line = |line: &super::RefusalLineV1| {
            vec![self.text(&line.service_name), self.text(&line.law), self.cell(line.count, Unit::Count)]
        };
        let mut rows: Vec<Vec<Cell>> = self.seen.refusals.iter().map(line).collect();
        let total = self.cell(self.seen.refused, Unit::Count);
        rows.push(vec![Cell::Text(self.say("合计", "Together")), Cell::Empty, total]);
        let column = |zh: &str, en: &str, width| Column { title: self.say(zh, en), width };
        let columns =
            vec![column("事项", "Service", 16), column("依据条款", "Article", 60), column("件", "Cases", 10)];
        self.plain(("不予确认", "Refusals"), columns, rows)
    }
}
