//! What deliveries say, applied to comments: many deliveries in one bulk write.
//!
//! Applying is idempotent, and an older state never overwrites a newer one (`platforms.md`, section 2).

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::slot::{Effect, Slot};
use super::unheard;
use crate::campaign::Post;
use crate::change::{Actor, Change, Event, Moved};
use crate::clock;
use crate::connector::{CommentEvent, Inbound};
use crate::domain::comment::CommentState;
use crate::domain::id::{CommentId, DeliveryId, StoryId};
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::domain::tag::Tags;
use crate::lane::order::Place;
use crate::store::Error;
use crate::store::entity::{comment, delivery, post, revision};

/// What came in, taken apart and tagged, ready to be written.
#[derive(Debug)]
pub struct Arrival {
    /// Name of the connector.
    pub connector: Arc<str>,
    /// Its platform.
    pub platform: Platform,
    /// The raw delivery it came from.
    pub source: Source,
    /// What it says.
    pub parts: Vec<Part>,
    /// Parts of no concern.
    pub ignored: usize,
    /// Who handed it in.
    pub actor: Actor,
    /// Found by reading a platform that should have told of it.
    pub found: bool,
}

/// The raw delivery.
#[derive(Debug, Clone)]
pub enum Source {
    /// Kept together with what it says. It has no digest to be known again by: its comments have their own keys, and
    /// an index of random digests costs a page of the journal each.
    New {
        /// Its identifier.
        id: DeliveryId,
        /// The body as received.
        body: Bytes,
    },
    /// Kept and acknowledged before.
    Kept(DeliveryId),
}

/// One change, with what the desk says of its text.
#[derive(Debug)]
pub struct Part {
    /// The change.
    pub inbound: Inbound,
    /// For additions and edits: tags, lane and place.
    pub tagged: Option<Tagged>,
    /// What is known of the post.
    pub post: Option<Post>,
    /// The post has not been seen before.
    pub new_post: bool,
}

impl Part {
    /// What is known of the post once this event is taken into account.
    #[must_use]
    pub fn post_known_after(&self, event: &CommentEvent) -> Post {
        let mut known = self.post.clone().unwrap_or_default();
        known.ad = known.ad.or_else(|| event.ad.clone());
        known.title = known.title.or_else(|| event.ad_title.clone());
        known
    }
}

/// What the desk says of a text.
#[derive(Debug, Clone)]
pub struct Tagged {
    /// Tags with their evidence.
    pub tags: Tags,
    /// The lane they lead to.
    pub lane: Lane,
    /// The place in it.
    pub place: Place,
    /// The story it is or begins; none where it says too little, or stories are still being read.
    pub story: Option<StoryId>,
}

/// A comment as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Its identifier.
    pub id: CommentId,
    /// Its number: that of the event by which it entered the desk.
    pub number: i64,
    /// It had been there before.
    pub known: bool,
}

/// Applies arrivals in the order given; for each the comments its parts speak of.
///
/// # Errors
/// Any [`Error`]; nothing of the group is then written.
pub async fn write(change: &mut Change, arrivals: &[&Arrival]) -> Result<Vec<Vec<Stored>>, Error> {
    let mut slots = load(change, arrivals).await?;
    let mut outcomes = Vec::with_capacity(arrivals.len());
    let mut effects: Vec<(CommentId, Effect, Actor)> = Vec::new();
    for arrival in arrivals {
        let mut stored = Vec::with_capacity(arrival.parts.len());
        for part in &arrival.parts {
            match &part.inbound {
                Inbound::Comment(event) => {
                    let key = (Arc::clone(&arrival.connector), event.external_id.clone());
                    let now = change.now_ms();
                    let fresh = || change.id::<CommentId>();
                    let slot = slots.entry(key).or_default();
                    let known = slot.row.is_some();
                    let effect = slot.apply(arrival, part, event, now, fresh);
                    if let Some(row) = &slot.row {
                        effects.extend(effect.map(|effect| (row.id, effect, actor_of(event, arrival.actor))));
                        unheard::note(change, arrival, event, known);
                        stored.push(Stored {
                            id: row.id,
                            number: row.number,
                            known,
                        });
                    }
                }
                Inbound::PostRemoved { post, at, .. } => {
                    mark_post_removed(change, arrival, post, clock::ms(*at)).await?;
                    for slot in slots
                        .values_mut()
                        .filter(|slot| slot.stands_under(&arrival.connector, post))
                    {
                        let effect = slot.withdraw("post-removed");
                        if let (Some(row), Some(effect)) = (&slot.row, effect) {
                            effects.push((row.id, effect, Actor::Outside));
                        }
                    }
                }
                Inbound::AuthorRemoved { author, .. } => {
                    for slot in slots.values_mut().filter(|slot| slot.is_by(&arrival.connector, author)) {
                        let effect = slot.withdraw("account-deleted");
                        if let (Some(row), Some(effect)) = (&slot.row, effect) {
                            effects.push((row.id, effect, Actor::Outside));
                        }
                    }
                }
            }
        }
        outcomes.push(stored);
    }
    number(change, &mut slots, &mut outcomes, effects).await?;
    write_deliveries(change, arrivals);
    write_posts(change, arrivals);
    write_comments(change, slots);
    Ok(outcomes)
}

