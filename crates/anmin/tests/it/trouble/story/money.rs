//! The chapter of money: the granted family's first month is closed, sent back once, made anew, checked, signed, paid by the
//! treasury; it comes back from the bank, the account is corrected by two people, and it is paid again.
use crate::trouble::client::Client;
use crate::trouble::http::{Ask, Reply};
use crate::trouble::walk::{Book, SERVICE};
use serde_json::{Value, json};

/// The month paid for.
const PERIOD: &str = "2026-10";
const ACCOUNT: &str = "6222020000000000017";
const OTHER_ACCOUNT: &str = "6222020000000000025";

pub fn money(client: &mut Client<'_>, book: &mut Book) {
    account(client, book, ACCOUNT);
    close(client, book, "examiner", "township", "east");
    close(client, book, "preparer", "county", "county");
    let batch = prepare(client, book);
    let why = json!({ "version": batch["version"], "why": "金额需核对" });
    step(client, book, "fund reviewer", "send_batch_back", &batch, "send-back", &why);
    let batch = prepare(client, book);
    book.keep("batch", &batch["batch"]);
    to_the_bank(client, book, &batch);
    // The same bytes, whatever happened on the way: they are part of what is told.
    let answered = answer(client, book, "序号,处理结果,失败原因\n1,失败,账户已销户\n");
    assert_eq!(answered["state"], "returned");
    account(client, book, OTHER_ACCOUNT);
    book.days(client, 3);
    let again = step(
        client,
        book,
        "preparer",
        "pay_again",
        &answered,
        "again",
        &json!({ "version": answered["version"] }),
    );
    book.keep("batch", &again["batch"]);
    to_the_bank(client, book, &again);
    assert_eq!(answer(client, book, "序号,处理结果\n1,成功\n")["state"], "settled");
}

/// Whoever just showed the second factor: a session of the last minutes.
fn fresh(client: &mut Client<'_>, book: &Book, name: &str) -> String {
    let person = book.who(name);
    client.forget(&person);
    person
}

fn account(client: &mut Client<'_>, book: &mut Book, number: &str) {
    let person = book.id("granted head").to_owned();
    let head = client.see(&book.who("clerk"), &format!("/persons/{person}"));
    let input = json!({
        "case": book.id("granted"), "kind": "own", "account": number, "bank": "示例农商银行", "holder": head["name"],
    });
    let path = format!("/persons/{person}/accounts");
    let entered = client.post(&book.who("clerk"), "enter_account", &path, &input);
    let path = format!("/accounts/{}/answer", entered["account"].as_str().expect("an account"));
    let confirm = json!({ "version": entered["version"], "confirm": true });
    let examiner = fresh(client, book, "examiner");
    client.post(&examiner, "answer_account", &path, &confirm);
}

fn close(client: &mut Client<'_>, book: &Book, by: &str, level: &str, area: &str) {
    let input =
        json!({ "area": book.county.area(area), "level": level, "programme": SERVICE, "period": PERIOD });
    client.post(&book.who(by), "close_month", "/closings", &input);
}

fn prepare(client: &mut Client<'_>, book: &Book) -> Value {
    let input = json!({ "area": book.county.area("county"), "programme": SERVICE, "period": PERIOD });
    client.post(&book.who("preparer"), "prepare_batch", "/batches", &input)
}

fn step(
    client: &mut Client<'_>,
    book: &Book,
    by: &str,
    command: &str,
    batch: &Value,
    part: &str,
    input: &Value,
) -> Value {
    let path = format!("/batches/{}/{part}", batch["batch"].as_str().expect("a batch"));
    client.post(&book.who(by), command, &path, input)
}

fn to_the_bank(client: &mut Client<'_>, book: &Book, batch: &Value) {
    let seen = |moved: &Value| json!({ "version": moved["version"], "root": batch["root"] });
    let checked = step(client, book, "fund reviewer", "check_batch", batch, "check", &seen(batch));
    fresh(client, book, "signer");
    let signed = step(client, book, "signer", "sign_batch", batch, "sign", &seen(&checked));
    let version = json!({ "version": signed["version"] });
    let sent = step(client, book, "preparer", "send_batch", batch, "send", &version);
    let voucher = json!({ "version": sent["version"], "voucher": "拨字第7号", "paid_on": book.day });
    step(client, book, "fund reviewer", "treasury_paid", batch, "treasury", &voucher);
    assert_eq!(bank_file(client, book).body, bank_file(client, book).body, "the same bytes however often");
}

/// The bank's file of the batch the story is at.
pub fn bank_file(client: &mut Client<'_>, book: &Book) -> Reply {
    let preparer = fresh(client, book, "preparer");
    client.file(&preparer, &format!("/batches/{}/bank-file?as=csv", book.id("batch")))
}

fn answer(client: &mut Client<'_>, book: &Book, file: &str) -> Value {
    let path = format!("/batches/{}/answer", book.id("batch"));
    let ask = Ask {
        media: "text/csv",
        body: Some(file.as_bytes().to_vec()),
        ..Ask::send("POST", None, path, &Value::Null)
    };
    let reply = client.attempt(&book.who("fund reviewer"), "answer_batch", ask);
    assert!(reply.done(), "{}", reply.text());
    reply.json()
}
