//! The shared table, spoiled; and what services take away.
use crate::library::Library;
use anmin_authz::authority::{Authority, Need};
use anmin_authz::resource::ServiceOf;
use anmin_authz::sensitivity::Sensitivity;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

const TABLE: &str = "packs/shared/authority.yaml";

fn table() -> String {
    let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    fs::read_to_string(Path::new(&here).join("../..").join(TABLE)).expect("the table")
}

/// The findings, in English, as `file:line: sentence`; or the table.
fn read(table: Option<&str>, service: Option<&str>) -> Result<Authority, Vec<String>> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("anmin-authority-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let root = Temporary(env::temp_dir().join(name));
    let write = |path: &str, text: &str| {
        let path = root.0.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    write("packs/shared/service.yaml", "shared: true\nname: {zh: 公共, en: Shared}\n");
    write("packs/example/service.yaml", "name: {zh: 示例, en: Example}\n");
    if let Some(table) = table {
        write(TABLE, table);
    }
    if let Some(service) = service {
        write("packs/example/authority.yaml", service);
    }
    let library = Library::open(&root.0).expect("a library");
    library.authority().map_err(|failure| {
        let line = |place| {
            let shown = failure.files.show(place);
            shown.rsplit_once(':').map_or(shown.clone(), |(line, _)| line.to_owned())
        };
        failure.findings.iter().map(|f| format!("{}: {}", line(f.place), f.en)).collect()
    })
}

struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Replaces a part of the table that is there once, and expects findings that each hold the words.
fn check(from: &str, to: &str, expected: &[&str]) {
    let table = table();
    assert_eq!(table.matches(from).count(), 1, "{from}");
    compare(from, read(Some(&table.replace(from, to)), None), expected);
}

fn compare(what: &str, found: Result<Authority, Vec<String>>, expected: &[&str]) {
    let found = found.err().unwrap_or_default();
    let same = found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| f.contains(e));
    assert!(same, "{what}\nfound:\n{}\nexpected:\n{}", found.join("\n"), expected.join("\n"));
}

/// Where a line that holds the text stands in the table, as `file:line`.
fn line(text: &str) -> String {
    let at = table().lines().position(|line| line.contains(text)).expect("a line");
    format!("{TABLE}:{}", at + 1)
}

#[test]
fn the_table_is_read_with_its_reasons() {
    let authority = read(Some(&table()), None).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let parts = authority.parts();
    assert!(parts.permits.iter().all(|row| !row.why.zh.is_empty() && !row.why.section.is_empty()));
    assert!(parts.forbids.iter().all(|row| !row.why.en.is_empty() && !row.why.section.is_empty()));
    // A row for several roles is a permit for each.
    let (clerk, investigator) = (authority.role("intake_clerk"), authority.role("investigator"));
    let shows = authority.action("case_read_full").expect("an action");
    for role in [clerk, investigator] {
        assert_eq!(authority.permits(role.expect("a role"), shows).count(), 1);
    }
    // `groups: all` without `except` is every action there is.
    let administrator = authority.role("system_admin").expect("a role");
    let of_it = parts.forbids.iter().filter(|forbid| forbid.roles.contains(&administrator));
    let counts: Vec<(usize, Sensitivity)> = of_it.map(|forbid| (forbid.actions.len(), forbid.from)).collect();
    assert_eq!(counts, [(parts.actions.len() - 2, Sensitivity::P0), (parts.actions.len(), Sensitivity::P2)]);
}

#[test]
fn every_unknown_name_is_told_with_the_nearest_at_its_line() {
    let at = line("roles: [fund_preparer], actions: [batch_read, batch_prepare]");
    check(
        "{roles: [fund_preparer], actions: [batch_read, batch_prepare], reach: [area], up_to: P2, purposes: [payment], \
         mask: payee",
        "{roles: [fund_preparr], actions: [batch_red, batch_prepare], reach: [areas], up_to: P5, purposes: [paymnt], \
         mask: paye, needs: [tickets], then: [give_reasons]",
        &[
            &format!("{at}: there is no role fund_preparr; did you mean fund_preparer"),
            "there is no action batch_red; did you mean batch_read",
            "there is no reach areas; did you mean area",
            "there is no up_to named P5; did you mean P0",
            "there is no purpose paymnt; did you mean payment",
            "there is no mask paye; did you mean payee",
            "there is no need tickets; did you mean ticket",
            "there is no obligation give_reasons; did you mean give_reason",
        ],
    );
    check(
        "units: [care_home], at: [accepting]",
        "units: [care_hom], at: [acceptng]",
        &[
            "there is no kind of unit care_hom; did you mean care_home",
            "there is no place on the tree acceptng; did you mean accepting",
        ],
    );
    check("subjects: [marriage], why", "subjects: [mariage], why", &["there is no subject mariage"]);
    check("whole: [name, household_size, amount]}", "whole: [names]}", &["there is no field names"]);
    check(
        "sets: [[prepare], [batch_review], [sign]]",
        "sets: [[prepares], batch_review]",
        &["there is no duty prepares; did you mean prepare", "expected a list"],
    );
    check("duty: batch_review}", "duty: batch_revew}", &["there is no duty batch_revew"]);
    check("conditions: [rationed]", "conditions: [ration]", &["there is no condition ration"]);
    check(
        "sensitivity: P2, masking: name",
        "sensitivity: P2, masking: nam",
        &["there is no masking named nam"],
    );
    check(
        "groups: [check], actions: [payee",
        "groups: [checks], actions: [payee",
        &["there is no group of actions checks; did you mean check"],
    );
    check("as: interface,", "as: interfac,", &["there is no as named interfac; did you mean interface"]);
    check("lead: [investigator]", "lead: [investigater]", &["there is no role investigater"]);
}

