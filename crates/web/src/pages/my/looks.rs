//! Who has looked at one's data, one's own entry with telephone and address to correct, and who helps.

use super::super::form::Hidden;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, form, page};
use crate::pages::form::{Choice, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Empty, Pager, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::deployment::Id;
use anmin_app::people::{CorrectPersonV1, EndPaperV1, EnteredV1, GivenV1, LookedV1, PersonV1};
use anmin_app::residents::{HelpV1, NameHelperV1};
use askama::Template;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let looks = page("/my/access", looks).called("page_my_access").may(&[], &["own_log_read"]);
    let data = page("/my/data", data).called("page_my_data").may(&[], &["own_read"]);
    let contact = form("/my/data/contact", show_contact, contact)
        .called("page_my_contact", "do_my_contact")
        .may(&[], &["correct"])
        .key(Key::Of("correct_person"));
    let help = form("/my/help", show_help, name_helper)
        .called("page_my_help", "do_name_helper")
        .may(&[], &["consent_give"])
        .key(Key::Of("name_helper"));
    let end = form("/my/help/{paper}", show_end, end_help)
        .called("page_end_help", "do_end_help")
        .may(&[], &["consent_revoke"])
        .key(Key::Of("end_representation"));
    [looks, data].into_iter().chain(contact).chain(help).chain(end).collect()
}

/// Which page.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AfterV1 {
    /// What came after this.
    after: Option<String>,
}

/// A look, as the page tells it.
#[derive(Clone, Debug)]
struct Look {
    on: String,
    who: String,
    purpose: String,
    what: String,
    number: String,
}

#[derive(Debug, Template)]
#[template(path = "my/looks.html")]
struct LooksPage {
    t: Words,
    shell: Shell,
    looks: Vec<Look>,
    empty: Empty,
    pager: Option<Pager>,
}

async fn looks(asked: Asked, ask: AfterV1) -> Result<Html, Problem> {
    let t = asked.words();
    let found = asked.office().own_access_log(&asked.order()?, ask.after.as_deref()).await?;
    let shell = asked.shell("my-access").await?;
    // One's own looks say nothing new; they can be counted on.
    let looks: Vec<Look> =
        found.looks.iter().filter(|look| look.by != "self").map(|one| look(t, one)).collect();
    let next = found.next.map(|next| {
        let ask = form_urlencoded::Serializer::new(String::new()).append_pair("after", &next).finish();
        format!("/my/access?{ask}")
    });
    let first = ask.after.map(|_| "/my/access".to_owned());
    let paged = next.is_some() || first.is_some();
    let pager = paged.then(|| Pager::new(t, t.text("my-access-count").arg("n", looks.len()), first, next));
    Html::of(&LooksPage {
        t,
        shell,
        looks,
        empty: Empty::new(t, "my-access-none", "my-access-none-more"),
        pager,
    })
}

fn look(t: Words, look: &LookedV1) -> Look {
    let role = look.role.as_ref().map(|role| t.of(role)).unwrap_or_default();
    let who = match look.by {
        "staff" => {
            let unit = look.unit.clone().unwrap_or_else(|| t.text("my-access-staff").to_string());
            if role.is_empty() { unit } else { format!("{unit} {role}") }
        }
        "resident" => t.text("my-access-resident").to_string(),
        _ => t.text("my-access-system").to_string(),
    };
    let what: Vec<&str> = look.what.iter().map(|what| t.of(what)).collect();
    Look {
        on: t.day(&look.on),
        who,
        purpose: t.of(&look.purpose).to_owned(),
        what: what.join(&t.text("my-between").to_string()),
        number: look.number.clone().unwrap_or_default(),
    }
}

#[derive(Debug, Template)]
#[template(path = "my/data.html")]
struct DataPage {
    t: Words,
    shell: Shell,
    seen: PersonV1,
    phones: Vec<String>,
}

async fn me(asked: &Asked) -> Result<PersonV1, Problem> {
    Ok(asked.office().show_person(&asked.order()?, asked.caller()?.person_id()).await?)
}

fn phones(seen: &PersonV1) -> Vec<String> {
    let entry = seen.entry.as_ref().map(|entry| entry.phones.clone());
    entry.unwrap_or_else(|| seen.phone.clone().into_iter().collect())
}

async fn data(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let seen = me(&asked).await?;
    let shell = asked.shell("my-data").await?;
    let phones = phones(&seen);
    Html::of(&DataPage { t: shell.t, shell, seen, phones })
}

#[derive(Debug, Template)]
#[template(path = "my/contact.html")]
struct ContactPage {
    t: Words,
    shell: Shell,
    form: Form,
}

