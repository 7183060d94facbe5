//! The forms of steps as data, and what the page of a case is made of: what can be done, facts side by side, a trial, the
//! dossier, a number shown whole, what waits for those without a list.

use crate::county::*;
use crate::way::*;
use anmin_app::case::{Answers, ChangedV1, FieldKindV1, FilledV1, PaperGivenV1, RevealV1, StepFormV1};
use anmin_app::error::{Kind, Result};
use anmin_app::facts::{RecordingInputV1, TrialV1};
use anmin_app::files::FileV1;
use anmin_app::office::Caller;
use anmin_app::record::EligibleV1;
use anmin_app::record::act::{ActV1, AnswerV1};
use anmin_base::date::Date;
use anmin_store::Id;
use serde_json::json;
use std::collections::BTreeMap;

on_both! {
    every_step_has_its_form_and_the_form_is_taken,
    what_is_tried_leaves_nothing_behind,
    what_is_not_as_the_rules_say_wants_a_reason,
    facts_stand_side_by_side_and_a_trial_changes_none,
    a_dossier_says_what_it_lacks,
    a_number_is_shown_whole_only_with_a_reason,
    a_check_waits_for_whoever_checks_until_it_is_answered,
    a_sheet_to_print_holds_what_its_reader_may_see,
}

async fn form(way: &Way<'_>, on: Date, by: &Caller, step: &str) -> StepFormV1 {
    done(way.county.office.step_form(&way.county.order(by, on), way.case, step).await)
}

/// Fills a form in as it stands, with more where it says so, and sends it.
async fn send(
    way: &Way<'_>,
    on: Date,
    by: &Caller,
    step: &str,
    more: &[(&str, &[&str])],
    rehearse: bool,
) -> Result<ChangedV1> {
    let order = way.county.order(by, on);
    let form = way.county.office.step_form(&order, way.case, step).await?;
    let mut answers: Answers = BTreeMap::new();
    for field in form.fields.iter().filter(|field| field.kind != FieldKindV1::Person) {
        answers.insert(field.name.clone(), field.value.clone());
    }
    for (name, values) in more.iter().filter(|(name, _)| *name != "why") {
        assert!(
            form.fields.iter().any(|field| field.name == *name),
            "{step} has no {name}: {:?}",
            form.fields
        );
        answers.insert((*name).into(), values.iter().map(|v| (*v).to_owned()).collect());
    }
    let papers = form.papers.iter().map(|paper| PaperGivenV1 {
        kind: paper.kind.name.clone(),
        reference: format!("{}-{}-{}", paper.kind.name, step, way.version.get()),
        source: None,
    });
    let why = more.iter().find(|(name, _)| *name == "why").map(|(_, values)| values[0].to_owned());
    let filled = FilledV1 { version: form.version, answers, papers: papers.collect(), why, rehearse };
    let bytes = way.county.office.send_form(&order, way.case, step, filled).await?;
    let changed: ChangedV1 = read(&bytes);
    if !rehearse {
        way.version.set(changed.version);
    }
    Ok(changed)
}

async fn to(way: &Way<'_>, state: &str, on: Date, by: Id, step: &str, more: &[(&str, &[&str])]) {
    let changed = send(way, on, &staff(by), step, more, false).await;
    match changed {
        Ok(changed) => assert_eq!(changed.state, state, "after {step}"),
        other => drop(done(other.inspect_err(|error| eprintln!("at {step}: {error:?}")))),
    }
}

