//! A small course of assistance, written as a table, and cases driven by lines.
use anmin_base::calendar::WorkCalendar;
use anmin_base::date::Date;
use anmin_casework::apply::{Applied, Begin, Circumstances, Verdicts, apply, open};
use anmin_casework::case::Case;
use anmin_casework::command::{Act, Command, Take};
use anmin_casework::kinds::{ActKind, Exception, Manner, Outcome, Proof};
use anmin_casework::record::{Actor, Answer, Exhibit, Hearing, Meeting, Person, Proposal, Reason, Ruling};
use anmin_casework::workflow::{
    Citation, ClockRule, Definition, Duty, Effect, EvidenceKind, Extension, Ground, Label, Named, Remedy,
    Setting, State, Step, Switch, Unit, Workflow,
};

/// `step | act | duties | from | to or to/ends | outcomes, `!` before those that must occur | more`.
const STEPS: &str = "
receive     | receive          | clerk          | -                        | received         |                        | paper
carry       | carry_over       | clerk          | -                        | granted          |                        |
supplement  | supplement       | clerk          | received                 |                  |                        |
accept      | accept           | clerk          | received                 | investigating    |                        |
decline     | decide           | clerk          | received                 | refusing         | decline                |
authorise   | authorise        | person         | received investigating under_review |       |                        |
ask         | ask_check        | field          | investigating under_review |                |                        |
report      | report_check     | checker        | investigating under_review |                |                        |
tell        | tell_result      | field          | investigating under_review |                |                        |
explain     | explain          | person         | investigating under_review |                |                        |
visit       | visit            | field          | investigating objected under_review |       |                        |
propose     | opine            | opinion        | investigating            | proposed         | !grant refuse          | after:explaining
propose_no  | opine            | opinion        | investigating posted     | deciding         | refuse                 | after:explaining
post        | post             | opinion        | proposed                 | posted           |                        |
object      | object           | person         | posted                   | objected         |                        |
answer      | answer_objection | opinion        | objected                 | posted           |                        |
take_down   | take_down        | opinion        | posted                   | deciding         |                        | after:posting
spot        | spot_visit       | county         | deciding                 |                  |                        |
confirm     | decide           | chief          | deciding                 | granted          | !grant refuse          | grant
refuse      | decide           | chief          | deciding                 | refusing         | refuse                 |
notify      | notify           | chief clerk    | refusing changing granted |                 |                        |
deliver     | deliver          | messenger      | refusing changing granted |                 |                        | paper
settle      | take_effect      | messenger      | refusing granted         | /closed          | refuse decline         |
begin       | plain            | field          | granted                  | under_review     |                        | cycle
dead        | plain            | field          | granted under_review     |                  |                        |
opine       | opine            | opinion        | under_review             | change_proposed  | keep increase reduce stop suspend recover | after:explaining
hear        | hear             | field opinion  | change_proposed          |                  |                        |
again       | plain            | opinion        | change_proposed          | under_review     |                        |
better      | decide           | chief          | change_proposed          | granted          | keep increase          | grant
worse       | decide           | chief          | change_proposed          | changing         | keep increase !reduce !stop !suspend !recover | grant
effect      | take_effect      | messenger      | changing                 | granted/closed   | reduce stop suspend recover |
withdraw    | withdraw         | person         | received investigating proposed posted deciding | closed |           |
";

/// The states, the last with a star.
const STATES: &str = "received investigating proposed posted objected deciding refusing granted under_review \
    change_proposed changing closed*";

/// `class | set`; a dash for a class that is not staff's, nothing for a free one.
const DUTIES: &str =
    "person|- clerk|field field|field opinion|opinion county|county chief|chief checker| messenger| boss|";

pub fn named(name: &str) -> Named {
    Named { name: name.into(), label: Label { zh: name.into(), en: name.into() } }
}

