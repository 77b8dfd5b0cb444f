//! Planning: who works which lane when, what is refused and what is only warned of.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{ShiftRefused, can_work, tell};
use crate::change::{Actor, Change, Failure, Step};
use crate::config;
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::store::entity::{person, shift};

const HOUR_MS: i64 = 3_600_000;
/// Time off between two shifts below which they are one stretch of work, in milliseconds.
const BREAK_MS: i64 = 30 * 60_000;
/// Longest shift that can be planned, in milliseconds.
const LONGEST_MS: i64 = 24 * HOUR_MS;

crate::words! {
    /// What planning warns of without refusing it.
    pub enum Warning {
        /// Too little rest before or after.
        Rest = "rest",
        /// Too long without a break.
        Unbroken = "unbroken",
    }
}

/// Time from and to, in milliseconds.
pub type Span = (i64, i64);

/// What to warn of when a person with these other shifts works this one too.
#[must_use]
pub fn warnings(config: &config::Shift, new: Span, others: &[Span]) -> Vec<Warning> {
    let mut worked: Vec<Span> = others.to_vec();
    worked.push(new);
    worked.sort_unstable();
    // What follows within half an hour is the same stretch of work.
    let mut stretches: Vec<Span> = Vec::new();
    for (from, to) in worked {
        match stretches.last_mut() {
            Some((_, end)) if from - *end < BREAK_MS => *end = Ord::max(*end, to),
            _ => stretches.push((from, to)),
        }
    }
    let Some(mine) = stretches.iter().position(|(from, to)| *from <= new.0 && new.1 <= *to) else {
        return Vec::new();
    };
    let unbroken = |(from, to): &Span| to - from > i64::from(config.unbroken_h) * HOUR_MS;
    // A pause of up to four hours divides a working day; it is no rest between two.
    let rests = |gap: i64| gap >= i64::from(config.rest_h) * HOUR_MS || gap < 4 * HOUR_MS;
    let around = [mine.checked_sub(1).map(|before| (before, mine)), Some((mine, mine + 1))];
    let short =
        around
            .into_iter()
            .flatten()
            .any(|(before, after)| match (stretches.get(before), stretches.get(after)) {
                (Some((_, end)), Some((start, _))) => !rests(start - end),
                _ => false,
            });
    let mut warnings = Vec::new();
    if short {
        warnings.push(Warning::Rest);
    }
    if stretches.get(mine).is_some_and(unbroken) {
        warnings.push(Warning::Unbroken);
    }
    warnings
}

/// Plans a shift.
#[derive(Debug, Clone)]
pub struct PlanShift {
    /// For whom.
    pub person: PersonId,
    /// In which lane.
    pub lane: Lane,
    /// From when, in milliseconds.
    pub starts_at: i64,
    /// Until when, in milliseconds.
    pub ends_at: i64,
    /// By whom.
    pub by: PersonId,
    /// What to warn of.
    pub config: config::Shift,
}

/// A planned shift and what to think of.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The shift.
    pub shift: shift::Model,
    /// What to warn of.
    pub warnings: Vec<Warning>,
}

impl Step for PlanShift {
    type Out = Planned;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<Planned, Failure<ShiftRefused>> {
        let long = self.ends_at.saturating_sub(self.starts_at);
        if long <= 0 || long > LONGEST_MS || self.ends_at <= change.now_ms() {
            return Err(Failure::Refused(ShiftRefused::BadTime));
        }
        let row = person::Entity::find_by_id(self.person).one(change.read()).await?;
        can_work(row.as_ref(), self.lane).map_err(Failure::Refused)?;
        let days = 2 * LONGEST_MS;
        let near = around(change, self.person, self.starts_at - days, self.ends_at + days).await?;
        let overlapping = near
            .iter()
            .find(|other| other.starts_at < self.ends_at && other.ends_at > self.starts_at);
        if let Some(other) = overlapping {
            return Err(Failure::Refused(ShiftRefused::Overlaps(Box::new(other.clone()))));
        }
        let others: Vec<Span> = near.iter().map(|other| (other.starts_at, other.ends_at)).collect();
        let row = shift::Model {
            id: change.id(),
            person_id: self.person,
            lane: self.lane,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            state: ShiftState::Planned,
            planned_by: Some(self.by),
            checked_in_at: None,
            checked_out_at: None,
        };
        change.later(&shift::Entity::insert(row.clone().into_active_model()));
        let warnings = warnings(&self.config, (self.starts_at, self.ends_at), &others);
        let data =
            json!({ "what": "planned", "starts_at": self.starts_at, "ends_at": self.ends_at, "warnings": warnings });
        tell(change, EventKind::ShiftPlanned, &row, Actor::Person(self.by), data);
        Ok(Planned { shift: row, warnings })
    }
}

