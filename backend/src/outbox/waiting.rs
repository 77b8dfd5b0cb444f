//! What waits for a person: to carry out what no connector can, or to say whether something arrived.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::app::App;
use crate::domain::lane::Lane;
use crate::domain::outbox::BY_HAND;
use crate::store::Error;
use crate::store::entity::{comment, decision, outbox};

/// An action that waits, with what it is about.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The action.
    pub row: outbox::Model,
    /// The decision it carries out.
    pub decision: decision::Model,
    /// The comment it is about.
    pub comment: comment::Model,
}

/// Whether a person is to carry the action out, rather than to say whether it arrived.
#[must_use]
pub fn is_by_hand(row: &outbox::Model) -> bool {
    row.code.as_deref() == Some(BY_HAND)
}

/// What waits in these lanes (none: in all), the oldest first, at most `most`.
///
/// # Errors
/// Any [`Error`].
pub async fn waiting(app: &App, lanes: Option<&[Lane]>, most: u64) -> Result<Vec<Waiting>, Error> {
    let rows = asked(lanes)
        .order_by_asc(outbox::Column::Id)
        .limit(most)
        .all(app.db.reader())
        .await?;
    let decisions = decision::Entity::find()
        .filter(decision::Column::Id.is_in(rows.iter().map(|row| row.decision_id)))
        .all(app.db.reader())
        .await?;
    let comments = comment::Entity::find()
        .filter(comment::Column::Id.is_in(rows.iter().map(|row| row.comment_id)))
        .all(app.db.reader())
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let decision = decisions.iter().find(|one| one.id == row.decision_id)?.clone();
            let comment = comments.iter().find(|one| one.id == row.comment_id)?.clone();
            Some(Waiting { row, decision, comment })
        })
        .collect())
}

/// How many wait in these lanes (none: in all).
///
/// # Errors
/// Any [`Error`].
pub async fn count(app: &App, lanes: Option<&[Lane]>) -> Result<u64, Error> {
    Ok(asked(lanes).count(app.db.reader()).await?)
}

fn asked(lanes: Option<&[Lane]>) -> Select<outbox::Entity> {
    // Literal, so that SQLite's planner finds the partial index `outbox_asked`.
    let rows = outbox::Entity::find().filter(Expr::cust("\"state\" = 'asked'"));
    match lanes {
        None => rows,
        Some(lanes) => {
            let there = Query::select()
                .column(comment::Column::Id)
                .from(comment::Entity)
                .and_where(comment::Column::Lane.is_in(lanes.iter().copied()))
                .and_where(
                    Expr::col((comment::Entity, comment::Column::Id))
                        .equals((outbox::Entity, outbox::Column::CommentId)),
                )
                .to_owned();
            rows.filter(outbox::Column::CommentId.in_subquery(there))
        }
    }
}