async fn every_step_has_its_form_and_the_form_is_taken(county: &County) {
    let way = Way::begin(county).await;
    way.declare("1000.00").await;
    let second = SECOND.to_string();
    let me = INVESTIGATOR.to_string();
    to(&way, "received", day(2), CLERK, "authorise", &[]).await;
    to(&way, "received", day(2), CLERK, "authorise", &[]).await;
    let clerk = staff(CLERK);
    let none = form(&way, day(2), &clerk, "authorise").await;
    assert!(none.fields[0].choices.is_empty(), "nobody is left to sign: {:?}", none.fields);
    let offers = done(county.office.offers(&county.order(&clerk, day(2)), way.case).await);
    assert_eq!(offers.steps[0].step.name, "accept", "{:?}", offers.steps);
    to(&way, "investigating", day(2), CLERK, "accept", &[]).await;
    let why: (&str, &[&str]) = ("why", &["按片区分工"]);
    let assign = [("with.duty", &["investigate"][..]), ("with.person", &[me.as_str()][..])];
    let silent = refused(send(&way, day(2), &staff(EXAMINER), "assign", &assign, false).await);
    assert_eq!(silent.fields[0].at, "why");
    to(&way, "investigating", day(2), EXAMINER, "assign", &[assign[0], assign[1], why]).await;
    let empty = refused(send(&way, day(3), &staff(INVESTIGATOR), "ask_check", &[], false).await);
    assert_eq!(empty.fields[0].at, "with.sources", "whom to ask has to be said");
    to(&way, "investigating", day(3), INVESTIGATOR, "ask_check", &[("with.sources", &["deposits", "tax"])])
        .await;
    to(&way, "investigating", day(3), CHECKER, "begin_check", &[]).await;
    // One source has answered, the other has not yet: it is left out, and asked for again.
    to(&way, "investigating", day(4), CHECKER, "report_check", &[("with.answers[1].answer", &["matches"])])
        .await;
    let rest = form(&way, day(4), &staff(CHECKER), "report_check").await;
    let answers = rest.fields.iter().filter(|field| field.name.ends_with(".answer"));
    assert_eq!(answers.count(), 1);
    to(&way, "investigating", day(4), CHECKER, "report_check", &[("with.answers[0].answer", &["no_answer"])])
        .await;
    let visit = form(&way, day(5), &staff(INVESTIGATOR), "visit").await;
    let visitors: Vec<&str> = visit.fields[0].choices.iter().map(|choice| choice.value.as_str()).collect();
    assert!(visitors.contains(&second.as_str()) && !visitors.contains(&EXAMINER.to_string().as_str()));
    assert_eq!(visit.fields[0].value, std::slice::from_ref(&me), "who writes it down was there");
    let alone = refused(send(&way, day(5), &staff(INVESTIGATOR), "visit", &[], false).await);
    assert_eq!(alone.code, "two_visitors");
    to(&way, "investigating", day(5), INVESTIGATOR, "visit", &[("with.visitors", &[&me, &second])]).await;
    to(&way, "concluded", day(5), INVESTIGATOR, "conclude", &[]).await;
    let meeting =
        [("with.present", &["9"][..]), ("with.representatives", &["6"][..]), ("with.in_favour", &["8"][..])];
    to(&way, "concluded", day(7), APPRAISER, "appraise", &meeting).await;
    let opine = form(&way, day(8), &staff(EXAMINER), "propose_grant").await;
    assert_eq!(opine.advice[0].outcome.as_deref(), Some("grant"), "{:?}", opine.advice);
    to(&way, "proposed", day(8), EXAMINER, "propose_grant", &[]).await;
    to(&way, "posted", day(8), EXAMINER, "post", &[]).await;
    let early = form(&way, day(9), &staff(EXAMINER), "take_down").await;
    assert_eq!(early.hindered.len(), 1, "the time of posting is not over");
    to(&way, "submitting", day(16), EXAMINER, "take_down", &[]).await;
    to(&way, "reviewing", day(17), EXAMINER, "submit", &[]).await;
    let both = [REVIEWER.to_string(), SECOND_REVIEWER.to_string()];
    let both: Vec<&str> = both.iter().map(String::as_str).collect();
    to(&way, "reviewing", day(17), REVIEWER, "spot_visit", &[("with.visitors", &both)]).await;
    to(&way, "deciding", day(17), REVIEWER, "review", &[]).await;
    to(&way, "granted", day(18), CONFIRMER, "confirm", &[]).await;
    let seen = done(county.office.show_case(&county.order(&staff(CONFIRMER), day(18)), way.case).await);
    assert_eq!(seen.stages.iter().find(|stage| stage.place == 0).unwrap().label.en, "In force");
    assert_eq!(seen.staff.get(&CLERK.to_string()).map(String::as_str), Some("王窗口"));
    let assigned = seen.course.taken.iter().position(|taken| taken.step.name == "assign").unwrap();
    assert_eq!(seen.step_reasons.get(&assigned).map(String::as_str), Some("按片区分工"));
}

async fn what_is_tried_leaves_nothing_behind(county: &County) {
    let way = Way::begin(county).await;
    let tried = done(send(&way, day(2), &staff(CLERK), "authorise", &[], true).await);
    assert!(tried.version > way.version.get());
    let seen = done(county.office.show_case(&county.order(&staff(CLERK), day(2)), way.case).await);
    assert_eq!((seen.version, seen.course.authorities.len()), (way.version.get(), 0));
    // What would be refused is refused when it is tried.
    let early = refused(send(&way, day(2), &staff(CLERK), "accept", &[], true).await);
    assert_eq!(early.kind, Kind::Unmet);
    let stranger =
        refused(county.office.step_form(&county.order(&staff(FAR_CLERK), day(2)), way.case, "accept").await);
    assert_eq!(stranger.kind, Kind::NotFound);
}

