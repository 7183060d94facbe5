//! What each act needs to know, with what the case offers to choose from.

use super::field::{FieldKindV1 as K, FormChoiceV1 as C, FormFieldV1 as F};
use super::{AdviceV1, Here, said};
use crate::record::case_view::NamedV1;
use crate::record::words::Coded;
use crate::record::{DecisionV1, EligibleV1, TextV1};
use anmin_casework::kinds::{ActKind, Exception, Manner, Outcome, known};
use anmin_casework::record::{Answer, Decision, Evidence, Standing};
use anmin_casework::workflow::Step;

/// The fields of a step.
pub(super) fn fields(here: &Here<'_>, step: &Step) -> Vec<F> {
    match step.act {
        ActKind::Plain
        | ActKind::Receive
        | ActKind::CarryOver
        | ActKind::Accept
        | ActKind::TellResult
        | ActKind::TakeDown
        | ActKind::Spare
        | ActKind::Withdraw => Vec::new(),
        ActKind::Supplement => vec![
            F::new("with.missing", K::List, "还缺什么，一行一项", "What is missing, a line each")
                .hint("补正只能一次性告知，请一次列全。", "It can be asked once only: list everything."),
        ],
        ActKind::Authorise => authorise(here),
        ActKind::Revoke => {
            vec![F::new("with.subject", K::Choice, "谁撤回授权", "Who takes it back").of(adults(here, true))]
        }
        ActKind::AskCheck => ask_check(here),
        ActKind::ReportCheck => report_check(here),
        ActKind::Explain => explain(here),
        ActKind::Visit | ActKind::SpotVisit => visit(here, step),
        ActKind::Appraise => appraise(here),
        ActKind::Opine => opine(here, step),
        ActKind::Post => post(here),
        ActKind::Object => object(here),
        ActKind::AnswerObjection => answer_objection(here),
        ActKind::Hear => hear(here),
        ActKind::Decide => decide(here, step),
        ActKind::Notify => vec![the_decision(here, |d| d.noticed.is_none())],
        ActKind::Deliver => deliver(here),
        ActKind::TakeEffect => vec![the_decision(here, |d| {
            d.waits() && step.outcomes.iter().any(|(allowed, _)| *allowed == d.ruling.outcome)
        })],
    }
}

/// The adults of the case, with a live authority or without.
fn adults(here: &Here<'_>, authorised: bool) -> Vec<C> {
    let case = &here.file().case;
    let has = |adult: &anmin_casework::record::Person| {
        case.authorities.iter().any(|a| a.subject == *adult && a.revoked.is_none())
    };
    let these = case.adults.iter().filter(|adult| has(adult) == authorised);
    these.map(|adult| C::new(adult.0.clone(), here.name(&adult.0))).collect()
}

fn authorise(here: &Here<'_>) -> Vec<F> {
    let open = adults(here, false);
    let first = open.first().map(|choice| choice.value.clone()).unwrap_or_default();
    let signers = here.file().case.adults.iter().map(|adult| C::new(adult.0.clone(), here.name(&adult.0)));
    vec![
        F::new("with.subject", K::Choice, "授权核对谁的情况", "Whose means may be checked")
            .of(open)
            .with(first.clone()),
        F::new("with.signer", K::Choice, "签字人（本人或监护人）", "Who signs: the person or a guardian")
            .of(signers.collect())
            .with(first),
    ]
}

/// The sources of the table of authority.
fn sources(here: &Here<'_>) -> Vec<C> {
    let sources = &here.office.authority().parts().sources;
    sources.iter().map(|s| C::new(s.name.clone(), TextV1 { zh: s.zh.clone(), en: s.en.clone() })).collect()
}

fn source(here: &Here<'_>, name: &str) -> TextV1 {
    let found = sources(here).into_iter().find(|choice| choice.value == name);
    found.map_or_else(|| TextV1 { zh: name.into(), en: name.into() }, |choice| choice.label)
}

fn ask_check(here: &Here<'_>) -> Vec<F> {
    let whose = adults(here, true);
    let all = whose.iter().map(|choice| choice.value.clone()).collect();
    let contested = here.file().case.contested_sources();
    vec![
        F::new("with.subjects", K::Choices, "核对谁的情况", "Whose means")
            .of(whose)
            .all(all)
            .hint("只列已签署授权的人。", "Only those who have signed an authority."),
        F::new("with.sources", K::Choices, "向哪些来源核对", "Which sources are asked")
            .of(sources(here))
            .all(contested),
    ]
}

