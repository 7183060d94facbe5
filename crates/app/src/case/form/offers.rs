//! What the caller can do in a case now: steps of its state and commands, as far as their posts reach it.

use super::{Reached, hindered};
use crate::case::CaseFile;
use crate::error::{Error, Result};
use crate::office::{Office, Order};
use crate::record::TextV1;
use crate::record::case_view::{NamedV1, case_view};
use crate::record::words::command_label;
use anmin_authz::scope::Scope;
use anmin_casework::kinds::{ActKind, COMMANDS};
use anmin_casework::workflow::{Step, Workflow};
use anmin_store::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// What can be done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OffersV1 {
    /// Steps of the state, the most usual first.
    pub steps: Vec<OfferV1>,
    /// Commands that every case has.
    pub commands: Vec<OfferV1>,
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfferV1 {
    /// The step or command.
    pub step: NamedV1,
    /// What it is to the engine.
    pub act: String,
    /// The state it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NamedV1>,
    /// Why it would be refused as things are; none: nothing is known that stands against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hindered: Option<TextV1>,
    /// Whether there is nothing to fill in.
    pub plain: bool,
}

/// Commands that are offered where they have something to be about.
fn has_use(command: &str, reached: &Reached, view: &crate::record::case_view::CaseViewV1) -> bool {
    let case = &reached.file.case;
    match command {
        "extend" => view.clocks.iter().any(|clock| !clock.may_extend.is_empty()),
        "suspend" => view.clocks.iter().any(|clock| clock.runs && !clock.may_suspend.is_empty()),
        "resume" => view.clocks.iter().any(|clock| clock.suspended.is_some()),
        "countersign_kin" => case.kin.as_ref().is_some_and(|kin| kin.countersigned.is_none()),
        "register_kin" => case.kin.is_none() && !view.ended,
        "protect" => case.protected.is_none() && !view.ended,
        "hand_over" => !case.holders.is_empty(),
        "aid_papers" => case.aids.iter().any(|aid| aid.papers.is_none()),
        "appeal" | "overturn" => !case.decisions.is_empty(),
        "stay" => case.decisions.iter().any(|d| d.stayed.is_none() && d.ruling.outcome.is_adverse()),
        "lift_stay" => case.decisions.iter().any(|d| d.stayed.is_some()),
        "assign" | "bar" | "complain" | "aid" => !view.ended,
        _ => false,
    }
}

/// How usual a step is where a case stands: what leads on before what records, and what turns away last.
fn usual(workflow: &Workflow, step: &Step, state: &str, hindered: bool) -> (bool, u8) {
    let index = |name: &str| workflow.states.iter().position(|known| known.named.name == name);
    let back = step.to.as_deref().and_then(index) < index(state);
    let rank = match step.act {
        ActKind::Withdraw | ActKind::Revoke => 9,
        ActKind::Supplement | ActKind::Object => 6,
        _ if step.to.is_some() && back => 6,
        _ if step.to.is_none() => 3,
        _ => {
            let against =
                !step.outcomes.is_empty() && step.outcomes.iter().all(|(outcome, _)| outcome.is_adverse());
            if against { 5 } else { 1 }
        }
    };
    (hindered, rank)
}

