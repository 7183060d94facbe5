//! Letters: what loads, and what is said of what does not.
use super::workflow::{ANSWER, OWN, SHARED, course};
use super::*;
use crate::letter::{Field, Fields, Unfilled, Value, sample};
use anmin_base::document::{Document, Lang};
use anmin_casework::kinds::Outcome;

/// The answer of the small course with these blocks.
fn answer(blocks: &str) -> Packs {
    course().and(ANSWER, &format!("to: person\ntitle: {{zh: 答复, en: Answer}}\nblocks:\n{blocks}\n"))
}

/// The one finding about an answer with this block: its place in the file and how it begins.
#[track_caller]
fn says(block: &str, expected: &str) {
    answer(block).check(None, &[&format!("{ANSWER}:{expected}")]);
}

fn loaded(packs: &Packs) -> Loaded {
    packs.load(None).unwrap_or_else(|f| panic!("{:#?}", in_english(&f.files, &f.findings)))
}

fn filled(packs: &Packs, fields: &Fields) -> Result<Document, Unfilled> {
    let course = loaded(packs).workflow.expect("a course");
    course.letters["answer"].fill(fields, Lang::En)
}

#[test]
fn a_service_has_its_own_letters_and_else_the_shared_ones() {
    let title = |packs: &Packs| filled(packs, &Fields::new()).expect("nothing to fill").title;
    assert_eq!(title(&course()), "Answer");
    let own = course().and(
        "packs/example/letters/answer.yaml",
        "to: person\ntitle: {zh: 本处答复, en: Our answer}\nblocks: []\n",
    );
    assert_eq!(title(&own), "Our answer");
    let names = |packs: &Packs| -> Vec<String> {
        loaded(packs).workflow.expect("a course").letters.into_keys().collect()
    };
    assert_eq!(names(&own), ["answer", "note"]);
    // Two hashes: a better sentence changes neither the decision nor the course.
    let hashes = |packs: &Packs| {
        let loaded = loaded(packs);
        let course = loaded.workflow.expect("a course");
        (loaded.hash, course.hash, course.letters_hash)
    };
    let (first, second) = (hashes(&course()), hashes(&own));
    assert_eq!((&first.0, &first.1), (&second.0, &second.1));
    assert_ne!(first.2, second.2);
}

#[test]
fn every_letter_the_workflow_names_is_there_and_no_other() {
    course().without(ANSWER).check(
        None,
        &["packs/shared/workflow.yaml:13:3: there is no letter answer: write letters/answer.yaml"],
    );
    course().and("packs/example/letters/ansver.yaml", "to: person\ntitle: {zh: 一, en: A}\nblocks: []\n").check(
        None,
        &["packs/example/letters/ansver.yaml:1:1: there is no letter that the workflow declares called ansver; \
          did you mean answer"],
    );
    course().and("packs/example/letters/notes.txt", "x").check(
        None,
        &["packs/example/letters/notes.txt:1:1: there is no file that belongs here called notes.txt"],
    );
    course().without(OWN).without("regions/999000/example/workflow.yaml").check(
        None,
        &[
            "packs/example/tests/walks/first.yaml:1:1: example has no workflow.yaml",
            "packs/example/letters/note.yaml:1:1: example has no workflow.yaml, so nothing sends the letter note",
        ],
    );
    let unsent = loaded(&course().with(OWN, ", effects: [letter note]", ""));
    assert_eq!(
        in_english(&unsent.files, &unsent.warnings),
        ["packs/example/workflow.yaml:6:3: no step, hearing or extension sends the letter note"]
    );
}

#[test]
fn placeholders_name_fields_and_fitting_formats() {
    says(
        "- para: {zh: '到{deadlin}止', en: 'until {deadline}'}",
        "4:16: there is no letter field deadlin; did you mean deadline",
    );
    says(
        "- para: {zh: '到{deadline|money}止', en: 'until {deadline}'}",
        "4:16: there is no format for a date called money. Allowed: date, month",
    );
    says(
        "- para: {zh: '{recipient.name|date}', en: '{recipient.name}'}",
        "4:15: there is no format for text called date; there are none here",
    );
    says(
        "- para: {zh: '{deadline.provisional}', en: x}",
        "4:15: deadline.provisional is yes or no: it is for when",
    );
    says(
        "- para: {zh: '{decision.reasons}', en: x}",
        "4:15: decision.reasons is a list: give the block an each",
    );
    says(
        "- para: {zh: '{reason.text}', en: x}",
        "4:15: reason.text is of an element of decision.reasons: give the block each: decision.reasons",
    );
    says(
        "- para: {zh: '{decision.amount}', en: '{decision.amount|money_words}'}",
        "4:40: money_words is written in Chinese; use money in English",
    );
    for (text, column) in
        [("{deadline", 15), ("deadline}", 23), ("{{deadline}}", 15), ("{a{b}", 15), ("｛deadline｝", 15)]
    {
        let expected = format!("4:{column}: braces come in pairs");
        says(&format!("- para: {{zh: '{text}', en: 'x'}}"), &expected);
    }
    says("- para: {zh: '{}', en: 'x'}", "4:15: there is no letter field ");
}

