//! Household files that are wrong: each is refused with file, line, column and what to do, and none stops the program.
use crate::run::{Run, run_in};
use crate::tidy::source::root;
use std::fs;

const DECIDE: &[&str] = &["decide", "--pack", "dibao", "--region", "110000", "--on", "2026-09-01", "-"];

fn decide(bytes: &[u8]) -> Run {
    run_in(&root(), DECIDE, bytes)
}

/// A member and what is said of it, in a household of one.
fn member(lines: &str) -> String {
    format!("area: urban\nmembers:\n  - relation: head\n    {}\n", lines.replace('\n', "\n    "))
}

#[track_caller]
fn refuses(text: &str, place: &str, words: &[&str]) {
    decide(text.as_bytes()).refuses(place, words);
}

#[test]
fn refuses_an_identity_number_with_a_wrong_digit() {
    refuses(&member("id_number: \"999999198411201225\""), "stdin:4:", &["末位"]);
}

#[test]
fn refuses_a_birthday_that_contradicts_the_identity_number() {
    refuses(
        &member("id_number: \"999999198411201224\"\nbirth_date: 1984-11-21"),
        "stdin:5:",
        &["1984-11-20"],
    );
}

#[test]
fn refuses_an_unknown_fact_and_names_the_nearest() {
    refuses(&member("wages: 1800"), "stdin:4:5:", &["wages", "wage"]);
}

#[test]
fn refuses_an_unknown_value_of_an_enum_and_names_the_allowed() {
    refuses(&member("hukou: locale"), "stdin:4:", &["locale", "local"]);
}

#[test]
fn refuses_a_negative_amount_where_none_can_be() {
    refuses(&member("wage: -1"), "stdin:4:", &["不能为负"]);
}

#[test]
fn refuses_a_fraction_of_a_fen() {
    refuses(&member("wage: 19.999"), "stdin:4:", &["19.999"]);
}

#[test]
fn refuses_two_heads() {
    refuses("members:\n  - {relation: head}\n  - {relation: head}\n", "stdin:3:", &["户主"]);
}

#[test]
fn refuses_more_members_than_a_household_can_have() {
    let members = "  - {relation: child}\n".repeat(41);
    refuses(&format!("members:\n{members}"), "stdin:42:", &["41", "40"]);
}

#[test]
fn refuses_an_empty_file() {
    refuses("", "stdin:1:1:", &[]);
}

#[test]
fn refuses_text_in_gbk_and_says_so() {
    // 区域 in GBK.
    decide(b"# \xc7\xf8\xd3\xf2\narea: urban\n").refuses("stdin:", &["GBK", "UTF-8"]);
}

#[test]
fn refuses_ten_megabytes_of_yaml() {
    decide(&b"area: urban\n".repeat(900_000)).refuses("stdin:", &["1"]);
}

#[test]
fn refuses_aliases_before_they_grow() {
    let mut bomb = String::from("a0: &a0 [x, x]\n");
    for n in 1..40 {
        bomb.push_str(&format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1));
    }
    refuses(&bomb, "stdin:1:", &["&"]);
}

#[test]
fn refuses_a_key_given_twice() {
    refuses("area: urban\nhomes: 1\narea: rural\n", "stdin:3:1:", &["area"]);
}

#[test]
fn tells_every_finding_and_not_only_the_first() {
    let run = decide(member("wages: 1\nhukou: moon\nwage: -1").as_bytes());
    for place in ["stdin:4:", "stdin:5:", "stdin:6:"] {
        run.refuses(place, &[]);
    }
}

#[test]
fn refuses_a_file_that_is_not_there() {
    let mut args = DECIDE.to_vec();
    args.pop();
    args.push("no-such-file.yaml");
    run_in(&root(), &args, b"").refuses("no-such-file.yaml: ", &["无法读取"]);
}

/// The example of a mother and her son, without the mother's day of birth, which her identity number would give away.
fn without_birthday() -> String {
    let text = fs::read_to_string(root().join("examples/single-parent.yaml")).expect("the example is there");
    let (id, birth) = ("    id_number: \"999999198411201224\"\n", "    birth_date: 1984-11-20\n");
    assert!(text.contains(id) && text.contains(birth), "the example has changed");
    text.replace(id, "").replace(birth, "")
}

#[test]
fn a_missing_birthday_is_asked_for_where_it_matters() {
    let run = decide(without_birthday().as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.contains("members[1].birth_date"), "{}", run.out);
}

#[test]
fn a_missing_birthday_is_not_asked_for_where_it_changes_nothing() {
    let text = without_birthday();
    assert!(text.contains("vehicles: 0\n"));
    let run = decide(text.replace("vehicles: 0\n", "vehicles: 2\n").as_bytes());
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.out.contains("结论：不符合条件"), "{}", run.out);
    assert!(!run.out.contains("还要问清"), "{}", run.out);
}
