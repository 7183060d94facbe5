//! The money of a month: its calendar and closings, batches through the hands of three, the bank's answer, what came back, and
//! from a line to why it is paid. And where somebody's money goes, and what a resident was paid.

mod account;
mod answer;
mod batch;
mod cycle;
mod file;
mod lists;
mod mine;
mod returned;
mod step;
mod trail;

use crate::asked::Asked;
use crate::pages::parts::{Tag, Tone};
use crate::route::Route;
use crate::words::Words;
use anmin_app::error::Error;
use anmin_base::money::Money;

pub(super) fn routes() -> Vec<Route> {
    let all = [
        cycle::routes(),
        batch::routes(),
        step::routes(),
        lists::routes(),
        file::routes(),
        answer::routes(),
        returned::routes(),
        trail::routes(),
        account::routes(),
        mine::routes(),
    ];
    all.into_iter().flatten().collect()
}

/// What only a demonstration has.
pub(super) fn demo_routes() -> Vec<Route> {
    file::demo_routes()
}

/// Who looks at batches.
const READ: &[&str] = &["batch_read"];

/// An amount in yuan, as accounts write it.
fn yuan(fen: i64) -> String {
    Money::from_fen(fen).grouped()
}

/// A month as people read it: September 2026, and so in Chinese.
fn month(t: Words, text: &str) -> String {
    let Some((year, month)) = text.split_once('-') else { return text.to_owned() };
    let (Ok(year), Ok(month)) = (year.parse::<i64>(), month.parse::<u32>()) else { return text.to_owned() };
    if !(1..=12).contains(&month) {
        return text.to_owned();
    }
    let name = t.text(format!("date-month-{month}"));
    t.text("money-month").arg("year", year).arg("month", name.to_string()).to_string()
}

/// The day of a moment, in milliseconds since 1970.
fn day(t: Words, at: i64) -> String {
    t.day(&anmin_app::deployment::Moment(at).day().to_string())
}

/// The state of a batch as a mark.
fn state(t: Words, state: &str, text: &anmin_app::record::TextV1) -> Tag {
    let tone = match state {
        "settled" => Tone::Good,
        "returned" => Tone::Soon,
        "voided" => Tone::Plain,
        _ => Tone::Note,
    };
    t.tag(tone, text)
}

/// What became of a line as a mark.
fn outcome(t: Words, outcome: &str) -> Tag {
    match outcome {
        "paid" => t.tag(Tone::Good, "money-outcome-paid"),
        "returned" => t.tag(Tone::Bad, "money-outcome-returned"),
        "void" => t.tag(Tone::Plain, "money-outcome-void"),
        _ => t.tag(Tone::Plain, "money-outcome-waiting"),
    }
}

/// Whether the caller may do one of these, the second factor apart: it is asked for when it is done.
pub(super) fn may(asked: &Asked, actions: &[&str]) -> bool {
    let Ok(caller) = asked.caller() else { return false };
    match asked.office().may_any(caller, actions, None, asked.now) {
        Ok(()) => true,
        Err(Error::Refusal(refusal)) => refusal.code == "step_up",
        Err(_) => false,
    }
}
