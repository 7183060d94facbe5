//! Walks: a case day by day, with what must come of each day. The data comes from packs; here it is run.

use crate::apply::{Applied, Begin, Circumstances, Verdicts, apply, mark, open};
use crate::case::Case;
use crate::command::Command;
use crate::event::Event;
use crate::kinds::Mark;
use crate::record::{Person, Standing};
use crate::workflow::{Definition, Name, Workflow};
use anmin_base::calendar::{Deadline, WorkCalendar};
use anmin_base::date::Date;
use std::collections::BTreeMap;

/// A walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Its name: what it shows, in words.
    pub name: String,
    /// Options of switches to try, over what the regions chose.
    pub switches: BTreeMap<Name, Name>,
    /// What it is about.
    pub unit: String,
    /// The adults it concerns.
    pub adults: Vec<Person>,
    /// The programmes.
    pub programmes: Vec<Name>,
    /// Verdicts from the first day on.
    pub verdicts: Verdicts,
    /// The days; the first line opens the case.
    pub lines: Vec<Line>,
}

/// One command on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The day.
    pub on: Date,
    /// The command.
    pub command: Command,
    /// Verdicts that are known from now on.
    pub verdicts: Verdicts,
    /// What must come of it.
    pub expect: Expect,
}

/// What must come of a line. What is not named is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    /// It is refused, with this code.
    pub refusal: Option<String>,
    /// The state after it.
    pub state: Option<Name>,
    /// The last day of clocks; none: the clock does not run.
    pub deadlines: Vec<(Name, Option<Deadline>)>,
    /// The marks of clocks.
    pub marks: Vec<(Name, Mark)>,
    /// Letters that are due because of it, all of them.
    pub letters: Option<Vec<Name>>,
    /// Events that are among what happened, by name.
    pub events: Vec<Name>,
    /// Where programmes stand: `open`, `granted`, `suspended`, `refused`, `ended`, `withdrawn`.
    pub standing: Vec<(Name, Name)>,
    /// Days between receipt and acceptance.
    pub gap: Option<i64>,
}

/// What came out otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The line, from 0.
    pub line: usize,
    /// What was expected and found, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// Runs a walk under the workflow of its first day. The first refusal nobody expected ends it.
pub fn run(definition: &Definition, walk: &Walk, calendar: &WorkCalendar) -> Vec<Miss> {
    follow(definition, walk, calendar, &mut |_, _, _| {})
}

/// Runs a walk and shows, of each line that is not refused, its number from 0, the case after it and what happened.
pub fn follow(
    definition: &Definition,
    walk: &Walk,
    calendar: &WorkCalendar,
    show: &mut dyn FnMut(usize, &Case, &[Event]),
) -> Vec<Miss> {
    let Some(first) = walk.lines.first() else { return vec![] };
    let mut chosen = definition.on(first.on).chosen;
    chosen.extend(walk.switches.clone());
    let workflow = definition.resolved(first.on, chosen);
    let mut verdicts = walk.verdicts.clone();
    let mut case: Option<Case> = None;
    let mut misses = vec![];
    for (n, line) in walk.lines.iter().enumerate() {
        verdicts.extend(line.verdicts.clone());
        let now = Circumstances { today: line.on, calendar, verdicts: &verdicts };
        let applied = match (&case, &line.command) {
            (Some(case), command) => apply(&workflow, case, command, &now),
            (None, Command::Take(take)) => {
                let (unit, adults) = (walk.unit.clone(), walk.adults.clone());
                let begin = Begin { unit, adults, programmes: walk.programmes.clone(), take: take.clone() };
                open(&workflow, &begin, &now)
            }
            (None, _) => {
                misses.push(miss(n, "第一行必须是开案步骤", "the first line must open the case"));
                return misses;
            }
        };
        let (expected, found) = (line.expect.refusal.as_deref(), applied.as_ref().err().map(|r| r.code()));
        if expected != found {
            misses.push(unlike(n, expected, &applied, &workflow));
            return misses;
        }
        let Ok((after, events)) = applied else { continue };
        show(n, &after, &events);
        for (what, wanted, got) in differences(&workflow, &line.expect, &after, &events, &now) {
            misses.push(miss(
                n,
                &format!("{what} 应为 {wanted}，实为 {got}"),
                &format!("{what}: expected {wanted}, found {got}"),
            ));
        }
        case = Some(after);
    }
    misses
}

