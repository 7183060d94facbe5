//! Letters to read and print, and the decisions of a case in plain words.

use super::at;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::letter::body;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::case::{ExplainedV1, LetterV1};
use anmin_base::document::Document;
use anmin_base::money::Money;
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/my/cases/{case}/letters/{number}", letter)
            .called("page_my_letter")
            .may(&[], &["progress_read"]),
        page("/my/cases/{case}/decisions/{number}", decision)
            .called("page_my_decision")
            .may(&[], &["progress_read"]),
    ]
}

#[derive(Debug, Template)]
#[template(path = "my/letter.html")]
struct LetterPage {
    t: Words,
    shell: Shell,
    back: String,
    title: String,
    /// The letter, each character of it escaped where it was put together.
    text: String,
    lang: &'static str,
    /// The page that explains the decision it is about.
    explained: Option<String>,
}

async fn letter(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let number = asked.number("number")?;
    let letters = asked.office().letters(&asked.order()?, asked.id("case")?).await?;
    let letter: LetterV1 =
        letters.into_iter().find(|l| l.number == number && !l.board).ok_or_else(Problem::not_found)?;
    let document = letter.documents.iter().find(|document| document.lang == asked.lang.name());
    let document: Document = document.map(Document::from).ok_or_else(Problem::not_found)?;
    let back = at(asked.text("case"));
    let shell = asked.shell(t.of(&letter.title).to_owned()).await?;
    let explained = letter.decision.map(|number| format!("{back}/decisions/{number}"));
    let title = document.title.clone();
    Html::of(&LetterPage { t, shell, back, title, text: body(&document), lang: t.locale(), explained })
}

/// A way to contest a decision, as the page tells it.
#[derive(Clone, Debug)]
struct WayOut {
    name: String,
    to: String,
    period: String,
    until: String,
    left: Option<Tag>,
    provisional: bool,
    used: bool,
    past: bool,
}

#[derive(Debug, Template)]
#[template(path = "my/decision.html")]
struct DecisionPage {
    t: Words,
    shell: Shell,
    back: String,
    seen: ExplainedV1,
    outcome: Tag,
    amount: String,
    from: Option<String>,
    ways: Vec<WayOut>,
    letter: Option<String>,
    contest: String,
}

/// Whether its last day is over. Whether it is still heard is for that organ to say.
pub(super) fn is_past(asked: &Asked, way: &anmin_app::case::WayOutV1) -> bool {
    way.until.as_ref().is_some_and(|until| *until < asked.now.on.to_string())
}

pub(super) async fn one(asked: &Asked) -> Result<ExplainedV1, Problem> {
    let number = asked.number("number")?;
    let decisions = asked.office().explained(&asked.order()?, asked.id("case")?).await?;
    decisions.into_iter().find(|decision| decision.number == number).ok_or_else(Problem::not_found)
}

pub(super) fn amount(t: Words, seen: &ExplainedV1) -> String {
    let Some(fen) = seen.amount_fen else { return String::new() };
    let key = match seen.amount_per.as_deref() {
        Some("year") => "my-amount-year",
        Some("once") => "my-amount-once",
        _ => "my-amount-month",
    };
    t.text(key).arg("amount", grouped(&Money::from_fen(fen).to_string())).to_string()
}

/// 1772.50 as 1,772.50.
fn grouped(amount: &str) -> String {
    let (yuan, rest) = amount.split_at(amount.find('.').unwrap_or(amount.len()));
    let mut out = String::new();
    for (n, digit) in yuan.chars().enumerate() {
        let left = yuan.len() - n;
        if n > 0 && left.is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

async fn decision(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = one(&asked).await?;
    let letters = asked.office().letters(&asked.order()?, asked.id("case")?).await?;
    let back = at(asked.text("case"));
    let about = letters
        .iter()
        .rev()
        .find(|letter| letter.decision == Some(seen.number) && !letter.documents.is_empty());
    let way = |way: &anmin_app::case::WayOutV1| WayOut {
        name: t.of(&way.remedy.label).to_owned(),
        to: t.of(&way.to).to_owned(),
        period: t.of(&way.period).to_owned(),
        until: way.until.as_deref().map(|day| t.day(day)).unwrap_or_default(),
        left: way.until.as_deref().map(|day| crate::pages::parts::clock(t, "green", Some(day), asked.now.on)),
        provisional: way.provisional,
        used: way.used,
        past: is_past(&asked, way),
    };
    let tone = if seen.adverse { Tone::Soon } else { Tone::Good };
    let page = DecisionPage {
        t,
        shell: asked.shell("my-decision").await?,
        from: seen
            .from
            .as_deref()
            .filter(|_| !matches!(seen.outcome.name.as_str(), "refuse" | "decline"))
            .map(|day| t.day(day)),
        outcome: t.tag(tone, &seen.outcome.label),
        amount: amount(t, &seen),
        ways: seen.remedies.iter().map(way).collect(),
        letter: about.map(|letter| format!("{back}/letters/{}", letter.number)),
        contest: format!("{back}/contest/{}", seen.number),
        back,
        seen,
    };
    Html::of(&page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_thousands() {
        for (amount, read) in [
            ("0.00", "0.00"),
            ("999.50", "999.50"),
            ("1772.50", "1,772.50"),
            ("1234567.00", "1,234,567.00"),
            ("-100.00", "-100.00"),
        ] {
            assert_eq!(grouped(amount), read);
        }
    }
}
