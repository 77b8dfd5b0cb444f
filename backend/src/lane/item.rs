//! A comment as the API and the stream show it.

use serde::Serialize;

use crate::connector::Author;
use crate::domain::comment::{CommentState, Visibility};
use crate::domain::id::{CampaignId, CommentId};
use crate::domain::lane::Lane;
use crate::domain::platform::Platform;
use crate::domain::tag::{LanguageTag, Span, Tag, Tags};
use crate::person::people::People;
use crate::store::entity::comment;
use crate::{clock, tagging};

/// How a text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Exactly as stored: to those who work the comment.
    Exact,
    /// With personal data covered: in lists and frames.
    Masked,
}

/// Who has a comment, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimView {
    /// Pseudonym of the holder.
    pub by: String,
    /// When the lease ends, RFC 3339.
    pub until: String,
}

/// One comment.
#[derive(Debug, Clone, Serialize)]
#[expect(
    missing_docs,
    reason = "fields are named and described by the contract and product.md"
)]
pub struct Item {
    pub id: CommentId,
    pub number: i64,
    pub connector: String,
    pub platform: Platform,
    pub external_id: String,
    pub parent: Option<String>,
    pub post: Option<String>,
    pub ad: Option<String>,
    pub campaign: Option<CampaignId>,
    pub author: Author,
    pub own: bool,
    pub text: Option<String>,
    pub revision: i32,
    pub state: CommentState,
    pub visibility: Visibility,
    pub lane: Lane,
    pub language: Option<LanguageTag>,
    pub narratives: Vec<Tag>,
    pub classes: Vec<Tag>,
    pub flags: Vec<Tag>,
    pub spans: Vec<Span>,
    pub urgent: bool,
    pub severity: i32,
    pub due_at: String,
    pub written_at: String,
    pub opened_at: String,
    pub claim: Option<ClaimView>,
}

/// Milliseconds as RFC 3339 in UTC.
#[must_use]
pub fn rfc3339(ms: i64) -> String {
    clock::from_ms(ms).to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// The stored tags of a comment; none while the comment is awaited.
#[must_use]
pub fn tags_of(row: &comment::Model) -> Option<Tags> {
    serde_json::from_str(&row.tags).ok()
}

/// A row as an item.
#[must_use]
pub fn item(row: comment::Model, people: &People, shown: Shown) -> Item {
    let tags = tags_of(&row);
    let text = match (shown, &tags) {
        (Shown::Masked, Some(tags)) => row.text.as_deref().map(|text| tagging::mask(text, tags)),
        _ => row.text,
    };
    let claim = row.claimed_by.zip(row.claimed_until).map(|(by, until)| ClaimView {
        by: people.pseudonym(by),
        until: rfc3339(until),
    });
    let (language, narratives, classes, flags, spans) = match tags {
        Some(tags) => (
            Some(tags.language),
            tags.narratives,
            tags.classes,
            tags.flags,
            tags.spans,
        ),
        None => (None, Vec::new(), Vec::new(), Vec::new(), Vec::new()),
    };
    Item {
        id: row.id,
        number: row.number,
        connector: row.connector,
        platform: row.platform,
        external_id: row.external_id,
        parent: row.parent,
        post: row.post,
        ad: row.ad,
        campaign: row.campaign_id,
        author: Author {
            id: row.author_id,
            handle: row.author_handle,
            name: row.author_name,
        },
        own: row.own,
        text,
        revision: row.revision,
        state: row.state,
        visibility: row.visibility,
        lane: row.lane,
        language,
        narratives,
        classes,
        flags,
        spans: if shown == Shown::Exact { spans } else { Vec::new() },
        urgent: row.urgent,
        severity: row.severity,
        due_at: rfc3339(row.due_at),
        written_at: rfc3339(row.written_at),
        opened_at: rfc3339(row.opened_at),
        claim,
    }
}
