//! Where the money of a case goes: entered by one, confirmed by another, and what it replaces.

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::deployment::Id;
use anmin_app::money::{AccountAnswerV1, AccountV1, ChangedAccountV1, NewAccountV1};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let enter = form("/cases/{case}/accounts", show, enter)
        .called("page_case_accounts", "do_enter_account")
        .may(super::returned::WHO, &[])
        .key(Key::Of("enter_account"));
    let answer = form("/cases/{case}/accounts/{account}", show_one, answer)
        .called("page_account", "do_answer_account")
        .may(&["payee_change_confirm"], &[])
        .key(Key::Of("answer_account"));
    enter.into_iter().chain(answer).collect()
}

/// Whose accounts there are.
const KINDS: [&str; 4] = ["own", "guardian", "institution", "agreement"];

/// An account on a page.
#[derive(Debug)]
struct Account {
    href: Option<String>,
    number: String,
    bank: String,
    holder: String,
    kind: String,
    paper: String,
    state: Tag,
    from: String,
    shared: i64,
}

#[derive(Debug, Template)]
#[template(path = "money/case_accounts.html")]
struct AccountsPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    name: String,
    accounts: Vec<Account>,
    enters: bool,
    kinds: Vec<Choice>,
}

/// The case, and whose money it is.
struct Whose {
    case: String,
    number: String,
    person: Id,
    name: String,
}

async fn whose(asked: &Asked) -> Result<Whose, Problem> {
    let seen = asked.office().payee_of(&asked.order()?, asked.id("case")?).await?;
    let person = Id::parse(&seen.person).ok_or_else(Problem::not_found)?;
    Ok(Whose { case: seen.case, number: seen.number, person, name: seen.name })
}

fn above(asked: &Asked, whose: &Whose) -> Crumbs {
    let t = asked.words();
    Crumbs::new(t)
        .to("/accounts", "money-accounts-title")
        .to(format!("/cases/{}", whose.case), format!("{} {}", whose.name, whose.number))
}

async fn show(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let whose = whose(&asked).await?;
    let found = asked.office().accounts(&asked.order()?, whose.person).await?;
    let confirms = super::may(&asked, &["payee_change_confirm"]);
    form.fill("kind", "own");
    form.fill("holder", whose.name.clone());
    let kinds = KINDS.map(|kind| Choice::new(kind, t.text(format!("money-account-{kind}"))));
    let shell = asked.shell("money-account-title").await?.wrong(form.is_wrong());
    Html::of(&AccountsPage {
        t,
        crumbs: above(&asked, &whose),
        form,
        accounts: found.accounts.iter().map(|one| account(t, &whose.case, one, confirms)).collect(),
        name: whose.name,
        enters: super::may(&asked, &["payee_change_enter"]),
        kinds: kinds.into(),
        shell,
    })
}

fn account(t: Words, case: &str, one: &AccountV1, confirms: bool) -> Account {
    let proposed = one.state == "proposed";
    let tone = match one.state.as_str() {
        "confirmed" => Tone::Good,
        "proposed" => Tone::Soon,
        _ => Tone::Plain,
    };
    Account {
        href: (proposed && confirms).then(|| format!("/cases/{case}/accounts/{}", one.id)),
        number: grouped(one.account.as_deref().unwrap_or_default()),
        bank: one.bank.clone(),
        holder: one.holder.clone().unwrap_or_default(),
        kind: t.text(format!("money-account-{}", one.kind)).to_string(),
        paper: one.paper.clone().unwrap_or_default(),
        state: t.tag(tone, t.text(format!("money-account-state-{}", one.state))),
        from: one.usable_from.as_deref().map(|on| t.day(on)).unwrap_or_default(),
        shared: one.shared_with,
    }
}

/// A number in groups of four, as it stands on a card: so that it can be read off against one.
fn grouped(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn enter(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let whose = whose(&asked).await?;
    let mut read = posted.read();
    let kind = read.choice("kind", &KINDS);
    let number = read.text("account");
    if posted.get("again").is_none_or(|again| plain(again) != plain(&number)) {
        read.wrong("again", "money-wrong-again");
    }
    let (bank, holder, paper) = (read.text("bank"), read.text("holder"), read.maybe("paper"));
    read.done()?;
    let input = NewAccountV1 { case: whose.case.clone(), kind, account: number, bank, holder, paper };
    let order = asked.order()?;
    let _: ChangedAccountV1 = asked.once(asked.office().enter_account(&order, whose.person, input)).await?;
    Ok(Turn::to(format!("/cases/{}/accounts", whose.case)).saying("done-account-entered"))
}

fn plain(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).collect()
}

#[derive(Debug, Template)]
#[template(path = "money/account.html")]
struct AccountPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    name: String,
    account: Account,
    before: Option<Account>,
    back: String,
}

async fn show_one(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let (whose, id) = (whose(&asked).await?, asked.id("account")?.to_string());
    let found = asked.office().accounts(&asked.order()?, whose.person).await?.accounts;
    let one = found.iter().find(|one| one.id == id).ok_or_else(Problem::not_found)?;
    let before = found.iter().find(|one| one.state == "confirmed" && one.id != id);
    form.put("version", one.version.to_string());
    let back = format!("/cases/{}/accounts", whose.case);
    let shell = asked.shell("money-confirm-title").await?.wrong(form.is_wrong());
    Html::of(&AccountPage {
        t,
        crumbs: above(&asked, &whose).to(&back, "money-account-title"),
        form,
        account: account(t, &whose.case, one, false),
        before: before.map(|one| account(t, &whose.case, one, false)),
        name: whose.name,
        back,
        shell,
    })
}

async fn answer(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let version = posted.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let confirm = posted.get("answer") == Some("confirm");
    let input = AccountAnswerV1 { version, confirm };
    let order = asked.order()?;
    let _: ChangedAccountV1 =
        asked.once(asked.office().answer_account(&order, asked.id("account")?, input)).await?;
    let to = format!("/cases/{}/accounts", asked.id("case")?);
    Ok(Turn::to(to).saying(if confirm { "done-account-confirmed" } else { "done-account-refused" }))
}
