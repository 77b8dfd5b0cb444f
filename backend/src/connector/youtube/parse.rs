//! Takes YouTube's pages apart: threads with some of their answers, and lists of comments.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::connector::json::Word;
use crate::connector::reading::{Deeper, Listing, Seen};
use crate::connector::{Author, CommentEvent, Happened, ParseError};

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(default)]
    kind: Word,
    #[serde(default, rename = "nextPageToken")]
    next: Word,
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Thread<'a> {
    #[serde(borrow)]
    snippet: ThreadSnippet<'a>,
    #[serde(borrow, default)]
    replies: Option<Replies<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadSnippet<'a> {
    #[serde(borrow)]
    top_level_comment: &'a RawValue,
    #[serde(default)]
    total_reply_count: Option<u64>,
    #[serde(default)]
    is_public: Option<bool>,
}

#[derive(Deserialize)]
struct Replies<'a> {
    #[serde(borrow, default)]
    comments: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Comment {
    #[serde(default)]
    id: Word,
    snippet: Snippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet {
    #[serde(default)]
    video_id: Word,
    #[serde(default)]
    parent_id: Word,
    #[serde(default)]
    text_original: Word,
    #[serde(default)]
    text_display: Word,
    #[serde(default)]
    author_display_name: Word,
    #[serde(default)]
    author_channel_id: Option<Channel>,
    #[serde(default)]
    moderation_status: Word,
    #[serde(default)]
    published_at: Word,
    #[serde(default)]
    updated_at: Word,
}

#[derive(Deserialize)]
struct Channel {
    #[serde(default)]
    value: Word,
}

/// Takes a page of threads or of comments apart. `account` is the channel; `asked` tells what the page was asked for.
pub(super) fn take_apart(account: &str, asked: Asked, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
    let page: Page<'_> = serde_json::from_str(body).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => ParseError::Foreign("no page with items".into()),
        _ => ParseError::Unreadable(e.to_string()),
    })?;
    let threads = match page.kind.0.as_deref() {
        Some("youtube#commentThreadListResponse") => true,
        Some("youtube#commentListResponse") => false,
        _ => return Err(ParseError::Foreign("not a list of comments".into())),
    };
    let mut listing = Listing {
        next: page.next.filled(),
        ..Listing::default()
    };
    for raw in page.items {
        if threads {
            thread(account, asked, raw, now, &mut listing);
        } else {
            put(account, asked, raw, now, &mut listing);
        }
    }
    Ok(listing)
}

/// What a page was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// What the public sees.
    Public,
    /// What is held back, for review or as likely spam.
    Held,
    /// Comments by their ids, which show also where the public does not see them.
    ById,
}

fn thread(account: &str, asked: Asked, raw: &RawValue, now: DateTime<Utc>, listing: &mut Listing) {
    let Ok(thread) = serde_json::from_str::<Thread<'_>>(raw.get()) else {
        listing.ignored += 1;
        return;
    };
    let asked = match (asked, thread.snippet.is_public) {
        (Asked::Public, Some(false)) => Asked::Held,
        (asked, _) => asked,
    };
    let at = listing.comments.len();
    put(account, asked, thread.snippet.top_level_comment, now, listing);
    let Some(top) = listing.comments.get(at).map(|seen| seen.comment.external_id.clone()) else {
        return;
    };
    let replies = thread.replies.map(|replies| replies.comments).unwrap_or_default();
    let shown = u64::try_from(replies.len()).unwrap_or(u64::MAX);
    for reply in replies {
        put(account, Asked::Public, reply, now, listing);
    }
    // `replies.comments` may be a part of them (YouTube Data API, commentThreads).
    let total = thread.snippet.total_reply_count.unwrap_or(0);
    if total > shown {
        listing.deeper.push(Deeper {
            key: format!("replies/{top}"),
            version: Some(total.to_string()),
        });
    }
}

fn put(account: &str, asked: Asked, raw: &RawValue, now: DateTime<Utc>, listing: &mut Listing) {
    match serde_json::from_str::<Comment>(raw.get())
        .ok()
        .and_then(|comment| seen(account, asked, comment, now))
    {
        Some(seen) => listing.comments.push(seen),
        None => listing.ignored += 1,
    }
}

fn seen(account: &str, asked: Asked, comment: Comment, now: DateTime<Utc>) -> Option<Seen> {
    let id = comment.id.filled()?;
    super::comment_id(&id)?;
    let said = comment.snippet;
    let created_at = said.published_at.instant();
    let channel = said.author_channel_id.and_then(|channel| channel.value.filled());
    let own = channel.as_deref() == Some(account);
    let name = said.author_display_name.filled();
    let hidden = match (said.moderation_status.0.as_deref(), asked) {
        (Some("published"), _) => Some(false),
        (Some(_), _) | (None, Asked::Held) => Some(true),
        (None, Asked::Public) => Some(false),
        (None, Asked::ById) => None,
    };
    let answered = id.split_once('.').map(|(top, _)| top.to_owned());
    Some(Seen {
        edited_at: said
            .updated_at
            .instant()
            .filter(|updated| created_at.is_none_or(|created| *updated > created)),
        hidden,
        comment: CommentEvent {
            what: Happened::Added,
            account: account.to_owned(),
            external_id: id,
            parent: said.parent_id.filled().or(answered),
            post: said.video_id.filled(),
            ad: None,
            ad_title: None,
            author: (channel.is_some() || name.is_some()).then_some(Author {
                id: channel,
                handle: name,
                name: None,
            }),
            own,
            // What the author wrote is only told to them; what is shown was asked for as plain text.
            text: said.text_original.0.or(said.text_display.0),
            attachments: Vec::new(),
            declared_language: None,
            at: created_at.unwrap_or(now),
            created_at,
        },
    })
}
