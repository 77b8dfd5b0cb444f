//! YouTube: comments under the videos of a channel, read page by page, as YouTube tells of no comment by itself.
//!
//! Settings: `client_id` (of the OAuth client; its secret is the account's app secret), `token_url`
//! (`https://oauth2.googleapis.com/token`), `videos` (ids of videos that the channel's list may leave out, as unlisted ones
//! used for ads), `daily_units` (10,000), `reserved_actions` (100), `every_s` (60).

mod failure;
mod parse;
mod read;
mod readback;
mod send;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::http::{Answer, Call, Http, Timing};
use super::reading::Reader;
use super::{Account, Action, Capabilities, Connector, Counting, ParseError, Parsed, Readback, Sent, VerifyError};
use failure::Trouble;

/// The YouTube connector.
pub struct Youtube {
    http: Http,
}

impl Youtube {
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

impl Connector for Youtube {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            can_reply: true,
            can_hide: true,
            // `rejected`: final, and answers under it go too (YouTube Data API, comments.setModerationStatus).
            can_delete: true,
            can_private_reply: false,
            can_like: false,
            hide_means: "hide-held-for-review",
            // Not in the platform's reference; its refusal `commentTextTooLong` is the final word.
            reply_limit: 10_000,
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

    /// YouTube delivers nothing: whatever comes is not theirs.
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
        Err(ParseError::Foreign("YouTube delivers nothing".into()))
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

/// The comment at top level of a thread: ids of answers are its id, a dot, and a suffix.
fn top(id: &str) -> &str {
    id.split_once('.').map_or(id, |(top, _)| top)
}

/// The id, if it is one that YouTube may have made.
fn comment_id(id: &str) -> Option<&str> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    ((1..=256).contains(&id.len()) && id.bytes().all(fits)).then_some(id)
}
