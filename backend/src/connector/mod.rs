//! One folder per platform: verify.rs (is it theirs), parse.rs (what it says), send.rs (act), readback.rs (did it happen);
//! and read.rs (ask for it) where a platform does not tell by itself.
//!
//! A connector knows its platform's protocol and nothing of the desk: no database, no lanes, no events.

use std::sync::LazyLock;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::domain::platform::Platform;

pub use action::{Action, Place};
pub use counting::Counting;

mod action;
pub mod bluesky;
mod counting;
pub mod facebook;
pub mod graph;
pub mod http;
pub mod instagram;
mod json;
pub mod mastodon;
pub mod reading;
pub mod registry;
pub mod socket;
pub mod streaming;
pub mod tiktok;
mod written;
pub mod youtube;

/// The connector of a platform; none where comments are entered by hand or the platform is not connected yet.
///
/// Connections and time-outs are shared by the whole process.
#[must_use]
pub fn of(platform: Platform) -> Option<&'static dyn Connector> {
    static BLUESKY: LazyLock<bluesky::Bluesky> = LazyLock::new(|| bluesky::Bluesky::new(http::Timing::default()));
    static FACEBOOK: LazyLock<facebook::Facebook> = LazyLock::new(|| facebook::Facebook::new(http::Timing::default()));
    static MASTODON: LazyLock<mastodon::Mastodon> = LazyLock::new(|| mastodon::Mastodon::new(http::Timing::default()));
    static TIKTOK: LazyLock<tiktok::Tiktok> = LazyLock::new(|| tiktok::Tiktok::new(http::Timing::default()));
    static YOUTUBE: LazyLock<youtube::Youtube> = LazyLock::new(|| youtube::Youtube::new(http::Timing::default()));
    static INSTAGRAM: LazyLock<instagram::Instagram> =
        LazyLock::new(|| instagram::Instagram::new(http::Timing::default()));
    match platform {
        Platform::Facebook => Some(&*FACEBOOK),
        Platform::Instagram => Some(&*INSTAGRAM),
        Platform::Youtube => Some(&*YOUTUBE),
        Platform::Tiktok => Some(&*TIKTOK),
        Platform::Mastodon => Some(&*MASTODON),
        Platform::Bluesky => Some(&*BLUESKY),
        Platform::Snapchat | Platform::Manual => None,
    }
}

/// One configured account on a platform, as the connector code needs it.
#[derive(Clone)]
pub struct Account {
    /// The platform.
    pub platform: Platform,
    /// The platform's id of the account (Page id, professional account id).
    pub external_id: String,
    /// Base address of the platform's API with its version, without a slash at the end: `https://graph.facebook.com/v26.0`.
    pub api_url: String,
    /// Key of the delivery signature.
    pub app_secret: String,
    /// Word expected in the subscription handshake.
    pub verify_token: String,
    /// Token for calls to the API.
    pub access_token: String,
    /// Token that a new access token is asked for with; empty where the platform has none.
    pub refresh_token: String,
    /// What this platform needs besides, as its connector documents.
    pub settings: serde_json::Value,
}

impl Account {
    /// A setting that is a text.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name)?.as_str().filter(|value| !value.is_empty())
    }

    /// A setting that is a list of texts.
    pub fn setting_list(&self, name: &str) -> impl Iterator<Item = &str> {
        let list = self.settings.get(name).and_then(serde_json::Value::as_array);
        list.into_iter().flatten().filter_map(serde_json::Value::as_str)
    }

    /// A setting that is a number.
    #[must_use]
    pub fn setting_number(&self, name: &str) -> Option<u32> {
        self.settings
            .get(name)?
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("platform", &self.platform)
            .field("external_id", &self.external_id)
            .field("api_url", &self.api_url)
            .finish_non_exhaustive()
    }
}

/// What one delivery says, taken apart (`reference/platforms.md` 2.2).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// Changes in the order they were written.
    pub events: Vec<Inbound>,
    /// Parts understood to be of no concern to the desk (reactions, unknown kinds, own posts).
    pub ignored: usize,
}

/// One thing that happened on the platform.
#[derive(Debug, Clone, PartialEq)]
pub enum Inbound {
    /// Something about one comment.
    Comment(Box<CommentEvent>),
    /// A post is gone, and every comment under it.
    PostRemoved {
        /// The account it stood on.
        account: String,
        /// The post.
        post: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Somebody is no longer on the platform, and nothing of what they wrote.
    AuthorRemoved {
        /// The account it concerns.
        account: String,
        /// The platform's id of the author.
        author: String,
        /// When.
        at: DateTime<Utc>,
    },
}

/// What happened to a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// Written.
    Added,
    /// Its text was changed.
    Edited,
    /// Deleted by its author, the account or the platform.
    Removed,
    /// Hidden from the public.
    Hidden,
    /// Shown again.
    Shown,
}

/// One change of one comment.
#[derive(Debug, Clone, PartialEq)]
pub struct CommentEvent {
    /// What happened.
    pub what: Happened,
    /// The account it concerns.
    pub account: String,
    /// The platform's id of the comment.
    pub external_id: String,
    /// The comment it answers; none at top level or when not said.
    pub parent: Option<String>,
    /// The post, video or medium it stands under.
    pub post: Option<String>,
    /// The ad, where the platform says it.
    pub ad: Option<String>,
    /// Title of the ad, where said.
    pub ad_title: Option<String>,
    /// Who wrote it. Absent for hides and shows, where the platform names the actor instead.
    pub author: Option<Author>,
    /// Written by the account the desk answers as.
    pub own: bool,
    /// The text, exactly. Absent where the platform sends none.
    pub text: Option<String>,
    /// Pictures, videos and links that came with it.
    pub attachments: Vec<Attachment>,
    /// Language as the author or platform declared it.
    pub declared_language: Option<String>,
    /// When the change happened (event time, else the delivery's).
    pub at: DateTime<Utc>,
    /// When the comment was written, if the delivery tells.
    pub created_at: Option<DateTime<Utc>>,
}

