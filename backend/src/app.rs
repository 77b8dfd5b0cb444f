//! Everything that a request or a job may reach, built in one place: `serve`, `demo` and the tests start the same.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Weak};

use klarsvar_migrations::schema;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::account;
use crate::account::seal::{NoKey, Seal};
use crate::campaign::Posts;
use crate::change::Event;
use crate::clock::{self, Clock};
use crate::config::Config;
use crate::connector;
use crate::connector::registry::{Connected, Connectors};
use crate::domain::event::EventKind;
use crate::domain::id::{IdMaker, PersonId, SessionId, ShiftId, TokenId};
use crate::domain::lane::Lane;
use crate::domain::platform::ConnectorState;
use crate::lane::shelf::Shelf;
use crate::load::board::Board;
use crate::load::outlook::Outlooks;
use crate::load::push::LastTold;
use crate::load::puts::Puts;
use crate::load::watch::Watch;
use crate::person::door::Door;
use crate::person::people::People;
use crate::person::session::Sessions;
use crate::shift::duty::Duty;
use crate::store::entity::connector as connector_table;
use crate::store::{Db, Error};
use crate::story::Stories;
use crate::teaching::taught::{self, Taught};
use crate::template::Approved;
use crate::view::{ViewError, Views};
use crate::wire::hub::Hub;
use crate::writer::Writer;

/// The running desk.
pub struct App {
    /// Settings.
    pub config: Config,
    /// What the secrets of accounts are sealed with.
    pub seal: Seal,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes identifiers.
    pub ids: Arc<IdMaker>,
    /// For reading. Writing goes through `writer`.
    pub db: Db,
    /// The one way to change anything.
    pub writer: Writer,
    /// Configured accounts.
    pub connectors: Connectors,
    /// What comments stand under.
    pub posts: Posts,
    /// The staff.
    pub people: Arc<People>,
    /// Who is checked in.
    pub duty: Arc<Duty>,
    /// Secrets looked up before.
    pub sessions: Arc<Sessions>,
    /// Stories that come in again.
    pub stories: Arc<Stories>,
    /// Items as lists show them.
    pub shelf: Arc<Shelf>,
    /// Templates and texts of the pages.
    pub views: Views,
    /// Approved reply templates.
    pub templates: Arc<Approved>,
    /// What the desk tags with: the shipped codebook and model, and what people taught it.
    pub taught: Arc<Taught>,
    /// Tries to sign in that belong to no account, or to one source.
    pub door: Door,
    /// Kept load.
    pub board: Arc<Board>,
    /// Since when each lane is as it is.
    pub watch: Watch,
    /// What is ahead of each lane.
    pub outlooks: Outlooks,
    /// Tiles that pages were given last.
    pub puts: Puts,
    /// The load that was told last.
    pub last_told: LastTold,
    /// Number of the last committed event.
    pub last_seq: Arc<AtomicI64>,
    /// Sockets.
    pub hub: Arc<Hub>,
    /// Background work; stopping waits for it.
    pub tasks: TaskTracker,
    /// Tells background work to stop.
    pub stop: CancellationToken,
}

/// The desk cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error("{0}")]
    Store(#[from] Error),
    /// The schema is older or newer than this program.
    #[error("the database's schema is {0}; run `klarsvar migrate up` with this version, then start again")]
    Schema(&'static str),
    /// The key that secrets of accounts are sealed with.
    #[error("{0}")]
    Key(#[from] NoKey),
    /// The writer has no thread to run on.
    #[error("the writer cannot be started: {0}")]
    Writer(#[from] std::io::Error),
    /// The templates and texts built in do not fit together.
    #[error("the pages cannot be built: {0}")]
    View(#[from] ViewError),
}

impl App {
    /// Opens the database and everything kept in memory from it, and starts the writer and the publisher.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Arc<Self>, StartError> {
        let seal = Seal::at(&config.secrets.key_file(&config.database.url))?;
        let db = Db::open(&config.database.url).await?;
        match schema::state(db.writer()).await.map_err(Error::from)? {
            schema::State::Current => {}
            schema::State::Behind => return Err(StartError::Schema("older than this program")),
            schema::State::Ahead => return Err(StartError::Schema("newer than this program")),
        }
        let ids = Arc::new(IdMaker::default());
        let kept = Kept::default();
        kept.people.load(db.reader()).await?;
        kept.duty.load(db.reader()).await?;
        kept.board.count(db.reader(), clock::ms(clock.now())).await?;
        let (told, committed) = mpsc::unbounded_channel();
        let (changed, reading) = mpsc::unbounded_channel();
        let following = kept.clone();
        let last_seq = Arc::new(AtomicI64::new(0));
        let last = Arc::clone(&last_seq);
        let published = Box::new(move |events: &[Event]| {
            following.follow(events);
            last.fetch_max(events.last().map_or(0, |event| event.seq), Ordering::Release);
            for event in events.iter().filter(|event| is_read_again(event.kind)) {
                let _ = changed.send(event.kind);
            }
            // Who comes now reads what happened before; nobody there, nobody to tell.
            if !following.hub.is_idle() {
                let _ = told.send(events.to_vec());
            }
        });
        let (writer, writing) = Writer::start(db.clone(), Arc::clone(&clock), Arc::clone(&ids), published);
        let app = Arc::new(Self {
            config,
            seal,
            clock,
            ids,
            db,
            writer,
            connectors: Connectors::default(),
            posts: Posts::default(),
            people: kept.people,
            duty: kept.duty,
            sessions: kept.sessions,
            door: Door::default(),
            board: kept.board,
            views: Views::embedded()?,
            stories: kept.stories,
            shelf: kept.shelf,
            templates: kept.templates,
            taught: kept.taught,
            watch: Watch::default(),
            outlooks: Outlooks::default(),
            puts: Puts::default(),
            last_told: LastTold::default(),
            last_seq,
            hub: kept.hub,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        });
        app.posts.load(app.db.reader()).await?;
        app.load_connectors().await?;
        let last = crate::wire::replay::last_seq(&app).await?;
        app.last_seq.fetch_max(last, Ordering::Release);
        tokio::task::spawn_blocking(crate::tagging::warm);
        app.taught.read_again(&app).await?;
        crate::writer::run(app.db.backend(), writing)?;
        account::seal_open_ones(&app).await?;
        tokio::spawn(read_again(Arc::downgrade(&app), reading));
        tokio::spawn(taught::run(Arc::downgrade(&app), Arc::clone(&app.taught)));
        tokio::spawn(crate::wire::publish::run(Arc::clone(&app), committed));
        Ok(app)
    }

    /// Reads the configured connectors again.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn load_connectors(&self) -> Result<(), Error> {
        use sea_orm::EntityTrait;
        for row in connector_table::Entity::find().all(self.db.reader()).await? {
            let (name, state, blind_since) = (row.name.clone(), row.state, row.blind_since);
            let protocol = connector::of(row.platform);
            let (account, whole) = account::opened(&self.seal, row);
            if !whole {
                tracing::error!(connector = %name, "secrets are sealed with another key than the key file holds");
            }
            self.connectors.put(Connected {
                name: name.into(),
                account,
                protocol,
                state: if whole { state } else { ConnectorState::SignInNeeded },
                is_locked: !whole,
                blind_since,
            });
        }
        Ok(())
    }

    /// The present instant in milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        clock::ms(self.clock.now())
    }

    /// Number of the last committed event: what a page made now already shows.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.last_seq.load(Ordering::Acquire)
    }

    /// Stops: no new work, sockets closed, what runs is finished.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.hub.end_all();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Whether what is kept of it in memory is read from the database again.
const fn is_read_again(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::PersonChanged | EventKind::CampaignChanged | EventKind::Connector
    )
}