async fn what_is_not_as_the_rules_say_wants_a_reason(county: &County) {
    let way = Way::begin(county).await;
    way.declare("90000.00").await;
    way.investigated(false).await;
    let examiner = staff(EXAMINER);
    let told = form(&way, day(8), &examiner, "propose_refusal").await;
    let advice = &told.advice[0];
    assert_eq!(advice.outcome.as_deref(), Some("refuse"));
    let reason = told.fields.iter().find(|field| field.name.ends_with(".text")).unwrap();
    assert_eq!(
        reason.value,
        [advice.because.clone().unwrap().zh],
        "the reason of the rules is there already"
    );
    let other = [("with.proposals[0].outcome", &["grant"][..])];
    let wrong = refused(send(&way, day(8), &examiner, "propose_grant", &other, false).await);
    assert_eq!(wrong.fields[0].at, "with.proposals[0].reasons[0].text", "{wrong:?}");
    to(&way, "submitting", day(8), EXAMINER, "propose_refusal", &[]).await;
}

async fn facts_stand_side_by_side_and_a_trial_changes_none(county: &County) {
    let way = Way::begin(county).await;
    way.declare("1000.00").await;
    let office = &county.office;
    let head = way.people[0];
    let mut seen = declared(Some(head), json!({ "transfer_income": "1500.00", "savings": "1200.5" }));
    seen.source = "register".into();
    let seen = RecordingInputV1 { valid_from: Some("2026-09-01".into()), ..seen };
    done(way.record(TODAY, &staff(CLERK), vec![seen]).await);
    let clerk = staff(CLERK);
    let order = county.order(&clerk, TODAY);
    let rows = done(office.compared(&order, way.case).await).rows;
    let row =
        |fact: &str| rows.iter().find(|r| r.fact == fact && r.person == Some(head.to_string())).unwrap();
    let income = row("transfer_income");
    let value = |cell: &Option<anmin_app::facts::CellV1>| cell.as_ref().and_then(|cell| cell.value.clone());
    assert_eq!(value(&income.declared).as_deref(), Some("1000.00"));
    assert_eq!(value(&income.checked).as_deref(), Some("1500.00"));
    assert!(income.differs && !row("savings").differs, "an amount written otherwise is no difference");
    let ask =
        TrialV1 { person: Some(head.to_string()), fact: "transfer_income".into(), value: "90000".into() };
    let tried = done(office.trial(&order, way.case, &ask).await);
    let eligible = |d: &anmin_app::record::DecisionV1| d.eligible;
    assert_eq!(eligible(&tried.programmes[0].now), Some(EligibleV1::Yes));
    assert_eq!(eligible(&tried.programmes[0].then), Some(EligibleV1::No));
    let wrong =
        refused(office.trial(&order, way.case, &TrialV1 { value: "many".into(), ..ask.clone() }).await);
    assert_eq!(wrong.fields[0].at, "value");
    let no = refused(office.trial(&order, way.case, &TrialV1 { fact: "nothing".into(), ..ask }).await);
    assert_eq!(no.fields[0].at, "fact");
    let after = done(office.compared(&order, way.case).await).rows;
    assert_eq!(rows, after);
}

async fn a_dossier_says_what_it_lacks(county: &County) {
    let way = Way::begin(county).await;
    let office = &county.office;
    let clerk = staff(CLERK);
    let sheet = done(office.dossier(&county.order(&clerk, TODAY), way.case).await);
    let authority = sheet.entries.iter().find(|entry| entry.paper.name == "check_authority").unwrap();
    assert_eq!((authority.wanted, authority.there.len()), (2, 0), "one for every adult");
    let pdf = b"%PDF-1.7 a signature\n%%EOF\n";
    let file: FileV1 = read(&done(office.store_file(&county.order(&clerk, TODAY), way.case, pdf).await));
    let subject = way.people[0].to_string();
    let sign = ActV1::Authorise { subject: subject.clone(), signer: subject };
    done(way.step(TODAY, &clerk, "authorise", sign, numbered("check_authority", &file.file)).await);
    let sheet = done(office.dossier(&county.order(&clerk, TODAY), way.case).await);
    let authority = sheet.entries.iter().find(|entry| entry.paper.name == "check_authority").unwrap();
    assert_eq!(
        authority.there[0].file.as_deref(),
        Some(file.file.as_str()),
        "what is kept here can be opened"
    );
    assert_eq!((sheet.there, sheet.wanted), (2, 3), "{:?}", sheet.entries);
}

