//! Who may ask what at all: one table, kept as a file. A route, a step or a role that is not in it fails here; so does a
//! right that was given or taken.
use anmin_app::permissions::Permissions;
use anmin_web::route::{Face, Key, Right};
use std::path::Path;

const GOLDEN: &str = include_str!("golden/permissions.txt");

fn table() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let permissions = Permissions::read(&root).expect("the packs are in order");
    let mut lines = Vec::new();
    for route in anmin_web::routes(true) {
        let roles = match route.right {
            Right::Public => "anybody".into(),
            Right::SignedIn => "whoever has signed in".into(),
            Right::Action { staff, resident } => {
                let roles = permissions.of_actions(staff, resident).expect("the table has these actions");
                assert!(!roles.is_empty(), "{route:?} is for nobody");
                roles.join(" ")
            }
            Right::Step => "by the step, below".into(),
            Right::CaseWork => permissions.of_case_work().join(" "),
        };
        let face = if route.face == Face::Page { "page " } else { "" };
        lines.push(format!("{face}{} {}: {roles}", route.method, route.path));
    }
    for step in permissions.of_steps().expect("the packs are in order") {
        lines.push(format!("step {} {}: {}", step.service, step.step, step.roles.join(" ")));
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_table_of_permissions_is_as_it_was() {
    let table = table();
    if std::env::var_os("ANMIN_WRITE_GOLDEN").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden/permissions.txt");
        std::fs::write(path, &table).unwrap();
        return;
    }
    for (n, (is, was)) in table.lines().zip(GOLDEN.lines()).enumerate() {
        assert_eq!(is, was, "line {}; ANMIN_WRITE_GOLDEN=1 writes the table anew", n + 1);
    }
    assert_eq!(table.lines().count(), GOLDEN.lines().count(), "ANMIN_WRITE_GOLDEN=1 writes the table anew");
}

#[test]
fn every_route_that_changes_something_needs_a_key_or_says_why_not() {
    // Signing in and what goes with it is before there is anybody to make a key for; to repeat the others does no harm.
    const FREE: &[&str] = &[
        "sign_in",
        "sign_out",
        "step_up",
        "change_password",
        "make_second_factor",
        "enrol",
        "enrol_first",
        "roles_wanted",
        "make_request_key",
        "ask_sign_in_code",
        "sign_in_by_code",
        "check_before_applying",
        "find_persons",
        "search_cases",
        "verify_journal",
        "bank_file",
        "do_bank_file",
        "preview_answer",
        "next_day",
        "demo_sign_in",
        // The same on pages; and what only looks, or only changes how pages look.
        "do_sign_in",
        "do_sign_out",
        "do_step_up",
        "do_change_password",
        "do_enrol",
        "do_enrol_first",
        "do_work_query",
        "do_intake_find",
        "do_search",
        "do_choose_post",
        "set_language",
        "set_elder",
        "set_side",
        "do_check",
        "do_sign_in_resident",
        "do_demo_sign_in",
        "try_fact",
        "do_trial",
        "do_print_letters",
        "do_work_export",
        // Each case it does something to has a key of its own in the form.
        "do_work_bulk",
        "do_next_day",
    ];
    for route in anmin_web::routes(true) {
        let free = FREE.contains(&route.name);
        assert_eq!(route.changes() && route.key == Key::None, free, "{route:?}");
    }
}
