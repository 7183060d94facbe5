//! What the database refuses whoever asks.

use super::on_both;
use super::world::*;
use crate::table::*;
use crate::*;

on_both! {
    refuses_an_adverse_effect_with_any_of_the_five_missing,
    refuses_a_change_for_the_worse_without_a_hearing,
    refuses_papers_of_another_case_or_kind,
    each_exception_needs_its_own_evidence,
    a_favourable_effect_needs_nothing,
    a_person_has_one_set_of_duties_on_a_case,
    a_batch_takes_three_people,
    a_visit_takes_two,
    a_post_lasts_a_year_at_most,
    a_post_takes_four_eyes,
    a_delegation_is_cut_from_a_post_of_the_one_who_delegates,
    a_letter_is_numbered_within_its_case,
    people_stand_for_another_and_apart_from_another,
    a_check_needs_an_authorisation_that_covers_it,
    decisions_and_effects_are_written_once,
}

fn evidence(id: u128, case: Id, kind: &str, provenance: &str) -> Record {
    Record::new(&EVIDENCE, Id(id))
        .with("case_id", case)
        .with("kind", kind)
        .with("provenance", provenance)
        .with("recorded_at", NOW)
        .with("payload", b"{}".to_vec())
}

fn outbox(id: u128, case: Id, recipient: Id) -> Record {
    Record::new(&OUTBOX, Id(id))
        .with("case_id", case)
        .with("recipient", recipient)
        .with("channel", "letter")
        .with("letter", "notice")
        .with("body", b"x".to_vec())
        .with("created_at", NOW)
}

fn delivery(id: u128, outbox: u128, case: Id, outcome: &str, means: &str) -> Record {
    Record::new(&DELIVERY, Id(id))
        .with("outbox", Id(outbox))
        .with("case_id", case)
        .with("outcome", outcome)
        .with("means", means)
        .with("delivered_at", NOW)
        .with("delivered_by", CLERK)
        .with("payload", b"x".to_vec())
}

async fn papers(world: &World) {
    world.county().await;
    let decision = |id: u128, case: Id| {
        Record::new(&DECISION, Id(id))
            .with("case_id", case)
            .with("programme", "example")
            .with("valid_from", 0)
            .with("hash", "00")
            .with("outcome", "no")
            .with("decided_at", NOW)
            .with("payload", b"{}".to_vec())
    };
    let hearing = Record::new(&HEARING, Id(0x80))
        .with("case_id", CASE)
        .with("person", RESIDENT)
        .with("heard_by", CLERK)
        .with("heard_on", 1)
        .with("means", "visit")
        .with("payload", b"x".to_vec());
    let visit = Record::new(&VISIT, Id(0x90))
        .with("case_id", CASE)
        .with("visitor_a", CLERK)
        .with("visitor_b", COLLEAGUE)
        .with("visited_on", 1)
        .with("payload", b"x".to_vec());
    world
        .put(vec![
            decision(0x40, CASE),
            decision(0x41, OTHER_CASE),
            evidence(0x50, CASE, "income", "document"),
            evidence(0x51, CASE, "average", "derived"),
            evidence(0x52, OTHER_CASE, "income", "document"),
            evidence(0x53, CASE, "death_record", "register"),
            evidence(0x54, CASE, "death_record", "document"),
            evidence(0x55, CASE, "signed_withdrawal", "document"),
            evidence(0x56, CASE, "move_record", "register"),
            outbox(0x60, CASE, RESIDENT),
            outbox(0x61, OTHER_CASE, NEIGHBOUR),
            delivery(0x70, 0x60, CASE, "delivered", "letter"),
            delivery(0x71, 0x60, CASE, "failed", "letter"),
            delivery(0x72, 0x61, OTHER_CASE, "delivered", "letter"),
            delivery(0x73, 0x60, CASE, "delivered", "announcement"),
            hearing,
            visit,
        ])
        .await
        .unwrap();
}

fn effect(kind: &str) -> Record {
    Record::new(&EFFECT, Id::at(NOW))
        .with("case_id", CASE)
        .with("decision", Id(0x40))
        .with("kind", kind)
        .with("ground", "ordinary")
        .with("takes_effect_on", 1)
}

fn human(effect: Record) -> Record {
    effect.with("human", CLERK).with("human_nature", "human")
}

fn proof(effect: Record, id: u128, kind: &str, provenance: &str) -> Record {
    effect.with("evidence", Id(id)).with("evidence_kind", kind).with("evidence_provenance", provenance)
}

