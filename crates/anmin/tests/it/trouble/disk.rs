//! A full disk under the program: what is to be written is refused with its own problem, what is to be read is shown,
//! nothing acknowledged is lost, and when there is room again it goes on, without a restart. Needs a file system of its
//! own, which takes root: as with the test of the store, `ANMIN_TEST_NO_TMPFS` says that there can be none.
use super::client::Client;
use super::http::{Ask, Reply};
use super::program::Kind;
use super::stages::Stages;
use super::torture;
use super::walk::{Book, EAST};
use crate::run::Folder;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// More than these fit on the disk at no time.
const MOST: u32 = 5_000;

struct Disk {
    path: PathBuf,
    // Removed after the disk is gone.
    _folder: Folder,
}

impl Disk {
    fn new() -> Option<Disk> {
        let folder = Folder::new();
        let path = folder.path().join("disk");
        fs::create_dir_all(&path).expect("a folder");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"]).arg(&path).output();
        let mounted = mounted.is_ok_and(|output| output.status.success());
        mounted.then_some(Disk { path, _folder: folder })
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }

    /// Fills what is left but so many bytes.
    fn fill(&self, leave: u64) {
        let chunk = vec![0xAA_u8; 64 * 1024];
        let mut file = fs::File::create(self.ballast()).expect("a file");
        while file.write_all(&chunk).is_ok() {}
        let size = file.metadata().expect("its size").len();
        file.set_len(size.saturating_sub(leave)).expect("shorter");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}

#[test]
fn a_full_disk_stops_what_is_written_and_nothing_else() {
    let Some(disk) = Disk::new() else {
        let left_out = std::env::var_os("ANMIN_TEST_NO_TMPFS").is_some();
        assert!(
            left_out,
            "no 64 MB tmpfs could be mounted: run ./x test, or as root, or set ANMIN_TEST_NO_TMPFS=1"
        );
        return;
    };
    let stages = Stages::of(Kind::Sqlite);
    let stage = stages.stages.iter().find(|stage| stage.name == "acceptance").expect("a chapter");
    let deployment = stage.before.copy_to(&disk.path.join("data"));
    let mut book = stage.book.clone();
    let before = deployment.rows()["person"];
    let mut client = Client::new(&deployment);
    let file = stored(&mut client, &book, 1_000);
    assert!(file.done(), "{}", file.text());
    let mut entered: Vec<(String, Value)> = Vec::new();
    let left: &[u64] =
        if torture().is_some() { &[0, 8 * 1024, 64 * 1024, 1024 * 1024] } else { &[0, 64 * 1024] };
    for leave in left {
        // Whoever is to look has signed in before.
        reads(&mut client, &book, &entered);
        disk.fill(*leave);
        let refused = until_full(&mut client, &mut book, &mut entered);
        is_full(&refused.1);
        is_full(&stored(&mut client, &book, 2 * 1024 * 1024));
        for _ in 0..20 {
            reads(&mut client, &book, &entered);
        }
        fs::remove_file(disk.ballast()).expect("it is there");
        // The very request that was refused, with its key.
        let done = client.http().send(&client.url(), &refused.0).expect("an answer");
        assert!(done.done(), "room again: {}", done.text());
        entered.push((done.json()["person"].as_str().expect("a person").to_owned(), book_entry(&refused.0)));
        let file = stored(&mut client, &book, 2 * 1024 * 1024);
        assert!(file.done(), "{}", file.text());
    }
    reads(&mut client, &book, &entered);
    assert_eq!(
        client.broken,
        0,
        "it was never restarted, and no answer was another fault: {}",
        deployment.log()
    );
    client.stop();
    deployment.is_sound();
    assert_eq!(deployment.rows()["person"] - before, entered.len() as u64, "each is there once");
    let mut again = Client::new(&deployment);
    reads(&mut again, &book, &entered);
    again.stop();
}

/// The word of the problem, and what one is told.
#[track_caller]
fn is_full(reply: &Reply) {
    assert_eq!((reply.status, reply.code().as_str()), (507, "disk_full"), "{}", reply.text());
    assert_eq!(reply.media, "application/problem+json");
}

/// Who was to be entered, as the form said.
fn book_entry(ask: &Ask) -> Value {
    let body: Value = serde_json::from_slice(ask.body.as_deref().unwrap_or_default()).expect("a form");
    body["entry"]["names"][0]["text"].clone()
}

/// Enters somebody. What was sent and came back, and their name.
fn enter(client: &mut Client<'_>, book: &mut Book) -> ((Ask, Reply), Value) {
    let clerk = book.who("clerk");
    let entry = book.entry(&EAST, "王", (1980, 1, 1));
    let name = entry["names"][0]["text"].clone();
    let input = json!({ "area": book.county.area(EAST.village), "entry": entry });
    let ask = Ask::send("POST", None, "/persons", &input);
    let key = client.key(&clerk, "enter_person");
    let ask = Ask { key: Some(key), token: Some(client.token(&clerk)), ..ask };
    let reply = client.http().send(&client.url(), &ask).expect("an answer");
    ((ask, reply), name)
}

/// Enters people until one is refused.
fn until_full(client: &mut Client<'_>, book: &mut Book, entered: &mut Vec<(String, Value)>) -> (Ask, Reply) {
    for _ in 0..MOST {
        let ((ask, reply), name) = enter(client, book);
        if !reply.done() {
            return (ask, reply);
        }
        entered.push((reply.json()["person"].as_str().expect("a person").to_owned(), name));
    }
    panic!("the disk is never full");
}

/// Puts a paper of this size into a case.
fn stored(client: &mut Client<'_>, book: &Book, size: usize) -> Reply {
    // As long as is wanted, and whole to its last line.
    let end = b"\n%%EOF\n";
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(size - end.len(), b' ');
    bytes.extend_from_slice(end);
    let path = format!("/cases/{}/files", book.id("granted"));
    let ask =
        Ask { media: "application/pdf", body: Some(bytes), ..Ask::send("POST", None, path, &Value::Null) };
    client.attempt(&book.who("clerk"), "store_file", ask)
}

/// Whoever was entered is there, and so is all else.
fn reads(client: &mut Client<'_>, book: &Book, entered: &[(String, Value)]) {
    let (clerk, examiner) = (book.who("clerk"), book.who("examiner"));
    let some = [entered.first(), entered.get(entered.len() / 2), entered.last()];
    for (person, name) in some.into_iter().flatten() {
        let seen = client.see(&clerk, &format!("/persons/{person}"));
        assert_eq!(seen["name"], *name, "{seen}");
    }
    client.see(&examiner, "/cases?limit=100");
    client.see(&examiner, &format!("/cases/{}", book.id("granted")));
    client.see(&book.who("system"), "/places");
    assert_eq!(client.look(&clerk, "/health").status, 200);
}
