//! Platforms that tell over a socket as long as somebody is on the line.
//!
//! A [`Listener`] knows where to call and what a message says. Who is on the line, and what is done with what is
//! heard, is the desk's business (`crate::intake::listen`). What is told while nobody listens is found by reading.

use super::{Account, Inbound, ParseError};

/// Where to call.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// `wss://…`, with its query.
    pub url: String,
    /// Shown as `Authorization: Bearer …`; none where the platform wants none.
    pub bearer: Option<String>,
}

/// What one message says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heard {
    /// What happened, in order. A message without anything for the desk is not kept.
    pub events: Vec<Inbound>,
    /// Parts of concern that cannot be understood.
    pub ignored: usize,
    /// Where to go on after this message, for [`Listener::subscription`]; none where the platform has no such thing.
    pub cursor: Option<String>,
}

/// How a platform is listened to.
pub trait Listener: Send + Sync + 'static {
    /// Where to call for an account; none where its settings name no stream. `cursor` is where the last listening ended.
    fn subscription(&self, account: &Account, cursor: Option<&str>) -> Option<Subscription>;

    /// Takes a message apart. Pure; the same message always says the same.
    ///
    /// # Errors
    /// [`ParseError`] when nothing of it can be understood.
    fn hear(
        &self,
        account: &Account,
        message: &str,
        received_at: chrono::DateTime<chrono::Utc>,
    ) -> Result<Heard, ParseError>;
}
