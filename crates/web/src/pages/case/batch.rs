//! Letters of several cases in one print view: the same kind of letter of all cases in a queue, a page each.

use super::letter::{LetterPage, in_language};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Went, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Empty};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::{Say, Words};
use anmin_app::case::{LetterV1, ListV1};
use anmin_app::deployment::Id;
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    form("/letters", show, print)
        .called("page_letters", "do_print_letters")
        .may(&["case_list"], &[])
        .routes()
        .into()
}

#[derive(Debug, Template)]
#[template(path = "case/letters.html")]
struct LettersPage {
    t: Words,
    shell: Shell,
    form: Form,
    cases: Vec<Choice>,
    kinds: Vec<Choice>,
    empty: Empty,
}

/// As many cases are printed at once.
const MOST: u32 = 50;

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let (office, order, t) = (asked.office(), asked.order()?, asked.words());
    let mine = ListV1 { mine: true, limit: Some(MOST), ..ListV1::default() };
    let mut page = office.list_cases(&order, &mine).await?;
    if page.cases.is_empty() {
        page = office.list_cases(&order, &ListV1 { limit: Some(MOST), ..ListV1::default() }).await?;
    }
    let case = |line: &anmin_app::case::LineV1| {
        let name = line.name.clone().unwrap_or_default();
        let label = format!("{} {name} {}", line.number, t.of(&line.state_name));
        Choice::new(&line.id, Say::Text(label))
    };
    let cases: Vec<Choice> = page.cases.iter().map(case).collect();
    form.fill_all("cases", &page.cases.iter().map(|line| line.id.clone()).collect::<Vec<_>>());
    let mut kinds = vec![Choice::new("", "case-letters-latest")];
    for service in office.services()?.iter().filter(|service| service.has_cases) {
        for letter in office.service(&service.name, None, asked.now.on)?.letters {
            if !kinds.iter().any(|known| known.value == letter.name) {
                kinds.push(Choice::new(letter.name, letter.label));
            }
        }
    }
    let shell = asked.shell("case-letters").await?.wrong(form.is_wrong());
    let empty = Empty::new(t, "work-empty", "work-empty-more");
    Html::of(&LettersPage { t, shell, form, cases, kinds, empty })
}

async fn print(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Went, Problem> {
    let (office, order, t) = (asked.office(), asked.order()?, asked.words());
    let mut read = posted.read();
    let cases: Vec<Id> = posted.all("cases").filter_map(Id::parse).take(MOST as usize).collect();
    if cases.is_empty() {
        read.wrong("cases", "form-wrong-choice");
    }
    read.done()?;
    let kind = posted.get("kind");
    let mut letters = Vec::new();
    for case in cases {
        let of_case = office.letters(&order, case).await?;
        let fits =
            |letter: &&LetterV1| kind.is_none_or(|kind| letter.name == kind) && letter.waits_for.is_empty();
        letters.extend(of_case.iter().rev().find(fits).and_then(|letter| in_language(t, letter)));
    }
    let mut read = posted.read();
    if letters.is_empty() {
        read.wrong("kind", "case-letters-none");
    }
    read.done()?;
    let shell = asked.shell("case-letters").await?;
    let crumbs = Crumbs::new(t).to("/letters", "case-letters");
    Ok(Html::of(&LetterPage { t, shell, crumbs, letters, waits: Vec::new(), code: None })?.into())
}
