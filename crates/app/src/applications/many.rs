//! What a clerk does at once: several pages of a form that stand on one screen, and several signatures on sheets that were
//! scanned together.

use super::begin::element_key;
use super::draft::{Opening, PaperKeptV1, SignedV1};
use crate::asking::{
    AnswersV1, Asking, ElementV1, ListedV1, PageAnswerV1, PagePlaceV1, PageSeenV1, PersonEnteredV1, Shown,
    StateV1,
};
use crate::error::{Error, Result};
use crate::office::{Office, Order};
use crate::people::wrong;
use crate::record::{FieldError, TextV1};
use anmin_pack::form::Asks;
use anmin_store::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most pages of one screen.
const MOST: usize = 200;
/// Most empty places of a list.
const MOST_PLACES: usize = 12;
/// Most signatures on sheets that are scanned together.
const MOST_SIGNED: usize = 40;

/// Several pages of an application.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ManyPagesV1 {
    /// The version the screen was made from.
    pub version: i64,
    /// The pages, in the order in which they are taken: a list before those who are in it.
    #[schemars(length(max = 200))]
    pub pages: Vec<OnePageV1>,
    /// Keeps what is right and leaves out the pages on which something is wrong: for whoever is interrupted.
    pub partly: bool,
}

/// One of them.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OnePageV1 {
    /// The page.
    #[schemars(length(max = 64))]
    pub page: String,
    /// The key of the element it is about; of somebody who is new in a list before it, the key that list gave them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Of a page of questions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Of a page that asks who somebody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<PersonEnteredV1>,
    /// Of a list: whoever is new has a key that begins with `+`, by which other pages name them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Vec<ListedV1>>,
}

/// A section of an application on one screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScreenV1 {
    /// The section.
    pub section: String,
    /// The version a next form has to name.
    pub version: i64,
    /// Its pages in the order of the form, each as often as it is asked; those of empty places last.
    pub pages: Vec<ScreenPageV1>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScreenPageV1 {
    /// The page; of an empty place its element begins with `+`.
    #[serde(flatten)]
    pub page: PageSeenV1,
    /// How far it is.
    pub state: StateV1,
    /// The name of whom it is about; none: of the whole, or of an empty place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whose: Option<TextV1>,
    /// The register has them already.
    pub known: bool,
}

/// Signatures on paper.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOnPaperV1 {
    /// The version the form was made from.
    pub version: i64,
    /// The scanned sheets, which were handed in before.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub paper: String,
    /// What is signed on them, by whom.
    #[schemars(length(max = 200))]
    pub signatures: Vec<SignatureV1>,
}

/// One of them.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatureV1 {
    /// What is signed, as the form names it.
    #[schemars(length(max = 64))]
    pub declaration: String,
    /// The key of who signed.
    #[schemars(length(max = 16))]
    pub element: String,
}

impl Office {
    /// A section of an application, all its pages at once, with so many empty places in its list.
    ///
    /// # Errors
    /// There is no such section; not there or not for the caller; or a fault.
    pub async fn show_screen(
        &self,
        order: &Order<'_>,
        application: Id,
        section: &str,
        more: usize,
    ) -> Result<ScreenV1> {
        let draft = self.seen_draft(order, application).await?;
        let asking = self.asking_of(&draft, order)?;
        let pages = asking.screen(&draft.sealed.answers, section, more.min(MOST_PLACES))?;
        Ok(ScreenV1 { section: section.to_owned(), version: draft.record.version(), pages })
    }

    /// Saves several pages of an application, all or, with `partly`, those that are right. The result is a
    /// [`super::DraftDoneV1`].
    ///
    /// # Errors
    /// Everything wrong on any of the pages, as `pages[2].values.wage`; somebody else was first; closed; not there; or a
    /// fault.
    pub async fn save_pages(
        &self,
        order: &Order<'_>,
        application: Id,
        input: ManyPagesV1,
    ) -> Result<Vec<u8>> {
        if input.pages.is_empty() || input.pages.len() > MOST {
            return Err(wrong("pages", "请至少填一页。", "Fill in one page at least."));
        }
        let opening = self.open_draft(order, application, input.version, "save_pages").await?;
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
        let own = asking.collection_name(asking.own_list()?).to_owned();
        let applicant = (own.as_str(), draft.sealed.applicant.as_str());
        let after = asking.save_many(&draft.sealed.answers, &input, applicant, &mut key)?;
        drawn?;
        draft.sealed.answers = after;
        draft.settle(&asking);
        anmin_store::fault!("application.saved_many");
        self.keep_draft(order, work, draft).await
    }

