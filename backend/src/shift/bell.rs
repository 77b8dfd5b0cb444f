//! The bell: a shift ends at its end, whether or not its browser is still there. What its person has goes back to the lane,
//! drafts stay, and the handover is written (decision 0018).

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::handover_note::{self, Note};
use super::{ShiftRefused, facts, own, tell};
use crate::app::App;
use crate::change::{Actor, Change, Failure, Step};
use crate::config;
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::shift::ShiftState;
use crate::lane::claim::give_back_all;
use crate::store::Error;
use crate::store::entity::{comment, handover, shift};

const MINUTE_MS: i64 = 60_000;
/// So long before its end a person is warned of it, in milliseconds; `clock.js` has the same.
const WARN_MS: i64 = 15 * MINUTE_MS;
/// Longest that a shift can become, in milliseconds.
const LONGEST_MS: i64 = 24 * 60 * MINUTE_MS;

/// What the end of a shift did.
pub(super) struct Ended {
    /// What went back.
    pub returned: Vec<comment::Model>,
    /// What was left.
    pub handover: handover::Model,
}

/// Ends a started shift; none if somebody else ended it.
///
/// # Errors
/// Any [`Error`].
pub(super) async fn end(
    change: &mut Change,
    row: &mut shift::Model,
    actor: Actor,
    reason: &'static str,
    note: &Note,
) -> Result<Option<Ended>, Error> {
    let now = change.now_ms();
    let won = change
        .execute(
            &shift::Entity::update_many()
                .col_expr(shift::Column::State, Expr::value(ShiftState::Ended))
                .col_expr(shift::Column::CheckedOutAt, Expr::value(now))
                .col_expr(shift::Column::BreakSince, Expr::value(None::<i64>))
                .filter(shift::Column::Id.eq(row.id))
                .filter(shift::Column::State.eq(ShiftState::Started)),
        )
        .await?;
    if won == 0 {
        return Ok(None);
    }
    row.state = ShiftState::Ended;
    row.checked_out_at = Some(now);
    row.break_since = None;
    let returned = give_back_all(change, row.person_id, Some(row.lane), actor, reason).await?;
    let facts = facts::gather(change.read(), row, &returned, actor == Actor::Desk).await?;
    let handover = handover_note::write(change, row, note, &facts);
    let data = json!({ "reason": reason, "given_back": returned.len(), "handover": handover.id });
    tell(change, EventKind::ShiftEnded, row, actor, data);
    Ok(Some(Ended { returned, handover }))
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
        let ended = end(change, &mut row, actor, reason, &Note::default()).await?;
        count += usize::from(ended.is_some());
    }
    Ok(count)
}

/// Ends shifts whose bell has rung.
#[derive(Debug, Clone, Copy)]
struct Ring {
    most: u64,
}

impl Step for Ring {
    type Out = usize;
    type Refusal = std::convert::Infallible;

    async fn run(&self, change: &mut Change) -> Result<usize, Failure<Self::Refusal>> {
        let rows = over(change.now_ms()).limit(self.most).all(change.read()).await?;
        let mut count = 0;
        for mut row in rows {
            let ended = end(change, &mut row, Actor::Desk, "shift-end", &Note::default()).await?;
            count += usize::from(ended.is_some());
        }
        Ok(count)
    }
}

fn over(now: i64) -> sea_orm::Select<shift::Entity> {
    shift::Entity::find()
        // As a literal: a bound value would hide the partial index from SQLite's planner.
        .filter(Expr::cust("\"state\" = 'started'"))
        .filter(shift::Column::EndsAt.lte(now))
        .order_by_asc(shift::Column::EndsAt)
}

/// Ends shifts whose bell has rung; how many.
///
/// # Errors
/// Any [`Error`].
pub async fn ring(app: &App) -> Result<usize, Error> {
    if over(app.now_ms()).one(app.db.reader()).await?.is_none() {
        return Ok(0);
    }
    match app.writer.change(Ring { most: 100 }).await {
        Ok(count) => Ok(count),
        Err(Failure::Store(error)) => Err(error),
        Err(Failure::Refused(never)) => match never {},
    }
}

/// Prolongs a shift that soon ends, and with it the person's other shifts that would end before it.
#[derive(Debug, Clone)]
pub struct Prolong {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub shift: ShiftId,
    /// By how much.
    pub config: config::Shift,
}

/// From when, in milliseconds, a shift can be prolonged.
#[must_use]
pub const fn prolongs_from(row: &shift::Model) -> i64 {
    row.ends_at - WARN_MS
}

impl Step for Prolong {
    type Out = shift::Model;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<shift::Model, Failure<ShiftRefused>> {
        let row = shift::Entity::find_by_id(self.shift).one(change.read()).await?;
        let row = own(row, self.person).map_err(Failure::Refused)?;
        let now = change.now_ms();
        if row.state != ShiftState::Started {
            return Err(Failure::Refused(ShiftRefused::State(row.state)));
        }
        if row.ends_at <= now {
            return Err(Failure::Refused(ShiftRefused::Over));
        }
        let from = prolongs_from(&row);
        if now < from {
            return Err(Failure::Refused(ShiftRefused::EarlyToProlong(from)));
        }
        let until = row.ends_at + i64::from(self.config.prolong_min) * MINUTE_MS;
        if until - row.starts_at > LONGEST_MS {
            return Err(Failure::Refused(ShiftRefused::BadTime));
        }
        let started = shift::Entity::find()
            .filter(shift::Column::PersonId.eq(self.person))
            .filter(shift::Column::State.eq(ShiftState::Started))
            .filter(shift::Column::EndsAt.lt(until))
            .all(change.read())
            .await?;
        let mut prolonged = row.clone();
        for mut other in started {
            change
                .execute(
                    &shift::Entity::update_many()
                        .col_expr(shift::Column::EndsAt, Expr::value(until))
                        .filter(shift::Column::Id.eq(other.id))
                        .filter(shift::Column::State.eq(ShiftState::Started)),
                )
                .await?;
            other.ends_at = until;
            let data = json!({ "what": "prolonged", "ends_at": until });
            tell(
                change,
                EventKind::ShiftPlanned,
                &other,
                Actor::Person(self.person),
                data,
            );
            if other.id == row.id {
                prolonged = other;
            }
        }
        Ok(prolonged)
    }
}
