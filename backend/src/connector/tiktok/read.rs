//! What is read on TikTok: ad groups with the comments of each (advertiser's API), videos with theirs (account's API).

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::failure::Trouble;
use super::row::Row;
use super::{Api, Tiktok, data, parse};
use crate::connector::http::Call;
use crate::connector::json::Word;
use crate::connector::reading::{Deeper, Errand, Known, Listing, Reader, Renewed, Untold};
use crate::connector::{Account, ParseError};

/// Days that a live reading looks back over. What is older is found by the sweep.
const LIVE_DAYS: i64 = 2;
/// Days of a sweep: a span above 30 is refused.
const PERIOD_DAYS: i64 = 29;
/// Comments looked after at once.
const CHECKED: usize = 200;
/// Pages of ad groups, or of one ad group's comments, followed in a check.
const MOST_PAGES: u32 = 100;
/// Ids that one call of the account's API takes.
const IDS: usize = 30;

impl Reader for Tiktok {
    fn errands(&self, account: &Account) -> Vec<Errand> {
        let errand = |key: String, seconds: u64, back: Option<u64>| Errand {
            key,
            every: Duration::from_secs(seconds),
            cost: 1,
            is_live: back.is_none(),
            back: back.map(Duration::from_secs),
        };
        match Api::of(account) {
            Api::Ads => vec![
                errand(
                    "adgroups".into(),
                    account.setting_number("every_s").unwrap_or(120).into(),
                    None,
                ),
                errand("period".into(), 6 * 3_600, Some(PERIOD_DAYS.unsigned_abs() * 86_400)),
            ],
            Api::Organic => {
                let videos = account.setting_list("videos").filter(|id| parse::is_id(id));
                videos.map(|id| errand(format!("video/{id}"), 1_800, None)).collect()
            }
        }
    }

    fn page<'a>(
        &'a self,
        account: &'a Account,
        key: &'a str,
        page: Option<&'a str>,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<String, Untold>> {
        Box::pin(async move {
            let call = match key.split_once('/') {
                None if matches!(key, "adgroups" | "period") => adgroups(account, page),
                Some(("adgroup", id)) => comments(account, id, now - TimeDelta::days(LIVE_DAYS), now, page),
                Some(("period", id)) => comments(account, id, now - TimeDelta::days(PERIOD_DAYS), now, page),
                Some(("video", id)) => under(account, id, page),
                _ => return Err(Untold::new("invalid", "nothing of this name is read on TikTok")),
            };
            self.call(account, call).await.map_err(Trouble::into_untold)
        })
    }

    fn take_apart(&self, account: &Account, key: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
        match key {
            "adgroups" => take_apart_groups(account, "adgroup", body),
            "period" => take_apart_groups(account, "period", body),
            _ => take_apart(&account.external_id, body, now),
        }
    }

    fn checked_at_once(&self) -> usize {
        CHECKED
    }

    fn check<'a>(
        &'a self,
        account: &'a Account,
        known: &'a [Known],
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, Untold>> {
        Box::pin(async move {
            match Api::of(account) {
                Api::Ads => self.check_ads(account, known).await,
                Api::Organic => self.check_organic(account, known).await,
            }
        })
    }

    fn renew<'a>(&'a self, account: &'a Account) -> Option<BoxFuture<'a, Result<Renewed, Untold>>> {
        // Tokens of advertisers do not expire.
        if Api::of(account) == Api::Ads || account.refresh_token.is_empty() {
            return None;
        }
        Some(Box::pin(self.renewed(account)))
    }
}

/// The ad groups that a page names, each to be read under its own key.
fn take_apart_groups(account: &Account, below: &str, body: &str) -> Result<Listing, ParseError> {
    let unreadable = || ParseError::Foreign("no list of ad groups".into());
    let groups: Groups = data(body).ok_or_else(unreadable)?;
    let chosen: HashSet<&str> = account.setting_list("adgroups").collect();
    let mut listing = Listing {
        next: groups.page_info.next(),
        ..Listing::default()
    };
    for group in groups.list {
        match group.adgroup_id.filled().filter(|id| parse::is_id(id)) {
            Some(id) if chosen.is_empty() || chosen.contains(id.as_str()) => {
                if group.comment_disabled != Some(true) {
                    listing.deeper.push(Deeper {
                        key: format!("{below}/{id}"),
                        version: None,
                    });
                }
            }
            Some(_) => {}
            None => listing.ignored += 1,
        }
    }
    Ok(listing)
}

