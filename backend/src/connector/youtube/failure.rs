//! What YouTube's errors mean. Decided on the reason, never on the text (YouTube Data API, "Errors").

use serde::Deserialize;

use crate::connector::http::{Answer, NoAnswer};
use crate::connector::json::Word;
use crate::connector::reading::Untold;
use crate::connector::{Readback, Sent};

/// Why a call has no successful answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// None at all.
    NoAnswer(NoAnswer),
    /// YouTube answered with an error.
    Failed { reason: Reason, message: String },
}

/// What an error says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The units of the day are spent.
    Quota,
    /// Too many calls in a short time.
    Limited,
    /// The token is not accepted.
    Token,
    /// A scope or role is missing.
    Permission,
    /// Not the owner, or the comment is gone; YouTube does not tell which.
    Forbidden,
    /// It is gone.
    Gone,
    /// Comments are switched off.
    Closed,
    /// Also seen where the author has deleted the comment meanwhile.
    Processing,
    /// YouTube failed; whether it took effect first is not said.
    Failing,
    /// Wrong in itself.
    Invalid,
}

#[derive(Deserialize)]
struct Body {
    error: Said,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    message: Word,
    #[serde(default)]
    errors: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    #[serde(default)]
    reason: Word,
}

impl Trouble {
    /// Reads an error answer; `secret` is taken out of what it says.
    pub(super) fn failed(answer: &Answer, secret: &str) -> Self {
        let status = answer.status;
        let said = answer.json::<Body>().map(|body| body.error);
        let word = said.as_ref().and_then(|said| said.errors.first()?.reason.0.clone());
        let reason = match (word.as_deref(), status) {
            (Some("quotaExceeded" | "dailyLimitExceeded"), _) => Reason::Quota,
            (Some("rateLimitExceeded" | "userRateLimitExceeded"), _) | (_, 429) => Reason::Limited,
            (Some("authError"), _) | (_, 401) => Reason::Token,
            (Some("insufficientPermissions" | "ineligibleAccount" | "authenticatedUserNotChannel"), _) => {
                Reason::Permission
            }
            (Some("commentsDisabled"), _) => Reason::Closed,
            (Some("processingFailure"), _) => Reason::Processing,
            (Some("forbidden"), _) | (None, 403) => Reason::Forbidden,
            (_, 404) => Reason::Gone,
            (_, 408 | 500..) => Reason::Failing,
            _ => Reason::Invalid,
        };
        let text = said.and_then(|said| said.message.filled()).unwrap_or_default();
        let mut message: String = text.chars().take(400).collect();
        if !secret.is_empty() {
            message = message.replace(secret, "***");
        }
        let mark = word.unwrap_or_else(|| format!("HTTP {status}"));
        Self::Failed {
            reason,
            message: format!("{message} ({mark})").trim().to_owned(),
        }
    }

    /// What YouTube's error means, if it answered with one.
    pub(super) const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Failed { reason, .. } => Some(*reason),
            Self::NoAnswer(_) => None,
        }
    }

    /// How an attempt with this end is told. `repeatable`: doing it twice is the same as once.
    pub(super) fn into_sent(self, repeatable: bool) -> Sent {
        let (reason, message) = match self {
            Self::NoAnswer(none) => return none.into_sent(),
            Self::Failed { reason, message } => (reason, message),
        };
        let refused = |code, message| Sent::Refused { code, message };
        let later = |code, message| Sent::Later {
            code,
            message,
            after: None,
        };
        match reason {
            Reason::Quota | Reason::Limited => later("rate-limited", message),
            Reason::Failing if repeatable => later("unavailable", message),
            Reason::Failing => Sent::Unknown { message },
            Reason::Token => refused("token-expired", message),
            Reason::Permission => refused("permission-lost", message),
            Reason::Gone | Reason::Forbidden | Reason::Processing => refused("gone", message),
            Reason::Closed | Reason::Invalid => refused("invalid", message),
        }
    }

    /// What a reading with this end shows.
    pub(super) fn into_readback(self) -> Readback {
        match self {
            Self::NoAnswer(none) => none.into_readback(),
            Self::Failed { reason, message } => match reason {
                Reason::Invalid | Reason::Closed | Reason::Forbidden => Readback::CannotTell { message },
                _ => Readback::Later { message },
            },
        }
    }

    /// Why a page could not be read.
    pub(super) fn into_untold(self) -> Untold {
        match self {
            Self::NoAnswer(none) => Untold::new("unavailable", none.message()),
            Self::Failed { reason, message } => Untold::new(
                match reason {
                    Reason::Quota => "quota-spent",
                    Reason::Limited => "rate-limited",
                    Reason::Token => "token-expired",
                    Reason::Permission | Reason::Forbidden => "permission-lost",
                    Reason::Gone | Reason::Closed => "gone",
                    Reason::Failing | Reason::Processing => "unavailable",
                    Reason::Invalid => "invalid",
                },
                message,
            ),
        }
    }
}
