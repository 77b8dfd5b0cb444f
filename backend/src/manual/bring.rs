//! Hands entries to the desk: the raw rows, the comments, their tags and their events in one commit.

use std::collections::HashSet;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::entry::Entry;
use crate::app::App;
use crate::change::Actor;
use crate::connector::registry::Connected;
use crate::connector::{Attachment, Author, CommentEvent, Happened, Inbound};
use crate::delivery::arrival::Stored;
use crate::delivery::take_apart::keep_and_apply;
use crate::store::Error;
use crate::store::entity::comment;

/// An entry with what it is known by at the desk.
#[derive(Debug, Clone)]
pub struct Brought {
    /// Its id on the platform, or the desk's for it ([`Entry::key`]).
    pub external_id: String,
    /// The comment.
    pub entry: Entry,
    /// Where a picture of it is kept, outside the desk.
    pub screenshot: Option<String>,
}

/// Stores entries, in their order, with the text they were read from. What was known stays as it is.
///
/// # Errors
/// Any [`Error`]; nothing is then stored.
pub async fn bring(
    app: &App,
    connector: &Connected,
    raw: Bytes,
    entries: Vec<Brought>,
    actor: Actor,
) -> Result<Vec<Stored>, Error> {
    let now = app.clock.now();
    let events = entries
        .into_iter()
        .map(|entry| Inbound::Comment(Box::new(event(entry, connector, now))))
        .collect();
    keep_and_apply(app, connector, raw, events, actor).await
}

/// Which of these ids the desk knows.
///
/// # Errors
/// Any [`Error`].
pub async fn known(app: &App, connector: &str, ids: &[&str]) -> Result<HashSet<String>, Error> {
    let mut known = HashSet::new();
    for ids in ids.chunks(256) {
        let found: Vec<String> = comment::Entity::find()
            .select_only()
            .column(comment::Column::ExternalId)
            .filter(comment::Column::Connector.eq(connector))
            .filter(comment::Column::ExternalId.is_in(ids.iter().copied()))
            .into_tuple()
            .all(app.db.reader())
            .await?;
        known.extend(found);
    }
    Ok(known)
}

fn event(brought: Brought, connector: &Connected, now: DateTime<Utc>) -> CommentEvent {
    let Brought {
        external_id,
        entry,
        screenshot,
    } = brought;
    let account = &connector.account;
    let own_ids = [Some(account.external_id.as_str()), account.setting("own_author")];
    let own = entry
        .author_id
        .as_deref()
        .is_some_and(|author| !author.is_empty() && own_ids.contains(&Some(author)));
    let author = Author {
        id: entry.author_id,
        handle: entry.handle,
        name: entry.author,
    };
    let attached = [("link", entry.link), ("screenshot", screenshot)];
    CommentEvent {
        what: Happened::Added,
        account: account.external_id.clone(),
        external_id,
        parent: entry.parent,
        post: entry.post,
        ad: entry.ad,
        ad_title: None,
        author: (author != Author::default()).then_some(author),
        own,
        text: Some(entry.text),
        attachments: attached
            .into_iter()
            .filter_map(|(kind, url)| {
                url.map(|url| Attachment {
                    kind: kind.to_owned(),
                    url,
                })
            })
            .collect(),
        declared_language: entry.language,
        at: entry.written_at.unwrap_or(now),
        created_at: entry.written_at,
    }
}
