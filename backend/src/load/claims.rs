//! How long claims lasted that ended in a decision, from the event table: what handling times are measured on.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::domain::event::EventKind;
use crate::domain::id::CommentId;
use crate::domain::lane::Lane;
use crate::store::Error;
use crate::store::entity::event;

/// Events looked at, the last ones.
const LOOKED_AT: i64 = 50_000;
/// Claims older than this say nothing of today's work, in milliseconds.
const DAYS_MS: i64 = 28 * 86_400_000;

#[derive(Debug, FromQueryResult)]
struct Row {
    at: i64,
    kind: EventKind,
    comment_id: Option<CommentId>,
    lane: Option<Lane>,
    actor: Option<String>,
}

/// Seconds from claim to decision of claims that the same person ended, by lane, oldest first.
///
/// # Errors
/// Any [`Error`].
pub async fn lasted(app: &App) -> Result<[Vec<f64>; 4], Error> {
    let rows = event::Entity::find()
        .select_only()
        .column(event::Column::At)
        .column(event::Column::Kind)
        .column(event::Column::CommentId)
        .column(event::Column::Lane)
        .column(event::Column::Actor)
        .filter(event::Column::Seq.gt(app.seq() - LOOKED_AT))
        .filter(event::Column::At.gt(app.now_ms() - DAYS_MS))
        .filter(event::Column::Kind.is_in([
            EventKind::CommentClaimed,
            EventKind::CommentReleased,
            EventKind::CommentDecided,
        ]))
        .order_by_asc(event::Column::Seq)
        .into_model::<Row>()
        .all(app.db.reader())
        .await?;
    Ok(paired(rows))
}

fn paired(rows: Vec<Row>) -> [Vec<f64>; 4] {
    let mut open: HashMap<CommentId, (i64, Option<String>)> = HashMap::new();
    let mut lasted: [Vec<f64>; 4] = Default::default();
    for row in rows {
        let Some(comment) = row.comment_id else { continue };
        match row.kind {
            EventKind::CommentClaimed => {
                open.insert(comment, (row.at, row.actor));
            }
            EventKind::CommentDecided => {
                let claimed = open.remove(&comment);
                if let (Some((since, by)), Some(lane)) = (claimed, row.lane)
                    && by == row.actor
                {
                    let ms = u32::try_from(row.at - since).unwrap_or(u32::MAX);
                    lasted[lane.index()].push(f64::from(ms) / 1_000.0);
                }
            }
            _ => {
                open.remove(&comment);
            }
        }
    }
    lasted
}

#[cfg(test)]
mod tests {
    use super::{Row, paired};
    use crate::domain::event::EventKind::{self, CommentClaimed, CommentDecided, CommentReleased};
    use crate::domain::id::CommentId;
    use crate::domain::lane::Lane;

    fn row(at: i64, kind: EventKind, comment: u128, actor: &str) -> Row {
        Row {
            at,
            kind,
            comment_id: Some(CommentId(uuid::Uuid::from_u128(comment))),
            lane: Some(Lane::Sv),
            actor: Some(actor.to_owned()),
        }
    }

    #[test]
    fn a_claim_counts_when_who_had_it_decided() {
        let lasted = paired(vec![
            row(1_000, CommentClaimed, 1, "a"),
            row(2_000, CommentClaimed, 2, "a"),
            row(3_000, CommentClaimed, 3, "b"),
            row(61_000, CommentDecided, 1, "a"),
            row(62_000, CommentReleased, 2, "desk"),
            row(63_000, CommentDecided, 3, "supervisor"),
            row(64_000, CommentDecided, 4, "a"),
        ]);
        assert_eq!(lasted[Lane::Sv.index()], [60.0]);
        assert!(lasted[Lane::Ar.index()].is_empty());
    }
}
