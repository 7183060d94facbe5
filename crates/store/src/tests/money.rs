//! Money: what the database refuses whoever asks, and batches written as sets.

use super::on_both;
use super::world::*;
use crate::scope::{Clause, Packs};
use crate::table::*;
use crate::*;
use anmin_base::date::Month;
use anmin_ledger::due::Cause;
use anmin_ledger::grant::Does;

on_both! {
    a_payment_is_live_once,
    a_payment_has_one_live_attempt,
    a_change_of_a_grant_has_its_effect,
    an_account_needs_a_second_person,
    an_entry_is_resolved_once_between_the_same_accounts,
    one_batch_a_month_by_three_people,
    what_is_due_is_what_was_decided_and_not_paid,
    a_month_goes_through_the_bank,
    a_batch_sent_back_opens_its_months_again,
    money_is_reached_by_who_handles_it_in_the_area,
    a_set_changed_by_hand_shows,
}

pub const PERIOD: Month = Month::ym(2026, 9);
const FUND: Id = Id(0x9_0001);
const BANK: Id = Id(0x9_0002);
const PAYEES: Id = Id(0x9_0003);
const OTHER_FUND: Id = Id(0x9_0004);

fn month(month: Month) -> i64 {
    i64::from(month.number())
}

/// What a grant hangs on, from its decision to its account: one of the case's applicant.
pub fn grant_rows(base: u128, case: Id, payee: Id, programme: &str) -> Vec<Record> {
    let id = |n: u128| Id(base + n);
    let decision = Record::new(&DECISION, id(1))
        .with("case_id", case)
        .with("programme", programme)
        .with("valid_from", 0)
        .with("hash", "00")
        .with("outcome", "grant")
        .with("decided_at", NOW)
        .with("payload", b"{}".to_vec());
    let effect = Record::new(&EFFECT, id(2))
        .with("case_id", case)
        .with("decision", id(1))
        .with("kind", "grant")
        .with("ground", "ordinary")
        .with("takes_effect_on", 0);
    let grant = Record::new(&GRANT_FILE, id(3))
        .with("case_id", case)
        .with("programme", programme)
        .with("area", TOWN)
        .with("payee", payee)
        .with("name", "居民");
    let account = Record::new(&PAYEE_ACCOUNT, id(6))
        .with("person", payee)
        .with("kind", "own")
        .with("account_index", format!("index of {}", id(6)))
        .with("last_four", "0001")
        .with("state", "confirmed")
        .with("usable_from", 0)
        .with("entered_by", CLERK)
        .with("entered_at", NOW)
        .with("confirmed_by", COLLEAGUE)
        .with("confirmed_at", NOW)
        .with("payload", b"6222020000000001".to_vec());
    let component = Record::new(&GRANT_COMPONENT, id(5))
        .with("change_id", id(4))
        .with("case_id", case)
        .with("component", "base")
        .with("monthly_fen", 50_000);
    vec![decision, effect, grant, change(base, case), component, account]
}

fn change(base: u128, case: Id) -> Record {
    Record::new(&GRANT_CHANGE, Id(base + 4))
        .with("grant_id", Id(base + 3))
        .with("case_id", case)
        .with("seq", 1)
        .with("decision", Id(base + 1))
        .with("effect", Id(base + 2))
        .with("does", "set")
        .with("ground", "new")
        .with("from_month", month(PERIOD))
        .with("persons", 2)
        .with("recorded_at", NOW)
}

pub fn accounts(programme: &str) -> Vec<Record> {
    let account = |id: Id, kind: &str, fund: &str| {
        let row = Record::new(&FUND_ACCOUNT, Id(id.0)).with("area", COUNTY).with("kind", kind);
        row.with("fund", fund).with("programme", programme)
    };
    vec![
        account(FUND, "fund", "relief"),
        account(BANK, "bank", "relief"),
        account(PAYEES, "payees", "relief"),
        account(OTHER_FUND, "fund", "lottery"),
    ]
}

pub fn batch(id: Id, programme: &str) -> Record {
    Record::new(&BATCH, id)
        .with("area", COUNTY)
        .with("programme", programme)
        .with("period", month(PERIOD))
        .with("number", format!("{id}"))
        .with("kind", "regular")
        .with("state", "prepared")
        .with("lines", 1)
        .with("grants", 1)
        .with("persons", 2)
        .with("amount_fen", 50_000)
        .with("arrears_fen", 0)
        .with("returned", 0)
        .with("returned_fen", 0)
        .with("root", "r")
        .with("prepared_at", NOW)
}

