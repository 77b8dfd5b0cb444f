//! Calls of the Graph API: the token, the budget that every answer tells, and what its errors mean.

use super::failure::{Failure, Meaning};
use super::usage::Usage;
use crate::connector::http::{Answer, Call, Http, NoAnswer, Timing};
use crate::connector::{Account, Readback, Sent};

/// Connections to the Graph API, shared by all accounts.
pub struct Client {
    http: Http,
}

impl Client {
    /// Makes the connection pools.
    #[must_use]
    pub fn new(timing: Timing) -> Self {
        Self {
            http: Http::new(timing),
        }
    }

    /// Makes one call, once.
    pub(in crate::connector) async fn call(&self, account: &Account, call: Call<'_>) -> Result<Answer, Trouble> {
        let call = call.bearer(&account.access_token);
        let answer = self
            .http
            .call(&account.api_url, call)
            .await
            .map_err(Trouble::NoAnswer)?;
        let usage = Usage::read(&answer.headers);
        if usage.percent >= Usage::SLOW_FROM {
            tracing::warn!(account = %account.external_id, percent = usage.percent, "call budget of the platform runs low");
        }
        if !answer.is_success() || answer.body.trim_start().starts_with("{\"error\"") {
            let failure = Failure::read(answer.status, &answer.body, usage).without(&account.access_token);
            return Err(Trouble::Failed(failure));
        }
        Ok(answer)
    }
}

/// Why a call has no successful answer.
#[derive(Debug)]
pub(in crate::connector) enum Trouble {
    /// None at all.
    NoAnswer(NoAnswer),
    /// The platform answered with an error.
    Failed(Failure),
}

impl Trouble {
    /// What the platform's error means, if it answered with one.
    pub(in crate::connector) fn meaning(&self) -> Option<Meaning> {
        match self {
            Self::Failed(failure) => Some(failure.meaning()),
            Self::NoAnswer(_) => None,
        }
    }

    /// How an attempt with this end is told. `repeatable`: doing it twice is the same as once.
    pub(in crate::connector) fn into_sent(self, repeatable: bool) -> Sent {
        match self {
            Self::NoAnswer(none) => none.into_sent(),
            Self::Failed(failure) => failure.into_sent(repeatable),
        }
    }

    /// What a reading with this end shows.
    pub(in crate::connector) fn into_readback(self) -> Readback {
        match self {
            Self::NoAnswer(none) => none.into_readback(),
            Self::Failed(failure) => failure.into_readback(),
        }
    }
}
