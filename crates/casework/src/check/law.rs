//! The steps no workflow may lack. The engine refuses what goes past them; a workflow without them would be a
//! dead end for the people in it.

use super::reach::reachable;
use super::{At, Findings};
use crate::kinds::{ActKind, Outcome};
use crate::workflow::{Effect, Name, Step, Workflow};
use std::collections::BTreeSet;

pub(super) fn check(workflow: &Workflow, out: &mut Findings) {
    let steps = |act: ActKind| workflow.steps.iter().filter(move |s| s.act == act);
    for step in steps(ActKind::Accept) {
        acceptance(workflow, step, out);
    }
    for step in steps(ActKind::Post) {
        posting(workflow, step, out);
    }
    for step in steps(ActKind::AskCheck) {
        for act in [ActKind::Authorise, ActKind::ReportCheck, ActKind::TellResult, ActKind::Explain] {
            present(workflow, step, act, out);
        }
    }
    for step in steps(ActKind::Decide) {
        decision(workflow, step, out);
    }
}

fn at(step: &Step) -> At {
    At::Step(step.named.name.clone())
}

fn outcomes(step: &Step) -> impl Iterator<Item = Outcome> {
    step.outcomes.iter().map(|(outcome, _)| *outcome)
}

fn present(workflow: &Workflow, step: &Step, act: ActKind, out: &mut Findings) {
    if !workflow.has_act(act) {
        let act = act.name();
        out.add(
            at(step),
            format!("流程缺少 act: {act} 的步骤，此步骤之后当事人会无路可走"),
            format!("the workflow has no step with act: {act}; after this step people would be stuck"),
        );
    }
}

/// Who is not accepted is told so in writing; what is missing is asked for once, before.
fn acceptance(workflow: &Workflow, accept: &Step, out: &mut Findings) {
    let declines = |s: &Step| outcomes(s).any(|o| o == Outcome::Decline);
    for state in &accept.from {
        if !workflow.steps_from(state).any(declines) {
            out.add(
                at(accept),
                format!("在 {state} 可以受理却不能书面不予受理：缺少结论为 decline 的 decide 步骤"),
                format!(
                    "{state} can be accepted but not declined in writing: add a step that decides decline"
                ),
            );
        }
    }
    let after = reachable(workflow, &accept.to);
    let supplements = workflow.steps.iter().filter(|s| s.act == ActKind::Supplement);
    for step in supplements.filter(|s| s.from.iter().any(|state| after.contains(state))) {
        out.add(at(step), "受理之后不得补正", "what is missing is asked for before acceptance only");
    }
}

/// A posting has its time, and room for objections with an answer.
fn posting(workflow: &Workflow, post: &Step, out: &mut Findings) {
    let timed = |s: &Step| {
        s.after.iter().filter_map(|c| workflow.clock(c)).any(|c| c.starts.contains(&post.named.name))
    };
    let downs = workflow.steps.iter().filter(|s| s.act == ActKind::TakeDown);
    if !downs.clone().any(timed) {
        out.add(
            at(post),
            "缺少在公示期限之后才能办理的 take_down 步骤（after 指向由此步骤开始的期限）",
            "no take_down step waits (after) for a clock that this step starts",
        );
    }
    let objections = post.to.iter().flat_map(|state| workflow.steps_from(state));
    if !objections.into_iter().any(|s| s.act == ActKind::Object) {
        out.add(at(post), "公示期间没有提出异议的步骤", "nobody can object while it is posted");
    }
    present(workflow, post, ActKind::AnswerObjection, out);
}

fn decision(workflow: &Workflow, decide: &Step, out: &mut Findings) {
    let decides = outcomes(decide).any(|o| o != Outcome::Decline);
    if decides {
        for act in [ActKind::Opine, ActKind::Visit] {
            present(workflow, decide, act, out);
        }
        hands(workflow, decide, out);
    }
    let favours = |o: Outcome| matches!(o, Outcome::Grant | Outcome::Increase | Outcome::Resume);
    if outcomes(decide).any(favours) && !decide.effects.contains(&Effect::Grant) {
        out.add(at(decide), "effects 中缺少 grant", "the effect grant is missing: nothing would begin");
    }
    if workflow.remedies.is_empty() {
        out.add(
            at(decide),
            "流程没有救济途径（remedies）",
            "the workflow names no remedies: no decision may be final",
        );
    }
    let states: BTreeSet<&Name> = match &decide.to {
        Some(state) => reachable(workflow, [state]),
        None => reachable(workflow, &decide.from),
    };
    let later = |act: ActKind, outcome: Option<Outcome>| {
        workflow.steps.iter().any(|s| {
            let fits = outcome.is_none_or(|o| outcomes(s).any(|own| own == o));
            s.act == act && fits && s.from.iter().any(|state| states.contains(state))
        })
    };
    for outcome in outcomes(decide).filter(|o| o.is_adverse()) {
        let name = outcome.name();
        for (act, of) in
            [(ActKind::Notify, None), (ActKind::Deliver, None), (ActKind::TakeEffect, Some(outcome))]
        {
            if !later(act, of) {
                let act = act.name();
                out.add(
                    at(decide),
                    format!("作出 {name} 之后没有 {act} 步骤：须书面通知、送达，然后才能生效"),
                    format!("after {name} there is no {act} step: a notice, its delivery, then the effect"),
                );
            }
        }
        if !workflow.reopens.iter().any(|(o, _)| *o == outcome) {
            out.add(
                at(decide),
                format!("reopens 没有写明 {name} 被撤销后案件回到哪里"),
                format!("reopens does not say where a case goes when {name} is overturned"),
            );
        }
        if outcome.takes_away() && !heard(workflow, decide) {
            out.add(
                at(decide),
                format!("作出 {name} 之前没有听取意见的步骤（act: hear）"),
                format!("nobody is heard before {name}: add a step with act: hear"),
            );
        }
    }
}

/// There is a place between opinion and decision to hear somebody.
fn heard(workflow: &Workflow, decide: &Step) -> bool {
    let opinions = workflow.steps.iter().filter(|s| s.act == ActKind::Opine);
    let after: BTreeSet<&Name> = opinions.flat_map(|s| reachable(workflow, &s.to)).collect();
    let hearings = workflow.steps.iter().filter(|s| s.act == ActKind::Hear).flat_map(|s| &s.from);
    let leads = |state: &&Name| reachable(workflow, [*state]).iter().any(|s| decide.from.contains(s));
    hearings.filter(|state| after.contains(state)).any(|state| leads(&state))
}

/// Who looks, who judges and who decides are different people: their duties are in different sets.
fn hands(workflow: &Workflow, decide: &Step, out: &mut Findings) {
    let sets = |act: ActKind| {
        let steps = workflow.steps.iter().filter(move |s| s.act == act);
        let duties = steps.flat_map(|s| &s.by).filter_map(|d| workflow.duty(d));
        duties.map(|d| d.set.as_ref()).collect::<BTreeSet<_>>()
    };
    let own: BTreeSet<_> =
        decide.by.iter().filter_map(|d| workflow.duty(d)).map(|d| d.set.as_ref()).collect();
    let (looks, judges) = (sets(ActKind::Visit), sets(ActKind::Opine));
    let unset = [&own, &looks, &judges].iter().any(|sets| sets.contains(&None));
    let shared = !own.is_disjoint(&looks) || !own.is_disjoint(&judges) || !looks.is_disjoint(&judges);
    if unset || shared {
        out.add(
            at(decide),
            "调查、审核、确认须由不同的人：三者的职责应属于不同的 set",
            "who visits, who gives the opinion and who decides are different people: put their duties into different sets",
        );
    }
}
