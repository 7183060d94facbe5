//! What people and programs send: every act and command is read, and everything wrong is said with its place.
use anmin_app::record::act::{ActV1, CommandV1, LINE_MAX, LIST_MAX, TEXT_MAX, TakeV1};
use anmin_app::record::{BYTES_MAX, FieldError, from_json};
use anmin_base::date::Date;
use anmin_base::money::Money;
use anmin_casework::command::{Act, Command};
use anmin_casework::kinds::{ActKind, COMMANDS, Exception, Manner, Outcome};
use anmin_casework::record::{Actor, Answer, Exhibit, Hearing, Meeting, Person, Proposal, Reason, Ruling};
use anmin_casework::workflow::Citation;
use serde_json::{Value, json};

const A: &str = "0192f0c1a2b3c4d5e6f708192a3b4c5d";
const B: &str = "0192f0c1a2b3c4d5e6f708192a3b4c5e";

fn p(id: &str) -> Person {
    Person::from(id)
}

fn by() -> Actor {
    Actor { person: p(B), duty: "intake".into(), delegated_by: None, human: true }
}

fn act(value: &Value) -> Result<Act, Vec<FieldError>> {
    from_json::<ActV1>(value.to_string().as_bytes()).and_then(ActV1::into_act)
}

fn command(value: &Value) -> Result<Command, Vec<FieldError>> {
    from_json::<CommandV1>(value.to_string().as_bytes()).and_then(|c| c.into_command(by()))
}

fn because() -> (Value, Reason) {
    let law = Citation { document: "a-law-2026".into(), article: "第四十八条".into() };
    let json = json!({"text": "家庭收入增加\n见附件", "document": "a-law-2026", "article": "第四十八条"});
    (json, Reason { text: "家庭收入增加\n见附件".into(), law })
}

/// Every kind of act, as it is sent and as casework takes it.
fn acts() -> Vec<(Value, Act)> {
    let (why, reason) = because();
    let hearing = json!({"act": "hear", "heard": A, "how": "入户", "said": "不同意", "answer": "再核"});
    let heard =
        Hearing { heard: p(A), how: "入户".into(), said: "不同意".into(), answer: "再核".into() };
    let proposal = Proposal {
        programme: "first".into(),
        outcome: Outcome::Stop,
        reasons: vec![reason.clone()],
        exception: Some(Exception::MovedAway),
    };
    let ruling = Ruling {
        programme: "first".into(),
        outcome: Outcome::Grant,
        from: Some(Date::ymd(2026, 10, 1)),
        hash: String::new(),
        reasons: vec![reason],
        evidence: vec!["check:1:bank".into()],
        exception: None,
    };
    let answers = vec![("bank".to_owned(), Answer::Differs), ("tax".to_owned(), Answer::NoAnswer)];
    let until = Some(Date::ymd(2027, 1, 31));
    vec![
        (json!({"act": "plain"}), Act::Plain),
        (json!({"act": "receive"}), Act::Receive),
        (json!({"act": "carry_over"}), Act::CarryOver),
        (
            json!({"act": "supplement", "missing": ["户口簿"]}),
            Act::Supplement { missing: vec!["户口簿".into()] },
        ),
        (json!({"act": "accept"}), Act::Accept),
        (
            json!({"act": "authorise", "subject": A, "signer": B}),
            Act::Authorise { subject: p(A), signer: p(B) },
        ),
        (json!({"act": "revoke", "subject": A}), Act::Revoke { subject: p(A) }),
        (
            json!({"act": "ask_check", "subjects": [A, B], "sources": ["bank"]}),
            Act::AskCheck { subjects: vec![p(A), p(B)], sources: vec!["bank".into()] },
        ),
        (
            json!({"act": "report_check", "check": 1, "valid_until": "2027-01-31", "answers": [
                {"source": "bank", "answer": "differs"}, {"source": "tax", "answer": "no_answer"}]}),
            Act::ReportCheck { check: 1, answers, valid_until: until },
        ),
        (json!({"act": "tell_result"}), Act::TellResult),
        (json!({"act": "explain"}), Act::Explain { contested: vec![] }),
        (json!({"act": "visit", "visitors": [A, B]}), Act::Visit { visitors: vec![p(A), p(B)] }),
        (json!({"act": "spot_visit", "visitors": [A, B]}), Act::SpotVisit { visitors: vec![p(A), p(B)] }),
        (
            json!({"act": "appraise", "present": 9, "representatives": 6, "in_favour": 0}),
            Act::Appraise(Meeting { present: 9, representatives: 6, in_favour: 0 }),
        ),
        (
            json!({"act": "opine", "proposals": [
                {"programme": "first", "outcome": "stop", "reasons": [why], "exception": "moved_away"}]}),
            Act::Opine { proposals: vec![proposal] },
        ),
        (json!({"act": "post", "places": ["村务公开栏"]}), Act::Post { places: vec!["村务公开栏".into()] }),
        (json!({"act": "take_down"}), Act::TakeDown),
        (json!({"act": "spare"}), Act::Spare),
        (json!({"act": "object", "objector": A}), Act::Object { objector: p(A) }),
        (
            json!({"act": "answer_objection", "objection": 2, "upheld": false}),
            Act::AnswerObjection { objection: 2, upheld: false },
        ),
        (hearing, Act::Hear(heard)),
        (
            json!({"act": "decide", "rulings": [{"programme": "first", "outcome": "grant", "from": "2026-10-01",
                "reasons": [why], "evidence": ["check:1:bank"], "exception": null}]}),
            Act::Decide { rulings: vec![ruling] },
        ),
        (json!({"act": "notify", "decision": 1}), Act::Notify { decision: 1 }),
        (
            json!({"act": "deliver", "decision": 1, "manner": "no_kin"}),
            Act::Deliver { decision: 1, manner: Manner::NoKin },
        ),
        (json!({"act": "take_effect", "decision": 1}), Act::TakeEffect { decision: 1 }),
        (json!({"act": "withdraw"}), Act::Withdraw),
    ]
}

