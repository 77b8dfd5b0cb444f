//! Planning: who works which lane when, what is refused and what is only warned of.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::warn::{NEAR_MS, Warning, warnings};
use super::{ShiftRefused, absence, breaks, can_work, tell};
use crate::change::{Actor, Change, Failure, Step};
use crate::config;
use crate::domain::event::EventKind;
use crate::domain::id::{PersonId, ShiftId};
use crate::domain::lane::Lane;
use crate::domain::shift::ShiftState;
use crate::store::entity::{person, shift};

/// Longest shift that can be planned, in milliseconds.
const LONGEST_MS: i64 = 24 * 3_600_000;

/// Most shifts read at once: more than any desk plans.
const MOST: u64 = 4_000;

/// Time from and to, in milliseconds.
pub type Span = (i64, i64);

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
    /// Its breaks, in milliseconds.
    pub breaks: Vec<Span>,
    /// Only those who plan see it until it is published.
    pub draft: bool,
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
        let breaks = breaks::in_order((self.starts_at, self.ends_at), &self.breaks)
            .ok_or(Failure::Refused(ShiftRefused::BadBreak))?;
        let span = (self.starts_at, self.ends_at);
        is_free(change, self.person, span, None).await?;
        let row = shift::Model {
            planned_by: Some(self.by),
            breaks: breaks::word(&breaks),
            published_at: (!self.draft).then_some(change.now_ms()),
            ..shift::Model::new(change.id(), self.person, self.lane, span)
        };
        let near = near(change.read(), (self.starts_at - NEAR_MS, self.ends_at + NEAR_MS)).await?;
        change.later(&shift::Entity::insert(row.clone().into_active_model()));
        let warnings = warnings(&self.config, &row, &near);
        let data = json!({
            "what": "planned", "starts_at": self.starts_at, "ends_at": self.ends_at, "warnings": warnings,
        });
        tell(change, EventKind::ShiftPlanned, &row, Actor::Person(self.by), data);
        Ok(Planned { shift: row, warnings })
    }
}

/// Refuses a time in which a person has another shift than `besides`, or is away.
pub(super) async fn is_free(
    change: &Change,
    person: PersonId,
    (from, to): Span,
    besides: Option<ShiftId>,
) -> Result<(), Failure<ShiftRefused>> {
    let other = shift::Entity::find()
        .filter(shift::Column::PersonId.eq(person))
        .filter(shift::Column::StartsAt.lt(to))
        .filter(shift::Column::StartsAt.gt(from - LONGEST_MS))
        .filter(shift::Column::EndsAt.gt(from))
        .filter(shift::Column::State.ne(ShiftState::Cancelled))
        .order_by_asc(shift::Column::StartsAt)
        .all(change.read())
        .await?
        .into_iter()
        .find(|other| Some(other.id) != besides);
    if let Some(other) = other {
        return Err(Failure::Refused(ShiftRefused::Overlaps(Box::new(other))));
    }
    if absence::during(change.read(), person, (from, to)).await?.is_empty() {
        Ok(())
    } else {
        Err(Failure::Refused(ShiftRefused::Away))
    }
}

/// The shifts that somebody is to work or worked and that touch a time, by start.
pub(super) async fn near(db: &impl ConnectionTrait, (from, to): Span) -> Result<Vec<shift::Model>, sea_orm::DbErr> {
    shift::Entity::find()
        .filter(shift::Column::StartsAt.lt(to))
        .filter(shift::Column::StartsAt.gt(from - LONGEST_MS))
        .filter(shift::Column::EndsAt.gt(from))
        .filter(shift::Column::State.is_not_in([ShiftState::Cancelled, ShiftState::Absent]))
        .order_by_asc(shift::Column::StartsAt)
        .order_by_asc(shift::Column::Id)
        .limit(MOST)
        .all(db)
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
                    .filter(shift::Column::State.is_in([ShiftState::Planned, ShiftState::Absent])),
            )
            .await?;
        if cancelled == 0 {
            return Err(Failure::Refused(ShiftRefused::State(row.state)));
        }
        row.state = ShiftState::Cancelled;
        let mut data = json!({ "what": "cancelled" });
        if row.published_at.is_some() {
            data["tells"] = json!([row.person_id]);
        }
        tell(change, EventKind::ShiftPlanned, &row, Actor::Person(self.by), data);
        Ok(row)
    }
}
