//! Photographs of papers, before there is a case they belong to.

use super::counter::PROXY_PAPER;
use super::draft::{Opening, PaperKeptV1};
use super::filling_in;
use crate::case::json;
use crate::error::{Fault, Kind, Refusal, Result};
use crate::files::OpenedFile;
use crate::office::{Office, Order};
use crate::people::{Start, wrong};
use crate::picture;
use anmin_store::{Id, MOST_BYTES, Scope, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which paper it is.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperPlaceV1 {
    /// The paper, as the form names it; or the declaration that was signed on it.
    #[schemars(length(max = 64))]
    pub paper: String,
    /// The key of the element it is of.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub element: Option<String>,
}

/// A paper that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaperHandedV1 {
    /// The application.
    pub application: String,
    /// The version a next form has to name.
    pub version: i64,
    /// The file.
    pub file: String,
    /// `application/pdf` or `image/jpeg`: as it is kept.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many bytes are kept.
    pub size: i64,
}

/// A paper to take away.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropPaperV1 {
    /// The version the form was made from.
    pub version: i64,
    /// The file.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub file: String,
}

/// Most papers of one application.
const MOST: usize = 60;

impl Office {
    /// Puts a photograph or a PDF into an application. The result is a [`PaperHandedV1`].
    ///
    /// # Errors
    /// It is not what it is said to be, or too large; the form wants no such paper; closed; not there; or a fault.
    pub async fn add_paper(
        &self,
        order: &Order<'_>,
        application: Id,
        place: &PaperPlaceV1,
        bytes: Vec<u8>,
    ) -> Result<Vec<u8>> {
        if bytes.is_empty() || bytes.len() > MOST_BYTES {
            return Err(anmin_store::Error::from(anmin_store::Refusal::FileSize { size: bytes.len() }).into());
        }
        // Whoever may not is not listened to; and a command is short, so that the picture is written anew before it.
        let (scope, purpose) = self.first_scope(order, filling_in(order))?;
        let rows = Scope::from_authz(&scope, self.authority());
        self.inner.store.read_one(&rows, &purpose, order.now.at, &table::APPLICATION, application).await?;
        let kept = self.kept_picture(bytes).await?;
        let mut work = match self.start(order, filling_in(order), "add_paper").await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        let mut draft = super::draft::Draft::read(work.load(&table::APPLICATION, application).await?)?;
        super::draft::is_open(&draft)?;
        let asking = self.asking_of(&draft, order)?;
        let wanted = asking.form().papers.iter().any(|paper| paper.name == place.paper)
            || asking.form().declarations.iter().any(|declaration| declaration.name == place.paper)
            || (place.paper == PROXY_PAPER && draft.sealed.proxy.is_some());
        if !wanted {
            return Err(wrong("paper", "表单没有要这份材料。", "The form wants no such paper."));
        }
        let keys = draft.sealed.answers.lists.values().flatten().map(|element| &element.key);
        if place.element.as_ref().is_some_and(|key| !keys.into_iter().any(|known| known == key)) {
            return Err(wrong("element", "名单里没有这个人。", "Nobody in the list has this key."));
        }
        if draft.sealed.papers.len() >= MOST {
            return Err(Refusal::new(
                Kind::TooLarge,
                "too_many_papers",
                format!("最多上传 {MOST} 份材料。"),
                format!("At most {MOST} papers."),
            )
            .into());
        }
        // On the disk first: an object without a row is removed after a day.
        let stored = self.inner.store.store_file(&kept.bytes, order.now.at).await?;
        let row = stored.paper(Id::at(order.now.at), application, kept.kind, order.now.at);
        let row = work.insert(row).await?;
        let size = row.int("size").unwrap_or_default();
        draft.sealed.papers.push(PaperKeptV1 {
            file: row.id().to_string(),
            paper: place.paper.clone(),
            element: place.element.clone(),
            kind: kept.kind.to_owned(),
            size,
        });
        draft.touch(order);
        draft.record = work.update_if(draft.row()?).await?;
        let result = json(&PaperHandedV1 {
            application: draft.id().to_string(),
            version: draft.record.version(),
            file: row.id().to_string(),
            kind: kept.kind.to_owned(),
            size,
        })?;
        let id = draft.id().to_string();
        work.commit(Stream { kind: "application", id: &id }, b"{}", &result).await?;
        Ok(result)
    }

    /// A picture written anew, a few at a time and off the threads that serve pages.
    async fn kept_picture(&self, bytes: Vec<u8>) -> Result<picture::Kept> {
        let broken = |e: String| Fault::Broken(e);
        let permit = self.inner.pictures.clone().acquire_owned().await.map_err(|e| broken(e.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            picture::kept(&bytes)
        });
        done.await.map_err(|e| broken(e.to_string()))?
    }

    /// Takes a paper out of an application. The result is a [`super::DraftDoneV1`].
    ///
    /// # Errors
    /// There is no such paper; somebody else was first; closed; or a fault.
    pub async fn drop_paper(
        &self,
        order: &Order<'_>,
        application: Id,
        input: DropPaperV1,
    ) -> Result<Vec<u8>> {
        let opening = self.open_draft(order, application, input.version, "drop_paper").await?;
        let (mut work, mut draft) = match opening {
            Opening::Before(bytes) => return Ok(bytes),
            Opening::Open(work, draft) => (work, draft),
        };
        let before = draft.sealed.papers.len();
        draft.sealed.papers.retain(|paper| paper.file != input.file);
        draft.sealed.signed.retain(|signed| signed.paper.as_deref() != Some(input.file.as_str()));
        let file = Id::parse(&input.file).filter(|_| draft.sealed.papers.len() < before);
        let row = work.load(&table::APPLICATION_FILE, file.ok_or_else(Refusal::not_found)?).await?;
        work.update_if(row.with("state", "gone")).await?;
        self.keep_draft(order, work, draft).await
    }

    /// A paper of an application, with its bytes.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn read_paper(&self, order: &Order<'_>, application: Id, file: Id) -> Result<OpenedFile> {
        let (scope, purpose) = self.first_scope(order, filling_in(order))?;
        let rows = Scope::from_authz(&scope, self.authority());
        let (store, at) = (&self.inner.store, order.now.at);
        let row = store.read_one(&rows, &purpose, at, &table::APPLICATION_FILE, file).await?;
        if row.link("application") != Some(application) || row.text("state") != Some("kept") {
            return Err(Refusal::not_found().into());
        }
        let bytes = store.read_paper(&rows, &purpose, at, file).await?;
        Ok(OpenedFile { file: crate::files::seen(&row), bytes })
    }
}
