//! `anmin serve`: the office at work, behind HTTP.
use super::home::At;
use crate::edge::{self, End, Stopped, doing, moment, print};
use anmin_app::deployment::{Home, Store, Trouble};
use anmin_web::{Settings, Site, Unready};
use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const MORE: &str = "\
Examples:
  anmin serve --data /srv/anmin                              http://127.0.0.1:8080/
  anmin serve --data /srv/anmin --behind-proxy               behind a proxy that ends TLS and sets X-Forwarded-For
  anmin serve --demo --data demo

TLS is the proxy's: it must pass the Host header on. Stops on SIGTERM and SIGINT when what is under way is done.
TLS 由前面的代理负责，须原样传递 Host；收到 SIGTERM 后办完手头请求再退出。";

/// How often jobs and messages are looked at.
const ROUND: Duration = Duration::from_secs(5);
/// How long the last requests may take after the signal to stop.
const LAST: Duration = Duration::from_secs(35);

/// Serve the office over HTTP, and do its jobs
///
/// 启动服务：网页、接口、期限检查、消息发送、日志封存。
#[derive(Debug, Args)]
#[command(after_help = MORE)]
pub struct Serve {
    #[command(flatten)]
    at: At,
    /// The address to listen at (监听地址)
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// A demonstration: only of a demonstration's database, and only on this machine (演示)
    #[arg(long)]
    demo: bool,
    /// A proxy in front says where requests come from, in the last entry of X-Forwarded-For (前有代理)
    #[arg(long)]
    behind_proxy: bool,
}

impl Serve {
    /// Runs the command.
    pub fn run(&self, root: Option<&Path>) -> Result<End, Stopped> {
        let lang = self.at.lang;
        if self.demo && !self.listen.ip().is_loopback() {
            return Err(Stopped::because(
                lang,
                "--listen",
                "演示系统只能在本机使用，请监听 127.0.0.1",
                "a demonstration is for this machine only: listen at 127.0.0.1",
            ));
        }
        let home = self.at.home()?;
        let root = edge::find_root(root, lang)?;
        log(LevelFilter::INFO);
        doing(self.serve(&home, root, self.at.messages(&home)), lang)?;
        Ok(End::Done)
    }

    async fn serve(&self, home: &Home, root: PathBuf, messages: PathBuf) -> Result<(), Trouble> {
        let office = home.office(&root, moment()).await?;
        let store = office.store().clone();
        let settings = Settings {
            clock: Arc::new(moment),
            secure: !self.demo,
            forwarded: self.behind_proxy,
            demo: self.demo,
            messages,
        };
        let site = Site::new(office, settings).map_err(unready)?;
        let listener = listen(self.listen).await?;
        until_stopped(site, store, listener, |at| {
            print(&format!("http://{at}/\nhttp://{at}/api/v1/openapi.json\n"))
        })
        .await
    }
}

/// Listens at an address.
pub(super) async fn listen(at: SocketAddr) -> Result<TcpListener, Trouble> {
    TcpListener::bind(at).await.map_err(|e| match e.kind() {
        std::io::ErrorKind::AddrInUse => Trouble::new(
            format!(
                "{at} 已被别的程序占用：请先停掉它，或用 --listen 换一个端口，例如 --listen {}",
                other(at)
            ),
            format!(
                "{at} is in use by another program: stop that one, or choose another port, as --listen {}",
                other(at)
            ),
        ),
        _ => Trouble::new(format!("不能监听 {at}：{e}"), format!("cannot listen at {at}: {e}")),
    })
}

/// The address with the next port.
fn other(at: SocketAddr) -> SocketAddr {
    SocketAddr::new(at.ip(), at.port().checked_add(1).unwrap_or(8080))
}

/// Serves and does the jobs until it is asked to stop, and then what is under way. `told` is told the address.
pub(super) async fn until_stopped(
    site: Site,
    store: Store,
    listener: TcpListener,
    told: impl FnOnce(SocketAddr),
) -> Result<(), Trouble> {
    let at = listener.local_addr().map_err(|e| failed(&e.to_string()))?;
    let (stop, stopped) = watch::channel(false);
    let signals = signals()?;
    let working = tokio::spawn(work(site.clone(), stopped.clone()));
    let mut serving = tokio::spawn(async move { site.serve(listener, until(stopped)).await });
    told(at);
    tokio::select! {
        () = signals => {}
        ended = &mut serving => return Err(failed(&format!("{ended:?}"))),
    }
    tracing::info!(target: "anmin::serve", "stopping");
    let _ = stop.send(true);
    let done = tokio::time::timeout(LAST, async { (serving.await, working.await) }).await;
    store.close().await;
    if done.is_err() {
        tracing::warn!(target: "anmin::serve", "stopped with requests under way");
    }
    Ok(())
}

fn failed(what: &str) -> Trouble {
    Trouble::new(format!("服务中断：{what}"), format!("serving broke off: {what}"))
}

pub(super) fn unready(why: Unready) -> Trouble {
    match why {
        Unready::Demo => Trouble::new(
            "这是演示系统的数据库，请用 anmin serve --demo；正式系统请用 anmin init 另建",
            "this is the database of a demonstration: use anmin serve --demo, or make another with anmin init",
        ),
        Unready::Record => Trouble::new(
            "这是正式系统的数据库，不能用 --demo 启动；演示请用 anmin init --demo 另建",
            "this is no demonstration's database, so --demo is refused: make one with anmin init --demo",
        ),
    }
}

/// Logs go to standard error: our own only, since what others say may hold what nobody should read.
pub(super) fn log(least: LevelFilter) {
    let ours = Targets::new().with_target("anmin", least);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(std::io::stderr);
    let _ = tracing_subscriber::registry().with(lines).with(ours).try_init();
    // A panic says where, not with what.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: "anmin::fault", at, "a panic");
    }));
}

fn signals() -> Result<impl Future<Output = ()>, Trouble> {
    let listen = |kind| signal(kind).map_err(|e| failed(&e.to_string()));
    let (mut ended, mut broken) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = ended.recv() => {}
            _ = broken.recv() => {}
        }
    })
}

async fn until(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Does the jobs, round after round. A fault of the database is written down and tried again in the next.
async fn work(site: Site, stopped: watch::Receiver<bool>) {
    loop {
        match site.work().await {
            Ok(report) => {
                for (kind, key, why) in &report.failed {
                    tracing::error!(target: "anmin::jobs", kind, key, "failed: {why}");
                }
                let (done, delivered) = (report.done.len(), report.delivered);
                let (undelivered, checkpoints) = (report.undelivered, report.checkpoints);
                if done > 0 || delivered > 0 || undelivered > 0 || checkpoints > 0 {
                    tracing::info!(target: "anmin::jobs", done, delivered, undelivered, checkpoints, "a round");
                }
            }
            Err(error) => tracing::error!(target: "anmin::jobs", "a round broke off: {error}"),
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            () = until(stopped.clone()) => return,
        }
    }
}
