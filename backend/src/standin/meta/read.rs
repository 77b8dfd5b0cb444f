//! Answers to GET: single objects, lists of comments, ads, subscriptions.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::fault::Error;
use super::graph::Ask;
use super::world::{Ad, Comment, Holder, Post, World};
use crate::domain::platform::Platform;

/// Ids that one call takes.
const MOST_IDS: usize = 50;

/// A time as the platform writes it, without a colon in the offset.
pub(super) fn written_time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

pub(super) fn permalink(post: &Post) -> String {
    match post.id.split_once('_') {
        Some((page, number)) => format!("https://www.facebook.com/{page}/posts/{number}"),
        None => format!("https://www.instagram.com/p/{}/", post.id),
    }
}

pub(super) fn answer(world: &World, ask: &Ask) -> Result<Value, Error> {
    let gone = || Error::gone("GET", &ask.id);
    let fields = fields(ask.param("fields"));
    match ask.edge.as_deref() {
        None if ask.id.is_empty() => several(world, ask, &fields),
        None => single(world, ask, &ask.id, &fields).ok_or_else(gone),
        Some("comments" | "replies") => list(world, ask, &fields),
        Some("subscribed_apps") => {
            let holder = ask.holder().ok_or_else(gone)?;
            let field = if holder.platform == Platform::Facebook {
                "feed"
            } else {
                "comments"
            };
            let app = json!({ "id": "990000000000001", "name": "Desk", "subscribed_fields": [field] });
            Ok(json!({ "data": if world.unsubscribed.contains(&holder.id) { vec![] } else { vec![app] } }))
        }
        Some("ads") => {
            let account = ask.id.strip_prefix("act_").ok_or_else(gone)?;
            let rows = world
                .ads
                .iter()
                .filter(|ad| ad.ad_account == account)
                .map(|ad| (ad.id.as_str(), self::ad(ad)));
            Ok(page(ask, rows.collect(), 25, 500))
        }
        Some(edge @ ("published_posts" | "ads_posts" | "media")) => {
            let holder = ask.holder().ok_or_else(gone)?;
            let wanted =
                |post: &&Post| post.holder == holder.id && (edge == "media" || post.dark == (edge == "ads_posts"));
            let rows = world
                .posts
                .iter()
                .filter(wanted)
                .filter(|p| world.post(&p.id).is_some());
            Ok(page(
                ask,
                rows.map(|p| (p.id.as_str(), shaped(self::post(p), &fields))).collect(),
                25,
                100,
            ))
        }
        Some(edge) => {
            let message = format!("Unknown path components: /{edge}");
            Err(Error::new(400, "OAuthException", 2500, None, &message))
        }
    }
}

/// Several objects by their ids. One that is not there fails the whole call.
fn several(world: &World, ask: &Ask, fields: &[String]) -> Result<Value, Error> {
    let ids: Vec<&str> = ask.param("ids").unwrap_or_default().split(',').collect();
    if ids.len() > MOST_IDS {
        return Err(Error::parameter("(#100) Too many IDs. Maximum: 50"));
    }
    let mut all = Map::new();
    for id in ids {
        let Some(found) = single(world, ask, id, fields) else {
            let message = format!("(#803) Some of the aliases you requested do not exist: {id}");
            return Err(Error::new(404, "OAuthException", 803, None, &message));
        };
        all.insert(id.to_owned(), found);
    }
    Ok(all.into())
}

fn single(world: &World, ask: &Ask, id: &str, fields: &[String]) -> Option<Value> {
    // A person may read a single comment; only lists come empty.
    let visible = |comment: &&Comment| ask.is_user || ask.may_see(world, comment);
    if let Some(comment) = world.comment(id).filter(visible) {
        let holder = world.holder_of(comment)?;
        return Some(shaped(self::comment(world, holder, comment), fields));
    }
    if let Some(post) = world.post(id).filter(|post| ask.holds(&post.holder)) {
        return Some(shaped(self::post(post), fields));
    }
    if let Some(ad) = world.ads.iter().find(|ad| ad.id == id) {
        return Some(self::ad(ad));
    }
    let holder = ask.holders.iter().find(|held| held.id == id || id == "me");
    holder.map(|holder| json!({ "id": holder.id, "name": holder.name }))
}

fn list(world: &World, ask: &Ask, fields: &[String]) -> Result<Value, Error> {
    let gone = || Error::gone("GET", &ask.id);
    // A person's token is answered with an empty list instead of an error.
    if ask.is_user {
        return Ok(json!({ "data": [] }));
    }
    let (holder, of_post) = match (world.post(&ask.id), world.comment(&ask.id)) {
        (Some(post), _) => (world.holder(&post.holder), true),
        (None, Some(comment)) => (world.holder_of(comment), false),
        (None, None) => return Err(gone()),
    };
    let holder = holder.filter(|holder| ask.holds(&holder.id)).ok_or_else(gone)?;
    let facebook = holder.platform == Platform::Facebook;
    let stream = facebook && ask.param("filter") == Some("stream");
    let since = ask
        .param("since")
        .and_then(|s| s.parse::<i64>().ok())
        .filter(|_| facebook);
    let belongs = |c: &&Comment| {
        let here = if of_post {
            c.post == ask.id && (stream || c.parent.is_none())
        } else {
            c.parent.as_deref() == Some(&ask.id)
        };
        here && since.is_none_or(|since| c.at.timestamp() >= since)
    };
    let mut found: Vec<&Comment> = world.comments.iter().filter(belongs).collect();
    // Media list the newest first; Facebook asks.
    if (of_post && !facebook) || ask.param("order") == Some("reverse_chronological") {
        found.reverse();
    }
    let total = found.iter().filter(|c| !c.removed).count();
    // Removed rows are taken out of a page after it was cut: pages come short, even empty, with more to follow.
    let rows = found.iter().map(|c| {
        let mut value = if c.removed {
            Value::Null
        } else {
            shaped(comment(world, holder, c), fields)
        };
        if let Some(row) = value.as_object_mut().filter(|_| world.authors_omitted) {
            row.remove("from");
            row.remove("user");
        }
        (c.id.as_str(), value)
    });
    let (usual, most) = if facebook { (25, 100) } else { (50, 50) };
    let mut answer = page(ask, rows.collect(), usual, most);
    if facebook && ask.param("summary").is_some_and(|s| s == "1" || s == "true") {
        let order = ask.param("order").unwrap_or("chronological");
        answer["summary"] = json!({ "order": order, "total_count": total, "can_comment": true });
    }
    Ok(answer)
}

