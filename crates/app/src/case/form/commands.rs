//! What the commands need to know that every case has.

use super::field::{FieldKindV1 as K, FormChoiceV1 as C, FormFieldV1 as F};
use super::{Here, PaperWantedV1};
use crate::case::CaseFile;
use crate::record::TextV1;
use crate::record::case_view::{NamedV1, case_view};
use crate::record::words::Coded;
use crate::staff::relations;
use anmin_casework::record::Decision;
use anmin_store::Id;

/// The fields of a command; none where there is no such command to give.
pub(super) fn fields(here: &Here<'_>, command: &str) -> Option<Vec<F>> {
    Some(match command {
        "extend" => {
            clock(here, |clock| clock.may_extend.clone(), "延长的理由", "The reason it is extended for")
        }
        "suspend" => {
            clock(here, |clock| clock.may_suspend.clone(), "中止的情形", "The ground it stands still on")
        }
        "resume" => resume(here),
        "bar" => vec![
            F::new("with.person", K::Choice, "谁应当回避", "Who is barred").of(staff(here)),
            relation("与本案的关系", "How they are related"),
        ],
        "register_kin" => vec![
            F::new("with.staff", K::Choice, "是哪位工作人员的近亲属", "Whose relative it is").of(staff(here)),
            relation("亲属关系", "The relation"),
        ],
        "countersign_kin" => Vec::new(),
        "complain" => {
            vec![F::new("with.report", K::Text, "举报、投诉的登记编号", "The reference of the report")]
        }
        "protect" => vec![F::new("with.ground", K::Choice, "保护的情形", "The ground").of(grounds(here))],
        "assign" => assign(here),
        "hand_over" => hand_over(here),
        "aid" => vec![
            F::new("with.amount_fen", K::Money, "先行救助金额（实物填 0）", "The amount; 0 for help in kind"),
            F::new("with.need", K::Lines, "急需什么", "What is needed"),
        ],
        "aid_papers" => aid(here),
        "appeal" => {
            let remedies = here.file().workflow.remedies.iter().map(|r| C::from(NamedV1::from(&r.named)));
            vec![
                decision(here, |_| true),
                F::new("with.remedy", K::Choice, "救济途径", "The way").of(remedies.collect()),
            ]
        }
        "stay" => vec![decision(here, |d| d.stayed.is_none())],
        "lift_stay" => vec![decision(here, |d| d.stayed.is_some())],
        "overturn" => vec![decision(here, |d| d.overturned.is_none())],
        _ => return None,
    })
}

/// The papers a command goes with.
pub(super) fn papers(file: &CaseFile, command: &str) -> Vec<PaperWantedV1> {
    let kind = match command {
        "stay" | "lift_stay" | "overturn" => "order",
        "aid_papers" => "aid_papers",
        _ => return Vec::new(),
    };
    let known = file.workflow.evidence.iter().find(|known| known.named.name == kind);
    let there = file.case.evidence.iter().filter(|e| e.exhibit.kind == kind).count();
    known
        .map(|kind| PaperWantedV1 { kind: NamedV1::from(&kind.named), required: true, there })
        .into_iter()
        .collect()
}

/// The clocks for which something can be done today, and on which grounds.
fn clock(
    here: &Here<'_>,
    grounds: impl Fn(&crate::record::case_view::ClockViewV1) -> Vec<NamedV1>,
    zh: &str,
    en: &str,
) -> Vec<F> {
    let file = here.file();
    let view = case_view(&file.case, &file.workflow, here.order.now.on, here.office.calendar());
    let open: Vec<_> = view.clocks.iter().filter(|clock| !grounds(clock).is_empty()).collect();
    let clocks: Vec<C> = open
        .iter()
        .map(|clock| {
            let last = clock.deadline.date.0;
            C::from(clock.clock.clone()).hint(format!("现至 {last}"), format!("until {last} now"))
        })
        .collect();
    let mut reasons: Vec<C> = Vec::new();
    for ground in open.iter().flat_map(|clock| grounds(clock)) {
        if !reasons.iter().any(|known| known.value == ground.name) {
            reasons.push(C::from(ground));
        }
    }
    let first = clocks.first().map(|choice| choice.value.clone());
    vec![
        F::new("with.clock", K::Choice, "哪一期限", "Which period")
            .of(clocks)
            .all(first.into_iter().collect()),
        F::new("with.reason", K::Choice, zh, en).of(reasons),
    ]
}

