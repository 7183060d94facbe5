//! Applications as those who fill them in see them, and what was handed in as those who handle the case see it.

use super::draft::Draft;
use super::filling_in;
use crate::asking::{AnswersV1, Asking, DeclarationSeenV1, PagePlaceV1, PageSeenV1, PaperWantedV1, SheetV1};
use crate::error::{Kind, Refusal, Result};
use crate::office::{Office, Order, date};
use crate::record::TextV1;
use anmin_store::{Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;

/// An application in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ApplicationLineV1 {
    /// The application.
    pub application: String,
    /// The service.
    pub service: String,
    /// Its name.
    pub title: TextV1,
    /// Who applies.
    pub name: String,
    /// `open`, `submitted`, `discarded` or `lapsed`.
    pub state: String,
    /// Entered at a counter.
    pub counter: bool,
    /// The day somebody last went on with it.
    pub changed_on: String,
    /// The day it lapses unless somebody goes on with it.
    pub lapses_on: String,
    /// The case that was made of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
}

/// An application to go on with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ApplicationV1 {
    /// Its line.
    #[serde(flatten)]
    pub line: ApplicationLineV1,
    /// The version a next form has to name.
    pub version: i64,
    /// The key of the one who applies.
    pub applicant: String,
    /// The task list.
    pub sheet: SheetV1,
    /// The papers that are wanted, and those we look up ourselves.
    pub papers: Vec<PaperWantedV1>,
    /// The papers that were handed in.
    pub handed_in: Vec<HandedInV1>,
    /// What is signed, and who has.
    pub declarations: Vec<DeclarationSeenV1>,
    /// Who came to the counter in the applicant's place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<super::ProxyV1>,
    /// The answers that our own registers knew and nobody has changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filled: Vec<super::FilledV1>,
    /// What became of it, once it was handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted: Option<super::SubmittedV1>,
    /// Whether it can be handed in now. Signatures of others may come later.
    pub ready: bool,
}

/// A paper that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HandedInV1 {
    /// The file.
    pub file: String,
    /// Which paper.
    pub paper: String,
    /// The key of the element it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// `application/pdf` or `image/jpeg`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many bytes.
    pub size: i64,
}

