//! Areas: made below another, moved, ended and handed over. What stands above what on which day is kept as a closure;
//! after each change it is worked out anew from the whole tree, and what differs is written.
//!
//! A code is an address: nothing reads from it what lies above what.

use super::{DoneV1, day_of, fine, id_of, internal, same_version, text_of};
use crate::case::row_id;
use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Office, Order, Rights};
use crate::record::FieldError;
use anmin_authz::area::{Ancestry, Area, AreaFlaw, AreaTree, HandOver, Placement};
use anmin_authz::id::{AreaId, Days};
use anmin_base::date::Date;
use anmin_base::division::DivisionCode;
use anmin_store::{Begun, Find, Id, Record, Stream, Value, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who sees to areas and units: the administrators of systems. No right comes from it by itself, since rights are posts.
pub(crate) const PLACES: &str = "system_operate";

/// An area below another.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAreaV1 {
    /// Its name.
    pub name: String,
    /// Its code, 2 to 12 digits.
    pub code: String,
    /// The area directly above it.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub above: String,
    /// The first day.
    #[schemars(extend("format" = "date"))]
    pub from: String,
}

/// An area comes to stand below another.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveAreaV1 {
    /// The area.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// Its version.
    pub version: i64,
    /// The area directly above it from then on.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub above: String,
    /// The first day.
    #[schemars(extend("format" = "date"))]
    pub from: String,
}

/// An area ends.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAreaV1 {
    /// The area.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// Its version.
    pub version: i64,
    /// Its last day.
    #[schemars(extend("format" = "date"))]
    pub last: String,
    /// Which area answers for its cases from the next day on. Where an area is divided, none: each case is given to its
    /// new area by itself.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub to: Option<String>,
}

/// A code in a form, or what is wrong with it.
pub(crate) fn code_of(wrong: &mut Vec<FieldError>, at: &str, text: &str) -> DivisionCode {
    text.trim().parse().unwrap_or_else(|error: anmin_base::division::DivisionCodeError| {
        wrong.push(FieldError { at: at.into(), zh: error.zh(), en: error.en() });
        "00".parse().expect("the code of the country")
    })
}

/// The tree as it is kept, to be changed.
#[derive(Debug, Default)]
struct Land {
    areas: Vec<Area>,
    placements: Vec<Placement>,
    hand_overs: Vec<HandOver>,
}

impl Land {
    fn of(rights: &Rights) -> Land {
        let areas: Vec<Area> = rights.areas.areas().cloned().collect();
        Land {
            placements: rights.areas.placements().collect(),
            hand_overs: rights.areas.hand_overs().collect(),
            areas,
        }
    }

    /// The closure of the changed tree, or everything that is wrong with it.
    fn closure(self) -> Result<Vec<Ancestry>> {
        let names: BTreeMap<AreaId, String> = self.areas.iter().map(|a| (a.id, a.name.clone())).collect();
        let name = |area: AreaId| names.get(&area).cloned().unwrap_or_default();
        let tree = AreaTree::new(self.areas, self.placements, self.hand_overs);
        let tree = tree.map_err(|flaws| told(&flaws, name))?;
        Ok(tree.closure())
    }

    /// Cuts what stands above or below the area off after its last day.
    fn cut(&mut self, area: AreaId, above: bool, last: Date) {
        for placed in &mut self.placements {
            let meant = placed.area == area && above;
            if meant && placed.days.hold(last.add_days(1)) {
                placed.days.to = Some(last);
            }
        }
    }
}

fn told(flaws: &[AreaFlaw], name: impl Fn(AreaId) -> String) -> Error {
    let fields =
        flaws.iter().map(|flaw| FieldError { at: String::new(), zh: flaw.zh(&name), en: flaw.en(&name) });
    let mut refusal = Refusal::fields(fields.collect());
    (refusal.kind, refusal.code) = (Kind::Unmet, "area_tree".into());
    refusal.into()
}

