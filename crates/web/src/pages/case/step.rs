//! The form of a step or command: one page for all of them, made of what `app` says the form needs.

use super::{FromV1, above, explain, queue};
use crate::asked::Asked;
use crate::page::{Html, Turn, form};
use crate::pages::form::{Choice, Field, Form};
use crate::pages::layout::Shell;
use crate::pages::parts::{Crumbs, Tag, Tone};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Right, Route};
use crate::words::{Say, Words};
use anmin_app::case::{
    AdviceV1, Answers, ChangedV1, FieldKindV1 as K, FilledV1, FormFieldV1, PaperGivenV1, StepFormV1,
};
use anmin_app::files::FileV1;
use anmin_app::office::Order;
use anmin_app::record::FieldError;
use askama::Template;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    form("/cases/{case}/steps/{step}", show, save)
        .called("page_step", "do_step")
        .right(Right::Step)
        .key(Key::OfPath("step"))
        .routes()
        .into()
}

/// A step as it stands on a page.
#[derive(Clone, Debug)]
pub(super) struct StepForm {
    pub step: String,
    pub name: String,
    pub action: String,
    pub fields: Vec<Field>,
    /// The reason, where it can be left out: folded away until somebody wants it.
    pub reason: Vec<Field>,
    pub reason_open: bool,
    pub papers: Vec<PaperField>,
    pub why: Option<Field>,
    pub advice: Vec<Advice>,
    pub hindered: Vec<String>,
    pub phrases: Vec<String>,
    pub leads: String,
    pub letters: String,
    pub law: String,
    /// All it can say is against the person: its button says so.
    pub against: bool,
}

/// A paper that goes with a step.
#[derive(Clone, Debug)]
pub(super) struct PaperField {
    pub name: String,
    pub file: Field,
    pub reference: Field,
    pub there: String,
}

/// What the rules say where somebody is to propose or decide.
#[derive(Clone, Debug)]
pub(super) struct Advice {
    pub tag: Tag,
    pub text: String,
    pub amount: String,
    pub missing: Vec<String>,
}

/// As many choices are seen at once; more stand in a list that opens.
const SEEN: usize = 6;

impl StepForm {
    /// The form as it stands on a page; what the case suggests is filled in, unless somebody has sent it.
    pub fn of(t: Words, form: &mut Form, told: &StepFormV1) -> StepForm {
        form.put("version", told.version.to_string());
        for field in &told.fields {
            match field.kind {
                K::Choices => form.fill_all(&field.name, &field.value),
                K::Person => {}
                _ => form.fill(&field.name, field.value.join("\n")),
            }
        }
        let shown = told.fields.iter().filter(|field| !matches!(field.kind, K::Fixed | K::FixedNumber));
        let reasons =
            |field: &&&FormFieldV1| field.name.contains(".reasons[") || field.name.ends_with(".evidence");
        let adverse = against(told)
            || told.advice.iter().any(|advice| adverse(advice.outcome.as_deref().unwrap_or_default()));
        let written = told
            .fields
            .iter()
            .any(|field| field.name.ends_with("].text") && !form.value(&field.name).is_empty());
        let (reason, fields): (Vec<&FormFieldV1>, Vec<&FormFieldV1>) =
            shown.partition(|field| reasons(&field));
        let why = told.wants_why.then(|| form.lines("why", "case-step-why").most(500));
        StepForm {
            step: told.step.name.clone(),
            name: t.of(&told.step.label).to_owned(),
            action: format!("/cases/{}/steps/{}", told.case, told.step.name),
            fields: fields.into_iter().map(|field| field_of(form, field)).collect(),
            reason: reason.into_iter().map(|field| field_of(form, field)).collect(),
            reason_open: adverse || written || form.is_wrong(),
            papers: told.papers.iter().map(|paper| paper_field(t, form, paper)).collect(),
            why,
            advice: told.advice.iter().map(|advice| advised(t, advice)).collect(),
            hindered: told.hindered.iter().map(|text| t.of(text).to_owned()).collect(),
            phrases: told.phrases.iter().map(|text| t.of(text).to_owned()).collect(),
            leads: told.to.as_ref().map(|to| t.of(&to.label).to_owned()).unwrap_or_default(),
            letters: told
                .letters
                .iter()
                .map(|letter| t.of(&letter.label))
                .collect::<Vec<_>>()
                .join(&t.text("case-and").to_string()),
            law: basis(t, &told.law),
            against: against(told),
        }
    }

    /// Whether there is nothing to fill in.
    pub fn is_plain(&self) -> bool {
        self.fields.is_empty() && self.reason.is_empty() && self.papers.is_empty() && self.why.is_none()
    }
}

/// The articles of a step.
fn basis(t: Words, law: &[anmin_app::record::LawV1]) -> String {
    let all = explain::articles(t, law);
    if all.is_empty() { all } else { t.text("case-basis").arg("all", all).to_string() }
}

