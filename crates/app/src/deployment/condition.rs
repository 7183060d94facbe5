//! The condition of a deployment for administrators of systems: the database, the key files, the packs. States only: never what
//! is in a key, and nobody's data.

use crate::error::Result;
use crate::office::{Office, Order};
use crate::packs::CheckReport;
use crate::staff::internal;
use anmin_store::{DeploymentKind, Dialect};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

const OPERATE: &str = "system_operate";

/// The deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConditionV1 {
    /// Its identifier.
    pub id: String,
    /// `record` or `demo`.
    pub kind: String,
    /// When it was made: milliseconds from 1970 on.
    pub created_at: i64,
    /// The version of the program.
    pub program: String,
    /// `SQLite` or `PostgreSQL`.
    pub database: String,
    /// Its version.
    pub database_version: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// The steps of the schema that were taken, by name.
    pub steps: Vec<String>,
    /// The last of them.
    pub step: i64,
    /// The last step this program knows.
    pub newest: i64,
}

/// A key file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeyFileV1 {
    /// The name of the file.
    pub name: String,
    /// Whether it is there.
    pub is_there: bool,
    /// Whether its owner alone may read it.
    pub is_closed: bool,
    /// When it was written: milliseconds from 1970 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_at: Option<i64>,
}

/// The key files. What is in them is read once, when the program starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeysV1 {
    /// The files.
    pub files: Vec<KeyFileV1>,
}

impl Office {
    /// The condition of the deployment.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn condition(&self, order: &Order<'_>) -> Result<ConditionV1> {
        self.permit(order, OPERATE, &internal())?;
        let found = self.inner.store.condition().await?;
        let deployment = self.inner.store.deployment();
        Ok(ConditionV1 {
            id: deployment.id.to_string(),
            kind: match deployment.kind {
                DeploymentKind::Record => "record",
                DeploymentKind::Demo => "demo",
            }
            .into(),
            created_at: deployment.created_at.0,
            program: env!("CARGO_PKG_VERSION").into(),
            database: match found.dialect {
                Dialect::Sqlite => "SQLite",
                Dialect::Postgres => "PostgreSQL",
            }
            .into(),
            database_version: found.version,
            bytes: found.bytes,
            step: found.steps.last().map_or(0, |(n, _)| *n),
            steps: found.steps.into_iter().map(|(_, name)| name).collect(),
            newest: found.newest,
        })
    }

    /// The state of the key files.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub fn key_files(&self, order: &Order<'_>) -> Result<KeysV1> {
        self.permit(order, OPERATE, &internal())?;
        let file = |state: anmin_store::KeyState| KeyFileV1 {
            name: state.name.into(),
            is_there: state.made_at.is_some(),
            is_closed: state.is_closed,
            made_at: state.made_at.map(|at| at.0),
        };
        Ok(KeysV1 { files: self.inner.store.key_states().into_iter().map(file).collect() })
    }

    /// The packs as they were loaded, with what the checker says of them today. It takes a moment the first time of a day.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn packs_loaded(&self, order: &Order<'_>) -> Result<Arc<CheckReport>> {
        let allowed = [OPERATE, "rules_edit", "rules_approve"];
        self.may_any(order.caller, &allowed, order.purpose, order.now)?;
        let (office, on) = (self.clone(), order.now.on);
        let checked = tokio::task::spawn_blocking(move || office.checked(on)).await;
        checked.map_err(|error| crate::error::Fault::Broken(error.to_string()).into())
    }
}
