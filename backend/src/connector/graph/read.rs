//! Reading what deliveries did not tell: the comments under posts and ads, and known comments by their ids.
//!
//! Deliveries bring comments in; nothing here is live. Settings: `every_s` (600; 0 reads nothing), `days` (30: posts older
//! than this are not read by the account's own list), `posts` (ids read besides), `ad_accounts` (without `act_`, whose ads are
//! read and tied to their campaigns), `ads_posts` (`yes`: the account's list of posts that exist only as ads; Facebook).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::check;
use super::client::Trouble;
use super::connector::{Graph, Platform};
use super::page::Page;
use super::row::{self, Under};
use crate::connector::http::{Call, object_id};
use crate::connector::json::Word;
use crate::connector::reading::{Advert, Deeper, Errand, Known, Listing, Reader, Untold};
use crate::connector::{Account, ParseError};

/// How often, unless set.
const EVERY_S: u32 = 600;
/// Days back that the account's own posts are read, unless set.
const DAYS: u32 = 30;
/// Fields of an ad (Marketing API, Ad and AdCreative).
const AD_FIELDS: &str = "id,name,effective_status,updated_time,adset_id,campaign_id,campaign{id,name},\
    creative{id,effective_object_story_id,object_story_id,effective_instagram_media_id,source_instagram_media_id,\
    instagram_permalink_url}";

/// How a platform lists what there is.
pub struct Lists {
    /// The account's edge of posts, and its fields.
    pub posts: (&'static str, &'static str),
    /// The edge of posts that exist only as ads.
    pub ads_posts: Option<&'static str>,
    /// Fields of a comment.
    pub fields: &'static str,
    /// Fields of a comment asked for by its id or as a reply.
    pub single: &'static str,
    /// Most rows of a page of comments.
    pub limit: &'static str,
    /// Parameters of the comments edge besides.
    pub extra: &'static [(&'static str, &'static str)],
    /// Whether a page must carry a `summary`: Facebook answers a wrong kind of token with an empty list instead of an
    /// error, and leaves the summary out (Graph API, Comment edges).
    pub counted: bool,
    /// Which of an ad's carriers is this platform's.
    pub carrier: fn(Carriers) -> Option<String>,
}

/// What an ad shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carriers {
    /// Facebook's post.
    pub story: Option<String>,
    /// Instagram's medium.
    pub medium: Option<String>,
}

#[derive(Deserialize)]
struct Post {
    #[serde(default)]
    id: Word,
    #[serde(default, alias = "timestamp")]
    created_time: Word,
}

#[derive(Deserialize)]
struct Ad {
    #[serde(default)]
    id: Word,
    #[serde(default)]
    name: Word,
    #[serde(default)]
    campaign_id: Word,
    #[serde(default)]
    campaign: Option<Campaign>,
    #[serde(default)]
    creative: Option<Creative>,
}

#[derive(Deserialize)]
struct Campaign {
    #[serde(default)]
    id: Word,
    #[serde(default)]
    name: Word,
}

#[derive(Deserialize)]
struct Creative {
    #[serde(default)]
    effective_object_story_id: Word,
    #[serde(default)]
    effective_instagram_media_id: Word,
}

impl<P: Platform> Reader for Graph<P> {
    fn errands(&self, account: &Account) -> Vec<Errand> {
        let every = account.setting_number("every_s").unwrap_or(EVERY_S);
        // An account that only hears deliveries has no token to read with.
        if every == 0 || account.access_token.is_empty() {
            return Vec::new();
        }
        let errand = |key: String| Errand {
            key,
            every: Duration::from_secs(every.into()),
            cost: 1,
            is_live: false,
            back: None,
        };
        let ids = |name| account.setting_list(name).filter(|id| object_id(id).is_some());
        let dark = P::LISTS
            .ads_posts
            .filter(|_| account.setting("ads_posts") == Some("yes"));
        std::iter::once("posts".to_owned())
            .chain(dark.map(|_| "ads-posts".to_owned()))
            .chain(ids("posts").map(|id| format!("post/{id}")))
            .chain(ids("ad_accounts").map(|id| format!("ads/{id}")))
            .map(errand)
            .collect()
    }

