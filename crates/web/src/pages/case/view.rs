//! A case in the words of its page.

use super::step::StepForm;
use crate::pages::parts::{Stage, Stages, Tag, Tone, clock};
use crate::words::Words;
use anmin_app::case::{DossierEntryV1, DossierV1, LetterV1, OfferV1, PartySeenV1, SeenCaseV1};
use anmin_app::record::case_view::{ClockViewV1, StepTakenV1};
use anmin_base::date::Date;

/// A clock.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    pub text: String,
    pub left: Tag,
    pub more: String,
}

/// Somebody in the case.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub id: String,
    pub name: String,
    pub role: String,
    /// What is known of them: what, the value, and the field that can be shown whole.
    pub fields: Vec<(String, String, &'static str)>,
}

/// The papers.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub there: usize,
    pub wanted: usize,
    pub rows: Vec<SheetRow>,
    pub forms: Vec<(String, String)>,
}

/// A paper of the dossier.
#[derive(Clone, Debug)]
pub(super) struct SheetRow {
    pub name: String,
    pub from: String,
    pub tag: Tag,
    pub there: Vec<There>,
}

/// One that is there.
#[derive(Clone, Debug)]
pub(super) struct There {
    pub text: String,
    pub href: String,
}

/// A letter.
#[derive(Clone, Debug)]
pub(super) struct Paper {
    pub number: u32,
    pub name: String,
    pub on: String,
    pub waits: bool,
}

/// Something that was done.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub on: String,
    pub what: String,
    pub by: String,
    pub more: Vec<(String, String)>,
}

/// Something that can be done.
#[derive(Clone, Debug)]
pub(super) struct Doing {
    pub name: String,
    pub href: String,
    pub hindered: String,
}

pub(super) fn applicant(t: Words, seen: &SeenCaseV1) -> String {
    let first = seen.people.first().and_then(|party| party.person.name.clone());
    first.unwrap_or_else(|| t.text("work-no-name").to_string())
}

pub(super) fn state(t: Words, seen: &SeenCaseV1) -> Tag {
    let tone = if seen.course.ended { Tone::Plain } else { Tone::Note };
    t.tag(tone, &seen.course.state.label)
}

/// What stands below the head: number, days, place.
pub(super) fn facts(t: Words, seen: &SeenCaseV1) -> Vec<(String, String)> {
    let course = &seen.course;
    let mut all = vec![
        (t.text("case-area").to_string(), seen.area.name.clone()),
        (t.text("case-unit").to_string(), seen.unit.clone().unwrap_or_default()),
        (t.text("case-received").to_string(), t.day(&course.opened.0.to_string())),
    ];
    let accepted = match (&course.accepted, course.acceptance_gap_days) {
        (Some(day), Some(gap)) if gap > 0 => {
            t.text("case-accepted-gap").arg("day", t.day(&day.0.to_string())).arg("days", gap).to_string()
        }
        (Some(day), _) => t.day(&day.0.to_string()),
        (None, Some(gap)) => t.text("case-not-accepted").arg("days", gap).to_string(),
        (None, None) => String::new(),
    };
    if !accepted.is_empty() {
        all.push((t.text("case-accepted").to_string(), accepted));
    }
    if let Some(protected) = &course.protected {
        all.push((t.text("case-protected").to_string(), protected.clone()));
    }
    for programme in &course.programmes {
        all.push((t.text("case-programme").to_string(), t.of(&programme.standing.label).to_owned()));
    }
    all
}

pub(super) fn stages(t: Words, seen: &SeenCaseV1) -> Stages {
    let stages =
        seen.stages.iter().map(|stage| Stage { text: t.of(&stage.label).to_owned(), place: stage.place });
    Stages { t, stages: stages.collect() }
}

/// Clocks that run or stand still.
pub(super) fn clocks(t: Words, seen: &SeenCaseV1, today: Date) -> Vec<Clock> {
    let open = seen.course.clocks.iter().filter(|clock| clock.stopped.is_none());
    open.map(|view| one_clock(t, view, today)).collect()
}