#[test]
fn what_is_missing_or_given_twice_is_told() {
    compare("no table", read(None, None), &["packs/shared/authority.yaml:1: is missing"]);
    compare("no YAML", read(Some("- ["), None), &[TABLE]);
    check("  P4: {zh: 密封, en: Sealed}\n", "", &["P4 is missing"]);
    check(", smallest_count: 5}", "}", &["smallest_count is missing"]);
    check("a_day: 5, reason", "a_day: 0, reason", &["expected a whole number from 1 to 65535"]);
    check(
        "en: Supervisor, as: staff, units: [civil_affairs], at: [supervising], up_to: P4, subjects: all, why: {zh: \
         看统计，抽查, en: \"Sees statistics, samples\"}, section: \"3.3\"}",
        "en: Supervisor, as: staff, units: [civil_affairs], at: [supervising], up_to: P4, subjects: all}",
        &["why is missing", "section is missing"],
    );
    check(
        "    job_run: {zh",
        "    rules_edit: {zh: 甲, en: A}\n    job_run: {zh",
        &["rules_edit is in another group already"],
    );
    check(
        "roles: [marriage_registrar, organisation_registrar]",
        "roles: [marriage_registrar, marriage_registrar]",
        &["marriage_registrar is given twice"],
    );
    check(
        "{roles: [policy_editor], groups: all, except",
        "{roles: [policy_editor], except",
        &["`except` takes from `groups`"],
    );
    check("limits: {step_up_minutes", "limits: {colour: red, step_up_minutes", &["there is no key colour"]);
}

#[test]
fn rows_that_contradict_each_other_are_told_at_their_line() {
    let at = line("{roles: [auditor], actions: [audit_read");
    check(
        "actions: [audit_read, alert_read, audit_review]",
        "actions: [audit_read, alert_read, audit_review, urge]",
        &[&format!("{at}: Nobody can use it: the role is forbidden \"urge\" from P0 on")],
    );
    let at = line("{roles: [village_appraiser], actions: [appraisal_read");
    check(
        "actions: [appraisal_read, appraisal_record], reach: [area], up_to: P2",
        "actions: [appraisal_read, appraisal_record], reach: [area], up_to: P3",
        &[&format!("{at}: Beyond the limit of \"village_appraiser\": P2")],
    );
    let at = line("  care_worker: {");
    check(
        "as: staff, units: [care_home], at: [accepting]",
        "as: staff, units: [care_home], at: [village]",
        &[&format!("{at}: Nobody can hold the role")],
    );
    check(", units: [care_home], at: [accepting]", "", &[&format!("{at}: The role has no limits")]);
    let at = line("  case: {zh: 案件");
    check(
        "[intake, investigate], [opine], [review], [confirm, confirm_delegated]",
        "[intake]",
        &[&format!("{at}: Duties are split")],
    );
}

#[test]
fn a_service_narrows_and_never_widens() {
    const WHY: &str = "why: {zh: 缘由, en: Why}, section: example";
    let sound = format!(
        "narrow:\n  - {{roles: [examiner], actions: [case_read], up_to: P2, mask: partial, needs: [assignment], {WHY}}}\n  \
         - {{roles: all, groups: [money], forbid: true, {WHY}}}\nsets: [[intake], [investigate]]\n"
    );
    let authority = read(Some(&table()), Some(&sound)).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let service = &authority.parts().services[0];
    assert_eq!((service.name.as_str(), service.sets.len(), service.narrowings.len()), ("example", 2, 2));
    assert_eq!(service.narrowings[0].needs, [Need::Assignment]);
    assert!(matches!(authority.service("example"), ServiceOf::Narrowed(_)));
    assert_eq!(authority.service("other"), ServiceOf::Core);
    let row = |row: &str| format!("narrow:\n  - {{{row}, {WHY}}}\n");
    let file = "packs/example/authority.yaml";
    for (service, expected) in [
        (
            row("roles: [examiner], actions: [case_read], up_to: P4"),
            format!("{file}:2: A service only narrows"),
        ),
        (
            row("roles: [examiner], actions: [case_read], mask: full"),
            format!("{file}:2: A service only narrows"),
        ),
        (row("roles: [examiner], actions: [confirm], forbid: true"), format!("{file}:2: It narrows nothing")),
        (row("roles: [examiner], actions: [case_read]"), format!("{file}:2: This row takes nothing away")),
        (row("roles: [examinr], actions: [case_read], forbid: true"), "there is no role examinr".into()),
        ("sets: [[intake, investigate, opine]]\n".into(), format!("{file}:1: A service may split")),
        ("sets: [[intake]]\n".into(), format!("{file}:1: A set that is split")),
        ("permits: []\n".into(), format!("{file}:1: there is no key permits")),
    ] {
        let found = read(Some(&table()), Some(&service)).err().unwrap_or_default();
        assert!(found.iter().any(|f| f.contains(&expected)), "{service}{found:#?}");
    }
}
