//! What a client missed, from the stored events.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::frame::{self, Told};
use super::hub::Frame;
use super::topic::{Topic, topics_of};
use crate::app::App;
use crate::change::{Actor, Event};
use crate::domain::id::CommentId;
use crate::lane::shelf;
use crate::store::Error;
use crate::store::entity::event;

/// What was missed.
#[derive(Debug)]
pub struct Missed {
    /// Events since, oldest first; none if they are too many to tell.
    pub events: Option<Vec<Event>>,
    /// The last event there is.
    pub last: i64,
}

/// Reads the events after `since`.
///
/// # Errors
/// Any [`Error`].
pub async fn missed(app: &App, since: i64) -> Result<Missed, Error> {
    let last = last_seq(app).await?;
    let most = u64::from(app.config.wire.replay);
    if since > last {
        // A number from before a restored backup: what the client saw is not our past.
        return Ok(Missed { events: None, last });
    }
    let rows = event::Entity::find()
        .filter(event::Column::Seq.gt(since))
        .order_by_asc(event::Column::Seq)
        .limit(most + 1)
        .all(app.db.reader())
        .await?;
    if rows.len() as u64 > most {
        return Ok(Missed { events: None, last });
    }
    let last = rows.last().map_or(last, |row| row.seq);
    Ok(Missed {
        events: Some(rows.into_iter().map(of_row).collect()),
        last,
    })
}

/// The number of the last event.
///
/// # Errors
/// Any [`Error`].
pub async fn last_seq(app: &App) -> Result<i64, Error> {
    let last = event::Entity::find()
        .order_by_desc(event::Column::Seq)
        .one(app.db.reader())
        .await?;
    Ok(last.map_or(0, |row| row.seq))
}

/// The frames of missed events on the topics given.
///
/// # Errors
/// Any [`Error`].
pub async fn frames(app: &App, events: &[Event], topics: &[Topic]) -> Result<Vec<Frame>, Error> {
    let told: Vec<(&Event, Vec<Topic>)> = events
        .iter()
        .map(|event| {
            (
                event,
                topics_of(event)
                    .into_iter()
                    .filter(|topic| topics.contains(topic))
                    .collect::<Vec<_>>(),
            )
        })
        .filter(|(_, topics)| !topics.is_empty())
        .collect();
    let ids: Vec<CommentId> = told.iter().filter_map(|(event, _)| event.comment).collect();
    let items = shelf::items(app, &ids).await?;
    let mut frames = Vec::new();
    for (event, topics) in told {
        let comment = event.comment.and_then(|id| items.get(&id).map(|item| &**item));
        let parts = Told {
            seq: event.seq,
            at: event.at,
            kind: event.kind.as_str(),
            data: &event.data,
            comment,
        };
        frames.extend(topics.into_iter().map(|topic| Frame {
            topic,
            seq: event.seq,
            text: frame::json(topic, &parts).into(),
        }));
    }
    Ok(frames)
}

/// A stored event; what only kept figures need is not stored.
fn of_row(row: event::Model) -> Event {
    Event {
        seq: row.seq,
        at: row.at,
        kind: row.kind,
        comment: row.comment_id,
        lane: row.lane,
        actor: Actor::Desk,
        data: serde_json::from_str(&row.data).unwrap_or_default(),
        moved: None,
    }
}
