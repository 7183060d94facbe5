//! What the program does when its surroundings fail it: outputs that cannot be written, inputs without end, odd names.
use crate::run::{Folder, run, run_here, run_in};
use crate::tidy::source::root;
use std::fs::{self, OpenOptions};
use std::process::{Command, Stdio};

const DECIDE: &[&str] = &["decide", "--pack", "dibao", "--region", "110000", "--on", "2026-09-01"];

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anmin"));
    command.args(args).current_dir(root()).stdin(Stdio::null());
    command
}

#[cfg(target_os = "linux")]
fn full() -> Stdio {
    OpenOptions::new().write(true).open("/dev/full").expect("a device that is always full").into()
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_a_fault() {
    for args in [&["pack", "cite", "dibao"][..], &["--help"], &["--version"]] {
        let ended = program(args).stdout(full()).stderr(Stdio::piped()).output().expect("the program ends");
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(3), "{args:?}: {told}");
        assert!(told.starts_with("anmin: 无法写到标准输出") && told.contains("cannot be written"), "{told}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut child = program(&["pack", "show", "dibao"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("the program ends");
    assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_error_does_not_change_how_a_command_ends() {
    let wrong = [&["pack", "show", "nothing"][..], &["decide", "--pack", "dibao", "x"], &["nothing"]];
    for args in wrong {
        let ended = program(args).stdout(Stdio::null()).stderr(full()).status().expect("the program ends");
        assert_eq!(ended.code(), Some(2), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_name_need_not_be_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    let path = folder.path().join(OsStr::from_bytes(b"\xff.yaml"));
    fs::write(&path, "area: urban\n").expect("written");
    let mut command = program(DECIDE);
    command.arg(&path);
    let decided = run(command, b"");
    assert_eq!(decided.code, Some(0), "{decided:?}");
    fs::write(&path, "wages: 1\n").expect("written");
    let mut command = program(DECIDE);
    command.arg(&path);
    run(command, b"").refuses(&folder.path().join("\u{fffd}.yaml:1:1: ").to_string_lossy(), &["wages"]);
}

#[cfg(unix)]
#[test]
fn a_file_without_end_is_refused_by_its_length() {
    let args = |file: &'static str| [DECIDE, &["--lang", "en", file]].concat();
    run_here(&args("/dev/zero")).refuses("/dev/zero:1:1: ", &["more than 1048576 bytes"]);
    let long = vec![b'#'; 1_048_577];
    run_in(&root(), &args("-"), &long).refuses("stdin:1:1: ", &["more than 1048576 bytes"]);
}

#[test]
fn what_is_neither_pack_nor_region_fails_the_check() {
    let folder = Folder::with_packs();
    let make = |path: &str| fs::create_dir_all(folder.path().join(path)).expect("a folder");
    make("packs/draft");
    make("regions/110101");
    make("regions/beijing");
    fs::write(folder.path().join("packs/notes.txt"), "x").expect("written");
    let check = |more: &[&str]| {
        run_in(folder.path(), &[&["pack", "check", "--on", "2026-11-30"], more].concat(), b"")
    };
    let all = check(&[]);
    for (place, word) in [
        ("packs/draft:", "service.yaml"),
        ("packs/notes.txt:", "packs/"),
        ("regions/110101:", "region.yaml"),
        ("regions/beijing:", "区划代码"),
    ] {
        all.refuses(place, &[word]);
    }
    check(&["dibao"]).refuses("regions/beijing:", &[]);
    let one = check(&["dibao", "--region", "110000"]);
    assert_eq!(one.code, Some(0), "{}", one.err);
    let decide = ["decide", "--pack", "dibao", "--region", "110101", "--on", "2026-09-01", "x"];
    run_in(folder.path(), &decide, b"").refuses("regions: ", &["110101"]);
}

#[test]
fn each_pack_that_cannot_be_tested_counts_as_a_failure() {
    let folder = Folder::with_packs();
    for pack in ["dibao", "example-library-card"] {
        fs::write(folder.path().join("packs").join(pack).join("rules.yaml"), "variables: [")
            .expect("written");
    }
    let tested = run_in(folder.path(), &["pack", "test", "dibao", "example-library-card"], b"");
    assert_eq!(tested.code, Some(2), "{}", tested.err);
    assert!(tested.out.ends_with("0 passed, 2 failed\n"), "{}", tested.out);
}
