//! The repository's letters, filled with synthetic values, as plain text in both languages: `letters/*.txt`.
//!
//! `ANMIN_UPDATE=1 cargo test -p anmin-pack letters` writes the files anew; read the difference before it is kept.
use anmin_base::date::Date;
use anmin_base::document::{Block, Document, Lang, Text, joined};
use anmin_base::money::Money;
use anmin_base::rate::Exact;
use anmin_casework::kinds::{Exception, Outcome};
use anmin_casework::workflow::Unit;
use anmin_pack::letter::field::{FIELDS, Kind};
use anmin_pack::letter::{Audience, Field, Fields, Letter, Unfilled, Value, Words, sample};
use anmin_pack::library::Library;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::{env, fs};

fn here() -> PathBuf {
    PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into()))
}

/// The letters of every pack that has a workflow, by pack and name. Read once.
fn letters() -> &'static BTreeMap<(String, String), Letter> {
    static READ: OnceLock<BTreeMap<(String, String), Letter>> = OnceLock::new();
    READ.get_or_init(|| {
        let library = Library::open(&here().join("../..")).expect("the repository's packs");
        let mut letters = BTreeMap::new();
        for pack in library.packs() {
            let loaded = library.load(pack, None);
            let loaded = loaded.unwrap_or_else(|f| panic!("{pack}: {:#?}", f.findings));
            let course = loaded.workflow.map(|course| course.letters).unwrap_or_default();
            letters.extend(course.into_iter().map(|(name, letter)| ((pack.clone(), name), letter)));
        }
        letters
    })
}

fn letter(name: &str) -> &'static Letter {
    let found = letters().iter().find(|((_, n), _)| n == name);
    found.unwrap_or_else(|| panic!("no letter {name}")).1
}

fn day(month: u8, day: u8) -> Date {
    Date::ymd(2026, month, day)
}

fn texts(items: &[(&str, &str)]) -> Value {
    Value::Texts(items.iter().map(|item| Words::from(*item)).collect())
}

fn yuan(yuan: i64) -> Money {
    Money::from_fen(yuan * 100)
}

/// A made-up case. Nobody of it exists.
fn case() -> Fields {
    let mut fields = Fields::new();
    let mut set = |field, value: Value| {
        fields.set(field, value).expect("of its type");
    };
    set(Field::RecipientName, "张小明".into());
    set(Field::RecipientAddress, "安民县示范镇一村1号".into());
    set(Field::ApplicantName, "张小明".into());
    set(Field::Persons, Value::Count(3));
    set(Field::CaseNumber, "AM-2026-0001".into());
    set(Field::CaseReceivedOn, day(9, 1).into());
    set(Field::CaseAcceptedOn, day(9, 3).into());
    set(Field::Programme, ("最低生活保障", "the minimum living allowance").into());
    set(Field::UnitName, ("安民县民政局", "Anmin County Civil Affairs Bureau").into());
    set(Field::UnitPhone, "000-12345".into());
    set(Field::UnitAddress, ("安民县示范路1号", "1 Shifan Road, Anmin County").into());
    set(Field::Today, day(9, 25).into());
    fields
}

/// The same with a decision.
fn decided(outcome: Outcome, reason: (&str, &str)) -> Fields {
    let mut fields = case();
    let mut set = |field, value: Value| {
        fields.set(field, value).expect("of its type");
    };
    set(Field::DecisionOutcome, outcome.into());
    set(Field::DecisionNumber, "安民救字〔2026〕1号".into());
    set(Field::DecisionOn, day(9, 24).into());
    set(Field::DecisionFrom, day(10, 1).into());
    let article = ("《示范办法》第三条", "Model Measures, article 3");
    set(Field::DecisionReasons, vec![vec![("text", reason.into()), ("article", article.into())]].into());
    set(
        Field::DecisionRemedies,
        vec![
            vec![
                ("name", ("行政复议", "Administrative review").into()),
                ("period", Value::Period(Unit::Calendar, 60)),
                ("where", ("安民县人民政府", "the Anmin County government").into()),
            ],
            vec![
                ("name", ("行政诉讼", "Court").into()),
                ("period", Value::Period(Unit::Months, 6)),
                ("where", ("安民县人民法院", "the Anmin County court").into()),
            ],
        ]
        .into(),
    );
    set(
        Field::DecisionEvidence,
        texts(&[("入户调查表", "the visit form"), ("核对报告", "the check report")]),
    );
    fields
}