fn second(effect: Record, id: u128, kind: &str, provenance: &str) -> Record {
    let effect = effect.with("second_evidence", Id(id)).with("second_evidence_kind", kind);
    effect.with("second_evidence_provenance", provenance)
}

fn reason(effect: Record) -> Record {
    effect.with("reason", "income above the standard").with("article", "Law 19")
}

fn notice(effect: Record, id: u128, outcome: &str, means: &str) -> Record {
    effect.with("notice", Id(id)).with("notice_outcome", outcome).with("notice_means", means)
}

/// An adverse effect with those of the five whose bit is set.
fn with_parts(kind: &str, parts: u32) -> Record {
    let mut row = effect(kind).with("hearing", Id(0x80));
    if parts & 1 != 0 {
        row = human(row);
    }
    if parts & 2 != 0 {
        row = proof(row, 0x50, "income", "document");
    }
    if parts & 4 != 0 {
        row = reason(row);
    }
    if parts & 8 != 0 {
        row = notice(row, 0x70, "delivered", "letter");
    }
    if parts & 16 != 0 {
        row = row.with("appeal", "review within 60 days, court within 6 months");
    }
    row
}

async fn refuses_an_adverse_effect_with_any_of_the_five_missing(world: &World) {
    papers(world).await;
    for kind in ["refuse", "reduce", "suspend", "stop", "recover", "note"] {
        for parts in 0..31 {
            refuses(world.put(vec![with_parts(kind, parts)]).await, Rule::Check, "adverse_effect_is_fair");
        }
        world.put(vec![with_parts(kind, 31)]).await.unwrap();
    }
    // A blank is nothing, and an article is part of the reason.
    for (column, value) in [("reason", "  "), ("article", ""), ("appeal", " ")] {
        let blank = with_parts("stop", 31).with(column, value);
        refuses(world.put(vec![blank]).await, Rule::Check, "adverse_effect_is_fair");
        let none = with_parts("stop", 31).with(column, Value::Null);
        refuses(world.put(vec![none]).await, Rule::Check, "adverse_effect_is_fair");
    }
}

async fn refuses_a_change_for_the_worse_without_a_hearing(world: &World) {
    papers(world).await;
    for kind in ["reduce", "suspend", "stop"] {
        let unheard = with_parts(kind, 31).with("hearing", Value::Null);
        refuses(world.put(vec![unheard]).await, Rule::Check, "heard_before_worse");
    }
    // Nobody is worse off than before by a refusal.
    world.put(vec![with_parts("refuse", 31).with("hearing", Value::Null)]).await.unwrap();
}

async fn refuses_papers_of_another_case_or_kind(world: &World) {
    papers(world).await;
    let good = || with_parts("stop", 31);
    let machine = good().with("human", MACHINE);
    refuses(world.put(vec![machine.clone()]).await, Rule::Reference, "");
    refuses(world.put(vec![machine.with("human_nature", "machine")]).await, Rule::Check, "");
    refuses(world.put(vec![proof(good(), 0x51, "average", "derived")]).await, Rule::Check, "");
    refuses(world.put(vec![proof(good(), 0x51, "average", "document")]).await, Rule::Reference, "");
    refuses(world.put(vec![proof(good(), 0x52, "income", "document")]).await, Rule::Reference, "");
    refuses(world.put(vec![notice(good(), 0x71, "failed", "letter")]).await, Rule::Check, "");
    refuses(world.put(vec![notice(good(), 0x71, "delivered", "letter")]).await, Rule::Reference, "");
    refuses(world.put(vec![notice(good(), 0x72, "delivered", "letter")]).await, Rule::Reference, "");
    refuses(world.put(vec![good().with("decision", Id(0x41))]).await, Rule::Reference, "");
    refuses(world.put(vec![good().with("hearing", Id(0x99))]).await, Rule::Reference, "");
    // A composite reference is not switched off by leaving a part of it out.
    for column in ["human_nature", "evidence_kind", "evidence_provenance", "notice_outcome", "notice_means"] {
        refuses(world.put(vec![good().with(column, Value::Null)]).await, Rule::Check, "");
    }
}

