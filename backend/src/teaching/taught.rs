//! The tagger that this desk tags with: the shipped one with the desk's narratives and what is learnt from its examples.
//!
//! Made anew in the background after something it rests on changed, whoever changed it; always from the kept rows in
//! their order, so that every instance and every start comes to the same. Tagging reads it without a lock and never waits.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter};
use tokio::sync::{Notify, watch};

use super::example::{self, Example};
use super::narrative::Published;
use super::nearest::{self, Index, Near};
use crate::app::App;
use crate::change::Event;
use crate::domain::event::EventKind;
use crate::domain::id::ExampleId;
use crate::domain::tag::Tags;
use crate::store::entity::example as table;
use crate::store::{Db, Error};
use crate::tagging::codebook::{self, Codebook};
use crate::tagging::model::learn::Correction;
use crate::tagging::{self, Context, Learnt, Tagger};

/// How long the person who taught something waits at most until it is learnt.
const PATIENCE: Duration = Duration::from_secs(3);

/// What the tagger is made of.
#[derive(Debug, Clone, Default)]
pub struct Lessons {
    /// Narratives.
    pub published: Published,
    /// Kept corrections, oldest first.
    pub examples: Vec<Example>,
    /// Changes of examples so far: kept and taken back.
    pub changes: u64,
}

/// By which it is known whether anything changed: examples' changes and published versions.
type Mark = (u64, u64);

impl Lessons {
    /// Reads them.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn read(db: &Db) -> Result<Self, Error> {
        let mut lessons = Self {
            published: Published::read(db.reader()).await?,
            changes: changes(db).await?,
            examples: Vec::new(),
        };
        if lessons.changes > 0 {
            lessons.examples = example::list(db.reader(), true, None, example::MOST).await?;
            lessons.examples.reverse();
        }
        Ok(lessons)
    }

    const fn mark(&self) -> Mark {
        (self.changes, self.published.count)
    }

    /// Everything that is learnt from: the narratives' examples first, then what people said of comments.
    #[must_use]
    pub fn corrections(&self) -> Vec<Correction> {
        let said = self.examples.iter().filter_map(|example| example.correction(0));
        let mut all: Vec<Correction> = self.published.corrections().chain(said).collect();
        for (id, correction) in (0..).zip(&mut all) {
            correction.id = id;
        }
        all
    }

    /// The tagger they make; none while they say nothing. Takes up to a second of one core.
    ///
    /// # Errors
    /// Phrases that cannot be searched for.
    pub fn tagger(&self) -> Result<Option<Tagger>, codebook::Error> {
        let corrections = self.corrections();
        if corrections.is_empty() && self.published.count == 0 {
            return Ok(None);
        }
        let book = self.published.codebook(&Codebook::shipped()?);
        let learnt = Learnt::of(&corrections, self.changes + self.published.count);
        Tagger::taught(book, learnt).map(Some)
    }
}

async fn changes(db: &Db) -> Result<u64, Error> {
    use sea_orm::ColumnTrait;
    let kept = table::Entity::find().count(db.reader()).await?;
    if kept == 0 {
        return Ok(0);
    }
    let taken_back = table::Entity::find()
        .filter(table::Column::TakenBackAt.is_not_null())
        .count(db.reader())
        .await?;
    Ok(kept + taken_back)
}

/// What the desk has been taught, kept in memory.
pub struct Taught {
    tagger: ArcSwapOption<Tagger>,
    made_of: Mutex<Mark>,
    /// How often something that it rests on was heard to change.
    heard: AtomicU64,
    /// How many of those it has followed.
    followed: watch::Sender<u64>,
    wake: Notify,
    /// Of what the desk was taught, as of the mark beside it.
    index: Mutex<Option<(Mark, Arc<Index>)>>,
}

/// Made once, when somebody first asks.
static SHIPPED_INDEX: OnceLock<Index> = OnceLock::new();

impl Default for Taught {
    fn default() -> Self {
        Self {
            tagger: ArcSwapOption::empty(),
            made_of: Mutex::new((0, 0)),
            heard: AtomicU64::new(0),
            followed: watch::Sender::new(0),
            wake: Notify::new(),
            index: Mutex::new(None),
        }
    }
}