fn payment(id: u128, batch: Id, base: u128, programme: &str, cause: &str) -> Record {
    Record::new(&PAYMENT, Id(id))
        .with("batch", batch)
        .with("area", TOWN)
        .with("grant_id", Id(base + 3))
        .with("payee", RESIDENT)
        .with("name", "居民")
        .with("programme", programme)
        .with("period", month(PERIOD))
        .with("component", "base")
        .with("cause", cause)
        .with("change_id", Id(base + 4))
        .with("persons", 2)
        .with("amount_fen", 50_000)
        .with("live", 1)
}

fn attempt(id: u128, batch: Id, payment: u128, n: i64, base: u128) -> Record {
    Record::new(&PAY_ATTEMPT, Id(id))
        .with("batch", batch)
        .with("area", TOWN)
        .with("payment", Id(payment))
        .with("n", n)
        .with("line", 1)
        .with("account", Id(base + 6))
        .with("last_four", "0001")
        .with("amount_fen", 50_000)
        .with("outcome", "waiting")
        .with("live", 1)
}

/// A whole month of one grant in one command: prepared, promised, answered.
pub async fn whole_month(work: &mut Work, base: u128, programme: &str, back: bool) -> Result<()> {
    let (id, part) = (Id(base + 7), |n: u128| Id(base + 0x10 + n));
    let ask = DueAsk { area: COUNTY, programme, period: PERIOD };
    work.open_grant(Id(base + 3), PERIOD).await?;
    let due = work.due_grants(ask).await?;
    assert!(due.iter().any(|due| due.grant.id.0 == base + 3), "{due:?}");
    work.insert(batch(id, programme)).await?;
    work.insert_set(&PAYMENT, id, vec![payment(base + 8, id, base, programme, "regular")]).await?;
    let root = work.insert_set(&PAY_ATTEMPT, id, vec![attempt(base + 9, id, base + 8, 1, base)]).await?;
    work.settle_grants(ask, &[]).await?;
    let sum = work.batch_sum(id).await?;
    assert_eq!(sum, BatchSum { lines: 1, amount_fen: 50_000, root });
    work.promise(id, part(0), "relief", BANK, PAYEES).await?;
    let lines = work.bank_lines(id).await?;
    assert_eq!(lines[0].sealed.reveal(), b"6222020000000001");
    let returned = if back { vec![(1, "账户已销户".to_owned())] } else { vec![] };
    work.answer(id, part(1), &returned).await
}

async fn ready(world: &World) {
    world.county().await;
    world.put(grant_rows(0x1000, CASE, RESIDENT, "aid")).await.unwrap();
    world.put(accounts("aid")).await.unwrap();
}

async fn sets(world: &World, payments: Vec<Record>, attempts: Vec<Record>) -> Result<()> {
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await?;
    if let Some(set) = payments.first().and_then(|row| row.link("batch")) {
        work.insert_set(&PAYMENT, set, payments).await?;
    }
    if let Some(set) = attempts.first().and_then(|row| row.link("batch")) {
        work.insert_set(&PAY_ATTEMPT, set, attempts).await?;
    }
    work.commit(STREAM, b"", b"").await?;
    Ok(())
}

async fn a_payment_is_live_once(world: &World) {
    ready(world).await;
    let id = Id(0x50);
    world.put(vec![batch(id, "aid")]).await.unwrap();
    let one = || payment(1, id, 0x1000, "aid", "regular");
    sets(world, vec![one()], vec![]).await.unwrap();
    let again = || payment(2, id, 0x1000, "aid", "regular");
    refuses(sets(world, vec![again()], vec![]).await, Rule::Unique, "");
    // What is void does not count, another part of the money neither, and arrears name the change that makes them owed.
    sets(world, vec![again().with("live", 0)], vec![]).await.unwrap();
    sets(world, vec![payment(3, id, 0x1000, "aid", "regular").with("component", "topup")], vec![])
        .await
        .unwrap();
    let cause = Id(0x1004).to_string();
    sets(world, vec![payment(4, id, 0x1000, "aid", &cause)], vec![]).await.unwrap();
    refuses(sets(world, vec![payment(5, id, 0x1000, "aid", "whim")], vec![]).await, Rule::Check, "");
    let nothing = payment(6, id, 0x1000, "aid", "regular").with("component", "c").with("amount_fen", 0);
    refuses(sets(world, vec![nothing], vec![]).await, Rule::Check, "");
}