#[test]
fn both_languages_say_the_same() {
    says("- para: {zh: 到期}", "4:9: en is missing");
    says("- para: {en: Due}", "4:9: zh is missing");
    says("- para: {zh: 到期, en: ''}", "4:22: the text is empty");
    says("- para: {zh: '到{deadline}', en: by then}", "4:33: en does not say {deadline}");
    says("- para: {zh: 到时, en: 'by {deadline}'}", "4:14: zh does not say {deadline}");
    says("- para: {zh: 到期, en: 'Due，now'}", "4:26: the English holds the Chinese character ，");
    // A format may differ: what is said is the same.
    let both = "- para: {zh: '{decision.amount|money_words}', en: '{decision.amount}'}";
    assert!(answer(both).load(None).is_ok());
}

#[test]
fn conditions_ask_what_there_is_to_ask() {
    let when = |condition: &str| format!("- {{when: '{condition}', para: {{zh: 好, en: Good}}}}");
    for sound in [
        "given(missing)",
        "decision.outcome == refuse",
        "decision.outcome != refuse",
        "decision.outcome in [reduce, stop] && !given(deadline)",
        "deadline.provisional || given(decision.exception) && decision.exception == death",
    ] {
        assert_eq!(answer(&when(sound)).findings(None), [""; 0], "{sound}");
    }
    says(&when("given(mising)"), "4:17: there is no letter field mising; did you mean missing");
    says(&when("decision.outcome == refused"), "4:31: there is no choice refused; did you mean refuse");
    says(&when("deadline == refuse"), "4:11: deadline has no choices to compare with");
    says(&when("missing"), "4:11: missing is a list of texts and no condition: write given(missing)");
    says(&when("true"), "4:11: a letter's condition is given(field)");
    says(&when("given(1 + 1)"), "4:17: a letter field stands here");
    says(&when("size(missing) > 1"), "4:11: a letter's condition is given(field)");
    says(&when("decision.outcome == \"refuse\""), "4:31: there is no text in expressions");
    says(&when("given(missing"), "4:16: ( is never closed");
}

#[test]
fn blocks_have_one_kind_and_its_parts() {
    says("- {}", "4:3: a block is one of title, para, list, table, sign, rule, note, blocks");
    says("- {para: {zh: 一, en: A}, note: {zh: 二, en: B}}", "4:3: a block is one of");
    says("- {pra: {zh: 一, en: A}, rule: true}", "4:4: there is no key pra; did you mean para");
    says("- rule: yes", "4:9: expected true here, found \"yes\"");
    says(
        "- {each: mising, para: {zh: 一, en: A}}",
        "4:10: there is no list field mising; did you mean missing",
    );
    says(
        "- {each: missing, para: {zh: 一, en: A}}",
        "4:3: it is repeated over missing and says nothing of paper",
    );
    says("- {each: missing, rule: true}", "4:3: rule is not repeated with each");
    says(
        "- {each: missing, list: [{zh: '{paper}', en: '{paper}'}]}",
        "4:25: expected a map of `key: value` here, found a list of 1",
    );
    says(
        "- sign: {issuer: unit, date: today, seal: true}",
        "4:18: there is no letter field that is text called unit",
    );
    says(
        "- sign: {issuer: unit.name, date: unit.name, seal: true}",
        "4:35: there is no letter field that is a date called unit.name. Allowed: case.received_on",
    );
    says("- sign: {issuer: unit.name, date: today}", "4:9: seal is missing");
    let head = "head: [{zh: 一, en: A}, {zh: 二, en: B}]";
    says(
        &format!("- table: {{{head}, rows: [[{{zh: 一, en: A}}]]}}"),
        "4:58: this row has 1 cells, the head has 2",
    );
    says(&format!("- table: {{{head}, rows: [], widths: [1, 0]}}"), "4:69: widths is 2 whole numbers");
    answer(&format!("- table: {{{head}, row: [{{zh: 一, en: A}}]}}")).check(
        None,
        &[
            &format!("{ANSWER}:4:10: rows is missing"),
            &format!("{ANSWER}:4:51: there is no key row; did you mean rows"),
        ],
    );
}