impl Taught {
    /// Tags a text as the desk does now.
    #[must_use]
    pub fn tag(&self, text: &str, context: &Context<'_>) -> Tags {
        match &*self.tagger.load() {
            Some(tagger) => tagger.tag(text, context),
            None => tagging::tag(text, context),
        }
    }

    /// The tagger as it is now.
    #[must_use]
    pub fn tagger(&self) -> Arc<Tagger> {
        self.tagger.load_full().unwrap_or_else(tagging::shipped)
    }

    /// Follows committed events.
    pub fn follow(&self, events: &[Event]) {
        if events.iter().any(|event| teaches(event.kind)) {
            self.hear();
        }
    }

    /// Something that it rests on may have changed.
    pub fn hear(&self) {
        self.heard.fetch_add(1, Ordering::AcqRel);
        self.wake.notify_one();
    }

    /// Waits until what was committed before is learnt, but never long: learning goes on without the caller.
    pub async fn caught_up(&self) {
        let heard = self.heard.load(Ordering::Acquire);
        let mut followed = self.followed.subscribe();
        let followed = followed.wait_for(|followed| *followed >= heard);
        if tokio::time::timeout(PATIENCE, followed).await.is_err() {
            tracing::warn!("what was taught is still being learnt");
        }
    }

    /// The labelled examples nearest to a text, without those named.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn near(&self, app: &App, text: String, without: Vec<ExampleId>) -> Result<Vec<Near>, Error> {
        let mark = *self.made_of.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = self.index.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let index = match kept {
            Some((of, index)) if of == mark => index,
            _ => {
                let lessons = Lessons::read(&app.db).await?;
                let of = lessons.mark();
                let made = tokio::task::spawn_blocking(move || Arc::new(Index::of(&lessons))).await;
                let made = made.map_err(|_| Error::inconsistent("the examples cannot be searched"))?;
                *self.index.lock().unwrap_or_else(PoisonError::into_inner) = Some((of, Arc::clone(&made)));
                made
            }
        };
        let tagger = self.tagger();
        let found = tokio::task::spawn_blocking(move || {
            let shipped = SHIPPED_INDEX.get_or_init(Index::shipped);
            nearest::near([&index, shipped], &tagger, &text, &without)
        });
        found
            .await
            .map_err(|_| Error::inconsistent("the examples cannot be searched"))
    }

    /// Makes the tagger anew if what it is made of changed.
    ///
    /// # Errors
    /// Any [`Error`]; the tagger then stays as it is.
    pub async fn read_again(&self, app: &App) -> Result<(), Error> {
        let lessons = Lessons::read(&app.db).await?;
        let mark = lessons.mark();
        if *self.made_of.lock().unwrap_or_else(PoisonError::into_inner) == mark {
            return Ok(());
        }
        let titles = lessons.published.titles();
        match tokio::task::spawn_blocking(move || lessons.tagger()).await {
            Ok(Ok(tagger)) => {
                app.views.locales().name_narratives(titles);
                self.tagger.store(tagger.map(Arc::new));
                *self.made_of.lock().unwrap_or_else(PoisonError::into_inner) = mark;
            }
            Ok(Err(error)) => tracing::error!(%error, "the desk's codebook cannot be used; the one before stays"),
            Err(error) => tracing::error!(%error, "learning ended early"),
        }
        Ok(())
    }
}

/// Whether an event changes what is learnt from.
#[must_use]
pub const fn teaches(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::ExampleKept | EventKind::ExampleTakenBack | EventKind::NarrativeChanged
    )
}

/// Follows what is heard, one making at a time, until the desk stops.
pub async fn run(app: Weak<App>, taught: Arc<Taught>) {
    loop {
        taught.wake.notified().await;
        let Some(app) = app.upgrade() else { return };
        let heard = taught.heard.load(Ordering::Acquire);
        if let Err(error) = taught.read_again(&app).await {
            tracing::warn!(%error, "what the desk was taught could not be read");
        }
        taught.followed.send_replace(heard);
    }
}
