//! Calls of the Graph API: the token, the budget that every answer tells, and what its errors mean.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::failure::{Failure, Meaning};
use super::usage::Usage;
use crate::connector::http::{Answer, Call, Http, NoAnswer, Timing};
use crate::connector::reading::Untold;
use crate::connector::{Account, Readback, Sent};

/// Connections to the Graph API, shared by all accounts.
pub struct Client {
    http: Http,
    /// What the last answer to each account told of its budget.
    budgets: Mutex<HashMap<String, Budget>>,
}

/// A budget that runs low.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Budget {
    usage: Usage,
    /// Nothing is read before; none until somebody asked to.
    until: Option<DateTime<Utc>>,
}

impl Client {
    /// Makes the connection pools.
    #[must_use]
    pub fn new(timing: Timing) -> Self {
        Self {
            http: Http::new(timing),
            budgets: Mutex::default(),
        }
    }

    /// Makes one call, once.
    pub(in crate::connector) async fn call(&self, account: &Account, call: Call<'_>) -> Result<Answer, Trouble> {
        let call = call.bearer(&account.access_token);
        let mut answer = self
            .http
            .call(&account.api_url, call)
            .await
            .map_err(Trouble::NoAnswer)?;
        // The platform repeats the token, in the address of a list's next page and in messages; bodies are kept.
        if !account.access_token.is_empty() && answer.body.contains(&account.access_token) {
            answer.body = answer.body.replace(&account.access_token, "***");
        }
        let usage = Usage::read(&answer.headers);
        self.note(account, usage);
        if usage.percent >= Usage::SLOW_FROM {
            tracing::warn!(account = %account.external_id, percent = usage.percent, "call budget of the platform runs low");
        }
        if !answer.is_success() || answer.body.trim_start().starts_with("{\"error\"") {
            let failure = Failure::read(answer.status, &answer.body, usage);
            return Err(Trouble::Failed(failure));
        }
        Ok(answer)
    }

    /// Makes one call in the background: not while the budget runs low, so that moderators' own actions keep headroom.
    pub(in crate::connector) async fn read(
        &self,
        account: &Account,
        call: Call<'_>,
        now: DateTime<Utc>,
    ) -> Result<Answer, ReadTrouble> {
        self.spare(account, now).map_err(ReadTrouble::Spared)?;
        self.call(account, call).await.map_err(ReadTrouble::Call)
    }

    fn budgets(&self) -> MutexGuard<'_, HashMap<String, Budget>> {
        self.budgets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what an answer told. Many answers tell nothing of the budget that ran low, so less is believed only
    /// when the pause is over.
    fn note(&self, account: &Account, usage: Usage) {
        if usage.percent < Usage::SLOW_FROM {
            return;
        }
        let mut budgets = self.budgets();
        let budget = Budget { usage, until: None };
        match budgets.get_mut(&account.external_id) {
            Some(known) if usage.percent <= known.usage.percent => {}
            Some(known) => *known = budget,
            None => {
                budgets.insert(account.external_id.clone(), budget);
            }
        }
    }

    /// Refuses while the budget runs low.
    fn spare(&self, account: &Account, now: DateTime<Utc>) -> Result<(), Untold> {
        let mut budgets = self.budgets();
        let Some(budget) = budgets.get_mut(&account.external_id) else {
            return Ok(());
        };
        let pause = TimeDelta::from_std(budget.usage.pause()).unwrap_or_default();
        let until = *budget.until.get_or_insert(now + pause);
        if now >= until {
            budgets.remove(&account.external_id);
            return Ok(());
        }
        let message = format!(
            "{:.0} % of the platform's calls are used; the rest is kept for answers",
            budget.usage.percent
        );
        Err(Untold {
            after: (until - now).to_std().ok(),
            ..Untold::new("rate-limited", message)
        })
    }
}

/// Why something was not read.
#[derive(Debug)]
pub(in crate::connector) enum ReadTrouble {
    /// The call was not made.
    Spared(Untold),
    /// The call failed.
    Call(Trouble),
}

impl From<ReadTrouble> for Untold {
    fn from(trouble: ReadTrouble) -> Self {
        match trouble {
            ReadTrouble::Spared(untold) => untold,
            ReadTrouble::Call(trouble) => trouble.into_untold(),
        }
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
