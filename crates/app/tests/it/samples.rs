//! Events of every kind, with every value of every closed list.
use anmin_base::calendar::Deadline;
use anmin_base::date::Date;
use anmin_base::money::Money;
use anmin_casework::event::{Event, Opening};
use anmin_casework::kinds::{Exception, Manner, Mark, Outcome};
use anmin_casework::record::{
    Actor, Aid, Answer, Appeal, Authority, Bar, Check, Clock, Decision, Delivery, Done, Evidence, Exhibit,
    Heard, Hearing, KinEntry, Meeting, Objection, Opinion, Person, Posting, Proposal, Reason, Ruling,
    Standing, Taken, Visit,
};
use anmin_casework::workflow::{Citation, Publication};

fn day(n: u8) -> Date {
    Date::ymd(2026, 9, n)
}

fn p(name: &str) -> Person {
    Person::from(name)
}

fn actor() -> Actor {
    Actor { person: p("wang"), duty: "intake".into(), delegated_by: Some(p("zhao")), human: true }
}

fn job() -> Actor {
    Actor { person: p("job:tick"), duty: "intake".into(), delegated_by: None, human: false }
}

fn last(provisional: bool) -> Deadline {
    Deadline { date: day(30), provisional }
}

fn reasons() -> Vec<Reason> {
    let law = Citation { document: "a-law".into(), article: "第四十八条".into() };
    vec![Reason { text: "家庭收入“增加”\n见附件".into(), law }, Reason::default()]
}

fn exhibit() -> Exhibit {
    Exhibit {
        kind: "visit_form".into(),
        reference: "file-1".into(),
        source: "bank".into(),
        derived: true,
        valid_until: Some(day(20)),
    }
}

fn ruling(outcome: Outcome, exception: Option<Exception>) -> Ruling {
    Ruling {
        programme: "first".into(),
        outcome,
        from: Some(day(1)),
        hash: "ab12".into(),
        reasons: reasons(),
        evidence: vec!["file-1".into(), "check:1:bank".into()],
        exception,
    }
}

fn decision(number: u32, ruling: Ruling) -> Decision {
    Decision {
        number,
        cycle: 2,
        ruling,
        by: actor(),
        on: day(7),
        remedies: vec!["review".into()],
        noticed: None,
        delivery: None,
        effect: None,
        stayed: None,
        overturned: None,
    }
}

fn delivery(manner: Manner) -> Delivery {
    Delivery { manner, reference: "file-2".into(), on: day(8), served: day(9) }
}

fn clock() -> Clock {
    Clock {
        name: "total".into(),
        started: day(1),
        limit: 30,
        counted_from: day(1),
        deadline: last(false),
        extended: None,
        suspended: None,
        mark: Mark::Green,
        stopped: None,
    }
}

fn check(sources: Vec<(String, Option<Answer>)>) -> Check {
    Check { number: 1, cycle: 1, subjects: vec![p("zhang")], sources, told: false, contested: vec![] }
}

