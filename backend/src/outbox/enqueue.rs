//! How an action gets into the outbox and out of it again before it left. Sends nothing.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use crate::change::Change;
use crate::connector::Action;
use crate::domain::decision::OutboxState;
use crate::domain::id::{CommentId, DecisionId, OutboxId};
use crate::store::Error;
use crate::store::entity::outbox;

/// An action that a decision asks for.
#[derive(Debug, Clone)]
pub struct NewAction {
    /// The decision.
    pub decision: DecisionId,
    /// The comment it is about.
    pub comment: CommentId,
    /// Name of the connector that carries it out.
    pub connector: String,
    /// What to do.
    pub action: Action,
    /// When it may leave, in milliseconds.
    pub due_at: i64,
}

/// Puts an action into the outbox, in the decision's own transaction.
pub fn enqueue(change: &mut Change, new: &NewAction) -> OutboxId {
    let id: OutboxId = change.id();
    let row = outbox::Model {
        id,
        decision_id: new.decision,
        comment_id: new.comment,
        connector: new.connector.clone(),
        action: serde_json::to_string(&new.action).unwrap_or_default(),
        state: OutboxState::Pending,
        due_at: new.due_at,
        tries: 0,
        first_tried_at: None,
        external_id: None,
        code: None,
        message: None,
        updated_at: change.now_ms(),
    };
    change.later(&outbox::Entity::insert(row.into_active_model()));
    id
}

/// Takes a decision's action out again, if it has not left. Whether it was still here.
///
/// # Errors
/// Any [`Error`].
pub async fn withdraw(change: &mut Change, decision: DecisionId) -> Result<bool, Error> {
    let now = change.now_ms();
    let rows = change
        .execute(
            &outbox::Entity::update_many()
                .col_expr(outbox::Column::State, Expr::value(OutboxState::Undone))
                .col_expr(outbox::Column::UpdatedAt, Expr::value(now))
                .filter(outbox::Column::DecisionId.eq(decision))
                .filter(outbox::Column::State.eq(OutboxState::Pending)),
        )
        .await?;
    Ok(rows > 0)
}
