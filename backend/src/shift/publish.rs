//! Publishing a week: until then only those who plan see its drafts. Everybody whose shift is published is told.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::week::Week;
use super::{ShiftRefused, tell};
use crate::change::{Actor, Change, Failure, Step};
use crate::clock;
use crate::domain::event::EventKind;
use crate::domain::id::PersonId;
use crate::domain::shift::ShiftState;
use crate::store::entity::shift;

/// Publishes the drafts that begin in a week.
#[derive(Debug, Clone, Copy)]
pub struct PublishWeek {
    /// Which.
    pub week: Week,
    /// By whom.
    pub by: PersonId,
}

impl Step for PublishWeek {
    type Out = usize;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<usize, Failure<ShiftRefused>> {
        let drafts = || {
            [
                shift::Column::StartsAt.gte(clock::ms(self.week.start())),
                shift::Column::StartsAt.lt(clock::ms(self.week.end())),
                shift::Column::PublishedAt.is_null(),
                shift::Column::State.is_in([ShiftState::Planned, ShiftState::Absent]),
            ]
        };
        let mut found = shift::Entity::find();
        let mut set = shift::Entity::update_many().col_expr(shift::Column::PublishedAt, Expr::value(change.now_ms()));
        for (find, update) in drafts().into_iter().zip(drafts()) {
            found = found.filter(find);
            set = set.filter(update);
        }
        let found = found.order_by_asc(shift::Column::StartsAt).all(change.read()).await?;
        if found.is_empty() {
            return Err(Failure::Refused(ShiftRefused::NothingToPublish));
        }
        change.execute(&set).await?;
        for mut row in found.iter().cloned() {
            row.published_at = Some(change.now_ms());
            let data = json!({
                "what": "published", "week": self.week.to_string(), "starts_at": row.starts_at, "ends_at": row.ends_at,
                "tells": [row.person_id],
            });
            tell(change, EventKind::ShiftPlanned, &row, Actor::Person(self.by), data);
        }
        Ok(found.len())
    }
}
