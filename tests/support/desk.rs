//! A whole desk on a free port: the same application, server and routes as `klarsvar serve`, on a thread of its own.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use klarsvar::app::App;
use klarsvar::clock::HandClock;
use klarsvar::config::Config;
use klarsvar::http::server::server;
use klarsvar::store::entity::{comment, delivery, event};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use tokio::sync::oneshot;

use super::database::{self, Place, start_of_the_day};
use super::{Answer, eventually};

/// How to reach the desk.
#[derive(Clone)]
pub struct Door {
    /// Where it listens.
    pub address: SocketAddr,
    /// The same as an address without a slash at the end.
    pub url: String,
    /// A client; connections are kept.
    pub http: reqwest::Client,
}

/// A running desk with its own database and a clock that only the test moves. Its jobs run when the test runs them.
pub struct TestDesk {
    /// The clock.
    pub clock: Arc<HandClock>,
    pub(super) door: Door,
    running: Option<Running>,
    /// For looking at what is stored, beside the desk's own connections.
    pub db: DatabaseConnection,
    change: fn(&mut Config),
    place: Place,
}

/// How a desk ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// As when it is asked to stop.
    Orderly,
    /// As when the power goes: whatever runs is dropped where it stands.
    Crash,
}

struct Running {
    app: Arc<App>,
    runtime: tokio::runtime::Handle,
    stop: oneshot::Sender<End>,
    thread: std::thread::JoinHandle<()>,
}

impl TestDesk {
    /// A desk with the settings everybody has.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// A desk with some settings changed.
    pub async fn with(change: fn(&mut Config)) -> Self {
        Self::on(database::fresh().await, change, None).await
    }

    /// A desk whose database is reached by another address, for example through a proxy.
    pub async fn on(place: Place, change: fn(&mut Config), url: Option<String>) -> Self {
        let clock = Arc::new(HandClock::at(start_of_the_day()));
        let (running, address) = run(
            url.unwrap_or_else(|| place.url.clone()),
            change,
            Arc::clone(&clock),
            None,
        )
        .await;
        let door = Door {
            address,
            url: format!("http://{address}"),
            http: http(),
        };
        Self {
            clock,
            door,
            running: Some(running),
            db: database::look(&place.url).await,
            change,
            place,
        }
    }

    /// The application, for what is kept in memory and for its writer. Connections of its pools belong to its own runtime:
    /// what reads the database is run with [`Self::runs`].
    pub fn app(&self) -> &Arc<App> {
        &self.running.as_ref().expect("the desk runs").app
    }

    /// Runs a job of the desk where its jobs run.
    pub async fn runs<T: Send + 'static, F>(&self, job: impl FnOnce(Arc<App>) -> F) -> T
    where
        F: Future<Output = T> + Send + 'static,
    {
        let running = self.running.as_ref().expect("the desk runs");
        running
            .runtime
            .spawn(job(Arc::clone(&running.app)))
            .await
            .expect("the job ends")
    }

