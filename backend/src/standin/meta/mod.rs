//! Facebook and Instagram: the Graph API's reads and writes, and the deliveries it sends.

mod courier;
mod fault;
mod graph;
mod hand;
mod hook;
mod page;
mod read;
mod wire;
mod world;
mod write;

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::web;
use tokio::sync::{mpsc, oneshot, watch};

pub use courier::{Flow, Tally};
pub use fault::{Fault, Refusal, Scope};
pub use world::{Ad, Comment, Holder, NewComment, Post};

use super::Clock;
use super::ground::Ground;
use crate::domain::platform::Platform;

/// Whether the delivery that echoes an action comes before the answer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// First the delivery.
    Before,
    /// First the answer.
    After,
    /// Now so, now so, as on the platform.
    Mixed,
}

/// How a stand-in is set up.
#[derive(Clone)]
pub struct StandinConfig {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Its time.
    pub clock: Clock,
    /// Key of the delivery signatures.
    pub app_secret: String,
    /// Word sent in the subscription handshake.
    pub verify_token: String,
    /// Order of echoes.
    pub echo: Echo,
    /// How updates are delivered.
    pub flow: Flow,
    /// Comments are numbered from here.
    pub first_number: u64,
}

impl StandinConfig {
    /// A stand-in on a free port of this machine, with the secrets of the documented examples.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock,
            app_secret: "test-app-secret-0001".into(),
            verify_token: "desk-verify-token".into(),
            echo: Echo::Mixed,
            flow: Flow::default(),
            first_number: 0,
        }
    }
}

/// A running stand-in. Stops when dropped.
pub struct Standin {
    shared: Arc<Shared>,
    ground: Option<Ground>,
}

struct Shared {
    world: Mutex<world::World>,
    clock: Clock,
    app_secret: String,
    verify_token: String,
    address: SocketAddr,
    echo: Mutex<Echo>,
    hooks: Mutex<HashMap<Platform, String>>,
    flow: watch::Sender<Flow>,
    tally: watch::Sender<Tally>,
    released: watch::Sender<u64>,
    parcels: mpsc::UnboundedSender<courier::Parcel>,
    serial: AtomicU64,
}

impl Standin {
    /// Starts listening, on a thread and a runtime of its own.
    ///
    /// # Errors
    /// If the address cannot be listened on.
    pub fn start(config: StandinConfig) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind(config.listen)?;
        let address = listener.local_addr()?;
        let (parcels, inbox) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            world: Mutex::new(world::World::numbered_from(config.first_number)),
            clock: config.clock,
            app_secret: config.app_secret,
            verify_token: config.verify_token,
            address,
            echo: Mutex::new(config.echo),
            hooks: Mutex::default(),
            flow: watch::Sender::new(config.flow),
            tally: watch::Sender::default(),
            released: watch::Sender::default(),
            parcels,
            serial: AtomicU64::new(0),
        });
        let data = web::Data::from(Arc::clone(&shared));
        let routes = move |routes: &mut web::ServiceConfig| {
            routes
                .app_data(data.clone())
                .route("/", web::get().to(page::show))
                .route("/switch", web::post().to(page::switch))
                .default_service(web::to(graph::serve));
        };
        let running = Arc::clone(&shared);
        let ground = Ground::start(listener, routes, move || courier::run(running, inbox))?;
        Ok(Self {
            shared,
            ground: Some(ground),
        })
    }

    /// Address of the stand-in's own page, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        self.shared.url()
    }

    /// Base address of the API, as an account is configured with it.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("{}/v26.0", self.shared.url())
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        // What waits for a release would keep the server from ending.
        self.shared.released.send_modify(|times| *times += 1);
        self.ground.take();
    }
}

/// A client for hooks on this machine.
fn client() -> Result<reqwest::Client, String> {
    // Fails only if one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10));
    builder.build().map_err(|e| e.to_string())
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, world::World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn set_down(&self, down: bool) {
        self.world().down = down;
        self.flow.send_modify(|flow| flow.paused = down);
    }

    fn echo(&self) -> Echo {
        *self.echo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hook(&self, platform: Platform) -> Option<String> {
        self.hooks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&platform)
            .cloned()
    }

    fn count(&self, change: impl FnOnce(&mut Tally)) {
        self.tally.send_modify(change);
    }

    fn send(&self, update: hook::Update, tried: Option<oneshot::Sender<()>>) {
        // Without a hook nobody is told.
        if self.hook(update.platform).is_none() {
            return;
        }
        self.count(|tally| tally.pending += 1);
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        if self.parcels.send(courier::Parcel { serial, update, tried }).is_err() {
            self.count(|tally| tally.pending -= 1);
        }
    }
}

#[cfg(test)]
mod tests;