fn report_check(here: &Here<'_>) -> Vec<F> {
    let waits = |answer: &Option<Answer>| matches!(answer, None | Some(Answer::NoAnswer));
    let checks = &here.file().case.checks;
    let open = checks.iter().find(|c| c.sources.iter().any(|(_, a)| a.is_none()));
    let late = || checks.iter().rev().find(|c| c.sources.iter().any(|(_, a)| waits(a)));
    let Some(check) = open.or_else(late) else { return Vec::new() };
    let mut fields = vec![F { kind: K::FixedNumber, ..F::fixed("with.check", check.number.to_string()) }];
    let answers: Vec<C> = Answer::all().into_iter().map(|(_, answer)| C::coded(answer)).collect();
    for (n, (name, _)) in check.sources.iter().filter(|(_, a)| waits(a)).enumerate() {
        let label = source(here, name);
        fields.push(F::fixed(format!("with.answers[{n}].source"), name.clone()));
        let answer =
            F::new(format!("with.answers[{n}].answer"), K::Choice, "", "").of(answers.clone()).drops();
        let answer = match n {
            0 => answer.hint(
                "还没有结果的来源先不选，以后再报；“未答复”是记录其没有答复，不等于没有。",
                "Leave out who has not answered yet; 'no answer' records their silence, which is no answer.",
            ),
            _ => answer,
        };
        fields.push(F { label: label.clone(), ..answer });
    }
    let until = here.order.now.on.add_months(6).to_string();
    fields.push(
        F::new("with.valid_until", K::Date, "结果有效期至", "The answers may be used until")
            .with(until)
            .optional(),
    );
    fields
}

fn explain(here: &Here<'_>) -> Vec<F> {
    let case = &here.file().case;
    let answered = case.checks.iter().filter(|c| c.cycle == case.cycle).flat_map(|c| &c.sources);
    let mut names: Vec<String> =
        answered.filter(|(_, a)| a.is_some()).map(|(name, _)| name.clone()).collect();
    names.sort();
    names.dedup();
    let choices = names.iter().map(|name| C::new(name.clone(), source(here, name))).collect();
    vec![
        F::new(
            "with.contested",
            K::Choices,
            "本人认为哪些来源的结果不对",
            "Whose answers the person contests",
        )
        .of(choices)
        .optional()
        .hint(
            "都没有异议的，不选。有异议的，会请来源再核对一次。",
            "Tick none if nothing is contested. What is contested is asked for again.",
        ),
    ]
}

fn visit(here: &Here<'_>, step: &Step) -> Vec<F> {
    let staff = here.hands(&step.by, &[step.act.name()]);
    let me = anmin_store::Id(here.order.caller.person.0).to_string();
    let mine = staff.iter().any(|choice| choice.value == me).then_some(me);
    vec![
        F::new("with.visitors", K::Choices, "入户人员（至少两人）", "Who visited: at least two")
            .of(staff)
            .all(mine.into_iter().collect())
            .hint(
                "两人以上，都没有回避情形；协理员或社工可以作为第二人。",
                "Two or more, none of them barred; an assistant or social worker may come second.",
            ),
    ]
}

fn appraise(here: &Here<'_>) -> Vec<F> {
    let workflow = &here.file().workflow;
    let least = workflow.figure(known::APPRAISAL_LEAST);
    let odd = workflow.figure(known::APPRAISAL_ODD) == 1;
    let thirds = workflow.figure(known::APPRAISAL_THIRDS);
    let mut zh: Vec<String> = Vec::new();
    let mut en: Vec<String> = Vec::new();
    if least > 0 {
        zh.push(format!("不少于 {least} 人"));
        en.push(format!("at least {least}"));
    }
    if odd {
        zh.push("总人数为单数".into());
        en.push("an odd number".into());
    }
    if thirds > 0 {
        zh.push(format!("居（村）民代表占三分之{thirds}以上"));
        en.push(format!("{thirds} thirds of them residents' representatives"));
    }
    let present = F::new("with.present", K::Number, "到会人数", "Persons who took part");
    let present = if zh.is_empty() {
        present
    } else {
        present.hint(format!("{}。", zh.join("，")), format!("{}.", en.join(", ")))
    };
    vec![
        present,
        F::new("with.representatives", K::Number, "其中居（村）民代表", "Of them residents' representatives"),
        F::new("with.in_favour", K::Number, "认为确有困难的人数", "Of them who found the household in need"),
    ]
}