/// Cuts one page out of the rows; rows that are null count for the cut and are not shown.
fn page(ask: &Ask, rows: Vec<(&str, Value)>, usual: usize, most: usize) -> Value {
    let limit = ask
        .param("limit")
        .and_then(|l| l.parse().ok())
        .unwrap_or(usual)
        .clamp(1, most);
    let cursor = |id: &str| hex::encode(id);
    let start = match ask.param("after") {
        Some(after) => rows
            .iter()
            .position(|(id, _)| cursor(id) == after)
            .map_or(rows.len(), |at| at + 1),
        None => 0,
    };
    let cut = &rows[start..rows.len().min(start + limit)];
    let data: Vec<&Value> = cut
        .iter()
        .map(|(_, value)| value)
        .filter(|value| !value.is_null())
        .collect();
    let mut answer = json!({ "data": data });
    if let (Some((first, _)), Some((last, _))) = (cut.first(), cut.last()) {
        answer["paging"] = json!({ "cursors": { "before": cursor(first), "after": cursor(last) } });
        if start + limit < rows.len() {
            answer["paging"]["next"] = ask.next(limit, &cursor(last)).into();
        }
    }
    answer
}

fn comment(world: &World, holder: &Holder, comment: &Comment) -> Value {
    let replies = world
        .comments
        .iter()
        .filter(|c| c.parent.as_deref() == Some(&comment.id) && !c.removed);
    let own = comment.author_id == holder.id;
    if holder.platform == Platform::Facebook {
        let mut value = json!({
            "id": comment.id, "from": { "id": comment.author_id, "name": comment.author_name },
            "created_time": written_time(comment.at), "is_hidden": comment.hidden, "can_hide": !own, "can_remove": true,
            "can_comment": true, "can_reply_privately": !own && comment.private_replies.is_empty(),
            "like_count": u8::from(comment.liked), "comment_count": replies.count(),
        });
        if let Some(text) = &comment.text {
            value["message"] = text.as_str().into();
        }
        if let Some(parent) = &comment.parent {
            value["parent"] = json!({ "id": parent });
        }
        if let Some(photo) = &comment.photo {
            value["attachment"] = json!({ "type": "photo", "media": { "image": { "src": photo } }, "url": photo });
        }
        return value;
    }
    let mut value = json!({
        "id": comment.id, "text": comment.text.as_deref().unwrap_or(""), "timestamp": written_time(comment.at),
        "username": comment.author_name, "from": { "id": comment.author_id, "username": comment.author_name },
        "hidden": comment.hidden, "like_count": 0, "media": { "id": comment.post },
    });
    if own {
        value["user"] = json!({ "id": comment.author_id });
    }
    match &comment.parent {
        Some(parent) => value["parent_id"] = parent.as_str().into(),
        None => {
            let replies: Vec<Value> = replies.map(|reply| self::comment(world, holder, reply)).collect();
            if !replies.is_empty() {
                value["replies"] = json!({ "data": replies });
            }
        }
    }
    value
}

fn post(post: &Post) -> Value {
    json!({
        "id": post.id, "message": post.text, "permalink_url": permalink(post), "is_published": !post.dark,
        "promotion_status": if post.dark { "active" } else { "inactive" },
    })
}

fn ad(ad: &Ad) -> Value {
    let mut creative = json!({ "id": format!("{}9", ad.id) });
    if let Some(post) = &ad.post {
        creative["effective_object_story_id"] = post.as_str().into();
        creative["object_story_id"] = post.as_str().into();
    }
    if let Some(media) = &ad.media {
        creative["effective_instagram_media_id"] = media.as_str().into();
    }
    json!({
        "id": ad.id, "name": ad.name, "effective_status": "ACTIVE", "adset_id": ad.adset_id,
        "campaign_id": ad.campaign.0, "campaign": { "id": ad.campaign.0, "name": ad.campaign.1 }, "creative": creative,
    })
}

/// Names in a `fields` parameter, without what is asked of them in braces.
fn fields(asked: Option<&str>) -> Vec<String> {
    let (mut names, mut depth) = (vec![String::new()], 0_u32);
    for character in asked.unwrap_or_default().chars() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => names.push(String::new()),
            _ if depth > 0 => {}
            _ => {
                if let Some(name) = names.last_mut() {
                    name.push(character);
                }
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Only the fields asked for, and always the id; without a wish, the usual few.
fn shaped(value: Value, fields: &[String]) -> Value {
    let Value::Object(all) = value else { return value };
    let usual = ["message", "from", "created_time", "text", "timestamp"];
    let wanted = |name: &str| {
        name == "id"
            || if fields.is_empty() {
                usual.contains(&name)
            } else {
                fields.iter().any(|f| f == name)
            }
    };
    Value::Object(all.into_iter().filter(|(name, _)| wanted(name)).collect::<Map<_, _>>())
}
