//! Closing a month: the township says that its changes are in, then the county. What is recorded later counts for the next
//! month, with arrears.

use super::desk::AboutMoney;
use super::{FUNDS, month_in, month_of, stored};
use crate::case::{json, row_id};
use crate::error::{Kind, Refusal, Result};
use crate::office::{Office, Order};
use crate::people::{id_of, wrong};
use crate::record::TextV1;
use anmin_authz::id::{AreaId, PersonId};
use anmin_base::date::Month;
use anmin_ledger::refusal::Refusal as LedgerRefusal;
use anmin_store::{Begun, Find, Id, Record, Scope, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A month to be closed.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseV1 {
    /// The township or county.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// `township` or `county`.
    #[schemars(extend("enum" = ["township", "county"]))]
    pub level: String,
    /// The programme.
    pub programme: String,
    /// The month paid for: `2026-09`.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}$"))]
    pub period: String,
}

/// A closed month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClosedV1 {
    /// The closing.
    pub closing: String,
    /// The month.
    pub period: String,
    /// `township` or `county`.
    pub level: String,
    /// The area.
    pub area: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// What somebody who works on money works on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MoneyDeskV1 {
    /// The programmes that pay: name, and what it is called.
    pub programmes: Vec<(String, TextV1)>,
    /// The areas of the caller's posts: identifier and name.
    pub areas: Vec<(String, String)>,
}

/// The cycle of a month in an area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CycleV1 {
    /// The month.
    pub period: String,
    /// When townships close.
    pub township_closing: String,
    /// When the county closes.
    pub county_closing: String,
    /// By when people are paid.
    pub pay_day: String,
    /// Some of these days may still move: the year's holidays are not announced.
    pub provisional: bool,
    /// What is closed.
    pub closed: Vec<ClosedV1>,
    /// The month that is open now.
    pub open: String,
    /// The places that close: of a county itself and its townships, of a township itself.
    pub places: Vec<CyclePlaceV1>,
}

/// A place that closes months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CyclePlaceV1 {
    /// The area.
    pub area: String,
    /// What it is called.
    pub name: String,
    /// `township` or `county`.
    pub level: String,
    /// When it closed this month, in milliseconds since 1970; none: it has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<i64>,
    /// Who closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whether the caller closes it.
    pub yours: bool,
}

impl Office {
    /// Closes a month. The result is a [`ClosedV1`].
    ///
    /// # Errors
    /// What is wrong in the form; it is closed already, or another month comes first; not permitted; or a fault.
    pub async fn close_month(&self, order: &Order<'_>, input: CloseV1) -> Result<Vec<u8>> {
        let (area, period) = (id_of("area", &input.area)?, month_of("period", &input.period)?);
        let (action, level) = match input.level.as_str() {
            "township" => ("month_close_township", "township"),
            "county" => ("month_close", "county"),
            _ => return Err(wrong("level", "应为 township 或 county。", "It is township or county.")),
        };
        let paying = self.sheet_of(&input.programme, area, order.now.on)?;
        let (scope, purpose) = self.first_scope(order, &[action])?;
        let subject = match level {
            "county" => FUNDS.to_owned(),
            _ => self.opened(&input.programme, None)?.loaded.service.subject.clone().unwrap_or_default(),
        };
        let about = AboutMoney {
            area,
            subject: &subject,
            programme: Some(&input.programme),
            batch: None,
            taken: &[],
            hands: &[],
        };
        self.judge_money(order, &scope, &about)?;
        self.own_area(order, area)?;
        let mut work = match self.begin_money(order, &scope, &purpose, "close_month").await? {
            Begun::Before(bytes) => return Ok(bytes),
            Begun::New(work) => work,
        };
        let find = Find::all(&table::CLOSING)
            .equal("area", area)
            .equal("level", level)
            .equal("programme", input.programme.as_str())
            .order("period")
            .descending();
        let last = work.find(&find.limit(1)).await?.pop();
        if let Some(last) = last.map(|row| month_in(&row, "period")) {
            if period <= last {
                return Err(LedgerRefusal::ClosedAlready { period }.into());
            }
            if period != last.next() {
                return Err(LedgerRefusal::OutOfOrder { period, next: last.next() }.into());
            }
        }
        let benefit = paying.sheet.on(order.now.on, &paying.chosen);
        let open = benefit.cycle.open_on(order.now.on, self.calendar());
        if period > open {
            return Err(LedgerRefusal::OutOfOrder { period, next: open }.into());
        }
        let key = format!("{level}:{}:{period}", input.programme);
        let row = Record::new(&table::CLOSING, row_id(area, "closing", &key))
            .with("area", area)
            .with("level", level)
            .with("programme", input.programme.as_str())
            .with("period", stored(period))
            .with("closed_at", order.now.at)
            .with("closed_by", Id(order.caller.person.0));
        let row = work.insert(row).await?;
        let bytes = json(&closed(&row))?;
        let stream = format!("{area}:{}", input.programme);
        work.commit(Stream { kind: "cycle", id: &stream }, &bytes, &bytes).await?;
        Ok(bytes)
    }