fn one_clock(t: Words, view: &ClockViewV1, today: Date) -> Clock {
    let last = view.deadline.date.0.to_string();
    let left = match &view.suspended {
        Some(suspended) => t.tag(
            Tone::Plain,
            t.text("case-clock-still")
                .arg("ground", t.of(&suspended.ground.label))
                .arg("since", t.day(&suspended.since.0.to_string())),
        ),
        None => match (view.unit.name.as_str(), view.left) {
            ("working", Some(left)) => working(t, view, left),
            _ => clock(t, &view.mark.name, Some(&last), today),
        },
    };
    let mut more = t
        .text("case-clock-more")
        .arg("limit", view.limit)
        .arg("unit", t.of(&view.unit.label))
        .arg("last", t.day(&last))
        .to_string();
    if view.deadline.provisional {
        more.push_str(&t.text("case-clock-provisional").to_string());
    }
    if let Some(extended) = &view.extended {
        more.push_str(&t.text("case-clock-extended").arg("reason", t.of(&extended.label)).to_string());
    }
    Clock { text: t.of(&view.clock.label).to_owned(), left, more }
}

/// Working days are counted as such.
fn working(t: Words, view: &ClockViewV1, left: i64) -> Tag {
    let tone = match view.mark.name.as_str() {
        "overdue" | "red" => Tone::Bad,
        "amber" => Tone::Soon,
        _ => Tone::Good,
    };
    match left {
        left if left < 0 => t.tag(Tone::Bad, t.text("case-clock-over").arg("days", -left)),
        0 if view.mark.name == "overdue" => t.tag(Tone::Bad, t.text("case-clock-past")),
        left => t.tag(tone, t.text("case-clock-left").arg("days", left)),
    }
}

pub(super) fn people(t: Words, seen: &SeenCaseV1, reveals: bool) -> Vec<Person> {
    let reveals = reveals && seen.mask == "working";
    seen.people.iter().map(|party| one_person(t, party, reveals)).collect()
}

fn one_person(t: Words, party: &PartySeenV1, reveals: bool) -> Person {
    let person = &party.person;
    let mut fields = Vec::new();
    let mut put = |key: &'static str, value: &Option<String>, whole: &'static str| {
        if let Some(value) = value {
            fields.push((t.text(key).to_string(), value.clone(), if reveals { whole } else { "" }));
        }
    };
    put("case-person-number", &person.resident_id, "resident_id");
    put("case-person-born", &person.birth_date, "");
    put("case-person-phone", &person.phone, "phone");
    put("case-person-address", &person.address, "");
    let role = party.roles.iter().map(|role| role_name(t, role)).collect::<Vec<_>>();
    Person {
        id: person.id.clone(),
        name: person.name.clone().unwrap_or_else(|| t.text("work-no-name").to_string()),
        role: role.join(&t.text("case-and").to_string()),
        fields,
    }
}

fn role_name(t: Words, role: &str) -> String {
    let key = format!("case-role-{role}");
    if t.has(&key) { t.text(key).to_string() } else { role.to_owned() }
}

/// Who holds which duty.
pub(super) fn handling(t: Words, seen: &SeenCaseV1) -> Vec<(String, String)> {
    let holders = seen.course.holders.iter();
    holders.map(|holder| (t.of(&holder.duty.label).to_owned(), named(t, seen, &holder.person))).collect()
}

/// The name of somebody who works on the case or is in it.
pub(super) fn named(t: Words, seen: &SeenCaseV1, person: &str) -> String {
    let staff = seen.staff.get(person).cloned();
    let party = || seen.people.iter().find(|party| party.person.id == person)?.person.name.clone();
    staff.or_else(party).unwrap_or_else(|| t.text("case-somebody").to_string())
}

pub(super) fn sheet(t: Words, dossier: &DossierV1) -> Sheet {
    let shown = dossier.entries.iter().filter(|entry| entry.wanted > 0 || !entry.there.is_empty());
    Sheet {
        there: dossier.there,
        wanted: dossier.wanted,
        rows: shown.map(|entry| sheet_row(t, entry)).collect(),
        forms: dossier.forms.iter().map(|form| (form.name.clone(), t.of(&form.label).to_owned())).collect(),
    }
}

