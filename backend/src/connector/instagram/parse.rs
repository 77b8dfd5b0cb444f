//! What an Instagram delivery says: new comments only. Edits, hides and removals are never told.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::connector::graph::{self, Update};
use crate::connector::http::object_id;
use crate::connector::json::Word;
use crate::connector::{Author, CommentEvent, Happened, Inbound, ParseError, Parsed};

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(default)]
    id: Word,
    /// One documented example names the id so.
    #[serde(default)]
    comment_id: Word,
    #[serde(default)]
    parent_id: Word,
    #[serde(default)]
    text: Word,
    #[serde(borrow, default)]
    from: Option<&'a RawValue>,
    #[serde(borrow, default)]
    media: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct From {
    #[serde(default)]
    id: Word,
    #[serde(default)]
    username: Word,
}

#[derive(Deserialize, Default)]
struct Media {
    #[serde(default)]
    id: Word,
    #[serde(default)]
    ad_id: Word,
    #[serde(default)]
    ad_title: Word,
}

/// Takes the delivery apart.
pub(super) fn parse(body: &[u8], received_at: DateTime<Utc>) -> Result<Parsed, ParseError> {
    let (updates, ignored) = graph::open(body, "instagram")?;
    let mut parsed = Parsed {
        events: Vec::with_capacity(updates.len()),
        ignored,
    };
    for update in updates {
        match comment(&update, received_at) {
            Some(event) => parsed.events.push(Inbound::Comment(Box::new(event))),
            None => parsed.ignored += 1,
        }
    }
    Ok(parsed)
}

fn comment(update: &Update<'_>, received_at: DateTime<Utc>) -> Option<CommentEvent> {
    if !matches!(update.field.as_str(), "comments" | "live_comments") {
        return None;
    }
    let value: Value<'_> = serde_json::from_str(update.value.get()).ok()?;
    let external_id = value.id.filled().or(value.comment_id.filled());
    let external_id = external_id.filter(|id| object_id(id).is_some())?;
    let from: From = part(value.from);
    let media: Media = part(value.media);
    let author = Author {
        id: from.id.filled(),
        handle: from.username.filled(),
        name: None,
    };
    let post = media.id.filled();
    Some(CommentEvent {
        what: Happened::Added,
        account: update.account.clone(),
        external_id,
        parent: value.parent_id.filled().filter(|parent| Some(parent) != post.as_ref()),
        post,
        ad: media.ad_id.filled(),
        ad_title: media.ad_title.filled(),
        own: author.id.as_deref() == Some(update.account.as_str()),
        author: (author != Author::default()).then_some(author),
        text: value.text.0,
        attachments: Vec::new(),
        declared_language: None,
        // The value has no time; that of sending is the nearest known.
        at: update.sent_at.unwrap_or(received_at),
        created_at: None,
    })
}

fn part<'a, T: Deserialize<'a> + Default>(raw: Option<&'a RawValue>) -> T {
    raw.and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
