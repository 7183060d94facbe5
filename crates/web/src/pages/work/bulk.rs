//! One step for the cases that were ticked: what they have in common, tried first, then done one after another, each a
//! command and a request key of its own. What was done and what not stands in one list. Long work goes on from page to
//! page, and its bar says how far it is.

use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Went, form};
use crate::pages::case::field_of;
use crate::pages::form::{Choice, Field, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Bar, Crumbs, Empty, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::{Say, Words};
use anmin_app::case::ChangedV1;
use anmin_app::deployment::Id;
use anmin_app::office::Order;
use anmin_app::work::{BulkFormV1, BulkOfferV1, BulkV1, BulkWantV1, MOST_CHOSEN};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    form("/work/bulk", show, save)
        .called("page_work_bulk", "do_work_bulk")
        .may(&["case_list"], &[])
        .routes()
        .into()
}

/// As many are done before a page says how far it is.
const AT_ONCE: usize = 20;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// A step is to be chosen.
    Choose,
    /// What it needs is to be filled in, the same for all.
    Fill,
    /// It was tried.
    Tried,
    /// Some were done, and others are still to be.
    Going,
    /// All were done, or were not and why.
    Done,
}

/// A case, with what became of it.
#[derive(Clone, Debug)]
struct Row {
    id: String,
    version: String,
    number: String,
    name: String,
    area: String,
    state: Tag,
    outcome: Option<Tag>,
    why: String,
    /// The key by which it is done once.
    key: String,
    /// What was noted of it in this go.
    was: String,
}

#[derive(Debug, Template)]
#[template(path = "work/bulk.html")]
struct BulkPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    stage: Stage,
    rows: Vec<Row>,
    steps: Vec<Choice>,
    step: String,
    step_name: String,
    fields: Vec<Field>,
    why: Option<Field>,
    phrases: Vec<String>,
    /// What was filled in, to be carried on.
    carried: Vec<(String, String)>,
    fine: usize,
    not: usize,
    bar: Bar,
    empty: Empty,
}

/// The cases that were ticked, with the versions they had.
struct Chosen {
    ids: Vec<Id>,
}

impl Chosen {
    fn of(posted: &Posted) -> Chosen {
        let mut ids: Vec<Id> = Vec::new();
        for id in posted.all("cases").filter_map(Id::parse).take(MOST_CHOSEN) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Chosen { ids }
    }
}

/// The page as a form: shown again where something that is the same for all is wrong.
async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    let posted = form.typed().clone();
    let chosen = Chosen::of(&posted);
    let told = asked.office().bulk_offers(&asked.order()?, &chosen.ids).await?;
    match offer(&told, &posted) {
        Some(offer) => fill(&asked, form, &told, offer).await,
        None => choose(&asked, form, &told).await,
    }
}

async fn save(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Went, Problem> {
    let (office, order) = (asked.office(), asked.order()?);
    let chosen = Chosen::of(&posted);
    let mut read = posted.read();
    if chosen.ids.is_empty() {
        read.wrong("cases", "queue-bulk-none");
    }
    read.done()?;
    let go = posted.get("go").unwrap_or("look");
    if go == "do" {
        return Ok(carry_out(&asked, &posted, &chosen).await?.into());
    }
    let told = office.bulk_offers(&order, &chosen.ids).await?;
    let form = Form::again(&asked, &posted).quiet();
    if go == "look" {
        return Ok(choose(&asked, form, &told).await?.into());
    }
    let mut read = posted.read();
    if offer(&told, &posted).is_none() {
        read.wrong("step", "form-wrong-choice");
    }
    read.done()?;
    let Some(offer) = offer(&told, &posted) else { return Ok(choose(&asked, form, &told).await?.into()) };
    let wanted = asked_for_all(&asked, offer).await?;
    let nothing = wanted.fields.is_empty() && !wanted.wants_why;
    if go == "fill" && !nothing {
        return Ok(fill(&asked, form, &told, offer).await?.into());
    }
    Ok(try_all(&asked, &posted, &told, &wanted).await?.into())
}

fn offer<'a>(told: &'a BulkV1, posted: &Posted) -> Option<&'a BulkOfferV1> {
    let step = posted.get("step")?;
    told.offers.iter().find(|offer| offer.step.name == step)
}

async fn asked_for_all(asked: &Asked, offer: &BulkOfferV1) -> Result<BulkFormV1, Problem> {
    let first = Id::parse(&offer.first).ok_or_else(Problem::not_found)?;
    Ok(asked.office().bulk_form(&asked.order()?, first, &offer.step.name).await?)
}

/// The form of a step, filled in for all.
fn want(posted: &Posted, step: &str) -> BulkWantV1 {
    let names = posted.names_under("with.");
    let answers = names
        .into_iter()
        .map(|name| (name.to_owned(), posted.all(name).map(str::to_owned).collect()))
        .collect();
    BulkWantV1 { step: step.to_owned(), answers, why: posted.get("why").map(|why| why.replace('\n', " ")) }
}

