//! The form of a step or command of a case, here and now: what it needs to know, what can be chosen, what the case and the
//! rules suggest. It is made of the workflow and the case alone, so that a page of one kind takes every step of every
//! service. Nothing is stored by looking.

mod acts;
mod answer;
mod commands;
mod field;
mod hands;
mod offers;

pub use answer::{Answers, FilledV1, PaperGivenV1};
pub use field::{FieldKindV1, FormChoiceV1, FormFieldV1};
pub use offers::{OfferV1, OffersV1};

use super::file::CaseFile;
use super::may::Way;
use crate::error::{Error, Refusal, Result};
use crate::facts::Known;
use crate::mask::Veil;
use crate::office::{Office, Order};
use crate::people::PersonRecord;
use crate::record::case_view::{NamedV1, NextStepV1, case_view};
use crate::record::{DecisionV1, LawV1, TextV1};
use anmin_authz::decide::Allowed;
use anmin_casework::kinds::ActKind;
use anmin_casework::workflow::{Step, Workflow};
use anmin_registry::id::Moment;
use anmin_rules::model::Citation;
use anmin_store::{Find, Id, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the form of a step or command needs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepFormV1 {
    /// The case.
    pub case: String,
    /// Its number for people.
    pub number: String,
    /// The applicant, as far as they may be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The service.
    pub service_name: TextV1,
    /// The version the form is made from.
    pub version: i64,
    /// The state the case is in.
    pub state: NamedV1,
    /// The step or command.
    pub step: NamedV1,
    /// Whether it is a command that every case has, and no step.
    pub command: bool,
    /// What it is to the engine: the `act` or `command` of what is sent.
    pub act: String,
    /// The state it leads to; none: the case stays where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NamedV1>,
    /// Letters that follow from it.
    pub letters: Vec<NamedV1>,
    /// The articles.
    pub law: Vec<LawV1>,
    /// What it needs to know, in the order of a form.
    pub fields: Vec<FormFieldV1>,
    /// Kinds of evidence that go with it.
    pub papers: Vec<PaperWantedV1>,
    /// Whether it wants a reason beside: who is named, and why.
    pub wants_why: bool,
    /// What the rules say, by programme, where the step proposes or decides.
    pub advice: Vec<AdviceV1>,
    /// Why it would be refused as things are.
    pub hindered: Vec<TextV1>,
    /// Phrases to choose from.
    pub phrases: Vec<TextV1>,
}

/// A kind of evidence that goes with a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaperWantedV1 {
    /// The kind.
    pub kind: NamedV1,
    /// The step is refused without it.
    pub required: bool,
    /// How many of the kind are in the case.
    pub there: usize,
}

/// What the rules say of a programme, where somebody is to propose or decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AdviceV1 {
    /// The programme.
    pub programme: String,
    /// The outcome that goes with what the rules say; none: they cannot say yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// In words.
    pub text: TextV1,
    /// The reason, as the person is to read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<TextV1>,
    /// Its articles.
    pub law: Vec<LawV1>,
    /// The amount, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
    /// The period of the amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    /// What nobody has answered and could settle it.
    pub missing: Vec<TextV1>,
}

/// A case reached in one of the ways of an act, with what is around it.
pub(crate) struct Reached {
    pub file: CaseFile,
    pub allowed: Allowed,
    pub people: BTreeMap<Id, PersonRecord>,
    pub known: Option<Known>,
}

/// What fields are made of.
pub(crate) struct Here<'a> {
    pub office: &'a Office,
    pub order: &'a Order<'a>,
    pub reached: &'a Reached,
    pub advice: &'a [AdviceV1],
}

impl Here<'_> {
    pub fn veil(&self) -> Veil<'_> {
        Veil { authority: self.office.authority(), allowed: &self.reached.allowed }
    }

    pub fn file(&self) -> &CaseFile {
        &self.reached.file
    }

    /// The name of somebody in the case, as it may be seen; else a word for it.
    pub fn name(&self, person: &str) -> TextV1 {
        let known = Id::parse(person).and_then(|id| self.reached.people.get(&id));
        let shown = known.and_then(|person| self.veil().text("name", person.name()));
        let rights = self.office.rights();
        let staff = || {
            let id = Id::parse(person)?;
            rights.name_of(anmin_authz::id::PersonId(id.0)).map(str::to_owned)
        };
        match shown.or_else(staff) {
            Some(name) => TextV1 { zh: name.clone(), en: name },
            None => TextV1 { zh: "（不显示）".into(), en: "(not shown)".into() },
        }
    }
}