async fn show_contact(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let seen = me(&asked).await?;
    form.put("version", seen.version.to_string());
    form.fill("phone", phones(&seen).into_iter().next().unwrap_or_default());
    form.fill("address", seen.address.clone().unwrap_or_default());
    let shell = asked.shell("my-contact").await?.wrong(form.is_wrong());
    Html::of(&ContactPage { t: shell.t, shell, form })
}

async fn contact(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let version = read.number("version").unwrap_or_default();
    let (phone, address) = (read.maybe("phone"), read.maybe("address"));
    read.done()?;
    let seen = me(&asked).await?;
    // The first is the one that is shown; others on record stay.
    let phones = phone.into_iter().chain(phones(&seen).into_iter().skip(1)).collect();
    let input = CorrectPersonV1 {
        version,
        phones: Some(phones),
        address: Some(address.unwrap_or_default()),
        ..CorrectPersonV1::default()
    };
    let order = asked.order()?;
    let done = asked.office().correct_person(&order, asked.caller()?.person_id(), input);
    let done: Result<EnteredV1, Problem> = asked.once(done).await;
    done.map_err(|problem| problem.called(&[("phones[0]", "phone"), ("phones", "phone")]))?;
    Ok(Turn::to("/my/data").saying("done-contact"))
}

/// Somebody who helps, or is helped.
#[derive(Clone, Debug)]
struct Help {
    name: String,
    may: String,
    days: String,
    state: Tag,
    end: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "my/help.html")]
struct HelpPage {
    t: Words,
    shell: Shell,
    form: Form,
    helpers: Vec<Help>,
    helped: Vec<Help>,
}

async fn show_help(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let t = asked.words();
    let all = asked.office().my_help(&asked.order()?).await?;
    let shell = asked.shell("my-help-title").await?.wrong(form.is_wrong());
    let of = |helping: bool| {
        all.iter().filter(move |help| help.helping == helping).map(|one| help(t, one)).collect()
    };
    Html::of(&HelpPage { t, shell, form, helpers: of(false), helped: of(true) })
}

fn help(t: Words, help: &HelpV1) -> Help {
    let until = help.until.as_deref().map(|day| t.day(day));
    let days = match until {
        Some(until) => t.text("my-help-days").arg("from", t.day(&help.from)).arg("until", until),
        None => t.text("my-help-since").arg("from", t.day(&help.from)),
    };
    Help {
        name: help.name.clone(),
        may: t.of(&help.may).to_owned(),
        days: days.to_string(),
        state: if help.holds {
            t.tag(Tone::Good, "my-help-holds")
        } else {
            t.tag(Tone::Plain, "my-help-over")
        },
        end: (help.holds && !help.helping && help.kind == "helper")
            .then(|| format!("/my/help/{}", help.paper)),
    }
}

async fn name_helper(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let (name, number) = (read.text("name"), read.text("number"));
    let until = read.maybe_day("until").map(|day| day.to_string());
    read.done()?;
    let input = NameHelperV1 { name, number, until };
    let named: Result<GivenV1, Problem> =
        asked.once(asked.office().name_helper(&asked.order()?, input)).await;
    named.map_err(|problem| match problem.fields.is_empty() && problem.code == "no_such_helper" {
        true => super::at_field(problem, "number"),
        false => problem,
    })?;
    Ok(Turn::to("/my/help").saying("done-helper"))
}

#[derive(Debug, Template)]
#[template(path = "my/end_help.html")]
struct EndPage {
    t: Words,
    shell: Shell,
    form: Form,
    name: String,
    sure: Vec<Choice>,
    version: Hidden,
}

async fn show_end(asked: Asked, _: NoQuery, mut form: Form) -> Result<Html, Problem> {
    let all = asked.office().my_help(&asked.order()?).await?;
    let paper = asked.text("paper");
    let found =
        all.into_iter().find(|help| help.paper == paper && !help.helping).ok_or_else(Problem::not_found)?;
    form.put("version", found.version.to_string());
    let shell = asked.shell("my-help-end").await?.wrong(form.is_wrong());
    let version = form.hidden("version");
    let sure = vec![Choice::new("true", "my-help-end-sure")];
    Html::of(&EndPage { t: shell.t, shell, form, name: found.name, sure, version })
}

async fn end_help(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let mut read = posted.read();
    let version = read.number("version").unwrap_or_default();
    if !posted.has("sure") {
        read.wrong("sure", "my-not-sure");
    }
    read.done()?;
    let paper: Id = asked.id("paper")?;
    let order = asked.order()?;
    let ended = asked.office().end_representation(&order, paper, EndPaperV1 { version });
    let _: GivenV1 = asked.once(ended).await?;
    Ok(Turn::to("/my/help").saying("done-help-ended"))
}
