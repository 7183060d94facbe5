//! The lists of a month as spreadsheets to print and sign: titles, sums, the amount in capitals, who signs.

use super::lists::{ArrearV1, MovementV1, RequestV1, RosterLineV1, TotalsV1};
use super::view::BatchV1;
use crate::error::{Fault, Result};
use crate::office::{Office, Order};
use anmin_authz::id::AreaId;
use anmin_base::money::Money;
use anmin_sheet::write::{Cell, Column, Sheet, workbook};
use anmin_store::Id;
use std::collections::BTreeMap;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// 发放名册.
    Roster,
    /// 增减变动表.
    Movements,
    /// 停发名册.
    Stops,
    /// 补发清单.
    Arrears,
    /// 汇总表.
    Totals,
    /// 资金申请.
    Request,
}

impl ListKind {
    /// All, with their names in addresses and on paper.
    pub const ALL: [(&'static str, ListKind, &'static str); 6] = [
        ("roster", ListKind::Roster, "发放名册"),
        ("movements", ListKind::Movements, "增减变动表"),
        ("stops", ListKind::Stops, "停发名册"),
        ("arrears", ListKind::Arrears, "补发清单"),
        ("totals", ListKind::Totals, "汇总表"),
        ("request", ListKind::Request, "资金申请"),
    ];

    /// Of that name.
    pub fn named(name: &str) -> Option<ListKind> {
        ListKind::ALL.iter().find(|(known, ..)| *known == name).map(|(_, kind, _)| *kind)
    }

    fn zh(self) -> &'static str {
        ListKind::ALL.iter().find(|(_, kind, _)| *kind == self).map_or("", |(.., zh)| zh)
    }
}

impl Office {
    /// A list of a batch as an xlsx file, and its name. The same batch gives the same bytes.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn list_sheet(
        &self,
        order: &Order<'_>,
        batch: Id,
        kind: ListKind,
    ) -> Result<(Vec<u8>, String)> {
        let seen = self.batch(order, batch).await?;
        let area = Id::parse(&seen.area).unwrap_or(Id(0));
        let paying = self.sheet_of(&seen.programme, area, order.now.on)?;
        let heading = Heading {
            office: self,
            title: format!("{}{}{}", self.place(area), paying.sheet.label.zh, kind.zh()),
            period: seen
                .period
                .parse()
                .map_or(seen.period.clone(), |month: anmin_base::date::Month| month.zh()),
            batch: &seen,
        };
        let sheet = match kind {
            ListKind::Roster => {
                let components: Vec<(String, String)> =
                    paying.sheet.components.iter().map(|c| (c.name.clone(), c.label.zh.clone())).collect();
                heading.roster(&components, &self.whole_roster(order, batch).await?)
            }
            ListKind::Movements => heading.movements(&self.movements(order, batch, false).await?),
            ListKind::Stops => heading.movements(&self.movements(order, batch, true).await?),
            ListKind::Arrears => heading.arrears(&self.arrears(order, batch).await?),
            ListKind::Totals => heading.totals(&self.totals(order, batch).await?),
            ListKind::Request => heading.request(&self.fund_request(order, batch).await?),
        };
        let bytes = workbook(&[sheet]).map_err(|unwritten| Fault::Broken(unwritten.0))?;
        Ok((bytes, seen.number))
    }

    async fn whole_roster(&self, order: &Order<'_>, batch: Id) -> Result<Vec<RosterLineV1>> {
        let (mut lines, mut after) = (Vec::new(), None);
        loop {
            let page = self.roster(order, batch, after).await?;
            lines.extend(page.lines);
            match page.after.as_deref().and_then(Id::parse) {
                Some(last) => after = Some(last),
                None => return Ok(lines),
            }
        }
    }

    fn place(&self, area: Id) -> String {
        self.rights().areas.area(AreaId(area.0)).map(|area| area.name.clone()).unwrap_or_default()
    }
}

