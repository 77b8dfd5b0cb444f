//! What committed events mean for pages: parts of the comments they touched, as they stand now, rendered once per
//! locale that somebody reads. Knows no viewer.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use sea_orm::EntityTrait;
use tokio::time::Instant;

use super::html_frame::{Ops, Told, frames};
use super::html_read::{facts, near, outbox_of};
use super::html_staff;
use super::hub::{Format, Frame};
use super::topic::{Topic, topics_of};
use crate::app::App;
use crate::change::{Actor, Event};
use crate::domain::comment::{CommentState, Presence};
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, DecisionId, PersonId};
use crate::domain::lane::Lane;
use crate::lane::queue::{Cursor, Wanted, page};
use crate::store::Error;
use crate::store::entity::{comment, decision};
use crate::view::model::card::{Gone, card, ghost};
use crate::view::model::item::item;
use crate::view::{LocaleKey, ViewError};

/// Topics whose regions are read again as a whole wait at least this long between two such calls.
const REGION_PAUSE: Duration = Duration::from_secs(1);
/// The load wall changes at most this often (`ui.md` 1.2).
const LOAD_PAUSE: Duration = Duration::from_secs(5);
/// More comments touched than this are read again as a whole list.
const MOST_TOUCHED: usize = 500;

/// Why a frame cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum HtmlError {
    /// The database.
    #[error(transparent)]
    Store(#[from] Error),
    /// A part and its model do not fit.
    #[error(transparent)]
    View(#[from] ViewError),
}

/// The topics an event changes pages of.
#[must_use]
pub fn topics(event: &Event) -> Vec<Topic> {
    let mut topics = topics_of(event);
    match event.kind {
        // The item shows nothing of how long its claim lasts.
        EventKind::ClaimExtended => return Vec::new(),
        EventKind::CommentDecided
        | EventKind::CommentSent
        | EventKind::CommentFailed
        | EventKind::CommentHandedOver
        | EventKind::DecisionUndone
        | EventKind::EscalationResolved => topics.extend(decider(event).map(Topic::User)),
        _ => {}
    }
    if let Some(from) = event
        .data
        .get("from_lane")
        .and_then(|lane| lane.as_str()?.parse::<Lane>().ok())
    {
        let left = Topic::Queue(from);
        if !topics.contains(&left) {
            topics.push(left);
        }
    }
    topics
}

/// The events, with the decider named in those where the desk carried a decision out: their row of the outbox changes.
///
/// # Errors
/// Any [`Error`].
pub async fn named(app: &App, events: &[Event]) -> Result<Vec<Event>, Error> {
    use sea_orm::{ColumnTrait, QueryFilter};
    let of = |event: &Event| -> Option<DecisionId> {
        let carried_out = matches!(
            event.kind,
            EventKind::CommentSent | EventKind::CommentFailed | EventKind::CommentHandedOver
        );
        let id = event.data.get("decision").filter(|_| carried_out)?;
        id.as_str()?.parse().ok()
    };
    let mut events = events.to_vec();
    let ids: Vec<DecisionId> = events.iter().filter_map(of).collect();
    for chunk in ids.chunks(256) {
        let made = decision::Entity::find()
            .filter(decision::Column::Id.is_in(chunk.iter().copied()))
            .all(app.db.reader())
            .await?;
        for event in &mut events {
            let person = of(event).and_then(|id| made.iter().find(|made| made.id == id));
            if let (Some(made), serde_json::Value::Object(data)) = (person, &mut event.data) {
                data.insert("by".to_owned(), serde_json::json!(made.person_id));
            }
        }
    }
    Ok(events)
}

/// Whose action this is: named in the data once the desk itself carries it out.
fn decider(event: &Event) -> Option<PersonId> {
    let named = ["by", "person"]
        .iter()
        .find_map(|field| event.data.get(field)?.as_str()?.parse().ok());
    match (named, event.actor) {
        (Some(person), _) => Some(person),
        (None, Actor::Person(person)) => Some(person),
        (None, Actor::Token(_) | Actor::Outside | Actor::Desk) => None,
    }
}

/// What happened to one comment (or to the topic as a whole) since the last frame.
#[derive(Debug, Clone, Copy, Default)]
struct Touched {
    seq: i64,
    /// It entered the list, so those who do not have it get it.
    entered: bool,
}

#[derive(Debug, Default)]
struct Waiting {
    touched: HashMap<Option<CommentId>, Touched>,
}

/// Frames in the making: what waits for its turn, per topic.
#[derive(Debug, Default)]
pub struct Desk {
    waiting: BTreeMap<Topic, Waiting>,
    told: HashMap<Topic, i64>,
    open_at: HashMap<Topic, Instant>,
}

impl Desk {
    /// Notes what events mean for the topics somebody reads as pages.
    pub fn note(&mut self, app: &App, events: &[Event]) {
        let mut read: HashMap<Topic, bool> = HashMap::new();
        for event in events {
            for topic in topics(event) {
                let is_read = *read.entry(topic).or_insert_with(|| !locales(app, topic).is_empty());
                if is_read {
                    self.waiting.entry(topic).or_default().touch(event);
                } else {
                    // Who comes later reads a page that has it.
                    self.told.remove(&topic);
                }
            }
        }
    }

    /// When something is due, if anything waits.
    #[must_use]
    pub fn next(&self) -> Option<Instant> {
        self.waiting
            .keys()
            .map(|topic| self.open_at.get(topic).copied().unwrap_or_else(Instant::now))
            .min()
    }

    /// Sends the frames that are due.
    pub async fn send(&mut self, app: &App) {
        let now = Instant::now();
        let due: Vec<Topic> = self
            .waiting
            .keys()
            .filter(|topic| self.open_at.get(*topic).is_none_or(|at| *at <= now))
            .copied()
            .collect();
        for topic in due {
            let Some(waiting) = self.waiting.remove(&topic) else {
                continue;
            };
            self.open_at.insert(topic, now + pause(app, topic));
            let last = waiting.last();
            let prev = self.told.insert(topic, last).unwrap_or(0);
            for locale in locales(app, topic) {
                match make(app, topic, prev, &waiting, locale).await {
                    Ok(made) => {
                        for (seq, text) in made {
                            let text = text.into();
                            app.hub.send(Format::Html(locale), &Frame { topic, seq, text });
                        }
                    }
                    Err(error) => {
                        let source = std::error::Error::source(&error).map(ToString::to_string);
                        tracing::warn!(%error, source, %topic, "a frame could not be made; the topic is stale");
                        app.hub.send(Format::Html(locale), &stale(topic, last));
                    }
                }
            }
        }
        // Topics of single comments come and go all day.
        self.open_at.retain(|_, at| *at > now);
        if self.told.len() > 10_000 {
            self.told.clear();
        }
    }

    /// Has every region of these events read again.
    pub fn overrun(&mut self, app: &App, events: &[Event]) {
        let all: HashSet<Topic> = events.iter().flat_map(topics).collect();
        let last = events.last().map_or(0, |event| event.seq);
        for topic in all {
            self.waiting.remove(&topic);
            for locale in locales(app, topic) {
                app.hub.send(Format::Html(locale), &stale(topic, last));
            }
        }
    }
}

impl Waiting {
    /// The comments touched, each with the number of the last event about it.
    fn comments(&self) -> impl Iterator<Item = (CommentId, i64)> {
        self.touched
            .iter()
            .filter_map(|(comment, touched)| Some(((*comment)?, touched.seq)))
    }

    fn touch(&mut self, event: &Event) {
        let touched = self.touched.entry(event.comment).or_default();
        touched.seq = touched.seq.max(event.seq);
        touched.entered |= matches!(
            event.kind,
            EventKind::CommentOpen
                | EventKind::CommentReleased
                | EventKind::CommentTagged
                | EventKind::CommentFailed
                | EventKind::DecisionUndone
                | EventKind::EscalationResolved
        );
    }

    fn last(&self) -> i64 {
        self.touched.values().map(|touched| touched.seq).max().unwrap_or(0)
    }
}

fn pause(app: &App, topic: Topic) -> Duration {
    match topic {
        Topic::Queue(_) | Topic::Item(_) | Topic::User(_) => Duration::from_millis(app.config.wire.html_pause_ms),
        Topic::Load => LOAD_PAUSE,
        Topic::Esc | Topic::Roster | Topic::Tpl | Topic::Connectors => REGION_PAUSE,
    }
}

fn locales(app: &App, topic: Topic) -> Vec<LocaleKey> {
    let mut found: Vec<LocaleKey> = app
        .hub
        .formats(topic)
        .into_iter()
        .filter_map(|format| match format {
            Format::Html(locale) => Some(locale),
            Format::Json => None,
        })
        .collect();
    found.sort_unstable();
    found
}

/// A frame that has the topic's region read again.
#[must_use]
pub fn stale(topic: Topic, seq: i64) -> Frame {
    let mut ops = Ops::default();
    ops.stale(topic);
    let text = ops.into_answer().into();
    Frame { topic, seq, text }
}

/// The frames that bring a page that has everything up to `since` to what these events left behind.
///
/// # Errors
/// [`HtmlError`].
pub async fn missed(
    app: &App,
    topic: Topic,
    since: i64,
    events: &[Event],
    locale: LocaleKey,
) -> Result<Vec<Frame>, HtmlError> {
    let mut waiting = Waiting::default();
    for event in events.iter().filter(|event| event.seq > since) {
        if topics(event).contains(&topic) {
            waiting.touch(event);
        }
    }
    if waiting.touched.is_empty() {
        return Ok(Vec::new());
    }
    let made = make(app, topic, since, &waiting, locale).await?;
    Ok(made
        .into_iter()
        .map(|(seq, text)| Frame {
            topic,
            seq,
            text: text.into(),
        })
        .collect())
}

async fn make(
    app: &App,
    topic: Topic,
    prev: i64,
    waiting: &Waiting,
    locale: LocaleKey,
) -> Result<Vec<(i64, String)>, HtmlError> {
    let told = match topic {
        Topic::Queue(lane) if waiting.touched.len() <= MOST_TOUCHED => queue(app, lane, waiting, locale).await?,
        Topic::Item(id) => item_of(app, id, waiting.last(), locale).await?,
        Topic::Esc => html_staff::esc(app, waiting.comments(), locale).await?,
        Topic::User(person) => sends(app, person, waiting, locale).await?,
        // Their regions are small and change seldom: each is read again as a whole.
        Topic::Queue(_) | Topic::Load | Topic::Roster | Topic::Tpl | Topic::Connectors => {
            let mut ops = Ops::default();
            ops.stale(topic);
            return Ok(vec![(waiting.last(), ops.into_answer())]);
        }
    };
    Ok(frames(topic, prev, told))
}

async fn queue(app: &App, lane: Lane, waiting: &Waiting, locale: LocaleKey) -> Result<Vec<Told>, HtmlError> {
    let rows = rows(app, waiting.touched.keys().flatten().copied()).await?;
    let near = near(app);
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(touched) = waiting.touched.get(&Some(row.id)) else {
            continue;
        };
        if row.presence != Presence::Known {
            continue;
        }
        let target = format!("card-{}", row.id);
        let mut ops = Ops::default();
        match gone(&row, lane) {
            Some(why) => {
                let part = app
                    .views
                    .render(locale, "parts/card", &ghost(&row, &app.people, near, why))?;
                ops.del(&target, &part);
            }
            None => {
                let part = app.views.render(locale, "parts/card", &card(&row, &app.people, near))?;
                if touched.entered && row.state == CommentState::Open {
                    let next = behind(app, &row).await?.map(|id| format!("card-{id}"));
                    ops.add("queue", next.as_deref(), &part);
                } else {
                    ops.put(&target, &part);
                }
            }
        }
        told.push(Told { seq: touched.seq, ops });
    }
    Ok(told)
}