/// One of each kind, in the order of [`Event`].
pub fn once() -> Vec<Event> {
    use Event as E;
    let exception = Some(Exception::Death);
    let proposals =
        vec![Proposal { programme: "first".into(), outcome: Outcome::Stop, reasons: reasons(), exception }];
    let opening = Opening {
        workflow: "small".into(),
        unit: "u1".into(),
        adults: vec![p("zhang"), p("li")],
        programmes: vec![("first".into(), Standing::Open), ("second".into(), Standing::Granted(0))],
        on: day(1),
    };
    let hearing =
        Hearing {
            heard: p("zhang"), how: "入户".into(), said: "不同意".into(), answer: "再核".into()
        };
    let full = Decision {
        noticed: Some(day(8)),
        delivery: Some(delivery(Manner::Mail)),
        effect: Some(day(10)),
        stayed: Some(day(11)),
        overturned: Some(day(12)),
        ..decision(1, ruling(Outcome::Stop, exception))
    };
    vec![
        E::Opened(opening),
        E::Stepped(Taken { step: "accept".into(), on: day(2), cycle: 1, by: actor() }),
        E::CycleBegan(2),
        E::Moved("investigating".into()),
        E::DutyDone(Done { cycle: 1, person: p("wang"), duty: "investigate".into() }),
        E::EvidenceAdded(Evidence { exhibit: exhibit(), on: day(2), cycle: 1, contested: true }),
        E::Supplemented(vec!["户口簿复印件".into()]),
        E::Accepted(day(2)),
        E::Authorised(Authority { subject: p("zhang"), signer: p("li"), on: day(2), revoked: Some(day(3)) }),
        E::Revoked(p("zhang"), day(3)),
        E::CheckAsked(check(vec![("bank".into(), None), ("tax".into(), Some(Answer::Matches))])),
        E::CheckAnswered(1, "bank".into(), Answer::Differs),
        E::ResultTold(1),
        E::Contested(vec!["bank".into()]),
        E::Visited(Visit { cycle: 1, spot: true, visitors: vec![p("wang"), p("qian")], on: day(3), seq: 7 }),
        E::Appraised(Meeting { present: 9, representatives: 6, in_favour: 0 }),
        E::Opined(Opinion { number: 1, cycle: 1, proposals, by: p("zhao") }),
        E::Posted(Posting { opinion: 1, places: vec!["village".into()], up: day(4), down: Some(day(11)) }),
        E::TakenDown(day(11)),
        E::Spared(1),
        E::Objected(Objection { number: 1, objector: p("sun"), on: day(5), seq: 9, upheld: Some(false) }),
        E::ObjectionAnswered(1, true),
        E::Heard(Heard { hearing, opinion: 1, by: p("wang"), on: day(6) }),
        E::Decided(full),
        E::GrantBegan(1),
        E::Noticed(1, day(8)),
        E::Delivered(1, delivery(Manner::Signed)),
        E::TookEffect(1, day(10)),
        E::Withdrawn,
        E::Published(Publication::Begins),
        E::Published(Publication::Ends),
        E::LetterDue("notice".into(), Some(1)),
        E::TaskSet("tell".into(), "deliver".into()),
        E::HearingDue,
        E::ClockStarted(Clock {
            counted_from: day(3),
            deadline: last(true),
            extended: Some("objection".into()),
            suspended: Some((day(4), "emergency".into())),
            mark: Mark::Red,
            stopped: Some(day(5)),
            ..clock()
        }),
        E::ClockStopped("total".into(), day(5)),
        E::ClockMarked("total".into(), Mark::Amber, Some("supervise".into())),
        E::ClockExtended("total".into(), "objection".into(), 45, last(true)),
        E::ClockSuspended("total".into(), day(5), "emergency".into()),
        E::ClockResumed("total".into(), day(6), 12, last(false)),
        E::ClockMoved("total".into(), last(false)),
        E::Barred(Bar { person: p("he"), relation: "cousin".into(), on: day(5) }),
        E::KinRegistered(KinEntry { staff: p("he"), cycle: 1, countersigned: Some(p("wei")) }),
        E::KinCountersigned(p("wei")),
        E::Complained("report-17".into()),
        E::Protected("violence".into()),
        E::Assigned("opine".into(), p("zhao")),
        E::Aided(Aid {
            number: 1,
            amount: Money::from_fen(123_456),
            need: "断粮三天".into(),
            on: day(2),
            papers: Some(day(9)),
        }),
        E::AidPapered(1, day(9)),
        E::Appealed(Appeal { decision: 1, remedy: "review".into(), on: day(20), late: true }),
        E::Stayed(1, day(21)),
        E::StayLifted(1),
        E::Overturned(1, day(22)),
        E::DayCame(day(23)),
    ]
}

/// How many kinds there are; a kind that [`kind`] does not know does not compile.
pub const KINDS: usize = 54;

/// The number of an event's kind. One that is added is added here, to [`once`] and to a new version's golden file.
pub fn kind(event: &Event) -> usize {
    use Event as E;
    match event {
        E::Opened(_) => 0,
        E::Stepped(_) => 1,
        E::CycleBegan(_) => 2,
        E::Moved(_) => 3,
        E::DutyDone(_) => 4,
        E::EvidenceAdded(_) => 5,
        E::Supplemented(_) => 6,
        E::Accepted(_) => 7,
        E::Authorised(_) => 8,
        E::Revoked(..) => 9,
        E::CheckAsked(_) => 10,
        E::CheckAnswered(..) => 11,
        E::ResultTold(_) => 12,
        E::Contested(_) => 13,
        E::Visited(_) => 14,
        E::Appraised(_) => 15,
        E::Opined(_) => 16,
        E::Posted(_) => 17,
        E::TakenDown(_) => 18,
        E::Spared(_) => 19,
        E::Objected(_) => 20,
        E::ObjectionAnswered(..) => 21,
        E::Heard(_) => 22,
        E::Decided(_) => 23,
        E::GrantBegan(_) => 24,
        E::Noticed(..) => 25,
        E::Delivered(..) => 26,
        E::TookEffect(..) => 27,
        E::Withdrawn => 28,
        E::Published(Publication::Begins) => 29,
        E::Published(Publication::Ends) => 30,
        E::LetterDue(..) => 31,
        E::TaskSet(..) => 32,
        E::HearingDue => 33,
        E::ClockStarted(_) => 34,
        E::ClockStopped(..) => 35,
        E::ClockMarked(..) => 36,
        E::ClockExtended(..) => 37,
        E::ClockSuspended(..) => 38,
        E::ClockResumed(..) => 39,
        E::ClockMoved(..) => 40,
        E::Barred(_) => 41,
        E::KinRegistered(_) => 42,
        E::KinCountersigned(_) => 43,
        E::Complained(_) => 44,
        E::Protected(_) => 45,
        E::Assigned(..) => 46,
        E::Aided(_) => 47,
        E::AidPapered(..) => 48,
        E::Appealed(_) => 49,
        E::Stayed(..) => 50,
        E::StayLifted(_) => 51,
        E::Overturned(..) => 52,
        E::DayCame(_) => 53,
    }
}

