//! The program dies, or fails, in the middle of something: at a fault point, or killed from outside. It is started again,
//! and whoever got no answer sends the same request once more. Nothing acknowledged is lost, nothing is there twice, and
//! at the end all is as if nothing had happened.
use super::client::{Client, FIRED, Harm};
use super::program::Kind;
use super::random::Random;
use super::stages::{Stage, Stages};
use super::told::{records, same, told};
use super::torture;
use anmin_app::fault::{OF_STORE, POINTS};
use std::collections::{BTreeMap, BTreeSet};

/// Fault points that commands of their own pass, and the program at work does not: see commands.rs.
pub const OF_COMMANDS: &[&str] = &[
    "init.created",
    "migrate.step",
    "backup.rows",
    "backup.objects",
    "backup.manifest",
    "restore.rows",
    "restore.objects",
];
/// Fault points that only the store's own tests reach: an object must have lain about for a day.
const BELOW: &[&str] = &["object.removed"];

/// What is to go wrong, and where.
struct Trouble<'s> {
    stage: &'s Stage,
    harm: Harm,
    /// The fault point, if it is one.
    point: Option<&'s str>,
    /// Whether somebody goes without an answer by it.
    breaks: bool,
}

impl<'s> Trouble<'s> {
    fn at(stage: &'s Stage, point: &'s str, how: &str, passing: u32) -> Trouble<'s> {
        let fault = Some(format!("{point}={how}@{passing}"));
        Trouble { stage, harm: Harm { fault, ..Harm::default() }, point: Some(point), breaks: how == "abort" }
    }

    fn kill(stage: &'s Stage, request: u32) -> Trouble<'s> {
        let harm = Harm { kill: Some(request), ..Harm::default() };
        Trouble { stage, harm, point: None, breaks: true }
    }
}

/// Which stages pass a point, and how often for certain: jobs come by the clock too, so that the last passings, and those
/// of a stage with few of them, may not be there the next time.
fn passings(stages: &Stages) -> BTreeMap<&str, Vec<(&Stage, u32)>> {
    let mut all: BTreeMap<&str, Vec<(&Stage, u32)>> = BTreeMap::new();
    for stage in &stages.stages {
        for (point, times) in &stage.passed {
            all.entry(point).or_default().push((stage, (times * 2 / 3).max(1)));
        }
    }
    for places in all.values_mut() {
        let most = places.iter().map(|(_, times)| *times).max().unwrap_or_default();
        places.retain(|(_, times)| *times >= most / 2);
    }
    all
}

/// Plays the stage with the trouble in it, and compares.
fn suffer(trouble: &Trouble<'_>) {
    let Trouble { stage, harm, point, breaks } = trouble;
    let what = format!("{}: {harm:?}", stage.name);
    let deployment = stage.before.copy();
    let mut book = stage.book.clone();
    let mut client = Client::harmed(&deployment, harm.clone());
    (stage.chapter)(&mut client, &mut book);
    let seen = told(&mut client, &book);
    let fired = std::fs::read_to_string(deployment.beside(FIRED)).unwrap_or_default();
    if let Some(point) = point {
        assert_eq!(fired.lines().collect::<Vec<_>>(), [*point], "{what}: it fires once");
    }
    assert!(client.broken > 0 || !breaks, "{what}: nobody noticed");
    same(&stage.told, &seen, &what);
    let mut rows = stage.records.clone();
    *rows.get_mut("request").expect("commands given") += client.besides;
    assert_eq!(records(&deployment), rows, "{what}: as many rows as without");
    let sent = client.sent.clone();
    for sent in sent.iter().filter(|sent| sent.command.is_some()) {
        let again = client.again(sent);
        sent.is_answered_alike(&again, &what);
    }
    assert_eq!(records(&deployment), rows, "{what}: sent again, nothing is done again");
    client.stop();
    deployment.is_sound();
}

/// Every point at least once, then kills from outside at a request chosen by the seed.
fn seeds(kind: Kind, seeds: usize) {
    let stages = Stages::of(kind);
    let passings = passings(&stages);
    let mut random = Random::new(match kind {
        Kind::Sqlite => 1,
        Kind::Postgres => 2,
    });
    let mut troubles = Vec::new();
    let mut points: Vec<&str> = passings.keys().copied().collect();
    random.shuffle(&mut points);
    for point in points.into_iter().take(seeds) {
        let (stage, times) = *random.one(&passings[point]);
        troubles.push(Trouble::at(stage, point, "abort", 1 + random.below(times)));
    }
    while troubles.len() < seeds {
        let stage = random.one(&stages.stages);
        troubles.push(Trouble::kill(stage, 1 + random.below(stage.asked)));
    }
    troubles.iter().for_each(suffer);
}

#[test]
fn every_fault_point_lies_on_the_way() {
    let stages = Stages::of(Kind::Sqlite);
    let passed: BTreeSet<&str> = passings(&stages).into_keys().collect();
    let all: BTreeSet<&str> = POINTS.iter().chain(OF_STORE).copied().collect();
    let elsewhere = || OF_COMMANDS.iter().chain(BELOW).copied();
    let missing: Vec<&str> =
        all.iter().copied().filter(|p| !passed.contains(p) && elsewhere().all(|e| e != *p)).collect();
    assert!(missing.is_empty(), "no chapter of the story passes {missing:?}");
    assert!(passed.is_subset(&all), "{:?}", passed.difference(&all));
    assert!(elsewhere().all(|point| all.contains(point) && !passed.contains(point)));
}

#[test]
fn nothing_is_lost_or_doubled_when_it_dies_on_sqlite() {
    seeds(Kind::Sqlite, 50);
}

#[test]
fn nothing_is_lost_or_doubled_when_it_dies_on_postgresql() {
    seeds(Kind::Postgres, 25);
}

#[test]
fn every_point_in_every_way_and_many_kills() {
    let Some(torture) = torture() else { return };
    for kind in super::program::BOTH {
        let stages = Stages::of(kind);
        for (point, places) in passings(&stages) {
            for how in ["abort", "error", "delay"] {
                for (stage, times) in &places {
                    // The first passings and the last ones; between them much is alike.
                    let most = torture.passings.min(*times);
                    for passing in (1..=most / 2).chain(times - most.div_ceil(2) + 1..=*times) {
                        suffer(&Trouble::at(stage, point, how, passing));
                    }
                }
            }
        }
        let mut random = Random::new(torture.seed);
        for _ in 0..torture.kills {
            let stage = random.one(&stages.stages);
            suffer(&Trouble::kill(stage, 1 + random.below(stage.asked)));
        }
    }
}

/// The fault points a batch passes and nothing else, in the order of its life.
const OF_BATCHES: &[&str] = &[
    "due.read",
    "set.inserted",
    "grants.settled",
    "batch.prepared",
    "set.changed",
    "batch.stepped",
    "lines.read",
    "bank.file",
    "answer.attempts",
    "batch.answered",
    "commit.before",
    "commit.after",
];

/// Between any two steps of a batch; what is told holds the bank's file to the byte.
#[test]
fn a_month_is_paid_once_wherever_it_dies() {
    let stages = Stages::of(Kind::Sqlite);
    let stage = stages.stages.iter().find(|stage| stage.name == "money").expect("the chapter of money");
    for (n, point) in (0..).zip(OF_BATCHES) {
        let times = stage.passed.get(*point).copied().unwrap_or_default();
        assert!(times > 0, "the chapter does not pass {point}");
        suffer(&Trouble::at(stage, point, "abort", 1 + n % times));
    }
}
