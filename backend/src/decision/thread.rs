//! What stands around a comment that a reply should know of.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect,
};

use crate::domain::comment::Presence;
use crate::domain::decision::DecisionKind;
use crate::store::Error;
use crate::store::entity::{comment, decision};

/// How often this very reply stands under the same post: as decided here, or as seen on the platform.
///
/// # Errors
/// Any [`Error`].
pub async fn same_reply(db: &impl ConnectionTrait, row: &comment::Model, text: &str) -> Result<usize, Error> {
    let Some(post) = &row.post else { return Ok(0) };
    let decided = decision::Entity::find()
        .join(
            JoinType::InnerJoin,
            decision::Entity::belongs_to(comment::Entity)
                .from(decision::Column::CommentId)
                .to(comment::Column::Id)
                .into(),
        )
        .filter(comment::Column::Connector.eq(&row.connector))
        .filter(comment::Column::Post.eq(post))
        .filter(decision::Column::Kind.eq(DecisionKind::Reply))
        .filter(decision::Column::UndoneAt.is_null())
        .filter(decision::Column::Text.eq(text))
        .count(db)
        .await?;
    let seen = comment::Entity::find()
        .filter(comment::Column::Connector.eq(&row.connector))
        .filter(comment::Column::Post.eq(post))
        .filter(comment::Column::Own.eq(true))
        .filter(comment::Column::Text.eq(text))
        .count(db)
        .await?;
    // Replies decided here come back as seen, so that the two are not added.
    Ok(usize::try_from(decided.max(seen)).unwrap_or(usize::MAX))
}

/// Whether somebody wrote in the comment's thread after `since` (milliseconds).
///
/// # Errors
/// Any [`Error`].
pub async fn changed_since(db: &impl ConnectionTrait, row: &comment::Model, since: i64) -> Result<bool, Error> {
    let mut thread = Condition::any().add(comment::Column::Parent.eq(&row.external_id));
    // A top-level comment's parent may be the post itself, and a whole comment field is no thread.
    if let Some(parent) = row.parent.as_ref().filter(|parent| Some(*parent) != row.post.as_ref()) {
        thread = thread
            .add(comment::Column::Parent.eq(parent))
            .add(comment::Column::ExternalId.eq(parent));
    }
    let Some(post) = &row.post else { return Ok(false) };
    let newer = comment::Entity::find()
        .filter(comment::Column::Connector.eq(&row.connector))
        .filter(comment::Column::Post.eq(post))
        .filter(comment::Column::Presence.eq(Presence::Known))
        .filter(comment::Column::OpenedAt.gt(since))
        .filter(comment::Column::Id.ne(row.id))
        .filter(thread)
        .limit(1)
        .one(db)
        .await?;
    Ok(newer.is_some())
}
