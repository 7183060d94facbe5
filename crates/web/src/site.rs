//! An office behind a door, and the program that listens at it.

use crate::door;
use crate::route::Route;
use anmin_app::demo::DemoPerson;
use anmin_app::deployment::{DeploymentKind, FileSink, Moment};
use anmin_app::error;
use anmin_app::jobs::JobsDone;
use anmin_app::office::Office;
use anmin_app::permissions::purposes;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request};
use axum::routing::{MethodFilter, on};
use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// What time it is. The only clock there is; tests have their own.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// Requests that are answered at the same time; more are sent away at once rather than kept waiting.
const AT_ONCE: usize = 256;

/// Jobs and messages of one round.
const JOBS_AT_ONCE: u32 = 50;

/// How a site is set up.
#[derive(Clone)]
pub struct Settings {
    /// What time it is.
    pub clock: Clock,
    /// Whether browsers are told to come over TLS only: everywhere but in a demonstration on one machine.
    pub secure: bool,
    /// Whether a proxy in front says, in the last entry of `X-Forwarded-For`, where a request comes from.
    pub forwarded: bool,
    /// Whether this is a demonstration: its database must be one.
    pub demo: bool,
    /// The folder messages to people are put into, until there is another way out.
    pub messages: PathBuf,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { secure, forwarded, demo, .. } = self;
        write!(f, "Settings {{ secure: {secure}, forwarded: {forwarded}, demo: {demo} }}")
    }
}

/// Why a site cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unready {
    /// The database is of a demonstration, and this is to be none.
    Demo,
    /// The database is of real people, and this is to be a demonstration.
    Record,
}

/// An office behind a door.
#[derive(Clone, Debug)]
pub struct Site {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub office: Office,
    pub settings: Settings,
    pub messenger: FileSink,
    pub slots: Arc<Semaphore>,
    pub routes: Vec<Arc<Route>>,
    /// The description, as bytes.
    pub description: Bytes,
    /// Some of a demonstration's people, for the bar of its pages; read once.
    pub personas: RwLock<Arc<[DemoPerson]>>,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Site {
    /// Opens a site.
    ///
    /// # Errors
    /// The database is a demonstration's and the site is not, or the reverse.
    pub fn new(office: Office, settings: Settings) -> Result<Site, Unready> {
        match (office.store().deployment().kind, settings.demo) {
            (DeploymentKind::Demo, false) => return Err(Unready::Demo),
            (DeploymentKind::Record, true) => return Err(Unready::Record),
            _ => {}
        }
        let routes = crate::routes(settings.demo);
        let description = crate::description(&routes, &purposes(office.authority()));
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        let description = Bytes::from(description);
        let messenger = FileSink { folder: settings.messages.clone() };
        let personas = RwLock::new(Arc::from([]));
        let inner = Inner { office, settings, messenger, slots, routes, description, personas };
        Ok(Site { inner: Arc::new(inner) })
    }

    /// All routes there are.
    pub fn routes(&self) -> &[Arc<Route>] {
        &self.inner.routes
    }

    /// The description of all routes, in OpenAPI.
    pub fn description(&self) -> &[u8] {
        &self.inner.description
    }

    /// What the clock says.
    pub(crate) fn at(&self) -> Moment {
        (self.inner.settings.clock)()
    }

    /// The router: all routes and nothing else.
    pub fn router(&self) -> Router {
        let mut router = Router::new();
        for route in &self.inner.routes {
            let (site, served) = (self.clone(), route.clone());
            let answer = move |request: Request| {
                let (site, route) = (site.clone(), served.clone());
                let from =
                    request.extensions().get().map(|ConnectInfo(from): &ConnectInfo<SocketAddr>| from.ip());
                async move { door::answer(site, route, from, request).await }
            };
            let path = route.address();
            #[allow(clippy::disallowed_methods, reason = "the one place: every route is on the list")]
            let with = router.route(&path, on(filter(route), answer));
            router = with;
        }
        let (here, there) = (self.clone(), self.clone());
        router
            .method_not_allowed_fallback(move |request: Request| {
                let site = here.clone();
                async move { door::other_method(&site, &request) }
            })
            .fallback(move |request: Request| {
                let site = there.clone();
                async move {
                    match request.uri().path().starts_with("/api/") {
                        true => door::nowhere(&site, &request),
                        false => door::no_page(&site, request).await,
                    }
                }
            })
    }

    /// Sees to it that the day's jobs are there, and does those whose time has come. To be called every few seconds.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn work(&self) -> error::Result<JobsDone> {
        let office = &self.inner.office;
        let now = office.now(self.at()).await?;
        office.schedule(now).await?;
        office.run_due_jobs(now, &self.inner.messenger, JOBS_AT_ONCE).await
    }

    /// Answers what comes in at the listener until `stop` is there, and then what is under way.
    ///
    /// # Errors
    /// The listener fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(stop).await
    }
}

fn filter(route: &Route) -> MethodFilter {
    MethodFilter::try_from(route.method.clone()).unwrap_or(MethodFilter::GET)
}
