//! Instagram: comments on posts, reels and ads of a professional account.
//!
//! Knows the platform's comments; signature, envelope, errors and calls are shared Meta matters in [`super::graph`].

mod parse;
mod readback;
mod send;
mod verify;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::graph::{Client, Timing};
use super::{Account, Action, Capabilities, Connector, Counting, ParseError, Parsed, Readback, Sent, VerifyError};

/// The Instagram connector.
pub struct Instagram {
    client: Client,
}

impl Instagram {
    /// A connector with its own connections and time-outs.
    #[must_use]
    pub fn new(timing: Timing) -> Self {
        Self {
            client: Client::new(timing),
        }
    }
}

impl Connector for Instagram {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            can_reply: true,
            can_hide: true,
            can_delete: true,
            can_private_reply: true,
            can_like: false,
            hide_means: "hide-author-still-sees",
            // Not in the platform's reference; the commonly met limit. Its own refusal is the final word.
            reply_limit: 2_200,
            private_reply_limit: 1_000,
            counting: Counting::CodePoints,
        }
    }

    fn handshake(&self, account: &Account, query: &str) -> Option<String> {
        verify::handshake(account, query)
    }

    fn verify(
        &self,
        account: &Account,
        header: &dyn Fn(&str) -> Option<String>,
        body: &[u8],
        _now: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        verify::verify(account, header, body)
    }

    fn parse(&self, body: &[u8], received_at: DateTime<Utc>) -> Result<Parsed, ParseError> {
        parse::parse(body, received_at)
    }

    fn send<'a>(&'a self, account: &'a Account, action: &'a Action) -> BoxFuture<'a, Sent> {
        Box::pin(send::send(&self.client, account, action))
    }

    fn read_back<'a>(
        &'a self,
        account: &'a Account,
        action: &'a Action,
        since: DateTime<Utc>,
    ) -> BoxFuture<'a, Readback> {
        Box::pin(readback::read_back(&self.client, account, action, since))
    }
}