/// The outcome among a step's that goes with what the rules say.
pub(super) fn advice(programme: &str, decision: &DecisionV1, step: &Step) -> AdviceV1 {
    let has = |outcome: Outcome| step.outcomes.iter().any(|(known, _)| *known == outcome).then_some(outcome);
    let outcome = match decision.eligible {
        Some(EligibleV1::Yes) => has(Outcome::Grant).or(has(Outcome::Keep)),
        Some(EligibleV1::No) => has(Outcome::Refuse).or(has(Outcome::Stop)),
        _ => None,
    };
    // Not to accept rests on the papers, not on what the household has.
    let decline = step.outcomes.iter().all(|(known, _)| *known == Outcome::Decline);
    AdviceV1 {
        programme: programme.to_owned(),
        outcome: outcome.filter(|_| !decline).map(|outcome| outcome.name().to_owned()),
        text: said(decision),
        because: decision.reason.as_ref().map(|reason| reason.text.clone()),
        law: decision.reason.as_ref().map(|reason| reason.law.clone()).unwrap_or_default(),
        amount_fen: decision.amount_fen,
        per: decision.amount_per.map(str::to_owned),
        missing: decision.missing.iter().map(|missing| missing.label.clone()).collect(),
    }
}

/// Outcomes that fit where a programme stands.
fn outcomes(step: &Step, standing: Standing) -> Vec<Outcome> {
    let applied = standing == Standing::Open;
    let fits = |outcome: &Outcome| match outcome {
        Outcome::Grant | Outcome::Refuse | Outcome::Decline => applied,
        _ => !applied,
    };
    step.outcomes.iter().map(|(outcome, _)| *outcome).filter(fits).collect()
}

/// The programmes a proposal or ruling is about, each with its outcomes.
fn programmes<'h>(here: &'h Here<'_>, step: &Step) -> Vec<(&'h String, Vec<Outcome>)> {
    let lives = here.file().case.programmes.iter().filter(|(_, standing)| standing.lives());
    lives.map(|(name, standing)| (name, outcomes(step, *standing))).collect()
}

fn outcome_field(here: &Here<'_>, at: &str, programme: &str, outcomes: &[Outcome]) -> F {
    let advised =
        here.advice.iter().find(|advice| advice.programme == programme).and_then(|a| a.outcome.clone());
    let proposed = here.file().case.proposed(programme).map(|outcome| outcome.name().to_owned());
    let only = (outcomes.len() == 1).then(|| outcomes[0].name().to_owned());
    let fits = |name: &String| outcomes.iter().any(|outcome| outcome.name() == name);
    let first = advised.filter(fits).or_else(|| proposed.filter(fits)).or(only);
    let choices = outcomes.iter().map(|outcome| C::coded(*outcome)).collect();
    let label = here.office.opened(programme, here.file().opened.region.as_deref());
    let label = label.map_or_else(
        |_| TextV1 { zh: programme.into(), en: programme.into() },
        |opened| TextV1::from(&opened.loaded.service.name),
    );
    let field = F { label, ..F::new(format!("{at}.outcome"), K::Choice, "", "") };
    field.of(choices).all(first.into_iter().collect())
}

/// The reason in words with its article, as the rules give it.
fn reason_fields(here: &Here<'_>, at: &str, programme: &str, step: &Step, adverse: bool) -> Vec<F> {
    let advice = here.advice.iter().find(|advice| advice.programme == programme);
    let advised = advice.and_then(|a| a.outcome.as_deref()).is_some_and(|name| {
        Outcome::ALL.into_iter().any(|outcome| outcome.name() == name && outcome.is_adverse())
    });
    let text = advice.filter(|_| advised && adverse).and_then(|advice| advice.because.clone());
    let law = advice.filter(|_| advised).and_then(|advice| advice.law.first().cloned());
    let cited = law
        .map(|law| (law.document, law.article))
        .or_else(|| step.law.first().map(|law| (law.document.clone(), law.article.clone())));
    let (document, article) = cited.unwrap_or_default();
    let documents = here.file().opened.loaded.documents.iter().map(|(key, document)| {
        let number = document.number.as_ref().map(|number| format!(" {number}")).unwrap_or_default();
        let zh = format!("《{}》{number}", document.title.zh);
        C::new(key.clone(), TextV1 { zh, en: format!("{}{number}", document.title.en) })
    });
    vec![
        F::new(format!("{at}.reasons[0].text"), K::Lines, "理由", "The reason")
            .all(text.map(|text| text.zh).into_iter().collect())
            .drops()
            .hint(
                "不同意、调减、停发、追回须写明理由；当事人会读到这段话。与规则建议不一致的，写明为什么。",
                "Needed for anything against the person, who will read it; and where it is not what the rules say, why.",
            ),
        F::new(format!("{at}.reasons[0].document"), K::Choice, "依据的文件", "The document it rests on")
            .of(documents.collect())
            .with(document)
            .optional(),
        F::new(format!("{at}.reasons[0].article"), K::Text, "条款", "The article").with(article).optional(),
    ]
}