async fn each_exception_needs_its_own_evidence(world: &World) {
    papers(world).await;
    let on = |ground: &str| reason(human(effect("stop").with("ground", ground)));
    let visit = |effect: Record| effect.with("visit", Id(0x90));
    let announced = |effect: Record| notice(effect, 0x73, "delivered", "announcement");
    let one = |effect: Record| proof(effect, 0x53, "death_record", "register");
    let fine = [
        second(one(on("death")), 0x54, "death_record", "document"),
        visit(on("death")),
        proof(on("withdrawal"), 0x55, "signed_withdrawal", "document"),
        announced(visit(on("missing"))),
        proof(on("moved"), 0x56, "move_record", "register"),
    ];
    for row in fine {
        let named = row.text("ground").unwrap().to_string();
        for column in ["reason", "article"] {
            let bare = Record { id: Id::at(NOW), ..row.clone().with(column, Value::Null) };
            refuses(world.put(vec![bare]).await, Rule::Check, "exception_has_evidence");
        }
        let nobody = row.clone().with("human", Value::Null).with("human_nature", Value::Null);
        refuses(world.put(vec![nobody]).await, Rule::Check, "exception_has_evidence");
        world.put(vec![row]).await.unwrap_or_else(|error| panic!("{named}: {error:?}"));
    }
    let bad = [
        on("death"),
        one(on("death")),
        second(one(on("death")), 0x53, "death_record", "register"),
        second(proof(on("death"), 0x50, "income", "document"), 0x54, "death_record", "document"),
        on("withdrawal"),
        proof(on("withdrawal"), 0x50, "income", "document"),
        visit(on("missing")),
        announced(on("missing")),
        notice(visit(on("missing")), 0x70, "delivered", "letter"),
        on("moved"),
        proof(on("moved"), 0x55, "signed_withdrawal", "document"),
    ];
    for row in bad {
        refuses(world.put(vec![row]).await, Rule::Check, "exception_has_evidence");
    }
    // No exception reduces, refuses or recovers, and none is invented.
    for kind in ["reduce", "refuse", "recover", "note", "grant"] {
        refuses(world.put(vec![visit(on("death")).with("kind", kind)]).await, Rule::Check, "");
    }
    refuses(world.put(vec![visit(on("urgent"))]).await, Rule::Check, "");
}

async fn a_favourable_effect_needs_nothing(world: &World) {
    papers(world).await;
    for kind in ["grant", "increase", "resume"] {
        world.put(vec![effect(kind)]).await.unwrap();
    }
    refuses(world.put(vec![effect("other")]).await, Rule::Check, "");
}

async fn a_person_has_one_set_of_duties_on_a_case(world: &World) {
    world.county().await;
    let set = |id: u128, person: Id, cycle: i64, name: &str| {
        let row = Record::new(&DUTY_SET, Id(id)).with("case_id", CASE).with("cycle", cycle);
        row.with("person", person).with("set_name", name)
    };
    let duty = |id: u128, person: Id, name: &str, class: &str| {
        let row = Record::new(&DUTY, Id(id)).with("case_id", CASE).with("cycle", 1).with("person", person);
        row.with("set_name", name).with("class", class)
    };
    let first = vec![
        set(1, CLERK, 1, "intake"),
        duty(2, CLERK, "intake", "accept"),
        duty(3, CLERK, "intake", "visit"),
        set(4, COLLEAGUE, 1, "review"),
        duty(5, COLLEAGUE, "review", "review"),
        set(6, CLERK, 2, "review"),
    ];
    world.put(first).await.unwrap();
    refuses(world.put(vec![set(7, CLERK, 1, "review")]).await, Rule::Unique, "");
    refuses(world.put(vec![duty(8, CLERK, "review", "review")]).await, Rule::Reference, "");
    refuses(world.put(vec![duty(9, RESIDENT, "intake", "accept")]).await, Rule::Reference, "");
    refuses(world.put(vec![duty(10, CLERK, "intake", "visit")]).await, Rule::Unique, "");
}

async fn a_batch_takes_three_people(world: &World) {
    world.county().await;
    let step = |id: u128, person: Id, class: &str| {
        let row = Record::new(&BATCH_DUTY, Id(id)).with("batch", Id(0x50)).with("area", COUNTY);
        row.with("person", person).with("class", class)
    };
    refuses(world.put(vec![step(1, CLERK, "prepare")]).await, Rule::Reference, "");
    world.put(vec![super::money::batch(Id(0x50), "aid")]).await.unwrap();
    world.put(vec![step(1, CLERK, "prepare"), step(2, COLLEAGUE, "check")]).await.unwrap();
    refuses(world.put(vec![step(3, CLERK, "sign")]).await, Rule::Unique, "");
    refuses(world.put(vec![step(4, RESIDENT, "check")]).await, Rule::Unique, "");
    refuses(world.put(vec![step(5, RESIDENT, "approve")]).await, Rule::Check, "");
    world.put(vec![step(6, RESIDENT, "sign")]).await.unwrap();
}

