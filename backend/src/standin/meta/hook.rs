//! What the platform tells of a change, in the documented shapes.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::world::{Comment, Holder, Post};
use crate::domain::platform::Platform;

/// What happened to a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Add,
    Edited,
    /// By its author, or by the account.
    Remove {
        by_holder: bool,
    },
    Hide,
    Unhide,
}

/// One update to deliver.
#[derive(Debug, Clone)]
pub(super) struct Update {
    pub platform: Platform,
    pub holder: String,
    pub at: DateTime<Utc>,
    pub field: &'static str,
    pub value: Value,
}

impl Update {
    /// None where the platform does not tell: Instagram has no events but new comments.
    pub(super) fn of(holder: &Holder, post: &Post, comment: &Comment, verb: Verb, at: DateTime<Utc>) -> Option<Self> {
        let (field, value) = match (holder.platform, verb) {
            (Platform::Facebook, _) => ("feed", facebook(holder, post, comment, verb, at)),
            (_, Verb::Add) => ("comments", instagram(post, comment)),
            _ => return None,
        };
        Some(Self {
            platform: holder.platform,
            holder: holder.id.clone(),
            at,
            field,
            value,
        })
    }

    /// A removed post; told on Facebook only.
    pub(super) fn post_removed(holder: &Holder, post: &Post, at: DateTime<Utc>) -> Option<Self> {
        let value = json!({
            "from": { "id": holder.id, "name": holder.name }, "post_id": post.id, "created_time": at.timestamp(),
            "item": "post", "recipient_id": holder.id, "verb": "remove",
        });
        let told = holder.platform == Platform::Facebook;
        told.then(|| Self {
            platform: holder.platform,
            holder: holder.id.clone(),
            at,
            field: "feed",
            value,
        })
    }
}

fn facebook(holder: &Holder, post: &Post, comment: &Comment, verb: Verb, at: DateTime<Utc>) -> Value {
    let author = json!({ "id": comment.author_id, "name": comment.author_name });
    let page = json!({ "id": holder.id, "name": holder.name });
    let (word, from) = match verb {
        Verb::Add => ("add", author),
        Verb::Edited => ("edited", author),
        Verb::Remove { by_holder } => ("remove", if by_holder { page } else { author }),
        // The actor stands here, not the author.
        Verb::Hide => ("hide", page),
        Verb::Unhide => ("unhide", page),
    };
    let removed = matches!(verb, Verb::Remove { .. });
    // For everything but the addition and the removal this is the time of the event.
    let time = if verb == Verb::Add || removed { comment.at } else { at };
    let mut value = json!({
        "from": from, "item": "comment", "verb": word, "comment_id": comment.id, "post_id": post.id,
        "parent_id": comment.parent.as_ref().unwrap_or(&post.id), "created_time": time.timestamp(),
    });
    if removed {
        return value;
    }
    value["post"] = json!({
        "id": post.id, "status_type": "added_photos", "is_published": !post.dark,
        "updated_time": super::read::written_time(at), "permalink_url": super::read::permalink(post),
        "promotion_status": if post.dark { "active" } else { "inactive" },
    });
    if let Some(text) = &comment.text {
        value["message"] = text.as_str().into();
    }
    if let Some(photo) = &comment.photo {
        value["photo"] = photo.as_str().into();
    }
    if verb == Verb::Edited {
        value["edited_time"] = at.timestamp().into();
    }
    value
}

fn instagram(post: &Post, comment: &Comment) -> Value {
    let mut media = json!({ "id": post.id, "media_product_type": if post.dark { "AD" } else { "FEED" } });
    if let Some((id, title)) = &post.ad {
        media["ad_id"] = id.as_str().into();
        media["ad_title"] = title.as_str().into();
    }
    let mut value = json!({
        "id": comment.id, "from": { "id": comment.author_id, "username": comment.author_name }, "media": media,
    });
    if let Some(text) = &comment.text {
        value["text"] = text.as_str().into();
    }
    if let Some(parent) = &comment.parent {
        value["parent_id"] = parent.as_str().into();
    }
    value
}

/// The body of a delivery: updates of one platform, gathered by account.
pub(super) fn envelope(updates: &[Update]) -> Value {
    let object = if updates.iter().any(|u| u.platform == Platform::Facebook) {
        "page"
    } else {
        "instagram"
    };
    let mut entries: Vec<(&str, i64, Vec<Value>)> = Vec::new();
    for update in updates {
        let change = json!({ "field": update.field, "value": update.value });
        match entries.iter_mut().find(|(holder, ..)| *holder == update.holder) {
            Some((_, time, changes)) => {
                *time = (*time).max(update.at.timestamp());
                changes.push(change);
            }
            None => entries.push((&update.holder, update.at.timestamp(), vec![change])),
        }
    }
    let entries: Vec<Value> = entries
        .into_iter()
        .map(|(id, time, changes)| json!({ "id": id, "time": time, "changes": changes }))
        .collect();
    json!({ "object": object, "entry": entries })
}