async fn a_payment_has_one_live_attempt(world: &World) {
    ready(world).await;
    let id = Id(0x50);
    world.put(vec![batch(id, "aid")]).await.unwrap();
    sets(world, vec![payment(1, id, 0x1000, "aid", "regular")], vec![attempt(1, id, 1, 1, 0x1000)])
        .await
        .unwrap();
    let second = || attempt(2, id, 1, 2, 0x1000);
    refuses(sets(world, vec![], vec![second()]).await, Rule::Unique, "");
    let dead = |row: Record, outcome: &str| row.with("live", 0).with("outcome", outcome);
    refuses(
        sets(world, vec![], vec![dead(second(), "void").with("amount_fen", 1)]).await,
        Rule::Reference,
        "",
    );
    refuses(sets(world, vec![], vec![dead(second(), "returned")]).await, Rule::Check, "");
    refuses(sets(world, vec![], vec![dead(second(), "paid")]).await, Rule::Check, "");
    sets(world, vec![], vec![dead(second(), "returned").with("reason", "户名不符")]).await.unwrap();
}

async fn a_change_of_a_grant_has_its_effect(world: &World) {
    ready(world).await;
    let later = |n: u128| Record { id: Id(n), ..change(0x1000, CASE) }.with("seq", i64::try_from(n).unwrap());
    refuses(
        world.put(vec![later(2).with("effect", Value::Null)]).await,
        Rule::Check,
        "change_has_its_effect",
    );
    refuses(world.put(vec![later(2).with("decision", Id(0x77))]).await, Rule::Reference, "");
    refuses(world.put(vec![later(2).with("case_id", OTHER_CASE)]).await, Rule::Reference, "");
    let undo =
        |of: u128| later(2).with("does", "undo").with("from_month", Value::Null).with("undoes", Id(of));
    refuses(world.put(vec![undo(0x99)]).await, Rule::Reference, "");
    world.put(vec![undo(0x1004).with("effect", Value::Null)]).await.unwrap();
    refuses(world.put(vec![later(2)]).await, Rule::Unique, "");
}

async fn an_account_needs_a_second_person(world: &World) {
    ready(world).await;
    let account = |n: u128| Record { id: Id(n), ..grant_rows(0x1000, CASE, NEIGHBOUR, "aid").pop().unwrap() };
    refuses(world.put(vec![account(1).with("confirmed_by", CLERK)]).await, Rule::Check, "four_eyes");
    let nobody = account(1).with("confirmed_by", Value::Null).with("confirmed_at", Value::Null);
    refuses(world.put(vec![nobody.clone()]).await, Rule::Check, "four_eyes");
    refuses(world.put(vec![account(1).with("kind", "guardian")]).await, Rule::Check, "paper");
    world.put(vec![nobody.with("state", "proposed"), account(2)]).await.unwrap();
    refuses(world.put(vec![account(3)]).await, Rule::Unique, "");
}

async fn an_entry_is_resolved_once_between_the_same_accounts(world: &World) {
    ready(world).await;
    let id = Id(0x50);
    world.put(vec![batch(id, "aid")]).await.unwrap();
    let entry = |n: u128, stage: &str| {
        Record::new(&ENTRY, Id(n))
            .with("part", Id(0x60 + n))
            .with("area", COUNTY)
            .with("fund", "relief")
            .with("from_account", BANK)
            .with("to_account", PAYEES)
            .with("amount_fen", 100)
            .with("stage", stage)
            .with("batch", id)
            .with("recorded_at", NOW)
    };
    let put = async |row: Record| -> Result<()> {
        let scope = everything();
        let mut work = world.store.begin_job(command(&scope)).await?;
        work.insert_set(&ENTRY, row.link("part").unwrap(), vec![row]).await?;
        work.commit(STREAM, b"", b"").await.map(drop)
    };
    put(entry(1, "pending")).await.unwrap();
    refuses(put(entry(2, "post")).await, Rule::Check, "");
    refuses(put(entry(2, "post").with("pending", Id(1)).with("amount_fen", 99)).await, Rule::Reference, "");
    refuses(put(entry(2, "void").with("pending", Id(1)).with("to_account", FUND)).await, Rule::Reference, "");
    put(entry(2, "post").with("pending", Id(1))).await.unwrap();
    refuses(put(entry(3, "void").with("pending", Id(1))).await, Rule::Unique, "");
    refuses(put(entry(4, "done").with("to_account", BANK)).await, Rule::Check, "");
    refuses(put(entry(4, "done").with("amount_fen", 0)).await, Rule::Check, "");
    refuses(put(entry(4, "done").with("from_account", OTHER_FUND)).await, Rule::Reference, "");
}