fn miss(line: usize, zh: &str, en: &str) -> Miss {
    Miss { line, zh: zh.into(), en: en.into() }
}

/// Refused or not refused, against what was expected.
fn unlike(line: usize, expected: Option<&str>, applied: &Applied, workflow: &Workflow) -> Miss {
    match (expected, applied) {
        (None, Err(refusal)) => miss(
            line,
            &format!("未预期的拒绝 {}：{}", refusal.code(), refusal.zh(workflow)),
            &format!("refused with {}: {}", refusal.code(), refusal.en(workflow)),
        ),
        (Some(code), Err(refusal)) => miss(
            line,
            &format!("应以 {code} 拒绝，实为 {}：{}", refusal.code(), refusal.zh(workflow)),
            &format!("expected the refusal {code}, found {}: {}", refusal.code(), refusal.en(workflow)),
        ),
        (code, Ok(_)) => {
            let code = code.unwrap_or_default();
            miss(
                line,
                &format!("应以 {code} 拒绝，实际通过"),
                &format!("expected the refusal {code}, it passed"),
            )
        }
    }
}

type Difference = (String, String, String);

fn differences(
    workflow: &Workflow,
    expect: &Expect,
    case: &Case,
    events: &[Event],
    now: &Circumstances<'_>,
) -> Vec<Difference> {
    let mut found: Vec<Difference> = vec![];
    let mut compare = |what: String, wanted: String, got: String| {
        if wanted != got {
            found.push((what, wanted, got));
        }
    };
    if let Some(state) = &expect.state {
        compare("state".into(), state.clone(), case.state.clone());
    }
    for (name, wanted) in &expect.deadlines {
        let clock = case.clock(name).filter(|c| c.runs());
        compare(format!("deadline {name}"), shown(*wanted), shown(clock.map(|c| c.deadline)));
    }
    for (name, wanted) in &expect.marks {
        let got = workflow.clock(name).zip(case.clock(name)).map(|(rule, clock)| mark(rule, clock, now));
        compare(format!("mark {name}"), mark_name(Some(*wanted)), mark_name(got));
    }
    if let Some(wanted) = &expect.letters {
        let letter = |event: &Event| match event {
            Event::LetterDue(name, _) => Some(name.clone()),
            _ => None,
        };
        let got: Vec<Name> = events.iter().filter_map(letter).collect();
        compare("letters".into(), wanted.join(", "), got.join(", "));
    }
    for name in &expect.events {
        let there = events.iter().any(|e| e.name() == name);
        let names: Vec<&str> = events.iter().map(Event::name).collect();
        compare("events".into(), name.clone(), if there { name.clone() } else { names.join(", ") });
    }
    for (programme, wanted) in &expect.standing {
        let got = case.standing(programme).map_or("none", standing_name);
        compare(format!("standing {programme}"), wanted.clone(), got.into());
    }
    if let Some(gap) = expect.gap {
        compare("gap".into(), gap.to_string(), case.acceptance_gap(now.today).to_string());
    }
    found
}

fn shown(deadline: Option<Deadline>) -> String {
    match deadline {
        None => "none".into(),
        Some(d) if d.provisional => format!("{} provisional", d.date),
        Some(d) => d.date.to_string(),
    }
}

fn mark_name(mark: Option<Mark>) -> String {
    let name = Mark::ALL.iter().find(|(_, m)| Some(*m) == mark);
    name.map_or("none", |(name, _)| name).into()
}

fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Granted(_) => "granted",
        Standing::Suspended(_) => "suspended",
        Standing::Refused => "refused",
        Standing::Ended => "ended",
        Standing::Withdrawn => "withdrawn",
    }
}
