//! A case, for the one it is about: where it stands, who has it, by when, what they can do now.

use super::{at, progress};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Happened, Stage, Stages, Tag, Timeline, Tone, clock};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::case::{CanV1, DeskV1, ExplainedV1, LetterV1, ProgressV1, RunningV1};
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![
        page("/my/cases/{case}", show).called("page_my_case").may(&[], &["progress_read"]),
        page("/my/cases/{case}/history", history).called("page_my_history").may(&[], &["progress_read"]),
    ]
}

/// A day that runs.
#[derive(Clone, Debug)]
struct Until {
    label: String,
    day: String,
    left: Tag,
    yours: bool,
    provisional: bool,
    suspended: bool,
    extended: bool,
    late: bool,
}

/// Something one can do.
#[derive(Clone, Debug)]
struct Do {
    href: String,
    text: String,
    hint: String,
}

/// A letter in the list.
#[derive(Clone, Debug)]
struct Letter {
    href: String,
    title: String,
    on: String,
    waits: bool,
}

#[derive(Debug, Template)]
#[template(path = "my/case.html")]
struct CasePage {
    t: Words,
    shell: Shell,
    seen: ProgressV1,
    told: String,
    state: Tag,
    stages: Stages,
    with: Option<DeskV1>,
    days: Vec<Until>,
    urgent: Vec<Do>,
    can: Vec<Do>,
    decisions: Vec<Letter>,
    letters: Vec<Letter>,
    papers: String,
    history: String,
}

impl CasePage {
    /// Whether a day may still move.
    fn is_provisional(&self) -> bool {
        self.days.iter().any(|day| day.provisional)
    }

    /// Whether we are late with something.
    fn is_late(&self) -> bool {
        self.days.iter().any(|day| day.late && !day.yours)
    }
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = progress(&asked).await?;
    let order = asked.order()?;
    let case = asked.id("case")?;
    let letters = asked.office().letters(&order, case).await?;
    let decisions = asked.office().explained(&order, case).await?;
    let shell = asked.shell(t.of(&seen.service_name).to_owned()).await?;
    let here = at(&seen.case);
    let (urgent, can): (Vec<&CanV1>, Vec<&CanV1>) = seen.can.iter().partition(|can| is_urgent(&seen, can));
    let acts = |of: Vec<&CanV1>| of.into_iter().map(|can| deed(t, &here, can)).collect();
    let own = letters.iter().filter(|letter| !letter.board).rev();
    let page = CasePage {
        told: t.of(&seen.told).to_owned(),
        state: t.tag(tone(&seen), &seen.state_name),
        stages: stages(t, &seen),
        with: seen.with.clone(),
        days: seen.days.iter().filter(|_| !seen.ended).map(|day| until(&asked, day)).collect(),
        urgent: acts(urgent),
        can: acts(can),
        decisions: decisions.iter().map(|decision| decided(t, &here, decision)).collect(),
        letters: own.map(|letter| told_letter(t, &here, letter)).collect(),
        papers: format!("{here}/papers"),
        history: format!("{here}/history"),
        t,
        shell,
        seen,
    };
    Html::of(&page)
}

/// What somebody waits for: what is missing, what differs, and the signature without which nothing is looked into.
fn is_urgent(seen: &ProgressV1, can: &CanV1) -> bool {
    match can.act {
        "plain" => !seen.missing.is_empty() && supplies(can),
        "explain" => !seen.differs.is_empty(),
        "authorise" => true,
        _ => false,
    }
}

/// Handing in what is missing is the plain step whose evidence is a supplement.
pub(super) fn supplies(can: &CanV1) -> bool {
    can.evidence.iter().any(|kind| kind == "supplement")
}

fn deed(t: Words, here: &str, can: &CanV1) -> Do {
    let (text, hint) = match can.act {
        "plain" if supplies(can) => ("my-do-supply", "my-do-supply-hint"),
        "explain" => ("my-do-explain", "my-do-explain-hint"),
        "authorise" => ("my-do-authorise", "my-do-authorise-hint"),
        "revoke" => ("my-do-revoke", "my-do-revoke-hint"),
        "withdraw" => ("my-do-withdraw", "my-do-withdraw-hint"),
        _ => ("", ""),
    };
    let (text, hint) = match text.is_empty() {
        true => (t.of(&can.label).to_owned(), String::new()),
        false => (t.text(text).to_string(), t.text(hint).to_string()),
    };
    Do { href: format!("{here}/do/{}", can.step), text, hint }
}

fn tone(seen: &ProgressV1) -> Tone {
    match (seen.ended, seen.stages.last()) {
        (false, Some(last)) if last.place == 0 => Tone::Good,
        (true, _) => Tone::Plain,
        _ => Tone::Note,
    }
}

fn stages(t: Words, seen: &ProgressV1) -> Stages {
    let stage =
        |stage: &anmin_app::case::StageV1| Stage { text: t.of(&stage.label).to_owned(), place: stage.place };
    Stages { t, stages: seen.stages.iter().map(stage).collect() }
}

fn until(asked: &Asked, day: &RunningV1) -> Until {
    let t = asked.words();
    Until {
        label: t.of(&day.label).to_owned(),
        day: t.day(&day.until),
        left: clock(t, "green", Some(&day.until), asked.now.on),
        yours: day.yours,
        provisional: day.provisional,
        suspended: day.suspended,
        extended: day.extended,
        late: !day.suspended && day.until < asked.now.on.to_string(),
    }
}

fn decided(t: Words, here: &str, decision: &ExplainedV1) -> Letter {
    let about = t
        .text("my-decision-line")
        .arg("what", t.of(&decision.outcome.label))
        .arg("programme", t.of(&decision.programme));
    Letter {
        href: format!("{here}/decisions/{}", decision.number),
        title: about.to_string(),
        on: t.day(&decision.on),
        waits: false,
    }
}

fn told_letter(t: Words, here: &str, letter: &LetterV1) -> Letter {
    Letter {
        href: format!("{here}/letters/{}", letter.number),
        title: t.of(&letter.title).to_owned(),
        on: t.day(&letter.issued_on),
        waits: letter.documents.is_empty(),
    }
}

#[derive(Debug, Template)]
#[template(path = "my/history.html")]
struct HistoryPage {
    t: Words,
    shell: Shell,
    back: String,
    number: String,
    timeline: Timeline,
}

async fn history(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = progress(&asked).await?;
    let shell = asked.shell("my-history").await?;
    let line = |done: &anmin_app::case::DoneV1| Happened {
        on: done.on.clone(),
        what: t.of(&done.label).to_owned(),
        by: t.of(&done.by).to_owned(),
        more: String::new(),
        coming: false,
    };
    let timeline = Timeline { t, lines: seen.history.iter().rev().map(line).collect() };
    Html::of(&HistoryPage { t, shell, back: at(&seen.case), number: seen.number, timeline })
}
