//! Signing what the form declares: by whoever is signed in, by a code to the telephone on record, or on paper.

use super::code::code_wrong;
use super::draft::{Draft, Opening, SignedV1};
use crate::asking::Asking;
use crate::error::{Kind, Refusal, Result};
use crate::office::{Office, Order};
use crate::people::{is_resident, wrong};
use anmin_store::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A signature.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignV1 {
    /// The version the form was made from.
    pub version: i64,
    /// What is signed, as the form names it.
    #[schemars(length(max = 64))]
    pub declaration: String,
    /// The key of who signs.
    #[schemars(length(max = 16))]
    pub element: String,
    /// `own`: whoever is signed in; `code`; `paper`.
    #[schemars(extend("enum" = ["own", "code", "paper"]))]
    pub how: String,
    /// The code.
    #[serde(default)]
    #[schemars(length(max = 16))]
    pub code: Option<String>,
    /// The photograph of the signed paper, which was handed in before.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub paper: Option<String>,
}

impl Office {
    /// Records a signature in an application. The result is a [`super::DraftDoneV1`].
    ///
    /// # Errors
    /// Nothing to sign, or not for this one; the code is not right; closed; not there; or a fault.
    pub async fn sign_application(
        &self,
        order: &Order<'_>,
        application: Id,
        input: SignV1,
    ) -> Result<Vec<u8>> {
        let counted = format!("told:{application}:{}", input.element.chars().take(16).collect::<String>());
        if input.how == "code" {
            // A try is counted before it is looked at, so that a code cannot be guessed.
            self.paced(&counted, order.now).await?;
        }
        let opening = self.open_draft(order, application, input.version, "sign_application").await?;
        let (work, mut draft) = match opening {
            Opening::Before(bytes) => return Ok(bytes),
            Opening::Open(work, draft) => (work, draft),
        };
        let asking = self.asking_of(&draft, order)?;
        self.to_be_signed(&asking, &draft, &input.declaration, &input.element)?;
        let mut signed = SignedV1 {
            declaration: input.declaration.clone(),
            element: input.element.clone(),
            how: input.how.clone(),
            on: order.now.on.to_string(),
            person: None,
            paper: None,
        };
        match input.how.as_str() {
            "own" => signed.person = Some(self.own_hand(order, &draft, &input).await?.to_string()),
            "paper" => {
                let file = draft.sealed.papers.iter().find(|paper| Some(&paper.file) == input.paper.as_ref());
                let Some(file) = file else {
                    return Err(wrong(
                        "paper",
                        "请先把签好字的纸拍照上传。",
                        "Photograph the signed paper first.",
                    ));
                };
                signed.paper = Some(file.file.clone());
            }
            "code" => {
                signed.person = self.told_code(&mut draft, &input, order);
                if signed.person.is_none() {
                    return Err(code_wrong("code"));
                }
            }
            _ => return Err(wrong("how", "可选：own、code、paper。", "One of own, code, paper is wanted.")),
        }
        draft.sealed.signed.retain(|s| s.declaration != signed.declaration || s.element != signed.element);
        draft.sealed.signed.push(signed);
        let done = self.keep_draft(order, work, draft).await?;
        if input.how == "code" {
            self.inner.store.attempts().succeeded(&counted).await?;
        }
        Ok(done)
    }

    pub(super) fn to_be_signed(
        &self,
        asking: &Asking,
        draft: &Draft,
        named: &str,
        element: &str,
    ) -> Result<()> {
        let own = asking.collection_name(asking.own_list()?).to_owned();
        let all = asking.declarations(&draft.sealed.answers, (&own, &draft.sealed.applicant));
        let declaration = all.iter().find(|declaration| declaration.name == named);
        let Some(declaration) = declaration else {
            return Err(wrong("declaration", "没有这一项要签。", "There is nothing of this name to sign."));
        };
        match declaration.signers.iter().any(|signer| signer.element == element) {
            true => Ok(()),
            false => Err(wrong("element", "这一项不用这个人签。", "This is not for them to sign.")),
        }
    }

    /// Who signs by being signed in: for themself, or for a ward. A helper signs nothing.
    async fn own_hand(&self, order: &Order<'_>, draft: &Draft, input: &SignV1) -> Result<Id> {
        let elements = draft.sealed.answers.lists.values().flatten();
        let element = elements.into_iter().find(|element| element.key == input.element);
        let person = element.and_then(|element| element.person.as_deref()).and_then(Id::parse);
        let (true, Some(person)) = (is_resident(order), person) else {
            return Err(not_own().into());
        };
        if person != order.caller.person_id() {
            let (scope, _) = self.first_scope(order, &["consent_give"])?;
            self.terms(order, &scope, person).await.map_err(|_| not_own())?;
        }
        Ok(person)
    }

    /// Whose code it is, if it is right.
    fn told_code(&self, draft: &mut Draft, input: &SignV1, order: &Order<'_>) -> Option<String> {
        let id = draft.id().to_string();
        let sent = draft.sealed.codes.iter().find(|sent| sent.element == input.element)?;
        let told = self.code_hash(&id, input.code.as_deref().unwrap_or_default());
        let right = sent.hash == told && sent.until > order.now.at.0;
        let person = sent.person.clone().filter(|_| right);
        if person.is_some() {
            draft.sealed.codes.retain(|sent| sent.element != input.element);
        }
        person
    }
}

fn not_own() -> Refusal {
    Refusal::new(
        Kind::Forbidden,
        "not_own_signature",
        "这一项要本人签，不能替签。",
        "This is for them to sign, and for nobody else.",
    )
    .next(
        "请本人用手机验证码确认，或在纸上签字后拍照上传。",
        "They confirm by a code to their telephone, or sign on paper, which is photographed.",
    )
}
