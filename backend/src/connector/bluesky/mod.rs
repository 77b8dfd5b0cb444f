//! Bluesky: answers to the posts of an account, heard on the network's stream and read through the account's server.
//!
//! Settings: `posts` (addresses of the posts whose threads are read, `at://…`), `every_s` (60), `langs` (languages that
//! answers are declared to be written in; none unless set), `stream_url` (`wss://…/subscribe` of a Jetstream server).

mod failure;
mod key;
mod parse;
mod post;
mod read;
mod readback;
mod record;
mod send;
mod stream;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::http::{Answer, Call, Http, Timing};
use super::reading::Reader;
use super::streaming::Listener;
use super::{Account, Action, Capabilities, Connector, Counting, ParseError, Parsed, Readback, Sent, VerifyError};
use failure::Trouble;

/// Kind of record that a post is.
const POST: &str = "app.bsky.feed.post";

/// The Bluesky connector.
pub struct Bluesky {
    http: Http,
}

impl Bluesky {
    /// A connector with its own connections and time-outs.
    #[must_use]
    pub fn new(timing: Timing) -> Self {
        Self {
            http: Http::new(timing),
        }
    }

    /// Makes one call, once.
    async fn call(&self, account: &Account, call: Call<'_>) -> Result<Answer, Trouble> {
        self.call_with(account, call, &account.access_token).await
    }

    async fn call_with(&self, account: &Account, call: Call<'_>, token: &str) -> Result<Answer, Trouble> {
        let call = call.bearer(token);
        let answer = self
            .http
            .call(&account.api_url, call)
            .await
            .map_err(Trouble::NoAnswer)?;
        if answer.is_success() {
            Ok(answer)
        } else {
            Err(Trouble::failed(
                &answer,
                [&account.access_token, &account.refresh_token],
            ))
        }
    }
}

impl Connector for Bluesky {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            can_reply: true,
            // Under the account's own posts (`app.bsky.feed.threadgate`, `hiddenReplies`).
            can_hide: true,
            can_delete: false,
            can_private_reply: false,
            can_like: true,
            hide_means: "hide-behind-a-click",
            // `app.bsky.feed.post`: at most 300 graphemes and 3,000 bytes.
            reply_limit: 300,
            private_reply_limit: 0,
            counting: Counting::Graphemes,
        }
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

    /// Bluesky delivers nothing: whatever comes is not theirs.
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
        Err(ParseError::Foreign("Bluesky delivers nothing".into()))
    }

    fn send<'a>(&'a self, account: &'a Account, action: &'a Action) -> BoxFuture<'a, Sent> {
        Box::pin(send::send(self, account, action))
    }

    fn read_back<'a>(
        &'a self,
        account: &'a Account,
        action: &'a Action,
        _since: DateTime<Utc>,
    ) -> BoxFuture<'a, Readback> {
        Box::pin(readback::read_back(self, account, action))
    }
}