/// Reads again what changed, even when the caller that changed it has gone away meanwhile.
async fn read_again(app: Weak<App>, mut changed: mpsc::UnboundedReceiver<EventKind>) {
    let mut kinds = Vec::new();
    while changed.recv_many(&mut kinds, 64).await > 0 {
        kinds.sort_unstable();
        kinds.dedup();
        let Some(app) = app.upgrade() else { return };
        for kind in kinds.drain(..) {
            let read = match kind {
                EventKind::PersonChanged => crate::person::staff::read_again(&app).await,
                EventKind::CampaignChanged => app.posts.load(app.db.reader()).await,
                _ => app.load_connectors().await,
            };
            if let Err(error) = read {
                tracing::warn!(%error, what = %kind, "what is kept in memory could not be read again");
            }
        }
    }
}

/// What is kept in memory and follows committed events.
#[derive(Clone, Default)]
struct Kept {
    people: Arc<People>,
    duty: Arc<Duty>,
    sessions: Arc<Sessions>,
    stories: Arc<Stories>,
    board: Arc<Board>,
    shelf: Arc<Shelf>,
    templates: Arc<Approved>,
    taught: Arc<Taught>,
    hub: Arc<Hub>,
}

impl Kept {
    fn follow(&self, events: &[Event]) {
        self.board.follow(events);
        self.taught.follow(events);
        for event in events {
            if let Some(comment) = event.comment {
                self.shelf.forget(comment);
            }
            match event.kind {
                EventKind::ShiftStarted => {
                    if let (Some(person), Some(lane), Some(shift)) = worked(event) {
                        self.duty.start(person, lane, shift);
                    }
                }
                EventKind::ShiftEnded => {
                    if let (Some(person), _, Some(shift)) = worked(event) {
                        self.duty.end(person, shift);
                        crate::wire::access::recheck(&self.hub, &self.people, &self.duty, person);
                    }
                }
                EventKind::BreakStarted | EventKind::BreakEnded => {
                    if let (Some(person), _, _) = worked(event) {
                        self.duty.rest(person, event.kind == EventKind::BreakStarted);
                        crate::wire::access::recheck(&self.hub, &self.people, &self.duty, person);
                    }
                }
                EventKind::SignedOut => {
                    self.sessions.forget();
                    if let Some(session) = word::<SessionId>(event, "session") {
                        self.hub.end_session(session);
                    }
                }
                EventKind::TokenChanged => {
                    self.sessions.forget();
                    if let Some(token) = word::<TokenId>(event, "ended") {
                        self.hub.end_token(token);
                    }
                }
                EventKind::PersonChanged => {
                    self.sessions.forget();
                    self.shelf.forget_all();
                    if let Some(person) = word::<PersonId>(event, "ended") {
                        self.hub.end_person(person);
                    }
                }
                // Comments that were there before learn their ad and campaign.
                EventKind::CampaignChanged => {
                    self.shelf.forget_all();
                    // Materials stand in templates.
                    self.templates.forget();
                }
                EventKind::Template | EventKind::PackImported => self.templates.forget(),
                EventKind::StoryMerged | EventKind::StorySplit => self.stories.follow(event),
                _ => {}
            }
        }
    }
}

fn worked(event: &Event) -> (Option<PersonId>, Option<Lane>, Option<ShiftId>) {
    (word(event, "person"), event.lane, word(event, "shift"))
}

fn word<T: std::str::FromStr>(event: &Event, field: &str) -> Option<T> {
    event.data.get(field)?.as_str()?.parse().ok()
}
