//! Checking in and out. Who is checked in sees and works the lane.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;

use super::facts::Facts;
use super::handover_note::{self, Note};
use super::week::Day;
use super::{ShiftRefused, bell, can_work, own, tell};
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{HandoverId, PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::store::Error;
use crate::store::entity::{handover, person, shift};
use crate::{clock, config};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What a person checks in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// An own planned shift.
    Shift(ShiftId),
    /// A lane: to the planned shift there if it is time for one, else unplanned.
    Lane(Lane),
}

/// Checks in.
#[derive(Debug, Clone)]
pub struct CheckIn {
    /// Who.
    pub person: PersonId,
    /// To what.
    pub to: To,
    /// The person says that they have read what others left.
    pub handover_read: bool,
    /// What they were shown, if that is known: anything else is not read.
    pub shown: Option<Vec<HandoverId>>,
    /// From when, until when.
    pub config: config::Shift,
}

impl Step for CheckIn {
    type Out = shift::Model;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<shift::Model, Failure<ShiftRefused>> {
        let (mut row, is_new) = self.find(change).await?;
        let somebody = person::Entity::find_by_id(self.person).one(change.read()).await?;
        can_work(somebody.as_ref(), row.lane).map_err(Failure::Refused)?;
        let started = started(change, self.person).await?;
        if started.iter().any(|other| other.lane == row.lane) {
            return Err(Failure::Refused(ShiftRefused::CheckedIn(row.lane)));
        }
        if started.iter().any(|other| other.break_since.is_some()) {
            return Err(Failure::Refused(ShiftRefused::OnBreak));
        }
        let since = change.now_ms() - i64::from(self.config.handover_h) * HOUR_MS;
        let unread = handover_note::unread(change.read(), row.lane, self.person, since).await?;
        let shown = |note: &handover::Model| self.shown.as_ref().is_none_or(|shown| shown.contains(&note.id));
        let is_signed = self.handover_read && unread.iter().all(shown);
        if !unread.is_empty() && !is_signed {
            return Err(Failure::Refused(ShiftRefused::HandoverUnread(unread)));
        }
        for note in unread {
            handover_note::mark_read(change, note.id, self.person);
        }
        let now = change.now_ms();
        row.state = ShiftState::Started;
        row.checked_in_at = Some(now);
        row.published_at = row.published_at.or(Some(now));
        if is_new {
            change.later(&shift::Entity::insert(row.clone().into_active_model()));
        } else {
            let won = change
                .execute(
                    &shift::Entity::update_many()
                        .col_expr(shift::Column::State, Expr::value(ShiftState::Started))
                        .col_expr(shift::Column::CheckedInAt, Expr::value(now))
                        .col_expr(shift::Column::PublishedAt, Expr::value(row.published_at))
                        .filter(shift::Column::Id.eq(row.id))
                        .filter(shift::Column::State.eq(ShiftState::Planned)),
                )
                .await?;
            if won == 0 {
                return Err(Failure::Refused(ShiftRefused::State(ShiftState::Started)));
            }
        }
        let data = json!({ "until": row.ends_at, "planned": row.planned_by.is_some() });
        tell(change, EventKind::ShiftStarted, &row, Actor::Person(self.person), data);
        Ok(row)
    }
}

impl CheckIn {
    /// The shift to start, and whether it is a new one.
    async fn find(&self, change: &Change) -> Result<(shift::Model, bool), Failure<ShiftRefused>> {
        let now = change.now_ms();
        let early = now + i64::from(self.config.early_min) * MINUTE_MS;
        match self.to {
            To::Shift(id) => {
                let row = shift::Entity::find_by_id(id).one(change.read()).await?;
                let row = own(row, self.person).map_err(Failure::Refused)?;
                let refused = match row.state {
                    // Nobody was told of it yet.
                    ShiftState::Planned if row.published_at.is_none() => ShiftRefused::Absent,
                    ShiftState::Planned if row.ends_at <= now => ShiftRefused::Over,
                    ShiftState::Planned if row.starts_at > early => {
                        ShiftRefused::Early(row.starts_at - i64::from(self.config.early_min) * MINUTE_MS)
                    }
                    ShiftState::Planned => return Ok((row, false)),
                    state @ (ShiftState::Started | ShiftState::Ended | ShiftState::Cancelled | ShiftState::Absent) => {
                        ShiftRefused::State(state)
                    }
                };
                Err(Failure::Refused(refused))
            }
            To::Lane(lane) => {
                let planned = shift::Entity::find()
                    .filter(shift::Column::PersonId.eq(self.person))
                    .filter(shift::Column::Lane.eq(lane))
                    .filter(shift::Column::State.eq(ShiftState::Planned))
                    .filter(shift::Column::StartsAt.lte(early))
                    .filter(shift::Column::EndsAt.gt(now))
                    .order_by_asc(shift::Column::StartsAt)
                    .one(change.read())
                    .await?;
                Ok(match planned {
                    Some(row) => (row, false),
                    None => (self.unplanned(change, lane), true),
                })
            }
        }
    }