fn resume(here: &Here<'_>) -> Vec<F> {
    let file = here.file();
    let still = file.case.clocks.iter().filter(|clock| clock.stopped.is_none() && clock.suspended.is_some());
    let choices: Vec<C> = still
        .filter_map(|clock| file.workflow.clock(&clock.name))
        .map(|rule| C::from(NamedV1::from(&rule.named)))
        .collect();
    vec![F::new("with.clock", K::Choice, "哪一期限", "Which period").of(choices)]
}

fn relation(zh: &str, en: &str) -> F {
    let all = relations().into_iter().map(|r| C::new(r.relation, r.name));
    F::new("with.relation", K::Choice, zh, en).of(all.collect())
}

/// All staff near the case.
fn staff(here: &Here<'_>) -> Vec<C> {
    let duties: Vec<String> = here
        .file()
        .workflow
        .duties
        .iter()
        .filter(|duty| duty.staff)
        .map(|duty| duty.named.name.clone())
        .collect();
    here.hands(&duties, &[])
}

/// The grounds on which a case is never posted; packs list them as phrases of `protect`.
fn grounds(here: &Here<'_>) -> Vec<C> {
    let all = &here.file().opened.loaded.dossier.grounds;
    all.iter().map(|(name, label)| C::new(name.clone(), TextV1::from(label))).collect()
}

fn assign(here: &Here<'_>) -> Vec<F> {
    let workflow = &here.file().workflow;
    let steps: Vec<_> = workflow.steps_from(&here.file().case.state).collect();
    let wanted = |name: &String| steps.iter().any(|step| step.by.contains(name));
    let staffed = workflow.duties.iter().filter(|duty| duty.staff);
    let (now, later): (Vec<_>, Vec<_>) = staffed.partition(|duty| wanted(&duty.named.name));
    let first = now.first().map(|duty| duty.named.name.clone());
    let duties = now.into_iter().chain(later).map(|duty| C::from(NamedV1::from(&duty.named)));
    let me = Id(here.order.caller.person.0).to_string();
    let staff: Vec<C> = staff(here).into_iter().filter(|choice| choice.value != me).collect();
    vec![
        F::new("with.duty", K::Choice, "指定承办什么", "Which duty")
            .of(duties.collect())
            .all(first.into_iter().collect()),
        F::new("with.person", K::Choice, "指定给谁", "To whom").of(staff),
    ]
}

fn hand_over(here: &Here<'_>) -> Vec<F> {
    let mut holders: Vec<C> = Vec::new();
    for (_, person) in &here.file().case.holders {
        if !holders.iter().any(|known| known.value == person.0) {
            holders.push(C::new(person.0.clone(), here.name(&person.0)));
        }
    }
    let me = Id(here.order.caller.person.0).to_string();
    let staff: Vec<C> = staff(here).into_iter().filter(|choice| choice.value != me).collect();
    vec![
        F::new("with.from", K::Choice, "由谁移交", "Who hands over").of(holders),
        F::new("with.to", K::Choice, "移交给谁", "Who takes over").of(staff),
    ]
}

fn aid(here: &Here<'_>) -> Vec<F> {
    let open = here.file().case.aids.iter().filter(|aid| aid.papers.is_none());
    let choices: Vec<C> = open
        .map(|aid| {
            C::new(
                aid.number.to_string(),
                TextV1 {
                    zh: format!("第 {} 次，{}，{} 元", aid.number, aid.on, aid.amount),
                    en: format!("No. {}, {}, {} yuan", aid.number, aid.on, aid.amount),
                },
            )
        })
        .collect();
    let first = choices.first().map(|choice| choice.value.clone());
    vec![
        F::new("with.aid", K::Choice, "哪一次先行救助", "Which aid")
            .of(choices)
            .all(first.into_iter().collect())
            .numbered(),
    ]
}

fn decision(here: &Here<'_>, fits: impl Fn(&&Decision) -> bool) -> F {
    let choices: Vec<C> = here
        .file()
        .case
        .decisions
        .iter()
        .filter(fits)
        .map(|d| {
            let outcome = d.ruling.outcome.label();
            C::new(
                d.number.to_string(),
                TextV1 {
                    zh: format!("第 {} 号：{}，{}", d.number, outcome.zh, d.on),
                    en: format!("No. {}: {}, {}", d.number, outcome.en, d.on),
                },
            )
        })
        .collect();
    let last = choices.last().map(|choice| choice.value.clone());
    F::new("with.decision", K::Choice, "哪一项决定", "Which decision")
        .of(choices)
        .all(last.into_iter().collect())
        .numbered()
}