impl Office {
    /// The applications somebody may go on with, the latest first; with `all`, those that are closed too.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn list_applications(&self, order: &Order<'_>, all: bool) -> Result<Vec<ApplicationLineV1>> {
        let (scope, purpose) = self.first_scope(order, filling_in(order))?;
        let rows = Scope::from_authz(&scope, self.authority());
        let mut find = Find::all(&table::APPLICATION).order("changed_on").descending().plain().limit(200);
        if !all {
            find = find.equal("state", "open");
        }
        let found = self.inner.store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        found.iter().map(|row| self.application_line(row)).collect()
    }

    pub(super) fn application_line(&self, row: &Record) -> Result<ApplicationLineV1> {
        let text = |column: &str| row.text(column).unwrap_or_default().to_owned();
        let day = |column: &str| date(row, column).map(|day| day.to_string()).unwrap_or_default();
        let service = text("pack");
        let opened = self.opened(&service, None)?;
        Ok(ApplicationLineV1 {
            application: row.id().to_string(),
            title: TextV1::from(&opened.loaded.service.name),
            service,
            name: text("name"),
            state: text("state"),
            counter: row.int("counter") == Some(1),
            changed_on: day("changed_on"),
            lapses_on: day("lapses_on"),
            case: row.link("case_id").map(|case| case.to_string()),
        })
    }

    /// An application, with how far it is.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn show_application(&self, order: &Order<'_>, application: Id) -> Result<ApplicationV1> {
        let draft = self.seen_draft(order, application).await?;
        let asking = self.asking_of(&draft, order)?;
        let sealed = &draft.sealed;
        let open = draft.state() == "open";
        let sheet = asking.sheet(&sealed.answers)?;
        let declarations = if open { self.signed(&asking, &draft)? } else { vec![] };
        let ready =
            open && sheet.whole && sheet.clashes.is_empty() && unsigned(&asking, &declarations).is_none();
        let handed_in = sealed.papers.iter().map(|paper| HandedInV1 {
            file: paper.file.clone(),
            paper: paper.paper.clone(),
            element: paper.element.clone(),
            kind: paper.kind.clone(),
            size: paper.size,
        });
        Ok(ApplicationV1 {
            line: self.application_line(&draft.record)?,
            version: draft.record.version(),
            applicant: sealed.applicant.clone(),
            papers: asking.papers(&sealed.answers)?,
            handed_in: handed_in.collect(),
            declarations,
            proxy: sealed.proxy.clone(),
            filled: sealed.filled_still(),
            submitted: sealed.submitted.clone(),
            ready,
            sheet,
        })
    }

    /// One page of an application, with what was answered.
    ///
    /// # Errors
    /// There is no such page; not there or not for the caller; or a fault.
    pub async fn show_page(
        &self,
        order: &Order<'_>,
        application: Id,
        place: &PagePlaceV1,
    ) -> Result<PageSeenV1> {
        let draft = self.seen_draft(order, application).await?;
        self.asking_of(&draft, order)?.page(place, &draft.sealed.answers)
    }

    /// Every page with its answers, for whoever looks over all of it before handing it in.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn check_answers(&self, order: &Order<'_>, application: Id) -> Result<Vec<PageSeenV1>> {
        let draft = self.seen_draft(order, application).await?;
        let asking = self.asking_of(&draft, order)?;
        all_pages(&asking, &draft.sealed.answers)
    }

    /// What a case was opened with: every page as it was answered, for who may see the papers of the case whole.
    ///
    /// # Errors
    /// The case is not there or not for the caller, or was not applied for here; or a fault.
    pub async fn handed_in(&self, order: &Order<'_>, case: Id) -> Result<Vec<PageSeenV1>> {
        let (rows, purpose) = self.papers(order, case).await?;
        let file = self.inner.store.read_one(&rows, &purpose, order.now.at, &table::CASE_FILE, case).await?;
        // Who reaches the case reaches what it was opened with; the row of the application itself is of the counter.
        let job = anmin_authz::scope::SystemJob::Application;
        let scope = self.job_scope(job, order.now.on);
        let find = Find::all(&table::APPLICATION).equal("case_id", file.id());
        let found = self.inner.store.read_personal(&scope, &purpose, order.now.at, &find).await?.pop();
        let draft = Draft::read(found.ok_or_else(Refusal::not_found)?)?;
        let on = date(&file, "received_on").unwrap_or(order.now.on);
        let region = self.region_of(draft.area(), on);
        all_pages(&*self.asking(draft.pack(), region.as_deref(), on)?, &draft.sealed.answers)
    }

    pub(super) async fn seen_draft(&self, order: &Order<'_>, application: Id) -> Result<Draft> {
        let (scope, purpose) = self.first_scope(order, filling_in(order))?;
        let rows = Scope::from_authz(&scope, self.authority());
        let found = self
            .inner
            .store
            .read_one(&rows, &purpose, order.now.at, &table::APPLICATION, application)
            .await?;
        Draft::read(found)
    }

    /// What is signed, and who has.
    pub(super) fn signed(&self, asking: &Asking, draft: &Draft) -> Result<Vec<DeclarationSeenV1>> {
        let own = asking.collection_name(asking.own_list()?).to_owned();
        let sealed = &draft.sealed;
        let mut all = asking.declarations(&sealed.answers, (&own, &sealed.applicant));
        for declaration in &mut all {
            for signer in &mut declaration.signers {
                let mut signed = sealed.signed.iter();
                let signed =
                    signed.find(|s| s.declaration == declaration.name && s.element == signer.element);
                signer.signed = signed.is_some();
                signer.how = signed.map(|signed| signed.how.clone());
            }
        }
        Ok(all)
    }
}

fn all_pages(asking: &Asking, answers: &AnswersV1) -> Result<Vec<PageSeenV1>> {
    let sheet = asking.sheet(answers)?;
    let lines = sheet.sections.iter().flat_map(|section| &section.pages);
    let open = lines.filter(|line| line.state != crate::asking::StateV1::CannotStartYet);
    open.map(|line| asking.page(&line.place, answers)).collect()
}

/// The declaration that the applicant alone has to sign and has not: it is not handed in without.
pub(super) fn unsigned<'a>(
    asking: &Asking,
    declarations: &'a [DeclarationSeenV1],
) -> Option<&'a DeclarationSeenV1> {
    let alone = |name: &str| asking.form().declarations.iter().any(|d| d.name == name && d.of.is_none());
    declarations.iter().find(|d| alone(&d.name) && d.signers.iter().any(|signer| !signer.signed))
}

/// What is wanted before it can be handed in.
pub(super) fn unready(zh: String, en: String) -> Refusal {
    Refusal::new(Kind::Unmet, "application_unready", zh, en)
}