    /// Records signatures that stand on scanned sheets. The result is a [`super::DraftDoneV1`].
    ///
    /// # Errors
    /// Nothing to sign, or not for one of these; the sheets are not there; closed; not there; or a fault.
    pub async fn sign_on_paper(
        &self,
        order: &Order<'_>,
        application: Id,
        input: SignOnPaperV1,
    ) -> Result<Vec<u8>> {
        if input.signatures.is_empty() || input.signatures.len() > MOST_SIGNED {
            return Err(wrong(
                "signatures",
                "请勾选这几页纸上已经签了的项目。",
                "Tick what is signed on these sheets.",
            ));
        }
        let copies = self.copies(order, application, &input).await?;
        let opening = self.open_draft(order, application, input.version, "sign_on_paper").await?;
        let (mut work, mut draft) = match opening {
            Opening::Before(bytes) => return Ok(bytes),
            Opening::Open(work, draft) => (work, draft),
        };
        if !draft.sealed.papers.iter().any(|paper| paper.file == input.paper) {
            return Err(wrong("paper", "请先上传签好字的纸。", "Put in the signed sheets first."));
        }
        let asking = self.asking_of(&draft, order)?;
        let mut copies = copies.into_iter();
        for (n, signature) in input.signatures.into_iter().enumerate() {
            let SignatureV1 { declaration, element } = signature;
            self.to_be_signed(&asking, &draft, &declaration, &element)?;
            let copy = if n == 0 { None } else { copies.next() };
            let file = match copy {
                None => input.paper.clone(),
                Some(copy) => {
                    let row = work.insert(copy).await?;
                    draft.sealed.papers.push(PaperKeptV1 {
                        file: row.id().to_string(),
                        paper: declaration.clone(),
                        element: Some(element.clone()),
                        kind: row.text("type").unwrap_or_default().to_owned(),
                        size: row.int("size").unwrap_or_default(),
                    });
                    row.id().to_string()
                }
            };
            draft.sealed.signed.retain(|s| s.declaration != declaration || s.element != element);
            draft.sealed.signed.push(SignedV1 {
                declaration,
                element,
                how: "paper".into(),
                on: order.now.on.to_string(),
                person: None,
                paper: Some(file),
            });
        }
        self.keep_draft(order, work, draft).await
    }
}

impl Office {
    /// A paper is evidence of one thing only: each signature but the first has a copy of its own. They are on the disk before
    /// the command: an object without a row is removed after a day.
    async fn copies(
        &self,
        order: &Order<'_>,
        application: Id,
        input: &SignOnPaperV1,
    ) -> Result<Vec<anmin_store::Record>> {
        let sheets = Id::parse(&input.paper).ok_or_else(crate::error::Refusal::not_found)?;
        let sheets = self.read_paper(order, application, sheets).await?;
        let (at, mut copies) = (order.now.at, Vec::new());
        for _ in input.signatures.iter().skip(1) {
            let stored = self.inner.store.store_file(sheets.bytes.reveal(), at).await?;
            copies.push(stored.paper(Id::at(at), application, &sheets.file.kind, at));
        }
        Ok(copies)
    }
}

impl Asking {
    /// The pages of a section, and those of whoever might be added to its list.
    fn screen(&self, answers: &AnswersV1, section: &str, more: usize) -> Result<Vec<ScreenPageV1>> {
        let found = self.form().sections.iter().find(|known| known.name == section);
        let found = found.ok_or_else(crate::error::Refusal::not_found)?;
        // Who is in a list stands on the same screen as the list: it need not have been sent.
        let mut known = answers.clone();
        let mut wider = answers.clone();
        for page in found.pages.iter().map(|at| &self.form().pages[*at]) {
            let Asks::List(of, _) = &page.asks else { continue };
            let list = wider.lists.entry(self.collection_name(*of).to_owned()).or_default();
            let room = (self.schema().collections[of.0].max as usize).saturating_sub(list.len());
            let place = |n: usize| ElementV1 { key: format!("+{}.{n}", page.name), ..ElementV1::default() };
            list.extend((0..more.min(room)).map(place));
            known.sent.insert(page.name.clone());
            wider.sent.insert(page.name.clone());
        }
        let before = self.sheet(answers)?;
        let before = before.sections.iter().flat_map(|section| &section.pages);
        let listed: Vec<_> = before.filter(|line| line.place.element.is_none()).collect();
        let mut pages = Vec::new();
        for (answers, new) in [(&known, false), (&wider, true)] {
            let sheet = self.sheet(answers)?;
            let lines = sheet.sections.iter().filter(|seen| seen.name == section).flat_map(|s| &s.pages);
            for line in lines.filter(|line| line.state != StateV1::CannotStartYet) {
                let is_new = line.place.element.as_deref().is_some_and(|key| key.starts_with('+'));
                if is_new != new {
                    continue;
                }
                let page = self.page(&line.place, answers)?;
                let (found, n) = self.find_page(&line.place, answers)?;
                let list = found.of.map(|of| self.collection_name(of));
                let name = list.filter(|_| !new).map(|list| self.name_of(answers, list, n));
                let element = list.and_then(|list| answers.list(list)?.get(n));
                // The list itself is as far as it was: it was sent only for the eye.
                let list_state =
                    listed.iter().find(|known| known.place == line.place).map(|known| known.state);
                pages.push(ScreenPageV1 {
                    state: list_state.unwrap_or(line.state),
                    whose: name.map(|(zh, en)| TextV1 { zh, en }),
                    known: element.is_some_and(|element| element.person.is_some()),
                    page,
                });
            }
        }
        Ok(pages)
    }