fn rows(asked: &Asked, told: &BulkV1, posted: &Posted) -> Vec<Row> {
    let t = asked.words();
    told.cases
        .iter()
        .map(|line| Row {
            version: posted
                .get(&format!("version.{}", line.id))
                .map_or_else(|| line.version.to_string(), str::to_owned),
            number: line.number.clone(),
            name: line.name.clone().unwrap_or_else(|| t.text("work-no-name").to_string()),
            area: line.area.clone(),
            state: t.tag(Tone::Name, &line.state_name),
            outcome: None,
            why: String::new(),
            key: posted.get(&format!("key.{}", line.id)).unwrap_or_default().to_owned(),
            was: String::new(),
            id: line.id.clone(),
        })
        .collect()
}

async fn page(asked: &Asked, form: Form, stage: Stage, rows: Vec<Row>) -> Result<BulkPage, Problem> {
    let t = asked.words();
    let shell = asked.shell("queue-bulk-title").await?.wrong(form.is_wrong());
    let of = u64::try_from(rows.len()).unwrap_or_default();
    Ok(BulkPage {
        t,
        form,
        stage,
        rows,
        steps: Vec::new(),
        step: String::new(),
        step_name: String::new(),
        fields: Vec::new(),
        why: None,
        phrases: Vec::new(),
        carried: Vec::new(),
        fine: 0,
        not: 0,
        bar: Bar { id: "progress", text: t.text("queue-bulk-bar").to_string(), done: 0, of },
        empty: Empty::new(t, "queue-bulk-empty", "queue-bulk-empty-more"),
        crumbs: Crumbs::new(t).to("/work", "work-title"),
        shell,
    })
}

async fn choose(asked: &Asked, form: Form, told: &BulkV1) -> Result<Html, Problem> {
    let t = asked.words();
    let all = told.cases.len();
    let rows = rows(asked, told, form.typed());
    let steps = told.offers.iter().map(|offer| {
        let count = match offer.cases == all {
            true => t.text("queue-bulk-all").arg("count", all),
            false => t.text("queue-bulk-some").arg("count", offer.cases).arg("all", all),
        };
        Choice::new(&offer.step.name, &offer.step.label).hint(count)
    });
    let steps = steps.collect();
    Html::of(&BulkPage { steps, ..page(asked, form, Stage::Choose, rows).await? })
}

async fn fill(asked: &Asked, mut form: Form, told: &BulkV1, offer: &BulkOfferV1) -> Result<Html, Problem> {
    let t = asked.words();
    let wanted = asked_for_all(asked, offer).await?;
    // What a case suggests for all stands there at first.
    if !form.typed().has("filled") {
        for field in &wanted.fields {
            form.put(&field.name, field.value.join("\n"));
        }
    }
    let rows = rows(asked, told, form.typed());
    let fields = wanted.fields.iter().map(|field| field_of(&form, field)).collect();
    let why = wanted.wants_why.then(|| form.lines("why", "case-step-why").most(500));
    let phrases = wanted.phrases.iter().map(|text| t.of(text).to_owned()).collect();
    let (step, step_name) = (offer.step.name.clone(), t.of(&offer.step.label).to_owned());
    let page = page(asked, form, Stage::Fill, rows).await?;
    Html::of(&BulkPage { fields, why, phrases, step, step_name, ..page })
}

/// Tries the step on every case, and offers to do it where it would be done.
async fn try_all(
    asked: &Asked,
    posted: &Posted,
    told: &BulkV1,
    wanted: &BulkFormV1,
) -> Result<Html, Problem> {
    let (t, office) = (asked.words(), asked.office());
    let order = Order { request: None, ..asked.order()? };
    let want = want(posted, &wanted.step.name);
    let mut rows = rows(asked, told, posted);
    let (mut fine, mut not) = (0, 0);
    for row in &mut rows {
        let Some(case) = Id::parse(&row.id) else { continue };
        let version = row.version.parse().unwrap_or_default();
        match office.bulk_one(&order, case, version, &want, true).await.map_err(Problem::from) {
            Ok(_) => {
                fine += 1;
                row.outcome = Some(t.tag(Tone::Good, "queue-bulk-can"));
                row.key = office.request_key(&wanted.step.name)?;
            }
            // What is the same for all is mended once, in the form.
            Err(problem) if problem.fields.iter().any(|field| is_for_all(&field.at)) => return Err(problem),
            Err(problem) if problem.status.is_server_error() => return Err(problem),
            Err(problem) => {
                not += 1;
                row.outcome = Some(t.tag(Tone::Soon, "queue-bulk-cannot"));
                row.why = told_of(t, &problem);
            }
        }
    }
    let carried = carried(posted);
    let form = Form::again(asked, posted).quiet();
    let (step, step_name) = (wanted.step.name.clone(), t.of(&wanted.step.label).to_owned());
    let page = page(asked, form, Stage::Tried, rows).await?;
    Html::of(&BulkPage { step, step_name, carried, fine, not, ..page })
}

