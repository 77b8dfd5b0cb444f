//! What a page shows that the desk does not know: the difference, as things that happened.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DerivePartialModel, EntityTrait, QueryFilter};

use crate::app::App;
use crate::connector::reading::Seen;
use crate::connector::{CommentEvent, Happened, Inbound};
use crate::domain::comment::{CommentState, Presence, Visibility};
use crate::store::Error;
use crate::store::entity::comment;

/// Rows asked for at once.
const AT_ONCE: usize = 500;

/// What a page is held against: a page of a hundred is read every minute, and most of it tells nothing new.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "comment::Entity")]
struct Row {
    external_id: String,
    own: bool,
    author_id: Option<String>,
    author_handle: Option<String>,
    author_name: Option<String>,
    text: Option<String>,
    visibility: Visibility,
    presence: Presence,
    state: CommentState,
}

/// The difference. `asked_at` is when the page was asked for: what the desk did since is not undone by it.
pub(super) async fn news(
    app: &App,
    connector: &str,
    seen: Vec<Seen>,
    asked_at: DateTime<Utc>,
) -> Result<Vec<Inbound>, Error> {
    let mut known = HashMap::new();
    for seen in seen.chunks(AT_ONCE) {
        let ids = seen.iter().map(|seen| seen.comment.external_id.as_str());
        let rows = comment::Entity::find()
            .filter(comment::Column::Connector.eq(connector))
            .filter(comment::Column::ExternalId.is_in(ids))
            .into_partial_model::<Row>()
            .all(app.db.reader())
            .await?;
        known.extend(rows.into_iter().map(|row: Row| (row.external_id.clone(), row)));
    }
    Ok(seen
        .into_iter()
        .flat_map(|seen| {
            let known = known.get(&seen.comment.external_id);
            difference(seen, known, asked_at)
        })
        .map(|event| Inbound::Comment(Box::new(event)))
        .collect())
}

/// What one comment on a page tells that its row does not.
fn difference(seen: Seen, known: Option<&Row>, asked_at: DateTime<Utc>) -> Vec<CommentEvent> {
    let Seen {
        comment,
        hidden,
        edited_at,
    } = seen;
    let happened = |what: Happened, at: DateTime<Utc>| CommentEvent {
        what,
        at,
        ..comment.clone()
    };
    let mut events = Vec::new();
    let is_hidden = match known.filter(|row| row.presence == Presence::Known) {
        None => {
            events.push(happened(Happened::Added, edited_at.unwrap_or(comment.at)));
            known.is_some_and(|row| row.visibility == Visibility::Hidden)
        }
        // A page may be older than what told that it is gone.
        Some(row) if row.state == CommentState::Withdrawn => return events,
        Some(row) => {
            let is_named = row.author_handle.is_none()
                && row.author_name.is_none()
                && comment
                    .author
                    .as_ref()
                    .is_some_and(|author| author.names(row.author_id.as_deref()));
            if (comment.own && !row.own) || is_named {
                events.push(happened(Happened::Added, comment.at));
            }
            // A picture alone has an empty text in one place and none in another.
            if row.text.as_deref().unwrap_or_default() != comment.text.as_deref().unwrap_or_default() {
                events.push(happened(Happened::Edited, edited_at.unwrap_or(asked_at)));
            }
            row.visibility == Visibility::Hidden
        }
    };
    if let Some(hidden) = hidden
        && hidden != is_hidden
    {
        let what = if hidden { Happened::Hidden } else { Happened::Shown };
        events.push(happened(what, asked_at));
    }
    events
}
