//! Handing an action to its platform: first the committed mark that it is under way, then one call, then what came of it.

use std::time::Duration;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::settle::{Outcome, Settle, Why, moving, settle};
use super::{Way, Worked, retry};
use crate::change::{Change, Failure, Step};
use crate::connector::{Action, Place, Readback, Sent};
use crate::domain::comment::CommentState;
use crate::domain::outbox::OutboxMove;
use crate::domain::platform::ConnectorState;
use crate::intake::budget::Spend;
use crate::store::Error;
use crate::store::entity::{comment, decision, outbox};

/// Sends one action, once.
pub(super) async fn send(way: &Way<'_>, row: outbox::Model, worked: &mut Worked) -> Result<(), Error> {
    let take = Take {
        row,
        abandoned_ms: way.abandoned_ms(),
        checks_comment: !matches!(way.action, Action::Delete { .. }),
        spend: Spend::action(way.connected, way.app.clock.now()),
    };
    let row = match way.app.writer.change(take).await {
        Ok(Taken::Mine(row)) => row,
        Ok(Taken::Stale(row, why, gone)) => {
            worked.other += 1;
            let outcome = Outcome::Failed { why, gone };
            return settle(way.app, Settle::of(row, Some(way), outcome)).await;
        }
        Ok(Taken::Elsewhere) => return Ok(()),
        Err(Failure::Store(error)) => return Err(error),
        Err(Failure::Refused(never)) => match never {},
    };
    worked.sent += 1;
    let sent = way.bounded(way.protocol.send(&way.connected.account, way.action)).await;
    let sent = sent.unwrap_or_else(|| Sent::Unknown {
        message: "the platform did not answer in time".into(),
    });
    let outcome = judge(way, &row, sent).await;
    settle(way.app, Settle::of(row, Some(way), outcome)).await
}

/// What an answer means for the action.
async fn judge(way: &Way<'_>, row: &outbox::Model, sent: Sent) -> Outcome {
    let now = way.now_ms();
    match sent {
        Sent::Done { external_id } => Outcome::Delivered { external_id },
        Sent::Unknown { message } => Outcome::Lost {
            why: Why::new("no-answer", message),
            // A call that was given up may still take effect for a while.
            read_at: now + retry::ms(way.answer_within()),
        },
        Sent::Later { code, message, after } => match trouble(code) {
            Some(trouble) => put_off(way, row, Why::new(code, message), after, Some(trouble)),
            None if waited_enough(way, row) => Outcome::Failed {
                why: Why::new(code, message),
                gone: false,
            },
            None => put_off(way, row, Why::new(code, message), after, None),
        },
        Sent::Refused { code, message } => match trouble(code) {
            Some(trouble) => put_off(way, row, Why::new(code, message), None, Some(trouble)),
            None => Outcome::Failed {
                gone: code == "gone" && is_gone(way).await,
                why: Why::new(code, message),
            },
        },
    }
}

/// A refusal that concerns the account and not the action: the action waits, an administrator is told.
fn trouble(code: &str) -> Option<ConnectorState> {
    match code {
        "token-expired" => Some(ConnectorState::SignInNeeded),
        "permission-lost" => Some(ConnectorState::PermissionLost),
        _ => None,
    }
}

pub(super) fn tried_enough(way: &Way<'_>, row: &outbox::Model) -> bool {
    u32::try_from(row.tries).unwrap_or(0) >= way.app.config.outbox.most_tries
}

/// Whether a platform that is away, or refuses calls as too many, was waited for long enough: an outage of an hour is no
/// reason to give the comment back.
pub(super) fn waited_enough(way: &Way<'_>, row: &outbox::Model) -> bool {
    let patience = i64::from(way.app.config.outbox.patience_h) * 3_600_000;
    let since = row.first_tried_at.unwrap_or(row.updated_at);
    tried_enough(way, row) && way.now_ms() - since >= patience
}

fn put_off(
    way: &Way<'_>,
    row: &outbox::Model,
    why: Why,
    after: Option<Duration>,
    trouble: Option<ConnectorState>,
) -> Outcome {
    let pause = retry::pause(&way.app.config.outbox, row.id, row.tries, after);
    Outcome::PutOff {
        due_at: way.now_ms() + retry::ms(pause),
        // Calling while throttled lengthens the wait, whatever is called.
        hold: why.code == "rate-limited",
        why,
        trouble,
    }
}

/// "Gone" may also mean that this token does not see it: looked at once more before the comment is given up.
async fn is_gone(way: &Way<'_>) -> bool {
    let comment = way.action.comment();
    let removed = Action::Delete {
        comment: comment.to_owned(),
        place: Place::default(),
    };
    let since = way.app.clock.now();
    let seen = way
        .bounded(way.protocol.read_back(&way.connected.account, &removed, since))
        .await;
    matches!(seen, Some(Readback::Found { .. }))
}

/// Marks an action as under way, if it still waits and still fits its comment.
struct Take {
    row: outbox::Model,
    abandoned_ms: i64,
    checks_comment: bool,
    spend: Option<Spend>,
}

enum Taken {
    Mine(outbox::Model),
    /// Undone, put off or taken by somebody else.
    Elsewhere,
    /// It no longer fits its comment.
    Stale(outbox::Model, Why, bool),
}

impl Step for Take {
    type Out = Taken;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<Taken, Failure<Self::Refusal>> {
        if self.checks_comment
            && let Some((why, gone)) = stale(change, &self.row).await?
        {
            return Ok(Taken::Stale(self.row.clone(), why, gone));
        }
        let now = change.now_ms();
        let mut row = self.row.clone();
        row.tries += 1;
        row.first_tried_at = row.first_tried_at.or(Some(now));
        row.due_at = now + self.abandoned_ms;
        let take = moving(&self.row, OutboxMove::Send, now)
            .col_expr(outbox::Column::Tries, Expr::value(row.tries))
            .col_expr(outbox::Column::FirstTriedAt, Expr::value(row.first_tried_at))
            .col_expr(outbox::Column::DueAt, Expr::value(row.due_at))
            .filter(outbox::Column::DueAt.lte(now));
        Ok(if change.execute(&take).await? == 1 {
            row.state = crate::domain::decision::OutboxState::Sending;
            if let Some(spend) = &self.spend {
                spend.write(change);
            }
            Taken::Mine(row)
        } else {
            Taken::Elsewhere
        })
    }
}

/// An action answers the text its maker saw: not a later one, and not a comment that is gone.
async fn stale(change: &Change, row: &outbox::Model) -> Result<Option<(Why, bool)>, Error> {
    let Some(comment) = comment::Entity::find_by_id(row.comment_id).one(change.read()).await? else {
        return Ok(None);
    };
    if comment.state == CommentState::Withdrawn {
        return Ok(Some((Why::new("gone", "the comment was removed"), true)));
    }
    let decided = decision::Entity::find_by_id(row.decision_id).one(change.read()).await?;
    Ok(decided
        .filter(|decided| decided.revision != comment.revision)
        .map(|_| (Why::new("stale-revision", "the author changed the text"), false)))
}
