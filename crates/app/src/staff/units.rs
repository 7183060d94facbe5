//! Units: offices of an area. A unit ends by its last day; its posts give nothing after that.

use super::places::{PLACES, not_past};
use super::{day_of, fine, id_of, internal, same_version, text_of};
use crate::error::Result;
use crate::office::STANDINGS;
use crate::office::{Office, Order};
use crate::record::FieldError;
use anmin_authz::authority::Standing;
use anmin_authz::id::AreaId;
use anmin_store::{Begun, Id, Record, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A unit of an area.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnitV1 {
    /// Its area.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// What kind of unit, by the table of authority: `civil_affairs`, `township_office`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its telephone, as letters give it.
    #[serde(default)]
    pub phone: String,
    /// Its address, as letters give it.
    #[serde(default)]
    pub address: String,
    /// What it is on the tree, of what its kind may be: `supervising`, `deciding`, `accepting`, `village`. A township
    /// decides only where the county has delegated that to it.
    pub stands: Vec<String>,
    /// The first day.
    #[schemars(extend("format" = "date"))]
    pub from: String,
}

/// A unit ends.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndUnitV1 {
    /// The unit.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub unit: String,
    /// Its version.
    pub version: i64,
    /// Its last day.
    #[schemars(extend("format" = "date"))]
    pub last: String,
}

impl Office {
    /// Makes a unit. The result is a `DoneV1`.
    ///
    /// # Errors
    /// What is wrong in the form; not permitted; or a fault.
    pub async fn create_unit(&self, order: &Order<'_>, input: &NewUnitV1) -> Result<Vec<u8>> {
        self.permit(order, PLACES, &internal())?;
        let mut wrong = Vec::new();
        let area = id_of(&mut wrong, "area", &input.area);
        let from = day_of(&mut wrong, "from", &input.from);
        let name = text_of(&mut wrong, "name", &input.name, 60);
        if wrong.is_empty() && !self.rights().areas.is_live(AreaId(area.0), from) {
            wrong.push(FieldError {
                at: "area".into(),
                zh: "该区域在这一天不存在，请改正日期或区域。".into(),
                en: "The area does not exist on that day; correct the day or the area.".into(),
            });
        }
        let stands = self.stands(&mut wrong, input);
        fine(wrong)?;
        let mut work = match self.desk(order, "create_unit", PLACES).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = Record::new(&table::UNIT, Id::at(order.now.at))
            .with("area", area)
            .with("kind", input.kind.as_str())
            .with("name", name)
            .with("phone", input.phone.trim())
            .with("address", input.address.trim())
            .with("stands", stands)
            .with("valid_from", i64::from(from.days()));
        let row = work.insert(row).await?;
        self.placed(work, &row, order).await
    }

    /// What the unit is on the tree, as the row has it.
    fn stands(&self, wrong: &mut Vec<FieldError>, input: &NewUnitV1) -> String {
        let authority = self.authority();
        let parts = authority.parts();
        let Some(kind) = authority.unit_kind(&input.kind) else {
            let known: Vec<&str> = parts.unit_kinds.iter().map(|kind| kind.named.name.as_str()).collect();
            wrong.push(FieldError {
                at: "kind".into(),
                zh: format!("没有这种单位；可选：{}。", known.join("、")),
                en: format!("There is no such kind of unit. Allowed: {}.", known.join(", ")),
            });
            return String::new();
        };
        let allowed: &[Standing] = &parts.unit_kinds[kind.0].stands;
        let words =
            STANDINGS.iter().filter(|(_, standing)| allowed.contains(standing)).map(|(word, _)| *word);
        let words: Vec<&str> = words.collect();
        let fits = input.stands.iter().all(|word| words.contains(&word.as_str()));
        if !fits || input.stands.is_empty() {
            wrong.push(FieldError {
                at: "stands".into(),
                zh: format!("这种单位在层级上可以是：{}，至少选一项。", words.join("、")),
                en: format!("A unit of this kind may be: {}; choose at least one.", words.join(", ")),
            });
        }
        words
            .into_iter()
            .filter(|word| input.stands.iter().any(|given| given == word))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Ends a unit. Its posts give nothing after its last day, and who held them are signed out then.
    ///
    /// # Errors
    /// As [`Office::create_unit`]; somebody else was first.
    pub async fn end_unit(&self, order: &Order<'_>, input: &EndUnitV1) -> Result<Vec<u8>> {
        self.permit(order, PLACES, &internal())?;
        let mut wrong = Vec::new();
        let unit = id_of(&mut wrong, "unit", &input.unit);
        let last = day_of(&mut wrong, "last", &input.last);
        if last < order.now.on {
            wrong.push(not_past("last"));
        }
        fine(wrong)?;
        let mut work = match self.desk(order, "end_unit", PLACES).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.load(&table::UNIT, unit).await?;
        same_version(&row, input.version)?;
        if row.int("valid_from").is_some_and(|from| i64::from(last.days()) < from) {
            return Err(vec![not_past("last")].into());
        }
        let row = work.update_if(row.with("valid_to", i64::from(last.days()))).await?;
        self.placed(work, &row, order).await
    }
}
