//! What a Facebook delivery says: field `feed`, items `comment` and removed `post`.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::connector::graph::{self, Update};
use crate::connector::http::object_id;
use crate::connector::json::Word;
use crate::connector::{Attachment, Author, CommentEvent, Happened, Inbound, ParseError, Parsed};

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(default)]
    item: Word,
    #[serde(default)]
    verb: Word,
    #[serde(default)]
    comment_id: Word,
    #[serde(default)]
    parent_id: Word,
    #[serde(default)]
    post_id: Word,
    #[serde(borrow, default)]
    post: Option<&'a RawValue>,
    #[serde(borrow, default)]
    from: Option<&'a RawValue>,
    #[serde(default)]
    sender_id: Word,
    #[serde(default)]
    sender_name: Word,
    #[serde(default)]
    message: Word,
    #[serde(default)]
    created_time: Word,
    #[serde(default)]
    edited_time: Word,
    #[serde(default)]
    photo: Word,
    #[serde(default)]
    video: Word,
    #[serde(default)]
    link: Word,
}

#[derive(Deserialize, Default)]
struct Named {
    #[serde(default)]
    id: Word,
    #[serde(default)]
    name: Word,
}

/// Takes the delivery apart.
pub(super) fn parse(body: &[u8], received_at: DateTime<Utc>) -> Result<Parsed, ParseError> {
    let (updates, ignored) = graph::open(body, "page")?;
    let mut parsed = Parsed {
        events: Vec::with_capacity(updates.len()),
        ignored,
    };
    for update in updates {
        match read(&update, received_at) {
            Some(event) => parsed.events.push(event),
            None => parsed.ignored += 1,
        }
    }
    Ok(parsed)
}

fn read(update: &Update<'_>, received_at: DateTime<Utc>) -> Option<Inbound> {
    if update.field != "feed" {
        return None;
    }
    let value: Value<'_> = serde_json::from_str(update.value.get()).ok()?;
    let sent_at = update.sent_at.unwrap_or(received_at);
    match (value.item.0.as_deref()?, value.verb.0.as_deref()?) {
        ("comment", verb) => {
            let what = happened(verb)?;
            comment(value, what, &update.account, sent_at).map(|event| Inbound::Comment(Box::new(event)))
        }
        ("post", "remove" | "delete") => Some(Inbound::PostRemoved {
            account: update.account.clone(),
            at: value.created_time.instant().unwrap_or(sent_at),
            post: value.post_id.filled()?,
        }),
        _ => None,
    }
}

fn happened(verb: &str) -> Option<Happened> {
    match verb {
        "add" => Some(Happened::Added),
        "edited" | "edit" | "update" => Some(Happened::Edited),
        "remove" | "delete" => Some(Happened::Removed),
        "hide" => Some(Happened::Hidden),
        "unhide" => Some(Happened::Shown),
        _ => None,
    }
}

fn comment(value: Value<'_>, what: Happened, account: &str, sent_at: DateTime<Utc>) -> Option<CommentEvent> {
    let external_id = value.comment_id.filled().filter(|id| object_id(id).is_some())?;
    let post = value.post_id.filled().or_else(|| named(value.post).id.filled());
    let parent = value
        .parent_id
        .filled()
        .filter(|parent| !top_level(parent, post.as_deref(), &external_id));
    let from = named(value.from);
    let author = Author {
        id: from.id.filled().or(value.sender_id.filled()),
        name: from.name.filled().or(value.sender_name.filled()),
        handle: None,
    };
    let ours = author.id.as_deref() == Some(account);
    let author = (author != Author::default()).then_some(author);
    let (author, own) = match what {
        Happened::Added | Happened::Edited => (author, ours),
        // The Page named on a removal is whoever removed it as likely as whoever wrote it.
        Happened::Removed => (author.filter(|_| !ours), false),
        // Names the actor, who is not the author.
        Happened::Hidden | Happened::Shown => (None, false),
    };
    // On everything but `add`, created_time has been seen to be the comment's time and the event's.
    let created_at = value.created_time.instant().filter(|_| what == Happened::Added);
    let at = match what {
        Happened::Added => created_at.unwrap_or(sent_at),
        Happened::Edited => value.edited_time.instant().unwrap_or(sent_at),
        Happened::Removed | Happened::Hidden | Happened::Shown => sent_at,
    };
    let attachments = [("photo", value.photo), ("video", value.video), ("link", value.link)];
    let attachments = attachments
        .into_iter()
        .filter_map(|(kind, url)| attachment(kind, url))
        .collect();
    Some(CommentEvent {
        what,
        account: account.to_owned(),
        external_id,
        parent,
        post,
        ad: None,
        ad_title: None,
        author,
        own,
        text: value.message.0,
        attachments,
        declared_language: None,
        at,
        created_at,
    })
}

/// The parent of a comment at top level is the post, whole or without the Page's part of its id.
fn top_level(parent: &str, post: Option<&str>, comment: &str) -> bool {
    let last = |id: &str| id.rsplit('_').next().unwrap_or_default().to_owned();
    let post_part = match post {
        Some(post) => last(post),
        // `{post part}_{comment part}`, where the delivery leaves the post out.
        None => comment
            .split_once('_')
            .map(|(post, _)| post.to_owned())
            .unwrap_or_default(),
    };
    Some(parent) == post || last(parent) == post_part
}

fn named(raw: Option<&RawValue>) -> Named {
    raw.and_then(|raw| serde_json::from_str(raw.get()).ok())
        .unwrap_or_default()
}

fn attachment(kind: &str, url: Word) -> Option<Attachment> {
    let url = url.filled()?;
    // `javascript:` and the like are no addresses of a picture.
    (url.starts_with("https://") || url.starts_with("http://")).then(|| Attachment { kind: kind.into(), url })
}

#[cfg(test)]
mod tests;
