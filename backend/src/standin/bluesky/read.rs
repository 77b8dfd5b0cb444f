//! What is read: notifications, posts by their addresses, threads.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::repo::{Repo, cid};
use super::{Answer, Ask, POST, failed, invalid};
use crate::standin::threads::{Entry, Standing, World};

/// Posts that one call takes.
const POSTS: usize = 25;

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(super) fn did(uri: &str) -> &str {
    uri.trim_start_matches("at://").split('/').next().unwrap_or_default()
}

/// Hash of a post that somebody wrote outside of the account's repository.
fn strong(world: &World, uri: &str) -> Value {
    let entry = world.entries.iter().find(|entry| entry.id == uri);
    let said = entry.map_or_else(
        || json!({ "post": uri }),
        |entry| json!({ "post": uri, "text": entry.text }),
    );
    json!({ "uri": uri, "cid": cid(&said) })
}

/// A post's record, as its author's client wrote it.
pub(super) fn record(world: &World, entry: &Entry) -> Value {
    let mut record = json!({ "$type": POST, "text": entry.text, "createdAt": instant(entry.at) });
    if entry.id != entry.video {
        record["reply"] = json!({
            "root": strong(world, &entry.video),
            "parent": strong(world, entry.parent.as_deref().unwrap_or(&entry.video)),
        });
    }
    record
}

/// A post's hash.
pub(super) fn hash(world: &World, entry: &Entry) -> Value {
    strong(world, &entry.id)["cid"].clone()
}

/// A handle of a name: a host name (AT Protocol, "Handle"), of which letters of other scripts are no part.
fn handle(name: &str) -> String {
    let parts = name.split(|sign: char| !sign.is_ascii_alphanumeric());
    let parts: Vec<String> = parts
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let label = if parts.is_empty() {
        "namn".to_owned()
    } else {
        parts.join("-")
    };
    format!("{label}.example")
}

fn author(entry: &Entry) -> Value {
    json!({
        "did": did(&entry.id), "handle": handle(&entry.name),
        "displayName": entry.name, "viewer": { "muted": false, "blockedBy": false }, "labels": [],
    })
}

fn view(world: &World, entry: &Entry) -> Value {
    let replies = world
        .entries
        .iter()
        .filter(|other| other.parent.as_ref() == Some(&entry.id))
        .count();
    json!({
        "uri": entry.id, "cid": hash(world, entry), "author": author(entry), "record": record(world, entry),
        "replyCount": replies, "repostCount": 0, "likeCount": 0, "quoteCount": 0,
        "indexedAt": instant(entry.at), "labels": [],
    })
}

pub(super) fn notifications(world: &World, ask: &Ask<'_>) -> Answer {
    let limit = ask.get("limit").map_or(Ok(50), str::parse::<usize>);
    let limit = limit.ok().filter(|limit| (1..=100).contains(limit));
    let limit = limit.ok_or_else(|| invalid("limit must be between 1 and 100"))?;
    let before = match ask.get("cursor") {
        Some(cursor) => cursor.parse().map_err(|_| invalid("Invalid cursor"))?,
        None => world.entries.len(),
    };
    let told = |entry: &Entry| entry.author != ask.account && entry.standing != Standing::Gone;
    let wanted: Vec<&str> = ask.all("reasons").collect();
    let page: Vec<(usize, &Entry)> = world
        .entries
        .iter()
        .enumerate()
        .take(before)
        .rev()
        .filter(|(_, entry)| told(entry) && (wanted.is_empty() || wanted.contains(&"reply")))
        .take(limit)
        .collect();
    let cursor = page.last().map(|(at, _)| at.to_string());
    let rows: Vec<Value> = page
        .into_iter()
        .map(|(_, entry)| {
            json!({
                "uri": entry.id, "cid": hash(world, entry), "author": author(entry), "reason": "reply",
                "reasonSubject": entry.video, "record": record(world, entry), "isRead": false,
                "indexedAt": instant(entry.at), "labels": [],
            })
        })
        .collect();
    let mut body = json!({ "notifications": rows, "priority": false, "seenAt": instant(ask.now) });
    if let Some(cursor) = cursor {
        body["cursor"] = json!(cursor);
    }
    Ok(body)
}

pub(super) fn posts(world: &World, ask: &Ask<'_>) -> Answer {
    let uris: Vec<&str> = ask.all("uris").collect();
    if uris.is_empty() || uris.len() > POSTS {
        return Err(invalid("Invalid 'uris' parameter: must have 1 to 25 elements"));
    }
    let shown = |uri: &&str| {
        let entry = world
            .entries
            .iter()
            .find(|entry| entry.id == **uri && entry.standing != Standing::Gone);
        match entry {
            Some(entry) => Some(view(world, entry)),
            None if did(uri) == ask.account && is_root(world, uri) => Some(root(world, uri, ask)),
            None => None,
        }
    };
    Ok(json!({ "posts": uris.iter().filter_map(shown).collect::<Vec<_>>() }))
}

fn is_root(world: &World, uri: &str) -> bool {
    world.entries.iter().any(|entry| entry.video == uri)
}

fn root(world: &World, uri: &str, ask: &Ask<'_>) -> Value {
    let at = world
        .entries
        .iter()
        .find(|entry| entry.video == uri)
        .map_or(ask.now, |entry| entry.at);
    let own = world.entries.iter().find(|entry| entry.id == uri);
    let said = own.map_or("", |entry| entry.text.as_str());
    json!({
        "uri": uri, "cid": strong(world, uri)["cid"],
        "author": { "did": ask.account, "handle": "konto.example", "labels": [] },
        "record": { "$type": POST, "text": said, "createdAt": instant(at) },
        "indexedAt": instant(at), "labels": [],
    })
}

pub(super) fn thread(world: &World, repo: &Repo, ask: &Ask<'_>) -> Answer {
    let uri = ask.get("uri").ok_or_else(|| invalid("uri is required"))?;
    if did(uri) != ask.account || !is_root(world, uri) {
        return Err(failed(400, "NotFound", format!("Post not found: {uri}")));
    }
    let depth = ask.get("depth").and_then(|depth| depth.parse().ok()).unwrap_or(6);
    let mut body = json!({ "thread": {
        "$type": "app.bsky.feed.defs#threadViewPost", "post": root(world, uri, ask),
        "replies": branches(world, uri, None, depth),
    } });
    if let Some((cid, rules)) = super::write::rules(world, repo, uri) {
        body["threadgate"] = json!({
            "uri": uri.replace(POST, super::write::GATE), "cid": cid, "record": rules, "lists": [],
        });
    }
    Ok(body)
}

fn branches(world: &World, root: &str, parent: Option<&str>, depth: usize) -> Vec<Value> {
    if depth == 0 {
        return Vec::new();
    }
    let here = world
        .entries
        .iter()
        .filter(|entry| entry.video == root && entry.id != root && entry.parent.as_deref() == parent);
    here.map(|entry| {
        if entry.standing == Standing::Gone {
            return json!({ "$type": "app.bsky.feed.defs#notFoundPost", "uri": entry.id, "notFound": true });
        }
        json!({
            "$type": "app.bsky.feed.defs#threadViewPost", "post": view(world, entry),
            "replies": branches(world, root, Some(&entry.id), depth - 1),
        })
    })
    .collect()
}
