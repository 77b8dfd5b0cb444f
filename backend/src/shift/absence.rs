//! Absence: a person is away, and their shifts of that time are worked by nobody until somebody plans anew. Why is told to
//! the person and to those who plan only, and never in events.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::plan::Span;
use super::{ShiftRefused, tell};
use crate::change::{Actor, Change, Failure, Step};
use crate::domain::event::EventKind;
use crate::domain::id::{AbsenceId, PersonId};
use crate::domain::shift::{AbsenceKind, ShiftState};
use crate::store::Error;
use crate::store::entity::{absence, person, shift};

const DAY_MS: i64 = 24 * 3_600_000;
/// Longest absence that is noted at once, in milliseconds: two years.
const LONGEST_MS: i64 = 731 * DAY_MS;
/// Most that are read at once.
const MOST: u64 = 1_000;

/// The absences of a person that stand and touch a time.
///
/// # Errors
/// Any [`Error`].
pub async fn during(db: &impl ConnectionTrait, person: PersonId, span: Span) -> Result<Vec<absence::Model>, Error> {
    let mut rows = of_time(db, span).await?;
    rows.retain(|row| row.person_id == person);
    Ok(rows)
}

/// Everybody's absences that stand and touch a time, by begin.
///
/// # Errors
/// Any [`Error`].
pub async fn of_time(db: &impl ConnectionTrait, (from, to): Span) -> Result<Vec<absence::Model>, Error> {
    Ok(absence::Entity::find()
        .filter(absence::Column::FromAt.lt(to))
        .filter(absence::Column::FromAt.gt(from - LONGEST_MS))
        .filter(absence::Column::ToAt.gt(from))
        .filter(absence::Column::Over.eq(false))
        .order_by_asc(absence::Column::FromAt)
        .limit(MOST)
        .all(db)
        .await?)
}

/// Notes that a person is away. Their planned shifts of that time are left to nobody.
#[derive(Debug, Clone, Copy)]
pub struct NoteAbsence {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub kind: AbsenceKind,
    /// From when, in milliseconds.
    pub from: i64,
    /// Until when, in milliseconds.
    pub to: i64,
    /// By whom.
    pub by: PersonId,
}

/// A noted absence, and the shifts that nobody works now.
#[derive(Debug, Clone)]
pub struct Noted {
    /// The absence.
    pub absence: absence::Model,
    /// The shifts.
    pub left: Vec<shift::Model>,
}

impl Step for NoteAbsence {
    type Out = Noted;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<Noted, Failure<ShiftRefused>> {
        if self.to <= self.from || self.to - self.from > LONGEST_MS || self.to <= change.now_ms() {
            return Err(Failure::Refused(ShiftRefused::BadTime));
        }
        if person::Entity::find_by_id(self.person)
            .one(change.read())
            .await?
            .is_none()
        {
            return Err(Failure::Refused(ShiftRefused::NoPerson));
        }
        let span = (self.from, self.to);
        if !during(change.read(), self.person, span).await?.is_empty() {
            return Err(Failure::Refused(ShiftRefused::Away));
        }
        let row = absence::Model {
            id: change.id(),
            person_id: self.person,
            kind: self.kind,
            from_at: self.from,
            to_at: self.to,
            noted_by: self.by,
            noted_at: change.now_ms(),
            over: false,
        };
        change.later(&absence::Entity::insert(row.clone().into_active_model()));
        let left = turn(change, &row, ShiftState::Planned, ShiftState::Absent, self.by).await?;
        note(change, &row, "noted", self.by);
        Ok(Noted { absence: row, left })
    }
}

/// Takes an absence back: the person is there after all, and so are their shifts that are not over.
#[derive(Debug, Clone, Copy)]
pub struct TakeBackAbsence {
    /// Which.
    pub absence: AbsenceId,
    /// By whom.
    pub by: PersonId,
    /// Whether another's may be taken back.
    pub plans: bool,
}

impl Step for TakeBackAbsence {
    type Out = Noted;
    type Refusal = ShiftRefused;

    async fn run(&self, change: &mut Change) -> Result<Noted, Failure<ShiftRefused>> {
        let row = absence::Entity::find_by_id(self.absence).one(change.read()).await?;
        let mut row = row
            .filter(|row| self.plans || row.person_id == self.by)
            .ok_or(Failure::Refused(ShiftRefused::Absent))?;
        let set = absence::Entity::update_many()
            .col_expr(absence::Column::Over, Expr::value(true))
            .filter(absence::Column::Id.eq(row.id))
            .filter(absence::Column::Over.eq(false));
        if change.execute(&set).await? == 0 {
            return Err(Failure::Refused(ShiftRefused::Absent));
        }
        row.over = true;
        let left = turn(change, &row, ShiftState::Absent, ShiftState::Planned, self.by).await?;
        note(change, &row, "taken-back", self.by);
        Ok(Noted { absence: row, left })
    }
}

/// Turns the person's shifts of that time that are not over from one state to another.
async fn turn(
    change: &mut Change,
    row: &absence::Model,
    from: ShiftState,
    to: ShiftState,
    by: PersonId,
) -> Result<Vec<shift::Model>, Error> {
    let mut shifts = shift::Entity::find()
        .filter(shift::Column::PersonId.eq(row.person_id))
        .filter(shift::Column::StartsAt.lt(row.to_at))
        .filter(shift::Column::EndsAt.gt(row.from_at.max(change.now_ms())))
        .filter(shift::Column::State.eq(from))
        .order_by_asc(shift::Column::StartsAt)
        .limit(MOST)
        .all(change.read())
        .await?;
    if to == ShiftState::Planned {
        // One that another absence touches too stays left.
        let others = during(change.read(), row.person_id, (row.from_at - DAY_MS, row.to_at + DAY_MS)).await?;
        let touched = |shift: &shift::Model| {
            others
                .iter()
                .any(|other| other.from_at < shift.ends_at && other.to_at > shift.starts_at)
        };
        shifts.retain(|shift| !touched(shift));
    }
    for shift in &mut shifts {
        let set = shift::Entity::update_many()
            .col_expr(shift::Column::State, Expr::value(to))
            .filter(shift::Column::Id.eq(shift.id))
            .filter(shift::Column::State.eq(from));
        if change.execute(&set).await? == 1 {
            shift.state = to;
            let what = if to == ShiftState::Absent { "left" } else { "taken-up" };
            let data = json!({ "what": what, "tells": [shift.person_id] });
            tell(change, EventKind::ShiftPlanned, shift, Actor::Person(by), data);
        }
    }
    Ok(shifts)
}

fn note(change: &mut Change, row: &absence::Model, what: &'static str, by: PersonId) {
    let data = json!({ "person": row.person_id, "absence": row.id, "what": what });
    change.note(EventKind::AbsenceChanged, None, Actor::Person(by), data);
}