    fn page<'a>(
        &'a self,
        account: &'a Account,
        key: &'a str,
        page: Option<&'a str>,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<String, Untold>> {
        Box::pin(async move {
            let (call, is_comments) = asked::<P>(account, key)?;
            let call = match page {
                Some(after) => call.query("after", after),
                None => call,
            };
            let answer = self.client.read(account, call, now).await?;
            if is_comments && P::LISTS.counted {
                let page: Option<Page<'_>> = answer.json();
                if page.is_some_and(|page| page.data.is_empty() && page.summary.is_none()) {
                    return Err(Untold::new(
                        "permission-lost",
                        "the platform lists nothing for this kind of token",
                    ));
                }
            }
            Ok(answer.body)
        })
    }

    fn take_apart(&self, account: &Account, key: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
        let mut listing = Listing::default();
        let account_id = account.external_id.as_str();
        let (kind, id) = key.split_once('/').unwrap_or((key, ""));
        if kind == check::KEY {
            check::take_apart(account_id, body, now, &mut listing)?;
            return Ok(listing);
        }
        let page: Page<'_> = serde_json::from_str(body).map_err(|e| unreadable(&e))?;
        listing.next = page.paging.and_then(|paging| paging.next());
        let under = Under {
            account: account_id,
            post: (kind == "post").then_some(id),
            parent: (kind == "replies").then_some(id),
        };
        match kind {
            "post" | "replies" => page.data.iter().for_each(|raw| row::put(under, raw, now, &mut listing)),
            "ads" => ads::<P>(&page.data, &mut listing),
            _ => {
                let days = account.setting_number("days").unwrap_or(DAYS);
                let since = (kind == "posts").then(|| now - TimeDelta::days(days.into()));
                posts(&page.data, since, &mut listing);
            }
        }
        Ok(listing)
    }

    fn checked_at_once(&self) -> usize {
        check::IDS
    }

    fn check<'a>(
        &'a self,
        account: &'a Account,
        known: &'a [Known],
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, Untold>> {
        Box::pin(check::check(&self.client, P::LISTS.single, account, known, now))
    }
}

/// What a key asks for, and whether that is comments.
fn asked<'a, P: Platform>(account: &Account, key: &str) -> Result<(Call<'a>, bool), Untold> {
    let invalid = || Untold::new("invalid", "nothing of this name is read on this platform");
    let (kind, id) = key.split_once('/').unwrap_or((key, account.external_id.as_str()));
    let id = object_id(id).ok_or_else(invalid)?;
    let list = |edge: &str, fields: &'static str, limit: &'static str| {
        Call::get(format!("{id}/{edge}"))
            .query("fields", fields)
            .query("limit", limit)
    };
    let lists = &P::LISTS;
    Ok(match kind {
        "posts" => (list(lists.posts.0, lists.posts.1, "100"), false),
        "ads-posts" => {
            let edge = lists.ads_posts.ok_or_else(invalid)?;
            let call = list(edge, lists.posts.1, "100")
                .query("exclude_dynamic_ads", "false")
                .query("include_inline_create", "true");
            (call, false)
        }
        "ads" => (
            Call::get(format!("act_{id}/ads"))
                .query("fields", AD_FIELDS)
                .query("limit", "200"),
            false,
        ),
        "post" => {
            let call = list("comments", lists.fields, lists.limit);
            let call = lists
                .extra
                .iter()
                .fold(call, |call, (name, value)| call.query(name, *value));
            (call, true)
        }
        "replies" => (list("replies", lists.single, lists.limit), false),
        _ => return Err(invalid()),
    })
}

/// Each post to read. One older than `since` is left out, and then nothing newer follows.
fn posts(rows: &[&RawValue], since: Option<DateTime<Utc>>, listing: &mut Listing) {
    for raw in rows {
        let post = serde_json::from_str::<Post>(raw.get()).ok();
        let Some((id, at)) = post.and_then(|post| Some((post.id.filled()?, post.created_time.instant()))) else {
            listing.ignored += 1;
            continue;
        };
        if let (Some(since), Some(at)) = (since, at)
            && at < since
        {
            listing.next = None;
            continue;
        }
        deepen(id, listing);
    }
}

/// What each ad shows on this platform; several ads may show the same.
fn ads<P: Platform>(rows: &[&RawValue], listing: &mut Listing) {
    for raw in rows {
        let Ok(ad) = serde_json::from_str::<Ad>(raw.get()) else {
            listing.ignored += 1;
            continue;
        };
        let carriers = ad.creative.map(|creative| Carriers {
            story: creative.effective_object_story_id.filled(),
            medium: creative.effective_instagram_media_id.filled(),
        });
        // A dynamic ad names none.
        let Some(shows) = carriers.and_then(P::LISTS.carrier) else {
            continue;
        };
        let (campaign, campaign_name) = ad
            .campaign
            .map_or_else(Default::default, |named| (named.id.filled(), named.name.filled()));
        if let (Some(id), Some(campaign)) = (ad.id.filled(), campaign.or(ad.campaign_id.filled()))
            && object_id(&id).is_some()
            && object_id(&campaign).is_some()
            && object_id(&shows).is_some()
        {
            listing.adverts.push(Advert {
                id,
                name: ad.name.filled(),
                campaign,
                campaign_name,
                shows: shows.clone(),
            });
        }
        deepen(shows, listing);
    }
}

fn deepen(id: String, listing: &mut Listing) {
    let key = format!("post/{id}");
    if object_id(&id).is_none() {
        listing.ignored += 1;
    } else if listing.deeper.iter().all(|one| one.key != key) {
        listing.deeper.push(Deeper { key, version: None });
    }
}

pub(super) fn unreadable(error: &serde_json::Error) -> ParseError {
    match error.classify() {
        serde_json::error::Category::Data => ParseError::Foreign("not a list of the Graph API".into()),
        _ => ParseError::Unreadable(error.to_string()),
    }
}

impl Trouble {
    /// Why a page could not be read.
    pub(super) fn into_untold(self) -> Untold {
        match self {
            Self::NoAnswer(none) => Untold::new("unavailable", none.message()),
            Self::Failed(failure) => failure.into_untold(),
        }
    }
}

#[cfg(test)]
mod tests;
