//! Whatever is asked of a case in whatever order: nothing adverse takes effect without all it needs, no clock
//! passes red in silence, the same question gets the same answer, and the events are the case.
use crate::course::{act, actor, exhibit, run, workflow};
use anmin_base::calendar::WorkCalendar;
use anmin_base::date::Date;
use anmin_casework::apply::{Circumstances, Verdicts, mark};
use anmin_casework::case::Case;
use anmin_casework::command::{Command, Take};
use anmin_casework::event::Event;
use anmin_casework::kinds::{ActKind, Mark, Outcome};
use anmin_casework::record::Standing;
use anmin_casework::workflow::{Step, Workflow};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;

const PEOPLE: [&str; 7] = ["wang", "qian", "zhao", "wu", "zheng", "he", "zhang"];

/// Random numbers of which one command is made.
type Dice = (u8, u8, u8, u8);

/// Words for an act: usually what it needs, sometimes less or nonsense.
fn words(step: &Step, case: &Case, die: u8) -> Vec<String> {
    let last = case.decisions.len().max(1) - usize::from(die % 5 == 4 && case.decisions.len() > 1);
    let outcome = |n: u8| {
        let known: Vec<Outcome> = step.outcomes.iter().map(|(o, _)| *o).collect();
        let at_hand = known.iter().find(|o| case.proposed("aid") == Some(**o)).copied();
        let any = known.get(usize::from(n) % known.len().max(1)).copied().unwrap_or(Outcome::Stop);
        if n.is_multiple_of(3) { any } else { at_hand.unwrap_or(any) }.name()
    };
    let text = match step.act {
        ActKind::Visit | ActKind::SpotVisit if die.is_multiple_of(6) => {
            PEOPLE[usize::from(die) % 7].to_owned()
        }
        ActKind::Visit => format!("wang {}", PEOPLE[usize::from(die % 16 == 15) + 1]),
        ActKind::SpotVisit => format!("wu {}", PEOPLE[usize::from(die / 2) % 7]),
        ActKind::Authorise => "zhang".into(),
        ActKind::AskCheck => "zhang bank tax".into(),
        ActKind::ReportCheck => {
            let answer = ["matches", "differs", "x"][usize::from(die) % 3];
            format!("{} bank {answer} tax matches", case.checks.len().max(1))
        }
        ActKind::Explain if die.is_multiple_of(2) => "bank".into(),
        ActKind::Opine => {
            let more = ["", "", "", "", "", "", "-reason", "death"][usize::from(die / 8) % 8];
            format!("{} {more}", outcome(die))
        }
        ActKind::Decide => {
            let sound: Vec<_> =
                case.evidence.iter().filter(|e| die.is_multiple_of(4) || !e.exhibit.derived).collect();
            let reference = sound.get(usize::from(die) % sound.len().max(1));
            let evidence = reference.map_or("none", |e| e.exhibit.reference.as_str());
            let more = ["", "", "", "", "", "-reason", "death", "withdrawal"][usize::from(die / 8) % 8];
            format!("{} {evidence} {more}", outcome(die))
        }
        ActKind::Post => "hall".into(),
        ActKind::Supplement => "hukou".into(),
        ActKind::Object => "n".into(),
        ActKind::AnswerObjection => case.objections.len().max(1).to_string(),
        ActKind::Hear => ["zhang", "zhang -said"][usize::from(die % 4 == 3)].to_owned(),
        ActKind::Notify | ActKind::TakeEffect => last.to_string(),
        ActKind::Deliver => {
            format!("{last} {}", ["signed", "mail", "electronic", "kin", "public"][usize::from(die) % 5])
        }
        _ => String::new(),
    };
    text.split_whitespace().map(str::to_owned).collect()
}

/// A command: mostly a step the state offers, by somebody with its duty.
fn command(workflow: &Workflow, case: &Case, dice: Dice, n: usize) -> Command {
    let (what, who, how, _) = dice;
    let offered: Vec<&Step> = workflow.steps_from(&case.state).collect();
    let all: Vec<&Step> = workflow.steps.iter().collect();
    // Half of the time something that gets the case on.
    let gets_on = |s: &&Step| {
        s.to.is_some()
            || s.ends.is_some()
            || matches!(s.act, ActKind::Hear | ActKind::Notify | ActKind::Deliver)
    };
    let moving: Vec<&Step> = offered.iter().copied().filter(gets_on).collect();
    let choice = match what % 8 {
        7 => &all,
        0..4 if !moving.is_empty() => &moving,
        _ if !offered.is_empty() => &offered,
        _ => &all,
    };
    let step = choice[usize::from(what / 8) % choice.len()];
    let own = step.by.first().map_or("wang", |duty| match duty.as_str() {
        "person" => "zhang",
        "opinion" => "zhao",
        "county" => "wu",
        "chief" => "zheng",
        "messenger" => "he",
        _ => "wang",
    });
    // Mostly who usually does it, so that the case gets on.
    let person = if who % 16 < 13 { own } else { PEOPLE[usize::from(who) % 7] };
    let duty = if who % 16 == 15 { "boss" } else { &step.by[usize::from(who) % step.by.len()] };
    let job = if who % 16 == 14 { "job:" } else { "" };
    let by = actor(&format!("{job}{person}/{duty}"));
    match (what, how % 16) {
        (250.., 0..8) => Command::Aid {
            amount: "100".parse().expect("money"),
            need: "no food".into(),
            by: actor("wang/field"),
        },
        (250.., _) => {
            Command::Overturn { decision: 1, order: exhibit(&format!("paper:o{n}")), by: actor("boss/boss") }
        }
        (246..250, 0..1) => Command::Bar { person: person.into(), relation: "kin".into(), by },
        (246..250, _) => {
            Command::Stay { decision: 1, order: exhibit(&format!("paper:s{n}")), by: actor("boss/boss") }
        }
        _ => {
            let words = words(step, case, how);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let kinds = [
                format!("paper:p{n}"),
                format!("~paper:e{n}"),
                format!("death:d{n}@{how}"),
                format!("signed:w{n}"),
            ];
            let mut evidence = vec![exhibit(&kinds[usize::from(how) % 4])];
            if !step.evidence.is_empty() && how % 8 != 7 {
                evidence.push(exhibit(&format!("paper:q{n}")));
            }
            Command::Take(Take { step: step.named.name.clone(), by, evidence, act: act(step.act, &words) })
        }
    }
}