async fn a_visit_takes_two(world: &World) {
    world.county().await;
    let visit = |a: Id, b: Id| {
        let row = Record::new(&VISIT, Id::at(NOW)).with("case_id", CASE).with("visited_on", 1);
        row.with("visitor_a", a).with("visitor_b", b).with("payload", b"x".to_vec())
    };
    refuses(world.put(vec![visit(CLERK, CLERK)]).await, Rule::Check, "");
    refuses(world.put(vec![visit(COLLEAGUE, CLERK)]).await, Rule::Check, "");
    world.put(vec![visit(CLERK, COLLEAGUE)]).await.unwrap();
}

async fn a_post_lasts_a_year_at_most(world: &World) {
    world.county().await;
    world.put(vec![office()]).await.unwrap();
    let post = |days: i64| post(CLERK).with("valid_to", 100 + days);
    world.put(vec![post(366)]).await.unwrap();
    refuses(world.put(vec![post(367)]).await, Rule::Check, "");
    refuses(world.put(vec![post(-1)]).await, Rule::Check, "");
    refuses(world.put(vec![post(1).with("valid_to", Value::Null)]).await, Rule::NotNull, "");
}

fn office() -> Record {
    let unit = Record::new(&UNIT, Id(1)).with("area", TOWN).with("kind", "office").with("name", "x");
    unit.with("stands", "accepting").with("valid_from", 1)
}

/// Of the enrolment, for a year.
fn post(person: Id) -> Record {
    let row = Record::new(&POST, Id::at(NOW)).with("person", person).with("unit", Id(1));
    let row = row.with("role", "clerk").with("area", TOWN).with("subjects", "");
    let row = row.with("valid_from", 100).with("valid_to", 400);
    row.with("origin", "enrolment").with("state", "approved")
}

async fn a_post_takes_four_eyes(world: &World) {
    world.county().await;
    world.put(vec![office()]).await.unwrap();
    let proposed = |by: Id| post(CLERK).with("origin", "proposed").with("proposed_by", by);
    let waiting = proposed(CLERK).with("state", "proposed");
    world.put(vec![waiting.clone()]).await.unwrap();
    world.put(vec![proposed(COLLEAGUE).with("approved_by", RESIDENT)]).await.unwrap();
    world.put(vec![proposed(COLLEAGUE).with("state", "refused")]).await.unwrap();
    let by_nobody = post(CLERK).with("origin", "proposed").with("approved_by", COLLEAGUE);
    for (row, rule) in [
        // Approved by nobody; approved without saying so; proposed by nobody; by the proposer; by its holder.
        (proposed(COLLEAGUE), "post_needs_four_eyes"),
        (waiting.with("approved_by", COLLEAGUE), "post_needs_four_eyes"),
        (by_nobody, "post_needs_four_eyes"),
        (proposed(COLLEAGUE).with("approved_by", COLLEAGUE), "approved_by_another"),
        (proposed(COLLEAGUE).with("approved_by", CLERK), "approved_by_another"),
    ] {
        let row = Record { id: Id::at(NOW), ..row };
        refuses(world.put(vec![row]).await, Rule::Check, rule);
    }
}

async fn a_delegation_is_cut_from_a_post_of_the_one_who_delegates(world: &World) {
    world.county().await;
    let source = post(CLERK);
    let cut = |from: Id, by: Id| {
        post(COLLEAGUE).with("origin", "delegation").with("source", from).with("delegated_by", by)
    };
    world.put(vec![office(), source.clone(), cut(source.id(), CLERK)]).await.unwrap();
    refuses(world.put(vec![cut(source.id(), RESIDENT)]).await, Rule::Reference, "");
    refuses(world.put(vec![cut(Id(404), CLERK)]).await, Rule::Reference, "");
    let bare = post(COLLEAGUE).with("delegated_by", CLERK);
    refuses(world.put(vec![bare]).await, Rule::Check, "delegated_from_a_post");
    let bare = post(COLLEAGUE).with("origin", "delegation");
    refuses(world.put(vec![bare]).await, Rule::Check, "delegated_from_a_post");
    let own = post(CLERK).with("origin", "delegation").with("source", source.id());
    refuses(world.put(vec![own.with("delegated_by", CLERK)]).await, Rule::Check, "");
    let refused = post(COLLEAGUE).with("source", source.id()).with("delegated_by", CLERK);
    refuses(world.put(vec![refused]).await, Rule::Check, "delegated_from_a_post");
}