/// Whether all it can say is against the person.
fn against(told: &StepFormV1) -> bool {
    let outcomes = told.fields.iter().filter(|field| field.name.ends_with(".outcome"));
    let mut some = false;
    let all = outcomes.flat_map(|field| &field.choices).all(|choice| {
        some = true;
        adverse(&choice.value)
    });
    some && all
}

fn adverse(outcome: &str) -> bool {
    matches!(outcome, "refuse" | "decline" | "reduce" | "stop" | "suspend" | "recover")
}

/// A field of a step as it stands on a page.
pub(in crate::pages) fn field_of(form: &Form, field: &FormFieldV1) -> Field {
    let choices: Vec<Choice> = field
        .choices
        .iter()
        .map(|choice| {
            let shown = Choice::new(&choice.value, &choice.label);
            match &choice.hint {
                Some(hint) => shown.hint(hint),
                None => shown,
            }
        })
        .collect();
    let (name, label) = (field.name.as_str(), &field.label);
    let made = match field.kind {
        K::Text | K::Person | K::Fixed | K::FixedNumber => form.text(name, label),
        K::Lines | K::List => form.lines(name, label),
        K::Number => form.number(name, label).width(4),
        K::Money => form.money(name, label).width(10),
        K::Date => form.date(name, label).width(10),
        K::Choice | K::Numbered if choices.len() > SEEN => {
            let mut all = vec![Choice::new("", "case-choose")];
            all.extend(choices.into_iter().filter(|choice| !choice.value.is_empty()));
            form.select(name, label, &all)
        }
        K::Choice | K::Numbered | K::Flag => form.radios(name, label, &choices),
        K::Choices => form.boxes(name, label, &choices),
    };
    let made = made.maybe_hint(field.hint.as_ref());
    if field.required { made.required() } else { made.optional() }
}

fn paper_field(t: Words, form: &Form, paper: &anmin_app::case::PaperWantedV1) -> PaperField {
    let kind = &paper.kind.name;
    let file = form.file(&format!("paper.{kind}"), &paper.kind.label).camera().many();
    let file = file.accept("image/jpeg,image/png,application/pdf").hint("case-paper-hint");
    let reference = form
        .text(&format!("reference.{kind}"), "case-paper-number")
        .optional()
        .hint("case-paper-number-hint");
    let there = match paper.there {
        0 => String::new(),
        count => t.text("case-paper-before").arg("count", count).to_string(),
    };
    PaperField {
        name: t.of(&paper.kind.label).to_owned(),
        file: if paper.required { file.required() } else { file.optional() },
        reference,
        there,
    }
}

fn advised(t: Words, advice: &AdviceV1) -> Advice {
    let tone = match advice.outcome.as_deref() {
        Some("grant" | "keep") => Tone::Good,
        Some(_) => Tone::Bad,
        None => Tone::Soon,
    };
    let because = advice.because.as_ref().map(|text| t.of(text).to_owned()).unwrap_or_default();
    let amount = advice.amount_fen.filter(|fen| *fen > 0).map(|fen| {
        let per = advice.per.as_deref().unwrap_or("month");
        let yuan = anmin_base::money::Money::from_fen(fen).to_string();
        t.text(format!("case-amount-{per}")).arg("amount", yuan).to_string()
    });
    Advice {
        tag: t.tag(tone, &advice.text),
        text: format!("{because}{}", explain::law(t, &advice.law)),
        amount: amount.unwrap_or_default(),
        missing: advice.missing.iter().map(|text| t.of(text).to_owned()).collect(),
    }
}

#[derive(Debug, Template)]
#[template(path = "case/step.html")]
struct StepPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    step: StepForm,
    number: String,
    name: String,
    service: String,
    state: Tag,
    case: String,
    readable: bool,
    next: bool,
}

async fn show(asked: Asked, ask: FromV1, form: Form) -> Result<Html, Problem> {
    let (office, order, id) = (asked.office(), asked.order()?, asked.id("case")?);
    let t = asked.words();
    let told = office.step_form(&order, id, asked.text("step")).await?;
    let mut form = form.keyed(&asked, &told.step.name)?;
    let step = StepForm::of(t, &mut form, &told);
    // Those who only check or appraise have a form of a case, and no page of it.
    let seen = office.show_case(&order, id).await.ok();
    let crumbs = match &seen {
        Some(seen) => above(&asked, seen).await,
        None => Crumbs::new(t).to("/waiting", "layout-nav-waiting"),
    };
    let neighbours = queue::neighbours(&asked, &told.case, ask.queue.as_deref()).await?;
    let shell = asked.shell(&told.step.label).await?.wrong(form.is_wrong());
    let name = told.name.clone().unwrap_or_else(|| t.text("work-no-name").to_string());
    Html::of(&StepPage {
        t,
        shell,
        crumbs,
        form,
        step,
        number: told.number.clone(),
        name,
        service: t.of(&told.service_name).to_owned(),
        state: t.tag(Tone::Note, &told.state.label),
        case: told.case.clone(),
        readable: seen.is_some(),
        next: neighbours.after.is_some(),
    })
}

