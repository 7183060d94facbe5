//! One household with its explanation.
use super::{Settings, grouped, least_and_middle, microseconds};
use crate::edge::{Stopped, name, print, read};
use crate::tell::Language;
use anmin_app::decide::Prepared;
use anmin_app::packs::{Sample, read_household, sample};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Decisions with every word and every flip are slower; this share of the times is enough.
const WHOLE: u32 = 100;

/// Prints the table: each file under the pack asked for, or the largest household of each pack's tests.
pub fn run(settings: &Settings<'_>, files: &[PathBuf]) -> Result<(), Stopped> {
    print(&format!("## One household, median of {}\n\n", grouped(settings.times)));
    print(
        "| household | notes | evaluate and explain, µs | whole decision with words and flips, µs |\n|---|--:|--:|--:|\n",
    );
    let refused = Stopped::refused(Language::En);
    match (settings.pack, settings.on) {
        (Some(pack), Some(on)) => {
            let prepared = Prepared::new(settings.library, pack, settings.region, on).map_err(&refused)?;
            for file in files {
                let name = name(file);
                let bytes = read(file)
                    .map_err(|e| Stopped::because(Language::En, &name, e.to_string(), e.to_string()))?;
                let (household, files) = read_household(&prepared, &name, &bytes).map_err(&refused)?;
                one(settings, &Sample { name, prepared: prepared.clone(), household, files });
            }
        }
        _ => settings
            .library
            .packs()
            .iter()
            .filter_map(|p| sample(settings.library, p))
            .for_each(|s| one(settings, &s)),
    }
    print("\n");
    Ok(())
}

fn one(settings: &Settings<'_>, sample: &Sample) {
    let Sample { name, prepared, household, files } = sample;
    let mut notes = 0;
    let explain = timed(settings.times, || {
        notes = prepared.evaluate(household, files).map_or(0, |e| e.explanation.notes.len());
    });
    let whole = timed(settings.times.div_ceil(WHOLE), || {
        std::hint::black_box(prepared.decide_household(household, files).is_ok());
    });
    print(&format!("| {name} | {notes} | {} | {} |\n", microseconds(explain), microseconds(whole)));
}

/// The median of many times.
fn timed(times: u32, mut run: impl FnMut()) -> Duration {
    let mut all = Vec::with_capacity(times as usize);
    for _ in 0..times {
        let start = Instant::now();
        run();
        all.push(start.elapsed());
    }
    least_and_middle(all).1
}