impl Office {
    /// The form of a step or command.
    ///
    /// # Errors
    /// There is no such case or step for the caller; or a fault.
    pub async fn step_form(&self, order: &Order<'_>, case: Id, step: &str) -> Result<StepFormV1> {
        let workflow = self.course_of(case).await?;
        let Some(found) = workflow.step(step) else {
            return self.command_form(order, case, step, &workflow).await;
        };
        let ways = match self.ways(order, &workflow, &found.by, found.act.name(), None) {
            Ok(ways) => ways,
            Err(error) => return Err(self.unless_unseen(order, case, error).await),
        };
        let reached = self.reached(order, case, &ways, needs_rules(found)).await?;
        let advice = self.advice(order, &reached, found)?;
        let here = Here { office: self, order, reached: &reached, advice: &advice };
        let file = &reached.file;
        let view = case_view(&file.case, &file.workflow, order.now.on, self.calendar());
        let next = view.next.iter().find(|next| next.step.name == step);
        let hindered = hindered(file, found, next);
        let law = self.cited(file, &found.law, order);
        let phrases = self.phrases(file, step, found.act.name());
        Ok(StepFormV1 {
            fields: acts::fields(&here, found),
            papers: papers(file, found),
            letters: next.map(|next| next.letters.clone()).unwrap_or_default(),
            to: next.and_then(|next| next.to.clone()),
            step: NamedV1::from(&found.named),
            act: found.act.name().to_owned(),
            wants_why: false,
            hindered,
            law,
            phrases,
            ..self.bare_form(&here, &view.state)
        }
        .advised(advice))
    }

    /// What all forms of a case begin with.
    fn bare_form(&self, here: &Here<'_>, state: &NamedV1) -> StepFormV1 {
        let file = here.file();
        StepFormV1 {
            case: file.id().to_string(),
            number: file.record.text("number").unwrap_or_default().to_owned(),
            name: file.record.text("name").and_then(|name| here.veil().text("name", name)),
            service_name: TextV1::from(&file.opened.loaded.service.name),
            version: file.version(),
            state: state.clone(),
            step: state.clone(),
            command: false,
            act: String::new(),
            to: None,
            letters: Vec::new(),
            law: Vec::new(),
            fields: Vec::new(),
            papers: Vec::new(),
            wants_why: false,
            advice: Vec::new(),
            hindered: Vec::new(),
            phrases: Vec::new(),
        }
    }

    async fn command_form(
        &self,
        order: &Order<'_>,
        case: Id,
        command: &str,
        workflow: &Arc<Workflow>,
    ) -> Result<StepFormV1> {
        let Some(label) = crate::record::words::command_label(command) else {
            return Err(Refusal::not_found().into());
        };
        let ways = match self.command_ways(order, workflow, command, None) {
            Ok(ways) => ways,
            Err(error) => return Err(self.unless_unseen(order, case, error).await),
        };
        let reached = self.reached(order, case, &ways, false).await?;
        let here = Here { office: self, order, reached: &reached, advice: &[] };
        let file = &reached.file;
        let view = case_view(&file.case, &file.workflow, order.now.on, self.calendar());
        let Some(fields) = commands::fields(&here, command) else { return Err(Refusal::not_found().into()) };
        let papers = commands::papers(file, command);
        Ok(StepFormV1 {
            fields,
            papers,
            step: NamedV1 { name: command.to_owned(), label },
            command: true,
            act: command.to_owned(),
            wants_why: matches!(command, "assign" | "hand_over"),
            phrases: self.phrases(file, command, command),
            ..self.bare_form(&here, &view.state)
        })
    }

    /// The case, as the first of these ways leads to it.
    pub(crate) async fn reached(
        &self,
        order: &Order<'_>,
        case: Id,
        ways: &[Way],
        facts: bool,
    ) -> Result<Reached> {
        let mut denied = None;
        for way in ways {
            let scope = Scope::from_authz(&way.scope, self.authority());
            let purpose = &self.authority().parts().purposes[way.purpose.0].named.name;
            let mut look = self.inner.store.look(&scope, purpose, order.now.at);
            let Some(record) = look.one(&table::CASE_FILE, case).await? else { continue };
            let file = CaseFile::read(self, record)?;
            let allowed = match self.judged(order, &file, &way.scope, None).await {
                Ok(allowed) => allowed,
                Err(error) => {
                    denied = Some(error);
                    continue;
                }
            };
            let find = Find::all(&table::PERSON).ids(&file.people()).limit(100);
            let persons = look.find(&find).await?;
            let known = match facts {
                true => {
                    let subjects = file.subjects();
                    let recordings = look.find(&subjects.facts()).await?;
                    Some(Known::new(subjects, recordings, persons.clone(), order.now.on, Moment::LAST)?)
                }
                false => None,
            };
            let mut people = BTreeMap::new();
            for person in persons {
                people.insert(person.id(), PersonRecord::read(person)?);
            }
            return Ok(look.release(Reached { file, allowed, people, known }).await?);
        }
        match denied {
            Some(error) => Err(error),
            None => {
                let scopes = ways.iter().map(|way| &way.scope);
                Err(self.why_not(order, case, scopes).await)
            }
        }
    }