/// Every value of every closed list, and what is empty or absent, where [`once`] has something.
pub fn values() -> Vec<Event> {
    use Event as E;
    let mut all = vec![];
    for outcome in Outcome::ALL {
        all.push(E::Decided(decision(2, ruling(outcome, None))));
        let proposal = Proposal { programme: "x".into(), outcome, reasons: vec![], exception: None };
        all.push(E::Opined(Opinion { number: 2, cycle: 1, proposals: vec![proposal], by: p("zhao") }));
    }
    for (_, exception) in Exception::ALL {
        all.push(E::Decided(decision(3, ruling(Outcome::Stop, Some(exception)))));
    }
    all.extend(Manner::ALL.map(|(_, manner)| E::Delivered(4, delivery(manner))));
    for (_, mark) in Mark::ALL {
        all.push(E::ClockMarked("total".into(), mark, None));
        all.push(E::ClockStarted(Clock { mark, ..clock() }));
    }
    for answer in [Answer::Matches, Answer::Differs, Answer::NoAnswer] {
        all.push(E::CheckAnswered(1, "bank".into(), answer));
        all.push(E::CheckAsked(check(vec![("bank".into(), Some(answer))])));
    }
    let standings = [
        Standing::Open,
        Standing::Granted(3),
        Standing::Suspended(4),
        Standing::Refused,
        Standing::Ended,
        Standing::Withdrawn,
    ];
    let programmes = standings.map(|s| ("x".to_owned(), s)).to_vec();
    let (workflow, unit) = ("small".to_owned(), "u1".to_owned());
    all.push(E::Opened(Opening { workflow, unit, adults: vec![], programmes, on: Date::MIN }));
    all.push(E::Stepped(Taken { step: "tick".into(), on: Date::MAX, cycle: 0, by: job() }));
    let exhibit = Exhibit { kind: "k".into(), reference: String::new(), ..Exhibit::default() };
    all.push(E::EvidenceAdded(Evidence { exhibit, on: day(1), cycle: 1, contested: false }));
    all.push(E::CheckAsked(Check { told: true, contested: vec!["bank".into()], ..check(vec![]) }));
    all.push(E::Authorised(Authority { subject: p("a"), signer: p("a"), on: day(1), revoked: None }));
    all.push(E::Visited(Visit { cycle: 1, spot: false, visitors: vec![], on: day(1), seq: 0 }));
    all.push(E::Posted(Posting { opinion: 1, places: vec![], up: day(1), down: None }));
    for upheld in [None, Some(true)] {
        all.push(E::Objected(Objection { number: 1, objector: p(""), on: day(1), seq: 0, upheld }));
    }
    let bare = Ruling {
        from: None,
        hash: String::new(),
        reasons: vec![],
        evidence: vec![],
        ..ruling(Outcome::Keep, None)
    };
    all.push(E::Decided(Decision { by: job(), remedies: vec![], ..decision(5, bare) }));
    all.push(E::LetterDue("notice".into(), None));
    all.push(E::KinRegistered(KinEntry { staff: p("he"), cycle: 1, countersigned: None }));
    let aid =
        |fen| Aid { number: 1, amount: Money::from_fen(fen), need: String::new(), on: day(1), papers: None };
    all.extend([i64::MIN, -1, 0, i64::MAX].map(|fen| E::Aided(aid(fen))));
    all.push(E::Appealed(Appeal { decision: 1, remedy: "court".into(), on: day(1), late: false }));
    all
}
