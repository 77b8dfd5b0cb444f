//! Takes deliveries of the account's API apart: an envelope whose content is a JSON document in a string, with ids of 19
//! digits as bare numbers.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::connector::json::Word;
use crate::connector::{Author, CommentEvent, Happened, Inbound, ParseError, Parsed};

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    event: Word,
    #[serde(default)]
    create_time: Word,
    #[serde(default)]
    user_openid: Word,
    #[serde(default)]
    content: Word,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    comment_id: Word,
    #[serde(default)]
    video_id: Word,
    #[serde(default)]
    parent_comment_id: Word,
    #[serde(default)]
    comment_action: Word,
    #[serde(default)]
    timestamp: Word,
    #[serde(default)]
    unique_identifier: Word,
    #[serde(default)]
    text: Word,
}

/// Whether a text can be an id of TikTok: digits, kept as text since they do not fit a double.
pub(super) fn is_id(id: &str) -> bool {
    (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit())
}

/// Takes one delivery apart.
pub(super) fn parse(body: &[u8], received_at: DateTime<Utc>) -> Result<Parsed, ParseError> {
    let text = std::str::from_utf8(body).map_err(|e| ParseError::Unreadable(format!("not UTF-8: {e}")))?;
    let envelope: Envelope = serde_json::from_str(text).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => ParseError::Foreign("no envelope".into()),
        _ => ParseError::Unreadable(e.to_string()),
    })?;
    let Some(event) = envelope.event.filled() else {
        return Err(ParseError::Foreign("no event is named".into()));
    };
    let ignored = Parsed {
        events: Vec::new(),
        ignored: 1,
    };
    if event != "comment.update" {
        return Ok(ignored);
    }
    let content = envelope.content.filled().unwrap_or_default();
    let Ok(content) = serde_json::from_str::<Content>(&content) else {
        return Err(ParseError::Unreadable("the content is not JSON".into()));
    };
    let what = match content.comment_action.0.as_deref() {
        Some("insert") => Happened::Added,
        Some("delete") => Happened::Removed,
        Some("set_to_hidden" | "set_to_friends_only") => Happened::Hidden,
        Some("set_to_public") => Happened::Shown,
        _ => return Ok(ignored),
    };
    let (Some(account), Some(id)) = (
        envelope.user_openid.filled(),
        content.comment_id.filled().filter(|id| is_id(id)),
    ) else {
        return Ok(ignored);
    };
    let at = content.timestamp.instant().or_else(|| envelope.create_time.instant());
    let author = content.unique_identifier.filled().map(|id| Author {
        id: Some(id),
        ..Author::default()
    });
    let added = what == Happened::Added;
    let event = CommentEvent {
        what,
        account,
        external_id: id,
        parent: content.parent_comment_id.filled().filter(|id| id != "0"),
        post: content.video_id.filled(),
        ad: None,
        ad_title: None,
        author,
        own: false,
        text: content.text.0.filter(|_| added),
        attachments: Vec::new(),
        declared_language: None,
        at: at.unwrap_or(received_at),
        created_at: at.filter(|_| added),
    };
    Ok(Parsed {
        events: vec![Inbound::Comment(Box::new(event))],
        ignored: 0,
    })
}
