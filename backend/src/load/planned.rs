//! How many people are planned for a lane, or at it, at given instants.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::outlook::HALF_MS;
use crate::app::App;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::store::Error;
use crate::store::entity::shift;

/// People on a planned or running shift in the lane, in each of the half hours that begin at `starts` (milliseconds).
///
/// # Errors
/// Any [`Error`].
pub async fn people(app: &App, lane: Lane, starts: &[i64]) -> Result<Vec<usize>, Error> {
    let (Some(first), Some(last)) = (starts.iter().min(), starts.iter().max()) else {
        return Ok(Vec::new());
    };
    let shifts = shift::Entity::find()
        .filter(shift::Column::Lane.eq(lane))
        .filter(shift::Column::State.is_in([ShiftState::Planned, ShiftState::Started]))
        .filter(shift::Column::StartsAt.lt(last + HALF_MS))
        .filter(shift::Column::EndsAt.gt(*first))
        .all(app.db.reader())
        .await?;
    let at = |start: i64| {
        let there = shifts
            .iter()
            .filter(|one| one.starts_at < start + HALF_MS && one.ends_at > start);
        there.map(|one| one.person_id).collect::<HashSet<PersonId>>().len()
    };
    Ok(starts.iter().map(|start| at(*start)).collect())
}
