//! One comment as either of TikTok's lists shows it.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::connector::json::Word;
use crate::connector::reading::Seen;
use crate::connector::{Author, CommentEvent, Happened};

/// A comment in a list. The advertiser's and the account's API name the same things differently.
#[derive(Deserialize)]
pub(super) struct Row {
    #[serde(default)]
    pub(super) comment_id: Word,
    #[serde(default, alias = "video_id")]
    pub(super) tiktok_item_id: Word,
    #[serde(default)]
    pub(super) ad_id: Word,
    #[serde(default)]
    ad_name: Word,
    #[serde(default, alias = "parent_comment_id")]
    original_comment_id: Word,
    #[serde(default, alias = "text")]
    pub(super) content: Word,
    #[serde(default, alias = "status")]
    comment_status: Word,
    #[serde(default)]
    pub(super) create_time: Word,
    #[serde(default)]
    user_id: Word,
    #[serde(default, alias = "username")]
    user_name: Word,
    #[serde(default)]
    display_name: Word,
    #[serde(default)]
    identity_type: Word,
    #[serde(default)]
    identity_id: Word,
    /// The advertiser's own comments can be deleted, others' cannot.
    #[serde(default)]
    can_delete: Option<bool>,
    /// Written by the account.
    #[serde(default)]
    owner: Option<bool>,
    #[serde(default)]
    pub(super) reply_list: Option<Vec<Row>>,
}

/// What the advertiser's API wants to be told with an answer.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) ad: String,
    pub(super) video: String,
    pub(super) kind: String,
    pub(super) id: String,
}

impl Row {
    /// Whether the account wrote it.
    pub(super) fn is_own(&self) -> bool {
        self.can_delete == Some(true) || self.owner == Some(true)
    }

    /// Whether the public does not see it.
    pub(super) fn is_hidden(&self) -> Option<bool> {
        self.comment_status.0.as_deref().map(|status| status != "PUBLIC")
    }

    /// See [`Identity`].
    pub(super) fn identity(self) -> Option<Identity> {
        Some(Identity {
            ad: self.ad_id.filled()?,
            video: self.tiktok_item_id.filled()?,
            kind: self.identity_type.filled()?,
            id: self.identity_id.filled()?,
        })
    }

    /// The comment, and those listed under it.
    pub(super) fn seen(mut self, account: &str, now: DateTime<Utc>, into: &mut Vec<Seen>) -> usize {
        let below = self.reply_list.take().unwrap_or_default();
        let mut ignored = 0;
        match self.one(account, now) {
            Some(seen) => into.push(seen),
            None => ignored += 1,
        }
        for reply in below {
            ignored += reply.seen(account, now, into);
        }
        ignored
    }

    fn one(self, account: &str, now: DateTime<Utc>) -> Option<Seen> {
        let hidden = self.is_hidden();
        let own = self.is_own();
        let created_at = self.create_time.instant();
        let handle = self.user_name.filled();
        let author = Author {
            id: self.user_id.filled(),
            name: self.display_name.filled(),
            handle,
        };
        Some(Seen {
            hidden,
            edited_at: None,
            comment: CommentEvent {
                what: Happened::Added,
                account: account.to_owned(),
                external_id: self.comment_id.filled().filter(|id| super::parse::is_id(id))?,
                parent: self.original_comment_id.filled().filter(|id| id != "0"),
                post: self.tiktok_item_id.filled(),
                ad: self.ad_id.filled(),
                ad_title: self.ad_name.filled(),
                author: (author != Author::default()).then_some(author),
                own,
                text: self.content.0,
                attachments: Vec::new(),
                declared_language: None,
                at: created_at.unwrap_or(now),
                created_at,
            },
        })
    }
}
