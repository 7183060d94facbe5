//! Which questions of a service's form are open, what has been answered, and what the next page is. Pure: answers and a day
//! in, states out. The conditions of a form are evaluated by the rules' own evaluator, so that "not yet known" means the
//! same here as in a decision.

mod answers;
mod estimate;
mod look;
mod page;
mod plain;
mod save;
mod seen;
mod state;

pub use answers::{AnswersV1, ElementV1, ListedV1, PageAnswerV1, PersonEnteredV1};
pub use seen::{
    ChoiceV1, DeclarationSeenV1, InputV1, ListedSeenV1, PageLineV1, PagePlaceV1, PageSeenV1, PaperWantedV1,
    QuestionV1, SectionV1, SheetV1, SignerV1, StateV1,
};

pub use estimate::{CheckV1, EstimateV1, OpenQuestionV1};
pub(crate) use look::{Facts, Look, Shown};
#[cfg(test)]
pub(crate) use page::is_adult;
pub(crate) use plain::plain;

use crate::decide::Opened;
use crate::error::{Kind, Refusal, Result};
use anmin_base::date::Date;
use anmin_pack::form::Form;
use anmin_rules::model::{CollectionId, FactId, Schema, Type};
use anmin_rules::program::{Program, compile};
use std::sync::Arc;

/// A service's form in a region, ready for one day.
#[derive(Debug)]
pub struct Asking {
    pub(crate) opened: Arc<Opened>,
    program: Program,
}

impl Asking {
    /// The form of a pack, on a day.
    ///
    /// # Errors
    /// The pack has no form; a figure one of its conditions reads is not in force.
    pub fn new(opened: Arc<Opened>, on: Date) -> Result<Asking> {
        let Some(checked) = &opened.asking else { return Err(no_form(&opened).into()) };
        let program = compile(checked, on);
        let program = program.map_err(|found| crate::decide::refused(&opened.loaded.files, &found))?;
        Ok(Asking { opened, program })
    }

    /// What is asked.
    pub fn form(&self) -> &Form {
        self.opened.loaded.form.as_ref().expect("made of a pack that has one")
    }

    /// The day.
    pub fn on(&self) -> Date {
        self.program.on
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.opened.checked.ruleset.schema
    }

    /// The fact of a collection, or of the root, by name.
    pub(crate) fn fact(&self, of: Option<CollectionId>, name: &str) -> Option<FactId> {
        self.schema().facts.iter().position(|fact| fact.of == of && fact.name == name).map(FactId)
    }

    pub(crate) fn collection(&self, name: &str) -> Option<CollectionId> {
        self.schema().collections.iter().position(|c| c.name == name).map(CollectionId)
    }

    pub(crate) fn collection_name(&self, of: CollectionId) -> &str {
        &self.schema().collections[of.0].name
    }

    /// The fact that the register of people answers with a person's number, where a collection has one.
    pub(crate) fn number_fact(&self, of: CollectionId) -> Option<FactId> {
        let sheet = self.opened.sheet();
        let facts = sheet.schema.facts.iter().zip(sheet.facts).enumerate();
        let mut own = facts.filter(|(_, (fact, meta))| {
            fact.of == Some(of) && fact.ty == Type::ResidentId && meta.agrees.is_some()
        });
        own.next().map(|(n, _)| FactId(n))
    }

    /// A path as files and forms have it: `members.wage`.
    pub(crate) fn path(&self, fact: FactId) -> String {
        let fact = &self.schema().facts[fact.0];
        match fact.of {
            Some(of) => format!("{}.{}", self.collection_name(of), fact.name),
            None => fact.name.clone(),
        }
    }
}

fn no_form(opened: &Opened) -> Refusal {
    let name = &opened.loaded.service.name;
    Refusal::new(
        Kind::Invalid,
        "no_form",
        format!("“{}”还没有网上申请表。", name.zh),
        format!("{} has no form yet.", name.en),
    )
    .next("请到窗口或村（居）委会办理。", "Apply at the counter or the village committee.")
}

#[cfg(test)]
mod tests;
