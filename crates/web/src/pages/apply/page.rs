//! One page of an application: a question, who somebody is, or who is in a list.

use super::{AboutV1, MAY, at, id, page_at, seen, version};
use crate::asked::Asked;
use crate::page::{Html, Turn, Went, form};
use crate::pages::asking;
use crate::pages::form::{Choice, Field, Form};
use crate::pages::layout::Shell;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::{Say, Words};
use anmin_app::applications::DraftDoneV1;
use anmin_app::asking::{ListedV1, PageAnswerV1, PagePlaceV1, PageSeenV1, PersonEnteredV1, StateV1};
use anmin_app::services::CounterV1;
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let page = form("/my/applications/{application}/pages/{page}", show, save)
        .called("page_question", "do_question")
        .may(&[], MAY)
        .key(Key::Of("save_page"));
    page.into_iter().collect()
}

/// Most in a list, where the form does not say.
const MOST: usize = 40;

#[derive(Debug, Template)]
#[template(path = "apply/page.html")]
struct QuestionPage {
    t: Words,
    shell: Shell,
    form: Form,
    back: String,
    section: String,
    /// Whom the one question of a page is about.
    about: String,
    /// The heading, where the page asks more than one thing.
    heading: String,
    hint: String,
    fields: Vec<Field>,
    /// Of a list: the keys that go along, and how many rows.
    keys: Vec<String>,
    rows: usize,
    more: bool,
    nobody: Option<Field>,
    help: Option<CounterV1>,
}

fn place(asked: &Asked, ask: &AboutV1) -> PagePlaceV1 {
    PagePlaceV1 { page: asked.text("page").to_owned(), element: ask.of.clone() }
}

async fn show(asked: Asked, ask: AboutV1, form: Form) -> Result<Html, Problem> {
    let rows = form.typed().get("rows").and_then(|rows| rows.parse().ok()).unwrap_or(0);
    question(&asked, &ask, form, rows).await
}

async fn question(asked: &Asked, ask: &AboutV1, mut form: Form, rows: usize) -> Result<Html, Problem> {
    let t = asked.words();
    let order = asked.order()?;
    let seen = seen(asked).await?;
    let page = asked.office().show_page(&order, id(asked)?, &place(asked, ask)).await?;
    form.put("version", seen.version.to_string());
    let mut asking = Asking { t, form: &mut form, fields: Vec::new(), keys: Vec::new(), rows };
    match page.kind {
        "list" => asking.list(&page),
        "who" => asking.questions(&page, "who"),
        _ => asking.questions(&page, "values"),
    }
    let Asking { fields, keys, rows, .. } = asking;
    let alone = fields.len() == 1 && page.kind == "questions";
    let label = t.of(&page.label).to_owned();
    let shell = asked.shell(label.clone()).await?.wrong(form.is_wrong());
    let section = seen.sheet.sections.iter().find(|section| section.name == page.section);
    let nobody = page.nobody.as_ref().map(|words| {
        let choice = [Choice::new("true", Say::Both(words.clone()))];
        form.boxes("nobody", "apply-nobody", &choice)
    });
    let area =
        asked.office().show_person(&order, asked.caller()?.person_id()).await.ok().and_then(|p| p.area);
    let area = area.as_deref().and_then(anmin_app::deployment::Id::parse);
    let page = QuestionPage {
        t,
        back: at(&seen.line.application),
        section: section.map(|section| t.of(&section.label).to_owned()).unwrap_or_default(),
        about: if alone && ask.of.is_some() { label.clone() } else { String::new() },
        heading: if alone { String::new() } else { label },
        hint: page.hint.as_ref().map(|hint| t.of(hint).to_owned()).unwrap_or_default(),
        fields: if alone { fields.into_iter().map(Field::heading).collect() } else { fields },
        more: page.kind == "list" && rows < page.most.map_or(MOST, |most| most as usize).min(MOST),
        keys,
        rows,
        nobody,
        help: area.and_then(|area| asked.office().counter_of(area, asked.now.on)),
        shell,
        form,
    };
    Html::of(&page)
}

/// Makes the fields of a page.
struct Asking<'a> {
    t: Words,
    form: &'a mut Form,
    fields: Vec<Field>,
    keys: Vec<String>,
    rows: usize,
}