fn sheet_row(t: Words, entry: &DossierEntryV1) -> SheetRow {
    let (there, wanted) = (entry.there.len(), entry.wanted);
    let tag = match (there >= wanted, there) {
        (true, 0 | 1) => t.tag(Tone::Good, "case-paper-there"),
        (true, _) => t.tag(Tone::Good, t.text("case-paper-many").arg("count", there)),
        (false, 0) => t.tag(Tone::Soon, "case-paper-wanted"),
        (false, _) => t.tag(Tone::Soon, t.text("case-paper-some").arg("there", there).arg("wanted", wanted)),
    };
    let each = entry.there.iter().map(|paper| There {
        text: paper.on.0.to_string(),
        href: match (&paper.file, paper.letter) {
            (Some(file), _) => format!("files/{file}"),
            (None, Some(letter)) => format!("letters/{letter}"),
            (None, None) => String::new(),
        },
    });
    SheetRow {
        name: t.of(&entry.paper.label).to_owned(),
        from: t.text(format!("case-from-{}", entry.from)).to_string(),
        tag,
        there: each.collect(),
    }
}

pub(super) fn letters(t: Words, letters: &[LetterV1]) -> Vec<Paper> {
    let one = |letter: &LetterV1| Paper {
        number: letter.number,
        name: t.of(&letter.title).to_owned(),
        on: letter.issued_on.clone(),
        waits: !letter.waits_for.is_empty(),
    };
    letters.iter().rev().map(one).collect()
}

/// What was done, the latest first.
pub(super) fn timeline(t: Words, seen: &SeenCaseV1) -> Vec<Line> {
    let mut lines: Vec<Line> =
        seen.course.taken.iter().enumerate().map(|(n, taken)| line(t, seen, n, taken)).collect();
    lines.reverse();
    lines
}

fn line(t: Words, seen: &SeenCaseV1, n: usize, taken: &StepTakenV1) -> Line {
    let by = match taken.by.job {
        true => t.text("case-program").to_string(),
        false => {
            let name = named(t, seen, &taken.by.person);
            format!("{name}{}", t.text("case-duty").arg("duty", t.of(&taken.by.duty.label)))
        }
    };
    let mut more = Vec::new();
    if let Some(why) = seen.step_reasons.get(&n) {
        more.push((t.text("case-why").to_string(), why.clone()));
    }
    if let Some(delegated) = &taken.by.delegated_by {
        more.push((t.text("case-delegated").to_string(), named(t, seen, delegated)));
    }
    let course = &seen.course;
    if taken.step.name == "supplement"
        && let Some(missing) = &course.supplement
    {
        more.push((t.text("case-missing").to_string(), missing.join(&t.text("case-and").to_string())));
    }
    let that_day = |on: &Date| *on == taken.on.0;
    for evidence in course.evidence.iter().filter(|e| that_day(&e.on.0)) {
        if seen.course.taken.iter().filter(|other| other.on == taken.on).count() == 1 {
            more.push((t.text("case-paper").to_string(), t.of(&evidence.kind.label).to_owned()));
        }
    }
    Line { on: taken.on.0.to_string(), what: t.of(&taken.step.label).to_owned(), by, more }
}

/// What can be done, with the address of its form.
pub(super) fn doing(
    t: Words,
    offers: &[OfferV1],
    shown: Option<&StepForm>,
    case: &str,
    queue: &str,
) -> Vec<Doing> {
    let others = offers.iter().filter(|offer| shown.is_none_or(|shown| shown.step != offer.step.name));
    let from = if queue.is_empty() { String::new() } else { format!("?queue={queue}") };
    others
        .map(|offer| Doing {
            name: t.of(&offer.step.label).to_owned(),
            href: format!("/cases/{case}/steps/{}{from}", offer.step.name),
            hindered: offer.hindered.as_ref().map(|text| t.of(text).to_owned()).unwrap_or_default(),
        })
        .collect()
}
