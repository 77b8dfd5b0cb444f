//! Instagram: comments on posts, reels and ads of a professional account.
//!
//! Knows the platform's comments; signature, envelope, errors and calls are shared Meta matters in [`super::graph`].
//! Settings besides those: `page`, the Page that private replies are sent as (Facebook Login).

mod parse;
mod read;
mod readback;
mod send;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::graph::{Client, Graph, Lists, Platform, Shape};
use super::{Account, Action, Capabilities, Counting, ParseError, Parsed, Sent};

/// The Instagram connector.
pub type Instagram = Graph<Accounts>;

/// Comments of a professional account.
pub struct Accounts;

impl Platform for Accounts {
    const CAPABILITIES: Capabilities = Capabilities {
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
    };
    const SHAPE: Shape = readback::SHAPE;
    const LISTS: Lists = read::LISTS;

    fn parse(body: &[u8], received_at: DateTime<Utc>) -> Result<Parsed, ParseError> {
        parse::parse(body, received_at)
    }

    fn send<'a>(client: &'a Client, account: &'a Account, action: &'a Action) -> BoxFuture<'a, Sent> {
        Box::pin(send::send(client, account, action))
    }
}