async fn a_number_is_shown_whole_only_with_a_reason(county: &County) {
    let way = Way::begin(county).await;
    let office = &county.office;
    let clerk = staff(CLERK);
    let ask = |why: &str| RevealV1 { field: "resident_id".into(), why: why.into() };
    let silent =
        refused(office.reveal(&county.order(&clerk, TODAY), way.case, way.people[0], &ask(" ")).await);
    assert_eq!(silent.fields[0].at, "why");
    let shown =
        done(office.reveal(&county.order(&clerk, TODAY), way.case, way.people[0], &ask("电话核实")).await);
    let whole = shown.value.unwrap();
    assert_eq!((whole.len(), whole.contains('*')), (18, false));
    let seen = done(office.show_case(&county.order(&clerk, TODAY), way.case).await);
    assert!(seen.people[0].person.resident_id.as_ref().unwrap().contains('*'), "on the page it stays masked");
    let far = refused(
        office.reveal(&county.order(&staff(FAR_CLERK), TODAY), way.case, way.people[0], &ask("看看")).await,
    );
    assert_eq!(far.kind, Kind::NotFound);
    let nobody = refused(office.reveal(&county.order(&clerk, TODAY), way.case, Id(0x99), &ask("看看")).await);
    assert_eq!(nobody.kind, Kind::NotFound);
    // What is rationed is counted by the day: after twenty the second factor is asked for, after fifty it is over.
    let fresh = stepped_up(CLERK, county.now(TODAY));
    for _ in 1..20 {
        done(office.reveal(&county.order(&clerk, TODAY), way.case, way.people[0], &ask("电话核实")).await);
    }
    let tired =
        refused(office.reveal(&county.order(&clerk, TODAY), way.case, way.people[0], &ask("电话核实")).await);
    assert_eq!(tired.code, "step_up");
    for _ in 20..50 {
        done(office.reveal(&county.order(&fresh, TODAY), way.case, way.people[0], &ask("核实")).await);
    }
    let over = office.reveal(&county.order(&fresh, TODAY), way.case, way.people[0], &ask("核实")).await;
    assert_eq!(refused(over).code, "used_up");
}

async fn a_check_waits_for_whoever_checks_until_it_is_answered(county: &County) {
    let way = Way::begin(county).await;
    let office = &county.office;
    let checker = staff(CHECKER);
    assert!(done(office.waiting(&county.order(&checker, day(2))).await).is_empty());
    for person in &way.people[..2] {
        let sign = ActV1::Authorise { subject: person.to_string(), signer: person.to_string() };
        let paper = numbered("check_authority", &person.to_string());
        done(way.step(day(2), &staff(CLERK), "authorise", sign, paper).await);
    }
    way.to("investigating", day(2), CLERK, "accept", ActV1::Accept {}, vec![]).await;
    way.assign(day(2), "investigate", INVESTIGATOR).await;
    let ask = ActV1::AskCheck { subjects: vec![way.people[0].to_string()], sources: vec!["deposits".into()] };
    way.to("investigating", day(3), INVESTIGATOR, "ask_check", ask, vec![]).await;
    let waits = done(office.waiting(&county.order(&checker, day(3))).await);
    assert_eq!((waits.len(), waits[0].sources[0].zh.as_str()), (1, "存款"));
    assert!(waits[0].steps.iter().any(|step| step.name == "report_check"));
    let answers = vec![AnswerV1 { source: "deposits".into(), answer: "matches".into() }];
    let report = ActV1::ReportCheck { check: 1, answers, valid_until: None };
    way.to("investigating", day(4), CHECKER, "report_check", report, evidence("check_report")).await;
    assert!(done(office.waiting(&county.order(&checker, day(4))).await).is_empty());
    assert!(
        done(office.waiting(&county.order(&staff(CLERK), day(4))).await).is_empty(),
        "whoever has a list has it there"
    );
}

async fn a_sheet_to_print_holds_what_its_reader_may_see(county: &County) {
    let way = Way::begin(county).await;
    way.declare("1000.00").await;
    way.to(
        "received",
        day(2),
        CLERK,
        "authorise",
        {
            let subject = way.people[0].to_string();
            ActV1::Authorise { subject: subject.clone(), signer: subject }
        },
        evidence("check_authority"),
    )
    .await;
    let office = &county.office;
    for sheet in ["visit_sheet", "check_sheet", "approval_sheet", "delivery_sheet", "hearing_sheet"] {
        let printed = done(office.printed(&county.order(&staff(EXAMINER), day(2)), way.case, sheet).await);
        assert_eq!(printed.documents.len(), 2, "{sheet}");
        let text = serde_json::to_string(&printed.documents).unwrap();
        assert!(text.contains("张三"), "{sheet}: {text}");
        if sheet == "visit_sheet" {
            assert!(text.contains("****"), "numbers stand as the caller sees them: {text}");
        }
    }
    let none =
        refused(office.printed(&county.order(&staff(EXAMINER), day(2)), way.case, "receipt_slip").await);
    assert_eq!(none.kind, Kind::NotFound, "a letter is no form");
}
