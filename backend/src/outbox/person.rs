//! What only a person can say about an action: that it is on the platform or is not, and that it shall be tried again.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::comment as on_comment;
use super::settle::moving;
use crate::change::{Actor, Change, Failure, Step};
use crate::connector::Action;
use crate::domain::comment::{CommentState, Move};
use crate::domain::decision::OutboxState;
use crate::domain::event::EventKind;
use crate::domain::id::{OutboxId, PersonId};
use crate::domain::lane::Lane;
use crate::domain::outbox::{BY_HAND, OutboxMove};
use crate::lane::claim::tell;
use crate::store::entity::{comment, decision, outbox};

crate::words! {
    /// What a person found on the platform.
    pub enum Said {
        /// It is there.
        Sent = "sent",
        /// It is not.
        NotSent = "not-sent",
    }
}

/// Why it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonRefused {
    /// There is no such action, or it is not of the person's lanes.
    Absent,
    /// The action is in another state.
    NotNow(OutboxState),
    /// Somebody works the comment again, or it was decided anew.
    CommentIs(CommentState),
    /// The author changed the text since.
    StaleRevision,
}

/// A person answers whether an action took effect.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Which action.
    pub outbox: OutboxId,
    /// Who looked.
    pub person: PersonId,
    /// The lanes the person may work; none for all.
    pub lanes: Option<Vec<Lane>>,
    /// What they saw.
    pub said: Said,
}

/// A person wants a failed action tried again. Takes the comment out of its lane again.
#[derive(Debug, Clone)]
pub struct RetryNow {
    /// Which action.
    pub outbox: OutboxId,
    /// Who.
    pub person: PersonId,
    /// The lanes the person may work; none for all.
    pub lanes: Option<Vec<Lane>>,
}

impl Step for Answer {
    type Out = OutboxState;
    type Refusal = PersonRefused;

    async fn run(&self, change: &mut Change) -> Result<OutboxState, Failure<PersonRefused>> {
        let (row, on) = find(change, self.outbox, self.lanes.as_deref()).await?;
        // What only a person can do is not tried again by the desk.
        let is_by_hand = row.code.as_deref() == Some(BY_HAND);
        let by = match (self.said, is_by_hand) {
            (Said::Sent, _) => OutboxMove::Deliver,
            (Said::NotSent, false) => OutboxMove::SayNotSent,
            (Said::NotSent, true) => OutboxMove::GiveUp,
        };
        if row.state != OutboxState::Asked {
            return Err(Failure::Refused(PersonRefused::NotNow(row.state)));
        }
        let to = won(change, &row, by).await?;
        let data = json!({
            "outbox": row.id, "decision": row.decision_id, "said": self.said, "external_id": null,
            "by_hand": is_by_hand,
        });
        let actor = Actor::Person(self.person);
        match self.said {
            Said::Sent => {
                change.note(EventKind::CommentSent, Some((on.id, on.lane)), actor, data);
                let action = serde_json::from_str::<Action>(&row.action).ok();
                let sent = on_comment::Delivered {
                    outbox: row.id,
                    decision: row.decision_id,
                    external_id: None,
                    action: action.as_ref(),
                    account: "",
                };
                on_comment::shown(change, on, &sent).await?;
            }
            Said::NotSent if is_by_hand => {
                change.note(EventKind::CommentFailed, Some((on.id, on.lane)), actor, data);
                on_comment::reopen(change, on, row.decision_id, BY_HAND).await?;
            }
            Said::NotSent => change.note(EventKind::CommentDecided, Some((on.id, on.lane)), actor, data),
        }
        Ok(to)
    }
}

impl Step for RetryNow {
    type Out = OutboxState;
    type Refusal = PersonRefused;

    async fn run(&self, change: &mut Change) -> Result<OutboxState, Failure<PersonRefused>> {
        let (row, mut on) = find(change, self.outbox, self.lanes.as_deref()).await?;
        if row.state != OutboxState::Failed {
            return Err(Failure::Refused(PersonRefused::NotNow(row.state)));
        }
        let decided = decision::Entity::find_by_id(row.decision_id).one(change.read()).await?;
        if decided.is_some_and(|decided| decided.revision != on.revision) {
            return Err(Failure::Refused(PersonRefused::StaleRevision));
        }
        let from = on.state;
        let refused = Failure::Refused(PersonRefused::CommentIs(from));
        // Whoever retries an open comment claims and decides it in one go; nobody else may hold it.
        let claimed = match from {
            CommentState::Claimed if on.claimed_by == Some(self.person) => Ok(from),
            _ => from.after(Move::Claim),
        };
        let Ok(to) = claimed.and_then(|claimed| claimed.after(Move::Decide)) else {
            return Err(refused);
        };
        let now = change.now_ms();
        let decide = comment::Entity::update_many()
            .col_expr(comment::Column::State, Expr::value(to))
            .col_expr(comment::Column::ClaimedBy, Expr::value(None::<PersonId>))
            .col_expr(comment::Column::ClaimedUntil, Expr::value(None::<i64>))
            .col_expr(comment::Column::DecidedAt, Expr::value(now))
            .filter(comment::Column::Id.eq(on.id))
            .filter(comment::Column::State.eq(from))
            .filter(comment::Column::Revision.eq(on.revision));
        if change.execute(&decide).await? == 0 {
            return Err(refused);
        }
        let state = won(change, &row, OutboxMove::Retry).await?;
        on.state = to;
        tell(
            change,
            &on,
            from,
            EventKind::CommentDecided,
            Actor::Person(self.person),
            json!({ "outbox": row.id, "decision": row.decision_id, "retry": true }),
        );
        Ok(state)
    }
}

async fn find(
    change: &Change,
    id: OutboxId,
    lanes: Option<&[Lane]>,
) -> Result<(outbox::Model, comment::Model), Failure<PersonRefused>> {
    let absent = || Failure::Refused(PersonRefused::Absent);
    let row = outbox::Entity::find_by_id(id).one(change.read()).await?;
    let row = row.ok_or_else(absent)?;
    let on = comment::Entity::find_by_id(row.comment_id).one(change.read()).await?;
    let on = on.ok_or_else(absent)?;
    if lanes.is_none_or(|lanes| lanes.contains(&on.lane)) {
        Ok((row, on))
    } else {
        Err(absent())
    }
}

/// Moves the row, due at once and with all its tries before it; refuses when somebody was faster.
async fn won(change: &mut Change, row: &outbox::Model, by: OutboxMove) -> Result<OutboxState, Failure<PersonRefused>> {
    let now = change.now_ms();
    let update = moving(row, by, now)
        .col_expr(outbox::Column::DueAt, Expr::value(now))
        .col_expr(outbox::Column::Tries, Expr::value(0))
        .col_expr(outbox::Column::Code, Expr::value(None::<String>))
        .col_expr(outbox::Column::Message, Expr::value(None::<String>));
    match (change.execute(&update).await?, row.state.after(by)) {
        (1, Ok(to)) => Ok(to),
        _ => Err(Failure::Refused(PersonRefused::NotNow(row.state))),
    }
}