/// Every command, as it is sent and as casework takes it.
fn commands() -> Vec<(Value, Command)> {
    let order = json!({"kind": "order", "reference": "file-9"});
    let ordered = Exhibit { kind: "order".into(), reference: "file-9".into(), ..Exhibit::default() };
    let paper = json!({"kind": "paper", "reference": "file-1", "source": "区医院", "estimated": true,
        "valid_until": "2026-12-31"});
    let papers = vec![Exhibit {
        kind: "paper".into(),
        reference: "file-1".into(),
        source: "区医院".into(),
        derived: true,
        valid_until: Some(Date::ymd(2026, 12, 31)),
    }];
    let c = |name: &str, mut with: Value| {
        with["command"] = name.into();
        with
    };
    let (clock, reason) = ("total".to_owned(), "objection".to_owned());
    let (relation, need) = ("cousin".to_owned(), "断粮三天".to_owned());
    let order_of = || ordered.clone();
    vec![
        (
            c("extend", json!({"clock": "total", "reason": "objection"})),
            Command::Extend { clock: clock.clone(), reason: reason.clone(), by: by() },
        ),
        (
            c("suspend", json!({"clock": "total", "reason": "objection"})),
            Command::Suspend { clock: clock.clone(), reason, by: by() },
        ),
        (c("resume", json!({"clock": "total"})), Command::Resume { clock, by: by() }),
        (
            c("bar", json!({"person": A, "relation": "cousin"})),
            Command::Bar { person: p(A), relation: relation.clone(), by: by() },
        ),
        (
            c("register_kin", json!({"staff": A, "relation": "cousin"})),
            Command::RegisterKin { staff: p(A), relation, by: by() },
        ),
        (c("countersign_kin", json!({})), Command::CountersignKin { by: by() }),
        (
            c("complain", json!({"report": "来信 2026-17"})),
            Command::Complain { report: "来信 2026-17".into(), by: by() },
        ),
        (
            c("protect", json!({"ground": "violence"})),
            Command::Protect { ground: "violence".into(), by: by() },
        ),
        (
            c("assign", json!({"duty": "opine", "person": A})),
            Command::Assign { duty: "opine".into(), person: p(A), by: by() },
        ),
        (c("hand_over", json!({"from": A, "to": B})), Command::HandOver { from: p(A), to: p(B), by: by() }),
        (
            c("aid", json!({"amount_fen": 50_000, "need": "断粮三天"})),
            Command::Aid { amount: Money::from_fen(50_000), need, by: by() },
        ),
        (
            c("aid_papers", json!({"aid": 1, "evidence": [paper]})),
            Command::AidPapers { aid: 1, evidence: papers, by: by() },
        ),
        (
            c("appeal", json!({"decision": 1, "remedy": "review"})),
            Command::Appeal { decision: 1, remedy: "review".into(), by: by() },
        ),
        (
            c("stay", json!({"decision": 1, "order": order})),
            Command::Stay { decision: 1, order: order_of(), by: by() },
        ),
        (
            c("lift_stay", json!({"decision": 1, "order": order})),
            Command::LiftStay { decision: 1, order: order_of(), by: by() },
        ),
        (
            c("overturn", json!({"decision": 1, "order": order})),
            Command::Overturn { decision: 1, order: order_of(), by: by() },
        ),
    ]
}