#[test]
fn of_several_titles_the_last_is_for_everything_else() {
    let titled = |title: &str| course().with(ANSWER, "{zh: 答复, en: Answer}", title);
    let two = "[{when: decision.outcome == refuse, zh: 不行, en: No}, {zh: 答复, en: Answer}]";
    let mut fields = Fields::new();
    let title = |fields: &Fields| filled(&titled(two), fields).map(|document| document.title);
    assert!(title(&fields).is_err());
    fields.set(Field::DecisionOutcome, Outcome::Refuse).expect("an outcome");
    assert_eq!(title(&fields), Ok("No".into()));
    fields.set(Field::DecisionOutcome, Outcome::Grant).expect("an outcome");
    assert_eq!(title(&fields), Ok("Answer".into()));
    titled("[{zh: 不行, en: No}, {zh: 答复, en: Answer}]")
        .check(None, &["packs/shared/letters/answer.yaml:2:9: of several titles the last has no when"]);
    titled("[{when: given(missing), zh: 不行, en: No}]")
        .check(None, &["packs/shared/letters/answer.yaml:2:9: of several titles the last has no when"]);
}

#[test]
fn a_board_shows_nothing_that_is_not_fit_for_it() {
    let board = |blocks: &str| answer(blocks).with(ANSWER, "to: person", "to: board");
    let said = |path: &str, at: &str| {
        format!("{ANSWER}:{at}: a letter for a board does not say {path}: name, number of persons, amount")
    };
    board("- para: {zh: '{recipient.address}', en: '{recipient.address}'}")
        .check(None, &[&said("recipient.address", "4:15"), &said("recipient.address", "4:42")]);
    board("- {when: given(deceased.name), para: {zh: 一, en: A}}")
        .check(None, &[&said("deceased.name", "4:16")]);
    board("- {each: decision.reasons, para: {zh: '{reason.text}', en: '{reason.text}'}}")
        .check(None, &[&said("decision.reasons", "4:10")]);
    answer("- rule: true").with(ANSWER, "to: person", "to: all").check(
        None,
        &["packs/shared/letters/answer.yaml:1:5: there is no to named all. Allowed: person, board"],
    );
    // A refusal is never posted, and nothing is posted of a decision nobody has named.
    let amount = board("- para: {zh: '{decision.amount}', en: '{decision.amount}'}");
    let mut fields = sample::fields(Outcome::Refuse, None);
    let refused = filled(&amount, &fields).expect_err("never posted");
    assert_eq!(
        refused.en(),
        "the letter answer is for a board; a decision to refuse is never posted: use a letter to the person"
    );
    fields.clear(Field::DecisionOutcome);
    assert!(
        matches!(filled(&amount, &fields), Err(Unfilled::Missing { fields, .. }) if fields == ["decision.outcome"])
    );
    fields.set(Field::DecisionOutcome, Outcome::Grant).expect("an outcome");
    assert!(filled(&amount, &fields).is_ok());
}

#[test]
fn all_that_is_missing_is_named_unless_it_does_not_matter() {
    let blocks = "\
- para: {zh: '{recipient.name}，{deadline}', en: '{recipient.name}, {deadline}'}
- {each: missing, list: {zh: '{paper}', en: '{paper}'}}
- {each: decision.reasons, para: {zh: '{reason.text}{reason.article}', en: '{reason.text} {reason.article}'}}
- {when: given(case.number), note: {zh: '{case.number}', en: '{case.number}'}}
- when: given(decision.on)
  blocks:
  - para: {zh: '{decision.on}', en: '{decision.on}'}
- {when: decision.outcome == refuse, para: {zh: '{decision.from}', en: '{decision.from}'}}";
    let packs = answer(blocks);
    let missing = |fields: &Fields| match filled(&packs, fields) {
        Err(Unfilled::Missing { fields, .. }) => fields,
        other => panic!("{other:?}"),
    };
    let mut fields = Fields::new();
    assert_eq!(
        missing(&fields),
        ["deadline", "decision.outcome", "decision.reasons", "missing", "recipient.name"]
    );
    fields = sample::fields(Outcome::Refuse, None);
    fields.clear(Field::Deadline).clear(Field::CaseNumber).clear(Field::DecisionOn);
    fields.set(Field::Missing, Value::Texts(vec![])).expect("a list");
    fields.set(Field::DecisionReasons, vec![vec![("text", Value::from("收入超过标准"))]]).expect("rows");
    fields.clear(Field::DecisionFrom);
    let refused = filled(&packs, &fields).expect_err("something is missing");
    assert_eq!(
        refused.en(),
        "the letter answer lacks deadline, decision.from, missing and reason.article; write it when that is known"
    );
    assert_eq!(
        refused.zh(),
        "文书 answer 还缺 deadline、decision.from、missing、reason.article，补齐后再出具"
    );
    let used = loaded(&packs).workflow.expect("a course").letters["answer"].fields();
    let always: Vec<&str> = used.iter().filter(|(_, always)| **always).map(|(f, _)| f.path()).collect();
    assert_eq!(always, ["recipient.name", "missing", "deadline", "decision.reasons"]);
    assert_eq!(used.get(&Field::CaseNumber), Some(&false));
}

