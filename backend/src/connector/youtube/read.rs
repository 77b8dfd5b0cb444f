//! What is read on YouTube, how often, and what it costs (YouTube Data API, commentThreads.list and comments.list; 1 unit each).

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::America::Los_Angeles;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::parse::{self, Asked};
use super::{Youtube, comment_id};
use crate::connector::http::Call;
use crate::connector::reading::{Daily, Errand, Known, Listing, Reader, Renewed, Untold};
use crate::connector::{Account, ParseError};

/// Units a project has for a day by default.
const UNITS: u32 = 10_000;
/// Units of a write.
const WRITE: u32 = 50;
/// Answers a day that reading leaves units for, unless set.
const RESERVED: u32 = 100;
/// Where Google asks for new tokens.
const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";
/// How far back threads are read for answers that came to them.
const SWEPT: Duration = Duration::from_secs(48 * 3_600);
/// Pages that this takes, some five hundred threads.
const SWEEP_PAGES: u32 = 5;
/// Stored data must be refreshed or deleted after 30 days (YouTube API Services, Developer Policies, III.E.4).
const REFRESHED_DAYS: i64 = 30;
/// Ids that one call of `comments.list` takes.
const IDS: usize = 50;

impl Reader for Youtube {
    fn errands(&self, account: &Account) -> Vec<Errand> {
        let errand = |key: String, seconds: u64| Errand {
            key,
            every: Duration::from_secs(seconds),
            cost: 1,
            is_live: true,
            back: None,
        };
        let every = account.setting_number("every_s").unwrap_or(60).into();
        let slow = |key: &str| Errand {
            is_live: false,
            ..errand(key.to_owned(), 600)
        };
        let sweep = Errand {
            cost: SWEEP_PAGES,
            is_live: false,
            back: Some(SWEPT),
            ..errand("sweep/published".to_owned(), 3_600)
        };
        let videos = account.setting_list("videos").filter(|id| comment_id(id).is_some());
        [errand("threads/published".to_owned(), every)]
            .into_iter()
            .chain(videos.map(|id| errand(format!("video/{id}"), every)))
            .chain([slow("threads/heldForReview"), slow("threads/likelySpam"), sweep])
            .collect()
    }

    fn page<'a>(
        &'a self,
        account: &'a Account,
        key: &'a str,
        page: Option<&'a str>,
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<String, Untold>> {
        Box::pin(async move {
            let mut call = match key.split_once('/') {
                Some(("threads" | "sweep", status)) => threads()
                    .query("allThreadsRelatedToChannelId", account.external_id.as_str())
                    .query("moderationStatus", status),
                Some(("video", id)) => threads().query("videoId", id),
                Some(("replies", id)) => comments().query("parentId", id).query("maxResults", "100"),
                _ => return Err(Untold::new("invalid", "nothing of this name is read on YouTube")),
            };
            if let Some(page) = page {
                call = call.query("pageToken", page);
            }
            let answer = self
                .call(account, call)
                .await
                .map_err(|trouble| trouble.into_untold())?;
            Ok(answer.body)
        })
    }

    fn take_apart(&self, account: &Account, key: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
        let asked = match key {
            "threads/heldForReview" | "threads/likelySpam" => Asked::Held,
            "check" => Asked::ById,
            _ => Asked::Public,
        };
        parse::take_apart(&account.external_id, asked, body, now)
    }

    fn checked_at_once(&self) -> usize {
        IDS
    }

    fn check<'a>(
        &'a self,
        account: &'a Account,
        known: &'a [Known],
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, Untold>> {
        Box::pin(async move {
            let mut pages = Vec::new();
            let ids: Vec<&str> = known.iter().filter_map(|one| comment_id(&one.external_id)).collect();
            for ids in ids.chunks(IDS) {
                let call = comments().query("id", ids.join(",")).query("maxResults", "100");
                let answer = self
                    .call(account, call)
                    .await
                    .map_err(|trouble| trouble.into_untold())?;
                pages.push(("check".to_owned(), answer.body));
            }
            Ok(pages)
        })
    }

    fn refreshed_days(&self) -> Option<i64> {
        Some(REFRESHED_DAYS)
    }

    fn daily(&self, account: &Account) -> Option<Daily> {
        Some(Daily {
            units: account.setting_number("daily_units").unwrap_or(UNITS),
            per_action: WRITE,
            reserved_actions: account.setting_number("reserved_actions").unwrap_or(RESERVED),
            // "Daily quotas reset at midnight Pacific Time" (YouTube Data API, "Quota and compliance audits").
            zone: Los_Angeles,
        })
    }

    fn renew<'a>(&'a self, account: &'a Account) -> Option<BoxFuture<'a, Result<Renewed, Untold>>> {
        if account.refresh_token.is_empty() {
            return None;
        }
        Some(Box::pin(self.renewed(account)))
    }
}

fn threads<'a>() -> Call<'a> {
    Call::get("commentThreads")
        .query("part", "id,snippet,replies")
        .query("order", "time")
        .query("maxResults", "100")
        .query("textFormat", "plainText")
}

fn comments<'a>() -> Call<'a> {
    Call::get("comments")
        .query("part", "snippet")
        .query("textFormat", "plainText")
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

impl Youtube {
    /// Google's OAuth 2.0 for web server applications, "Refreshing an access token".
    async fn renewed(&self, account: &Account) -> Result<Renewed, Untold> {
        let address = account.setting("token_url").unwrap_or(TOKEN_URL);
        let (base, path) = address.rsplit_once('/').unwrap_or((address, ""));
        let call = Call::post(path)
            .form("grant_type", "refresh_token")
            .form("client_id", account.setting("client_id").unwrap_or_default())
            .form("client_secret", &account.app_secret)
            .form("refresh_token", &account.refresh_token);
        let answer = self.http.call(base, call).await;
        let answer = answer.map_err(|none| Untold::new("unavailable", none.message()))?;
        if let Some(token) = answer.json::<Token>().filter(|_| answer.is_success()) {
            return Ok(Renewed {
                access_token: token.access_token,
                refresh_token: token.refresh_token,
                lasts: token.expires_in.map(Duration::from_secs),
            });
        }
        Err(match answer.json::<Refused>() {
            Some(refused) if answer.status < 500 => Untold::new(
                "token-expired",
                format!("Google does not renew the token ({})", refused.error),
            ),
            _ => Untold::new("unavailable", format!("Google answered with HTTP {}", answer.status)),
        })
    }
}
