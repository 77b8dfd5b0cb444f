//! Answers to POST and DELETE: replies, hides, removals, likes, private replies, subscriptions.

use chrono::Duration;
use serde_json::{Value, json};

use super::fault::Error;
use super::graph::Ask;
use super::hook::{Update, Verb};
use super::world::{NewComment, World};
use crate::domain::platform::Platform;

/// What the caller hears, and what is told to the hooks.
pub(super) type Outcome = Result<(Value, Option<Update>), Error>;

pub(super) fn post(world: &mut World, ask: &Ask) -> Outcome {
    match ask.edge.as_deref() {
        Some("comments" | "replies") => reply(world, ask),
        Some("likes") => like(world, ask, true),
        Some("messages") => private_reply(world, ask),
        Some("subscribed_apps") => {
            let holder = ask.holder().ok_or_else(|| Error::gone("POST", &ask.id))?;
            world.unsubscribed.retain(|id| *id != holder.id);
            Ok((json!({ "success": true }), None))
        }
        Some(edge) => {
            let message = format!("Unknown path components: /{edge}");
            Err(Error::new(400, "OAuthException", 2500, None, &message))
        }
        None => change(world, ask),
    }
}

pub(super) fn delete(world: &mut World, ask: &Ask) -> Outcome {
    if ask.edge.as_deref() == Some("likes") {
        return like(world, ask, false);
    }
    let seen = world
        .comment(&ask.id)
        .is_some_and(|comment| ask.may_see(world, comment));
    if !seen {
        return Err(Error::gone("DELETE", &ask.id));
    }
    world.remove(&ask.id);
    let update = world.update(&ask.id, Verb::Remove { by_holder: true }, ask.now);
    Ok((json!({ "success": true }), update))
}

fn reply(world: &mut World, ask: &Ask) -> Outcome {
    let gone = || Error::gone("POST", &ask.id);
    let (post, parent) = match (world.post(&ask.id), world.comment(&ask.id)) {
        (Some(post), _) => (post.id.clone(), None),
        (None, Some(comment)) => (comment.post.clone(), Some(comment.clone())),
        (None, None) => return Err(gone()),
    };
    let holder = world.post(&post).and_then(|post| world.holder(&post.holder));
    let holder = holder.filter(|holder| ask.holds(&holder.id)).ok_or_else(gone)?.clone();
    let facebook = holder.platform == Platform::Facebook;
    let edge = if facebook || parent.is_none() {
        "comments"
    } else {
        "replies"
    };
    if ask.edge.as_deref() != Some(edge) {
        return Err(Error::parameter("(#100) The edge does not take this call"));
    }
    if !facebook && parent.as_ref().is_some_and(|parent| parent.hidden) {
        return Err(Error::new(
            400,
            "IGApiException",
            100,
            None,
            "Replies to hidden comments are not possible",
        ));
    }
    let text = ask.param("message").unwrap_or_default();
    let longest = if facebook { 8_000 } else { 2_200 };
    if text.trim().is_empty() || text.chars().count() > longest {
        return Err(Error::parameter("(#100) Parameter message is empty or too long"));
    }
    let new = NewComment {
        post,
        parent: parent.map(|parent| parent.id),
        author_id: holder.id,
        author_name: holder.name,
        text: Some(text.to_owned()),
        photo: None,
    };
    let (id, update) = world.write(new, ask.now).ok_or_else(gone)?;
    Ok((json!({ "id": id }), update))
}

fn change(world: &mut World, ask: &Ask) -> Outcome {
    let gone = || Error::gone("POST", &ask.id);
    let comment = world
        .comment(&ask.id)
        .filter(|comment| ask.may_see(world, comment))
        .ok_or_else(gone)?;
    let holder = world.holder_of(comment).ok_or_else(gone)?;
    let (facebook, own) = (holder.platform == Platform::Facebook, comment.author_id == holder.id);
    let switch = ask.param(if facebook { "is_hidden" } else { "hide" });
    let verb = match (switch, ask.param("message")) {
        (Some("true"), _) => Verb::Hide,
        (Some("false"), _) => Verb::Unhide,
        (None, Some(_)) if facebook && own => Verb::Edited,
        _ => return Err(Error::parameter("(#100) Invalid parameter")),
    };
    let text = ask.param("message").map(str::to_owned);
    let comment = world.comment_mut(&ask.id).ok_or_else(gone)?;
    match verb {
        // The account's own comments stay visible.
        Verb::Hide => comment.hidden = !own,
        Verb::Unhide => comment.hidden = false,
        Verb::Add | Verb::Edited | Verb::Remove { .. } => comment.text = text,
    }
    Ok((json!({ "success": true }), world.update(&ask.id, verb, ask.now)))
}

fn like(world: &mut World, ask: &Ask, liked: bool) -> Outcome {
    let gone = || Error::gone("POST", &ask.id);
    let comment = world
        .comment(&ask.id)
        .filter(|comment| ask.may_see(world, comment))
        .ok_or_else(gone)?;
    if world
        .holder_of(comment)
        .is_none_or(|holder| holder.platform != Platform::Facebook)
    {
        return Err(Error::new(
            400,
            "IGApiException",
            2500,
            None,
            "Unknown path components: /likes",
        ));
    }
    world.comment_mut(&ask.id).ok_or_else(gone)?.liked = liked;
    Ok((json!({ "success": true }), None))
}

fn private_reply(world: &mut World, ask: &Ask) -> Outcome {
    if !ask.speaks_for() {
        return Err(Error::gone("POST", &ask.id));
    }
    let body = ask
        .json
        .as_ref()
        .ok_or_else(|| Error::parameter("(#100) The body is not JSON"))?;
    let (Some(id), Some(text)) = (
        body["recipient"]["comment_id"].as_str(),
        body["message"]["text"].as_str(),
    ) else {
        return Err(Error::parameter("(#100) recipient and message are needed"));
    };
    let comment = world.comment(id).filter(|comment| ask.may_see(world, comment));
    let comment = comment.ok_or_else(|| Error::gone("POST", id))?;
    let oauth = |code, message| Err(Error::new(400, "OAuthException", code, None, message));
    if world.holder(&comment.author_id).is_some() {
        return oauth(10_903, "(#10903) A private reply to this comment is not possible");
    }
    if ask.now - comment.at > Duration::days(7) {
        return oauth(10_901, "(#10901) The time for a private reply is over");
    }
    if !comment.private_replies.is_empty() {
        return oauth(10_900, "(#10900) This comment already has a private reply");
    }
    if text.trim().is_empty() || text.chars().count() > 1_000 {
        return Err(Error::parameter("(#100) The text is empty or too long"));
    }
    let (recipient, text) = (comment.author_id.clone(), text.to_owned());
    let comment = world.comment_mut(id).ok_or_else(|| Error::gone("POST", id))?;
    comment.private_replies.push(text);
    let number = world.number();
    Ok((
        json!({ "recipient_id": recipient, "message_id": format!("m_standin{number:016}") }),
        None,
    ))
}