#[test]
fn a_notice_against_somebody_always_names_reasons_and_remedies() {
    let reasons = "- {each: decision.reasons, para: {zh: '{reason.text}', en: '{reason.text}'}}";
    let remedies = "- {each: decision.remedies, para: {zh: '{remedy.name}', en: '{remedy.name}'}}";
    let deciding = |blocks: &str| {
        answer(blocks)
            .with(SHARED, "  open: {zh", "  told: {zh: 待送达, en: To be told}\n  open: {zh")
            .with(
                SHARED,
                "clocks:",
                "  refuse: {act: decide, by: [desk], from: [open], to: told, outcomes: {decline: {}}, zh: 拒绝, en: Refuse, law: law-1 第一条}
  tell_it: {act: notify, by: [desk], from: [told], effects: [letter answer], zh: 发出, en: Issue, law: law-1 第一条}
  bring: {act: deliver, by: [desk], from: [told], evidence: [slip], zh: 送达, en: Deliver, law: law-1 第一条}
  settle: {act: take_effect, by: [desk], from: [told], to: done, outcomes: {decline: {}}, zh: 生效, en: Settle, law: law-1 第一条}
remedies:
  review: {calendar: 60, zh: 复议, en: Review, law: law-1 第一条}
reopens: {decline: open}
clocks:",
            )
    };
    let both = format!("{reasons}\n{remedies}");
    assert_eq!(deciding(&both).findings(None), [""; 0]);
    let lacks = |field: &str| {
        format!(
            "{ANSWER}:1:1: the letter answer can tell a decision to decline without {field}; it must say it in every case"
        )
    };
    deciding(remedies).check(None, &[&lacks("decision.reasons")]);
    deciding(reasons).check(None, &[&lacks("decision.remedies")]);
    // Not even where nobody was heard, and not on a condition.
    let but_not_after_a_death =
        format!("{reasons}\n{}", remedies.replace("- {", "- {when: '!given(decision.exception)', "));
    deciding(&but_not_after_a_death).check(None, &[&lacks("decision.remedies")]);
    let if_there = format!("{}\n{remedies}", reasons.replace("- {", "- {when: given(decision.reasons), "));
    deciding(&if_there).check(None, &[&lacks("decision.reasons")]);
}

#[test]
fn values_are_never_read_as_anything_else() {
    let packs = answer("- para: {zh: '您好{recipient.name}', en: 'Dear {recipient.name}'}");
    let mut fields = Fields::new();
    let nasty = "{deadline} <b>&amp;{{%";
    fields.set(Field::RecipientName, nasty).expect("text");
    let document = filled(&packs, &fields).expect("filled");
    assert_eq!(document.plain(), format!("Answer\n\nDear {nasty}\n"));
}

#[test]
fn a_letter_that_cannot_be_filled_in_a_walk_is_told_with_the_walks_line() {
    let calendar = anmin_base::calendar::WorkCalendar::builtin();
    let walked = |condition: &str| {
        let loaded = loaded(&answer(&format!("- {{when: {condition}, para: {{zh: 一, en: A}}}}")));
        let course = loaded.workflow.as_ref().expect("a course");
        in_english(&loaded.files, &course.letters_walked(None, calendar))
    };
    assert_eq!(walked("given(decision.exception) && decision.exception == death"), [""; 0]);
    assert_eq!(
        walked("decision.exception == death"),
        ["packs/example/tests/walks/first.yaml:5:7: the walk 'taken and finished': the letter answer lacks \
          decision.exception; write it when that is known"]
    );
}

#[test]
fn a_course_without_walks_is_there_all_the_same() {
    let loaded = loaded(&course().without("packs/example/tests/walks/first.yaml"));
    assert!(loaded.workflow.is_some());
    assert_eq!(
        in_english(&loaded.files, &loaded.warnings),
        ["packs/example:1:1: the workflow has no walks: every main path should have one in tests/walks/"]
    );
}
