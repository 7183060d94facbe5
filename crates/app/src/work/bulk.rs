//! One step for several cases: what they have in common that asks for nothing, or for the same of all; each is a command of
//! its own, tried first. What is decided, proposed or proved of one household is never done for several at once.

use crate::case::{Answers, FieldKindV1, FilledV1, FormFieldV1, LineV1, ListV1, StepFormV1};
use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Office, Order};
use crate::record::TextV1;
use crate::record::case_view::NamedV1;
use anmin_store::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// Most cases of one go: a page of the list.
pub const MOST_CHOSEN: usize = 100;

/// Acts and commands that may be given for several cases at once. An opinion, a decision, a hearing, an effect are not
/// among them: nobody approves all.
const TOGETHER: [&str; 6] = ["plain", "accept", "tell_result", "ask_check", "notify", "assign"];

/// What can be done with several cases.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BulkV1 {
    /// The cases, in the order of the list; those that are not there for the caller are left out.
    pub cases: Vec<LineV1>,
    /// What at least one of them can take, the most cases first.
    pub offers: Vec<BulkOfferV1>,
}

/// A step or command for several cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BulkOfferV1 {
    /// The step or command.
    pub step: NamedV1,
    /// How many of the cases can take it as they stand.
    pub cases: usize,
    /// One of them: its form is the form for all.
    pub first: String,
}

/// What a step asks for, the same of all cases.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BulkFormV1 {
    /// The step or command.
    pub step: NamedV1,
    /// The fields that no case fills in by itself.
    pub fields: Vec<FormFieldV1>,
    /// Whether it wants a reason beside.
    pub wants_why: bool,
    /// Phrases to choose from.
    pub phrases: Vec<TextV1>,
}

/// A step with what was filled in for all.
#[derive(Clone, Debug, Default)]
pub struct BulkWantV1 {
    /// The step or command.
    pub step: String,
    /// What stands in the fields.
    pub answers: Answers,
    /// Why.
    pub why: Option<String>,
}

impl Office {
    /// What can be done with these cases.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn bulk_offers(&self, order: &Order<'_>, chosen: &[Id]) -> Result<BulkV1> {
        let mut cases = self.cases_of(order, chosen).await?;
        let place = |line: &LineV1| chosen.iter().position(|id| id.to_string() == line.id);
        cases.sort_by_key(place);
        let mut offers: Vec<BulkOfferV1> = Vec::new();
        for line in &cases {
            let Some(id) = Id::parse(&line.id) else { continue };
            let offered = match self.offers(order, id).await {
                Ok(offered) => offered,
                Err(Error::Refusal(_)) => continue,
                Err(fault) => return Err(fault),
            };
            let both = offered.steps.into_iter().chain(offered.commands);
            for offer in
                both.filter(|offer| offer.hindered.is_none() && TOGETHER.contains(&offer.act.as_str()))
            {
                match offers.iter_mut().find(|known| known.step.name == offer.step.name) {
                    Some(known) => known.cases += 1,
                    None => offers.push(BulkOfferV1 { step: offer.step, cases: 1, first: line.id.clone() }),
                }
            }
        }
        let mut kept = Vec::new();
        for offer in offers {
            if let Some(first) = Id::parse(&offer.first)
                && self.bulk_form(order, first, &offer.step.name).await.is_ok()
            {
                kept.push(offer);
            }
        }
        kept.sort_by_key(|offer| std::cmp::Reverse(offer.cases));
        Ok(BulkV1 { cases, offers: kept })
    }

    /// These cases as lines of a list; those that are not there for the caller are left out.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn cases_of(&self, order: &Order<'_>, chosen: &[Id]) -> Result<Vec<LineV1>> {
        let chosen = &chosen[..chosen.len().min(MOST_CHOSEN)];
        let ask = ListV1 { limit: Some(100), ..ListV1::default() };
        Ok(self.listed_of(order, &ask, chosen).await?.cases)
    }

    /// What a step asks for where it is taken for several cases, as one of them has it.
    ///
    /// # Errors
    /// It is no step to be taken for several at once; not for the caller; or a fault.
    pub async fn bulk_form(&self, order: &Order<'_>, first: Id, step: &str) -> Result<BulkFormV1> {
        let form = self.step_form(order, first, step).await?;
        fit(&form)?;
        let fields = form.fields.iter().filter(|field| asked(field)).cloned().collect();
        Ok(BulkFormV1 { fields, step: form.step, wants_why: form.wants_why, phrases: form.phrases })
    }

    /// Takes the step for one of the cases, or only tries it. The result is a [`ChangedV1`](crate::case::ChangedV1).
    ///
    /// # Errors
    /// As [`Office::send_form`]; or it is no step to be taken for several at once.
    pub async fn bulk_one(
        &self,
        order: &Order<'_>,
        case: Id,
        version: i64,
        want: &BulkWantV1,
        rehearse: bool,
    ) -> Result<Vec<u8>> {
        if let Some((key, body)) = order.request.filter(|_| !rehearse)
            && let Some(before) = self.earlier(key, body).await?
        {
            return Ok(before);
        }
        let form = self.step_form(order, case, &want.step).await?;
        fit(&form)?;
        if let Some(why) = form.hindered.first() {
            let refusal = Refusal::new(Kind::Unmet, "hindered", why.zh.clone(), why.en.clone());
            return Err(refusal.into());
        }
        // What every case fills in by itself stands beside what was filled in for all.
        let mut answers = want.answers.clone();
        for field in form.fields.iter().filter(|field| !asked(field)) {
            answers.insert(field.name.clone(), field.value.clone());
        }
        let filled = FilledV1 { version, answers, papers: Vec::new(), why: want.why.clone(), rehearse };
        self.send_form(order, case, &want.step, filled).await
    }
}

/// Whether a field is asked for: no case knows it by itself. To whom something is given is asked whatever the case says.
fn asked(field: &FormFieldV1) -> bool {
    let fixed = matches!(field.kind, FieldKindV1::Fixed | FieldKindV1::FixedNumber);
    !fixed
        && (field.value.is_empty() || field.name == "with.duty")
        && (field.required || !field.choices.is_empty())
}

fn fit(form: &StepFormV1) -> Result<()> {
    let papers = form.papers.iter().any(|paper| paper.required);
    if TOGETHER.contains(&form.act.as_str()) && !papers {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::Unmet,
        "one_by_one",
        "这一步须逐件办理：要看每一户的情况，或要附每一户的材料。",
        "This is done case by case: it looks at each household, or goes with its papers.",
    )
    .next("请打开案件逐件办理。", "Open the cases one by one.")
    .into())
}
