//! The walks of all packs, run to the end: cases as they happen.
use anmin_app::decide::Opened;
use anmin_base::calendar::WorkCalendar;
use anmin_base::date::Date;
use anmin_casework::apply::{Begin, Circumstances, apply, open};
use anmin_casework::case::Case;
use anmin_casework::command::Command;
use anmin_casework::event::Event;
use anmin_casework::walk::Walk;
use anmin_casework::workflow::{Definition, Workflow};
use anmin_pack::library::Library;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A case that was walked.
pub struct Walked {
    pub name: String,
    pub workflow: Workflow,
    pub events: Vec<Event>,
    pub case: Case,
    /// The commands that were done.
    pub done: Vec<Command>,
    /// The day of the walk's last line.
    pub last: Date,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every walk of every pack, in every region it is meant for.
pub fn walked() -> &'static [Walked] {
    static ALL: LazyLock<Vec<Walked>> = LazyLock::new(run_all);
    &ALL
}

fn run_all() -> Vec<Walked> {
    let library = Library::open(&root()).expect("the repository is a library");
    let mut all = vec![];
    for pack in library.packs() {
        for region in std::iter::once(None).chain(library.regions().iter().map(|r| Some(r.as_str()))) {
            let Ok(opened) = Opened::new(&library, pack, region) else { continue };
            let Some(course) = &opened.loaded.workflow else { continue };
            let meant = course.walks.iter().filter(|w| w.region.as_deref() == region);
            all.extend(meant.filter_map(|w| run(&course.definition, &w.walk)));
        }
    }
    all
}

fn run(definition: &Definition, walk: &Walk) -> Option<Walked> {
    let first = walk.lines.first()?;
    let mut chosen = definition.on(first.on).chosen;
    chosen.extend(walk.switches.clone());
    let workflow = definition.resolved(first.on, chosen);
    let mut verdicts = walk.verdicts.clone();
    let mut case: Option<Case> = None;
    let (mut events, mut done) = (vec![], vec![]);
    for line in &walk.lines {
        verdicts.extend(line.verdicts.clone());
        let now = Circumstances { today: line.on, calendar: WorkCalendar::builtin(), verdicts: &verdicts };
        let applied = match (&case, &line.command) {
            (Some(case), command) => apply(&workflow, case, command, &now),
            (None, Command::Take(take)) => {
                let (unit, adults) = (walk.unit.clone(), walk.adults.clone());
                let begin = Begin { unit, adults, programmes: walk.programmes.clone(), take: take.clone() };
                open(&workflow, &begin, &now)
            }
            (None, _) => return None,
        };
        if let Ok((after, happened)) = applied {
            case = Some(after);
            done.push(line.command.clone());
            events.extend(happened);
        }
    }
    let last = walk.lines.last()?.on;
    Some(Walked { name: walk.name.clone(), workflow, events, case: case?, done, last })
}