/// The external account that wrote a comment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// The platform's id, scoped to our account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Handle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Author {
    /// Whether this names the author of a comment of which no more than this id is known.
    #[must_use]
    pub fn names(&self, id: Option<&str>) -> bool {
        let is_another = id.is_some_and(|id| self.id.as_deref().is_some_and(|own| own != id));
        (self.handle.is_some() || self.name.is_some()) && !is_another
    }
}

/// Something that came with a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// `photo`, `video`, `link`.
    pub kind: String,
    /// Its address on the platform; never loaded by a moderator's browser.
    pub url: String,
}

/// The delivery cannot be taken apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Not JSON, cut short, not UTF-8, too deep.
    #[error("the delivery is not readable: {0}")]
    Unreadable(String),
    /// Readable, but not the platform's envelope.
    #[error("the delivery is not of this platform: {0}")]
    Foreign(String),
}

/// The delivery is not the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The signature header is missing.
    #[error("the signature header is missing")]
    Missing,
    /// The header is not of the documented form.
    #[error("the signature header is malformed")]
    Malformed,
    /// The signature does not fit the body.
    #[error("the signature does not fit the body")]
    Wrong,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The platform has it; the id of what was made, if it made something.
    Done {
        /// The platform's id of the reply.
        external_id: Option<String>,
    },
    /// Certainly not done; try again later.
    Later {
        /// Stable code: `rate-limited`, `unavailable`, `token-expired`.
        code: &'static str,
        /// What the platform said, for staff.
        message: String,
        /// How long to wait at least, if the platform said.
        after: Option<Duration>,
    },
    /// Certainly not done, and trying again will not help.
    Refused {
        /// Stable code: `gone`, `permission-lost`, `token-expired`, `already-answered`, `too-late`, `blocked`, `invalid`.
        code: &'static str,
        /// What the platform said, for staff.
        message: String,
    },
    /// The request went out and nobody knows whether it took effect.
    Unknown {
        /// Why: time-out, connection lost, possible duplicate.
        message: String,
    },
}

/// What reading back shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readback {
    /// It is there.
    Found {
        /// The platform's id of the reply, if any.
        external_id: Option<String>,
    },
    /// It is certainly not there; sending again is safe.
    Absent,
    /// The platform cannot tell: a person is asked.
    CannotTell {
        /// Why.
        message: String,
    },
    /// Could not be read now; try reading again.
    Later {
        /// Why.
        message: String,
    },
}

/// What a platform offers; drives buttons, guardrails and API alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Can answer in public.
    pub can_reply: bool,
    /// Can hide others' comments.
    pub can_hide: bool,
    /// Can remove others' comments.
    pub can_delete: bool,
    /// Can answer in private.
    pub can_private_reply: bool,
    /// Can like.
    pub can_like: bool,
    /// Who still sees a hidden comment, as a key for a sentence in the pages.
    pub hide_means: &'static str,
    /// Longest reply.
    pub reply_limit: usize,
    /// Longest private reply.
    pub private_reply_limit: usize,
    /// The unit of the limits.
    pub counting: Counting,
}

/// The protocol of one platform.
pub trait Connector: Send + Sync + 'static {
    /// What it offers.
    fn capabilities(&self) -> Capabilities;

    /// How much of the limits goes to what the connector itself puts in front of an answer to `handle`; the most there is
    /// where nobody knows whom it is to.
    fn address_length(&self, _handle: Option<&str>) -> usize {
        0
    }

    /// How it is read, if it is.
    fn reader(&self) -> Option<&dyn reading::Reader> {
        None
    }

    /// How it is listened to, if it is.
    fn listener(&self) -> Option<&dyn streaming::Listener> {
        None
    }

    /// Answers the subscription handshake: the body to send with 200, or none to refuse with 403.
    /// `query` is the raw query string.
    fn handshake(&self, account: &Account, query: &str) -> Option<String>;

    /// Whether the raw body is the platform's. `header` looks up a request header by lower-case name.
    ///
    /// # Errors
    /// [`VerifyError`], for which nothing may be stored.
    fn verify(
        &self,
        account: &Account,
        header: &dyn Fn(&str) -> Option<String>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), VerifyError>;

    /// Takes a delivery apart. Pure; the same body always gives the same events.
    ///
    /// # Errors
    /// [`ParseError`] when nothing of it can be understood.
    fn parse(&self, body: &[u8], received_at: DateTime<Utc>) -> Result<Parsed, ParseError>;

    /// Does something on the platform, once. Never retries by itself.
    fn send<'a>(&'a self, account: &'a Account, action: &'a Action) -> BoxFuture<'a, Sent>;

    /// Looks whether an action whose outcome is unknown took effect. `since` is when it was first tried.
    fn read_back<'a>(
        &'a self,
        account: &'a Account,
        action: &'a Action,
        since: DateTime<Utc>,
    ) -> BoxFuture<'a, Readback>;
}

#[cfg(test)]
mod tests;