/// The ad groups of a page whose comments are read, and the page after it; none where it is no such page.
pub(super) fn chosen(account: &Account, body: &str) -> Option<(Vec<String>, Option<String>)> {
    let listing = take_apart_groups(account, "adgroup", body).ok()?;
    let ids = listing
        .deeper
        .into_iter()
        .filter_map(|group| group.key.strip_prefix("adgroup/").map(str::to_owned));
    Some((ids.collect(), listing.next))
}

pub(super) fn adgroups<'a>(account: &Account, page: Option<&str>) -> Call<'a> {
    Call::get("adgroup/get/")
        .query("advertiser_id", account.external_id.as_str())
        .query("fields", r#"["adgroup_id","comment_disabled"]"#)
        .query("page", page.unwrap_or("1"))
        .query("page_size", "100")
}

pub(super) fn comments<'a>(
    account: &Account,
    adgroup: &str,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    page: Option<&str>,
) -> Call<'a> {
    Call::get("comment/list/")
        .query("advertiser_id", account.external_id.as_str())
        .query("search_field", "ADGROUP_ID")
        .query("search_value", adgroup)
        .query("start_time", from.date_naive().to_string())
        .query("end_time", to.date_naive().to_string())
        .query("comment_type", r#"["ALL"]"#)
        .query("comment_status", r#"["ALL"]"#)
        .query("sort_field", "CREATE_TIME")
        .query("sort_type", "DESC")
        .query("page", page.unwrap_or("1"))
        .query("page_size", "100")
}

fn under<'a>(account: &Account, video: &str, cursor: Option<&str>) -> Call<'a> {
    let call = Call::get("business/comment/list/")
        .query("business_id", account.external_id.as_str())
        .query("video_id", video)
        .query("include_replies", "true")
        .query("status", "ALL")
        .query("sort_field", "create_time")
        // One place of the documentation names the direction so, another so.
        .query("sort_order", "desc")
        .query("sort_type", "desc")
        .query("max_count", "30");
    match cursor {
        Some(cursor) => call.query("cursor", cursor),
        None => call,
    }
}

#[derive(Deserialize)]
struct Groups {
    list: Vec<Group>,
    #[serde(default)]
    page_info: PageInfo,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    adgroup_id: Word,
    #[serde(default)]
    comment_disabled: Option<bool>,
}

#[derive(Deserialize, Default)]
struct PageInfo {
    #[serde(default)]
    page: u32,
    #[serde(default)]
    total_page: u32,
}

impl PageInfo {
    fn next(&self) -> Option<String> {
        (self.page < self.total_page).then(|| (self.page + 1).to_string())
    }
}

#[derive(Deserialize)]
struct Comments<'a> {
    #[serde(borrow)]
    comments: Vec<&'a RawValue>,
    #[serde(default)]
    page_info: PageInfo,
    #[serde(default)]
    cursor: Word,
    #[serde(default)]
    has_more: Option<bool>,
}

