//! What Mastodon tells over its stream (docs.joinmastodon.org, "Streaming API"). Stream `user`: the one of notifications
//! alone misses deletions.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::parse::{self, Status};
use super::{Mastodon, status_id};
use crate::connector::streaming::{Heard, Listener, Subscription};
use crate::connector::{Account, CommentEvent, Happened, Inbound, ParseError};

#[derive(Deserialize)]
struct Frame {
    #[serde(default)]
    event: Option<String>,
    #[serde(default)]
    payload: Option<String>,
}

#[derive(Deserialize)]
struct Notification {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    status: Option<Status>,
}

impl Listener for Mastodon {
    /// There is no replay: what was missed is read.
    fn subscription(&self, account: &Account, _cursor: Option<&str>) -> Option<Subscription> {
        let base = account.setting("streaming_url")?.trim_end_matches('/');
        Some(Subscription {
            url: format!("{base}/api/v1/streaming?stream=user"),
            bearer: Some(account.access_token.clone()),
        })
    }

    fn hear(&self, account: &Account, message: &str, received_at: DateTime<Utc>) -> Result<Heard, ParseError> {
        let frame: Frame = read(message)?;
        let mut heard = Heard::default();
        let payload = frame.payload.as_deref().unwrap_or_default();
        let event = match frame.event.as_deref() {
            Some("notification") => {
                let told: Notification = read(payload)?;
                if told.kind.as_deref() != Some("mention") {
                    return Ok(heard);
                }
                told.status
                    .and_then(|status| parse::seen(account, None, status, received_at))
                    .map(|seen| seen.comment)
            }
            Some("status.update") => {
                let status: Status = read(payload)?;
                parse::seen(account, None, status, received_at)
                    .filter(|seen| is_answer(&seen.comment))
                    .map(|seen| CommentEvent {
                        what: Happened::Edited,
                        at: seen.edited_at.unwrap_or(received_at),
                        ..seen.comment
                    })
            }
            Some("delete") => status_id(payload).map(|id| gone(account, id, received_at)),
            _ => None,
        };
        heard.events = event
            .map(|event| Inbound::Comment(Box::new(event)))
            .into_iter()
            .collect();
        Ok(heard)
    }
}

/// The account's own statuses, and those of whom it follows, are edited on the same stream.
fn is_answer(comment: &CommentEvent) -> bool {
    comment.parent.is_some() || comment.post.is_some()
}

fn gone(account: &Account, id: &str, at: DateTime<Utc>) -> CommentEvent {
    CommentEvent {
        what: Happened::Removed,
        account: account.external_id.clone(),
        external_id: id.to_owned(),
        parent: None,
        post: None,
        ad: None,
        ad_title: None,
        author: None,
        own: false,
        text: None,
        attachments: Vec::new(),
        declared_language: None,
        at,
        created_at: None,
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ParseError> {
    serde_json::from_str(text).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => ParseError::Foreign("not a message of Mastodon's stream".into()),
        _ => ParseError::Unreadable(e.to_string()),
    })
}
