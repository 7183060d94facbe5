//! The story played once without trouble: what the deployment was before each chapter and what it told after it. Tests
//! begin where they like and compare with what would have been. Made once for all tests that run at the same time.
use super::client::{Client, Harm, PASSED};
use super::county::County;
use super::program::{Deployment, Kind};
use super::story::{CHAPTERS, Chapter};
use super::told::{records, told};
use super::walk::Book;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A chapter, and what was before and after it.
pub struct Stage {
    pub name: &'static str,
    pub chapter: Chapter,
    /// The deployment as it was before. Nobody works on it: copies are made.
    pub before: Deployment,
    pub book: Book,
    pub records: BTreeMap<String, u64>,
    pub told: BTreeMap<String, String>,
    /// How often each fault point was passed, the start of the program included.
    pub passed: BTreeMap<String, u32>,
    /// How many requests there were.
    pub asked: u32,
}

/// The story on one kind of database.
pub struct Stages {
    /// A county in which nothing has happened yet.
    pub county: Deployment,
    pub stages: Vec<Stage>,
    /// The deployment at the end.
    pub end: Deployment,
    pub book: Book,
    /// Method and address of all that was sent.
    pub used: Vec<(&'static str, String)>,
}

static KEPT: [Mutex<Weak<Stages>>; 2] = [Mutex::new(Weak::new()), Mutex::new(Weak::new())];

impl Stages {
    /// Those of other tests if some are at work with them, or new ones.
    pub fn of(kind: Kind) -> Arc<Stages> {
        let at = if kind == Kind::Sqlite { 0 } else { 1 };
        let mut kept = KEPT[at].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stages) = kept.upgrade() {
            return stages;
        }
        let stages = Arc::new(Stages::play(kind));
        *kept = Arc::downgrade(&stages);
        stages
    }

    fn play(kind: Kind) -> Stages {
        let deployment = Deployment::new(kind);
        let mut book = Book::new(County::build(&deployment));
        let county = deployment.copy();
        let (mut stages, mut used) = (Vec::new(), Vec::new());
        for (name, chapter) in CHAPTERS {
            let (before, begun) = (deployment.copy(), book.clone());
            let mut client = Client::harmed(&deployment, Harm { counted: true, ..Harm::default() });
            chapter(&mut client, &mut book);
            let (asked, passed) = (client.asked(), passed(&deployment));
            let told = told(&mut client, &book);
            used.extend(client.sent.iter().map(|sent| (sent.ask.method, sent.ask.path.clone())));
            client.stop();
            let records = records(&deployment);
            stages.push(Stage { name, chapter, before, book: begun, records, told, passed, asked });
        }
        deployment.is_sound();
        Stages { county, stages, end: deployment, book, used }
    }
}

/// What was written down of passings since the last time.
fn passed(deployment: &Deployment) -> BTreeMap<String, u32> {
    let file = deployment.beside(PASSED);
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let _ = std::fs::remove_file(file);
    let mut passed = BTreeMap::new();
    for point in text.lines() {
        *passed.entry(point.to_owned()).or_insert(0) += 1;
    }
    passed
}
