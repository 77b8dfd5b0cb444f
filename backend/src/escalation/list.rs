//! The questions that wait, and those answered.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

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

/// A place in a list of questions: the last one seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// When it is due, or was answered, in milliseconds.
    at: i64,
    id: EscalationId,
}

impl Cursor {
    /// The place of a question.
    #[must_use]
    pub fn of(shown: Shown, question: &escalation::Model) -> Self {
        let at = match shown {
            Shown::Waiting => question.due_at,
            Shown::Answered => question.resolved_at.unwrap_or(0),
        };
        Self { at, id: question.id }
    }

    /// As an opaque word.
    #[must_use]
    pub fn encode(self) -> String {
        let mut bytes = self.at.to_be_bytes().to_vec();
        bytes.extend(self.id.0.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// From such a word; none if it is none.
    #[must_use]
    pub fn decode(word: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(word).ok()?;
        let (at, id) = bytes.split_at_checked(8)?;
        Some(Self {
            at: i64::from_be_bytes(at.try_into().ok()?),
            id: EscalationId(Uuid::from_slice(id).ok()?),
        })
    }
}

/// Questions after a place, at most `limit` (1–201).
///
/// # Errors
/// Any [`Error`].
pub async fn list(
    db: &impl ConnectionTrait,
    shown: Shown,
    limit: u64,
    after: Option<Cursor>,
) -> Result<Vec<Question>, Error> {
    use escalation::Column;
    let mut select = escalation::Entity::find();
    if let Some(Cursor { at, id }) = after {
        let same = |column: Column| Condition::all().add(column.eq(at)).add(Column::Id.gt(id));
        select = select.filter(match shown {
            Shown::Waiting => Condition::any().add(Column::DueAt.gt(at)).add(same(Column::DueAt)),
            Shown::Answered => Condition::any()
                .add(Column::ResolvedAt.lt(at))
                .add(same(Column::ResolvedAt)),
        });
    }
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
        .limit(limit.clamp(1, 201))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_it_is_written_and_nonsense_is_none() {
        let place = Cursor {
            at: 1_795_341_600_000,
            id: EscalationId(Uuid::from_u128(7)),
        };
        assert_eq!(Cursor::decode(&place.encode()), Some(place));
        for word in ["", "AAAA", "not a cursor", "AAAAAAAAAAAAAAAA"] {
            assert_eq!(Cursor::decode(word), None, "{word}");
        }
    }
}