    /// What the rules say of each programme, for who is to propose or decide and may see the figures.
    fn advice(&self, order: &Order<'_>, reached: &Reached, step: &Step) -> Result<Vec<AdviceV1>> {
        let veil = self.veil(&reached.allowed);
        let Some(known) = &reached.known else { return Ok(Vec::new()) };
        if !["income", "property", "debt", "health"].iter().all(|field| veil.whole(field)) {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for (programme, standing) in &reached.file.case.programmes {
            if !standing.lives() {
                continue;
            }
            let prepared = self.programme(&reached.file, programme, order.now.on)?;
            match known.decide_plainly(&prepared) {
                Ok(decision) => all.push(acts::advice(programme, &decision, step)),
                Err(Error::Refusal(refusal)) => all.push(AdviceV1 {
                    programme: programme.clone(),
                    outcome: None,
                    text: TextV1 {
                        zh: "事实有误，暂不能测算".into(),
                        en: "The facts cannot be used yet".into(),
                    },
                    because: Some(refusal.text.clone()),
                    law: Vec::new(),
                    amount_fen: None,
                    per: None,
                    missing: refusal
                        .fields
                        .iter()
                        .map(|f| TextV1 { zh: f.zh.clone(), en: f.en.clone() })
                        .collect(),
                }),
                Err(fault) => return Err(fault),
            }
        }
        Ok(all)
    }

    /// Citations of a workflow with the titles of their documents.
    pub(crate) fn cited(
        &self,
        file: &CaseFile,
        law: &[anmin_casework::workflow::Citation],
        order: &Order<'_>,
    ) -> Vec<LawV1> {
        let citation = |c: &anmin_casework::workflow::Citation| Citation {
            document: c.document.clone(),
            article: c.article.clone(),
        };
        let citations: Vec<Citation> = law.iter().map(citation).collect();
        file.opened.law(&citations, order.now.on)
    }

    /// The phrases the packs offer for a step.
    fn phrases(&self, file: &CaseFile, step: &str, act: &str) -> Vec<TextV1> {
        let all = &file.opened.loaded.dossier.phrases;
        let of = |name: &str| all.get(name).into_iter().flatten();
        of(step).chain(of(act).filter(|_| act != step)).map(TextV1::from).collect()
    }
}

impl StepFormV1 {
    fn advised(self, advice: Vec<AdviceV1>) -> StepFormV1 {
        StepFormV1 { advice, ..self }
    }
}

fn needs_rules(step: &Step) -> bool {
    matches!(step.act, ActKind::Opine | ActKind::Decide)
}

/// The kinds that go with a step: those it demands, and where it proves something any of its own.
fn papers(file: &CaseFile, step: &Step) -> Vec<PaperWantedV1> {
    let kinds = &file.workflow.evidence;
    let there = |kind: &str| file.case.evidence.iter().filter(|e| e.exhibit.kind == kind).count();
    let wanted = step.evidence.iter().filter_map(|name| kinds.iter().find(|kind| kind.named.name == *name));
    wanted
        .map(|kind| PaperWantedV1 {
            kind: NamedV1::from(&kind.named),
            required: true,
            there: there(&kind.named.name),
        })
        .collect()
}

/// Why a step would be refused as things are, as far as can be told before it is filled in.
fn hindered(file: &CaseFile, step: &Step, next: Option<&NextStepV1>) -> Vec<TextV1> {
    let mut all = Vec::new();
    let Some(next) = next else {
        let refusal = anmin_casework::refusal::Refusal::WrongState {
            step: step.named.name.clone(),
            state: file.case.state.clone(),
        };
        return vec![TextV1 { zh: refusal.zh(&file.workflow), en: refusal.en(&file.workflow) }];
    };
    if !next.steps_missing.is_empty() {
        let zh: Vec<&str> = next.steps_missing.iter().map(|s| s.label.zh.as_str()).collect();
        let en: Vec<&str> = next.steps_missing.iter().map(|s| s.label.en.as_str()).collect();
        all.push(TextV1 {
            zh: format!("还须先办：{}。", zh.join("、")),
            en: format!("First: {}.", en.join(", ")),
        });
    }
    for wait in &next.waits_for {
        all.push(TextV1 {
            zh: format!("“{}”到 {} 届满，次日起可以办理。", wait.clock.label.zh, wait.last.date.0),
            en: format!("{} runs until {}; from the next day on.", wait.clock.label.en, wait.last.date.0),
        });
    }
    if step.guards.iter().any(|(name, _)| name == "complete") && !super::weigh::complete(file) {
        all.push(TextV1 {
            zh: "材料尚不齐全：每名成年人都要签署核对授权书，要求补正的也要收到。".into(),
            en: "It is not complete yet: every adult signs an authority to check, and what was asked for is there.".into(),
        });
    }
    all
}

/// The decision of a programme under the rules, in a word.
pub(crate) fn said(decision: &DecisionV1) -> TextV1 {
    use crate::record::EligibleV1;
    match decision.eligible {
        Some(EligibleV1::Yes) => TextV1 { zh: "符合条件".into(), en: "Eligible".into() },
        Some(EligibleV1::No) => TextV1 { zh: "不符合条件".into(), en: "Not eligible".into() },
        _ => TextV1 { zh: "尚不能判断".into(), en: "Not known yet".into() },
    }
}
