//! An office at work: the database, the packs, who may do what, and the day. Everything that is done or looked at goes
//! through an [`Office`]; it never asks what time it is.

mod rights;

pub use rights::{Rights, UnitEntry};
pub(crate) use rights::{STANDINGS, date, days};

use crate::decide::{Opened, Prepared};
use crate::error::{Error, Fault, Refusal, Result};
use anmin_authz::actor::Actor;
use anmin_authz::authority::{ActionId, Authority, Capacity, PurposeId};
use anmin_authz::decide::Ctx;
use anmin_authz::id::{AreaId, LoginId, PersonId};
use anmin_authz::reason::Reason;
use anmin_authz::scope::{Scope as AuthzScope, SystemJob};
use anmin_base::calendar::WorkCalendar;
use anmin_base::date::Date;
use anmin_casework::workflow::Workflow;
use anmin_pack::library::Library;
use anmin_pack::workflow::Course;
use anmin_store::{DeploymentKind, Moment, Scope, Store};
use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// The moment of a request, and the civil date on which it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The moment: for the journal, sessions and leases.
    pub at: Moment,
    /// The day: for the law. In a demonstration it is the demonstration's.
    pub on: Date,
}

/// Who asks, as the session says.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person.
    pub person: PersonId,
    /// What they signed in with.
    pub login: LoginId,
    /// As what.
    pub capacity: Capacity,
    /// When they last showed the second factor.
    pub stepped_up: Option<Moment>,
    /// How often they have done today what is rationed, where that was counted.
    pub rationed_today: u16,
}

/// A request to change something.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// Now.
    pub now: Now,
    /// Why they look into personal records; none: what their post is for.
    pub purpose: Option<&'a str>,
    /// The key the server made for this one request, and the body that came with it.
    pub request: Option<(&'a str, &'a [u8])>,
}

/// An office.
#[derive(Clone, Debug)]
pub struct Office {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub store: Store,
    pub authority: Authority,
    /// How much is tried at once at the door.
    pub gate: crate::staff::Gate,
    /// How many photographs are decoded at once.
    pub pictures: Arc<tokio::sync::Semaphore>,
    /// When the packs were read: what is decided since goes by them.
    pub opened_at: Moment,
    library: Library,
    queues: Vec<anmin_pack::queue::Queue>,
    rights: RwLock<Arc<Rights>>,
    reading: tokio::sync::Mutex<()>,
    opened: Kept<(String, Option<String>), Arc<Opened>>,
    prepared: Kept<(String, Option<String>, Date), Arc<Prepared>>,
    workflows: Kept<(String, Option<String>, Date), Arc<Workflow>>,
    asking: Kept<(String, Option<String>, Date), Arc<crate::asking::Asking>>,
    checked: Kept<Date, Arc<crate::packs::CheckReport>>,
}

/// What was worked out and may be needed again. When there is too much of it, it is worked out anew.
#[derive(Debug)]
struct Kept<K, V>(Mutex<HashMap<K, V>>);

/// How much of each kind is kept.
const MOST_KEPT: usize = 256;

impl<K: Hash + Eq, V: Clone> Kept<K, V> {
    fn new() -> Self {
        Kept(Mutex::new(HashMap::new()))
    }

    fn get(&self, key: K, make: impl FnOnce(&K) -> Result<V>) -> Result<V> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = kept.get(&key) {
            return Ok(value.clone());
        }
        drop(kept);
        let value = make(&key)?;
        kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, value.clone());
        Ok(value)
    }
}

impl Office {
    /// Opens an office on a database, with the packs and regions under `root`.
    ///
    /// # Errors
    /// The packs cannot be read, the table of authority has flaws, or the database cannot be read.
    pub async fn open(store: Store, root: &Path, at: Moment) -> Result<Office> {
        let broken = |what: String| Error::Fault(Fault::Broken(what));
        let library = Library::open(root).map_err(|e| broken(format!("{}: {e}", root.display())))?;
        let authority = library.authority().map_err(|failure| {
            let lines = anmin_pack::workflow::in_lines(&failure.files, &failure.findings);
            broken(lines.join("\n"))
        })?;
        let queues = library.queues(&authority).map_err(|failure| {
            let lines = anmin_pack::workflow::in_lines(&failure.files, &failure.findings);
            broken(lines.join("\n"))
        })?;
        let inner = Inner {
            store,
            authority,
            gate: crate::staff::Gate::default(),
            pictures: Arc::new(tokio::sync::Semaphore::new(2)),
            opened_at: at,
            library,
            queues,
            rights: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
            opened: Kept::new(),
            prepared: Kept::new(),
            workflows: Kept::new(),
            asking: Kept::new(),
            checked: Kept::new(),
        };
        let office = Office { inner: Arc::new(inner) };
        office.read_rights(at).await?;
        Ok(office)
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Who may do what.
    pub fn authority(&self) -> &Authority {
        &self.inner.authority
    }

    /// The working days.
    pub fn calendar(&self) -> &'static WorkCalendar {
        WorkCalendar::builtin()
    }

