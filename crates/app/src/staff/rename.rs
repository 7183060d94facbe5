//! Areas and units under another name, and how a unit is reached. What was written before keeps the name it had: letters hold
//! their own words.

use super::places::PLACES;
use super::{fine, id_of, internal, same_version, text_of};
use crate::error::Result;
use crate::office::{Office, Order};
use anmin_store::{Begun, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Another name for an area.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameAreaV1 {
    /// The area.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: String,
    /// Its version.
    pub version: i64,
    /// Its name from now on.
    pub name: String,
}

/// Another name for a unit, and how it is reached.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectUnitV1 {
    /// The unit.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub unit: String,
    /// Its version.
    pub version: i64,
    /// Its name from now on.
    pub name: String,
    /// Its telephone, as letters give it.
    #[serde(default)]
    pub phone: String,
    /// Its address, as letters give it.
    #[serde(default)]
    pub address: String,
}

impl Office {
    /// Gives an area another name. The result is a `DoneV1`.
    ///
    /// # Errors
    /// What is wrong in the form; somebody else was first; not permitted; or a fault.
    pub async fn rename_area(&self, order: &Order<'_>, input: &RenameAreaV1) -> Result<Vec<u8>> {
        self.permit(order, PLACES, &internal())?;
        let mut wrong = Vec::new();
        let area = id_of(&mut wrong, "area", &input.area);
        let name = text_of(&mut wrong, "name", &input.name, 60);
        fine(wrong)?;
        let mut work = match self.desk(order, "rename_area", PLACES).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.load(&table::AREA, area).await?;
        same_version(&row, input.version)?;
        let row = work.update_if(row.with("name", name)).await?;
        self.placed(work, &row, order).await
    }

    /// Gives a unit another name, telephone or address. The result is a `DoneV1`.
    ///
    /// # Errors
    /// As [`Office::rename_area`].
    pub async fn correct_unit(&self, order: &Order<'_>, input: &CorrectUnitV1) -> Result<Vec<u8>> {
        self.permit(order, PLACES, &internal())?;
        let mut wrong = Vec::new();
        let unit = id_of(&mut wrong, "unit", &input.unit);
        let name = text_of(&mut wrong, "name", &input.name, 60);
        let mut short = |at: &str, text: &str| match text.trim() {
            "" => String::new(),
            text => text_of(&mut wrong, at, text, 100),
        };
        let (phone, address) = (short("phone", &input.phone), short("address", &input.address));
        fine(wrong)?;
        let mut work = match self.desk(order, "correct_unit", PLACES).await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let row = work.load(&table::UNIT, unit).await?;
        same_version(&row, input.version)?;
        let row = row.with("name", name).with("phone", phone).with("address", address);
        let row = work.update_if(row).await?;
        self.placed(work, &row, order).await
    }
}
