//! Channels: `pages/channels`, and the strip of them on the load wall, `parts/channel`.

use serde::Serialize;

use super::shell::Shell;
use crate::connector::registry::Connected;
use crate::domain::platform::{ConnectorState, Platform};
use crate::intake::truth::Truth;

/// Stable codes that have a sentence on what to do.
const CODES: [&str; 9] = [
    "token-expired",
    "permission-lost",
    "quota-spent",
    "rate-limited",
    "unavailable",
    "gone",
    "invalid",
    "locked",
    "deliveries-stopped",
];

/// The page.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Page {
    pub shell: Shell,
    pub at: i64,
    pub channels: Vec<Detail>,
}

/// A channel in a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Channel {
    pub name: String,
    pub platform: Platform,
    /// `sees`, `blind`, `sign-in-needed`, `permission-lost`, `paused`, `told` (the platform delivers) or `hand`.
    pub state: &'static str,
    pub since: Option<i64>,
}

/// Everything about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Detail {
    #[serde(flatten)]
    pub channel: Channel,
    pub account: String,
    pub last_ok_at: Option<i64>,
    pub came_h: u64,
    pub usual_h: Option<u64>,
    pub token_ends_at: Option<i64>,
    pub error: Option<Trouble>,
    pub left: Option<Units>,
    pub told: Option<Told>,
    pub errands: Vec<Errand>,
}

/// What went wrong last, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Trouble {
    pub code: &'static str,
    pub message: String,
}

/// Units of a day's budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Units {
    pub left: i64,
    pub reading: i64,
    pub actions: i64,
}

/// What deliveries told in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Told {
    pub last_at: Option<i64>,
    pub came: u64,
    pub missed: u64,
    pub late: u64,
}

/// One thing that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Errand {
    pub key: String,
    pub every_s: i64,
    pub due_at: i64,
    pub last_ok_at: Option<i64>,
    pub failed: bool,
}

impl Channel {
    /// A connector as the wall shows it.
    #[must_use]
    pub fn of(connected: &Connected) -> Self {
        let is_told = connected.is_told();
        let state = match (connected.state, connected.blind_since) {
            (ConnectorState::Paused, _) => "paused",
            (ConnectorState::SignInNeeded, _) => "sign-in-needed",
            (ConnectorState::PermissionLost, _) => "permission-lost",
            (ConnectorState::Ok, Some(_)) => "blind",
            (ConnectorState::Ok, None) if is_told => "told",
            (ConnectorState::Ok, None) if connected.protocol.is_some() => "sees",
            (ConnectorState::Ok, None) => "hand",
        };
        Self {
            name: connected.name.to_string(),
            platform: connected.platform(),
            state,
            since: connected.blind_since,
        }
    }
}

impl Detail {
    /// Everything that is true of a channel.
    #[must_use]
    pub fn of(truth: &Truth) -> Self {
        let failing = truth.errands.iter().find_map(|errand| errand.last_error.as_deref());
        let said = truth
            .row
            .last_error
            .as_deref()
            .filter(|_| truth.row.blind_since.is_some());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate is not below zero, and saturates"
        )]
        let usual_h = truth.last_hour.usual.map(|usual| usual.round() as u64);
        Self {
            channel: Channel::of(&truth.connected),
            account: truth.row.account.clone(),
            last_ok_at: truth.last_ok_at(),
            came_h: truth.last_hour.came,
            usual_h,
            token_ends_at: truth.row.token_expires_at,
            error: truth
                .connected
                .is_locked
                .then_some("locked: ")
                .or(failing)
                .or(said)
                .map(trouble),
            left: truth.left.map(|left| Units {
                left: left.units,
                reading: left.reading,
                actions: left.actions,
            }),
            told: truth.told.map(|told| Told {
                last_at: truth.row.last_event_at,
                came: told.came,
                missed: told.missed,
                late: told.late,
            }),
            errands: truth
                .errands
                .iter()
                .map(|errand| Errand {
                    key: errand.key.clone(),
                    every_s: errand.every_ms / 1_000,
                    due_at: errand.due_at,
                    last_ok_at: errand.last_ok_at,
                    failed: errand.failures > 0,
                })
                .collect(),
        }
    }
}

/// "code: words", as errands keep what went wrong.
fn trouble(said: &str) -> Trouble {
    let (code, message) = said.split_once(": ").unwrap_or(("", said));
    let known = CODES.into_iter().find(|known| *known == code);
    Trouble {
        code: known.unwrap_or("invalid"),
        message: known.map_or(said, |_| message).to_owned(),
    }
}