#[test]
fn every_kind_of_act_is_read() {
    let mut kinds = vec![];
    for (sent, taken) in acts() {
        kinds.push((sent["act"].as_str().expect("its kind").to_owned(), taken.kind()));
        assert_eq!(act(&sent), Ok(taken), "{sent}");
    }
    assert_eq!(kinds, ActKind::ALL.map(|(name, kind)| (name.to_owned(), kind)));
}

#[test]
fn every_command_but_those_of_jobs_is_read() {
    let mut names = vec![];
    for (sent, given) in commands() {
        names.push(sent["command"].as_str().expect("its name").to_owned());
        assert_eq!(command(&sent), Ok(given), "{sent}");
    }
    assert_eq!(names, COMMANDS[2..]);
    for name in ["tick", "recount"] {
        let errors = command(&json!({"command": name})).expect_err("a job's");
        assert_eq!(errors[0].at, "command");
    }
}

#[test]
fn what_is_sent_again_is_the_same() {
    for (sent, _) in acts() {
        let form: ActV1 = from_json(sent.to_string().as_bytes()).expect("read");
        let again = serde_json::to_vec(&form).expect("JSON");
        assert_eq!(from_json::<ActV1>(&again), Ok(form));
    }
}

#[test]
fn a_step_is_taken_by_who_is_signed_in_whatever_the_body_says() {
    let sent = json!({"step": "visit", "with": {"act": "visit", "visitors": [A, B]},
        "evidence": [{"kind": "visit_form", "reference": "file-1"}]});
    let take = from_json::<TakeV1>(sent.to_string().as_bytes()).and_then(|t| t.into_take(by()));
    let take = take.expect("a step");
    assert_eq!((take.by, take.step.as_str(), take.evidence.len()), (by(), "visit", 1));
    let mut forged = sent.clone();
    forged["by"] = json!({"person": A, "duty": "confirm", "human": true});
    let errors = from_json::<TakeV1>(forged.to_string().as_bytes()).expect_err("an actor in the body");
    assert_eq!(errors[0].at, "by");
    for (sent, _) in commands() {
        let mut forged = sent.clone();
        forged["by"] = json!({"person": A});
        assert_eq!(command(&forged).expect_err("an actor in the body")[0].at, "by");
    }
}

/// `place: part of the English sentence` for each error expected, in order.
#[track_caller]
fn refused(found: Result<impl std::fmt::Debug, Vec<FieldError>>, wanted: &[(&str, &str)]) {
    let errors = found.expect_err("wrong");
    let places: Vec<&str> = errors.iter().map(|e| e.at.as_str()).collect();
    assert_eq!(places, wanted.iter().map(|w| w.0).collect::<Vec<_>>(), "{errors:?}");
    for (error, (_, part)) in errors.iter().zip(wanted) {
        assert!(error.en.contains(part), "{part} not in {error:?}");
        assert!(!error.zh.is_empty() && error.zh != error.en, "{error:?}");
    }
}

