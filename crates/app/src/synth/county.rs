//! Making a county in a demonstration, and what was made.

use super::canary::canary;
use super::digest::Digest;
use super::plan::{Plan, not_a_demonstration};
use super::story::StoryV1;
use super::walk::Story;
use super::world::{Household, World};
use super::write::{CASES, HOMES, sum_rows};
use crate::error::{Error, Fault, Kind, Refusal, Result};
use crate::office::Office;
use crate::record::TextV1;
use anmin_casework::workflow::Named;
use anmin_store::DeploymentKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, channel};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being written.
    pub what: What,
    /// How many are done.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

/// What is being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Homes with everybody in them.
    Homes,
    /// Cases, many at once.
    Cases,
    /// Steps of cases, each a command.
    Steps,
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MadeV1 {
    /// Always `anmin.synth-made/1`.
    pub schema: &'static str,
    /// The day the demonstration has come to.
    pub today: String,
    /// Areas, the city and the county among them.
    pub areas: usize,
    /// Units.
    pub units: usize,
    /// People who work here.
    pub staff: usize,
    /// People who live here or owe somebody here support.
    pub people: u64,
    /// Homes.
    pub homes: u32,
    /// Cases.
    pub cases: u32,
    /// How many cases are in which state, in the order of the course.
    pub states: Vec<StateV1>,
    /// Some to sign in as.
    pub personas: Vec<PersonaV1>,
    /// The county and its first towns, each with the word that stands in everything of it if they are made up.
    pub places: Vec<PlaceV1>,
    /// A sum over everything that was written, the same for the same plan.
    pub checksum: String,
}

/// How many cases are in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StateV1 {
    /// The state, by name.
    pub state: String,
    /// What it is called.
    pub title: TextV1,
    /// How many.
    pub cases: u32,
}

/// Somebody to sign in as.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct PersonaV1 {
    /// What they are told by, the same in every demonstration: the role of staff, of residents what is the matter with them.
    pub key: String,
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The login.
    pub login: String,
    /// The role, by name: `resident` of who applies.
    pub role: String,
    /// What the role is called.
    pub role_name: TextV1,
    /// Of which area.
    pub area: String,
    /// Why they are interesting, and what can be tried.
    pub tries: TextV1,
}

/// A place of the county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlaceV1 {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its word; none on real ground.
    pub canary: String,
}

impl Office {
    /// Makes a county in a demonstration. A run that broke off is gone on with by the same plan.
    ///
    /// # Errors
    /// This is no demonstration, it has a county already, the plan is out of range, or a fault.
    pub async fn synthesise(&self, plan: &Plan, tell: &mut (dyn FnMut(Progress) + Send)) -> Result<MadeV1> {
        if self.store().deployment().kind != DeploymentKind::Demo {
            return Err(not_a_demonstration());
        }
        plan.check()?;
        let world = World::lay_out(self, plan)?;
        let own = anmin_authz::id::AreaId(world.county.areas[world.county.own].id.0);
        let areas = &self.rights().areas;
        if areas.area(own).is_none() && areas.areas().next().is_some() {
            return Err(taken());
        }
        let mut making = Making { world, digest: Digest::default(), people: 0, states: BTreeMap::new() };
        making.foundation().await?;
        making.homes(tell).await?;
        making.cases(tell).await?;
        let noon = making.world.noon();
        self.read_rights(noon).await?;
        // Only a county on real ground is there to be walked through.
        if plan.divisions.is_some() {
            making.world.pay().await?;
        }
        self.store().seal(noon, true).await?;
        let county = making.world.county.clone();
        let made = making.made()?;
        let own = &county.areas[county.own];
        self.tell_story(&StoryV1::of(plan, &made, own.code.to_string(), own.path.clone())).await?;
        Ok(made)
    }
}

fn taken() -> Error {
    Refusal::new(
        Kind::Conflict,
        "not_empty",
        "这个演示数据库里已有别的数据。",
        "This demonstration has something else in it already.",
    )
    .next(
        "请另选一个空目录，或用原来的参数继续。",
        "Choose an empty folder, or go on with the arguments it was made with.",
    )
    .into()
}

struct Making {
    world: World,
    digest: Digest,
    people: u64,
    states: BTreeMap<String, u32>,
}

/// A batch of something, made in the background.
struct Batch<T> {
    items: Vec<T>,
    digest: Digest,
}

impl Making {
    /// Places and staff, on which everything else hangs.
    async fn foundation(&mut self) -> Result<()> {
        let world = &self.world;
        let places = world.place_rows();
        let staff = world.staff_rows()?;
        sum_rows(&mut self.digest, places.iter().chain(&staff));
        world.rows("places", places).await?;
        world.rows("staff", staff).await?;
        let office = &world.office;
        // One that was finished has a day of its own by now.
        if office.store().demo_story().await?.is_none() {
            office.store().set_demo_day(world.plan.today).await?;
        }
        office.read_rights(world.noon()).await?;
        let rights = office.rights();
        match rights.flawed.first() {
            Some((post, why)) => Err(Fault::Broken(format!("post {post:?}: {why}")).into()),
            None => Ok(()),
        }
    }