fn actor_of(event: &CommentEvent, by: Actor) -> Actor {
    if event.own { Actor::Outside } else { by }
}

type Slots = HashMap<(Arc<str>, String), Slot>;

/// Reads the comments spoken of, locked where the database has other writers.
async fn load(change: &Change, arrivals: &[&Arrival]) -> Result<Slots, Error> {
    let mut wanted: HashMap<Arc<str>, (Vec<&str>, Vec<Expr>)> = HashMap::new();
    for arrival in arrivals {
        let (comments, whole) = wanted.entry(Arc::clone(&arrival.connector)).or_default();
        for part in &arrival.parts {
            match &part.inbound {
                Inbound::Comment(event) => comments.push(&event.external_id),
                Inbound::PostRemoved { post, .. } => whole.push(comment::Column::Post.eq(post)),
                Inbound::AuthorRemoved { author, .. } => whole.push(comment::Column::AuthorId.eq(author)),
            }
        }
    }
    let mut slots = Slots::new();
    for (connector, (mut comments, whole)) in wanted {
        comments.sort_unstable();
        comments.dedup();
        for chunk in comments.chunks(256) {
            // Lists of few lengths, so that the prepared statement is found again.
            let padding = chunk.len().next_power_of_two() - chunk.len();
            let ids = chunk.iter().chain(chunk.iter().take(1).cycle().take(padding)).copied();
            let found = comment::Entity::find()
                .filter(comment::Column::Connector.eq(&*connector))
                .filter(comment::Column::ExternalId.is_in(ids))
                .lock_exclusive()
                .all(change.read())
                .await?;
            slots.extend(
                found
                    .into_iter()
                    .map(|row| ((Arc::clone(&connector), row.external_id.clone()), Slot::of(row))),
            );
        }
        for which in whole {
            let under = comment::Entity::find()
                .filter(comment::Column::Connector.eq(&*connector))
                .filter(which)
                .filter(comment::Column::State.ne(CommentState::Withdrawn))
                .lock_exclusive()
                .all(change.read())
                .await?;
            for row in under {
                slots
                    .entry((Arc::clone(&connector), row.external_id.clone()))
                    .or_insert_with(|| Slot::of(row));
            }
        }
    }
    Ok(slots)
}

/// Gives every event its number; a new comment takes that of its first event as its own.
async fn number(
    change: &mut Change,
    slots: &mut Slots,
    outcomes: &mut [Vec<Stored>],
    effects: Vec<(CommentId, Effect, Actor)>,
) -> Result<(), Error> {
    if effects.is_empty() {
        return Ok(());
    }
    let first = change.reserve(i64::try_from(effects.len()).unwrap_or(i64::MAX)).await?;
    let at = change.now_ms();
    let mut numbers = HashMap::new();
    for (seq, (id, effect, actor)) in (first..).zip(effects) {
        numbers.entry(id).or_insert(seq);
        let moved = effect.moved.map(|(from, to)| Moved {
            from,
            to,
            opened_at: effect.opened_at,
            due_at: effect.due_at,
            left: effect.left,
            arrived: effect.arrived,
        });
        change.event(Event {
            seq,
            at,
            kind: effect.kind,
            comment: Some(id),
            lane: Some(effect.lane),
            actor,
            data: effect.data,
            moved,
        });
    }
    for slot in slots.values_mut().filter(|slot| slot.is_new) {
        if let Some(row) = &mut slot.row {
            row.number = numbers.get(&row.id).copied().unwrap_or(0);
        }
    }
    for stored in outcomes.iter_mut().flatten().filter(|stored| stored.number == 0) {
        stored.number = numbers.get(&stored.id).copied().unwrap_or(0);
    }
    Ok(())
}

