//! A list of cases as a spreadsheet: exactly what the filter lists, in the columns that are shown, masked as they are on the
//! page. Each case that leaves so is noted as exported in the access log, which the people of the case can read.

use crate::case::{LineV1, ListV1};
use crate::error::{Fault, Result};
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_base::document::Lang;
use anmin_pack::queue::QueueColumn;
use anmin_sheet::write::{Cell, Column, Sheet, workbook};
use std::collections::BTreeMap;

/// Most lines of one spreadsheet. What is left out is told in it.
pub const MOST_LINES: usize = 5_000;
/// Cases read at a time.
const PAGE: u32 = 100;

/// The columns there are, by name, in the order in which they are offered.
pub fn columns() -> impl Iterator<Item = &'static str> {
    QueueColumn::ALL.iter().map(|(name, _)| *name)
}

/// What the column of this name is called.
pub fn column_words(name: &str) -> TextV1 {
    let Some(column) = QueueColumn::named(name) else { return TextV1::default() };
    let (zh, en, _) = words(column);
    TextV1 { zh: zh.into(), en: en.into() }
}

/// Chinese, English, and how many letters wide.
fn words(column: QueueColumn) -> (&'static str, &'static str, u16) {
    match column {
        QueueColumn::Number => ("受理编号", "Number", 22),
        QueueColumn::Name => ("申请人", "Applicant", 12),
        QueueColumn::Village => ("所在村（社区）", "Village", 18),
        QueueColumn::Township => ("乡镇（街道）", "Township", 16),
        QueueColumn::Service => ("事项", "Service", 18),
        QueueColumn::State => ("环节", "State", 18),
        QueueColumn::Due => ("时限", "Due", 22),
        QueueColumn::Received => ("收件日期", "Received", 12),
        QueueColumn::Holder => ("承办人", "Handled by", 12),
        QueueColumn::Unit => ("受理单位", "Unit", 24),
    }
}

impl Office {
    /// The cases of a list as an xlsx file, in these of the [`columns`]; of none that is known, in all.
    ///
    /// # Errors
    /// As [`Office::list_cases`].
    pub async fn export_cases(
        &self,
        order: &Order<'_>,
        ask: &ListV1,
        columns: &[String],
        lang: Lang,
    ) -> Result<Vec<u8>> {
        let all: Vec<QueueColumn> = QueueColumn::ALL.iter().map(|(_, column)| *column).collect();
        let chosen: Vec<QueueColumn> = columns.iter().filter_map(|name| QueueColumn::named(name)).collect();
        let columns = if chosen.is_empty() { all } else { chosen };
        let count = self.count_cases(order, ask).await?;
        let mut lines: Vec<LineV1> = Vec::new();
        let mut page = ListV1 { after: None, limit: Some(PAGE), ..ask.clone() };
        loop {
            let found = self.listed(order, &page, true).await?;
            lines.extend(found.cases);
            page.after = found.next;
            if page.after.is_none() || lines.len() >= MOST_LINES {
                break;
            }
        }
        lines.truncate(MOST_LINES);
        let say = |zh: String, en: String| lang.of(&zh, &en).clone();
        let services = self.services()?;
        let titles: BTreeMap<&str, String> =
            services.iter().map(|s| (s.name.as_str(), say(s.title.zh.clone(), s.title.en.clone()))).collect();
        let row = |line: &LineV1| columns.iter().map(|column| cell(*column, line, &titles, lang)).collect();
        let rows = lines.len();
        let left = usize::try_from(count).unwrap_or_default().saturating_sub(rows);
        let mut notes = vec![say(
            format!("共 {rows} 件。数据截至 {}，按导出人当时的办理范围和权限显示。", order.now.on),
            format!("{rows} cases as of {}, as far as whoever exported them may see.", order.now.on),
        )];
        if left > 0 {
            notes.push(say(
                format!("一张表最多 {MOST_LINES} 件，另有 {left} 件没有列出：请缩小筛选范围后分次导出。"),
                format!(
                    "A sheet has at most {MOST_LINES} cases; {left} more are not in it: narrow the filter."
                ),
            ));
        }
        let sheet = Sheet {
            name: say("案件".into(), "Cases".into()),
            title: say("案件清单".into(), "List of cases".into()),
            notes,
            columns: columns
                .iter()
                .map(|column| {
                    let (zh, en, width) = words(*column);
                    Column { title: say(zh.into(), en.into()), width }
                })
                .collect(),
            rows: lines.iter().map(row).collect(),
            remarks: vec![say(
                "本表含个人信息，仅限工作使用，用后妥善销毁；本次导出已逐件记入访问记录。".into(),
                "This list is about people: for work only. That each case was exported is noted in the access log.".into(),
            )],
            ..Sheet::default()
        };
        Ok(workbook(&[sheet]).map_err(|unwritten| Fault::Broken(unwritten.0))?)
    }
}

fn cell(column: QueueColumn, line: &LineV1, titles: &BTreeMap<&str, String>, lang: Lang) -> Cell {
    let text = |text: &str| Cell::Text(text.to_owned());
    match column {
        QueueColumn::Number => text(&line.number),
        QueueColumn::Name => text(line.name.as_deref().unwrap_or_default()),
        QueueColumn::Village => text(&line.area),
        QueueColumn::Township => text(&line.township),
        QueueColumn::Service => text(titles.get(line.service.as_str()).map_or(&line.service, |title| title)),
        QueueColumn::State => text(lang.of(&line.state_name.zh, &line.state_name.en)),
        QueueColumn::Due => match &line.due_on {
            None => Cell::Empty,
            Some(day) => {
                let (zh, en) = mark(&line.mark);
                let (zh, en) = (format!("{day}{zh}"), format!("{day}{en}"));
                text(lang.of(&zh, &en))
            }
        },
        QueueColumn::Received => text(&line.received_on),
        QueueColumn::Holder => text(line.holder.as_deref().unwrap_or_default()),
        QueueColumn::Unit => text(line.unit.as_deref().unwrap_or_default()),
    }
}

fn mark(mark: &str) -> (&'static str, &'static str) {
    match mark {
        "overdue" => ("（超期）", " (late)"),
        "red" => ("（将到期）", " (very soon)"),
        "amber" => ("（临期）", " (soon)"),
        _ => ("", ""),
    }
}