    async fn homes(&mut self, tell: &mut (dyn FnMut(Progress) + Send)) -> Result<()> {
        let total = self.world.plan.households;
        let make = |world: &World, number: u32, digest: &mut Digest| -> Result<Household> {
            let home = world.household(number)?;
            sum_rows(digest, home.persons.iter().chain(&home.others).chain(&home.recordings));
            Ok(home)
        };
        let mut batches = Batches::start(&self.world, total, HOMES, make);
        let (mut number, mut done) = (0, 0);
        while let Some(batch) = batches.next().await {
            let Batch { items, digest } = batch?;
            self.digest.and(digest);
            self.people += items.iter().map(|home| home.persons.len() as u64).sum::<u64>();
            done += items.len() as u64;
            self.world.homes(number, items).await?;
            number += 1;
            tell(Progress { what: What::Homes, done, total: u64::from(total) });
        }
        let accounts = self.world.resident_rows()?;
        sum_rows(&mut self.digest, accounts.iter());
        self.world.rows("accounts", accounts).await?;
        Ok(())
    }

    async fn cases(&mut self, tell: &mut (dyn FnMut(Progress) + Send)) -> Result<()> {
        let total = self.world.plan.cases;
        let make = |world: &World, case: u32, digest: &mut Digest| -> Result<Story> {
            let story = world.story(case)?;
            digest.story(&story);
            Ok(story)
        };
        let by_commands = self.world.plan.by_commands();
        let mut batches = Batches::start(&self.world, total, CASES, make);
        let mut kept = Vec::new();
        let (mut number, mut done) = (0, 0);
        while let Some(batch) = batches.next().await {
            let Batch { items, digest } = batch?;
            self.digest.and(digest);
            for story in &items {
                *self.states.entry(story.file.case.state.clone()).or_default() += 1;
            }
            done += items.len() as u64;
            match by_commands {
                true => kept.extend(items),
                false => {
                    self.world.cases(number, items).await?;
                    number += 1;
                    tell(Progress { what: What::Cases, done, total: u64::from(total) });
                }
            }
        }
        if by_commands {
            let recorded: Vec<_> = kept.iter().flat_map(|story| story.recorded.iter().cloned()).collect();
            self.world.rows("reviews", recorded).await?;
            let mut steps = |done, total| tell(Progress { what: What::Steps, done, total });
            self.world.play(&kept, &mut steps).await?;
        }
        Ok(())
    }

    fn made(self) -> Result<MadeV1> {
        let states = self.counted()?;
        let personas = self.world.personas();
        let World { plan, county, staff, .. } = &self.world;
        let shown = county
            .areas
            .iter()
            .skip(county.own)
            .filter(|area| area.above.len() <= county.areas[county.own].above.len() + 1)
            .take(6);
        Ok(MadeV1 {
            schema: "anmin.synth-made/1",
            today: plan.today.to_string(),
            areas: county.areas.len(),
            units: county.units.len(),
            staff: staff.people.len(),
            people: self.people,
            homes: plan.households,
            cases: plan.cases,
            personas,
            places: shown
                .map(|area| PlaceV1 {
                    code: area.code.to_string(),
                    name: area.name.clone(),
                    canary: if plan.divisions.is_none() { canary(area.code) } else { String::new() },
                })
                .collect(),
            states,
            checksum: self.digest.hex(),
        })
    }

    fn counted(&self) -> Result<Vec<StateV1>> {
        let World { office, plan, .. } = &self.world;
        let opened = office.opened(&plan.service, Some(&plan.region))?;
        let workflow = office.workflow(&opened, plan.today)?;
        let counted = workflow.states.iter().filter_map(|state| {
            let Named { name, label } = &state.named;
            let title = TextV1 { zh: label.zh.clone(), en: label.en.clone() };
            Some(StateV1 { state: name.clone(), title, cases: *self.states.get(name)? })
        });
        Ok(counted.collect())
    }
}

/// Batches made by threads in the background, in their order.
struct Batches<T> {
    workers: Vec<Receiver<Result<Batch<T>>>>,
    next: usize,
}

/// Batches that wait to be written, for each thread.
const AHEAD: usize = 2;

impl<T: Send + 'static> Batches<T> {
    fn start(
        world: &World,
        total: u32,
        size: u32,
        make: impl Fn(&World, u32, &mut Digest) -> Result<T> + Send + Sync + 'static,
    ) -> Batches<T> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, 8);
        let make = Arc::new(make);
        let mut workers = Vec::new();
        for first in 0..threads {
            let (sender, receiver) = channel(AHEAD);
            let (world, make) = (world.clone(), make.clone());
            let batches = total.div_ceil(size);
            std::thread::spawn(move || {
                for number in (first as u32..batches).step_by(threads) {
                    let mut digest = Digest::default();
                    let of = number * size..((number + 1) * size).min(total);
                    let items: Result<Vec<T>> = of.map(|n| make(&world, n, &mut digest)).collect();
                    let failed = items.is_err();
                    // Nobody listens any more once the writer has failed.
                    if sender.blocking_send(items.map(|items| Batch { items, digest })).is_err() || failed {
                        return;
                    }
                }
            });
            workers.push(receiver);
        }
        Batches { workers, next: 0 }
    }

    /// The next batch; none after the last.
    async fn next(&mut self) -> Option<Result<Batch<T>>> {
        let of = self.workers.len();
        let batch = self.workers[self.next % of].recv().await;
        self.next += 1;
        batch
    }
}
