//! Mastodon: answers to the statuses of an account, heard over its stream and read to be sure.
//!
//! Settings: `statuses` (ids of the account's own statuses whose threads are read), `streaming_url` (`wss://…`, as the
//! server's `configuration.urls.streaming` has it; without it nothing is listened to), `every_s` (60).
//! The address of the API is the server's, without `/api`. Letters between two (`direct`) never become comments.

mod failure;
mod html;
mod listen;
mod parse;
mod read;
mod readback;
mod send;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::http::{Answer, Call, Http, Timing};
use super::reading::Reader;
use super::streaming::Listener;
use super::{Account, Action, Capabilities, Connector, Counting, ParseError, Parsed, Readback, Sent, VerifyError};
use failure::Trouble;

/// The Mastodon connector.
pub struct Mastodon {
    http: Http,
}

impl Mastodon {
    /// A connector with its own connections and time-outs.
    #[must_use]
    pub fn new(timing: Timing) -> Self {
        Self {
            http: Http::new(timing),
        }
    }

    /// Makes one call, once.
    async fn call(&self, account: &Account, call: Call<'_>) -> Result<Answer, Trouble> {
        let call = call.bearer(&account.access_token);
        let answer = self
            .http
            .call(&account.api_url, call)
            .await
            .map_err(Trouble::NoAnswer)?;
        if answer.is_success() {
            Ok(answer)
        } else {
            Err(Trouble::failed(&answer, &account.access_token))
        }
    }
}

impl Connector for Mastodon {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            can_reply: true,
            // Only the staff of a server act on what others write, and only on whole accounts.
            can_hide: false,
            can_delete: false,
            can_private_reply: true,
            can_like: true,
            hide_means: "hide-not-offered",
            // A server's default (entity Instance, `max_characters`).
            reply_limit: 500,
            private_reply_limit: 500,
            counting: Counting::LinksAndNames,
        }
    }

    fn address_length(&self, handle: Option<&str>) -> usize {
        let most = send::MENTION;
        handle.map_or(most, |handle| {
            Counting::LinksAndNames.length(&format!("@{handle} ")).min(most)
        })
    }

    fn reader(&self) -> Option<&dyn Reader> {
        Some(self)
    }

    fn listener(&self) -> Option<&dyn Listener> {
        Some(self)
    }

    fn handshake(&self, _account: &Account, _query: &str) -> Option<String> {
        None
    }

    /// Mastodon delivers nothing to an ordinary account: whatever comes is not theirs.
    fn verify(
        &self,
        _account: &Account,
        _header: &dyn Fn(&str) -> Option<String>,
        _body: &[u8],
        _now: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        Err(VerifyError::Missing)
    }

    fn parse(&self, _body: &[u8], _received_at: DateTime<Utc>) -> Result<Parsed, ParseError> {
        Err(ParseError::Foreign(
            "Mastodon delivers nothing to an ordinary account".into(),
        ))
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

/// The id, if it is one that a server may have made; some servers that speak the same protocol use letters too.
fn status_id(id: &str) -> Option<&str> {
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then_some(id)
}