impl Office {
    /// Makes an area below another. The result is a [`DoneV1`].
    ///
    /// # Errors
    /// What is wrong in the form or would be with the tree; not permitted; or a fault.
    pub async fn create_area(&self, order: &Order<'_>, input: &NewAreaV1) -> Result<Vec<u8>> {
        self.permit(order, PLACES, &internal())?;
        let mut wrong = Vec::new();
        let name = text_of(&mut wrong, "name", &input.name, 60);
        let code = code_of(&mut wrong, "code", &input.code);
        let above = AreaId(id_of(&mut wrong, "above", &input.above).0);
        let from = day_of(&mut wrong, "from", &input.from);
        let twin = self.rights().areas.areas().any(|a| a.code == Some(code) && from <= a.days.last());
        if twin && wrong.is_empty() {
            wrong.push(FieldError {
                at: "code".into(),
                zh: "已有使用此代码的区域；请先终止原区域，或核对代码。".into(),
                en: "There is an area with this code; end it first, or check the code.".into(),
            });
        }
        fine(wrong)?;
        // What another program has changed since counts too.
        self.read_rights(order.now.at).await?;
        let mut work = match self.desk(order, "create_area", PLACES).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let id = Id::at(order.now.at);
        let mut land = Land::of(&self.rights());
        let days = Days::since(from);
        land.areas.push(Area { id: AreaId(id.0), code: Some(code), name: name.clone(), days });
        land.placements.push(Placement { area: AreaId(id.0), parent: above, days });
        let closure = land.closure()?;
        let area = Record::new(&table::AREA, id)
            .with("code", code.to_string())
            .with("name", name)
            .with("roles", "")
            .with("valid_from", i64::from(from.days()));
        let area = work.insert(area).await?;
        write_closure(&mut work, &closure).await?;
        self.placed(work, &area, order).await
    }

    /// Puts an area below another from a day on, with all that stands below it.
    ///
    /// # Errors
    /// As [`Office::create_area`]; somebody else was first.
    pub async fn move_area(&self, order: &Order<'_>, input: &MoveAreaV1) -> Result<Vec<u8>> {
        self.permit(order, PLACES, &internal())?;
        let mut wrong = Vec::new();
        let area = id_of(&mut wrong, "area", &input.area);
        let above = AreaId(id_of(&mut wrong, "above", &input.above).0);
        let from = day_of(&mut wrong, "from", &input.from);
        if from <= order.now.on {
            wrong.push(not_past("from"));
        }
        fine(wrong)?;
        // What another program has changed since counts too.
        self.read_rights(order.now.at).await?;
        let mut work = match self.desk(order, "move_area", PLACES).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.load(&table::AREA, area).await?;
        same_version(&row, input.version)?;
        let mut land = Land::of(&self.rights());
        let moved = AreaId(area.0);
        land.cut(moved, true, from.add_days(-1));
        // What was planned for later days gives way to this.
        land.placements.retain(|placed| placed.area != moved || placed.days.from < from);
        let to = land.areas.iter().find(|a| a.id == moved).and_then(|a| a.days.to);
        land.placements.push(Placement { area: moved, parent: above, days: Days { from, to } });
        let closure = land.closure()?;
        let row = work.update_if(row).await?;
        write_closure(&mut work, &closure).await?;
        self.placed(work, &row, order).await
    }