/// Everything an adverse decision in effect must have, written down a second time and differently.
fn is_fair(case: &Case) -> Result<(u32, u32), String> {
    let (mut effects, mut taken) = (0, 0);
    for d in case.decisions.iter().filter(|d| d.ruling.outcome.is_adverse()) {
        let Some(effect) = d.effect else { continue };
        effects += 1;
        taken += u32::from(d.ruling.outcome.takes_away());
        let law = |r: &anmin_casework::record::Reason| !r.text.is_empty() && !r.law.article.is_empty();
        let usable =
            |r: &String| case.evidence.iter().any(|e| e.exhibit.reference == *r && !e.exhibit.derived);
        let heard = case.hearings.iter().any(|h| case.opinions[h.opinion as usize - 1].cycle == d.cycle);
        let told = d.noticed.zip(d.delivery.as_ref());
        for (holds, what) in [
            (d.by.human, "human"),
            (!d.ruling.evidence.is_empty() && d.ruling.evidence.iter().all(usable), "evidence"),
            (!d.ruling.reasons.is_empty() && d.ruling.reasons.iter().all(law), "reason"),
            (
                told.is_some_and(|(n, del)| d.on <= n && n <= del.on && del.served <= effect),
                "delivered notice",
            ),
            (!d.remedies.is_empty(), "appeal"),
            (!d.ruling.outcome.takes_away() || heard || d.ruling.exception.is_some(), "hearing"),
        ] {
            if !holds {
                return Err(format!("decision {} took effect without {what}", d.number));
            }
        }
    }
    let lost = |s: Standing| matches!(s, Standing::Refused | Standing::Ended | Standing::Suspended(_));
    let in_effect = case.decisions.iter().any(|d| d.effect.is_some());
    if case.programmes.iter().any(|(_, s)| lost(*s)) && !in_effect {
        return Err("somebody lost a benefit without a decision in effect".into());
    }
    Ok((effects, taken))
}

/// Every mark that is due has been recorded.
fn is_punctual(workflow: &Workflow, case: &Case, today: Date) -> Result<(), String> {
    let verdicts = Verdicts::new();
    let now = Circumstances { today, calendar: WorkCalendar::builtin(), verdicts: &verdicts };
    for clock in case.clocks.iter().filter(|c| c.runs()) {
        let rule = workflow.clock(&clock.name).expect("a rule");
        let due = mark(rule, clock, &now);
        if due > clock.mark {
            return Err(format!("{} is {due:?} and nothing says so", clock.name));
        }
    }
    Ok(())
}

fn check(workflow: &Workflow, carried: bool, dice: &[Dice]) -> Result<[u32; 3], String> {
    let calendar = WorkCalendar::builtin();
    let mut today = Date::ymd(2026, 8, 3);
    let first =
        crate::course::command(workflow, "yu/clerk", if carried { "carry" } else { "receive +paper" });
    let (mut case, mut events) =
        run(workflow, None, &first, today, calendar).map_err(|r| r.code().to_owned())?;
    let mut reached = [0; 3];
    for (n, dice) in dice.iter().enumerate() {
        today = today.add_days(i32::from(dice.3 % 12) / 3);
        let command = command(workflow, &case, *dice, n);
        let applied = run(workflow, Some(&case), &command, today, calendar);
        if applied != run(workflow, Some(&case), &command, today, calendar) {
            return Err("two answers to one question".into());
        }
        let Ok((after, new)) = applied else { continue };
        let marked = |e: &&Event| matches!(e, Event::ClockMarked(_, Mark::Overdue, _));
        reached[2] += new.iter().filter(marked).count() as u32;
        let (effects, taken) = is_fair(&after)?;
        (reached[0], reached[1]) = (reached[0].max(effects), reached[1].max(taken));
        is_punctual(workflow, &after, today)?;
        events.extend(new);
        case = after;
    }
    if Case::replay(&events).as_ref() != Some(&case) {
        return Err("the events do not make the case".into());
    }
    Ok(reached)
}

#[test]
fn no_sequence_of_commands_is_unfair_late_or_forgetful() {
    let workflow = workflow();
    let reached = Cell::new([0; 3]);
    let config = Config { cases: 1500, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let dice = proptest::collection::vec(any::<Dice>(), 1..160);
    let result = runner.run(&(any::<bool>(), dice), |(carried, dice)| {
        let more = check(&workflow, carried, &dice).map_err(TestCaseError::fail)?;
        let sum = reached.get();
        reached.set([sum[0] + more[0], sum[1] + more[1], sum[2] + more[2]]);
        Ok(())
    });
    result.expect("fair, punctual, deterministic, replayed");
    // The walk would prove nothing if it never came that far.
    let [effects, taken, overdue] = reached.get();
    assert!(effects > 50 && taken > 10 && overdue > 50, "reached only {effects}, {taken}, {overdue}");
}