async fn save(asked: Asked, ask: FromV1, posted: Arc<Posted>) -> Result<Turn, Problem> {
    let id = asked.id("case")?;
    let step = asked.text("step").to_owned();
    // Where one goes on is looked up before the case leaves the queue.
    let neighbours = match posted.has("on") {
        true => queue::neighbours(&asked, &id.to_string(), ask.queue.as_deref()).await?,
        false => queue::Neighbours::default(),
    };
    let office = asked.office();
    let order = asked.order()?;
    let _: ChangedV1 = if asked.earlier.is_some() {
        asked.once(async { Ok(Vec::new()) }).await?
    } else {
        let told = office.step_form(&order, id, &step).await?;
        let filled = filled(&posted, &told)?;
        // Files are kept only where the step would be taken with them.
        let filled = match posted.files_sent() {
            false => filled,
            true => {
                let tried = FilledV1 { rehearse: true, ..filled.clone() };
                office.send_form(&order, id, &step, tried).await?;
                keep_files(&asked, &posted, filled).await?
            }
        };
        asked.once(office.send_form(&order, id, &step, filled)).await?
    };
    if let Some(next) = neighbours.after {
        return Ok(Turn::to(format!("/cases/{next}?queue={}", neighbours.queue)).saying("done-step-next"));
    }
    // Those who have no page of the case go back to what waits.
    let readable =
        asked.caller().is_ok_and(|caller| office.may_any(caller, super::READ, None, asked.now).is_ok());
    Ok(match readable {
        true => Turn::to(format!("/cases/{id}")).saying("done-step"),
        false => Turn::to("/waiting").saying("done-step"),
    })
}

/// What stands in the form. A file stands for its reference until it is kept.
fn filled(posted: &Posted, told: &StepFormV1) -> Result<FilledV1, Problem> {
    let mut answers: Answers = BTreeMap::new();
    for field in &told.fields {
        answers.insert(field.name.clone(), posted.all(&field.name).map(str::to_owned).collect());
    }
    let mut papers = Vec::new();
    let mut wrong = Vec::new();
    for paper in &told.papers {
        let kind = &paper.kind.name;
        let field = format!("paper.{kind}");
        let given = |reference: String| PaperGivenV1 { kind: kind.clone(), reference, source: None };
        let files = posted.files(&field).count();
        papers.extend((0..files).map(|n| given(format!("{field}.{n}"))));
        let number = posted.get(&format!("reference.{kind}"));
        papers.extend(number.map(|number| given(number.to_owned())));
        if paper.required && files == 0 && number.is_none() {
            let say = |lang| {
                Words { lang }
                    .text("case-wrong-paper")
                    .arg("paper", Words { lang }.of(&paper.kind.label))
                    .to_string()
            };
            wrong.push(FieldError {
                at: field,
                zh: say(anmin_base::document::Lang::Zh),
                en: say(anmin_base::document::Lang::En),
            });
        }
    }
    if !wrong.is_empty() {
        return Err(Problem::fields(wrong));
    }
    let version = posted.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let why = posted.get("why").map(|why| why.replace('\n', " "));
    Ok(FilledV1 { version, answers, papers, why, rehearse: false })
}

/// Keeps the files of a form and puts what they are known by in their place.
async fn keep_files(asked: &Asked, posted: &Posted, mut filled: FilledV1) -> Result<FilledV1, Problem> {
    let order = Order { request: None, ..asked.order()? };
    let case = asked.id("case")?;
    for paper in &mut filled.papers {
        let field = format!("paper.{}", paper.kind);
        let place = paper.reference.strip_prefix(&format!("{field}.")).and_then(|n| n.parse::<usize>().ok());
        let Some(sent) = place.and_then(|n| posted.files(&field).nth(n)) else { continue };
        let stored = asked.office().store_file(&order, case, &sent.bytes).await;
        let stored = stored.map_err(|error| at_file(error.into(), &field))?;
        let file: FileV1 =
            serde_json::from_slice(&stored).map_err(|error| Problem::broken(error.to_string()))?;
        paper.reference = file.file;
    }
    Ok(filled)
}

/// What is wrong with a file is told at its field.
fn at_file(mut problem: Problem, field: &str) -> Problem {
    if problem.fields.is_empty() && problem.status.is_client_error() {
        problem.fields.push(FieldError {
            at: field.to_owned(),
            zh: problem.text.zh.clone(),
            en: problem.text.en.clone(),
        });
    }
    problem
}

impl From<&StepForm> for Say {
    fn from(step: &StepForm) -> Say {
        Say::Text(step.name.clone())
    }
}
