//! Platforms that tell nothing by themselves and are read again and again; and platforms that tell most and are read to be sure.
//!
//! A [`Reader`] knows what there is to read, asks for one page, and takes a page apart. When to read, how far, and what is
//! new, is the desk's business (`crate::intake`).

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::future::BoxFuture;

use super::{Account, CommentEvent, ParseError};

/// Something to read again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    /// What it is, in the connector's own words; the same key is the same errand.
    pub key: String,
    /// How often at most.
    pub every: Duration,
    /// Units of the platform's budget that one page costs.
    pub cost: u32,
    /// New comments come in by it: as long as it fails, the desk is blind on this account.
    pub is_live: bool,
    /// Reads everything as far back as this, whether or not anything is new: answers in old threads move nothing to the
    /// front. Without it, reading stops where nothing is new.
    pub back: Option<Duration>,
}

/// Something that has more to read than was in a page: a thread whose page held
/// some of its answers, an ad group that a list names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deeper {
    /// Its key, for [`Reader::page`].
    pub key: String,
    /// Other when there is more to read than the last time; without it, what is new is read every time.
    pub version: Option<String>,
}

/// One comment as a page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The comment, as if it were added now.
    pub comment: CommentEvent,
    /// Whether the public does not see it; none where the page does not tell.
    pub hidden: Option<bool>,
    /// When its text was last changed, where the page tells.
    pub edited_at: Option<DateTime<Utc>>,
}

/// An ad as a page of ads names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advert {
    /// The platform's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The platform's id of its campaign.
    pub campaign: String,
    /// The name of its campaign.
    pub campaign_name: Option<String>,
    /// What it shows: the post or medium that its comments stand under.
    pub shows: String,
}

/// A page, taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listing {
    /// What it shows, in its order.
    pub comments: Vec<Seen>,
    /// Asks for the page after it.
    pub next: Option<String>,
    /// What has more to read.
    pub deeper: Vec<Deeper>,
    /// Ads it names, to be tied to what they show.
    pub adverts: Vec<Advert>,
    /// Parts that are of no concern or cannot be understood.
    pub ignored: usize,
}

/// A comment to look after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The platform's id.
    pub external_id: String,
    /// The comment it answers.
    pub parent: Option<String>,
    /// What it stands under.
    pub post: Option<String>,
    /// Its ad.
    pub ad: Option<String>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

/// Why there is nothing to read now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Stable code: `rate-limited`, `quota-spent`, `unavailable`, `token-expired`, `permission-lost`, `gone`, `invalid`.
    pub code: &'static str,
    /// What the platform said, for staff.
    pub message: String,
    /// How long to wait at least, if the platform said.
    pub after: Option<Duration>,
}

impl Untold {
    /// Nothing more is known than this.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            after: None,
        }
    }
}

/// A number of units that a platform gives for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Daily {
    /// Units a day.
    pub units: u32,
    /// Units that one action costs.
    pub per_action: u32,
    /// Actions a day that reading leaves units for.
    pub reserved_actions: u32,
    /// Where midnight begins a new day.
    pub zone: Tz,
}

/// A token, renewed.
#[derive(Clone, PartialEq, Eq)]
pub struct Renewed {
    /// For calls.
    pub access_token: String,
    /// For the next renewal, where the platform gives a new one.
    pub refresh_token: Option<String>,
    /// How long the first lasts.
    pub lasts: Option<Duration>,
}

/// How a platform is read.
pub trait Reader: Send + Sync + 'static {
    /// What there is to read for an account, by its settings.
    fn errands(&self, account: &Account) -> Vec<Errand>;

    /// Asks for one page. `page` is what the page before gave as next. Returns the raw body.
    fn page<'a>(
        &'a self,
        account: &'a Account,
        key: &'a str,
        page: Option<&'a str>,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<String, Untold>>;

    /// Takes a page apart. Pure; the same body always gives the same listing.
    ///
    /// # Errors
    /// [`ParseError`] when nothing of it can be understood.
    fn take_apart(&self, account: &Account, key: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError>;

    /// Comments that [`Self::check`] takes at once.
    fn checked_at_once(&self) -> usize;

    /// Asks for comments that are known: the key and raw body of each page read. One that stands in none of them is gone.
    fn check<'a>(
        &'a self,
        account: &'a Account,
        known: &'a [Known],
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, Untold>>;

    /// Days after which what is kept must have been asked for again, where the platform's terms say so.
    fn refreshed_days(&self) -> Option<i64> {
        None
    }

    /// The platform's budget of calls for a day, if it has one.
    fn daily(&self, _account: &Account) -> Option<Daily> {
        None
    }

    /// Renews the account's token; none where tokens of this platform are not renewed.
    fn renew<'a>(&'a self, _account: &'a Account) -> Option<BoxFuture<'a, Result<Renewed, Untold>>> {
        None
    }
}