/// Why a comment is not in the list of a lane, if it is not.
#[must_use]
pub fn gone(row: &comment::Model, lane: Lane) -> Option<Gone> {
    match row.state {
        CommentState::Withdrawn => Some(Gone::Withdrawn),
        CommentState::Decided => Some(Gone::Decided),
        CommentState::Escalated => Some(Gone::Escalated),
        CommentState::Open | CommentState::Claimed => (row.lane != lane).then_some(Gone::Moved),
    }
}

/// The comment behind this one in its lane.
///
/// # Errors
/// Any [`Error`].
pub async fn behind(app: &App, row: &comment::Model) -> Result<Option<CommentId>, Error> {
    let mut next: Option<comment::Model> = None;
    for state in [CommentState::Open, CommentState::Claimed] {
        let wanted = Wanted {
            lane: row.lane,
            state,
            label: None,
            platform: None,
            before: None,
            limit: 1,
            after: Some(Cursor::of(row)),
        };
        let first = page(app.db.reader(), &wanted).await?.rows.into_iter().next();
        next = match (next, first) {
            (Some(a), Some(b)) if place(&b) < place(&a) => Some(b),
            (None, b) => b,
            (a, _) => a,
        };
    }
    Ok(next.map(|row| row.id))
}

/// The serving order as a value.
#[must_use]
pub const fn place(row: &comment::Model) -> (bool, i64, i32, i64, CommentId) {
    (!row.urgent, row.due_at, -row.severity, row.opened_at, row.id)
}

