//! Checking a journal from its lines alone. Every finding names the checkpoint that closes the interval in which
//! something was done; none for what came after the last one.
//!
//! What this cannot see without a witness: that the newest part was cut off, or that the whole database is an older
//! copy. What it cannot see without the keys: an entry forged before it was sealed, by somebody who can write to the
//! database; `--state` sees that.

use crate::error::{Fault, Result};
use crate::id::{hex, unhex};
use crate::journal::event::Event;
use crate::journal::export::{Entry, Line};
use crate::journal::merkle::Tree;
use crate::journal::sealer::Checkpoint;
use crate::store::Store;
use std::collections::HashMap;
use std::fmt;
use std::io::BufRead;

/// What was found to be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The checkpoint that closes the interval; none after the last one.
    pub interval: Option<i64>,
    /// What.
    pub what: What,
}

/// The ways in which a journal can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An entry is not what its leaf says.
    EntryChanged(String),
    /// A leaf has no entry.
    EntryGone(String),
    /// Leaves are missing, doubled or out of order at this position.
    LeafOutOfPlace(i64),
    /// Entries and leaves were changed together: the signed root is another.
    RootDiffers,
    /// The signature, the peaks or the link of a checkpoint is not true.
    CheckpointForged,
    /// A checkpoint is missing before this one.
    CheckpointGone,
    /// A stream has a gap, a doubled number or a wrong link at this event.
    ChainBroken(String),
    /// An entry is in no checkpoint and waits for none: put in, or taken out of the line.
    Loose(String),
    /// There are leaves after the last checkpoint.
    Unsigned,
    /// The witness has seen a checkpoint that is not here: the end was cut off, or an older copy put in place.
    CutOff,
    /// The witness has seen another checkpoint of this number.
    Forked,
    /// The seal of an entry was not made with the keys.
    Unsealed(String),
    /// The payload of an event is not the one it was written with.
    PayloadChanged(String),
    /// A row is not what its last event says.
    RowChanged(String),
    /// A row that events speak of is gone.
    RowGone(String),
    /// No event speaks of this row.
    RowUnknown(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.interval {
            Some(n) => write!(f, "up to checkpoint {n}: {:?}", self.what),
            None => write!(f, "after the last checkpoint: {:?}", self.what),
        }
    }
}

/// What a check has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many entries were checked.
    pub entries: u64,
    /// How many checkpoints.
    pub checkpoints: u64,
    /// How many entries wait for the next checkpoint.
    pub waiting: u64,
    /// Whether a witness was compared; without one a cut or an older copy is not seen.
    pub with_witness: bool,
    /// What is wrong. Empty is good.
    pub findings: Vec<Finding>,
}

/// Checks lines as they come.
#[derive(Debug)]
pub struct Verifier {
    public: [u8; 32],
    deployment: String,
    witness: Option<Vec<Checkpoint>>,
    tree: Tree,
    last: Option<Checkpoint>,
    /// Whether the last checkpoint is as it was signed, so that the next one's link can be judged.
    link_holds: bool,
    /// The last number and hash of each stream.
    streams: HashMap<(String, String), (i64, String)>,
    /// Findings since the last checkpoint.
    open: Vec<What>,
    loose: Vec<(i64, What)>,
    ends: Vec<(i64, i64)>,
    report: Report,
}

impl Verifier {
    /// For a journal whose checkpoints are signed by the key that belongs to `public`, and, if there is one, a witness.
    pub fn new(public: [u8; 32], witness: Option<Vec<Checkpoint>>) -> Verifier {
        Verifier {
            public,
            deployment: String::new(),
            witness,
            tree: Tree::default(),
            last: None,
            link_holds: true,
            streams: HashMap::new(),
            open: Vec::new(),
            loose: Vec::new(),
            ends: Vec::new(),
            report: Report::default(),
        }
    }

    /// The next line.
    pub fn line(&mut self, line: Line) {
        match line {
            Line::Head { deployment, .. } => self.deployment = deployment,
            Line::Leaf { position, hash, kind, stream, n, entry } => {
                self.leaf(position, &hash);
                let fine = self.entry(&hash, entry.as_ref(), || format!("{kind} {stream} {n}"));
                let prev = match entry {
                    Some(Entry::Access(_)) => return,
                    None if kind == "access" => return,
                    // What was changed is reported; its link says nothing.
                    Some(Entry::Event(event)) if fine => Some(event.prev),
                    _ => None,
                };
                self.chain((kind, stream), n, prev, hash);
            }
            Line::Checkpoint(checkpoint) => self.checkpoint(checkpoint),
            Line::Waits { hash, entry } => {
                self.report.waiting += 1;
                self.entry(&hash, entry.as_ref(), || "what waits".into());
                if let Some(Entry::Event(event)) = entry {
                    let Event { kind, stream, n, prev, .. } = event;
                    self.chain((kind, stream), n, Some(prev), hash);
                }
            }
            Line::Loose(entry) => self.loose.push((at(&entry), What::Loose(name(&entry)))),
            Line::Foot { .. } => {}
        }
    }

    fn leaf(&mut self, position: i64, hash: &str) {
        if i64::try_from(self.tree.size()) != Ok(position) {
            self.open.push(What::LeafOutOfPlace(position));
        }
        match unhex(hash) {
            Some(hash) => self.tree.push(hash),
            None => self.open.push(What::LeafOutOfPlace(position)),
        }
    }