/// What each golden file shows: its name, the letter, the values.
/// What stands on a sheet that is printed and filled in by hand.
fn sheet() -> Fields {
    let mut fields = anmin_pack::letter::sample::fields(Outcome::Grant, None);
    fields.clear(Field::HeardSaid);
    fields
}

fn shown() -> Vec<(&'static str, &'static str, Fields)> {
    let with = |mut fields: Fields, values: &[(Field, Value)]| {
        for (field, value) in values {
            fields.set(*field, value.clone()).expect("of its type");
        }
        fields
    };
    let papers =
        texts(&[("申请表", "the application form"), ("户口簿复印件", "a copy of the household register")]);
    let missing = texts(&[
        ("核对授权书", "the authority to check"),
        ("残疾人证复印件", "a copy of the disability card"),
    ]);
    let difference = vec![
        ("source", Value::from(("社会保险", "Social insurance"))),
        ("declared", ("没有工资", "no wage").into()),
        ("found", ("2026年5月起有工资", "a wage since May 2026").into()),
    ];
    let explanation = texts(&[
        (
            "保障标准每人每月1,000.00元，三个人共3,000.00元。",
            "The standard is 1,000.00 yuan a person, 3,000.00 yuan for three.",
        ),
        (
            "家庭月收入1,400.00元，差额1,600.00元。",
            "The household has 1,400.00 yuan a month; 1,600.00 yuan are lacking.",
        ),
    ]);
    let too_much = texts(&[(
        "家庭月收入3,600.00元，高于三个人的标准3,000.00元。",
        "The household has 3,600.00 yuan a month, above the standard for three of 3,000.00 yuan.",
    )]);
    let above = ("家庭月人均收入高于标准", "Income per head is above the standard");
    let dead = ("保障对象已经去世", "The recipient has died");
    let deceased = [(Field::DeceasedName, "李大山".into()), (Field::DeceasedOn, day(9, 2).into())];
    let amounts = [(Field::DecisionBefore, yuan(1600).into()), (Field::DecisionAmount, yuan(1200).into())];
    let death = [deceased.as_slice(), &[(Field::DecisionException, Exception::Death.into())]].concat();
    let survivors = [amounts.as_slice(), &deceased].concat();
    let deadline = |on: Date| [(Field::Deadline, Value::from(on))];
    let half = Exact::new(1, 2).expect("a half");
    vec![
        ("receipt_slip", "receipt_slip", with(case(), &[(Field::Papers, papers)])),
        (
            "supplement_notice",
            "supplement_notice",
            with(case(), &[&deadline(day(9, 20))[..], &[(Field::Missing, missing)]].concat()),
        ),
        ("acceptance_notice", "acceptance_notice", with(case(), &deadline(day(10, 20)))),
        (
            "acceptance_notice-provisional",
            "acceptance_notice",
            with(
                case(),
                &[
                    (Field::Deadline, Date::ymd(2027, 1, 12).into()),
                    (Field::DeadlineProvisional, true.into()),
                ],
            ),
        ),
        (
            "result_notice",
            "result_notice",
            with(
                case(),
                &[
                    (Field::CheckOn, day(9, 10).into()),
                    (Field::CheckDifferences, vec![difference].into()),
                    (Field::Deadline, day(9, 17).into()),
                ],
            ),
        ),
        (
            "public_notice",
            "public_notice",
            with(
                decided(Outcome::Grant, above),
                &[
                    (Field::DecisionAmount, yuan(1600).into()),
                    (Field::PostingFrom, day(9, 11).into()),
                    (Field::PostingUntil, day(9, 18).into()),
                ],
            ),
        ),
        (
            "objection_answer",
            "objection_answer",
            with(
                case(),
                &[
                    (Field::RecipientName, "王五".into()),
                    (Field::ObjectionOn, day(9, 12).into()),
                    (Field::ObjectionUpheld, false.into()),
                    (
                        Field::ObjectionAnswer,
                        ("我们再次上门并走访了邻居。", "We visited again and asked the neighbours.").into(),
                    ),
                ],
            ),
        ),
        (
            "confirmation_notice",
            "confirmation_notice",
            with(
                decided(Outcome::Grant, ("家庭月人均收入低于标准", "Income per head is below the standard")),
                &[(Field::DecisionAmount, yuan(1600).into()), (Field::Explanation, explanation)],
            ),
        ),
        (
            "decision_notice-decline",
            "decision_notice",
            decided(Outcome::Decline, ("不属于本地受理的范围", "It is for another place to accept")),
        ),
        (
            "decision_notice-refuse",
            "decision_notice",
            with(decided(Outcome::Refuse, above), &[(Field::Explanation, too_much)]),
        ),
        (
            "decision_notice-reduce",
            "decision_notice",
            with(
                decided(Outcome::Reduce, ("家里有人找到了工作", "A member has found work")),
                &[
                    (Field::DecisionBefore, yuan(1600).into()),
                    (Field::DecisionAmount, yuan(800).into()),
                    (Field::DecisionShare, half.into()),
                ],
            ),
        ),
        (
            "decision_notice-reduce-survivors",
            "decision_notice",
            with(decided(Outcome::Reduce, ("家庭人数减少", "The household has become smaller")), &survivors),
        ),
        (
            "decision_notice-suspend",
            "decision_notice",
            with(decided(Outcome::Suspend, above), &[(Field::DecisionUntil, day(12, 31).into())]),
        ),
        ("decision_notice-stop", "decision_notice", decided(Outcome::Stop, above)),
        (
            "decision_notice-stop-withdrawal",
            "decision_notice",
            with(
                decided(Outcome::Stop, ("本人书面申请退出", "The person asked in writing to end it")),
                &[(Field::DecisionException, Exception::Withdrawal.into())],
            ),
        ),
        ("decision_notice-stop-death", "decision_notice", with(decided(Outcome::Stop, dead), &death)),
        (
            "decision_notice-recover",
            "decision_notice",
            with(
                decided(Outcome::Recover, above),
                &[(Field::DecisionRecovered, Money::from_fen(123_456).into())],
            ),
        ),
        (
            "extension_notice",
            "extension_notice",
            with(
                case(),
                &[
                    &deadline(day(11, 9))[..],
                    &[(Field::ExtensionReason, ("公示有异议", "an objection to the posting").into())],
                ]
                .concat(),
            ),
        ),
        ("approval_sheet", "approval_sheet", sheet()),
        ("check_sheet", "check_sheet", sheet()),
        ("delivery_sheet", "delivery_sheet", sheet()),
        ("hearing_sheet", "hearing_sheet", sheet()),
        ("visit_sheet", "visit_sheet", sheet()),
        (
            "hearing_notice",
            "hearing_notice",
            with(
                decided(Outcome::Reduce, above),
                &[
                    amounts.as_slice(),
                    &[
                        (Field::HearingOn, day(9, 28).into()),
                        (Field::HearingPlace, ("您家中", "your home").into()),
                    ],
                ]
                .concat(),
            ),
        ),
    ]
}