    /// Begins a job of the desk where its jobs run, and does not wait for it: a crash may drop it.
    pub fn begins<F>(&self, job: impl FnOnce(Arc<App>) -> F)
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let running = self.running.as_ref().expect("the desk runs");
        running.runtime.spawn(job(Arc::clone(&running.app)));
    }

    /// Where the desk serves.
    pub fn url(&self) -> &str {
        &self.door.url
    }

    /// How to reach the desk.
    pub const fn door(&self) -> &Door {
        &self.door
    }

    /// Stops the desk and starts it again on the same database and port.
    pub async fn restarts(&mut self) {
        self.stop(End::Orderly);
        self.starts_again().await;
    }

    /// Drops the desk in the middle of whatever it does, without telling it, and starts it again on the same database and
    /// port. Only what waits for the writer is still written, as if the power had gone a moment later.
    pub async fn crashes(&mut self) {
        let written = Arc::downgrade(&self.app().board);
        self.stop(End::Crash);
        eventually("the writer has ended", async || {
            (written.strong_count() == 0).then_some(())
        })
        .await;
        self.starts_again().await;
    }

    async fn starts_again(&mut self) {
        let (running, _) = run(
            self.place.url.clone(),
            self.change,
            Arc::clone(&self.clock),
            Some(self.door.address),
        )
        .await;
        self.running = Some(running);
    }

    /// A second instance on the same database, which serves nobody and runs no jobs of its own.
    pub async fn another(&self) -> Arc<App> {
        let mut config = Config::default();
        config.database.url.clone_from(&self.place.url);
        config.secrets.key_file = database::key_file();
        (self.change)(&mut config);
        App::start(config, Arc::clone(&self.clock) as Arc<dyn klarsvar::clock::Clock>)
            .await
            .expect("a second instance")
    }

    /// Every comment, oldest number first.
    pub async fn comments(&self) -> Vec<comment::Model> {
        comment::Entity::find()
            .order_by_asc(comment::Column::Number)
            .all(&self.db)
            .await
            .expect("comments")
    }

    /// The comment with this identifier on its platform.
    pub async fn comment(&self, external_id: &str) -> Option<comment::Model> {
        comment::Entity::find()
            .filter(comment::Column::ExternalId.eq(external_id))
            .one(&self.db)
            .await
            .expect("a comment or none")
    }

    /// Every event, oldest first.
    pub async fn events(&self) -> Vec<event::Model> {
        event::Entity::find()
            .order_by_asc(event::Column::Seq)
            .all(&self.db)
            .await
            .expect("events")
    }

    /// The number of the last event.
    pub async fn last_seq(&self) -> i64 {
        self.events().await.last().map_or(0, |event| event.seq)
    }

    /// Every kept delivery, oldest first.
    pub async fn deliveries(&self) -> Vec<delivery::Model> {
        delivery::Entity::find()
            .order_by_asc(delivery::Column::Id)
            .all(&self.db)
            .await
            .expect("deliveries")
    }

    /// Waits until everything kept is taken apart.
    pub async fn is_through(&self) {
        eventually("every delivery is taken apart", async || {
            self.deliveries()
                .await
                .iter()
                .all(|row| row.taken_apart_at.is_some())
                .then_some(())
        })
        .await;
    }

    /// Sends a request as it stands.
    pub async fn sends(&self, request: impl FnOnce(&reqwest::Client, &str) -> reqwest::RequestBuilder) -> Answer {
        Answer::of(request(&self.door.http, &self.door.url).send().await).await
    }

    fn stop(&mut self, end: End) {
        let Some(Running { app, stop, thread, .. }) = self.running.take() else {
            return;
        };
        drop(app);
        let _ = stop.send(end);
        if let Err(panic) = thread.join()
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

impl Drop for TestDesk {
    fn drop(&mut self) {
        self.stop(End::Orderly);
    }
}

/// A client that follows nothing, keeps no cookies and knows no proxy.
pub fn http() -> reqwest::Client {
    // Fails only if one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(30))
        .build()
        .expect("a client")
}

async fn run(
    database: String,
    change: fn(&mut Config),
    clock: Arc<HandClock>,
    at: Option<SocketAddr>,
) -> (Running, SocketAddr) {
    let (stop, stopped) = oneshot::channel();
    let (ready, started) = oneshot::channel();
    let address = at.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    let thread = std::thread::Builder::new()
        .name("desk".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime");
            let tasks = tokio::task::LocalSet::new();
            tasks.block_on(&runtime, serve(database, change, clock, address, ready, stopped));
        })
        .expect("a thread");
    match started.await {
        Ok((app, runtime, address)) => (
            Running {
                app,
                runtime,
                stop,
                thread,
            },
            address,
        ),
        Err(_) => match thread.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => panic!("the desk ended without serving"),
        },
    }
}

async fn serve(
    database: String,
    change: fn(&mut Config),
    clock: Arc<HandClock>,
    address: SocketAddr,
    ready: oneshot::Sender<(Arc<App>, tokio::runtime::Handle, SocketAddr)>,
    stopped: oneshot::Receiver<End>,
) {
    let listener = TcpListener::bind(address).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let mut config = Config::default();
    let stored = database.clone();
    config.database.url = database;
    config.secrets.key_file = database::key_file();
    config.http.public_url = format!("http://{address}");
    // Which comments are asked about first follows from their random identifiers.
    config.teaching.blind_percent = 0;
    change(&mut config);
    let app = App::start(config, clock).await.expect("the desk starts");
    let server = server(Arc::clone(&app), listener).expect("the server starts");
    let handle = server.handle();
    let serving = tokio::task::spawn_local(server);
    assert!(
        ready
            .send((Arc::clone(&app), tokio::runtime::Handle::current(), address))
            .is_ok(),
        "the test waits for its desk"
    );
    // The test is over, or has gone without a word.
    let end = stopped.await.unwrap_or(End::Orderly);
    if end == End::Crash {
        // Ends the threads that serve; requests under way are dropped.
        return handle.stop(false).await;
    }
    app.stop.cancel();
    app.hub.end_all();
    handle.stop(false).await;
    app.stop().await;
    serving.await.expect("the server ends").expect("the server ends well");
    app.db.clone().close().await;
    check_numbers(&database::look(&stored).await).await;
}

/// Holds at the end of every test: the events are numbered without a hole and without a repeat.
async fn check_numbers(db: &DatabaseConnection) {
    let events = event::Entity::find()
        .order_by_asc(event::Column::Seq)
        .all(db)
        .await
        .expect("events");
    let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
    let expected: Vec<i64> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, expected, "event numbers have a hole");
}
