//! Shifts: planned and worked time of persons in lanes.

use serde_json::{Value, json};

use crate::change::{Actor, Change, Event};
use crate::domain::event::EventKind;
use crate::domain::id::PersonId;
use crate::domain::lane::Lane;
use crate::domain::role::Right;
use crate::domain::shift::{ExchangeState, ShiftState};
use crate::person::people::Person;
use crate::store::entity::{handover, person, shift};

pub mod absence;
pub mod alone;
pub mod attend;
pub mod bell;
pub mod breaks;
pub mod calendar;
pub mod copy;
pub mod duty;
pub mod exchange;
pub mod facts;
pub mod handover_note;
pub mod on_break;
pub mod plan;
pub mod publish;
pub mod roster;
pub mod warn;
pub mod week;

#[cfg(test)]
mod tests;

/// Why something about a shift was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShiftRefused {
    /// There is no such shift, or it is somebody else's.
    Absent,
    /// There is no such person, or they may not sign in.
    NoPerson,
    /// The person cannot work this lane.
    WrongLane(Lane),
    /// It would end before it starts, lie in the past, or last longer than a day.
    BadTime,
    /// The person has another shift then.
    Overlaps(Box<shift::Model>),
    /// It is in another state.
    State(ShiftState),
    /// Check-in opens at this instant (milliseconds).
    Early(i64),
    /// It is over.
    Over,
    /// No shift of the week before can be copied.
    NothingToCopy,
    /// The person is checked in to this lane already.
    CheckedIn(Lane),
    /// What others left must be read first; the latest first.
    HandoverUnread(Vec<handover::Model>),
    /// It can be prolonged from this instant on (milliseconds).
    EarlyToProlong(i64),
    /// A break does not lie within the shift, or overlaps another.
    BadBreak,
    /// The person is on a break.
    OnBreak,
    /// The person is on no break.
    NoBreak,
    /// The person is checked in to nothing.
    NotOn,
    /// The person is away then.
    Away,
    /// No shift of the week waits to be published.
    NothingToPublish,
    /// The shift is being exchanged already.
    Exchanging,
    /// The exchange is answered already.
    Answered(ExchangeState),
    /// Somebody else must decide.
    SecondPerson,
}

/// Whether somebody can work a lane: active, with the right and the lane.
fn can_work(row: Option<&person::Model>, lane: Lane) -> Result<(), ShiftRefused> {
    use crate::domain::person::PersonState;
    let person = row
        .filter(|row| row.state == PersonState::Active)
        .map(Person::of)
        .ok_or(ShiftRefused::NoPerson)?;
    if person.rights().has(Right::WorkLane) && person.lanes.contains(&lane) {
        Ok(())
    } else {
        Err(ShiftRefused::WrongLane(lane))
    }
}

/// Notes what happened to a shift. The person and the shift are in the data, since kept figures follow them; of a draft, that
/// it is one, since it is told to nobody yet.
fn tell(change: &mut Change, kind: EventKind, row: &shift::Model, actor: Actor, more: Value) {
    let mut data = json!({ "person": row.person_id, "shift": row.id });
    if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
        data.extend(more);
    }
    if kind == EventKind::ShiftPlanned && row.published_at.is_none() {
        data["draft"] = json!(true);
    }
    change.event(Event {
        seq: 0,
        at: change.now_ms(),
        kind,
        comment: None,
        lane: Some(row.lane),
        actor,
        data,
        moved: None,
    });
}

/// Who may act on a shift: its person.
fn own(row: Option<shift::Model>, person: PersonId) -> Result<shift::Model, ShiftRefused> {
    row.filter(|row| row.person_id == person).ok_or(ShiftRefused::Absent)
}