    fn unplanned(&self, change: &Change, lane: Lane) -> shift::Model {
        let span = (change.now_ms(), unplanned_until(&self.config, change.now()));
        shift::Model::new(change.id(), self.person, lane, span)
    }
}

/// Until when (milliseconds) a shift lasts that nobody planned: the end of the day, but not past the longest; late in the
/// evening the longest, since who comes then comes for the night.
fn unplanned_until(config: &config::Shift, now: chrono::DateTime<chrono::Utc>) -> i64 {
    let longest = clock::ms(now) + i64::from(config.unplanned_h) * HOUR_MS;
    let midnight = clock::ms(Day::of(now).end());
    if midnight - clock::ms(now) < 2 * HOUR_MS {
        longest
    } else {
        longest.min(midnight)
    }
}

/// The started shifts of a person.
pub(super) async fn started(change: &Change, person: PersonId) -> Result<Vec<shift::Model>, Error> {
    Ok(shift::Entity::find()
        .filter(shift::Column::PersonId.eq(person))
        .filter(shift::Column::State.eq(ShiftState::Started))
        .order_by_asc(shift::Column::CheckedInAt)
        .all(change.read())
        .await?)
}

/// Checks out: claims of the lane go back, and what there is to say is left to the next shift.
#[derive(Debug, Clone)]
pub struct CheckOut {
    /// Who.
    pub person: PersonId,
    /// Of which shift.
    pub shift: ShiftId,
    /// What is left to the next.
    pub note: Note,
    /// How long after the bell a note may come.
    pub config: config::Shift,
}

/// What a check-out did.
#[derive(Debug, Clone)]
pub struct CheckedOut {
    /// The shift.
    pub shift: shift::Model,
    /// What was left.
    pub handover: handover::Model,
    /// How many comments went back to their lane.
    pub given_back: usize,
}

impl Step for CheckOut {
    type Out = CheckedOut;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<CheckedOut, Failure<ShiftRefused>> {
        let row = shift::Entity::find_by_id(self.shift).one(change.read()).await?;
        let mut row = own(row, self.person).map_err(Failure::Refused)?;
        if row.state == ShiftState::Ended && self.note.says() {
            return self.add_note(change, row).await;
        }
        if row.state != ShiftState::Started {
            return Err(Failure::Refused(ShiftRefused::State(row.state)));
        }
        let actor = Actor::Person(self.person);
        match bell::end(change, &mut row, actor, "checked-out", &self.note).await? {
            Some(ended) => Ok(CheckedOut {
                shift: row,
                handover: ended.handover,
                given_back: ended.returned.len(),
            }),
            None => Err(Failure::Refused(ShiftRefused::State(ShiftState::Ended))),
        }
    }
}

impl CheckOut {
    /// Who was writing when the bell rang has it told all the same: a handover of its own, which the next signs too.
    async fn add_note(&self, change: &mut Change, row: shift::Model) -> Result<CheckedOut, Failure<ShiftRefused>> {
        let since = change.now_ms() - i64::from(self.config.handover_h) * HOUR_MS;
        let left = handover_note::of_shift(change.read(), &row).await?;
        let at_bell = left.iter().any(|left| Facts::of(left).at_bell);
        let is_late = row.checked_out_at.is_none_or(|at| at < since);
        if !at_bell || is_late || left.iter().any(handover_note::is_written) {
            return Err(Failure::Refused(ShiftRefused::State(row.state)));
        }
        let handover = handover_note::write(change, &row, &self.note, &Facts::default());
        let data = json!({ "what": "note-added", "handover": handover.id });
        tell(change, EventKind::ShiftPlanned, &row, Actor::Person(self.person), data);
        Ok(CheckedOut {
            shift: row,
            handover,
            given_back: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::unplanned_until;
    use crate::{clock, config};

    #[test]
    fn an_unplanned_shift_ends_with_the_day_or_after_eight_hours() {
        let until = |now: &str| {
            let until = unplanned_until(&config::Shift::default(), now.parse().expect("an instant"));
            clock::from_ms(until).to_rfc3339()
        };
        assert_eq!(until("2026-11-23T07:00:00Z"), "2026-11-23T15:00:00+00:00");
        assert_eq!(until("2026-11-23T18:00:00Z"), "2026-11-23T23:00:00+00:00");
        assert_eq!(until("2026-11-23T22:00:00Z"), "2026-11-24T06:00:00+00:00");
    }
}