fn exception_field(at: &str, outcomes: &[Outcome]) -> Option<F> {
    let some = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Stop | Outcome::Suspend));
    let mut choices =
        vec![C::new("", TextV1 { zh: "没有（须听取意见）".into(), en: "None: the person is heard".into() })];
    choices.extend(Exception::all().into_iter().map(|(_, exception)| C::coded(exception)));
    some.then(|| {
        F::new(format!("{at}.exception"), K::Choice, "免听取情形", "Why nobody is heard")
            .of(choices)
            .optional()
    })
}

fn opine(here: &Here<'_>, step: &Step) -> Vec<F> {
    let mut fields = Vec::new();
    for (n, (programme, outcomes)) in programmes(here, step).into_iter().enumerate() {
        let at = format!("with.proposals[{n}]");
        fields.push(F::fixed(format!("{at}.programme"), programme.clone()));
        fields.push(outcome_field(here, &at, programme, &outcomes));
        let adverse = outcomes.iter().any(|outcome| outcome.is_adverse());
        fields.extend(reason_fields(here, &at, programme, step, adverse));
        fields.extend(exception_field(&at, &outcomes));
    }
    fields
}

fn decide(here: &Here<'_>, step: &Step) -> Vec<F> {
    let mut fields = Vec::new();
    let case = &here.file().case;
    for (n, (programme, outcomes)) in programmes(here, step).into_iter().enumerate() {
        let at = format!("with.rulings[{n}]");
        fields.push(F::fixed(format!("{at}.programme"), programme.clone()));
        fields.push(outcome_field(here, &at, programme, &outcomes));
        let decline = outcomes.iter().all(|outcome| *outcome == Outcome::Decline);
        if !decline {
            let first = match here.file().workflow.chosen.get("first_month").map(String::as_str) {
                Some("application") => case.opened.first_of_month(),
                _ => here.order.now.on.first_of_month().add_months(1),
            };
            fields.push(
                F::new(format!("{at}.from"), K::Date, "自哪一日起", "From which day")
                    .with(first.to_string())
                    .optional(),
            );
        }
        let adverse = outcomes.iter().any(|outcome| outcome.is_adverse());
        fields.extend(reason_fields(here, &at, programme, step, adverse));
        if adverse {
            fields.push(rests_on(here, &at, outcomes.iter().all(|outcome| outcome.is_adverse())));
        }
        fields.extend(exception_field(&at, &outcomes));
    }
    fields
}

/// The exhibits of the case that may be held against somebody.
fn rests_on(here: &Here<'_>, at: &str, chosen: bool) -> F {
    let today = here.order.now.on;
    let usable = |e: &&Evidence| {
        let exhibit = &e.exhibit;
        !exhibit.derived && !e.contested && exhibit.valid_until.is_none_or(|until| until >= today)
    };
    let kinds = &here.file().workflow.evidence;
    let label = |e: &Evidence| {
        let known = kinds.iter().find(|kind| kind.named.name == e.exhibit.kind);
        let made = crate::record::words::evidence_label(&e.exhibit.kind);
        let words = known.map(|kind| NamedV1::from(&kind.named).label).or(made);
        words.unwrap_or_else(|| TextV1 { zh: e.exhibit.kind.clone(), en: e.exhibit.kind.clone() })
    };
    let these: Vec<&Evidence> = here.file().case.evidence.iter().filter(usable).collect();
    let choices = these.iter().map(|e| {
        let label = label(e);
        let from = match e.exhibit.source.is_empty() {
            true => String::new(),
            false => format!("（{}）", source(here, &e.exhibit.source).zh),
        };
        C::new(
            e.exhibit.reference.clone(),
            TextV1 { zh: format!("{}{from} {}", label.zh, e.on), en: format!("{} of {}", label.en, e.on) },
        )
    });
    let forms = ["visit_form", "application", "check_answer"];
    let main = these.iter().filter(|e| chosen && forms.contains(&e.exhibit.kind.as_str()));
    F::new(format!("{at}.evidence"), K::Choices, "依据的证据", "The evidence it rests on")
        .of(choices.collect())
        .all(main.map(|e| e.exhibit.reference.clone()).collect())
        .optional()
        .hint(
            "对当事人不利的决定须列出；有争议、过期和推算的证据不在其中。",
            "Needed for anything against the person; what is contested, stale or estimated is not offered.",
        )
}