#[test]
fn everything_wrong_in_the_values_is_said_at_once() {
    let sent = json!({"act": "opine", "proposals": [
        {"programme": "First!", "outcome": "refused", "exception": "deaths"},
        {"programme": "second", "outcome": "grant", "reasons": [{"text": " ", "document": "A Law", "article": ""}]}]});
    refused(
        act(&sent),
        &[
            ("proposals[0].programme", "lower-case letters"),
            ("proposals[0].outcome", "did you mean refuse. Allowed: grant, increase, keep"),
            ("proposals[0].exception", "did you mean death. Allowed: death, withdrawal, missing, moved_away"),
            ("proposals[1].reasons[0].text", "must not be empty"),
            ("proposals[1].reasons[0].document", "lower-case letters, digits and -"),
            ("proposals[1].reasons[0].article", "must not be empty"),
        ],
    );
    let sent = json!({"act": "report_check", "check": 0, "valid_until": "2026-02-29",
        "answers": [{"source": "bank", "answer": "nothing"}]});
    refused(
        act(&sent),
        &[
            ("check", "begin with 1"),
            ("answers[0].answer", "Allowed: matches, differs, no_answer"),
            ("valid_until", "no day 29"),
        ],
    );
    let sent = json!({"act": "appraise", "present": 5, "representatives": 6, "in_favour": 7});
    refused(act(&sent), &[("representatives", "more than the 5"), ("in_favour", "more than the 5")]);
    let sent =
        json!({"act": "decide", "rulings": [{"programme": "x", "outcome": "stop", "from": "0026-10-01"}]});
    refused(act(&sent), &[("rulings[0].from", "between 1949 and 2199")]);
    let sent = json!({"command": "aid", "amount_fen": -1, "need": ""});
    refused(command(&sent), &[("amount_fen", "-0.01 yuan is not between"), ("need", "must not be empty")]);
    let sent =
        json!({"command": "stay", "decision": 1, "order": {"kind": "order", "reference": "check:1:bank"}});
    refused(command(&sent), &[("order.reference", "kept for answers of checks")]);
}

#[test]
fn everything_wrong_in_the_shape_is_said_at_once() {
    let sent = json!({"act": "opine", "proposal": [], "proposals": [
        {"programm": "first", "outcome": 7}, "stop", {"programme": null, "outcome": "stop", "reasons": "why"}]});
    refused(
        act(&sent),
        &[
            ("proposal", "there is no field proposal; did you mean proposals. Allowed: act, proposals"),
            ("proposals[0].programm", "did you mean programme"),
            ("proposals[0].outcome", "must be a text"),
            ("proposals[0].programme", "is missing"),
            ("proposals[1]", "must be an object"),
            ("proposals[2].programme", "must be a text"),
            ("proposals[2].reasons", "must be a list"),
        ],
    );
    refused(act(&json!({"act": "vist"})), &[("act", "did you mean visit. Allowed: plain, receive")]);
    refused(act(&json!({"visitors": []})), &[("act", "is missing. Allowed: plain")]);
    refused(act(&json!({"act": ["plain"]})), &[("act", "must be a text")]);
    refused(act(&json!([])), &[("", "must be an object")]);
    refused(act(&json!({"act": "plain", "why": 1})), &[("why", "there is no field why")]);
    for number in [json!(-1), json!(1.5), json!(4_294_967_296_i64)] {
        let sent = json!({"act": "notify", "decision": number});
        refused(act(&sent), &[("decision", "whole number from 0 to 4294967295")]);
    }
    refused(act(&json!({"act": "notify", "decision": "1"})), &[("decision", "must be a whole number")]);
    refused(
        command(&json!({"command": "aid", "amount_fen": 12.5, "need": "断粮三天"})),
        &[("amount_fen", "must be a whole number")],
    );
    let sent = json!({"act": "answer_objection", "objection": 1, "upheld": "yes"});
    refused(act(&sent), &[("upheld", "must be true or false")]);
    refused(from_json::<ActV1>(b"{\"act\": \"plain\""), &[("", "not valid JSON; look near line 1")]);
    refused(
        from_json::<ActV1>(b"{\"act\":\"notify\",\"decision\":1,\"decision\":2}"),
        &[("", "duplicate field")],
    );
    refused(from_json::<ActV1>(&vec![b' '; BYTES_MAX + 1]), &[("", "257 KB are more than 256 KB")]);
}

