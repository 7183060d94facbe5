//! Made-up counties as people make them, and the demonstration from its first start to its last day.
use crate::run::{Folder, Run, run_here};
use crate::tidy::source::root;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const SMALL: [&str; 6] = ["--towns", "1", "--households", "30", "--cases", "12"];

fn at(folder: &Path) -> String {
    folder.display().to_string()
}

fn synth(data: &str, more: &[&str]) -> Run {
    let args: Vec<&str> =
        ["synth", "--json", "--data", data].into_iter().chain(SMALL).chain(more.iter().copied()).collect();
    run_here(&args)
}

#[track_caller]
fn checksum(run: &Run) -> String {
    assert_eq!(run.code, Some(0), "{run:?}");
    let made: Value = serde_json::from_str(&run.out).expect("one line of JSON");
    made["checksum"].as_str().expect("a checksum").to_owned()
}

#[test]
fn the_same_arguments_give_the_same_county_and_another_does_not_fit_in() {
    let folder = Folder::new();
    let (one, two) = (at(&folder.path().join("one")), at(&folder.path().join("two")));
    let first = checksum(&synth(&one, &["--at-once"]));
    // One that is killed as soon as it has said something is gone on with.
    let mut command = Command::new(env!("CARGO_BIN_EXE_anmin"));
    command.args(["synth", "--data", &two]).args(SMALL).current_dir(root());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut said = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).expect("it says how far it is");
    assert!(said.contains("30/30"), "{said}");
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    assert_eq!(checksum(&synth(&two, &[])), first, "however it is written");
    assert_eq!(checksum(&synth(&two, &[])), first, "nothing is made twice");
    let other = ["--seed", "2"];
    synth(&one, &other).refuses("anmin: ", &["已有别的数据"]);
    let real = at(&folder.path().join("real"));
    assert_eq!(run_here(&["init", "--data", &real]).code, Some(0));
    synth(&real, &[]).refuses("anmin: ", &["真实人员"]);
}

#[test]
fn everything_wrong_in_the_arguments_is_told_at_once() {
    let folder = Folder::new();
    let data = at(folder.path());
    let wrong =
        ["synth", "--data", &data, "--towns", "0", "--cases", "9", "--households", "4", "--region", "110118"];
    let refused = run_here(&wrong);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    for words in ["--towns", "--cases", "--region"] {
        assert!(refused.err.contains(words), "{words}: {}", refused.err);
    }
    let nowhere = run_here(&["synth", "--data", &data, "--division", "330127"]);
    assert_eq!(nowhere.code, Some(2), "{nowhere:?}");
    assert!(nowhere.err.contains("--division") && nowhere.err.contains("110118 密云区"), "{}", nowhere.err);
    let elsewhere = run_here(&["synth", "--data", &data, "--division", "110118", "--region", "330000"]);
    assert!(elsewhere.err.contains("密云区不在这个地区"), "{}", elsewhere.err);
}

/// A demonstration that is served, ended when the test ends.
struct Demo {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    address: String,
}

impl Demo {
    fn start(data: &str, more: &[&str]) -> Demo {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anmin"));
        command.args(["demo", "--data", data, "--cases", "45", "--listen", "127.0.0.1:0"]).args(more);
        command.current_dir(root()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).expect("it says where it is");
        let address = line.split("http://").nth(1).map(|rest| rest.trim().trim_end_matches('/').to_owned());
        Demo { child, out, address: address.unwrap_or_else(|| panic!("{line:?}")) }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Stops it as Ctrl-C does: what else it had said, and its exit code.
    fn stop(&mut self) -> (String, Option<i32>) {
        let asked = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(asked.expect("kill is there").success());
        let mut said = String::new();
        self.out.read_to_string(&mut said).expect("it says no more");
        (said, self.child.wait().expect("it ends").code())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_demonstration_is_made_once_goes_on_day_by_day_and_begins_anew_when_asked() {
    let folder = Folder::new();
    let data = at(&folder.path().join("demo"));
    run_here(&["demo", "advance", "--data", &data]).refuses("anmin: ", &["anmin demo"]);
    let mut first = Demo::start(&data, &[]);
    let personas = first.get("/api/v1/demo/personas?role=resident");
    assert!(personas.contains("\"wangguilan\"") && personas.contains("还没有申请过"), "{personas}");
    let busy = ["demo", "--data", &data, "--listen", &first.address];
    run_here(&busy).refuses("anmin: ", &["已被别的程序占用", "--listen"]);
    let (said, code) = first.stop();
    assert_eq!(code, Some(0));
    assert!(said.contains("北京市密云区，2026-09-01") && said.contains("王桂兰"), "{said}");
    let advanced = run_here(&["demo", "advance", "--days", "2", "--data", &data]);
    assert_eq!(advanced.code, Some(0), "{advanced:?}");
    let days: Vec<&str> = advanced.out.lines().filter_map(|line| line.get(..10)).collect();
    assert_eq!(days, ["2026-09-02", "2026-09-03"]);
    let mut again = Demo::start(&data, &[]);
    assert!(again.stop().0.contains("2026-09-03"), "it goes on where it was");
    run_here(&["demo", "--data", &data, "--listen", "127.0.0.1:0", "--division", "110119"])
        .refuses("anmin: ", &["密云区", "--fresh"]);
    let mut anew = Demo::start(&data, &["--fresh", "--division", "110119", "--lang", "en"]);
    assert!(anew.stop().0.contains("北京市延庆区, 2026-09-01"), "another county, from the first day");
}

#[test]
fn a_demonstration_leaves_real_people_alone() {
    let folder = Folder::new();
    let data = at(&folder.path().join("real"));
    assert_eq!(run_here(&["init", "--data", &data]).code, Some(0));
    let demo = ["demo", "--listen", "127.0.0.1:0", "--data", &data];
    run_here(&demo).refuses("anmin: ", &["真实人员"]);
    let fresh: Vec<&str> = demo.into_iter().chain(["--fresh"]).collect();
    run_here(&fresh).refuses("anmin: ", &["不会删除"]);
    run_here(&["demo", "advance", "--data", &data]).refuses("anmin: ", &["正式系统"]);
    run_here(&["demo", "--listen", "0.0.0.0:0", "--data", &data]).refuses("--listen: ", &["127.0.0.1"]);
    assert_eq!(run_here(&["journal", "verify", "--data", &data]).code, Some(0), "nothing was touched");
}
