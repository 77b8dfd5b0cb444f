//! What one shift leaves to the next, and that the next has read it.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::change::Change;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::store::Error;
use crate::store::entity::{handover, handover_read, shift};

/// Longest of the three texts, in characters.
pub const LONGEST: usize = 4_000;

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

/// The last handover of a lane since an instant (milliseconds) that says anything.
///
/// # Errors
/// Any [`Error`].
pub async fn latest(db: &impl ConnectionTrait, lane: Lane, since: i64) -> Result<Option<handover::Model>, Error> {
    let says = Condition::any()
        .add(handover::Column::GoingOn.ne(""))
        .add(handover::Column::Waits.ne(""))
        .add(handover::Column::Watch.ne(""));
    Ok(handover::Entity::find()
        .filter(handover::Column::Lane.eq(lane))
        .filter(handover::Column::WrittenAt.gte(since))
        .filter(says)
        .order_by_desc(handover::Column::WrittenAt)
        .one(db)
        .await?)
}

/// The same, if somebody else wrote it and the person has not said that they read it.
///
/// # Errors
/// Any [`Error`].
pub async fn unread(
    db: &impl ConnectionTrait,
    lane: Lane,
    person: PersonId,
    since: i64,
) -> Result<Option<handover::Model>, Error> {
    let Some(note) = latest(db, lane, since).await?.filter(|note| note.person_id != person) else {
        return Ok(None);
    };
    let read = handover_read::Entity::find_by_id((note.id, person)).one(db).await?;
    Ok(if read.is_none() { Some(note) } else { None })
}

/// Stores that a person has read a handover.
pub(super) fn mark_read(change: &mut Change, note: &handover::Model, person: PersonId) {
    let row = handover_read::Model {
        handover_id: note.id,
        person_id: person,
        read_at: change.now_ms(),
    };
    let key = OnConflict::columns([handover_read::Column::HandoverId, handover_read::Column::PersonId])
        .do_nothing()
        .to_owned();
    change.later(&handover_read::Entity::insert(row.into_active_model()).on_conflict(key));
}

/// Stores what a shift leaves.
pub(super) fn write(change: &mut Change, shift: &shift::Model, note: &Note) -> handover::Model {
    let row = handover::Model {
        id: change.id(),
        lane: shift.lane,
        shift_id: shift.id,
        person_id: shift.person_id,
        going_on: note.going_on.trim().to_owned(),
        waits: note.waits.trim().to_owned(),
        watch: note.watch.trim().to_owned(),
        written_at: change.now_ms(),
    };
    change.later(&handover::Entity::insert(row.clone().into_active_model()));
    row
}
