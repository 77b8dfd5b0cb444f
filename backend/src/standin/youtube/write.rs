//! `comments.insert`, `comments.delete` and `comments.setModerationStatus`.

use super::{Answer, Ask, failed, id, resource};
use crate::standin::threads::{Entry, Standing, World};

pub(super) fn reply(world: &mut World, ask: &Ask<'_>) -> Answer {
    let text = ask
        .body
        .pointer("/snippet/textOriginal")
        .and_then(|text| text.as_str())
        .unwrap_or_default();
    if text.is_empty() {
        return Err(failed(400, "commentTextRequired", "The comment has no text"));
    }
    if text.chars().count() > 10_000 {
        return Err(failed(400, "commentTextTooLong", "The comment is too long"));
    }
    let Some(parent) = ask.body.pointer("/snippet/parentId").and_then(|id| id.as_str()) else {
        return Err(failed(400, "parentIdMissing", "No parent"));
    };
    let Some(top) = world.find(parent).filter(|entry| entry.parent.is_none()) else {
        return Err(failed(404, "parentCommentNotFound", "Parent comment not found"));
    };
    let video = top.video.clone();
    world.number += 1;
    let entry = Entry {
        id: id(world.number, Some(parent)),
        video,
        parent: Some(parent.to_owned()),
        author: ask.account.to_owned(),
        name: String::from("@exempelmyndigheten"),
        text: text.to_owned(),
        standing: Standing::Public,
        at: ask.now,
        edited_at: ask.now,
    };
    let made = resource(&entry, ask.account, false);
    world.entries.push(entry);
    Ok(Some(made))
}

pub(super) fn delete(world: &mut World, ask: &Ask<'_>) -> Answer {
    match ask.get("id").and_then(|id| world.find(id)) {
        Some(entry) if entry.author == ask.account => {
            entry.standing = Standing::Gone;
            Ok(None)
        }
        Some(_) => Err(failed(403, "forbidden", "Only its author may delete a comment")),
        None => Err(failed(404, "commentNotFound", "Comment not found")),
    }
}

pub(super) fn moderate(world: &mut World, ask: &Ask<'_>) -> Answer {
    let standing = match ask.get("moderationStatus") {
        Some("published") => Standing::Public,
        Some("heldForReview") => Standing::Hidden,
        // Final: it cannot be published again, and its answers vanish too.
        Some("rejected") => Standing::Gone,
        _ => return Err(failed(400, "operationNotSupported", "Not a moderation status")),
    };
    let ids: Vec<String> = ask
        .get("id")
        .unwrap_or_default()
        .split(',')
        .map(str::to_owned)
        .collect();
    if ids.len() > 50 || ids.iter().any(|id| world.find(id).is_none()) {
        return Err(failed(
            403,
            "forbidden",
            "Request not properly authorised for this comment",
        ));
    }
    for entry in &mut world.entries {
        let under = |parent: &String| standing == Standing::Gone && ids.contains(parent);
        if ids.contains(&entry.id) || entry.parent.as_ref().is_some_and(under) {
            entry.standing = standing;
        }
    }
    Ok(None)
}