    /// Whether the entry is there and is what its leaf says.
    fn entry(&mut self, hash: &str, entry: Option<&Entry>, named: impl FnOnce() -> String) -> bool {
        self.report.entries += 1;
        let real = entry.map(|entry| match entry {
            Entry::Event(event) => event.hash(),
            Entry::Access(access) => access.hash(),
        });
        match real {
            None => self.open.push(What::EntryGone(named())),
            Some(real) if real != hash => self.open.push(What::EntryChanged(named())),
            Some(_) => return true,
        }
        false
    }

    /// The hash is the leaf's, not the entry's: one changed entry is one finding, not one for each after it.
    fn chain(&mut self, stream: (String, String), n: i64, prev: Option<String>, hash: String) {
        let (last, link) = self.streams.get(&stream).map_or((0, ""), |(n, hash)| (*n, hash.as_str()));
        if n != last + 1 || prev.is_some_and(|prev| prev != link) {
            self.open.push(What::ChainBroken(format!("{} {} {n}", stream.0, stream.1)));
        }
        self.streams.insert(stream, (n, hash));
    }

    fn checkpoint(&mut self, checkpoint: Checkpoint) {
        self.report.checkpoints += 1;
        let n = checkpoint.n;
        let (expected, link) = match &self.last {
            None => (1, String::new()),
            Some(last) => (last.n + 1, last.hash(&self.deployment)),
        };
        let is_true = checkpoint.is_true(&self.deployment, &self.public);
        if n != expected {
            self.open.push(What::CheckpointGone);
        } else if !is_true || checkpoint.prev != link && self.link_holds {
            self.open.push(What::CheckpointForged);
        }
        // A link to a forged one says nothing of this one: one change is one finding.
        self.link_holds = is_true;
        if is_true {
            if hex(&self.tree.root()) != checkpoint.root || self.tree.size().cast_signed() != checkpoint.size
            {
                self.open.push(What::RootDiffers);
            }
            // From here on as it was signed, so that the next interval is judged by itself.
            self.tree = checkpoint.tree().unwrap_or_default();
        }
        if let Some(witness) = &self.witness
            && let Some(seen) = witness.iter().find(|seen| seen.n == n)
            && *seen != checkpoint
            && is_true
        {
            self.open.push(What::Forked);
        }
        self.ends.push((checkpoint.at, n));
        self.close(Some(n));
        self.last = Some(checkpoint);
    }

    fn close(&mut self, interval: Option<i64>) {
        let found = self.open.drain(..).map(|what| Finding { interval, what });
        self.report.findings.extend(found);
    }

    /// What was found.
    pub fn finish(mut self) -> Report {
        let signed = self.last.as_ref().map_or(0, |last| last.size);
        if self.tree.size().cast_signed() > signed {
            self.open.push(What::Unsigned);
        }
        self.close(None);
        // What belongs to nothing is placed by the time it gives itself.
        for (at, what) in std::mem::take(&mut self.loose) {
            let interval = self.ends.iter().find(|(end, _)| *end >= at).map(|(_, n)| *n);
            self.report.findings.push(Finding { interval, what });
        }
        self.report.with_witness = self.witness.is_some();
        let ours = self.last.as_ref().map_or(0, |last| last.n);
        let witness = self.witness.iter().flatten();
        if let Some(first) = witness.map(|seen| seen.n).filter(|n| *n > ours).min() {
            self.report.findings.push(Finding { interval: Some(first), what: What::CutOff });
        }
        self.report
    }
}

pub(crate) fn name(entry: &Entry) -> String {
    match entry {
        Entry::Event(event) => format!("{} {} {}", event.kind, event.stream, event.n),
        Entry::Access(access) => format!("access {} 1", access.id),
    }
}

fn at(entry: &Entry) -> i64 {
    match entry {
        Entry::Event(event) => event.at,
        Entry::Access(access) => access.at,
    }
}

/// Checks an export, offline: no database and no secret key.
///
/// # Errors
/// It cannot be read, is not an export, or broke off.
pub fn verify_export(
    export: &mut dyn BufRead,
    public: [u8; 32],
    witness: Option<Vec<Checkpoint>>,
) -> Result<Report> {
    let mut verifier = Verifier::new(public, witness);
    let mut count = 0;
    let mut ended = false;
    let mut text = String::new();
    loop {
        text.clear();
        if export.read_line(&mut text)? == 0 {
            break;
        }
        let line: Line = serde_json::from_str(&text)
            .map_err(|_| Fault::Backup(format!("line {} is not of an export", count + 1)))?;
        if count == 0 && !matches!(line, Line::Head { format: 1, .. }) {
            return Err(Fault::Backup("it does not begin like an export of format 1".into()).into());
        }
        ended = matches!(line, Line::Foot { lines } if lines == count);
        verifier.line(line);
        count += 1;
    }
    if !ended {
        return Err(Fault::Backup("it broke off, or lines were taken out".into()).into());
    }
    Ok(verifier.finish())
}

impl Store {
    /// Checks the journal in the database, with the witness of the settings.
    ///
    /// # Errors
    /// A fault.
    pub async fn verify_journal(&self) -> Result<Report> {
        let path = self.inner.witness.as_ref();
        let witness = path.map(|path| crate::journal::sealer::read_witness(path)).transpose()?;
        let mut verifier = Verifier::new(self.inner.keys.public(), witness);
        self.journal_lines(&mut |line| {
            verifier.line(line);
            Ok(())
        })
        .await?;
        Ok(verifier.finish())
    }
}
