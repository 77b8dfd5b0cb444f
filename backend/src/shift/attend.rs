//! Checking in and out, and ending what nobody checked out of. Who is checked in sees and works the lane.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::handover_note::{self, Note};
use super::week::Day;
use super::{ShiftRefused, can_work, own, tell};
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::lane::claim::give_back_all;
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
    /// The person says that they have read what the last shift left.
    pub handover_read: bool,
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
        if started(change, self.person, Some(row.lane)).await?.is_some() {
            return Err(Failure::Refused(ShiftRefused::CheckedIn(row.lane)));
        }
        let since = change.now_ms() - i64::from(self.config.handover_h) * HOUR_MS;
        let unread = handover_note::unread(change.read(), row.lane, self.person, since).await?;
        if let Some(note) = unread {
            if !self.handover_read {
                return Err(Failure::Refused(ShiftRefused::HandoverUnread(Box::new(note))));
            }
            handover_note::mark_read(change, &note, self.person);
        }
        let now = change.now_ms();
        row.state = ShiftState::Started;
        row.checked_in_at = Some(now);
        if is_new {
            change.later(&shift::Entity::insert(row.clone().into_active_model()));
        } else {
            let won = change
                .execute(
                    &shift::Entity::update_many()
                        .col_expr(shift::Column::State, Expr::value(ShiftState::Started))
                        .col_expr(shift::Column::CheckedInAt, Expr::value(now))
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
                    ShiftState::Planned if row.ends_at <= now => ShiftRefused::Over,
                    ShiftState::Planned if row.starts_at > early => {
                        ShiftRefused::Early(row.starts_at - i64::from(self.config.early_min) * MINUTE_MS)
                    }
                    ShiftState::Planned => return Ok((row, false)),
                    state @ (ShiftState::Started | ShiftState::Ended | ShiftState::Cancelled) => {
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
        let now = change.now_ms();
        shift::Model {
            id: change.id(),
            person_id: self.person,
            lane,
            starts_at: now,
            ends_at: unplanned_until(&self.config, change.now()),
            state: ShiftState::Planned,
            planned_by: None,
            checked_in_at: None,
            checked_out_at: None,
        }
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

/// A started shift of a person, in a lane if one is named.
async fn started(change: &Change, person: PersonId, lane: Option<Lane>) -> Result<Option<shift::Model>, Error> {
    let mut found = shift::Entity::find()
        .filter(shift::Column::PersonId.eq(person))
        .filter(shift::Column::State.eq(ShiftState::Started));
    if let Some(lane) = lane {
        found = found.filter(shift::Column::Lane.eq(lane));
    }
    Ok(found.one(change.read()).await?)
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
        if row.state != ShiftState::Started {
            return Err(Failure::Refused(ShiftRefused::State(row.state)));
        }
        let handover = handover_note::write(change, &row, &self.note);
        let data = json!({ "handover": handover.id });
        let given_back = end(change, &mut row, Actor::Person(self.person), "checked-out", data).await?;
        match given_back {
            Some(given_back) => Ok(CheckedOut {
                shift: row,
                handover,
                given_back,
            }),
            None => Err(Failure::Refused(ShiftRefused::State(ShiftState::Ended))),
        }
    }
}

/// Ends a started shift; how many claims went back, or none if somebody else ended it.
async fn end(
    change: &mut Change,
    row: &mut shift::Model,
    actor: Actor,
    reason: &'static str,
    more: serde_json::Value,
) -> Result<Option<usize>, Error> {
    let now = change.now_ms();
    let won = change
        .execute(
            &shift::Entity::update_many()
                .col_expr(shift::Column::State, Expr::value(ShiftState::Ended))
                .col_expr(shift::Column::CheckedOutAt, Expr::value(now))
                .filter(shift::Column::Id.eq(row.id))
                .filter(shift::Column::State.eq(ShiftState::Started)),
        )
        .await?;
    if won == 0 {
        return Ok(None);
    }
    row.state = ShiftState::Ended;
    row.checked_out_at = Some(now);
    let given_back = give_back_all(change, row.person_id, Some(row.lane), actor, reason).await?;
    let mut data = json!({ "reason": reason, "given_back": given_back });
    if let (serde_json::Value::Object(data), serde_json::Value::Object(more)) = (&mut data, more) {
        data.extend(more);
    }
    tell(change, EventKind::ShiftEnded, row, actor, data);
    Ok(Some(given_back))
}

/// Ends every started shift of a person that `ends` names: disabled, or a lane taken away.
///
/// # Errors
/// Any [`Error`].
pub async fn end_all(
    change: &mut Change,
    person: PersonId,
    ends: impl Fn(&shift::Model) -> bool,
    actor: Actor,
    reason: &'static str,
) -> Result<usize, Error> {
    let rows = shift::Entity::find()
        .filter(shift::Column::PersonId.eq(person))
        .filter(shift::Column::State.eq(ShiftState::Started))
        .all(change.read())
        .await?;
    let mut count = 0;
    for mut row in rows.into_iter().filter(|row| ends(row)) {
        count += usize::from(end(change, &mut row, actor, reason, json!({})).await?.is_some());
    }
    Ok(count)
}

/// Ends shifts that were over some time ago and that nobody checked out of.
#[derive(Debug, Clone, Copy)]
struct EndOver {
    grace_ms: i64,
    most: u64,
}

impl Step for EndOver {
    type Out = usize;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<usize, Failure<Self::Refusal>> {
        let rows = over(change.now_ms() - self.grace_ms)
            .limit(self.most)
            .all(change.read())
            .await?;
        let mut count = 0;
        for mut row in rows {
            let ended = end(change, &mut row, Actor::Desk, "shift-end", json!({})).await?;
            count += usize::from(ended.is_some());
        }
        Ok(count)
    }
}

fn over(before: i64) -> sea_orm::Select<shift::Entity> {
    shift::Entity::find()
        .filter(shift::Column::State.eq(ShiftState::Started))
        .filter(shift::Column::EndsAt.lte(before))
        .order_by_asc(shift::Column::EndsAt)
}

/// Ends shifts that were over some time ago and that nobody checked out of; how many.
///
/// # Errors
/// Any [`Error`].
pub async fn end_over(app: &App) -> Result<usize, Error> {
    let grace_ms = i64::from(app.config.shift.grace_min) * MINUTE_MS;
    let before = clock::ms(app.clock.now()) - grace_ms;
    if over(before).one(app.db.reader()).await?.is_none() {
        return Ok(0);
    }
    match app.writer.change(EndOver { grace_ms, most: 100 }).await {
        Ok(count) => Ok(count),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
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
