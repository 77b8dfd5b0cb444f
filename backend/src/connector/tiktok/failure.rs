//! What TikTok's codes mean. Every answer is HTTP 200; the code in its body decides (TikTok API for Business, "Return codes").

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
    /// TikTok answered with an error.
    Failed { meaning: Meaning, message: String },
}

/// What an error says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Too many calls.
    Limited,
    /// The token is not accepted.
    Token,
    /// A right is missing.
    Permission,
    /// It is gone.
    Gone,
    /// The same was just asked for; or only some of several were done.
    Perhaps,
    /// TikTok failed; whether it took effect first is not said.
    Failing,
    /// Wrong in itself.
    Invalid,
}

#[derive(Deserialize)]
struct Body {
    code: i64,
    #[serde(default)]
    message: Word,
}

fn meaning(code: i64) -> Meaning {
    match code {
        40_100 | 40_132 | 40_133 | 40_016 | 61_000 => Meaning::Limited,
        40_102..=40_105 | 40_107 | 40_130 | 40_131 => Meaning::Token,
        40_001 | 40_003 | 40_113 | 40_117 | 40_118 | 40_119 | 40_300 | 40_301 | 41_000 => Meaning::Permission,
        40_007 => Meaning::Gone,
        20_001 | 40_050 => Meaning::Perhaps,
        40_202 | 50_000..=51_999 | 60_001 => Meaning::Failing,
        _ => Meaning::Invalid,
    }
}

impl Trouble {
    /// The error in an answer, if it is one; `secret` is taken out of what it says.
    pub(super) fn failed(answer: &Answer, secret: &str) -> Option<Self> {
        let (meaning, mut message) = match answer.json::<Body>() {
            Some(body) if body.code == 0 => return None,
            Some(body) => {
                let text: String = body.message.filled().unwrap_or_default().chars().take(400).collect();
                (meaning(body.code), format!("{text} ({})", body.code))
            }
            None => {
                let meaning = match answer.status {
                    429 => Meaning::Limited,
                    // A body that is no answer may stand for one that took effect.
                    200..=299 | 408 | 500.. => Meaning::Failing,
                    _ => Meaning::Invalid,
                };
                (meaning, format!("HTTP {} without a readable answer", answer.status))
            }
        };
        if !secret.is_empty() {
            message = message.replace(secret, "***");
        }
        Some(Self::Failed { meaning, message })
    }

    /// How an attempt with this end is told. `repeatable`: doing it twice is the same as once.
    pub(super) fn into_sent(self, repeatable: bool) -> Sent {
        let (meaning, message) = match self {
            Self::NoAnswer(none) => return none.into_sent(),
            Self::Failed { meaning, message } => (meaning, message),
        };
        let refused = |code, message| Sent::Refused { code, message };
        match meaning {
            Meaning::Limited => Sent::Later {
                code: "rate-limited",
                message,
                after: None,
            },
            Meaning::Failing if repeatable => Sent::Later {
                code: "unavailable",
                message,
                after: None,
            },
            Meaning::Failing | Meaning::Perhaps => Sent::Unknown { message },
            Meaning::Token => refused("token-expired", message),
            Meaning::Permission => refused("permission-lost", message),
            Meaning::Gone => refused("gone", message),
            Meaning::Invalid => refused("invalid", message),
        }
    }

    /// What a reading with this end shows.
    pub(super) fn into_readback(self) -> Readback {
        match self {
            Self::NoAnswer(none) => none.into_readback(),
            Self::Failed { meaning, message } => match meaning {
                Meaning::Invalid | Meaning::Gone => Readback::CannotTell { message },
                _ => Readback::Later { message },
            },
        }
    }

    /// Why a page could not be read.
    pub(super) fn into_untold(self) -> Untold {
        match self {
            Self::NoAnswer(none) => Untold::new("unavailable", none.message()),
            Self::Failed { meaning, message } => Untold::new(
                match meaning {
                    Meaning::Limited => "rate-limited",
                    Meaning::Token => "token-expired",
                    Meaning::Permission => "permission-lost",
                    Meaning::Gone => "gone",
                    Meaning::Perhaps | Meaning::Failing => "unavailable",
                    Meaning::Invalid => "invalid",
                },
                message,
            ),
        }
    }
}