async fn rows(app: &App, ids: impl Iterator<Item = CommentId>) -> Result<Vec<comment::Model>, Error> {
    use sea_orm::{ColumnTrait, QueryFilter};
    let ids: Vec<CommentId> = ids.collect();
    let mut rows = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(256) {
        // Sizes that are powers of two, so that prepared statements are found again.
        let padding = chunk.len().next_power_of_two() - chunk.len();
        let wanted = chunk.iter().chain(chunk.iter().take(1).cycle().take(padding)).copied();
        let found = comment::Entity::find()
            .filter(comment::Column::Id.is_in(wanted))
            .all(app.db.reader())
            .await?;
        rows.extend(found);
    }
    Ok(rows)
}

async fn item_of(app: &App, id: CommentId, seq: i64, locale: LocaleKey) -> Result<Vec<Told>, HtmlError> {
    let row = comment::Entity::find_by_id(id)
        .one(app.db.reader())
        .await
        .map_err(Error::from)?;
    let Some(row) = row else { return Ok(Vec::new()) };
    let facts = facts(app, row).await?;
    let part = app
        .views
        .render(locale, "parts/item", &item(&facts, &app.people, false))?;
    let mut ops = Ops::default();
    ops.put(&format!("item-{id}"), &part);
    Ok(vec![Told { seq, ops }])
}

async fn sends(app: &App, person: PersonId, waiting: &Waiting, locale: LocaleKey) -> Result<Vec<Told>, HtmlError> {
    let mut told = Vec::new();
    for row in outbox_of(app, person).await? {
        let Some(touched) = waiting.touched.get(&row.comment) else {
            continue;
        };
        let part = app.views.render(locale, "parts/outbox", &row)?;
        let mut ops = Ops::default();
        ops.add("outbox", None, &part);
        told.push(Told { seq: touched.seq, ops });
    }
    Ok(told)
}