    /// Ends an area, and hands over what it was answerable for. What stands below it is moved or ended before.
    ///
    /// # Errors
    /// As [`Office::move_area`].
    pub async fn end_area(&self, order: &Order<'_>, input: &EndAreaV1) -> Result<Vec<u8>> {
        self.permit(order, PLACES, &internal())?;
        let mut wrong = Vec::new();
        let area = id_of(&mut wrong, "area", &input.area);
        let last = day_of(&mut wrong, "last", &input.last);
        let to = input.to.as_deref().map(|to| id_of(&mut wrong, "to", to));
        if last < order.now.on {
            wrong.push(not_past("last"));
        }
        fine(wrong)?;
        // What another program has changed since counts too.
        self.read_rights(order.now.at).await?;
        let mut work = match self.desk(order, "end_area", PLACES).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.load(&table::AREA, area).await?;
        same_version(&row, input.version)?;
        let mut land = Land::of(&self.rights());
        let ended = AreaId(area.0);
        land.cut(ended, true, last);
        for known in land.areas.iter_mut().filter(|a| a.id == ended) {
            known.days.to = Some(last);
        }
        let on = last.add_days(1);
        land.hand_overs.extend(to.map(|to| HandOver { from: ended, to: AreaId(to.0), on }));
        let closure = land.closure()?;
        let row = work.update_if(row.with("valid_to", i64::from(last.days()))).await?;
        write_closure(&mut work, &closure).await?;
        if let Some(to) = to {
            let hand_over = Record::new(&table::AREA_HANDOVER, Id::at(order.now.at))
                .with("from_area", area)
                .with("to_area", to)
                .with("on_day", i64::from(on.days()));
            work.insert(hand_over).await?;
        }
        self.placed(work, &row, order).await
    }

    /// Ends a command on a place. Reach may have changed for anybody, so rights are read anew.
    pub(crate) async fn placed(&self, work: Box<Work>, row: &Record, order: &Order<'_>) -> Result<Vec<u8>> {
        let result = DoneV1::bytes(row, None)?;
        let id = row.id().to_string();
        work.commit(Stream { kind: "place", id: &id }, &result, &result).await?;
        self.rights_changed(&[], order.now).await?;
        Ok(result)
    }
}

pub(crate) fn not_past(at: &str) -> FieldError {
    FieldError {
        at: at.into(),
        zh: "不能是过去的日期：已经按原样办理的不能改变。".into(),
        en: "Not a day that is past: what was done as it stood cannot be changed.".into(),
    }
}

/// Writes what differs between the closure as kept and as it is to be. Rows are never taken away: one that no longer
/// holds ends.
async fn write_closure(work: &mut Work, closure: &[Ancestry]) -> Result<()> {
    let key = |area: &str, ancestor: &str, from: i64| format!("{area}:{ancestor}:{from}");
    let mut kept: BTreeMap<String, Record> = BTreeMap::new();
    let mut after: Option<Record> = None;
    loop {
        let mut find = Find::all(&table::AREA_ANC).limit(1000);
        if let Some(last) = &after {
            find = find.after(last);
        }
        let page = work.find(&find).await?;
        after = page.last().cloned();
        let full = page.len() == 1000;
        kept.extend(page.into_iter().map(|row| {
            let text = |column: &str| row.text(column).unwrap_or_default();
            (key(text("area"), text("ancestor"), row.int("valid_from").unwrap_or_default()), row)
        }));
        if !full {
            break;
        }
    }
    for row in closure {
        let (area, ancestor) = (Id(row.area.0), Id(row.ancestor.0));
        let (from, to) = (i64::from(row.days.from.days()), row.days.to.map(|day| i64::from(day.days())));
        let key = key(&area.to_string(), &ancestor.to_string(), from);
        match kept.remove(&key) {
            Some(known) if known.value("valid_to") == &Value::from(to) => {}
            Some(known) => {
                work.update_if(known.with("valid_to", to)).await?;
            }
            None => {
                let new = Record::new(&table::AREA_ANC, row_id(area, "above", &key))
                    .with("area", area)
                    .with("ancestor", ancestor)
                    .with("depth", i64::from(row.depth))
                    .with("valid_from", from)
                    .with("valid_to", to);
                work.insert(new).await?;
            }
        }
    }
    match kept.is_empty() {
        true => Ok(()),
        // A placement that had not begun was taken back: there is no day left on which its rows could hold.
        false => Err(Refusal::new(
            Kind::Unmet,
            "area_planned",
            "该区域已有排定的变更，不能再改到更早的日期。",
            "A change of this area is planned already; it cannot be replaced by an earlier one.",
        )
        .next("请等排定的变更生效后再办理。", "Wait until the planned change has come into force.")
        .into()),
    }
}
