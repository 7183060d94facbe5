//! Trouble, through the program's own door: killed at every fault point (kills.rs, commands.rs), raced (races.rs), replayed
//! (replays.rs), out of disk (disk.rs), without its database (gone.rs), crawled for what is not theirs (canary.rs), in
//! other time zones (zones.rs). Short in `./x test`; all of it in `./x torture`. `./x torture api` tries the interface
//! out against its description: tests/api.
mod applying;
mod asks;
mod canary;
mod client;
#[cfg(feature = "faults")]
mod commands;
mod county;
mod disk;
mod gone;
mod http;
#[cfg(feature = "faults")]
mod kills;
mod program;
mod races;
mod random;
mod replays;
mod routes;
mod server;
mod sights;
mod stages;
mod story;
mod told;
mod walk;
mod zones;

/// How much of what takes long; none in the short form.
pub struct Torture {
    /// Another seed, other choices.
    pub seed: u64,
    /// Passings of each fault point in each chapter.
    pub passings: u32,
    /// Kills from outside, for each kind of database.
    pub kills: u32,
}

/// The long form, if that is asked for: `./x torture` sets `ANMIN_TORTURE`, to a seed if it is given one.
pub fn torture() -> Option<Torture> {
    let said = std::env::var("ANMIN_TORTURE").ok()?;
    let seed = said.parse().unwrap_or(1);
    Some(Torture { seed, passings: 4, kills: 500 })
}