    /// A month is closed, and a batch made, by who has the area itself and not a larger one.
    pub(super) fn own_area(&self, order: &Order<'_>, area: Id) -> Result<()> {
        let posts = self.rights().posts_of(order.caller.person);
        let own = posts.iter().any(|post| post.days().hold(order.now.on) && post.area() == AreaId(area.0));
        match own {
            true => Ok(()),
            false => Err(Refusal::new(
                Kind::Forbidden,
                "not_your_area",
                "截止和编制由本级办理，您的岗位不在这一级。",
                "A month is closed and prepared by who has that area; your post is of another.",
            )
            .next("请选择您岗位所在的区域。", "Choose the area of your post.")
            .into()),
        }
    }

    /// The cycle of a month: its days, and what is closed.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn cycle(
        &self,
        order: &Order<'_>,
        programme: &str,
        area: Id,
        period: Option<Month>,
    ) -> Result<CycleV1> {
        let (scope, purpose) = self.first_scope(order, &["batch_read", "month_close_township"])?;
        let paying = self.sheet_of(programme, area, order.now.on)?;
        let rule = paying.sheet.on(order.now.on, &paying.chosen).cycle;
        let open = rule.open_on(order.now.on, self.calendar());
        let period = period.unwrap_or(open);
        let days = rule.on(period, self.calendar());
        let rows = Scope::from_authz(&scope, self.authority());
        let find = Find::all(&table::CLOSING)
            .within("area", area, order.now.on)
            .equal("programme", programme)
            .equal("period", stored(period))
            .limit(1000);
        let found = self.inner.store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        Ok(CycleV1 {
            period: period.to_string(),
            township_closing: days.township.to_string(),
            county_closing: days.county.to_string(),
            pay_day: days.pay.to_string(),
            provisional: days.provisional,
            closed: found.iter().map(closed).collect(),
            open: open.to_string(),
            places: self.closing_places(order, area, &found),
        })
    }

    /// The places of an area that close, the county first.
    fn closing_places(&self, order: &Order<'_>, area: Id, closed: &[Record]) -> Vec<CyclePlaceV1> {
        let may = |action: &str| self.may_any(order.caller, &[action], order.purpose, order.now).is_ok();
        let county = may("batch_read");
        let (closes_county, closes_township) = (may("month_close"), may("month_close_township"));
        let rights = self.rights();
        let posts = rights.posts_of(order.caller.person);
        let own =
            |area: AreaId| posts.iter().any(|post| post.days().hold(order.now.on) && post.area() == area);
        let place = |id: AreaId, level: &str| {
            let fits = |row: &&Record| row.link("area") == Some(Id(id.0)) && row.text("level") == Some(level);
            let row = closed.iter().find(fits);
            let by = row.and_then(|row| row.link("closed_by"));
            let closes = if level == "county" { closes_county } else { closes_township };
            CyclePlaceV1 {
                area: Id(id.0).to_string(),
                name: rights.area_name(id).to_owned(),
                level: level.to_owned(),
                closed_at: row.and_then(|row| row.int("closed_at")),
                by: by.and_then(|by| rights.name_of(PersonId(by.0))).map(str::to_owned),
                yours: closes && own(id),
            }
        };
        let top = AreaId(area.0);
        if !county {
            return vec![place(top, "township")];
        }
        let on = order.now.on;
        let below = rights.areas.below(top, on).filter(|id| rights.areas.parent(*id, on) == Some(top));
        let mut towns: Vec<CyclePlaceV1> = below.map(|id| place(id, "township")).collect();
        towns.sort_by(|a, b| a.name.cmp(&b.name));
        std::iter::once(place(top, "county")).chain(towns).collect()
    }

    /// The programmes that pay, and where the caller works on their money.
    ///
    /// # Errors
    /// A pack cannot be read.
    pub fn money_desk(&self, order: &Order<'_>) -> Result<MoneyDeskV1> {
        let mut programmes = Vec::new();
        for name in self.packs() {
            let opened = self.opened(name, None)?;
            if opened.loaded.benefit.is_some() {
                programmes.push((name.clone(), self.programme_text(name)));
            }
        }
        let rights = self.rights();
        let actions = ["batch_read", "month_close", "month_close_township"];
        let takes = |post: &anmin_authz::post::Post| {
            post.days().hold(order.now.on)
                && actions.iter().any(|action| {
                    let action = self.action(action);
                    action.is_ok_and(|a| self.authority().permits(post.role(), a).next().is_some())
                })
        };
        let posts = rights.posts_of(order.caller.person);
        let mut areas: Vec<(String, String)> = Vec::new();
        for post in posts.iter().filter(|post| takes(post)) {
            let area = Id(post.area().0).to_string();
            if !areas.iter().any(|(known, _)| *known == area) {
                areas.push((area, rights.area_name(post.area()).to_owned()));
            }
        }
        Ok(MoneyDeskV1 { programmes, areas })
    }
}

fn closed(row: &Record) -> ClosedV1 {
    let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
    ClosedV1 {
        closing: row.id().to_string(),
        period: month_in(row, "period").to_string(),
        level: text("level"),
        area: text("area"),
        at: row.int("closed_at").unwrap_or(0),
    }
}
