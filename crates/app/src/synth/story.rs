//! What a demonstration says of itself: where it lies, what it was made of, and whom one can sign in as. It is written down
//! when all of it is there, so that whoever finds none knows that the making broke off.

use super::county::{MadeV1, PersonaV1};
use super::plan::Plan;
use crate::error::{Fault, Refusal, Result};
use crate::office::Office;
use anmin_store::DeploymentKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The printed form of a story.
const SCHEMA: &str = "anmin.demo-story/1";

/// What a demonstration was made of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct StoryV1 {
    /// Always `anmin.demo-story/1`.
    pub schema: String,
    /// The code of the county.
    pub division: String,
    /// The names from the province down to the county.
    pub place: String,
    /// The day it began with.
    pub began: String,
    /// How many cases there were then.
    pub cases: u32,
    /// Whom one can sign in as, those to be told of first.
    pub personas: Vec<PersonaV1>,
}

impl StoryV1 {
    pub(crate) fn of(plan: &Plan, made: &MadeV1, division: String, place: String) -> StoryV1 {
        StoryV1 {
            schema: SCHEMA.into(),
            division,
            place,
            began: plan.today.to_string(),
            cases: made.cases,
            personas: made.personas.clone(),
        }
    }
}

impl Office {
    /// What this demonstration was made of; none where there is nothing in it, or not everything yet.
    ///
    /// # Errors
    /// A fault.
    pub async fn story(&self) -> Result<Option<StoryV1>> {
        let Some(text) = self.store().demo_story().await? else { return Ok(None) };
        let story: StoryV1 = serde_json::from_str(&text).map_err(|e| Fault::Broken(e.to_string()))?;
        Ok(Some(story))
    }

    /// Whom one can sign in as, each with a line of what they can try; of one role, where one is named. Nobody where nothing was
    /// made.
    ///
    /// # Errors
    /// This is no demonstration; or a fault.
    pub async fn personas(&self, role: Option<&str>) -> Result<Vec<PersonaV1>> {
        if self.store().deployment().kind != DeploymentKind::Demo {
            return Err(Refusal::not_found().into());
        }
        let story = self.story().await?;
        let mut personas = story.map(|story| story.personas).unwrap_or_default();
        personas.retain(|persona| role.is_none_or(|role| persona.role == role));
        Ok(personas)
    }

    pub(crate) async fn tell_story(&self, story: &StoryV1) -> Result<()> {
        let text = serde_json::to_string(story).map_err(|e| Fault::Broken(e.to_string()))?;
        Ok(self.store().set_demo_story(&text).await?)
    }
}
