//! `commentThreads.list` and `comments.list`.

use serde_json::{Value, json};

use super::{Answer, Ask, Failed, failed, resource};
use crate::standin::threads::{Entry, Standing, World};

/// Answers that a thread in a list carries along.
const CARRIED: usize = 5;

pub(super) fn threads(world: &World, ask: &Ask<'_>) -> Answer {
    let status = ask.get("moderationStatus").unwrap_or("published");
    let standing = match status {
        "published" => Standing::Public,
        "heldForReview" => Standing::Hidden,
        "likelySpam" => return Ok(Some(list("commentThread", Vec::new(), None))),
        _ => return Err(failed(400, "invalidFilters", "Not a moderation status")),
    };
    let video = ask.get("videoId");
    if video.is_none() && ask.get("allThreadsRelatedToChannelId") != Some(ask.account) {
        return Err(failed(404, "channelNotFound", "Channel not found"));
    }
    if let Some(video) = video
        && !world.entries.iter().any(|entry| entry.video == video)
    {
        return Err(failed(404, "videoNotFound", "Video not found"));
    }
    let fits = |entry: &&Entry| {
        entry.parent.is_none() && entry.standing == standing && video.is_none_or(|video| entry.video == video)
    };
    let mut top: Vec<&Entry> = world.entries.iter().filter(fits).collect();
    top.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    let (page, next) = page(&top, ask)?;
    let items = page.iter().map(|entry| thread(world, entry, ask.account)).collect();
    Ok(Some(list("commentThread", items, next)))
}

fn thread(world: &World, top: &Entry, account: &str) -> Value {
    let replies: Vec<&Entry> = replies(world, &top.id);
    let carried: Vec<Value> = replies
        .iter()
        .take(CARRIED)
        .map(|entry| resource(entry, account, false))
        .collect();
    json!({
        "kind": "youtube#commentThread", "etag": top.id, "id": top.id,
        "snippet": {
            "channelId": account, "videoId": top.video, "topLevelComment": resource(top, account, false),
            "canReply": true, "totalReplyCount": replies.len(), "isPublic": top.standing == Standing::Public,
        },
        "replies": { "comments": carried },
    })
}

fn replies<'a>(world: &'a World, top: &str) -> Vec<&'a Entry> {
    let under = |entry: &&Entry| entry.parent.as_deref() == Some(top) && entry.standing == Standing::Public;
    world.entries.iter().rev().filter(under).collect()
}

pub(super) fn comments(world: &World, ask: &Ask<'_>) -> Answer {
    if let Some(parent) = ask.get("parentId") {
        if !world
            .entries
            .iter()
            .any(|entry| entry.id == parent && entry.standing != Standing::Gone)
        {
            return Err(failed(404, "commentNotFound", "Comment not found"));
        }
        let replies = replies(world, parent);
        let (page, next) = page(&replies, ask)?;
        let items = page.iter().map(|entry| resource(entry, ask.account, false)).collect();
        return Ok(Some(list("comment", items, next)));
    }
    let Some(ids) = ask.get("id") else {
        return Err(failed(400, "invalidFilters", "No filter"));
    };
    let ids: Vec<&str> = ids.split(',').collect();
    let there = world
        .entries
        .iter()
        .filter(|entry| entry.standing != Standing::Gone && ids.contains(&entry.id.as_str()));
    let items = there.map(|entry| resource(entry, ask.account, true)).collect();
    Ok(Some(list("comment", items, None)))
}

/// The page asked for. Tokens count the rows before it.
fn page<'a>(all: &'a [&'a Entry], ask: &Ask<'_>) -> Result<(&'a [&'a Entry], Option<usize>), Failed> {
    let most: usize = ask
        .get("maxResults")
        .and_then(|most| most.parse().ok())
        .unwrap_or(20)
        .clamp(1, 100);
    let from: usize = match ask.get("pageToken") {
        None => 0,
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|from| from.parse().ok())
            .ok_or_else(|| failed(400, "invalidPageToken", "Invalid page token"))?,
    };
    let rest = all.get(from.min(all.len())..).unwrap_or_default();
    let page = rest.get(..most.min(rest.len())).unwrap_or_default();
    Ok((page, (rest.len() > page.len()).then_some(from + page.len())))
}

fn list(kind: &str, items: Vec<Value>, next: Option<usize>) -> Value {
    let mut list = json!({
        "kind": format!("youtube#{kind}ListResponse"), "etag": "list",
        "pageInfo": { "totalResults": items.len(), "resultsPerPage": 100 }, "items": items,
    });
    if let Some(next) = next {
        list["nextPageToken"] = json!(format!("page-{next}"));
    }
    list
}