impl Office {
    /// What the caller can do in a case now.
    ///
    /// # Errors
    /// There is no such case for them; or a fault.
    pub async fn offers(&self, order: &Order<'_>, case: Id) -> Result<OffersV1> {
        let workflow = self.course_of(case).await?;
        let mut ways = Vec::new();
        for step in &workflow.steps {
            ways.extend(self.ways(order, &workflow, &step.by, step.act.name(), None).unwrap_or_default());
        }
        let seen = self.looking(order);
        if let Ok((scope, _)) = seen {
            let purpose = match scope.holder() {
                anmin_authz::scope::Holder::Person { purpose, .. } => purpose,
                anmin_authz::scope::Holder::Job(_) => anmin_authz::authority::PurposeId(0),
            };
            ways.push(super::Way { duty: String::new(), scope, purpose });
        }
        let reached = self.reached(order, case, &ways, false).await?;
        let file = &reached.file;
        let view = case_view(&file.case, &file.workflow, order.now.on, self.calendar());
        let mut steps = Vec::new();
        for step in file.workflow.steps_from(&file.case.state) {
            let ways = self.ways(order, &file.workflow, &step.by, step.act.name(), None);
            let Ok(ways) = ways else { continue };
            let mut leads = false;
            for way in &ways {
                leads |= self.leads(order, file, &way.scope).await?;
            }
            if !leads {
                continue;
            }
            let next = view.next.iter().find(|next| next.step.name == step.named.name);
            let hindered = hindered(file, step, next).into_iter().next().or_else(|| idle(step, &reached));
            let offer = OfferV1 {
                step: NamedV1::from(&step.named),
                act: step.act.name().to_owned(),
                to: next.and_then(|next| next.to.clone()),
                plain: step.evidence.is_empty()
                    && matches!(
                        step.act,
                        ActKind::Plain | ActKind::Accept | ActKind::TellResult | ActKind::Spare
                    ),
                hindered,
            };
            steps.push((usual(&file.workflow, step, &file.case.state, offer.hindered.is_some()), offer));
        }
        steps.sort_by_key(|(rank, _)| *rank);
        let mut commands = Vec::new();
        for command in COMMANDS {
            let Some(label) = command_label(command) else { continue };
            if !has_use(command, &reached, &view) {
                continue;
            }
            let Ok(ways) = self.command_ways(order, &file.workflow, command, None) else { continue };
            let mut leads = false;
            for way in &ways {
                leads |= self.leads(order, file, &way.scope).await?;
            }
            if leads {
                let (step, act) = (NamedV1 { name: command.into(), label }, command.to_owned());
                commands.push(OfferV1 {
                    step,
                    act,
                    to: None,
                    hindered: None,
                    plain: command == "countersign_kin",
                });
            }
        }
        Ok(OffersV1 { steps: steps.into_iter().map(|(_, offer)| offer).collect(), commands })
    }

    /// Whether a way leads to the case.
    async fn leads(&self, order: &Order<'_>, file: &CaseFile, scope: &Scope) -> Result<bool> {
        match self.judged(order, file, scope, None).await {
            Ok(_) => Ok(true),
            Err(Error::Refusal(_)) => Ok(false),
            Err(fault) => Err(fault),
        }
    }
}

/// A step that has nothing to be about: nothing was found to tell, no decision waits for its notice.
fn idle(step: &Step, reached: &Reached) -> Option<TextV1> {
    let case = &reached.file.case;
    let open = |fits: &dyn Fn(&anmin_casework::record::Decision) -> bool| {
        case.decisions.iter().any(|d| d.overturned.is_none() && d.effect.is_none() && fits(d))
    };
    let (idle, zh, en) = match step.act {
        ActKind::TellResult => (!case.untold(), "没有需要告知的差异。", "Nothing was found that differs."),
        ActKind::Explain => (case.checks.is_empty(), "还没有核对结果。", "There is no check yet."),
        ActKind::ReportCheck => {
            (case.silent_sources().is_empty(), "没有等待答复的核对。", "No check waits for an answer.")
        }
        ActKind::Authorise => {
            let all = case
                .adults
                .iter()
                .all(|adult| case.authorities.iter().any(|a| a.subject == *adult && a.revoked.is_none()));
            (all, "每名成年人都已签署授权。", "Every adult has signed.")
        }
        ActKind::Supplement => {
            (case.supplement.is_some(), "补正已经告知过，只能一次。", "It was asked for once already.")
        }
        ActKind::Notify => {
            (!open(&|d| d.noticed.is_none()), "没有待告知的决定。", "No decision waits for its notice.")
        }
        ActKind::Deliver => (
            !open(&|d| d.noticed.is_some() && d.delivery.is_none()),
            "没有待送达的决定。",
            "No decision waits to be delivered.",
        ),
        ActKind::TakeEffect => {
            let fits = |d: &anmin_casework::record::Decision| {
                d.waits() && d.delivery.is_some() && step.outcomes.iter().any(|(o, _)| *o == d.ruling.outcome)
            };
            (
                !open(&fits),
                "没有已送达、待生效的决定。",
                "No decision has been delivered that waits for its effect.",
            )
        }
        ActKind::AnswerObjection => (
            case.open_objections().next().is_none(),
            "没有待答复的异议。",
            "No objection waits for an answer.",
        ),
        ActKind::Spare => {
            (case.protected.is_none(), "本案没有不予公示的情形。", "The case is not protected.")
        }
        _ => return None,
    };
    idle.then(|| TextV1 { zh: zh.into(), en: en.into() })
}
