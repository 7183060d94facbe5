//! Whatever a step or clock names exists, and what it needs is there.

use super::{At, Findings};
use crate::kinds::{ActKind, COMMANDS, MARKS};
use crate::workflow::{ClockRule, Definition, Effect, Name, Step, Workflow};

pub(super) fn check(workflow: &Workflow, out: &mut Findings) {
    for step in &workflow.steps {
        step_names(workflow, step, out);
        step_parts(step, out);
    }
    for clock in &workflow.clocks {
        clock_names(workflow, clock, out);
    }
    for task in &workflow.tasks {
        known(out, &At::Task(task.named.name.clone()), "duty", &task.duty, |n| workflow.duty(n).is_some());
    }
    for (outcome, state) in &workflow.reopens {
        let what = format!("reopens {outcome}");
        known(out, &At::Workflow, &what, state, |n| workflow.state(n).is_some_and(|s| !s.last));
    }
    unique(workflow, out);
}

fn known(out: &mut Findings, at: &At, what: &str, name: &Name, there: impl Fn(&str) -> bool) {
    if !there(name) {
        out.add(at.clone(), format!("{what} 中的 {name} 没有声明"), format!("{what} {name} is not declared"));
    }
}

fn step_names(workflow: &Workflow, step: &Step, out: &mut Findings) {
    let at = At::Step(step.named.name.clone());
    for duty in &step.by {
        known(out, &at, "by", duty, |n| workflow.duty(n).is_some());
    }
    for state in step.from.iter().chain(&step.to).chain(&step.ends) {
        known(out, &at, "state", state, |n| workflow.state(n).is_some());
    }
    let guards = step.guards.iter().chain(step.outcomes.iter().flat_map(|(_, guards)| guards));
    for (verdict, _) in guards {
        known(out, &at, "verdict", verdict, |n| workflow.verdicts.iter().any(|v| v.name == n));
    }
    for kind in &step.evidence {
        known(out, &at, "evidence", kind, |n| workflow.evidence.iter().any(|e| e.named.name == n));
    }
    for needed in &step.needs {
        known(out, &at, "needs", needed, |n| workflow.step(n).is_some());
    }
    for clock in &step.after {
        known(out, &at, "after", clock, |n| workflow.clock(n).is_some());
    }
    for effect in &step.effects {
        match effect {
            Effect::Letter(name) | Effect::Hearing(Some(name)) => {
                known(out, &at, "letter", name, |n| workflow.letters.iter().any(|l| l.name == n))
            }
            Effect::Task(name) => {
                known(out, &at, "task", name, |n| workflow.tasks.iter().any(|t| t.named.name == n))
            }
            Effect::Notice(_) | Effect::Grant | Effect::Hearing(None) => {}
        }
    }
}

fn step_parts(step: &Step, out: &mut Findings) {
    let at = At::Step(step.named.name.clone());
    let name = &step.named.name;
    if step.by.is_empty() {
        out.add(at.clone(), "没有写明由谁办理（by）", "nobody may take it: by is missing");
    }
    let opens = matches!(step.act, ActKind::Receive | ActKind::CarryOver);
    if opens != step.from.is_empty() || (opens && step.to.is_none()) {
        out.add(
            at.clone(),
            "开案步骤（receive、carry_over）没有 from、必须有 to；其他步骤必须有 from",
            "a step that opens the case (receive, carry_over) has no from and has a to; any other has a from",
        );
    }
    let says = matches!(step.act, ActKind::Opine | ActKind::Decide | ActKind::TakeEffect);
    if says == step.outcomes.is_empty() {
        out.add(
            at.clone(),
            "outcomes 由 opine、decide、take_effect 步骤写明，其他步骤没有",
            "outcomes belong to steps that opine, decide or take_effect, and only to them",
        );
    }
    if step.must.iter().any(|must| !step.outcomes.iter().any(|(o, _)| o == must)) {
        out.add(
            at.clone(),
            "must 中的结论不在 outcomes 中",
            "must names an outcome that is not among outcomes",
        );
    }
    if COMMANDS.contains(&name.as_str()) || MARKS.contains(&name.as_str()) {
        out.add(
            at,
            format!("{name} 是每个案件都有的命令，步骤请另取名"),
            format!("{name} is a command every case has; choose another name"),
        );
    }
}

