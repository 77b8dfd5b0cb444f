//! Corrections kept as examples. One revision of a comment has at most one that holds; a later word of a person replaces
//! the earlier one. Nothing is ever deleted: an example that was taken back is no longer learnt from.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;

use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{CommentId, ExampleId, PersonId};
use crate::domain::tag::Tags;
use crate::store::Error;
use crate::store::entity::{comment, example, revision};
use crate::tagging::model::learn::Correction;

/// Examples that are learnt from, the latest; the fit takes some 4 KiB of memory for each.
pub const MOST: u64 = 2_000;
/// Statements name at most this many comments at once.
const CHUNK: usize = 256;

/// Keeps what a person said of a comment: `tags` as they are now, of which they looked at the keys `looked_at`.
///
/// # Errors
/// Any [`Error`].
pub async fn keep(
    change: &mut Change,
    row: &comment::Model,
    tags: &Tags,
    looked_at: &[String],
    person: PersonId,
) -> Result<ExampleId, Error> {
    let before = example::Entity::find()
        .filter(example::Column::CommentId.eq(row.id))
        .filter(example::Column::Revision.eq(row.revision))
        .filter(example::Column::TakenBackAt.is_null())
        .one(change.read())
        .await?;
    let mut looked_at: Vec<String> = looked_at.to_vec();
    if let Some(before) = &before {
        looked_at.extend(words(&before.looked_at));
        change
            .execute(
                &example::Entity::update_many()
                    .col_expr(example::Column::TakenBackBy, Expr::value(person))
                    .col_expr(example::Column::TakenBackAt, Expr::value(change.now_ms()))
                    .filter(example::Column::Id.eq(before.id)),
            )
            .await?;
    }
    looked_at.sort_unstable();
    looked_at.dedup();
    let labels: Vec<&str> = tags
        .keys()
        .filter(|key| looked_at.binary_search_by(|known| known.as_str().cmp(key)).is_ok())
        .collect();
    let kept = example::Model {
        id: change.id(),
        comment_id: row.id,
        revision: row.revision,
        labels: json!(labels).to_string(),
        looked_at: json!(looked_at).to_string(),
        language: tags.language.code.clone(),
        kept_by: person,
        kept_at: change.now_ms(),
        taken_back_by: None,
        taken_back_at: None,
    };
    let id = kept.id;
    let data = json!({ "example": id, "revision": row.revision, "labels": labels, "replaces": before.map(|before| before.id) });
    change.later(&example::Entity::insert(kept.into_active_model()));
    change.note(
        EventKind::ExampleKept,
        Some((row.id, row.lane)),
        Actor::Person(person),
        data,
    );
    Ok(id)
}

/// Takes an example back: it is no longer learnt from. The comment's tags stay as they are.
#[derive(Debug, Clone)]
pub struct TakeBack {
    /// Which.
    pub example: ExampleId,
    /// By whom.
    pub person: PersonId,
}

/// Why it is not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeBackRefused {
    /// There is none, or it was taken back before.
    Absent,
}

impl Step for TakeBack {
    type Out = ();
    type Refusal = TakeBackRefused;

    async fn run(&self, change: &mut Change) -> Result<(), Failure<TakeBackRefused>> {
        let absent = || Failure::Refused(TakeBackRefused::Absent);
        let row = example::Entity::find_by_id(self.example)
            .one(change.read())
            .await?
            .ok_or_else(absent)?;
        let won = change
            .execute(
                &example::Entity::update_many()
                    .col_expr(example::Column::TakenBackBy, Expr::value(self.person))
                    .col_expr(example::Column::TakenBackAt, Expr::value(change.now_ms()))
                    .filter(example::Column::Id.eq(self.example))
                    .filter(example::Column::TakenBackAt.is_null()),
            )
            .await?;
        if won == 0 {
            return Err(absent());
        }
        let lane = comment::Entity::find_by_id(row.comment_id)
            .one(change.read())
            .await?
            .map(|comment| (comment.id, comment.lane));
        change.note(
            EventKind::ExampleTakenBack,
            lane,
            Actor::Person(self.person),
            json!({ "example": self.example }),
        );
        Ok(())
    }
}

/// An example with the text it is of.
#[derive(Debug, Clone)]
pub struct Example {
    /// As kept.
    pub row: example::Model,
    /// The comment's text at that revision; none where it is no longer kept.
    pub text: Option<String>,
}

impl Example {
    /// What is true of the text.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        words(&self.row.labels)
    }

    /// As it is learnt from.
    #[must_use]
    pub fn correction(&self, id: i64) -> Option<Correction> {
        Some(Correction {
            id,
            text: self.text.clone()?,
            keys: self.labels(),
            looked_at: Some(words(&self.row.looked_at)),
        })
    }
}

/// The latest examples, the latest first; `holding`: without those taken back. `before`: older than this one.
///
/// # Errors
/// Any [`Error`].
pub async fn list(
    db: &impl ConnectionTrait,
    holding: bool,
    before: Option<(i64, ExampleId)>,
    limit: u64,
) -> Result<Vec<Example>, Error> {
    let mut select = example::Entity::find();
    if holding {
        select = select.filter(example::Column::TakenBackAt.is_null());
    }
    if let Some((at, id)) = before {
        let same = example::Column::KeptAt.eq(at).and(example::Column::Id.lt(id));
        select = select.filter(Condition::any().add(example::Column::KeptAt.lt(at)).add(same));
    }
    let rows = select
        .order_by_desc(example::Column::KeptAt)
        .order_by_desc(example::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    let texts = texts(db, &rows).await?;
    Ok(rows
        .into_iter()
        .map(|row| Example {
            text: texts.get(&(row.comment_id, row.revision)).cloned(),
            row,
        })
        .collect())
}

/// Texts of the revisions that examples are of: the comment's own where it was not edited since.
async fn texts(db: &impl ConnectionTrait, rows: &[example::Model]) -> Result<HashMap<(CommentId, i32), String>, Error> {
    let mut texts = HashMap::new();
    for chunk in rows.chunks(CHUNK) {
        let ids = || chunk.iter().map(|row| row.comment_id);
        let comments: Vec<(CommentId, i32, Option<String>)> = comment::Entity::find()
            .select_only()
            .columns([comment::Column::Id, comment::Column::Revision, comment::Column::Text])
            .filter(comment::Column::Id.is_in(ids()))
            .into_tuple()
            .all(db)
            .await?;
        let earlier: Vec<(CommentId, i32, Option<String>)> = revision::Entity::find()
            .select_only()
            .columns([
                revision::Column::CommentId,
                revision::Column::Revision,
                revision::Column::Text,
            ])
            .filter(revision::Column::CommentId.is_in(ids()))
            .into_tuple()
            .all(db)
            .await?;
        for (id, revision, text) in comments.into_iter().chain(earlier) {
            if let Some(text) = text {
                texts.insert((id, revision), text);
            }
        }
    }
    Ok(texts)
}

fn words(stored: &str) -> Vec<String> {
    serde_json::from_str(stored).unwrap_or_default()
}
