//! A connector to one of Meta's platforms: what both do alike, given what each does its own way.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::client::Client;
use super::read::Lists;
use super::readback::{Shape, read_back};
use super::{handshake, signature};
use crate::connector::http::Timing;
use crate::connector::reading::Reader;
use crate::connector::{Account, Action, Capabilities, Connector, ParseError, Parsed, Readback, Sent, VerifyError};

/// What one platform does its own way.
pub trait Platform: Send + Sync + 'static {
    /// What it can do.
    const CAPABILITIES: Capabilities;
    /// How it shows comments.
    const SHAPE: Shape;
    /// How it lists them.
    const LISTS: Lists;

    /// Takes a delivery apart.
    ///
    /// # Errors
    /// As [`Connector::parse`].
    fn parse(body: &[u8], received_at: DateTime<Utc>) -> Result<Parsed, ParseError>;

    /// Acts on it.
    fn send<'a>(client: &'a Client, account: &'a Account, action: &'a Action) -> BoxFuture<'a, Sent>;
}

/// The connector to a platform.
pub struct Graph<P> {
    pub(super) client: Client,
    platform: PhantomData<P>,
}

impl<P: Platform> Graph<P> {
    /// A connector with its own connections and time-outs.
    #[must_use]
    pub fn new(timing: Timing) -> Self {
        Self {
            client: Client::new(timing),
            platform: PhantomData,
        }
    }
}

impl<P: Platform> Connector for Graph<P> {
    fn capabilities(&self) -> Capabilities {
        P::CAPABILITIES
    }

    fn reader(&self) -> Option<&dyn Reader> {
        Some(self)
    }

    fn handshake(&self, account: &Account, query: &str) -> Option<String> {
        handshake::challenge(&account.verify_token, query)
    }

    fn verify(
        &self,
        account: &Account,
        header: &dyn Fn(&str) -> Option<String>,
        body: &[u8],
        _now: DateTime<Utc>,
    ) -> Result<(), VerifyError> {
        signature::verify(&account.app_secret, header, body)
    }

    fn parse(&self, body: &[u8], received_at: DateTime<Utc>) -> Result<Parsed, ParseError> {
        P::parse(body, received_at)
    }

    fn send<'a>(&'a self, account: &'a Account, action: &'a Action) -> BoxFuture<'a, Sent> {
        P::send(&self.client, account, action)
    }

    fn read_back<'a>(
        &'a self,
        account: &'a Account,
        action: &'a Action,
        since: DateTime<Utc>,
    ) -> BoxFuture<'a, Readback> {
        Box::pin(read_back(&P::SHAPE, &self.client, account, action, since))
    }
}
