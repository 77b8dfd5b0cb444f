//! What is written: records, and sessions that are renewed.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

use super::repo::{self, Repo, cid};
use super::{Answer, Ask, Failed, POST, failed, invalid, read};
use crate::standin::threads::{Change, Entry, Standing, World};

/// Kind of record that says what stands behind a click.
pub(super) const GATE: &str = "app.bsky.feed.threadgate";
/// How long an old token of renewal is good (atproto, packages/pds, account-manager: `REFRESH_GRACE_MS`).
const GRACE: TimeDelta = TimeDelta::hours(2);
/// Answers that may be hidden in a thread.
const MOST_HIDDEN: usize = 300;

/// Another client signs in; whoever is signed in already stays so.
pub(super) fn sign_in(world: &mut World, repo: &mut Repo, ask: &Ask<'_>) -> Answer {
    if ask.said("identifier") != Some(ask.account) || ask.said("password") != Some(&repo.password) {
        return Err(failed(401, "AuthenticationRequired", "Invalid identifier or password"));
    }
    let (access, refresh) = tokens(world);
    repo.sessions.push((access.clone(), refresh.clone()));
    Ok(session(ask, &access, &refresh))
}

/// Both tokens are new. The desk's old token of renewal gives the same once more for a while, so that an answer may be
/// lost; another client's is void.
pub(super) fn refresh(world: &mut World, repo: &mut Repo, ask: &Ask<'_>, bearer: Option<&str>) -> Answer {
    let again = repo
        .before
        .as_ref()
        .is_some_and(|(old, until)| bearer == Some(old.as_str()) && ask.now < *until);
    if again {
        return Ok(session(ask, &world.token, &repo.refresh));
    }
    let other = repo
        .sessions
        .iter()
        .position(|(_, refresh)| bearer == Some(refresh.as_str()));
    if other.is_none() && bearer != Some(&repo.refresh) {
        return Err(failed(400, "ExpiredToken", "Token has been revoked"));
    }
    let (access, refresh) = tokens(world);
    if let Some(other) = other {
        repo.sessions[other] = (access.clone(), refresh.clone());
    } else {
        world.token.clone_from(&access);
        let old = std::mem::replace(&mut repo.refresh, refresh.clone());
        repo.before = Some((old, ask.now + GRACE));
    }
    Ok(session(ask, &access, &refresh))
}

fn tokens(world: &mut World) -> (String, String) {
    world.number += 1;
    (format!("access-{}", world.number), format!("refresh-{}", world.number))
}

fn session(ask: &Ask<'_>, access: &str, refresh: &str) -> Value {
    json!({
        "did": ask.account, "handle": "konto.example", "accessJwt": access, "refreshJwt": refresh, "active": true,
    })
}

/// The rules of a thread with what is hidden in it now, and their hash; none if nobody ever made any.
pub(super) fn rules(world: &World, repo: &Repo, root: &str) -> Option<(String, Value)> {
    let kept = repo.get(GATE, root.rsplit('/').next()?);
    let hidden: Vec<&str> = world
        .entries
        .iter()
        .filter(|entry| entry.video == root && entry.standing == Standing::Hidden)
        .map(|entry| entry.id.as_str())
        .collect();
    if kept.is_none() && hidden.is_empty() {
        return None;
    }
    let mut rules = kept
        .cloned()
        .unwrap_or_else(|| json!({ "$type": GATE, "post": root, "createdAt": "2026-11-21T10:00:00.000Z" }));
    rules["hiddenReplies"] = json!(hidden);
    Some((cid(&rules), rules))
}

/// A record of the account as it stands, and its hash.
fn current(world: &World, repo: &Repo, ask: &Ask<'_>, collection: &str, key: &str) -> Option<(String, Value)> {
    let uri = format!("at://{}/{collection}/{key}", ask.account);
    match collection {
        POST => {
            let entry = world
                .entries
                .iter()
                .find(|entry| entry.id == uri && entry.standing != Standing::Gone)?;
            let value = repo
                .get(POST, key)
                .cloned()
                .unwrap_or_else(|| read::record(world, entry));
            Some((cid(&value), value))
        }
        GATE => rules(world, repo, &uri.replace(GATE, POST)),
        _ => repo.get(collection, key).map(|value| (cid(value), value.clone())),
    }
}

fn mine(ask: &Ask<'_>, repo: Option<&str>) -> Result<(), Failed> {
    if repo == Some(ask.account) {
        Ok(())
    } else {
        Err(invalid("Could not find repo"))
    }
}

pub(super) fn get(world: &World, repo: &Repo, ask: &Ask<'_>) -> Answer {
    mine(ask, ask.get("repo"))?;
    let (collection, key) = (
        ask.get("collection").unwrap_or_default(),
        ask.get("rkey").unwrap_or_default(),
    );
    let uri = format!("at://{}/{collection}/{key}", ask.account);
    let (cid, value) = current(world, repo, ask, collection, key)
        .ok_or_else(|| failed(400, "RecordNotFound", format!("Could not locate record: {uri}")))?;
    Ok(json!({ "uri": uri, "cid": cid, "value": value }))
}