async fn one_batch_a_month_by_three_people(world: &World) {
    ready(world).await;
    world.put(vec![batch(Id(0x50), "aid")]).await.unwrap();
    refuses(world.put(vec![batch(Id(0x51), "aid")]).await, Rule::Unique, "");
    let void = batch(Id(0x51), "aid").with("state", "voided");
    refuses(world.put(vec![void.clone()]).await, Rule::Check, "");
    world.put(vec![void.with("reason", "金额有误")]).await.unwrap();
    let unpaid = batch(Id(0x52), "other").with("state", "settled");
    refuses(world.put(vec![unpaid]).await, Rule::Check, "");
}

async fn due(world: &World, period: Month) -> Vec<DueGrant> {
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await.unwrap();
    work.due_grants(DueAsk { area: COUNTY, programme: "aid", period }).await.unwrap()
}

async fn command_on(world: &World, then: impl AsyncFnOnce(&mut Work) -> Result<()>) -> Result<()> {
    let scope = everything();
    let mut work = world.store.begin_job(command(&scope)).await?;
    then(&mut work).await?;
    work.commit(STREAM, b"", b"").await.map(drop)
}

async fn what_is_due_is_what_was_decided_and_not_paid(world: &World) {
    ready(world).await;
    assert!(due(world, PERIOD).await.is_empty(), "nobody said that it is open");
    command_on(world, async |work| work.open_grant(Id(0x1003), PERIOD).await).await.unwrap();
    assert!(due(world, PERIOD.before()).await.is_empty());
    let found = due(world, PERIOD).await;
    let [one] = &found[..] else { panic!("{found:?}") };
    let account = one.account.as_ref().map(|account| (account.id, account.last_four.as_str()));
    assert_eq!((one.since, one.name.as_str(), account), (PERIOD, "居民", Some((Id(0x1006), "0001"))));
    let Does::Set { from, amounts, first: None } = &one.grant.changes[0].does else { panic!("{one:?}") };
    assert_eq!((*from, amounts.of("base").fen(), one.grant.changes[0].persons), (PERIOD, 50_000, 2));
    command_on(world, async |work| whole_month(work, 0x1000, "aid", false).await).await.unwrap();
    assert!(due(world, PERIOD).await.is_empty());
    assert_eq!(due(world, PERIOD.next()).await[0].earlier, []);
    // A decision that reaches back opens the months again, with what was paid for them.
    command_on(world, async |work| work.open_grant(Id(0x1003), PERIOD.before()).await).await.unwrap();
    let earlier = &due(world, PERIOD.next()).await[0].earlier;
    assert_eq!(
        (earlier[0].period, earlier[0].cause, earlier[0].amount.fen()),
        (PERIOD, Cause::Regular, 50_000)
    );
}

async fn balance(world: &World, account: Id) -> i64 {
    let side = async |column: &str| {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM entry WHERE {column} = '{account}' \
             AND stage IN ('done', 'post')"
        );
        world.number(&sql).await
    };
    side("to_account").await - side("from_account").await
}

async fn a_month_goes_through_the_bank(world: &World) {
    ready(world).await;
    world.put(grant_rows(0x2000, OTHER_CASE, NEIGHBOUR, "kin")).await.unwrap();
    command_on(world, async |work| whole_month(work, 0x1000, "aid", false).await).await.unwrap();
    command_on(world, async |work| {
        let id = Id(0x2007);
        work.insert(batch(id, "kin")).await?;
        let one = payment(0x2008, id, 0x2000, "kin", "regular").with("payee", NEIGHBOUR);
        work.insert_set(&PAYMENT, id, vec![one]).await?;
        work.insert_set(&PAY_ATTEMPT, id, vec![attempt(0x2009, id, 0x2008, 1, 0x2000)]).await?;
        work.promise(id, Id(0x2010), "relief", BANK, PAYEES).await?;
        work.answer(id, Id(0x2011), &[(1, "账户已销户".into())]).await
    })
    .await
    .unwrap();
    let outcomes = world.texts("SELECT outcome FROM pay_attempt ORDER BY id").await;
    assert_eq!(outcomes, ["paid", "returned"]);
    let stages = world.texts("SELECT stage FROM entry ORDER BY stage, id").await;
    assert_eq!(stages, ["pending", "pending", "post", "void"]);
    assert_eq!((balance(world, BANK).await, balance(world, PAYEES).await), (-50_000, 50_000));
    world.store.seal(NOW, true).await.unwrap();
    assert_eq!(world.store.verify_state().await.unwrap().findings, []);
}

