//! Takes Mastodon's statuses apart: notifications, threads and lists (docs.joinmastodon.org, entities Status and Notification).

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{html, status_id};
use crate::connector::json::Word;
use crate::connector::reading::{Listing, Seen};
use crate::connector::{Account, Attachment, Author, CommentEvent, Happened, ParseError};

/// A page of notifications with where it goes on, which the server says in a header.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(default)]
    next: Word,
    #[serde(borrow)]
    page: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Notification<'a> {
    #[serde(default, rename = "type")]
    kind: Word,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Context<'a> {
    #[serde(borrow)]
    descendants: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
pub(super) struct Status {
    #[serde(default)]
    pub id: Word,
    #[serde(default)]
    created_at: Word,
    #[serde(default)]
    edited_at: Word,
    #[serde(default)]
    pub in_reply_to_id: Word,
    #[serde(default)]
    content: Word,
    #[serde(default)]
    spoiler_text: Word,
    #[serde(default)]
    language: Word,
    #[serde(default)]
    pub visibility: Word,
    #[serde(default)]
    pub account: Person,
    #[serde(default)]
    media_attachments: Vec<Medium>,
}

#[derive(Deserialize, Default)]
pub(super) struct Person {
    #[serde(default)]
    pub id: Word,
    #[serde(default)]
    pub acct: Word,
    #[serde(default)]
    display_name: Word,
}

#[derive(Deserialize)]
struct Medium {
    #[serde(default, rename = "type")]
    kind: Word,
    #[serde(default)]
    url: Word,
}

impl Status {
    /// What a reader sees, below the warning if there is one.
    pub(super) fn text(&self) -> String {
        let text = html::plain(self.content.0.as_deref().unwrap_or_default());
        match self.spoiler_text.0.as_deref() {
            Some(warning) if !warning.is_empty() => format!("{warning}\n\n{text}"),
            _ => text,
        }
    }

    /// When it was written.
    pub(super) fn written_at(&self) -> Option<DateTime<Utc>> {
        self.created_at.instant()
    }
}

/// Takes a page apart, by the errand it was read for.
pub(super) fn take_apart(account: &Account, key: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
    let mut listing = Listing::default();
    match key.split_once('/') {
        None if key == "mentions" => {
            let page: Page<'_> = read(body)?;
            listing.next = page.next.filled();
            for raw in page.page {
                match serde_json::from_str::<Notification<'_>>(raw.get()) {
                    Ok(told) if told.kind.0.as_deref() == Some("mention") => match told.status {
                        Some(status) => put(account, None, status, now, &mut listing),
                        None => listing.ignored += 1,
                    },
                    _ => listing.ignored += 1,
                }
            }
        }
        None if key == "check" => {
            for raw in read::<Vec<&RawValue>>(body)? {
                put(account, None, raw, now, &mut listing);
            }
        }
        Some(("context", root)) => {
            for raw in read::<Context<'_>>(body)?.descendants {
                put(account, Some(root), raw, now, &mut listing);
            }
        }
        _ => return Err(ParseError::Foreign("nothing of this name is read on Mastodon".into())),
    }
    Ok(listing)
}

/// The statuses below another.
pub(super) fn below(body: &str) -> Result<Vec<Status>, ParseError> {
    let context: Context<'_> = read(body)?;
    context.descendants.into_iter().map(|raw| read(raw.get())).collect()
}

fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, ParseError> {
    serde_json::from_str(body).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => ParseError::Foreign("not what Mastodon answers with".into()),
        _ => ParseError::Unreadable(e.to_string()),
    })
}

fn put(account: &Account, root: Option<&str>, raw: &RawValue, now: DateTime<Utc>, listing: &mut Listing) {
    let status = serde_json::from_str::<Status>(raw.get()).ok();
    match status.and_then(|status| seen(account, root, status, now)) {
        Some(seen) => listing.comments.push(seen),
        None => listing.ignored += 1,
    }
}

/// A status as a comment; none where it is a private letter, or not understood.
pub(super) fn seen(account: &Account, root: Option<&str>, status: Status, now: DateTime<Utc>) -> Option<Seen> {
    // Letters between two are no comments; a visibility that is not known may be one.
    if !matches!(status.visibility.0.as_deref(), Some("public" | "unlisted" | "private")) {
        return None;
    }
    let text = status.text();
    let created_at = status.written_at();
    let id = status.id.filled()?;
    status_id(&id)?;
    let answered = status.in_reply_to_id.filled();
    let is_root = |id: &str| root == Some(id) || account.setting_list("statuses").any(|known| known == id);
    let (post, parent) = match answered {
        Some(id) if is_root(&id) => (Some(id), None),
        answered => (root.map(str::to_owned), answered),
    };
    let person = status.account;
    let person_id = person.id.filled();
    let own = person_id.as_deref() == Some(account.external_id.as_str());
    let attachments = status.media_attachments.into_iter().filter_map(|medium| {
        let kind = match medium.kind.0.as_deref() {
            Some("image") => "photo",
            Some("video" | "gifv") => "video",
            _ => "link",
        };
        Some(Attachment {
            kind: kind.to_owned(),
            url: medium.url.filled()?,
        })
    });
    Some(Seen {
        hidden: None,
        edited_at: status.edited_at.instant(),
        comment: CommentEvent {
            what: Happened::Added,
            account: account.external_id.clone(),
            external_id: id,
            parent,
            post,
            ad: None,
            ad_title: None,
            author: Some(Author {
                id: person_id,
                handle: person.acct.filled(),
                name: person.display_name.filled(),
            }),
            own,
            text: Some(text),
            attachments: attachments.collect(),
            declared_language: status.language.filled(),
            at: created_at.unwrap_or(now),
            created_at,
        },
    })
}
