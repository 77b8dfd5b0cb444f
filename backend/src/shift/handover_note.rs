//! What one shift leaves to the next, and that the next has read it.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::facts::Facts;
use crate::change::Change;
use crate::domain::id::{HandoverId, PersonId};
use crate::domain::lane::Lane;
use crate::store::Error;
use crate::store::entity::{handover, handover_read, shift};

/// Longest of the three texts, in characters.
pub const LONGEST: usize = 4_000;
/// Most handovers of a lane that are read at once.
const MOST: u64 = 50;

/// What a person leaves: three short texts, each of which may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Note {
    /// What is going on.
    pub going_on: String,
    /// What waits.
    pub waits: String,
    /// What to watch.
    pub watch: String,
}

impl Note {
    /// Whether anything is written.
    #[must_use]
    pub fn says(&self) -> bool {
        [&self.going_on, &self.waits, &self.watch]
            .iter()
            .any(|text| !text.trim().is_empty())
    }
}

fn says(row: &handover::Model) -> bool {
    is_written(row) || Facts::of(row).says()
}

/// Whether a person wrote anything in it.
#[must_use]
pub fn is_written(row: &handover::Model) -> bool {
    [&row.going_on, &row.waits, &row.watch]
        .iter()
        .any(|text| !text.is_empty())
}

/// The handovers of a lane since an instant (milliseconds) that say anything, the latest first.
///
/// # Errors
/// Any [`Error`].
pub async fn since(db: &impl ConnectionTrait, lane: Lane, since: i64) -> Result<Vec<handover::Model>, Error> {
    let mut rows = handover::Entity::find()
        .filter(handover::Column::Lane.eq(lane))
        .filter(handover::Column::WrittenAt.gte(since))
        .order_by_desc(handover::Column::WrittenAt)
        .order_by_desc(handover::Column::Id)
        .limit(MOST)
        .all(db)
        .await?;
    rows.retain(says);
    Ok(rows)
}

/// Those of them that somebody else wrote and the person has not said that they read.
///
/// # Errors
/// Any [`Error`].
pub async fn unread(
    db: &impl ConnectionTrait,
    lane: Lane,
    person: PersonId,
    from: i64,
) -> Result<Vec<handover::Model>, Error> {
    let mut rows = since(db, lane, from).await?;
    rows.retain(|row| row.person_id != person);
    let read = reads(db, &rows).await?;
    rows.retain(|row| {
        !read
            .iter()
            .any(|read| read.handover_id == row.id && read.person_id == person)
    });
    Ok(rows)
}

/// Who has read handovers, and when, the first first.
///
/// # Errors
/// Any [`Error`].
pub async fn reads(db: &impl ConnectionTrait, rows: &[handover::Model]) -> Result<Vec<handover_read::Model>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Ok(handover_read::Entity::find()
        .filter(handover_read::Column::HandoverId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(handover_read::Column::ReadAt)
        .all(db)
        .await?)
}

/// What a shift left, in the order it was written.
///
/// # Errors
/// Any [`Error`].
pub async fn of_shift(db: &impl ConnectionTrait, shift: &shift::Model) -> Result<Vec<handover::Model>, Error> {
    Ok(handover::Entity::find()
        .filter(handover::Column::ShiftId.eq(shift.id))
        .order_by_asc(handover::Column::WrittenAt)
        .limit(MOST)
        .all(db)
        .await?)
}

/// Stores that a person has read a handover.
pub(super) fn mark_read(change: &mut Change, note: HandoverId, person: PersonId) {
    let row = handover_read::Model {
        handover_id: note,
        person_id: person,
        read_at: change.now_ms(),
    };
    let key = OnConflict::columns([handover_read::Column::HandoverId, handover_read::Column::PersonId])
        .do_nothing()
        .to_owned();
    change.later(&handover_read::Entity::insert(row.into_active_model()).on_conflict(key));
}

/// Stores what a shift leaves.
pub(super) fn write(change: &mut Change, shift: &shift::Model, note: &Note, facts: &Facts) -> handover::Model {
    let row = handover::Model {
        id: change.id(),
        lane: shift.lane,
        shift_id: shift.id,
        person_id: shift.person_id,
        going_on: note.going_on.trim().to_owned(),
        waits: note.waits.trim().to_owned(),
        watch: note.watch.trim().to_owned(),
        written_at: change.now_ms(),
        facts: json!(facts).to_string(),
    };
    change.later(&handover::Entity::insert(row.clone().into_active_model()));
    row
}