/// Takes a list of comments of either API apart.
pub(super) fn take_apart(account: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
    let page: Comments<'_> = data(body).ok_or_else(|| ParseError::Foreign("no list of comments".into()))?;
    let more = page.cursor.filled().filter(|_| page.has_more == Some(true));
    let mut listing = Listing {
        next: page.page_info.next().or(more),
        ..Listing::default()
    };
    for raw in page.comments {
        match serde_json::from_str::<Row>(raw.get()) {
            Ok(row) => listing.ignored += row.seen(account, now, &mut listing.comments),
            Err(_) => listing.ignored += 1,
        }
    }
    // Above some five hundred comments the account's API repeats some.
    let mut met = HashSet::new();
    listing
        .comments
        .retain(|seen| met.insert(seen.comment.external_id.clone()));
    Ok(listing)
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl Tiktok {
    /// The advertiser's API lists no comment by its id: every ad group is read over the days of those asked for.
    async fn check_ads(&self, account: &Account, known: &[Known]) -> Result<Vec<(String, String)>, Untold> {
        let day = TimeDelta::days(1);
        let (Some(first), Some(last)) = (
            known.iter().map(|one| one.written_at).min(),
            known.iter().map(|one| one.written_at).max(),
        ) else {
            return Ok(Vec::new());
        };
        let mut missing: HashSet<&str> = known.iter().map(|one| one.external_id.as_str()).collect();
        let mut pages = Vec::new();
        let groups = self
            .every_page(account, "adgroups", |page| adgroups(account, page))
            .await?;
        let mut read = false;
        for body in groups {
            let below = self
                .take_apart(account, "adgroups", &body, last)
                .map_err(untold)?
                .deeper;
            for group in below {
                if missing.is_empty() {
                    return Ok(pages);
                }
                read = true;
                let id = group.key.strip_prefix("adgroup/").unwrap_or_default().to_owned();
                let read = |page: Option<&str>| comments(account, &id, first - day, last + day, page);
                for body in self.every_page(account, &group.key, read).await? {
                    for seen in take_apart(&account.external_id, &body, last).map_err(untold)?.comments {
                        missing.remove(seen.comment.external_id.as_str());
                    }
                    pages.push((group.key.clone(), body));
                }
            }
        }
        // Comments do not vanish with the ad groups that nobody lists any more.
        if !read && !missing.is_empty() {
            return Err(Untold::new("gone", "TikTok lists no ad groups with comments"));
        }
        Ok(pages)
    }

    async fn check_organic(&self, account: &Account, known: &[Known]) -> Result<Vec<(String, String)>, Untold> {
        let mut pages = Vec::new();
        let videos: HashSet<&str> = known.iter().filter_map(|one| one.post.as_deref()).collect();
        for video in videos {
            let ids: Vec<&str> = known
                .iter()
                .filter(|one| one.post.as_deref() == Some(video))
                .map(|one| one.external_id.as_str())
                .collect();
            for ids in ids.chunks(IDS) {
                let call = under(account, video, None).query("comment_ids", json!(ids).to_string());
                let body = self.call(account, call).await.map_err(Trouble::into_untold)?;
                pages.push((format!("video/{video}"), body));
            }
        }
        Ok(pages)
    }

    async fn every_page<'a>(
        &self,
        account: &Account,
        key: &str,
        ask: impl Fn(Option<&str>) -> Call<'a>,
    ) -> Result<Vec<String>, Untold> {
        let mut pages = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let body = self
                .call(account, ask(next.as_deref()))
                .await
                .map_err(Trouble::into_untold)?;
            next = Reader::take_apart(self, account, key, &body, DateTime::UNIX_EPOCH)
                .map_err(untold)?
                .next;
            pages.push(body);
            if next.is_none() {
                return Ok(pages);
            }
        }
        Err(Untold::new("invalid", "more pages than there can be"))
    }

    /// `POST /tt_user/oauth2/refresh_token/`.
    async fn renewed(&self, account: &Account) -> Result<Renewed, Untold> {
        let call = Call::post("tt_user/oauth2/refresh_token/").json(json!({
            "client_id": account.setting("client_id").unwrap_or_default(), "client_secret": account.app_secret,
            "grant_type": "refresh_token", "refresh_token": account.refresh_token,
        }));
        let body = self.call(account, call).await.map_err(Trouble::into_untold)?;
        let token: Token = data(&body).ok_or_else(|| Untold::new("unavailable", "TikTok's token is not readable"))?;
        Ok(Renewed {
            access_token: token.access_token,
            refresh_token: token.refresh_token,
            lasts: token.expires_in.map(Duration::from_secs),
        })
    }
}

fn untold(error: ParseError) -> Untold {
    Untold::new("invalid", error.to_string())
}
