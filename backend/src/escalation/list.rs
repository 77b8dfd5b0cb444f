//! The questions that wait, and those answered.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::domain::escalation::EscalationState;
use crate::domain::id::{CommentId, EscalationId};
use crate::store::Error;
use crate::store::entity::{comment, escalation};

/// A question with the comment it is about.
#[derive(Debug, Clone)]
pub struct Question {
    /// The question.
    pub escalation: escalation::Model,
    /// The comment.
    pub comment: comment::Model,
}

/// Which questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Those that wait, the soonest due first.
    Waiting,
    /// Those answered, the latest first.
    Answered,
}

/// Questions, at most `limit` (1–200).
///
/// # Errors
/// Any [`Error`].
pub async fn list(db: &impl ConnectionTrait, shown: Shown, limit: u64) -> Result<Vec<Question>, Error> {
    let select = escalation::Entity::find();
    let select = match shown {
        Shown::Waiting => select
            // As a literal: a bound value would hide the partial index from SQLite's planner.
            .filter(sea_orm::sea_query::Expr::cust("\"state\" = 'open'"))
            .order_by_asc(escalation::Column::DueAt),
        Shown::Answered => select
            .filter(escalation::Column::State.eq(EscalationState::Resolved))
            .order_by_desc(escalation::Column::ResolvedAt),
    };
    let rows = select
        .order_by_asc(escalation::Column::Id)
        .limit(limit.clamp(1, 200))
        .all(db)
        .await?;
    let comments: HashMap<CommentId, comment::Model> = comment::Entity::find()
        .filter(comment::Column::Id.is_in(rows.iter().map(|row| row.comment_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|escalation| {
            let comment = comments.get(&escalation.comment_id)?.clone();
            Some(Question { escalation, comment })
        })
        .collect())
}

/// One question.
///
/// # Errors
/// Any [`Error`].
pub async fn find(db: &impl ConnectionTrait, id: EscalationId) -> Result<Option<Question>, Error> {
    let Some(escalation) = escalation::Entity::find_by_id(id).one(db).await? else {
        return Ok(None);
    };
    let comment = comment::Entity::find_by_id(escalation.comment_id).one(db).await?;
    Ok(comment.map(|comment| Question { escalation, comment }))
}

/// The question about a comment that waits, or else the last one answered.
///
/// # Errors
/// Any [`Error`].
pub async fn latest_of(db: &impl ConnectionTrait, comment: CommentId) -> Result<Option<escalation::Model>, Error> {
    Ok(escalation::Entity::find()
        .filter(escalation::Column::CommentId.eq(comment))
        .order_by_desc(escalation::Column::OpenedAt)
        .one(db)
        .await?)
}