pub fn law() -> Vec<Citation> {
    vec![Citation { document: "law".into(), article: "1".into() }]
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn outcome(name: &str) -> Outcome {
    Outcome::ALL.into_iter().find(|o| o.name() == name).expect("an outcome")
}

fn step(line: &str) -> Step {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let [name, act, by, from, to, outcomes, more] = cells[..] else { panic!("seven cells: {line}") };
    let act = ActKind::ALL.iter().find(|(n, _)| *n == act).expect("an act").1;
    let (to, ends) = to.split_once('/').unwrap_or((to, ""));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let said = words(outcomes);
    let more = words(more);
    Step {
        named: named(name),
        when: vec![],
        by: words(by),
        from: if from == "-" { vec![] } else { words(from) },
        to: some(to),
        ends: some(ends),
        act,
        guards: vec![],
        evidence: if more.contains(&"paper".to_owned()) { vec!["paper".into()] } else { vec![] },
        needs: vec![],
        after: more.iter().filter_map(|m| m.strip_prefix("after:")).map(str::to_owned).collect(),
        outcomes: said.iter().map(|o| (outcome(o.trim_start_matches('!')), vec![])).collect(),
        must: said.iter().filter_map(|o| o.strip_prefix('!')).map(outcome).collect(),
        effects: if more.contains(&"grant".to_owned()) { vec![Effect::Grant] } else { vec![] },
        cycle: more.contains(&"cycle".to_owned()),
        law: law(),
    }
}

fn clock(name: &str, unit: Unit, starts: &str, stops: &str) -> ClockRule {
    ClockRule {
        named: named(name),
        unit,
        starts: words(starts),
        stops: words(stops),
        amber: 3,
        red: 1,
        tells: Some("boss".into()),
        law: law(),
        ..ClockRule::default()
    }
}

/// The course as a definition: one switch, which adds a step when it is on.
pub fn definition() -> Definition {
    let mut all = Workflow { named: named("small"), ..Workflow::default() };
    all.states = words(STATES)
        .iter()
        .map(|s| State { named: named(s.trim_end_matches('*')), last: s.ends_with('*'), ..State::default() })
        .collect();
    all.steps = STEPS.trim().lines().map(step).collect();
    let duty = |text: &String| {
        let (name, set) = text.split_once('|').expect("a set");
        let free = set.is_empty() || set == "-";
        Duty { named: named(name), set: (!free).then(|| set.to_owned()), staff: set != "-" }
    };
    all.duties = words(DUTIES).iter().map(duty).collect();
    let proofs = [("paper", None), ("death", Some(Proof::Death)), ("signed", Some(Proof::Withdrawal))];
    all.evidence = proofs.map(|(name, proves)| EvidenceKind { named: named(name), proves }).to_vec();
    all.letters = vec![named("longer")];
    all.verdicts = vec![named("stable")];
    all.remedies = vec![Remedy {
        named: named("review"),
        unit: Unit::Calendar,
        limit: 60,
        law: law(),
        unverified: false,
    }];
    all.reopens = Outcome::ALL
        .into_iter()
        .filter(|o| o.is_adverse())
        .map(|o| (o, if o.takes_away() { "granted" } else { "received" }.to_owned()))
        .collect();
    let ground = |name: &str| Ground { named: named(name), law: law() };
    let mut total = clock("total", Unit::Working, "accept", "confirm refuse withdraw");
    total.extension = Some(Extension {
        limit: 45,
        reasons: vec![ground("objection")],
        letter: "longer".into(),
        by: words("field chief"),
    });
    let mut review = clock("review", Unit::Months, "confirm better effect carry", "begin");
    review.suspensions = vec![ground("emergency")];
    let mut posting = clock("posting", Unit::Calendar, "post", "take_down propose_no withdraw");
    posting.tells = None;
    let mut explaining = clock("explaining", Unit::Working, "tell", "explain withdraw");
    explaining.restarts = true;
    all.clocks =
        vec![total, review, posting, explaining, clock("papers", Unit::Working, "aid", "aid_papers")];
    let limits = [("total", 30), ("review", 12), ("posting", 7), ("explaining", 5), ("papers", 10)];
    let set = |days| vec![Setting { rank: 0, from: Date::MIN, value: days, law: law(), unverified: false }];
    Definition {
        all,
        switches: vec![],
        limits: limits.into_iter().map(|(name, days)| (name.to_owned(), set(days))).collect(),
        figures: vec![],
    }
}

/// A switch with two options, of which the first is chosen.
pub fn switch(name: &str, options: [&str; 2]) -> Switch {
    let setting =
        Setting { rank: 0, from: Date::MIN, value: options[0].into(), law: law(), unverified: false };
    Switch { named: named(name), options: options.map(named).to_vec(), settings: vec![setting] }
}

/// The course as it holds.
pub fn workflow() -> Workflow {
    definition().on(Date::ymd(2026, 1, 1))
}

pub fn actor(text: &str) -> Actor {
    let (person, rest) = text.split_once('/').expect("person/duty");
    let (duty, delegated) = rest.split_once('^').map_or((rest, None), |(d, by)| (d, Some(Person::from(by))));
    let human = !person.starts_with("job:");
    Actor { person: person.into(), duty: duty.into(), delegated_by: delegated, human }
}

fn reason(given: bool) -> Vec<Reason> {
    let law = law().remove(0);
    if given { vec![Reason { text: "why".into(), law }] } else { vec![] }
}

fn exception(words: &[&str]) -> Option<Exception> {
    Exception::ALL.iter().find(|(name, _)| words.contains(name)).map(|(_, e)| *e)
}

/// The payload of an act from words: `visit a b`, `decide stop visit1 death`, `deliver 1 mail`. `-reason` leaves the
/// reason out.
pub fn act(kind: ActKind, given: &[&str]) -> Act {
    let persons = || given.iter().map(|w| Person::from(*w)).collect::<Vec<_>>();
    let names = || given.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let number = given.first().and_then(|w| w.parse().ok()).unwrap_or(1);
    let said = || given.first().map_or(Outcome::Keep, |w| outcome(w));
    let reasons = || reason(!given.contains(&"-reason"));
    match kind {
        ActKind::Plain => Act::Plain,
        ActKind::Receive => Act::Receive,
        ActKind::CarryOver => Act::CarryOver,
        ActKind::Supplement => Act::Supplement { missing: names() },
        ActKind::Accept => Act::Accept,
        ActKind::Authorise => Act::Authorise { subject: given[0].into(), signer: given[0].into() },
        ActKind::Revoke => Act::Revoke { subject: given[0].into() },
        ActKind::AskCheck => {
            Act::AskCheck { subjects: vec![given[0].into()], sources: names()[1..].to_vec() }
        }
        ActKind::ReportCheck => {
            let said = |pair: &[&str]| {
                let answer = match pair[1] {
                    "matches" => Answer::Matches,
                    "differs" => Answer::Differs,
                    _ => Answer::NoAnswer,
                };
                (pair[0].to_owned(), answer)
            };
            let answers = given[1..].chunks(2).map(said).collect();
            Act::ReportCheck { check: number, answers, valid_until: None }
        }
        ActKind::TellResult => Act::TellResult,
        ActKind::Explain => Act::Explain { contested: names() },
        ActKind::Visit => Act::Visit { visitors: persons() },
        ActKind::SpotVisit => Act::SpotVisit { visitors: persons() },
        ActKind::Appraise => Act::Appraise(Meeting { present: 9, representatives: 6, in_favour: 5 }),
        ActKind::Opine => Act::Opine {
            proposals: vec![Proposal {
                programme: "aid".into(),
                outcome: said(),
                reasons: reasons(),
                exception: exception(given),
            }],
        },
        ActKind::Post => Act::Post { places: names() },
        ActKind::TakeDown => Act::TakeDown,
        ActKind::Spare => Act::Spare,
        ActKind::Object => Act::Object { objector: given[0].into() },
        ActKind::AnswerObjection => Act::AnswerObjection { objection: number, upheld: false },
        ActKind::Hear => {
            let said = if given.contains(&"-said") { "" } else { "no" };
            let heard = given.first().map_or("zhang", |w| w);
            Act::Hear(Hearing {
                heard: heard.into(),
                how: "visit".into(),
                said: said.into(),
                answer: "yes".into(),
            })
        }
        ActKind::Decide => {
            let known = |w: &&str| !w.starts_with('-') && !Exception::ALL.iter().any(|(e, _)| e == w);
            let evidence = given.iter().skip(1).copied().filter(known).map(str::to_owned).collect();
            Act::Decide {
                rulings: vec![Ruling {
                    programme: "aid".into(),
                    outcome: said(),
                    from: None,
                    hash: "h".into(),
                    reasons: reasons(),
                    evidence,
                    exception: exception(given),
                }],
            }
        }
        ActKind::Notify => Act::Notify { decision: number },
        ActKind::Deliver => {
            let manner = Manner::ALL.iter().find(|(name, _)| given.contains(name));
            Act::Deliver { decision: number, manner: manner.map_or(Manner::Signed, |(_, m)| *m) }
        }
        ActKind::TakeEffect => Act::TakeEffect { decision: number },
        ActKind::Withdraw => Act::Withdraw,
    }
}

/// `kind:reference@source`; `~` before an estimate.
pub fn exhibit(text: &str) -> Exhibit {
    let (rest, source) = text.split_once('@').unwrap_or((text, ""));
    let (kind, reference) = rest.split_once(':').unwrap_or((rest, rest));
    let derived = kind.starts_with('~');
    let kind = kind.trim_start_matches('~').to_owned();
    Exhibit { kind, reference: reference.to_owned(), source: source.to_owned(), derived, valid_until: None }
}

/// The command of `actor`, `step words +evidence`.
pub fn command(workflow: &Workflow, by: &str, text: &str) -> Command {
    let mut given: Vec<&str> = text.split_whitespace().collect();
    let evidence: Vec<Exhibit> = given.iter().filter_map(|w| w.strip_prefix('+')).map(exhibit).collect();
    given.retain(|w| !w.starts_with('+'));
    let (name, given) = given.split_first().expect("a step");
    if *name == "tick" {
        return Command::Tick;
    }
    let by = actor(by);
    let name = |n: usize| given[n].to_owned();
    let order = || evidence.first().cloned().unwrap_or_default();
    match text.split_whitespace().next().expect("a step") {
        "extend" => Command::Extend { clock: name(0), reason: name(1), by },
        "suspend" => Command::Suspend { clock: name(0), reason: name(1), by },
        "resume" => Command::Resume { clock: name(0), by },
        "bar" => Command::Bar { person: given[0].into(), relation: "kin".into(), by },
        "kin" => Command::RegisterKin { staff: given[0].into(), relation: "kin".into(), by },
        "countersign" => Command::CountersignKin { by },
        "complain" => Command::Complain { report: name(0), by },
        "protect" => Command::Protect { ground: name(0), by },
        "aid" => Command::Aid { amount: "500".parse().expect("money"), need: "no food at home".into(), by },
        "aid_papers" => Command::AidPapers { aid: 1, evidence, by },
        "appeal" => Command::Appeal { decision: 1, remedy: name(0), by },
        "stay" => Command::Stay { decision: 1, order: order(), by },
        "overturn" => Command::Overturn { decision: 1, order: order(), by },
        step => {
            let kind = workflow.step(step).map_or(ActKind::Plain, |s| s.act);
            Command::Take(Take { step: step.into(), by, evidence, act: act(kind, given) })
        }
    }
}

/// Opens or applies.
pub fn run(
    workflow: &Workflow,
    case: Option<&Case>,
    command: &Command,
    today: Date,
    calendar: &WorkCalendar,
) -> Applied {
    let verdicts = Verdicts::new();
    let now = Circumstances { today, calendar, verdicts: &verdicts };
    match (case, command) {
        (Some(case), command) => apply(workflow, case, command, &now),
        (None, Command::Take(take)) => {
            let (unit, adults) = ("household-1".to_owned(), vec!["zhang".into()]);
            let begin = Begin { unit, adults, programmes: vec!["aid".into()], take: take.clone() };
            open(workflow, &begin, &now)
        }
        (None, _) => panic!("a case is opened by a step"),
    }
}

/// A day of 2026 as `09-01`, or a whole date.
pub fn day(text: &str) -> Date {
    let whole = if text.len() == 5 { format!("2026-{text}") } else { text.to_owned() };
    whole.parse().expect("a date")
}

/// Runs a table: `day | person/duty | step and words | state, or ! and the refusal's code`. Gives the case.
#[track_caller]
pub fn table(workflow: &Workflow, lines: &str) -> Case {
    let mut case: Option<Case> = None;
    let mut events = vec![];
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [on, by, what, result] = cells[..] else { panic!("four cells: {line}") };
        let command = command(workflow, by, what);
        let applied = run(workflow, case.as_ref(), &command, day(on), WorkCalendar::builtin());
        let found = match &applied {
            Ok((case, _)) => case.state.clone(),
            Err(refusal) => format!("!{}", refusal.code()),
        };
        assert_eq!(found, result, "{line}");
        if let Ok((after, new)) = applied {
            events.extend(new);
            case = Some(after);
        }
    }
    let case = case.expect("a case");
    assert_eq!(Case::replay(&events).as_ref(), Some(&case), "the events are the case");
    case
}
