//! What errors of an atproto server mean. Decided on the error's name, never on the text (atproto, "HTTP API (XRPC)").

use std::time::Duration;

use chrono::DateTime;
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
    /// Too many calls or writes.
    Limited,
    /// The token has run out or is not accepted; comes with status 400 as well.
    Token,
    /// The account may not, or is taken down.
    Permission,
    /// There is no such record or post.
    Gone,
    /// The record was changed by somebody else meanwhile, or is there already.
    Changed,
    /// The server failed; whether it took effect first is not said.
    Failing,
    /// Wrong in itself.
    Invalid,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    error: Word,
    #[serde(default)]
    message: Word,
}

impl Trouble {
    /// Reads an error answer; `secrets` are taken out of what it says.
    pub(super) fn failed(answer: &Answer, secrets: [&str; 2]) -> Self {
        let status = answer.status;
        let said = answer.json::<Body>();
        let (name, text) = said.map_or((None, None), |body| (body.error.filled(), body.message.filled()));
        let reason = match (name.as_deref(), status) {
            (Some("ExpiredToken" | "InvalidToken" | "AuthMissing" | "AuthenticationRequired"), _) => Reason::Token,
            (Some("AccountTakedown" | "AccountDeactivated" | "AccountSuspended" | "RepoDeactivated"), _) => {
                Reason::Permission
            }
            (Some("RateLimitExceeded"), _) | (_, 429) => Reason::Limited,
            (Some("InvalidSwap"), _) => Reason::Changed,
            (Some("RecordNotFound" | "NotFound"), _) | (None, 404 | 410) => Reason::Gone,
            (_, 401) => Reason::Token,
            (_, 403) => Reason::Permission,
            (_, 408 | 500..) => Reason::Failing,
            _ => Reason::Invalid,
        };
        let mark = name.unwrap_or_else(|| format!("HTTP {status}"));
        let message = format!("{} ({mark})", text.unwrap_or_default());
        let mut message: String = message.trim().chars().take(400).collect();
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            message = message.replace(secret, "***");
        }
        Self::Failed {
            reason,
            message,
            after: (reason == Reason::Limited).then(|| wait(answer)).flatten(),
        }
    }

    /// A successful answer that is not of the documented form.
    pub(super) fn unreadable() -> Self {
        Self::Failed {
            reason: Reason::Failing,
            message: "the server's answer is not readable".into(),
            after: None,
        }
    }

    /// What a call asked about is not there.
    pub(super) fn gone(message: &str) -> Self {
        Self::Failed {
            reason: Reason::Gone,
            message: message.into(),
            after: None,
        }
    }

    /// What is asked for cannot be done.
    pub(super) fn invalid(message: &str) -> Self {
        Self::Failed {
            reason: Reason::Invalid,
            message: message.into(),
            after: None,
        }
    }

    /// What the error means, if the server answered with one.
    pub(super) const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Failed { reason, .. } => Some(*reason),
            Self::NoAnswer(_) => None,
        }
    }

    /// How an attempt with this end is told. Every write may be repeated: it stands under a key of its own.
    pub(super) fn into_sent(self) -> Sent {
        let (reason, message, after) = match self {
            Self::NoAnswer(none) => return none.into_sent(),
            Self::Failed { reason, message, after } => (reason, message, after),
        };
        let refused = |code, message| Sent::Refused { code, message };
        let later = |code, message| Sent::Later { code, message, after };
        match reason {
            Reason::Limited => later("rate-limited", message),
            Reason::Failing | Reason::Changed => later("unavailable", message),
            Reason::Token => refused("token-expired", message),
            Reason::Permission => refused("permission-lost", message),
            Reason::Gone => refused("gone", message),
            Reason::Invalid => refused("invalid", message),
        }
    }

    /// What a reading with this end shows.
    pub(super) fn into_readback(self) -> Readback {
        match self {
            Self::NoAnswer(none) => none.into_readback(),
            Self::Failed { reason, message, .. } => match reason {
                Reason::Invalid => Readback::CannotTell { message },
                _ => Readback::Later { message },
            },
        }
    }

    /// Why a page could not be read.
    pub(super) fn into_untold(self) -> Untold {
        match self {
            Self::NoAnswer(none) => Untold::new("unavailable", none.message()),
            Self::Failed { reason, message, after } => Untold {
                code: match reason {
                    Reason::Limited => "rate-limited",
                    Reason::Token => "token-expired",
                    Reason::Permission => "permission-lost",
                    Reason::Gone => "gone",
                    Reason::Failing | Reason::Changed => "unavailable",
                    Reason::Invalid => "invalid",
                },
                message,
                after,
            },
        }
    }
}