struct Heading<'a> {
    office: &'a Office,
    title: String,
    period: String,
    batch: &'a BatchV1,
}

const SIGNATURES: [&str; 4] = ["编制：", "复核：", "分管领导签批：", "单位（盖章）："];

fn columns(titles: &[(&str, u16)]) -> Vec<Column> {
    titles.iter().map(|(title, width)| Column { title: (*title).to_owned(), width: *width }).collect()
}

fn count(number: i64) -> Cell {
    Cell::Count(u64::try_from(number).unwrap_or(0))
}

fn fen(fen: i64) -> Cell {
    Cell::Money(Money::from_fen(fen))
}

impl Heading<'_> {
    fn sheet(
        &self,
        name: &str,
        columns: Vec<Column>,
        rows: Vec<Vec<Cell>>,
        sums: Vec<Cell>,
        amount: i64,
    ) -> Sheet {
        let amount = Money::from_fen(amount);
        Sheet {
            name: name.to_owned(),
            title: self.title.clone(),
            notes: vec![format!(
                "{}　批次：{}　单位：元　核对码：{}",
                self.period,
                self.batch.number,
                short(&self.batch.root)
            )],
            columns,
            rows,
            sums,
            remarks: vec![format!("合计：{} 元　大写：{}", amount.grouped(), amount.uppercase())],
            signatures: SIGNATURES.map(str::to_owned).to_vec(),
        }
    }

    fn place(&self, area: &str) -> Cell {
        Cell::Text(Id::parse(area).map(|id| self.office.place(id)).unwrap_or_default())
    }

    /// A row a grant: the parts of the month, then what is paid for earlier months.
    fn roster(&self, components: &[(String, String)], lines: &[RosterLineV1]) -> Sheet {
        let mut titles = vec![("序号", 6), ("村（社区）", 16), ("姓名", 12), ("人数", 6)];
        titles.extend(components.iter().map(|(_, zh)| (zh.as_str(), 12)));
        titles.extend([("补发", 12), ("合计", 14), ("账号尾号", 10), ("结果", 10)]);
        let mut grants: BTreeMap<i64, Vec<&RosterLineV1>> = BTreeMap::new();
        for line in lines {
            grants.entry(line.line).or_default().push(line);
        }
        let mut rows = Vec::with_capacity(grants.len());
        let mut sums = vec![0i64; components.len() + 2];
        for (number, lines) in &grants {
            let Some(first) = lines.first() else { continue };
            let of = |fits: &dyn Fn(&RosterLineV1) -> bool| -> i64 {
                lines.iter().filter(|line| fits(line)).map(|line| line.amount_fen).sum()
            };
            let mut amounts: Vec<i64> = components
                .iter()
                .map(|(name, _)| of(&|line| !line.arrears && line.component == *name))
                .collect();
            amounts.push(of(&|line| line.arrears));
            amounts.push(of(&|_| true));
            sums.iter_mut().zip(&amounts).for_each(|(sum, amount)| *sum += amount);
            let mut row = vec![
                count(*number),
                self.place(&first.area),
                first.name.as_str().into(),
                count(first.persons),
            ];
            row.extend(amounts.into_iter().map(fen));
            row.extend([first.account.as_str().into(), Cell::from(outcome(&first.outcome))]);
            rows.push(row);
        }
        let mut total = vec!["合计".into(), Cell::Empty, count(self.batch.grants), count(self.batch.persons)];
        total.extend(sums.iter().copied().map(fen));
        total.extend([Cell::Empty, Cell::Empty]);
        self.sheet("发放名册", columns(&titles), rows, total, self.batch.amount_fen)
    }

    fn movements(&self, all: &[MovementV1]) -> Sheet {
        let titles = [
            ("序号", 6),
            ("村（社区）", 16),
            ("姓名", 12),
            ("变动", 18),
            ("原人数", 8),
            ("原金额", 12),
            ("现人数", 8),
            ("现金额", 12),
            ("起始月", 12),
            ("止发月", 12),
        ];
        let rows = (1..).zip(all).map(|(number, m)| {
            vec![
                count(number),
                self.place(&m.area),
                m.name.as_str().into(),
                m.ground_text.zh.as_str().into(),
                count(i64::from(m.persons_before)),
                fen(m.before_fen),
                count(i64::from(m.persons_after)),
                fen(m.after_fen),
                m.from.as_str().into(),
                m.to.clone().map_or(Cell::Empty, Cell::Text),
            ]
        });
        let difference: i64 = all.iter().map(|m| m.after_fen - m.before_fen).sum();
        self.sheet("变动", columns(&titles), rows.collect(), Vec::new(), difference)
    }

    fn arrears(&self, all: &[ArrearV1]) -> Sheet {
        let titles = [
            ("序号", 6),
            ("村（社区）", 16),
            ("姓名", 12),
            ("起始月", 12),
            ("截止月", 12),
            ("原因", 20),
            ("金额", 14),
        ];
        let rows = (1..).zip(all).map(|(number, arrear)| {
            vec![
                count(number),
                self.place(&arrear.area),
                arrear.name.as_str().into(),
                arrear.from.as_str().into(),
                arrear.to.as_str().into(),
                arrear.ground_text.zh.as_str().into(),
                fen(arrear.amount_fen),
            ]
        });
        let sum = all.iter().map(|arrear| arrear.amount_fen).sum();
        self.sheet("补发清单", columns(&titles), rows.collect(), Vec::new(), sum)
    }

    fn totals(&self, totals: &TotalsV1) -> Sheet {
        let titles = [("乡镇（街道）", 20), ("项目", 22), ("笔数", 10), ("金额", 16)];
        let row = |sum: &super::ComponentSumV1| {
            let late = if sum.arrears { "（补发）" } else { "" };
            vec![
                sum.area.as_deref().map_or("全部".into(), |area| self.place(area)),
                Cell::Text(format!("{}{late}", sum.text.zh)),
                count(sum.payments),
                fen(sum.amount_fen),
            ]
        };
        let rows = totals.places.iter().chain(&totals.components).map(row).collect();
        let sums = vec![
            "合计".into(),
            Cell::Text(format!("{} 户 {} 人", totals.grants, totals.persons)),
            Cell::Empty,
            fen(totals.amount_fen),
        ];
        self.sheet("汇总表", columns(&titles), rows, sums, totals.amount_fen)
    }

    fn request(&self, request: &RequestV1) -> Sheet {
        let totals = &request.totals;
        let titles = [("事项", 24), ("内容", 60)];
        let line = |what: &str, text: String| vec![Cell::from(what), Cell::Text(text)];
        let yuan = |fen: i64| format!("{} 元", Money::from_fen(fen).grouped());
        let mut rows = vec![
            line("发放项目", request.programme.zh.clone()),
            line("资金", request.fund_text.zh.clone()),
            line("所属月份", self.period.clone()),
            line("户数、人数", format!("{} 户，{} 人", totals.grants, totals.persons)),
            line("当月金额", yuan(totals.regular_fen)),
            line("补发金额", yuan(totals.arrears_fen)),
            line("申请金额", yuan(totals.amount_fen)),
            line("大写", totals.amount_capital.clone()),
            line("应发放到账日", request.pay_day.clone()),
        ];
        if let Some((month, amount)) = &request.before {
            rows.push(line("上期", format!("{month}：{}", yuan(*amount))));
        }
        self.sheet("资金申请", columns(&titles), rows, Vec::new(), totals.amount_fen)
    }
}

/// Enough of a root to compare two sheets of paper by.
fn short(root: &str) -> &str {
    root.get(..12).unwrap_or(root)
}

fn outcome(outcome: &str) -> &'static str {
    match outcome {
        "paid" => "已到账",
        "returned" => "退票",
        "void" => "作废",
        _ => "",
    }
}