async fn mark_post_removed(change: &mut Change, arrival: &Arrival, gone: &str, at: i64) -> Result<(), Error> {
    let now = change.now_ms();
    let row = new_post(&arrival.connector, gone, None, now);
    change
        .execute(&post::Entity::insert(row).on_conflict(post_key().do_nothing().to_owned()))
        .await?;
    change
        .execute(
            &post::Entity::update_many()
                .col_expr(post::Column::RemovedAt, Expr::value(at))
                .filter(post::Column::Connector.eq(&*arrival.connector))
                .filter(post::Column::ExternalId.eq(gone)),
        )
        .await?;
    Ok(())
}

fn post_key() -> OnConflict {
    OnConflict::columns([post::Column::Connector, post::Column::ExternalId])
}

fn new_post(connector: &str, external_id: &str, known: Option<&Post>, now: i64) -> post::ActiveModel {
    post::Model {
        connector: connector.to_owned(),
        external_id: external_id.to_owned(),
        campaign_id: known.and_then(|post| post.campaign),
        ad: known.and_then(|post| post.ad.clone()),
        title: known.and_then(|post| post.title.clone()),
        language: known.and_then(|post| post.language.clone()),
        permalink: None,
        removed_at: None,
        created_at: now,
    }
    .into_active_model()
}

fn write_deliveries(change: &mut Change, arrivals: &[&Arrival]) {
    use sea_orm::ActiveValue::Set;
    let now = change.now_ms();
    let mut kept = Vec::new();
    for arrival in arrivals {
        let events = i32::try_from(arrival.parts.len()).unwrap_or(i32::MAX);
        let ignored = i32::try_from(arrival.ignored).unwrap_or(i32::MAX);
        match &arrival.source {
            Source::New { id, body } => kept.push(delivery::ActiveModel {
                id: Set(*id),
                connector: Set(arrival.connector.to_string()),
                digest: Set(None),
                body: Set(body.to_vec()),
                received_at: Set(now),
                taken_apart_at: Set(Some(now)),
                events: Set(events),
                ignored: Set(ignored),
                error: Set(None),
            }),
            Source::Kept(id) => change.later(
                &delivery::Entity::update_many()
                    .col_expr(delivery::Column::TakenApartAt, Expr::value(now))
                    .col_expr(delivery::Column::Events, Expr::value(events))
                    .col_expr(delivery::Column::Ignored, Expr::value(ignored))
                    .filter(delivery::Column::Id.eq(*id)),
            ),
        }
    }
    change.insert_many::<delivery::Entity>(kept);
}

fn write_posts(change: &mut Change, arrivals: &[&Arrival]) {
    let now = change.now_ms();
    for arrival in arrivals {
        for part in arrival.parts.iter().filter(|part| part.new_post) {
            if let Inbound::Comment(event) = &part.inbound
                && let Some(external_id) = &event.post
            {
                let known = part.post_known_after(event);
                let row = new_post(&arrival.connector, external_id, Some(&known), now);
                change.later(&post::Entity::insert(row).on_conflict(post_key().do_nothing().to_owned()));
            }
        }
    }
}

fn write_comments(change: &mut Change, slots: Slots) {
    let mut new = Vec::new();
    let mut revisions = Vec::new();
    for slot in slots.into_values() {
        revisions.extend(
            slot.earlier
                .into_iter()
                .map(|earlier: revision::Model| earlier.into_active_model()),
        );
        let Some(row) = slot.row else { continue };
        if slot.is_new {
            new.push(row.into_active_model());
        } else if slot.is_changed {
            let id = row.id;
            let mut active = row.into_active_model().reset_all();
            active.id = sea_orm::ActiveValue::NotSet;
            change.later(
                &comment::Entity::update_many()
                    .set(active)
                    .filter(comment::Column::Id.eq(id)),
            );
        }
    }
    // Rows by identifier: neighbours in the index, and the same order whatever the map's.
    new.sort_by_key(|row| *row.id.as_ref());
    change.insert_many::<comment::Entity>(new);
    change.insert_many::<revision::Entity>(revisions);
}