fn post(here: &Here<'_>) -> Vec<F> {
    let rights = here.office.rights();
    let area = here.file().record.link("area").map(|id| anmin_authz::id::AreaId(id.0));
    let place = area.map_or(String::new(), |area| format!("{}公示栏", rights.area_name(area)));
    let apart = here.file().workflow.figure(known::PLACES_APART);
    let field =
        F::new("with.places", K::List, "张贴地点，一行一处", "Where it is posted, a line each").with(place);
    vec![if apart > 1 {
        field.hint(
            format!("人户分离的，须在 {apart} 处张贴（居住地和户籍地）。"),
            format!("Where residence and registration differ, in {apart} places."),
        )
    } else {
        field
    }]
}

fn object(here: &Here<'_>) -> Vec<F> {
    let number = here.file().case.objections.len() + 1;
    let nobody = crate::case::row_id(here.file().id(), "nobody", &number.to_string()).to_string();
    vec![
        F::new("with.objector", K::Person, "异议人的身份证号或姓名", "Who objects: identity number or name")
            .with(nobody)
            .optional()
            .hint(
                "匿名的不填。异议人的身份保密，公示单和答复书上都不出现。",
                "Leave it empty for somebody who gives no name. Who objects is kept to ourselves.",
            ),
    ]
}

fn answer_objection(here: &Here<'_>) -> Vec<F> {
    let open = here.file().case.open_objections();
    let choices: Vec<C> = open
        .map(|o| {
            C::new(
                o.number.to_string(),
                TextV1 {
                    zh: format!("第 {} 件，{} 提出", o.number, o.on),
                    en: format!("No. {}, made on {}", o.number, o.on),
                },
            )
        })
        .collect();
    let first = choices.first().map(|choice| choice.value.clone());
    vec![
        F::new("with.objection", K::Choice, "哪一件异议", "Which objection")
            .of(choices)
            .all(first.into_iter().collect())
            .numbered(),
        F::new("with.upheld", K::Flag, "异议是否成立", "Whether the objection is right").of(vec![
            C::new("false", TextV1 { zh: "不成立".into(), en: "It is not".into() }),
            C::new("true", TextV1 { zh: "成立".into(), en: "It is".into() }),
        ]),
    ]
}

fn hear(here: &Here<'_>) -> Vec<F> {
    let people = here.file().people();
    let applicant = here.file().record.link("applicant").map(|id| id.to_string());
    let choices = people.iter().map(|id| C::new(id.to_string(), here.name(&id.to_string()))).collect();
    vec![
        F::new("with.heard", K::Choice, "听取谁的意见", "Who was heard")
            .of(choices)
            .all(applicant.into_iter().collect()),
        F::new("with.how", K::Choice, "方式", "How").of(vec![
            C::new("当面", TextV1 { zh: "当面".into(), en: "In person".into() }),
            C::new("入户", TextV1 { zh: "入户".into(), en: "At home".into() }),
            C::new("电话", TextV1 { zh: "电话".into(), en: "By telephone".into() }),
            C::new("书面", TextV1 { zh: "书面".into(), en: "In writing".into() }),
        ]),
        F::new("with.said", K::Lines, "本人怎么说", "What was said"),
        F::new("with.answer", K::Lines, "答复", "What was answered"),
    ]
}

/// A decision that still goes its way.
fn the_decision(here: &Here<'_>, fits: impl Fn(&Decision) -> bool) -> F {
    let open = |d: &&Decision| d.overturned.is_none() && d.effect.is_none() && fits(d);
    let choices: Vec<C> = here
        .file()
        .case
        .decisions
        .iter()
        .filter(open)
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
    let first = choices.first().map(|choice| choice.value.clone());
    F::new("with.decision", K::Choice, "哪一项决定", "Which decision")
        .of(choices)
        .all(first.into_iter().collect())
        .numbered()
}

fn deliver(here: &Here<'_>) -> Vec<F> {
    let decision = the_decision(here, |d| d.noticed.is_some() && d.delivery.is_none());
    let adverse =
        here.file().case.decisions.iter().any(|d| d.noticed.is_some() && d.ruling.outcome.is_adverse());
    let manners = Manner::all().into_iter().map(|(_, manner)| manner);
    let fit = manners.filter(|manner| !adverse || *manner != Manner::Electronic);
    vec![
        decision,
        F::new("with.manner", K::Choice, "送达方式", "How it was delivered")
            .of(fit.map(C::coded).collect())
            .with(Manner::Signed.code())
            .hint(
                "对当事人不利的决定，短信不算送达。",
                "A message is no delivery of a decision against somebody.",
            ),
    ]
}