fn both(letter: &Letter, fields: &Fields) -> String {
    let filled = |lang| letter.fill(fields, lang).unwrap_or_else(|e| panic!("{e}")).plain();
    format!("{}\n\n==== English ====\n\n{}", filled(Lang::Zh).trim_end(), filled(Lang::En))
}

#[test]
fn every_letter_reads_as_it_should() {
    let folder = here().join("tests/it/letters");
    let write = env::var_os("ANMIN_UPDATE").is_some();
    let mut wrong = vec![];
    for (file, name, fields) in shown() {
        let (path, found) = (folder.join(format!("{file}.txt")), both(letter(name), &fields));
        if write {
            fs::write(&path, &found).expect("written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if expected != found {
            wrong.push(format!("{}: expected\n{expected}\nfound\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_letter_is_shown_and_every_file_is_of_one() {
    let shown = shown();
    let letters_shown: BTreeSet<&str> = shown.iter().map(|(_, letter, _)| *letter).collect();
    let all: BTreeSet<&str> = letters().keys().map(|(_, name)| name.as_str()).collect();
    assert_eq!(letters_shown, all);
    let files = fs::read_dir(here().join("tests/it/letters")).expect("the folder");
    let files: BTreeSet<String> =
        files.map(|f| f.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(files, shown.iter().map(|(file, ..)| format!("{file}.txt")).collect());
}

/// Every text of a document.
fn all_texts(document: &Document) -> Vec<String> {
    let mut found = vec![document.title.clone()];
    let mut add = |texts: &mut dyn Iterator<Item = &Text>| found.extend(texts.map(|text| joined(text)));
    for block in &document.blocks {
        match block {
            Block::Title(text) | Block::Para(text) | Block::Note(text) => add(&mut std::iter::once(text)),
            Block::List(items) => add(&mut items.iter()),
            Block::Table { head, rows, .. } => add(&mut head.iter().chain(rows.iter().flatten())),
            Block::Sign { .. } | Block::Rule => {}
        }
    }
    found
}

#[test]
fn whatever_is_decided_every_letter_can_be_filled_and_no_brace_is_left() {
    let exceptions: Vec<_> =
        std::iter::once(None).chain(Exception::ALL.map(|(_, exception)| Some(exception))).collect();
    let mut filled = 0;
    for ((pack, name), letter) in letters() {
        for (outcome, exception) in
            Outcome::ALL.iter().flat_map(|outcome| exceptions.iter().map(|exception| (*outcome, *exception)))
        {
            let fields = sample::fields(outcome, exception);
            for lang in Lang::ALL {
                match letter.fill(&fields, lang) {
                    Err(Unfilled::NeverPosted { .. })
                        if letter.audience == Audience::Board && outcome.is_adverse() => {}
                    Err(other) => panic!("{pack}/{name}, {outcome}: {other}"),
                    Ok(document) => {
                        assert!(!document.plain().contains(['{', '}']), "{name}: {}", document.plain());
                        assert!(all_texts(&document).iter().all(|text| !text.trim().is_empty()), "{name}");
                        filled += 1;
                    }
                }
            }
        }
    }
    assert!(filled > 500, "only {filled} letters");
}

#[test]
fn the_public_notice_shows_name_persons_amount_and_nothing_else_of_the_household() {
    let mut fields = sample::fields(Outcome::Grant, None);
    let secret = "不得张贴";
    for rule in FIELDS.iter().filter(|rule| !rule.board) {
        // Of the others there is no text to set.
        let _ = fields.set(rule.field, secret);
    }
    let board: Vec<&Letter> = letters().values().filter(|l| l.audience == Audience::Board).collect();
    assert!(!board.is_empty());
    for letter in board {
        for lang in Lang::ALL {
            let plain = letter.fill(&fields, lang).expect("filled").plain();
            assert!(!plain.contains(secret), "{plain}");
        }
        assert!(letter.fields().keys().all(|field| field.rule().board), "{}", letter.name);
    }
}

/// The rows of the table of fields in `docs/letters.md`, from the list itself.
fn documented() -> String {
    let row = |rule: &anmin_pack::letter::field::FieldRule| {
        let kind = match rule.kind {
            Kind::Choice(choices) => {
                format!(
                    "one of {}",
                    choices.iter().map(|c| format!("`{}`", c.name)).collect::<Vec<_>>().join(", ")
                )
            }
            Kind::Texts(each) => format!("list of texts, each `{each}`"),
            Kind::Rows(each, columns) => {
                let columns = columns.iter().map(|c| format!("`{each}.{}`", c.name));
                format!("list of rows: {}", columns.collect::<Vec<_>>().join(", "))
            }
            other => other.words().1.to_owned(),
        };
        let board = if rule.board { "yes" } else { "" };
        format!("| `{}` | {} | {kind} | {} | {board} |\n", rule.path, rule.zh, rule.en)
    };
    FIELDS.iter().map(row).collect()
}

#[test]
fn the_page_has_the_list_of_fields() {
    let path = here().join("../../docs/letters.md");
    let page = fs::read_to_string(&path).expect("the page");
    let head = "| field | 中文 | type | what it is | on a board |\n|---|---|---|---|---|\n";
    let (before, rest) = page.split_once(head).expect("the table's head");
    let (_, after) = rest.split_once("\n\n").expect("something after the table");
    let wanted = format!("{before}{head}{}\n{after}", documented());
    if env::var_os("ANMIN_UPDATE").is_some() {
        fs::write(&path, &wanted).expect("written");
    } else {
        assert_eq!(page, wanted, "ANMIN_UPDATE=1 writes the table anew");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever somebody is called, it stands in the letter as it is, and changes nothing else.
    #[test]
    fn what_is_filled_in_stands_as_it_is(name in "[^\\s].{0,40}", n in any::<prop::sample::Index>()) {
        let names: Vec<_> = letters().keys().collect();
        let letter = &letters()[*n.get(&names)];
        let marked = "甲乙丙丁";
        let with = |name: &str, lang| {
            let mut fields = sample::fields(Outcome::Grant, None);
            for field in [Field::RecipientName, Field::ApplicantName] {
                fields.set(field, name).expect("text");
            }
            letter.fill(&fields, lang).expect("filled").plain()
        };
        for lang in Lang::ALL {
            prop_assert_eq!(with(&name, lang), with(marked, lang).replace(marked, &name));
        }
    }
}
