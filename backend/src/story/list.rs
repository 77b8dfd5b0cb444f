//! Stories as they are looked at.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::app::App;
use crate::domain::id::{CommentId, StoryId};
use crate::store::Error;
use crate::store::entity::{comment, story};

const HOUR_MS: i64 = 3_600_000;

/// A story with what is looked up beside its figures.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The story.
    pub row: story::Model,
    /// Its first comment.
    pub example: Option<comment::Model>,
    /// Copies that came in within the last hour.
    pub last_hour: u64,
}

/// Stories of more than one comment, latest first, at most `limit`, that come after `after` (last instant and id).
///
/// # Errors
/// Any [`Error`].
pub async fn list(app: &App, limit: u64, after: Option<(i64, StoryId)>) -> Result<Vec<Seen>, Error> {
    let mut found = story::Entity::find()
        .filter(story::Column::MergedInto.is_null())
        .filter(story::Column::Size.gt(1))
        .order_by_desc(story::Column::LastAt)
        .order_by_desc(story::Column::Id);
    if let Some((at, id)) = after {
        let same = Condition::all()
            .add(story::Column::LastAt.eq(at))
            .add(story::Column::Id.lt(id));
        found = found.filter(Condition::any().add(story::Column::LastAt.lt(at)).add(same));
    }
    let rows = found.limit(limit).all(app.db.reader()).await?;
    seen(app, rows).await
}

/// One story, also of one comment; where it was merged, the one it is now part of.
///
/// # Errors
/// Any [`Error`].
pub async fn find(app: &App, id: StoryId) -> Result<Option<Seen>, Error> {
    let row = story::Entity::find_by_id(id).one(app.db.reader()).await?;
    let row = match row.as_ref().and_then(|row| row.merged_into) {
        Some(into) => story::Entity::find_by_id(into).one(app.db.reader()).await?,
        None => row,
    };
    Ok(seen(app, row.into_iter().collect()).await?.pop())
}

/// Comments of a story, newest first, at most `limit`, numbered below `before`.
///
/// # Errors
/// Any [`Error`].
pub async fn comments(app: &App, id: StoryId, limit: u64, before: Option<i64>) -> Result<Vec<comment::Model>, Error> {
    let mut found = comment::Entity::find()
        .filter(comment::Column::Story.eq(id))
        .order_by_desc(comment::Column::Number);
    if let Some(before) = before {
        found = found.filter(comment::Column::Number.lt(before));
    }
    Ok(found.limit(limit).all(app.db.reader()).await?)
}

/// Stories with what is looked up beside their figures.
///
/// # Errors
/// Any [`Error`].
pub async fn seen(app: &App, rows: Vec<story::Model>) -> Result<Vec<Seen>, Error> {
    let examples = comment::Entity::find()
        .filter(comment::Column::Id.is_in(rows.iter().filter_map(|row| row.example)))
        .all(app.db.reader())
        .await?;
    let mut examples: HashMap<CommentId, comment::Model> = examples.into_iter().map(|row| (row.id, row)).collect();
    let mut last_hour = last_hour(app, &rows).await?;
    let seen = rows.into_iter().map(|row| Seen {
        example: row.example.and_then(|id| examples.remove(&id)),
        last_hour: last_hour.remove(&row.id).unwrap_or(0),
        row,
    });
    Ok(seen.collect())
}

async fn last_hour(app: &App, rows: &[story::Model]) -> Result<HashMap<StoryId, u64>, Error> {
    // Identifiers rise with the time of arrival (RFC 9562), and so do numbers.
    let from = u128::try_from(app.now_ms() - HOUR_MS).unwrap_or(0) << 80;
    let first: Option<i64> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Number)
        .filter(comment::Column::Id.gte(CommentId(Uuid::from_u128(from))))
        .order_by_asc(comment::Column::Id)
        .limit(1)
        .into_tuple()
        .one(app.db.reader())
        .await?;
    let Some(first) = first else {
        return Ok(HashMap::new());
    };
    let counts: Vec<(Option<StoryId>, i64)> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Story)
        .column_as(comment::Column::Number.count(), "count")
        .filter(comment::Column::Story.is_in(rows.iter().map(|row| row.id)))
        .filter(comment::Column::Number.gte(first))
        .group_by(comment::Column::Story)
        .into_tuple()
        .all(app.db.reader())
        .await?;
    let counts = counts
        .into_iter()
        .filter_map(|(story, count)| Some((story?, u64::try_from(count).unwrap_or(0))));
    Ok(counts.collect())
}
