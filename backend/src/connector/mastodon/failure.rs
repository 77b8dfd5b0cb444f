//! What Mastodon's errors mean. Decided on the status, never on the text (docs.joinmastodon.org, "Error" and "Rate limits").

use std::time::Duration;

use chrono::DateTime;
use serde::Deserialize;

use crate::connector::http::{Answer, NoAnswer};
use crate::connector::json::{Word, instant};
use crate::connector::reading::Untold;
use crate::connector::{Readback, Sent};

/// Longest wait that is believed; windows are five minutes, for deletions thirty.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// Why a call has no successful answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// None at all.
    NoAnswer(NoAnswer),
    /// The server answered with an error.
    Failed {
        reason: Reason,
        message: String,
        after: Option<Duration>,
    },
}

/// What an error says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Too many calls in a short time.
    Limited,
    /// The token is not accepted.
    Token,
    /// A scope is missing, or the account may not.
    Permission,
    /// It is gone, or not ours to see.
    Gone,
    /// The server failed; whether it took effect first is not said.
    Failing,
    /// Wrong in itself.
    Invalid,
}

impl Reason {
    const fn code(self) -> &'static str {
        match self {
            Self::Limited => "rate-limited",
            Self::Token => "token-expired",
            Self::Permission => "permission-lost",
            Self::Gone => "gone",
            Self::Failing => "unavailable",
            Self::Invalid => "invalid",
        }
    }
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    error: Word,
}

impl Trouble {
    /// Reads an error answer; `secret` is taken out of what it says.
    pub(super) fn failed(answer: &Answer, secret: &str) -> Self {
        let reason = match answer.status {
            429 => Reason::Limited,
            401 => Reason::Token,
            403 => Reason::Permission,
            404 | 410 => Reason::Gone,
            408 | 500.. => Reason::Failing,
            _ => Reason::Invalid,
        };
        let said = answer.json::<Body>().and_then(|body| body.error.filled());
        let mut message: String = said.unwrap_or_default().chars().take(400).collect();
        if !secret.is_empty() {
            message = message.replace(secret, "***");
        }
        Self::Failed {
            reason,
            message: format!("{message} (HTTP {})", answer.status).trim().to_owned(),
            after: wait(answer).filter(|_| reason == Reason::Limited),
        }
    }

    /// Whether the server says that it is gone.
    pub(super) const fn is_gone(&self) -> bool {
        matches!(
            self,
            Self::Failed {
                reason: Reason::Gone,
                ..
            }
        )
    }

    /// How an attempt with this end is told. `repeatable`: doing it twice is the same as once.
    pub(super) fn into_sent(self, repeatable: bool) -> Sent {
        match self {
            Self::NoAnswer(none) => none.into_sent(),
            Self::Failed {
                reason: Reason::Failing,
                message,
                ..
            } if !repeatable => Sent::Unknown { message },
            Self::Failed { reason, message, after } => match reason {
                Reason::Limited | Reason::Failing => Sent::Later {
                    code: reason.code(),
                    message,
                    after,
                },
                _ => Sent::Refused {
                    code: reason.code(),
                    message,
                },
            },
        }
    }

    /// What a reading with this end shows.
    pub(super) fn into_readback(self) -> Readback {
        match self {
            Self::NoAnswer(none) => none.into_readback(),
            Self::Failed { reason, message, .. } => match reason {
                Reason::Invalid | Reason::Gone => Readback::CannotTell { message },
                _ => Readback::Later { message },
            },
        }
    }

    /// Why a page could not be read.
    pub(super) fn into_untold(self) -> Untold {
        match self {
            Self::NoAnswer(none) => Untold::new("unavailable", none.message()),
            Self::Failed { reason, message, after } => Untold {
                code: reason.code(),
                message,
                after,
            },
        }
    }
}

/// Until the limit is lifted, by the server's own clock.
fn wait(answer: &Answer) -> Option<Duration> {
    let header = |name: &str| answer.headers.get(name)?.to_str().ok();
    let until = instant(header("x-ratelimit-reset")?)?;
    let now = DateTime::parse_from_rfc2822(header("date")?).ok()?;
    let wait = (until - now.to_utc()).to_std().ok()?;
    Some(wait.min(LONGEST_WAIT))
}