#[test]
fn persons_are_numbers_of_the_registry_and_nothing_that_is_sent_instead_is_repeated() {
    for wrong in [
        "张三",
        "110101199003074514",
        &A.to_uppercase(),
        &A[1..],
        "",
        &format!("{A}0"),
        &format!(" {}", &A[1..]),
    ] {
        let errors = act(&json!({"act": "object", "objector": wrong})).expect_err("no number");
        assert_eq!(errors[0].at, "objector", "{wrong}");
        let shown = format!("{errors:?}");
        assert!(wrong.is_empty() || !shown.contains(wrong), "{shown}");
    }
}

#[test]
fn texts_and_lists_have_an_end_and_hide_nothing() {
    let said = |text: &str| act(&json!({"act": "supplement", "missing": [text]}));
    assert!(said(&"字".repeat(TEXT_MAX)).is_ok());
    refused(said(&"字".repeat(TEXT_MAX + 1)), &[("missing[0]", "at most 2000 characters, here are 2001")]);
    assert!(said("第一行\n第二行").is_ok());
    for hidden in ["a\u{0}b", "a\u{7}b", "a\rb", "a\tb", "a\u{202e}b", "a\u{2066}b", "\u{feff}ab"] {
        refused(said(hidden), &[("missing[0]", "only visible characters and line feeds; remove \\u{")]);
    }
    let place = |text: &str| act(&json!({"act": "post", "places": [text]}));
    assert!(place(&"字".repeat(LINE_MAX)).is_ok());
    refused(place(&"字".repeat(LINE_MAX + 1)), &[("places[0]", "at most 200")]);
    refused(place("一\n二"), &[("places[0]", "in one line")]);
    let visitors = |n: usize| act(&json!({"act": "visit", "visitors": vec![A; n]}));
    assert!(visitors(LIST_MAX).is_ok());
    refused(visitors(LIST_MAX + 1), &[("visitors", "at most 50 entries, here are 51")]);
}

/// What the documented schema says of a field is what is checked.
#[test]
fn the_documented_schema_names_the_same_limits() {
    let schema = schemars::schema_for!(ActV1).to_value();
    let kinds = schema["oneOf"].as_array().expect("one a kind");
    let of = |act: &str| kinds.iter().find(|k| k["properties"]["act"]["const"] == act).expect(act);
    assert_eq!(kinds.len(), ActKind::ALL.len());
    assert!(kinds.iter().all(|k| k["additionalProperties"] == false));
    assert_eq!(of("object")["properties"]["objector"]["pattern"], "^[0-9a-f]{32}$");
    let missing = &of("supplement")["properties"]["missing"];
    assert_eq!((&missing["maxItems"], &missing["items"]["maxLength"]), (&json!(LIST_MAX), &json!(TEXT_MAX)));
    assert_eq!(of("post")["properties"]["places"]["items"]["maxLength"], json!(LINE_MAX));
    let manners: Vec<&str> = Manner::ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(of("deliver")["properties"]["manner"]["enum"], json!(manners));
    let outcomes = Outcome::ALL.map(Outcome::name);
    assert_eq!(schema["$defs"]["RulingV1"]["properties"]["outcome"]["enum"], json!(outcomes));
    assert_eq!(of("notify")["properties"]["decision"]["minimum"], 1);
    let commands = schemars::schema_for!(CommandV1).to_value();
    assert_eq!(commands["oneOf"].as_array().map(Vec::len), Some(COMMANDS.len() - 2));
}
