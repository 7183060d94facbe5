//! The same request twice, many times at once, and again long after: done once, answered alike.
use super::client::Client;
use super::program::{BOTH, Kind};
use super::stages::Stages;
use super::told::{records, same, told};
use super::torture;
use std::collections::BTreeSet;

/// So many at once of every request that changes something, in the long form and in the short one.
const CROWD: usize = 100;
const FEW: usize = 8;

#[test]
fn a_request_sent_again_is_done_once() {
    let kinds = if torture().is_some() { &BOTH[..] } else { &[Kind::Sqlite] };
    for kind in kinds {
        played(*kind);
    }
}

fn played(kind: Kind) {
    let stages = Stages::of(kind);
    let deployment = stages.county.copy();
    let mut book = stages.stages[0].book.clone();
    let mut client = Client::new(&deployment);
    client.crowd = if torture().is_some() { CROWD } else { FEW };
    for stage in &stages.stages {
        (stage.chapter)(&mut client, &mut book);
        same(&stage.told, &told(&mut client, &book), stage.name);
        assert_eq!(records(&deployment), stage.records, "{}: each thing is there once", stage.name);
    }
    // The story uses every route that changes something (routes.rs), so each came so many times at once.
    let entries = stages.end.entries();
    assert_eq!(deployment.entries(), entries, "each thing stands in the journal once");
    // Long after, in another order: all that came is in the way of doing it once more.
    let sent = client.sent.clone();
    for sent in sent.iter().rev().filter(|sent| sent.command.is_some()) {
        sent.is_answered_alike(&client.again(sent), "late");
    }
    // A whole crowd at once, for each command.
    let mut seen = BTreeSet::new();
    for sent in sent.iter().filter(|sent| sent.command.as_ref().is_some_and(|name| seen.insert(name))) {
        let url = client.url();
        let (http, ask) = (client.http(), &sent.ask);
        std::thread::scope(|scope| {
            let again = || http.send(&url, ask).expect("an answer");
            let sending: Vec<_> = (0..CROWD).map(|_| scope.spawn(again)).collect();
            for one in sending {
                sent.is_answered_alike(&one.join().expect("a reply"), "in a crowd");
            }
        });
    }
    // The same key for something else.
    let first = &sent.iter().find(|sent| sent.command.is_some()).expect("something was sent");
    let mut other = first.ask.clone();
    other.body = Some(b"{}".to_vec());
    let refused = client.http().send(&client.url(), &other).expect("an answer");
    assert_eq!((refused.status, refused.code().as_str()), (409, "other_request"), "{}", refused.text());
    assert!(!refused.replayed);
    let last = stages.stages.last().expect("chapters");
    assert_eq!(records(&deployment), last.records, "nothing is done again");
    assert_eq!(deployment.entries(), entries, "and nothing written in the journal");
    client.stop();
    deployment.is_sound();
}
