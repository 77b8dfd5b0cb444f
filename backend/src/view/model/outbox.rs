//! An action on its way to a platform, for who decided it: `parts/outbox`.

use serde::Serialize;

use crate::domain::decision::{DecisionKind, OutboxState};
use crate::domain::id::{CommentId, DecisionId, OutboxId};
use crate::domain::platform::Platform;
use crate::outbox::waiting::is_by_hand;
use crate::store::entity::{comment, decision, outbox};

/// Stable codes of refusals that have a sentence on what to do; others are shown in the platform's own words.
const REASONS: [&str; 12] = [
    "gone",
    "stale-revision",
    "token-expired",
    "permission-lost",
    "blocked",
    "hidden",
    "already-answered",
    "too-late",
    "quota-spent",
    "rate-limited",
    "unavailable",
    "not-sent",
];

/// A row.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "fields are those of the template's sample")]
pub struct Sending {
    pub id: OutboxId,
    pub decision: DecisionId,
    pub comment: Option<CommentId>,
    #[serde(rename = "ref")]
    pub number: String,
    pub kind: DecisionKind,
    /// As stored, save for `by-hand`: asked to do it, not whether it is there.
    pub state: &'static str,
    pub platform: Platform,
    pub at: Option<i64>,
    pub undo_until: Option<i64>,
    /// Why it failed: one of [`REASONS`].
    pub reason: Option<&'static str>,
    /// Why it failed, in words for which there is no reason of ours.
    pub error: Option<String>,
    pub retry_at: Option<i64>,
    /// Trying the same again can help.
    pub can_retry: bool,
}

/// The row of an action at the instant `now` (milliseconds).
#[must_use]
pub fn sending(row: &outbox::Model, decision: &decision::Model, comment: &comment::Model, now: i64) -> Sending {
    let pending = row.state == OutboxState::Pending;
    let tried = row.tries > 0;
    let failed = row.state == OutboxState::Failed;
    let code = row.code.as_deref().filter(|_| failed);
    let reason = code.and_then(|code| REASONS.into_iter().find(|reason| *reason == code));
    Sending {
        id: row.id,
        decision: decision.id,
        comment: Some(comment.id),
        number: comment.number.to_string(),
        kind: decision.kind,
        state: match row.state {
            OutboxState::Asked if is_by_hand(row) => "by-hand",
            state => state.as_str(),
        },
        platform: comment.platform,
        at: if pending && !tried {
            Some(row.due_at)
        } else {
            Some(row.updated_at)
        },
        undo_until: decision
            .undo_until
            .filter(|until| pending && !tried && decision.undone_at.is_none() && *until > now),
        reason,
        error: (failed && reason.is_none())
            .then(|| row.message.clone().or_else(|| row.code.clone()))
            .flatten(),
        retry_at: (pending && tried).then_some(row.due_at),
        can_retry: failed
            && !matches!(
                reason,
                Some("gone" | "stale-revision" | "already-answered" | "too-late")
            ),
    }
}
