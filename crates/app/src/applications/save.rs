//! Saving a page, and discarding the whole.

use super::begin::element_key;
use super::draft::{Opening, is_open};
use crate::asking::PageAnswerV1;
use crate::error::Result;
use crate::office::{Office, Order};
use crate::people::wrong;
use anmin_store::{Id, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version something was made from.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionV1 {
    /// The version.
    pub version: i64,
}

impl Office {
    /// Saves one page of an application. The result is a [`super::DraftDoneV1`].
    ///
    /// # Errors
    /// Everything wrong on the page; somebody else was first; closed; not there; or a fault.
    pub async fn save_page(
        &self,
        order: &Order<'_>,
        application: Id,
        page: &str,
        input: PageAnswerV1,
    ) -> Result<Vec<u8>> {
        let opening = self.open_draft(order, application, input.version, "save_page").await?;
        let (work, mut draft) = match opening {
            Opening::Before(bytes) => return Ok(bytes),
            Opening::Open(work, draft) => (work, draft),
        };
        let asking = self.asking_of(&draft, order)?;
        let mut drawn = Ok(());
        let mut key = || {
            element_key().unwrap_or_else(|error| {
                drawn = Err(error);
                String::new()
            })
        };
        let after = asking.save(&draft.sealed.answers, page, &input, &mut key)?;
        drawn?;
        let own = asking.collection_name(asking.own_list()?).to_owned();
        if after.element(&own, &draft.sealed.applicant) != Some(0) {
            return Err(wrong(
                "list",
                "申请人要写在第一个，不能去掉。",
                "Who applies stands first and cannot be taken away.",
            ));
        }
        draft.sealed.answers = after;
        draft.settle(&asking);
        anmin_store::fault!("application.saved");
        self.keep_draft(order, work, draft).await
    }

    /// Discards an application: what was answered is emptied, and the photographs go. The result is a
    /// [`super::DraftDoneV1`].
    ///
    /// # Errors
    /// Somebody else was first; closed; not there; or a fault.
    pub async fn discard_application(
        &self,
        order: &Order<'_>,
        application: Id,
        input: VersionV1,
    ) -> Result<Vec<u8>> {
        let opening = self.open_draft(order, application, input.version, "discard_application").await?;
        let (mut work, mut draft) = match opening {
            Opening::Before(bytes) => return Ok(bytes),
            Opening::Open(work, draft) => (work, draft),
        };
        is_open(&draft)?;
        Office::drop_papers(&mut work, &draft).await?;
        draft.empty("discarded");
        self.keep_draft(order, work, draft).await
    }

    /// The objects of an application are nobody's any more: they are removed after a day.
    pub(super) async fn drop_papers(work: &mut anmin_store::Work, draft: &super::draft::Draft) -> Result<()> {
        let find = anmin_store::Find::all(&table::APPLICATION_FILE)
            .equal("application", draft.id())
            .equal("state", "kept")
            .limit(1000);
        for paper in work.find(&find).await? {
            work.update_if(paper.with("state", "gone")).await?;
        }
        Ok(())
    }
}

impl super::draft::Draft {
    /// Nothing of it is kept but that it was there.
    pub(super) fn empty(&mut self, state: &str) {
        self.sealed = super::draft::DraftSealedV1::new();
        self.record.set("state", state);
        self.record.set("name", "");
    }

    /// After a change: signatures under what was read out before do not count for what is written now, and nobody signs or
    /// has papers who is not in it any more.
    pub(super) fn settle(&mut self, asking: &crate::asking::Asking) {
        let sealed = &mut self.sealed;
        let keys: Vec<&String> =
            sealed.answers.lists.values().flatten().map(|element| &element.key).collect();
        let records =
            |name: &str| asking.form().declarations.iter().any(|d| d.name == name && d.step.is_some());
        let signed = std::mem::take(&mut sealed.signed);
        let kept = signed.into_iter().filter(|s| keys.contains(&&s.element) && records(&s.declaration));
        let kept: Vec<_> = kept.collect();
        sealed.codes.retain(|code| keys.contains(&&code.element));
        sealed.signed = kept;
    }
}