    /// The packs there are.
    pub fn packs(&self) -> &[String] {
        self.inner.library.packs()
    }

    /// The tabs of the list of work, whoever has them.
    pub(crate) fn all_queues(&self) -> &[anmin_pack::queue::Queue] {
        &self.inner.queues
    }

    /// When the packs were read.
    pub fn opened_at(&self) -> Moment {
        self.inner.opened_at
    }

    /// Areas, units and posts as they are now.
    pub fn rights(&self) -> Arc<Rights> {
        self.inner.rights.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads areas, units and posts anew: after a change to one of them, and from time to time where several programs
    /// share a database.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn read_rights(&self, at: Moment) -> Result<()> {
        // One after another: whoever comes later reads later, so that older rights never take the place of newer ones.
        let _one_by_one = self.inner.reading.lock().await;
        let on = self.today(at).await?;
        let rights = Rights::read(&self.inner.store, &self.inner.authority, on).await?;
        *self.inner.rights.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rights);
        Ok(())
    }

    /// The civil date at a moment: in China, or in a demonstration the date it has come to.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn today(&self, at: Moment) -> Result<Date> {
        if self.inner.store.deployment().kind == DeploymentKind::Demo
            && let Some(day) = self.inner.store.demo_day().await?
        {
            return Ok(day);
        }
        Ok(day_in_china(at))
    }

    /// The moment, with its day.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn now(&self, at: Moment) -> Result<Now> {
        Ok(Now { at, on: self.today(at).await? })
    }

    /// Who asks, with their posts.
    pub fn actor(&self, caller: &Caller) -> Actor {
        let mut actor = match caller.capacity {
            Capacity::Resident => Actor::resident(caller.person, caller.login),
            _ => Actor::staff(caller.person, caller.login, self.rights().posts_of(caller.person)),
        };
        actor.capacity = caller.capacity;
        actor.stepped_up = caller.stepped_up.map(seconds);
        actor.rationed_today = caller.rationed_today;
        actor
    }

    /// The caller, with how often they have done today what is rationed: before it is done once more.
    pub(crate) async fn rationed(&self, caller: &Caller, now: Now) -> Result<Caller> {
        let person = anmin_store::Id(caller.person.0);
        // The day in China as the moment has it: a demonstration's own day goes on without a clock.
        let midnight = i64::from(day_in_china(now.at).days()) * 86_400_000 - 8 * 3_600_000;
        let done = self.inner.store.revealed_since(person, Moment(midnight)).await?;
        Ok(Caller { rationed_today: u16::try_from(done).unwrap_or(u16::MAX), ..caller.clone() })
    }

    /// What a decision is made under.
    pub(crate) fn ctx<'a>(&'a self, rights: &'a Rights, now: Now) -> Ctx<'a> {
        Ctx {
            authority: &self.inner.authority,
            areas: &rights.areas,
            on: now.on,
            at: seconds(now.at),
            urgent_cap: None,
        }
    }

    /// The scope of a caller for an action, and the purpose it is for.
    ///
    /// # Errors
    /// They may not do that at all, or not for this purpose.
    pub(crate) fn scope(
        &self,
        caller: &Caller,
        action: ActionId,
        purpose: Option<&str>,
        now: Now,
    ) -> Result<(AuthzScope, PurposeId)> {
        let authority = &self.inner.authority;
        let actor = self.actor(caller);
        let rights = self.rights();
        let ctx = self.ctx(&rights, now);
        let asked: Vec<PurposeId> = match purpose {
            Some(name) => vec![authority.purpose(name).ok_or_else(|| self.no_such_purpose(name))?],
            None => (0..authority.parts().purposes.len()).map(PurposeId).collect(),
        };
        let mut nearest = None;
        for purpose in asked {
            match AuthzScope::for_actor(&actor, action, purpose, &ctx) {
                Ok(scope) => return Ok((scope, purpose)),
                // That it is not for this purpose says least: another of them may be nearer to a yes.
                Err(Reason::Purpose) if nearest.is_some() => {}
                Err(reason) => nearest = Some(reason),
            }
        }
        let reason = nearest.unwrap_or(Reason::NotPermitted);
        Err(Error::denied(&reason, authority))
    }

    /// Whether somebody may do that at all, whatever it is done to: what an edge asks before it reads a body.
    ///
    /// # Errors
    /// They may not, or not for this purpose.
    pub fn may(&self, caller: &Caller, action: &str, purpose: Option<&str>, now: Now) -> Result<()> {
        self.scope(caller, self.action(action)?, purpose, now).map(|_| ())
    }

    fn no_such_purpose(&self, name: &str) -> Error {
        let known: Vec<&str> =
            self.inner.authority.parts().purposes.iter().map(|p| p.named.name.as_str()).collect();
        let known = known.join(", ");
        Refusal::new(
            crate::error::Kind::Invalid,
            "unknown_purpose",
            format!("没有“{name}”这一用途；可选：{known}。"),
            format!("There is no purpose {name}; there are: {known}."),
        )
        .into()
    }

    /// The scope of a job.
    pub(crate) fn job_scope(&self, job: SystemJob, on: Date) -> Scope {
        Scope::from_authz(&AuthzScope::system(job, on), self.authority())
    }

    /// The action of that name. The table of authority is checked when the office opens.
    pub(crate) fn action(&self, name: &str) -> Result<ActionId> {
        let found = self.inner.authority.action(name);
        found.ok_or_else(|| Fault::Broken(format!("the table of authority has no action {name}")).into())
    }

    /// A pack in the region of an area.
    pub(crate) fn opened(&self, pack: &str, region: Option<&str>) -> Result<Arc<Opened>> {
        let key = (pack.to_owned(), region.map(str::to_owned));
        self.inner.opened.get(key, |(pack, region)| {
            if !self.inner.library.packs().contains(pack) {
                let known = self.inner.library.packs().join(", ");
                return Err(Refusal::new(
                    crate::error::Kind::Invalid,
                    "unknown_pack",
                    format!("没有“{pack}”这项业务；现有：{known}。"),
                    format!("There is no service {pack}; there are: {known}."),
                )
                .into());
            }
            Ok(Arc::new(Opened::new(&self.inner.library, pack, region.as_deref())?))
        })
    }

    /// A pack ready to decide on a day.
    pub(crate) fn prepared(&self, pack: &str, region: Option<&str>, on: Date) -> Result<Arc<Prepared>> {
        let key = (pack.to_owned(), region.map(str::to_owned), on);
        self.inner.prepared.get(key, |_| Ok(Arc::new(self.opened(pack, region)?.on(on)?)))
    }

    /// The course of a pack's cases in a region, for cases opened on a day.
    pub(crate) fn workflow(&self, opened: &Arc<Opened>, on: Date) -> Result<Arc<Workflow>> {
        let course = course(opened)?;
        let key = (opened.loaded.name.clone(), opened.region.clone(), on);
        self.inner.workflows.get(key, |_| Ok(Arc::new(course.definition.on(on))))
    }

    /// What the checker says of all packs on a day. Worked out once: what was loaded does not change while the program runs.
    pub(crate) fn checked(&self, on: Date) -> Arc<crate::packs::CheckReport> {
        let made = || Arc::new(crate::packs::check(&self.inner.library, &[], None, on));
        self.inner.checked.get(on, |_| Ok(made())).unwrap_or_else(|_| made())
    }

    /// Every region there are rules of.
    pub(crate) fn regions(&self) -> &[String] {
        self.inner.library.regions()
    }

    /// The form of a pack in a region, on a day.
    pub(crate) fn asking(
        &self,
        pack: &str,
        region: Option<&str>,
        on: Date,
    ) -> Result<Arc<crate::asking::Asking>> {
        let key = (pack.to_owned(), region.map(str::to_owned), on);
        let make = || Ok(Arc::new(crate::asking::Asking::new(self.opened(pack, region)?, on)?));
        self.inner.asking.get(key, |_| make())
    }

    /// A region that has rules of its own.
    pub(crate) fn known_region(&self, region: &str) -> Result<String> {
        let regions = self.inner.library.regions();
        let found = regions.iter().find(|known| *known == region).cloned();
        found.ok_or_else(|| {
            let known = regions.join(", ");
            vec![crate::record::FieldError {
                at: "region".into(),
                zh: format!("没有这个地区；可选：{known}。"),
                en: format!("There is no such region; there are: {known}."),
            }]
            .into()
        })
    }

    /// The region whose rules hold in an area: the nearest on the way up that has a folder of its own.
    pub(crate) fn region_of(&self, area: AreaId, on: Date) -> Option<String> {
        let rights = self.rights();
        let regions = self.inner.library.regions();
        let of = |area: AreaId| {
            let code = rights.areas.area(area)?.code?.to_string();
            let short = code.trim_end_matches('0');
            regions.iter().find(|region| region.trim_end_matches('0') == short).cloned()
        };
        rights.areas.line(area, on).find_map(of)
    }
}

/// The course of a pack's cases.
pub(crate) fn course(opened: &Opened) -> Result<&Course> {
    opened.loaded.workflow.as_ref().ok_or_else(|| {
        let name = &opened.loaded.service.name;
        Refusal::new(
            crate::error::Kind::Invalid,
            "no_workflow",
            format!("“{}”没有办理流程，不能立案。", name.zh),
            format!("{} has no course of cases.", name.en),
        )
        .into()
    })
}

/// The civil date in China, which has one time zone and no summer time.
pub fn day_in_china(at: Moment) -> Date {
    let days = (at.0 + 8 * 3_600_000).div_euclid(86_400_000);
    Date::from_days(i32::try_from(days).unwrap_or(i32::MAX / 4))
}

pub(crate) fn seconds(at: Moment) -> anmin_authz::id::Moment {
    anmin_authz::id::Moment(at.0.div_euclid(1000))
}