impl Asking<'_> {
    fn questions(&mut self, page: &PageSeenV1, under: &str) {
        let open = |state: StateV1| !matches!(state, StateV1::Hidden | StateV1::CannotStartYet);
        for question in page.questions.iter().filter(|question| open(question.state)) {
            let name = format!("{under}.{}", question.name);
            if let Some(value) = &question.value {
                self.form.fill(&name, value.clone());
            }
            self.fields.push(asking::field(self.form, &name, question, false));
        }
    }

    /// A line for each who is in the list, and one more to write in.
    fn list(&mut self, page: &PageSeenV1) {
        let listed = page.listed.clone().unwrap_or_default();
        let least = listed.len() + 1;
        let most = page.most.map_or(MOST, |most| most as usize).min(MOST);
        self.rows = self.rows.max(least).min(most.max(listed.len()));
        for n in 0..self.rows {
            let name = format!("list[{n}].name");
            if let Some(one) = listed.get(n) {
                self.form.fill(&name, one.name.clone());
            }
            let typed_key = self.form.value(&format!("key.{n}")).to_owned();
            let key = listed.get(n).map_or(typed_key, |one| one.key.clone());
            self.keys.push(key);
            let label = match n {
                0 => self.t.text("apply-name-first"),
                n => self.t.text("apply-name").arg("n", n + 1),
            };
            let field = self.form.text(&name, label).width(20).most(50).autocomplete("off");
            self.fields.push(if n >= listed.len() { field.optional() } else { field });
        }
    }
}

async fn save(asked: Asked, ask: AboutV1, posted: Arc<Posted>) -> Result<Went, Problem> {
    if posted.has("more") {
        let rows = posted.get("rows").and_then(|rows| rows.parse::<usize>().ok()).unwrap_or(1);
        let form = Form::again(&asked, &posted).quiet();
        return Ok(question(&asked, &ask, form, rows.min(MOST) + 1).await?.into());
    }
    let place = place(&asked, &ask);
    let page = asked.office().show_page(&asked.order()?, id(&asked)?, &place).await?;
    let mut answer =
        PageAnswerV1 { version: version(&asked), element: place.element.clone(), ..PageAnswerV1::default() };
    match page.kind {
        "list" => answer.list = Some(listed(&posted)),
        "who" => answer.who = Some(who(&posted)),
        _ => answer.values = values(&posted),
    }
    let order = asked.order()?;
    let saved = asked.office().save_page(&order, id(&asked)?, &place.page, answer);
    let done: Result<DraftDoneV1, Problem> = asked.once(saved).await;
    let done = done.map_err(|problem| problem.called(&[("list", "list[0].name"), ("who", "who.number")]))?;
    let here = at(&done.application);
    if posted.has("later") {
        return Ok(Turn::to(here).saying("done-saved").into());
    }
    let seen = seen(&asked).await?;
    // What an answer has opened on the same page is asked at once.
    let next = seen.sheet.next.clone();
    let to = match (ask.look, next) {
        (_, Some(next)) if next == place => page_at(&done.application, &next, ask.look),
        (true, None) => format!("{here}/look"),
        (false, Some(next)) => {
            let section = |place: &PagePlaceV1| {
                seen.sheet.sections.iter().position(|s| s.pages.iter().any(|page| page.place == *place))
            };
            // On within the section; at its end, back to the task list.
            if section(&next) == section(&place) { page_at(&done.application, &next, false) } else { here }
        }
        _ => here,
    };
    Ok(Turn::to(to).into())
}

fn listed(posted: &Posted) -> Vec<ListedV1> {
    if posted.has("nobody") {
        return Vec::new();
    }
    let rows = posted.get("rows").and_then(|rows| rows.parse::<usize>().ok()).unwrap_or(0).min(MOST);
    let row = |n: usize| ListedV1 {
        key: posted.get(&format!("key.{n}")).unwrap_or_default().to_owned(),
        name: posted.get(&format!("list[{n}].name")).unwrap_or_default().to_owned(),
    };
    (0..rows).map(row).filter(|row| !row.name.is_empty()).collect()
}

fn values(posted: &Posted) -> BTreeMap<String, String> {
    let named = posted.names_under("values.");
    let value =
        |name: &str| (name["values.".len()..].to_owned(), posted.get(name).unwrap_or_default().to_owned());
    named.into_iter().map(value).collect()
}

fn who(posted: &Posted) -> PersonEnteredV1 {
    let text = |name: &str| posted.get(&format!("who.{name}")).unwrap_or_default().to_owned();
    let document = serde_json::from_value(text("document").into()).unwrap_or_default();
    PersonEnteredV1 {
        name: text("name"),
        document,
        number: text("number"),
        birth: text("birth"),
        sex: serde_json::from_value(text("sex").into()).ok(),
        phone: text("phone"),
        address: text("address"),
    }
}
