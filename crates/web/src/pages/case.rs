//! The page of a case: who and where, what the rules say and why, beside what can be done next; the facts side by side, the
//! papers, the letters, what was done. And the forms of its steps.

mod batch;
mod explain;
mod facts;
mod file;
mod letter;
mod queue;
mod record;
mod reveal;
mod step;
mod trial;
mod view;

pub(super) use step::field_of;

use crate::asked::Asked;
use crate::page::{Html, page};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Stages, Tag, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::{Say, Words};
use anmin_app::case::{OffersV1, SeenCaseV1};
use askama::Template;
use explain::Explained;
use facts::Compared;
pub(super) use letter::Code;
use schemars::JsonSchema;
use serde::Deserialize;
use step::StepForm;
use view::{Clock, Doing, Line, Paper, Person, Sheet};

/// Who may look at a case as staff.
const READ: &[&str] = &["case_read"];

pub(super) fn routes() -> Vec<Route> {
    let mut all = vec![page("/cases/{case}", show).called("page_case").may(READ, &[])];
    all.extend(step::routes());
    all.extend(reveal::routes());
    all.extend(trial::routes());
    all.extend(record::routes());
    all.extend(file::routes());
    all.extend(letter::routes());
    all.extend(batch::routes());
    all.extend(explain::routes());
    all
}

/// From which queue somebody comes: to go on to its next case.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FromV1 {
    /// The name of a tab of the list of work: `mine`, `all`, `late` ...
    pub queue: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "case/case.html")]
struct CasePage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    case: String,
    number: String,
    name: String,
    service: String,
    state: Tag,
    facts: Vec<(String, String)>,
    stages: Stages,
    clocks: Vec<Clock>,
    people: Vec<Person>,
    handling: Vec<(String, String)>,
    explained: Vec<Explained>,
    compared: Option<Compared>,
    records: bool,
    accounts: bool,
    sheet: Option<Sheet>,
    letters: Vec<Paper>,
    lines: Vec<Line>,
    doing: Vec<Doing>,
    commands: Vec<Doing>,
    form: Form,
    step: Option<StepForm>,
    neighbours: queue::Neighbours,
}

async fn show(asked: Asked, ask: FromV1) -> Result<Html, Problem> {
    let (office, order) = (asked.office(), asked.order()?);
    let id = asked.id("case")?;
    let t = asked.words();
    let seen = office.show_case(&order, id).await?;
    let offers = offers(&asked).await?;
    let (form, step) = first(&asked, &offers).await?;
    // What the mask of somebody does not let them see is left out of the page.
    let compared = maybe(office.compared(&order, id).await.map_err(Problem::from))?;
    let now = maybe(office.what_now(&order, id).await.map_err(Problem::from))?;
    let dossier = maybe(office.dossier(&order, id).await.map_err(Problem::from))?;
    let letters = maybe(office.letters(&order, id).await.map_err(Problem::from))?;
    let neighbours = queue::neighbours(&asked, &seen.id, ask.queue.as_deref()).await?;
    let explained = now.unwrap_or_default().iter().map(|now| explain::short(t, now, &seen.id)).collect();
    let name = view::applicant(t, &seen);
    let title = format!("{name} {}", t.of(&seen.service_name));
    let shell = asked.shell(title).await?;
    let crumbs = Crumbs::new(t).to("/work", "layout-nav-work").to("/work", &seen.service_name);
    let from = neighbours.queue.clone();
    Html::of(&CasePage {
        t,
        crumbs,
        case: seen.id.clone(),
        number: seen.number.clone(),
        service: t.of(&seen.service_name).to_owned(),
        state: view::state(t, &seen),
        facts: view::facts(t, &seen),
        stages: view::stages(t, &seen),
        clocks: view::clocks(t, &seen, asked.now.on),
        people: view::people(t, &seen, may_reveal(&asked)),
        handling: view::handling(t, &seen),
        explained,
        compared: compared.map(|compared| facts::table(t, &seen, &compared)),
        records: record::may(&asked),
        accounts: super::money::may(&asked, &["payee_change_enter", "payee_change_confirm"]),
        sheet: dossier.map(|dossier| view::sheet(t, &dossier)),
        letters: view::letters(t, &letters.unwrap_or_default()),
        lines: view::timeline(t, &seen),
        doing: view::doing(t, &offers.steps, step.as_ref(), &seen.id, &from),
        commands: view::doing(t, &offers.commands, None, &seen.id, &from),
        form,
        step,
        neighbours,
        name,
        shell,
    })
}

/// What can be done; nothing, for those who may only look.
async fn offers(asked: &Asked) -> Result<OffersV1, Problem> {
    let offers = asked.office().offers(&asked.order()?, asked.id("case")?).await.map_err(Problem::from);
    Ok(maybe(offers)?.unwrap_or(OffersV1 { steps: Vec::new(), commands: Vec::new() }))
}

/// The form of the most usual step, to be filled in on the page of the case itself.
async fn first(asked: &Asked, offers: &OffersV1) -> Result<(Form, Option<StepForm>), Problem> {
    let mut form = Form::empty(asked);
    let Some(offer) = offers.steps.first().filter(|offer| offer.hindered.is_none()) else {
        return Ok((form, None));
    };
    let told = asked.office().step_form(&asked.order()?, asked.id("case")?, &offer.step.name).await;
    let Some(told) = maybe(told.map_err(Problem::from))? else { return Ok((form, None)) };
    form = form.keyed(asked, &told.step.name)?;
    let step = StepForm::of(asked.words(), &mut form, &told);
    Ok((form, Some(step)))
}

/// Something the caller may not see is not there; a fault stays one.
fn maybe<T>(found: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(problem) if matches!(problem.status.as_u16(), 403 | 404 | 422) => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn may_reveal(asked: &Asked) -> bool {
    let Ok(caller) = asked.caller() else { return false };
    asked.office().may_any(caller, &["case_read_full"], None, asked.now).is_ok()
}

/// Where a case stands above a page of it.
async fn above(asked: &Asked, seen: &SeenCaseV1) -> Crumbs {
    let t = asked.words();
    let name = view::applicant(t, seen);
    Crumbs::new(t)
        .to("/work", "layout-nav-work")
        .to(format!("/cases/{}", seen.id), Say::Text(format!("{name} {}", seen.number)))
}
