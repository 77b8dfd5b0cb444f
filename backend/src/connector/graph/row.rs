//! A comment as either platform shows it over the API, alone or in a list.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::page::Paging;
use crate::connector::http::object_id;
use crate::connector::json::Word;
use crate::connector::reading::{Deeper, Listing, Seen};
use crate::connector::{Attachment, Author, CommentEvent, Happened};

/// The fields of both platforms: a comment never has those of the other.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(default)]
    id: Word,
    #[serde(default, alias = "text")]
    message: Word,
    #[serde(default, alias = "timestamp")]
    created_time: Word,
    #[serde(default)]
    from: Option<From>,
    #[serde(default)]
    username: Word,
    /// Instagram gives it for the account's own comments only.
    #[serde(default)]
    user: Option<IgnoredAny>,
    #[serde(default)]
    parent: Option<Named>,
    #[serde(default)]
    parent_id: Word,
    #[serde(default)]
    media: Option<Named>,
    #[serde(default, alias = "hidden")]
    is_hidden: Option<bool>,
    #[serde(borrow, default)]
    attachment: Option<&'a RawValue>,
    #[serde(borrow, default)]
    replies: Option<Replies<'a>>,
}

#[derive(Deserialize, Default)]
struct From {
    #[serde(default)]
    id: Word,
    #[serde(default)]
    name: Word,
    #[serde(default)]
    username: Word,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    id: Word,
}

#[derive(Deserialize)]
struct Replies<'a> {
    #[serde(borrow, default)]
    data: Vec<&'a RawValue>,
    #[serde(default)]
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct Attached {
    #[serde(default, rename = "type")]
    kind: Word,
    #[serde(default)]
    media: Option<Media>,
    #[serde(default)]
    url: Word,
}

#[derive(Deserialize)]
struct Media {
    #[serde(default)]
    image: Option<Image>,
}

#[derive(Deserialize)]
struct Image {
    #[serde(default)]
    src: Word,
}

/// Where the rows of a page stand, as far as the asking tells.
#[derive(Clone, Copy)]
pub(super) struct Under<'a> {
    pub account: &'a str,
    pub post: Option<&'a str>,
    pub parent: Option<&'a str>,
}

/// Puts a row and the replies in it on the listing; what cannot be understood is counted.
pub(super) fn put(under: Under<'_>, raw: &RawValue, now: DateTime<Utc>, listing: &mut Listing) {
    let Ok(mut row) = serde_json::from_str::<Row<'_>>(raw.get()) else {
        listing.ignored += 1;
        return;
    };
    let replies = row.replies.take();
    let Some(seen) = seen(under, row, now) else {
        listing.ignored += 1;
        return;
    };
    let top = seen.comment.external_id.clone();
    let post = seen.comment.post.clone();
    listing.comments.push(seen);
    let Some(replies) = replies else { return };
    let below = Under {
        post: post.as_deref(),
        parent: Some(&top),
        ..under
    };
    for reply in replies.data {
        put(below, reply, now, listing);
    }
    if replies.paging.is_some_and(|paging| paging.goes_on()) {
        listing.deeper.push(Deeper {
            key: format!("replies/{top}"),
            version: None,
        });
    }
}

fn seen(under: Under<'_>, row: Row<'_>, now: DateTime<Utc>) -> Option<Seen> {
    let external_id = row.id.filled().filter(|id| object_id(id).is_some())?;
    let from = row.from.unwrap_or_default();
    let author = Author {
        id: from.id.filled(),
        handle: from.username.filled().or(row.username.filled()),
        name: from.name.filled(),
    };
    let own = author.id.as_deref() == Some(under.account) || row.user.is_some();
    let parent = row.parent.and_then(|parent| parent.id.filled());
    let created_at = row.created_time.instant();
    let post = row.media.and_then(|media| media.id.filled());
    let comment = CommentEvent {
        what: Happened::Added,
        account: under.account.to_owned(),
        external_id,
        parent: parent
            .or(row.parent_id.filled())
            .or_else(|| under.parent.map(str::to_owned)),
        post: under.post.map(str::to_owned).or(post),
        ad: None,
        ad_title: None,
        author: (author != Author::default()).then_some(author),
        own,
        text: row.message.0,
        attachments: row.attachment.and_then(attachment).into_iter().collect(),
        declared_language: None,
        at: created_at.unwrap_or(now),
        created_at,
    };
    Some(Seen {
        comment,
        hidden: row.is_hidden,
        edited_at: None,
    })
}

fn attachment(raw: &RawValue) -> Option<Attachment> {
    let attached: Attached = serde_json::from_str(raw.get()).ok()?;
    let kind = attached.kind.filled().unwrap_or_default();
    let kind = match kind.as_str() {
        "photo" | "sticker" | "animated_image_share" => "photo",
        kind if kind.starts_with("video") => "video",
        _ => "link",
    };
    let image = attached
        .media
        .and_then(|media| media.image)
        .and_then(|image| image.src.filled())
        .filter(|_| kind == "photo");
    let url = image.or(attached.url.filled())?;
    // `javascript:` and the like are no addresses of a picture.
    (url.starts_with("https://") || url.starts_with("http://")).then(|| Attachment { kind: kind.into(), url })
}
