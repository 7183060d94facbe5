//! A deployment from its first day: made, served, copied, put back, proved untouched.
use crate::run::{Folder, Run, run_here};
use crate::tidy::source::root;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

fn at(folder: &Path) -> String {
    folder.display().to_string()
}

fn init(folder: &Path, more: &[&str]) -> Run {
    let data = at(folder);
    let args: Vec<&str> = ["init", "--data", &data].into_iter().chain(more.iter().copied()).collect();
    run_here(&args)
}

/// The one word of 64 hexadecimal digits in a text, twice: in Chinese and in English.
#[track_caller]
fn token(text: &str) -> &str {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut tokens = words.filter(|w| w.len() == 64 && w.bytes().all(|b| b.is_ascii_hexdigit()));
    let (zh, en) = (tokens.next(), tokens.next());
    assert!(zh.is_some() && zh == en && tokens.next().is_none(), "{text}");
    zh.unwrap()
}

/// A server of our own, ended when the test ends.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(args: &[&str]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anmin"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(args).current_dir(root());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).expect("it says where it listens");
        let address = line.trim().strip_prefix("http://").and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Server { child, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks it to stop, as a service manager does; its exit code.
    fn stop(&mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.expect("kill is there").success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_new_database_says_what_to_do_next_in_both_languages() {
    let folder = Folder::new();
    let data = folder.path().join("data");
    let first = init(&data, &[]);
    assert_eq!(first.code, Some(0), "{first:?}");
    for words in ["登记令牌", "Enrolment token", "anmin serve", "密钥", "the key folder"] {
        assert!(first.out.contains(words), "{}", first.out);
    }
    let again = init(&data, &[]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_ne!(token(&first.out), token(&again.out), "a token is good for one hour's work");
    assert!(again.out.contains("系统早已建立"), "{}", again.out);
    init(&data, &["--demo"]).refuses("anmin: ", &["这里已经有一个系统"]);
    init(&data, &["--demo", "--lang", "en"]).refuses("anmin: ", &["there is a database here already"]);
    run_here(&["init"]).refuses("anmin: ", &["--data"]);
}

#[test]
fn a_served_office_answers_and_ends_when_it_is_asked_to() {
    let folder = Folder::new();
    init(folder.path(), &[]);
    let data = at(folder.path());
    let mut server = Server::start(&["--data", &data]);
    let health = server.get("/api/v1/health");
    assert!(health.starts_with("HTTP/1.1 200") && health.ends_with(r#"{"status":"ok"}"#), "{health}");
    assert!(server.get("/api/v1/cases").starts_with("HTTP/1.1 401"));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_demonstration_and_a_record_refuse_each_other() {
    let folder = Folder::new();
    let (demo, record) = (folder.path().join("demo"), folder.path().join("record"));
    init(&demo, &["--demo"]);
    init(&record, &[]);
    let (demo, record) = (at(&demo), at(&record));
    run_here(&["serve", "--data", &demo]).refuses("anmin: ", &["演示系统的数据库"]);
    run_here(&["serve", "--demo", "--data", &record]).refuses("anmin: ", &["--demo"]);
    let open = ["serve", "--demo", "--data", &demo, "--listen", "0.0.0.0:0"];
    run_here(&open).refuses("--listen: ", &["127.0.0.1"]);
    let mut server = Server::start(&["--demo", "--data", &demo]);
    assert!(server.get("/api/v1/openapi.json").contains("/demo/next-day"));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_copy_comes_back_and_the_journal_is_sound() {
    let folder = Folder::new();
    let path = |name: &str| at(&folder.path().join(name));
    let (data, copy, new, out) = (path("data"), path("copy"), path("new"), path("journal.ndjson"));
    init(Path::new(&data), &[]);
    let done = |args: &[&str]| {
        let run = run_here(args);
        assert_eq!(run.code, Some(0), "{args:?}: {run:?}");
        run.out
    };
    // The first round of jobs leaves a trace in the journal.
    Server::start(&["--data", &data]).stop();
    done(&["backup", "--data", &data, &copy]);
    run_here(&["backup", "--data", &data, &copy]).refuses("anmin: ", &["副本"]);
    let keys = format!("{data}/keys");
    done(&["restore", "--data", &new, "--keys", &keys, &copy]);
    for state in [&[][..], &["--state"]] {
        let args: Vec<&str> =
            ["journal", "verify", "--lang", "en", "--data", &data].iter().chain(state).copied().collect();
        assert!(done(&args).ends_with("Sound.\n"));
        let args: Vec<&str> =
            ["journal", "verify", "--data", &new, "--keys", &keys].iter().chain(state).copied().collect();
        assert!(done(&args).ends_with("完好。\n"));
    }
    done(&["journal", "export", "--data", &data, &out]);
    run_here(&["journal", "export", "--data", &data, &out]).refuses(&out, &["不能新建"]);
    let text = std::fs::read_to_string(&out).unwrap();
    let head: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let key = head["head"]["public_key"].as_str().unwrap();
    done(&["journal", "verify", "--export", &out, "--public-key", key]);
    std::fs::write(&out, text.replacen("\"schedule\"", "\"scheduled\"", 1)).unwrap();
    let tampered = run_here(&["journal", "verify", "--json", "--export", &out, "--public-key", key]);
    assert_eq!(tampered.code, Some(1), "{tampered:?}");
    let report: serde_json::Value = serde_json::from_str(&tampered.out).unwrap();
    assert_eq!(report["sound"], false);
    run_here(&["journal", "verify", "--export", &out, "--public-key", "00"]).refuses(&out, &["公钥"]);
}
