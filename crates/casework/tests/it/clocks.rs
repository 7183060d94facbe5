//! Clocks: marks, extension, suspension, and a calendar that grows.
use crate::course::{day, run, table, workflow};
use anmin_base::calendar::{CalendarRow, DayKind, Deadline, WorkCalendar};
use anmin_base::date::Date;
use anmin_casework::command::Command;
use anmin_casework::event::Event;
use anmin_casework::kinds::Mark;

const ACCEPTED: &str = "
    11-23 | wang/clerk | receive +paper | received
    11-23 | wang/clerk | accept         | investigating
    ";

/// The built-in calendar with a notice for 2027 that gives 1 to 3 January off and the 9th in exchange.
fn with_2027() -> WorkCalendar {
    let row =
        |date: Date, kind| CalendarRow {
            date, kind, holiday: "元旦".into(), holiday_en: "New Year".into()
        };
    let mut rows = WorkCalendar::builtin().rows().to_vec();
    for day in 1..=3 {
        rows.push(row(Date::ymd(2027, 1, day), DayKind::Off));
    }
    rows.push(row(Date::ymd(2027, 1, 4), DayKind::Off));
    rows.push(row(Date::ymd(2027, 10, 1), DayKind::Off));
    WorkCalendar::new(rows).expect("a calendar")
}

#[test]
fn a_grown_calendar_moves_provisional_days_and_settles_them() {
    let workflow = workflow();
    let case = table(&workflow, ACCEPTED);
    let deadline = case.clock("total").expect("it runs").deadline;
    assert_eq!(deadline, Deadline { date: Date::ymd(2027, 1, 5), provisional: true });
    let grown = with_2027();
    let (after, events) =
        run(&workflow, Some(&case), &Command::Recount, day("12-01"), &grown).expect("counted");
    let settled = Deadline { date: Date::ymd(2027, 1, 6), provisional: false };
    assert_eq!(after.clock("total").expect("it runs").deadline, settled);
    assert!(events.contains(&Event::ClockMoved("total".into(), settled)));
    let again = run(&workflow, Some(&after), &Command::Recount, day("12-01"), &grown).expect("counted");
    assert!(again.1.is_empty(), "nothing moves twice");
}

#[test]
fn marks_come_in_order_and_the_supervisor_is_told() {
    let workflow = workflow();
    let case = table(
        &workflow,
        "09-01 | wang/clerk | receive +paper | received
         09-01 | wang/clerk | accept         | investigating",
    );
    // The thirtieth working day is 19 October.
    let told = |from: &_, on: &str| {
        let (case, events) =
            run(&workflow, Some(from), &Command::Tick, day(on), WorkCalendar::builtin()).expect("a day");
        let marks: Vec<(Mark, bool)> = events
            .iter()
            .filter_map(|e| match e {
                Event::ClockMarked(name, mark, who) if name == "total" => Some((*mark, who.is_some())),
                _ => None,
            })
            .collect();
        (case, marks)
    };
    assert_eq!(told(&case, "10-13").1, []);
    let (case, marks) = told(&case, "10-14");
    assert_eq!(marks, [(Mark::Amber, false)]);
    assert_eq!(told(&case, "10-15").1, []);
    assert_eq!(told(&case, "10-16").1, [(Mark::Red, true)]);
    // Nobody looked for a week: the next day that comes says so, once.
    let (case, marks) = told(&case, "10-26");
    assert_eq!(marks, [(Mark::Overdue, true)]);
    assert_eq!(told(&case, "10-27").1, []);
}

#[test]
fn a_clock_is_extended_once_in_time_and_for_a_coded_reason() {
    let case = table(
        &workflow(),
        "09-01 | wang/clerk  | receive +paper         | received
         09-01 | wang/clerk  | accept                 | investigating
         09-02 | wang/clerk  | extend total objection | !not_your_duty
         09-02 | wang/field  | extend total busy      | !no_such_ground
         09-02 | wang/field  | extend review objection | !clock_not_running
         09-02 | wang/field  | extend nothing x       | !unknown_clock
         09-02 | wang/field  | extend papers x        | !clock_not_running
         10-20 | wang/field  | extend total objection | !extended_late
         10-19 | wang/field  | extend total objection | investigating
         10-19 | wang/field  | extend total objection | !extended_twice",
    );
    let total = case.clock("total").expect("it runs");
    assert_eq!((total.limit, total.deadline.date), (45, day("11-09")));
}

#[test]
fn only_a_cited_ground_suspends_and_what_was_left_is_left() {
    let workflow = workflow();
    let case = table(
        &workflow,
        "09-01 | wang/clerk | receive +paper           | received
         09-01 | wang/clerk | accept                   | investigating
         09-02 | wang/field | suspend total illness    | !not_suspendable
         09-02 | wang/field | resume total             | !not_suspended",
    );
    assert!(case.clock("total").expect("it runs").runs());
    let case = table(
        &workflow,
        "03-02 | yu/clerk   | carry                    | granted
         03-02 | wang/field | suspend review illness   | !not_suspendable
         06-01 | wang/field | suspend review emergency | granted
         06-01 | wang/field | suspend review emergency | !clock_not_running
         07-01 | wang/field | resume review            | granted",
    );
    // Twelve months, and the thirty days it stood still.
    assert_eq!(case.clock("review").expect("it runs").deadline.date, Date::ymd(2027, 4, 1));
}

#[test]
fn what_is_told_again_gives_the_days_again() {
    let case = table(
        &workflow(),
        "09-01 | wang/clerk   | receive +paper        | received
         09-01 | wang/clerk   | accept                | investigating
         09-01 | zhang/person | authorise zhang       | investigating
         09-01 | wang/field   | ask zhang bank tax    | investigating
         09-02 | sun/checker  | report 1 bank differs | investigating
         09-02 | wang/field   | tell                  | investigating
         09-02 | wang/field   | tell                  | !nothing_to_tell
         09-08 | sun/checker  | report 1 tax differs  | investigating
         09-08 | wang/field   | tell                  | investigating",
    );
    assert_eq!(case.clock("explaining").expect("it runs").deadline.date, day("09-15"));
}

#[test]
fn nothing_adverse_rests_on_a_provisional_day_and_nothing_else_waits_for_it() {
    let told = format!(
        "{ACCEPTED}
        11-24 | zhang/person | authorise zhang        | investigating
        11-24 | wang/field   | ask zhang bank         | investigating
        12-22 | wang/field   | visit wang qian        | investigating
        12-22 | sun/checker  | report 1 bank differs  | investigating
        12-22 | zhao/opinion | propose_no refuse      | !result_not_told
        12-22 | wang/field   | tell                   | investigating
        "
    );
    let lines = |more: &str| table(&workflow(), &format!("{told}{more}"));
    lines(
        "12-30 | zhao/opinion | propose_no refuse | !provisional
         12-30 | zhao/opinion | propose grant     | proposed",
    );
    lines(
        "12-23 | zhao/opinion | propose_no refuse | !too_early
         12-23 | zhang/person | explain land      | !source_not_asked
         12-23 | zhang/person | explain bank      | investigating
         12-23 | zhao/opinion | propose_no refuse | !recheck_open
         12-24 | wang/field   | ask zhang bank    | investigating
         12-24 | sun/checker  | report 2 bank matches | investigating
         12-24 | zhao/opinion | propose_no refuse | deciding
         12-24 | zheng/chief  | refuse refuse check:1:bank | !contested_evidence
         12-24 | zheng/chief  | refuse refuse check:2:bank | refusing",
    );
}
