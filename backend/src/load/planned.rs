//! How many people are planned for a lane, or at it, at given instants.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::outlook::HALF_MS;
use crate::app::App;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::shift::roster::{can_be_worked, pieces};
use crate::store::Error;
use crate::store::entity::shift;

/// People on a published or running shift in the lane, in each of the half hours that begin at `starts` (milliseconds).
///
/// # Errors
/// Any [`Error`].
pub async fn people(app: &App, lane: Lane, starts: &[i64]) -> Result<Vec<usize>, Error> {
    let (Some(first), Some(last)) = (starts.iter().min(), starts.iter().max()) else {
        return Ok(Vec::new());
    };
    let shifts = shift::Entity::find()
        .filter(shift::Column::PublishedAt.is_not_null())
        .filter(shift::Column::State.is_in([ShiftState::Planned, ShiftState::Started]))
        .filter(shift::Column::StartsAt.lt(last + HALF_MS))
        .filter(shift::Column::EndsAt.gt(*first))
        .all(app.db.reader())
        .await?;
    // Of all lanes, since who is in two counts in one.
    let mut pieces = pieces(shifts.iter().filter(|row| can_be_worked(row, &app.people)));
    pieces.retain(|piece| piece.lane == lane);
    let at = |start: i64| {
        let there = pieces
            .iter()
            .filter(|piece| piece.span.0 < start + HALF_MS && piece.span.1 > start);
        there.map(|piece| piece.person).collect::<HashSet<PersonId>>().len()
    };
    Ok(starts.iter().map(|start| at(*start)).collect())
}