async fn a_letter_is_numbered_within_its_case(world: &World) {
    papers(world).await;
    let letter = |case: Id, number: i64| {
        let row = Record::new(&LETTER, Id::at(NOW)).with("case_id", case).with("number", number);
        row.with("name", "receipt").with("issued_on", 1).with("payload", b"x".to_vec())
    };
    world.put(vec![letter(CASE, 1), letter(CASE, 2), letter(OTHER_CASE, 1)]).await.unwrap();
    refuses(world.put(vec![letter(CASE, 2)]).await, Rule::Unique, "");
    world.put(vec![letter(CASE, 3).with("decision", Id(0x40))]).await.unwrap();
    refuses(world.put(vec![letter(OTHER_CASE, 3).with("decision", Id(0x40))]).await, Rule::Reference, "");
}

async fn people_stand_for_another_and_apart_from_another(world: &World) {
    world.county().await;
    let acts = |by: Id, of: Id, kind: &str| {
        let row = Record::new(&REPRESENTATION, Id::at(NOW)).with("by_person", by).with("of_person", of);
        row.with("kind", kind).with("valid_from", 1)
    };
    world.put(vec![acts(NEIGHBOUR, RESIDENT, "helper")]).await.unwrap();
    refuses(world.put(vec![acts(RESIDENT, RESIDENT, "helper")]).await, Rule::Check, "");
    refuses(world.put(vec![acts(NEIGHBOUR, RESIDENT, "friend")]).await, Rule::Check, "");
    let apart = |a: Id, b: Id| {
        let row = Record::new(&KEPT_APART, Id::at(NOW)).with("person_a", a).with("person_b", b);
        row.with("ground", "protection").with("valid_from", 1)
    };
    world.put(vec![apart(RESIDENT, NEIGHBOUR)]).await.unwrap();
    refuses(world.put(vec![apart(NEIGHBOUR, RESIDENT)]).await, Rule::Check, "");
    let ticket = |by: Id| {
        let row = Record::new(&TICKET, Id::at(NOW)).with("person", CLERK).with("issued_by", by);
        row.with("area", TOWN).with("subjects", "x").with("valid_from", 1).with("valid_to", 2)
    };
    world.put(vec![ticket(COLLEAGUE)]).await.unwrap();
    refuses(world.put(vec![ticket(CLERK)]).await, Rule::Check, "");
}

async fn a_check_needs_an_authorisation_that_covers_it(world: &World) {
    papers(world).await;
    let authorisation = Record::new(&AUTHORISATION, Id(1))
        .with("signer", RESIDENT)
        .with("purpose", "check")
        .with("valid_from", 1)
        .with("valid_to", 2)
        .with("form_hash", "00")
        .with("channel", "paper")
        .with("evidence", Id(0x50))
        .with("payload", b"{}".to_vec());
    let cover = Record::new(&AUTHORISATION_COVER, Id(2)).with("authorisation", Id(1));
    let cover = cover.with("person", RESIDENT).with("class", "deposits");
    refuses(world.put(vec![cover.clone()]).await, Rule::Reference, "");
    world.put(vec![authorisation, cover]).await.unwrap();
    let check = |authorisation: Option<Id>, person: Id, class: &str| {
        let row = Record::new(&CHECK_REQUEST, Id::at(NOW)).with("case_id", CASE).with("class", class);
        let row = row.with("authorisation", authorisation).with("person", person).with("state", "asked");
        row.with("requested_at", NOW).with("payload", b"{}".to_vec())
    };
    world.put(vec![check(Some(Id(1)), RESIDENT, "deposits")]).await.unwrap();
    refuses(world.put(vec![check(Some(Id(1)), NEIGHBOUR, "deposits")]).await, Rule::Reference, "");
    refuses(world.put(vec![check(Some(Id(1)), RESIDENT, "houses")]).await, Rule::Reference, "");
    refuses(world.put(vec![check(None, RESIDENT, "deposits")]).await, Rule::NotNull, "");
}

async fn decisions_and_effects_are_written_once(world: &World) {
    papers(world).await;
    world.put(vec![Record { id: Id(0x100), ..effect("grant") }]).await.unwrap();
    let scope = everything();
    for (table, id, column) in [(&DECISION, 0x40, "outcome"), (&EFFECT, 0x100, "kind")] {
        let row = world.one(table, Id(id)).await;
        let mut work = world.store.begin_job(command(&scope)).await.unwrap();
        refuses(work.update_if(row.with(column, "resume")).await, Rule::Check, "");
    }
}