pub(super) fn put(world: &mut World, repo: &mut Repo, ask: &Ask<'_>, create: bool) -> Answer {
    mine(ask, ask.said("repo"))?;
    let collection = ask.said("collection").unwrap_or_default().to_owned();
    world.number += 1;
    let key = match ask.said("rkey") {
        Some(key) => key.to_owned(),
        None if create => repo::key(world.number),
        None => return Err(invalid("Input must have the property \"rkey\"")),
    };
    let record = ask.body["record"].clone();
    check(&collection, &key, &record)?;
    let uri = format!("at://{}/{collection}/{key}", ask.account);
    if collection == GATE && std::mem::take(&mut repo.race) {
        repo.allow(&key, &uri.replace(GATE, POST), json!([]));
    }
    let before = current(world, repo, ask, &collection, &key).map(|(cid, _)| cid);
    let after = cid(&record);
    if create && before.is_some() {
        return Err(failed(500, "InternalServerError", "Internal Server Error"));
    }
    if before.as_ref() == Some(&after) {
        return Ok(json!({ "uri": uri, "cid": after, "validationStatus": "valid" }));
    }
    if let Some(swap) = ask.body.get("swapRecord")
        && swap.as_str() != before.as_deref()
    {
        let at = before.unwrap_or_else(|| "null".into());
        return Err(failed(400, "InvalidSwap", format!("Record was at {at}")));
    }
    repo.count_write(ask.now, if before.is_some() { 2 } else { 3 })?;
    match collection.as_str() {
        POST => write_post(world, repo, ask, &uri, &record, before.is_some()),
        GATE => hide(world, &uri.replace(GATE, POST), &record),
        _ => {}
    }
    if collection != POST {
        repo.put(&collection, &key, record);
    }
    // A thread's rules are kept in the order its answers came.
    let made = current(world, repo, ask, &collection, &key).map_or(after, |(cid, _)| cid);
    let rev = repo::key(world.number);
    Ok(json!({
        "uri": uri, "cid": made, "commit": { "cid": cid(&json!(rev)), "rev": rev }, "validationStatus": "valid",
    }))
}

fn check(collection: &str, key: &str, record: &Value) -> Result<(), Failed> {
    if record["$type"] != collection {
        return Err(invalid(format!("Invalid $type: expected {collection}")));
    }
    if collection != GATE && !repo::is_key(key) {
        return Err(invalid("Invalid record key: must be a TID"));
    }
    let created = record["createdAt"].as_str().map(str::parse::<DateTime<Utc>>);
    if !matches!(created, Some(Ok(_))) {
        return Err(invalid(format!(
            "Invalid {collection} record: createdAt must be a datetime"
        )));
    }
    match collection {
        POST => {
            let text = record["text"]
                .as_str()
                .ok_or_else(|| invalid("Invalid record: must have text"))?;
            if text.graphemes(true).count() > 300 {
                return Err(invalid(
                    "Invalid app.bsky.feed.post record: text longer than 300 graphemes",
                ));
            }
            if text.len() > 3_000 {
                return Err(invalid(
                    "Invalid app.bsky.feed.post record: text longer than 3000 bytes",
                ));
            }
            let whole = |place: &str| {
                let strong = &record["reply"][place];
                strong["uri"].is_string() && strong["cid"].is_string()
            };
            if record.get("reply").is_some() && !(whole("root") && whole("parent")) {
                return Err(invalid(
                    "Invalid app.bsky.feed.post record: reply must have root and parent",
                ));
            }
        }
        GATE if record["hiddenReplies"]
            .as_array()
            .is_some_and(|all| all.len() > MOST_HIDDEN) =>
        {
            return Err(invalid(
                "Invalid app.bsky.feed.threadgate record: hiddenReplies too long",
            ));
        }
        _ => {}
    }
    Ok(())
}

fn write_post(world: &mut World, repo: &mut Repo, ask: &Ask<'_>, uri: &str, record: &Value, is_changed: bool) {
    let place = |place: &str| record["reply"][place]["uri"].as_str().unwrap_or_default().to_owned();
    let (mut root, parent) = (place("root"), place("parent"));
    // A post of its own begins a thread.
    if root.is_empty() {
        uri.clone_into(&mut root);
    }
    repo.put(POST, uri.rsplit('/').next().unwrap_or_default(), record.clone());
    world.entries.retain(|entry| entry.id != uri);
    let entry = Entry {
        id: uri.to_owned(),
        parent: Some(parent).filter(|parent| *parent != root && !parent.is_empty()),
        video: root,
        author: ask.account.to_owned(),
        name: "konto".to_owned(),
        text: record["text"].as_str().unwrap_or_default().to_owned(),
        standing: Standing::Public,
        at: ask.now,
        edited_at: ask.now,
    };
    world.entries.push(entry.clone());
    let change = if is_changed { Change::Edited } else { Change::Written };
    world.tell(ask.now, change(entry));
}

fn hide(world: &mut World, root: &str, rules: &Value) {
    let hidden: Vec<&str> = rules["hiddenReplies"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for entry in world.entries.iter_mut().filter(|entry| entry.video == root) {
        match entry.standing {
            Standing::Gone => {}
            _ if hidden.contains(&entry.id.as_str()) => entry.standing = Standing::Hidden,
            _ => entry.standing = Standing::Public,
        }
    }
}

/// Removing what is not there is fine.
pub(super) fn delete(world: &mut World, repo: &mut Repo, ask: &Ask<'_>) -> Answer {
    mine(ask, ask.said("repo"))?;
    let (collection, key) = (
        ask.said("collection").unwrap_or_default(),
        ask.said("rkey").unwrap_or_default(),
    );
    if current(world, repo, ask, collection, key).is_none() {
        return Ok(json!({}));
    }
    repo.count_write(ask.now, 1)?;
    let uri = format!("at://{}/{collection}/{key}", ask.account);
    if let Some(entry) = world.find(&uri) {
        entry.standing = Standing::Gone;
        let entry = entry.clone();
        world.tell(ask.now, Change::Gone(entry));
    }
    repo.remove(collection, key);
    world.number += 1;
    let rev = repo::key(world.number);
    Ok(json!({ "commit": { "cid": cid(&json!(rev)), "rev": rev } }))
}