fn clock_names(workflow: &Workflow, clock: &ClockRule, out: &mut Findings) {
    let at = At::Clock(clock.named.name.clone());
    for (what, names) in [("starts", &clock.starts), ("stops", &clock.stops)] {
        if names.is_empty() {
            out.add(
                at.clone(),
                format!("期限没有 {what}：每个期限都要有开始和结束"),
                format!("the clock has no {what}: every clock starts and stops"),
            );
        }
        for name in names {
            known(out, &at, what, name, |n| workflow.step(n).is_some() || MARKS.contains(&n));
        }
    }
    for (verdict, _) in &clock.given {
        known(out, &at, "verdict", verdict, |n| workflow.verdicts.iter().any(|v| v.name == n));
    }
    let extenders = clock.extension.iter().flat_map(|e| &e.by);
    for duty in extenders.chain(&clock.tells) {
        known(out, &at, "duty", duty, |n| workflow.duty(n).is_some());
    }
    if clock.amber < clock.red {
        out.add(at.clone(), "amber 应不少于 red", "amber comes before red: give it at least as many days");
    }
    if let Some(extension) = &clock.extension {
        known(out, &at, "letter", &extension.letter, |n| workflow.letters.iter().any(|l| l.name == n));
        if extension.by.is_empty() || extension.reasons.is_empty() {
            out.add(
                at.clone(),
                "延长须写明由谁（by）、以何理由（reasons）",
                "an extension needs by and reasons",
            );
        }
    }
    let grounds = clock.extension.iter().flat_map(|e| &e.reasons).chain(&clock.suspensions);
    for ground in grounds.filter(|g| g.law.is_empty()) {
        let name = &ground.named.name;
        out.add(
            at.clone(),
            format!("{name} 没有条款：只有写明条款的情形才能延长或中止"),
            format!("{name} cites no article: only a cited one extends or suspends a clock"),
        );
    }
}

fn unique(workflow: &Workflow, out: &mut Findings) {
    let steps: Vec<&Name> = workflow.steps.iter().map(|s| &s.named.name).collect();
    for (n, name) in steps.iter().enumerate().filter(|(n, name)| steps[..*n].contains(name)) {
        let _ = n;
        out.add(At::Step((*name).clone()), "步骤重名", "the name is already another step's");
    }
}

/// Steps and clocks ask only for switches and options that exist, and clocks with an extension extend.
pub(super) fn switches(definition: &Definition, out: &mut Findings) {
    let steps = definition.all.steps.iter().map(|s| (At::Step(s.named.name.clone()), &s.when));
    let clocks = definition.all.clocks.iter().map(|c| (At::Clock(c.named.name.clone()), &c.when));
    for (at, when) in steps.chain(clocks) {
        for (name, options) in when {
            let switch = definition.switches.iter().find(|s| s.named.name == *name);
            known(out, &at, "when", name, |_| switch.is_some());
            for option in options {
                let there = |n: &str| switch.is_none_or(|s| s.options.iter().any(|o| o.name == n));
                known(out, &at, "when", option, there);
            }
        }
    }
    for clock in &definition.all.clocks {
        let Some(extension) = &clock.extension else { continue };
        let settings = definition.limits.get(&clock.named.name).into_iter().flatten();
        for setting in settings.filter(|s| s.value >= extension.limit) {
            let (limit, longer) = (setting.value, extension.limit);
            out.add(
                At::Clock(clock.named.name.clone()),
                format!("延长后的期限 {longer} 不长于原期限 {limit}"),
                format!("the extended period {longer} is not longer than the period {limit}"),
            );
        }
    }
}
