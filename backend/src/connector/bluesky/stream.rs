//! The network's stream (Jetstream): every post of everybody, of which few are answers to the account.
//!
//! It cannot be asked for the answers to a post: what does not concern the account is dropped here, as cheaply as may be.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::post::{Post, concern};
use super::{Bluesky, POST};
use crate::connector::json::Word;
use crate::connector::streaming::{Heard, Listener, Subscription};
use crate::connector::{Account, CommentEvent, Happened, Inbound, ParseError};

/// Listening goes on this far before where it ended: another server of the same address may be a little behind.
const OVERLAP_US: i64 = 5_000_000;

/// A message of the original endpoint, or the envelope of the newer one.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(default)]
    did: Word,
    #[serde(default)]
    time_us: Word,
    #[serde(default, borrow)]
    commit: Option<&'a RawValue>,
    #[serde(default, borrow)]
    account: Option<&'a RawValue>,
    #[serde(default, borrow)]
    payload: Option<&'a RawValue>,
    #[serde(default)]
    kind: Word,
    #[serde(default)]
    error: Word,
}

#[derive(Deserialize)]
struct Payload {
    #[serde(default, rename = "$type")]
    kind: Word,
    #[serde(default)]
    did: Word,
    #[serde(default)]
    time: Word,
}

#[derive(Deserialize)]
struct Commit<'a> {
    #[serde(default)]
    operation: Word,
    #[serde(default)]
    collection: Word,
    #[serde(default)]
    rkey: Word,
    #[serde(default, borrow)]
    record: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Standing {
    #[serde(default)]
    status: Word,
}

/// What happened to whom, from whichever endpoint.
struct Told<'a> {
    did: String,
    at: DateTime<Utc>,
    commit: Option<&'a RawValue>,
    account: Option<&'a RawValue>,
}

impl Listener for Bluesky {
    fn subscription(&self, account: &Account, cursor: Option<&str>) -> Option<Subscription> {
        let mut url = reqwest::Url::parse(account.setting("stream_url")?).ok()?;
        url.query_pairs_mut().append_pair("wantedCollections", POST);
        if let Some(cursor) = cursor.and_then(|cursor| cursor.parse::<i64>().ok()) {
            let from = cursor.saturating_sub(OVERLAP_US).to_string();
            url.query_pairs_mut().append_pair("cursor", &from);
        }
        Some(Subscription {
            url: url.into(),
            bearer: None,
        })
    }

    fn hear(&self, account: &Account, message: &str, received_at: DateTime<Utc>) -> Result<Heard, ParseError> {
        hear(&account.external_id, message, received_at)
    }
}

fn hear(account: &str, message: &str, received_at: DateTime<Utc>) -> Result<Heard, ParseError> {
    let frame: Frame<'_> = serde_json::from_str(message).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => ParseError::Foreign("not a message of the stream".into()),
        _ => ParseError::Unreadable(e.to_string()),
    })?;
    let Some(told) = told(frame, received_at)? else {
        return Ok(Heard::default());
    };
    let mut heard = Heard {
        cursor: Some(told.at.timestamp_micros().to_string()),
        ..Heard::default()
    };
    if let Some(standing) = told.account {
        // Paused and suspended accounts may come back; what stays away is found missing.
        let standing: Option<Standing> = serde_json::from_str(standing.get()).ok();
        if standing.is_some_and(|standing| standing.status.0.as_deref() == Some("deleted")) {
            heard.events.push(Inbound::AuthorRemoved {
                account: account.to_owned(),
                author: told.did,
                at: told.at,
            });
        }
    } else if let Some(commit) = told.commit {
        let Ok(commit) = serde_json::from_str::<Commit<'_>>(commit.get()) else {
            heard.ignored += 1;
            return Ok(heard);
        };
        let event = committed(account, &told.did, &commit, told.at);
        heard
            .events
            .extend(event.map(|event| Inbound::Comment(Box::new(event))));
    }
    Ok(heard)
}

fn told(frame: Frame<'_>, received_at: DateTime<Utc>) -> Result<Option<Told<'_>>, ParseError> {
    if let Some(payload) = frame.payload {
        let foreign = || ParseError::Foreign("not a message of the stream".into());
        let said: Payload = serde_json::from_str(payload.get()).map_err(|_| foreign())?;
        let kind = said.kind.filled().ok_or_else(foreign)?;
        let is_commit = kind.ends_with("#commit");
        let (Some(did), true) = (said.did.filled(), is_commit || kind.ends_with("#account")) else {
            return Ok(None);
        };
        return Ok(Some(Told {
            did,
            at: said.time.instant().unwrap_or(received_at),
            commit: is_commit.then_some(payload),
            account: (!is_commit).then_some(payload),
        }));
    }
    // The last message before the line is closed.
    if frame.error.0.is_some() {
        return Ok(None);
    }
    let (Some(did), Some(_)) = (frame.did.filled(), frame.kind.filled()) else {
        return Err(ParseError::Foreign("not a message of the stream".into()));
    };
    let micros = frame.time_us.0.and_then(|micros| micros.parse::<i64>().ok());
    let at = micros.and_then(DateTime::from_timestamp_micros);
    Ok(Some(Told {
        did,
        at: at
            .filter(|at| (0..253_402_300_800).contains(&at.timestamp()))
            .unwrap_or(received_at),
        commit: frame.commit,
        account: frame.account,
    }))
}

fn committed(account: &str, did: &str, commit: &Commit<'_>, at: DateTime<Utc>) -> Option<CommentEvent> {
    if commit.collection.0.as_deref() != Some(POST) {
        return None;
    }
    let uri = format!("at://{did}/{POST}/{}", commit.rkey.0.as_deref()?);
    super::key::post(&uri)?;
    let what = match commit.operation.0.as_deref()? {
        "create" => Happened::Added,
        "update" => Happened::Edited,
        // Says of what it was an answer to nothing: whoever listens knows whether it knows it.
        "delete" => return Some(removed(account, did, uri, at)),
        _ => return None,
    };
    let record = commit
        .record
        .filter(|record| record.get().contains(account) || did == account)?;
    let post = Post {
        uri: &uri,
        record,
        handle: None,
        name: None,
        at,
    };
    let event = concern(account, what, post)?;
    Some(CommentEvent {
        created_at: event.created_at.filter(|_| what == Happened::Added),
        ..event
    })
}

fn removed(account: &str, did: &str, uri: String, at: DateTime<Utc>) -> CommentEvent {
    CommentEvent {
        what: Happened::Removed,
        account: account.to_owned(),
        external_id: uri,
        parent: None,
        post: None,
        ad: None,
        ad_title: None,
        author: None,
        own: did == account,
        text: None,
        attachments: Vec::new(),
        declared_language: None,
        at,
        created_at: None,
    }
}
