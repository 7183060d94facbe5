//! The check of all packs.
use super::{Settings, least_and_middle, milliseconds};
use crate::edge::print;
use anmin_app::packs::check;
use anmin_base::date::Date;
use std::time::Instant;

/// A date for the check; what it finds is not looked at here.
const TODAY: Date = Date::ymd(2026, 9, 1);

/// Prints the table.
pub fn run(settings: &Settings<'_>) {
    print(
        "## Check of all packs in all their regions\n\n| packs | regions | least ms | median ms |\n|--:|--:|--:|--:|\n",
    );
    let names: Vec<String> = settings.pack.iter().map(|p| (*p).to_owned()).collect();
    let mut times = vec![];
    let (mut packs, mut regions) = (0, 0);
    for _ in 0..settings.runs {
        let start = Instant::now();
        let report = check(settings.library, &names, settings.region, settings.on.unwrap_or(TODAY));
        times.push(start.elapsed());
        packs = report.packs.len();
        regions = report.packs.iter().map(|p| p.regions.len()).sum::<usize>();
    }
    let (least, middle) = least_and_middle(times);
    print(&format!("| {packs} | {regions} | {} | {} |\n\n", milliseconds(least), milliseconds(middle)));
}