/// The shifts of a person that touch a time and count.
async fn around(change: &Change, person: PersonId, from: i64, to: i64) -> Result<Vec<shift::Model>, sea_orm::DbErr> {
    shift::Entity::find()
        .filter(shift::Column::PersonId.eq(person))
        .filter(shift::Column::StartsAt.lt(to))
        .filter(shift::Column::StartsAt.gt(from - LONGEST_MS))
        .filter(shift::Column::EndsAt.gt(from))
        .filter(shift::Column::State.ne(ShiftState::Cancelled))
        .order_by_asc(shift::Column::StartsAt)
        .limit(200)
        .all(change.read())
        .await
}

/// Takes a planned shift off the roster.
#[derive(Debug, Clone, Copy)]
pub struct CancelShift {
    /// Which.
    pub shift: ShiftId,
    /// By whom.
    pub by: PersonId,
}

impl Step for CancelShift {
    type Out = shift::Model;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<shift::Model, Failure<ShiftRefused>> {
        let row = shift::Entity::find_by_id(self.shift).one(change.read()).await?;
        let mut row = row.ok_or(Failure::Refused(ShiftRefused::Absent))?;
        let cancelled = change
            .execute(
                &shift::Entity::update_many()
                    .col_expr(shift::Column::State, Expr::value(ShiftState::Cancelled))
                    .filter(shift::Column::Id.eq(self.shift))
                    .filter(shift::Column::State.eq(ShiftState::Planned)),
            )
            .await?;
        if cancelled == 0 {
            return Err(Failure::Refused(ShiftRefused::State(row.state)));
        }
        row.state = ShiftState::Cancelled;
        let data = json!({ "what": "cancelled" });
        tell(change, EventKind::ShiftPlanned, &row, Actor::Person(self.by), data);
        Ok(row)
    }
}

#[cfg(test)]
mod tests {
    use super::{HOUR_MS, Warning, warnings};
    use crate::config;

    fn warned(new: (i64, i64), others: &[(i64, i64)]) -> Vec<Warning> {
        let hours = |(from, to): (i64, i64)| (from * HOUR_MS, to * HOUR_MS);
        let others: Vec<_> = others.iter().copied().map(hours).collect();
        warnings(&config::Shift::default(), hours(new), &others)
    }

    #[test]
    fn eleven_hours_between_shifts_are_enough_and_ten_are_not() {
        assert_eq!(warned((24, 28), &[(8, 13)]), vec![]);
        assert_eq!(warned((23, 27), &[(8, 13)]), vec![Warning::Rest]);
        assert_eq!(warned((8, 13), &[(23, 27)]), vec![Warning::Rest]);
        assert_eq!(warned((8, 12), &[]), vec![]);
    }

    #[test]
    fn more_than_five_hours_without_a_break_is_warned_of_also_across_two_shifts() {
        assert_eq!(warned((8, 13), &[]), vec![]);
        assert_eq!(warned((8, 14), &[]), vec![Warning::Unbroken]);
        assert_eq!(warned((11, 14), &[(8, 11)]), vec![Warning::Unbroken]);
        assert_eq!(warned((12, 15), &[(8, 11)]), vec![]);
    }

    #[test]
    fn somebody_elses_trouble_is_not_warned_of_again() {
        assert_eq!(warned((80, 84), &[(8, 13), (20, 25)]), vec![]);
    }
}