fn is_for_all(at: &str) -> bool {
    at == "why" || at.starts_with("with.")
}

/// What was filled in, to be carried to the next page: neither cases nor what was noted of them.
fn carried(posted: &Posted) -> Vec<(String, String)> {
    let fields = posted.fields().filter(|(name, _)| is_for_all(name));
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn told_of(t: Words, problem: &Problem) -> String {
    let fields = problem.fields.iter().map(|field| t.lang.of(&field.zh, &field.en).clone());
    let all: Vec<String> = std::iter::once(t.of(&problem.text).to_owned()).chain(fields).collect();
    all.join(" ")
}

/// Does the step for the next of the cases that could take it, each by the key it was given when it was tried.
async fn carry_out(asked: &Asked, posted: &Posted, chosen: &Chosen) -> Result<Html, Problem> {
    let (t, office, order) = (asked.words(), asked.office(), asked.order()?);
    let step = posted.get("step").unwrap_or_default().to_owned();
    let want = want(posted, &step);
    let canonical = format!("{step}\n{:?}\n{:?}", want.answers, want.why);
    let mut rows: Vec<Row> = Vec::new();
    let (mut new, mut left) = (0, 0);
    for case in &chosen.ids {
        let id = case.to_string();
        let text = |name: &str| posted.get(&format!("{name}.{id}")).unwrap_or_default().to_owned();
        let (version, key, was) = (text("version"), text("key"), text("was"));
        let mut row = Row {
            number: text("number"),
            name: String::new(),
            area: String::new(),
            state: t.tag(Tone::Name, Say::Text(String::new())),
            outcome: None,
            why: String::new(),
            id,
            version,
            key,
            was,
        };
        if row.was.is_empty() && !row.key.is_empty() && new < AT_ONCE {
            new += 1;
            let body = format!("{}\n{}\n{canonical}", row.id, row.version).into_bytes();
            let one = Order { request: Some((row.key.as_str(), body.as_slice())), ..order };
            let version = row.version.parse().unwrap_or_default();
            match office.bulk_one(&one, *case, version, &want, false).await.map_err(Problem::from) {
                Ok(bytes) => {
                    let changed: ChangedV1 =
                        serde_json::from_slice(&bytes).map_err(|error| Problem::broken(error.to_string()))?;
                    row.was = "done".into();
                    row.number = changed.number;
                }
                Err(problem) if problem.status.is_server_error() => return Err(problem),
                Err(problem) => row.was = told_of(t, &problem),
            }
        }
        match row.was.as_str() {
            "" if row.key.is_empty() => row.was = t.text("queue-bulk-left-out").to_string(),
            "" => left += 1,
            _ => {}
        }
        rows.push(row);
    }
    finish(asked, posted, rows, left, step).await
}

/// The list of what was done and what not; where some are left, the page that goes on with them.
async fn finish(
    asked: &Asked,
    posted: &Posted,
    mut rows: Vec<Row>,
    left: usize,
    step: String,
) -> Result<Html, Problem> {
    let (t, office) = (asked.words(), asked.office());
    let mut fine = 0;
    for row in &mut rows {
        row.outcome = Some(match row.was.as_str() {
            "" => t.tag(Tone::Plain, "queue-bulk-waits"),
            "done" => {
                fine += 1;
                t.tag(Tone::Good, "queue-bulk-did")
            }
            why => {
                row.why = why.to_owned();
                t.tag(Tone::Soon, "queue-bulk-did-not")
            }
        });
    }
    // Whoever has handed a case on may not see it any more; those who may see how it stands.
    let ids: Vec<Id> = rows.iter().filter_map(|row| Id::parse(&row.id)).collect();
    let seen = office.cases_of(&asked.order()?, &ids).await?;
    for row in &mut rows {
        if let Some(line) = seen.iter().find(|line| line.id == row.id) {
            row.number = line.number.clone();
            row.name = line.name.clone().unwrap_or_default();
            row.area = line.area.clone();
            row.state = t.tag(Tone::Name, &line.state_name);
        }
    }
    let stage = if left > 0 { Stage::Going } else { Stage::Done };
    let (all, not) = (rows.len(), rows.len() - fine - left);
    let done = u64::try_from(all - left).unwrap_or_default();
    let form = Form::again(asked, posted).quiet();
    let mut page = page(asked, form, stage, rows).await?;
    page.bar.done = done;
    let step_name = posted.get("step_name").unwrap_or_default().to_owned();
    Html::of(&BulkPage { step, step_name, carried: carried(posted), fine, not, ..page })
}
