//! Takes lists apart: notifications, posts by their addresses, a thread with what the account has hidden in it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::post::{Post, comment};
use crate::connector::json::Word;
use crate::connector::reading::{Listing, Seen};
use crate::connector::{Happened, ParseError};

/// Answers that are followed below one another. What stands deeper is told by notifications and on the stream.
const DEEPEST: usize = 128;

#[derive(Deserialize)]
struct Notifications<'a> {
    #[serde(borrow)]
    notifications: Vec<&'a RawValue>,
    #[serde(default)]
    cursor: Word,
}

#[derive(Deserialize)]
struct Posts<'a> {
    #[serde(borrow)]
    posts: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Thread<'a> {
    #[serde(borrow)]
    thread: &'a RawValue,
    #[serde(default, borrow)]
    threadgate: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Branch<'a> {
    #[serde(default, rename = "$type")]
    kind: Word,
    #[serde(default, borrow)]
    post: Option<&'a RawValue>,
    #[serde(default, borrow)]
    replies: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Gate<'a> {
    #[serde(default, borrow)]
    record: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Rules {
    #[serde(default, rename = "hiddenReplies")]
    hidden: Vec<String>,
}

/// A post as lists show it; notifications have the same fields.
#[derive(Deserialize)]
pub(super) struct View<'a> {
    #[serde(default)]
    pub(super) uri: Word,
    #[serde(default)]
    pub(super) cid: Word,
    #[serde(default, borrow)]
    author: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) record: &'a RawValue,
    #[serde(default, rename = "indexedAt")]
    pub(super) indexed_at: Word,
}

#[derive(Deserialize)]
struct Profile {
    #[serde(default)]
    handle: Word,
    #[serde(default, rename = "displayName")]
    name: Word,
}

fn page<'a, T: Deserialize<'a>>(body: &'a str, what: &str) -> Result<T, ParseError> {
    serde_json::from_str(body).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => ParseError::Foreign(format!("not {what}")),
        _ => ParseError::Unreadable(e.to_string()),
    })
}

/// Takes a page of notifications apart.
pub(super) fn notifications(account: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
    let page: Notifications<'_> = page(body, "a list of notifications")?;
    let mut listing = Listing {
        next: page.cursor.filled(),
        ..Listing::default()
    };
    for raw in page.notifications {
        put(account, raw, None, now, &mut listing);
    }
    Ok(listing)
}

/// Takes a list of posts apart.
pub(super) fn posts(account: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
    let page: Posts<'_> = page(body, "a list of posts")?;
    let mut listing = Listing::default();
    for raw in page.posts {
        put(account, raw, None, now, &mut listing);
    }
    Ok(listing)
}

/// The post of this address in a list of posts.
pub(super) fn one<'a>(body: &'a str, uri: &str) -> Result<Option<View<'a>>, ParseError> {
    let page: Posts<'_> = page(body, "a list of posts")?;
    let mut views = page
        .posts
        .into_iter()
        .filter_map(|raw| serde_json::from_str::<View<'_>>(raw.get()).ok());
    Ok(views.find(|view| view.uri.0.as_deref() == Some(uri)))
}

/// Takes a thread apart. Every level is read for itself: threads nest deeper than a reader of JSON may.
pub(super) fn thread(account: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
    let page: Thread<'_> = page(body, "a thread")?;
    let gate = page
        .threadgate
        .and_then(|raw| serde_json::from_str::<Gate<'_>>(raw.get()).ok());
    let rules = gate.and_then(|gate| serde_json::from_str::<Rules>(gate.record?.get()).ok());
    let hidden: HashSet<String> = rules
        .map(|rules| rules.hidden.into_iter().collect())
        .unwrap_or_default();
    let mut listing = Listing::default();
    let mut branches = vec![(page.thread, 0)];
    while let Some((raw, depth)) = branches.pop() {
        let Ok(branch) = serde_json::from_str::<Branch<'_>>(raw.get()) else {
            listing.ignored += 1;
            continue;
        };
        match (branch.kind.0.as_deref(), branch.post) {
            (Some("app.bsky.feed.defs#threadViewPost"), Some(post)) if depth > 0 => {
                put(account, post, Some(&hidden), now, &mut listing);
            }
            (Some("app.bsky.feed.defs#threadViewPost"), Some(_)) => {}
            // Deleted, or by somebody who has blocked the account: nothing is shown of it.
            (Some("app.bsky.feed.defs#notFoundPost" | "app.bsky.feed.defs#blockedPost"), _) => {}
            _ => listing.ignored += 1,
        }
        let replies = branch.replies.unwrap_or_default();
        if depth < DEEPEST {
            branches.extend(replies.into_iter().rev().map(|raw| (raw, depth + 1)));
        } else {
            listing.ignored += replies.len();
        }
    }
    Ok(listing)
}

fn put(account: &str, raw: &RawValue, hidden: Option<&HashSet<String>>, now: DateTime<Utc>, listing: &mut Listing) {
    match seen(account, raw, hidden, now) {
        Some(seen) => listing.comments.push(seen),
        None => listing.ignored += 1,
    }
}

fn seen(account: &str, raw: &RawValue, hidden: Option<&HashSet<String>>, now: DateTime<Utc>) -> Option<Seen> {
    let view: View<'_> = serde_json::from_str(raw.get()).ok()?;
    let author = view
        .author
        .and_then(|raw| serde_json::from_str::<Profile>(raw.get()).ok());
    let (handle, name) = author.map_or((None, None), |author| (author.handle.filled(), author.name.filled()));
    let at = view.indexed_at.instant().unwrap_or(now);
    let uri = view.uri.filled()?;
    let post = Post {
        uri: &uri,
        record: view.record,
        handle,
        name,
        at,
    };
    Some(Seen {
        comment: comment(account, Happened::Added, post)?,
        hidden: hidden.map(|hidden| hidden.contains(&uri)),
        // Edits are not told: a changed record keeps its time.
        edited_at: None,
    })
}