async fn a_batch_sent_back_opens_its_months_again(world: &World) {
    ready(world).await;
    let id = Id(0x50);
    let ask = DueAsk { area: COUNTY, programme: "aid", period: PERIOD };
    command_on(world, async |work| {
        work.open_grant(Id(0x1003), PERIOD).await?;
        work.insert(batch(id, "aid")).await?;
        work.insert_set(&PAYMENT, id, vec![payment(1, id, 0x1000, "aid", "regular")]).await?;
        work.insert_set(&PAY_ATTEMPT, id, vec![attempt(1, id, 1, 1, 0x1000)]).await?;
        work.settle_grants(ask, &[]).await
    })
    .await
    .unwrap();
    assert!(due(world, PERIOD).await.is_empty());
    command_on(world, async |work| work.void_payments(id).await).await.unwrap();
    let found = due(world, PERIOD).await;
    assert_eq!((found[0].since, found[0].earlier.len()), (PERIOD, 0));
    world.store.seal(NOW, true).await.unwrap();
    assert_eq!(world.store.verify_state().await.unwrap().findings, []);
}

async fn money_is_reached_by_who_handles_it_in_the_area(world: &World) {
    ready(world).await;
    command_on(world, async |work| whole_month(work, 0x1000, "aid", false).await).await.unwrap();
    let funds = |area: Id| Clause { packs: Packs::Money, up_to: 2, ..within(area) };
    let seen = async |scope: &Scope, table: &'static Table| {
        world.store.read_personal(scope, "test", NOW, &Find::all(table)).await.unwrap().len()
    };
    let county = staff(CLERK, vec![funds(COUNTY)]);
    for table in [&BATCH, &PAYMENT, &PAY_ATTEMPT, &ENTRY, &FUND_ACCOUNT] {
        assert!(seen(&county, table).await > 0, "{}", table.name);
    }
    // No case, nobody's record, no account of anybody's.
    for table in [&CASE_FILE, &PERSON, &PAYEE_ACCOUNT, &GRANT_FILE, &DECISION] {
        assert_eq!(seen(&county, table).await, 0, "{}", table.name);
    }
    // The town sees its own payments and not the county's batch; the other town sees neither.
    let town = staff(CLERK, vec![funds(TOWN)]);
    assert_eq!((seen(&town, &BATCH).await, seen(&town, &PAYMENT).await), (0, 1));
    assert_eq!(seen(&staff(CLERK, vec![funds(OTHER_TOWN)]), &PAYMENT).await, 0);
    // Who works on cases sees what its people are paid, and no batch; whoever is paid sees their own.
    let worker = staff(CLERK, vec![within(TOWN)]);
    assert_eq!((seen(&worker, &PAYMENT).await, seen(&worker, &BATCH).await), (1, 0));
    assert_eq!(seen(&worker, &PAYEE_ACCOUNT).await, 1);
    let own = Clause { near: crate::scope::Near::Own, up_to: 3, ..Clause::default() };
    assert_eq!(seen(&resident(RESIDENT, vec![own.clone()]), &PAYMENT).await, 1);
    assert_eq!(seen(&resident(NEIGHBOUR, vec![own]), &PAYMENT).await, 0);
    // Nothing is written where one does not handle money.
    for (scope, allowed) in [(county, true), (town, false), (worker, false)] {
        let mut work = world.store.begin_job(command(&scope)).await.unwrap();
        let written = work.insert(batch(Id(0x77), "x")).await;
        assert_eq!(written.is_ok(), allowed, "{written:?}");
        assert_eq!(
            work.due_grants(DueAsk { area: COUNTY, programme: "aid", period: PERIOD }).await.is_ok(),
            allowed
        );
    }
}

async fn a_set_changed_by_hand_shows(world: &World) {
    ready(world).await;
    command_on(world, async |work| whole_month(work, 0x1000, "aid", false).await).await.unwrap();
    world.store.seal(NOW, true).await.unwrap();
    assert_eq!(world.store.verify_state().await.unwrap().findings, []);
    world.by_hand("UPDATE pay_attempt SET reason = NULL, line = 2").await;
    world.by_hand("UPDATE entry SET recorded_at = 1 WHERE stage = 'post'").await;
    let findings = world.store.verify_state().await.unwrap().findings;
    let told: Vec<String> = findings.iter().map(|finding| format!("{:?}", finding.what)).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("RowChanged(\"pay_attempt* ") && told[1].contains("RowChanged(\"entry* "),
        "{told:?}"
    );
    world.by_hand("UPDATE pay_attempt SET line = 1").await;
    world.by_hand("DELETE FROM entry WHERE stage = 'post'").await;
    assert!(format!("{:?}", world.store.verify_state().await.unwrap().findings).contains("RowGone"));
}
