//! One stand-in per platform: speaks its documented protocol over HTTP, for the demonstration and the tests.
//!
//! Is the other side of the protocol: uses nothing of the desk but the words for platforms, and nothing of the desk
//! uses it. Keeps all in memory and knows no secrets but invented ones.

mod bluesky;
mod ground;
mod line;
mod mastodon;
pub mod meta;
mod threads;
mod tiktok;
mod youtube;

use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use bluesky::BlueskyStandin;
pub use mastodon::MastodonStandin;
pub use meta::{
    Ad, Comment, Echo, Fault, Flow, Holder, NewComment, Post, Refusal, Scope, Standin, StandinConfig, Tally,
};

pub use threads::{Entry, Hand, Standing, Trouble};
pub use tiktok::TiktokStandin;
pub use youtube::YoutubeStandin;

/// Tells the stand-in's time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
