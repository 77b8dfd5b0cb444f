//! What is read on Bluesky and how often: what concerns the account, its threads, and known comments once more.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::{Bluesky, key, parse};
use crate::connector::http::Call;
use crate::connector::reading::{Errand, Known, Listing, Reader, Renewed, Untold};
use crate::connector::{Account, ParseError};

/// Posts that one call of `app.bsky.feed.getPosts` takes.
const POSTS: usize = 25;
/// Between two readings of one thread.
const THREAD_EVERY: Duration = Duration::from_secs(30 * 60);
/// How long an access token lasts in the reference server (atproto, packages/pds, account-manager/helpers/auth.ts).
const LASTS: Duration = Duration::from_secs(120 * 60);

impl Reader for Bluesky {
    fn errands(&self, account: &Account) -> Vec<Errand> {
        let notifications = Errand {
            key: "notifications".to_owned(),
            every: Duration::from_secs(account.setting_number("every_s").unwrap_or(60).into()),
            cost: 1,
            is_live: true,
            back: None,
        };
        let threads = account.setting_list("posts").filter(|uri| key::post(uri).is_some());
        std::iter::once(notifications)
            .chain(threads.map(|uri| Errand {
                key: format!("thread/{uri}"),
                every: THREAD_EVERY,
                cost: 1,
                is_live: false,
                back: None,
            }))
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
                None if key == "notifications" => Call::get("app.bsky.notification.listNotifications")
                    .query("reasons", "reply")
                    .query("reasons", "mention")
                    .query("reasons", "quote")
                    .query("limit", "100"),
                Some(("thread", uri)) => Call::get("app.bsky.feed.getPostThread")
                    .query("uri", uri)
                    .query("depth", "1000")
                    .query("parentHeight", "0"),
                _ => return Err(Untold::new("invalid", "nothing of this name is read on Bluesky")),
            };
            if let Some(page) = page {
                call = call.query("cursor", page);
            }
            let answer = self
                .call(account, call)
                .await
                .map_err(|trouble| trouble.into_untold())?;
            Ok(answer.body)
        })
    }

    fn take_apart(&self, account: &Account, key: &str, body: &str, now: DateTime<Utc>) -> Result<Listing, ParseError> {
        match key {
            "notifications" => parse::notifications(&account.external_id, body, now),
            "check" => parse::posts(&account.external_id, body, now),
            _ => parse::thread(&account.external_id, body, now),
        }
    }

    fn checked_at_once(&self) -> usize {
        POSTS
    }

    fn check<'a>(
        &'a self,
        account: &'a Account,
        known: &'a [Known],
        _now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, Untold>> {
        Box::pin(async move {
            let mut pages = Vec::new();
            let uris: Vec<&str> = known
                .iter()
                .map(|one| one.external_id.as_str())
                .filter(|uri| key::post(uri).is_some())
                .collect();
            for uris in uris.chunks(POSTS) {
                let call = Call::get("app.bsky.feed.getPosts");
                let call = uris.iter().fold(call, |call, uri| call.query("uris", *uri));
                let answer = self
                    .call(account, call)
                    .await
                    .map_err(|trouble| trouble.into_untold())?;
                pages.push(("check".to_owned(), answer.body));
            }
            Ok(pages)
        })
    }

    fn renew<'a>(&'a self, account: &'a Account) -> Option<BoxFuture<'a, Result<Renewed, Untold>>> {
        if account.refresh_token.is_empty() {
            return None;
        }
        Some(Box::pin(self.renewed(account)))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    access_jwt: String,
    refresh_jwt: String,
}

impl Bluesky {
    /// `com.atproto.server.refreshSession`: both tokens are new, and the old ones are void.
    async fn renewed(&self, account: &Account) -> Result<Renewed, Untold> {
        let call = Call::post("com.atproto.server.refreshSession");
        let answer = self
            .call_with(account, call, &account.refresh_token)
            .await
            .map_err(|trouble| trouble.into_untold())?;
        let session: Session = answer
            .json()
            .ok_or_else(|| Untold::new("unavailable", "the server's answer is not readable"))?;
        Ok(Renewed {
            access_token: session.access_jwt,
            refresh_token: Some(session.refresh_jwt),
            lasts: Some(LASTS),
        })
    }
}
