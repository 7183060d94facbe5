//! A month of many payments through every hand, on a database of its own that is gone afterwards.
use super::{grouped, milliseconds};
use crate::edge::{End, Stopped, doing, moment, print};
use crate::tell::Language;
use anmin_app::deployment::{DeploymentKind, Home, Trouble};
use anmin_app::money::measure::{DAY, month};
use anmin_app::office::Now;
use std::path::Path;
use std::time::{Duration, Instant};

/// The steps that the figure of a month counts: what people wait for.
const COUNTED: [&str; 6] =
    ["prepared", "checked", "signed", "paid by the treasury", "bank's file made", "answered and posted"];

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Packs and regions.
    pub root: &'a Path,
    /// The service that is paid.
    pub programme: &'a str,
    /// How many payments.
    pub payments: u32,
    /// The address of an empty database; a file of its own when left out.
    pub url: Option<&'a str>,
}

/// Measures and prints the table.
pub fn run(asked: &Asked<'_>) -> Result<End, Stopped> {
    let folder = std::env::temp_dir().join(format!("anmin-bench-{}", std::process::id()));
    let measured = doing(measure(asked, &folder), Language::En);
    let _ = std::fs::remove_dir_all(&folder);
    let (steps, amount) = measured?;
    let count = grouped(i64::from(asked.payments));
    print(&format!("## A month of {count} payments\n\n| step | ms |\n|---|--:|\n"));
    for (step, time) in &steps {
        print(&format!("| {step} | {} |\n", milliseconds(*time)));
    }
    let whole = steps.iter().filter(|(step, _)| COUNTED.contains(step)).map(|(_, time)| *time).sum();
    print(&format!("| **from prepared to posted** | **{}** |\n\n", milliseconds(whole)));
    print(&format!("{} fen paid.\n\n", grouped(amount)));
    Ok(End::Done)
}

type Steps = Vec<(&'static str, Duration)>;

async fn measure(asked: &Asked<'_>, folder: &Path) -> Result<(Steps, i64), Trouble> {
    let mut home = Home::in_folder(folder);
    if let Some(url) = asked.url {
        home.url = url.to_owned();
    }
    std::fs::create_dir_all(folder)
        .map_err(|error| Trouble::from(anmin_app::error::Error::from(broken(&error))))?;
    let at = moment();
    home.init(DeploymentKind::Demo, at).await?;
    let office = home.office(asked.root, at).await?;
    let (mut steps, mut since) = (Vec::new(), Instant::now());
    let mut done = |step: &'static str| {
        if !step.is_empty() {
            steps.push((step, since.elapsed()));
        }
        since = Instant::now();
    };
    let now = Now { at, on: DAY };
    let amount = month(&office, asked.programme, asked.payments, now, &mut done).await?;
    office.store().close().await;
    Ok((steps, amount))
}

fn broken(error: &std::io::Error) -> anmin_app::error::Fault {
    anmin_app::error::Fault::Unreachable(error.to_string())
}