    /// The answers with those of several pages among them. A page that an answer before it has hidden is passed over.
    ///
    /// # Errors
    /// Everything wrong on any of them; with `partly`, nothing but what is no page at all.
    pub(crate) fn save_many(
        &self,
        answers: &AnswersV1,
        input: &ManyPagesV1,
        (own, applicant): (&str, &str),
        key: &mut dyn FnMut() -> String,
    ) -> Result<AnswersV1> {
        let mut after = answers.clone();
        let mut given: BTreeMap<String, String> = BTreeMap::new();
        let mut wrong: Vec<FieldError> = Vec::new();
        for (n, one) in input.pages.iter().enumerate() {
            let (answer, new) = one.answer(&given);
            if one.element.as_deref().is_some_and(|key| key.starts_with('+')) && answer.element == one.element
            {
                // Somebody new whom no list has taken in: the list has told what is wrong with them.
                continue;
            }
            let place = PagePlaceV1 { page: one.page.clone(), element: answer.element.clone() };
            let at = self.find_page(&place, &after);
            let (page, of) = match at {
                Ok((page, of)) => (page, of),
                // Taken off the list by a page before.
                Err(_)
                    if answers.lists.values().flatten().any(|e| Some(&e.key) == place.element.as_ref()) =>
                {
                    continue;
                }
                Err(error) => return Err(error),
            };
            if self.looked(&after)?.1.show(page.when, of) != Shown::Yes {
                continue;
            }
            match self.save(&after, &one.page, &answer, key) {
                Ok(saved) if saved.element(own, applicant) == Some(0) => {
                    for (at, name) in new {
                        let made = self.list_of(page).and_then(|list| saved.list(list)?.get(at));
                        given.extend(made.map(|element| (name, element.key.clone())));
                    }
                    after = saved;
                }
                Ok(_) => wrong.push(FieldError {
                    at: format!("pages[{n}].list"),
                    zh: "申请人要写在第一个，不能去掉。".into(),
                    en: "Who applies stands first and cannot be taken away.".into(),
                }),
                Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
                    let told = |f: FieldError| FieldError { at: format!("pages[{n}].{}", f.at), ..f };
                    wrong.extend(refusal.fields.into_iter().map(told));
                }
                Err(error) => return Err(error),
            }
        }
        if wrong.is_empty() || input.partly { Ok(after) } else { Err(wrong.into()) }
    }

    /// The list a page asks for.
    fn list_of(&self, page: &anmin_pack::form::Page) -> Option<&str> {
        match &page.asks {
            Asks::List(of, _) => Some(self.collection_name(*of)),
            _ => None,
        }
    }
}

impl OnePageV1 {
    /// As one page is saved; and of a list, who is new in it: their place, and what they are called meanwhile.
    fn answer(&self, given: &BTreeMap<String, String>) -> (PageAnswerV1, Vec<(usize, String)>) {
        let mut new = Vec::new();
        let list = self.list.as_ref().map(|list| {
            let listed = list.iter().enumerate().map(|(n, one)| {
                if !one.key.starts_with('+') {
                    return one.clone();
                }
                new.push((n, one.key.clone()));
                ListedV1 { key: String::new(), name: one.name.clone() }
            });
            listed.collect()
        });
        let known = |key: &String| given.get(key).unwrap_or(key).clone();
        let answer = PageAnswerV1 {
            version: 0,
            element: self.element.as_ref().map(known),
            values: self.values.clone(),
            who: self.who.clone(),
            list,
        };
        (answer, new)
    }
}