/// How long to wait: `Retry-After` in seconds, else until `RateLimit-Reset` by the server's own clock.
fn wait(answer: &Answer) -> Option<Duration> {
    let header = |name: &str| answer.headers.get(name)?.to_str().ok();
    let seconds = header("retry-after").and_then(|value| value.parse().ok()).or_else(|| {
        let reset: i64 = header("ratelimit-reset")?.parse().ok()?;
        let now = DateTime::parse_from_rfc2822(header("date")?).ok()?.timestamp();
        u64::try_from(reset.checked_sub(now)?).ok()
    })?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Answer {
        Answer {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| {
                    (
                        reqwest::header::HeaderName::from_static(name),
                        reqwest::header::HeaderValue::from_static(value),
                    )
                })
                .collect(),
            body: body.into(),
        }
    }

    #[test]
    fn errors_are_told_by_their_name_whatever_the_status() {
        for (status, body, reason) in [
            (
                400,
                r#"{"error":"ExpiredToken","message":"Token has expired"}"#,
                Reason::Token,
            ),
            (400, r#"{"error":"InvalidToken"}"#, Reason::Token),
            (
                401,
                r#"{"error":"AuthMissing","message":"Authentication Required"}"#,
                Reason::Token,
            ),
            (401, r#"{"error":"AccountTakedown"}"#, Reason::Permission),
            (400, r#"{"error":"RecordNotFound"}"#, Reason::Gone),
            (400, r#"{"error":"NotFound"}"#, Reason::Gone),
            (400, r#"{"error":"InvalidSwap"}"#, Reason::Changed),
            (400, r#"{"error":"InvalidRequest","message":7}"#, Reason::Invalid),
            (500, r#"{"error":"InternalServerError"}"#, Reason::Failing),
            (502, "<html>", Reason::Failing),
            (400, "[]", Reason::Invalid),
            (429, "", Reason::Limited),
        ] {
            assert_eq!(
                Trouble::failed(&answer(status, &[], body), ["", ""]).reason(),
                Some(reason),
                "{status} {body}"
            );
        }
    }

    #[test]
    fn the_wait_is_what_the_server_says() {
        let after = |headers| match Trouble::failed(&answer(429, headers, ""), ["", ""]).into_untold() {
            Untold {
                after,
                code: "rate-limited",
                ..
            } => after.map(|after| after.as_secs()),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            after(&[("retry-after", "1260"), ("ratelimit-reset", "1795341900")]),
            Some(1_260)
        );
        const DATE: (&str, &str) = ("date", "Sun, 22 Nov 2026 10:00:00 GMT");
        assert_eq!(after(&[DATE, ("ratelimit-reset", "1795341900")]), Some(300));
        assert_eq!(after(&[DATE, ("ratelimit-reset", "1")]), None);
        assert_eq!(after(&[("ratelimit-reset", "soon")]), None);
    }

    #[test]
    fn tokens_are_taken_out_of_what_the_server_says() {
        let body = r#"{"error":"InvalidToken","message":"bad jwt secret-1, not secret-2"}"#;
        let told = Trouble::failed(&answer(400, &[], body), ["secret-1", "secret-2"]).into_untold();
        assert_eq!(told.message, "bad jwt ***, not *** (InvalidToken)");
    }
}
