//! TikTok: comments under ads (advertiser's API, read) and under an account's own videos (account's API, delivered and read).
//!
//! An account is one of the two. Settings: `api` (`ads`, or `organic`), `adgroups` (of the advertiser; without them all are
//! asked for), `videos` (of the account), `client_id`, `own_author` (the account's own `unique_identifier`, by which
//! deliveries name it), `every_s` (120). `account` is the advertiser id, or the `open_id` of the account.

mod failure;
mod identity;
mod parse;
mod read;
mod readback;
mod row;
mod send;
mod verify;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::http::{Call, Http, Timing};
use super::reading::Reader;
use super::{Account, Action, Capabilities, Connector, Counting, ParseError, Parsed, Readback, Sent, VerifyError};
use failure::Trouble;
use identity::Identities;

/// The TikTok connector.
pub struct Tiktok {
    http: Http,
    identities: Identities,
}

/// Which of the two products an account uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Api {
    Ads,
    Organic,
}

impl Api {
    fn of(account: &Account) -> Self {
        match account.setting("api") {
            Some("organic") => Self::Organic,
            _ => Self::Ads,
        }
    }
}

impl Tiktok {
    /// A connector with its own connections and time-outs.
    #[must_use]
    pub fn new(timing: Timing) -> Self {
        Self {
            http: Http::new(timing),
            identities: Identities::default(),
        }
    }

    /// Makes one call, once; gives the whole answer, whose code says that it was done.
    async fn call(&self, account: &Account, call: Call<'_>) -> Result<String, Trouble> {
        let call = call.header("access-token", account.access_token.as_str());
        let answer = self
            .http
            .call(&account.api_url, call)
            .await
            .map_err(Trouble::NoAnswer)?;
        match Trouble::failed(&answer, &account.access_token) {
            Some(trouble) => Err(trouble),
            None => Ok(answer.body),
        }
    }
}

/// The data of an answer, if it has the expected form.
fn data<'a, T: Deserialize<'a>>(body: &'a str) -> Option<T> {
    #[derive(Deserialize)]
    struct Envelope<T> {
        data: T,
    }
    serde_json::from_str::<Envelope<T>>(body)
        .ok()
        .map(|envelope| envelope.data)
}

impl Connector for Tiktok {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            can_reply: true,
            can_hide: true,
            // Only one's own.
            can_delete: false,
            can_private_reply: false,
            can_like: false,
            hide_means: "hide-only-author-sees",
            // The advertiser's API states none; this is what the account's API had longest.
            reply_limit: 150,
            private_reply_limit: 0,
            counting: Counting::CodePoints,
        }
    }

    fn reader(&self) -> Option<&dyn Reader> {
        Some(self)
    }

    fn handshake(&self, _account: &Account, _query: &str) -> Option<String> {
        None
    }

    fn verify(
        &self,
        account: &Account,
        header: &dyn Fn(&str) -> Option<String>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        verify::verify(&account.app_secret, header, body, now)
    }

    fn parse(&self, body: &[u8], received_at: DateTime<Utc>) -> Result<Parsed, ParseError> {
        parse::parse(body, received_at)
    }

    fn send<'a>(&'a self, account: &'a Account, action: &'a Action) -> BoxFuture<'a, Sent> {
        Box::pin(send::send(self, account, action))
    }

    fn read_back<'a>(
        &'a self,
        account: &'a Account,
        action: &'a Action,
        since: DateTime<Utc>,
    ) -> BoxFuture<'a, Readback> {
        Box::pin(readback::read_back(self, account, action, since))
    }
}
